"""Who gets the credit: the numbers against autograd, and the picture in a real Chromium."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np
import pytest
import torch
from explorable_pages import MOVED, Seen, drag, middle, number, stored
from test_mathematics_js import javascript

from rnnbook.experiments import MODELS, LastStep
from rnnbook.widgets import Credit, ThroughTime
from rnnbook.widgets.credit import (
    DRAWS,
    PRESETS,
    UNITS,
    credits_of_steps,
    drawn,
    natural_norm,
)
from tools.browser import violations

SEED = 12  # the page's first draw
STARTS = Credit.start.names

# ---- the numbers: PyTorch's own modules and autograd, with one copy of W_x for each step --------


def by_autograd(start: str, s: float, delay: int, draw: int) -> tuple[list[float], list[float]]:
    """log10 of the norms of dL/dh_k and of each step's dL/dW_x, by autograd."""
    given = drawn(draw)
    carousel = start == "carousel"
    W = given["Q"] if start == "orthogonal" else given["W_h"]
    W = W * (s / torch.linalg.svdvals(W)[0])
    first, b = (given["V"], given["c"]) if carousel else (given["W_x"], given["b"])
    x = torch.zeros(1 + delay, 5, dtype=torch.float64)
    x[0, given["symbol"]] = 1
    x[1:, 4] = given["noise"][:delay]
    copies = [first.clone().requires_grad_() for _ in x]
    h, states = torch.zeros(UNITS, dtype=torch.float64), []
    for x_t, copy in zip(x, copies, strict=True):
        a = copy @ x_t + b
        h = h + torch.tanh(a) if carousel else torch.tanh(a + W @ h)
        states.append(h)
    logits = given["U"] @ h + given["d"]
    loss = torch.nn.functional.cross_entropy(logits, given["symbol"])
    gradients = torch.autograd.grad(loss, [*states, *copies])
    logs = [math.log10(gradient.norm().item()) for gradient in gradients]
    return logs[: len(x)], logs[len(x) :]


CASES = [
    ("random", natural_norm(0), 60, 0),
    ("random", 0.5, 30, 1),
    ("random", 2.0, 60, 2),
    ("random", 6.0, 40, 4),
    ("orthogonal", 1.0, 60, 3),
    ("orthogonal", 1.7, 20, 0),
    ("carousel", 1.0, 200, 1),
    ("random", 1.1, 5, 3),
]


@pytest.mark.parametrize(("start", "s", "delay", "draw"), CASES)
def test_credit_of_every_step_agrees_with_autograd(start, s, delay, draw):
    deltas, credit = credits_of_steps(start, s, delay, draw)
    by_torch = by_autograd(start, s, delay, draw)
    assert deltas.log10().tolist() == pytest.approx(by_torch[0], abs=1e-9)
    assert credit.log10().tolist() == pytest.approx(by_torch[1], abs=1e-9)


def test_javascript_computes_what_autograd_computes():
    """Python's draw and JavaScript's come from the same seed, and from two programs."""
    found = javascript(
        "((start, s, delay, draw) => creditOfSteps(creditDraw(draw), start, s, delay))",
        [[start, s, delay, SEED + draw] for start, s, delay, draw in CASES],
    )
    for got, (start, s, delay, draw) in zip(found, CASES, strict=True):
        deltas, credit = by_autograd(start, s, delay, draw)
        assert got["deltas"] == pytest.approx(deltas, abs=1e-9)
        assert got["credits"] == pytest.approx(credit, abs=1e-9)
        sizes = [1.0, *drawn(draw)["noise"][:delay].abs().tolist()]
        assert got["sizes"] == pytest.approx(sizes, rel=1e-12)
        parts = np.array(got["alphas"]) + np.log10(sizes)
        assert got["credits"] == pytest.approx(parts.tolist(), abs=1e-12)


