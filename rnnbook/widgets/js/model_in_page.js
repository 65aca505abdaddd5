// A trained character model that the browser runs: it writes, shows its units, and can be held.

import * as kit from "./kit/index.js";
import { clamp, decimal, html, nothing, remember, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const MOST = 6; // bars of the next character's chances
const ROW = 1; // pixels of a unit in the picture of all units
const ROOM = { text: 16, unit: [30, 70], map: 86 }; // heights of the picture of all units
const PACE = 70; // milliseconds from character to character
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The model once it is there, what it has computed, and the hand that lets it write on. */
function start(model) {
  const most = model.get("_knobs").find(({ name }) => name === "step").high;
  const own = {
    ready: null,
    failed: false,
    left: 0, // characters to the left of the picture
    maps: [remember(drawnUnits), remember(drawnUnits)],
    arrived(data) {
      own.failed = data === null;
      if (!data) return;
      const ready = math.pageModel(data);
      const tokens = (text) => [...text].map((mark) => ready.tokenOf.get(mark));
      const [run, passage] = [math.pageRun(ready, most), tokens(data.passage)];
      const hold = (what, unit, value) => (what === "nothing" ? null : { what, unit, value });
      own.ready = { ...ready, run };
      own.writer = remember((prompt, temperature, seed, ...held) =>
        math.pageWriter(ready, run, tokens(prompt || "\n"), temperature, seed, hold(...held)),
      );
      own.bits = remember((...held) => math.pageBits(ready, passage, hold(...held)));
      own.free = math.pageBits(ready, passage);
    },
    leave() {
      clearInterval(own.timer);
      own.timer = undefined;
    },
    reset() {
      own.leave();
      own.left = 0;
    },
  };
  return own;
}

/** The text, the chosen step t from 0, the followed unit's numbers, and what the passage costs. */
function see(state, { own, get }) {
  const { prompt, written, temperature, draw, what, whose, value } = state;
  const holds = what !== "nothing";
  if (!own.ready) return { text: get("_written"), holds };
  const hold = holds ? [what, whose === "unit n" ? state.unit : 0, value] : ["nothing", 0, 0];
  const writer = own.writer(prompt, temperature, draw, ...hold);
  const tokens = writer(written);
  const marks = tokens.map((token) => own.ready.marks[token]);
  const t = Math.min(state.step, marks.length) - 1;
  const row = own.ready.run[state.show];
  const followed = marks.map((_, s) => row[s * own.ready.H + state.unit - 1]);
  const signed = state.show === "C" || state.show === "h";
  const reach = signed ? Math.max(1, ...followed.map(Math.abs)) : 1;
  const bits = holds ? own.bits(...hold) : own.free;
  return {
    writer,
    tokens,
    marks,
    t,
    holds,
    bits,
    free: own.free,
    followed,
    signed,
    reach,
    text: marks.join(""),
  };
}

const named = (mark) => ({ " ": "space", "\n": "line end" })[mark] ?? mark;
const seen = (mark) => ({ " ": "·", "\n": "↵" })[mark] ?? mark;
const held = ({ what, whose, unit, value }) =>
  `${what} of ${whose === "unit n" ? `unit ${unit}` : whose} held at ${decimal(value)}`;

// ---- the text ------------------------------------------------------------------------------------

/** The text, each character as dark as the followed unit's number was when it had been read. */
function paper(view) {
  const { marks, followed, reach, t } = view.now;
  const { prompt, show, unit } = view.state;
  const choose = ({ target }) => target.dataset.k && view.change({ step: Number(target.dataset.k) });
  const shade = (k) => `--s:${Math.round((42 * Math.abs(followed[k])) / reach)}%`;
  const sort = (k) =>
    `${k < prompt.length ? "read " : ""}${followed[k] < 0 ? "below " : ""}${k === t ? "now" : ""}`;
  const shown = marks?.map(
    (mark, k) => html`<span class=${sort(k)} style=${shade(k)} data-k=${k + 1}>${mark}</span>`,
  );
  return html`<div class="paper q-${show}" role="group" aria-label="The text, shaded by unit ${unit}" tabindex="0"
    @click=${choose}><div>${shown ?? view.now.text}</div></div>`;
}

// ---- all units -----------------------------------------------------------------------------------

/**
 * The picture of one sign: a pixel for each unit and step, as strong as its number is large. A cell
 * state has no bound: it is compared with the largest that its unit has had in this text.
 */
function drawnUnits(run, H, name, left, wide, sign, T) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [wide, H];
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(wide, H);
  image.data.fill(255);
  for (let j = 0; j < H; j++) {
    let most = name === "C" ? 1e-9 : 1;
    if (name === "C") for (let s = 0; s < T; s++) most = Math.max(most, Math.abs(run.C[s * H + j]));
    for (let s = 0; s < wide; s++) {
      const strength = (sign * run[name][(left + s) * H + j]) / most;
      image.data[4 * (j * wide + s) + 3] = 255 * clamp(strength, 0, 1) ** 1.5;
    }
  }
  pen.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

function units(view) {
  const { own, state, width } = view;
  const { writer, marks, t, followed, signed, reach } = view.now;
  const { H, run } = own.ready;
  const high = H * ROW;
  const axis = ROOM.map + high + 16;
  const label = `Unit ${state.unit} and all ${H} units, character by character`;
  const c = kit.picture(view, { width, height: axis + 44, label });
  const [first, last] = ["unit 1", `unit ${H}`];
  const [left, right] = [c.measure(last, "tick") + 24, width - 16];
  const pitch = c.measure("m", "tick") + 3;
  const columns = Math.max(Math.floor((right - left) / pitch), 4);
  // the text moves under the picture only where the step would leave it, or none were left
  own.left = clamp(own.left, Math.max(0, t - columns + 1), Math.min(t, Math.max(0, marks.length - columns)));
  const from = own.left;
  const wide = Math.min(columns, marks.length - from);
  const across = (s) => left + pitch * (s - from + 0.5);
  const place = ([x, y]) => ({
    step: clamp(Math.floor((x - left) / pitch), 0, wide - 1) + from + 1,
    unit: clamp(Math.ceil((y - ROOM.map) / ROW), 1, H),
  });
  const each = Array.from({ length: wide }, (_, k) => from + k);
  const [low, top] = [ROOM.unit[1], ROOM.unit[0]];
  const up = kit.scale(signed ? -reach : 0, reach, low, top);
  const bar = (s) => kit.column(across(s), 0.4 * pitch, up(0), up(followed[s]), "solid-bar", state.show);
  const wash = (sign) => {
    const href = own.maps[sign > 0 ? 0 : 1](run, H, state.show, from, wide, sign, marks.length, writer);
    const id = view.id(sign > 0 ? "above" : "below");
    const box = [left, ROOM.map, wide * pitch, high];
    return svg`<mask id=${id}><image href=${href} x=${box[0]} y=${box[1]} width=${box[2]} height=${box[3]}
      preserveAspectRatio="none"></image></mask><rect class="wash ${sign < 0 ? "tint-ink" : `q-${state.show}`}"
      mask="url(#${id})" x=${box[0]} y=${box[1]} width=${box[2]} height=${box[3]}></rect>`;
  };
  const note = state.show === "C" ? "all units, each against its own largest" : "all units";
  // the key of the colours: a patch and its word, one after the other
  let end = 2;
  const entry = (word, tint) => {
    const at = end;
    end += c.measure(word, "tick") + (tint ? 30 : 0);
    return svg`${tint ? svg`<rect class="wash ${tint}" x=${at} y=${axis + 29} width="12" height="10"></rect>` : nothing}
      ${c.text(word, [at + (tint ? 17 : 0), axis + 38], { sort: "tick" })}`;
  };
  const words = [signed ? "above 0" : "near 1", "below 0", "pale: near 0"];
  const y = ROOM.map + (state.unit - 0.5) * ROW;
  const pick = (event) => view.change(place(kit.placeIn(event.currentTarget.ownerSVGElement, event)));
  return c.draw(
    svg`<rect class="flat" x=${left} y=${ROOM.map} width=${wide * pitch} height=${high}></rect>`,
    svg`<rect class="column" x=${across(t) - pitch / 2} width=${pitch} y="2" height=${axis - 2}></rect>`,
    each.map(bar),
    svg`<g class="ticks"><line x1=${left} x2=${left + wide * pitch} y1=${up(0)} y2=${up(0)}></line></g>`,
    wash(1),
    signed ? wash(-1) : nothing,
    c.path(`M${left} ${y.toFixed(1)}h${(wide * pitch).toFixed(1)}`, "followed", { term: "unit" }),
    svg`<rect class="ground pick" x=${left} y=${ROOM.map} width=${wide * pitch} height=${high} @click=${pick}></rect>`,
    c.handle({
      name: "Unit that is followed",
      at: [left - 10, y],
      along: "y",
      drag: (at) => view.change({ unit: place(at).unit }),
      keys: (by) => view.change({ unit: view.state.unit - by }),
      now: state.unit,
      low: 1,
      high: H,
      says: `unit ${state.unit}`,
      hue: state.show,
      term: "unit",
    }),
    c.handle({
      name: "Character that is looked at",
      at: [across(t), axis],
      drag: (at) => view.change({ step: place(at).step }),
      keys: (by) => view.change({ step: view.now.t + 1 + by }),
      now: t + 1,
      low: 1,
      high: marks.length,
      says: `character ${t + 1}, ${named(marks[t])}`,
      term: "step",
    }),
    each.map((s) => c.text(seen(marks[s]), [across(s), ROOM.text, "middle"], { sort: "tick" })),
    c.text(`${state.show}_{${state.unit}}`, [0, (low + top) / 2 + 4], { sort: "value", hue: state.show }),
    c.label(note, [[left, ROOM.map - 5]], { sort: "tick", optional: true }),
    c.label(first, [[2, ROOM.map + 10]], { sort: "tick", optional: true }),
    c.label(last, [[2, ROOM.map + high]], { sort: "tick", optional: true }),
    svg`<g class="key">${entry(words[0], `q-${state.show}`)}${signed ? entry(words[1], "tint-ink") : nothing}
      ${entry(words[2])}</g>`,
  );
}

// ---- chances and costs ---------------------------------------------------------------------------

function chances(view, width) {
  const { marks, t, tokens } = view.now;
  const { ready } = view.own;
  const temperature = view.state.temperature;
  const shares = math.pageShares(ready, ready.run, t, temperature);
  const order = Array.from(shares.keys(), (v) => [shares[v], v]).sort(([p], [q]) => q - p);
  const hue = (v) => (v === tokens[t + 1] ? "x" : undefined);
  const rows = order
    .slice(0, MOST)
    .map(([value, v]) => ({ name: named(ready.marks[v]), value, hue: hue(v) }));
  const past = marks
    .slice(Math.max(0, t - 7), t + 1)
    .map(seen)
    .join("");
  const title = [`chances of what comes after “${past}”`, `after “${past}”`, "next character"];
  const label = rows.map(({ name, value }) => `${name} ${decimal(value)}`).join(", ");
  return kit.bars({ font: view.font, width }, { title, label: `Chances: ${label}`, rows, most: 1 });
}

function costs(view, width) {
  const { bits, free, holds } = view.now;
  const { what, value, whose, unit } = view.state;
  const name = `${what} at ${decimal(value)}${whose === "unit n" ? `, unit ${unit}` : ""}`;
  const guess = Math.log2(view.own.ready.V);
  const rows = [
    { name: "nothing held", value: free, hue: holds ? undefined : "C" },
    ...(holds ? [{ name, value: bits, hue: what }] : []),
    { name: "blind guess", value: guess },
  ];
  const title = ["bits per character of a passage it never saw", "bits per character, unseen text"];
  const label = `${title[0]}: ${decimal(bits)}`;
  return kit.bars({ font: view.font, width }, { title, label, rows, most: Math.max(guess, bits) });
}

function cost({ now: { bits, free, holds }, state }) {
  if (!holds) return `With nothing held the passage costs ${decimal(free, 3)} bits per character.`;
  const [more, word] = [bits - free, bits < free ? "less" : "more"];
  return `With ${held(state)} it costs ${decimal(bits, 3)} bits per character, ${decimal(Math.abs(more), 3)} ${word}.`;
}

// ---- together ------------------------------------------------------------------------------------

function stage(view) {
  const { own, width } = view;
  if (!own.ready) {
    const words = own.failed ? "The model could not be loaded." : "The model comes when you do.";
    return html`${hand(view)}${paper(view)}<div class="waiting">${knobs(view)}<p class="sentence">${words}</p></div>`;
  }
  const beside = width >= 520;
  const each = beside ? Math.floor((width - 20) / 2) : width;
  return html`${hand(view)}${paper(view)}${knobs(view)}<p class="sentence">${cost(view)}</p>
    <div class="charts ${beside ? "wide" : ""}">${costs(view, each)}${chances(view, each)}</div>${units(view)}`;
}

/** The prompt, and what lets the model write: step by step, or on and on where motion is welcome. */
function hand(view) {
  const { own } = view;
  const [most, last] = [view.knob("written").high, view.knob("step").high];
  const one = () => view.change({ written: view.state.written + 1, step: last });
  const stop = () => {
    own.leave();
    view.redraw();
  };
  const go = () => {
    own.timer = setInterval(() => (view.state.written < most ? one() : stop()), PACE);
    view.redraw();
  };
  const again = () => view.change({ written: 0, step: last });
  const other = () => view.change({ draw: (view.state.draw % view.knob("draw").high) + 1 });
  const full = view.state.written >= most ? html`<span>The page is full.</span>` : nothing;
  const on = own.timer === undefined ? ["Write on", go] : ["Stop", stop];
  return html`${kit.textControl(view, view.knob("prompt"))}<div class="actions">
    ${kit.button("One character", one)}${still() ? nothing : kit.button(...on)}
    ${kit.button("Back to the start", again)}${kit.button("Draw anew", other)}${full}</div>`;
}

function knobs(view) {
  const number = (name) => kit.numberControl(view, view.knob(name));
  const choice = (name) => kit.choiceControl(view, view.knob(name));
  return html`<div class="choices">${choice("show")}${choice("what")}${choice("whose")}</div>
    <div class="controls roomy">${number("unit")}${number("value")}${number("temperature")}</div>`;
}

function done({ now: { holds }, state: { what, whose, value } }) {
  return holds && what !== "h" && whose === "every unit" && value === 1;
}

const say = (view) =>
  view.own.ready ? `The text: ${view.now.text.slice(-160)} ${cost(view)}` : `The text: ${view.now.text}`;

export default kit.explorable({
  start,
  see,
  stage,
  controls: () => nothing,
  done,
  say,
  large: "_large_model",
});
