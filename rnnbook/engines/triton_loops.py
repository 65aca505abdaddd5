r"""The time loops of ``loops.py`` in one launch each, for CUDA devices, written in Triton.

Triton comes with PyTorch's CUDA builds; :func:`why_not` says where it is missing. The kernels, in
``triton_kernels.py``, hold the hidden weights on the chip while the loop runs, so that H is bounded
by its shared memory and registers, :func:`most_units`:

==============================  =====  ============  ===========
device                          KiB    LSTM, H ≤     GRU, H ≤
==============================  =====  ============  ===========
T4 (7.5), float16               64     32            64
T4 (7.5), float32               64     32            64
A100 (8.0), bfloat16, float16   163    128           128
A100 (8.0), float32             163    64            64
H100 (9.0), bfloat16, float16   227    128           128
H100 (9.0), float32             227    64            64
==============================  =====  ============  ===========

They have been compiled for these three devices, and held to the float64 reference by Triton's
interpreter. **Compiled, not run: no GPU was at hand,** so that nobody knows their speed yet. What
Triton 3.7.1 made of them at the sizes of the table's first line for each device:

==============================  =============  ============  =====
kernel                          H              registers     KiB
==============================  =============  ============  =====
T4, LSTM forward, backward      32             78, 72        18, 18
T4, GRU forward, backward       64             230, 96       52, 52
A100, LSTM forward, backward    128            106, 109      132, 148
A100, GRU forward, backward     128            86, 106       100, 108
H100, LSTM forward, backward    128            80, 111       132, 148
H100, GRU forward, backward     128            79, 128       100, 108
==============================  =============  ============  =====

The GRU resets after the product there. Registers are those of one thread. None spills more than
8 bytes of them into memory.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from rnnbook.engines import plain
from rnnbook.engines.loops import (
    Arriving,
    Carried,
    GruAfterLoops,
    GruBeforeLoops,
    Loops,
    LstmLoops,
    Memory,
    State,
)

TILE = 16
"""Sequences of one program: the rows that a matrix unit takes at least."""

ROW = 256
"""Bytes of one sequence's states at most: with twice as many a thread's registers do not suffice. A
GRU of 128 float32 units, compiled for an H100, keeps 5,240 bytes of each thread in memory."""

_DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


# ----------------------------------------------------------------------------- is it possible?


def knows(loops: Loops | None) -> bool:
    """Whether there are kernels for a cell with these loops.

    Source: this project.
    """
    return isinstance(loops, LstmLoops | GruBeforeLoops | GruAfterLoops)


def interprets() -> bool:
    """Whether Triton runs its kernels in Python, on a CPU: ``TRITON_INTERPRET=1`` at its import.

    Source: Triton's manual, "Debugging Triton".
    """
    if os.environ.get("TRITON_INTERPRET") != "1" or why_not():
        return False
    from triton.runtime.interpreter import InterpretedFunction

    from rnnbook.engines import triton_kernels

    return isinstance(triton_kernels.lstm_forward, InterpretedFunction)


def why_not() -> str:
    """Why no kernel of Triton's can be made here, as a sentence; empty when they can.

    Source: this project.
    """
    if importlib.util.find_spec("triton") is None:
        return "the package triton is missing, which PyTorch's CUDA builds for Linux bring."
    return ""


def why_not_for(tensors: Iterable[Tensor | None], w_hh: Tensor) -> str:
    """Why the kernels cannot process these tensors, as a sentence; empty when they can.

    Args:
        tensors: all that take part; all have one dtype and device.
        w_hh: the hidden weights (G·H, H).

    Source: this project.
    """
    tensors = [x for x in tensors if x is not None]
    dtype, device = tensors[0].dtype, tensors[0].device
    if dtype not in _DTYPES:
        return f"the kernels know floating-point numbers of 16 to 64 bits, not {dtype}."
    if device.type != "cuda" and not (device.type == "cpu" and interprets()):
        return f"the kernels run on CUDA devices, not on {device}."
    if reason := why_not():
        return reason
    if reason := plain.why_not(tensors):
        return reason
    gates, hidden = len(w_hh) // w_hh.shape[1], w_hh.shape[1]
    capability = torch.cuda.get_device_capability(device) if device.type == "cuda" else (9, 0)
    most = most_units(gates, dtype, capability, _largest_shared_memory(device))
    if hidden > most:
        return f"at most {most} units of {dtype} fit on the chip of {device}, not {hidden}."
    return ""


def most_units(gates: int, dtype: torch.dtype, capability: tuple[int, int], memory: int) -> int:
    """Units H that a device can hold on its chip.

    Args:
        gates: as in :func:`shared_memory`, like the other two.
        dtype: of the weights.
        capability: of the device.
        memory: bytes of shared memory that a program may have.

    Source: this project.
    """
    return max(
        (
            hidden
            for hidden in (16, 32, 64, 128)
            if hidden * _size(dtype, capability) <= ROW
            and shared_memory(gates, hidden, dtype, capability) <= memory
        ),
        default=0,
    )


def shared_memory(gates: int, hidden: int, dtype: torch.dtype, capability: tuple[int, int]) -> int:
    """Bytes of shared memory that a kernel takes at most: weights, and G + 1 tiles of a step.

    All are as wide as the next power of two. Before capability 8.0 Triton multiplies numbers of 16
    bits as float32, and keeps them so.

    Args:
        gates: of the cell, G.
        hidden: units, H.
        dtype: of the weights.
        capability: of the device, (8, 0) for an A100.

    Source: what Triton 3.7 says of the compiled kernels; a test compares.
    """
    wide = _block(hidden)
    return (gates * wide + (gates + 1) * TILE) * wide * _size(dtype, capability)


def _size(dtype: torch.dtype, capability: tuple[int, int]) -> int:
    return max(dtype.itemsize, 4 if capability < (8, 0) else 0)


def _largest_shared_memory(device: torch.device) -> int:
    if device.type == "cpu":
        return 227 * 1024  # interpreted, as an H100 has it
    from triton.runtime import driver

    return driver.active.utils.get_device_properties(device.index or 0)["max_shared_mem"]


# ----------------------------------------------------------------------------- the loops


class TritonLoops:
    """A cell's loops as :class:`rnnbook.engines.loops.Loops` has them, each in one launch."""

    def __init__(self, loops: Loops) -> None:
        self.after = isinstance(loops, GruAfterLoops)

    def prepare(self, w_hh: Tensor, *, backwards: bool) -> Tensor:
        """The hidden weights, row by row."""
        return plain.with_memory(w_hh).contiguous()

    def forward(
        self,
        memory: Memory,
        sizes: tuple[int, ...],
        start: State,
        w_hh: Tensor,
        b_hn: Tensor | None,
    ) -> None:
        """As in ``loops.py``."""
        gates, hs, Cs = memory
        h, C = _memory(start.h), _memory(start.C)
        steps = (_starts(sizes, gates.device), len(sizes), sizes[0])
        if C is None:
            arguments = (gates, hs, h, w_hh, _memory(b_hn), *steps)
            _launch("gru_forward", arguments, w_hh, sizes[0], AFTER=self.after)
        else:
            _launch("lstm_forward", (gates, hs, Cs, h, C, w_hh, *steps), w_hh, sizes[0])

    def backward(
        self,
        memory: Memory,
        sizes: tuple[int, ...],
        start: State,
        w_hh: Tensor,
        arriving: Arriving,
        d_gates: Tensor,
        carried: Carried,
    ) -> None:
        """As in ``loops.py``."""
        gates, hs, Cs = memory
        h, C = _memory(start.h), _memory(start.C)
        steps = (_starts(sizes, gates.device), len(sizes), sizes[0])
        by_h, by_C = _rows(arriving.hs), _rows(arriving.Cs)
        if C is None:
            arguments = (gates, hs, h, w_hh, *steps, *by_h, d_gates, carried.h)
            _launch("gru_backward", arguments, w_hh, sizes[0], AFTER=self.after)
        else:
            arguments = (gates, Cs, C, w_hh, *steps, *by_h, *by_C, d_gates, *carried)
            _launch("lstm_backward", arguments, w_hh, sizes[0])


