"""The stored verdicts are whole, say what was run, and are counted and shown as they are."""

import json
import statistics
from importlib import resources
from xml.etree import ElementTree

import pytest
import torch

from rnnbook import tasks
from rnnbook.experiments import MODELS, train, verdicts
from rnnbook.experiments.equal_terms import EVERY
from rnnbook.experiments.side_by_side import train_side_by_side
from rnnbook.experiments.verdicts import (
    RATES,
    SEEDS,
    SWEEPS,
    Row,
    Sweep,
    rows,
    table,
    tally,
)
from rnnbook.plots.verdicts import shares, trainings
from tools import verdicts as tool

NAMES = sorted(SWEEPS)
ORDER = "temporal_order"


def stored(name):
    file = resources.files("rnnbook") / "results" / f"verdicts_{name}.json"
    return json.loads(file.read_text("utf8"))


# --- what is stored ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_sweep_is_of_whole_rows_and_says_how_it_was_run(name):
    record = stored(name)
    assert {"date", "command", "versions", "seeds", "batches"} <= record.keys()
    assert record["seeds"] == list(SEEDS)
    assert record["batches"] == {str(size): most for size, most in SWEEPS[name].batches.items()}
    cases = [(row.model, row.size, row.hidden, row.rate) for row in rows(name)]
    groups = SWEEPS[name].groups()
    assert len(set(cases)) == len(cases) > 0
    assert set(cases) <= {(*group, rate) for group in groups for rate in SWEEPS[name].rates}
    for row in rows(name):
        assert len(row.steps) == len(row.accuracy) == len(SEEDS)
        for steps, right, solved in zip(row.steps, row.accuracy, row.solved(), strict=True):
            assert 0 <= right <= 1
            # solved within the budget, or all of it was used; 1 − 0.9ⁿ passes 0.99 at n = 44, and
            # on equal terms a training is looked at every 25 batches
            least = EVERY if isinstance(SWEEPS[name], verdicts.EqualTerms) else 44
            assert least <= steps <= SWEEPS[name].batches[row.size]
            assert solved or steps == SWEEPS[name].batches[row.size]


def test_the_sweeps_span_a_factor_of_ten_five_seeds_and_two_sizes():
    for sweep in SWEEPS.values():
        assert max(sweep.rates) / min(sweep.rates) >= 10
        assert len(sweep.rates) >= 4
        assert len(set(sweep.hidden)) >= 2
    assert len(set(SEEDS)) >= 5
    assert min(SEEDS) > 30, "the chapters use small seeds"


def test_a_stored_training_can_be_run_again():
    """A case that is far from any edge: which batch it stops at may differ between processors."""
    (row,) = rows("recall", model="carousel", size=5, hidden=16, rate=0.01)
    (run,) = SWEEPS["recall"].run("carousel", 5, 16, [(SEEDS[0], 0.01)])
    assert run.solved == row.solved()[0] is True
    assert run.steps == pytest.approx(row.steps[0], rel=0.2)


# --- counting ------------------------------------------------------------------------------------


def test_solved_asks_for_the_share_of_unseen_sequences_and_for_the_batches():
    row = Row("RNN", 40, 16, 0.01, (100, 300, 800), (0.99, 1.0, 0.989))
    assert row.solved() == (True, True, False)
    assert row.solved(within=299) == (True, False, False)
    assert row.solved(within=300) == (True, True, False)


def test_a_tally_counts_what_the_file_holds():
    record = stored(ORDER)
    asked = {"model": "LSTM, chrono", "rate": 0.01}
    scores = [
        score
        for row in record["rows"]
        if all(row[key] == value for key, value in asked.items())
        for score in row["accuracy"]
    ]
    assert tally(ORDER, **asked) == (sum(score >= 0.99 for score in scores), len(scores))
    assert tally(ORDER, within=43) == (0, sum(len(row["steps"]) for row in record["rows"]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rows("order"), "name: expected one of temporal_order, .*; given 'order'"),
        (lambda: tally(ORDER, size=41), "expected a row that was run, given {'size': 41}"),
        (lambda: table(ORDER, show="loss"), "expected solved or accuracy or missed, given 'loss'"),
    ],
)
def test_what_was_not_run_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


# --- showing -------------------------------------------------------------------------------------


def cells(shown):
    """The table's HTML as a dictionary: (group, row, column) -> entry."""
    tree = ElementTree.fromstring(shown._repr_html_())
    found = {}
    for body in tree.iter("tbody"):
        first, *rest = body.iter("tr")
        group, *heads = [head.text for head in first]
        assert [head.get("scope") for head in first] == ["rowgroup"] + ["col"] * len(heads)
        for line in rest:
            name, *entries = line
            assert name.get("scope") == "row"
            for head, entry in zip(heads, entries, strict=True):
                found[group, name.text, head] = entry.text
    return found


