"""Which weights of U a shut reset gate silences: a column before the product, a row after it."""

from __future__ import annotations

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from rnnbook.plots import GRID, INK, PAPER, Figure, _look, _svg, paragraph
from rnnbook.quantities import QUANTITIES

UNITS, SHUT = 3, 2
"""So many units, and the one whose gate is 0."""

_DIGITS = "₁₂₃"
_ALT = """Two tables of the nine weights of U: columns are the memories that are heard, rows the
units that hear. Unit 2's gate is 0. Reset before the product, the column of memory 2 is empty.
Reset after it, the row of unit 2 is empty."""


def gate_places(caption: str = "") -> Figure:
    r"""Draw the weights of U that still act where :math:`r_2 = 0` and the other gates are 1.

    Args:
        caption: what every reader reads below the figure; see :func:`rnnbook.plots.lines`.

    Source: chapter 9, (9.3) and (9.5).
    """
    alt = paragraph(_ALT)
    with mpl.rc_context(_look(alt)):
        canvas = Canvas(figsize=(5.6, 2.3), layout=None)
        for k, after in enumerate((False, True)):
            axes = canvas.add_axes((0.02 + 0.5 * k, 0.02, 0.44, 0.96))
            axes.set(xlim=(-1.1, UNITS + 1.0), ylim=(UNITS + 0.1, -1.7), aspect="equal")
            axes.axis("off")
            _weights(axes, after=after)
        return Figure(_svg(canvas), alt, caption)


def _weights(axes: Axes, *, after: bool) -> None:
    name = "after: r ∗ (U h)" if after else "before: U (r ∗ h)"
    axes.text(-1.1, -1.35, name, color=INK, fontweight="bold", va="center")
    hue = QUANTITIES["r"].light
    centred = {"ha": "center", "va": "center"}
    for n in range(1, UNITS + 1):
        share = f"r{_DIGITS[n - 1]}={int(n != SHUT)}"
        axes.text(n - 0.5, -0.25, f"h{_DIGITS[n - 1]}", color=QUANTITIES["h"].light, **centred)
        axes.text(-0.15, n - 0.5, f"unit {n}", color=INK, ha="right", va="center")
        where = (UNITS + 0.15, n - 0.5) if after else (n - 0.5, -0.75)
        axes.text(*where, share, color=hue, ha="left" if after else "center", va="center")
    for m in range(1, UNITS + 1):
        for n in range(1, UNITS + 1):
            silent = (m if after else n) == SHUT
            look = {"facecolor": PAPER, "linestyle": ":"} if silent else {"facecolor": GRID}
            axes.add_patch(Rectangle((n - 0.95, m - 0.95), 0.9, 0.9, edgecolor=INK, **look))
            if not silent:
                weight = f"U{_DIGITS[m - 1]}{_DIGITS[n - 1]}"
                axes.text(n - 0.5, m - 0.5, weight, color=INK, **centred)
