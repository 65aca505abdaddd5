"""Chapter 9's world of one step: the mean over all cases, the shortcut, its bound, trainings."""

from __future__ import annotations

import math

import mpmath
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.worlds.bearing import (
    HALF_CURVATURE,
    OWNERS,
    Bearing,
    answer,
    fit_answer,
    mean_over_cases,
    shortcut,
    shortcut_bound,
)

U = torch.tensor([[1.0, -0.8, 0.6], [0.6, 1.0, -0.8], [-0.8, 0.6, 1.0]]).double()


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def drawn(N, batch=200, seed=0, reach=3.0):
    source = seeded(seed)
    pulls = reach * (2 * torch.rand(batch, N, generator=source).double() - 1)
    r = torch.rand(batch, N, generator=source).double()
    return 2 * torch.randn(batch, generator=source).double(), pulls, r


@pytest.mark.parametrize("N", [1, 3, 10])
def test_mean_over_cases_is_that_of_many_drawn_switches(N):
    from_x, pulls, r = drawn(N, batch=5)
    A = (torch.rand(200_000, *r.shape, generator=seeded(1)) < r).double()
    many = torch.tanh(from_x + (A * pulls).sum(-1))
    torch.testing.assert_close(mean_over_cases(from_x, pulls, r), many.mean(0), rtol=0, atol=0.01)


@pytest.mark.parametrize("N", [1, 4, 10])
def test_the_bound_holds_for_every_draw_and_sure_gates_leave_nothing(N):
    from_x, pulls, r = drawn(N)
    gap = (mean_over_cases(from_x, pulls, r) - shortcut(from_x, pulls, r)).abs()
    assert (gap <= shortcut_bound(pulls, r)).all()
    assert gap.max() > 0.1
    sure = r.round()
    exact = mean_over_cases(from_x, pulls, sure)
    torch.testing.assert_close(shortcut(from_x, pulls, sure), exact, rtol=0, atol=1e-14)


@given(u=st.floats(-6, 6), r=st.floats(0, 1), a=st.floats(-6, 6))
def test_the_bound_holds_for_one_memory_anywhere(u, r, a):
    parts = (torch.tensor(a).double(), torch.tensor([u]).double(), torch.tensor([r]).double())
    gap = (mean_over_cases(*parts) - shortcut(*parts)).abs()
    assert gap <= shortcut_bound(*parts[1:]) + 1e-15


def test_the_constant_is_half_the_largest_curvature_of_tanh_and_cannot_be_smaller():
    steepest = mpmath.findroot(lambda a: mpmath.diff(mpmath.tanh, a, 3), 0.6)
    half = abs(mpmath.diff(mpmath.tanh, steepest, 2)) / 2
    assert float(half) == pytest.approx(HALF_CURVATURE, rel=1e-9)
    u, r = torch.tensor([0.01]).double(), torch.tensor([0.5]).double()
    a = torch.tensor(float(steepest) - 0.005).double()
    gap = (mean_over_cases(a, u, r) - shortcut(a, u, r)).abs()
    assert gap / shortcut_bound(u, r) > 0.9999


@pytest.mark.parametrize("owner", OWNERS)
def test_no_answer_beats_the_mean_and_the_derived_one_is_near(owner):
    world = Bearing(U, owner)
    cases = world.sample(200_000, seeded())
    errors = {
        name: (given - cases.s).square().mean().item()
        for name, given in (
            ("best", cases.best),
            ("derived", answer(cases, world.derived(), owner)),
            ("scaled", 0.9 * cases.best),
            ("zero", 0 * cases.s),
        )
    }
    assert min(errors, key=errors.get) == "best"
    assert errors["derived"] < errors["best"] + 0.01
    # the error of a conditional mean is what it does not know: 1 − E mean²
    assert errors["best"] == pytest.approx(1 - cases.best.square().mean().item(), abs=0.005)


@pytest.mark.parametrize("owner", OWNERS)
def test_the_gate_must_stand_where_the_switch_is(owner):
    world = Bearing(U, owner)
    cases, unseen = world.sample(4000, seeded(1)), world.sample(20_000, seeded(2))
    other = next(name for name in OWNERS if name != owner)
    found = {}
    for form in OWNERS:
        given = answer(unseen, fit_answer(cases, form), form)
        found[form] = (given - unseen.best).square().mean().item()
    assert found[owner] < 0.01 < 0.05 < found[other]


def test_training_finds_the_gate_of_bayes_rule():
    U_found, w, gate = fit_answer(Bearing(U).sample(4000, seeded(3)), "source")
    slope, bias = Bearing(U).switch.gate()
    assert gate[0].item() == pytest.approx(slope, rel=0.15)
    assert gate[1].item() == pytest.approx(bias, rel=0.25)
    torch.testing.assert_close(U_found, U, rtol=0, atol=0.25)
    assert 0.3 < w.item() < 0.55


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="owner: expected source or receiver; given 'both'"):
        Bearing(U, "both")
    with pytest.raises(ValueError, match="at most 16 memories, given 17"):
        mean_over_cases(torch.zeros(()), torch.zeros(17), torch.zeros(17))
    assert math.isclose(Bearing(U).switch.gate()[0], 4)
