r"""Long short-term memory: the post's equations (1) to (6), and the recurrence made of them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook.rnn import read_out
from rnnbook.shapes import (
    check_count,
    check_recurrence,
    check_shapes,
    check_steps,
    shapes,
    weight_layouts,
)

PARAMS = (
    *("W_xi", "W_hi", "b_i", "W_xf", "W_hf", "b_f", "W_xo", "W_ho", "b_o"),
    *("W_xc", "W_hc", "b_c", "W_hq", "b_q"),
)
"""Names of the post's parameters of :func:`lstm`, in its order."""

TRACE = ("f", "i", "C_tilde", "C", "o", "h")
"""What :func:`lstm_trace` shows of every step."""


@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")
def forget_gate(
    x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> Tensor:
    r"""Equation (1): the share of each cell state to keep.

    .. math:: f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)

    Shapes: x (B, D), h (B, H), W_x (D, H), W_h (H, H), b (H,); returns (B, H) in (0, 1),
    dimensionless; float32 rounds to 1 from an argument of about 17 on.
    A value near 1 means *keep*.

    Raises:
        ShapeError: names the argument, the shape expected and the shape given.
        TypeError: an argument is no floating-point tensor, or dtypes or devices differ.

    Source: the post, eq. (1); Gers, Schmidhuber & Cummins (2000). Chapter 1.
    """
    return torch.sigmoid(x @ W_x + h @ W_h + b)


@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")
def input_gate(
    x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> Tensor:
    r"""Equation (2): the share of each candidate value to write into the cell.

    .. math:: i_t = \sigma(W_i \cdot [h_{t-1}, x_t] + b_i)

    Shapes: x (B, D), h (B, H), W_x (D, H), W_h (H, H), b (H,); returns (B, H) in (0, 1),
    dimensionless; float32 rounds to 1 from an argument of about 17 on.
    A value near 0 protects the cell from what arrives.

    Raises:
        ShapeError, TypeError: as in :func:`forget_gate`.

    Source: the post, eq. (2); Hochreiter & Schmidhuber (1997). Chapter 2.
    """
    return torch.sigmoid(x @ W_x + h @ W_h + b)


@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")
def candidate(
    x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> Tensor:
    r"""Equation (3): the values that could be written into the cell.

    .. math:: \tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)

    Shapes: x (B, D), h (B, H), W_x (D, H), W_h (H, H), b (H,); returns (B, H) in (-1, 1), in the
    cell's own unit.

    Raises:
        ShapeError, TypeError: as in :func:`forget_gate`.

    Source: the post, eq. (3); Hochreiter & Schmidhuber (1997), whose squashing function reaches
        from -2 to 2. Chapter 3.
    """
    return torch.tanh(x @ W_x + h @ W_h + b)


@shapes(f="B H", C="B H", i="B H", C_tilde="B H")
def cell_state(f: Tensor, C: Tensor, i: Tensor, C_tilde: Tensor) -> Tensor:
    r"""Equation (4): what is kept of the old cell state, plus what is written.

    .. math:: C_t = f_t \ast C_{t-1} + i_t \ast \tilde{C}_t

    Shapes: f, C, i, C_tilde (B, H); returns (B, H), unbounded: with :math:`f_t = i_t = 1` it grows
    by up to 1 a step.

    Raises:
        ShapeError, TypeError: as in :func:`forget_gate`.

    Source: the post, eq. (4); Hochreiter & Schmidhuber (1997) with f = 1; Gers, Schmidhuber &
        Cummins (2000). Chapter 4.
    """
    return f * C + i * C_tilde


@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")
def output_gate(
    x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> Tensor:
    r"""Equation (5): the share of each squashed cell state to show.

    .. math:: o_t = \sigma(W_o \cdot [h_{t-1}, x_t] + b_o)

    Shapes: x (B, D), h (B, H), W_x (D, H), W_h (H, H), b (H,); returns (B, H) in (0, 1),
    dimensionless; float32 rounds to 1 from an argument of about 17 on.
    A value near 0 keeps what is stored from disturbing anything.

    Raises:
        ShapeError, TypeError: as in :func:`forget_gate`.

    Source: the post, eq. (5); Hochreiter & Schmidhuber (1997). Chapter 5.
    """
    return torch.sigmoid(x @ W_x + h @ W_h + b)


@shapes(o="B H", C="B H")
def hidden_state(o: Tensor, C: Tensor) -> Tensor:
    r"""Equation (6): what the rest of the network sees of the cell.

    .. math:: h_t = o_t \ast \tanh(C_t)

    Shapes: o, C (B, H); returns (B, H) in (-1, 1).

    Raises:
        ShapeError, TypeError: as in :func:`forget_gate`.

    Source: the post, eq. (6); Hochreiter & Schmidhuber (1997), whose squashing function of the
        state is :math:`2\sigma(C) - 1`. Chapter 6.
    """
    return o * torch.tanh(C)


@shapes(x="B D", h="B H", C="B H", **weight_layouts(*PARAMS[:-2]))
def lstm_step(
    x: Tensor,
    h: Tensor,
    C: Tensor,
    W_xi: Tensor,
    W_hi: Tensor,
    b_i: Tensor,
    W_xf: Tensor,
    W_hf: Tensor,
    b_f: Tensor,
    W_xo: Tensor,
    W_ho: Tensor,
    b_o: Tensor,
    W_xc: Tensor,
    W_hc: Tensor,
    b_c: Tensor,
) -> tuple[Tensor, Tensor]:
    r"""One step of the LSTM: equations (1) to (6), in the order in which the post states them.

    Shapes: x (B, D), h and C (B, H), every W_x (D, H), every W_h (H, H), every b (H,), in the order
    of the post's parameters (i, f, o, c); returns the new (h, C), both (B, H).

    Raises:
        ShapeError, TypeError: as in :func:`forget_gate`.

    Source: the post's code. Chapter 6.
    """
    f = forget_gate(x, h, W_xf, W_hf, b_f)
    i = input_gate(x, h, W_xi, W_hi, b_i)
    C_tilde = candidate(x, h, W_xc, W_hc, b_c)
    C = cell_state(f, C, i, C_tilde)
    o = output_gate(x, h, W_xo, W_ho, b_o)
    h = hidden_state(o, C)
    return h, C


def lstm(
    inputs: Tensor, state: tuple[Tensor, Tensor], params: Sequence[Tensor]
) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    r"""The LSTM over a sequence, with a linear read-out: the post's function.

    .. math:: y_t = W_{hq} \cdot h_t + b_q

    Args:
        inputs: (T, B, D), or a sequence of T tensors (B, D).
        state: ``(H, C)``, hidden and cell state before the first step, each (B, H).
        params: the 14 tensors ``[W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc,
            b_c, W_hq, b_q]``: every W_x· (D, H), every W_h· (H, H), every b (H,), but W_hq (H, Q)
            and b_q (Q,).

    Returns:
        The outputs of all steps, concatenated along dimension 0: (T·B, Q); and the last (H, C).

    Raises:
        ValueError: the number of states or of parameters is wrong, or the sequence is empty.
        ShapeError, TypeError: as in :func:`forget_gate`.

    Source: the post's code. Chapter 6.
    """
    check_steps("inputs", inputs)
    check_count("state", state, "H", "C")
    check_count("params", params, *PARAMS)
    *weights, W_hq, b_q = params
    H, C = state
    check_recurrence(
        inputs, {"H": H, "C": C}, dict(zip(PARAMS, params, strict=True))
    )
    outputs = []
    for X in inputs:
        H, C = lstm_step(X, H, C, *weights)
        Y = read_out(H, W_hq, b_q)
        outputs.append(Y)
    return torch.cat(outputs, dim=0), (H, C)


def lstm_trace(
    inputs: Tensor, state: tuple[Tensor, Tensor], weights: Sequence[Tensor]
) -> dict[str, Tensor]:
    r"""Every quantity of equations (1) to (6) at every step.

    Args:
        inputs: (T, B, D), or a sequence of T tensors (B, D).
        state: ``(H, C)`` before the first step, each (B, H).
        weights: the first 12 of the tensors that :func:`lstm` takes.

    Returns:
        ``f``, ``i``, ``C_tilde``, ``C``, ``o`` and ``h``, each (T, B, H).

    Raises:
        ValueError: the number of states or of weights is wrong, or the sequence is empty.
        ShapeError, TypeError: as in :func:`forget_gate`.

    Source: the post, eqs. (1) to (6). Chapter 6.
    """
    check_steps("inputs", inputs)
    check_count("state", state, "H", "C")
    check_count("weights", weights, *PARAMS[:-2])
    h, C = state
    check_recurrence(
        inputs,
        {"H": h, "C": C},
        dict(zip(PARAMS[:-2], weights, strict=True)),
    )
    of_i, of_f, of_o, of_c = (weights[k : k + 3] for k in range(0, 12, 3))
    trace = {name: [] for name in TRACE}
    for x in inputs:
        f, i = forget_gate(x, h, *of_f), input_gate(x, h, *of_i)
        C_tilde, o = candidate(x, h, *of_c), output_gate(x, h, *of_o)
        C = cell_state(f, C, i, C_tilde)
        h = hidden_state(o, C)
        for name, now in zip(TRACE, (f, i, C_tilde, C, o, h), strict=True):
            trace[name].append(now)
    return {name: torch.stack(steps) for name, steps in trace.items()}


def lstm_backward(
    inputs: Tensor,
    state: tuple[Tensor, Tensor],
    trace: dict[str, Tensor],
    grad_h: Tensor,
    weights: Sequence[Tensor],
) -> dict[str, Tensor]:
    r"""Backpropagation through time, by hand: all gates, all weights, all biases.

    .. math::
        \begin{aligned}
        \delta^{h}_t &= \frac{\partial L}{\partial h_t}
            + \sum_g W_{hg}^\top\, \alpha^{g}_{t+1} \\
        \delta^{C}_t &= o_t \odot (1 - \tanh^2 C_t) \odot \delta^{h}_t
            + f_{t+1} \odot \delta^{C}_{t+1} \\
        \alpha^{o}_t &= \delta^{h}_t \odot \tanh C_t \odot o_t (1 - o_t) \\
        \alpha^{f}_t &= \delta^{C}_t \odot C_{t-1} \odot f_t (1 - f_t) \\
        \alpha^{i}_t &= \delta^{C}_t \odot \tilde{C}_t \odot i_t (1 - i_t) \\
        \alpha^{c}_t &= \delta^{C}_t \odot i_t \odot (1 - \tilde{C}_t^2)
        \end{aligned}

    Args:
        inputs: (T, B, D).
        state: ``(H, C)`` before the first step, each (B, H).
        trace: what :func:`lstm_trace` returned.
        grad_h: (T, B, H), the direct part ∂L/∂h_t: without the paths through later steps.
        weights: as in :func:`lstm_trace`.

    Returns:
        The gradients of the loss, in the shapes of what they are by: ``inputs``, ``H``, ``C``, and
        the 12 weights and biases by the names of :data:`PARAMS`.

    Raises:
        ValueError: the number of states or of weights is wrong.
        ShapeError, TypeError: as in :func:`forget_gate`.

    Source: chapter 6, equations (6.7) to (6.10).
    """
    W = _checked_backward(inputs, state, trace, grad_h, weights)
    f, i, C_tilde, C, o, h = (trace[name] for name in TRACE)
    h_before, C_before = (
        torch.cat([first.unsqueeze(0), later[:-1]])
        for first, later in zip(state, (h, C), strict=True)
    )
    a = {gate: torch.empty_like(h) for gate in "ifoc"}
    delta_h = delta_C = torch.zeros_like(h[0])
    for t in reversed(range(len(h))):
        shown = torch.tanh(C[t])
        delta_h = grad_h[t] + delta_h
        delta_C = o[t] * (1 - shown**2) * delta_h + delta_C
        a["o"][t] = delta_h * shown * o[t] * (1 - o[t])
        a["f"][t] = delta_C * C_before[t] * f[t] * (1 - f[t])
        a["i"][t] = delta_C * C_tilde[t] * i[t] * (1 - i[t])
        a["c"][t] = delta_C * i[t] * (1 - C_tilde[t] ** 2)
        delta_C = f[t] * delta_C
        delta_h = sum(a[g][t] @ W[f"W_h{g}"].T for g in a)
    grads = {"H": delta_h, "C": delta_C}
    grads["inputs"] = sum(a[g] @ W[f"W_x{g}"].T for g in a)
    for g, by in a.items():
        grads[f"W_x{g}"] = torch.einsum("tbd,tbh->dh", inputs, by)
        grads[f"W_h{g}"] = torch.einsum("tbk,tbh->kh", h_before, by)
        grads[f"b_{g}"] = by.sum((0, 1))
    return grads


def _checked_backward(
    inputs: Tensor,
    state: tuple[Tensor, Tensor],
    trace: dict[str, Tensor],
    grad_h: Tensor,
    weights: Sequence[Tensor],
) -> dict[str, Tensor]:
    """The weights by name, after a look at every shape."""
    check_count("state", state, "H", "C")
    check_count("weights", weights, *PARAMS[:-2])
    named = dict(zip(PARAMS[:-2], weights, strict=True))
    layouts = {"inputs": (inputs, "T B D"), "grad_h": (grad_h, "T B H")}
    for name, before in zip("HC", state, strict=True):
        layouts[name] = (before, "B H")
    for name in TRACE:
        layouts[f"trace_{name}"] = (trace[name], "T B H")
    for name, axes in weight_layouts(*named).items():
        layouts[name] = (named[name], axes)
    check_shapes(
        {
            name: (part, axes.split())
            for name, (part, axes) in layouts.items()
        }
    )
    return named
