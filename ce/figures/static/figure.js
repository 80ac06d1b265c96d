// Draws a figure of ce.figures from its spec: controls, panels, names beside curves, read-outs, caption.
// A plain ES module for anywidget; the website loads the same text as a classic script (see ce/figures/website.py).
// Expressions come as JSON lists and are compiled to closures: no eval, no dependency.

const VERSION = 1;

// ---------------------------------------------------------------- expressions

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

function compile(wire) {
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

function variables(wire) {
  if (typeof wire === "string") return [wire];
  return Array.isArray(wire) ? wire.slice(1).flatMap(variables) : [];
}

// ---------------------------------------------------------------- numbers, as ce.figures.scales writes them

const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
const raised = (exponent) => [...String(exponent)].map((character) => SUPERSCRIPTS[character]).join("");

function numberText(value, digits) {
  if (Number.isNaN(value)) return "undefined";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  const [mantissa, power] = size.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) return `${sign}${mantissa}×10${raised(exponent)}`;
  return sign + size.toFixed(Math.max(0, digits - 1 - exponent));
}

function tickText(value, log = false) {
  const exponent = log && value > 0 ? Math.round(Math.log10(value)) : 0;
  if (log && (exponent <= -2 || exponent >= 4)) return `10${raised(exponent)}`;
  const text = numberText(value, 6);
  return text.includes(".") && !text.includes("×") ? text.replace(/\.?0+$/, "") : text;
}

const countText = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

const stepsText = (count) => `${countText(count)} ${count === 1 ? "step" : "steps"}`;

function niceStep(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  return [1, 2, 5, 10].map((factor) => factor * power).find((nice) => nice >= step * (1 - 1e-9));
}

function ticks({ low, high, log }, most) {
  const found = [];
  if (log) {
    const first = Math.ceil(Math.log10(low) - 1e-9);
    const last = Math.floor(Math.log10(high) + 1e-9);
    const stride = Math.max(1, Math.ceil((last - first + 1) / most));
    for (let power = last; power >= first; power -= stride) found.unshift(10 ** power);
    return found;
  }
  const step = niceStep((high - low) / most);
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + 1e-9 * step; at += 1) found.push(at * step);
  return found;
}

const DECADES = 12;

function limits(axis, log, values) {
  const seen = values.filter((value) => Number.isFinite(value) && (value > 0 || !log));
  let bottom = seen.reduce((a, b) => Math.min(a, b), Infinity);
  let top = seen.reduce((a, b) => Math.max(a, b), -Infinity);
  let around;
  if (log) {
    if (!seen.length) [bottom, top] = [0.1, 1];
    const highest = Math.ceil(Math.log10(top) - 1e-9);
    const lowest = Math.floor(Math.log10(Math.max(bottom, top / 10 ** DECADES)) + 1e-9);
    around = [10 ** Math.min(lowest, highest - 1), 10 ** highest];
  } else {
    if (!seen.length) [bottom, top] = [0, 1];
    if (bottom === top) [bottom, top] = [bottom - 0.5, top + 0.5];
    const step = niceStep((top - bottom) / 5);
    around = [Math.floor(bottom / step + 1e-9) * step, Math.ceil(top / step - 1e-9) * step];
  }
  const given = (end) => end !== undefined && (end > 0 || !log);
  const low = given(axis.low) ? axis.low : around[0];
  const high = given(axis.high) ? axis.high : around[1];
  if (low < high) return { low, high, log };
  return given(axis.low) ? { low, high: log ? low * 10 : low + 1, log } : { low: log ? high / 10 : high - 1, high, log };
}

function scale({ low, high, log }, from, to) {
  const warp = log ? Math.log10 : (value) => value;
  const back = log ? (value) => 10 ** value : (value) => value;
  const [start, stretch] = [warp(low), (to - from) / (warp(high) - warp(low))];
  const pixel = (value) => from + (warp(value) - start) * stretch;
  return { pixel, value: (at) => back(start + (at - from) / stretch), low, high, log };
}

// ---------------------------------------------------------------- elements

