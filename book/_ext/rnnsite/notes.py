"""Block quotes that start with a bold label are notes: ``> **Predict.** Which one …``.

In Jupyter and in Colab they are block quotes, which is what they should look like there.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


class Note(nodes.General, nodes.Element):
    """A note; ``label`` is its label as a word of a class name."""


def label_of(quote: nodes.block_quote) -> str | None:
    """The label of a block quote that starts with one, such as ``honest-negative``."""
    first = quote.children[0] if quote.children else None
    if not isinstance(first, nodes.paragraph):
        return None
    # The parser may put an empty text before the bold label.
    strong = next((child for child in first.children if child.astext().strip()), None)
    if not isinstance(strong, nodes.strong) or not strong.astext().strip().endswith((".", ":")):
        return None
    return nodes.make_id(strong.astext())


def _make_notes(app: Sphinx, doctree: nodes.document) -> None:
    for quote in list(doctree.findall(nodes.block_quote)):
        label = label_of(quote)
        if label:
            quote.replace_self(Note("", *quote.children, label=label))


def _visit(self: HTML5Translator, node: Note) -> None:
    self.body.append(f'<div class="rnn-note rnn-note-{node["label"]}" role="note">')


def _depart(self: HTML5Translator, node: Note) -> None:
    self.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    """Register the node and the change."""
    app.add_node(Note, html=(_visit, _depart))
    app.connect("doctree-read", _make_notes)
