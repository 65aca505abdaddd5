"""The layers against torch.nn over the whole grid, against the post's loops, and as promised."""

from __future__ import annotations

import inspect
import itertools
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils.rnn import (
    PackedSequence,
    pack_padded_sequence,
    pack_sequence,
    pad_packed_sequence,
)

import rnnbook
from rnnbook import engines
from rnnbook.engines import ENGINES, compiled
from tests import posts_code
from tests.problems import randn

T, B, D, H = 5, 4, 3, 4
LENGTHS = (3, 5, 1, 4)
FLOAT64 = {"rtol": 1e-12, "atol": 1e-12}
FLOAT32 = {"rtol": 1e-4, "atol": 1e-5}

CELLS = {  # name: PyTorch's class, ours, and the options of each
    "tanh": (torch.nn.RNN, rnnbook.RNN, {}, {}),
    "relu": (torch.nn.RNN, rnnbook.RNN, {"nonlinearity": "relu"}, {"nonlinearity": "relu"}),
    "lstm": (torch.nn.LSTM, rnnbook.LSTM, {}, {}),
    "gru": (torch.nn.GRU, rnnbook.GRU, {}, {"reset_after": True}),
}
MODES = (
    *("plain", "start", "unbatched", "unbatched start", "ragged", "ragged start", "packed"),
    *("packed start", "packed sorted"),
)
ALL_ENGINES = [
    pytest.param(e, marks=pytest.mark.needs_compiler) if e == "compiled" else e
    for e in ("reference", "python", "compiled", "library", "auto")
]
OWN_ENGINES = [e for e in ALL_ENGINES if e != "library"]
# Of the kernels for a GPU: tests/test_triton_loops.py.
HERE = [e for e in ENGINES if e != "triton" and (e != "compiled" or compiled.available())]


def pair(cell, engine="auto", dtype=torch.float64, **options):
    """A layer of PyTorch and one of ours with the same weights."""
    theirs, ours, their_options, our_options = CELLS[cell]
    torch.manual_seed(1)
    theirs = theirs(D, H, dtype=dtype, **their_options, **options)
    ours = ours(D, H, dtype=dtype, engine=engine, **our_options, **options)
    ours.load_state_dict(theirs.state_dict())
    return theirs, ours


def post_gru(dtype=torch.float64, **options):
    torch.manual_seed(1)
    return rnnbook.GRU(D, H, dtype=dtype, **options)


def as_tuple(state):
    return state if isinstance(state, tuple) else (state,)


def start_of(module, batch=B, seed=3):
    """An initial state as the module wants it: (L, B, H), or (L, H) with batch=None."""
    stack = module.num_layers * (1 + module.bidirectional)
    shape = (stack, H) if batch is None else (stack, batch, H)
    dtype = module.weight_ih_l0.dtype
    states = [randn(*shape, seed=seed + k, dtype=dtype).requires_grad_() for k in range(2)]
    return tuple(states) if isinstance(module, torch.nn.LSTM | rnnbook.LSTM) else states[0]


def everything(module, mode):
    """Outputs, states, and the gradients of a random loss by input, start and parameters."""
    kind = mode.removesuffix(" start")
    batch = None if kind == "unbatched" else B
    shape = {None: (T, D)}.get(batch, (B, T, D) if module.batch_first else (T, B, D))
    x = randn(*shape, seed=2, dtype=module.weight_ih_l0.dtype).requires_grad_()
    hx = start_of(module, batch) if mode.endswith("start") else None
    module.zero_grad()
    if kind.startswith("packed") or (kind == "ragged" and not isinstance(module, OURS)):
        in_order = kind == "packed sorted"
        lengths = torch.tensor(sorted(LENGTHS, reverse=True) if in_order else LENGTHS)
        packed = pack_padded_sequence(
            x, lengths, batch_first=module.batch_first, enforce_sorted=in_order
        )
        output, state = module(packed, hx)
        assert isinstance(output, PackedSequence)
        output, _ = pad_packed_sequence(output, batch_first=module.batch_first)
    elif kind == "ragged":
        output, state = module(x, hx, lengths=torch.tensor(LENGTHS))
    else:
        output, state = module(x, hx)
    results = [output, *as_tuple(state)]
    loss = sum((r * randn(*r.shape, seed=7 + k)).sum() for k, r in enumerate(results))
    loss.backward()
    leaves = [x, *(() if hx is None else as_tuple(hx)), *module.parameters()]
    return results + [leaf.grad for leaf in leaves]


OURS = (rnnbook.RNN, rnnbook.LSTM, rnnbook.GRU)


def compare(ours, theirs, **tolerance):
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, **tolerance)


# The grid -----------------------------------------------------------------------------------------


SIMPLE = {"num_layers": 1, "bidirectional": False, "bias": True, "batch_first": False}
STACKED = {"num_layers": 2, "bidirectional": True, "bias": False, "batch_first": True}


# How a batch is given is the layer's business: an engine sees rows, of one length or of several.
# So all ways go to the reference engine and to PyTorch's kernel, and these to the other engines.
FEW = ("start", "ragged", "packed start")
WAYS = [(mode, engine) for mode in MODES for engine in ("reference", "library")] + [
    pytest.param(mode, engine, marks=[pytest.mark.needs_compiler] * (engine == "compiled"))
    for mode in FEW
    for engine in ("python", "compiled", "auto")
]


