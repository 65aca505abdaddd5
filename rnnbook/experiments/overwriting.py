r"""What one gate for keeping and writing is good for: GRUs and LSTMs that follow orders. Chapter 7.

The tasks are those of :func:`rnnbook.worlds.overwriting.announced_orders`: say the last order, or
the sum of all. The cells are equations (7) to (10) as printed, the LSTM's (1) to (6), and the same
LSTM with its input gate tied, i = 1 − f. What an arm takes away are weights, held at zero. The
trainings of a cell run side by side, each in its own row of numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnbook.experiments import _UNSEEN_SEEDS, SOLVED, UNSEEN, _one_thread, rows
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


@dataclass(frozen=True)
class OrderRun:
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


def train_orders(
    cases: Sequence[tuple[str, int, float]],
    *,
    steps: int = 800,
    hidden: int = 4,
    length: int = 15,
    progress: Callable[[int, int], None] | None = None,
) -> list[OrderRun]:
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
    for model, _, _ in cases:
        if model not in ARMS:
            raise ValueError(f"arm: expected one of {', '.join(ARMS)}; given {model!r}")
    arms = [ARMS[model] for model, _, _ in cases]
    if len({(arm.cell, arm.adds) for arm in arms}) != 1:
        raise ValueError("cases: expected arms of one cell that are all asked for the same")
    cell, adds = arms[0].cell, arms[0].adds
    shapes = _shapes(cell, hidden)
    with _one_thread():
        free = torch.stack([_free(arm, hidden) for arm in arms])
        starts = [_start(ARMS[model], seed, hidden) for model, seed, _ in cases]
        weights = torch.stack(starts) * free
        data = {seed: torch.Generator().manual_seed(seed) for _, seed, _ in cases}

        def losses(weights: Tensor) -> Tensor:
            drawn = {
                seed: announced_orders(32, length, source, adds=adds)
                for seed, source in data.items()
            }
            x, y = (torch.stack([drawn[seed][k] for _, seed, _ in cases]) for k in (0, 1))
            answers = trace(cell, rows.named(weights, shapes), x)["answer"]
            return (answers - y).square().mean((1, 2))

        weights, curves = rows.descend(
            weights,
            losses,
            [rate for _, _, rate in cases],
            steps=steps,
            free=free,
            progress=progress,
        )
        runs = []
        for n, (model, seed, _) in enumerate(cases):
            named = rows.named(weights[n : n + 1], shapes)
            unseen = torch.Generator().manual_seed(seed + _UNSEEN_SEEDS)
            x, y = announced_orders(UNSEEN, length, unseen, adds=adds)
            with torch.no_grad():
                answers = trace(cell, named, x[None])["answer"][0]
            score = ((answers - y).abs() < 0.5).double().mean().item()
            curve = tuple(curves[:, n].tolist())
            runs.append(OrderRun(model, seed, steps, score, curve, named))
        return runs


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
    W_x, W_h, b = (weights[name] for name in ("W_x", "W_h", "b"))
    if cell == "LSTM, i = 1 − f":  # 1 − σ(a) = σ(−a): the forget gate's weights, negated
        H = W_h.shape[1]
        W_x, W_h, b = (torch.cat([-part[..., :H], part], -1) for part in (W_x, W_h, b))
    from_x = torch.baddbmm(b.unsqueeze(1), x.flatten(1, 2), W_x).view(*x.shape[:3], -1)
    seen = (rows.gru_trace if cell == "GRU" else rows.lstm_trace)(from_x, W_h)
    answer = torch.einsum("ntbh,nh->ntb", seen["h"], weights["W_q"])
    return seen | {"answer": answer + weights["b_q"].unsqueeze(1)}


def _shapes(cell: str, hidden: int) -> dict[str, tuple[int, ...]]:
    wide = len(CELLS[cell]) * hidden
    return {
        "W_x": (3, wide),
        "W_h": (hidden, wide),
        "b": (wide,),
        "W_q": (hidden,),
        "b_q": (1,),
    }


def _free(arm: Arm, hidden: int) -> Tensor:
    """1 for each number that is trained, 0 for each that is held at zero, as one row."""
    free = {name: torch.ones(shape) for name, shape in _shapes(arm.cell, hidden).items()}
    for k, block in enumerate(CELLS[arm.cell]):
        columns = slice(k * hidden, (k + 1) * hidden)
        free["W_h"][:, columns] = float(block not in arm.blind + arm.fixed)
        free["W_x"][:, columns] = float(block not in arm.fixed)
    return torch.cat([part.flatten() for part in free.values()])


def _start(arm: Arm, seed: int, hidden: int) -> Tensor:
    """One row of weights, as PyTorch draws them for its layers; the keeping gate's bias is 1."""
    generator = torch.Generator().manual_seed(seed)
    shapes = _shapes(arm.cell, hidden)
    size = sum(math.prod(shape) for shape in shapes.values())
    row = (2 * torch.rand(1, size, generator=generator) - 1) / math.sqrt(hidden)
    b = rows.named(row, shapes)["b"].view(-1, hidden)
    for k, block in enumerate(CELLS[arm.cell]):
        if block in KEEPS:
            b[k] = 1
        elif block == "i" and arm.as_tied:
            b[k] = -1
    return row[0]
