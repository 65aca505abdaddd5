"""The sign by hand: its curve and its errors, in Python, in JavaScript, and by drawing readings."""

from __future__ import annotations

import math

import pytest
import torch
from test_mathematics_js import javascript

from rnnbook.widgets import SignByHand
from rnnbook.widgets.sign_by_hand import (
    KNOTS,
    PRESETS,
    READINGS,
    answer_at,
    curve,
    error,
    errors,
    mean_sign,
)
from rnnbook.worlds.lift import answer_error
from rnnbook.worlds.thread import signs

WORLDS = [(0.8, 0.5), (0.3, 0.2), (2.0, 0.95)]
WAVE = [round(0.5 + 0.45 * math.sin(1.7 * k), 3) for k in range(KNOTS)]


@pytest.mark.parametrize("row", [WAVE, PRESETS[1]["set"]["answers"]], ids=["wave", "logistic"])
def test_curve_runs_straight_between_its_knots_in_both_languages(row):
    v = [-9.0, -3.0, -2.9, -0.125, 0.0, 1.3, 2.99, 3.0, 7.5]
    ours = [answer_at(row, one) for one in v]
    assert javascript("answerAt", [[row, one] for one in v]) == pytest.approx(ours, abs=1e-12)
    assert [answer_at(row, at) for at in READINGS] == pytest.approx([4 * s - 2 for s in row])
    between = (READINGS[7] + READINGS[8]) / 2
    assert answer_at(row, between) == pytest.approx(2 * (row[7] + row[8]) - 2)
    assert (ours[0], ours[-1]) == pytest.approx((4 * row[0] - 2, 4 * row[-1] - 2))


@pytest.mark.parametrize(("noise", "chance"), WORLDS)
def test_mean_of_the_sign_is_that_of_the_oracle(noise, chance):
    v = torch.linspace(-2, 2, 9).double()
    world = signs(noise, chance)
    for one in v:
        (oracle,) = world.posterior_mean({"s": one.view(1)}).tolist()
        assert mean_sign(one.item(), noise, chance) == pytest.approx(oracle, abs=1e-12)
        assert javascript("meanSign", [[one.item(), noise, chance]])[0] == pytest.approx(oracle)


@pytest.mark.parametrize(("noise", "chance"), WORLDS)
def test_errors_are_those_of_many_drawn_readings(noise, chance):
    drawn = signs(noise, chance).sample(1, 400_000, torch.Generator().manual_seed(0))
    s, v = drawn.values["s"][0], drawn.evidence["s"][0]
    mean = torch.tanh(v / noise**2 + 0.5 * math.log(chance / (1 - chance)))
    centred = v - (2 * chance - 1)
    line = s.mean() + (centred * s).mean() / (centred * v).mean() * centred
    expected = {"line": line, "sign": mean.sign(), "mean": mean}
    ours = errors(noise, chance)
    (theirs,) = javascript("leastErrors", [[noise, chance]])
    for name, answer in expected.items():
        assert ours[name] == pytest.approx((s - answer).square().mean().item(), abs=0.01)
        assert theirs[name] == pytest.approx(ours[name], rel=1e-9)
    assert ours["mean"] < min(ours["line"], ours["sign"])


@pytest.mark.parametrize(("noise", "chance"), WORLDS)
def test_error_of_a_curve_is_the_packages_quadrature_of_it(noise, chance):
    def answer(v: torch.Tensor) -> torch.Tensor:
        return torch.tensor([answer_at(WAVE, one) for one in v.tolist()], dtype=torch.float64)

    expected = answer_error(answer, noise, chance)
    assert error(WAVE, noise, chance) == pytest.approx(expected, rel=1e-9)
    assert javascript("answerError", [[WAVE, noise, chance]])[0] == pytest.approx(expected)


def test_no_curve_is_better_than_the_mean_and_its_own_comes_near():
    least = errors()["mean"]
    assert least < error(curve(mean_sign)) < least + 0.002
    moved = [min(share + 0.03, 1) for share in curve(mean_sign)]
    assert error(moved) > error(curve(mean_sign))


def test_a_curve_needs_its_knots():
    with pytest.raises(ValueError, match="answers must have 25 knots; it has 3"):
        SignByHand(answers=[0.5, 0.5, 0.5])


def test_try_line_is_ticked_when_the_curve_beats_line_and_hard_sign(show):
    page = show(SignByHand())
    box = page.locator(".painted .reach").bounding_box()

    def at(v: float, answer: float) -> tuple[float, float]:
        left, wide, high = box["x"] + 10, box["width"] - 20, box["height"] - 16
        return left + (v + 3) / 6 * wide, box["y"] + 8 + (2 - answer) / 4 * high

    assert page.locator(".done").count() == 0
    page.mouse.move(*at(-3, -1))
    page.mouse.down()
    for place in ((-1.3, -1), (1.3, 1), (3, 1)):
        page.mouse.move(*at(*place), steps=4)
    page.mouse.up()
    row = page.evaluate("models[0].get('answers')")
    assert error(row) < min(errors()["line"], errors()["sign"])
    assert page.locator(".sentence").inner_text().endswith(f"is {error(row):.2f}.")
