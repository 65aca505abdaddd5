"""Opening a chapter in Colab: offered only where the repository's address is set.

The address stands in ``_config.yml`` (``repository.url``) and nowhere else. Publishing puts the
notebooks that Colab opens on the branch named here.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.writers.html5 import HTML5Translator

COLAB = "https://colab.research.google.com"


class NeedsKernelNote(nodes.General, nodes.Element):
    """Stands for a control that can do nothing without Python."""


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
    """Register the note and the condition."""
    app.add_node(NeedsKernelNote, html=(_visit_note, None))
    app.connect("config-inited", _no_button_without_address)
