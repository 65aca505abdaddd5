r"""The reference: the book's equations, one step after the other, differentiated by autograd.

Slow, and the judge of the others: every number that another engine gives must be this one's.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook.engines.cells import Cell
from rnnbook.layouts import Weights


def run(
    cell: Cell,
    data: Tensor,
    batch_sizes: Sequence[int],
    state: tuple[Tensor, ...],
    weights: Weights,
) -> dict[str, Tensor]:
    """All quantities of one layer in one direction, (N, H) each, by their names.

    Args:
        cell: what runs.
        data: rows of all steps, (N, D), laid out as in :class:`rnnbook.batches.Batch`.
        batch_sizes: rows of each step, never increasing; or one number for all steps.
        state: of each of the cell's states what it is before the first step, (B, H).
        weights: stacked as ``torch.nn`` stacks them.

    Source: chapters 0, 6 and 10.
    """
    params, steps = cell.parameters(weights), []
    sizes = batch_sizes[0] if len(batch_sizes) == 1 else list(batch_sizes)
    for x in data.split(sizes):
        going_on = (s[: len(x)] for s in state)  # the other sequences have ended
        steps.append(cell.equations(x, *going_on, *params))
        state = tuple(steps[-1][name] for name in cell.states)
    return {name: torch.cat([step[name] for step in steps]) for name in steps[0]}
