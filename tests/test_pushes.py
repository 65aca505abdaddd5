"""Chapter 8's worlds against enumeration and quadrature, its networks against PyTorch."""

from __future__ import annotations

import itertools
import math
import re
import tomllib
from pathlib import Path

import pytest
import torch

from rnnbook import gru
from rnnbook.experiments import verdicts
from rnnbook.experiments.pushes import ARMS, train_pushes
from rnnbook.experiments.trainings import RowRun
from rnnbook.worlds.pushes import (
    announced_pushes,
    derived_felt,
    doubt_left,
    felt,
    fit_felt,
    pushes,
)

ROOT = Path(__file__).resolve().parent.parent


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def enumerated(v, h, bears, noise):
    """The mean of the push over all 2ᴺ cases of what bears, each with its prior and evidence."""
    total = weight = 0.0
    for case in itertools.product((0.0, 1.0), repeat=len(bears)):
        likely = 1.0
        for A, p, seen in zip(case, bears, v, strict=True):
            density = torch.distributions.Normal(A, noise).log_prob(seen).exp().item()
            likely *= (p if A else 1 - p) * density
        weight += likely
        total += likely * sum(A * one for A, one in zip(case, h, strict=True))
    return total / weight


# --- the gate ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("bears", "noise"), [((0.5, 0.3), 0.4), ((0.1, 0.8, 0.5), 1.1)])
def test_the_derived_gates_give_the_mean_over_every_case_of_what_bears(bears, noise):
    streams = pushes(20, 2, seeded(), bears, noise)
    v, h = streams.evidence.flatten(0, 1), streams.held.flatten(0, 1) * 0.7
    ours = felt(v, h, *derived_felt(bears, noise))
    expected = [
        enumerated(one, held.tolist(), bears, noise) for one, held in zip(v, h, strict=True)
    ]
    torch.testing.assert_close(ours, torch.tensor(expected).double(), rtol=0, atol=1e-6)


def test_training_from_zero_finds_the_derived_weights():
    learnt = fit_felt(pushes(60, 1000, seeded(5)))
    for ours, expected in zip(learnt, derived_felt(), strict=True):
        torch.testing.assert_close(ours, expected, rtol=0.07, atol=0.12)


@pytest.mark.parametrize(("p", "noise"), [(0.5, 0.4), (0.3, 0.4), (0.1, 1.0)])
def test_what_the_evidence_leaves_is_what_drawn_streams_miss(p, noise):
    streams = pushes(50, 20000, seeded(1), (p,), noise)
    v, h = streams.evidence.flatten(0, 1), streams.held.flatten(0, 1)
    missed = felt(v, h, *derived_felt((p,), noise)) - streams.targets.flatten()
    assert missed.square().mean().item() == pytest.approx(doubt_left(p, noise), rel=0.01)
    assert doubt_left(p, noise) < p * (1 - p)


def test_evidence_without_limit_of_noise_leaves_all_and_none():
    assert doubt_left(0.3, 50.0) == pytest.approx(0.3 * 0.7, rel=1e-3)
    assert doubt_left(0.3, 0.05) < 1e-6


def test_the_push_is_the_sum_of_what_bears_and_sides_turn_at_random():
    streams = pushes(200, 500, seeded(2))
    total = torch.einsum("tbn,tbn->tb", streams.held, streams.bears)
    torch.testing.assert_close(streams.targets, total, rtol=0, atol=0)
    turned = (streams.held[1:] != streams.held[:-1]).double().mean().item()
    assert turned == pytest.approx(0.05, abs=0.003), "drawn anew at one step of ten"
    blur = (streams.evidence - streams.bears) / 0.4
    assert abs(blur.mean().item()) < 0.01
    assert blur.std().item() == pytest.approx(1, abs=0.01)
    assert streams.bears.mean((0, 1)).tolist() == pytest.approx([0.5, 0.3], abs=0.01)


# --- announced pushes ----------------------------------------------------------------------------


