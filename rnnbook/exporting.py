r"""A layer inside of ``torch.onnx.export``: one of ONNX's own recurrent nodes for each layer.

While PyTorch's exporter reads a program, a layer writes nodes LSTM, GRU or RNN into it instead of
computing; so a model that holds layers is exported as any other, and T and B may be dynamic. What
the nodes cannot say is refused: traces, projections, a ``PackedSequence``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from rnnbook import layouts
from rnnbook.engines import torch_private
from rnnbook.layouts import Weights

if TYPE_CHECKING:
    from rnnbook.layers import Recurrent

OPERATORS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
"""ONNX's operator for each family of cells."""


@torch_private.constant_when_traced
def is_exporting() -> bool:
    """Whether ``torch.onnx.export`` reads the program now.

    Asked when a program is traced: ``torch.compile`` would take it for False by itself, and the
    exporter tries that tracer, too, where another one was refused something.

    Source: ``torch.onnx.ops``, PyTorch 2.8; before, the exporter knew no such nodes.
    """
    return torch.onnx.is_in_onnx_export() and hasattr(torch.onnx, "ops")


def attributes(layer: Recurrent) -> dict[str, Any]:
    """What a node of ONNX must be told of a layer.

    Source: ONNX's operator schemas ``RNN``, ``LSTM`` and ``GRU``.
    """
    directions = 1 + layer.bidirectional
    told: dict[str, Any] = {
        "hidden_size": layer.hidden_size,
        "direction": "bidirectional" if layer.bidirectional else "forward",
    }
    if layer.family == "rnn":
        told["activations"] = [layer.cell.removeprefix("rnn_").capitalize()] * directions
    if layer.family == "gru":
        told["linear_before_reset"] = int(layer.cell == "gru_reset_after")
    return told


def run(
    layer: Recurrent,
    input: Tensor | PackedSequence,
    hx: Tensor | tuple[Tensor, Tensor] | None,
    lengths: Tensor | None,
    trace: bool,
) -> tuple:
    """What a layer returns, as the outputs of nodes.

    Args:
        layer: whose weights the nodes get.
        input: (T, B, D), (B, T, D) with ``batch_first``, or (T, D).
        hx: the states before the first step, as the layer takes them.
        lengths: (B,), a tensor, which becomes an input of the nodes.
        trace: refused.

    Raises:
        NotImplementedError: something that ONNX's nodes cannot say.

    Source: ``torch.onnx.ops``; ONNX's operator schemas ``RNN``, ``LSTM`` and ``GRU``.
    """
    _refuse(layer, input, lengths, trace)
    batched = input.dim() == 3
    x = input if batched else input.unsqueeze(1)
    if batched and layer.batch_first:
        x = x.transpose(0, 1)
    states = [] if hx is None else list(hx) if layer.family == "lstm" else [hx]
    directions = 1 + layer.bidirectional
    last = []
    for k in range(layer.num_layers):
        rows = slice(k * directions, (k + 1) * directions)
        start = [(s if batched else s.unsqueeze(1))[rows] for s in states]
        weights = [Weights(*cell) for cell in layer.all_weights[rows]]
        y, *ends = _node(layer, x, weights, lengths, start)
        # y is (T, directions, B, H); the next layer wants (T, B, directions · H).
        x = y.transpose(1, 2).flatten(2)
        last.append(ends)
    ends = [torch.cat(s) for s in zip(*last, strict=True)]
    if not batched:
        x, ends = x.squeeze(1), [s.squeeze(1) for s in ends]
    elif layer.batch_first:
        x = x.transpose(0, 1)
    return x, tuple(ends) if layer.family == "lstm" else ends[0]


def _node(
    layer: Recurrent,
    x: Tensor,
    weights: list[Weights],
    lengths: Tensor | None,
    start: list[Tensor],
) -> tuple[Tensor, ...]:
    """One node: all hidden states (T, directions, B, H), and the last states."""
    W, R, *B = layouts.to_onnx(layer.family, weights)
    steps, batch = x.shape[:2]
    state = (len(weights), batch, layer.hidden_size)
    lengths = None if lengths is None else lengths.to(torch.int32)
    inputs = [x, W, R, B[0] if B else None, lengths, *start]
    ends = 2 if layer.family == "lstm" else 1
    return torch.onnx.ops.symbolic_multi_out(
        OPERATORS[layer.family],
        inputs,
        attributes(layer),
        dtypes=[x.dtype] * (1 + ends),
        shapes=[(steps, *state), *[state] * ends],
    )


def _refuse(
    layer: Recurrent, input: Tensor | PackedSequence, lengths: Tensor | None, trace: bool
) -> None:
    name = f"torch.onnx.export of rnnbook.{type(layer).__name__}"
    if trace:
        raise NotImplementedError(f"{name}: expected trace=False, for ONNX's nodes show no gates")
    if layer.proj_size:
        raise NotImplementedError(f"{name}: expected proj_size=0, for ONNX has no projection")
    if isinstance(input, PackedSequence):
        raise NotImplementedError(
            f"{name}: expected a padded tensor and lengths=, given a PackedSequence"
        )
    if lengths is not None and not isinstance(lengths, Tensor):
        raise NotImplementedError(
            f"{name}: expected lengths that are a tensor, an input of the model; "
            f"given {type(lengths).__name__}"
        )
    if layer.training and layer.dropout and layer.num_layers > 1:
        raise NotImplementedError(
            f"{name}: expected a model in evaluation mode, for it drops out between layers; "
            "call model.eval()"
        )
