"""Layers to and from elsewhere: the peers themselves must compute the same numbers.

Weights are random in every comparison, biases included, for constant ones cannot tell one gate from
another.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import hypothesis.strategies as st
import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from hypothesis import given, settings
from onnx.backend.test.loader import load_model_tests
from onnx.reference import ReferenceEvaluator
from torch import Tensor

from rnnbook import GRU, LSTM, RNN, convert
from rnnbook.convert import onnx as onnx_nodes
from rnnbook.convert.backwards import Backwards
from rnnbook.gru import gru_trace
from rnnbook.shapes import ShapeError
from tests import posts_code

ROOT = Path(__file__).resolve().parent.parent

D, H, T, B = 3, 4, 6, 5
# Keras asks its own variables for arrays (in get_weights) in a way that NumPy 2 warns of.
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"
)

TIGHT = {"rtol": 0, "atol": 1e-12}  # float64: rounding
LOOSE = {"rtol": 1e-5, "atol": 1e-6}  # float32: rounding, as the peers' own tests have it

LAYERS = {
    "rnn_tanh": (RNN, {}),
    "rnn_relu": (RNN, {"nonlinearity": "relu"}),
    "lstm": (LSTM, {}),
    "gru_reset_before": (GRU, {"reset_after": False}),
    "gru_reset_after": (GRU, {"reset_after": True}),
}
every_cell = pytest.mark.parametrize("cell", LAYERS)


def make(cell: str, seed: int = 1, dtype: torch.dtype = torch.float64, **options):
    """A layer whose weights and biases are random and not small."""
    kind, more = LAYERS[cell]
    layer = kind(options.pop("size", D), H, dtype=dtype, **more, **options)
    generator = torch.Generator().manual_seed(seed)
    scale = 0.2 if cell == "rnn_relu" else 0.5  # relu has no bound: large ones would cancel
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator, dtype=dtype) * scale)
    return layer


def draw(*shape: int, seed: int = 2, dtype: torch.dtype = torch.float64) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def start(layer, batch: int = B) -> list[Tensor]:
    """Random initial states."""
    rows = layer.num_layers * (1 + layer.bidirectional)
    names = ["h", "C"] if isinstance(layer, LSTM) else ["h"]
    return [
        draw(rows, batch, H, seed=k, dtype=layer.weight_hh_l0.dtype) for k, _ in enumerate(names)
    ]


def run(layer, x: Tensor, states: list[Tensor] | None = None, **options) -> list[Tensor]:
    """Outputs and last states of one of our layers, or of PyTorch's."""
    if states is not None:
        options["hx"] = tuple(states) if len(states) > 1 else states[0]
    with torch.no_grad():
        output, last = layer(x, **options)
    return [output, *last] if isinstance(last, tuple) else [output, last]


def assert_same(ours: list, theirs: list, **tolerance: float) -> None:
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(torch.as_tensor(b), a, check_dtype=False, **tolerance)


def assert_identical(first: dict[str, Tensor], second: dict[str, Tensor]) -> None:
    """The same names, dtypes and bits."""
    assert first.keys() == second.keys()
    for name in first:
        assert first[name].dtype == second[name].dtype
        assert torch.equal(first[name], second[name]), name


# --- torch.nn ------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["rnn_tanh", "rnn_relu", "lstm", "gru_reset_after"])
@pytest.mark.parametrize("batch_first", [False, True])
def test_pytorchs_module_and_our_layer_compute_the_same(cell: str, batch_first: bool) -> None:
    for layers, both, bias in itertools.product((1, 2), (False, True), (False, True)):
        options = {"num_layers": layers, "bidirectional": both, "bias": bias}
        layer = make(cell, batch_first=batch_first, **options)
        module = convert.to_torch(layer)
        assert type(module) is getattr(torch.nn, type(layer).__name__)
        x, states = draw(T, T, D), start(layer, T)
        assert_same(run(layer, x, states), run(module, x, states), **TIGHT)
        back = convert.from_torch(module)
        assert_identical(back.state_dict(), layer.state_dict())
        assert repr(back) == repr(layer)


def test_pytorchs_projection_dropout_and_mode_are_carried() -> None:
    module = torch.nn.LSTM(D, H, 2, dropout=0.25, proj_size=2, dtype=torch.float64).eval()
    layer = convert.from_torch(module)
    assert (layer.proj_size, layer.dropout, layer.training) == (2, 0.25, False)
    assert_same(run(layer, draw(T, B, D)), run(module, draw(T, B, D)), **TIGHT)
    assert_identical(convert.to_torch(layer).state_dict(), module.state_dict())


def test_what_a_layer_computes_decides_and_not_what_its_attributes_say() -> None:
    after, before = make("gru_reset_after"), make("gru_reset_before")
    tanh, relu = make("rnn_tanh"), make("rnn_relu")
    vars(after)["reset_after"], vars(before)["reset_after"] = False, True
    vars(tanh)["nonlinearity"], vars(relu)["nonlinearity"] = "relu", "tanh"
    x = draw(T, B, D)
    for layer in (after, tanh, relu):
        assert_same(run(layer, x), run(convert.to_torch(layer), x), **TIGHT)
    with pytest.raises(ValueError, match="expected a GRU with reset_after=True"):
        convert.to_torch(before)
    assert convert.to_keras(after)[2].shape == (2, 3 * H)
    assert convert.to_keras(before)[2].shape == (3 * H,)
    for layer in (after, before, tanh, relu):
        model = convert.to_onnx(layer.float())
        feeds = {"input": x.float()}
        assert_same(run(layer, x.float()), run_onnx(model, feeds), **LOOSE)
    module = torch.nn.RNN(D, H, nonlinearity="relu", dtype=torch.float64)
    module.nonlinearity = "tanh"  # PyTorch goes on computing relu
    assert_same(run(convert.from_torch(module), x), run(module, x), **TIGHT)


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_a_module_with_a_forward_of_its_own_is_refused(name: str) -> None:
    class Plain(getattr(torch.nn, name)):
        pass

    class Mine(getattr(torch.nn, name)):
        def forward(self, input, hx=None):
            return super().forward(2 * input, hx)

    assert type(convert.from_torch(Plain(D, H))).__name__ == name
    words = (
        f"module: expected torch.nn.{name} itself, for Mine has a forward of its own; given Mine"
    )
    with pytest.raises(TypeError, match=f"^{words}$"):
        convert.from_torch(Mine(D, H))
    patched = Plain(D, H)
    patched.forward = lambda input, hx=None: None
    with pytest.raises(TypeError, match="for Plain has a forward of its own"):
        convert.from_torch(patched)


def test_a_layer_with_a_forward_of_its_own_is_refused() -> None:
    class Mine(LSTM):
        def forward(self, input, hx=None, **options):
            return super().forward(2 * input, hx, **options)

    peers = (convert.to_torch, convert.to_keras, convert.to_onnx_weights, convert.to_post)
    for to_peer in (*peers, convert.to_onnx):
        with pytest.raises(TypeError, match=r"^layer: expected rnnbook\.LSTM itself, for Mine"):
            to_peer(Mine(D, H))


