"""Equations (7) to (10) and their recurrence against PyTorch, the post's loop and closed forms.

What the gates have in common is tested in test_gates.py, what the recurrences have in common in
test_recurrences.py.
"""

from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.gru import (
    PARAMS,
    TRACE,
    candidate,
    gru,
    gru_backward,
    gru_step,
    gru_trace,
    hidden_state,
    reset_gate,
    update_gate,
)
from rnnbook.lstm import cell_state
from rnnbook.rnn import rnn_step
from tests import posts_code
from tests.problems import B, D, H, Q, T, arguments, gradients, randn, recurrence, with_gates

TIGHT = {"rtol": 1e-14, "atol": 1e-15}
WHOLE = {"rtol": 1e-12, "atol": 1e-14}
SATURATED = 1e4  # σ(1e4) = tanh(1e4) = 1 and σ(−1e4) = 0, exactly


def torch_cell(b_hn=0, **gates):
    """PyTorch's cell whose r, z, n are constant (a number) or have our weights (a dict)."""
    cell = with_gates(torch.nn.GRUCell(D, H, dtype=torch.float64), "rzn", gates)
    cell.bias_hh[2 * H :] = b_hn
    return cell


def torch_rnn_cell(W_x, W_h, b):
    cell = torch.nn.RNNCell(D, H, dtype=torch.float64)
    zero = torch.zeros_like(b)
    cell.load_state_dict({"weight_ih": W_x.T, "weight_hh": W_h.T, "bias_ih": b, "bias_hh": zero})
    return cell.requires_grad_(False)


# Equation by equation ---------------------------------------------------------------------------


def test_eq07_update_gate_equals_the_gate_inside_torch_gru_cell():
    """With n = 0, h_t = z ∗ h_{t-1}."""
    given_ = arguments(7)
    h_next = torch_cell(r=0, z=given_, n=0)(given_["x"], given_["h"])
    ours = update_gate(**given_)
    torch.testing.assert_close(ours, h_next / given_["h"], rtol=1e-14, atol=1e-15)


def test_eq08_reset_gate_equals_the_gate_inside_torch_gru_cell():
    """With z = 0 and n = tanh(r · 1), h_t is the tanh of the gate."""
    given_ = arguments(8)
    h_next = torch_cell(r=given_, z=-SATURATED, n=0, b_hn=1)(given_["x"], given_["h"])
    torch.testing.assert_close(reset_gate(**given_).tanh(), h_next, **TIGHT)


def with_reset(seed=9):
    return arguments(seed) | {"r": randn(B, H, seed=seed).sigmoid()}


def test_eq09_candidate_equals_torch_rnn_cell_on_what_the_gate_lets_pass():
    """Reset before the product is no form of torch.nn.GRU, but a plain cell on r ∗ h."""
    given_ = with_reset()
    cell = torch_rnn_cell(given_["W_x"], given_["W_h"], given_["b"])
    expected = cell(given_["x"], given_["r"] * given_["h"])
    torch.testing.assert_close(candidate(**given_), expected, **TIGHT)


def test_eq09_candidate_reset_after_equals_the_one_inside_torch_gru_cell():
    """With z = 0, h_t = n; its gate comes from PyTorch's own r, computed from x and h."""
    given_, gate, b_h = arguments(9), arguments(8), randn(H, seed=1)
    cell = torch_cell(r=gate, z=-SATURATED, n=given_, b_hn=b_h)
    r = torch.sigmoid(
        torch.nn.functional.linear(given_["x"], gate["W_x"].T, gate["b"])
        + torch.nn.functional.linear(given_["h"], gate["W_h"].T)
    )
    ours = candidate(**given_, r=r, reset_after=True, b_h=b_h)
    torch.testing.assert_close(ours, cell(given_["x"], given_["h"]), **TIGHT)
    without = candidate(**given_, r=r, reset_after=True)
    cell.bias_hh.zero_()
    torch.testing.assert_close(without, cell(given_["x"], given_["h"]), **TIGHT)


