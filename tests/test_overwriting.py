"""Chapter 7's worlds against enumeration and closed forms, its networks against PyTorch."""

from __future__ import annotations

import pytest
import torch

from rnnbook import gru, lstm
from rnnbook.experiments.overwriting import (
    ARMS,
    CELLS,
    trace,
    train_orders,
)
from rnnbook.experiments.trainings import RowRun
from rnnbook.worlds.overwriting import (
    announced_orders,
    derived_update,
    fit_two_gates,
    fit_update,
    fixed_share_error,
    updated,
    with_two_gates,
)
from rnnbook.worlds.thread import overwritten_signs


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


# --- the gate ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("p", "noise", "sign_noise"), [(0.1, 0.35, 0.6), (0.6, 0.9, 1.5)])
def test_the_derived_gate_holds_the_mean_over_every_course_of_orders(p, noise, sign_noise):
    world = overwritten_signs(p, noise, sign_noise)
    streams = world.sample(9, 3, seeded())
    ours = updated(streams.inputs(), derived_update(world))
    for n in range(3):
        evidence = {name: v[:, n] for name, v in streams.evidence.items()}
        torch.testing.assert_close(ours[:, n], world.posterior_mean(evidence), rtol=0, atol=1e-12)


def test_two_gates_with_negated_weights_are_one():
    world = overwritten_signs(0.2, 0.5, 0.7)
    x = world.sample(20, 4, seeded()).inputs()
    W_z, b_z, W_h, b_h = derived_update(world)
    twice = with_two_gates(x, (W_z, b_z, -W_z, -b_z, W_h, b_h))
    torch.testing.assert_close(twice, updated(x, (W_z, b_z, W_h, b_h)), rtol=0, atol=1e-13)


def test_the_derived_numbers_are_those_of_the_closed_form():
    derived = derived_update(overwritten_signs(0.05, 0.35, 0.6))
    assert [round(part.abs().max().item(), 1) for part in derived] == [8.2, 7.0, 2.8, 0.0]


def test_training_from_zero_finds_the_derived_weights_and_two_gates_find_the_tie():
    world = overwritten_signs(0.1, 0.35, 0.6)
    streams = world.sample(60, 1000, seeded(2))
    learnt = fit_update(streams.inputs(), streams.targets)
    for ours, expected in zip(learnt, derived_update(world), strict=True):
        torch.testing.assert_close(ours, expected, rtol=0.05, atol=0.1)
    W_f, b_f, W_i, b_i, *_ = fit_two_gates(streams.inputs(), streams.targets, iterations=100)
    v = torch.linspace(-0.5, 1.5, 21).double()
    both = torch.sigmoid(W_f[0] * v + b_f) + torch.sigmoid(W_i[0] * v + b_i)
    torch.testing.assert_close(both, torch.ones_like(both), rtol=0, atol=0.05)


@pytest.mark.parametrize(("f", "i", "p"), [(0.9, 0.1, 0.1), (0.6, 0.7, 0.3), (0.0, 0.5, 0.2)])
def test_the_error_of_fixed_shares_is_that_of_drawn_streams(f, i, p):
    drawn = overwritten_signs(p, 0.5, 0.8).sample(300, 3000, seeded(1))
    h_tilde = torch.tanh(drawn.evidence["s"] / 0.8**2)
    h, errors = torch.zeros(3000).double(), []
    for new, y in zip(h_tilde, drawn.targets, strict=True):
        h = f * h + i * new
        errors.append((h - y).square().mean())
    found = torch.stack(errors[100:]).mean().item()
    known = h_tilde.square().mean().item()
    assert fixed_share_error(f, i, p, known) == pytest.approx(found, abs=0.01)


def test_of_all_fixed_shares_those_that_add_up_to_one_are_best():
    shares = [k / 50 for k in range(50)]
    every = {(f, i): fixed_share_error(f, i, 0.1, 0.8) for f in shares for i in shares}
    assert min(every, key=every.get) == (0.9, 0.1)
    assert every[0.9, 0.1] == pytest.approx(1 - 0.1 * 0.8 / 1.9, rel=1e-12)


# --- announced orders ----------------------------------------------------------------------------


@pytest.mark.parametrize("adds", [False, True])
def test_an_order_is_two_signals_in_a_row_and_is_obeyed_or_added(adds):
    x, answers = announced_orders(50, 20, seeded(), adds=adds)
    for n in range(50):
        signs, ask, now = x[:, n].T.tolist()
        y = 0
        for t in range(20):
            if t > 0 and ask[t - 1] and now[t]:
                y = y + signs[t] if adds else signs[t]
            assert answers[t, n] == y


# --- networks ------------------------------------------------------------------------------------


