"""Where a line may not break: "99 %", a formula and its full stop, a short piece of code.

A browser may break a line on either side of a formula, because a formula is a box to it, and after
any space. So a number is joined to its unit, or to the word "chapter", by a no-break space; and
what stands directly beside a formula is kept with the formula's first or last part, for a long one
may still break inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from rnnsite.equation_numbers import NOT_PROSE

SHORT = 24
"""Code of up to so many characters stays on one line; it fits a phone."""

_UNIT = re.compile(r"(?<=\d) (?=(?:%|px|ms|µs|kB|MB|GB|GiB|MiB)(?!\w))|(?<=\b[Cc]hapter) (?=\d)")
_BEFORE = re.compile(r"[(\[“‘]+$")
_AFTER = re.compile(r"^(?:[.,;:!?)\]”’…]+|[-‐–’]\w{1,8}\b[.,;:!?)\]”’]*)")


class Together(nodes.Inline, nodes.TextElement):
    """Holds a formula and what no line may part from it."""


class NoBreaks(SphinxPostTransform):
    """Keeps together what belongs together; late, when the text has its final parts."""

    default_priority = 800
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Join units to numbers and punctuation to formulas, and mark short code."""
        for text in list(_prose(self.document)):
            joined = join_units(text.astext())
            if joined != text.astext():
                text.parent.replace(text, nodes.Text(joined))
        for formula in list(self.document.findall(nodes.math)):
            _embrace(formula)
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) <= SHORT:
                code["classes"].append("rnn-short")


def join_units(text: str) -> str:
    """The text with a no-break space between each number and its unit, and in "chapter 1"."""
    return _UNIT.sub("\N{NO-BREAK SPACE}", text)


def _prose(document: nodes.document) -> Iterator[nodes.Text]:
    verbatim = tuple(kind for kind in NOT_PROSE if kind not in (nodes.reference, nodes.title))
    for text in document.findall(nodes.Text):
        node = text.parent
        while node is not None and not isinstance(node, verbatim):
            node = node.parent
        if node is None:
            yield text


def _embrace(formula: nodes.math) -> None:
    """Hold a formula and the punctuation on either side of it in one element."""
    parent, place = formula.parent, formula.parent.index(formula)
    before = parent[place - 1] if place else None
    after = parent[place + 1] if place + 1 < len(parent) else None
    opening = _BEFORE.search(before.astext()) if isinstance(before, nodes.Text) else None
    closing = _AFTER.search(after.astext()) if isinstance(after, nodes.Text) else None
    if not (opening or closing):
        return
    together = Together()
    parent.replace(formula, together)
    if opening:
        together += nodes.Text(opening.group())
        parent.replace(before, nodes.Text(before.astext()[: opening.start()]))
    together += formula
    if closing:
        together += nodes.Text(closing.group())
        parent.replace(after, nodes.Text(after.astext()[closing.end() :]))


def _visit(self: HTML5Translator, node: Together) -> None:
    self.body.append('<span class="rnn-together">')


def _depart(self: HTML5Translator, node: Together) -> None:
    self.body.append("</span>")


def setup(app: Sphinx) -> None:
    """Register the node and the change."""
    app.add_node(Together, html=(_visit, _depart))
    app.add_post_transform(NoBreaks)
