"""A check on the built page: out of sight until its mark is asked, with keyboard and no script."""

from __future__ import annotations

import re

import pytest

from tools import notebooks

CHAPTERS = [chapter.stem for chapter in notebooks.chapters()]
SIZES = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]


def named(stem: str) -> list[str]:
    text = notebooks.Chapter(stem).twin.read_text("utf-8")
    headers = re.findall(r"(?m)^# check (\(.*\))$", text)
    return re.findall(r"\(([A-Z\d][\d.]*)\)", " ".join(headers))


CHECKED = [stem for stem in CHAPTERS if named(stem)]


def test_every_chapter_of_an_equation_has_a_check():
    assert [stem for stem in CHAPTERS if stem not in CHECKED] == ["11_training_on_a_gpu"]


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("stem", CHAPTERS)
def test_every_checked_display_has_its_mark_and_no_check_is_seen(browser, site_url, stem, scripts):
    with browser.new_context(java_script_enabled=scripts, viewport=SIZES[0]) as context:
        page = context.new_page()
        page.goto(f"{site_url}/notebooks/{stem}.html")
        marks = page.locator("a.rnn-check-mark")
        expected = [f"({number}) checked by machine: show how" for number in named(stem)]
        labels = [mark.get_attribute("aria-label") for mark in marks.all()]
        assert sorted(labels) == sorted(expected)
        assert not any(check.is_visible() for check in page.locator(".rnn-check").all())


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size["width"])
@pytest.mark.parametrize("stem", CHECKED)
def test_a_mark_stands_at_its_number_and_opens_its_check_by_keyboard(browser, site_url, stem, size):
    with browser.new_context(java_script_enabled=False, viewport=size) as context:
        page = context.new_page()
        page.goto(f"{site_url}/notebooks/{stem}.html")
        mark = page.locator("a.rnn-check-mark").first
        equation = page.locator(".rnn-equation", has=mark).first
        number = equation.locator(".rnn-equation-number").bounding_box()
        box = mark.bounding_box()
        assert min(box["width"], box["height"]) >= 24, "a finger finds it"
        assert abs(box["y"] + box["height"] / 2 - number["y"] - number["height"] / 2) < 4
        assert 0 <= number["x"] + 1 - box["x"] - box["width"] + 12 < 24, "beside the number"
        mark.focus()
        page.keyboard.press("Enter")
        opened = [check for check in page.locator(".rnn-check").all() if check.is_visible()]
        assert len(opened) == 1
        assert opened[0].locator("pre").first.is_visible()
        where = opened[0].bounding_box()["y"]
        assert 0 <= where < size["height"] - 100, "it is brought into sight"
        opened[0].locator("a[href^='#eq-']").first.click()
        assert not opened[0].is_visible()


@pytest.mark.parametrize("stem", CHECKED)
def test_print_leaves_the_marks_and_no_check(browser, site_url, stem):
    with browser.new_context(viewport=SIZES[0]) as context:
        page = context.new_page()
        number = named(stem)[0].replace(".", "-")
        page.goto(f"{site_url}/notebooks/{stem}.html#check-{number}")
        assert any(check.is_visible() for check in page.locator(".rnn-check").all())
        page.emulate_media(media="print")
        assert not any(check.is_visible() for check in page.locator(".rnn-check").all())
