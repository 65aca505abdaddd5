// Words with symbols in them: as HTML, and as text of a picture, whose width is measured.

import { html, nothing, svg } from "lit-html";

const letters = /(\p{L}+)/u;

/** A symbol with an index, "w_x" or "C_t−1". Letters lean, figures and signs do not. */
export function symbol(name) {
  const [base, index] = name.split("_");
  const leaning = base
    .split(letters)
    .filter(Boolean)
    .map((part) => (letters.test(part) ? html`<i>${part}</i>` : part));
  const small = index
    ?.split(/\b([a-z])\b/)
    .filter(Boolean)
    .map((part) => (/^[a-z]$/.test(part) ? html`<i>${part}</i>` : part));
  return html`<span class="symbol">${leaning}${small ? html`<sub>${small}</sub>` : nothing}</span>`;
}

const minus = (text) => text.replace("-", "−");
const MARKUP = [
  [/^`([^`]+)`/, (text) => html`<code>${text}</code>`],
  [/^\*\*([^*]+)\*\*/, (text) => html`<strong>${inline(text)}</strong>`],
  [/^\*([^*\s][^*]*)\*/, (text) => html`<em>${inline(text)}</em>`],
  [/^([A-Za-z]_[A-Za-z0-9]+)/, symbol],
  [/^_\{([^}]+)\}/, (text) => html`<sub>${minus(text)}</sub>`],
  [/^\^\{([^}]+)\}/, (text) => html`<sup>${minus(text)}</sup>`],
  [/^\^([A-Za-z0-9])(?![A-Za-z0-9])/, (text) => html`<sup>${text}</sup>`],
];

/** Text with `code`, *emphasis*, **strong**, w_x, h_{t-1}, 2^t and 10^{-3}; the rest as it stands. */
export function inline(source) {
  const parts = [];
  let text = "";
  let rest = source;
  while (rest) {
    const [found, make] = MARKUP.map(([pattern, make]) => [rest.match(pattern), make]).find(([m]) => m) ?? [];
    if (found) parts.push(text, make(found[1]));
    text = found ? "" : text + rest[0];
    rest = rest.slice(found ? found[0].length : 1);
  }
  return [...parts, text].filter((part) => part !== "");
}

/** "weight w_x": the last word of a knob's label is its symbol. */
export function caption(label) {
  const words = label.split(" ");
  return html`${words.slice(0, -1).join(" ")} ${symbol(words.at(-1))}`;
}

const pieces = new Map();

/** The pieces of a picture's text: "_{…}" lowers, "^{…}" raises. */
function split(source) {
  if (pieces.has(source)) return pieces.get(source);
  let shift = 0;
  const found = source
    .split(/([_^]\{[^}]*\})/)
    .filter(Boolean)
    .map((part) => {
      const move = part.startsWith("_{") ? 4 : part.startsWith("^{") ? -6 : 0;
      const dy = move - shift;
      shift = move;
      return { text: move ? part.slice(2, -1) : part, dy, small: move !== 0 };
    });
  if (pieces.size > 2000) pieces.clear();
  pieces.set(source, found);
  return found;
}

/** The inside of an SVG text. */
export function words(source) {
  return split(source).map(
    ({ text, dy, small }) =>
      svg`<tspan dy=${dy || nothing} class=${small ? "index" : nothing}>${text}</tspan>`,
  );
}

let pen;
const widths = new Map();

/** How wide a picture's text is in this font: { family, size, weight, letter, word }, in pixels. */
export function widthOf(source, { family, size, weight = 400, letter = 0, word = 0 }) {
  const key = `${family}|${size}|${weight}|${source}`;
  let width = widths.get(key);
  if (width === undefined) {
    pen ??= document.createElement("canvas").getContext("2d");
    width = 0;
    for (const { text, small } of split(source)) {
      pen.font = `${weight} ${small ? 0.74 * size : size}px ${family}`;
      width += pen.measureText(text).width;
    }
    if (widths.size > 5000) widths.clear();
    widths.set(key, width);
  }
  const spaces = word ? source.split(" ").length - 1 : 0;
  return width + letter * source.length + word * spaces;
}
