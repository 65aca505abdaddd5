"""The checker of derivations must let true steps pass and stop at every kind of false one."""

import math

import numpy as np
import pytest
import sympy as sp
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.chapters.verify import FalseStepError, check, check_below, checked, measured

a, b = sp.symbols("a b", real=True)
NUMBERS = st.floats(-1e6, 1e6)


TRUE_STEPS = {
    "binomial": ((a + b) ** 2, a**2 + 2 * a * b + b**2),
    "double angle": (sp.sin(2 * a), 2 * sp.sin(a) * sp.cos(a)),
    "logistic": (sp.exp(a) / (1 + sp.exp(a)), 1 / (1 + sp.exp(-a))),
    "derivative": (sp.diff(sp.tanh(a), a), 1 - sp.tanh(a) ** 2),
    "symbol and number": (sp.sin(a) ** 2 + sp.cos(a) ** 2, 1),
    "matrices": (sp.Matrix([[a + a, b]]), sp.Matrix([[2 * a, b]])),
    "numbers": (0.1 + 0.2, 0.3),
    "a list and a tensor": ([1, 2], torch.tensor([1.0, 2.0], requires_grad=True)),
    "each entry and one number": (np.full((2, 3), 0.5), 0.5),
    "float32 and float64": (torch.tensor(0.25), torch.tensor(0.25, dtype=torch.float64)),
}

FALSE_STEPS = {
    "binomial without its middle": ((a + b) ** 2, a**2 + b**2),
    "wrong sign": (sp.diff(sp.cos(a), a), sp.sin(a)),
    "off by a constant": (a + 1, a),
    "one entry of a matrix": (sp.Matrix([a, b]), sp.Matrix([a, 2 * b])),
    "matrices of two shapes": (sp.Matrix([a, b]), sp.Matrix([[a, b]])),
    "a matrix and a number": (sp.Matrix([1]), sp.Integer(1)),
    "empty matrices": (sp.Matrix(0, 0, []), sp.Matrix(0, 0, [])),
    "symbolic: not a number": (sp.nan, sp.Integer(0)),
    "symbolic: two infinities": (sp.oo, sp.zoo),
    "symbol against a number that is not one": (a, math.nan),
    "numbers": (0.1, 0.2),
    "one entry": (torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.0, 3.1])),
    "shapes": (np.ones((2, 3)), np.ones((3, 2))),
    "shapes that NumPy would broadcast": (np.ones((3, 1)), np.ones(3)),
    "not a number on the left": (math.nan, 1.0),
    "not a number on both sides": (math.nan, math.nan),
    "not a number in one entry": ([1.0, math.nan], [1.0, 1.0]),
    "infinite on one side": (math.inf, 1.0),
    "infinite on both sides": (math.inf, math.inf),
    "nothing on both sides": ([], []),
    "nothing on one side": (torch.zeros(0, 3), 0.0),
}


@pytest.mark.parametrize("sides", TRUE_STEPS.values(), ids=TRUE_STEPS.keys())
def test_a_true_step_passes_in_both_directions_and_its_number_is_printed(sides, capsys):
    left, right = sides
    check("1.5", left, right)
    check("1.5", right, left)
    symbolic = any(isinstance(s, sp.Basic | sp.MatrixBase) for s in sides)
    count = 0 if symbolic else max(torch.as_tensor(side).numel() for side in sides)
    numbers = f"in {count} number{'s' if count > 1 else ''} to 1e-10"
    assert capsys.readouterr().out == 2 * f"(1.5) {'symbolically' if symbolic else numbers}\n"


@pytest.mark.parametrize("sides", FALSE_STEPS.values(), ids=FALSE_STEPS.keys())
def test_a_false_step_is_stopped_in_both_directions_and_named(sides, capsys):
    for left, right in (sides, sides[::-1]):
        with pytest.raises(FalseStepError, match=r"step \(0\.12\)"):
            check("0.12", left, right)
    assert capsys.readouterr().out == ""


def test_a_false_step_is_an_assertion_error_that_says_by_how_much():
    with pytest.raises(AssertionError, match=r"differ by 0\.5, allowed are 1e-10"):
        check("1", 1.5, 1.0)
    with pytest.raises(AssertionError, match=r"left − right = 2\*a\*b"):
        check("1", (a + b) ** 2, a**2 + b**2)
    with pytest.raises(AssertionError, match=r"compares shapes \(2, 3\) and \(3, 2\)"):
        check("1", np.ones((2, 3)), np.ones((3, 2)))


