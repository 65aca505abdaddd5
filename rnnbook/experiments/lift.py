r"""What the candidate is good for: LSTMs on :mod:`rnnbook.worlds.lift`, with other candidates.

The cell is that of equations (1) to (6). An arm exchanges the function of (3), or takes the past
away from it: those weights are held at zero. All trainings run side by side, each in its own row.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnbook.experiments import _UNSEEN_SEEDS, _one_thread, rows, trainings
from rnnbook.worlds.lift import derived_candidate, lift

NOISE, AGREE, SHUT = 0.8, 0.9, 0.5
"""η, ρ and the probability of a shut door in the experiment."""


UNSEEN = 5000
"""On the same so many unseen rides is everything scored."""


@dataclass(frozen=True)
class Arm:
    """A candidate.

    Attributes:
        squashes: the function in place of tanh.
        sees: the gates that see :math:`h_{t-1}`, of i, f, o and c, the candidate.
    """

    squashes: Callable[[Tensor], Tensor]
    sees: str = "ifoc"


ARMS = {
    "tanh, as printed": Arm(torch.tanh),
    "clipped at ±1": Arm(torch.nn.functional.hardtanh),
    "no function": Arm(lambda a: a),
    "σ": Arm(torch.sigmoid),
    "tanh, (3) blind to h": Arm(torch.tanh, "ifo"),
    "tanh, only (3) sees h": Arm(torch.tanh, "c"),
    "tanh, all blind to h": Arm(torch.tanh, ""),
}
"""The candidates by name."""


@dataclass(frozen=True)
class LiftRun:
    """What one training came to.

    Attributes:
        arm: a key of :data:`ARMS`.
        seed: of the weights and of the data.
        rate: Adam's learning rate at the start.
        error: mean square error of the floor over unseen rides.
        weights: the network's parameters by name, as in :func:`trace`.
    """

    arm: str
    seed: int
    rate: float
    error: float
    weights: dict[str, Tensor]


def rides(batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""Rides of a lift that moves only where its door is shut.

    .. math:: y_t = y_{t-1} + R_t\,s_t

    Args:
        batch: number of rides B, at least 1.
        length: number of steps T, at least 1.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 3): the reading, the button that is pressed now, and R, 1 where the door is
        shut, else 0; floors (T, B). Both float32.

    Source: made for chapter 3.
    """
    readings, before, floors = lift(batch, length + 1, generator, NOISE, AGREE)
    shut = (torch.rand(length, batch, generator=generator) < SHUT).double()
    moves = floors.diff(dim=0, prepend=torch.zeros(1, batch, dtype=torch.float64))[:-1]
    x = torch.stack([readings[:-1], before[1:], shut], -1)
    return x.float(), (shut * moves).cumsum(0).float()


def known(length: int, answer: Callable[[Tensor, Tensor], Tensor]) -> float:
    """The mean square error of a memory that adds such answers where the door is shut.

    Args:
        length: T.
        answer: of a reading and of the button before it, which is 0 at the first step.

    Returns:
        The mean over the steps of :data:`UNSEEN` rides.

    Source: chapter 3.
    """
    x, floors = rides(UNSEEN, length, torch.Generator().manual_seed(_UNSEEN_SEEDS))
    readings, buttons, shut = x.double().unbind(-1)
    before = torch.cat([torch.zeros_like(buttons[:1]), buttons[:-1]])
    told = (shut * answer(readings, before)).cumsum(0)
    return (told - floors).square().mean().item()


@functools.cache
def _ends(length: int) -> tuple[float, float]:
    """The errors of adding nothing, and of adding the mean of the sign."""
    w_v, w_c, _ = (part.item() for part in derived_candidate(NOISE, AGREE))
    nothing = known(length, lambda v, c: 0 * v)
    return nothing, known(length, lambda v, c: torch.tanh(w_v * v + w_c * c))


def known_share(error: float, length: int) -> float:
    r"""How much a memory knows of what can be known of the floor: 1 is the mean of the sign.

    .. math:: \frac{E_0 - E}{E_0 - E_{\text{mean}}}

    Args:
        error: E, the memory's mean square error; E₀ is that of adding nothing.
        length: T.

    Source: chapter 3.
    """
    nothing, least = _ends(length)
    return (nothing - error) / (nothing - least)


