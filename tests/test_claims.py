"""The claims table has every sentence of the post, and no row says more than the book shows.

The post is not part of the project. What holds the table to it is the fingerprint of its sentences,
taken from the post itself; `tools/claims.py` compares the table with a copy of it.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from rnnsite import claims  # noqa: E402

from rnnbook.experiments import gates_clamped, verdicts  # noqa: E402
from tools import claims as post  # noqa: E402

SITE = ROOT / "_build" / "html"
PAGE = ROOT / "book" / "claims.md"
TWINS = {int(path.stem[:2]): path for path in (ROOT / "notebooks" / "text").glob("*.md")}
SENTENCES = claims.sentences()
CLAIMS = claims.claims()
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda one: one.key)


# --- the post ------------------------------------------------------------------------------------


def test_the_table_holds_every_sentence_of_the_post_word_for_word():
    stored = tomllib.loads(claims.TABLE.read_text("utf8"))["sha256"]
    assert post.fingerprint(" ".join(one.says for one in SENTENCES)) == stored


POST = """---
title: A post
---

## I. A heading

It remembers. It
forgets $f_{t}$:

$$C_{t} = 1 \\tag{4}$$

![](picture.gif){: .shadow}

### **Code:**

```python
# No sentence. At all.
x = 1
```

- It counts.

## Reference

