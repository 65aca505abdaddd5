// One plain recurrent unit in silence: its map, its path, its gains, and their product.

import * as kit from "./kit/index.js";
import { clamp, decimal, html, nothing, power, raised, short, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const FLOOR = -3; // the picture marks where a thousandth is left
const [DEEPEST, HIGHEST] = [-9, 6]; // the powers of ten that the lower picture shows
const NOTHING = -1e4; // stands for the logarithm of 0, far below the picture
const SQUARE = 238;
const SAME = "h_{t} = h_{t−1}";
const BARE = 1000; // above it an axis' numbers are said in powers of ten

const start = () => ({ top: 1 });

/** All that is shown, from the state. */
function see({ w, b, h_0, steps, phi }, view) {
  const trace = math.unitTrace(phi, w, b, h_0, steps);
  const slope = Math.log10(Math.abs(w)); // of the bound
  const [last, bound] = [trace.logs.at(-1), slope * steps];
  if (view.held !== "h_0") view.own.top = reach(trace.states, phi); // no jump under the finger
  return { ...trace, slope, last, bound, gone: math.vanishesAfter(trace.logs, FLOOR), top: view.own.top };
}

/** The height of the state's axis: 1 for tanh; else the next 1, 2 or 5 times a power of ten. */
function reach(states, phi) {
  const most = Math.max(...states.map(Math.abs));
  if (phi === "tanh" || most <= 1.0001) return 1;
  const unit = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((m) => m * unit).find((top) => top >= most);
}

/** A number of an axis that reaches to `top`: itself, or how many of the axis' unit. */
function axisNumber(value, top) {
  const units = top < BARE ? value : value / 10 ** Math.floor(Math.log10(top));
  return decimal(units, Math.abs(units) < 1 && units ? 1 : 0);
}

/** The unit of an axis that reaches to `top`, to be said behind what the axis shows. */
const axisUnit = (top) => (top < BARE ? "" : ` in 10${raised(Math.floor(Math.log10(top)))}`);

const signed = (value) =>
  Math.abs(value) < 1000 && Math.abs(value) >= 0.01
    ? decimal(value)
    : (value < 0 ? "−" : "") + short(Math.abs(value));

function formula(view) {
  const phi = view.state.phi === "tanh" ? "tanh" : "id";
  const h_1 = kit.term({ name: "h_1", hue: "h", value: decimal(view.now.states[1]) });
  const [w, h_0, b] = [kit.knobTerm("w"), kit.knobTerm("h_0", "h"), kit.knobTerm("b")];
  return kit.equation(view, "h_1 = φ(w h_0 + b)", [h_1, "=", phi, "(", w, "·", h_0, "+", b, ")"]);
}

// ---- the map and the path on it; the state over time ------------------------------------------

function cobweb(view, width) {
  const { now, state } = view;
  const { top, states } = now;
  const inside = (h) => clamp(h, -top, top);
  const label = `The map from one state to the next, and the path on it from ${decimal(state.h_0)} to ${signed(states.at(-1))}`;
  const ends = { x: [-top, top], y: [-top, top], foot: 10 };
  const c = kit.chart(view, { width, height: SQUARE, label, role: "img", ...ends });
  const image = (h) => math.unitStep(state.phi, state.w, state.b, h)[0];
  const places = Array.from({ length: 61 }, (_, k) => top * (k / 30 - 1));
  const seen = places.filter((h) => Math.abs(image(h)) <= top * 1.0001);
  const path = states.flatMap((h, t) => {
    const next = t + 1 < states.length ? [[inside(h), inside(states[t + 1])]] : [];
    return [[inside(h), t ? inside(h) : 0], ...next];
  });
  const first = c.place(path[0]);
  const diagonal = (part) => [part * top, part * top];
  const same = [-0.4, 0.4, -0.55, 0.55, -0.25, 0.7].flatMap((part) =>
    kit.around(c.place(diagonal(part)), 7, "right left"),
  );
  const wide = c.measure(SAME, "note small");
  const within = ([x, , anchor]) => (anchor === "end" ? x - wide > c.left : x + wide < c.right);
  const ticks = [-top, 0, top];
  const number = (value) => axisNumber(value, top);
  return c.draw(
    svg`<g class="ticks">${c.yTicks(ticks, number)}${c.xTicks(ticks, number)}${ticks.map(
      (v) => svg`<line x1=${c.x(v)} x2=${c.x(v)} y1=${c.y(-top)} y2=${c.y(top)}></line>`,
    )}</g>`,
    c.curve([-1, 1].map(diagonal), { sort: "diagonal" }),
    c.curve(
      seen.map((h) => [h, image(h)]),
      { sort: "line map", term: "w" },
    ),
    c.curve(path, { sort: "cobweb", term: "h_0" }),
    svg`<circle class="start" r="5" data-term="h_0" cx=${first[0].toFixed(1)} cy=${first[1].toFixed(1)}></circle>`,
    c.xTitle(`h_{t−1}${axisUnit(top)}`),
    c.yTitle("h_{t} = φ(w·h_{t−1} + b)"),
    c.label("h_{0}", kit.around(first, 8, "right left below above"), { hue: "h" }),
    c.label(SAME, same.filter(within), { sort: "note small haloed", optional: true }),
  );
}

function past(view, width) {
  const { top, states } = view.now;
  const { h_0, steps } = view.state;
  const label = "The state over time; its start can be dragged";
  const ends = { x: [0, steps], y: [-top, top], foot: 10, margin: { left: 46 } };
  const c = kit.chart(view, { width, height: SQUARE, label, ...ends });
  const begin = c.handle({
    name: "State at the start, h_0",
    x: 0,
    y: h_0,
    along: "y",
    move: (_, h) => view.change({ h_0: h }),
    keys: (by) => view.change({ h_0: view.state.h_0 + 0.02 * by }),
    now: h_0,
    low: -1,
    high: 1,
    says: `h_0 = ${decimal(h_0)}`,
    hue: "h",
    term: "h_0",
  });
  const points = states.map((h, t) => [t, clamp(h, -1.1 * top, 1.1 * top)]);
  const pixels = points.map(c.place);
  const dot = ([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}h.01`;
  const end = signed(states.at(-1));
  const [x, y] = pixels.at(-1);
  return c.draw(
    svg`<g class="ticks">${c.yTicks([-top, 0, top], (v) => axisNumber(v, top), { gap: 21 })}${c.xTicks(kit.roundTicks(steps, 6))}</g>`,
    c.curve(points, { hue: "h", term: "h_0" }),
    c.path(steps <= 60 ? pixels.map(dot).join("") : "", "dots", { hue: "h" }),
    c.xTitle("steps t"),
    c.yTitle(`state h_{t}${axisUnit(top)}`, 16), // clear of the handle at the very top
    c.label(end, [[x, y - 9, "end"], [x, y + 20, "end"], ...kit.along(pixels, c.measure(end))], { hue: "h" }),
    begin,
  );
}

// ---- the gain of every step -------------------------------------------------------------------

function gains(view) {
  const { now, state, width } = view;
  const { low, high } = view.knob("w");
  const label = "The gain of every step, and the weight w";
  const margin = { top: 28, bottom: 38 };
  const c = kit.chart(view, {
    width,
    height: 130,
    label,
    kind: "chart below",
    x: [low, high],
    y: [0, 1],
    margin,
  });
  const weight = c.handle({
    name: "Recurrent weight w",
    x: state.w,
    y: 0.5,
    move: (w) => view.change({ w }),
    keys: (by) => view.change({ w: view.state.w + 0.02 * by }),
    now: state.w,
    low,
    high,
    says: `w = ${decimal(state.w)}`,
    term: "w",
  });
  const middle = c.y(0.5);
  const linear = state.phi === "identity";
  const typical = [...now.gains].sort((one, other) => one - other)[now.gains.length >> 1];
  const under = (source, g, y, sort) => {
    const half = c.measure(source, sort) / 2 + 2;
    return c.label(source, [[clamp(c.x(g), half, width - half), y, "middle"]], {
      sort,
      optional: sort !== "value",
    });
  };
  const numbers = Array.from({ length: high - low + 1 }, (_, k) => low + k);
  return c.draw(
    svg`<rect class="zone" x=${c.x(-1)} width=${c.x(1) - c.x(-1)} y=${middle - 16} height="50"></rect>
      <g class="ticks"><line x1=${c.left} x2=${c.right} y1=${middle} y2=${middle}></line>${c.xTicks(numbers)}</g>`,
    c.yTitle("gain of one step, φ′(a)·w"),
    c.path(now.gains.map((g) => `M${c.x(g).toFixed(1)} ${middle}h.01`).join(""), "gains"),
    under(
      `w = ${decimal(state.w)}: gain ${linear ? "of every step" : "where tanh′ = 1"}`,
      state.w,
      middle - 23,
      "value",
    ),
    linear ? nothing : under("gain at step t", typical, middle + 31, "note haloed"),
    [-2.5, 0, 2.5].map((g) => under(g ? "grows" : "shrinks", g, middle + 63, "note small")),
    weight,
  );
}

// ---- their product ----------------------------------------------------------------------------

const points = (heights) => heights.map((y, t) => [t, y]);

/** The part of a curve of one point a step up to where it leaves the frame for good, if it does. */
function shownOf(heights) {
  const last = heights.at(-1);
  const edge = clamp(last, DEEPEST, HIGHEST);
  if (edge === last) return { shown: points(heights), exit: null };
  const t = heights.findLastIndex((y) => y >= DEEPEST && y <= HIGHEST);
  const [a, b] = [heights[t], heights[t + 1]];
  const exit = [t + (edge - a) / (b - a), edge];
  return { shown: [...points(heights.slice(0, t + 1)), exit], exit };
}

function product(view) {
  const { now, state, width } = view;
  const { steps } = state;
  const { last, bound, slope, gone } = now;
  const label = `The gradient after ${steps} steps is ${power(last)}; its bound is ${power(bound)}`;
  const ends = { x: [0, steps], y: [DEEPEST, HIGHEST] };
  const c = kit.chart(view, { width, height: 248, label, role: "img", kind: "chart below", ...ends });
  const logs = now.logs.map((log) => Math.max(log, NOTHING));
  const limits = logs.map((_, t) => (t ? Math.max(t * slope, NOTHING) : 0));
  const [seen, limit] = [shownOf(logs), shownOf(limits)];
  const flat = [0, steps].map((t) => [t, 0]);
  const floor = [0, steps].map((t) => [t, FLOOR]);
  const close = last === bound || Math.abs(last - bound) < 0.005;
  const side = last < bound ? [1, -1] : [-1, 1]; // of the gradient: away from the bound
  // the lines run on outside the frame, which cuts them off
  const clip = view.id("frame");
  const line = c.curve(points(logs), { hue: "h", term: "grad" });
  const limitLine = c.curve(points(limits), { sort: "bound", term: "w" });
  const area = `${kit.through([...points(logs), [steps, 0], [0, 0]].map(c.place))}Z`;
  /** The first free place beside a curve, in the frame. */
  const named = (source, shown, sides, look, first = []) => {
    const pixels = shown.map(c.place);
    const places = [
      ...first,
      ...kit.along(pixels, c.measure(source, look.sort), sides),
      ...kit.aside(pixels),
    ];
    return c.label(
      source,
      places.filter(([, y]) => y > c.top + 12 && y < c.bottom - 5),
      look,
    );
  };
  const leaves = (exit, hue) => {
    if (!exit) return c.path("", "exit", { hue });
    const [[x, y], out] = [c.place(exit), exit[1] === HIGHEST ? -1 : 1];
    return c.path(`M${(x - 5).toFixed(1)} ${(y - 6 * out).toFixed(1)}h10l-5 ${9 * out}Z`, "exit", { hue });
  };
  /** What becomes of the gradient where it leaves: its words, beside its arrow. */
  const leaving = ([t, edge]) => {
    const [x, y] = [c.x(t), c.y(edge) + (edge === HIGHEST ? 18 : -9)];
    const first = [12, 24, 36, 48].flatMap((gap) => [
      [x + gap, y],
      [x - gap, y, "end"],
    ]);
    return named(`${power(last)} at step ${steps}`, seen.shown, [-1, 1], gradient, first);
  };
  const gradient = { hue: "h", sort: "value" };
  const quiet = { sort: "note haloed", optional: true };
  return c.draw(
    svg`<defs><clipPath id=${clip}><rect x=${c.left} y=${c.top} width=${c.right - c.left + 2} height=${c.bottom - c.top}></rect></clipPath></defs>
      <g class="ticks">${c.xTicks(kit.roundTicks(steps, 6))}${c.yTicks(
        [-9, -6, -3, 0, 3, 6],
        (log) => (log ? `10${raised(log)}` : "1"),
        { strong: (log) => log === FLOOR },
      )}</g>`,
    c.xTitle("steps t"),
    c.yTitle("gradient |∂h_{t} / ∂h_{0}|, log scale"),
    svg`<g clip-path="url(#${clip})">${c.path(area, "area", { hue: "h" })}${c.curve(flat, { sort: "one" })}
      ${c.path(gone > 0 ? `M${c.x(gone).toFixed(1)} ${c.y(FLOOR).toFixed(1)}V${c.bottom}` : "", "guide")}${limitLine}${line}</g>`,
    leaves(seen.exit, "h"),
    leaves(close ? null : limit.exit),
    seen.exit ? leaving(seen.exit) : nothing,
    named(close ? "gradient = bound" : "gradient", seen.shown, side, gradient),
    close ? nothing : named("bound |w|^{t}", limit.shown, slope > 0 ? [-1, 1] : [1, -1], { sort: "value" }),
    named("1: nothing lost", flat, last > 0 ? [1, -1] : [-1, 1], quiet),
    named("a thousandth left", floor, [1, -1], quiet),
  );
}

// ---- together ---------------------------------------------------------------------------------

/** |∂h_T/∂h_0| = ∏ |φ′(a_t)·w| and its bound, with their numbers. */
function chain({ state: { steps, phi }, now: { last, bound } }) {
  const [h_T, h_0, a_t, w] = [`h_${steps}`, "h_0", "a_t", "w"].map(kit.symbol);
  return html`<p class="sentence chain" translate="no"><span>|∂${h_T} / ∂${h_0}| = ∏ |${phi === "tanh" ? "tanh" : "id"}′(${a_t})·${w}| =
    <strong>${power(last)}</strong></span><span>bound |${w}|<sup>${steps}</sup> = <strong>${power(bound)}</strong></span></p>`;
}

function goneText({ gone, last }, steps) {
  if (last === -Infinity) return `exactly 0 from step ${gone} on`;
  if (gone >= 0) return `below a thousandth from step ${gone} on, and ${power(last)} at step ${steps}`;
  if (Math.abs(last) < 0.005) return `still ${power(last)} at step ${steps}: nothing is lost`;
  return `${last > 0 ? "grown" : "down"} to ${power(last)} at step ${steps}`;
}

function stage(view) {
  const wide = view.width >= 560;
  const [map, path] = wide ? [SQUARE, view.width - SQUARE - 12] : [view.width, view.width];
  return html`<div class="pair ${wide ? "wide" : ""}">${cobweb(view, map)}${past(view, path)}</div>
    ${gains(view)}${product(view)}${chain(view)}<p class="sentence">${say(view)}</p>`;
}

const say = ({ now, state }) => `The gradient is ${goneText(now, state.steps)}.`;

export default kit.explorable({ start, see, formula, stage, say });