@pytest.mark.parametrize("draw", range(DRAWS))
def test_javascript_draws_the_same_numbers(draw):
    (page,) = javascript("creditDraw", [[SEED + draw]])
    ours = drawn(draw)
    assert page["symbol"] == ours["symbol"].item()
    for name in ("W_x", "W_h", "b", "V", "c", "U", "d", "noise", "Q"):
        assert np.array(page[name]) == pytest.approx(ours[name].numpy(), abs=1e-12), name
    assert page["norm"] == pytest.approx(torch.linalg.svdvals(ours["W_h"])[0].item(), rel=1e-12)


@pytest.mark.parametrize("draw", range(DRAWS))
def test_draws_are_pytorchs_distributions(draw):
    """Ranges, and what is orthogonal; the moments within four standard errors."""
    ours = drawn(draw)
    network = LastStep(MODELS["RNN"](5, UNITS), UNITS, 4)
    theirs = network.layer.weight_hh_l0
    assert ours["W_h"].shape == theirs.shape
    bound = theirs.shape[0] ** -0.5
    assert bound - 0.01 < ours["W_h"].abs().max() < bound
    assert 5**-0.5 - 0.02 < ours["V"].abs().max() < 5**-0.5
    assert abs(ours["W_h"].mean()) < 4 * bound / math.sqrt(3 * 256)
    assert ours["Q"] @ ours["Q"].T == pytest.approx(torch.eye(UNITS).numpy(), abs=1e-12)
    assert abs(ours["noise"].mean()) < 4 / math.sqrt(200)
    assert abs(ours["noise"].var() - 1) < 4 * math.sqrt(2 / 200)


def test_draws_are_typical_of_pytorchs_own():
    """Five draws, against twenty starts of `torch.nn.RNN`: at 60 steps, in powers of ten."""
    logs = []
    for seed in range(20):
        torch.manual_seed(seed)
        network = LastStep(torch.nn.RNN(5, UNITS), UNITS, 4).double()
        x = torch.zeros(61, 1, 5, dtype=torch.float64)
        x[0, 0, 0] = 1
        x[1:, 0, 4] = torch.randn(60).double()
        x.requires_grad_()
        loss = torch.nn.functional.cross_entropy(network(x), torch.tensor([0]))
        (back,) = torch.autograd.grad(loss, x)  # as small as the credit, but for a few times
        logs.append(back[0].norm().log10().item())
    ours = [credits_of_steps("random", natural_norm(n), 60, n)[1][0].log10() for n in range(DRAWS)]
    assert min(logs) - 1 < min(ours)
    assert max(ours) < max(logs) + 1
    assert np.median(ours) == pytest.approx(np.median(logs), abs=2)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("s", [0.5, 1.0, 2.0, 6.0])
def test_no_credit_is_above_the_bound(start, s):
    call = "((start, s, delay, draw) => creditOfSteps(creditDraw(draw), start, s, delay))"
    for found in javascript(call, [[start, s, 100, SEED + draw] for draw in range(DRAWS)]):
        slope = 0 if start == "carousel" else math.log10(s)
        limits = found["bound"] + slope * np.arange(100, -1, -1)
        assert (np.array(found["credits"]) <= limits + 1e-9).all()
        assert found["bound"] == pytest.approx(
            found["deltas"][-1] + math.log10(max(found["sizes"])), abs=1e-12
        )


def test_carousel_tells_every_step_the_same():
    deltas, _ = credits_of_steps("carousel", 1.0, 200)
    assert (deltas == deltas[0]).all()
    (found,) = javascript("((d) => creditOfSteps(creditDraw(d), 'carousel', 1, 200))", [[SEED]])
    assert found["deltas"] == pytest.approx([found["deltas"][-1]] * 201, abs=1e-12)


def test_nothing_overflows_at_the_ends_of_the_ranges():
    cases = [[start, s, 200, SEED + d] for start in STARTS for s in (0.5, 6) for d in range(DRAWS)]
    call = "((start, s, delay, draw) => creditOfSteps(creditDraw(draw), start, s, delay))"
    for found in javascript(call, cases):
        for name in ("deltas", "alphas", "sizes", "credits"):
            assert all(isinstance(value, float | int) for value in found[name])
            assert np.isfinite(found[name]).all()


