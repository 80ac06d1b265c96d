// Sequences: the states of an iteration, step by step.

import { compile, over } from "./expression.js";

export function iterate({ symbol, update, start, length }, values) {
  const next = over(values, symbol, update);
  const states = new Float64Array(length + 1);
  states[0] = compile(start)(values);
  for (let at = 0; at < length; at += 1) states[at + 1] = next(states[at]);
  return states;
}
