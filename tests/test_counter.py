"""The counter of chapter 4 against the recursion, PyTorch's layers, and strings that are run."""

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.nn.utils import parameters_to_vector

from rnnbook.experiments import counting
from rnnbook.experiments.counting import (
    BLIND,
    LAYERS,
    Counter,
    letter_gates,
    longest_right,
    predicted_longest,
    train_counters,
)
from rnnbook.tasks.languages import a_n_b_n_strings
from rnnbook.worlds.counter import count_after, longest_count

shares = st.one_of(st.just(0.0), st.just(1.0), st.floats(0.01, 0.999))
writes = st.floats(-2, 2)


def by_recursion(n, m, keep, write, start=0.0):
    C = start
    for k in range(n + m):
        C = keep[k >= n] * C + write[k >= n]
    return C


# --- the closed form -----------------------------------------------------------------------------


@given(
    st.integers(0, 12),
    st.integers(0, 12),
    st.tuples(shares, shares),
    st.tuples(writes, writes),
    writes,
)
def test_the_closed_form_is_the_recursion(n, m, keep, write, start):
    C = count_after(n, m, keep=keep, write=write, start=start)
    assert C.item() == pytest.approx(by_recursion(n, m, keep, write, start), abs=1e-9)


@pytest.mark.parametrize("f", [0.0, 0.4, 0.8, 0.9, 0.99, 0.995])
@pytest.mark.parametrize(
    ("write", "theta"), [((1, -1), 0.5), ((0.3, -0.3), 0.15), ((1, -0.8), 0.5), ((1, 1), 0.5)]
)
def test_the_longest_count_is_the_one_that_strings_show(f, write, theta):
    for n in itertools.count(1):
        states = [by_recursion(n, m, (f, f), write) for m in range(1, n + 1)]
        if [held <= theta for held in states] != [False] * (n - 1) + [True]:
            break
    assert longest_count(f, write=write, theta=theta) == n - 1


def test_a_counter_that_keeps_everything_counts_as_far_as_is_looked():
    assert longest_count(1.0, most=77) == 77
    with pytest.raises(ValueError, match=r"f: expected a share in \[0, 1\], given 1.1"):
        longest_count(1.1)


# --- the trainings -------------------------------------------------------------------------------


@pytest.mark.parametrize("model", LAYERS)
def test_side_by_side_the_scores_are_those_of_torch_nn(model):
    networks = [Counter(model, 3, seed) for seed in (4, 5)]
    if model != BLIND:  # so that every bias and weight counts
        for network in networks:
            torch.nn.init.normal_(network.layer.bias_hh_l0)
    weights = torch.stack([parameters_to_vector(one.parameters()) for one in networks]).detach()
    inputs, _, _ = a_n_b_n_strings(torch.tensor([1, 4, 7]))
    together = counting._scores(networks[0], weights, inputs.double())
    alone = torch.stack([network(inputs.double()) for network in networks])
    torch.testing.assert_close(together, alone, rtol=0, atol=1e-12)


@pytest.mark.parametrize("model", LAYERS)
def test_a_training_is_adam_with_clipping_on_torch_nn(model):
    """Three steps by PyTorch's own layer, optimiser and clipping, each training for itself."""
    cases = [(0, 0.1), (1, 0.02)]
    trained = train_counters(model, cases, hidden=2, steps=3, clip=0.05)
    inputs, targets, lengths = a_n_b_n_strings(torch.arange(1, 11))
    inside = torch.arange(21).unsqueeze(1) < lengths
    for (seed, rate), ours in zip(cases, trained, strict=True):
        network = Counter(model, 2, seed)
        adam = torch.optim.Adam(network.parameters(), rate)
        for _ in range(3):
            scores = network(inputs.double())
            loss = binary_cross_entropy_with_logits(scores[inside], targets.double()[inside])
            adam.zero_grad()
            loss.backward()
            if model == BLIND:
                network.layer.weight_hh_l0.grad.zero_()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 0.05)
            adam.step()
        for part, expected in zip(ours.parameters(), network.parameters(), strict=True):
            torch.testing.assert_close(part, expected, rtol=1e-6, atol=1e-9)
        if model == BLIND:
            assert not ours.layer.weight_hh_l0.any()


