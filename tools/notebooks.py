"""Make the chapters: text twin → executed, normalised notebook (`make notebooks`).

The file an author edits is the text twin, `notebooks/text/NN_name.md` (Jupytext's MyST format).
From it this script makes `notebooks/NN_name.ipynb`: the cells with ids that follow from their
content, executed in order on a fresh kernel, and normalised so that running twice changes no byte.

A chapter runs only if its code, or a file of the package that it imports, changed since it last
ran; where only the prose changed, the stored outputs stay.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import json
import logging
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import jupytext  # noqa: E402
import nbformat  # noqa: E402
from nbformat import NotebookNode  # noqa: E402

from tools import sources  # noqa: E402
from tools.headers import HeaderError, collapse, expand, shortened  # noqa: E402
from tools.normalise import normalise, text_of  # noqa: E402

CELL_LIMIT = 300  # seconds; the slowest experiment takes well under a minute
CHAPTER_LIMIT = 900
TRIES = 2  # nbclient hangs now and then, whatever the notebook
KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    # One thread: sums come in one order. Two chapters may run beside each other.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # No progress bar is shown, for none is worth keeping: each waits longer than any cell runs.
    "TQDM_DELAY": "1000000",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""


def kernel_environment() -> dict[str, str]:
    """The settings that make a run repeatable, without the author's own IPython set-up."""
    folder = ROOT / "_build" / "ipython"
    folder.mkdir(parents=True, exist_ok=True)
    return {**KERNEL_ENVIRONMENT, "IPYTHONDIR": str(folder)}


class ChapterError(Exception):
    """A chapter that cannot be made; the message says which, where and why."""


@dataclass(frozen=True)
class Chapter:
    """A chapter's two files, below the folder of the book."""

    stem: str
    root: Path = ROOT

    @property
    def twin(self) -> Path:
        return self.root / "notebooks" / "text" / f"{self.stem}.md"

    @property
    def notebook(self) -> Path:
        return self.root / "notebooks" / f"{self.stem}.ipynb"


def chapters(root: Path = ROOT) -> list[Chapter]:
    """Every chapter that has a text twin or a notebook, in order."""
    folder = root / "notebooks"
    files = [*folder.glob("text/*.md"), *folder.glob("*.ipynb")]
    return [Chapter(stem, root) for stem in sorted({file.stem for file in files})]


def read_twin(chapter: Chapter) -> NotebookNode:
    """The notebook that the text twin describes, without outputs."""
    if not chapter.twin.exists():
        raise ChapterError(
            f"{chapter.stem}: notebooks/text/{chapter.stem}.md is missing; "
            "`make twins` writes it from the notebook."
        )
    text = chapter.twin.read_text(encoding="utf-8")
    if not text.startswith(HEADER):
        raise ChapterError(
            f"notebooks/text/{chapter.stem}.md does not start with the header of a chapter: copy "
            "it from another one; `make chapter` begins a new one with it."
        )
    notebook = jupytext.reads(text, fmt="md:myst")
    if not code_cells(notebook):
        raise ChapterError(
            f"notebooks/text/{chapter.stem}.md holds no code cell, not even the set-up cell of "
            "tools/setup_cell.py."
        )
    for cell in notebook.cells:
        cell.source = cell.source.rstrip("\n")
    for number, cell in enumerate(code_cells(notebook), 1):
        try:
            expand(cell)
        except HeaderError as error:
            raise ChapterError(f"{chapter.stem}, code cell {number}: {error}") from None
    return notebook


