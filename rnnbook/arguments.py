"""The one place that checks numbers: how many, how long, how much, and out of which generator."""

from __future__ import annotations

import operator
from numbers import Real

import torch
from torch import Tensor


def check_whole_numbers(**numbers: tuple[int, int]) -> None:
    """Check that each value is a whole number and not less than the second of its pair.

    Raises:
        TypeError: a value is no whole number.
        ValueError: a value is too small. Both name the argument, what was expected and what given.

    Source: made for :mod:`rnnbook.tasks`.
    """
    for name, (value, least) in numbers.items():
        try:
            operator.index(value)
        except TypeError:
            raise TypeError(f"{name}: expected a whole number, given {value!r}") from None
        check_at_least(name, value, least)


def check_number(name: str, value: float) -> None:
    """Check that a value is a real number.

    Raises:
        TypeError: it is none; the message names the argument.

    Source: made for :mod:`rnnbook.tasks`.
    """
    if not isinstance(value, Real | Tensor):
        raise TypeError(f"{name}: expected a number, given {value!r}")


def check_at_least(name: str, value: float, least: float) -> None:
    """Check that a value is not less than ``least``.

    Raises:
        ValueError: it is less, or NaN; the message names the argument.

    Source: made for :mod:`rnnbook.tasks`.
    """
    if not value >= least:  # so that NaN is refused, too
        raise ValueError(f"{name}: expected at least {least}, given {value}")


def check_generator(generator: torch.Generator) -> None:
    """Check that randomness comes from a generator of ours: ``None`` would be PyTorch's global one.

    Raises:
        TypeError: it is no ``torch.Generator``.
        ValueError: it is one of another device than the CPU.

    Source: made for :mod:`rnnbook.tasks`.
    """
    if not isinstance(generator, torch.Generator):
        raise TypeError(f"generator: expected a torch.Generator, given {type(generator).__name__}")
    if generator.device.type != "cpu":
        raise ValueError(f"generator: expected device cpu, given {generator.device}")
