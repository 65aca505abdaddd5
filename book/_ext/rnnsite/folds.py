"""Folded code: a plain ``<details>``, like the folds that an author writes in the text.

MyST-NB dresses a hidden cell as an admonition; the two labels it keeps (show, hide) are one here,
since the triangle beside it already says which way it goes.
"""

from __future__ import annotations

from html import escape

from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def _visit(self: HTML5Translator, node: HideCodeCellNode) -> None:
    self.body.append(
        f'<details class="rnn-fold"><summary>{escape(node["prompt_show"])}</summary>\n'
    )


def _depart(self: HTML5Translator, node: HideCodeCellNode) -> None:
    self.body.append("</details>\n")


def setup(app: Sphinx) -> None:
    """Take the node over."""
    app.add_node(HideCodeCellNode, override=True, html=(_visit, _depart))
