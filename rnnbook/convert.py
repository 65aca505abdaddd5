r"""Recurrent layers to and from elsewhere: ``torch.nn``, Keras 3, ONNX and the post's parameters.

A conversion copies the weights, keeps their dtype and computes the same function; where there is
none, a ``ValueError`` says why. The orders of the gates stand in :mod:`rnnbook.layouts`.

================  ==========================  ====================================================
peer              functions                   what has no counterpart, and is refused
================  ==========================  ====================================================
``torch.nn``      ``from_torch``              a GRU that resets before the product
                  ``to_torch``
Keras 3           ``from_keras_layers``       other activations than the equations', a single
                  ``from_keras``              layer that goes backwards, directions merged
                  ``to_keras``                otherwise than by concatenation, dropout, states
                                              kept from call to call, ``proj_size``
ONNX              ``from_onnx_weights``       other activations, ``clip``, ``input_forget``,
                  ``to_onnx_weights``         peepholes, a node that only goes backwards,
                  ``to_onnx``                 ``proj_size``
the post          ``from_post``               several layers or directions, relu, a GRU that resets
                  ``to_post``                 after the product, ``proj_size``
================  ==========================  ====================================================

Two biases: ``torch.nn`` adds up two of them, ``bias_ih`` and ``bias_hh``. ONNX has both, and so has
a GRU of Keras that resets after the product. The others have one, and get the sum; on the way back
it becomes ``bias_ih``, and ``bias_hh`` is zero. So from a peer and back is the identity bit for
bit, and from a layer and back to it is the same function.

Not carried by weights, and the default afterwards: the engine; dropout, except from and to
``torch.nn``, which means the same by it; how biases are drawn at first; which parameters require a
gradient; hooks and parametrizations (their value is copied as a plain parameter); Keras's
regularizers and constraints. A subclass with a ``forward`` of its own computes something else, and
is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnbook import gru, layouts, lstm
from rnnbook.arguments import check_bool, check_whole_numbers
from rnnbook.layers import GRU, LSTM, RNN, Recurrent
from rnnbook.layouts import ORDERS, Weights
from rnnbook.shapes import ShapeError, check_shapes

TORCH = {RNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}
"""PyTorch's module for each of our layers."""

KERAS = {"SimpleRNN": RNN, "LSTM": LSTM, "GRU": GRU}
"""Our layer for the name of each recurrent layer of Keras."""

ONNX = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}
"""Our layer for each recurrent operator of ONNX."""

_COMMON = ("activation_alpha", "activation_beta", "activations", "clip", "direction")
ONNX_ATTRIBUTES = {
    RNN: (*_COMMON, "hidden_size", "layout"),
    LSTM: (*_COMMON, "hidden_size", "input_forget", "layout"),
    GRU: (*_COMMON, "hidden_size", "layout", "linear_before_reset"),
}
"""Names of the attributes of each recurrent operator of ONNX."""

POST = {
    RNN: ("W_xh", "W_hh", "b_h", "W_hq", "b_q"),
    LSTM: lstm.PARAMS,
    GRU: gru.PARAMS,
}
"""Names of the post's parameters, for each of our layers."""

OPSET = 17
"""Version of the operators that :func:`to_onnx` writes, ONNX 1.12's for older runtimes."""


# --- torch.nn ------------------------------------------------------------------------------------


def from_torch(module: torch.nn.RNNBase) -> Recurrent:
    """The layer that computes what a module of ``torch.nn`` computes, bit for bit its weights.

    Args:
        module: a ``torch.nn.RNN``, ``torch.nn.LSTM`` or ``torch.nn.GRU``; the GRU becomes one with
            ``reset_after=True``.

    Raises:
        TypeError: it is something else, or has a ``forward`` of its own.

    Source: the documentation of ``torch.nn``.
    """
    for kind, peer in TORCH.items():
        if isinstance(module, peer):
            _check_forward("module", module, peer, f"torch.nn.{peer.__name__}")
            options = {"reset_after": True} if kind is GRU else {}
            return _copy(module, kind, options)
    raise TypeError(
        "module: expected a torch.nn.RNN, torch.nn.LSTM or torch.nn.GRU, "
        f"given {type(module).__name__}"
    )


def to_torch(layer: Recurrent) -> torch.nn.RNNBase:
    """The module of ``torch.nn`` that computes what a layer computes, bit for bit its weights.

    Args:
        layer: one of :mod:`rnnbook.layers`.

    Raises:
        ValueError: a GRU resets before the product; ``torch.nn.GRU`` resets after it.
        TypeError: it is no layer of ours.

    Source: the documentation of ``torch.nn``.
    """
    _check_layer(layer)
    if layer.cell == "gru_reset_before":
        raise ValueError(
            "layer: expected a GRU with reset_after=True, for torch.nn.GRU resets after the "
            "product with the candidate's weights, and no weights make it compute the other form; "
            "given reset_after=False"
        )
    return _copy(layer, TORCH[_kind(layer)], {})


