// Where along an axis a mark is computed.

import { scale } from "./number.js";

const SAMPLES = 400;

export function grid(axis, samples = SAMPLES) {
  const inner = scale({ ...axis, log: axis.log === true }, 0, samples);
  return Array.from({ length: samples + 1 }, (_, at) => (at === 0 ? axis.low : at === samples ? axis.high : inner.value(at)));
}

// The steps of an iteration that an axis of steps can tell apart.
export function visibleSteps(axis, length) {
  const steps = new Set(grid(axis, 4 * SAMPLES).map(Math.round));
  return [...steps].filter((at) => at >= 0 && at <= length);
}

// The ranges of x in which a condition holds, their ends found by bisection.
export function edges(xs, holds) {
  const border = (inside, outside, rounds = 40) => {
    const middle = (inside + outside) / 2;
    if (rounds === 0) return inside;
    return holds(middle) ? border(middle, outside, rounds - 1) : border(inside, middle, rounds - 1);
  };
  const held = xs.map(holds);
  const starts = xs.flatMap((x, at) => (held[at] && !held[at - 1] ? [at === 0 ? x : border(x, xs[at - 1])] : []));
  const ends = xs.flatMap((x, at) => (held[at] && !held[at + 1] ? [at + 1 < xs.length ? border(x, xs[at + 1]) : x] : []));
  return starts.map((start, at) => [start, ends[at]]);
}
