r"""Memories that may bear on something new: which of them, or who listens to them. Chapter 9.

Two streams for whole cells, :func:`choose_source` and :func:`choose_receiver`; and
:class:`Bearing`, a world of one step, in which the mean over all that may bear is computed by
enumeration.
"""

from __future__ import annotations

import torch
from torch import Tensor

from rnnbook.arguments import check_generator, check_whole_numbers


def choose_source(batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""Two registers and one answer, which copies whichever register is named.

    At each step comes a sign s and one of four commands: store s in register a, store it in b, copy
    a into the answer, copy b into the answer. The first two steps store in a and in b; then the
    commands come at random. All three hold what they hold until they are told otherwise, 0 at
    first.

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 5), float32: s and the four commands, 0 or 1; what the answer should hold
        after each step (T, B, 1), float32.

    Raises:
        ValueError: ``batch`` or ``length`` is less than 1.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: made for chapter 9.
    """
    signs, shape = _signs(batch, length, generator)
    commands = torch.randint(4, shape, generator=generator)
    commands[:2] = torch.arange(2)[:length].unsqueeze(1)
    told = torch.nn.functional.one_hot(commands, 4).float()
    a = b = answer = torch.zeros(batch)
    answers = []
    for s, now in zip(signs, told, strict=True):
        to_a, to_b, from_a, from_b = now.unbind(-1)
        a = a + to_a * (s - a)
        b = b + to_b * (s - b)
        answer = answer + from_a * (a - answer) + from_b * (b - answer)
        answers.append(answer)
    return torch.cat([signs.unsqueeze(-1), told], -1), torch.stack(answers).unsqueeze(-1)


def choose_receiver(batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""One register and two answers, each of which listens to the register or does not.

    At each step comes a sign s. The first step, and then one in three, stores it in the register.
    At all others each of the two answers takes a new value: the register's if it is told to listen,
    at random, else s.

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 4), float32: s; 1 if it is to be stored; for each answer 1 if it listens.
        What the answers should hold after each step (T, B, 2), float32.

    Raises:
        ValueError, TypeError: as in :func:`choose_source`.

    Source: made for chapter 9.
    """
    signs, shape = _signs(batch, length, generator)
    stores = (torch.randint(3, shape, generator=generator) == 0).float()
    stores[0] = 1
    coins = torch.randint(2, (*shape, 2), generator=generator).float()
    listens = coins * (1 - stores).unsqueeze(-1)
    register, answer, answers = torch.zeros(batch), torch.zeros(batch, 2), []
    for s, store, listen in zip(signs, stores, listens, strict=True):
        new = listen * register.unsqueeze(-1) + (1 - listen) * s.unsqueeze(-1)
        answer = torch.where(store.unsqueeze(-1) == 1, answer, new)
        register = register + store * (s - register)
        answers.append(answer)
    given = torch.stack([signs, stores], -1)
    return torch.cat([given, listens], -1), torch.stack(answers)


def _signs(batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, tuple[int, int]]:
    check_whole_numbers(batch=(batch, 1), length=(length, 1))
    check_generator(generator)
    shape = (length, batch)
    return 2.0 * torch.randint(2, shape, generator=generator) - 1, shape
