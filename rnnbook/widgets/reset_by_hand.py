"""The explorable that comes before the reset gate's formula: two memories, and a hand on each."""

from __future__ import annotations

import math
from collections.abc import Sequence

import traitlets

from rnnbook.widgets.chance import Chance
from rnnbook.widgets.explorable import Adjustable, Choice, Number, Row, module, plain
from rnnbook.widgets.gate_by_hand import rms_error
from rnnbook.worlds import Hidden
from rnnbook.worlds.pushes import BEARS, NOISE, TURNS

STEPS, SEED = 40, 8211


def wind_and_current(
    seed: int = SEED,
    steps: int = STEPS,
    bears: Sequence[float] = BEARS,
    noise: float = NOISE,
) -> dict[str, list]:
    r"""One stream of chapter 8, to two decimals, and the gates that are best for all like it.

    Args:
        seed: the stream's number.
        steps: T, its length.
        bears: how often each memory bears on a step.
        noise: η, the standard deviation of the evidence.

    Returns:
        held (the sides, 1 or −1), bears (0 or 1), evidence v_t, best_gates
        :math:`P(A_n = 1 \mid v_n)`: of each memory a list of length T.

    Source: chapter 8, (8.5).
    """
    source = Chance(seed)
    rows: dict[str, list] = {name: [] for name in ("held", "bears", "evidence", "best_gates")}
    for p in bears:
        w, b = Hidden(p, noise).gate()
        side, of_one = 1 if source.uniform() < 0.5 else -1, ([], [], [], [])
        for _ in range(steps):
            if source.uniform() < TURNS:
                side = 1 if source.uniform() < 0.5 else -1
            A = float(source.uniform() < p)
            v = round(A + noise * source.pair()[0], 2)
            share = round(1 / (1 + math.exp(-(w * v + b))), 4)
            for row, one in zip(of_one, (side, A, v, share), strict=True):
                row.append(one)
        for name, row in zip(rows, of_one, strict=True):
            rows[name].append(row)
    return rows


def let_through(held: Sequence[Sequence[float]], gates: Sequence[Sequence[float]]) -> list[float]:
    """What the gates let through of their memories, added up step by step.

    Args:
        held: of each memory what it holds, T numbers.
        gates: of each memory the shares, as many.
    """
    each = [[g * h for g, h in zip(*rows, strict=True)] for rows in zip(gates, held, strict=True)]
    return [math.fsum(now) for now in zip(*each, strict=True)]


