"""One recurrent unit through time: what the page says against autograd, and what it draws."""

from __future__ import annotations

import re

import pytest
import torch
from explorable_pages import OVERLAP, Seen, number

from rnnbook.widgets import ThroughTime


def unit_by_autograd(phi: str, w: float, b: float, h_0: float, steps: int) -> tuple[float, float]:
    """The last state, and the size of its gradient with respect to the first."""
    start = torch.tensor(h_0, dtype=torch.float64, requires_grad=True)
    h = start
    for _ in range(steps):
        h = torch.tanh(w * h + b) if phi == "tanh" else w * h + b
    h.backward()
    return h.item(), abs(start.grad.item())


class Unit(Seen):
    """What a reader sees of the recurrent unit."""

    @property
    def sentence(self) -> str:
        return self.root.locator("p.sentence").last.text_content()

    def agrees(self) -> None:
        w, b, h_0 = (float(self.field(name).input_value()) for name in ("w", "b", "h_0"))
        steps = int(self.field("steps").input_value())
        phi = self.root.locator('input[type="radio"]:checked').get_attribute("value")
        state, gradient = unit_by_autograd(phi, w, b, h_0, steps)
        chain = self.root.locator(".chain strong")
        assert number(chain.nth(0).text_content()) == pytest.approx(gradient, rel=0.06)
        assert number(chain.nth(1).text_content()) == pytest.approx(abs(w) ** steps, rel=0.06)
        end = self.root.locator(".chart").nth(1).locator("text.value").text_content()
        assert number(end) == pytest.approx(state, rel=0.06, abs=0.006)
        sizes = [unit_by_autograd(phi, w, b, h_0, t)[1] for t in range(1, steps + 1)]
        lasting = [t for t in range(1, steps + 1) if all(size < 1e-3 for size in sizes[t - 1 :])]
        assert ("from step" in self.sentence) == bool(lasting)
        assert not lasting or f"from step {lasting[0]} on" in self.sentence


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"w": -1.3, "b": 0.4, "h_0": -0.6, "steps": 20},
        {"w": 1.05, "phi": "identity", "b": 0.1, "steps": 90},
        {"w": -1, "phi": "identity", "b": 0.3, "h_0": 0.4},
    ],
)
def test_page_says_the_numbers_of_autograd(show, arguments):
    unit = Unit(show(ThroughTime(**arguments)))
    unit.agrees()
    unit.slider("b").press("ArrowRight")
    unit.agrees()


@pytest.mark.parametrize("width", [390, 800])
def test_presets_show_what_they_name_and_keep_labels_off_the_gradient(show, width):
    unit = Unit(show(ThroughTime(), width=width))
    chart = unit.root.locator(".chart").nth(3)
    found = {}
    for button in unit.root.locator(".chips button").all():
        button.click()
        unit.agrees()
        found[button.text_content()] = unit.sentence
        labels = [chart.element_handle(), "text.value.q-h", ".line"]
        assert unit.page.evaluate(OVERLAP, labels) == 0
    assert "below a thousandth" in found["Vanishing"]
    assert "below a thousandth" in found["Saturated"]
    assert "down to" in found["At the edge"]
    assert "grown to" in found["Exploding"]
    assert "grown to" in found["Exploding, linear"]
    assert "1.00 at step 100: nothing is lost" in found["Carousel"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"w": 3, "h_0": 0.8}, "1.2·10⁻⁴⁵ at step 30"),
        ({"w": 4, "phi": "identity", "steps": 200}, "2.6·10¹²⁰ at step 200"),
        ({"w": 0}, "0 at step 30"),
        ({"w": 1, "h_0": 0.8, "steps": 100}, None),
    ],
)
def test_gradient_leaves_the_picture_with_an_arrow_and_its_number(show, arguments, said):
    unit = Unit(show(ThroughTime(**arguments)))
    unit.agrees()
    chart = unit.root.locator(".chart").nth(3)
    frame = chart.locator("clipPath rect")
    top, height = (float(frame.get_attribute(name)) for name in ("y", "height"))
    assert chart.locator("g[clip-path] .line").count() == 1, "the frame cuts it off"
    exit_, words = chart.locator(".exit.q-h").get_attribute("d"), chart.locator("text")
    assert (said in words.all_text_contents()) == (said is not None)
    assert bool(exit_) == (said is not None)
    if said:
        tip = [float(part) for part in re.findall(r"-?[\d.]+", exit_)]
        assert min(abs(tip[1] - top), abs(tip[1] - top - height)) < 7
    if arguments["w"] == 0:
        assert "exactly 0 from step 1 on" in unit.sentence


def test_axis_of_the_state_stands_still_while_its_start_is_in_a_hand(show):
    unit = Unit(show(ThroughTime(phi="identity", w=1.02, h_0=0.9)))
    handle = unit.handle("State at the start")
    ticks = unit.root.locator(".chart").nth(1).locator(".tick.end")
    before = ticks.all_text_contents()
    handle.hover()
    unit.page.mouse.down()
    box = handle.locator(".dot").bounding_box()
    unit.page.mouse.move(box["x"] + 8, box["y"] + 33)
    assert ticks.all_text_contents() == before
    unit.page.mouse.up()
    unit.agrees()


def test_text_says_its_gradient_and_no_size_of_it_is_judged():
    """Adam divides by the gradient's own size: a thousandth is as good as one."""
    state, gradient = unit_by_autograd("tanh", 0.7, 0.2, 0.5, 10)
    text = ThroughTime(w=0.7, b=0.2, h_0=0.5, steps=10).text
    assert f"the state is {state:.3g}" in text
    assert f"is {gradient:.3g} and its bound" in text
    assert not re.search(r"vanished|counts", text + str(ThroughTime.presets))
