"""Chapter 10's world: its best memory against enumeration, its unit against PyTorch's cell."""

from __future__ import annotations

import pytest
import torch

from rnnbook.worlds.relative import (
    SIZES,
    best_memory,
    fit_unit,
    relative_orders,
    unit_trace,
)


def streams(world, length, batch, seed=0):
    return world.sample(length, batch, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("world", [relative_orders(), relative_orders(0.5, 0.3, 0.8, 1.5)])
def test_the_best_memory_is_the_mean_over_every_course_of_orders(world):
    drawn = streams(world, 6, 4)
    ours = best_memory(world, drawn.evidence)["h"]
    for n in range(4):
        evidence = {name: seen[:, n] for name, seen in drawn.evidence.items()}
        torch.testing.assert_close(ours[:, n], world.posterior_mean(evidence), rtol=0, atol=1e-12)


def test_an_order_replaces_what_was_held_or_turns_it_and_no_other_sign_does():
    drawn = streams(relative_orders(0.4), 50, 20)
    y = torch.zeros(20, dtype=torch.float64)
    for t in range(50):
        K, A, u = (drawn.values[name][t] for name in "KAu")
        y = torch.where(K == 1, y, torch.where(A == 1, -y, u))
        assert torch.equal(drawn.targets[t], y)


def test_no_other_share_is_better_than_the_best_memorys():
    drawn = streams(relative_orders(), 40, 4000)
    best = best_memory(relative_orders(), drawn.evidence)
    least = (best["h"] - drawn.targets).square().mean()
    for wrong in (relative_orders(0.1), relative_orders(0.2, 0.7), relative_orders(noise=0.5)):
        worse = best_memory(wrong, drawn.evidence)["h"]
        assert (worse - drawn.targets).square().mean() > least


def test_one_unit_is_torchs_cell_where_a_single_unit_knows_no_place_of_the_reset():
    """With H = 1 and no second bias, before and after are the same function."""
    generator = torch.Generator().manual_seed(1)
    weights = [torch.randn(size, generator=generator, dtype=torch.float64) for size in SIZES]
    x = torch.randn(9, 3, 3, generator=generator, dtype=torch.float64)
    gru = torch.nn.GRU(3, 1, dtype=torch.float64).requires_grad_(False)
    order = [1, 0, 2]  # r, z, n where the post has z, r, h
    gru.weight_ih_l0.copy_(torch.cat([weights[3 * k].T for k in order]))
    gru.weight_hh_l0.copy_(torch.cat([weights[3 * k + 1].T for k in order]))
    gru.bias_ih_l0.copy_(torch.cat([weights[3 * k + 2] for k in order]))
    gru.bias_hh_l0.zero_()
    torch.testing.assert_close(unit_trace(x, weights)["h"], gru(x)[0][..., 0])


def test_training_from_zero_gives_each_gate_its_own_evidence():
    world = relative_orders()
    drawn = streams(world, 30, 300, seed=1)
    weights = fit_unit(drawn.inputs(), drawn.targets, iterations=40)
    W_z, W_r, W_h = (weights[k].flatten().tolist() for k in (0, 3, 6))
    assert W_z[0] < -3  # the evidence of an order
    assert -W_z[0] == max(map(abs, W_z))
    assert W_r[1] > 3
    assert W_r[1] == max(W_r, key=abs)  # that of the other way
    assert W_h[2] == max(W_h, key=abs)  # the reading of the sign
    assert W_h[2] > 0.5
    assert weights[7].item() < -1  # what is held, turned round
    new = streams(world, 40, 2000, seed=2)
    error = (unit_trace(new.inputs(), weights)["h"] - new.targets).square().mean()
    best = (best_memory(world, new.evidence)["h"] - new.targets).square().mean()
    nothing = new.targets.square().mean()
    assert best < error < (best + nothing) / 2