def test_the_value_of_a_parametrization_is_copied_as_a_plain_parameter() -> None:
    class Twice(torch.nn.Module):
        def forward(self, weight):
            return 2 * weight

    module = torch.nn.LSTM(D, H, dtype=torch.float64)
    module.bias_hh_l0.requires_grad_(False)
    torch.nn.utils.parametrize.register_parametrization(module, "weight_hh_l0", Twice())
    layer = convert.from_torch(module)
    assert_same(run(layer, draw(T, B, D)), run(module, draw(T, B, D)), **TIGHT)
    assert {name for name, p in layer.named_parameters() if p.requires_grad} == {
        f"{kind}_l0" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    }


def test_a_conversion_copies_and_draws_no_random_number() -> None:
    layer = make("lstm")
    before = torch.get_rng_state()
    module = convert.to_torch(layer)
    arrays = convert.to_keras(layer) + convert.to_onnx_weights(layer)
    params = convert.to_post(layer)
    copies = [convert.from_torch(module), convert.from_keras(arrays[:3], "LSTM")]
    copies += [convert.from_onnx_weights(arrays[3:], "LSTM"), convert.from_post(params)[0]]
    assert torch.equal(torch.get_rng_state(), before)
    wanted = {name: p.clone() for name, p in layer.state_dict().items()}
    for array in arrays:
        array[:] = 0
    for tensor in [*params, *module.state_dict().values()]:
        tensor.zero_()
    assert_identical(layer.state_dict(), wanted)
    assert all(copy.weight_ih_l0.abs().min() > 0 for copy in copies)
    assert all(p.requires_grad for copy in copies for p in copy.parameters())


# --- Keras ---------------------------------------------------------------------------------------


# On PyTorch the products in Keras's own loops are rounded to float32, whatever the layer's dtype
# (its type promotion knows float64 on TensorFlow only), so float64 layers agree no better.


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    """Keras on PyTorch; imported here, for it takes seconds."""
    os.environ["KERAS_BACKEND"] = "torch"
    os.environ["KERAS_HOME"] = str(ROOT / "_build" / "keras")  # it writes its settings there
    import keras

    assert keras.backend.backend() == "torch"
    return keras


def keras_layer(keras: ModuleType, layer, size: int = D, **options):
    """A built layer of Keras like one of ours, with other weights."""
    settings = {"units": H, "use_bias": layer.bias, "return_sequences": True, "return_state": True}
    settings["dtype"] = str(layer.weight_ih_l0.dtype).removeprefix("torch.")
    if isinstance(layer, RNN):
        settings["activation"] = layer.nonlinearity
    if isinstance(layer, GRU):
        settings["reset_after"] = layer.reset_after
    names = {RNN: "SimpleRNN", LSTM: "LSTM", GRU: "GRU"}
    theirs = getattr(keras.layers, names[type(layer)])(**settings | options)
    if layer.bidirectional:
        theirs = keras.layers.Bidirectional(theirs, dtype=settings["dtype"])
    theirs.build((None, None, size))
    return theirs


def run_keras(theirs, x: Tensor, states: list[Tensor] | None = None, **options) -> list[Tensor]:
    """Outputs and last states, the states stacked as ours are: (directions, B, H)."""
    if states is not None:  # Keras wants the states of one direction after those of the other
        options["initial_state"] = [s[k] for k in range(len(states[0])) for s in states]
    with torch.no_grad():
        output, *last = theirs(x, **options)
    directions = 1 + (type(theirs).__name__ == "Bidirectional")
    kinds = len(last) // directions
    return [output, *(torch.stack(last[k::kinds]) for k in range(kinds))]


def test_a_z_near_one_keeps_the_old_state_in_keras_as_in_pytorch(keras: ModuleType) -> None:
    """Chapter 7 says so: neither has Chung et al.'s z, with which a z near 1 would write."""
    theirs = keras_layer(keras, GRU(D, H))
    x, h = torch.randn(1, B, D), torch.randn(1, B, H)
    gru = torch.nn.GRU(D, H).requires_grad_(False)
    for bias, keeps in ((40.0, True), (-40.0, False)):
        W_x, W_h, b = theirs.get_weights()
        b[..., :H] = bias  # Keras stacks z, r, h
        theirs.set_weights([W_x, W_h, b])
        gru.bias_ih_l0[H : 2 * H] = bias  # PyTorch stacks r, z, n
        for last in (run_keras(theirs, x, [h])[1], gru(x, h)[1]):
            assert torch.allclose(last, h, rtol=0, atol=1e-6) == keeps


@pytest.mark.parametrize("reset_after", [False, True])
def test_the_gru_of_chapter_10_is_the_one_of_keras(keras: ModuleType, reset_after: bool) -> None:
    """By the equations themselves, weights unpacked here: Keras stacks z, r, h like the post."""
    theirs = keras_layer(keras, GRU(D, H, reset_after=reset_after))
    drawn = [draw(*w.shape, dtype=torch.float32) for w in map(torch.tensor, theirs.get_weights())]
    theirs.set_weights([w.numpy() for w in drawn])
    W_x, W_h, b = drawn
    outside = (b[0] if reset_after else b).clone()
    if reset_after:
        outside[: 2 * H] += b[1, : 2 * H]  # of z and r the two biases are added
    parts = zip(W_x.split(H, 1), W_h.split(H, 1), outside.split(H), strict=True)
    weights = [tensor for part in parts for tensor in part]
    x, h = draw(B, T, D, dtype=torch.float32), draw(B, H, dtype=torch.float32)
    more = (True, b[1, 2 * H :]) if reset_after else ()
    ours = gru_trace(x.transpose(0, 1), (h,), weights, *more)["h"].transpose(0, 1)
    output, last = run_keras(theirs, x, [h[None]])
    assert_same([ours, ours[None, :, -1]], [output, last], **LOOSE)


@every_cell
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_keras_computes_the_same(
    keras: ModuleType, cell: str, bidirectional: bool, bias: bool
) -> None:
    layer = make(cell, bidirectional=bidirectional, bias=bias, batch_first=True)
    theirs = keras_layer(keras, layer)
    theirs.set_weights(convert.to_keras(layer))
    x, states = draw(B, T, D), start(layer)
    assert_same(run(layer, x), run_keras(theirs, x), **LOOSE)
    assert_same(run(layer, x, states), run_keras(theirs, x, states), **LOOSE)
    again = convert.from_keras_layers(theirs)
    assert again.batch_first
    assert again.bias == bias
    assert_same(run(again, x, states), run_keras(theirs, x, states), **LOOSE)


@every_cell
def test_keras_computes_the_same_in_float32(keras: ModuleType, cell: str) -> None:
    layer = make(cell, batch_first=True, dtype=torch.float32)
    theirs = keras_layer(keras, layer)
    theirs.set_weights(convert.to_keras(layer))
    x = draw(B, T, D, dtype=torch.float32)
    assert_same(run(layer, x), run_keras(theirs, x), **LOOSE)
    assert convert.from_keras_layers(theirs).weight_ih_l0.dtype == torch.float32


