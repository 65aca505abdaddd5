"""Every training of a sweep as one mark: filled where it solved its task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from rnnbook.plots import GRID, INK, PAPER, Figure, _look, _svg

_ACROSS, _APART, _HIGH = 0.085, 0.62, 0.2  # inches: mark to mark, column to column, row to row


def trainings(
    panels: Mapping[str, Mapping[str, Sequence[Sequence[bool]]]],
    *,
    columns: Sequence[str],
    xlabel: str,
    alt: str,
) -> Figure:
    """Draw one mark for each training: filled if it solved its task, hollow if not.

    Args:
        panels: title of each panel, then for each row's label the outcomes of its columns.
        columns: what the columns stand for, such as learning rates.
        xlabel: what the columns are.
        alt: what a reader who does not see the figure must know: what is drawn, what to notice.

    Returns:
        The figure, the same bytes for the same arguments.

    Raises:
        ValueError: there is no panel, no alt text, or a row with another number of columns.

    Source: none; a tool of the chapters.
    """
    if not panels:
        raise ValueError("panels: expected at least one, given none")
    if not alt.strip():
        raise ValueError("alt: expected a description of the figure, given an empty text")
    for body in panels.values():
        for label, outcomes in body.items():
            if len(outcomes) != len(columns):
                raise ValueError(f"{label}: expected {len(columns)} columns, given {len(outcomes)}")
    most = max(len(one) for body in panels.values() for row in body.values() for one in row)
    step = max(_APART, _ACROSS * (most + 2))
    height = sum(_HIGH * (len(body) + 2.2) for body in panels.values())
    with mpl.rc_context(_look(alt)):
        canvas = Canvas(figsize=(1.75 + step * len(columns), height + 0.3), layout=None)
        axes = canvas.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, 1.75 + step * len(columns)), ylim=(height + 0.3, 0))
        axes.set_axis_off()
        y = 0.0
        for title, body in panels.items():
            y += _HIGH
            axes.text(0.02, y, title, va="center", fontsize=11)
            for column, head in enumerate(columns):
                axes.text(1.75 + step * (column + 0.45), y, head, ha="center", va="center")
            axes.plot([0.02, 1.75 + step * len(columns)], [y + 0.13] * 2, color=GRID, linewidth=1)
            y += 0.05
            for label, outcomes in body.items():
                y += _HIGH
                axes.text(0.02, y, label, va="center", fontsize=10)
                for column, row in enumerate(outcomes):
                    left = 1.75 + step * (column + 0.45) - _ACROSS * (len(row) - 1) / 2
                    for k, solved in enumerate(sorted(row, reverse=True)):
                        axes.plot(
                            left + _ACROSS * k,
                            y,
                            "o",
                            markersize=4,
                            color=INK,
                            markerfacecolor=INK if solved else PAPER,
                            markeredgewidth=0.7,
                        )
            y += 1.2 * _HIGH - 0.05
        axes.text(1.75 + step * len(columns) / 2, y + 0.05, xlabel, ha="center", va="center")
        return Figure(_svg(canvas), alt)
