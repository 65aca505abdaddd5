r"""Verdicts that survive: the sweeps on which the book rests its sentences about trainings.

One training says little: with another learning rate, another seed, another size it may come out
differently. So each such experiment is run over learning rates that span a factor of thirty, two
hidden sizes and seeds that no chapter uses. ``make verdicts`` runs them and stores what came out
with the package; chapters show the stored table, and say no more than it does.

:func:`table` is for a page, :func:`tally` for a sentence, :func:`rows` for anything else;
:func:`rnnbook.plots.verdicts.trainings` draws them.
"""

from __future__ import annotations

import functools
import html
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from rnnbook import tasks
from rnnbook.experiments import MODELS, SOLVED, Run, stored_results, train
from rnnbook.experiments.choosing import ARMS as CHOOSERS
from rnnbook.experiments.choosing import train_choosers
from rnnbook.experiments.closing_claims import MODELS as CLAIMED
from rnnbook.experiments.closing_claims import TASKS as BOTH_KINDS
from rnnbook.experiments.closing_claims import long_and_short_scores
from rnnbook.experiments.counting import LAYERS, longest_right, train_counters
from rnnbook.experiments.equal_terms import CELLS, CONTESTS, LSTMS, train_equal
from rnnbook.experiments.lift import ARMS as CANDIDATES
from rnnbook.experiments.lift import known_share, rides, train_cells
from rnnbook.experiments.marked import ARMS, train_marked
from rnnbook.experiments.overwriting import ARMS as FOLLOWERS
from rnnbook.experiments.overwriting import train_orders
from rnnbook.experiments.pushes import ARMS as HELMSMEN
from rnnbook.experiments.pushes import train_pushes
from rnnbook.experiments.questions import ARMS as ANSWERERS
from rnnbook.experiments.questions import train_answerers
from rnnbook.experiments.remembering import GUESSES, TASKS, guess, train_to_remember
from rnnbook.experiments.remembering import MODELS as WHOLE_CELLS
from rnnbook.experiments.side_by_side import train_side_by_side
from rnnbook.experiments.trainings import RowRun
from rnnbook.tasks.languages import a_n_b_n_strings
from rnnbook.worlds.choosing import choose_source
from rnnbook.worlds.long_and_short import long_and_phrase, long_and_short
from rnnbook.worlds.marked import marked_sums
from rnnbook.worlds.overwriting import announced_orders
from rnnbook.worlds.pushes import announced_pushes
from rnnbook.worlds.questions import announced

Runs = Iterator[Run]

RATES = (0.001, 0.003, 0.01, 0.03)
"""Learning rates of Adam."""

HIDDEN = (16, 32)
"""Numbers of units H."""

SEEDS = (100, 101, 102, 103, 104)
"""Of weights and data."""


@dataclass(frozen=True)
class Sweep:
    """One experiment over models, sizes of the task, hidden sizes, learning rates and seeds.

    Attributes:
        task: makes inputs and targets from a batch size, a size and a generator.
        size: what the task's size is called: ``"delay"`` or ``"T"``.
        batches: for each size, how many batches a training may take.
        models: keys of :data:`rnnbook.experiments.MODELS`.
        hidden: numbers of units H.
        rates: learning rates of Adam.
        score: what the stored number is that is best at 1.
    """

    task: Callable[..., tuple[Tensor, Tensor]]
    size: str
    batches: dict[int, int]
    models: tuple[str, ...]
    hidden: tuple[int, ...] = HIDDEN
    rates: tuple[float, ...] = RATES
    score: str = "accuracy"
    known: ClassVar[Mapping[str, object]] = MODELS

    def groups(self) -> Iterator[tuple[str, int, int]]:
        """Model, size and H; each is trained at every learning rate with every seed."""
        for hidden in self.hidden:
            for size in self.batches:
                for model in self.models:
                    yield model, size, hidden

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates: batches of 64, Adam, clipped at norm 1."""

        def sample(generator: torch.Generator) -> tuple[Tensor, Tensor]:
            return self.task(64, size, generator)

        most = {"steps": self.batches[size], "hidden": hidden}
        if "LSTM" not in model:  # PyTorch's LSTM is fast by itself
            yield from train_side_by_side(model, sample, cases, **most)
            return
        for seed, rate in cases:
            yield train(model, sample, seed, learning_rate=rate, **most)


class Counting(Sweep):
    """Trained on strings aⁿbⁿ with n ≤ 10, and asked how far beyond them it counts.

    The size is the n up to which it is asked. The accuracy is the share of that way which it goes
    before its first wrong string, so that 1 means right all the way.
    """

    known = LAYERS

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates on all ten strings at once."""
        steps = self.batches[size]
        most = max(self.batches)
        for (seed, _), n in zip(
            cases, _counts(model, hidden, steps, most, tuple(cases)), strict=True
        ):
            reached = min(n, size) / size
            yield Run(model, seed, steps, reached == 1, reached, ())


