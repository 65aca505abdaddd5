r"""In which order, and on which side, the weights of a cell are stored: here and elsewhere.

The post keeps one matrix for each gate and multiplies rows by it, ``X @ W``. Libraries stack the
gates into one matrix, each in an order of its own, and some of them transpose it. The tables and
functions of this module are the only place where that is known.

================  =============  =============  ==============  ==================
cell              the post       PyTorch        Keras           ONNX
================  =============  =============  ==============  ==================
LSTM              i f o c        i f c o        i f c o         i o f c
GRU               z r h          r z h          z r h           z r h
matrix            (D, H) each    (G·H, D)       (D, G·H)        (1, G·H, D)
biases            one each       two stacked    one (GRU with   two stacked,
                                                reset after:    one after the
                                                two)            other
================  =============  =============  ==============  ==================
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

ORDERS = {
    "rnn": {"post": "h", "torch": "h", "keras": "h", "onnx": "h"},
    "lstm": {"post": "ifoc", "torch": "ifco", "keras": "ifco", "onnx": "iofc"},
    "gru": {"post": "zrh", "torch": "rzh", "keras": "zrh", "onnx": "zrh"},
}
"""Order of the gates by family and convention; c and h are the candidates."""


class Weights(NamedTuple):
    """Weights of one layer in one direction, stacked as ``torch.nn`` stacks them.

    Attributes:
        w_ih: (G·H, D), G gates.
        w_hh: (G·H, H).
        b_ih: (G·H,) or None.
        b_hh: (G·H,) or None.
        w_hr: projection of the LSTM's hidden state (P, H), or None.
        more: further weights of a cell that PyTorch does not have.
    """

    w_ih: Tensor
    w_hh: Tensor
    b_ih: Tensor | None = None
    b_hh: Tensor | None = None
    w_hr: Tensor | None = None
    more: tuple[Tensor, ...] = ()


def reorder(stacked: Tensor, family: str, source: str, target: str, axis: int = 0) -> Tensor:
    """Bring gates that are stacked along an axis from one convention's order into another's.

    Source: the gates' orders as the module's table has them.
    """
    orders = ORDERS[family]
    size = stacked.shape[axis] // len(orders[source])
    gates = {gate: stacked.narrow(axis, k * size, size) for k, gate in enumerate(orders[source])}
    return torch.cat([gates[gate] for gate in orders[target]], axis)


def to_post(family: str, weights: Weights, reset_after: bool = False) -> list[Tensor]:
    """The post's parameters, three for each gate, without the read-out.

    Of PyTorch's two biases the post has the sum. Only the candidate of a GRU that resets after the
    product needs both: the second one then comes last.

    Source: the post's code.
    """
    orders = ORDERS[family]
    return unstack(weights, orders["torch"], orders["post"], "h" if reset_after else None)


def unstack(weights: Weights, stacked: str, order: str, apart: str | None = None) -> list[Tensor]:
    """Stacked weights as W_x (D, H), W_h (H, H) and b (H,) of one gate after the other.

    Args:
        weights: of one layer in one direction.
        stacked: the gates in the order in which they are stacked, a letter for each.
        order: the order wanted.
        apart: a gate whose two biases are not added: the one beside W_h then comes last of all.

    Source: the post's code.
    """
    w_ih, w_hh, b_ih, b_hh, *_ = weights
    if b_ih is None:
        b_ih = b_hh = torch.zeros_like(w_ih[:, 0])
    parts = (w.chunk(len(stacked)) for w in (w_ih, w_hh, b_ih, b_hh))
    rows = dict(zip(stacked, zip(*parts, strict=True), strict=True))
    params = []
    for gate in order:
        w_x, w_h, b_x, b_h = rows[gate]
        params += [w_x.T, w_h.T, b_x if gate == apart else b_x + b_h]
    return [*params, rows[apart][3]] if apart else params


def from_post(family: str, params: Sequence[Tensor]) -> Weights:
    """The post's parameters, three for each gate, stacked; the second bias is zero.

    Source: the post's code.
    """
    w_ih, w_hh = (torch.cat([w.T for w in params[side::3]]) for side in (0, 1))
    return _single_bias(family, "post", w_ih, w_hh, torch.cat(list(params[2::3])))


def to_keras(family: str, weights: Weights, reset_after: bool = False) -> list[Tensor]:
    """Kernel, recurrent kernel and, with biases, bias of one Keras layer.

    Of PyTorch's two biases Keras has the sum; a GRU that resets after the product has both.

    Source: Keras 3, ``keras/src/layers/rnn/lstm.py`` and ``gru.py``.
    """
    w_ih, w_hh, b_ih, b_hh = (
        None if w is None else reorder(w, family, "torch", "keras") for w in weights[:4]
    )
    if b_ih is None:
        return [w_ih.T, w_hh.T]
    return [w_ih.T, w_hh.T, torch.stack([b_ih, b_hh]) if reset_after else b_ih + b_hh]


def from_keras(family: str, arrays: Sequence[Tensor]) -> Weights:
    """The weights of one Keras layer; where it has one bias, the second one is zero.

    Source: Keras 3, ``keras/src/layers/rnn/lstm.py`` and ``gru.py``.
    """
    kernel, recurrent, *bias = arrays
    if not bias or bias[0].dim() == 1:
        return _single_bias(family, "keras", kernel.T, recurrent.T, *bias)
    return _reordered(family, "keras", kernel.T, recurrent.T, *bias[0])


def to_onnx(family: str, directions: Sequence[Weights]) -> list[Tensor]:
    """W, R and, with biases, B of one ONNX node, from the weights of its one or two directions.

    Source: ONNX's operator schemas ``RNN``, ``LSTM`` and ``GRU``.
    """
    rows = [
        [reorder(w, family, "torch", "onnx") for w in weights[:4] if w is not None]
        for weights in directions
    ]
    w, r, *b = (torch.stack(tensors) for tensors in zip(*rows, strict=True))
    return [w, r, torch.cat(b, 1)] if b else [w, r]


def from_onnx(family: str, tensors: Sequence[Tensor]) -> list[Weights]:
    """The weights of each direction, from W, R and perhaps B of one ONNX node.

    Source: ONNX's operator schemas ``RNN``, ``LSTM`` and ``GRU``.
    """
    w, r, *b = tensors
    biases = b[0].chunk(2, 1) if b else ()
    return [_reordered(family, "onnx", *direction) for direction in zip(w, r, *biases, strict=True)]


def _reordered(family: str, source: str, *stacked: Tensor) -> Weights:
    return Weights(*(reorder(w, family, source, "torch") for w in stacked))


def _single_bias(
    family: str, source: str, w_ih: Tensor, w_hh: Tensor, b: Tensor | None = None
) -> Weights:
    """PyTorch adds two biases: one gets the value and the other zero."""
    biases = () if b is None else (b, torch.zeros_like(b))
    return _reordered(family, source, w_ih, w_hh, *biases)
