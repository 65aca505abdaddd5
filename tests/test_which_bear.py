"""Chapter 9's explorables: their mathematics in two languages, and the hand on them."""

from __future__ import annotations

import pytest
import torch
from explorable_pages import Seen
from test_mathematics_js import javascript

from rnnbook.experiments.choosing import stored_chooser, trace
from rnnbook.widgets import SameWeights, WhichBear
from rnnbook.widgets.same_weights import (
    ANSWER,
    STEPS,
    A,
    B,
    answers,
    command_stream,
    page_weights,
    right,
)
from rnnbook.widgets.which_bear import DOUBT, MEMORIES, PRESETS
from rnnbook.worlds.bearing import mean_over_cases, shortcut


def by_python(U, w, r, **_):
    every = (w, [U * h for h in MEMORIES], r)
    parts = [torch.tensor(v, dtype=torch.float64) for v in every]
    return mean_over_cases(*parts).item(), shortcut(*parts).item()


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset["name"])
def test_the_pages_mean_is_pythons_over_all_cases(preset):
    state = preset["set"]
    pulls = [state["U"] * h for h in MEMORIES]
    (found,) = javascript("whichBear", [[state["w"], pulls, state["r"]]])
    mean, short = by_python(**state)
    assert found["mean"] == pytest.approx(mean, abs=1e-13)
    assert found["shortcut"] == pytest.approx(short, abs=1e-13)
    assert len(found["cases"]) == 16
    assert sum(case["chance"] for case in found["cases"]) == pytest.approx(1)


def test_presets_show_what_they_say():
    gaps = {
        p["name"]: abs(mean - short) for p in PRESETS for mean, short in [by_python(**p["set"])]
    }
    assert gaps["Doubtful"] > 0.4
    assert gaps["Sure gates"] == pytest.approx(0, abs=1e-12)
    assert gaps["Weak pulls"] < 0.05
    assert gaps["Right by symmetry"] == pytest.approx(0, abs=1e-12)


def test_four_probabilities_are_needed():
    with pytest.raises(ValueError, match="r must have 4 entries; it has 2"):
        WhichBear(r=[0.5, 0.5])


def test_the_try_line_is_ticked_by_sure_bars_and_by_a_small_weight(show):
    page = show(WhichBear())
    mean, short = by_python(**DOUBT)
    assert f"{mean:.2f}" in page.locator(".sentence").inner_text()
    assert f"{short:.2f}" in page.locator(".sentence").inner_text()
    assert page.locator(".done").count() == 0
    bars = Seen(page).handle("How probably each memory bears")
    for _ in range(4):
        bars.press("End")
        bars.press("ArrowRight")
    bars.focus()
    row = page.evaluate("models[0].get('r')")
    assert row == DOUBT["r"] or max(row) <= 1
    box = page.locator(".painted .reach").bounding_box()
    for n, share in enumerate((1, 0, 0, 1)):  # a stroke for each bar
        x = box["x"] + (n + 0.5) / 4 * box["width"]
        page.mouse.click(x, box["y"] + (10 if share else box["height"] - 10))
    assert page.evaluate("models[0].get('r')") == [1, 0, 0, 1]
    assert page.locator(".done").count() == 1
    page.get_by_role("button", name="Reset").click()
    assert page.locator(".done").count() == 0
    Seen(page).field("U").fill("0.2")
    assert page.locator(".done").count() == 1
    page.get_by_role("button", name="Reset").click()
    for n in range(4):  # with no memory heard there is no doubt, and nothing was learnt
        page.mouse.click(box["x"] + (n + 0.5) / 4 * box["width"], box["y"] + box["height"] - 10)
    assert page.evaluate("models[0].get('r')") == [0, 0, 0, 0]
    assert page.locator(".done").count() == 0


# --- one GRU, read in two ways -------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 3, 42])
def test_the_pages_stream_is_pythons_and_copies_what_is_named(seed):
    (theirs,) = javascript("commandStream", [[seed, STEPS]])
    ours = command_stream(seed)
    assert [(s["sign"], s["command"], s["answer"]) for s in theirs] == ours
    assert [command for _, command, _ in ours[:2]] == [0, 1]


@pytest.mark.parametrize("reset", ["before", "after"])
def test_the_pages_gru_is_the_packages(reset):
    stream = command_stream(3)
    x = [[s, *[float(k == c) for k in range(4)]] for s, c, _ in stream]
    (theirs,) = javascript("gruAnswers", [[page_weights(), x, reset == "after"]])
    assert [step["y"] for step in theirs] == pytest.approx(answers(3, reset), abs=1e-12)
    weights = stored_chooser()
    inputs = torch.tensor(x).double().view(1, STEPS, 1, 5)
    h = trace([reset], weights, inputs)["h"][0, :, 0]
    for ours, step in zip(h.tolist(), theirs, strict=True):
        assert step["h"] == pytest.approx(ours, abs=1e-12)


def test_trained_the_units_hold_what_the_page_says_and_the_gates_choose():
    stream = command_stream(3)
    x = [[s, *[float(k == c) for k in range(4)]] for s, c, _ in stream]
    (steps,) = javascript("gruAnswers", [[page_weights(), x, False]])
    for (_, command, _), step in zip(stream, steps, strict=True):
        if command >= 2:
            read, other = (A, B) if command == 2 else (B, A)
            assert step["r"][read] > 0.7
            assert step["r"][other] < 0.15
            assert step["z"][ANSWER] < 0.1


def test_switching_the_convention_breaks_the_answers_that_python_says(show):
    page = show(SameWeights())
    assert (
        f"{right(3, 'before')} of {STEPS} answers are right" in page.locator(".told").inner_text()
    )
    page.get_by_role("radio", name="after").click()
    assert f"{right(3, 'after')} of {STEPS} answers are right" in page.locator(".told").inner_text()
    assert right(3, "before") == STEPS
    assert right(3, "after") < STEPS / 2
    assert page.locator(".done").count() == 1
    assert "The registers' own shares, " in page.locator(".told").inner_text()
    assert f"; with the reset after it, {right(3, 'after')}." in SameWeights().text
