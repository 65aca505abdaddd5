"""Models that hold layers through `torch.onnx.export`, run by onnxruntime and ONNX's reference."""

from __future__ import annotations

import onnx
import onnxruntime
import pytest
import torch
from onnx.reference import ReferenceEvaluator
from torch import Tensor
from torch.export import Dim
from torch.nn.utils.rnn import pack_padded_sequence

from rnnbook import GRU, LSTM, RNN

D, H, T, B, Q = 3, 4, 6, 5, 2
# PyTorch 2.13's exporter warns of itself, and so does the onnxscript that it calls.
pytestmark = pytest.mark.filterwarnings(
    "ignore:`isinstance.treespec, LeafSpec.` is deprecated:FutureWarning"
)

CELLS = {
    "rnn_tanh": (RNN, {}, "RNN"),
    "rnn_relu": (RNN, {"nonlinearity": "relu"}, "RNN"),
    "lstm": (LSTM, {}, "LSTM"),
    "gru_reset_before": (GRU, {}, "GRU"),
    "gru_reset_after": (GRU, {"reset_after": True}, "GRU"),
}
every_cell = pytest.mark.parametrize("cell", CELLS)


class Model(torch.nn.Module):
    """Somebody's: a layer between two others."""

    def __init__(self, cell: str, dtype: torch.dtype = torch.float32, **options) -> None:
        super().__init__()
        kind, more, _ = CELLS[cell]
        self.before = torch.nn.Linear(D, D, dtype=dtype)
        self.rnn = kind(D, H, dtype=dtype, **more, **options)
        width = H * (1 + self.rnn.bidirectional)
        self.after = torch.nn.Linear(width, Q, dtype=dtype)
        generator = torch.Generator().manual_seed(1)
        with torch.no_grad():  # biases of all gates unlike
            for p in self.parameters():
                p.copy_(torch.randn(p.shape, generator=generator, dtype=dtype) * 0.4)
        self.eval()

    def forward(self, x: Tensor, states: list[Tensor] | None = None, lengths: Tensor | None = None):
        hx = states if states is None else tuple(states) if len(states) > 1 else states[0]
        output, last = self.rnn(self.before(x), hx, lengths=lengths)
        return self.after(output), *(last if isinstance(last, tuple) else (last,))


def draw(*shape: int, seed: int = 2, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def export(model: torch.nn.Module, *inputs, **dynamic) -> onnx.ModelProto:
    program = torch.onnx.export(
        model, inputs, dynamic_shapes=dynamic or None, verbose=False, opset_version=18
    )
    onnx.checker.check_model(program.model_proto, full_check=True)
    return program.model_proto


def run(model: onnx.ModelProto, *inputs: Tensor) -> list[Tensor]:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    names = [value.name for value in session.get_inputs()]
    feeds = {name: value.numpy() for name, value in zip(names, inputs, strict=True)}
    return [torch.from_numpy(array) for array in session.run(None, feeds)]


def assert_same(ours: tuple, theirs: list, **tolerance: float) -> None:
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(b, a.detach(), **tolerance)


class Calls(torch.nn.Module):
    def __init__(self, layer: torch.nn.Module, call) -> None:
        super().__init__()
        self.layer, self.call = layer, call
        self.eval()

    def forward(self, x: Tensor) -> Tensor:
        return self.call(self.layer, x)[0]


@every_cell
@pytest.mark.parametrize("both", [False, True])
def test_a_model_with_a_layer_is_exported_as_onnxs_own_nodes(cell: str, both: bool) -> None:
    """With states and lengths as inputs; as many steps and sequences as one likes."""
    model = Model(cell, num_layers=2, bidirectional=both, batch_first=both)
    rows, names = 2 * (1 + both), ["h", "C"] if cell == "lstm" else ["h"]

    def arguments(steps: int, batch: int, lengths: list[int]) -> tuple:
        x = draw(*((batch, steps) if both else (steps, batch)), D)
        return x, [draw(rows, batch, H, seed=3) for _ in names], torch.tensor(lengths)

    axes = {0: Dim.DYNAMIC, 1: Dim.DYNAMIC}
    exported = export(
        model,
        *arguments(T, B, [6, 1, 3, 4, 6]),
        x=axes,
        states=[{1: Dim.DYNAMIC}] * len(names),
        lengths={0: Dim.DYNAMIC},
    )
    assert [n.op_type for n in exported.graph.node].count(CELLS[cell][2]) == 2
    assert {n.domain for n in exported.graph.node} == {""}
    for size in ((T, B, [6, 1, 3, 4, 6]), (9, 2, [9, 2]), (1, 1, [1])):
        x, states, lengths = arguments(*size)
        theirs = run(exported, x, *states, lengths)
        assert_same(model(x, states, lengths), theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("cell", ["rnn_tanh", "lstm", "gru_reset_before", "gru_reset_after"])
def test_onnxs_reference_computes_the_exported_model_in_float64(cell: str) -> None:
    """It has no relu and no second direction, and does not give an LSTM's last cell states."""
    model = Calls(Model(cell, torch.float64, bias=cell != "lstm"), lambda model, x: model(x))
    x = draw(T, B, D, dtype=torch.float64)
    exported = export(model, x)
    for node in exported.graph.node:
        if node.op_type == "LSTM":
            del node.output[2:]
    (theirs,) = ReferenceEvaluator(exported).run(None, {exported.graph.input[0].name: x.numpy()})
    torch.testing.assert_close(torch.from_numpy(theirs), model(x).detach(), rtol=0, atol=1e-12)


def test_one_sequence_without_a_batch_is_exported() -> None:
    model = Model("lstm", num_layers=2, bidirectional=True)
    x, states = draw(T, D), [draw(4, H), draw(4, H, seed=4)]
    exported = export(model, x, states, x={0: Dim.DYNAMIC}, states=[{}, {}])
    for steps in (T, 11):
        x = draw(steps, D)
        assert_same(model(x, states), run(exported, x, *states), rtol=1e-5, atol=1e-6)


def test_exporting_leaves_no_trace_in_the_layer() -> None:
    model, x = Model("lstm"), draw(T, B, D)
    before = model(x)
    export(model, x)
    assert all(torch.equal(a, b) for a, b in zip(before, model(x), strict=True))


REFUSED = {
    "a trace": (LSTM(D, H), lambda layer, x: layer(x, trace=True), "expected trace=False"),
    "a projection": (LSTM(D, H, proj_size=2), lambda layer, x: layer(x), "expected proj_size=0"),
    "a pack": (
        RNN(D, H),
        lambda layer, x: layer(pack_padded_sequence(x, [6, 5, 4, 3, 2])),
        "expected a padded tensor and lengths=",
    ),
    "lengths that are a list": (
        GRU(D, H),
        lambda layer, x: layer(x, lengths=[6, 5, 4, 3, 2]),
        "expected lengths that are a tensor",
    ),
    "dropout": (
        LSTM(D, H, 2, dropout=0.5),
        lambda layer, x: layer(x),
        "expected a model in evaluation mode",
    ),
    "another number of inputs": (
        LSTM(D + 1, H),
        lambda layer, x: layer(x),
        r"input: expected shape \(T, B, 4\)",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.filterwarnings("ignore:Exporting a model while it is in training mode:UserWarning")
def test_what_onnxs_nodes_cannot_say_is_refused_by_name(what: str) -> None:
    layer, call, words = REFUSED[what]
    model = Calls(layer, call).train(what == "dropout")
    with pytest.raises(torch.onnx.OnnxExporterError, match=words):
        torch.onnx.export(model, (draw(T, B, D),), verbose=False)
