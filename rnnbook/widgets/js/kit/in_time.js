// A sequence of ten steps or so, one of which is looked at: the ground of the cells in time.

import { html, svg } from "lit-html";
import { picture } from "./chart.js";
import { button, choiceControl, numberControl } from "./controls.js";
import { column, legend } from "./diagram.js";
import { looking, painting, placeIn } from "./gestures.js";
import { clamp, decimal, scale } from "./numbers.js";

const ROOM = { read: [24, 66], mark: 84, main: [116, 196], gate: 218 };

/** What a row of shares says: whole levels, each a tenth, so that a hand and a link can name them. */
export const tenths = (row, { zero, levels }) =>
  row.map((share) => clamp(Math.round(levels * share) - zero, -zero, zero) / 10);

/**
 * The steps from above: a row that a hand draws, marks that it sets, bars of the chosen quantity,
 * gates, and the handle of the step.
 *
 *   label, width    of the picture;               t, T    the step that is looked at, from 0; how many
 *   row     { name, values, zero, levels, symbol, title, hears, says }: the state's row, what it says,
 *           its name at the left, above, to those who hear it, and its value there
 *   marks   { symbol, draw(c, x, y, at, dot), next(step) }: the name; a mark; the state after a click
 *   main    { symbol, hue, detour, titles(reach), parts(at), dots(at) }: parts are the ends of its bars, [all],
 *           or [first, more, all] where two make one; dots are [value, hue]
 *   gates   [name, hue, shares] each
 */
export function timeline(view, { label, width, t, T, row, marks, main: shown, gates }) {
  const { state } = view;
  const rows = gates.map((gate, k) => [...gate, ROOM.gate + 20 * k]);
  const axis = ROOM.gate + 20 * gates.length + 6;
  const c = picture(view, { width, height: axis + 24, label });
  const [left, right] = [c.measure("flip") + 14, width - 6];
  const across = scale(-0.5, T - 0.5, left, right);
  const half = (across(1) - across(0)) / 2;
  const each = row.values.map((_, at) => at);
  const parts = each.map(shown.parts);
  const dots = each.map((at) => (parts[at].length > 1 ? [] : shown.dots(at)));
  const heights = [...parts.flat(), ...dots.flat().map(([value]) => value)];
  const reach = Math.max(0.5, ...heights.map(Math.abs));
  const most = row.zero / 10;
  const read = scale(-most, most, ROOM.read[1], ROOM.read[0]);
  const main = scale(-reach, reach, ROOM.main[1], ROOM.main[0]);
  const stepAt = (x) => clamp(Math.round(across.invert(x)), 0, T - 1) + 1;
  const level = (y) => clamp(Math.round(10 * read.invert(y)) + row.zero, 0, 2 * row.zero) / row.levels;
  const place = ([x, y]) => [stepAt(x) - 1, level(y)];
  const { paint, press } = painting(view, row.name, place, 1 / row.levels);
  const toggle = (event) => {
    const step = stepAt(placeIn(event.currentTarget.ownerSVGElement, event)[0]);
    view.change({ ...marks.next(step), step });
  };
  const bar = (at, from, to, sort, hue) => column(across(at), 0.62 * half, from, to, sort, hue);
  const dot = (at, y, hue) => c.path(`M${across(at).toFixed(1)} ${y.toFixed(1)}h.01`, "dots", { hue });
  const middle = (at) => {
    const [first, more, all] = parts[at];
    const bars = bar(at, main(0), main(first), "solid-bar", shown.hue);
    if (more === undefined) return [bars, dots[at].map(([value, hue]) => dot(at, main(value), hue))];
    const base = first * more > 0 ? first : 0;
    const sum = `M${(across(at) - 0.85 * half).toFixed(1)} ${main(all).toFixed(1)}h${(1.7 * half).toFixed(1)}`;
    return [bars, bar(at, main(base), main(base + more), "open-bar", shown.detour), c.path(sum, "sum")];
  };
  const inside = ([x]) => (x >= left && x <= right ? stepAt(x) : null);
  const ground = looking(view, inside);
  const line = (y) => svg`<line x1=${left} x2=${right} y1=${y} y2=${y}></line>`;
  const name = (text, y, hue) => c.text(text, [left - 8, y + 4, "end"], { sort: "value", hue });
  const under = (text, x) => c.text(text, [x, axis + 22, "middle"], { sort: "tick" });
  const now = row.values[state.step - 1];
  const titles = shown.titles(decimal(reach));
  const title = titles.find((one) => c.measure(one, "axis") < right - left) ?? titles.at(-1);
  return c.draw(
    svg`<rect class="column" x=${(across(t) - half).toFixed(1)} width=${(2 * half).toFixed(1)} y=${ROOM.read[0]} height=${axis - ROOM.read[0]}></rect>
      <g class="ticks">${[read(0), main(0), ...rows.map(([, , , y]) => y)].map(line)}</g>`,
    each.map((at) => [
      bar(at, read(0), read(row.values[at]), "solid-bar", "x"),
      marks.draw(c, across(at), ROOM.mark, at) ?? dot(at, ROOM.mark, "x"),
      middle(at),
    ]),
    rows.map(([g, hue, shares, y]) => [
      each.map((at) => bar(at, y, y - 16 * shares[at], "solid-bar", hue)),
      name(g, y - 7, hue),
    ]),
    svg`<g class="handle painted q-x" role="slider" tabindex="0" aria-orientation="vertical" data-term="x"
      aria-label=${row.hears} aria-valuemin=${-most} aria-valuemax=${most} aria-valuenow=${now}
      aria-valuetext=${`step ${state.step}: ${row.says} ${decimal(now, 1)}`} @pointerdown=${paint} @keydown=${press}>
      <rect class="reach" x=${left} y=${ROOM.read[0] - 8} width=${right - left} height=${ROOM.read[1] - ROOM.read[0] + 14}></rect>
      <circle class="dot" r="5" cx=${across(state.step - 1).toFixed(1)} cy=${read(now).toFixed(1)}></circle></g>
      <rect class="ground pick" x=${left} y=${ROOM.mark - 12} width=${right - left} height="24" @click=${toggle}></rect>
      <rect class="ground" x=${left} y=${ROOM.main[0]} width=${right - left} height=${axis - 14 - ROOM.main[0]}
        @pointermove=${ground.look} @pointerleave=${ground.leave} @click=${ground.choose}></rect>`,
    [
      name(row.symbol, read(0), "x"),
      name(marks.symbol, ROOM.mark, "x"),
      name(shown.symbol, main(0), shown.hue),
    ],
    c.text(row.title, [left, ROOM.read[0] - 9], { sort: "axis" }),
    c.text(title, [left, ROOM.main[0] - 7], { sort: "axis haloed" }),
    [under("1", across(0)), under("step t", (left + right) / 2), under(String(T), across(T - 1))],
    c.handle({
      name: "Step t, whose wires are shown",
      at: [across(t), axis],
      drag: ([x]) => view.change({ step: stepAt(x) }),
      keys: (by) => view.change({ step: view.state.step + by }),
      now: t + 1,
      low: 1,
      high: T,
      says: `step ${t + 1}`,
    }),
  );
}

