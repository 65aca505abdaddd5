"""Random arguments of the equations and of the recurrences, the same in every run."""

import torch

T, B, D, H, Q = 7, 5, 3, 4, 2  # steps, rows, inputs, units, outputs


def randn(*shape, seed=0, dtype=torch.float64):
    """The same numbers in every dtype, but for their rounding."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).to(dtype)


def arguments(seed=0):
    """Of an equation that squashes x · W_x + h · W_h + b, every one different."""
    shapes = {"x": (B, D), "h": (B, H), "W_x": (D, H), "W_h": (H, H), "b": (H,)}
    return {
        name: randn(*shape, seed=10 * seed + n) for n, (name, shape) in enumerate(shapes.items())
    }


def with_gates(cell, order, gates):
    """One of PyTorch's cells whose gates are constant (a number) or have our weights (a dict).

    `order` is the one in which PyTorch stacks them, a letter for each.
    """
    for parameter in cell.requires_grad_(False).parameters():
        parameter.zero_()
    for n, name in enumerate(order):
        rows = slice(n * H, (n + 1) * H)
        weights = gates[name]
        if isinstance(weights, dict):
            cell.weight_ih[rows] = weights["W_x"].T
            cell.weight_hh[rows] = weights["W_h"].T
            cell.bias_ih[rows] = weights["b"]
        else:
            cell.bias_ih[rows] = weights
    return cell


def recurrence(states, gates, *, steps=T, rows=B, inputs=D, units=H, outputs=Q):
    """Of a function in the form of the post's: inputs, state and params, every tensor different.

    `states` are the tensors of the state, `gates` the triples W_x, W_h, b before the read-out.
    """
    sizes = [(inputs, units), (units, units), (units,)] * gates + [(units, outputs), (outputs,)]
    params = [randn(*size, seed=100 + n) for n, size in enumerate(sizes)]
    state = tuple(randn(rows, units, seed=2 + n) for n in range(states))
    return randn(steps, rows, inputs, seed=1), state, params


def gradients(function, inputs, state, params):
    """Outputs, last state, and the gradients of a loss that weighs all of them unlike."""
    leaves = [tensor.clone().requires_grad_() for tensor in (inputs, *state, *params)]
    first = 1 + len(state)
    outputs, last = function(leaves[0], tuple(leaves[1:first]), leaves[first:])
    loss = sum(
        (randn(*part.shape, seed=50 + n) * part).sum() for n, part in enumerate((outputs, *last))
    )
    return [outputs, *last], torch.autograd.grad(loss, leaves)
