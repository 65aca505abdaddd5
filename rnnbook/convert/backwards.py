r"""A layer that reads each sequence from its end: ONNX's ``direction=reverse``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from rnnbook.batches import Batch, check_lengths
from rnnbook.layers import Recurrent


class Backwards(torch.nn.Module):
    r"""What the second direction of a bidirectional layer does, alone.

    Outputs stand at the steps of the input that they belong to; the last state is the one after the
    first step. Several layers all read from the end.

    Args:
        layer: the layer that is given each sequence back to front, its attribute ``layer``.

    Call it as the layer, but for ``trace``.

    Source: ONNX's operator schemas; the second direction of ``torch.nn``'s layers is the same.
    """

    def __init__(self, layer: Recurrent) -> None:
        super().__init__()
        self.layer = layer

    def forward(
        self,
        input: Tensor | PackedSequence,
        hx: Tensor | tuple[Tensor, Tensor] | None = None,
        *,
        lengths: Tensor | Sequence[int] | None = None,
    ) -> tuple[Any, Any]:
        """Turn each sequence round, run the layer, and turn its outputs back."""
        turned = self._turn(input, lengths)
        output, last = self.layer(turned, hx, lengths=lengths)
        return self._turn(output, lengths), last

    def _turn(self, rows: Any, lengths: Tensor | Sequence[int] | None) -> Any:
        if isinstance(rows, PackedSequence):
            return rows._replace(data=Batch.of(rows).reverse(rows.data))
        if not isinstance(rows, Tensor) or rows.dim() not in (2, 3):
            return rows  # the layer says what it expected
        time = int(self.layer.batch_first and rows.dim() == 3)
        if lengths is None:
            return rows.flip(time)
        steps = rows.shape[time]
        numbers = check_lengths(lengths, steps, rows.shape[1 - time])
        ends = torch.tensor(numbers, device=rows.device)
        order = torch.arange(steps, device=rows.device).unsqueeze(1)
        order = torch.where(order < ends, ends - 1 - order, order)  # (T, B)
        order = (order.T if time else order).unsqueeze(2).expand_as(rows)
        return rows.gather(time, order)
