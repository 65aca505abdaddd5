"""Folded code: a plain ``<details>``, like the folds that an author writes in the text.

MyST-NB dresses a hidden cell as an admonition; the two labels it keeps (show, hide) are one here,
since the triangle beside it already says which way it goes. And it puts the fold where the code
was, above what the code made; here it follows, for a reader looks at the figure first, and the code
of a question holds the answer.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, HideInputCells
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator


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


def _visit(self: HTML5Translator, node: HideCodeCellNode) -> None:
    self.body.append(
        f'<details class="rnn-fold"><summary>{escape(node["prompt_show"])}</summary>\n'
    )


def _depart(self: HTML5Translator, node: HideCodeCellNode) -> None:
    self.body.append("</details>\n")


def setup(app: Sphinx) -> None:
    """Take the node over, and put it below what it makes."""
    app.add_node(HideCodeCellNode, override=True, html=(_visit, _depart))
    app.add_post_transform(CodeAfterOutput)
