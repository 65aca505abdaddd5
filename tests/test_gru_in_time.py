"""The whole GRU in time: its network, what its page says against autograd, and its own hands."""

from __future__ import annotations

import re

import pytest
import torch
from explorable_pages import Seen, number
from test_gru_both_ways import graph, page_weights, told
from test_mathematics_js import javascript

from rnnbook import gru
from rnnbook.experiments import turns
from rnnbook.widgets import GruInTime
from rnnbook.widgets.gru_in_time import OVER, PRESETS, inputs, marks, stored_weights

SET = {preset["name"]: preset["set"] for preset in PRESETS}


def params() -> list[torch.Tensor]:
    return [p.detach().double() for p in turns.trained().params()]


def test_streams_hold_what_their_orders_and_turns_say():
    x, held = turns.streams(200, torch.Generator().manual_seed(1))
    for column in range(200):
        sign = 0.0
        for voice, order, turn in x[:, column].tolist():
            sign = (1.0 if voice > 0 else -1.0) if order else -sign if turn else sign
            assert turns.SOFT <= abs(voice) <= turns.LOUD
            assert order + turn <= 1
        assert held[column] == sign


@pytest.mark.parametrize("after", [False, True])
def test_network_of_the_page_is_the_trained_one_and_solves_its_task(after):
    model, weights = turns.trained(), stored_weights()
    assert turns.reached(model, after)["right"] > 0.99
    x, _ = turns.streams(50, torch.Generator().manual_seed(3))
    rows = x.permute(1, 0, 2).tolist()
    runs = javascript("gruForward", [[weights, row, after] for row in rows])
    ends = torch.tensor([steps[-1]["h"] for steps in runs])
    answers = ends @ torch.tensor(weights["y"]["h"]) + weights["y"]["b"]
    torch.testing.assert_close(answers, model(x, after).detach(), atol=1e-5, rtol=0)
    if not after:  # the post's own function, with its read-out
        outputs, _ = gru.gru(x, (torch.zeros(50, 2),), [p.detach() for p in model.params()])
        torch.testing.assert_close(answers[:, None], outputs[-50:], atol=1e-5, rtol=0)
    cell = page_weights([torch.tensor(p.tolist()) for p in model.params()[:9]])
    for gate, parts in cell.items():
        for name, rows in parts.items():
            torch.testing.assert_close(torch.tensor(weights[gate][name]), torch.tensor(rows))


def test_first_units_gates_tell_orders_turns_and_noise_apart():
    x, _ = turns.streams(500, torch.Generator().manual_seed(4))
    cell = [p.detach() for p in turns.trained().params()[:9]]
    trace = gru.gru_trace(x, (torch.zeros(500, 2),), cell)
    order, turn = x[..., 1] > 0, x[..., 2] > 0
    z, r = trace["z"][..., 0], trace["r"][..., 0]
    assert r[turn].mean() > 0.9
    assert r[order].mean() < 0.1
    assert z[order].mean() < 0.1
    assert z[turn].mean() < 0.3
    assert z[~order & ~turn].mean() > 0.9


def test_a_short_training_begins_to_learn_it():
    before, after = (turns.reached(turns.train(steps=steps))["error"] for steps in (0, 150))
    assert after < 0.8 * before


def seen(setting: dict) -> tuple[dict, dict, float]:
    """Values and gradients of every step, (T, H) each, and the answer, all by PyTorch."""
    *cell, W_hq, b_q = params()
    after = setting["reset"] == "after"
    kept = graph(cell, inputs(setting["voices"], setting["marks"]), after)
    y = (kept["h"][-1] @ W_hq + b_q).item()
    end = W_hq[:, 0] * (y - (1 if setting["wanted"] == "+1" else -1))
    names = ("z", "r", "n", "h", "past")
    d = {name: told(kept, end, name) for name in names}
    cut = graph(cell, inputs(setting["voices"], setting["marks"]), after, cut=True)
    d["alone"] = told(cut, end, "h")
    d["back"] = torch.cat(  # what reaches h_{t−1} in all
        torch.autograd.grad((kept["h"][-1][0] * end).sum(), kept["h0"], retain_graph=True)
    )
    values = {name: torch.cat(kept[name]).detach() for name in (*names, "h0")}
    return values, d, y


