"""From each failure to its gate, made from ``rnnbook.equations.EQUATIONS``: map and list.

``{gate-map}`` and two numbers draws the equations from the first to the last: what goes wrong, an
arrow, the equation that mends it, and the chapter, each a link. It is a list that the style sheet
lays out, so it has the page's width, theme and reading order. ``{chapter-list}`` is the front
page's table of the chapters; its content is the failure that chapter 0 starts from, and in further
lines those of the chapters after the equations. An equation whose chapter is not written says so.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

OPENING = "notebooks/00_why_gates"
CLOSING = ("notebooks/11_training_on_a_gpu", "notebooks/12_gates_taken_out")


class _FromEquations(SphinxDirective):
    def _equations(self) -> tuple[Any, ...]:
        from rnnbook import equations

        self.env.note_dependency(equations.__file__)
        return equations.EQUATIONS

    def _written(self, equation: Any) -> bool:
        return bool(equation.chapter) and equation.chapter in self.env.found_docs

    def _chapter(self, docname: str, text: str = "") -> nodes.Node:
        """A link to a chapter, with its title unless a text is given."""
        return addnodes.pending_xref(
            "",
            nodes.inline(text=text),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{docname}",
            refexplicit=bool(text),
            refwarn=True,
            refdoc=self.env.docname,
        )


class GateMap(_FromEquations):
    """The way from failure to equation, one step for each."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Draw the steps from the equations as they are now."""
        first, last = (int(number) for number in self.arguments)
        equations = [one for one in self._equations() if first <= one.number <= last]
        steps = nodes.bullet_list(bullet="-", classes=["rnn-map"])
        steps.extend(self._step(equation) for equation in equations)
        return [steps]

    def _step(self, equation: Any) -> nodes.list_item:
        number = nodes.Text(f" ({equation.number})")
        formula = nodes.paragraph("", "", nodes.math(text=equation.latex))
        if not self._written(equation):
            gate = nodes.paragraph("", "", nodes.strong(text=equation.name), number)
            waits = nodes.paragraph("", "", nodes.emphasis(text="not yet written"))
            return _step(equation.key, [waits], [gate, formula])
        link = self._chapter(equation.chapter, equation.name)
        gate = nodes.paragraph("", "", nodes.strong("", "", link), number)
        answer = nodes.paragraph(text=f"{equation.answer}.".capitalize())
        failure = nodes.paragraph(text=f"{equation.failure}.".capitalize())
        return _step(equation.key, [failure], [gate, formula, answer])


def _step(key: str, failure: list[nodes.Node], gate: list[nodes.Node]) -> nodes.list_item:
    sides = (
        nodes.compound("", *failure, classes=["rnn-map-failure"]),
        nodes.compound("", *gate, classes=["rnn-map-gate", f"rnn-map-{key}"]),
    )
    return nodes.list_item("", *sides)


class ChapterList(_FromEquations):
    """The chapters that are written, each with its failure; the others in one row."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """List them as the equations' table names them now."""
        opening, *closing = self.content
        rows = [self._row(OPENING, opening)]
        for written, group in groupby(self._equations(), self._written):
            part = list(group)
            if written:
                rows += [self._row(one.chapter, one.failure) for one in part]
            else:
                rows.append(self._to_come(part[0].number, part[-1].number))
        rows += [self._row(name, failure) for name, failure in zip(CLOSING, closing, strict=True)]
        table = nodes.table(classes=["rnn-chapters"])
        group = nodes.tgroup("", nodes.colspec(colwidth=1), nodes.colspec(colwidth=2), cols=2)
        heads = [nodes.paragraph(text=head) for head in ("Chapter", "The failure it starts from")]
        group += nodes.thead("", nodes.row("", *[nodes.entry("", head) for head in heads]))
        group += nodes.tbody("", *rows)
        table += group
        return [table]

    def _row(self, docname: str, failure: str) -> nodes.row:
        link = nodes.paragraph("", "", self._chapter(docname))
        text, _ = self.state.inline_text(failure, self.lineno)
        return nodes.row("", nodes.entry("", link), nodes.entry("", nodes.paragraph("", "", *text)))

    def _to_come(self, first: int, last: int) -> nodes.row:
        numbers = f"{first}" if first == last else f"{first} to {last}"
        index = nodes.paragraph(text=f"{numbers}, see the ")
        index += self._chapter("book/equations", "index of the equations")
        cells = (index, nodes.paragraph(text="not yet written"))
        return nodes.row("", *[nodes.entry("", cell) for cell in cells])


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("gate-map", GateMap)
    app.add_directive("chapter-list", ChapterList)
