// Numbers as text, and the little arithmetic that pictures need.

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** A straight map from [d0, d1] to [r0, r1], with its inverse. */
export function scale(d0, d1, r0, r1) {
  const map = (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
  map.invert = (place) => d0 + ((place - r0) / (r1 - r0)) * (d1 - d0);
  return map;
}

/** About `count` round numbers from 0 to `high`. */
export function roundTicks(high, count) {
  const rough = high / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, k) => k * step);
}

/** An integer as raised digits: −7 gives ⁻⁷. */
export function raised(integer) {
  return String(integer).replace(/./g, (c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c]));
}

/** A number with so many decimals and a true minus sign. */
export function decimal(value, digits = 2) {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

/** A number to two or three digits: 0.73, 35.0, 4,600, 3.2·10⁻⁵. */
export function short(value) {
  if (!Number.isFinite(value)) return "∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    let exponent = Math.floor(Math.log10(size));
    let digits = (size / 10 ** exponent).toFixed(1);
    if (digits === "10.0") [digits, exponent] = ["1.0", exponent + 1];
    return `${value < 0 ? "−" : ""}${digits}·10${raised(exponent)}`;
  }
  if (size >= 999.5) return decimal(value, 0).replace(/\B(?=(\d{3})+$)/g, ",");
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 3;
  return decimal(value, size < 0.00995 ? 4 : digits);
}

/** 10^log, from the logarithm, where the number itself may overflow. */
export function power(log) {
  if (log === -Infinity) return "0";
  return Math.abs(log) < 290 ? short(10 ** log) : `10${raised(Math.round(log))}`;
}

/** A share in (0, 1), with the digits that tell it from 0 and from 1. */
export function share(value, complement = 1 - value) {
  if (value < 0.995) return short(value);
  return complement < 1e-5
    ? `1 − ${short(complement)}`
    : decimal(1 - complement, -Math.floor(Math.log10(complement)));
}

/** Keeps the last result of a function: most moves leave most of its arguments alone. */
export function remember(make) {
  let [last, result] = [null, null];
  return (...given) => {
    if (!last || given.some((value, k) => value !== last[k])) result = make(...given);
    last = given;
    return result;
  };
}
