"""Figures are well-formed, themed, labelled and the same bytes wherever they are drawn."""

import itertools
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.plots import GRID, INK, PAPER, Dot, Line, dots, lines, unrolled_network
from rnnbook.quantities import QUANTITIES

ROOT = Path(__file__).resolve().parent.parent
SVG = "{http://www.w3.org/2000/svg}"
AXES = {"xlabel": "step t", "ylabel": "error"}
STEPS = np.arange(1, 31)
PALETTE = {INK, GRID} | {quantity.light for quantity in QUANTITIES.values()}


def figure(alt="Two lines.", **options):
    return lines(
        Line(STEPS, np.sqrt(STEPS), "carousel", "C", low=STEPS**0.4, high=STEPS**0.6),
        Line(STEPS, 0.9**STEPS, "leak", "f", "predicted"),
        Line([5, 10, 20], [1, 2, 3], "RNN", "h", marker="o"),
        alt=alt,
        reference={"guessing": 0.25},
        **(AXES | options),
    )


def script():
    """This very figure, drawn by a Python of its own."""
    return (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from test_plots import figure\n"
        "sys.stdout.buffer.write(figure().svg.encode())\n"
    )


def labels(svg):
    """The texts of a figure with the places of their baselines, in points: text -> (x, y)."""
    found = {}
    for text in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        move = re.search(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)", text.get("transform", ""))
        x, y = move.groups() if move else (text.get("x"), text.get("y"))
        if x and y:  # powers of ten on a logarithmic axis are set in pieces
            found["".join(text.itertext())] = (float(x), float(y))
    return found


def ids(svg):
    return [
        element.get("id") for element in ElementTree.fromstring(svg).iter() if element.get("id")
    ]


def test_a_figure_is_one_well_formed_svg_element_that_scales():
    root = ElementTree.fromstring(figure().svg)
    assert root.tag == f"{SVG}svg"
    left, top, width, height = map(float, root.get("viewBox").split())
    assert (left, top) == (0, 0)
    assert 300 < width < 450  # points: a column of text
    assert 100 < height < width


def test_the_same_arguments_give_the_same_bytes_whatever_was_drawn_in_between():
    first = figure().svg
    figure(alt="Another one.", log_y=True)
    assert figure().svg == first


def test_another_python_with_another_hash_seed_draws_the_same_bytes():
    drawn = subprocess.run(
        [sys.executable, "-c", script()],
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7", "PATH": "", "HOME": str(Path.home())},
        capture_output=True,
        check=True,
    )
    assert drawn.stdout.decode() == figure().svg


def test_a_figure_is_displayed_as_svg_and_as_its_alt_text():
    drawn = figure(alt="What there is to see.")
    bundle = drawn._repr_mimebundle_()
    assert bundle == {"image/svg+xml": drawn.svg, "text/plain": "What there is to see."}
    assert repr(drawn) == "What there is to see."


def test_a_caption_is_an_output_of_its_own_below_the_figure(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **how: shown.append((data, how)))
    drawn = figure(alt="A square.", caption="What the\n    dashed line is.")
    drawn._ipython_display_()
    words = {"text/markdown": "**Figure.** What the dashed line is."}
    words["text/plain"] = "What the dashed line is."
    assert shown == [
        ({"image/svg+xml": drawn.svg, "text/plain": "A square."}, {"raw": True}),
        (words, {"raw": True, "metadata": {"rnnbook": "caption"}}),
    ]
    shown.clear()
    figure(alt="A square.")._ipython_display_()
    assert len(shown) == 1, "no caption, no second output"


def test_a_text_is_one_paragraph_however_its_lines_were_broken():
    drawn = figure(
        alt="""One line
        that goes on.
        """
    )
    assert drawn.alt == "One line that goes on."
    assert drawn.svg == figure(alt="One line that goes on.").svg


def test_every_kind_of_figure_takes_a_caption():
    for drawn in (figure, dot_chart, unrolled_network):
        assert drawn(caption="Its\ncaption.").caption == "Its caption."


def test_only_colours_that_the_site_can_replace_are_used():
    drawn = figure().svg
    colours = {colour.lower() for colour in re.findall(r"#[0-9A-Fa-f]{3,8}\b(?=[;\"'])", drawn)}
    assert colours <= PALETTE
    expected = {INK, GRID} | {QUANTITIES[key].light for key in "Cfh"}
    assert colours == expected
    painted = re.findall(r"(?:fill|stroke): ?([^;\"]+)", drawn)
    assert {colour for colour in painted if not colour.startswith("#")} <= {"none"}
    assert "rgb" not in drawn


