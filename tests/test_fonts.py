"""The tests' Chromium sees the project's fonts alone, and each configuration is what it says."""

import sys
from importlib import metadata

import pytest
from fontTools.ttLib import TTFont

from tools import fonts

WIDTH = """() => {
  const text = document.createElement("span");
  text.textContent = "Forget gate: the share to keep";
  document.body.append(text);
  return Object.fromEntries(["sans-serif", "system-ui", "monospace"].map(name => {
    text.style.font = `40px ${name}`;
    return [name, text.getBoundingClientRect().width];
  }));
}"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no fontconfig chooses fonts")


def widths(browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content("<body></body>")
        return page.evaluate(WIDTH)


def advance(family, text="Forget gate: the share to keep"):
    """The width of a text at 40 px by the font's own table, without kerning."""
    (path,) = [
        path
        for folder in fonts.folders()
        for path in sorted(folder.glob("*.ttf"))
        if path.stem.split("[")[0] == family.replace(" ", "")
    ]
    font = TTFont(path)
    names, table = font.getBestCmap(), font["hmtx"]
    return sum(table[names[ord(one)]][0] for one in text) * 40 / font["head"].unitsPerEm


@linux
@pytest.mark.parametrize("name", fonts.FAMILIES)
def test_chromium_sets_a_text_in_the_configured_family(browser_of, name):
    measured = widths(browser_of(name))
    expected = advance(fonts.FAMILIES[name])
    assert measured["sans-serif"] == pytest.approx(expected, rel=0.02)  # kerning
    assert measured["system-ui"] == pytest.approx(expected, rel=0.02)
    assert measured["monospace"] == pytest.approx(advance("DejaVu Sans Mono"), rel=0.01)


@linux
def test_narrow_is_narrow_wide_is_wide_and_the_default_between(browser_of):
    narrow, default, wide = (widths(browser_of(n))["sans-serif"] for n in fonts.FAMILIES)
    assert narrow < 0.9 * default
    assert wide > 1.08 * default


def test_every_font_comes_from_a_pinned_package():
    roots = {str(metadata.distribution(n).locate_file("")) for n in ("matplotlib", "fontpkg-arimo")}
    for folder in fonts.folders():
        assert list(folder.glob("*.ttf"))
        assert any(str(folder).startswith(root) for root in roots)


def test_the_fixture_offers_the_three(browser_with_font):
    assert browser_with_font.is_connected()
