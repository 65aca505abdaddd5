"""Chapter 5's worlds against enumeration, and LSTMs without an output gate."""

from __future__ import annotations

import pytest
import torch

from rnnbook.experiments.questions import ARMS, Answerer, overheard, right, train_answerers
from rnnbook.worlds.questions import announced, derived_gate, fit_output_gate, gated_answers
from rnnbook.worlds.thread import questions


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


# --- the gate ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("q", "noise"), [(0.2, 0.35), (0.6, 0.9)])
def test_the_derived_gate_answers_as_the_mean_over_every_course_of_questions(q, noise):
    world = questions(q, noise)
    streams = world.sample(12, 3, seeded())
    ours = gated_answers(streams.inputs(), *derived_gate(q, noise))
    for n in range(3):
        v, u = streams.evidence["Q"][:, n], streams.given["u"][:, n]
        oracle = world.posterior_mean({"Q": v}, {"u": u})
        torch.testing.assert_close(ours[:, n], oracle, rtol=0, atol=1e-12)


def test_answers_see_what_was_shown_before():
    x = torch.randn(4, 2, 2, generator=seeded()).double()
    W_x, W_h, b = (torch.randn(shape, generator=seeded()).double() for shape in [(2, 1), (1, 1), 1])
    h, C = torch.zeros(2).double(), torch.zeros(2).double()
    for x_t, answers in zip(x, gated_answers(x, W_x, W_h, b), strict=True):
        C = C + x_t[:, 0]
        h = C / (1 + torch.exp(-(x_t @ W_x[:, 0] + h * W_h[0, 0] + b)))
        torch.testing.assert_close(answers, h, rtol=0, atol=1e-12)


def test_training_from_zero_finds_the_derived_weights():
    streams = questions(0.3, 0.6).sample(30, 2000, seeded())
    learnt = fit_output_gate(streams.inputs(), streams.targets)
    for ours, derived, room in zip(learnt, derived_gate(0.3, 0.6), (0.2, 0.1, 0.2), strict=True):
        torch.testing.assert_close(ours, derived, rtol=0, atol=room)


# --- announced questions -------------------------------------------------------------------------


def test_the_last_sign_to_be_kept_is_asked_for_by_two_signals_in_a_row():
    x, answers = announced(100, 20, seeded())
    assert set(answers.unique().tolist()) == {-1.0, 0.0, 1.0}
    for n in range(100):
        signs, write, ask, now = x[:, n].T.tolist()
        for t in range(20):
            last = max(k for k in range(t + 1) if write[k])
            asked = t > 0 and ask[t - 1] and now[t]
            assert answers[t, n] == (signs[last] if asked else 0)


def test_its_signals_have_their_chances_and_the_first_sign_is_kept():
    x, answers = announced(4000, 20, seeded())
    assert x[0, :, 1].min() == 1
    for channel, chance in enumerate((0.0, 0.2, 0.4, 0.4)):
        assert x[1:, :, channel].mean().item() == pytest.approx(chance, abs=0.02)
    assert (answers[1:] == 0).double().mean().item() == pytest.approx(0.84, abs=0.01)


# --- networks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ARMS)
def test_what_an_arm_takes_away_is_still_away_after_training(name):
    (run,) = train_answerers([(name, 0, 0.1)], steps=5, hidden=3)
    lstm, arm = run.network.lstm, ARMS[name]
    for k, gate in enumerate("ifgo"):
        rows = slice(3 * k, 3 * k + 3)
        always = arm.open and gate == "o"
        assert (lstm.weight_hh_l0[rows].abs().max() == 0) == (always or gate in arm.blind)
        assert (lstm.weight_ih_l0[rows].abs().max() == 0) == always
    x, _ = announced(5, 6, seeded())
    _, (h, C) = lstm(x)
    shown = torch.allclose(h, torch.tanh(C), rtol=0, atol=1e-6)
    assert shown == arm.open
    assert run.network(x).shape == (6, 5, 3 if arm.local else 1)


def test_side_by_side_is_one_after_the_other_by_pytorchs_own_adam():
    """Two trainings at once, against one written with torch.nn.LSTM and torch.optim."""
    cases = [("number: only (5) sees h", 0, 0.01), ("number: (5) as printed", 1, 0.03)]
    run = train_answerers(cases, steps=4, hidden=3, length=6)[1]
    torch.manual_seed(1)
    network, data = Answerer(ARMS[cases[1][0]], 3), seeded(1)
    optimizer = torch.optim.Adam(network.parameters(), 0.03)
    for _ in range(4):
        x, answers = announced(32, 6, data)
        loss = torch.nn.functional.mse_loss(network(x)[..., 0], answers)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
    for ours, theirs in zip(run.network.parameters(), network.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-4)
    assert run.seed == 1


def test_an_answer_is_right_where_it_rounds_to_or_chooses_the_one_asked_for():
    asked = torch.tensor([[-1.0, 0.0, 1.0]])
    assert right(torch.tensor([[[-0.6], [0.6], [1.4]]]), asked).tolist() == [[True, False, True]]
    chosen = torch.tensor([[[1.0, 0, 0], [0, 0, 1], [0, 0, 1]]])
    assert right(chosen, asked).tolist() == [[True, False, True]]


def test_a_network_whose_gates_see_no_past_overhears_nothing_and_one_that_does_hears():
    x, _ = announced(5, 6, seeded())
    torch.manual_seed(0)
    assert overheard(Answerer(ARMS["number: nothing sees h"], 3), x).max() == 0
    network = Answerer(ARMS["number: o = 1"], 3)
    turned = x.clone()
    turned[..., 0] *= -1
    difference = network.lstm(x)[0] - network.lstm(turned)[0]
    moved = torch.einsum("kh,tbh->tbk", network.lstm.weight_hh_l0, difference)
    torch.testing.assert_close(overheard(network, x), moved.abs().mean(-1))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: announced(0, 5, seeded()), "batch"),
        (lambda: train_answerers([("o = 2", 0, 0.1)]), "arm: expected one of number"),
        (
            lambda: train_answerers([(arm, 0, 0.1) for arm in ARMS]),
            "all answer by a number, or all by a unit each",
        ),
        (lambda: derived_gate(1.0, 1), "chance"),
    ],
)
def test_a_bad_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
