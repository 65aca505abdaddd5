"""Three cells on equal terms: rows are PyTorch's layers, and who is right is done."""

from __future__ import annotations

import pytest
import torch

from rnnbook import gru
from rnnbook.experiments import SOLVED, rows
from rnnbook.experiments.equal_terms import (
    CELLS,
    CONTESTS,
    EVERY,
    LAYERS,
    LSTMS,
    answers,
    batch_seconds,
    parameters,
    shapes,
    start,
    train_equal,
    units,
)
from rnnbook.experiments.verdicts import SWEEPS
from rnnbook.layers import Recurrent
from rnnbook.tasks.languages import a_n_b_n_strings, strings_right
from rnnbook.variants import VARIANTS

SIZES = {"temporal order": 12, "adding": 12, "counting": 20, "embedded Reber": 12}


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def in_torch(cell, weights):
    """The same network of torch.nn, but for the GRU, which resets elsewhere there."""
    H, D = weights["W_h"].shape[0], weights["W_x"].shape[0]
    layer, read_out = LAYERS[cell](D, H), torch.nn.Linear(H, weights["W_q"].shape[1])
    order = torch.arange(len(weights["b"]))
    if cell == "LSTM":
        order = order.view(4, H)[[0, 1, 3, 2]].flatten()  # i f o c, as i f g o
    with torch.no_grad():
        layer.weight_ih_l0.copy_(weights["W_x"].T[order])
        layer.weight_hh_l0.copy_(weights["W_h"].T[order])
        layer.bias_ih_l0.copy_(weights["b"][order])
        layer.bias_hh_l0.zero_()
        read_out.weight.copy_(weights["W_q"].T)
        read_out.bias.copy_(weights["b_q"])
    return layer, read_out


