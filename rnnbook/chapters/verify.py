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


def check(
    step: str, left: object, right: object, note: str = "", *, tolerance: float = 1e-10
) -> None:
    r"""Check that both sides of a step are equal, and print the step's number.

    Args:
        step: the number the page shows, for example ``"1.3"``.
        left: SymPy expression or matrix, or a number, array or tensor of numbers.
        right: likewise. If either side is symbolic, the difference must simplify to zero;
            otherwise \|left − right\| ≤ tolerance · max(1, \|right\|) must hold elementwise, where
            a single number is compared with every entry of the other side.
        note: which part of the step it is, where a step has several.
        tolerance: for numbers only, dimensionless.

    Raises:
        FalseStepError: the sides differ, are undefined, have different shapes, or are empty.

    Source: this project's rule that every displayed step is checked by machine.
    """
    symbolic = isinstance(left, sympy.Basic | sympy.MatrixBase) or isinstance(
        right, sympy.Basic | sympy.MatrixBase
    )
    (_check_symbols if symbolic else _check_numbers)(step, left, right, tolerance)
    print(f"✓ ({step}) {'symbolically' if symbolic else 'numerically'}{note and ': ' + note}")


def claim(statement: str, holds: object) -> None:
    """State something that was measured, if it holds; stop the notebook if it does not.

    Args:
        statement: one sentence, with the room that it leaves to chance in it.
        holds: whether it does.

    Raises:
        FalseStepError: it does not hold.

    Source: this project's rule that no number of the text is typed in.
    """
    if not bool(holds):
        raise FalseStepError(f"measured otherwise: {statement}")
    print(f"✓ {statement}")


def check_below(
    step: str, smaller: object, larger: object, note: str = "", *, slack: float = 1e-10
) -> None:
    r"""Check that ``smaller`` ≤ ``larger`` elementwise, and print the step's number.

    Args:
        step: the number the page shows.
        smaller: number, array or tensor.
        larger: likewise; the shapes may differ as NumPy's broadcasting allows.
        note: which part of the step it is, where a step has several.
        slack: room for rounding, relative to ``larger``.

    Raises:
        FalseStepError: the inequality fails or is undefined somewhere, the shapes do not fit, or
            a side is empty.

    Source: this project's rule that every displayed step is checked by machine.
    """
    low, high = _numbers(step, smaller), _numbers(step, larger)
    try:
        np.broadcast_shapes(low.shape, high.shape)
    except ValueError:
        shapes = f"{low.shape} and {high.shape}"
        raise FalseStepError(f"step ({step}) compares shapes {shapes}") from None
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is undefined, and refused as such
        excess = low - high - slack * np.maximum(1, np.abs(high))
    if not np.all(excess <= 0):
        worst = np.nanmax(np.where(np.isnan(excess), np.inf, excess))
        raise FalseStepError(
            f"step ({step}) is false: the left side exceeds the right by {worst:.3g}"
        )
    cases = np.broadcast(low, high).size
    print(f"✓ ({step}) numerically, {cases} cases{note and ': ' + note}")


def _check_symbols(step: str, left: object, right: object, tolerance: float) -> None:
    left, right = sympy.sympify(left), sympy.sympify(right)
    shapes = [getattr(side, "shape", ()) for side in (left, right)]
    if shapes[0] != shapes[1]:
        raise FalseStepError(f"step ({step}) compares shapes {shapes[0]} and {shapes[1]}")
    difference = sympy.simplify(sympy.expand(sympy.simplify(left - right)))
    entries = list(difference) if shapes[0] else [difference]
    if not entries:
        raise FalseStepError(f"step ({step}) compares nothing: both sides are empty")
    if any(entry != 0 for entry in entries):
        raise FalseStepError(f"step ({step}) is false: left − right = {difference}")


def _check_numbers(step: str, left: object, right: object, tolerance: float) -> None:
    a, b = _numbers(step, left), _numbers(step, right)
    if a.shape != b.shape and a.size != 1 and b.size != 1:
        raise FalseStepError(f"step ({step}) compares shapes {a.shape} and {b.shape}")
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is undefined, and refused as such
        error = np.abs(a - b) / np.maximum(1, np.abs(b))
    if not np.all(error <= tolerance):
        worst = np.max(np.where(np.isnan(error), np.inf, error))
        raise FalseStepError(
            f"step ({step}) is false: the sides differ by {worst:.3g}, allowed are {tolerance:.3g}"
        )


def _numbers(step: str, value: object) -> np.ndarray:
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    numbers = np.asarray(value, dtype=float)
    if numbers.size == 0:
        raise FalseStepError(f"step ({step}) compares nothing: a side is empty")
    return numbers
