// An answer is judged: read, compared at points that Python wrote, the likely mistake named.

import { Unread, read, work } from "./read.js";

const UNITS = { nats: 1, bits: Math.LN2, hartleys: Math.LN10 };
const SIGN = "have the sign the other way round";
// What is said at first: where to look, without the number.
export const HINTS = {
  sign: "Look at the sign.", sum: "Has every index a value, or a sum over it?", index: "Look at the indices.", range: "How far does each index run?",
  factor: "A factor is off.", units: "Which unit is asked for?", swapped: "Which distribution stands where?", delta: "Take the case of equal indices apart.",
  slope: "What does the chain rule ask for?", logarithm: "Where is the logarithm?", inverted: "Is it this way up?", complement: "Is it this, or what is left of one?",
  constant: "A part that does not vary is off.", percent: "Is it a share, or per cent?", rounding: "Round once, at the end.", given: "That number stands in the question.",
};

// Numbers and their units

const UNIT = /(?<![A-Za-z\\])(?:\\[a-z]+ *\{)? *(nat|bit|hartley)s?(?![A-Za-z])(?=\}? *(?:\/ *)?(?:[A-Za-z]+[ -]?){0,5}$)/i;
const AFTER = /(?:\s+times|\s*[-−–]?fold|[\s$.,;~]|\\[)\]])+$/;

