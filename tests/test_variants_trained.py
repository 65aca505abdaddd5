"""The small LSTMs with a gate less: what is stored is what they reach, and a cut is PyTorch's."""

from __future__ import annotations

import json

import pytest
import torch

from rnnbook.experiments import equal_terms, rows, stored_results
from rnnbook.experiments import variants as experiment
from rnnbook.experiments.variants import (
    HIDDEN,
    INPUTS,
    LENGTH,
    OPTIONS,
    SEEDS,
    WIDER,
    reached,
    trace,
    train,
    trained,
)
from rnnbook.variants import Options
from rnnbook.worlds.questions import announced

H = HIDDEN


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def in_torch(weights, ones=""):
    """`torch.nn.LSTM` of these weights; some gates have a bias of 40 alone, at which σ is 1."""
    layer = torch.nn.LSTM(INPUTS, H, dtype=torch.float64).requires_grad_(False)
    for kind, parameter in (
        ("W_x", layer.weight_ih_l0),
        ("W_h", layer.weight_hh_l0),
        ("b", layer.bias_ih_l0),
    ):
        stacked = weights[kind][0] if kind == "b" else weights[kind][0].mT
        blocks = dict(zip("ifoc", stacked.split(H), strict=True))
        for gate in ones:
            blocks[gate] = torch.full_like(blocks[gate], 40.0 * (kind == "b"))
        parameter.copy_(torch.cat([blocks[gate] for gate in "ifco"]))
    layer.bias_hh_l0.zero_()
    return layer


@pytest.mark.parametrize("ones", ["", "i", "f", "o", "io"])
def test_a_cut_after_training_is_pytorchs_gate_at_one(ones):
    weights = {name: part.double() for name, part in trained("LSTM").items()}
    x, _ = announced(50, LENGTH, seeded())
    found = trace(Options(without=ones), weights, x[None].double())
    h, _ = in_torch(weights, ones)(x.double())
    answer = (h @ weights["W_q"][0] + weights["b_q"][0])[..., 0]
    torch.testing.assert_close(found["h"][0], h, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(found["answer"][0], answer, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("added", [{"peepholes": True}, {"full_gate_recurrence": True}])
def test_what_is_added_after_training_is_zero_and_changes_nothing(added):
    weights = {name: part.double() for name, part in trained("LSTM").items()}
    x = announced(50, LENGTH, seeded())[0][None].double()
    found, whole = (trace(Options(**change), weights, x)["answer"] for change in (added, {}))
    torch.testing.assert_close(found, whole, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_stored_network_reaches_what_is_stored_of_it_and_is_the_best_of_its_seeds(name):
    stored, weights = stored_results("variants")["networks"][name], trained(name)
    found = {key: part.item() for key, part in reached(OPTIONS[name], weights).items()}
    cut = {key: part.item() for key, part in reached(OPTIONS[name], trained("LSTM")).items()}
    for ours, theirs in ((found, stored), (cut, stored["cut"])):
        assert ours["error"] == pytest.approx(theirs["error"], rel=1e-3, abs=1e-5)
        assert ours["right"] == pytest.approx(theirs["right"], abs=2e-3)
    assert len(stored["each"]) == len(SEEDS)
    assert min(stored["each"]) == stored["error"] == stored["each"][SEEDS.index(stored["seed"])]


def test_an_error_is_that_of_the_answers_and_right_is_within_one_half():
    """Silence: wrong where a question is asked, in 0.4² of the steps but the first."""
    silent = {name: torch.zeros_like(part) for name, part in trained("LSTM").items()}
    found = reached(Options(), silent)
    asked = 0.4**2 * (LENGTH - 1) / LENGTH
    assert found["error"].item() == pytest.approx(asked, abs=0.01)
    assert found["right"].item() == pytest.approx(1 - asked, abs=0.01)


def test_seeds_are_trained_side_by_side_as_each_alone_and_learn():
    both = train("no forget gate", (0, 1), batches=40)
    alone = train("no forget gate", (1,), batches=40)
    for name, part in alone.items():
        torch.testing.assert_close(both[name][1:], part, rtol=1e-3, atol=1e-4)
    first = train("no forget gate", (0, 1), batches=1)
    options = OPTIONS["no forget gate"]
    assert (reached(options, both)["error"] < reached(options, first)["error"]).all()


def test_wider_networks_have_the_errors_of_all_seeds():
    record = stored_results("variants")
    assert list(record["networks"]) == list(record["wider"]) == list(OPTIONS)
    assert all(len(one["each"]) == len(SEEDS) for one in record["wider"].values())
    assert WIDER > record["hidden"] == HIDDEN


def test_what_is_written_is_read_again(tmp_path, monkeypatch):
    """The whole command, with networks that are drawn instead of trained."""

    def drawn(name, *, hidden):
        shapes = equal_terms.shapes(name, hidden, INPUTS, 1)
        return rows.named(torch.stack([equal_terms.start(name, s, shapes) for s in SEEDS]), shapes)

    monkeypatch.setattr(experiment, "train", drawn)
    monkeypatch.setattr("sys.argv", ["variants", "--out", str(tmp_path)])
    experiment.main()
    record = json.loads((tmp_path / "variants.json").read_text("utf8"))
    assert record.keys() == stored_results("variants").keys()
    for name, one in record["networks"].items():
        seed = one["each"].index(min(one["each"]))
        assert (one["seed"], one["error"]) == (SEEDS[seed], one["each"][seed])
        for key, part in drawn(name, hidden=HIDDEN).items():
            stored = torch.tensor(one["weights"][key])
            torch.testing.assert_close(stored, part[seed], rtol=0, atol=0.51e-4)
    assert not any("weights" in one for one in record["wider"].values())


def test_what_there_is_not_is_named():
    for call in (trained, train):
        with pytest.raises(ValueError, match=r"name: expected one of LSTM, .*; given 'GRU'"):
            call("GRU")
