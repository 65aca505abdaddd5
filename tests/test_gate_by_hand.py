"""The gate by hand: its stream, its memory and its error, in Python, in JavaScript, in PyTorch."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from test_mathematics_js import javascript

from rnnbook.widgets import GateByHand
from rnnbook.widgets.gate_by_hand import (
    ADDED_WORDS,
    ASKED_NOISE,
    ASKED_Q,
    FLAGGED_NOISE,
    FLAGGED_P,
    FLAGGED_WORDS,
    NOISE,
    ORDER_NOISE,
    ORDER_P,
    ORDER_WORDS,
    SIGN_ANEW,
    SIGN_RIGHT,
    SIGN_WORDS,
    P,
    asked_total,
    believed,
    best_bars,
    flagged_sum,
    last_order,
    memory,
    reported_sign,
    rms_error,
    running_total,
)
from rnnbook.worlds.questions import derived_gate as answering_gate
from rnnbook.worlds.running_total import derived_gate, gated_totals
from rnnbook.worlds.thread import filtered, overwritten_signs, writes
from rnnbook.worlds.witness import evidence_held, mean_sign

STREAM = running_total()
GATES = [
    [1.0] * 40,
    [0.0] * 40,
    [0.82] * 40,
    [round(0.5 + 0.5 * math.sin(t), 2) for t in range(40)],
]


@pytest.mark.parametrize("rule", ["keep", "write", "show", "believe", "overwrite"])
@pytest.mark.parametrize("gate", GATES, ids=["all", "none", "constant", "waves"])
def test_memory_and_error_are_the_same_in_javascript_and_by_their_recursion(rule, gate):
    x = STREAM["values"]
    states = memory(rule, x, gate)
    C, expected = 0.0, []
    for g, u in zip(gate, x, strict=True):
        C = {
            "keep": g * C + u,
            "write": C + g * u,
            "show": g * u,
            "believe": 2 * g - 1,
            "overwrite": u + g * (C - u),
        }[rule]
        expected.append(C)
    assert states == pytest.approx(expected, abs=1e-12)
    assert javascript("byHand", [[rule, x, gate]])[0] == pytest.approx(expected, abs=1e-12)
    missed = torch.tensor([expected, STREAM["targets"]], dtype=torch.float64).diff(dim=0)
    error = missed.square().mean().sqrt().item()
    assert rms_error(states, STREAM["targets"]) == pytest.approx(error, rel=1e-12)
    (drawn,) = javascript("rmsError", [[states, STREAM["targets"]]])
    assert drawn == pytest.approx(error, rel=1e-12)


def test_the_target_starts_anew_at_the_marks_alone():
    total = 0.0
    for x, y, mark in zip(*(STREAM[k] for k in ("values", "targets", "marked")), strict=True):
        total = x if mark else total + x
        assert y == pytest.approx(total, abs=1e-9)
    assert 3 <= sum(STREAM["marked"]) <= 8, "something to do, and not at every step"


def test_the_best_gate_is_the_packages_with_the_derived_weights():
    x = torch.tensor([STREAM["values"], STREAM["evidence"]], dtype=torch.float64).T
    states = gated_totals(x[:, None], *derived_gate(P, NOISE))
    ours = memory("keep", STREAM["values"], STREAM["best_gate"])
    assert ours == pytest.approx(states.flatten().tolist(), abs=5e-3), "shares have four decimals"


def test_no_constant_share_is_better_than_the_one_that_is_shown():
    gate = GateByHand()
    least = gate.error([gate.best_constant] * 40)
    assert least == min(gate.error([share / 100] * 40) for share in range(101))
    assert gate.error(gate.best_gate) < least < gate.error([1.0] * 40)


def test_on_the_stream_of_the_page_doubt_is_better_than_any_threshold():
    """Chapter 1 says so: neither the best gate's own half nor a line drawn in hindsight does it."""
    gate = GateByHand()
    best = gate.error(gate.best_gate)
    assert best < 0.6 * gate.error(gate.cut_gate)
    for line in [*STREAM["evidence"], math.inf]:
        assert best < 0.8 * gate.error([float(v < line) for v in STREAM["evidence"]])