@every_cell
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_stack_of_keras_layers_computes_the_same(
    keras: ModuleType, cell: str, bidirectional: bool
) -> None:
    layer = make(cell, num_layers=3, bidirectional=bidirectional, batch_first=True)
    sizes = [D, *[H * (1 + bidirectional)] * 2]
    stack = [keras_layer(keras, layer, size, return_state=False) for size in sizes]
    model = keras.Sequential(stack)
    model.set_weights(convert.to_keras(layer))
    x = draw(B, T, D)
    with torch.no_grad():
        theirs = model(x)
    assert_same(run(layer, x)[:1], [theirs], **LOOSE)
    again = convert.from_keras_layers(stack)
    assert again.num_layers == 3
    assert_same(run(again, x)[:1], [theirs], **LOOSE)


@every_cell
@pytest.mark.parametrize("bidirectional", [False, True])
def test_keras_with_a_mask_computes_what_lengths_do(
    keras: ModuleType, cell: str, bidirectional: bool
) -> None:
    layer = make(cell, bidirectional=bidirectional, batch_first=True)
    theirs = keras_layer(keras, layer)
    theirs.set_weights(convert.to_keras(layer))
    lengths = torch.tensor([4, 6, 1, 2, 6])
    mask = torch.arange(T) < lengths.unsqueeze(1)
    x = draw(B, T, D)
    ours, others = run(layer, x, lengths=lengths), run_keras(theirs, x, mask=mask)
    others[0] = others[0] * mask.unsqueeze(2)  # past an end Keras repeats, and ours are zero
    assert_same(ours, others, **LOOSE)


@every_cell
def test_a_keras_layer_that_goes_backwards_is_our_second_direction(
    keras: ModuleType, cell: str
) -> None:
    layer = make(cell, bidirectional=True, batch_first=True)
    arrays = convert.to_keras(layer)
    one_way = make(cell, batch_first=True)
    theirs = keras_layer(keras, one_way, go_backwards=True)
    theirs.set_weights(arrays[3:])
    x = draw(B, T, D)
    output, *last = run_keras(theirs, x)
    ours, *ours_last = run(layer, x)
    assert_same([ours[..., H:]], [output.flip(1)], **LOOSE)  # Keras's first output is the last step
    assert_same([s[1:] for s in ours_last], last, **LOOSE)


@every_cell
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_from_keras_and_back_is_the_identity(
    keras: ModuleType, cell: str, bidirectional: bool, bias: bool
) -> None:
    like = make(cell, bidirectional=bidirectional, bias=bias)
    theirs = keras_layer(keras, like)
    weights = [np.random.default_rng(3).normal(size=w.shape) for w in theirs.get_weights()]
    theirs.set_weights(weights)
    back = convert.to_keras(convert.from_keras_layers(theirs))
    assert [w.dtype for w in back] == [np.dtype("float64")] * len(weights)
    assert all(np.array_equal(a, b) for a, b in zip(back, weights, strict=True))
    assert all(w.flags.c_contiguous for w in back)


def test_one_bias_of_keras_is_the_sum_of_pytorchs_two() -> None:
    layer = make("lstm")
    again = convert.from_keras(convert.to_keras(layer), "LSTM", batch_first=False)
    torch.testing.assert_close(
        again.bias_ih_l0, layer.bias_ih_l0 + layer.bias_hh_l0, rtol=0, atol=0
    )
    assert torch.equal(again.bias_hh_l0, torch.zeros(4 * H, dtype=torch.float64))
    assert_same(run(again, draw(T, B, D)), run(layer, draw(T, B, D)), **TIGHT)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("LSTM", {"activation": "relu"}, "activation 'tanh'"),
        ("LSTM", {"recurrent_activation": "hard_sigmoid"}, "recurrent_activation 'sigmoid'"),
        ("GRU", {"recurrent_activation": "hard_sigmoid"}, "recurrent_activation 'sigmoid'"),
        ("GRU", {"activation": "softsign"}, "activation 'tanh'"),
        ("SimpleRNN", {"activation": "gelu"}, "activation 'tanh' or 'relu'"),
        ("SimpleRNN", {"go_backwards": True}, "go_backwards False"),
        ("LSTM", {"stateful": True}, "stateful False"),
        ("LSTM", {"dropout": 0.5}, "dropout 0"),
        ("GRU", {"recurrent_dropout": 0.5}, "recurrent_dropout 0"),
    ],
)
def test_a_setting_of_keras_that_we_have_not_is_refused(
    keras: ModuleType, name: str, options: dict, words: str
) -> None:
    theirs = getattr(keras.layers, name)(H, **options)
    with pytest.raises(ValueError, match=rf"^layers\[0\]: expected {words}, for .*; given "):
        convert.from_keras_layers(theirs)


@pytest.mark.parametrize("merge_mode", ["sum", "mul", "ave", None])
def test_directions_that_keras_merges_otherwise_are_refused(
    keras: ModuleType, merge_mode: str | None
) -> None:
    theirs = keras.layers.Bidirectional(keras.layers.LSTM(H), merge_mode=merge_mode)
    with pytest.raises(ValueError, match=f"merge_mode 'concat', .* given {merge_mode!r}"):
        convert.from_keras_layers(theirs)


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
def test_a_keras_layer_with_dropout_is_taken_for_inference(keras: ModuleType, name: str) -> None:
    kind = getattr(keras.layers, name)
    options = {"dropout": 0.5, "recurrent_dropout": 0.25, "return_sequences": True}
    for theirs in (kind(H, **options), keras.layers.Bidirectional(kind(H, **options))):
        x = draw(B, T, D, dtype=torch.float32)
        with torch.no_grad():
            wanted = theirs(x, training=False)
        with pytest.raises(ValueError, match=r"dropout 0, .*does nothing: say ignore_dropout=T"):
            convert.from_keras_layers(theirs)
        layer = convert.from_keras_layers(theirs, ignore_dropout=True)
        assert layer.dropout == 0
        assert_same(run(layer, x)[:1], [wanted], **LOOSE)


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
def test_what_is_refused_of_keras_can_be_done_by_hand_as_it_says(
    keras: ModuleType, name: str
) -> None:
    kind = getattr(keras.layers, name)
    x = draw(B, T, D, dtype=torch.float32)
    theirs = kind(H, return_sequences=True, go_backwards=True)
    with torch.no_grad():
        wanted = theirs(x)
    with pytest.raises(ValueError, match=r"get_weights\(\), …\) the input flipped, x\.flip\(1\)$"):
        convert.from_keras_layers(theirs)
    layer = convert.from_keras(theirs.get_weights(), name)
    assert_same(run(layer, x.flip(1))[:1], [wanted], **LOOSE)

    merge = {"sum": torch.add, "mul": torch.mul, "ave": lambda a, b: (a + b) / 2}
    for mode, function in merge.items():
        theirs = keras.layers.Bidirectional(kind(H, return_sequences=True), merge_mode=mode)
        with torch.no_grad():
            wanted = theirs(x)
        with pytest.raises(ValueError, match=r"output\.chunk\(2, -1\) gives the two directions"):
            convert.from_keras_layers(theirs)
        layer = convert.from_keras(theirs.get_weights(), name, bidirectional=True)
        output, *_ = run(layer, x)
        assert_same([function(*output.chunk(2, -1))], [wanted], **LOOSE)

    theirs = kind(H, return_sequences=True, stateful=True)
    with torch.no_grad():
        wanted = [theirs(x), theirs(x)]
    with pytest.raises(ValueError, match=r"set layer\.stateful = False, and give the layer made"):
        convert.from_keras_layers(theirs)
    theirs.stateful = False
    layer = convert.from_keras_layers(theirs)
    with torch.no_grad():
        first, state = layer(x)
        assert_same([first, layer(x, state)[0]], wanted, **LOOSE)


