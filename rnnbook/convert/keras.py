r"""Layers from and to Keras 3, which need not be installed: it is never imported here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnbook import layouts
from rnnbook.arguments import check_bool, check_whole_numbers
from rnnbook.convert.shared import (
    arrays_of,
    assemble,
    cell_options,
    check_layer,
    check_sizes,
    named,
    parts_of,
    tensors_of,
)
from rnnbook.layers import GRU, LSTM, RNN, Recurrent
from rnnbook.layouts import ORDERS, Weights

KERAS = {"SimpleRNN": RNN, "LSTM": LSTM, "GRU": GRU}
"""Our layer for the name of each recurrent layer of Keras."""


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
    layer_kind = named(kind, KERAS, "kind")
    check_whole_numbers(num_layers=(num_layers, 1))
    switches = {"bidirectional": bidirectional, "reset_after": reset_after}
    for name, value in (switches | {"batch_first": batch_first}).items():
        check_bool(name, value)
    tensors = tensors_of(weights)
    cells = parts_of(tensors, num_layers * (1 + bidirectional))
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
    check_sizes(tensors, letters)
    return assemble(
        layer_kind,
        [layouts.from_keras(layer_kind.family, cell) for cell in cells],
        num_layers=num_layers,
        bidirectional=bidirectional,
        batch_first=batch_first,
        **cell_options(layer_kind, activation, reset_after, "activation"),
    )


def from_keras_layers(layers: Any, *, ignore_dropout: bool = False) -> Recurrent:
    """The layer that computes what a layer of Keras, or a stack of them, computes.

    The result has ``batch_first=True``, as Keras has it, and returns all outputs and the last
    states, whatever ``return_sequences`` and ``return_state`` say.

    Args:
        layers: a built ``keras.layers.SimpleRNN``, ``LSTM``, ``GRU`` or ``Bidirectional`` of one,
            or a list of them, each fed with the one before and alike in all but its input.
        ignore_dropout: whether to take layers that drop inputs or states while they train; the
            result computes what they compute in inference, and drops nothing.

    Raises:
        ValueError: a setting has no counterpart here, layers differ, or one is not built; the
            message says what can be done by hand.
        TypeError: something is no recurrent layer of Keras, or a subclass that computes something
            of its own.

    Source: Keras 3, ``keras/src/layers/rnn``.
    """
    check_bool("ignore_dropout", ignore_dropout)
    layers = layers if isinstance(layers, list | tuple) else [layers]
    read = [_read_keras(f"layers[{k}]", layer, ignore_dropout) for k, layer in enumerate(layers)]
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
    check_layer(layer, projects="Keras")
    after = layer.cell == "gru_reset_after"
    tensors = []
    for weights in layer.all_weights:
        tensors += layouts.to_keras(layer.family, Weights(*weights), after)
    return arrays_of(tensors)


def _read_keras(name: str, layer: Any, ignore_dropout: bool) -> dict[str, Any]:
    """The settings of a layer of Keras, once those are refused that we have not."""
    if _class_of(name, layer) != "Bidirectional":
        read = _read_keras_cell(name, layer, ignore_dropout, backwards=False)
        return {**read, "bidirectional": False}
    if layer.merge_mode != "concat":
        raise ValueError(
            f"{name}: expected merge_mode 'concat', for our layers concatenate their directions; "
            f"given {layer.merge_mode!r}; from_keras(layer.get_weights(), …, bidirectional=True) "
            "takes the weights, and output.chunk(2, -1) gives the two directions to merge"
        )
    forward, backward = (
        _read_keras_cell(
            f"{name}.{part}", getattr(layer, part), ignore_dropout, backwards=part[0] == "b"
        )
        for part in ("forward_layer", "backward_layer")
    )
    if forward != backward:
        raise ValueError(
            f"{name}: expected two directions that are alike, given {forward} and {backward}"
        )
    return {**forward, "bidirectional": True}


def _class_of(name: str, layer: Any) -> str:
    """The name of the class of Keras that a layer is of, and computes as."""
    names = (*KERAS, "Bidirectional")
    bases = [b for b in type(layer).__mro__ if b.__name__ in names and _is_keras(b)]
    if not bases:
        raise TypeError(
            f"{name}: expected a SimpleRNN, LSTM, GRU or Bidirectional of Keras, "
            f"given {type(layer).__name__}"
        )
    _check_own(name, layer, bases[0])
    return bases[0].__name__


def _is_keras(kind: type) -> bool:
    return kind.__module__.split(".")[0] in ("keras", "tf_keras")


def _check_own(name: str, layer: Any, kind: type) -> None:
    """Refuse a subclass that computes something else: the weights do not show it."""
    for method in ("__call__", "call", "step", "inner_loop"):
        own = getattr(type(layer), method, None) is not getattr(kind, method, None)
        if own or method in vars(layer):
            raise TypeError(
                f"{name}: expected Keras's {kind.__name__} itself, for this one has a {method} of "
                f"its own; given {type(layer).__module__}.{type(layer).__qualname__}"
            )


_BACKWARDS = "give the layer of from_keras(layer.get_weights(), …) the input flipped, x.flip(1)"
_TRAIN = "no weights make up for it: train on in Keras with {} first"
_IGNORE = "in inference it does nothing: say ignore_dropout=True"


def _read_keras_cell(
    name: str, layer: Any, ignore_dropout: bool, *, backwards: bool
) -> dict[str, Any]:
    kind = _class_of(name, layer)
    if kind == "Bidirectional":
        raise TypeError(f"{name}: expected a SimpleRNN, LSTM or GRU of Keras, given {kind}")
    own_cell = next((b for b in type(layer.cell).__mro__ if _is_keras(b)), type(layer.cell))
    if own_cell.__name__ != f"{kind}Cell":
        raise TypeError(f"{name}.cell: expected a {kind}Cell of Keras, given {own_cell.__name__}")
    _check_own(f"{name}.cell", layer.cell, own_cell)
    config = layer.get_config()
    activations = ("tanh", "relu") if kind == "SimpleRNN" else ("tanh",)
    allowed = {
        "activation": (activations, "for the equations have no other", _TRAIN),
        "recurrent_activation": (
            ("sigmoid",),
            "for the gates of the equations are sigmoids",
            _TRAIN,
        ),
        "go_backwards": (
            (backwards,),
            "for our layers read forwards, or in both directions",
            _BACKWARDS,
        ),
        "stateful": (
            (False,),
            "for our layers start from zero or from what they are given",
            "set layer.stateful = False, and give the layer made its last state as hx",
        ),
        "dropout": (
            (0,),
            "for Keras drops inputs of steps, and our layers between layers",
            _IGNORE,
        ),
        "recurrent_dropout": ((0,), "for our layers do not drop states", _IGNORE),
    }
    for setting, (values, reason, hint) in allowed.items():
        if "dropout" in setting and ignore_dropout:
            continue
        if setting in config and config[setting] not in values:
            expected = " or ".join(repr(value) for value in values)
            raise ValueError(
                f"{name}: expected {setting} {expected}, {reason}; given {config[setting]!r}; "
                f"{hint.format(expected)}"
            )
    settings = {s: config[s] for s in ("units", "use_bias", "activation")}
    if kind == "GRU":
        settings["reset_after"] = config["reset_after"]
    return {"kind": kind, **settings}
