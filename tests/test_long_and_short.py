"""Chapter 10's two questions read by hand, its GRUs held to the package's equations."""

from __future__ import annotations

import pytest
import torch

from rnnbook import gru
from rnnbook.experiments.closing_claims import (
    ARMS,
    CLAMPS,
    MODELS,
    Trained,
    clamps,
    long_and_short_scores,
    right,
    scores,
    trace,
    train_both,
    unit_by_unit,
)
from rnnbook.experiments.verdicts import SWEEPS
from rnnbook.worlds.long_and_short import long_and_phrase, long_and_short

LIFT = {"W_x": (2, 9), "W_h": (3, 9), "b": (9,), "W_q": (3, 2), "b_q": (2,)}


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


# --- the task ------------------------------------------------------------------------------------


def test_the_last_order_is_held_and_the_sign_before_compared():
    x, y = long_and_short(40, 25, seeded())
    for n in range(40):
        signs, orders = x[:, n].T.tolist()
        assert orders[0] == 1
        for t in range(25):
            last = max(k for k in range(t + 1) if orders[k])
            assert y[t, n, 0] == signs[last]
            assert y[t, n, 1] == (signs[t] * signs[t - 1] if t else 0)


def test_a_phrase_is_multiplied_from_its_beginning():
    x, y = long_and_phrase(40, 25, seeded())
    for n in range(40):
        signs, orders, begins = x[:, n].T.tolist()
        for t in range(25):
            first = max(k for k in range(t + 1) if begins[k])
            product = 1
            for sign in signs[first : t + 1]:
                product *= sign
            assert y[t, n, 1] == product
            assert y[t, n, 0] == signs[max(k for k in range(t + 1) if orders[k])]


@pytest.mark.parametrize(("sample", "together"), [(long_and_short, 0), (long_and_phrase, 0.05)])
def test_either_answer_is_right_by_chance_in_half_and_says_little_of_the_other(sample, together):
    """Both are the sign of now where an order begins a phrase, one step in twenty."""
    _, y = sample(4000, 12, seeded())
    later = y[2:]
    assert later.mean((0, 1)).abs().max() < 0.02
    product = (later[..., 0] * later[..., 1]).mean().item()
    assert product == pytest.approx(together, abs=0.02)
    sign = torch.ones_like(y)
    for share in right(sign[None], y[None]).values():
        assert share.item() == pytest.approx(0.5, abs=0.02)


# --- the networks --------------------------------------------------------------------------------


def drawn(seed=0, networks=2):
    torch.manual_seed(seed)
    return {name: torch.randn(networks, *shape) for name, shape in LIFT.items()}


def by_the_package(weights, x, changed=None):
    """The answers (T, B, 2) of one network by the package's equations, one at a time."""
    z_of, r_of, h_of = zip(*(part.chunk(3, -1) for part in list(weights.values())[:3]), strict=True)
    h, answers = torch.zeros(x.shape[1], 3), []
    for x_t in x:
        z, r = gru.update_gate(x_t, h, *z_of), gru.reset_gate(x_t, h, *r_of)
        z, r = changed(z, r) if changed else (z, r)
        h = gru.hidden_state(z, h, gru.candidate(x_t, h, r, *h_of))
        answers.append(h @ weights["W_q"] + weights["b_q"])
    return torch.stack(answers)


@pytest.mark.parametrize("clamp", CLAMPS)
@pytest.mark.parametrize("only", [None, 1])
def test_a_clamped_gate_is_that_number_in_the_packages_equations(clamp, only):
    weights, x = drawn(), torch.randn(2, 6, 4, 2)
    seen = trace(weights, x, lambda z, r: (z, r))
    ours = trace(weights, x, clamps(seen, only)[clamp])["answers"]
    for n in range(2):
        z_mean, r_mean = (seen[gate][n].mean((0, 1)) for gate in "zr")

        def changed(z, r, z_mean=z_mean, r_mean=r_mean):
            put = {
                "as trained": (z, r),
                "z := its mean": (z_mean.expand_as(z), r),
                "r := its mean": (z, r_mean.expand_as(r)),
                "r := 1": (z, torch.ones_like(r)),
                "r := 0": (z, torch.zeros_like(r)),
            }[clamp]
            if only is None:
                return put
            z, r = z.clone(), r.clone()
            z[:, only], r[:, only] = put[0][:, only], put[1][:, only]
            return z, r

        one = {name: part[n] for name, part in weights.items()}
        torch.testing.assert_close(ours[n], by_the_package(one, x[n], changed))


def test_the_arms_are_what_they_are_called():
    cases = [(arm, seed, 0.03) for seed in (0, 1) for arm in ARMS]
    every = train_both(cases, steps=6, hidden=3, length=6)
    for arm in ARMS:
        trained = every.only(arm)
        assert trained.cases == ((arm, 0, 0.03), (arm, 1, 0.03))
        x, _ = trained.unseen()
        seen = trained.run(x)
        assert (seen["r"].min() == 1) == (arm == "r = 1 throughout")
        steady = (seen["z"].amax((1, 2)) - seen["z"].amin((1, 2))).max() == 0
        assert steady == (arm == "z fixed")


