"""The explorables: their Python side, and their life in a real Chromium without a kernel."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest
import torch
from explorable_pages import MOVED, OVERLAP, Seen, drag, middle, number, stored, tick
from test_through_time import Unit

from rnnbook.quantities import QUANTITIES
from rnnbook.widgets import ForgetGate, GruInTime, Quiz, Rerun, ThroughTime
from rnnbook.widgets.explorable import Explorable
from rnnbook.widgets.style import DARK, LIGHT
from tools.browser import violations

ROOT = Path(__file__).parents[1]
QUESTION = "A gate says f = 0.9 for ten steps. How much of `C` is left?"
CHOICES = [
    ("About 0.35 = 0.9^{10}", True, "Every step multiplies by the *same* f."),
    ("0.9", False, "That is after one step."),
    ("Nothing: it is a forget gate", False, "f near 1 means keep."),
]

# ---- Python: arguments, state, text ------------------------------------------------------------


def test_unknown_argument_is_refused_by_name_with_the_valid_ones():
    with pytest.raises(TypeError, match=r"ForgetGate has no argument 'bias'.*w_x, x, w_h, h, b"):
        ForgetGate(bias=1)
    with pytest.raises(TypeError, match=r"no argument 'stepz'. Did you mean 'steps'\?"):
        ThroughTime(stepz=3)


@pytest.mark.parametrize(
    ("widget", "argument", "value"),
    [
        (ForgetGate, "b", 8.1),
        (ForgetGate, "x", -2.5),
        (ForgetGate, "h", math.nan),
        (ForgetGate, "steps", 4),
        (ThroughTime, "w", math.inf),
        (ThroughTime, "h_0", 1.01),
        (ThroughTime, "steps", 30.5),
        (ThroughTime, "phi", "relu"),
    ],
)
def test_value_out_of_range_is_refused_by_name(widget, argument, value):
    with pytest.raises(ValueError, match=rf"{widget.__name__}: {argument} must"):
        widget(**{argument: value})
    present = widget()
    with pytest.raises(ValueError, match=argument):
        setattr(present, argument, value)


@pytest.mark.parametrize("value", ["1", True, None])
def test_number_that_is_none_is_refused_by_its_type(value):
    with pytest.raises(TypeError, match=rf"b must be a number, not {type(value).__name__}"):
        ForgetGate(b=value)


@pytest.mark.parametrize(
    "make", [lambda: ForgetGate(b=2.5), lambda: ThroughTime(w=1), lambda: Quiz(QUESTION, CHOICES)]
)
def test_same_arguments_make_the_same_state(make):
    assert json.dumps(stored(make()), sort_keys=True) == json.dumps(stored(make()), sort_keys=True)


def test_module_of_the_quiz_is_whole_and_asks_no_network():
    widget = Quiz(QUESTION, CHOICES)
    module = widget._esm
    assert "import " not in re.sub(r"//.*|/\*.*?\*/", "", module, flags=re.DOTALL)
    assert set(re.findall(r"https?://[^\"'\s]+", module)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"fetch\(|XMLHttpRequest|eval\(", module)
    assert "url(" not in widget._css
    assert "@import" not in widget._css


def test_style_sheet_carries_every_colour_of_the_table():
    light, dark = ForgetGate._css.split("}", 1)
    for key, quantity in QUANTITIES.items():
        assert f"--q-{key}: {quantity.light};" in light
        assert f"--q-{key}: {quantity.dark};" in dark


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("paper", "scheme"), [(LIGHT, "light"), (DARK, "dark")])
def test_contrast_of_text_is_4_5_and_of_graphics_3(paper, scheme):
    words = {name: paper[name] for name in ("ink", "muted", "accent", "good", "bad")}
    words |= {key: getattr(quantity, scheme) for key, quantity in QUANTITIES.items()}
    for name, colour in words.items():
        assert contrast(colour, paper["surface"]) >= 4.5, name
    assert contrast(paper["muted"], paper["sunk"]) >= 4.5
    assert contrast(paper["edge"], paper["surface"]) >= 3


@pytest.mark.parametrize("widget", [ForgetGate(), ThroughTime(), Quiz(QUESTION, CHOICES)])
def test_display_offers_the_view_and_a_text(widget):
    data, _ = widget._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id
    assert data["text/plain"] == widget.text


def test_text_of_the_forget_gate_says_its_numbers():
    f = torch.sigmoid(torch.tensor(1.5 * 0.8 - 0.4 + 1.0, dtype=torch.float64)).item()
    text = ForgetGate().text
    assert f"= {f:.3g}." in text
    assert f"{math.log(2) / -math.log(f):.3g} steps" in text
    assert "Less than half of a stored value is left after one step" in ForgetGate(b=-2).text


def test_text_of_a_quiz_keeps_the_answer():
    text = Quiz(QUESTION, CHOICES).text
    assert all(choice[0] in text for choice in CHOICES)
    assert not any(choice[2] in text for choice in CHOICES)


@pytest.mark.parametrize(
    ("choices", "error"),
    [
        ([("one", True, "why")], ValueError),
        ([("one", False, "why"), ("two", False, "why")], ValueError),
        ([("one", True, "why"), ("two", True, "why")], ValueError),
        ([("one", True, "why"), ("two", "no", "why")], TypeError),
        ([("one", True), ("two", False)], TypeError),
        (["one", "two"], TypeError),
    ],
)
def test_quiz_refuses_choices_that_are_none(choices, error):
    with pytest.raises(error, match="Quiz: "):
        Quiz("?", choices)


# ---- Python: the control that runs again -------------------------------------------------------


class Picture:
    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"image/svg+xml": "<svg></svg>", "text/plain": "a picture"}


def test_rerun_waits_for_its_button_and_passes_the_values():
    calls = []

    def train(progress: Callable[[int, int], None], **values: Any) -> int:
        calls.append(values)
        progress(3, 4)
        assert (panel.bar.value, panel.bar.max) == (3, 4)
        assert panel.button.disabled
        return 7

    panel = Rerun(train, lambda result: Picture(), T=(10, 50, 10), cell=["LSTM", "RNN"], bias=1.0)
    assert calls == []
    panel.controls["cell"].value = "RNN"
    panel.button.click()
    assert calls == [{"T": 30, "cell": "RNN", "bias": 1.0}]
    assert panel.result.value == "<svg></svg>"
    assert not panel.button.disabled


def test_rerun_says_what_failed_and_can_run_again():
    def train(progress: Callable, n: int) -> str:
        if n > 2:
            raise RuntimeError("n <too> large")
        return "fine & well"

    panel = Rerun(train, n=3)
    panel.button.click()
    assert "RuntimeError: n &lt;too&gt; large" in panel.result.value
    panel.controls["n"].value = 1
    panel.button.click()
    assert panel.result.value == "<pre>fine &amp; well</pre>"


def test_rerun_makes_controls_of_the_right_kind():
    panel = Rerun(
        print, a=(1, 9), b=(0.0, 1.0), c=["u", "v"], d=True, e=3, f=0.5, g=ipywidgets.Text()
    )
    kinds = " ".join(type(part).__name__ for part in panel.controls.values())
    assert kinds == "IntSlider FloatSlider Dropdown Checkbox IntText FloatText Text"
    assert panel.values["a"] == 5
    assert panel.values["b"] == pytest.approx(0.5)


def test_rerun_refuses_what_is_no_control():
    with pytest.raises(TypeError, match=r"n=\{1\} is no control"):
        Rerun(print, n={1})
    with pytest.raises(TypeError, match="function must be callable"):
        Rerun(3)


# ---- the browser: a page with nothing but widgets ----------------------------------------------


def torch_gate(w_x: float, x: float, w_h: float, h: float, b: float) -> float:
    parts = torch.tensor([w_x * x, w_h * h, b], dtype=torch.float64)
    return torch.sigmoid(parts.sum()).item()


def closed_half_life(f: float) -> float:
    return math.log(2) / -math.log(f)


class Gate(Seen):
    """What a reader sees of a forget gate."""

    @property
    def half_life(self) -> float:
        return number(self.root.locator("text", has_text="half-life").text_content())

    def values(self) -> dict[str, float]:
        names = ("w_x", "x", "w_h", "h", "b")
        return {name: float(self.field(name).input_value()) for name in names}

    def agrees(self) -> None:
        """Everything that the page says of f follows, by torch, from what its fields say."""
        f = torch_gate(**self.values())
        assert self.shown("f") == pytest.approx(f, abs=0.006)
        wires = self.root.locator('.wires text[data-term="f"]').text_content()
        assert number(wires) == pytest.approx(f, abs=0.006)
        if closed_half_life(f) >= 0.995:
            assert self.half_life == pytest.approx(closed_half_life(f), rel=0.02)
        else:
            said = self.root.locator("text:visible", has_text="less than half is left")
            assert said.text_content() == "less than half is left after one step"


# ---- the forget gate ---------------------------------------------------------------------------


def test_gate_opens_with_the_numbers_of_its_arguments(show):
    gate = Gate(show(ForgetGate(w_x=2, x=-0.5, w_h=1, h=0.25, b=0.5)))
    assert gate.values() == {"w_x": 2, "x": -0.5, "w_h": 1, "h": 0.25, "b": 0.5}
    assert gate.shown("w_x") == 2
    gate.agrees()


def test_mouse_moves_a_slider(show):
    gate = Gate(show(ForgetGate()))
    slider = gate.slider("b")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    thumb = 20
    rail = box["width"] - thumb
    gate.page.mouse.click(box["x"] + thumb / 2 + 0.8 * rail, box["y"] + box["height"] / 2)
    assert gate.values()["b"] == pytest.approx(-8 + 16 * 0.8, abs=0.2)
    gate.agrees()


@pytest.mark.parametrize("widget", [ForgetGate, ThroughTime])
def test_every_key_moves_the_steps_and_the_ends_are_reached(show, widget):
    gate = Gate(show(widget()))
    slider, field = gate.slider("steps"), gate.field("steps")
    low, high = widget().traits()["steps"].low, widget().traits()["steps"].high

    def press(key: str) -> float:
        before = float(field.input_value())
        slider.press(key)
        return float(field.input_value()) - before

    for start in (low, 6, 13, 37, 52, 77, 123, high - 1):
        for key, sign in (("ArrowRight", 1), ("ArrowLeft", -1), ("ArrowUp", 1), ("ArrowDown", -1)):
            field.fill(str(start))
            room = high - start if sign > 0 else start - low
            assert sign * press(key) >= min(1, room), (start, key)
    for start in (low, 10, 50):
        field.fill(str(start))
        assert press("PageUp") > 3
        assert press("PageDown") < -3
    for start in (low, 60, high - 1):
        for key, end in (("End", high), ("Home", low)):
            field.fill(str(start))
            slider.press(key)
            assert float(field.input_value()) == end


@pytest.mark.parametrize("target", [-2.0, 0.0, 5.0])
def test_dragging_the_working_point_sets_the_bias(show, target):
    gate = Gate(show(ForgetGate()))
    before = gate.values()
    point = gate.handle("Working point")
    chart = gate.root.locator(".chart").first
    left, right = tick(chart, "−8"), tick(chart, "8")
    goal = left + (right - left) * (target + 8) / 16
    drag(gate.page, point, goal - middle(point.locator(".dot"))[0])
    after = gate.values()
    evidence = after["w_x"] * after["x"] + after["w_h"] * after["h"] + after["b"]
    assert evidence == pytest.approx(target, abs=0.12)
    assert {**after, "b": before["b"]} == before
    gate.agrees()


def test_working_point_lies_on_the_curve_of_torch(show):
    gate = Gate(show(ForgetGate(b=-1)))
    chart = gate.root.locator(".chart").first
    x, y = middle(gate.handle("Working point").locator(".dot"))
    left, right = tick(chart, "−8"), tick(chart, "8")
    a = -8 + 16 * (x - left) / (right - left)
    lines = chart.locator(".ticks line")
    zero, one = (lines.nth(k).bounding_box()["y"] for k in (0, 2))
    f = torch_gate(**gate.values())
    assert torch.sigmoid(torch.tensor(a)).item() == pytest.approx(f, abs=0.01)
    assert (y - zero) / (one - zero) == pytest.approx(f, abs=0.01)


def test_dragging_the_half_life_sets_the_bias(show):
    gate = Gate(show(ForgetGate()))
    chart = gate.root.locator(".chart").nth(1)
    mark = gate.handle("Half-life")
    goal = tick(chart, "20")
    drag(gate.page, mark, goal - middle(mark.locator(".dot"))[0])
    assert gate.half_life == pytest.approx(20, rel=0.02)
    assert torch_gate(**gate.values()) == pytest.approx(2 ** (-1 / 20), abs=0.001)
    gate.agrees()


def test_handles_obey_the_keys_of_a_slider(show):
    gate = Gate(show(ForgetGate(w_x=0, w_h=0, b=0)))
    point = gate.handle("Working point")
    point.focus()
    for key, b in [("ArrowRight", 0.1), ("ArrowDown", 0), ("PageUp", 1), ("Home", -8), ("End", 8)]:
        gate.page.keyboard.press(key)
        assert gate.values()["b"] == pytest.approx(b, abs=1e-6), key
    gate.field("b").fill("0")
    gate.handle("Half-life").focus()
    gate.page.keyboard.press("ArrowUp")
    assert gate.half_life == pytest.approx(1.05, abs=0.01)
    gate.page.keyboard.press("End")
    assert gate.half_life == pytest.approx(30, rel=0.02)
    assert "half-life 30.0 steps" in gate.handle("Half-life").get_attribute("aria-valuetext")


@pytest.mark.parametrize("widget", [ForgetGate(), ThroughTime(), Quiz(QUESTION, CHOICES)])
def test_keys_go_no_further_than_the_explorable_but_shortcuts_do(show, widget):
    """VS Code acts on a key that an output lets out: Delete deletes the cell, arrows leave it."""
    page = show(widget)
    page.evaluate("window.heard = []; addEventListener('keydown', (e) => heard.push(e.key))")
    places = page.locator(".rnn-explorable").locator("input, button:enabled:visible, .handle")
    assert places.count() >= 3
    for place in places.all():
        place.focus()
        for key in ("ArrowDown", "ArrowRight", "PageUp", "Home", "Enter", "Space", "Delete", "a"):
            page.keyboard.press(key)
        assert page.evaluate("heard.splice(0)") == []
        for keys in ("Control+j", "Escape", "F10", "Tab"):
            page.keyboard.press(keys)
        assert page.evaluate("heard.splice(0)") == ["Control", "j", "Escape", "F10", "Tab"]


def test_a_handle_is_marked_by_its_halo_and_no_frame(show):
    """VS Code frames whatever has tabindex 0: a square around the point that is being moved."""
    page = show(ForgetGate())
    page.add_style_tag(content='.x [tabindex="0"]:focus { outline: 2px solid red !important }')
    page.evaluate("document.body.classList.add('x')")
    handle = page.locator(".handle").first
    page.keyboard.press("Tab")
    handle.focus()
    assert handle.evaluate("node => getComputedStyle(node).outlineStyle") == "none"
    halo = handle.locator(".halo").evaluate("node => getComputedStyle(node).strokeWidth")
    assert halo == "2.5px"


def test_handles_stop_where_the_bias_ends(show):
    gate = Gate(show(ForgetGate(w_x=6, x=2, w_h=0, b=0)))
    gate.handle("Working point").press("Home")
    assert gate.values()["b"] == -8
    gate.agrees()


def test_scrubbing_a_number_in_the_equation_changes_it(show):
    gate = Gate(show(ForgetGate()))
    x, y = middle(gate.root.locator('.equation [data-term="b"] .number'))
    gate.page.mouse.move(x, y)
    gate.page.mouse.down()
    gate.page.mouse.move(x + 50, y)
    gate.page.mouse.up()
    assert gate.values()["b"] == pytest.approx(2.0, abs=0.05)
    gate.agrees()


@pytest.mark.parametrize("name", ["w_x", "x", "w_h", "h", "b"])
def test_dragging_a_number_on_the_wires_changes_it_as_in_the_equation(show, name):
    for view in (
        '.equation [data-term="{0}"] .number',
        '.wires :is(text.value.scrub[data-term="{0}"], .scrub.box[data-term="{0}"])',
    ):
        gate = Gate(show(ForgetGate(w_x=0.5, x=0.5, w_h=0.5, h=0.25, b=0.5)))
        before = gate.values()
        place = gate.root.locator(view.format(name)).first
        place.scroll_into_view_if_needed()
        x, y = middle(place)
        assert place.evaluate("(node) => getComputedStyle(node).cursor") == "ew-resize"
        assert place.evaluate("(node) => getComputedStyle(node).touchAction") == "pan-y"
        gate.page.mouse.move(x, y)
        gate.page.mouse.down()
        gate.page.mouse.move(x + 20, y)
        gate.page.mouse.up()
        after = gate.values()
        assert after[name] == pytest.approx(before[name] + 20 * 0.02, abs=1e-3), view
        assert {**after, name: before[name]} == before
        gate.agrees()


def test_presets_are_true(show):
    gate = Gate(show(ForgetGate()))
    expected = {
        "PyTorch’s default": (0.5, 1.0),
        "Forget bias 1": (torch.sigmoid(torch.tensor(1.0)).item(), 2.21),
        "Chrono, Tmax = 100": (50 / 51, 35.0),
        "Keep until told": (torch.sigmoid(torch.tensor(4.0)).item(), 38.2),
        "Saturated": (torch.sigmoid(torch.tensor(8.0)).item(), 2067),
    }
    buttons = gate.root.locator(".chips button")
    assert buttons.count() == len(expected)
    for k, (name, (f, half_life)) in enumerate(expected.items()):
        button = buttons.nth(k)
        assert button.text_content() == name
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        assert gate.shown("f") == pytest.approx(f, abs=0.006)
        assert gate.half_life == pytest.approx(half_life, rel=0.01)
        gate.agrees()
    assert gate.root.locator('[aria-pressed="true"]').count() == 1


@pytest.mark.parametrize("widget", [ForgetGate, ThroughTime])
def test_note_of_a_preset_goes_when_the_state_leaves_it(show, widget):
    gate = Gate(show(widget()))
    note = gate.root.locator(".about")
    saturated = gate.root.get_by_role("button", name="Saturated")
    saturated.click()
    assert note.is_visible()
    room = gate.slider("b").evaluate("(node) => node.offsetTop")
    gate.slider("b").press("ArrowLeft")
    assert not note.is_visible()
    assert gate.slider("b").evaluate("(node) => node.offsetTop") == room
    saturated.click()
    assert note.is_visible()
    gate.root.get_by_role("button", name="Reset").click()
    assert not note.is_visible()
    assert note.text_content() == ""
    saturated.click()
    assert note.is_visible()


def test_preset_that_is_met_on_the_way_makes_no_room(show):
    page = show(GruInTime(step=10))
    slider, stage = page.locator("input[type=range]").first, page.locator(".stage")
    at = stage.evaluate("(node) => node.offsetTop")
    for step in range(9, 0, -1):
        slider.press("ArrowLeft")
        assert stage.evaluate("(node) => node.offsetTop") == at, step
    assert page.locator(".about").text_content() == ""


@pytest.mark.parametrize(("b", "steps"), [(-8, 30), (-2, 10), (0, 12), (0, 30), (3, 60)])
def test_what_is_left_is_said_as_a_percentage_or_as_next_to_nothing(show, b, steps):
    gate = Gate(show(ForgetGate(w_x=0, w_h=0, b=b, steps=steps)))
    sentence = gate.root.locator("p.sentence").text_content()
    assert sentence.endswith("is left of the value and, along the cell, of its gradient.")
    left = torch_gate(0, 0, 0, 0, b) ** steps
    if left < 1e-6:
        assert "next to nothing is left of the value" in sentence
        assert "%" not in sentence
    else:
        assert number(sentence.split("steps")[1]) == pytest.approx(100 * left, rel=0.03)


def test_no_half_life_is_said_of_a_memory_that_loses_half_in_one_step(show):
    gate = Gate(show(ForgetGate(w_x=0, w_h=0, b=-0.1)))
    assert gate.root.locator("text", has_text="half-life").count() == 0
    said = "less than half is left after one step"
    assert gate.root.locator("text:visible", has_text=said).count() == 1
    assert said in gate.handle("Half-life").get_attribute("aria-valuetext")
    gate.field("b").fill("0")
    assert gate.half_life == 1


def test_keep_until_told_keeps_until_the_input_tells_it(show):
    gate = Gate(show(ForgetGate()))
    gate.root.get_by_role("button", name="Keep until told").click()
    assert gate.shown("f") == 0.98
    assert "input x to 1" in gate.root.locator(".about").text_content()
    gate.field("x").fill("1")
    assert gate.shown("f") == pytest.approx(0.12, abs=0.005)


def test_chrono_shows_the_units_of_a_draw_of_the_package(show):
    from rnnbook.timescales import chrono_bias

    generator = torch.Generator().manual_seed(0)
    expected = sorted(chrono_bias(16, 100, generator).tolist())
    (preset,) = (preset for preset in ForgetGate.presets if "draw" in preset)
    assert preset["draw"] == pytest.approx(expected, abs=1e-4)
    gate = Gate(show(ForgetGate()))
    units = gate.root.locator(".units")
    note = gate.root.locator("text", has_text="16 units of one draw")
    assert units.get_attribute("d") == ""
    gate.root.get_by_role("button", name="Chrono").click()
    assert note.count() == 1
    ends = re.findall(r"L([\d.]+) ([\d.]+)(?=M|$)", units.get_attribute("d"))
    lines = gate.root.locator(".chart").nth(1).locator(".ticks line")
    zero, one = (float(lines.nth(k).get_attribute("y1")) for k in (0, 2))
    left = [(float(y) - zero) / (one - zero) for _, y in ends]
    assert left == pytest.approx([torch_gate(0, 0, 0, 0, b) ** 100 for b in expected], abs=2e-3)
    gate.slider("b").press("ArrowLeft")
    assert note.count() == 1  # another unit of the draw
    gate.slider("x").press("ArrowRight")
    assert (note.count(), units.get_attribute("d")) == (0, "")


def test_task_of_the_gate_is_ticked_off_where_it_is_done(show):
    page = show(ForgetGate(), ForgetGate(goal=0))
    gate, free = Gate(page, 0), Gate(page, 1)
    tick = gate.root.locator(".guidance .met")
    assert not tick.is_visible()
    place = gate.slider("b").evaluate("(node) => node.offsetTop")
    gate.field("b").fill("1.83")  # and a = 2.63: a half-life of 9.95 steps
    gate.agrees()
    assert gate.half_life == pytest.approx(10, rel=0.02)
    assert tick.is_visible()
    gate.root.get_by_role("status").get_by_text("what was to be found").wait_for(state="attached")
    assert gate.slider("b").evaluate("(node) => node.offsetTop") == place
    gate.field("b").fill("1.9")
    assert not tick.is_visible()
    free.field("b").fill("1.83")
    assert free.root.locator(".met").count() == 0


@pytest.mark.parametrize("width", [390, 800])
@pytest.mark.parametrize("half_life", [0.7, 5, 15, 17, 20, 29, 45, 200, 5000])
def test_half_life_keeps_its_label_off_the_curve(show, width, half_life):
    f = 0.5 ** (1 / half_life)
    b = min(math.log(f) - math.log1p(-f), 8)
    page = show(ForgetGate(w_x=0, w_h=0, b=b), width=width)
    chart = page.locator(".chart").nth(1).element_handle()
    assert page.evaluate(OVERLAP, [chart, "text.value", ".line"]) == 0


def test_a_term_lights_its_partners_in_equation_wires_and_code(show):
    gate = Gate(show(ForgetGate()))
    lit = "[data-shine]"
    assert gate.root.locator(lit).count() == 0
    gate.slider("w_h").focus()
    for view in (".equation", ".wires", ".code"):
        found = gate.root.locator(f"{view} {lit}")
        assert found.count() >= 1
        assert {found.nth(k).get_attribute("data-term") for k in range(found.count())} == {"w_h"}
    gate.root.locator('.code [data-term="x"]').hover()
    assert gate.root.locator('.equation [data-shine][data-term="x"]').count() == 1
    assert gate.root.locator('[data-shine][data-term="w_h"]').count() == 0


def test_code_line_is_the_packages(show):
    import inspect

    from rnnbook.lstm import forget_gate

    gate = Gate(show(ForgetGate()))
    assert gate.root.locator(".code").text_content() in inspect.getsource(forget_gate)


def test_python_can_move_the_gate_too(show):
    gate = Gate(show(ForgetGate()))
    gate.page.evaluate("models[0].set('b', -2.5)")
    assert gate.values()["b"] == -2.5
    gate.agrees()


def test_two_gates_do_not_disturb_each_other(show):
    page = show(ForgetGate(), ForgetGate(b=-2))
    one, other = Gate(page, 0), Gate(page, 1)
    kept = other.values(), other.shown("f")
    one.slider("b").press("End")
    assert one.values()["b"] == 8
    assert (other.values(), other.shown("f")) == kept
    other.handle("Working point").press("PageDown")
    assert other.values()["b"] == pytest.approx(-3)
    assert one.values()["b"] == 8
    one.agrees()
    other.agrees()
    page.wait_for_function("location.hash.includes('forget-gate-2')")
    assert page.evaluate("location.hash") == "#forget-gate=b:8&forget-gate-2=b:-3"


def test_address_brings_the_state_back(show):
    at = "#forget-gate=b:2.5,x:-1&forget-gate-2=w_x:3,steps:77"
    page = show(ForgetGate(), ForgetGate(), at=at)
    one, other = Gate(page, 0), Gate(page, 1)
    assert (one.values()["b"], one.values()["x"]) == (2.5, -1)
    assert (other.values()["w_x"], other.values()["b"]) == (3, 1)
    assert other.field("steps").input_value() == "77"
    one.agrees()
    one.root.get_by_role("button", name="Reset").click()
    page.wait_for_function("!location.hash.includes('forget-gate=')")
    assert one.values()["b"] == 1
    assert "forget-gate-2=w_x:3,steps:77" in page.evaluate("location.hash")


def test_an_anchor_in_the_address_stays_while_nothing_differs(show):
    page = show(ForgetGate(), at="#eq-1")
    gate = Gate(page)
    gate.root.get_by_role("button", name="Reset").click()
    page.wait_for_timeout(600)
    assert page.evaluate("location.hash") == "#eq-1"


def test_link_holds_the_whole_state(show):
    gate = Gate(show(ForgetGate()))
    gate.root.get_by_role("button", name="Copy link").click()
    gate.root.get_by_role("button", name=re.compile("Copied|address bar")).wait_for()
    expected = "#forget-gate=w_x:1.5,x:0.8,w_h:-1,h:0.4,b:1,steps:30"
    assert gate.page.evaluate("location.hash") == expected


def test_in_a_notebook_the_address_is_left_alone(show):
    page = show(ForgetGate())
    page.evaluate(
        """async () => {
          const source = new Blob([models[0].get("_esm")], { type: "text/javascript" });
          const { default: widget } = await import(URL.createObjectURL(source));
          const own = {};
          const model = {
            get: (name) => own[name] ?? models[0].get(name),
            set: (name, value) => (own[name] = value),
            on: () => {}, off: () => {}, save_changes: () => {}, widget_manager: {},
          };
          const el = document.body.appendChild(document.createElement("div"));
          globalThis.end = await widget.render({ model, el });
        }"""
    )
    inside = Gate(page, 1)
    assert inside.root.get_by_role("button", name="Copy link").count() == 0
    inside.slider("b").press("End")
    assert inside.values()["b"] == 8
    page.wait_for_timeout(600)
    assert page.evaluate("location.hash") == ""
    page.evaluate("end()")


def test_changes_are_told_in_words_after_a_pause(show):
    gate = Gate(show(ForgetGate()))
    gate.slider("b").press("Home")
    status = gate.root.get_by_role("status")
    status.get_by_text("less than half is left after one step").wait_for(state="attached")
    assert number(status.text_content().split("f is ")[1]) == pytest.approx(
        torch_gate(**gate.values()), rel=0.05
    )


# ---- the quiz ----------------------------------------------------------------------------------


def test_quiz_says_right_and_wrong_and_why(show):
    page = show(Quiz(QUESTION, CHOICES))
    quiz = page.locator(".rnn-explorable")
    check = quiz.get_by_role("button", name="Check")
    assert check.is_disabled()
    assert not any(hint in quiz.inner_text() for hint in ("Every step", "after one", "mean keep"))
    quiz.get_by_label("0.9", exact=True).check()
    check.click()
    assert "Not so. That is after one step." in quiz.inner_text()
    assert quiz.locator(".verdict").get_attribute("class") == "verdict wrong"
    assert "Right" not in quiz.inner_text()
    quiz.get_by_role("button", name="Try again").click()
    assert "Not so" not in quiz.inner_text()
    quiz.get_by_label("About 0.35").focus()
    page.keyboard.press("Space")
    check.press("Enter")
    assert "Right. Every step multiplies by the same f." in quiz.inner_text()
    assert quiz.locator(".verdict").get_attribute("class") == "verdict right"
    assert quiz.locator(".verdict").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize(("choice", "kind"), [(0, "radio"), (1, "button")])
def test_answer_leaves_the_focus_in_the_quiz(show, choice, kind):
    """The button that was pressed is switched off, and what has no focus gives its keys away."""
    page = show(Quiz(QUESTION, CHOICES))
    page.get_by_role("radio").nth(choice).check()
    page.get_by_role("button", name="Check").press("Enter")
    assert page.evaluate("document.activeElement.closest('.quiz') !== null")
    assert page.evaluate("document.activeElement.type") == kind


def test_quiz_typesets_its_markup_and_only_that(show):
    nasty = '<img src=x onerror="window.broken = 1"> h_{t-1} and `a < b`'
    page = show(Quiz(nasty, CHOICES))
    legend = page.locator("legend")
    assert legend.locator("img").count() == 0
    assert legend.text_content() == '<img src=x onerror="window.broken = 1"> ht−1 and a < b'
    assert legend.locator("code").text_content() == "a < b"
    assert legend.locator("sub").text_content() == "t−1"
    assert page.locator(".choice sup").text_content() == "10"
    assert page.evaluate("window.broken") is None


def test_two_quizzes_are_answered_apart(show):
    page = show(Quiz(QUESTION, CHOICES), Quiz("Again?", CHOICES))
    one, other = (page.locator(".rnn-explorable").nth(k) for k in (0, 1))
    one.get_by_label("0.9", exact=True).check()
    other.get_by_label("Nothing").check()
    assert one.get_by_label("0.9", exact=True).is_checked()
    one.get_by_role("button", name="Check").click()
    assert other.locator(".verdict").text_content() == ""


# ---- on paper ----------------------------------------------------------------------------------


def test_paper_has_the_numbers_and_no_controls(show):
    page = show(ForgetGate(b=2.345), ThroughTime(phi="identity"))
    page.emulate_media(media="print")
    seen = page.locator(".rnn-explorable").locator("input[type=range], input[type=radio], button")
    assert seen.count() > 10
    assert not any(seen.nth(k).is_visible() for k in range(seen.count()))
    assert page.locator(".guidance.try").first.is_hidden()
    field = Gate(page).field("b")
    assert field.is_visible()
    assert field.input_value() == "2.345"
    assert field.evaluate("(node) => getComputedStyle(node).borderStyle") == "none"
    unit = page.locator(".rnn-explorable").nth(1)
    assert unit.locator(".switch label", has_text="identity").is_visible()
    assert not unit.locator(".switch label", has_text="tanh").is_visible()


def test_quiz_on_paper_names_the_right_choice_and_why(show):
    page = show(Quiz(QUESTION, CHOICES))
    answer = page.locator(".printed")
    assert not answer.is_visible()
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Check").is_visible()
    assert page.locator(".choice").count() == 3
    assert answer.inner_text().startswith("The answer: A. About 0.35 = 0.910. Every step")
    letters = page.locator(".choice").evaluate_all(
        "(all) => all.map((node) => getComputedStyle(node, '::before').content)"
    )
    assert letters == ['counter(choice, upper-alpha) "."'] * 3


# ---- everybody can use them --------------------------------------------------------------------


def everything() -> list[Explorable]:
    return [ForgetGate(), ThroughTime(), Quiz(QUESTION, CHOICES)]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_a_quiz(show, theme, width):
    page = show(Quiz(QUESTION, CHOICES), theme=theme, width=width)
    page.get_by_label("0.9", exact=True).check()
    page.get_by_role("button", name="Check").click()
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 620, 1280])
def test_nothing_overflows(show, width):
    page = show(*everything(), width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".rnn-explorable *")]
          .filter((node) => node.matches("text, input, button, .equation, .code"))
          .filter((node) => {
            const frame = node.closest(".rnn-explorable").getBoundingClientRect();
            const box = node.getBoundingClientRect();
            return box.width && (box.left < frame.left - 0.5 || box.right > frame.right + 0.5);
          }).map((node) => node.outerHTML.slice(0, 120))"""
    )
    assert outside == []


