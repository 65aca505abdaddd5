r"""The time loops of the recurrent cells in plain PyTorch, and their backward passes by hand.

The input product :math:`W_{ih} x_t + b` of all steps has been computed before a loop starts; it
lies in ``gates`` and is activated there, in place, so that afterwards the same buffer holds what
the backward loop needs. Nothing here is seen by autograd, and no step allocates more than a few
rows.

Steps may have fewer and fewer rows (sequences sorted by length, as in a packed sequence): step t
has n = ``sizes[t]`` of them, and row k is the same sequence in all steps.

Notation: :math:`\bar h` is the gradient of the loss by h; :math:`a_i` is what stands inside the
activation of gate i, and :math:`\bar a` is what a backward loop writes for all steps and gates.
``loops.cpp`` mirrors this file for the speed of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor


class Memory(NamedTuple):
    """What a forward loop reads and writes, of all steps: N rows.

    Attributes:
        gates: (N, G·H), the input product, activated in place; of an RNN the same tensor as ``hs``.
        hs: (N, H), receives every hidden state.
        Cs: (N, H), receives every cell state of a cell that has one, else None.
    """

    gates: Tensor
    hs: Tensor
    Cs: Tensor | None


class Arriving(NamedTuple):
    """Gradients that arrive from outside at all states, (N, H) each; None for zero."""

    hs: Tensor | None
    Cs: Tensor | None


class Carried(NamedTuple):
    """Gradients that the later steps report back, (B, H) each; in the end the initial states'."""

    h: Tensor
    C: Tensor | None


class State(NamedTuple):
    """The states before the first step, (B, H) each; C is None but for a cell that has one."""

    h: Tensor
    C: Tensor | None


@dataclass(frozen=True)
class Loops:
    """One cell's loops, and how its weights' gradients follow from what they write.

    Attributes:
        number: of the cell in ``loops.cpp``.
        blocks: what a row of ``gates`` holds, in blocks of H columns, by the names in a trace.
        has_cell_state: whether there is a cell state beside the hidden one.
        keeps_gates: whether the backward loop needs the gates; an RNN's are its states.
    """

    number: int
    blocks: ClassVar[tuple[str, ...]]
    has_cell_state: ClassVar[bool] = False
    keeps_gates: ClassVar[bool] = True

    def prepare(self, w_hh: Tensor, *, backwards: bool) -> Tensor:
        """What ``forward`` (or ``backward``) wants of the hidden weights: here, the weights."""
        return w_hh

    def forward(
        self,
        memory: Memory,
        sizes: tuple[int, ...],
        start: State,
        w_hh: Tensor,
        b_hn: Tensor | None,
    ) -> None:
        """Run over all steps.

        Args:
            memory: what is read and written.
            sizes: rows of each step, non-increasing; their sum is N.
            start: the states before the first step.
            w_hh: (G·H, H), the hidden weights in the order of ``torch.nn``.
            b_hn: (H,), the bias beside the candidate's hidden weights where the reset gate
                multiplies both, or None for zero.
        """
        raise NotImplementedError

    def backward(
        self,
        memory: Memory,
        sizes: tuple[int, ...],
        start: State,
        w_hh: Tensor,
        arriving: Arriving,
        d_gates: Tensor,
        carried: Carried,
    ) -> None:
        r"""Run backwards; writes ``d_gates`` and ``carried``.

        Args:
            memory: what ``forward`` left in it.
            sizes: as in ``forward``, like the following two.
            start: the states before the first step.
            w_hh: the hidden weights.
            arriving: the gradients from outside.
            d_gates: (N, G·H), receives :math:`\bar a` of all steps, in the blocks of ``gates``.
            carried: at first the gradients from the steps after the last one.
        """
        raise NotImplementedError

    def input_weights(
        self, w_ih: Tensor, b_ih: Tensor | None, b_hh: Tensor | None
    ) -> tuple[Tensor, Tensor | None, Tensor | None]:
        """Weights and bias of the input product in the order of the blocks, and ``b_hn``."""
        biases = [b for b in (b_ih, b_hh) if b is not None]
        return w_ih, sum(biases[1:], biases[0]) if biases else None, None

    def input_gradients(
        self, d_W: Tensor | None, d_b: Tensor | None
    ) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        """The gradients of w_ih, b_ih, b_hh from those in the order of the blocks."""
        return d_W, d_b, d_b

    def add_hidden_gradient(
        self,
        d_w_hh: Tensor,
        d_gates: Tensor,
        gates: Tensor,
        first: Tensor,
        later: Tensor,
    ) -> None:
        """Add what a chunk of steps contributes to the gradient of the hidden weights.

        Args:
            d_w_hh: (G·H, H), is added to.
            d_gates: what ``backward`` wrote.
            gates: what ``forward`` wrote.
            first: the states before the chunk's first step.
            later: the states before the others, row by row.
        """
        n = len(first)
        _add_product(d_w_hh, d_gates[:n].T, first)
        _add_product(d_w_hh, d_gates[n:].T, later)


