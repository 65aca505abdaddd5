"""Time scales of a forget gate against their definitions, and biases by running PyTorch's gate."""

import math

import mpmath
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.timescales import (
    bias_for_lifetime,
    chrono_bias,
    half_life,
    lifetime,
    set_forget_bias,
)

SHARES = st.floats(0.001, 0.9999)


@given(SHARES)
def test_half_of_a_value_is_left_after_its_half_life(f):
    assert f ** half_life(f) == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("f", [0.001, 0.3, 0.9, 0.9999])
def test_half_life_is_where_mpmath_finds_half_of_a_value_left(f):
    """Solved for the steps with 50 digits, by no formula of the book."""
    with mpmath.workdps(50):
        share, between = mpmath.mpf(f), (0, 10_000)
        root = mpmath.findroot(lambda n: share**n - 0.5, between, solver="bisect", maxsteps=200)
    assert half_life(f) == pytest.approx(float(root), rel=1e-12)


@pytest.mark.parametrize(("f", "steps"), [(0.5, 1), (0.25, 0.5), (2**-0.1, 10), (0.9, 6.5788)])
def test_half_life_has_the_values_one_can_do_by_head(f, steps):
    assert half_life(f) == pytest.approx(steps, rel=1e-5)


@given(st.floats(0.01, 0.99))
def test_lifetime_is_the_sum_of_all_powers(f):
    assert lifetime(f) == pytest.approx(math.fsum(f**n for n in range(4000)), rel=1e-12)


def test_lifetime_is_the_mean_of_a_simulated_life():
    """A step keeps with probability 0.9; lives are counted with the first step that sees them."""
    kept = torch.rand(400, 20_000, generator=torch.Generator().manual_seed(0)) < 0.9
    lives = 1 + kept.cumprod(0).sum(0).double()
    assert lifetime(0.9) == pytest.approx(lives.mean().item(), abs=5 * lives.std().item() / 141)


def test_the_ends_of_the_range_forget_at_once_and_never():
    assert (half_life(0), lifetime(0)) == (0, 1)
    assert (half_life(1), lifetime(1)) == (math.inf, math.inf)


@pytest.mark.parametrize("function", [half_life, lifetime])
@pytest.mark.parametrize("f", [-0.01, 1.01, math.nan])
def test_a_share_outside_of_the_unit_interval_is_named(function, f):
    with pytest.raises(ValueError, match=rf"f: expected a share in \[0, 1\], given {f}"):
        function(f)


@given(st.floats(1.01, 1e6))
def test_a_gate_with_the_bias_for_a_lifetime_lives_that_long(steps):
    f = torch.sigmoid(torch.tensor(bias_for_lifetime(steps), dtype=torch.float64)).item()
    assert 1 / (1 - f) == pytest.approx(steps, rel=1e-8)


def test_bias_zero_is_two_steps():
    assert bias_for_lifetime(2) == 0


@pytest.mark.parametrize("steps", [1, 0.5, -3, math.nan])
def test_a_lifetime_of_one_step_or_less_has_no_bias(steps):
    with pytest.raises(
        ValueError, match=f"steps: expected a lifetime greater than 1, given {steps}"
    ):
        bias_for_lifetime(steps)


def test_chrono_biases_are_the_logarithm_of_a_uniform_number_from_1_to_longest_less_1():
    """Kolmogorov and Smirnov's distance to the published distribution, ln U(1, T_max − 1)."""
    n, longest = 100_000, 50
    biases = chrono_bias(n, longest, torch.Generator().manual_seed(0))
    assert biases.shape == (n,)
    assert biases.dtype == torch.float32
    assert biases.min() >= 0
    assert biases.max() <= math.log(longest - 1) + 1e-6
    uniform = ((biases.double().exp() - 1) / (longest - 2)).sort().values
    distance = (uniform - torch.arange(1, n + 1) / n).abs().max().item()
    assert distance < 1.95 / math.sqrt(n)  # exceeded once in a thousand seeds


def test_chrono_lifetimes_lie_between_2_and_the_longest():
    biases = chrono_bias(10_000, 30, torch.Generator().manual_seed(1)).double()
    lifetimes = 1 / (1 - torch.sigmoid(biases))
    assert lifetimes.min() >= 2
    assert lifetimes.max() < 30 + 1e-4  # biases are float32
    assert lifetimes.mean().item() == pytest.approx(16, abs=5 * 28 / math.sqrt(12 * 10_000))


