// Sequences: the states of a repeated update or of rolled dice, step by step; one array for each symbol.

import { evaluate, over } from "./expression.js";

function iterate({ symbols, update, start, length }, values) {
  const next = update.map((wire) => over(values, symbols, wire));
  const states = symbols.map(() => new Float64Array(length + 1));
  let now = start.map((wire) => evaluate(wire, values));
  for (let at = 0; at <= length; at += 1) {
    for (let k = 0; k < now.length; k += 1) states[k][at] = now[k];
    now = next.map((step) => step(now));
  }
  return states;
}

// The uniform number of roll i: mulberry32 counted from the seed, the same 32-bit arithmetic as in Python.
function uniform(seed, i) {
  const a = (Math.imul(seed, 0x9e3779b1) + Math.imul(i, 0x6d2b79f5)) >>> 0;
  let t = Math.imul(a ^ (a >>> 15), a | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

function roll({ symbols, pmf, seed, length }, values) {
  const chances = pmf.map((symbol) => values[symbol]);
  let sum = 0;
  const bounds = chances.slice(0, -1).map((chance) => (sum += chance));
  const last = chances.findLastIndex((chance) => chance > 0); // rounding must not bring what cannot happen
  const [start, counts] = [evaluate(seed, values), chances.map(() => 0)];
  const states = symbols.map(() => new Float64Array(length + 1));
  for (let at = 1; at <= length; at += 1) {
    const u = uniform(start, at);
    let face = 0;
    for (const bound of bounds) face += u >= bound;
    counts[chances[face] > 0 ? face : last] += 1;
    for (let k = 0; k < counts.length; k += 1) states[k][at] = counts[k];
  }
  return states;
}

export const run = (sequence, values) => (sequence.kind === "rolls" ? roll : iterate)(sequence, values);
