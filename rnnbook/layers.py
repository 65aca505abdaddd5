r"""The recurrent layers: ``torch.nn``'s interface over the book's equations.

:class:`Recurrent` makes a layer of any cell, of which it knows the record
(:class:`rnnbook.engines.cells.Cell`), and computes it through one of the engines of
:mod:`rnnbook.engines`. :class:`RNN`, :class:`LSTM` and :class:`GRU` keep ``torch.nn``'s parameters
under ``torch.nn``'s names, so that a ``state_dict`` goes from one to the other.
"""

from __future__ import annotations

import math
import operator
import warnings
from collections import namedtuple
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from numbers import Real
from typing import Any, NamedTuple, NoReturn

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from rnnbook import engines, exporting
from rnnbook.batches import Batch, check_lengths
from rnnbook.engines import library, torch_private
from rnnbook.engines.cells import CELLS, Cell
from rnnbook.layouts import Weights
from rnnbook.shapes import ShapeError, check_finite
from rnnbook.timescales import chrono_bias


class DtypeError(TypeError, ValueError):
    """The wrong dtype: a TypeError as in the equations, and a ValueError as in ``torch.nn``."""


class RNNTrace(NamedTuple):
    """What happened inside of an :class:`RNN`, for looking at: no gradient flows through it
    unless ``trace="differentiable"`` asked for that.

    Each tensor is (num_layers, directions, T, B, H): (…, B, T, H) with ``batch_first``, (…, T, H)
    for one unbatched sequence; of a ``PackedSequence`` (…, T, B, H) with the longest length as T,
    in the order of its sequences, ``batch_first`` or not. Past the end of a sequence stands zero.
    The second direction's values stand at the steps of the input that they belong to. States are
    those before dropout.

    Attributes:
        h: hidden states.
    """

    h: Tensor


class LSTMTrace(NamedTuple):
    """What happened inside of an :class:`LSTM`, for looking at: no gradient flows through it
    unless ``trace="differentiable"`` asked for that.

    Each tensor is laid out as in :class:`RNNTrace`.

    Attributes:
        f: forget gates, equation (1).
        i: input gates, equation (2).
        C_tilde: candidates, equation (3).
        C: cell states, equation (4).
        o: output gates, equation (5).
        h: hidden states, equation (6).
    """

    f: Tensor
    i: Tensor
    C_tilde: Tensor
    C: Tensor
    o: Tensor
    h: Tensor


class GRUTrace(NamedTuple):
    """What happened inside of a :class:`GRU`, for looking at: no gradient flows through it
    unless ``trace="differentiable"`` asked for that.

    Each tensor is laid out as in :class:`RNNTrace`.

    Attributes:
        z: update gates, equation (7).
        r: reset gates, equation (8).
        h_tilde: candidates, equation (9).
        h: hidden states, equation (10).
    """

    z: Tensor
    r: Tensor
    h_tilde: Tensor
    h: Tensor


class _Layout(NamedTuple):
    """How the caller gave the batch, so that it is given back alike."""

    batch: Batch
    packed: bool
    batched: bool
    batch_first: bool

    def output(self, rows: Tensor) -> Tensor | PackedSequence:
        return self.batch.repack(rows) if self.packed else self.padded(rows)

    def padded(self, rows: Tensor) -> Tensor:
        steps = self.batch.pad(rows)
        if not self.batched:
            return steps.squeeze(1)
        return steps.transpose(0, 1) if self.batch_first else steps

    def state(self, state: Tensor) -> Tensor:
        state = self.batch.unsort(state)
        return state if self.batched else state.squeeze(1)