def test_a_seed_starts_as_pytorch_starts_it_and_leaves_the_generator_alone():
    torch.manual_seed(7)
    before = torch.random.get_rng_state()
    network = Counter("GRU", 4, 7)
    assert torch.equal(torch.random.get_rng_state(), before)
    layer = torch.nn.GRU(4, 4)
    assert torch.equal(network.layer.weight_hh_l0, layer.weight_hh_l0.double())


def test_an_unknown_model_is_named():
    with pytest.raises(ValueError, match=r"expected one of LSTM, .*, GRU, RNN; given 'ELM'"):
        train_counters("ELM", [(0, 0.1)])


# --- how far they count --------------------------------------------------------------------------


def by_hand(f):
    """A blind LSTM of two units: one counts with the share f, one says which letter came last."""
    network = Counter(BLIND, 2, 0)
    layer, read_out = network.layer, network.read_out
    logit = torch.tensor(f, dtype=torch.float64).logit()
    for part in network.parameters():
        torch.nn.init.zeros_(part)
    with torch.no_grad():
        # rows i, f, g, o, two units each; columns S, a, b, T
        layer.bias_ih_l0[:2] = layer.bias_ih_l0[6:] = 20.0
        layer.bias_ih_l0[2], layer.bias_ih_l0[3] = logit, -20.0
        layer.weight_ih_l0[4] = torch.tensor([0.0, 0.02, -0.02, 0.0])  # nearly straight in tanh
        layer.weight_ih_l0[5] = torch.tensor([0.0, 20.0, -20.0, 0.0])
        # after S: a; after an a: a or b; after a b: b while the count is above, T where it is not
        last, line = 100.0, 0.5 * torch.tanh(torch.tensor(0.02))
        read_out.weight[1] = torch.tensor([0.0, last])
        read_out.weight[2] = torch.tensor([1.0, last])
        read_out.weight[3] = torch.tensor([-1.0, -last])
        squashed = torch.tanh(torch.tensor(1.0))  # of the second unit after an a
        read_out.bias[1] = 0.5 * last * squashed
        read_out.bias[2] = last * squashed - line
        read_out.bias[3] = -last * squashed + line
    return network


def run_by_hand(network, most):
    """Up to which n every answer to every string is right, letter by letter."""
    for n in range(1, most + 1):
        inputs, targets, _ = a_n_b_n_strings(torch.tensor([n]))
        answers = network(inputs.double())[:, 0] > 0
        if not torch.equal(answers, targets[:, 0] > 0):
            return n - 1
    return most


@pytest.mark.parametrize("f", [0.9, 0.98, 0.995])
def test_a_network_made_by_hand_counts_as_far_as_its_gates_predict(f):
    network = by_hand(f)
    gates = letter_gates(network)
    assert gates["a"]["f"][0].item() == pytest.approx(f)
    with torch.no_grad():
        tested = run_by_hand(network, 60)
    assert longest_right(network, 60) == tested
    assert predicted_longest(network, 60) == tested


def test_a_trained_counter_fails_where_its_gates_say():
    networks = train_counters(BLIND, [(0, 0.05), (1, 0.05), (2, 0.05)], steps=300)
    tested = [longest_right(network) for network in networks]
    assert [predicted_longest(network) for network in networks] == tested
    assert max(tested) >= 5, "it has learnt something to predict"


def test_the_gates_of_a_letter_are_those_of_lstm_cell():
    network = Counter(BLIND, 3, 1)
    torch.nn.init.normal_(network.layer.bias_hh_l0)
    cell = torch.nn.LSTMCell(4, 3).double()
    with torch.no_grad():
        for name, part in network.layer.named_parameters():
            getattr(cell, name.removesuffix("_l0")).copy_(part)
        for k, letter in enumerate("Sab"):
            x, h = torch.eye(4)[k : k + 1].double(), torch.randn(1, 3).double()
            C = torch.randn(1, 3).double()
            shown, new = cell(x, (h, C))
            gates = letter_gates(network)[letter]
            torch.testing.assert_close(gates["f"] * C + gates["g"], new)
            torch.testing.assert_close(gates["o"] * torch.tanh(new), shown)


def test_gates_that_see_h_are_no_numbers():
    with pytest.raises(ValueError, match="whose recurrent weights are zero"):
        predicted_longest(Counter("LSTM", 2, 0))
    with pytest.raises(ValueError, match="expected an LSTM"):
        letter_gates(Counter("GRU", 2, 0))
