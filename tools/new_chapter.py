"""Begin a chapter: its text twin with front matter, set-up cell and headings (`make chapter`)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook  # noqa: E402

from tools.notebooks import Chapter, ChapterError, as_twin, chapters  # noqa: E402
from tools.setup_cell import METADATA, SETUP  # noqa: E402

ANATOMY = (
    "The failure",
    "Predict",
    "Derivation",
    "Prediction meets training",
    "Code",
    "The gradient",
    "Explorable",
    "Experiment",
    "In the wild",
    "Exercises",
    "Summary",
)
"""A chapter's headings, in order: failure first, repair last, then what is made of it."""

USAGE = "Say which chapter: make chapter CHAPTER=02 NAME=input_gate (small letters, underscores)."


def skeleton(number: str, name: str) -> str:
    """The text of a chapter that says nothing yet."""
    title = f"# {int(number)} The {name.replace('_', ' ')}"
    headings = "\n\n".join(f"## {heading}" for heading in ANATOMY)
    setup = new_code_cell(SETUP, metadata=METADATA)
    cells = [new_markdown_cell(title), setup, new_markdown_cell(headings)]
    return as_twin(new_notebook(cells=cells))


def begin(number: str, name: str, root: Path = ROOT) -> Chapter:
    """Write the twin; refuses a number that is taken."""
    if not re.fullmatch(r"\d\d", number) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ChapterError(USAGE)
    for chapter in chapters(root):
        if chapter.stem.startswith(f"{number}_"):
            raise ChapterError(f"There is a chapter {number} already: {chapter.stem}.")
    chapter = Chapter(f"{number}_{name}", root)
    chapter.twin.write_text(skeleton(number, name), encoding="utf-8")
    return chapter


def main(arguments: list[str]) -> int:
    try:
        if len(arguments) != 2:
            raise ChapterError(USAGE)
        chapter = begin(*arguments)
    except ChapterError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{chapter.twin.relative_to(ROOT)} is there to be written; "
        f"then `make notebooks CHAPTER={arguments[0]}`."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
