// Bars for a few numbers, each with its name and its value: which of them is the smallest?

import { nothing, svg } from "lit-html";
import { picture } from "./chart.js";
import { decimal, scale } from "./numbers.js";

/**
 * `rows` are { name, value, hue }, of which those with a hue are the reader's own, and a value that is
 * not to be told is null; `title` is tried from the longest to the shortest; `mark` is a value to be marked by a line.
 */
export function bars(view, { title, label, rows, most, mark }) {
  const [first, gap, { width }] = [26, 21, view];
  const height = first + rows.length * gap;
  const c = picture(view, { width, height, label, kind: "chart below bars", role: "img" });
  const left = 10 + Math.max(...rows.map(({ name }) => c.measure(name)));
  const across = scale(0, most, left, width - c.measure("00.00") - 10);
  const said = title.find((text) => c.measure(text, "axis") < width) ?? title.at(-1);
  return c.draw(
    c.text(said, [0, 14], { sort: "axis" }),
    rows.map(({ name, value, hue }, k) => {
      const [y, end] = [first + gap * k, across(value ?? 0)];
      const look = { sort: hue ? "value" : "note", hue };
      return svg`<rect class=${hue ? `own q-${hue}` : nothing} x=${left} y=${y} height=${gap - 7} width=${Math.max(end - left, 0.5).toFixed(1)}></rect>
        ${c.text(name, [0, y + 12], look)}${c.text(value === null ? "?" : decimal(value), [end + 8, y + 12], look)}`;
    }),
    c.path(mark === undefined ? "" : `M${across(mark).toFixed(1)} ${first - 4}V${height}`, "best"),
  );
}
