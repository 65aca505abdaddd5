"""Equations (1) to (4) on the world of chapter 4: the oracle, PyTorch's LSTM, and least squares."""

import pytest
import torch

from rnnbook.shapes import ShapeError
from rnnbook.worlds.stored_signs import PARAMS, cell_states, derived_cell, fit_cell
from rnnbook.worlds.thread import filtered, stored_signs


def normal(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def random_weights():
    return [normal(*shape, seed=k) for k, shape in enumerate(((3, 1), (1,)) * 3)]


def test_the_cell_is_that_of_torch_lstm_with_gates_that_do_not_see_h():
    x, weights = normal(9, 4, 3), random_weights()
    lstm = torch.nn.LSTM(3, 1).double()
    W_f, b_f, W_i, b_i, W_C, b_C = weights
    with torch.no_grad():
        for part in lstm.parameters():
            part.zero_()
        lstm.weight_ih_l0[:3] = torch.cat([W_i, W_f, W_C], dim=1).T
        lstm.bias_ih_l0[:3] = torch.cat([b_i, b_f, b_C])
        states = []
        state = (torch.zeros(1, 4, 1).double(),) * 2
        for x_t in x:
            _, state = lstm(x_t[None], state)
            states.append(state[1][0, :, 0])
    torch.testing.assert_close(cell_states(x, weights), torch.stack(states))


@pytest.mark.parametrize("arguments", [(0.05, 0.2, 0.35, 0.6), (0.3, 0.5, 0.8, 1.2)])
def test_the_derived_cell_holds_the_mean_that_enumeration_gives(arguments):
    world = stored_signs(*arguments)
    streams = world.sample(6, 3, torch.Generator().manual_seed(0))
    ours = cell_states(streams.inputs(), derived_cell(world))
    torch.testing.assert_close(ours, filtered(world, streams.evidence))
    for one in range(3):
        evidence = {name: seen[:, one] for name, seen in streams.evidence.items()}
        torch.testing.assert_close(ours[:, one], world.posterior_mean(evidence))


def test_least_squares_finds_the_derived_weights_from_zero():
    world = stored_signs()
    streams = world.sample(60, 1000, torch.Generator().manual_seed(0))
    learnt = fit_cell(streams.inputs(), streams.targets)
    derived = derived_cell(world)
    for name, ours, wanted in zip(PARAMS, learnt, derived, strict=True):
        scale = max(wanted.abs().max().item(), 1.0)
        assert (ours - wanted).abs().max() < 0.35 * scale, name
    unseen = world.sample(60, 2000, torch.Generator().manual_seed(9))
    errors = [
        (cell_states(unseen.inputs(), weights) - unseen.targets).square().mean().item()
        for weights in (learnt, derived)
    ]
    assert errors[0] == pytest.approx(errors[1], rel=0.02)
    assert errors[1] < errors[0]


def test_wrong_arguments_are_named():
    x, weights = normal(5, 2, 3), random_weights()
    with pytest.raises(ValueError, match="weights: expected 6"):
        cell_states(x, weights[:5])
    with pytest.raises(ShapeError, match="x"):
        cell_states(x[0], weights)
    with pytest.raises(ShapeError, match="W_i"):
        cell_states(x, [*weights[:2], weights[2].T, *weights[3:]])
