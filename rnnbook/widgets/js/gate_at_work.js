// A gate at work: the running total, the memory that follows it, the gate and what the gate sees.

import * as kit from "./kit/index.js";
import { clamp, decimal, html, nothing, remember, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const ROOM = { total: [26, 176], gate: [206, 260], evidence: [290, 398], steps: 416 }; // heights
const SOFT = 0.98; // the tint of the evidence runs from this share down to one minus this share
const MIDDLE = 0.5; // where the line begins, for a gate that did not listen before

// ---- what is shown -----------------------------------------------------------------------------

function start() {
  const draw = remember(math.streamDraw);
  const stream = remember((seed, steps, p, noise) => {
    const found = math.runningTotal(draw(seed, steps), p, noise);
    const reached = math.reachableTotals(found.values);
    const constant = (share) => math.keptTotals(found.values, Array(steps).fill(share));
    const [low, high] = [Math.min(...reached.map((r) => r[0])), Math.max(...reached.map((r) => r[1]))];
    return { ...found, low, high, carousel: constant(1), leak: constant(1 - p) };
  });
  const errors = remember((p, noise, steps) => {
    const of = (weight, bias) => Math.sqrt(math.gatedError(weight, bias, noise, p, steps));
    const size = (1 - (1 - p) ** steps) / p; // E y²: the error of always answering 0
    const [carousel, derived] = [of(0, 800), of(...math.derivedGate(noise, p))];
    return { carousel, leak: of(0, math.logit(1 - p)), derived, most: Math.max(carousel, Math.sqrt(size)) };
  });
  return { draw, stream, errors, threshold: MIDDLE, pointed: null };
}

function see({ w_v, b, noise, p, stream, step }, view) {
  const { own } = view;
  const steps = view.knob("step").high;
  const shown = own.stream(stream, steps, p, noise);
  const gates = shown.evidence.map((v) => math.sigmoid(w_v * v + b));
  if (w_v) own.threshold = -b / w_v;
  const error = Math.sqrt(math.gatedError(w_v, b, noise, p, steps));
  const errors = { ...own.errors(p, noise, steps), own: error };
  const memory = math.keptTotals(shown.values, gates);
  return { ...shown, steps, gates, memory, errors, most: 0.1 + 3 * noise, step: own.pointed ?? step };
}

/** Turning the weight leaves the line f = ½ where it is. */
function complete(part, view) {
  const line = clamp(view.own.threshold, -view.now.most, 1 + view.now.most);
  return "w_v" in part && !("b" in part) ? { ...part, b: -part.w_v * line } : part;
}

/** A share in few digits. */
function shareText(f) {
  if (f < 5e-5) return "≈ 0";
  if (f > 1 - 5e-5) return "≈ 1";
  return decimal(f, f < 0.00995 || f >= 0.995 ? 4 : f < 0.0995 ? 3 : 2);
}

function formula(view) {
  const { now } = view;
  const t = now.step - 1;
  const f = shareText(now.gates[t]);
  const [C, before] = [now.memory[t], t ? now.memory[t - 1] : 0];
  const gate = [
    kit.term({ name: "f", hue: "f", value: f, text: "f_t" }),
    "=",
    "σ(",
    kit.knobTerm("w_v", "wx"),
    "·",
    kit.term({ name: "v", hue: "wx", value: decimal(now.evidence[t]), text: "v_t" }),
    "+",
    kit.knobTerm("b"),
    ")",
  ];
  const memory = [
    kit.term({ name: "C", hue: "C", value: decimal(C), text: "C_t" }),
    "=",
    kit.term({ name: "f", hue: "f", value: f, text: "f_t" }),
    "·",
    kit.term({ name: "C", hue: "C", value: decimal(before), text: "C_t−1" }),
    "+",
    kit.term({ name: "x", hue: "x", value: decimal(now.values[t]), text: "u_t" }),
  ];
  return kit.equation(view, "f_t = σ(w_v v_t + b), C_t = f_t C_t−1 + u_t", [gate, memory]);
}

/** One step in words. */
function told({ state: { w_v, b }, now }) {
  const t = now.step - 1;
  const [reset, a] = [now.resets[t], w_v * now.evidence[t] + b];
  const heard = w_v
    ? `the gate ${a < 0 === reset ? "" : "wrongly "}hears ${a < 0 ? "forget" : "keep"}`
    : "the gate does not listen";
  return (
    `Step ${now.step}, ${reset ? "a reset" : "no reset"}: ${heard} (a\u00a0=\u00a0${decimal(a, 1)}). ` +
    `Memory ${decimal(now.memory[t])}, target ${decimal(now.totals[t])}.`
  );
}

// ---- three strips over the same steps ------------------------------------------------------------

function strips(view) {
  const { now, width } = view;
  const { steps } = now;
  const label = "The running total and its memory, the gate, and the evidence, step by step";
  const c = kit.picture(view, { width, height: 450, label });
  const names = { target: "target", memory: "memory C", carousel: "carousel", leak: "best leak" };
  const right = width - Math.max(...Object.values(names).map((name) => c.measure(name))) - 16;
  const left = 30;
  const across = kit.scale(0.5, steps + 0.5, left, right);
  const up = {
    total: kit.scale(now.low, now.high, ...[...ROOM.total].reverse()),
    gate: kit.scale(0, 1, ...[...ROOM.gate].reverse()),
    evidence: kit.scale(-now.most, 1 + now.most, ...[...ROOM.evidence].reverse()),
  };
  const at = (t, y) => `${across(t + 1).toFixed(1)} ${y.toFixed(1)}`;
  const stepAt = (x) => clamp(Math.round(across.invert(x)), 1, steps);
  const cursor = c.handle({
    name: "Step whose numbers are shown",
    at: [across(now.step), ROOM.steps],
    drag: ([x]) => view.change({ step: stepAt(x) }),
    keys: (by) => view.change({ step: view.state.step + by }),
    now: now.step,
    low: 1,
    high: steps,
    says: `step ${now.step}`,
  });
  const evidence = decide(view, c, { left, right, up: up.evidence });
  const axis = (y, source, shift = 0) => [
    svg`<line x1=${left} x2=${right} y1=${y.toFixed(3)} y2=${y.toFixed(3)}></line>`,
    c.text(source, [left - 6, y + 4 + shift, "end"], { sort: "tick" }),
  ];
  const unit = [5, 10, 20].find((size) => now.high - now.low < 6 * size) ?? 50;
  const marks = Array.from({ length: 13 }, (_, k) => unit * (k - 6)).filter(
    (y) => y >= now.low && y <= now.high,
  );
  const apart = Math.max(0, 13 - up.evidence(0) + up.evidence(1)) / 2; // so that 0 and 1 stay legible
  const line = (totals, sort, more) =>
    c.path(kit.through(totals.map((y, t) => [across(t + 1), up.total(y)])), sort, more);
  const pieces = now.totals.map((y, t) => `${!t || now.resets[t] ? "M" : "L"}${at(t, up.total(y))}h.01`);
  const [resets, others] = [[], []];
  now.resets.forEach((reset, t) => (reset ? resets : others).push(t));
  const dot = (t) => up.evidence(clamp(now.evidence[t], -now.most, 1 + now.most));
  const diamonds = (height) => resets.map((t) => `M${at(t, height(t) - 5.5)}l5 5.5l-5 5.5l-5 -5.5z`).join("");
  const bars = now.gates.map((f, t) => `V${up.gate(f).toFixed(1)}H${across(t + 1.5).toFixed(1)}`);
  const half = Math.max((across(2) - across(1)) / 2, 2);
  const last = { target: now.totals, memory: now.memory, carousel: now.carousel, leak: now.leak };
  const wanted = Object.values(last).map((totals) => up.total(totals.at(-1)));
  const heights = kit.spread(wanted, 17, ROOM.total[0] + 4, ROOM.total[1] - 2);
  const inside = ([x, y]) => x >= left && x <= right && y > ROOM.total[0] && y < ROOM.evidence[1];
  const ground = kit.looking(view, (place) => (inside(place) ? stepAt(place[0]) : null));
  return c.draw(
    svg`<g class="at-work" @pointermove=${ground.look} @pointerleave=${ground.leave} @click=${ground.choose}>
      <rect class="ground" x=${left} y=${ROOM.total[0]} width=${right - left} height=${ROOM.evidence[1] - ROOM.total[0]}></rect>
      ${evidence.tint}
      <g class="ticks">${marks.map((y) => axis(up.total(y), decimal(y, 0)))}${[0, 1].map((f) => axis(up.gate(f), String(f)))}
        ${[0, 1].map((v) => axis(up.evidence(v), String(v), v ? -apart : apart))}</g>
      <rect class="column" x=${(across(now.step) - half).toFixed(1)} width=${(2 * half).toFixed(1)} y=${ROOM.total[0]} height=${ROOM.evidence[1] - ROOM.total[0]}></rect>
      ${c.path(resets.map((t) => `M${at(t, ROOM.total[0])}V${ROOM.evidence[1]}`).join(""), "fall")}
      ${line(now.carousel, "ghost carousel")}${line(now.leak, "ghost leak")}
      ${c.path(pieces.join(""), "target")}${line(now.memory, "line", { hue: "C", term: "C" })}
      ${c.path(
        diamonds((t) => up.total(now.totals[t])),
        "reset",
      )}
      ${c.path(`M${left} ${up.gate(0)}${bars.join("")}V${up.gate(0)}Z`, "kept", { hue: "f", term: "f" })}
      ${c.path(others.map((t) => `M${at(t, dot(t))}h.01`).join(""), "seen", { term: "v" })}
      ${c.path(diamonds(dot), "reset", { term: "v" })}${evidence.line}</g>`,
    Object.keys(names).map((name, k) =>
      c.text(names[name], [right + 10, heights[k] + 4], {
        sort: k < 2 ? "value" : "note",
        hue: name === "memory" ? "C" : undefined,
      }),
    ),
    c.text("running total", [left, ROOM.total[0] - 10], { sort: "axis haloed" }),
    c.text("◆ a reset", [right, ROOM.total[0] - 10, "end"], { sort: "axis" }),
    c.text("gate f_{t}: the share that is kept", [left, ROOM.gate[0] - 9], { sort: "axis haloed" }),
    c.text("evidence v_{t} (shaded: kept)", [left, ROOM.evidence[0] - 9], { sort: "axis haloed" }),
    c.label(
      "step t",
      [
        [right + 31, ROOM.steps + 4],
        [right + 18, ROOM.steps + 30],
      ],
      { sort: "axis" },
    ),
    svg`<g class="ticks"><line x1=${left} x2=${right} y1=${ROOM.steps} y2=${ROOM.steps}></line>${kit
      .roundTicks(steps, c.narrow ? 4 : 6)
      .slice(1)
      .map((t) => c.text(String(t), [across(t), ROOM.steps + 30, "middle"], { sort: "tick" }))}</g>`,
    evidence.words,
    evidence.grip,
    cursor,
  );
}

/** The line at which the gate is one half, with its handle; the tint of what is kept around it. */
function decide(view, c, { left, right, up }) {
  const { w_v, b } = view.state;
  const [low, high] = [-view.now.most, 1 + view.now.most];
  const [top, bottom] = ROOM.evidence;
  const area = (
    fill,
    opacity,
  ) => svg`<rect class="tint" data-term="f" x=${left} y=${top} width=${right - left}
    height=${bottom - top} style="fill:${fill}" fill-opacity=${opacity}></rect>`;
  const word = (text, y, sort = "note", hue) =>
    c.label(
      text,
      [
        [right + 31, y],
        [right + 12, y],
        [right + 3, y],
      ],
      { sort, hue, optional: sort === "note" },
    );
  if (!w_v) {
    const middle = (top + bottom) / 2;
    const f = shareText(math.sigmoid(b)).replace(/^(?=\d)/, "= ");
    return {
      tint: area("var(--q-f)", (0.26 * math.sigmoid(b)).toFixed(3)),
      words: [word(`f ${f}`, middle + 4, "value", "f"), word("everywhere", middle + 21)],
    };
  }
  const line = -b / w_v;
  const shown = clamp(line, low, high);
  const y = up(shown);
  const inside = line === shown;
  const move = (v) => view.change({ b: -view.state.w_v * clamp(v, low, high) });
  const grip = c.handle({
    name: "Evidence at which the gate is one half; moving it sets the bias b",
    at: [right + 11, y],
    drag: ([, to]) => move(up.invert(to)),
    keys: (by) =>
      move(Number.isFinite(by) ? clamp(-view.state.b / view.state.w_v, low, high) + 0.02 * by : by),
    now: Number(shown.toFixed(3)),
    low: Number(low.toFixed(3)),
    high: Number(high.toFixed(3)),
    says: `v = ${decimal(shown)}`,
    along: "y",
    hue: "f",
    term: "threshold",
    hollow: !inside,
  });
  const id = view.id("soft");
  const edge = math.logit(SOFT);
  const stops = Array.from({ length: 13 }, (_, k) => (0.26 * math.sigmoid(edge * (1 - k / 6))).toFixed(3));
  const [over, under] = w_v < 0 ? ["forgets", "keeps"] : ["keeps", "forgets"];
  const said = clamp(y + 4, top + 11, bottom + 1);
  return {
    grip,
    line: c.path(inside ? `M${left} ${y.toFixed(1)}H${right + 11}` : "", "limit", {
      hue: "f",
      term: "threshold",
    }),
    tint: svg`<defs><linearGradient id=${id} gradientUnits="userSpaceOnUse" x1="0" x2="0"
        y1=${up((edge - b) / w_v).toFixed(1)} y2=${up((-edge - b) / w_v).toFixed(1)}>${stops.map(
          (opacity, k) =>
            svg`<stop offset=${k / 12} stop-opacity=${opacity} style="stop-color:var(--q-f)"></stop>`,
        )}</linearGradient></defs>${area(`url(#${id})`, nothing)}`,
    words: [
      word(`f = ½${inside ? "" : line > high ? " ↑" : " ↓"}`, said, "value", "f"),
      said - 22 >= top + 9 ? word(over, said - 22) : nothing,
      said + 22 <= bottom + 3 ? word(under, said + 22) : nothing,
    ],
  };
}

// ---- the errors to expect ------------------------------------------------------------------------

function errorBars(view) {
  const { errors, steps } = view.now;
  const rows = [
    { name: "carousel, f = 1", value: errors.carousel },
    { name: "best leak, f = 1 − p", value: errors.leak },
    { name: "this gate", value: errors.own, hue: "C" },
    { name: "derived gate", value: errors.derived },
  ];
  const title = [
    `root mean square error at step ${steps}, over all streams`,
    `r.m.s. error at step ${steps}`,
  ];
  return kit.bars(view, { title, label: verdict(errors), rows, most: errors.most, mark: errors.derived });
}

/** How far the gate is from the best one. */
function verdict({ own, derived, leak }) {
  const more = 100 * (own / derived - 1);
  const rest =
    more < 0.05
      ? "as small as it can be"
      : `${decimal(more, more < 9.95 ? 1 : 0)} % above the smallest possible`;
  return `This gate's error is ${decimal(own)}: ${rest}${own > leak ? ", and above the best leak's" : ""}.`;
}

// ---- together --------------------------------------------------------------------------------------

function controls(view) {
  const { w_v } = view.state;
  const line = { name: "threshold", label: "line θ", low: -1, high: 2, step: 0.01 };
  const threshold = kit.numberControl(view, line, {
    off: !w_v,
    value: clamp(view.own.threshold, -1, 2),
    now: () => clamp(view.own.threshold, -1, 2),
    change: (v) => view.state.w_v && view.change({ b: -view.state.w_v * v }),
  });
  const fresh = () => {
    const stream = (view.state.stream % view.knob("stream").high) + 1;
    const first = view.own.draw(stream, view.now.steps).findIndex(([chance]) => chance < view.state.p);
    view.change({ stream, step: Math.max(first, 0) + 1 }); // at its first reset
  };
  const solve = () => {
    const [weight, b] = math.derivedGate(view.state.noise, view.state.p);
    view.change({ w_v: weight, b });
  };
  const more = html`${kit.button("New stream", fresh)}${kit.button("Set both as derived", solve)}`;
  return kit.controls(view, { after: { w_v: threshold }, more });
}

const stage = (view) => html`${strips(view)}<p class="sentence told">${told(view)}</p>
  ${errorBars(view)}<p class="sentence">${verdict(view.now.errors)}</p>`;

function done({ state: { noise, p, w_v }, now: { errors } }) {
  const [best] = math.derivedGate(noise, p);
  return errors.own < 1.03 * errors.derived && Math.abs(w_v - best) > 1e-6; // found, not taken
}

const say = ({ now }) => verdict(now.errors);

export default kit.explorable({ start, see, complete, formula, stage, controls, done, say });
