// The mathematics of the explorables: pure functions of numbers, no page in sight.
// Each has a twin in Python; tests/test_mathematics_js.py compares them.

/** σ(a) = 1/(1 + e^−a), without overflow for any a. */
export function sigmoid(a) {
  if (a >= 0) return 1 / (1 + Math.exp(-a));
  const power = Math.exp(a);
  return power / (1 + power);
}

/** σ′(a) = σ(a)·σ(−a), which is f(1 − f) without the loss of digits near f = 1. */
export function sigmoidSlope(a) {
  return sigmoid(a) * sigmoid(-a);
}

/** The a with σ(a) = f. */
export function logit(f) {
  return Math.log(f) - Math.log1p(-f);
}

/** −ln σ(a) = ln(1 + e^−a), exact to the last digits even where σ(a) rounds to 1. */
export function forgettingRate(a) {
  return a >= 0 ? Math.log1p(Math.exp(-a)) : Math.log1p(Math.exp(a)) - a;
}

/** Steps until a factor f per step leaves one half: ln 2 / −ln f; ∞ at f = 1. */
export function halfLife(f) {
  return f >= 1 ? Infinity : Math.LN2 / -Math.log(f);
}

/** The half-life of the gate σ(a), from a itself. */
export function gateHalfLife(a) {
  return Math.LN2 / forgettingRate(a);
}

/** The a whose gate has the given half-life: the inverse of gateHalfLife. */
export function preactivationOfHalfLife(steps) {
  const rate = Math.LN2 / steps;
  return -rate - Math.log(-Math.expm1(-rate)); // ln f − ln(1 − f)
}

/** What is left of 1 after t steps of the gate σ(a): f^t. */
export function kept(a, t) {
  return Math.exp(-forgettingRate(a) * t);
}

/** C_0, …, C_steps of C_t = f·C_{t−1} + written. */
export function cellTrace(f, start, written, steps) {
  const trace = [start];
  for (let t = 1; t <= steps; t++) trace.push(f * trace[t - 1] + written);
  return trace;
}

/** Chrono initialisation: the bias whose gate forgets with time constant tau, f = 1 − 1/tau. */
export function chronoBias(tau) {
  return Math.log(tau - 1);
}

/** tanh′(a) = 1/cosh²(a), without overflow and without 1 − tanh². */
export function tanhSlope(a) {
  const power = Math.exp(-2 * Math.abs(a));
  return (4 * power) / ((1 + power) * (1 + power));
}

/** One step of a plain recurrent unit in silence: h_t and its gain ∂h_t/∂h_{t−1}. */
export function unitStep(phi, w, b, h) {
  const a = w * h + b;
  return phi === "tanh" ? [Math.tanh(a), w * tanhSlope(a)] : [a, w];
}

/** h_0 … h_steps, the gain of each step, and log10 |∂h_t/∂h_0|, the running sum of their logs. */
export function unitTrace(phi, w, b, start, steps) {
  const states = [start],
    gains = [],
    logs = [0];
  for (let t = 1; t <= steps; t++) {
    const [state, gain] = unitStep(phi, w, b, states[t - 1]);
    states.push(state);
    gains.push(gain);
    logs.push(logs[t - 1] + Math.log10(Math.abs(gain)));
  }
  return { states, gains, logs };
}

/** The first step from which log10 of the gradient stays below the floor; −1 if it does not. */
export function vanishesAfter(logs, floor) {
  let first = -1;
  for (let t = logs.length - 1; t >= 0 && logs[t] < floor; t--) first = t;
  return first;
}

// ---- who gets the credit: recurrent networks at their start, and what each step is told --------

const UNITS = 16;
const [SYMBOLS, CHANNELS] = [4, 5]; // one-hot symbols; and, in the last channel, the noise
const LONGEST = 200;

