"""The style sheet of the explorables: `explorable.css`, headed by the colours of the quantities."""

from __future__ import annotations

from pathlib import Path

from rnnbook.quantities import QUANTITIES

HERE = Path(__file__).parent

DARK_PAGES = (
    'html[data-theme="dark"] .rnn-explorable',
    '[data-jp-theme-light="false"] .rnn-explorable',
    ".vscode-dark .rnn-explorable",
    'html[theme="dark"] .rnn-explorable',
    '.rnn-explorable[data-scheme="dark"]',
)
"""Where a page says that it is dark: this book, JupyterLab, VS Code, Colab; else `home.js`."""

PAPER = ".rnn-explorable" * 3
"""Paper is light, and forced colours hold, whatever the page is: this outweighs those above."""

LIGHT = {
    "surface": "#ffffff",
    "sunk": "#f3f5f7",
    "ink": "#1f2a33",
    "muted": "#56616c",
    "line": "#d5dae0",
    "edge": "#77828d",
    "accent": "#0b5cad",
    "good": "#00704f",
    "bad": "#b3261e",
}
DARK = {
    "surface": "#181d24",
    "sunk": "#222932",
    "ink": "#e6edf3",
    "muted": "#aab4bf",
    "line": "#3a434e",
    "edge": "#8793a0",
    "accent": "#79b8ff",
    "good": "#5fd3a6",
    "bad": "#ff9a92",
}


FORCED = {
    **dict.fromkeys(("surface", "sunk"), "Canvas"),
    **dict.fromkeys(("ink", "muted", "good", "bad"), "CanvasText"),
    **dict.fromkeys(("line", "edge"), "GrayText"),
    "accent": "Highlight",
    **{f"q-{key}": "CanvasText" for key in QUANTITIES},
}
"""A reader's own colours, where the system forces them: pictures must follow, page or not."""


def colours(scheme: str) -> str:
    """The custom properties of one scheme, "light" or "dark", one a line."""
    paper = {"light": LIGHT, "dark": DARK}[scheme]
    lines = [f"  color-scheme: {scheme};"]
    lines += [f"  --{name}: {value};" for name, value in paper.items()]
    lines += [f"  --q-{key}: {getattr(q, scheme)};" for key, q in QUANTITIES.items()]
    return "\n".join(lines)


def style_sheet() -> str:
    """The whole style sheet: colours on light pages, on dark pages, on paper, then the rules."""
    dark_pages = ",\n".join(DARK_PAGES)
    forced = "\n".join(f"  --{name}: {value};" for name, value in FORCED.items())
    return (
        f".rnn-explorable {{\n{colours('light')}\n}}\n"
        f"{dark_pages} {{\n{colours('dark')}\n}}\n"
        f"@media print {{\n{PAPER} {{\n{colours('light')}\n}}\n}}\n"
        f"@media (forced-colors: active) {{\n{PAPER} {{\n{forced}\n}}\n}}\n"
        + (HERE / "explorable.css").read_text("utf-8")
    )