def settings(hidden: int, dtype: torch.dtype, precision: str = "ieee") -> dict[str, Any]:
    """What a kernel is compiled for, and by how many warps a program is run.

    Args:
        hidden: units, H.
        dtype: of all numbers; sums are kept in float32, or in float64 for that.
        precision: of float32 products, "ieee" or "tf32".

    Source: this project.
    """
    import triton.language as tl

    return {
        "H": hidden,
        "BLOCK_B": TILE,
        "BLOCK_H": _block(hidden),
        "SUM": tl.float64 if dtype == torch.float64 else tl.float32,
        "PRECISION": precision,
        "num_warps": 4 if _block(hidden) * dtype.itemsize < 256 else 8,
        "num_stages": 1,  # nothing of a step can be fetched before the step before is done
    }


def _block(hidden: int) -> int:
    """The power of two that holds H; a matrix unit takes 16 at least."""
    return max(16, 1 << (hidden - 1).bit_length())


def _launch(name: str, arguments: tuple, w_hh: Tensor, batch: int, **more: bool) -> None:
    from rnnbook.engines import triton_kernels

    tf32 = w_hh.dtype == torch.float32 and torch.backends.cuda.matmul.allow_tf32
    options = settings(w_hh.shape[1], w_hh.dtype, "tf32" if tf32 else "ieee")
    with torch.cuda.device_of(w_hh):
        getattr(triton_kernels, name)[(-(-batch // TILE),)](*arguments, **more, **options)


def _starts(sizes: tuple[int, ...], device: torch.device) -> Tensor | None:
    """First row of each step, and the end; None where all steps are alike."""
    if sizes[0] == sizes[-1]:
        return None
    return torch.tensor([0, *itertools.accumulate(sizes)], dtype=torch.int64, device=device)


def _rows(grad: Tensor | None) -> tuple[Tensor | None, int]:
    """A gradient whose rows are without gaps, and how far apart they lie: 0 where they are one."""
    if grad is not None and grad.stride(1) != 1 and grad.shape[1] > 1:
        grad = grad[:1].contiguous().expand_as(grad) if not grad.stride(0) else grad.contiguous()
    return grad, 0 if grad is None else grad.stride(0)


def _memory(tensor: Tensor | None) -> Tensor | None:
    """The numbers as they are, one after the other."""
    return None if tensor is None else plain.with_memory(tensor).contiguous()
