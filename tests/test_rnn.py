"""The plain network and its backward by hand against torch.nn.RNN and autograd."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.rnn import (
    memory_norms,
    rnn,
    rnn_backward,
    rnn_states,
    rnn_step,
    step_jacobian,
)
from tests.problems import B, D, H, Q, T, randn

TIGHT = {"rtol": 1e-12, "atol": 1e-14}


def problem(steps=T):
    return {
        "inputs": randn(steps, B, D, seed=1),
        "h": randn(B, H, seed=2),
        "W_x": randn(D, H, seed=3),
        "W_h": randn(H, H, seed=4),
        "b": randn(H, seed=5),
    }


def torch_rnn(W_x, W_h, b):
    module = torch.nn.RNN(D, H, dtype=torch.float64)
    with torch.no_grad():
        module.weight_ih_l0.copy_(W_x.T)
        module.weight_hh_l0.copy_(W_h.T)
        module.bias_ih_l0.copy_(b)
        module.bias_hh_l0.zero_()
    return module


def test_rnn_step_equals_torch_rnn_cell():
    given_ = problem()
    cell = torch.nn.RNNCell(D, H, dtype=torch.float64)
    cell.load_state_dict(
        {
            "weight_ih": given_["W_x"].T,
            "weight_hh": given_["W_h"].T,
            "bias_ih": given_["b"],
            "bias_hh": torch.zeros(H, dtype=torch.float64),
        }
    )
    x = given_["inputs"][0]
    ours = rnn_step(x, given_["h"], given_["W_x"], given_["W_h"], given_["b"])
    torch.testing.assert_close(ours, cell(x, given_["h"]), **TIGHT)


def test_rnn_states_equal_torch_rnn():
    given_ = problem()
    module = torch_rnn(given_["W_x"], given_["W_h"], given_["b"])
    expected, _ = module(given_["inputs"], given_["h"].unsqueeze(0))
    torch.testing.assert_close(rnn_states(**given_), expected, **TIGHT)


def test_rnn_returns_what_the_posts_code_returns_all_outputs_in_rows_and_the_state():
    given_ = problem()
    W_hq, b_q = randn(H, Q, seed=6), randn(Q, seed=7)
    outputs, (h,) = rnn(
        given_["inputs"],
        (given_["h"],),
        [given_["W_x"], given_["W_h"], given_["b"], W_hq, b_q],
    )
    module = torch_rnn(given_["W_x"], given_["W_h"], given_["b"])
    states, last = module(given_["inputs"], given_["h"].unsqueeze(0))
    rows = torch.cat([torch.nn.functional.linear(state, W_hq.T, b_q) for state in states])
    torch.testing.assert_close(outputs, rows, **TIGHT)
    torch.testing.assert_close(h, last[0], **TIGHT)


def test_rnn_has_the_gradients_of_torch_rnn_cell_in_a_loop():
    given_ = problem()
    leaves = [*given_.values(), randn(H, Q, seed=6), randn(Q, seed=7)]
    leaves = [tensor.requires_grad_() for tensor in leaves]
    outputs, (h,) = rnn(leaves[0], (leaves[1],), leaves[2:])
    inputs, state, W_x, W_h, b, W_hq, b_q = leaves
    rows = []
    for x in inputs:
        state = torch.rnn_tanh_cell(x, state, W_x.T, W_h.T, b, torch.zeros_like(b))
        rows.append(torch.nn.functional.linear(state, W_hq.T, b_q))
    upstream = (randn(T * B, Q, seed=8), randn(B, H, seed=9))
    ours = torch.autograd.grad((outputs, h), leaves, upstream)
    theirs = torch.autograd.grad((torch.cat(rows), state), leaves, upstream)
    for our, their in zip(ours, theirs, strict=True):
        torch.testing.assert_close(our, their, **TIGHT)


def test_rnn_backward_equals_autograd_through_torch_rnn():
    given_ = problem()
    module = torch_rnn(given_["W_x"], given_["W_h"], given_["b"])
    inputs, h_0 = given_["inputs"].requires_grad_(), given_["h"].requires_grad_()
    states, _ = module(inputs, h_0.unsqueeze(0))
    grad_states = randn(T, B, H, seed=8)
    states.backward(grad_states)
    by_hand = rnn_backward(
        inputs.detach(), h_0.detach(), states.detach(), grad_states, given_["W_x"], given_["W_h"]
    )
    by_torch = (
        inputs.grad,
        h_0.grad,
        module.weight_ih_l0.grad.T,
        module.weight_hh_l0.grad.T,
        module.bias_ih_l0.grad,
    )
    for ours, theirs in zip(by_hand, by_torch, strict=True):
        torch.testing.assert_close(ours, theirs, **TIGHT)


def test_step_jacobian_equals_torch_func_jacrev():
    given_ = problem()
    x, h = given_["inputs"][0], given_["h"]
    new = rnn_step(x, h, given_["W_x"], given_["W_h"], given_["b"])
    ours = step_jacobian(new, given_["W_h"])
    for n in range(B):
        expected = torch.func.jacrev(
            lambda row, n=n: rnn_step(
                x[n : n + 1], row[None], given_["W_x"], given_["W_h"], given_["b"]
            )[0]
        )(h[n])
        torch.testing.assert_close(ours[n], expected, **TIGHT)


@given(st.integers(1, T - 1))
def test_carrying_the_state_equals_one_long_sequence(cut):
    given_ = problem()
    whole = rnn_states(**given_)
    first = rnn_states(**(given_ | {"inputs": given_["inputs"][:cut]}))
    second = rnn_states(**(given_ | {"inputs": given_["inputs"][cut:], "h": first[-1]}))
    torch.testing.assert_close(torch.cat([first, second]), whole, rtol=0, atol=0)


def test_the_order_of_the_batch_does_not_matter():
    given_ = problem()
    order = torch.tensor([3, 1, 4, 0, 2])
    shuffled = rnn_states(
        **(given_ | {"inputs": given_["inputs"][:, order], "h": given_["h"][order]})
    )
    torch.testing.assert_close(shuffled, rnn_states(**given_)[:, order], **TIGHT)


def test_states_stay_between_minus_one_and_one():
    given_ = problem()
    assert rnn_states(**(given_ | {"h": 0.5 * given_["h"]})).abs().max() < 1


@pytest.mark.parametrize("steps", [1, 2])
def test_gradcheck_of_the_whole_recurrence(steps):
    given_ = problem(steps)
    inputs = tuple(tensor.requires_grad_() for tensor in given_.values())
    assert torch.autograd.gradcheck(rnn_states, inputs)


def test_gradgradcheck_of_the_whole_recurrence():
    inputs = tuple(tensor.requires_grad_() for tensor in problem(2).values())
    assert torch.autograd.gradgradcheck(rnn_states, inputs)


def test_one_row_at_a_time_under_vmap_gives_the_batchs_states():
    given_ = problem()

    def row(inputs, h):
        return rnn_states(**(given_ | {"inputs": inputs[:, None], "h": h[None]}))[:, 0]

    rows = torch.func.vmap(row, in_dims=(1, 0), out_dims=1)(given_["inputs"], given_["h"])
    torch.testing.assert_close(rows, rnn_states(**given_), **TIGHT)


def test_memory_norms_equal_the_spectral_norms_of_autograds_jacobians():
    given_ = problem()
    norms = memory_norms(rnn_states(**given_), given_["W_h"])
    for t in range(T):
        for n in range(B):
            jacobian = torch.func.jacrev(
                lambda row, t=t, n=n: rnn_states(
                    **(given_ | {"inputs": given_["inputs"][: t + 1, n : n + 1], "h": row[None]})
                )[-1, 0]
            )(given_["h"][n])
            largest = torch.linalg.svdvals(jacobian)[0]
            torch.testing.assert_close(norms[t, n], largest, **TIGHT)


def test_memory_norms_obey_the_bound_by_the_largest_singular_value():
    given_ = problem(steps=30)
    s = torch.linalg.svdvals(given_["W_h"])[0]
    norms = memory_norms(rnn_states(**given_), given_["W_h"])
    assert (norms <= (s ** torch.arange(1, 31)).unsqueeze(1)).all()
