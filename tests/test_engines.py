"""The engine by hand against torch.nn, autograd and itself with other loops."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.engines import build, by_hand, compiled, passes, reference
from rnnbook.engines.cells import CELLS as RECORDS
from rnnbook.layouts import Weights
from rnnbook.shapes import ShapeError

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
    "deep": ((3, 3, 2), 4, 180),  # the backward product is taken in two parts
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


def run(cell, *arguments, **options):
    """The states by the engine by hand."""
    results = by_hand.run(RECORDS[cell], *arguments, **options)
    return tuple(x for x in results if x is not None)


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


@pytest.fixture(params=["python", pytest.param("compiled", marks=pytest.mark.needs_compiler)])
def loops(request):
    return request.param


def test_a_machine_with_a_compiler_has_compiled_loops():
    """Or else most of this file would be skipped without a word."""
    assert compiled.available() >= (build._compiler() is not None), compiled.why_not()


@pytest.mark.needs_compiler
def test_a_machine_with_a_compiler_says_so():
    assert compiled.why_not() == ""


@pytest.mark.parametrize(("ci", "end"), [("", "1 skipped"), ("true", "1 error")])
def test_without_a_compiler_tests_that_need_it_are_skipped_but_fail_under_ci(ci, end, tmp_path):
    test = f"{__file__}::test_a_machine_with_a_compiler_says_so"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-o", f"cache_dir={tmp_path}", test],
        cwd=ROOT,
        env=os.environ
        | {"PATH": str(tmp_path), "CXX": "", "CI": ci}
        | {"RNNBOOK_CACHE": str(tmp_path), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert "no C++ compiler was found" in done.stdout
    assert end in done.stdout.splitlines()[-1]


# Every shape with every size of a chunk; biases with each of both.
CHUNKS = [
    (shape, chunk, (m + n) % 2 == 0)
    for m, shape in enumerate(SHAPES)
    for n, chunk in enumerate([1, 150, 2**20])
]


@pytest.mark.parametrize(("shape", "chunk", "bias"), CHUNKS)
@pytest.mark.parametrize("cell", CELLS)
def test_states_and_all_gradients_are_those_of_torch(cell, shape, bias, chunk, loops, monkeypatch):
    monkeypatch.setattr(passes, "CHUNK", chunk)
    sizes, D, H = SHAPES[shape]
    given = problem(cell, sizes, D, H, bias=bias)
    ours, *_ = run(cell, given[0], sizes, given[1], given[2], loops=loops)
    theirs = expected(cell, given[0], sizes, given[1], given[2])
    torch.testing.assert_close(ours, theirs, **TIGHT)
    upstream = torch.randn(ours.shape, generator=torch.Generator().manual_seed(9)).double()
    for a, b in zip(
        torch.autograd.grad(ours, leaves(*given), upstream),
        torch.autograd.grad(theirs, leaves(*given), upstream),
        strict=True,
    ):
        torch.testing.assert_close(a, b, **TIGHT)


def lstm_by_cells(data, batch_sizes, state, weights):
    """All hidden and cell states of an LSTM, by torch.nn.LSTMCell."""
    w_ih, w_hh, *_ = weights
    cell = torch.nn.LSTMCell(w_ih.shape[1], w_hh.shape[1], dtype=data.dtype)
    given = dict(zip(["weight_ih", "weight_hh", "bias_ih", "bias_hh"], weights, strict=True))
    steps = []
    for x in data.split(list(batch_sizes)):
        state = torch.func.functional_call(cell, given, (x, tuple(s[: len(x)] for s in state)))
        steps.append(state)
    return tuple(torch.cat(states) for states in zip(*steps, strict=True))


@pytest.mark.parametrize("upstream", ["hidden", "cells", "both"])
def test_the_lstms_cell_states_and_their_gradients_are_those_of_torch_lstm_cell(upstream, loops):
    data, state, weights = problem("lstm", RAGGED, 3, 9)
    ours = run("lstm", data, RAGGED, state, weights, loops=loops)
    theirs = lstm_by_cells(data, RAGGED, state, weights)
    chosen = {"hidden": slice(0, 1), "cells": slice(1, 2), "both": slice(0, 2)}[upstream]
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, **TIGHT)
    gradients = [
        torch.autograd.grad(
            sum(x.cos().sum() for x in states[chosen]), leaves(data, state, weights)
        )
        for states in (ours, theirs)
    ]
    for a, b in zip(*gradients, strict=True):
        torch.testing.assert_close(a, b, **TIGHT)


@pytest.mark.parametrize("cell", CELLS)
def test_float32_is_the_rounding_of_float64(cell, loops):
    exact = problem(cell, RAGGED, 5, 33)
    single = problem(cell, RAGGED, 5, 33, dtype=torch.float32)
    results = []
    for data, state, weights in (exact, single):
        hidden = run(cell, data, RAGGED, state, weights, loops=loops)[0]
        gradients = torch.autograd.grad(hidden.sin().sum(), leaves(data, state, weights))
        results.append([hidden, *gradients])
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(b, a.float(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_without_gradients_the_states_are_the_same(cell, loops, monkeypatch):
    monkeypatch.setattr(passes, "CHUNK", 300)
    monkeypatch.setattr(passes, "SCRATCH", 100)
    data, state, weights = problem(cell, RAGGED, 3, 7)
    trained = run(cell, data, RAGGED, state, weights, loops=loops)
    with torch.no_grad():
        plain = run(cell, data, RAGGED, state, weights, loops=loops)
    for a, b in zip(plain, trained, strict=True):
        assert not a.requires_grad
        torch.testing.assert_close(a, b, **TIGHT)  # a product of fewer rows rounds otherwise


@pytest.mark.parametrize("wanted", range(7))
def test_only_the_gradients_that_are_needed_are_made(wanted, loops):
    data, state, weights = problem("lstm", RAGGED, 3, 7)
    all_leaves = leaves(data, state, weights)
    full = run("lstm", data, RAGGED, state, weights, loops=loops)[0]
    gradients = torch.autograd.grad(full.cos().sum(), all_leaves)
    for index, leaf in enumerate(all_leaves):
        leaf.requires_grad_(index == wanted)
    alone = run("lstm", data, RAGGED, state, weights, loops=loops)[0]
    alone.cos().sum().backward()
    assert [leaf.grad is not None for leaf in all_leaves] == [i == wanted for i in range(7)]
    torch.testing.assert_close(all_leaves[wanted].grad, gradients[wanted], rtol=0, atol=0)


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_do_not_share_memory(cell, loops):
    """Clipping one in place would otherwise clip another too."""
    data, state, weights = problem(cell, RAGGED, 3, 7)
    run(cell, data, RAGGED, state, weights, loops=loops)[0].sum().backward()
    storages = {x.grad.untyped_storage().data_ptr() for x in leaves(data, state, weights)}
    assert len(storages) == len(leaves(data, state, weights))


@pytest.mark.parametrize("cell", CELLS)
def test_strides_do_not_matter(cell, loops):
    """Of inputs, of states, and of gradients: one number for all, or half of a wider row."""
    data, state, weights = problem(cell, DENSE, 3, 5)
    scattered = data.detach().T.contiguous().T.requires_grad_()
    one = tuple(s.detach()[:1].expand(4, -1).requires_grad_() for s in state)
    same = tuple(s.detach().contiguous().requires_grad_() for s in one)
    for wide in (False, True):
        results = []
        for x, s in ((scattered, one), (data, same)):
            hidden = run(cell, x, DENSE, s, weights, loops=loops)[0]
            if wide:
                hidden = (torch.cat([hidden, hidden.detach()], 1) * torch.arange(10)).sum(1)
            results.append([hidden, *torch.autograd.grad(hidden.sum(), [x, *s, weights[1]])])
        reference_ = expected(cell, data, DENSE, same, weights)
        if wide:
            reference_ = (torch.cat([reference_, reference_.detach()], 1) * torch.arange(10)).sum(1)
        gradients = torch.autograd.grad(reference_.sum(), [data, *same, weights[1]])
        for ours in results:
            for a, b in zip(ours, [reference_, *gradients], strict=True):
                torch.testing.assert_close(a, b, **TIGHT)


@pytest.mark.parametrize("cell", CELLS)
def test_a_sequence_is_the_same_in_a_batch_of_any_height(cell, loops):
    """The compiled product takes up to eight rows at once, each number by a kernel of its own."""
    steps, most, H = 3, 9, 70
    data, (h, *C), weights = problem(cell, (most,) * steps, 2, H)
    data = data.detach().unflatten(0, (steps, most))

    def first_rows(n):
        state = tuple(s.detach()[:n].requires_grad_() for s in (h, *C))
        x = data[:, :n].flatten(0, 1)
        states = run(cell, x, (n,) * steps, state, weights, loops=loops)[0]
        return [states.unflatten(0, (steps, n)), *torch.autograd.grad(states.sin().sum(), state)]

    together = first_rows(most)
    for n in range(1, most):
        hidden, *gradients = first_rows(n)
        torch.testing.assert_close(hidden, together[0][:, :n], **TIGHT)
        for gradient, wanted in zip(gradients, together[1:], strict=True):
            torch.testing.assert_close(gradient, wanted[:n], **TIGHT)


@pytest.mark.parametrize("cell", CELLS)
def test_a_wide_batch_in_threads_is_the_batch_row_by_row(cell):
    """Enough work that the loops share it out; float64, for the sums' order is the same."""
    sizes = (23,) * 12 + (17,) * 9 + (3,) * 40
    data, state, weights = problem(cell, sizes, 6, 80)
    ours = run(cell, data, sizes, state, weights)[0]
    theirs = expected(cell, data, sizes, state, weights)
    torch.testing.assert_close(ours, theirs, **TIGHT)
    gradients = [torch.autograd.grad(h.sum(), leaves(data, state, weights)) for h in (ours, theirs)]
    for a, b in zip(*gradients, strict=True):
        torch.testing.assert_close(a, b, **TIGHT)


