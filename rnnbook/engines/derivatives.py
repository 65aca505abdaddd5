"""The passes by hand as functions of autograd and of ``torch.func``.

Each function takes its settings first, and then tensors, one by one: autograd sees no tensor that
is inside of something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from rnnbook.engines import passes, reference, torch_private
from rnnbook.engines.passes import Inputs, Results
from rnnbook.layouts import Weights

SETTINGS = 3  # the first arguments of both functions below are no tensors: cell, sizes, loops


def is_watched(tensors: tuple[Tensor | None, ...]) -> bool:
    """Whether somebody differentiates or maps: autograd, torch.func, forward mode.

    Source: this project.
    """
    return (
        (torch.is_grad_enabled() and any(x is not None and x.requires_grad for x in tensors))
        or torch_private.maps_or_differentiates()
        or torch_private.differentiates_forwards()
    )


class Recurrence(torch.autograd.Function):
    """The forward pass, with the backward pass by hand behind it."""

    @staticmethod
    def forward(cell, sizes, loops, *inputs):
        return tuple(passes.forward(cell, sizes, loops, Inputs(*inputs)))

    @staticmethod
    def setup_context(ctx, inputs, output):
        results = Results(*output)
        ctx.settings = inputs[:SETTINGS]
        ctx.save_for_backward(*inputs[SETTINGS:], *results)
        ctx.set_materialize_grads(False)
        if results.gates is not None:
            ctx.mark_non_differentiable(results.gates)

    @staticmethod
    def backward(ctx, grad_hs, grad_Cs, _):
        needs = Inputs(*ctx.needs_input_grad[SETTINGS:])
        saved = ctx.saved_tensors
        if grad_hs is None and grad_Cs is None:
            grads = Inputs(*[None] * len(needs))
        elif any(
            g is not None and torch_private.is_batched_gradient(g) for g in (grad_hs, grad_Cs)
        ):
            cell, sizes, _ = ctx.settings
            grads = _by_reference(cell, sizes, needs, (grad_hs, grad_Cs), _split(saved)[0])
        elif is_watched((grad_hs, grad_Cs, *saved)):
            found = iter(RecurrenceBackward.apply(*ctx.settings, needs, grad_hs, grad_Cs, *saved))
            grads = [next(found) if need else None for need in needs]
        else:
            inputs, results = _split(saved)
            grads = passes.backward(*ctx.settings, needs, grad_hs, grad_Cs, inputs, results)
        return (None,) * SETTINGS + tuple(grads)

    @staticmethod
    def vmap(info, in_dims, cell, sizes, loops, *inputs):
        """Mapped sequences are more rows of the batch; mapped weights are run one by one."""
        dims = Inputs(*in_dims[SETTINGS:])
        if any(dim is not None for dim in dims[3:]):
            return _one_by_one(Recurrence, info, in_dims, (cell, sizes, loops, *inputs))
        sizes = tuple(n * info.batch_size for n in sizes)
        folded = [
            _fold(x, dim, info.batch_size) for x, dim in zip(inputs[:3], dims[:3], strict=True)
        ]
        outputs = Recurrence.apply(cell, sizes, loops, *folded, *inputs[3:])
        unfolded = [x if x is None else x.unflatten(0, (-1, info.batch_size)) for x in outputs]
        return tuple(unfolded), tuple(None if x is None else 1 for x in unfolded)

    @staticmethod
    def jvp(ctx, *tangents):
        raise _no_forward_mode()


class RecurrenceBackward(torch.autograd.Function):
    """The backward pass, whose own derivative replays the reference engine."""

    @staticmethod
    def forward(cell, sizes, loops, needs, grad_hs, grad_Cs, *tensors):
        needs, (inputs, results) = Inputs(*needs), _split(tensors)
        grads = passes.backward(cell, sizes, loops, needs, grad_hs, grad_Cs, inputs, results)
        return tuple(g for g, need in zip(grads, needs, strict=True) if need)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.cell, ctx.sizes, _, needs, *tensors = inputs
        ctx.needs = Inputs(*needs)
        # The results follow from the inputs, so they are not among what is differentiated.
        ctx.save_for_backward(*tensors[: -len(Results._fields)])
        ctx.set_materialize_grads(False)

    @staticmethod
    def backward(ctx, *grads):
        given = ctx.saved_tensors  # grad_hs, grad_Cs, and the inputs
        present = [x is not None for x in given]
        firsts, pull = torch.func.vjp(
            _first_gradients(ctx.cell, ctx.sizes, ctx.needs, present),
            *(x for x in given if x is not None),
        )
        upstream = tuple(
            torch.zeros_like(first) if grad is None else grad
            for first, grad in zip(firsts, grads, strict=True)
        )
        found = iter(pull(upstream))
        seconds = [next(found) if there else None for there in present]
        return (None,) * (SETTINGS + 1) + (*seconds, *[None] * len(Results._fields))

    @staticmethod
    def vmap(info, in_dims, *arguments):
        return _one_by_one(RecurrenceBackward, info, in_dims, arguments)

    @staticmethod
    def jvp(ctx, *tangents):
        raise _no_forward_mode()


def _by_reference(cell, sizes, needs: Inputs, upstream, inputs: Inputs) -> list[Tensor | None]:
    """The gradients by autograd, which has rules for many gradients at once."""
    again = torch.is_grad_enabled()
    with torch.enable_grad():
        inputs = Inputs(
            *(
                x if not need else x.view_as(x) if again else x.detach().requires_grad_()
                for x, need in zip(inputs, needs, strict=True)
            )
        )
        data, h, C, *weights = inputs
        state = (h,) if C is None else (h, C)
        quantities = reference.run(cell, data, sizes, state, Weights(*weights))
        outputs = [quantities[name] for name in cell.states]
        pairs = [(x, g) for x, g in zip(outputs, upstream, strict=False) if g is not None]
        wanted = [x for x, need in zip(inputs, needs, strict=True) if need]
        states, upstream = ([*column] for column in zip(*pairs, strict=True))
        grads = torch.autograd.grad(states, wanted, upstream, create_graph=again, allow_unused=True)
    found = iter(grads)
    return [next(found) if need else None for need in needs]


def _split(tensors: tuple[Tensor | None, ...]) -> tuple[Inputs, Results]:
    count = len(Inputs._fields)
    return Inputs(*tensors[:count]), Results(*tensors[count:])


def _first_gradients(cell, sizes, needs: Inputs, present: list[bool]) -> Callable:
    """The gradients as a function that PyTorch can differentiate, by the reference engine."""

    def gradients(*tensors):
        grad_hs, grad_Cs, *inputs = _filled(present, iter(tensors))

        def states(*wanted):
            wanted = iter(wanted)
            data, h, C, *weights = (
                next(wanted) if need else x for x, need in zip(inputs, needs, strict=True)
            )
            state = (h,) if C is None else (h, C)
            quantities = reference.run(cell, data, sizes, state, Weights(*weights))
            outputs = (quantities[name] for name in cell.states)
            upstream = (grad_hs, grad_Cs)
            return tuple(x for x, g in zip(outputs, upstream, strict=False) if g is not None)

        _, pull = torch.func.vjp(
            states, *(x for x, need in zip(inputs, needs, strict=True) if need)
        )
        return pull(tuple(grad for grad in (grad_hs, grad_Cs) if grad is not None))

    return gradients


def _filled(present: list[bool], values: Iterator[Tensor]) -> Iterator[Tensor | None]:
    return (next(values) if there else None for there in present)


def _no_forward_mode() -> NotImplementedError:
    return NotImplementedError(
        "the engine by hand derives backwards only: for forward-mode differentiation "
        '(torch.func.jvp, jacfwd, dual numbers) choose engine="reference"'
    )


def _fold(x: Tensor | None, dim: int | None, count: int) -> Tensor | None:
    """Rows times mapped, in this order, as rows: (N, M, …) to (N·M, …)."""
    if x is None:
        return None
    x = x.unsqueeze(1).expand(-1, count, *x.shape[1:]) if dim is None else x.movedim(dim, 1)
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
