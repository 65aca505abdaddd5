"""The chapters' figures: small, labelled directly, with alt text and caption, in light and dark.

:func:`lines` draws values along an axis, in the colours of :mod:`rnnbook.quantities`; what was
measured is drawn solid, what was predicted dashed. :func:`dots` compares many values by row, and
:func:`unrolled_network` is a drawing. :func:`rnnbook.plots.heat_map.plot` draws a trace.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Circle
from matplotlib.ticker import MaxNLocator

from rnnbook.quantities import QUANTITIES

INK = "#3b4248"
"""Colour of axes and text; the site replaces it by the colour of the reader's theme."""

GRID = "#d5dae0"
"""Colour of reference lines; the site replaces it by the colour of the reader's theme."""

PAPER = "#ffffff"
"""Colour of what is hollow; the site replaces it by the page's."""

STYLES: dict[str, dict[str, object]] = {
    "measured": {"linestyle": "-", "linewidth": 1.8},
    "predicted": {"linestyle": "--", "linewidth": 1.8},
    "bound": {"linestyle": ":", "linewidth": 1.8},
    "counted": {"linestyle": ""},
    "target": {"linestyle": "-", "linewidth": 5, "alpha": 0.45, "solid_capstyle": "round"},
}
"""What a line's look says: measured, predicted, a bound, counted one by one, or what others follow.

A target is wide and pale, so that a line that follows it is seen on it.
"""

_LABEL_GAP = 14.0  # points between two direct labels, so that they never overlap


@dataclass(frozen=True)
class Line:
    """One line of a figure.

    Attributes:
        x: positions, (N,).
        y: values, (N,).
        label: stands at the line's right end; empty for none.
        key: a key of :data:`rnnbook.quantities.QUANTITIES`, or ``"ink"``.
        style: ``"measured"``, ``"predicted"``, ``"bound"``, ``"counted"`` or ``"target"``.
        low: lower edge of the spread, (N,), or None.
        high: upper edge of the spread, (N,), or None.
        marker: Matplotlib's marker for single measurements, or empty.
        each: single runs (R, N) behind the line, drawn as small dots, or None.
    """

    x: Sequence[float]
    y: Sequence[float]
    label: str = ""
    key: str = "ink"
    style: str = "measured"
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    marker: str = ""
    each: Sequence[Sequence[float]] | None = None

    @property
    def color(self) -> str:
        """The line's colour on a light page, ``#rrggbb``."""
        return INK if self.key == "ink" else QUANTITIES[self.key].light


def paragraph(text: str) -> str:
    """One paragraph, however its lines were broken in the source."""
    return " ".join(text.split())


class Figure:
    """An SVG picture, its alt text and its caption.

    Jupyter shows the caption below the picture; the site makes a numbered figure of the two.
    """

    def __init__(self, svg: str, alt: str, caption: str = "") -> None:
        """Keep the picture and its texts."""
        self.svg = svg
        self.alt = paragraph(alt)
        self.caption = paragraph(caption)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": self.alt}

    def _ipython_display_(self) -> None:
        from IPython.display import display  # a notebook has it; the package needs it nowhere else

        display(self._repr_mimebundle_(), raw=True)
        if self.caption:
            words = {"text/markdown": f"**Figure.** {self.caption}", "text/plain": self.caption}
            display(words, raw=True, metadata={"rnnbook": "caption"})

    def __repr__(self) -> str:
        return self.alt


