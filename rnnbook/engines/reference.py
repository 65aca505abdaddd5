r"""The reference: the book's equations, one step after the other, differentiated by autograd.

Slow, and the judge of the others: every number that another engine gives must be this one's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from rnnbook.gru import gru_step
from rnnbook.layouts import Weights, to_post
from rnnbook.lstm import lstm_step
from rnnbook.rnn import rnn_step


def run(
    cell: str,
    data: Tensor,
    batch_sizes: Sequence[int],
    state: tuple[Tensor, ...],
    weights: Weights,
) -> tuple[Tensor, ...]:
    """All states of one layer in one direction.

    Args:
        cell: a key of :data:`STEPS`.
        data: rows of all steps, (N, D), laid out as in :class:`rnnbook.batches.Batch`.
        batch_sizes: rows of each step, never increasing.
        state: ``(h_0,)``, or ``(h_0, C_0)`` for the LSTM, each (B, H).
        weights: stacked as ``torch.nn`` stacks them.

    Returns:
        All hidden states (N, H); for the LSTM all cell states, too.

    Source: chapters 0, 6 and 10.
    """
    family, step = cell.split("_")[0], STEPS[cell]
    params = to_post(family, weights, reset_after=cell == "gru_reset_after")
    states = []
    for x in data.split(list(batch_sizes)):
        going_on = (s[: len(x)] for s in state)  # the other sequences have ended
        state = step(x, *going_on, *params)
        states.append(state)
    return tuple(torch.cat(steps) for steps in zip(*states, strict=True))


def _relu_step(x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
    return torch.relu(x @ W_x + h @ W_h + b)


def _reset_after_step(x: Tensor, h: Tensor, *params: Tensor) -> Tensor:
    *params, b_hh = params
    return gru_step(x, h, *params, reset_after=True, b_hh=b_hh)


def _single(step: Callable) -> Callable:
    return lambda *arguments: (step(*arguments),)


STEPS: dict[str, Callable] = {
    "rnn_tanh": _single(rnn_step),
    "rnn_relu": _single(_relu_step),
    "lstm": lstm_step,
    "gru_reset_before": _single(gru_step),
    "gru_reset_after": _single(_reset_after_step),
}
"""One step of each cell: from input and state to the new state, as a tuple."""