def test_hard_sigmoids_of_keras_are_refused_with_the_only_way_out(keras: ModuleType) -> None:
    theirs = keras.layers.LSTM(H, recurrent_activation="hard_sigmoid")
    words = (
        "given 'hard_sigmoid'; no weights make up for it: train on in Keras with 'sigmoid' first"
    )
    with pytest.raises(ValueError, match=words):
        convert.from_keras_layers(theirs)


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
def test_a_keras_layer_that_computes_something_of_its_own_is_refused(
    keras: ModuleType, name: str
) -> None:
    kind = getattr(keras.layers, name)

    def call(self, sequences, initial_state=None, mask=None, training=False):
        return kind.call(self, 2 * sequences, initial_state, mask, training)

    def inner_loop(self, sequences, *arguments, **options):
        return kind.inner_loop(self, 2 * sequences, *arguments, **options)

    x = draw(B, T, D, dtype=torch.float32)
    for method in (call, inner_loop):
        mine = type(name, (kind,), {method.__name__: method})(H)
        with torch.no_grad():
            mine(x)
        words = rf"^layers\[0\]: expected Keras's {name} itself, .* has a {method.__name__} of"
        with pytest.raises(TypeError, match=words):
            convert.from_keras_layers(mine)
        inside = keras.layers.Bidirectional(kind(H))
        inside.forward_layer = mine
        with pytest.raises(
            TypeError, match=rf"^layers\[0\]\.forward_layer: expected Keras's {name}"
        ):
            convert.from_keras_layers(inside)
    plain = type("Renamed", (kind,), {})(H)
    with torch.no_grad():
        wanted = plain(x)
    assert_same([run(convert.from_keras_layers(plain), x)[0][:, -1]], [wanted], **LOOSE)

    own_cell = kind(H)
    cell = type(own_cell.cell)
    own_cell.cell.__class__ = type(
        "Mine", (cell,), {"call": lambda self, *a, **k: cell.call(self, *a)}
    )
    with pytest.raises(TypeError, match=rf"^layers\[0\]\.cell: expected Keras's {name}Cell itself"):
        convert.from_keras_layers(own_cell)


def test_keras_layers_that_do_not_fit_are_refused(keras: ModuleType) -> None:
    layers = keras.layers
    unbuilt = r"layers\[{}\]: expected a built layer, given one without weights; call it once"
    with pytest.raises(ValueError, match=unbuilt.format(0)):
        convert.from_keras_layers(layers.LSTM(H))
    built = keras_layer(keras, make("lstm"))
    with pytest.raises(ValueError, match=unbuilt.format(1)):
        convert.from_keras_layers([built, layers.LSTM(H)])
    with pytest.raises(TypeError, match="given Dense"):
        convert.from_keras_layers(layers.Dense(H))
    with pytest.raises(TypeError, match=r"layers\[0\]: .* given LSTM"):
        convert.from_keras_layers(torch.nn.LSTM(D, H))
    with pytest.raises(ValueError, match="at least one layer"):
        convert.from_keras_layers([])
    pairs = [
        ("kind", layers.LSTM(H), layers.GRU(H)),
        ("units", layers.LSTM(H), layers.LSTM(H + 1)),
        ("use_bias", layers.LSTM(H), layers.LSTM(H, use_bias=False)),
        ("activation", layers.SimpleRNN(H), layers.SimpleRNN(H, activation="relu")),
        ("reset_after", layers.GRU(H), layers.GRU(H, reset_after=False)),
        ("bidirectional", layers.LSTM(H), layers.Bidirectional(layers.LSTM(H))),
    ]
    for setting, first, second in pairs:
        with pytest.raises(ValueError, match=rf"layers\[1\]: expected {setting} "):
            convert.from_keras_layers([first, second])
    unlike = layers.Bidirectional(
        layers.GRU(H), backward_layer=layers.GRU(H, reset_after=False, go_backwards=True)
    )
    with pytest.raises(ValueError, match="two directions that are alike"):
        convert.from_keras_layers(unlike)


# --- ONNX ----------------------------------------------------------------------------------------


