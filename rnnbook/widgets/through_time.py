"""The explorable of chapter 0: one plain recurrent unit, its past and its gradient."""

from __future__ import annotations

import math

import traitlets

from rnnbook.widgets.explorable import Adjustable, Choice, Number, module, plain

PRESETS = [
    {
        "name": "Vanishing",
        "about": "w = ½ halves the bound at every step, and tanh′ takes a little more: "
        "after ten steps less than a thousandth of the gradient is left.",
        "set": {"phi": "tanh", "w": 0.5, "b": 0.0, "h_0": 0.8, "steps": 30.0},
    },
    {
        "name": "Saturated",
        "about": "The bound 3^t explodes, and the gradient vanishes all the same: h sits where "
        "tanh is flat, so each step's gain is far below 1.",
        "set": {"phi": "tanh", "w": 3.0, "b": 0.0, "h_0": 0.8, "steps": 30.0},
    },
    {
        "name": "At the edge",
        "about": "w = 1: the bound stays at 1, yet h creeps to 0 and every step loses something: "
        "the gradient falls like a power of t.",
        "set": {"phi": "tanh", "w": 1.0, "b": 0.0, "h_0": 0.8, "steps": 100.0},
    },
    {
        "name": "Exploding",
        "about": "At h = 0 tanh has slope 1, so every step's gain is w = 1.5. The state stands "
        "still, and the gradient explodes.",
        "set": {"phi": "tanh", "w": 1.5, "b": 0.0, "h_0": 0.0, "steps": 30.0},
    },
    {
        "name": "Exploding, linear",
        "about": "Without the squashing, gain and bound are the same: 1.1 to the power t. "
        "A tenth too much, 60 steps, a factor of 300.",
        "set": {"phi": "identity", "w": 1.1, "b": 0.0, "h_0": 0.8, "steps": 60.0},
    },
    {
        "name": "Carousel",
        "about": "Identity and w = 1: the gain is exactly 1 at every step, for ever. "
        "Now give it a little b, and watch what never forgets.",
        "set": {"phi": "identity", "w": 1.0, "b": 0.0, "h_0": 0.8, "steps": 100.0},
    },
]


class ThroughTime(Adjustable):
    r"""One plain recurrent unit in silence, h_t = φ(w·h_{t-1} + b), and its gradient through time.

    Four views: the map from h_{t-1} to h_t with the path that the state takes on it, the state over
    time, the gain of every step, and their product, the size of ∂h_t/∂h_0, against its bound.

    Args:
        w: recurrent weight.
        b: bias, which may stand for a constant input.
        h_0: state at the start.
        steps: length of the time axis.
        phi: "tanh" or "identity".
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, and the range.

    Source: Hochreiter & Schmidhuber (1997); Bengio, Simard & Frasconi (1994). Chapter 0.
    """

    presets = PRESETS

    _esm = module("through_time")

    w = Number(1.5, -4, 4, step=0.05, label="weight w")
    h_0 = Number(0.1, -1, 1, step=0.05, label="start h_0")
    b = Number(0.0, -2, 2, step=0.05, label="bias b")
    steps = Number(30, 5, 200, whole=True, ratio=True, label="steps T")
    phi = Choice("tanh", "identity", label="activation φ")
    title = traitlets.Unicode("One recurrent unit, and its gradient through time").tag(sync=True)
    try_this = traitlets.Unicode(
        "Find a weight w whose gradient is still above 0.1 after 30 steps. "
        "Then set the bias b to 0.1, and see what is left of it."
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "With tanh, |w| > 1 does not save the gradient where something is stored: tanh′ is a "
        "factor of every step's gain. Only identity with |w| = 1 keeps the product's size at 1 "
        "from every start."
    ).tag(sync=True)
    key = traitlets.Unicode("through-time").tag(sync=True)

    @property
    def text(self) -> str:
        """Where the state ends, and what is left of the gradient, in sentences."""
        state, gradient = self.h_0, 1.0
        for _ in range(int(self.steps)):
            a = self.w * state + self.b
            state = math.tanh(a) if self.phi == "tanh" else a
            gradient *= self.w * (1 - state**2 if self.phi == "tanh" else 1.0)
        return (
            f"{self.title}. h_t = {self.phi}(w·h_(t−1) + b) with w = {plain(self.w)}, "
            f"b = {plain(self.b)}, h_0 = {plain(self.h_0)}: after {self.steps:.0f} steps the state "
            f"is {plain(state)}, the gradient |∂h_t/∂h_0| is {plain(abs(gradient))} and its bound "
            f"|w|^t is {plain(abs(self.w) ** self.steps)}. Notice: {self.notice}"
        )