def _states_before(first: Tensor, states: Tensor, sizes: list[int]) -> list[Tensor]:
    """For each step the states it started from, as views: the first rows of the step before."""
    before = [first, *states.split(sizes)[:-1]]
    return [rows[:n] for rows, n in zip(before, sizes, strict=True)]


def _steps(grad: Tensor | None, sizes: list[int]) -> list[Tensor | None]:
    return [None] * len(sizes) if grad is None else list(grad.split(sizes))


def _add_product(to: Tensor, rows: Tensor, weights: Tensor) -> Tensor:
    """Add rows @ weights in place; in the form that counters of operations know."""
    return torch.addmm(to, rows, weights, out=to)


@dataclass(frozen=True)
class RnnLoops(Loops):
    """The plain cell, Elman (1990); with tanh, or with relu."""

    relu: bool = False
    blocks = ("h",)
    keeps_gates = False

    def forward(self, memory, sizes, start, w_hh, b_hn) -> None:
        r""":math:`h_t = \tanh(W_{ih} x_t + W_{hh} h_{t-1} + b)`, or relu."""
        new, h = memory.hs.split(list(sizes)), start.h
        activate_ = torch.Tensor.relu_ if self.relu else torch.Tensor.tanh_
        W = w_hh.T
        for h_new in new:
            h = activate_(_add_product(h_new, h[: len(h_new)], W))

    def backward(self, memory, sizes, start, w_hh, arriving, d_gates, carried) -> None:
        r"""Backwards.

        .. math::

            \bar{a}_t = (1 - h_t^2) \odot \bar{h}_t, \qquad \bar{h}_{t-1} = W_{hh}^\top \bar{a}_t
        """
        sizes, d_h = list(sizes), carried.h
        steps = list(zip(sizes, memory.gates.split(sizes), d_gates.split(sizes), strict=True))
        outside = _steps(arriving.hs, sizes)
        for (n, h_new, d_a), grad in zip(reversed(steps), reversed(outside), strict=True):
            d = d_h[:n]
            if grad is not None:
                d.add_(grad)
            if self.relu:
                d_a.copy_(d).masked_fill_(h_new <= 0, 0)
            else:
                torch.addcmul(d, d * h_new, h_new, value=-1, out=d_a)
            torch.mm(d_a, w_hh, out=d)


