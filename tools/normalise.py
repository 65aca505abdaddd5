"""The one form in which a notebook is committed: the same run gives the same bytes.

Jupyter writes random widget ids, random cell ids, timings and the state of widgets that nobody sees
any more. `normalise` replaces the ids by ones that follow from the content, drops the rest, and
changes nothing that a reader sees. Normalising twice is normalising once.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
REFERENCE = "IPY_MODEL_"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}  # the lexer is Jupyter Book's need
NOT_RUN = (
    "export default { render({ el }) { "
    'el.textContent = "This figure comes to life when its cell is run." } }'
)
"""What stands for a widget's module in a stored notebook."""

TRACES = ("execution", "trusted", "ExecuteTime", "collapsed", "scrolled", "outputId")


def digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def set_cell_ids(notebook: NotebookNode) -> None:
    """Ids that follow from what a cell says, so that inserting one changes no other."""
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        name = digest(f"{cell.cell_type}\n{cell.source}", 10)
        seen[name] = seen.get(name, 0) + 1
        cell["id"] = name if seen[name] == 1 else f"{name}-{seen[name]}"


def joined_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Neighbouring pieces of one stream as one: where it was cut is a matter of timing."""
    result: list[NotebookNode] = []
    for output in outputs:
        last = result[-1] if result else None
        if (
            last is not None
            and output.output_type == last.output_type == "stream"
            and output.name == last.name
        ):
            last.text += output.text
        else:
            result.append(output)
    return result


def references(value: object) -> Iterator[str]:
    """The ids of the models that a piece of widget state refers to, in order."""
    if isinstance(value, str) and value.startswith(REFERENCE):
        yield value[len(REFERENCE) :]
    elif isinstance(value, dict):
        if isinstance(value.get("model_id"), str):
            yield value["model_id"]
        for key in sorted(value):
            yield from references(value[key])
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def renamed(value: object, names: dict[str, str]) -> object:
    """The same piece of state with every model's id replaced."""
    if isinstance(value, str) and value.startswith(REFERENCE):
        old = value[len(REFERENCE) :]
        return REFERENCE + names.get(old, old)
    if isinstance(value, dict):
        return {
            key: names.get(item, item)
            if key == "model_id" and isinstance(item, str)
            else renamed(item, names)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    return value


def is_progress_bar(model: str, models: dict) -> bool:
    """Whether a view shows tqdm's bar: a row that holds a FloatProgress."""
    state = models[model]
    return state["model_name"] == "HBoxModel" and any(
        models.get(child, {}).get("model_name") == "FloatProgressModel"
        for child in references(state["state"].get("children", []))
    )


def is_dead(output: NotebookNode, models: dict) -> bool:
    """Whether an output shows a widget that is gone, or a progress bar that has finished."""
    view = output.get("data", {}).get(VIEW)
    if view is None:
        return False
    return view["model_id"] not in models or is_progress_bar(view["model_id"], models)


def without_code(model: dict) -> dict:
    """A widget of the package without its module, style sheet and large data, which it has.

    The site takes them from there, and a kernel that runs the cell brings them. Where a notebook is
    opened and not run, the module that is left says so.
    """
    state = model["state"]
    if state.get("_anywidget_id", "").split(".")[0] != "rnnbook":
        return model
    drop = ("_css", "_large_")
    kept = {name: value for name, value in state.items() if not name.startswith(drop)}
    return {**model, "state": {**kept, "_esm": NOT_RUN}}


def normalise_widgets(notebook: NotebookNode) -> None:
    """Keep the widgets that an output shows, named by the order in which the reader meets them."""
    stored = notebook.metadata.get("widgets", {}).get(STATE, {})
    models = stored.get("state", {})
    names: dict[str, str] = {}

    def visit(model: str) -> None:
        if model in names or model not in models:
            return
        names[model] = digest(f"model {len(names)}", 32)
        for child in references(models[model]["state"]):
            visit(child)

    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs = [output for output in cell.outputs if not is_dead(output, models)]
        for output in cell.outputs:
            if VIEW in output.get("data", {}):
                visit(output.data[VIEW]["model_id"])
                output.data[VIEW] = renamed(output.data[VIEW], names)
    notebook.metadata.pop("widgets", None)
    if names:
        state = {new: without_code(renamed(models[old], names)) for old, new in names.items()}
        notebook.metadata["widgets"] = {
            STATE: {"state": state, "version_major": 2, "version_minor": 0}
        }


def normalise(notebook: NotebookNode) -> NotebookNode:
    """The committed form of `notebook`, as a new one."""
    notebook = copy.deepcopy(notebook)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    set_cell_ids(notebook)
    for cell in notebook.cells:
        for key in TRACES:
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            cell.outputs = joined_streams(cell.outputs)
            for output in cell.outputs:
                output.pop("transient", None)
                if output.output_type == "execute_result":
                    output["execution_count"] = cell.execution_count
        else:
            cell.pop("attachments", None)
    notebook.metadata["kernelspec"] = dict(KERNEL)
    notebook.metadata["language_info"] = dict(LANGUAGE)
    notebook.metadata.pop("jupytext", None)
    normalise_widgets(notebook)
    notebook = nbformat.from_dict(notebook)
    nbformat.validate(notebook)
    return notebook


def text_of(notebook: NotebookNode) -> str:
    """The bytes to commit, as text."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"
