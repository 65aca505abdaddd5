// Store or protect: two kinds of numbers, one gate between them, and the two errors that it makes.

import * as kit from "./kit/index.js";
import { clamp, decimal, html, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const STEPS = 100; // over which the errors add up
const MIDDLE = 0.5; // evidence that fits both kinds alike: the gate turns about what it says there
const ENDS = [0.001, 0.999]; // of the share that a hand sets: its log-odds are finite

const middleOf = ({ w_v, b }) => w_v * MIDDLE + b;

function see({ w_v, b, noise, p }) {
  const [letIn, missed] = math.writeErrors(w_v, b, noise, p);
  const [best, around] = [math.derivedWrite(noise, p), 3 * noise];
  const derived = math.writeErrors(...best, noise, p);
  const ends = [-around, 1 + around];
  const at = Array.from({ length: 161 }, (_, k) => ends[0] + ((ends[1] - ends[0]) * k) / 160);
  const rows = at.map((v) => ({
    v,
    gate: math.sigmoid(w_v * v + b),
    none: (1 - p) * math.evidenceDensity(v, 0, noise),
    counts: p * math.evidenceDensity(v, 1, noise),
  }));
  return { letIn, missed, own: letIn + missed, derived: derived[0] + derived[1], best, ends, rows };
}

/** Turning the weight leaves what the gate says in the middle as it is. */
function complete(part, view) {
  const turned = "w_v" in part && !("b" in part);
  return turned ? { ...part, b: middleOf(view.state) - part.w_v * MIDDLE } : part;
}

function formula(view) {
  const says = math.sigmoid(middleOf(view.state));
  return kit.equation(view, "i = σ(w_v v + b)", [
    kit.term({ name: "i", hue: "i", value: kit.share(says), text: "i" }),
    "=",
    "σ(",
    kit.knobTerm("w_v", "wx"),
    "·",
    kit.term({ name: "v", hue: "wx", value: decimal(MIDDLE, 1), text: "v" }),
    "+",
    kit.knobTerm("b"),
    ")",
  ]);
}

/** How many numbers there are with such evidence, and how much of them goes wrong. */
function kinds(view) {
  const { rows, ends } = view.now;
  const most = 1.08 * Math.max(...rows.map(({ none, counts }) => Math.max(none, counts)));
  const c = kit.chart(view, {
    width: view.width,
    height: 200,
    label: "How often each evidence comes, of distractors and of numbers that count; shaded, the error",
    x: ends,
    y: [0, most],
    margin: { left: 40, bottom: 20 },
  });
  const line = (name) => rows.map((row) => [row.v, row[name]]);
  const area = (height) =>
    `${kit.through([[ends[0], 0], ...rows.map((row) => [row.v, height(row)]), [ends[1], 0]].map(c.place))}Z`;
  const peak = (name, v) => kit.around(c.place([v, Math.max(...rows.map((row) => row[name]))]));
  return c.draw(
    c.path(
      area(({ none, gate }) => none * gate ** 2),
      "kept",
      { hue: "x", term: "let in" },
    ),
    c.path(
      area(({ counts, gate }) => counts * (1 - gate) ** 2),
      "kept",
      { hue: "C", term: "missed" },
    ),
    c.curve(line("none"), { hue: "x", term: "let in" }),
    c.curve(line("counts"), { hue: "C", term: "missed" }),
    c.yTitle("how often (shaded: error)"),
    c.label("distractors", peak("none", 0), { hue: "x", term: "let in" }),
    c.label("these count", peak("counts", 1), { hue: "C", term: "missed" }),
  );
}

function gate(view) {
  const { rows, ends } = view.now;
  const c = kit.chart(view, {
    width: view.width,
    height: 190,
    label: "The share that the gate writes, against the evidence",
    x: ends,
    y: [0, 1],
    margin: { left: 40 },
  });
  const says = math.sigmoid(middleOf(view.state));
  const set = (share) => view.change({ b: math.logit(clamp(share, ...ENDS)) - view.state.w_v * MIDDLE });
  const grip = c.handle({
    name: "Share written at the evidence one half; moving it sets the bias b",
    x: MIDDLE,
    y: says,
    along: "y",
    move: (_, share) => set(share),
    keys: (by) => set(math.sigmoid(middleOf(view.state)) + 0.01 * by),
    now: Number(says.toFixed(3)),
    low: ENDS[0],
    high: ENDS[1],
    says: `i = ${kit.share(says)} at v = 0.5`,
    hue: "i",
    term: "i",
  });
  const points = rows.map((row) => [row.v, row.gate]);
  const [weight, bias] = view.now.best;
  const derived = rows.map(({ v }) => c.place([v, math.sigmoid(weight * v + bias)]));
  return c.draw(
    svg`<g class="ticks">${c.yTicks([0, 0.5, 1], (y) => String(y))}${c.xTicks([0, 1])}</g>`,
    c.path(kit.through(derived), "ghost carousel"),
    c.curve(points, { hue: "i", term: "i" }),
    c.xTitle("evidence v"),
    c.yTitle("share i that is written"),
    grip,
  );
}

function stage(view) {
  const { own, derived } = view.now;
  const { p } = view.state;
  const rows = [
    { name: "write nothing", value: STEPS * p },
    { name: "best fixed weight", value: STEPS * p * (1 - p) },
    { name: "this gate", value: STEPS * own, hue: "i" },
    { name: "derived gate", value: STEPS * derived },
  ];
  const title = [`mean square error after ${STEPS} steps, over all streams`, `error after ${STEPS} steps`];
  const most = Math.max(...rows.map(({ value }) => value));
  return html`${kinds(view)}${gate(view)}${kit.bars(view, { title, label: say(view), rows, most, mark: STEPS * derived })}
    <p class="sentence">${say(view)}</p>`;
}

function say({ now: { letIn, missed, own, derived } }) {
  const more = 100 * (own / derived - 1);
  const rest = more < 0.5 ? "as little as can be" : `${decimal(more, 0)} % above the least`;
  return `In ${STEPS} steps, distractors let in cost ${decimal(STEPS * letIn, 1)} and what is missed ${decimal(STEPS * missed, 1)}: ${rest}.`;
}

const done = ({ state: { w_v }, now: { own, derived, best } }) =>
  own < 1.03 * derived && Math.abs(w_v - best[0]) > 1e-6; // found, not taken

export default kit.explorable({ see, complete, formula, stage, done, say });