def lines(
    *drawn: Line,
    xlabel: str,
    ylabel: str,
    alt: str,
    caption: str = "",
    log_x: bool = False,
    log_y: bool = False,
    reference: Mapping[str, float] | None = None,
    points: Mapping[str, tuple[float, float, str]] | None = None,
    ylim: tuple[float | None, float | None] = (None, None),
    height: float = 2.7,
) -> Figure:
    """Draw lines with their labels at their right ends.

    Args:
        drawn: the lines, at least one.
        xlabel: what the horizontal axis shows, with its unit.
        ylabel: what the vertical axis shows, with its unit.
        alt: what a reader who does not see the figure must know: what is drawn, what to notice.
            Its lines may be broken as they come; it is made one paragraph.
        caption: what every reader reads below the figure, in Markdown: it stands alone, names what
            the colours and the bands are, and gets its number from the page. One paragraph, too.
        log_x: whether the horizontal axis is logarithmic.
        log_y: whether the vertical axis is logarithmic.
        reference: baselines, name to value, drawn as thin horizontal lines.
        points: places in the picture, name to x, y and the side of it, ``"left"`` or ``"right"``,
            on which the name stands: for lines that meet at their right ends.
        ylim: limits of the vertical axis; None leaves one free.
        height: of the figure, in inches; the width is fixed to suit a column of text.

    Returns:
        The figure, the same bytes for the same arguments.

    Raises:
        ValueError: there is no line, no alt text, or a line is not as :class:`Line` describes it.

    Source: none; a tool of the chapters.
    """
    if not drawn:
        raise ValueError("lines: expected at least one line, given none")
    alt = paragraph(alt)
    if not alt:
        raise ValueError("alt: expected a description of the figure, given an empty text")
    for line in drawn:
        _check(line)
    with mpl.rc_context(_look(alt)):
        canvas = Canvas(figsize=(5.6, height), layout=None)
        axes = canvas.add_axes((0.11, 0.17, 0.66, 0.76))
        axes.set(xlabel=xlabel, xscale="log" if log_x else "linear")
        axes.set_yscale("log" if log_y else "linear")
        axes.set_title(ylabel, loc="left", fontsize=11, color=INK)
        labels = [_draw(axes, line) for line in drawn]
        for value in (reference or {}).values():
            axes.axhline(value, color=GRID, linewidth=1, zorder=0)
        for name, (x, y, side) in (points or {}).items():
            axes.plot(x, y, "o", color=INK, markersize=4, zorder=4)
            (align, shift) = ("right", -9) if side == "left" else ("left", 9)
            axes.annotate(
                name,
                xy=(x, y),
                xytext=(shift, 0),
                textcoords="offset points",
                ha=align,
                va="center",
                color=INK,
            )
        axes.set_ylim(*ylim)
        single = [line for line in drawn if line.marker and line.style != "counted"]
        measured_at = sorted({float(x) for line in single for x in line.x})
        if measured_at:
            axes.set_xticks(measured_at, [f"{x:g}" for x in measured_at], minor=False)
            axes.minorticks_off()
        elif not log_x:
            axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        if not log_y:
            axes.yaxis.set_major_locator(MaxNLocator(5))
        for name, value in (reference or {}).items():
            if not _written_on_its_line(axes, name, value, drawn, labels):
                labels.append((name, value, INK))
        _write_labels(axes, [label for label in labels if label[0]])
        return Figure(_svg(canvas), alt, caption)


@dataclass(frozen=True)
class Dot:
    """One value of a comparison.

    Attributes:
        row: the group and the label of its row.
        value: its place along the axis.
        low: lower edge of the spread.
        high: upper edge of the spread.
        aim: the value that was aimed at, drawn as a stroke, or None.
        filled: whether the dot is filled; hollow ones stand a little lower in the same row.
    """

    row: tuple[str, str]
    value: float
    low: float
    high: float
    aim: float | None = None
    filled: bool = True


