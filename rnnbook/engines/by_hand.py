r"""The fast engine: one matrix product for all inputs, a loop in place, and a backward by hand.

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

import functools
import itertools
from collections.abc import Iterator, Sequence
from types import ModuleType

import torch
from torch import Tensor

from rnnbook.engines import compiled, operators
from rnnbook.engines import loops as python_loops
from rnnbook.layouts import Weights
from rnnbook.shapes import ShapeError

CHUNK = 2**21  #: numbers in one chunk of gates: 8 MiB in float32, about a processor's last cache
SCRATCH = 2**19  #: the same where gates are not kept and one chunk's memory serves the next


def run(
    cell: str,
    data: Tensor,
    batch_sizes: Sequence[int],
    state: tuple[Tensor, ...],
    weights: Sequence[Tensor | None],
    *,
    loops: str = "auto",
    show_gates: bool = False,
) -> tuple[Tensor, ...]:
    r"""All states of one layer in one direction.

    Args:
        cell: "rnn_tanh", "rnn_relu", "lstm", "gru_reset_before" or "gru_reset_after".
        data: (N, D), the rows of all steps one after the other, as in PyTorch's ``PackedSequence``;
            a dense batch (T, B, D) is ``data.flatten(0, 1)`` with ``batch_sizes = [B] * T``.
        batch_sizes: rows of each step, non-increasing; their sum is N.
        state: ``(h_0,)``, for an LSTM ``(h_0, C_0)``, each (B, H) with B = ``batch_sizes[0]``.
        weights: ``(w_ih, w_hh, b_ih, b_hh)`` of ``torch.nn``: (G·H, D), (G·H, H), (G·H,) or None.
        loops: "python", "compiled", or "auto": compiled where that is possible.
        show_gates: whether to return the gates, too.

    Returns:
        The hidden states of all steps, (N, H), and for an LSTM the cell states too. With
        ``show_gates`` last of all the gates of all steps, (N, G·H), in the blocks of
        ``loops.BLOCKS``, without a gradient; None for an RNN, which has none.

    Raises:
        ValueError: an unknown cell or kind of loops, no row at all, or weights with a projection.
        ShapeError: names the argument, the shape expected and the shape given.
        TypeError: dtypes or devices differ.
        RuntimeError: ``loops="compiled"`` where that is not possible; the message says why.
        NotImplementedError: forward-mode differentiation; ``engine="reference"`` can do it.

    Source: the cells' papers are named in ``loops.py``; hoisting the input product out of the loop:
    Appleyard, Kociský & Blunsom (2016).
    """
    if cell not in python_loops.BLOCKS:
        raise ValueError(f"cell: expected one of {', '.join(python_loops.BLOCKS)}, given {cell!r}")
    if loops not in ("auto", "python", "compiled"):
        raise ValueError(f"loops: expected auto, python or compiled, given {loops!r}")
    w_ih, w_hh, b_ih, b_hh, *projection = weights
    if any(w is not None for w in projection):
        raise ValueError('weights: this engine knows no projection; engine="library" does')
    h, C = state if cell == "lstm" else (*state, None)
    inputs = _checked(cell, batch_sizes, data, h, C, w_ih, w_hh, b_ih, b_hh)
    if torch.compiler.is_compiling():
        hs, Cs, gates = operators.recur(cell, batch_sizes, loops, inputs, show_gates)
    else:
        kind, sizes = choose(loops, inputs[0]), tuple(batch_sizes)
        if is_watched(inputs):
            hs, Cs, gates = Recurrence.apply(cell, sizes, kind, *inputs)
        else:
            hs, Cs, gates = forward(cell, sizes, kind, *inputs, keep=show_gates)
    states = (hs,) if Cs is None else (hs, Cs)
    return (*states, None if cell.startswith("rnn") else gates) if show_gates else states


def _checked(cell, batch_sizes, data, *others):
    """The inputs, of one dtype; the compiled loops must not be given memory of another size."""
    kind = data.device.type  # "meta" knows no autocast
    if kind != "meta" and torch.is_autocast_enabled(kind):  # the recursion keeps its precision
        dtype = others[3].dtype
        data, others = data.to(dtype), [x if x is None else x.to(dtype) for x in others]
    h, C, w_ih, w_hh, b_ih, b_hh = others
    gates = {"r": 1, "l": 4, "g": 3}[cell[0]]
    H, D = h.shape[-1], data.shape[-1]
    B = batch_sizes[0] if len(batch_sizes) else 0
    expected = {
        "data": (data, (sum(batch_sizes), D)),
        "h_0": (h, (B, H)),
        "C_0": (C, (B, H)),
        "w_ih": (w_ih, (gates * H, D)),
        "w_hh": (w_hh, (gates * H, H)),
        "b_ih": (b_ih, (gates * H,)),
        "b_hh": (b_hh, (gates * H,)),
    }
    if B < 1:
        raise ValueError(f"batch_sizes: expected at least one step with a row, given {batch_sizes}")
    for name, (tensor, shape) in expected.items():
        if tensor is None:
            continue
        if tensor.shape != shape:
            raise ShapeError(f"{name}: expected shape {shape}, given {tuple(tensor.shape)}")
        if tensor.dtype != data.dtype or tensor.device != data.device:
            raise TypeError(
                f"{name}: expected {data.dtype} on {data.device} like data, "
                f"given {tensor.dtype} on {tensor.device}"
            )
    return data, *others


@functools.lru_cache(maxsize=64)
def _check_order(batch_sizes: tuple[int, ...]) -> None:
    if batch_sizes[-1] < 1 or any(n < later for n, later in itertools.pairwise(batch_sizes)):
        raise ValueError(
            f"batch_sizes: expected positive and non-increasing numbers, given {batch_sizes}"
        )


def choose(loops: str, data: Tensor) -> str:
    """Name of the loops, "compiled" or "python".

    Raises:
        RuntimeError: "compiled" was asked for and is impossible; the message says why.

    Source: this project.
    """
    if loops == "compiled" and (reason := compiled.why_not_for(data)):
        raise RuntimeError(f"loops: {reason}")
    if loops == "auto":
        return "compiled" if compiled.suits(data) else "python"
    return loops


def _loops(kind: str) -> ModuleType:
    return compiled if kind == "compiled" else python_loops


def is_watched(tensors: tuple[Tensor | None, ...]) -> bool:
    """Whether somebody differentiates or maps: autograd, torch.func, forward mode.

    Source: this project.
    """
    return (
        (torch.is_grad_enabled() and any(x is not None and x.requires_grad for x in tensors))
        or torch._C._are_functorch_transforms_active()
        or torch.autograd.forward_ad._current_level >= 0
    )


# ----------------------------------------------------------------------------- the two passes


def forward(cell, batch_sizes, kind, data, h, C, w_ih, w_hh, b_ih, b_hh, *, keep=True):
    """All states and what the backward pass needs: (hs, Cs or None, gates or None).

    Args:
        cell: as in :func:`run`, like the following.
        batch_sizes: as a tuple.
        kind: of the loops, "python" or "compiled".
        data: (N, D).
        h: (B, H).
        C: (B, H), or None but for an LSTM.
        w_ih: (G·H, D).
        w_hh: (G·H, H).
        b_ih: (G·H,) or None.
        b_hh: (G·H,) or None.
        keep: whether the gates of all steps are wanted; an RNN has none beside its states.

    Source: as in :func:`run`.
    """
    _check_order(batch_sizes)
    H, lstm, rnn = w_hh.shape[1], cell == "lstm", cell.startswith("rnn")
    width = len(python_loops.BLOCKS[cell]) * H
    hs = data.new_empty(len(data), H)
    Cs = data.new_empty(len(data), H) if lstm else None
    chunks = list(_chunks(batch_sizes, (CHUNK if keep or rnn else SCRATCH) // width))
    if rnn:
        gates = hs  # an RNN's only gate is its state
    else:
        longest = max(rows.stop - rows.start for _, rows, _ in chunks)
        gates = data.new_empty(len(data) if keep else longest, width)
    W, b, b_hn = _input_weights(cell, w_ih, b_ih, b_hh)
    loops = _loops(kind)
    prepared = loops.prepare(cell, w_hh, backwards=False)
    for sizes, rows, before in chunks:
        part = _part(gates, rows) if keep or rnn else gates[: rows.stop - rows.start]
        _input_product(_part(data, rows), W, b, out=part[:, : len(W)])
        h_0, C_0 = _start(h, hs, before), _start(C, Cs, before)
        loops.forward(cell, part, sizes, h_0, C_0, prepared, b_hn, _part(hs, rows), _part(Cs, rows))
    return hs, Cs, gates if keep and not rnn else None


def backward(
    cell, batch_sizes, kind, needs, grad_hs, grad_Cs, data, h, C, w_ih, w_hh, b_ih, b_hh,
    gates, hs, Cs,
):  # fmt: skip
    """The gradients by data, h, C, w_ih, w_hh, b_ih, b_hh; None where ``needs`` says False.

    Args:
        cell: as in :func:`forward`, like the others that are not named here.
        batch_sizes: as a tuple.
        kind: of the loops.
        needs: for each of the seven whether its gradient is wanted.
        grad_hs: (N, H), or None for zero.
        grad_Cs: (N, H), or None for zero.
        data: (N, D).
        h: (B, H).
        C: (B, H) or None.
        w_ih: (G·H, D).
        w_hh: (G·H, H).
        b_ih: (G·H,) or None.
        b_hh: (G·H,) or None.
        gates: what :func:`forward` returned, like ``hs`` and ``Cs``.
        hs: (N, H).
        Cs: (N, H) or None.

    Source: backpropagation through time, Werbos (1990); the formulas stand in ``loops.py``.
    """
    H, lstm = w_hh.shape[1], cell == "lstm"
    width = len(python_loops.BLOCKS[cell]) * H
    hs, Cs = hs.contiguous(), Cs.contiguous() if lstm else None  # not so after vmap
    gates = hs if gates is None else gates.contiguous()
    chunks = list(_chunks(batch_sizes, CHUNK // width))
    W, _, _ = _input_weights(cell, w_ih, None, None)
    d_h = h.new_zeros(h.shape)
    d_C = h.new_zeros(h.shape) if lstm else None
    d_data = torch.empty_like(data) if needs[0] else None
    d_W = torch.zeros_like(W) if needs[3] else None
    d_w_hh = torch.zeros_like(w_hh) if needs[4] else None
    d_b = data.new_zeros(width) if needs[5] or needs[6] else None
    longest = max(rows.stop - rows.start for _, rows, _ in chunks)
    d_gates = data.new_empty(longest, width)
    loops = _loops(kind)
    prepared = loops.prepare(cell, w_hh, backwards=True)
    for sizes, rows, before in reversed(chunks):
        part = d_gates[: rows.stop - rows.start]
        h_0, C_0 = _start(h, hs, before), _start(C, Cs, before)
        gates_, hs_, Cs_ = _part(gates, rows), _part(hs, rows), _part(Cs, rows)
        grads = _part(grad_hs, rows), _part(grad_Cs, rows)
        loops.backward(cell, gates_, sizes, h_0, C_0, prepared, hs_, Cs_, *grads, part, d_h, d_C)
        by_input = part[:, : len(W)]
        if d_W is not None:
            _add_input_product(d_W, by_input, _part(data, rows))
        if d_data is not None:
            torch.mm(by_input, W, out=_part(d_data, rows))
        if d_b is not None:
            d_b.add_(part.sum(0))
        if d_w_hh is not None:
            _add_hidden_products(cell, d_w_hh, part, gates_, h_0, hs_, sizes)
    if cell == "gru_reset_after":
        d_W, d_b_ih, d_b_hh = _in_torch_order(H, d_W, d_b)
    else:
        d_b_ih = d_b_hh = d_b
    return (
        d_data,
        d_h if needs[1] else None,
        d_C if needs[2] else None,
        d_W,
        d_w_hh,
        d_b_ih if needs[5] else None,
        d_b_hh if needs[6] else None,
    )


def _chunks(
    batch_sizes: tuple[int, ...], most: int
) -> Iterator[tuple[tuple[int, ...], slice, slice | None]]:
    """Cut the steps into chunks of at most ``most`` rows (but at least one step).

    Yields the batch sizes of the chunk's steps, its rows, and the rows of the step before it.
    """
    first = row = 0
    before = None
    while first < len(batch_sizes):
        last, end = first + 1, row + batch_sizes[first]
        while last < len(batch_sizes) and end + batch_sizes[last] - row <= most:
            end += batch_sizes[last]
            last += 1
        yield batch_sizes[first:last], slice(row, end), before
        before = slice(end - batch_sizes[last - 1], end)
        first, row = last, end


def _part(x: Tensor | None, rows: slice) -> Tensor | None:
    """Some rows, or all of them without the price of a view."""
    return x if x is None or len(x) == rows.stop - rows.start else x[rows]


def _start(first: Tensor | None, states: Tensor | None, before: slice | None) -> Tensor | None:
    """The state that a chunk starts from."""
    return first if before is None or states is None else states[before]


def _input_weights(cell, w_ih, b_ih, b_hh):
    """The weights and bias of the input product in the order of ``BLOCKS``, and b_hn."""
    if cell != "gru_reset_after":
        biases = [b for b in (b_ih, b_hh) if b is not None]
        return w_ih, sum(biases[1:], biases[0]) if biases else None, None
    third = len(w_ih) // 3
    W = w_ih.roll(third, 0)  # r z n becomes n r z
    b = None if b_ih is None else b_ih.roll(third, 0)
    if b_hh is None:
        return W, b, None
    of_gates = torch.cat([torch.zeros_like(b_hh[:third]), b_hh[: 2 * third]])
    return W, of_gates if b is None else b + of_gates, b_hh[2 * third :]


def _in_torch_order(H, d_W, d_b):
    """The gradients of the order n r z m as those of w_ih, b_ih (r z n) and b_hh (r z m)."""
    d_w_ih = None if d_W is None else d_W.roll(-H, 0)
    if d_b is None:
        return d_w_ih, None, None
    return d_w_ih, d_b[: 3 * H].roll(-H, 0), d_b[H:]


def _input_product(data, W, b, out) -> None:
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
        d_W.addmm_(by_input.T, data)


def _add_hidden_products(cell, d_w_hh, part, gates, h_0, hs, sizes) -> None:
    """Add what a chunk contributes to the gradient of the hidden weights."""
    H, n = hs.shape[1], sizes[0]
    first, later = h_0[:n], _predecessors(hs, sizes)
    if cell == "gru_reset_before":  # its candidate saw r·h in the place of h
        before = torch.cat([first, later])
        d_w_hh[: 2 * H].addmm_(part[:, : 2 * H].T, before)
        d_w_hh[2 * H :].addmm_(part[:, 2 * H :].T, before.mul_(gates[:, :H]))
        return
    by_hidden = part[:, H:] if cell == "gru_reset_after" else part
    d_w_hh.addmm_(by_hidden[:n].T, first)
    d_w_hh.addmm_(by_hidden[n:].T, later)


def _predecessors(hs: Tensor, sizes: tuple[int, ...]) -> Tensor:
    """For each row after the first step the row that its sequence had one step earlier."""
    if sizes[0] == sizes[-1]:
        return hs[: len(hs) - sizes[0]]  # all steps alike: a view
    rows = torch.tensor(sizes, device=hs.device)
    earlier = rows[:-1].repeat_interleave(rows[1:], output_size=len(hs) - sizes[0])
    return hs[torch.arange(sizes[0], len(hs), device=hs.device) - earlier]


# ----------------------------------------------------------------------------- autograd

SETTINGS = 3  # the first arguments of both functions below are no tensors: cell, sizes, kind


class Recurrence(torch.autograd.Function):
    """The forward pass, with the backward pass by hand behind it."""

    @staticmethod
    def forward(cell, batch_sizes, kind, *inputs):
        return forward(cell, batch_sizes, kind, *inputs)

    @staticmethod
    def setup_context(ctx, inputs, output):
        hs, Cs, gates = output
        ctx.settings = inputs[:SETTINGS]
        ctx.save_for_backward(*inputs[SETTINGS:], gates, hs, Cs)
        ctx.set_materialize_grads(False)
        if gates is not None:
            ctx.mark_non_differentiable(gates)

    @staticmethod
    def backward(ctx, grad_hs, grad_Cs, _):
        needs = ctx.needs_input_grad[SETTINGS:]
        tensors = (grad_hs, grad_Cs, *ctx.saved_tensors)
        if grad_hs is None and grad_Cs is None:
            grads = [None] * len(needs)
        elif is_watched(tensors):
            found = iter(RecurrenceBackward.apply(*ctx.settings, needs, *tensors))
            grads = [next(found) if need else None for need in needs]
        else:
            grads = backward(*ctx.settings, needs, *tensors)
        return (None,) * SETTINGS + tuple(grads)

    @staticmethod
    def vmap(info, in_dims, cell, batch_sizes, kind, *inputs):
        """Mapped sequences are more rows of the batch; mapped weights are run one by one."""
        dims = in_dims[SETTINGS:]
        data, h, C, *weights = inputs
        if any(dim is not None for dim in dims[3:]):
            return _one_by_one(Recurrence, info, in_dims, (cell, batch_sizes, kind, *inputs))
        sizes = tuple(n * info.batch_size for n in batch_sizes)
        folded = [
            _fold(x, dim, info.batch_size) for x, dim in zip((data, h, C), dims[:3], strict=True)
        ]
        outputs = Recurrence.apply(cell, sizes, kind, *folded, *weights)
        unfolded = [x if x is None else x.unflatten(0, (-1, info.batch_size)) for x in outputs]
        return tuple(unfolded), tuple(None if x is None else 1 for x in unfolded)

    @staticmethod
    def jvp(ctx, *tangents):
        raise _no_forward_mode()


class RecurrenceBackward(torch.autograd.Function):
    """The backward pass, whose own derivative replays the reference engine."""

    @staticmethod
    def forward(cell, batch_sizes, kind, needs, *tensors):
        grads = backward(cell, batch_sizes, kind, needs, *tensors)
        return tuple(g for g, need in zip(grads, needs, strict=True) if need)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.cell, ctx.batch_sizes, _, ctx.needs = inputs[: SETTINGS + 1]
        # Of the tensors, the last three (gates, hs, Cs) follow from the others.
        ctx.save_for_backward(*inputs[SETTINGS + 1 : -3])
        ctx.set_materialize_grads(False)

    @staticmethod
    def backward(ctx, *grads):
        from rnnbook.engines import reference

        given = ctx.saved_tensors  # grad_hs, grad_Cs, data, h, C, w_ih, w_hh, b_ih, b_hh
        present = [x is not None for x in given]

        def first_gradients(*tensors):
            values = iter(tensors)
            grad_hs, grad_Cs, *inputs = (next(values) if there else None for there in present)

            def states(*wanted):
                wanted = iter(wanted)
                data, h, C, *weights = (
                    next(wanted) if need else x for x, need in zip(inputs, ctx.needs, strict=True)
                )
                state = (h,) if C is None else (h, C)
                outputs = reference.run(ctx.cell, data, ctx.batch_sizes, state, Weights(*weights))
                upstream = (grad_hs, grad_Cs)[: len(outputs)]
                return tuple(
                    x for x, grad in zip(outputs, upstream, strict=True) if grad is not None
                )

            wanted = [x for x, need in zip(inputs, ctx.needs, strict=True) if need]
            _, pull = torch.func.vjp(states, *wanted)
            return pull(tuple(grad for grad in (grad_hs, grad_Cs) if grad is not None))

        firsts, pull = torch.func.vjp(first_gradients, *(x for x in given if x is not None))
        upstream = tuple(
            torch.zeros_like(first) if grad is None else grad
            for first, grad in zip(firsts, grads, strict=True)
        )
        found = iter(pull(upstream))
        seconds = [next(found) if there else None for there in present]
        return (None,) * (SETTINGS + 1) + (*seconds, None, None, None)

    @staticmethod
    def vmap(info, in_dims, *arguments):
        return _one_by_one(RecurrenceBackward, info, in_dims, arguments)

    @staticmethod
    def jvp(ctx, *tangents):
        raise _no_forward_mode()


def _no_forward_mode() -> NotImplementedError:
    return NotImplementedError(
        "the engine by hand derives backwards only: for forward-mode differentiation "
        '(torch.func.jvp, jacfwd, dual numbers) choose engine="reference"'
    )


def _fold(x: Tensor | None, dim: int | None, count: int) -> Tensor | None:
    """Rows times mapped, in this order, as rows: (N, M, …) to (N·M, …)."""
    if x is None:
        return None
    x = x.unsqueeze(1).expand(-1, count, -1) if dim is None else x.movedim(dim, 1)
    return x.flatten(0, 1)


def _one_by_one(function, info, in_dims, arguments):
    """Apply a function to each mapped example, and stack what it returns."""
    results = []
    for m in range(info.batch_size):
        chosen = (
            x if dim is None or not isinstance(x, Tensor) else x.select(dim, m)
            for x, dim in zip(arguments, in_dims, strict=True)
        )
        results.append(function.apply(*chosen))
    columns = list(zip(*results, strict=True))
    stacked = tuple(None if column[0] is None else torch.stack(column) for column in columns)
    return stacked, tuple(None if x is None else 0 for x in stacked)
