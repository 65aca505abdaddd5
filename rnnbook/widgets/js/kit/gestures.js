// What a hand does: take hold of something and move it, with mouse, finger or keys.

export const KEYS = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: -Infinity,
  End: Infinity,
};

/** The steps that a key stands for, ±∞ for the ends; null for any other key. */
export function stepsOf(event) {
  if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return null;
  event.preventDefault();
  return KEYS[event.key];
}

/** The place of a pointer in the picture's own pixels. */
export function placeIn(picture, event) {
  const box = picture.getBoundingClientRect();
  const zoom = box.width ? picture.width.baseVal.value / box.width : 1;
  return [(event.clientX - box.left) * zoom, (event.clientY - box.top) * zoom];
}

/**
 * Follow the pointer that went down on `event.currentTarget` until it is lifted.
 * `move(event)` is called for each of its places, `end()` once.
 */
export function follow(event, move, end = () => {}) {
  const node = event.currentTarget;
  const id = event.pointerId;
  const mine = (act) => (other) => other.pointerId === id && act(other);
  const moved = mine(move);
  const ended = mine(() => {
    node.removeEventListener("pointermove", moved);
    for (const name of ["pointerup", "pointercancel"]) node.removeEventListener(name, ended);
    end();
  });
  node.setPointerCapture(id);
  node.addEventListener("pointermove", moved);
  for (const name of ["pointerup", "pointercancel"]) node.addEventListener(name, ended);
}

/** A pointerdown listener that drags: `drag([x, y])` gets where the thing is wanted, in the picture. */
export function dragging(at, drag) {
  return (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    const node = event.currentTarget;
    const picture = node.ownerSVGElement;
    node.focus({ preventScroll: true });
    const [x, y] = placeIn(picture, event);
    const [right, down] = [at[0] - x, at[1] - y];
    node.dataset.held = "";
    follow(
      event,
      (moved) => {
        const place = placeIn(picture, moved);
        drag([place[0] + right, place[1] + down]);
      },
      () => delete node.dataset.held,
    );
  };
}

/**
 * Listeners for a ground whose steps are looked at with the mouse, and chosen by a click or a drag.
 * `stepAt([x, y])` is the step that is meant, or null; what is looked at is `view.own.pointed`.
 */
export function looking(view, stepAt) {
  const at = (event) => stepAt(placeIn(event.currentTarget.ownerSVGElement, event));
  const look = (step) => {
    if (step === view.own.pointed) return;
    view.own.pointed = step;
    view.redraw();
  };
  const choose = (event) => at(event) && view.change({ step: at(event) });
  return {
    choose,
    drag: (event) => event.button === 0 && follow(event, choose),
    look: (event) => event.pointerType === "mouse" && !event.buttons && look(at(event)),
    leave: () => look(null),
  };
}

/** One stroke over a row: every entry between two places gets what the stroke says of it. */
function stroked(row, [from, first], [to, last]) {
  const next = [...row];
  for (let k = Math.min(from, to); k <= Math.max(from, to); k++) {
    const share = from === to ? last : first + ((last - first) * (k - from)) / (to - from);
    next[k] = Math.min(Math.max(share, 0), 1);
  }
  return next;
}

/**
 * Listeners for a row of shares that is painted with a stroke, or set with the keys: left and right
 * go from entry to entry, up and down lift the one in hand, which is `view.state.step`, from 1.
 * `place([x, y])` is the entry and the share that are meant; `name` is the row's name in the state.
 */
export function painting(view, name, place, lift) {
  const paint = (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    const node = event.currentTarget;
    node.focus({ preventScroll: true });
    let last = null;
    const move = (moved) => {
      const next = place(placeIn(node.ownerSVGElement, moved));
      view.change({ [name]: stroked(view.state[name], last ?? next, next), step: next[0] + 1 });
      last = next;
    };
    move(event);
    follow(event, move);
  };
  const press = (event) => {
    const steps = stepsOf(event);
    if (steps === null) return;
    const row = [...view.state[name]];
    const at = Math.min(Math.max(view.state.step, 1), row.length);
    if (/Left|Right|Home|End/.test(event.key))
      return view.change({ step: Math.min(Math.max(at + steps, 1), row.length) });
    const up = Math.abs(steps) === 10 ? steps / 2 : steps; // a page is five keys
    row[at - 1] = Math.min(Math.max(Math.round(1000 * (row[at - 1] + lift * up)) / 1000, 0), 1);
    view.change({ [name]: row });
  };
  return { paint, press };
}

/** A pointerdown listener that changes a number by so much for each pixel to the right. */
export function pulling(read, change, perPixel) {
  return (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    const [from, first] = [event.clientX, read()];
    follow(event, (moved) => change(first + (moved.clientX - from) * perPixel));
  };
}

/**
 * Lets a native slider be passed over by a finger. A touch sets a slider where it lands, even if it
 * only begins to scroll the page. So what it says is held back until the finger moves along the
 * slider or is lifted, and dropped where the page scrolls away under it.
 */
export function patient(slider, apply) {
  let held = null;
  const listen = (names, act) => names.forEach((name) => slider.addEventListener(name, act));
  listen(["pointerdown"], (event) => {
    held = event.pointerType === "touch" ? { x: event.clientX, y: event.clientY, wanted: null } : null;
  });
  listen(["pointermove"], (event) => {
    if (!held) return;
    const [dx, dy] = [Math.abs(event.clientX - held.x), Math.abs(event.clientY - held.y)];
    if (dx > 5 && dx > dy) held = null;
  });
  listen(["pointerup"], () => {
    const wanted = held?.wanted;
    held = null;
    if (wanted !== null && wanted !== undefined) apply(wanted);
  });
  listen(["pointercancel"], () => {
    held = null;
    slider.restore?.();
  });
  listen(["input"], () => {
    if (held) held.wanted = Number(slider.value);
    else apply(Number(slider.value));
    if (held) slider.restore?.();
  });
}
