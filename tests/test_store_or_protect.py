"""Store or protect: its errors against the world's own streams, and the hand on its gate."""

from __future__ import annotations

import math
import re

import pytest
import torch
from explorable_pages import Seen, drag
from test_mathematics_js import javascript

from rnnbook.widgets import StoreOrProtect
from rnnbook.widgets.store_or_protect import DERIVED, PRESETS
from rnnbook.worlds import Hidden
from rnnbook.worlds.flagged import error_per_step
from rnnbook.worlds.thread import writes

GATES = [(0.0, -1.386), (8.16, -5.47), (40.0, -20.0), (2.0, 1.0)]
WORLDS = [(0.35, 0.2), (1.5, 0.02), (0.15, 0.5)]


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("gate", GATES)
def test_both_errors_are_those_of_the_worlds_own_streams(gate, world):
    noise, p = world
    (found,) = javascript("writeErrors", [[*gate, noise, p]])
    drawn = writes(p, noise).sample(1, 400_000, torch.Generator().manual_seed(0))
    share = torch.sigmoid(gate[0] * drawn.evidence["R"] + gate[1])
    counts = drawn.values["R"]
    parts = ((1 - counts) * share**2, counts * (1 - share) ** 2)
    for error, part in zip(found, parts, strict=True):
        room = 5 * part.std().item() / math.sqrt(part.numel())
        assert error == pytest.approx(part.mean().item(), abs=room)
    assert sum(found) == pytest.approx(error_per_step(Hidden(p, noise), *gate), rel=1e-6)


@pytest.mark.parametrize(("noise", "p"), WORLDS)
def test_the_derived_gate_is_the_worlds(noise, p):
    assert javascript("derivedWrite", [[noise, p]])[0] == pytest.approx(Hidden(p, noise).gate())


def test_the_density_is_pytorchs():
    grid = [(v / 4, mean, noise) for v in range(-8, 12) for mean in (0, 1) for noise in (0.2, 1)]
    expected = [
        torch.distributions.Normal(mean, noise).log_prob(torch.tensor(v)).exp().item()
        for v, mean, noise in grid
    ]
    assert javascript("evidenceDensity", [list(row) for row in grid]) == pytest.approx(
        expected, rel=1e-5
    )


def test_it_says_what_it_shows_without_javascript():
    text = StoreOrProtect(w_v=DERIVED[0], b=DERIVED[1]).text
    assert "20 for writing nothing, 16 for the best fixed weight, 4.22 for this gate" in text
    assert "0.2 at v = 0.5" in text, "evidence that fits both leaves the prior"


def test_deciding_errs_a_fifth_more():
    (decide,) = (preset["set"] for preset in PRESETS if preset["name"] == "Nearly decides")
    event = Hidden(decide["p"], decide["noise"])
    more = error_per_step(event, decide["w_v"], decide["b"]) / error_per_step(event, *DERIVED)
    assert 1.18 < more < 1.22


# ---- in the page --------------------------------------------------------------------------------


def said(page) -> str:
    return page.locator(".sentence").last.inner_text()


def test_turning_the_weight_from_the_fixed_one_leads_to_the_derived_gate(show):
    page = show(StoreOrProtect())
    assert "279 % above the least" in said(page)
    Seen(page).field("w_v").fill(str(round(DERIVED[0], 1)))
    state = page.evaluate("({ w: models[0].get('w_v'), b: models[0].get('b') })")
    assert state["w"] * 0.5 + state["b"] == pytest.approx(math.log(0.25), abs=0.01)
    assert "as little as can be" in said(page)


def test_the_hand_on_the_share_moves_the_bias_alone(show):
    page = show(StoreOrProtect(w_v=8.0, b=-5.0))
    handle = Seen(page).handle("Share written at the evidence one half")
    before = float(handle.get_attribute("aria-valuenow"))
    drag(page, handle, 0, -40)
    after = float(handle.get_attribute("aria-valuenow"))
    assert after > before + 0.1
    state = page.evaluate("({ w: models[0].get('w_v'), b: models[0].get('b') })")
    assert state["w"] == 8
    assert after == pytest.approx(1 / (1 + math.exp(-(4 + state["b"]))), abs=0.01)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset["name"])
def test_each_preset_shows_the_error_that_python_computes(show, preset):
    page = show(StoreOrProtect())
    Seen(page).root.get_by_role("button", name=re.compile(re.escape(preset["name"]))).click()
    own = {**preset["set"]}
    error = error_per_step(Hidden(own["p"], own["noise"]), own["w_v"], own["b"])
    shown = page.locator(".bars").get_by_text(re.compile(r"^\d")).all_text_contents()
    assert float(shown[2]) == pytest.approx(100 * error, abs=0.02)