def _copy(source: torch.nn.RNNBase, kind: type, options: dict[str, Any]) -> Any:
    """A module of another class with the same arguments and weights."""
    if source.mode.startswith("RNN"):
        options["nonlinearity"] = _nonlinearity(source)
    if source.proj_size:
        options["proj_size"] = source.proj_size
    for name in ("num_layers", "bias", "batch_first", "dropout", "bidirectional"):
        options[name] = getattr(source, name)
    weight = source.weight_ih_l0
    options.update(device=weight.device, dtype=weight.dtype)
    target = _without_weights(kind, source.input_size, source.hidden_size, **options)
    with torch.no_grad():
        for name, parameter in target.named_parameters():
            parameter.copy_(getattr(source, name))
    return target.train(source.training)


# --- Keras ---------------------------------------------------------------------------------------


def from_keras(
    weights: Sequence[Any],
    kind: str,
    *,
    num_layers: int = 1,
    bidirectional: bool = False,
    reset_after: bool = True,
    activation: str = "tanh",
    batch_first: bool = True,
) -> Recurrent:
    """The layer with the weights of one or several layers of Keras.

    The arrays do not say which activations they belong to; :func:`from_keras_layers` looks.

    Args:
        weights: arrays as ``get_weights()`` of the layers has them, layer after layer, forwards
            before backwards: kernel (D, G·H), recurrent kernel (H, G·H) and, or not, bias (G·H,),
            (2, 3·H) for a GRU that resets after the product.
        kind: ``"SimpleRNN"``, ``"LSTM"`` or ``"GRU"``.
        num_layers: how many layers they are of.
        bidirectional: whether each is inside of a ``Bidirectional`` that concatenates.
        reset_after: as Keras has it; for a GRU.
        activation: ``"tanh"``, or for a SimpleRNN ``"relu"``.
        batch_first: of the layer made; Keras knows only batches that come first.

    Raises:
        ShapeError, TypeError, ValueError: names the argument, what was expected and what given.

    Source: Keras 3, ``keras/src/layers/rnn``.
    """
    layer_kind = _named(kind, KERAS, "kind")
    check_whole_numbers(num_layers=(num_layers, 1))
    switches = {"bidirectional": bidirectional, "reset_after": reset_after}
    for name, value in (switches | {"batch_first": batch_first}).items():
        check_bool(name, value)
    tensors = _tensors(weights)
    cells = _parts(tensors, num_layers * (1 + bidirectional))
    gates = len(ORDERS[layer_kind.family]["keras"])
    twice = layer_kind is GRU and reset_after
    bias = ["2", f"{gates}H"] if twice else [f"{gates}H"]
    letters = []
    for k in range(len(cells)):
        first = k < 1 + bidirectional
        size = "D" if first else ("2H" if bidirectional else "H")
        letters += [[size, f"{gates}H"], ["H", f"{gates}H"], bias][: len(cells[k])]
    if layer_kind is GRU and len(cells[0]) == 3 and cells[0][2].dim() != len(bias):
        raise ValueError(
            f"reset_after: expected {not reset_after} for a GRU of Keras with a bias of shape "
            f"{tuple(cells[0][2].shape)}; given {reset_after}"
        )
    _check_sizes(tensors, letters)
    return _assemble(
        layer_kind,
        [layouts.from_keras(layer_kind.family, cell) for cell in cells],
        num_layers=num_layers,
        bidirectional=bidirectional,
        batch_first=batch_first,
        **_options(layer_kind, activation, reset_after, "activation"),
    )


def from_keras_layers(layers: Any) -> Recurrent:
    """The layer that computes what a layer of Keras, or a stack of them, computes.

    The result has ``batch_first=True``, as Keras has it, and returns all outputs and the last
    states, whatever ``return_sequences`` and ``return_state`` say.

    Args:
        layers: a built ``keras.layers.SimpleRNN``, ``LSTM``, ``GRU`` or ``Bidirectional`` of one,
            or a list of them, each fed with the one before and alike in all but its input.

    Raises:
        ValueError: a setting has no counterpart here, layers differ, or one is not built.
        TypeError: something is no recurrent layer of Keras.

    Source: Keras 3, ``keras/src/layers/rnn``.
    """
    layers = layers if isinstance(layers, list | tuple) else [layers]
    read = [_read_keras(f"layers[{k}]", layer) for k, layer in enumerate(layers)]
    if not read:
        raise ValueError("layers: expected at least one layer, given none")
    first = read[0]
    for k, settings in enumerate(read):
        for name, value in settings.items():
            if value != first.get(name):
                raise ValueError(
                    f"layers[{k}]: expected {name} {first.get(name)!r} like layers[0], "
                    f"given {value!r}; convert them one by one"
                )
    weights = []
    for k, layer in enumerate(layers):
        arrays = layer.get_weights()
        if not arrays:
            raise ValueError(
                f"layers[{k}]: expected a built layer, given one without weights; call it once"
            )
        weights += arrays
    options = {name: first[name] for name in first.keys() - {"units", "use_bias"}}
    return from_keras(weights, num_layers=len(layers), **options)


