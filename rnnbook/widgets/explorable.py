"""What the explorables share: their module, their style, their arguments, their plain text."""

from __future__ import annotations

import difflib
import math
import numbers
from pathlib import Path
from typing import ClassVar

import anywidget
import traitlets

from rnnbook.widgets.style import style_sheet

HERE = Path(__file__).parent


def module(stem: str) -> str:
    """The JavaScript module of one widget: shared mathematics, shared controls, its own file.

    A front end loads a widget's module from memory, where relative imports lead nowhere. So the
    files are joined here, unchanged.
    """
    files = ("mathematics.js", "controls.js", f"{stem}.js")
    return "\n".join((HERE / name).read_text("utf-8") for name in files)


class Number(traitlets.Float):
    """A number in [low, high]; anything else is refused by a sentence that names it."""

    def __init__(self, default: float, low: float, high: float, *, whole: bool = False) -> None:
        super().__init__(default)
        self.low, self.high, self.whole = low, high, whole
        self.tag(sync=True)

    def validate(self, obj: object, value: object) -> float:
        where = f"{type(obj).__name__}: {self.name}"
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise TypeError(f"{where} must be a number, not {type(value).__name__}.")
        if not self.low <= value <= self.high:  # also refuses nan
            raise ValueError(f"{where} must lie in [{self.low:g}, {self.high:g}]; it is {value:g}.")
        if self.whole and value != int(value):
            raise ValueError(f"{where} must be a whole number; it is {value:g}.")
        return float(value)


class Choice(traitlets.Unicode):
    """One of some names; anything else is refused by a sentence that names them."""

    def __init__(self, *names: str) -> None:
        super().__init__(names[0])
        self.names = names
        self.tag(sync=True)

    def validate(self, obj: object, value: object) -> str:
        if value not in self.names:
            known = " or ".join(map(repr, self.names))
            what = f"{type(obj).__name__}: {self.name}"
            raise ValueError(f"{what} must be {known}; it is {value!r}.")
        return value


class Explorable(anywidget.AnyWidget):
    """Base of the widgets that live without a kernel.

    A subclass declares its arguments as traits, sets `_esm` and `_css`, and says in `text` what a
    reader sees who has no JavaScript.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, and the range.
    """

    _css = style_sheet()

    # ipywidgets 7 would display through this method and lose the text; `None` hands over to
    # `_repr_mimebundle_`, which both of its lines then use.
    _ipython_display_ = None

    def __init__(self, **arguments: object) -> None:
        self._refuse_unknown(arguments)
        super().__init__(**arguments)

    @classmethod
    def arguments(cls) -> list[str]:
        """The names of the arguments, in the order of their declaration."""
        own = cls.__mro__[: cls.__mro__.index(Explorable)]
        declared = [name for kind in reversed(own) for name in vars(kind)]
        return [name for name in declared if name in cls.class_traits() and name[0] != "_"]

    @classmethod
    def _refuse_unknown(cls, arguments: dict[str, object]) -> None:
        for name in arguments:
            if name not in cls.arguments():
                near = difflib.get_close_matches(name, cls.arguments(), n=1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                valid = ", ".join(cls.arguments())
                raise TypeError(f"{cls.__name__} has no argument {name!r}.{hint} It has: {valid}.")

    @property
    def text(self) -> str:
        """What the widget says to a reader without JavaScript."""
        raise NotImplementedError(f"{type(self).__name__} must say its text.")

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/plain": self.text}, metadata


class Adjustable(Explorable):
    """Base of the explorables that have numbers to turn: their ranges and their presets.

    A subclass declares its numbers as `Number` and names its presets in `presets`, each with a
    name, a sentence about it, and the values that it sets.
    """

    presets: ClassVar[list[dict[str, object]]] = []

    _ranges = traitlets.Dict().tag(sync=True)
    _presets = traitlets.List().tag(sync=True)

    @traitlets.default("_ranges")
    def _own_ranges(self) -> dict[str, list[float]]:
        """Lowest and highest value of every number: the sliders are made from this."""
        found = {name: t for name, t in self.traits().items() if isinstance(t, Number)}
        return {name: [found[name].low, found[name].high] for name in sorted(found)}

    @traitlets.default("_presets")
    def _own_presets(self) -> list[dict[str, object]]:
        return self.presets


def plain(number: float, digits: int = 3) -> str:
    """A number for a sentence: few digits, a true minus sign, "infinite" in words."""
    if math.isinf(number):
        return "infinitely many"
    return f"{number:.{digits}g}".replace("-", "−")
