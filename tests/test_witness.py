"""Chapter 6's world against enumeration, and its unit against the recurrence of the package."""

from __future__ import annotations

import math

import pytest
import torch

from rnnbook.lstm import lstm_trace
from rnnbook.worlds.witness import (
    SHOWS,
    SIZES,
    answers,
    evidence_held,
    fit_unit,
    mean_sign,
    one_report,
    question_gate,
    witness,
)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def weights(seed=0):
    generator = seeded(seed)
    return [torch.randn(size, generator=generator, dtype=torch.float64) for size in SIZES]


# --- the world and its oracle --------------------------------------------------------------------


def test_the_oracle_of_a_sign_that_stays_is_bayes_rule_for_two_hypotheses():
    reports = torch.tensor([1.0, 1, -1, 1, 1], dtype=torch.float64)
    odds, means = 1.0, mean_sign(reports, 0.75)
    for r, mean in zip(reports.tolist(), means.tolist(), strict=True):
        odds *= 3.0**r
        assert mean == pytest.approx((odds - 1) / (odds + 1), abs=1e-14)


@pytest.mark.parametrize(("right", "anew"), [(0.75, 0.0), (0.75, 0.1), (0.9, 0.5), (0.6, 1.0)])
def test_the_exact_filter_is_the_enumerated_mean(right, anew):
    x, _, _ = witness(6, 11, seeded(), right, anew)
    for n in range(6):
        oracle = mean_sign(x[:, n, 0], right, anew)
        ours = torch.tanh(evidence_held(x[:, n, 0], right, anew))
        torch.testing.assert_close(ours, oracle, rtol=0, atol=1e-12)


def test_equation_4_is_exact_without_forgetting_and_surer_with_it():
    x, _, _ = witness(200, 40, seeded(), anew=0.0)
    r = x[..., 0]
    torch.testing.assert_close(evidence_held(r, exact=False), evidence_held(r), rtol=0, atol=0)
    always = torch.ones(60, 1, dtype=torch.float64)
    linear, exact = (evidence_held(always, anew=0.1, exact=one)[-1].item() for one in (False, True))
    assert linear == pytest.approx(one_report() / 0.1, rel=2e-3)
    assert exact == pytest.approx(math.atanh(0.9 * math.tanh(exact)) + one_report(), abs=1e-9)
    assert exact < 2.1


@pytest.mark.parametrize("anew", [0.0, 0.2])
def test_streams_have_the_chances_that_they_are_said_to_have(anew):
    x, s, Q = witness(3000, 40, seeded(), 0.75, anew)
    assert (x[..., 0] == s).double().mean() == pytest.approx(0.75, abs=0.01)
    assert (s[1:] != s[:-1]).double().mean() == pytest.approx(anew / 2, abs=0.01)
    assert s[0].mean() == pytest.approx(0, abs=0.06)
    assert Q.mean() == pytest.approx(0.2, abs=0.01)
    blur = x[..., 1] - Q
    assert [blur.mean(), blur.std()] == pytest.approx([0, 0.35], abs=0.01)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: witness(2, 3, seeded(), right=1.0), "right: expected a probability"),
        (lambda: witness(2, 3, seeded(), anew=1.5), "anew: expected a probability"),
        (lambda: witness(0, 3, seeded()), "batch: expected"),
        (lambda: mean_sign(torch.ones(15)), "at most 14 steps, given 15"),
        (lambda: one_report(0.0), "right: expected"),
    ],
)
def test_what_is_out_of_range_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- one unit ------------------------------------------------------------------------------------


def test_the_unit_computes_equations_1_to_6():
    x, _, _ = witness(4, 7, seeded())
    state = (torch.zeros(4, 1).double(),) * 2
    trace, ours = lstm_trace(x, state, weights()), answers(x, weights())
    written = trace["i"] * trace["C_tilde"]
    for name, theirs in (trace | {"written": written}).items():
        if name in ours:
            torch.testing.assert_close(ours[name], theirs[..., 0], rtol=0, atol=1e-14)
    assert set(ours) == {"f", "written", "C", "o", "h"}


@pytest.mark.parametrize("name", SHOWS)
def test_what_is_shown_is_the_gate_times_the_function(name):
    x, _, _ = witness(4, 7, seeded())
    ours = answers(x, weights(), SHOWS[name])
    torch.testing.assert_close(ours["h"], ours["o"] * SHOWS[name](ours["C"]), rtol=0, atol=0)


def test_training_from_zero_finds_evidence_that_adds_and_the_gate_of_questions():
    x, s, Q = witness(2000, 20, seeded())
    unit = fit_unit(x, Q * s)
    new, signs, asked = witness(2000, 20, seeded(9))
    found = answers(new, unit)
    w, b = question_gate()
    best = torch.sigmoid(w * new[..., 1] + b) * torch.tanh(evidence_held(new[..., 0]))
    error, least = ((h - asked * signs).square().mean().item() for h in (found["h"], best))
    assert error < 1.05 * least < 0.4 * (asked * signs).square().mean()
    assert found["f"].mean() > 0.97
    assert (found["written"] * new[..., 0]).mean() == pytest.approx(one_report(), abs=0.15)
    assert unit[6][1].item() == pytest.approx(w, rel=0.1)
    assert unit[8].item() == pytest.approx(b, rel=0.1)


def test_training_forgets_more_than_the_world_where_the_sign_is_drawn_anew():
    x, s, Q = witness(1000, 30, seeded(), anew=0.1)
    f = answers(x, fit_unit(x, Q * s))["f"].mean()
    assert 0.6 < f < 0.85
