"""The head of every page: what is loaded, and in what order.

Style first, in two files that all pages share; every script waits until the page is parsed, but for
the few lines that mount a widget the moment the parser has passed it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any

from bs4 import BeautifulSoup
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html._assets import _JavaScript
from sphinx.config import Config

from rnnsite import assets, figures, math_font, mathematics, theme_style, typeface

FRONT_DOOR = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta name="description" content="{description}">
<link rel="icon" href="{icon}">
<meta http-equiv="refresh" content="0; url={page}">
</head>
<body><main><h1>{title}</h1><p><a href="{page}">Open the book</a></p></main></body>
</html>
"""

DESCRIPTION = "The ten equations of the LSTM and the GRU, derived, implemented, tested, and alive."
LONGEST = 160  # characters of a description; search engines cut what is longer

_PLAIN = re.compile(r'<span class="(?:n|p|w|o|nn)">([^<]*)</span>')
"""Pieces of code that have the colour of the text: half of a chapter's elements, for nothing."""

_names: dict[str, str] = {}


def _prepare(app: Sphinx, config: Config) -> None:
    site = typeface.typeface_css() + mathematics.mathematics_css()
    site += figures.quantity_css() + theme_style.icon_css()
    site += (assets.STATIC / "site.css").read_text("utf8")
    for style in typeface.WEIGHTS:
        _names[style] = typeface.served(style)
    _names["mathematics"] = math_font.served()
    _names["theme"] = assets.share("theme.css", theme_style.theme_css())
    _names["site"] = assets.share("site.css", site)
    _names["script"] = assets.share("site.js", (assets.STATIC / "site.js").read_text("utf8"))
    config.templates_path.insert(0, str(assets.EXTENSION / "templates"))


def _fill(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    files = assets.of_page(app.env, pagename)
    context["rnn"] = {key: f"{assets.FOLDER}/{name}" for key, name in _names.items()}
    context["rnn_formula_font"] = math_font.NAME
    later = (".disk.", ".late.")  # loaded in their own time, if at all
    modules = [n for n in files if n.endswith(".js") and not any(part in n for part in later)]
    context["rnn_modules"] = [f"{assets.FOLDER}/{name}" for name in modules]
    context["rnn_sheets"] = [f"{assets.FOLDER}/{name}" for name in files if name.endswith(".css")]
    context["body"] = _PLAIN.sub(r"\1", context.get("body", ""))
    context["rnn_description"] = escape(description(doctree))
    context["rnn_mount"] = (assets.EXTENSION / "mount.js").read_text("utf8") if files else ""
    context["generate_toctree_html"] = _with_named_folds(context["generate_toctree_html"])
    if pagename != "search":  # Sphinx's search runs its scripts as they come
        context["script_files"] = [_after_parsing(one) for one in context["script_files"]]


def description(doctree: nodes.document | None) -> str:
    """A page in a sentence or two: its first paragraph, cut after a word; else the book's."""
    first = next(doctree.findall(nodes.paragraph), None) if doctree else None
    words = " ".join(first.astext().split()) if first else DESCRIPTION
    return shorten(words, LONGEST, placeholder=" …")


def _with_named_folds(make: Callable[..., Any]) -> Callable[..., Any]:
    # The theme's navigation folds sub-pages behind an arrow that has no name.
    def made(*arguments: Any, **options: Any) -> Any:
        tree = make(*arguments, **options)
        if isinstance(tree, BeautifulSoup):
            for fold in tree.find_all("summary"):
                fold["aria-label"] = "Pages of this part"
        return tree

    return made


def _after_parsing(script: _JavaScript) -> _JavaScript:
    # An inline script becomes a module, which keeps its place among the deferred ones.
    late = {"defer": "defer"} if script.filename else {"type": "module"}
    attributes = late | script.attributes
    return _JavaScript(script.filename, priority=script.priority, **attributes)


def _write_front_door(app: Sphinx, exception: Exception | None) -> None:
    # Jupyter Book would write a redirection without a language, a title or a link.
    front = app.builder.get_target_uri(app.config.master_doc)
    if exception is None and app.builder.format == "html" and front != "index.html":
        page = FRONT_DOOR.format(
            language=app.config.language,
            title=app.config.html_title,
            page=front,
            description=DESCRIPTION,
            icon=f"_static/{Path(app.config.html_favicon).name}",
        )
        (Path(app.outdir) / "index.html").write_text(page, "utf8")


def setup(app: Sphinx) -> None:
    """Register the files and what the template asks for."""
    app.connect("build-finished", _write_front_door)
    app.connect("config-inited", _prepare, priority=800)
    app.connect("html-page-context", _fill, priority=900)
