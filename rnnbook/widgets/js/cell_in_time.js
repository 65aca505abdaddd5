// A whole trained cell: ten steps above, one of them on its wires below, forwards and backwards.

import * as kit from "./kit/index.js";
import { decimal, html, remember } from "./kit/index.js";
import * as math from "./mathematics.js";

const ROW = {
  name: "readings",
  zero: 17, // a row travels in 36 levels; each is a tenth of a reading
  levels: 35,
  symbol: "v",
  title: "readings v_{t}: draw them",
  hears: "Readings, one bar a step",
  says: "reading",
};
const RADIUS = 13;

function start(model) {
  const weights = model.get("_weights");
  const run = remember((readings, flips, wanted) => {
    const v = kit.tenths(readings, ROW);
    const inputs = v.map((reading, t) => [reading, Math.round(flips[t])]);
    const steps = math.lstmForward(weights, inputs);
    const y = steps.at(-1).h.reduce((sum, h, j) => sum + weights.y.h[j] * h, weights.y.b);
    const error = y - (wanted === "+1" ? 1 : -1);
    const end = weights.y.h.map((w) => w * error);
    return { v, steps, back: math.lstmBackward(weights, steps, end), y, error, T: v.length };
  });
  return { run, pointed: null };
}

/** All that is shown: of the chosen unit, number j, at the chosen step, t + 1. */
function see({ readings, flips, wanted, unit, direction, step }, { own }) {
  const found = own.run(readings, flips, wanted);
  const [t, j] = [(own.pointed ?? step) - 1, Number(unit) - 1];
  return { ...found, t, j, s: found.steps[t], d: found.back[t], backwards: direction === "backwards" };
}

const flipped = (view, step) => ({
  flips: view.state.flips.map((flip, t) => (t === step - 1 ? 1 - Math.round(flip) : flip)),
});

// ---- the ten steps -------------------------------------------------------------------------------

const steps = (view) => {
  const { v, steps, back, t, j, T, backwards } = view.now;
  const title = backwards ? `δC_{t}, what unit ${j + 1} is told` : `cell state C_{t} of unit ${j + 1}`;
  return kit.timeline(view, {
    label: "Ten steps: readings and flips, the chosen unit, its gates",
    width: view.width,
    t,
    T,
    row: { ...ROW, values: v },
    marks: {
      symbol: "flip",
      draw: (c, x, y, at) =>
        steps[at].x[1] ? c.path(`M${x.toFixed(1)} ${y - 8}l8 8l-8 8l-8 -8z`, "reset") : null,
      next: (step) => flipped(view, step),
    },
    main: {
      symbol: backwards ? "δC" : "C",
      hue: "C",
      detour: "h",
      titles: (reach) => [`${title}; the axis reaches to ±${reach}`, title],
      parts(at) {
        const { C, alone } = back[at];
        return backwards ? [alone[j], C[j] - alone[j], C[j]] : [steps[at].C[j]];
      },
      dots: (at) => [[steps[at].h[j], "h"]],
    },
    gates: ["f", "i", "o"].map((g) => [g, g, steps.map((step) => step[g][j])]),
  });
};

// ---- one step on its wires -----------------------------------------------------------------------

