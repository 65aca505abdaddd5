"""What trainings side by side share, against torch's layers and draws of our own."""

from __future__ import annotations

import pytest
import torch

from rnnbook.experiments import rows, trainings

SHAPES = trainings.gated_shapes(4, 3, 2, 1)


def test_the_shapes_hold_the_numbers_of_torchs_layers_with_one_bias():
    layers = torch.nn.LSTM(3, 2), torch.nn.Linear(2, 1)
    theirs = sum(one.numel() for layer in layers for one in layer.parameters())
    assert sum(torch.Size(shape).numel() for shape in SHAPES.values()) == theirs - 8


def test_a_start_is_uniform_but_for_the_biases_that_are_given():
    row = trainings.start(SHAPES, torch.Generator().manual_seed(3), {1: 5.0})
    drawn = torch.empty(1, len(row)).uniform_(
        -(2**-0.5), 2**-0.5, generator=torch.Generator().manual_seed(3)
    )
    wanted = rows.named(drawn, SHAPES)
    wanted["b"][0, 2:4] = 5
    for name, part in rows.named(row[None], SHAPES).items():
        torch.testing.assert_close(part, wanted[name])


def test_held_are_the_columns_of_the_blocks_that_are_named():
    free = rows.named(trainings.free(SHAPES, {"W_h": [0, 3], "b": [2], "W_x": []})[None], SHAPES)
    assert free["W_h"][0].tolist() == [[0.0, 0, 1, 1, 1, 1, 0, 0]] * 2
    assert free["b"][0].tolist() == [1.0, 1, 1, 1, 0, 0, 1, 1]
    assert all((free[name] == 1).all() for name in ("W_x", "W_q", "b_q"))


@pytest.mark.parametrize("at_once", [1, 2])
def test_cases_of_one_seed_see_the_same_and_no_sequence_twice(at_once):
    seen = []

    def draw(batch, source):
        x = torch.rand(5, batch, 1, generator=source)
        return x, x[0, :, 0]

    def losses(weights, x, y):
        assert torch.equal(x[:, 0, :, 0], y)
        seen.append(y)
        return weights.square().sum(1)

    cases = [("a", 1, 0.1), ("b", 1, 0.2), ("a", 2, 0.1)]
    trainings.descend(torch.ones(3, 2), cases, draw, losses, steps=3, at_once=at_once)
    drawn = torch.stack(seen, 1)  # (N, steps, B)
    assert drawn.shape == (3, 3, trainings.BATCH)
    assert torch.equal(drawn[0], drawn[1])
    later, _ = trainings.unseen(draw, 1)
    every = torch.cat([drawn[0].flatten(), drawn[2].flatten(), later[0].flatten()])
    assert len(every.unique()) > 0.99 * len(every)
