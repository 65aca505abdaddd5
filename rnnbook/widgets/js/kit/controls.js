// Sliders with number fields, choices, presets: made from what Python declares.

import { html, noChange, nothing } from "lit-html";
import { Directive, directive } from "lit-html/directive.js";
import { patient } from "./gestures.js";
import { clamp, decimal } from "./numbers.js";
import { agrees } from "./store.js";
import { caption, inline } from "./text.js";

/** Where a slider that is spaced by ratios stops: 2 % from one to the next, or a whole step. */
export function stopsByRatio(low, high, whole) {
  const stops = [];
  for (let stop = low; stop < high; ) {
    stops.push(stop);
    stop = whole ? Math.max(stop + 1, Math.round(1.02 * stop)) : 1.02 * stop;
  }
  return [...stops, high];
}

/** The place of a value among rising stops, with a fraction where it lies between two. */
function placeAmong(stops, value) {
  const after = stops.findIndex((stop) => stop >= value);
  if (after <= 0) return after < 0 ? stops.length - 1 : 0;
  return after - (stops[after] - value) / (stops[after] - stops[after - 1]);
}

const rounded = (value) => String(Number(value.toFixed(3)));
const rails = new WeakMap();

/** From a knob's value to its slider's place and back. */
function rail(knob) {
  if (!rails.has(knob)) {
    const stops = knob.ratio ? stopsByRatio(knob.low, knob.high, knob.whole) : null;
    const [first, last] = stops ? [0, stops.length - 1] : [knob.low, knob.high];
    rails.set(knob, {
      first,
      last,
      pitch: stops ? 1 : knob.step,
      inward: (value) => (stops ? placeAmong(stops, value) : value),
      outward: (place) => clamp(stops ? stops[place] : place, knob.low, knob.high),
    });
  }
  return rails.get(knob);
}

/** A slider: shows the state, even where the browser has moved it elsewhere; a finger passes over. */
class SliderOf extends Directive {
  update({ element }, [value, apply]) {
    this.apply = apply;
    if (!element.restore) patient(element, (place) => this.apply(place));
    element.restore = () => (element.value = value);
    element.restore();
    return noChange;
  }
}
const slider = directive(SliderOf);

/** A field's text, which is left alone while a reader writes in it. */
class Text extends Directive {
  update({ element }, [text]) {
    const writing = element.getRootNode().activeElement === element;
    if (!writing && element.value !== text) element.value = text;
    return noChange;
  }
}
const fieldText = directive(Text);

/**
 * One number: a labelled slider, and a field for those who know what they want. With `value` and
 * `change` it is of something that only follows from the state: give it a knob of your own.
 */
export function numberControl(view, knob, { off = false, ...own } = {}) {
  const { name, label } = knob;
  const { first, last, pitch, inward, outward } = rail(knob);
  const value = own.value ?? view.state[name];
  const present = () => own.now?.() ?? view.state[name];
  const place = inward(value);
  // between two stops it stands beside the ends: at an end the keys would lead no further
  const shown = place > first && place < last ? clamp(place, first + pitch, last - pitch) : place;
  const change = own.change ?? ((wanted) => view.change({ [name]: wanted }));
  const part = (place - first) / (last - first);
  const zero = knob.low < 0 ? -knob.low / (knob.high - knob.low) : 0;
  const rail_ = `--from:${Math.min(zero, part).toFixed(4)};--to:${Math.max(zero, part).toFixed(4)}`;
  const typed = ({ target }) => {
    const number = target.valueAsNumber;
    if (number >= knob.low && number <= knob.high) change(number);
  };
  const finished = ({ target }) => {
    const number = target.valueAsNumber;
    change(clamp(Number.isNaN(number) ? present() : number, knob.low, knob.high));
    target.value = rounded(present());
  };
  return html`<div class="control" data-term=${name} style=${off ? "opacity:0.5" : nothing}>
    <label><span class="name">${caption(label)}</span><input type="range" min=${first} max=${last}
      step=${pitch} data-name=${name} style=${rail_} ?disabled=${off}
      aria-valuetext="${label} ${decimal(value, knob.whole ? 0 : 2)}"
      ${slider(shown, (at) => change(outward(at)))} /></label>
    <input type="number" min=${knob.low} max=${knob.high} step=${knob.step} inputmode="decimal"
      data-name=${name} aria-label="${label}, as a number" ?disabled=${off}
      ${fieldText(rounded(value))} @input=${typed} @change=${finished} />
  </div>`;
}

/** A text that the reader writes. */
export function textControl(view, { name, label, most }) {
  const typed = ({ target }) => view.change({ [name]: target.value });
  const finished = ({ target }) => (target.value = view.state[name]);
  return html`<label class="writing" data-term=${name}><span>${label}</span>
    <input type="text" data-name=${name} maxlength=${most} spellcheck="false" autocapitalize="off" autocomplete="off"
      ${fieldText(view.state[name])} @input=${typed} @change=${finished} /></label>`;
}

/** One of some names. */
export function choiceControl(view, { name, names, label }) {
  const typeset = label.includes("_") || label.split(" ").at(-1).length === 1;
  return html`<fieldset class="choice-of" data-term=${name}>
    <legend class="unseen">${label}</legend>
    <div class="switch">
      <span aria-hidden="true">${typeset ? caption(label) : label}</span>
      ${names.map(
        (one) => html`<label><input type="radio" name=${view.id(name)} value=${one}
          .checked=${view.state[name] === one} @change=${() => view.change({ [name]: one })} />${one}</label>`,
      )}
    </div>
  </fieldset>`;
}

/** All knobs that have a label, in Python's order; your own `after` one of them, buttons as `more`. */
export function controls(view, { off = {}, after = {}, more } = {}) {
  const shown = view.knobs.filter((knob) => knob.label && knob.steps === undefined && !knob.characters);
  return html`<div class="controls">
    ${shown.map((knob) => [
      knob.names ? choiceControl(view, knob) : numberControl(view, knob, { off: off[knob.name] }),
      after[knob.name] ?? nothing,
    ])}
    ${more ? html`<div class="actions">${more}</div>` : nothing}
  </div>`;
}

/** A button beside the knobs. */
export function button(text, act) {
  return html`<button type="button" @click=${act}>${inline(text)}</button>`;
}

/**
 * Buttons of which one may be the present state. `own.about` is the one whose note has room: it was
 * pressed, or is what a page opens with (`own.fresh`). A state that a knob meets on its way makes no
 * room, so nothing jumps under the hand.
 */
export function presetBar(view, own) {
  const { presets, state } = view;
  if (!presets.length) return nothing;
  const present = presets.findIndex((preset) => agrees(state, preset.set));
  if (own.fresh && present >= 0) own.about = present;
  own.fresh = false;
  const about = own.about >= 0 ? inline(presets[own.about].about) : nothing;
  return html`<div class="presets">
    <div class="chips" role="group" aria-label="Presets">
      ${presets.map(
        (preset, k) => html`<button type="button" aria-pressed=${k === present}
          @click=${() => {
            own.about = k;
            view.change(preset.set);
            view.redraw();
          }}>${inline(preset.name)}</button>`,
      )}
    </div>
    <p class="about ${present === own.about ? "" : "past"}">${about}</p>
  </div>`;
}