function diagram(view) {
  const { t, j, s, d, T, backwards } = view.now;
  const { width, narrow } = view;
  const [n, other] = [t + 1, 1 - j];
  const height = narrow ? 418 : 368;
  const c = kit.picture(view, { width, height, label: told(view), kind: "wires cell", role: "img" });
  const [xf, xi, xc, xo] = [0.17, 0.38, 0.57, 0.79].map((part) => part * width);
  const [yC, yM, yG, yB, yX] = narrow ? [66, 166, 246, 320, 368] : [44, 138, 212, 276, 322];
  const [yT, top, beneath] = [(yC + yM) / 2 - 4, narrow ? yC - 36 : yC - 14, narrow ? yC - 19 : yC + 20];
  /** A wire from corner to corner, [x, y, x, y, …] as the values go, with both its numbers. */
  const wire = (hue, corners, forth, told, more) =>
    kit.flow(c, corners, { hue, backwards, number: backwards ? told : forth, ...more });
  const word = (forth, told, hue, place) =>
    c.text(backwards ? told : forth, place, { sort: "value", hue, term: hue });
  const past = `h_{${t}} = (${s.h0.map((h) => decimal(h)).join(", ")})`;
  const inputs = `v = ${decimal(s.x[0])}, flip = ${s.x[1]}`;
  const sent = math.GATES.map((g) => d.back[g][j][j]);
  const others = math.GATES.reduce((sum, g) => sum + d.back[g][other][j], 0);
  const home = sent.reduce((sum, part) => sum + part, others);
  const [C0, C, f, i, c_, o] = ["C0", "C", "f", "i", "c", "o"].map((name) => s[name][j]);
  const block = (g, x, symbol, role) =>
    kit.block(c, [x, yG], [symbol, backwards ? decimal(s[g][j]) : role], { hue: g, term: g });
  const sign = (x, y, text, hue) => kit.node(view, c, [x, y], text, { hue, term: hue, radius: RADIUS });
  const [low, high] = [yG - 20, yG + 20];
  const quiet = { quiet: true }; // its number is said by a word
  const bend = (y) => y + RADIUS;
  return c.draw(
    wire("C", [0, yC, xf - RADIUS, yC], C0, f * d.C[j], quiet),
    wire("C", [xf + RADIUS, yC, xc - RADIUS, yC], f * C0, d.C[j]),
    wire("C", [xc + RADIUS, yC, xo, yC], C, d.C[j], quiet),
    wire("C", [xo, yC, width, yC], C, d.carry[j], quiet),
    wire("h", [xo, yC, xo, yT - 11], C, d.shown[j]),
    wire("h", [xo, yT + 11, xo, yM - RADIUS], s.shown[j], d.h[j] * o),
    wire("h", [xo + RADIUS, yM, width, yM], s.h[j], d.h[j], quiet),
    wire("f", [xf, low, xf, bend(yC)], f, d.f[j]),
    wire("i", [xi, low, xi, yM, xc - RADIUS, yM], i, d.i[j]),
    wire("c", [xc, low, xc, bend(yM)], c_, d.c[j]),
    wire("i", [xc, yM - RADIUS, xc, bend(yC)], i * c_, d.C[j], { left: true }),
    wire("o", [xo, low, xo, bend(yM)], o, d.o[j]),
    wire("h", [0, yB, xo, yB], s.h0[j], home, quiet),
    [xf, xi, xc, xo].map((x, k) => wire("h", [x, yB, x, high], s.a[math.GATES[k]][j], sent[k])),
    wire("h", [xo, yB, xo, yX - 12], null, others),
    wire("x", [xi + 30, yX + 12, xi + 30, yB], s.x[0], d.x[0], quiet),
    [sign(xf, yC, "×", "f"), sign(xc, yC, "+", "C"), sign(xc, yM, "×", "i"), sign(xo, yM, "×", "o")],
    kit.block(c, [xo, yT], ["tanh"], { hue: "h", term: "h", size: [44, 22] }),
    [
      block("f", xf, "f", "σ"),
      block("i", xi, "i", "σ"),
      block("c", xc, "C̃", "tanh"),
      block("o", xo, "o", "σ"),
    ],
    kit.block(c, [xo, yX], [`unit ${other + 1}’s gates`], { hue: "h", term: "h", size: [104, 24] }),
    word(`C_{${t}} = ${decimal(C0)}`, `f_{${n}}·δC_{${n}} = ${decimal(f * d.C[j])}`, "C", [0, top]),
    word(
      n < T ? `to step ${n + 1}` : "the end",
      n < T ? `f_{${n + 1}}·δC_{${n + 1}} = ${decimal(d.carry[j])}` : "nothing comes",
      "C",
      [width, top, "end"],
    ),
    word(`C_{${n}} = ${decimal(C)}`, `δC_{${n}} = ${decimal(d.C[j])}`, "C", [
      (xc + xo) / 2,
      beneath,
      "middle",
    ]),
    word(`h_{${n}}`, `δh_{${n}}`, "h", [width, yM - 9, "end"]),
    word(decimal(s.h[j]), decimal(d.h[j]), "h", [width, yM + 18, "end"]),
    backwards
      ? c.label(n < T ? `from step ${n + 1}` : "from the answer", [[width, yM + 35, "end"]], {
          sort: "note small",
          optional: true,
        })
      : "",
    word(past, `δh_{${t}} = ${decimal(home)}`, "h", [0, yB + 22]),
    word(inputs, `δv = ${decimal(d.x[0])}, δflip = ${decimal(d.x[1])}`, "x", [xi + 30, yX + 30, "middle"]),
  );
}

