"""What a reader may search for: American spellings, and names that the text writes out in full.

The words are added where a page is indexed, so that the search itself stays Sphinx's own.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

SHORT_NAMES = {"backpropagation through time": "bptt", "long short-term memory": "lstm"}
_BRITISH = ((re.compile(r"is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)"), "iz"),)
_BRITISH += ((re.compile(r"our(?=(?:s|ed|ing)?$)"), "or"),)


def american(word: str) -> str:
    """The word as an American writes it; a word that only looks British comes to no harm."""
    for pattern, replacement in _BRITISH:
        word = pattern.sub(replacement, word)
    return word


class BookEnglish(SearchEnglish):
    """English, with a second spelling of some words in the index."""

    def split(self, input: str) -> list[str]:
        """The words of a text, then those that it does not say but means."""
        words = super().split(input)
        other = [spelt for word in words if (spelt := american(word)) != word]
        text = " ".join(input.lower().split())
        return words + other + [name for phrase, name in SHORT_NAMES.items() if phrase in text]


def setup(app: Sphinx) -> None:
    """Take the place of Sphinx's English."""
    app.add_search_language(BookEnglish)
