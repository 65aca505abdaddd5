// A counter for aⁿbⁿ out of equation (4): one step on its wires, a string, and where it breaks.

import * as kit from "./kit/index.js";
import { clamp, decimal, html, share, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const MOST = 500; // the longest n that is looked at
const SHOWN = 40; // and that is drawn
const HEIGHT = 236;

function see({ b_f, b_i, w_a, w_b, n, step }) {
  const [f, i] = [math.sigmoid(b_f), math.sigmoid(b_i)];
  const [ga, gb] = [i * Math.tanh(w_a), i * Math.tanh(w_b)];
  const after = (as, bs) => math.countAfter(as, bs, f, ga, gb);
  const states = Array.from({ length: 2 * n + 1 }, (_, t) => after(Math.min(t, n), Math.max(t - n, 0)));
  const t = clamp(step, 1, 2 * n);
  const [theta, letter] = [ga / 2, t > n ? "b" : "a"];
  const C_tilde = Math.tanh(letter === "b" ? w_b : w_a);
  const counts = Array.from({ length: SHOWN }, (_, k) => [after(k + 1, k), after(k + 1, k + 1)]);
  const longest = math.longestCount(f, ga, gb, theta, MOST);
  return {
    f,
    i,
    ga,
    gb,
    states,
    t,
    theta,
    letter,
    C_tilde,
    counts,
    longest,
    said: share(f, math.sigmoid(-b_f)),
  };
}

/** A number that may be large. */
const round = (value) => decimal(value, Math.abs(value) < 99.5 ? 2 : 0);
const reach = ({ longest }) => (longest === MOST ? `beyond n = ${MOST}` : `up to n = ${longest}`);

// ---- one step, every number on its wire -----------------------------------------------------------

function wires(view) {
  const { f, i, letter, C_tilde, states, t, said } = view.now;
  const [before, C, w] = [states[t - 1], states[t], view.state[`w_${letter}`]];
  const { width } = view;
  const label =
    `Step ${t}, the letter ${letter}: ${said} of ${round(before)} is kept, ` +
    `${decimal(i)} times ${decimal(C_tilde)} is written, and the cell holds ${round(C)}.`;
  const c = kit.picture(view, { width, height: 168, label, kind: "wires", role: "img" });
  const [letterX, box, gate, sum, keep] = [0.05, 0.23, 0.49, 0.74, 0.36].map((part) => part * width);
  const [top, low] = [46, 122];
  const bend = `M${gate} ${low}H${sum - 14}Q${sum} ${low} ${sum} ${low - 14}V${top}`;
  return c.draw(
    kit.wire(`M0 ${top}H${keep}`, { hue: "C", term: "C", carries: before }),
    kit.wire(`M${keep} ${top}H${sum}`, { hue: "C", term: "f", carries: f * before }),
    kit.wire(`M${sum} ${top}H${width}`, { hue: "C", term: "C", carries: C }),
    kit.wire(`M${letterX} ${low}H${box}`, { hue: "x", term: "x", width: 2 }),
    kit.wire(`M${box} ${low}H${gate}`, { hue: "c", term: "c", carries: C_tilde }),
    kit.wire(bend, { hue: "i", term: "i", carries: i * C_tilde }),
    kit.node(view, c, [letterX, low], letter, { hue: "x", term: "x" }),
    kit.node(view, c, [keep, top], "×", { hue: "f", term: "f", radius: 15, pulls: "b_f" }),
    kit.node(view, c, [gate, low], "×", { hue: "i", term: "i", radius: 15, pulls: "b_i" }),
    kit.node(view, c, [sum, top], "+", { hue: "C", term: "C" }),
    kit.weight(view, c, [box, low], `w_{${letter}}`, decimal(w), { hue: "wx", name: `w_${letter}` }),
    c.text(`C_{t−1} = ${round(before)}`, [2, top - 20], { sort: "value", hue: "C", term: "C" }),
    c.text(`f = ${said}`, [keep, top + 33, "middle"], { sort: "value", hue: "f", term: "f" }),
    c.text(`i = ${decimal(i)}`, [gate, low + 33, "middle"], { sort: "value", hue: "i", term: "i" }),
    c.text(`C_{t} = ${round(C)}`, [width - 2, top - 20, "end"], { sort: "value", hue: "C", term: "C" }),
    c.text(`C̃ = ${decimal(C_tilde)}`, [(box + 24 + gate - 15) / 2, low - (c.narrow ? 26 : 14), "middle"], {
      sort: "value",
      hue: "c",
      term: "c",
    }),
    c.label(decimal(f * before), [[(keep + sum) / 2, top - 10, "middle"]], { hue: "C", term: "f" }),
    c.text(decimal(i * C_tilde), [sum + 9, (top + low) / 2 + 10], { sort: "value", hue: "i", term: "i" }),
    c.label(`step ${t} of ${2 * view.state.n}`, [[width - 2, low + 33, "end"]], { sort: "note small" }),
  );
}

// ---- the cell state along the string --------------------------------------------------------------

function string(view, width) {
  const { n } = view.state;
  const { states, t, theta } = view.now;
  const [low, high] = [Math.min(...states, 0), Math.max(...states, theta, 0.2)];
  const room = 0.12 * (high - low);
  const label = "The cell state after each letter of the string";
  const ends = { x: [0, 2 * n], y: [low - room, high + room], margin: { left: 48 } };
  const c = kit.chart(view, { width, height: HEIGHT, label, ...ends });
  const point = c.handle({
    name: "Letter whose numbers are shown",
    x: t,
    y: states[t],
    move: (at) => view.change({ step: clamp(Math.round(at), 1, 2 * view.state.n) }),
    keys: (by) => view.change({ step: clamp(view.now.t + by, 1, 2 * view.state.n) }),
    now: t,
    low: 1,
    high: 2 * n,
    says: `letter ${t}, C = ${round(states[t])}`,
    hue: "C",
    term: "C",
  });
  const dots = states.map((C, k) => `M${c.x(k).toFixed(1)} ${c.y(C).toFixed(1)}h.01`).join("");
  const named = (from, text) => c.text(text, [c.x(from), c.bottom + 17, "middle"], { sort: "axis" });
  return c.draw(
    svg`<rect class="flat" x=${c.x(n)} width=${c.x(2 * n) - c.x(n)} y=${c.top} height=${c.bottom - c.top}></rect>`,
    svg`<g class="ticks">${c.yTicks([0, Math.max(1, Math.round(high))], String, { gap: 24 })}</g>`,
    c.path(`M${c.left} ${c.y(theta).toFixed(1)}H${c.right}`, "guide"),
    c.curve(
      states.map((C, k) => [k, C]),
      { hue: "C", term: "C" },
    ),
    c.path(dots, "held", { hue: "C" }),
    named(n / 2, `${n} × a`),
    named(1.5 * n, `${n} × b`),
    c.yTitle("cell state C_{t}"),
    c.label(
      "“over” at or below",
      [
        [c.right, c.y(theta) - 6, "end"],
        [c.right, c.y(theta) + 16, "end"],
        [c.left + 4, c.y(theta) + 16],
      ],
      {
        sort: "note haloed",
      },
    ),
    point,
  );
}

// ---- every n: before and after the last b ---------------------------------------------------------

function lengths(view, width) {
  const { n } = view.state;
  const { counts, theta, longest, ga } = view.now;
  const size = Math.max(Math.abs(ga), 0.05);
  const [low, high] = [-1.6 * size, 1.6 * size];
  const held = (value) => clamp(value, low, high);
  const inside = ([, value]) => value > low && value < high;
  const label = "What the cell holds before and after the last b, for every n";
  const ends = { x: [0, SHOWN], y: [low, high], foot: 8, margin: { left: 48 } };
  const c = kit.chart(view, { width, height: HEIGHT, label, ...ends });
  /** As far as it can be drawn, and one place beyond. */
  const line = (place) => {
    const points = counts.map((pair, k) => [k + 1, held(pair[place])]);
    const end = points.findIndex((point) => !inside(point));
    return end < 0 ? points : points.slice(0, end + 1);
  };
  const [before, after] = [line(0), line(1)];
  const grip = c.handle({
    name: "Number n of each letter",
    x: n,
    y: held(counts[n - 1][1]),
    move: (at) => view.change({ n: clamp(Math.round(at), 1, SHOWN) }),
    keys: (by) => view.change({ n: clamp(view.state.n + by, 1, SHOWN) }),
    now: n,
    low: 1,
    high: SHOWN,
    says: `n = ${n}`,
    hollow: !inside([n, counts[n - 1][1]]),
  });
  const wrong = longest < SHOWN;
  return c.draw(
    wrong
      ? svg`<rect class="flat" x=${c.x(longest + 0.5).toFixed(1)} width=${(c.right - Math.max(c.x(longest + 0.5), c.left)).toFixed(1)} y=${c.top} height=${c.bottom - c.top}></rect>`
      : "",
    svg`<g class="ticks">${c.yTicks([0], String, { gap: 24 })}${c.xTicks([1, 10, 20, 30, 40])}</g>`,
    c.path(`M${c.left} ${c.y(theta).toFixed(1)}H${c.right}`, "guide"),
    c.curve(before, { hue: "C" }),
    c.curve(after, { sort: "line thin", hue: "C" }),
    c.xTitle("n, letters of each kind"),
    c.yTitle("before and after the last b"),
    c.label("before", kit.along(before.map(c.place), c.measure("before")), { hue: "C" }),
    c.label("after", kit.along(after.map(c.place), c.measure("after")), { hue: "C" }),
    wrong
      ? c.label(
          "wrong",
          [
            [c.right - 4, c.top + 14, "end"],
            [c.right - 4, c.bottom - 8, "end"],
          ],
          { sort: "note", optional: true },
        )
      : "",
    grip,
  );
}

// ---- together --------------------------------------------------------------------------------------

function formula(view) {
  const { i, C_tilde, states, t, said } = view.now;
  return kit.equation(view, "C_t = f C_t−1 + i C̃_t", [
    kit.term({ name: "C", hue: "C", value: round(states[t]), text: "C_t" }),
    "=",
    kit.term({ name: "f", hue: "f", value: said, text: "f" }),
    "·",
    kit.term({ name: "before", hue: "C", value: round(states[t - 1]), text: "C_t−1", term: "C" }),
    "+",
    kit.term({ name: "i", hue: "i", value: decimal(i), text: "i" }),
    "·",
    kit.term({ name: "c", hue: "c", value: decimal(C_tilde), text: "C̃_t" }),
  ]);
}

function verdict(view) {
  const { longest, counts, theta } = view.now;
  if (longest >= SHOWN) return `Right ${reach(view.now)}.`;
  const [before] = counts[longest];
  const n = longest + 1;
  const how =
    before <= theta
      ? `one letter b is still to come, and the cell is down to ${round(before)}`
      : `all letters b have come, and the cell still holds ${round(counts[longest][1])}`;
  return `Right ${reach(view.now)}. At n = ${n} ${how}; the line is at ${round(theta)}.`;
}

function stage(view) {
  const wide = view.width >= 560;
  const part = wide ? Math.floor((view.width - 20) / 2) : view.width;
  return html`${wires(view)}
    <div class="charts ${wide ? "wide" : ""}">${string(view, part)}${lengths(view, part)}</div>
    <p class="sentence">${verdict(view)}</p>`;
}

const done = (view) => view.now.longest >= view.get("goal");

const say = (view) => verdict(view);

export default kit.explorable({ see, formula, stage, say, done });