def to_keras(layer: Recurrent) -> list[np.ndarray]:
    """The weights of a layer as Keras has them, for ``set_weights``.

    Args:
        layer: one of :mod:`rnnbook.layers`. Keras needs the same ``units``, ``use_bias`` and, for
            a GRU, ``reset_after``; ``activation="relu"`` for an RNN of that; ``Bidirectional`` for
            two directions.

    Returns:
        The arrays of ``get_weights()``: kernel, recurrent kernel and, with biases, bias. Of two
        directions first the forward ones. Of several layers one after the other, as a
        ``keras.Sequential`` of them has them: 2 or 3 · directions · layers arrays.

    Raises:
        ValueError: the layer has ``proj_size``.
        TypeError: it is no layer of ours, or its dtype is none of NumPy's.

    Source: Keras 3, ``keras/src/layers/rnn``.
    """
    _check_layer(layer, projects="Keras")
    after = layer.cell == "gru_reset_after"
    tensors = []
    for weights in layer.all_weights:
        tensors += layouts.to_keras(layer.family, Weights(*weights), after)
    return _arrays(tensors)


def _read_keras(name: str, layer: Any) -> dict[str, Any]:
    """The settings of a layer of Keras, once those are refused that we have not."""
    if type(layer).__name__ != "Bidirectional":
        return {**_read_keras_cell(name, layer, backwards=False), "bidirectional": False}
    if layer.merge_mode != "concat":
        raise ValueError(
            f"{name}: expected merge_mode 'concat', for our layers concatenate their directions; "
            f"given {layer.merge_mode!r}"
        )
    forward = _read_keras_cell(f"{name}.forward_layer", layer.forward_layer, backwards=False)
    backward = _read_keras_cell(f"{name}.backward_layer", layer.backward_layer, backwards=True)
    if forward != backward:
        raise ValueError(
            f"{name}: expected two directions that are alike, given {forward} and {backward}"
        )
    return {**forward, "bidirectional": True}


def _read_keras_cell(name: str, layer: Any, *, backwards: bool) -> dict[str, Any]:
    kind = type(layer).__name__
    if kind not in KERAS or not hasattr(layer, "get_config"):
        raise TypeError(
            f"{name}: expected a SimpleRNN, LSTM, GRU or Bidirectional of Keras, given {kind}"
        )
    config = layer.get_config()
    activations = ("tanh", "relu") if kind == "SimpleRNN" else ("tanh",)
    allowed = {
        "activation": (activations, "for the equations have no other"),
        "recurrent_activation": (("sigmoid",), "for the gates of the equations are sigmoids"),
        "go_backwards": ((backwards,), "for our layers read forwards, or in both directions"),
        "stateful": ((False,), "for our layers start from zero or from what they are given"),
        "dropout": ((0,), "for Keras drops inputs of steps, and our layers between layers"),
        "recurrent_dropout": ((0,), "for our layers do not drop states"),
    }
    for setting, (values, reason) in allowed.items():
        if setting in config and config[setting] not in values:
            expected = " or ".join(repr(value) for value in values)
            raise ValueError(
                f"{name}: expected {setting} {expected}, {reason}; given {config[setting]!r}"
            )
    settings = {s: config[s] for s in ("units", "use_bias", "activation")}
    if kind == "GRU":
        settings["reset_after"] = config["reset_after"]
    return {"kind": kind, **settings}


# --- ONNX ----------------------------------------------------------------------------------------


