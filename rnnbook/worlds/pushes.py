r"""Wind and current: what is held, and does not always bear on the new value. Chapter 8.

A boat is pushed by wind and by current, each from the left or from the right. From which side is
held in memory; it turns now and then, and then the boat is told. But the wind comes in gusts and
the current in surges: whether either bears on this step is seen through noise alone. To be known
is the push of this step. :func:`announced_pushes` is a second world, without noise, in which half
of the evidence lies in the past.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnbook.arguments import check_generator, check_whole_numbers
from rnnbook.gru import reset_gate
from rnnbook.shapes import shapes
from rnnbook.worlds import Hidden
from rnnbook.worlds.fitting import fit

BEARS = (0.5, 0.3)
"""How often a gust of the wind comes, and a surge of the current."""

NOISE = 0.4
"""The standard deviation of the evidence of either."""

TURNS = 0.1
"""The chance with which either turns, drawn anew at each step."""


@dataclass(frozen=True)
class Pushes:
    """What happened in B streams of T steps.

    Attributes:
        held: what the N memories hold when the step begins, 1 or −1, (T, B, N).
        bears: whether each bears on this step, 0 or 1, (T, B, N).
        evidence: what is seen of that, (T, B, N).
        targets: the push, the sum of the memories that bear, (T, B).
    """

    held: Tensor
    bears: Tensor
    evidence: Tensor
    targets: Tensor


def pushes(
    length: int,
    batch: int,
    generator: torch.Generator,
    bears: Sequence[float] = BEARS,
    noise: float = NOISE,
) -> Pushes:
    r"""Draw streams of wind and current.

    .. math:: y_t = \sum_n A_{t,n}\,h_{t-1,n}, \qquad v_{t,n} = A_{t,n} + \eta\,\varepsilon_{t,n}

    Args:
        length: number of steps T, at least 1.
        batch: number of streams B, at least 1.
        generator: source of all randomness.
        bears: :math:`P(A_n = 1)` of each memory.
        noise: η, the standard deviation of the evidence.

    Returns:
        The streams, float64.

    Raises:
        ValueError: ``length`` or ``batch`` is less than 1.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: the definition of the world.
    """
    check_whole_numbers(length=(length, 1), batch=(batch, 1))
    check_generator(generator)
    shape, exact = (length, batch, len(bears)), {"generator": generator, "dtype": torch.float64}
    drawn = 2.0 * (torch.rand(shape, **exact) < 0.5) - 1
    turns = torch.rand(shape, **exact) < TURNS
    now, held = drawn[0].double(), []
    for side, turn in zip(drawn.double(), turns, strict=True):
        now = torch.where(turn, side, now)
        held.append(now)
    holds = torch.stack(held)
    chance = torch.tensor(tuple(bears), dtype=torch.float64)
    A = (torch.rand(shape, **exact) < chance).double()
    evidence = A + noise * torch.randn(shape, **exact)
    return Pushes(holds, A, evidence, (A * holds).sum(-1))


@shapes(v="N D", h="N H", W_x="D H", W_h="H H", b="H", U="H")
def felt(v: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor, U: Tensor) -> Tensor:
    r"""The push by equation (8): the sum of what the gates let through of each memory.

    .. math:: a_t = \sum_n U_n\,r_{t,n}\,h_{t-1,n}, \qquad
        r_t = \sigma(W_r \cdot [h_{t-1}, v_t] + b_r)

    It is the part that the past has in the argument of equation (9), for one receiving unit.

    Args:
        v: evidence, (N, D), one row for each step of each stream.
        h: what the memories hold, (N, H).
        W_x: (D, H).
        W_h: (H, H).
        b: (H,).
        U: the weights of the receiving unit, (H,).

    Returns:
        (N,).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.gru.reset_gate`.

    Source: chapter 8.
    """
    return (reset_gate(v, h, W_x, W_h, b) * h) @ U


def fit_felt(streams: Pushes, iterations: int = 60) -> tuple[Tensor, ...]:
    r"""Learn all weights of :func:`felt` from zero, by least squares and L-BFGS.

    Args:
        streams: what happened, with N memories.
        iterations: at most so many of L-BFGS.

    Returns:
        W_x (N, N), W_h (N, N), b (N,) and U (N,).

    Source: chapter 8.
    """
    v, h = streams.evidence.flatten(0, 1), streams.held.flatten(0, 1)
    N = h.shape[1]
    sizes = ((N, N), (N, N), (N,), (N,))
    answers = streams.targets.flatten()
    return fit(lambda *weights: felt(v, h, *weights), answers, sizes, iterations=iterations)


def derived_felt(bears: Sequence[float] = BEARS, noise: float = NOISE) -> tuple[Tensor, ...]:
    r"""The weights of :func:`felt` that Bayes' rule gives.

    .. math:: w_n = \frac{1}{\eta^2}, \quad b_n = \ln\frac{p_n}{1-p_n} - \frac{1}{2\eta^2}, \quad
        U_n = 1

    Args:
        bears: :math:`p_n = P(A_n = 1)` of each memory, in (0, 1).
        noise: η, above 0.

    Returns:
        W_x (N, N), W_h (N, N), b (N,) and U (N,), float64; all that is not named is zero.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 8, equation (8.5).
    """
    gates = [Hidden(p, noise).gate() for p in bears]
    slopes, biases = (torch.tensor(part, dtype=torch.float64) for part in zip(*gates, strict=True))
    blind = torch.zeros(len(gates), len(gates), dtype=torch.float64)
    return torch.diag(slopes), blind, biases, torch.ones_like(biases)


def doubt_left(p: float, noise: float) -> float:
    r"""What the evidence leaves of an event's variance.

    .. math:: \mathbb{E}\big[r(1-r)\big], \qquad r = P(A = 1 \mid v)

    Args:
        p: :math:`P(A = 1)`, in (0, 1).
        noise: η, above 0.

    Returns:
        At most :math:`p(1-p)`; by the trapezoidal rule over ten standard deviations.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 8, equation (8.4).
    """
    w, b = Hidden(p, noise).gate()
    v = torch.linspace(-10 * noise, 1 + 10 * noise, 20001, dtype=torch.float64)
    density = sum(
        share * torch.exp(-((v - mean) ** 2) / (2 * noise**2))
        for share, mean in ((p, 1.0), (1 - p, 0.0))
    ) / (noise * math.sqrt(2 * math.pi))
    r = torch.sigmoid(w * v + b)
    return torch.trapezoid(density * r * (1 - r), v).item()


ANNOUNCED = (0.5, 0.6)
"""In :func:`announced_pushes`: the chance of an announcement, and of a signal that it comes now."""

TOLD = 0.25
"""In :func:`announced_pushes`: the chance with which a memory is told a side, at each step."""


def announced_pushes(
    batch: int, length: int, generator: torch.Generator, memories: int = 2
) -> tuple[Tensor, Tensor]:
    r"""Pushes that are announced a step ahead: one signal for each memory, then one for all.

    .. math:: y_t = \sum_n a_{t-1,n}\,N_t\,m_{t-1,n}

    The sides m are told now and then, as 1 or −1, and held until they are told anew; what is never
    told is 0. Memory n bears on a step if it was announced, a, at the step before and the signal N
    stands now.

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        generator: source of all randomness.
        memories: M, at least 1.

    Returns:
        inputs (T, B, 2M + 1), float32: what each memory is told, 0 at most steps; the
        announcements; the signal. Pushes (T, B), float32.

    Raises:
        ValueError: a number is less than 1.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: made for chapter 8.
    """
    check_whole_numbers(batch=(batch, 1), length=(length, 1), memories=(memories, 1))
    check_generator(generator)
    shape = (length, batch, memories)
    sides = 2.0 * torch.randint(2, shape, generator=generator) - 1
    told = sides * (torch.rand(shape, generator=generator) < TOLD)
    ahead = (torch.rand(shape, generator=generator) < ANNOUNCED[0]).float()
    now = (torch.rand((length, batch, 1), generator=generator) < ANNOUNCED[1]).float()
    m, before, answers = torch.zeros(shape[1:]), torch.zeros(shape[1:]), []
    for t in range(length):
        answers.append((before * now[t] * m).sum(-1))
        m, before = torch.where(told[t] != 0, told[t], m), ahead[t]
    return torch.cat([told, ahead, now], -1), torch.stack(answers)
