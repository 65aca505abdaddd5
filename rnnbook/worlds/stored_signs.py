r"""A score that is kept of noisy signs: gates, candidate and cell state learnt together. Chapter 4.

The world is :func:`rnnbook.worlds.thread.stored_signs`. Three pieces of evidence come in at each
step: of whether the score is kept (K), whether the sign counts (R), and of the sign (s).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook.lstm import candidate, cell_state, forget_gate, input_gate
from rnnbook.shapes import check_count, check_shapes
from rnnbook.worlds import World
from rnnbook.worlds.fitting import fit

PARAMS = ("W_f", "b_f", "W_i", "b_i", "W_C", "b_C")
"""Names of the weights, in their order: each W is (3, 1), each b is (1,)."""


def cell_states(x: Tensor, weights: Sequence[Tensor]) -> Tensor:
    r"""Equations (1) to (4) for one unit whose gates see the evidence of their step alone.

    .. math:: C_t = f_t\,C_{t-1} + i_t\,\tilde{C}_t, \qquad C_0 = 0

    The weights of :math:`h_{t-1}` are zero: in this world the past says nothing of a step.

    Args:
        x: the evidence of K, R and s, (T, B, 3).
        weights: the six tensors named in :data:`PARAMS`.

    Returns:
        Cell states (T, B).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.forget_gate`.
        ValueError: the number of weights is not six.

    Source: chapter 4.
    """
    check_count("weights", weights, *PARAMS)
    layouts = ("D H", "H") * 3
    named = {n: (w, axes.split()) for n, w, axes in zip(PARAMS, weights, layouts, strict=True)}
    check_shapes({"x": (x, ["T", "B", "D"]), **named})
    steps, batch, _ = x.shape
    rows, blind = x.flatten(0, 1), x.new_zeros(1, 1)
    past = x.new_zeros(len(rows), 1)
    f, i, C_tilde = (
        gate(rows, past, W, blind, b).view(steps, batch, 1)
        for gate, W, b in zip(
            (forget_gate, input_gate, candidate), weights[::2], weights[1::2], strict=True
        )
    )
    C, states = x.new_zeros(batch, 1), []
    for f_t, i_t, C_tilde_t in zip(f.unbind(), i.unbind(), C_tilde.unbind(), strict=True):
        C = cell_state(f_t, C, i_t, C_tilde_t)
        states.append(C)
    return torch.cat(states, dim=1).T


def fit_cell(x: Tensor, targets: Tensor, iterations: int = 100) -> list[Tensor]:
    r"""Learn the twelve numbers of :func:`cell_states` from zero, by least squares and L-BFGS.

    Args:
        x: the evidence of K, R and s, (T, B, 3).
        targets: the true scores, (T, B).
        iterations: at most so many of L-BFGS.

    Returns:
        The six tensors named in :data:`PARAMS`.

    Raises:
        ShapeError, TypeError: as in :func:`cell_states`.

    Source: chapter 4.
    """
    found = fit(
        lambda *weights: cell_states(x, weights),
        targets,
        ((3, 1), (1,)) * 3,
        iterations=iterations,
    )
    return list(found)


def derived_cell(world: World) -> list[Tensor]:
    r"""The weights that Bayes' rule gives: each gate listens to its own evidence alone.

    A sign's mean is :math:`2\sigma(a) - 1 = \tanh\tfrac{a}{2}`, so the candidate has half of the
    log-odds.

    Args:
        world: one of :func:`rnnbook.worlds.thread.stored_signs`.

    Returns:
        The six tensors named in :data:`PARAMS`, float64.

    Source: chapters 1 to 3.
    """
    weights = []
    for place, (name, share) in enumerate((("K", 1.0), ("R", 1.0), ("s", 0.5))):
        slope, bias = world.hidden[name].gate()
        W = torch.zeros(3, 1, dtype=torch.float64)
        W[place] = share * slope
        weights += [W, torch.tensor([share * bias], dtype=torch.float64)]
    return weights
