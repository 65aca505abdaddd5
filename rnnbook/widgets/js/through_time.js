import {
  equationParts,
  framed,
  handle,
  html,
  label,
  moveHandle,
  set,
  svg,
  symbol,
  write,
} from "./elements.js";
import * as kit from "./kit/index.js";
import { clamp, decimal, power, raised, roundTicks, scale, short } from "./kit/numbers.js";
import { unitStep, unitTrace, vanishesAfter } from "./mathematics.js";

// One plain recurrent unit in silence: its map, its path, its gains, and their product.

const FLOOR = -3; // the picture marks where a thousandth is left
const [DEEPEST, HIGHEST] = [-9, 6]; // the powers of ten that the lower picture shows
const PAD = { left: 34, right: 14, top: 22, bottom: 36 };
const SQUARE = 234;
const FOOT = 10; // below the lowest line, where a handle may stand
const BARE = 1000; // above it an axis' numbers are said in powers of ten

/** All that is shown, from the state. */
function unit({ w, b, h_0, steps, phi }) {
  const trace = unitTrace(phi, w, b, h_0, steps);
  const boundLog = Math.log10(Math.abs(w));
  return { ...trace, boundLog, last: trace.logs.at(-1), gone: vanishesAfter(trace.logs, FLOOR) };
}

/** The height of the state's axis: 1 for tanh; else the next 1, 2 or 5 times a power of ten. */
function reach(states, phi) {
  const most = Math.max(...states.map(Math.abs));
  if (phi === "tanh" || most <= 1.0001) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((m) => m * power).find((top) => top >= most);
}

// ---- the equations ---------------------------------------------------------------------------

function equation(state) {
  const { numbers, term, sign } = equationParts(state);
  const phi = sign("", "phi");
  const node = html(
    "div",
    { class: "equation", role: "math", "aria-label": "h_1 = φ(w h_0 + b)" },
    term("h_1", "h", "h_1"),
    sign("="),
    phi,
    sign("("),
    term("w", "ink", "w", 0.01),
    sign("·"),
    term("h_0", "h", "h_0", 0.005),
    sign("+"),
    term("b", "ink", "b", 0.01),
    sign(")"),
  );
  const update = ({ w, b, h_0, phi: name }, { states }) => {
    write(phi, name === "tanh" ? "tanh" : "id");
    write(numbers.w, decimal(w));
    write(numbers.b, decimal(b));
    write(numbers.h_0, decimal(h_0));
    write(numbers.h_1, decimal(states[1]));
  };
  return { node, update };
}

// ---- the map and the path on it --------------------------------------------------------------

