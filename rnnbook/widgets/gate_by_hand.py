"""The explorable that comes before a gate's formula: the reader's own hand is the gate."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import traitlets

from rnnbook.widgets.chance import Chance
from rnnbook.widgets.explorable import Adjustable, Choice, Number, Row, module, plain
from rnnbook.widgets.gate_at_work import derived_gate
from rnnbook.worlds import Hidden

STEPS, NOISE, P, SEED = 40, 0.4, 0.1, 4737

RULES: dict[str, Callable[[float, float, float], float]] = {
    "keep": lambda g, C, x: g * C + x,
    "write": lambda g, C, x: C + g * x,
    "show": lambda g, h, C: g * C,
    "believe": lambda g, h, x: 2 * g - 1,
    "overwrite": lambda g, h, s: g * h + (1 - g) * s,
}
"""What the share does: C_t = g_t·C_{t−1} + x_t, or C_t = C_{t−1} + g_t·x_t, or h_t = g_t·C_t; or it
is the probability that a sign is up, whose mean is h_t = 2g_t − 1; or
h_t = g_t·h_{t−1} + (1 − g_t)·x_t."""

WORDS = {
    "target": "target",
    "memory": "memory",
    "stored": "stored",
    "gate": "share that is kept",
    "evidence": "evidence v_{t}",
    "mark": "reset",
    "stream": "running total",
    "all": "Keep everything",
    "marked": "Forget at the marks",
    "best": "Show the best gate",
}
"""The words of the running total; another world names its own."""


def _stream(
    seed: int,
    steps: int,
    chance: float,
    noise: float,
    gate: tuple[float, float],
    step: Callable[[float, bool, float], tuple[float, float, float]],
) -> dict[str, list]:
    """A stream to two decimals: from total, event and number `step` makes total, value, target."""
    source, total = Chance(seed), 0.0
    stream: dict[str, list] = {
        name: [] for name in ("values", "targets", "evidence", "marked", "best_gate")
    }
    for _ in range(steps):
        event = source.uniform() < chance
        x, error = source.pair()
        total, value, target = step(total, event, round(x, 2))
        v = round(event + noise * error, 2)
        share = 1 / (1 + math.exp(-(gate[0] * v + gate[1])))
        for name, one in zip(stream, (value, target, v, event, round(share, 4)), strict=True):
            stream[name].append(one)
    return stream


def running_total(
    seed: int = SEED, steps: int = STEPS, noise: float = NOISE, p: float = P
) -> dict[str, list]:
    r"""One stream of chapter 1, to two decimals, and the gate that is best for all streams like it.

    Args:
        seed: the stream's number.
        steps: T, its length.
        noise: η, the evidence's standard deviation.
        p: probability of a reset.

    Returns:
        values x_t, targets y_t, evidence v_t, marked (whether a reset), best_gate
        :math:`P(K_t = 1 \mid v_t)`, lists of length T.

    Source: chapter 1, (1.7).
    """

    def step(total: float, reset: bool, x: float) -> tuple[float, float, float]:
        total = round((0 if reset else total) + x, 2)
        return total, x, total

    return _stream(seed, steps, p, noise, derived_gate(noise, p), step)


FLAGGED_NOISE, FLAGGED_P, FLAGGED_SEED = 0.35, 0.2, 707

FLAGGED_WORDS = {
    "gate": "share that is written",
    "mark": "flag",
    "stream": "sum of what counts",
    "all": "Write everything",
    "marked": "Open at the marks",
}
"""The words of chapter 2's stream."""


def flagged_sum(
    seed: int = FLAGGED_SEED,
    steps: int = STEPS,
    noise: float = FLAGGED_NOISE,
    p: float = FLAGGED_P,
) -> dict[str, list]:
    r"""One stream of chapter 2, to two decimals, and the gate that is best for all streams like it.

    Args:
        seed: the stream's number.
        steps: T, its length.
        noise: η, the evidence's standard deviation.
        p: probability that a number counts.

    Returns:
        values x_t, targets y_t, evidence v_t, marked (whether the number counts), best_gate
        :math:`P(R_t = 1 \mid v_t)`, lists of length T.

    Source: chapter 2, (2.6).
    """

    def step(total: float, counts: bool, x: float) -> tuple[float, float, float]:
        total = round(total + counts * x, 2)
        return total, x, total

    return _stream(seed, steps, p, noise, Hidden(p, noise).gate(), step)