function dress(node, attributes, children = []) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const html = (tag, attributes = {}, ...children) => dress(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

let made = 0;
const freshId = (name) => `ce-${name}-${(made += 1)}`;

// JupyterLab takes arrow keys for itself before a native control sees them.
const keepKeys = (node) => node.addEventListener("keydown", (event) => event.stopPropagation());

// ---------------------------------------------------------------- the figure at the current values

function startValues(spec) {
  const values = {};
  for (const part of spec.parameters) {
    if (part.kind === "pmf") part.symbols.forEach((symbol, at) => (values[symbol] = part.values[at]));
    else values[part.symbol] = part.value;
  }
  return values;
}

function createScene(spec, orbits, values) {
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

// An expression as a function of one symbol, the others at their values.
function over(values, symbol, wire) {
  const [compute, env] = [compile(wire), { ...values }];
  return (value) => {
    env[symbol] = value;
    return compute(env);
  };
}

function iterate({ symbol, update, start, length }, values) {
  const next = over(values, symbol, update);
  const states = new Float64Array(length + 1);
  states[0] = compile(start)(values);
  for (let at = 0; at < length; at += 1) states[at + 1] = next(states[at]);
  return states;
}

// ---------------------------------------------------------------- marks in numbers

const SAMPLES = 400;

function grid(axis, samples = SAMPLES) {
  const inner = scale({ ...axis, log: axis.log === true }, 0, samples);
  return Array.from({ length: samples + 1 }, (_, at) => (at === 0 ? axis.low : at === samples ? axis.high : inner.value(at)));
}

// The steps of an iteration that an axis of steps can tell apart.
function visibleSteps(axis, length) {
  const steps = new Set(grid(axis, 4 * SAMPLES).map(Math.round));
  return [...steps].filter((at) => at >= 0 && at <= length);
}

// The ranges of x in which a condition holds, their ends found by bisection.
function edges(xs, holds) {
  const border = (inside, outside, rounds = 40) => {
    const middle = (inside + outside) / 2;
    if (rounds === 0) return inside;
    return holds(middle) ? border(middle, outside, rounds - 1) : border(inside, middle, rounds - 1);
  };
  const held = xs.map(holds);
  const starts = xs.flatMap((x, at) => (held[at] && !held[at - 1] ? [at === 0 ? x : border(x, xs[at - 1])] : []));
  const ends = xs.flatMap((x, at) => (held[at] && !held[at + 1] ? [at + 1 < xs.length ? border(x, xs[at + 1]) : x] : []));
  return starts.map((start, at) => [start, ends[at]]);
}

// Each gives the corners (x, y) of a mark in the units of the axes.
const TRACE = {
  line(scene, axis, mark) {
    const at = over(scene.values, axis.symbol, mark.y);
    return { corners: grid(axis).map((x) => [x, at(x)]) };
  },
  area(scene, axis, mark) {
    return { ranges: edges(grid(axis), over(scene.values, axis.symbol, mark.condition)) };
  },
  path(scene, axis, mark) {
    const { symbol, length } = scene.iterations[mark.along];
    const height = over(scene.values, symbol, mark.y);
    const states = scene.orbit(mark.along);
    if (axis.symbol === symbol) return { corners: Array.from(states, (state) => [state, height(state)]) };
    return { corners: visibleSteps(axis, length).map((at) => [at, height(states[at])]) };
  },
  point(scene, axis, mark) {
    let x;
    if (mark.x !== undefined) x = scene.number(mark.x, mark.along);
    else if (!mark.along) x = scene.values[axis.symbol];
    else if (scene.iterations[mark.along].symbol === axis.symbol) x = scene.state(mark.along);
    else x = scene.step(mark.along);
    return { corners: [[x, scene.number(mark.y, mark.along)]] };
  },
  rule(scene, axis, mark) {
    const end = (wire) => (wire === undefined ? NaN : scene.number(wire));
    return { corners: [[end(mark.x), end(mark.y)]] };
  },
  arrow(scene, axis, mark) {
    return { corners: [mark.start, mark.end].map((pair) => pair.map((wire) => scene.number(wire))) };
  },
  bar(scene, axis, mark) {
    const part = scene.spec.parameters.find(({ kind, base }) => kind === "pmf" && base === mark.heights);
    return { part, corners: (part ? part.symbols : mark.heights).map((wire, at) => [at, scene.number(wire)]) };
  },
  series: (scene, axis, mark) => ({ corners: mark.x.map((x, at) => [x, mark.y[at]]) }),
  band: (scene, axis, mark) => ({
    corners: mark.x.map((x, at) => [x, mark.high[at]]).concat(mark.x.map((x, at) => [x, mark.low[at]]).reverse()),
  }),
};

function heights(traces) {
  return traces.flatMap(({ mark, corners = [] }) => corners.map(([, y]) => y).concat(mark.kind === "bar" ? [0] : []));
}

// ---------------------------------------------------------------- marks in pixels

const MARKERS = {
  circle: "M5,0A5,5 0 1 1 -5,0A5,5 0 1 1 5,0Z",
  square: "M-4.5,-4.5H4.5V4.5H-4.5Z",
  triangle: "M0,-5.8L5.4,4.2H-5.4Z",
  diamond: "M0,-6L6,0L0,6L-6,0Z",
  cross: "M-5,-2H-2V-5H2V-2H5V2H2V5H-2V2H-5Z",
  star: "M0,-6.5L1.9,-2H6.4L2.8,1.1L4,6L0,3.2L-4,6L-2.8,1.1L-6.4,-2H-1.9Z",
};
const HATCH_ANGLES = [null, 45, 0, -45, 90, 20];
const FEW = 24;

// The corners of a curve in pixels, in runs without gaps, without those that would not be seen.
function runs(corners, view) {
  const found = [[]];
  for (const [x, y] of corners) {
    const at = [view.x.pixel(x), view.y.pixel(y)];
    const run = found[found.length - 1];
    if (!at.every(Number.isFinite)) {
      if (run.length) found.push([]);
      continue;
    }
    at[1] = Math.max(-2000, Math.min(4000, at[1]));
    const last = run[run.length - 1];
    if (!last || Math.abs(last[0] - at[0]) + Math.abs(last[1] - at[1]) >= 0.4) run.push(at);
  }
  return found.filter((run) => run.length);
}

const outline = (run) => `M${run.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join("L")}`;

function curve(trace, view, role) {
  const d = trace.runs.map(outline).join("");
  return svg("path", { d, class: "ce-curve", "stroke-dasharray": role.dash?.join(" ") });
}

function marker([x, y], view, role) {
  const at = [view.x.pixel(x), view.y.pixel(y)];
  // A point beyond the range of the axes is not shown: at the edge it would say a wrong number.
  if (!(at[0] >= -1 && at[0] <= view.width + 1 && at[1] >= -1 && at[1] <= view.height + 1)) return null;
  return svg("path", { d: MARKERS[role.marker ?? "circle"], class: "ce-marker", transform: `translate(${at.join()})` });
}

// The markers of points and of short series, which may stand out over the edge of the plot.
function markers({ mark, corners }, view, role) {
  const dotted = mark.kind === "point" || (mark.kind === "series" && corners.length <= FEW);
  return dotted ? corners.map((corner) => marker(corner, view, role)) : [];
}

// Each gives the elements of a mark; `role` says dash and marker, the colour comes from the class around them.
const PAINT = {
  line: (trace, view, role) => [curve(trace, view, role)],
  path: (trace, view, role) => [curve(trace, view, role)],
  series: (trace, view, role) => [curve(trace, view, role)],
  band: (trace) => [svg("path", { d: trace.runs.map((run) => `${outline(run)}Z`).join(""), class: "ce-band" })],
  area: (trace, view) =>
    trace.ranges.map(([low, high]) => {
      const [x, end] = [view.x.pixel(low), view.x.pixel(high)];
      return svg("rect", { x, y: 0, width: Math.max(0, end - x), height: view.height, class: "ce-area" });
    }),
  point: () => [],
  rule(trace, view) {
    const [[x, y]] = trace.corners;
    const d = Number.isNaN(x) ? `M0,${view.y.pixel(y)}H${view.width}` : `M${view.x.pixel(x)},0V${view.height}`;
    return [svg("path", { d, class: "ce-rule" })];
  },
  arrow(trace, view) {
    const [[x0, y0], [x1, y1]] = trace.corners.map(([x, y]) => [view.x.pixel(x), view.y.pixel(y)]);
    const turn = (Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
    return [
      svg("path", { d: `M${x0},${y0}L${x1},${y1}`, class: "ce-curve" }),
      svg("path", { d: "M0,0L-9,-4V4Z", class: "ce-head", transform: `translate(${x1},${y1}) rotate(${turn})` }),
    ];
  },
  bar(trace, view) {
    return trace.corners.flatMap(([at, value]) => {
      const { x, width } = view.slot(trace, at);
      // Kept inside the panel, an infinite height too.
      const inside = (y) => Math.max(0, Math.min(view.height, view.y.pixel(y)));
      const [top, foot] = [value, Math.max(0, view.y.low)].map(inside);
      const box = { x, width, y: Math.min(top, foot), height: Math.abs(foot - top) };
      const hatch = view.hatches[trace.role];
      const text = { x: x + width / 2, y: box.y - 6, class: "ce-height", "text-anchor": "middle" };
      return [
        svg("rect", { ...box, class: "ce-bar" }),
        hatch ? svg("rect", { ...box, fill: `url(#${hatch})` }) : null,
        width >= 30 ? svg("text", text, tickText(Number(value.toFixed(3)))) : null,
      ];
    });
  },
};

// ---------------------------------------------------------------- names beside curves, as ce.figures.placement does

const GAP = 5;
const FAR = 18;
const POSITIONS = 19;
const LINE_HEIGHT = 14;
const NAMED = ["area", "rule", "line", "path", "series", "point"];
const KEEP = 25; // a name moves only when its new place is better by this much

function distance(box, [x, y]) {
  const across = Math.max(box.left - x, 0, x - box.left - box.width);
  const down = Math.max(box.top - y, 0, y - box.top - box.height);
  return Math.sqrt(across * across + down * down);
}

const overlap = (a, b) =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

// Corners a few pixels apart, so that no curve slips through between two of them and none is looked at in vain.
function spaced(run) {
  const found = [run[0]];
  for (const [x, y] of run) {
    const [px, py] = found[found.length - 1];
    const count = Math.min(60, Math.floor(Math.sqrt((x - px) ** 2 + (y - py) ** 2) / 5));
    for (let k = 1; k <= count; k += 1) found.push([px + ((x - px) * k) / count, py + ((y - py) * k) / count]);
  }
  return found;
}

function candidates(trace, own, size, view) {
  const box = (left, top) => ({ left, top, ...size });
  if (trace.mark.kind === "area" || (trace.mark.kind === "rule" && trace.mark.x !== undefined)) {
    const at = trace.ranges ? trace.ranges[0]?.[0] : trace.corners[0][0];
    if (at === undefined) return [];
    const left = Math.min(Math.max(view.x.pixel(at), 0) + GAP, view.width - size.width);
    return [GAP, view.height - GAP - size.height, (view.height - size.height) / 2].map((top) => box(left, top));
  }
  if (trace.mark.kind === "rule") {
    const y = view.y.pixel(trace.corners[0][1]);
    return [view.width - size.width, 0].flatMap((left) => [box(left, y - size.height - 2), box(left, y + 2)]);
  }
  const spread = Array.from({ length: POSITIONS }, (_, at) => GAP + ((view.width - size.width - GAP) * at) / (POSITIONS - 1));
  return spread.flatMap((left) => {
    const near = own.filter(([x]) => x >= left - 4 && x <= left + size.width + 4).map(([, y]) => y);
    const [top, foot] = [Math.min(...near), Math.max(...near)]; // infinite where the curve is not: nothing fits there
    return [GAP, FAR].flatMap((gap) => [box(left, top - gap - size.height), box(left, foot + gap)]);
  });
}

function cost(box, own, others, view, taken) {
  const fits = box.left >= 0 && box.left + box.width <= view.width && box.top >= 0 && box.top + box.height <= view.height;
  if (!fits || taken.some((other) => overlap(box, other))) return Infinity;
  const gap = own.reduce((least, corner) => Math.min(least, distance(box, corner)), own.length ? Infinity : 0);
  const nearest = others.reduce((least, corner) => Math.min(least, distance(box, corner)), Infinity);
  const confused = own.length ? Math.max(0, 40 - 2 * nearest) + 60 * Math.min(1, gap / nearest) : 0;
  const crossed = (nearest <= 1 ? 400 : 0) + (view.now > box.left - 3 && view.now < box.left + box.width + 3 ? 12 : 0);
  return gap + crossed + confused;
}

function wrap(text, width, measure) {
  return text.split(" ").reduce((lines, word) => {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && measure(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
    return lines;
  }, []);
}

// The names of a panel; `kept` remembers where each stood, so that names rest while the reader drags.
function nameBoxes(traces, view, kept, measure) {
  const inside = ([x, y]) => x >= 0 && x <= view.width && y >= -1 && y <= view.height + 1;
  const dots = new Map(traces.map((trace) => [trace, (trace.runs ?? []).flatMap(spaced).filter(inside)]));
  const curves = traces.filter(({ mark }) => ["line", "path", "series"].includes(mark.kind));
  const boxes = [];
  for (const kind of NAMED) {
    for (const trace of traces.filter(({ mark }) => mark.kind === kind && mark.label)) {
      const { label, role } = trace.mark;
      if (boxes.some((box) => box.label === label)) continue;
      const range = trace.ranges?.[0];
      const room = range ? Math.max(70, view.x.pixel(range[1]) - view.x.pixel(range[0]) - 10) : Infinity;
      const lines = wrap(label, room, measure);
      const size = { width: Math.max(...lines.map(measure)) + 2, height: lines.length * LINE_HEIGHT };
      const own = role === label ? dots.get(trace) : [];
      const others = curves.filter((other) => other !== trace).flatMap((other) => dots.get(other));
      const places = candidates(trace, dots.get(trace), size, view);
      const costs = places.map((box, at) => cost(box, own, others, view, boxes) + 0.01 * at);
      let best = costs.indexOf(Math.min(...costs));
      if (costs[kept[label]] <= costs[best] + KEEP) best = kept[label];
      if (!(costs[best] < Infinity)) continue;
      kept[label] = best;
      boxes.push({ ...places[best], kind, label, lines, role: trace.role });
    }
  }
  return boxes;
}

// ---------------------------------------------------------------- a panel

const EDGE = { top: 8, right: 12, bottom: 42 };
const NEUTRAL = -1;

function textMeasure(node) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `12px ${getComputedStyle(node).fontFamily}`;
  return (text) => context.measureText(text).width;
}

function swatch(spec, role, bar, hatch) {
  const shape = bar
    ? [svg("rect", { x: 1, y: 2, width: 20, height: 10, class: "ce-bar" }),
       hatch ? svg("rect", { x: 1, y: 2, width: 20, height: 10, fill: `url(#${hatch})` }) : null]
    : [svg("path", { d: "M0,7H22", class: "ce-curve", "stroke-dasharray": spec.roles[role].dash.join(" ") })];
  return svg("svg", { width: 22, height: 14, class: `ce-swatch ce-role-${role}`, "aria-hidden": "true" }, ...shape);
}

function createPanel(spec, panel, store, changed) {
  const slider = spec.parameters.find((part) => part.kind === "slider" && part.symbol === panel.x.symbol);
  const pmfs = spec.parameters.filter((part) => part.kind === "pmf" && panel.marks.some(({ heights }) => heights === part.base));
  const bars = panel.marks.filter(({ kind }) => kind === "bar");
  const roleOf = (mark) => spec.roles.findIndex(({ label }) => label === mark.role);
  const hatches = {};
  const clip = freshId("clip");
  const opening = svg("rect");
  const definitions = svg("defs", {}, svg("clipPath", { id: clip }, opening));
  for (const role of new Set(bars.map(roleOf))) {
    if (HATCH_ANGLES[role] === null) continue;
    hatches[role] = freshId("hatch");
    definitions.append(
      svg("pattern", { id: hatches[role], width: 6, height: 6, patternUnits: "userSpaceOnUse",
                       patternTransform: `rotate(${HATCH_ANGLES[role]})`, class: `ce-role-${role}` },
        svg("path", { d: "M3,0V6", class: "ce-hatch" })));
  }
  const layers = { back: svg("g"), marks: svg("g", { "clip-path": panel.x.categories ? null : `url(#${clip})` }),
                   front: svg("g"), handles: svg("g") };
  const plot = svg("g", {}, layers.back, layers.marks, layers.front, layers.handles);
  const action = slider ? " Drag sideways to change it." : "";
  const words = `${panel.title}: ${panel.y.label}${panel.x.label ? ` against ${panel.x.label}` : ""}.${action}`;
  const canvas = svg("svg", { class: `ce-plot${slider ? " ce-sideways" : ""}`, role: pmfs.length ? "group" : "img",
                              "aria-label": words }, definitions, plot);
  const toggle = panel.y.log === "reader" ? html("input", { type: "checkbox" }) : null;
  if (toggle) toggle.addEventListener("change", changed);
  const head = html("div", { class: "ce-panel-head" },
    html("div", { class: "ce-title" }, panel.title),
    html("div", { class: "ce-unit" }, panel.y.label, toggle ? html("label", { class: "ce-toggle" }, toggle, "log scale") : null,
      ...bars.map((mark) => html("span", { class: "ce-key" }, swatch(spec, roleOf(mark), true, hatches[roleOf(mark)]), mark.label))));
  const node = html("div", { class: "ce-panel" }, head, canvas);
  const handles = pmfs.flatMap((part) => part.symbols.map((symbol, at) => createHandle(part, at, store)));
  layers.handles.append(...handles.map((handle) => handle.node));
  let kept = {};
  let view = null;
  let measure = null;
  let room = 320;

  function layout(scene) {
    const width = Math.max(160, room);
    const height = Math.round(Math.max(190, Math.min(300, width * 0.6)));
    const log = toggle ? toggle.checked : panel.y.log === true;
    const traces = panel.marks.filter(scene.shows).map((mark) => ({ mark, role: roleOf(mark), ...TRACE[mark.kind](scene, panel.x, mark) }));
    const range = limits(panel.y, log, heights(traces));
    const marksY = ticks(range, 5).map((value) => [value, tickText(value, log)]);
    measure ??= textMeasure(node);
    const left = Math.ceil(Math.max(...marksY.map(([, text]) => measure(text))) + 12);
    const [inner, tall] = [width - left - EDGE.right, height - EDGE.top - EDGE.bottom];
    const axis = panel.x.categories ? { low: -0.5, high: panel.x.categories.length - 0.5 } : panel.x;
    const across = scale({ ...axis, log: axis.log === true }, 0, inner);
    view = {
      traces, hatches, left, width: inner, height: tall, total: [width, height], marksY,
      x: across, now: slider ? across.pixel(scene.values[slider.symbol]) : NaN,
      y: scale(range, tall, 0),
      slot({ mark }, at) {
        const each = (inner / panel.x.categories.length) * 0.76 / bars.length;
        const shift = bars.findIndex((bar) => bar === mark) - bars.length / 2;
        return { x: view.x.pixel(at) + shift * each, width: each * 0.92 };
      },
    };
    for (const trace of traces) {
      if (!["bar", "rule", "area"].includes(trace.mark.kind)) trace.runs = runs(trace.corners, view);
    }
  }

  function draw(scene) {
    layout(scene);
    const { width, height, left, total } = view;
    dress(canvas, { viewBox: `0 0 ${total.join(" ")}`, width: total[0], height: total[1] });
    plot.setAttribute("transform", `translate(${left},${EDGE.top})`);
    dress(opening, { x: 0, y: -1, width, height: height + 2 });
    const coloured = (trace, paint) => {
      const group = { class: trace.role === NEUTRAL ? "ce-neutral" : `ce-role-${trace.role}` };
      return svg("g", group, ...paint(trace, view, spec.roles[trace.role] ?? {}));
    };
    const behind = ({ mark }) => (mark.kind === "area" ? 0 : 1);
    const drawn = view.traces.toSorted((a, b) => behind(a) - behind(b)).map((trace) => coloured(trace, PAINT[trace.mark.kind]));
    const points = view.traces.map((trace) => coloured(trace, markers));
    layers.back.replaceChildren(...axes(panel, view));
    if (slider) {
      layers.back.append(svg("path", { d: `M${view.now},0V${height}`, class: "ce-now" }),
                         svg("path", { d: `M${view.now},${height}l6,5v5h-12v-5Z`, class: "ce-grip" }));
    }
    layers.marks.replaceChildren(...drawn);
    layers.front.replaceChildren(...names(nameBoxes(view.traces, view, kept, measure)), ...points);
    for (const handle of handles) handle.draw(view);
  }

  // What a pointer at this place would move: the x slider, or the bar of a distribution under it.
  function grasp(event) {
    const place = (moved) => {
      const box = canvas.getBoundingClientRect();
      return [moved.clientX - box.left - view.left, moved.clientY - box.top - EDGE.top];
    };
    if (slider) {
      return { start: () => store.focus(slider.symbol), move: (moved) => store.set(slider, view.x.value(place(moved)[0])) };
    }
    const [x] = place(event);
    const above = ({ slot }) => event.pointerType !== "touch" && x >= slot().x && x <= slot().x + slot().width;
    const under = handles.find((handle) => handle.node.contains(event.target)) ?? handles.find(above);
    if (!under) return null;
    const start = () => under.node.focus({ preventScroll: true });
    return { start, upright: true, move: (moved) => under.set(view.y.value(place(moved)[1])) };
  }
  drag(canvas, grasp);

  // The width is told by the observer: asking for it at every frame would make the browser lay the page out twice.
  const resize = () => {
    if (node.clientWidth === room || node.clientWidth === 0) return;
    room = node.clientWidth;
    kept = {};
  };
  return { node, draw, resize, reset: () => toggle && (toggle.checked = false) };
}

// A finger that comes down may be about to scroll the page: it moves nothing until it goes sideways or taps.
function drag(node, grasp) {
  let held = null;
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    const target = grasp(event);
    if (!target) return;
    held = { ...target, moving: event.pointerType !== "touch", x: event.clientX, y: event.clientY };
    node.setPointerCapture(event.pointerId);
    if (!held.moving) return;
    event.preventDefault();
    held.start();
    held.move(event);
  });
  node.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [across, down] = [Math.abs(event.clientX - held.x), Math.abs(event.clientY - held.y)];
    held.moving ||= held.upright ? down > 2 : across > 4 && across > down;
    if (held.moving) held.move(event);
  });
  node.addEventListener("pointerup", (event) => {
    if (held && (held.moving || Math.hypot(event.clientX - held.x, event.clientY - held.y) < 8)) held.move(event);
    held = null;
  });
  node.addEventListener("pointercancel", () => (held = null));
}