def from_onnx_weights(
    weights: Sequence[Any],
    op_type: str,
    *,
    num_layers: int = 1,
    direction: str = "forward",
    linear_before_reset: int = 0,
    activations: Sequence[str] | None = None,
    layout: int = 0,
    **attributes: Any,
) -> Recurrent:
    """The layer with the weights of one or several recurrent nodes of ONNX.

    Attributes may be as ``onnx.helper.get_attribute_value`` gives them.

    Args:
        weights: W (directions, G·H, D), R (directions, G·H, H) and, or not, B
            (directions, 2·G·H) of each node, node after node.
        op_type: ``"RNN"``, ``"LSTM"`` or ``"GRU"``.
        num_layers: how many nodes they are of, each fed with the one before.
        direction: as the node has it; ``"reverse"`` is refused.
        linear_before_reset: as the node has it: 0 resets before the product, 1 after it.
        activations: as the node has them; for an RNN ``"Tanh"`` or ``"Relu"``, for the others only
            the default.
        layout: as the node has it: 0 for (T, B, D); 1 for (B, T, D), which becomes
            ``batch_first=True`` (our states stay (directions, B, H) then, and ONNX's are not).
        attributes: the node's other attributes, and its input P; all but ``hidden_size`` are
            refused unless they do nothing.

    Raises:
        ValueError: an attribute has no counterpart here.
        ShapeError, TypeError: names the argument, what was expected and what given.

    Source: ONNX's operator schemas ``RNN``, ``LSTM`` and ``GRU``.
    """
    kind = _named(op_type, ONNX, "op_type")
    check_whole_numbers(num_layers=(num_layers, 1))
    _check_zero_or_one("layout", layout)
    _check_zero_or_one("linear_before_reset", linear_before_reset)
    if linear_before_reset and kind is not GRU:
        raise ValueError(
            f"linear_before_reset: expected 0 for ONNX's {kind.__name__}, for only a GRU has a "
            f"reset gate; given {linear_before_reset}"
        )
    direction = _text(direction)
    if direction not in ("forward", "bidirectional"):
        raise ValueError(
            "direction: expected 'forward' or 'bidirectional', for our layers read forwards, or in "
            f"both directions; given {direction!r}; flip the input instead"
        )
    directions = 1 + (direction == "bidirectional")
    tensors = _tensors(weights)
    nodes = _parts(tensors, num_layers)
    _refuse_attributes(kind, attributes)
    gates = len(ORDERS[kind.family]["onnx"])
    letters = []
    for k, node in enumerate(nodes):
        size = "D" if k == 0 else ("2H" if directions == 2 else "H")
        shapes = [(f"{gates}H", size), (f"{gates}H", "H"), (f"{2 * gates}H",)]
        letters += [[str(directions), *rest] for rest in shapes[: len(node)]]
    _check_sizes(tensors, letters)
    hidden_size = nodes[0][1].shape[2]
    if attributes.get("hidden_size", hidden_size) != hidden_size:
        raise ShapeError(
            f"hidden_size: expected {hidden_size} from weights[1]; "
            f"given {attributes['hidden_size']}"
        )
    function = _onnx_function(kind, activations, directions)
    return _assemble(
        kind,
        [weights for node in nodes for weights in layouts.from_onnx(kind.family, node)],
        num_layers=num_layers,
        bidirectional=directions == 2,
        batch_first=bool(layout),
        **_options(kind, function, bool(linear_before_reset), "activations"),
    )


def to_onnx_weights(layer: Recurrent) -> list[np.ndarray]:
    """The weights of a layer as ONNX's recurrent nodes have them; both biases stay apart.

    Args:
        layer: one of :mod:`rnnbook.layers`. A node needs ``linear_before_reset=1`` for a GRU that
            resets after the product, and ``activations`` for an RNN with relu.

    Returns:
        W (directions, G·H, D), R (directions, G·H, H) and, with biases, B (directions, 2·G·H); of
        several layers one after the other: 2 or 3 · layers arrays.

    Raises:
        ValueError: the layer has ``proj_size``.
        TypeError: it is no layer of ours, or its dtype is none of NumPy's.

    Source: ONNX's operator schemas ``RNN``, ``LSTM`` and ``GRU``.
    """
    _check_layer(layer, projects="ONNX")
    cells = [Weights(*weights) for weights in layer.all_weights]
    directions = 1 + layer.bidirectional
    tensors = []
    for k in range(0, len(cells), directions):
        tensors += layouts.to_onnx(layer.family, cells[k : k + directions])
    return _arrays(tensors)


