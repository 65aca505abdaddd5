r"""A batch of sequences, of one length or of many, laid out so that a time loop can run over it.

A time loop wants, at every step, the rows of the sequences that still go on, and no others. So the
sequences are sorted by length, longest first, and the steps stand one below the other: step t has
``sizes[t]`` rows, and row k of every step belongs to the same sequence. This is the layout of
``torch.nn.utils.rnn.PackedSequence``; with lengths all equal it is the flattened batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from rnnbook.shapes import ShapeError

_is_exporting = getattr(torch.compiler, "is_exporting", lambda: False)  # from PyTorch 2.7 on


class Places(NamedTuple):
    """Where the rows of a ragged batch are.

    Attributes:
        starts: number of the first row of each step, (T,).
        step: step of each row, (N,).
        place: place of each row within its step, (N,): 0 is the longest sequence.
        lengths: length of each sequence that has a step, longest first.
    """

    starts: Tensor
    step: Tensor
    place: Tensor
    lengths: Tensor

    @classmethod
    def of(cls, sizes: Sequence[int], device: torch.device) -> Places:
        """The places of steps with so many rows."""
        rows = torch.tensor(sizes, dtype=torch.int64, device=device)
        starts = rows.cumsum(0) - rows
        times = torch.arange(len(sizes), device=device)
        step = times.repeat_interleave(rows, output_size=sum(sizes))
        place = torch.arange(sum(sizes), device=device) - starts[step]
        sequences = torch.arange(sizes[0] if sizes else 0, device=device)
        return cls(starts, step, place, (rows > sequences.unsqueeze(1)).sum(1))


@dataclass(frozen=True)
class Batch:
    """The rows of a batch, step by step.

    Attributes:
        data: (N, D).
        sizes: rows of each step, at most T of them, never increasing, their sum is N; of sequences
            of one length one number, (B,), for all steps.
        steps: number of steps T of the padded batch that it was made from.
        sequences: number of sequences B; those of length 0, the last ones, have no row.
        order: for each place the number of its sequence in the batch, (B,); None for the same.
        places: where the rows are; None for sequences of one length, where that is plain.
        packed: the ``PackedSequence`` it was made from, or None.
    """

    data: Tensor
    sizes: tuple[int, ...]
    steps: int
    sequences: int
    order: Tensor | None = field(default=None, repr=False)
    places: Places | None = field(default=None, repr=False)
    packed: PackedSequence | None = field(default=None, repr=False)

    @classmethod
    def of(cls, inputs: Tensor | PackedSequence, lengths: Sequence[int] | None = None) -> Batch:
        """Lay out a tensor (T, B, D), with the sequences' lengths or without, or a pack."""
        if isinstance(inputs, PackedSequence):
            sizes = tuple(inputs.batch_sizes.tolist())
            places = Places.of(sizes, inputs.data.device)
            order = inputs.sorted_indices
            return cls(inputs.data, sizes, len(sizes), sizes[0], order, places, inputs)
        steps, batch = inputs.shape[:2]
        if lengths is None or all(length == steps for length in lengths):
            return cls(inputs.flatten(0, 1), (batch,), steps, batch)
        sizes = _rows_of_each_step(lengths)
        by_length = sorted(range(batch), key=lambda k: -lengths[k])
        order = torch.tensor(by_length, device=inputs.device)
        places = Places.of(sizes, inputs.device)
        rows = inputs.flatten(0, 1).index_select(0, places.step * batch + order[places.place])
        return cls(rows, sizes, steps, batch, order, places)

    def holding(self, rows: Tensor) -> Batch:
        """The same sequences with other rows (N, …)."""
        return replace(self, data=rows)

    def sort(self, state: Tensor) -> Tensor:
        """Bring a state (…, B, H) from the order of the batch into the order of the rows."""
        return state if self.order is None else state.index_select(-2, self.order)

    def unsort(self, state: Tensor) -> Tensor:
        """Bring a state (…, B, H) from the order of the rows into the order of the batch."""
        return state if self.order is None else state.index_select(-2, self.order.argsort())

    def repack(self, rows: Tensor) -> PackedSequence:
        """The rows (N, H) as a pack like the one that the batch was made from."""
        return self.packed._replace(data=rows)

    def pad(self, rows: Tensor) -> Tensor:
        """The rows (N, H) as a tensor (T, B, H), in the order of the batch, zeros past each end."""
        if self.places is None:
            return rows.unflatten(0, (self.steps, self.sequences))
        batch, (_, step, place, _) = self.sequences, self.places
        index = step * batch + (place if self.order is None else self.order[place])
        padded = rows.new_zeros(self.steps * batch, *rows.shape[1:]).index_copy(0, index, rows)
        return padded.unflatten(0, (self.steps, batch))

    def reverse(self, rows: Tensor) -> Tensor:
        """The rows (N, H) with each sequence back to front; done twice, it undoes itself."""
        if self.places is None:
            return rows.unflatten(0, (self.steps, self.sequences)).flip(0).flatten(0, 1)
        starts, step, place, lengths = self.places
        return rows.index_select(0, starts[lengths[place] - 1 - step] + place)

    def before(self, states: Tensor, start: Tensor) -> Tensor:
        """For each row (N, H) the row of the same sequence one step before; ``start`` at first."""
        if self.places is None:
            return torch.cat([start, states[: -self.sequences]])
        starts, step, place, _ = self.places
        earlier = len(start) + starts[step - 1] + place
        return torch.cat([start, states]).index_select(0, torch.where(step > 0, earlier, place))

    def last(self, states: Tensor) -> Tensor:
        """The last row of each sequence that has one."""
        if self.places is None:
            return states[-self.sequences :]
        starts, _, _, lengths = self.places
        ends = starts[lengths - 1] + torch.arange(len(lengths), device=states.device)
        return states.index_select(0, ends)


