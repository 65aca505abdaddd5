"""Run the chapters as other processors would; name what comes out otherwise (`make processors`).

A training is chaotic: the last bit of a sum decides, after some hundred steps, whether a seed
solves its task, and that bit depends on the instructions and threads at hand. So every chapter is
run under several settings that imitate other machines, and what nbval would compare is compared
with what the notebook stores. An output that is named here must not be printed as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import difflib
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nbformat import NotebookNode  # noqa: E402

from tools.notebooks import (  # noqa: E402
    CELL_LIMIT,
    Chapter,
    ChapterError,
    chosen,
    code_cells,
    kernel_environment,
    plain,
    read_notebook,
)

SETTINGS: dict[str, dict[str, str]] = {
    "as it is": {},
    "two threads": {"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
    "PyTorch without vectors": {"ATEN_CPU_CAPABILITY": "default"},
    "PyTorch with AVX2": {"ATEN_CPU_CAPABILITY": "avx2"},
    "PyTorch with AVX-512": {"ATEN_CPU_CAPABILITY": "avx512"},
    "oneDNN with SSE 4.1": {"ONEDNN_MAX_CPU_ISA": "SSE41"},
    "oneDNN with AVX2": {"ONEDNN_MAX_CPU_ISA": "AVX2"},
    "MKL with AVX2": {"MKL_ENABLE_INSTRUCTIONS": "AVX2"},
    "all of it old": {
        "ATEN_CPU_CAPABILITY": "default",
        "ONEDNN_MAX_CPU_ISA": "SSE41",
        "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX",
    },
}
"""Each imitated machine, and the environment that makes PyTorch, oneDNN, MKL and NumPy play it."""

CAPABILITIES = ("DEFAULT", "AVX2", "AVX512")  # as PyTorch names what it found, the least first
SKIPPED = re.compile(r"image/|application/vnd\.jupyter\.widget-view\+json")  # as nbval skips them


def settings() -> dict[str, dict[str, str]]:
    """The settings that this processor can play: instructions that it lacks would end a kernel."""
    code = "import torch; print(torch.backends.cpu.get_cpu_capability())"
    environment = {key: value for key, value in os.environ.items() if key != "ATEN_CPU_CAPABILITY"}
    asked = [sys.executable, "-c", code]
    found = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    best = found.stdout.strip()
    rank = CAPABILITIES.index(best) if best in CAPABILITIES else 0

    def playable(chosen: dict[str, str]) -> bool:
        return CAPABILITIES.index(chosen.get("ATEN_CPU_CAPABILITY", "default").upper()) <= rank

    return {name: chosen for name, chosen in SETTINGS.items() if playable(chosen)}


def sanitizers(path: Path = ROOT / "tests" / "sanitize.cfg") -> list[tuple[re.Pattern, str]]:
    """What is not compared, from the file that tells nbval so."""
    config = RawConfigParser()
    config.read(path, "utf8")
    return [(re.compile(config[one]["regex"]), config[one]["replace"]) for one in config.sections()]


def compared(cell: NotebookNode) -> str:
    """The text of a cell's outputs that must be the same on every machine."""
    streams: dict[str, str] = {}
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
        else:
            parts += [str(v) for kind, v in sorted(output.data.items()) if not SKIPPED.match(kind)]
    text = plain("\n".join([*(streams[name] for name in sorted(streams)), *parts]))
    for pattern, instead in sanitizers():
        text = pattern.sub(instead, text)
    return text


def run(notebook: NotebookNode, folder: Path, setting: dict[str, str]) -> None:
    """Run every cell on a fresh kernel of that setting; errors stay in the outputs."""
    from nbclient import NotebookClient

    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=4 * CELL_LIMIT,  # without vector instructions a training takes its time
        startup_timeout=180,
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        extra_arguments=["--IPKernelApp.log_level=40"],
    )
    asyncio.run(client.async_execute(env={**os.environ, **kernel_environment(), **setting}))


def uncompared(cell: NotebookNode) -> bool:
    """Whether the cell says to nbval that its output may differ."""
    tags = cell.metadata.get("tags", [])
    return any(tag.startswith("nbval-ignore-output") for tag in tags)


def differences(stored: NotebookNode, fresh: NotebookNode) -> Iterator[tuple[int, str]]:
    """The number of each code cell whose compared output differs, and how."""
    for number, (old, new) in enumerate(
        zip(code_cells(stored), code_cells(fresh), strict=True), start=1
    ):
        before, after = compared(old), compared(new)
        if before != after and not uncompared(old):
            lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "", "", "", "", 0)
            yield number, "\n".join(line for line in list(lines)[2:] if not line.startswith("@@"))


def title(cell: NotebookNode) -> str:
    """The first line of a cell that says something."""
    return next((line for line in cell.source.splitlines() if line.strip()), "")


def look_at(chapter: Chapter, playable: dict[str, dict[str, str]]) -> int:
    """Run a chapter under each setting; says what differs, and returns how much did."""
    found = 0
    for name, setting in playable.items():
        stored = read_notebook(chapter)
        if stored is None:
            raise ChapterError(f"{chapter.stem}: `make notebooks` makes the notebook first.")
        fresh = read_notebook(chapter)
        run(fresh, chapter.notebook.parent, setting)
        named = list(differences(stored, fresh))
        print(f"{chapter.stem}, {name}: {len(named) or 'nothing'} differs", flush=True)
        for number, text in named:
            print(f"  code cell {number}, {title(code_cells(stored)[number - 1])}")
            print("\n".join(f"    {line}" for line in text.splitlines()), flush=True)
        found += len(named)
    return found


def main(arguments: list[str] | None = None) -> int:
    """Look at the chapters that were named, or all; 1 if something differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapter", nargs="?", help="how its name starts, such as 01; default: all")
    parser.add_argument("--setting", action="append", choices=SETTINGS, help="only this one")
    options = parser.parse_args(arguments)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    playable = settings()
    if options.setting:
        playable = {name: playable[name] for name in options.setting if name in playable}
    try:
        found = sum(look_at(chapter, playable) for chapter in chosen(ROOT, options.chapter))
    except ChapterError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{found or 'No'} output{'s' * (found != 1)} differ{'s' * (found == 1)}.")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
