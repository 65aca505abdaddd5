"""The set-up cell on a published page says what the notebook behind the page's button says.

In the repository the cell's ``SOURCE`` is empty. Publishing hands the requirement over as
``rnn_requirement``; elsewhere that is empty too, and the pages show the cell as it is stored.
"""

from __future__ import annotations

import json

from sphinx.application import Sphinx

UNSTAMPED = json.dumps('SOURCE = ""')[1:-1]


def stamped(text: str, requirement: str) -> str:
    """The text of a notebook's file with the requirement in its first set-up cell."""
    source = json.dumps(f'SOURCE = "{requirement}"')[1:-1]
    return text.replace(UNSTAMPED, source, 1) if requirement else text


def _stamp(app: Sphinx, docname: str, content: list[str]) -> None:
    if app.env.doc2path(docname).endswith(".ipynb"):
        content[0] = stamped(content[0], app.config.rnn_requirement)


def setup(app: Sphinx) -> None:
    """Register the requirement, and stamp notebooks as they are read."""
    app.add_config_value("rnn_requirement", "", "env")
    app.connect("source-read", _stamp)