def test_claims_of_the_presets_are_true():
    for preset in PRESETS:
        values = {**preset["set"], "delay": int(preset["set"]["delay"])}
        assert (values["delay"], values.pop("draw")) == (60, 0)
        deltas, credit = credits_of_steps(**values)
        ratio = (credit[0] / credit[-1]).log10().item()
        if preset["name"] == "PyTorch’s start":
            assert -17 < ratio < -16
        elif preset["name"] == "s = 0.9":
            assert ratio < 60 * math.log10(0.9) - 10
        elif preset["name"] == "s = 2":
            assert 60 * math.log10(2) > 18
            assert ratio < -2
        elif preset["name"] == "s = 6":
            assert credit.argmax() == 0
            assert credit[0] > 1e5
            assert credits_of_steps("random", 6.0, 60, 1)[1][0] < 1e-6  # in another draw
        elif preset["name"] == "Orthogonal start":
            assert -3.5 < ratio < -2.5
        else:
            assert deltas[0] == deltas[-1]


# ---- Python: arguments and text -----------------------------------------------------------------


def test_unknown_start_is_refused_by_name():
    with pytest.raises(ValueError, match=r"Credit: start must be 'random' or 'orthogonal'"):
        Credit(start="zeros")


@pytest.mark.parametrize(
    ("argument", "value"), [("s", 0.4), ("s", 7), ("delay", 4), ("delay", 20.5), ("draw", 5)]
)
def test_value_out_of_range_is_refused_by_name(argument, value):
    with pytest.raises(ValueError, match=rf"Credit: {argument} must"):
        Credit(**{argument: value})


def test_text_says_what_the_first_and_the_last_step_get():
    deltas, credit = by_autograd("orthogonal", 1.0, 20, 2)
    text = Credit(start="orthogonal", s=1, delay=20, draw=2, step=7).text
    for log in (deltas[0], deltas[-1], deltas[6], credit[0], credit[-1], credit[6]):
        assert f"{10**log:.3g}".replace("-", "−") in text
    assert "orthogonal" in text
    assert "At step 7" in text


def test_state_is_small_and_the_module_whole():
    widget = Credit()
    state = {n: v for n, v in stored(widget).items() if n not in ("_esm", "_css")}
    assert len(json.dumps(state)) < 4_000
    assert len(widget._esm.encode()) < 64_000
    assert "import " not in re.sub(r"//.*|/\*.*?\*/", "", widget._esm, flags=re.DOTALL)
    assert not re.search(r"fetch\(|XMLHttpRequest|eval\(", widget._esm)


# ---- the page -----------------------------------------------------------------------------------


