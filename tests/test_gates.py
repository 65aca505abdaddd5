"""What seven functions share: a squashing function of x · W_x + h · W_h + b.

The gates (1), (2), (5), (7), (8), the candidate (3) and the plain network's step differ only in
which function squashes; what that asks of each is tested here, and what sets them apart in the
files of their modules. `-k eq05` finds an equation's tests in all of them.
"""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook import gru, lstm, rnn

B, D, H = 5, 3, 4
TIGHT = {"rtol": 1e-14, "atol": 1e-15}


def logistic(a):
    return 1 / (1 + math.exp(-a))


SQUASHED = {
    "eq01-forget_gate": (lstm.forget_gate, logistic),
    "eq02-input_gate": (lstm.input_gate, logistic),
    "eq03-candidate": (lstm.candidate, math.tanh),
    "eq05-output_gate": (lstm.output_gate, logistic),
    "eq07-update_gate": (gru.update_gate, logistic),
    "eq08-reset_gate": (gru.reset_gate, logistic),
    "rnn_step": (rnn.rnn_step, math.tanh),
}

each = pytest.mark.parametrize(("function", "squash"), SQUASHED.values(), ids=SQUASHED)


def arguments(seed=0):
    generator = torch.Generator().manual_seed(seed)
    shapes = {"x": (B, D), "h": (B, H), "W_x": (D, H), "W_h": (H, H), "b": (H,)}
    return {
        name: torch.randn(*shape, generator=generator, dtype=torch.float64)
        for name, shape in shapes.items()
    }


def of_bias_alone(function, b):
    zero = torch.zeros(1, 1, dtype=torch.float64)
    return function(zero, zero, zero, zero, torch.tensor([b], dtype=torch.float64)).item()


@each
def test_each_entry_is_the_squashed_sum_written_out(function, squash):
    given_ = arguments(seed=1)
    result = function(**given_)
    values = {name: tensor.tolist() for name, tensor in given_.items()}
    for n in range(B):
        for j in range(H):
            a = values["b"][j]
            a += sum(values["x"][n][d] * values["W_x"][d][j] for d in range(D))
            a += sum(values["h"][n][k] * values["W_h"][k][j] for k in range(H))
            assert result[n, j].item() == pytest.approx(squash(a), rel=1e-13)


@each
def test_it_is_the_posts_product_of_one_matrix_with_h_stacked_on_x(function, squash):
    given_ = arguments(seed=2)
    W = torch.cat([given_["W_h"].T, given_["W_x"].T], dim=1)  # column convention: W · [h, x]
    stacked = torch.cat([given_["h"], given_["x"]], dim=1).T
    a = W @ stacked + given_["b"].unsqueeze(1)
    expected = a.T.clone().apply_(squash)
    torch.testing.assert_close(function(**given_), expected, rtol=1e-13, atol=1e-15)


@each
def test_its_gradient_is_the_one_derived_by_hand(function, squash):
    given_ = {name: tensor.requires_grad_() for name, tensor in arguments(seed=3).items()}
    y = function(**given_)
    upstream = torch.randn(B, H, dtype=torch.float64, generator=torch.Generator().manual_seed(9))
    y.backward(upstream)
    slope = y * (1 - y) if squash is logistic else 1 - y**2
    a_grad = (upstream * slope).detach()
    x, h, W_x, W_h = (given_[name].detach() for name in ("x", "h", "W_x", "W_h"))
    for name, by_hand in {
        "x": a_grad @ W_x.T,
        "h": a_grad @ W_h.T,
        "W_x": x.T @ a_grad,
        "W_h": h.T @ a_grad,
        "b": a_grad.sum(0),
    }.items():
        torch.testing.assert_close(given_[name].grad, by_hand, rtol=1e-12, atol=1e-14)


@each
def test_gradcheck_passes_twice_over(function, squash):
    inputs = tuple(tensor.requires_grad_() for tensor in arguments(seed=4).values())
    assert torch.autograd.gradcheck(function, inputs)
    assert torch.autograd.gradgradcheck(function, inputs)


@each
@given(a=st.floats(-18, 18))
def test_it_stays_strictly_inside_its_range_and_is_symmetric(function, squash, a):
    """Float64 rounds tanh to 1 from 19.07 on and σ from 36.8 on; up to 18 both are inside."""
    low, middle = (0, 0.5) if squash is logistic else (-1, 0)
    y, mirrored = of_bias_alone(function, a), of_bias_alone(function, -a)
    assert low < y < 1
    assert y + mirrored == pytest.approx(2 * middle, abs=1e-15)


@each
def test_it_neither_overflows_nor_loses_its_gradient_to_nan(function, squash):
    b = torch.tensor([1e4, -1e4, 0.0], dtype=torch.float32, requires_grad=True)
    zero = torch.zeros(1, 3)
    y = function(zero, zero, torch.zeros(3, 3), torch.zeros(3, 3), b)
    y.sum().backward()
    ends = ([1, 0, 0.5], [0, 0, 0.25]) if squash is logistic else ([1, -1, 0], [0, 0, 1])
    assert (y.flatten().tolist(), b.grad.tolist()) == ends


@each
def test_one_row_at_a_time_under_vmap_gives_the_batchs_rows(function, squash):
    given_ = arguments(seed=5)
    rows = torch.func.vmap(
        lambda x, h: function(x[None], h[None], given_["W_x"], given_["W_h"], given_["b"])[0]
    )(given_["x"], given_["h"])
    torch.testing.assert_close(rows, function(**given_), **TIGHT)
