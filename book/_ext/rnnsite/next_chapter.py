"""The line at a chapter's end that says what comes next: from the contents and the equations.

No chapter types it; where one did, its line gives way. A chapter whose equation's successor is not
written leads to the index of the ten equations.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

CHAPTER = re.compile(r"notebooks/(\d+)_")
INDEX = "book/equations"


def successor(env: BuildEnvironment, docname: str) -> str | None:
    """The chapter that comes next in the contents, be there a part's page before it, or None."""
    relations = env.collect_relations()
    following = docname
    while following := relations.get(following, [None, None, None])[2]:
        if CHAPTER.match(following):
            return following
    return None


class NextChapter(SphinxPostTransform):
    """Ends a chapter with the line."""

    default_priority = 250
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Put the line at the end of the chapter's last section."""
        here = CHAPTER.match(self.env.docname)
        if here is None:
            return
        for paragraph in list(self.document.findall(nodes.paragraph)):
            if paragraph.astext().startswith("Next:"):
                paragraph.parent.remove(paragraph)
        line = nodes.paragraph("", "", nodes.strong(text="Next:"), nodes.Text(" "))
        line["classes"].append("rnn-next")
        line += self._what_comes(int(here[1]) + 1)
        *_, last = self.document.findall(nodes.section)
        while isinstance(last.parent, nodes.section) and isinstance(
            last.parent.parent, nodes.section
        ):
            last = last.parent
        last += line

    def _what_comes(self, number: int) -> list[nodes.Node]:
        from rnnbook.equations import EQUATIONS

        following = successor(self.env, self.env.docname)
        if following:
            return [self._link(following, self.env.titles[following].astext()), nodes.Text(".")]
        names = {equation.number: equation.name.lower() for equation in EQUATIONS}
        before = ""
        if number in names:
            before = (
                f"the {names[number]}, equation ({number}), which is not yet written; until then, "
            )
        if INDEX not in self.env.found_docs:
            return [
                nodes.Text(before.removesuffix("; until then, ") + "." if before else "the end.")
            ]
        return [nodes.Text(before), self._link(INDEX, "the ten equations"), nodes.Text(".")]

    def _link(self, docname: str, text: str) -> nodes.reference:
        address = self.app.builder.get_relative_uri(self.env.docname, docname)
        return nodes.reference("", text, refuri=address, internal=True)


def setup(app: Sphinx) -> None:
    """Register the line."""
    app.add_post_transform(NextChapter)
