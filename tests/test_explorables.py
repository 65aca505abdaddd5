"""One contract for every explorable: hands, keys, fingers, addresses, fonts, readers who hear.

A new explorable is one more line of `EXPLORABLES`. What only one of them does is tested in its own
file, beside its mathematics.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from explorable_pages import MOVED, Seen, drag, middle

from rnnbook.variants import VARIANTS
from rnnbook.widgets import (
    CellInTime,
    Correction,
    CountByHand,
    Credit,
    ForgetGate,
    GateAtWork,
    GateByHand,
    GatesTakenOut,
    GruInTime,
    ModelInPage,
    Quiz,
    ResetByHand,
    SameWeights,
    SignByHand,
    StoreOrProtect,
    ThroughTime,
    WhichBear,
)
from rnnbook.widgets.explorable import Adjustable, Choice, Number, Row
from rnnbook.widgets.gate_by_hand import (
    FLAGGED_WORDS,
    ORDER_WORDS,
    SIGN_WORDS,
    WORDS,
    flagged_sum,
    last_order,
    reported_sign,
)
from tools import widgets
from tools.browser import violations

BOXES = tuple(one.name for one in VARIANTS.values())

# Each explorable, with settings in which its pictures are crowded.
EXPLORABLES: dict[type[Adjustable], list[dict[str, Any]]] = {
    ForgetGate: [
        {"w_x": 0, "w_h": 0, "b": b, "steps": steps}
        for b in (-8, -4, -1, 0, 0.5, 2, 4, 8)
        for steps in (5, 30, 1000)
    ]
    + [{"w_x": w, "x": 2, "w_h": w, "h": 1, "b": b} for w in (-6, 6) for b in (-8, 8)],
    GateAtWork: [
        {"w_v": w_v, "b": b, "noise": noise, "p": p, "stream": 3 * k + 1, "step": 1 + 29 * k}
        for w_v in (-30, -0.5, 0, 7)
        for b in (-20, 2.5, 20)
        for k, (noise, p) in enumerate([(0.2, 0.005), (0.45, 0.02), (2, 0.2)])
    ],
    Credit: [
        {"start": start, "s": s, "delay": delay, "draw": draw, "step": step}
        for start, s in [("random", 1.154), ("random", 6), ("orthogonal", 1), ("carousel", 1)]
        for draw, (delay, step) in enumerate([(5, 3), (12, 13), (60, 30), (199, 2), (200, 201)])
    ]
    + [
        {"start": "random", "s": s, "delay": delay, "draw": k, "step": step}
        for k, s in enumerate([0.5, 0.9, 1.5, 2, 4])
        for delay, step in [(6, 1), (9, 5), (20, 20), (100, 99), (200, 1)]
    ],
    Correction: [
        {"delay": delay, "draw": draw, "step": step}
        for draw, (delay, step) in enumerate([(5, 1), (12, 13), (60, 30), (199, 2), (200, 201)])
    ],
    ThroughTime: [
        {"w": w, "b": b, "h_0": h_0, "steps": steps, "phi": phi}
        for w in (-4, -0.5, 0, 0.3, 1, 1.5, 4)
        for b, h_0, steps in [(0, 0.1, 30), (0.4, -1, 5), (-2, 1, 200)]
        for phi in ("tanh", "identity")
    ],
    StoreOrProtect: [
        {"w_v": w_v, "b": b, "noise": noise, "p": p}
        for w_v, b in [(0, -1.4), (0, 20), (8, -5.5), (40, -40), (40, -27)]
        for noise, p in [(0.15, 0.02), (0.35, 0.2), (1.5, 0.5)]
    ],
    GateByHand: [
        {"gate": [share] * 40, "best": best, "marks": marks, "step": step} | world
        for world in (
            {},
            flagged_sum() | {"rule": "write", "words": WORDS | FLAGGED_WORDS},
            reported_sign() | {"rule": "believe", "words": WORDS | SIGN_WORDS},
            last_order() | {"rule": "overwrite", "words": WORDS | ORDER_WORDS},
        )
        for share in (0.0, 0.5, 1.0)
        for best, marks, step in [("shown", "shown", 1), ("hidden", "hidden", 40)]
    ],
    CountByHand: [
        {"b_f": b_f, "w_b": w_b, "n": n, "step": step}
        for b_f in (-2, 2.2, 5, 12)
        for w_b in (-4, -1.2, 2)
        for n, step in [(1, 1), (6, 8), (40, 80)]
    ],
    CellInTime: [
        {
            "readings": [share] * 10,
            "flips": [flip] * 10,
            "unit": unit,
            "step": step,
            "wanted": wanted,
        }
        | {"direction": direction}
        for direction in ("forwards", "backwards")
        for share, flip, wanted in [
            (0.0, 0.0, "+1"),
            (0.5, 1.0, "−1"),
            (0.6, 0.0, "−1"),
            (1.0, 1.0, "+1"),
        ]
        for unit, step in [("1", 1), ("2", 2), ("2", 9), ("1", 10)]
    ],
    ModelInPage: [
        {"prompt": prompt, "written": written, "step": step, "unit": unit, "temperature": heat}
        | {"show": show, "what": what, "whose": whose, "value": value}
        for prompt, written, step, heat in [
            ("", 0, 1, 0.0),
            ("mmmmWWWWmmmmWWWW" * 3, 60, 30, 0.5),
            ('The "if"', 400, 460, 1.5),
        ]
        for show, unit, what, whose, value in [
            ("C", 1, "f", "every unit", 1.0),
            ("h", 192, "o", "every unit", 0.35),
            ("o", 96, "h", "unit n", 1.0),
        ]
    ],
    GruInTime: [
        {"voices": [share] * 10, "marks": [mark] * 10, "unit": unit, "step": step}
        | {"reset": reset, "direction": direction, "wanted": wanted}
        for direction in ("forwards", "backwards")
        for share, mark, reset, wanted in [
            (0.0, 0.0, "before", "+1"),
            (0.5, 1.0, "after", "−1"),
            (0.6, 0.5, "before", "−1"),
            (1.0, 1.0, "before", "+1"),
            (1.0, 0.0, "after", "−1"),
        ]
        for unit, step in [("1", 1), ("2", 2), ("2", 9), ("1", 10)]
    ],
    GatesTakenOut: [
        {name: float(name in out) for name in BOXES} | {"how": how, "stream": stream, "step": step}
        for out, how, stream, step in [
            ((), "after training", 1, 1),
            (BOXES, "after training", 50, 12),
            (BOXES[:3], "before training", 20, 6),
            (BOXES[3:5], "after training", 95, 3),
            (BOXES[2:3], "after training", 88, 9),
            (BOXES[2:3], "before training", 17, 2),
            (BOXES[7:], "before training", 99, 11),
        ]
    ],
    ResetByHand: [
        {"first": [g] * 40, "second": [1 - g] * 40, "best": best, "marks": marks, "step": step}
        for g in (0.0, 0.5, 1.0)
        for best, marks, step in [("shown", "shown", 1), ("hidden", "hidden", 40)]
    ],
    SignByHand: [
        {"answers": [share] * 25, "best": best, "step": step, "noise": noise, "chance": chance}
        for share in (0.0, 0.5, 0.75, 1.0)
        for best, step in [("shown", 1), ("hidden", 25)]
        for noise, chance in [(0.3, 0.05), (2, 0.95)]
    ],
    WhichBear: [
        {"r": r, "U": U, "w": w, "step": step}
        for r in ([0.5] * 4, [0.0] * 4, [1.0] * 4, [1.0, 0.0, 0.5, 0.1])
        for U, w, step in [(0, 0, 1), (0.5, 3, 2), (4, -3, 4)]
    ],
    SameWeights: [
        {"reset": reset, "stream": stream, "step": step}
        for reset in ("before", "after")
        for stream, step in [(1, 1), (4, 16), (99, 9)]
    ],
}
FONTS = ["sans-serif", "Liberation Sans Narrow, Liberation Sans, Arial", "DejaVu Sans, Verdana"]
WIDTHS = [320, 360, 390, 800]

each = pytest.mark.parametrize("kind", EXPLORABLES, ids=lambda kind: kind.__name__)


def knobs(kind: type[Adjustable]) -> dict[str, Number | Choice | Row]:
    """What a reader of this explorable can change, by name."""
    traits = kind.class_traits()
    found = {name: traits[name] for name in kind.arguments() if hasattr(traits[name], "knob")}
    return {name: trait for name, trait in found.items() if not trait.fixed}


def sliders(kind: type[Adjustable]) -> dict[str, Number]:
    return {n: t for n, t in knobs(kind).items() if isinstance(t, Number) and t.caption}


def state(page: Any, kind: type[Adjustable], place: int = 0) -> dict[str, Any]:
    """The values that the page would tell Python."""
    names = json.dumps(list(knobs(kind)))
    return page.evaluate(f"Object.fromEntries({names}.map((n) => [n, models[{place}].get(n)]))")


def drawn(page: Any, place: int = 0) -> str:
    return page.locator(".rnn-explorable").nth(place).inner_html()


# ---- hands --------------------------------------------------------------------------------------


@each
def test_keys_move_each_slider_and_nothing_else(show, kind):
    page = show(kind())
    for name, trait in sliders(kind).items():
        before, picture = state(page, kind), drawn(page)
        slider = Seen(page).slider(name)
        slider.press("ArrowRight")
        after = state(page, kind)
        assert after[name] > before[name]
        if not trait.ratio:
            assert after[name] <= before[name] + trait.step + 1e-9
        changed = {other for other in after if after[other] != before[other]}
        assert changed <= {name, "b"}, "a bias may follow its weight"
        assert drawn(page) != picture
        for key, end in (("End", trait.high), ("Home", trait.low)):
            slider.press(key)
            assert state(page, kind)[name] == end
        Seen(page).root.get_by_role("button", name="Reset").click()


@each
def test_field_takes_a_number_and_mends_a_wrong_one(show, kind):
    page = show(kind())
    for name, trait in sliders(kind).items():
        field = Seen(page).field(name)
        middle_value = round((trait.low + trait.high) / 2, 0 if trait.whole else 1)
        field.fill(str(middle_value))
        assert state(page, kind)[name] == middle_value
        field.fill("999999")
        field.press("Enter")
        field.blur()
        assert state(page, kind)[name] == trait.high
        field.fill("")
        field.blur()
        assert float(field.input_value()) == pytest.approx(trait.high)
        assert field.evaluate("(n) => n.scrollWidth <= n.clientWidth"), "the number is cut"


@each
def test_every_handle_obeys_mouse_and_keys(show, kind):
    page = show(kind(), width=390)
    handles = page.locator(".handle")
    assert handles.count() >= 1
    for k in range(handles.count()):
        handle = handles.nth(k)
        before = state(page, kind)
        upright = handle.get_attribute("aria-orientation") == "vertical"
        drag(page, handle, 0 if upright else -30, 30 if upright else 0)
        if state(page, kind) == before:  # it stood at its end
            drag(page, handle, 0 if upright else 40, -40 if upright else 0)
        assert state(page, kind) != before, handle.get_attribute("aria-label")
        seen = [state(page, kind)]
        for key in ("ArrowUp", "ArrowUp", "ArrowDown"):
            handle.press(key)
            seen.append(state(page, kind))
        assert any(now != seen[0] for now in seen)
        assert handle.get_attribute("aria-valuetext")
        low, now, high = (
            float(handle.get_attribute(f"aria-value{n}")) for n in ("min", "now", "max")
        )
        assert low <= high
        assert low - 1e-9 <= now


def finger(page: Any, places: list[tuple[float, float]]) -> None:
    """A real touch from place to place, as slowly as a browser needs to take it for a scroll."""
    session = page.context.new_cdp_session(page)

    def send(kind: str, at: list[tuple[float, float]]) -> None:
        points = [{"x": x, "y": y} for x, y in at]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", places[:1])
    for place in places[1:]:
        send("touchMove", [place])
        page.wait_for_timeout(16)
    send("touchEnd", [])


def stroke(x: float, y: float, right: float, down: float, parts: int = 14) -> list[tuple]:
    return [(x + right * k / parts, y + down * k / parts) for k in range(parts + 1)]


@each
@pytest.mark.parametrize("way", [-1, 1])
def test_finger_drags_every_handle_for_70_pixels(show, kind, way):
    """Chromium took the touch for a scroll after 16: `touch-action` did not reach the handle."""
    page = show(kind(), width=390, has_touch=True)
    page.evaluate("heard = []; addEventListener('pointercancel', () => heard.push(1), true)")
    for k in range(page.locator(".handle").count()):
        handle = page.locator(".handle").nth(k)
        handle.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
        upright = handle.get_attribute("aria-orientation") == "vertical"
        if not upright:  # from the middle of its way there are 70 pixels on both sides
            box = handle.evaluate("(n) => n.ownerSVGElement.getBoundingClientRect().toJSON()")
            drag(page, handle, box["x"] + box["width"] / 2 - middle(handle.locator(".dot"))[0])
            handle.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
        x, y = middle(handle.locator(".dot"))
        scrolled, before = page.evaluate("scrollY"), state(page, kind)
        finger(page, stroke(x, y, 0 if upright else 70 * way, 70 * way if upright else 0))
        assert page.evaluate("heard") == [], "the drag was broken off"
        assert page.evaluate("scrollY") == scrolled
        after = middle(handle.locator(".dot"))
        moved = (after[1] - y if upright else after[0] - x) * way
        room = "painted" in handle.get_attribute("class") or moved > 50
        at_end = handle.get_attribute("aria-valuenow") in (
            handle.get_attribute("aria-valuemin"),
            handle.get_attribute("aria-valuemax"),
        )
        assert room or at_end or "beyond" in handle.get_attribute("class"), moved
        assert state(page, kind) != before or at_end


@each
def test_swipe_that_begins_on_a_slider_scrolls_and_changes_nothing(show, kind):
    page = show(kind(), width=390, has_touch=True, is_mobile=True)
    page.set_viewport_size({"width": 390, "height": 500})
    for name in sliders(kind):
        slider = Seen(page).slider(name)
        slider.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
        box = slider.bounding_box()
        before, scrolled = state(page, kind), page.evaluate("scrollY")
        x, y = box["x"] + 0.2 * box["width"], box["y"] + box["height"] / 2
        finger(page, stroke(x, y, 2, -120))
        page.wait_for_timeout(100)
        assert page.evaluate("scrollY") > scrolled + 50
        assert state(page, kind) == before, name
        shown = slider.input_value()
        page.evaluate("models[0].set('title', 'again')")
        assert slider.input_value() == shown


@each
def test_finger_moves_a_slider_along_and_by_a_tap(show, kind):
    if not sliders(kind):
        assert kind in (GateByHand, ResetByHand)  # they are drawn, and have none
        return
    page = show(kind(), width=390, has_touch=True)
    name = next(iter(sliders(kind)))
    slider = Seen(page).slider(name)
    slider.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
    box = slider.bounding_box()
    before = state(page, kind)[name]
    y = box["y"] + box["height"] / 2
    finger(page, stroke(box["x"] + 0.3 * box["width"], y, 0.5 * box["width"], 1))
    dragged = state(page, kind)[name]
    assert dragged != before
    finger(page, [(box["x"] + 0.15 * box["width"], y)])
    assert state(page, kind)[name] < dragged


@each
def test_moving_writes_only_what_changes(show, kind):
    for name in [name for name, trait in sliders(kind).items() if not trait.ratio][:2]:
        written = Seen(show(kind())).slider(name).evaluate(MOVED)
        assert written["all"] > 5
        assert written["again"] == []


# ---- state, presets, address --------------------------------------------------------------------


@each
def test_presets_set_what_they_say_and_reset_comes_back(show, kind):
    widget = kind()
    page = show(widget)
    first = state(page, kind)
    buttons = page.locator(".chips button")
    assert buttons.count() == len(widget._presets) > 1
    for k, preset in enumerate(widget._presets):
        buttons.nth(k).click()
        now = state(page, kind)
        assert rounded({name: now[name] for name in preset["set"]}) == rounded(preset["set"])
        assert buttons.nth(k).get_attribute("aria-pressed") == "true"
        assert page.locator(".about").is_visible()
    page.get_by_role("button", name="Reset").click()
    assert state(page, kind) == first


@each
def test_two_on_a_page_do_not_disturb_each_other(show, kind):
    page = show(kind(), kind())
    kept, picture = state(page, kind, 1), drawn(page, 1)
    page.locator(".chips").nth(0).locator("button").last.click()
    page.locator(".handle").first.press("ArrowUp")
    page.locator(".handle").first.press("ArrowDown")
    assert (state(page, kind, 1), drawn(page, 1)) == (kept, picture)
    ids = page.locator(".rnn-explorable [id]").evaluate_all("(all) => all.map((n) => n.id)")
    assert len(ids) == len(set(ids))
    groups = [
        page.locator(".rnn-explorable")
        .nth(k)
        .locator("input[type=radio]")
        .evaluate_all("(all) => all.map((n) => n.name)")
        for k in (0, 1)
    ]
    assert not set(groups[0]) & set(groups[1])


def link(page: Any) -> str:
    page.get_by_role("button", name="Copy link").first.click()
    page.get_by_role("button", name=re.compile("Copied|address bar")).first.wait_for()
    return page.evaluate("location.hash")


@each
def test_link_brings_the_state_to_another_page_and_to_the_open_one(show, kind):
    page = show(kind())
    buttons = page.locator(".chips button")
    buttons.last.click()
    shared, wanted = link(page), state(page, kind)
    other = show(kind(), at=shared)
    assert rounded(state(other, kind)) == rounded(wanted)
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("location.hash === ''")
    page.evaluate("(hash) => { location.hash = hash }", shared)
    page.wait_for_timeout(50)
    assert rounded(state(page, kind)) == rounded(wanted), "a link pasted into the open page"
    escaped = show(kind(), at="#" + shared[1:].replace(":", "%3A").replace(",", "%2C"))
    assert rounded(state(escaped, kind)) == rounded(wanted)


def rounded(values: dict[str, Any]) -> dict[str, Any]:
    def rough(value: Any) -> Any:
        if isinstance(value, list):
            return [round(one * 35) for one in value]  # a row travels in 36 levels
        return float(f"{value:.4g}") if isinstance(value, float) else value

    return {name: rough(value) for name, value in values.items()}


NONSENSE = [
    "{}:zebra",
    "{}:",
    "{}:1e999",
    "{}:nan",
    "{}:-1e9",
    "__proto__:1",
    "{}",
    "%E0%A4%A",
    "{}:7.5",
]


@each
def test_nonsense_in_the_address_leads_to_a_state_that_exists(show, kind):
    """Whatever is refused is said in one quiet line; nothing throws, nothing shows no number."""
    key, first = kind().key, None
    page = show(kind())
    first = state(page, kind)
    for name in knobs(kind):
        for text in NONSENSE:
            page.evaluate("(hash) => { location.hash = hash }", f"#{key}={text.format(name)}")
            page.wait_for_timeout(20)
            now = state(page, kind)
            assert {n for n in now if now[n] != first[n]} <= {name}
            if now != first:
                trait = knobs(kind)[name]
                assert trait.low <= now[name] <= trait.high
                assert not (trait.whole and now[name] % 1)
            else:
                line = page.locator(".refused")
                assert line.is_visible() or text.format(name) == f"{name}:7.5", text
            said = re.sub(r'"data:[^"]*"', "", drawn(page))  # a picture's bytes are no words
            assert not re.search(r"NaN|undefined|Infinity", said), text
    page.evaluate("location.hash = '#eq-1'")
    page.get_by_role("button", name="Reset").click()
    assert state(page, kind) == first
    assert not page.locator(".refused").is_visible()


# ---- fonts, widths ------------------------------------------------------------------------------


CROWDED = """(states) => {
  const root = document.querySelector(".rnn-explorable");
  const frame = root.getBoundingClientRect();
  const found = [];
  for (const state of states) {
    for (const [name, value] of Object.entries(state)) models[0].set(name, value);
    const complaints = [];
    for (const picture of root.querySelectorAll("svg")) {
      const own = picture.getBoundingClientRect();
      const seen = (n) => n.textContent.trim() && n.getBoundingClientRect().width;
      const words = [...picture.querySelectorAll("text:not([transform])")].filter(seen);
      const all = [...words, ...picture.querySelectorAll(".handle .dot")]
        .map((n) => [n.textContent || "a handle", n.getBoundingClientRect()]);
      const apart = (a, b) => a.right - 1 <= b.left || b.right - 1 <= a.left ||
        a.bottom - 3 <= b.top + 3 || b.bottom - 3 <= a.top + 3;
      all.forEach(([text, a], k) => {
        if (a.left < frame.left || a.right > frame.right) complaints.push(`${text} is outside`);
        if (a.bottom > own.bottom + 3 || a.top < own.top - 3)
          complaints.push(`${text} leaves its picture`);
        for (const [other, b] of all.slice(0, k))
          if (!apart(a, b)) complaints.push(`${text} on ${other}`);
      });
    }
    for (const equation of root.querySelectorAll(".equation")) {
      const lines = new Map();
      for (const part of equation.querySelectorAll(".sign, .term")) {
        const { top, left } = part.getBoundingClientRect();
        const line = [...lines.keys()].find((y) => Math.abs(y - top) < 12) ?? top;
        if (!lines.has(line) || left < lines.get(line)[0])
          lines.set(line, [left, part.textContent]);
      }
      for (const [, text] of lines.values())
        if (/^[)]/.test(text)) complaints.push("a line begins with )");
    }
    const said = root.innerHTML.replace(/"data:[^"]*"/g, ""); // a picture's bytes are no words
    if (/NaN|Infinity|undefined/.test(said)) complaints.push("no number");
    if (complaints.length) found.push([JSON.stringify(state), complaints]);
  }
  return [found, document.documentElement.scrollWidth];
}"""


TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@each
@pytest.mark.parametrize("font", FONTS, ids=["default", "narrow", "wide"])
def test_no_two_words_overlap(show, kind, font):
    widget = kind()
    opening = {name: getattr(widget, name) for state in EXPLORABLES[kind] for name in state}
    page = show(widget, width=WIDTHS[0])
    page.add_style_tag(content=f"body {{ font-family: {font} !important }}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        page.evaluate(TWO_FRAMES)
        found, page_width = page.evaluate(CROWDED, [opening, *EXPLORABLES[kind]])
        assert (width, found) == (width, [])
        assert page_width <= width


SPACED = """* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
  line-height: 1.5 !important }"""


@each
@pytest.mark.parametrize("width", [390, 800])
def test_words_keep_apart_with_a_readers_own_spacing(show, kind, width):
    page = show(kind(), width=width)
    page.add_style_tag(content=SPACED)
    page.wait_for_timeout(200)
    found, _ = page.evaluate(CROWDED, [{}, *EXPLORABLES[kind]])
    assert found == []


@each
@pytest.mark.parametrize("width", [390, 700])  # the narrow form of a picture, and the wide one
def test_nothing_above_a_slider_changes_its_height_while_it_moves(show, kind, width):
    page = show(kind(), width=width)
    page.locator(".chips button").last.click()
    for name in sliders(kind):
        slider = Seen(page).slider(name)
        places = set()
        for key in ("Home", "PageUp", "End", "ArrowLeft", "PageDown"):
            slider.press(key)
            places.add(slider.evaluate("(node) => node.getBoundingClientRect().top + scrollY"))
        for handle in page.locator(".handle").all():
            for key in ("End", "PageDown", "Home"):
                handle.press(key)
                places.add(slider.evaluate("(node) => node.getBoundingClientRect().top + scrollY"))
        assert len(places) == 1, name


@each
def test_targets_are_large_enough_to_touch(show, kind):
    small = show(kind(), width=390).evaluate(
        """() => [...document.querySelectorAll(":is(button, input:not([type=radio]), .reach)")]
          .map((node) => [node.outerHTML.slice(0, 80), node.getBoundingClientRect()])
          .filter(([, box]) => box.width < 24 || box.height < 24).map(([text]) => text)"""
    )
    assert small == []


# ---- everybody ----------------------------------------------------------------------------------


@each
@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(show, kind, theme, width):
    page = show(kind(), kind(), theme=theme, width=width)
    page.locator(".chips button").first.click()
    assert violations(page) == []


@each
def test_change_is_told_in_words_after_a_pause(show, kind):
    page = show(kind())
    page.locator(".chips button").nth(1).click()
    status = page.locator("p.unseen[role=status]")
    page.wait_for_function(
        "document.querySelector('p.unseen[role=status]').textContent.length > 10"
    )
    assert re.search(r"\d", status.text_content())


@each
def test_reduced_motion_is_honoured(show, kind):
    page = show(kind(), reduced_motion="reduce")
    moving = page.locator(".rnn-explorable *").evaluate_all(
        """(all) => all.filter((node) => {
          const style = getComputedStyle(node);
          return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none";
        }).length"""
    )
    assert moving == 0


@each
def test_forced_colours_keep_what_is_drawn(show, kind):
    """Strokes are not forced by the browser: they must take the reader's colours by themselves."""
    page = show(kind(), forced_colors="active", color_scheme="dark")
    faint = page.locator(
        ".rnn-explorable svg :is(.line, .wire path, .kept, path[data-term])"
    ).evaluate_all(
        """(all) => all.map((node) => {
          const style = getComputedStyle(node);
          const filled = style.stroke === "none" || node.matches(".reset"); // its edge is paper
          return filled ? style.fill : style.stroke;
        })"""
    )
    paper = page.locator(".rnn-explorable").evaluate("(n) => getComputedStyle(n).backgroundColor")
    assert faint
    assert paper not in faint