@pytest.mark.parametrize("widget", [ForgetGate, ThroughTime])
@pytest.mark.parametrize(("width", "first"), [(390, "controls"), (800, "pictures")])
def test_sliders_stand_before_the_pictures_only_where_it_is_narrow(show, widget, width, first):
    gate = Gate(show(widget(), width=width))
    knobs, picture, formula = (
        gate.root.locator(name).first.bounding_box() for name in (".controls", "svg", ".equation")
    )
    assert formula["y"] < min(knobs["y"], picture["y"])
    assert (knobs["y"] < picture["y"]) == (first == "controls")
    assert (knobs["height"] < 200) or width > 390
    gate.page.set_viewport_size({"width": 1190 - width, "height": 1000})
    gate.page.wait_for_timeout(200)
    knobs, picture = (gate.root.locator(name).first.bounding_box() for name in (".controls", "svg"))
    assert (knobs["y"] < picture["y"]) == (first != "controls")


def test_targets_of_a_quiz_are_large_enough_to_touch(show):
    page = show(Quiz(QUESTION, CHOICES), width=390)
    small = page.evaluate(
        """() => [...document.querySelectorAll(".rnn-explorable *")]
          .filter((node) => node.matches("button, input:not([type=radio]), label, .reach"))
          .filter((node) => !node.hidden)
          .map((node) => [node.outerHTML.slice(0, 80), node.getBoundingClientRect()])
          .filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)"""
    )
    assert small == []