/** Numbers in (0, 1) from a whole-number seed, one at a call: mulberry32. */
export function uniform(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

/** The rows made orthonormal, one after the other (Gram–Schmidt, twice for the last digits). */
export function orthonormal(rows) {
  const done = [];
  for (const row of [...rows]) {
    let v = row;
    for (let again = 0; again < 2; again++)
      for (const e of done) {
        const along = dot(v, e);
        v = v.map((value, k) => value - along * e[k]);
      }
    const size = Math.hypot(...v);
    done.push(v.map((value) => value / size));
  }
  return done;
}

/** The largest singular value of a matrix, by the power method. */
export function spectralNorm(matrix) {
  let v = matrix[0].map((_, k) => 1 / (k + 2));
  let size = 0;
  for (let k = 0; k < 2000; k++) {
    const u = matrix.map((row) => dot(row, v));
    v = v.map((_, q) => u.reduce((sum, value, p) => sum + value * matrix[p][q], 0));
    const square = Math.hypot(...v); // of WᵀW
    v = v.map((value) => value / square);
    if (Math.abs(square - size) <= 1e-16 * square) break;
    size = square;
  }
  return Math.sqrt(size);
}

function dot(u, v) {
  let sum = 0;
  for (let k = 0; k < u.length; k++) sum += u[k] * v[k];
  return sum;
}

/**
 * One draw of everything that chance decides, as PyTorch's layers draw it: the recurrent network's
 * W_x, W_h, b; an orthogonal Q; the carousel's V, c; the read-out U, d; the symbol; the noise.
 */
export function creditDraw(seed) {
  const next = uniform(seed);
  const within = (bound) => bound * (2 * next() - 1);
  const normal = () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
  const vector = (length, make) => Array.from({ length }, make);
  const matrix = (rows, columns, make) => vector(rows, () => vector(columns, make));
  const [narrow, wide] = [() => within(1 / Math.sqrt(UNITS)), () => within(1 / Math.sqrt(CHANNELS))];
  const drawn = {
    W_x: matrix(UNITS, CHANNELS, narrow),
    W_h: matrix(UNITS, UNITS, narrow),
    b: vector(UNITS, () => narrow() + narrow()), // PyTorch adds two
    Q: orthonormal(matrix(UNITS, UNITS, normal)),
    V: matrix(UNITS, CHANNELS, wide),
    c: vector(UNITS, wide),
    U: matrix(SYMBOLS, UNITS, narrow),
    d: vector(SYMBOLS, narrow),
    symbol: Math.floor(SYMBOLS * next()),
    noise: vector(LONGEST, normal),
  };
  return { ...drawn, norm: spectralNorm(drawn.W_h) };
}

/**
 * The part that each step has in dL/dW_x, for one sequence: a symbol, then `delay` steps of noise.
 * `start` is "random" or "orthogonal", with W_h scaled to the spectral norm s, or "carousel".
 * Returns, for k = 1 … T, log10 of ‖δ_k‖, of ‖tanh′(a_k) ⊙ δ_k‖ and of the credit, and ‖x_k‖; and
 * log10 of the factor before s^(T−k) in the bound. Lengths are taken out of δ at every step, so
 * nothing overflows.
 */
export function creditOfSteps(drawn, start, s, delay) {
  const carousel = start === "carousel";
  const [W_x, b] = carousel ? [drawn.V, drawn.c] : [drawn.W_x, drawn.b];
  const W = start === "orthogonal" ? drawn.Q : drawn.W_h;
  const gain = start === "orthogonal" ? s : s / drawn.norm;
  const slopes = [];
  let h = new Float64Array(UNITS);
  for (let k = 0; k <= delay; k++) {
    const channel = k ? CHANNELS - 1 : drawn.symbol;
    const value = k ? drawn.noise[k - 1] : 1;
    const [next, slope] = [new Float64Array(UNITS), new Float64Array(UNITS)];
    for (let p = 0; p < UNITS; p++) {
      const a = W_x[p][channel] * value + b[p] + (carousel ? 0 : gain * dot(W[p], h));
      slope[p] = tanhSlope(a);
      next[p] = Math.tanh(a) + (carousel ? h[p] : 0);
    }
    slopes.push(slope);
    h = next;
  }
  const logits = drawn.U.map((row, q) => dot(row, h) + drawn.d[q]);
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const errors = powers.map((power, q) => power / total - (q === drawn.symbol ? 1 : 0));
  let delta = drawn.U[0].map((_, p) => errors.reduce((sum, e, q) => sum + e * drawn.U[q][p], 0));
  let log = 0; // log10 of what was taken out of δ
  const [deltas, alphas, sizes] = [[], [], []];
  for (let k = delay; k >= 0; k--) {
    const size = Math.sqrt(dot(delta, delta));
    log += Math.log10(size);
    const alpha = delta.map((value, p) => (slopes[k][p] * value) / size);
    deltas[k] = log;
    alphas[k] = log + Math.log10(dot(alpha, alpha)) / 2;
    sizes[k] = k ? Math.abs(drawn.noise[k - 1]) : 1;
    const back = new Float64Array(UNITS);
    for (let p = 0; p < UNITS; p++) {
      if (carousel) back[p] = delta[p] / size;
      else for (let q = 0; q < UNITS; q++) back[q] += gain * W[p][q] * alpha[p];
    }
    delta = back;
  }
  const credits = alphas.map((value, k) => value + Math.log10(sizes[k]));
  const bound = deltas[delay] + Math.log10(Math.max(...sizes));
  return { deltas, alphas, sizes, credits, bound };
}
// ---- end of: who gets the credit ---------------------------------------------------------------

// ---- the gate at work: a running total that is reset now and then, and memories that keep it ---

/**
 * What chance decides of one stream: for each step a number in (0, 1), by which it is a reset or
 * not, and two standard normal ones (Box–Muller), for the value and for the evidence's noise.
 */
export function streamDraw(seed, steps) {
  const next = uniform(seed);
  return Array.from({ length: steps }, () => {
    const chance = next();
    const radius = Math.sqrt(-2 * Math.log(next()));
    const angle = 2 * Math.PI * next();
    return [chance, radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** The stream itself: a reset with probability p, seen as 1 + ηε, or ηε where there is none. */
export function runningTotal(draw, p, noise) {
  const resets = draw.map(([chance]) => chance < p);
  const values = draw.map(([, value]) => value);
  const evidence = draw.map(([, , error], t) => (resets[t] ? 1 : 0) + noise * error);
  let total = 0;
  const totals = values.map((x, t) => (total = (resets[t] ? 0 : total) + x));
  return { resets, values, evidence, totals };
}

/** C_t = f_t·C_{t−1} + x_t with the shares that are given; C_0 = 0. */
export function keptTotals(values, shares) {
  let C = 0;
  return values.map((x, t) => (C = shares[t] * C + x));
}

/** The lowest and the highest that C_t can be, whatever the shares in [0, 1] are. */
export function reachableTotals(values) {
  let [low, high] = [0, 0];
  return values.map((x) => [(low = Math.min(low, 0) + x), (high = Math.max(high, 0) + x)]);
}

/** Weight and bias of the best gate, equation (1.7). */
export function derivedGate(noise, p) {
  return [-1 / noise ** 2, Math.log1p(-p) - Math.log(p) + 0.5 / noise ** 2];
}

/** Means of f and f² for the gate f = σ(weight·v + bias), where v is normal: trapezium rule. */
export function gateMoments(weight, bias, mean, noise) {
  let [first, second, mass] = [0, 0, 0];
  for (let k = -448; k <= 448; k++) {
    const density = Math.exp(-0.5 * (k / 64) ** 2);
    const f = sigmoid(weight * (mean + noise * (k / 64)) + bias);
    first += density * f;
    second += density * f * f;
    mass += density;
  }
  return [first / mass, second / mass];
}

/** E (C_t − y_t)², exactly, (1.13): the sum over ages k < t of E[f²]^k − 2 E[fK]^k + q^k. */
export function gatedError(weight, bias, noise, p, t) {
  const q = 1 - p;
  const [kept, keptSquare] = gateMoments(weight, bias, 0, noise);
  const square = q * keptSquare + p * gateMoments(weight, bias, 1, noise)[1];
  let [sum, own, mixed, target] = [0, 1, 1, 1];
  for (let k = 0; k < t; k++) {
    sum += own - 2 * mixed + target;
    [own, mixed, target] = [own * square, mixed * q * kept, target * q];
  }
  return sum;
}
// ---- end of: the gate at work ------------------------------------------------------------------

// ---- a gate by hand ------------------------------------------------------------------------------

/** C_1 … C_T of a gate given step by step: "keep", g·C + x; "write", C + g·x; or "overwrite",
 * g·C + (1 − g)·x; C_0 = 0. With "show" it is h_1 … h_T, g·C, of the C that are given; with "believe"
 * the mean of a sign that is up with probability g, 2g − 1. */
export function byHand(rule, values, gate) {
  const step = {
    keep: (g, C, x) => g * C + x,
    write: (g, C, x) => C + g * x,
    overwrite: (g, C, x) => g * C + (1 - g) * x,
    show: (g, _, C) => g * C,
    believe: (g) => 2 * g - 1,
  }[rule];
  let C = 0;
  return values.map((x, t) => (C = step(gate[t], C, x)));
}

/** What two or more gates let through of their memories, added up step by step. */
export function letThrough(held, gates) {
  return held[0].map((_, t) => held.reduce((sum, row, n) => sum + gates[n][t] * row[t], 0));
}

/** The root of the mean square of what a memory misses its target by. */
export function rmsError(states, targets) {
  const squares = states.map((C, t) => (C - targets[t]) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

// ---- counting with equation (4) -----------------------------------------------------------------

/** 1 + f + … + f^(n−1), for any n ≥ 0. */
export function geometric(f, n) {
  return f === 1 ? n : (1 - f ** n) / (1 - f);
}

/** What the cell holds after n letters a, each of which writes ga, and then m letters b, gb. */
export function countAfter(n, m, f, ga, gb) {
  return f ** m * ga * geometric(f, n) + gb * geometric(f, m);
}

/** Up to which n "over" is said after the n-th b and not before; `most` where all are right. */
export function longestCount(f, ga, gb, theta, most) {
  for (let n = 1; n <= most; n++)
    if (!(countAfter(n, n - 1, f, ga, gb) > theta && countAfter(n, n, f, ga, gb) <= theta)) return n - 1;
  return most;
}

// ---- store or protect ----------------------------------------------------------------------------

/** Weight and bias of the best input gate, equation (2.6). */
export function derivedWrite(noise, p) {
  return [1 / noise ** 2, Math.log(p) - Math.log1p(-p) - 0.5 / noise ** 2];
}

/** What a gate σ(weight·v + bias) adds to E (C − y)² in a step: by distractors let in, by what it misses. */
export function writeErrors(weight, bias, noise, p) {
  const [, letIn] = gateMoments(weight, bias, 0, noise);
  const [first, second] = gateMoments(weight, bias, 1, noise);
  return [(1 - p) * letIn, p * (1 - 2 * first + second)];
}

/** The density of normal evidence of this mean. */
export function evidenceDensity(v, mean, noise) {
  return Math.exp(-0.5 * ((v - mean) / noise) ** 2) / (noise * Math.sqrt(2 * Math.PI));
}

// ---- a sign through noise -----------------------------------------------------------------------

/** The answer of a curve of shares to a reading: straight between knots at ±3, constant beyond. */
export function answerAt(row, v) {
  const place = ((Math.min(Math.max(v, -3), 3) + 3) / 6) * (row.length - 1);
  const k = Math.min(Math.floor(place), row.length - 2);
  return 4 * (row[k] + (place - k) * (row[k + 1] - row[k])) - 2;
}

/** The mean of a sign, given a reading v of it with noise: (3.5). */
export function meanSign(v, noise, chance) {
  return Math.tanh(v / noise ** 2 + 0.5 * logit(chance));
}

/** The mean over signs and readings of what a function says of both: trapezium rule. */
export function overReadings(says, noise, chance) {
  let [sum, mass] = [0, 0];
  for (let k = -512; k <= 512; k++) {
    const weight = Math.exp(-0.5 * (k / 64) ** 2);
    const [up, down] = [1 + (noise * k) / 64, -1 + (noise * k) / 64];
    sum += weight * (chance * says(1, up) + (1 - chance) * says(-1, down));
    mass += weight;
  }
  return sum / mass;
}

/** The mean square error per step of a curve. */
export function answerError(row, noise, chance) {
  return overReadings((sign, v) => (sign - answerAt(row, v)) ** 2, noise, chance);
}

/** The same of the best straight line, of the likelier sign, and of the mean of the sign. */
export function leastErrors(noise, chance) {
  const variance = 4 * chance * (1 - chance);
  const mean = (v) => meanSign(v, noise, chance);
  return {
    line: (variance * noise ** 2) / (variance + noise ** 2),
    sign: overReadings((_, v) => 2 * (1 - Math.abs(mean(v))), noise, chance),
    mean: overReadings((_, v) => 1 - mean(v) ** 2, noise, chance),
  };
}
// ---- end of: a sign through noise ---------------------------------------------------------------

// ---- the whole cell in time ----------------------------------------------------------------------

export const GATES = ["f", "i", "c", "o"];

/**
 * Equations (1) to (6) for every step, from h_0 = C_0 = 0. `weights[g]` of each gate g, f i c o, are
 * `x` (H rows of D), `h` (H rows of H) and `b`. A step holds x, h0 and C0 before it, a[g] the gates'
 * arguments, the gates f i c o themselves, and C, shown = tanh C and h after it.
 */
export function lstmForward(weights, inputs) {
  let [h, C] = [weights.f.b.map(() => 0), weights.f.b.map(() => 0)];
  return inputs.map((x) => {
    const step = { x, h0: h, C0: C, a: {} };
    for (const g of GATES) {
      const { x: V, h: U, b } = weights[g];
      step.a[g] = b.map((bias, j) => dot(V[j], x) + dot(U[j], h) + bias);
      step[g] = step.a[g].map(g === "c" ? Math.tanh : sigmoid);
    }
    step.C = C = C.map((before, j) => step.f[j] * before + step.i[j] * step.c[j]);
    step.shown = C.map(Math.tanh);
    step.h = h = step.shown.map((value, j) => step.o[j] * value);
    return step;
  });
}

/**
 * The gradient of a loss with ∂L/∂h_T = `end`, for every step. C is ∂L/∂C_t, the sum of `carry`,
 * f_{t+1} ∂L/∂C_{t+1}, and `shown`, what comes through h_t; `alone` is what never left the carry.
 * f i c o and a[g] are of the gates and of their arguments, h of h_t, x of x_t; `back[g][j][k]` is
 * what gate g of unit j sends to unit k of h_{t−1}.
 */
export function lstmBackward(weights, steps, end) {
  const found = [];
  let [h, carry, alone] = [end, end.map(() => 0), null];
  for (const step of [...steps].reverse()) {
    const { f, i, c, o, C0, shown } = step;
    const through = h.map((d, j) => d * o[j] * tanhSlope(step.C[j]));
    const C = through.map((d, j) => d + carry[j]);
    alone ??= C;
    const to = {
      f: C.map((d, j) => d * C0[j]),
      i: C.map((d, j) => d * c[j]),
      c: C.map((d, j) => d * i[j]),
      o: h.map((d, j) => d * shown[j]),
    };
    const slope = (g, j) => (g === "c" ? tanhSlope : sigmoidSlope)(step.a[g][j]);
    const [a, back] = [{}, {}];
    for (const g of GATES) {
      a[g] = to[g].map((d, j) => d * slope(g, j));
      back[g] = weights[g].h.map((row, j) => row.map((w) => w * a[g][j]));
    }
    const from = (name, k) =>
      GATES.reduce((s, g) => s + a[g].reduce((t, d, j) => t + d * weights[g][name][j][k], 0), 0);
    found.unshift({
      ...to,
      a,
      back,
      h,
      C,
      carry,
      shown: through,
      alone,
      x: step.x.map((_, k) => from("x", k)),
    });
    h = h.map((_, k) => from("h", k));
    carry = C.map((d, j) => d * f[j]);
    alone = alone.map((d, j) => d * f[j]);
  }
  return found;
}
// ---- end of: the whole cell in time --------------------------------------------------------------

// ---- the model in the page -----------------------------------------------------------------------

/** The bytes that base64 stands for. */
function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let k = 0; k < raw.length; k++) bytes[k] = raw.charCodeAt(k);
  return bytes;
}

const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);

/** A matrix of 8-bit numbers with a scale for each row, as float32 numbers, row after row. */
function decoded({ shape: [, columns], scale, int8 }) {
  const [scales, whole] = [floatsOf(scale), new Int8Array(bytesOf(int8).buffer)];
  return Float32Array.from(whole, (q, k) => scales[Math.floor(k / columns)] * q);
}

/**
 * An LSTM of one layer from what rnnbook.training.export wrote, its weights decoded once. What a
 * token adds to the gates' arguments, its vector's product and the biases, is a row of `table`.
 */
export function pageModel({ hidden: H, embedding: E, characters, matrices, biases }) {
  const [vectors, W] = [decoded(matrices["embedding.weight"]), decoded(matrices["recurrent.weight_ih_l0"])];
  const [b, more] = ["ih", "hh"].map((name) => floatsOf(biases[`recurrent.bias_${name}_l0`]));
  const marks = [...characters];
  const [V, R] = [marks.length, 4 * H];
  const table = new Float32Array(V * R);
  for (let v = 0; v < V; v++)
    for (let r = 0; r < R; r++) {
      let sum = b[r] + more[r];
      for (let k = 0; k < E; k++) sum += W[r * E + k] * vectors[v * E + k];
      table[v * R + r] = sum;
    }
  return {
    H,
    V,
    marks,
    tokenOf: new Map(marks.map((mark, k) => [mark, k])),
    table,
    U: decoded(matrices["recurrent.weight_hh_l0"]),
    readOut: decoded(matrices["read_out.weight"]),
    d: floatsOf(biases["read_out.bias"]),
    a: new Float32Array(R),
    shares: new Float64Array(V),
  };
}

/** Room for what a model computes at so many steps; a step beyond them takes the oldest one's place. */
export function pageRun({ H, V }, rows) {
  const run = { rows, scores: new Float32Array(rows * V) };
  for (const name of ["i", "f", "c", "o", "C", "h"]) run[name] = new Float32Array(rows * H);
  return run;
}

/** What is held has its value: `hold` is { what, value, unit }, unit from 1, and 0 for every unit. */
function obey(run, name, hold, from, H) {
  if (hold === null || hold.what !== name) return;
  if (hold.unit) run[name][from + hold.unit - 1] = hold.value;
  else run[name].fill(hold.value, from, from + H);
}

/** Σ W_k h_k over n numbers from two places. */
function product(W, w, h, at, n) {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += W[w + k] * h[at + k];
  return sum;
}

/** Equations (1) to (6) and the scores of the next character, for step t, from 0; nothing is allocated. */
export function pageStep(model, run, t, token, hold = null) {
  const { H, V, table, U, readOut, d, a } = model;
  const { i, f, c, o, C, h, scores } = run;
  const [R, now] = [4 * H, (t % run.rows) * H];
  const before = ((t + run.rows - 1) % run.rows) * H;
  for (let r = 0; r < R; r++) a[r] = table[token * R + r] + (t > 0 ? product(U, r * H, h, before, H) : 0);
  for (let j = 0; j < H; j++) {
    i[now + j] = sigmoid(a[j]);
    f[now + j] = sigmoid(a[H + j]);
    c[now + j] = Math.tanh(a[2 * H + j]);
    o[now + j] = sigmoid(a[3 * H + j]);
  }
  obey(run, "i", hold, now, H);
  obey(run, "f", hold, now, H);
  obey(run, "o", hold, now, H);
  for (let j = 0; j < H; j++) {
    const kept = t > 0 ? f[now + j] * C[before + j] : 0;
    C[now + j] = kept + i[now + j] * c[now + j];
    h[now + j] = o[now + j] * Math.tanh(C[now + j]);
  }
  obey(run, "h", hold, now, H);
  const first = (t % run.rows) * V;
  for (let v = 0; v < V; v++) scores[first + v] = d[v] + product(readOut, v * H, h, now, H);
}

/**
 * softmax(scores / temperature) at a step; at temperature 0 all of it is the likeliest one's. The
 * shares stand in the model's own row, until the next call.
 */
export function pageShares({ V, shares }, run, t, temperature = 1) {
  const [first, scores] = [(t % run.rows) * V, run.scores];
  let best = 0;
  for (let v = 1; v < V; v++) if (scores[first + v] > scores[first + best]) best = v;
  let sum = 0;
  for (let v = 0; v < V; v++) {
    const below = scores[first + v] - scores[first + best];
    shares[v] = temperature === 0 ? Number(v === best) : Math.exp(below / temperature);
    sum += shares[v];
  }
  for (let v = 0; v < V; v++) shares[v] /= sum;
  return shares;
}

/** The first token at which the shares, added up, exceed a number in [0, 1). */
export function drawToken(shares, number) {
  let sum = 0;
  let last = 0;
  for (let v = 0; v < shares.length; v++) {
    if (shares[v] > 0) last = v;
    sum += shares[v];
    if (sum > number) return v;
  }
  return last; // where rounding left the sum below the number
}

/**
 * Reads tokens, and draws more with the numbers of a seed: a function of how many more, which gives
 * all of them and computes only what `run`, which holds all steps, has not.
 */
export function pageWriter(model, run, tokens, temperature, seed, hold = null) {
  const [next, all] = [uniform(seed), [...tokens]];
  let done = 0;
  return (count) => {
    for (; done < tokens.length + count; done++) {
      if (done === all.length) all.push(drawToken(pageShares(model, run, done - 1, temperature), next()));
      pageStep(model, run, done, all[done], hold);
    }
    return all.slice(0, tokens.length + count);
  };
}

/** Bits per character: the mean of −log2 P over tokens from the second one on. */
export function pageBits(model, tokens, hold = null) {
  const run = pageRun(model, 2);
  let bits = 0;
  for (let t = 0; t < tokens.length - 1; t++) {
    pageStep(model, run, t, tokens[t], hold);
    bits -= Math.log2(pageShares(model, run, t)[tokens[t + 1]]);
  }
  return bits / (tokens.length - 1);
}
// ---- end of: the model in the page ---------------------------------------------------------------

// ---- the whole GRU in time -----------------------------------------------------------------------

export const GRU_GATES = ["z", "r", "n"];

/**
 * Equations (7) to (10) for every step, from h_0 = 0. `weights[g]` of z, r and the candidate n are
 * `x` (H rows of D), `h` (H rows of H) and `b`. With `after` the reset acts after the product W_h h.
 * A step holds x, h0, a[g], z, r, n and h; and what the candidate hears: `gated`, r ∗ h or r ∗ (W_h h),
 * made of `open`, h or W_h h; `heard` is what is added to W_x x + b.
 */
export function gruForward(weights, inputs, after = false) {
  let h = weights.z.b.map(() => 0);
  const times = (rows, v) => rows.map((row) => dot(row, v));
  return inputs.map((x) => {
    const step = { x, h0: h, a: {} };
    const from = (g, past) => times(weights[g].x, x).map((value, j) => value + past[j] + weights[g].b[j]);
    for (const g of ["z", "r"]) {
      step.a[g] = from(g, times(weights[g].h, h));
      step[g] = step.a[g].map(sigmoid);
    }
    step.open = after ? times(weights.n.h, h) : h;
    step.gated = step.open.map((value, j) => step.r[j] * value);
    step.heard = after ? step.gated : times(weights.n.h, step.gated);
    step.a.n = from("n", step.heard);
    step.n = step.a.n.map(Math.tanh);
    step.h = h = h.map((before, j) => step.z[j] * before + (1 - step.z[j]) * step.n[j]);
    return step;
  });
}

/**
 * The gradient of a loss with ∂L/∂h_T = `end`, for every step. h is ∂L/∂h_t, which is sent back as
 * `carry`, z_t ∂L/∂h_t, and by detours: `back[g][j][k]` is what gate g of unit j sends to unit k of
 * h_{t−1}. `alone` is what never left the carry. z r n, a[g], open, gated and heard are of these; x
 * of x_t.
 */
export function gruBackward(weights, steps, end, after = false) {
  const found = [];
  let [h, alone] = [end, end];
  for (const { x, a: at, h0, z, r, n, open } of [...steps].reverse()) {
    const from = (rows, v, k) => v.reduce((sum, d, j) => sum + d * rows[j][k], 0);
    const to = { z: h.map((d, j) => d * (h0[j] - n[j])), n: h.map((d, j) => d * (1 - z[j])) };
    const a = { n: to.n.map((d, j) => d * tanhSlope(at.n[j])) };
    const gated = after ? a.n : h.map((_, k) => from(weights.n.h, a.n, k));
    to.r = gated.map((d, j) => d * open[j]);
    for (const g of ["z", "r"]) a[g] = to[g].map((d, j) => d * sigmoidSlope(at[g][j]));
    const share = (g, j, k) => (g === "n" ? r[after ? j : k] : 1);
    const back = {};
    for (const g of GRU_GATES)
      back[g] = weights[g].h.map((row, j) => row.map((w, k) => w * a[g][j] * share(g, j, k)));
    const carry = h.map((d, j) => d * z[j]);
    const seen = x.map((_, k) => GRU_GATES.reduce((sum, g) => sum + from(weights[g].x, a[g], k), 0));
    found.unshift({
      ...to,
      a,
      back,
      h,
      carry,
      alone,
      gated,
      open: gated.map((d, j) => d * r[j]),
      heard: a.n,
      x: seen,
    });
    h = carry.map((d, k) => GRU_GATES.reduce((s, g) => s + back[g].reduce((t, row) => t + row[k], 0), d));
    alone = alone.map((d, j) => d * z[j]);
  }
  return found;
}
// ---- end of: the whole GRU in time ---------------------------------------------------------------

// ---- which memories bear: the mean over all cases, and one tanh in its place ----------------------

/**
 * Every case of which memories bear, with its chance, its argument a and its answer tanh a; the mean
 * of the answers, the argument's mean, and tanh of that. `pulls` are what the memories add if they
 * bear, `r` how probable that is, `fromX` what the input says.
 */
export function whichBear(fromX, pulls, r) {
  const cases = Array.from({ length: 2 ** pulls.length }, (_, code) => {
    let [chance, a] = [1, fromX];
    pulls.forEach((pull, n) => {
      const bears = (code >> n) & 1;
      chance *= bears ? r[n] : 1 - r[n];
      a += bears * pull;
    });
    return { chance, a, answer: Math.tanh(a) };
  });
  const mean = cases.reduce((sum, { chance, answer }) => sum + chance * answer, 0);
  const middle = pulls.reduce((sum, pull, n) => sum + r[n] * pull, fromX);
  return { cases, mean, middle, shortcut: Math.tanh(middle) };
}

// ---- end of: which memories bear ------------------------------------------------------------------

// ---- one GRU, read in two ways ----------------------------------------------------------------------

/**
 * A stream for two registers and one answer: at each step a sign, and the number of a command, 0 and
 * 1 to store it in a register (the first two are these), 2 and 3 to copy a register into the answer;
 * `answer` is what it should hold then.
 */
export function commandStream(seed, steps) {
  const next = uniform(seed);
  const [registers, found] = [[0, 0], []];
  let answer = 0;
  for (let t = 0; t < steps; t++) {
    const sign = next() < 0.5 ? -1 : 1;
    const drawn = Math.floor(4 * next());
    const command = t < 2 ? t : drawn;
    if (command < 2) registers[command] = sign;
    else answer = registers[command - 2];
    found.push({ sign, command, answer });
  }
  return found;
}

/**
 * Equations (7) to (10) for every step, from h_0 = 0, and a linear answer y. `weights[g]` of z, r and
 * c, the candidate, are `x` (H rows of D), `h` (H rows of H) and `b`; of y, `h` and `b`. With `after`
 * the reset gate stands after the product.
 */
export function gruAnswers(weights, inputs, after) {
  const cell = { z: weights.z, r: weights.r, n: weights.c };
  const answer = weights.y;
  return gruForward(cell, inputs, after).map(({ h0, z, r, n, h }) => {
    return { h0, z, r, c: n, h, y: dot(answer.h, h) + answer.b };
  });
}
// ---- end of: one GRU, read in two ways --------------------------------------------------------------

// ---- an LSTM with its gates taken out ---------------------------------------------------------------

/** What is changed of equations (1) to (6), where nothing is. */
export const UNCHANGED = { without: "", linear: "", coupled: false };

/**
 * Equations (1) to (6), changed, for every step, from states that are 0, and a linear answer y.
 *
 * `net.blocks` names its blocks of weights in order, "ifoc" where all are there; `W_x` (D rows), `W_h`
 * (H rows) and `b` hold H columns for each. `weight_p` are peepholes, `weight_r` what the gates add to
 * the next step's, where it has them. `change.without` are gates that are 1, `change.linear` is "C"
 * where (3) has no tanh, "h" where (6) has none, `change.coupled` that f = 1 − i.
 */
export function changedLstm(net, inputs, change = UNCHANGED) {
  const H = net.W_h.length;
  const units = Array.from({ length: H }, (_, j) => j);
  const gates = net.blocks.replace("c", "");
  const out = (name) => change.without.includes(name);
  let [h, C, before] = [units.map(() => 0), units.map(() => 0), [...gates].flatMap(() => units.map(() => 0))];
  return inputs.map((x) => {
    const a = net.b.map((b, k) => {
      const heard = h.reduce((sum, one, j) => sum + one * net.W_h[j][k], b);
      const seen = x.reduce((sum, one, d) => sum + one * net.W_x[d][k], heard);
      if (!net.weight_r || k >= gates.length * H) return seen;
      return before.reduce((sum, one, m) => sum + one * net.weight_r[m][k], seen);
    });
    const gate = (name, cell) => {
      if (out(name)) return units.map(() => 1);
      const first = H * net.blocks.indexOf(name);
      const peeps = net.weight_p ?? [];
      return units.map((j) => sigmoid(a[first + j] + (peeps[first + j] ?? 0) * cell[j]));
    };
    const i = gate("i", C);
    const f = change.coupled && !out("f") ? i.map((one) => 1 - one) : gate("f", C);
    const written = a.slice(H * net.blocks.indexOf("c"));
    const c = change.linear.includes("C") ? written : written.map(Math.tanh);
    C = units.map((j) => f[j] * C[j] + i[j] * c[j]);
    const o = gate("o", C);
    h = units.map((j) => o[j] * (change.linear.includes("h") ? C[j] : Math.tanh(C[j])));
    const now = { i, f, o };
    before = [...gates].flatMap((name) => now[name]);
    return { ...now, c, C, h, y: dot(net.W_q, h) + net.b_q };
  });
}

/**
 * A stream of signs, of which some are to be kept; the last of these is asked for by two signals, `ask`
 * and, a step later, `now`. `answer` is that sign where it is asked for, else 0.
 */
export function questionStream(seed, steps) {
  const next = uniform(seed);
  let [kept, asked] = [0, 0];
  return Array.from({ length: steps }, (_, t) => {
    const [sign, ...drawn] = [0.5, 0.2, 0.4, 0.4].map((chance) => Number(next() < chance));
    const s = 2 * sign - 1;
    const [write, ask, now] = [t === 0 ? 1 : drawn[0], drawn[1], drawn[2]];
    kept = write ? s : kept;
    const answer = asked * now * kept;
    asked = ask;
    return { s, write, ask, now, kept, answer };
  });
}

/** Mean square error over all steps of many streams, from this seed on. */
export function questionError(net, change, first, many, steps) {
  let sum = 0;
  for (let seed = first; seed < first + many; seed++) {
    const stream = questionStream(seed, steps);
    const run = changedLstm(
      net,
      stream.map(({ s, write, ask, now }) => [s, write, ask, now]),
      change,
    );
    sum += run.reduce((all, { y }, t) => all + (y - stream[t].answer) ** 2, 0);
  }
  return sum / (many * steps);
}
// ---- end of: an LSTM with its gates taken out -------------------------------------------------------
