// Expressions: JSON lists from ce.formulas.wire, computed at given values or made functions. No eval.

const fold =
  (combine) =>
  (...values) =>
    values.reduce(combine);

// The nearest number of 16 bits; the sum with 2⁵² is a whole number, ties to even.
function half(x) {
  const size = Math.abs(x);
  const unit = 2 ** (Math.max(Math.floor(Math.log2(size)), -14) - 10);
  const near = (size / unit + 2 ** 52 - 2 ** 52) * unit;
  return Math.sign(x) * (near <= 65504 ? near : Infinity);
}

// The operators of ce.formulas.wire.OPERATORS, computed so that no large logit overflows.
const FUNCTIONS = {
  "+": fold((a, b) => a + b),
  "*": fold((a, b) => a * b),
  "^": (base, power) => (power === -1 ? 1 / base : power === 2 ? base * base : base === 1 ? 1 : base ** power),
  exp: Math.exp,
  log: Math.log,
  abs: Math.abs,
  sign: Math.sign,
  max: Math.max,
  min: Math.min,
  sigmoid: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  xlogy: (x, y) => (x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y)),
  logsumexp: (...values) => {
    const top = Math.max(...values);
    const place = values.indexOf(top);
    const rest = values.reduce((sum, value, at) => (at === place ? sum : sum + Math.exp(value - top)), 0);
    return Number.isFinite(top) ? top + Math.log1p(rest) : top;
  },
  round: (bits, x) => (bits === 16 ? half(x) : bits === 32 ? Math.fround(x) : x),
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
  and: (...values) => values.every(Boolean),
  or: (...values) => values.some(Boolean),
  not: (a) => !a,
  if: (...parts) => parts.find((_, at) => at % 2 && parts[at - 1]) ?? NaN
};

// The two that heat maps compute a hundred thousand times a frame.
const PAIRS = {
  "+": (a, b) => (given) => a(given) + b(given),
  "*": (a, b) => (given) => a(given) * b(given)
};

const called = (part) => (typeof part === "function" ? part : () => part);

// A number where none of the free symbols occurs, else a function of their values: what is known is computed once.
function build(wire, free, values) {
  if (typeof wire === "string") {
    const at = free.indexOf(wire);
    return at < 0 ? values[wire] : (given) => given[at];
  }
  if (!Array.isArray(wire)) return wire;
  const [operator, ...operands] = wire;
  if (!Object.hasOwn(FUNCTIONS, operator)) {
    throw new Error(`figure: expected an operator among ${Object.keys(FUNCTIONS).join(" ")}, got ${operator}`);
  }
  const compute = FUNCTIONS[operator];
  const parts = operands.map((operand) => build(operand, free, values));
  if (parts.every((part) => typeof part !== "function")) return compute(...parts);
  const all = parts.map(called);
  if (PAIRS[operator]) return all.reduce(PAIRS[operator]);
  const [first, second] = all;
  if (all.length === 1) return (given) => compute(first(given));
  if (all.length === 2) return (given) => compute(first(given), second(given));
  return (given) => compute(...all.map((part) => part(given)));
}

export const evaluate = (wire, values) => build(wire, [], values);

// An expression as a function of a list of numbers, one for each of the symbols; the others are at their values.
export const over = (values, symbols, wire) => called(build(wire, symbols, values));

const named = new WeakMap();

export function variables(wire) {
  if (typeof wire === "string") return [wire];
  if (!Array.isArray(wire)) return [];
  if (!named.has(wire)) named.set(wire, [...new Set(wire.slice(1).flatMap(variables))]);
  return named.get(wire);
}