function cobweb() {
  const node = svg("svg", { class: "chart", role: "img", height: SQUARE });
  let width, drawn;
  const grid = svg("g", { class: "ticks" });
  const diagonal = svg("path", { class: "diagonal" });
  const line = svg("path", { class: "line map", "data-term": "w" });
  const path = svg("path", { class: "cobweb", "data-term": "h_0" });
  const start = svg("circle", { class: "start", r: 5, "data-term": "h_0" });
  const words = {
    axis: label({ class: "axis" }, "h_{t−1}"),
    up: label({ class: "axis start" }, "h_{t} = φ(w·h_{t−1} + b)"),
    same: label({ class: "note small haloed" }, "h_{t} = h_{t−1}"),
    start: label({ class: "value q-h" }, "h_{0}"),
  };
  const unit = svg("tspan", { dy: -4 });
  words.axis.append(unit);
  node.append(grid, diagonal, line, path, ...Object.values(words), start);
  const layout = (newWidth) => {
    width = newWidth;
    drawn = null;
    set(node, { width, viewBox: `0 0 ${width} ${SQUARE}` });
    set(words.axis, { x: (PAD.left + width - PAD.right) / 2, y: SQUARE - 4 });
    set(words.up, { x: PAD.left, y: PAD.top - 8 });
  };
  const axes = (top) => {
    drawn = top;
    const across = scale(-top, top, PAD.left, width - PAD.right);
    const up = scale(-top, top, SQUARE - PAD.bottom - FOOT, PAD.top);
    grid.replaceChildren(
      ...[-top, 0, top].flatMap((value) => [
        svg("line", { x1: PAD.left, x2: width - PAD.right, y1: up(value), y2: up(value) }),
        svg("line", { x1: across(value), x2: across(value), y1: up(-top), y2: up(top) }),
        svg(
          "text",
          { class: "tick end", x: PAD.left - 5, y: up(value) + (value < 0 ? 0 : 4) },
          axisNumber(value, top),
        ),
        svg("text", { class: "tick", x: across(value), y: SQUARE - PAD.bottom + 17 }, axisNumber(value, top)),
      ]),
    );
    write(unit, axisUnit(top));
    set(diagonal, { d: `M${across(-top)} ${up(-top)}L${across(top)} ${up(top)}` });
    return [across, up];
  };
  let maps;
  const update = (values, { states }) => {
    const top = reach(states, values.phi);
    if (top !== drawn) maps = axes(top);
    const [across, up] = maps;
    const inside = (value) => clamp(value, -top, top);
    const point = (x, y) => `${across(inside(x)).toFixed(1)} ${up(inside(y)).toFixed(1)}`;
    const places = Array.from({ length: 61 }, (_, k) => top * (k / 30 - 1));
    const image = (h) => unitStep(values.phi, values.w, values.b, h)[0];
    const seen = places.filter((h) => Math.abs(image(h)) <= top * 1.0001);
    set(line, { d: seen.length ? "M" + seen.map((h) => point(h, image(h))).join("L") : "" });
    let d = `M${point(states[0], 0)}`;
    for (let t = 1; t < states.length; t++)
      d += `L${point(states[t - 1], states[t])}L${point(states[t], states[t])}`;
    set(path, { d });
    nameStart(across(inside(states[0])), up(0), states[0] / top, states[1]);
    nameDiagonal(across, up, top, image(-top / 2) > -top / 2);
    set(node, {
      "aria-label":
        `The map from one state to the next, and the path on it ` +
        `from ${decimal(values.h_0)} to ${signed(states.at(-1))}`,
    });
  };
  // beside the dot, in the quadrant that neither the map nor the path enters
  const nameStart = (x, y, share, next) => {
    set(start, { cx: x.toFixed(1), cy: y });
    const right = share >= 0 === Math.abs(share) < 0.8;
    set(words.start, {
      x: (x + (right ? 7 : -7)).toFixed(1),
      y: next < 0 ? y - 9 : y + 17,
      class: `value q-h ${right ? "start" : "end"}`,
    });
  };
  // along the diagonal's lower half, on the side away from the map
  const nameDiagonal = (across, up, top, mapIsAbove) => {
    const [x, y] = [across(-top / 2), up(-top / 2)];
    const angle = (Math.atan2(up(top) - up(-top), across(top) - across(-top)) * 180) / Math.PI;
    set(words.same, {
      y: mapIsAbove ? 15 : -10,
      transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${angle.toFixed(1)})`,
    });
  };
  return { node, layout, update };
}

/** A number of an axis that reaches to `top`: itself, or how many of the axis' unit. */
function axisNumber(value, top) {
  const units = top < BARE ? value : value / 10 ** Math.floor(Math.log10(top));
  return decimal(units, Math.abs(units) < 1 && units ? 1 : 0);
}

/** The unit of an axis that reaches to `top`, to be said behind what the axis shows. */
function axisUnit(top) {
  return top < BARE ? "" : ` in 10${raised(Math.floor(Math.log10(top)))}`;
}

// ---- the state over time ---------------------------------------------------------------------

const LEFT = 46; // the numbers stand clear of the handle on the axis

function past(state) {
  const node = svg("svg", {
    class: "chart",
    role: "group",
    "aria-label": "The state over time; its start can be dragged",
    height: SQUARE,
  });
  let width, drawn, up, across, tall;
  const grid = svg("g", { class: "ticks" });
  const line = svg("path", { class: "line q-h", "data-term": "h_0" });
  const dots = svg("path", { class: "dots q-h" });
  const words = {
    axis: label({ class: "axis" }, "steps t"),
    up: label({ class: "axis start" }, "state h_{t}"),
    end: label({ class: "value q-h end" }, ""),
  };
  const start = handle(node, "State at the start, h_0", {
    cursor: "ns-resize",
    drag: (_, y) => state.change({ h_0: up.invert(y) }),
    nudge: (steps) =>
      state.change({
        h_0: Number.isFinite(steps) ? state.read().h_0 + 0.02 * steps : Math.sign(steps),
      }),
  });
  start.dataset.term = "h_0";
  start.classList.add("q-h");
  const unit = svg("tspan", { dy: -4 });
  words.up.append(unit);
  node.append(grid, line, dots, ...Object.values(words), start);
  const layout = (newWidth) => {
    width = newWidth;
    drawn = null;
    set(node, { width, viewBox: `0 0 ${width} ${SQUARE}` });
    set(words.axis, { x: (LEFT + width - PAD.right) / 2, y: SQUARE - 4 });
    set(words.up, { x: LEFT + 16, y: PAD.top - 8 }); // clear of the handle at the very top
  };
  const axes = (top, steps) => {
    drawn = `${top} ${steps}`;
    across = scale(0, steps, LEFT, width - PAD.right);
    up = scale(-top, top, SQUARE - PAD.bottom - FOOT, PAD.top);
    grid.replaceChildren(
      ...[-top, 0, top].flatMap((value) => [
        svg("line", { x1: LEFT, x2: width - PAD.right, y1: up(value), y2: up(value) }),
        svg("text", { class: "tick end", x: LEFT - 21, y: up(value) + 4 }, axisNumber(value, top)),
      ]),
      ...roundTicks(steps, 6).map((t) =>
        svg("text", { class: "tick", x: across(t), y: SQUARE - PAD.bottom + 17 }, String(t)),
      ),
    );
    write(unit, axisUnit(top));
  };
  const update = (values, { states }) => {
    const held = "held" in start.dataset; // no jump under the finger
    const top = held ? tall : reach(states, values.phi);
    tall = top;
    if (drawn !== `${top} ${values.steps}`) axes(top, values.steps);
    const point = (h, t) => `${across(t).toFixed(1)} ${up(clamp(h, -1.1 * top, 1.1 * top)).toFixed(1)}`;
    const places = states.map(point);
    set(line, { d: "M" + places.join("L") });
    set(dots, { d: values.steps <= 60 ? places.map((place) => `M${place}h.01`).join("") : "" });
    moveHandle(start, across(0), up(states[0]), {
      now: values.h_0,
      low: -1,
      high: 1,
      text: `h_0 = ${decimal(values.h_0)}`,
    });
    const last = states.at(-1);
    const y = up(clamp(last, -top, top));
    set(words.end, { x: width - PAD.right, y: y < PAD.top + 20 ? y + 20 : y - 9 });
    write(words.end, signed(last));
  };
  return { node, layout, update };
}

function signed(value) {
  return Math.abs(value) < 1000 && Math.abs(value) >= 0.01
    ? decimal(value)
    : (value < 0 ? "−" : "") + short(Math.abs(value));
}

// ---- the gain of every step ------------------------------------------------------------------

const TRACK = 126;

function gains(state) {
  const node = svg("svg", {
    class: "chart below",
    role: "group",
    "aria-label": "The gain of every step, and the weight w",
    height: TRACK,
  });
  const [low, high] = state.ranges.w;
  let across;
  const shrinks = svg("rect", { class: "zone" });
  const grid = svg("g", { class: "ticks" });
  const dots = svg("path", { class: "gains" });
  const [name, meaning] = [document.createTextNode(""), document.createTextNode("")];
  const words = {
    title: label({ class: "axis start" }, "gain of one step, φ′(a)·w"),
    inner: label({ class: "note small" }, "shrinks"),
    outer: label({ class: "note small" }, "grows"),
    outerLeft: label({ class: "note small" }, "grows"),
    w: svg("text", { class: "value" }, name, svg("tspan", { class: "plain" }, meaning)),
    dots: label({ class: "note haloed" }, "gain at step t"),
  };
  const weight = handle(node, "Recurrent weight w", {
    cursor: "ew-resize",
    drag: (x) => state.change({ w: across.invert(x) }),
    nudge: (steps) => state.change({ w: Number.isFinite(steps) ? state.read().w + 0.02 * steps : steps }),
  });
  weight.dataset.term = "w";
  weight.classList.add("tint-ink");
  node.append(shrinks, grid, ...Object.values(words), dots, weight);
  const MIDDLE = 60;
  let reach;
  const layout = (width) => {
    set(node, { width, viewBox: `0 0 ${width} ${TRACK}` });
    across = scale(low, high, PAD.left, width - PAD.right);
    set(shrinks, { x: across(-1), width: across(1) - across(-1), y: MIDDLE - 16, height: 50 });
    grid.replaceChildren(
      svg("line", { x1: across(low), x2: across(high), y1: MIDDLE, y2: MIDDLE, class: "rail" }),
      ...[-4, -3, -2, -1, 0, 1, 2, 3, 4].map((g) =>
        svg("text", { class: "tick", x: across(g), y: MIDDLE + 48 }, decimal(g, 0)),
      ),
    );
    const place = (text, x, y) => set(text, { x, y });
    place(words.title, PAD.left, 14);
    reach = [PAD.left - 20, width - 2];
    place(words.inner, across(0), MIDDLE + 63);
    place(words.outer, across(2.5), MIDDLE + 63);
    place(words.outerLeft, across(-2.5), MIDDLE + 63);
  };
  const update = (values, { gains: steps }) => {
    set(dots, { d: steps.map((gain) => `M${across(gain).toFixed(1)} ${MIDDLE}h.01`).join("") });
    moveHandle(weight, across(values.w), MIDDLE, {
      now: values.w,
      low,
      high,
      text: `w = ${decimal(values.w)}`,
    });
    const linear = values.phi === "identity";
    const within = (x, half) => clamp(x, reach[0] + half, reach[1] - half).toFixed(1);
    set(words.w, { x: within(across(values.w), 103), y: MIDDLE - 25 });
    name.data = `w = ${decimal(values.w)}`;
    meaning.data = linear ? ": gain of every step" : ": gain where tanh′ = 1";
    const typical = [...steps].sort((one, other) => one - other)[steps.length >> 1];
    set(words.dots, { x: within(across(typical), 44), y: MIDDLE + 31 });
    words.dots.style.display = linear ? "none" : "";
  };
  return { node, layout, update };
}

// ---- their product ---------------------------------------------------------------------------

const DEPTH = 244;
const SHARES = [1, 0.85, 0.7, 0.55, 0.4, 0.25, 0.1]; // where along a curve a label may stand

function product() {
  const node = svg("svg", { class: "chart below", role: "img", height: DEPTH });
  let width, across, drawn;
  const grid = svg("g", { class: "ticks" });
  const ticks = svg("g", { class: "ticks" });
  const one = svg("path", { class: "one" });
  const bound = svg("path", { class: "bound", "data-term": "w" });
  const line = svg("path", { class: "line q-h", "data-term": "grad" });
  const area = svg("path", { class: "area q-h" }); // between the gradient and 1
  const mark = svg("path", { class: "guide" });
  const exits = { line: svg("path", { class: "exit q-h" }), bound: svg("path", { class: "exit" }) };
  const words = {
    axis: label({ class: "axis" }, "steps t"),
    up: label({ class: "axis start" }, "gradient |∂h_{t} / ∂h_{0}|, log scale"),
    one: label({ class: "note start haloed" }, "1: nothing lost"),
    floor: label({ class: "note start haloed" }, "a thousandth left"),
    bound: label({ class: "value start" }, "bound |w|^{t}"),
    line: label({ class: "value q-h start" }, "gradient"),
    exit: label({ class: "value q-h start" }, "0 at step 0"),
  };
  node.append(grid, ticks, area, one, mark, bound, line, ...Object.values(exits));
  node.append(...Object.values(words));
  const up = scale(DEEPEST, HIGHEST, DEPTH - PAD.bottom, PAD.top);
  const layout = (newWidth) => {
    width = newWidth;
    drawn = null;
    set(node, { width, viewBox: `0 0 ${width} ${DEPTH}` });
    grid.replaceChildren(
      ...[-9, -6, -3, 0, 3, 6].flatMap((log) => [
        svg("line", {
          x1: PAD.left,
          x2: width - PAD.right,
          y1: up(log),
          y2: up(log),
          class: log === FLOOR ? "half" : null,
        }),
        svg("text", { class: "tick end", x: PAD.left - 5, y: up(log) + 4 }, log ? `10${raised(log)}` : "1"),
      ]),
    );
    set(one, { d: `M${PAD.left} ${up(0)}H${width - PAD.right}` });
    set(words.axis, { x: (PAD.left + width - PAD.right) / 2, y: DEPTH - 4 });
    set(words.up, { x: PAD.left, y: PAD.top - 8 });
  };
  const point = ([t, log]) => `${across(t).toFixed(1)} ${up(log).toFixed(1)}`;
  const path = (places) => (places.length ? `M${places.map(point).join("L")}` : "");
  // a small arrow where a curve leaves the frame for good
  const leave = (arrow, place) => {
    const [x, y] = place ? [across(place[0]), up(place[1])] : [];
    const out = place?.[1] === HIGHEST ? -1 : 1;
    set(arrow, { d: place ? `M${(x - 5).toFixed(1)} ${y - 6 * out}h10l-5 ${9 * out}Z` : "" });
  };
  const update = (values, { logs, boundLog, gone, last }) => {
    const { steps } = values;
    if (drawn !== steps) {
      drawn = steps;
      across = scale(0, steps, PAD.left, width - PAD.right);
      ticks.replaceChildren(
        ...roundTicks(steps, 6).map((t) =>
          svg("text", { class: "tick", x: across(t), y: DEPTH - PAD.bottom + 17 }, String(t)),
        ),
      );
    }
    const seen = withinFrame(logs, DEEPEST, HIGHEST);
    const limit = withinFrame(
      logs.map((_, t) => (t ? t * boundLog : 0)),
      DEEPEST,
      HIGHEST,
    );
    set(line, { d: seen.pieces.map(path).join("") });
    set(area, { d: `${path(seen.edge)}V${up(0)}H${PAD.left}Z` });
    set(bound, { d: limit.pieces.map(path).join("") });
    const close = last === boundLog * steps || Math.abs(last - boundLog * steps) < 0.005;
    leave(exits.line, seen.exit);
    leave(exits.bound, close ? null : limit.exit);
    nameLines(seen, limit, { close, boundLog, last, steps });
    set(mark, { d: gone > 0 ? `M${across(gone)} ${up(FLOOR)}V${DEPTH - PAD.bottom}` : "" });
    set(node, {
      "aria-label":
        `The gradient after ${steps} steps is ${power(last)}; ` + `its bound is ${power(boundLog * steps)}`,
    });
  };
  // the height of a curve, from its highest to its lowest point, between two places
  const band = (curve, x0, x1) => {
    const [t0, t1] = [across.invert(x0), across.invert(x1)];
    let [low, high] = [Infinity, -Infinity];
    for (let k = 1; k < curve.length; k++) {
      const [[ta, a], [tb, b]] = [curve[k - 1], curve[k]];
      if (ta > t1) break;
      if (tb < t0) continue;
      const at = (t) => (tb > ta ? a + ((b - a) * (clamp(t, ta, tb) - ta)) / (tb - ta) : null);
      for (const y of tb > ta ? [up(at(t0)), up(at(t1))] : [up(a), up(b)]) {
        low = Math.min(low, y);
        high = Math.max(high, y);
      }
    }
    return low <= high ? [low, high] : null;
  };
  // places for a label right above and right below a curve, the wanted ones first
  const beside = (curve, size, shares, sides) =>
    shares.flatMap((share) => {
      const x = PAD.left + 4 + share * (width - PAD.left - PAD.right - size - 4);
      const found = band(curve, x, x + size);
      return found ? sides.map((side) => ({ x, y: side < 0 ? found[0] - 8 : found[1] + 17 })) : [];
    });
  const nameLines = (seen, limit, { close, boundLog, last, steps }) => {
    const flat = [
      [0, 0],
      [steps, 0],
    ];
    const curves = [...seen.pieces, ...limit.pieces, flat];
    const taken = [];
    const alone = ({ x, y }, size) =>
      taken.every((box) => x > box.x + box.size + 4 || x + size + 4 < box.x || Math.abs(y - box.y) > 17);
    const free = ({ x, y }, size) =>
      x > PAD.left + 2 &&
      x + size < width - 2 &&
      y - 12 > PAD.top &&
      y + 6 < DEPTH - PAD.bottom &&
      curves.every((curve) => {
        const found = band(curve, x - 3, x + size + 3);
        return !found || found[1] < y - 12 || found[0] > y + 5;
      }) &&
      alone({ x, y }, size);
    const put = (word, size, places) => {
      const ends = (x) => clamp(x, PAD.left + 3, width - 3 - size);
      const found =
        places.find((place) => free(place, size)) ??
        places.map((place) => ({ ...place, x: ends(place.x) })).find((place) => alone(place, size));
      const { x, y } = found ?? places[0];
      taken.push({ x, y, size });
      set(word, { x: x.toFixed(1), y: y.toFixed(1) });
      return found;
    };
    const shown = seen.pieces.flat();
    const side = last < boundLog * steps ? [1, -1] : [-1, 1]; // of the gradient: away from the bound
    // where the gradient leaves the frame stands what becomes of it
    write(words.exit, `${power(last)} at step ${steps}`);
    words.exit.style.display = seen.exit ? "" : "none";
    if (seen.exit) {
      const size = 8 * words.exit.textContent.length + 4;
      const out = seen.exit[1] === HIGHEST ? 1 : -1;
      const y = up(seen.exit[1]) + (out > 0 ? 18 : -9);
      const x = across(seen.exit[0]);
      put(words.exit, size, [
        { x: x + 12, y },
        { x: x + 12, y: y + 20 * out },
        ...[12, 24, 36, 48].map((gap) => ({ x: x - gap - size, y })),
        ...beside(shown, size, SHARES, [-1, 1]),
      ]);
    }
    write(words.line, close ? "gradient = bound" : "gradient");
    const size = close ? 122 : 62;
    put(words.line, size, [
      ...beside(shown, size, SHARES, side),
      ...besideSteep(shown, size, side[0] * Math.sign(last || 1)),
    ]);
    words.bound.style.display = close ? "none" : "";
    if (!close) {
      const bounded = limit.pieces.flat();
      const leaves = (bounded.at(-1) ?? [steps])[0];
      const ends = SHARES.map((share) => (share * leaves) / steps);
      put(words.bound, 72, [
        ...beside(bounded, 72, ends, boundLog > 0 ? [-1, 1] : [1, -1]),
        ...besideSteep(bounded, 72, 1),
        ...beside(flat, 72, SHARES, [-1]),
      ]);
    }
    put(words.one, 96, beside(flat, 96, SHARES, last > 0 ? [1, -1] : [-1, 1]));
    const floor = [
      [0, FLOOR],
      [steps, FLOOR],
    ];
    const room = put(words.floor, 112, beside(floor, 112, SHARES, [1, -1]));
    words.floor.style.display = room ? "" : "none"; // the axis says it too
  };
  // beside a curve that falls or rises too steeply to write above or below it
  const besideSteep = (curve, size, right) => {
    const places = [0.5, 0.6, 0.4, 0.7, 0.3, 0.8, 0.2].map((part) => downTheCurve(curve, part));
    return [12, 28, 48].flatMap((gap) =>
      [right, -right].flatMap((hand) =>
        places.map(([x, y]) => ({ x: hand > 0 ? x + gap : x - gap - size, y: y + 4 })),
      ),
    );
  };
  // the place after so much of a curve's way up and down
  const downTheCurve = (curve, part) => {
    const places = curve.map(([t, log]) => [across(t), up(log)]);
    const ways = places.slice(1).map(([, y], k) => Math.abs(y - places[k][1]));
    let rest = part * ways.reduce((sum, way) => sum + way, 0);
    for (const [k, way] of ways.entries()) {
      if (rest <= way && way > 0) {
        const [[x0, y0], [x1, y1]] = [places[k], places[k + 1]];
        return [x0 + ((x1 - x0) * rest) / way, y0 + ((y1 - y0) * rest) / way];
      }
      rest -= way;
    }
    return places.at(-1) ?? [PAD.left, up(0)];
  };
  return { node, layout, update };
}

/**
 * A curve of one point a step as the frame from `low` to `high` shows it: the pieces inside, with
 * their ends on the frame; the same along the frame's edge where it is outside; and where it leaves
 * for good, if it does. Places are [step, height].
 */
function withinFrame(heights, low, high) {
  const inside = (y) => y >= low && y <= high;
  const [pieces, edge] = [[], []];
  let [piece, exit] = [null, null];
  const keep = (place) => {
    if (!piece) pieces.push((piece = []));
    piece.push(place);
    edge.push(place);
  };
  heights.forEach((y, t) => {
    if (t) {
      const before = heights[t - 1];
      const crossings = [low, high]
        .filter((limit) => (before - limit) * (y - limit) < 0)
        .map((limit) => {
          const part = Number.isFinite(y) ? (limit - before) / (y - before) : 1;
          return [t - 1 + part, limit];
        })
        .sort((one, other) => one[0] - other[0]);
      crossings.forEach(keep);
    }
    if (inside(y)) {
      keep([t, y]);
      exit = null;
    } else {
      if (piece) [piece, exit] = [null, piece.at(-1)];
      edge.push([t, clamp(y, low, high)]);
    }
  });
  return { pieces, edge, exit };
}

/** |∂h_T/∂h_0| = ∏ |φ′(a_t)·w| and its bound, with their numbers. */
function chain() {
  const [end, again, slope, number, bound] = ["span", "span", "span", "strong", "strong"].map((tag) =>
    html(tag),
  );
  const h = (index) => html("span", { class: "symbol" }, html("i", {}, "h"), html("sub", {}, index));
  const w = () => symbol("w");
  const node = html(
    "p",
    { class: "sentence chain" },
    html(
      "span",
      {},
      "|∂",
      h(end),
      " / ∂",
      h("0"),
      "| = ∏ |",
      slope,
      "′(",
      symbol("a_t"),
      ")·",
      w(),
      "| = ",
      number,
    ),
    html("span", {}, "bound |", w(), "|", html("sup", {}, again), " = ", bound),
  );
  const update = ({ steps, phi }, { last, boundLog }) => {
    write(end, String(steps));
    write(again, String(steps));
    write(slope, phi === "tanh" ? "tanh" : "id");
    write(number, power(last));
    write(bound, power(boundLog * steps));
  };
  return { node, update };
}

// ---- together --------------------------------------------------------------------------------

function goneText({ gone, last }, steps) {
  if (last === -Infinity) return `exactly 0 from step ${gone} on`;
  if (gone >= 0) return `below a thousandth from step ${gone} on, and ${power(last)} at step ${steps}`;
  if (Math.abs(last) < 0.005) return `still ${power(last)} at step ${steps}: nothing is lost`;
  return `${last > 0 ? "grown" : "down"} to ${power(last)} at step ${steps}`;
}

function build(state) {
  const [formula, map, path, track, depth] = [
    equation(state),
    cobweb(),
    past(state),
    gains(state),
    product(),
  ];
  const sentence = html("p", { class: "sentence" });
  const total = chain();
  const pair = html("div", { class: "pair" }, map.node, path.node);
  return {
    pictures: [pair, track.node, depth.node, total.node, sentence],
    formula: formula.node,
    controls: (view) => kit.controls(view),
    layout(width) {
      const wide = width >= 560;
      pair.classList.toggle("wide", wide);
      map.layout(wide ? SQUARE : width);
      path.layout(wide ? width - SQUARE - 12 : width);
      track.layout(width);
      depth.layout(width);
    },
    update(values) {
      const now = unit(values);
      [formula, map, path, track, depth].forEach((view) => view.update(values, now));
      total.update(values, now);
      write(sentence, `The gradient is ${goneText(now, values.steps)}.`);
    },
    summary: (values) => `The gradient is ${goneText(unit(values), values.steps)}.`,
  };
}

export default framed(build);
