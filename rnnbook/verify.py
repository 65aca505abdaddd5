"""Checks of single steps of a derivation: a false step stops the notebook.

A chapter calls :func:`check` in a folded cell beside every displayed step. Symbolic sides are
compared by SymPy, numbers and tensors in float64.
"""

from __future__ import annotations

import numpy as np
import sympy
import torch


class FalseStepError(AssertionError):
    """A displayed step does not hold; the message says which one and by how much."""


def check(step: str, left: object, right: object, *, tolerance: float = 1e-10) -> None:
    r"""Check that both sides of a step are equal, and print the step's number.

    Args:
        step: the number the page shows, for example ``"1.3"``.
        left: SymPy expression or matrix, or a number, array or tensor of numbers.
        right: likewise. If either side is symbolic, the difference must simplify to zero;
            otherwise \|left − right\| ≤ tolerance · max(1, \|right\|) must hold elementwise.
        tolerance: for numbers only, dimensionless.

    Raises:
        FalseStepError: the sides differ, or have different shapes.

    Source: this project's rule that every displayed step is checked by machine.
    """
    symbolic = isinstance(left, sympy.Basic | sympy.MatrixBase) or isinstance(
        right, sympy.Basic | sympy.MatrixBase
    )
    (_check_symbols if symbolic else _check_numbers)(step, left, right, tolerance)
    print(f"✓ ({step}) {'symbolically' if symbolic else 'numerically'}")


def check_below(step: str, smaller: object, larger: object, *, slack: float = 1e-10) -> None:
    r"""Check that ``smaller`` ≤ ``larger`` elementwise, and print the step's number.

    Args:
        step: the number the page shows.
        smaller: number, array or tensor.
        larger: likewise.
        slack: room for rounding, relative to ``larger``.

    Raises:
        FalseStepError: the inequality fails somewhere.

    Source: this project's rule that every displayed step is checked by machine.
    """
    low, high = _numbers(smaller), _numbers(larger)
    excess = low - high - slack * np.maximum(1, np.abs(high))
    if not np.all(excess <= 0):
        worst = np.nanmax(np.where(np.isnan(excess), np.inf, excess))
        raise FalseStepError(
            f"step ({step}) is false: the left side exceeds the right by {worst:.3g}"
        )
    print(f"✓ ({step}) numerically, {np.broadcast(low, high).size} cases")


def _check_symbols(step: str, left: object, right: object, tolerance: float) -> None:
    difference = sympy.sympify(left) - sympy.sympify(right)
    difference = sympy.simplify(sympy.expand(sympy.simplify(difference)))
    if difference != 0 * difference:
        raise FalseStepError(f"step ({step}) is false: left − right = {difference}")


def _check_numbers(step: str, left: object, right: object, tolerance: float) -> None:
    a, b = _numbers(left), _numbers(right)
    if a.shape != b.shape and a.size != 1 and b.size != 1:
        raise FalseStepError(f"step ({step}) compares shapes {a.shape} and {b.shape}")
    error = np.abs(a - b) / np.maximum(1, np.abs(b))
    if not np.all(error <= tolerance):
        worst = np.max(np.where(np.isnan(error), np.inf, error))
        raise FalseStepError(
            f"step ({step}) is false: the sides differ by {worst:.3g}, allowed are {tolerance:.3g}"
        )


def _numbers(value: object) -> np.ndarray:
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    return np.asarray(value, dtype=float)
