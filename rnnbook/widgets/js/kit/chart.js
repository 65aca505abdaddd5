// A chart as a function of numbers: scales, axes, curves, handles, and labels that keep clear.

import { html, nothing, svg } from "lit-html";
import { hueClass } from "./equation.js";
import { dragging, stepsOf } from "./gestures.js";
import { room } from "./labels.js";
import { decimal, scale } from "./numbers.js";
import { widthOf, words } from "./text.js";

const at = (value) => value.toFixed(1);
const classes = (...names) => names.filter(Boolean).join(" ");

/** The d of a path through points of the picture. */
export const through = (points) =>
  points.length ? `M${points.map(([x, y]) => `${at(x)} ${at(y)}`).join("L")}` : "";

/**
 * Something that can be dragged, and moved by keys; in the picture's pixels.
 *
 *   name   what it is, for those who hear it;     at     [x, y], where it stands
 *   drag   called with [x, y], where it is wanted; keys  called with a number of steps, ±∞ for the ends
 *   now, low, high, says   its value, its range, its value in words
 *   along  "x", "y" or "xy": the ways it goes;     hue, term   colour, and what it lights with
 *   hollow true where it waits at the edge for a value that lies beyond
 */
export function handle(spec) {
  const { name, at: place, drag, keys, now, low, high, says, along = "x", hue = "ink", term, hollow } = spec;
  const pressed = (event) => {
    const steps = stepsOf(event);
    if (steps !== null) keys(steps);
  };
  const cursor = { x: "ew-resize", y: "ns-resize", xy: "move" }[along];
  return svg`<g class=${classes("handle", hueClass(hue), hollow && "beyond")} role="slider" tabindex="0"
    aria-label=${name} aria-valuemin=${low} aria-valuemax=${high} aria-valuenow=${now} aria-valuetext=${says}
    aria-orientation=${along === "y" ? "vertical" : "horizontal"} data-term=${term ?? nothing}
    style="cursor:${cursor}" transform="translate(${place[0].toFixed(2)} ${place[1].toFixed(2)})"
    @pointerdown=${dragging(place, drag)} @keydown=${pressed}>
    <circle r="22" class="reach"></circle><circle r="13" class="halo"></circle><circle r="8" class="dot"></circle>
  </g>`;
}

/** An SVG with a room for its labels: the ground of charts and of diagrams. */
export function picture(view, { width, height, label, kind = "chart", role = "group" }) {
  const narrow = width < 480;
  const free = room(width, height);
  const size = narrow ? 12 : 13;
  const sizes = { math: 16, small: 12 };
  const font = (sort) => {
    const named = Object.keys(sizes).find((name) => sort.split(" ").includes(name));
    const weight = sort.split(" ").includes("value") ? 600 : 400;
    return { ...view.font, size: named ? sizes[named] : size, weight };
  };

  /** How wide a label of this sort is. */
  const measure = (source, sort = "value") => widthOf(source, font(sort));

  /** A label where it is put, free or not; what comes later keeps clear of it. */
  const text = (source, [x, y, anchor = "start"], { sort = "note", hue, term } = {}) => {
    const place = free.find(measure(source, sort), font(sort).size, [[x, y, anchor]]);
    free.take(place);
    return said(source, place, sort, hue, term);
  };

  /** A label in the first of its places that is free; `optional` ones are left out where none is. */
  const label_ = (source, places, { sort = "value", hue, term, optional = false } = {}) => {
    const place = free.find(measure(source, sort), font(sort).size, places);
    if (!place || (optional && !place.free)) return nothing;
    free.take(place);
    return said(source, place, sort, hue, term);
  };

  const said = (source, { x, y, anchor }, sort, hue, term) =>
    svg`<text class=${classes(sort, hue && hueClass(hue), anchor !== "middle" && anchor)}
      data-term=${term ?? nothing} x=${at(x)} y=${at(y)}>${words(source)}</text>`;

  const grip = (spec) => {
    const [x, y] = spec.at;
    free.box(x - 9, x + 9, y - 9, y + 9);
    return handle(spec);
  };

  const path = (d, sort, { hue, term, wide } = {}) =>
    svg`<path class=${classes(sort, hue && hueClass(hue))} data-term=${term ?? nothing}
      stroke-width=${wide ?? nothing} d=${d}></path>`;

  const draw = (...layers) => html`<svg class=${classes(kind, narrow && "narrow")} role=${role}
    aria-label=${label} width=${width} height=${height} viewBox="0 0 ${width} ${height}">${layers}</svg>`;

  return { width, height, narrow, free, measure, text, label: label_, handle: grip, path, draw };
}

/**
 * A chart. `x` and `y` are the ends of its axes, `margin` what stands around the frame, `foot` the
 * room below the lowest value where a handle may stand.
 *
 * Draw in the order of importance: what is drawn later keeps clear of what was drawn before.
 */
export function chart(view, { x, y, margin = {}, foot = 0, ...rest }) {
  const ground = picture(view, rest);
  const { width, height, free } = ground;
  const frame = { left: 36, right: 14, top: 22, bottom: 40, ...margin };
  const [left, right] = [frame.left, width - frame.right];
  const [top, bottom] = [frame.top, height - frame.bottom];
  const across = scale(...x, left, right);
  const up = scale(...y, bottom - foot, top);
  const place = ([u, v]) => [across(u), up(v)];

  /** Numbers along the horizontal axis, those left out that would touch. */
  const xTicks = (values, format = (v) => decimal(v, 0)) =>
    values.map((v) =>
      ground.label(format(v), [[across(v), bottom + 16, "middle"]], { sort: "tick", optional: true }),
    );

  /** Numbers along the vertical axis with their lines; `strong` says which lines are dashed. */
  const yTicks = (values, format = String, { strong = () => false, gap = 6, lines = true } = {}) =>
    values.map((v) => [
      lines
        ? svg`<line class=${strong(v) ? "half" : nothing} x1=${left} x2=${right} y1=${at(up(v))} y2=${at(up(v))}></line>`
        : nothing,
      ground.text(format(v), [left - gap, up(v) + 4, "end"], { sort: "tick" }),
    ]);

  const xTitle = (source) =>
    ground.text(source, [(left + right) / 2, height - 5, "middle"], { sort: "axis" });
  const yTitle = (source, shift = 0) => ground.text(source, [left + shift, top - 8], { sort: "axis" });

  /** A line through points of the chart, which labels keep clear of. */
  const curve = (points, { sort = "line", ...more } = {}) => {
    const pixels = points.map(place);
    free.curve(pixels);
    return ground.path(through(pixels), sort, more);
  };

  /** A handle at a value of the chart; `move(u, v)` gets the value where it is wanted. */
  const handleAt = ({ x: u, y: v, move, ...spec }) =>
    ground.handle({
      ...spec,
      at: place([u, v]),
      drag: ([px, py]) => move(across.invert(px), up.invert(py)),
    });

  return {
    ...ground,
    left,
    right,
    top,
    bottom,
    x: across,
    y: up,
    place,
    xTicks,
    yTicks,
    xTitle,
    yTitle,
    curve,
    handle: handleAt,
  };
}
