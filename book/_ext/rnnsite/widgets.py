"""Widgets of a static page: anywidgets are mounted from the stored state, the rest is explained.

Registered as a MyST-NB MIME renderer. MyST-NB finds renderers by entry point, which only an
installed distribution can declare; so that the readers' package need not carry code for Sphinx,
this one is added to MyST-NB's list of loaded renderers instead.

A page that is no notebook makes its widget when it is built: ``{explorable} ForgetGate`` is the
directive, and its options are arguments of that widget.

The stock way (a widget manager of 3.6 MB, RequireJS and the state of the whole notebook) is never
written into a page: every explorable of the book is an anywidget, and a control that needs Python
says so.
"""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.core.render import (
    WIDGET_STATE_MIMETYPE,
    WIDGET_VIEW_MIMETYPE,
    MimeData,
    NbElementRenderer,
    load_mime_renders,
)
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from rnnsite import assets, launch

NEEDS_KERNEL = "needs-kernel"
_PROGRESS_TEXT = re.compile(r"\d%\||it/s|s/it|\?it")
_BOOKKEEPING = re.compile(
    r"_(esm|css|anywidget_id|dom_classes|(model|view|large)_\w+)|layout|tabbable|tooltip"
)

State = dict[str, Any]


class WidgetRenderer:
    """MyST-NB's protocol for a MIME renderer."""

    mime_priority_overrides = ()

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Take widget views; leave everything else to the others."""
        if data.mime_type != WIDGET_VIEW_MIMETYPE:
            return None
        if NEEDS_KERNEL in data.cell_metadata.get("tags", []):
            return [launch.NeedsKernelNote()]
        return _render_view(renderer, data)


class ExplorableHere(SphinxDirective):
    """An explorable of the package, as it is with its arguments' own values."""

    required_arguments = 1
    option_spec: ClassVar = dict.fromkeys(
        ("title", "try_this", "notice", "key"), directives.unchanged_required
    )

    def run(self) -> list[nodes.Node]:
        """Make the widget and place it as a notebook's."""
        from rnnbook import quantities, widgets

        name = self.arguments[0]
        if name not in widgets.__all__:
            raise self.error(f"There is no explorable {name!r}; there are: {widgets.__all__}.")
        folder = Path(widgets.__file__).parent
        sources = (*folder.iterdir(), *(folder / "built").iterdir())
        for path in (*sorted(sources), Path(quantities.__file__)):
            if path.is_file():
                self.env.note_dependency(str(path))
        widget = getattr(widgets, name)(**self.options)
        number = self.env.new_serialno("explorable")
        # A widget's own id is drawn at random, and would make every build another one.
        identity = f"{self.env.docname}-{name}-{number}".replace("/", "-")
        return [_place(self.env, identity, widget.get_state(), widget.text)]


def _render_view(renderer: NbElementRenderer, data: MimeData) -> list[nodes.Element]:
    states = stored_states(renderer.renderer.nb_client.nb_metadata)
    model_id = data.content["model_id"]
    text = _plain_text(renderer, data, model_id)
    found = list(anywidgets(states, model_id))
    if found:
        env = renderer.renderer.sphinx_env
        return [_place(env, found_id, states[found_id]["state"], text) for found_id in found]
    if not _is_progress_bar(states, model_id, text):
        renderer.logger.warning(
            f"cell {data.cell_index}: this widget would be dead without a kernel, or its state was "
            f"not stored; make it an anywidget, tag its cell `{NEEDS_KERNEL}`, or run the notebook "
            "again",
            subtype="widget",
            line=data.line,
        )
    return [nodes.raw(text="", format="html")]  # something, or the text would stand in its place


def stored_states(notebook_metadata: dict[str, Any]) -> dict[str, State]:
    """The state of every widget model that the notebook stores, by model id."""
    stored = notebook_metadata.get("widgets", {}).get(WIDGET_STATE_MIMETYPE, {})
    return stored.get("state", {})


def anywidgets(states: dict[str, State], model_id: str) -> Iterator[str]:
    """The anywidgets that a view shows: itself, or those in a box, in the order of the box."""
    model = states.get(model_id, {})
    if model.get("model_module") == "anywidget":
        yield model_id
    for child in model.get("state", {}).get("children", []):
        yield from anywidgets(states, child.removeprefix("IPY_MODEL_"))


