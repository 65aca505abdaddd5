// What the explorables share: elements, scales, numbers as text, handles, controls, the address.

export const SVG = "http://www.w3.org/2000/svg";

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
  const node = set(document.createElementNS(SVG, tag), attributes);
  node.append(...children);
  return node;
}

/**
 * The class that colours a node: q-f for the quantity f itself, which the book lights wherever it
 * stands; tint-… for what only borrows a colour (a weight) or has none (the bias).
 */
export function hue(key) {
  return ["x", "h", "f", "C"].includes(key) ? `q-${key}` : `tint-${key}`;
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

/** A straight map from [d0, d1] to [r0, r1], with its inverse. */
export function scale(d0, d1, r0, r1) {
  const map = (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
  map.invert = (place) => d0 + ((place - r0) / (r1 - r0)) * (d1 - d0);
  return map;
}

export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** About `count` round numbers from 0 to `high`. */
export function roundTicks(high, count) {
  const rough = high / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, k) => k * step);
}

// ---- numbers as text -------------------------------------------------------------------------

export const RAISED = {
  "-": "⁻",
  0: "⁰",
  1: "¹",
  2: "²",
  3: "³",
  4: "⁴",
  5: "⁵",
  6: "⁶",
  7: "⁷",
  8: "⁸",
  9: "⁹",
};

export function raised(integer) {
  return String(integer)
    .split("")
    .map((c) => RAISED[c])
    .join("");
}

/** A number with so many decimals and a true minus sign. */
export function decimal(value, digits = 2) {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** A positive number to two or three digits: 0.73, 35.0, 4,600, 3.2·10⁻⁵. */
export function short(value) {
  if (!Number.isFinite(value)) return "∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    let exponent = Math.floor(Math.log10(size));
    let digits = (size / 10 ** exponent).toFixed(1);
    if (digits === "10.0") [digits, exponent] = ["1.0", exponent + 1];
    return `${value < 0 ? "−" : ""}${digits}·10${raised(exponent)}`;
  }
  if (size >= 999.5) return decimal(value, 0).replace(/\B(?=(\d{3})+$)/g, ",");
  return decimal(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : size >= 0.00995 ? 3 : 4);
}

/** 10^log, from the logarithm, where the number itself may overflow. */
export function power(log) {
  if (log === -Infinity) return "0";
  if (Math.abs(log) < 290) return short(10 ** log);
  return `10${raised(Math.round(log))}`;
}

/** A share in (0, 1), with the digits that tell it from 0 and from 1. */
export function share(value, complement = 1 - value) {
  if (value < 0.995) return short(value);
  return complement < 1e-5
    ? `1 − ${short(complement)}`
    : decimal(1 - complement, -Math.floor(Math.log10(complement)));
}

// ---- handles ---------------------------------------------------------------------------------

export const KEYS = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: -Infinity,
  End: Infinity,
};

/**
 * Something in a picture that can be dragged, and moved by keys.
 * `drag(x, y)` gets the place in the picture, `nudge(steps)` the keys' steps (±∞ for Home, End).
 */
export function handle(picture, name, { drag, nudge, cursor }) {
  const dot = svg("circle", { r: 8, class: "dot" });
  const group = svg(
    "g",
    { class: "handle", role: "slider", tabindex: 0, "aria-label": name, style: `cursor:${cursor}` },
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
    group.classList.add("held");
  });
  group.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [x, y] = place(event);
    drag(x + held[0], y + held[1]);
  });
  const release = () => {
    held = null;
    group.classList.remove("held");
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

// ---- equations -------------------------------------------------------------------------------

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
    return html("span", { class: `term ${hue(key)}`, "data-term": partner }, symbol(text), number);
  };
  const sign = (text, partner = null) => html("span", { class: "sign", "data-term": partner }, text);
  return { numbers, term, sign };
}

// ---- controls --------------------------------------------------------------------------------

/**
 * The values at which a slider that is spaced by ratios stops: both ends, and between them 2 % from
 * one to the next, or a whole step where that is more.
 */
export function stopsByRatio(low, high, whole) {
  const stops = [];
  for (let stop = low; stop < high; ) {
    stops.push(stop);
    stop = whole ? Math.max(stop + 1, Math.round(1.02 * stop)) : 1.02 * stop;
  }
  return [...stops, high];
}

