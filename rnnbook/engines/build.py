r"""``loops.cpp`` as a library: compiled on first use, kept, found again, and never trusted blindly.

The library is kept in a cache folder, under a name made of its source, the options and the
processor, so that a change of any of them compiles anew, and of a hash of its own bytes, so that
one that was cut short is not loaded. A library once kept needs no compiler. The folder is
``$RNNBOOK_CACHE``, else ``rnnbook`` in the user's cache folder, else a temporary one; it must
belong to this user or to root, and not be open to others. The compiler is ``$CXX``, else ``c++``,
``g++`` or ``clang++``.

What was just compiled is tried in a process of its own first: a library that breaks the process
that loads it shall not break the user's. Whatever goes wrong, :func:`library` says it in a
sentence, and the other engines do the work.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import platform
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).with_name("loops.cpp")
# No -ffast-math: with it, old compilers change how the whole process treats tiny numbers.
OPTIONS = ("-std=c++17", "-O2", "-march=native", "-fPIC", "-shared")
THREADS = ("-fopenmp",)  # left out where the compiler does not know it
SECONDS = 120  #: after which a compiler is given up
NAMES = ("float32", "float64")
FUNCTIONS = ("packed_size", "pack", "forward", "backward")

# Loads a library and runs one step of the plain cell: tanh(0.5 · 0 + 1) twice over.
_TRIAL = """
import ctypes, math, sys
library = ctypes.CDLL(sys.argv[1])
for name, kind in (("float32", ctypes.c_float), ("float64", ctypes.c_double)):
    for function in ("packed_size", "pack", "forward", "backward"):
        getattr(library, f"{function}_{name}")
    one = lambda *numbers: ctypes.byref((kind * len(numbers))(*numbers))
    size = getattr(library, f"packed_size_{name}")
    size.restype, size.argtypes = ctypes.c_long, [ctypes.c_int, ctypes.c_long, ctypes.c_int]
    packed = (kind * size(0, 1, 0))()
    pack = getattr(library, f"pack_{name}")
    pointers = [ctypes.c_void_p] * 2
    pack.argtypes = [ctypes.c_int, ctypes.c_long, ctypes.c_int, *pointers, ctypes.c_int]
    pack(0, 1, 0, one(0.5), packed, 1)
    run, hs = getattr(library, f"forward_{name}"), (kind * 2)(1, 1)
    run.argtypes = [ctypes.c_int, ctypes.c_long, ctypes.c_void_p, ctypes.c_long,
                    *[ctypes.c_void_p] * 7, ctypes.c_int]
    run(0, 2, (ctypes.c_int64 * 2)(1, 1), 1, hs, one(0), None, packed, None, hs, None, 1)
    first = math.tanh(1)
    assert abs(hs[0] - first) + abs(hs[1] - math.tanh(0.5 * first + 1)) < 1e-5, list(hs)
"""


@functools.cache
def library() -> ctypes.CDLL | str:
    """The library, compiled if it must be; or why there is none, as a sentence.

    Source: this project.
    """
    try:
        return _library()
    except Exception as error:  # whatever it is: a layer has other engines
        return _sentence(error)


def _library() -> ctypes.CDLL | str:
    key, reasons = _key(), []
    for folder in folders():  # one that is there needs neither a compiler nor the right to write
        try:
            if found := _kept(folder, key):
                return found
        except OSError as error:
            reasons.append(_sentence(error))
    compiler = _compiler()
    if compiler is None:
        return "no C++ compiler was found (looked for $CXX, c++, g++, clang++)."
    for folder in folders():
        try:
            make_own(folder)
            _compile(compiler, folder, key)
            if found := _kept(folder, key):
                return found
            reasons.append(f"compiling {SOURCE.name} failed: {compiler[0]} made nothing.")
        except (OSError, subprocess.SubprocessError) as error:
            reasons.append(_sentence(error))
            if isinstance(error, subprocess.SubprocessError):
                break  # the same compiler would fail in another folder, too
    return reasons[-1] if reasons else "no folder was found where a library could be kept."


def _sentence(error: Exception) -> str:
    said = (getattr(error, "stderr", None) or "").strip()
    if said:  # of a compiler: what it said, from the first error on
        lines = said.splitlines()
        first = next((line for line in lines if "error" in line.lower()), lines[0])
        return f"compiling {SOURCE.name} failed: {first}"
    return f"compiling or loading {SOURCE.name} failed: {error}."


def _compiler() -> list[str] | None:
    """The compiler's command, which may have arguments of its own: ``CXX="ccache g++"``."""
    try:
        given = shlex.split(os.environ.get("CXX", ""))
    except ValueError:  # an unclosed quotation mark
        given = []
    for command in (given, ["c++"], ["g++"], ["clang++"]):
        if command and (found := shutil.which(command[0])):
            return [found, *command[1:]]
    return None


