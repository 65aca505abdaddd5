// The reader is the gate: bars painted by hand, the memory they make, the target it should follow.

import * as kit from "./kit/index.js";
import { clamp, decimal, html, nothing, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const ROOM = { total: [26, 166], gate: [204, 290], evidence: [326, 400], axis: 418 }; // heights

const start = (model) => {
  const row = (name) => model.get(name);
  const [values, targets, evidence, marked] = ["values", "targets", "evidence", "marked"].map(row);
  const run = (gate) => {
    const memory = math.byHand(row("rule"), values, gate);
    return { memory, error: math.rmsError(memory, targets) };
  };
  const constant = (set) => run(set.gate).error;
  const [all, best] = model.get("_presets").map(({ set }) => constant(set));
  const gate = row("best_gate");
  const cut = run(gate.map(Math.round)).error;
  const open = run(gate.map(() => 1)).memory; // what no gate leads to has room, too
  const reach = [Math.min(...targets, ...open), Math.max(...targets, ...open)];
  const [shows, believes, overwrites] = ["show", "believe", "overwrite"].map((rule) => row("rule") === rule);
  const drawn = { values, targets, evidence, marked, shows, believes, overwrites };
  return { ...drawn, run, all, constant: best, best: run(gate), cut, reach };
};

function see({ gate, step }, { own }) {
  const [low, high] = own.reach;
  const { memory, error } = own.run(gate);
  const steps = gate.length;
  const t = clamp(step, 1, steps) - 1;
  const room = 0.1 * (high - low);
  return { memory, error, steps, t, low: Math.min(low - room, 0), high: Math.max(high + room, 0) };
}

function strips(view) {
  const { own, now, width, state } = view;
  const { steps, t } = now;
  const words = view.get("words");
  const label = `The ${words.stream}, the gate's bars and the evidence, step by step`;
  const c = kit.picture(view, { width, height: 452, label });
  const names = { target: words.target, memory: words.memory, ...(own.shows && { stored: words.stored }) };
  const hues = { memory: own.shows || own.believes || own.overwrites ? "h" : "C", stored: "C" };
  const [left, right] = [30, width - Math.max(...Object.values(names).map((name) => c.measure(name))) - 16];
  const across = kit.scale(-0.5, steps - 0.5, left, right);
  const least = own.believes ? -1 : 0; // the lower of the two numbers that evidence speaks for
  const shown = { v: [Math.min(least - 0.4, ...own.evidence), Math.max(1.4, ...own.evidence)] };
  const up = {
    total: kit.scale(now.low, now.high, ROOM.total[1], ROOM.total[0]),
    gate: kit.scale(0, 1, ROOM.gate[1], ROOM.gate[0]),
    evidence: kit.scale(...shown.v, ROOM.evidence[1], ROOM.evidence[0]),
  };
  const place = ([x, y]) => [
    clamp(Math.round(across.invert(x)), 0, steps - 1),
    clamp(Math.round(20 * up.gate.invert(y)) / 20, 0, 1),
  ];
  const { paint, press } = kit.painting(view, "gate", place, 0.05);
  const seen = state.marks === "shown";
  const marks = own.marked.flatMap((mark, k) => (mark && seen ? [k] : []));
  const unit = [1, 2, 5, 10].find((size) => now.high - now.low < 5 * size) ?? 20;
  const ticks = Array.from({ length: 13 }, (_, k) => unit * (k - 6)).filter(
    (y) => y >= now.low && y <= now.high,
  );
  const axis = (y, text) => [
    svg`<line x1=${left} x2=${right} y1=${y.toFixed(1)} y2=${y.toFixed(1)}></line>`,
    c.text(text, [left - 6, y + 4, "end"], { sort: "tick" }),
  ];
  const at = (k, y) => `${across(k).toFixed(1)} ${y.toFixed(1)}`;
  const diamonds = (height) => marks.map((k) => `M${at(k, height(k) - 5.5)}l5 5.5l-5 5.5l-5 -5.5z`).join("");
  const line = (totals, sort, more) =>
    c.path(
      kit.through(
        totals.map((y, k) => [across(k), clamp(up.total(y), ROOM.total[0] - 6, ROOM.total[1] + 6)]),
      ),
      sort,
      more,
    );
  const outline = (row) =>
    `M${left} ${up.gate(0)}${row.map((g, k) => `V${up.gate(g).toFixed(1)}H${across(k + 0.5).toFixed(1)}`).join("")}V${up.gate(0)}`;
  const jumps = view.get("rule") === "keep" || own.believes || own.overwrites;
  const hue = { keep: "f", write: "i", show: "o", believe: "h", overwrite: "z" }[view.get("rule")];
  const target = own.targets
    .map((y, k) => `${!k || own.shows || (jumps && own.marked[k]) ? "M" : "L"}${at(k, up.total(y))}h.01`)
    .join("");
  const dot = (k) => up.evidence(own.evidence[k]);
  const dots = own.evidence
    .flatMap((_, k) => (seen && own.marked[k] ? [] : [`M${at(k, dot(k))}h.01`]))
    .join("");
  const ends = {
    ...(own.shows && { stored: own.values }),
    ...(seen && { target: own.targets }),
    memory: now.memory,
  };
  const heights = kit.spread(
    Object.values(ends).map((row) => up.total(row.at(-1))),
    17,
    ROOM.total[0] + 4,
    ROOM.total[1],
  );
  const said = `step ${t + 1} of ${steps}: ${decimal(state.gate[t])}${seen && own.marked[t] ? `, a ${words.mark}` : ""}, evidence ${decimal(own.evidence[t])}`;
  return c.draw(
    svg`<g class="ticks">${ticks.map((y) => axis(up.total(y), decimal(y, 0)))}
      ${[0, 1].map((g) => axis(up.gate(g), String(g)))}${[least, 1].map((v) => axis(up.evidence(v), decimal(v, 0)))}</g>`,
    svg`<rect class="column" x=${(across(t) - (across(1) - across(0)) / 2).toFixed(1)} width=${(across(1) - across(0)).toFixed(1)} y=${ROOM.total[0]} height=${ROOM.evidence[1] - ROOM.total[0]}></rect>`,
    c.path(marks.map((k) => `M${at(k, ROOM.total[0])}V${ROOM.evidence[1]}`).join(""), "fall"),
    seen ? c.path(target, "target") : nothing,
    own.shows ? line(own.values, "stored", { hue: "C", term: "C" }) : nothing,
    own.overwrites
      ? c.path(own.values.map((s, k) => `M${at(k, up.total(s))}h.01`).join(""), "incoming")
      : nothing,
    state.best === "shown" ? line(own.best.memory, "ghost carousel") : nothing,
    line(now.memory, "line", { hue: hues.memory, term: hues.memory }),
    c.path(
      diamonds((k) => up.total(own.targets[k])),
      "reset",
    ),
    c.path(dots, "seen"),
    c.path(diamonds(dot), "reset"),
    svg`<g class=${`handle painted q-${hue}`} role="slider" tabindex="0" aria-orientation="vertical" data-term=${hue}
      aria-label="${words.gate}, one bar a step" aria-valuemin="0" aria-valuemax="1" aria-valuenow=${state.gate[t]}
      aria-valuetext=${said} @pointerdown=${paint} @keydown=${press}>
      <rect class="reach" x=${left} y=${ROOM.gate[0] - 10} width=${right - left} height=${ROOM.gate[1] - ROOM.gate[0] + 20}></rect>
      <path class="kept" d="${outline(state.gate)}Z"></path>
      ${state.best === "shown" ? c.path(outline(view.get("best_gate")), "best") : nothing}
      <circle class="dot" cx=${across(t).toFixed(1)} cy=${up.gate(state.gate[t]).toFixed(1)} r="6"></circle></g>`,
    Object.keys(ends).map((name, k) =>
      c.text(names[name], [right + 10, heights[k] + 4], {
        sort: "value",
        hue: hues[name],
      }),
    ),
    c.text(words.stream, [left, ROOM.total[0] - 12], { sort: "axis haloed" }),
    seen
      ? c.label(
          `◆ a ${words.mark}`,
          [
            [right, ROOM.total[0] - 12, "end"],
            [width, ROOM.total[0] - 12, "end"],
          ],
          { sort: "axis" },
        )
      : nothing,
    c.text(words.gate, [left, ROOM.gate[0] - 13], { sort: "axis haloed" }),
    c.text(words.evidence, [left, ROOM.evidence[0] - 12], { sort: "axis haloed" }),
    svg`<g class="ticks">${kit
      .roundTicks(steps, c.narrow ? 4 : 8)
      .slice(1)
      .map((k) => c.text(String(k), [across(k - 1), ROOM.axis + 4, "middle"], { sort: "tick" }))}</g>`,
    c.text("step t", [(left + right) / 2, ROOM.axis + 26, "middle"], { sort: "axis" }),
  );
}

function stage(view) {
  const { own, now, state } = view;
  const { judged = "best by the evidence" } = view.get("words");
  const rows = [
    { name: view.presets[0].name.toLowerCase(), value: own.all },
    { name: `best constant, ${decimal(view.presets[1].set.gate[0])}`, value: own.constant },
    {
      name: `your ${noun(own)}`,
      value: now.error,
      hue: own.shows ? "o" : own.believes ? "h" : own.overwrites ? "z" : "C",
    },
    ...(state.best === "shown" ? [{ name: judged, value: own.best.error }] : []),
    ...(state.best === "shown" ? [{ name: "the same, cut to 0 or 1", value: own.cut }] : []),
  ];
  const most = Math.max(own.all, own.constant, now.error, own.best.error, own.cut);
  const title = ["root mean square error over this stream", "r.m.s. error, this stream"];
  return html`${strips(view)}${kit.bars(view, { title, label: say(view), rows, most })}<p class="sentence">${say(view)}${fading(view)}</p>`;
}

/** What the bar in hand would do if it stood at every step. */
function fading({ own, now, state }) {
  if (!own.overwrites) return "";
  const share = state.gate[now.t];
  const half =
    share < 1
      ? `half of what is held is gone after ${decimal(math.halfLife(share), 1)} steps`
      : "nothing fades";
  return ` With ${decimal(share)} at every step, as at step ${now.t + 1}, ${half}.`;
}

function controls(view) {
  const next = view.state.best === "shown" ? "hidden" : "shown";
  const show = view.get("words").best;
  const text = next === "shown" ? show : show.replace("Show", "Hide");
  return kit.controls(view, { more: kit.button(text, () => view.change({ best: next })) });
}

const noun = (own) => (own.believes ? "belief" : "gate");

const say = ({ now, own }) =>
  `Your ${noun(own)}'s error is ${decimal(now.error)}; the best constant's is ${decimal(own.constant)}.`;

export default kit.explorable({ start, see, stage, controls, say });
