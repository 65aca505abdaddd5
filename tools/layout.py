"""Lay out the code that the pages show at the pages' width (`make format`, `make lint`).

A page has room for so many characters at 1280 pixels, in the widest of the usual fonts; code that
is wider fades at its edge and scrolls. So the chapters' cells, and the modules whose source they
show, have shorter lines than the rest of the project. Cells are laid out in the text twins; the
notebooks follow by `make notebooks`, which runs nothing for it.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import nbformat  # noqa: E402

from tools.headers import collapse  # noqa: E402
from tools.notebooks import Chapter, ChapterError, chapters, code_cells, read_twin  # noqa: E402

WIDTH = 77
SHOWN = (
    *("rnnbook/rnn.py", "rnnbook/lstm.py", "rnnbook/gru.py"),
    *("rnnbook/experiments/carousel.py", "rnnbook/experiments/__init__.py"),
)
"""Modules whose source the chapters show."""

_OPTIONS = r"(?:---\n.*?^---\n|(?::[^\n]*\n)+\n?)?"  # a cell's metadata, in MyST's two forms
_CELL = re.compile(rf"(?ms)(^```\{{code-cell\}} ipython3\n{_OPTIONS})(.*?)(^```$)")


def ruff(command: str, *arguments: str) -> int:
    given = [sys.executable, "-m", "ruff", command, "--quiet", f"--line-length={WIDTH}"]
    return subprocess.run([*given, *arguments], cwd=ROOT, check=False).returncode


def lay_out(chapter: Chapter) -> str:
    """Lay out the code cells of a twin; its prose keeps every byte."""
    notebook = read_twin(chapter)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.ipynb"
        nbformat.write(notebook, path)
        sort_imports = ("check", "--select=I", "--fix", f"--config={ROOT / 'pyproject.toml'}")
        if ruff(*sort_imports, str(path)) or ruff("format", str(path)):
            raise ChapterError(f"{chapter.stem}: ruff cannot lay out a cell; see above")
        laid_out = code_cells(nbformat.read(path, as_version=4))
    for cell in laid_out:
        collapse(cell)
    sources = iter(laid_out)
    old = chapter.twin.read_text(encoding="utf-8")
    new = _CELL.sub(lambda cell: f"{cell[1]}{next(sources).source}\n{cell[3]}", old)
    chapter.twin.write_text(new, encoding="utf-8")
    return "unchanged" if new == old else "laid out; `make notebooks` brings it to the notebook"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if something is due")
    options = parser.parse_args(arguments)
    if options.check:
        notebooks = [str(chapter.notebook) for chapter in chapters() if chapter.notebook.exists()]
        if status := ruff("format", "--check", *SHOWN, *notebooks):
            print("Code is not laid out: make format, then make notebooks", file=sys.stderr)
        return status
    try:
        for chapter in chapters():
            print(f"{chapter.stem}: {lay_out(chapter)}")
    except ChapterError as error:
        print(error, file=sys.stderr)
        return 1
    return ruff("format", *SHOWN)


if __name__ == "__main__":
    sys.exit(main())
