r"""Does the update gate hold what lies far back, the reset gate what lies near? Chapter 10.

GRUs, equations (7) to (10) with the reset before the product, are asked two things at every step of
:func:`rnnbook.worlds.long_and_short.long_and_short`: the last order, which may lie far back, and
whether a sign repeats the one before. Then, in the trained networks, a gate is *clamped*: another
number takes its place at every step, and both answers are scored again. Beside them stand GRUs that
were trained without the gate. The trainings of an arm run side by side, each in its own row of
numbers.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnbook.experiments import _one_thread, rows, trainings
from rnnbook.worlds.long_and_short import long_and_phrase, long_and_short

TASKS = {"repeats": long_and_short, "phrase": long_and_phrase}
"""The short question: does a sign repeat the one before, or what is the product of its phrase?"""

ARMS = ("as printed", "r = 1 throughout", "z fixed")
"""The GRU; one whose candidate sees all of the past; one with a learnt share for each unit."""

ANSWERS = ("long", "short")
"""The two questions: the last order, and whether a sign repeats the one before."""

Gates = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""What takes the place of the gates z and r of a step, each (N, B, H)."""

CLAMPS = ("as trained", "z := its mean", "r := its mean", "r := 1", "r := 0")
"""What is done to a trained network. Each unit's gate has its own mean, over steps and streams."""

MODELS = {f"both: {arm}": (arm, CLAMPS[0], "both") for arm in ARMS} | {
    f"{answer}: {arm}" + (f", {clamp}" if clamp != CLAMPS[0] else ""): (arm, clamp, answer)
    for answer in ANSWERS
    for arm in ARMS
    for clamp in (CLAMPS if arm == ARMS[0] else CLAMPS[:1])
}
"""For the sweep: arm, clamp and answer by name."""


@dataclass(frozen=True)
class Trained:
    """GRUs that were trained side by side.

    Attributes:
        cases: arm, seed and learning rate of each, the arms of :data:`ARMS`.
        weights: their parameters by name, as in :func:`trace`.
        length: T of the streams.
        task: a key of :data:`TASKS`.
    """

    cases: tuple[tuple[str, int, float], ...]
    weights: dict[str, Tensor]
    length: int
    task: str = "repeats"

    def unseen(self) -> tuple[Tensor, Tensor]:
        """For each network 1,000 streams that it has not seen: inputs (N, T, B, D), answers."""
        draw = _draw(self.task, self.length)
        drawn = [trainings.unseen(draw, seed) for _, seed, _ in self.cases]
        x, y = (torch.stack([one[k] for one in drawn]) for k in (0, 1))
        return x, y

    def run(self, x: Tensor, changed: Gates | None = None) -> dict[str, Tensor]:
        """What the networks do with inputs (N, T, B, D): :func:`trace`, as their arm is."""
        with torch.no_grad():
            return trace(self.weights, x, changed or _as_trained(self.cases))

    def only(self, arm: str) -> Trained:
        """Those of one arm."""
        chosen = [n for n, case in enumerate(self.cases) if case[0] == arm]
        weights = {name: part[chosen] for name, part in self.weights.items()}
        cases = tuple(self.cases[n] for n in chosen)
        return Trained(cases, weights, self.length, self.task)


def train_both(
    cases: Sequence[tuple[str, int, float]],
    *,
    steps: int = 800,
    hidden: int = 4,
    length: int = 20,
    task: str = "repeats",
    progress: Callable[[int, int], None] | None = None,
) -> Trained:
    r"""Train GRUs with two linear read-outs at every step, side by side.

    Adam with a rate that falls to a twentieth, batches of 32 fresh streams, mean square error of
    both answers, clipping at 1. Trainings with the same seed start from the same weights and see
    the same streams, whatever their arm.

    Args:
        cases: arm, seed and learning rate of each training; the arms, of :data:`ARMS`.
        steps: batches.
        hidden: H.
        length: T.
        task: a key of :data:`TASKS`.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The networks.

    Raises:
        ValueError: there is no such arm or task.

    Source: chapter 10.
    """
    trainings.check_models(cases, ARMS)
    if task not in TASKS:
        raise ValueError(f"task: expected one of {', '.join(TASKS)}; given {task!r}")
    inputs = 3 if task == "phrase" else 2
    shapes = trainings.gated_shapes(3, inputs, hidden, 2)
    with _one_thread():
        free, starts = [], []
        for arm, seed, _ in cases:
            fixed = [0] if arm == "z fixed" else []  # the blocks are z, r, h̃
            free.append(trainings.free(shapes, {"W_x": fixed, "W_h": fixed}))
            starts.append(trainings.start(shapes, torch.Generator().manual_seed(seed), {0: 1}))
        gates = _as_trained(cases)

        def losses(weights: Tensor, x: Tensor, y: Tensor) -> Tensor:
            answers = trace(rows.named(weights, shapes), x, gates)["answers"]
            return (answers - y).square().mean((1, 2, 3))

        weights, _ = trainings.descend(
            torch.stack(starts) * torch.stack(free),
            cases,
            _draw(task, length),
            losses,
            steps=steps,
            free=torch.stack(free),
            falls_to=0.05,
            progress=progress,
        )
        return Trained(tuple(cases), rows.named(weights, shapes), length, task)


