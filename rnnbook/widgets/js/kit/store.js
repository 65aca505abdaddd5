// The state of an explorable: the knobs that Python declares, and nothing else.

import { clamp } from "./numbers.js";

/** The nearest value that a knob can have. */
export function fitted(knob, value) {
  if (knob.names) return knob.names.includes(value) ? value : knob.names[0];
  if (knob.steps !== undefined) {
    return Array.isArray(value) ? value.map((one) => clamp(one, knob.low, knob.high)) : value;
  }
  if (knob.characters !== undefined) return known(knob, value).slice(0, knob.most).join("");
  const inside = clamp(value, knob.low, knob.high);
  return knob.whole ? Math.round(inside) : inside;
}

/** The characters of a text that a knob can have. */
export function known(knob, text) {
  return [...String(text)].filter((mark) => knob.characters.includes(mark));
}

/** Whether a state has these values. */
export function agrees(state, values) {
  return Object.entries(values).every(([name, value]) => same(state[name], value));
}

export function same(one, other) {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((value, k) => same(value, other[k]));
  return typeof one === "number" ? Math.abs(one - other) < 1e-9 : one === other;
}

/** Reads, mends and writes the knobs of a model, and tells when one has changed. */
export function openStore(model) {
  const knobs = model.get("_knobs");
  const byName = Object.fromEntries(knobs.map((knob) => [knob.name, knob]));
  const read = () =>
    Object.fromEntries(knobs.map(({ name }) => [name, fitted(byName[name], model.get(name))]));
  let changed = () => {};
  let quiet = false;
  const listen = () => quiet || changed();
  for (const { name } of knobs) model.on(`change:${name}`, listen);
  return {
    knobs,
    byName,
    read,
    first: read(),
    whenChanged: (call) => (changed = call),
    change(part) {
      quiet = true;
      for (const [name, value] of Object.entries(part)) model.set(name, fitted(byName[name], value));
      quiet = false;
      changed();
      model.save_changes();
    },
    close: () => knobs.forEach(({ name }) => model.off(`change:${name}`, listen)),
  };
}