@dataclass(frozen=True)
class LstmLoops(Loops):
    """Hochreiter & Schmidhuber (1997), with Gers, Schmidhuber & Cummins' (2000) forget gate."""

    blocks = ("i", "f", "C_tilde", "o")
    has_cell_state = True

    def forward(self, memory, sizes, start, w_hh, b_hn) -> None:
        r""":math:`C_t = f_t \odot C_{t-1} + i_t \odot g_t,\quad h_t = o_t \odot \tanh C_t`."""
        rows, new = memory.gates.split(list(sizes)), memory.hs.split(list(sizes))
        new_Cs, (h, C) = memory.Cs.split(list(sizes)), start
        W, H = w_hh.T, w_hh.shape[1]
        for a, h_new, C_new in zip(rows, new, new_Cs, strict=True):
            n = len(a)
            _add_product(a, h[:n], W)
            i, f, g, o = a.split(H, dim=1)
            a[:, : 2 * H].sigmoid_()
            g.tanh_()
            o.sigmoid_()
            torch.mul(f, C[:n], out=C_new).addcmul_(i, g)
            torch.tanh(C_new, out=h_new).mul_(o)
            h, C = h_new, C_new

    def backward(self, memory, sizes, start, w_hh, arriving, d_gates, carried) -> None:
        r"""Backwards through the six equations.

        .. math::

            \begin{aligned}
            \bar{a}_o &= \bar{h}_t \odot \tanh C_t \odot o(1-o), &
            \bar{C}_t &\mathrel{+}= \bar{h}_t \odot o \odot (1 - \tanh^2 C_t) \\
            \bar{a}_i &= \bar{C}_t \odot g \odot i(1-i), &
            \bar{a}_f &= \bar{C}_t \odot C_{t-1} \odot f(1-f), \quad
            \bar{a}_g = \bar{C}_t \odot i \odot (1-g^2) \\
            \bar{C}_{t-1} &= \bar{C}_t \odot f, &
            \bar{h}_{t-1} &= W_{hh}^\top \bar{a}_t
            \end{aligned}
        """
        sizes, d_h = list(sizes), carried.h
        steps = list(zip(sizes, memory.gates.split(sizes), d_gates.split(sizes), strict=True))
        outside = _steps(arriving.hs, sizes)
        d_C, Cs, grad_Cs = carried.C, memory.Cs.split(sizes), _steps(arriving.Cs, sizes)
        C_steps = list(zip(Cs, _states_before(start.C, memory.Cs, sizes), grad_Cs, strict=True))
        H = w_hh.shape[1]
        todo = zip(reversed(steps), reversed(C_steps), reversed(outside), strict=True)
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


@dataclass(frozen=True)
class GruBeforeLoops(Loops):
    """Cho et al. (2014): the reset gate acts before the product."""

    blocks = ("r", "z", "h_tilde")

    def forward(self, memory, sizes, start, w_hh, b_hn) -> None:
        r""":math:`n = \tanh(a_n + W_{hn} (r \odot h_{t-1})), h_t = n + z \odot (h_{t-1} - n)`."""
        rows, new = memory.gates.split(list(sizes)), memory.hs.split(list(sizes))
        h = start.h
        H = w_hh.shape[1]
        W_rz, W_n = w_hh[: 2 * H].T, w_hh[2 * H :].T
        for a, h_new in zip(rows, new, strict=True):
            h = h[: len(a)]
            r, z, n = a.split(H, dim=1)
            _add_product(a[:, : 2 * H], h, W_rz).sigmoid_()
            _add_product(n, r * h, W_n).tanh_()
            h = torch.sub(h, n, out=h_new).mul_(z).add_(n)

    def backward(self, memory, sizes, start, w_hh, arriving, d_gates, carried) -> None:
        r"""Backwards, through the product :math:`s = r \odot h_{t-1}` that the candidate sees.

        .. math::

            \begin{aligned}
            \bar{a}_n &= \bar{h}_t \odot (1-z) \odot (1-n^2), &
            \bar{s} &= W_{hn}^\top \bar{a}_n \\
            \bar{a}_r &= \bar{s} \odot h_{t-1} \odot r(1-r), &
            \bar{a}_z &= \bar{h}_t \odot (h_{t-1} - n) \odot z(1-z) \\
            \bar{h}_{t-1} &= \bar{h}_t \odot z + \bar{s} \odot r
                + W_{hr}^\top \bar{a}_r + W_{hz}^\top \bar{a}_z
            \end{aligned}
        """
        sizes, d_h = list(sizes), carried.h
        steps = list(zip(sizes, memory.gates.split(sizes), d_gates.split(sizes), strict=True))
        outside = _steps(arriving.hs, sizes)
        h_before = _states_before(start.h, memory.hs, sizes)
        H = w_hh.shape[1]
        w_rz, w_n = w_hh[: 2 * H], w_hh[2 * H :]
        buffer = torch.empty_like(d_h)
        todo = zip(reversed(steps), reversed(h_before), reversed(outside), strict=True)
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
            _add_product(d.addcmul_(d_s, r), d_a[:, : 2 * H], w_rz)

    def add_hidden_gradient(self, d_w_hh, d_gates, gates, first, later) -> None:
        """Its candidate saw r·h in the place of h."""
        H, before = later.shape[1], torch.cat([first, later])
        _add_product(d_w_hh[: 2 * H], d_gates[:, : 2 * H].T, before)
        _add_product(d_w_hh[2 * H :], d_gates[:, 2 * H :].T, before.mul_(gates[:, :H]))