class Recurrent(torch.nn.Module):
    r"""A layer of any cell, and what :class:`RNN`, :class:`LSTM` and :class:`GRU` have in common.

    Args:
        cell: the record of what runs, :class:`rnnbook.engines.cells.Cell`.
        input_size: number of inputs D.
        hidden_size: number of units H.
        num_layers: layers, each fed with the one before.
        bias: whether there are biases.
        batch_first: whether input and output are (B, T, ·) instead of (T, B, ·); states are not.
        dropout: share of the values to drop between layers while training, in [0, 1].
        bidirectional: whether a second set of weights reads each sequence from its end.
        device: of the parameters.
        dtype: of the parameters.
        engine: what computes the layer, one of :data:`rnnbook.engines.ENGINES`.

    Parameters, their names, their initial values and their order in the random numbers are those of
    ``torch.nn.RNNBase``; what else the cell has comes after them.

    ``torch.compile`` leaves a call with ``lengths`` or a ``PackedSequence`` as it is, for every
    set of lengths would be another program. ``torch.export``, unless told to be strict, takes
    lengths that are a list.

    Source: the interface is PyTorch's.
    """

    Trace: type | None = None
    proj_size = 0

    def __init__(
        self,
        cell: Cell,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        *,
        engine: str = "auto",
    ) -> None:
        options = _checked_options(
            {
                "input_size": input_size,
                "hidden_size": hidden_size,
                "num_layers": num_layers,
                "bias": bias,
                "batch_first": batch_first,
                "dropout": dropout,
                "bidirectional": bidirectional,
                "dtype": dtype,
            }
        )
        super().__init__()
        for name, value in options.items():
            if name != "dtype":
                setattr(self, name, value)
        self._set_cell(cell, engine)
        for layer, direction in self._directions():
            for name, shape in self._shapes(layer).items():
                weight = torch.empty(shape, device=device, dtype=dtype)
                setattr(self, self._named(name, layer, direction), torch.nn.Parameter(weight))
        self.reset_parameters()

    def _set_cell(self, cell: Cell, engine: str) -> None:
        self.record = cell
        self.engine = engine

    def reset_parameters(self) -> None:
        """Draw all parameters again, as ``torch.nn`` does."""
        bound = 1 / math.sqrt(self.hidden_size)
        for parameter in self.parameters():
            torch.nn.init.uniform_(parameter, -bound, bound)

    @property
    def cell(self) -> str:
        """The cell's name; fixed when the layer is made."""
        return self.record.name

    @property
    def starts(self) -> tuple[str, ...]:
        """Names of the initial states, as errors have them."""
        names = self.record.states
        if len(names) == 1:
            return (f"hx ({names[0]}_0)",)
        return tuple(f"hx[{k}] ({name}_0)" for k, name in enumerate(names))

    @property
    def engine(self) -> str:
        """What computes the layer, one of :data:`rnnbook.engines.ENGINES`; may be set."""
        return self._engine

    @engine.setter
    def engine(self, engine: str) -> None:
        engines.check_engine(engine, self.record, projects=self.proj_size > 0)
        self._engine = engine

    def forward(
        self,
        input: Tensor | PackedSequence,
        hx: Tensor | tuple[Tensor, Tensor] | None = None,
        *,
        lengths: Tensor | Sequence[int] | None = None,
        trace: bool | str = False,
    ) -> tuple:
        """Run the layer over a batch of sequences.

        Args:
            input: (T, B, D), (B, T, D) with ``batch_first``, (T, D) or a ``PackedSequence``.
            hx: the states before the first step, zero if left out; of an LSTM ``(h_0, C_0)``.
            lengths: the length of each sequence of a right-padded batch, (B,), in any order.
            trace: whether to return the gates and states of all layers and steps, too; with
                ``"differentiable"`` gradients flow through them.

        Returns:
            The outputs, in the input's layout; the last states, as ``hx``; with ``trace`` a third.

        Raises:
            ShapeError, TypeError, ValueError: names the argument, what was expected and given.
            NotImplementedError: ``torch.jit``, or a derivative for which the engine has no rule.

        Source: the interface is PyTorch's.
        """
        if torch.jit.is_tracing():
            self._refuse_tracing()
        if isinstance(input, torch.fx.Proxy):
            return self._as_leaf(input, hx, lengths=lengths, trace=trace)
        if not isinstance(trace, bool) and trace != "differentiable":
            given = repr(trace) if isinstance(trace, str) else type(trace).__name__
            raise TypeError(f"trace: expected a bool or 'differentiable', given {given}")
        if trace and self.proj_size:
            raise ValueError(
                "trace: expected False with proj_size, for the book's equations have no "
                f"projection; given {trace!r}"
            )
        if isinstance(self, _InPlaceOfTorch) and exporting.is_exporting():
            packed = isinstance(input, PackedSequence)
            self._check_input(input.data if packed else input, False, lengths is not None)
            return exporting.run(self, input, hx, lengths, trace)
        ragged = lengths is not None or isinstance(input, PackedSequence)
        compute = self._compute_ragged if ragged else self._compute
        return compute(input, hx, lengths, trace)

    def _compute(
        self,
        input: Tensor | PackedSequence,
        hx: Tensor | tuple[Tensor, Tensor] | None,
        lengths: Tensor | Sequence[int] | None,
        trace: bool | str,
    ) -> tuple:
        layout = self._read(input, lengths)
        start = self._start(hx, layout)
        with _no_autocast(layout.batch.data.device.type):
            rows, last, traces = self._run(layout.batch, start, trace)
        last = tuple(layout.state(s) for s in last)
        results = layout.output(rows), last if len(last) > 1 else last[0]
        if not trace:
            return results
        if trace != "differentiable":
            traces = [tuple(quantity.detach() for quantity in rows) for rows in traces]
        return (*results, self._traced(traces, layout))

    def _as_leaf(self, input: torch.fx.Proxy, *arguments: Any, **options: Any) -> torch.fx.Proxy:
        """One node of the graph that ``torch.fx`` makes, as of a layer of ``torch.nn``."""
        path = input.tracer.path_of_module(self)
        if not path:
            raise torch.fx.proxy.TraceError(
                f"torch.fx: expected a model that holds rnnbook.{type(self).__name__}, for the "
                "layer is a leaf; given the layer"
            )
        return input.tracer.create_proxy("call_module", path, (input, *arguments), options)

    @torch_private.not_compiled
    def _compute_ragged(self, *arguments: Any) -> tuple:
        """Not compiled: there would be another program for every set of lengths."""
        return self._compute(*arguments)

    def _refuse_tracing(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError(
            "torch.jit.trace, and torch.onnx.export with dynamo=False: expected torch.export, or "
            f"rnnbook.convert.to_onnx; given rnnbook.{type(self).__name__}"
        )

    # What PyTorch calls in the place of forward while tracing; the old exporter of ONNX does so
    # with all arguments positional, which forward would refuse without naming the reason.
    _slow_forward = _refuse_tracing

    def __prepare_scriptable__(self) -> None:
        """Answer ``torch.jit.script``, whose language has no functions of the book.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(
            f"torch.jit.script: expected torch.compile or torch.export, given rnnbook."
            f"{type(self).__name__}, which it cannot translate"
        )

    def check_finite(self) -> None:
        """Refuse NaN and infinity in the parameters; asked for, because it reads them all.

        Raises:
            ValueError: names the parameter, the place and the number.
        """
        check_finite(**dict(self.named_parameters()))

    def extra_repr(self) -> str:
        """The arguments that are not the default."""
        sizes = [f"{self.input_size}, {self.hidden_size}"]
        defaults = {
            "proj_size": 0,
            "num_layers": 1,
            "bias": True,
            "batch_first": False,
            "dropout": 0,
            "bidirectional": False,
        }
        for name, default in defaults.items():
            if (value := getattr(self, name)) != default:
                sizes.append(f"{name}={value}")
        if self.engine != "auto":
            sizes.append(f"engine={self.engine!r}")
        return ", ".join(sizes)

    # --- the layers, one after the other -------------------------------------------------------

    def _run(self, batch: Batch, start: list[Tensor], trace: bool | str) -> tuple:
        """Rows of the last layer, last states (one tensor for each of ``starts``), traces."""
        last, traces = [], []
        for layer in range(self.num_layers):
            outputs = []
            for direction in range(1 + self.bidirectional):
                state = tuple(s[len(last)] for s in start)
                output, final, traced = self._one(layer, direction, batch, state, trace)
                outputs.append(output)
                last.append(final)
                traces.append(traced)
            rows = outputs[0] if len(outputs) == 1 else torch.cat(outputs, -1)
            if layer < self.num_layers - 1:
                rows = torch.nn.functional.dropout(rows, self.dropout, self.training)
            batch = batch.holding(rows)
        return batch.data, [torch.stack(s) for s in zip(*last, strict=True)], traces

    def _one(
        self, layer: int, direction: int, batch: Batch, state: tuple[Tensor, ...], trace: bool | str
    ) -> tuple:
        """One layer in one direction; the second direction reads each sequence back to front."""
        weights = self._weights(layer, direction)
        if direction == 1:
            batch = batch.holding(batch.reverse(batch.data))
        states = engines.run(
            self.engine, self.record, batch, state, weights, everything=bool(trace)
        )
        traced = ()
        if trace == "differentiable":  # an engine's own gates are not
            own = {name: states.quantities[name] for name in self.record.states}
            traced = self._trace(batch, state, weights, states._replace(quantities=own))
        elif trace:
            with torch.no_grad():
                traced = self._trace(batch, state, weights, states)
        rows = (states.hidden, *traced)
        if direction == 1:
            rows = tuple(batch.reverse(r) for r in rows)
        return rows[0], states.last, rows[1:]

    def _directions(self) -> Iterator[tuple[int, int]]:
        """Layer and direction, in the order of the parameters and states."""
        for layer in range(self.num_layers):
            for direction in range(1 + self.bidirectional):
                yield layer, direction

    def _shapes(self, layer: int) -> dict[str, tuple[int, ...]]:
        """Names and shapes of a layer's weights in one direction."""
        H = self.hidden_size
        width = self.input_size if layer == 0 else H * (1 + self.bidirectional)
        rows = len(self.record.gates) * H
        shapes = {"weight_ih": (rows, width), "weight_hh": (rows, H)}
        if self.bias:
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        letters = {"D": width, "H": H}
        for name, layout in self.record.more.items():
            shapes[name] = tuple(int(axis[:-1] or 1) * letters[axis[-1]] for axis in layout.split())
        return shapes

    @staticmethod
    def _named(name: str, layer: int, direction: int) -> str:
        return f"{name}_l{layer}{'_reverse' * direction}"

    def _weights(self, layer: int, direction: int) -> Weights:
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")
        w_ih, w_hh, b_ih, b_hh, w_hr = (
            getattr(self, self._named(name, layer, direction), None) for name in names
        )
        more = tuple(getattr(self, self._named(n, layer, direction)) for n in self.record.more)
        return Weights(w_ih, w_hh, b_ih, b_hh, w_hr, more)

    # --- traces: what the engine kept, or the equations once more, for all steps at once --------

    def _trace(
        self, batch: Batch, state: tuple[Tensor, ...], weights: Weights, states: engines.States
    ) -> tuple[Tensor, ...]:
        cell, found = self.record, states.quantities
        if not found.keys() >= set(cell.quantities):
            before = (
                batch.before(found[name], start[: batch.sizes[0]])
                for name, start in zip(cell.states, state, strict=True)
            )
            found = cell.equations(batch.data, *before, *cell.parameters(weights)) | found
        return tuple(found[name] for name in cell.quantities)

    def _traced(self, traces: list[tuple[Tensor, ...]], layout: _Layout) -> NamedTuple:
        """Traces of each layer and direction as one tensor for each quantity."""
        quantities = []
        for rows in zip(*traces, strict=True):
            stacked = torch.stack([layout.padded(r) for r in rows])
            quantities.append(stacked.unflatten(0, (self.num_layers, -1)))
        trace = self.Trace or namedtuple(f"{self.cell}_trace", self.record.quantities)
        return trace(*quantities)

    # --- what comes in -------------------------------------------------------------------------

    def _read(
        self, input: Tensor | PackedSequence, lengths: Tensor | Sequence[int] | None
    ) -> _Layout:
        packed = isinstance(input, PackedSequence)
        data = input.data if packed else input
        if not isinstance(data, Tensor):
            hint = "; torch.from_numpy makes one" if isinstance(data, np.ndarray) else ""
            raise TypeError(
                f"input: expected a tensor or a PackedSequence, given {type(data).__name__}{hint}"
            )
        data = self._cast("input", data)
        batched = packed or data.dim() == 3
        self._check_input(data, packed, lengths is not None)
        if lengths is not None and (packed or not batched):
            kind = "a PackedSequence, which has its own" if packed else "one unbatched sequence"
            raise ValueError(f"lengths: expected None with {kind}; given {lengths}")
        if packed:
            return _Layout(Batch.of(input._replace(data=data)), packed, batched, False)
        if not batched:
            data = data.unsqueeze(1)
        elif self.batch_first:
            data = data.transpose(0, 1)
        if lengths is not None:
            lengths = check_lengths(lengths, *data.shape[:2], batch_first=self.batch_first)
        return _Layout(Batch.of(data, lengths), packed, batched, self.batch_first)

    def _check_input(self, data: Tensor, packed: bool, has_lengths: bool) -> None:
        size, given = self.input_size, tuple(data.shape)
        layout = f"({'B, T' if self.batch_first else 'T, B'}, {size}) or (T, {size})"
        expected = f"a PackedSequence of rows (N, {size})" if packed else f"shape {layout}"
        if data.dim() not in ((2,) if packed else (2, 3)) or given[-1] != size:
            raise ShapeError(f"input: expected {expected}; given {given}")
        steps = data.shape[self.batch_first] if data.dim() == 3 else data.shape[0]
        if steps == 0 and not has_lengths:
            raise ShapeError(f"input: expected {expected} with at least one step; given {given}")

    def _start(self, hx: Tensor | tuple[Tensor, Tensor] | None, layout: _Layout) -> list[Tensor]:
        """The initial states, (layers · directions, B, H) each, in the order of the rows."""
        batch = layout.batch
        stack, rows = self.num_layers * (1 + self.bidirectional), batch.sequences
        names, H = self.record.states, self.hidden_size
        sizes = (self.proj_size or H, *[H] * (len(names) - 1))
        if hx is None:
            return [batch.data.new_zeros(stack, rows, size) for size in sizes]
        states = hx if len(names) > 1 else (hx,)
        counted = isinstance(states, tuple | list) and len(states) == len(names)
        if not counted or (len(names) > 1 and _meant_lengths(hx)):
            given = f"{len(hx)} of them" if isinstance(hx, tuple | list) else type(hx).__name__
            wanted = ", ".join(f"{name}_0" for name in names)
            raise TypeError(
                f"hx: expected a tuple ({wanted}) of tensors; given {given}{_meant_lengths(hx)}"
            )
        checked = []
        for name, state, size in zip(self.starts, states, sizes, strict=True):
            if not isinstance(state, Tensor):
                raise TypeError(
                    f"{name}: expected a tensor, given {type(state).__name__}"
                    f"{self._no_cell_state(state)}{_meant_lengths(state)}"
                )
            if hint := _meant_lengths(state):
                given = str(state.dtype).removeprefix("torch.")
                raise TypeError(f"{name}: expected a state, given {given}{hint}")
            state = self._cast(name, state)
            self._check_state(name, state, (stack, rows, size), layout.batched)
            checked.append(batch.sort(state if layout.batched else state.unsqueeze(1)))
        return checked

    def _no_cell_state(self, state: object) -> str:
        lacks = isinstance(state, tuple) and len(self.record.states) == 1
        return f"; rnnbook.{type(self).__name__} has no C_0" if lacks else ""

    def _check_state(
        self, name: str, state: Tensor, sizes: tuple[int, int, int], batched: bool
    ) -> None:
        stack, rows, size = sizes
        expected, given = sizes if batched else (stack, size), tuple(state.shape)
        if given == expected:
            return
        width = "H" if size == self.hidden_size else "P"
        swapped = batched and given == (rows, stack, size)
        raise ShapeError(
            f"{name}: expected shape {expected} (layers times directions"
            f"{', B' if batched else ''}, {width}); given {given}"
            f"{'; states are never batch first' if swapped else ''}"
        )

    def _cast(self, name: str, tensor: Tensor) -> Tensor:
        """Refuse another dtype or device than the weights', except under autocast.

        The recurrence adds up rounding errors step by step, so autocast leaves it in the weights'
        own precision.
        """
        weight = self.weight_ih_l0
        if tensor.device != weight.device:
            raise TypeError(
                f"{name}: expected device {weight.device} like the weights, given {tensor.device}; "
                f"move it with .to({str(weight.device)!r})"
            )
        if tensor.dtype == weight.dtype:
            return tensor
        if tensor.is_floating_point() and _autocasts(tensor.device.type):
            return tensor.to(weight.dtype)
        expected, given = (str(t.dtype).removeprefix("torch.") for t in (weight, tensor))
        advice = _torchs_advice if name == "input" else _advice
        raise DtypeError(
            f"{name}: expected {expected} like the weights, given {given}{advice(tensor, weight)}"
        )


def _meant_lengths(given: object) -> str:
    """A hint, where an initial state looks like lengths that were given by position."""
    numbers = isinstance(given, list | tuple) and given and all(type(n) is int for n in given)
    if isinstance(given, Tensor) and given.dim() == 1 and not given.is_floating_point():
        numbers = True
    return "; lengths are given by name, lengths=…" if numbers else ""


def _advice(tensor: Tensor, weight: Tensor) -> str:
    return f"; convert it with .to({weight.dtype})"


def _torchs_advice(input: Tensor, weight: Tensor) -> str:
    """What ``torch.nn`` says of the input, in its words, which others look for."""
    said = (
        f" (RNN input dtype {input.dtype} does not match weight dtype {weight.dtype}). "
        f"Convert input: input.to({weight.dtype})"
    )
    if input.is_floating_point():
        return f"{said}, or convert model: model.to({input.dtype})"
    if input.is_complex() or input.dtype == torch.bool:
        return said
    return f"{said}; token numbers become inputs by torch.nn.Embedding or one_hot(…).float()"


class _InPlaceOfTorch(Recurrent, torch.nn.RNNBase):
    """A layer whose parameters are made and kept by ``torch.nn.RNNBase``, as in ``torch.nn``."""

    family: str  # a key of layouts.ORDERS

    def __init__(self, mode: str, cell: str, engine: str, **options: Any) -> None:
        options = _checked_options(options)
        self.record = CELLS[cell]  # flatten_parameters wants it
        torch.nn.RNNBase.__init__(self, mode, **options)
        self._set_cell(CELLS[cell], engine)

    def flatten_parameters(self) -> None:
        """Bring the weights to where cuDNN reads them without a copy; elsewhere do nothing.

        Each layer and direction has a chunk of memory of its own, because each is one call.
        """
        names = self._flat_weights_names
        if all(isinstance(self._parameters.get(name), torch.nn.Parameter) for name in names):
            for layer, direction in self._directions():
                library.flatten(self.record, self._weights(layer, direction))


class _Gated(_InPlaceOfTorch):
    """A layer with a gate that keeps: how long it remembers at first can be chosen."""

    keeps: str  # letter of the gate that keeps, among those of layouts.ORDERS
    writes: str | None = None  # and of the one that writes, where it is another gate

    def __init__(
        self, *arguments: Any, forget_bias: float | None, chrono: float | None, **options: Any
    ) -> None:
        if forget_bias is not None and chrono is not None:
            raise ValueError(
                "forget_bias, chrono: expected at most one of them, "
                f"given {forget_bias} and {chrono}"
            )
        forget_bias = _memory("forget_bias", forget_bias, options["bias"])
        chrono = _memory("chrono", chrono, options["bias"])
        super().__init__(*arguments, **options)
        self.forget_bias = forget_bias
        self.chrono = chrono
        self._set_memory()

    def reset_parameters(self) -> None:
        """Draw all parameters again, as ``torch.nn`` does, and set the biases asked for."""
        super().reset_parameters()
        if hasattr(self, "chrono"):  # not yet, when torch.nn makes the parameters
            self._set_memory()

    @torch.no_grad()
    def _set_memory(self) -> None:
        """Set the bias of the gate that keeps, to a number or spread over many lifetimes.

        PyTorch adds two bias vectors: one gets the value and the other zero. A bias that is
        parametrized is set through its parametrization, of a pruned one what is under the mask.
        """
        if self.forget_bias is None and self.chrono is None:
            return
        order = self.record.gates
        for layer, direction in self._directions():
            names = [self._named(name, layer, direction) for name in ("bias_ih", "bias_hh")]
            first, second = (self._kept(name).detach().clone() for name in names)
            values = {self.keeps: self.forget_bias}
            if self.chrono is not None:
                keep = chrono_bias(self.hidden_size, self.chrono, torch.default_generator)
                values = {self.keeps: keep.to(first), self.writes: -keep.to(first)}
            for gate, value in values.items():
                if gate is not None:
                    rows = slice(order.index(gate) * self.hidden_size, None)
                    first[rows][: self.hidden_size] = value
                    second[rows][: self.hidden_size] = 0
            for name, bias in zip(names, (first, second), strict=True):
                self._keep(name, bias)

    def _kept(self, name: str) -> Tensor:
        """What stands behind a parameter: under a mask, or what the parametrization makes."""
        return self._parameters.get(f"{name}_orig", getattr(self, name))

    def _keep(self, name: str, value: Tensor) -> None:
        parameter = self._parameters.get(f"{name}_orig", self._parameters.get(name))
        if parameter is not None:
            parameter.copy_(value)
        else:
            setattr(self, name, value)

    def extra_repr(self) -> str:
        """The arguments that are not the default."""
        memory = {"forget_bias": self.forget_bias, "chrono": self.chrono}
        given = [f"{name}={value}" for name, value in memory.items() if value is not None]
        return ", ".join([super().extra_repr(), *given])


class RNN(_InPlaceOfTorch):
    r"""The plain recurrent layer, in the place of ``torch.nn.RNN``.

    .. math:: h_t = \tanh(W_x \cdot x_t + W_h \cdot h_{t-1} + b)

    Args:
        input_size: number of inputs D.
        hidden_size: number of units H.
        num_layers: layers, each fed with the one before.
        nonlinearity: ``"tanh"`` or ``"relu"``.
        bias: whether there are biases.
        batch_first: whether input and output are (B, T, ·) instead of (T, B, ·); states are not.
        dropout: share of the values to drop between layers while training, in [0, 1].
        bidirectional: whether a second set of weights reads each sequence from its end.
        device: of the parameters.
        dtype: of the parameters.
        engine: what computes the layer, one of :data:`rnnbook.engines.ENGINES`.

    Call it with:
        - ``input``: (T, B, D), or (B, T, D) with ``batch_first``, or (T, D) for one sequence, or a
          ``PackedSequence``.
        - ``hx``: the states before the first step, (num_layers · directions, B, H), zero if left
          out; for one sequence without B.
        - ``lengths``: the length of each sequence of a right-padded batch, (B,), in any order.
          Outputs past an end are zero, the last states are those at the ends, and the padding is
          not computed.
        - ``trace``: also return an :class:`RNNTrace`; ``"differentiable"``
          for one through which gradients flow.

    Returns:
        The outputs of the last layer, in the input's layout with directions · H in place of D; and
        the last states, (num_layers · directions, B, H). With ``trace`` a third one.

    Raises:
        ShapeError, TypeError, ValueError: names the argument, what was expected and what given.

    Also: ``check_finite()`` and ``engine``, which may be set; see :class:`Recurrent`.

    Deviations from ``torch.nn.RNN``: under autocast the recurrence stays in the precision of
        the weights; ``torch.jit`` is not supported, nor is ``torch.onnx.export`` with
        ``dynamo=False``; the class is a subclass of ``torch.nn.RNNBase`` and not of
        ``torch.nn.RNN``.

    Source: Elman (1990); the interface is PyTorch's. Chapter 0.
    """

    family = "rnn"
    Trace = RNNTrace

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        *,
        engine: str = "auto",
        **unknown: Any,
    ) -> None:
        _refuse_unknown(RNN, unknown)
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"nonlinearity: expected 'tanh' or 'relu', given {nonlinearity!r}")
        super().__init__(
            f"RNN_{nonlinearity.upper()}",
            f"rnn_{nonlinearity}",
            engine,
            input_size=input_size,
            hidden_size=hidden_size,
            num_layers=num_layers,
            bias=bias,
            batch_first=batch_first,
            dropout=dropout,
            bidirectional=bidirectional,
            device=device,
            dtype=dtype,
        )

    @property
    def nonlinearity(self) -> str:
        """``"tanh"`` or ``"relu"``; fixed when the layer is made."""
        return "relu" if self.record is CELLS["rnn_relu"] else "tanh"

    @nonlinearity.setter
    def nonlinearity(self, value: str) -> NoReturn:
        raise _fixed("nonlinearity", self.nonlinearity, value)


