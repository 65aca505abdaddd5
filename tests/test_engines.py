"""The engine by hand against torch.nn, autograd and itself with other loops."""

from __future__ import annotations

import pytest
import torch

from rnnbook.engines import by_hand

CELLS = ["rnn_tanh", "rnn_relu", "lstm", "gru_reset_before", "gru_reset_after"]
TIGHT = {"rtol": 1e-12, "atol": 1e-12}  # the project's tolerance for float64
DENSE = (4,) * 6
RAGGED = (5, 5, 4, 2, 2, 1)
SHAPES = {  # batch sizes, D, H
    "dense": (DENSE, 3, 4),
    "ragged": (RAGGED, 3, 7),
    "one step": ((3,), 2, 5),
    "one sequence": ((1,) * 9, 2, 3),
    "one unit": (RAGGED, 2, 1),
    "odd sizes": ((9, 9, 7, 3), 5, 33),
    "many rows": ((37, 37, 20), 4, 64),
}


def problem(cell, batch_sizes, D, H, *, bias=True, dtype=torch.float64, seed=0):
    """Random arguments of ``run``, as leaves that require gradients."""
    generator = torch.Generator().manual_seed(seed)
    B, N = batch_sizes[0], sum(batch_sizes)
    rows = {"l": 4, "g": 3, "r": 1}[cell[0]] * H

    def leaf(*shape, scale=1.0):
        numbers = scale * torch.randn(*shape, generator=generator, dtype=torch.float64)
        return numbers.to(dtype).requires_grad_()

    state = tuple(leaf(B, H) for _ in range(2 if cell == "lstm" else 1))
    scale = 0.5 / H**0.5
    weights = (leaf(rows, D, scale=scale), leaf(rows, H, scale=scale))
    biases = (leaf(rows), leaf(rows)) if bias else (None, None)
    return leaf(N, D), state, (*weights, *biases)


def leaves(data, state, weights):
    return [x for x in (data, *state, *weights) if x is not None]


def expected(cell, data, batch_sizes, state, weights):
    """The hidden states of all steps by torch.nn; of the post's GRU by its equations."""
    if cell == "gru_reset_before":
        return by_equations(data, batch_sizes, state, weights)
    w_ih, w_hh, b_ih, _ = weights
    kind = {"l": torch.nn.LSTM, "g": torch.nn.GRU, "r": torch.nn.RNN}[cell[0]]
    options = {"nonlinearity": cell[4:]} if cell[0] == "r" else {}
    module = kind(w_ih.shape[1], w_hh.shape[1], bias=b_ih is not None, dtype=data.dtype, **options)
    names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    given = {n: w for n, w in zip(names, weights, strict=True) if w is not None}
    packed = torch.nn.utils.rnn.PackedSequence(data, torch.tensor(batch_sizes))
    first = tuple(s.unsqueeze(0) for s in state)
    first = first if cell == "lstm" else first[0]
    return torch.func.functional_call(module, given, (packed, first))[0].data


def by_equations(data, batch_sizes, state, weights):
    """Equations (7) to (10) with torch.nn's names, by autograd."""
    w_ih, w_hh, b_ih, b_hh = weights
    (h,), states = state, []
    b = torch.zeros_like(w_ih[:, 0]) if b_ih is None else b_ih + b_hh
    for x in data.split(list(batch_sizes)):
        h = h[: len(x)]
        a_r, a_z, a_n = (x @ w_ih.T + b).chunk(3, dim=1)
        W_r, W_z, W_n = w_hh.chunk(3)
        r, z = torch.sigmoid(a_r + h @ W_r.T), torch.sigmoid(a_z + h @ W_z.T)
        h = z * h + (1 - z) * torch.tanh(a_n + (r * h) @ W_n.T)
        states.append(h)
    return torch.cat(states)


@pytest.fixture(params=["python", "compiled"])
def loops(request):
    return request.param


@pytest.mark.parametrize("chunk", [1, 150, 2**20])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("cell", CELLS)
def test_states_and_all_gradients_are_those_of_torch(cell, shape, bias, chunk, loops, monkeypatch):
    monkeypatch.setattr(by_hand, "CHUNK", chunk)
    sizes, D, H = SHAPES[shape]
    given = problem(cell, sizes, D, H, bias=bias)
    ours, *_ = by_hand.run(cell, given[0], sizes, given[1], given[2], loops=loops)
    theirs = expected(cell, given[0], sizes, given[1], given[2])
    torch.testing.assert_close(ours, theirs, **TIGHT)
    upstream = torch.randn(ours.shape, generator=torch.Generator().manual_seed(9)).double()
    for a, b in zip(
        torch.autograd.grad(ours, leaves(*given), upstream),
        torch.autograd.grad(theirs, leaves(*given), upstream),
        strict=True,
    ):
        torch.testing.assert_close(a, b, **TIGHT)
