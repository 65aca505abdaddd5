"""Ragged batches against Python lists, and against PyTorch's packing."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence, pad_packed_sequence

from rnnbook.batches import Batch, check_lengths
from rnnbook.shapes import ShapeError

lengths_ = st.lists(st.integers(1, 7), min_size=1, max_size=6)
some_empty = st.lists(st.integers(0, 7), min_size=1, max_size=6)
beyond = st.integers(0, 2)  # steps of padding after the longest sequence


def padded(lengths, steps):
    """(T, B, 2) whose numbers tell step and sequence; the padding is NaN."""
    x = torch.full((steps, len(lengths), 2), torch.nan)
    for k, length in enumerate(lengths):
        for t in range(length):
            x[t, k] = torch.tensor([t, k])
    return x


def laid_out(lengths, more=0):
    steps = max(lengths) + more
    x = padded(lengths, steps)
    return x, Batch.of(x, lengths)


def rows_by_hand(lengths):
    """(t, k) of each row: step by step the sequences that go on, longest first, else in order."""
    order = sorted(range(len(lengths)), key=lambda k: -lengths[k])
    return [(t, k) for t in range(max(lengths)) for k in order if lengths[k] > t]


def tensor(rows):
    return torch.tensor(rows, dtype=torch.float32)


@given(lengths_, beyond)
def test_rows_stand_step_by_step_with_the_longest_sequence_first(lengths, more):
    _, batch = laid_out(lengths, more)
    assert torch.equal(batch.data, tensor(rows_by_hand(lengths)))
    sizes = [sum(n > t for n in lengths) for t in range(max(lengths))]
    alike = len(set(lengths)) == 1 and not more
    assert list(batch.sizes) == (sizes[:1] if alike else sizes)
    assert batch.sequences == len(lengths)
    assert batch.steps == max(lengths) + more


@given(lengths_)
def test_rows_are_those_of_torchs_packing(lengths):
    x, batch = laid_out(lengths)
    packed = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    if len(set(lengths)) == len(lengths):  # sequences of one length may stand in any order
        assert torch.equal(batch.data, packed.data)
    ours = Batch.of(packed)
    assert list(ours.sizes) == packed.batch_sizes.tolist()
    assert torch.equal(ours.pad(ours.data), pad_packed_sequence(packed)[0])
    assert torch.equal(batch.pad(batch.data), ours.pad(ours.data))


@given(lengths_, beyond)
def test_padding_gives_every_sequence_back_and_zeros_past_its_end(lengths, more):
    x, batch = laid_out(lengths, more)
    assert torch.equal(batch.pad(batch.data), x.nan_to_num(0))


@given(lengths_, beyond)
def test_padding_keeps_further_axes(lengths, more):
    x, batch = laid_out(lengths, more)
    rows = batch.data.unsqueeze(-1).expand(-1, -1, 3)
    assert torch.equal(batch.pad(rows)[..., 1], x.nan_to_num(0))


@given(lengths_, beyond)
def test_reversal_turns_each_sequence_within_its_own_length(lengths, more):
    x, batch = laid_out(lengths, more)
    back = batch.pad(batch.reverse(batch.data))
    for k, length in enumerate(lengths):
        assert torch.equal(back[:length, k], x[:length, k].flip(0))
        assert not back[length:, k].any()


@given(lengths_, beyond)
def test_reversing_twice_is_the_identity(lengths, more):
    _, batch = laid_out(lengths, more)
    assert torch.equal(batch.reverse(batch.reverse(batch.data)), batch.data)


@given(lengths_, beyond)
def test_before_is_the_same_sequence_one_step_earlier(lengths, more):
    _, batch = laid_out(lengths, more)
    start = batch.sort(tensor([(-1, k) for k in range(len(lengths))]))
    expected = batch.data - tensor([1, 0])  # (t, k) becomes (t - 1, k); the start is t = -1
    assert torch.equal(batch.before(batch.data, start), expected)


@given(lengths_, beyond)
def test_last_is_the_row_at_each_end(lengths, more):
    _, batch = laid_out(lengths, more)
    last = batch.unsort(batch.last(batch.data))
    assert torch.equal(last, tensor([(length - 1, k) for k, length in enumerate(lengths)]))


@given(some_empty, beyond)
def test_sequences_of_length_0_have_no_row_and_only_zeros(lengths, more):
    x = padded(lengths, max(lengths) + more)
    batch = Batch.of(x, lengths)
    assert torch.equal(batch.data, tensor(rows_by_hand(lengths)).view(-1, 2))
    assert torch.equal(batch.pad(batch.data), x.nan_to_num(0))
    twice = batch.reverse(batch.reverse(batch.data))
    assert torch.equal(twice, batch.data)
    going_on = [k for k, length in enumerate(lengths) if length]
    if batch.places is not None and going_on:
        last = batch.last(batch.data)
        ends = sorted(going_on, key=lambda k: -lengths[k])
        assert torch.equal(last, tensor([(lengths[k] - 1, k) for k in ends]))


@given(lengths_)
def test_sorting_states_is_undone_by_unsorting(lengths):
    _, batch = laid_out(lengths)
    state = torch.arange(2 * len(lengths) * 3.0).reshape(2, len(lengths), 3)
    assert torch.equal(batch.unsort(batch.sort(state)), state)
    first = batch.sort(torch.tensor([[float(n)] for n in lengths]))
    assert first.flatten().tolist() == sorted(lengths, reverse=True)


@given(lengths_, st.booleans())
def test_pack_comes_back_as_the_pack_that_came(lengths, in_order):
    lengths = sorted(lengths, reverse=True) if in_order else lengths
    sequences = [torch.randn(length, 2) for length in lengths]
    packed = pack_sequence(sequences, enforce_sorted=in_order)
    batch = Batch.of(packed)
    again = batch.repack(batch.data * 2)
    theirs, their_lengths = pad_packed_sequence(again)
    assert torch.equal(theirs, torch.nn.utils.rnn.pad_sequence(sequences) * 2)
    assert their_lengths.tolist() == lengths
    last = batch.unsort(batch.last(batch.data))
    assert torch.equal(last, torch.stack([s[-1] for s in sequences]))


@given(lengths_, beyond)
def test_gradients_flow_to_the_rows_and_not_to_the_padding(lengths, more):
    x, _ = laid_out(lengths, more)
    x.requires_grad_()
    batch = Batch.of(x, lengths)
    weights = torch.randn(batch.steps, len(lengths), 2)
    (batch.pad(batch.reverse(batch.reverse(batch.data))) * weights).sum().backward()
    inside = ~padded(lengths, batch.steps).isnan()
    assert torch.equal(x.grad, torch.where(inside, weights, 0.0))


@given(st.integers(1, 5), st.integers(1, 5))
def test_batch_of_one_length_needs_no_places(steps, batch):
    x = padded([steps] * batch, steps)
    for laid in (Batch.of(x), Batch.of(x, [steps] * batch)):
        assert laid.places is None
        assert torch.equal(laid.data, x.flatten(0, 1))
        assert torch.equal(laid.pad(laid.data), x)
        assert torch.equal(laid.last(laid.data), x[-1])
        assert torch.equal(laid.reverse(laid.data), x.flip(0).flatten(0, 1))
        assert torch.equal(laid.sort(x), x)
        assert torch.equal(laid.unsort(x), x)
        start = x[0] - 1
        assert torch.equal(laid.before(laid.data, start), torch.cat([start, *x[:-1]]))


def test_layout_follows_the_data_to_its_device():
    x = torch.empty(5, 3, 2, device="meta")
    batch = Batch.of(x, [2, 5, 1])
    assert batch.data.shape == (8, 2)
    assert batch.pad(batch.reverse(batch.data)).shape == x.shape
    assert batch.last(batch.data).device.type == "meta"


@pytest.mark.parametrize(
    "lengths",
    [
        [3, 1, 2],
        (3, 1, 2),
        torch.tensor([3, 1, 2]),
        torch.tensor([3, 1, 2], dtype=torch.int8),
        torch.tensor([3, 1, 2]).numpy(),
        list(torch.tensor([3, 1, 2])),
    ],
    ids=["list", "tuple", "int64", "int8", "numpy", "list of tensors"],
)
def test_lengths_may_be_any_whole_numbers_in_any_order(lengths):
    assert check_lengths(lengths, 3, 3) == [3, 1, 2]


@pytest.mark.parametrize(
    ("lengths", "error", "sentence"),
    [
        ([3, 2, 4], ValueError, r"lengths: expected numbers from 0 to T = 3, given 4 at \[2\]"),
        ([-1, 2, 2], ValueError, r"given -1 at \[0\]"),
        (torch.tensor([1, 2, 4]), ValueError, r"given 4 at \[2\]"),
        ([3, 1], ShapeError, r"lengths: .* \(3,\), .*\(T = 3, B = 3\); given \(2,\)$"),
        (2, ShapeError, r"lengths: expected shape \(3,\), .*; given \(\)$"),
        ([[3, 1, 2]], ShapeError, r"lengths: expected shape \(3,\), .*; given \(1, 3\)$"),
        ([3.0, 1.0, 2.0], TypeError, "lengths: expected whole numbers .*given float32"),
        (torch.tensor([1.0, 2.0, 3.0]), TypeError, "given float32"),
        ([True, True, False], TypeError, "given bool"),
        ([1j, 2, 3], TypeError, "given complex64"),
        ("abc", TypeError, "lengths: expected 3 whole numbers, given str"),
        ([[1], [2, 3]], TypeError, "lengths: expected 3 whole numbers, given list"),
        pytest.param(
            object(), TypeError, "lengths: expected 3 whole numbers, given object", id="object"
        ),
        (torch.empty(3, dtype=torch.int64, device="meta"), TypeError, "device meta"),
    ],
    ids=str,
)
def test_lengths_that_cannot_be_are_refused_by_name(lengths, error, sentence):
    with pytest.raises(error, match=sentence):
        check_lengths(lengths, 3, 3)
