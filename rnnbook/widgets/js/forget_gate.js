// The forget gate of one unit: equation, wires and code; the curve; the stored value through time.

import * as kit from "./kit/index.js";
import { decimal, html, nothing, share, short, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const EDGE = 8; // the curve is drawn for a in [−8, 8]
const FLAT = 2.887; // beyond ±FLAT the slope of σ is below 0.05
const HEIGHT = 248;

/** All that is shown, from the state. */
function see({ w_x, w_h, b, x, h }) {
  const rest = w_x * x + w_h * h;
  const a = rest + b;
  return {
    rest,
    a,
    f: math.sigmoid(a),
    slope: math.sigmoidSlope(a),
    halfLife: math.gateHalfLife(a),
    said: share(math.sigmoid(a), math.sigmoid(-a)),
  };
}

/** A memory that loses more than half in one step has no half-life in steps. */
const forgetsAtOnce = (halfLife) => halfLife < 0.995;

function halfLifeText(steps) {
  if (forgetsAtOnce(steps)) return "less than half is left after one step";
  return `half-life ${short(steps)} ${short(steps) === "1.00" ? "step" : "steps"}`;
}

// ---- equation, wires, code ---------------------------------------------------------------------

function formula(view) {
  const f = kit.term({ name: "f", hue: "f", value: view.now.said });
  const [w_x, w_h] = [kit.knobTerm("w_x", "wx"), kit.knobTerm("w_h", "wh")];
  const [x, h, b] = [kit.knobTerm("x", "x"), kit.knobTerm("h", "h"), kit.knobTerm("b")];
  const sigma = { sign: "σ", term: "a" };
  const parts = [f, "=", sigma, "(", w_x, "·", x, "+", w_h, "·", h, "+", b, ")"];
  return kit.equation(view, "f = σ(w_x x + w_h h + b)", parts);
}

const code = () =>
  kit.code([
    ["torch.sigmoid", "a", "f"],
    "(",
    ["x", "x", "x"],
    " @ ",
    ["W_x", "w_x", "wx"],
    " + ",
    ["h", "h", "h"],
    " @ ",
    ["W_h", "w_h", "wh"],
    " + ",
    ["b", "b", "ink"],
    ")",
  ]);

function wires(view) {
  const { w_x, w_h, b, x, h } = view.state;
  const { a, f, said } = view.now;
  const { width } = view;
  const label =
    `Wires: x and h, each times its weight, and b are added to ${decimal(a)}; ` +
    `σ makes ${said} of it, which multiplies the stored value.`;
  const c = kit.picture(view, { width, height: 190, label, kind: "wires", role: "img" });
  const parts = c.narrow ? [0.055, 0.225, 0.46, 0.63, 0.745] : [0.055, 0.22, 0.45, 0.66, 0.83];
  const [left, box, sum, sigma, times] = parts.map((part) => part * width);
  const [top, upper, middle, lower] = [42, 90, 118, 146];
  const half = (box + sum) / 2;
  const bend = (y) => `M${box} ${y}C${half} ${y} ${half} ${middle} ${sum} ${middle}`;
  const up = `M${sigma} ${middle}H${times - 12}Q${times} ${middle} ${times} ${middle - 12}V${top}`;
  c.free.box(0, width, top - 5, top + 5);
  const [beside, out] = [(left + 14 + box - 24) / 2, (sum + sigma) / 2];
  const nearX = c.narrow ? [0, upper - 20, "start"] : [beside, upper - 9];
  const nearH = c.narrow ? [0, lower + 30, "start"] : [beside, lower - 9];
  const above = (x, y, otherX, otherY = y) => [
    [x, y, "middle"],
    [otherX, otherY, "middle"],
  ];
  const asideOf = (x, y) => [
    [x + 12, y],
    [x - 12, y, "end"],
  ];
  return c.draw(
    kit.wire(`M0 ${top}H${times}`, { hue: "C", term: "C", width: 9 }),
    kit.wire(`M${times} ${top}H${width}`, { hue: "C", term: "C", width: Math.max(9 * f, 0.6) }),
    kit.wire(`M${left} ${upper}H${box}`, { hue: "x", term: "x", carries: x }),
    kit.wire(`M${left} ${lower}H${box}`, { hue: "h", term: "h", carries: h }),
    kit.wire(bend(upper), { hue: "wx", term: "w_x", carries: w_x * x }),
    kit.wire(bend(lower), { hue: "wh", term: "w_h", carries: w_h * h }),
    kit.wire(`M${sum} 172V${middle}`, { term: "b", carries: b }),
    kit.wire(`M${sum} ${middle}H${sigma}`, { term: "a", carries: a }),
    kit.wire(up, { hue: "f", term: "f", width: 1 + 7 * f }),
    kit.node(view, c, [left, upper], "x", { hue: "x", term: "x", pulls: "x" }),
    kit.node(view, c, [left, lower], "h", { hue: "h", term: "h", pulls: "h" }),
    kit.node(view, c, [sum, 174], "b", { term: "b", pulls: "b" }),
    kit.node(view, c, [sum, middle], "+", { term: "a" }),
    kit.node(view, c, [sigma, middle], "σ", { hue: "f", term: "a", radius: 17 }),
    kit.node(view, c, [times, top], "×", { hue: "C", term: "f", radius: 15 }),
    kit.weight(view, c, [box, upper], "w_{x}", decimal(w_x), { hue: "wx", name: "w_x" }),
    kit.weight(view, c, [box, lower], "w_{h}", decimal(w_h), { hue: "wh", name: "w_h" }),
    kit.pulled(view, c, decimal(x), nearX, { hue: "x", name: "x" }),
    kit.pulled(view, c, decimal(h), nearH, { hue: "h", name: "h" }),
    kit.pulled(view, c, decimal(b), [sum + 22, 179, "start"], { name: "b" }),
    c.label(decimal(w_x * x), above(half + 6, upper - 5, sum - 4), {
      hue: "wx",
      term: "w_x",
      optional: true,
    }),
    c.label(decimal(w_h * h), above(half + 6, lower + 13, sum - 20), {
      hue: "wh",
      term: "w_h",
      optional: true,
    }),
    c.label(decimal(a), above(out, middle - 11, out, middle - 22), { term: "a" }),
    c.label(said, asideOf(times, (top + middle) / 2 + 8), { hue: "f", term: "f", optional: true }),
    c.text("C_{t−1} = 1", [2, top - 24], { sort: "value", hue: "C", term: "C" }),
    c.text(`C_{t} = ${said}`, [width - 2, top - 24, "end"], { sort: "value", hue: "C", term: "C" }),
    c.label("wide: large", [[width - 2, 166, "end"]], { sort: "note small", optional: true }),
    c.label("dashed: negative", [[width - 2, 182, "end"]], { sort: "note small", optional: true }),
  );
}

// ---- the curve ---------------------------------------------------------------------------------

const half = (f) => (f === 0.5 ? "½" : String(f));

function curve(view, width) {
  const { a, slope, said } = view.now;
  const label = "The logistic function σ, with the working point on it";
  const ends = { x: [-EDGE, EDGE], y: [0, 1], foot: 12 };
  const c = kit.chart(view, { width, height: HEIGHT, label, ...ends });
  const shown = kit.clamp(a, -EDGE, EDGE);
  const setPoint = (to) => view.change({ b: kit.clamp(to, -EDGE, EDGE) - view.now.rest });
  const point = c.handle({
    name: "Working point; moving it sets the bias b",
    x: shown,
    y: math.sigmoid(shown),
    move: setPoint,
    keys: (steps) => setPoint(Number.isFinite(steps) ? view.now.a + 0.1 * steps : steps),
    now: Number(a.toFixed(3)),
    low: -EDGE,
    high: EDGE,
    says: `a = ${decimal(a)}, f = ${said}`,
    hue: "f",
    term: "f",
  });
  const [x, y] = c.place([shown, math.sigmoid(shown)]);
  // the tangent ends at the frame, off the axes' numbers
  const [unit, rise] = [c.x(1) - c.x(0), (c.y(0) - c.y(1)) * slope];
  const length = 46 / Math.hypot(unit, rise);
  const back = Math.min(length, shown + EDGE, (c.y(0) + 2 - y) / rise);
  const ahead = Math.min(length, EDGE - shown, (y - c.y(1) + 2) / rise);
  const flat = (from, to) =>
    svg`<rect class="flat" x=${c.x(from)} width=${c.x(to) - c.x(from)} y=${c.top} height=${c.bottom - c.top}></rect>`;
  const dots = Array.from({ length: 81 }, (_, k) => -EDGE + (2 * EDGE * k) / 80);
  const [low, high] = [(c.left + c.x(-FLAT)) / 2, (c.x(FLAT) + c.right) / 2];
  const in_ = (text, x, y) => c.text(text, [x, y, "middle"], { sort: "note small sunken" });
  const away = a > EDGE ? `a = ${decimal(a, 1)} lies outside →` : `← a = ${decimal(a, 1)} lies outside`;
  return c.draw(
    flat(-EDGE, -FLAT),
    flat(FLAT, EDGE),
    svg`<g class="ticks">${c.yTicks([0, 0.5, 1], half, { gap: 15 })}${c.xTicks([-8, -4, 0, 4, 8])}</g>`,
    c.path(`M${c.left} ${y.toFixed(1)}H${x.toFixed(1)}V${c.y(0)}`, "guide"),
    c.curve(
      dots.map((at) => [at, math.sigmoid(at)]),
      { hue: "f", term: "f" },
    ),
    c.path(
      `M${kitPoint(x - back * unit, y + back * rise)}L${kitPoint(x + ahead * unit, y - ahead * rise)}`,
      "tangent",
    ),
    c.xTitle("a = w_{x}·x + w_{h}·h + b"),
    in_("forgets", low - 7, c.y(0.5) - 71),
    in_("slope", low - 7, c.y(0.5) - 52),
    in_("below 0.05", low - 7, c.y(0.5) - 37),
    in_("keeps", high, c.y(0.5) - 2),
    in_("slope", high, c.y(0.5) + 18),
    in_("below 0.05", high, c.y(0.5) + 33),
    c.text("slope σ′ = f(1 − f)", [c.right - 6, c.y(0) - 25, "end"], { sort: "axis haloed" }),
    c.text(`= ${short(slope)}`, [c.right - 6, c.y(0) - 8, "end"], { sort: "value" }),
    c.label(
      `f = ${said}`,
      [
        [x - 14, y - 8, "end"],
        [x - 14, y - 22, "end"],
        [c.left + 4, y - 20],
        [c.left + 4, y - 34],
        [x + 14, y + 18],
        [c.left + 4, c.y(0.5) - 14],
        [x + 10, c.y(0) - 44],
      ],
      { hue: "f" },
    ),
    Math.abs(a) > EDGE
      ? c.label(
          away,
          [
            [c.right - 4, c.top + 22, "end"],
            [c.left + 4, c.y(0) - 30],
          ],
          { sort: "note" },
        )
      : nothing,
    point,
  );
}

const kitPoint = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;

// ---- the stored value ----------------------------------------------------------------------------

function decay(view, width) {
  const { a, halfLife } = view.now;
  const { steps } = view.state;
  const label = "The stored value through time, with its half-life";
  const ends = { x: [0, steps], y: [0, 1], foot: 12, margin: { left: 46 } };
  const c = kit.chart(view, { width, height: HEIGHT, label, ...ends });
  const fall = (bias, dots) =>
    Array.from({ length: dots + 1 }, (_, k) => [(steps * k) / dots, math.kept(bias, (steps * k) / dots)]);
  const setLife = (to) => {
    const reach = kit.clamp(to, 0.05, view.state.steps);
    view.change({ b: math.preactivationOfHalfLife(reach) - view.now.rest });
  };
  const beyond = halfLife > steps;
  const atOnce = forgetsAtOnce(halfLife);
  const life = c.handle({
    name: "Half-life of the stored value; moving it sets the bias b",
    x: Math.min(halfLife, steps),
    y: 0.5,
    move: setLife,
    keys: (by) =>
      setLife(Number.isFinite(by) ? Math.min(view.now.halfLife, view.state.steps) * 1.05 ** by : by),
    now: Number(Math.min(halfLife, 1e9).toPrecision(4)),
    low: 0.05,
    high: steps,
    says: halfLifeText(halfLife),
    hue: "C",
    term: "C",
    hollow: beyond,
  });
  const [x, y] = c.place([Math.min(halfLife, steps), 0.5]);
  const points = fall(a, 120);
  const draw = drawAround(view);
  const needles = [];
  for (let t = 0; t <= steps && steps <= 60; t++)
    needles.push(`M${kitPoint(c.x(t), c.y(0))}V${c.y(math.kept(a, t)).toFixed(1)}h.01`);
  const pixels = points.map(c.place);
  const long = `${halfLifeText(halfLife)}${beyond ? " →" : ""}`;
  const text = c.measure(long) > c.right - c.left - 20 ? "less than half after one step" : long;
  const places = [
    ...kit.around([x, y], 20, "right"),
    [x + 20, y - 10],
    [x - 20, y - 10, "end"],
    [x - 20, y + 24, "end"],
    ...kit.along(pixels, c.measure(text)),
  ];
  return c.draw(
    svg`<g class="ticks">${c.yTicks([0, 0.5, 1], half, { gap: 21, strong: (v) => v === 0.5 })}${c.xTicks(kit.roundTicks(steps, 5))}</g>`,
    c.path(`${kit.through(pixels)}V${c.y(0)}H${c.left}Z`, "area", { hue: "C" }),
    c.path(needles.join(""), "stems", { hue: "C", term: "C" }),
    c.path(draw ? draw.map((b) => kit.through(fall(b, 40).map(c.place))).join("") : "", "units", {
      hue: "C",
    }),
    c.curve(points, { hue: "C", term: "C" }),
    c.path(beyond || atOnce ? "" : `M${kitPoint(x, y)}V${c.y(0)}m-4 5l4 -5l4 5`, "guide strong"),
    c.xTitle("steps t"),
    c.yTitle("C_{t} / C_{0} = f^{\u2009t}"),
    c.text("f = 1: the carousel", [c.right, c.top - 8, "end"]),
    c.label(text, places, { hue: "C" }),
    draw
      ? c.label(
          `faint: the ${draw.length} units of one draw`,
          [0.91, 0.8, 0.7, 0.6].map((f) => [c.right, c.y(f), "end"]),
          { sort: "note haloed" },
        )
      : nothing,
    life,
  );
}

/** The biases of a preset's draw, where the state is the preset's but for a bias within the draw. */
function drawAround({ presets, state }) {
  const fits = ({ draw, set }) =>
    draw &&
    state.b >= Math.min(...draw) &&
    state.b <= Math.max(...draw) &&
    Object.entries(set).every(([name, value]) => name === "b" || Math.abs(state[name] - value) < 1e-9);
  return presets.find(fits)?.draw;
}

// ---- together ------------------------------------------------------------------------------------

function stage(view) {
  const wide = view.width >= 560;
  const part = wide ? Math.floor((view.width - 20) / 2) : view.width;
  const left = math.kept(view.now.a, view.state.steps);
  const rest = left < 1e-6 ? "next to nothing" : percent(left);
  return html`${wires(view)}${code()}
    <div class="charts ${wide ? "wide" : ""}">${curve(view, part)}${decay(view, part)}</div>
    <p class="sentence">After ${view.state.steps} steps ${rest} is left of the value and, along the cell, of its gradient.</p>`;
}

const percent = (part) => (part >= 0.9995 ? `${decimal(100 * part, 2)} %` : `${short(100 * part)} %`);

function done(view) {
  const goal = view.get("goal");
  return goal > 0 ? Math.abs(view.now.halfLife / goal - 1) < 0.02 : null;
}

function say(view) {
  const { said, halfLife } = view.now;
  return `f is ${said}, ${halfLifeText(halfLife)}${done(view) ? ": what was to be found" : ""}.`;
}

export default kit.explorable({ see, formula, stage, say, done });
