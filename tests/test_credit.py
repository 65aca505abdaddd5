"""Who gets the credit: what the page says against autograd, and the gestures of its own."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from explorable_pages import Seen, drag, middle, number
from test_credits_of_steps import by_autograd

from rnnbook.widgets import Correction, Credit
from rnnbook.widgets.credit import drawn, natural_norm


class Page(Seen):
    """What a reader sees of the credits, read from the page alone."""

    @property
    def mark(self) -> Any:
        return self.root.get_by_role("slider", name="Step k")

    @property
    def sentence(self) -> str:
        return self.root.locator("p.sentence").text_content()

    @property
    def step(self) -> int:
        return int(self.mark.get_attribute("aria-valuenow"))

    @property
    def state(self) -> tuple[str, float, int, int]:
        names = "['start', 's', 'delay', 'draw']"
        start, *numbers = self.page.evaluate(f"{names}.map((name) => models[0].get(name))")
        return start, numbers[0], int(numbers[1]), int(numbers[2])

    def names(self) -> list[str]:
        return self.root.locator("svg circle.state + text.math").all_text_contents()

    def agrees(self) -> None:
        """Sentence, formula and bars follow, by autograd, from what the knobs say."""
        deltas, credit = by_autograd(*self.state)
        k, T = int(re.search(r"Step (\d+) ", self.sentence)[1]), len(credit)
        size = 1.0 if k == 1 else drawn(self.state[3])["noise"][k - 2].abs().item()
        shown = self.root.locator(".equation .number").all_inner_texts()
        assert log10(shown[0]) == pytest.approx(credit[k - 1], abs=0.03)
        assert log10(shown[1]) == pytest.approx(credit[k - 1] - math.log10(size), abs=0.03)
        assert number(shown[2]) == pytest.approx(size, rel=0.06)
        assert log10(self.sentence.split("‖ = ")[1]) == pytest.approx(deltas[k - 1], abs=0.03)
        said = self.sentence.split("Its credit is ")[1]
        assert log10(said) == pytest.approx(credit[k - 1], abs=0.03)
        if k < T:
            ratio = credit[k - 1] - credit[T - 1]
            assert log10(re.split(r", (?=\d)", said)[1]) == pytest.approx(ratio, abs=0.03)
        ticks = self.root.locator("svg .ticks").first.locator("line")
        low, high = (float(ticks.nth(n).get_attribute("y1")) for n in (0, 4))
        tops = re.findall(r"V([\d.]+)", self.root.locator(".columns").first.get_attribute("d"))
        logs = [-24 + 32 * (low - float(y)) / (low - high) for y in tops]
        assert logs == pytest.approx(np.clip(credit, -24, 8).tolist(), abs=0.03)


def log10(text: str) -> float:
    value = number(text)
    return math.log10(value) if value else -math.inf


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"s": 2, "delay": 20, "step": 9},
        {"start": "orthogonal", "s": 1.25, "draw": 3, "step": 30},
        {"start": "carousel", "delay": 200, "step": 201, "draw": 2},
        # at s = 6 and 200 steps the states are chaotic: the last bit of a sum decides
        {"s": 6, "delay": 90, "draw": 4, "step": 20},
    ],
)
def test_page_says_the_numbers_of_autograd(show, arguments):
    view = Page(show(Credit(**arguments)))
    view.agrees()
    view.slider("delay").press("ArrowRight")
    view.agrees()


def test_step_is_chosen_by_dragging_by_a_click_and_by_pointing(show):
    view = Page(show(Credit(delay=40)))
    first, last = (
        middle(view.root.locator(".ticks").nth(1).get_by_text(t, exact=True)) for t in ("40", "0")
    )
    drag(view.page, view.mark, (last[0] - first[0]) / 2)
    assert view.step == 21
    y = first[1] - 80
    for beside in (-0.4, 0.4):  # of a step: the nearest one is meant
        view.page.mouse.move(first[0] + (last[0] - first[0]) * (10 + beside) / 40, y)
        assert "Step 11 " in view.sentence  # only pointed at
    view.agrees()
    view.page.mouse.move(5, 5)
    assert "Step 21 " in view.sentence
    view.page.mouse.click(first[0] + (last[0] - first[0]) * 3 / 4, y)
    view.page.mouse.move(5, 5)
    assert view.step == 31


def test_step_beyond_the_end_is_the_last_and_comes_back(show):
    view = Page(show(Credit(step=50)))
    view.slider("delay").press("Home")
    assert view.step == 6
    assert view.names() == [f"h{k}" for k in range(1, 7)]
    view.root.get_by_label("carousel").check()
    assert view.names() == [f"C{k}" for k in range(1, 7)]
    assert view.field("s").is_disabled()  # it has no norm
    view.field("delay").fill("80")
    assert view.step == 50
    assert {"C1", "C49", "C50", "C51", "C81"} <= set(view.names())


@pytest.mark.parametrize("kind", [Credit, Correction])
def test_another_draw_keeps_pytorchs_start_pytorchs_and_a_chosen_norm_chosen(show, kind):
    view = Page(show(kind()))
    button = view.root.get_by_role("button", name="Another draw")
    for draw in (1, 2, 3, 4, 0):
        button.click()
        assert view.state == ("random", natural_norm(draw), 60, draw)
    view.page.evaluate("models[0].set('s', 3)")
    button.click()
    assert view.state == ("random", 3, 60, 1)


def test_bar_beyond_the_axis_is_marked_with_its_number(show):
    view = Page(show(Credit(delay=200, step=150)))
    _, credit = by_autograd("random", natural_norm(0), 200, 0)
    values = view.root.locator("svg text.value").all_text_contents()
    assert any(log10(text) == pytest.approx(credit[0], abs=0.03) for text in values)
    assert view.root.locator("svg path.beyond").get_attribute("d").count("Z") > 20
    view.field("delay").fill("40")
    assert view.root.locator("svg text.value").count() == 1


def test_before_the_formula_there_is_none_and_no_bound(show):
    view = Page(show(Correction(delay=20, step=3)))
    _, credit = by_autograd("random", natural_norm(0), 20, 0)
    said = view.sentence.split("correction is ")[1]
    assert log10(said) == pytest.approx(credit[2], abs=0.03)
    assert view.root.locator(".equation, .limits").count() == 0
    assert view.root.locator("input[type=range]").count() == 1
    words = view.root.text_content() + Correction().text
    assert not re.search(r"‖|δ|∂|dL|bound|tanh|norm|gradient", words)
