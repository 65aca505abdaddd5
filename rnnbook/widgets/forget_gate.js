// The forget gate of one unit: equation, wires and code; the curve; the stored value through time.

const NAMES = ["w_x", "w_h", "b", "x", "h", "steps"];
const FLAT = 2.887; // beyond ±FLAT the slope of σ is below 0.05
const PER_PIXEL = { w_x: 0.02, w_h: 0.02, b: 0.02, x: 0.01, h: 0.01 }; // of a number that is dragged

/** All that is shown, from the state. */
function gate({ w_x, w_h, b, x, h, steps }) {
  const rest = w_x * x + w_h * h;
  const a = rest + b;
  return {
    rest,
    a,
    steps,
    f: sigmoid(a),
    lost: sigmoid(-a),
    slope: sigmoidSlope(a),
    halfLife: gateHalfLife(a),
  };
}

/** Whether less than half is left after one step: a memory in steps has no half-life then. */
function forgetsAtOnce(halfLife) {
  return halfLife < 0.995;
}

/** The half-life in words. */
function halfLifeText(steps) {
  if (forgetsAtOnce(steps)) return "less than half is left after one step";
  return `half-life ${short(steps)} ${short(steps) === "1.00" ? "step" : "steps"}`;
}

// ---- view 1: the equation --------------------------------------------------------------------

function equation(state) {
  const { numbers, term, sign } = equationParts(state);
  const pulled = (name, key) => term(name, key, name, PER_PIXEL[name]);
  const node = html(
    "div",
    { class: "equation", role: "math", "aria-label": "f = σ(w_x x + w_h h + b)" },
    term("f", "f"),
    sign("="),
    sign("σ", "a"),
    sign("("),
    pulled("w_x", "wx"),
    sign("·"),
    pulled("x", "x"),
    sign("+"),
    pulled("w_h", "wh"),
    sign("·"),
    pulled("h", "h"),
    sign("+"),
    pulled("b", "ink"),
    sign(")"),
  );
  const update = (values, { f, lost }) => {
    for (const name of ["w_x", "x", "w_h", "h", "b"]) write(numbers[name], decimal(values[name]));
    write(numbers.f, share(f, lost));
  };
  return { node, update };
}

// ---- view 2: the wires -----------------------------------------------------------------------

/** A wire, with a glow under it that shows when its term is pointed at. */
function wire(term, key) {
  const glow = svg("path", { class: "glow" });
  const core = svg("path", {});
  const node = svg("g", { class: `wire ${hue(key)}`, "data-term": term }, glow, core);
  node.lay = (d) => [glow, core].forEach((path) => set(path, { d }));
  node.thicken = (width, dashes = null) => {
    set(core, { "stroke-width": width.toFixed(2), "stroke-dasharray": dashes });
    set(glow, { "stroke-width": (width + 8).toFixed(2) });
  };
  // wide is large, dashed is negative
  node.carry = (value) =>
    node.thicken(1.2 + 2.2 * Math.min(Math.abs(value), 3), value < -0.005 ? "5 4" : null);
  return node;
}

function box(text, key) {
  const value = label({ class: "value", y: 13 }, "");
  const node = svg(
    "g",
    { class: "box" },
    svg("rect", { x: -24, y: -20, width: 48, height: 42, rx: 7 }),
    label({ class: `math ${hue(key)}`, y: -5 }, `× ${text}`),
    value,
  );
  return { node, value };
}