/** The place of a value among rising stops, with a fraction where it lies between two. */
export function placeAmong(stops, value) {
  const after = stops.findIndex((stop) => stop >= value);
  if (after <= 0) return after < 0 ? stops.length - 1 : 0;
  return after - (stops[after] - value) / (stops[after] - stops[after - 1]);
}

/**
 * A labelled slider with a number field. `curve: "log"` spaces it by ratios: the slider then counts
 * stops, so that each key moves it, and its ends are the range's.
 */
export function control(name, { title, term, range: [low, high], step, curve, whole, change }) {
  const stops = curve === "log" ? stopsByRatio(low, high, whole) : null;
  const [first, last] = stops ? [0, stops.length - 1] : [low, high];
  const inward = (value) => (stops ? placeAmong(stops, value) : value);
  const outward = (place) => (stops ? stops[place] : place);
  const tidy = (value) => (whole ? Math.round(value) : value);
  const pitch = stops ? 1 : step;
  const slider = html("input", {
    type: "range",
    min: first,
    max: last,
    step: pitch,
    "data-name": name,
  });
  const field = html("input", {
    type: "number",
    min: low,
    max: high,
    step,
    inputmode: "decimal",
    "data-name": name,
    "aria-label": `${title}, as a number`,
  });
  const node = html(
    "div",
    { class: "control", "data-term": term },
    html("label", {}, html("span", { class: "name" }, ...caption(title)), slider),
    field,
  );
  slider.addEventListener("input", () => change(tidy(clamp(outward(Number(slider.value)), low, high))));
  field.addEventListener("input", () => {
    const value = field.valueAsNumber;
    if (value >= low && value <= high) change(tidy(value));
  });
  field.addEventListener("change", () => {
    const value = field.valueAsNumber;
    change(tidy(clamp(Number.isNaN(value) ? node.value : value, low, high)));
    field.value = rounded(node.value);
  });
  const zero = low < 0 ? (0 - low) / (high - low) : 0;
  let shown;
  node.show = (value) => {
    node.value = value;
    const place = inward(value);
    // even the same: dragged between two values, it snaps back; and at an end only what is the end,
    // for the keys lead no further there
    slider.value = place > first && place < last ? clamp(place, first + pitch, last - pitch) : place;
    if (value !== shown) {
      shown = value;
      const part = (place - first) / (last - first);
      set(slider, { "aria-valuetext": `${title} ${decimal(value, whole ? 0 : 2)}` });
      slider.style.setProperty("--from", Math.min(zero, part));
      slider.style.setProperty("--to", Math.max(zero, part));
    }
    const text = rounded(value);
    if (field.value !== text && field !== field.getRootNode().activeElement) field.value = text;
  };
  return node;
}

/** The control of one number of the state. */
export function knob(state, name, title, step, more = {}) {
  return control(name, {
    title,
    step,
    term: name,
    range: state.ranges[name],
    change: (value) => state.change({ [name]: value }),
    ...more,
  });
}

export function rounded(value) {
  return String(Number(value.toFixed(3)));
}

/** "weight w_x" as nodes, its last word typeset as a symbol. */
export function caption(title) {
  const words = title.split(" ");
  return [`${words.slice(0, -1).join(" ")} `, symbol(words.at(-1))];
}

/** Whether a state has these values. */
export function agrees(state, values) {
  return Object.entries(values).every(([name, value]) =>
    typeof value === "string" ? state[name] === value : Math.abs(state[name] - value) < 1e-9,
  );
}

/** Buttons of which one may be the present state. */
export function presetBar(presets, choose) {
  const buttons = presets.map((preset) => {
    const button = html("button", { type: "button", "aria-pressed": "false" }, ...inline(preset.name));
    button.addEventListener("click", () => choose(preset));
    return button;
  });
  const about = html("p", { class: "about" });
  const node = html(
    "div",
    { class: "presets" },
    html("div", { class: "chips", role: "group", "aria-label": "Presets" }, ...buttons),
    about,
  );
  node.show = (state) => {
    const present = presets.findIndex((preset) => agrees(state, preset.set));
    buttons.forEach((button, k) => set(button, { "aria-pressed": String(k === present) }));
    about.classList.toggle("past", present < 0); // unseen, but its room stays: nothing jumps
    if (present >= 0 && about.dataset.present !== String(present)) {
      about.dataset.present = present;
      about.replaceChildren(...inline(presets[present].about));
    }
  };
  node.forget = () => {
    delete about.dataset.present;
    about.replaceChildren();
  };
  return node;
}

// ---- the address -----------------------------------------------------------------------------

