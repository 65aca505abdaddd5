// Places for labels: each keeps clear of the frame, of what is drawn, and of the labels before it.

/**
 * The room of one picture. What is drawn is told by `box` and `curve`; `find` then gives a label the
 * first of its places that is free, or else the one where it disturbs least.
 */
export function room(width, height) {
  const taken = []; // boxes [left, right, top, bottom]
  const curves = []; // lists of [x, y]

  const box = (left, right, top, bottom) => taken.push([left, right, top, bottom]);
  const curve = (points) => points.length > 1 && curves.push(points);

  /** How much of a box is not free: shared pixels, and many for each stretch of a curve in it. */
  const disturbed = ([left, right, top, bottom]) => {
    let sum = 0;
    sum += 400 * (Math.max(0, -left) + Math.max(0, right - width));
    sum += 400 * (Math.max(0, -top) + Math.max(0, bottom - height));
    for (const [l, r, t, b] of taken) {
      const [wide, high] = [Math.min(r, right) - Math.max(l, left), Math.min(b, bottom) - Math.max(t, top)];
      if (wide > 0 && high > 0) sum += 1000 + 20 * wide * high;
    }
    for (const points of curves) {
      for (let k = 1; k < points.length; k++) {
        const share = inside(points[k - 1], points[k], left, right, top, bottom);
        if (share > 0) sum += 20 + 20 * share;
      }
    }
    return sum;
  };

  /**
   * The place for a label of this size: `places` are [x, y, anchor], y the line on which it stands,
   * anchor "start", "middle" or "end". Returns { x, y, anchor, free }.
   */
  const find = (wide, size, places) => {
    let best = null;
    for (const [x, y, anchor = "start"] of places) {
      const left = anchor === "start" ? x : anchor === "end" ? x - wide : x - wide / 2;
      const area = [left - 2, left + wide + 2, y - 0.82 * size, y + 0.3 * size];
      const cost = disturbed(area);
      if (!best || cost < best.cost) best = { x, y, anchor, cost, area, free: cost === 0 };
      if (cost === 0) break;
    }
    return best;
  };
  const take = ({ area }) => taken.push(area);
  return { box, curve, find, take };
}

/** How many pixels of the stretch from a to b lie in a box. */
function inside([ax, ay], [bx, by], left, right, top, bottom) {
  if ((ax < left && bx < left) || (ax > right && bx > right)) return 0;
  if ((ay < top && by < top) || (ay > bottom && by > bottom)) return 0;
  const [dx, dy] = [bx - ax, by - ay];
  let [from, to] = [0, 1];
  for (const [start, way, low, high] of [
    [ax, dx, left, right],
    [ay, dy, top, bottom],
  ]) {
    if (way === 0) continue;
    const [one, other] = [(low - start) / way, (high - start) / way];
    from = Math.max(from, Math.min(one, other));
    to = Math.min(to, Math.max(one, other));
  }
  return to > from ? (to - from) * Math.hypot(dx, dy) : 0;
}

/** Places right of, left of, above and below a point, so far away. */
export function around([x, y], gap = 8, order = "right left above below") {
  const all = {
    right: [x + gap, y + 4, "start"],
    left: [x - gap, y + 4, "end"],
    above: [x, y - gap, "middle"],
    below: [x, y + gap + 10, "middle"],
  };
  const slant = [
    [x + gap, y - gap, "start"],
    [x - gap, y - gap, "end"],
    [x + gap, y + gap + 10, "start"],
    [x - gap, y + gap + 10, "end"],
  ];
  return [...order.split(" ").map((side) => all[side]), ...slant];
}

/** Places along a curve of points [x, y], right above or below its stretch under the label. */
export function along(points, wide, sides = [-1, 1], shares = [1, 0.85, 0.7, 0.55, 0.4, 0.25, 0.1, 0]) {
  if (!points.length) return [];
  const [first, last] = [points[0][0], points.at(-1)[0]];
  return shares.flatMap((share) => {
    const x = first + 4 + share * Math.max(last - first - wide - 8, 0);
    const under = heights(points, x, x + wide);
    if (!under) return [];
    return sides.flatMap((side) =>
      [0, 12].map((more) => [x, side < 0 ? under[0] - 8 - more : under[1] + 17 + more, "start"]),
    );
  });
}

/** Places right and left of a curve at shares of its way up and down: where it is steep. */
export function aside(points, shares = [0.5, 0.6, 0.4, 0.7, 0.3, 0.8, 0.2], gaps = [12, 28, 48]) {
  const ways = points.slice(1).map(([, y], k) => Math.abs(y - points[k][1]));
  const total = ways.reduce((sum, way) => sum + way, 0);
  const at = (share) => {
    let rest = share * total;
    const k = ways.findIndex((way) => (rest -= way) <= 0 && way > 0);
    if (k < 0) return points.at(-1);
    const part = 1 + rest / ways[k];
    return points[k].map((from, axis) => from + part * (points[k + 1][axis] - from));
  };
  const places = shares.map(at);
  return gaps.flatMap((gap) =>
    places.flatMap(([x, y]) => [
      [x + gap, y + 4],
      [x - gap, y + 4, "end"],
    ]),
  );
}

/** The highest and the lowest point of a curve between two x, its ends there included. */
function heights(points, x0, x1) {
  let [low, high] = [Infinity, -Infinity];
  const see = (y) => {
    low = Math.min(low, y);
    high = Math.max(high, y);
  };
  for (let k = 1; k < points.length; k++) {
    const [[ax, ay], [bx, by]] = [points[k - 1], points[k]];
    if (ax > x1) break;
    if (bx < x0) continue;
    const at = (x) => (bx > ax ? ay + ((by - ay) * (Math.min(Math.max(x, ax), bx) - ax)) / (bx - ax) : by);
    see(at(x0));
    see(at(x1));
  }
  return low <= high ? [low, high] : null;
}

/** Heights for lines of text that stand in one column, near where they are wanted, none on another. */
export function spread(wanted, gap, low, high) {
  const order = wanted.map((_, k) => k).sort((one, other) => wanted[one] - wanted[other]);
  const places = [];
  let free = low;
  for (const k of order) free = (places[k] = Math.max(wanted[k], free)) + gap;
  free = high;
  for (const k of order.reverse()) free = (places[k] = Math.min(places[k], free)) - gap;
  return places;
}
