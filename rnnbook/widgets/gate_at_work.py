"""The explorable of chapter 1's repair: a gate that keeps a running total, step by step."""

from __future__ import annotations

import math

import traitlets

from rnnbook.widgets.explorable import Adjustable, Number, module, plain

STEPS = 120
NOISE, P = 0.3, 0.02  # the chapter's world


def derived_gate(noise: float, p: float) -> tuple[float, float]:
    r"""Weight and bias of the best gate, equation (1.7).

    .. math:: w_v = -\frac{1}{\eta^2}, \qquad b = \ln\frac{1-p}{p} + \frac{1}{2\eta^2}

    Args:
        noise: η, the evidence's standard deviation, above 0.
        p: probability of a reset, in (0, 1).

    Returns:
        w_v and b, dimensionless.

    Source: chapter 1.
    """
    return -1 / noise**2, math.log1p(-p) - math.log(p) + 0.5 / noise**2


def gated_error(w_v: float, b: float, noise: float, p: float, steps: int = STEPS) -> float:
    r"""Mean square error of a gated total after so many steps, over all streams: exactly.

    The gates of different steps are independent of each other and of the values. So the
    error is a sum over ages:

    .. math::
        \mathbb{E}\,(C_t - y_t)^2
        = \sum_{k=0}^{t-1} \left( \mathbb{E}[f^2]^k - 2\,\mathbb{E}[f K]^k + q^k \right)

    Args:
        w_v: weight of the evidence in the gate, f = σ(w_v·v + b).
        b: bias of the gate.
        noise: η, the evidence's standard deviation, at least 0.
        p: probability of a reset, q = 1 − p.
        steps: t, at least 1.

    Returns:
        The error, in units of the values' variance.

    Source: chapter 1, equation (1.13).
    """
    kept, kept_square = _moments(w_v, b, 0.0, noise)
    _, reset_square = _moments(w_v, b, 1.0, noise)
    f_square = (1 - p) * kept_square + p * reset_square
    f_kept = (1 - p) * kept
    return sum(f_square**k - 2 * f_kept**k + (1 - p) ** k for k in range(steps))


def _moments(w_v: float, b: float, mean: float, noise: float) -> tuple[float, float]:
    """Mean of f and of f² over normal evidence, by the trapezium rule on ±7 deviations."""
    nodes = [k / 64 for k in range(-448, 449)]
    density = [math.exp(-0.5 * e * e) for e in nodes]
    gates = [_sigmoid(w_v * (mean + noise * e) + b) for e in nodes]
    mass = sum(density)
    return tuple(sum(d * f**n for d, f in zip(density, gates, strict=True)) / mass for n in (1, 2))


def _sigmoid(a: float) -> float:
    return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))


def _world(w_v: float, b: float, noise: float = NOISE, p: float = P) -> dict[str, float]:
    return {"w_v": w_v, "b": b, "noise": noise, "p": p}


DERIVED = derived_gate(NOISE, P)

PRESETS = [
    {
        "name": "Carousel",
        "about": "The gate sees nothing (w_v = 0) and b = 20 keeps everything: f = 1. After the "
        "first reset the memory runs beside the target, and never comes back.",
        "set": _world(0.0, 20.0),
    },
    {
        "name": "Best leak",
        "about": "Still blind, but b = ln(q/(1 − q)) makes f = q = 0.98, the best of all constant "
        "shares. It forgets a little at every step, and at a reset too little.",
        "set": _world(0.0, math.log((1 - P) / P)),
    },
    {
        "name": "Derived (1.7)",
        "about": "Bayes’ rule, no training: w_v = −1/η² and b = ln((1 − p)/p) + 1/(2η²). It "
        "forgets nothing most of the time, and nearly everything now and then.",
        "set": _world(*DERIVED),
    },
    {
        "name": "Wrong sign",
        "about": "The derived gate with both signs turned round: it forgets when it should keep, "
        "and keeps when it should forget.",
        "set": _world(-DERIVED[0], -DERIVED[1]),
    },
    {
        "name": "Noisy evidence",
        "about": "With η = 1 a single v says little. The best gate there is (this one) must "
        "compromise: it is hardly better than the leak.",
        "set": _world(*derived_gate(1.0, P), noise=1.0),
    },
]


class GateAtWork(Adjustable):
    r"""The running total of chapter 1, kept by a gate f_t = σ(w_v·v_t + b) that sees evidence.

    Three aligned strips over the same steps: target and memory, the gate, the evidence with the
    line at which the gate is one half, which can be dragged. Below, the error to expect of this
    gate beside the carousel's, the best leak's and the derived gate's. A hand that turns the weight
    leaves the line where it is, at v = −b/w_v: the gate gets sharper or softer, no more.

    Args:
        w_v: weight of the evidence.
        b: bias.
        noise: η, the evidence's standard deviation about 1 (reset) or 0 (none).
        p: probability of a reset.
        stream: number of the stream that is shown.
        step: the step whose numbers are shown.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, and the range.

    Source: the post, eq. (1); Gers, Schmidhuber & Cummins (2000). Chapter 1.
    """

    presets = PRESETS

    _esm = module("gate_at_work")

    w_v = Number(-3.0, -30, 30, step=0.1, label="weight w_v")
    b = Number(1.5, -60, 60, step=0.1)
    noise = Number(NOISE, 0.2, 2, step=0.01, ratio=True, label="noise η")
    p = Number(P, 0.005, 0.2, step=0.001, ratio=True, label="resets p")
    stream = Number(161, 1, 999, whole=True)
    step = Number(38, 1, STEPS, whole=True)
    title = traitlets.Unicode("A gate at work, on the running total").tag(sync=True)
    try_this = traitlets.Unicode(
        "Turn w_v to −11: the line f = ½ stays at 0.5, the gate gets sharper, and the leak is "
        "still better. Then drag the line to where the error is smallest. Where is that?"
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "Resets are rare, so the gate must not believe every doubtful sign: the line belongs not "
        "at the middle but at θ = ½ + η² ln(q/p), here 0.85. Close to it the gate hedges."
    ).tag(sync=True)
    key = traitlets.Unicode("gate-at-work").tag(sync=True)

    @property
    def text(self) -> str:
        """What the gate keeps with and without a reset, and the errors, in sentences."""
        gates = {
            "this gate": (self.w_v, self.b),
            "the carousel": (0.0, math.inf),
            "the best leak": (0.0, math.log((1 - self.p) / self.p)),
            "the derived gate (1.7)": derived_gate(self.noise, self.p),
        }
        errors = ", ".join(
            f"{plain(math.sqrt(gated_error(*gate, self.noise, self.p)))} for {name}"
            for name, gate in gates.items()
        )
        return (
            f"{self.title}. f_t = σ(w_v·v_t + b) with w_v = {plain(self.w_v)} and "
            f"b = {plain(self.b)} keeps {plain(_sigmoid(self.b))} of the memory at the evidence "
            f"v = 0 (no reset) and {plain(_sigmoid(self.w_v + self.b))} at v = 1 (a reset). With "
            f"noise η = {plain(self.noise)} and a reset at a step with probability "
            f"p = {plain(self.p)}, the root mean square error after {STEPS} steps is {errors}. "
            f"Notice: {self.notice}"
        )
