// Pictures made of elements that are changed in place: two explorables are drawn so, in the kit's frame.

import { html as template } from "lit-html";
import { hueClass } from "./kit/equation.js";
import { explorable } from "./kit/explorable.js";
import { KEYS } from "./kit/gestures.js";

export const NARROW = 480; // of the stage

/**
 * The kit's frame around pictures that `build(state, view)` makes once: it returns { formula,
 * pictures, layout(width), update(values), summary(values), controls }.
 */
export function framed(build) {
  const start = () => ({ parts: null, width: 0 });
  const see = (values, view) => {
    const { own } = view;
    const ranges = Object.fromEntries(view.knobs.map(({ name, low, high }) => [name, [low, high]]));
    own.parts ??= build({ read: () => view.state, change: view.change, ranges }, view);
    if (own.width !== view.width) own.parts.layout(view.width);
    own.width = view.width;
    own.parts.update(values);
  };
  return explorable({
    start,
    see,
    formula: ({ own }) => own.parts.formula,
    stage: ({ own }) => template`${own.parts.pictures}`,
    say: ({ own, state }) => own.parts.summary(state),
    controls: (view) => view.own.parts.controls(view),
  });
}

/**
 * Give a node attributes; null takes one away. What stands there already is not written again:
 * a picture's text is laid out anew even for the same place.
 */
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
  return node;
}

/** An HTML element. Strings among the children become text, never markup. */
export function html(tag, attributes = {}, ...children) {
  const node = set(document.createElement(tag), attributes);
  node.append(...children);
  return node;
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  const node = set(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);
  node.append(...children);
  return node;
}

/** Change a node's text, if it changes: the text that is there, for a new one is laid out anew. */
export function write(node, text) {
  if (node.textContent === text) return;
  const [only, ...others] = node.childNodes;
  if (only?.nodeType === Node.TEXT_NODE && !others.length) only.data = text;
  else node.textContent = text;
}

/** A symbol with an index, "w_x" or "C_t−1", as HTML. */
export function symbol(name) {
  const [base, index] = name.split("_");
  const letter =
    index &&
    html(
      "sub",
      {},
      ...index.split(/\b([a-z])\b/).map((c) => (/[a-z]/.test(c) && c.length === 1 ? html("i", {}, c) : c)),
    );
  // Letters alone lean: the italic face of mathematics has figures for running text, not for "T−1".
  const parts = base.split(/(\p{L}+)/u).filter(Boolean);
  const leaning = parts.map((part) => (/\p{L}/u.test(part) ? html("i", {}, part) : part));
  return html("span", { class: "symbol" }, ...leaning, ...(index ? [letter] : []));
}

export const MARKUP = [
  [/^`([^`]+)`/, (text) => html("code", {}, text)],
  [/^\*\*([^*]+)\*\*/, (text) => html("strong", {}, ...inline(text))],
  [/^\*([^*\s][^*]*)\*/, (text) => html("em", {}, ...inline(text))],
  [/^([A-Za-z]_[A-Za-z0-9]+)/, (text) => symbol(text)],
  [/^_\{([^}]+)\}/, (text) => html("sub", {}, text.replace("-", "−"))],
  [/^\^\{([^}]+)\}/, (text) => html("sup", {}, text.replace("-", "−"))],
  [/^\^([A-Za-z0-9])(?![A-Za-z0-9])/, (text) => html("sup", {}, text)],
];

/** Text with `code`, *emphasis*, **strong**, w_x, h_{t-1}, 2^t and 10^{-3} as nodes. */
export function inline(source) {
  const nodes = [];
  let text = "";
  let rest = source;
  while (rest) {
    const [found, make] = MARKUP.map(([pattern, make]) => [rest.match(pattern), make]).find(([m]) => m) ?? [];
    if (found) nodes.push(text, make(found[1]));
    text = found ? "" : text + rest[0];
    rest = rest.slice(found ? found[0].length : 1);
  }
  return [...nodes, text].filter((node) => node !== "");
}

/** An SVG text in which _{…} lowers and ^{…} raises. */
export function label(attributes, source) {
  const node = svg("text", attributes);
  let shift = 0;
  for (const part of source.split(/([_^]\{[^}]*\})/)) {
    const move = part.startsWith("_{") ? 4 : part.startsWith("^{") ? -6 : 0;
    const text = move ? part.slice(2, -1) : part;
    if (!text) continue;
    node.append(svg("tspan", { dy: move - shift, class: move ? "index" : null }, text));
    shift = move;
  }
  return node;
}

/**
 * Something in a picture that can be dragged, and moved by keys.
 * `drag(x, y)` gets the place in the picture, `nudge(steps)` the keys' steps (±∞ for Home, End).
 */
export function handle(picture, name, { drag, nudge, cursor }) {
  const dot = svg("circle", { r: 8, class: "dot" });
  const group = svg(
    "g",
    {
      class: "handle",
      role: "slider",
      "aria-orientation": cursor === "ns-resize" ? "vertical" : "horizontal",
      tabindex: 0,
      "aria-label": name,
      style: `cursor:${cursor}`,
    },
    svg("circle", { r: 22, class: "reach" }),
    svg("circle", { r: 13, class: "halo" }),
    dot,
  );
  let held = null;
  const place = (event) => {
    const box = picture.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  group.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    group.focus({ preventScroll: true });
    group.setPointerCapture(event.pointerId);
    const [x, y] = place(event);
    held = [group.at[0] - x, group.at[1] - y];
    group.dataset.held = "";
  });
  group.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [x, y] = place(event);
    drag(x + held[0], y + held[1]);
  });
  const release = () => {
    held = null;
    delete group.dataset.held;
  };
  group.addEventListener("pointerup", release);
  group.addEventListener("pointercancel", release);
  group.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    nudge(KEYS[event.key]);
  });
  group.at = [0, 0];
  return group;
}

/** Put a handle in its place and say what it stands for. */
export function moveHandle(group, x, y, { now, low, high, text }) {
  group.at = [x, y];
  set(group, {
    transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})`,
    "aria-valuemin": low,
    "aria-valuemax": high,
    "aria-valuenow": now,
    "aria-valuetext": text,
  });
}

/** Let a number in the picture or in the equation be changed by dragging it sideways. */
export function scrub(node, read, change, perPixel) {
  let from = null;
  node.classList.add("scrub");
  node.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    from = [event.clientX, read()];
    node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => {
    if (from) change(from[1] + (event.clientX - from[0]) * perPixel);
  });
  const release = () => (from = null);
  node.addEventListener("pointerup", release);
  node.addEventListener("pointercancel", release);
}

/**
 * The parts of an equation: `term(name, key)` is a symbol above its number, `sign` what stands
 * between; `numbers[name]` is written by the caller. A term of the state that has `perPixel` can be
 * dragged. `partner` is the term it lights with, if not itself.
 */
export function equationParts(state) {
  const numbers = {};
  const term = (name, key, text = name, perPixel = 0, partner = name) => {
    const number = (numbers[name] = html("span", { class: "number" }));
    const change = (value) => state.change({ [name]: value });
    if (perPixel) scrub(number, () => state.read()[name], change, perPixel);
    return html("span", { class: `term ${hueClass(key)}`, "data-term": partner }, symbol(text), number);
  };
  const sign = (text, partner = null) => html("span", { class: "sign", "data-term": partner }, text);
  return { numbers, term, sign };
}
