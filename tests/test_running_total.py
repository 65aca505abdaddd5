"""Three memories of a running total against exact enumeration, closed forms and simulation."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.shapes import ShapeError
from rnnbook.tasks import running_total
from rnnbook.worlds.running_total import (
    derived_gate,
    fit_forget_gate,
    gated_totals,
    leaky_totals,
)

GATE_ARGUMENTS = {"W_x": (2, 1), "W_h": (1, 1), "b": (1,)}


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=seeded(seed), dtype=torch.float64)


def gate(w_v, w_h, b, w_u=0.0):
    values = (torch.tensor(number, dtype=torch.float64) for number in ((w_u, w_v), w_h, b))
    return {
        name: value.reshape(GATE_ARGUMENTS[name])
        for name, value in zip(GATE_ARGUMENTS, values, strict=True)
    }


def bayes_gate(p, s):
    """The gate that chapter 1 derives: the log-odds of no reset, given the evidence."""
    return gate(-1 / s**2, 0.0, math.log((1 - p) / p) + 1 / (2 * s**2))


def mean_square(error):
    """Mean of the squared error at the last step over independent streams; its standard error."""
    squares = error[-1].double().square()
    return squares.mean().item(), squares.std().item() / math.sqrt(len(squares))


# --- the leak ------------------------------------------------------------------------------------


@given(st.floats(0, 1), st.integers(1, 12))
def test_the_leak_weighs_the_input_of_k_steps_ago_by_f_to_the_k(f, steps):
    """Fed with the identity, it shows the weight of every input in every total."""
    weights = leaky_totals(torch.eye(steps, dtype=torch.float64), f)
    for t, j in itertools.product(range(steps), repeat=2):
        expected = f ** (t - j) if t >= j else 0.0
        assert weights[t, j].item() == pytest.approx(expected, rel=1e-12, abs=1e-300)


def test_a_leak_that_keeps_everything_is_the_sum():
    values = normal(9, 4)
    assert torch.equal(leaky_totals(values, 1.0), values.cumsum(0))


@pytest.mark.parametrize("f", [0.0, 0.5, 0.8, 1.0])
def test_the_leaks_error_is_the_sum_that_chapter_1_derives_by_enumerating_all_resets(f):
    """All 2⁵ patterns of resets, exactly; equation (1.13)."""
    q, steps = 0.7, 5
    ours = leaky_totals(torch.eye(steps, dtype=torch.float64), f)[-1]
    error = 0.0
    for kept in itertools.product((0, 1), repeat=steps):
        probability = math.prod(q if k else 1 - q for k in kept)
        counted = torch.tensor([float(all(kept[j + 1 :])) for j in range(steps)])
        error += probability * (ours - counted).square().sum().item()
    expected = sum(f ** (2 * k) - 2 * f**k * q**k + q**k for k in range(steps))
    assert error == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("t", [1, 20, 80])
def test_the_carousels_error_in_a_simulation_is_the_one_derived(t):
    """t − (1 − qᵗ)/(1 − q), equation (1.13), within 5 standard errors of 10,000 streams."""
    q = 0.95
    values, _, totals = running_total(10_000, t, 1 - q, 0.3, seeded(t))
    measured, standard_error = mean_square(leaky_totals(values, 1.0) - totals)
    assert measured == pytest.approx(t - (1 - q**t) / (1 - q), abs=5 * standard_error + 1e-9)
    assert standard_error < 0.05 * max(measured, 1e-9) + 1e-9  # else the line above says little


def test_the_best_leaks_error_in_a_simulation_is_the_one_derived():
    """q/(1 − q²), from equation (1.14), once the start is forgotten: q¹⁶⁰ is 3·10⁻⁴."""
    q = 0.95
    values, _, totals = running_total(10_000, 160, 1 - q, 0.3, seeded())
    measured, standard_error = mean_square(leaky_totals(values, q) - totals)
    assert measured == pytest.approx(q / (1 - q**2), abs=5 * standard_error)
    assert standard_error < 0.03 * measured


def test_no_other_leak_is_better_than_the_one_that_keeps_q():
    q = 0.9
    values, _, totals = running_total(10_000, 80, 1 - q, 0.3, seeded())
    errors = {f: mean_square(leaky_totals(values, f) - totals)[0] for f in (0.8, 0.85, q, 0.95, 1)}
    assert min(errors, key=errors.get) == q


# --- the gate ------------------------------------------------------------------------------------


def test_the_gated_total_is_the_recurrence_written_out_number_by_number():
    x = normal(6, 3, 2)
    totals = gated_totals(x, **gate(-1.3, 0.4, 0.2, w_u=0.7))
    for n in range(3):
        C = 0.0
        for t in range(6):
            u, v = x[t, n].tolist()
            C = C / (1 + math.exp(-(0.7 * u - 1.3 * v + 0.4 * C + 0.2))) + u
            assert totals[t, n].item() == pytest.approx(C, rel=1e-12)


@given(st.floats(-5, 5))
def test_a_gate_that_sees_nothing_is_the_leak_of_its_bias(bias):
    x = normal(8, 3, 2)
    expected = leaky_totals(x[..., 0], 1 / (1 + math.exp(-bias)))
    ours = gated_totals(x, **gate(0.0, 0.0, bias))
    torch.testing.assert_close(ours, expected, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("p", "s"), [(0.3, 0.8), (0.05, 0.4)])
def test_the_derived_gate_gives_the_posterior_mean_over_all_patterns_of_resets(p, s):
    """All 2⁸ patterns weighted by Bayes' rule: no memory can have a smaller mean square error."""
    steps = 8
    x, e = normal(steps), normal(steps, seed=1) + 0.5
    weights, targets = [], []
    for resets in itertools.product((0, 1), repeat=steps):
        y, weight = 0.0, 1.0
        for t, reset in enumerate(resets):
            density = math.exp(-((e[t].item() - reset) ** 2) / (2 * s**2))
            weight *= density * (p if reset else 1 - p)
            y = (0.0 if reset else y) + x[t].item()
        weights.append(weight)
        targets.append(y)
    expected = math.fsum(w * y for w, y in zip(weights, targets, strict=True)) / math.fsum(weights)
    both = torch.stack([x, e], dim=-1)
    assert gated_totals(both[:, None], *derived_gate(p, s))[-1, 0].item() == pytest.approx(
        expected, rel=1e-10
    )


