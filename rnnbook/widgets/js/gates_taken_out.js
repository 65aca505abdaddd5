// A trained LSTM, and eight boxes that change its equations: its answers, its cells, its error.

import * as kit from "./kit/index.js";
import { clamp, decimal, html, svg } from "./kit/index.js";
import * as math from "./mathematics.js";

const STEPS = 12;
const REACH = 1.4; // of the answers' axis: what lies beyond is drawn at its edge
const BESIDE = 620; // from this width on the error stands beside the cells
const BEFORE = "before training";

function start(model) {
  const [networks, boxes, unseen] = ["_networks", "_boxes", "_unseen"].map((name) => model.get(name));
  const changeOf = (names) => {
    const out = boxes.filter(({ name }) => names.includes(name));
    return {
      without: out.map((box) => box.without).join(""),
      linear: out.map((box) => box.linear).join(""),
      coupled: out.some((box) => box.coupled),
    };
  };
  const run = kit.remember((whose, names, seed) => {
    const stream = math.questionStream(seed, STEPS);
    const inputs = stream.map(({ s, write, ask, now }) => [s, write, ask, now]);
    return math.changedLstm(networks[whose], inputs, changeOf(names.split(" "))).map((one, t) => ({
      ...one,
      ...stream[t],
      right: Math.abs(one.y - stream[t].answer) < 0.5,
    }));
  });
  const wrong = kit.remember((whose, names) =>
    math.questionError(networks[whose], changeOf(names.split(" ")), ...unseen, STEPS),
  );
  const silent = Array.from({ length: unseen[1] }, (_, k) => math.questionStream(unseen[0] + k, STEPS))
    .flat()
    .reduce((sum, { answer }) => sum + answer ** 2 / (STEPS * unseen[1]), 0);
  return { run, wrong, silent, boxes, whole: wrong("LSTM", "") };
}

function see(state, { own }) {
  const out = own.boxes.filter(({ name }) => state[name]);
  const trained = state.how === BEFORE && out.length === 1;
  const whose = trained ? out[0].title : "LSTM";
  const names = out.map(({ name }) => name).join(" ");
  const steps = own.run(whose, names, state.stream);
  const t = clamp(state.step, 1, STEPS) - 1;
  const error = own.wrong(whose, names);
  return { out, trained, steps, t, s: steps[t], error, right: steps.filter((one) => one.right).length };
}

/** The eight boxes, each beside the equation that it puts in the place of the book's. */
function formula(view) {
  const { state } = view;
  return html`<fieldset class="boxes"><legend class="unseen">Change</legend>${view.own.boxes.map(
    ({ name, title, equation }) => html`<label data-term=${name}><input type="checkbox" data-name=${name}
      .checked=${state[name] === 1} @change=${({ target }) => view.change({ [name]: Number(target.checked) })} /><span
      class="box-name">${title}</span><span class="box-says">${kit.inline(equation)}</span></label>`,
  )}</fieldset>`;
}

const go = (view, n) => view.change({ step: clamp(Math.round(n), 1, STEPS) });