function wires(state) {
  const word = (term, key, text = "") =>
    label({ class: `value ${hue(key)}`, "data-term": term }, text);
  const at = (node, x, y) => set(node, { transform: `translate(${x} ${y})` });
  const circle = (text, key, r = 14) =>
    svg(
      "g",
      { class: `node ${hue(key)}` },
      svg("circle", { r }),
      label({ class: "math", y: 5 }, text),
    );
  const marked = (node, term) => set(node, { "data-term": term });

  const lines = {
    x: wire("x", "x"),
    h: wire("h", "h"),
    wx: wire("w_x", "wx"),
    wh: wire("w_h", "wh"),
    b: wire("b", "ink"),
    a: wire("a", "ink"),
    f: wire("f", "f"),
    before: wire("C", "C"),
    after: wire("C", "C"),
  };
  const nodes = {
    x: marked(circle("x", "x"), "x"),
    h: marked(circle("h", "h"), "h"),
    b: marked(circle("b", "ink"), "b"),
    sum: marked(circle("+", "ink"), "a"),
    sigma: marked(circle("σ", "f", 17), "a"),
    times: marked(circle("×", "C", 15), "f"),
  };
  const weights = { x: box("w_{x}", "wx"), h: box("w_{h}", "wh") };
  marked(weights.x.node, "w_x");
  marked(weights.h.node, "w_h");
  const pull = (name, ...places) => {
    const change = (value) => state.change({ [name]: value });
    places.forEach((place) => scrub(place, () => state.read()[name], change, PER_PIXEL[name]));
  };
  const words = {
    x: word("x", "x"),
    h: word("h", "h"),
    b: word("b", "ink"),
    wx: word("w_x", "wx"),
    wh: word("w_h", "wh"),
    a: word("a", "ink"),
    f: label({ class: "value q-f start", "data-term": "f" }, ""),
    before: label({ class: "value q-C start", "data-term": "C" }, "C_{t−1} = 1"),
    after: svg("g", { "data-term": "C" }),
    size: label({ class: "note small end" }, "wide: large"),
    dashes: label({ class: "note small end" }, "dashed: negative"),
  };
  pull("x", nodes.x, words.x);
  pull("h", nodes.h, words.h);
  pull("b", nodes.b, words.b);
  pull("w_x", weights.x.node);
  pull("w_h", weights.h.node);
  const afterNumber = svg("tspan");
  const after = label({ class: "value q-C end" }, "C_{t} = ");
  after.append(afterNumber);
  words.after.append(after);
  const node = svg(
    "svg",
    { class: "wires", role: "img", height: 190 },
    ...Object.values(lines),
    ...Object.values(nodes),
    weights.x.node,
    weights.h.node,
    ...Object.values(words),
  );

  const layout = (width) => {
    const [top, upper, middle, lower] = [42, 90, 118, 146];
    const narrow = width < 480;
    node.classList.toggle("narrow", narrow);
    const places = narrow ? [0.055, 0.225, 0.46, 0.63, 0.745] : [0.055, 0.22, 0.45, 0.66, 0.83];
    const [left, box, sum, sigma, times] = places.map((part) => part * width);
    set(node, { width, viewBox: `0 0 ${width} 190` });
    lines.before.lay(`M0 ${top}H${times}`);
    lines.after.lay(`M${times} ${top}H${width}`);
    lines.x.lay(`M${left} ${upper}H${box}`);
    lines.h.lay(`M${left} ${lower}H${box}`);
    lines.wx.lay(
      `M${box} ${upper}C${(box + sum) / 2} ${upper} ${(box + sum) / 2} ${middle} ${sum} ${middle}`,
    );
    lines.wh.lay(
      `M${box} ${lower}C${(box + sum) / 2} ${lower} ${(box + sum) / 2} ${middle} ${sum} ${middle}`,
    );
    lines.b.lay(`M${sum} 172V${middle}`);
    lines.a.lay(`M${sum} ${middle}H${sigma}`);
    lines.f.lay(
      `M${sigma} ${middle}H${times - 12}Q${times} ${middle} ${times} ${middle - 12}V${top}`,
    );
    at(nodes.x, left, upper);
    at(nodes.h, left, lower);
    at(nodes.b, sum, 174);
    at(nodes.sum, sum, middle);
    at(nodes.sigma, sigma, middle);
    at(nodes.times, times, top);
    at(weights.x.node, box, upper);
    at(weights.h.node, box, lower);
    const half = (left + 14 + box - 24) / 2;
    at(words.x, narrow ? left + 4 : half, upper - (narrow ? 20 : 9));
    at(words.h, narrow ? left + 4 : half, lower + (narrow ? 30 : -9));
    at(words.b, sum + 40, 179);
    at(words.wx, (box + sum) / 2 + 6, upper - 5);
    at(words.wh, (box + sum) / 2 + 6, lower + 13);
    at(words.a, (sum + sigma) / 2, middle - (narrow ? 20 : 11));
    at(words.f, times + 12, (top + middle) / 2 + 8);
    at(words.size, width - 2, 166);
    at(words.dashes, width - 2, 182);
    at(words.before, 2, top - 24);
    at(words.after, width - 2, top - 24);
  };
  const update = ({ w_x, w_h, b, x, h }, { a, f, lost }) => {
    lines.x.carry(x);
    lines.h.carry(h);
    lines.wx.carry(w_x * x);
    lines.wh.carry(w_h * h);
    lines.b.carry(b);
    lines.a.carry(a);
    lines.f.thicken(1 + 7 * f);
    lines.before.thicken(9);
    lines.after.thicken(Math.max(9 * f, 0.6));
    for (const [node, value] of [
      [words.x, x],
      [words.h, h],
      [words.b, b],
      [words.wx, w_x * x],
      [words.wh, w_h * h],
      [weights.x.value, w_x],
      [weights.h.value, w_h],
    ])
      write(node, decimal(value));
    write(words.a, decimal(a));
    write(words.f, share(f, lost));
    write(afterNumber, share(f, lost));
    set(node, {
      "aria-label":
        `Wires: x and h, each times its weight, and b are added to ${decimal(a)}; ` +
        `σ makes ${share(f, lost)} of it, which multiplies the stored value.`,
    });
  };
  return { node, layout, update };
}

