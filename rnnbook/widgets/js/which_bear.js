// Which memories bear: all cases as dots on the curve of tanh, their mean, and the one shortcut.

import * as kit from "./kit/index.js";
import { clamp, decimal, html, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const NEAR = 0.02;
const ROOM = [28, 128]; // of the bars
const HEARD = 0.5; // with every bar near 0 there is no doubt, for there is no memory

function see({ r, U, w, step }, view) {
  const held = view.get("_memories");
  const pulls = held.map((h) => U * h);
  const found = math.whichBear(w, pulls, r);
  const sums = found.cases.map(({ a }) => a);
  const ends = [Math.min(-2, ...sums) - 0.4, Math.max(2, ...sums) + 0.4];
  return {
    ...found,
    held,
    ends,
    n: clamp(step, 1, r.length) - 1,
    gap: Math.abs(found.mean - found.shortcut),
  };
}

function curve(view) {
  const { cases, mean, middle, shortcut, ends } = view.now;
  const label = "The 16 cases on the curve of tanh, the mean of their answers, and the shortcut";
  const c = kit.chart(view, { width: view.width, height: 250, label, x: ends, y: [-1.08, 1.08] });
  const grid = Array.from({ length: 121 }, (_, k) => ends[0] + ((ends[1] - ends[0]) * k) / 120);
  const dots = cases.map(({ a, answer, chance }) => {
    const [x, y] = c.place([a, answer]);
    const radius = 20 * Math.sqrt(chance);
    return svg`<circle class="case q-h" cx=${x.toFixed(1)} cy=${y.toFixed(1)} r=${radius.toFixed(1)}></circle>`;
  });
  const [[x, low], [, high]] = [c.place([middle, shortcut]), c.place([middle, mean])];
  const [mark, line] = [
    `M${x.toFixed(1)} ${(high - 7).toFixed(1)}l7 7l-7 7l-7 -7z`,
    `M${x.toFixed(1)} ${low.toFixed(1)}V${high.toFixed(1)}`,
  ];
  const whole = Array.from({ length: 17 }, (_, k) => 2 * (k - 8));
  c.free.box(x - 8, x + 8, Math.min(low, high) - 8, Math.max(low, high) + 8);
  return c.draw(
    svg`<g class="ticks">${c.yTicks([-1, 0, 1], (y) => decimal(y, 0))}${c.xTicks(whole.filter((a) => a >= ends[0] && a <= ends[1]))}</g>`,
    c.curve(
      grid.map((a) => [a, Math.tanh(a)]),
      { sort: "line", hue: "ink" },
    ),
    dots,
    c.path(line, "sum"),
    svg`<circle class="hollow q-n" cx=${x.toFixed(1)} cy=${low.toFixed(1)} r="6"></circle>`,
    c.path(mark, "reset"),
    c.xTitle("argument a"),
    c.yTitle("answer tanh a"),
    c.label(`mean ${decimal(mean)}`, kit.around([x, high], 12), { sort: "value haloed" }),
    c.label(`shortcut ${decimal(shortcut)}`, kit.around([x, low], 12), { sort: "value haloed", hue: "n" }),
  );
}

function bars(view) {
  const { state, width, now } = view;
  const c = kit.picture(view, { width, height: 176, label: "How probably each memory bears" });
  const [left, right, many] = [36, width - 14, state.r.length];
  const across = kit.scale(-0.5, many - 0.5, left, right);
  const up = kit.scale(0, 1, ROOM[1], ROOM[0]);
  const place = ([x, y]) => [
    clamp(Math.round(across.invert(x)), 0, many - 1),
    clamp(Math.round(20 * up.invert(y)) / 20, 0, 1),
  ];
  const { paint, press } = kit.painting(view, "r", place, 0.05);
  const half = 0.36 * (across(1) - across(0));
  const bar = (share, n) =>
    `M${(across(n) - half).toFixed(1)} ${up(0)}V${up(share).toFixed(1)}h${(2 * half).toFixed(1)}V${up(0)}z`;
  const axis = (y) => [
    svg`<line x1=${left} x2=${right} y1=${up(y)} y2=${up(y)}></line>`,
    c.text(String(y), [left - 6, up(y) + 4, "end"], { sort: "tick" }),
  ];
  const said = `memory ${now.n + 1} of ${many}, which holds ${decimal(now.held[now.n], 1)}: ${decimal(state.r[now.n])}`;
  return c.draw(
    svg`<g class="ticks">${[0, 1].map(axis)}</g>`,
    svg`<g class="handle painted q-r" role="slider" tabindex="0" aria-orientation="vertical" data-term="r"
      aria-label="How probably each memory bears, one bar a memory" aria-valuemin="0" aria-valuemax="1"
      aria-valuenow=${state.r[now.n]} aria-valuetext=${said} @pointerdown=${paint} @keydown=${press}>
      <rect class="reach" x=${left} y=${ROOM[0] - 8} width=${right - left} height=${ROOM[1] - ROOM[0] + 16}></rect>
      <path class="kept" d=${state.r.map(bar).join("")}></path>
      <circle class="dot" cx=${across(now.n).toFixed(1)} cy=${up(state.r[now.n]).toFixed(1)} r="6"></circle></g>`,
    c.text("r_{n}, how probably it bears", [left, ROOM[0] - 13], { sort: "axis haloed" }),
    now.held.map((h, n) => [
      c.text(
        c.narrow ? decimal(h, 1) : `h_{${n + 1}} = ${decimal(h, 1)}`,
        [across(n), ROOM[1] + 22, "middle"],
        {
          sort: "value small",
          hue: "h",
        },
      ),
      c.text(`${c.narrow ? "→" : "adds"} ${decimal(state.U * h, 1)}`, [across(n), ROOM[1] + 40, "middle"], {
        sort: "note small",
      }),
    ]),
  );
}

const stage = (view) => html`${curve(view)}${bars(view)}<p class="sentence">${say(view)}</p>`;

const say = ({ now: { mean, shortcut, gap } }) =>
  `The mean of the 16 answers is ${decimal(mean)}. The shortcut says ${decimal(shortcut)}: ${decimal(gap)} off.`;

const done = ({ now: { gap }, state }) => gap < NEAR && Math.max(...state.r) >= HEARD;

export default kit.explorable({ see, stage, say, done });