class LSTM(_Gated):
    r"""The long short-term memory, equations (1) to (6), in the place of ``torch.nn.LSTM``.

    .. math::
        \begin{aligned}
        f_t &= \sigma(W_f \cdot [h_{t-1}, x_t] + b_f) \\
        i_t &= \sigma(W_i \cdot [h_{t-1}, x_t] + b_i) \\
        \tilde{C}_t &= \tanh(W_C \cdot [h_{t-1}, x_t] + b_C) \\
        C_t &= f_t \ast C_{t-1} + i_t \ast \tilde{C}_t \\
        o_t &= \sigma(W_o \cdot [h_{t-1}, x_t] + b_o) \\
        h_t &= o_t \ast \tanh(C_t)
        \end{aligned}

    Args:
        input_size: number of inputs D.
        hidden_size: number of units H.
        num_layers: layers, each fed with the one before.
        bias: whether there are biases.
        batch_first: whether input and output are (B, T, ·) instead of (T, B, ·); states are not.
        dropout: share of the values to drop between layers while training, in [0, 1].
        bidirectional: whether a second set of weights reads each sequence from its end.
        proj_size: size P of a projection of the hidden state, 0 for none; the book's equations have
            none, so only PyTorch's kernels compute it. Outputs, h_0 and h_n are then P wide in
            place of H, C_0 and C_n still H.
        device: of the parameters.
        dtype: of the parameters.
        forget_bias: the forget gate's bias at first; left out, PyTorch's random value near 0.
        chrono: T_max, the longest dependency expected, in steps: spreads the forget gates' biases
            as :func:`rnnbook.timescales.chrono_bias` does, and sets the input gates' to minus them.
        engine: what computes the layer, one of :data:`rnnbook.engines.ENGINES`.

    Call it with:
        - ``input``: (T, B, D), or (B, T, D) with ``batch_first``, or (T, D) for one sequence, or a
          ``PackedSequence``.
        - ``hx``: ``(h_0, C_0)``, the states before the first step, (num_layers · directions, B, H)
          each, zero if left out; for one sequence without B.
        - ``lengths``: the length of each sequence of a right-padded batch, (B,), in any order.
          Outputs past an end are zero, the last states are those at the ends, and the padding is
          not computed.
        - ``trace``: also return an :class:`LSTMTrace`; ``"differentiable"``
          for one through which gradients flow.

    Returns:
        The outputs of the last layer, in the input's layout with directions · H in place of D; and
        ``(h_n, C_n)``, the last states, (num_layers · directions, B, H) each. With ``trace`` a
        third one.

    Raises:
        ShapeError, TypeError, ValueError: names the argument, what was expected and what given.

    Also: ``check_finite()`` and ``engine``, which may be set; see :class:`Recurrent`.

    Deviations from ``torch.nn.LSTM``: under autocast the recurrence stays in the precision of
        the weights; ``torch.jit`` is not supported, nor is ``torch.onnx.export`` with
        ``dynamo=False``; the class is a subclass of ``torch.nn.RNNBase`` and not of
        ``torch.nn.LSTM``.

    Source: the post; Hochreiter & Schmidhuber (1997); Gers, Schmidhuber & Cummins (2000); the
        interface is PyTorch's. Chapters 1 to 6.
    """

    family = "lstm"
    keeps, writes = "f", "i"
    Trace = LSTMTrace

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        *,
        forget_bias: float | None = None,
        chrono: float | None = None,
        engine: str = "auto",
    ) -> None:
        super().__init__(
            "LSTM",
            "lstm",
            engine,
            input_size=input_size,
            hidden_size=hidden_size,
            num_layers=num_layers,
            bias=bias,
            batch_first=batch_first,
            dropout=dropout,
            bidirectional=bidirectional,
            proj_size=proj_size,
            device=device,
            dtype=dtype,
            forget_bias=forget_bias,
            chrono=chrono,
        )


