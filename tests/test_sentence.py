"""The sentence's total against enumeration by hand, and an LSTM whose gates are made blind."""

import pytest
import torch

from rnnbook.experiments.sentence import GATES, train_lstm
from rnnbook.lstm import forget_gate
from rnnbook.worlds.sentence import sentence_totals


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_the_total_starts_anew_where_a_capital_follows_a_stop_and_nowhere_else():
    x, y = sentence_totals(200, 30, 0.4, 0.3, seeded())
    for n in range(200):
        total, stop_before = 0.0, 0.0
        for t in range(30):
            u, stop, capital = x[t, n].tolist()
            total = u if stop_before == 1 and capital == 1 else total + u
            assert y[t, n].item() == total
            stop_before = stop


@pytest.mark.parametrize(("stop", "capital"), [(0.0, 1.0), (1.0, 0.0)])
def test_neither_a_stop_nor_a_capital_alone_resets(stop, capital):
    x, y = sentence_totals(5, 20, stop, capital, seeded())
    assert torch.equal(y, x[..., 0].cumsum(0))


def test_its_inputs_have_the_chances_that_were_asked_for():
    x, _ = sentence_totals(2000, 50, 0.3, 0.2, seeded())
    assert set(x[..., 0].unique().tolist()) == {-1.0, 1.0}
    for channel, expected in enumerate((0.0, 0.3, 0.2)):
        assert x[..., channel].mean().item() == pytest.approx(expected, abs=0.016)  # 5 deviations


def test_equation_1_with_the_past_stop_as_state_is_the_reset():
    """h = the stop before: the gate is open unless stop and capital come together."""
    x, y = sentence_totals(100, 30, 0.4, 0.4, seeded())
    W_x, W_h = torch.tensor([[0.0], [0.0], [-200.0]]), torch.tensor([[-200.0]])
    C, h = torch.zeros(100, 1), torch.zeros(100, 1)
    for x_t, y_t in zip(x, y, strict=True):
        C = forget_gate(x_t, h, W_x, W_h, torch.tensor([300.0])) * C + x_t[:, :1]
        torch.testing.assert_close(C[:, 0], y_t)
        h = x_t[:, 1:2]


def test_the_rows_of_the_gates_are_pytorchs():
    """A bias of 50 in the input and candidate rows, and -50 in the forget rows, stores 1."""
    lstm = torch.nn.LSTM(3, 2)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.zero_()
        for gate, bias in {"i": 50.0, "f": -50.0, "g": 50.0, "o": 50.0}.items():
            lstm.bias_ih_l0[2 * GATES[gate] : 2 * GATES[gate] + 2] = bias
        h, (_, C) = lstm(torch.zeros(4, 1, 3))
    torch.testing.assert_close(C, torch.ones(1, 1, 2))
    torch.testing.assert_close(h[-1], torch.tanh(torch.ones(1, 2)))


def test_a_run_is_reproducible_and_tells_of_every_step():
    told = []
    first = train_lstm("o", 0, steps=21, hidden=2, length=5, progress=lambda *at: told.append(at))
    assert first == train_lstm("o", 0, steps=21, hidden=2, length=5)
    assert first != train_lstm("o", 1, steps=21, hidden=2, length=5)
    assert told == [(n, 21) for n in range(1, 22)]
    assert len(first.curve) == 3


def test_a_network_that_sees_the_past_in_its_forget_gate_alone_beats_one_that_sees_none():
    alone, none = (train_lstm(blind, 0, steps=300, length=20) for blind in ("igo", "ifgo"))
    assert alone.error < 0.6 * none.error


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sentence_totals(0, 5, 0.3, 0.3, seeded()), "expected at least 1, given 0, 5"),
        (lambda: sentence_totals(1, 5, 1.3, 0.3, seeded()), r"stop: .*\[0, 1\], given 1.3"),
        (lambda: sentence_totals(1, 5, 0.3, -1, seeded()), r"capital: .*\[0, 1\], given -1"),
        (lambda: train_lstm("ix", 0), r"blind: expected some of i, f, g, o; given \['x'\]"),
    ],
)
def test_a_bad_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
