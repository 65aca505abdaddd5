"""What each unit is for: how much of two answers is lost with it, one mark for each unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from rnnbook.plots import GRID, INK, PAPER, Figure, _look, _svg, paragraph
from rnnbook.quantities import QUANTITIES


def losses(
    panels: Mapping[str, Sequence[tuple[float, float]]],
    *,
    keys: Sequence[str],
    xlabel: str,
    ylabel: str,
    alt: str,
    caption: str = "",
) -> Figure:
    """Draw a mark for each unit: to the right what one answer loses, upwards what the other does.

    A unit that only one answer needs lies on an axis, one that neither needs in the corner.

    Args:
        panels: title of each panel, then for each unit what the two answers lose, in per cent.
        keys: each panel's key of :data:`rnnbook.quantities.QUANTITIES`, for its colour.
        xlabel: what the horizontal axis shows.
        ylabel: what the vertical axis shows.
        alt: what a reader who does not see the figure must know: what is drawn, what to notice.
        caption: what every reader reads below the figure.

    Returns:
        The figure, the same bytes for the same arguments.

    Raises:
        ValueError: there is no panel, no alt text, or not one key for each panel.

    Source: none; a tool of the chapters.
    """
    if not panels or len(panels) != len(keys):
        raise ValueError(f"panels: expected one for each key, given {len(panels)} and {len(keys)}")
    alt = paragraph(alt)
    if not alt:
        raise ValueError("alt: expected a description of the figure, given an empty text")
    with mpl.rc_context(_look(alt)):
        canvas = Canvas(figsize=(2.5 * len(panels) + 0.4, 2.9), layout="constrained")
        every = canvas.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
        for axes, key, (title, units) in zip(every, keys, panels.items(), strict=True):
            axes.set_title(title, loc="left", fontsize=11, color=INK)
            axes.set(xlim=(-3, 53), ylim=(-3, 53), xticks=(0, 25, 50), yticks=(0, 25, 50))
            axes.set_aspect("equal")
            axes.axvline(0, color=GRID, linewidth=1, zorder=0)
            axes.axhline(0, color=GRID, linewidth=1, zorder=0)
            color = QUANTITIES[key].light
            for x, y in units:
                axes.plot(x, y, "o", color=color, mec=PAPER, mew=0.6, markersize=6.5, alpha=0.85)
        canvas.supxlabel(xlabel, fontsize=11)
        canvas.supylabel(ylabel, fontsize=11)
        return Figure(_svg(canvas), alt, caption)
