// The frame of an explorable: heading, task, presets, formula, pictures, controls, what to notice.

import { html, nothing, render } from "lit-html";
import { addressWith, ownKey, readAddress, stateInAddress } from "./address.js";
import { controls, presetBar } from "./controls.js";
import { copied, followInk, lightPartners, markKeys, ownKeys } from "./home.js";
import { large } from "./large.js";
import { openStore } from "./store.js";
import { inline } from "./text.js";

const NARROW = 480; // below this width the controls stand right below the formula
const COUNT = Symbol.for("rnnbook.count"); // of the page: each widget's module is one of its own

/**
 * The module of an explorable, from what README.md beside this folder describes:
 * { see, formula, stage, say, done, controls, complete, start, large }.
 */
export function explorable(spec) {
  return { render: ({ model, el }) => mount(spec, model, el) };
}

function mount(spec, model, el) {
  const plainPage = model.widget_manager === undefined; // no notebook around us: the address is ours
  const store = openStore(model);
  const key = ownKey(model);
  globalThis[COUNT] = (globalThis[COUNT] ?? 0) + 1;
  const number = globalThis[COUNT];
  const root = document.createElement("div");
  root.className = "rnn-explorable";
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", model.get("title"));
  el.append(root);

  const frame = { about: -1, fresh: true, status: "", refused: "", shared: "Copy link", timer: 0 };
  let [width, state, now] = [0, store.read(), null];
  const view = {
    own: spec.start?.(model) ?? {},
    knobs: store.knobs,
    presets: model.get("_presets") ?? [],
    first: store.first,
    knob: (name) => store.byName[name],
    get: (name) => model.get(name),
    id: (name) => `rnn-${number}-${name}`,
    change: (part) => store.change(spec.complete?.(part, view) ?? part),
    redraw: () => draw(),
    get state() {
      return state;
    },
    get now() {
      return now;
    },
    get width() {
      return width;
    },
    get narrow() {
      return width < NARROW;
    },
    get held() {
      return root.querySelector("[data-held]")?.dataset.term ?? null;
    },
  };

  const draw = () => {
    state = store.read();
    view.font = fontOf(root);
    now = spec.see ? spec.see(state, view) : state;
    const done = spec.done?.(view);
    const task = guidance("try", "Try", model.get("try_this"), done);
    const knobs = (spec.controls ?? controls)(view);
    render(
      html`<div class="head"><p class="title">${inline(model.get("title"))}</p><div class="tools">
          <button type="button" class="quiet" @click=${reset}>Reset</button>
          ${plainPage ? html`<button type="button" class="quiet" @click=${share}>${frame.shared}</button>` : nothing}
        </div></div>
        ${task}
        <p class="refused" role="status">${frame.refused}</p>
        ${presetBar(view, frame)}
        <div class="stage">${spec.formula?.(view) ?? nothing}${view.narrow ? knobs : nothing}${spec.stage(view)}</div>
        ${view.narrow ? nothing : knobs}
        ${guidance("notice", "Notice", model.get("notice"))}
        <p class="unseen" role="status">${frame.status}</p>`,
      root,
    );
    markKeys(root);
  };

  const settle = () => {
    clearTimeout(frame.timer);
    frame.timer = setTimeout(() => {
      frame.status = spec.say(view);
      if (plainPage) history.replaceState(history.state, "", addressWith(key, store));
      draw();
    }, 400);
  };
  const reset = () => {
    frame.about = -1;
    frame.fresh = true;
    frame.refused = "";
    view.own.reset?.();
    store.change(store.first);
  };
  const share = async () => {
    history.replaceState(history.state, "", addressWith(key, store, true));
    frame.shared = (await copied(location.href)) ? "Copied" : "It is in the address bar";
    draw();
    setTimeout(() => {
      frame.shared = "Copy link";
      draw();
    }, 2000);
  };
  const obey = () => {
    const found = stateInAddress(key, store);
    if (!found) return false;
    const { refused } = found;
    frame.refused = refused.length
      ? `The link asks for what cannot be here, and is not shown: ${refused.join(", ")}.`
      : "";
    frame.about = -1;
    frame.fresh = true;
    store.change({ ...store.first, ...found.state });
    return true;
  };
  const fit = () => {
    const style = getComputedStyle(root);
    const inner =
      root.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    const wide = Math.max(Math.floor(inner > 0 ? inner : 640), 240);
    if (wide === width) return false;
    width = wide;
    return true;
  };

  fit();
  const arrived = (value) => {
    view.own.arrived(value);
    if (root.childElementCount) draw();
  };
  const forgetLarge = spec.large ? large(model, spec.large, root, arrived) : () => {};
  store.whenChanged(() => {
    draw();
    settle();
  });
  if (plainPage && obey()) {
    if (readAddress()[0][0] === key) requestAnimationFrame(() => root.scrollIntoView({ block: "start" }));
  } else draw();
  lightPartners(root);
  ownKeys(root);
  const forgetInk = followInk(root);
  const written = () => JSON.stringify(fontOf(root)) !== JSON.stringify(view.font);
  const observer = new ResizeObserver(() => (fit() || written()) && draw());
  observer.observe(root);
  document.fonts?.addEventListener("loadingdone", draw);
  if (plainPage) addEventListener("hashchange", obey);
  return () => {
    observer.disconnect();
    store.close();
    view.own.leave?.();
    forgetLarge();
    forgetInk();
    document.fonts?.removeEventListener("loadingdone", draw);
    removeEventListener("hashchange", obey);
    clearTimeout(frame.timer);
  };
}

/** The font in which pictures write, with a reader's own spacing of letters and words. */
function fontOf(root) {
  const { fontFamily: family, letterSpacing, wordSpacing } = getComputedStyle(root);
  const pixels = (text) => Number.parseFloat(text) || 0;
  return { family, letter: pixels(letterSpacing), word: pixels(wordSpacing) };
}

function guidance(kind, word, text, done) {
  const known = done !== undefined && done !== null;
  const tick = known ? html`<span class="met" aria-hidden="true"> ✓</span>` : nothing;
  return html`<p class="guidance ${kind} ${done ? "done" : ""}"><strong>${word}: </strong>${inline(text)}${tick}</p>`;
}