// ---- view 3: the code ------------------------------------------------------------------------

function code() {
  const piece = (text, term, key) =>
    html("span", { class: `${hue(key)}`, "data-term": term }, text);
  return html(
    "code",
    { class: "code" },
    piece("torch.sigmoid", "a", "f"),
    "(",
    piece("x", "x", "x"),
    " @ ",
    piece("W_x", "w_x", "wx"),
    " + ",
    piece("h", "h", "h"),
    " @ ",
    piece("W_h", "w_h", "wh"),
    " + ",
    piece("b", "b", "ink"),
    ")",
  );
}

// ---- the curve -------------------------------------------------------------------------------

const EDGE = 8; // the curve is drawn for a in [−8, 8]
const HEIGHT = 248;
const FOOT = 12; // below the line of 0, where a handle may stand
const MARGIN = { left: 36, right: 14, top: 22, bottom: 40 };

function curve(state) {
  const node = svg("svg", {
    class: "chart",
    role: "group",
    "aria-label": "The logistic function σ, with the working point on it",
    height: HEIGHT,
  });
  let across, up;
  const flats = [0, 1].map(() => svg("rect", { class: "flat" }));
  const words = {
    forgets: label({ class: "note sunken" }, "forgets"),
    keeps: label({ class: "note sunken" }, "keeps"),
    flatLeft: twoLines("slope", "below 0.05"),
    flatRight: twoLines("slope", "below 0.05"),
    axis: label({ class: "axis" }, "a = w_{x}·x + w_{h}·h + b"),
    slope: label({ class: "axis end haloed" }, "slope σ′ = f(1 − f)"),
    slopeValue: label({ class: "value end" }, ""),
    f: label({ class: "value q-f end" }, ""),
    away: label({ class: "note end" }, ""),
  };
  const grid = svg("g", { class: "ticks" });
  const line = svg("path", { class: "line q-f", "data-term": "f" });
  const tangent = svg("line", { class: "tangent" });
  const guide = svg("path", { class: "guide" });
  const setPoint = (a) => {
    const values = state.read();
    state.change({ b: clamp(a, -EDGE, EDGE) - gate(values).rest });
  };
  const point = handle(node, "Working point; moving it sets the bias b", {
    cursor: "ew-resize",
    drag: (x) => setPoint(across.invert(x)),
    nudge: (steps) => setPoint(Number.isFinite(steps) ? gate(state.read()).a + 0.1 * steps : steps),
  });
  point.dataset.term = "f";
  point.classList.add("q-f");
  node.append(...flats, grid, guide, line, tangent, ...Object.values(words), point);

  const layout = (width) => {
    set(node, { width, viewBox: `0 0 ${width} ${HEIGHT}` });
    const { left, right, top, bottom } = MARGIN;
    across = scale(-EDGE, EDGE, left, width - right);
    up = scale(0, 1, HEIGHT - bottom - FOOT, top);
    const place = (text, x, y) => set(text, { x, y });
    set(flats[0], { x: left, y: top, width: across(-FLAT) - left, height: HEIGHT - bottom - top });
    set(flats[1], {
      x: across(FLAT),
      y: top,
      width: width - right - across(FLAT),
      height: HEIGHT - bottom - top,
    });
    grid.replaceChildren(
      ...[0, 0.5, 1].flatMap((f) => [
        svg("line", { x1: left, x2: width - right, y1: up(f), y2: up(f) }),
        svg("text", { class: "tick end", x: left - 15, y: up(f) + 4 }, f === 0.5 ? "½" : String(f)),
      ]),
      ...[-8, -4, 0, 4, 8].map((a) =>
        svg("text", { class: "tick", x: across(a), y: HEIGHT - bottom + 16 }, decimal(a, 0)),
      ),
    );
    const dots = Array.from({ length: 81 }, (_, k) => -EDGE + (2 * EDGE * k) / 80);
    set(line, {
      d: "M" + dots.map((a) => `${across(a).toFixed(1)} ${up(sigmoid(a)).toFixed(1)}`).join("L"),
    });
    const [leftMiddle, rightMiddle] = [
      (left + across(-FLAT)) / 2 - 7,
      (across(FLAT) + width - right) / 2,
    ];
    // where the curve and the point's own number never come
    place(words.forgets, leftMiddle, up(0.5) - 71);
    words.flatLeft.move(leftMiddle, up(0.5) - 52);
    place(words.keeps, rightMiddle, up(0.5) - 2);
    words.flatRight.move(rightMiddle, up(0.5) + 18);
    place(words.axis, across(0), HEIGHT - 6);
    place(words.slope, width - right - 6, up(0) - 25);
    place(words.slopeValue, width - right - 6, up(0) - 8);
    place(words.away, width - right - 4, top + 22);
  };
  const update = (values, { a, f, lost, slope }) => {
    const shown = clamp(a, -EDGE, EDGE);
    const [x, y] = [across(shown), up(sigmoid(shown))];
    moveHandle(point, x, y, {
      now: Number(a.toFixed(3)),
      low: -EDGE,
      high: EDGE,
      text: `a = ${decimal(a)}, f = ${share(f, lost)}`,
    });
    const [unitX, unitY] = [across(1) - across(0), up(1) - up(0)];
    const length = 46 / Math.hypot(unitX, unitY * slope);
    const rise = Math.abs(unitY) * slope; // the tangent ends at the frame, off the axes' numbers
    const back = Math.min(length, shown + EDGE, (up(0) + 2 - y) / rise);
    const ahead = Math.min(length, EDGE - shown, (y - up(1) + 2) / rise);
    set(tangent, {
      x1: x - back * unitX,
      y1: y - back * unitY * slope,
      x2: x + ahead * unitX,
      y2: y + ahead * unitY * slope,
    });
    set(guide, { d: `M${MARGIN.left} ${y}H${x}V${up(0)}` });
    // left of the point, off the curve; near the left edge, where the curve is flat, above it
    const end = Math.max(x - 14, MARGIN.left + 58);
    set(words.f, { x: end, y: y - 8 - Math.min(12, end - (x - 14)) });
    write(words.f, `f = ${share(f, lost)}`);
    write(words.slopeValue, `= ${short(slope)}`);
    write(
      words.away,
      a > EDGE
        ? `a = ${decimal(a, 1)} lies outside →`
        : a < -EDGE
          ? `← a = ${decimal(a, 1)} lies outside`
          : "",
    );
  };
  return { node, layout, update };
}

