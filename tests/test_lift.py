"""The lift of chapter 3: its rides, its best candidate by enumeration, and LSTMs that ride it."""

from __future__ import annotations

import math

import pytest
import torch

from rnnbook.experiments import lift as experiment
from rnnbook.worlds import Hidden, World
from rnnbook.worlds.lift import answer_error, answers, derived_candidate, drift, fit_candidate, lift


def rides(seed: int = 0, *shape: int, **settings: float) -> tuple[torch.Tensor, ...]:
    return lift(*shape, torch.Generator().manual_seed(seed), **settings)


def test_rides_are_what_their_definition_says():
    readings, before, floors = rides(0, 4000, 10, noise=0.5, agree=0.8)
    signs = torch.cat([floors[:1], floors.diff(dim=0)])
    assert set(signs.unique().tolist()) == {-1.0, 1.0}
    assert (signs == before).double().mean().item() == pytest.approx(0.8, abs=0.01)
    assert (readings - signs).std().item() == pytest.approx(0.5, abs=0.01)
    assert signs.mean().item() == pytest.approx(0, abs=0.02)


def test_derived_candidate_adds_up_to_the_mean_of_the_floor_over_all_courses():
    """Whether the lift agrees with its button is a sign of its own, with the evidence c·v."""
    readings, before, _ = rides(1, 1, 10)
    agrees = Hidden(0.9, 0.8, values=(-1.0, 1.0), means=(-1.0, 1.0))
    world = World({"A": agrees}, lambda y, A, c: y + c * A, given=("c",))
    v, c = readings[:, 0], before[:, 0]
    oracle = world.posterior_mean({"A": c * v}, {"c": c})
    ours = answers(readings, before, *derived_candidate(0.8, 0.9)).cumsum(0)[:, 0]
    torch.testing.assert_close(ours, oracle, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("noise", "agree"), [(0.8, 0.9), (1.2, 0.5)])
def test_training_from_zero_finds_the_derived_weights(noise, agree):
    learnt = fit_candidate(*rides(2, 20_000, 5, noise=noise, agree=agree))
    for found, derived in zip(learnt, derived_candidate(noise, agree), strict=True):
        assert found.item() == pytest.approx(derived.item(), abs=0.06)


def test_error_of_a_straight_line_is_its_closed_form():
    for noise in (0.4, 0.8, 1.6):
        line = answer_error(lambda v, noise=noise: v / (1 + noise**2), noise)
        assert line == pytest.approx(noise**2 / (1 + noise**2), rel=1e-6)
    biased = answer_error(lambda v: 0 * v + 0.4, 0.8, chance=0.7)
    assert biased == pytest.approx(1 - 0.4**2, rel=1e-6), "1 − E[s]² without any reading"


def test_what_is_out_of_range_is_named():
    generator = torch.Generator()
    with pytest.raises(ValueError, match="batch, length: expected at least 1, given 0, 3"):
        lift(0, 3, generator)
    with pytest.raises(ValueError, match="noise: expected a standard deviation above 0, given 0"):
        lift(1, 3, generator, noise=0)
    with pytest.raises(ValueError, match=r"expected a probability in \(0, 1\), given 1"):
        derived_candidate(0.8, 1)
    assert math.isfinite(answer_error(torch.tanh, 0.3))


@pytest.mark.parametrize("answer", [torch.sigmoid, torch.tanh, lambda v: v])
def test_drift_is_that_of_many_cells(answer):
    readings, _, _ = rides(3, 40_000, 20, agree=0.5)
    mean, variance = drift(answer, 0.8)
    cells = answer(readings).sum(0)
    assert cells.mean().item() == pytest.approx(20 * mean, abs=0.1)
    assert cells.var().item() == pytest.approx(20 * variance, rel=0.03)
    assert drift(lambda v: v, 0.5, 0.8) == pytest.approx((0.6, 1 - 0.6**2 + 0.5**2), rel=1e-6)


