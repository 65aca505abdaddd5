"""Probes, ranks and held gates against enumeration, NumPy's least squares and the equations."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

from rnnbook.experiments import page_model, reading, stored_results
from rnnbook.experiments.held import Hold, traced
from rnnbook.training import CharacterModel, Text, bits_per_character, default_text


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# --- probes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("strength", [0.0, 3.0])
def test_ridge_is_least_squares_with_a_row_for_each_penalty(strength):
    X, y = torch.randn(50, 4, generator=seeded()), torch.randn(50, generator=seeded(1))
    rows = np.concatenate([np.c_[X, np.ones(50)], np.c_[math.sqrt(strength) * np.eye(4), [0] * 4]])
    wanted = np.linalg.lstsq(rows, np.r_[y, np.zeros(4)], rcond=None)[0]
    w, b = reading.ridge(X, y, strength)
    np.testing.assert_allclose(np.r_[w, b], wanted, rtol=1e-6)


def test_right_order_is_the_share_of_pairs_and_ties_count_a_half():
    scores = torch.randint(5, (30, 3), generator=seeded()).float()
    truth = torch.rand(30, generator=seeded(1)) < 0.4
    for column, share in zip(scores.T, reading.right_order(scores, truth), strict=True):
        pairs = list(itertools.product(column[truth].tolist(), column[~truth].tolist()))
        wins = sum(1.0 if yes > no else 0.5 if yes == no else 0.0 for yes, no in pairs)
        assert float(share) == pytest.approx(wins / len(pairs))
    assert reading.right_order(truth.float(), truth).item() == 1
    assert reading.right_order(torch.zeros(30), truth).item() == 0.5


def test_the_last_characters_are_those_before_and_zero_before_the_text():
    tokens = torch.randint(5, (6, 2), generator=seeded())
    seen = reading.last_characters(tokens, 5, 3).unflatten(-1, (3, 5))
    for t, lane, back in itertools.product(range(6), range(2), range(3)):
        wanted = torch.zeros(5)
        if t >= back:
            wanted[tokens[t - back, lane]] = 1
        assert torch.equal(seen[t, lane, back], wanted)


def planted(seed: int, unit: int | None) -> dict[str, torch.Tensor]:
    """Noise, in which one unit is low where the answer is yes; the characters tell nothing."""
    truth = torch.rand(4000, generator=seeded(seed)) < 0.3
    C = torch.randn(4000, 6, generator=seeded(seed + 1))
    if unit is not None:
        C[:, unit] = 0.5 * C[:, unit] - truth.float()
    return {"C": C, "last": torch.randn(4000, 4, generator=seeded(seed + 2)), "truth": truth}


def test_a_probe_finds_the_unit_that_knows_and_is_scored_on_what_it_never_saw():
    found = reading.probe(planted(0, 4), planted(10, 4))
    assert (found["unit"], found["sign"]) == (5, -1)
    normal = 0.5 * (1 + math.erf(1 / 0.5 / math.sqrt(2) / math.sqrt(2)))  # two means, 1/0.5 apart
    assert found["one_unit"] == pytest.approx(normal, abs=0.02)
    assert found["all_units"] == pytest.approx(normal, abs=0.02)
    assert found["characters"] == pytest.approx(0.5, abs=0.03)
    assert found["share"] == pytest.approx(0.3, abs=0.03)
    luck = reading.probe(planted(0, 4), planted(10, None))
    assert luck["one_unit"] == pytest.approx(0.5, abs=0.03)
    assert luck["all_units"] == pytest.approx(0.5, abs=0.03)


def test_the_questions_are_answered_as_a_reader_would():
    text = 'a "b" (c)\n  d'
    answers = {name: ask(text) for name, ask in reading.QUESTIONS.items()}
    said = {name: "".join(".#"[yes] for yes in row) for name, row in answers.items()}
    assert said == {
        "inside double quotes?": "..##.........",
        "inside round brackets?": "......##.....",
        "is the line indented?": "..........###",
        "past column 50?": ".............",
    }
    assert reading.QUESTIONS["past column 50?"]("x" * 52) == [False] * 50 + [True] * 2


@pytest.mark.parametrize("of", ["reading", "page_model"])
def test_a_piece_that_begins_within_quotes_knows_it(of):
    """The text is read in pieces side by side; all but the first begin within one quotation."""
    lane = page_model.WARM_UP + 4
    text = Text.of('"' + "ab " * (page_model.LANES * lane // 3 - 1) + 'a"')
    torch.manual_seed(0)
    model = CharacterModel(len(text.alphabet), "lstm", 3, embedding=2).requires_grad_(False)
    written = text.alphabet.decode(text.tokens)
    inside = page_model.quoted(written)
    if of == "reading":
        found = reading._read(model, text, {"truth": torch.tensor(inside)}, 0, len(text))["truth"]
    else:
        found = page_model._read(model, text.alphabet, written, {"truth": inside})[1]["truth"]
    assert len(found) == 4 * page_model.LANES
    assert found[:-1].all()
    assert not found[-1]  # the closing one


# --- lifetimes, and gates that are held ----------------------------------------------------------


def test_rank_correlation_is_spearmans():
    a, b = torch.randn(20, generator=seeded()), torch.randn(20, generator=seeded(1))
    apart = (a.argsort().argsort() - b.argsort().argsort()).double()
    wanted = 1 - 6 * float((apart**2).sum()) / (20 * (20**2 - 1))  # where no numbers are equal
    assert reading.rank_correlation(a, b) == pytest.approx(wanted)
    assert reading.rank_correlation(a, a.exp()) == pytest.approx(1)
    assert reading.rank_correlation(torch.tensor([1.0, 1, 2]), torch.tensor([1.0, 1, 5])) == 1


@pytest.fixture(scope="module")
def model() -> CharacterModel:
    torch.manual_seed(0)
    return CharacterModel(7, "lstm", 5, embedding=3).requires_grad_(False)


@pytest.mark.parametrize("gate", reading.BLOCKS)
def test_a_gate_of_constant_weights_is_the_gate_held_at_every_step(model, gate):
    tokens = torch.randint(7, (12, 3), generator=seeded())
    held = reading.with_constant_gate(model, gate, torch.full((5,), 0.3))
    wanted = traced(model, tokens, Hold(gate, 0.3))
    torch.testing.assert_close(held(tokens)[0], wanted["scores"])
    shares = torch.rand(5, generator=seeded(2))
    found = traced(reading.with_constant_gate(model, gate, shares), tokens)
    torch.testing.assert_close(found[gate], shares.expand(12, 3, 5))
    assert not torch.allclose(held(tokens)[0], model(tokens)[0])


def test_measuring_a_small_model_gives_what_is_stored():
    letters = 'abc "(d)"\n\n  e' * 2500
    text = Text.of(letters)
    torch.manual_seed(1)
    model = CharacterModel(len(text.alphabet), "lstm", 6, embedding=3).requires_grad_(False)
    model.recurrent.bias_ih_l0.normal_()  # else all forget biases were equal
    questions = {name: reading.QUESTIONS[name] for name in list(reading.QUESTIONS)[:3]}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading, "QUESTIONS", questions)  # no line here is long
        found = reading.measure(model, text, len(text) // 2)
    assert found.keys() < stored_results("reading").keys()
    assert [row["question"] for row in found["probes"]] == list(questions)
    # what repeats every 14 characters is known from the last 16
    assert min(row["characters"] for row in found["probes"]) > 0.99


# --- what is stored ------------------------------------------------------------------------------


def test_what_is_stored_is_of_the_pages_model_and_agrees_with_itself():
    found, page = reading.stored(), stored_results("page_model")
    assert found["text"]["sha256"] == page["text"]["sha256"]
    assert found["free"] == pytest.approx(page["bits_per_character"]["quantised"], abs=2e-4)
    model, _ = reading.page()
    layer = model.recurrent
    b_f = (layer.bias_ih_l0 + layer.bias_hh_l0)[192:384]
    torch.testing.assert_close(torch.tensor(found["b_f"]), b_f, atol=1e-4, rtol=0)
    for f, steps in zip(found["mean_f"], found["lifetimes"], strict=True):
        assert f == pytest.approx(1 - 1 / steps, abs=0.05 / steps**2 + 1e-4)  # both are rounded
    rank = reading.rank_correlation(torch.tensor(found["mean_f"]), torch.tensor(found["b_f"]))
    assert rank == pytest.approx(found["rank_correlation"], abs=2e-3)
    assert [row["question"] for row in found["probes"]] == list(reading.QUESTIONS)
    said = reading.table()
    for row in found["probes"]:
        for name in ("one_unit", "all_units", "characters"):
            assert 0 <= row[name] <= 1
            assert f"{row[name]:.2f}" in said


def test_the_stored_bits_of_held_gates_come_out_again_on_the_same_text():
    text, found = default_text(), reading.stored()
    if text.sha256 != found["text"]["sha256"]:
        # What is stored was measured on one Python's manual; another's has nothing to be held to.
        # What holds for any text is tested above, on texts made here.
        pytest.skip("this Python carries another text")
    model, _ = reading.page()
    start = len(text) - math.floor(len(text) * 0.1)
    means = reading.mean_gates(model, text, start)
    held = reading.with_constant_gate(model, "f", means["f"])
    bits = bits_per_character(held, text, start)
    assert bits == pytest.approx(found["held_at_mean"]["f"], abs=1e-3)
    torch.testing.assert_close(means["f"], torch.tensor(found["mean_f"]), atol=1e-3, rtol=0)
