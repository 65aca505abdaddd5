r"""A batch of sequences, of one length or of many, laid out so that a time loop can run over it.

A time loop wants, at every step, the rows of the sequences that still go on, and no others. So the
sequences are sorted by length, longest first, and the steps stand one below the other: step t has
``sizes[t]`` rows, and row k of every step belongs to the same sequence. This is the layout of
``torch.nn.utils.rnn.PackedSequence``; with lengths all equal it is the flattened batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from rnnbook.shapes import ShapeError


@dataclass(frozen=True)
class Batch:
    """The rows of a batch, step by step.

    Attributes:
        data: (N, D), N the sum of ``sizes``.
        sizes: rows of each step, T of them, never increasing.
        steps: number of steps of the padded batch that it was made from.
        packed: the ``PackedSequence`` it was made from, None for sequences of one length.
    """

    data: Tensor
    sizes: list[int]
    steps: int
    packed: PackedSequence | None = field(default=None, repr=False)

    @classmethod
    def of(cls, inputs: Tensor | PackedSequence, lengths: Tensor | None = None) -> Batch:
        """Lay out a tensor (T, B, D), with the sequences' lengths (B,) or without, or a pack."""
        if isinstance(inputs, PackedSequence):
            sizes = inputs.batch_sizes.tolist()
            return cls(inputs.data, sizes, len(sizes), inputs)
        steps, batch = inputs.shape[:2]
        if lengths is None:
            return cls(inputs.flatten(0, 1), [batch] * steps, steps)
        packed = pack_padded_sequence(inputs, lengths, enforce_sorted=False)
        return cls(packed.data, packed.batch_sizes.tolist(), steps, packed)

    def holding(self, rows: Tensor) -> Batch:
        """The same sequences with other rows (N, …)."""
        return replace(self, data=rows)

    def sort(self, state: Tensor) -> Tensor:
        """Bring a state (…, B, H) from the order of the batch into the order of the rows."""
        order = None if self.packed is None else self.packed.sorted_indices
        return state if order is None else state.index_select(-2, order)

    def unsort(self, state: Tensor) -> Tensor:
        """Bring a state (…, B, H) from the order of the rows into the order of the batch."""
        order = None if self.packed is None else self.packed.unsorted_indices
        return state if order is None else state.index_select(-2, order)

    def repack(self, rows: Tensor) -> PackedSequence:
        """The rows (N, H) as a pack like the one that the batch was made from."""
        return self.packed._replace(data=rows)

    def pad(self, rows: Tensor) -> Tensor:
        """The rows (N, H) as a tensor (T, B, H), in the order of the batch, zeros past each end."""
        if self.packed is None:
            return rows.unflatten(0, (self.steps, -1))
        return pad_packed_sequence(self.repack(rows), total_length=self.steps)[0]

    def reverse(self, rows: Tensor) -> Tensor:
        """The rows (N, H) with each sequence back to front; done twice, it undoes itself."""
        if self.packed is None:
            return rows.unflatten(0, (self.steps, -1)).flip(0).flatten(0, 1)
        starts, step, place, lengths = self._places(rows.device)
        return rows.index_select(0, starts[lengths[place] - 1 - step] + place)

    def before(self, states: Tensor, start: Tensor) -> Tensor:
        """For each row (N, H) the row of the same sequence one step before; ``start`` at first."""
        if self.packed is None:
            return torch.cat([start, states[: -self.sizes[0]]])
        starts, step, place, _ = self._places(states.device)
        earlier = len(start) + starts[step - 1] + place
        return torch.cat([start, states]).index_select(0, torch.where(step > 0, earlier, place))

    def last(self, states: Tensor) -> Tensor:
        """The last row of each sequence, (B, H)."""
        if self.packed is None:
            return states[-self.sizes[0] :]
        starts, _, _, lengths = self._places(states.device)
        return states.index_select(0, starts[lengths - 1] + torch.arange(len(lengths)).to(starts))

    def _places(self, device: torch.device) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """First row of each step (T,); step and place of each row (N,); lengths (B,)."""
        sizes = torch.tensor(self.sizes)
        starts = sizes.cumsum(0) - sizes
        step = torch.arange(len(sizes)).repeat_interleave(sizes)
        place = torch.arange(len(step)) - starts[step]
        lengths = (sizes.unsqueeze(0) > torch.arange(self.sizes[0]).unsqueeze(1)).sum(1)
        return tuple(x.to(device) for x in (starts, step, place, lengths))


def check_lengths(lengths: Tensor | Sequence[int], steps: int, batch: int) -> Tensor:
    """The lengths of a right-padded batch, as a tensor of int64 on the CPU; any order.

    Raises:
        TypeError: they are no whole numbers.
        ShapeError: they are not one for each sequence.
        ValueError: one of them is not in 1…T.
    """
    if not isinstance(lengths, Tensor):
        try:
            lengths = torch.tensor(lengths)
        except (TypeError, ValueError, RuntimeError):
            raise TypeError(
                f"lengths: expected {batch} whole numbers, given {type(lengths).__name__}"
            ) from None
    if lengths.is_floating_point() or lengths.is_complex() or lengths.dtype == torch.bool:
        kind = str(lengths.dtype).removeprefix("torch.")
        raise TypeError(f"lengths: expected whole numbers (int64), given {kind}")
    if lengths.shape != (batch,):
        raise ShapeError(f"lengths: expected shape ({batch},); given {tuple(lengths.shape)}")
    lengths = lengths.to("cpu", torch.int64)
    wrong = ((lengths < 1) | (lengths > steps)).nonzero().flatten().tolist()
    if wrong:
        raise ValueError(
            f"lengths: expected numbers from 1 to T = {steps}, "
            f"given {lengths[wrong[0]].item()} at [{wrong[0]}]"
        )
    return lengths