def to_onnx(
    layer: Recurrent,
    path: str | PathLike | None = None,
    *,
    initial_state: bool = False,
    lengths: bool = False,
) -> Any:
    """A layer as a model of ONNX, one recurrent node for each of its layers.

    The model computes what the layer computes in evaluation mode: no dropout. Steps and batch may
    have any size. On CPUs onnxruntime (1.32) runs recurrent nodes in float16 and float32, and
    refuses float64: convert such a layer with ``.float()`` for it.

    Args:
        layer: one of :mod:`rnnbook.layers`.
        path: where to save the model, too.
        initial_state: whether ``h_0`` (and ``C_0``) are inputs instead of zero,
            (layers · directions, B, H) as in the layer.
        lengths: whether ``lengths`` is an input, (B,) of int32: outputs past an end are zero.

    Returns:
        An ``onnx.ModelProto``. Inputs: ``input``, (T, B, D), or (B, T, D) with ``batch_first``, and
        those asked for. Outputs: ``output`` in the same layout and ``h_n`` (and ``C_n``),
        (layers · directions, B, H).

    Raises:
        ValueError: the layer has ``proj_size``.
        ImportError: the package onnx is missing.
        TypeError: it is no layer of ours, its dtype is none of NumPy's, or another argument is of
            another type.

    Source: ONNX's operator schemas ``RNN``, ``LSTM`` and ``GRU``.
    """
    check_bool("initial_state", initial_state)
    check_bool("lengths", lengths)
    if not isinstance(path, str | PathLike | None):
        raise TypeError(f"path: expected a path or None, given {type(path).__name__}")
    arrays = to_onnx_weights(layer)
    onnx = _import_onnx()
    nodes, constants = _onnx_nodes(onnx, layer, arrays, initial_state, lengths)
    tensors = [onnx.numpy_helper.from_array(array, name) for name, array in constants.items()]
    inputs, outputs = _onnx_values(onnx, layer, arrays[0].dtype, initial_state, lengths)
    graph = onnx.helper.make_graph(nodes, type(layer).__name__, inputs, outputs, tensors)
    opset = onnx.helper.make_opsetid("", OPSET)
    model = onnx.helper.make_model_gen_version(
        graph, opset_imports=[opset], producer_name="rnnbook"
    )
    onnx.checker.check_model(model, full_check=True)
    if path is not None:
        onnx.save(model, path)
    return model


def _states(layer: Recurrent) -> dict[str, str]:
    """Names of the initial states, and of the last ones."""
    return {"h_0": "h_n", "C_0": "C_n"} if isinstance(layer, LSTM) else {"h_0": "h_n"}


def _onnx_values(
    onnx: Any, layer: Recurrent, dtype: np.dtype, initial_state: bool, lengths: bool
) -> tuple[list, list]:
    """The inputs and the outputs of the graph."""
    element = onnx.helper.np_dtype_to_tensor_dtype(dtype)
    directions = 1 + layer.bidirectional
    batch_time = ["B", "T"] if layer.batch_first else ["T", "B"]
    state_shape = [layer.num_layers * directions, "B", layer.hidden_size]

    def value(name: str, shape: list, kind: int = element) -> Any:
        return onnx.helper.make_tensor_value_info(name, kind, shape)

    inputs = [value("input", [*batch_time, layer.input_size])]
    if lengths:
        inputs.append(value("lengths", ["B"], onnx.TensorProto.INT32))
    if initial_state:
        inputs += [value(start, state_shape) for start in _states(layer)]
    outputs = [value("output", [*batch_time, directions * layer.hidden_size])]
    return inputs, outputs + [value(end, state_shape) for end in _states(layer).values()]


def _onnx_nodes(
    onnx: Any, layer: Recurrent, arrays: list[np.ndarray], initial_state: bool, lengths: bool
) -> tuple[list, dict[str, np.ndarray]]:
    """The nodes of the graph, and its constants by name."""
    node, count = onnx.helper.make_node, layer.num_layers
    starts, directions = _states(layer), 1 + layer.bidirectional
    constants = {"merged": np.int64([0, 0, directions * layer.hidden_size])}
    nodes, x = [], "input"
    if layer.batch_first:
        nodes.append(node("Transpose", ["input"], ["steps"], perm=[1, 0, 2]))
        x = "steps"
    if initial_state:
        constants["directions"] = np.int64([directions] * count)
        for start in starts:
            of_layers = [f"{start}_l{k}" for k in range(count)]
            nodes.append(node("Split", [start, "directions"], of_layers, axis=0))
    for k, weights in enumerate(_parts(arrays, count)):
        named = dict(zip((f"W_l{k}", f"R_l{k}", f"B_l{k}"), weights, strict=False))
        constants |= named
        inputs = [x, *named, *[""] * (3 - len(named)), "lengths" if lengths else ""]
        inputs += [f"{start}_l{k}" for start in starts] if initial_state else []
        ends = [f"{end}_l{k}" for end in starts.values()]
        attributes = _onnx_attributes(layer)
        nodes.append(node(_kind(layer).__name__, inputs, [f"Y_l{k}", *ends], **attributes))
        # Y is (T, directions, B, H); the next layer wants (T, B, directions · H).
        last = k == count - 1
        perm = [2, 0, 1, 3] if last and layer.batch_first else [0, 2, 1, 3]
        x = "output" if last else f"output_l{k}"
        nodes.append(node("Transpose", [f"Y_l{k}"], [f"Y_swapped_l{k}"], perm=perm))
        nodes.append(node("Reshape", [f"Y_swapped_l{k}", "merged"], [x]))
    for end in starts.values():
        nodes.append(node("Concat", [f"{end}_l{k}" for k in range(count)], [end], axis=0))
    return nodes, constants


