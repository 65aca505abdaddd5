"""Trainings are reproducible and stop when done; measured gradients equal torch.func's."""

import numpy as np
import pytest
import torch

from rnnbook import experiments
from rnnbook.experiments import (
    MODELS,
    SOLVED,
    LastStep,
    Run,
    accuracy,
    cell_memory,
    lstm_with_forget_bias,
    orthogonal_rnn,
    recall_sweep,
    stored_results,
    symbol_gradient,
    symbol_in_last_state,
    temporal_order_curve,
    temporal_order_runs,
    train,
    unseen_accuracy,
    verdict,
)
from rnnbook.tasks import recall_first


def easy(generator):
    """The symbol is shown one step before the question."""
    return recall_first(32, 1, generator)


def hopeless(generator):
    """Targets that have nothing to do with the inputs."""
    inputs, _ = recall_first(32, 1, generator)
    return inputs, torch.randint(4, (32,), generator=generator)


def test_the_same_seed_gives_the_same_run_whatever_was_drawn_before():
    first = train("RNN", easy, 0, steps=12)
    torch.manual_seed(99)
    torch.randn(7)
    assert train("RNN", easy, 0, steps=12) == first
    assert train("RNN", easy, 1, steps=12).curve != first.curve


@pytest.mark.parametrize("model", ["RNN", "carousel", "LSTM, forget bias 1"])
def test_an_easy_task_is_solved_and_training_stops_there(model):
    run = train(model, easy, 0, steps=400, learning_rate=0.03)
    assert run.solved
    assert (run.model, run.seed) == (model, 0)
    assert run.steps == len(run.curve) < 400
    assert run.curve[-1] > SOLVED
    assert all(value <= SOLVED for value in run.curve[:-1])  # not a step too many
    assert run.accuracy > 0.98


def test_a_task_that_cannot_be_learnt_is_not_solved_and_stays_at_guessing():
    run = train("RNN", hopeless, 0, steps=60)
    assert not run.solved
    assert run.steps == len(run.curve) == 60
    assert run.accuracy == pytest.approx(1 / 4, abs=5 * (3 / 16 / 1024) ** 0.5)


def test_the_curve_is_the_running_mean_of_the_accuracies_before_each_step(monkeypatch):
    scores = iter([1.0, 0.0, 0.5, 0.5] + [1.0] * 32)  # 4 steps, then 32 batches for the score
    monkeypatch.setattr(experiments, "accuracy", lambda logits, targets: next(scores))
    run = train("RNN", easy, 0, steps=4)
    assert run.curve == pytest.approx([0.1, 0.09, 0.131, 0.1679])
    assert run.accuracy == 1.0


def test_solved_is_said_of_unseen_sequences_and_not_of_the_running_accuracy(monkeypatch):
    """The running accuracy passes 99 % at step 44; what was not seen is right two steps later."""
    unseen = iter([0.98, 0.9899, 0.99])
    monkeypatch.setattr(experiments, "accuracy", lambda logits, targets: 1.0)
    monkeypatch.setattr(experiments, "unseen_accuracy", lambda *_: next(unseen))
    run = train("RNN", easy, 0, steps=100)
    assert (run.steps, run.accuracy, run.solved) == (46, 0.99, True)


@pytest.mark.parametrize("score", [0.9899, 0.99])
def test_a_run_out_of_steps_is_judged_by_what_it_has_not_seen(monkeypatch, score):
    monkeypatch.setattr(experiments, "unseen_accuracy", lambda *_: score)
    run = train("RNN", easy, 0, steps=3)
    assert (run.steps, run.accuracy, run.solved) == (3, score, score == 0.99)


def test_the_score_is_taken_on_a_thousand_sequences_never_trained_on():
    seen = []

    def recording(generator):
        seen.append(easy(generator))
        return seen[-1]

    train("carousel", recording, 0, steps=5)
    assert len(seen) - 6 == 32  # 5 batches trained on, 1 left over, and at least 1,000 sequences
    noise = [inputs[1, :, 4] for inputs, _ in seen]
    assert len({tuple(row.tolist()) for row in noise}) == len(seen)


def test_the_score_is_the_share_of_right_answers_in_all_of_the_unseen():
    network = train("carousel", easy, 0, steps=20).network
    score = unseen_accuracy(network, easy, torch.Generator().manual_seed(7))
    inputs, targets = map(torch.cat, zip(*(unseen(7, 32)), strict=True))
    weights = network.layer.write
    state = torch.tanh(inputs @ weights.weight.T + weights.bias).sum(1)
    answers = (state @ network.read_out.weight.T + network.read_out.bias).argmax(1)
    assert score == pytest.approx((answers == targets).double().mean().item(), abs=1e-6)
    assert 0.2 < score < 1


