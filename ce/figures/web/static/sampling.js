// Where along an axis a mark is computed.

const SAMPLES = 480;

// As numpy.linspace and numpy.geomspace do it.
export function grid({ low, high, log }, samples = SAMPLES) {
  const [start, end] = log === true ? [Math.log10(low), Math.log10(high)] : [low, high];
  const step = (end - start) / samples;
  const inner = (at) => (log === true ? 10 ** (at * step + start) : at * step + start);
  return Array.from({ length: samples + 1 }, (_, at) => (at === 0 ? low : at === samples ? high : inner(at)));
}

// The steps of a sequence that an axis of steps can tell apart.
export function visibleSteps(axis, last) {
  const steps = new Set(grid(axis, 4 * SAMPLES).map(Math.round));
  return [...steps].filter((at) => at >= 0 && at <= last);
}

// All steps of a path in the plane; of very many those that a logarithmic axis tells apart, for late ones move little.
export function everyStep(last) {
  if (last > 2000) return [0, ...visibleSteps({ low: 1, high: last, log: true }, last)];
  return Array.from({ length: last + 1 }, (_, at) => at);
}

// The ranges of x in which a condition holds, their ends found by bisection.
export function edges(xs, holds) {
  const border = (inside, outside, rounds = 40) => {
    const middle = (inside + outside) / 2;
    if (rounds === 0) return inside;
    return holds(middle) ? border(middle, outside, rounds - 1) : border(inside, middle, rounds - 1);
  };
  const held = xs.map(holds);
  const ends = (step) => xs.flatMap((x, at) => (held[at] && !held[at + step] ? [border(x, xs[at + step] ?? x)] : []));
  const last = ends(1);
  return ends(-1).map((start, at) => [start, last[at]]);
}
