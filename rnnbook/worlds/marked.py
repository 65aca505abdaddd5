r"""A sum of the numbers that follow a marker: whether a number counts is known one step before it.

The marker is seen at the step before the number. So nothing that comes in with the number tells
whether it counts: the gate has it from :math:`h_{t-1}` or not at all. Chapter 2.
"""

from __future__ import annotations

import torch
from torch import Tensor


def marked_sums(
    batch: int, length: int, chance: float, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    r"""Sums of the numbers that follow a marker.

    .. math:: y_t = y_{t-1} + R_t\,u_t, \qquad R_t = \text{marker}_{t-1}

    with standard normal :math:`u_t`.

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        chance: probability of a marker at a step.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 2), float32: number u, and marker, 0 or 1; sums (T, B), float32.

    Raises:
        ValueError: an argument is outside of its range.

    Source: made for chapter 2.
    """
    if batch < 1 or length < 1:
        raise ValueError(f"batch, length: expected at least 1, given {batch}, {length}")
    if not 0 <= chance <= 1:
        raise ValueError(f"chance: expected a probability in [0, 1], given {chance}")
    numbers = torch.randn(length, batch, generator=generator)
    markers = (torch.rand(length, batch, generator=generator) < chance).float()
    counts = torch.cat([torch.zeros(1, batch), markers[:-1]])
    return torch.stack([numbers, markers], dim=-1), (counts * numbers).cumsum(0)