def dots(
    panels: Mapping[str, Sequence[Dot]],
    *,
    xlabel: str,
    alt: str,
    ticks: Sequence[float],
    reference: float,
    caption: str = "",
) -> Figure:
    """Draw values by row, the rows in groups, on a logarithmic axis; one panel beside the other.

    Args:
        panels: each panel's title and its dots; the rows come in the order of the first mention.
        xlabel: what the horizontal axis shows, with its unit.
        alt: what a reader who does not see the figure must know: what is drawn, what to notice.
        ticks: the values written along the axis, positive.
        reference: a value to compare with, drawn as a thin vertical line.
        caption: what every reader reads below the figure; see :func:`lines`.

    Returns:
        The figure, the same bytes for the same arguments.

    Raises:
        ValueError: there is no dot, no alt text, or a value is not positive.

    Source: after Cleveland and McGill's dot charts (1984).
    """
    every = [dot for drawn in panels.values() for dot in drawn]
    if not every:
        raise ValueError("dots: expected at least one dot, given none")
    alt = paragraph(alt)
    if not alt:
        raise ValueError("alt: expected a description of the figure, given an empty text")
    if min(dot.low for dot in every) <= 0:
        raise ValueError("low: expected positive values, because the axis is logarithmic")
    rows = list(dict.fromkeys(dot.row for dot in every))
    groups = list(dict.fromkeys(group for group, _ in rows))
    places = {row: n + 1.3 * (groups.index(row[0]) + 1) for n, row in enumerate(rows)}
    inches = 0.8 + 0.21 * max(places.values())
    with mpl.rc_context(_look(alt)):
        canvas = Canvas(figsize=(4.7, inches), layout=None)
        every_axes = canvas.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
        canvas.subplots_adjust(left=0.1, right=0.99, bottom=0.5 / inches, top=1 - 0.25 / inches)
        for axes, (title, drawn) in zip(every_axes, panels.items(), strict=True):
            axes.set(xscale="log", ylim=(max(places.values()) + 0.8, -0.2))
            axes.set_title(title, loc="left", fontsize=11, color=INK)
            axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
            axes.minorticks_off()
            axes.tick_params(axis="y", length=0)
            axes.spines["left"].set_visible(False)
            axes.axvline(reference, color=GRID, linewidth=1, zorder=0)
            for dot in drawn:
                _draw_dot(axes, dot, places[dot.row])
        first = every_axes[0]
        first.set_yticks(list(places.values()), [label for _, label in rows])
        for group in groups:
            y = min(place for (of, _), place in places.items() if of == group) - 1
            first.annotate(
                group,
                (0, y),
                xycoords=first.get_yaxis_transform(),
                xytext=(-38, 0),
                textcoords="offset points",
                va="center",
                annotation_clip=False,
            )
        canvas.supxlabel(xlabel, fontsize=11, x=0.55, y=0)
        return Figure(_svg(canvas), alt, caption)


def _draw_dot(axes: Axes, dot: Dot, y: float) -> None:
    y += 0 if dot.filled else 0.36
    axes.plot([dot.low, dot.high], [y, y], color=INK, linewidth=1.2)
    axes.plot(dot.value, y, "o", color=INK, mfc=INK if dot.filled else PAPER, markersize=4.5)
    if dot.aim is not None:
        axes.plot(dot.aim, y, "|", color=INK, markersize=9, markeredgewidth=1.2)


def unrolled_network(caption: str = "") -> Figure:
    r"""Draw three steps of a recurrent network: what each state hears, and who hears of it.

    Solid arrows run forward. Dashed ones run backward, from a state's own loss and from the next
    state: :math:`\delta_t = \partial L_t/\partial h_t + J_{t+1}^\top \delta_{t+1}`.

    Args:
        caption: what every reader reads below the drawing; see :func:`lines`.

    Returns:
        The drawing, the same bytes each time.

    Source: none; a drawing of equation (0.2).
    """
    alt = (
        "Three steps of the network, side by side. Forward, each state h hears its input x from "
        "below and the state before it from the left, and speaks to its own loss L above and to "
        "the next state. Backward, dashed, it hears from just these two: from the loss above, "
        "∂L/∂h, and from the next state, Jᵀδ."
    )
    with mpl.rc_context(_look(alt)):
        canvas = Canvas(figsize=(5.6, 2.5), layout=None)
        axes = canvas.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 5.6), ylim=(0, 2.5), aspect="equal")
        axes.set_axis_off()
        for n, index in enumerate((r"t\!-\!1", "t", r"t\!+\!1")):
            x = 1.1 + 1.7 * n
            _node(axes, x, 1.2, f"$h_{{{index}}}$", "h")
            _node(axes, x, 0.3, f"$x_{{{index}}}$", "x")
            axes.text(x, 2.25, f"$L_{{{index}}}$", ha="center", va="center", fontsize=13)
            _arrow(axes, (x, 0.55), (x, 0.95))
            _arrow(axes, (x - 0.07, 1.46), (x - 0.07, 2.07))
            _arrow(axes, (x + 0.07, 2.07), (x + 0.07, 1.46), dashed=True)
        for n in range(4):
            left, right = max(1.1 + 1.7 * (n - 1) + 0.26, 0.1), min(1.1 + 1.7 * n - 0.26, 5.5)
            _arrow(axes, (left, 1.27), (right, 1.27))
            _arrow(axes, (right, 1.13), (left, 1.13), dashed=True)
        axes.text(2.94, 1.77, r"$\partial L_t/\partial h_t$", va="center", fontsize=11)
        axes.text(3.65, 0.95, "Jᵀδ", ha="center", va="center", style="italic")
        return Figure(_svg(canvas), alt, caption)


