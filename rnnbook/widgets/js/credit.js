import {
  framed,
  handle,
  html,
  inline,
  label,
  moveHandle,
  NARROW,
  set,
  svg,
  symbol,
  write,
} from "./elements.js";
import * as kit from "./kit/index.js";
import { clamp, power, raised, roundTicks, scale, short } from "./kit/numbers.js";
import { creditDraw, creditOfSteps } from "./mathematics.js";

// A recurrent network unrolled, and what each step is told on the way back.

const STARTS = ["random", "orthogonal", "carousel"];
const [FIRST_SEED, DRAWS] = [12, 5];
const [LOWEST, HIGHEST] = [-24, 8]; // the powers of ten that the bars show
const [FAINTEST, LOUDEST] = [-20, 4]; // and those that the width of δ's way shows
const ROW = { title: 14, loss: 48, state: 104, input: 160, kind: 176 }; // of the unrolled network
const BARS = { title: 211, top: 238, base: 430, ticks: 456, axis: 475, height: 482 };
const SLOTS = 11; // at most so many places for states

// what this picture alone paints; the rest is in the common style sheet
const FLOW = "stroke:none;fill:var(--accent)";
const BAR = "color-mix(in srgb, var(--accent) 62%, var(--surface))";

/** Everything that is shown, from the state. */
function credit() {
  const draws = new Map();
  let last = {};
  return ({ delay, s, start, draw, step }) => {
    const known = STARTS.includes(start) ? start : "random";
    if (!draws.has(draw)) draws.set(draw, creditDraw(FIRST_SEED + draw));
    const given = [draw, known, s, delay].join();
    if (last.given !== given) {
      const drawn = draws.get(draw);
      const carousel = known === "carousel";
      const slope = carousel ? 0 : Math.log10(s); // of the bound
      const found = creditOfSteps(drawn, known, s, delay);
      last = { ...found, given, drawn, slope, carousel, start: known, T: delay + 1 };
    }
    return { ...last, k: Math.min(step, delay + 1) };
  };
}

/** A draw's own spectral norm, to as many digits as the presets have. */
function naturalNorm(drawn) {
  return Number(drawn.norm.toFixed(3));
}

// ---- the formula -----------------------------------------------------------------------------

function formula() {
  const [whole, alpha, size] = [0, 1, 2].map(() => html("span", { class: "number" }));
  const term = (name, key, number, ...parts) =>
    html("span", { class: `term ${key}`, "data-term": name }, html("span", {}, ...parts), number);
  const sign = (text) => html("span", { class: "sign" }, text);
  const index = () => html("sub", {}, html("i", {}, "k"));
  const prime = html("span", { style: "font-family: var(--rnn-serif, serif)" }, "′"); // KaTeX's is low
  const node = html(
    "div",
    {
      class: "equation",
      role: "math",
      "aria-label": "The size of dL/dW_x at step k is the size of tanh′(a_k) ⊙ δ_k times that of x_k",
    },
    term("credit", "tint-ink", whole, "‖d", symbol("L"), "/d", symbol("W_x"), "|", index(), "‖"),
    sign("="),
    term("delta", "tint-ink", alpha, "‖tanh", prime, "(", symbol("a_k"), ") ⊙ ", symbol("δ_k"), "‖"),
    sign("·"),
    term("x", "q-x", size, "‖", symbol("x_k"), "‖"),
  );
  const update = ({ credits, alphas, sizes, k }) => {
    write(whole, power(credits[k - 1]));
    write(alpha, power(alphas[k - 1]));
    write(size, short(sizes[k - 1]));
  };
  return { node, update };
}

// ---- the unrolled network --------------------------------------------------------------------

/** The steps to draw, in so many places: both ends and the neighbourhood of k; 0 is a gap. */
function shownSteps(T, k, places) {
  if (T <= places) return Array.from({ length: T }, (_, at) => at + 1);
  let shown = [];
  const withGaps = (steps) =>
    [...new Set(steps)]
      .filter((step) => step >= 1 && step <= T)
      .sort((one, other) => one - other)
      .flatMap((step, at, all) => (at && step - all[at - 1] > 1 ? [0, step] : [step]));
  const wanted = [1, T, k, k + 1, k - 1, 2, T - 1];
  for (let more = 2; more < places; more++) wanted.push(k + more, k - more, 1 + more, T - more);
  const taken = [];
  for (const step of wanted) {
    const next = withGaps([...taken, step]);
    if (next.length > places) continue;
    taken.push(step);
    shown = next;
  }
  return shown;
}

