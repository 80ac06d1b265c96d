// Names beside curves, placed as ce.figures.picture.labels does.

import { svg } from "./element.js";
import { MARKS } from "./mark.js";
import { curve, runs } from "./shape.js";

const GAP = 5;
const GAPS = [5, 18, 31];
const APART = 8; // pixels between two names in one line
const LINE_HEIGHT = 14;
const KEEP = 25; // a name moves only when its new place is better by this much
const SHARES = [0, 1, 0.5, 0.25, 0.75]; // of the room there is, the preferred ones first
const COLUMNS = Array.from({ length: 19 }, (_, at) => at / 18);

function distance(box, dots) {
  let least = Infinity;
  for (const [x, y] of dots) {
    const across = Math.max(box.left - x, 0, x - box.left - box.width);
    const down = Math.max(box.top - y, 0, y - box.top - box.height);
    least = Math.min(least, across * across + down * down);
  }
  return Math.sqrt(least);
}

// Corners a few pixels apart, so that no curve slips through between two of them and none is looked at in vain; of a
// path that jumps to and fro for long, fewer.
function spaced(run) {
  const found = [run[0]];
  const long = run.reduce((sum, [x, y], at) => (at ? sum + Math.hypot(x - run[at - 1][0], y - run[at - 1][1]) : 0), 0);
  const gap = Math.max(5, long / 1000);
  for (const [x, y] of run) {
    const [px, py] = found[found.length - 1];
    const count = Math.min(60, Math.floor(Math.sqrt((x - px) ** 2 + (y - py) ** 2) / gap));
    for (let k = 1; k <= count; k += 1) found.push([px + ((x - px) * k) / count, py + ((y - py) * k) / count]);
  }
  return found;
}

const upright = (x, { height }) =>
  spaced([
    [x, 0],
    [x, height]
  ]);

// The places for a name: in the stripe of a range, beside a rule, between two curves, above and below a curve.
function candidates({ mark, ranges }, own, size, view) {
  const [right, foot] = [view.width - size.width, view.height - size.height];
  const among = (lefts, tops) => lefts.flatMap((left) => tops.map((top) => ({ ...size, left, top })));
  const spread = (from, to, shares = SHARES) => shares.map((share) => from + share * (to - from));
  const tops = spread(GAP, foot - GAP);
  if (ranges) {
    const [start, end] = (ranges[0] ?? []).map(view.x.pixel);
    const [low, high] = [Math.max(start, 0) + 2, Math.min(end, view.width) - 2 - size.width];
    return among(high < low ? [Math.min(low, right)] : spread(low, high), spread(GAP, foot - GAP, COLUMNS));
  }
  if (mark.kind === "rule") {
    const [[x, y] = []] = own;
    return mark.x === undefined
      ? among(spread(right, 0), [y - size.height - 2, y + 2])
      : among([x + GAP, x - GAP - size.width], tops);
  }
  return spread(GAP, right, COLUMNS).flatMap((left) => {
    const near = (dots) => dots.filter(([x]) => x >= left - 4 && x <= left + size.width + 4).map(([, y]) => y);
    if (mark.kind === "between") {
      const [upper, lower] = own.map(near);
      const [top, end] = [Math.max(...upper) + 2, Math.min(...lower) - 2 - size.height];
      return end >= top && end - top < Infinity ? among([left], [(top + end) / 2, top, end]) : [];
    }
    const ys = near(own); // none where the curve is not: nothing fits there
    return GAPS.flatMap((gap) => among([left], [Math.min(...ys) - gap - size.height, Math.max(...ys) + gap]));
  });
}

const free = (box, dots) => distance(box, dots) > 1;

function cost(box, own, curves, rest, view, taken) {
  const over = (other) =>
    box.left < other.left + other.width + APART &&
    other.left < box.left + box.width + APART &&
    box.top < other.top + other.height + GAP &&
    other.top < box.top + box.height + GAP;
  const fits =
    box.left >= 0 && box.left + box.width <= view.width && box.top >= 0 && box.top + box.height <= view.height;
  if (!fits || taken.some(over)) return Infinity;
  const nearest = distance(box, curves);
  const gap = own.length ? distance(box, own) : 0;
  const confused = own.length ? Math.max(0, 40 - 2 * nearest) + 60 * Math.min(1, gap / nearest) : 0;
  return gap + confused + (nearest > 1 ? 0 : 400) + (free(box, rest) ? 0 : 200) + 10 * box.lines.length;
}