function axes(panel, view) {
  const parts = [];
  for (const [value, text] of view.marksY) {
    const y = view.y.pixel(value);
    parts.push(svg("path", { d: `M0,${y}H${view.width}`, class: value === 0 ? "ce-zero" : "ce-grid" }));
    parts.push(svg("text", { x: -8, y: y + 4, "text-anchor": "end", class: "ce-tick" }, text));
  }
  parts.push(svg("path", { d: `M0,${view.height}H${view.width}`, class: "ce-axis" }));
  const { categories } = panel.x;
  const marks = categories ? categories.map((name, at) => [at, name])
    : ticks(view.x, Math.max(3, Math.min(7, Math.floor(view.width / 55)))).map((value) => [value, tickText(value, view.x.log)]);
  for (const [value, text] of marks) {
    const x = view.x.pixel(value);
    if (!categories) parts.push(svg("path", { d: `M${x},${view.height}v4`, class: "ce-axis" }));
    parts.push(svg("text", { x, y: view.height + 22, "text-anchor": "middle", class: "ce-tick" }, text));
  }
  if (panel.x.label) {
    parts.push(svg("text", { x: view.width / 2, y: view.height + 38, "text-anchor": "middle", class: "ce-tick" }, panel.x.label));
  }
  return parts;
}

