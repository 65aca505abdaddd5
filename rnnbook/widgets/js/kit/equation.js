// Three views of one thing: a formula, its code, and (in diagram.js) its wires.

import { html, nothing } from "lit-html";
import { pulling } from "./gestures.js";
import { decimal } from "./numbers.js";
import { symbol } from "./text.js";

/**
 * The class that colours a node: q-f for the quantity f itself, which the book lights wherever it
 * stands; tint-… for what only borrows a colour (a weight) or has none ("ink").
 */
export function hueClass(hue) {
  return ["x", "h", "f", "i", "c", "C", "o", "z", "r", "n"].includes(hue) ? `q-${hue}` : `tint-${hue}`;
}

/** Lets a number of the state be changed by pulling it sideways; its step says how fast. */
export function pull(view, name) {
  const { step } = view.knob(name);
  const grain = step / 5;
  const change = (value) => view.change({ [name]: Math.round(value / grain) * grain });
  return pulling(() => view.state[name], change, 0.4 * step);
}

/**
 * A term of a formula: a symbol above its number. { name, hue, value } and, where they differ from
 * the name, `text` (what is typeset) and `term` (what it lights with). With `pulls` its number can be
 * pulled: the value is then the state's.
 */
export function term({ name, hue = "ink", value, text = name, term: partner = name, pulls = false }) {
  return { name, hue, value, text, partner, pulls };
}

/** A term whose number is a knob: it can be pulled. */
export const knobTerm = (name, hue, more = {}) => term({ name, hue, pulls: true, ...more });

/**
 * A formula from terms and signs: strings are signs, and { sign, term } a sign that lights. Signs
 * keep to the term beside them, so that no parenthesis begins a line. An array is a part of its own.
 */
export function equation(view, label, parts) {
  const draw = (part) => {
    if (Array.isArray(part)) return html`<span class="half">${groups(part).map(draw)}</span>`;
    if (part.group) return html`<span class="kept">${part.group.map(draw)}</span>`;
    if (typeof part === "string") return html`<span class="sign">${part}</span>`;
    if (part.sign) return html`<span class="sign" data-term=${part.term}>${part.sign}</span>`;
    if (part.typeset)
      return html`<span class="term typeset ${hueClass(part.hue)}" data-term=${part.name}><span>${part.typeset}</span><span class="number">${part.value}</span></span>`;
    const value = part.value ?? decimal(view.state[part.name]);
    return html`<span class="term ${hueClass(part.hue)}" data-term=${part.partner}>${symbol(part.text)}<span
      class="number ${part.pulls ? "scrub" : ""}" @pointerdown=${part.pulls ? pull(view, part.name) : nothing}>${value}</span></span>`;
  };
  return html`<div class="equation" role="math" translate="no" aria-label=${label}>${groups(parts).map(draw)}</div>`;
}

/** Each closing sign with the term before it, each other sign with the term after it. */
function groups(parts) {
  const made = [];
  let open = [];
  for (const part of parts) {
    const text = typeof part === "string" ? part : part.sign;
    if (Array.isArray(part)) made.push(part);
    else if (text === undefined) {
      made.push({ group: [...open, part] });
      open = [];
    } else if (/^[)\]|‖]/.test(text) && made.length) made.at(-1).group.push(part);
    else open.push(part);
  }
  if (open.length) made.push({ group: open });
  return made;
}

/** A line of code whose pieces light: strings, and [text, term, hue]. */
export function code(pieces) {
  return html`<code class="code" translate="no">${pieces.map((piece) =>
    typeof piece === "string"
      ? piece
      : html`<span class=${hueClass(piece[2])} data-term=${piece[1]}>${piece[0]}</span>`,
  )}</code>`;
}
