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
    """

    w_ih: Tensor
    w_hh: Tensor
    b_ih: Tensor | None = None
    b_hh: Tensor | None = None
    w_hr: Tensor | None = None


def reorder(stacked: Tensor, family: str, source: str, target: str, axis: int = 0) -> Tensor:
    """Bring gates that are stacked along an axis from one convention's order into another's."""
    orders = ORDERS[family]
    gates = dict(zip(orders[source], stacked.chunk(len(orders[source]), axis), strict=True))
    return torch.cat([gates[gate] for gate in orders[target]], axis)


def to_post(family: str, weights: Weights, reset_after: bool = False) -> list[Tensor]:
    """The post's parameters, three for each gate, without the read-out.

    Of PyTorch's two biases the post has the sum. Only the candidate of a GRU that resets after the
    product needs both: the second one then comes last.
    """
    w_ih, w_hh, b_ih, b_hh, _ = weights
    if b_ih is None:
        b_ih = b_hh = torch.zeros_like(w_ih[:, 0])
    order = ORDERS[family]["torch"]
    rows = dict(
        zip(
            order,
            zip(*(x.chunk(len(order)) for x in (w_ih, w_hh, b_ih, b_hh)), strict=True),
            strict=True,
        )
    )
    params = []
    for gate in ORDERS[family]["post"]:
        w_x, w_h, b_x, b_h = rows[gate]
        inside = reset_after and gate == "h"
        params += [w_x.T, w_h.T, b_x if inside else b_x + b_h]
    return [*params, rows["h"][3]] if reset_after else params
