r"""A running total that is reset now and then, and memories that keep it. Chapter 1.

At each step a number :math:`u_t` comes in, and evidence :math:`v_t` of whether the total was reset
just before: together they are the input :math:`x_t`. The oracle that the memories are held to is
that of :func:`rnnbook.worlds.thread.resets`.
"""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor

from rnnbook.lstm import forget_gate
from rnnbook.shapes import shapes
from rnnbook.worlds.fitting import GATE, fit


@shapes(numbers="T B")
def leaky_totals(numbers: Tensor, keep: float) -> Tensor:
    r"""Totals that keep the same share at every step.

    .. math:: C_t = f\,C_{t-1} + u_t, \qquad C_0 = 0

    Args:
        numbers: u, (T, B).
        keep: the share f; 1 makes it the carousel.

    Returns:
        Totals (T, B).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.forget_gate`.
        ValueError: there is no step.

    Source: chapter 1.
    """
    C, totals = torch.zeros_like(numbers[0]), []
    for u in numbers.unbind():
        C = keep * C + u
        totals.append(C)
    return torch.stack(totals)


@shapes(x="T B D", W_x="D H", W_h="H H", b="H")
def gated_totals(x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
    r"""Totals whose kept share is decided anew at every step, by equation (1).

    .. math:: C_t = f_t\,C_{t-1} + u_t, \qquad f_t = \sigma(W_f \cdot [C_{t-1}, x_t] + b_f)

    The gate sees all that comes in, and the total as its state.

    Args:
        x: numbers u and one or more pieces of evidence v, (T, B, D).
        W_x: (D, 1).
        W_h: (1, 1).
        b: (1,).

    Returns:
        Totals (T, B).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.forget_gate`.
        ValueError: there is no step.

    Source: chapter 1.
    """
    C, totals = x.new_zeros(x.shape[1], 1), []
    for x_t in x.unbind():
        C = forget_gate(x_t, C, W_x, W_h, b) * C + x_t[:, :1]
        totals.append(C)
    return torch.cat(totals, dim=1).T


@shapes(x="T B D", totals="T B")
def fit_forget_gate(
    x: Tensor, totals: Tensor, iterations: int = 60
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Learn the gate of :func:`gated_totals` from examples, by least squares and L-BFGS.

    Args:
        x: numbers u and one or more pieces of evidence v, (T, B, D).
        totals: the true totals, (T, B).
        iterations: at most so many of L-BFGS.

    Returns:
        W_x (D, 1), W_h (1, 1) and b (1,), learnt from a start at zero.

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.forget_gate`.
        ValueError: there is no step.

    Source: chapter 1.
    """
    sizes = ((x.shape[2], 1), *GATE[1:])
    return fit(functools.partial(gated_totals, x), totals, sizes, iterations=iterations)


def derived_gate(p: float, noise: float) -> tuple[Tensor, Tensor, Tensor]:
    r"""The best gate of :func:`gated_totals`, from Bayes' rule.

    .. math:: w_v = -\frac{1}{\eta^2}, \quad b = \ln\frac{1-p}{p} + \frac{1}{2\eta^2}, \quad
        w_u = w_C = 0

    Args:
        p: probability of a reset, in (0, 1).
        noise: η, standard deviation of the evidence, above 0.

    Returns:
        W_x (2, 1), W_h (1, 1) and b (1,), float64.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 1, equation (1.7).
    """
    _in_range(p, noise)
    W_x = torch.tensor([[0.0], [-1 / noise**2]], dtype=torch.float64)
    b = torch.tensor([math.log((1 - p) / p) + 0.5 / noise**2], dtype=torch.float64)
    return W_x, torch.zeros(1, 1, dtype=torch.float64), b


def _in_range(p: float, noise: float) -> None:
    if not 0 < p < 1:
        raise ValueError(f"p: expected a probability in (0, 1), given {p}")
    if not noise > 0:
        raise ValueError(f"noise: expected a standard deviation above 0, given {noise}")
