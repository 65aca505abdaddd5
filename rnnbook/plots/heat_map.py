r"""A trace as a heat map: one quantity of a layer, unit by unit and step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from rnnbook.plots import Figure, draw_figure
from rnnbook.quantities import QUANTITIES
from rnnbook.shapes import ShapeError

GATES = ("f", "i", "o", "z", "r")
"""The quantities in (0, 1); the others have a sign."""

ZERO = "#fdfdfd"
"""Colour of nothing: not quite white, for the site replaces its colours in a dark theme, and a heat
map keeps its own."""

NEGATIVE = "#0168a6"
"""Colour of negative numbers, for quantities that have a sign."""

POSITIVE = "#b8450c"
"""Colour of positive numbers, for quantities that have a sign."""


def plot(
    trace: Any,
    quantity: str,
    *,
    ax: Axes | None = None,
    layer: int = 0,
    direction: int = 0,
    sequence: int = 0,
    batch_first: bool = False,
    length: int | None = None,
    steps: Sequence[str] | None = None,
) -> Axes:
    """Draw a quantity of one sequence: steps from left to right, units from top to bottom.

    A gate's colours go from white at 0 to the gate's own colour at 1. What has a sign is blue below
    0, orange above, as far as its largest number, or 1 if that is larger.

    Args:
        trace: of a layer, or what :func:`rnnbook.recording.record` gives of a call.
        quantity: the name of one of its fields, such as ``"f"``.
        ax: where to draw; a figure of its own, if left out.
        layer: number of the layer.
        direction: 0 forwards, 1 backwards.
        sequence: number of the sequence in its batch.
        batch_first: whether the layer was made so; a trace does not say it.
        length: number of steps to draw, of a sequence that was padded.
        steps: a label for each step, such as the character that was read.

    Returns:
        The axes, with a colour bar beside them.

    Raises:
        ValueError: the trace has no such quantity, layer, direction or sequence, or ``steps`` are
            not one for each step.

    Source: none; a tool of the reader's.
    """
    fields = getattr(trace, "_fields", ())
    if quantity not in fields:
        raise ValueError(f"quantity: expected one of {', '.join(fields)}; given {quantity!r}")
    values = _of_one(getattr(trace, quantity), layer, direction, sequence, batch_first)
    values = values[:length].detach().cpu().double().numpy()
    if steps is not None and len(steps) != len(values):
        raise ValueError(f"steps: expected {len(values)} labels, given {len(steps)}")
    if ax is None:
        _, ax = plt.subplots(layout="constrained")
    known, is_gate = QUANTITIES[quantity], quantity in GATES
    most = max(1.0, float(abs(values).max()))
    colors = (ZERO, _beside(known.light)) if is_gate else (NEGATIVE, ZERO, POSITIVE)
    mesh = ax.pcolormesh(
        values.T,
        cmap=LinearSegmentedColormap.from_list(quantity, colors),
        vmin=0 if is_gate else -most,
        vmax=1 if is_gate else most,
        edgecolors="face",  # no seams between the cells of a vector graphic
        linewidth=0.2,
    )
    ax.set(xlabel="step", ylabel="unit")
    ax.invert_yaxis()
    ax.set_title(f"${known.latex}_t$  {known.name}", loc="left", color=known.light)
    _number(ax.yaxis, values.shape[1])
    if steps is None:
        _number(ax.xaxis, len(values))
    else:
        ax.set_xticks([t + 0.5 for t in range(len(values))], list(steps))
    bar = ax.figure.colorbar(mesh, ax=ax, ticks=[0, 0.5, 1] if is_gate else [-most, 0, most])
    if not is_gate:
        bar.ax.set_yticklabels([f"{-most:.2g}", "0", f"{most:.2g}"])
    return ax


def heat_maps(
    trace: Any, *quantities: str, alt: str, height: float = 1.5, **options: Any
) -> Figure:
    """Draw several quantities below one another, as one figure of the book.

    Args:
        trace: as in :func:`plot`, like the options.
        quantities: names of its fields.
        alt: what a reader who does not see the figure must know: what is drawn, what to notice.
        height: of each, in inches.
        options: of :func:`plot`, but for ``ax``.

    Returns:
        The figure, the same bytes for the same arguments.

    Raises:
        ValueError: as in :func:`plot`; or there is no quantity, or no alt text.

    Source: none; a tool of the chapters.
    """
    if not quantities:
        raise ValueError("quantities: expected at least one, given none")

    def draw(canvas: Canvas) -> None:
        every = canvas.subplots(len(quantities), 1, squeeze=False)[:, 0]
        for axes, quantity in zip(every, quantities, strict=True):
            plot(trace, quantity, ax=axes, **options)
            if axes is not every[-1]:
                axes.set_xlabel("")

    return draw_figure(draw, (5.6, 0.4 + height * len(quantities)), alt)


def _of_one(values: Tensor, layer: int, direction: int, sequence: int, batch_first: bool) -> Tensor:
    """Of all layers, directions and sequences one, (T, H)."""
    if values.dim() not in (4, 5):
        raise ShapeError(
            "trace: expected tensors (layers, directions, T, B, H) or (…, T, H), "
            f"given {tuple(values.shape)}"
        )
    if values.dim() == 4:
        values = values.unsqueeze(2 if batch_first else 3)
    if batch_first:
        values = values.transpose(2, 3)
    places = {"layer": (layer, 0), "direction": (direction, 1), "sequence": (sequence, 3)}
    for name, (number, axis) in places.items():
        if not -values.shape[axis] <= number < values.shape[axis]:
            raise ValueError(f"{name}: expected less than {values.shape[axis]}, given {number}")
    return values[layer, direction, :, sequence]


def _beside(color: str) -> str:
    """The next colour, which the site does not replace."""
    return f"#{int(color[1:], 16) ^ 1:06x}"


def _number(axis: mpl.axis.Axis, count: int) -> None:
    """Write some of the numbers 0, 1, …, each in the middle of its cell."""
    places = MaxNLocator(min(count, 8), integer=True).tick_values(0, max(count - 1, 1))
    numbers = [int(n) for n in places if 0 <= n < count]
    axis.set_ticks([n + 0.5 for n in numbers], [str(n) for n in numbers])