def test_the_stream_of_chapter_5_asks_for_its_total_at_the_marks_and_has_the_derived_gate():
    stream = asked_total()
    rows = ("values", "targets", "evidence", "marked", "best_gate")
    for C, y, v, mark, share in zip(*(stream[k] for k in rows), strict=True):
        assert y == (C if mark else 0)
        W_x, _, b = answering_gate(ASKED_Q, ASKED_NOISE)
        assert share == pytest.approx(torch.sigmoid(W_x[1, 0] * v + b[0]).item(), abs=1e-4)
    gate = GateByHand(**stream, rule="show")
    marked = next(one for one in gate._presets if "marks" in one["about"])["set"]["gate"]
    assert gate.error(marked) == 0, "open at the marks is right"
    assert gate.error(gate.best_gate) < gate.error([gate.best_constant] * 40)


def test_another_world_needs_all_of_its_stream():
    with pytest.raises(ValueError, match="targets, evidence, marked, best_gate"):
        GateByHand(values=[1.0, 2.0])
    with pytest.raises(ValueError, match="evidence must have 2 steps; it has 1"):
        GateByHand(
            values=[1.0, 2.0], targets=[1.0, 3.0], evidence=[0.0], marked=[0, 0], best_gate=[1, 1]
        )
    with pytest.raises(ValueError, match=r"rule must be 'keep' or .*; it is 'melt'"):
        GateByHand(rule="melt")


# --- the flagged sum, chapter 2 ------------------------------------------------------------------

FLAGGED = flagged_sum()


def writing(**more):
    return GateByHand(**FLAGGED, rule="write", words=FLAGGED_WORDS, **more)


def test_the_flagged_sum_moves_at_the_marks_alone_and_by_their_numbers():
    total = 0.0
    rows = ("values", "targets", "marked")
    for x, y, mark in zip(*(FLAGGED[k] for k in rows), strict=True):
        total += x if mark else 0
        assert y == pytest.approx(total, abs=1e-9)
    assert 5 <= sum(FLAGGED["marked"]) <= 12, "about one in five"


def test_the_best_gate_of_the_flagged_sum_is_the_oracles():
    world = writes(FLAGGED_P, FLAGGED_NOISE)
    evidence, numbers = (
        torch.tensor(FLAGGED[k], dtype=torch.float64) for k in ("evidence", "values")
    )
    best = filtered(world, {"R": evidence}, u=numbers)
    ours = memory("write", FLAGGED["values"], FLAGGED["best_gate"])
    assert ours == pytest.approx(best.tolist(), abs=5e-3), "shares have four decimals"


def test_on_the_page_the_gates_come_in_the_order_that_the_chapter_derives():
    gate = writing(gate=[0.0] * 40)
    errors = [gate.error([s] * 40) for s in (1.0, 0.0, gate.best_constant)]
    errors.append(gate.error(FLAGGED["best_gate"]))
    assert errors == sorted(errors, reverse=True)
    assert gate.error([float(mark) for mark in FLAGGED["marked"]]) < 1e-9


def test_other_gates_are_buttons_of_their_own():
    gate = writing(more={"Learnt gate": [0.25] * 40})
    assert [preset["name"] for preset in gate._presets] == [
        "Write everything",
        "Best constant",
        "Open at the marks",
        "Learnt gate",
    ]
    assert gate._presets[-1]["set"] == {"gate": [0.25] * 40}
    with pytest.raises(ValueError, match="Learnt must have 40 steps; it has 2"):
        writing(more={"Learnt": [0.0, 1.0]})


# --- the reported sign, chapter 6 ----------------------------------------------------------------

SIGN = reported_sign()


def test_the_best_belief_is_the_enumerated_mean_of_the_sign():
    reports = torch.tensor(SIGN["values"][:13], dtype=torch.float64)
    means = mean_sign(reports, SIGN_RIGHT, SIGN_ANEW)
    ours = memory("believe", SIGN["values"][:13], SIGN["best_gate"][:13])
    assert ours == pytest.approx(means.tolist(), abs=5e-4), "shares have four decimals"
    by_4 = memory("believe", SIGN["values"], believed(SIGN["values"], 0.9))
    held = evidence_held(torch.tensor(SIGN["values"]).double(), anew=0.1, exact=False)
    assert by_4 == pytest.approx(torch.tanh(held).tolist(), abs=5e-4)


