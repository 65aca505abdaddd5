// A gate at work: the running total, the memory that follows it, the gate and what the gate sees.

const NAMES = ["w_v", "b", "noise", "p", "stream", "step"];
const ROOM = { total: [26, 176], gate: [206, 260], evidence: [290, 398], steps: 416 }; // heights
const HEIGHT = 450;
const [BAR, BARS] = [21, 26]; // height of one bar with its gap, and where the first one begins
const SOFT = 0.98; // the tint of the evidence runs from this share down to one minus this share

// Rules for this explorable alone; the rest is the explorables' common style.
const RULES = `
  .at-work .half { display: inline-flex; align-items: flex-start; margin: 0 0.7em; }
  .at-work .column { fill: var(--ink); opacity: 0.1; }
  .at-work .chart .fall { stroke: var(--edge); stroke-dasharray: 2 4; }
  .at-work .chart .target { stroke: color-mix(in srgb, var(--ink) 48%, var(--surface)); stroke-width: 5.5; stroke-linejoin: round; stroke-linecap: round; }
  .at-work .chart .ghost { stroke: var(--edge); stroke-width: 1.4; }
  .at-work .chart .ghost.leak { stroke-dasharray: 1.5 3; }
  .at-work .chart .ghost.carousel { stroke-dasharray: 7 3; }
  .at-work .chart .kept { fill: color-mix(in srgb, var(--q) 22%, transparent); stroke: var(--q); stroke-width: 1.5; }
  .at-work .chart .kept:is(.shine, .rnn-lit) { stroke-width: 2.5; }
  .at-work .chart .seen { stroke: var(--q-x); stroke-width: 4; stroke-linecap: round; }
  .at-work .chart .reset { fill: var(--ink); stroke: var(--surface); }
  .at-work .chart .limit { stroke: var(--q); stroke-width: 2; }
  .at-work .bars rect { fill: var(--edge); }
  .at-work .bars rect.own { fill: var(--q); }
  .at-work .bars .best { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 3; }
  .at-work .actions { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 6px; margin-top: 4px; }
  @container (min-width: 600px) { .rnn-explorable .at-work .sentence { min-height: 1.45em; } }
  @container (max-width: 309px) { .rnn-explorable .at-work .told { min-height: 4.35em; } }
  @media print { .at-work .actions { display: none; } }
  @container (max-width: 479px) {
    .rnn-explorable .at-work .told { font-size: 14px; }
    .rnn-explorable .at-work .control input[type="number"] { width: 4.7em; appearance: textfield; }
  }
`;

// ---- what is shown ---------------------------------------------------------------------------

/** Keeps the last result of a function of few numbers: most moves leave most of them alone. */
function remember(make) {
  let [last, result] = [[], null];
  return (...given) => {
    if (!result || given.some((value, k) => value !== last[k])) result = make(...(last = given));
    return result;
  };
}

/** All that is shown, from the state. */
function world(steps) {
  const draw = remember((seed) => streamDraw(seed, steps));
  const stream = remember((seed, p, noise) => {
    const found = runningTotal(draw(seed), p, noise);
    const reached = reachableTotals(found.values);
    const constant = (share) => keptTotals(found.values, Array(steps).fill(share));
    return {
      ...found,
      carousel: constant(1),
      leak: constant(1 - p),
      low: Math.min(...reached.map(([low]) => low)),
      high: Math.max(...reached.map(([, high]) => high)),
    };
  });
  const errors = remember((p, noise) => {
    const of = (weight, bias) => Math.sqrt(gatedError(weight, bias, noise, p, steps));
    const size = (1 - (1 - p) ** steps) / p; // E y²: the error of always answering 0
    const carousel = of(0, 800);
    return {
      carousel,
      leak: of(0, logit(1 - p)),
      derived: of(...derivedGate(noise, p)),
      most: Math.max(carousel, Math.sqrt(size)),
    };
  });
  return ({ w_v, b, noise, p, stream: seed }) => {
    const shown = stream(seed, p, noise);
    const arguments_ = shown.evidence.map((v) => w_v * v + b);
    const gates = arguments_.map(sigmoid);
    return {
      ...shown,
      arguments_,
      gates,
      memory: keptTotals(shown.values, gates),
      errors: { ...errors(p, noise), own: Math.sqrt(gatedError(w_v, b, noise, p, steps)) },
    };
  };
}

