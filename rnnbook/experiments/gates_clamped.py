r"""What broke when a gate was clamped, and what was learnt without it. Chapter 10.

Two sweeps of :mod:`rnnbook.experiments.verdicts`, ``"long_and_short"`` and ``"long_and_phrase"``,
hold for each trained network the shares of right answers, as trained and with each clamp of
:data:`rnnbook.experiments.closing_claims.CLAMPS`. Clamps say something of networks that do both
tasks; so only those count that answer both right, untouched, in a share
:data:`rnnbook.experiments.SOLVED` of unseen steps.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from rnnbook.experiments import SOLVED, verdicts
from rnnbook.experiments.closing_claims import ANSWERS, ARMS, CLAMPS, MODELS

BROKEN = 0.9
"""An answer counts as broken if it is right less often."""

NAMES = {(arm, clamp, answer): name for name, (arm, clamp, answer) in MODELS.items()}
"""The sweeps' models by arm, clamp and answer."""


def _shares(name: str, arm: str, clamp: str, answer: str, hidden: int | None) -> list[float]:
    """One number for each training, in the same order for every model."""
    found = verdicts.rows(name, model=NAMES[arm, clamp, answer], hidden=hidden)
    found.sort(key=lambda row: (row.hidden, row.rate))
    return [share for row in found for share in row.accuracy]


def shares(name: str, clamp: str, *, hidden: int | None = None) -> dict[str, list[float]]:
    """The shares of right answers of all networks that do both tasks, by question.

    Args:
        name: of a sweep, ``"long_and_short"`` or ``"long_and_phrase"``.
        clamp: one of :data:`rnnbook.experiments.closing_claims.CLAMPS`.
        hidden: only this H.

    Raises:
        ValueError: there is no such clamp or sweep, or it was not run.
    """
    if clamp not in CLAMPS:
        raise ValueError(f"clamp: expected one of {', '.join(CLAMPS)}; given {clamp!r}")
    whole = _shares(name, ARMS[0], CLAMPS[0], "both", hidden)
    found = {}
    for answer in ANSWERS:
        each = _shares(name, ARMS[0], clamp, answer, hidden)
        found[answer] = [one for one, both in zip(each, whole, strict=True) if both >= SOLVED]
    return found


@dataclass(frozen=True)
class Broken:
    """What a clamp does to the networks that do both tasks.

    Attributes:
        networks: how many there are.
        long: in how many the answer about long ago is broken.
        short: in how many the answer about just now is.
        long_more: in how many the long answer loses more than the short one, by a point or more.
        short_more: the other way round.
    """

    networks: int
    long: int
    short: int
    long_more: int
    short_more: int


def broken(name: str, clamp: str, *, hidden: int | None = None) -> Broken:
    """Count what a clamp breaks; arguments and errors as of :func:`shares`."""
    left, whole = shares(name, clamp, hidden=hidden), shares(name, CLAMPS[0], hidden=hidden)
    lost = {
        answer: [before - after for before, after in zip(whole[answer], left[answer], strict=True)]
        for answer in ANSWERS
    }
    more = [a - b for a, b in zip(lost["long"], lost["short"], strict=True)]
    return Broken(
        networks=len(more),
        long=sum(one < BROKEN for one in left["long"]),
        short=sum(one < BROKEN for one in left["short"]),
        long_more=sum(one >= 0.01 for one in more),
        short_more=sum(one <= -0.01 for one in more),
    )


def clamped_table(name: str) -> verdicts.Table:
    """What is left when a gate is clamped: per cent of right answers, median, lowest and highest.

    A row for each clamp, a column for each question, a group for each H. Guessing is right in 50 %.

    Args:
        name: of a sweep, as of :func:`shares`.

    Raises:
        ValueError: as in :func:`shares`.
    """
    groups = {}
    for hidden in sorted({row.hidden for row in verdicts.rows(name)}):
        body = {
            clamp: [_spread(of) for of in shares(name, clamp, hidden=hidden).values()]
            for clamp in CLAMPS
        }
        count = broken(name, CLAMPS[0], hidden=hidden).networks
        groups[f"H = {hidden}, {count} networks"] = body
    return verdicts.Table(
        "Right answers in per cent: median (lowest–highest)",
        ["long ago, per cent", "just now, per cent"],
        groups,
    )


def without_table(name: str) -> verdicts.Table:
    """How many trainings solved the tasks as printed and without a gate: a row for each GRU.

    Columns: the answer about long ago, that about just now, and both.

    Args:
        name: of a sweep, as of :func:`shares`.

    Raises:
        ValueError: there is no such sweep, or it was not run.
    """
    groups = {}
    for hidden in sorted({row.hidden for row in verdicts.rows(name)}):
        body, of = {}, 0
        for arm in ARMS:
            counts = [
                verdicts.tally(name, model=NAMES[arm, CLAMPS[0], answer], hidden=hidden)
                for answer in (*ANSWERS, "both")
            ]
            body[arm], of = [str(solved) for solved, _ in counts], counts[0][1]
        groups[f"H = {hidden}, of {of}"] = body
    return verdicts.Table("Trainings that solved it", ["long ago", "just now", "both"], groups)


def _spread(each: list[float]) -> str:
    if not each:
        return "–"
    low, mid, high = (f"{100 * one:.0f}" for one in (min(each), statistics.median(each), max(each)))
    return f"{mid} ({low}–{high})"