def memory(rule: str, values: Sequence[float], gate: Sequence[float]) -> list[float]:
    """C_1 … C_T of a gate that is given step by step, from C_0 = 0; or h_1 … h_T, what is shown.

    Args:
        rule: "keep", C_t = g_t·C_{t−1} + x_t; "write", C_t = C_{t−1} + g_t·x_t; "show",
            h_t = g_t·C_t, where the values are C_t; "believe",
            h_t = 2g_t − 1; or "overwrite", h_t = g_t·h_{t−1} + (1 − g_t)·x_t.
        values: x_t.
        gate: g_t, as many.

    Returns:
        The memory after each step.
    """
    C, states = 0.0, []
    for x, g in zip(values, gate, strict=True):
        C = RULES[rule](g, C, x)
        states.append(C)
    return states


def rms_error(states: Sequence[float], targets: Sequence[float]) -> float:
    """The root of the mean square of what a memory misses its target by, over all steps."""
    squares = [(C - y) ** 2 for C, y in zip(states, targets, strict=True)]
    return math.sqrt(sum(squares) / len(squares))


ASKED_NOISE, ASKED_Q, ASKED_SEED = 0.35, 0.2, 1111

ASKED_WORDS = {
    "target": "asked for",
    "memory": "shown",
    "gate": "share that is shown",
    "mark": "question",
    "stream": "stored and shown",
    "all": "Show everything",
    "marked": "Open at the marks",
}
"""The words of chapter 5's stream."""


def asked_total(
    seed: int = ASKED_SEED, steps: int = STEPS, noise: float = ASKED_NOISE, q: float = ASKED_Q
) -> dict[str, list]:
    r"""One stream of chapter 5, to two decimals, and the gate that is best for all streams like it.

    Args:
        seed: the stream's number.
        steps: T, its length.
        noise: η, the evidence's standard deviation.
        q: probability that the total is asked for.

    Returns:
        values C_t (the totals), targets :math:`Q_t C_t`, evidence v_t, marked (whether it is asked
        for), best_gate :math:`P(Q_t = 1 \mid v_t)`, lists of length T.

    Source: chapter 5, (5.5).
    """

    def step(total: float, asked: bool, x: float) -> tuple[float, float, float]:
        total = round(total + x, 2)
        return total, total, total if asked else 0.0

    return _stream(seed, steps, q, noise, Hidden(q, noise).gate(), step)


SIGN_RIGHT, SIGN_ANEW, SIGN_SEED = 0.75, 0.1, 183

SIGN_WORDS = {
    "target": "sign",
    "memory": "belief",
    "gate": "how probable ▲ is",
    "evidence": "reports ▲ +1, ▼ −1",
    "mark": "turn",
    "stream": "the sign, and your belief in it",
    "all": "Believe each report",
    "best": "Show the best belief",
}
"""The words of chapter 6's stream."""


def reported_sign(
    seed: int = SIGN_SEED,
    steps: int = STEPS,
    right: float = SIGN_RIGHT,
    anew: float = SIGN_ANEW,
) -> dict[str, list]:
    r"""One stream of chapter 6: a sign, reports of it, and the best belief in it.

    Args:
        seed: the stream's number.
        steps: T, its length.
        right: ρ, how often a report is right.
        anew: p, how often the sign is drawn anew.

    Returns:
        values and evidence m_t, targets s_t, marked (whether the sign turned), best_gate
        :math:`P(s_t = +1)` given the reports so far, lists of length T.

    Source: chapter 6, (6.5).
    """
    source, sign, C = Chance(seed), 1.0, 0.0
    ell = 0.5 * math.log(right / (1 - right))
    stream: dict[str, list] = {
        name: [] for name in ("values", "targets", "evidence", "marked", "best_gate")
    }
    for t in range(steps):
        fresh = 1.0 if source.uniform() < 0.5 else -1.0
        now = fresh if source.uniform() < anew or t == 0 else sign
        turned, sign = t > 0 and now != sign, now
        report = sign if source.uniform() < right else -sign
        C = math.atanh((1 - anew) * math.tanh(C)) + ell * report
        up = round(1 / (1 + math.exp(-2 * C)), 4)
        for name, one in zip(stream, (report, sign, report, turned, up), strict=True):
            stream[name].append(one)
    return stream


def believed(reports: Sequence[float], keep: float, right: float = SIGN_RIGHT) -> list[float]:
    r"""How probable +1 is if equation (4) keeps the evidence.

    .. math:: \sigma(2C_t), \qquad C_t = f\,C_{t-1} + \ell\,m_t

    Args:
        reports: m_t.
        keep: f.
        right: ρ.

    Source: chapter 6, (6.6).
    """
    ell = 0.5 * math.log(right / (1 - right))
    held = memory("keep", [ell * r for r in reports], [keep] * len(reports))
    return [round(1 / (1 + math.exp(-2 * C)), 4) for C in held]


