r"""The gated recurrent unit: the post's equations (7) to (10), and the recurrence made of them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook.arguments import check_bool
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
    *("W_xz", "W_hz", "b_z", "W_xr", "W_hr", "b_r", "W_xh", "W_hh", "b_h"),
    *("W_hq", "b_q"),
)
"""Names of the post's parameters of :func:`gru`, in its order."""

TRACE = ("z", "r", "h_tilde", "h")
"""What :func:`gru_trace` shows of every step."""


@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")
def update_gate(
    x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> Tensor:
    r"""Equation (7): the share of the old hidden state to keep.

    .. math:: z_t = \sigma(W_z \cdot [h_{t-1}, x_t] + b_z)

    Shapes: x (B, D), h (B, H), W_x (D, H), W_h (H, H), b (H,); returns (B, H) in (0, 1),
    dimensionless; float32 rounds to 1 from an argument of about 17 on.
    A value near 1 means *keep*.

    Raises:
        ShapeError: names the argument, the shape expected and the shape given.
        TypeError: an argument is no floating-point tensor, or dtypes or devices differ.

    Source: the post, eq. (7); Cho et al. (2014). Chapter 7.
    """
    return torch.sigmoid(x @ W_x + h @ W_h + b)


@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")
def reset_gate(
    x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> Tensor:
    r"""Equation (8): the share of the old hidden state that the candidate sees.

    .. math:: r_t = \sigma(W_r \cdot [h_{t-1}, x_t] + b_r)

    Shapes: x (B, D), h (B, H), W_x (D, H), W_h (H, H), b (H,); returns (B, H) in (0, 1),
    dimensionless; float32 rounds to 1 from an argument of about 17 on.
    A value near 0 hides the past from the candidate.

    Raises:
        ShapeError, TypeError: as in :func:`update_gate`.

    Source: the post, eq. (8); Cho et al. (2014). Chapter 8.
    """
    return torch.sigmoid(x @ W_x + h @ W_h + b)


@shapes(x="B D", h="B H", r="B H", W_x="D H", W_h="H H", b="H", b_h="H")
def candidate(
    x: Tensor,
    h: Tensor,
    r: Tensor,
    W_x: Tensor,
    W_h: Tensor,
    b: Tensor,
    reset_after: bool = False,
    b_h: Tensor | None = None,
) -> Tensor:
    r"""Equation (9): the hidden state that could replace the old one.

    .. math:: \tilde{h}_t = \tanh(W \cdot [r_t \ast h_{t-1}, x_t])

    The post prints no bias, and its code adds one, as here. With ``reset_after`` the gate acts
    after the product, as in cuDNN and PyTorch:

    .. math:: \tilde{h}_t = \tanh(W_x \cdot x_t + b + r_t \ast (W_h \cdot h_{t-1} + b_h))

    Shapes: x (B, D), h and r (B, H), W_x (D, H), W_h (H, H), b and b_h (H,); returns (B, H) in
    (-1, 1).

    Args:
        x: input of this step.
        h: hidden state of the step before.
        r: reset gate of this step.
        W_x: weights of the input.
        W_h: weights of the hidden state.
        b: bias, outside of the reset gate's reach.
        reset_after: reset after the product instead of before it.
        b_h: bias that the reset gate scales; only with ``reset_after``, 0 when left out.

    Raises:
        ShapeError, TypeError: as in :func:`update_gate`; or ``reset_after`` is no bool.
        ValueError: ``b_h`` is given without ``reset_after``.

    Source: the post, eq. (9); Cho et al. (2014) reset before the product; PyTorch's
        documentation of ``torch.nn.GRU`` states the other form. Chapter 9.
    """
    check_bool("reset_after", reset_after)
    if reset_after:
        past = h @ W_h if b_h is None else h @ W_h + b_h
        return torch.tanh(x @ W_x + r * past + b)
    if b_h is not None:
        raise ValueError(
            "b_h: expected None where the reset comes before the product, "
            "for there b is the only bias; given a tensor"
        )
    return torch.tanh(x @ W_x + (r * h) @ W_h + b)


@shapes(z="B H", h="B H", h_tilde="B H")
def hidden_state(z: Tensor, h: Tensor, h_tilde: Tensor) -> Tensor:
    r"""Equation (10): a mean of the old hidden state and the candidate, weighted by the gate.

    .. math:: h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t

    Shapes: z, h, h_tilde (B, H); returns (B, H), between h and h_tilde.

    Raises:
        ShapeError, TypeError: as in :func:`update_gate`.

    Source: the post, eq. (10); Cho et al. (2014). Chung et al. (2014) swap the roles of z and
        1 - z. Chapter 10.
    """
    return z * h + (1 - z) * h_tilde


@shapes(x="B D", h="B H", **weight_layouts(*PARAMS[:-2]), b_hh="H")
def gru_step(
    x: Tensor,
    h: Tensor,
    W_xz: Tensor,
    W_hz: Tensor,
    b_z: Tensor,
    W_xr: Tensor,
    W_hr: Tensor,
    b_r: Tensor,
    W_xh: Tensor,
    W_hh: Tensor,
    b_h: Tensor,
    reset_after: bool = False,
    b_hh: Tensor | None = None,
) -> Tensor:
    r"""One step of the GRU: equations (7) to (10).

    Shapes: x (B, D), h (B, H), every W_x (D, H), every W_h (H, H), every b (H,), in the order of
    the post's parameters (z, r, h); returns the new h (B, H). ``reset_after`` and ``b_hh`` (H,) are
    ``reset_after`` and ``b_h`` of :func:`candidate`.

    Raises:
        ShapeError, TypeError, ValueError: as in :func:`candidate`.

    Source: the post's code. Chapter 10.
    """
    _check_reset(reset_after, b_hh)
    z = update_gate(x, h, W_xz, W_hz, b_z)
    r = reset_gate(x, h, W_xr, W_hr, b_r)
    h_tilde = candidate(x, h, r, W_xh, W_hh, b_h, reset_after, b_hh)
    return hidden_state(z, h, h_tilde)


def gru(
    inputs: Tensor, state: tuple[Tensor], params: Sequence[Tensor]
) -> tuple[Tensor, tuple[Tensor]]:
    r"""The GRU over a sequence, with a linear read-out: the post's function.

    .. math:: y_t = W_{hq} \cdot h_t + b_q

    Args:
        inputs: (T, B, D), or a sequence of T tensors (B, D).
        state: ``(H,)``, the hidden state before the first step, (B, H).
        params: the 11 tensors ``[W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h, W_hq, b_q]``:
            every W_x· (D, H), every W_h· (H, H), every b (H,), but W_hq (H, Q) and b_q (Q,).

    Returns:
        The outputs of all steps, concatenated along dimension 0: (T·B, Q); and the last ``(H,)``.

    Raises:
        ValueError: the number of states or of parameters is wrong, or the sequence is empty.
        ShapeError, TypeError: as in :func:`update_gate`.

    Source: the post's code. Chapter 10.
    """
    check_steps("inputs", inputs)
    check_count("state", state, "H")
    check_count("params", params, *PARAMS)
    *weights, W_hq, b_q = params
    (H,) = state
    check_recurrence(
        inputs, {"H": H}, dict(zip(PARAMS, params, strict=True))
    )
    outputs = []
    for X in inputs:
        H = gru_step(X, H, *weights)
        Y = read_out(H, W_hq, b_q)
        outputs.append(Y)
    return torch.cat(outputs, dim=0), (H,)


def gru_trace(
    inputs: Tensor,
    state: tuple[Tensor],
    weights: Sequence[Tensor],
    reset_after: bool = False,
    b_hh: Tensor | None = None,
) -> dict[str, Tensor]:
    r"""Every quantity of equations (7) to (10) at every step.

    Args:
        inputs: (T, B, D), or a sequence of T tensors (B, D).
        state: ``(H,)``, the hidden state before the first step, (B, H).
        weights: the first 9 of the tensors that :func:`gru` takes.
        reset_after: reset after the product instead of before it, as in :func:`candidate`.
        b_hh: the bias (H,) that the reset gate scales; only with ``reset_after``, 0 when left out.

    Returns:
        ``z``, ``r``, ``h_tilde`` and ``h``, each (T, B, H).

    Raises:
        ValueError: the number of states or of weights is wrong, the sequence is empty, or ``b_hh``
            is given without ``reset_after``.
        ShapeError, TypeError: as in :func:`candidate`.

    Source: the post, eqs. (7) to (10). Chapter 10.
    """
    check_steps("inputs", inputs)
    check_count("state", state, "H")
    named = _named(weights, reset_after, b_hh)
    (h,) = state
    check_recurrence(inputs, {"H": h}, named)
    of_z, of_r, of_h = (weights[k : k + 3] for k in range(0, 9, 3))
    trace = {name: [] for name in TRACE}
    for x in inputs:
        z, r = update_gate(x, h, *of_z), reset_gate(x, h, *of_r)
        h_tilde = candidate(
            x, h, r, *of_h, reset_after=reset_after, b_h=b_hh
        )
        h = hidden_state(z, h, h_tilde)
        for name, now in zip(TRACE, (z, r, h_tilde, h), strict=True):
            trace[name].append(now)
    return {name: torch.stack(steps) for name, steps in trace.items()}


def gru_backward(
    inputs: Tensor,
    state: tuple[Tensor],
    trace: dict[str, Tensor],
    grad_h: Tensor,
    weights: Sequence[Tensor],
    reset_after: bool = False,
    b_hh: Tensor | None = None,
) -> dict[str, Tensor]:
    r"""Backpropagation through time, by hand: all gates, all weights, all biases.

    .. math::
        \begin{aligned}
        \delta^{h}_t &= \frac{\partial L}{\partial h_t} + z_{t+1} \odot \delta^{h}_{t+1}
            + W_{hz}^\top \alpha^{z}_{t+1} + W_{hr}^\top \alpha^{r}_{t+1}
            + r_{t+1} \odot W_{hh}^\top \alpha^{h}_{t+1} \\
        \alpha^{h}_t &= \delta^{h}_t \odot (1 - z_t) \odot (1 - \tilde{h}_t^2) \\
        \alpha^{z}_t &= \delta^{h}_t \odot (h_{t-1} - \tilde{h}_t) \odot z_t (1 - z_t) \\
        \alpha^{r}_t &= W_{hh}^\top \alpha^{h}_t \odot h_{t-1} \odot r_t (1 - r_t)
        \end{aligned}

    With ``reset_after`` the gate scales the product instead of the state:

    .. math::
        \alpha^{r}_t = \alpha^{h}_t \odot (W_{hh}\, h_{t-1} + b_{hh}) \odot r_t (1 - r_t),
        \qquad W_{hh}^\top (r_{t+1} \odot \alpha^{h}_{t+1})

    where the second takes the place of :math:`r_{t+1} \odot W_{hh}^\top \alpha^{h}_{t+1}`.

    Args:
        inputs: (T, B, D).
        state: ``(H,)``, the hidden state before the first step, (B, H).
        trace: what :func:`gru_trace` returned.
        grad_h: (T, B, H), the direct part ∂L/∂h_t: without the paths through later steps.
        weights: as in :func:`gru_trace`.
        reset_after: as in :func:`gru_trace`.
        b_hh: as in :func:`gru_trace`.

    Returns:
        The gradients of the loss, in the shapes of what they are by: ``inputs``, ``H``, the 9
        weights and biases by the names of :data:`PARAMS`, and with ``reset_after`` ``b_hh``.

    Raises:
        ValueError: the number of states or of weights is wrong, or ``b_hh`` is given without
            ``reset_after``.
        ShapeError, TypeError: as in :func:`candidate`.

    Source: chapter 10, equations (10.7) to (10.10).
    """
    W = _checked_backward(
        inputs, state, trace, grad_h, weights, reset_after, b_hh
    )
    z, r, h_tilde, h = (trace[name] for name in TRACE)
    before = torch.cat([state[0].unsqueeze(0), h[:-1]])
    past = before @ W["W_hh"] + W.get("b_hh", 0)
    a = {gate: torch.empty_like(h) for gate in "zrh"}
    delta = torch.zeros_like(h[0])
    for t in reversed(range(len(h))):
        delta = grad_h[t] + delta
        a["h"][t] = delta * (1 - z[t]) * (1 - h_tilde[t] ** 2)
        a["z"][t] = delta * (before[t] - h_tilde[t]) * z[t] * (1 - z[t])
        if reset_after:
            by_reset = a["h"][t] * past[t]
            detour = (r[t] * a["h"][t]) @ W["W_hh"].T
        else:
            by_reset = (a["h"][t] @ W["W_hh"].T) * before[t]
            detour = r[t] * (a["h"][t] @ W["W_hh"].T)
        a["r"][t] = by_reset * r[t] * (1 - r[t])
        detour = detour + a["z"][t] @ W["W_hz"].T + a["r"][t] @ W["W_hr"].T
        delta = z[t] * delta + detour
    grads = {"H": delta}
    grads["inputs"] = sum(a[g] @ W[f"W_x{g}"].T for g in a)
    for g, by in a.items():
        grads[f"W_x{g}"] = torch.einsum("tbd,tbh->dh", inputs, by)
        grads[f"W_h{g}"] = torch.einsum("tbk,tbh->kh", before, by)
        grads[f"b_{g}"] = by.sum((0, 1))
    met, by = (before, r * a["h"]) if reset_after else (r * before, a["h"])
    grads["W_hh"] = torch.einsum("tbk,tbh->kh", met, by)
    return grads | ({"b_hh": by.sum((0, 1))} if reset_after else {})


def _check_reset(reset_after: bool, b_hh: Tensor | None) -> None:
    check_bool("reset_after", reset_after)
    if b_hh is not None and not reset_after:
        raise ValueError(
            "b_hh: expected None where the reset comes before the product, "
            "for there b_h is the only bias; given a tensor"
        )


def _named(
    weights: Sequence[Tensor], reset_after: bool, b_hh: Tensor | None
) -> dict[str, Tensor]:
    """The weights by name, and ``b_hh`` if there is one and the form has it."""
    check_count("weights", weights, *PARAMS[:-2])
    _check_reset(reset_after, b_hh)
    named = dict(zip(PARAMS[:-2], weights, strict=True))
    return named if b_hh is None else named | {"b_hh": b_hh}


def _checked_backward(
    inputs: Tensor,
    state: tuple[Tensor],
    trace: dict[str, Tensor],
    grad_h: Tensor,
    weights: Sequence[Tensor],
    reset_after: bool,
    b_hh: Tensor | None,
) -> dict[str, Tensor]:
    """The weights by name, after a look at every shape."""
    check_count("state", state, "H")
    named = _named(weights, reset_after, b_hh)
    layouts = {"inputs": (inputs, "T B D"), "grad_h": (grad_h, "T B H")}
    layouts["H"] = (state[0], "B H")
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
