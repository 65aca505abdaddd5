// A whole trained GRU: ten steps, and one of them on its wires, forwards and backwards.

import * as kit from "./kit/index.js";
import { decimal, html, remember } from "./kit/index.js";
import * as math from "./mathematics.js";

const ROW = {
  name: "voices",
  zero: 17, // a row travels in 36 levels; each is a tenth of a voice
  levels: 35,
  symbol: "v",
  title: "voices v_{t}: draw them",
  hears: "Voices, one bar a step",
  says: "voice",
};
const KINDS = ["plain", "an order", "a turn"];
const RADIUS = 13;
const BESIDE = 620; // from this width on the wires stand beside the steps
const kindOf = (mark) => Math.min(Math.floor(2 * mark + 0.5), 2);

function start(model) {
  const weights = model.get("_weights");
  const run = remember((voices, marks, wanted, reset) => {
    const v = kit.tenths(voices, ROW);
    const inputs = v.map((voice, t) => [voice, ...[1, 2].map((kind) => Number(kindOf(marks[t]) === kind))]);
    const after = reset === "after";
    const steps = math.gruForward(weights, inputs, after);
    const y = steps.at(-1).h.reduce((sum, h, j) => sum + weights.y.h[j] * h, weights.y.b);
    const error = y - (wanted === "+1" ? 1 : -1);
    const end = weights.y.h.map((w) => w * error);
    return { v, steps, back: math.gruBackward(weights, steps, end, after), y, error, after, T: v.length };
  });
  return { run, pointed: null, U: weights.n.h };
}

/** All that is shown: of the chosen unit, number j, at the chosen step, t + 1. */
function see({ voices, marks, wanted, reset, unit, direction, step }, { own }) {
  const found = own.run(voices, marks, wanted, reset);
  const [t, j] = [(own.pointed ?? step) - 1, Number(unit) - 1];
  const [s, d] = [found.steps[t], found.back[t]];
  /** What goes back to this unit's h_{t−1} by each gate, of both units together. */
  const by = Object.fromEntries(
    math.GRU_GATES.map((g) => [g, d.back[g].reduce((sum, row) => sum + row[j], 0)]),
  );
  return { ...found, t, j, s, d, by, backwards: direction === "backwards" };
}

const marked = (view, step) => ({
  marks: view.state.marks.map((mark, t) => (t === step - 1 ? ((kindOf(mark) + 1) % 3) / 2 : mark)),
});

// ---- the ten steps -------------------------------------------------------------------------------

function steps(view, width) {
  const { v, steps, back, t, j, T, backwards } = view.now;
  const title = backwards ? `δh, what unit ${j + 1} is told` : `hidden state h of unit ${j + 1}`;
  return kit.timeline(view, {
    label: "Ten steps: voices and marks, the chosen unit, its gates",
    width,
    t,
    T,
    row: { ...ROW, values: v },
    marks: {
      symbol: "mark",
      draw(c, x, y, at) {
        if (steps[at].x[1]) return c.path(`M${(x - 6).toFixed(1)} ${y - 6}h12v12h-12z`, "reset");
        return steps[at].x[2] ? c.path(`M${x.toFixed(1)} ${y - 8}l8 8l-8 8l-8 -8z`, "reset") : null;
      },
      next: (step) => marked(view, step),
    },
    main: {
      symbol: backwards ? "δh" : "h",
      hue: "h",
      detour: "n",
      titles: (reach) => [`${title}; the axis reaches to ±${reach}`, title],
      parts: (at) =>
        backwards ? [back[at].alone[j], back[at].h[j] - back[at].alone[j], back[at].h[j]] : [steps[at].h[j]],
      dots: (at) => [[steps[at].n[j], "n"]],
    },
    gates: ["z", "r"].map((g) => [g, g, steps.map((step) => step[g][j])]),
  });
}

// ---- one step on its wires -----------------------------------------------------------------------

