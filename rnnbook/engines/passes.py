r"""The two passes by hand: a product for all inputs, a loop in place, products for the rest.

A layer's step is :math:`a_t = W_{ih} x_t + W_{hh} h_{t-1} + b`. Its first part does not wait for
the recursion, so that many steps share one product; only the second part is left to the time loop
(``loops.py``, or its compiled twin). The backward loop writes :math:`\bar a_t`, the gradient by
:math:`a_t`, for many steps; what remains are again products over many steps:

.. math::
    \frac{\partial L}{\partial W_{ih}} = \sum_t \bar a_t x_t^\top, \qquad
    \frac{\partial L}{\partial W_{hh}} = \sum_t \bar a_t h_{t-1}^\top, \qquad
    \frac{\partial L}{\partial b} = \sum_t \bar a_t, \qquad
    \frac{\partial L}{\partial x_t} = W_{ih}^\top \bar a_t

"Many" is a chunk that fits into a processor's cache rather than the whole sequence: the sums are
the same, and what a loop wrote is still near when the products read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from rnnbook.engines import compiled, plain, triton_loops
from rnnbook.engines.cells import Cell
from rnnbook.engines.loops import Arriving, Carried, Loops, Memory, State

CHUNK = 2**21  #: numbers in one chunk of gates: 8 MiB in float32, about a processor's last cache
SCRATCH = 2**19  #: the same where gates are not kept and one chunk's memory serves the next


class Inputs(NamedTuple):
    """What goes into a layer in one direction; also their gradients, and which of them are needed.

    Attributes:
        data: (N, D).
        h: (B, H).
        C: (B, H), or None but for a cell with a cell state.
        w_ih: (G·H, D).
        w_hh: (G·H, H).
        b_ih: (G·H,) or None.
        b_hh: (G·H,) or None.
    """

    data: Tensor
    h: Tensor
    C: Tensor | None
    w_ih: Tensor
    w_hh: Tensor
    b_ih: Tensor | None
    b_hh: Tensor | None


class Results(NamedTuple):
    """What comes out, and what the backward pass needs.

    Attributes:
        hs: (N, H).
        Cs: (N, H), or None but for a cell with a cell state.
        gates: (N, G·H) in the cell's blocks; None where they are the states, or not kept.
    """

    hs: Tensor
    Cs: Tensor | None
    gates: Tensor | None


def choose(loops: str, tensors: tuple[Tensor | None, ...], w_hh: Tensor) -> str:
    """Name of the loops that run over these tensors, "compiled", "triton" or "python".

    Args:
        loops: the same, or "auto" for the compiled ones where that is possible.
        tensors: all that take part.
        w_hh: the hidden weights, which are among them.

    Raises:
        ValueError: what was asked for is impossible; the message says why.

    Source: this project.
    """
    reason = compiled.why_not_for(tensors) if loops == "compiled" else ""
    if loops == "triton":
        reason = triton_loops.why_not_for(tensors, w_hh)
    if reason:
        raise ValueError(
            f"engine: expected one other than {loops!r} ('auto' finds one), for "
            f"{reason.rstrip('.')}; given {loops!r}"
        )
    if loops == "auto":
        return "compiled" if compiled.suits(tensors) else "python"
    return loops


def _loops(cell: Cell, kind: str) -> Loops | compiled.CompiledLoops | triton_loops.TritonLoops:
    if kind == "triton":
        return triton_loops.TritonLoops(cell.loops)
    return compiled.CompiledLoops(cell.loops) if kind == "compiled" else cell.loops


def _most(kind: str, sizes: tuple[int, ...], numbers: int, width: int) -> int:
    """Rows of a chunk; a launch takes all steps at once, for there is no cache to fit."""
    return sum(sizes) if kind == "triton" else numbers // width


def forward(
    cell: Cell, sizes: tuple[int, ...], loops: str, inputs: Inputs, keep: bool = True
) -> Results:
    """All states, and the gates.

    Args:
        cell: one that has loops.
        sizes: rows of each step, non-increasing.
        loops: "python", "compiled", "triton" or "auto".
        inputs: of one dtype, on one device.
        keep: whether the gates of all steps are wanted; an RNN has none beside its states.

    Source: as in :func:`rnnbook.engines.by_hand.run`.
    """
    kind = choose(loops, inputs, inputs.w_hh)
    data, h, C, w_ih, w_hh, b_ih, b_hh = inputs
    H, has_gates = w_hh.shape[1], cell.loops.keeps_gates
    width = len(cell.loops.blocks) * H
    hs = data.new_empty(len(data), H)
    Cs = data.new_empty(len(data), H) if cell.loops.has_cell_state else None
    kept = keep or not has_gates
    chunks = list(_chunks(sizes, _most(kind, sizes, CHUNK if kept else SCRATCH, width)))
    gates = hs
    if has_gates:
        longest = max(rows.stop - rows.start for _, rows, _ in chunks)
        gates = data.new_empty(len(data) if keep else longest, width)
    W, b, b_hn = cell.loops.input_weights(w_ih, b_ih, b_hh)
    loops = _loops(cell, kind)
    prepared = loops.prepare(w_hh, backwards=False)
    for steps, rows, before in chunks:
        part = _part(gates, rows) if kept else gates[: rows.stop - rows.start]
        _input_product(_part(data, rows), W, b, out=part[:, : len(W)])
        start = State(_start(h, hs, before), _start(C, Cs, before))
        loops.forward(Memory(part, _part(hs, rows), _part(Cs, rows)), steps, start, prepared, b_hn)
    return Results(hs, Cs, gates if keep and has_gates else None)


def backward(
    cell: Cell,
    sizes: tuple[int, ...],
    loops: str,
    needs: Inputs,
    grad_hs: Tensor | None,
    grad_Cs: Tensor | None,
    inputs: Inputs,
    results: Results,
) -> Inputs:
    """The gradients by all inputs, each with memory of its own; None where ``needs`` says False.

    Args:
        cell: as in :func:`forward`, like the others that are not named here.
        sizes: rows of each step.
        loops: the loops' name.
        needs: for each of the inputs whether its gradient is wanted.
        grad_hs: (N, H), or None for zero.
        grad_Cs: (N, H), or None for zero.
        inputs: what went in.
        results: what came out.

    Source: backpropagation through time, Werbos (1990); the formulas stand in ``loops.py``.
    """
    kind = choose(loops, (grad_hs, grad_Cs, *inputs, *results), inputs.w_hh)
    grad_hs, grad_Cs = (g if g is None else plain.with_memory(g) for g in (grad_hs, grad_Cs))
    data, h, C, w_ih, w_hh, *_ = inputs
    hs, Cs, gates = (x if x is None else x.contiguous() for x in results)  # not so after vmap
    gates = hs if gates is None else gates
    width = len(cell.loops.blocks) * w_hh.shape[1]
    chunks = list(_chunks(sizes, _most(kind, sizes, CHUNK, width)))
    W, _, _ = cell.loops.input_weights(w_ih, None, None)
    carried = Carried(h.new_zeros(h.shape), None if C is None else h.new_zeros(h.shape))
    d_data = data.new_empty(data.shape) if needs.data else None
    d_W = W.new_zeros(W.shape) if needs.w_ih else None
    d_w_hh = w_hh.new_zeros(w_hh.shape) if needs.w_hh else None
    d_b = data.new_zeros(width) if needs.b_ih or needs.b_hh else None
    longest = max(rows.stop - rows.start for _, rows, _ in chunks)
    d_gates = data.new_empty(longest, width)
    loops = _loops(cell, kind)
    prepared = loops.prepare(w_hh, backwards=True)
    for steps, rows, before in reversed(chunks):
        part = d_gates[: rows.stop - rows.start]
        start = State(_start(h, hs, before), _start(C, Cs, before))
        memory = Memory(_part(gates, rows), _part(hs, rows), _part(Cs, rows))
        arriving = Arriving(_part(grad_hs, rows), _part(grad_Cs, rows))
        loops.backward(memory, steps, start, prepared, arriving, part, carried)
        by_input = part[:, : len(W)]
        if d_W is not None:
            _add_input_product(d_W, by_input, _part(data, rows))
        if d_data is not None:
            torch.mm(by_input, W, out=_part(d_data, rows))
        if d_b is not None:
            d_b.add_(part.sum(0))
        if d_w_hh is not None:
            _add_hidden_products(cell, d_w_hh, part, memory, start.h, steps)
    d_W, d_b_ih, d_b_hh = cell.loops.input_gradients(d_W, d_b)
    if d_b_hh is d_b_ih and d_b_hh is not None and needs.b_ih:
        d_b_hh = d_b_hh.clone()
    return Inputs(
        d_data,
        carried.h if needs.h else None,
        carried.C if needs.C else None,
        d_W,
        d_w_hh,
        d_b_ih if needs.b_ih else None,
        d_b_hh if needs.b_hh else None,
    )


def _chunks(
    sizes: tuple[int, ...], most: int
) -> Iterator[tuple[tuple[int, ...], slice, slice | None]]:
    """Cut the steps into chunks of at most ``most`` rows (but at least one step).

    Yields the sizes of the chunk's steps, its rows, and the rows of the step before it.
    """
    first = row = 0
    before = None
    while first < len(sizes):
        last, end = first + 1, row + sizes[first]
        while last < len(sizes) and end + sizes[last] - row <= most:
            end += sizes[last]
            last += 1
        yield sizes[first:last], slice(row, end), before
        before = slice(end - sizes[last - 1], end)
        first, row = last, end


def _part(x: Tensor | None, rows: slice) -> Tensor | None:
    """Some rows, or all of them without the price of a view."""
    return x if x is None or len(x) == rows.stop - rows.start else x[rows]


def _start(first: Tensor | None, states: Tensor | None, before: slice | None) -> Tensor | None:
    """The state that a chunk starts from."""
    return first if before is None or states is None else states[before]


def _input_product(data: Tensor, W: Tensor, b: Tensor | None, out: Tensor) -> None:
    if b is None:
        torch.mm(data, W.T, out=out)
    else:
        torch.addmm(b, data, W.T, out=out)


def _add_input_product(d_W: Tensor, by_input: Tensor, data: Tensor) -> None:
    """Add what a chunk contributes to the gradient of the input weights.

    With few inputs and many gates the transposed product takes less time: a third less for 1,120
    rows of 28 inputs and 1,024 gates, as measured.
    """
    if data.shape[1] <= 32 and by_input.shape[1] >= 512:
        d_W.add_((data.T @ by_input).T)
    else:
        torch.addmm(d_W, by_input.T, data, out=d_W)


def _add_hidden_products(
    cell: Cell, d_w_hh: Tensor, part: Tensor, memory: Memory, h: Tensor, sizes: tuple[int, ...]
) -> None:
    """Add what a chunk contributes to the gradient of the hidden weights."""
    later = _predecessors(memory.hs, sizes)
    cell.loops.add_hidden_gradient(d_w_hh, part, memory.gates, h[: sizes[0]], later)


def _predecessors(hs: Tensor, sizes: tuple[int, ...]) -> Tensor:
    """For each row after the first step the row that its sequence had one step earlier."""
    if sizes[0] == sizes[-1]:
        return hs[: len(hs) - sizes[0]]  # all steps alike: a view
    rows = torch.tensor(sizes, device=hs.device)
    earlier = rows[:-1].repeat_interleave(rows[1:], output_size=len(hs) - sizes[0])
    return hs[torch.arange(sizes[0], len(hs), device=hs.device) - earlier]