@functools.cache
def _counts(
    model: str, hidden: int, steps: int, most: int, cases: tuple[tuple[int, float], ...]
) -> list[int]:
    """Up to which n each of these trainings counts right."""
    networks = train_counters(model, cases, hidden=hidden, steps=steps)
    return [longest_right(network, most) for network in networks]


class MarkedSums(Sweep):
    """Chapter 2's: its models are the arms of :mod:`rnnbook.experiments.marked`.

    What is stored as accuracy is the share of the target's mean square that is not missed.
    """

    known = ARMS

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates, all side by side."""
        steps, arms = self.batches[size], [(model, seed, rate) for seed, rate in cases]
        for run in train_marked(arms, steps=steps, hidden=hidden, length=size):
            share = max(0.0, 1 - run.missed)
            yield Run(model, run.seed, steps, share >= SOLVED, share, run.curve)


class Candidates(Sweep):
    """Chapter 3's: its models are the arms of :mod:`rnnbook.experiments.lift`."""

    known = CANDIDATES

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates, all side by side."""
        steps = self.batches[size]
        for run in train_cells(model, cases, steps=steps, hidden=hidden, length=size):
            share = min(max(known_share(run.error, size), 0.0), 1.0)
            yield Run(model, run.seed, steps, share >= SOLVED, share, ())


class Questions(Sweep):
    """Chapter 5's: its models are the arms of :mod:`rnnbook.experiments.questions`."""

    known = ANSWERERS

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates, all side by side."""
        arms = [(model, seed, rate) for seed, rate in cases]
        yield from train_answerers(arms, steps=self.batches[size], hidden=hidden, length=size)


class Remembering(Sweep):
    """Chapter 6's: adding and temporal order, trained and guessed.

    A guess sees one batch, as a step of training does; no learning rate plays a part in it, and
    each of the four draws guesses of its own.
    """

    known = dict.fromkeys((GUESSES, *WHOLE_CELLS))

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates, all side by side, or guess."""
        (name,) = (name for name, task in TASKS.items() if task.sample is self.task)
        steps, most = self.batches[size], {"hidden": hidden, "length": size}
        if model == GUESSES:
            for seed, rate in cases:
                yield guess(name, 1000 * self.rates.index(rate) + seed, steps, **most)
            return
        arms = [(model, seed, rate) for seed, rate in cases]
        yield from train_to_remember(name, arms, steps=steps, **most)


class Orders(Sweep):
    """Chapter 7's: its models are the arms of :mod:`rnnbook.experiments.overwriting`.

    Long streams are for the sums alone: there is more to add up in them.
    """

    known = FOLLOWERS

    def groups(self) -> Iterator[tuple[str, int, int]]:
        """Model, size and H; the last order at the shortest size only."""
        for model, size, hidden in super().groups():
            if FOLLOWERS[model].adds or size == min(self.batches):
                yield model, size, hidden

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates, all side by side."""
        steps, arms = self.batches[size], [(model, seed, rate) for seed, rate in cases]
        for run in train_orders(arms, steps=steps, hidden=hidden, length=size):
            yield Run(model, run.seed, steps, run.solved, run.accuracy, run.curve)


class EqualTerms(Sweep):
    """Chapter 10's comparison: its models are the cells, and H is that of the LSTM.

    The others have as many units as give them nearly as many parameters. A training is over with
    the batch at which it solved its task, so that any budget of batches can be read from the rows.
    """

    known = CELLS

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates, all side by side."""
        (contest,) = (name for name, of in CONTESTS.items() if of.sample is self.task)
        steps = self.batches[size]
        yield from train_equal(contest, model, cases, steps=steps, of_lstm=hidden, size=size)