/** The first step at which a stream is reset; else the first of all. */
function firstReset(seed, p, steps) {
  return Math.max(streamDraw(seed, steps).findIndex(([chance]) => chance < p), 0) + 1;
}

// ---- the equations ---------------------------------------------------------------------------

function formulas(state) {
  const { numbers, term, sign } = equationParts(state);
  const half = (...parts) => html("span", { class: "half" }, ...parts);
  const node = html(
    "div",
    {
      class: "equation",
      role: "math",
      "aria-label": "f_t = σ(w_v v_t + b), C_t = f_t C_t−1 + x_t",
    },
    half(
      term("f", "f", "f_t"),
      sign("="),
      sign("σ("),
      term("w_v", "wx", "w_v", 0.05),
      sign("·"),
      term("v", "wx", "v_t"),
      sign("+"),
      term("b", "ink", "b", 0.05),
      sign(")"),
    ),
    half(
      term("C", "C", "C_t"),
      sign("="),
      term("f again", "f", "f_t", 0, "f"),
      sign("·"),
      term("before", "C", "C_t−1", 0, "C"),
      sign("+"),
      term("x", "x", "x_t"),
    ),
  );
  const update = ({ w_v, b }, now, step) => {
    const t = step - 1;
    const f = shareText(now.gates[t]);
    write(numbers.f, f);
    write(numbers["f again"], f);
    write(numbers.w_v, decimal(w_v));
    write(numbers.v, decimal(now.evidence[t]));
    write(numbers.b, decimal(b));
    write(numbers.C, decimal(now.memory[t]));
    write(numbers.before, decimal(t ? now.memory[t - 1] : 0));
    write(numbers.x, decimal(now.values[t]));
  };
  return { node, update };
}

/** A share in few digits. */
function shareText(f) {
  if (f < 5e-5) return "≈ 0";
  if (f > 1 - 5e-5) return "≈ 1";
  return decimal(f, f < 0.00995 || f >= 0.995 ? 4 : f < 0.0995 ? 3 : 2);
}

/** One step in words. */
function told({ w_v }, now, step) {
  const t = step - 1;
  const [reset, a] = [now.resets[t], now.arguments_[t]];
  const heard = w_v
    ? `the gate ${(a < 0) === reset ? "" : "wrongly "}hears ${a < 0 ? "forget" : "keep"}`
    : "the gate does not listen";
  return (
    `Step ${step}, ${reset ? "a reset" : "no reset"}: ${heard} (a\u00a0=\u00a0${decimal(a, 1)}). ` +
    `Memory ${decimal(now.memory[t])}, target ${decimal(now.totals[t])}.`
  );
}

// ---- three strips over the same steps --------------------------------------------------------

/** Places for words of one line each, near where they are wanted, none on another. */
function spread(wanted, gap, low, high) {
  const order = wanted.map((_, k) => k).sort((one, other) => wanted[one] - wanted[other]);
  const places = [];
  let free = low;
  for (const k of order) free = (places[k] = Math.max(wanted[k], free)) + gap;
  free = high;
  for (const k of order.reverse()) free = (places[k] = Math.min(places[k], free)) - gap;
  return places;
}

