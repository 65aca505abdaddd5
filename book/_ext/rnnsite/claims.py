"""What the post says and what the book found, sentence by sentence, from ``book/claims.toml``.

``{claims}`` and a part of the post is a table of that part's claims; ``{claims-tally}`` counts the
verdicts, ``{claims-none}`` lists the sentences that claim nothing, each with the reason. A row is
found at ``claims.html#claim-KEY``. What waits for a chapter says so.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

TABLE = Path(__file__).resolve().parents[2] / "claims.toml"
VERDICTS = ("confirmed", "sharpened", "corrected", "not yet tested")
HEADINGS = ("The post says", "Verdict", "What we found")


@dataclass(frozen=True)
class Sentence:
    """One sentence of the post.

    Attributes:
        part: the part of the post where it stands.
        says: the sentence, word for word.
        no_claim: why it claims nothing; empty if it claims something.
        key: the end of its row's address.
        verdict: one of :data:`VERDICTS`.
        found: what was found, by the number of the chapter; empty until that chapter is written.
    """

    part: str
    says: str
    no_claim: str = ""
    key: str = ""
    verdict: str = "not yet tested"
    found: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Anchor of the row."""
        return f"claim-{self.key}"


def sentences() -> list[Sentence]:
    """The table, in the post's order."""
    return [Sentence(**one) for one in tomllib.loads(TABLE.read_text("utf8"))["sentence"]]


def claims() -> list[Sentence]:
    """The sentences that claim something."""
    return [one for one in sentences() if not one.no_claim]


class _FromTable(SphinxDirective):
    def _markdown(self, text: str) -> list[nodes.Node]:
        holder = nodes.Element()
        self.env.note_dependency(str(TABLE))
        self.state.nested_parse(StringList([text], source=str(TABLE)), 0, holder)
        return holder.children


class Claims(_FromTable):
    """A table with one row for each claim of a part of the post."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Build the part's table."""
        part = [one for one in claims() if one.part == self.arguments[0]]
        if not part:
            raise self.error(f"claims.toml has no part {self.arguments[0]!r}")
        table = nodes.table(classes=["rnn-claims"])
        group = nodes.tgroup(cols=len(HEADINGS))
        group.extend(nodes.colspec(colwidth=1) for _ in HEADINGS)
        heads = [[nodes.paragraph(text=heading)] for heading in HEADINGS]
        group += nodes.thead("", _row(heads))
        group += nodes.tbody("", *[self._claim(one) for one in part])
        table += group
        return [table]

    def _claim(self, one: Sentence) -> nodes.row:
        kind = one.verdict.replace(" ", "-")
        verdict = nodes.inline(text=one.verdict, classes=["rnn-verdict", f"rnn-verdict-{kind}"])
        found = [part for text in self._findings(one) for part in self._markdown(text)]
        return _row(
            [self._markdown(one.says), [nodes.paragraph("", "", verdict)], found], one.label
        )

    def _findings(self, one: Sentence) -> list[str]:
        said = [text for text in one.found.values() if text]
        waits = [f"Chapter {number}" for number, text in one.found.items() if not text]
        return [*said, *(f"*{chapter} is to look at it.*" for chapter in waits)]


class Tally(_FromTable):
    """How many sentences there are, how many claim something, and the verdicts."""

    def run(self) -> list[nodes.Node]:
        """Count them as they are now."""
        every, counted = sentences(), Counter(one.verdict for one in claims())
        verdicts = ", ".join(f"{counted[one]} {one}" for one in VERDICTS if counted[one])
        text = f"Of the post's {len(every)} sentences {len(claims())} claim something: {verdicts}."
        return self._markdown(text)


class NoClaims(_FromTable):
    """The sentences that claim nothing, each with the reason."""

    def run(self) -> list[nodes.Node]:
        """List them."""
        lines = [f"- “{one.says}” {one.no_claim}." for one in sentences() if one.no_claim]
        return list(self._markdown("\n".join(lines)))


def _row(cells: list[list[nodes.Node]], *ids: str) -> nodes.row:
    return nodes.row("", *[nodes.entry("", *cell) for cell in cells], ids=list(ids))


def setup(app: Sphinx) -> None:
    """Register the directives."""
    app.add_directive("claims", Claims)
    app.add_directive("claims-tally", Tally)
    app.add_directive("claims-none", NoClaims)