/** A short arrow, straight up or to the right, ending at the origin. */
function arrowHead(x, y, direction) {
  return direction === "up"
    ? `M${x - 4} ${y + 7}L${x} ${y}L${x + 4} ${y + 7}`
    : `M${x - 7} ${y - 4}L${x} ${y}L${x - 7} ${y + 4}`;
}

/** How wide δ's way is, in pixels: its logarithm, from a hair to 16. */
function flowWidth(log) {
  return 1 + 15 * clamp((log - FAINTEST) / (LOUDEST - FAINTEST), 0, 1);
}

function indexed(base, attributes) {
  const upright = "font-family:var(--mathematics);font-style:normal";
  const index = svg("tspan", { dy: 4, class: "index", style: upright });
  const node = svg("text", attributes, svg("tspan", {}, base), index);
  node.say = (letter, text) => {
    write(node.firstChild, letter);
    write(index, text);
  };
  return node;
}

/** One place of the network: a state, its input from below, its loss above. */
function place() {
  const lossLine = svg("path", { style: "fill:none" });
  const lossHead = svg("path", { style: "fill:none" });
  const lossBox = svg("rect", { x: -17, y: ROW.loss - 16, width: 34, height: 24, rx: 4 });
  const loss = indexed("L", { class: "math", y: ROW.loss + 1, style: "font-size:15px" });
  const input = svg("path", { style: "stroke:var(--q-x);fill:none;stroke-width:1.75" });
  const inputName = indexed("x", { class: "math q-x", y: ROW.input, "data-term": "x" });
  const kind = svg("text", { class: "note small", y: ROW.kind });
  const circle = svg("circle", { cy: ROW.state });
  const name = indexed("h", { class: "math", y: ROW.state + 4 });
  const box = svg("g", { class: "box" }, lossBox);
  const node = svg("g", {}, lossLine, lossHead, box, loss, input, inputName, kind, circle, name);
  const update = (step, now, radius, narrow) => {
    const [end, chosen] = [step === now.T, step === now.k];
    const hueOf = now.carousel ? "C" : "h";
    const stroke = end ? "fill:none;stroke:var(--ink);stroke-width:1.75" : "fill:none;stroke:var(--edge)";
    const aside = end ? "translate(-9 0)" : null;
    set(lossLine, {
      d: `M0 ${ROW.state - radius}V${ROW.loss + 10}`,
      style: stroke + (end ? "" : ";stroke-dasharray:2 3"),
      transform: aside,
    });
    set(lossHead, { d: arrowHead(0, ROW.loss + 10, "up"), style: stroke, transform: aside });
    set(box, { style: end ? null : "display:none" });
    set(loss, { style: `font-size:15px;fill:var(--${end ? "ink" : "muted"})` });
    loss.say("L", String(step));
    set(input, {
      d: `M0 ${ROW.input - 15}V${ROW.state + radius + 1}${arrowHead(0, ROW.state + radius + 1, "up")}`,
    });
    inputName.say("x", String(step));
    write(kind, step === 1 ? "symbol" : "noise");
    set(circle, {
      r: radius,
      style: `fill:var(--surface);stroke:var(--q-${hueOf});stroke-width:${chosen ? 4 : 2}`,
    });
    const size = (narrow ? 14 : 16) - (step > 99 ? 2 : 0);
    set(name, { class: `math q-${hueOf}`, style: `font-size:${size}px` });
    name.say(now.carousel ? "C" : "h", String(step));
  };
  return { node, update };
}

