// Wires: what flows through an equation, as wide as it is large, dashed where it is negative.

import { nothing, svg } from "lit-html";
import { hueClass, pull } from "./equation.js";
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
