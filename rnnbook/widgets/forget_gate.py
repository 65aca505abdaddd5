"""The explorable of equation (1): one unit's forget gate and what it keeps."""

from __future__ import annotations

import math

import torch
import traitlets

from rnnbook.timescales import chrono_bias
from rnnbook.widgets.explorable import Adjustable, Number, module, plain

SMALL = {"w_x": 0.2, "w_h": -0.1}  # weights as a layer of some 16 units draws them
LONGEST = 100  # T_max of the chrono preset


def one_draw(units: int = 16) -> list[float]:
    """The chrono biases of one layer, drawn as the package draws them."""
    drawn = chrono_bias(units, LONGEST, torch.Generator().manual_seed(0))
    return sorted(round(bias, 4) for bias in drawn.tolist())


PRESETS = [
    {
        "name": "PyTorch’s default",
        "about": "Weights and both bias vectors are drawn from U(−1/√H, 1/√H). "
        "The biases add up to 0 on average, so f scatters about ½: half is gone after one step.",
        "set": {**SMALL, "b": 0.0, "x": 0.0, "h": 0.0, "steps": 30.0},
    },
    {
        "name": "Forget bias 1",
        "about": "One number, set before training: f ≈ 0.73 while x and h are silent, "
        "and the half-life is 2.2 steps instead of 1.",
        "set": {**SMALL, "b": 1.0, "x": 0.0, "h": 0.0, "steps": 30.0},
    },
    {
        "name": f"Chrono, T_max = {LONGEST}",
        "about": "Each unit draws u from U(1, 99) and starts with b = log u, so f = 1 − 1/(1 + u). "
        "Bold: u = 50, a half-life of 35 steps; faint: 16 units of one draw.",
        "set": {**SMALL, "b": math.log(50.0), "x": 0.0, "h": 0.0, "steps": 100.0},
        "draw": one_draw(),
    },
    {
        "name": "Keep until told",
        "about": "b = 4 says keep, and while x = 0 nothing else is said: f = 0.98. "
        "Slide the input x to 1: its weight w_x = −6 says forget, and f falls to 0.12.",
        "set": {"w_x": -6.0, "w_h": 0.0, "b": 4.0, "x": 0.0, "h": 0.0, "steps": 100.0},
    },
    {
        "name": "Saturated",
        "about": "b = 8 keeps nearly for ever, and σ′ = f(1 − f) is about 0.0003: "
        "almost no gradient is left to change the gate's mind.",
        "set": {**SMALL, "b": 8.0, "x": 0.0, "h": 0.0, "steps": 1000.0},
    },
]


class ForgetGate(Adjustable):
    r"""The forget gate of one unit, f = σ(w_x·x + w_h·h + b), and a stored value that it scales.

    Three views of one gate (equation, wires, code), the logistic curve with the working point on
    it, and C_t = f^t·C_0 with its half-life. The working point and the half-life can be dragged
    (both set b), and so can the numbers in the equation and on the wires.

    Args:
        w_x, w_h: weights of the input and of the hidden state.
        b: bias.
        x, h: input and hidden state, held still over all steps.
        steps: length of the time axis.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        goal: the half-life in steps for which the Try line asks, and which it ticks off when found;
            0 for none.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, and the range.

    Source: the post, eq. (1); Gers, Schmidhuber & Cummins (2000). Chapter 1.
    """

    presets = PRESETS

    _esm = module("forget_gate")

    w_x = Number(1.5, -6, 6, step=0.05, label="weight w_x")
    x = Number(0.8, -2, 2, step=0.05, label="input x")
    w_h = Number(-1.0, -6, 6, step=0.05, label="weight w_h")
    h = Number(0.4, -1, 1, step=0.05, label="hidden h")
    b = Number(1.0, -8, 8, step=0.05, label="bias b")
    steps = Number(30, 5, 1000, whole=True, ratio=True, label="steps T")
    goal = Number(10, 0, 1000, fixed=True)
    title = traitlets.Unicode("One forget gate, and what it keeps").tag(sync=True)
    try_this = traitlets.Unicode(
        "Drag the point along σ until half of the stored value survives 10 steps. "
        "Then do it again with the half-life mark."
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "Long memories live in the flat part of σ, near f = 1, where the slope f(1 − f) is small. "
        "What is stored there is larger, and multiplies the gradient too, by (1.12)."
    ).tag(sync=True)
    key = traitlets.Unicode("forget-gate").tag(sync=True)

    @property
    def text(self) -> str:
        """The gate's value, its half-life and its slope, in sentences."""
        a = self.w_x * self.x + self.w_h * self.h + self.b
        f = 1 / (1 + math.exp(-a))
        half_life = math.log(2) / math.log1p(math.exp(-a))
        fall = (
            "Less than half of a stored value is left after one step"
            if half_life < 0.995
            else f"A stored value falls to half of itself in {plain(half_life)} steps"
        )
        return (
            f"{self.title}. f = σ(w_x·x + w_h·h + b) = "
            f"σ({plain(self.w_x)}·{plain(self.x)} + {plain(self.w_h)}·{plain(self.h)} + "
            f"{plain(self.b)}) = {plain(f)}. {fall}; "
            f"the slope of σ there is f(1 − f) = {plain(f * (1 - f))}. "
            f"Notice: {self.notice}"
        )