@pytest.mark.parametrize("key", [*QUANTITIES, "ink"])
def test_a_line_and_its_label_have_the_colour_of_their_quantity(key):
    drawn = lines(Line([1, 2], [1, 2], "label", key), alt="One line.", **AXES).svg
    colour = INK if key == "ink" else QUANTITIES[key].light
    (label,) = (
        text for text in ElementTree.fromstring(drawn).iter(f"{SVG}text") if text.text == "label"
    )
    assert colour in ElementTree.tostring(label).decode()
    assert re.search(rf"stroke: {colour}[^\"]*stroke-width: 1\.8", drawn)


def test_measured_predicted_and_bound_look_different_without_colour():
    dashes = {}
    for style in ("measured", "predicted", "bound"):
        drawn = lines(Line([1, 2], [1, 2], "", "C", style), alt="One line.", **AXES).svg
        found = re.search(
            rf"(stroke-dasharray: [^;]+;[^\"]*)?stroke: {QUANTITIES['C'].light}", drawn
        )
        dashes[style] = re.search(r"stroke-dasharray: ([^;]+)", found[0])
    assert dashes["measured"] is None
    assert dashes["predicted"][1] != dashes["bound"][1]


def test_what_was_counted_is_its_markers_alone_and_gives_no_ticks():
    x = [0.05, 0.15, 0.25]
    counted = Line(x, [1, 2, 3], "counted", "C", "counted", marker="o")
    svg = lines(counted, alt="Three values.", **AXES).svg
    hue = QUANTITIES["C"].light
    assert len(re.findall(rf"<use [^>]*fill: {hue}", svg)) == 3
    assert not re.search(rf"<path [^>]*stroke: {hue}[^>]*stroke-linecap", svg)
    assert ">0.05<" not in svg


def test_a_target_is_wide_and_pale_behind_the_line_that_follows_it():
    target, follower = Line([1, 2], [1, 2], "", "ink", "target"), Line([1, 2], [1, 2], "", "C")
    drawn = lines(target, follower, alt="A target and a line.", **AXES).svg
    below = re.search(rf"stroke: {INK}; stroke-opacity: 0\.45; stroke-width: 5", drawn)
    above = re.search(rf"stroke: {QUANTITIES['C'].light}; stroke-width: 1\.8", drawn)
    assert below.start() < above.start()


def test_nothing_reaches_outside_of_the_figure():
    drawn = figure().svg
    root = ElementTree.fromstring(drawn)
    assert not {"style", "script", "image", "foreignObject", "metadata"} & {
        element.tag.removeprefix(SVG) for element in root.iter()
    }
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            if name.endswith("href"):
                assert value.startswith("#")
    assert not re.search(r"url\((?!#)", drawn)
    addresses = set(re.findall(r"https?://[^\"' ]+", drawn))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "font-family:" not in drawn  # the page's font