const BAR = "M5 2h10v11h-10z";

/** What the bars and the wires mean, in this direction: `forwards` are the words for its
 * bars and dots, and the hue of the dots. */
export const keysOf = (backwards, hue, detour, forwards) =>
  legend(
    backwards
      ? [
          [BAR, `solid-bar q-${hue}`, "along the carry alone"],
          [BAR, `open-bar q-${detour}`, "by detours through gates"],
          ["M2 8h20", "sum", "both together"],
        ]
      : [
          [BAR, `solid-bar q-${hue}`, forwards[0]],
          ["M10 8h.01", `dots q-${forwards[2]}`, forwards[1]],
          ["M2 8h20", "dashed", "a wire with a negative number"],
        ],
  );

/** What came along the carry alone and what by detours, of all that a step of T is told, in words. */
export function splitInWords(symbol, all, alone, T, last) {
  const [whole, straight, rest] = [all, alone, all - alone].map((value) => decimal(value));
  return last
    ? `hears from the answer alone: δ${symbol} = ${whole}. From here it goes back.`
    : `is told δ${symbol} = ${whole}: ${straight} came along the carry alone, from step ${T}; ${rest} by detours through gates.`;
}

/** The answer and its loss, in words. */
export const lossInWords = (y, error, wanted) =>
  `Answer y = ${decimal(y)}, wanted ${wanted}: loss L = ½·(${decimal(error)})² = ${decimal(error ** 2 / 2)}. A wire’s δ: all that its value does to L.`;

/** The step's slider, a button for its mark, and the choices with these names. */
export function controlsInTime(view, { act, next, choices }) {
  const mark = html`<div class="actions beside">${button(act, () => view.change(next(view.state.step)))}</div>`;
  const chosen = choices.map((name) => choiceControl(view, view.knob(name)));
  return html`<div class="controls">${numberControl(view, view.knob("step"))}${mark}</div><div class="choices">${chosen}</div>`;
}

/** Whether the step was taken back to the first mark, or before it. */
export const wentBack = ({ direction, step }, first) =>
  direction === "backwards" && first > 0 && step <= first;
