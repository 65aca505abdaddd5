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
    """The JavaScript module of one widget, joined by `make widgets` from what is in `js`."""
    return (HERE / "built" / f"{stem}.js").read_text("utf-8")


class Number(traitlets.Float):
    """A number in [low, high], with a slider where it has a label; all else is refused by name.

    Args:
        default: the value at first.
        low, high: its range.
        step: what one key press or one stop of the slider changes; a hundredth of the range if not
            given, and 1 for whole numbers.
        label: the slider's name, whose last word is typeset as a symbol: "weight w_x". Without one
            the number belongs to the state but has no slider: the picture moves it.
        whole: only whole numbers.
        ratio: the slider goes by ratios, 2 % a step.
        fixed: no part of the state: no hand moves it, no link holds it.
    """

    def __init__(
        self,
        default: float,
        low: float,
        high: float,
        *,
        step: float | None = None,
        label: str | None = None,
        whole: bool = False,
        ratio: bool = False,
        fixed: bool = False,
    ) -> None:
        super().__init__(default)
        self.low, self.high, self.whole, self.fixed = low, high, whole, fixed
        self.step = step or (1 if whole else (high - low) / 100)
        self.caption, self.ratio = label, ratio
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

    def knob(self, widget: object = None) -> dict[str, object]:
        """What the page must know of it."""
        return {
            "name": self.name,
            "label": self.caption,
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "whole": self.whole,
            "ratio": self.ratio,
        }


class Choice(traitlets.Unicode):
    """One of some names; anything else is refused by a sentence that names them.

    Args:
        names: the names; the first is the value at first.
        label: what is chosen, for the page's radio buttons; without one there are none.
    """

    fixed = False

    def __init__(self, *names: str, label: str | None = None) -> None:
        super().__init__(names[0])
        self.names, self.caption = names, label
        self.tag(sync=True)

    def validate(self, obj: object, value: object) -> str:
        if value not in self.names:
            known = " or ".join(map(repr, self.names))
            what = f"{type(obj).__name__}: {self.name}"
            raise ValueError(f"{what} must be {known}; it is {value!r}.")
        return value

    def knob(self, widget: object = None) -> dict[str, object]:
        """What the page must know of it."""
        return {"name": self.name, "label": self.caption, "names": list(self.names)}


class Row(traitlets.List):
    """A row of shares in [0, 1], one a step, which a hand draws; anything else is refused by name.

    Its length is that which the widget gives it when it is made.
    """

    fixed = False

    def __init__(self) -> None:
        super().__init__([])
        self.tag(sync=True)

    def validate(self, obj: object, value: object) -> list[float]:
        where = f"{type(obj).__name__}: {self.name}"
        values = list(value)
        for number in values:
            if isinstance(number, bool) or not isinstance(number, numbers.Real):
                raise TypeError(f"{where} must be numbers; one is a {type(number).__name__}.")
            if not 0 <= number <= 1:
                raise ValueError(f"{where} must lie in [0, 1]; one is {number:g}.")
        return [float(number) for number in values]

    def knob(self, widget: object = None) -> dict[str, object]:
        """What the page must know of it: with how many steps the widget has made it."""
        steps = len(getattr(widget, self.name))
        return {"name": self.name, "label": None, "low": 0.0, "high": 1.0, "steps": steps}


class Words(traitlets.Unicode):
    """A short text that the reader writes; what is no text, too long or unknown is refused by name.

    Args:
        default: the text at first.
        characters: all that it may be made of.
        most: its longest length.
        label: the field's name.
    """

    fixed = False

    def __init__(self, default: str, characters: str, most: int, *, label: str) -> None:
        super().__init__(default)
        self.characters, self.most, self.caption = characters, most, label
        self.tag(sync=True)

    def validate(self, obj: object, value: object) -> str:
        what = f"{type(obj).__name__}: {self.name}"
        if not isinstance(value, str):
            raise TypeError(f"{what} must be a text, not {type(value).__name__}.")
        if len(value) > self.most:
            raise ValueError(f"{what} must have at most {self.most} characters, not {len(value)}.")
        unknown = next((mark for mark in value if mark not in self.characters), None)
        if unknown is not None:
            raise ValueError(f"{what} must be made of known characters; {unknown!r} is not one.")
        return value

    def knob(self, widget: object = None) -> dict[str, object]:
        """What the page must know of it."""
        return {
            "name": self.name,
            "label": self.caption,
            "characters": self.characters,
            "most": self.most,
        }


class Explorable(anywidget.AnyWidget):
    """Base of the widgets that live without a kernel.

    A subclass declares its arguments as traits, sets `_esm` and `_css`, and says in `text` what a
    reader sees who has no JavaScript. What is large, and the same in every instance, is a trait
    named `_large_…`: a kernel sends it, a stored notebook has no copy, and a page of the book
    fetches it when the reader comes there.

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
        once = dict.fromkeys(declared)  # a subclass may declare one anew
        return [name for name in once if name in cls.class_traits() and name[0] != "_"]

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
    """Base of the explorables that have something to turn: their knobs and their presets.

    A subclass declares its knobs as `Number`, `Choice` or `Row`, in the order in which the page
    shows them, and names its presets in `presets`, each with a name, a sentence about it, and the
    values that it sets.
    """

    presets: ClassVar[list[dict[str, object]]] = []

    _knobs = traitlets.List().tag(sync=True)
    _presets = traitlets.List().tag(sync=True)

    @traitlets.default("_knobs")
    def _own_knobs(self) -> list[dict[str, object]]:
        """Every knob as the page must know it: its range, its step, its label."""
        found = [self.traits()[name] for name in self.arguments()]
        return [t.knob(self) for t in found if hasattr(t, "knob") and not t.fixed]

    @traitlets.default("_presets")
    def _own_presets(self) -> list[dict[str, object]]:
        return self.presets


def plain(number: float, digits: int = 3) -> str:
    """A number for a sentence: few digits, a true minus sign, "infinite" in words."""
    if math.isinf(number):
        return "infinitely many"
    return f"{number:.{digits}g}".replace("-", "−")
