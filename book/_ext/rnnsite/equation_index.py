"""The table of the ten equations, made from ``rnnbook.equations.EQUATIONS``.

``{equation-index}`` is the directive. A row is an equation: its number, name and formula, the
chapter that derives it, the function that computes it and the test that tests it. A row whose
chapter is not written says so, and leads to function and test all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

HEADINGS = ("No.", "Equation", "Derived in", "Computed by, tested by")


class EquationIndex(SphinxDirective):
    """A table with one row for each equation."""

    def run(self) -> list[nodes.Node]:
        """Build the table from the equations as they are now."""
        from rnnbook import equations

        self.env.note_dependency(equations.__file__)
        return [_table([self._row(equation) for equation in equations.EQUATIONS])]

    def _row(self, equation: Any) -> nodes.row:
        written = bool(equation.chapter) and equation.chapter in self.env.found_docs
        cells = [
            [nodes.Text(f"({equation.number})")],
            [nodes.strong(text=equation.name), nodes.math(text=equation.latex)],
            [
                self._chapter(equation.chapter)
                if written
                else nodes.emphasis(text="not yet written")
            ],
            [_function(equation.function), _test(equation.test)],
        ]
        return _table_row(cells, equation.label)

    def _chapter(self, docname: str) -> nodes.Node:
        return addnodes.pending_xref(
            "",
            nodes.inline(text=f"Chapter {int(docname.split('/')[-1][:2])}"),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{docname}",
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )


def _function(name: str) -> nodes.Node:
    return addnodes.pending_xref(
        "",
        nodes.literal("", "", *_breakable(f"{name}()")),
        refdomain="py",
        reftype="func",
        reftarget=name,
        refexplicit=True,
        refwarn=True,
    )


def _test(name: str) -> nodes.Node:
    return nodes.inline("", "", *_breakable(name), classes=["rnn-test-name"])


def _breakable(name: str) -> Iterator[nodes.Node]:
    """A long name that may break between its words, and nowhere else."""
    for word in re.findall(r"[^_./:]+(?:::|[_./]|$)", name):
        yield nodes.Text(word)
        yield nodes.raw(text="<wbr>", format="html")


def _table(rows: list[nodes.row]) -> nodes.table:
    table = nodes.table(classes=["rnn-equation-index"])
    group = nodes.tgroup(cols=len(HEADINGS))
    group.extend(nodes.colspec(colwidth=1) for _ in HEADINGS)
    group += nodes.thead("", _table_row([[nodes.Text(heading)] for heading in HEADINGS]))
    group += nodes.tbody("", *rows)
    table += group
    return table


def _table_row(cells: list[list[nodes.Node]], *ids: str) -> nodes.row:
    entries = [
        nodes.entry("", *[nodes.paragraph("", "", part) for part in parts]) for parts in cells
    ]
    return nodes.row("", *entries, ids=list(ids))


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("equation-index", EquationIndex)
