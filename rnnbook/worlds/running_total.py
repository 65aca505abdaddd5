r"""A running total that is reset now and then, and memories that keep it. Chapter 1."""

from __future__ import annotations

import torch
from torch import Tensor

from rnnbook.lstm import forget_gate
from rnnbook.shapes import shapes


@shapes(values="T B")
def leaky_totals(values: Tensor, keep: float) -> Tensor:
    r"""Totals that keep the same share at every step.

    .. math:: C_t = f\,C_{t-1} + x_t, \qquad C_0 = 0

    Args:
        values: x, (T, B).
        keep: the share f; 1 makes it the carousel.

    Returns:
        Totals (T, B).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.forget_gate`.
        ValueError: there is no step.

    Source: chapter 1.
    """
    C, totals = torch.zeros_like(values[0]), []
    for x in values.unbind():
        C = keep * C + x
        totals.append(C)
    return torch.stack(totals)


@shapes(values="T B", evidence="T B", W_x="D H", W_h="H H", b="H")
def gated_totals(values: Tensor, evidence: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
    r"""Totals whose kept share is decided anew at every step, by equation (1).

    .. math:: C_t = f_t\,C_{t-1} + x_t, \qquad f_t = \sigma(w_x e_t + w_h C_{t-1} + b)

    The gate sees the evidence as its input and the total as its state.

    Args:
        values: x, (T, B).
        evidence: e, (T, B).
        W_x: w_x, (1, 1).
        W_h: w_h, (1, 1).
        b: (1,).

    Returns:
        Totals (T, B).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.forget_gate`.
        ValueError: there is no step.

    Source: chapter 1.
    """
    C, totals = values.new_zeros(values.shape[1], 1), []
    for x, e in zip(values.unbind(), evidence.unbind(), strict=True):
        C = forget_gate(e.unsqueeze(1), C, W_x, W_h, b) * C + x.unsqueeze(1)
        totals.append(C)
    return torch.cat(totals, dim=1).T


@shapes(values="T B", evidence="T B", totals="T B")
def fit_forget_gate(
    values: Tensor, evidence: Tensor, totals: Tensor, iterations: int = 40
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Learn the gate of :func:`gated_totals` from examples, by least squares and L-BFGS.

    Args:
        values: x, (T, B).
        evidence: e, (T, B).
        totals: the true totals, (T, B).
        iterations: at most so many of L-BFGS.

    Returns:
        W_x (1, 1), W_h (1, 1) and b (1,), learnt from a start at zero.

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.forget_gate`.
        ValueError: there is no step.

    Source: chapter 1.
    """
    W_x, W_h, b = (values.new_zeros(shape).requires_grad_() for shape in ((1, 1), (1, 1), (1,)))
    optimizer = torch.optim.LBFGS([W_x, W_h, b], max_iter=iterations, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        error = (gated_totals(values, evidence, W_x, W_h, b) - totals).square().mean()
        error.backward()
        return error

    optimizer.step(loss)
    return W_x.detach(), W_h.detach(), b.detach()