@given(NUMBERS, st.floats(1e-9, 1e-3))
def test_numbers_may_differ_by_the_tolerance_relative_to_the_right_side_and_no_more(x, tolerance):
    room = tolerance * max(1, abs(x))
    check("1", x + 0.9 * room, x, tolerance=tolerance)
    check("1", x - 0.9 * room, x, tolerance=tolerance)
    for wrong in (x + 1.1 * room, x - 1.1 * room):
        with pytest.raises(FalseStepError):
            check("1", wrong, x, tolerance=tolerance)


def test_tolerance_zero_asks_for_the_same_bits():
    check("1", 0.5, 0.5, tolerance=0)
    with pytest.raises(FalseStepError):
        check("1", 0.1 + 0.2, 0.3, tolerance=0)


# --- inequalities --------------------------------------------------------------------------------


@given(NUMBERS, st.floats(1e-6, 10))
def test_an_inequality_passes_and_its_reverse_does_not(x, distance):
    distance *= max(1, abs(x))
    check_below("1", x, x + distance)
    with pytest.raises(FalseStepError):
        check_below("1", x + distance, x)


def test_an_inequality_counts_its_cases(capsys):
    check_below("0.8", torch.zeros(4, 3), torch.ones(4, 1))
    check_below("0.8", 1.0, 1.0, "the right part")
    assert capsys.readouterr().out == (
        "(0.8) ≤ in 12 numbers\n(0.8) ≤ in 1 number: the right part\n"
    )


@pytest.mark.parametrize(
    ("smaller", "larger", "message"),
    [
        ([0, 2.5, 0], 1, "exceeds the right by 1.5"),
        (math.nan, 1, "exceeds"),
        (0, math.nan, "exceeds"),
        (math.inf, math.inf, "exceeds"),
        ([[0, math.nan]], 1, "exceeds"),
        ([], 1, "compares nothing"),
        (1, torch.zeros(0, 2), "compares nothing"),
        (np.zeros(2), np.ones(3), r"compares shapes \(2,\) and \(3,\)"),
    ],
)
def test_a_false_or_undefined_inequality_is_stopped(smaller, larger, message, capsys):
    with pytest.raises(FalseStepError, match=rf"step \(0\.8\).*{message}"):
        check_below("0.8", smaller, larger)
    assert capsys.readouterr().out == ""


def test_an_inequality_leaves_room_for_rounding_only():
    check_below("1", 1 + 0.9e-10, 1)
    with pytest.raises(FalseStepError):
        check_below("1", 1 + 1.1e-10, 1)
    with pytest.raises(FalseStepError):
        check_below("1", 1 + 1e-12, 1, slack=0)


# --- a function of checks ------------------------------------------------------------------------


def test_checks_of_a_function_print_one_line_and_leave_no_name_behind(capsys):
    names = set(globals())

    @checked
    def three_steps(check):
        left = torch.ones(2, 3)
        check("1.3", a + a, 2 * a)
        check("1.5", left, left)
        check("1.5", a - a, 0, "the difference")
        check("1.5", 0 * a, 0, "nothing")
        check.below("1.18", left, 2)

    assert capsys.readouterr().out == (
        "(1.3) symbolically; (1.5) in 6 numbers to 1e-10, symbolically 2 times; "
        "(1.18) ≤ in 6 numbers\n"
    )
    assert set(globals()) == names
    assert callable(three_steps), "it can be run again"


def test_a_false_step_of_a_function_stops_it_with_its_number_and_note(capsys):
    with pytest.raises(FalseStepError, match=r"step \(1\.4\), the series, is false"):

        @checked
        def wrong(check):
            check("1.3", 1, 1)
            check("1.4", 1, 2, "the series")

    with pytest.raises(FalseStepError, match=r"step \(1\.8\) is false: the left side exceeds"):

        @checked
        def too_large(check):
            check.below("1.8", 2, 1)

    assert capsys.readouterr().out == ""


def test_a_function_that_checks_nothing_is_refused():
    with pytest.raises(FalseStepError, match="idle checks no step"):

        @checked
        def idle(check):
            pass


# --- numbers that were measured ------------------------------------------------------------------


def test_a_measured_number_is_printed_rounded(capsys):
    measured("error as a share of the leak's", 0.4712, 0.4, 0.55)
    measured("steps", torch.tensor(1234.0), 1000, 2000, digits=1)
    assert capsys.readouterr().out == "error as a share of the leak's: 0.47\nsteps: 1000\n"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.6, "0.6 is not between 0.4 and 0.55"),
        (0.3, "is not between"),
        (math.nan, "is not between"),
        (0.4651, "too near to where its 2 digits change; print 1"),
        (0.4648, "too near"),
    ],
)
def test_a_measured_number_outside_or_at_an_edge_is_refused(value, said, capsys):
    with pytest.raises(FalseStepError, match=f"^error: .*{said}"):
        measured("error", value, 0.4, 0.55)
    assert capsys.readouterr().out == ""