def run_onnx(model: onnx.ModelProto, feeds: dict[str, Tensor]) -> list[np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return session.run(None, {name: value.numpy() for name, value in feeds.items()})


@every_cell
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_onnxruntime_runs_an_exported_layer_to_the_same_numbers(
    cell: str, batch_first: bool, bidirectional: bool
) -> None:
    lengths = torch.tensor([4, 6, 1, 2, 6])
    for layers, bias, given_state, ragged in itertools.product((1, 3), *[(False, True)] * 3):
        layer = make(
            cell,
            dtype=torch.float32,
            num_layers=layers,
            bidirectional=bidirectional,
            bias=bias,
            batch_first=batch_first,
        )
        model = convert.to_onnx(layer, initial_state=given_state, lengths=ragged)
        x = draw(*((B, T) if batch_first else (T, B)), D, dtype=torch.float32)
        feeds, states = {"input": x}, None
        if given_state:
            states = start(layer)
            feeds |= dict(zip(("h_0", "C_0"), states, strict=False))
        if ragged:
            feeds["lengths"] = lengths.int()
        ours = run(layer, x, states, lengths=lengths if ragged else None)
        assert_same(ours, run_onnx(model, feeds), **LOOSE)


@every_cell
def test_onnxruntime_runs_float16_and_refuses_float64(cell: str) -> None:
    """As the documentation of `to_onnx` says; if this fails, a newer onnxruntime knows more."""
    half = make(cell, dtype=torch.float16)
    x = draw(T, B, D, dtype=torch.float16)
    theirs = run_onnx(convert.to_onnx(half), {"input": x})
    assert theirs[0].dtype == np.float16
    assert_same(run(half, x), theirs, rtol=1e-2, atol=5e-3)  # a few roundings of 2**-11
    # Its errors share no class but Exception: some are found when loading, others when running.
    with pytest.raises(Exception, match=r"NOT_IMPLEMENTED|does not support"):
        run_onnx(convert.to_onnx(make(cell)), {"input": x.double()})


def test_an_exported_model_takes_any_number_of_steps_and_sequences(tmp_path: Path) -> None:
    layer = make("lstm", dtype=torch.float32, bidirectional=True, num_layers=2)
    path = tmp_path / "lstm.onnx"
    model = convert.to_onnx(layer, path)
    assert onnx.load(path) == model
    assert [value.name for value in model.graph.output] == ["output", "h_n", "C_n"]
    for steps, batch in ((1, 1), (1, 7), (20, 1), (9, 8)):
        x = draw(steps, batch, D, dtype=torch.float32)
        assert_same(run(layer, x), run_onnx(model, {"input": x}), **LOOSE)


@every_cell
@pytest.mark.parametrize("bidirectional", [False, True])
def test_an_exported_layer_can_be_read_back_from_its_nodes(cell: str, bidirectional: bool) -> None:
    layer = make(cell, num_layers=2, bidirectional=bidirectional)
    graph = convert.to_onnx(layer).graph
    values = {value.name: onnx.numpy_helper.to_array(value) for value in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == type(layer).__name__]
    attributes = [
        {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute} for node in nodes
    ]
    assert attributes[0] == attributes[1]
    weights = [values[name] for node in nodes for name in node.input[1:4]]
    again = convert.from_onnx_weights(weights, nodes[0].op_type, num_layers=2, **attributes[0])
    assert_identical(again.state_dict(), layer.state_dict())
    assert again.cell == layer.cell


def test_an_exported_layer_is_the_one_that_does_not_train() -> None:
    layer = make("lstm", dtype=torch.float32, num_layers=2, dropout=0.5)
    x = draw(T, B, D, dtype=torch.float32)
    theirs = run_onnx(convert.to_onnx(layer), {"input": x})
    assert_same(run(layer.eval(), x), theirs, **LOOSE)


def evaluate(op: str, x: Tensor, weights: list[np.ndarray], states=(), **attributes) -> list:
    """One recurrent node in ONNX's reference evaluator: outputs and last hidden states.

    It computes in float64, but one direction only, no relu and no sequence lengths, and it does not
    give the last cell states.
    """
    arrays = {"X": x.numpy(), **dict(zip("WRB", weights, strict=False))}
    inputs = [name if name in arrays else "" for name in ("X", "W", "R", "B")]
    arrays |= dict(zip(("initial_h", "initial_c"), (s.numpy() for s in states), strict=False))
    inputs += ["", *(name for name in ("initial_h", "initial_c") if name in arrays)]
    node = onnx.helper.make_node(op, inputs, ["Y", "Y_h"], hidden_size=H, **attributes)
    return ReferenceEvaluator(node).run(None, arrays)


def node_model(
    op: str, weights: list[np.ndarray], ends: list[str], **attributes
) -> onnx.ModelProto:
    """One recurrent node, with lengths and initial states as inputs."""
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    starts = [f"initial_{end[-1]}" for end in ends]
    node = helper.make_node(
        op, ["X", "W", "R", "B", "lengths", *starts], ["Y", *ends], hidden_size=H, **attributes
    )
    inputs = [helper.make_tensor_value_info("X", number, ["T", "B", D])]
    inputs.append(helper.make_tensor_value_info("lengths", onnx.TensorProto.INT32, ["B"]))
    inputs += [helper.make_tensor_value_info(name, number, [1, "B", H]) for name in starts]
    outputs = [helper.make_tensor_value_info("Y", number, ["T", 1, "B", H])]
    outputs += [helper.make_tensor_value_info(name, number, [1, "B", H]) for name in ends]
    constants = [onnx.numpy_helper.from_array(w, n) for w, n in zip(weights, "WRB", strict=True)]
    graph = helper.make_graph([node], "node", inputs, outputs, constants)
    return helper.make_model_gen_version(graph, opset_imports=[helper.make_opsetid("", 17)])


@every_cell
@pytest.mark.parametrize("batch_first", [False, True])
def test_a_node_that_only_goes_backwards_computes_what_onnxruntime_does(
    cell: str, batch_first: bool
) -> None:
    like = make(cell, dtype=torch.float32)
    op, weights, states = type(like).__name__, convert.to_onnx_weights(like), start(like)
    attributes = {"direction": "reverse"}
    if cell == "rnn_relu":
        attributes["activations"] = ["Relu"]
    if isinstance(like, GRU):
        attributes["linear_before_reset"] = int(like.reset_after)
    ends = ["Y_h", "Y_c"][: len(states)]
    model = node_model(op, weights, ends, **attributes)
    layer = convert.from_onnx_weights(weights, op, layout=int(batch_first), **attributes)
    assert isinstance(layer, Backwards)
    x = draw(T, B, D, dtype=torch.float32)
    ours_x = x.transpose(0, 1) if batch_first else x
    for lengths in ([T] * B, [4, 6, 1, 2, 6]):
        feeds = {"X": x, "lengths": torch.tensor(lengths).int()}
        feeds |= {f"initial_{end[-1]}": s for end, s in zip(ends, states, strict=True)}
        Y, *last = run_onnx(model, feeds)
        wanted = [Y[:, 0].swapaxes(0, 1) if batch_first else Y[:, 0], *last]
        options = {} if lengths[0] == T else {"lengths": torch.tensor(lengths)}
        assert_same(run(layer, ours_x, tuple(states), **options), wanted, **LOOSE)


@every_cell
def test_a_layer_that_goes_backwards_is_the_second_direction_of_another(cell: str) -> None:
    both = make(cell, bidirectional=True)
    op, weights = type(both).__name__, [w[1:] for w in convert.to_onnx_weights(both)]
    attributes = {"direction": "reverse"}
    if cell == "rnn_relu":
        attributes["activations"] = ["Relu"]
    if isinstance(both, GRU):
        attributes["linear_before_reset"] = int(both.reset_after)
    layer = convert.from_onnx_weights(weights, op, **attributes)
    x, lengths = draw(T, B, D), torch.tensor([4, 6, 1, 2, 6])
    pack = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    for sequences, options in ((x, {}), (x[:, 0], {}), (x, {"lengths": lengths}), (pack, {})):
        output, *last = run(both, sequences, **options)
        found, *found_last = run(layer, sequences, **options)
        output, found = (y if isinstance(y, Tensor) else y.data for y in (output, found))
        assert_same([output[..., H:], *(s[1:] for s in last)], [found, *found_last], **TIGHT)
    stack = convert.from_onnx_weights(
        weights + convert.to_onnx_weights(make(cell, size=H)), op, num_layers=2, **attributes
    )
    second = make(cell, size=H)
    wanted = run(second, run(layer, x)[0].flip(0))[0].flip(0)
    assert_same([run(stack, x)[0]], [wanted], **TIGHT)


@pytest.mark.parametrize("cell", [cell for cell in LAYERS if cell != "rnn_relu"])
@pytest.mark.parametrize("bias", [False, True])
def test_onnxs_reference_computes_the_same_in_float64(cell: str, bias: bool) -> None:
    layer = make(cell, bidirectional=True, bias=bias)
    op = type(layer).__name__
    attributes = {"linear_before_reset": int(layer.reset_after)} if isinstance(layer, GRU) else {}
    x, states = draw(T, B, D), start(layer)
    output, h_n = run(layer, x, states)[:2]
    weights = convert.to_onnx_weights(layer)
    for k, order in enumerate((lambda y: y, lambda y: y.flip(0))):
        of_one = [w[k : k + 1] for w in weights]
        Y, Y_h = evaluate(op, order(x), of_one, [s[k : k + 1] for s in states], **attributes)
        ours = [order(output)[..., k * H : (k + 1) * H], h_n[k : k + 1]]
        assert_same(ours, [Y[:, 0], Y_h], **TIGHT)
        one_way = convert.from_onnx_weights(of_one, op, **attributes)
        assert_same(run(one_way, order(x), [s[k : k + 1] for s in states])[:2], ours, **TIGHT)


NODE_TESTS = {
    case.name.removeprefix("test_"): Path(case.model_dir)
    for case in load_model_tests(kind="node")
    if any(word in case.name for word in ("_lstm_", "_gru_", "_rnn_"))
}


def read_tensor(path: Path) -> np.ndarray:
    tensor = onnx.TensorProto()
    tensor.ParseFromString(path.read_bytes())
    return np.array(onnx.numpy_helper.to_array(tensor))  # a copy, for PyTorch wants to write


def node_test(name: str) -> tuple[onnx.NodeProto, dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Node, inputs and outputs of one of ONNX's node tests."""
    folder = NODE_TESTS[name]
    graph = onnx.load(folder / "model.onnx").graph
    data = folder / "test_data_set_0"

    def read(values, kind: str) -> dict[str, np.ndarray]:
        return {v.name: read_tensor(data / f"{kind}_{k}.pb") for k, v in enumerate(values)}

    return graph.node[0], read(graph.input, "input"), read(graph.output, "output")


def test_onnx_ships_the_node_tests_that_we_reproduce() -> None:
    assert len(NODE_TESTS) == 12
    assert sum("lstm" in name for name in NODE_TESTS) == 4


@pytest.mark.parametrize("name", [name for name in NODE_TESTS if "peepholes" not in name])
def test_onnxs_node_tests_give_their_outputs(name: str) -> None:
    node, inputs, outputs = node_test(name)
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    weights = [inputs[n] for n in ("W", "R", "B") if n in inputs]
    layer = convert.from_onnx_weights(weights, node.op_type, **attributes)
    output, h_n = run(layer, torch.tensor(inputs["X"]))[:2]
    # ONNX has an axis of directions in Y, and with layout=1 the batch before it in both.
    ours = {"Y": output.unsqueeze(2 if layer.batch_first else 1), "Y_h": h_n}
    if layer.batch_first:
        ours["Y_h"] = h_n.transpose(0, 1)
    assert {"Y_h"} <= outputs.keys() <= ours.keys()
    for key, expected in outputs.items():
        assert_same([ours[key]], [expected], rtol=1e-3, atol=1e-7)  # the node tests' own


def test_onnxs_node_test_of_peepholes_is_refused_by_name() -> None:
    node, inputs, _ = node_test("lstm_with_peepholes")
    weights = [inputs[name] for name in ("W", "R", "B")]
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    convert.from_onnx_weights(weights, "LSTM", **attributes)
    with pytest.raises(ValueError, match=r"^P: expected none, .* \(peepholes\); given shape"):
        convert.from_onnx_weights(weights, "LSTM", P=inputs["P"], **attributes)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"direction": "up"}, "direction: expected 'forward', 'reverse' or 'bidirectional'; given"),
        ({"clip": 3.0}, "clip: expected none, for"),
        ({"input_forget": 1}, "input_forget: expected none, for"),
        ({"activations": ["HardSigmoid", "Tanh", "Tanh"]}, "activations: expected"),
        ({"activations": ["Sigmoid", "Tanh"]}, "activations: expected"),
        ({"activation_alpha": [0.2]}, "activation_alpha: expected none, for"),
    ],
)
def test_an_attribute_of_onnx_that_we_have_not_is_refused(attributes: dict, words: str) -> None:
    weights = convert.to_onnx_weights(make("lstm"))
    with pytest.raises(ValueError, match=f"^{words}"):
        convert.from_onnx_weights(weights, "LSTM", **attributes)


