"""The typeface of the prose, served with the site: Source Serif 4, upright and italic.

Only the Latin part, and only the weights that the pages use: upright from 400 to 700, 35 kB, and
italic at 400, 20 kB. Symbols that it lacks come from the reader's own fonts. Where it comes too
late for the first paint, that visit keeps the reader's own serif: text that changes its font amid
reading moves every line below it.
"""

from __future__ import annotations

from functools import cache, partial
from io import BytesIO

import fontTools
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from sphinx.application import Sphinx

from rnnsite import assets

NAME = "Source Serif 4 Variable"
FILES = "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-{style}.woff2"
WEIGHTS: dict[str, int | tuple[int, int]] = {"normal": (400, 700), "italic": 400}
FACE = """@font-face {{ font-family: "{name}"; font-style: {style}; font-weight: {weights};
  font-display: optional; src: url({file}) format("woff2"); }}
"""


def served(style: str) -> str:
    """The served name of the upright ("normal") or the italic file."""
    return assets.share(f"source-serif-4-{style}.woff2", font(style))


@cache
def font(style: str) -> bytes:
    """The file, WOFF2, with the weights that the pages use."""
    source = assets.node_package(FILES.format(style=style)).read_bytes()
    versions = f"{style} {fontTools.version}".encode()
    return assets.kept("woff2", partial(_cut, style), source, versions)


def _cut(style: str) -> bytes:
    whole = TTFont(assets.node_package(FILES.format(style=style)), recalcTimestamp=False)
    cut = instantiateVariableFont(whole, {"wght": WEIGHTS[style]})
    cut.flavor = "woff2"
    file = BytesIO()
    cut.save(file)
    return file.getvalue()


def typeface_css() -> str:
    """A rule for each of the two files."""
    return "".join(
        FACE.format(
            name=NAME,
            style=style,
            weights=weights if isinstance(weights, int) else "{} {}".format(*weights),
            file=served(style),
        )
        for style, weights in WEIGHTS.items()
    )


def setup(app: Sphinx) -> None:
    """Nothing to register: ``page`` puts the sheets together."""
