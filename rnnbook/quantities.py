"""The book's quantities: one symbol and one colour for each, everywhere.

The table below is the only home of the colours. Equations, plots, diagrams, widgets and the site's
style sheet read it; nothing else in the project writes a colour of a quantity.

The hues follow Okabe & Ito's colour-blind-safe set, darkened (light theme) or lightened (dark
theme) until text in them has a contrast of at least 4.5 to 1 on the page. Colour never stands
alone: the symbol is always beside it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """A quantity of the book.

    Attributes:
        key: short ASCII name, used in CSS (``--q-<key>``), in code and in widgets.
        symbol: plain-text symbol, for labels and alt text.
        latex: the symbol without its time index.
        name: the term used in the text.
        light: colour on a light page, ``#rrggbb``.
        dark: colour on a dark page, ``#rrggbb``.
    """

    key: str
    symbol: str
    latex: str
    name: str
    light: str
    dark: str


_TABLE = (
    Quantity("x", "x", r"x", "input", "#5b6570", "#aeb8c2"),
    Quantity("h", "h", r"h", "hidden state", "#1f2a33", "#e6edf3"),
    Quantity("f", "f", r"f", "forget gate", "#b8440b", "#ff9a5c"),
    Quantity("i", "i", r"i", "input gate", "#0067a5", "#6cb8f5"),
    Quantity("C_tilde", "C̃", r"\tilde{C}", "candidate", "#00775a", "#4cc9a0"),
    Quantity("C", "C", r"C", "cell state", "#8a3b8f", "#e09ae4"),
    Quantity("o", "o", r"o", "output gate", "#806000", "#e3b93c"),
    Quantity("z", "z", r"z", "update gate", "#b8295c", "#ff8fb3"),
    Quantity("r", "r", r"r", "reset gate", "#007480", "#45c7d6"),
    Quantity("h_tilde", "h̃", r"\tilde{h}", "candidate hidden state", "#4b5bc4", "#a3b0ff"),
)

QUANTITIES: dict[str, Quantity] = {quantity.key: quantity for quantity in _TABLE}
"""Quantities by key, in the order of their first use in the book."""