@pytest.mark.parametrize("memories", [1, 2, 3])
def test_a_memory_bears_where_it_was_announced_and_the_signal_stands(memories):
    x, answers = announced_pushes(40, 20, seeded(), memories)
    M = memories
    assert x.shape == (20, 40, 2 * M + 1)
    for n in range(40):
        m, before = [0.0] * M, [0.0] * M
        for t in range(20):
            one = x[t, n].tolist()
            y = sum(a * one[-1] * side for a, side in zip(before, m, strict=True))
            assert answers[t, n] == y
            m = [new or old for new, old in zip(one[:M], m, strict=True)]
            before = one[M : 2 * M]


# --- networks ------------------------------------------------------------------------------------


def test_an_arm_holds_what_it_takes_away():
    for name, arm in ARMS.items():
        (run,) = train_pushes([(name, 0, 0.1)], steps=5, hidden=3, length=5)
        of_r = {key: run.weights[key][0, ..., 3:6] for key in ("W_x", "W_h", "b")}
        assert (of_r["W_h"].abs().max() > 0) == arm.sees_h
        assert (of_r["W_x"].abs().max() > 0) == arm.sees_x
        assert torch.equal(torch.sigmoid(of_r["b"]), torch.ones(3)) != arm.learns
        assert isinstance(run, RowRun)
        assert not run.solved


def test_a_training_is_one_of_the_packages_equations_by_pytorchs_own_adam():
    """Two trainings at once, against one of gru_step with autograd and torch.optim."""
    name, H = "GRU as printed", 3
    run = train_pushes([(name, 0, 0.01), (name, 1, 0.03)], steps=4, hidden=H, length=6)[1]
    (start,) = train_pushes([(name, 1, 1e-12)], steps=1, hidden=H, length=6)
    parts = {key: part[0].clone() for key, part in start.weights.items()}
    trained = [one.requires_grad_() for one in parts.values()]
    optimizer, data = torch.optim.Adam(trained, 0.03), seeded(1)
    for _ in range(4):
        x, y = announced_pushes(32, 6, data)
        gates = [
            part[..., k * H : (k + 1) * H]
            for k in range(3)
            for part in (parts["W_x"], parts["W_h"], parts["b"])
        ]
        h, answers = torch.zeros(32, H), []
        for x_t in x:
            h = gru.gru_step(x_t, h, *gates)
            answers.append(h @ parts["W_q"] + parts["b_q"])
        loss = torch.nn.functional.mse_loss(torch.stack(answers), y)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
    for key, ours in run.weights.items():
        torch.testing.assert_close(ours[0], parts[key].detach(), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: announced_pushes(5, 5, seeded(), 0), "memories"),
        (lambda: pushes(0, 5, seeded()), "length"),
        (lambda: train_pushes([("no gate", 0, 0.1)]), "arm: expected one of GRU as printed"),
        (lambda: doubt_left(1.0, 0.4), "chance"),
    ],
)
def test_a_bad_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_derived_numbers_are_those_of_the_closed_form():
    W_x, W_h, b, U = derived_felt()
    assert W_x.diag().tolist() == pytest.approx([6.25, 6.25])
    assert b.tolist() == pytest.approx([-3.125, math.log(3 / 7) - 3.125])
    assert W_h.abs().sum() == 0
    assert U.tolist() == [1, 1]


# --- what the book says of the trainings ---------------------------------------------------------


def test_counts_of_trainings_in_the_claims_are_those_of_the_stored_sweep():
    table = tomllib.loads((ROOT / "book" / "claims.toml").read_text("utf8"))
    (text,) = [one["found"]["8"] for one in table["sentence"] if one.get("key") == "influence"]
    told = [int(number) for number in re.findall(r"\bin (\d+)\b", text)]
    models = ("GRU as printed", "r fixed, learnt", "r = 1")
    found = [verdicts.tally("pushes", model=one, size=1, hidden=4) for one in models]
    assert [(number, 20) for number in told] == found