class ResetByHand(Adjustable):
    r"""Two memories, and the share of each that goes into the value that is made at this step.

    Above, the push with what the bars make of the memories; below, for each memory what it holds,
    its bars, and the evidence of whether it bears on the step. A stroke across the bars sets all
    that it passes; with keys, left and right go from step to step, and up and down set the bar. The
    root mean square error, which is not told while the marks are hidden, stands beside that of
    gates that are always open and of the best constant shares, and, once the reader asks for it, of
    the gates that are best by the evidence.

    Args:
        first, second: the bars of either memory at first; all 1 if not given.
        held, bears, evidence, best_gates: of each memory one row of a stream, all four of them;
            :func:`wind_and_current` if none is given.
        names: what the two memories are called.
        more: other gates for this stream, name to two rows of shares: one button for each.
        marks: "shown" or "hidden": whether the push, and what bears, are seen.
        best: "hidden" or "shown": whether the best gates are seen.
        step: the step in hand.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, or rows that are not of one length.

    Source: chapter 8.
    """

    _esm = module("reset_by_hand")

    first = Row()
    second = Row()
    marks = Choice("shown", "hidden", label="marks, push")
    best = Choice("hidden", "shown")
    step = Number(1, 1, 400, whole=True)
    held = traitlets.List().tag(sync=True)
    bears = traitlets.List().tag(sync=True)
    evidence = traitlets.List().tag(sync=True)
    best_gates = traitlets.List().tag(sync=True)
    names = traitlets.List(["wind", "current"]).tag(sync=True)
    more = traitlets.Dict()
    title = traitlets.Unicode("Be the gates: what bears on this step?").tag(sync=True)
    try_this = traitlets.Unicode(
        "Open each memory where it bears, with strokes across its bars, and shut it elsewhere."
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "A shut bar takes nothing from the memory: what is held is there at the next step."
    ).tag(sync=True)
    key = traitlets.Unicode("reset-by-hand").tag(sync=True)

    def __init__(self, **arguments: object) -> None:
        self._refuse_unknown(arguments)
        rows = ("held", "bears", "evidence", "best_gates")
        given = [name for name in rows if name in arguments]
        if given and len(given) < len(rows):
            missing = ", ".join(name for name in rows if name not in given)
            raise ValueError(f"ResetByHand: a stream of your own needs {missing} too.")
        if not given:
            arguments = {**wind_and_current(), **arguments}
        steps = len(arguments["held"][0])
        arguments = {"first": [1.0] * steps, "second": [1.0] * steps, **arguments}
        pairs = {name: arguments[name] for name in rows} | arguments.get("more", {})
        pairs["first, second"] = [arguments["first"], arguments["second"]]
        for name, pair in pairs.items():
            found = [len(row) for row in pair]
            if found != [steps, steps]:
                raise ValueError(
                    f"ResetByHand: {name} must be two rows of {steps} steps; found {found}."
                )
        super().__init__(**arguments)

    def error(self, gates: Sequence[Sequence[float]]) -> float:
        """The root mean square error of two gates on this stream."""
        made = let_through(self.held, gates)
        return rms_error(made, let_through(self.held, self.bears))

    @property
    def best_constants(self) -> tuple[float, float]:
        """The two constant shares with the smallest error on this stream, to two decimals."""
        steps, shares = len(self.held[0]), [k / 100 for k in range(101)]
        best = (0.5, 0.5)
        for _ in range(9):  # the error is a square: one share after the other leads to its floor
            for n in (0, 1):
                both = [tuple(share if k == n else best[k] for k in (0, 1)) for share in shares]
                best = min(both, key=lambda pair: self.error([[g] * steps for g in pair]))
        return best

    @traitlets.default("_presets")
    def _own_presets(self) -> list[dict[str, object]]:
        steps, constants = len(self.held[0]), self.best_constants
        said = " and ".join(f"{share:g}" for share in constants)
        gates = {
            "Let all through": ([[1.0] * steps] * 2, "Every bar at 1, as where there is no gate."),
            "Best constants": (
                [[share] * steps for share in constants],
                f"One share of each memory at every step: {said} are best.",
            ),
            "Open at the marks": (
                [[float(A) for A in row] for row in self.bears],
                "Every bar at 0 or 1, by the marks, which nobody sees in time.",
            ),
        } | {name: (list(pair), f"{name}, on this stream.") for name, pair in self.more.items()}
        return [
            {
                "name": name,
                "about": about,
                "set": {"first": list(pair[0]), "second": list(pair[1])},
            }
            for name, (pair, about) in gates.items()
        ]

    @property
    def text(self) -> str:
        """The errors of open gates, of the best constants, of these gates and of the best ones."""
        steps = len(self.held[0])
        how_often = ", ".join(
            f"the {name} at {sum(row):g}" for name, row in zip(self.names, self.bears, strict=True)
        )
        errors = {
            "gates that are always open": self.error([[1.0] * steps] * 2),
            "the best constant shares": self.error([[g] * steps for g in self.best_constants]),
            "these gates": self.error([self.first, self.second]),
            "the best gates": self.error(self.best_gates),
        }
        said = ", ".join(f"{plain(error)} for {name}" for name, error in errors.items())
        return (
            f"{self.title} A stream of {steps} steps; of them bears {how_often}. At each step the "
            f"reader sets, for each of two memories, the share of it that goes into the value made "
            f"now. The root mean square error over the stream is {said}. Notice: {self.notice}"
        )
