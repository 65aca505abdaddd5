"""How chapters show the package's own source: from the package, never retyped."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable


class Source:
    """Python source that every front end highlights, through its Markdown."""

    def __init__(self, text: str, where: str) -> None:
        """Keep the text and the place it comes from."""
        self.text = text
        self.where = where

    def _repr_markdown_(self) -> str:
        return f"```python\n{self.text}\n```\n\n`{self.where}`"

    def __repr__(self) -> str:
        return f"{self.text}\n# {self.where}"


def show_source(*functions: Callable, docstrings: bool = False) -> Source:
    """Show the source of functions of the package.

    Args:
        functions: one or more functions or classes of one module.
        docstrings: whether to show the docstrings, too; they are part of the API page anyway.

    Returns:
        An object that a notebook displays as highlighted code, with the file it comes from.

    Raises:
        TypeError: an argument has no Python source.

    Source: none; a tool of the chapters.
    """
    texts = [textwrap.dedent(inspect.getsource(function)).rstrip() for function in functions]
    if not docstrings:
        texts = [re.sub(r'\n\s*r?""".*?"""', "", text, count=1, flags=re.DOTALL) for text in texts]
    files = dict.fromkeys(function.__module__.replace(".", "/") + ".py" for function in functions)
    return Source("\n\n\n".join(texts), ", ".join(files))
