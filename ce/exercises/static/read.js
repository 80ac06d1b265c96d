// A reader's answer, read: the notation of ce.exercises.notation, made into functions of a point. No eval.

export class Unread extends Error {
  constructor(message, at = 0) {
    super(message);
    this.at = at;
  }
}

const MOST = { characters: 400, digits: 20, depth: 24, functions: 4, sums: 6, terms: 400 };
const rows = (text) => Object.fromEntries(text.split(" ").map((row) => row.split("→")));
const PLAIN = {
  ...rows("−→- –→- —→- ‐→- ‑→- ·→* ×→* ∙→* ⋅→* ∗→* •→* ÷→/ ∕→/ ⁄→/ ≠→!= ‖→|| ∥→|| ∣→| ′→' ’→'"),
  "∑": " sum ", "Σ": " sum ", "∏": " prod ", "Π": " prod ", "√": " sqrt ", "∞": " inf ", $: " ", "`": " ", "~": " ", "\u2062": " ", "\u2063": " ",
};
const HIDDEN = /[\u00ad\u200b-\u200f\u2060\u2061\u2064\ufeff]/;
const COMMANDS = rows("cdot→* times→* ast→* div→/ ne→!= neq→!= infty→inf ell→l dfrac→frac tfrac→frac cfrac→frac nicefrac→frac |→|| Vert→|| lVert→|| rVert→|| parallel→|| vert→| lvert→| rvert→| mid→| {→{ }→} lbrace→{ rbrace→} lbrack→[ rbrack→]");
const LAYOUT = /^(?:left|right|middle|[bB]igg?[lrm]?|(?:no)?limits|q?quad|(?:display|text|script)style|[,;:! ()[\]])$/;
const TOKEN = /(\s+)|(\\(?:wide)?hat\s*(?:\{\s*[A-Za-z]\s*\}|\s[A-Za-z]))|\\(?:operatorname\*?|math(?:rm|bf|it|sf|tt|bb|cal)|text(?:rm|bf|it)?|boldsymbol|bm)(?:\s*\{\s*([A-Za-z]+[0-9]*|[0-9]+)\s*\}|\s+([A-Za-z0-9]))|\\([A-Za-z]+|[,;:!|(){}[\] ])|([A-Za-z\u0370-\u03ff]\u0302)|(log1p(?![A-Za-z])|(?:[A-Za-z](?!\u0302))+[0-9]*|[\u0370-\u03ff])|([0-9]+(?:\.[0-9]*)?|\.[0-9]+)|(\*\*|!=|\|\||[-+*/^_()[\]{}=,|])/y;
const GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon phi chi psi omega".split(" ");
const CLOSING = { "(": ")", "{": "}", "[": "]" };
const WAYS = {
  ".": ": a point belongs to a number, as in 0.5", "'": ": derivatives are written out, without a prime", "!": ": write a factorial out",
  "\\": ": write the name without the backslash", "%": ": write 50 % as 0.5", "≈": ": an answer is exact here, and begins without a sign", "½": ": write 2.5, not 2½",
  "<": ": an answer is an expression, not a comparison", ">": ": an answer is an expression, not a comparison",
};

// Write every character plainly; origin says where each came from.
/** @returns {[string, number[]]} */
function normalised(text) {
  const plain = [], origin = [], characters = [...text];
  let run = "", at = 0;
  const put = (letters, from) => {
    for (const letter of letters) {
      plain.push(letter);
      origin.push(from);
    }
  };
  const raised = (letter) => /[\u00b2\u00b3\u00b9\u2070-\u207f\u02b0-\u02b8\u1d2c-\u1d61\u1d78]/.test(letter ?? "");
  characters.forEach((letter, n) => {
    const folded = letter.normalize("NFKD");
    let script = "", spelling = letter;
    if (HIDDEN.test(letter)) spelling = "";
    else if (PLAIN[letter]) spelling = PLAIN[letter];
    else if (raised(letter) || /[\u2080-\u209c\u1d62-\u1d6a\u2c7c]/.test(letter)) {
      script = raised(letter) ? "^" : "_";
      spelling = PLAIN[folded] ?? folded;
      if (/[-+]/.test(spelling) && !run && !raised(characters[n + 1])) script = ""; // nothing is raised after it: a sign
    } else if (/[¼-¾⅐-⅞]/.test(letter)) {
      if (!/(?:^|[^A-Za-z0-9])[0-9.]+\s*$/.test(plain.join(""))) spelling = `(${folded.replace("⁄", "/")})`;
    } else if (/[\u2100-\u214f\uff01-\uff5e\u{1d400}-\u{1d7ff}µ]/u.test(letter) || /^.\u0302$/.test(folded)) spelling = folded;
    if (script !== run) {
      spelling = (run && "}") + (script && `${script}{`) + spelling;
      run = script;
    }
    put(spelling, at);
    at += letter.length;
  });
  put(run && "}", text.length - 1);
  return [plain.join(""), origin];
}