class Page(Seen):
    """What a reader sees of the credits, read from the page alone."""

    @property
    def mark(self) -> Any:
        return self.root.get_by_role("slider", name="Step k")

    @property
    def sentence(self) -> str:
        return self.root.locator("p.sentence").text_content()

    @property
    def state(self) -> tuple[str, float, int, int]:
        start = self.root.locator('input[type="radio"]:checked').get_attribute("value")
        draw = re.search(r"(\d) of 5", self.root.text_content())[1]
        values = [float(self.field(name).input_value()) for name in ("s", "delay")]
        return start, values[0], int(values[1]), int(draw) - 1

    @property
    def step(self) -> int:
        return int(self.mark.get_attribute("aria-valuenow"))

    def agrees(self) -> None:
        """What the page says of the step in view follows, by autograd, from what its knobs say."""
        deltas, credit = by_autograd(*self.state)
        k, T = int(re.search(r"Step (\d+) ", self.sentence)[1]), len(credit)
        shown = self.root.locator(".equation .number")
        size = 1.0 if k == 1 else drawn(self.state[3])["noise"][k - 2].abs().item()
        for place, log in enumerate((credit[k - 1], credit[k - 1] - math.log10(size))):
            assert log10(shown.nth(place).inner_text()) == pytest.approx(log, abs=0.03)
        assert number(shown.nth(2).inner_text()) == pytest.approx(size, rel=0.06)
        said = self.sentence.split("‖ = ")[1]
        assert log10(said) == pytest.approx(deltas[k - 1], abs=0.03)
        said = self.sentence.split("Its credit is ")[1]
        assert log10(said) == pytest.approx(credit[k - 1], abs=0.03)
        if k < T:
            ratio = credit[k - 1] - credit[T - 1]
            assert log10(re.split(r", (?=\d)", said)[1]) == pytest.approx(ratio, abs=0.03)
        self.bars_agree(credit)

    def bars_agree(self, credit: list[float]) -> None:
        """The heights of the bars, by the axis' own numbers; those beyond it have an arrow."""
        ticks = self.root.locator("svg .ticks").first.locator("line")
        low, high = (float(ticks.nth(n).get_attribute("y1")) for n in (0, 4))
        path = self.root.locator('path[data-term="credit"]').first.get_attribute("d")
        tops = [float(y) for y in re.findall(r"V([\d.]+)", path)]
        drawn_logs = [-24 + 32 * (low - y) / (low - high) for y in tops]
        expected = np.clip(credit, -24, 8)
        assert drawn_logs == pytest.approx(expected.tolist(), abs=0.03)


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
        # at s = 6 and 200 steps the states are chaotic: the last bit of a sum decides, so no two
        # programs agree
        {"s": 6, "delay": 90, "draw": 4, "step": 20},
        {"s": 0.5, "delay": 100},
    ],
)
def test_opens_with_the_numbers_of_autograd(show, arguments):
    Page(show(Credit(**arguments))).agrees()


def test_keyboard_moves_the_right_number(show):
    view = Page(show(Credit()))
    view.slider("s").press("ArrowRight")
    assert view.state == ("random", pytest.approx(1.05, abs=0.06), 60, 0)
    view.agrees()
    before = view.state
    view.slider("delay").press("End")
    assert view.state == (*before[:2], 200, 0)
    view.agrees()
    view.slider("delay").press("Home")
    assert view.state == (*before[:2], 5, 0)
    view.agrees()
    view.root.get_by_label("orthogonal").check()
    assert view.state == ("orthogonal", before[1], 5, 0)
    view.agrees()


def test_mouse_moves_a_slider_and_the_first_bar_falls(show):
    view = Page(show(Credit(delay=5)))
    heights = []
    for part in (0.0, 0.35, 0.67):
        box = view.slider("delay").bounding_box()
        x = box["x"] + 10 + part * (box["width"] - 20)
        view.page.mouse.click(x, box["y"] + box["height"] / 2)
        view.agrees()
        heights.append(log10(view.root.locator(".equation .number").first.inner_text()))
    assert heights == sorted(heights, reverse=True)
    assert heights[0] > -3
    assert heights[-1] < -14


def test_step_is_chosen_by_keys_by_dragging_by_a_click_and_by_pointing(show):
    view = Page(show(Credit(delay=40)))
    for key, step in [("End", 41), ("ArrowLeft", 40), ("PageDown", 30), ("Home", 1)]:
        view.mark.press(key)
        assert view.step == step
        view.agrees()
    first, last = (
        middle(view.root.locator(".ticks").nth(1).get_by_text(t, exact=True)) for t in ("40", "0")
    )
    drag(view.page, view.mark, (last[0] - first[0]) / 2)
    assert view.step == 21
    view.agrees()
    y = first[1] - 80
    for beside in (-0.4, 0.4):  # of a step: the nearest one is meant
        view.page.mouse.move(first[0] + (last[0] - first[0]) * (10 + beside) / 40, y)
        assert "Step 11 " in view.sentence  # only pointed at
    view.agrees()
    view.page.mouse.move(5, 5)
    assert "Step 21 " in view.sentence
    view.page.mouse.click(first[0] + (last[0] - first[0]) * 3 / 4, y)
    assert view.step == 31
    view.page.mouse.move(5, 5)
    assert "Step 31 " in view.sentence
    view.agrees()


