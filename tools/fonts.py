"""The fonts that the tests' Chromium sees: the project's own, whatever a machine has installed.

How wide a word is decides where a line wraps and which label meets which. So Chromium is started
with a fontconfig of ours, which knows three families and nothing else: a narrow one, a wide one,
and between them, as the default, one as wide as Arial and Helvetica, which most readers have. All
come from packages that `make book` installs. Where no fontconfig is, on macOS, this does nothing.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
FAMILIES = {"narrow": "Archivo Narrow", "default": "Arimo", "wide": "DejaVu Sans"}
"""What `sans-serif` and `system-ui` mean in each configuration."""

_PACKAGES = ("fontpkg_archivo_narrow/files", "fontpkg_arimo/files", "matplotlib/mpl-data/fonts/ttf")


def folders() -> list[Path]:
    """Where the families lie; Matplotlib brings DejaVu, which has every symbol of the pages."""
    packages = [Path(str(resources.files(name.split("/")[0]))) for name in _PACKAGES]
    return [
        package / name.split("/", 1)[1] for package, name in zip(packages, _PACKAGES, strict=True)
    ]


def configuration(name: str) -> str:
    """The text of a fonts.conf: our folders alone, and what the generic families mean."""
    meant = {
        "sans-serif": FAMILIES[name],
        "system-ui": FAMILIES[name],
        "serif": "DejaVu Serif",
        "monospace": "DejaVu Sans Mono",
        "ui-monospace": "DejaVu Sans Mono",
    }
    lines = [f"<dir>{escape(str(folder))}</dir>" for folder in folders()]
    lines.append(f"<cachedir>{escape(str(ROOT / '_build' / 'fonts' / 'cache'))}</cachedir>")
    for generic, family in meant.items():
        lines.append(
            f'<match target="pattern"><test name="family"><string>{generic}</string></test>'
            f'<edit name="family" mode="prepend" binding="strong"><string>{family}</string></edit>'
            "</match>"
        )
    lines.append(  # what has no font of its own, too
        '<match target="pattern"><edit name="family" mode="append" binding="weak">'
        f"<string>{FAMILIES[name]}</string><string>DejaVu Sans</string></edit></match>"
    )
    return '<?xml version="1.0"?>\n<fontconfig>\n' + "\n".join(lines) + "\n</fontconfig>\n"


def environment(name: str = "default") -> dict[str, str]:
    """What makes Chromium use that configuration; the file is written below _build."""
    path = ROOT / "_build" / "fonts" / f"{name}.conf"
    text = configuration(name)
    if not path.exists() or path.read_text("utf8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return {"FONTCONFIG_FILE": str(path), "FC_LANG": "en"}
