// The current values: read, moved and reset.

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

export function createStore(model) {
  const spec = model.get("spec");
  const start = startValues(spec);
  const inputs = {};
  const values = () => ({ ...start, ...model.get("values") });
  const put = (changes) => {
    model.set("values", { ...values(), ...changes });
    model.save_changes();
  };
  return {
    values, inputs,
    set: (part, value) => put({ [part.symbol]: part.kind === "slider" ? snap(part, value) : value }),
    setPmf(part, at, value) {
      const old = part.symbols.map((symbol) => values()[symbol]);
      const rest = old.reduce((sum, entry) => sum + entry, 0) - old[at];
      const moved = (entry) => (rest > 0 ? (entry * (1 - value)) / rest : (1 - value) / (old.length - 1));
      put(Object.fromEntries(part.symbols.map((symbol, k) => [symbol, k === at ? value : moved(old[k])])));
    },
    reset: () => put(start),
    focus: (symbol) => inputs[symbol]?.focus({ preventScroll: true }),
  };
}
