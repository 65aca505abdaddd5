"""The first code cell of every chapter, the same in all: in Colab it installs the package.

In the repository `SOURCE` is empty, and the cell never installs anything. Publishing fills it in
with the repository's own address and one commit (`stamped`).
"""

from __future__ import annotations

SETUP = """\
# @title Set-up { display-mode: "form" }
SOURCE = ""  # publishing writes here the address and the version to install
try:
    import rnnbook
except ModuleNotFoundError:
    if not SOURCE:
        raise SystemExit(
            "rnnbook is not installed: run `pip install -e .` "
            "in the folder of the book, then restart the kernel."
        )
    %pip install -q {SOURCE}
    import rnnbook"""

METADATA = {
    "cellView": "form",
    "jupyter": {"source_hidden": True},
    "mystnb": {"code_prompt_show": "Show the set-up"},
    "tags": ["hide-input"],
}


def stamped(source: str) -> str:
    """The cell with the requirement that it installs where the package is missing."""
    return SETUP.replace('SOURCE = ""', f'SOURCE = "{source}"', 1)
