// The figure at the current values: numbers of expressions, states of sequences, which marks are shown, words.

import { evaluate, over, variables } from "./expression.js";
import { run } from "./sequence.js";

// The symbols of a parameter with their starting values.
const entries = ({ symbols, values, symbol, value }) =>
  symbols ? symbols.map((name, at) => [name, values[at]]) : [[symbol, value]];

export const startValues = (spec) => Object.fromEntries(spec.parameters.flatMap(entries));

// `kept` holds from frame to frame what does not change: sequences and traces.
export function createScene(spec, kept, values) {
  const sequences = Object.fromEntries(spec.sequences.map((sequence) => [sequence.name, sequence]));
  const keep = (name, given, symbols, make) => {
    const key = symbols.map((symbol) => given[symbol]).join();
    if (kept[name]?.key !== key) kept[name] = { key, made: make() };
    return kept[name].made;
  };
  // What a sequence is made from.
  const needs = (name) => {
    const { update = [], start = [], pmf = [], seed = 0 } = sequences[name];
    return [...update, ...start, ...pmf, seed];
  };
  // The states of a sequence, as a function of the last step that is needed.
  const filled = (name) => keep(name, values, needs(name).flatMap(variables), () => run(sequences[name], values));
  const step = (name) => (sequences[name].at ? Math.round(values[sequences[name].at]) : sequences[name].length);
  // An expression along a sequence as a function of the step.
  const course = (name, wire) => {
    const { symbols, at } = sequences[name];
    const [upTo, compute] = [filled(name), over(values, at ? [...symbols, at] : symbols, wire)];
    const given = [];
    return (now) => {
      const columns = upTo(now);
      for (let k = 0; k < columns.length; k += 1) given[k] = columns[k][now];
      given[columns.length] = now;
      return compute(given);
    };
  };
  // All values, with those of a sequence at its current step.
  const at = (along) => {
    if (!along) return values;
    const [{ symbols, at: counter }, now] = [sequences[along], step(along)];
    const columns = filled(along)(now);
    const states = symbols.map((symbol, k) => [symbol, columns[k][now]]);
    return { ...values, ...(counter && { [counter]: now }), ...Object.fromEntries(states) };
  };
  const number = (wire, along) => evaluate(wire, at(along));
  const firstPassage = ({ along, condition }) => {
    const holds = course(along, condition);
    for (let now = 0; now <= sequences[along].length; now += 1) if (holds(now)) return now;
    return NaN;
  };
  const optionOf = (name) => {
    const { options } = spec.parameters.find(({ symbol }) => symbol === name);
    return options.find(([, value]) => value === values[name])?.[0];
  };
  return {
    spec,
    values,
    sequences,
    keep,
    step,
    needs,
    filled,
    course,
    at,
    number,
    firstPassage,
    shows: (mark) => Object.entries(mark.when ?? {}).every(([symbol, value]) => values[symbol] === value),
    // Words, with the option now chosen in the place of the name of a choice in braces.
    words: (text = "") => text.replace(/\{(\w+)\}/g, (_, name) => optionOf(name))
  };
}
