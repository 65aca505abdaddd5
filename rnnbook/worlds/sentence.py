r"""A total that starts anew with each sentence: the past carries half of the evidence. Chapter 1.

A full stop ends a sentence only if a capital letter follows it at the next step. So neither step
alone tells of the reset: the gate needs :math:`h_{t-1}`, which can remember the stop, and
:math:`x_t`, which shows the capital.
"""

from __future__ import annotations

import torch
from torch import Tensor


def sentence_totals(
    batch: int, length: int, stop: float, capital: float, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    r"""Totals since the last sentence began.

    .. math:: y_t = K_t\,y_{t-1} + u_t, \qquad K_t = 1 - \text{stop}_{t-1}\,\text{capital}_t

    with :math:`u_t = \pm 1`, each with probability one half.

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        stop: probability of a full stop at a step.
        capital: probability of a capital letter at a step.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 3), float32: number u, stop and capital, 0 or 1; totals (T, B), float32.

    Raises:
        ValueError: an argument is outside of its range.

    Source: made for chapter 1.
    """
    if batch < 1 or length < 1:
        raise ValueError(f"batch, length: expected at least 1, given {batch}, {length}")
    for name, value in (("stop", stop), ("capital", capital)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name}: expected a probability in [0, 1], given {value}")
    numbers = 2.0 * torch.randint(2, (length, batch), generator=generator) - 1
    stops = (torch.rand(length, batch, generator=generator) < stop).float()
    capitals = (torch.rand(length, batch, generator=generator) < capital).float()
    total, before, totals = torch.zeros(batch), torch.zeros(batch), []
    for u, stop_now, capital_now in zip(numbers, stops, capitals, strict=True):
        total = (1 - before * capital_now) * total + u
        before = stop_now
        totals.append(total)
    return torch.stack([numbers, stops, capitals], dim=-1), torch.stack(totals)
