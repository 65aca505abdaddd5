"""The theme's style sheet without its icon font, and the icons that its pages really use.

The theme loads 1.5 MB of script to draw some twenty icons. Their outlines are taken from that very
file when the book is built and become CSS masks, which also work for icons that scripts add later.

It also brings all of Bootstrap. A rule can only match where something writes the classes of its
selector; so those rules stay whose classes are words of a file that writes or changes a page.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import docutils
import myst_nb
import pydata_sphinx_theme
import sphinx
import sphinx_book_theme
import sphinx_copybutton
import sphinx_design
import sphinx_togglebutton
import tinycss2
from pygments.token import STANDARD_TYPES

from rnnsite import assets

PYDATA = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"
BOOK = Path(sphinx_book_theme.__file__).parent

WRITERS = (
    *(
        Path(package.__file__).parent
        for package in (
            *(docutils, myst_nb, pydata_sphinx_theme, sphinx, sphinx_book_theme),
            *(sphinx_copybutton, sphinx_design, sphinx_togglebutton),
        )
    ),
    *(assets.EXTENSION, assets.STATIC),
)
"""Folders of all that writes a page, or changes it in the browser."""

_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_ALTERNATIVES = re.compile(r":(?:is|where|not|has)\([^()]*(?:\([^()]*\)[^()]*)*\)")
_COMMA = re.compile(r",(?![^(\[]*[)\]])")
_USED = re.compile(r"\bfa-([a-z][a-z-]*)")
_FONT_FACE = re.compile(r"@font-face\{[^}]*Font Awesome[^}]*\}")
_GLYPH_RULES = re.compile(r'(?:\.fa-[\w-]+::?before,?)+\{content:"[^"]*"\}')
_OUTLINE = re.compile(r'[{,]"?([a-z][\w-]*)"?:\[(\d+),(\d+),\[([^\]]*)\],"[0-9a-f]+","(M[^"]+)"')

ICON_BASE = """
.fa-solid, .fa-regular, .fas, .far { display: inline-block; width: 1em; height: 1em;
  vertical-align: -0.125em; background-color: currentColor;
  -webkit-mask: var(--icon) center / contain no-repeat;
  mask: var(--icon) center / contain no-repeat; }
.fa-lg { font-size: 1.25em; }
@media (forced-colors: active) {
  .fa-solid, .fa-regular, .fas, .far { background-color: ButtonText; forced-color-adjust: none; } }
"""


def theme_css() -> str:
    """The style sheets of both themes as one, less the icon font and what no page can use."""
    pydata = PYDATA / "static" / "styles"
    css = (pydata / "theme.css").read_text("utf8")
    css += (pydata / "pydata-sphinx-theme.css").read_text("utf8")
    css = css.replace(
        '@import "../basic.css";', ""
    )  # the template asks for it, a round trip earlier
    css = _GLYPH_RULES.sub("", _FONT_FACE.sub("", css))
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css)
    if "Awesome" in css.split("--fa-font-solid")[0] and "webfonts" in css:
        raise ValueError("the theme's style sheet still asks for its icon font: adapt theme_css()")
    return "".join(_useful(tinycss2.parse_stylesheet(css, True, True)))


def _useful(rules: Iterable[tinycss2.ast.Node]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = _COMMA.split(tinycss2.serialize(rule.prelude))
            if kept := [one for one in selectors if _can_match(one)]:
                yield f"{','.join(kept)}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            if inner := "".join(_useful(tinycss2.parse_rule_list(rule.content, True, True))):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        else:
            yield rule.serialize()


def _can_match(selector: str) -> bool:
    return written_words().issuperset(_CLASS.findall(_ALTERNATIVES.sub("", selector)))


@functools.cache
def written_words() -> frozenset[str]:
    """All words of the files that write a page, or change it in the browser."""
    words = set(STANDARD_TYPES.values())  # of code
    for folder in WRITERS:
        for path in folder.rglob("*"):
            if path.suffix in {".html", ".js", ".py"} and path.name != "fontawesome.js":
                words.update(re.findall(r"[A-Za-z][\w-]*", path.read_text("utf8")))
    return frozenset(words)


def icon_css() -> str:
    """A rule for each icon that the themes' templates and scripts name."""
    outlines = _outlines()
    names = used_icons()
    missing = [name for name in names if name not in outlines]
    if missing:
        raise ValueError(f"no outline in the theme for the icons {missing}: adapt icon_css()")
    rules = [f'.fa-{name} {{ --icon: url("{_image(*outlines[name])}"); }}' for name in names]
    return ICON_BASE + "\n".join(rules) + "\n"


def used_icons() -> list[str]:
    """Icons named in a template, a script or a module of the two themes."""
    files = [*PYDATA.rglob("*.html"), *BOOK.rglob("*.html"), *BOOK.rglob("*.py")]
    files += Path(pydata_sphinx_theme.__file__).parent.glob("*.py")
    files += [PYDATA / "static" / "scripts" / "pydata-sphinx-theme.js"]
    names: set[str] = set()
    for path in files:
        names.update(_USED.findall(path.read_text("utf8")))
    return sorted(names - {"solid", "regular", "brands", "lg"})


def _outlines() -> dict[str, tuple[str, str, str]]:
    # The file holds brands, then regular, then solid icons: of one name, the last is the solid one.
    source = (PYDATA / "static" / "scripts" / "fontawesome.js").read_text("utf8")
    outlines: dict[str, tuple[str, str, str]] = {}
    for name, width, height, aliases, path in _OUTLINE.findall(source):
        for one in (name, *re.findall(r'"([a-z][\w-]*)"', aliases)):
            outlines[one] = (width, height, path)
    return outlines


def _image(width: str, height: str, path: str) -> str:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'>"
    return "data:image/svg+xml," + quote(svg + f"<path d='{path}'/></svg>", safe=" ='/:,<>")


def setup(app) -> None:
    """Nothing to register: ``page`` puts the sheets together."""
