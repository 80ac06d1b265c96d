// A reader's answer, read: the notation of ce.exercises.notation, made into functions of a point. No eval.

export const refuse = (message, caret = "") => {
  throw { message, caret };
};
const twoWays = (first, second) => refuse(`this can be read in two ways: write ${first} or ${second}`);
const expecting = (what, text, plain = "", at = 0) =>
  refuse(`expected ${what}, got ${text ? `'${text.slice(0, 24)}'` : "the end"}`, plain && `${plain.slice(Math.max(0, at - 30), at + 30)}\n${" ".repeat(Math.min(at, 30))}^`);

// One spelling for what comes from keyboards and copied pages, row after row.
/** @type {[RegExp, string | ((found: string) => string)][]} */
const SPELLINGS = [
  [/[²³¹⁰-ⁿʰ-ʸᴬ-ᵡᵸ]+/g, (run) => (/^[⁺⁻]$/.test(run) ? run : `^{${run}}`).normalize("NFKD")],
  [/[₀-ₜᵢ-ᵪⱼ]+/g, (run) => `_{${run}}`.normalize("NFKD")],
  [/(?<!(?<![A-Za-z0-9])[0-9.]+\s*)[¼-¾⅐-⅞]/g, (part) => `(${part})`.normalize("NFKD")],
  [/[℀-⅏！-～\u{1d400}-\u{1d7ff}µϑϵ]/gu, (letter) => letter.normalize("NFKD")],
  [/[$`~\u2062\u2063]/g, " "],
  [/([A-Za-z])\u0302|(?<!\\)\\(?:wide)?hat\s*(?:\{\s*([A-Za-z])\s*\}|\s([A-Za-z]))/g, " $1$2$3hat "],
  [/\\(?:operatorname\*?|math[a-z]+|text(?:rm|bf|it)?|boldsymbol|bm)(?:\s*\{\s*([A-Za-z]+[0-9]*|[0-9]+)\s*\}|\s+([A-Za-z0-9]))/g, " $1$2 "],
  [/\\(?:(?:left|right)\.?|middle|[bB]ig\w*|(?:no)?limits|q*uad|\w+style|boxed)(?![A-Za-z])|\\[,;:! ()[\]]|\b(?:np|math|torch)\./g, " "],
  [/[−–—‐‑]/g, "-"], [/[·×∙⋅∗•]|\\(?:cdot|times|ast)(?![A-Za-z])|\*\*|(?<=\d *)x(?= *\d)/g, (sign) => (sign[1] === "*" ? "^" : "*")], [/[÷∕⁄]|\\div(?![A-Za-z])/g, "/"],
  [/=\u0338|\\neq?(?![A-Za-z])/g, "!="], [/[∣‖∥]|\\(?:\||[lr]?[vV]ert|mid|parallel)/g, "|"],
  [/[∑Σ]|\\Sigma/g, " sum "], [/[∏Π]/g, " prod "], [/√/g, " sqrt "], [/σ/g, " sigma "], [/δ/g, " delta "], [/π/g, " pi "], [/\\([{}])/g, "$1"], [/\\(?:var|[dtc](?=frac)|nice)?([A-Za-z]+)/g, " $1 "], [/(?<![\w.])[1I] *_? *(?=[([{][^)\]}]*=)/g, ""],
];
const CLOSING = { "(": ")", "{": "}", "[": "]" };

function tokens(text) {
  const plain = SPELLINGS.reduce((read, [from, to]) => read.replace(from, /** @type {any} */ (to)), text.normalize("NFD")).trimEnd().replace(/[.,;]$/, "").trimEnd();
  const found = [], token = /\s*(?:log1p(?![A-Za-z])|[A-Za-z]+(?:[0-9]+(?!\.?[0-9]))?|[Α-ω]|[0-9]+\.?[0-9]*|\.[0-9]+|!=|[-+*/^_()[\]{}=,|])/y;
  if (/(?<![A-Za-z0-9._])[0-9.]+e[-+]/i.test(plain)) twoWays("a*10^-b", "a e - b with blanks");
  while (token.lastIndex < plain.length) {
    const rest = plain.slice(token.lastIndex).trimStart(), at = plain.length - rest.length;
    const [text] = token.exec(plain) ?? expecting("letters, numbers or + - * / ^ _ ( )", [...rest][0], plain, at);
    found.push({ text: text.trim(), at, plain });
  }
  return [...found, { text: "", at: plain.length, plain }];
}
const isName = ({ text }) => /^[A-Za-zΑ-ω]/.test(text);

// Nodes: functions of a point that know their kind (k), their parts (a) and whether anything varies (v).
function make(k, a, f, more = {}) {
  Object.assign(f, { k, a, v: a.some((part) => part.v) }, more);
  if (!f.v && !Number.isFinite(f({}))) refuse("expected a real number, got something undefined");
  return f;
}
export const nodes = (node) => [node, ...node.a.flatMap(nodes)];
export const free = (node) => new Set(node.k === "index" ? [node.names] : node.a.flatMap((part) => [...free(part)]).filter((index) => index !== node.index));
const number = (value, digits = 0) => make("number", [], () => value, { digits });
const one = number(1);
const isZero = (node) => !node.v && Math.abs(node({})) < 1e-15;
const times = (x, y) => ((x === 0 && y === y) || (y === 0 && x === x) ? 0 : x * y); // 0 log 0 = 0
function plus(a, b) {
  const add = (at) => {
    const x = a(at), y = b(at), small = Math.min(Math.abs(x), Math.abs(y));
    if (small > 0) add[small < 1e-8 * (Math.abs(x) + Math.abs(y)) ? "lost" : "felt"] = true;
    return x + y;
  };
  return make("+", [a, b], add);
}
const negated = (a) => make("-", [a], (at) => -a(at));
const product = (a, b) => make("*", [a, b], (at) => times(a(at), b(at)));
const quotient = (a, b) => make("/", [a, b], (at) => a(at) / b(at));
const power = (a, b) => make("^", [a, b], (at) => a(at) ** b(at));
const applied = (k, rule) => (a) => make(k, [a], (at) => rule(a(at)));
const log = applied("log", Math.log), exp = applied("exp", Math.exp), sigma = applied("sigma", (x) => 1 / (1 + Math.exp(-x)));
const toBase = (base) => (base === Math.E ? log : (a) => quotient(log(a), number(Math.log(base))));
const FUNCTIONS = { log2: toBase(2), log10: toBase(10), log, ln: log, exp, sqrt: applied("^", Math.sqrt), log1p: (a) => log(plus(one, a)), abs: applied("abs", Math.abs), sigma, sigmoid: sigma };
const variable = (key) => make("symbol", [], (at) => at[key], { v: true, names: key });
const indexed = (name) => make("index", [], (at) => at[name], { v: true, names: name });
const delta = (a, b) => make("delta", [a, b], (at) => (a(at) > 0 && b(at) > 0 ? Number(a(at) === b(at)) : NaN), { v: true });
const element = (base, ends, places) => make("element", places, (at) => places.reduce((row, place) => row?.[place(at) - 1], at[`${base}_`]) ?? NaN, { v: true, names: `${base}_`, ends });
export const work = { left: 0 };

export function running(k, body, index, last) {
  /** @type {{ (at: any): number, last?: any }} */
  const gather = (at) => {
    const before = at[index], end = at[gather.last] ?? Number(gather.last);
    if ((work.left -= end) < 0) refuse("expected a sum of fewer terms");
    let total = k === "sum" ? 0 : 1;
    for (at[index] = 1; at[index] <= end; at[index] += 1) total = k === "sum" ? total + body(at) : times(total, body(at));
    at[index] = before;
    return total;
  };
  return make(k, [body], gather, { v: true, index, last });
}

export function read(text, { symbols = {}, bases = {}, ranges = {}, whole = [], known }) {
  const list = tokens(text), bound = [];
  let at = 0, bars = 0;
  const next = (steps = 0) => list[Math.min(at + steps, list.length - 1)];
  const expected = (what, { text, plain, at } = next()) => expecting(what, text, plain, at);
  const sees = (...signs) => signs.includes(next().text);
  const take = () => list[Math.min(at++, list.length - 1)];
  const accept = (...signs) => sees(...signs) && take();
  const need = (sign) => accept(sign) || expected(`'${sign}'`);
  const own = Object.hasOwn;
  const split = (length) => {
    const { text, at: from, plain } = list[at - 1];
    list.splice(at, 0, { text: text.slice(length), at: from + length, plain });
  };
  const isSum = (token) => /^(sum|prod)$/.test(token.text);

  function expression() {
    let [value] = products();
    for (let sign; (sign = accept("+", "-")); ) {
      const [term] = products();
      value = plus(value, sign.text === "+" ? term : negated(term));
    }
    return value;
  }

  // What is read comes with the shape it was written in, on which depends what may follow it.
  function products() {
    let [value, shape] = factor(), several = false;
    for (;;) {
      const here = next(), operator = accept("*", "/");
      if (!operator && !isName(here) && !sees("(", "{", "[") && !(sees("|") && !bars)) return [value, several ? "product" : shape];
      if (!isSum(next()) && !functionAt(next())) {
        const sign = operator ? operator.text : " ";
        if (shape === "open" || (shape === "root" && sign !== "/")) twoWays(`log(a${sign}b)`, `(log a)${sign}b`);
        if (!operator && (shape === "divisor" || (shape === "halves" && !sees("(", "[")))) twoWays("a/(b c)", "(a/b) c");
      }
      const [right, kind] = factor();
      several = true;
      if (operator && operator.text === "/") {
        if (kind === "long sum") twoWays("a/(sum_l b_l c)", "a/(sum_l b_l) c");
        if (isZero(right)) expected("a divisor that is not zero", operator);
        value = quotient(value, right);
        shape = kind === "open" ? kind : shape === "number" && kind === shape ? "halves" : "divisor";
      } else [value, shape] = [product(value, right), kind];
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
    const [exponent] = factor();
    const size = exponent.v ? 0 : exponent({});
    if (isZero(base) && size <= 0) expected("a positive power of zero", caret);
    if (Math.abs(size) > 64) expected("an exponent of at most 64 in size", caret);
    return [base.k === "e" ? exp(exponent) : power(base, exponent), "plain"];
  }

  function primary() {
    const token = next();
    if (isName(token)) return word();
    if (/^[\d.]/.test(token.text)) return [numeral(), "number"];
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
    need(CLOSING[opening]);
    return value;
  }

  function numeral() {
    const token = take();
    if (token.text.length > 20) expected("a number of at most 20 digits", token);
    return number(Number(token.text), token.text.replace(/\.|^0[.0]*/g, "").length);
  }

  // Whether an equals sign stands in the brackets that open here, and not deeper.
  function equality() {
    let level = 0;
    for (const { text } of list.slice(at)) {
      level += Number(own(CLOSING, text)) - Number(/[)}\]]/.test(text));
      if (!level) return;
      if (level === 1 && /^!?=$/.test(text)) return true;
    }
  }

  function indicator() {
    const opening = take().text, left = oneIndex(), sign = accept("=", "!=") || expected("'=' between two indices, as in [j = k]");
    accept("=");
    const found = delta(left, oneIndex());
    need(CLOSING[opening]);
    return sign.text === "=" ? found : plus(one, negated(found));
  }

  // words

  const bare = (value, token) => (sees("_") ? refuse(`'${token.text}' takes no index here`) : [value, "plain"]);

  function word() {
    const token = take(), { text } = token, found = declared(token), name = functionAt(token);
    if (found) return found;
    if (isSum(token)) return summed(text);
    if (name) {
      if (name !== text) split(name.length);
      return called(name, token);
    }
    if (text === "e") return bare(make("e", [], () => Math.E), token);
    if (text === "pi") return bare(number(Math.PI), token);
    if (text === "frac") return [quotient(part(), part()), "plain"];
    if ([...text].every((letter) => own(symbols, letter))) {
      split(1); // aw is a times w
      return [variable(symbols[text[0]]), "plain"];
    }
    if (text !== "delta") refuse(`unknown name '${text.slice(0, 24)}': ${known}`);
    sees("(", "[") || need("_");
    const places = subscript();
    return places.length === 2 ? [delta(places[0], places[1]), "plain"] : expected("two indices, as in delta_jk", token);
  }

  function functionAt({ text }) {
    if (own(FUNCTIONS, text)) return /g\d+$/.test(text) && /^[-+*/,)\]}|=]?$/.test(next().text) ? "log" : text;
    return ["log2", "log10", "log", "ln", "exp", "sqrt"].find((name) => {
      const rest = text.slice(name.length);
      return text.startsWith(name) && ((name !== "log" && /^\d+$/.test(rest)) || [symbols, bases, ranges, { e: 0, pi: 0 }].some((table) => own(table, rest)));
    });
  }

  function declared(token) {
    const name = token.text, braced = next(1).text === "{" && next(3).text === "}", numbered = name + next(braced ? 2 : 1).text;
    if (sees("_") && own(symbols, numbered)) {
      at += braced ? 4 : 2;
      return [variable(symbols[numbered]), "plain"];
    }
    const single = own(symbols, name);
    if (own(bases, name)) {
      const [base, ends] = bases[name];
      if (sees("_", "[") || (!single && sees("("))) {
        const places = sees("_") ? subscript(take()) : listed();
        return places.length === ends.length ? [element(base, ends, places), "plain"] : expected(`${ends.length} of its indices for '${name}'`, token);
      }
      if (!single) expected(`an index after '${name}', as in ${name}_k`);
    }
    return (single || own(ranges, name)) && bare(single ? variable(symbols[name]) : indexed(name), token);
  }

  function called(name, token) {
    const base = name === "log" && accept("_") && baseOfLog();
    if (sees("^")) expected(`the argument of ${name}, as in (${name} x)^2`);
    const brackets = sees("(", "{") || (sees("[") && !equality()), [inner, shape] = brackets ? [bracketed(), "plain"] : factor();
    if (/^l/.test(name) && !inner.v && inner({}) <= (name === "log1p" ? -1 : 0)) expected(`a positive argument of ${name}`, token);
    return [(base ? toBase(base) : FUNCTIONS[name])(inner), brackets || /sum/.test(shape) ? shape : name === "sqrt" && inner.v ? "root" : "open"];
  }

  function baseOfLog() {
    const braced = accept("{"), token = take(), found = token.text === "e" ? Math.E : Number(token.text);
    if (braced) need("}");
    return found >= 2 && found < 100 ? found : expected("a base from 2 to 99, as in log_2(x)", token);
  }

  function part() {
    if (sees("{")) return bracketed();
    const token = take();
    if (/^\d+$/.test(token.text)) {
      if (token.text.length > 1) split(1);
      return number(Number(token.text[0]));
    }
    return (declared(token) || expected("'{' after frac", token))[0];
  }

  // sums over an index, and indices

  function summed(name) {
    let last = limit();
    need("_");
    const opening = accept("{", "("), runs = [];
    do runs.push(...run()); while (opening && accept(","));
    if (opening) need(CLOSING[opening.text]);
    last ||= limit();
    for (const { index } of runs) {
      if (bound.includes(index)) refuse(`${index} is in use by a sum: take another letter, or put that sum in brackets`);
      if (last && last !== ranges[index] && !(index === "i" && Object.values(ranges).includes(last))) expecting(`${index} to run up to ${ranges[index]}`, last);
      bound.push(index);
    }
    let [body, shape] = products();
    bound.length -= runs.length;
    for (const { index, left } of runs.reverse()) {
      const end = last || (index === "i" && likely(body)) || ranges[index];
      if (left) {
        const elsewhere = plus(one, negated(delta(indexed(index), left)));
        body = name === "sum" ? product(body, elsewhere) : power(body, elsewhere);
      }
      body = running(name, body, index, end);
    }
    return [body, shape === "product" ? "long sum" : "sum"];
  }

  // Where i runs to: as far as what it is an index of, or stands beside in a delta.
  function likely(body) {
    const ends = nodes(body).flatMap(({ k, a, ends }) => a.flatMap((place, n) => (place.names !== "i" ? [] : ends ? ends[n] : k === "delta" ? ranges[a[1 - n].names] ?? [] : [])));
    return new Set(ends).size === 1 && ends[0];
  }

  function limit() {
    if (!accept("^")) return "";
    const opening = accept("{", "("), found = oneIndex();
    if (opening) need(CLOSING[opening.text]);
    return found.names ?? String(found({}));
  }

  /** @returns {{ index: string, left?: any }[]} */
  function run() {
    const token = next(), places = indexWord();
    if (places.some((place) => place.k !== "index")) expected(`an index to run over (${Object.keys(ranges).join(", ")})`, token);
    /** @type {{ index: string, left?: any }[]} */
    const found = places.map((place) => ({ index: place.names })), end = found.at(-1);
    if (accept("=")) {
      const first = oneIndex();
      if (first.v || first({}) !== 1) expected(`${end.index} to run from 1`, token);
    } else if (accept("!=")) end.left = oneIndex();
    return found;
  }

  const subscript = (_underscore) => (sees("{", "(", "[") ? listed() : indexWord());

  function listed() {
    const closing = CLOSING[take().text], found = [];
    while (!sees(closing)) {
      found.push(...indexWord());
      accept(",");
    }
    take();
    return found;
  }

  function oneIndex() {
    const token = next(), size = symbols[token.text];
    if (size && Object.values(ranges).includes(size)) return variable(symbols[take().text]);
    const found = indexWord(0);
    return found.length === 1 ? found[0] : expected("one index", token);
  }

  function indexWord(least = 1) {
    const token = take(), { text } = token, letters = [...text];
    if (/^\d\d?$/.test(text) && Number(text) >= least) return [number(Number(text))];
    if (own(ranges, text)) return [indexed(text)];
    if (own(bases, text) && sees("_", "[")) {
      const [base, ends] = bases[text], inner = accept("_") ? subscript() : listed();
      if (inner.length === ends.length && whole.includes(base)) return [element(base, ends, inner)];
    }
    const most = [...letters, ""].findIndex((letter) => !own(ranges, letter));
    if (!most || letters[most] <= "9") expected(`an index (${Object.keys(ranges).join(", ")})`, token);
    if (letters[most]) split(most); // LaTeX: q_jq_k is q_j q_k
    return letters.slice(0, most).map(indexed);
  }

  accept("=");
  const value = expression();
  return next().text ? expected("an operator or the end") : value;
}