def by_the_package(cell, weights, x):
    """The answers (T, B) of one network by the equations of the package, one gate at a time."""
    letters = CELLS[cell]
    parts = {
        letter: [part.chunk(len(letters), -1)[k] for part in weights[:3]]
        for k, letter in enumerate(letters)
    }
    H = weights[1].shape[0]
    h, C, answers = torch.zeros(x.shape[1], H), torch.zeros(x.shape[1], H), []
    for x_t in x:
        if cell == "GRU":
            h = gru.gru_step(x_t, h, *parts["z"], *parts["r"], *parts["h"])
        else:
            f = lstm.forget_gate(x_t, h, *parts["f"])
            i = lstm.input_gate(x_t, h, *parts["i"]) if "i" in parts else 1 - f
            C = lstm.cell_state(f, C, i, lstm.candidate(x_t, h, *parts["c"]))
            h = lstm.hidden_state(lstm.output_gate(x_t, h, *parts["o"]), C)
        answers.append(h @ weights[3] + weights[4])
    return torch.stack(answers)


@pytest.mark.parametrize("cell", CELLS)
def test_networks_in_rows_answer_as_the_packages_equations(cell):
    k, H = len(CELLS[cell]), 3
    shapes = {"W_x": (3, k * H), "W_h": (H, k * H), "b": (k * H,), "W_q": (H,), "b_q": (1,)}
    torch.manual_seed(0)
    weights = {name: torch.randn(2, *shape) for name, shape in shapes.items()}
    x = torch.randn(2, 6, 4, 3)
    answers = trace(cell, weights, x)["answer"]
    for n in range(2):
        one = [part[n] for part in weights.values()]
        torch.testing.assert_close(answers[n], by_the_package(cell, one, x[n]))


@pytest.mark.parametrize("name", ARMS)
def test_what_an_arm_takes_away_is_still_away_after_training(name):
    arm = ARMS[name]
    (run,) = train_orders([(name, 0, 0.1)], steps=5, hidden=3, length=5)
    for k, block in enumerate(CELLS[arm.cell]):
        columns = slice(3 * k, 3 * k + 3)
        blind = run.weights["W_h"][0, :, columns].abs().max() == 0
        assert blind == (block in arm.blind + arm.fixed)
        assert (run.weights["W_x"][0, :, columns].abs().max() == 0) == (block in arm.fixed)
    assert 0 <= run.accuracy <= 1
    assert not run.solved


def test_an_input_gate_that_starts_tied_is_free_to_leave():
    name = "last: LSTM, free, b_i = −b_f"
    start, later = (
        train_orders([(name, 0, 1e-9 if steps == 1 else 0.1)], steps=steps, hidden=2, length=5)[0]
        for steps in (1, 20)
    )
    b = start.weights["b"][0]
    torch.testing.assert_close(b[:2], -b[2:4], rtol=0, atol=1e-6)
    assert (later.weights["b"][0, :2] + later.weights["b"][0, 2:4]).abs().max() > 1e-3


def test_side_by_side_is_one_after_the_other_by_pytorchs_own_adam():
    """Two trainings at once, against one of torch.nn.LSTM with torch.optim, its gates reordered."""
    name = "last: LSTM, f and i free"
    first, second = ((name, seed, rate) for seed, rate in ((0, 0.01), (1, 0.03)))
    run = train_orders([first, second], steps=4, hidden=3, length=6)[1]
    (start,) = train_orders([(name, 1, 1e-12)], steps=1, hidden=3, length=6)
    network, read_out = torch.nn.LSTM(3, 3), torch.nn.Linear(3, 1)
    order = torch.arange(12).view(4, 3)[[0, 1, 3, 2]].flatten()  # i f o c, as i f g o
    with torch.no_grad():
        network.weight_ih_l0.copy_(start.weights["W_x"][0].T[order])
        network.weight_hh_l0.copy_(start.weights["W_h"][0].T[order])
        network.bias_ih_l0.copy_(start.weights["b"][0][order])
        network.bias_hh_l0.zero_()
        read_out.weight.copy_(start.weights["W_q"])
        read_out.bias.copy_(start.weights["b_q"][0])
    trained = [one for n, one in network.named_parameters() if n != "bias_hh_l0"]
    trained += read_out.parameters()
    optimizer, data = torch.optim.Adam(trained, 0.03), seeded(1)
    for _ in range(4):
        x, y = announced_orders(32, 6, data)
        loss = torch.nn.functional.mse_loss(read_out(network(x)[0])[..., 0], y)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
    ours = run.weights["W_x"][0].T[order]
    torch.testing.assert_close(ours, network.weight_ih_l0, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(run.weights["W_q"], read_out.weight, rtol=1e-3, atol=1e-4)
    assert isinstance(run, RowRun)
    assert run.seed == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: announced_orders(0, 5, seeded()), "batch"),
        (lambda: train_orders([("last: RNN", 0, 0.1)]), "arm: expected one of last: GRU as"),
        (lambda: train_orders([(arm, 0, 0.1) for arm in ARMS]), "arms of one cell"),
        (lambda: updated(torch.zeros(3, 1, 2), []), "weights"),
    ],
)
def test_a_bad_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
