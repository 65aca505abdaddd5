"""Compilers and caches as they are in the world: no exception from a layer, and no signal."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from rnnbook.engines import build

ROOT = Path(__file__).parent.parent
TRY = "from rnnbook.engines import compiled; print(repr(compiled.why_not()))"
# A layer must compute whatever the compiler does; the sentence says why it does so slowly.
USE = f"""
import torch, rnnbook
torch.manual_seed(0)
layer, x = rnnbook.LSTM(3, 4), torch.randn(5, 2, 3)
theirs = torch.nn.LSTM(3, 4)
theirs.load_state_dict(layer.state_dict())
assert torch.allclose(layer(x)[0], theirs(x)[0], atol=1e-6)
{TRY}
"""


OUT = 'while [ "$1" != -o ]; do shift; done; '  # in a compiler's place: now $2 is the library

# Processes are forked from one that has imported PyTorch: each import takes seconds.
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(["pytest", "torch", "rnnbook.engines"])


def run(code, environment, output):
    """In a process of its own: what is printed goes into a file."""
    file = os.open(output, os.O_WRONLY | os.O_CREAT)
    os.dup2(file, 1)
    os.dup2(file, 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
    os.environ.update(environment)
    tempfile.tempdir = None  # now that of the environment
    exec(code, {})
    sys.stdout.flush()


@pytest.fixture
def python(tmp_path_factory):
    """Starts a Python process with these variables."""
    outputs = tmp_path_factory.mktemp("said")

    def start(*, code=TRY, **environment):
        environment = {name: str(value) for name, value in environment.items()}
        output = outputs / str(time.monotonic_ns())
        process = FORKED.Process(target=run, args=(code, environment, str(output)))
        process.start()
        return process, output

    return start


def said(started):
    process, output = started
    process.join(300)
    text = output.read_text(errors="replace") if output.exists() else ""
    assert process.exitcode == 0, (process.exitcode, text)
    return text.strip()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The library as the machine's own compiler makes it, once."""
    cache = tmp_path_factory.mktemp("cache")
    environment = {**os.environ, "RNNBOOK_CACHE": str(cache)}
    command = [sys.executable, "-c", TRY]
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert made.stdout == "''\n", made.stderr
    (path,) = cache.iterdir()
    return path


@pytest.fixture
def compiler(library, tmp_path):
    """A compiler that is quick, for it has the library ready, and writes down how it was called."""
    script = tmp_path / "compiler"
    script.write_text(
        f'#!/bin/sh\necho "$*" >> "{script}.log"\nsleep 0.3\n{OUT}cp "{library}" "$2"\n'
    )
    script.chmod(0o755)
    return script


def calls(compiler):
    log = compiler.with_suffix(".log")
    return log.read_text().splitlines() if log.exists() else []


# What stands in the place of a compiler, and what is said of it.
BROKEN = {
    "quotes an error": ("echo 'x.cpp: error: no' >&2; exit 1", "failed: x.cpp: error: no"),
    "says nothing": ("exit 1", "compiling or loading loops.cpp failed"),
    "says blanks": ("echo >&2; exit 1", "compiling or loading loops.cpp failed"),
    "does not speak UTF-8": (r"printf 'erreur: \351chec error\n' >&2; exit 1", "chec error"),
    "makes nothing": ("exit 0", "made no library"),
    "makes an empty file": (OUT + ': > "$2"', "does not work"),
    "makes a text": (OUT + 'echo no library > "$2"', "does not work"),
    "makes another library": (OUT + 'echo "int x;" | cc -xc - -shared -o "$2"', "does not work"),
    "makes what ends the process": (
        OUT + "echo '__attribute__((constructor)) void f(void) { __builtin_trap(); }' "
        '| cc -xc - -shared -o "$2"',
        "does not work: signal",
    ),
    "is ended by a signal": ("kill -9 $$", "failed"),
}


@pytest.mark.needs_compiler
@pytest.mark.parametrize("how", BROKEN)
def test_a_compiler_that_fails_leaves_a_sentence_and_a_layer_that_works(how, python, tmp_path):
    script, sentence = BROKEN[how]
    compiler = tmp_path / "broken"
    compiler.write_text(f"#!/bin/sh\n{script}\n")
    compiler.chmod(0o755)
    folders = {"RNNBOOK_CACHE": tmp_path / "cache", "TMPDIR": tmp_path}
    assert sentence in said(python(code=USE, CXX=compiler, **folders))
    assert not list((tmp_path / "cache").glob("*.so"))


@pytest.mark.needs_compiler
def test_a_compiler_with_arguments_of_its_own_is_called_with_them(python, compiler, tmp_path):
    command = f"env {compiler} -DUNUSED"
    assert said(python(CXX=command, RNNBOOK_CACHE=tmp_path / "cache", TMPDIR=tmp_path)) == "''"
    (call,) = calls(compiler)
    assert call.startswith("-DUNUSED -std=")
    assert "-shared" in call