def _onnx_attributes(layer: Recurrent) -> dict[str, Any]:
    directions = 1 + layer.bidirectional
    attributes: dict[str, Any] = {
        "hidden_size": layer.hidden_size,
        "direction": "bidirectional" if layer.bidirectional else "forward",
    }
    if isinstance(layer, RNN):
        attributes["activations"] = [_nonlinearity(layer).capitalize()] * directions
    if isinstance(layer, GRU):
        attributes["linear_before_reset"] = int(layer.cell == "gru_reset_after")
    return attributes


def _refuse_attributes(kind: type, attributes: Mapping[str, Any]) -> None:
    """Refuse what a node of ONNX may have and our layers have not."""
    reasons = {
        "clip": "for the equations do not cut off what goes into an activation",
        "input_forget": "for the equations have an input gate of their own",
        "P": "for the gates of the equations do not look at the cell state (peepholes)",
        "activation_alpha": "for the equations' activations have no parameters",
        "activation_beta": "for the equations' activations have no parameters",
    }
    for name, value in attributes.items():
        if name not in (*reasons, "hidden_size"):
            raise TypeError(
                f"{name}: expected an attribute of ONNX's {kind.__name__}, one of "
                f"{', '.join(ONNX_ATTRIBUTES[kind])}; given {name}={value!r}"
            )
        harmless = value is None or (name == "input_forget" and value == 0)
        if name in reasons and not harmless and np.size(value):
            given = f"shape {np.shape(value)}" if name == "P" else repr(value)
            raise ValueError(f"{name}: expected none, {reasons[name]}; given {given}")


def _onnx_function(kind: type, activations: Sequence[str] | None, directions: int) -> str:
    """The activation of an RNN; of the others, that it is the default."""
    defaults = {RNN: ["tanh"], LSTM: ["sigmoid", "tanh", "tanh"], GRU: ["sigmoid", "tanh"]}
    if not isinstance(activations, list | tuple | None):
        raise TypeError(
            f"activations: expected a list of names, given {type(activations).__name__}"
        )
    given = [str(_text(name)).lower() for name in activations or defaults[kind] * directions]
    allowed = [defaults[kind] * directions]
    if kind is RNN:
        allowed.append(["relu"] * directions)
    if given not in allowed:
        expected = " or ".join(str([name.capitalize() for name in names]) for names in allowed)
        raise ValueError(
            f"activations: expected {expected}, for the equations have no others; "
            f"given {[_text(name) for name in activations]}"
        )
    return given[0] if kind is RNN else "tanh"


def _text(value: str | bytes) -> str:
    """ONNX stores words as bytes."""
    return value.decode() if isinstance(value, bytes) else value


def _import_onnx() -> Any:
    try:
        import onnx
    except ImportError as error:
        raise ImportError(
            "to_onnx needs the package onnx, which is not installed; get it with: pip install onnx"
        ) from error
    return onnx


# --- the post ------------------------------------------------------------------------------------


def from_post(params: Sequence[Tensor]) -> tuple[Recurrent, torch.nn.Linear | None]:
    """The layer, and the read-out, with the post's parameters.

    Args:
        params: what :func:`rnnbook.lstm.lstm`, :func:`rnnbook.gru.gru` or :func:`rnnbook.rnn.rnn`
            takes, in its order: 14, 11 or 5 tensors; or without W_hq and b_q 12, 9 or 3.

    Returns:
        The layer, and W_hq and b_q as a ``torch.nn.Linear``; None in its place without them.

    Raises:
        ShapeError, TypeError, ValueError: names the argument, what was expected and what given.

    Source: the post's code.
    """
    if not isinstance(params, list | tuple):
        raise TypeError(f"params: expected a list of tensors, given {type(params).__name__}")
    names = next((n for n in POST.values() if len(params) in (len(n) - 2, len(n))), None)
    if names is None:
        raise ValueError(
            "params: expected 14 tensors (LSTM), 11 (GRU) or 5 (RNN), or 2 fewer without the "
            f"read-out; given {len(params)}"
        )
    kind = next(kind for kind in POST if POST[kind] is names)
    gates = len(ORDERS[kind.family]["post"])
    letters = [*[["D", "H"], ["H", "H"], ["H"]] * gates, ["H", "Q"], ["Q"]]
    arguments = zip(names, zip(params, letters, strict=False), strict=False)
    check_shapes({f"params: {name}": argument for name, argument in arguments})
    tensors = _tensors(params)
    layer = _assemble(kind, [layouts.from_post(kind.family, tensors[: 3 * gates])])
    if len(params) < len(names):
        return layer, None
    weight, bias = tensors[-2].T, tensors[-1]
    options = {"device": bias.device, "dtype": bias.dtype}
    read_out = _without_weights(torch.nn.Linear, *tensors[-2].shape, **options)
    read_out.load_state_dict({"weight": weight, "bias": bias})
    return layer, read_out