# ---- whole cells ---------------------------------------------------------------------------------


def test_a_door_that_is_open_keeps_the_floor_and_the_button_counts_a_step_later():
    x, floors = experiment.rides(3000, 12, torch.Generator().manual_seed(0))
    moves, shut = floors.diff(dim=0), x[1:, :, 2]
    assert set(x[..., 2].unique().tolist()) == {0.0, 1.0}
    torch.testing.assert_close(moves.abs(), shut)
    obeyed = (moves == x[:-1, :, 1])[shut > 0].double().mean().item()
    assert obeyed == pytest.approx(experiment.AGREE, abs=0.01)
    blur = (x[1:, :, 0] - moves)[shut > 0].std().item()
    assert blur == pytest.approx(experiment.NOISE, abs=0.01)


def test_trace_is_torchs_lstm_where_the_candidate_is_tanh():
    lstm = torch.nn.LSTM(3, 4).requires_grad_(False)
    order = torch.arange(16).view(4, 4)[[0, 1, 3, 2]].flatten()  # i, f, g, o: candidate last
    weights = {
        "W_x": lstm.weight_ih_l0[order].T[None],
        "W_h": lstm.weight_hh_l0[order].T[None],
        "b": (lstm.bias_ih_l0 + lstm.bias_hh_l0)[order][None],
        "W_q": torch.ones(1, 4),
        "b_q": torch.zeros(1, 1),
    }
    x, _ = experiment.rides(5, 7, torch.Generator().manual_seed(0))
    seen = experiment.trace(x.unsqueeze(1), weights)
    torch.testing.assert_close(seen["h"][:, 0], lstm(x)[0])
    torch.testing.assert_close(seen["answer"][:, 0], lstm(x)[0].sum(-1))
    torch.testing.assert_close(seen["C_tilde"], torch.tanh(seen["a"]))


@pytest.mark.parametrize("arm", ["tanh, (3) blind to h", "tanh, only (3) sees h", "σ"])
def test_a_training_knows_of_no_other_and_the_past_is_taken_from_the_right_gates(arm):
    settings = {"steps": 12, "hidden": 2, "length": 6}
    both = experiment.train_cells(arm, [(0, 0.1), (1, 0.03)], **settings)
    (alone,) = experiment.train_cells(arm, [(1, 0.03)], **settings)
    assert both[1].error == pytest.approx(alone.error, rel=1e-4)
    used = both[0].weights["W_h"].view(2, 4, 2).abs().sum((0, 2)) > 0
    assert used.tolist() == [gate in experiment.ARMS[arm].sees for gate in "ifoc"]


def test_training_lowers_the_error():
    short, long = (
        experiment.train_cells("tanh, as printed", [(0, 0.1)], steps=steps, length=6)[0].error
        for steps in (1, 80)
    )
    assert long < 0.6 * short


def test_share_known_is_0_for_nothing_and_1_for_the_mean_and_what_is_seen_costs_nothing():
    weight, button = 1 / 0.8**2, 0.5 * math.log(9)
    least = experiment.known(6, lambda v, c: torch.tanh(weight * v + button * c))
    line = experiment.known(6, lambda v, c: 0.36 * v + 0.512 * c)
    nothing = experiment.known(6, lambda v, c: 0 * v)
    # Half of the steps count, each adds 1 (nothing) or 0.36·0.64 (the line); see (3.2)
    assert nothing == pytest.approx(0.5 * 3.5, abs=0.05)
    steady = 0.5 * 0.36 * 0.64 * 3.5
    assert line == pytest.approx(steady, rel=0.35), "the first step has no button"
    assert least < line < nothing
    assert experiment.known_share(least, 6) == 1
    assert experiment.known_share(nothing, 6) == 0


def test_an_unknown_arm_is_named():
    with pytest.raises(ValueError, match=r"arm: expected one of tanh, as printed.*given 'relu'"):
        experiment.train_cells("relu", [(0, 0.1)])