# ----------------------------------------------------------------------------- the functions


VALUES = [0.0, 1e-320, 1e-30, 1e-8, 0.1, 0.3465, 0.3466, 1, 5, 9.01, 18.7, 36, 88, 103, 709, 1e4]
VALUES = torch.tensor([*VALUES, *(-x for x in VALUES), torch.inf, -torch.inf, torch.nan])
SWEEP = torch.cat([VALUES.double(), torch.linspace(-50, 50, 4001, dtype=torch.float64)])


def tanh_of(x, loops):
    one = torch.ones(1, 1, dtype=x.dtype)
    weights = (one, 0 * one, None, None)
    with torch.no_grad():
        state = (torch.zeros(len(x), 1, dtype=x.dtype),)
        return run("rnn_tanh", x[:, None], [len(x)], state, weights, loops=loops)[0][:, 0]


def sigmoid_of(x, loops):
    """The cell state from zero, with the candidate at one, is the input gate."""
    H = len(x)
    nothing = torch.zeros(1, 1, dtype=x.dtype)
    bias = torch.cat([x, torch.zeros_like(x), torch.full((2 * H,), 100, dtype=x.dtype)])
    weights = (nothing.expand(4 * H, 1), nothing.expand(4 * H, H), bias, None)
    state = (nothing.expand(1, H),) * 2
    with torch.no_grad():
        return run("lstm", nothing, [1], state, weights, loops=loops)[1][0]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_tanh_and_sigmoid_are_torchs_to_a_few_units_in_the_last_place(dtype, loops):
    x = SWEEP.to(dtype)
    few = {"rtol": 4 * torch.finfo(dtype).eps, "atol": torch.finfo(dtype).tiny, "equal_nan": True}
    torch.testing.assert_close(tanh_of(x, loops), torch.tanh(x), **few)
    torch.testing.assert_close(sigmoid_of(x, loops), torch.sigmoid(x), **few)


