// Sequences: the states of a repeated update or of random draws, one array for each symbol, computed as far as needed.

import { evaluate, over } from "./expression.js";

// Each gives the state at step 0 and how the next one comes from it.
const KINDS = {
  iteration({ symbols, update, start }, values) {
    const next = update.map((wire) => over(values, symbols, wire));
    let spare = [];
    return [
      start.map((wire) => evaluate(wire, values)),
      (state) => {
        const fresh = spare; // two arrays take turns: thousands of new ones would have to be cleared away
        for (let k = 0; k < next.length; k += 1) fresh[k] = next[k](state);
        spare = state;
        return fresh;
      }
    ];
  },
  draws({ pmf, seed }, values) {
    const chances = pmf.map((symbol) => values[symbol]);
    let sum = 0;
    const bounds = chances.slice(0, -1).map((chance) => (sum += chance));
    const last = chances.findLastIndex((chance) => chance > 0); // rounding must not bring what cannot happen
    const from = evaluate(seed, values);
    return [
      chances.map(() => 0),
      (counts, at) => {
        const u = uniform(from, at);
        let face = 0;
        for (const bound of bounds) face += Number(u >= bound);
        counts[chances[face] > 0 ? face : last] += 1;
        return counts;
      }
    ];
  }
};

// The uniform number of roll i: mulberry32 counted from the seed, the same 32-bit arithmetic as in Python.
function uniform(seed, i) {
  const a = (Math.imul(seed, 0x9e3779b1) + Math.imul(i, 0x6d2b79f5)) >>> 0;
  let t = Math.imul(a ^ (a >>> 15), a | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

// A function that gives the arrays, filled up to a step.
export function run(sequence, values) {
  let [state, next] = KINDS[sequence.kind](sequence, values);
  const columns = sequence.symbols.map(() => new Float64Array(sequence.length + 1));
  const store = (at) => {
    for (let k = 0; k < columns.length; k += 1) columns[k][at] = state[k];
  };
  store(0);
  let done = 0;
  return (last) => {
    for (; done < last; store(done)) state = next(state, (done += 1));
    return columns;
  };
}