const spelled = (word) => {
  const at = word.length > 1 ? -1 : word.toLowerCase().charCodeAt(0) - 945, name = GREEK[at];
  return !name ? word : word > "α" ? name : name[0].toUpperCase() + name.slice(1);
};

function tokens(text) {
  const [plain, origin] = normalised(text), found = [];
  const end = plain.trimEnd().replace(/[.,;]$/, "").length;
  let spaced = false;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex, match = TOKEN.exec(plain);
    if (!match) {
      const sign = text[origin[from]];
      throw new Unread(`expected letters, numbers or + - * / ^ _ ( ), got '${sign}'${WAYS[sign] ?? ""}`, origin[from]);
    }
    const [, space, hat, set, letter, command, accent, name, number, sign] = match;
    let word, kind = "name";
    if (hat) word = `${hat.replace(/[ }]+$/, "").at(-1)}hat`;
    else if (accent) word = `${spelled(accent[0])}hat`;
    else if (command && !LAYOUT.test(command)) {
      word = COMMANDS[command] ?? command;
      if (!/^[A-Za-z]+$/.test(word)) kind = "sign";
    } else if (sign) [kind, word] = ["sign", sign === "**" ? "^" : sign];
    else if (number || /^[0-9]/.test(set ?? letter ?? "")) [kind, word] = ["number", number ?? set ?? letter];
    else if (!space && !command) word = spelled(name ?? set ?? letter);
    if (word) found.push({ kind, text: word, at: origin[from], spaced });
    spaced = !word;
  }
  return [...found, { kind: "end", text: "", at: text.length, spaced }];
}

// Nodes: functions of a point that know their kind (k), parts (a), free indices (i), whether anything varies (v) and
// how many terms they have when multiplied out (t).

export function make(k, a, f, more = {}) {
  const t = a.reduce((most, part) => Math.max(most, part.t), 1);
  Object.assign(f, { k, a, t, v: a.some((part) => part.v), i: new Set(a.flatMap((part) => [...part.i])) }, more);
  if (!f.v && !Number.isFinite(f({}))) throw new Unread("expected a real number wherever it is used, got something undefined");
  return f;
}
const isZero = (node) => !node.v && Math.abs(node({})) < 1e-15;
const number = (value, digits = 0) => make("number", [], () => value, { digits });
const times = (x, y) => ((x === 0 && y === y) || (y === 0 && x === x) ? 0 : x * y); // 0 log 0 = 0
const over = (x, y) => (y === 0 ? (x === 0 ? NaN : Infinity) : Math.abs(y) === Infinity ? NaN : x / y);
const power = (x, y) => (Math.abs(x) === Infinity || Math.abs(y) === Infinity ? NaN : moderate(x ** y, x));
function moderate(value, from) {
  if (value === Infinity && from !== 0) throw new Unread("expected an exponential of moderate size, got a larger one");
  return value;
}
function plus(a, b, sign) {
  const add = (at) => {
    const x = a(at), y = sign * b(at), small = Math.min(Math.abs(x), Math.abs(y)), all = Math.abs(x) + Math.abs(y);
    if (small > 0) add[small < 1e-8 * all ? "lost" : "felt"] = true;
    return x + y;
  };
  return make("+", [a, sign < 0 ? negated(b) : b], add, { t: a.t + b.t });
}
const negated = (a) => make("-", [a], (at) => -a(at));
const product = (a, b) => make("*", [a, b], (at) => times(a(at), b(at)), { t: a.t * b.t });
const quotient = (a, b) => make("/", [a, b], (at) => over(a(at), b(at)), { t: a.t * b.t });
const logarithm = (a) => make("log", [a], (at) => Math.log(a(at)));
const exponential = (a) => make("exp", [a], (at) => (Math.abs(a(at)) === Infinity ? NaN : moderate(Math.exp(a(at)), 1)));
const sigmoid = (a) => make("sigma", [a], (at) => 1 / (1 + Math.exp(-a(at))));
const toBase = (base) => (a) => quotient(logarithm(a), number(Math.log(base)));
const root = (a) => make("^", [a], (at) => Math.sqrt(a(at)));
const FUNCTIONS = {
  log: logarithm, ln: logarithm, log2: toBase(2), log10: toBase(10), log1p: (a) => logarithm(plus(number(1), a, 1)), exp: exponential, sqrt: root,
  abs: (a) => make("abs", [a], (at) => Math.abs(a(at))), sigma: sigmoid, sigmoid,
};
const indexed = (name) => make("index", [], (at) => at[name], { v: true, i: new Set([name]), names: name });
const delta = (a, b) => make("delta", [a, b], (at) => (a(at) > 0 && b(at) > 0 ? Number(a(at) === b(at)) : NaN), { v: true });
const element = (base, places) =>
  make("element", places, (at) => places.reduce((row, place) => row?.[place(at) - 1], at[`${base}_`]) ?? NaN, { v: true, names: `${base}_` });
