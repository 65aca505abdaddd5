"""The one place that checks plain arguments: how many, how long, how much, whether, out of what."""

from __future__ import annotations

import math
import operator
from numbers import Real
from typing import Any

import torch
from torch import Tensor

GREATEST = 2**63 - 1
"""The greatest whole number that PyTorch takes (int64)."""


def check_whole_numbers(**numbers: tuple[int, int]) -> None:
    """Check that each value is a whole number, from the second of its pair to ``GREATEST``.

    Raises:
        TypeError: a value is no whole number, or a truth value.
        ValueError: a value is too small or too great. Both name the argument, what was expected and
            what given.

    Source: made for :mod:`rnnbook.tasks`.
    """
    for name, (value, least) in numbers.items():
        if _is_truth(value) or not _has_no_axes(value):
            raise TypeError(f"{name}: expected a whole number, given {value!r}")
        try:
            number = operator.index(value)
        except (TypeError, RuntimeError):  # the latter from a tensor without numbers (meta)
            raise TypeError(f"{name}: expected a whole number, given {value!r}") from None
        check_at_least(name, number, least)
        check_at_most(name, number, GREATEST)


def check_number(name: str, value: float) -> None:
    """Check that a value is a real number that PyTorch can compute with: finite, and no bool.

    A tensor without axes is one, too.

    Raises:
        TypeError: it is no number.
        ValueError: it is NaN or infinite, or a whole number beyond ``GREATEST``. Both name the
            argument, what was expected and what given.

    Source: made for :mod:`rnnbook.tasks`.
    """
    is_number = isinstance(value, Real | Tensor) and not _is_truth(value) and _has_no_axes(value)
    if not is_number or (isinstance(value, Tensor) and (value.is_complex() or value.is_meta)):
        raise TypeError(f"{name}: expected a number, given {value!r}")
    if isinstance(value, int):
        check_at_least(name, value, -GREATEST)
        check_at_most(name, value, GREATEST)
    elif not math.isfinite(value):
        raise ValueError(f"{name}: expected a finite number, given {value}")


def check_bool(name: str, value: bool) -> None:
    """Check that a value is ``True`` or ``False``, and not something that counts as one of them.

    Raises:
        TypeError: it is something else; the message names the argument.

    Source: made for ``rnnbook.convert``.
    """
    if not isinstance(value, bool):
        raise TypeError(f"{name}: expected a bool, given {type(value).__name__}")


def _is_truth(value: Any) -> bool:
    """Whether it is a bool, of Python, NumPy or PyTorch: each of them would count as 0 or 1."""
    return isinstance(value, bool) or str(getattr(value, "dtype", "")) in ("bool", "torch.bool")


def _has_no_axes(value: Any) -> bool:
    """Whether it is no array, or one of a single number: () and not (1,)."""
    return getattr(value, "ndim", 0) == 0


def check_at_least(name: str, value: float, least: float) -> None:
    """Check that a value is not less than ``least``.

    Raises:
        ValueError: it is less, or NaN; the message names the argument.

    Source: made for :mod:`rnnbook.tasks`.
    """
    if not value >= least:  # so that NaN is refused, too
        raise ValueError(f"{name}: expected at least {least}, given {value}")


def check_at_most(name: str, value: float, most: float) -> None:
    """Check that a value is not greater than ``most``.

    Raises:
        ValueError: it is greater, or NaN; the message names the argument.

    Source: made for :mod:`rnnbook.tasks`.
    """
    if not value <= most:
        raise ValueError(f"{name}: expected at most {most}, given {value}")


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
