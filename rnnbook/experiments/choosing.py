r"""Where the reset gate stands: GRUs that choose a source, or a receiver. Chapter 9.

The tasks are those of :mod:`rnnbook.worlds.choosing`. The cells are equations (7) to (10) with the
reset before the product, with the reset after it, and with none. All three have the same numbers
and start from the same; there is no second bias. The trainings of an arm run side by side.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import Tensor

from rnnbook.experiments import (
    _UNSEEN_SEEDS,
    SOLVED,
    UNSEEN,
    _one_thread,
    rows,
    stored_results,
)
from rnnbook.worlds.choosing import choose_receiver, choose_source

TASKS = {"source": (choose_source, 5, 1), "receiver": (choose_receiver, 4, 2)}
"""What is to be chosen: the task, its inputs D and its answers Q."""

RESETS = ("before", "after", "none")
"""Where the reset gate stands."""

AT_ONCE = 50
"""So many batches are drawn at a time."""

ARMS = {f"{task}: reset {reset}": (task, reset) for task in TASKS for reset in RESETS}
"""The arms by name: what is chosen, a colon, and where the gate stands."""


@dataclass(frozen=True)
class ChoiceRun:
    """What one training came to.

    Attributes:
        model: a key of :data:`ARMS`.
        seed: of the weights and of the data.
        steps: batches taken.
        accuracy: share of right answers over 1,000 unseen streams.
        curve: mean square error of every tenth batch.
        weights: the network's parameters by name, as in :func:`trace`.
    """

    model: str
    seed: int
    steps: int
    accuracy: float
    curve: tuple[float, ...]
    weights: dict[str, Tensor]

    @property
    def solved(self) -> bool:
        """Whether 99 of 100 answers are right."""
        return self.accuracy >= SOLVED


def train_choosers(
    cases: Sequence[tuple[str, int, float]],
    *,
    steps: int = 1000,
    hidden: int = 3,
    length: int = 12,
    progress: Callable[[int, int], None] | None = None,
) -> list[ChoiceRun]:
    r"""Train GRUs with a linear read-out at every step, side by side.

    Adam, batches of 32 fresh streams, mean square error, clipping at 1. An answer is right if it
    lies within one half of what was asked for. Trainings with the same seed and task start from the
    same weights and see the same streams.

    Args:
        cases: arm, seed and learning rate of each training; the arms, keys of :data:`ARMS`, all
            have the same task.
        steps: batches.
        hidden: H.
        length: T.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The record of each training.

    Raises:
        ValueError: there is no such arm, or the arms have two tasks.

    Source: chapter 9.
    """
    for model, _, _ in cases:
        if model not in ARMS:
            raise ValueError(f"model: expected one of {', '.join(ARMS)}; given {model!r}")
    if len({ARMS[model][0] for model, _, _ in cases}) != 1:
        raise ValueError("cases: expected arms of one task")
    sample, D, Q = TASKS[ARMS[cases[0][0]][0]]
    resets = [ARMS[model][1] for model, _, _ in cases]
    shapes = _shapes(D, hidden, Q)
    with _one_thread():
        weights = torch.stack([_start(shapes, seed, hidden) for _, seed, _ in cases])
        data = {seed: torch.Generator().manual_seed(seed) for _, seed, _ in cases}

        def batches() -> Iterator[tuple[Tensor, Tensor]]:
            """Inputs and answers of all cases; many batches are drawn at once, for speed."""
            while True:
                drawn = {seed: sample(32 * AT_ONCE, length, one) for seed, one in data.items()}
                x, y = (torch.stack([drawn[seed][k] for _, seed, _ in cases]) for k in (0, 1))
                yield from zip(x.split(32, 2), y.split(32, 2), strict=True)

        fresh = batches()

        def losses(weights: Tensor) -> Tensor:
            x, y = next(fresh)
            answers = trace(resets, rows.named(weights, shapes), x)["answer"]
            return (answers - y).square().mean((1, 2, 3))

        weights, curves = rows.descend(
            weights, losses, [rate for _, _, rate in cases], steps=steps, progress=progress
        )
        runs = []
        for n, (model, seed, _) in enumerate(cases):
            named = rows.named(weights[n : n + 1], shapes)
            x, y = sample(UNSEEN, length, torch.Generator().manual_seed(seed + _UNSEEN_SEEDS))
            score = right(resets[n], named, x, y)
            runs.append(ChoiceRun(model, seed, steps, score, tuple(curves[:, n].tolist()), named))
        return runs


def right(reset: str, weights: dict[str, Tensor], x: Tensor, y: Tensor) -> float:
    """The share of answers of one network that lie within one half of y (T, B, Q)."""
    with torch.no_grad():
        answers = trace([reset], weights, x[None].to(weights["W_x"]))["answer"][0]
    return ((answers - y).abs() < 0.5).double().mean().item()


def trace(resets: Sequence[str], weights: dict[str, Tensor], x: Tensor) -> dict[str, Tensor]:
    r"""Run N networks at once.

    Args:
        resets: of :data:`RESETS`, one for all networks, or one for each.
        weights: ``W_x`` (N, D, 3H), ``W_h`` (N, H, 3H), ``b`` (N, 3H), of z, r and the candidate;
            ``W_q`` (N, H, Q), ``b_q`` (N, Q).
        x: inputs (N, T, B, D).

    Returns:
        The ``answer`` (N, T, B, Q), and what :func:`rnnbook.experiments.rows.gru_trace` holds.

    Source: the post, eqs. (7) to (10).
    """
    W_x, W_h, b = (weights[name] for name in ("W_x", "W_h", "b"))
    from_x = torch.baddbmm(b.unsqueeze(1), x.flatten(1, 2), W_x).view(*x.shape[:3], -1)
    seen = rows.gru_trace(from_x, W_h, resets=resets)
    answer = torch.einsum("ntbh,nhq->ntbq", seen["h"], weights["W_q"])
    return seen | {"answer": answer + weights["b_q"][:, None, None]}


def _shapes(D: int, H: int, Q: int) -> dict[str, tuple[int, ...]]:
    return {"W_x": (D, 3 * H), "W_h": (H, 3 * H), "b": (3 * H,), "W_q": (H, Q), "b_q": (Q,)}


def _start(shapes: dict[str, tuple[int, ...]], seed: int, hidden: int) -> Tensor:
    """One row of weights, as PyTorch draws them for its layers; b_z is 1."""
    generator = torch.Generator().manual_seed(seed)
    size = sum(math.prod(shape) for shape in shapes.values())
    row = (2 * torch.rand(1, size, generator=generator) - 1) / math.sqrt(hidden)
    rows.named(row, shapes)["b"][:, :hidden] = 1
    return row[0]


def stored_chooser() -> dict[str, Tensor]:
    """One trained network that chooses a source, reset before the product: float64, as of `trace`.

    Source: ``rnnbook/results/chooser.json``, written by ``python -m rnnbook.experiments.choosing``.
    """
    kept = stored_results("chooser")["weights"]
    exact = {"dtype": torch.float64}
    return {name: torch.tensor(value, **exact).unsqueeze(0) for name, value in kept.items()}


def main() -> None:
    """Train the network that ``SameWeights`` opens, and store it with three digits."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "results")
    out = parser.parse_args().out / "chooser.json"
    seed, rate, steps = 2, 0.03, 1500
    (run,) = train_choosers([("source: reset before", seed, rate)], steps=steps)
    weights = {name: _rounded(part[0].tolist()) for name, part in run.weights.items()}
    named = {name: torch.tensor(value).unsqueeze(0) for name, value in weights.items()}
    x, y = choose_source(4000, 12, torch.Generator().manual_seed(_UNSEEN_SEEDS))
    record = {
        "what": "a GRU of three units that chooses a source, reset before the product",
        "command": "python -m rnnbook.experiments.choosing",
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "seed": seed,
        "learning_rate": rate,
        "steps": steps,
        "right": {reset: round(right(reset, named, x, y), 4) for reset in RESETS},
        "weights": weights,
    }
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _rounded(values: list) -> list:
    return [_rounded(v) if isinstance(v, list) else round(v, 3) for v in values]


if __name__ == "__main__":
    main()