@settings(deadline=None)
@given(st.floats(-1000, 1000))
def test_the_compiled_tanh_is_odd_bounded_and_below_the_identity(x):
    values = torch.tensor([x, -x], dtype=torch.float64)
    up, down = tanh_of(values, "auto").tolist()
    assert up == pytest.approx(-down, rel=1e-15)
    assert abs(up) <= 1
    assert abs(up) <= abs(x) * (1 + 1e-15)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("poison", [torch.nan, torch.inf])
def test_what_is_not_finite_stays_in_its_sequence_and_is_torchs(cell, poison, loops):
    data, state, weights = problem(cell, DENSE, 3, 4)
    with torch.no_grad():
        data[5, 1] = poison  # step 1, sequence 1
    ours = run(cell, data, DENSE, state, weights, loops=loops)[0]
    theirs = expected(cell, data, DENSE, state, weights)
    torch.testing.assert_close(ours, theirs, equal_nan=True, **TIGHT)
    others = ours.unflatten(0, (-1, 4))[:, [0, 2, 3]]
    assert others.isfinite().all()


# ----------------------------------------------------------------------------- transformations

TINY = (3, 3, 1)


@pytest.mark.parametrize("cell", CELLS)
def test_gradcheck_twice_over(cell, loops):
    data, state, weights = problem(cell, TINY, 2, 2)

    def states(data, *rest):
        return run(cell, data, TINY, rest[:-4], rest[-4:], loops=loops)

    assert torch.autograd.gradcheck(states, leaves(data, state, weights))
    assert torch.autograd.gradgradcheck(states, leaves(data, state, weights))


