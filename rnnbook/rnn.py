r"""The plain (Elman) recurrent network, to which the gated ones are compared, and its gradient.

Chapter 0 derives everything here.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook.shapes import (
    check_count,
    check_recurrence,
    check_steps,
    shapes,
)

PARAMS = ("W_xh", "W_hh", "b_h", "W_hq", "b_q")
"""Names of the parameters of :func:`rnn`, in their order."""


@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")
def rnn_step(
    x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> Tensor:
    r"""One step of the plain recurrent network.

    .. math:: h_t = \tanh(W_x \cdot x_t + W_h \cdot h_{t-1} + b)

    Shapes: x (B, D), h (B, H), W_x (D, H), W_h (H, H), b (H,); returns (B, H) in (-1, 1).

    Raises:
        ShapeError: names the argument, the shape expected and the shape given.
        TypeError: an argument is no floating-point tensor, or dtypes or devices differ.

    Source: Elman (1990), with tanh in place of the logistic function. Chapter 0.
    """
    return torch.tanh(x @ W_x + h @ W_h + b)


@shapes(inputs="T B D", h="B H", W_x="D H", W_h="H H", b="H")
def rnn_states(
    inputs: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> Tensor:
    r"""All hidden states :math:`h_1, …, h_T` of a sequence that starts from :math:`h_0` = ``h``.

    Shapes: inputs (T, B, D) with T ≥ 1, h (B, H), W_x (D, H), W_h (H, H), b (H,);
    returns (T, B, H).

    Raises:
        ShapeError: names the argument, the shape expected and the shape given.
        TypeError: an argument is no floating-point tensor, or dtypes or devices differ.

    Source: Elman (1990). Chapter 0.
    """
    states = []
    for x in (
        inputs.unbind()
    ):  # unbind, not inputs[t]: indexing makes the backward quadratic in T
        h = rnn_step(x, h, W_x, W_h, b)
        states.append(h)
    return torch.stack(states)


def rnn(
    inputs: Tensor, state: tuple[Tensor], params: Sequence[Tensor]
) -> tuple[Tensor, tuple[Tensor]]:
    r"""The plain recurrent network with a linear read-out, in the form of the post's ``lstm``.

    .. math:: y_t = W_{hq} \cdot h_t + b_q

    Args:
        inputs: (T, B, D), or a sequence of T tensors (B, D).
        state: ``(H,)``, the hidden state before the first step, (B, H).
        params: ``[W_xh, W_hh, b_h, W_hq, b_q]`` of shapes (D, H), (H, H), (H,), (H, Q), (Q,).

    Returns:
        The outputs of all steps, concatenated along dimension 0: (T·B, Q); and the last state.

    Raises:
        ValueError: the number of states or of parameters is wrong.
        ShapeError, TypeError: as in :func:`rnn_states`.

    Source: Elman (1990); the calling convention is the post's. Chapter 0.
    """
    check_steps("inputs", inputs)
    check_count("state", state, "H")
    check_count("params", params, *PARAMS)
    check_recurrence(
        inputs, {"H": state[0]}, dict(zip(PARAMS, params, strict=True))
    )
    W_xh, W_hh, b_h, W_hq, b_q = params
    if not isinstance(inputs, Tensor):
        inputs = torch.stack(tuple(inputs))
    states = rnn_states(inputs, state[0], W_xh, W_hh, b_h)
    return read_out(states.flatten(0, 1), W_hq, b_q), (states[-1],)


@shapes(h="N H", W_hq="H Q", b_q="Q")
def read_out(h: Tensor, W_hq: Tensor, b_q: Tensor) -> Tensor:
    r"""The linear read-out :math:`y = W_{hq} \cdot h + b_q`.

    Shapes: h (N, H), W_hq (H, Q), b_q (Q,); returns (N, Q).

    Raises:
        ShapeError, TypeError: as in :func:`rnn_step`.

    Source: the post's code. Chapter 0.
    """
    return h @ W_hq + b_q


@shapes(h="B H", W_h="H H")
def step_jacobian(h: Tensor, W_h: Tensor) -> Tensor:
    r"""The Jacobian of one step, from the state ``h`` = :math:`h_t` that the step produced.

    .. math:: J_t = \frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2)\, W_h

    in column notation, where :math:`W_h` is the transpose of the code's ``W_h``.

    Shapes: h (B, H), W_h (H, H); returns (B, H, H), whose entry [n, p, q] is the derivative of
    unit p of the new state by unit q of the old one.

    Raises:
        ShapeError, TypeError: as in :func:`rnn_step`.

    Source: chapter 0, equation (0.3).
    """
    return (1 - h**2).unsqueeze(-1) * W_h.T


@shapes(states="T B H", W_h="H H")
def memory_norms(states: Tensor, W_h: Tensor) -> Tensor:
    r"""How much of the start is left in the gradient after each step.

    .. math:: \left\lVert \frac{\partial h_t}{\partial h_0} \right\rVert_2
        = \lVert J_t J_{t-1} \cdots J_1 \rVert_2, \qquad t = 1, \dots, T

    Shapes: states (T, B, H), what :func:`rnn_states` returned; W_h (H, H); returns (T, B): the
    spectral norm, the largest factor by which any change of h_0 arrives at h_t.

    Raises:
        ShapeError, TypeError: as in :func:`rnn_step`.

    Source: chapter 0, equation (0.5).
    """
    product = torch.eye(len(W_h), dtype=W_h.dtype, device=W_h.device)
    norms = []
    for h in states.unbind():
        product = step_jacobian(h, W_h) @ product
        norms.append(torch.linalg.matrix_norm(product, ord=2))
    return torch.stack(norms)


@shapes(
    inputs="T B D",
    h_0="B H",
    states="T B H",
    grad_states="T B H",
    W_x="D H",
    W_h="H H",
)
def rnn_backward(
    inputs: Tensor,
    h_0: Tensor,
    states: Tensor,
    grad_states: Tensor,
    W_x: Tensor,
    W_h: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    r"""Backpropagation through time, by hand.

    .. math::
        \delta_t = \frac{\partial L_t}{\partial h_t} + J_{t+1}^\top \delta_{t+1}, \qquad
        \alpha_t = (1 - h_t^2) \odot \delta_t, \qquad
        \frac{\partial L}{\partial W_h} = \sum_t \alpha_t h_{t-1}^\top

    Args:
        inputs: (T, B, D).
        h_0: (B, H), the state before the first step.
        states: (T, B, H), what :func:`rnn_states` returned.
        grad_states: (T, B, H), the direct part ∂L_t/∂h_t: without the paths through later states.
        W_x: (D, H).
        W_h: (H, H).

    Returns:
        The gradients of the loss by inputs, h_0, W_x, W_h and b, in these arguments' shapes.

    Raises:
        ShapeError, TypeError: as in :func:`rnn_step`.

    Source: chapter 0, equations (0.2) to (0.4).
    """
    alphas = torch.empty_like(states)
    delta = torch.zeros_like(h_0)  # what later steps report back
    for t in reversed(range(len(states))):
        delta = delta + grad_states[t]
        alphas[t] = (1 - states[t] ** 2) * delta
        delta = alphas[t] @ W_h.T
    before = torch.cat(
        [h_0.unsqueeze(0), states[:-1]]
    )  # h_{t-1} for every t
    return (
        alphas @ W_x.T,
        delta,
        inputs.flatten(0, 1).T @ alphas.flatten(0, 1),
        before.flatten(0, 1).T @ alphas.flatten(0, 1),
        alphas.sum((0, 1)),
    )