class GRU(_Gated):
    r"""The gated recurrent unit, equations (7) to (10), in the place of ``torch.nn.GRU``.

    .. math::
        \begin{aligned}
        z_t &= \sigma(W_z \cdot [h_{t-1}, x_t] + b_z) \\
        r_t &= \sigma(W_r \cdot [h_{t-1}, x_t] + b_r) \\
        \tilde{h}_t &= \tanh(W \cdot [r_t \ast h_{t-1}, x_t]) \\
        h_t &= z_t \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t
        \end{aligned}

    The layer adds biases to equation (9), as to the others: ``torch.nn``'s ``bias_ih + bias_hh``.
    With ``reset_after=True``, where :math:`W_x, b_{ih}` belong to the input and :math:`W_h, b_{hh}`
    to the state, the candidate is

    .. math:: \tilde{h}_t = \tanh(W_x x_t + b_{ih} + r_t \ast (W_h h_{t-1} + b_{hh}))

    Args:
        input_size: number of inputs D.
        hidden_size: number of units H.
        num_layers: layers, each fed with the one before.
        bias: whether there are biases.
        batch_first: whether input and output are (B, T, ·) instead of (T, B, ·); states are not.
        dropout: share of the values to drop between layers while training, in [0, 1].
        bidirectional: whether a second set of weights reads each sequence from its end.
        device: of the parameters.
        dtype: of the parameters.
        reset_after: whether the reset gate acts after the product with the candidate's weights, as
            ``torch.nn.GRU`` has it, instead of before it, as equation (9) has it.
        forget_bias: the update gate's bias at first (the gate that keeps); left out, PyTorch's
            random value near 0.
        chrono: T_max, the longest dependency expected, in steps: spreads the update gates' biases
            as :func:`rnnbook.timescales.chrono_bias` does.
        engine: what computes the layer, one of :data:`rnnbook.engines.ENGINES`.

    Call it with:
        - ``input``: (T, B, D), or (B, T, D) with ``batch_first``, or (T, D) for one sequence, or a
          ``PackedSequence``.
        - ``hx``: the states before the first step, (num_layers · directions, B, H), zero if left
          out; for one sequence without B.
        - ``lengths``: the length of each sequence of a right-padded batch, (B,), in any order.
          Outputs past an end are zero, the last states are those at the ends, and the padding is
          not computed.
        - ``trace``: also return a :class:`GRUTrace`; ``"differentiable"``
          for one through which gradients flow.

    Returns:
        The outputs of the last layer, in the input's layout with directions · H in place of D; and
        the last states, (num_layers · directions, B, H). With ``trace`` a third one.

    Raises:
        ShapeError, TypeError, ValueError: names the argument, what was expected and what given.

    Also: ``check_finite()`` and ``engine``, which may be set; see :class:`Recurrent`.

    Deviations from ``torch.nn.GRU``: equation (9) by default, so that ``torch.nn.GRU``'s
        weights mean another function unless ``reset_after=True`` (loading them warns); under
        autocast the recurrence stays in the precision of the weights; ``torch.jit`` is not
        supported, nor is ``torch.onnx.export`` with ``dynamo=False``; the class is a subclass
        of ``torch.nn.RNNBase`` and not of ``torch.nn.GRU``.

    Source: the post; Cho et al. (2014); the interface is PyTorch's. Chapters 7 to 10.
    """

    family = "gru"
    keeps = "z"
    Trace = GRUTrace

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        *,
        reset_after: bool = False,
        forget_bias: float | None = None,
        chrono: float | None = None,
        engine: str = "auto",
        **unknown: Any,
    ) -> None:
        _refuse_unknown(GRU, unknown)
        if not isinstance(reset_after, bool):
            raise TypeError(f"reset_after: expected a bool, given {type(reset_after).__name__}")
        super().__init__(
            "GRU",
            "gru_reset_after" if reset_after else "gru_reset_before",
            engine,
            input_size=input_size,
            hidden_size=hidden_size,
            num_layers=num_layers,
            bias=bias,
            batch_first=batch_first,
            dropout=dropout,
            bidirectional=bidirectional,
            device=device,
            dtype=dtype,
            forget_bias=forget_bias,
            chrono=chrono,
        )

    @property
    def reset_after(self) -> bool:
        """Whether the reset gate acts after the product; fixed when the layer is made."""
        return self.record is CELLS["gru_reset_after"]

    @reset_after.setter
    def reset_after(self, value: bool) -> NoReturn:
        raise _fixed("reset_after", self.reset_after, value)

    def extra_repr(self) -> str:
        """The arguments that are not the default."""
        return super().extra_repr() + (", reset_after=True" if self.reset_after else "")

    @property
    def _version(self) -> int:
        """What ``state_dict`` says beside the weights: 1, as PyTorch's, or 2 for equation (9)."""
        return 1 if self.reset_after else 2

    def _load_from_state_dict(
        self, state_dict: dict, prefix: str, local_metadata: dict, *others: Any
    ) -> None:
        version = local_metadata.get("version", self._version)
        if version != self._version and f"{prefix}weight_ih_l0" in state_dict:
            theirs, own = (
                ("before", "after it (reset_after=True)")
                if version == 2
                else ("after", "before it, as equation (9) has it")
            )
            warnings.warn(
                f"{prefix.removesuffix('.') or 'rnnbook.GRU'}: these weights are of a GRU that "
                f"resets {theirs} the product{', such as torch.nn.GRU' * (version != 2)}, and this "
                f"layer resets {own}: it computes another function with them. Make it with "
                f"reset_after={not self.reset_after}, or use rnnbook.convert.from_torch",
                stacklevel=2,
            )
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *others)


