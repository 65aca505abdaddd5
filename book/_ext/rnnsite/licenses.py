"""The licences of what the site serves, beside it: the book's own, Temml's and the fonts'.

The foot of every page (``templates/copyright.html``) links to them.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from rnnsite import assets

FOLDER = "_static/licenses"


def texts() -> dict[str, Path]:
    """Each licence's served name and its file."""
    return {
        "LICENSE.txt": assets.ROOT / "LICENSE",
        "CC-BY-4.0.txt": assets.ROOT / "LICENSES" / "CC-BY-4.0.txt",
        "STIX-Two-Math.txt": assets.node_package("@fontsource/stix-two-math/LICENSE"),
        "Temml.txt": assets.node_package("temml/LICENSE"),
        "Source-Serif-4.txt": assets.node_package(
            "@fontsource-variable/source-serif-4/LICENSE",
        ),
    }


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in texts().items():
        (folder / name).write_bytes(path.read_bytes())


def setup(app: Sphinx) -> None:
    """Write them when a build has succeeded."""
    app.connect("build-finished", _write)
