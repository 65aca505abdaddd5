r"""The time loops of ``loops.py`` in C++ (``loops.cpp``), compiled on first use.

They need a C++ compiler, once: :mod:`rnnbook.engines.build` compiles the library and keeps it.
Where there is no compiler the other engines do the same, slower; :func:`why_not` says what is
missing. Nothing is compiled when the package is imported.
"""

from __future__ import annotations

import ctypes
import functools
from array import array
from collections.abc import Iterable

import torch
from torch import Tensor

from rnnbook.engines import build, plain
from rnnbook.engines.loops import Arriving, Carried, Loops, Memory, State

_NAMES = {torch.float32: "float32", torch.float64: "float64"}


# ----------------------------------------------------------------------------- is it possible?


def available() -> bool:
    """Whether the compiled loops can run here; the first call may compile them.

    Source: this project.
    """
    return not why_not()


def why_not() -> str:
    """Why the compiled loops cannot run here, as a sentence; empty when they can.

    Source: this project.
    """
    library = build.library()
    return library if isinstance(library, str) else ""


def suits(tensors: Iterable[Tensor | None]) -> bool:
    """Whether the compiled loops can process these tensors.

    Source: this project.
    """
    return not why_not_for(tensors)


def why_not_for(tensors: Iterable[Tensor | None]) -> str:
    """Why the compiled loops cannot process these tensors, as a sentence; empty when they can.

    All must have one dtype and device; :func:`rnnbook.engines.by_hand.run` sees to that.

    Source: this project.
    """
    tensors = [x for x in tensors if x is not None]
    if tensors[0].dtype not in _NAMES:
        return f"the compiled loops know float32 and float64, not {tensors[0].dtype}."
    if tensors[0].device.type != "cpu":
        return f"the compiled loops run on the CPU, not on {tensors[0].device}."
    return plain.why_not(tensors) or why_not()


# ----------------------------------------------------------------------------- the loops


class CompiledLoops:
    """A cell's loops as :class:`rnnbook.engines.loops.Loops` has them, in C++."""

    def __init__(self, loops: Loops) -> None:
        self.number = loops.number

    def prepare(self, w_hh: Tensor, *, backwards: bool) -> Tensor:
        """The hidden weights packed as ``forward`` (or ``backward``) reads them."""
        call, H = _functions(w_hh.dtype), w_hh.shape[1]
        packed = w_hh.new_empty(call.packed_size(self.number, H, backwards))
        w_hh = _memory(w_hh)
        call.pack(
            self.number, H, backwards, w_hh.data_ptr(), packed.data_ptr(), torch.get_num_threads()
        )
        return packed

    def forward(
        self,
        memory: Memory,
        sizes: tuple[int, ...],
        start: State,
        packed: Tensor,
        b_hn: Tensor | None,
    ) -> None:
        """As in ``loops.py``, with ``packed`` from :meth:`prepare`."""
        h, C, b_hn = _memory(start.h), _memory(start.C), _memory(b_hn)
        _functions(memory.hs.dtype).forward(
            self.number,
            len(sizes),
            _numbers(sizes),
            memory.hs.shape[1],
            memory.gates.data_ptr(),
            h.data_ptr(),
            _pointer(C),
            packed.data_ptr(),
            _pointer(b_hn),
            memory.hs.data_ptr(),
            _pointer(memory.Cs),
            torch.get_num_threads(),
        )

    def backward(
        self,
        memory: Memory,
        sizes: tuple[int, ...],
        start: State,
        packed: Tensor,
        arriving: Arriving,
        d_gates: Tensor,
        carried: Carried,
    ) -> None:
        """As in ``loops.py``, with ``packed`` from :meth:`prepare`."""
        h, C = _memory(start.h), _memory(start.C)
        grad_hs, grad_Cs = (_with_contiguous_rows(grad) for grad in arriving)
        _functions(memory.hs.dtype).backward(
            self.number,
            len(sizes),
            _numbers(sizes),
            memory.hs.shape[1],
            memory.gates.data_ptr(),
            h.data_ptr(),
            _pointer(C),
            packed.data_ptr(),
            memory.hs.data_ptr(),
            _pointer(memory.Cs),
            _pointer(grad_hs),
            0 if grad_hs is None else grad_hs.stride(0),
            _pointer(grad_Cs),
            0 if grad_Cs is None else grad_Cs.stride(0),
            d_gates.data_ptr(),
            carried.h.data_ptr(),
            _pointer(carried.C),
            torch.get_num_threads(),
        )


def _memory(tensor: Tensor | None) -> Tensor | None:
    """The numbers as they are, one after the other."""
    return None if tensor is None else plain.with_memory(tensor).contiguous()


def _pointer(tensor: Tensor | None) -> int | None:
    return None if tensor is None else tensor.data_ptr()


def _with_contiguous_rows(grad: Tensor | None) -> Tensor | None:
    """Rows may lie apart (half of a bidirectional layer) or be one and the same (of a sum)."""
    if grad is None or grad.stride(1) == 1 or grad.shape[1] == 1:
        return grad
    if grad.stride(0) == 0:
        return grad[:1].contiguous().expand_as(grad)
    return grad.contiguous()


def _numbers(sizes: tuple[int, ...]) -> ctypes.Array:
    """The sizes as C++ reads them, made anew each time: kept, those of long sequences add up."""
    numbers = array("q", sizes)
    return (ctypes.c_int64 * len(sizes)).from_buffer(numbers)


class _Functions:
    """The library's functions for one dtype."""

    def __init__(self, library: ctypes.CDLL, name: str):
        number, size, pointer = ctypes.c_int, ctypes.c_long, ctypes.c_void_p
        start = [number, size, pointer, size]
        signatures = {
            "packed_size": (size, [number, size, number]),
            "pack": (None, [number, size, number, pointer, pointer, number]),
            "forward": (None, [*start, *[pointer] * 7, number]),
            "backward": (
                None,
                [*start, *[pointer] * 6, pointer, size, pointer, size, *[pointer] * 3, number],
            ),
        }
        for function, (result, arguments) in signatures.items():
            entry = getattr(library, f"{function}_{name}")
            entry.restype, entry.argtypes = result, arguments
            setattr(self, function, entry)


@functools.cache
def _functions(dtype: torch.dtype) -> _Functions:
    return _Functions(build.library(), _NAMES[dtype])