/** What runs between two places: the state forward, δ back. */
function wire() {
  const forward = svg("path", { style: "stroke:var(--ink);fill:none;stroke-width:1.75" });
  const dots = svg("text", { class: "note", y: ROW.state - 3, style: "font-size:17px" }, "⋯");
  const back = svg("path", { style: FLOW, "data-term": "delta" });
  const factor = svg("text", { class: "note small haloed", y: ROW.state + 37 });
  const node = svg("g", {}, back, forward, dots, factor);
  const update = (from, to, gap, logs, said) => {
    const [x0, x1] = [from + 2, to - 2];
    const y = ROW.state - 8;
    const mid = (x0 + x1) / 2;
    set(forward, {
      d: `M${x0} ${y}H${gap ? mid - 13 : x1}${gap ? `M${mid + 13} ${y}H${x1}` : ""}${arrowHead(x1, y, "right")}`,
    });
    set(dots, { x: mid, style: `font-size:17px${gap ? "" : ";display:none"}` });
    const low = ROW.state + 10;
    const [left, right] = logs.map((log) => flowWidth(log) / 2);
    const head = Math.max(left + 2.5, 4);
    set(back, {
      d:
        `M${x0} ${low}L${x0 + 8} ${(low - head).toFixed(1)}V${(low - left).toFixed(1)}` +
        `L${x1} ${(low - right).toFixed(1)}V${(low + right).toFixed(1)}` +
        `L${x0 + 8} ${(low + left).toFixed(1)}V${(low + head).toFixed(1)}Z`,
      style: `${FLOW};fill-opacity:${(0.3 + (0.55 * left) / 8).toFixed(2)}`,
    });
    write(factor, said);
    set(factor, { x: mid });
  };
  return { node, update };
}

/** What the three kinds of lines in the network mean. */
function legend() {
  const y = ROW.title - 5;
  const ink = "stroke:var(--ink);fill:none;stroke-width:1.75";
  const marks = [
    svg("path", { d: `M0 ${y}h22${arrowHead(22, y, "right")}`, style: ink }),
    svg("path", { d: `M0 ${y}l8 -7v4h14v6h-14v4Z`, style: FLOW, "fill-opacity": 0.7 }),
    svg("path", { d: `M11 ${y + 7}v-14`, style: "stroke:var(--edge);stroke-dasharray:2 3" }),
  ];
  const words = marks.map(() => svg("text", { class: "note start", y: ROW.title }));
  const terse = ["states", "δ, log width", "no loss"];
  const full = ["forward: the states", "back: δ, as wide as log ‖δ‖", "no loss: not asked yet"];
  const layout = (left, brief) =>
    marks.forEach((mark, at) => {
      const x = left + (brief ? [0, 88, 208] : [0, 176, 396])[at];
      set(mark, { transform: `translate(${x} 0)` });
      set(words[at], { x: x + (at < 2 ? 29 : 19) });
      write(words[at], (brief ? terse : full)[at]);
    });
  return { node: svg("g", {}, ...marks, ...words), layout };
}

function unrolled(picture) {
  const places = Array.from({ length: SLOTS }, place);
  const wires = Array.from({ length: SLOTS - 1 }, wire);
  const loss = svg("path", { style: FLOW, "data-term": "delta" });
  const keys = legend();
  const node = svg("g", {}, keys.node, loss, ...wires.map((w) => w.node), ...places.map((p) => p.node));
  picture.append(node);
  let across, narrow, count, radius;
  const layout = (first, last, width) => {
    narrow = width < NARROW;
    radius = narrow ? 14 : 17;
    count = clamp(Math.floor((last - first) / (narrow ? 42 : 62)) + 1, 5, SLOTS);
    across = (at, all) => first + ((last - first) * at) / (all - 1);
    keys.layout(narrow ? 0 : first - 17, width < 620);
  };
  let at = new Map(); // where each drawn step stands
  const update = (now) => {
    const shown = shownSteps(now.T, now.k, count);
    at = new Map();
    shown.forEach((step, slot) => step && at.set(step, across(slot, shown.length)));
    const steps = [...at.keys()];
    places.forEach(({ node, update }, slot) => {
      const step = steps[slot];
      set(node, {
        style: step ? null : "display:none",
        transform: step ? `translate(${at.get(step).toFixed(1)} 0)` : null,
      });
      if (step) update(step, now, radius, narrow);
    });
    wires.forEach(({ node, update }, slot) => {
      const [from, to] = [steps[slot], steps[slot + 1]];
      set(node, { style: to ? null : "display:none" });
      if (!to) return;
      const logs = [from, to].map((step) => now.deltas[step - 1]);
      const factor = from === now.k && to === from + 1 ? `×${power(logs[0] - logs[1])}` : "";
      update(at.get(from) + radius, at.get(to) - radius, to - from > 1, logs, factor);
    });
    const half = flowWidth(now.deltas[now.T - 1]) / 2;
    const x = at.get(now.T) + 6;
    const y = ROW.state - radius;
    set(loss, {
      d: `M${x} ${y + 1}l${-half - 3} -8h3V${ROW.loss + 9}h${2 * half}V${y - 7}h3Z`,
      style: `${FLOW};fill-opacity:${(0.3 + (0.55 * half) / 8).toFixed(2)}`,
    });
    return at;
  };
  return { node, layout, update, radius: () => radius };
}

