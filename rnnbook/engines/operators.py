"""The engine by hand as PyTorch operators, for ``torch.compile`` and ``torch.export``.

A tracer would unroll the time loop step by step, and cannot look into the compiled one. It sees two
operators instead, ``rnnbook::recur`` and ``rnnbook::recur_backward``, with the shapes that they
return. They differentiate once: compiled graphs know no second derivative. Operators return no
None; what is missing is an empty tensor here.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook.engines.loops import BLOCKS

_INPUTS = "Tensor data, Tensor h, Tensor? C, Tensor w_ih, Tensor w_hh, Tensor? b_ih, Tensor? b_hh"
_SETTINGS = "str cell, SymInt[] batch_sizes, str loops"
_NUMBER_OF_INPUTS = 7

_library = torch.library.Library("rnnbook", "DEF")
_library.define(f"recur({_SETTINGS}, bool keep, {_INPUTS}) -> (Tensor hs, Tensor Cs, Tensor gates)")
_library.define(
    f"recur_backward({_SETTINGS}, bool[] needs, Tensor? grad_hs, Tensor? grad_Cs, {_INPUTS}, "
    "Tensor gates, Tensor hs, Tensor Cs) -> Tensor[]"
)


def recur(
    cell: str,
    batch_sizes: Sequence[int],
    loops: str,
    inputs: tuple[Tensor | None, ...],
    keep: bool,
) -> tuple[Tensor | None, ...]:
    """All hidden states, cell states and gates, by the operator; None for what the cell lacks.

    Args:
        cell: as there.
        batch_sizes: as there.
        loops: as there.
        inputs: data, h_0, C_0, w_ih, w_hh, b_ih, b_hh; None for those that are missing.
        keep: whether the gates are wanted even if nothing is differentiated.

    Source: this project.
    """
    watched = torch.is_grad_enabled() and any(x is not None and x.requires_grad for x in inputs)
    hs, Cs, gates = torch.ops.rnnbook.recur(cell, batch_sizes, loops, keep or watched, *inputs)
    return hs, Cs if cell == "lstm" else None, gates if keep else None


def _recur(cell, batch_sizes, loops, keep, *inputs):
    from rnnbook.engines import by_hand

    kind, data = by_hand.choose(loops, inputs[0]), inputs[0]
    results = by_hand.forward(cell, tuple(batch_sizes), kind, *inputs, keep=keep)
    return tuple(data.new_empty(0) if x is None else x for x in results)


def _fake_recur(cell, batch_sizes, loops, keep, data, h, *weights):
    N, H = data.shape[0], h.shape[1]
    Cs = data.new_empty(N, H) if cell == "lstm" else data.new_empty(0)
    kept = keep and not cell.startswith("rnn")
    gates = data.new_empty(N, len(BLOCKS[cell]) * H) if kept else data.new_empty(0)
    return data.new_empty(N, H), Cs, gates


def _recur_backward(cell, batch_sizes, loops, needs, grad_hs, grad_Cs, *tensors):
    from rnnbook.engines import by_hand

    *inputs, gates, hs, Cs = tensors
    gates, Cs = (x if x.numel() else None for x in (gates, Cs))
    kind = by_hand.choose(loops, inputs[0])
    settings = (cell, tuple(batch_sizes), kind, needs)
    grads = list(by_hand.backward(*settings, grad_hs, grad_Cs, *inputs, gates, hs, Cs))
    if grads[6] is grads[5] and grads[6] is not None:  # an operator's results are no aliases
        grads[6] = grads[6].clone()
    return [inputs[0].new_empty(0) if g is None else g for g in grads]


def _fake_recur_backward(cell, batch_sizes, loops, needs, grad_hs, grad_Cs, *tensors):
    inputs = tensors[:_NUMBER_OF_INPUTS]
    return [
        torch.empty_like(x) if need else inputs[0].new_empty(0)
        for x, need in zip(inputs, needs, strict=True)
    ]


def _setup_context(ctx, inputs, output):
    ctx.cell, ctx.batch_sizes, ctx.loops, _, *tensors = inputs
    hs, Cs, gates = output
    ctx.save_for_backward(*tensors, gates, hs, Cs)
    ctx.mark_non_differentiable(gates)
    ctx.set_materialize_grads(False)


def _differentiate(ctx, grad_hs, grad_Cs, _):
    needs = list(ctx.needs_input_grad[-_NUMBER_OF_INPUTS:])
    if ctx.cell != "lstm":
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
