"""Pages whose document is gone leave the site too, with the copy of their source.

Sphinx forgets a document that was removed or renamed, but lets its page stand, and that page asks
for files that ``assets`` has deleted. Generated pages, such as the index, have no source and stay.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

SOURCES = "_sources"


def _delete_pages(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    outdir = Path(app.outdir)
    for source in [path for path in (outdir / SOURCES).rglob("*") if path.is_file()]:
        document = app.project.path2doc(str(source.relative_to(outdir / SOURCES)))
        if document not in app.env.found_docs:
            source.unlink()
            (outdir / f"{document}.html").unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Delete when a build has succeeded."""
    app.connect("build-finished", _delete_pages)
