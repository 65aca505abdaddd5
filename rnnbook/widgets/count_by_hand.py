"""The explorable of equation (4): a counter for aⁿbⁿ, made of four numbers, and where it breaks."""

from __future__ import annotations

import math

import traitlets

from rnnbook.widgets.explorable import Adjustable, Number, module, plain
from rnnbook.worlds.counter import longest_count

MOST = 500
"""The longest n that is looked at."""


def _weights(f: float, w_b: float = -2.0) -> dict[str, float]:
    return {"b_f": math.log(f / (1 - f)), "b_i": 4.0, "w_a": 2.0, "w_b": w_b}


PRESETS = [
    {
        "name": "Keep a half",
        "about": "b_f = 0, about where PyTorch starts: f = ½. Two letters are already too many.",
        "set": _weights(0.5),
    },
    {
        "name": "Keep 0.9",
        "about": "A stored value matters for 10 steps: its lifetime. The count is right up to 2.",
        "set": _weights(0.9),
    },
    {
        "name": "Keep 0.999",
        "about": "A lifetime of 1,000 steps, a hundred times as long. The count gets ten times as "
        "far.",
        "set": _weights(0.999),
    },
    {
        "name": "Unequal writes",
        "about": "f = 0.99, as good as 7. But here a b takes away less than an a has brought, as "
        "much less as the earlier letters have faded: the mistakes of short and of long strings "
        "have opposite signs.",
        "set": _weights(0.99, -1.21),
    },
]


class CountByHand(Adjustable):
    r"""Equation (4) as a counter: each a writes +g, each b writes −g, and the gate keeps a share.

    Above, one step with every number on its wire. Below, the cell state along the string aⁿbⁿ, and,
    for every n, what it holds before and after the last b: the counter is right where the one is
    above half of a write and the other is not.

    Args:
        b_f: forget bias, f = σ(b_f).
        b_i: input bias, i = σ(b_i).
        w_a: the candidate's weight of an a, C̃ = tanh(w_a).
        w_b: the candidate's weight of a b.
        n: how many of each letter the string has.
        step: the letter whose numbers are shown.
        goal: the n that is to be reached.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, and the range.

    Source: the post, eq. (4); the task of Gers & Schmidhuber (2001). Chapter 4.
    """

    presets = PRESETS

    _esm = module("count_by_hand")

    b_f = Number(2.2, -2, 12, step=0.05, label="bias b_f")
    b_i = Number(4.0, -4, 12, step=0.1, label="bias b_i")
    w_a = Number(2.0, -4, 4, step=0.05, label="weight w_a")
    w_b = Number(-2.0, -4, 4, step=0.05, label="weight w_b")
    n = Number(6, 1, 40, whole=True)
    step = Number(8, 1, 80, whole=True)
    goal = Number(10, 1, 100, fixed=True)
    title = traitlets.Unicode("Build a counter out of equation (4)").tag(sync=True)
    try_this = traitlets.Unicode(
        "Raise b_f until the counter is right up to n = 10. How much of the cell must be kept?"
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "The letters that came first have faded by the time the last b comes. The same number of "
        "letters b then takes away more than is left."
    ).tag(sync=True)
    key = traitlets.Unicode("count-by-hand").tag(sync=True)

    @property
    def gates(self) -> tuple[float, float, float]:
        """f, and what an a and a b write, i·C̃."""
        f, i = (1 / (1 + math.exp(-b)) for b in (self.b_f, self.b_i))
        return f, i * math.tanh(self.w_a), i * math.tanh(self.w_b)

    @property
    def longest(self) -> int:
        """Up to which n the counter is right."""
        f, *write = self.gates
        return longest_count(f, write=tuple(write), theta=write[0] / 2, most=MOST)

    @property
    def text(self) -> str:
        """The numbers of the counter and how far it counts, in sentences."""
        f, g_a, g_b = self.gates
        return (
            f"{self.title}. The forget gate keeps f = {plain(f)} at each step; an a writes "
            f"{plain(g_a)}, a b writes {plain(g_b)}. The string is called over as soon as the cell "
            f"state is at most {plain(g_a / 2)}. That is right for all strings up to "
            f"n = {self.longest}. Notice: {self.notice}"
        )
