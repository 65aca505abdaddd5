"""What the three functions in the form of the post's share: they carry a state over a sequence.

What sets them apart is tested in the files of their modules, also that each of them equals PyTorch
and, where the post has it, the post's code.
"""

from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook import gru, lstm, rnn
from tests.problems import B, Q, T, recurrence

WHOLE = {"rtol": 1e-12, "atol": 1e-14}
RECURRENCES = {
    "rnn": (rnn.rnn, partial(recurrence, states=1, gates=1)),
    "lstm": (lstm.lstm, partial(recurrence, states=2, gates=4)),
    "gru": (gru.gru, partial(recurrence, states=1, gates=3)),
}
each = pytest.mark.parametrize(("function", "problem"), RECURRENCES.values(), ids=RECURRENCES)


@each
@given(cut=st.integers(1, T - 1))
def test_two_sequences_with_the_state_carried_equal_their_concatenation(function, problem, cut):
    inputs, state, params = problem()
    whole, last = function(inputs, state, params)
    first, between = function(inputs[:cut], state, params)
    second, end = function(inputs[cut:], between, params)
    torch.testing.assert_close(torch.cat([first, second]), whole, rtol=0, atol=0)
    torch.testing.assert_close(end, last, rtol=0, atol=0)


@each
@given(order=st.permutations(range(B)))
def test_the_order_of_the_batch_does_not_matter(function, problem, order):
    inputs, state, params = problem()
    outputs, last = function(inputs, state, params)
    shuffled, end = function(inputs[:, order], tuple(part[order] for part in state), params)
    torch.testing.assert_close(shuffled, outputs.view(T, B, Q)[:, order].flatten(0, 1), **WHOLE)
    torch.testing.assert_close(end, tuple(part[order] for part in last), **WHOLE)


@pytest.mark.parametrize("kind", [list, tuple])
@each
def test_a_sequence_of_steps_does_as_well_as_a_tensor(function, problem, kind):
    inputs, state, params = problem()
    expected = function(inputs, state, params)
    ours = function(kind(inputs), list(state), tuple(params))
    torch.testing.assert_close(ours, expected, rtol=0, atol=0)


@each
def test_what_is_given_stays_as_it_was(function, problem):
    inputs, state, params = problem()
    function(inputs, state, params)
    again = problem()
    for left, new in zip((inputs, *state, *params), (again[0], *again[1], *again[2]), strict=True):
        assert torch.equal(left, new)


@each
def test_gradcheck_passes_twice_over(function, problem):
    inputs, state, params = problem(steps=2, rows=2, inputs=2, units=2, outputs=1)
    leaves = tuple(tensor.requires_grad_() for tensor in (inputs, *state, *params))

    def flat(inputs, *tensors):
        outputs, last = function(inputs, tensors[: len(state)], tensors[len(state) :])
        return outputs, *last

    assert torch.autograd.gradcheck(flat, leaves)
    assert torch.autograd.gradgradcheck(flat, leaves)


@each
def test_one_row_at_a_time_under_vmap_gives_the_batchs_rows(function, problem):
    inputs, state, params = problem()

    def row(inputs, state):
        outputs, last = function(inputs[:, None], tuple(part[None] for part in state), params)
        return outputs, tuple(part[0] for part in last)

    rows, end = torch.func.vmap(row, in_dims=(1, 0), out_dims=(1, 0))(inputs, state)
    outputs, last = function(inputs, state, params)
    torch.testing.assert_close(rows.flatten(0, 1), outputs, **WHOLE)
    torch.testing.assert_close(end, last, **WHOLE)
