r"""Layers from and to the recurrent nodes of ONNX; only :func:`to_onnx` needs the package onnx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np

from rnnbook import exporting, layouts
from rnnbook.arguments import check_bool, check_whole_numbers
from rnnbook.convert.backwards import Backwards
from rnnbook.convert.shared import (
    arrays_of,
    assemble,
    cell_options,
    check_layer,
    check_sizes,
    check_zero_or_one,
    kind_of,
    named,
    parts_of,
    tensors_of,
)
from rnnbook.layers import GRU, LSTM, RNN, Recurrent
from rnnbook.layouts import ORDERS, Weights
from rnnbook.shapes import ShapeError

ONNX = {"RNN": RNN, "LSTM": LSTM, "GRU": GRU}
"""Our layer for each recurrent operator of ONNX."""

_COMMON = ("activation_alpha", "activation_beta", "activations", "clip", "direction")
ONNX_ATTRIBUTES = {
    RNN: (*_COMMON, "hidden_size", "layout"),
    LSTM: (*_COMMON, "hidden_size", "input_forget", "layout"),
    GRU: (*_COMMON, "hidden_size", "layout", "linear_before_reset"),
}
"""Names of the attributes of each recurrent operator of ONNX."""

OPSET = 17
"""Version of the operators that :func:`to_onnx` writes, ONNX 1.12's for older runtimes."""


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
) -> Recurrent | Backwards:
    """The layer with the weights of one or several recurrent nodes of ONNX.

    Attributes may be as ``onnx.helper.get_attribute_value`` gives them.

    Args:
        weights: W (directions, G·H, D), R (directions, G·H, H) and, or not, B
            (directions, 2·G·H) of each node, node after node.
        op_type: ``"RNN"``, ``"LSTM"`` or ``"GRU"``.
        num_layers: how many nodes they are of, each fed with the one before.
        direction: as the node has it; with ``"reverse"`` the layer made stands in a
            :class:`~rnnbook.convert.backwards.Backwards`.
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
    kind = named(op_type, ONNX, "op_type")
    check_whole_numbers(num_layers=(num_layers, 1))
    check_zero_or_one("layout", layout)
    check_zero_or_one("linear_before_reset", linear_before_reset)
    if linear_before_reset and kind is not GRU:
        raise ValueError(
            f"linear_before_reset: expected 0 for ONNX's {kind.__name__}, for only a GRU has a "
            f"reset gate; given {linear_before_reset}"
        )
    direction = _text(direction)
    if direction not in ("forward", "reverse", "bidirectional"):
        raise ValueError(
            f"direction: expected 'forward', 'reverse' or 'bidirectional'; given {direction!r}"
        )
    directions = 1 + (direction == "bidirectional")
    tensors = tensors_of(weights)
    nodes = parts_of(tensors, num_layers)
    _refuse_attributes(kind, attributes)
    gates = len(ORDERS[kind.family]["onnx"])
    letters = []
    for k, node in enumerate(nodes):
        size = "D" if k == 0 else ("2H" if directions == 2 else "H")
        shapes = [(f"{gates}H", size), (f"{gates}H", "H"), (f"{2 * gates}H",)]
        letters += [[str(directions), *rest] for rest in shapes[: len(node)]]
    check_sizes(tensors, letters)
    hidden_size = nodes[0][1].shape[2]
    if attributes.get("hidden_size", hidden_size) != hidden_size:
        raise ShapeError(
            f"hidden_size: expected {hidden_size} from weights[1]; "
            f"given {attributes['hidden_size']}"
        )
    function = _onnx_function(kind, activations, directions)
    layer = assemble(
        kind,
        [weights for node in nodes for weights in layouts.from_onnx(kind.family, node)],
        num_layers=num_layers,
        bidirectional=directions == 2,
        batch_first=bool(layout),
        **cell_options(kind, function, bool(linear_before_reset), "activations"),
    )
    return Backwards(layer) if direction == "reverse" else layer


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
    check_layer(layer, projects="ONNX")
    cells = [Weights(*weights) for weights in layer.all_weights]
    directions = 1 + layer.bidirectional
    tensors = []
    for k in range(0, len(cells), directions):
        tensors += layouts.to_onnx(layer.family, cells[k : k + directions])
    return arrays_of(tensors)


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
    for k, weights in enumerate(parts_of(arrays, count)):
        named = dict(zip((f"W_l{k}", f"R_l{k}", f"B_l{k}"), weights, strict=False))
        constants |= named
        inputs = [x, *named, *[""] * (3 - len(named)), "lengths" if lengths else ""]
        inputs += [f"{start}_l{k}" for start in starts] if initial_state else []
        ends = [f"{end}_l{k}" for end in starts.values()]
        attributes = exporting.attributes(layer)
        nodes.append(node(kind_of(layer).__name__, inputs, [f"Y_l{k}", *ends], **attributes))
        # Y is (T, directions, B, H); the next layer wants (T, B, directions · H).
        last = k == count - 1
        perm = [2, 0, 1, 3] if last and layer.batch_first else [0, 2, 1, 3]
        x = "output" if last else f"output_l{k}"
        nodes.append(node("Transpose", [f"Y_l{k}"], [f"Y_swapped_l{k}"], perm=perm))
        nodes.append(node("Reshape", [f"Y_swapped_l{k}", "merged"], [x]))
    for end in starts.values():
        nodes.append(node("Concat", [f"{end}_l{k}" for k in range(count)], [end], axis=0))
    return nodes, constants


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
