"""Folded code: a plain ``<details>``, like the folds that an author writes in the text.

MyST-NB dresses a hidden cell as an admonition; the two labels it keeps (show, hide) are one here,
since the triangle beside it already says which way it goes. And it puts the fold where the code
was, above what the code made; here it follows, for a reader looks at the figure first, and the code
of a question holds the answer.

A cell that checks numbered displays is not seen at all. Each display gets a mark beside its number,
a link to the check, which shows while it is the page's target. So it needs no script,
and one check is open at a time.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, HideInputCells
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from rnnsite.equation_numbers import anchor

LOGGER = logging.getLogger(__name__)

CHECK = "check"
"""The tag of a cell that checks displays; its prompt names them."""


class CodeAfterOutput(SphinxPostTransform):
    """Puts the fold of a cell's code below the cell's output, where there is one."""

    default_priority = HideInputCells.default_priority + 1
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Move each fold to the end of its cell."""
        for cell in self.document.findall(nodes.container):
            if cell.get("hide_mode") == "input" and len(cell.children) > 1:
                fold = cell.children[0]
                cell.remove(fold)
                cell.append(fold)


class NoTitles(SphinxPostTransform):
    """Leaves out the line that is Colab's title: on the page, the fold's label says it."""

    default_priority = CodeAfterOutput.default_priority + 1
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Drop the first line of the code of each cell that has one."""
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") != "cell_code_source":
                continue
            for code in cell.findall(nodes.literal_block):
                title, _, rest = code.astext().partition("\n")
                if title.startswith("# @title "):
                    code.rawsource = rest  # it is highlighted where both say the same
                    code.children = []
                    code += nodes.Text(rest)


class CheckFold(nodes.General, nodes.Element):
    """A check, unseen until it is asked for; ``tags`` are the numbers of what it checks."""


class Checks(SphinxPostTransform):
    """Hides the cells that check displays, and marks the displays."""

    default_priority = CodeAfterOutput.default_priority + 1
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Wrap each such cell and give each display that it names its mark."""
        displays = {
            node["rnn_tag"]: node
            for node in self.document.findall(nodes.math_block)
            if node.get("rnn_tag")
        }
        for cell in list(self.document.findall(nodes.container)):
            if CHECK not in cell.get("cell_metadata", {}).get("tags", []):
                continue
            tags = re.findall(r"\(([A-Z\d][\d.]*)\)", cell["prompt_show"])
            for tag in tags:
                self._mark(tag, displays.get(tag), cell)
            code = [part for fold in cell.findall(HideCodeCellNode) for part in fold.children]
            made = [part for part in cell.children if not isinstance(part, HideCodeCellNode)]
            cell.children = []
            cell.extend([*code, *made])
            fold = CheckFold("", tags=tags)
            cell.replace_self(fold)
            fold += cell

    def _mark(self, tag: str, display: nodes.math_block | None, cell: nodes.container) -> None:
        if display is None:
            LOGGER.warning(
                "a cell checks (%s), which this page does not display", tag, location=cell
            )
        elif display.get("rnn_mark"):
            LOGGER.warning("(%s) is checked by two cells: make them one", tag, location=cell)
        else:
            display["rnn_mark"] = (
                f'<a class="rnn-check-mark" href="#{check_anchor(tag)}" '
                f'aria-label="({tag}) checked by machine: show how" '
                'title="checked by machine: show how">✓</a>'
            )


def check_anchor(tag: str) -> str:
    """The check of ``1.3`` is found at ``check-1-3``."""
    return anchor(tag).replace("eq-", "check-", 1)


def _visit_check(self: HTML5Translator, node: CheckFold) -> None:
    names = ", ".join(f"({tag})" for tag in node["tags"])
    self.body.append(f'<div class="rnn-check" role="group" aria-label="Check of {names}">')
    self.body += [f'<span id="{check_anchor(tag)}"></span>' for tag in node["tags"]]
    back = ", ".join(f'<a href="#{anchor(tag)}">({tag})</a>' for tag in node["tags"])
    self.body.append(f'<p class="rnn-check-head">Checked by machine. Close, and go to {back}</p>\n')


def _depart_check(self: HTML5Translator, node: CheckFold) -> None:
    self.body.append("</div>\n")


def _visit(self: HTML5Translator, node: HideCodeCellNode) -> None:
    self.body.append(
        f'<details class="rnn-fold"><summary>{escape(node["prompt_show"])}</summary>\n'
    )


def _depart(self: HTML5Translator, node: HideCodeCellNode) -> None:
    self.body.append("</details>\n")


def setup(app: Sphinx) -> None:
    """Take the node over, put it below what it makes, and hide checks behind their marks."""
    app.add_node(CheckFold, html=(_visit_check, _depart_check))
    app.add_post_transform(NoTitles)
    app.add_post_transform(Checks)
    app.add_node(HideCodeCellNode, override=True, html=(_visit, _depart))
    app.add_post_transform(CodeAfterOutput)
