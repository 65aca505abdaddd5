r"""Ways to compute one layer in one direction: all give the same numbers, at different speeds.

=============  ==================================================================================
engine         what it is
=============  ==================================================================================
``reference``  the book's equations step by step, differentiated by autograd
``python``     the backward pass derived by hand; a time loop of tensor operations
``compiled``   the same, its time loop in C++, compiled on first use; CPU, float32 and float64
``library``    PyTorch's own kernels (cuDNN on a GPU, oneDNN); not for a GRU that resets before
``auto``       the one of them that ``make bench`` measured as fastest: see :func:`choose`
=============  ==================================================================================
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from rnnbook.batches import Batch
from rnnbook.engines import by_hand, compiled, library, reference
from rnnbook.engines.loops import BLOCKS
from rnnbook.layouts import Weights

ENGINES = ("auto", "reference", "python", "compiled", "library")
"""Names of the engines."""

WIDE = 128
"""Units from which on PyTorch's float32 LSTM is faster than the compiled loops, on a CPU, without a
gradient; measured by ``make bench``."""


class States(NamedTuple):
    """What an engine returns.

    Attributes:
        hidden: all hidden states (N, H).
        last: the last state of each sequence, ``(h,)`` or ``(h, C)``, each (B, H).
        cells: all cell states of an LSTM (N, H); None where there are none, or from ``library``.
        gates: all gates and candidates, (N, H) each, by the letters of
            :data:`rnnbook.engines.loops.BLOCKS`; None where the engine does not keep them.
    """

    hidden: Tensor
    last: tuple[Tensor, ...]
    cells: Tensor | None
    gates: dict[str, Tensor] | None = None


def check_engine(engine: str, cell: str, projects: bool = False) -> None:
    """Refuse an engine that does not exist or cannot compute a cell.

    Raises:
        ValueError: says which engines can.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine: expected one of {', '.join(ENGINES)}; given {engine!r}")
    if engine == "library" and cell not in library.KERNELS:
        raise ValueError(
            "engine: expected one other than 'library' with reset_after=False, for PyTorch has no "
            "kernel that resets before the product; given 'library'"
        )
    if projects and engine not in ("auto", "library"):
        raise ValueError(
            "engine: expected 'library' (or 'auto') with proj_size, for the book's equations have "
            f"no projection; given {engine!r}"
        )


def run(
    engine: str,
    cell: str,
    batch: Batch,
    state: tuple[Tensor, ...],
    weights: Weights,
    everything: bool = False,
) -> States:
    """Run one layer in one direction through an engine.

    Args:
        engine: one of :data:`ENGINES`.
        cell: a key of :data:`rnnbook.engines.reference.STEPS`.
        batch: the input, (N, D).
        state: ``(h_0,)``, or ``(h_0, C_0)`` for the LSTM, each (B, H).
        weights: stacked as ``torch.nn`` stacks them.
        everything: all cell states of an LSTM are wanted, not only the last, and the gates where
            the engine has them anyway.

    Raises:
        ValueError: all cell states are wanted of an engine that shows only the last, or the
            compiled loops where they cannot run.
    """
    if engine == "auto":
        engine = choose(cell, batch, state, weights, everything)
    elif engine == "compiled":
        _check_compiled(batch.data)
    if engine == "library":
        if everything and cell == "lstm":
            raise ValueError(
                "trace: expected False with engine='library', for PyTorch's kernels show no cell "
                "states; given True"
            )
        hidden, last = library.run(cell, batch.data, batch.sizes, state, weights)
        return States(hidden, last, None)
    if engine == "reference":
        states, gates = reference.run(cell, batch.data, batch.sizes, state, weights), None
    else:
        *states, gates = by_hand.run(
            cell, batch.data, batch.sizes, state, weights, loops=engine, show_gates=everything
        ) + (() if everything else (None,))
    if gates is not None:
        gates = dict(zip(BLOCKS[cell], gates.chunk(len(BLOCKS[cell]), dim=1), strict=True))
    return States(states[0], tuple(batch.last(s) for s in states), (*states, None)[1], gates)


def _check_compiled(data: Tensor) -> None:
    """Refuse data that the compiled loops cannot process; a program asks when it runs."""
    if not torch.compiler.is_compiling() and (reason := compiled.why_not_for(data)):
        raise ValueError(
            "engine: expected one other than 'compiled' ('auto' finds one), for "
            f"{reason.rstrip('.')}; given 'compiled'"
        )


def choose(
    cell: str,
    batch: Batch,
    state: tuple[Tensor, ...],
    weights: Weights,
    everything: bool = False,
) -> str:
    """Name of the engine that ``auto`` takes for this cell and these tensors.

    It is ``compiled`` where that can run, except for a dense float32 LSTM of 128 units or more of
    which no gradient is wanted: there PyTorch's kernel is faster, and ``library`` is taken. Where
    the compiled loops cannot run it is ``library`` if PyTorch has a fused kernel (any cell that it
    knows on a GPU, the float32 LSTM on a CPU with oneDNN), else ``python``. PyTorch's kernels are
    not taken under ``torch.func``, nor where all cell states are wanted.

    While a program is compiled or exported it is ``auto`` still: the engine by hand, which then
    chooses its loops when the program runs.

    Args:
        cell: as in :func:`run`, like the others.
        batch: of the input.
        state: before the first step.
        weights: of the layer; with a projection only PyTorch's kernels know them.
        everything: whether all cell states and gates are wanted.
    """
    if weights.w_hr is not None:
        return "library"
    if torch.compiler.is_compiling():
        return "auto"
    data = batch.data
    mapped = torch._C._are_functorch_transforms_active()  # PyTorch's kernels have no rule for vmap
    fused = not everything and not mapped and _has_fused_kernel(cell, data)
    if compiled.suits(data):
        watched = by_hand.is_watched((data, *state, *weights))
        dense = batch.sizes[0] == batch.sizes[-1]
        wide = weights.w_hh.shape[1] >= WIDE
        return "library" if fused and dense and wide and not watched else "compiled"
    return "library" if fused else "python"


def _has_fused_kernel(cell: str, data: Tensor) -> bool:
    """Whether PyTorch computes all steps of this cell in one kernel, and not in a loop of its own.

    ``make bench`` times the CPU's; which tensors cuDNN and oneDNN take is PyTorch's to say.
    """
    if data.is_cuda:
        return cell in library.KERNELS
    on_cpu = data.device.type == "cpu" and torch.backends.mkldnn.enabled  # oneDNN's older name
    return on_cpu and data.dtype == torch.float32 and cell == "lstm"
