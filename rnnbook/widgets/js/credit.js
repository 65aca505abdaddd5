// A recurrent network unrolled, and what each step is told on the way back.

import * as kit from "./kit/index.js";
import { clamp, html, inline, nothing, power, raised, short, svg, symbol } from "./kit/index.js";
import * as math from "./mathematics.js";

const [FIRST_SEED, DRAWS] = [12, 5];
const [LOWEST, HIGHEST] = [-24, 8]; // the powers of ten that the bars show
const [FAINTEST, LOUDEST] = [-20, 4]; // and those that the width of δ's way shows
const ROW = { loss: 22, state: 78, input: 134, kind: 150, title: 185 }; // heights
const BARS = { height: 456, foot: 10 };
const LOGS = [-24, -16, -8, 0, 8];
const SLOTS = 11; // at most so many places for states

// how the picture speaks with its formula and its bound, and before them
const FULL = {
  label: "the credit of each of its steps",
  size: "credit",
  back: "back: δ, as wide as log ‖δ‖",
  title: "credit of step k: ‖dL/dW_{x}|_{k}‖, log scale",
  axis: "distance from the question, T − k",
};
const PLAIN = {
  label: "how large a part of the correction each of its steps receives",
  size: "part",
  back: "back: the correction",
  title: "part of the correction, log scale",
  axis: "steps before the question",
};

function start() {
  const draws = new Map();
  const drawn = (n) => draws.get(n) ?? draws.set(n, math.creditDraw(FIRST_SEED + n)).get(n);
  // a draw's own spectral norm, to as many digits as the presets have
  const norm = (n) => Number(drawn(n).norm.toFixed(3));
  return { drawn, norm, credit: kit.remember(math.creditOfSteps), pointed: null };
}

/** Everything that is shown, from the state. */
function see({ delay, s, start, draw, step }, { own }) {
  const carousel = start === "carousel";
  const slope = carousel ? 0 : Math.log10(s); // of the bound
  const T = delay + 1;
  const found = own.credit(own.drawn(draw), start, s, delay);
  return { ...found, T, k: Math.min(own.pointed ?? step, T), carousel, slope };
}

function formula(view) {
  if (!view.get("bound")) return nothing;
  const { credits, alphas, sizes, k } = view.now;
  const prime = html`<span style="font-family: var(--rnn-serif, serif)">′</span>`; // KaTeX's is low
  const term = (name, hue, value, typeset) => ({ name, hue, value, typeset });
  const whole = html`‖d${symbol("L")}/d${symbol("W_x")}|<sub><i>k</i></sub>‖`;
  const told = html`‖tanh${prime}(${symbol("a_k")}) ⊙ ${symbol("δ_k")}‖`;
  const label = "The size of dL/dW_x at step k is the size of tanh′(a_k) ⊙ δ_k times that of x_k";
  return kit.equation(view, label, [
    term("credit", "ink", power(credits[k - 1]), whole),
    "=",
    term("delta", "ink", power(alphas[k - 1]), told),
    "·",
    term("x", "x", short(sizes[k - 1]), html`‖${symbol("x_k")}‖`),
  ]);
}

// ---- the unrolled network ---------------------------------------------------------------------

/** How wide δ's way is, in pixels: its logarithm, from a hair to 16. */
const flowWidth = (log) => 1 + Math.round(150 * clamp((log - FAINTEST) / (LOUDEST - FAINTEST), 0, 1)) / 10;

const flow = (d, half) =>
  svg`<path class="flow" data-term="delta" d=${d} fill-opacity=${(0.3 + (0.55 * half) / 8).toFixed(2)}></path>`;

/** A letter with an upright index. */
const indexed = (letter, index, x, y, hue, size = 16) =>
  svg`<text class="math ${hue}" x=${x} y=${y} style="font-size:${size}px">${letter}<tspan class="index upright"
    dy="4">${index}</tspan></text>`;

