r"""The time loops of ``loops.py`` in C++ (``loops.cpp``), compiled on first use.

They need a C++ compiler, once: the library is kept in a cache folder, under a name made of its
source, the compiler, its options and the processor, so that a change of any of them compiles anew.
The folder is ``$RNNBOOK_CACHE``, else ``rnnbook`` in the user's cache folder, else a temporary one.
The compiler is ``$CXX``, else ``c++``, ``g++`` or ``clang++``.

Where there is no compiler the other engines do the same, slower; :func:`why_not` says what is
missing. Nothing is compiled when the package is imported.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor

from rnnbook.engines.loops import BLOCKS

SOURCE = Path(__file__).with_name("loops.cpp")
# No -ffast-math: with it, old compilers change how the whole process treats tiny numbers.
OPTIONS = ("-std=c++17", "-O2", "-march=native", "-fPIC", "-shared")
THREADS = ("-fopenmp",)  # left out where the compiler does not know it
SECONDS = 120  #: after which a compiler is given up

_CELLS = {cell: number for number, cell in enumerate(BLOCKS)}
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
    library = _library()
    return library if isinstance(library, str) else ""


def suits(data: Tensor) -> bool:
    """Whether the compiled loops can process this tensor: its dtype and device, and the machine.

    Source: this project.
    """
    return not why_not_for(data)


def why_not_for(data: Tensor) -> str:
    """Why the compiled loops cannot process this tensor, as a sentence; empty when they can.

    Source: this project.
    """
    if data.dtype not in _NAMES:
        return f"the compiled loops know float32 and float64, not {data.dtype}."
    if data.device.type != "cpu":
        return f"the compiled loops run on the CPU, not on {data.device}."
    if type(data).__torch_dispatch__ is not Tensor.__torch_dispatch__:
        return f"the compiled loops need a tensor's memory, not a {type(data).__name__}."
    return why_not()


# ----------------------------------------------------------------------------- the loops


def prepare(cell: str, w_hh: Tensor, *, backwards: bool) -> Tensor:
    """The hidden weights packed as ``forward`` (or ``backward``) reads them."""
    call, H = _functions(w_hh.dtype), w_hh.shape[1]
    packed = w_hh.new_empty(call.packed_size(_CELLS[cell], H, backwards))
    w_hh = w_hh.contiguous()
    call.pack(
        _CELLS[cell], H, backwards, w_hh.data_ptr(), packed.data_ptr(), torch.get_num_threads()
    )
    return packed


def forward(cell, gates, batch_sizes, h, C, packed, b_hn, hs, Cs) -> None:
    """As in ``loops.py``, with ``packed`` from :func:`prepare`."""
    h, C = h.contiguous(), None if C is None else C.contiguous()
    _functions(gates.dtype).forward(
        _CELLS[cell],
        len(batch_sizes),
        _sizes(batch_sizes),
        hs.shape[1],
        gates.data_ptr(),
        h.data_ptr(),
        _pointer(C),
        packed.data_ptr(),
        _pointer(b_hn),
        hs.data_ptr(),
        _pointer(Cs),
        torch.get_num_threads(),
    )


def backward(
    cell, gates, batch_sizes, h, C, packed, hs, Cs, grad_hs, grad_Cs, d_gates, d_h, d_C
) -> None:
    """As in ``loops.py``, with ``packed`` from :func:`prepare`."""
    h, C = h.contiguous(), None if C is None else C.contiguous()
    grad_hs, grad_Cs = _with_contiguous_rows(grad_hs), _with_contiguous_rows(grad_Cs)
    _functions(gates.dtype).backward(
        _CELLS[cell],
        len(batch_sizes),
        _sizes(batch_sizes),
        hs.shape[1],
        gates.data_ptr(),
        h.data_ptr(),
        _pointer(C),
        packed.data_ptr(),
        hs.data_ptr(),
        _pointer(Cs),
        _pointer(grad_hs),
        0 if grad_hs is None else grad_hs.stride(0),
        _pointer(grad_Cs),
        0 if grad_Cs is None else grad_Cs.stride(0),
        d_gates.data_ptr(),
        d_h.data_ptr(),
        _pointer(d_C),
        torch.get_num_threads(),
    )


def _pointer(tensor: Tensor | None) -> int | None:
    return None if tensor is None else tensor.data_ptr()


def _with_contiguous_rows(grad: Tensor | None) -> Tensor | None:
    """Rows may lie apart (half of a bidirectional layer) or be one and the same (of a sum)."""
    if grad is None or grad.stride(1) == 1 or grad.shape[1] == 1:
        return grad
    if grad.stride(0) == 0:
        return grad[:1].contiguous().expand_as(grad)
    return grad.contiguous()


@functools.lru_cache(maxsize=64)
def _sizes(batch_sizes: tuple[int, ...]) -> ctypes.Array:
    return (ctypes.c_int64 * len(batch_sizes))(*batch_sizes)


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
    library = _library()
    if isinstance(library, str):
        raise RuntimeError(f"compiled loops: {library}")
    return _Functions(library, _NAMES[dtype])


# ----------------------------------------------------------------------------- compile and load


@functools.cache
def _library() -> ctypes.CDLL | str:
    """The library, compiled if it must be; or why there is none."""
    compiler = _compiler()
    if compiler is None:
        return "no C++ compiler was found (looked for $CXX, c++, g++, clang++)."
    try:
        name = f"loops-{_key(compiler)}.so"
    except (OSError, subprocess.SubprocessError) as error:
        return f"the compiler {compiler} does not run: {error}."
    reasons = []
    for folder in _folders():
        library = folder / name
        try:
            _make_own(folder)
            if not library.exists():
                _compile(compiler, library)
            return ctypes.CDLL(str(library))
        except (OSError, subprocess.SubprocessError) as error:
            reasons.append(_sentence(error))
    return reasons[-1]


def _sentence(error: Exception) -> str:
    said = getattr(error, "stderr", None)
    if said:  # of a compiler: what it said, from the first error on
        lines = said.strip().splitlines()
        first = next((line for line in lines if "error" in line), lines[0])
        return f"compiling {SOURCE.name} failed: {first}"
    return f"compiling or loading {SOURCE.name} failed: {error}."


def _compiler() -> str | None:
    names = [os.environ.get("CXX", ""), "c++", "g++", "clang++"]
    return next((found for name in names if name and (found := shutil.which(name))), None)


def _key(compiler: str) -> str:
    """What a compiled library depends on, as a hash."""
    version = _output([compiler, "--version"])
    parts = (SOURCE.read_bytes(), version.encode(), repr((OPTIONS, THREADS)).encode(), _cpu())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]


def _cpu() -> bytes:
    """The processor's abilities, on which -march=native depends."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        kinds = ("flags", "Features", "model name")
        found = {line for line in lines if line.startswith(kinds)}
    except OSError:
        found = set()
    return "\n".join([platform.machine(), platform.processor(), *sorted(found)]).encode()


def _folders() -> Iterator[Path]:
    """Where the library may be kept, best first."""
    if given := os.environ.get("RNNBOOK_CACHE"):
        yield Path(given)
    else:
        yield Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "rnnbook"
    user = os.getuid() if hasattr(os, "getuid") else ""
    yield Path(tempfile.gettempdir()) / f"rnnbook-{user}"


def _make_own(folder: Path) -> None:
    """Code is run from this folder: nobody else may have put it there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")


def _compile(compiler: str, library: Path) -> None:
    """Compile beside the final place and move there: another process may be doing the same."""
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        fresh = Path(folder) / library.name
        command = [compiler, *OPTIONS, str(SOURCE), "-o", str(fresh)]
        try:
            _output([*command, *THREADS])
        except subprocess.CalledProcessError:
            _output(command)
        fresh.replace(library)


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS)
    return done.stdout
