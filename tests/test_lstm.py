"""Equations (1) to (6) and their recurrence against PyTorch, the post's loop and closed forms.

What the gates and the candidate have in common is tested in test_gates.py, what the recurrences
have in common in test_recurrences.py.
"""

import math
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.lstm import (
    PARAMS,
    TRACE,
    candidate,
    cell_state,
    forget_gate,
    hidden_state,
    input_gate,
    lstm,
    lstm_backward,
    lstm_step,
    lstm_trace,
    output_gate,
)
from tests import posts_code
from tests.problems import B, D, H, Q, T, arguments, gradients, randn, recurrence, with_gates

TIGHT = {"rtol": 1e-14, "atol": 1e-15}
WHOLE = {"rtol": 1e-12, "atol": 1e-14}
SATURATED = 1e4  # σ(1e4) = tanh(1e4) = 1 and σ(−1e4) = 0, exactly


def torch_cell(**gates):
    """PyTorch's cell whose i, f, g, o are constant (a number) or have our weights (a dict)."""
    return with_gates(torch.nn.LSTMCell(D, H, dtype=torch.float64), "ifgo", gates)


def torch_cell_fed_with(i, f, g, o, C):
    """PyTorch's cell that computes (4) and (6) with gates given as logits: its weights are 1."""
    cell = torch.nn.LSTMCell(4 * H, H, dtype=torch.float64)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.weight_ih.copy_(torch.eye(4 * H))
        return cell(torch.cat([i, f, g, o], dim=1), (torch.zeros_like(C), C))


# Equation by equation ---------------------------------------------------------------------------


def test_eq01_forget_gate_equals_the_gate_inside_torch_lstm_cell():
    """With i = 0, C_t = f ∗ C_{t-1}: PyTorch's cell then shows its forget gate as C_t / C_{t-1}."""
    given_ = arguments(1)
    cell = torch_cell(i=-SATURATED, f=given_, g=0, o=0)
    C = torch.full((B, H), 3.0, dtype=torch.float64)
    _, C_next = cell(given_["x"], (given_["h"], C))
    torch.testing.assert_close(forget_gate(**given_), C_next / C, **TIGHT)


@given(st.floats(-700, 700), st.integers(1, 200))
def test_eq01_forget_gate_kept_for_n_steps_follows_the_closed_form(b, steps):
    """f^n = exp(−n·softplus(−b)): the elapsed time that chapter 1 finds inside the gate."""
    one = torch.zeros(1, 1, dtype=torch.float64)
    f = forget_gate(one, one, one, one, torch.tensor([b], dtype=torch.float64)).item()
    softplus = max(-b, 0.0) + math.log1p(math.exp(-abs(b)))
    assert f**steps == pytest.approx(math.exp(-steps * softplus), rel=1e-9, abs=1e-300)


def test_eq02_input_gate_equals_the_gate_inside_torch_lstm_cell():
    """With f = 0 and g = 1, C_t = i."""
    given_ = arguments(2)
    cell = torch_cell(i=given_, f=-SATURATED, g=SATURATED, o=0)
    _, C_next = cell(given_["x"], (given_["h"], randn(B, H)))
    torch.testing.assert_close(input_gate(**given_), C_next, **TIGHT)


def test_eq03_candidate_equals_the_one_inside_torch_lstm_cell():
    """With f = 0 and i = 1, C_t = C̃_t."""
    given_ = arguments(3)
    cell = torch_cell(i=SATURATED, f=-SATURATED, g=given_, o=0)
    _, C_next = cell(given_["x"], (given_["h"], randn(B, H)))
    torch.testing.assert_close(candidate(**given_), C_next, **TIGHT)


def test_eq04_cell_state_equals_torch_lstm_cell_fed_with_the_same_gates():
    i, f, g, o, C = (randn(B, H, seed=n) for n in range(5))
    _, C_next = torch_cell_fed_with(i, f, g, o, C)
    ours = cell_state(f.sigmoid(), C, i.sigmoid(), g.tanh())
    torch.testing.assert_close(ours, C_next, **TIGHT)


def cell_states(C, f, i, C_tilde):
    """C_0, C_1, …, C_T."""
    states = [C]
    for t in range(len(f)):
        states.append(cell_state(f[t], states[-1], i[t], C_tilde[t]))
    return states


def cell_problem(steps, seed):
    """C_0 (B, H), and f, i, C̃ (T, B, H)."""
    f, i, g = randn(3, steps, B, H, seed=seed)
    return randn(B, H, seed=seed + 1), f.sigmoid(), i.sigmoid(), g.tanh()


@given(st.integers(1, 12), st.integers(0, 10**6))
def test_eq04_cell_state_unrolled_is_the_closed_form(steps, seed):
    """C_T = (∏ f) C_0 + Σ_k (∏_{j>k} f_j) i_k C̃_k."""
    C, f, i, C_tilde = cell_problem(steps, seed)
    closed = f.prod(0) * C
    for k in range(steps):
        closed += f[k + 1 :].prod(0) * i[k] * C_tilde[k]
    torch.testing.assert_close(cell_states(C, f, i, C_tilde)[-1], closed, **WHOLE)


