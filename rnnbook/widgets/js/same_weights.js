// One trained GRU and a switch: the reset gate before the product, or after it.

import * as kit from "./kit/index.js";
import { clamp, decimal, html, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const STEPS = 16;
const [ANSWER, A, B] = [2, 1, 0]; // what the units were found to hold
const COMMANDS = ["store in a", "store in b", "copy a", "copy b"];

const start = (model) => {
  const weights = model.get("_weights");
  const run = kit.remember((seed, after) => {
    const stream = math.commandStream(seed, STEPS);
    const inputs = stream.map(({ sign, command }) => [
      sign,
      ...COMMANDS.map((_, k) => Number(k === command)),
    ]);
    return math.gruAnswers(weights, inputs, after).map((step, t) => ({
      ...step,
      ...stream[t],
      right: Math.abs(step.y - stream[t].answer) < 0.5,
    }));
  });
  return { run, U: weights.c.h[ANSWER] };
};

function see({ reset, stream, step }, { own }) {
  const after = reset === "after";
  const steps = own.run(Math.round(stream), after);
  const t = clamp(Math.round(step), 1, STEPS) - 1;
  return { steps, after, t, s: steps[t], U: own.U, right: steps.filter((one) => one.right).length };
}

function answers(view) {
  const { steps, t } = view.now;
  const label = "What the network answers after each step, and what it should";
  const room = { x: [0.5, STEPS + 0.5], y: [-1.4, 1.4], foot: 34 };
  const c = kit.chart(view, { width: view.width, height: 280, label, ...room });
  const at = (n, y) =>
    c
      .place([n + 1, y])
      .map((pixel) => pixel.toFixed(1))
      .join(" ");
  const target = steps.map(({ answer }, n) => `M${at(n - 0.4, answer)}L${at(n + 0.4, answer)}`).join("");
  const cross = (n, y) => `M${at(n, y)}m-5 -5l10 10m0 -10l-10 10`;
  const go = (n) => view.change({ step: clamp(Math.round(n), 1, STEPS) });
  const point = c.handle({
    name: "Step that is looked at",
    x: t + 1,
    y: clamp(steps[t].y, -1.4, 1.4),
    along: "x",
    move: go,
    keys: (n) => go(view.state.step + n),
    now: t + 1,
    low: 1,
    high: STEPS,
    says: `step ${t + 1}: ${told(view)}`,
    hue: "h",
    term: "step",
  });
  const low = c.bottom - 26;
  const word = ({ sign, command }, n) => {
    const x = c.place([n + 1, 0])[0];
    const [name, store] = ["ab"[command % 2], command < 2];
    return [
      c.text(name, [x, low, "middle"], { sort: store ? "note" : "value" }),
      c.text(store ? (sign > 0 ? "+" : "−") : "↑", [x, low + 16, "middle"], {
        sort: store ? "note" : "value",
      }),
    ];
  };
  return c.draw(
    svg`<g class="ticks">${c.yTicks([-1, 0, 1], (y) => decimal(y, 0))}${c.xTicks([1, 4, 8, 12, 16])}</g>`,
    c.path(target, "target"),
    c.curve(
      steps.map(({ y }, n) => [n + 1, clamp(y, -1.4, 1.4)]),
      { hue: "h", term: "h" },
    ),
    c.path(steps.map(({ right, y }, n) => (right ? "" : cross(n, clamp(y, -1.4, 1.4)))).join(""), "sum"),
    steps.map(word),
    c.xTitle(c.narrow ? "step t; ↑ copies" : "step t; “a +” stores + in a, “a ↑” copies a"),
    c.yTitle(c.narrow ? "answer; × wrong" : "answer; pale: what it should hold; × wrong"),
    point,
  );
}

/** What the answering unit hears of the registers, as the chosen convention has it. */
function formula(view) {
  const { s, after, U } = view.now;
  const number = (name, hue, text, value) => kit.term({ name, hue, text, value: decimal(value) });
  const of = (n, name) => [
    number(`U${name}`, "wh", `U_${name}`, U[n]),
    "·",
    number(`h${name}`, "h", `h_${name}`, s.h0[n]),
  ];
  const gate = (n, name) => number(`r${name}`, "r", `r_${name}`, s.r[n]);
  const heard = number("heard", "n", "heard", hears(view.now));
  if (after)
    return kit.equation(view, "r (U_a h_a + U_b h_b)", [
      heard,
      "=",
      gate(ANSWER, "y"),
      "· (",
      ...of(A, "a"),
      "+",
      ...of(B, "b"),
      ")",
    ]);
  const each = (n, name) => [gate(n, name), "·", ...of(n, name)];
  return kit.equation(view, "U_a r_a h_a + U_b r_b h_b", [heard, "=", ...each(A, "a"), "+", ...each(B, "b")]);
}

const hears = ({ s, after, U }) =>
  [A, B].reduce((sum, n) => sum + (after ? s.r[ANSWER] : s.r[n]) * U[n] * s.h0[n], 0);

const told = ({ now: { s } }) =>
  `“${COMMANDS[s.command]}”${s.command < 2 ? `, ${s.sign > 0 ? "+1" : "−1"}` : ""}: it answers ${decimal(s.y)}, and should hold ${decimal(s.answer, 0)}`;

const say = (view) => {
  const { t, right, after } = view.now;
  const [a, b] = [A, B].map((n) => decimal(view.now.s.r[n]));
  const unasked = after ? ` The registers' own shares, ${a} for a and ${b} for b, scale nothing in it.` : "";
  return `Step ${t + 1}, ${told(view)}. Reset ${after ? "after" : "before"}: ${right} of ${STEPS} answers are right.${unasked}`;
};

const stage = (view) => html`${answers(view)}<p class="sentence told">${say(view)}</p>`;

const done = ({ now: { after, s } }) => after && !s.right;

export default kit.explorable({ start, see, formula, stage, say, done });