def _node(axes: Axes, x: float, y: float, symbol: str, key: str) -> None:
    color = QUANTITIES[key].light
    axes.add_patch(Circle((x, y), 0.25, facecolor=PAPER, edgecolor=color, linewidth=1.6))
    axes.text(x, y, symbol, color=color, ha="center", va="center", fontsize=12)


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], dashed: bool = False
) -> None:
    look = {"arrowstyle": "->", "color": INK, "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", end, start, arrowprops=look | {"linestyle": "--" if dashed else "-"})


def _check(line: Line) -> None:
    if line.key != "ink" and line.key not in QUANTITIES:
        raise ValueError(f"key: expected ink or one of {', '.join(QUANTITIES)}; given {line.key!r}")
    if line.style not in STYLES:
        raise ValueError(f"style: expected one of {', '.join(STYLES)}; given {line.style!r}")
    if (line.low is None) != (line.high is None):
        raise ValueError("low, high: expected both edges of the spread or neither, given one")
    if line.each is not None and any(len(run) != len(line.x) for run in line.each):
        raise ValueError(f"each: expected {len(line.x)} values for every run")
    if len(line.x) != len(line.y) or not np.isfinite(np.asarray(line.y, float)).any():
        raise ValueError(f"y: expected {len(line.x)} values, some of them finite; given {line.y}")


def _look(alt: str) -> dict[str, object]:
    return {
        "font.family": "sans-serif",
        "font.size": 11,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "svg.fonttype": "none",
        "svg.hashsalt": hashlib.sha256(alt.encode()).hexdigest(),  # ids differ between figures
        "path.simplify_threshold": 0.3,
    }


def _draw(axes: Axes, line: Line) -> tuple[str, float, str]:
    x, y = np.asarray(line.x, float), np.asarray(line.y, float)
    if line.low is not None and line.high is not None:
        axes.fill_between(x, line.low, line.high, color=line.color, alpha=0.18, linewidth=0)
    for run in () if line.each is None else line.each:
        axes.plot(x, run, "o", color=line.color, alpha=0.45, markersize=4, markeredgewidth=0)
    axes.plot(
        x,
        y,
        color=line.color,
        **STYLES[line.style],
        marker=line.marker or None,
        markersize=5,
    )
    return line.label, float(y[np.isfinite(y)][-1]), line.color