class EqualUnits(EqualTerms):
    """Appendix A's comparison: its models are the LSTM and its eight variants, all with H units.

    A variant that has a gate less has fewer parameters.
    """

    known = LSTMS

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates, all side by side."""
        (contest,) = (name for name, of in CONTESTS.items() if of.sample is self.task)
        steps = self.batches[size]
        yield from train_equal(contest, model, cases, steps=steps, hidden=hidden, size=size)


class ClosingClaims(Sweep):
    """Chapter 10's: its models are the answers of GRUs, as trained and with gates clamped.

    The accuracy is that of the one answer, or of the worse of both.
    """

    known = CLAIMED

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates, or take what is trained, and ask."""
        arm, clamp, answer = CLAIMED[model]
        (task,) = (name for name, sample in BOTH_KINDS.items() if sample is self.task)
        steps = self.batches[size]
        scores = long_and_short_scores(tuple(cases), steps, hidden, size, task)[arm]
        for (seed, _), score in zip(cases, scores, strict=True):
            share = min(score[clamp].values()) if answer == "both" else score[clamp][answer]
            yield Run(model, seed, steps, share >= SOLVED, share, ())


class AnnouncedPushes(Sweep):
    """Chapter 8's: its models are the arms of :mod:`rnnbook.experiments.pushes`.

    The size is the number of memories; two memories have two more units.
    """

    known = HELMSMEN

    def groups(self) -> Iterator[tuple[str, int, int]]:
        """Model, memories and H: one memory with the two smaller H, two with the two larger."""
        for model, size, hidden in super().groups():
            if hidden in self.hidden[size - 1 : size + 1]:
                yield model, size, hidden

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates, all side by side."""
        steps, arms = self.batches[size], [(model, seed, rate) for seed, rate in cases]
        for run in train_pushes(arms, steps=steps, hidden=hidden, memories=size):
            yield Run(model, run.seed, steps, run.solved, run.accuracy, run.curve)


class Choosers(Sweep):
    """Chapter 9's: its models are the arms of :mod:`rnnbook.experiments.choosing`."""

    known = CHOOSERS

    def run(self, model: str, size: int, hidden: int, cases: Sequence[tuple[int, float]]) -> Runs:
        """Train with these seeds and learning rates, all side by side."""
        steps = self.batches[size]
        for run in _choosers(CHOOSERS[model][0], tuple(cases), steps, hidden, size):
            if run.model == model:
                yield Run(model, run.seed, steps, run.solved, run.accuracy, run.curve)


@functools.cache
def _choosers(
    task: str, cases: tuple[tuple[int, float], ...], steps: int, hidden: int, length: int
) -> list[RowRun]:
    """The trainings of all arms of a task, which run side by side."""
    every = [(model, *case) for model, (of, _) in CHOOSERS.items() for case in cases if of == task]
    return train_choosers(every, steps=steps, hidden=hidden, length=length)