// ---- the bars --------------------------------------------------------------------------------

function bars(picture, state, look, measure) {
  const grid = svg("g", { class: "ticks" });
  const ticks = svg("g", { class: "ticks" });
  const lens = svg("path", { style: "stroke:none;fill:var(--sunk)" });
  const all = svg("path", { style: `stroke:${BAR};fill:none`, "data-term": "credit" });
  const chosen = svg("path", { style: "stroke:var(--accent);fill:none", "data-term": "credit" });
  const bound = svg("path", {
    style: "stroke:var(--ink);fill:none;stroke-width:2;stroke-dasharray:1 5;stroke-linecap:round",
    "data-term": "s",
  });
  const beyond = svg("path", { style: "stroke:none;fill:var(--accent)" });
  const words = {
    title: label({ class: "axis start haloed" }, "credit of step k: ‖dL/dW_{x}|_{k}‖, log scale"),
    axis: label({ class: "axis" }, "distance from the question, T − k"),
    bound: label({ class: "note haloed", "data-term": "s" }, "bound ∝ s^{T−k}"),
    level: label({ class: "note haloed" }, "bound: 1 at every step"),
    value: svg("text", { class: "value", style: "fill:var(--accent)" }),
    first: svg("text", { class: "value", style: "fill:var(--accent)" }),
  };
  const area = svg("rect", { style: "fill:transparent;stroke:none;touch-action:pan-y", y: 0 });
  const mark = handle(picture, "Step k", {
    cursor: "ew-resize",
    drag: (x) => choose(x),
    nudge: (steps) => state.change({ step: clamp(now.k + steps, 1, now.T) }),
  });
  mark.style.setProperty("--q", "var(--accent)");
  picture.prepend(lens);
  picture.append(grid, ticks, all, chosen, beyond, bound, ...Object.values(words), area, mark);
  const up = scale(LOWEST, HIGHEST, BARS.base, BARS.top);
  let now, first, last, width, across, drawn;

  const nearest = (x) => clamp(Math.round(across.invert(x)), 1, now.T);
  const choose = (x) => state.change({ step: nearest(x) });
  const placeOf = (event) => event.clientX - picture.getBoundingClientRect().left;
  let held = false;
  area.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    held = true;
    area.setPointerCapture(event.pointerId);
    choose(placeOf(event));
  });
  area.addEventListener("pointermove", (event) => {
    if (held) choose(placeOf(event));
    else if (event.pointerType === "mouse") look(nearest(placeOf(event)));
  });
  const release = () => (held = false);
  area.addEventListener("pointerup", release);
  area.addEventListener("pointercancel", release);
  area.addEventListener("pointerleave", () => look(null));

  const layout = (from, to, newWidth) => {
    [first, last, width] = [from, to, newWidth];
    drawn = null;
    const [left, right] = [first - 12, last + 12];
    grid.replaceChildren(
      ...[-24, -16, -8, 0, 8].flatMap((log) => [
        svg("line", { x1: left, x2: right, y1: up(log), y2: up(log) }),
        svg("text", { class: "tick end", x: left - 5, y: up(log) + 4 }, log ? `10${raised(log)}` : "1"),
      ]),
    );
    set(words.title, { x: 0, y: BARS.title });
    set(words.axis, { x: (first + last) / 2, y: BARS.axis });
    set(area, { x: left, width: right - left, y: BARS.top - 6, height: BARS.base - BARS.top + 6 });
  };
  const axis = (T) => {
    drawn = T;
    across = scale(1, T, first, last);
    const distances = roundTicks(T - 1, width < NARROW ? 4 : 8);
    ticks.replaceChildren(
      ...distances.map((d) =>
        svg("text", { class: "tick", x: across(T - d).toFixed(1), y: BARS.ticks }, String(d)),
      ),
    );
  };
  const update = (values, at, radius) => {
    now = values;
    const { T, k, credits } = now;
    if (drawn !== T) axis(T);
    const gap = (last - first) / (T - 1);
    const thick = clamp(gap * 0.72, 1.2, 26);
    const column = (step) => {
      const y = up(clamp(credits[step - 1], LOWEST, HIGHEST)).toFixed(1);
      return `M${across(step).toFixed(1)} ${BARS.base}V${y}`;
    };
    const steps = Array.from({ length: T }, (_, step) => step + 1);
    set(all, { d: steps.map(column).join(""), "stroke-width": thick.toFixed(1) });
    set(chosen, { d: column(1) + column(k), "stroke-width": Math.max(thick, 4).toFixed(1) });
    const arrows = steps.filter((n) => credits[n - 1] < LOWEST || credits[n - 1] > HIGHEST);
    const every = Math.ceil(6 / gap); // arrows may stand so close
    const wing = clamp(gap * every * 0.35, 2, 5);
    set(beyond, {
      d: arrows
        .filter((n) => n === 1 || n % every === 0)
        .map((n) => {
          const x = across(n);
          return credits[n - 1] < LOWEST
            ? `M${(x - wing).toFixed(1)} ${BARS.base - 9}h${(2 * wing).toFixed(1)}L${x.toFixed(1)} ${BARS.base - 1}Z`
            : `M${(x - wing).toFixed(1)} ${BARS.top + 1}h${(2 * wing).toFixed(1)}L${x.toFixed(1)} ${BARS.top - 8}Z`;
        })
        .join(""),
    });
    const x = across(k);
    const half = Math.max(thick / 2, 2) + 1;
    set(lens, {
      d:
        `M${(at.get(k) - radius).toFixed(1)} ${ROW.kind + 6}H${(at.get(k) + radius).toFixed(1)}` +
        `L${(x + half).toFixed(1)} ${BARS.top}V${BARS.base}H${(x - half).toFixed(1)}V${BARS.top}Z`,
    });
    const taken = [nameBar(words.value, k)];
    const away = Math.abs(across(1) - x) > 90; // a bar beyond the axis says its number
    const clipped = credits[0] < LOWEST || credits[0] > HIGHEST;
    set(words.first, { style: `fill:var(--accent)${clipped && away ? "" : ";display:none"}` });
    const oldest = nameBar(words.first, 1);
    if (clipped && away) taken.push(oldest);
    drawBound(taken);
    moveHandle(mark, x, BARS.base, {
      now: k,
      low: 1,
      high: T,
      text: `step ${k} of ${T}, credit ${power(credits[k - 1])}`,
    });
  };
  const boundAt = (step) => now.bound + now.slope * (now.T - step);
  // above the bars that stand below the number, and off the bound
  const nameBar = (word, k) => {
    write(word, power(now.credits[k - 1]));
    const half = measure(word.textContent, 600) / 2;
    const x = clamp(across(k), first - 8 + half, width - half);
    const from = clamp(Math.ceil(across.invert(x - half)), 1, now.T);
    const to = clamp(Math.floor(across.invert(x + half)), from, now.T);
    const tallest = Math.max(now.credits[k - 1], ...now.credits.slice(from - 1, to));
    let y = up(clamp(tallest, LOWEST + 1.5, HIGHEST)) - (tallest > HIGHEST ? 12 : 7);
    const limits = [from, to].map((step) => up(boundAt(step)));
    const [high, low] = [Math.min(...limits), Math.max(...limits)];
    if (low > y - 15 && high < y + 5 && high > BARS.top) y = high - 8;
    set(word, { x: x.toFixed(1), y: y.toFixed(1) });
    return { x, y, half };
  };
  const drawBound = (taken) => {
    const { T, slope, bound: height, carousel } = now;
    const limit = slope > 0 ? HIGHEST : LOWEST;
    const leaves = slope ? T - (limit - height) / slope : -Infinity; // where it leaves the picture
    const end = Math.max(1, leaves);
    set(bound, {
      d: `M${last} ${up(height).toFixed(1)}L${across(end).toFixed(1)} ${up(boundAt(end)).toFixed(1)}`,
    });
    const word = words[carousel ? "level" : "bound"];
    set(words[carousel ? "bound" : "level"], { style: "display:none" });
    const half = measure(carousel ? "bound: 1 at every step" : "bound ∝ s^{T−k}") / 2 + 2;
    const along = (share) => {
      const x = clamp(across(T + (end - T) * share), first - 8 + half, width - half);
      const sides = [x - half, x + half].map((side) => clamp(across.invert(side), end, T));
      return { x, y: Math.min(...sides.map((step) => up(boundAt(step)))) - 10 };
    };
    const free = ({ x, y }) =>
      taken.every((box) => Math.abs(x - box.x) > half + box.half + 4 || Math.abs(y - box.y) > 18);
    const inside = [0.5, 0.35, 0.65, 0.2, 0.8, 0, 0.1, 0.9, 1]
      .map(along)
      .filter(({ y }) => y > BARS.top + 10);
    const above = [0, 60, 120, -60, -120].map((more) => ({
      x: clamp(across(end) + more - 30, first + half, width - half),
      y: BARS.top - 9, // over the place where it leaves
    }));
    const { x, y } = [...inside, ...above].find(free) ?? above[0];
    set(word, { x: x.toFixed(1), y: y.toFixed(1), style: null });
  };
  return { layout, update };
}