def unseen(seed, batches):
    """Batches as :func:`easy` draws them, the sequences first."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(batches):
        inputs, targets = easy(generator)
        yield inputs.transpose(0, 1), targets


def test_progress_is_told_after_every_step():
    told = []
    train("RNN", easy, 0, steps=3, progress=lambda done, most: told.append((done, most)))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_called_like_torch_nn_rnn_and_every_weight_learns(model):
    torch.manual_seed(0)
    network = LastStep(MODELS[model](5, 6), 6, classes=4)
    logits = network(torch.randn(7, 3, 5))
    assert logits.shape == (3, 4)
    logits.square().sum().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize(
    ("model", "f"), [("LSTM, forget bias 0", 0.5), ("LSTM, forget bias 1", 0.731058579)]
)
def test_a_model_named_after_its_forget_bias_has_it_when_it_runs(model, f):
    """Weights at zero, C_1 − C_1' = f (C_0 − C_0')."""
    lstm = MODELS[model](2, 3).double()
    with torch.no_grad():
        lstm.weight_ih_l0.zero_()
        lstm.weight_hh_l0.zero_()
    zero, x = torch.zeros(1, 1, 3).double(), torch.zeros(1, 1, 2).double()
    gates = lstm(x, (zero, zero + 1))[1][1] - lstm(x, (zero, zero))[1][1]
    torch.testing.assert_close(gates, torch.full_like(gates, f), rtol=1e-8, atol=0)


def test_the_orthogonal_start_keeps_every_length():
    weight = orthogonal_rnn(2, 8).weight_hh_l0.detach().double()
    torch.testing.assert_close(weight @ weight.T, torch.eye(8).double(), rtol=0, atol=1e-5)


def test_accuracy_is_the_share_of_right_answers():
    logits = torch.tensor([[2.0, 1, 0], [0, 1, 2], [5, 0, 0], [0, 3, 0]])
    assert accuracy(logits, torch.tensor([0, 2, 1, 1])) == 0.75


@pytest.mark.parametrize(
    ("model", "steps", "message"),
    [
        ("LSTMM", 5, r"model: expected one of RNN, .*carousel.*GRU; given 'LSTMM'"),
        ("RNN", 0, "steps: expected at least 1, given 0"),
    ],
)
def test_train_names_a_bad_argument(model, steps, message):
    with pytest.raises(ValueError, match=message):
        train(model, easy, 0, steps=steps)


# --- sweeps --------------------------------------------------------------------------------------


def test_a_sweep_holds_a_run_for_every_model_delay_and_seed_equal_to_training_it_alone():
    runs = recall_sweep(["RNN", "carousel"], [1, 3], [5, 6], steps=2, batch=8)
    assert list(runs) == [("RNN", 1), ("RNN", 3), ("carousel", 1), ("carousel", 3)]
    assert all([run.seed for run in pair] == [5, 6] for pair in runs.values())
    alone = train("carousel", lambda generator: recall_first(8, 3, generator), 6, steps=2)
    assert runs["carousel", 3][1] == alone


def test_a_sweep_trains_in_the_precision_it_is_told():
    for dtype in (torch.float32, torch.float64):
        (run,) = recall_sweep(["RNN"], [1], [0], steps=1, batch=4, dtype=dtype)["RNN", 1]
        assert {weights.dtype for weights in run.network.parameters()} == {dtype}


def test_epsilon_is_adams():
    sample = experiments._fixed_size(recall_first, 32, 1)
    assert train("RNN", sample, 0, steps=200).solved
    assert not train("RNN", sample, 0, steps=200, epsilon=1e6).solved
    (swept,) = recall_sweep(["RNN"], [1], [0], steps=200, batch=32, epsilon=1e6)["RNN", 1]
    assert not swept.solved


def test_symbol_gradient_is_the_first_term_of_the_sum_over_steps():
    delay, batch, hidden = 6, 8, 5
    torch.manual_seed(3)
    inputs, targets = recall_first(batch, delay, torch.Generator().manual_seed(3))
    network = LastStep(torch.nn.RNN(5, hidden), hidden, 4).double()
    cell = network.layer
    states = list(cell(inputs.double())[0].detach())
    shares = (states[-1] @ network.read_out.weight.T + network.read_out.bias).softmax(-1)
    report = (shares - torch.eye(4).double()[targets]) / batch @ network.read_out.weight
    for h in reversed(states[1:]):
        report = ((1 - h**2) * report) @ cell.weight_hh_l0
    first = torch.einsum("bp,bd->pd", (1 - states[0] ** 2) * report, inputs[0].double())
    expected = first[:, :4].norm().item()
    given = symbol_gradient("RNN", delay, 3, batch=batch, hidden=hidden)
    assert given == pytest.approx(expected, rel=1e-10)


def test_symbol_gradient_of_the_carousel_does_not_fade():
    near, far = (symbol_gradient("carousel", delay, 0) for delay in (5, 200))
    assert far > near / 10
    assert symbol_gradient("RNN", 200, 0) < 1e-20


def test_tiny_gradients_need_float64():
    sample = experiments._fixed_size(recall_first, 8, 60)
    moved = {}
    for dtype in (torch.float32, torch.float64):
        run = train("RNN", sample, 2, steps=30, epsilon=1e-30, dtype=dtype)
        weights = run.network.layer.weight_ih_l0.detach()
        assert weights.dtype == dtype
        moved[dtype] = weights[:, :4].abs().max().item()
    # Adam's steps are about 0.01 each; where a square is lost, the division is by ε alone
    assert moved[torch.float64] < 1
    assert moved[torch.float32] > 1000


def symbols_apart(last):
    """The largest distance of states (Q, B, H) from their mean over the symbols, in NumPy."""
    last = np.stack([states.detach().numpy() for states in last])
    return np.linalg.norm(last - last.mean(axis=0), axis=2).max()


def test_the_carousel_keeps_all_of_the_symbol():
    torch.manual_seed(0)
    carousel = experiments.MODELS["carousel"](5, 3).double()
    W, b = carousel.write.weight, carousel.write.bias
    written = [torch.tanh(W[:, symbol] + b)[None] for symbol in range(4)]
    for delay in (1, 200):
        left = symbol_in_last_state(carousel, delay, batch=7)
        assert left == pytest.approx(symbols_apart(written), rel=1e-9)


def test_what_a_plain_network_keeps_of_the_symbol():
    torch.manual_seed(0)
    rnn = torch.nn.RNN(5, 4).double()
    noise = recall_first(7, 1, torch.Generator().manual_seed(0))[0].double()[1]
    W_x, W_h, b = rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0 + rnn.bias_hh_l0
    last = [
        torch.tanh(noise @ W_x.T + torch.tanh(W_x[:, symbol] + b) @ W_h.T + b)
        for symbol in range(4)
    ]
    assert symbol_in_last_state(rnn, 1, batch=7) == pytest.approx(symbols_apart(last), rel=1e-9)
    assert symbol_in_last_state(rnn, 200, batch=7) < 1e-12


@pytest.mark.parametrize(
    ("model", "message"), [("LSTMM", "model: expected one of RNN"), ("GRU", "a single W_x")]
)
def test_symbol_gradient_names_a_model_that_it_cannot_ask(model, message):
    with pytest.raises(ValueError, match=message):
        symbol_gradient(model, 5, 0)


def test_temporal_order_is_trained_for_every_model_and_seed_and_alike_by_the_control():
    runs = temporal_order_runs(["RNN", "LSTM, chrono"], 12, [0, 1], steps=2)
    assert {model: [run.seed for run in each] for model, each in runs.items()} == {
        "RNN": [0, 1],
        "LSTM, chrono": [0, 1],
    }
    assert temporal_order_curve("RNN", 12, 1, 2, lambda done, most: None) == runs["RNN"][1]


def test_a_verdict_counts_the_solved_runs():
    runs = [Run("RNN", seed, 1, seed != 2, 1.0, (1.0,)) for seed in range(3)]
    assert verdict(runs) == "2 of 3"
    assert verdict([]) == "0 of 0"


# --- what is left of the gradient ----------------------------------------------------------------


def test_cell_memory_equals_the_jacobians_of_torch_func():
    """The LSTM written out as a function of its first cell state, differentiated by jacrev."""
    torch.manual_seed(0)
    T, B, D, H = 5, 3, 2, 4
    lstm, inputs = torch.nn.LSTM(D, H).double(), torch.randn(T, B, D).double()
    W_i, W_h = lstm.weight_ih_l0.detach(), lstm.weight_hh_l0.detach()
    bias = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach()

    def last_cell(C, n, steps):
        h = torch.zeros(H).double()
        for t in range(steps):
            i, f, g, o = (W_i @ inputs[t, n] + W_h @ h + bias).split(H)
            C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(C)
        return C

    ours = cell_memory(lstm, inputs)
    assert ours.shape == (T,)
    assert not ours.requires_grad
    for t in range(T):
        columns = [
            torch.func.jacrev(last_cell)(torch.zeros(H).double(), n, t + 1).sum(0).abs()
            for n in range(B)
        ]
        torch.testing.assert_close(ours[t], torch.stack(columns).mean(), rtol=1e-12, atol=0)


@pytest.mark.parametrize("bias", [0.0, 1.0, 3.0])
def test_without_recurrent_weights_the_memory_is_the_power_of_the_gate(bias):
    """Equation (1.10): only the path through the cell is left."""
    lstm = lstm_with_forget_bias(2, 3, bias).double()
    with torch.no_grad():
        lstm.weight_hh_l0.zero_()
        lstm.weight_ih_l0.zero_()
    f = torch.sigmoid(torch.tensor(bias).double())
    expected = f ** torch.arange(1, 31)
    ours = cell_memory(lstm, torch.randn(30, 2, 2).double())
    torch.testing.assert_close(ours, expected, rtol=1e-7, atol=0)


def test_an_empty_sequence_has_no_memory():
    with pytest.raises(ValueError, match=r"inputs: expected at least one step \(T ≥ 1\)"):
        cell_memory(torch.nn.LSTM(2, 3), torch.zeros(0, 1, 2))


# --- stored results ------------------------------------------------------------------------------


def test_unknown_results_are_named_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"name: expected one of .*keeper.*; given 'nope'"):
        stored_results("nope")
