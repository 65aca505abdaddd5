"""The typeface of the prose, served with the site: Source Serif 4, upright and italic.

Only the Latin part and only the axis of weight: two files of 51 kB. Symbols that it lacks come from
the reader's own fonts.
"""

from __future__ import annotations

from sphinx.application import Sphinx

from rnnsite import assets

NAME = "Source Serif 4 Variable"
FILES = "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-{style}.woff2"
FACE = """@font-face {{ font-family: "{name}"; font-style: {style}; font-weight: 200 900;
  font-display: swap; src: url({file}) format("woff2"); }}
"""


def served(style: str) -> str:
    """The served name of the upright ("normal") or the italic file."""
    path = assets.node_package(FILES.format(style=style))
    return assets.share(path.name, path.read_bytes())


def typeface_css() -> str:
    """A rule for each of the two files."""
    styles = ("normal", "italic")
    return "".join(FACE.format(name=NAME, style=style, file=served(style)) for style in styles)


def setup(app: Sphinx) -> None:
    """Nothing to register: ``page`` puts the sheets together."""