def test_the_sign_turns_at_the_marks_alone():
    signs, marked = SIGN["targets"], SIGN["marked"]
    assert [a != b for a, b in itertools.pairwise(signs)] == marked[1:]
    assert not marked[0]
    assert sum(marked) == 2


def test_on_the_page_the_beliefs_come_in_the_order_that_the_chapter_tells():
    reports = SIGN["values"]
    widget = GateByHand(**SIGN, rule="believe", words=SIGN_WORDS, gate=[0.5] * 40)
    assert [one["name"] for one in widget._presets] == ["Believe each report", "Best constant"]
    errors = [
        widget.error(row)
        for row in (
            believed(reports, 1.0),
            believed(reports, 0.9),
            widget._presets[0]["set"]["gate"],
            widget.cut_gate,
            believed(reports, 0.75),
            SIGN["best_gate"],
        )
    ]
    assert errors == sorted(errors, reverse=True)


# --- the last order, chapter 7 -------------------------------------------------------------------

ORDERS = last_order()


def obeying(**more):
    return GateByHand(**ORDERS, rule="overwrite", words=ORDER_WORDS, **more)


def test_the_last_order_changes_at_the_marks_alone_and_is_the_sign_that_came_in():
    held = 0
    for s, y, mark in zip(*(ORDERS[k] for k in ("values", "targets", "marked")), strict=True):
        held = s if mark else held
        assert y == held
        assert abs(s) == 1
    assert 3 <= sum(ORDERS["marked"]) <= 7, "something to do, and not at every step"


def test_the_best_gate_of_the_last_order_is_the_oracles():
    """Signs are seen clearly: noise so small that the candidate is the sign itself."""
    world = overwritten_signs(ORDER_P, ORDER_NOISE, 0.01)
    evidence = {
        name: torch.tensor(ORDERS[row], dtype=torch.float64)
        for name, row in (("K", "evidence"), ("s", "values"))
    }
    best = filtered(world, evidence).tolist()
    ours = memory("overwrite", ORDERS["values"], ORDERS["best_gate"])
    assert ours == pytest.approx(best, abs=5e-3), "shares have four decimals"


@pytest.mark.parametrize("seed", [7484, 3210])
def test_on_both_streams_of_chapter_7_doubt_is_better_than_any_constant_and_than_none(seed):
    stream = last_order(seed)
    gate = GateByHand(**stream, rule="overwrite", words=ORDER_WORDS)
    best = gate.error(stream["best_gate"])
    assert best < 0.95 * gate.error([gate.best_constant] * 40)
    assert best < 0.8 * gate.error(gate.cut_gate)
    marked = next(one for one in gate._presets if "marks" in one["about"])["set"]["gate"]
    assert gate.error(marked) == 0, "overwriting at the marks is right"


def test_the_half_life_of_the_bar_in_hand_is_told(show):
    page = show(obeying(gate=[0.9] * 40))
    assert "half of what is held is gone after 6.6 steps" in page.locator(".sentence").inner_text()


def test_a_memory_that_adds_cannot_hold_the_last_order_whatever_its_bars():
    """Chapter 10: with all in sight, bars drawn at random or by L-BFGS come no nearer."""
    one = last_order()
    bars = best_bars("keep", one)
    least = rms_error(memory("keep", one["values"], bars), one["targets"])
    assert 0.65 < least < 0.75
    values, targets = (torch.tensor(one[name]).double() for name in ("values", "targets"))
    torch.manual_seed(0)
    start = torch.randn(40, 50).double().requires_grad_()
    optimizer = torch.optim.LBFGS([start], max_iter=200, line_search_fn="strong_wolfe")

    def errors():
        held, states = torch.zeros(50).double(), []
        for x, gate in zip(values, torch.sigmoid(start), strict=True):
            held = gate * held + x
            states.append(held)
        return (torch.stack(states) - targets[:, None]).square().mean(0)

    def closure():
        optimizer.zero_grad()
        loss = errors().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    assert least < errors().min().sqrt().item() + 0.02
    best = rms_error(memory("overwrite", one["values"], one["best_gate"]), one["targets"])
    assert best < least / 2
    most = memory("keep", one["values"], [1.0] * 40)
    assert max(map(abs, most)) == 6
    assert set(ADDED_WORDS) >= set(ORDER_WORDS)