@pytest.mark.parametrize(("mode", "engine"), WAYS)
@pytest.mark.parametrize("cell", CELLS)
def test_layer_gives_the_outputs_states_and_gradients_of_torch(cell, engine, mode):
    for options in (SIMPLE, STACKED):
        theirs, ours = pair(cell, engine, **options)
        compare(everything(ours, mode), everything(theirs, mode), **FLOAT64)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_every_combination_of_options_gives_the_numbers_of_torch(
    cell, bidirectional, batch_first, bias
):
    options = {"bidirectional": bidirectional, "batch_first": batch_first, "bias": bias}
    theirs, ours = pair(cell, num_layers=3, **options)
    for mode in ("start", "ragged start"):
        compare(everything(ours, mode), everything(theirs, mode), **FLOAT64)


@pytest.mark.parametrize("mode", FEW)
@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_layer_gives_the_numbers_of_torch_in_float32(cell, engine, mode):
    options = {"num_layers": 2, "bidirectional": True, "dtype": torch.float32}
    theirs, ours = pair(cell, engine, **options)
    compare(everything(ours, mode), everything(theirs, mode), **FLOAT32)


@pytest.mark.parametrize("mode", FEW)
@pytest.mark.parametrize("engine", OWN_ENGINES)
def test_engines_agree_on_the_gru_that_resets_before(engine, mode):
    for options in (SIMPLE, STACKED):
        judge = post_gru(engine="reference", **options)
        layer = post_gru(engine=engine, **options)
        compare(everything(layer, mode), everything(judge, mode), **FLOAT64)


# The post's loops, as the post has them -----------------------------------------------------------


def by_the_post(layer, x, start):
    """Stacked and bidirectional by hand; the read-out is the identity."""
    lstm = isinstance(layer, rnnbook.LSTM)
    loop, order = (posts_code.lstm, "ifoc") if lstm else (posts_code.gru, "zrh")
    stacked = "ifco" if lstm else "rzh"  # as torch.nn's documentation of the weights has it
    last = []
    for n in range(layer.num_layers):
        outputs = []
        for direction in ["", "_reverse"][: 1 + layer.bidirectional]:
            named = {
                kind: dict(
                    zip(
                        stacked,
                        getattr(layer, f"{kind}_l{n}{direction}").chunk(len(stacked)),
                        strict=True,
                    )
                )
                for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            }
            params = []
            for gate in order:
                params += [named["weight_ih"][gate].T, named["weight_hh"][gate].T]
                params += [named["bias_ih"][gate] + named["bias_hh"][gate]]
            params += [torch.eye(H, dtype=x.dtype), torch.zeros(H, dtype=x.dtype)]
            state = tuple(s[len(last)] for s in start)
            output, state = loop(x.flip(0) if direction else x, state, params)
            output = output.reshape(len(x), B, H)
            outputs.append(output.flip(0) if direction else output)
            last.append(state)
        x = torch.cat(outputs, -1)
    return [x, *(torch.stack(s) for s in zip(*last, strict=True))]


@pytest.mark.parametrize("engine", OWN_ENGINES)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize("family", ["lstm", "gru"])
def test_layer_is_the_posts_loop_stacked_by_hand(family, num_layers, bidirectional, engine):
    cls = {"lstm": rnnbook.LSTM, "gru": rnnbook.GRU}[family]
    torch.manual_seed(2)
    layer = cls(D, H, num_layers, bidirectional=bidirectional, dtype=torch.float64, engine=engine)
    x, hx = randn(T, B, D, seed=4).requires_grad_(), start_of(layer)
    output, state = layer(x, hx)
    ours, posts = [output, *as_tuple(state)], by_the_post(layer, x, as_tuple(hx))
    compare(ours, posts, **FLOAT64)
    leaves = [x, *as_tuple(hx), *layer.parameters()]
    upstream = [randn(*r.shape, seed=5 + k) for k, r in enumerate(ours)]
    compare(
        torch.autograd.grad(ours, leaves, upstream),
        torch.autograd.grad(posts, leaves, upstream),
        **FLOAT64,
    )


