"""Every id of a page can be linked: ``[text](page.md#any-id)``.

MyST knows only the headings of another page. An author also links an entry of the bibliography, a
row of the equation table, a numbered equation.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

_RAW_ID = re.compile(r'\bid="([^"]+)"')


def ids_of(doctree: nodes.document) -> list[str]:
    """The ids of a page's elements, those in raw HTML included."""
    found = [name for node in doctree.findall(nodes.Element) for name in node.get("ids", [])]
    for raw in doctree.findall(nodes.raw):
        found += _RAW_ID.findall(raw.astext())
    return found


def _offer_ids(app: Sphinx, doctree: nodes.document) -> None:
    slugs = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    for name in ids_of(doctree):
        slugs.setdefault(name, (0, name, name))


def setup(app: Sphinx) -> None:
    """Register late, after the other modules have given their ids."""
    app.connect("doctree-read", _offer_ids, priority=900)