function names(boxes) {
  return boxes.map((box) =>
    svg("text", { class: `ce-name ce-name-${box.kind} ${box.role === NEUTRAL ? "ce-muted" : `ce-role-${box.role}`}` },
      ...box.lines.map((line, at) => svg("tspan", { x: box.left + 1, y: box.top + LINE_HEIGHT * (at + 1) - 3.5 }, line))));
}

// What a key adds to a probability; the ends are cut off at 0 and 1.
const KEYS = { ArrowUp: 0.01, ArrowRight: 0.01, ArrowDown: -0.01, ArrowLeft: -0.01, PageUp: 0.1, PageDown: -0.1, Home: -1, End: 1 };

function createHandle(part, at, store) {
  const grip = svg("path", { class: "ce-handle" });
  const hit = svg("rect", { class: "ce-hit" });
  const node = svg("g", { class: "ce-bar-handle", role: "slider", tabindex: 0, "aria-label": `${part.label}, ${part.names[at]}`,
                          "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": 1 }, hit, grip);
  const set = (value) => store.setPmf(part, at, Math.max(0, Math.min(1, Number(value.toFixed(3)))));
  let now = 0;
  let slot = { x: NaN };
  node.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const move = KEYS[event.key];
    if (move === undefined) return;
    event.preventDefault();
    set(now + move);
  });
  const draw = (view) => {
    const trace = view.traces.find(({ mark }) => mark.heights === part.base);
    dress(node, { class: trace ? `ce-bar-handle ce-role-${trace.role}` : "ce-hidden" });
    slot = trace ? view.slot(trace, at) : { x: NaN };
    if (!trace) return;
    now = trace.corners[at][1];
    const y = view.y.pixel(now);
    const width = Math.max(24, slot.width);
    dress(hit, { x: slot.x + (slot.width - width) / 2, y: Math.min(y - 22, view.height - 44), width, height: 44 });
    dress(grip, { d: `M${slot.x + slot.width * 0.3},${y}h${slot.width * 0.4}` });
    dress(node, { "aria-valuenow": Number(now.toFixed(3)), "aria-valuetext": numberText(now, 3) });
  };
  return { node, set, draw, slot: () => slot };
}