1. [A title. With a stop](https://example.org)
"""
SAID = ["It remembers.", "It forgets $f_{t}$:", "It counts."]


def test_the_prose_of_a_post_is_its_sentences_and_nothing_else():
    assert post.prose(POST) == " ".join(SAID)


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        (SAID, []),
        (SAID[1:], ["not in the table: It remembers."]),
        (SAID[:2], ["not in the table: It counts."]),
        ([SAID[0], SAID[2]], ["not in the table: It forgets $f_{t}$:"]),
        ([*SAID, "It sleeps."], ["not in the post, or not in this place: It sleeps."]),
    ],
)
def test_what_table_and_post_do_not_share_is_named(sentences, said):
    assert post.differences(sentences, POST) == said


def test_a_copy_of_the_post_is_compared_and_its_fingerprint_told(tmp_path, capsys):
    copy = tmp_path / "copy.md"
    copy.write_text(" ".join(one.says for one in SENTENCES), "utf-8")
    assert post.main([str(copy)]) == 0
    assert f"all {len(SENTENCES)} sentences" in capsys.readouterr().out
    copy.write_text(POST, "utf-8")
    assert post.main([str(copy)]) == 1
    assert post.fingerprint(" ".join(SAID)) in capsys.readouterr().out


# --- the rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: one.says[:30])
def test_a_sentence_has_a_row_or_a_reason_why_it_has_none(sentence):
    if sentence.no_claim:
        assert not sentence.key
        assert not sentence.found
    else:
        assert re.fullmatch(r"[a-z0-9-]+", sentence.key)
        assert sentence.found


def test_no_two_rows_have_one_address():
    assert Counter(one.key for one in CLAIMS).most_common(1)[0][1] == 1


@each_claim
def test_a_verdict_is_one_of_the_four_and_stands_on_a_finding(claim):
    assert claim.verdict in claims.VERDICTS
    assert any(claim.found.values()) == (claim.verdict != "not yet tested")


@each_claim
def test_a_finding_is_there_once_its_chapter_is_and_not_before(claim):
    for number, text in claim.found.items():
        written = int(number) in TWINS
        assert bool(text) == written, f"book/claims.toml, {claim.key}: found.{number}"


def shown_in(text: str) -> list[str]:
    """The chapters that a finding leads to, by link or by the number of a display."""
    linked = re.findall(r"\]\(\.\./notebooks/(\d\d)_\w+\.ipynb#[\w-]+\)", text)
    displays = re.findall(r"(?<![\w)])\((\d+\.\d+)\)", text)
    return [*linked, *(number.split(".")[0] for number in displays)]


@each_claim
def test_a_finding_leads_to_a_place_of_its_own_chapter(claim):
    for number, text in claim.found.items():
        if text:
            assert {int(chapter) for chapter in shown_in(text)} == {int(number)}, text


@each_claim
def test_a_display_that_a_finding_names_is_in_its_chapter(claim):
    for number, text in claim.found.items():
        for display in re.findall(r"(?<![\w)])\((\d+\.\d+)\)", text):
            assert rf"\tag{{{display}}}" in TWINS[int(number)].read_text("utf-8")


def counted(text: str) -> list[int]:
    """The numbers of trainings that a finding names, as in `in 9 of 20` or `in none`."""
    return [int(number or 0) for number, _ in re.findall(r"\bin (?:(\d+)|(none))\b", text)]


TOLD = {  # row and chapter: the sweep's entries, each with the lengths that share its number
    ("capable", "0"): [("recall", "RNN", [60]), ("recall", "RNN, orthogonal start", [60])],
    ("capable", "1"): [
        ("temporal_order", "LSTM, forget bias 1", [70]),
        ("temporal_order", "LSTM, chrono", [70]),
    ],
    ("default", "1"): [
        ("temporal_order", "LSTM, PyTorch's default", [40]),
        ("temporal_order", "LSTM, PyTorch's default", [70]),
        ("temporal_order", "LSTM, chrono", [40, 70]),
    ],
    ("default", "6"): [
        ("adding", "LSTM, PyTorch's default", [30]),
        ("short_order", "LSTM, PyTorch's default", [30]),
    ],
}


@pytest.mark.parametrize("place", TOLD, ids="-".join)
def test_counts_of_trainings_are_those_of_the_stored_sweeps(place):
    key, chapter = place
    (text,) = [one.found[chapter] for one in CLAIMS if one.key == key]
    for told, (sweep, model, lengths) in zip(counted(text), TOLD[place], strict=True):
        for length in lengths:
            hidden = {} if chapter == "6" else {"hidden": 16}  # chapter 6 counts both sizes
            found = verdicts.tally(sweep, model=model, size=length, **hidden)
            assert found == (told, 40 if chapter == "6" else 20), (model, length)


def test_what_the_closing_sentences_tell_of_gates_is_what_was_stored():
    """Networks in which a clamp breaks an answer, and trainings without a gate, at both sizes."""
    found = {one.key: counted(one.found["10"]) for one in CLAIMS if one.key.endswith("-term")}

    tasks = ("long_and_short", "long_and_phrase")

    def broken(clamp: str, answer: str) -> list[int]:
        return [getattr(gates_clamped.broken(task, clamp), answer) for task in tasks]

    def learnt(arm: str, answer: str) -> list[int]:
        model = gates_clamped.NAMES[arm, "as trained", answer]
        return [verdicts.tally(task, model=model)[0] for task in tasks]

    networks = [gates_clamped.broken(task, "r := 0").networks for task in tasks]
    assert networks == [35, 30] == broken("z := its mean", "short")  # "in all"
    by_task = zip(broken("r := 0", "short"), broken("r := 0", "long"), strict=True)
    shut = [count for both in by_task for count in both]
    short = learnt("r = 1 throughout", "short") + learnt("as printed", "short")
    assert found["short-term"] == [*shut, *short]
    long = learnt("z fixed", "long") + learnt("as printed", "long")
    assert found["long-term"] == [*broken("z := its mean", "long"), *long]


# --- the page ------------------------------------------------------------------------------------


def test_the_page_has_each_part_once_in_the_posts_order():
    shown = re.findall(r"\{claims\} (.+)", PAGE.read_text("utf-8"))
    assert shown == list(dict.fromkeys(one.part for one in CLAIMS))


def soup(document: str) -> BeautifulSoup:
    path = SITE / f"{document}.html"
    if not path.exists():
        pytest.fail("The site is not built: run `make book` first.", pytrace=False)
    return BeautifulSoup(path.read_text("utf8"), "html.parser")


def typed(element: BeautifulSoup) -> str:
    """What an element says, as a keyboard types it: plain spaces, straight quotes."""
    return " ".join(re.sub("[“”]", '"', element.get_text()).replace("’", "'").split())


@pytest.fixture(scope="module")
def page() -> BeautifulSoup:
    return soup("book/claims")


@each_claim
def test_the_built_page_has_the_row_with_its_verdict_and_its_links_arrive(page, claim):
    row = page.find("tr", id=claim.label)
    says, verdict, found = row.find_all("td")
    words = re.sub("[“”]", '"', claim.says.replace("’", "'")).split("$")[0].strip()
    assert typed(says).startswith(words)
    assert typed(verdict) == claim.verdict
    links = [link["href"] for link in found.find_all("a", class_="reference")]
    assert len(links) >= sum(bool(text) for text in claim.found.values())
    for link in links:
        document, _, anchor = link.partition("#")
        assert soup(f"book/{document.removesuffix('.html')}").find(id=anchor) is not None, link
    for number, text in claim.found.items():
        assert bool(text) != (f"Chapter {number} is to look at it." in typed(found))


def test_the_page_counts_the_verdicts_and_lists_what_claims_nothing(page):
    text = typed(page)
    assert f"Of the post's {len(SENTENCES)} sentences {len(CLAIMS)} claim something" in text
    for verdict, number in Counter(one.verdict for one in CLAIMS).items():
        assert f"{number} {verdict}" in text
    for one in SENTENCES:
        assert not one.no_claim or one.no_claim in text


def test_a_row_that_waits_is_complete_when_its_text_is_filled_in():
    (row,) = [one for one in CLAIMS if one.key == "default"]
    say = claims.Claims._findings
    waiting = replace(row, found={"1": "Found.", "6": ""})
    assert say(None, waiting) == ["Found.", "*Chapter 6 is to look at it.*"]
    assert say(None, replace(row, found={"1": "Found.", "6": "More."})) == ["Found.", "More."]


def test_every_chapter_closes_with_a_link_to_its_rows(page):
    for path in TWINS.values():
        (closing,) = re.findall(r"\*\*What the post says, and what we .*", path.read_text("utf-8"))
        anchors = re.findall(r"\]\(\.\./book/claims\.md#([\w-]+)\)", closing)
        assert anchors, path.name
        assert [anchor for anchor in anchors if page.find(id=anchor) is None] == []
