"""The eight variants are ONNX's, PyTorch's with gates that are 1, and the paper's formulas."""

from __future__ import annotations

import itertools
import math

import numpy as np
import onnx
import onnx.reference
import onnxruntime
import pytest
import torch
from onnx import helper
from onnx.reference.ops import op_lstm

from rnnbook import lstm, variants
from rnnbook.layers import Recurrent
from rnnbook.variants import VARIANTS, Options, act, variant
from tests.problems import randn

T, B, D, H = 7, 3, 2, 4
FLOAT64 = {"rtol": 1e-12, "atol": 1e-12}
FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}
WHOLE = variant("nothing changed", Options())
ALL = {"nothing changed": WHOLE} | VARIANTS


def layer_of(record, dtype=torch.float64, **options):
    """A layer whose every number is its own, and large enough that each of them matters."""
    torch.manual_seed(1)
    layer = Recurrent(record, D, H, dtype=dtype, **options)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_()
    return layer


def rows_of(layer, name):
    """The rows of each gate of a stacked weight, by its letter."""
    parts = getattr(layer, name).detach().chunk(len(layer.record.gates))
    return dict(zip(layer.record.gates, parts, strict=True))


def start(record, dtype=torch.float64):
    return tuple(randn(1, B, H, seed=5 + n, dtype=dtype) for n in range(len(record.states)))


# --- PyTorch -------------------------------------------------------------------------------------


def torch_lstm(layer, ones=""):
    """`torch.nn.LSTM` with the layer's weights; of some gates a bias alone, at which σ is 1."""
    theirs = torch.nn.LSTM(D, H, dtype=torch.float64).requires_grad_(False)
    for name, parameter in theirs.named_parameters():
        rows = rows_of(layer, name)
        for gate, part in zip("ifco", parameter.chunk(4), strict=True):
            fixed = 40.0 if name == "bias_ih_l0" else 0.0
            part.copy_(rows[gate]) if gate not in ones else part.fill_(fixed)
    return theirs


def test_a_bias_of_forty_makes_pytorchs_gate_one_to_the_last_bit():
    assert torch.sigmoid(torch.tensor(40.0, dtype=torch.float64)) == 1


def test_with_nothing_changed_it_is_pytorchs_lstm_and_the_posts():
    layer, x = layer_of(WHOLE), randn(T, B, D)
    h, C = start(WHOLE)
    found, last = layer(x, (h, C))
    expected, state = torch_lstm(layer)(x, (h, C))
    torch.testing.assert_close(found, expected, **FLOAT64)
    torch.testing.assert_close(last, state, **FLOAT64)
    params = WHOLE.parameters(layer._weights(0, 0))
    step = WHOLE.equations(x[0], h[0], C[0], *params)
    torch.testing.assert_close(
        (step["h"], step["C"]), lstm.lstm_step(x[0], h[0], C[0], *params), **FLOAT64
    )


@pytest.mark.parametrize(
    ("gate", "title"), [("i", "no input gate"), ("f", "no forget gate"), ("o", "no output gate")]
)
def test_a_gate_that_is_taken_out_is_pytorchs_gate_at_one(gate, title):
    layer, x = layer_of(VARIANTS[title]), randn(T, B, D)
    found, last, trace = layer(x, start(layer.record), trace=True)
    assert gate not in layer.record.gates
    assert (getattr(trace, gate) == 1).all()
    expected, state = torch_lstm(layer, ones=gate)(x, start(layer.record))
    torch.testing.assert_close(found, expected, **FLOAT64)
    torch.testing.assert_close(last, state, **FLOAT64)


def test_several_gates_are_taken_out_at_once():
    layer, x = layer_of(variant("only the output gate", Options(without="if"))), randn(T, B, D)
    expected, _ = torch_lstm(layer, ones="if")(x)
    torch.testing.assert_close(layer(x)[0], expected, **FLOAT64)


# --- ONNX ----------------------------------------------------------------------------------------


