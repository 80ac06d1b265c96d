// The current values: read, moved and reset.

import { evaluate } from "./expression.js";
import { startValues } from "./scene.js";

// Where a value stands on the slider's own scale, and back.
export const position = (part, value) => (part.log ? Math.log10(Math.max(value, Number.MIN_VALUE)) : value);

export const unposition = (part, place) => (part.log ? 10 ** place : place);

// The slider's scale; its step is adjusted so that a whole number of steps leads to the other end.
export function track(part) {
  const [low, high] = [position(part, part.low), position(part, part.high)];
  return { low, high, step: (high - low) / Math.max(1, Math.round((high - low) / part.step)) };
}

export function snap(part, value) {
  const { low, step } = track(part);
  const near = low + Math.round((position(part, value) - low) / step) * step;
  const found = part.integer ? Math.round(value) : Number(unposition(part, near).toPrecision(part.log ? 4 : 12));
  return Math.max(part.low, Math.min(part.high, found));
}

// What a parameter makes of a number that is set: choices and distributions take it as it is.
function fitted(part, value) {
  if (part.kind === "slider") return snap(part, value);
  return part.kind === "vector" ? Math.max(part.low, Math.min(part.high, value)) : value;
}

// A distribution with one entry set, the others scaled so that the sum stays one.
function moved(pmf, at, value) {
  const rest = pmf.reduce((sum, entry) => sum + entry, 0) - pmf[at];
  const other = (entry) => (rest > 0 ? (entry * (1 - value)) / rest : (1 - value) / (pmf.length - 1));
  return pmf.map((entry, k) => (k === at ? value : other(entry)));
}

export function createStore(model) {
  const spec = model.get("spec");
  const start = startValues(spec);
  const inputs = {};
  const values = () => ({ ...start, ...model.get("values") });
  const put = (changes) => {
    model.set("values", { ...values(), ...changes });
    model.save_changes();
  };
  const setAll = ({ symbols }, numbers) => put(Object.fromEntries(symbols.map((symbol, k) => [symbol, numbers[k]])));
  return {
    values,
    inputs,
    setAll,
    // Takes pairs of a parameter and its number, and sets them together.
    set: (...pairs) => put(Object.fromEntries(pairs.map(([part, value]) => [part.symbol, fitted(part, value)]))),
    setBar(part, at, value) {
      const old = part.symbols.map((symbol) => values()[symbol]);
      if (part.kind === "pmf") setAll(part, moved(old, at, value));
      else put({ [part.symbols[at]]: value });
    },
    press({ sets }) {
      const owner = (symbol) =>
        spec.parameters.find((part) => part.symbol === symbol || part.symbols?.includes(symbol));
      const now = values();
      const set = ([symbol, wire]) => [symbol, fitted(owner(symbol), evaluate(wire, now))];
      put(Object.fromEntries(Object.entries(sets).map(set)));
    },
    put,
    reset: () => put(start),
    focus: (symbol) => inputs[symbol]?.focus({ preventScroll: true })
  };
}
