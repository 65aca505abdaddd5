"""The worlds: the oracle against sums written out, the closed forms against the oracle."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook import worlds
from rnnbook.worlds import Hidden, World
from rnnbook.worlds.thread import (
    expected,
    filtered,
    overwritten_signs,
    questions,
    resets,
    signs,
    stored_signs,
    writes,
)

STEPS = {"resets": 9, "writes": 9, "signs": 9, "stored_signs": 5, "overwritten_signs": 7}
STEPS |= {"questions": 9, "questions about resets": 7, "questions about stored signs": 4}
WORLDS = {
    "resets": resets(0.3, 0.8),
    "writes": writes(0.2, 0.5),
    "signs": signs(0.6, 0.3),
    "stored_signs": stored_signs(0.3, 0.4, 0.6, 0.9),
    "overwritten_signs": overwritten_signs(0.3, 0.5, 0.8),
    "questions": questions(0.3, 0.5),
    "questions about resets": questions(0.3, 0.5, resets(0.3, 0.8)),
    "questions about stored signs": questions(0.4, 0.7, stored_signs(0.3, 0.4, 0.6, 0.9)),
}
EVERY = pytest.mark.parametrize("name", WORLDS)


def drawn(name: str, streams: int = 1, length: int | None = None, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    return WORLDS[name].sample(length or STEPS[name], streams, generator)


def one(parts: dict, stream: int = 0) -> dict:
    return {key: part[:, stream] for key, part in parts.items()}


@EVERY
@pytest.mark.parametrize("seed", range(3))
def test_the_closed_form_is_the_mean_over_every_course_of_events(name, seed):
    world, streams = WORLDS[name], drawn(name, seed=seed)
    evidence, numbers = one(streams.evidence), one(streams.given)
    oracle = world.posterior_mean(evidence, numbers)
    torch.testing.assert_close(filtered(world, evidence, **numbers), oracle, rtol=0, atol=1e-12)
    assert oracle.abs().max() > 0.01, "else there was nothing to remember"


def test_the_oracle_is_bayes_rule_written_out():
    """Two steps, two events each, all sixteen courses, with densities from PyTorch."""
    world = stored_signs(0.3, 0.4, 0.6, 0.9)
    evidence = one(world.sample(2, 1, torch.Generator().manual_seed(5)).evidence)
    sums = [0.0, 0.0]
    for K, R, s in itertools.product(
        itertools.product((0, 1), repeat=2),
        itertools.product((0, 1), repeat=2),
        itertools.product((-1, 1), repeat=2),
    ):
        weight, y = 1.0, 0.0
        for t in range(2):
            y = K[t] * y + R[t] * s[t]
            weight *= (0.7 if K[t] else 0.3) * (0.4 if R[t] else 0.6) * 0.5
            for key, mean, noise in (("K", 1 - K[t], 0.6), ("R", R[t], 0.6), ("s", s[t], 0.9)):
                normal = torch.distributions.Normal(torch.tensor(float(mean)).double(), noise)
                weight *= normal.log_prob(evidence[key][t]).exp().item()
        sums[0] += weight
        sums[1] += weight * y
    assert world.posterior_mean(evidence)[-1].item() == pytest.approx(sums[1] / sums[0], abs=1e-12)


@EVERY
def test_no_memory_of_the_same_form_does_better_on_fresh_streams(name):
    """The mean square error is least at the derived gates: any other bias does worse."""
    world, streams = WORLDS[name], drawn(name, 4000, 40, seed=1)

    def error(shift: float) -> float:
        moved = World(
            {
                key: Hidden(
                    1 / (1 + (1 / event.chance - 1) * math.exp(-shift)),
                    event.noise,
                    event.values,
                    event.means,
                )
                for key, event in world.hidden.items()
            },
            world.update,
            world.given,
            answer=world.answer,
        )
        held = filtered(moved, streams.evidence, **streams.given)
        return (held - streams.targets).square().mean().item()

    assert error(0) < min(error(-1), error(1))


@EVERY
def test_streams_follow_the_recursion_and_the_chances(name):
    world, streams = WORLDS[name], drawn(name, 2000, 20, seed=2)
    y = torch.zeros(2000, dtype=torch.float64)
    for t in range(20):
        y = world.update(
            y, **{key: part[t] for key, part in (streams.given | streams.values).items()}
        )
        Q = streams.values["Q"][t] if "Q" in streams.values else 1.0
        assert torch.equal(streams.targets[t], Q * y)
    for key, event in world.hidden.items():
        happened = streams.values[key] == event.values[1]
        assert happened.double().mean() == pytest.approx(event.chance, abs=0.01)
        for outcome, mean in zip((~happened, happened), event.means, strict=True):
            seen = streams.evidence[key][outcome]
            assert seen.mean() == pytest.approx(mean, abs=0.03)
            assert seen.std() == pytest.approx(event.noise, abs=0.03)
    for numbers in streams.given.values():
        assert numbers.std() == pytest.approx(1, abs=0.02)
    assert streams.inputs().shape == (20, 2000, len(world.given) + len(world.hidden))
    assert torch.equal(streams.inputs()[..., -1], list(streams.evidence.values())[-1])


@EVERY
def test_the_same_seed_draws_the_same_streams_and_another_seed_others(name):
    first, again, other = (drawn(name, 3, seed=seed) for seed in (4, 4, 5))
    assert torch.equal(first.inputs(), again.inputs())
    assert torch.equal(first.targets, again.targets)
    assert not torch.equal(first.inputs(), other.inputs())


@given(st.floats(0.01, 0.99), st.floats(0.2, 3), st.floats(-4, 4))
def test_a_gate_is_the_probability_of_its_event(chance, noise, v):
    event = Hidden(chance, noise, means=(-0.5, 2.0))
    weight, bias = event.gate()
    normal = [torch.distributions.Normal(mean, noise) for mean in (-0.5, 2.0)]
    no, yes = (one.log_prob(torch.tensor(v)).item() for one in normal)
    odds = math.log(chance / (1 - chance)) + yes - no
    assert weight * v + bias == pytest.approx(odds, rel=1e-4, abs=1e-4)


def test_the_weights_that_training_found_in_a_trial_are_the_derived_ones():
    """World of the whole cell: reset 0.05, write 0.2, noise 0.35, 0.35 and 0.6."""
    keep, write, sign = (event.gate() for event in stored_signs().hidden.values())
    assert keep == pytest.approx((-8.163, 7.026), abs=1e-3)
    assert write == pytest.approx((8.163, -5.468), abs=1e-3)
    # tanh a = 2σ(2a) − 1: half the log-odds are the candidate's argument
    assert (sign[0] / 2, sign[1] / 2) == pytest.approx((2.778, 0), abs=1e-3)


def test_the_mean_of_a_sign_is_the_hyperbolic_tangent_of_half_its_log_odds():
    v = torch.linspace(-3, 3, 61).double()
    (mean,) = expected(signs(0.6, 0.5), {"s": v}).values()
    torch.testing.assert_close(mean, torch.tanh(v / 0.36), rtol=0, atol=1e-14)


def test_an_answer_that_is_asked_for_sometimes_is_a_product_of_means():
    """Row (5): y is kept, and reported where Q = 1."""
    events = {"s": Hidden(0.5, 0.7, (-1.0, 1.0), (-1.0, 1.0)), "Q": Hidden(0.3, 0.5)}
    world = World(events, lambda y, s, Q: y + s, answer=lambda y, s, Q: Q * y)
    streams = world.sample(6, 1, torch.Generator().manual_seed(0))
    evidence = one(streams.evidence)
    means = expected(world, evidence)
    oracle = world.posterior_mean(evidence)
    torch.testing.assert_close(oracle, means["Q"] * means["s"].cumsum(0), rtol=0, atol=1e-12)
    assert torch.equal(streams.targets, streams.values["Q"] * streams.values["s"].cumsum(0))


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: Hidden(0.0, 1), ValueError, "chance: expected a probability in"),
        (lambda: Hidden(1.0, 1), ValueError, "chance"),
        (lambda: Hidden(0.5, 0.0), ValueError, "noise: expected a standard deviation above 0"),
        (lambda: Hidden("a", 1), TypeError, "chance: expected a number"),
        (lambda: resets().sample(0, 1, torch.Generator()), ValueError, "length"),
        (lambda: resets().sample(1, 0, torch.Generator()), ValueError, "streams"),
        (lambda: resets().sample(1, 1, 0), TypeError, "generator"),
        (
            lambda: signs().posterior_mean({"s": torch.zeros(21)}),
            ValueError,
            r"at most 1048576 courses of events, given 2\^21",
        ),
        (lambda: signs().posterior_mean({}), ValueError, r"evidence: expected \['s'\], given \[\]"),
        (
            lambda: resets().posterior_mean({"K": torch.zeros(3)}),
            ValueError,
            r"given: expected \['u'\], given \[\]",
        ),
        (
            lambda: resets().posterior_mean({"K": torch.zeros(3)}, {"u": torch.zeros(2)}),
            ValueError,
            r"expected one length, given \[2, 3\]",
        ),
    ],
)
def test_what_no_world_can_be_asked_is_refused_by_name(call, error, said):
    with pytest.raises(error, match=said):
        call()


def test_as_many_courses_as_the_limit_says_are_added_up():
    length = int(math.log2(worlds.MOST_COURSES))
    assert len(signs().posterior_mean({"s": torch.zeros(length)})) == length
