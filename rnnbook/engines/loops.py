r"""The time loops of the recurrent cells in plain PyTorch, and their backward passes by hand.

The input product :math:`W_{ih} x_t + b` of all steps has been computed before a loop starts; it
lies in ``gates`` and is activated there, in place, so that afterwards the same buffer holds what
the backward loop needs. Nothing here is seen by autograd, and no step allocates more than a few
rows.

Steps may have fewer and fewer rows (sequences sorted by length, as in a packed sequence): step t
has n = ``batch_sizes[t]`` of them, and row k is the same sequence in all steps.

Notation: :math:`\bar h` is the gradient of the loss by h; :math:`a_i` is what stands inside the
activation of gate i, and :math:`\bar a` is what a backward loop writes for all steps and gates.
``loops.cpp`` mirrors this file for the speed of it.
"""

from __future__ import annotations

import torch
from torch import Tensor

#: For each cell: what a row of ``gates`` holds, in blocks of H columns.
#: m is :math:`W_{hn} h_{t-1} + b_{hn}`, the part of the candidate that r multiplies. It stands last
#: and n first, so that the blocks of the input product (n r z) and those of the hidden product
#: (r z m) are both neighbours.
BLOCKS = {
    "rnn_tanh": "h",
    "rnn_relu": "h",
    "lstm": "ifgo",
    "gru_reset_before": "rzn",
    "gru_reset_after": "nrzm",
}


def prepare(cell: str, w_hh: Tensor, *, backwards: bool) -> Tensor:
    """What ``forward`` (or ``backward``) wants of the hidden weights: here, the weights."""
    return w_hh


def forward(
    cell: str,
    gates: Tensor,
    batch_sizes: tuple[int, ...],
    h: Tensor,
    C: Tensor | None,
    w_hh: Tensor,
    b_hn: Tensor | None,
    hs: Tensor,
    Cs: Tensor | None,
) -> None:
    r"""Run a cell over all steps; writes ``gates`` (activated), ``hs`` and ``Cs``.

    Args:
        cell: a key of ``BLOCKS``.
        gates: (N, G·H), the input product of all steps; of an RNN the same tensor as ``hs``.
        batch_sizes: rows of each step, non-increasing; their sum is N.
        h: (B, H), the hidden state before the first step.
        C: (B, H), the cell state before the first step of an LSTM.
        w_hh: (G·H, H), the hidden weights in the order of ``torch.nn``.
        b_hn: (H,), the bias beside :math:`W_{hn} h` of "gru_reset_after", or None for zero.
        hs: (N, H), receives every hidden state.
        Cs: (N, H), receives every cell state of an LSTM.

    Source: Elman (1990); Hochreiter & Schmidhuber (1997) with the forget gate of Gers, Schmidhuber
    & Cummins (2000); Cho et al. (2014).
    """
    rows = gates.split(list(batch_sizes))
    new = hs.split(list(batch_sizes))
    if cell == "lstm":
        _lstm_forward(rows, new, Cs.split(list(batch_sizes)), h, C, w_hh)
    elif cell == "gru_reset_before":
        _gru_before_forward(rows, new, h, w_hh)
    elif cell == "gru_reset_after":
        _gru_after_forward(rows, new, h, w_hh, b_hn)
    else:
        _rnn_forward(new, h, w_hh, torch.Tensor.relu_ if cell == "rnn_relu" else torch.Tensor.tanh_)


def backward(
    cell: str,
    gates: Tensor,
    batch_sizes: tuple[int, ...],
    h: Tensor,
    C: Tensor | None,
    w_hh: Tensor,
    hs: Tensor,
    Cs: Tensor | None,
    grad_hs: Tensor | None,
    grad_Cs: Tensor | None,
    d_gates: Tensor,
    d_h: Tensor,
    d_C: Tensor | None,
) -> None:
    r"""Run a cell backwards; writes ``d_gates``, and the carried gradients into ``d_h``, ``d_C``.

    Args:
        cell: as in ``forward``.
        gates: what ``forward`` left in it.
        batch_sizes: as in ``forward``.
        h: as in ``forward``.
        C: as in ``forward``.
        w_hh: as in ``forward``.
        hs: what ``forward`` left in it.
        Cs: what ``forward`` left in it.
        grad_hs: (N, H), the gradients that arrive at ``hs`` from outside; None for zero.
        grad_Cs: (N, H), the same for ``Cs``.
        d_gates: (N, G·H), receives :math:`\bar a` of all steps, in the blocks of ``gates``.
        d_h: (B, H), what the steps after the last one report back (zero at a sequence's end); in
            the end the gradient of the initial state.
        d_C: (B, H), the same for the cell state.

    Source: backpropagation through time, Werbos (1990), for the cells of ``forward``.
    """
    sizes = list(batch_sizes)
    steps = list(zip(sizes, gates.split(sizes), d_gates.split(sizes), strict=True))
    arriving = [None] * len(sizes) if grad_hs is None else grad_hs.split(sizes)
    h_before = _states_before(h, hs, sizes)
    if cell == "lstm":
        C_arriving = [None] * len(sizes) if grad_Cs is None else grad_Cs.split(sizes)
        C_before = _states_before(C, Cs, sizes)
        C_steps = list(zip(Cs.split(sizes), C_before, C_arriving, strict=True))
        _lstm_backward(steps, C_steps, arriving, w_hh, d_h, d_C)
    elif cell == "gru_reset_before":
        _gru_before_backward(steps, h_before, arriving, w_hh, d_h)
    elif cell == "gru_reset_after":
        _gru_after_backward(steps, h_before, arriving, w_hh, d_h)
    else:
        _rnn_backward(steps, arriving, w_hh, d_h, relu=cell == "rnn_relu")