// ---------------------------------------------------------------- parameters and their controls

// Where a value stands on the slider's own scale, and back.
const position = (part, value) => (part.log ? Math.log10(Math.max(value, Number.MIN_VALUE)) : value);
const unposition = (part, place) => (part.log ? 10 ** place : place);

// The slider's scale; its step is adjusted so that a whole number of steps leads to the other end.
function track(part) {
  const [low, high] = [position(part, part.low), position(part, part.high)];
  return { low, high, step: (high - low) / Math.max(1, Math.round((high - low) / part.step)) };
}

function snap(part, value) {
  const { low, step } = track(part);
  const near = low + Math.round((position(part, value) - low) / step) * step;
  const found = part.integer ? Math.round(value) : Number(unposition(part, near).toPrecision(part.log ? 4 : 12));
  return Math.max(part.low, Math.min(part.high, found));
}

function createStore(model) {
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

function createSlider(part, store) {
  const id = freshId("slider");
  const { low, high, step } = track(part);
  const input = html("input", { type: "range", id, min: low, max: high, step });
  const shown = html("span", { class: "ce-value", "aria-hidden": "true" });
  store.inputs[part.symbol] = input;
  keepKeys(input);
  input.addEventListener("input", () => {
    const old = store.values()[part.symbol];
    const moved = Number(input.value) - position(part, old);
    const value = snap(part, unposition(part, Number(input.value)));
    // On a log scale of whole numbers one step of the slider can be less than one.
    store.set(part, value === old && part.integer ? old + Math.sign(moved) : value);
  });
  const player = part.animate ? createPlayer(part, store) : null;
  const node = html("div", { class: "ce-control" }, html("label", { for: id }, part.label), input, shown, player?.node);
  return {
    node,
    draw({ values }) {
      const text = part.integer ? countText(values[part.symbol]) : tickText(values[part.symbol]);
      input.value = position(part, values[part.symbol]);
      input.setAttribute("aria-valuetext", text);
      shown.textContent = text;
    },
    stop: () => player?.stop(),
  };
}

const TRAVEL = 8000; // milliseconds from one end to the other

function createPlayer(part, store) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const node = html("button", { type: "button", class: "ce-button", "aria-label": `Play ${part.label}` }, "Play");
  const { low, high } = track(part);
  let frame = 0;
  let sent = NaN;
  const say = (word) => {
    node.textContent = word;
    node.setAttribute("aria-label", `${word} ${part.label}`);
  };
  const send = (at) => {
    store.set(part, unposition(part, at));
    sent = store.values()[part.symbol];
  };
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    say("Play");
  };
  const advance = (from, began) => (now) => {
    if (store.values()[part.symbol] !== sent) return stop(); // the reader took over
    const at = Math.min(high, from + ((high - low) * (now - (began ?? now))) / TRAVEL);
    send(at);
    frame = requestAnimationFrame(advance(from, began ?? now));
    return at < high || stop();
  };
  node.addEventListener("click", () => {
    const now = position(part, store.values()[part.symbol]);
    if (frame) stop();
    else if (still.matches) send(high);
    else {
      send(now >= high - 1e-9 ? low : now);
      say("Pause");
      frame = requestAnimationFrame(advance(position(part, sent)));
    }
  });
  return { node, stop };
}