def test_attributes_of_onnx_that_do_nothing_are_accepted() -> None:
    weights = convert.to_onnx_weights(make("lstm", bidirectional=True))
    layer = convert.from_onnx_weights(
        weights,
        "LSTM",
        direction="bidirectional",
        hidden_size=H,
        input_forget=0,
        activations=["Sigmoid", "tanh", "TANH"] * 2,
        activation_alpha=[],
        P=None,
    )
    assert layer.bidirectional
    relu = convert.to_onnx_weights(make("rnn_relu"))
    assert convert.from_onnx_weights(relu, "RNN", activations=["Relu"]).nonlinearity == "relu"


def test_without_the_package_onnx_the_export_says_what_is_missing(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)  # import onnx fails
    with pytest.raises(ImportError, match=r"to_onnx needs the package onnx, .*pip install onnx"):
        convert.to_onnx(make("lstm"))


def test_the_converter_imports_no_peer() -> None:
    code = (
        "import sys, rnnbook.convert; "
        "print([m for m in ('keras', 'onnx', 'onnxruntime') if m in sys.modules])"
    )
    said = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT)
    assert said == "[]\n"


# --- the post ------------------------------------------------------------------------------------


POSTS = {"lstm": (posts_code.lstm, 14), "gru_reset_before": (posts_code.gru, 11)}


@pytest.mark.parametrize("cell", POSTS)
@pytest.mark.parametrize("bias", [False, True])
def test_the_posts_code_computes_the_same(cell: str, bias: bool) -> None:
    layer = make(cell, bias=bias)
    read_out = torch.nn.Linear(H, 2, dtype=torch.float64)
    function, count = POSTS[cell]
    params = convert.to_post(layer, read_out)
    assert len(params) == count
    x, states = draw(T, B, D), start(layer)
    with torch.no_grad():
        outputs, last = function(x, [s[0] for s in states], params)
        ours, *ours_last = run(layer, x, states)
        wanted = [read_out(ours).flatten(0, 1), *(s[0] for s in ours_last)]
    assert_same(wanted, [outputs, *last], **TIGHT)


@pytest.mark.parametrize(("cell", "gates"), [("rnn_tanh", 1), ("lstm", 4), ("gru_reset_before", 3)])
@pytest.mark.parametrize("outputs", [0, 2])
def test_from_the_post_and_back_is_the_identity(cell: str, gates: int, outputs: int) -> None:
    shapes = [(D, H), (H, H), (H,)] * gates + [(H, outputs), (outputs,)] * (outputs > 0)
    params = [draw(*shape, seed=k) for k, shape in enumerate(shapes)]
    layer, read_out = convert.from_post(params)
    assert type(layer) is LAYERS[cell][0]
    assert (read_out is None) == (outputs == 0)
    back = convert.to_post(layer, read_out)
    assert all(torch.equal(a, b) for a, b in zip(back, params, strict=True))
    if cell in POSTS and outputs:
        states = [s[0] for s in start(layer)]
        with torch.no_grad():
            theirs, _ = POSTS[cell][0](draw(T, B, D), states, params)
            ours = read_out(run(layer, draw(T, B, D), [s.unsqueeze(0) for s in states])[0])
        assert_same([ours.flatten(0, 1)], [theirs], **TIGHT)


def test_a_read_out_without_bias_has_a_zero_one_in_the_post() -> None:
    read_out = torch.nn.Linear(H, 2, bias=False, dtype=torch.float64)
    assert torch.equal(convert.to_post(make("lstm"), read_out)[-1], torch.zeros(2).double())


@pytest.mark.parametrize("kind", onnx_nodes.ONNX_ATTRIBUTES, ids=lambda kind: kind.__name__)
def test_the_attributes_named_in_an_error_are_those_of_onnxs_schema(kind: type) -> None:
    schema = onnx.defs.get_schema(kind.__name__, onnx_nodes.OPSET)
    assert set(onnx_nodes.ONNX_ATTRIBUTES[kind]) == set(schema.attributes)


# --- properties ----------------------------------------------------------------------------------

