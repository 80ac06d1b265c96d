// Names beside curves, placed as ce.figures.placement does.

import { svg } from "./element.js";
import { MARKS } from "./mark.js";
import { curve } from "./shape.js";

const GAP = 5;
const FAR = 18;
const POSITIONS = 19;
const LINE_HEIGHT = 14;
const KEEP = 25; // a name moves only when its new place is better by this much

function distance(box, corners) {
  let least = Infinity;
  for (const [x, y] of corners) {
    const across = Math.max(box.left - x, 0, x - box.left - box.width);
    const down = Math.max(box.top - y, 0, y - box.top - box.height);
    least = Math.min(least, across * across + down * down);
  }
  return Math.sqrt(least);
}

const overlap = (a, b) =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

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

function candidates(trace, own, size, view) {
  const box = (left, top) => ({ left, top, ...size });
  if (trace.mark.kind === "area" || (trace.mark.kind === "rule" && trace.mark.x !== undefined)) {
    const at = trace.ranges ? trace.ranges[0]?.[0] : trace.corners[0][0];
    if (at === undefined) return [];
    const left = Math.min(Math.max(view.x.pixel(at), 0) + GAP, view.width - size.width);
    return [GAP, view.height - GAP - size.height, (view.height - size.height) / 2].map((top) => box(left, top));
  }
  if (trace.mark.kind === "rule") {
    const y = view.y.pixel(trace.corners[0][1]);
    return [view.width - size.width, 0].flatMap((left) => [box(left, y - size.height - 2), box(left, y + 2)]);
  }
  const spread = Array.from({ length: POSITIONS }, (_, at) => GAP + ((view.width - size.width - GAP) * at) / (POSITIONS - 1));
  return spread.flatMap((left) => {
    const near = own.filter(([x]) => x >= left - 4 && x <= left + size.width + 4).map(([, y]) => y);
    const [top, foot] = [Math.min(...near), Math.max(...near)]; // infinite where the curve is not: nothing fits there
    return [GAP, FAR].flatMap((gap) => [box(left, top - gap - size.height), box(left, foot + gap)]);
  });
}

function cost(box, own, others, view, taken) {
  const fits = box.left >= 0 && box.left + box.width <= view.width && box.top >= 0 && box.top + box.height <= view.height;
  if (!fits || taken.some((other) => overlap(box, other))) return Infinity;
  const gap = own.length ? distance(box, own) : 0;
  const nearest = distance(box, others);
  const confused = own.length ? Math.max(0, 40 - 2 * nearest) + 60 * Math.min(1, gap / nearest) : 0;
  const crossed = (nearest <= 1 ? 400 : 0) + (view.now > box.left - 3 && view.now < box.left + box.width + 3 ? 12 : 0);
  return gap + crossed + confused;
}

function wrap(text, width, measure) {
  return text.split(" ").reduce((lines, word) => {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && measure(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
    return lines;
  }, []);
}

// The names of a panel; `kept` remembers where each stood, so that names rest while the reader drags.
export function nameBoxes(traces, view, kept) {
  const { measure } = view;
  const inside = ([x, y]) => x >= 0 && x <= view.width && y >= -1 && y <= view.height + 1;
  const dots = new Map(traces.map((trace) => [trace, (trace.runs ?? []).flatMap(spaced).filter(inside)]));
  const curves = traces.filter(({ mark }) => MARKS[mark.kind].paint === curve);
  const order = ({ mark }) => MARKS[mark.kind].named;
  const boxes = [];
  for (const trace of traces.filter((one) => order(one) !== undefined && one.mark.label).toSorted((a, b) => order(a) - order(b))) {
    const { label, role } = trace.mark;
    if (boxes.some((box) => box.label === label)) continue;
    const range = trace.ranges?.[0];
    const room = range ? Math.max(70, view.x.pixel(range[1]) - view.x.pixel(range[0]) - 10) : Infinity;
    const lines = wrap(label, room, measure);
    const size = { width: Math.max(...lines.map(measure)) + 2, height: lines.length * LINE_HEIGHT };
    const own = role === label ? dots.get(trace) : [];
    const others = curves.filter((other) => other !== trace).flatMap((other) => dots.get(other));
    const places = candidates(trace, dots.get(trace), size, view);
    const costs = places.map((box, at) => cost(box, own, others, view, boxes) + 0.01 * at);
    let best = costs.indexOf(Math.min(...costs));
    if (costs[kept[label]] <= costs[best] + KEEP) best = kept[label];
    if (!(costs[best] < Infinity)) continue;
    kept[label] = best;
    boxes.push({ ...places[best], kind: trace.mark.kind, label, lines, role: trace.role });
  }
  return boxes;
}

export const NEUTRAL = -1;

export function names(boxes) {
  return boxes.map((box) =>
    svg("text", { class: `ce-name ce-name-${box.kind} ce-${box.role === NEUTRAL ? "muted" : "role-" + box.role}` },
      ...box.lines.map((line, at) => svg("tspan", { x: box.left + 1, y: box.top + LINE_HEIGHT * (at + 1) - 3.5 }, line))));
}
