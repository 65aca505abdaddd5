"""A trace as a heat map: the numbers that are drawn, and what stands beside them."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

import rnnbook
from rnnbook.plots import heat_maps, plot
from rnnbook.quantities import QUANTITIES
from rnnbook.shapes import ShapeError

T, B, D, H = 5, 3, 2, 4


@pytest.fixture(autouse=True)
def figures():
    yield
    plt.close("all")


def trace_of(layer: torch.nn.Module, *shape: int):
    x = torch.randn(*shape, generator=torch.Generator().manual_seed(1))
    return layer(x, trace=True)[2]


def layer_of(kind=rnnbook.LSTM, **options):
    torch.manual_seed(0)
    return kind(D, H, 2, bidirectional=True, **options)


def drawn(axes) -> np.ndarray:
    """The numbers (T, H) that the mesh shows."""
    return np.asarray(axes.collections[0].get_array()).T


@pytest.mark.parametrize("layout", ["time first", "batch first", "unbatched"])
@pytest.mark.parametrize("quantity", ["f", "C", "h"])
def test_the_heat_map_shows_the_numbers_of_one_layer_direction_and_sequence(layout, quantity):
    batch_first = layout == "batch first"
    shape = {"time first": (T, B, D), "batch first": (B, T, D), "unbatched": (T, D)}[layout]
    trace = trace_of(layer_of(batch_first=batch_first), *shape)
    values = getattr(trace, quantity).detach()[1, 1]
    if layout != "unbatched":
        values = values[2] if batch_first else values[:, 2]
    sequence = 0 if layout == "unbatched" else 2
    options = {"layer": 1, "direction": 1, "sequence": sequence, "batch_first": batch_first}
    axes = plot(trace, quantity, **options)
    np.testing.assert_allclose(drawn(axes), values, rtol=0, atol=0)
    assert drawn(plot(trace, quantity, **options, length=3)).shape == (3, H)


@pytest.mark.parametrize("quantity", ["f", "i", "C_tilde", "C", "o", "h"])
def test_it_says_what_it_shows_and_of_which_steps_and_units(quantity):
    _, given = plt.subplots()
    axes = plot(trace_of(layer_of(), T, B, D), quantity, ax=given, steps=list("abcde"))
    assert axes is given
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("step", "unit")
    known = QUANTITIES[quantity]
    assert axes.get_title(loc="left") == f"${known.latex}_t$  {known.name}"
    assert [label.get_text() for label in axes.get_xticklabels()] == list("abcde")
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0", "1", "2", "3"]
    first, last = axes.transData.transform([(0.5, 0.5), (T - 0.5, H - 0.5)])
    assert first[0] < last[0], "steps go from left to right"
    assert first[1] > last[1], "and units from top to bottom"


def test_a_gate_goes_from_white_to_its_colour_and_a_state_has_a_sign():
    trace = trace_of(layer_of(), T, B, D)._replace(C=torch.full((2, 2, T, B, H), -3.0))
    gate, state = (plot(trace, name).collections[0] for name in ("f", "C"))
    assert (gate.norm.vmin, gate.norm.vmax) == (0, 1)
    assert (state.norm.vmin, state.norm.vmax) == (-3, 3)
    own = mpl.colors.to_rgb(QUANTITIES["f"].light)
    np.testing.assert_allclose(gate.cmap(1.0)[:3], own, atol=0.01)
    for colors in (gate.cmap(0.0), state.cmap(0.5)):
        assert min(colors[:3]) > 0.98
    red, _, blue, _ = state.cmap(0.0)
    assert blue > red
    red, _, blue, _ = state.cmap(1.0)
    assert red > blue


def test_a_recorded_model_of_pytorchs_can_be_drawn():
    model = torch.nn.Sequential(torch.nn.GRU(D, H))
    with rnnbook.record(model) as traces:
        model(torch.randn(T, B, D))
    trace = traces["0"][0]
    np.testing.assert_array_equal(drawn(plot(trace, "z")), trace.z[0, 0, :, 0])


def test_several_quantities_make_one_figure_with_the_same_bytes():
    trace = trace_of(layer_of(), T, B, D)
    figure = heat_maps(trace, "f", "C", alt="what it shows", sequence=1)
    assert figure.alt == "what it shows"
    assert figure.svg == heat_maps(trace, "f", "C", alt="what it shows", sequence=1).svg
    for words in ("forget gate", "cell state", "step", "unit"):
        assert words in figure.svg
    assert QUANTITIES["f"].light in figure.svg  # the title's; the cells keep theirs in the dark
    with pytest.raises(ValueError, match="quantities: expected at least one"):
        heat_maps(trace, alt="nothing")
    with pytest.raises(ValueError, match="alt: expected a description"):
        heat_maps(trace, "f", alt=" ")


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("g",), {}, r"quantity: expected one of f, i, C_tilde, C, o, h; given 'g'"),
        (("f",), {"layer": 2}, "layer: expected less than 2, given 2"),
        (("f",), {"direction": 2}, "direction: expected less than 2, given 2"),
        (("f",), {"sequence": B}, "sequence: expected less than 3, given 3"),
        (("f",), {"steps": "abc"}, "steps: expected 5 labels, given 3"),
    ],
)
def test_what_a_trace_has_not_is_named(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        plot(trace_of(layer_of(), T, B, D), *arguments, **options)


def test_a_trace_of_other_shapes_is_refused():
    trace = trace_of(layer_of(), T, B, D)
    with pytest.raises(ShapeError, match=r"layers, directions, T, B, H"):
        plot(trace._replace(f=trace.f[0, 0]), "f")