def test_trainings_start_alike_whatever_is_taken_away():
    start = train_both([(arm, 5, 1e-12) for arm in ARMS], steps=1, hidden=3).weights
    for n in (1, 2):
        torch.testing.assert_close(start["W_h"][0, :, 3:], start["W_h"][n, :, 3:])
        torch.testing.assert_close(start["W_q"][0], start["W_q"][n])
    assert start["b"][:, :3].flatten().tolist() == pytest.approx([1] * 9)


def test_a_training_takes_the_steps_of_pytorchs_adam():
    cases = [("r = 1 throughout", 3, 0.05), ("as printed", 3, 0.05)]
    ours = train_both(cases, steps=5, hidden=3, length=7).weights
    start = train_both([("as printed", 3, 1e-12)], steps=1, hidden=3, length=7).weights
    theirs = {name: part[0].clone().requires_grad_() for name, part in start.items()}
    optimizer, data = torch.optim.Adam(theirs.values(), 0.05), seeded(3)
    for step in range(5):
        for group in optimizer.param_groups:
            group["lr"] = 0.05 * (1 - 0.95 * step / 5)
        x, y = long_and_short(32, 7, data)
        loss = torch.nn.functional.mse_loss(by_the_package(theirs, x), y)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(theirs.values(), 1.0)
        optimizer.step()
    for name, part in theirs.items():
        torch.testing.assert_close(ours[name][1], part.detach(), rtol=1e-3, atol=1e-4)


# --- weights set by hand -------------------------------------------------------------------------


def by_hand():
    """A GRU without r: unit 1 holds orders, unit 2 the sign of now, unit 3 compares.

    z of unit 1 is 0 at an order, else 1. Unit 3's candidate is 1 where s and the sign before, 1·h₂,
    are both +1, else −1; a fourth would do so for −1. So one of two repeats is seen, which is
    enough here.
    """
    weights = {name: torch.zeros(1, *shape) for name, shape in LIFT.items()}
    weights["W_x"][0, 1, 0] = -60  # z₁ sees the order
    weights["b"][0, :3] = torch.tensor([30.0, -30, -30])
    weights["b"][0, 3:6] = 30  # r = 1
    weights["W_x"][0, 0, 6:] = 10  # s into the candidates
    weights["W_h"][0, 1, 8] = 10  # the sign before
    weights["b"][0, 8] = -10
    weights["W_q"][0] = torch.tensor([[1.0, 0], [0, 0], [0, 1]])
    return weights


def test_clamps_break_the_answer_that_hangs_on_the_gate():
    """Set by hand: z carries the order; the comparison needs an open r."""
    trained = Trained((("as printed", 0, 0.0),), by_hand(), 15)
    found = scores(trained)
    assert found["as trained"]["long"].item() == 1
    assert found["as trained"]["short"].item() == pytest.approx(0.75, abs=0.02)
    assert found["z := its mean"]["long"].item() < 0.8
    assert found["z := its mean"]["short"].item() == found["as trained"]["short"].item()
    assert found["r := 1"]["long"].item() == 1
    assert found["r := 0"]["long"].item() == 1
    assert found["r := 0"]["short"].item() == pytest.approx(0.5, abs=0.02)


def test_unit_by_unit_the_keeper_of_orders_is_found():
    trained = Trained((("as printed", 0, 0.0),), by_hand(), 15)
    orders, now, compares = unit_by_unit(trained)
    assert orders.follows == pytest.approx(1, abs=1e-3)
    assert now.follows < 0.3 > compares.follows
    x, _ = trained.unseen()
    assert orders.z == pytest.approx(1 - x[..., 1].mean().item(), abs=1e-5)
    assert 0.5 ** (1 / orders.half_life) == pytest.approx(orders.z)
    assert orders.lost["z := its mean"]["long"] > 0.2
    assert orders.lost["z := its mean"]["short"] == 0
    assert now.lost["r := 0"]["short"] == pytest.approx(0.25, abs=0.02)
    assert compares.lost["r := 0"] == {"long": 0, "short": 0}, "nothing reads unit 3"


# --- the sweep -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in SWEEPS if name.startswith("long_and_")])
def test_the_sweep_trains_each_arm_once_and_asks_in_every_way(name, monkeypatch):
    sweep = SWEEPS[name]
    monkeypatch.setitem(sweep.batches, 5, 2)
    cases = [(100, 0.01), (100, 0.03)]
    long_and_short_scores.cache_clear()
    found = {
        model: [run.accuracy for run in sweep.run(model, 5, 3, cases)] for model in sweep.models
    }
    assert long_and_short_scores.cache_info().misses == 1
    assert len(found) == len(MODELS) == 17
    for arm in ARMS:
        worse = map(min, found[f"long: {arm}"], found[f"short: {arm}"])
        assert found[f"both: {arm}"] == list(worse)


def test_what_there_is_not_is_named():
    with pytest.raises(ValueError, match="arm: expected one of as printed"):
        train_both([("z = 1", 0, 0.1)])
    with pytest.raises(ValueError, match="task: expected one of repeats"):
        train_both([("as printed", 0, 0.1)], task="long")
