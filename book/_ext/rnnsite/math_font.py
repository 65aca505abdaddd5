"""The font of the formulas, served with the site: STIX Two Math, cut down to what a book writes.

A browser needs a font with a MATH table to set a fraction or a root, and few readers have one. What
is left of it, 33 kB of 400, is asked for beside the style sheets, and the text waits for it, a
second at the most: so no line moves. Inside of a sheet, as data too, it came later: when the first
formula asked for it.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO

import fontTools
from fontTools import subset
from fontTools.ttLib import TTFont

from rnnsite import assets

NAME = "STIX Two Math"
FILE = "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2"
FEATURES = ["ssty", "ss04", "dtls", "flac"]
"""Letters cut for exponents, primes, dotless letters and flat accents."""

_GREEK = "αβγδεζηθικλμνξπρσςτυφχψωϵϑϕϱΓΔΘΛΞΠΣΦΨΩ"
_SIGNS = "·×±−≤≥≠≈∼≡≪≫→←↦⇒⇐⇔⟹⟺⟶∈∉∂∇∑∏∫√∞⊙⊗⊕∘∗⋅⊤∥‖∣⋯…⋮⋱′″ˉ¯ˆ^~˜˙‾´⏟⏞⟨⟩⌊⌋⌈⌉ℓℝ𝔼ℙℕ∝∀∃∪∩⊂⊆∅∖∧∨¬"
_INVISIBLE = "\u00a0\u2061\u2062\u2063\u2009\u2003"


def _letters() -> str:
    """Italic letters, Latin and Greek, and those of code; the italic h has a place of its own."""
    codes = (*range(0x1D434, 0x1D455), *range(0x1D456, 0x1D468), *range(0x1D6FC, 0x1D71C))
    return "ℎ" + "".join(map(chr, (*codes, *range(0x1D670, 0x1D6A4))))


CHARACTERS = "".join(map(chr, range(0x20, 0x7F))) + _GREEK + _SIGNS + _INVISIBLE + _letters()


def missing(text: str) -> str:
    """The characters of a formula that the served font has no glyph for."""
    return "".join(sorted(set(text) - set(CHARACTERS) - {"\n"}))


@cache
def font() -> bytes:
    """The font's file, WOFF2, with the MATH table and the glyphs of CHARACTERS."""
    source = assets.node_package(FILE).read_bytes()
    return assets.kept("woff2", _cut, source, fontTools.version.encode())


def _cut() -> bytes:
    options = subset.Options(flavor="woff2", hinting=False, layout_features=FEATURES)
    whole = TTFont(assets.node_package(FILE), recalcTimestamp=False)  # the same bytes each time
    cut = subset.Subsetter(options)
    cut.populate(text=CHARACTERS)
    cut.subset(whole)
    whole.flavor = "woff2"
    file = BytesIO()
    whole.save(file)
    return file.getvalue()


def served() -> str:
    """The served name of the file."""
    return assets.share("stix-two-math.woff2", font())


def font_css() -> str:
    """The rule that brings the font."""
    return f'@font-face {{ font-family: "{NAME}"; src: url({served()}) format("woff2"); }}\n'
