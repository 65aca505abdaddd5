r"""What came out on equal terms: trainings, batches and seconds, each cell at its own best rate.

The trainings are stored by ``make verdicts``, the time of a batch by ``tools/batch_seconds.py``. A
training's seconds are the batches it took times what a batch of its cell takes. *Equal time* is the
time in which the quickest cell does all the batches of the sweep; a slower cell has fewer of them.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from rnnbook.experiments import SOLVED, stored_results, verdicts
from rnnbook.experiments.equal_terms import CONTESTS as TASKS
from rnnbook.experiments.equal_terms import parameters, units

CONTESTS = {
    "temporal order": "equal_order",
    "adding": "equal_adding",
    "counting": "equal_counting",
    "embedded Reber": "equal_reber",
}
"""The sweeps by what is learnt. Only those count that have been run; see :func:`was_run`."""


def was_run(contest: str, hidden: int) -> bool:
    """Whether every cell of a contest has been trained with this H of the LSTM."""
    name = CONTESTS[contest]
    if name not in verdicts.SWEEPS:
        return False
    trained = {row.model for row in verdicts.rows(name) if row.hidden == hidden}
    return trained == set(verdicts.SWEEPS[name].models)


def milliseconds(sweep: str, hidden: int, kind: str = "equations") -> dict[str, float]:
    """How long a batch takes each cell, as it was measured once.

    Args:
        sweep: a value of :data:`CONTESTS`.
        hidden: H of the LSTM.
        kind: ``"equations"``, the cells as trained, the GRU's reset before the product; or
            ``"torch.nn"``, PyTorch's layers, whose GRU resets after it.

    Raises:
        ValueError: this was not measured.
    """
    for row in stored_results("batch_seconds")["rows"]:
        if (row["sweep"], row["hidden"]) == (sweep, hidden) and kind in row["ms"]:
            found = row["ms"][kind]
            return found | {"RNN, orthogonal start": found["RNN"]}
    raise ValueError(f"sweep: expected one that was timed, given {sweep!r}, H = {hidden}, {kind!r}")


def batches_in_time(sweep: str, hidden: int, kind: str = "equations") -> dict[str, int]:
    """How many batches each cell does while the quickest does all of the sweep's.

    Arguments and errors as of :func:`milliseconds`.
    """
    most = max(verdicts.SWEEPS[sweep].batches.values())
    ms = milliseconds(sweep, hidden, kind)
    quickest = min(ms.values())
    return {cell: int(most * quickest / one) for cell, one in ms.items()}


@dataclass(frozen=True)
class Best:
    """A cell at its own best learning rate.

    Attributes:
        cell: a key of :data:`rnnbook.experiments.equal_terms.CELLS`.
        units: its H.
        parameters: how many it has.
        rate: the learning rate at which the most trainings solved the task; of equal ones that
            which did so in the fewest batches.
        solved: how many of the trainings at that rate, and of how many.
        solved_in_time: how many in equal time, at the rate that is best for this.
        batches: that each training took, None where it did not solve the task.
        accuracy: of each training in the end, lowest first.
        ms: of a batch, as measured.
    """

    cell: str
    units: int
    parameters: int
    rate: float
    solved: tuple[int, int]
    solved_in_time: int
    batches: tuple[int | None, ...]
    accuracy: tuple[float, ...]
    ms: float

    @property
    def median(self) -> int | None:
        """Batches of the middle training; None if that did not solve the task."""
        done = sorted(most for most in self.batches if most is not None)
        middle = len(self.batches) // 2
        return done[middle] if len(done) > middle else None


def best(contest: str, hidden: int, kind: str = "equations") -> list[Best]:
    """Each cell of a contest at its own best rate.

    Args:
        contest: a key of :data:`CONTESTS`.
        hidden: H of the LSTM.
        kind: whose time counts, as in :func:`milliseconds`.

    Raises:
        ValueError: there is no such contest, or it was not run or timed with this H.
    """
    if contest not in CONTESTS:
        raise ValueError(f"contest: expected one of {', '.join(CONTESTS)}; given {contest!r}")
    name, of = CONTESTS[contest], TASKS[contest]
    ms, within = milliseconds(name, hidden, kind), batches_in_time(name, hidden, kind)
    found = []
    for cell in verdicts.SWEEPS[name].models:
        rows = verdicts.rows(name, model=cell, hidden=hidden)
        row = max(
            rows, key=lambda r: (sum(r.solved()), -sum(r.steps), statistics.median(r.accuracy))
        )
        H = units(cell, hidden, of.inputs, of.outputs)
        found.append(
            Best(
                cell=cell,
                units=H,
                parameters=parameters(cell, H, of.inputs, of.outputs),
                rate=row.rate,
                solved=(sum(row.solved()), len(row.steps)),
                solved_in_time=max(sum(r.solved(within[cell])) for r in rows),
                batches=tuple(
                    most if right >= SOLVED else None
                    for most, right in zip(row.steps, row.accuracy, strict=True)
                ),
                accuracy=tuple(sorted(row.accuracy)),
                ms=ms[cell],
            )
        )
    return found


def _spread(values: tuple[int | None, ...], middle: int | None, share: float = 1.0) -> str:
    """Median and, in brackets, the least and the greatest of what was solved."""
    if middle is None:
        return "–"
    done = [one for one in values if one is not None]
    form = "{:.0f}" if share == 1 else "{:.1f}"
    low, mid, high = (form.format(share * one) for one in (min(done), middle, max(done)))
    return f"{mid} ({low}–{high})"


def table(hidden: int, kind: str = "equations") -> verdicts.Table:
    """All contests that were run: a row for each cell at its own best rate.

    Columns: units; learning rate; trainings of five that solved the task with the same number of
    batches, and in the same time; batches to the solution, median and range; the same as seconds.

    Args:
        hidden: H of the LSTM.
        kind: whose time counts, as in :func:`milliseconds`.

    Raises:
        ValueError: as in :func:`best`.
    """
    groups: dict[str, dict[str, list[str]]] = {}
    for contest in filter(lambda one: was_run(one, hidden), CONTESTS):
        body = groups.setdefault(contest, {})
        for one in best(contest, hidden, kind):
            body[one.cell] = [
                str(one.units),
                f"{one.rate:g}",
                f"{one.solved[0]} of {one.solved[1]}",
                f"{one.solved_in_time} of {one.solved[1]}",
                _spread(one.batches, one.median),
                _spread(one.batches, one.median, one.ms / 1000),
            ]
    heads = ["units", "rate", "equal batches", "equal time", "batches", "seconds"]
    return verdicts.Table("Trainings that solved it, each cell at its own best rate", heads, groups)


def panels(hidden: int, kind: str = "equations") -> dict[str, dict[str, list[list[bool]]]]:
    """Which trainings solved their task in equal time: contest, cell, learning rates, seeds.

    For :func:`rnnbook.plots.verdicts.trainings`; arguments and errors as of :func:`best`.
    """
    found: dict[str, dict[str, list[list[bool]]]] = {}
    for contest, name in CONTESTS.items():
        if not was_run(contest, hidden):
            continue
        within = batches_in_time(name, hidden, kind)
        sweep = verdicts.SWEEPS[name]
        found[contest] = {
            cell: [
                list(
                    verdicts.rows(name, model=cell, hidden=hidden, rate=rate)[0].solved(
                        within[cell]
                    )
                )
                for rate in sweep.rates
            ]
            for cell in sweep.models
        }
    return found
