"""A cell that PyTorch does not have: one record and its equations, and everything else is there.

Two are made here, as a reader would; the others are the package's own.
"""

from __future__ import annotations

import copy
import itertools
import pickle

import pytest
import torch

from rnnbook import lstm
from rnnbook.engines.cells import CELLS, Cell, find
from rnnbook.layers import Recurrent
from rnnbook.variants import VARIANTS
from tests.problems import randn

T, B, D, H = 5, 3, 2, 4
LENGTHS = [3, 0, 5]
FLOAT64 = {"rtol": 1e-12, "atol": 1e-12}


def coupled(x, h, C, *params):
    """An LSTM that writes exactly as much as it forgets: i = 1 - f."""
    of_f, of_c, of_o = (params[k : k + 3] for k in range(0, 9, 3))
    f = lstm.forget_gate(x, h, *of_f)
    C_tilde = lstm.candidate(x, h, *of_c)
    C = lstm.cell_state(f, C, 1 - f, C_tilde)
    o = lstm.output_gate(x, h, *of_o)
    return {"f": f, "C_tilde": C_tilde, "C": C, "o": o, "h": lstm.hidden_state(o, C)}


def peephole(x, h, C, *params):
    """A gate that sees the cell state through one weight for each unit."""
    of_f, of_c, p_f = params[:3], params[3:6], params[6]
    W_x, W_h, b = of_f
    f = torch.sigmoid(x @ W_x + h @ W_h + b + p_f * C)
    C_tilde = lstm.candidate(x, h, *of_c)
    C = f * C + (1 - f) * C_tilde
    return {"f": f, "C_tilde": C_tilde, "C": C, "h": torch.tanh(C)}


NEW = {
    "coupled": Cell("coupled", "fco", ("h", "C"), ("f", "C_tilde", "C", "o", "h"), coupled),
    "peephole": Cell(
        "peephole",
        "fc",
        ("h", "C"),
        ("f", "C_tilde", "C", "h"),
        peephole,
        more={"weight_cf": "H"},
    ),
} | VARIANTS


def layer_of(cell, **options):
    torch.manual_seed(1)
    return Recurrent(NEW[cell], D, H, dtype=torch.float64, **options)


@torch.no_grad()
def by_loops(layer, x, lengths):
    """Each sequence alone, step by step; all quantities (L, directions, T, B, H)."""
    cell, directions, found = layer.record, 1 + layer.bidirectional, {}
    for n, d in itertools.product(range(layer.num_layers), range(directions)):
        inputs = x if n == 0 else torch.cat(list(found["h"][n - 1]), -1)
        params = cell.parameters(layer._weights(n, d))
        for k, length in enumerate(lengths):
            state = [torch.zeros(1, H, dtype=x.dtype) for _ in cell.states]
            for t in reversed(range(length)) if d else range(length):
                quantities = cell.equations(inputs[t, k : k + 1], *state, *params)
                state = [quantities[name] for name in cell.states]
                for name in cell.quantities:
                    shape = (layer.num_layers, directions, *x.shape[:2], H)
                    found.setdefault(name, x.new_zeros(shape))[n, d, t, k] = quantities[name][0]
    return found


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["dense", "ragged"])
@pytest.mark.parametrize("cell", NEW)
def test_new_cell_is_stacked_reversed_traced_and_knows_lengths(cell, lengths):
    layer, x = layer_of(cell, num_layers=2, bidirectional=True), randn(T, B, D)
    output, state, trace = layer(x, lengths=lengths, trace=True)
    expected = by_loops(layer, x, lengths or [T] * B)
    assert trace._fields == NEW[cell].quantities
    for name in trace._fields:
        torch.testing.assert_close(getattr(trace, name), expected[name], **FLOAT64)
    torch.testing.assert_close(output, torch.cat(list(trace.h[-1]), -1), **FLOAT64)
    assert [s.shape for s in state] == [(4, B, H)] * len(NEW[cell].states)


@pytest.mark.parametrize("cell", NEW)
def test_new_cell_is_differentiated_compiled_copied_and_refused_other_engines(cell):
    layer, x = layer_of(cell), randn(T, B, D).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: layer(x)[0], x, fast_mode=True)
    layer(x)[0].sum().backward()
    assert all(p.grad.any() for p in layer.parameters())
    for engine in ("python", "compiled", "library"):
        with pytest.raises(ValueError, match="engine: expected"):
            layer.engine = engine
    twin = copy.deepcopy(layer)
    assert torch.equal(twin(x)[0], layer(x)[0])
    assert repr(twin) == repr(layer) == "Recurrent(2, 4)"
    assert torch.equal(pickle.loads(pickle.dumps(layer))(x)[0], layer(x)[0])


def test_coupled_cell_is_an_lstm_whose_input_gate_is_the_forget_gates_complement():
    layer, x = layer_of("coupled"), randn(T, B, D)
    theirs = torch.nn.LSTM(D, H, dtype=torch.float64)
    rows = dict(zip("fco", range(3), strict=True))
    with torch.no_grad():
        for name, parameter in theirs.named_parameters():
            ours = getattr(layer, name).unflatten(0, (3, H))
            negative = -ours[rows["f"]]  # σ(-a) = 1 - σ(a)
            parameter.copy_(torch.cat([negative, *(ours[rows[g]] for g in "fco")]))
    output, state = theirs(x)
    found, last = layer(x)
    torch.testing.assert_close(found, output, **FLOAT64)
    torch.testing.assert_close(last, state, **FLOAT64)


def test_records_are_found_by_name_and_stay_one_of_a_kind():
    for name, cell in CELLS.items():
        assert find(name) is cell
        assert pickle.loads(pickle.dumps(cell)) is cell
        assert copy.deepcopy(cell) is cell
        assert {*cell.states} <= {*cell.quantities}
    with pytest.raises(ValueError, match=r"cell: expected one of rnn_tanh, .*given 'elman'"):
        find("elman")