function strips(state, steps, look) {
  const node = svg("svg", {
    class: "chart",
    role: "group",
    "aria-label": "The running total and its memory, the gate, and the evidence, step by step",
    height: HEIGHT,
  });
  const name = `rnn-soft-${Math.random().toString(36).slice(2, 9)}`;
  const stops = Array.from({ length: 13 }, (_, k) => {
    const f = sigmoid(logit(SOFT) * (1 - k / 6));
    return svg("stop", { offset: k / 12, "stop-opacity": (0.26 * f).toFixed(3) });
  });
  stops.forEach((stop) => (stop.style.stopColor = "var(--q-f)"));
  const soft = svg("linearGradient", { id: name, gradientUnits: "userSpaceOnUse", x1: 0, x2: 0 });
  soft.append(...stops);
  const tint = svg("rect", { "data-term": "f" });
  const [grid, ticks] = [svg("g", { class: "ticks" }), svg("g", { class: "ticks" })];
  const column = svg("rect", { class: "column" });
  const falls = svg("path", { class: "fall" });
  const drawn = {
    carousel: svg("path", { class: "ghost carousel" }),
    leak: svg("path", { class: "ghost leak" }),
    target: svg("path", { class: "target" }),
    memory: svg("path", { class: "line q-C", "data-term": "C" }),
  };
  const anew = svg("path", { class: "reset" });
  const gate = svg("path", { class: "kept q-f", "data-term": "f" });
  const seen = svg("path", { class: "seen", "data-term": "v" });
  const told = svg("path", { class: "reset", "data-term": "v" });
  const limit = svg("path", { class: "limit q-f" });
  const ends = {
    target: label({ class: "value start" }, "target"),
    memory: label({ class: "value start q-C" }, "memory C"),
    carousel: label({ class: "note start" }, "carousel"),
    leak: label({ class: "note start" }, "best leak"),
  };
  const words = {
    total: label({ class: "axis start haloed" }, "running total"),
    gate: label({ class: "axis start haloed" }, "gate f_{t}: the share that is kept"),
    evidence: label({ class: "axis start haloed" }, "evidence v_{t} (shaded: kept)"),
    axis: label({ class: "axis start" }, "step t"),
    half: label({ class: "value start q-f" }, "f = ½"),
    above: label({ class: "note start" }, ""),
    below: label({ class: "note start" }, ""),
  };
  let left, right, across, heights, drawnStream;
  const up = {
    gate: scale(0, 1, ROOM.gate[1], ROOM.gate[0]),
  };
  const key = label({ class: "axis end" }, "◆ a reset");

  const threshold = handle(node, "Evidence at which the gate is one half; moving it sets the bias b", {
    cursor: "ns-resize",
    drag: (x, y) => setThreshold(up.evidence.invert(y)),
    nudge: (by) => setThreshold(Number.isFinite(by) ? shownThreshold() + 0.02 * by : by),
  });
  threshold.dataset.term = "b";
  threshold.classList.add("q-f");
  set(threshold, { "aria-orientation": "vertical" });
  const setThreshold = (v) =>
    state.change({ b: -state.read().w_v * clamp(v, heights.low, heights.high) });
  const shownThreshold = () => {
    const { w_v, b } = state.read();
    return clamp(-b / w_v, heights.low, heights.high);
  };
  const cursor = handle(node, "Step whose numbers are shown", {
    cursor: "ew-resize",
    drag: (x) => state.change({ step: stepAt(x) }),
    nudge: (by) => state.change({ step: state.read().step + by }),
  });
  cursor.classList.add("tint-ink");
  const stepAt = (x) => clamp(Math.round(across.invert(x)), 1, steps);

  node.append(
    svg("defs", {}, soft),
    tint,
    grid,
    ticks,
    column,
    falls,
    ...Object.values(drawn),
    anew,
    gate,
    seen,
    told,
    limit,
    ...Object.values(ends),
    words.total,
    words.gate,
    words.evidence,
    words.axis,
    words.half,
    words.above,
    words.below,
    key,
    cursor,
    threshold,
  );

  // Pointing shows another step for a moment; a click or a touch stays with it.
  const pointed = (event) => {
    const box = node.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const inside = x >= left && x <= right && y > ROOM.total[0] && y < ROOM.evidence[1];
    return inside && !event.target.closest(".handle") ? stepAt(x) : null;
  };
  node.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse" && !event.buttons) look(pointed(event));
  });
  node.addEventListener("pointerleave", () => look(null));
  node.addEventListener("click", (event) => {
    const step = pointed(event);
    if (step !== null) state.change({ step });
  });

  const layout = (width) => {
    drawnStream = null;
    const narrow = width < 480;
    [left, right] = [30, width - (narrow ? 78 : 100)];
    across = scale(0.5, steps + 0.5, left, right);
    set(node, { width, viewBox: `0 0 ${width} ${HEIGHT}`, class: `chart${narrow ? " narrow" : ""}` });
    const place = (text, x, y) => set(text, { x, y });
    place(words.total, left, ROOM.total[0] - 10);
    place(words.gate, left, ROOM.gate[0] - 9);
    place(words.evidence, left, ROOM.evidence[0] - 9);
    place(words.axis, right + 31, ROOM.steps + 4);
    place(key, right, ROOM.total[0] - 10);
    set(tint, {
      x: left,
      width: right - left,
      y: ROOM.evidence[0],
      height: ROOM.evidence[1] - ROOM.evidence[0],
    });
    set(column, { y: ROOM.total[0], height: ROOM.evidence[1] - ROOM.total[0] });
    ticks.replaceChildren(
      svg("line", { x1: left, x2: right, y1: ROOM.steps, y2: ROOM.steps }),
      ...roundTicks(steps, narrow ? 4 : 6)
        .slice(1)
        .map((t) => svg("text", { class: "tick", x: across(t), y: ROOM.steps + 30 }, String(t))),
    );
  };

  /** What depends on the stream alone: axes, resets, target, evidence, the two lines for comparison. */
  const drawStream = ({ p, noise }, now) => {
    drawnStream = now.totals;
    const most = 0.1 + 3 * noise;
    heights = { low: -most, high: 1 + most };
    up.total = scale(now.low, now.high, ...[...ROOM.total].reverse());
    up.evidence = scale(heights.low, heights.high, ...[...ROOM.evidence].reverse());
    const unit = [5, 10, 20].find((u) => now.high - now.low < 6 * u) ?? 50;
    const marks = Array.from({ length: 13 }, (_, k) => unit * (k - 6));
    const apart = Math.max(0, 13 - up.evidence(0) + up.evidence(1)) / 2; // so that 0 and 1 stay legible
    const lines = [
      ...marks.filter((c) => c >= now.low && c <= now.high).map((c) => [up.total(c), decimal(c, 0)]),
      ...[0, 1].map((f) => [up.gate(f), String(f)]),
      ...[0, 1].map((v) => [up.evidence(v), String(v), apart * (v ? -1 : 1)]),
    ];
    grid.replaceChildren(
      ...lines.flatMap(([y, text, shift = 0]) => [
        svg("line", { x1: left, x2: right, y1: y, y2: y }),
        svg("text", { class: "tick end", x: left - 6, y: y + 4 + shift }, text),
      ]),
    );
    const path = (totals) =>
      "M" + totals.map((c, t) => `${across(t + 1).toFixed(1)} ${up.total(c).toFixed(1)}`).join("L");
    set(drawn.carousel, { d: path(now.carousel) });
    set(drawn.leak, { d: path(now.leak) });
    const pieces = now.totals.map(
      (y, t) =>
        `${!t || now.resets[t] ? "M" : "L"}${across(t + 1).toFixed(1)} ${up.total(y).toFixed(1)}h.01`,
    );
    set(drawn.target, { d: pieces.join("") });
    const diamond = (x, y) => `M${x.toFixed(1)} ${(y - 5.5).toFixed(1)}l5 5.5l-5 5.5l-5 -5.5z`;
    const [resets, others] = [[], []];
    now.resets.forEach((reset, t) => (reset ? resets : others).push(t));
    const dot = (t) => up.evidence(clamp(now.evidence[t], heights.low, heights.high));
    set(anew, { d: resets.map((t) => diamond(across(t + 1), up.total(now.totals[t]))).join("") });
    set(told, { d: resets.map((t) => diamond(across(t + 1), dot(t))).join("") });
    set(seen, {
      d: others.map((t) => `M${across(t + 1).toFixed(1)} ${dot(t).toFixed(1)}h.01`).join(""),
    });
    set(falls, {
      d: resets
        .map((t) => `M${across(t + 1).toFixed(1)} ${ROOM.total[0]}V${ROOM.evidence[1]}`)
        .join(""),
    });
  };

  const update = (values, now) => {
    if (drawnStream !== now.totals) drawStream(values, now);
    const point = (c, t) => `${across(t + 1).toFixed(1)} ${up.total(c).toFixed(1)}`;
    set(drawn.memory, { d: "M" + now.memory.map(point).join("L") });
    const bars = now.gates.map((f, t) => `V${up.gate(f).toFixed(1)}H${across(t + 1.5).toFixed(1)}`);
    set(gate, { d: `M${left} ${up.gate(0)}${bars.join("")}V${up.gate(0)}Z` });
    nameLines(now);
    decide(values, now);
  };

  const nameLines = (now) => {
    const last = {
      target: now.totals.at(-1),
      memory: now.memory.at(-1),
      carousel: now.carousel.at(-1),
      leak: now.leak.at(-1),
    };
    const names = Object.keys(ends);
    const wanted = names.map((line) => up.total(last[line]));
    const places = spread(wanted, 17, ROOM.total[0] + 4, ROOM.total[1] - 2);
    names.forEach((line, k) => set(ends[line], { x: right + 10, y: (places[k] + 4).toFixed(1) }));
  };

  const decide = ({ w_v, b }, now) => {
    const [low, high] = [heights.low, heights.high];
    const blind = w_v === 0;
    threshold.style.display = blind ? "none" : "";
    const v = blind ? 0 : -b / w_v;
    const inside = !blind && v >= low && v <= high;
    const y = up.evidence(clamp(v, low, high));
    threshold.classList.toggle("beyond", !inside);
    set(limit, { d: inside ? `M${left} ${y.toFixed(1)}H${right + 11}` : "" });
    const room = [ROOM.evidence[0] + 11, ROOM.evidence[1] + 1];
    const middle = (room[0] + room[1]) / 2;
    set(words.half, { y: (blind ? middle : clamp(y + 4, ...room)).toFixed(1) });
    write(
      words.half,
      blind ? `f ${shareText(sigmoid(b)).replace(/^(?=\d)/, "= ")}` : `f = ½${inside ? "" : v > high ? " ↑" : " ↓"}`,
    );
    const [over, under] = w_v < 0 ? ["forgets", "keeps"] : ["keeps", "forgets"];
    write(words.above, blind ? "" : over);
    write(words.below, blind ? "everywhere" : under);
    for (const text of [words.half, words.above, words.below])
      set(text, { x: right + (blind ? 10 : 31) });
    const at = blind ? [middle - 18, middle + 17] : [clamp(y + 4, ...room) - 22, clamp(y + 4, ...room) + 22];
    set(words.above, { y: at[0].toFixed(1) });
    set(words.below, { y: at[1].toFixed(1) });
    words.above.style.display = at[0] < room[0] - 2 ? "none" : "";
    words.below.style.display = at[1] > room[1] + 2 ? "none" : "";
    if (blind) {
      tint.style.fill = "var(--q-f)";
      set(tint, { "fill-opacity": (0.26 * sigmoid(b)).toFixed(3) });
      return;
    }
    tint.style.fill = `url(#${name})`;
    set(tint, { "fill-opacity": null });
    const edge = logit(SOFT);
    set(soft, {
      y1: up.evidence((edge - b) / w_v).toFixed(1),
      y2: up.evidence((-edge - b) / w_v).toFixed(1),
    });
    moveHandle(threshold, right + 11, y, {
      now: Number(clamp(v, low, high).toFixed(3)),
      low: Number(low.toFixed(3)),
      high: Number(high.toFixed(3)),
      text: `v = ${decimal(v)}`,
    });
  };

  const point = (step) => {
    const x = across(step);
    const half = Math.max((across(2) - across(1)) / 2, 2);
    set(column, { x: (x - half).toFixed(1), width: (2 * half).toFixed(1) });
    moveHandle(cursor, x, ROOM.steps, { now: step, low: 1, high: steps, text: `step ${step}` });
  };
  return { node, layout, update, point };
}

