"""Checks of single steps of a derivation: a false step stops the notebook.

A chapter has a folded cell beside its displayed steps, with a function under :func:`checked`.
Symbolic sides are compared by SymPy, numbers and tensors in float64.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import sympy
import torch


class FalseStepError(AssertionError):
    """A displayed step does not hold; the message says which one and by how much."""


def checked(function: Callable[[Checks], None]) -> Callable[[Checks], None]:
    """Run the checks of a function at once, in a scope of their own; print one line for all.

    In a chapter, a check cell is one such function; what it needs besides the chapter's own
    names, it makes for itself, so no other cell changes when it is run again::

        # check (1.3), (1.18)
        from rnnbook.chapters.verify import checked

        @checked
        def leak_and_slope(check):
            f, x = sp.symbols("f x", positive=True)
            check("1.3", f * x + x, (f + 1) * x)
            check.below("1.18", torch.sigmoid(many) * (1 - torch.sigmoid(many)), 0.25)

    Args:
        function: takes a :class:`Checks`, calls it for each step.

    Returns:
        The function, so that it can be run again.

    Raises:
        FalseStepError: a step is false, or the function checks none.

    Source: this project's rule that every displayed step is checked by machine.
    """
    checks = Checks()
    function(checks)
    print(checks.summary(function.__name__))
    return function


class Checks:
    """The steps that were checked so far; calling it checks one more."""

    def __init__(self) -> None:
        """Start with none."""
        self.done: dict[str, list[str]] = {}

    def __call__(
        self, step: str, left: object, right: object, note: str = "", *, tolerance: float = 1e-10
    ) -> None:
        """Check that both sides of a step are equal; see :func:`check`."""
        self._keep(step, _equal(_named(step, note), left, right, tolerance))

    def below(
        self, step: str, smaller: object, larger: object, note: str = "", *, slack: float = 1e-10
    ) -> None:
        """Check that one side is nowhere above the other; see :func:`check_below`."""
        self._keep(step, _below(_named(step, note), smaller, larger, slack))

    def summary(self, name: str) -> str:
        """Each step's number and how it was checked, in one line."""
        if not self.done:
            raise FalseStepError(f"{name} checks no step")
        return "; ".join(
            f"({step}) {', '.join(_counted(ways))}" for step, ways in self.done.items()
        )

    def _keep(self, step: str, how: str) -> None:
        self.done.setdefault(step, []).append(how)


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
    print(f"({step}) {_equal(_named(step, note), left, right, tolerance)}{note and ': ' + note}")


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
    print(f"({step}) {_below(_named(step, note), smaller, larger, slack)}{note and ': ' + note}")


def claim(statement: str, holds: object) -> None:
    """State something that was measured, if it holds; stop the notebook if it does not.

    Where the statement is about one number, :func:`measured` prints that number.

    Args:
        statement: one sentence, with the room that it leaves to chance in it.
        holds: whether it does.

    Raises:
        FalseStepError: it does not hold.

    Source: this project's rule that no number of the text is typed in.
    """
    if not bool(holds):
        raise FalseStepError(f"measured otherwise: {statement}")
    print(statement)


def measured(what: str, value: float, low: float, high: float, *, digits: int = 2) -> None:
    """Print a number that was measured, if it lies where the text says.

    The number is rounded, and must be so on every processor: it may not lie so near to the edge of
    what rounds to the same digits that a difference of one in a thousand changes them.

    Args:
        what: what the number is, with its unit.
        value: the number.
        low: the least that the text allows.
        high: the most that the text allows.
        digits: how many are printed, from the first that is not 0.

    Raises:
        FalseStepError: the number is not between ``low`` and ``high``, or too near to an edge.

    Source: this project's rule that a result is a number, not a threshold passed.
    """
    value = float(value)
    if not low <= value <= high:
        raise FalseStepError(f"{what}: {value:.4g} is not between {low:g} and {high:g}")
    texts = {f"{value * factor:.{digits}g}" for factor in (0.999, 1, 1.001)}
    if len(texts) > 1:
        raise FalseStepError(
            f"{what}: {value:.4g} is too near to where its {digits} digits change; "
            f"print {digits - 1 or digits + 1}"
        )
    print(f"{what}: {float(texts.pop()):g}")


def _named(step: str, note: str) -> str:
    return f"step ({step})" + (f", {note}," if note else "")


def _counted(ways: list[str]) -> list[str]:
    """Every way once, with how often it was taken where that is not once."""
    times = {way: ways.count(way) for way in ways}
    return [way if n == 1 else f"{way} {n} times" for way, n in times.items()]


def _equal(name: str, left: object, right: object, tolerance: float) -> str:
    """How the two sides were found equal."""
    sides = (left, right)
    if any(isinstance(side, sympy.Basic | sympy.MatrixBase) for side in sides):
        _check_symbols(name, left, right)
        return "symbolically"
    return f"in {_amount(_check_numbers(name, left, right, tolerance))} to {tolerance:g}"


def _amount(numbers: int) -> str:
    return f"{numbers} number{'s' if numbers > 1 else ''}"


def _below(name: str, smaller: object, larger: object, slack: float) -> str:
    """How the inequality was found to hold."""
    low, high = _numbers(name, smaller), _numbers(name, larger)
    try:
        np.broadcast_shapes(low.shape, high.shape)
    except ValueError:
        shapes = f"{low.shape} and {high.shape}"
        raise FalseStepError(f"{name} compares shapes {shapes}") from None
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is undefined, and refused as such
        excess = low - high - slack * np.maximum(1, np.abs(high))
    if not np.all(excess <= 0):
        worst = np.nanmax(np.where(np.isnan(excess), np.inf, excess))
        raise FalseStepError(f"{name} is false: the left side exceeds the right by {worst:.3g}")
    return f"≤ in {_amount(np.broadcast(low, high).size)}"


def _check_symbols(name: str, left: object, right: object) -> None:
    left, right = sympy.sympify(left), sympy.sympify(right)
    shapes = [getattr(side, "shape", ()) for side in (left, right)]
    if shapes[0] != shapes[1]:
        raise FalseStepError(f"{name} compares shapes {shapes[0]} and {shapes[1]}")
    difference = sympy.simplify(sympy.expand(sympy.simplify(left - right)))
    entries = list(difference) if shapes[0] else [difference]
    if not entries:
        raise FalseStepError(f"{name} compares nothing: both sides are empty")
    if any(entry != 0 for entry in entries):
        raise FalseStepError(f"{name} is false: left − right = {difference}")


def _check_numbers(name: str, left: object, right: object, tolerance: float) -> int:
    """How many numbers were compared."""
    a, b = _numbers(name, left), _numbers(name, right)
    if a.shape != b.shape and a.size != 1 and b.size != 1:
        raise FalseStepError(f"{name} compares shapes {a.shape} and {b.shape}")
    with np.errstate(invalid="ignore"):  # ∞ − ∞ is undefined, and refused as such
        error = np.abs(a - b) / np.maximum(1, np.abs(b))
    if not np.all(error <= tolerance):
        worst = np.max(np.where(np.isnan(error), np.inf, error))
        raise FalseStepError(
            f"{name} is false: the sides differ by {worst:.3g}, allowed are {tolerance:.3g}"
        )
    return max(a.size, b.size)


def _numbers(name: str, value: object) -> np.ndarray:
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    numbers = np.asarray(value, dtype=float)
    if numbers.size == 0:
        raise FalseStepError(f"{name} compares nothing: a side is empty")
    return numbers
