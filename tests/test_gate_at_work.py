"""The gate at work: its mathematics against numbers that are not ours, its life in Chromium."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from typing import Any

import mpmath
import numpy as np
import pytest
import torch
from explorable_pages import Seen, drag, middle, number, tick
from hypothesis import given
from hypothesis import strategies as st
from test_mathematics_js import assert_close, javascript

from rnnbook.tasks import running_total
from rnnbook.widgets import GateAtWork
from rnnbook.widgets.gate_at_work import STEPS, derived_gate, gated_error
from rnnbook.worlds.running_total import gated_totals, leaky_totals

mp = mpmath.mp.clone()
mp.dps = 30

# ---- a stream, made once more with other means -------------------------------------------------


def mulberry(seed: int) -> Iterator[float]:
    """The generator mulberry32 in Python's whole numbers, as its author describes it."""
    mask, state = 2**32 - 1, seed
    while True:
        state = (state + 0x6D2B79F5) & mask
        z = ((state ^ (state >> 15)) * (state | 1)) & mask
        z ^= (z + (((z ^ (z >> 7)) * (z | 61)) & mask)) & mask
        yield ((z ^ (z >> 14)) + 0.5) / 2**32


def a_stream(seed: int, p: float, noise: float, steps: int = STEPS) -> dict[str, np.ndarray]:
    """Resets, values, evidence and totals; the totals as differences of running sums."""
    u, v, w = np.array(list(itertools.islice(mulberry(seed), 3 * steps))).reshape(steps, 3).T
    normal = np.sqrt(-2 * np.log(v)) * np.exp(2j * np.pi * w)  # Box and Muller's pair as one number
    resets, values = u < p, normal.real
    before = np.concatenate([[0], values.cumsum()[:-1]])
    since = np.maximum.accumulate(np.where(resets, np.arange(steps), 0))
    return {
        "resets": resets,
        "values": values,
        "evidence": np.where(resets, 1, 0) + noise * normal.imag,
        "totals": values.cumsum() - before[since],
    }


def by_torch(stream: dict[str, np.ndarray], w_v: float, b: float) -> np.ndarray:
    """The memory of the package's own gate on a stream."""
    values, evidence = (torch.tensor(stream[name]).unsqueeze(1) for name in ("values", "evidence"))
    W_x, bias = (torch.tensor(part, dtype=torch.float64) for part in ([[0.0], [w_v]], [b]))
    x = torch.stack([values, evidence], dim=-1)
    memory = gated_totals(x, W_x, torch.zeros(1, 1).double(), bias)
    return memory.squeeze(1).numpy()


def test_draw_is_mulberrys_and_the_same_for_fewer_steps():
    (draw, short) = javascript("streamDraw", [[7, 50], [7, 20]])
    stream = a_stream(7, 0.5, 1.0, 50)
    assert short == draw[:20]
    chance, value, error = np.array(draw).T
    assert chance == pytest.approx(np.array(list(itertools.islice(mulberry(7), 150)))[::3], rel=0)
    assert value == pytest.approx(stream["values"], abs=1e-13)
    assert error == pytest.approx(stream["evidence"] - stream["resets"], abs=1e-13)


def test_draws_have_the_moments_of_what_they_stand_for():
    draws = np.array(javascript("streamDraw", [[seed, 200] for seed in range(1, 201)]))
    chance, value, error = draws.reshape(-1, 3).T
    room = 4 / math.sqrt(len(chance))  # four deviations of a mean of standard normal numbers
    assert abs(np.mean(chance < 0.02) - 0.02) < room * math.sqrt(0.02 * 0.98)
    for normal in (value, error):
        assert abs(normal.mean()) < room
        assert abs(np.mean(normal**2) - 1) < room * math.sqrt(2)
        assert abs(np.mean(normal**4) - 3) < room * math.sqrt(96)
    for one, other in ((value, error), (value, chance - 0.5), (error, chance - 0.5)):
        assert abs(np.mean(one * other)) < room
    later = value.reshape(200, 200)
    assert abs(np.mean(later[:, 1:] * later[:, :-1])) < room
    assert abs(np.mean(later[1:] * later[:-1])) < room  # neighbouring seeds