ORDER_NOISE, ORDER_P, ORDER_SEED = 0.35, 0.1, 7484

ORDER_WORDS = {
    "target": "last order",
    "memory": "held",
    "gate": "share that is kept; the rest is written",
    "mark": "new order",
    "stream": "signs, last order",
    "all": "Keep everything",
    "marked": "Overwrite at the marks",
}
"""The words of chapter 7's stream."""


def last_order(
    seed: int = ORDER_SEED, steps: int = STEPS, noise: float = ORDER_NOISE, p: float = ORDER_P
) -> dict[str, list]:
    r"""One stream of chapter 7, its signs seen clearly, and the gate that is best for all like it.

    Args:
        seed: the stream's number.
        steps: T, its length.
        noise: η, the standard deviation of the evidence of an order.
        p: probability that a sign is an order.

    Returns:
        values s_t, targets (the last order, 0 before the first), evidence v_t, marked (whether an
        order), best_gate :math:`P(K_t = 1 \mid v_t)`, lists of length T.

    Source: chapter 7, (7.6).
    """

    def step(held: float, order: bool, x: float) -> tuple[float, float, float]:
        sign = math.copysign(1.0, x)
        held = sign if order else held
        return held, sign, held

    return _stream(seed, steps, p, noise, derived_gate(noise, p), step)


ADDED_WORDS = {
    **ORDER_WORDS,
    "gate": "share that is kept; the sign is added",
    "all": "Keep everything",
    "marked": "Start anew at the marks",
    "best": "Show the best bars found",
    "judged": "best bars found",
}
"""The words of chapter 10's stream, chapter 7's with a memory that adds."""


def best_bars(rule: str, stream: Mapping[str, Sequence], passes: int = 12) -> list[float]:
    """Shares in twentieths that no change of a single one makes better on this stream.

    They are found with the whole stream in sight, its target included, by trying every share of one
    step after the other, from one half everywhere.

    Args:
        rule: of :func:`memory`.
        stream: with ``values`` and ``targets``.
        passes: at most so many times over the stream.

    Source: chapter 10.
    """
    bars = [0.5] * len(stream["values"])

    def error(gate: Sequence[float]) -> float:
        return rms_error(memory(rule, stream["values"], gate), stream["targets"])

    now = error(bars)
    for _ in range(passes):
        before = now
        for t in range(len(bars)):
            for k in range(21):
                tried = [*bars[:t], k / 20, *bars[t + 1 :]]
                if (then := error(tried)) < now - 1e-9:
                    bars, now = tried, then
        if now == before:
            break
    return bars


