"""The modules of a page of the package reference, one sentence each: the directive ``{modules}``.

Its argument is the page. The modules are those that the page documents, the sentence is the first
of a module's docstring, so that the list cannot say anything else than the reference does.
"""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_MODULE = re.compile(r"^\.\. automodule:: (\S+)$", re.MULTILINE)


class ModuleList(SphinxDirective):
    """A list of modules, each with a link and the first sentence of its docstring."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build the list from the page and the modules as they are now."""
        _, page = self.env.relfn2path(f"{self.arguments[0]}.md")
        self.env.note_dependency(page)
        listed = nodes.bullet_list(bullet="-")
        for name in _MODULE.findall(Path(page).read_text("utf8")):
            listed += self._item(name)
        return [listed]

    def _item(self, name: str) -> nodes.list_item:
        source = importlib.util.find_spec(name).origin
        self.env.note_dependency(source)
        link = addnodes.pending_xref(
            "",
            nodes.literal(text=name),
            refdomain="py",
            reftype="mod",
            reftarget=name,
            refexplicit=True,
            refwarn=True,
        )
        sentence = first_sentence(Path(source).read_text("utf8"))
        parts, _ = self.state.inline_text(sentence, self.lineno)
        return nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(": "), *parts))


def first_sentence(source: str) -> str:
    """The first sentence of a module's docstring, with its markup."""
    text = " ".join(ast.get_docstring(ast.parse(source)).split())
    return re.split(r"(?<=[.?!])\s", text, maxsplit=1)[0]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("modules", ModuleList)
