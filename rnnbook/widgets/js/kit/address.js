// The state in the page's address: #forget-gate=b:1,x:0&through-time=w:1.1

import { known, same } from "./store.js";

/** Every explorable in one page has a key of its own: a second "forget-gate" is "forget-gate-2". */
export function ownKey(model) {
  const page = Symbol.for("rnnbook.keys");
  globalThis[page] ??= new Map();
  const keys = globalThis[page];
  const wanted = model.get("key");
  let key = wanted;
  for (let k = 2; keys.has(key) && keys.get(key) !== model; k++) key = `${wanted}-${k}`;
  keys.set(key, model);
  return key;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address' fragment as [key, text] pairs, in their order. */
export function readAddress() {
  return location.hash
    .slice(1)
    .split("&")
    .filter((part) => part.includes("="))
    .map((part) => {
      const at = part.indexOf("=");
      return [decoded(part.slice(0, at)), decoded(part.slice(at + 1))];
    });
}

/**
 * What the address says of a key: the values that are possible, and what had to be refused, in
 * words. Null where it says nothing of it.
 */
export function stateInAddress(key, store) {
  const text = new Map(readAddress()).get(key);
  if (text === undefined) return null;
  const [state, refused] = [{}, []];
  for (const pair of text.split(",").filter(Boolean)) {
    const at = pair.indexOf(":");
    const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    const found = Object.hasOwn(store.byName, name) ? possible(store.byName[name], value) : undefined;
    if (found === undefined) refused.push(pair.slice(0, 40));
    else state[name] = found;
  }
  return { state, refused };
}

/** The value that a text means for a knob; undefined where the knob cannot have it. */
function possible(knob, text) {
  if (knob.names) return knob.names.includes(text) ? text : undefined;
  if (knob.steps !== undefined) return unpacked(text, knob);
  if (knob.characters !== undefined) return unwritten(text, knob);
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= knob.low && value <= knob.high)) return undefined;
  return knob.whole && !Number.isInteger(value) ? undefined : value;
}

/** The address with a key's state in it: what differs from the first one, or all of it. */
export function addressWith(key, store, whole = false) {
  const [state, first] = [store.read(), store.first];
  const names = Object.keys(state).filter((name) => whole || !same(state[name], first[name]));
  const text = names.map((name) => `${name}:${spell(state[name], store.byName[name])}`).join(",");
  const others = readAddress().filter(([name]) => name !== key);
  const parts = (text ? [...others, [key, text]] : others).map((part) => part.join("="));
  const anchor = location.hash.includes("=") ? "" : location.hash;
  return location.pathname + location.search + (parts.length ? `#${parts.join("&")}` : anchor);
}

function spell(value, knob) {
  if (knob.steps !== undefined) return packed(value, knob);
  if (knob.characters !== undefined) return written(value);
  return typeof value === "number" ? Number(value.toPrecision(6)) : value;
}

// A row of shares as digits and letters, 0 to z, each a 35th of the knob's range; runs as "z*12".
function packed(values, { low, high }) {
  const marks = values.map((v) => Math.round((35 * (v - low)) / (high - low)).toString(36));
  return marks.join("").replace(/(.)\1{3,}/g, (run, mark) => `${mark}*${run.length}.`);
}

function unpacked(text, { low, high, steps }) {
  if (!/^(?:[0-9a-z](?:\*\d{1,4}\.)?)*$/.test(text)) return undefined;
  const marks = text.replace(/(.)\*(\d+)\./g, (_, mark, count) => mark.repeat(Number(count)));
  if (marks.length !== steps) return undefined;
  return [...marks].map((mark) => low + ((high - low) * Number.parseInt(mark, 36)) / 35);
}

// A text: a dot, then letters and figures as they are, a space as "_", all else as "~a-", its code
// point in base 36. So no sign in it has a meaning in an address, and no link ends in a full stop.
function written(text) {
  const spelt = (mark) => (mark === " " ? "_" : `~${mark.codePointAt(0).toString(36)}-`);
  return `.${[...text].map((mark) => (/[A-Za-z0-9]/.test(mark) ? mark : spelt(mark))).join("")}`;
}

function unwritten(text, knob) {
  if (!/^\.(?:[A-Za-z0-9_]|~[0-9a-z]{1,4}-)*$/.test(text)) return undefined;
  const plain = (_, code) => String.fromCodePoint(Number.parseInt(code, 36));
  const marks = [
    ...text
      .slice(1)
      .replaceAll("_", " ")
      .replace(/~([0-9a-z]+)-/g, plain),
  ];
  const possible = marks.length <= knob.most && known(knob, marks.join("")).length === marks.length;
  return possible ? marks.join("") : undefined;
}