class GateByHand(Adjustable):
    r"""A stream, a memory, and a gate that the reader draws: one bar for each step, painted across.

    Three strips over the same steps: the target with the memory, the bars of the gate, and the
    evidence. A stroke across the bars sets all that it passes; with keys, left and right go
    from step to step, and up and down set the bar. Below, the root mean square error of this gate
    on this stream beside that of no gate and of the best constant share, and, once the reader asks
    for it, of the gate that is best for all streams of its kind, as it is and cut to 0 or 1.

    Without arguments it is chapter 1's running total. Another world gives all of `values`,
    `targets`, `evidence`, `marked`, `best_gate`, its `rule` and its `words`.

    Args:
        gate: the bars at first; all 1 if not given.
        values, targets, evidence: x_t, y_t, v_t of a stream.
        marked: at which steps the event happens that the gate is for.
        best_gate: the shares of the best gate.
        rule: "keep", "write", "show", "believe" or "overwrite", as in :func:`memory`.
        words: what they are called; those of `WORDS` if not given.
        more: other gates for this stream, name to shares: one button for each.
        marks: "shown" or "hidden": whether the events and the target are seen.
        best: "hidden" or "shown": whether the best gate is seen.
        step: the step in hand.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, or rows that are not of one length.

    Source: chapter 1.
    """

    _esm = module("gate_by_hand")

    gate = Row()
    marks = Choice("shown", "hidden", label="marks, target")
    best = Choice("hidden", "shown")
    step = Number(1, 1, 400, whole=True)
    rule = traitlets.Unicode("keep").tag(sync=True)
    values = traitlets.List().tag(sync=True)
    targets = traitlets.List().tag(sync=True)
    evidence = traitlets.List().tag(sync=True)
    marked = traitlets.List().tag(sync=True)
    best_gate = traitlets.List().tag(sync=True)
    words = traitlets.Dict(WORDS).tag(sync=True)
    more = traitlets.Dict()
    title = traitlets.Unicode("Be the gate: what should the memory keep?").tag(sync=True)
    try_this = traitlets.Unicode(
        "Hide the marks, and pull bars down by the evidence alone: first all the way, note the "
        "error, and then with bars between. Which was smaller? Show the marks again to see why."
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "Where the evidence is clear the bar belongs at 1 or at 0. Where it is not, either is a "
        "bet, and a bar between them loses less on average: show the best gate, and see it cut to "
        "0 or 1."
    ).tag(sync=True)
    key = traitlets.Unicode("gate-by-hand").tag(sync=True)

    def __init__(self, **arguments: object) -> None:
        self._refuse_unknown(arguments)
        rows = ("values", "targets", "evidence", "marked", "best_gate")
        given = [name for name in rows if name in arguments]
        if given and len(given) < len(rows):
            missing = ", ".join(name for name in rows if name not in given)
            raise ValueError(f"GateByHand: a stream of your own needs {missing} too.")
        if not given:
            arguments = {**running_total(), **arguments}
        steps = len(arguments["values"])
        arguments = {"gate": [1.0] * steps, **arguments}
        for name in ("gate", *rows):
            if len(arguments[name]) != steps:
                found = len(arguments[name])
                raise ValueError(f"GateByHand: {name} must have {steps} steps; it has {found}.")
        if arguments.get("rule", "keep") not in RULES:
            known = " or ".join(map(repr, RULES))
            raise ValueError(f"GateByHand: rule must be {known}; it is {arguments['rule']!r}.")
        for name, row in arguments.get("more", {}).items():
            if len(row) != steps:
                raise ValueError(f"GateByHand: {name} must have {steps} steps; it has {len(row)}.")
        arguments["words"] = {**WORDS, **arguments.get("words", {})}
        super().__init__(**arguments)

    def error(self, gate: Sequence[float]) -> float:
        """The root mean square error of a gate on this stream."""
        return rms_error(memory(self.rule, self.values, gate), self.targets)

    @property
    def best_constant(self) -> float:
        """The constant share with the smallest error on this stream, to two decimals."""
        shares = [k / 100 for k in range(101)]
        return min(shares, key=lambda share: self.error([share] * len(self.values)))

    @property
    def cut_gate(self) -> list[float]:
        """The best gate without its doubts: 1 where it is at least one half, else 0."""
        return [float(share >= 0.5) for share in self.best_gate]

    @traitlets.default("_presets")
    def _own_presets(self) -> list[dict[str, object]]:
        steps, constant = len(self.values), self.best_constant
        at_marks = [float(mark == (self.rule not in ("keep", "overwrite"))) for mark in self.marked]
        rows = {
            "all": ([1.0] * steps, "Every bar at 1."),
            "constant": ([constant] * steps, f"One share at every step: {constant:g} is best."),
            "marked": (at_marks, "Every bar at 0 or 1, by the marks, which nobody sees in time."),
        }
        if self.rule == "believe":
            each = [0.5 + 0.5 * x for x in self.values]
            rows["all"] = (each, "Every bar at 1 or 0, as the last report says.")
            del rows["marked"]
        names = {**self.words, "constant": "Best constant"}
        own = [
            {"name": names[key], "about": about, "set": {"gate": row}}
            for key, (row, about) in rows.items()
        ]
        more = [
            {"name": name, "about": f"{name}, on this stream.", "set": {"gate": list(row)}}
            for name, row in self.more.items()
        ]
        return own + more

    @property
    def text(self) -> str:
        """The errors of no gate, of the best constant share, of this gate and of the best one."""
        steps, word = len(self.values), self.words
        events = sum(self.marked)
        errors = {
            "a gate that is always 1": self.error([1.0] * steps),
            f"the best constant share, {self.best_constant:g}": self.error(
                [self.best_constant] * steps
            ),
            "this gate": self.error(self.gate),
            "the best gate": self.error(self.best_gate),
            "the best gate cut to 0 or 1": self.error(self.cut_gate),
        }
        said = ", ".join(f"{plain(error)} for {name}" for name, error in errors.items())
        return (
            f"{self.title} A stream of {steps} steps, {events} of them marked ({word['mark']}). At "
            f"each step the reader sets the {word['gate']}. The root mean square error over the "
            f"stream is {said}. Notice: {self.notice}"
        )