def onnx_lstm(layer, **attributes):
    """The layer as a model of one operator; its parameters in ONNX's order i, o, f, c."""
    kind = np.float64 if layer.weight_ih_l0.dtype == torch.float64 else np.float32
    element = helper.np_dtype_to_tensor_dtype(np.dtype(kind))

    def stacked(name, order="iofc"):
        rows = rows_of(layer, name)
        zero = torch.zeros_like(rows["c"])  # of a gate that has no weights
        return torch.cat([rows.get(gate, zero) for gate in order])[None].numpy()

    p = torch.zeros(1, 3 * H, dtype=layer.weight_ih_l0.dtype)
    if "weight_p" in layer.record.more:
        of_i, of_f, of_o = layer.weight_p_l0.detach().chunk(3)
        p = torch.cat([of_i, of_o, of_f])[None]
    bias = np.concatenate([stacked("bias_ih_l0"), stacked("bias_hh_l0")], 1)
    weights = {
        "W": stacked("weight_ih_l0"),
        "R": stacked("weight_hh_l0"),
        "B": bias,
        "P": p.numpy(),
    }
    inputs = {"X": (T, B, D), "h": (1, B, H), "C": (1, B, H)}
    node = helper.make_node(
        "LSTM",
        ["X", "W", "R", "B", "", "h", "C", "P"],
        ["Y", "Y_h"],
        hidden_size=H,
        **attributes,
    )
    graph = helper.make_graph(
        [node],
        "lstm",
        [helper.make_tensor_value_info(name, element, shape) for name, shape in inputs.items()],
        [
            helper.make_tensor_value_info("Y", element, (T, 1, B, H)),
            helper.make_tensor_value_info("Y_h", element, (1, B, H)),
        ],
        [onnx.numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def by_reference(layer, x, h, C, **attributes):
    """ONNX's reference implementation, in the layer's precision."""
    run = onnx.reference.ReferenceEvaluator(onnx_lstm(layer, **attributes)).run
    return torch.from_numpy(run(["Y"], {"X": x.numpy(), "h": h[0].numpy(), "C": C[0].numpy()})[0])


def by_runtime(layer, x, h, C, **attributes):
    """ONNX Runtime, which knows all attributes and computes in single precision."""
    model = onnx_lstm(layer, **attributes).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    feed = {"X": x.numpy(), "h": h.numpy(), "C": C.numpy()}
    return torch.from_numpy(session.run(["Y"], feed)[0])


def test_peepholes_are_onnxs_in_double_precision():
    layer, x = layer_of(VARIANTS["peepholes"]), randn(T, B, D)
    h, C = start(layer.record)
    torch.testing.assert_close(layer(x, (h, C))[0], by_reference(layer, x, h, C)[:, 0], **FLOAT64)


@pytest.mark.parametrize(
    ("title", "attributes"),
    [
        ("peepholes", {}),
        ("coupled gates", {"input_forget": 1}),
        (
            "no input activation",
            {
                "activations": ["Sigmoid", "Affine", "Tanh"],
                "activation_alpha": [1.0],
                "activation_beta": [0.0],
            },
        ),
        (
            "no output activation",
            {
                "activations": ["Sigmoid", "Tanh", "Affine"],
                "activation_alpha": [1.0],
                "activation_beta": [0.0],
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_variants_that_onnx_has_are_onnx_runtimes(title, attributes):
    """Of coupled gates its specification says no more than "couple"; it is f = 1 − i, as here."""
    single = torch.float32
    layer, x = layer_of(VARIANTS[title], dtype=single), 0.5 * randn(T, B, D, dtype=single)
    h, C = start(layer.record, dtype=single)
    theirs = by_runtime(layer, x, h, C, **attributes)[:, 0]
    torch.testing.assert_close(layer(x, (h, C))[0], theirs, **FLOAT32)


@pytest.mark.parametrize(
    ("title", "function"), [("no input activation", "g"), ("no output activation", "h")]
)
def test_without_an_activation_it_is_onnxs_step_with_the_identity(title, function, monkeypatch):
    monkeypatch.setattr(op_lstm.CommonLSTM, function, lambda self, x: x)
    layer, x = layer_of(VARIANTS[title]), 0.5 * randn(T, B, D)
    h, C = start(layer.record)
    torch.testing.assert_close(layer(x, (h, C))[0], by_reference(layer, x, h, C)[:, 0], **FLOAT64)


def test_coupled_gates_are_pytorchs_lstm_with_the_input_gates_weights_negated():
    layer, x = layer_of(VARIANTS["coupled gates"]), randn(T, B, D)
    theirs = torch.nn.LSTM(D, H, dtype=torch.float64).requires_grad_(False)
    for name, parameter in theirs.named_parameters():
        rows = rows_of(layer, name)
        rows["f"] = -rows["i"]  # σ(−a) = 1 − σ(a)
        parameter.copy_(torch.cat([rows[gate] for gate in "ifco"]))
    expected, state = theirs(x, start(layer.record))
    found, last = layer(x, start(layer.record))
    torch.testing.assert_close(found, expected, **FLOAT64)
    torch.testing.assert_close(last, state, **FLOAT64)


# --- the paper's formulas ------------------------------------------------------------------------


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


def by_formulas(layer, x, states):
    """Full gate recurrence, number by number: every gate sees every gate of the step before."""
    W, U, b, c = (
        {gate: rows.numpy() for gate, rows in rows_of(layer, name).items()}
        for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    )
    R = layer.weight_r_l0.detach().numpy()
    place = {"i": 0, "f": H, "o": 2 * H}
    outputs = np.zeros((T, B, H))
    h, C, *gates = (state[0].numpy() for state in states)
    before = dict(zip("ifo", gates, strict=True))
    for t in range(T):
        now = {gate: np.zeros((B, H)) for gate in "ifo"}
        new_h, new_C = np.zeros((B, H)), np.zeros((B, H))
        for n, j in itertools.product(range(B), range(H)):
            a = {}
            for gate in "ifoc":
                a[gate] = b[gate][j] + c[gate][j]
                a[gate] += sum(W[gate][j, d] * x[t, n, d].item() for d in range(D))
                a[gate] += sum(U[gate][j, k] * h[n, k] for k in range(H))
            for gate, source in itertools.product("ifo", repeat=2):
                a[gate] += sum(
                    R[place[source] + k, place[gate] + j] * before[source][n, k] for k in range(H)
                )
            for gate in "ifo":
                now[gate][n, j] = sigmoid(a[gate])
            written = now["i"][n, j] * math.tanh(a["c"])
            new_C[n, j] = now["f"][n, j] * C[n, j] + written
            new_h[n, j] = now["o"][n, j] * math.tanh(new_C[n, j])
        h, C, before = new_h, new_C, now
        outputs[t] = h
    return torch.from_numpy(outputs), [h, C, *(before[gate] for gate in "ifo")]


def test_full_gate_recurrence_is_the_papers_formulas_number_by_number():
    layer, x = layer_of(VARIANTS["full gate recurrence"]), randn(T, B, D)
    expected, state = by_formulas(layer, x, start(layer.record))
    found, last = layer(x, start(layer.record))
    torch.testing.assert_close(found.detach(), expected, **FLOAT64)
    for ours, theirs in zip(last, state, strict=True):
        torch.testing.assert_close(ours[0].detach(), torch.from_numpy(theirs), **FLOAT64)


def test_peepholes_and_recurrent_gates_that_are_zero_change_nothing():
    both = variant("more", Options(peepholes=True, full_gate_recurrence=True))
    layer, plain, x = layer_of(both), layer_of(WHOLE), randn(T, B, D)
    with torch.no_grad():
        layer.weight_p_l0.zero_()
        layer.weight_r_l0.zero_()
        for name, parameter in plain.named_parameters():
            parameter.copy_(getattr(layer, name))
    torch.testing.assert_close(layer(x)[0], torch_lstm(plain)(x)[0], **FLOAT64)


# --- counts, ranges, derivatives -----------------------------------------------------------------

COUNTS = {
    "nothing changed": 4 * (D + H + 1) * H,
    "no input gate": 3 * (D + H + 1) * H,
    "no forget gate": 3 * (D + H + 1) * H,
    "no output gate": 3 * (D + H + 1) * H,
    "no input activation": 4 * (D + H + 1) * H,
    "no output activation": 4 * (D + H + 1) * H,
    "coupled gates": 3 * (D + H + 1) * H,
    "peepholes": 4 * (D + H + 1) * H + 3 * H,
    "full gate recurrence": 4 * (D + H + 1) * H + 9 * H**2,
}


@pytest.mark.parametrize("title", ALL)
def test_parameters_are_counted(title):
    layer = layer_of(ALL[title])
    held = sum(part.numel() for part in layer.parameters()) - layer.bias_hh_l0.numel()
    assert held == ALL[title].options.parameters(D, H) == COUNTS[title]


def test_there_are_eight_and_each_says_what_it_changes():
    assert list(VARIANTS) == list(COUNTS)[1:]
    names = [one.abbreviation for one in VARIANTS.values()]
    assert names == ["NIG", "NFG", "NOG", "NIAF", "NOAF", "CIFG", "", "FGR"]
    assert all(one.changed and one.title == title for title, one in VARIANTS.items())
    assert len({one.name for one in VARIANTS.values()}) == 8


@pytest.mark.parametrize("title", ALL)
def test_every_parameter_is_differentiated(title):
    layer, x = layer_of(ALL[title]), randn(T, B, D)
    names, values = zip(*layer.named_parameters(), strict=True)

    def outputs(x, *values):
        return torch.func.functional_call(layer, dict(zip(names, values, strict=True)), (x,))[0]

    leaves = [part.detach().clone().requires_grad_() for part in (x, *values)]
    assert torch.autograd.gradcheck(outputs, leaves, fast_mode=True)


@pytest.mark.parametrize("title", ALL)
def test_rows_are_layers(title):
    """Networks side by side compute what each of them computes as a layer by itself."""
    record, found = ALL[title], []
    layers, x = [layer_of(record) for _ in range(2)], randn(2, T, B, D)
    with torch.no_grad():
        for parameter in layers[1].parameters():
            parameter.mul_(-0.5)
    params = [[part.detach() for part in record.parameters(one._weights(0, 0))] for one in layers]
    blocks = 3 * len(record.options.blocks)
    for one in params:
        W_x, W_h, b = (torch.cat(one[kind:blocks:3], -1) for kind in range(3))
        found.append([W_x, W_h, b, *one[blocks:]])
    W_x, W_h, b, *more = (torch.stack(parts) for parts in zip(*found, strict=True))
    from_x = torch.einsum("ntbd,ndk->ntbk", x, W_x) + b[:, None, None]
    seen = variants.trace(record.options, from_x, W_h, *more)
    for n, layer in enumerate(layers):
        _, _, trace = layer(x[n], trace=True)
        for name in record.quantities:
            expected = getattr(trace, name)[0, 0]
            torch.testing.assert_close(seen[name][n], expected, **FLOAT64)


@pytest.mark.parametrize("leading", [(), (2,), (2, 3)])
def test_a_step_has_any_leading_dimensions(leading):
    options = Options(peepholes=True)
    a = {block: randn(*leading, B, H, seed=n) for n, block in enumerate("ifoc")}
    C, p = randn(*leading, B, H, seed=9), randn(*leading, 3 * H, seed=10)
    seen = act(options, a, C, p)
    for place in itertools.product(*map(range, leading)):
        alone = act(options, {block: part[place] for block, part in a.items()}, C[place], p[place])
        for name, part in alone.items():
            torch.testing.assert_close(seen[name][place], part, **FLOAT64)


def test_without_the_forget_gate_the_cell_state_grows_by_one_a_step_at_most():
    """|C_t| ≤ |C_0| + t, and it comes as near to that as i and the candidate to 1."""
    layer = layer_of(VARIANTS["no forget gate"])
    steps = torch.arange(1, 51).view(-1, 1, 1)
    _, _, trace = layer(5 * randn(50, B, D), trace=True)
    assert (trace.C[0, 0].abs() <= steps).all()
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.fill_(40 * (name == "bias_ih_l0"))
    _, _, trace = layer(randn(50, B, D), trace=True)
    assert (trace.C[0, 0] == steps).all()


def test_with_coupled_gates_the_cell_state_stays_within_one():
    layer = layer_of(VARIANTS["coupled gates"])
    _, _, trace = layer(randn(200, B, D), trace=True)
    assert trace.C.abs().max() < 1
    _, _, free = layer_of(WHOLE)(randn(200, B, D), trace=True)
    assert free.C.abs().max() > 1, "what the coupling prevents does happen"


def test_a_gate_that_is_taken_out_stays_out_where_gates_are_coupled():
    ones = torch.ones(B, H)
    a = {block: randn(B, H, seed=n) for n, block in enumerate("oc")}
    assert torch.equal(act(Options(without="i", coupled=True), a, ones)["f"], 0 * ones)
    a |= {"i": ones}
    assert torch.equal(act(Options(without="f", coupled=True), a, ones)["f"], ones)


@pytest.mark.parametrize(("name", "letters"), [("without", "c"), ("linear", "f")])
def test_what_cannot_be_taken_out_is_named(name, letters):
    with pytest.raises(ValueError, match=f"{name}: expected letters of '...?', given '{letters}'"):
        Options(**{name: letters})