// ---- together ------------------------------------------------------------------------------------

function formula(view) {
  const { t, j, s, d, T, steps, back, backwards } = view.now;
  const term = (hue, text, value) => kit.term({ name: hue, hue, text, value: decimal(value) });
  if (!backwards) {
    const kept = [term("f", "f_t", s.f[j]), "·", term("C", "C_t−1", s.C0[j])];
    const written = [term("i", "i_t", s.i[j]), "·", term("c", "C̃_t", s.c[j])];
    return kit.equation(view, "C_t = f_t C_t−1 + i_t C̃_t", [
      term("C", "C_t", s.C[j]),
      "=",
      ...kept,
      "+",
      ...written,
    ]);
  }
  const [f, after] = t + 1 < T ? [steps[t + 1].f[j], back[t + 1].C[j]] : [0, 0];
  const carry = [term("f", "f_t+1", f), "·", term("C", "δC_t+1", after)];
  const slope = { typeset: "tanh′", name: "h", hue: "h", value: decimal(math.tanhSlope(s.C[j])) };
  const detour = [term("o", "o_t", s.o[j]), "·", slope, "·", term("h", "δh_t", d.h[j])];
  const parts = [term("C", "δC_t", d.C[j]), "=", ...carry, "+", ...detour];
  return kit.equation(view, "δC_t = f_t+1 δC_t+1 + o_t tanh′(C_t) δh_t", parts);
}

/** The chosen step in words. */
function told({ now: { t, j, s, d, T, backwards } }) {
  const [v, flip] = s.x;
  const seen = [flip && "a flip", v && `a reading of ${decimal(v, 1)}`].filter(Boolean).join(" and ");
  const head = `Step ${t + 1}, ${seen || "nothing to see"}. Unit ${j + 1}`;
  const [C0, C, f, i, c, h] = ["C0", "C", "f", "i", "c", "h"].map((name) => decimal(s[name][j]));
  if (!backwards) return `${head} keeps ${f} of ${C0}, writes ${i} of ${c}, holds ${C}, and shows ${h}.`;
  return `${head} ${kit.splitInWords("C", d.C[j], d.alone[j], T, t + 1 === T)}`;
}

const verdict = ({ now: { y, error }, state: { wanted } }) => kit.lossInWords(y, error, wanted);

const stage = (
  view,
) => html`${steps(view)}${kit.keysOf(view.now.backwards, "C", "h", ["held, C", "shown, h", "h"])}
  <p class="sentence told">${told(view)}</p>${diagram(view)}<p class="sentence told">${verdict(view)}</p>`;

function controls(view) {
  const { step, flips } = view.state;
  return kit.controlsInTime(view, {
    act: `${flips[step - 1] > 0.5 ? "Unflip" : "Flip"} step ${step}`,
    next: (step) => flipped(view, step),
    choices: ["direction", "unit", "wanted"],
  });
}

const done = ({ state }) =>
  kit.wentBack(
    state,
    state.flips.findIndex((flip) => flip > 0.5),
  );

const say = (view) => `${told(view)} ${verdict(view)}`;

export default kit.explorable({ start, see, formula, stage, controls, done, say });
