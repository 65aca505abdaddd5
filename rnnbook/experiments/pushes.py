r"""What the reset gate is good for in a whole GRU: pushes that are announced. Chapter 8.

The task is :func:`rnnbook.worlds.pushes.announced_pushes`. The cell is equations (7) to (10) as
printed, reset before the product. What an arm takes away are weights, held where they are; the
trainings run side by side, each in its own row of numbers.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnbook.experiments import _UNSEEN_SEEDS, SOLVED, UNSEEN, _one_thread, rows
from rnnbook.experiments.overwriting import trace
from rnnbook.worlds.pushes import announced_pushes

OPEN = 50.0
"""A bias of which σ is 1 to the last bit of float32."""


@dataclass(frozen=True)
class Arm:
    """What of equation (8) is taken away.

    Attributes:
        sees_h: whether it sees the hidden state.
        sees_x: whether it sees the input.
        learns: whether its bias is trained; else r is 1 at every step.
    """

    sees_h: bool = True
    sees_x: bool = True
    learns: bool = True


ARMS = {
    "GRU as printed": Arm(),
    "(8) blind to h": Arm(sees_h=False),
    "r fixed, learnt": Arm(sees_h=False, sees_x=False),
    "r = 1": Arm(sees_h=False, sees_x=False, learns=False),
}
"""The arms by name. In the last two r is one share for each unit at every step."""


@dataclass(frozen=True)
class PushRun:
    """What one training came to.

    Attributes:
        model: a key of :data:`ARMS`.
        seed: of the weights and of the data.
        steps: batches taken.
        accuracy: share of right answers over 1,000 unseen streams.
        curve: mean square error of every tenth batch.
        weights: the network's parameters by name, as in
            :func:`rnnbook.experiments.overwriting.trace`.
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


def train_pushes(
    cases: Sequence[tuple[str, int, float]],
    *,
    steps: int = 800,
    hidden: int = 4,
    length: int = 15,
    memories: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> list[PushRun]:
    r"""Train GRUs with a linear read-out at every step, side by side.

    Adam, batches of 32 fresh streams, mean square error, clipping at 1. An answer is right if it
    lies within one half of the push. Trainings with the same seed start from the same weights, less
    what their arm takes away, and see the same streams. The biases of z start at 1.

    Args:
        cases: arm, seed and learning rate of each training; the arms are keys of :data:`ARMS`.
        steps: batches.
        hidden: H.
        length: T.
        memories: M, how many there are to be held.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The record of each training.

    Raises:
        ValueError: there is no such arm.

    Source: chapter 8.
    """
    for model, _, _ in cases:
        if model not in ARMS:
            raise ValueError(f"arm: expected one of {', '.join(ARMS)}; given {model!r}")
    shapes = _shapes(hidden, memories)
    draw = functools.partial(announced_pushes, memories=memories)
    with _one_thread():
        free = torch.stack([_free(ARMS[model], hidden, memories) for model, _, _ in cases])
        starts = [_start(ARMS[model], seed, hidden, memories) for model, seed, _ in cases]
        data = {seed: torch.Generator().manual_seed(seed) for _, seed, _ in cases}

        def losses(weights: Tensor) -> Tensor:
            drawn = {seed: draw(32, length, source) for seed, source in data.items()}
            x, y = (torch.stack([drawn[seed][k] for _, seed, _ in cases]) for k in (0, 1))
            answers = trace("GRU", rows.named(weights, shapes), x)["answer"]
            return (answers - y).square().mean((1, 2))

        weights, curves = rows.descend(
            torch.stack(starts),
            losses,
            [rate for _, _, rate in cases],
            steps=steps,
            free=free,
            progress=progress,
        )
        runs = []
        for n, (model, seed, _) in enumerate(cases):
            named = rows.named(weights[n : n + 1], shapes)
            x, y = draw(UNSEEN, length, torch.Generator().manual_seed(seed + _UNSEEN_SEEDS))
            with torch.no_grad():
                answers = trace("GRU", named, x[None])["answer"][0]
            score = ((answers - y).abs() < 0.5).double().mean().item()
            runs.append(PushRun(model, seed, steps, score, tuple(curves[:, n].tolist()), named))
        return runs


def _shapes(hidden: int, memories: int) -> dict[str, tuple[int, ...]]:
    return {
        "W_x": (2 * memories + 1, 3 * hidden),
        "W_h": (hidden, 3 * hidden),
        "b": (3 * hidden,),
        "W_q": (hidden,),
        "b_q": (1,),
    }


def _free(arm: Arm, hidden: int, memories: int) -> Tensor:
    """1 for each number that is trained, 0 for each that is held, as one row."""
    free = {name: torch.ones(shape) for name, shape in _shapes(hidden, memories).items()}
    of_r = slice(hidden, 2 * hidden)  # the blocks are z, r, h̃
    free["W_h"][:, of_r], free["W_x"][:, of_r] = float(arm.sees_h), float(arm.sees_x)
    free["b"][of_r] = float(arm.learns)
    return torch.cat([part.flatten() for part in free.values()])


def _start(arm: Arm, seed: int, hidden: int, memories: int) -> Tensor:
    """One row of weights, as PyTorch draws them for its layers; the biases of z are 1."""
    generator = torch.Generator().manual_seed(seed)
    shapes = _shapes(hidden, memories)
    size = sum(math.prod(shape) for shape in shapes.values())
    row = (2 * torch.rand(1, size, generator=generator) - 1) / math.sqrt(hidden)
    row *= _free(arm, hidden, memories)
    b = rows.named(row, shapes)["b"]
    b[0, :hidden] = 1
    if not arm.learns:
        b[0, hidden : 2 * hidden] = OPEN
    return row[0]
