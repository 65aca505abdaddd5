"""Tables without headings: Markdown demands a row of them, readers are spared empty ones.

A row of empty headings goes; a single empty one, in a corner, gets a name for those who hear it.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx


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


def setup(app: Sphinx) -> None:
    """Register the change."""
    app.connect("doctree-read", _drop_empty_headings)