function diagram(view, width) {
  const { t, j, s, d, by, after, backwards } = view.now;
  const { U } = view.own;
  const [n, o] = [t + 1, 1 - j];
  const c = kit.picture(view, { width, height: 334, label: told(view), kind: "wires cell", role: "img" });
  const [xz, xr, x1, x2, xs] = [0.2, 0.45, 0.57, 0.74, 0.87].map((part) => part * width);
  const [yC, yM, yG, yB, yU, yX] = [44, 104, 166, 250, 296, 326];
  const [xA, xm, xu] = [0.36 * width, after ? x2 : x1, after ? x1 : x2];
  const wire = (hue, corners, forth, told, more) =>
    kit.flow(c, corners, { hue, backwards, number: backwards ? told : forth, ...more });
  const word = (forth, told, hue, place) =>
    c.text(backwards ? told : forth, place, { sort: "value", hue, term: hue });
  const said = (forth, told, hue, place) => word(decimal(forth), decimal(told), hue, place);
  const block = (g, x, symbol, role) =>
    kit.block(c, [x, yG], [symbol, backwards ? decimal(s[g][j]) : role], { hue: g, term: g, size: [44, 40] });
  const sign = (x, y, text, hue) => kit.node(view, c, [x, y], text, { hue, term: hue, radius: RADIUS });
  const box = (x, y, text, size, hue = "h") => kit.block(c, [x, y], [text], { hue, term: hue, size });
  const [h0, h, z, r, m, told_] = [s.h0[j], s.h[j], s.z[j], s.r[j], s.n[j], d.h[j]];
  const [low, high, quiet] = [yG - 20, yG + 20, { quiet: true }];
  // what goes to the other unit: to its gates, and what its candidate is told of this one
  const [sent, others] = [d.back.z[o][j] + d.back.r[o][j], d.back.n[o][j]];
  const aside = after ? sent + others : sent;
  const bus = by.z + by.r + by.n;
  const [first, second] = after ? [s.open[j], s.heard[j]] : [s.gated[j], s.heard[j]];
  const [toFirst, toSecond] = after ? [d.open[j], d.gated[j]] : [d.gated[j], d.a.n[j]];
  const over = U[j][o] * (after ? d.open[j] : d.a.n[j]); // what the other unit's h is told by this candidate
  return c.draw(
    wire("h", [0, yC, xz - RADIUS, yC], h0, d.carry[j], quiet),
    wire("h", [4, yC, 4, yB, x1 - (after ? 20 : RADIUS), yB], h0, bus, quiet),
    wire("h", [xz + RADIUS, yC, xs - RADIUS, yC], z * h0, told_),
    wire("h", [xs + RADIUS, yC, width, yC], h, told_, quiet),
    wire("z", [xz, low, xz, yM], z, d.z[j]),
    wire("z", [xz, yM, xz, yC + RADIUS], z, told_ * h0),
    wire("z", [xz, yM, xr - 17, yM], z, -told_ * m, quiet),
    wire("z", [xr + 17, yM, xs - RADIUS, yM], 1 - z, told_ * m),
    wire("n", [xs, low, xs, yM + RADIUS], m, d.n[j], { left: true }),
    wire("n", [xs, yM - RADIUS, xs, yC + RADIUS], (1 - z) * m, told_, { left: true }),
    wire("r", [xr + 22, yG, xm, yG, xm, yB - RADIUS], r, d.r[j], quiet),
    said(r, d.r[j], "r", after ? [xm - 8, yG + 24, "end"] : [xm + 8, yG + 24]),
    [
      [xz, "z"],
      [xr, "r"],
    ].map(([x, g]) => wire("h", [x, yB, x, high], s.a[g][j], d.back[g][j][j], { left: true })),
    wire("h", [x1 + (after ? 20 : RADIUS), yB, x2 - (after ? RADIUS : 20), yB], first, toFirst, quiet),
    wire("h", [x2 + (after ? RADIUS : 20), yB, xs, yB, xs, high], second, toSecond, quiet),
    said(first, toFirst, "h", [(x1 + x2) / 2, yB - 18, "middle"]),
    // with the reset before, nothing stands above W_h: a line higher it keeps clear of the first
    said(second, toSecond, "h", after ? [(x2 + xs) / 2 + 3, yB - 18, "middle"] : [xs - 9, yB - 31, "end"]),
    wire("h", [xA, yB, xA, yU - 12], h0, aside, backwards ? {} : quiet),
    after
      ? ""
      : wire("h", [x1, yB + RADIUS, x1, yU - 12], s.gated[j], U[o][j] * d.a.n[o], backwards ? {} : quiet),
    wire("h", [xu, yU - 12, xu, yB + 12], after ? s.h0[o] : s.gated[o], over),
    [sign(xz, yC, "×", "z"), sign(xs, yC, "+", "h"), sign(xs, yM, "×", "n"), sign(xm, yB, "×", "r")],
    [box(xr, yM, "1 −", [34, 24], "z"), box(xu, yB, "W_{h}", [40, 24])],
    [block("z", xz, "z", "σ"), block("r", xr, "r", "σ"), block("n", xs, "h̃", "tanh")],
    kit.block(c, [(xA + xu) / 2, yU], [`unit ${o + 1}`], { hue: "h", term: "h", size: [xu - xA + 60, 24] }),
    [xz, xr, xs].map((x) => [
      kit.flow(c, [x + 14, high + 20, x + 14, high], { hue: "x", backwards, number: null }),
      c.text("x", [x + 14, high + 32, "middle"], { sort: "small", hue: "x", term: "x" }),
    ]),
    word(`h_{${t}} = ${decimal(h0)}`, `z·δh_{${n}} = ${decimal(d.carry[j])}`, "h", [0, yC - 21]),
    word(`h_{${n}} = ${decimal(h)}`, `δh_{${n}} = ${decimal(told_)}`, "h", [width, yC - 21, "end"]),
    backwards ? c.text("detours", [10, yB + 17], { sort: "note small" }) : "",
    backwards ? c.text(decimal(bus), [10, yB + 32], { sort: "value", hue: "h", term: "h" }) : "",
    word(
      `x = (voice ${decimal(s.x[0], 1)}, order ${s.x[1]}, turn ${s.x[2]})`,
      `δx = (${d.x.map((value) => decimal(value)).join(", ")})`,
      "x",
      [width / 2, yX, "middle"],
    ),
  );
}

