"""The whole cell in time: its network, what its page says against autograd, and its own hands."""

from __future__ import annotations

import re

import pytest
import torch
from explorable_pages import Seen, number
from test_cell_both_ways import ORDER, graph, told
from test_mathematics_js import javascript

from rnnbook.experiments import flips
from rnnbook.widgets import CellInTime
from rnnbook.widgets.cell_in_time import PRESETS, inputs, readings, stored_weights
from rnnbook.widgets.cell_in_time import flips as flips_at


def test_network_of_the_page_is_the_trained_one_and_solves_its_task():
    model, weights = flips.trained(), stored_weights()
    assert flips.reached(model)["right"] > 0.99
    x, _ = flips.streams(50, torch.Generator().manual_seed(3))
    parts = {g: weights[g] for g in ORDER}
    runs = javascript("lstmForward", [[parts, rows] for rows in x.permute(1, 0, 2).tolist()])
    ends = torch.tensor([steps[-1]["h"] for steps in runs])
    answers = ends @ torch.tensor(weights["y"]["h"]) + weights["y"]["b"]
    torch.testing.assert_close(answers, model(x).detach(), atol=1e-5, rtol=0)


def test_a_short_training_begins_to_learn_it():
    before, after = (flips.reached(flips.train(steps=steps))["error"] for steps in (0, 150))
    assert after < 0.8 * before


class Page(Seen):
    """What a reader sees of the cell, and what autograd says of the same state."""

    def numbers(self, term: str) -> list[float]:
        texts = self.root.locator(f'svg.wires > text[data-term="{term}"]').all_text_contents()
        return [number(text.split("=")[-1]) for text in texts if re.search(r"\d$", text)]

    def agrees(self) -> None:
        names = "['readings', 'flips', 'step', 'unit', 'direction', 'wanted']"
        state = self.page.evaluate(f"{names}.map((name) => models[0].get(name))")
        t, j, backwards = int(state[2]) - 1, int(state[3]) - 1, state[4] == "backwards"
        model = flips.trained().double()
        cell = torch.nn.LSTMCell(2, 2).double()
        cell.load_state_dict({n[:-3]: p for n, p in model.lstm.named_parameters()})
        x = inputs(*state[:2])
        kept, cut = graph(cell, x), graph(cell, x, set(range(10)))
        y = model(x[:, None].clone()).item()
        error = y - (1 if state[5] == "+1" else -1)
        end = error * model.read_out.weight[0].detach()
        d, alone = told(kept, end, [*ORDER, "C", "h"]), told(cut, end, ["C"])["C"][t, j].item()
        assert number(self.root.locator("p.told").last.text_content()) == pytest.approx(
            y, abs=0.006
        )
        shown = self.root.locator('.equation [data-term="C"] .number').first.inner_text()
        expected = (d["C"] if backwards else kept["C"])[t][j].item()
        assert number(shown) == pytest.approx(expected, abs=6e-3)
        for gate in "fco":
            expected = (d[gate] if backwards else kept[gate])[t][j].item()
            assert self.numbers(gate) == pytest.approx([expected], abs=6e-3)
        if not backwards:
            return
        sentence = self.root.locator("p.told").first.text_content().split("δC = ")[1]
        all_, *parts = map(number, re.findall(r"[−\d.]*\d\.\d\d", sentence))
        assert all_ == pytest.approx(d["C"][t, j].item(), abs=6e-3)
        if t < 9:
            assert parts == pytest.approx([alone, d["C"][t, j].item() - alone], abs=6e-3)
        sent = self.numbers("h")[2:7]  # by four gates and by the other unit, to h_{t−1}
        before = d["h"][t - 1, j].item() if t else sum(sent)
        assert sum(sent) == pytest.approx(before, abs=0.026)


@pytest.mark.parametrize("preset", range(len(PRESETS)))
def test_page_says_the_numbers_of_autograd_in_both_directions(show, preset):
    page = Page(show(CellInTime(**PRESETS[preset]["set"])))
    slider = page.slider("step")
    for unit, direction in [("1", "forwards"), ("2", "backwards")]:
        page.page.evaluate(
            "([u, d]) => { models[0].set('unit', u); models[0].set('direction', d) }",
            [unit, direction],
        )
        for key in ("Home", "ArrowRight", "PageUp", "ArrowLeft"):
            slider.press(key)
            page.agrees()


def test_readings_are_drawn_and_flips_are_set_by_a_click(show):
    page = Page(show(CellInTime()))
    box = page.handle("Readings").bounding_box()
    x, middle = box["x"] + 0.25 * box["width"], box["y"] + box["height"] / 2
    page.page.mouse.click(x, middle - 12)
    drawn = page.page.evaluate("models[0].get('readings')")
    assert inputs(drawn, flips_at())[2, 0] > 0.4
    assert page.page.evaluate("models[0].get('step')") == 3
    page.agrees()
    row = page.root.locator(".pick").bounding_box()
    page.page.mouse.click(x, row["y"] + row["height"] / 2)
    assert page.page.evaluate("models[0].get('flips')") == flips_at(3, 5)
    page.agrees()
    page.root.get_by_role("button", name="Unflip step 3").click()
    assert page.page.evaluate("models[0].get('flips')") == flips_at(5)


def test_text_says_what_autograd_says_and_wrong_rows_are_refused():
    doubtful = readings({1: 0.1})
    text = CellInTime(readings=doubtful, flips=flips_at(), wanted="−1", unit="1", step=1).text
    assert "gradient of the loss there is −1.59" in text
    with pytest.raises(ValueError, match="flips must have 10 steps; it has 3"):
        CellInTime(flips=[0, 1, 0])