@given(st.integers(1, 12), st.integers(0, 10**6))
def test_eq04_cell_state_passes_gradients_back_as_the_product_of_the_forget_gates(steps, seed):
    """∂C_T/∂C_k = ∏_{j>k} f_j, by autograd: the carousel."""
    C, f, i, C_tilde = cell_problem(steps, seed)
    states = cell_states(C.requires_grad_(), f, i, C_tilde)
    for k, grad in enumerate(torch.autograd.grad(states[-1].sum(), states)):
        torch.testing.assert_close(grad, f[k:].prod(0), **WHOLE)


def test_eq04_cell_state_keeps_everything_when_forget_is_one_and_input_is_zero():
    C, C_tilde = randn(B, H), randn(B, H, seed=1)
    one, zero = torch.ones_like(C), torch.zeros_like(C)
    assert torch.equal(cell_state(one, C, zero, C_tilde), C)
    assert torch.equal(cell_state(zero, C, one, C_tilde), C_tilde)


@given(st.integers(1, 300))
def test_eq04_cell_state_counts_when_both_gates_are_one(steps):
    """It is unbounded: the sum of what is written."""
    one = torch.ones(1, 1, dtype=torch.float64)
    half = torch.full((steps, 1, 1), 0.5, dtype=torch.float64)
    ones = torch.ones_like(half)
    assert cell_states(0 * one, ones, ones, half)[-1].item() == steps / 2


def test_eq04_cell_state_passes_gradcheck_twice_over():
    inputs = tuple(randn(B, H, seed=n).requires_grad_() for n in range(4))
    assert torch.autograd.gradcheck(cell_state, inputs)
    assert torch.autograd.gradgradcheck(cell_state, inputs)


def test_eq05_output_gate_equals_the_gate_inside_torch_lstm_cell():
    """With f = 1, i = 0 and a C where tanh is 1, h_t = o."""
    given_ = arguments(5)
    cell = torch_cell(i=-SATURATED, f=SATURATED, g=0, o=given_)
    C = torch.full((B, H), SATURATED, dtype=torch.float64)
    h_next, _ = cell(given_["x"], (given_["h"], C))
    torch.testing.assert_close(output_gate(**given_), h_next, **TIGHT)


def test_eq06_hidden_state_equals_torch_lstm_cell_fed_with_the_same_gates():
    i, f, g, o, C = (randn(B, H, seed=n) for n in range(5))
    h_next, C_next = torch_cell_fed_with(i, f, g, o, C)
    torch.testing.assert_close(hidden_state(o.sigmoid(), C_next), h_next, **TIGHT)


@given(st.floats(-18, 18), st.floats(-36, 36))
def test_eq06_hidden_state_is_smaller_than_one_and_than_the_cell_state(C, logit):
    """tanh(C) and o round to 1 beyond 19 and 36.8."""
    o = 1 / (1 + math.exp(-logit))
    row = (torch.tensor([[number]], dtype=torch.float64) for number in (o, C))
    h = hidden_state(*row).item()
    assert abs(h) < 1
    assert abs(h) <= abs(C)
    assert h == pytest.approx(o * math.tanh(C), rel=1e-14, abs=1e-300)


def test_eq06_hidden_state_passes_gradcheck_twice_over():
    inputs = tuple(randn(B, H, seed=n).requires_grad_() for n in range(2))
    assert torch.autograd.gradcheck(hidden_state, inputs)
    assert torch.autograd.gradgradcheck(hidden_state, inputs)


@pytest.mark.parametrize(
    ("function", "count"), [(cell_state, 4), (hidden_state, 2)], ids=["eq04", "eq06"]
)
def test_the_elementwise_equations_work_one_row_at_a_time_under_vmap(function, count):
    given_ = [randn(B, H, seed=n) for n in range(count)]
    rows = torch.func.vmap(lambda *row: function(*(part[None] for part in row))[0])(*given_)
    torch.testing.assert_close(rows, function(*given_), **TIGHT)


# The recurrence ---------------------------------------------------------------------------------

problem = partial(recurrence, states=2, gates=4)  # inputs, (H, C) and the 14 parameters


def test_lstm_equals_the_posts_code_in_values_and_in_all_gradients():
    ours, our_grads = gradients(lstm, *problem())
    theirs, their_grads = gradients(posts_code.lstm, *problem())
    assert ours[0].shape == (T * B, Q)
    for our, their in zip([*ours, *our_grads], [*theirs, *their_grads], strict=True):
        torch.testing.assert_close(our, their, **WHOLE)