def test_step_beyond_the_end_is_the_last_and_comes_back(show):
    view = Page(show(Credit(step=50)))
    view.slider("delay").press("Home")
    assert view.step == 6
    view.agrees()
    view.field("delay").fill("80")
    assert view.step == 50


def test_another_draw_keeps_pytorchs_start_pytorchs_and_a_chosen_norm_chosen(show):
    view = Page(show(Credit()))
    button = view.root.get_by_role("button", name="Another draw")
    for draw in (1, 2, 3, 4, 0):
        button.click()
        assert view.state == ("random", natural_norm(draw), 60, draw)
    button.click()
    view.agrees()
    view.field("s").fill("3")
    button.click()
    assert view.state == ("random", 3, 60, 2)
    view.agrees()


def test_presets_show_what_they_name(show):
    view = Page(show(Credit(delay=10, draw=2, step=4)))
    buttons = view.root.locator(".chips button")
    assert buttons.count() == len(PRESETS)
    for n, preset in enumerate(PRESETS):
        buttons.nth(n).click()
        assert buttons.nth(n).get_attribute("aria-pressed") == "true"
        chosen = preset["set"]
        assert view.state == (chosen["start"], pytest.approx(chosen["s"]), 60, 0)
        view.agrees()
    assert view.field("s").is_disabled()  # the carousel has no norm
    view.root.get_by_role("button", name="Reset").click()
    assert view.state == ("random", natural_norm(0), 10, 2)
    assert view.field("s").is_enabled()
    view.agrees()


def test_bar_beyond_the_axis_is_marked_with_its_number(show):
    view = Page(show(Credit(delay=200, step=150)))
    _, credit = by_autograd("random", natural_norm(0), 200, 0)
    values = view.root.locator("svg text.value:visible").all_text_contents()
    assert any(log10(text) == pytest.approx(credit[0], abs=0.03) for text in values)
    arrows = view.root.locator("svg > path").evaluate_all(
        "(all) => Math.max(...all.map((n) => (n.getAttribute('d') ?? '').split('Z').length - 1))"
    )
    assert arrows > 20
    view.field("delay").fill("40")
    assert view.root.locator("svg text.value:visible").count() == 1


def test_unrolled_network_shows_both_ends_and_the_step(show):
    view = Page(show(Credit(step=30)))
    states = view.root.locator("svg circle:not(.dot):not(.reach):not(.halo)")
    names = states.locator("xpath=following-sibling::*[1]")
    seen = [t for n, t in enumerate(names.all_text_contents()) if states.nth(n).is_visible()]
    assert {"h1", "h29", "h30", "h31", "h61"} <= set(seen)
    view.slider("delay").press("Home")
    seen = [t for n, t in enumerate(names.all_text_contents()) if states.nth(n).is_visible()]
    assert seen == [f"h{k}" for k in range(1, 7)]
    view.root.get_by_label("carousel").check()
    seen = [t for n, t in enumerate(names.all_text_contents()) if states.nth(n).is_visible()]
    assert seen == [f"C{k}" for k in range(1, 7)]


def test_keeps_its_state_in_the_address(show):
    view = Page(show(Credit(), at="#credit=start:carousel,delay:25,step:7,draw:3"))
    assert view.state == ("carousel", natural_norm(0), 25, 3)
    assert view.step == 7
    view.agrees()


@pytest.mark.parametrize("at", ["#credit=start:zebra,delay:1e9,s:x", "#credit=step:nan,draw:9"])
def test_nonsense_in_the_address_changes_nothing(show, at):
    view = Page(show(Credit(), at=at))
    assert view.state == ("random", natural_norm(0), 60, 0)
    view.agrees()