def test_jupyterlab_leaves_the_keys_to_whatever_has_the_focus(show):
    """JupyterLab's shortcuts (arrows, Enter) pass by an element with this mark, and only then."""
    page = show(*everything())
    focusable = ".rnn-explorable :is(input, button, [tabindex])"
    assert page.locator(focusable).count() > 40
    assert page.locator(f"{focusable}:not([data-lm-suppress-shortcuts])").count() == 0


# at w = 1: from 1.5 on, the default, the gradient leaves the picture, and a label comes to say so
@pytest.mark.parametrize(("widget", "name"), [(ForgetGate(), "x"), (ThroughTime(w=1), "w")])
def test_moving_a_slider_writes_only_what_changes(show, widget, name):
    """A frame pays for every write, of the same place too; for a replaced text it pays twice."""
    written = Gate(show(widget)).slider(name).evaluate(MOVED)
    assert written["all"] > 5
    assert written["again"] == []
    assert written["replaced"] == []


@pytest.mark.parametrize(("ink", "scheme"), [("#222", "light"), ("#eee", "dark")])
def test_host_without_a_word_on_its_theme_is_followed_by_its_ink(show, ink, scheme):
    page = show(ForgetGate())
    page.evaluate(
        """async (ink) => {
          document.documentElement.removeAttribute("data-theme");
          document.body.style.color = ink;
          const source = new Blob([models[0].get("_esm")], { type: "text/javascript" });
          const { default: widget } = await import(URL.createObjectURL(source));
          const el = document.body.appendChild(document.createElement("div"));
          widget.render({ model: models[0], el });
        }""",
        ink,
    )
    page.wait_for_function(
        "(scheme) => document.querySelectorAll('.rnn-explorable')[1].dataset.scheme === scheme",
        arg=scheme,
    )


