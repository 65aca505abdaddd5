r"""The last order counts: signs that replace each other, and memories of them. Chapter 7.

At each step a sign comes in; few are orders, and an order replaces the one before. The noisy world
is :func:`rnnbook.worlds.thread.overwritten_signs`, whose evidence of K and of s is the input
:math:`x_t`; what a memory can know of it is the oracle's. :func:`announced_orders` is a second
one, without noise, in which half of the evidence lies in the past.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook.arguments import check_generator, check_whole_numbers
from rnnbook.gru import hidden_state, update_gate
from rnnbook.lstm import candidate, cell_state
from rnnbook.shapes import check_count, check_shapes
from rnnbook.worlds import World
from rnnbook.worlds.fitting import fit

PARAMS = ("W_z", "b_z", "W_h", "b_h")
"""Names of the weights of :func:`updated`: each W is (2, 1), each b is (1,)."""


def updated(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    r"""Equations (7) and (10) for one unit that sees the evidence of its step alone.

    .. math:: h_t = z_t\,h_{t-1} + (1 - z_t)\,\tilde{h}_t, \qquad h_0 = 0

    The weights of :math:`h_{t-1}` are zero: in this world the past says nothing of a step.

    Args:
        x: the evidence of K and s, (T, B, 2).
        weights: the four tensors named in :data:`PARAMS`.

    Returns:
        Hidden states (T, B).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.gru.update_gate`.
        ValueError: the number of weights is not four.

    Source: chapter 7.
    """
    check_count("weights", weights, *PARAMS)
    z, h_tilde = _at_once(x, weights, (update_gate, candidate))
    h, states = x.new_zeros(x.shape[1], 1), []
    for z_t, h_tilde_t in zip(z.unbind(), h_tilde.unbind(), strict=True):
        h = hidden_state(z_t, h, h_tilde_t)
        states.append(h)
    return torch.cat(states, dim=1).T


def with_two_gates(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    r"""The same memory by equation (4), in which nothing ties what is kept to what is written.

    .. math:: C_t = f_t\,C_{t-1} + i_t\,\tilde{C}_t, \qquad C_0 = 0

    Args:
        x: the evidence of K and s, (T, B, 2).
        weights: W (2, 1) and b (1,) of the forget gate, of the input gate and of the candidate.

    Returns:
        Cell states (T, B).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.forget_gate`.
        ValueError: the number of weights is not six.

    Source: chapters 4 and 7.
    """
    check_count("weights", weights, "W_f", "b_f", "W_i", "b_i", "W_C", "b_C")
    f, i, C_tilde = _at_once(x, weights, (update_gate, update_gate, candidate))
    C, states = x.new_zeros(x.shape[1], 1), []
    for f_t, i_t, C_tilde_t in zip(f.unbind(), i.unbind(), C_tilde.unbind(), strict=True):
        C = cell_state(f_t, C, i_t, C_tilde_t)
        states.append(C)
    return torch.cat(states, dim=1).T


def _at_once(x: Tensor, weights: Sequence[Tensor], gates: Sequence) -> list[Tensor]:
    """The gates (T, B, 1) of all steps, blind to the past."""
    named = {f"W_{k}": (W, ["D", "H"]) for k, W in enumerate(weights[::2])}
    check_shapes({"x": (x, ["T", "B", "D"]), **named})
    rows, blind = x.flatten(0, 1), x.new_zeros(1, 1)
    past = x.new_zeros(len(rows), 1)
    return [
        gate(rows, past, W, blind, b).view(*x.shape[:2], 1)
        for gate, W, b in zip(gates, weights[::2], weights[1::2], strict=True)
    ]


def fit_update(x: Tensor, targets: Tensor, iterations: int = 60) -> tuple[Tensor, ...]:
    r"""Learn the six numbers of :func:`updated` from zero, by least squares and L-BFGS.

    Args:
        x: the evidence of K and s, (T, B, 2).
        targets: the last orders, (T, B).
        iterations: at most so many of L-BFGS.

    Returns:
        The four tensors named in :data:`PARAMS`.

    Raises:
        ShapeError, TypeError: as in :func:`updated`.

    Source: chapter 7.
    """
    sizes = ((2, 1), (1,)) * 2
    return fit(lambda *weights: updated(x, weights), targets, sizes, iterations=iterations)


def fit_two_gates(x: Tensor, targets: Tensor, iterations: int = 60) -> tuple[Tensor, ...]:
    r"""Learn the nine numbers of :func:`with_two_gates` likewise.

    Args:
        x: the evidence of K and s, (T, B, 2).
        targets: the last orders, (T, B).
        iterations: at most so many of L-BFGS.

    Returns:
        W and b of the forget gate, of the input gate and of the candidate.

    Raises:
        ShapeError, TypeError: as in :func:`with_two_gates`.

    Source: chapter 7.
    """
    sizes = ((2, 1), (1,)) * 3
    return fit(lambda *weights: with_two_gates(x, weights), targets, sizes, iterations=iterations)


def derived_update(world: World) -> tuple[Tensor, ...]:
    r"""The weights of :func:`updated` that Bayes' rule gives.

    .. math:: w_z = -\frac{1}{\eta^2}, \quad b_z = \ln\frac{1-p}{p} + \frac{1}{2\eta^2}, \quad
        w_h = \frac{1}{\eta_s^2}, \quad b_h = 0

    Args:
        world: one of :func:`rnnbook.worlds.thread.overwritten_signs`.

    Returns:
        The four tensors named in :data:`PARAMS`, float64; foreign weights are zero.

    Source: chapter 7, equation (7.5).
    """
    weights = []
    for place, (name, share) in enumerate((("K", 1.0), ("s", 0.5))):
        slope, bias = world.hidden[name].gate()
        W = torch.zeros(2, 1, dtype=torch.float64)
        W[place] = share * slope
        weights += [W, torch.tensor([share * bias], dtype=torch.float64)]
    return tuple(weights)


def fixed_share_error(f: float, i: float, p: float, known: float = 1.0) -> float:
    r"""Mean square error of a memory that keeps and writes fixed shares, once it has run for long.

    .. math:: 1 - \frac{2\,i\,p\,m}{1 - (1-p) f} + \frac{i^2 m}{1 - f^2}

    Args:
        f: the share that is kept, in [0, 1).
        i: the share that is written.
        p: probability that a sign is an order.
        known: m, the mean square of the candidate: 1 where signs are seen clearly.

    Source: chapter 7, equation (7.2).
    """
    return 1 - 2 * i * p * known / (1 - (1 - p) * f) + i**2 * known / (1 - f**2)


ANNOUNCED = 0.4
"""Chance of either half of an order in :func:`announced_orders`."""


def announced_orders(
    batch: int, length: int, generator: torch.Generator, *, adds: bool = False
) -> tuple[Tensor, Tensor]:
    r"""Orders that are announced: two signals, one a step after the other.

    .. math:: R_t = A_{t-1}\,N_t, \qquad y_t = (1 - R_t)\,y_{t-1} + R_t\,s_t
        \quad\text{or}\quad y_t = y_{t-1} + R_t\,s_t

    with :math:`s_t = \pm 1`, of equal chances; A, an order may follow, and N, now, are 0 or 1.
    A sign is an order if A stood at the step before and N stands now.

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        generator: source of all randomness.
        adds: ask for the sum of the orders instead of the last.

    Returns:
        inputs (T, B, 3), float32: s, A, N; answers (T, B), float32, 0 before the first order.

    Raises:
        ValueError: ``batch`` or ``length`` is less than 1.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: made for chapter 7.
    """
    check_whole_numbers(batch=(batch, 1), length=(length, 1))
    check_generator(generator)
    shape = (length, batch)
    signs = 2.0 * torch.randint(2, shape, generator=generator) - 1
    ask, now = ((torch.rand(shape, generator=generator) < ANNOUNCED).float() for _ in "AN")
    y, before, answers = torch.zeros(batch), torch.zeros(batch), []
    for t in range(length):
        order = before * now[t]
        y = y + order * signs[t] - (0 if adds else order * y)
        before = ask[t]
        answers.append(y)
    return torch.stack([signs, ask, now], dim=-1), torch.stack(answers)