@pytest.mark.parametrize("reset_after", [False, True])
def test_eq09_candidate_is_the_plain_recurrent_network_when_reset_is_one(reset_after):
    given_ = arguments(9)
    r = torch.ones(B, H, dtype=torch.float64)
    ours = candidate(**given_, r=r, reset_after=reset_after)
    torch.testing.assert_close(ours, rnn_step(**given_), **TIGHT)
    cell = torch_rnn_cell(given_["W_x"], given_["W_h"], given_["b"])
    torch.testing.assert_close(ours, cell(given_["x"], given_["h"]), **TIGHT)


@pytest.mark.parametrize("extra", [{}, {"reset_after": True}, {"reset_after": True, "b_h": 1.0}])
def test_eq09_candidate_is_a_perceptron_of_the_input_when_reset_is_zero(extra):
    given_ = arguments(9)
    linear = torch.nn.Linear(D, H, dtype=torch.float64)
    linear.load_state_dict({"weight": given_["W_x"].T, "bias": given_["b"]})
    perceptron = torch.nn.Sequential(linear, torch.nn.Tanh()).requires_grad_(False)
    if "b_h" in extra:
        extra = extra | {"b_h": randn(H, seed=5)}
    r = torch.zeros(B, H, dtype=torch.float64)
    torch.testing.assert_close(candidate(**given_, r=r, **extra), perceptron(given_["x"]), **TIGHT)


def before_and_after(given_, **extra):
    return candidate(**given_), candidate(**given_, reset_after=True, **extra)


@given(st.integers(0, 10**6))
def test_eq09_candidate_resets_before_as_after_when_a_rows_units_share_one_gate(seed):
    """(r ∗ h) W_h = r ∗ (h W_h) when r is the same for all units of a row."""
    r = randn(B, 1, seed=seed).sigmoid().expand(B, H)
    before, after = before_and_after(arguments(seed) | {"r": r})
    torch.testing.assert_close(before, after, rtol=1e-11, atol=1e-13)


@given(st.integers(0, 10**6))
def test_eq09_candidate_resets_before_as_after_when_units_do_not_see_each_other(seed):
    """… and when W_h is diagonal, as it is for H = 1."""
    given_ = with_reset(seed)
    before, after = before_and_after(given_ | {"W_h": given_["W_h"].diag().diag()})
    torch.testing.assert_close(before, after, rtol=1e-11, atol=1e-13)