def ours_and_reference(cell, loops="auto"):
    """Two functions of (data, *state, *weights) that must not differ, and arguments."""
    data, state, weights = problem(cell, TINY, 2, 3)
    flat = tuple(x.detach() for x in leaves(data, state, weights))

    def ours(data, *rest):
        return run(cell, data, TINY, rest[:-4], rest[-4:], loops=loops)

    def judge(data, *rest):
        record = RECORDS[cell]
        quantities = reference.run(record, data, TINY, rest[:-4], Weights(*rest[-4:]))
        return tuple(quantities[name] for name in record.states)

    return ours, judge, flat


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("mapped", ["data", "h_0", "w_hh", "all"])
def test_vmap_is_a_loop(cell, mapped, loops):
    ours, judge, flat = ours_and_reference(cell, loops)
    index = {"data": 0, "h_0": 1, "w_hh": len(flat) - 3}.get(mapped)
    generator = torch.Generator().manual_seed(1)
    dims = [0 if index in (None, i) else None for i in range(len(flat))]
    stacked = [
        x if dim is None else torch.randn(4, *x.shape, generator=generator, dtype=x.dtype)
        for x, dim in zip(flat, dims, strict=True)
    ]
    together = torch.func.vmap(ours, in_dims=tuple(dims))(*stacked)
    for m in range(4):
        one = judge(*(x if dim is None else x[m] for x, dim in zip(stacked, dims, strict=True)))
        for a, b in zip(together, one, strict=True):
            torch.testing.assert_close(a[m], b, **TIGHT)


@pytest.mark.parametrize("cell", CELLS)
def test_transformations_of_torch_func_agree_with_the_reference(cell, loops):
    ours, judge, flat = ours_and_reference(cell, loops)
    everything = tuple(range(len(flat)))
    many = torch.randn(5, *flat[0].shape, generator=torch.Generator().manual_seed(2)).double()

    def gradient(run):
        return torch.func.grad(lambda *x: run(*x)[0].pow(2).sum(), argnums=everything)

    def gradient_of_each(run):
        return torch.func.vmap(gradient(run), in_dims=(0, *[None] * (len(flat) - 1)))

    def of_data(run):
        return lambda data: run(data, *flat[1:])[0]

    def second(run):
        first = torch.func.grad(lambda data: of_data(run)(data).pow(3).sum())
        return torch.func.grad(lambda data: first(data).pow(2).sum())

    for a, b in zip(
        [*gradient(ours)(*flat), *gradient_of_each(ours)(many, *flat[1:])],
        [*gradient(judge)(*flat), *gradient_of_each(judge)(many, *flat[1:])],
        strict=True,
    ):
        torch.testing.assert_close(a, b, **TIGHT)
    for transform in (lambda run: torch.func.jacrev(of_data(run)), second):
        torch.testing.assert_close(transform(ours)(flat[0]), transform(judge)(flat[0]), **TIGHT)