def _states_before(first: Tensor, states: Tensor, sizes: list[int]) -> list[Tensor]:
    """For each step the states it started from, as views: the first rows of the step before."""
    before = [first, *states.split(sizes)[:-1]]
    return [rows[:n] for rows, n in zip(before, sizes, strict=True)]


def _rnn_forward(new, h, w_hh, activate_) -> None:
    r""":math:`h_t = \tanh(W_{ih} x_t + W_{hh} h_{t-1} + b)`, or relu."""
    W = w_hh.T
    for h_new in new:
        h = activate_(h_new.addmm_(h[: len(h_new)], W))


def _rnn_backward(steps, arriving, w_hh, d_h, relu) -> None:
    r""":math:`\bar a_t = (1 - h_t^2) \odot \bar h_t,\quad \bar h_{t-1} = W_{hh}^\top \bar a_t`."""
    for (n, h_new, d_a), grad in zip(reversed(steps), reversed(arriving), strict=True):
        d = d_h[:n]
        if grad is not None:
            d.add_(grad)
        if relu:
            d_a.copy_(d).masked_fill_(h_new <= 0, 0)
        else:
            torch.addcmul(d, d * h_new, h_new, value=-1, out=d_a)
        torch.mm(d_a, w_hh, out=d)


def _lstm_forward(rows, new, C_new_all, h, C, w_hh) -> None:
    r""":math:`C_t = f_t \odot C_{t-1} + i_t \odot g_t,\quad h_t = o_t \odot \tanh C_t`."""
    W, H = w_hh.T, w_hh.shape[1]
    for a, h_new, C_new in zip(rows, new, C_new_all, strict=True):
        n = len(a)
        a.addmm_(h[:n], W)
        i, f, g, o = a.split(H, dim=1)
        a[:, : 2 * H].sigmoid_()
        g.tanh_()
        o.sigmoid_()
        torch.mul(f, C[:n], out=C_new).addcmul_(i, g)
        torch.tanh(C_new, out=h_new).mul_(o)
        h, C = h_new, C_new


def _lstm_backward(steps, C_steps, arriving, w_hh, d_h, d_C) -> None:
    r"""Backwards through the six equations.

    .. math::
        \bar a_o &= \bar h_t \odot \tanh C_t \odot o(1-o), &
        \bar C_t &\mathrel{+}= \bar h_t \odot o \odot (1 - \tanh^2 C_t) \\
        \bar a_i &= \bar C_t \odot g \odot i(1-i), &
        \bar a_f &= \bar C_t \odot C_{t-1} \odot f(1-f), \quad
        \bar a_g = \bar C_t \odot i \odot (1-g^2) \\
        \bar C_{t-1} &= \bar C_t \odot f, &
        \bar h_{t-1} &= W_{hh}^\top \bar a_t
    """
    H = w_hh.shape[1]
    todo = zip(reversed(steps), reversed(C_steps), reversed(arriving), strict=True)
    for (n, gate, d_a), (C, C_before, grad_C), grad in todo:
        d, dC = d_h[:n], d_C[:n]
        if grad is not None:
            d.add_(grad)
        if grad_C is not None:
            dC.add_(grad_C)
        i, f, g, o = gate.split(H, dim=1)
        d_i, d_f, d_g, d_o = d_a.split(H, dim=1)
        tanh_C = torch.tanh(C)
        do = d * o
        dC.add_(do).addcmul_(do * tanh_C, tanh_C, value=-1)
        torch.mul(do * (1 - o), tanh_C, out=d_o)
        torch.mul(dC * g, i * (1 - i), out=d_i)
        torch.mul(dC * C_before, f * (1 - f), out=d_f)
        torch.mul(dC * i, 1 - g * g, out=d_g)
        dC.mul_(f)
        torch.mm(d_a, w_hh, out=d)


