r"""Numbers of equations: ``\tag{1.3}`` is an anchor, and "(1.3)" in the text is a link to it.

A notebook says ``$$ … \tag{1.3} $$`` and, in its prose, plain "(1.3)": that reads well in Jupyter
and in Colab, which know no cross-references. Whole numbers are the post's: equation (N) is at home
in chapter N, and N.M is one of that chapter's steps; A.M is one of Appendix A's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)

_TAG = re.compile(r"\s*\\tag\{([^{}]+)\}")
_NUMBER = re.compile(r"(?<![\w)\]])\((\d{1,2}(?:\.\d{1,2})?|[A-Z]\.\d{1,2})\)")
APPENDIX = 12
"""The number in the file's name of Appendix A; B is the next one."""

NOT_PROSE = (
    *(nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw),
    *(nodes.reference, nodes.title, nodes.comment),
)


def anchor(tag: str) -> str:
    """``1.3`` is found at ``eq-1-3``."""
    return "eq-" + re.sub(r"[^\w]+", "-", tag)


def _tags(env: BuildEnvironment) -> dict[str, list[str]]:
    if not hasattr(env, "rnn_tags"):
        env.rnn_tags = {}
    return env.rnn_tags


def _collect(app: Sphinx, doctree: nodes.document) -> None:
    found = _tags(app.env).setdefault(app.env.docname, [])
    for node in doctree.findall(nodes.math_block):
        tag = _TAG.search(node.astext())
        if tag is None:
            continue
        if tag.group(1) in found:
            LOGGER.warning("equation (%s) appears twice on this page", tag.group(1), location=node)
            continue
        latex = _TAG.sub("", node.astext())
        node.clear()
        node += nodes.Text(latex)
        node["rnn_tag"] = tag.group(1)
        node["ids"].insert(0, anchor(tag.group(1)))
        found.append(tag.group(1))


def chapter_of(docname: str) -> str | None:
    """What a chapter is called in numbers: "4", and "A" for the first appendix; else None."""
    found = re.match(r"notebooks/(\d+)_", docname)
    if found is None:
        return None
    number = int(found[1])
    return str(number) if number < APPENDIX else chr(ord("A") + number - APPENDIX)


def _file_of(chapter: str) -> int:
    return int(chapter) if chapter.isdigit() else ord(chapter) - ord("A") + APPENDIX


def home_of(env: BuildEnvironment, tag: str, here: str) -> str | None:
    """The page that displays an equation: this one, else its chapter, else any."""
    pages = [page for page, tags in _tags(env).items() if tag in tags]
    if here in pages:
        return here
    chapter = f"notebooks/{_file_of(tag.partition('.')[0]):02d}_"
    return next(iter(sorted(pages, key=lambda page: (not page.startswith(chapter), page))), None)


class LinkNumbers(SphinxPostTransform):
    """Turns "(1.3)" in the prose of a page into a link to that equation, where there is one."""

    default_priority = 300

    def run(self, **kwargs: object) -> None:
        """Replace each text that names an equation by its parts."""
        for text in list(self.document.findall(nodes.Text)):
            if _is_prose(text):
                parts = list(self._parts(text.astext()))
                if len(parts) > 1:
                    text.parent.replace(text, parts)

    def _parts(self, text: str) -> Iterator[nodes.Node]:
        position = 0
        for match in _NUMBER.finditer(text):
            address = self._address(match.group(1))
            if address:
                yield nodes.Text(text[position : match.start()])
                yield nodes.reference(
                    match.group(),
                    match.group(),
                    refuri=address,
                    internal=True,
                    classes=["rnn-eqref"],
                )
                position = match.end()
        yield nodes.Text(text[position:])

    def _address(self, tag: str) -> str | None:
        home = home_of(self.env, tag, self.env.docname)
        if home is None:
            return None
        page = "" if home == self.env.docname else self._uri(home)
        return f"{page}#{anchor(tag)}"

    def _uri(self, home: str) -> str:
        return self.app.builder.get_relative_uri(self.env.docname, home)


def _is_prose(text: nodes.Text) -> bool:
    node = text.parent
    while node is not None:
        if isinstance(node, NOT_PROSE):
            return False
        node = node.parent
    return True


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _tags(env).pop(docname, None)


def _rewrite_after_change(app: Sphinx, env: BuildEnvironment) -> list[str]:
    # A number that came or went may be linked from any page.
    before = getattr(env, "rnn_tags_written", None)
    env.rnn_tags_written = {page: list(tags) for page, tags in _tags(env).items() if tags}
    return [] if before == env.rnn_tags_written else list(env.found_docs)


def setup(app: Sphinx) -> None:
    """Register collecting, linking, and rewriting after a change."""
    app.connect("env-purge-doc", _forget)
    app.connect("doctree-read", _collect)
    app.connect("env-updated", _rewrite_after_change)
    app.add_post_transform(LinkNumbers)