SWEEPS = {
    "temporal_order": Sweep(
        tasks.temporal_order,
        "T",
        {40: 800, 70: 2000},
        (
            "RNN",
            "RNN, orthogonal start",
            "LSTM, PyTorch's default",
            "LSTM, forget bias 0",
            "LSTM, forget bias 1",
            "LSTM, chrono",
        ),
    ),
    "recall": Sweep(
        tasks.recall_first,
        "delay",
        {60: 1500, 40: 1500, 20: 1500, 10: 1500, 5: 1500},
        ("RNN", "RNN, orthogonal start", "carousel"),
    ),
    "counting": Counting(
        a_n_b_n_strings,
        "n",
        {10: 3000, 20: 3000, 100: 3000},
        tuple(LAYERS),
        hidden=(1, 2, 3, 4),
    ),
    "marked_sums": MarkedSums(
        marked_sums,
        "T",
        {40: 500},
        tuple(ARMS),
        hidden=(8, 16),
        rates=(0.01, 0.03, 0.1, 0.3),
    ),
    "candidate": Candidates(
        rides,
        "T",
        {15: 400},
        tuple(CANDIDATES),
        hidden=(2, 4),
        rates=(0.01, 0.03, 0.1, 0.3),
        score="share of what can be known of the floor",
    ),
    "questions": Questions(
        announced,
        "T",
        {12: 1200},
        tuple(ANSWERERS),
        hidden=(2, 4, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
    "adding": Remembering(
        tasks.adding,
        "T",
        {30: 1500},
        (GUESSES, *WHOLE_CELLS),
        hidden=(4, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
    "short_order": Remembering(
        tasks.temporal_order,
        "T",
        {30: 600},
        (GUESSES, *WHOLE_CELLS),
        hidden=(4, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
    "overwriting": Orders(
        announced_orders,
        "T",
        {15: 800, 40: 800},
        tuple(FOLLOWERS),
        hidden=(2, 4),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
    "equal_order": EqualTerms(
        CONTESTS["temporal order"].sample,
        "T",
        {30: 600},
        tuple(CELLS),
        hidden=(4, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
    "equal_counting": EqualTerms(
        CONTESTS["counting"].sample,
        "n",
        {20: 1500},
        tuple(CELLS),
        hidden=(4, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
        score="share of the way to n = 20",
    ),
    "variants_order": EqualUnits(
        CONTESTS["temporal order"].sample,
        "T",
        {30: 600},
        tuple(LSTMS),
        hidden=(4, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
    "variants_adding": EqualUnits(
        CONTESTS["adding"].sample,
        "T",
        {30: 500},
        tuple(LSTMS),
        hidden=(4, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
    "variants_counting": EqualUnits(
        CONTESTS["counting"].sample,
        "n",
        {20: 1000},
        tuple(LSTMS),
        hidden=(4, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
        score="share of the way to n = 20",
    ),
    "long_and_short": ClosingClaims(
        long_and_short,
        "T",
        {20: 800},
        tuple(CLAIMED),
        hidden=(4, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
    "long_and_phrase": ClosingClaims(
        long_and_phrase,
        "T",
        {20: 800},
        tuple(CLAIMED),
        hidden=(4, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
    "pushes": AnnouncedPushes(
        announced_pushes,
        "M",
        {1: 1500, 2: 1500},
        tuple(HELMSMEN),
        hidden=(4, 6, 8),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
    "choosing": Choosers(
        choose_source,
        "T",
        {12: 800},
        tuple(CHOOSERS),
        hidden=(3, 4),
        rates=(0.003, 0.01, 0.03, 0.1),
    ),
}
"""The sweeps by name, each stored as ``verdicts_NAME``."""
assert all(model in sweep.known for sweep in SWEEPS.values() for model in sweep.models)


@dataclass(frozen=True)
class Row:
    """The trainings of one model at one size of the task, one H and one learning rate.

    Attributes:
        model: a key of :data:`rnnbook.experiments.MODELS`.
        size: of the task: its T or its delay.
        hidden: H.
        rate: Adam's learning rate.
        steps: batches that each seed took; it stopped when the task was solved.
        accuracy: share of at least 1,000 unseen sequences that each seed answers right in the end.
    """

    model: str
    size: int
    hidden: int
    rate: float
    steps: tuple[int, ...]
    accuracy: tuple[float, ...]

    def solved(self, within: int | None = None) -> tuple[bool, ...]:
        """Which seeds solved the task, by default within all batches that they had."""
        return tuple(
            right >= SOLVED and (within is None or took <= within)
            for took, right in zip(self.steps, self.accuracy, strict=True)
        )


def rows(
    name: str,
    *,
    model: str | None = None,
    size: int | None = None,
    hidden: int | None = None,
    rate: float | None = None,
) -> list[Row]:
    """The stored rows of a sweep, all or those that are asked for.

    Args:
        name: a key of :data:`SWEEPS`.
        model: only this one.
        size: only this T or this delay.
        hidden: only this H.
        rate: only this learning rate.

    Raises:
        ValueError: there is no such sweep, or no such row in it.
    """
    if name not in SWEEPS:
        raise ValueError(f"name: expected one of {', '.join(SWEEPS)}; given {name!r}")
    wanted = {"model": model, "size": size, "hidden": hidden, "rate": rate}
    wanted = {key: value for key, value in wanted.items() if value is not None}
    stored = [
        Row(**row | {"steps": tuple(row["steps"]), "accuracy": tuple(row["accuracy"])})
        for row in stored_results(f"verdicts_{name}")["rows"]
    ]
    found = [r for r in stored if all(getattr(r, key) == value for key, value in wanted.items())]
    if not found:
        raise ValueError(f"{name}: expected a row that was run, given {wanted}")
    return found


def tally(name: str, *, within: int | None = None, **wanted: object) -> tuple[int, int]:
    """How many trainings solved their task, and how many there were; arguments as of :func:`rows`.

    Example:
        >>> solved, of = tally("recall", model="carousel", size=5)
        >>> solved <= of
        True
    """
    outcomes = [one for row in rows(name, **wanted) for one in row.solved(within)]
    return sum(outcomes), len(outcomes)


class Table:
    """A table that Jupyter and the pages show as one, and ``print`` as plain text."""

    def __init__(self, caption: str, columns: Sequence[str], groups: dict[str, dict]) -> None:
        """Keep the caption, the columns' heads, and the rows of each group by name."""
        self.caption = caption
        self.columns = tuple(columns)
        self.groups = groups

    def __str__(self) -> str:
        width = max(len(name) for body in self.groups.values() for name in body) + 2
        room = max([8, *(len(head) + 2 for head in self.columns)])
        text = [self.caption, ""]
        for group, body in self.groups.items():
            text.append(f"{group:{width}}" + "".join(f"{head:>{room}}" for head in self.columns))
            for name, entries in body.items():
                text.append(f"{name:{width}}" + "".join(f"{entry:>{room}}" for entry in entries))
            text.append("")
        return "\n".join(text).rstrip()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        heads = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in self.columns)
        bodies = []
        for group, body in self.groups.items():
            named = f'<th scope="rowgroup">{html.escape(group)}</th>' if group else "<td></td>"
            lines = [f"<tr>{named}{heads}</tr>"]
            for name, entries in body.items():
                cells = "".join(f"<td>{html.escape(entry)}</td>" for entry in entries)
                lines.append(f'<tr><th scope="row">{html.escape(name)}</th>{cells}</tr>')
            bodies.append("<tbody>" + "".join(lines) + "</tbody>")
        caption = f"<caption>{html.escape(self.caption)}</caption>"
        return f'<table class="rnn-verdicts">{caption}{"".join(bodies)}</table>'


CAPTIONS = {
    "solved": "Trainings that solved it",
    "accuracy": "Median accuracy, unseen sequences",
    "missed": "Median share that is missed, unseen sequences",
}
"""What a table can show."""


def table(
    name: str,
    *,
    size: int | None = None,
    hidden: int | None = None,
    within: int | None = None,
    show: str = "solved",
) -> Table:
    """What came out of a sweep: a row for each model, a column for each learning rate.

    A dash stands where nothing has been run.

    Args:
        name: a key of :data:`SWEEPS`.
        size: only this T or this delay.
        hidden: only this H; by default the trainings with either are counted together.
        within: count what was solved within so many batches; by default within all there were.
        show: ``"solved"``, how many trainings solved the task; ``"accuracy"``, the median share
            of unseen sequences that they answer right in the end; or ``"missed"``, the rest to 1
            in per cent.

    Raises:
        ValueError: there is no such sweep, or no such row in it, or nothing such to show.
    """
    if show not in CAPTIONS:
        raise ValueError(f"show: expected {' or '.join(CAPTIONS)}, given {show!r}")
    chosen = rows(name, size=size, hidden=hidden)
    rates = sorted({row.rate for row in chosen})
    groups: dict[str, dict[str, list[str]]] = {}
    for of_size in sorted({row.size for row in chosen}):
        budget = min(within or SWEEPS[name].batches[of_size], SWEEPS[name].batches[of_size])
        body = groups.setdefault(f"{SWEEPS[name].size} = {of_size}, {budget} batches", {})
        for model in SWEEPS[name].models:
            each = [
                [row for row in chosen if (row.model, row.size, row.rate) == (model, of_size, rate)]
                for rate in rates
            ]
            body[model] = [_entry(of_rate, within, show) for of_rate in each]
    units = " and ".join(str(H) for H in sorted({row.hidden for row in chosen}))
    what = CAPTIONS[show].replace("accuracy", SWEEPS[name].score)
    caption = f"{what}, by learning rate; H = {units}"
    return Table(caption, [f"{rate:g}" for rate in rates], groups)


def overview(name: str, *, hidden: int | None = None) -> Table:
    """How many trainings solved a task, over all learning rates: a row for each model.

    Args:
        name: a key of :data:`SWEEPS`.
        hidden: only this H; by default the trainings with either are counted together.

    Raises:
        ValueError: there is no such sweep, or no such row in it.
    """
    chosen = rows(name, hidden=hidden)
    sizes = sorted({row.size for row in chosen})
    body = {
        model: [
            _entry(
                [row for row in chosen if (row.model, row.size) == (model, size)], None, "solved"
            )
            for size in sizes
        ]
        for model in SWEEPS[name].models
    }
    rates = ", ".join(f"{rate:g}" for rate in sorted({row.rate for row in chosen}))
    units = " and ".join(str(H) for H in sorted({row.hidden for row in chosen}))
    caption = f"Trainings that solved it, learning rates {rates} together; H = {units}"
    sweep = SWEEPS[name]
    heads = [f"{sweep.size} = {size}, {sweep.batches[size]:,} batches" for size in sizes]
    return Table(caption, heads, {"": body})


def _entry(of_rate: Sequence[Row], within: int | None, show: str) -> str:
    if not of_rate:
        return "–"
    if show != "solved":
        median = statistics.median(a for row in of_rate for a in row.accuracy)
        return f"{median:.2f}" if show == "accuracy" else f"{100 * (1 - median):.1f} %"
    outcomes = [one for row in of_rate for one in row.solved(within)]
    return f"{sum(outcomes)} of {len(outcomes)}"