// ---- the errors to expect --------------------------------------------------------------------

const ROWS = [
  ["carousel", "carousel, f = 1"],
  ["leak", "best leak, f = 1 − p"],
  ["own", "this gate"],
  ["derived", "derived gate"],
];

function errorBars(steps) {
  const height = BARS + ROWS.length * BAR;
  const node = svg("svg", { class: "chart below bars", role: "img", height });
  const title = svg("text", { class: "axis start", x: 0, y: 14 });
  const rows = ROWS.map(([name, text], k) => ({
    name,
    bar: svg("rect", { class: name === "own" ? "own q-C" : null, height: BAR - 7 }),
    text: label({ class: name === "own" ? "value start q-C" : "note start" }, text),
    number: svg("text", { class: name === "own" ? "value start q-C" : "note start" }),
    y: BARS + k * BAR,
  }));
  const best = svg("path", { class: "best" });
  node.append(title, ...rows.flatMap(({ bar, text, number }) => [bar, text, number]), best);
  let left, right;
  const layout = (width) => {
    const long = `root mean square error at step ${steps}, over all streams`;
    write(title, width < 380 ? `root mean square error at step ${steps}` : long);
    [left, right] = [width < 480 ? 140 : 150, width - 48];
    set(node, { width, viewBox: `0 0 ${width} ${height}` });
    for (const { bar, text, number, y } of rows) {
      set(bar, { x: left, y });
      set(text, { x: 0, y: y + 12 });
      set(number, { y: y + 12 });
    }
  };
  const update = (values, { errors }) => {
    const across = scale(0, errors.most, left, right);
    for (const { name, bar, number } of rows) {
      const end = across(errors[name]);
      set(bar, { width: (end - left).toFixed(1) });
      set(number, { x: (end + 8).toFixed(1) });
      write(number, decimal(errors[name]));
    }
    set(best, { d: `M${across(errors.derived).toFixed(1)} ${BARS - 4}V${height}` });
    set(node, { "aria-label": verdict(values, errors) });
  };
  return { node, layout, update };
}

