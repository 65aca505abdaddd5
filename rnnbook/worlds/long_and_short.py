r"""One sign is held for long, others only for a step or two: two questions at once. Chapter 10.

At each step a sign comes in, and few signs are orders. Asked for are the last order, which may lie
far back, and something that only the signs of now and of just before decide.
"""

from __future__ import annotations

import torch
from torch import Tensor

from rnnbook.arguments import check_generator, check_whole_numbers

ORDERS = 0.1
"""Chance that a sign is an order."""

PHRASES = 0.5
"""Chance that a phrase begins."""


def long_and_short(
    batch: int, length: int, generator: torch.Generator, *, phrases: bool = False
) -> tuple[Tensor, Tensor]:
    r"""The last order, and whether a sign repeats the one before.

    .. math:: y^{\text{long}}_t = (1 - R_t)\,y^{\text{long}}_{t-1} + R_t\,s_t, \qquad
        y^{\text{short}}_t = s_t\,s_{t-1}

    with :math:`s_t = \pm 1`, of equal chances, :math:`s_0 = 0`, and R, this is an order, 0 or 1.
    The first sign is an order. With ``phrases`` the short question asks for forgetting, too: it is
    the product of all signs of the phrase so far,

    .. math:: y^{\text{short}}_t = s_t \cdot \begin{cases} 1 & N_t = 1 \\
        y^{\text{short}}_{t-1} & N_t = 0 \end{cases}

    where N, a phrase begins, is 0 or 1, and 1 at the first step.

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        generator: source of all randomness.
        phrases: ask for the product of a phrase.

    Returns:
        inputs (T, B, 2), float32: s and R, or (T, B, 3): s, R and N; answers (T, B, 2), float32:
        long and short. Baseline: of either, half are right by chance.

    Raises:
        ValueError: ``batch`` or ``length`` is less than 1.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: made for chapter 10.
    """
    check_whole_numbers(batch=(batch, 1), length=(length, 1))
    check_generator(generator)
    shape = (length, batch)
    signs = 2.0 * torch.randint(2, shape, generator=generator) - 1
    orders, begins = (
        (torch.rand(shape, generator=generator) < chance).float() for chance in (ORDERS, PHRASES)
    )
    orders[0] = begins[0] = 1
    long, product, answers = torch.zeros(batch), torch.ones(batch), []
    for s, order, begin in zip(signs, orders, begins, strict=True):
        long = (1 - order) * long + order * s
        product = s * (begin + (1 - begin) * product)
        answers.append(torch.stack([long, product], -1))
    y = torch.stack(answers)
    if phrases:
        return torch.stack([signs, orders, begins], -1), y
    y[0, :, 1], y[1:, :, 1] = 0, signs[1:] * signs[:-1]
    return torch.stack([signs, orders], -1), y


def long_and_phrase(batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """:func:`long_and_short` with phrases.

    Source: made for chapter 10.
    """
    return long_and_short(batch, length, generator, phrases=True)
