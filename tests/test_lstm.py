"""Equation (1) against PyTorch's own cell, autograd, closed forms and properties."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.lstm import forget_gate

B, D, H = 5, 3, 4


def arguments(seed=0, scale=1.0):
    generator = torch.Generator().manual_seed(seed)
    shapes = {"x": (B, D), "h": (B, H), "W_x": (D, H), "W_h": (H, H), "b": (H,)}
    return {
        name: scale * torch.randn(*shape, generator=generator, dtype=torch.float64)
        for name, shape in shapes.items()
    }


def test_eq01_forget_gate_equals_the_gate_inside_torch_lstm_cell():
    """With i = 0, C_t = f ∗ C_{t-1}: PyTorch's cell then shows its forget gate as C_t / C_{t-1}."""
    given_ = arguments()
    cell = torch.nn.LSTMCell(D, H, dtype=torch.float64)
    rows = slice(H, 2 * H)  # PyTorch stacks its gates as i, f, g, o
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.weight_ih[rows] = given_["W_x"].T
        cell.weight_hh[rows] = given_["W_h"].T
        cell.bias_ih[rows] = given_["b"]
        cell.bias_ih[:H] = -1e4  # input gate shut
        C = torch.full((B, H), 3.0, dtype=torch.float64)
        _, C_next = cell(given_["x"], (given_["h"], C))
    torch.testing.assert_close(forget_gate(**given_), C_next / C, rtol=1e-14, atol=1e-15)


def test_eq01_forget_gate_is_the_logistic_function_of_each_sum_written_out():
    given_ = arguments(seed=1)
    f = forget_gate(**given_)
    values = {name: tensor.tolist() for name, tensor in given_.items()}
    for n in range(B):
        for j in range(H):
            a = values["b"][j]
            a += sum(values["x"][n][d] * values["W_x"][d][j] for d in range(D))
            a += sum(values["h"][n][k] * values["W_h"][k][j] for k in range(H))
            assert f[n, j].item() == pytest.approx(1 / (1 + math.exp(-a)), rel=1e-14)


def test_eq01_forget_gate_is_the_posts_product_of_one_matrix_with_h_stacked_on_x():
    given_ = arguments(seed=2)
    W_f = torch.cat([given_["W_h"].T, given_["W_x"].T], dim=1)  # column convention: W_f · [h, x]
    stacked = torch.cat([given_["h"], given_["x"]], dim=1).T
    expected = torch.sigmoid(W_f @ stacked + given_["b"].unsqueeze(1)).T
    torch.testing.assert_close(forget_gate(**given_), expected, rtol=1e-14, atol=1e-15)


def test_eq01_forget_gate_has_the_gradient_that_chapter_1_derives():
    given_ = {name: tensor.requires_grad_() for name, tensor in arguments(seed=3).items()}
    f = forget_gate(**given_)
    upstream = torch.randn(B, H, dtype=torch.float64, generator=torch.Generator().manual_seed(9))
    f.backward(upstream)
    a_grad = (upstream * f * (1 - f)).detach()
    x, h, W_x, W_h = (given_[name].detach() for name in ("x", "h", "W_x", "W_h"))
    for name, by_hand in {
        "x": a_grad @ W_x.T,
        "h": a_grad @ W_h.T,
        "W_x": x.T @ a_grad,
        "W_h": h.T @ a_grad,
        "b": a_grad.sum(0),
    }.items():
        torch.testing.assert_close(given_[name].grad, by_hand, rtol=1e-12, atol=1e-14)


def test_eq01_forget_gate_passes_gradcheck_twice_over():
    inputs = tuple(tensor.requires_grad_() for tensor in arguments(seed=4).values())
    assert torch.autograd.gradcheck(forget_gate, inputs)
    assert torch.autograd.gradgradcheck(forget_gate, inputs)


@given(st.floats(-700, 700), st.integers(1, 200))
def test_eq01_forget_gate_kept_for_n_steps_follows_the_closed_form(b, steps):
    """f^n = exp(−n·softplus(−b)): the elapsed time that chapter 1 finds inside the gate."""
    one = torch.zeros(1, 1, dtype=torch.float64)
    f = forget_gate(one, one, one, one, torch.tensor([b], dtype=torch.float64)).item()
    softplus = max(-b, 0.0) + math.log1p(math.exp(-abs(b)))
    assert f**steps == pytest.approx(math.exp(-steps * softplus), rel=1e-9, abs=1e-300)


@given(st.floats(-30, 30))
def test_eq01_forget_gate_stays_strictly_between_zero_and_one(b):
    one = torch.zeros(1, 1, dtype=torch.float64)
    f = forget_gate(one, one, one, one, torch.tensor([b], dtype=torch.float64)).item()
    assert 0 < f < 1
    mirrored = forget_gate(one, one, one, one, torch.tensor([-b], dtype=torch.float64)).item()
    assert f + mirrored == pytest.approx(1, abs=1e-15)


def test_eq01_forget_gate_neither_overflows_nor_loses_its_gradient_to_nan():
    b = torch.tensor([1e4, -1e4, 0.0], dtype=torch.float32, requires_grad=True)
    zero = torch.zeros(1, 3)
    f = forget_gate(zero, zero, torch.zeros(3, 3), torch.zeros(3, 3), b)
    f.sum().backward()
    assert f.flatten().tolist() == [1.0, 0.0, 0.5]
    assert b.grad.tolist() == [0.0, 0.0, 0.25]


def test_eq01_forget_gate_works_one_row_at_a_time_under_vmap():
    given_ = arguments(seed=5)
    rows = torch.func.vmap(
        lambda x, h: forget_gate(x[None], h[None], given_["W_x"], given_["W_h"], given_["b"])[0]
    )(given_["x"], given_["h"])
    torch.testing.assert_close(rows, forget_gate(**given_), rtol=1e-14, atol=1e-15)