// ---- together --------------------------------------------------------------------------------

/** One step in words. */
function told({ k, T, deltas, credits, carousel }) {
  const back = T - k;
  const who = k === 1 ? "the symbol" : "noise";
  const when = back ? `${back} ${back === 1 ? "step" : "steps"} before the end` : "the last";
  const factor = power(deltas[k - 1] - (deltas[k] ?? 0));
  const way = !back
    ? "δ is g, straight from the loss"
    : carousel
      ? "each step’s factor is exactly 1"
      : `J_{${k + 1}} leaves ${factor} of what step ${k + 1} was told`;
  const ratio = credits[k - 1] - credits[T - 1];
  const part = back ? `, ${power(ratio)} ${ratio < 0 ? "of" : "times"} the last step’s` : "";
  return `Step ${k} (${who}), ${when}: ‖δ_{${k}}‖ = ${power(deltas[k - 1])}; ${way}. Its credit is ${power(credits[k - 1])}${part}.`;
}

function build(state, view) {
  const measure = (text, weight = 400) => kit.widthOf(text, { ...view.font, size: 13, weight });
  const look = credit();
  const picture = svg("svg", {
    class: "chart",
    role: "group",
    height: BARS.height,
    "aria-label": "The network unrolled, and the credit of each of its steps",
  });
  let values = state.read();
  let pointed = null;
  const point = (step) => {
    if (step === pointed) return;
    pointed = step;
    update(values);
  };
  const equation = formula();
  const network = unrolled(picture);
  const columns = bars(picture, state, point, measure);
  const sentence = html("p", { class: "sentence" });
  const ownNorm = (draw) => naturalNorm(look({ ...values, draw }).drawn);
  const update = (given) => {
    if (given !== values) pointed = null;
    values = given;
    const now = look({ ...values, step: pointed ?? values.step });
    equation.update(now);
    const at = network.update(now);
    columns.update(now, at, network.radius());
    say(sentence, told(now));
  };
  const another = (view) => {
    const { draw, s } = view.state;
    const next = (draw + 1) % DRAWS;
    const natural = Math.abs(s - ownNorm(draw)) < 1e-6; // as PyTorch draws it: stay so
    view.change({ draw: next, ...(natural ? { s: ownNorm(next) } : {}) });
  };
  const controls = (view) =>
    kit.controls(view, {
      off: { s: view.state.start === "carousel" },
      more: [kit.button("Another draw", () => another(view)), ` ${view.state.draw + 1} of ${DRAWS}`],
    });
  return {
    pictures: [picture, sentence],
    formula: equation.node,
    controls,
    layout(width) {
      set(picture, { width, viewBox: `0 0 ${width} ${BARS.height}` });
      const [first, last] = width < NARROW ? [52, width - 22] : [62, width - 30];
      network.layout(first, last, width);
      columns.layout(first, last, width);
      // the sliders below must not run away from the finger when a line is added
      sentence.style.minHeight = width < NARROW ? "" : width < 620 ? "4.35em" : "2.9em";
    },
    update,
    summary: (values) => told(look(values)).replace(/[_{}]/g, ""),
  };
}

/** Words with indices, written anew only where they changed. */
function say(node, text) {
  if (node.dataset.said === text) return;
  node.dataset.said = text;
  node.replaceChildren(...inline(text));
}

export default framed(build);