def test_two_do_not_disturb_each_other(show):
    page = show(Credit(), Credit(start="orthogonal", s=1, delay=20), ThroughTime())
    one, other = Page(page, 0), Page(page, 1)
    kept = other.state, other.sentence
    one.slider("delay").press("End")
    one.root.get_by_label("carousel").check()
    one.mark.press("End")
    assert (other.state, other.sentence) == kept
    other.mark.press("PageUp")
    assert (one.step, other.step) == (201, 11)
    one.agrees()
    other.agrees()
    page.wait_for_function("location.hash.includes('credit-2')")


def test_moving_a_slider_writes_only_what_changes(show):
    written = Page(show(Credit(start="orthogonal", s=1))).slider("s").evaluate(MOVED)
    assert written["all"] > 5
    assert written["again"] == []


TEXTS = """(root) => [...root.querySelectorAll("svg text")]
  .filter((node) => node.getBoundingClientRect().width > 0)
  .map((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return [node.textContent, x + 1, x + width - 1, y + 3, y + height - 3];
  })"""


OUTSIDE = """(root) => [...root.querySelectorAll("svg text, input, button")]
  .filter((node) => {
    const [frame, box] = [root, node].map((one) => one.getBoundingClientRect());
    return box.width && (box.left < frame.left + 2 || box.right > frame.right - 2);
  }).map((node) => node.textContent)"""


def overlapping(view: Page) -> list[tuple[str, str]]:
    boxes = view.root.evaluate(TEXTS)
    return [
        (a[0], b[0])
        for place, a in enumerate(boxes)
        for b in boxes[:place]
        if a[1] < b[2] and b[1] < a[2] and a[3] < b[4] and b[3] < a[4]
    ]


@pytest.mark.parametrize("width", [320, 390, 600, 760])
def test_no_two_words_of_the_picture_overlap(show, width):
    view = Page(show(Credit(), width=width))
    move = "(state) => { for (const [n, v] of Object.entries(state)) models[0].set(n, v); }"
    rng = np.random.default_rng(5)
    for _ in range(40):
        delay = int(rng.choice([5, 6, 8, 9, 12, 20, 60, 100, 199, 200]))
        state = {
            "start": str(rng.choice(STARTS)),
            "s": float(rng.choice([0.5, 0.7, 0.95, 1, 1.1, 1.5, 2, 4, 6])),
            "delay": delay,
            "draw": int(rng.integers(DRAWS)),
            "step": int(rng.choice([1, 2, 3, delay // 2, delay - 1, delay, delay + 1])),
        }
        view.page.evaluate(move, state)
        assert overlapping(view) == [], state
        assert view.root.evaluate(OUTSIDE) == [], state
        drawn_here = view.root.locator("svg").inner_html()
        assert not re.search("NaN|Infinity|undefined", drawn_here), state
    assert view.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [500, 700])
def test_sliders_stay_in_place_while_they_move(show, width):
    view = Page(show(Credit(), width=width))
    places = set()
    for key in ("Home", "End", "PageDown", "ArrowLeft"):
        for name in ("delay", "s"):
            view.slider(name).press(key)
            places.add(view.slider("s").evaluate("(node) => node.offsetTop"))
    for key in ("End", "PageDown", "Home"):  # the last step's sentence is the shortest
        view.mark.press(key)
        places.add(view.slider("s").evaluate("(node) => node.offsetTop"))
    assert len(places) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(show, theme, width):
    page = show(Credit(), Credit(start="carousel", delay=200), theme=theme, width=width)
    assert violations(page) == []


def test_changes_are_told_in_words_after_a_pause(show):
    view = Page(show(Credit()))
    view.root.get_by_label("carousel").check()
    view.root.get_by_role("status").get_by_text("exactly 1").wait_for(state="attached")