function createChoice(part, store) {
  const name = freshId("choice");
  const inputs = part.options.map(([, value]) => html("input", { type: "radio", name, value }));
  const labels = part.options.map(([text], at) => html("label", {}, inputs[at], text));
  inputs.forEach((input, at) => {
    keepKeys(input);
    input.addEventListener("change", () => store.set(part, part.options[at][1]));
  });
  return {
    node: html("div", { class: "ce-control ce-choice", role: "radiogroup", "aria-labelledby": `${name}-label` },
      html("span", { id: `${name}-label` }, part.label), ...labels),
    draw: ({ values }) => inputs.forEach((input, at) => (input.checked = part.options[at][1] === values[part.symbol])),
  };
}

// ---------------------------------------------------------------- read-outs

function createTable(spec) {
  const unique = (names) => [...new Set(names)];
  const rows = unique(spec.readouts.map(({ label }) => label));
  const columns = unique(spec.readouts.map(({ column }) => column).filter(Boolean));
  const cells = spec.readouts.map(() => html("td"));
  const head = (column) => {
    const role = spec.roles.findIndex(({ label }) => label === column);
    return html("th", { scope: "col" }, role < 0 ? null : swatch(spec, role), column);
  };
  const find = (row, column) => cells[spec.readouts.findIndex((part) => part.label === row && part.column === column)];
  const body = rows.map((row) => {
    const whole = find(row, undefined);
    if (whole) dress(whole, { colspan: columns.length || null });
    const rest = columns.map((column) => find(row, column) ?? html("td"));
    return html("tr", {}, html("th", { scope: "row" }, row), ...(whole ? [whole] : rest));
  });
  const table = html("table", { class: "ce-table" },
    html("caption", { class: "ce-spoken" }, `Values now: ${spec.title}`),
    columns.length ? html("thead", {}, html("tr", {}, html("td"), ...columns.map(head))) : null,
    html("tbody", {}, ...body));
  const status = html("div", { class: "ce-spoken", role: "status" });
  let timer = 0;
  let drawn = false;
  return {
    node: html("div", { class: "ce-readouts" }, table, status),
    draw(scene) {
      const texts = spec.readouts.map((part) => {
        if (part.kind === "passage") return scene.passage(part);
        const text = numberText(scene.number(part.expression, part.along), part.digits);
        return part.unit ? `${text} ${part.unit}` : text;
      });
      texts.forEach((text, at) => (cells[at].textContent = text));
      clearTimeout(timer);
      // A screen reader hears the numbers once the hand rests, not at every step.
      const say = () => (status.textContent = spec.readouts.map(({ label, column }, at) =>
        [label, column, texts[at]].filter(Boolean).join(" ")).join("; "));
      if (drawn) timer = setTimeout(say, 800);
      drawn = true;
    },
    stop: () => clearTimeout(timer),
  };
}

