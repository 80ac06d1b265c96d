// Expressions: JSON lists from ce.formulas.wire, compiled to closures. No eval, no dependency.

const fold = (combine) => (...values) => values.reduce(combine);

// The operators of ce.formulas.wire.OPERATORS, computed so that no large logit overflows.
const FUNCTIONS = {
  "+": fold((a, b) => a + b),
  "*": fold((a, b) => a * b),
  "^": (base, power) => (base === 1 ? 1 : base ** power),
  exp: Math.exp, log: Math.log, abs: Math.abs, sign: Math.sign, max: Math.max, min: Math.min,
  sigmoid: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  xlogy: (x, y) => (x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y)),
  logsumexp: (...values) => {
    const top = Math.max(...values);
    const rest = values.toSpliced(values.indexOf(top), 1).reduce((sum, value) => sum + Math.exp(value - top), 0);
    return Number.isFinite(top) ? top + Math.log1p(rest) : top;
  },
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "==": (a, b) => a === b,
  and: (...values) => values.every(Boolean), or: (...values) => values.some(Boolean), not: (a) => !a,
};

const compiled = new WeakMap();

export function compile(wire) {
  if (typeof wire === "string") return (env) => env[wire];
  if (!Array.isArray(wire)) return () => wire;
  if (!compiled.has(wire)) compiled.set(wire, closure(wire));
  return compiled.get(wire);
}

function closure([operator, ...operands]) {
  const parts = operands.map(compile);
  if (operator === "if") {
    return (env) => {
      for (let at = 0; at < parts.length; at += 2) if (parts[at](env)) return parts[at + 1](env);
      return NaN;
    };
  }
  if (!Object.hasOwn(FUNCTIONS, operator)) {
    throw new Error(`figure: expected an operator among ${Object.keys(FUNCTIONS).join(" ")}, got ${operator}`);
  }
  const compute = FUNCTIONS[operator];
  const [first, second] = parts;
  if (parts.length === 1) return (env) => compute(first(env));
  if (parts.length === 2) return (env) => compute(first(env), second(env));
  return (env) => compute(...parts.map((part) => part(env)));
}

export function variables(wire) {
  if (typeof wire === "string") return [wire];
  return Array.isArray(wire) ? wire.slice(1).flatMap(variables) : [];
}

// An expression as a function of one symbol, the others at their values.
export function over(values, symbol, wire) {
  const [compute, env] = [compile(wire), { ...values }];
  return (value) => {
    env[symbol] = value;
    return compute(env);
  };
}