def _refuse_unknown(cls: type, unknown: dict[str, Any]) -> None:
    """As Python does, but of a projection as ``torch.nn`` does."""
    if "proj_size" in unknown:
        raise ValueError(
            f"proj_size argument is only supported for LSTM, not {cls.__name__}; "
            f"given {unknown['proj_size']}"
        )
    for name in unknown:
        raise TypeError(f"{cls.__name__}() got an unexpected keyword argument {name!r}")


def _fixed(name: str, value: Any, given: Any) -> AttributeError:
    return AttributeError(
        f"{name}: expected {value!r}, for it is fixed when the layer is made; given {given!r}"
    )


def _autocasts(device: str) -> bool:
    return device != "meta" and torch.is_autocast_enabled(device)


def _no_autocast(device: str) -> AbstractContextManager:
    return torch.autocast(device, enabled=False) if _autocasts(device) else nullcontext()


def _checked_options(options: dict[str, Any]) -> dict[str, Any]:
    """Refuse a size that is none; ``torch.nn`` says what it expects, and this says what it got.

    Numbers may be NumPy's; they become Python's.
    """
    options = dict(options)
    for name in ("input_size", "hidden_size", "num_layers"):
        options[name] = _size(name, options[name])
    for name in ("bias", "batch_first", "bidirectional"):
        if not isinstance(options[name], bool):
            raise TypeError(f"{name} should be of type bool, got: {type(options[name]).__name__}")
    dropout = options["dropout"]
    if isinstance(dropout, bool) or not isinstance(dropout, Real):
        raise TypeError(f"dropout should be a number in range [0, 1], got: {dropout!r}")
    if not 0 <= dropout <= 1:
        raise ValueError(f"dropout should be a number in range [0, 1], got: {dropout!r}")
    options["dropout"] = _plain(dropout)
    dtype = options["dtype"]
    if dtype is not None and not (isinstance(dtype, torch.dtype) and dtype.is_floating_point):
        raise TypeError(f"dtype: expected a floating-point torch.dtype, given {dtype!r}")
    if "proj_size" in options:
        options["proj_size"] = projection = _whole("proj_size", options["proj_size"])
        if not 0 <= projection < options["hidden_size"]:
            raise ValueError(
                f"proj_size has to be smaller than hidden_size and not negative, got: {projection}"
            )
    return options


def _size(name: str, value: int) -> int:
    size = _whole(name, value)
    if size <= 0:
        raise ValueError(f"{name} must be greater than zero, got: {size}")
    return size


def _whole(name: str, value: int) -> int:
    try:
        if isinstance(value, bool):
            raise TypeError
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} should be of type int, got: {type(value).__name__}") from None


def _plain(number: float) -> float:
    """A number of NumPy's as one of Python's."""
    return number if type(number) in (int, float) else float(number)


def _memory(name: str, value: float | None, bias: bool) -> float | None:
    """Refuse what can be no bias, or no longest dependency."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name}: expected a number, given {type(value).__name__}")
    if not bias:
        raise ValueError(f"{name}: expected None with bias=False, given {value}")
    least = 2 if name == "chrono" else -math.inf
    if not least < value < math.inf:
        more = " greater than 2" if name == "chrono" else ""
        raise ValueError(f"{name}: expected a finite number{more}, given {value}")
    return _plain(value)