/** What a state adds to the loss: nothing, until it is asked for. */
function loss(view, c, step, x, from) {
  const whole = view.get("bound");
  const to = ROW.loss + 10;
  const name = (sort) => indexed("L", step, x, ROW.loss + 1, sort, 15);
  if (step < view.now.T) return whole ? [c.path(`M${x} ${from}V${to}`, "faint"), name("note")] : nothing;
  const half = whole ? 17 : c.measure("error", "note small") / 2 + 5;
  return [
    c.path(`M${x - 9} ${from}V${to}${kit.arrow(x - 9, to, "up")}`, "solid"),
    svg`<rect class="asked" x=${x - half} y=${ROW.loss - 16} width=${2 * half} height="24" rx="4"></rect>`,
    whole ? name("") : c.text("error", [x, ROW.loss, "middle"], { sort: "note small" }),
  ];
}

/** One place of the network: a state, its input from below, its loss above. */
function place(view, c, step, x, radius) {
  const { now } = view;
  const [whole, hue] = [view.get("bound"), now.carousel ? "C" : "h"];
  const size = (c.narrow ? 14 : 16) - (step > 99 ? 2 : 0);
  const [kind, to] = [whole ? ROW.kind : ROW.input, ROW.state + radius + 1];
  return [
    loss(view, c, step, x, ROW.state - radius),
    c.path(`M${x} ${ROW.input - 15}V${to}${kit.arrow(x, to, "up")}`, "input", { hue: "x" }),
    whole ? indexed("x", step, x, ROW.input, "q-x") : nothing,
    c.label(step === 1 ? "symbol" : "noise", [[x, kind, "middle"]], { sort: "note small", optional: true }),
    svg`<circle class="state q-${hue}" cx=${x} cy=${ROW.state} r=${radius} style="stroke-width:${step === now.k ? 4 : 2}px"></circle>`,
    indexed(now.carousel ? "C" : "h", step, x, ROW.state + 4, `q-${hue}`, size),
  ];
}

/** What runs between two places: the state forward, δ back. */
function between(view, c, [from, x0], [to, x1]) {
  const { deltas, k } = view.now;
  const [y, low, mid] = [ROW.state - 8, ROW.state + 10, (x0 + x1) / 2];
  const gap = to - from > 1;
  const [left, right] = [from, to].map((step) => flowWidth(deltas[step - 1]) / 2);
  const head = Math.max(left + 2.5, 4);
  const ahead = gap ? `M${x0} ${y}H${mid - 13}M${mid + 13} ${y}H${x1}` : `M${x0} ${y}H${x1}`;
  const back =
    `M${x0} ${low}l8 ${-head}V${low - left}L${x1} ${low - right}v${2 * right}` +
    `L${x0 + 8} ${low + left}V${low + head}Z`;
  const factor = `×${power(deltas[from - 1] - deltas[to - 1])}`;
  return [
    flow(back, left),
    c.path(ahead + kit.arrow(x1, y), "solid"),
    gap ? svg`<text class="note" x=${mid} y=${y + 5} style="font-size:17px">⋯</text>` : nothing,
    from === k && !gap && view.get("bound")
      ? c.label(factor, [[mid, ROW.state + 37, "middle"]], { sort: "note small haloed", optional: true })
      : nothing,
  ];
}

/** The network, and where its step k stands. */
function unrolled(view, c) {
  const { T, k, deltas } = view.now;
  const radius = c.narrow ? 14 : 17;
  const wide = c.right - c.left;
  const count = clamp(Math.floor(wide / (c.narrow ? 42 : 62)) + 1, 5, SLOTS);
  const slots = kit.excerpt(T, k, count);
  const across = (slot) => Math.round(c.left + (wide * slot) / (slots.length - 1));
  const steps = slots.flatMap((step, slot) => (step ? [[step, across(slot)]] : []));
  const half = flowWidth(deltas[T - 1]) / 2;
  const x = steps.at(-1)[1] + 6;
  const y = ROW.state - radius;
  const at = steps.find(([step]) => step === k)[1];
  const drawn = [
    flow(`M${x} ${y + 1}l${-half - 3} -8h3V${ROW.loss + 9}h${2 * half}V${y - 7}h3Z`, half),
    steps.slice(1).map(([to, x1], slot) => {
      const [from, x0] = steps[slot];
      return between(view, c, [from, x0 + radius + 2], [to, x1 - radius - 2]);
    }),
    steps.map(([step, x]) => place(view, c, step, x, radius)),
  ];
  return { drawn, at, radius };
}