def _rows_of_each_step(lengths: Sequence[int]) -> tuple[int, ...]:
    """How many sequences still go on at each step."""
    ending = [0] * (max(lengths) + 1)
    for length in lengths:
        ending[length] += 1
    sizes, going_on = [], len(lengths)
    for number in ending[:-1]:
        going_on -= number
        sizes.append(going_on)
    return tuple(sizes)


def check_lengths(
    lengths: Tensor | Sequence[int], steps: int, batch: int, *, batch_first: bool | None = None
) -> list[int]:
    """The lengths of a right-padded batch, as numbers; any order.

    Args:
        lengths: (B,).
        steps: T.
        batch: B.
        batch_first: what the layer was told of its input, for advice in the error; None for none.

    Raises:
        TypeError: they are no whole numbers, or a tensor while ``torch.export`` runs.
        ShapeError: they are not one for each sequence.
        ValueError: one of them is not in 0…T.
    """
    if isinstance(lengths, Tensor) and _is_exporting():
        raise TypeError(
            "lengths: expected a list of numbers while exporting, for they become part of the "
            "program; given a Tensor"
        )
    lengths = _whole_numbers(lengths, steps, batch, batch_first)
    for k, length in enumerate(lengths):
        if not 0 <= length <= steps:
            raise ValueError(
                f"lengths: expected numbers from 0 to T = {steps}, given {length} at [{k}]"
            )
    return lengths


def _whole_numbers(
    lengths: Tensor | Sequence[int], steps: int, batch: int, batch_first: bool | None
) -> list[int]:
    """The lengths as numbers; a list of them is not made a tensor, so torch.export knows them."""
    plain = isinstance(lengths, list | tuple) and all(type(length) is int for length in lengths)
    if plain and len(lengths) == batch:
        return list(lengths)
    try:
        given = isinstance(lengths, Tensor)
        lengths = lengths if given else torch.as_tensor(lengths, device="cpu")
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(
            f"lengths: expected {batch} whole numbers, given {type(lengths).__name__}"
        ) from None
    if lengths.is_floating_point() or lengths.is_complex() or lengths.dtype == torch.bool:
        kind = str(lengths.dtype).removeprefix("torch.")
        raise TypeError(f"lengths: expected whole numbers (int64), given {kind}")
    if lengths.shape != (batch,):
        advice = ""
        if batch_first is not None and lengths.shape == (steps,):
            axis, told = ("time", False) if batch_first else ("batch", True)
            advice = f"; is the {axis} first? then say batch_first={told}"
        raise ShapeError(
            f"lengths: expected shape ({batch},), one for each sequence (T = {steps}, "
            f"B = {batch}); given {tuple(lengths.shape)}{advice}"
        )
    if lengths.is_meta:
        raise TypeError("lengths: expected numbers, given a tensor on the device meta, without any")
    return lengths.tolist()
