"""The drawing of two places for a gate: the weights that are silent are those of the package."""

import re
from xml.etree import ElementTree

import pytest
import torch

from rnnbook.gru import candidate
from rnnbook.plots import GRID, INK, PAPER
from rnnbook.plots.gate_places import SHUT, UNITS, gate_places
from rnnbook.quantities import QUANTITIES

DIGITS = "₁₂₃"
DRAWN = gate_places("Two places.")


def weights_drawn():
    """For each panel the weights that it shows, in the order of the drawing."""
    texts = ["".join(t.itertext()) for t in ElementTree.fromstring(DRAWN.svg).iter() if t.text]
    place = texts.index("after: r ∗ (U h)")
    return [[t for t in part if re.fullmatch("U..", t)] for part in (texts[:place], texts[place:])]


@pytest.mark.parametrize("after", [False, True])
def test_the_weights_drawn_are_those_by_which_a_memory_moves_a_candidate(after):
    gate = torch.ones(1, UNITS).double()
    gate[0, SHUT - 1] = 0
    U = torch.ones(UNITS, UNITS).double()
    none = torch.zeros(1, 1).double(), torch.zeros(1, UNITS).double(), torch.zeros(UNITS).double()

    def call(h):
        x, W, b = none
        return candidate(x, h[None], gate, W, U, b, after)[0]

    moved = torch.func.jacrev(call)(torch.zeros(UNITS).double())  # [m, n]: unit m by memory n
    heard = [f"U{DIGITS[m]}{DIGITS[n]}" for m, n in moved.nonzero().tolist()]
    assert weights_drawn()[after] == heard
    assert len(heard) == UNITS * (UNITS - 1)


def test_it_says_what_it_shows_in_the_palette_and_the_same_bytes():
    assert DRAWN.caption == "Two places."
    assert "Unit 2's gate is 0" in DRAWN.alt
    colours = set(re.findall(r"#[0-9a-f]{6}\b", DRAWN.svg))
    assert colours <= {INK, PAPER, GRID, QUANTITIES["r"].light, QUANTITIES["h"].light}
    assert DRAWN.svg == gate_places("Two places.").svg
