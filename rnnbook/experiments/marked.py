r"""What the input gate is good for: LSTMs on :mod:`rnnbook.worlds.marked`, with and without it.

The cell is the package's own, equations (1) to (6) as printed. What an arm takes away from it are
weights, which are held where they are: at zero, or, for a gate that is always open, at a bias whose
logistic function is 1 in float32. All trainings run side by side, each in its own row of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from rnnbook.experiments import _UNSEEN_SEEDS, _one_thread, rows
from rnnbook.lstm import PARAMS, input_gate, lstm_step
from rnnbook.worlds.marked import marked_sums

ALWAYS_OPEN = 30.0
"""A bias with which σ is 1 in float32."""

ARMS: dict[str, tuple[str, ...]] = {
    "as printed": (),
    "only (2) sees h": ("W_hf", "W_ho", "W_hc"),
    "(2) does not see h": ("W_hi",),
    "one learnt constant": ("W_xi", "W_hi"),
    "no input gate": ("W_xi", "W_hi", "b_i"),
    "nothing sees h": ("W_hi", "W_hf", "W_ho", "W_hc"),
}
"""The parameters that each arm holds still; "no input gate" holds its gate open."""


@dataclass(frozen=True)
class MarkedRun:
    """What one training came to.

    Attributes:
        arm: a key of :data:`ARMS`.
        seed: of the weights and of the data.
        rate: Adam's learning rate at the start.
        curve: mean square error of every tenth batch, before its step.
        missed: mean square error over the second half of unseen streams, as a share of the
            error of always answering 0.
        weights: the network's parameters by the post's names; two runs are compared without them.
    """

    arm: str
    seed: int
    rate: float
    curve: tuple[float, ...]
    missed: float
    weights: Mapping[str, Tensor] = field(repr=False, compare=False)


def train_marked(
    cases: Sequence[tuple[str, int, float]],
    *,
    steps: int = 500,
    hidden: int = 8,
    length: int = 40,
    chance: float = 0.1,
    progress: Callable[[int, int], None] | None = None,
) -> list[MarkedRun]:
    r"""Train LSTMs with a linear read-out at every step on the marked sums, side by side.

    The weights start as PyTorch draws them, with a forget bias of 1. Adam, batches of 32 fresh
    streams, clipping at 1, a learning rate that falls to a twentieth. Trainings with the same seed
    start from the same weights and see the same streams.

    Args:
        cases: arm, seed and learning rate of each training.
        steps: batches.
        hidden: H.
        length: T.
        chance: probability of a marker at a step.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The record of each training.

    Raises:
        ValueError: an arm is unknown.

    Source: chapter 2.
    """
    unknown = {arm for arm, _, _ in cases} - ARMS.keys()
    if unknown:
        raise ValueError(f"arm: expected some of {', '.join(ARMS)}; given {sorted(unknown)}")
    shapes = _shapes(hidden)
    with _one_thread():
        start = {seed: _start(seed, shapes) for _, seed, _ in cases}
        free = torch.stack([_free(arm, shapes) for arm, _, _ in cases])
        held = torch.stack([_held(arm, shapes) for arm, _, _ in cases])
        weights = torch.stack([start[seed] for _, seed, _ in cases]) * free + held
        data = {seed: torch.Generator().manual_seed(seed) for seed in start}

        def squares(weights: Tensor, batch: int, sources: Mapping[int, torch.Generator]) -> Tensor:
            drawn = {s: marked_sums(batch, length, chance, source) for s, source in sources.items()}
            x, y = (torch.stack([drawn[s][k] for _, s, _ in cases], 1) for k in (0, 1))
            return (_answers(rows.named(weights, shapes), x) - y).square()  # (T, N, B)

        weights, curves = rows.descend(
            weights,
            lambda weights: squares(weights, 32, data).mean((0, 2)),
            [rate for _, _, rate in cases],
            steps=steps,
            free=free,
            falls_to=0.05,
            progress=progress,
        )
        with torch.no_grad():
            unseen = {s: torch.Generator().manual_seed(s + _UNSEEN_SEEDS) for s in start}
            late = slice(length // 2, None)
            error = squares(weights, 1000, unseen)[late].mean((0, 2))
            unseen = {s: torch.Generator().manual_seed(s + _UNSEEN_SEEDS) for s in start}
            nothing = {
                s: marked_sums(1000, length, chance, source)[1][late].square().mean()
                for s, source in unseen.items()
            }
        runs = []
        for n, (arm, seed, rate) in enumerate(cases):
            parts = rows.named(weights[n : n + 1], shapes)
            runs.append(
                MarkedRun(
                    arm,
                    seed,
                    rate,
                    tuple(curves[:, n].tolist()),
                    (error[n] / nothing[seed]).item(),
                    {name: part[0] for name, part in parts.items()},
                )
            )
        return runs


def input_gates(weights: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """The input gates i_t of a trained network at every step, by equation (2): (T, B, H).

    Args:
        weights: of a :class:`MarkedRun`.
        x: inputs (T, B, 2).

    Source: chapter 2.
    """
    h = C = x.new_zeros(x.shape[1], len(weights["b_i"]))
    gates = []
    for x_t in x.unbind():
        gates.append(input_gate(x_t, h, *(weights[n] for n in ("W_xi", "W_hi", "b_i"))))
        h, C = lstm_step(x_t, h, C, *(weights[name] for name in PARAMS[:-2]))
    return torch.stack(gates)


def _shapes(H: int) -> dict[str, tuple[int, ...]]:
    kinds = {"W_x": (2, H), "W_h": (H, H), "b_": (H,)}
    return {name: kinds[name[:-1]] for name in PARAMS[:-2]} | {"W_hq": (H, 1), "b_q": (1,)}


def _start(seed: int, shapes: Mapping[str, tuple[int, ...]]) -> Tensor:
    """As PyTorch draws an LSTM and a linear layer, with a forget bias of 1."""
    (H,) = shapes["b_f"]
    generator = torch.Generator().manual_seed(seed)
    parts = {
        name: (2 * torch.rand(shape, generator=generator) - 1) / H**0.5
        for name, shape in shapes.items()
    }
    parts["b_f"] = torch.ones(H)
    return torch.cat([part.flatten() for part in parts.values()])


def _free(arm: str, shapes: Mapping[str, tuple[int, ...]]) -> Tensor:
    """1 for each number that the arm may train, 0 for each that it holds."""
    parts = [torch.full(shape, float(name not in ARMS[arm])) for name, shape in shapes.items()]
    return torch.cat([part.flatten() for part in parts])


def _held(arm: str, shapes: Mapping[str, tuple[int, ...]]) -> Tensor:
    """Where the numbers are that the arm holds."""
    at = {"b_i": ALWAYS_OPEN if "b_i" in ARMS[arm] else 0.0}
    parts = [torch.full(shape, at.get(name, 0.0)) for name, shape in shapes.items()]
    return torch.cat([part.flatten() for part in parts])


def _answers(weights: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """The read-outs (T, N, B) of N networks for inputs (T, N, B, 2): equations (1) to (6)."""
    T, N, B, D = x.shape
    W_x, W_h, b = (
        torch.cat([weights[f"{kind}{gate}"] for gate in "ifoc"], -1)
        for kind in ("W_x", "W_h", "b_")
    )
    from_x = torch.baddbmm(b.unsqueeze(1), x.transpose(0, 1).reshape(N, T * B, D), W_x)
    states = rows.lstm_trace(from_x.view(N, T, B, -1), W_h)["h"].transpose(0, 1)
    read = states @ weights["W_hq"] + weights["b_q"].unsqueeze(1)
    return read.squeeze(-1)
