"""The short headers of a text twin's cells, and what they stand for in the notebook.

A cell that is folded begins with one line that says what it is, such as `# check (1.4), (1.5)` or
`# figure`. In the notebook that line is Colab's title, and the metadata that folds the cell in
Colab, in Jupyter and on the page goes with it: `expand` and `collapse` lead from one form to the
other and back. A cell without such a line is code that everybody sees.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from nbformat import NotebookNode

from tools.setup_cell import METADATA, SETUP

SET_UP = "# set-up"
NUMBER = r"\((?:\d{1,2}(?:\.\d{1,2})?|[A-Z]\.\d{1,2})\)"  # (4), (4.2), (A.2)
NUMBERS = rf"{NUMBER}(?:, {NUMBER})*"


class HeaderError(ValueError):
    """A first line that looks like a header and is none; the message says what is."""


@dataclass(frozen=True)
class Kind:
    """A kind of cell: what its header looks like, and what it stands for.

    `header` is a regular expression with one group at most, which is put into `title` and `prompt`.
    """

    header: str
    title: str
    prompt: str
    tags: tuple[str, ...] = ("hide-input",)
    example: str = ""


KINDS = {
    "question": Kind("question", "Question", "Show the code of the question"),
    "check": Kind(
        rf"check ({NUMBERS})",
        "Check of {}",
        "Show the check of {}",
        ("hide-input", "check"),
        "check (1.4), (1.5)",
    ),
    "figure": Kind("figure", "Figure", "Show the code of the figure"),
    "table": Kind("table", "Table", "Show the code of the table"),
    "measured": Kind("measured", "Measured", "Show the code of the measurement"),
    "explorable": Kind("explorable", "Explorable", "Show the code of the explorable"),
    "control": Kind(
        "control", "Train again", "Show the code of the control", ("hide-input", "needs-kernel")
    ),
    "solution": Kind(
        r"solution (\d+)",
        "Solution {}",
        "Show solution {}",
        ("hide-cell", "solution"),
        "solution 3",
    ),
    "checked": Kind(
        r"solution (\d+), checked",
        "Solution {}, checked",
        "Show the check of solution {}",
        ("hide-cell", "solution"),
        "solution 3, checked",
    ),
    "run": Kind(
        r"solution (\d+), run",
        "Solution {}, run",
        "Show the experiment of solution {}",
        ("hide-cell", "solution"),
        "solution 3, run",
    ),
    "answer": Kind("answer, checked", "Answer, checked", "Show the answer's check", ("hide-cell",)),
    "code": Kind(r"code: (.+)", "{}", "Show the code of {}", example="code: the worked example"),
    "fold": Kind(
        r"fold: (.+)", "{}", "Show {}", ("hide-cell",), "fold: the training loop of all experiments"
    ),
}
"""Every kind but the set-up cell; `fold` hides what the cell makes, too, `code` does not."""


def headers() -> list[str]:
    """An example of every header, as an author writes it."""
    return [SET_UP, *(f"# {kind.example or kind.header}" for kind in KINDS.values())]


def _title(text: str) -> str:
    return f'# @title {text[:1].upper()}{text[1:]} {{ display-mode: "form" }}'


def _meaning(line: str) -> tuple[str, dict] | None:
    """The title line and the metadata that a header stands for, or None where it is none."""
    for kind in KINDS.values():
        if found := re.fullmatch(rf"# {kind.header}", line):
            detail = found[1] if found.groups() else ""
            metadata = {
                "cellView": "form",
                "jupyter": {"source_hidden": True},
                "mystnb": {"code_prompt_show": kind.prompt.format(detail)},
                "tags": list(kind.tags),
            }
            return _title(kind.title.format(detail)), metadata
    return None


def _refuse_misspelt(line: str) -> None:
    """A line that starts with the name of a kind, or nearly, is meant to be a header."""
    words = re.match(r"# ([a-z-]+)(?: \(|:|,|$| \d)|# ([a-z-]+)", line)
    if words is None:
        return
    names = ["set-up", "setup", *KINDS]
    meant = difflib.get_close_matches(words[1], names, cutoff=0.75) if words[1] else []
    if meant or words[2] in names:
        known = ", ".join(f"`{header}`" for header in headers())
        raise HeaderError(f"`{line}` is no header of a cell; there are {known}")


def expand(cell: NotebookNode) -> None:
    """Turn a twin's code cell into the notebook's: title and metadata for its header."""
    line, _, rest = cell.source.partition("\n")
    if line == SET_UP:
        if rest.strip():
            raise HeaderError(
                f"`{SET_UP}` stands alone; the cell's code is the same in all chapters"
            )
        cell.source, given = SETUP, METADATA
    elif meaning := _meaning(line):
        title, given = meaning
        cell.source = f"{title}\n{rest}"
    else:
        return _refuse_misspelt(line)
    extra = [tag for tag in cell.metadata.get("tags", []) if tag not in given["tags"]]
    cell.metadata.update({**given, "tags": [*given["tags"], *extra]})
    return None


def collapse(cell: NotebookNode) -> None:
    """The reverse of `expand`; a cell that no header stands for stays as it is."""
    line, _, rest = cell.source.partition("\n")
    header = SET_UP if cell.source == SETUP else _header_of(line, cell.metadata)
    if header is None:
        return
    given = METADATA if header == SET_UP else _meaning(header)[1]
    tags = cell.metadata.get("tags", [])
    if any(cell.metadata.get(key) != value for key, value in given.items() if key != "tags"):
        return
    if tags[: len(given["tags"])] != given["tags"]:
        return
    cell.source = SET_UP if header == SET_UP else f"{header}\n{rest}"
    for key in given:
        del cell.metadata[key]
    if extra := tags[len(given["tags"]) :]:
        cell.metadata["tags"] = extra


def _header_of(line: str, metadata: dict) -> str | None:
    """The header that stands for this title line and this prompt, or None."""
    prompt = metadata.get("mystnb", {}).get("code_prompt_show", "")
    for kind in KINDS.values():
        pattern = re.escape(kind.prompt).replace(r"\{\}", "(.+)")
        if found := re.fullmatch(pattern, prompt):
            header = "# " + re.sub(r"\(.*\)", lambda _: found[1], kind.header, count=1)
            if (meaning := _meaning(header)) and meaning[0] == line:
                return header
    return None


# --- the long headers of before -------------------------------------------------------------------

_FENCE = re.compile(r"(?ms)^```\{code-cell\} ipython3\n---\n(.*?)^---\n(.*?)^```$")
_NAMED = {"Drawing": "figure", "Train again": "control", "Answer, checked": "answer, checked"}


def shortened(text: str) -> str:
    """A whole twin with short headers for long ones; nothing else in it changes."""
    return _FENCE.sub(_shorten, text)


def _shorten(block: re.Match[str]) -> str:
    long, source = block.groups()
    title = re.match(r'# ?@title (.+?) \{ display-mode: "form" \}\n', source)
    if title is None:
        return block[0]
    if title[1] == "Set-up":
        return f"```{{code-cell}} ipython3\n{SET_UP}\n```"
    prompt = re.search(r"(?m)^  code_prompt_show: (.+)$", long)
    header = _short(title[1], prompt[1] if prompt else "", "hide-cell" in long)
    return f"```{{code-cell}} ipython3\n# {header}\n{source[title.end() :]}```"


def _short(title: str, prompt: str, hidden: bool) -> str:
    if numbers := re.match(r"Checks? of (.+)", title):
        return f"check {', '.join(_every_number(numbers[1]))}"
    name = _NAMED.get(title, title[:1].lower() + title[1:])
    if _meaning(f"# {name}"):
        return name
    prompt = re.sub(r"^Show (the code of )?", "", prompt)
    return f"{'fold' if hidden else 'code'}: {prompt or name}"


def _every_number(text: str) -> list[str]:
    """The numbers of "(0.1) and (0.3) to (0.6)", those between included."""
    numbers: list[str] = []
    for first, last in re.findall(rf"({NUMBER})(?: to ({NUMBER}))?", text):
        chapter, _, start = first.strip("()").rpartition(".")
        stop = last.strip("()").rpartition(".")[2] or start
        before = f"{chapter}." if chapter else ""
        numbers += [f"({before}{n})" for n in range(int(start), int(stop) + 1)]
    return numbers