// ---- together ------------------------------------------------------------------------------------

function formula(view) {
  const { j, s, d, by, backwards } = view.now;
  const term = (hue, text, value) => kit.term({ name: hue, hue, text, value: decimal(value) });
  const typeset = (typeset, name, value) => ({ typeset, name, hue: name, value: decimal(value) });
  if (!backwards)
    return kit.equation(view, "h_t = z_t h_t−1 + (1 − z_t) h̃_t", [
      term("h", "h_t", s.h[j]),
      "=",
      term("z", "z_t", s.z[j]),
      "·",
      term("h", "h_t−1", s.h0[j]),
      "+",
      typeset("(1 − z)", "z", 1 - s.z[j]),
      "·",
      term("n", "h̃_t", s.n[j]),
    ]);
  const all = d.carry[j] + by.z + by.r + by.n;
  return kit.equation(view, "δh_t−1 = z_t δh_t + by z + by r + by h̃", [
    term("h", "δh_t−1", all),
    "=",
    term("z", "z_t", s.z[j]),
    "·",
    term("h", "δh_t", d.h[j]),
    "+",
    typeset("by z", "z", by.z),
    "+",
    typeset("by r", "r", by.r),
    "+",
    typeset("by h̃", "n", by.n),
  ]);
}

/** The chosen step in words. */
function told({ now: { t, j, s, d, T, after, backwards } }) {
  const head = `Step ${t + 1}, ${s.x[1] ? "an order" : s.x[2] ? "a turn" : "to be ignored"}. Unit ${j + 1}`;
  if (backwards) return `${head} ${kit.splitInWords("h", d.h[j], d.alone[j], T, t + 1 === T)}`;
  const [h0, h, z, r, n] = ["h0", "h", "z", "r", "n"].map((name) => decimal(s[name][j]));
  const heard = after ? `hears r = ${r} of what comes through W·h` : `lets r = ${r} of it be heard`;
  return `${head} keeps z = ${z} of ${h0} and ${heard}. Its candidate says ${n}; it now holds ${h}.`;
}

const verdict = ({ now: { y, error }, state: { wanted } }) => kit.lossInWords(y, error, wanted);

function stage(view) {
  const { width, now } = view;
  const beside = width >= BESIDE;
  const [one, two] = beside ? [0.52, 0.48].map((part) => Math.floor(part * (width - 16))) : [width, width];
  const keys = kit.keysOf(now.backwards, "h", "n", ["held, h", "candidate, h̃", "n"]);
  return html`<div class="in-time ${beside ? "beside" : ""}"><div>${steps(view, one)}${keys}</div>${diagram(view, two)}</div>
    <p class="sentence told">${told(view)}<br>${verdict(view)}</p>`;
}

function controls(view) {
  const { step, marks } = view.state;
  return kit.controlsInTime(view, {
    act: `Make step ${step} ${KINDS[(kindOf(marks[step - 1]) + 1) % 3]}`,
    next: (step) => marked(view, step),
    choices: ["direction", "reset", "unit", "wanted"],
  });
}

const done = ({ state }) =>
  kit.wentBack(
    state,
    state.marks.findIndex((mark) => kindOf(mark) === 2),
  );

const say = (view) => `${told(view)} ${verdict(view)}`;

export default kit.explorable({ start, see, formula, stage, controls, done, say });