@pytest.mark.parametrize(("p", "noise"), [(0.02, 0.3), (0.2, 2.0)])
def test_running_total_keeps_the_packages_convention(p, noise):
    (draw,) = javascript("streamDraw", [[11, STEPS]])
    (got,) = javascript("runningTotal", [[draw, p, noise]])
    stream = a_stream(11, p, noise)
    assert got["resets"] == stream["resets"].tolist()
    for name in ("values", "evidence", "totals"):
        assert got[name] == pytest.approx(stream[name], abs=1e-11), name
    # rnnbook.tasks: where a total starts anew it is the value, and the evidence is about 1
    values, evidence, totals = running_total(500, 100, 0.2, 0.1, torch.Generator().manual_seed(0))
    anew = totals[1:] == values[1:]
    assert evidence[1:][anew].mean().item() == pytest.approx(1, abs=0.01)
    own = np.array(got["totals"])[1:] == np.array(got["values"])[1:]
    assert own.tolist() == stream["resets"][1:].tolist()


@pytest.mark.parametrize(("w_v", "b"), [(-11.1, 9.4), (3.0, -1.0), (0.0, 3.9)])
def test_memory_is_that_of_the_packages_gate(w_v, b):
    stream = a_stream(3, 0.05, 0.5)
    gates = torch.sigmoid(torch.tensor(w_v * stream["evidence"] + b)).tolist()
    (memory,) = javascript("keptTotals", [[stream["values"].tolist(), gates]])
    assert memory == pytest.approx(by_torch(stream, w_v, b), abs=1e-12)
    if w_v == 0:
        leak = leaky_totals(torch.tensor(stream["values"]).unsqueeze(1), gates[0])
        assert memory == pytest.approx(leak.squeeze(1).numpy(), abs=1e-12)


def test_reachable_totals_are_the_extremes_over_all_corners():
    values = a_stream(5, 0.1, 1.0, 9)["values"]
    corners = []
    for shares in itertools.product((0, 1), repeat=9):
        C, totals = 0.0, []
        for share, x in zip(shares, values, strict=True):
            C = share * C + x
            totals.append(C)
        corners.append(totals)
    (got,) = javascript("reachableTotals", [[values.tolist()]])
    assert [low for low, _ in got] == pytest.approx(np.min(corners, 0))
    assert [high for _, high in got] == pytest.approx(np.max(corners, 0))