def trace(weights: dict[str, Tensor], x: Tensor, changed: Gates) -> dict[str, Tensor]:
    r"""Run N GRUs at once.

    Args:
        weights: ``W_x`` (N, D, 3H), ``W_h`` (N, H, 3H), ``b`` (N, 3H), of z, r and the candidate;
            ``W_q`` (N, H, 2), ``b_q`` (N, 2).
        x: inputs (N, T, B, D).
        changed: what takes the place of the gates.

    Returns:
        The ``answers`` (N, T, B, 2), and what :func:`rnnbook.experiments.rows.gru_trace` holds.

    Source: the post, eqs. (7) to (10).
    """
    seen = rows.gru_trace(trainings.from_inputs(weights, x), weights["W_h"], changed)
    h, b_q = seen["h"].flatten(1, 2), weights["b_q"].unsqueeze(1)
    answers = torch.baddbmm(b_q, h, weights["W_q"])
    return seen | {"answers": answers.view(*x.shape[:3], -1)}


def right(answers: Tensor, y: Tensor) -> dict[str, Tensor]:
    """The share of each network's answers that have the right sign: by question, (N,)."""
    shares = (answers * y > 0).double().sum((1, 2)) / (y != 0).sum((1, 2))
    return dict(zip(ANSWERS, shares.unbind(-1), strict=True))


def clamps(seen: dict[str, Tensor], only: int | None = None) -> dict[str, Gates]:
    """What :data:`CLAMPS` put in the place of the gates.

    Args:
        seen: the networks' trace, for the means.
        only: this unit's gates alone; by default those of all units.
    """
    z_mean, r_mean = (seen[gate].mean((1, 2)).unsqueeze(1) for gate in "zr")  # (N, 1, H)
    chosen = torch.ones(z_mean.shape[-1], dtype=torch.bool)
    if only is not None:
        chosen = torch.arange(len(chosen)) == only

    def instead(gate: Tensor, value: Tensor | float) -> Tensor:
        return torch.where(chosen, torch.as_tensor(value, dtype=gate.dtype), gate)

    return {
        "as trained": lambda z, r: (z, r),
        "z := its mean": lambda z, r: (instead(z, z_mean), r),
        "r := its mean": lambda z, r: (z, instead(r, r_mean)),
        "r := 1": lambda z, r: (z, instead(r, 1.0)),
        "r := 0": lambda z, r: (z, instead(r, 0.0)),
    }


def scores(trained: Trained) -> dict[str, dict[str, Tensor]]:
    """The shares of right answers, by clamp and question, (N,); clamps are of GRUs as printed."""
    x, y = trained.unseen()
    seen = trained.run(x)
    found = {CLAMPS[0]: right(seen["answers"], y)}
    if all(arm == ARMS[0] for arm, _, _ in trained.cases):
        for clamp, changed in clamps(seen).items():
            found[clamp] = right(trained.run(x, changed)["answers"], y)
    return found


@dataclass(frozen=True)
class Unit:
    """One unit of a trained network.

    Attributes:
        network: which.
        z: mean of its update gate over steps and streams.
        r: mean of its reset gate.
        follows: how closely it follows the last order: its correlation with it, without sign.
        lost: by clamp, then by question, the share of right answers that goes when this unit's
            gate alone is clamped.
    """

    network: int
    z: float
    r: float
    follows: float
    lost: dict[str, dict[str, float]]

    @property
    def half_life(self) -> float:
        """Steps after which half is left, at the mean z."""
        return math.log(2) / -math.log(self.z)


def unit_by_unit(trained: Trained) -> list[Unit]:
    """What each unit keeps and hears on unseen streams, and what breaks when it alone is clamped.

    Source: chapter 10.
    """
    x, y = trained.unseen()
    seen = trained.run(x)
    whole = right(seen["answers"], y)
    h, last = seen["h"].flatten(1, 2), y[..., :1].flatten(1, 2)  # (N, T·B, H), (N, T·B, 1)
    h, last = h - h.mean(1, keepdim=True), last - last.mean(1, keepdim=True)
    follows = (h * last).mean(1) / (h.square().mean(1) * last.square().mean(1)).sqrt()
    found = []
    for unit in range(h.shape[-1]):
        lost = {}
        for clamp, changed in clamps(seen, unit).items():
            if clamp != CLAMPS[0]:
                left = right(trained.run(x, changed)["answers"], y)
                lost[clamp] = {answer: whole[answer] - left[answer] for answer in ANSWERS}
        for n in range(len(h)):
            found.append(
                Unit(
                    network=n,
                    z=seen["z"][n, ..., unit].mean().item(),
                    r=seen["r"][n, ..., unit].mean().item(),
                    follows=follows[n, unit].abs().item(),
                    lost={
                        clamp: {answer: share[n].item() for answer, share in of.items()}
                        for clamp, of in lost.items()
                    },
                )
            )
    return found


@functools.cache
def long_and_short_scores(
    cases: tuple[tuple[int, float], ...], steps: int, hidden: int, length: int, task: str
) -> dict[str, list[dict[str, dict[str, float]]]]:
    """Train all arms once, and score each network: by arm, then by clamp and question."""
    every = [(arm, *case) for arm in ARMS for case in cases]
    trained = train_both(every, steps=steps, hidden=hidden, length=length, task=task)
    found = {arm: scores(trained.only(arm)) for arm in ARMS}
    return {
        arm: [
            {
                clamp: {answer: share[n].item() for answer, share in of.items()}
                for clamp, of in each.items()
            }
            for n in range(len(cases))
        ]
        for arm, each in found.items()
    }


def _as_trained(cases: Sequence[tuple[str, int, float]]) -> Gates:
    opened = torch.tensor([arm == "r = 1 throughout" for arm, _, _ in cases]).view(-1, 1, 1)
    return lambda z, r: (z, r.masked_fill(opened, 1.0))


def _draw(task: str, length: int) -> trainings.Draw:
    return lambda batch, source: TASKS[task](batch, length, source)
