// An answer is judged: read, compared at points that Python wrote, the likely mistake named in the words that Python wrote.

import { free, nodes, read, refuse, running, twoWays, work } from "./read.js";

const UNITS = { nats: 1, bits: Math.LN2, hartleys: Math.LN10 };
const filled = (words, ...values) => words.replace(/%s/g, () => values.shift());
const wrong = (message, mistake = "", more = {}) => ({ outcome: "wrong", message, mistake, ...more });

// Numbers and their units

const BEFORE =
  /^(?:(?:(?!(?:sum|prod|[∑Σ∏Π])_?\w+ ?=|\b(?:with|where|if|for|given|when|at)\b|[,;][^,)]*=|[[({][^\])}]*=)[^=≈!<>─-╿])*(?:[=≈]|\\approx\b))*(?:[\s$€=≈~≃≅∼]|about|approx[a-z]*\.?|ca\.|answer:)*/i;
const AFTER = /(?:[-−–]?fold|[\s$€.,;~…]|\\(?:[,;:! ]|l?dots))+$/;
const COMMA = /^[-+]?\d+,\d+$/,
  GROUPED = /^[-+]?\d{1,3}([ ,'’])\d{3}(?:\1\d{3})*(?:\.\d*)?$/,
  PLAIN = /^[-+]?(?:Infinity|(?=\.?\d)(\d*)\.?(\d*)(?:e([-+]?\d\d?))?)$/i;

function splitUnit(text, noun = "nat") {
  if (text.length > 400) refuse(`expected at most 400 characters, got ${text.length}`);
  const plain = text
    .replace(/[\u00ad\u200b-\u200f\u2060\u2061\u2064\ufeff]/g, "")
    .replace(/(?:\\(?:begin|end) *\{\w+\*?\}|\\[\\()[\]]|[&\s])+/g, " ")
    .replace("{,}", ",")
    .replace(/\\boxed *\{(.*)\}/, "$1")
    .trim()
    .replace(BEFORE, "")
    .replace(AFTER, "");
  const found = new RegExp(
    String.raw`(?<![a-z\\])(?:\\[a-z]+ *\{|[([])? *(nat|bit|hartley|${noun})s?(?![a-z])[})\]]? *(?:/ *)?(?:[a-z]+(?:[ -]|$)){0,5}$`,
    "i"
  ).exec(plain);
  return found ? [plain.slice(0, found.index).replace(AFTER, ""), `${found[1].toLowerCase()}s`] : [plain, ""];
}

function decimal(text) {
  const [, whole = "", decimals = "", power = 0] = PLAIN.exec(text),
    value = Number(text);
  if ((whole + decimals).length > 60) refuse("expected at most 60 digits");
  return {
    value,
    place: Number(power) - decimals.length + (decimals || !value ? 0 : whole.length - whole.replace(/0+$/, "").length)
  };
}

function readings(text, noun) {
  const [whole, unit] = splitUnit(text, noun),
    shown = whole.replace(/^(.[^-+−]*?)\s*(?:\\?%|per ?cent(?:age points)?)$/i, "$1"),
    cut = shown === whole ? 0 : 2;
  const typed = shown
    .replace(/−/g, "-")
    .replace(/^([-+]) /, "$1")
    .replace(/∞|\b(?:inf(?:inity)?|oo)\b|\\infty/i, "Infinity");
  /** @type {{ value: number, place: number, note?: string }[]} */
  const found = [];
  for (const [pattern, from, to] of /** @type {[RegExp, any, string][]} */ ([
    [COMMA, ",", "."],
    [GROUPED, /[ ,'’]/g, ""]
  ])) {
    const read = typed.replace(from, to);
    if (pattern.test(typed)) found.push({ ...decimal(read), note: `${shown} read as ${read}` });
  }
  if (/^-?\d+·\d+$/.test(typed)) twoWays("a.b", "a*b");
  if (!found.length)
    found.push(
      PLAIN.test(typed) ? decimal(typed) : { value: read(typed, { known: "the answer is a number" })({}), place: NaN }
    );
  return found.map(({ value, place, note }) => ({
    value: value / 10 ** cut,
    place: place - cut,
    unit: unit in UNITS ? unit : "",
    note
  }));
}

const lastPlace = (value, digits) => (value ? Number(value.toExponential(15).split("e")[1]) : -1) - digits + 1;
function agrees(given, value, digits) {
  if (!isFinite(given) || !isFinite(value)) return given === value;
  return [0, 1, 2, 3, 4, 5, 6].some((more) => {
    const scale = 10 ** (more - lastPlace(value, digits));
    return [1e-9, -1e-9].some(
      (tie) => Math.abs(given * scale - Math.round(value * scale + tie)) < (more ? 1e-4 : 0.5 - 1e-9)
    );
  });
}
function short(value) {
  const rounded = Number(value.toPrecision(4)),
    size = Math.abs(rounded);
  const writtenOut = !size || size === Infinity || (size >= 1e-8 && size < 1e9);
  return (writtenOut ? rounded.toLocaleString("en", { maximumSignificantDigits: 4 }) : rounded.toExponential()).replace(
    /-/g,
    "−"
  );
}
const withUnit = (value, unit) => `${short(value)} ${unit}`.trim().replace(/^(−?1 .*)s$/, "$1");

function verdict(
  { value: given, unit: own, place, note = "" },
  { unit: asked, value: text, digits, give, converts, standing, mistakes }
) {
  const right = Number(text),
    unit = own || asked,
    scale = asked ? UNITS[asked] / UNITS[unit] : 1,
    value = right * scale;
  if (own && !asked) return wrong(`the answer is not in ${own}`);
  if (converts && unit !== asked) return wrong(`the question is how many ${asked} that is`, "units");
  if (agrees(given, value, digits))
    return {
      outcome: "right",
      message: unit === asked ? note : `${withUnit(given, unit)} is ${withUnit(right, asked)}`
    };
  const stands = standing.includes(given),
    first = lastPlace(given, 1);
  const rounds = (value, below) =>
    value &&
    place < below &&
    first === lastPlace(value, 1) &&
    Math.abs(given - value) <= (10 ** place / 2) * (1 + 1e-9);
  if (!stands && rounds(value, Math.max(0, first))) return { outcome: "not-as-asked", message: give };
  const [mistake, words] = mistakes.find(([mistake, , number]) => {
    const slip = mistake === "units" ? number : number * scale;
    return mistake === "given"
      ? stands
      : mistake === "rounding"
        ? place < 99 && Math.abs(given - value) < 1.05 * 10 ** lastPlace(value, digits)
        : agrees(given, slip, digits) || rounds(slip, first);
  }) ?? ["", `${withUnit(given, unit)} is too ${given > value ? "large" : "small"}`];
  return wrong(filled(words, unit), mistake);
}

// Formulas

const same = (a, b) => isFinite(a) && Math.abs(a - b) <= 1e-9 * (1 + Math.abs(a) + Math.abs(b));
const all = (mine, right) => mine.length && mine.every((value, n) => same(value, right[n]));
const leaves = ({ k, a, v }) => (v && a.length && k !== "element" ? a.reduce((n, part) => n + leaves(part), 0) : 1);
const terms = (node) =>
  node.k === "+"
    ? node.a.flatMap(terms)
    : node.k === "-" || (node.k === "*" && !node.a[0].v)
      ? terms(node.a.at(-1))
      : [node];
const factors = (node) => (/^[-*/]$/.test(node.k) ? node.a.flatMap(factors) : [node]);
const sums = (node) => nodes(node).filter(({ k }) => k === "sum");
const FORMS = {
  without: (node, kinds) => !nodes(node).some(({ k, names }) => kinds.includes(k) || kinds.includes(names)),
  short: (node, [most]) => leaves(node) <= most,
  sums: (node, [count]) =>
    terms(node).length === count &&
    terms(node).every((term) => factors(term).some(({ k }) => k === "sum") && sums(term).length === 1),
  logarithm: (node) => terms(node).length === 1 && terms(node)[0].k === "log"
};

function judgeFormula(text, data) {
  const { points, right, forms, asks, names } = data,
    [written, unit] = splitUnit(text);
  work.left = 3e5;
  for (const [key, index, size, meaning] of data.defined.splice(0)) {
    const found = read(meaning, names);
    for (const point of points)
      point[key] = Array.from({ length: point[size] ?? size }, (_, n) => found({ ...point, [index]: n + 1 }));
  }
  const line = read(written, names),
    own = [...new Set(free(line))].sort(),
    extra = own.filter((index) => !data.free.includes(index));
  const at = (change = (_point) => ({}), node = line) =>
    points.map((point) => (UNITS[unit] ?? 1) * node({ ...point, ...change(point) }));
  let said;
  const mine = extra.length ? [] : at();
  if (extra.length) {
    const summed = nodes(line).some(({ index }) => index === extra[0]);
    said = wrong(
      `the index ${extra[0]} has no value here, outside of any sum over it${summed ? ": a sum ends at + or -, brackets extend it" : ""}`
    );
  } else if (all(mine, right)) {
    if (nodes(line).some(({ lost, felt, digits }) => (lost && !felt) || digits > 8))
      refuse("too close to tell: write it more simply");
    return forms.every(([form, ...what]) => FORMS[form](line, what))
      ? { outcome: "right", message: `agreed at ${points.length} points` }
      : { outcome: "not-as-asked", message: `right, but write it ${asks}` };
  } else {
    const differs = (value, n) => !same(value, right[n]),
      finite = mine.findIndex((value, n) => isFinite(value) && differs(value, n));
    const n = finite < 0 ? mine.findIndex(differs) : finite,
      where = described(points[n], line, data),
      place = where && `at ${where} `;
    if (finite < 0)
      return wrong(`${place}your answer has no value${mine.some(isFinite) ? "; elsewhere it agrees" : ""}`);
    said = wrong(`${place}the two differ`, "", {
      where,
      place: `${place}yours is ${short(mine[n])}, expected ${short(right[n])}`
    });
  }
  try {
    for (const [mistake, words, what, combines] of data.mistakes) {
      for (const [found, ...values] of undone(mistake, what, line, mine, own, extra, at, data)) {
        const message = filled(words, ...values);
        if (all(found, right)) return { ...said, mistake, message: `you probably ${message}` };
        if (
          combines &&
          all(
            found.map((value) => -value),
            right
          )
        )
          return { ...said, mistake, message: `you probably ${data.mistakes[0][1]}, and you ${message}` };
      }
    }
  } catch (error) {
    if (error instanceof Error) throw error; // otherwise there is too much to compute: no mistake is named
  }
  return extra.length ? refuse(said.message) : said;
}

// What the answer would be without a mistake, each with what is put into the words for it. A text says it of the answer;
// a pair says which two have changed places.
function undone(mistake, what, line, mine, own, extra, at, { points, names, free: given, also }) {
  const exchanged = (one, other) => at((point) => ({ [one]: point[other], [other]: point[one] })),
    { ranges } = names;
  if (mistake === "sum") {
    const total = extra.reduce((body, index) => running("sum", body, index, ranges[index]), line);
    return extra.length ? [[at(undefined, total), extra.join(" and ")]] : [];
  }
  if (mistake === "index") {
    const pairs = own.flatMap((one) =>
      (what ? own.filter((other) => one < other) : given.filter((other) => !own.includes(other))).map((other) => [
        one,
        other
      ])
    );
    return pairs.map(([one, other]) => [
      what ? exchanged(one, other) : at((point) => ({ [one]: point[other] })),
      one,
      other
    ]);
  }
  if (extra.length) return [];
  if (mistake === "range") {
    return sums(line).flatMap((node) =>
      [...new Set(Object.values(ranges))].map((size) => {
        const { index, last } = node;
        node.last = size;
        const found = size === last ? [] : at();
        node.last = last;
        return [
          found,
          index,
          size,
          last,
          Object.keys(ranges)
            .filter((letter) => ranges[letter] === size)
            .join(", "),
          size
        ];
      })
    );
  }
  if (Array.isArray(what))
    return [[nodes(line).some((node) => what.includes(node.names)) ? exchanged(what[0], what[1]) : []]];
  const repaired = read(what, { ...names, symbols: { ...names.symbols, ...also, answer: "answer" } });
  return [[points.map((point, n) => repaired({ ...point, answer: mine[n] }))]];
}

// A point in words: what the answer or the right one holds, in letters as the reader types them.
function described(point, line, { shown, letters }) {
  const used = [...shown, ...nodes(line).flatMap(({ names, last }) => [names, last])],
    say = (value) => (Array.isArray(value) ? `(${value.map(say).join(", ")})` : short(value));
  return Object.keys(point)
    .filter((key) => used.includes(key))
    .map((key) => `${letters[key] ?? key} = ${say(point[key])}`)
    .join(", ");
}

// All kinds

export const letter = (n) => String.fromCharCode(97 + n);

const KINDS = {
  number(text, data) {
    const judged = readings(text, data.noun).map((typed) => verdict(typed, data));
    return judged.find(({ outcome }) => outcome === "right") ?? judged[0];
  },
  formula(text, data, group) {
    if (group === undefined) return judgeFormula(text, data);
    // A line follows from the one before it where it is equal to it, or is what the next step makes of it.
    const chain = [...data.chain, data.right],
      judged = [group, group + 1]
        .filter((n) => chain[n])
        .map((n) => ({ ...judgeFormula(text, { ...data, right: chain[n] }), reached: n }));
    const said = judged.find(({ outcome }) => outcome !== "wrong") ?? judged.at(-1);
    return said.outcome === "right" && said.reached < data.chain.length ? { ...said, outcome: "not-as-asked" } : said;
  },
  choice(picked, { options, several }) {
    const said = picked.map((n) => (several ? `${letter(n)}: ` : "") + options[n].why),
      off = options.filter(({ right }, n) => right !== picked.includes(n));
    if (off.length && off.every(({ right }) => right)) said.push("More of them are right.");
    return { outcome: off.length ? "wrong" : "right", message: said.join(" ") };
  },
  order(places, { order, says }) {
    const at = order.findIndex((line, n) => places[line] !== n + 1);
    return at < 0 ? { outcome: "right", message: "" } : wrong(says[at]);
  }
};

export function judge(answer, data, group) {
  try {
    return { mistake: "", ...KINDS[data.kind](answer, data, group) };
  } catch (error) {
    if (error instanceof Error) throw error;
    return { outcome: "unread", mistake: "", ...error };
  }
}
