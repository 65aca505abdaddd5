r"""Ways to compute one layer in one direction: all give the same numbers, at different speeds.

=============  ==================================================================================
engine         what it is
=============  ==================================================================================
``reference``  the book's equations step by step, differentiated by autograd
``python``     the backward pass derived by hand; a time loop of tensor operations
``compiled``   the same, its time loop in C++, compiled on first use; CPU, float32 and float64
``triton``     the same, its time loop in one launch; LSTM and GRU on a CUDA device, H up to 128
``library``    PyTorch's own kernels (cuDNN on a GPU, oneDNN); not for a GRU that resets before
``auto``       the one of them that ``make bench`` measured as fastest: see :func:`choose`
=============  ==================================================================================
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from rnnbook.batches import Batch
from rnnbook.engines import (
    by_hand,
    compiled,
    derivatives,
    library,
    passes,
    plain,
    reference,
    torch_private,
    triton_loops,
)
from rnnbook.engines.cells import CELLS, Cell
from rnnbook.layouts import Weights

__all__ = ["CELLS", "ENGINES", "WIDE", "Cell", "States", "check_engine", "choose", "run"]

ENGINES = ("auto", "reference", "python", "compiled", "triton", "library")
"""Names of the engines."""

WIDE = 256
"""Units from which on PyTorch's float32 LSTM is faster than the compiled loops, on a CPU, without a
gradient; measured by ``make bench``."""


class States(NamedTuple):
    """What an engine returns.

    Attributes:
        hidden: all hidden states (N, H).
        last: the last state of each sequence, a tensor (B, H) for each of the cell's states.
        quantities: all gates, candidates and states, (N, H) each, by the names that the cell's
            trace has for them, as far as the engine keeps them; the states always, but from
            ``library`` the hidden ones alone.
    """

    hidden: Tensor
    last: tuple[Tensor, ...]
    quantities: dict[str, Tensor]


def check_engine(engine: str, cell: Cell, projects: bool = False) -> None:
    """Refuse an engine that does not exist or cannot compute a cell.

    Raises:
        ValueError: says which engines can.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine: expected one of {', '.join(ENGINES)}; given {engine!r}")
    if engine == "library" and cell.kernel is None:
        raise ValueError(
            f"engine: expected one other than 'library'{cell.no_kernel}; given 'library'"
        )
    if engine in ("python", "compiled", "triton") and cell.loops is None:
        raise ValueError(
            f"engine: expected 'reference' or 'auto', for {cell.name} has no loops by hand; "
            f"given {engine!r}"
        )
    if engine == "triton" and not triton_loops.knows(cell.loops):
        raise ValueError(
            f"engine: expected one other than 'triton', which knows the LSTM and the GRU, for "
            f"{cell.name}; given 'triton'"
        )
    if projects and engine not in ("auto", "library"):
        raise ValueError(
            "engine: expected 'library' (or 'auto') with proj_size, for the book's equations have "
            f"no projection; given {engine!r}"
        )


def run(
    engine: str,
    cell: Cell,
    batch: Batch,
    state: tuple[Tensor, ...],
    weights: Weights,
    everything: bool = False,
) -> States:
    """Run one layer in one direction through an engine.

    Args:
        engine: one of :data:`ENGINES`.
        cell: what runs.
        batch: the input, (N, D).
        state: of each of the cell's states what it is before the first step, (B, H).
        weights: stacked as ``torch.nn`` stacks them.
        everything: all states are wanted, not only the last, and the gates where the engine has
            them anyway.

    Raises:
        ValueError: all cell states are wanted of an engine that shows only the last, or an engine
            where it cannot run.
    """
    if batch.data.shape[0] == 0:
        return _nothing(cell, batch, state, weights)
    going_on = tuple(s[: batch.sizes[0]] for s in state)  # the rest have no step at all
    states = _run(engine, cell, batch, going_on, weights, everything)
    if batch.sizes[0] == batch.sequences:
        return states
    both = zip(states.last, (s[batch.sizes[0] :] for s in state), strict=True)
    return states._replace(last=tuple(torch.cat(pair) for pair in both))


def _nothing(cell: Cell, batch: Batch, state: tuple[Tensor, ...], weights: Weights) -> States:
    """No step at all: no row, the states as they were, and gradients that are zero."""
    rows = batch.data.new_zeros(0, state[0].shape[-1])
    tensors = (batch.data, *weights[:5], *weights.more)
    hidden = rows + sum(x.sum() for x in tensors if x is not None)
    return States(hidden, state, {name: rows for name in cell.quantities})