# PyTorch scripts its own rules for forward mode at its first use in a process, and warns of itself.
@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
@pytest.mark.parametrize("cell", CELLS)
def test_forward_mode_is_refused_and_names_the_engine_that_can(cell):
    ours, _, flat = ours_and_reference(cell)
    with pytest.raises(NotImplementedError, match='engine="reference"'):
        torch.func.jvp(lambda data: ours(data, *flat[1:]), (flat[0],), (flat[0],))
    forward_ad = torch.autograd.forward_ad
    with forward_ad.dual_level(), pytest.raises(NotImplementedError, match='engine="reference"'):
        ours(forward_ad.make_dual(flat[0], flat[0]), *flat[1:])


@pytest.mark.parametrize("cell", CELLS)
def test_torch_compile_sees_one_graph_and_the_same_numbers(cell):
    torch._dynamo.reset()
    ours, judge, flat = ours_and_reference(cell)
    flat = [x.requires_grad_() for x in flat]
    traced = torch.compile(ours, fullgraph=True, backend="aot_eager")
    results = []
    for run in (traced, judge):
        states = run(*flat)
        results.append([*states, *torch.autograd.grad(sum(s.sin().sum() for s in states), flat)])
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(a, b, **TIGHT)
    with torch.no_grad():
        torch.testing.assert_close(traced(*flat), judge(*flat), **TIGHT)


@pytest.mark.parametrize("strict", [True, False])
def test_torch_export_keeps_the_recursion_as_one_operator(strict):
    ours, judge, flat = ours_and_reference("lstm")

    class Model(torch.nn.Module):
        def forward(self, *inputs):
            return ours(*inputs)

    program = torch.export.export(Model(), flat, strict=strict)
    calls = [node for node in program.graph.nodes if "rnnbook.recur" in str(node.target)]
    assert len(calls) == 1
    torch.testing.assert_close(program.module()(*flat), judge(*flat), **TIGHT)


@pytest.mark.parametrize("cell", CELLS)
def test_the_operators_keep_pytorchs_rules(cell):
    data, state, weights = problem(cell, TINY, 2, 3)
    C = state[1] if cell == "lstm" else None
    inputs = (data, state[0], C, *weights)
    settings_ = (cell, list(TINY), "auto")
    torch.library.opcheck(torch.ops.rnnbook.recur, (*settings_, True, *inputs))
    with torch.no_grad():
        hs, Cs, gates = torch.ops.rnnbook.recur(*settings_, True, *inputs)
        gradients = torch.ops.rnnbook.recur_backward(
            *settings_, [x is not None for x in inputs], hs, None, *inputs, gates, hs, Cs
        )
    storages = {g.untyped_storage()._cdata for g in gradients}
    assert len(storages) == len(gradients)  # an operator's results may not share memory


def test_autocast_leaves_the_recursion_its_precision(loops):
    data, state, weights = problem("gru_reset_before", DENSE, 3, 4, dtype=torch.float32)
    plain = run("gru_reset_before", data, DENSE, state, weights, loops=loops)[0]
    with torch.autocast("cpu", torch.bfloat16):
        cast = run("gru_reset_before", data, DENSE, state, weights, loops=loops)[0]
        low = run("gru_reset_before", data.bfloat16(), DENSE, state, weights, loops=loops)[0]
    torch.testing.assert_close(cast, plain, rtol=0, atol=0)
    assert low.dtype == torch.float32
    torch.testing.assert_close(low, plain, rtol=0.05, atol=0.05)  # 8 bits of the input