def _written_on_its_line(
    axes: Axes,
    name: str,
    value: float,
    drawn: Sequence[Line],
    labels: Sequence[tuple[str, float, str]],
) -> bool:
    """Write a baseline's name at its left end, where the right one is another label's.

    Two names in one column read as one. It stays there if some line passes at the left.
    """
    axes.figure.canvas.draw()  # fixes the limits
    to_share = axes.transData + axes.transAxes.inverted()
    x_low = axes.get_xlim()[0]

    def share(x: object, y: object) -> np.ndarray:
        return to_share.transform(np.stack(np.broadcast_arrays(x, y), -1).astype(float))

    rise = 72 / axes.figure.dpi / axes.bbox.height
    bottom = float(share(x_low, value)[1])
    beside = [abs(float(share(x_low, end)[1]) - bottom) for text, end, _ in labels if text]
    if not name or min(beside, default=1.0) > 1.5 * _LABEL_GAP * rise:
        return False
    span = np.linspace(0, 0.04 + 0.027 * len(name), 40)  # of a wide font
    for line in drawn:
        runs = () if line.each is None else line.each
        rows = [r for r in (line.y, line.low, line.high, *runs) if r is not None]
        points = [share(line.x, row) for row in rows]
        with np.errstate(invalid="ignore"):
            heights = np.array([np.interp(span, *p.T, left=np.nan, right=np.nan) for p in points])
            low, high = np.fmin.reduce(heights), np.fmax.reduce(heights)
            if ((low < bottom + 1.3 * _LABEL_GAP * rise) & (high > bottom - 3 * rise)).any():
                return False
    axes.annotate(
        name,
        (0.02, bottom),
        (0, 3),
        xycoords="axes fraction",
        textcoords="offset points",
        color=INK,
    )
    return True


def _write_labels(axes: Axes, labels: list[tuple[str, float, str]]) -> None:
    """Write each label beside its value; where two would overlap, move them apart."""
    axes.figure.canvas.draw()  # fixes the limits, so that values have places
    points = 72 / axes.figure.dpi
    bottom, top = (edge * points for edge in axes.bbox.get_points()[:, 1])
    wanted = sorted(
        (float(axes.transData.transform((1, value))[1]) * points, text, color)
        for text, value, color in labels
    )
    places = [min(max(place, bottom), top) for place, _, _ in wanted]
    for upward in (True, False):
        order = range(1, len(places)) if upward else range(len(places) - 2, -1, -1)
        for k in order:
            if upward:
                places[k] = max(places[k], places[k - 1] + _LABEL_GAP)
            else:
                places[-1] = min(places[-1], top)
                places[k] = min(places[k], places[k + 1] - _LABEL_GAP)
    for place, (_, text, color) in zip(places, wanted, strict=True):
        axes.annotate(
            text,
            xy=(1, (place - bottom) / (top - bottom)),
            xycoords="axes fraction",
            xytext=(7, 0),
            textcoords="offset points",
            va="center",
            color=color,
            annotation_clip=False,
        )


def draw_figure(draw: Callable[[Canvas], None], size: tuple[float, float], alt: str) -> Figure:
    """Make a figure of what a function draws on a canvas, in the book's look.

    Args:
        draw: called with the canvas.
        size: width and height in inches.
        alt: what a reader who does not see the figure must know.

    Raises:
        ValueError: there is no alt text.

    Source: none; a tool of the chapters.
    """
    if not alt.strip():
        raise ValueError("alt: expected a description of the figure, given an empty text")
    with mpl.rc_context(_look(alt)):
        canvas = Canvas(figsize=size, layout="constrained")
        draw(canvas)
        return Figure(_svg(canvas), alt)


def _svg(canvas: Canvas) -> str:
    """The figure as an ``<svg>`` element alone: no prologue, no date, no id that nothing uses."""
    buffer = io.StringIO()
    canvas.savefig(
        buffer,
        format="svg",
        transparent=True,
        bbox_inches="tight",
        pad_inches=0.04,
        metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
    )
    text = buffer.getvalue()
    text = text[text.index("<svg") :].strip()
    for part in (
        r"\s*<metadata>.*?</metadata>",
        r"\s*<style.*?</style>",
        r" font-family: [^;\"]*;",
    ):
        text = re.sub(part, "", text, flags=re.DOTALL)  # page-wide rules and fonts stay the page's
    text = text.replace("<svg", '<svg stroke-linejoin="round" font-family="sans-serif"', 1)
    text = re.sub(r"\s+", " ", text).replace("> <", "><")
    used = set(re.findall(r"#([\w-]+)", text))
    return re.sub(r' id="([^"]+)"', lambda m: m[0] if m[1] in used else "", text)


from rnnbook.plots.heat_map import heat_maps, plot  # noqa: E402, F401 - they need what is above
