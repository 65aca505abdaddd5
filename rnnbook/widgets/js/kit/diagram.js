// Wires: what flows through an equation, as wide as it is large, dashed where it is negative.

import { html, nothing, svg } from "lit-html";
import { hueClass, pull } from "./equation.js";
import { decimal } from "./numbers.js";
import { words } from "./text.js";

/** A wire along the path d. `carries` sets its width by a number; `width` sets it directly. */
export function wire(d, { hue = "ink", term, carries, width } = {}) {
  const size = width ?? 1.2 + 2.2 * Math.min(Math.abs(carries), 3);
  const dashes = carries < -0.005 ? "5 4" : nothing;
  return svg`<g class="wire ${hueClass(hue)}" data-term=${term ?? nothing}>
    <path class="glow" d=${d} stroke-width=${(size + 8).toFixed(2)}></path>
    <path d=${d} stroke-width=${size.toFixed(2)} stroke-dasharray=${dashes}></path></g>`;
}

/** A circle with a sign or a symbol in it; with `pulls` it changes that knob. */
export function node(view, c, [x, y], text, { hue = "ink", term, radius = 14, pulls } = {}) {
  c.free.box(x - radius, x + radius, y - radius, y + radius);
  return svg`<g class="node ${hueClass(hue)} ${pulls ? "scrub" : ""}" data-term=${term ?? nothing}
    transform="translate(${x.toFixed(1)} ${y.toFixed(1)})" @pointerdown=${pulls ? pull(view, pulls) : nothing}>
    <circle r=${radius}></circle><text class="math" y="5">${words(text)}</text></g>`;
}

/** A weight: a box "× w" above its number, which changes the knob it names. */
export function weight(view, c, [x, y], text, value, { hue = "ink", name }) {
  c.free.box(x - 24, x + 24, y - 20, y + 22);
  return svg`<g class="box scrub" data-term=${name} transform="translate(${x.toFixed(1)} ${y.toFixed(1)})"
    @pointerdown=${pull(view, name)}><rect x="-24" y="-20" width="48" height="42" rx="7"></rect>
    <text class="math ${hueClass(hue)}" y="-5">× ${words(text)}</text><text class="value" y="13">${value}</text>
    ${dots(-c.measure(value) / 2, 17, c.measure(value))}</g>`;
}

/** A number beside a wire that can be pulled: it carries a dotted line, in every browser. */
export function pulled(view, c, text, [x, y, anchor = "middle"], { hue = "ink", name }) {
  const wide = c.measure(text);
  const left = anchor === "middle" ? x - wide / 2 : anchor === "end" ? x - wide : x;
  const shown = c.text(text, [x, y, anchor], { sort: "value scrub", hue, term: name });
  return svg`<g class="pulled ${hueClass(hue)}" @pointerdown=${pull(view, name)}>${shown}${dots(left, y + 4, wide)}</g>`;
}

const dots = (x, y, wide) => svg`<path class="dotted" d="M${x.toFixed(1)} ${y}h${wide.toFixed(1)}"></path>`;

/** The tip of an arrow to the right, or "up", that ends at a place. */
export const arrow = (x, y, way = "right") =>
  way === "up"
    ? `M${x - 4} ${y + 7}L${x} ${y}L${x + 4} ${y + 7}`
    : `M${x - 7} ${y - 4}L${x} ${y}L${x - 7} ${y + 4}`;

/** What kinds of lines mean: each the d of a path 24 by 14, its class, and words. */
export const legend = (marks) =>
  html`<p class="keys">${marks.map(
    ([d, sort, text]) =>
      html`<span><svg class="chart" width="24" height="14" aria-hidden="true"><path class=${sort} d=${d}></path></svg>${text}</span>`,
  )}</p>`;

/** The steps of 1 … T to draw in so many places: both ends and the neighbourhood of k; 0 is a gap. */
export function excerpt(T, k, places) {
  if (T <= places) return Array.from({ length: T }, (_, at) => at + 1);
  const withGaps = (steps) =>
    [...new Set(steps)]
      .filter((step) => step >= 1 && step <= T)
      .sort((one, other) => one - other)
      .flatMap((step, at, all) => (at && step - all[at - 1] > 1 ? [0, step] : [step]));
  const wanted = [1, T, k, k + 1, k - 1, 2, T - 1];
  for (let more = 2; more < places; more++) wanted.push(k + more, k - more, 1 + more, T - more);
  let taken = [];
  for (const step of wanted) if (withGaps([...taken, step]).length <= places) taken = [...taken, step];
  return withGaps(taken);
}

/** The tip of an arrow that ends a wire's last stretch, in any direction. */
function tip([ax, ay], [bx, by], size = 7) {
  const long = Math.hypot(bx - ax, by - ay) || 1;
  const [ux, uy] = [(size * (bx - ax)) / long, (size * (by - ay)) / long];
  const end = (side) => `${(bx - ux + 0.6 * side * uy).toFixed(1)} ${(by - uy - 0.6 * side * ux).toFixed(1)}`;
  return `M${end(1)}L${bx.toFixed(1)} ${by.toFixed(1)}L${end(-1)}Z`;
}

/**
 * A wire from corner to corner, [x, y, x, y, …], with its arrow and its number: beside its first
 * stretch, or above it where that lies. `backwards` turns the arrow round; `quiet` says no number,
 * `left` says it on the other side.
 */
export function flow(c, corners, { hue, number, backwards = false, quiet = false, left = false }) {
  const points = corners.flatMap((x, k) => (k % 2 ? [] : [[x, corners[k + 1]]]));
  const way = backwards ? [...points].reverse() : points;
  const [[ax, ay], [bx, by]] = points;
  const [x, y] = [(ax + bx) / 2, (ay + by) / 2];
  const place = ay === by ? [x, y - 10, "middle"] : left ? [x - 9, y + 4, "end"] : [x + 9, y + 4];
  const d = points.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join("L");
  return svg`${wire(`M${d}`, { hue, term: hue, carries: number ?? 0 })}${c.path(tip(...way.slice(-2)), "tip", { hue })}${
    quiet || number === null ? nothing : c.text(decimal(number), place, { sort: "value", hue, term: hue })
  }`;
}

/** A bar of a column: from one height to another. */
export function column(x, half, from, to, sort, hue) {
  return svg`<rect class="${sort} ${hueClass(hue)}" x=${(x - half).toFixed(1)} width=${(2 * half).toFixed(1)}
    y=${Math.min(from, to).toFixed(1)} height=${Math.abs(from - to).toFixed(1)}></rect>`;
}

/** A box with one or two lines of text: what a wire goes through. */
export function block(c, [x, y], lines, { hue = "ink", term, size: [wide, high] = [50, 40] } = {}) {
  c.free.box(x - wide / 2, x + wide / 2, y - high / 2, y + high / 2);
  const first = lines.length > 1 ? -3 : 5;
  return svg`<g class="box ${hueClass(hue)}" data-term=${term ?? nothing} transform="translate(${x.toFixed(1)} ${y.toFixed(1)})">
    <rect x=${-wide / 2} y=${-high / 2} width=${wide} height=${high} rx="7"></rect>
    ${lines.map((line, k) => svg`<text class=${k || line.length > 2 ? "value" : "math"} y=${k ? 14 : first}>${words(line)}</text>`)}</g>`;
}
