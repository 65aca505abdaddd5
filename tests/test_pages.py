"""The examples on the pages that are no notebooks run, and print what the pages say."""

import doctest
from pathlib import Path

import pytest
import torch

BOOK = Path(__file__).resolve().parent.parent / "book"
PAGES = [page.name for page in sorted(BOOK.glob("*.md")) if ">>>" in page.read_text("utf-8")]


def test_there_are_pages_with_examples():
    assert "layers.md" in PAGES


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_print_what_it_says(page):
    with torch.random.fork_rng():
        failed, tried = doctest.testfile(
            str(BOOK / page), module_relative=False, encoding="utf-8", optionflags=doctest.ELLIPSIS
        )
    assert tried > 0
    assert failed == 0