def test_presets_show_what_they_say():
    values, d, _ = seen(OVER)
    turn, h = 5, d["h"][:, 0]
    assert values["z"][turn, 0] < 0.3
    assert values["r"][turn, 0] > 0.9
    assert (h[:turn] * h[turn] < 0).all()
    assert d["alone"][turn - 1, 0].abs() < 0.2 * h[turn - 1].abs()
    assert stored_weights()["n"]["h"][0][0] < 0
    assert values["n"][turn, 0] * values["h0"][turn, 0] < 0
    back = javascript("gruBackward", [[stored_weights(), forward(OVER), end_of(OVER)]])[0][turn]
    by = {g: abs(sum(row[0] for row in back["back"][g])) for g in "zrn"}
    assert by["n"] > 0.5 * sum(by.values())
    values, d, _ = seen(SET["An order"])
    assert max(values["z"][7, 0], values["r"][7, 0]) < 0.15
    assert d["h"][6, 0].abs() < 0.1 * d["h"][7, 0].abs()
    values, d, _ = seen(SET["Only noise"])
    assert values["z"][1:, 0].min() > 0.9
    assert 0.2 < d["alone"][0, 0] / d["h"][0, 0] < 0.8
    after = SET["After the product"]
    answers = {reset: seen(after | {"reset": reset})[2] for reset in ("before", "after")}
    assert answers["before"] > 0.9  # +1 holds
    assert answers["after"] < 0
    r = seen(after)[0]["r"][8]
    assert r[0] < 0.05 < 0.3 < r[1]


def forward(setting: dict) -> list:
    x = inputs(setting["voices"], setting["marks"]).tolist()
    return javascript("gruForward", [[stored_weights(), x, setting["reset"] == "after"]])[0]


def end_of(setting: dict) -> list[float]:
    y = seen(setting)[2] - (1 if setting["wanted"] == "+1" else -1)
    return (params()[9][:, 0] * y).tolist()


class Page(Seen):
    """What a reader sees of the cell, and what autograd says of the same state."""

    def numbers(self, term: str) -> list[float]:
        texts = self.root.locator(f'svg.wires > text[data-term="{term}"]').all_text_contents()
        return [number(text.split("=")[-1]) for text in texts if re.search(r"\d$", text)]

    def agrees(self) -> None:
        names = ["voices", "marks", "step", "unit", "direction", "reset", "wanted"]
        found = self.page.evaluate(f"{names}.map((name) => models[0].get(name))")
        setting = dict(zip(names, found, strict=True))
        values, d, y = seen(setting)
        t, j = int(setting["step"]) - 1, int(setting["unit"]) - 1
        z, r, n, h0, h = (values[name][t, j].item() for name in ("z", "r", "n", "h0", "h"))
        to = {name: part[t, j].item() for name, part in d.items()}
        near = {"abs": 6e-3}
        sentence = self.root.locator("p.told").text_content()
        assert number(sentence.split("y = ")[1]) == pytest.approx(y, **near)
        if setting["direction"] == "forwards":
            formula = self.root.locator(".equation .number").all_inner_texts()
            expected = [h, z, h0, 1 - z, n]
            assert list(map(number, formula)) == pytest.approx(expected, **near)
            assert self.numbers("z") == pytest.approx([z, z, 1 - z], **near)
            assert self.numbers("r") == pytest.approx([r], **near)
            assert self.numbers("n") == pytest.approx([n, (1 - z) * n], **near)
            assert self.numbers("h")[0] == pytest.approx(z * h0, **near)
            assert self.numbers("h")[-2:] == pytest.approx([h0, h], **near)
            return
        assert self.numbers("z") == pytest.approx([to["z"], to["h"] * h0, to["h"] * n], **near)
        assert self.numbers("r") == pytest.approx([to["r"]], **near)
        assert self.numbers("n") == pytest.approx([to["n"], to["h"]], **near)
        expected = [z * to["h"], to["h"], to["past"]]
        assert self.numbers("h")[-3:] == pytest.approx(expected, **near)
        formula = self.root.locator(".equation .number").all_inner_texts()
        assert list(map(number, formula[1:3])) == pytest.approx([z, to["h"]], **near)
        back, _, _, *parts = map(number, formula)
        assert back == pytest.approx(to["back"], **near)
        assert sum(parts) == pytest.approx(to["past"], abs=0.016)
        split = sentence.split("Answer")[0].split("δh = ")[1]
        all_, *parts = map(number, re.findall(r"[−\d.]*\d\.\d\d", split))
        assert all_ == pytest.approx(to["h"], **near)
        if t < 9:
            assert parts == pytest.approx([to["alone"], to["h"] - to["alone"]], **near)