a_layer = st.builds(
    make,
    st.sampled_from(list(LAYERS)),
    seed=st.integers(0, 9),
    dtype=st.sampled_from([torch.float16, torch.float32, torch.float64]),
    size=st.integers(1, 5),
    num_layers=st.integers(1, 3),
    bidirectional=st.booleans(),
    bias=st.booleans(),
)


@given(layer=a_layer, batch_first=st.booleans())
@settings(max_examples=60)
def test_to_onnx_weights_and_back_is_the_identity(layer, batch_first: bool) -> None:
    options = {"layout": int(batch_first), "num_layers": layer.num_layers}
    options["direction"] = "bidirectional" if layer.bidirectional else "forward"
    if isinstance(layer, RNN):
        options["activations"] = [layer.nonlinearity.capitalize()] * (1 + layer.bidirectional)
    if isinstance(layer, GRU):
        options["linear_before_reset"] = int(layer.reset_after)
    weights = convert.to_onnx_weights(layer)
    again = convert.from_onnx_weights(weights, type(layer).__name__, **options)
    assert_identical(again.state_dict(), layer.state_dict())
    assert (again.cell, again.batch_first) == (layer.cell, batch_first)


@given(layer=a_layer)
@settings(max_examples=60)
def test_to_keras_and_back_changes_no_number_but_the_split_of_the_bias(layer) -> None:
    names = {RNN: "SimpleRNN", LSTM: "LSTM", GRU: "GRU"}
    options = {"activation": layer.nonlinearity} if isinstance(layer, RNN) else {}
    if isinstance(layer, GRU):
        options["reset_after"] = layer.reset_after
    options |= {"num_layers": layer.num_layers, "bidirectional": layer.bidirectional}
    again = convert.from_keras(convert.to_keras(layer), names[type(layer)], **options)
    assert again.cell == layer.cell
    merged = layer.cell != "gru_reset_after"
    wanted = dict(layer.state_dict())
    for name in [n for n in wanted if merged and n.startswith("bias_ih")]:
        second = name.replace("bias_ih", "bias_hh")
        wanted[name], wanted[second] = (
            wanted[name] + wanted[second],
            torch.zeros_like(wanted[second]),
        )
    assert_identical(again.state_dict(), wanted)


# --- what is refused -----------------------------------------------------------------------------

LSTM_ARRAYS = convert.to_keras(make("lstm"))
GRU_ARRAYS = convert.to_keras(make("gru_reset_after"))
LSTM_NODE = convert.to_onnx_weights(make("lstm"))
GRU_NODE = convert.to_onnx_weights(make("gru_reset_after"))
PARAMS = convert.to_post(make("lstm"))