def test_the_table_holds_every_count_in_html_and_in_text():
    shown = table(ORDER, hidden=16)
    entries = cells(shown)
    assert len(entries) == 2 * 6 * len(RATES)
    known = {(row.model, row.size, row.rate) for row in rows(ORDER, hidden=16)}
    for (group, model, rate), entry in entries.items():
        size = int(group.split(",")[0].removeprefix("T = "))
        if (model, size, float(rate)) not in known:
            assert entry == "–"
            continue
        solved, of = tally(ORDER, model=model, size=size, hidden=16, rate=float(rate))
        assert entry == f"{solved} of {of}"
    text = str(shown).splitlines()
    assert text[0] == "Trainings that solved it, by learning rate; H = 16"
    assert text[2].split() == ["T", "=", "40,", "800", "batches", *(f"{rate:g}" for rate in RATES)]
    chrono = next(line for line in text if line.startswith("LSTM, chrono"))
    assert chrono.split("  ")[-1].strip() == entries["T = 40, 800 batches", "LSTM, chrono", "0.03"]


def test_both_sizes_are_counted_together_and_fewer_batches_count_less():
    together = cells(table("recall", size=20))
    early = cells(table("recall", size=20, within=400))
    assert {key[0] for key in together} == {"delay = 20, 1500 batches"}
    assert {key[0] for key in early} == {"delay = 20, 400 batches"}
    for (_, model, rate), entry in together.items():
        ran = {row.hidden for row in rows("recall", model=model, size=20)}
        alone = [tally("recall", model=model, size=20, hidden=H, rate=float(rate)) for H in ran]
        assert entry == f"{sum(k for k, _ in alone)} of {sum(n for _, n in alone)}"
        fewer = early["delay = 20, 400 batches", model, rate]
        assert int(fewer.split()[0]) <= int(entry.split()[0])


def test_the_accuracy_shown_is_the_median_over_seeds():
    entries = cells(table(ORDER, size=40, hidden=16, show="accuracy"))
    (row,) = rows(ORDER, model="RNN", size=40, hidden=16, rate=0.01)
    middle = statistics.median(row.accuracy)
    assert entries["T = 40, 800 batches", "RNN", "0.01"] == f"{middle:.2f}"


def marks(figure):
    """How many marks are filled, and how many hollow."""
    filled = figure.svg.count("fill: #3b4248; stroke: #3b4248")
    hollow = figure.svg.count("fill: #ffffff; stroke: #3b4248")
    return filled, hollow


def test_the_picture_has_a_mark_for_each_training_filled_where_it_is_solved():
    drawn = trainings(
        {"T = 40": {"RNN": [[True, False], [False, False, False]]}},
        columns=["0.01", "0.03"],
        xlabel="learning rate",
        alt="One of five.",
    )
    assert drawn.alt == "One of five."
    assert marks(drawn) == (1, 4)
    assert "learning rate" in drawn.svg


@pytest.mark.parametrize(
    ("panels", "alt", "message"),
    [
        ({}, "x", "panels: expected at least one"),
        ({"T": {"RNN": [[True]]}}, " ", "alt: expected a description"),
        ({"T": {"RNN": [[True], [False]]}}, "x", "RNN: expected 1 columns, given 2"),
    ],
)
def test_a_picture_of_nothing_is_refused(panels, alt, message):
    with pytest.raises(ValueError, match=message):
        trainings(panels, columns=["0.01"], xlabel="learning rate", alt=alt)


def test_the_shares_have_a_dot_for_each_row_and_name_their_groups():
    panels = {"order": {"whole": {"LSTM": [0.5, 1.0]}, "cut": {"no gate": [0, 0.2]}}}
    drawn = shares(panels, xlabel="share solved", alt="Two rows.", caption="Shares.")
    assert (drawn.alt, drawn.caption) == ("Two rows.", "Shares.")
    assert all(f">{word}<" in drawn.svg for word in ("LSTM", "no gate", "whole", "cut", "order"))
    assert drawn.svg.count("<use") == 2 + 3  # two dots, three ticks


@pytest.mark.parametrize(
    ("panels", "alt", "message"),
    [
        ({}, "x", "panels: expected at least one"),
        ({"T": {"": {"RNN": [0.5]}}}, " ", "alt: expected a description"),
        ({"T": {"": {"RNN": [1.5]}}}, "x", "T: expected shares from 0 to 1"),
    ],
)
def test_shares_of_nothing_are_refused(panels, alt, message):
    with pytest.raises(ValueError, match=message):
        shares(panels, xlabel="share", alt=alt)