def public_state(state: State) -> State:
    """What a widget's ``model.get`` may ask for: no module, no style, no bookkeeping."""
    return {name: state[name] for name in state if not _BOOKKEEPING.fullmatch(name)}


def script_json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, sort_keys=True).replace("<", r"\u003c")


def _is_progress_bar(states: dict[str, State], model_id: str, text: str) -> bool:
    children = states.get(model_id, {}).get("state", {}).get("children", [])
    names = [states.get(c.removeprefix("IPY_MODEL_"), {}).get("model_name") for c in children]
    return "FloatProgressModel" in names or bool(_PROGRESS_TEXT.search(text))


def _plain_text(renderer: NbElementRenderer, data: MimeData, model_id: str) -> str:
    _, outputs = renderer.renderer.nb_client.code_cell_outputs(data.cell_index)
    for output in outputs:
        bundle = output.get("data", {})
        if bundle.get(WIDGET_VIEW_MIMETYPE, {}).get("model_id") == model_id:
            return bundle.get("text/plain", "")
    return ""


def code_of(state: State) -> tuple[str, str]:
    """A widget's module and style sheet: the package's, for a notebook stores no second copy."""
    module, _, name = state.get("_anywidget_id", "").rpartition(".")
    if module.split(".")[0] != "rnnbook":
        return state["_esm"], state.get("_css", "")
    widget = getattr(importlib.import_module(module), name)
    return str(widget._esm), str(widget._css)


def large_of(state: State) -> dict[str, Any]:
    """A widget's large traits, from the package: a notebook stores no copy of them."""
    module, _, name = state.get("_anywidget_id", "").rpartition(".")
    if module.split(".")[0] != "rnnbook":
        return {name: value for name, value in state.items() if name.startswith("_large_")}
    kind = getattr(importlib.import_module(module), name)
    names = [name for name in kind.class_traits(sync=True) if name.startswith("_large_")]
    return {name: getattr(kind(), name) for name in names}


def _place(env: Any, model_id: str, state: State, text: str) -> nodes.raw:
    esm, css = code_of(state)
    if esm != state["_esm"]:  # it is the package's: a page is made again when that changes
        from rnnbook import widgets

        for path in sorted(Path(widgets.__file__).parent.glob("built/*.js")):
            env.note_dependency(str(path))
    stem = re.sub(r"\W+", "-", state.get("_anywidget_id", "widget").rpartition(".")[2]).lower()
    module = assets.add_to_page(env, env.docname, f"{stem}.js", esm)
    disk = assets.add_to_page(env, env.docname, f"{stem}.disk.js", _for_the_disk(esm))
    if css:
        assets.add_to_page(env, env.docname, "widget.css", css)
    folder = "../" * env.docname.count("/") + assets.FOLDER
    large = "".join(
        f'data-large-{name.removeprefix("_large_")}="{folder}/{_served(env, name, value)}" '
        for name, value in large_of(state).items()
    )
    html = (
        f'<div class="rnn-widget" data-model="{escape(model_id)}" data-module="{folder}/{module}" '
        f'{large}data-disk="{folder}/{disk}">'
        f'<noscript><p class="rnn-widget-text">{escape(text)}</p></noscript></div>\n'
        f'<script type="application/json">{script_json(public_state(state))}</script>\n'
        "<script>rnnMount(document.currentScript)</script>"
    )
    return nodes.raw(text=html, format="html")


def _served(env: Any, name: str, value: Any) -> str:
    """The file of a large trait: a script, which browsers run from the disk too."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    content = f"document.currentScript.value = {text};\n"
    return assets.add_to_page(env, env.docname, f"{name.removeprefix('_large_')}.late.js", content)


def _for_the_disk(module: str) -> str:
    """The module as text in a script: from the disk, browsers run scripts but import nothing."""
    return f"document.currentScript.module = {json.dumps(module)};\n"


def _drop_stock_manager(app: Sphinx, doctree: nodes.document) -> None:
    # MyST-NB asks for the whole notebook's state and the manager's scripts on every such page.
    NbMetadataCollector.get_doc_data(app.env)[app.env.docname].pop("js_files", None)


def setup(app: Sphinx) -> None:
    """Add the directive, and the renderer once per process, however many books it builds."""
    renderers = load_mime_renders()
    if WidgetRenderer not in renderers:
        renderers.append(WidgetRenderer)
    app.add_directive("explorable", ExplorableHere)
    app.connect("doctree-read", _drop_stock_manager)
