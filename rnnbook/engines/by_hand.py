r"""The fast engine: the passes by hand, checked, and brought to whoever asks for them.

That is a plain call, autograd and ``torch.func`` (:mod:`rnnbook.engines.derivatives`), or a program
that is compiled or exported (:mod:`rnnbook.engines.operators`).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook.engines import operators, passes, plain
from rnnbook.engines.cells import Cell
from rnnbook.engines.derivatives import Recurrence, is_watched
from rnnbook.engines.passes import Inputs, Results
from rnnbook.shapes import ShapeError


def run(
    cell: Cell,
    data: Tensor,
    batch_sizes: Sequence[int],
    state: tuple[Tensor, ...],
    weights: Sequence[Tensor | None],
    *,
    loops: str = "auto",
    show_gates: bool = False,
) -> Results:
    r"""All states of one layer in one direction.

    Args:
        cell: one that has loops.
        data: (N, D), the rows of all steps one after the other, as in PyTorch's ``PackedSequence``;
            a dense batch (T, B, D) is ``data.flatten(0, 1)`` with ``batch_sizes = [B]``.
        batch_sizes: rows of each step, non-increasing, their sum is N; or one number for all steps.
        state: ``(h_0,)``, for an LSTM ``(h_0, C_0)``, each (B, H) with B = ``batch_sizes[0]``.
        weights: ``(w_ih, w_hh, b_ih, b_hh)`` of ``torch.nn``: (G·H, D), (G·H, H), (G·H,) or None.
        loops: "python", "compiled", "triton", or "auto": compiled where that is possible.
        show_gates: whether to return the gates, too.

    Returns:
        The hidden states of all steps, (N, H); for an LSTM the cell states, too; and with
        ``show_gates`` the gates of all steps, (N, G·H), in the cell's blocks, without a gradient;
        not for an RNN, which has none.

    Raises:
        ValueError: a cell without loops, unknown loops, no row at all, weights with a projection,
            tensors that compute in their own way, or ``loops="compiled"`` or "triton" where that is
            not possible; the message says why.
        ShapeError: names the argument, the shape expected and the shape given.
        TypeError: dtypes or devices differ.
        NotImplementedError: forward-mode differentiation; ``engine="reference"`` can do it.

    Source: the cells' papers are named in ``loops.py``; hoisting the input product out of the loop:
    Appleyard, Kociský & Blunsom (2016).
    """
    if cell.loops is None:
        raise ValueError(f"cell: expected one with loops by hand, given {cell.name}")
    if loops not in ("auto", "python", "compiled", "triton"):
        raise ValueError(f"loops: expected auto, python, compiled or triton, given {loops!r}")
    w_ih, w_hh, b_ih, b_hh, *more = weights
    if more and more[0] is not None:
        raise ValueError('weights: this engine knows no projection; engine="library" does')
    h, C = state if cell.loops.has_cell_state else (*state, None)
    inputs = _checked(cell, batch_sizes, Inputs(data, h, C, w_ih, w_hh, b_ih, b_hh))
    if torch.compiler.is_compiling():
        return operators.recur(cell, batch_sizes, loops, inputs, show_gates)
    if own := plain.computes_itself(inputs):
        raise ValueError(
            f"engine: expected 'reference' or 'auto' with tensors of class {own}, which compute in "
            "their own way, where this engine writes into memory"
        )
    sizes = operators.every_step(batch_sizes, len(inputs.data))
    if is_watched(inputs):
        results = Results(*Recurrence.apply(cell, sizes, loops, *inputs))
    else:
        results = passes.forward(cell, sizes, loops, inputs, keep=show_gates)
    return results if show_gates else results._replace(gates=None)


def _checked(cell: Cell, batch_sizes: Sequence[int], inputs: Inputs) -> Inputs:
    """The inputs, of one dtype; the compiled loops must not be given memory of another size."""
    data, kind = inputs.data, inputs.data.device.type  # "meta" knows no autocast
    if kind != "meta" and torch.is_autocast_enabled(kind):  # the recursion keeps its precision
        dtype = inputs.w_hh.dtype
        inputs = Inputs(*(x if x is None else x.to(dtype) for x in inputs))
        data = inputs.data
    H, D, gates = inputs.h.shape[-1], data.shape[-1], len(cell.gates)
    B = batch_sizes[0] if len(batch_sizes) else 0
    if B < 1:
        raise ValueError(f"batch_sizes: expected at least one step with a row, given {batch_sizes}")
    alike = len(batch_sizes) == 1
    later = [*batch_sizes[1:], 1]
    if not alike and any(n < m for n, m in zip(batch_sizes, later, strict=True)):
        raise ValueError(
            f"batch_sizes: expected positive and non-increasing numbers, given {batch_sizes}"
        )
    N = data.shape[0] // B * B if alike else sum(batch_sizes)
    shapes = ((N, D), (B, H), (B, H), (gates * H, D), (gates * H, H), (gates * H,), (gates * H,))
    for name, tensor, shape in zip(_NAMES, inputs, shapes, strict=True):
        if tensor is None:
            continue
        if tensor.shape != shape:
            raise ShapeError(f"{name}: expected shape {shape}, given {tuple(tensor.shape)}")
        if tensor.dtype != data.dtype or tensor.device != data.device:
            raise TypeError(
                f"{name}: expected {data.dtype} on {data.device} like data, "
                f"given {tensor.dtype} on {tensor.device}"
            )
    return inputs


_NAMES = ("data", "h_0", "C_0", "w_ih", "w_hh", "b_ih", "b_hh")  # as the caller knows them
