"""Chapter 6's trainings and guesses: rows are networks, and a guess is no training."""

from __future__ import annotations

import pytest
import torch

import rnnbook
from rnnbook.experiments import SOLVED
from rnnbook.experiments.remembering import (
    GUESSES,
    MODELS,
    TASKS,
    _network,
    answers,
    guess,
    train_to_remember,
    two_sequences,
)
from rnnbook.experiments.verdicts import SWEEPS


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("task", TASKS)
def test_a_row_answers_as_its_network(task, model):
    of = TASKS[task]
    networks = []
    for seed in range(3):
        torch.manual_seed(seed)
        networks.append(_network(of, MODELS[model], 5, 12))
    vectors = [torch.nn.utils.parameters_to_vector(one.parameters()) for one in networks]
    x, _ = of.sample(4, 12, seeded())
    together = answers(networks[0], torch.stack(vectors), x.expand(3, *x.shape))
    for network, ours in zip(networks, together, strict=True):
        torch.testing.assert_close(ours, network(x), rtol=1e-5, atol=1e-5)


def test_a_training_takes_the_steps_of_pytorchs_adam():
    ours = train_to_remember("adding", [("RNN", 3, 0.01)], steps=6, hidden=4, length=8)[0]
    torch.manual_seed(3)
    theirs, source = _network(TASKS["adding"], rnnbook.RNN, 4, 8), seeded(3)
    adam = torch.optim.Adam(theirs.parameters(), lr=0.01)
    for step in range(6):
        for group in adam.param_groups:
            group["lr"] = 0.01 * (1 - 0.95 * step / 6)
        x, y = TASKS["adding"].sample(32, 8, source)
        loss = torch.nn.functional.mse_loss(theirs(x)[:, 0], y)
        if step == 0:
            assert ours.curve[0] == pytest.approx(loss.item(), rel=1e-5)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(theirs.parameters(), 1.0)
        adam.step()
    for one, other in zip(ours.network.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4)


def test_losses_are_those_of_torch():
    answers, classes = torch.randn(5, 4, generator=seeded()), torch.tensor([0, 3, 1, 1, 2])
    theirs = torch.nn.functional.cross_entropy(answers, classes, reduction="none")
    torch.testing.assert_close(TASKS["temporal order"].losses(answers, classes), theirs)
    numbers = torch.tensor([0.5, 1.0, 1.5])
    said = torch.tensor([[0.69], [1.21], [1.5]])
    assert TASKS["adding"].right(said, numbers).tolist() == [True, False, True]
    torch.testing.assert_close(
        TASKS["adding"].losses(said, numbers), torch.tensor([0.0361, 0.0441, 0.0])
    )


def test_a_training_solves_temporal_order_where_guesses_do_not():
    (run,) = train_to_remember(
        "temporal order", [("LSTM, forget bias 1", 0, 0.03)], steps=400, hidden=8, length=12
    )
    assert run.solved
    assert run.accuracy >= SOLVED
    guessed = guess("temporal order", 0, 300, hidden=8, length=12)
    assert not guessed.solved
    assert guessed.steps == 300


def test_a_guess_that_solves_is_a_network_that_anybody_can_run():
    run = guess("two sequences", 0, 3000, hidden=4, length=20)
    assert run.solved
    assert run.model == GUESSES
    assert run.steps < 3000
    x, y = two_sequences(2000, 20, seeded(77))
    with torch.no_grad():
        right = (run.network(x).argmax(-1) == y).double().mean()
    assert right > 0.97


def test_two_sequences_differ_in_their_first_three_steps_alone():
    x, y = two_sequences(4000, 9, seeded())
    assert x.shape == (9, 4000, 1)
    means = torch.stack([x[:, y == side, 0].mean(1) for side in (0, 1)])
    torch.testing.assert_close(means[1, :3], torch.ones(3), rtol=0, atol=0.02)
    torch.testing.assert_close(means[0, :3], -torch.ones(3), rtol=0, atol=0.02)
    assert means[:, 3:].abs().max() < 0.02
    assert x[3:].std() == pytest.approx(0.2, abs=0.005)


def test_what_there_is_not_is_named():
    with pytest.raises(ValueError, match="task: expected one of adding"):
        guess("counting", 0, 10)
    with pytest.raises(ValueError, match="model: expected one of RNN"):
        train_to_remember("adding", [("GRU", 0, 0.01)], steps=1)
    cases = [("RNN", 0, 0.01), ("LSTM, forget bias 1", 0, 0.01)]
    with pytest.raises(ValueError, match="LSTMs only, or RNNs only"):
        train_to_remember("adding", cases, steps=1)


@pytest.mark.parametrize("name", ["adding", "short_order"])
def test_the_sweeps_guess_and_train(name, monkeypatch):
    sweep = SWEEPS[name]
    monkeypatch.setitem(sweep.batches, 12, 2)
    cases = [(100, sweep.rates[0]), (100, sweep.rates[1])]
    for model in sweep.models:
        runs = list(sweep.run(model, 12, 3, cases))
        assert [run.model for run in runs] == [model, model]
        assert [run.steps for run in runs] == [2, 2]
    first, second = (run.network for run in sweep.run(GUESSES, 12, 3, cases))
    parts = [torch.nn.utils.parameters_to_vector(one.parameters()) for one in (first, second)]
    assert not torch.equal(*parts), "each learning rate's guesses are its own"


def test_guessed_weights_are_as_far_as_they_may_be_and_no_further(monkeypatch):
    seen = []
    monkeypatch.setattr(
        "rnnbook.experiments.remembering.answers",
        lambda like, weights, x: (seen.append(weights), torch.zeros(len(weights), 32, 1))[1],
    )
    guess("adding", 0, 400, hidden=2, length=5)
    largest = torch.cat(seen).abs().max(1).values
    assert largest.max() <= 100
    assert largest.min() < 1 < 50 < largest.max()
