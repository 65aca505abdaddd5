r"""What one gate for keeping and writing is good for: GRUs and LSTMs that follow orders. Chapter 7.

The tasks are those of :func:`rnnbook.worlds.overwriting.announced_orders`: say the last order, or
the sum of all. The cells are equations (7) to (10) as printed, the LSTM's (1) to (6), and the same
LSTM with its input gate tied, i = 1 − f. What an arm takes away are weights, held at zero. The
trainings of a cell run side by side, each in its own row of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnbook.experiments import _one_thread, rows, trainings
from rnnbook.experiments.trainings import RowRun
from rnnbook.worlds.overwriting import announced_orders

CELLS = {"GRU": "zrh", "LSTM": "ifoc", "LSTM, i = 1 − f": "foc"}
"""The blocks of weights of each cell, in their order."""

KEEPS = "zf"
"""The gates that keep; their biases start at 1."""


@dataclass(frozen=True)
class Arm:
    """A cell, what it must say, and what is taken from it.

    Attributes:
        cell: a key of :data:`CELLS`.
        adds: whether the sum of the orders is asked for; else the last of them.
        blind: the blocks that do not see h.
        fixed: the blocks that see nothing: their gates are one share at each step, which is learnt.
        as_tied: whether the input gate starts at 1 − f, free to leave it: b_i = −b_f.
    """

    cell: str
    adds: bool = False
    blind: str = ""
    fixed: str = ""
    as_tied: bool = False


ARMS = {
    "last: GRU as printed": Arm("GRU"),
    "last: GRU, (7) blind to h": Arm("GRU", blind="z"),
    "last: GRU, only (7) sees h": Arm("GRU", blind="rh"),
    "last: GRU, nothing sees h": Arm("GRU", blind="zrh"),
    "last: GRU, z fixed": Arm("GRU", fixed="z"),
    "last: LSTM, f and i free": Arm("LSTM"),
    "last: LSTM, free, b_i = −b_f": Arm("LSTM", as_tied=True),
    "last: LSTM, i = 1 − f": Arm("LSTM, i = 1 − f"),
    "sum: LSTM, f and i free": Arm("LSTM", adds=True),
    "sum: LSTM, free, b_i = −b_f": Arm("LSTM", adds=True, as_tied=True),
    "sum: LSTM, i = 1 − f": Arm("LSTM, i = 1 − f", adds=True),
    "sum: GRU as printed": Arm("GRU", adds=True),
}
"""The arms by name: what is asked for, a colon, and what answers."""


def train_orders(
    cases: Sequence[tuple[str, int, float]],
    *,
    steps: int = 800,
    hidden: int = 4,
    length: int = 15,
    progress: Callable[[int, int], None] | None = None,
) -> list[RowRun]:
    r"""Train networks with a linear read-out at every step, side by side.

    Adam, batches of 32 fresh streams, mean square error, clipping at 1. An answer is right if it
    lies within one half of what was asked for. Trainings with the same seed and cell start from the
    same weights and see the same streams.

    Args:
        cases: arm, seed and learning rate of each training; the arms, keys of :data:`ARMS`, all
            have the same cell and are asked for the same.
        steps: batches.
        hidden: H.
        length: T.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The record of each training.

    Raises:
        ValueError: there is no such arm, or the arms differ in their cell or in what is asked for.

    Source: chapter 7.
    """
    trainings.check_models(cases, ARMS)
    arms = [ARMS[model] for model, _, _ in cases]
    if len({(arm.cell, arm.adds) for arm in arms}) != 1:
        raise ValueError("cases: expected arms of one cell that are all asked for the same")
    cell, adds = arms[0].cell, arms[0].adds
    shapes = _shapes(cell, hidden)
    with _one_thread():
        free = torch.stack([_free(arm, shapes) for arm in arms])
        starts = [_start(ARMS[model], seed, shapes) for model, seed, _ in cases]
        return trainings.train_named(
            torch.stack(starts) * free,
            shapes,
            cases,
            lambda batch, source: announced_orders(batch, length, source, adds=adds),
            lambda _, weights, x: trace(cell, weights, x)["answer"],
            steps=steps,
            free=free,
            progress=progress,
        )


def trace(cell: str, weights: dict[str, Tensor], x: Tensor) -> dict[str, Tensor]:
    r"""Run N networks of a cell at once.

    Args:
        cell: a key of :data:`CELLS`, with k blocks.
        weights: ``W_x`` (N, 3, kH), ``W_h`` (N, H, kH), ``b`` (N, kH), ``W_q`` (N, H), ``b_q``
            (N, 1).
        x: inputs (N, T, B, 3).

    Returns:
        The ``answer`` (N, T, B), and what the cell's trace in :mod:`rnnbook.experiments.rows`
        holds.

    Source: the post, eqs. (1) to (10).
    """
    weights = dict(weights)
    if cell == "LSTM, i = 1 − f":  # 1 − σ(a) = σ(−a): the forget gate's weights, negated
        H = weights["W_h"].shape[1]
        for name in ("W_x", "W_h", "b"):
            part = weights[name]
            weights[name] = torch.cat([-part[..., :H], part], -1)
    run = rows.gru_trace if cell == "GRU" else rows.lstm_trace
    seen = run(trainings.from_inputs(weights, x), weights["W_h"])
    answer = torch.einsum("ntbh,nh->ntb", seen["h"], weights["W_q"])
    return seen | {"answer": answer + weights["b_q"].unsqueeze(1)}


def _shapes(cell: str, hidden: int) -> dict[str, tuple[int, ...]]:
    return trainings.gated_shapes(len(CELLS[cell]), 3, hidden, 1) | {"W_q": (hidden,)}


def _free(arm: Arm, shapes: trainings.Shapes) -> Tensor:
    blocks = CELLS[arm.cell]
    fixed = [blocks.index(block) for block in arm.fixed]
    blind = [blocks.index(block) for block in arm.blind]
    return trainings.free(shapes, {"W_h": blind + fixed, "W_x": fixed})


def _start(arm: Arm, seed: int, shapes: trainings.Shapes) -> Tensor:
    """The biases of the gate that keeps start at 1."""
    biases = {k: 1 for k, block in enumerate(CELLS[arm.cell]) if block in KEEPS}
    if arm.as_tied:
        biases[CELLS[arm.cell].index("i")] = -1
    return trainings.start(shapes, torch.Generator().manual_seed(seed), biases)
