r"""What the reset gate is good for in a whole GRU: pushes that are announced. Chapter 8.

The task is :func:`rnnbook.worlds.pushes.announced_pushes`. The cell is equations (7) to (10) as
printed, reset before the product. What an arm takes away are weights, held where they are; the
trainings run side by side, each in its own row of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from rnnbook.experiments import _one_thread, trainings
from rnnbook.experiments.overwriting import trace
from rnnbook.experiments.trainings import RowRun
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


def train_pushes(
    cases: Sequence[tuple[str, int, float]],
    *,
    steps: int = 800,
    hidden: int = 4,
    length: int = 15,
    memories: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> list[RowRun]:
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
    trainings.check_models(cases, ARMS)
    shapes = trainings.gated_shapes(3, 2 * memories + 1, hidden, 1) | {"W_q": (hidden,)}
    with _one_thread():
        free = torch.stack([_free(ARMS[model], shapes) for model, _, _ in cases])
        starts = [_start(ARMS[model], seed, shapes) for model, seed, _ in cases]
        return trainings.train_named(
            torch.stack(starts),
            shapes,
            cases,
            lambda batch, source: announced_pushes(batch, length, source, memories=memories),
            lambda _, weights, x: trace("GRU", weights, x)["answer"],
            steps=steps,
            free=free,
            progress=progress,
        )


def _free(arm: Arm, shapes: trainings.Shapes) -> Tensor:
    sees = {"W_h": arm.sees_h, "W_x": arm.sees_x, "b": arm.learns}
    of_r = 1  # the blocks are z, r, h̃
    return trainings.free(shapes, {name: [of_r] for name, one in sees.items() if not one})


def _start(arm: Arm, seed: int, shapes: trainings.Shapes) -> Tensor:
    """The biases of z start at 1; those of a gate that learns nothing hold it open."""
    biases = {0: 1.0} if arm.learns else {0: 1.0, 1: OPEN}
    row = trainings.start(shapes, torch.Generator().manual_seed(seed), biases)
    return row * _free(replace(arm, learns=True), shapes)
