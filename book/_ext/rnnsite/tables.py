"""Tables: no empty headings, and on a phone a card for each row.

Markdown demands a row of headings, readers are spared an empty one; a single empty one, in a
corner, gets a name for those who hear it.

Rows of three cells or more are too wide for a phone. The style sheet makes cards of them there,
each cell labelled by its column's heading; what is laid out as no table is one only by its roles,
so these are written out.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

NUMBERS = "rnn-numbers"
"""The class of a table to compare numbers in: it stays a table, and scrolls."""

CARDS = "rnn-cards"
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row"}
ROLES |= {"th": "columnheader", "td": "cell"}


def _drop_empty_headings(app: Sphinx, doctree: nodes.document) -> None:
    for head in list(doctree.findall(nodes.thead)):
        if not head.astext().strip():
            head.parent.remove(head)
            continue
        for cell in head.findall(nodes.entry):
            if not cell.astext().strip():
                name = nodes.inline(text="Row", classes=["visually-hidden"])
                cell.children = []
                cell += nodes.paragraph("", "", name)


def _make_cards(app: Sphinx, doctree: nodes.document) -> None:
    for table in doctree.findall(nodes.table):
        head = next(table.findall(nodes.thead), None)
        if head is None or NUMBERS in table["classes"] or len(head[0]) < 3:
            continue
        table["classes"].append(CARDS)
        labels = [cell.astext() for cell in head[0]]
        for row in next(table.findall(nodes.tbody)):
            for cell, label in zip(row, labels, strict=True):
                cell["rnn_label"] = label


def _with_role(name: str) -> tuple:
    def visit(self: HTML5Translator, node: nodes.Element) -> None:
        start = len(self.body)
        getattr(type(self), f"visit_{name}")(self, node)
        for i in range(start, len(self.body)):
            self.body[i] = _attributed(self.body[i], node)

    def depart(self: HTML5Translator, node: nodes.Element) -> None:
        getattr(type(self), f"depart_{name}")(self, node)

    return visit, depart


def _attributed(html: str, node: nodes.Element) -> str:
    for tag, role in ROLES.items():
        if html.lstrip().startswith((f"<{tag} ", f"<{tag}>")):
            added = f'<{tag} role="{role}"'
            if label := node.get("rnn_label"):
                added += f' data-label="{escape(label)}"'
            if isinstance(node, nodes.entry) and not node.astext().strip():
                added += " data-empty"
            return html.replace(f"<{tag}", added, 1)
    return html


def setup(app: Sphinx) -> None:
    """Register the changes."""
    app.connect("doctree-read", _drop_empty_headings)
    app.connect("doctree-read", _make_cards)
    for node in (nodes.table, nodes.thead, nodes.tbody, nodes.row, nodes.entry):
        app.add_node(node, override=True, html=_with_role(node.__name__))