@pytest.mark.parametrize("cell", CELLS)
def test_a_row_answers_as_pytorchs_layer_or_the_posts_gru(cell):
    torch.manual_seed(0)
    of_cell = shapes(cell, 3, 4, 2)
    weights = {name: torch.randn(2, *shape) for name, shape in of_cell.items()}
    x = torch.randn(2, 6, 5, 4)
    ours = answers(cell, weights, x)
    for n in range(2):
        one = {name: part[n] for name, part in weights.items()}
        if cell == "GRU":
            each = zip(*(one[name].chunk(3, -1) for name in ("W_x", "W_h", "b")), strict=True)
            parts = [part for gate in each for part in gate]
            theirs, _ = gru.gru(x[n], (torch.zeros(5, 3),), [*parts, one["W_q"], one["b_q"]])
            theirs = theirs.view(6, 5, 2)
        else:
            layer, read_out = in_torch(cell, one)
            theirs = read_out(layer(x[n])[0])
        torch.testing.assert_close(ours[n], theirs.detach(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("title", VARIANTS)
def test_a_row_answers_as_the_layer_of_its_variant(title):
    torch.manual_seed(0)
    record, of_cell = VARIANTS[title], shapes(title, 3, 4, 2)
    weights = {name: torch.randn(2, *shape) for name, shape in of_cell.items()}
    x = torch.randn(2, 6, 5, 4)
    ours, blocks = answers(title, weights, x), record.options.blocks
    order = torch.cat([torch.arange(3) + 3 * blocks.index(gate) for gate in record.gates])
    for n in range(2):
        one = {name: part[n] for name, part in weights.items()}
        layer = Recurrent(record, 4, 3)
        with torch.no_grad():
            layer.weight_ih_l0.copy_(one["W_x"].T[order])
            layer.weight_hh_l0.copy_(one["W_h"].T[order])
            layer.bias_ih_l0.copy_(one["b"][order])
            layer.bias_hh_l0.zero_()
            for name in record.more:
                getattr(layer, f"{name}_l0").copy_(one[name])
            theirs = layer(x[n])[0] @ one["W_q"] + one["b_q"]
        torch.testing.assert_close(ours[n], theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("contest", CONTESTS)
@pytest.mark.parametrize("of_lstm", [4, 8])
def test_all_cells_have_nearly_as_many_parameters(contest, of_lstm):
    D, Q = CONTESTS[contest].inputs, CONTESTS[contest].outputs
    wanted = parameters("LSTM", of_lstm, D, Q)
    empty = {name: torch.zeros(shape) for name, shape in shapes("LSTM", of_lstm, D, Q).items()}
    layer, read_out = in_torch("LSTM", empty)
    theirs = sum(part.numel() for part in (*layer.parameters(), *read_out.parameters()))
    assert wanted == theirs - 4 * of_lstm, "PyTorch has a second bias"
    for cell in CELLS:
        assert parameters(cell, units(cell, of_lstm, D, Q), D, Q) == pytest.approx(wanted, rel=0.09)


@pytest.mark.parametrize("title", VARIANTS)
def test_variants_have_equal_units_and_as_many_parameters_as_the_table_says(title):
    own = VARIANTS[title].options.parameters(3, 8) + (8 + 1) * 2
    assert parameters(title, 8, 3, 2) == own


def test_starts_are_what_their_names_say():
    of_f = {"LSTM": 4, "GRU": 0, "RNN": None, "RNN, orthogonal start": None}
    of_f |= {"no input gate": 0, "no forget gate": None}
    for name, cell in (CELLS | LSTMS).items():
        of_cell = shapes(name, 4, 3, 2)
        named = rows.named(start(name, 0, of_cell)[None], of_cell)
        if name == "coupled gates":  # σ(−1) = 1 − σ(1)
            assert (named["b"][0] == -1).nonzero()[:, 0].tolist() == [0, 1, 2, 3]
            continue
        ones, first = (named["b"][0] == 1).nonzero()[:, 0].tolist(), of_f.get(name, 4)
        assert ones == ([] if first is None else [first + k for k in range(4)])  # f and z
        product = named["W_h"][0, :, :4] @ named["W_h"][0, :, :4].T
        assert torch.allclose(product, torch.eye(4), atol=1e-5) == cell.orthogonal


@pytest.mark.parametrize("contest", CONTESTS)
def test_a_loss_is_pytorchs_over_the_steps_that_there_are(contest):
    of = CONTESTS[contest]
    x, y, lengths = of.sample(6, SIZES[contest], seeded())
    said = torch.randn(x.shape[0], x.shape[1], of.outputs, generator=seeded(1))
    ours = of.losses(said[None], y[None], lengths[None]).item()
    if contest == "adding":
        theirs = torch.nn.functional.mse_loss(said[-1, :, 0], y)
    elif contest == "temporal order":
        theirs = torch.nn.functional.cross_entropy(said[-1], y)
    else:
        scores, wanted = (
            torch.cat([part[:T, n] for n, T in enumerate(lengths)]) for part in (said, y)
        )
        theirs = torch.nn.functional.binary_cross_entropy_with_logits(scores, wanted)
    assert ours == pytest.approx(theirs.item(), rel=1e-5)


@pytest.mark.parametrize("contest", CONTESTS)
def test_an_oracle_scores_one_and_silence_does_not(contest):
    of, size = CONTESTS[contest], SIZES[contest]

    def knows(x):
        if contest == "adding":
            return (x[..., 0] * x[..., 1]).sum(0, keepdim=True).unsqueeze(-1)
        if contest == "temporal order":
            steps, column = torch.arange(len(x)).unsqueeze(1), torch.arange(x.shape[1])
            marked = x[..., 4:].sum(-1) > 0
            places = (
                steps.where(marked, len(x)).min(0).values,
                steps.where(marked, -1).max(0).values,
            )
            first, second = (x[place, column, 5].long() for place in places)
            return torch.nn.functional.one_hot(2 * first + second, 4).float()[None]
        if contest == "counting":
            _, y, _ = a_n_b_n_strings(1 + torch.arange(20))
        else:
            _, y, _ = of.sample(1000, size, seeded(7 + 1_000_000))
        return 2 * y - 1

    assert of.score(knows, size, 7) == 1
    silent = of.score(lambda x: torch.zeros(*x.shape[:2], of.outputs) - 9, size, 7)
    assert silent < 0.3


def test_counting_is_scored_by_the_first_string_that_is_wrong():
    def until_seven(x):
        _, y, lengths = a_n_b_n_strings(1 + torch.arange(20))
        said = 2 * y - 1
        said[0, 7] *= -1
        assert strings_right(said, y, lengths).sum() == 19
        return said

    assert CONTESTS["counting"].score(until_seven, 20, 0) == 7 / 20


def test_a_training_takes_the_steps_of_pytorchs_adam():
    D, Q = CONTESTS["embedded Reber"].inputs, CONTESTS["embedded Reber"].outputs
    of_cell = shapes("LSTM", 4, D, Q)
    named = rows.named(start("LSTM", 3, of_cell)[None], of_cell)
    layer, read_out = in_torch("LSTM", {name: part[0] for name, part in named.items()})
    trained = [part for name, part in layer.named_parameters() if name != "bias_hh_l0"]
    trained += read_out.parameters()
    optimizer, data = torch.optim.Adam(trained, 0.03), seeded(3)
    for _ in range(EVERY):
        x, y, lengths = CONTESTS["embedded Reber"].sample(32, 12, data)
        inside = torch.arange(12).unsqueeze(1) < lengths
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            read_out(layer(x)[0])[inside], y[inside]
        )
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
    x, y, lengths = CONTESTS["embedded Reber"].sample(1000, 12, seeded(3 + 1_000_000))
    with torch.no_grad():
        theirs = strings_right(read_out(layer(x)[0]), y, lengths).double().mean().item()
    cases = [(2, 0.01), (3, 0.03)]
    ours = train_equal("embedded Reber", "LSTM", cases, steps=EVERY, size=12)[1]
    assert ours.accuracy == pytest.approx(theirs, abs=0.03)
    assert ours.seed == 3


def test_a_training_is_over_when_it_has_solved_its_task_and_the_others_go_on():
    cases = [(0, 0.03), (0, 1e-6)]
    fast, slow = train_equal("embedded Reber", "LSTM", cases, steps=500, of_lstm=8, size=9)
    assert fast.solved
    assert fast.accuracy >= SOLVED
    assert fast.steps % EVERY == 0
    assert fast.steps < 500 == slow.steps
    assert not slow.solved
    assert len(slow.curve) == 500 // EVERY


def test_time_is_told_of_each_cell_of_ours_and_of_pytorch():
    seconds = batch_seconds("counting", of_lstm=4, rounds=2)
    assert list(seconds) == ["equations", "torch.nn"]
    for each in seconds.values():
        assert list(each) == ["RNN", "LSTM", "GRU"]
        assert all(0 < one < 1 for one in each.values())


@pytest.mark.parametrize(
    "name", [name for name in SWEEPS if name.startswith(("equal_", "variants_"))]
)
def test_the_sweeps_train_every_cell(name, monkeypatch):
    sweep = SWEEPS[name]
    monkeypatch.setitem(sweep.batches, 12, 2)
    for model in sweep.models:
        runs = list(sweep.run(model, 12, 4, [(100, 0.01), (100, 0.03)]))
        assert [(run.model, run.steps) for run in runs] == [(model, 2)] * 2


def test_what_there_is_not_is_named():
    with pytest.raises(ValueError, match="contest: expected one of temporal order"):
        train_equal("copying", "GRU", [(0, 0.1)], steps=1)
    with pytest.raises(ValueError, match="cell: expected one of RNN"):
        train_equal("adding", "MLP", [(0, 0.1)], steps=1)