def to_post(layer: Recurrent, read_out: torch.nn.Linear | None = None) -> list[Tensor]:
    """The parameters of a layer, and of a read-out, in the order of the post's functions.

    Those functions always read out: they need W_hq and b_q as well. Without ``read_out`` append a
    pair of your own, (H, Q) and (Q,); :func:`from_post` takes the parameters without them, too.

    Args:
        layer: one of :mod:`rnnbook.layers`, of one layer and one direction.
        read_out: W_hq and b_q as a ``torch.nn.Linear`` of H inputs.

    Returns:
        Copies, three for each gate: matrices (D, H) and (H, H), bias (H,), zero with
        ``bias=False``; then W_hq (H, Q) and b_q (Q,) if there is a read-out.

    Raises:
        ValueError: the post's functions cannot compute the layer.
        ShapeError, TypeError: names the argument, what was expected and what given.

    Source: the post's code.
    """
    _check_layer(layer, projects="the post")
    for name, expected in {"num_layers": 1, "bidirectional": False}.items():
        if getattr(layer, name) != expected:
            raise ValueError(
                f"layer: expected {name}={expected}, for the post's functions run one layer "
                f"forwards; given {getattr(layer, name)}"
            )
    if layer.cell == "rnn_relu":
        raise ValueError("layer: expected nonlinearity 'tanh', as rnnbook.rnn has; given 'relu'")
    if layer.cell == "gru_reset_after":
        raise ValueError(
            "layer: expected reset_after=False, for equation (9) resets before the product; "
            "given True"
        )
    params = layouts.to_post(layer.family, Weights(*layer.all_weights[0]))
    if read_out is not None:
        params += _read_out(read_out, layer.weight_hh_l0)
    return [p.detach().clone(memory_format=torch.contiguous_format) for p in params]


def _read_out(read_out: torch.nn.Linear, like: Tensor) -> list[Tensor]:
    if not isinstance(read_out, torch.nn.Linear):
        raise TypeError(f"read_out: expected a torch.nn.Linear, given {type(read_out).__name__}")
    if read_out.in_features != like.shape[1]:
        raise ShapeError(
            f"read_out: expected {like.shape[1]} inputs, as many as the layer has units; "
            f"given {read_out.in_features}"
        )
    weight, bias = read_out.weight, read_out.bias
    if weight.dtype != like.dtype or weight.device != like.device:
        raise TypeError(
            f"read_out: expected {like.dtype} on {like.device} like the layer, "
            f"given {weight.dtype} on {weight.device}"
        )
    return [weight.T, weight.new_zeros(len(weight)) if bias is None else bias]


# --- what they share -----------------------------------------------------------------------------


def _kind(layer: Recurrent) -> type:
    return next(kind for kind in (RNN, LSTM, GRU) if isinstance(layer, kind))


def _nonlinearity(module: torch.nn.RNNBase) -> str:
    """What an RNN of ours, or of PyTorch, computes with, not what an attribute says about it."""
    return getattr(module, "cell", module.mode).lower().removeprefix("rnn_")


def _named(name: str, kinds: dict[str, type], argument: str) -> type:
    if not isinstance(name, str):
        raise TypeError(
            f"{argument}: expected one of {', '.join(kinds)}; given {type(name).__name__}"
        )
    if name not in kinds:
        raise ValueError(f"{argument}: expected one of {', '.join(kinds)}; given {name!r}")
    return kinds[name]


def _check_layer(layer: Recurrent, projects: str | None = None) -> None:
    """Refuse what is none of our layers and, for a peer without them, projected states."""
    if not isinstance(layer, RNN | LSTM | GRU):
        hint = "; use from_torch first" if isinstance(layer, torch.nn.RNNBase) else ""
        raise TypeError(
            f"layer: expected an rnnbook RNN, LSTM or GRU, given {type(layer).__module__}."
            f"{type(layer).__name__}{hint}"
        )
    kind = _kind(layer)
    _check_forward("layer", layer, kind, f"rnnbook.{kind.__name__}")
    if projects and layer.proj_size:
        raise ValueError(
            f"layer: expected proj_size=0, for {projects} does not project the hidden state; "
            f"given {layer.proj_size}"
        )


