"""A control panel that runs an experiment again, for readers who have a kernel."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets

Progress = Callable[[int, int], None]


def control(name: str, choice: Any) -> ipywidgets.Widget:
    """A stock control for one argument.

    Args:
        name: the argument's name, shown beside the control.
        choice: a control as it is; (low, high) or (low, high, step) of numbers; a list of options;
            a bool; or a single number, which stays editable.

    Raises:
        TypeError: names what was given and what is understood.
    """
    if isinstance(choice, ipywidgets.Widget):
        return choice
    if isinstance(choice, bool):
        return ipywidgets.Checkbox(value=choice, description=name)
    if isinstance(choice, tuple) and len(choice) in (2, 3) and all(map(_is_number, choice)):
        return _slider(name, *choice)
    if isinstance(choice, list) and choice:
        return ipywidgets.Dropdown(options=choice, value=choice[0], description=name)
    if _is_number(choice):
        kind = ipywidgets.IntText if isinstance(choice, int) else ipywidgets.FloatText
        return kind(value=choice, description=name)
    raise TypeError(
        f"Rerun: {name}={choice!r} is no control. Give an ipywidgets control, (low, high), "
        "(low, high, step), a list of options, a bool or a number."
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _slider(name: str, low: float, high: float, step: float | None = None) -> ipywidgets.Widget:
    """A slider that starts in the middle, on a whole number of steps."""
    whole = all(isinstance(value, int) for value in (low, high, step or 1))
    step = step or (1 if whole else (high - low) / 100)
    middle = low + step * round((high - low) / 2 / step)
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    return kind(
        value=middle, min=low, max=high, step=step, description=name, continuous_update=False
    )


class Rerun(ipywidgets.VBox):
    """Controls, a button "Train again", a progress bar and a place for the result.

    Nothing runs before the button is pressed. The static page shows a note in its place.

    Args:
        function: called as ``function(progress=report, **values)``; it calls
            ``report(done, total)`` now and then.
        plot: makes something displayable (with ``_repr_mimebundle_``, ``_repr_html_`` or
            ``_repr_svg_``) of the result; without it the result itself is shown.
        button: what the button says.
        controls: one for each of the function's arguments; see `control`.

    Raises:
        TypeError: the function cannot be called, or a control is not understood.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        plot: Callable[[Any], Any] | None = None,
        *,
        button: str = "Train again",
        **controls: Any,
    ) -> None:
        if not callable(function):
            raise TypeError(f"Rerun: function must be callable, not {type(function).__name__}.")
        self.function, self.plot = function, plot
        self.controls = {name: control(name, choice) for name, choice in controls.items()}
        self.button = ipywidgets.Button(description=button, button_style="primary", icon="play")
        self.bar = ipywidgets.IntProgress(value=0, min=0, max=1)
        self.bar.layout.visibility = "hidden"
        self.result = ipywidgets.HTML()
        self.button.on_click(self.run)
        for name, part in self.controls.items():
            part.description = part.description or name
            part.style.description_width = "initial"
        row = ipywidgets.HBox([self.button, self.bar])
        super().__init__([*self.controls.values(), row, self.result])

    def __repr__(self) -> str:
        return f"A control that runs again, given a kernel: {', '.join(self.controls)}."

    @property
    def values(self) -> dict[str, Any]:
        """The present values of the controls."""
        return {name: part.value for name, part in self.controls.items()}

    def run(self, _button: object = None) -> None:
        """Call the function with the present values, and show what comes of it."""
        self.button.disabled, self.bar.value, self.bar.layout.visibility = True, 0, "visible"
        try:
            outcome = self.function(progress=self.report, **self.values)
            self.result.value = markup(self.plot(outcome) if self.plot else outcome)
        except Exception as error:  # the reader has no other place to see it
            what = html.escape(f"{type(error).__name__}: {error}")
            self.result.value = f'<p role="alert"><strong>This run failed.</strong> {what}</p>'
        finally:
            self.button.disabled, self.bar.layout.visibility = False, "hidden"

    def report(self, done: int, total: int) -> None:
        """Move the progress bar."""
        self.bar.max, self.bar.value = max(total, 1), done


def markup(shown: Any) -> str:
    """HTML of something displayable: its SVG, its HTML, or its text, escaped."""
    bundle = _bundle(shown)
    for kind in ("image/svg+xml", "text/html"):
        if kind in bundle:
            return bundle[kind]
    return f"<pre>{html.escape(bundle.get('text/plain', str(shown)))}</pre>"


def _bundle(shown: Any) -> dict[str, str]:
    """The representations of an object by MIME type."""
    if hasattr(shown, "_repr_mimebundle_"):
        bundle = shown._repr_mimebundle_()
        return bundle[0] if isinstance(bundle, tuple) else bundle
    methods = {"image/svg+xml": "_repr_svg_", "text/html": "_repr_html_"}
    return {kind: getattr(shown, name)() for kind, name in methods.items() if hasattr(shown, name)}