def train_cells(
    arm: str,
    cases: Sequence[tuple[int, float]],
    *,
    steps: int = 300,
    hidden: int = 4,
    length: int = 15,
    progress: Callable[[int, int], None] | None = None,
) -> list[LiftRun]:
    r"""Train LSTMs with a linear read-out at every step to say the floor, side by side.

    The weights start as PyTorch draws them, with a forget bias of 1. Adam, batches of 64 fresh
    rides, clipping at 1, a learning rate that falls to a twentieth. Trainings with the same seed
    start from the same weights and see the same rides.

    Args:
        arm: a key of :data:`ARMS`.
        cases: seed and learning rate of each training.
        steps: batches.
        hidden: H.
        length: T.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The record of each training.

    Raises:
        ValueError: the arm is unknown.

    Source: chapter 3.
    """
    if arm not in ARMS:
        raise ValueError(f"arm: expected one of {', '.join(ARMS)}; given {arm!r}")
    seen = torch.tensor([float(gate in ARMS[arm].sees) for gate in "ifoc"])
    seen = seen.repeat_interleave(hidden)
    with _one_thread():
        weights = torch.stack([_start(seed, hidden) for seed, _ in cases])
        data = {seed: torch.Generator().manual_seed(seed) for seed, _ in cases}

        def losses(weights: Tensor) -> Tensor:
            drawn = {seed: rides(64, length, source) for seed, source in data.items()}
            x, y = (torch.stack([drawn[seed][k] for seed, _ in cases], 1) for k in (0, 1))
            named = _named(weights, hidden)
            named["W_h"] = named["W_h"] * seen
            floors = trace(x, named, ARMS[arm].squashes)["answer"]
            return (floors - y).square().mean((0, 2))

        weights, _ = rows.descend(
            weights,
            losses,
            [rate for _, rate in cases],
            steps=steps,
            falls_to=0.05,
            progress=progress,
        )
        with torch.no_grad():
            named = _named(weights, hidden)
            named["W_h"] = named["W_h"] * seen
            x, y = rides(UNSEEN, length, torch.Generator().manual_seed(_UNSEEN_SEEDS))
            said = trace(x.unsqueeze(1), named, ARMS[arm].squashes)["answer"]
            errors = (said - y.unsqueeze(1)).square().mean((0, 2)).tolist()
        return [
            LiftRun(arm, seed, rate, error, {name: part[n] for name, part in named.items()})
            for n, ((seed, rate), error) in enumerate(zip(cases, errors, strict=True))
        ]


def trace(
    x: Tensor, weights: dict[str, Tensor], squashes: Callable[[Tensor], Tensor] = torch.tanh
) -> dict[str, Tensor]:
    r"""Equations (1) to (6) of N networks at once, with any function in (3).

    Args:
        x: inputs (T, N, B, 3), or (T, 1, B, 3), the same for all.
        weights: ``W_x`` (N, 3, 4H), ``W_h`` (N, H, 4H) and ``b`` (N, 4H), of the gates i, f, o
            and of the candidate; ``W_q`` (N, H) and ``b_q`` (N, 1) of the read-out.
        squashes: the function in (3).

    Returns:
        The answers (T, N, B); the candidates ``C_tilde``, their arguments ``a``, the input gates
        ``i`` and the hidden states ``h``, each (T, N, B, H).

    Source: the post, eqs. (1) to (6); chapter 3.
    """
    from_x = x @ weights["W_x"] + weights["b"].unsqueeze(1)
    seen = rows.lstm_trace(from_x.transpose(0, 1), weights["W_h"], squashes)
    found = {name: values.transpose(0, 1) for name, values in seen.items()}
    answer = (found["h"] @ weights["W_q"].unsqueeze(-1)).squeeze(-1) + weights["b_q"]
    return found | {"answer": answer}


def _named(weights: Tensor, hidden: int) -> dict[str, Tensor]:
    """The parameters of N networks, whose rows they are."""
    return rows.named(weights, _shapes(hidden))


def _shapes(hidden: int) -> dict[str, tuple[int, ...]]:
    return trainings.gated_shapes(4, 3, hidden, 1) | {"W_q": (hidden,)}


def _start(seed: int, hidden: int) -> Tensor:
    """The forget gate's biases start at 1."""
    return trainings.start(_shapes(hidden), torch.Generator().manual_seed(seed), {1: 1})