@pytest.mark.parametrize("preset", list(SET))
def test_page_says_the_numbers_of_autograd_in_both_directions_and_forms(show, preset):
    page = Page(show(GruInTime(**SET[preset])))
    slider = page.slider("step")
    for unit, direction, reset in [
        ("1", "forwards", "before"),
        ("2", "backwards", "before"),
        ("1", "backwards", "after"),
        ("2", "forwards", "after"),
    ]:
        for name, value in (("unit", unit), ("direction", direction), ("reset", reset)):
            page.page.evaluate("([n, v]) => models[0].set(n, v)", [name, value])
        for key in ("Home", "ArrowRight", "PageUp", "ArrowLeft"):
            slider.press(key)
            page.agrees()


@pytest.mark.parametrize("reset", ["before", "after"])
def test_what_goes_into_a_wire_of_the_past_comes_back_by_its_parts(show, reset):
    """The numbers on the bus: through z, r and the candidate, and by the other unit's gates."""
    page = Page(show(GruInTime(reset=reset)))
    h = page.numbers("h")
    assert len(h) == (11 if reset == "before" else 10)
    by_z, by_r = h[1:3]
    aside, total = h[5], h[-1]
    values, d, _ = seen(OVER | {"reset": reset})
    # what comes back through the reset, or through the product, of this unit's own candidate
    factor = values["r"][5, 0].item() if reset == "before" else stored_weights()["n"]["h"][0][0]
    assert by_z + by_r + aside + factor * h[3] == pytest.approx(total, abs=0.03)
    assert total == pytest.approx(d["past"][5, 0].item(), abs=6e-3)


def test_marks_are_set_by_a_click_and_by_a_button(show):
    page = Page(show(GruInTime()))
    row, across = page.root.locator(".pick").bounding_box(), 0.25
    place = (row["x"] + across * row["width"], row["y"] + row["height"] / 2)
    for kind in (
        {"order": [1, 3], "turn": [6]},
        {"order": [1], "turn": [3, 6]},
        {"order": [1], "turn": [6]},
    ):
        page.page.mouse.click(*place)
        assert page.page.evaluate("models[0].get('marks')") == marks(**kind)
        assert page.page.evaluate("models[0].get('step')") == 3
        page.agrees()
    page.root.get_by_role("button", name="Make step 3 an order").click()
    page.root.get_by_role("button", name="Make step 3 a turn").click()
    assert page.page.evaluate("models[0].get('marks')") == marks(order=[1], turn=[3, 6])
    page.root.get_by_role("button", name="Make step 3 plain").click()
    assert page.page.evaluate("models[0].get('marks')") == marks(order=[1], turn=[6])


def test_prompt_and_controls_fit_one_screen(show):
    page = Page(show(GruInTime(), width=840), 0)
    page.page.add_style_tag(content="body { max-width: 820px !important }")
    page.page.wait_for_timeout(100)
    top = page.root.locator(".guidance.try").bounding_box()["y"]
    low = page.root.locator(".choices").bounding_box()
    assert low["y"] + low["height"] - top < 720


def test_text_says_what_autograd_says_and_wrong_rows_are_refused():
    for reset in ("before", "after"):
        _, d, y = seen(OVER | {"reset": reset})
        text = GruInTime(reset=reset).text
        assert number(text.split("answers ")[1]) == pytest.approx(y, rel=5e-3)
        told_ = number(text.split("loss there is ")[1])
        assert told_ == pytest.approx(d["h"][5, 0].item(), rel=5e-3)
        alone = number(text.split(f"{told_}".replace("-", "−") + ": ")[1])
        assert alone == pytest.approx(d["alone"][5, 0].item(), rel=5e-3)
    with pytest.raises(ValueError, match="marks must have 10 steps; it has 3"):
        GruInTime(marks=[0, 1, 0])
