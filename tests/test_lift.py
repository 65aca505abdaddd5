"""The lift of chapter 3: its rides, and a candidate held to the enumeration of all courses."""

from __future__ import annotations

import math

import pytest
import torch

from rnnbook.worlds import Hidden, World
from rnnbook.worlds.lift import answer_error, answers, derived_candidate, fit_candidate, lift


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