/** Every explorable in one page has a key of its own: a second "forget-gate" is "forget-gate-2". */
export function ownKey(model) {
  const page = Symbol.for("rnnbook.keys");
  const keys = (globalThis[page] ??= new Map());
  const wanted = model.get("key");
  let key = wanted;
  for (let k = 2; keys.has(key) && keys.get(key) !== model; k++) key = `${wanted}-${k}`;
  keys.set(key, model);
  return key;
}

/** The address' fragment as {key: text}: #forget-gate=b:1,x:0&through-time=w:1.1 */
export function readAddress() {
  const parts = location.hash
    .slice(1)
    .split("&")
    .filter((part) => part.includes("="));
  return Object.fromEntries(parts.map((part) => part.split("=", 2)));
}

/** The state that the address holds for a key: only known names, only values that are possible. */
export function stateInAddress(key, names, possible) {
  const entries = (readAddress()[key] ?? "").split(",").map((pair) => pair.split(":"));
  const state = {};
  for (const [name, text] of entries) {
    const value = text === undefined || text === "" || Number.isNaN(Number(text)) ? text : Number(text);
    if (names.includes(name) && possible(name, value)) state[name] = value;
  }
  return state;
}

/** The address with a key's state in it, or without. */
export function addressWith(key, state) {
  const others = Object.entries(readAddress()).filter(([name]) => name !== key);
  const text = Object.entries(state)
    .map(([name, value]) => `${name}:${spell(value)}`)
    .join(",");
  const parts = (text ? [...others, [key, text]] : others).map((part) => part.join("="));
  const anchor = location.hash.includes("=") ? "" : location.hash;
  return location.pathname + location.search + (parts.length ? `#${parts.join("&")}` : anchor);
}

export function spell(value) {
  return typeof value === "number" ? Number(value.toPrecision(6)) : value;
}

/**
 * A key pressed in an explorable is its own, but for those that lead away from it. JupyterLab leaves
 * the keys of elements that carry this mark; VS Code acts on every key that bubbles out of an output,
 * and arrows, Enter or Delete would there leave the cell, edit it or delete it.
 */
export function ownKeys(root) {
  for (const node of root.querySelectorAll("input, button, [tabindex]")) {
    node.dataset.lmSuppressShortcuts = "true";
  }
  root.addEventListener("keydown", (event) => {
    const shortcut = event.ctrlKey || event.metaKey || event.altKey;
    if (!shortcut && !/^(Tab|Escape|F\d+)$/.test(event.key)) event.stopPropagation();
  });
}

// ---- the frame of an explorable --------------------------------------------------------------

export const NARROW = 480; // below this width the controls stand right below the formula

/** The state of a model: reads, checks and writes it, and tells when it has changed. */
export function store(model, names) {
  const ranges = model.get("_ranges") ?? {};
  const read = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const possible = (name, value) =>
    name in ranges
      ? typeof value === "number" && value >= ranges[name][0] && value <= ranges[name][1]
      : typeof value === "string";
  let changed = () => {};
  let quiet = false;
  const listen = () => quiet || changed(read());
  names.forEach((name) => model.on(`change:${name}`, listen));
  return {
    ranges,
    presets: model.get("_presets") ?? [],
    goal: model.get("goal"),
    read,
    possible,
    first: read(),
    whenChanged: (callback) => (changed = callback),
    change(part) {
      quiet = true;
      for (const [name, value] of Object.entries(part)) {
        model.set(name, name in ranges ? clamp(value, ...ranges[name]) : value);
      }
      quiet = false;
      changed(read());
      model.save_changes();
    },
    close: () => names.forEach((name) => model.off(`change:${name}`, listen)),
  };
}

/** Pointing at a term, or focusing it, lights all its partners. */
export function lightPartners(root) {
  const partners = new Map();
  for (const node of root.querySelectorAll("[data-term]")) {
    const term = node.dataset.term;
    partners.set(term, [...(partners.get(term) ?? []), node]);
  }
  let lit = null;
  const light = (term) => {
    if (term === lit) return;
    partners.get(lit)?.forEach((node) => node.classList.remove("shine"));
    partners.get(term)?.forEach((node) => node.classList.add("shine"));
    lit = term;
  };
  const of = (event) => event.target.closest?.("[data-term]")?.dataset.term ?? null;
  const focused = () => root.querySelector("[data-term]:focus-within, [data-term]:focus")?.dataset.term;
  root.addEventListener("pointerover", (event) => light(of(event) ?? focused() ?? null));
  root.addEventListener("pointerleave", () => light(focused() ?? null));
  root.addEventListener("focusin", (event) => light(of(event)));
  root.addEventListener("focusout", () => light(null));
}

