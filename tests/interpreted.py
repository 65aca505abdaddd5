"""What ``test_triton_loops.py`` runs in a process of its own, whose Triton interprets its kernels.

Prints one line of JSON: for each case the largest difference of each tensor, against the reference
engine in float64, and how large the tensor is.
"""

from __future__ import annotations

import json
import sys
import warnings

import torch

from rnnbook.engines import by_hand, reference
from rnnbook.engines.cells import CELLS
from rnnbook.layouts import Weights

SIZES = {  # rows of each step, D, H
    "tile": ((16,) * 4, 3, 16),
    "dense": ((5,) * 6, 3, 7),
    "two tiles": ((19,) * 3, 2, 5),
    "ragged": ((18, 18, 17, 9, 2, 2, 1), 3, 20),
    "one step": ((3,), 2, 30),
    "one unit": ((4, 3, 1), 2, 1),
}


def problem(cell, batch_sizes, D, H, bias):
    generator = torch.Generator().manual_seed(len(batch_sizes) + H)
    rows = {"l": 4, "g": 3}[cell[0]] * H

    def leaf(*shape, scale=1.0):
        numbers = scale * torch.randn(*shape, generator=generator, dtype=torch.float64)
        return numbers.to(torch.float16).double().requires_grad_()  # for float16 reads them exactly

    state = tuple(leaf(batch_sizes[0], H) for _ in range(2 if cell == "lstm" else 1))
    scale = H**-0.5
    biases = (leaf(rows), leaf(rows)) if bias else (None, None)
    return leaf(sum(batch_sizes), D), state, (leaf(rows, D), leaf(rows, H, scale=scale), *biases)


def case(cell, shape, dtype, bias, upstream):
    """All states and all gradients by both; ``upstream`` says at which states gradients arrive."""
    sizes, D, H = SIZES[shape]
    data, state, weights = problem(cell, sizes, D, H, bias)
    wanted = [x for x in (data, *state, *weights) if x is not None]
    record = CELLS[cell]
    exact = reference.run(record, data, sizes, state, Weights(*weights))
    exact = [exact[name] for name in record.states]
    lower = [None if x is None else x.detach().to(dtype).requires_grad_() for x in
             (data, *state, *weights)]  # fmt: skip
    given = lower[0], tuple(lower[1 : 1 + len(state)]), lower[1 + len(state) :]
    found = by_hand.run(record, given[0], sizes, given[1], given[2], loops="triton")
    found = [x for x in found[:2] if x is not None]

    def loss(states):
        if upstream == "one number for all":  # rows that are one and the same, of stride 0
            return states[0].sum()
        if upstream == "half of a wider row":
            wide = torch.cat([states[0], states[0].detach()], 1)
            return (wide * torch.arange(wide.shape[1], dtype=wide.dtype)).sum() / wide.shape[1]
        chosen = states[-1:] if upstream == "last" else states
        return sum(x.double().cos().sum() for x in chosen)

    theirs = [*exact, *torch.autograd.grad(loss(exact), wanted)]
    ours = [*found, *torch.autograd.grad(loss(found), [x for x in lower if x is not None])]
    return [
        [(a.detach().double() - b.detach()).abs().max().item(), b.detach().abs().max().item()]
        for a, b in zip(ours, theirs, strict=True)
    ]


def main() -> None:
    warnings.simplefilter("error")
    print(
        json.dumps([case(c, s, getattr(torch, d), b, u) for c, s, d, b, u in json.load(sys.stdin)])
    )


if __name__ == "__main__":
    main()