/** How far the gate is from the best one. */
function verdict(values, { own, derived, leak }) {
  const more = 100 * (own / derived - 1);
  const beside =
    more < 0.05
      ? "as small as it can be"
      : `${decimal(more, more < 9.95 ? 1 : 0)} % above the smallest possible`;
  return `This gate's error is ${decimal(own)}: ${beside}${own > leak ? ", and above the best leak's" : ""}.`;
}

// ---- together --------------------------------------------------------------------------------

function build(state) {
  const steps = state.ranges.step[1];
  const see = world(steps);
  let [values, now, pointed] = [null, null, null];
  const showStep = () => {
    const step = pointed ?? values.step;
    formula.update(values, now, step);
    picture.point(step);
    write(sentence, told(values, now, step));
  };
  const look = (step) => {
    if (step === pointed) return;
    pointed = step;
    showStep();
  };
  const [formula, picture, errors] = [formulas(state), strips(state, steps, look), errorBars(steps)];
  const sentence = html("p", { class: "sentence told" });
  const result = html("p", { class: "sentence" });
  const stage = html(
    "div",
    { class: "stage at-work" },
    html("style", {}, RULES),
    formula.node,
    sentence,
    picture.node,
    errors.node,
    result,
  );
  const knobs = {
    w_v: knob(state, "w_v", "weight w_v", 0.1),
    b: knob(state, "b", "bias b", 0.1),
    noise: knob(state, "noise", "noise η", 0.01, { curve: "log" }),
    p: knob(state, "p", "resets p", 0.001, { curve: "log" }),
  };
  const button = (text, act) => {
    const made = html("button", { type: "button" }, ...inline(text));
    made.addEventListener("click", act);
    return made;
  };
  const fresh = button("New stream", () => {
    const { stream, p } = state.read();
    const next = (stream % state.ranges.stream[1]) + 1;
    state.change({ stream: next, step: firstReset(next, p, steps) });
  });
  const solve = button("Set w_v and *b* by (1.7)", () => {
    const { noise, p } = state.read();
    const [w_v, b] = derivedGate(noise, p);
    state.change({ w_v, b });
  });
  const actions = html("div", { class: "actions" }, fresh, solve);
  return {
    stage,
    formula: formula.node,
    controls: html("div", { class: "controls at-work" }, ...Object.values(knobs), actions),
    layout(width) {
      picture.layout(width);
      errors.layout(width);
    },
    update(given) {
      values = given;
      now = see(values);
      picture.update(values, now);
      errors.update(values, now);
      for (const name of Object.keys(knobs)) knobs[name].show(values[name]);
      showStep();
      write(result, verdict(values, now.errors));
    },
    summary: (given) => verdict(given, see(given).errors),
    done(given) {
      const { own, derived } = see(given).errors;
      const [w_v] = derivedGate(given.noise, given.p);
      return own < 1.03 * derived && Math.abs(given.w_v - w_v) > 1e-6; // found, not taken
    },
  };
}

export default {
  render: ({ model, el }) => mount({ model, el }, NAMES, build),
};