def test_chrono_biases_come_from_the_generator_alone():
    first, again, other = (
        chrono_bias(5, 9, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    ("hidden", "longest", "message"),
    [
        (0, 10, "hidden: expected at least 1 unit, given 0"),
        (3, 2, "longest: expected more than 2 steps, given 2"),
        (3, math.nan, "longest: expected more than 2 steps, given nan"),
    ],
)
def test_chrono_bias_names_an_argument_out_of_range(hidden, longest, message):
    with pytest.raises(ValueError, match=message):
        chrono_bias(hidden, longest, torch.Generator())


# --- PyTorch's LSTM, whose gates are measured by running it --------------------------------------

D, H, STORED = 2, 3, 4.0


def lstm(**options):
    torch.manual_seed(0)
    return torch.nn.LSTM(D, H, dtype=torch.float64, **options)


def measured_forget_gates(module):
    """f of every layer and direction, (layers · directions, H), from one step on input zero.

    Weights are zeroed, so that every gate is σ(its bias). C_1 = f C_0 + i tanh(g) is linear in C_0:
    the difference between two starts, divided by theirs, is f, whatever the other gates are.
    """
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name.startswith("weight"):
                parameter.zero_()
        directions = 2 if module.bidirectional else 1
        zero = torch.zeros(module.num_layers * directions, 1, H, dtype=torch.float64)
        x = torch.zeros(1, 1, D, dtype=torch.float64)
        _, (_, empty) = module(x, (zero, zero))
        _, (_, full) = module(x, (zero, zero + STORED))
    return ((full - empty) / STORED).squeeze(1)


@pytest.mark.parametrize("options", [{}, {"num_layers": 3}, {"bidirectional": True}], ids=str)
@pytest.mark.parametrize("value", [1.0, -2.0, 0.0])
def test_the_gate_of_a_module_whose_bias_was_set_is_sigma_of_that_bias(options, value):
    module = lstm(**options)
    set_forget_bias(module, value)
    gates = measured_forget_gates(module)
    assert len(gates) == options.get("num_layers", 1) * (2 if "bidirectional" in options else 1)
    expected = torch.full_like(gates, 1 / (1 + math.exp(-value)))
    torch.testing.assert_close(gates, expected, rtol=1e-12, atol=1e-13)


def test_each_unit_may_have_its_own_bias():
    module, values = lstm(num_layers=2, bidirectional=True), torch.tensor([0.0, 1.0, 4.0]).double()
    set_forget_bias(module, values)
    expected = torch.sigmoid(values).expand(4, H)
    torch.testing.assert_close(measured_forget_gates(module), expected, rtol=1e-12, atol=1e-13)


def test_setting_the_forget_bias_leaves_everything_else_as_it_is():
    """The gate is opened to the same value in both; then all outputs must agree."""
    module, changed = lstm(num_layers=2), lstm(num_layers=2)
    with torch.no_grad():
        for layer in range(2):  # the forget gate of both must start out alike
            for name in ("bias_ih", "bias_hh"):
                getattr(module, f"{name}_l{layer}")[H : 2 * H] = 0.35
    set_forget_bias(changed, 0.7)
    x = torch.randn(6, 4, D, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(changed(x)[0], module(x)[0], rtol=1e-13, atol=1e-14)


def test_a_set_bias_still_learns():
    module = lstm()
    set_forget_bias(module, 1.0)
    module(torch.randn(5, 2, D, dtype=torch.float64))[0].sum().backward()
    assert module.bias_ih_l0.grad[H : 2 * H].abs().min() > 0


@pytest.mark.parametrize("module", [torch.nn.GRU(D, H), torch.nn.LSTMCell(D, H), None])
def test_only_an_lstm_has_the_forget_bias(module):
    with pytest.raises(
        TypeError, match=f"lstm: expected a torch.nn.LSTM, given {type(module).__name__}"
    ):
        set_forget_bias(module, 1.0)


def test_an_lstm_without_biases_is_named():
    with pytest.raises(ValueError, match="lstm: expected a module with biases"):
        set_forget_bias(torch.nn.LSTM(D, H, bias=False), 1.0)


@pytest.mark.parametrize("shape", [(1,), (H + 1,), (1, H)])
def test_biases_that_are_not_one_for_each_unit_are_named_and_nothing_is_set(shape):
    module = lstm()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    with pytest.raises(ValueError, match=r"value: expected a number or shape \(3,\), given \("):
        set_forget_bias(module, torch.zeros(shape))
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())