def _key() -> str:
    """What a compiled library depends on, as a hash."""
    parts = (SOURCE.read_bytes(), repr((OPTIONS, THREADS)).encode(), _cpu())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]


def _cpu() -> bytes:
    """The processor's abilities, on which -march=native depends."""
    try:
        lines = Path("/proc/cpuinfo").read_bytes().splitlines()
        kinds = (b"flags", b"Features", b"model name")
        found = {line for line in lines if line.startswith(kinds)}
    except OSError:
        found = set()
    machine = f"{platform.machine()}\n{platform.processor()}".encode()
    return b"\n".join([machine, *sorted(found)])


def folders() -> Iterator[Path]:
    """Where the library may be kept, best first."""
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    kept = xdg if os.path.isabs(xdg) else "~/.cache"  # its specification ignores relative ones
    folder = os.path.expanduser(os.environ.get("RNNBOOK_CACHE") or os.path.join(kept, "rnnbook"))
    if not folder.startswith("~"):  # a user without a home has no such folder
        yield Path(folder).absolute()
    user = os.getuid() if hasattr(os, "getuid") else ""
    try:
        yield Path(tempfile.gettempdir()) / f"rnnbook-{user}"
    except OSError:  # there is not even a temporary folder
        return


def make_own(folder: Path) -> None:
    """Make the folder if need be, and see that nobody but this user or root can put things there.

    Raises:
        OSError: it cannot be made, or is open to others.
    """
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    _check_own(folder)


def _check_own(path: Path) -> None:
    """Code is run from here: nobody but this user or root may have put it there."""
    if not hasattr(os, "getuid"):
        return
    status = path.stat()
    if status.st_uid not in (os.getuid(), 0):
        raise PermissionError(f"{path} belongs to another user")
    if status.st_mode & stat.S_IWOTH:
        raise PermissionError(f"{path} may be written by everybody")


def _kept(folder: Path, key: str) -> ctypes.CDLL | None:
    """The library that a folder keeps under a key, if it is whole and can be loaded."""
    for path in sorted(folder.glob(f"loops-{key}-*.so")):
        try:
            _check_own(folder)
            _check_own(path)
            if path.stem.endswith(_hash(path)):
                found = ctypes.CDLL(str(path))
                if all(hasattr(found, f"{f}_{name}") for f in FUNCTIONS for name in NAMES):
                    return found
        except OSError:  # of another system, say: then it is compiled anew
            continue
    return None


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:24]


def _compile(compiler: list[str], folder: Path, key: str) -> None:
    """Compile beside the final place and move there: another process may be doing the same."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        fresh = Path(scratch) / "loops.so"
        command = [*compiler, *OPTIONS, str(SOURCE), "-o", str(fresh)]
        try:
            _run([*command, *THREADS])
        except subprocess.CalledProcessError:
            _run(command)
        _try(fresh)
        fresh.chmod(0o755)
        fresh.replace(folder / f"loops-{key}-{_hash(fresh)}.so")


def _try(fresh: Path) -> None:
    """Load a library in a process of its own, and let it compute.

    Raises:
        OSError: it cannot be loaded, computes something else, or ends the process.
    """
    if not fresh.exists():
        raise FileNotFoundError("the compiler made no library")
    try:
        _run([sys.executable, "-I", "-S", "-c", _TRIAL, str(fresh)])
    except subprocess.CalledProcessError as error:
        how = f"signal {-error.returncode}" if error.returncode < 0 else error.stderr.strip()
        raise OSError(f"the library that the compiler made does not work: {how}") from error


def _run(command: list[str]) -> None:
    subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=SECONDS,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