@pytest.mark.parametrize(("p", "s"), [(0.3, 0.8), (0.05, 0.4)])
def test_the_derived_gate_is_the_one_of_chapter_1(p, s):
    for ours, expected in zip(derived_gate(p, s), bayes_gate(p, s).values(), strict=True):
        torch.testing.assert_close(ours, expected, rtol=1e-14, atol=0)


def test_the_gradient_through_the_gate_passes_gradcheck():
    parameters = {name: tensor.requires_grad_() for name, tensor in gate(-1.0, 0.3, 0.5).items()}
    x = normal(4, 2, 2).requires_grad_()
    assert torch.autograd.gradcheck(gated_totals, (x, *parameters.values()))


def test_the_gated_total_beats_the_best_leak_which_beats_the_carousel():
    p, s = 0.05, 0.3
    values, evidence, totals = (x.double() for x in running_total(2000, 80, p, s, seeded()))
    answers = (
        gated_totals(torch.stack([values, evidence], dim=-1), **bayes_gate(p, s)),
        leaky_totals(values, 1 - p),
        leaky_totals(values, 1.0),
    )
    gated, leaky, carousel = (mean_square(answer - totals)[0] for answer in answers)
    assert gated < 0.6 * leaky < 0.6 * carousel


# --- learning it ---------------------------------------------------------------------------------


LEARNT = (0.2, 0.6)  # p and s


def both(streams):
    """What comes in, x, and the targets, in float64."""
    values, evidence, totals = (part.double() for part in streams)
    return torch.stack([values, evidence], dim=-1), totals


