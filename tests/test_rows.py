"""Networks as rows of numbers: each row by itself is what PyTorch trains and computes."""

from __future__ import annotations

import pytest
import torch

from rnnbook.experiments import rows


@pytest.mark.parametrize(("clip", "falls_to"), [(1e9, 1.0), (0.5, 1.0), (0.5, 0.05)])
def test_each_row_takes_the_steps_of_pytorchs_adam(clip, falls_to):
    torch.manual_seed(0)
    start = torch.randn(3, 5, dtype=torch.float64)
    rates, steps = [0.3, 0.01, 0.1], 30
    pull = torch.randn(3, 5, dtype=torch.float64)

    def loss(weights, pull):
        return ((weights - pull) ** 4 + weights.sin()).sum(-1)

    found, curve = rows.descend(
        start.clone(), lambda w: loss(w, pull), rates, steps=steps, clip=clip, falls_to=falls_to
    )
    assert curve.shape == (3, 3)
    for n, rate in enumerate(rates):
        weights = start[n].clone().requires_grad_()
        adam = torch.optim.Adam([weights], lr=rate)
        falls = torch.optim.lr_scheduler.LambdaLR(adam, lambda k: 1 - (1 - falls_to) * k / steps)
        for step in range(steps):
            now = loss(weights, pull[n])
            if step % 10 == 0:
                torch.testing.assert_close(curve[step // 10, n], now.detach())
            adam.zero_grad()
            now.backward()
            torch.nn.utils.clip_grad_norm_(weights, clip)
            adam.step()
            falls.step()
        torch.testing.assert_close(found[n], weights.detach(), rtol=1e-9, atol=1e-9)


def test_what_is_held_stays_where_it_is_and_is_not_clipped_with():
    start = torch.ones(1, 3, dtype=torch.float64)
    free = torch.tensor([[1.0, 0.0, 1.0]], dtype=torch.float64)
    force = torch.tensor([0.1, 1000.0, 0.1], dtype=torch.float64)
    found, _ = rows.descend(
        start.clone(), lambda w: (w * force).sum(1), [0.1], steps=5, free=free, clip=1.0
    )
    assert found[0, 1] == 1
    alone, _ = rows.descend(
        start[:, ::2].clone(), lambda w: (w * force[::2]).sum(1), [0.1], steps=5, clip=1.0
    )
    torch.testing.assert_close(found[:, ::2], alone)


def test_progress_is_told_after_every_step():
    told = []
    rows.descend(
        torch.ones(1, 1),
        lambda w: w.sum(1),
        [0.1],
        steps=3,
        progress=lambda done, of: told.append((done, of)),
    )
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_every_row_is_pytorchs_lstm():
    torch.manual_seed(0)
    T, B, D, H = 6, 4, 3, 5
    layers = [torch.nn.LSTM(D, H, dtype=torch.float64) for _ in range(3)]
    x = torch.randn(3, T, B, D, dtype=torch.float64)
    weights = torch.stack(
        [torch.nn.utils.parameters_to_vector(one.parameters()) for one in layers]
    ).detach()
    shapes = {name: one.shape for name, one in layers[0].named_parameters()}
    W_x, W_h, b_x, b_h = rows.from_torch(list(rows.named(weights, shapes).values()))
    from_x = torch.einsum("ntbd,nrd->ntbr", x, W_x) + (b_x + b_h)[:, None, None]
    seen = rows.lstm_trace(from_x, W_h.mT)
    for n, layer in enumerate(layers):
        output, (_, C) = layer(x[n])
        torch.testing.assert_close(seen["h"][n], output.detach(), rtol=1e-12, atol=1e-12)
        gates = output[-1] / torch.tanh(C[0])
        assert ((gates > 0) & (gates < 1)).all()
        torch.testing.assert_close(seen["C_tilde"][n], torch.tanh(seen["a"][n]))
        alone = seen["i"][n, 0] * seen["C_tilde"][n, 0]  # with an empty cell
        first = layer(x[n, :1])[1][1][0].detach()
        torch.testing.assert_close(alone, first, rtol=1e-12, atol=1e-12)


def test_another_function_takes_the_place_of_tanh_in_the_candidate_alone():
    torch.manual_seed(0)
    from_x, W_h = torch.randn(1, 4, 2, 12), torch.randn(1, 3, 12)
    seen = rows.lstm_trace(from_x, W_h, torch.sigmoid)
    torch.testing.assert_close(seen["C_tilde"], torch.sigmoid(seen["a"]))
    assert (seen["h"] > 0).all(), "a σ writes nothing negative"