/** What the lines in the network mean. */
function legend(view) {
  const whole = view.get("bound");
  return kit.legend([
    [`M0 7h22${kit.arrow(22, 7)}`, "solid", "forward: the states"],
    ...(whole ? [["M11 14v-14", "faint", "no loss: not asked yet"]] : []),
    ["M0 7l8 -7v4h14v6h-14v4Z", "flow", (whole ? FULL : PLAIN).back],
  ]);
}

// ---- the bars ---------------------------------------------------------------------------------

function picture(view) {
  const { now, width } = view;
  const { T, k, credits } = now;
  const whole = view.get("bound");
  const narrow = width < 480;
  const margin = { left: narrow ? 52 : 62, right: narrow ? 22 : 30, top: 212, bottom: 42 };
  const said = whole ? FULL : PLAIN;
  const ends = { x: [1, T], y: [LOWEST, HIGHEST], margin };
  const c = kit.chart(view, { width, label: `The network unrolled, and ${said.label}`, ...BARS, ...ends });
  const base = c.y(LOWEST);
  const network = unrolled(view, c);
  const mark = c.handle({
    name: "Step k",
    x: k,
    y: LOWEST,
    move: (u) => view.change({ step: clamp(u, 1, view.now.T) }),
    keys: (by) => view.change({ step: clamp(Math.min(view.state.step, view.now.T) + by, 1, view.now.T) }),
    now: k,
    low: 1,
    high: T,
    says: `step ${k} of ${T}, ${said.size} ${power(credits[k - 1])}`,
    hue: "accent",
  });
  const distances = kit.roundTicks(T - 1, narrow ? 4 : 8);
  const gap = c.x(2) - c.x(1);
  const thick = clamp(gap * 0.72, 1.2, 26);
  const tops = credits.map((log) => c.y(clamp(log, LOWEST, HIGHEST)));
  tops.forEach((y, n) => c.free.box(c.x(n + 1) - thick / 2, c.x(n + 1) + thick / 2, y, base));
  const column = (step) => `M${c.x(step).toFixed(1)} ${base}V${tops[step - 1].toFixed(1)}`;
  const out = (step) => credits[step - 1] < LOWEST || credits[step - 1] > HIGHEST;
  const steps = credits.map((_, n) => n + 1);
  const every = Math.ceil(6 / gap); // arrows may stand so close
  const arrows = steps.filter((n) => out(n) && (n === 1 || n % every === 0));
  const wing = clamp(gap * every * 0.35, 2, 5);
  const arrow = (n) => {
    const [y, tip] = credits[n - 1] < LOWEST ? [base - 9, 8] : [c.top + 1, -9];
    return `M${(c.x(n) - wing).toFixed(1)} ${y.toFixed(1)}h${2 * wing}l${-wing} ${tip}Z`;
  };
  // a bar's number: above it, in the middle if the picture's edge allows
  const named = (step) => {
    const text = power(credits[step - 1]);
    const half = c.measure(text) / 2 + 2;
    const x = clamp(c.x(step), c.left - 8 + half, width - half);
    const rise = Array.from({ length: 16 }, (_, n) => [x, tops[step - 1] - 7 - 7 * n, "middle"]);
    return c.label(text, rise, { hue: "accent" });
  };
  const ground = kit.looking(view, ([x]) => clamp(Math.round(c.x.invert(x)), 1, view.now.T));
  const bound = whole ? limit(view, c) : {};
  const [lens, x] = [Math.max(thick / 2, 2) + 1, c.x(k)];
  const { at, radius } = network;
  return c.draw(
    svg`<path class="lens" d=${`M${at - radius} ${ROW.kind + 6}H${at + radius}L${(x + lens).toFixed(1)} ${c.top}V${base}H${(x - lens).toFixed(1)}V${c.top}Z`}></path>`,
    network.drawn,
    svg`<g class="ticks">${c.yTicks(LOGS, (log) => (log ? `10${raised(log)}` : "1"), { gap: 17 })}</g>
      <g class="ticks">${c.xTicks(
        distances.map((d) => T - d),
        (step) => String(T - step),
      )}</g>`,
    c.path(steps.map(column).join(""), "columns", { term: "credit", wide: thick.toFixed(1) }),
    c.path(column(1) + column(k), "columns chosen", { term: "credit", wide: Math.max(thick, 4).toFixed(1) }),
    c.path(arrows.map(arrow).join(""), "beyond"),
    bound.line,
    c.text(said.title, [0, ROW.title], { sort: "axis haloed" }),
    c.xTitle(said.axis),
    named(k),
    out(1) && Math.abs(c.x(1) - x) > 90 ? named(1) : nothing,
    bound.label?.() ?? nothing,
    svg`<rect class="ground hold" x=${c.left - 12} width=${c.right - c.left + 24} y=${c.top - 6} height=${base - c.top + 6}
      @pointerdown=${ground.drag} @click=${ground.choose} @pointermove=${ground.look} @pointerleave=${ground.leave}></rect>`,
    mark,
  );
}