def test_every_reference_finds_its_id_and_two_figures_refer_to_none_in_common():
    first, second = figure().svg, figure(alt="Another one.").svg
    used = [set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", drawn)) for drawn in (first, second)]
    assert all(used)
    for drawn, names in zip((first, second), used, strict=True):
        assert len(set(ids(drawn))) == len(ids(drawn))
        assert names <= set(ids(drawn))
    assert not used[0] & used[1]


def test_every_word_is_real_text_and_every_line_has_its_label_beside_it():
    found = labels(figure().svg)
    assert {"step t", "error", "carousel", "leak", "RNN", "guessing"} <= found.keys()
    right = {found[name][0] for name in ("carousel", "leak", "RNN", "guessing")}
    assert len(right) == 1  # all at the right edge
    order = sorted(("carousel", "leak", "RNN", "guessing"), key=lambda name: found[name][1])
    assert order == ["carousel", "RNN", "guessing", "leak"]  # as their values: √30, 3, ¼, 0.9³⁰


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_labels_never_overlap_however_near_their_lines_end(ends):
    """Text of 10 points needs about 12 from baseline to baseline."""
    drawn = [Line([0, 1], [0, end], f"line {k}") for k, end in enumerate(ends)]
    svg = lines(*drawn, alt="Lines.", ylim=(0, 1), **AXES).svg
    places = labels(svg)
    heights = sorted(places[f"line {k}"][1] for k in range(len(ends)))
    assert all(b - a > 12 for a, b in itertools.pairwise(heights))
    height = float(ElementTree.fromstring(svg).get("viewBox").split()[3])
    assert heights[0] > 8  # not cut off
    assert heights[-1] < height


@pytest.mark.parametrize(("early", "inside"), [(1.0, True), (0.3, False)])
def test_a_baselines_name_does_not_stand_below_a_lines_as_if_they_were_one(early, inside):
    """It stands on its own line at the left, unless some line passes there."""
    runs = np.array([[1.0, early, 0.25], [1.0, 1.0, 0.35]])
    line = Line([5, 10, 60], [1, 1, 0.3], "RNN", marker="o", each=runs)
    options = {"reference": {"guessing": 0.25}, "ylim": (0, 1.05), **AXES}
    places = labels(lines(line, alt="A line.", **options).svg)
    assert (places["guessing"][0] < places["RNN"][0]) == inside
    far = labels(lines(line, alt="A line.", **{**options, "reference": {"guessing": 0.8}}).svg)
    assert far["guessing"][0] == far["RNN"][0], "where nothing is near it stays at the right"


def test_a_lonely_label_stands_where_its_line_ends():
    places = [
        labels(lines(Line([0, 1], [0, end], "end"), alt="A line.", ylim=(0, 1), **AXES).svg)
        for end in (0.0, 0.5, 1.0)
    ]
    bottom, middle, top = (place["end"][1] for place in places)
    assert middle == pytest.approx((bottom + top) / 2, abs=0.1)
    assert bottom - top == pytest.approx(2.7 * 72 * 0.76, abs=0.1)  # the axes' height


def test_a_points_name_stands_at_its_height_on_the_side_that_was_asked():
    line = Line([0, 1], [0, 1], "end")
    points = {"here": (0.5, 0.5, "left"), "there": (0.5, 0.5, "right")}
    found = labels(lines(line, alt="A line.", ylim=(0, 1), points=points, **AXES).svg)
    assert found["here"][0] < found["there"][0] < found["end"][0]
    assert found["here"][1] == found["there"][1]
    half = (found["0.4"][1] + found["0.6"][1]) / 2 - found["1.0"][1]  # from 1 down to a half
    assert found["here"][1] - found["end"][1] == pytest.approx(half, abs=0.01)


def test_a_line_that_is_undefined_at_its_end_is_labelled_at_its_last_value():
    ended = Line([0, 1, 2], [0, 1, np.nan], "end")
    whole = Line([0, 1], [0, 1], "end")
    places = [
        labels(lines(line, alt="A", ylim=(0, 2), **AXES).svg)["end"] for line in (ended, whole)
    ]
    assert places[0][1] == places[1][1]


def test_where_single_points_were_measured_the_ticks_say_where():
    assert {"5", "10", "20"} <= labels(figure().svg).keys()


def test_an_unlabelled_line_leaves_no_empty_text():
    svg = lines(Line([1, 2], [1, 2]), alt="A line.", **AXES).svg
    assert all(text.strip() for text in labels(svg))


def test_logarithmic_axes_are_logarithmic():
    """Equal factors are equal distances: the label of 10 stands half-way between 1 and 100."""
    ends = {}
    for end in (1.0, 10.0, 100.0):
        line = Line([1, 2], [1, end], "end")
        ends[end] = labels(lines(line, alt="A", log_y=True, ylim=(1, 100), **AXES).svg)["end"][1]
    assert ends[10.0] == pytest.approx((ends[1.0] + ends[100.0]) / 2, abs=0.1)


@pytest.mark.parametrize("alt", ["", "  \n"])
def test_a_figure_without_alt_text_is_refused(alt):
    with pytest.raises(ValueError, match="alt: expected a description of the figure"):
        figure(alt=alt)


def test_a_figure_without_lines_is_refused():
    with pytest.raises(ValueError, match="lines: expected at least one line, given none"):
        lines(alt="Nothing.", **AXES)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (Line([1, 2], [1, 2], key="F"), "key: expected ink or one of x, h, f, .*; given 'F'"),
        (Line([1, 2], [1, 2], style="dotted"), "style: expected one of measured, .*'dotted'"),
        (Line([1, 2], [1, 2], low=[0, 1]), "low, high: expected both edges"),
        (Line([1, 2], [1, 2], high=[0, 1]), "low, high: expected both edges"),
        (Line([1, 2, 3], [1, 2]), "y: expected 3 values"),
        (Line([1, 2], [np.nan, np.inf]), "y: expected 2 values, some of them finite"),
        (Line([], []), "y: expected 0 values, some of them finite"),
    ],
)
def test_a_line_that_cannot_be_drawn_is_named(line, message):
    with pytest.raises(ValueError, match=message):
        lines(line, alt="A line.", **AXES)