function wrap(text, width, measure) {
  return text.split(" ").reduce((lines, word) => {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && measure(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
    return lines;
  }, []);
}

// The names of a panel, the old ones as long as nothing moves onto them; each remembers at which of its places it stands,
// so that names rest while the reader drags.
export function nameBoxes(traces, view, old) {
  const { measure, width, height } = view;
  const inside = ([x, y]) => x >= 0 && x <= width && y >= -1 && y <= height + 1;
  // The line at the current value, and markers, each as points around its middle.
  const moving = traces
    .flatMap(({ dotted, runs: found }) => (dotted ? found.flat() : []))
    .flatMap(([x, y]) => [
      [x, y],
      [x - 6, y],
      [x + 6, y],
      [x, y - 6],
      [x, y + 6]
    ])
    .concat(view.now >= 0 ? upright(view.now, view) : []);
  if (view.steady && old.every((box) => free(box, moving))) return old;
  for (const trace of traces) {
    const [[x, y]] = trace.corners ?? [[]];
    const dots =
      trace.mark.kind !== "rule"
        ? (trace.runs ?? []).flatMap(spaced)
        : Number.isNaN(x)
          ? spaced([
              [0, view.y.pixel(y)],
              [width, view.y.pixel(y)]
            ])
          : upright(view.x.pixel(x), view);
    trace.dots = dots.filter(inside);
  }
  const dotsOf = (found) => found.flatMap(({ dots }) => dots);
  const edge = (corners) =>
    runs(corners, view)
      .flatMap(spaced)
      .map(([x, y]) => [x, Math.max(0, Math.min(height, y))]);
  const rest = dotsOf(traces.filter(({ mark }) => ["rule", "arrow"].includes(mark.kind))).concat(moving);
  const order = ({ mark }) => MARKS[mark.kind].named;
  const boxes = [];
  for (const trace of traces
    .filter((one) => order(one) !== undefined && one.mark.label)
    .toSorted((a, b) => order(a) - order(b))) {
    const {
      mark: { label, role, kind },
      ranges,
      corners,
      dots
    } = trace;
    if (boxes.some((box) => box.label === label)) continue;
    const half = corners?.length / 2;
    const own = kind === "between" ? [corners.slice(0, half), corners.slice(half)].map(edge) : dots;
    const curves = dotsOf(traces.filter((other) => other !== trace && MARKS[other.mark.kind].paint === curve));
    const [start, end] = ranges?.[0]?.map(view.x.pixel) ?? [0, Infinity];
    const rooms = [Math.max(70, end - start - 2 * GAP), 0.6 * measure(label), 0];
    const places = [...new Set(rooms.map((room) => wrap(label, room, measure).join(" \n")))].flatMap((text) => {
      const lines = text.split("\n");
      return candidates(
        trace,
        own,
        { width: Math.max(...lines.map(measure)) + 2, height: lines.length * LINE_HEIGHT, lines },
        view
      );
    });
    const near = kind === "between" || role !== label ? [] : own;
    const costs = places.map((box, at) => cost(box, near, curves, rest, view, boxes) + 0.01 * at);
    let best = costs.indexOf(Math.min(...costs));
    const kept = old.find((box) => box.label === label)?.at;
    if (costs[kept] <= costs[best] + KEEP) best = kept;
    // In a region a name would be read as that of what crosses it.
    if (costs[best] < (kind === "between" ? 200 : Infinity))
      boxes.push({ ...places[best], at: best, kind, label, role: trace.role });
  }
  return boxes;
}

export function names(boxes) {
  return boxes.map((box) =>
    svg(
      "text",
      {
        "data-label": box.label,
        class: `ce-name ce-name-${box.kind} ce-${box.role < 0 ? "muted" : `role-${box.role}`}`
      },
      ...box.lines.map((line, at) => svg("tspan", { x: box.left + 1, y: box.top + LINE_HEIGHT * (at + 1) - 3.5 }, line))
    )
  );
}