# In the place of torch.nn -------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    "options",
    [{}, {"num_layers": 3, "bidirectional": True}, {"bias": False, "batch_first": True}],
    ids=str,
)
def test_layer_draws_the_same_random_numbers_as_torch_under_the_same_names(cell, options):
    theirs, ours, their_options, our_options = CELLS[cell]
    torch.manual_seed(0)
    theirs = theirs(D, H, **their_options, **options)
    next_of_theirs = torch.rand(1)
    torch.manual_seed(0)
    ours = ours(D, H, **our_options, **options)
    assert torch.equal(torch.rand(1), next_of_theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for name, parameter in theirs.named_parameters():
        assert torch.equal(ours.get_parameter(name), parameter), name
    assert [len(weights) for weights in ours.all_weights] == [
        len(weights) for weights in theirs.all_weights
    ]


def test_positional_arguments_stand_in_the_order_of_torch():
    layer = rnnbook.RNN(3, 4, 2, "relu", False, True, 0.5, True)
    assert repr(layer) == repr(torch.nn.RNN(3, 4, 2, "relu", False, True, 0.5, True))
    assert layer.nonlinearity == "relu"
    assert repr(rnnbook.GRU(3, 4, 2, False, True, 0.5, True)) == repr(
        torch.nn.GRU(3, 4, 2, False, True, 0.5, True)
    )
    assert repr(rnnbook.LSTM(3, 4, 2, False, True, 0.5, True, 2)) == repr(
        torch.nn.LSTM(3, 4, 2, False, True, 0.5, True, 2)
    )


@pytest.mark.parametrize("cell", CELLS)
def test_state_dict_goes_both_ways(cell):
    theirs, ours = pair(cell, num_layers=2, bidirectional=True)
    ours.reset_parameters()
    theirs.load_state_dict(ours.state_dict())
    compare(everything(ours, "plain"), everything(theirs, "plain"), **FLOAT64)


def test_repr_names_what_is_not_the_default():
    layer = rnnbook.GRU(3, 4, reset_after=True, chrono=50, engine="python")
    assert repr(layer) == "GRU(3, 4, engine='python', chrono=50, reset_after=True)"
    assert "forget_bias=1.0" in repr(rnnbook.LSTM(3, 4, forget_bias=1.0))


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("mode", ["plain", "packed"])
def test_dropout_drops_what_torch_drops_from_the_same_seed(cell, mode, engine):
    theirs, ours = pair(cell, engine, num_layers=3, dropout=0.5)
    results = []
    for module in (ours, theirs):
        torch.manual_seed(5)
        results.append(everything(module, mode))
    compare(*results, **FLOAT64)


def test_dropout_acts_only_between_layers_and_only_in_training():
    layer = rnnbook.LSTM(D, H, 2, dropout=0.5)
    x = randn(T, B, D, dtype=torch.float32)
    assert not torch.equal(layer(x)[0], layer(x)[0])
    assert (layer(x)[0] != 0).all()  # the outputs themselves are not dropped
    layer.eval()
    assert torch.equal(layer(x)[0], layer(x)[0])
    whole = rnnbook.LSTM(D, H, 2, dropout=1.0)  # the second layer sees nothing
    assert torch.equal(whole(x)[0], whole(x + 1)[0])


def test_dropout_with_one_layer_warns_as_torch_does():
    with pytest.warns(UserWarning, match="non-zero dropout expects num_layers greater than 1"):
        rnnbook.LSTM(D, H, dropout=0.1)


@pytest.mark.parametrize("engine", ["auto", "library"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_projection_is_that_of_torch(engine, bidirectional, packed):
    options = {"proj_size": 2, "num_layers": 2, "bidirectional": bidirectional}
    theirs, ours = pair("lstm", engine, **options)
    x = randn(T, B, D)
    x = pack_padded_sequence(x, torch.tensor(LENGTHS), enforce_sorted=False) if packed else x
    expected, (h, C) = theirs(x)
    output, (ours_h, ours_C) = ours(x)
    assert ours_h.shape == h.shape
    expected, output = (o.data if packed else o for o in (expected, output))
    compare([output, ours_h, ours_C], [expected, h, C], **FLOAT64)


@pytest.mark.parametrize("engine", ["reference", "python", "compiled"])
def test_projection_is_refused_by_the_engines_of_the_book(engine):
    with pytest.raises(ValueError, match=rf"engine: .*proj_size.*given '{engine}'"):
        rnnbook.LSTM(D, H, proj_size=2, engine=engine)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("engine", ["reference", "python", "auto"])
@pytest.mark.parametrize("cell", CELLS)
def test_low_precision_modules_run_and_are_near_float64(cell, engine, dtype):
    _, exact = pair(cell, "reference")
    low = pair(cell, engine)[1].to(dtype)
    x = randn(T, B, D)
    output, _ = low(x.to(dtype))
    assert output.dtype == dtype
    torch.testing.assert_close(output.double(), exact(x)[0], rtol=0.1, atol=0.05)
    output.sum().backward()
    assert low.weight_hh_l0.grad.isfinite().all()


def test_device_and_dtype_are_those_asked_for():
    layer = rnnbook.GRU(3, 4, device="meta", dtype=torch.bfloat16)
    assert {(p.device.type, p.dtype) for p in layer.parameters()} == {("meta", torch.bfloat16)}
    assert rnnbook.GRU(3, 4).to(torch.float64).weight_ih_l0.dtype == torch.float64


@pytest.mark.parametrize("engine", ["reference", "python", "auto"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("cell", CELLS)
def test_shapes_can_be_had_on_the_meta_device(cell, dtype, engine):
    layer = CELLS[cell][1](D, H, 2, device="meta", dtype=dtype, engine=engine)
    x = torch.empty(T, B, D, device="meta", dtype=dtype)
    output, _ = layer(x)
    assert output.shape == (T, B, H)
    assert output.device.type == "meta"
    assert layer(x, lengths=LENGTHS)[0].shape == (T, B, H)


# The memory at first ------------------------------------------------------------------------------


@pytest.mark.parametrize(("cls", "keep", "gates"), [(rnnbook.LSTM, 1, 4), (rnnbook.GRU, 1, 3)])
def test_forget_bias_sets_the_sum_of_both_biases_and_nothing_else(cls, keep, gates):
    options = {"num_layers": 2, "bidirectional": True}
    torch.manual_seed(0)
    plain = cls(D, H, **options)
    torch.manual_seed(0)
    layer = cls(D, H, forget_bias=1.5, **options)
    rows = slice(keep * H, (keep + 1) * H)
    for name, parameter in layer.named_parameters():
        expected = plain.get_parameter(name).detach().clone()
        if name.startswith("bias"):
            expected[rows] = 1.5 if name.startswith("bias_ih") else 0.0
        assert torch.equal(parameter, expected), name
    torch.nn.init.zeros_(layer.bias_ih_l0)
    layer.reset_parameters()
    assert (layer.bias_ih_l0[rows] == 1.5).all()


def test_forget_bias_is_the_gate_that_is_seen():
    """With no weights the gate that keeps is σ(forget bias), in both families."""
    for cls, name in ((rnnbook.LSTM, "f"), (rnnbook.GRU, "z")):
        layer = cls(D, H, forget_bias=2.0, dtype=torch.float64)
        torch.nn.init.zeros_(layer.weight_ih_l0)
        torch.nn.init.zeros_(layer.weight_hh_l0)
        gate = getattr(layer(randn(T, B, D), trace=True)[2], name)
        expected = torch.full_like(gate, 2.0).sigmoid()
        torch.testing.assert_close(gate, expected, **FLOAT64)


def test_chrono_spreads_the_lifetimes_up_to_the_longest_dependency():
    layer = rnnbook.LSTM(D, 500, 2, chrono=100)
    for n in range(2):
        i, f, _, _ = getattr(layer, f"bias_ih_l{n}").unflatten(0, (4, 500))
        assert torch.equal(i, -f)
        i, f_second, _, _ = getattr(layer, f"bias_hh_l{n}").unflatten(0, (4, 500))
        assert not i.any()
        assert not f_second.any()
        shares = (f.exp() - 1) / 98  # uniform in (0, 1) by Tallec & Ollivier's formula
        assert 0 <= shares.min() < 0.02
        assert 0.98 < shares.max() <= 1
        assert abs(shares.mean() - 0.5) < 0.05
    gru = rnnbook.GRU(D, 500, chrono=100)
    z = gru.bias_ih_l0[500:1000]
    assert z.min() >= 0
    assert z.max() <= torch.tensor(99.0).log()
    assert not gru.bias_hh_l0[500:1000].any()
    before = layer.bias_ih_l0.detach().clone()
    layer.reset_parameters()
    i, f, _, _ = layer.bias_ih_l0.unflatten(0, (4, 500))
    assert torch.equal(i, -f)
    assert not torch.equal(layer.bias_ih_l0, before)


def said_of_arguments(cls):
    """What a layer's docstring says of each argument, of its making and of its call."""
    entry = r"^ {4}(?:- )?`*(\w+)`*: (.*(?:\n {5,}.*)*)"
    found = re.findall(entry, inspect.getdoc(cls), re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


def test_layers_document_every_argument_and_say_the_same_of_those_that_they_share():
    said = {cls: said_of_arguments(cls) for cls in OURS}
    for cls in OURS:
        arguments = {*inspect.signature(cls).parameters, *inspect.signature(cls.forward).parameters}
        assert arguments - {"self", "unknown"} == said[cls].keys()
    own = {"hx", "trace", "forget_bias", "chrono"}  # a state and gates of another name
    for one, other in itertools.combinations(OURS, 2):
        for name in (said[one].keys() & said[other].keys()) - own:
            assert said[one][name] == said[other][name], name


# Engines ------------------------------------------------------------------------------------------


def test_engine_can_be_switched_on_a_living_layer():
    layer = rnnbook.LSTM(D, H, dtype=torch.float64)
    x = randn(T, B, D)
    outputs = []
    for engine in HERE:
        layer.engine = engine
        assert layer.engine == engine
        outputs.append(layer(x)[0])
    for output in outputs[1:]:
        torch.testing.assert_close(output, outputs[0], **FLOAT64)


def test_engine_that_cannot_is_refused_when_made_and_when_set():
    layer = rnnbook.GRU(D, H)
    for wrong, sentence in (
        (
            "libary",
            "engine: expected one of auto, reference, python, compiled, triton, library; given",
        ),
        ("library", "engine: expected one other than 'library' with reset_after=False"),
        (None, "engine: expected one of auto"),
    ):
        with pytest.raises(ValueError, match=sentence):
            layer.engine = wrong
        with pytest.raises(ValueError, match=sentence):
            rnnbook.GRU(D, H, engine=wrong)
    assert layer.engine == "auto"
    projecting = rnnbook.LSTM(D, H, proj_size=2)
    with pytest.raises(ValueError, match="engine: expected 'library'"):
        projecting.engine = "python"


def without_its_gradient(layer, x):
    with torch.no_grad():
        return layer(x)[0]


def of_frozen_weights(layer, x):
    return layer.requires_grad_(False)(x)[0]


@pytest.fixture
def chosen(monkeypatch):
    """The engines that ``auto`` chooses, call by call."""
    names, choose = [], engines.choose

    def noting(*arguments):
        names.append(choose(*arguments))
        return names[-1]

    monkeypatch.setattr(engines, "choose", noting)
    return names


@pytest.mark.needs_compiler
@pytest.mark.parametrize("call", [without_its_gradient, of_frozen_weights])
@pytest.mark.parametrize("hidden_size", [engines.WIDE - 1, engines.WIDE, 2 * engines.WIDE])
def test_auto_takes_torchs_kernel_for_a_wide_lstm_without_gradient(hidden_size, call, chosen):
    torch.manual_seed(1)
    layer, x = rnnbook.LSTM(D, hidden_size, 2, bidirectional=True), torch.randn(T, B, D)
    expected = "library" if hidden_size >= engines.WIDE else "compiled"
    found = call(layer, x)
    assert chosen == [expected] * 4
    theirs = torch.nn.LSTM(D, hidden_size, 2, bidirectional=True)
    theirs.load_state_dict(layer.state_dict())
    torch.testing.assert_close(found, theirs(x)[0].detach(), rtol=1e-5, atol=1e-6)
    layer.engine = "compiled"
    torch.testing.assert_close(found, layer(x)[0].detach(), rtol=1e-5, atol=1e-6)


@pytest.mark.needs_compiler
@pytest.mark.parametrize(
    ("make", "options"),
    [
        (lambda: (rnnbook.LSTM(D, engines.WIDE), torch.randn(T, B, D)), {"lengths": LENGTHS}),
        (lambda: (rnnbook.LSTM(D, engines.WIDE), torch.randn(T, B, D)), {"trace": True}),
        (lambda: (rnnbook.LSTM(D, engines.WIDE).double(), randn(T, B, D)), {}),
        (lambda: (rnnbook.RNN(D, engines.WIDE), torch.randn(T, B, D)), {}),
        (lambda: (rnnbook.GRU(D, engines.WIDE, reset_after=True), torch.randn(T, B, D)), {}),
        (lambda: (rnnbook.GRU(D, engines.WIDE), torch.randn(T, B, D)), {}),
    ],
    ids=["ragged", "traced", "float64", "rnn", "gru after", "gru before"],
)
def test_auto_takes_the_compiled_loops_for_the_rest(make, options, chosen):
    layer, x = make()
    with torch.no_grad():
        layer(x, **options)
    assert chosen == ["compiled"]


@pytest.mark.needs_compiler
@pytest.mark.parametrize("wanted", ["weights", "input", "state"])
def test_auto_takes_the_compiled_loops_where_one_gradient_is_wanted(wanted, chosen):
    layer = rnnbook.LSTM(D, engines.WIDE).requires_grad_(wanted == "weights")
    x = torch.randn(T, B, D, requires_grad=wanted == "input")
    h = torch.zeros(1, B, engines.WIDE, requires_grad=wanted == "state")
    layer(x, (h, torch.zeros(1, B, engines.WIDE)))
    assert chosen == ["compiled"]


# PyTorch warns when its context sets the TF32 of oneDNN, to what it was, too; Intel GPUs use it.
@pytest.mark.filterwarnings("ignore:TF32 acceleration on top of oneDNN:UserWarning")
@pytest.mark.parametrize(
    ("expected", "why_not"),
    [pytest.param("compiled", "", marks=pytest.mark.needs_compiler), ("python", "no compiler.")],
)
def test_auto_does_without_onednn_where_it_is_switched_off(expected, why_not, chosen, monkeypatch):
    """PyTorch's own loop, which then serves, takes twice the compiled loops' time."""
    monkeypatch.setattr(compiled, "why_not", lambda: why_not)
    layer, x = rnnbook.LSTM(D, engines.WIDE), torch.randn(T, B, D)
    with_it = without_its_gradient(layer, x)
    with torch.backends.mkldnn.flags(enabled=False):
        without = without_its_gradient(layer, x)
    torch.testing.assert_close(without, with_it, rtol=1e-5, atol=1e-6)
    assert chosen == ["library", expected]


# Traces -------------------------------------------------------------------------------------------


def lstm_step(x, h, C, w_ih, w_hh, b_ih, b_hh):
    """PyTorch's documentation, checked here against PyTorch's own cell."""
    i, f, g, o = (x @ w_ih.T + b_ih + h @ w_hh.T + b_hh).chunk(4, -1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    C_next = f * C + i * g
    h_next = o * C_next.tanh()
    by_torch = torch.lstm_cell(x[None], (h[None], C[None]), w_ih, w_hh, b_ih, b_hh)
    torch.testing.assert_close(torch.stack([h_next, C_next]), torch.cat(by_torch), **FLOAT64)
    return {"f": f, "i": i, "C_tilde": g, "C": C_next, "o": o, "h": h_next}


def gru_after_step(x, h, C, w_ih, w_hh, b_ih, b_hh):
    r_x, z_x, n_x = (x @ w_ih.T + b_ih).chunk(3, -1)
    r_h, z_h, n_h = (h @ w_hh.T + b_hh).chunk(3, -1)
    r, z = (r_x + r_h).sigmoid(), (z_x + z_h).sigmoid()
    n = (n_x + r * n_h).tanh()
    h_next = (1 - z) * n + z * h
    by_torch = torch.gru_cell(x[None], h[None], w_ih, w_hh, b_ih, b_hh)[0]
    torch.testing.assert_close(h_next, by_torch, **FLOAT64)
    return {"z": z, "r": r, "h_tilde": n, "h": h_next}


def gru_before_step(x, h, C, w_ih, w_hh, b_ih, b_hh):
    r_x, z_x, n_x = (x @ w_ih.T + b_ih + b_hh).chunk(3, -1)
    W_r, W_z, W_n = w_hh.chunk(3)
    r, z = (r_x + h @ W_r.T).sigmoid(), (z_x + h @ W_z.T).sigmoid()
    n = (n_x + (r * h) @ W_n.T).tanh()
    return {"z": z, "r": r, "h_tilde": n, "h": (1 - z) * n + z * h}


def rnn_step(x, h, C, w_ih, w_hh, b_ih, b_hh):
    return {"h": torch.rnn_tanh_cell(x[None], h[None], w_ih, w_hh, b_ih, b_hh)[0]}


TRACED = {
    "rnn": (rnnbook.RNN, {}, rnn_step),
    "lstm": (rnnbook.LSTM, {}, lstm_step),
    "gru before": (rnnbook.GRU, {}, gru_before_step),
    "gru after": (rnnbook.GRU, {"reset_after": True}, gru_after_step),
}


@torch.no_grad()
def traced_by_hand(layer, step, x, start, lengths):
    """The quantities (L, directions, T, B, H), sequence by sequence and step by step."""
    directions = 1 + layer.bidirectional
    found = {}
    for n, direction in itertools.product(range(layer.num_layers), range(directions)):
        inputs = x if n == 0 else torch.cat(list(found["h"][n - 1]), -1)
        suffix = f"l{n}" + "_reverse" * direction
        weights = [
            getattr(layer, f"{kind}_{suffix}")
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        ]
        for k, length in enumerate(lengths):
            h, C = (s[n * directions + direction, k] for s in (start[0], start[-1]))
            for t in reversed(range(length)) if direction else range(length):
                quantities = step(inputs[t, k], h, C, *weights)
                h, C = quantities["h"], quantities.get("C")
                for name, value in quantities.items():
                    shape = (layer.num_layers, directions, *x.shape[:2], H)
                    found.setdefault(name, x.new_zeros(shape))[n, direction, t, k] = value
    return found


@pytest.mark.parametrize("engine", OWN_ENGINES)
@pytest.mark.parametrize("layout", ["plain", "batch_first", "unbatched", "ragged", "packed"])
@pytest.mark.parametrize("cell", TRACED)
def test_trace_shows_every_quantity_of_every_layer_direction_and_step(cell, layout, engine):
    cls, options, step = TRACED[cell]
    batch_first = layout == "batch_first"
    torch.manual_seed(3)
    layer = cls(
        D, H, 2, bidirectional=True, batch_first=batch_first, engine=engine, **options
    ).double()
    x, start = randn(T, B, D), start_of(layer)
    lengths = LENGTHS if layout in ("ragged", "packed") else (T,) * B
    given_, hx, options = x, start, {}
    if layout == "unbatched":
        x = given_ = x[:, 0]
        start = hx = tuple(s[:, 0] for s in start) if isinstance(start, tuple) else start[:, 0]
        x, lengths, start = x.unsqueeze(1), (T,), tuple(s.unsqueeze(1) for s in as_tuple(start))
    elif batch_first:
        given_ = x.transpose(0, 1)
    elif layout == "ragged":
        options = {"lengths": lengths}
    elif layout == "packed":
        given_ = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    output, state, trace = layer(given_, hx, trace=True, **options)
    plain_output, plain_state = layer(given_, hx, **options)

    plain = [plain_output.data, *as_tuple(plain_state)]
    compare([output.data, *as_tuple(state)], plain, **FLOAT64)
    expected = traced_by_hand(layer, step, x, as_tuple(start), lengths)
    assert set(trace._fields) == set(expected)
    for name, by_hand in expected.items():
        if layout == "unbatched":
            by_hand = by_hand.squeeze(3)
        elif batch_first:
            by_hand = by_hand.transpose(2, 3)
        value = getattr(trace, name)
        assert not value.requires_grad
        torch.testing.assert_close(value, by_hand, msg=lambda m, n=name: f"{n}: {m}", **FLOAT64)


@pytest.mark.parametrize("cell", ["rnn", "gru after"])
def test_trace_can_be_had_of_torchs_kernels_where_they_show_enough(cell):
    cls, options, _ = TRACED[cell]
    layer = cls(D, H, dtype=torch.float64, engine="library", **options)
    x = randn(T, B, D)
    trace = layer(x, trace=True)[2]
    layer.engine = "reference"
    compare(trace, layer(x, trace=True)[2], **FLOAT64)


def test_trace_leaves_the_gradients_alone():
    layer = rnnbook.LSTM(D, H, 2, dtype=torch.float64)
    x = randn(T, B, D)
    plain = torch.autograd.grad(layer(x)[0].sum(), list(layer.parameters()))
    traced = torch.autograd.grad(layer(x, trace=True)[0].sum(), list(layer.parameters()))
    compare(traced, plain, **FLOAT64)


def test_check_finite_names_the_parameter_and_the_place():
    layer = rnnbook.GRU(D, H, 2)
    layer.check_finite()
    with torch.no_grad():
        layer.weight_hh_l1[5, 2] = torch.nan
    with pytest.raises(ValueError, match=r"weight_hh_l1: expected finite.*nan at \[5, 2\]"):
        layer.check_finite()


# What PyTorch tests its own layers with -----------------------------------------------------------


@pytest.fixture(scope="module")
def module_cases():
    """PyTorch's cases for its RNN, LSTM and GRU: name -> (inputs, errors)."""
    from torch.testing._internal.common_modules import module_db

    cases = {}
    for info in module_db:
        if info.module_cls in (torch.nn.RNN, torch.nn.LSTM, torch.nn.GRU):
            more = {} if info.module_cls is torch.nn.LSTM else {"with_packed_sequence": True}
            arguments = {"device": "cpu", "dtype": torch.float64, "requires_grad": True}
            inputs = info.module_inputs_func(info, training=True, **arguments, **more)
            errors = [
                *info.module_error_inputs_func(info, training=True, **arguments),
                *info.module_error_inputs_func(
                    info, training=True, **(arguments | {"dtype": torch.float32})
                ),
            ]
            cases[info.module_cls.__name__] = (inputs, errors)
    return cases


def ours_like(name):
    return {"RNN": rnnbook.RNN, "LSTM": rnnbook.LSTM, "GRU": rnnbook.GRU}[name]


@pytest.mark.parametrize("engine", ALL_ENGINES)
@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_layer_passes_the_cases_that_torch_ships_for_its_own(name, engine, module_cases):
    inputs, _ = module_cases[name]
    assert len(inputs) >= 16
    ran = 0
    for case in inputs:
        args, kwargs = case.constructor_input.args, dict(case.constructor_input.kwargs)
        if kwargs.get("proj_size") and engine not in ("auto", "library"):
            continue
        ran += 1
        own = {"reset_after": True} if name == "GRU" else {}
        theirs = getattr(torch.nn, name)(*args, **kwargs, dtype=torch.float64)
        ours = ours_like(name)(*args, **kwargs, **own, engine=engine, dtype=torch.float64)
        ours.load_state_dict(theirs.state_dict())
        forward = case.forward_input
        found = flat(ours(*forward.args, **forward.kwargs))
        compare(found, flat(theirs(*forward.args, **forward.kwargs)), **FLOAT64)
        if not isinstance(forward.args[0], PackedSequence):
            judge = case.reference_fn(ours, *forward.args)
            compare(found, flat(judge), **FLOAT64)
    assert ran >= 16


def flat(results):
    output, state = results
    return [output.data if isinstance(output, PackedSequence) else output, *as_tuple(state)]


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_layer_raises_the_errors_that_torch_expects_of_its_own(name, module_cases):
    from torch.testing._internal.common_modules import ModuleErrorEnum

    _, errors = module_cases[name]
    assert len(errors) >= 20
    for case in errors:
        made, called = (case.module_error_input.constructor_input, case.module_error_input)
        if case.error_on is ModuleErrorEnum.CONSTRUCTION_ERROR:
            with pytest.raises(case.error_type, match=case.error_regex):
                ours_like(name)(*made.args, **made.kwargs)
        else:
            layer = ours_like(name)(*made.args, **made.kwargs)
            forward = called.forward_input
            with pytest.raises(case.error_type, match=case.error_regex):
                layer(*forward.args, **forward.kwargs)


# Properties ---------------------------------------------------------------------------------------

OUR_CELLS = ["tanh", "lstm", "gru", "gru before"]


def drawn(data, **options):
    """A random one of our layers in float64, with weights of order 1."""
    cell = data.draw(st.sampled_from(OUR_CELLS), "cell")
    engine = data.draw(st.sampled_from([e for e in HERE if e != "library"]), "engine")
    torch.manual_seed(data.draw(st.integers(0, 10**6), "seed"))
    if cell == "gru before":
        layer = rnnbook.GRU(D, H, engine=engine, **options)
    else:
        layer = CELLS[cell][1](D, H, engine=engine, **CELLS[cell][3], **options)
    layer = layer.double()
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    return layer


steps = st.integers(1, 6)
batches = st.lists(st.integers(1, 6), min_size=1, max_size=5)
layers = st.integers(1, 2)


@settings(max_examples=30)
@given(st.data(), steps, steps, layers)
def test_concatenating_sequences_is_carrying_the_state(data, first, second, num_layers):
    layer = drawn(data, num_layers=num_layers)
    x, hx = torch.randn(first + second, B, D).double(), start_of(layer)
    whole, last = layer(x, hx)
    begin, carried = layer(x[:first], hx)
    end, carried = layer(x[first:], carried)
    torch.testing.assert_close(torch.cat([begin, end]), whole, **FLOAT64)
    compare(as_tuple(carried), as_tuple(last), **FLOAT64)


@settings(max_examples=30)
@given(st.data(), batches, st.randoms(use_true_random=False))
def test_order_of_the_batch_does_not_matter(data, lengths, random):
    layer = drawn(data, bidirectional=True)
    x, hx = torch.randn(max(lengths), len(lengths), D).double(), start_of(layer, len(lengths))
    order = list(range(len(lengths)))
    random.shuffle(order)
    output, state = layer(x, hx, lengths=lengths)
    moved_hx = tuple(s[:, order] for s in as_tuple(hx))
    moved, moved_state = layer(
        x[:, order],
        moved_hx if len(moved_hx) > 1 else moved_hx[0],
        lengths=[lengths[k] for k in order],
    )
    torch.testing.assert_close(moved, output[:, order], **FLOAT64)
    compare(as_tuple(moved_state), [s[:, order] for s in as_tuple(state)], **FLOAT64)


@settings(max_examples=30)
@given(st.data(), batches, st.sampled_from([torch.nan, torch.inf, -1e300]), st.booleans())
def test_padding_never_leaks(data, lengths, garbage, batch_first):
    layer = drawn(data, bidirectional=True, num_layers=2, batch_first=batch_first)
    steps_ = max(lengths) + 1  # so that one step is padding in every sequence
    past = torch.arange(steps_).unsqueeze(1) >= torch.tensor(lengths)
    past = past.T if batch_first else past
    clean = torch.randn(*past.shape, D).double()
    runs = []
    for x in (clean, torch.where(past.unsqueeze(-1), garbage, clean)):
        x.requires_grad_()
        layer.zero_grad()
        output, state = layer(x, lengths=lengths)
        sum((r * r).sum() for r in (output, *as_tuple(state))).backward()
        runs.append([output, *as_tuple(state), x.grad, *(p.grad for p in layer.parameters())])
        assert not output[past].any()
        assert not x.grad[past].any()
    for a, b in zip(*runs, strict=True):
        assert torch.equal(a.detach(), b.detach())


@settings(max_examples=20)
@given(st.data(), batches)
def test_each_sequence_of_a_ragged_batch_is_what_it_is_alone(data, lengths):
    layer = drawn(data, bidirectional=True, num_layers=2)
    sequences = [torch.randn(length, D).double() for length in lengths]
    padded = torch.nn.utils.rnn.pad_sequence(sequences)
    output, state = layer(padded, lengths=lengths)
    packed, packed_state = layer(pack_sequence(sequences, enforce_sorted=False))
    torch.testing.assert_close(pad_packed_sequence(packed)[0], output, **FLOAT64)
    compare(as_tuple(packed_state), as_tuple(state), **FLOAT64)
    for k, sequence in enumerate(sequences):
        alone, alone_state = layer(sequence)
        torch.testing.assert_close(output[: len(sequence), k], alone, **FLOAT64)
        compare([s[:, k] for s in as_tuple(state)], as_tuple(alone_state), **FLOAT64)


@settings(max_examples=20)
@given(st.data(), batches)
def test_bidirectional_layer_is_two_layers_one_of_which_reads_backwards(data, lengths):
    both = drawn(data, bidirectional=True)
    torch.manual_seed(0)
    one = drawn(data)
    own = {"reset_after": both.reset_after} if isinstance(both, rnnbook.GRU) else {}
    singles = []
    for suffix in ("", "_reverse"):
        one = type(both)(D, H, engine=both.engine, **own).double()
        names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        one.load_state_dict({name: getattr(both, name + suffix) for name in names})
        singles.append(one)
    sequences = [torch.randn(length, D).double() for length in lengths]
    padded, backwards = (
        torch.nn.utils.rnn.pad_sequence(s) for s in (sequences, [s.flip(0) for s in sequences])
    )
    output, state = both(padded, lengths=lengths)
    forward, forward_state = singles[0](padded, lengths=lengths)
    reverse, reverse_state = singles[1](backwards, lengths=lengths)
    for k, length in enumerate(lengths):
        expected = torch.cat([forward[:length, k], reverse[:length, k].flip(0)], -1)
        torch.testing.assert_close(output[:length, k], expected, **FLOAT64)
    for whole, *parts in zip(*map(as_tuple, (state, forward_state, reverse_state)), strict=True):
        torch.testing.assert_close(whole, torch.cat(parts), **FLOAT64)


@settings(max_examples=20)
@given(st.data(), steps)
def test_hidden_states_stay_between_minus_one_and_one(data, length):
    layer = drawn(data, num_layers=2)
    x = 3 * torch.randn(length, B, D).double()
    assert (layer(x)[0].abs() < 1).all()


# Cost ---------------------------------------------------------------------------------------------


def backward_nodes(output):
    seen, todo = {}, [output.grad_fn]
    while todo:
        node = todo.pop()
        if node is not None and node not in seen:
            seen[node] = True
            todo += [following for following, _ in node.next_functions]
    return list(seen)


@pytest.mark.parametrize("cell", OUR_CELLS)
@pytest.mark.parametrize("engine", OWN_ENGINES)
def test_backward_is_linear_in_the_steps(cell, engine):
    """No step's node holds the size of the whole sequence: that would make backward quadratic."""
    sizes, whole = [], []
    for length in (9, 18, 27):
        if cell == "gru before":
            layer = rnnbook.GRU(D, H, engine=engine)
        else:
            layer = CELLS[cell][1](D, H, engine=engine, **CELLS[cell][3])
        rows = length * 7
        nodes = backward_nodes(layer(torch.randn(length, 7, D, requires_grad=True))[0])
        sizes.append(len(nodes))
        given_ = [tuple(getattr(node, "_saved_self_sym_sizes", ())) for node in nodes]
        whole.append(sum(shape[:1] in ((rows,), (length,)) for shape in given_))
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0]
    assert whole[0] == whole[1] == whole[2]
    if engine in ("python", "compiled", "auto"):
        assert sizes[0] == sizes[1]  # the whole sequence is one node