const createCaption = ({ title, see, attempt }) =>
  html("p", { class: "ce-caption" }, html("strong", {}, `${title}.`), ` ${see} `, html("em", {}, "Try:"), ` ${attempt}`);

// ---------------------------------------------------------------- the figure

function render({ model, el }) {
  const spec = model.get("spec");
  if (spec.version !== VERSION) throw new Error(`figure: expected a spec of version ${VERSION}, got ${spec.version}`);
  const store = createStore(model);
  const orbits = {};
  let frame = 0;
  const draw = () => {
    frame = 0;
    const scene = createScene(spec, orbits, store.values());
    for (const part of parts) part.draw(scene);
  };
  const changed = () => {
    frame ||= requestAnimationFrame(draw);
  };
  const panels = spec.panels.map((panel) => createPanel(spec, panel, store, changed));
  const make = { slider: createSlider, choice: createChoice };
  const controls = spec.parameters.filter(({ kind }) => make[kind]).map((part) => make[part.kind](part, store));
  const table = spec.readouts.length ? createTable(spec) : null;
  const parts = [...controls, ...panels, ...(table ? [table] : [])];
  const reset = html("button", { type: "button", class: "ce-button" }, "Reset");
  reset.addEventListener("click", () => {
    for (const part of parts) part.stop?.();
    for (const panel of panels) panel.reset();
    store.reset();
    changed();
  });
  const captioned = el.closest("figure.ce-figure");
  el.append(
    html("div", { class: "ce-live", role: captioned ? null : "group", "aria-label": captioned ? null : spec.title },
      html("div", { class: "ce-controls" }, ...controls.map(({ node }) => node), spec.parameters.length ? reset : null),
      html("div", { class: `ce-panels ce-panels-${Math.min(panels.length, 4)}` }, ...panels.map(({ node }) => node), table?.node),
      captioned ? null : createCaption(spec)));
  const resize = () => {
    for (const panel of panels) panel.resize();
    changed();
  };
  resize();
  draw();
  model.on("change:values", changed);
  const resized = new ResizeObserver(resize);
  for (const { node } of panels) resized.observe(node);
  return () => {
    cancelAnimationFrame(frame);
    resized.disconnect();
    model.off("change:values", changed);
    for (const part of parts) part.stop?.();
  };
}

export default { render };