@given(st.integers(0, 10**6))
def test_eq09_candidate_resets_before_unlike_after_by_the_gates_differences(seed):
    """Inside the tanh, after − before = Σ_k (r_j − r_k) h_k W_kj + r_j b_h,j, written out."""
    given_, b_h = with_reset(seed), 0.3 * randn(H, seed=seed + 1)
    given_ = given_ | {name: 0.3 * given_[name] for name in ("x", "h", "b")}
    before, after = before_and_after(given_, b_h=b_h)
    r, h, W_h = given_["r"], given_["h"], given_["W_h"]
    differences = r[:, None, :] - r[:, :, None]  # [n, k, j]
    expected = torch.einsum("nkj,nk,kj->nj", differences, h, W_h) + r * b_h
    torch.testing.assert_close(after.atanh() - before.atanh(), expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("reset_after", [False, True])
def test_eq09_candidate_passes_gradcheck_twice_over(reset_after):
    given_ = with_reset() | ({"b_h": randn(H, seed=5)} if reset_after else {})
    names, tensors = list(given_), [tensor.requires_grad_() for tensor in given_.values()]

    def function(*tensors):
        return candidate(**dict(zip(names, tensors, strict=True)), reset_after=reset_after)

    assert torch.autograd.gradcheck(function, tensors)
    assert torch.autograd.gradgradcheck(function, tensors)


@pytest.mark.parametrize("reset_after", [False, True])
def test_eq09_candidate_works_one_row_at_a_time_under_vmap(reset_after):
    given_ = with_reset()

    def row(x, h, r):
        rows = {"x": x[None], "h": h[None], "r": r[None]}
        return candidate(**(given_ | rows), reset_after=reset_after)[0]

    rows = torch.func.vmap(row)(given_["x"], given_["h"], given_["r"])
    torch.testing.assert_close(rows, candidate(**given_, reset_after=reset_after), **TIGHT)


def test_eq09_candidate_refuses_the_bias_that_nothing_would_reset():
    with pytest.raises(ValueError, match=r"b_h: expected None where the reset .* given a tensor"):
        candidate(**with_reset(), b_h=randn(H))


def test_eq10_hidden_state_equals_torch_gru_cell_fed_with_the_same_gates():
    """PyTorch's cell with the identity as weights, so that x holds the gates' logits."""
    z, n, h = (randn(B, H, seed=seed) for seed in range(3))
    cell = torch.nn.GRUCell(3 * H, H, dtype=torch.float64).requires_grad_(False)
    for parameter in cell.parameters():
        parameter.zero_()
    cell.weight_ih.copy_(torch.eye(3 * H))
    h_next = cell(torch.cat([torch.zeros(B, H), z, n], dim=1), h)
    torch.testing.assert_close(hidden_state(z.sigmoid(), h, n.tanh()), h_next, **TIGHT)


def test_eq10_hidden_state_freezes_when_update_is_one_and_is_replaced_when_it_is_zero():
    h, h_tilde = randn(B, H), randn(B, H, seed=1)
    assert torch.equal(hidden_state(torch.ones_like(h), h, h_tilde), h)
    assert torch.equal(hidden_state(torch.zeros_like(h), h, h_tilde), h_tilde)


def test_eq10_hidden_state_is_the_lstms_cell_state_whose_input_gate_is_what_forget_leaves():
    z, h, h_tilde = randn(B, H).sigmoid(), randn(B, H, seed=1), randn(B, H, seed=2)
    torch.testing.assert_close(
        hidden_state(z, h, h_tilde), cell_state(z, h, 1 - z, h_tilde), rtol=0, atol=0
    )


unit = st.floats(0, 1)
number = st.floats(-1, 1)


@given(unit, number, number)
def test_eq10_hidden_state_lies_between_the_old_one_and_the_candidate(z, h, h_tilde):
    """Up to the rounding of three operations, for a mean of equals may miss them by a digit."""
    row = (torch.tensor([[value]], dtype=torch.float64) for value in (z, h, h_tilde))
    mean = hidden_state(*row).item()
    assert min(h, h_tilde) - 1e-15 <= mean <= max(h, h_tilde) + 1e-15
    assert abs(mean) <= 1  # not even rounding leads out of [−1, 1]


@given(st.integers(1, 12), st.integers(0, 10**6))
def test_eq10_hidden_state_unrolled_is_a_weighted_mean_of_the_start_and_all_candidates(steps, seed):
    """h_T = (∏ z) h_0 + Σ_k (∏_{j>k} z_j)(1 − z_k) h̃_k, whose weights add up to 1."""
    z, h_tilde = randn(steps, B, H, seed=seed).sigmoid(), randn(steps, B, H, seed=seed + 1)
    start = h = randn(B, H, seed=seed + 2)
    weights = [z.prod(0)] + [z[k + 1 :].prod(0) * (1 - z[k]) for k in range(steps)]
    for t in range(steps):
        h = hidden_state(z[t], h, h_tilde[t])
    closed = sum(w * part for w, part in zip(weights, [start, *h_tilde], strict=True))
    torch.testing.assert_close(h, closed, **WHOLE)
    torch.testing.assert_close(sum(weights), torch.ones_like(h), **WHOLE)


def test_eq10_hidden_state_passes_gradcheck_twice_over():
    inputs = tuple(randn(B, H, seed=n).requires_grad_() for n in range(3))
    assert torch.autograd.gradcheck(hidden_state, inputs)
    assert torch.autograd.gradgradcheck(hidden_state, inputs)


def test_eq10_hidden_state_works_one_row_at_a_time_under_vmap():
    given_ = [randn(B, H, seed=n) for n in range(3)]
    rows = torch.func.vmap(lambda *row: hidden_state(*(part[None] for part in row))[0])(*given_)
    torch.testing.assert_close(rows, hidden_state(*given_), **TIGHT)


# The recurrence ---------------------------------------------------------------------------------

problem = partial(recurrence, states=1, gates=3)  # inputs, (H,) and the 11 parameters


def test_gru_equals_the_posts_code_in_values_and_in_all_gradients():
    ours, our_grads = gradients(gru, *problem())
    theirs, their_grads = gradients(posts_code.gru, *problem())
    assert ours[0].shape == (T * B, Q)
    for our, their in zip([*ours, *our_grads], [*theirs, *their_grads], strict=True):
        torch.testing.assert_close(our, their, **WHOLE)


def torch_gru(weights, b_hh, inputs, h):
    """States (T, B, H) of torch.nn.GRU with our nine weights and the bias that the reset scales."""
    W_x, W_h, b = weights[0::3], weights[1::3], weights[2::3]
    order = [1, 0, 2]  # r, z, n where the post has z, r, h
    zero = torch.zeros(2 * H, dtype=torch.float64)
    parameters = {
        "weight_ih_l0": torch.cat([W_x[n].T for n in order]),
        "weight_hh_l0": torch.cat([W_h[n].T for n in order]),
        "bias_ih_l0": torch.cat([b[n] for n in order]),
        "bias_hh_l0": torch.cat([zero, b_hh]),
    }
    module = torch.nn.GRU(D, H, dtype=torch.float64)
    return torch.func.functional_call(module, parameters, (inputs, h[None]))[0]


def test_gru_step_with_reset_after_equals_torch_nn_gru_in_values_and_in_all_gradients():
    def with_steps(inputs, state, params):
        (h,), *weights, b_hh = state, *params
        states = []
        for x in inputs:
            h = gru_step(x, h, *weights, reset_after=True, b_hh=b_hh)
            states.append(h)
        return torch.stack(states), (h,)

    def with_torch(inputs, state, params):
        *weights, b_hh = params
        states = torch_gru(weights, b_hh, inputs, state[0])
        return states, (states[-1],)

    inputs, state, params = problem()
    params = [*params[:-2], randn(H, seed=7)]
    ours, our_grads = gradients(with_steps, inputs, state, params)
    theirs, their_grads = gradients(with_torch, inputs, state, params)
    for our, their in zip([*ours, *our_grads], [*theirs, *their_grads], strict=True):
        torch.testing.assert_close(our, their, **WHOLE)


def test_gru_trace_shows_what_its_equations_and_the_posts_code_make_of_every_step():
    inputs, state, params = problem()
    trace = gru_trace(inputs, state, params[:9])
    assert tuple(trace) == TRACE
    for t in range(T):
        _, (last,) = posts_code.gru(inputs[: t + 1], state, params)
        torch.testing.assert_close(trace["h"][t], last, **WHOLE)
        before = trace["h"][t - 1] if t else state[0]
        z, h_tilde = trace["z"][t], trace["h_tilde"][t]
        torch.testing.assert_close(z * before + (1 - z) * h_tilde, trace["h"][t], **WHOLE)
        r = torch.sigmoid(inputs[t] @ params[3] + before @ params[4] + params[5])
        torch.testing.assert_close(trace["r"][t], r, **WHOLE)


def test_gru_trace_with_reset_after_shows_the_states_of_torch_nn_gru():
    inputs, state, params = problem()
    weights, b_hh = params[:9], randn(H, seed=7)
    trace = gru_trace(inputs, state, weights, True, b_hh)
    theirs = torch_gru(weights, b_hh, inputs, state[0])
    torch.testing.assert_close(trace["h"], theirs, **WHOLE)
    without = gru_trace(inputs, state, weights, True)["h"]
    torch.testing.assert_close(without, torch_gru(weights, 0 * b_hh, inputs, state[0]), **WHOLE)


def leaves_of(steps, count):
    """Inputs, state and weights of a problem, each to be differentiated by."""
    inputs, state, params = problem()
    return [part.requires_grad_() for part in (inputs[:steps].clone(), *state, *params[:count])]


@pytest.mark.parametrize("steps", [1, T])
def test_gru_backward_equals_autograd_through_the_posts_code(steps):
    inputs, h, *weights = leaves_of(steps, 9)
    grad_h = randn(steps, B, H, seed=77)
    show_all = [torch.eye(H, dtype=torch.float64), torch.zeros(H, dtype=torch.float64)]
    states, _ = posts_code.gru(inputs, (h,), [*weights, *show_all])
    theirs = torch.autograd.grad(states, [inputs, h, *weights], grad_h.flatten(0, 1))
    with torch.no_grad():
        ours = gru_backward(inputs, (h,), gru_trace(inputs, (h,), weights), grad_h, weights)
    names = ["inputs", "H", *PARAMS[:-2]]
    assert set(ours) == set(names)
    for name, their in zip(names, theirs, strict=True):
        torch.testing.assert_close(ours[name], their, **WHOLE, msg=name)


@pytest.mark.parametrize("steps", [1, T])
@pytest.mark.parametrize("biased", [True, False])
def test_gru_backward_with_reset_after_equals_autograd_through_torch_nn_gru(steps, biased):
    inputs, h, *weights = leaves_of(steps, 9)
    b_hh = (biased * randn(H, seed=7)).requires_grad_()
    grad_h = randn(steps, B, H, seed=77)
    states = torch_gru(weights, b_hh, inputs, h)
    theirs = torch.autograd.grad(states, [inputs, h, *weights, b_hh], grad_h)
    form = (True, b_hh) if biased else (True,)
    with torch.no_grad():
        trace = gru_trace(inputs, (h,), weights, *form)
        ours = gru_backward(inputs, (h,), trace, grad_h, weights, *form)
    names = ["inputs", "H", *PARAMS[:-2], "b_hh"]
    assert set(ours) == set(names)
    for name, their in zip(names, theirs, strict=True):
        torch.testing.assert_close(ours[name], their, **WHOLE, msg=name)


def test_gru_trace_and_backward_refuse_the_bias_that_nothing_would_reset():
    inputs, state, params = problem()
    weights, b_hh = params[:9], randn(H)
    trace = gru_trace(inputs, state, weights)
    with pytest.raises(ValueError, match=r"b_hh: expected None where the reset .* given a tensor"):
        gru_trace(inputs, state, weights, b_hh=b_hh)
    with pytest.raises(ValueError, match=r"b_hh: expected None where the reset .* given a tensor"):
        gru_backward(inputs, state, trace, trace["h"], weights, b_hh=b_hh)


@given(st.integers(1, 60), st.floats(0.1, 30), st.integers(0, 10**6))
def test_gru_keeps_its_hidden_state_within_one_for_any_number_of_steps(steps, scale, seed):
    """A mean of values within [−1, 1] stays there, without a squashing of the state itself."""
    _, _, params = problem()
    inputs = scale * randn(steps, B, D, seed=seed)
    h = randn(B, H, seed=seed).tanh()
    _, (h,) = gru(inputs, (h,), [scale * tensor for tensor in params])
    assert h.abs().max() <= 1
    _, (h,) = gru(inputs / scale, (0.9 * h,), params)  # no candidate is rounded to 1 here
    assert h.abs().max() < 1


def test_gru_with_its_update_gates_open_returns_the_state_that_it_was_given():
    inputs, state, params = problem()
    params[2] = torch.full_like(params[2], SATURATED)  # b_z
    _, last = gru(inputs, state, params)
    assert torch.equal(last[0], state[0])