/** A small note of two lines, moved as one. */
function twoLines(...texts) {
  const lines = texts.map((text) => svg("tspan", {}, text));
  const node = svg("text", { class: "note small sunken" }, ...lines);
  node.move = (x, y) => lines.forEach((line, k) => set(line, { x, y: y + 15 * k }));
  return node;
}

// ---- the stored value ------------------------------------------------------------------------

const LIFE = 150; // width of the half-life's label
const STEMS = 60; // beyond so many steps the stems would touch
const DOTS = 120; // of a curve
const START = 46; // the axis' numbers stand clear of the handle

function decay(state) {
  const node = svg("svg", {
    class: "chart",
    role: "group",
    "aria-label": "The stored value through time, with its half-life",
    height: HEIGHT,
  });
  let across, up, width, drawnSteps;
  const grid = svg("g", { class: "ticks" });
  const ticks = svg("g", { class: "ticks" });
  const area = svg("path", { class: "area q-C" });
  const stems = svg("path", { class: "stems q-C", "data-term": "C" });
  const line = svg("path", { class: "line q-C", "data-term": "C" });
  const mark = svg("path", { class: "guide strong" });
  const units = svg("path", { class: "units q-C" });
  const words = {
    axis: label({ class: "axis" }, "steps t"),
    ever: label({ class: "axis start" }, "C_{t} / C_{0} = f^{\u2009t}"),
    draw: label({ class: "note end haloed" }, ""),
    life: label({ class: "value q-C" }, ""),
    atOnce: twoLines("less than half is left ", "after one step"),
    carousel: label({ class: "note end" }, "f = 1: the carousel"),
  };
  set(words.atOnce, { class: "value q-C start" });
  const setLife = (steps) => {
    const values = state.read();
    const reach = clamp(steps, 0.05, values.steps);
    state.change({ b: preactivationOfHalfLife(reach) - gate(values).rest });
  };
  const life = handle(node, "Half-life of the stored value; moving it sets the bias b", {
    cursor: "ew-resize",
    drag: (x) => setLife(across.invert(x)),
    nudge: (steps) => {
      const now = Math.min(gate(state.read()).halfLife, state.read().steps);
      setLife(Number.isFinite(steps) ? now * 1.05 ** steps : steps);
    },
  });
  life.dataset.term = "C";
  life.classList.add("q-C");
  node.append(grid, ticks, area, stems, units, line, mark, ...Object.values(words), life);

  const layout = (newWidth) => {
    width = newWidth;
    drawnSteps = null;
    set(node, { width, viewBox: `0 0 ${width} ${HEIGHT}` });
    const { right, top, bottom } = MARGIN;
    up = scale(0, 1, HEIGHT - bottom - FOOT, top);
    grid.replaceChildren(
      ...[0, 0.5, 1].flatMap((share) => [
        svg("line", {
          x1: START,
          x2: width - right,
          y1: up(share),
          y2: up(share),
          class: share === 0.5 ? "half" : null,
        }),
        svg(
          "text",
          { class: "tick end", x: START - 21, y: up(share) + 4 },
          share === 0.5 ? "½" : String(share),
        ),
      ]),
    );
    set(words.axis, { x: (START + width - right) / 2, y: HEIGHT - 6 });
    set(words.ever, { x: START, y: top - 8 });
    set(words.draw, { x: width - right, y: up(0.91) });
    set(words.carousel, { x: width - right, y: top - 8 });
  };
  const axis = (steps) => {
    drawnSteps = steps;
    across = scale(0, steps, START, width - MARGIN.right);
    ticks.replaceChildren(
      ...roundTicks(steps, 5).map((t) =>
        svg(
          "text",
          { class: "tick", x: across(t), y: HEIGHT - MARGIN.bottom + 16 },
          String(Math.round(t)),
        ),
      ),
    );
  };
  const place = (a, t) => `${across(t).toFixed(1)} ${up(kept(a, t)).toFixed(1)}`;
  const fall = (a, steps, dots) =>
    "M" + Array.from({ length: dots + 1 }, (_, k) => place(a, (steps * k) / dots)).join("L");
  let drawn;
  const showUnits = (draw, steps) => {
    const sort = draw ? `${steps} ${width}` : "";
    if (sort === drawn) return;
    drawn = sort;
    set(units, { d: draw ? draw.map((b) => fall(b, steps, 40)).join("") : "" });
    write(words.draw, draw ? `faint: the ${draw.length} units of one draw` : "");
  };
  const update = (values, { a, steps, halfLife }) => {
    if (steps !== drawnSteps) axis(steps);
    showUnits(drawAround(state, values), steps);
    const path = fall(a, steps, DOTS);
    let needles = "";
    for (let t = 0; t <= steps && steps <= STEMS; t++)
      needles += `M${across(t).toFixed(1)} ${up(0)}V${up(kept(a, t)).toFixed(1)}h.01`;
    set(line, { d: path });
    set(area, { d: `${path}V${up(0)}H${START}Z` });
    set(stems, { d: needles });
    const beyond = halfLife > steps;
    const x = across(Math.min(halfLife, steps));
    moveHandle(life, x, up(0.5), {
      now: Number(Math.min(halfLife, 1e9).toPrecision(4)),
      low: 0.05,
      high: steps,
      text: halfLifeText(halfLife),
    });
    life.classList.toggle("beyond", beyond);
    const marked = !beyond && !forgetsAtOnce(halfLife);
    set(mark, { d: marked ? `M${x} ${up(0.5)}V${up(0)}m-4 5l4 -5l4 5` : "" });
    placeLife(x, !beyond && x < width * 0.55, (place) => up(kept(a, across.invert(place))));
    write(words.life, `${halfLifeText(halfLife)}${beyond ? " →" : ""}`);
    words.atOnce.move(x + 20, up(0.5) - 26);
    words.life.style.display = forgetsAtOnce(halfLife) ? "none" : "";
    words.atOnce.style.display = forgetsAtOnce(halfLife) ? "" : "none";
  };
  // right of the handle; else above the curve at the right end; else, under a flat curve, below
  const placeLife = (x, right, curveAt) => {
    const end = width - MARGIN.right;
    const above = curveAt(end - LIFE) - 9;
    const fits = above > MARGIN.top + 14;
    set(words.life, {
      x: right ? x + 20 : fits ? end : x - 20,
      y: right ? up(0.5) - 10 : fits ? Math.min(above, up(0.5) - 20) : up(0.5) + 24,
      class: `value q-C ${right ? "start" : "end"}`,
    });
  };
  return { node, layout, update };
}

