"""The counter by hand: its JavaScript against the recursion, its picture, its gestures."""

from __future__ import annotations

import math

import pytest
from explorable_pages import Seen, drag, number
from test_mathematics_js import javascript

from rnnbook.widgets import CountByHand
from rnnbook.widgets.count_by_hand import MOST, PRESETS
from rnnbook.worlds.counter import count_after, longest_count

CASES = [
    (n, m, f, ga, gb)
    for n, m in [(0, 0), (1, 0), (3, 3), (12, 11), (40, 40)]
    for f in (0.0, 0.5, 0.97, 1.0)
    for ga, gb in [(1.0, -1.0), (0.9, -0.7), (-0.4, 0.2)]
]


def test_the_count_is_the_same_in_javascript_and_by_its_recursion():
    found = javascript("countAfter", [list(case) for case in CASES])
    for (n, m, f, ga, gb), drawn in zip(CASES, found, strict=True):
        held = 0.0
        for k in range(n + m):
            held = f * held + (ga if k < n else gb)
        assert drawn == pytest.approx(held, abs=1e-9)
        ours = count_after(n, m, keep=(f, f), write=(ga, gb))
        assert ours.item() == pytest.approx(held, abs=1e-9)


@pytest.mark.parametrize("f", [0.0, 0.5, 0.9, 0.99, 0.9995, 1.0])
@pytest.mark.parametrize("gb", [-1.0, -0.9, -0.5, 0.3])
def test_how_far_it_counts_is_the_same_in_javascript_and_in_python(f, gb):
    (ours,) = javascript("longestCount", [[f, 1.0, gb, 0.5, 200]])
    assert ours == longest_count(f, write=(1.0, gb), theta=0.5, most=200)


def test_the_presets_do_what_their_notes_say():
    reached = {preset["name"]: CountByHand(**preset["set"]).longest for preset in PRESETS}
    assert reached["Keep a half"] == 1
    assert reached["Keep 0.9"] == 2
    assert reached["Keep 0.999"] == 22, "ten times as far"
    equal = CountByHand(**{**PRESETS[3]["set"], "w_b": -2.0})
    assert equal.longest == 7
    assert reached["Unequal writes"] > 2 * equal.longest


def test_its_text_says_the_numbers_of_the_counter():
    counter = CountByHand(b_f=math.log(99), b_i=0.0, w_a=1.0, w_b=-1.0)
    assert "keeps f = 0.99 at each step" in counter.text
    assert "an a writes 0.381, a b writes −0.381" in counter.text
    assert "up to n = 7." in counter.text


@pytest.mark.parametrize(
    "arguments",
    [{}, {"b_f": 5.0, "n": 9, "step": 3}, {"b_f": 4.6, "w_b": -1.2, "n": 40, "step": 60}],
)
def test_every_number_follows_from_the_state(show, arguments):
    counter = CountByHand(**arguments)
    seen = Seen(show(counter))
    f, g_a, g_b = counter.gates
    t, n = min(int(counter.step), 2 * int(counter.n)), int(counter.n)
    held = [0.0]
    for k in range(2 * n):
        held.append(f * held[-1] + (g_a if k < n else g_b))
    w = counter.w_a if t <= n else counter.w_b
    i = 1 / (1 + math.exp(-counter.b_i))
    expected = [held[t], f, held[t - 1], i, math.tanh(w)]
    shown = [number(text) for text in seen.root.locator(".equation .number").all_inner_texts()]
    assert shown == pytest.approx(expected, abs=0.0051)
    wires = seen.root.locator(".wires").text_content()
    for value in (f * held[t - 1], i * math.tanh(w)):
        assert f"{value:.2f}".replace("-", "−") in wires
    dots = seen.root.locator("path.held").get_attribute("d")
    assert dots.count("M") == 2 * n + 1
    assert f"up to n = {counter.longest}." in seen.root.locator("p.sentence").inner_text()


def test_raising_the_forget_bias_alone_does_the_task(show):
    page = show(CountByHand())
    seen = Seen(page)
    assert seen.root.locator(".guidance.try.done").count() == 0
    reached = []
    for bias in ("3", "4", "5", "5.35"):
        seen.field("b_f").fill(bias)
        reached.append(number(seen.root.locator("p.sentence").inner_text()))
    assert reached == sorted(reached)
    assert reached[-1] == 10
    assert seen.root.locator(".guidance.try.done").count() == 1


def test_the_second_task_is_done_by_the_other_weight_alone(show):
    page = show(CountByHand(b_f=4.6, goal=16))
    seen = Seen(page)
    seen.field("w_b").fill("-1.2")
    assert seen.root.locator(".guidance.try.done").count() == 1


def test_dragging_along_the_lengths_changes_the_string(show):
    page = show(CountByHand())
    seen = Seen(page)
    drag(page, seen.handle("Number n of each letter"), 80)
    n = page.evaluate("models[0].get('n')")
    assert n > 6
    assert f"{n} × a" in seen.root.text_content()
    seen.handle("Letter whose numbers are shown").press("End")
    assert page.evaluate("models[0].get('step')") == 2 * n


def test_a_counter_that_never_breaks_says_so(show):
    page = show(CountByHand(b_f=12.0, n=40))
    assert CountByHand(b_f=12.0).longest > 40
    assert "up to n =" in page.locator("p.sentence").inner_text()
    assert longest_count(1.0, most=MOST) == MOST