function splitUnit(text) {
  if (text.length > 400) throw new Unread(`expected at most 400 characters, got ${text.length}`, 400);
  const plain = text.replace(/[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g, "").trim().replace(/\s+/g, " ").replace(/^(?:[\s$=≈~≃≅∼]|\\[([]|\\approx\b)*/, "").replace(AFTER, "");
  const found = UNIT.exec(plain);
  return found ? [plain.slice(0, found.index).replace(AFTER, ""), `${found[1].toLowerCase()}s`] : [plain, ""];
}

function decimal(text) {
  const [, sign, whole, decimals, power] = /^([-+−]?) ?([0-9]*)\.?([0-9]*)(?:e([-+−]?[0-9]{1,2}))?$/i.exec(text);
  if ((whole + decimals).length > 20) throw new Unread("expected a number of at most 20 digits, got a longer one");
  const value = Number(`${whole || 0}.${decimals}e${(power ?? "0").replace("−", "-")}`);
  const zeros = decimals || !value ? 0 : whole.length - whole.replace(/0+$/, "").length;
  return { value: /[-−]/.test(sign) ? -value : value, place: Number((power ?? "0").replace("−", "-")) - decimals.length + zeros };
}

export function readings(text) {
  let [typed, unit] = splitUnit(text);
  const percent = /\s*(?:\\?%|per ?cent)$/.exec(typed), found = [];
  if (percent) typed = typed.slice(0, percent.index);
  const infinite = /^([-+−]?) ?(?:∞|inf|infinity|oo|\\infty)$/i.exec(typed);
  const comma = /^[-+−]? ?[0-9]+,[0-9]+$/.test(typed), grouped = /^[-+−]? ?[0-9]{1,3}(?:([ ,'’])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]*)?$/.test(typed);
  if (infinite) found.push({ value: /[-−]/.test(infinite[1]) ? -Infinity : Infinity });
  else if (comma || grouped) {
    for (const [fits, to, from] of [[comma, ".", ","], [grouped, "", /[ ,'’]/g]]) {
      const read = typed.replace(from, to);
      if (fits) found.push({ ...decimal(to ? read : read.replace(/^([-+−])/, "$1")), note: `${typed} read as ${read}` });
    }
  } else if (/^[-+−]? ?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+−]?[0-9]{1,2})?$/i.test(typed)) found.push(decimal(typed));
  else found.push({ value: read(typed, { symbols: {}, bases: {}, ranges: {}, measures: false, whole: [] })({}) });
  return found.map((/** @type {{ value: number, place?: number, note?: string }} */ one) => ({ ...one, unit, value: percent ? one.value / 100 : one.value, place: percent && one.place !== undefined ? one.place - 2 : one.place }));
}

const lastPlace = (value, digits) => (value ? Number(value.toExponential(15).split("e")[1]) : -1) - digits + 1;
function roundsAlike(given, value, place) {
  const ours = value * 10 ** -place, theirs = given * 10 ** -place, tie = 1e-9;
  return Math.abs(theirs - ours) < tie || [Math.floor(ours + 0.5 + tie), Math.ceil(ours - 0.5 - tie)].some((near) => Math.abs(theirs - near) < 0.5 - tie);
}
function agrees(given, value, digits, place) {
  if (!Number.isFinite(given) || !Number.isFinite(value)) return given === value;
  const asked = lastPlace(value, digits);
  return roundsAlike(given, value, asked) || roundsAlike(given, value, Math.min(asked, place ?? asked));
}
const short = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : value < 0 ? "-∞" : "∞");
const withUnit = (value, unit) => `${short(value)} ${/^-?1$/.test(short(value)) ? unit.slice(0, -1) : unit}`.trim();

function judgeNumber(text, data) {
  const judged = readings(text).map((typed) => verdict(typed, data));
  return judged.find(({ outcome }) => outcome === "right") ?? judged[0];
}

function verdict({ value: given, unit: own, place, note = "" }, { unit: asked, value: text, digits, digitsText, converts, standing, swapped }) {
  const right = Number(text);
  const wrong = (message, mistake = "") => ({ outcome: "wrong", message, mistake });
  if (own && !asked) return wrong(`the answer is a pure number, not in ${own}`);
  const unit = own || asked;
  if (converts && unit !== asked) return wrong(`the question is how many ${asked} that is`, "units");
  const inUnit = (to, number) => (to ? (number * UNITS[asked]) / UNITS[to] : number);
  const value = inUnit(unit, right), fits = (number) => agrees(given, number, digits, place);
  if (fits(value)) return { outcome: "right", message: unit === asked ? note : `${withUnit(given, unit)} is ${withUnit(right, asked)}` };
  const stands = standing.includes(given);
  const rounded = place !== undefined && given && value && Number.isFinite(value) && lastPlace(given, 1) === lastPlace(value, 1) && Math.abs(given - value) <= (10 ** place / 2) * (1 + 1e-9);
  if (!stands && rounded) return { outcome: "not-as-asked", message: `rounded too far: give ${digitsText}` };
  const rows = [["sign", -value, `you probably ${SIGN}`]];
  if (Number.isFinite(value)) {
    if (asked) for (const other in UNITS) rows.push(["units", inUnit(other, right), `you probably gave ${other} for ${unit}`]);
    else rows.push(["percent", 100 * value, "you probably gave per cent: write % after it, or divide by 100"]);
    for (const [number, words] of swapped) rows.push(["swapped", inUnit(unit, number), words]);
    if (place !== undefined && Math.abs(given - value) < 1.05 * 10 ** lastPlace(value, digits)) rows.push(["rounding", given, "the last digit is off: round at the end only, and to the nearest"]);
    if (stands) rows.push(["given", given, `${short(given)} stands in the question and is not what is asked`]);
    rows.push(["factor", value / 2, "you probably forgot a factor 2 (or have a factor 1/2 too many)"], ["factor", value * 2, "you probably have a factor 2 too many (or forgot a factor 1/2)"]);
    if (!asked && value > 0 && value < 1) rows.push(["complement", 1 - value, "you probably took one minus what is asked"]);
    if (value) rows.push(["inverted", 1 / value, "you probably have it upside down"]);
  }
  const [mistake, , message] = /** @type {[string, number, string][]} */ (rows).find(([, number]) => fits(number)) ?? ["", 0, `${withUnit(given, unit)} is too ${given > value ? "large" : "small"}`];
  return wrong(message, mistake);
}

// Formulas

const same = (a, b) => Number.isFinite(a) && Math.abs(a - b) <= 1e-9 * (1 + Math.abs(a) + Math.abs(b));
const all = (mine, right) => mine.every((value, n) => same(value, right[n]));
const parts = (node) => [node, ...node.a.flatMap(parts)];
const leaves = (node) => (node.a.length && node.k !== "element" ? node.a.reduce((n, part) => n + leaves(part), node.k === "-" || node.k === "/" || (node.k === "^" && node.a.length < 2) ? 1 : 0) : 1);
const terms = (node) => (node.k === "+" ? node.a.flatMap(terms) : node.k === "-" || (node.k === "*" && !node.a[0].v) ? terms(node.a.at(-1)) : [node]);
const factors = (node) => (/^[-*/]$/.test(node.k) ? node.a.flatMap(factors) : [node]);
const isSum = (node) => factors(node).some(({ k }) => k === "sum") && parts(node).filter(({ k }) => k === "sum").length === 1;
const FORMS = {
  without: (node, kinds) => !parts(node).some(({ k, names }) => kinds.includes(k) || kinds.includes(names)),
  short: (node, [most]) => leaves(node) <= most,
  sums: (node, [count]) => terms(node).length === count && terms(node).every(isSum),
  logarithm: (node) => terms(node).length === 1 && terms(node)[0].k === "log",
};

function judgeFormula(text, data) {
  const { points, right, free, names } = data;
  work.left = 3e5;
  const [written, unit] = splitUnit(text), line = read(written, names), scale = UNITS[unit] ?? 1;
  const at = (change = (point, _n) => point, node = line) => points.map((point, n) => {
    const value = scale * node(change({ ...point }, n));
    return Number.isFinite(value) ? value : NaN;
  });
  const extra = [...line.i].filter((index) => !free.includes(index)), wrong = (message, mistake = "", place = "") => ({ outcome: "wrong", message, mistake, place });
  let said;
  const mine = extra.length ? [] : at();
  if (extra.length) {
    said = wrong(`the index ${extra[0]} stands outside of any sum over it, and the question leaves it no value`);
    if (parts(line).some(({ index }) => index === extra[0])) said.message += ": a sum ends at + or -, brackets extend it";
  } else if (all(mine, right)) {
    if (parts(line).some(({ k, lost, felt, digits }) => (lost && !felt) || (k === "number" && digits > 8))) {
      return { outcome: "unread", message: "not decided: at the points tried it cannot be told from the right answer; write it in a simpler form" };
    }
    const failed = data.forms.find(([form, ...what]) => !FORMS[form](line, what));
    return failed ? { outcome: "not-as-asked", message: `right, but write it ${data.asks}` } : { outcome: "right", message: `agreed at ${points.length} points` };
  } else {
    const finite = mine.findIndex((value, n) => Number.isFinite(value) && !same(value, right[n]));
    const n = finite < 0 ? mine.findIndex((value) => !Number.isFinite(value)) : finite, place = described(points[n], line, data);
    if (finite < 0) return wrong((place && `at ${place} `) + "your answer has no value" + (mine.some(Number.isFinite) ? "; elsewhere it agrees" : ""));
    said = wrong(`at ${place} the two differ`, "", (place && `At ${place}: `) + `yours is ${short(mine[n])}, expected ${short(right[n])}.`);
    said.where = place;
  }
  try {
    for (const [mistake, words, value, combines] of repairs(line, mine, extra, at, data)) {
      const found = value();
      if (all(found, right)) return { ...said, mistake, message: `you probably ${words}` };
      if (combines && all(found.map((number) => -number), right)) return { ...said, mistake, message: `you probably ${SIGN}, and you ${words}` };
    }
  } catch (error) {
    if (!(error instanceof Unread)) throw error; // there is too much to compute: no mistake is named
  }
  return said;
}

// Each row undoes one mistake: its name, the words after "you probably", what the answer would be, and whether a wrong
// sign is looked for beside it.
function* repairs(line, mine, extra, at, { points, right, free, names, swaps, spoilt, slopes, twins, parameter }) {
  const map = (change) => () => mine.map((value, n) => change(value, points[n], n));
  const sizes = [...new Set(Object.values(names.ranges))];
  const nodes = parts(line);
  if (!extra.length) yield ["sign", SIGN, map((v) => -v)];
  if (extra.length) {
    const summed = extra.reduce((body, index) => (point) => {
      let total = 0;
      for (let n = 1; n <= point[names.ranges[index]]; n += 1) total += body({ ...point, [index]: n });
      return total;
    }, line);
    yield ["sum", `forgot to sum over ${extra.join(" and ")}`, () => at(undefined, summed), true];
  }
  const own = [...line.i].sort();
  for (const one of own) for (const other of free) if (!line.i.has(other)) yield ["index", `wrote the index ${one} for ${other}`, () => at((point) => ({ ...point, [one]: point[other] })), true];
  for (const one of own) for (const other of own) if (one < other) yield ["index", `have ${one} and ${other} exchanged`, () => at((point) => ({ ...point, [one]: point[other], [other]: point[one] })), true];
  if (extra.length) return;
  for (const node of nodes.filter(({ k }) => k === "sum")) {
    for (const size of sizes.filter((size) => size !== node.last)) {
      const letters = Object.keys(names.ranges).filter((index) => names.ranges[index] === size).join(", ");
      yield ["range", `meant ${node.index} to run up to ${size}: here it runs up to ${node.last}, and ${letters} up to ${size}`, () => {
        const before = node.last;
        node.last = size;
        try {
          return at();
        } finally {
          node.last = before;
        }
      }, true];
    }
  }
  for (const factor of ["2", ...sizes.sort().reverse()]) {
    const by = (point) => point[factor] ?? 2;
    yield ["factor", `forgot a factor ${factor} (or have a factor 1/${factor} too many)`, map((v, point) => v * by(point)), true];
    yield ["factor", `have a factor ${factor} too many (or forgot a factor 1/${factor})`, map((v, point) => v / by(point)), true];
  }
  for (const unit of ["bits", "hartleys"]) {
    yield ["units", `gave ${unit} for nats`, map((v) => v * UNITS[unit]), true];
    yield ["units", `gave nats for ${unit}`, map((v) => v / UNITS[unit]), true];
  }
  for (const [one, other] of swaps) {
    const [a, b] = [`${one}_`, `${other}_`];
    if (nodes.some((node) => node.names === a || node.names === b)) yield ["swapped", `have ${one} and ${other} swapped`, () => at((point) => ({ ...point, [a]: point[b], [b]: point[a] })), true];
  }
  for (const [words, values] of spoilt) yield ["delta", words, map((v, _, n) => v + right[n] - values[n]), true];
  for (const [name, values] of slopes) {
    const forgot = `forgot the chain rule's factor, the slope of ${name}`;
    yield ["slope", forgot, map((v, _, n) => v * values[n]), true];
    yield ["slope", `${forgot}, and a factor 2`, map((v, _, n) => 2 * v * values[n]), true];
    yield ["slope", `have the slope of ${name} one time too many`, map((v, _, n) => v / values[n]), true];
  }
  yield ["logarithm", "forgot to take minus the logarithm", map((v) => -Math.log(v))];
  yield ["logarithm", "forgot to take the logarithm", map((v) => Math.log(v))];
  yield ["inverted", "have it upside down", map((v) => (v === v ? 1 / v : 0))];
  yield ["complement", "took one minus what is asked", map((v) => 1 - v)];
  if (twins?.length) {
    const moved = (values) => twins.map(([a, b]) => values[a] - values[b]), theirs = moved(right), ours = moved(mine);
    yield ["constant", `added or dropped something that does not depend on ${parameter}`, () => (all(ours, theirs) && theirs.some((gap) => !same(gap, 0)) ? right : [NaN])];
  }
}

// A point in words: what the answer or the right one holds.
function described(point, line, { names, shown }) {
  const used = new Set([...shown, ...parts(line).flatMap(({ names, last }) => [names, last])]), say = (value) => (Array.isArray(value) ? `(${value.map(say).join(", ")})` : short(value));
  return Object.keys(point).filter((key) => used.has(key)).map((key) => `${key.replace(/_$/, "")} = ${say(point[key])}`).join(", ");
}

// All kinds

const KINDS = {
  number: judgeNumber,
  formula: judgeFormula,
  choice(picked, { options }) {
    const off = options.findIndex(({ right }, n) => right !== picked.includes(n));
    return { outcome: off < 0 ? "right" : "wrong", message: picked.map((n) => options[n].why).join(" ") };
  },
  order(places, { order }) {
    const at = order.findIndex((line, n) => places[line] !== n + 1);
    return at < 0 ? { outcome: "right", message: "" } : { outcome: "wrong", message: at ? `the first ${at} of them ${at > 1 ? "are" : "is"} in place` : "look for the line that all others follow" };
  },
};

export function judge(answer, data) {
  try {
    return { mistake: "", ...KINDS[data.kind](answer, data) };
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    return { outcome: "unread", mistake: "", message: error.message, at: error.at };
  }
}