# ----------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (
            {"loops": "fast"},
            ValueError,
            "loops: expected auto, python, compiled or triton, given 'fast'",
        ),
        ({"batch_sizes": (4, 4)}, ShapeError, r"data: expected shape \(8, 3\), given \(24, 3\)"),
        ({"batch_sizes": ()}, ValueError, "batch_sizes: expected at least one step"),
        ({"batch_sizes": (4, *[4] * 4, 3, 1)}, None, ""),
        (
            {"batch_sizes": (4, 2, 6, 4, 4, 4)},
            ValueError,
            "batch_sizes: expected positive and",
        ),
        ({"batch_sizes": (4,) * 6 + (0,)}, ValueError, "batch_sizes: expected positive and"),
        ({"h_0": (3, 5)}, ShapeError, r"h_0: expected shape \(4, 5\), given \(3, 5\)"),
        ({"w_hh": (20, 4)}, ShapeError, r"w_hh: expected shape \(20, 5\), given \(20, 4\)"),
        ({"b_hh": (5,)}, ShapeError, r"b_hh: expected shape \(20,\), given \(5,\)"),
        ({"w_hr": (2, 5)}, ValueError, 'weights: this engine knows no projection.*"library"'),
        ({"dtype": torch.float32}, TypeError, "w_ih: expected torch.float64.*given torch.float32"),
    ],
)
def test_bad_input_is_named(change, error, words, loops):
    data, state, weights = problem("lstm", DENSE, 3, 5)
    weights = [*weights, None]
    for name, index in {"w_hh": 1, "b_hh": 3, "w_hr": 4}.items():
        if name in change:
            weights[index] = torch.zeros(change[name], dtype=torch.float64)
    if "h_0" in change:
        state = (torch.zeros(change["h_0"], dtype=torch.float64), state[1])
    if "dtype" in change:
        weights[0] = weights[0].to(change["dtype"])
    cell, sizes = change.get("cell", "lstm"), change.get("batch_sizes", DENSE)
    chosen = change.get("loops", loops)
    if error is None:
        assert run(cell, data, sizes, state, weights, loops=chosen)
        return
    with pytest.raises(error, match=words):
        run(cell, data, sizes, state, weights, loops=chosen)


# ----------------------------------------------------------------------------- the compiler

ROOT = Path(__file__).parent.parent


@pytest.fixture
def fresh():
    """Forget which library was loaded, before and after."""
    caches = (build.library, compiled._functions)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def without_compiler(monkeypatch, cache):
    monkeypatch.setattr(build, "_compiler", lambda: None)
    monkeypatch.setattr(build, "folders", lambda: [cache])


@pytest.mark.usefixtures("fresh")
def test_without_a_compiler_auto_takes_the_python_loops_and_compiled_says_why(
    monkeypatch, tmp_path
):
    without_compiler(monkeypatch, tmp_path)
    data, state, weights = problem("lstm", DENSE, 3, 5)
    assert not compiled.available()
    assert not compiled.suits((data,))
    assert compiled.why_not().startswith("no C++ compiler was found")
    ours = run("lstm", data, DENSE, state, weights)[0]
    torch.testing.assert_close(ours, expected("lstm", data, DENSE, state, weights), **TIGHT)
    with pytest.raises(ValueError, match=r"engine: .*no C\+\+ compiler was found"):
        run("lstm", data, DENSE, state, weights, loops="compiled")


@pytest.mark.parametrize(
    ("tensor", "words"),
    [
        (torch.zeros(1, dtype=torch.bfloat16), "know float32 and float64, not torch.bfloat16"),
        (torch.zeros(1, device="meta"), "run on the CPU, not on meta"),
    ],
)
def test_a_tensor_that_does_not_suit_is_told_why(tensor, words):
    assert not compiled.suits((tensor,))
    assert words in compiled.why_not_for((tensor,))


def test_bfloat16_runs_through_the_python_loops():
    data, state, weights = problem("lstm", DENSE, 3, 5)
    low = [tuple(x.bfloat16() for x in xs) for xs in ((data,), state, weights)]
    ours = run("lstm", low[0][0], DENSE, low[1], low[2])[0]
    exact = run("lstm", data, DENSE, state, weights)[0]
    torch.testing.assert_close(ours.double(), exact, rtol=0.05, atol=0.05)


def test_a_fake_tensor_has_no_memory_and_takes_the_python_loops():
    from torch._subclasses import FakeTensorMode

    with FakeTensorMode():
        data, H = torch.empty(24, 3), torch.empty(4, 5)
        weights = (torch.empty(20, 3), torch.empty(20, 5), None, None)
        hidden, cells = run("lstm", data, DENSE, (H, H), weights)
        assert hidden.shape == cells.shape == (24, 5)
        assert "wants to see" in compiled.why_not_for((data,))
    assert "memory" in compiled.why_not_for((data,))


def test_threads_may_run_side_by_side():
    data, state, weights = problem("lstm", DENSE, 3, 5)
    wanted = expected("lstm", data, DENSE, state, weights)
    results = []

    def work():
        results.append(run("lstm", data, DENSE, state, weights)[0])

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(results) == 4
    for result in results:
        torch.testing.assert_close(result, wanted, **TIGHT)


