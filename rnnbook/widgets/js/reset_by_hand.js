// The reader is two reset gates: which of two memories bears on the value that is made now?

import * as kit from "./kit/index.js";
import { clamp, decimal, html, nothing, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const SUM = [24, 90]; // heights
const NEXT = 136; // from one memory to the other
const ROOM = { title: 118, held: [127, 135], gate: [146, 186], evidence: [199, 233] };
const GATES = ["first", "second"];

const start = (model) => {
  const row = (name) => model.get(name);
  const [held, bears, evidence, best] = ["held", "bears", "evidence", "best_gates"].map(row);
  const targets = math.letThrough(held, bears);
  const run = (gates) => {
    const made = math.letThrough(held, gates);
    return { made, error: math.rmsError(made, targets) };
  };
  const preset = ({ set }) => run(GATES.map((name) => set[name])).error;
  const [all, constant] = row("_presets").map(preset);
  return { held, bears, evidence, targets, run, all, constant, best: run(best) };
};

function see(state, { own }) {
  const gates = GATES.map((name) => state[name]);
  const steps = gates[0].length;
  const told = state.marks === "shown" || state.best === "shown"; // else the error would show the marks
  return { gates, steps, t: clamp(state.step, 1, steps) - 1, told, ...own.run(gates) };
}

function strips(view) {
  const { own, now, width, state } = view;
  const { steps, t } = now;
  const names = view.get("names");
  const seen = state.marks === "shown";
  const label = "The push and what is made of the two memories; and of each memory the bars and the evidence";
  const c = kit.picture(view, { width, height: 410, label });
  const ends = {
    ...(seen && { push: own.targets }),
    yours: now.made,
    ...(state.best === "shown" && { best: own.best.made }),
  };
  const most = ["push", "yours", "evidence"].map((name) => c.measure(name));
  const [left, right] = [30, width - Math.max(...most) - 16];
  const across = kit.scale(-0.5, steps - 0.5, left, right);
  const up = kit.scale(-2.3, 2.3, SUM[1], SUM[0]);
  const at = (k, y) => `${across(k).toFixed(1)} ${y.toFixed(1)}`;
  const axis = (y, text) => [
    svg`<line x1=${left} x2=${right} y1=${y.toFixed(1)} y2=${y.toFixed(1)}></line>`,
    c.text(text, [left - 6, y + 4, "end"], { sort: "tick" }),
  ];
  const heights = kit.spread(
    Object.values(ends).map((row) => up(row.at(-1))),
    17,
    SUM[0] + 4,
    SUM[1],
  );
  const dots = (row, y) => row.map((value, k) => `M${at(k, y(value))}h.01`).join("");
  const column = svg`<rect class="column" x=${(across(t) - (across(1) - across(0)) / 2).toFixed(1)}
    width=${(across(1) - across(0)).toFixed(1)} y=${SUM[0]} height=${ROOM.evidence[1] + NEXT - SUM[0]}></rect>`;
  const memory = (n) => {
    const [down, name, hue] = [n * NEXT, names[n], "r"];
    const y = (room, low, high) => kit.scale(low, high, ROOM[room][1] + down, ROOM[room][0] + down);
    const [side, bar] = [y("held", -1, 1), y("gate", 0, 1)];
    const speaks = y(
      "evidence",
      Math.min(-0.4, ...own.evidence.flat()),
      Math.max(1.4, ...own.evidence.flat()),
    );
    const place = ([px, py]) => [
      clamp(Math.round(across.invert(px)), 0, steps - 1),
      clamp(Math.round(20 * bar.invert(py)) / 20, 0, 1),
    ];
    const { paint, press } = kit.painting(view, GATES[n], place, 0.05);
    const outline = (row) =>
      `M${left} ${bar(0)}${row.map((g, k) => `V${bar(g).toFixed(1)}H${across(k + 0.5).toFixed(1)}`).join("")}V${bar(0)}`;
    const bears = own.bears[n].flatMap((one, k) => (one && seen ? [k] : []));
    const quiet = own.evidence[n].flatMap((v, k) => (bears.includes(k) ? [] : [`M${at(k, speaks(v))}h.01`]));
    const marks = bears.map((k) => `M${at(k, speaks(own.evidence[n][k]) - 5.5)}l5 5.5l-5 5.5l-5 -5.5z`);
    const share = now.gates[n][t];
    const said = `step ${t + 1} of ${steps}: ${decimal(share)}${bears.includes(t) ? ", it bears" : ""}, held ${own.held[n][t]}, evidence ${decimal(own.evidence[n][t])}`;
    return [
      c.text(`${name}: share that is let through`, [left, ROOM.title + down], { sort: "axis haloed" }),
      svg`<g class="ticks">${[0, 1].map((g) => axis(bar(g), String(g)))}${[0, 1].map((v) => axis(speaks(v), String(v)))}</g>`,
      c.path(
        own.held[n].map((h, k) => `M${at(k - 0.5, side(h))}H${across(k + 0.5).toFixed(1)}`).join(""),
        "incoming held",
      ),
      c.text("held", [right + 10, ROOM.held[1] + down], { sort: "note", hue: "h" }),
      c.text("evidence", [right + 10, ROOM.evidence[1] + down - 8], { sort: "note" }),
      c.path(quiet.join(""), "seen"),
      c.path(marks.join(""), "reset"),
      svg`<g class=${`handle painted q-${hue}`} role="slider" tabindex="0" aria-orientation="vertical" data-term=${hue}
        aria-label="${name}: share that is let through, one bar a step" aria-valuemin="0" aria-valuemax="1" aria-valuenow=${share}
        aria-valuetext=${said} @pointerdown=${paint} @keydown=${press}>
        <rect class="reach" x=${left} y=${ROOM.gate[0] + down - 6} width=${right - left} height=${ROOM.gate[1] - ROOM.gate[0] + 12}></rect>
        <path class="kept" d="${outline(now.gates[n])}Z"></path>
        ${state.best === "shown" ? c.path(outline(view.get("best_gates")[n]), "best") : nothing}
        <circle class="dot" cx=${across(t).toFixed(1)} cy=${bar(share).toFixed(1)} r="5"></circle></g>`,
    ];
  };
  const line = (row, sort, more) => c.path(kit.through(row.map((y, k) => [across(k), up(y)])), sort, more);
  return c.draw(
    column,
    svg`<g class="ticks">${[-2, 0, 2].map((y) => axis(up(y), decimal(y, 0)))}</g>`,
    seen ? c.path(dots(own.targets, up), "target") : nothing,
    state.best === "shown" ? line(own.best.made, "ghost carousel") : nothing,
    line(now.made, "line", { hue: "n", term: "n" }),
    Object.keys(ends).map((name, k) =>
      c.text(name, [right + 10, heights[k] + 4], { sort: "value", hue: name === "yours" && "n" }),
    ),
    c.text("push now", [left, SUM[0] - 11], { sort: "axis haloed" }),
    seen ? c.label("◆ it bears", [[right, SUM[0] - 11, "end"]], { sort: "axis" }) : nothing,
    memory(0),
    memory(1),
    svg`<g class="ticks">${kit
      .roundTicks(steps, c.narrow ? 4 : 8)
      .slice(1)
      .map((k) => c.text(String(k), [across(k - 1), 386, "middle"], { sort: "tick" }))}</g>`,
    c.text("step t", [(left + right) / 2, 404, "middle"], { sort: "axis" }),
  );
}

function stage(view) {
  const { own, now, state, presets } = view;
  const shares = GATES.map((name) => decimal(presets[1].set[name][0])).join(" and ");
  const rows = [
    { name: "all let through", value: own.all },
    { name: `best constants, ${shares}`, value: own.constant },
    { name: "your gates", value: now.told ? now.error : null, hue: "r" },
    ...(state.best === "shown" ? [{ name: "best by the evidence", value: own.best.error }] : []),
  ];
  const most = Math.max(...rows.map(({ value }) => value), own.best.error);
  const title = ["root mean square error over this stream", "r.m.s. error, this stream"];
  return html`${strips(view)}${kit.bars(view, { title, label: say(view), rows, most })}<p class="sentence">${sum(view)}</p>`;
}

/** The reader's error; with the marks hidden it is not told, lest one climb by it. */
const error = ({ told, error }) =>
  told ? `Your gates' error is ${decimal(error)}.` : "Your gates' error is told with the marks.";

/** The sum of the step in hand, with its numbers. */
function sum({ own, now, get }) {
  const [t, names] = [now.t, get("names")];
  const side = (n) => (own.held[n][t] < 0 ? `(${decimal(own.held[n][t], 0)})` : decimal(own.held[n][t], 0));
  const terms = names.map((_, n) => `${decimal(now.gates[n][t])} · ${side(n)}`);
  const seen = names.map((name, n) => `${name} ${decimal(own.evidence[n][t])}`).join(", ");
  return `Step ${t + 1}: ${terms.join(" + ")} = ${decimal(now.made[t])}. Evidence: ${seen}. ${error(now)}`;
}

function controls(view) {
  const next = view.state.best === "shown" ? "hidden" : "shown";
  const text = next === "shown" ? "Show the best gates" : "Hide the best gates";
  return kit.controls(view, { more: kit.button(text, () => view.change({ best: next })) });
}

const say = ({ now, own }) => `${error(now)} The best constants' is ${decimal(own.constant)}.`;

export default kit.explorable({ start, see, stage, controls, say });