@dataclass(frozen=True)
class GruAfterLoops(Loops):
    """The reset gate acts after the product, as ``torch.nn.GRU`` has it.

    m is :math:`W_{hn} h_{t-1} + b_{hn}`, the part of the candidate that r multiplies. It stands
    last and n first, so that the blocks of the input product (n r z) and those of the hidden
    product (r z m) are both neighbours.
    """

    blocks = ("h_tilde", "r", "z", "m")

    def forward(self, memory, sizes, start, w_hh, b_hn) -> None:
        r""":math:`n = \tanh(a_n + r \odot m),\quad h_t = n + z \odot (h_{t-1} - n)`."""
        rows, new = memory.gates.split(list(sizes)), memory.hs.split(list(sizes))
        h = start.h
        H = w_hh.shape[1]
        W_rz, W_n = w_hh[: 2 * H].T, w_hh[2 * H :].T
        for a, h_new in zip(rows, new, strict=True):
            h = h[: len(a)]
            n, r, z, m = a.split(H, dim=1)
            _add_product(a[:, H : 3 * H], h, W_rz).sigmoid_()
            torch.mm(h, W_n, out=m)
            if b_hn is not None:
                m.add_(b_hn)
            n.addcmul_(r, m).tanh_()
            h = torch.sub(h, n, out=h_new).mul_(z).add_(n)

    def backward(self, memory, sizes, start, w_hh, arriving, d_gates, carried) -> None:
        r"""Backwards, with the candidate's two parts told apart.

        .. math::

            \begin{aligned}
            \bar{a}_n &= \bar{h}_t \odot (1-z) \odot (1-n^2), &
            \bar{m} &= \bar{a}_n \odot r \\
            \bar{a}_r &= \bar{a}_n \odot m \odot r(1-r), &
            \bar{a}_z &= \bar{h}_t \odot (h_{t-1} - n) \odot z(1-z) \\
            \bar{h}_{t-1} &= \bar{h}_t \odot z
                + W_{hr}^\top \bar{a}_r + W_{hz}^\top \bar{a}_z + W_{hn}^\top \bar{m}
            \end{aligned}
        """
        sizes, d_h = list(sizes), carried.h
        steps = list(zip(sizes, memory.gates.split(sizes), d_gates.split(sizes), strict=True))
        outside = _steps(arriving.hs, sizes)
        h_before = _states_before(start.h, memory.hs, sizes)
        H = w_hh.shape[1]
        todo = zip(reversed(steps), reversed(h_before), reversed(outside), strict=True)
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
            _add_product(d, d_a[:, H:], w_hh)

    def input_weights(self, w_ih, b_ih, b_hh) -> tuple[Tensor, Tensor | None, Tensor | None]:
        """What ``torch.nn`` keeps as r z n becomes n r z."""
        H = len(w_ih) // 3
        W = w_ih.roll(H, 0)
        b = None if b_ih is None else b_ih.roll(H, 0)
        if b_hh is None:
            return W, b, None
        of_gates = torch.cat([torch.zeros_like(b_hh[:H]), b_hh[: 2 * H]])
        return W, of_gates if b is None else b + of_gates, b_hh[2 * H :]

    def input_gradients(self, d_W, d_b) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        """The order n r z m as that of w_ih, b_ih (r z n) and of b_hh (r z m)."""
        d_w_ih = None if d_W is None else d_W.roll(-(len(d_W) // 3), 0)
        if d_b is None:
            return d_w_ih, None, None
        H = len(d_b) // 4
        return d_w_ih, d_b[: 3 * H].roll(-H, 0), d_b[H:]

    def add_hidden_gradient(self, d_w_hh, d_gates, gates, first, later) -> None:
        """The hidden weights made r z m."""
        super().add_hidden_gradient(d_w_hh, d_gates[:, later.shape[1] :], gates, first, later)
