"""Two gates by hand: the stream, the sum and the error, in Python, in JavaScript, in the page."""

from __future__ import annotations

import itertools

import pytest
import torch
from explorable_pages import number
from test_mathematics_js import javascript

from rnnbook.widgets import ResetByHand
from rnnbook.widgets.reset_by_hand import let_through, wind_and_current
from rnnbook.worlds.pushes import BEARS, NOISE, derived_felt, felt

STREAM = wind_and_current()
WAVES = [[(7 * t % 10) / 10 for t in range(40)], [(3 * t % 10) / 10 for t in range(40)]]


def test_the_sum_is_the_same_in_javascript_and_as_a_product_of_matrices():
    product = torch.tensor(WAVES, dtype=torch.float64) * torch.tensor(STREAM["held"]).double()
    expected = product.sum(0).tolist()
    assert let_through(STREAM["held"], WAVES) == pytest.approx(expected, abs=1e-12)
    (drawn,) = javascript("letThrough", [[STREAM["held"], WAVES]])
    assert drawn == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", [8211, 8387])
def test_the_best_gates_are_the_derived_ones_and_better_than_what_is_simpler(seed):
    stream = wind_and_current(seed)
    v, h = (torch.tensor(stream[k]).double().T for k in ("evidence", "held"))
    ours = let_through(stream["held"], stream["best_gates"])
    best = felt(v, h, *derived_felt(BEARS, NOISE)).tolist()
    assert ours == pytest.approx(best, abs=2e-4), "shares have four decimals"
    widget = ResetByHand(**stream)
    cut = [[float(share >= 0.5) for share in row] for row in stream["best_gates"]]
    rows = [
        [[1.0] * 40] * 2,
        [[share] * 40 for share in widget.best_constants],
        cut,
        stream["best_gates"],
        stream["bears"],
    ]
    errors = [widget.error(pair) for pair in rows]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] == 0
    assert errors[3] < 0.65 * errors[1]


def test_the_best_constants_are_those_of_least_squares():
    h = torch.tensor(STREAM["held"]).double().T
    y = torch.tensor(let_through(STREAM["held"], STREAM["bears"])).double()
    exact = torch.linalg.lstsq(h, y[:, None]).solution.flatten().tolist()
    assert ResetByHand().best_constants == pytest.approx(exact, abs=0.006)


def test_sides_turn_now_and_then_and_either_bears_now_and_then():
    for held, bears in zip(STREAM["held"], STREAM["bears"], strict=True):
        assert 1 <= sum(a != b for a, b in itertools.pairwise(held)) <= 4
        assert 9 <= sum(bears) <= 24
        assert set(held) == {-1, 1}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"held": STREAM["held"]}, "needs bears, evidence, best_gates too"),
        ({"first": [1.0]}, r"first, second must be two rows of 40 steps; found \[1, 40\]"),
        ({"more": {"Learnt": [[0.0] * 40]}}, r"Learnt must be two rows of 40 steps; found \[40\]"),
    ],
)
def test_rows_that_do_not_fit_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        ResetByHand(**arguments)


def test_a_stroke_sets_one_memorys_bars_and_the_sentence_has_the_step(show):
    page = show(ResetByHand(first=[0.5] * 40, second=[0.3] * 40))
    bars = page.locator(".painted")
    assert bars.count() == 2
    box = bars.nth(1).locator(".reach").bounding_box()
    y = box["y"] + box["height"] - 4
    page.mouse.move(box["x"] + 4, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, y, steps=8)
    page.mouse.up()
    first, second = (page.evaluate(f"models[0].get('{name}')") for name in ("first", "second"))
    assert (first, second) == ([0.5] * 40, [0.0] * 40)
    said = page.locator(".sentence").inner_text()
    assert said.startswith("Step 40: 0.50 · 1 + 0.00 · 1 = 0.50."), said
    told = number(said.rsplit("error is", 1)[1])
    assert told == pytest.approx(ResetByHand().error([first, second]), abs=0.006)


def test_open_at_the_marks_is_right_and_the_best_gates_are_shown_when_asked(show):
    page = show(ResetByHand())
    assert page.get_by_text("best by the evidence").count() == 0
    page.get_by_role("button", name="Open at the marks").click()
    assert number(page.locator(".sentence").inner_text().rsplit("error is", 1)[1]) == 0
    page.get_by_role("button", name="Show the best gates").click()
    assert page.get_by_text("best by the evidence").count() == 1
    page.get_by_label("hidden").check()
    assert page.get_by_text("◆").count() == 0


def test_while_the_marks_are_hidden_the_error_is_not_told(show):
    page = show(ResetByHand(marks="hidden"))
    told = f"{ResetByHand().error([[1.0] * 40] * 2):.2f}"
    said = page.locator(".sentence").inner_text()
    assert said.endswith("Your gates' error is told with the marks."), said
    row = STREAM["evidence"]
    seen = f"Evidence: wind {row[0][0]:.2f}, current {row[1][0]:.2f}."
    assert seen.replace("-", "−") in said
    assert page.get_by_text("?", exact=True).count() == 1
    page.get_by_label("shown").check()
    assert f"error is {told}" in page.locator(".sentence").inner_text()
    assert page.get_by_text("?", exact=True).count() == 0
