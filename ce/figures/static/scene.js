// The figure at the current values: numbers of expressions, states of sequences, which marks are shown.

import { compile, over, variables } from "./expression.js";
import { stepsText } from "./number.js";
import { iterate } from "./sequence.js";

export function startValues(spec) {
  const values = {};
  for (const part of spec.parameters) {
    if (part.kind === "pmf") part.symbols.forEach((symbol, at) => (values[symbol] = part.values[at]));
    else values[part.symbol] = part.value;
  }
  return values;
}

export function createScene(spec, orbits, values) {
  const iterations = Object.fromEntries(spec.iterations.map((iteration) => [iteration.name, iteration]));
  const step = (name) => (iterations[name].at ? Math.round(values[iterations[name].at]) : iterations[name].length);
  const orbit = (name) => {
    const iteration = iterations[name];
    const needed = [...variables(iteration.update), ...variables(iteration.start)];
    const key = needed.map((symbol) => (symbol === iteration.symbol ? "" : values[symbol])).join();
    if (orbits[name]?.key !== key) orbits[name] = { key, states: iterate(iteration, values) };
    return orbits[name].states;
  };
  const state = (along) => orbit(along)[step(along)];
  const environment = (along) => (along ? { ...values, [iterations[along].symbol]: state(along) } : values);
  const passage = ({ along, condition }) => {
    const at = orbit(along).findIndex(over(values, iterations[along].symbol, condition));
    return at < 0 ? `not within ${stepsText(iterations[along].length)}` : stepsText(at);
  };
  return {
    spec, values, iterations, step, state, orbit, passage,
    number: (wire, along) => compile(wire)(environment(along)),
    shows: (mark) => Object.entries(mark.when ?? {}).every(([symbol, value]) => values[symbol] === value),
  };
}
