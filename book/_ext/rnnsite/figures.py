"""SVG outputs inlined in the page, so that their colours follow its theme; captions with numbers.

A figure is drawn with the light theme's colours. Each colour of a quantity becomes that quantity's
variable, ink and grid likewise; ids get a prefix of their own, because two figures on a page may
have been given the same ones.

The output after a picture may be its caption (`rnnbook.plots` says so in its metadata). Picture and
caption become one figure, numbered by its chapter and its place in it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer, load_mime_renders
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from rnnbook.quantities import QUANTITIES
from rnnsite.equation_numbers import chapter_of

INK, GRID, PAPER = "#3b4248", "#d5dae0", "#ffffff"

_PROLOGUE = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_ROOT = re.compile(r"<svg\b[^>]*>")
_ID = re.compile(r'(?<=\bid=")[^"]+(?=")')
_REFERENCE = re.compile(r'(?<=url\(#)[^)]+(?=\))|(?<=href="#)[^"]+(?=")')


class CaptionedFigure(nodes.General, nodes.Element):
    """A picture, in ``svg``, and the paragraphs of its caption."""


class FigureRenderer:
    """MyST-NB's protocol for a MIME renderer."""

    mime_priority_overrides = ()

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Take SVG images and their captions; leave everything else to the others."""
        if data.output_metadata.get("rnnbook") == "caption":
            return []  # stands with its picture
        if data.mime_type != "image/svg+xml":
            return None
        text = _alternative(renderer, data)
        if not text:
            renderer.logger.warning(
                f"cell {data.cell_index}: a figure without a text for readers who cannot see it",
                subtype="figure",
                line=data.line,
            )
        prefix = f"fig-{data.cell_index}-{data.output_index}-"
        svg = inline_svg(data.string, text, prefix)
        caption = _caption(renderer, data)
        if caption:
            return [CaptionedFigure("", *caption, svg=svg)]
        html = f'<figure class="rnn-figure">{svg}</figure>'
        return [nodes.raw(text=html, format="html")]


def colour_variables() -> dict[str, str]:
    """The CSS variable for each colour that a figure may be drawn in."""
    variables = {q.light.lower(): f"var(--q-{q.key})" for q in QUANTITIES.values()}
    ink = {INK: "var(--rnn-ink)", GRID: "var(--rnn-grid)", PAPER: "var(--rnn-page)"}
    return variables | ink | {"#000000": "var(--rnn-ink)"}


def inline_svg(svg: str, text: str, prefix: str) -> str:
    """The SVG as it stands in a page: themed, named, its ids its own."""
    svg = _METADATA.sub("", _PROLOGUE.sub("", svg, count=1)).strip()
    svg = _ROOT.sub(lambda root: _root(root.group(), text), svg, count=1)
    svg = _ID.sub(lambda name: prefix + name.group(), svg)
    svg = _REFERENCE.sub(lambda name: prefix + name.group(), svg)
    for colour, variable in colour_variables().items():
        svg = re.sub(re.escape(colour), variable, svg, flags=re.IGNORECASE)
    return svg


def _root(tag: str, text: str) -> str:
    width = re.search(r'\bwidth="([\d.]+)(pt|px)?"', tag)
    tag = re.sub(r'\s(?:width|height|role|aria-label|style)="[^"]*"', "", tag)
    points = float(width.group(1)) if width else 480.0
    limit = points * (4 / 3 if width and width.group(2) == "pt" else 1)
    return tag[:-1] + (
        f' role="img" aria-label="{escape(text)}" style="width:100%;max-width:{limit:.0f}px">'
    )


def _alternative(renderer: NbElementRenderer, data: MimeData) -> str:
    _, outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index)
    for output in outputs:
        bundle = output.get("data", {})
        if bundle.get("image/svg+xml") == data.content:
            text = bundle.get("text/plain", "")
            return "" if text.startswith("<") else text.strip().strip("'\"")
    return ""


def _caption(renderer: NbElementRenderer, data: MimeData) -> list[nodes.Element]:
    """The caption of a picture, from the output that follows it, as paragraphs of a page."""
    _, outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index)
    following = outputs[data.output_index + 1 : data.output_index + 2]
    if not following or following[0].get("metadata", {}).get("rnnbook") != "caption":
        return []
    words = following[0]["data"]["text/markdown"].removeprefix("**Figure.** ")
    as_prose = {"mystnb": {"markdown_format": "myst"}}  # formulas, as in the chapter's text
    return renderer.render_markdown(
        replace(data, mime_type="text/markdown", content=words, cell_metadata=as_prose)
    )


def _number(app: Sphinx, doctree: nodes.document) -> None:
    """Begin the caption of chapter 1's second figure with "Figure 1.2." and so on."""
    chapter = chapter_of(app.env.docname)
    before = f"{chapter}." if chapter else ""
    for n, figure in enumerate(doctree.findall(CaptionedFigure), 1):
        figure["number"] = f"{before}{n}"
        paragraph = figure.children[0]
        paragraph.insert(0, nodes.strong(text=f"Figure {figure['number']}."))
        paragraph.insert(1, nodes.Text(" "))


def _visit(self: HTML5Translator, node: CaptionedFigure) -> None:
    place = "figure-" + node["number"].replace(".", "-")
    self.body.append(f'<figure class="rnn-figure" id="{place}">{node["svg"]}<figcaption>')


def _depart(self: HTML5Translator, node: CaptionedFigure) -> None:
    self.body.append("</figcaption></figure>\n")


def setup(app: Sphinx) -> None:
    """Register the figure, and add the renderer once per process."""
    app.add_node(CaptionedFigure, html=(_visit, _depart))
    app.connect("doctree-read", _number)
    renderers = load_mime_renders()
    if FigureRenderer not in renderers:
        renderers.append(FigureRenderer)


def quantity_css() -> str:
    """The colours of the quantities as variables, light and dark, and a class for each."""
    light = "".join(f"--q-{q.key}:{q.light};" for q in QUANTITIES.values())
    dark = "".join(f"--q-{q.key}:{q.dark};" for q in QUANTITIES.values())
    classes = "".join(f".q-{key}{{color:var(--q-{key})}}" for key in QUANTITIES)
    classes += "".join(f".rnn-map-{key}{{--gate:var(--q-{key})}}" for key in QUANTITIES)
    return f":root{{{light}}}html[data-theme=dark]{{{dark}}}{classes}\n"
