"""One stream of a small world: what a memory holds, what it sees, and the events marked in both."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from rnnbook.plots import (
    GRID,
    INK,
    PAPER,
    Figure,
    Line,
    _check,
    _draw,
    _look,
    _svg,
    _write_labels,
    paragraph,
)


def stream(
    *drawn: Line,
    evidence: Sequence[float],
    events: Sequence[bool],
    alt: str,
    caption: str = "",
    ylabel: str = "running total",
    event: str = "reset",
    otherwise: str = "none",
    seen: str = "evidence v",
    turns: Sequence[bool] = (),
    height: float = 3.6,
) -> Figure:
    """Draw lines over the steps of a stream, and the evidence below them.

    Every event is a vertical stroke through both, and its evidence is a filled dot; the evidence of
    other steps is hollow.

    Args:
        drawn: the lines, at least one; the first step is 1.
        evidence: what is seen at each step, (T,).
        events: whether there was an event at each step, (T,).
        alt: what a reader who does not see the figure must know: what is drawn, what to notice.
        caption: what every reader reads below the figure; see :func:`rnnbook.plots.lines`.
        ylabel: what the lines show.
        event: what an event is called.
        otherwise: what the other steps are called.
        seen: what is seen, as the title of the lower picture.
        turns: whether what is held turns at each step, a dotted stroke, (T,); none if not given.
        height: of the figure, in inches.

    Returns:
        The figure, the same bytes for the same arguments.

    Raises:
        ValueError: there is no line, no alt text, a line is not as :class:`rnnbook.plots.Line`
            describes it, or evidence and events differ in length.

    Source: none; a tool of the chapters.
    """
    if not drawn:
        raise ValueError("stream: expected at least one line, given none")
    alt = paragraph(alt)
    if not alt:
        raise ValueError("alt: expected a description of the figure, given an empty text")
    for line in drawn:
        _check(line)
    values, happened = np.asarray(evidence, float), np.asarray(events, bool)
    if values.shape != happened.shape:
        raise ValueError(f"events: expected {values.shape} values, given {happened.shape}")
    turned = np.asarray(turns if len(turns) else np.zeros_like(happened), bool)
    if turned.shape != values.shape:
        raise ValueError(f"turns: expected {values.shape} values, given {turned.shape}")
    step = np.arange(1, len(values) + 1)
    with mpl.rc_context(_look(alt)):
        canvas = Canvas(figsize=(5.6, height), layout=None)
        upper = canvas.add_axes((0.11, 0.43, 0.66, 0.5))
        lower = canvas.add_axes((0.11, 0.14, 0.66, 0.18), sharex=upper)
        for axes in (upper, lower):
            for place in step[happened]:
                axes.axvline(place, color=GRID, linewidth=1.2, zorder=0)
        for place in step[turned]:
            upper.axvline(place - 0.5, color=INK, linewidth=1.2, linestyle=":", zorder=1)
        upper.set_title(ylabel, loc="left", fontsize=11, color=INK)
        lower.set_title(seen, loc="left", fontsize=11, color=INK)
        upper.tick_params(labelbottom=False)
        labels = [_draw(upper, line) for line in drawn]
        for mask, face in ((~happened, PAPER), (happened, INK)):
            lower.plot(step[mask], values[mask], "o", color=INK, mfc=face, markersize=2.8, mew=0.7)
        lower.set(xlabel="step t", xlim=(0, len(step) + 1))
        lower.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        lower.yaxis.set_major_locator(MaxNLocator(2))
        upper.yaxis.set_major_locator(MaxNLocator(5))
        _write_labels(upper, [label for label in labels if label[0]])
        below = [(f"● {event}", 1.0, INK), (f"○ {otherwise}", 0.0, INK)]
        _write_labels(lower, below + [("¦ turn", 2.0, INK)] * bool(turned.any()))
        return Figure(_svg(canvas), alt, caption)