/** Tell whether the page is dark, where neither the page nor its host says so: by its ink. */
export function followInk(root) {
  const said = "[data-theme], [data-jp-theme-light], [theme], .vscode-dark, .vscode-light";
  const look = () => {
    if (root.parentElement?.closest(said)) return;
    const [r, g, b] = getComputedStyle(root.parentElement ?? root)
      .color.match(/[\d.]+/g)
      .map(Number);
    root.dataset.scheme = 0.3 * r + 0.59 * g + 0.11 * b > 140 ? "dark" : "light";
  };
  const query = matchMedia("(prefers-color-scheme: dark)");
  query.addEventListener("change", look);
  requestAnimationFrame(look);
  return () => query.removeEventListener("change", look);
}

/**
 * Mount an explorable: heading, presets, the views, the controls, the guidance.
 * `build(state)` returns {stage, formula, controls, layout(width), update(values), summary(values)},
 * and, where the Try line sets a task, done(values).
 * The controls stand below the stage, or, where it is narrow, right below its formula: on a phone
 * what changes stays in sight of what changes it.
 */
export function mount({ model, el }, names, build) {
  const plainPage = model.widget_manager === undefined; // no notebook around us: the address is ours
  const state = store(model, names);
  const key = ownKey(model);
  const parts = build(state);

  const presets = presetBar(state.presets, (preset) => state.change(preset.set));
  const task = guidance("Try", model.get("try_this"));
  if (parts.done) task.append(html("span", { class: "met", "aria-hidden": "true" }, "\u00a0✓"));
  const reset = html("button", { type: "button", class: "quiet" }, "Reset");
  const share = html("button", { type: "button", class: "quiet" }, "Copy link");
  const status = html("p", { class: "unseen", role: "status" });
  const tools = html("div", { class: "tools" }, reset, ...(plainPage ? [share] : []));
  const root = html(
    "div",
    { class: "rnn-explorable", role: "group", "aria-label": model.get("title") },
    html("div", { class: "head" }, html("p", { class: "title" }, model.get("title")), tools),
    task,
    presets,
    parts.stage,
    parts.controls,
    guidance("Notice", model.get("notice")),
    status,
  );

  let timer = 0;
  const settle = (values) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      write(status, parts.summary(values));
      if (plainPage) history.replaceState(history.state, "", addressWith(key, difference(state, values)));
    }, 400);
  };
  const show = (values) => {
    parts.update(values);
    presets.show(values);
    task.classList.toggle("done", parts.done?.(values) ?? false);
  };
  state.whenChanged((values) => {
    show(values);
    settle(values);
  });
  reset.addEventListener("click", () => {
    presets.forget();
    state.change(state.first);
  });
  share.addEventListener("click", async () => {
    history.replaceState(history.state, "", addressWith(key, state.read()));
    write(share, (await copied(location.href)) ? "Copied" : "It is in the address bar");
    setTimeout(() => write(share, "Copy link"), 2000);
  });

  el.append(root);
  lightPartners(root);
  ownKeys(root);
  const forgetInk = followInk(root);
  let fitted;
  const fit = () => {
    const width = Math.max(parts.stage.clientWidth || 640, 240);
    if (width === fitted) return false;
    fitted = width;
    const before = width < NARROW ? parts.formula : parts.stage;
    if (before.nextElementSibling !== parts.controls) before.after(parts.controls);
    parts.layout(width);
    return true;
  };
  fit();
  const stored = plainPage ? stateInAddress(key, names, state.possible) : {};
  if (Object.keys(stored).length) {
    state.change(stored);
    if (Object.keys(readAddress())[0] === key)
      requestAnimationFrame(() => root.scrollIntoView({ block: "start" }));
  } else show(state.read());
  const observer = new ResizeObserver(() => fit() && show(state.read()));
  observer.observe(parts.stage);
  return () => {
    observer.disconnect();
    state.close();
    forgetInk();
    clearTimeout(timer);
  };
}

/** The part of the state that differs from the first one. */
export function difference(state, values) {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== state.first[name]));
}

export function guidance(word, text) {
  const kind = word.toLowerCase();
  return html("p", { class: `guidance ${kind}` }, html("strong", {}, `${word}: `), ...inline(text));
}

export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
