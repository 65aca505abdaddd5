"""The colours by the published formulas of contrast and of colour blindness, and where they go."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from pygments.styles import get_style_by_name

from rnnbook.quantities import QUANTITIES

ROOT = Path(__file__).resolve().parent.parent
STYLE = (ROOT / "book" / "_static" / "site.css").read_text("utf-8")
THEMES = ("light", "dark")
OPTIONS = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
OF_CODE = {theme: OPTIONS["html_theme_options"][f"pygments_{theme}_style"] for theme in THEMES}

# Machado, Oliveira & Fernandes (2009), table 1, severity 1, for linear RGB.
BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}


def page_colour(theme, surface):
    """The site's own background, from its style sheet."""
    selector = ":root" if theme == "light" else 'html[data-theme="dark"]'
    rules = STYLE.split(selector + " {")[1].split("}")[0]
    return re.search(rf"--rnn-{surface}: (#[0-9a-f]{{6}});", rules)[1]


def linear(colour):
    """Linear RGB of ``#rrggbb``, by the sRGB standard."""
    encoded = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG 2's contrast ratio."""
    luminances = [float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other)]
    return (max(luminances) + 0.05) / (min(luminances) + 0.05)


def lab(rgb):
    """CIE L*a*b* of linear sRGB, white point D65."""
    matrix = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ratios = np.array(matrix) @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    cube = np.where(ratios > (6 / 29) ** 3, np.cbrt(ratios), ratios / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * cube[1] - 16, 500 * (cube[0] - cube[1]), 200 * (cube[1] - cube[2])])


def difference(one, other, sight=None):
    """CIE76's ΔE between two colours as somebody with that sight sees them."""
    seen = np.eye(3) if sight is None else np.array(BLINDNESS[sight])
    return float(np.linalg.norm(lab(seen @ linear(one)) - lab(seen @ linear(other))))


def near_pairs(theme, sight, least):
    return {
        frozenset((p.key, q.key))
        for p, q in itertools.combinations(QUANTITIES.values(), 2)
        if difference(getattr(p, theme), getattr(q, theme), sight) < least
    }


def test_the_formulas_give_their_published_values():
    """WCAG: black on white is 21, #767676 the lightest grey that passes; L*a*b* of sRGB's red."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") >= 4.5 > contrast("#777777", "#ffffff")
    assert lab(linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    for matrix in BLINDNESS.values():  # grey stays grey, whoever looks
        assert np.sum(matrix, axis=1) == pytest.approx([1, 1, 1], abs=2e-6)


def test_the_backgrounds_are_found_in_the_sites_style_sheet():
    assert page_colour("light", "page") == "#ffffff"
    assert page_colour("dark", "page") != page_colour("light", "page")


@pytest.mark.parametrize("surface", ["page", "sunk"])
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=lambda q: q.key)
def test_text_in_the_colour_of_a_quantity_is_legible_on_the_page_and_on_code(
    quantity, theme, surface
):
    assert contrast(getattr(quantity, theme), page_colour(theme, surface)) >= 4.5


@pytest.mark.parametrize("surface", ["page", "sunk"])  # code, and what code printed
@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_of_code_is_legible(theme, surface):
    style = get_style_by_name(OF_CODE[theme])
    colours = {f"#{one['color']}" for _, one in style if one["color"]}
    assert len(colours) > 4
    for colour in colours:
        assert contrast(colour, page_colour(theme, surface)) >= 4.5, colour


@pytest.mark.parametrize("theme", THEMES)
def test_no_two_quantities_have_colours_that_look_alike(theme):
    """ΔE of about 2 can just be told apart side by side; here it is at least 15."""
    assert near_pairs(theme, None, 15) == set()


# Ten colours cannot all stay apart for two-coloured sight. These come nearer than ΔE 10.
NEAR = {
    ("light", "protanopia"): [("f", "o"), ("x", "r"), ("x", "z"), ("i", "C")],
    ("light", "deuteranopia"): [("f", "o"), ("C_tilde", "z"), ("x", "r")],
    ("dark", "protanopia"): [
        ("i", "h_tilde"),
        ("i", "C"),
        ("x", "r"),
        ("x", "z"),
        ("C", "h_tilde"),
    ],
    ("dark", "deuteranopia"): [("i", "h_tilde"), ("C", "r"), ("C_tilde", "z")],
}
FIRST_CHAPTERS = {"x", "h", "f", "C"}  # what the figures of chapters 0 and 1 draw


@pytest.mark.parametrize("sight", BLINDNESS)
@pytest.mark.parametrize("theme", THEMES)
def test_pairs_that_the_colour_blind_may_confuse_are_known_and_told_apart_by_their_symbols(
    theme, sight
):
    near = near_pairs(theme, sight, 10)
    assert near == {frozenset(pair) for pair in NEAR[theme, sight]}
    assert all(len({QUANTITIES[key].symbol for key in pair}) == 2 for pair in near)
    assert not any(pair <= FIRST_CHAPTERS for pair in near)


def test_every_quantity_has_a_symbol_a_formula_and_a_name_of_its_own():
    for field in ("key", "symbol", "latex", "name", "light", "dark"):
        values = [getattr(quantity, field) for quantity in QUANTITIES.values()]
        assert len(set(values)) == len(values) == 10
        assert all(values)


def test_keys_are_usable_in_css_and_colours_are_written_in_one_way():
    for key, quantity in QUANTITIES.items():
        assert key == quantity.key
        assert re.fullmatch(r"[A-Za-z_]+", key)
        assert re.fullmatch(r"#[0-9a-f]{6}", quantity.light)
        assert re.fullmatch(r"#[0-9a-f]{6}", quantity.dark)


def test_the_table_names_the_ten_quantities_that_the_notation_page_names():
    page = (ROOT / "book" / "notation.md").read_text("utf-8")
    for quantity in QUANTITIES.values():
        assert re.search(rf"\| \${re.escape(quantity.latex)}_t\$ \| {quantity.name}\b", page)


def test_no_other_file_writes_the_colour_of_a_quantity():
    named = [q for q in QUANTITIES.values() if q.key != "h"]  # h has the colours of plain text
    colours = {colour for q in named for colour in (q.light, q.dark)}
    files = [p for folder in ("rnnbook", "book", "tools") for p in (ROOT / folder).rglob("*")]
    files = [p for p in files if p.suffix in {".py", ".js", ".css", ".md"}]
    files = [p for p in files if "node_modules" not in p.parts and p.name != "quantities.py"]
    found = {
        (path.name, colour)
        for path in files
        for colour in colours
        if colour in path.read_text("utf-8").lower()
    }
    assert len(files) > 10
    assert found == set()
