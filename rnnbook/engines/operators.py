"""The engine by hand as PyTorch operators, for ``torch.compile`` and ``torch.export``.

A tracer would unroll the time loop step by step, and cannot look into the compiled one. It sees two
operators instead, ``rnnbook::recur`` and ``rnnbook::recur_backward``, with the shapes that they
return. They differentiate once: compiled graphs know no second derivative. Operators return no
None; what is missing is an empty tensor here. Of a batch of sequences of one length they are told
the number of sequences only, so that one program serves for every number of steps.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from rnnbook.engines import cells, passes
from rnnbook.engines.cells import Cell
from rnnbook.engines.passes import Inputs, Results

_INPUTS = "Tensor data, Tensor h, Tensor? C, Tensor w_ih, Tensor w_hh, Tensor? b_ih, Tensor? b_hh"
_SETTINGS = "str cell, SymInt[] batch_sizes, str loops"

_library = torch.library.Library("rnnbook", "DEF")
_library.define(f"recur({_SETTINGS}, bool keep, {_INPUTS}) -> (Tensor hs, Tensor Cs, Tensor gates)")
_library.define(
    f"recur_backward({_SETTINGS}, bool[] needs, Tensor? grad_hs, Tensor? grad_Cs, {_INPUTS}, "
    "Tensor gates, Tensor hs, Tensor Cs) -> Tensor[]"
)


def every_step(batch_sizes: Sequence[int], rows: int) -> tuple[int, ...]:
    """The rows of each step, where one number may stand for all of them.

    Source: this project.
    """
    if len(batch_sizes) == 1 and batch_sizes[0] > 0:
        return tuple(batch_sizes) * (rows // batch_sizes[0])
    return tuple(batch_sizes)


def recur(
    cell: Cell, batch_sizes: Sequence[int], loops: str, inputs: Inputs, keep: bool
) -> Results:
    """All hidden states, cell states and gates, by the operator; None for what the cell lacks.

    Args:
        cell: one of :data:`rnnbook.engines.cells.CELLS` with loops.
        batch_sizes: rows of each step, or one number for all steps.
        loops: "auto", "python", "compiled" or "triton".
        inputs: data, states and weights.
        keep: whether the gates are wanted even if nothing is differentiated.

    Source: this project.
    """
    watched = torch.is_grad_enabled() and any(x is not None and x.requires_grad for x in inputs)
    settings = (cell.name, batch_sizes, loops, keep or watched)
    hs, Cs, gates = torch.ops.rnnbook.recur(*settings, *inputs)
    kept = keep and cell.loops.keeps_gates
    return Results(hs, Cs if cell.loops.has_cell_state else None, gates if kept else None)


def _recur(name, batch_sizes, loops, keep, *tensors):
    inputs = Inputs(*tensors)
    sizes = every_step(batch_sizes, len(inputs.data))
    results = passes.forward(cells.find(name), sizes, loops, inputs, keep)
    return tuple(inputs.data.new_empty(0) if x is None else x for x in results)


def _fake_recur(name, batch_sizes, loops, keep, *tensors):
    inputs, cell = Inputs(*tensors), cells.find(name).loops
    empty = inputs.data.new_empty
    N, H = inputs.data.shape[0], inputs.h.shape[1]
    kept = keep and cell.keeps_gates
    return (
        empty(N, H),
        empty(N, H) if cell.has_cell_state else empty(0),
        empty(N, len(cell.blocks) * H) if kept else empty(0),
    )


def _recur_backward(name, batch_sizes, loops, needs, grad_hs, grad_Cs, *tensors):
    *inputs, gates, hs, Cs = tensors
    inputs, cell = Inputs(*inputs), cells.find(name)
    results = Results(
        hs, Cs if cell.loops.has_cell_state else None, gates if cell.loops.keeps_gates else None
    )
    sizes = every_step(batch_sizes, len(inputs.data))
    settings = (cell, sizes, loops, Inputs(*needs), grad_hs, grad_Cs)
    grads = passes.backward(*settings, inputs, results)
    return [inputs.data.new_empty(0) if g is None else g.contiguous() for g in grads]


def _fake_recur_backward(name, batch_sizes, loops, needs, grad_hs, grad_Cs, *tensors):
    data = tensors[0]
    return [
        x.new_empty(x.shape) if need else data.new_empty(0)
        for x, need in zip(tensors[: len(needs)], needs, strict=True)
    ]


def _setup_context(ctx, inputs, output):
    ctx.cell, ctx.batch_sizes, ctx.loops, _, *tensors = inputs
    hs, Cs, gates = output
    ctx.save_for_backward(*tensors, gates, hs, Cs)
    ctx.mark_non_differentiable(gates)
    ctx.set_materialize_grads(False)


def _differentiate(ctx, grad_hs, grad_Cs, _):
    needs = list(ctx.needs_input_grad[-len(Inputs._fields) :])
    if not cells.find(ctx.cell).loops.has_cell_state:
        grad_Cs = None
    grads = torch.ops.rnnbook.recur_backward(
        ctx.cell, ctx.batch_sizes, ctx.loops, needs, grad_hs, grad_Cs, *ctx.saved_tensors
    )
    return (
        None, None, None, None, *(g if need else None for g, need in zip(grads, needs, strict=True))
    )  # fmt: skip


for _name, _function, _fake in (
    ("recur", _recur, _fake_recur),
    ("recur_backward", _recur_backward, _fake_recur_backward),
):
    _library.impl(_name, _function, "CompositeExplicitAutograd")
    torch.library.register_fake(f"rnnbook::{_name}", _fake, lib=_library)
torch.library.register_autograd(
    "rnnbook::recur", _differentiate, setup_context=_setup_context, lib=_library
)