@each
def test_paper_has_the_numbers_and_no_controls(show, kind):
    page = show(kind(), theme="dark")
    page.emulate_media(media="print")
    hidden = page.locator(".rnn-explorable :is(input[type=range], input[type=radio], button)")
    assert not any(hidden.nth(k).is_visible() for k in range(hidden.count()))
    root = page.locator(".rnn-explorable")
    assert root.evaluate("(n) => getComputedStyle(n).breakInside") == "avoid"
    assert root.evaluate("(n) => getComputedStyle(n).color") == "rgb(31, 42, 51)"
    for name in sliders(kind):
        field = Seen(page).field(name)
        assert field.is_visible()
        assert field.evaluate("(n) => getComputedStyle(n).appearance") == "textfield"


@each
def test_draggable_numbers_are_marked_in_every_browser(show, kind):
    """A dotted line of its own: WebKit draws no `text-decoration` in a picture, Firefox some."""
    page = show(kind())
    numbers = page.locator(".number.scrub")
    for k in range(numbers.count()):
        style = numbers.nth(k).evaluate("(n) => getComputedStyle(n).borderBottomStyle")
        assert style == "dotted"
    pulled = page.locator("svg :is(.pulled, .box.scrub)")
    for k in range(pulled.count()):
        assert pulled.nth(k).locator(".dotted").count() == 1


@each
def test_module_is_whole_and_asks_no_network(kind):
    module = kind._esm.replace("\\\n", "")  # a long string goes on in the next line
    assert len(module.encode()) < 64_000
    assert not re.search(r"^import |fetch\(|XMLHttpRequest|eval\(", module, flags=re.MULTILINE)
    assert set(re.findall(r"https?://[^\"'\s]+", module)) <= {"http://www.w3.org/2000/svg"}
    assert kind().text


def test_shipped_modules_are_made_of_the_sources():
    done = widgets.node("widgets.mjs", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_quiz_ships_no_kit():
    assert len(Quiz._esm.encode()) < 12_000
