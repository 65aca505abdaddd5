"""The figure of a stream: every step's evidence, every event marked in both panels."""

import re

import numpy as np
import pytest

from rnnbook.plots import Line
from rnnbook.plots.streams import stream

STEP = np.arange(1, 31)
EVENTS = np.isin(STEP, [4, 17])
EVIDENCE = np.where(EVENTS, 1.0, 0.0)
TARGET = Line(STEP, np.sqrt(STEP), "target", "ink", "target")
TEXTS = {"alt": "A total that is reset twice.", "caption": "Two resets."}


def drawn(events=EVENTS, **texts):
    return stream(TARGET, evidence=EVIDENCE, events=events, **(TEXTS | texts))


def test_each_event_is_a_stroke_in_both_panels_and_nothing_else_is():
    strokes = [
        len(re.findall(r"#d5dae0", drawn(events).svg)) for events in (EVENTS, EVENTS & False)
    ]
    assert strokes[0] - strokes[1] == 2 * EVENTS.sum()


def test_the_evidence_of_events_is_filled_and_of_other_steps_hollow():
    filled, hollow = (
        [
            re.findall(r'<use [^>]*style="fill: (#\w+); stroke: #3b4248', drawn(events).svg).count(
                hue
            )
            for events in (EVENTS, EVENTS & False)  # the ticks of the axes are filled in both
        ]
        for hue in ("#3b4248", "#ffffff")
    )
    assert filled[0] - filled[1] == EVENTS.sum()
    assert hollow == [(~EVENTS).sum(), len(EVENTS)]


def test_where_what_is_held_turns_there_is_one_dotted_stroke_and_a_legend():
    turns = np.isin(STEP, [9, 20, 22])
    dotted = [drawn(**more).svg.count("stroke-dasharray") for more in ({"turns": turns}, {})]
    assert dotted[0] - dotted[1] == turns.sum()
    assert "¦ turn" in drawn(turns=turns).svg
    assert "turn" not in drawn().svg.replace(TEXTS["alt"], "")
    with pytest.raises(ValueError, match=r"turns: expected \(30,\) values, given \(2,\)"):
        drawn(turns=[True, False])


def test_it_says_what_is_drawn_and_names_the_event():
    figure = drawn(event="stop")
    assert figure.alt == TEXTS["alt"]
    assert figure.caption == TEXTS["caption"]
    for text in ("target", "● stop", "○ none", "evidence v", "step t"):
        assert text in figure.svg
    named = drawn(seen="reports").svg
    assert "reports" in named
    assert "evidence v" not in named


def test_the_same_arguments_give_the_same_bytes():
    assert drawn().svg == drawn().svg


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stream(evidence=EVIDENCE, events=EVENTS, alt="A."), "at least one line"),
        (lambda: drawn(alt=" "), "alt: expected a description"),
        (lambda: drawn(events=EVENTS[1:]), r"events: expected \(30,\) values, given \(29,\)"),
        (lambda: stream(Line([1], [1], key="?"), evidence=[0], events=[False], alt="A."), "key: "),
    ],
)
def test_a_bad_argument_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