/** The biases of a preset's draw, where the state is the preset's but for a bias within the draw. */
function drawAround(state, values) {
  for (const { draw, set: wanted } of state.presets) {
    if (!draw || values.b < Math.min(...draw) || values.b > Math.max(...draw)) continue;
    if (agrees(values, { ...wanted, b: values.b })) return draw;
  }
  return null;
}

// ---- together --------------------------------------------------------------------------------

function build(state) {
  const views = [equation(state), wires(state), curve(state), decay(state)];
  const [formula, diagram, logistic, memory] = views;
  const sentence = html("p", { class: "sentence" });
  const charts = html("div", { class: "charts" }, logistic.node, memory.node);
  const stage = html(
    "div",
    { class: "stage" },
    formula.node,
    diagram.node,
    code(),
    charts,
    sentence,
  );
  const knobs = {
    w_x: knob(state, "w_x", "weight w_x", 0.05),
    x: knob(state, "x", "input x", 0.05),
    w_h: knob(state, "w_h", "weight w_h", 0.05),
    h: knob(state, "h", "hidden h", 0.05),
    b: knob(state, "b", "bias b", 0.05),
    steps: knob(state, "steps", "steps T", 1, { curve: "log", whole: true }),
  };
  return {
    stage,
    formula: formula.node,
    controls: html("div", { class: "controls" }, ...Object.values(knobs)),
    layout(width) {
      diagram.layout(width);
      const wide = width >= 560;
      charts.classList.toggle("wide", wide);
      const part = wide ? Math.floor((width - 20) / 2) : width;
      logistic.layout(part);
      memory.layout(part);
    },
    update(values) {
      const now = gate(values);
      views.forEach((view) => view.update(values, now));
      for (const name of NAMES) knobs[name].show(values[name]);
      const left = kept(now.a, now.steps);
      write(
        sentence,
        `After ${now.steps} steps ${left < 1e-6 ? "next to nothing" : percent(left)} is left ` +
          `of the value and, along the cell, of its gradient.`,
      );
    },
    summary(values) {
      const { f, lost, halfLife } = gate(values);
      const found = this.done?.(values) ? ": what was to be found" : "";
      return `f is ${share(f, lost)}, ${halfLifeText(halfLife)}${found}.`;
    },
    ...(state.goal > 0 && {
      done: (values) => Math.abs(gate(values).halfLife / state.goal - 1) < 0.02,
    }),
  };
}

function percent(share) {
  return share >= 0.9995 ? `${decimal(100 * share, 2)} %` : `${short(100 * share)} %`;
}

export default {
  render: ({ model, el }) => mount({ model, el }, NAMES, build),
};