def read_notebook(chapter: Chapter) -> NotebookNode | None:
    """The stored notebook, or None where there is none."""
    if not chapter.notebook.exists():
        return None
    return nbformat.read(chapter.notebook, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def code_of(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in code_cells(notebook)]


def meaning_of(notebook: NotebookNode) -> list[tuple]:
    """What each cell does: neither its comments nor its lines' breaks change it."""
    return [_meaning(source) for source in code_of(notebook)]


def _meaning(source: str) -> tuple:
    magics = tuple(re.findall(r"(?m)^\s*[%!].*$", source))
    try:
        return magics, ast.dump(ast.parse(without_magics(source)))
    except SyntaxError:  # running it will tell
        return magics, source


def without_magics(source: str) -> str:
    return re.sub(r"(?m)^(\s*)[%!].*$", r"\1pass", source)


def as_python(notebook: NotebookNode) -> str:
    """The code without IPython's magics, so that Python can parse it."""
    return without_magics("\n".join(code_of(notebook)))


def contents(notebook: NotebookNode) -> list[tuple]:
    """What a notebook and its twin have in common: kind, source and metadata of each cell."""
    return [
        (cell.cell_type, cell.source, json.dumps(cell.metadata, sort_keys=True))
        for cell in notebook.cells
    ]


def was_run(notebook: NotebookNode) -> bool:
    """Whether the code cells were executed in order, on one fresh kernel."""
    counts = [cell.execution_count for cell in code_cells(notebook)]
    return counts == list(range(1, len(counts) + 1))


# --- executing -----------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Without the terminal's colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def execute(notebook: NotebookNode, stem: str, folder: Path) -> None:
    """Run every cell on a fresh kernel, once more where the machinery (not the code) gave up."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    for attempt in range(1, TRIES + 1):
        progress = {"cell": 0}
        try:
            asyncio.run(run_once(notebook, stem, folder, progress))
            return
        except CellExecutionError as error:
            reason = f"{error.ename}: {plain(error.evalue)}"
            break
        except CellTimeoutError:
            reason = f"took longer than {CELL_LIMIT} s"
        except TimeoutError:
            reason = f"the chapter took longer than {CHAPTER_LIMIT} s"
        except DeadKernelError:
            reason = "the kernel died"
        print(f"{stem}: {reason} (attempt {attempt} of {TRIES})", file=sys.stderr)
    index = progress["cell"]
    number = sum(cell.cell_type == "code" for cell in notebook.cells[: index + 1])
    source = indented(notebook.cells[index].source)
    raise ChapterError(f"{stem}, code cell {number}: {reason}\n\n{source}")


async def run_once(notebook: NotebookNode, stem: str, folder: Path, progress: dict) -> None:
    from nbclient import NotebookClient
    from tqdm import tqdm

    with tqdm(total=len(notebook.cells), desc=stem, leave=False, unit="cell", delay=0) as bar:

        def started(cell: NotebookNode, cell_index: int) -> None:
            progress["cell"] = cell_index
            bar.update(cell_index - bar.n)

        client = NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=CELL_LIMIT,
            startup_timeout=120,
            resources={"metadata": {"path": str(folder)}},
            record_timing=False,
            # The kernel would warn that it runs over TCP without encryption; it is this machine's.
            extra_arguments=["--IPKernelApp.log_level=40"],
            on_cell_start=started,
        )
        running = client.async_execute(env={**os.environ, **kernel_environment()})
        await asyncio.wait_for(running, CHAPTER_LIMIT)


def indented(source: str) -> str:
    return "\n".join(f"    {line}" for line in source.splitlines())


# --- deciding ------------------------------------------------------------------------------------


class Records:
    """What each chapter's stored outputs were made from; lost with `_build`, and then taken on
    trust where the notebook's code is its twin's.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / "_build" / "notebooks.json"
        self.known = json.loads(self.path.read_text("utf8")) if self.path.exists() else {}

    def agree(self, stem: str, fingerprint: str) -> bool:
        return self.known.get(stem, fingerprint) == fingerprint

    def keep(self, stem: str, fingerprint: str) -> None:
        self.known[stem] = fingerprint
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(json.dumps(self.known, indent=1, sort_keys=True) + "\n", "utf8")


def outputs_are_current(fresh: NotebookNode, stored: NotebookNode | None) -> bool:
    return stored is not None and meaning_of(fresh) == meaning_of(stored) and was_run(stored)


def with_outputs(fresh: NotebookNode, stored: NotebookNode) -> NotebookNode:
    """The twin's cells with the stored outputs: for when only the prose changed."""
    for new, old in zip(code_cells(fresh), code_cells(stored), strict=True):
        new.outputs, new.execution_count = old.outputs, old.execution_count
    if "widgets" in stored.metadata:
        fresh.metadata["widgets"] = stored.metadata["widgets"]
    return fresh


def make(chapter: Chapter, records: Records, *, always: bool = False, dry: bool = False) -> str:
    """Bring a chapter's notebook up to date; says what was done in a word or two."""
    fresh, stored = read_twin(chapter), read_notebook(chapter)
    fingerprint = sources.fingerprint(as_python(fresh), chapter.root)
    current = outputs_are_current(fresh, stored) and records.agree(chapter.stem, fingerprint)
    if current and not always:
        verdict = "unchanged"
        fresh = with_outputs(fresh, stored)
    elif dry:
        return "must run"
    else:
        verdict = "ran"
        execute(fresh, chapter.stem, chapter.notebook.parent)
    text = text_of(normalise(fresh))
    old = chapter.notebook.read_text(encoding="utf-8") if stored else None
    if text != old:
        verdict = "prose changed" if current and not always else "ran, changed"
        if not dry:
            chapter.notebook.write_text(text, encoding="utf-8")
    if not dry:
        records.keep(chapter.stem, fingerprint)
    return verdict


def write_twin(chapter: Chapter) -> str:
    """Bring a notebook that was edited in Jupyter back into its text twin."""
    stored = read_notebook(chapter)
    if stored is None:
        return "no notebook yet"
    clean = normalise(stored)
    if chapter.twin.exists() and contents(read_twin(chapter)) == contents(clean):
        return "unchanged"
    chapter.twin.write_text(as_twin(clean), encoding="utf-8")
    return "written"


def as_twin(notebook: NotebookNode) -> str:
    """The text twin of a notebook: Markdown, and code cells with short headers."""
    short = nbformat.from_dict(notebook)
    for cell in code_cells(short):
        collapse(cell)
    # Jupytext writes the front matter of its own version; ours is the same in every chapter.
    return HEADER + jupytext.writes(short, fmt="md:myst").split("---\n", 2)[2]


def shorten(chapter: Chapter) -> str:
    """Give a twin whose cells have long headers short ones; its prose keeps every byte."""
    long = chapter.twin.read_text(encoding="utf-8")
    short = shortened(long)
    chapter.twin.write_text(short, encoding="utf-8")
    return "unchanged" if short == long else "shortened"


def chosen(root: Path, wanted: str | None) -> list[Chapter]:
    everything = chapters(root)
    if not wanted:
        return everything
    found = [chapter for chapter in everything if chapter.stem.startswith(wanted)]
    if not found:
        names = ", ".join(chapter.stem for chapter in everything) or "none"
        raise ChapterError(f"There is no chapter {wanted!r}; there are: {names}.")
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapter", nargs="?", help="how its name starts, such as 01; default: all")
    parser.add_argument("--all", action="store_true", help="run also what did not change")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if something is due")
    parser.add_argument("--collapse", action="store_true", help="short headers for long ones")
    parser.add_argument("--twins", action="store_true", help="notebook → text twin instead")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    logging.getLogger("traitlets").setLevel(logging.ERROR)
    records, due = Records(options.root), False
    try:
        for chapter in chosen(options.root, options.chapter):
            if options.twins:
                verdict = write_twin(chapter)
            elif options.collapse:
                verdict = shorten(chapter)
            else:
                verdict = make(chapter, records, always=options.all, dry=options.check)
            due |= verdict != "unchanged"
            print(f"{chapter.stem}: {verdict}", flush=True)
    except ChapterError as error:
        print(error, file=sys.stderr)
        return 1
    return int(options.check and due)


if __name__ == "__main__":
    sys.exit(main())