# ---- in the published chapters -----------------------------------------------------------------


@pytest.fixture
def chapter(browser: Any, site_url: str) -> Iterator[Callable[..., Any]]:
    """Open a chapter of the built site, its widgets alive."""
    contexts = []

    def open_page(name: str, at: str = "") -> Any:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 1000}))
        page = contexts[-1].new_page()
        page.goto(f"{site_url}/notebooks/{name}.html{at}")
        page.locator(".rnn-explorable .equation .number").first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()


def place_of(page: Any, label: str) -> int:
    """Which of the page's explorables has this heading."""
    labels = page.locator(".rnn-explorable").evaluate_all("(all) => all.map((n) => n.ariaLabel)")
    return labels.index(label)


def test_published_gate_obeys_keyboard_mouse_and_handle(chapter):
    page = chapter("01_forget_gate")
    gate = Gate(page, place_of(page, ForgetGate().title))
    gate.agrees()
    before = gate.values()
    gate.slider("b").press("ArrowRight")
    assert gate.values() == {**before, "b": pytest.approx(before["b"] + 0.05)}
    gate.agrees()
    box = gate.slider("x").bounding_box()
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] / 2)
    assert gate.values()["x"] == pytest.approx(-2, abs=0.1)
    gate.agrees()
    drag(page, gate.handle("Working point"), 40)
    assert gate.values()["b"] > before["b"] + 1
    gate.agrees()


def test_published_link_opens_at_the_gate_in_its_state(chapter):
    page = chapter("01_forget_gate", "#forget-gate=b:3.25,x:-1.5")
    gate = Gate(page, place_of(page, ForgetGate().title))
    assert (gate.values()["b"], gate.values()["x"]) == (3.25, -1.5)
    gate.agrees()
    page.wait_for_function("scrollY > 500")


def test_published_unit_through_time_is_alive(chapter):
    page = chapter("00_why_gates")
    unit = Unit(page, place_of(page, ThroughTime().title))
    unit.agrees()
    unit.root.get_by_role("button", name="Carousel").click()
    unit.agrees()
