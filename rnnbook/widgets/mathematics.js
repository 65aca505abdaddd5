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