@pytest.fixture(scope="module")
def learnt():
    """The gate learnt from 10,000 streams of 25 steps, p = 0.2, s = 0.6, and these streams."""
    streams = both(running_total(10_000, 25, *LEARNT, seeded(100)))
    return fit_forget_gate(*streams), streams


def test_the_learnt_gate_has_the_derived_weights(learnt):
    """Over 12 other seeds their standard deviations were 0.06, 0.007 and 0.04: room for five."""
    weights, _ = learnt
    assert [tuple(weight.shape) for weight in weights] == [(2, 1), (1, 1), (1,)]
    assert not any(weight.requires_grad for weight in weights)
    for weight, derived, room in zip(
        weights, bayes_gate(*LEARNT).values(), (0.3, 0.035, 0.2), strict=True
    ):
        torch.testing.assert_close(weight, derived, rtol=0, atol=room)


def test_the_learnt_gate_is_a_minimum_of_its_training_error(learnt):
    (W_x, W_h, b), (x, totals) = learnt
    parameters = [tensor.clone().requires_grad_() for tensor in (W_x, W_h, b)]
    error = (gated_totals(x, *parameters) - totals).square().mean()
    gradients = torch.autograd.grad(error, parameters)
    assert all(gradient.abs().max() < 1e-3 for gradient in gradients)
    derived = gated_totals(x, **bayes_gate(*LEARNT))
    assert error.item() <= (derived - totals).square().mean().item()


def test_learning_is_reproducible_and_leaves_its_arguments_alone():
    streams = both(running_total(50, 10, 0.2, 0.5, seeded()))
    before = [tensor.clone() for tensor in streams]
    first, again = fit_forget_gate(*streams), fit_forget_gate(*streams)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(streams, before, strict=True))


def test_more_iterations_do_not_fit_worse():
    x, totals = both(running_total(200, 20, 0.2, 0.5, seeded()))
    errors = [
        (gated_totals(x, *fit_forget_gate(x, totals, n)) - totals)
        .square().mean().item()
        for n in (1, 4, 20)
    ]  # fmt: skip
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < errors[0]


# --- bad arguments -------------------------------------------------------------------------------

U = torch.zeros(5, 2)
X = torch.zeros(5, 3, 2)
Y = torch.zeros(5, 3)
ZERO = (torch.zeros(2, 1), torch.zeros(1, 1), torch.zeros(1))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: leaky_totals(U[0], 0.5), ShapeError, r"numbers: expected shape \(T, B\)"),
        (lambda: leaky_totals(U.long(), 0.5), TypeError, "numbers: expected a floating-point"),
        (lambda: leaky_totals(U[:0], 0.5), ValueError, "numbers: .* at least 1 along T"),
        (lambda: gated_totals(X[..., 0], *ZERO), ShapeError, r"x: .*given \(5, 3\)"),
        (lambda: gated_totals(X[..., :1], *ZERO), ShapeError, "W_x: "),
        (lambda: gated_totals(X.double(), *ZERO), TypeError, "W_x: expected float64"),
        (lambda: gated_totals(X, *ZERO[:2], torch.zeros(2)), ShapeError, "b: "),
        (lambda: gated_totals(X[:0], *ZERO), ValueError, "x: .* at least 1 along T"),
        (lambda: fit_forget_gate(X, Y[:, :1]), ShapeError, r"totals: .*given \(5, 1\)"),
        (lambda: fit_forget_gate(X, Y.double()), TypeError, "totals: expected float32"),
        (lambda: fit_forget_gate(X[:0], Y[:0]), ValueError, "x: .* at least 1 along T"),
        (lambda: derived_gate(1.0, 0.3), ValueError, r"p: expected .* \(0, 1\), given 1.0"),
        (lambda: derived_gate(0.2, 0.0), ValueError, "noise: expected .* above 0, given 0.0"),
    ],
)  # fmt: skip
def test_a_bad_argument_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
