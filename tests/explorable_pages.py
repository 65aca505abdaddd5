"""What the explorables' tests share: a page with nothing but widgets, and what is read in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rnnbook.widgets.explorable import Explorable

ADDRESS = "http://localhost/widgets"


def stored(widget: Explorable) -> dict[str, Any]:
    """The state that a notebook stores, without the names of other models."""
    state = widget.get_state()
    return {name: value for name, value in state.items() if name != "layout"}


MODEL = """
const minimalModel = (state) => {
  const callbacks = new Map();
  const of = (event) => callbacks.get(event) ?? [];
  return {
    get: (name) => state[name],
    set(name, value) {
      if (state[name] === value) return;
      state[name] = value;
      for (const call of [...of(`change:${name}`), ...of("change")]) call();
    },
    on: (event, call) => callbacks.set(event, [...of(event), call]),
    off: (event, call) => callbacks.set(event, of(event).filter((other) => other !== call)),
    save_changes: () => {},
  };
};
globalThis.models = [];
for (const place of document.querySelectorAll(".rnn-widget")) {
  const state = JSON.parse(place.nextElementSibling.textContent);
  const source = new Blob([state._esm], { type: "text/javascript" });
  const { default: widget } = await import(URL.createObjectURL(source));
  const model = minimalModel(state);
  globalThis.models.push(model);
  widget.render({ model, el: place });
}
document.body.dataset.ready = "yes";
"""


def page_of(widgets: list[Explorable], theme: str) -> str:
    """A plain page that mounts the widgets as the book's loader does, from their stored states."""
    places = ""
    for widget in widgets:
        state = json.dumps(stored(widget)).replace("<", "\\u003c")
        places += f'<div class="rnn-widget"></div><script type="application/json">{state}</script>'
    paper = {"light": "background:#fff;color:#222", "dark": "background:#14181e;color:#ced6dd"}
    return (
        f'<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Widgets</title>'
        f"<style>body{{font-family:sans-serif;margin:0 auto;padding:12px;max-width:760px;"
        f"{paper[theme]}}}{widgets[0]._css}</style></head><body><main><h1>Widgets</h1>{places}"
        f'</main><script type="module">{MODEL}</script></body></html>'
    )


@pytest.fixture
def show(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a page with the given widgets; at the end nothing may have failed or left the page."""
    trouble: list[str] = []
    contexts = []

    def open_page(
        *widgets: Explorable, theme: str = "light", width: int = 800, at: str = "", **more: Any
    ) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 1000}, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda m: m.type == "error" and trouble.append(m.text))

        def answer(route: Any) -> None:
            if route.request.url.split("#")[0] == ADDRESS:
                route.fulfill(body=page_of(list(widgets), theme), content_type="text/html")
            else:
                trouble.append(f"asks for {route.request.url}")
                route.abort()

        context.route(re.compile("^http"), answer)
        page.goto(ADDRESS + at)
        page.wait_for_selector("body[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


def number(text: str) -> float:
    """The first number in a text as the widgets write it: −1.5, 2,067, 3.4·10⁻⁴."""
    plain = text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")).replace(",", "")
    found = re.search(r"(-?\d+(?:\.\d+)?)(?:·10(-?\d+))?", plain)
    return float(found[1]) * 10.0 ** int(found[2] or 0)


class Seen:
    """What a reader sees of an explorable in the page, read from the page alone."""

    def __init__(self, page: Any, place: int = 0) -> None:
        self.page = page
        self.root = page.locator(".rnn-explorable").nth(place)

    def slider(self, name: str) -> Any:
        return self.root.locator(f'input[type="range"][data-name="{name}"]')

    def field(self, name: str) -> Any:
        return self.root.locator(f'input[type="number"][data-name="{name}"]')

    def handle(self, name: str) -> Any:
        return self.root.get_by_role("slider", name=name)

    def shown(self, term: str) -> float:
        return number(self.root.locator(f'.equation [data-term="{term}"] .number').inner_text())


def drag(page: Any, handle: Any, right: float, down: float = 0.0) -> None:
    """Take the middle of a handle with the mouse and move it by so many pixels."""
    handle.scroll_into_view_if_needed()
    box = handle.locator(".dot").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for part in (0.3, 0.7, 1.0):
        page.mouse.move(x + right * part, y + down * part)
    page.mouse.up()


def middle(node: Any) -> tuple[float, float]:
    box = node.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def tick(chart: Any, text: str) -> float:
    """Where an axis writes a number, across the page."""
    return middle(chart.get_by_text(text, exact=True).first)[0]


MOVED = """(slider) => {
  const root = slider.closest(".rnn-explorable");
  const watch = new MutationObserver(() => {});
  watch.observe(root, { subtree: true, childList: true, attributeOldValue: true });
  slider.value = Number(slider.value) + Math.max(0.05, Number(slider.step));
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const records = watch.takeRecords();
  const told = ({ target, attributeName: name }) => `${name} of ${target.outerHTML.slice(0, 90)}`;
  const now = ({ target, attributeName: name }) => target.getAttribute(name);
  return {
    all: records.length,
    again: records.filter((one) => one.attributeName && now(one) === one.oldValue).map(told),
    replaced: records.filter((one) => one.type === "childList").map(told),
  };
}"""


# How many points of a curve lie in a label's box.
OVERLAP = """([root, label, curve]) => {
  const [text, line] = [label, curve].map((name) => root.querySelector(name));
  const box = text.getBBox();
  const length = line.getTotalLength();
  return Array.from({ length: 600 }, (_, k) => line.getPointAtLength((length * k) / 599)).filter(
    ({ x, y }) =>
      x > box.x && x < box.x + box.width && y > box.y + 2 && y < box.y + box.height - 2,
  ).length;
}"""
