"""A cell's short header and what it stands for: each leads to the other and back."""

from __future__ import annotations

import copy

import pytest
from nbformat.v4 import new_code_cell

from tools import headers, notebooks
from tools.headers import HeaderError, collapse, expand, shortened
from tools.setup_cell import METADATA, SETUP

CHAPTERS = notebooks.chapters()


def expanded(source: str, **metadata: object):
    cell = new_code_cell(source, metadata=metadata)
    expand(cell)
    return cell


@pytest.mark.parametrize("header", headers.headers())
def test_a_header_folds_its_cell_everywhere_and_comes_back(header: str) -> None:
    body = "" if header == headers.SET_UP else "\nprint(1)"
    cell = expanded(header + body)
    title = cell.source.partition("\n")[0]
    assert title.startswith("# @title ")
    assert title.endswith(' { display-mode: "form" }'), "Colab folds by this"
    assert cell.metadata["jupyter"] == {"source_hidden": True}
    assert cell.metadata["cellView"] == "form"
    assert {"hide-input", "hide-cell"} & set(cell.metadata["tags"]), "the page folds by this"
    assert cell.metadata["mystnb"]["code_prompt_show"].startswith("Show ")
    collapse(cell)
    assert (cell.source, cell.metadata) == (header + body, {})


def test_a_check_names_its_displays_in_title_and_prompt() -> None:
    cell = expanded("# check (1.4), (1.5)\ncheck()")
    assert cell.source == '# @title Check of (1.4), (1.5) { display-mode: "form" }\ncheck()'
    assert cell.metadata["mystnb"] == {"code_prompt_show": "Show the check of (1.4), (1.5)"}
    assert cell.metadata["tags"] == ["hide-input", "check"]
    assert expanded("# check (A.1), (A.12)\ncheck()").source.startswith("# @title Check of (A.1), ")


def test_the_set_up_cell_is_one_line_of_the_twin() -> None:
    cell = expanded("# set-up")
    assert (cell.source, cell.metadata) == (SETUP, METADATA)
    with pytest.raises(HeaderError, match="stands alone"):
        expanded("# set-up\nimport torch")


@pytest.mark.parametrize(
    "source",
    [
        "print(1)",
        "# the gate of PyTorch, by hand\nprint(1)",
        "# (1.3): the leak\nprint(1)",
        "# all runs, one by one\nprint(1)",
        "",
    ],
)
def test_a_cell_without_a_header_is_seen_by_everybody(source: str) -> None:
    cell = expanded(source)
    assert (cell.source, cell.metadata) == (source, {})


@pytest.mark.parametrize(
    "line",
    [
        *("# check", "# check 1.4", "# check (1.4) and (1.5)", "# check (1.4),(1.5)"),
        *("# chek (1.4)", "# figures", "# solution", "# solution: 3", "# setup", "# code"),
        *("# figure of the gate", "# Check (1.4)".lower() + " by SymPy"),
    ],
)
def test_a_header_with_a_slip_is_refused_and_the_right_ones_are_told(line: str) -> None:
    with pytest.raises(HeaderError, match=r"is no header of a cell; there are .*`# check \(1\.4\)"):
        expanded(f"{line}\nprint(1)")


def test_tags_and_metadata_of_the_authors_own_stay() -> None:
    cell = expanded("# figure\nprint(1)", tags=["nbval-" + "skip"], nbval_reason="random")
    assert cell.metadata["tags"] == ["hide-input", "nbval-" + "skip"]
    collapse(cell)
    assert cell.metadata == {"tags": ["nbval-" + "skip"], "nbval_reason": "random"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cell: cell.metadata.update(cellView="code"),
        lambda cell: cell.metadata["tags"].remove("hide-input"),
        lambda cell: cell.metadata["mystnb"].update(code_prompt_show="Show it"),
        lambda cell: cell.update(source=cell.source.replace("Figure", "Picture")),
    ],
)
def test_a_cell_that_no_header_stands_for_keeps_its_metadata(spoil) -> None:
    cell = expanded("# figure\nprint(1)")
    spoil(cell)
    before = copy.deepcopy(cell)
    collapse(cell)
    assert cell == before


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_every_chapters_twin_is_what_its_notebook_collapses_to(chapter) -> None:
    twin = chapter.twin.read_text(encoding="utf-8")
    assert notebooks.as_twin(notebooks.read_notebook(chapter)) == twin
    assert shortened(twin) == twin
    assert "cellView" not in twin


LONG = """Prose with $a$.

```{{code-cell}} ipython3
---
cellView: form
jupyter:
  source_hidden: true
mystnb:
  code_prompt_show: {prompt}
tags: [{tags}]
---
# @title {title} {{ display-mode: "form" }}
print(1)
```

More  prose,\tas it was.
"""


@pytest.mark.parametrize(
    ("title", "prompt", "tags", "header"),
    [
        ("Figure", "Show the code of the figure", "hide-input", "figure"),
        ("Drawing", "Show the code of the drawing", "hide-input", "figure"),
        ("Check of (1.2)", "Show the check of (1.2)", "hide-input", "check (1.2)"),
        (
            "Checks of (0.1) and (0.3) to (0.5)",
            "Show the checks of (0.1) and (0.3) to (0.5)",
            "hide-input",
            "check (0.1), (0.3), (0.4), (0.5)",
        ),
        ("Train again", "Show the code of the control", "hide-input, needs-kernel", "control"),
        ("Solution 2, checked", "Show the solution's check", "hide-cell", "solution 2, checked"),
        (
            "The training loop",
            "Show the training loop of all experiments",
            "hide-cell",
            "fold: the training loop of all experiments",
        ),
        ("Example", "Show the code of the example", "hide-input", "code: the example"),
    ],
)
def test_a_long_header_of_before_is_shortened_and_no_other_byte_changes(
    title: str, prompt: str, tags: str, header: str
) -> None:
    long = LONG.format(title=title, prompt=prompt, tags=tags)
    before, _, rest = long.partition("---\n")
    _, _, after = rest.partition('"form" }\n')
    assert shortened(long) == f"{before}# {header}\n{after}"
    assert shortened(shortened(long)) == shortened(long)