@pytest.mark.needs_compiler
def test_a_kept_library_needs_no_compiler_and_may_be_read_only(python, compiler, tmp_path):
    """As root keeps it for other users, who must not write there."""
    cache = tmp_path / "cache"
    assert said(python(CXX=compiler, RNNBOOK_CACHE=cache)) == "''"
    cache.chmod(0o555)
    without = {"CXX": "", "PATH": "", "TMPDIR": tmp_path / "none"}
    try:
        assert said(python(code=USE, RNNBOOK_CACHE=cache, **without)) == "''"
    finally:
        cache.chmod(0o755)
    assert [path.suffix for path in cache.iterdir()] == [".so"]
    assert cache.stat().st_mode & 0o055 == 0o055
    assert next(cache.iterdir()).stat().st_mode & 0o055 == 0o055


@pytest.mark.needs_compiler
@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_a_library_that_was_cut_short_is_compiled_anew(share, python, compiler, tmp_path):
    """Loaded, it could end the process where it touches a page that is not there."""
    cache = tmp_path / "cache"
    assert said(python(CXX=compiler, RNNBOOK_CACHE=cache)) == "''"
    (library,) = cache.iterdir()
    os.truncate(library, int(share * library.stat().st_size))
    assert said(python(code=USE, RNNBOOK_CACHE=cache, CXX=compiler)) == "''"
    assert len(calls(compiler)) == 2
    without = {"CXX": "", "PATH": "", "TMPDIR": tmp_path / "none"}
    assert said(python(code=USE, RNNBOOK_CACHE=cache, **without)) == "''"


@pytest.mark.needs_compiler
def test_a_cache_that_cannot_be_written_gives_way_to_a_temporary_one(python, compiler, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    cache = tmp_path / "file" / "cache"
    assert said(python(CXX=compiler, RNNBOOK_CACHE=cache, TMPDIR=tmp_path)) == "''"
    (library,) = tmp_path.glob("rnnbook-*/*.so")
    assert library.parent.parent == tmp_path


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"RNNBOOK_CACHE": "~/kept"}, "HOME/kept"),
        ({"RNNBOOK_CACHE": "", "XDG_CACHE_HOME": ""}, "HOME/.cache/rnnbook"),
        ({"RNNBOOK_CACHE": "", "XDG_CACHE_HOME": "~/.cache"}, "HOME/.cache/rnnbook"),
        ({"RNNBOOK_CACHE": "~nobody_of_this_name/kept"}, None),
    ],
    ids=str,
)
def test_no_folder_is_called_by_a_tilde(environment, folder, monkeypatch, tmp_path):
    for name, value in (environment | {"HOME": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    folders = [str(path) for path in build.folders()]
    assert not any("~" in path for path in folders)
    if folder is not None:
        assert folders[0] == folder.replace("HOME", str(tmp_path))
    assert len(folders) == 1 + (folder is not None)


def test_a_folder_of_another_user_is_not_trusted_but_roots_is(monkeypatch, tmp_path):
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr(build.os, "getuid", lambda: owner + 1, raising=False)
    if owner:
        with pytest.raises(PermissionError, match="belongs to another user"):
            build._check_own(tmp_path)
    else:  # the tests run as root
        build._check_own(tmp_path)
    monkeypatch.undo()
    tmp_path.chmod(0o777)
    with pytest.raises(PermissionError, match="may be written by everybody"):
        build._check_own(tmp_path)


def test_the_librarys_name_changes_with_what_it_depends_on(monkeypatch, tmp_path):
    keys = {build._key()}
    assert keys == {build._key()}
    monkeypatch.setattr(build, "OPTIONS", (*build.OPTIONS, "-g"))
    keys.add(build._key())
    monkeypatch.setattr(build, "_cpu", lambda: b"another processor")
    keys.add(build._key())
    source = tmp_path / "loops.cpp"
    source.write_text("int other;")
    monkeypatch.setattr(build, "SOURCE", source)
    keys.add(build._key())
    assert len(keys) == 4


@pytest.mark.needs_compiler
def test_processes_may_race_and_later_ones_compile_nothing(python, compiler, tmp_path):
    cache = tmp_path / "cache"
    racers = [python(CXX=compiler, RNNBOOK_CACHE=cache) for _ in range(2)]
    assert [said(racer) for racer in racers] == ["''", "''"]
    made = len(calls(compiler))
    assert 1 <= made <= 2
    assert said(python(CXX=compiler, RNNBOOK_CACHE=cache)) == "''"
    assert len(calls(compiler)) == made
    assert {path.suffix for path in cache.iterdir()} == {".so"}  # nothing half-made is left


def test_an_import_compiles_nothing(tmp_path):
    subprocess.run(
        [sys.executable, "-c", "import rnnbook, rnnbook.engines"],
        env=os.environ | {"RNNBOOK_CACHE": str(tmp_path / "cache")},
        cwd=ROOT,
        check=True,
    )
    assert not (tmp_path / "cache").exists()


def test_whatever_goes_wrong_is_said_in_a_sentence(monkeypatch):
    def fails():
        raise UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "invalid")

    monkeypatch.setattr(build, "_key", fails)
    build.library.cache_clear()
    try:
        assert build.library().startswith("compiling or loading loops.cpp failed: 'utf-8' codec")
    finally:
        build.library.cache_clear()
