"""Tables without headings: Markdown demands a row of them, readers are spared an empty one."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx


def _drop_empty_headings(app: Sphinx, doctree: nodes.document) -> None:
    for head in list(doctree.findall(nodes.thead)):
        if not head.astext().strip():
            head.parent.remove(head)


def setup(app: Sphinx) -> None:
    """Register the change."""
    app.connect("doctree-read", _drop_empty_headings)