function answers(view) {
  const { steps, t } = view.now;
  const label = "What the network answers at each step, and what it should";
  const room = { x: [0.5, STEPS + 0.5], y: [-REACH, REACH], margin: { left: 46, bottom: 24 }, foot: 52 };
  const c = kit.chart(view, { width: view.width, height: 226, label, ...room });
  const at = (n, y) =>
    c
      .place([n + 1, clamp(y, -REACH, REACH)])
      .map((pixel) => pixel.toFixed(1))
      .join(" ");
  const target = steps.map(({ answer }, n) => `M${at(n - 0.4, answer)}L${at(n + 0.4, answer)}`).join("");
  const crosses = steps.map(({ right, y }, n) => (right ? "" : `M${at(n, y)}m-5 -5l10 10m0 -10l-10 10`));
  const point = c.handle({
    name: "Step that is looked at",
    x: t + 1,
    y: clamp(steps[t].y, -REACH, REACH),
    along: "x",
    move: (n) => go(view, n),
    keys: (n) => go(view, view.state.step + n),
    now: t + 1,
    low: 1,
    high: STEPS,
    says: `step ${t + 1}: ${told(view)}`,
    hue: "h",
    term: "step",
  });
  const rows = [c.bottom - 30, c.bottom - 14, c.bottom + 2];
  const seen = ({ s, write, ask, now }, n) => {
    const x = c.place([n + 1, 0])[0];
    const mark = svg`<rect class="marked" x=${(x - 9).toFixed(1)} y=${rows[0] - 13} width="18" height="17" rx="3"></rect>`;
    return [
      write ? mark : null,
      c.text(s > 0 ? "+" : "−", [x, rows[0], "middle"], { sort: write ? "value sunken" : "note" }),
      ask ? c.text("A", [x, rows[1] + 2, "middle"], { sort: "value small" }) : null,
      now ? c.text("N", [x, rows[2] + 2, "middle"], { sort: "value small" }) : null,
    ];
  };
  const names = ["sign", "ask", "now"].map((name, k) =>
    c.text(name, [c.left - 6, rows[k] + (k && 2), "end"], { sort: "tick" }),
  );
  return c.draw(
    svg`<g class="ticks">${c.yTicks([-1, 0, 1], (y) => decimal(y, 0))}</g>`,
    names,
    c.path(target, "target"),
    c.curve(
      steps.map(({ y }, n) => [n + 1, clamp(y, -REACH, REACH)]),
      { hue: "h", term: "h" },
    ),
    c.path(crosses.join(""), "sum"),
    steps.map(seen),
    c.xTitle(c.narrow ? "12 steps; in a box: marked" : "12 steps; a sign in a box is marked, to be kept"),
    c.yTitle(c.narrow ? "answer; pale: right; × wrong" : "answer; pale: what it should say; × wrong", -40),
    point,
  );
}

function cells(view, width) {
  const { steps, t } = view.now;
  const reach = Math.max(2, ...steps.flatMap(({ C }) => C.map(Math.abs)));
  const c = kit.chart(view, {
    width,
    height: 102,
    label: "What the two cells hold",
    x: [0.5, STEPS + 0.5],
    y: [-reach, reach],
    margin: { left: 46, top: 26, bottom: 6 },
  });
  const line = (j) => steps.map(({ C }, n) => [n + 1, C[j]]);
  const [x] = c.place([t + 1, 0]);
  return c.draw(
    svg`<g class="ticks">${c.yTicks([-reach, 0, reach], (y) => decimal(y, 1))}</g>`,
    c.path(`M${x.toFixed(1)} ${c.top}V${c.bottom}`, "guide"),
    c.curve(line(0), { hue: "C", term: "C" }),
    c.curve(line(1), { sort: "line thin", hue: "C", term: "C" }),
    c.yTitle("cells C of both units", -40),
  );
}

function stage(view) {
  const { out, error, trained } = view.now;
  const { whole, silent } = view.own;
  const yours = trained ? "trained so" : out.length ? "cut so" : "nothing cut";
  const rows = [
    { name: "say nothing", value: silent },
    { name: "the whole LSTM", value: whole },
    { name: yours, value: error, hue: "h" },
  ];
  const title = ["mean square error over 400 unseen streams", "error, 400 unseen streams"];
  const most = Math.max(0.2, ...rows.map(({ value }) => value));
  const beside = view.width >= BESIDE;
  const half = beside ? Math.floor((view.width - 20) / 2) : view.width;
  const bars = kit.bars({ ...view, width: half }, { title, label: say(view), rows, most });
  return html`${answers(view)}<div class="charts ${beside ? "wide" : ""}">${cells(view, half)}${bars}</div>
    <p class="sentence told">${say(view)}</p>`;
}

const told = ({ now: { s } }) =>
  `${s.answer ? `asked for ${decimal(s.answer, 0)}` : "not asked"}, it says ${decimal(s.y)}`;

function say(view) {
  const { t, right, out, trained } = view.now;
  const added = out.length > 0 && out.every((box) => !box.without && !box.linear && !box.coupled);
  const said = `Step ${t + 1}: ${told(view)}. ${right} of ${STEPS} answers are right.`;
  if (view.state.how === BEFORE && out.length > 1)
    return `${said} None was trained with several changes: cut.`;
  if (added && !trained) return `${said} This adds weights; after training they are 0.`;
  return said;
}

const controls = (view) =>
  html`<div class="controls">${kit.choiceControl(view, view.knob("how"))}${kit.numberControl(view, view.knob("stream"))}</div>`;

const done = ({ now: { trained } }) => trained;

export default kit.explorable({ start, see, formula, stage, say, done, controls });