def test_derived_gate_is_the_posterior_by_torchs_densities():
    for noise, p in [(0.3, 0.02), (1.0, 0.2), (2.0, 0.005)]:
        ((w_v, b),) = javascript("derivedGate", [[noise, p]])
        assert (w_v, b) == pytest.approx(derived_gate(noise, p), rel=1e-14)
        v, spread = torch.linspace(-3, 3, 13).double(), torch.tensor(noise, dtype=torch.float64)
        keep, reset = (torch.distributions.Normal(mean, spread).log_prob(v) for mean in (0, 1))
        odds = keep - reset + math.log((1 - p) / p)
        assert (w_v * v + b).tolist() == pytest.approx(odds.tolist(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("weight", "bias", "mean", "noise"),
    [(-5, 3.5, 1, 0.3), (30, -20, 1, 2), (-30, 0, 0, 2), (0, 4, 1, 1)],
)
def test_moments_of_the_gate_agree_with_mpmath(weight, bias, mean, noise):
    def moment(power: int) -> Any:
        def integrand(e: Any) -> Any:
            return mp.npdf(e) / (1 + mp.exp(-(weight * (mean + noise * e) + bias))) ** power

        middle = -(bias + weight * mean) / (weight * noise) if weight else 0
        around = [middle + d for d in (-1, -0.1, 0, 0.1, 1)]
        return mp.quad(integrand, sorted([-12, *around, 12]))

    (got,) = javascript("gateMoments", [[weight, bias, mean, noise]])
    assert_close(got, [moment(1), moment(2)], absolute=1e-9)


def test_error_of_a_blind_gate_is_the_chapters():
    """(1.13) for the carousel and for a leak."""
    p, t = 0.02, 120
    q = 1 - p
    carousel, leak = javascript(
        "gatedError", [[0, 800, 0.3, p, t], [0, math.log(0.9 / 0.1), 0.3, p, t]]
    )
    assert carousel == pytest.approx(t - (1 - q**t) / (1 - q), rel=1e-12)
    terms = [0.9 ** (2 * k) - 2 * 0.9**k * q**k + q**k for k in range(t)]
    assert leak == pytest.approx(sum(terms), rel=1e-12)


WORLDS = [(-5, 3.5, 0.3, 0.02), (-11.1, 9.4, 0.3, 0.02), (4, -1, 0.5, 0.1), (-1, 3, 1.5, 0.01)]


@pytest.mark.parametrize(("w_v", "b", "noise", "p"), WORLDS)
def test_error_is_what_the_packages_gate_has_over_many_streams(w_v, b, noise, p):
    streams, generator = 40_000, torch.Generator().manual_seed(1)
    values, evidence, totals = running_total(streams, STEPS, p, noise, generator)
    W_x, bias = torch.tensor([[0.0], [float(w_v)]]), torch.tensor([float(b)])
    memory = gated_totals(torch.stack([values, evidence], dim=-1), W_x, torch.zeros(1, 1), bias)
    squares = (memory[-1] - totals[-1]).square().double()
    (error,) = javascript("gatedError", [[w_v, b, noise, p, STEPS]])
    assert abs(error - squares.mean().item()) < 4 * squares.std().item() / math.sqrt(streams)


def test_error_is_the_same_in_python():
    calls = [[*world, t] for world in WORLDS for t in (1, 17, STEPS)]
    assert_close(javascript("gatedError", calls), [gated_error(*call) for call in calls], 1e-12)


@given(
    w_v=st.floats(-30, 30), b=st.floats(-20, 20), noise=st.floats(0.2, 2), p=st.floats(0.005, 0.2)
)
def test_no_gate_beats_the_derived_one(w_v, b, noise, p):
    best = gated_error(*derived_gate(noise, p), noise, p)
    assert gated_error(w_v, b, noise, p) >= best - 1e-8
    assert best >= -1e-12


# ---- Python ------------------------------------------------------------------------------------


def test_text_says_the_errors_of_all_four():
    text = GateAtWork(w_v=-4, b=3, noise=0.5, p=0.1).text
    blind = math.sqrt(gated_error(0, math.log(9), 0.5, 0.1))
    q = 0.9
    carousel = math.sqrt(STEPS - (1 - q**STEPS) / (1 - q))
    assert f"{blind:.3g} for the best leak" in text
    assert f"{carousel:.3g} for the carousel" in text
    for name, gate in (("this gate", (-4, 3)), ("the derived gate", derived_gate(0.5, 0.1))):
        assert f"{math.sqrt(gated_error(*gate, 0.5, 0.1)):.3g} for {name}" in text
    assert "keeps 0.953 of the memory at the evidence v = 0" in text
    assert "0.269 at v = 1" in text


@pytest.mark.parametrize(
    ("argument", "value"), [("noise", 0.1), ("p", 0), ("stream", 1.5), ("step", STEPS + 1)]
)
def test_value_out_of_range_is_refused_by_name(argument, value):
    with pytest.raises(ValueError, match=f"GateAtWork: {argument} must"):
        GateAtWork(**{argument: value})


def test_derived_gate_lies_within_the_sliders_wherever_noise_and_p_lie():
    knobs = GateAtWork()._knobs
    ranges = {knob["name"]: (knob["low"], knob["high"]) for knob in knobs if "low" in knob}
    for noise in ranges["noise"]:
        for p in ranges["p"]:
            for name, value in zip(("w_v", "b"), derived_gate(noise, p), strict=True):
                assert ranges[name][0] <= value <= ranges[name][1]


# ---- the browser -------------------------------------------------------------------------------


class Work(Seen):
    """What a reader sees of the gate at work, and what it must be."""

    NAMES = ("w_v", "b", "noise", "p")

    def values(self) -> dict[str, float]:
        """The numbers that a front end would store; the fields show them with three decimals."""
        values = {name: float(self.stored(name)) for name in self.NAMES}
        fields = [name for name in self.NAMES if name != "b"]  # which follows from weight and line
        shown = {name: float(self.field(name).input_value()) for name in fields}
        assert shown == pytest.approx({name: values[name] for name in fields}, abs=5.1e-4)
        return values

    def stored(self, name: str) -> Any:
        place = self.page.locator(".rnn-explorable").evaluate_all(
            "(all, own) => all.indexOf(own)", self.root.element_handle()
        )
        return self.page.evaluate(f"models[{place}].get('{name}')")

    @property
    def stream(self) -> int:
        return int(self.stored("stream"))

    def shown_numbers(self) -> list[float]:
        return [number(text) for text in self.root.locator(".equation .number").all_inner_texts()]

    @property
    def step(self) -> int:
        return int(number(self.root.locator("p.told").inner_text()))

    def errors(self) -> list[float]:
        texts = self.root.locator(".bars text").all_text_contents()
        return [float(text) for text in texts if re.fullmatch(r"\d+\.\d\d", text)]

    def line(self, selector: str) -> np.ndarray:
        """The corners of a path, in pixels of its picture."""
        d = self.root.locator(selector).get_attribute("d")
        return np.array([[float(x), float(y)] for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", d)])

    def agrees(self) -> None:
        """Every number and the picture follow from the fields, by NumPy and by the package."""
        now, step = self.values(), self.step
        stream = a_stream(self.stream, now["p"], now["noise"])
        memory = by_torch(stream, now["w_v"], now["b"])
        t = step - 1
        a = now["w_v"] * stream["evidence"][t] + now["b"]
        f = 1 / (1 + math.exp(-a))
        before = memory[t - 1] if t else 0.0
        expected = [f, now["w_v"], stream["evidence"][t], now["b"]]
        expected += [memory[t], f, before, stream["values"][t]]
        assert self.shown_numbers() == pytest.approx(expected, abs=0.011)
        told = self.root.locator("p.told").inner_text()
        assert ("no reset" in told) != stream["resets"][t]
        assert ("wrongly" in told) == (now["w_v"] != 0 and (a < 0) != stream["resets"][t])
        assert number(told.split("target")[1]) == pytest.approx(stream["totals"][t], abs=0.006)
        self.draws(stream, memory)
        self.tells_the_errors(now)

    def draws(self, stream: dict[str, np.ndarray], memory: np.ndarray) -> None:
        across, up = self.line("path.line").T
        assert len(up) == STEPS
        assert np.diff(across) == pytest.approx(across[1] - across[0], abs=0.11)
        # the ticks of the axis give the scale
        marks = self.root.locator(".chart").first.locator(".ticks text.end").all_text_contents()
        places = (
            self.root.locator(".chart")
            .first.locator(".ticks line")
            .evaluate_all("(all) => all.map((line) => Number(line.getAttribute('y1')))")
        )
        (low, high), (y_low, y_high) = (
            [number(m) for m in marks[:2]],
            places[:2],
        )
        per = (y_high - y_low) / (high - low)
        totals, values = stream["totals"], torch.tensor(stream["values"]).unsqueeze(1)
        keep = {"path.carousel": 1.0, "path.leak": 1 - self.values()["p"]}
        drawn = {name: leaky_totals(values, f).squeeze(1).numpy() for name, f in keep.items()}
        for name, expected in {"path.line": memory, "path.target": totals, **drawn}.items():
            heights = self.line(name)[:, 1]
            assert heights == pytest.approx(y_low + per * (expected - low), abs=0.12), name
        resets = self.root.locator("path.reset").first.get_attribute("d").count("M")
        assert resets == stream["resets"].sum()
        dots = self.root.locator("path.seen").get_attribute("d").count("M")
        assert dots == STEPS - stream["resets"].sum()

    def tells_the_errors(self, now: dict[str, float]) -> None:
        noise, p = now["noise"], now["p"]
        gates = [
            (0, math.inf),
            (0, math.log((1 - p) / p)),
            (now["w_v"], now["b"]),
            derived_gate(noise, p),
        ]
        errors = [math.sqrt(max(gated_error(*gate, noise, p), 0)) for gate in gates]
        assert self.errors() == pytest.approx(errors, abs=0.0051)
        widths = self.root.locator(".bars rect").evaluate_all(
            "(all) => all.map((bar) => Number(bar.getAttribute('width')))"
        )
        assert np.array(widths) / widths[0] == pytest.approx(np.array(errors) / errors[0], abs=0.01)
        verdict = self.root.locator("p.sentence").last.inner_text()
        assert number(verdict) == pytest.approx(errors[2], abs=0.0051)
        above = 100 * (errors[2] / errors[3] - 1)
        assert ("as small as it can be" in verdict) == (above < 0.05)
        if above >= 0.06:
            assert number(verdict.split(":")[1]) == pytest.approx(above, rel=0.02, abs=0.5)


@pytest.fixture
def work(show: Any) -> Any:
    return lambda *widgets, **more: Work(show(*(widgets or (GateAtWork(),)), **more))


@pytest.mark.parametrize(
    "arguments",
    [{}, {"w_v": 3, "b": -2, "noise": 0.8, "p": 0.1, "stream": 12, "step": 1}, {"w_v": 0, "b": 2}],
)
def test_opens_with_the_numbers_of_its_arguments(work, arguments):
    work(GateAtWork(**arguments)).agrees()


@pytest.mark.parametrize("name", ["w_v", "threshold", "noise", "p"])
def test_keyboard_moves_the_right_number(work, name):
    gate = work()
    before = gate.values()
    gate.slider(name).press("ArrowRight")
    gate.slider(name).press("ArrowRight")
    after = gate.values()
    moved = {"threshold": ["b"], "w_v": ["w_v", "b"]}.get(name, [name])
    assert {n for n in after if after[n] != before[n]} == set(moved)
    gate.agrees()


def line_of(values: dict[str, float]) -> float:
    return -values["b"] / values["w_v"]


def test_turning_the_weight_sharpens_the_gate_and_leaves_its_line(work):
    """The chapter's gesture: turned to the derived weight, the gate lacks only its line's place."""
    gate = work()
    line, errors = line_of(gate.values()), [gate.errors()[2]]
    for w_v in (-4, -6, -8, -11):
        gate.field("w_v").fill(str(w_v))
        assert line_of(gate.values()) == pytest.approx(line, abs=1e-9)
        gate.agrees()
        errors.append(gate.errors()[2])
    assert errors == sorted(errors, reverse=True)
    _, leak, this, derived = gate.errors()
    assert this > leak, "the line is not yet where rare resets want it"
    gate.field("threshold").fill("0.85")
    assert gate.errors()[2] < 1.03 * derived
    gate.field("threshold").fill("0.5")
    gate.root.get_by_role("button", name="Carousel").click()
    gate.field("w_v").fill("-5")  # a gate that did not listen takes up the line it had
    assert line_of(gate.values()) == pytest.approx(line, abs=1e-9)
    gate.agrees()


def test_mouse_moves_a_slider(work):
    gate = work()
    gate.slider("w_v").scroll_into_view_if_needed()
    box = gate.slider("w_v").bounding_box()
    rail = box["width"] - 20
    gate.page.mouse.click(box["x"] + 10 + 0.3 * rail, box["y"] + box["height"] / 2)
    assert gate.values()["w_v"] == pytest.approx(-12, abs=1)
    gate.agrees()


def test_presets_show_what_they_name(work):
    gate = work()
    buttons = gate.root.locator(".chips button")
    found = {}
    for k in range(buttons.count()):
        buttons.nth(k).click()
        assert buttons.nth(k).get_attribute("aria-pressed") == "true"
        gate.agrees()
        found[buttons.nth(k).text_content()] = gate.errors()
    carousel, leak, _, derived = found["Derived (1.7)"]
    assert found["Carousel"][2] == carousel
    assert found["Best leak"][2] == leak
    assert found["Derived (1.7)"][2] == derived
    assert found["Wrong sign"][2] > leak > derived
    noisy = found["Noisy evidence"]
    assert noisy[2] == noisy[3]
    assert 0.95 * noisy[1] < noisy[3] < noisy[1]


def test_reader_meets_the_derived_gate_at_any_noise_by_the_button(work):
    gate = work()
    gate.field("noise").fill("0.5")
    gate.field("p").fill("0.1")
    gate.root.get_by_role("button", name="Set both as derived").click()
    w_v, b = derived_gate(0.5, 0.1)
    assert gate.values() == pytest.approx({"w_v": w_v, "b": b, "noise": 0.5, "p": 0.1}, abs=0.001)
    gate.agrees()


def test_new_stream_is_another_one_and_shows_its_first_reset(work):
    gate = work()
    first = gate.line("path.line")
    for seed in (162, 163, 164):
        gate.root.get_by_role("button", name="New stream").click()
        assert gate.stream == seed
        resets = a_stream(seed, 0.02, 0.3)["resets"]
        assert gate.step == (int(np.argmax(resets)) + 1 if resets.any() else 1)
        gate.agrees()
    assert not np.allclose(first[:, 1], gate.line("path.line")[:, 1])
    gate.root.get_by_role("button", name="Reset").click()
    assert np.array_equal(first, gate.line("path.line"))


@pytest.mark.parametrize("w_v", [-8.0, 8.0])
def test_dragging_the_line_sets_the_bias_alone(work, w_v):
    gate = work(GateAtWork(w_v=w_v, b=-0.6 * w_v))
    before = gate.values()
    line, chart = gate.handle("Evidence at which"), gate.root.locator(".chart").first
    zero, one = (
        middle(chart.locator(".ticks text.end").get_by_text(text, exact=True).last)[1]
        for text in ("0", "1")
    )
    goal = zero + 0.25 * (one - zero)
    drag(gate.page, line, 0, goal - middle(line.locator(".dot"))[1])
    after = gate.values()
    assert -after["b"] / after["w_v"] == pytest.approx(0.25, abs=0.02)
    assert {**after, "b": before["b"]} == before
    gate.agrees()
    line.press("ArrowUp")
    assert -gate.values()["b"] / w_v == pytest.approx(-after["b"] / w_v + 0.02, abs=1e-3)
    line.press("Home")
    assert -gate.values()["b"] / w_v == pytest.approx(-1, abs=0.01)
    gate.agrees()


def test_line_lies_where_the_gate_is_one_half_and_is_gone_where_there_is_none(work):
    gate = work(GateAtWork(w_v=-8, b=4))
    chart = gate.root.locator(".chart").first
    zero, one = (
        middle(chart.locator(".ticks text.end").get_by_text(text, exact=True).last)[1]
        for text in ("0", "1")
    )
    y = middle(gate.handle("Evidence at which").locator(".dot"))[1]
    assert (y - zero) / (one - zero) == pytest.approx(0.5, abs=0.02)
    gate.page.evaluate("models[0].set('b', 20)")  # beyond the strip: hollow, it waits at the edge
    assert "beyond" in gate.handle("Evidence at which").get_attribute("class")
    assert gate.root.locator("path.limit").get_attribute("d") == ""
    gate.field("w_v").fill("0")
    assert gate.handle("Evidence at which").count() == 0
    assert "everywhere" in chart.text_content()
    gate.agrees()


def column(gate: Work) -> float:
    box = gate.root.locator("rect.column").bounding_box()
    return box["x"] + box["width"] / 2


def test_pointing_shows_a_step_and_clicking_stays_with_it(work):
    gate = work(GateAtWork(step=30))
    chart = gate.root.locator(".chart").first
    x, y = tick(chart, "80"), chart.bounding_box()["y"] + 100
    gate.page.mouse.move(x, y)
    assert gate.step == 80
    assert column(gate) == pytest.approx(x, abs=1)
    gate.agrees()
    gate.page.mouse.move(x, y + 900)
    assert gate.step == 30
    gate.page.mouse.click(x, y + 120)
    gate.page.mouse.move(x, y + 900)
    assert gate.step == 80
    gate.agrees()


def test_step_obeys_keyboard_and_drag(work):
    gate = work(GateAtWork(step=30))
    cursor = gate.handle("Step whose numbers")
    for key, step in [("ArrowRight", 31), ("PageUp", 41), ("Home", 1), ("End", STEPS)]:
        cursor.press(key)
        assert gate.step == step
        assert cursor.get_attribute("aria-valuenow") == str(step)
        gate.agrees()
    chart = gate.root.locator(".chart").first
    drag(gate.page, cursor, tick(chart, "60") - middle(cursor.locator(".dot"))[0])
    gate.page.mouse.move(5, 5)
    assert gate.step == 60
    gate.agrees()
