"""The stored network of the page *Inside a trained network*."""

from __future__ import annotations

import torch

from rnnbook.experiments import keeper


def test_streams_ask_for_the_last_flagged_sign() -> None:
    x, y = keeper.streams(30, 40, torch.Generator().manual_seed(1))
    assert x.shape == (30, 40, 2)
    assert set(x[..., 0].unique().tolist()) == {-1, 1}
    assert (x[0, :, 1] == 1).all()
    for stream, wanted in zip(x.unbind(1), y.unbind(1), strict=True):
        for t in range(30):
            last = max(k for k in range(t + 1) if stream[k, 1] == 1)
            assert wanted[t] == stream[last, 0]
    share = x[1:, :, 1].mean()
    assert abs(share - keeper.FLAGGED) < 4 * (0.15 * 0.85 / (29 * 40)) ** 0.5


def test_the_stored_network_has_learnt_its_task() -> None:
    x, y = keeper.streams(
        60, 200, torch.Generator().manual_seed(3)
    )  # longer than it was trained on
    with torch.no_grad():
        output = keeper.trained()(x)
    assert (output.sign() == y).float().mean() > 0.99


def test_training_from_the_start_learns_it_too() -> None:
    x, y = keeper.streams(24, 200, torch.Generator().manual_seed(3))
    untrained, after = (
        (keeper.train(steps=steps)(x) - y).square().mean().item() for steps in (0, 120)
    )
    assert untrained > 0.8
    assert after < 0.1
