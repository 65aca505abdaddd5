"""How chapters show the package's own source: from the package, never retyped."""

from __future__ import annotations

import ast
import inspect
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
        functions: one or more functions or classes of the package.
        docstrings: whether to show the docstrings, too; they are part of the API page anyway.

    Returns:
        An object that a notebook displays as highlighted code, with the file it comes from.

    Raises:
        TypeError: there is no argument, or one has no Python source.

    Source: none; a tool of the chapters.
    """
    if not functions:
        raise TypeError("functions: expected at least one function or class, given none")
    texts = [_source(function) for function in functions]
    if not docstrings:
        texts = [_without_docstrings(text) for text in texts]
    files = dict.fromkeys(function.__module__.replace(".", "/") + ".py" for function in functions)
    return Source("\n\n\n".join(texts), ", ".join(files))


def _source(function: Callable) -> str:
    try:
        return textwrap.dedent(inspect.getsource(function)).rstrip()
    except (TypeError, OSError):
        raise TypeError(f"functions: expected Python source, given {function!r}") from None


def _without_docstrings(text: str) -> str:
    """The source without the lines of its docstrings, those of methods included."""
    dropped: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            docstring, *others = node.body
            if others:  # a body that is its docstring alone needs it
                dropped.update(range(docstring.lineno, docstring.end_lineno + 1))
    numbered = enumerate(text.splitlines(), start=1)
    return "\n".join(line for number, line in numbered if number not in dropped)
