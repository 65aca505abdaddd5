"""The explorables where others mount them: notebooks in VS Code, Colab and JupyterLab.

Those bring ipywidgets' classes of models and views, and anywidget's AMD module. Both are files of
packages that this environment has, so no other program is needed: a page loads them, makes a real
model and a real view of a widget's state, and looks like each home as far as that touches an
explorable. What it leaves out is their way to the files, and to a kernel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import pytest
import widgetsnbextension

from rnnbook.widgets import ForgetGate, Quiz, ThroughTime
from rnnbook.widgets.explorable import Explorable
from rnnbook.widgets.style import DARK, LIGHT

MODULES = (
    Path(widgetsnbextension.__file__).parent / "static" / "extension.js",  # @jupyter-widgets/base
    Path(anywidget.__file__).parent / "nbextension" / "index.js",
)
ADDRESS = "http://localhost/notebook"


@dataclass(frozen=True)
class Home:
    """What a home says of its theme, in attributes of html or body; its paper and its ink."""

    paper: str
    ink: str
    html: tuple[str, str] | None = None
    body: tuple[str, str] | None = None


HOMES = {
    "VS Code, dark": Home("#1f1f1f", "#cccccc", body=("class", "vscode-dark")),
    "VS Code, light": Home("#ffffff", "#3b3b3b", body=("class", "vscode-light")),
    "VS Code, contrast": Home("#000000", "#ffffff", body=("class", "vscode-high-contrast")),
    "Colab, dark": Home("#383838", "#e8eaed", html=("theme", "dark")),
    "Colab, light": Home("#ffffff", "#212121"),
    "JupyterLab, dark": Home("#111111", "#ffffff", body=("data-jp-theme-light", "false")),
}

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Notebook</title><style>
body { background: var(--paper); color: var(--ink); font: 13px sans-serif }
code { color: red; background: yellow }
.output button, .output input { outline: none }
.output [tabindex="0"]:focus { outline: 2px solid red !important }
</style></head><body><div class="output"></div></body></html>"""

# What ipywidgets' script looks for in its page; the modules; the least that a widget manager does.
BEFORE = """
globalThis.Jupyter = { version: "6.5.0" };
globalThis.requirejs = Object.assign(() => {}, { config() {} });
globalThis.modules = [];
globalThis.define = (names, make) => modules.push(make);
define.amd = true;
"""
AFTER = """
globalThis.base = modules[0]({ config: () => ({}) });
globalThis.any = modules[1](base);
const manager = {
  callbacks: () => ({}),
  create_view: async (model) => new base.LayoutView({ model, options: {} }),
};
const comm = {
  on_msg() {}, on_close() {}, close() {},
  send(data, callbacks) {
    sent.push(data.state);
    setTimeout(() => callbacks.iopub.status({ content: { execution_state: "idle" } }));
  },
};
globalThis.heard = [];
addEventListener("keydown", (event) => heard.push(event.key));
globalThis.mount = async ({ home, state }) => {
  globalThis.view?.remove();
  globalThis.sent = [];
  heard.length = 0;
  const { documentElement: html, body } = document;
  html.removeAttribute("theme");
  body.removeAttribute("class");
  body.removeAttribute("data-jp-theme-light");
  if (home.html) html.setAttribute(...home.html);
  if (home.body) body.setAttribute(...home.body);
  html.style.setProperty("--paper", home.paper);
  html.style.setProperty("--ink", home.ink);
  const given = (model_id) => ({ model_id, widget_manager: manager });
  const layout = new base.LayoutModel({}, given("layout"));
  const model = new any.AnyModel({ ...state, layout }, { ...given("widget"), comm });
  globalThis.view = new any.AnyView({ model, options: {} });
  document.querySelector(".output").append(view.el);
  await view.render();
};
"""


@pytest.fixture(scope="module")
def notebook(browser: Any) -> Iterator[tuple[Any, list[str]]]:
    """A page with ipywidgets' and anywidget's modules, and what has gone wrong in it."""
    trouble: list[str] = []
    context = browser.new_context(viewport={"width": 800, "height": 1000})

    def answer(route: Any) -> None:
        if route.request.url == ADDRESS:
            return route.fulfill(body=PAGE, content_type="text/html")
        trouble.append(f"asks for {route.request.url}")
        return route.abort()

    context.route(re.compile("^http"), answer)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda m: m.type == "error" and trouble.append(m.text))
    page.goto(ADDRESS)
    page.add_script_tag(content=BEFORE)
    for path in MODULES:
        page.add_script_tag(path=path)
    page.add_script_tag(content=AFTER)
    yield page, trouble
    context.close()


@pytest.fixture
def mount(notebook: tuple[Any, list[str]]) -> Iterator[Callable[[str, Explorable], Any]]:
    """Put a widget into a home; at the end nothing may have failed or been asked for."""
    page, trouble = notebook

    def mount(home: str, widget: Explorable) -> Any:
        state = {name: value for name, value in widget.get_state().items() if name != "layout"}
        page.evaluate("given => mount(given)", {"home": vars(HOMES[home]), "state": state})
        page.locator(".rnn-explorable").wait_for()
        page.evaluate("new Promise(requestAnimationFrame)")  # now it has seen its home's ink
        return page

    yield mount
    assert trouble == []


def colour(node: Any, name: str) -> str:
    """A computed colour, as #rrggbb."""
    found = node.evaluate("(node, name) => getComputedStyle(node)[name]", name)
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", found)[:3])


@pytest.mark.parametrize("home", HOMES)
def test_explorable_has_the_colours_of_its_home(mount, home):
    page = mount(home, ForgetGate())
    sheet = LIGHT if "light" in home else DARK
    for part, paper in [(".rnn-explorable", "surface"), (".rnn-explorable .code", "sunk")]:
        node = page.locator(part)
        assert colour(node, "backgroundColor") == sheet[paper]
        assert colour(node, "color") == sheet["ink"]


@pytest.mark.parametrize("home", ["VS Code, dark", "Colab, light"])
@pytest.mark.parametrize(("widget", "name"), [(ForgetGate(), "b"), (ThroughTime(), "w")])
def test_slider_of_an_explorable_elsewhere_changes_its_number(mount, home, widget, name):
    page = mount(home, widget)
    slider, field = page.locator(f"[data-name={name}]").all()
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert float(field.input_value()) == pytest.approx(getattr(widget, name) + 0.05)
    knob = next(knob for knob in widget._knobs if knob["name"] == name)
    low, high = knob["low"], knob["high"]
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    thumb = 20
    x = box["x"] + thumb / 2 + 0.25 * (box["width"] - thumb)
    page.mouse.click(x, box["y"] + box["height"] / 2)
    assert float(field.input_value()) == pytest.approx(0.75 * low + 0.25 * high, abs=0.2)
    page.wait_for_function("sent.length > 1")
    assert page.evaluate("sent.at(-1)") == {name: float(field.input_value())}
    assert page.get_by_role("button", name="Copy link").count() == 0
    assert page.evaluate("heard") == []


def test_quiz_elsewhere_answers(mount):
    page = mount("VS Code, dark", Quiz("Which?", [("this", True, "So."), ("that", False, "No.")]))
    page.get_by_label("this").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Check").press("Enter")
    assert page.locator(".verdict").inner_text() == "✓ Right. So."
    assert page.evaluate("heard") == []