# --- running -------------------------------------------------------------------------------------


def sample(generator):
    return tasks.recall_first(64, 2, generator)


@pytest.mark.parametrize("model", [model for model in MODELS if model != "GRU"])
def test_trainings_side_by_side_are_those_that_run_alone(model):
    """To rounding, which grows with the steps: sixty are too few for chaos."""
    cases = [(3, 0.01), (4, 0.03), (3, 0.03)]
    together = train_side_by_side(model, sample, cases, steps=60, hidden=5)
    for (seed, rate), run in zip(cases, together, strict=True):
        alone = train(model, sample, seed, steps=60, hidden=5, learning_rate=rate)
        assert (run.model, run.seed) == (alone.model, alone.seed)
        assert run.curve[:20] == pytest.approx(alone.curve[:20], abs=1e-6)
        assert run.steps == pytest.approx(alone.steps, abs=2)
        assert run.solved == alone.solved
        assert run.accuracy == pytest.approx(alone.accuracy, abs=0.01)


def test_side_by_side_a_solved_training_stops_and_the_others_go_on():
    fast, slow = train_side_by_side("carousel", sample, [(0, 0.1), (0, 1e-5)], steps=150)
    assert fast.solved
    assert fast.steps < 150
    assert (slow.solved, slow.steps) == (False, 150)
    assert slow.accuracy < 0.9
    alone = train("carousel", sample, 0, steps=150, learning_rate=1e-5)
    assert slow.curve == pytest.approx(alone.curve, abs=1e-5), "undisturbed by the other's end"


def test_side_by_side_names_what_it_cannot_train():
    with pytest.raises(ValueError, match="expected an RNN, an LSTM or the carousel, given GRU"):
        train_side_by_side("GRU", sample, [(0, 0.1)], steps=1)


@pytest.fixture
def small(monkeypatch):
    """A sweep of eight trainings of three batches each."""
    models = ("RNN", "LSTM, forget bias 1")
    small = {"hidden": (4,), "rates": (0.01, 0.1)}
    sweep = Sweep(tasks.recall_first, "delay", {2: 3}, models, **small)
    monkeypatch.setattr(verdicts, "SEEDS", (7, 8))
    monkeypatch.setitem(verdicts.SWEEPS, "small", sweep)
    return sweep


@pytest.mark.parametrize(("place", "model"), [(1, "RNN"), (3, "LSTM, forget bias 1")])
def test_a_sweep_trains_each_case_with_each_seed(small, tmp_path, place, model):
    tool.complete("small", tmp_path)
    record = json.loads((tmp_path / "verdicts_small.json").read_text("utf8"))
    assert record["versions"]["torch"] == torch.__version__
    assert len(record["rows"]) == 4
    row = record["rows"][place]
    runs = [train(model, sample, s, steps=3, hidden=4, learning_rate=0.1) for s in (7, 8)]
    assert (row["model"], row["size"], row["hidden"], row["rate"]) == (model, 2, 4, 0.1)
    assert row["accuracy"] == pytest.approx([run.accuracy for run in runs], abs=0.002)
    assert row["steps"] == [3, 3]


def test_a_run_that_was_stopped_goes_on_where_it_was(small, tmp_path, monkeypatch):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    tool.complete("small", whole)
    write, count = tool.write, iter(range(5))

    def interrupted(*arguments):
        write(*arguments)
        if next(count) == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tool, "write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            tool.complete("small", parts)
    assert [len(row["steps"]) for row in tool.stored("small", parts)] == [2, 2, 1]
    trained, run = [], Sweep.run

    def recorded(self, *case):
        trained.extend(case[-1])
        return run(self, *case)

    monkeypatch.setattr(Sweep, "run", recorded)
    tool.complete("small", parts)
    assert trained == [(8, 0.01), (7, 0.1), (8, 0.1)], "nothing is trained twice"
    assert tool.stored("small", parts) == tool.stored("small", whole)


def test_the_overview_adds_up_the_table_over_its_learning_rates():
    by_rate = verdicts.table("temporal_order", hidden=16).groups
    shown = verdicts.overview("temporal_order", hidden=16)
    assert shown.columns == ("T = 40, 800 batches", "T = 70, 2,000 batches")
    for model, entries in shown.groups[""].items():
        for entry, body in zip(entries, by_rate.values(), strict=True):
            parts = [tuple(map(int, cell.split(" of "))) for cell in body[model]]
            solved, trainings = (sum(part) for part in zip(*parts, strict=True))
            assert entry == f"{solved} of {trainings}"