REFUSED = {
    # torch.nn
    "GRU that resets before": (
        lambda: convert.to_torch(make("gru_reset_before")),
        (ValueError, "layer: expected a GRU with reset_after=True, for .* given reset_after=False"),
    ),
    "no layer of ours": (
        lambda: convert.to_torch(torch.nn.LSTM(D, H)),
        (TypeError, "layer: expected an rnnbook .* given torch.nn.* use from_torch first"),
    ),
    "no layer at all": (
        lambda: convert.to_keras(3),
        (TypeError, "layer: expected an rnnbook .* given builtins.int"),
    ),
    "a module of PyTorch that is no recurrent layer": (
        lambda: convert.from_torch(torch.nn.LSTMCell(D, H)),
        (TypeError, "module: expected a torch.nn.RNN, .* given LSTMCell"),
    ),
    # Keras
    "projection in Keras": (
        lambda: convert.to_keras(make("lstm", proj_size=2)),
        (ValueError, "layer: expected proj_size=0, for Keras .* given 2"),
    ),
    "unknown kind": (
        lambda: convert.from_keras(LSTM_ARRAYS, "ConvLSTM1D"),
        (ValueError, "kind: expected one of SimpleRNN, LSTM, GRU; given 'ConvLSTM1D'"),
    ),
    "other activation": (
        lambda: convert.from_keras(LSTM_ARRAYS, "LSTM", activation="relu"),
        (ValueError, "activation: expected 'tanh', for .* given 'relu'"),
    ),
    "too few arrays": (
        lambda: convert.from_keras(LSTM_ARRAYS[:1], "LSTM"),
        (ValueError, "weights: expected 2 arrays, or 3 with biases; given 1"),
    ),
    "no array": (
        lambda: convert.from_keras([], "LSTM", num_layers=2),
        (ValueError, "weights: expected 4 arrays, or 6 with biases; given 0"),
    ),
    "no layers": (
        lambda: convert.from_keras([], "LSTM", num_layers=0),
        (ValueError, "^num_layers: expected at least 1, given 0"),
    ),
    "a truth value for a number of layers": (
        lambda: convert.from_keras(LSTM_ARRAYS, "LSTM", num_layers=True),
        (TypeError, "^num_layers: expected a whole number, given True"),
    ),
    "bidirectional that is a word": (
        lambda: convert.from_keras(LSTM_ARRAYS, "LSTM", bidirectional="yes"),
        (TypeError, "^bidirectional: expected a bool, given str"),
    ),
    "reset_after that is a word": (
        lambda: convert.from_keras(GRU_ARRAYS, "GRU", reset_after="no"),
        (TypeError, "^reset_after: expected a bool, given str"),
    ),
    "batch_first that is a number": (
        lambda: convert.from_keras(GRU_ARRAYS, "GRU", batch_first=1),
        (TypeError, "^batch_first: expected a bool, given int"),
    ),
    "kind and weights swapped": (
        lambda: convert.from_keras("LSTM", LSTM_ARRAYS),
        (TypeError, "^kind: expected one of SimpleRNN, LSTM, GRU; given list"),
    ),
    "another kind's arrays": (
        lambda: convert.from_keras(GRU_ARRAYS[:2], "LSTM"),
        (ShapeError, r"weights\[0\]: expected shape \(D, 4H\) with H = 4 .* given \(3, 12\)"),
    ),
    "recurrent kernel that is not H wide": (
        lambda: convert.from_keras([LSTM_ARRAYS[0], LSTM_ARRAYS[1][:3]], "LSTM"),
        (ShapeError, r"expected shape \(D, 4H\) with H = 3 from weights\[1\]; given \(3, 16\)"),
    ),
    "a second layer that does not fit": (
        lambda: convert.from_keras(LSTM_ARRAYS * 2, "LSTM", num_layers=2),
        (ShapeError, r"weights\[3\]: expected shape \(H, 4H\) with .* given \(3, 16\)"),
    ),
    "reset_after that contradicts the bias": (
        lambda: convert.from_keras(GRU_ARRAYS, "GRU", reset_after=False),
        (ValueError, r"reset_after: expected True .* bias of shape \(2, 12\); given False"),
    ),
    "bias that contradicts reset_after": (
        lambda: convert.from_keras(convert.to_keras(make("gru_reset_before")), "GRU"),
        (ValueError, r"reset_after: expected False .* bias of shape \(12,\); given True"),
    ),
    "whole numbers": (
        lambda: convert.from_keras([a.astype(int) for a in LSTM_ARRAYS], "LSTM"),
        (TypeError, r"weights\[0\]: expected a floating-point tensor, given int64"),
    ),
    "mixed dtypes": (
        lambda: convert.from_keras([LSTM_ARRAYS[0], LSTM_ARRAYS[1].astype("f4")], "LSTM"),
        (TypeError, r"weights\[1\]: expected float64 like weights\[0\], given float32"),
    ),
    "no numbers": (
        lambda: convert.from_keras(["W", "R"], "LSTM"),
        (TypeError, r"weights\[0\]: expected an array of numbers"),
    ),
    "no list": (
        lambda: convert.from_keras(LSTM_ARRAYS[0], "LSTM"),
        (TypeError, "weights: expected a list of arrays, given ndarray"),
    ),
    "bfloat16": (
        lambda: convert.to_keras(make("lstm").bfloat16()),
        (TypeError, "layer: expected float16, float32 or float64, .* torch.bfloat16"),
    ),
    # ONNX
    "projection in ONNX": (
        lambda: convert.to_onnx(make("lstm", proj_size=2)),
        (ValueError, "layer: expected proj_size=0, for ONNX .* given 2"),
    ),
    "unknown operator": (
        lambda: convert.from_onnx_weights(LSTM_NODE, "SimpleRNN"),
        (ValueError, "op_type: expected one of RNN, LSTM, GRU; given 'SimpleRNN'"),
    ),
    "operator and weights swapped": (
        lambda: convert.from_onnx_weights("LSTM", LSTM_NODE),
        (TypeError, "^op_type: expected one of RNN, LSTM, GRU; given list"),
    ),
    "unknown attribute": (
        lambda: convert.from_onnx_weights(LSTM_NODE, "LSTM", foo=3),
        (TypeError, "^foo: expected an attribute of ONNX's LSTM, one of .*clip.*; given foo=3$"),
    ),
    "linear_before_reset that is 2": (
        lambda: convert.from_onnx_weights(GRU_NODE, "GRU", linear_before_reset=2),
        (ValueError, "^linear_before_reset: expected 0 or 1, given 2"),
    ),
    "linear_before_reset that is a word": (
        lambda: convert.from_onnx_weights(GRU_NODE, "GRU", linear_before_reset="x"),
        (TypeError, "^linear_before_reset: expected 0 or 1, given 'x'"),
    ),
    "linear_before_reset of an LSTM": (
        lambda: convert.from_onnx_weights(LSTM_NODE, "LSTM", linear_before_reset=1),
        (ValueError, "^linear_before_reset: expected 0 for ONNX's LSTM, .*; given 1"),
    ),
    "activations that are one word": (
        lambda: convert.from_onnx_weights(LSTM_NODE, "LSTM", activations="Tanh"),
        (TypeError, "^activations: expected a list of names, given str"),
    ),
    "activations that are numbers": (
        lambda: convert.from_onnx_weights(LSTM_NODE, "LSTM", activations=[1, 2, 3]),
        (ValueError, r"^activations: expected \['Sigmoid', .* given \[1, 2, 3\]"),
    ),
    "lengths themselves in the export": (
        lambda: convert.to_onnx(make("lstm"), lengths=[3, 4]),
        (TypeError, "^lengths: expected a bool, given list"),
    ),
    "a tensor of lengths in the export": (
        lambda: convert.to_onnx(make("lstm"), lengths=torch.tensor([3, 4])),
        (TypeError, "^lengths: expected a bool, given Tensor"),
    ),
    "states themselves in the export": (
        lambda: convert.to_onnx(make("lstm"), initial_state=(PARAMS[0], PARAMS[0])),
        (TypeError, "^initial_state: expected a bool, given tuple"),
    ),
    "a path that is a number": (
        lambda: convert.to_onnx(make("lstm"), 3),
        (TypeError, "^path: expected a path or None, given int"),
    ),
    "one direction's weights for two": (
        lambda: convert.from_onnx_weights(LSTM_NODE, "LSTM", direction="bidirectional"),
        (ShapeError, r"weights\[0\]: expected shape \(2, 4H, D\) .* given \(1, 16, 3\)"),
    ),
    "another layout": (
        lambda: convert.from_onnx_weights(LSTM_NODE, "LSTM", layout=2),
        (ValueError, "layout: expected 0 or 1, given 2"),
    ),
    "another hidden_size": (
        lambda: convert.from_onnx_weights(LSTM_NODE, "LSTM", hidden_size=5),
        (ShapeError, r"hidden_size: expected 4 from weights\[1\]; given 5"),
    ),
    "biases that are not two": (
        lambda: convert.from_onnx_weights([*LSTM_NODE[:2], LSTM_NODE[2][:, :16]], "LSTM"),
        (ShapeError, r"weights\[2\]: expected shape \(1, 8H\) with H = 4 .* given \(1, 16\)"),
    ),
    # the post
    "two layers in the post": (
        lambda: convert.to_post(make("lstm", num_layers=2)),
        (ValueError, "layer: expected num_layers=1, for .* given 2"),
    ),
    "two directions in the post": (
        lambda: convert.to_post(make("lstm", bidirectional=True)),
        (ValueError, "layer: expected bidirectional=False, for .* given True"),
    ),
    "relu in the post": (
        lambda: convert.to_post(make("rnn_relu")),
        (ValueError, "layer: expected nonlinearity 'tanh', .* given 'relu'"),
    ),
    "reset after in the post": (
        lambda: convert.to_post(make("gru_reset_after")),
        (ValueError, r"layer: expected reset_after=False, for equation \(9\) .* given True"),
    ),
    "projection in the post": (
        lambda: convert.to_post(make("lstm", proj_size=2)),
        (ValueError, "layer: expected proj_size=0, for the post .* given 2"),
    ),
    "read-out that does not fit": (
        lambda: convert.to_post(make("lstm"), torch.nn.Linear(H + 1, 2)),
        (ShapeError, "read_out: expected 4 inputs, .* given 5"),
    ),
    "read-out of another dtype": (
        lambda: convert.to_post(make("lstm"), torch.nn.Linear(H, 2)),
        (
            TypeError,
            "read_out: expected torch.float64 on cpu like the layer, given torch.float32 on cpu",
        ),
    ),
    "no read-out": (
        lambda: convert.to_post(make("lstm"), PARAMS[0]),
        (TypeError, "read_out: expected a torch.nn.Linear, given Tensor"),
    ),
    "an LSTM's parameters but one, as many as a GRU has": (
        lambda: convert.from_post(PARAMS[:-1]),
        (ShapeError, r"params: W_hq: expected shape \(H, Q\) with H = 4 .* given \(3, 4\)"),
    ),
    "seven parameters": (
        lambda: convert.from_post(PARAMS[:7]),
        (ValueError, r"params: expected 14 tensors \(LSTM\), .* given 7"),
    ),
    "parameters in another order": (
        lambda: convert.from_post([PARAMS[1], PARAMS[0], *PARAMS[2:]]),
        (ShapeError, r"params: W_hi: expected shape \(H, H\) .* given \(3, 4\)"),
    ),
    "parameters that are no list": (
        lambda: convert.from_post(PARAMS[0]),
        (TypeError, "params: expected a list of tensors, given Tensor"),
    ),
    "parameters that are no tensors": (
        lambda: convert.from_post([p.numpy() for p in PARAMS]),
        (TypeError, "params: W_xi: expected a torch.Tensor, given ndarray"),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_converted_is_refused_and_says_why(what: str) -> None:
    call, (error, words) = REFUSED[what]
    with pytest.raises(error, match=words):
        call()
