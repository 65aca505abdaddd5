r"""A sum of the numbers that count, and memories that keep it by equation (2). Chapter 2.

At each step a number :math:`u_t` comes in, and evidence :math:`v_t` of whether it counts: together
they are the input :math:`x_t`. The world is :func:`rnnbook.worlds.thread.writes`; what a memory can
know of it is the oracle's.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor

from rnnbook.lstm import input_gate
from rnnbook.shapes import shapes
from rnnbook.worlds import Hidden
from rnnbook.worlds.fitting import GATE, fit


@shapes(x="T B D", W_x="D H", W_h="H H", b="H")
def gated_sums(x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
    r"""Sums of which each number gets the share that equation (2) gives it.

    .. math:: C_t = C_{t-1} + i_t\,u_t, \qquad i_t = \sigma(W_i \cdot [C_{t-1}, x_t] + b_i)

    The gate sees all that comes in, and the sum as its state.

    Args:
        x: numbers u and evidence v, (T, B, 2).
        W_x: (2, 1).
        W_h: (1, 1).
        b: (1,).

    Returns:
        Sums (T, B).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.input_gate`.

    Source: chapter 2.
    """
    C, sums = x.new_zeros(x.shape[1], 1), []
    for x_t in x.unbind():
        C = C + input_gate(x_t, C, W_x, W_h, b) * x_t[:, :1]
        sums.append(C)
    return torch.cat(sums, dim=1).T


@shapes(x="T B D", sums="T B")
def fit_input_gate(x: Tensor, sums: Tensor, iterations: int = 60) -> tuple[Tensor, Tensor, Tensor]:
    r"""Learn the gate of :func:`gated_sums` from examples, by least squares and L-BFGS.

    Args:
        x: numbers u and evidence v, (T, B, 2).
        sums: the true sums, (T, B).
        iterations: at most so many of L-BFGS.

    Returns:
        W_x (2, 1), W_h (1, 1) and b (1,), learnt from a start at zero.

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.input_gate`.

    Source: chapter 2.
    """
    return fit(functools.partial(gated_sums, x), sums, GATE, iterations=iterations)


def error_per_step(event: Hidden, weight: float, bias: float) -> float:
    r"""The mean square error that a gate adds with each step, over all streams of its world.

    .. math:: \mathbb{E}\,(\sigma(w v + b) - R)^2

    in units of the numbers' variance; summed over normal evidence by the trapezium rule.

    Args:
        event: R, whether a number counts.
        weight: w.
        bias: b.

    Returns:
        The error of one step.

    Source: chapter 2, equation (2.2).
    """
    nodes = torch.linspace(-8, 8, 4001, dtype=torch.float64)
    density = torch.exp(-(nodes**2) / 2)
    density = density / density.sum()
    error = 0.0
    for R, chance in ((0, 1 - event.chance), (1, event.chance)):
        gate = torch.sigmoid(weight * (event.means[R] + event.noise * nodes) + bias)
        error += chance * (density * (gate - R) ** 2).sum().item()
    return error