def test_each_run_is_a_dot_behind_the_line():
    x, runs = [1, 2, 3], [[0.1, 0.2, 0.3], [0.5, 0.5, 0.5]]
    plain = lines(Line(x, [0.3, 0.35, 0.4], "a", marker="o"), alt="One line.", **AXES)
    each = lines(Line(x, [0.3, 0.35, 0.4], "a", marker="o", each=runs), alt="One line.", **AXES)
    assert each.svg.count("<use") == plain.svg.count("<use") + 6
    with pytest.raises(ValueError, match="each: expected 3 values for every run"):
        lines(Line(x, x, "a", each=[[1, 2]]), alt="One line.", **AXES)


# ---- Dots ----------------------------------------------------------------------------------------

DOTS = {
    "÷ one": [
        Dot(("small", "LSTM"), 0.5, 0.4, 0.6, aim=1.0),
        Dot(("small", "LSTM"), 0.9, 0.8, 1.0, filled=False),
        Dot(("large", "GRU"), 0.1, 0.09, 0.12),
    ],
    "÷ other": [Dot(("small", "LSTM"), 0.2, 0.1, 0.3)],
}


def dot_chart(alt="Three dots and one.", panels=None, **options):
    named = {"xlabel": "share", "ticks": (0.1, 0.5, 1), "reference": 1} | options
    return dots(DOTS if panels is None else panels, alt=alt, **named)


def test_dots_rows_stand_in_order_and_groups_above_their_first_row():
    places = labels(dot_chart().svg)
    assert {"÷ one", "÷ other", "share", "small", "large", "LSTM", "GRU"} <= set(places)
    heights = [places[text][1] for text in ("÷ one", "small", "LSTM", "large", "GRU", "share")]
    assert heights == sorted(heights)
    assert min(np.diff(heights)) > 10, "no text stands on another"
    assert places["÷ one"][0] < places["÷ other"][0]


def test_dots_and_aims_stand_at_their_values():
    svg = dot_chart().svg
    places = labels(svg)  # the ticks' labels are those of the second panel, drawn last
    shift = places["÷ other"][0] - places["÷ one"][0]
    decade = places["1"][0] - places["0.1"][0]

    def place(value, panel):
        return places["0.1"][0] + np.log10(value / 0.1) * decade - (1 - panel) * shift

    uses = [use for use in ElementTree.fromstring(svg).iter(f"{SVG}use")]
    drawn = {
        width: sorted(float(use.get("x")) for use in uses if width_of(use) == width)
        for width in (None, "1.2")
    }
    circles = [place(0.1, 0), place(0.5, 0), place(0.9, 0), place(0.2, 1)]
    assert drawn == {
        None: pytest.approx(circles, abs=0.01),
        "1.2": pytest.approx([place(1.0, 0)], abs=0.01),
    }


def width_of(element):
    found = re.search(r"stroke-width: ([\d.]+)", element.get("style", ""))
    return found and found[1]


def test_dots_same_bytes_and_nothing_but_the_palette():
    chart = dot_chart()
    assert chart.svg == dot_chart().svg
    assert set(re.findall(r"#[0-9a-f]{6}", chart.svg)) <= {INK, GRID, PAPER}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"panels": {}}, "dots: expected at least one dot"),
        ({"alt": " "}, "alt: expected a description"),
        ({"panels": {"a": [Dot(("g", "r"), 1.0, 0.0, 2.0)]}}, "low: expected positive values"),
    ],
)
def test_dots_bad_input_is_named(options, message):
    with pytest.raises(ValueError, match=message):
        dot_chart(**options)


# ---- The drawing ---------------------------------------------------------------------------------


def test_unrolled_network_shows_the_two_that_report_to_a_state():
    drawing = unrolled_network()
    texts = {
        "".join(text.itertext()) for text in ElementTree.fromstring(drawing.svg).iter(f"{SVG}text")
    }
    assert "Jᵀδ" in texts
    dashed = 3 + 4  # one from each loss, one along each edge
    assert drawing.svg.count("stroke-dasharray") == 2 * dashed, "shafts and heads"
    assert drawing.svg == unrolled_network().svg
    colors = set(re.findall(r"#[0-9a-f]{6}", drawing.svg))
    assert colors <= {INK, PAPER, QUANTITIES["x"].light, QUANTITIES["h"].light}
    assert "next state" in drawing.alt
