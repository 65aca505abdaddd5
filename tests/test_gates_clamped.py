"""What is counted of the stored clamps and comparisons is what the files hold."""

from __future__ import annotations

import dataclasses

import pytest

from rnnbook.experiments import fair_comparison, verdicts
from rnnbook.experiments.equal_terms import CELLS
from rnnbook.experiments.gates_clamped import NAMES, broken, clamped_table, shares, without_table
from rnnbook.plots.losses import losses
from rnnbook.quantities import QUANTITIES

# --- a sweep of four trainings, made up ----------------------------------------------------------

LONG = {
    "as trained": (1.0, 1.0, 0.98, 0.995),
    "z := its mean": (0.5, 0.95, 0.1, 0.6),
    "r := its mean": (1.0, 0.91, 0.1, 0.99),
    "r := 1": (0.8, 1.0, 0.1, 0.2),
    "r := 0": (1.0, 1.0, 0.1, 0.995),
}
SHORT = {
    "as trained": (1.0, 0.995, 1.0, 1.0),
    "z := its mean": (0.7, 0.5, 0.1, 0.6),
    "r := its mean": (0.89, 0.5, 0.1, 1.0),
    "r := 1": (0.9, 0.2, 0.1, 0.3),
    "r := 0": (1.0, 0.995, 0.1, 1.0),
}


@pytest.fixture
def made_up(monkeypatch):
    """Two learning rates, two seeds, one H; the third training does not do both."""
    rows = []
    for (arm, clamp, answer), model in NAMES.items():
        if answer == "both":
            each = tuple(map(min, LONG["as trained"], SHORT["as trained"]))
        else:
            each = (LONG if answer == "long" else SHORT)[clamp]
        if arm == "z fixed":
            each = (0.5,) * 4
        for k, rate in ((2, 0.03), (0, 0.01)):
            row = {"model": model, "size": 20, "hidden": 4, "rate": rate}
            rows.append(row | {"steps": [800, 800], "accuracy": list(each[k : k + 2])})
    monkeypatch.setattr(verdicts, "stored_results", lambda name: {"rows": rows})
    return "long_and_short"


def test_only_networks_that_do_both_count(made_up):
    assert shares(made_up, "z := its mean") == {"long": [0.5, 0.95, 0.6], "short": [0.7, 0.5, 0.6]}


@pytest.mark.parametrize(
    ("clamp", "counts"),
    [
        ("as trained", (3, 0, 0, 0, 0)),
        ("z := its mean", (3, 2, 3, 1, 1)),  # loses .5 and .3, .05 and .495, .395 and .4
        ("r := its mean", (3, 0, 2, 0, 2)),
        ("r := 1", (3, 2, 2, 2, 1)),
        ("r := 0", (3, 0, 0, 0, 0)),
    ],
)
def test_what_is_broken_is_counted(made_up, clamp, counts):
    assert dataclasses.astuple(broken(made_up, clamp)) == counts


def test_the_tables_say_the_same(made_up):
    (group,) = clamped_table(made_up).groups
    assert group == "H = 4, 3 networks"
    assert clamped_table(made_up).groups[group]["z := its mean"] == ["60 (50–95)", "60 (50–70)"]
    (body,) = without_table(made_up).groups.values()
    assert body == {
        "as printed": ["3", "4", "3"],
        "r = 1 throughout": ["3", "4", "3"],
        "z fixed": ["0", "0", "0"],
    }


def test_a_clamp_that_was_not_tried_is_named(made_up):
    with pytest.raises(ValueError, match="clamp: expected one of as trained"):
        shares(made_up, "z := 0")


# --- the comparison, made up ---------------------------------------------------------------------