def test_lstm_equals_torch_nn_lstm_in_values_and_in_all_gradients():
    inputs, state, params = problem()

    def with_torch(inputs, state, params):
        W_x, W_h, b = params[0:12:3], params[1:12:3], params[2:12:3]
        order = [0, 1, 3, 2]
        weights = {
            "weight_ih_l0": torch.cat([W_x[n].T for n in order]),
            "weight_hh_l0": torch.cat([W_h[n].T for n in order]),
            "bias_ih_l0": torch.cat([b[n] for n in order]),
            "bias_hh_l0": torch.zeros(4 * H, dtype=torch.float64),
        }
        states, (h, C) = torch.func.functional_call(
            torch.nn.LSTM(D, H, dtype=torch.float64),
            weights,
            (inputs, (state[0][None], state[1][None])),
        )
        return torch.nn.functional.linear(states, params[-2].T, params[-1]).flatten(0, 1), (
            h[0],
            C[0],
        )

    ours, our_grads = gradients(lstm, inputs, state, params)
    theirs, their_grads = gradients(with_torch, inputs, state, params)
    for our, their in zip([*ours, *our_grads], [*theirs, *their_grads], strict=True):
        torch.testing.assert_close(our, their, **WHOLE)


def test_lstm_step_equals_torch_lstm_cell():
    inputs, state, params = problem()
    stacked = {
        key: dict(zip(("W_x", "W_h", "b"), params[3 * n : 3 * n + 3], strict=True))
        for n, key in enumerate("ifog")
    }
    h, C = torch_cell(**stacked)(inputs[0], state)
    ours = lstm_step(inputs[0], *state, *params[:-2])
    torch.testing.assert_close(ours, (h, C), **WHOLE)


def test_lstm_trace_shows_what_its_equations_and_torch_make_of_every_step():
    inputs, state, params = problem()
    trace = lstm_trace(inputs, state, params[:12])
    assert tuple(trace) == TRACE
    for t in range(T):
        _, last = lstm(inputs[: t + 1], state, params)
        torch.testing.assert_close(trace["h"][t], last[0], rtol=0, atol=0)
        torch.testing.assert_close(trace["C"][t], last[1], rtol=0, atol=0)
        before = trace["C"][t - 1] if t else state[1]
        written = trace["i"][t] * trace["C_tilde"][t]
        torch.testing.assert_close(trace["f"][t] * before + written, trace["C"][t], **WHOLE)
        torch.testing.assert_close(
            trace["o"][t] * torch.tanh(trace["C"][t]), trace["h"][t], **WHOLE
        )


@pytest.mark.parametrize("steps", [1, T])
def test_lstm_backward_equals_autograd_through_torch_nn_lstm(steps):
    inputs, state, params = problem()
    inputs, weights = inputs[:steps].requires_grad_(), params[:12]
    H_0, C_0 = (part.requires_grad_() for part in state)
    layer = torch.nn.LSTM(D, H, dtype=torch.float64)
    named = dict(zip(PARAMS, weights, strict=False))
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.cat([named[f"W_x{g}"].T for g in "ifco"]))
        layer.weight_hh_l0.copy_(torch.cat([named[f"W_h{g}"].T for g in "ifco"]))
        layer.bias_ih_l0.copy_(torch.cat([named[f"b_{g}"] for g in "ifco"]))
        layer.bias_hh_l0.zero_()
    states, _ = layer(inputs, (H_0[None], C_0[None]))
    grad_h = randn(steps, B, H, seed=77)
    states.backward(grad_h)
    given_ = (inputs.detach(), (H_0.detach(), C_0.detach()))
    ours = lstm_backward(*given_, lstm_trace(*given_, weights), grad_h, weights)
    theirs = {"H": H_0.grad, "C": C_0.grad, "inputs": inputs.grad}
    for n, g in enumerate("ifco"):
        rows = slice(n * H, (n + 1) * H)
        theirs[f"W_x{g}"] = layer.weight_ih_l0.grad[rows].T
        theirs[f"W_h{g}"] = layer.weight_hh_l0.grad[rows].T
        theirs[f"b_{g}"] = layer.bias_ih_l0.grad[rows]
    assert ours.keys() == theirs.keys()
    assert set(ours) == {"inputs", "H", "C", *PARAMS[:-2]}
    for name, by in ours.items():
        torch.testing.assert_close(by, theirs[name], **WHOLE, msg=name)


def test_lstm_hidden_states_stay_below_one_while_cell_states_do_not():
    """With f and i near 1 and C̃ near 1, the carousel counts and tanh squashes the count."""
    _, _, params = problem()
    params = [0 * tensor for tensor in params]
    for n in (2, 5, 8, 11):  # b_i, b_f, b_o, b_c
        params[n] += 5
    zero = torch.zeros(B, H, dtype=torch.float64)
    _, (h, C) = lstm(torch.zeros(12, B, D, dtype=torch.float64), (zero, zero), params)
    assert (C > 11).all()
    assert ((h > 0.99) & (h < 1)).all()