def test_few_inputs_and_many_gates_have_torchs_gradients():
    """There the input weights' gradient takes another product."""
    T, B, D, H = 4, 3, 5, 130
    generator = torch.Generator().manual_seed(5)
    data = torch.randn(T, B, D, dtype=torch.float64, generator=generator)
    upstream = torch.randn(T, B, H, dtype=torch.float64, generator=generator)
    theirs = torch.nn.LSTM(D, H, dtype=torch.float64)
    weights = [p.detach().clone().requires_grad_() for p in theirs.parameters()]
    zero = torch.zeros(B, H, dtype=torch.float64)
    hs, _ = run("lstm", data.flatten(0, 1), [B] * T, (zero, zero), weights)
    hs.backward(upstream.flatten(0, 1))
    theirs(data)[0].backward(upstream)
    for ours, parameter in zip(weights, theirs.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, parameter.grad, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_a_pair_of_biases_has_a_pair_of_gradients(cell, loops):
    """Scaled in place together, as clipping does, none of them may be scaled twice."""
    data, state, weights = problem(cell, RAGGED, 3, 7)
    hidden = run(cell, data, RAGGED, state, weights, loops=loops)[0]
    gradients = torch.autograd.grad(hidden.sin().sum(), weights)
    halves = [g / 2 for g in gradients]
    torch._foreach_mul_(list(gradients), 0.5)
    for gradient, half in zip(gradients, halves, strict=True):
        torch.testing.assert_close(gradient, half, rtol=0, atol=0)


def negated(x):
    """The same numbers, stored with the other sign and a bit that says so."""
    return torch.complex(torch.zeros_like(x), -x.detach()).conj().imag


@pytest.mark.parametrize("cell", CELLS)
def test_a_tensor_that_is_negated_on_reading_is_read_so(cell, loops):
    data, state, weights = problem(cell, RAGGED, 3, 7)
    plain = [x.detach() for x in leaves(data, state, weights)]
    expected_ = run(cell, plain[0], RAGGED, plain[1:-4], plain[-4:], loops=loops)[0]
    lazy = [negated(x).requires_grad_() for x in plain]
    assert all(x.is_neg() for x in lazy)
    hidden = run(cell, lazy[0], RAGGED, lazy[1:-4], lazy[-4:], loops=loops)[0]
    torch.testing.assert_close(hidden, expected_, **TIGHT)
    upstream = torch.randn(hidden.shape, generator=torch.Generator().manual_seed(3)).double()
    given = torch.autograd.grad(hidden, lazy, negated(upstream))
    kept = run(cell, data, RAGGED, state, weights, loops=loops)[0]
    wanted = torch.autograd.grad(kept, leaves(data, state, weights), upstream)
    for a, b in zip(given, wanted, strict=True):
        torch.testing.assert_close(a, b, **TIGHT)


def test_a_gradient_without_memory_is_zero(loops):
    data, state, weights = problem("lstm", RAGGED, 3, 7)
    hidden, cells = run("lstm", data, RAGGED, state, weights, loops=loops)
    nothing = torch._efficientzerotensor(hidden.shape, dtype=hidden.dtype)
    gradients = torch.autograd.grad([hidden, cells], [data], [nothing, nothing.clone()])
    assert not gradients[0].any()


def test_nothing_grows_with_the_lengths_that_were_seen(loops):
    """Sizes of many steps, kept by the hundred, once took more memory than the weights."""
    caches = [
        f
        for module in (passes, compiled, by_hand, build)
        for f in vars(module).values()
        if hasattr(f, "cache_info")
    ]
    before = [f.cache_info().currsize for f in caches]
    data, state, weights = problem("rnn_tanh", DENSE, 2, 2)
    with torch.no_grad():
        run("rnn_tanh", data, DENSE, state, weights, loops=loops)
        after = [f.cache_info().currsize for f in caches]
        for steps in (5, 4, 3):
            sizes = (4,) * steps
            run("rnn_tanh", data[: 4 * steps], sizes, state, weights, loops=loops)
    assert [f.cache_info().currsize for f in caches] == after
    assert len(before) <= 2  # the library, and its functions for each of two dtypes