/** The bound, as far as the picture shows it, and its name, for when the bars have theirs. */
function limit({ now: { T, slope, bound, carousel } }, c) {
  const edge = slope > 0 ? HIGHEST : LOWEST;
  const end = slope ? Math.max(1, T - (edge - bound) / slope) : 1; // where it leaves
  const points = [end, T].map((step) => [step, bound + slope * (T - step)]);
  const line = c.curve(points, { sort: "limits", term: "s" });
  const word = carousel ? "bound: 1 at every step" : "bound ∝ s^{T−k}";
  const half = c.measure(word, "note") / 2 + 2;
  const on = kit.along(points.map(c.place), 2 * half, [-1], [0.5, 0.3, 0.7, 0.1, 0.9, 0, 1]);
  const over = [0, 60, 120, -60, -120, 180, 240].map((more) =>
    clamp(c.x(end) + more, c.left + half, c.width - half),
  );
  const places = [...on.filter(([, y]) => y > c.top + 8), ...over.map((x) => [x, c.top - 9, "middle"])];
  return { line, label: () => c.label(word, places, { sort: "note haloed", term: "s" }) };
}

// ---- together ---------------------------------------------------------------------------------

/** One step in words. */
function told(view) {
  const { k, T, deltas, credits, carousel } = view.now;
  const back = T - k;
  const who = k === 1 ? "the symbol" : "noise";
  const when = back ? `${back} ${back === 1 ? "step" : "steps"} before the end` : "the last";
  const ratio = credits[k - 1] - credits[T - 1];
  const part = back ? `, ${power(ratio)} ${ratio < 0 ? "of" : "times"} the last step’s` : "";
  const credit = power(credits[k - 1]);
  if (!view.get("bound"))
    return `Step ${k} (${who}), ${when}: its part of the correction is ${credit}${part}.`;
  const way = !back
    ? "δ is g, straight from the loss"
    : carousel
      ? "each step’s factor is exactly 1"
      : `J_{${k + 1}} leaves ${power(deltas[k - 1] - deltas[k])} of what step ${k + 1} was told`;
  return `Step ${k} (${who}), ${when}: ‖δ_{${k}}‖ = ${power(deltas[k - 1])}; ${way}. Its credit is ${credit}${part}.`;
}

const say = (view) => told(view).replace(/[_{}]/g, "");

function controls(view) {
  const { own, state } = view;
  const another = () => {
    const { draw, s } = view.state;
    const next = (draw + 1) % DRAWS;
    const natural = Math.abs(s - own.norm(draw)) < 1e-6; // as PyTorch draws it: stay so
    view.change({ draw: next, ...(natural ? { s: own.norm(next) } : {}) });
  };
  const more = html`${kit.button("Another draw", another)} ${state.draw + 1} of ${DRAWS}`;
  return kit.controls(view, { off: { s: state.start === "carousel" }, more });
}

// the sliders below must not run away from the finger when a line is added to the sentence
const stage = (view) => html`${legend(view)}${picture(view)}
  <p class="sentence" style="min-height:${view.width < 620 ? 4.35 : 2.9}em">${inline(told(view))}</p>`;

export default kit.explorable({ start, see, formula, stage, controls, say });
