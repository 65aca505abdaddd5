// A sign through noise: the reader paints the answer to every reading, and a memory adds it up.

import * as kit from "./kit/index.js";
import { clamp, decimal, html, nothing, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const [SEED, SHOWN, RIDE] = [81, 120, 60];
const ROOM = { answers: [26, 226], readings: 250, floor: [300, 400], axis: 420 }; // heights
const draw = math.streamDraw(SEED, SHOWN);

const start = () => ({ least: kit.remember(math.leastErrors) });

function see({ answers, noise, chance, step }, { own }) {
  const signs = draw.map(([luck]) => (luck < chance ? 1 : -1));
  const readings = draw.map(([, , error], k) => signs[k] + noise * error);
  const total = (numbers) => {
    let sum = 0;
    return numbers.slice(0, RIDE).map((n) => (sum += n));
  };
  const floors = total(signs);
  const knots = answers.length;
  const k = clamp(step, 1, knots) - 1;
  return {
    signs,
    readings,
    floors,
    memory: total(readings.map((v) => math.answerAt(answers, v))),
    error: math.answerError(answers, noise, chance),
    least: own.least(noise, chance),
    low: Math.min(...floors, -2) - 4,
    high: Math.max(...floors, 2) + 4,
    knots,
    k,
    v: (6 * k) / (knots - 1) - 3,
    answer: 4 * answers[k] - 2,
  };
}

function strips(view) {
  const { now, width, state } = view;
  const { k, knots } = now;
  const label = "Readings of the lift, the curve of your answers, and the floors that follow from them";
  const c = kit.picture(view, { width, height: 446, label });
  const names = ["lift", "memory"];
  const [left, right] = [34, width - Math.max(...names.map((name) => c.measure(name))) - 16];
  const across = kit.scale(-3, 3, left + 10, right - 10);
  const along = kit.scale(0, RIDE, left, right);
  const up = kit.scale(-2, 2, ROOM.answers[1], ROOM.answers[0]);
  const floor = kit.scale(now.low, now.high, ROOM.floor[1], ROOM.floor[0]);
  const knot = (n) => across((6 * n) / (knots - 1) - 3);
  const place = ([x, y]) => [
    clamp(Math.round(((across.invert(x) + 3) / 6) * (knots - 1)), 0, knots - 1),
    clamp(Math.round(10 * (up.invert(y) + 2)) / 40, 0, 1),
  ];
  const { paint, press } = kit.painting(view, "answers", place, 0.025);
  const points = (row, at) => kit.through(row.map((y, n) => at(y, n)));
  const mine = points(state.answers, (share, n) => [knot(n), up(4 * share - 2)]);
  const best = kit.through(
    Array.from({ length: 121 }, (_, n) => n / 20 - 3).map((v) => [
      across(v),
      up(math.meanSign(v, state.noise, state.chance)),
    ]),
  );
  const triangle = (sign) =>
    now.readings
      .flatMap((v, n) => {
        if (now.signs[n] !== sign || Math.abs(v) > 3) return [];
        const y = up(sign + 0.16 * clamp(draw[n][1], -2, 2));
        return [`M${across(v).toFixed(1)} ${(y - 4.5 * sign).toFixed(1)}l4.5 ${8 * sign}h-9z`];
      })
      .join("");
  const grid = (y, text) => [
    svg`<line x1=${left} x2=${right} y1=${y.toFixed(1)} y2=${y.toFixed(1)}></line>`,
    c.text(text, [left - 7, y + 4, "end"], { sort: "tick" }),
  ];
  const unit = [2, 5, 10, 20].find((size) => now.high - now.low < 5 * size) ?? 40;
  const floors = Array.from({ length: 9 }, (_, n) => unit * (n - 4)).filter(
    (y) => y >= now.low && y <= now.high,
  );
  const course = (row) => [
    [along(0), floor(0)],
    ...row.map((y, t) => [along(t + 1), clamp(floor(y), ROOM.floor[0] - 6, ROOM.floor[1] + 6)]),
  ];
  const ends = [now.floors, now.memory].map((row) => course(row).at(-1)[1]);
  const heights = kit.spread(ends, 17, ROOM.floor[0], ROOM.floor[1] + 4);
  const said = `reading ${decimal(now.v)}: answer ${decimal(now.answer)}`;
  return c.draw(
    svg`<g class="ticks">${[-2, -1, 0, 1, 2].map((y) => grid(up(y), decimal(y, 0)))}
      ${floors.map((y) => grid(floor(y), decimal(y, 0)))}</g>`,
    c.path(triangle(1) + triangle(-1), "votes"),
    svg`<g class="handle painted q-c" role="slider" tabindex="0" aria-orientation="vertical"
      data-term="c" aria-label="Your answer to each reading" aria-valuemin="-2" aria-valuemax="2"
      aria-valuenow=${decimal(now.answer).replace("−", "-")} aria-valuetext=${said}
      @pointerdown=${paint} @keydown=${press}>
      <rect class="reach" x=${left} y=${ROOM.answers[0] - 8} width=${right - left} height=${ROOM.answers[1] - ROOM.answers[0] + 16}></rect>
      ${state.best === "shown" ? c.path(best, "best") : nothing}
      ${c.path(mine, "line", { hue: "c" })}
      <circle class="dot" cx=${knot(k).toFixed(1)} cy=${up(now.answer).toFixed(1)} r="6"></circle></g>`,
    c.text("your answer", [left, 12], { sort: "axis haloed" }),
    c.label(
      "▲ it went up  ▼ down",
      [
        [right, 12, "end"],
        [width, 12, "end"],
      ],
      { sort: "axis" },
    ),
    svg`<g class="ticks">${[-3, -2, -1, 0, 1, 2, 3].map((v) => c.text(decimal(v, 0), [across(v), ROOM.readings, "middle"], { sort: "tick" }))}</g>`,
    c.text("reading v", [(left + right) / 2, ROOM.readings + 20, "middle"], { sort: "axis" }),
    c.path(kit.through(course(now.floors)), "target"),
    c.path(kit.through(course(now.memory)), "line", { hue: "C", term: "C" }),
    names.map((name, n) =>
      c.text(name, [right + 8, heights[n] + 4], { sort: "value", hue: n ? "C" : undefined }),
    ),
    c.text("floor", [left, ROOM.floor[0] - 12], { sort: "axis haloed" }),
    svg`<g class="ticks">${[20, 40, 60].map((t) => c.text(String(t), [along(t), ROOM.axis, "middle"], { sort: "tick" }))}</g>`,
    c.text("step t", [(left + right) / 2, ROOM.axis + 21, "middle"], { sort: "axis" }),
  );
}

function stage(view) {
  const { now, state } = view;
  const rows = [
    { name: "best line", value: now.least.line },
    { name: "hard sign", value: now.least.sign },
    { name: "your curve", value: now.error, hue: "c" },
    ...(state.best === "shown" ? [{ name: "best curve", value: now.least.mean }] : []),
  ];
  const most = Math.max(1, now.error);
  const title = ["mean square error per step, over all such readings", "mean square error per step"];
  return html`${strips(view)}${kit.bars(view, { title, label: say(view), rows, most })}<p class="sentence">${say(view)}</p>`;
}

function controls(view) {
  const next = view.state.best === "shown" ? "hidden" : "shown";
  const text = next === "shown" ? "Show the best curve" : "Hide the best curve";
  return kit.controls(view, { more: kit.button(text, () => view.change({ best: next })) });
}

const done = ({ now }) => now.error < Math.min(now.least.line, now.least.sign);

const say = ({ now }) =>
  `To a reading of ${decimal(now.v)} you answer ${decimal(now.answer)}. Your error per step is ${decimal(now.error)}.`;

export default kit.explorable({ start, see, stage, controls, say, done });
