"""The trainings of a sweep: each as one mark, or each row's share that solved the task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from rnnbook.plots import GRID, INK, PAPER, Figure, _look, _svg, paragraph

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


def shares(
    panels: Mapping[str, Mapping[str, Mapping[str, Sequence[float]]]],
    *,
    xlabel: str,
    alt: str,
    caption: str = "",
) -> Figure:
    """Draw each row's mean share as a dot, on a bar from the least share to the largest.

    A pale line in each panel marks its first row's mean: the others are seen beside it.

    Args:
        panels: title of each panel, then for each group's name its rows: label and shares, each
            from 0 to 1. All panels have the groups and the rows of the first.
        xlabel: what the shares are of.
        alt: what a reader who does not see the figure must know: what is drawn, what to notice.
        caption: what every reader reads below the figure; see :func:`rnnbook.plots.lines`.

    Returns:
        The figure, the same bytes for the same arguments.

    Raises:
        ValueError: there is no panel or no alt text, or a share is not from 0 to 1.

    Source: after Cleveland and McGill's dot charts (1984).
    """
    if not panels:
        raise ValueError("panels: expected at least one, given none")
    alt = paragraph(alt)
    if not alt:
        raise ValueError("alt: expected a description of the figure, given an empty text")
    groups = next(iter(panels.values()))
    places, names, y = {}, {}, -1.0
    for group, body in groups.items():
        y += 1.25
        names[group] = y
        for label in body:
            y += 1
            places[label] = y
    inches = 0.75 + 0.2 * (y + 1)
    with mpl.rc_context(_look(alt)):
        canvas = Canvas(figsize=(5.9, inches), layout=None)
        every = canvas.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
        canvas.subplots_adjust(
            left=0.3, right=0.98, wspace=0.14, bottom=0.5 / inches, top=1 - 0.25 / inches
        )
        for axes, (title, bodies) in zip(every, panels.items(), strict=True):
            rows = {label: row for body in bodies.values() for label, row in body.items()}
            if not all(0 <= share <= 1 for row in rows.values() for share in row):
                raise ValueError(f"{title}: expected shares from 0 to 1, given {rows}")
            axes.set(xlim=(-0.06, 1.06), ylim=(y + 0.7, -0.5))
            axes.set_title(title, loc="left", fontsize=11, color=INK)
            axes.set_xticks((0, 0.5, 1), ("0", "½", "1"))
            axes.tick_params(axis="y", length=0)
            axes.spines["left"].set_visible(False)
            means = {label: sum(row) / len(row) for label, row in rows.items()}
            axes.axvline(next(iter(means.values())), color=GRID, linewidth=1.5, zorder=0)
            for label, row in rows.items():
                at = places[label]
                axes.plot([min(row), max(row)], [at, at], color=INK, linewidth=1.2)
                axes.plot(means[label], at, "o", color=INK, markersize=5)
        every[0].set_yticks(list(places.values()), list(places), fontsize=10)
        for group, at in names.items():
            every[0].annotate(
                group,
                (0, at),
                xycoords=("figure fraction", "data"),
                va="center",
                fontsize=10,
                fontweight="bold",
                annotation_clip=False,
            )
        canvas.supxlabel(xlabel, fontsize=11, x=0.64, y=0)
        return Figure(_svg(canvas), alt, caption)