def _run(
    engine: str,
    cell: Cell,
    batch: Batch,
    state: tuple[Tensor, ...],
    weights: Weights,
    everything: bool,
) -> States:
    loops = engine
    if engine == "auto":
        engine, loops = choose(cell, batch, state, weights, everything), "auto"
    elif engine in ("compiled", "triton") and not torch.compiler.is_compiling():
        passes.choose(engine, (batch.data, *state, *weights[:4]), weights.w_hh)
    if engine == "library":
        if everything and len(cell.states) > 1:
            raise ValueError(
                "trace: expected False with engine='library', for PyTorch's kernels show no cell "
                "states; given True"
            )
        hidden, last = library.run(cell, batch.data, batch.sizes, state, weights)
        return States(hidden, last, {cell.states[0]: hidden})
    if engine == "reference":
        quantities = reference.run(cell, batch.data, batch.sizes, state, weights)
    else:
        hs, Cs, gates = by_hand.run(
            cell, batch.data, batch.sizes, state, weights, loops=loops, show_gates=everything
        )
        quantities = dict(zip(cell.states, (hs, Cs), strict=False))
        if gates is not None:
            blocks = cell.loops.blocks
            quantities |= zip(blocks, gates.chunk(len(blocks), dim=1), strict=True)
    last = tuple(batch.last(quantities[name]) for name in cell.states)
    return States(quantities[cell.states[0]], last, quantities)


def choose(
    cell: Cell,
    batch: Batch,
    state: tuple[Tensor, ...],
    weights: Weights,
    everything: bool = False,
) -> str:
    """Name of the engine that ``auto`` takes for this cell and these tensors.

    It is ``compiled`` where that can run, except for a dense float32 LSTM of 256 units or more of
    which no gradient is wanted: there PyTorch's kernel is faster, and ``library`` is taken. Where
    the compiled loops cannot run it is ``library`` if PyTorch has a fused kernel (any cell that it
    knows on a GPU, the float32 LSTM on a CPU with oneDNN), else ``python``. PyTorch's kernels are
    not taken under ``torch.func``, nor where all cell states are wanted.

    ``reference`` is taken for a cell without loops by hand, in forward-mode differentiation, for
    tensors that compute in their own way, and where a ``TorchDispatchMode`` watches the operations.

    While a program is compiled or exported, and under ``torch.func``, it is ``auto`` still: the
    engine by hand, which chooses its loops when it sees the numbers.

    Args:
        cell: as in :func:`run`, like the others.
        batch: of the input.
        state: before the first step.
        weights: of the layer; with a projection only PyTorch's kernels know them.
        everything: whether all cell states and gates are wanted.
    """
    if weights.w_hr is not None:
        return "library"
    data, tensors = batch.data, (batch.data, *state, *weights[:4])
    if cell.loops is None or torch_private.differentiates_forwards():
        return "reference"
    if torch.compiler.is_compiling():
        return "auto"
    if torch_private.watches_operations() or plain.computes_itself(tensors):
        return "reference"
    if torch_private.maps_or_differentiates():  # PyTorch's kernels have no rule for vmap
        return "auto"
    fused = not everything and _is_fused(cell, data)
    if compiled.suits(tensors):
        dense = batch.sizes[0] == batch.sizes[-1]
        wide = weights.w_hh.shape[1] >= WIDE
        if fused and dense and wide and not derivatives.is_watched(tensors):
            return "library"
        return "compiled"
    return "library" if fused else "python"


def _is_fused(cell: Cell, data: Tensor) -> bool:
    """Whether PyTorch computes all steps of this cell in one kernel, and not in a loop of its own.

    ``make bench`` times the CPU's; which tensors cuDNN and oneDNN take is PyTorch's to say.
    """
    if data.is_cuda:
        return cell.kernel is not None
    on_cpu = data.device.type == "cpu" and torch.backends.mkldnn.enabled  # oneDNN's older name
    return on_cpu and data.dtype == torch.float32 and cell.kernel in FUSED_ON_CPU


FUSED_ON_CPU = ("lstm",)
"""PyTorch's kernels that are one kernel on a CPU, too, by oneDNN."""