def _check_forward(argument: str, module: torch.nn.Module, kind: type, expected: str) -> None:
    """Refuse a module that computes something else than its class: the weights do not show it."""
    if getattr(module.forward, "__func__", None) is not kind.forward:
        name = type(module).__name__
        raise TypeError(
            f"{argument}: expected {expected} itself, for {name} has a forward of its own; "
            f"given {name}"
        )


def _options(kind: type, activation: str, reset_after: bool, argument: str) -> dict[str, Any]:
    """The arguments that only one kind of layer has."""
    allowed = ("tanh", "relu") if kind is RNN else ("tanh",)
    if activation not in allowed:
        expected = " or ".join(repr(name) for name in allowed)
        raise ValueError(
            f"{argument}: expected {expected}, for the equations have no other; "
            f"given {activation!r}"
        )
    if kind is RNN:
        return {"nonlinearity": activation}
    return {"reset_after": reset_after} if kind is GRU else {}


def _parts(weights: Sequence[Any], count: int) -> list[Sequence[Any]]:
    """The list cut into equal parts: each two matrices and, or not, a bias."""
    for size in (2, 3):
        if len(weights) == size * count:
            return [weights[k : k + size] for k in range(0, len(weights), size)]
    raise ValueError(
        f"weights: expected {2 * count} arrays, or {3 * count} with biases; given {len(weights)}"
    )


def _check_zero_or_one(name: str, value: int) -> None:
    if not isinstance(value, int):
        raise TypeError(f"{name}: expected 0 or 1, given {value!r}")
    if value not in (0, 1):
        raise ValueError(f"{name}: expected 0 or 1, given {value}")


def _check_sizes(tensors: Sequence[Tensor], letters: Sequence[list[str]]) -> None:
    """Check shapes whose letters may be multiples of H, such as 4H, or numbers."""
    check_shapes(
        {f"weights[{k}]": argument for k, argument in enumerate(zip(tensors, letters, strict=True))}
    )
    size_of_h = dict(zip(letters[1], tensors[1].shape, strict=True))["H"]
    for k, (tensor, axes) in enumerate(zip(tensors, letters, strict=True)):
        for size, letter in zip(tensor.shape, axes, strict=True):
            multiple = re.fullmatch(r"(\d+)(H?)", letter)
            if multiple and size != int(multiple[1]) * (size_of_h if multiple[2] else 1):
                raise ShapeError(
                    f"weights[{k}]: expected shape ({', '.join(axes)}) with H = {size_of_h} from "
                    f"weights[1]; given {tuple(tensor.shape)}"
                )


def _tensors(arrays: Iterable[Any]) -> list[Tensor]:
    """Copies of arrays, or of tensors, as tensors."""
    if not isinstance(arrays, list | tuple):
        raise TypeError(f"weights: expected a list of arrays, given {type(arrays).__name__}")
    tensors = []
    for k, array in enumerate(arrays):
        if not isinstance(array, Tensor):
            try:
                array = torch.from_numpy(np.array(array))
            except (TypeError, ValueError) as error:
                raise TypeError(f"weights[{k}]: expected an array of numbers; {error}") from None
        tensors.append(array.detach().clone())
    return tensors


def _arrays(tensors: Iterable[Tensor]) -> list[np.ndarray]:
    """Copies of tensors as arrays whose memory is in order."""
    arrays = []
    for tensor in tensors:
        if tensor.dtype not in (torch.float16, torch.float32, torch.float64):
            raise TypeError(
                f"layer: expected float16, float32 or float64, for NumPy has no {tensor.dtype}; "
                "convert it with .float()"
            )
        arrays.append(np.array(tensor.detach().cpu().numpy(), order="C", copy=True))
    return arrays


def _without_weights(kind: type, *sizes: int, device: torch.device, **options: Any) -> Any:
    """A module whose weights are still to come: nothing is drawn from the random numbers."""
    return kind(*sizes, device="meta", **options).to_empty(device=device)


def _assemble(
    kind: type,
    cells: Sequence[Weights],
    num_layers: int = 1,
    bidirectional: bool = False,
    **options: Any,
) -> Recurrent:
    """A layer with these weights, one for each layer and direction."""
    first = cells[0]
    sizes = (first.w_ih.shape[1], first.w_hh.shape[1])
    options.update(num_layers=num_layers, bidirectional=bidirectional, bias=first.b_ih is not None)
    options.update(device=first.w_ih.device, dtype=first.w_ih.dtype)
    layer = _without_weights(kind, *sizes, **options)
    with torch.no_grad():
        for parameters, weights in zip(layer.all_weights, cells, strict=True):
            for parameter, weight in zip(parameters, weights, strict=False):
                parameter.copy_(weight)
    return layer