@pytest.fixture
def compared(monkeypatch):
    """All cells alike but for the LSTM, which is slow, and better at the higher rate."""

    def stored(name):
        if name == "batch_seconds":
            ms = {"RNN": 1.0, "LSTM": 4.0, "GRU": 2.0}
            sweeps = fair_comparison.CONTESTS.values()
            kinds = {"equations": ms, "torch.nn": dict.fromkeys(ms, 1.0)}
            return {"rows": [{"sweep": s, "size": 30, "hidden": 4, "ms": kinds} for s in sweeps]}
        size = next(iter(verdicts.SWEEPS[name.removeprefix("verdicts_")].batches))
        most = verdicts.SWEEPS[name.removeprefix("verdicts_")].batches[size]
        rows = []
        for cell in CELLS:
            for rate in (*verdicts.RATES[1:], 0.1):
                good = rate == (0.03 if cell == "LSTM" else 0.01)
                steps = [100, 125, 150, 300, most] if good else [200, most, most, most, most]
                right = [1.0, 1.0, 1.0, 0.99, 0.5] if good else [1.0, 0.3, 0.2, 0.3, 0.1]
                row = {"model": cell, "size": size, "hidden": 4, "rate": rate}
                rows.append(row | {"steps": steps, "accuracy": right})
        return {"rows": rows}

    monkeypatch.setattr(verdicts, "stored_results", stored)
    monkeypatch.setattr(fair_comparison, "stored_results", stored)


def test_each_cell_is_shown_at_its_own_best_rate(compared):
    best = {one.cell: one for one in fair_comparison.best("temporal order", 4)}
    assert {cell: one.rate for cell, one in best.items()} == {
        "RNN": 0.01,
        "RNN, orthogonal start": 0.01,
        "LSTM": 0.03,
        "GRU": 0.01,
    }
    assert best["LSTM"].solved == (4, 5)
    assert best["LSTM"].batches == (100, 125, 150, 300, None)
    assert best["LSTM"].median == 150
    assert (best["LSTM"].units, best["GRU"].units, best["RNN"].units) == (4, 5, 9)


def test_in_equal_time_a_slow_cell_has_fewer_batches(compared):
    most = verdicts.SWEEPS["equal_order"].batches[30]
    assert fair_comparison.batches_in_time("equal_order", 4) == {
        "RNN": most,
        "RNN, orthogonal start": most,
        "LSTM": most // 4,
        "GRU": most // 2,
    }
    in_time = {one.cell: one.solved_in_time for one in fair_comparison.best("temporal order", 4)}
    assert in_time == {"RNN": 4, "RNN, orthogonal start": 4, "LSTM": 3, "GRU": 4}
    of_torch = fair_comparison.best("temporal order", 4, "torch.nn")
    assert [one.solved_in_time for one in of_torch] == [4] * 4


def test_the_comparisons_table_and_picture_say_the_same(compared):
    body = fair_comparison.table(4).groups["temporal order"]
    assert body["LSTM"] == ["4", "0.03", "4 of 5", "3 of 5", "150 (100–300)", "0.6 (0.4–1.2)"]
    marks = fair_comparison.panels(4)["temporal order"]["LSTM"]
    assert [sum(column) for column in marks] == [0, 0, 3, 0]


def test_what_was_not_compared_is_named(compared):
    with pytest.raises(ValueError, match="contest: expected one of temporal order"):
        fair_comparison.best("copying", 4)
    with pytest.raises(ValueError, match="sweep: expected one that was timed, given 'equal_order'"):
        fair_comparison.milliseconds("equal_order", 5)


# --- the picture ---------------------------------------------------------------------------------


def test_the_picture_has_a_mark_for_each_unit_and_its_texts():
    units = {"z := its mean": [(40, 0), (0, 30)], "r := 0": [(1, 1), (2, 2), (0, 0)]}
    texts = {"xlabel": "lost long ago", "ylabel": "lost just now", "alt": "Five units."}
    drawn = losses(units, keys="zr", caption="Units.", **texts)
    colors = [QUANTITIES[key].light for key in "zr"]
    assert [drawn.svg.count(f"fill: {color}") for color in colors] == [2, 3]
    assert "lost just now" in drawn.svg
    assert (drawn.alt, drawn.caption) == ("Five units.", "Units.")
    assert losses(units, keys="zr", caption="Units.", **texts).svg == drawn.svg
    with pytest.raises(ValueError, match="expected one for each key, given 2 and 1"):
        losses(units, keys="z", **texts)
    with pytest.raises(ValueError, match="alt: expected a description"):
        losses(units, keys="zr", **texts | {"alt": " "})
