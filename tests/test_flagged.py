"""Chapter 2's sums against the oracle, their errors against simulation, training against Bayes."""

import math

import numpy as np
import pytest
import torch

from rnnbook.worlds.flagged import error_per_step, fit_input_gate, gated_sums
from rnnbook.worlds.thread import filtered, writes

WORLD = writes(0.3, 0.5)
EVENT = WORLD.hidden["R"]
one = {"dtype": torch.float64}


def streams(length=30, number=500, seed=0, world=WORLD):
    return world.sample(length, number, torch.Generator().manual_seed(seed))


def weights(w_u=0.0, w_v=0.0, w_C=0.0, b=0.0):
    return (
        torch.tensor([[w_u], [w_v]], **one),
        torch.tensor([[w_C]], **one),
        torch.tensor([b], **one),
    )


def test_with_the_derived_gate_the_sum_is_what_the_oracle_knows():
    drawn = streams()
    w, b = EVENT.gate()
    ours = gated_sums(drawn.inputs(), *weights(w_v=w, b=b))
    best = filtered(WORLD, drawn.evidence, **drawn.given)
    torch.testing.assert_close(ours, best, rtol=0, atol=1e-12)


def test_the_gate_sees_the_number_and_the_sum_too():
    """Two steps on paper: i₁ = σ(2·3), C₁ = 3·i₁, i₂ = σ(2 − C₁), C₂ = C₁ + i₂."""
    x = torch.tensor([[[3.0, 0.0]], [[1.0, 0.0]]], **one)
    ours = gated_sums(x, *weights(w_u=2, w_C=-1))
    first = 3 / (1 + math.exp(-6))
    second = first + 1 / (1 + math.exp(-(2 - first)))
    assert ours.flatten().tolist() == pytest.approx([first, second], abs=1e-14)


@pytest.mark.parametrize("gate", [(0.0, 0.7), EVENT.gate(), (30.0, -10.0)])
def test_the_error_grows_with_each_step_by_the_error_of_one(gate):
    """40,000 streams of 25 steps; the sum of squares has 5 deviations' room."""
    drawn = streams(25, 40_000, seed=1)
    missed = gated_sums(drawn.inputs(), *weights(w_v=gate[0], b=gate[1])) - drawn.targets
    squares = missed[-1].square()
    room = 5 * squares.std().item() / math.sqrt(len(squares))
    assert squares.mean().item() == pytest.approx(25 * error_per_step(EVENT, *gate), abs=room)


def test_a_blind_gate_errs_as_the_fixed_weight_of_equation_2_3():
    for w in (0.1, 0.3, 0.8):
        expected = (w - 0.3) ** 2 + 0.3 * 0.7
        assert error_per_step(EVENT, 0, math.log(w / (1 - w))) == pytest.approx(expected, abs=1e-12)


def test_the_best_gates_error_is_what_is_left_of_the_variance():
    """(2.5), with NumPy's own densities and sums."""
    v = np.linspace(-5, 6, 200_001)
    narrow = [np.exp(-((v - mean) ** 2) / 0.5) / math.sqrt(0.5 * math.pi) for mean in (0, 1)]
    seen = 0.7 * narrow[0] + 0.3 * narrow[1]
    P = 0.3 * narrow[1] / seen
    left = ((P - P**2) * seen).sum() * (v[1] - v[0])
    assert error_per_step(EVENT, *EVENT.gate()) == pytest.approx(left, abs=1e-9)


@pytest.mark.parametrize("moved", [(0.5, 0), (-0.5, 0), (0, 0.3), (0, -0.3)])
def test_no_gate_beside_the_derived_one_errs_less(moved):
    w, b = EVENT.gate()
    assert error_per_step(EVENT, w, b) < error_per_step(EVENT, w + moved[0], b + moved[1])


def test_training_from_zero_finds_the_gate_of_bayes_rule():
    world = writes(0.2, 0.5)
    drawn = streams(20, 4000, seed=2, world=world)
    W_x, W_h, b = fit_input_gate(drawn.inputs(), drawn.targets)
    weight, bias = world.hidden["R"].gate()
    assert W_x.flatten().tolist() == pytest.approx([0, weight], abs=0.1 * weight)
    assert W_h.item() == pytest.approx(0, abs=0.1)
    assert b.item() == pytest.approx(bias, rel=0.1)
