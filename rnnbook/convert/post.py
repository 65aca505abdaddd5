r"""Layers from and to the post's parameters, three for each gate and two for the read-out."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook import gru, layouts, lstm
from rnnbook.convert.shared import assemble, check_layer, tensors_of, without_weights
from rnnbook.layers import GRU, LSTM, RNN, Recurrent
from rnnbook.layouts import ORDERS, Weights
from rnnbook.shapes import ShapeError, check_shapes

POST = {
    RNN: ("W_xh", "W_hh", "b_h", "W_hq", "b_q"),
    LSTM: lstm.PARAMS,
    GRU: gru.PARAMS,
}
"""Names of the post's parameters, for each of our layers."""


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
    tensors = tensors_of(params)
    layer = assemble(kind, [layouts.from_post(kind.family, tensors[: 3 * gates])])
    if len(params) < len(names):
        return layer, None
    weight, bias = tensors[-2].T, tensors[-1]
    options = {"device": bias.device, "dtype": bias.dtype}
    read_out = without_weights(torch.nn.Linear, *tensors[-2].shape, **options)
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
    check_layer(layer, projects="the post")
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