export const work = { left: 0 };

function running(name, body, index, last) {
  const [fold, start] = name === "sum" ? [(x, y) => x + y, 0] : [times, 1];
  /** @type {{ (at: any): number, last?: any }} */
  const gather = (at) => {
    const before = at[index], end = at[gather.last] ?? Number(gather.last);
    work.left -= end;
    if (work.left < 0) throw new Unread("expected a sum of fewer terms, got too many to compute");
    let total = start;
    for (let value = 1; value <= end; value += 1) {
      at[index] = value;
      total = fold(total, body(at));
    }
    at[index] = before;
    return total;
  };
  return make(name, [body], gather, { t: 3 * body.t, v: true, index, last, i: new Set([...body.i].filter((free) => free !== index)) });
}

export function read(text, { symbols, bases, ranges, measures, whole }) {
  if (text.length > MOST.characters) throw new Unread(`expected at most ${MOST.characters} characters, got ${text.length}`, MOST.characters);
  if (!text.trim()) throw new Unread("expected an expression, got an empty text");
  const list = tokens(text), bound = [];
  let at = 0, depth = 0, sums = 0, functions = 0, bars = 0, uses = [];
  const next = (steps = 0) => list[Math.min(at + steps, list.length - 1)];
  const quoted = (token) => (token.kind === "end" ? "the end" : `'${token.text.slice(0, 24)}'`);
  const fail = (message, token = next()) => { throw new Unread(message, token.at); };
  const expected = (what, token = next()) => fail(`expected ${what}, got ${quoted(token)}`, token);
  const sees = (...signs) => next().kind === "sign" && signs.includes(next().text);
  const take = () => list[Math.min(at++, list.length - 1)];
  const accept = (...signs) => sees(...signs) && take();
  const need = (sign) => accept(sign) || expected(`'${sign}'`);
  const twoWays = (token, first, second) => fail(`this can be read in two ways: write ${first} or ${second}`, token);
  const own = (table, name) => Object.hasOwn(table, name);
  const deeper = (rule) => {
    if ((depth += 1) > MOST.depth) fail(`expected at most ${MOST.depth} levels of nesting, got more`);
    const found = rule();
    depth -= 1;
    return found;
  };
  const placed = (token, build) => {
    try {
      return build();
    } catch (error) {
      throw new Unread(error.message, token.at);
    }
  };
  const split = (length) => {
    const whole = list[at - 1], rest = whole.text.slice(length);
    list.splice(at, 0, { kind: /^\d/.test(rest) ? "number" : "name", text: rest, at: whole.at + length, spaced: false });
  };

  const expression = () => deeper(() => {
    let [value] = products();
    for (let sign; (sign = accept("+", "-")); ) {
      const term = products()[0], before = value;
      value = placed(sign, () => plus(before, term, sign.text === "+" ? 1 : -1));
    }
    return value;
  });

  function products() {
    let [value, shape] = factor(), several = false;
    for (;;) {
      const here = next(), operator = accept("*", "/");
      if (!operator && here.kind !== "name" && !sees("(", "{", "[") && !(sees("|") && !bars)) return [value, several ? "product" : shape];
      const after = next();
      if (!(after.kind === "name" && (isSum(after) || functionAt(after)))) {
        const sign = operator ? operator.text : " ";
        if (shape === "open") twoWays(here, `log(a${sign}b)`, `(log a)${sign}b`);
        const halves = shape === "number/number" && sees("(", "[");
        if (!operator && (shape === "divisor" || shape === "number/number") && !halves) twoWays(here, "a/(b c)", "(a/b) c");
      }
      const left = value, was = shape, [right, kind] = factor();
      several = true;
      if (operator && operator.text === "/") {
        if (kind === "long sum") twoWays(operator, "a/(sum_l b_l c)", "a/(sum_l b_l) c");
        if (isZero(right)) fail("expected a divisor that is not zero", operator);
        value = placed(operator, () => quotient(left, right));
        shape = kind === "open" ? "open" : was === "number" && kind === "number" ? "number/number" : "divisor";
      } else [value, shape] = [placed(here, () => product(left, right)), kind];
    }
  }

  function factor() {
    let negative = false;
    for (let sign; (sign = accept("-", "+")); ) negative = negative !== (sign.text === "-");
    const [value, shape] = powered();
    return [negative ? negated(value) : value, shape];
  }

  function powered() {
    const found = primary(), [base] = found, caret = accept("^");
    if (!caret) return found;
    const [exponent] = deeper(factor);
    const fixed = !exponent.v, size = fixed ? Math.abs(exponent({})) : 0, steep = base.v ? 0 : Math.abs(Math.log2(Math.abs(base({})) || 1));
    if (isZero(base) && !(fixed && exponent({}) > 0)) fail("expected a positive power of zero", caret);
    if (size > 64 || size * steep > 2000) fail("expected an exponent of at most 64 in size, got a larger one", caret);
    if (base.k === "e") return [placed(caret, () => exponential(exponent)), "plain"];
    let t = base.t;
    for (let n = 1; n < (Number.isInteger(size) ? size : 1) && t <= MOST.terms; n += 1) t = (t * (base.t + n)) / (n + 1);
    return [placed(caret, () => make("^", [base, exponent], (here) => power(base(here), exponent(here)), { t })), "plain"];
  }

  function primary() {
    const token = next();
    if (token.kind === "number") return [numeral(), "number"];
    if (token.kind === "name") return word();
    if (sees("(", "{", "[")) return [equality() ? indicator() : bracketed(), "plain"];
    if (!accept("|")) expected("a number, a name or '('");
    bars += 1;
    const inner = expression();
    bars -= 1;
    need("|");
    return [FUNCTIONS.abs(inner), "plain"];
  }

  function bracketed() {
    const opening = take().text, before = bars;
    bars = 0;
    const value = expression();
    bars = before;
    if (!sees(CLOSING[opening])) expected(`'${CLOSING[opening]}' to close '${opening}'`);
    take();
    return value;
  }

  function numeral() {
    const token = take(), after = next(), sign = next(1);
    if (token.text.length > MOST.digits) fail(`expected a number of at most ${MOST.digits} digits, got a longer one`, token);
    if (/^e$/i.test(after.text) && !after.spaced && /^[-+]$/.test(sign.text) && !sign.spaced) twoWays(after, "a*10^-b", "a e - b with blanks");
    return number(Number(token.text), token.text.replace(/\.|^0[.0]*/g, "").length);
  }

  // Whether an equals sign stands in the brackets that open here, and not deeper.
  function equality() {
    let level = 0;
    for (const token of list.slice(at)) {
      if (token.kind !== "sign") continue;
      level += Number(own(CLOSING, token.text)) - Number(Object.values(CLOSING).includes(token.text));
      if (!level) return false;
      if (level === 1 && /^!?=$/.test(token.text)) return true;
    }
    return false;
  }

  function indicator() {
    const opening = take().text, left = oneIndex();
    const sign = accept("=", "!=") || expected("'=' between two indices, as in [j = k]");
    accept("=");
    const found = noted(left, oneIndex());
    need(CLOSING[opening]);
    return sign.text === "=" ? found : plus(number(1), found, -1);
  }

  function noted(a, b) {
    for (const [one, other] of [[a, b], [b, a]]) if (one.names === "i" && other.names && other.names !== "i") uses.push(ranges[other.names]);
    return delta(a, b);
  }

  // words

  const isSum = (token) => token.text === "sum" || token.text === "prod";
  const bare = (token, value) => (sees("_") ? fail(`'${token.text}' takes no index here`) : [value, "plain"]);
  const known = () => [...new Set([...Object.keys(symbols), ...Object.keys(bases).map((name) => `${name}_${bases[name][1].length > 1 ? "nk" : "k"}`)])].sort();

  function word() {
    const token = take(), found = declared(token);
    if (found) return found;
    if (isSum(token)) return summed(token);
    const name = functionAt(token);
    if (name) {
      if (name !== token.text) split(name.length);
      return applied(token, name);
    }
    if (token.text === "e") return bare(token, make("e", [], () => Math.E));
    if (token.text === "pi") return bare(token, number(Math.PI));
    if (token.text === "frac") {
      const above = part(), below = part();
      if (isZero(below)) fail("expected a divisor that is not zero, got 0", token);
      return [quotient(above, below), "plain"];
    }
    if (token.text === "delta") {
      need("_");
      const places = subscript();
      if (places.length !== 2) fail(`expected two indices for delta, as in delta_jk, got ${places.length}`, token);
      return [noted(...places), "plain"];
    }
    const names = [...known(), ...(measures ? ["H", "KL"] : [])];
    return fail(`unknown name ${quoted(token)}: ` + (names.length ? `the names here are ${names.join(", ")}` : "the answer is a number"), token);
  }

  function functionAt(token) {
    if (own(FUNCTIONS, token.text)) return token.text;
    for (const name of ["log2", "log10", "log", "ln", "exp", "sqrt"]) {
      const rest = token.text.startsWith(name) ? token.text.slice(name.length) : "";
      if (rest && (own(symbols, rest) || own(bases, rest) || own(ranges, rest) || rest === "e" || rest === "pi" || (/^\d+$/.test(rest) && name !== "log"))) return name;
    }
    return "";
  }

  function declared(token) {
    const name = token.text, braced = next(1).text === "{" && next(3).text === "}", whole = name + next(braced ? 2 : 1).text;
    if (sees("_") && own(symbols, whole)) {
      at += braced ? 4 : 2;
      return [variable(symbols[whole]), "plain"];
    }
    if (own(bases, name)) {
      const both = own(symbols, name);
      if (sees("_", "[") || (!both && sees("("))) return [entry(token), "plain"];
      if (!both) expected(`an index after '${name}', as in ${name}_k`);
    }
    if (own(symbols, name)) return bare(token, variable(symbols[name]));
    if (own(ranges, name)) return bare(token, indexed(name));
    return measures && (name === "H" || name === "KL") ? [measure(token), "plain"] : undefined;
  }

  const variable = (key) => make("symbol", [], (here) => here[key], { v: true, names: key });

  function entry(token) {
    const [base, ends] = bases[token.text], opening = take(), closing = CLOSING[opening.text];
    const places = deeper(() => (closing ? listed(closing) : subscript()));
    if (places.length !== ends.length) fail(`expected ${ends.length} of its indices for '${token.text}', got ${places.length}`, opening);
    places.forEach((place, n) => place.names === "i" && uses.push(ends[n]));
    return element(base, places);
  }

  function applied(token, name) {
    const logBase = name === "log" && accept("_") ? baseOfLog() : 0;
    if (sees("^")) fail(`expected the argument of ${name}, got '^': write (${name} x)^2`);
    if ((functions += 1) > MOST.functions) fail(`expected at most ${MOST.functions} functions in one another, got more`, token);
    let inner, shape = "plain";
    if (sees("(", "{") || (sees("[") && !equality())) inner = bracketed();
    else {
      [inner, shape] = deeper(factor);
      if (!/sum/.test(shape)) shape = "open";
    }
    functions -= 1;
    if (/^l/.test(name) && !inner.v && inner({}) <= (name === "log1p" ? -1 : 0)) fail(`expected a positive argument of ${name}`, token);
    return [placed(token, () => (logBase ? toBase(logBase)(inner) : FUNCTIONS[name](inner))), shape];
  }

  function baseOfLog() {
    const braced = accept("{"), token = take();
    if (braced) need("}");
    const found = token.text === "e" ? Math.E : Number(token.text);
    return found >= 2 && found < 100 ? found : expected("a base from 2 to 99, as in log_2(x)", token);
  }

  function measure(token) {
    need("(");
    const named = [];
    while (!sees(")")) {
      const one = take();
      if (!own(bases, one.text)) expected(`one of ${Object.keys(bases).join(", ")} in ${token.text}(…)`, one);
      named.push(element(bases[one.text][0], [indexed("k")]));
      accept(",", "|", "||");
    }
    const closing = take(), [p, q = p] = named;
    if (token.text === "H" ? named.length < 1 || named.length > 2 : named.length !== 2) fail("expected H(p), H(p, q) or KL(p || q)", closing);
    return token.text === "H" ? negated(running("sum", product(p, logarithm(q)), "k", "K")) : running("sum", product(p, logarithm(quotient(p, q))), "k", "K");
  }

  function part() {
    if (sees("{")) return bracketed();
    const token = take();
    if (token.kind === "number" && /^\d+$/.test(token.text)) {
      if (token.text.length > 1) split(1);
      return number(Number(token.text[0]));
    }
    const found = token.kind === "name" && declared(token);
    return found ? found[0] : expected("'{' after frac", token);
  }

  // sums over an index, and indices

  function summed(token) {
    if (!accept("_")) expected(`the index of the ${token.text}, as in ${token.text}_k`);
    const place = next(), before = uses, opening = accept("{", "("), runs = [];
    do runs.push(...run()); while (opening && accept(","));
    if (opening) need(CLOSING[opening.text]);
    const last = limit();
    for (const { index, first } of runs) {
      if (bound.includes(index)) fail(`${index} is in use by a sum: take another letter, or put that sum in brackets`, place);
      if (first !== undefined && first !== 1) fail(`expected ${index} to run from 1`, place);
      if (last && last !== ranges[index] && !(index === "i" && Object.values(ranges).includes(last))) fail(`expected ${index} to run up to ${ranges[index]}, got ${last}`, place);
      bound.push(index);
    }
    if ((sums += runs.length) > MOST.sums) fail(`expected at most ${MOST.sums} sums, got more`, token);
    uses = [];
    let [body, shape] = deeper(products);
    bound.length -= runs.length;
    const found = new Set(uses);
    uses = [...before, ...uses];
    for (const { index, left } of runs.reverse()) {
      if (left) {
        const inner = body, elsewhere = plus(number(1), delta(indexed(index), left), -1);
        body = token.text === "sum" ? product(inner, elsewhere) : make("^", [inner, elsewhere], (here) => inner(here) ** elsewhere(here));
      }
      const own = index === "i" && found.size === 1 ? [...found][0] : ranges[index];
      body = running(token.text, body, index, last || own || ranges[index]);
    }
    return [body, shape === "product" ? "long sum" : "sum"];
  }

  function limit() {
    if (!accept("^")) return "";
    const opening = accept("{", "("), found = oneIndex();
    if (opening) need(CLOSING[opening.text]);
    return found.names ?? String(found({}));
  }

  /** @returns {{ index: string, first?: number, left?: any }[]} */
  function run() {
    const token = next(), places = indexWord();
    if (places.some((place) => place.k !== "index")) expected(`an index to run over (${Object.keys(ranges).join(", ")})`, token);
    /** @type {{ index: string, first?: number, left?: any }[]} */
    const found = places.map((place) => ({ index: place.names })), end = found.at(-1);
    if (accept("=")) {
      const first = oneIndex();
      end.first = first.v ? NaN : first({});
    } else if (accept("!=")) end.left = oneIndex();
    return found;
  }

  function subscript() {
    const opening = accept("{", "(");
    return opening ? listed(CLOSING[opening.text]) : indexWord();
  }

  function listed(closing) {
    const found = [];
    while (!sees(closing)) {
      found.push(...indexWord());
      accept(",");
    }
    take();
    return found;
  }

  function oneIndex() {
    const token = next(), size = token.kind === "name" && symbols[token.text];
    if (size && Object.values(ranges).includes(size)) return variable(symbols[take().text]);
    const found = indexWord(0);
    return found.length === 1 ? found[0] : expected("one index", token);
  }

  function indexWord(least = 1) {
    const token = take(), letters = [...token.text];
    if (token.kind === "number" && /^\d+$/.test(token.text) && Number(token.text) >= least && Number(token.text) < 100) return [number(Number(token.text))];
    if (token.kind !== "name") expected("an index, as in p_k", token);
    if (own(ranges, token.text)) return [indexed(token.text)];
    if (own(bases, token.text) && sees("_", "[")) {
      const inner = deeper(() => (take().text === "_" ? subscript() : listed("]"))), [base, ends] = bases[token.text];
      if (inner.length === ends.length && whole.includes(base)) return [element(base, inner)];
    }
    return letters.every((letter) => own(ranges, letter)) ? letters.map(indexed) : expected(`an index (${Object.keys(ranges).join(", ")})`, token);
  }

  accept("=");
  const value = expression();
  if (next().kind !== "end") expected("an operator or the end");
  if (value.t > MOST.terms) fail(`expected at most ${MOST.terms} terms when multiplied out, got more`);
  return value;
}
