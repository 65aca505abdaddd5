"""Opening a chapter in Colab, getting the book: offered only where the repository's address is set.

The address stands in ``_config.yml`` (``repository.url``) and nowhere else. Publishing puts the
notebooks that Colab opens on the branch named here. ``{get-the-book}`` is the directive that tells
how to come by notebooks and package; without an address it tells what the reader's folder has.
"""

from __future__ import annotations

import subprocess
from functools import cache
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from rnnsite.assets import ROOT

COLAB = "https://colab.research.google.com"
IN_THE_FOLDER = (
    "<p>You have the book as a folder. <code>make book</code> made its environment there: "
    "<code>.venv/bin/jupyter lab</code> opens the notebooks, and <code>.venv/bin/python</code> has "
    "the package.</p>"
)
FROM_AFAR = """<p>Both are in <a href="{address}">the repository</a>. The package alone:</p>
<div class="highlight-none notranslate"><div class="highlight"><pre>{command}
</pre></div></div>"""


class NeedsKernelNote(nodes.General, nodes.Element):
    """Stands for a control that can do nothing without Python."""


class WayIn(nodes.General, nodes.Element):
    """Stands for how to come by the notebooks and the package."""


class GetTheBook(SphinxDirective):
    """How to come by the notebooks and the package."""

    def run(self) -> list[nodes.Node]:
        """Leave the place; the address is known when the page is written."""
        return [WayIn()]


def install_command(address: str, version: str) -> str:
    """What installs the package from the repository, at a version where one is known."""
    at = f"@{version}" if version else ""
    return f'pip install "rnnbook @ git+{address}{at}"'


@cache
def _version() -> str:
    """The commit that the pages are built from, as in the notebooks' set-up cells."""
    command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _visit_way_in(self: HTML5Translator, node: WayIn) -> None:
    address = repository_address(self.config)
    if address:
        command = escape(install_command(address, _version()), quote=False)
        self.body.append(FROM_AFAR.format(address=escape(address), command=command))
    else:
        self.body.append(IN_THE_FOLDER)
    raise nodes.SkipNode


def repository_address(config: Config) -> str:
    """The repository's address, or an empty string."""
    return (config.html_theme_options.get("repository_url") or "").strip().rstrip("/")


def colab_address(config: Config, docname: str) -> str | None:
    """Where Colab opens the notebook of a page; None without an address on GitHub."""
    _, host, repository = repository_address(config).partition("github.com/")
    if not host:
        return None
    branch = config.html_theme_options["repository_branch"]
    return f"{COLAB}/github/{repository.removesuffix('.git')}/blob/{branch}/{docname}.ipynb"


def _visit_note(self: HTML5Translator, node: NeedsKernelNote) -> None:
    address = colab_address(self.config, self.builder.current_docname)
    if address:
        advice = f'<a class="rnn-button" href="{escape(address)}">Open this chapter in Colab</a>'
    else:
        advice = (
            "Run the notebook on your machine: <code>make book</code> makes the environment, then "
            "<code>.venv/bin/jupyter lab</code>."
        )
    self.body.append(
        '<div class="rnn-note rnn-note-needs-kernel" role="note"><p>This control trains again with '
        f"your settings, which needs Python. {advice}</p></div>"
    )
    raise nodes.SkipNode


def _no_button_without_address(app: Sphinx, config: Config) -> None:
    if not repository_address(config):
        config.html_theme_options.pop("launch_buttons", None)


def setup(app: Sphinx) -> None:
    """Register the note, the directive and the condition."""
    app.add_node(WayIn, html=(_visit_way_in, None))
    app.add_directive("get-the-book", GetTheBook)
    app.add_node(NeedsKernelNote, html=(_visit_note, None))
    app.connect("config-inited", _no_button_without_address)