def _gru_after_forward(rows, new, h, w_hh, b_hn) -> None:
    r""":math:`n = \tanh(a_n + r \odot m),\quad h_t = n + z \odot (h_{t-1} - n)`."""
    H = w_hh.shape[1]
    W_rz, W_n = w_hh[: 2 * H].T, w_hh[2 * H :].T
    for a, h_new in zip(rows, new, strict=True):
        h = h[: len(a)]
        n, r, z, m = a.split(H, dim=1)
        a[:, H : 3 * H].addmm_(h, W_rz).sigmoid_()
        torch.mm(h, W_n, out=m)
        if b_hn is not None:
            m.add_(b_hn)
        n.addcmul_(r, m).tanh_()
        h = torch.sub(h, n, out=h_new).mul_(z).add_(n)


def _gru_after_backward(steps, h_before, arriving, w_hh, d_h) -> None:
    r"""Backwards, with the candidate's two parts told apart.

    .. math::
        \bar a_n &= \bar h_t \odot (1-z) \odot (1-n^2), &
        \bar m &= \bar a_n \odot r \\
        \bar a_r &= \bar a_n \odot m \odot r(1-r), &
        \bar a_z &= \bar h_t \odot (h_{t-1} - n) \odot z(1-z) \\
        \bar h_{t-1} &= \bar h_t \odot z
            + W_{hr}^\top \bar a_r + W_{hz}^\top \bar a_z + W_{hn}^\top \bar m
    """
    H = w_hh.shape[1]
    todo = zip(reversed(steps), reversed(h_before), reversed(arriving), strict=True)
    for (n_rows, gate, d_a), h, grad in todo:
        d = d_h[:n_rows]
        if grad is not None:
            d.add_(grad)
        n, r, z, m = gate.split(H, dim=1)
        d_n, d_r, d_z, d_m = d_a.split(H, dim=1)
        torch.mul(d * (1 - z), 1 - n * n, out=d_n)
        torch.mul(d_n, r, out=d_m)
        torch.mul(d_m * (1 - r), m, out=d_r)
        d.mul_(z)
        torch.mul(d * (1 - z), h - n, out=d_z)
        d.addmm_(d_a[:, H:], w_hh)


def _gru_before_forward(rows, new, h, w_hh) -> None:
    r""":math:`n = \tanh(a_n + W_{hn} (r \odot h_{t-1})),\quad h_t = n + z \odot (h_{t-1} - n)`."""
    H = w_hh.shape[1]
    W_rz, W_n = w_hh[: 2 * H].T, w_hh[2 * H :].T
    for a, h_new in zip(rows, new, strict=True):
        h = h[: len(a)]
        r, z, n = a.split(H, dim=1)
        a[:, : 2 * H].addmm_(h, W_rz).sigmoid_()
        n.addmm_(r * h, W_n).tanh_()
        h = torch.sub(h, n, out=h_new).mul_(z).add_(n)


def _gru_before_backward(steps, h_before, arriving, w_hh, d_h) -> None:
    r"""Backwards, through the product :math:`s = r \odot h_{t-1}` that the candidate sees.

    .. math::
        \bar a_n &= \bar h_t \odot (1-z) \odot (1-n^2), &
        \bar s &= W_{hn}^\top \bar a_n \\
        \bar a_r &= \bar s \odot h_{t-1} \odot r(1-r), &
        \bar a_z &= \bar h_t \odot (h_{t-1} - n) \odot z(1-z) \\
        \bar h_{t-1} &= \bar h_t \odot z + \bar s \odot r
            + W_{hr}^\top \bar a_r + W_{hz}^\top \bar a_z
    """
    H = w_hh.shape[1]
    w_rz, w_n = w_hh[: 2 * H], w_hh[2 * H :]
    buffer = torch.empty_like(d_h)
    todo = zip(reversed(steps), reversed(h_before), reversed(arriving), strict=True)
    for (n_rows, gate, d_a), h, grad in todo:
        d = d_h[:n_rows]
        if grad is not None:
            d.add_(grad)
        r, z, n = gate.split(H, dim=1)
        d_r, d_z, d_n = d_a.split(H, dim=1)
        torch.mul(d * (1 - z), 1 - n * n, out=d_n)
        d_s = torch.mm(d_n, w_n, out=buffer[:n_rows])
        torch.mul(d_s * h, r * (1 - r), out=d_r)
        d.mul_(z)
        torch.mul(d * (1 - z), h - n, out=d_z)
        d.addcmul_(d_s, r).addmm_(d_a[:, : 2 * H], w_rz)
