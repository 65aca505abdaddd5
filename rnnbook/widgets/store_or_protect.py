"""The explorable of chapter 2's trade-off: what a gate lets in, and what it misses."""

from __future__ import annotations

import math

import traitlets

from rnnbook.widgets.explorable import Adjustable, Number, module, plain
from rnnbook.worlds import Hidden
from rnnbook.worlds.flagged import error_per_step

NOISE, P = 0.35, 0.2  # the chapter's world
STEPS = 100
BLIND = math.log(P / (1 - P))
DERIVED = Hidden(P, NOISE).gate()


def _world(weight: float, bias: float, noise: float = NOISE, p: float = P) -> dict[str, float]:
    return {"w_v": weight, "b": bias, "noise": noise, "p": p}


PRESETS = [
    {
        "name": "Best fixed weight",
        "about": "A gate that sees nothing (w_v = 0) and writes p = 0.2 of everything. All four "
        "fifths of the error that writing nothing makes are still there.",
        "set": _world(0.0, BLIND),
    },
    {
        "name": "Write everything",
        "about": "w_v = 0 and b = 10: nothing is missed, and every distractor comes in.",
        "set": _world(0.0, 10.0),
    },
    {
        "name": "Derived (2.6)",
        "about": "Bayes’ rule, no training: w_v = 1/η² and b = ln(p/(1 − p)) − 1/(2η²). Both "
        "errors are small.",
        "set": _world(*DERIVED),
    },
    {
        "name": "Nearly decides",
        "about": "The same line between the two, but almost all or nothing. It is sure where it "
        "should doubt, and errs a fifth more.",
        "set": _world(40.0, 40 * DERIVED[1] / DERIVED[0]),
    },
    {
        "name": "Worse evidence",
        "about": "With η = 0.7 the two kinds overlap. The best gate (this one) gives even typical "
        "evidence, v = 1, less than one half.",
        "set": _world(*Hidden(P, 0.7).gate(), noise=0.7),
    },
]


class StoreOrProtect(Adjustable):
    r"""Numbers that count and distractors, by their evidence, and a gate i = σ(w_v·v + b) for both.

    Above, how often each evidence comes, for either kind; shaded, the part of it that becomes
    error: distractors times the square of the share let in, what counts times the square of the
    share kept out. Below, the gate. A hand that turns the weight leaves what the gate says at
    v = ½ as it is, where the evidence fits both kinds alike. Last, the error to expect.

    Args:
        w_v: weight of the evidence.
        b: bias.
        noise: η, the evidence's standard deviation about 1 (counts) or 0 (distractor).
        p: probability that a number counts.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, and the range.

    Source: the post, eq. (2); Hochreiter & Schmidhuber (1997). Chapter 2.
    """

    presets = PRESETS

    _esm = module("store_or_protect")

    w_v = Number(0.0, 0, 40, step=0.1, label="weight w_v")
    b = Number(round(BLIND, 3), -40, 20, step=0.1)
    noise = Number(NOISE, 0.15, 1.5, step=0.01, ratio=True, label="noise η")
    p = Number(P, 0.02, 0.5, step=0.01, ratio=True, label="count p")
    title = traitlets.Unicode("Store or protect").tag(sync=True)
    try_this = traitlets.Unicode(
        "This is the best fixed weight. Turn w_v up: the line bends about its middle. Bring the "
        "error within 3\u00a0% of the derived gate’s. What happens if you go on?"
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "A flat line pays with both errors at once. A steeper one tells the two kinds apart; too "
        "steep, it is sure where they overlap. At v = ½ the best gate says p."
    ).tag(sync=True)
    key = traitlets.Unicode("store-or-protect").tag(sync=True)

    @property
    def text(self) -> str:
        """What the gate writes of either kind, and the errors, in sentences."""
        event = Hidden(self.p, self.noise)
        errors = {
            "writing nothing": self.p,
            "the best fixed weight": self.p * (1 - self.p),
            "this gate": error_per_step(event, self.w_v, self.b),
            "the derived gate (2.6)": error_per_step(event, *event.gate()),
        }
        said = ", ".join(f"{plain(STEPS * error)} for {name}" for name, error in errors.items())
        shares = [1 / (1 + math.exp(-(self.w_v * v + self.b))) for v in (0, 0.5, 1)]
        return (
            f"{self.title}. i = σ(w_v·v + b) with w_v = {plain(self.w_v)} and b = {plain(self.b)} "
            f"writes {plain(shares[0])} of a number at the evidence v = 0 (a typical distractor), "
            f"{plain(shares[1])} at v = 0.5 and {plain(shares[2])} at v = 1 (a typical number that "
            f"counts). With noise η = {plain(self.noise)} and numbers that count with probability "
            f"p = {plain(self.p)}, the mean square error after {STEPS} steps is {said}. "
            f"Notice: {self.notice}"
        )
