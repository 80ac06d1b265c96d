// A reader's answer, read: the notation of ce.exercises.notation, made into functions of a point. No eval.

export const refuse = (message, caret = "") => {
  throw { message, caret };
};
export const twoWays = (first, second) => refuse(`this can be read in two ways: write ${first} or ${second}`);
const expecting = (what, text, plain = "", at = 0) =>
  refuse(
    `expected ${what}, got ${text ? `'${text.slice(0, 24)}'` : "the end"}`,
    plain && `${plain.slice(Math.max(0, at - 30), at + 30)}\n${" ".repeat(Math.min(at, 30))}^`
  );

// One spelling for what comes from keyboards and copied pages, row after row. What is typed as a blank is \xa0, for a while.
/** @type {[RegExp, string | ((found: string) => string)][]} */
const SPELLINGS = [
  [/[²³¹⁰-ⁿʰ-ʸᴬ-ᵡᵸ]+/g, (run) => (/^[⁺⁻]$/.test(run) ? run : `^{${run}}`).normalize("NFKD")],
  [/[₀-ₜᵢ-ᵪⱼ]+/g, (run) => `_{${run}}`.normalize("NFKD")],
  [/(?<!(?<![a-z\d])[\d.]+\s*)[¼-¾⅐-⅞]/gi, (part) => `(${part})`.normalize("NFKD")],
  [/[℀-⅏！-～\u{1d400}-\u{1d7ff}µϑϵ]/gu, (letter) => letter.normalize("NFKD")],
  [/[$`~\u2062\u2063]/g, " "],
  [/([a-z])\u0302|(?<!\\)\\(?:wide)?hat\s*(?:\{\s*([a-z])\s*\}|\s([a-z]))/gi, " $1$2$3hat "],
  [
    /\\(?:operatorname\*?|math[a-z]+|text(?:rm|bf|it)?|boldsymbol|bm)(?:\s*\{\s*([a-z]+\d*|[\d.]+)\s*\}|\s+([a-z\d]))/gi,
    " $1$2 "
  ],
  [/\{([a-z])\}(?=_)/gi, "$1"],
  [
    /\\(?:(?:left|right)\.?|middle|[bB]ig\w*|(?:no)?limits|q*uad|\w+style)(?![a-z])|\\[,;:!\s]|\b(?:np|numpy|math|torch)\.(?:float\d+)?/gi,
    " "
  ],
  [/[−–—‐‑]/g, "-"],
  [/[·×∙⋅∗•]|\\(?:cdot|times|ast)(?![a-z])|\*\*|(?<=\d\s*)x(?=\s*\d)/gi, (sign) => (sign[1] === "*" ? "^" : "*")],
  [/[÷∕⁄]|\\div(?![a-z])/gi, "/"],
  [/=\u0338|\\neq?(?![a-z])/gi, "!="],
  [/[∣‖∥]|\\(?:\||[lr]?[vV]ert|mid|parallel)/g, "|"],
  [/[∑Σ]|\\Sigma/g, " sum "],
  [/[∏Π]/g, " prod "],
  [/√/g, " sqrt "],
  [/σ/g, " sigma "],
  [/δ/g, " delta "],
  [/π/g, " pi "],
  [/\\([{}])/g, "$1"],
  [/\\(?:var|[dtc](?=frac)|nice)?([A-Za-z]+)/g, " $1 "],
  [/(?<![a-z])(?:log|ln|exp|sqrt|sum)(?![a-z])/gi, (word) => word.toLowerCase()],
  [/(?<![\w.])[1I]\s*_?\s*(?=[([{][^)\]}]*=)/g, ""]
];
const CLOSING = { "(": ")", "{": "}", "[": "]" },
  CLOSED = /[)}\]]/;

function tokens(text) {
  const plain = SPELLINGS.reduce(
    (read, [from, to]) => read.replace(from, /** @type {any} */ (to)),
    text.normalize("NFD").replace(/\s/g, "\xa0")
  )
    .trimEnd()
    .replace(/[.,;]$/, "")
    .trimEnd();
  const found = [],
    token = /\s*(?:log1p(?![a-z])|[a-z]+(?:\d+(?!\.?\d))?|[Α-ω]|\d+\.?\d*|\.\d+|!=|[-+*/^_()[\]{}=,|])/iy;
  if (/(?<![\w.])[\d.]+\s?(?:e ?[-+]|\*\s?10[-+]\d)/i.test(plain)) twoWays("a*10^-b", "a sign with blanks around it");
  while (token.lastIndex < plain.length) {
    const rest = plain.slice(token.lastIndex).trimStart(),
      at = plain.length - rest.length;
    const [text] = token.exec(plain) ?? expecting("letters, numbers or + - * / ^ _ ( )", [...rest][0], plain, at);
    found.push({ text: text.trim(), at, plain });
  }
  return [...found, { text: "", at: plain.length, plain }];
}
const isName = ({ text }) => /^[a-zΑ-ω]/i.test(text);
const glued = ({ plain, at }) => plain[at - 1] !== "\xa0";

// Nodes: functions of a point that know their kind (k), their parts (a) and whether anything varies (v).
function make(k, a, f, more = {}) {
  Object.assign(f, { k, a, v: a.some((part) => part.v) }, more);
  if (!f.v && !isFinite(f({}))) refuse("expected a real number, got something undefined");
  return f;
}
export const nodes = (node) => [node, ...node.a.flatMap(nodes)];
export const free = (node) =>
  node.k === "index" ? [node.names] : node.a.flatMap(free).filter((index) => index !== node.index);
const number = (value, digits = 0) => make("number", [], () => value, { digits });
const one = number(1);
const isZero = (node) => !node.v && Math.abs(node({})) < 1e-15;
const times = (x, y) => ((x === 0 && y === y) || (y === 0 && x === x) ? 0 : x * y); // 0 log 0 = 0
function plus(a, b) {
  const add = (at) => {
    const x = a(at),
      y = b(at),
      small = Math.min(Math.abs(x), Math.abs(y));
    if (small > 0) add[small < 1e-8 * (Math.abs(x) + Math.abs(y)) ? "lost" : "felt"] = true;
    return x + y;
  };
  return make("+", [a, b], add);
}
const applied =
  (k, rule) =>
  (...a) =>
    make(k, a, (at) => rule(...a.map((part) => part(at))));
const negated = applied("-", (x) => -x),
  product = applied("*", times),
  quotient = applied("/", (x, y) => x / y),
  power = applied("^", (x, y) => x ** y);
const log = applied("log", Math.log),
  exp = applied("exp", Math.exp),
  sigma = applied("sigma", (x) => 1 / (1 + Math.exp(-x)));
const toBase = (base) => (base === Math.E ? log : (a) => quotient(log(a), number(Math.log(base))));
const FUNCTIONS = {
  log2: toBase(2),
  log10: toBase(10),
  log,
  ln: log,
  exp,
  sqrt: applied("^", Math.sqrt),
  log1p: (a) => log(plus(one, a)),
  logit: (a) => log(quotient(a, plus(one, negated(a)))),
  softplus: (a) => log(plus(one, exp(a))),
  abs: applied("abs", Math.abs),
  sigma,
  sigmoid: sigma
};
const named = (k) => (names) => make(k, [], (at) => at[names], { v: true, names });
const variable = named("symbol"),
  indexed = named("index"),
  delta = applied("delta", (x, y) => Number(x === y));
const element = (base, ends, places) =>
  make("element", places, (at) => places.reduce((row, place) => row?.[place(at) - 1], at[`${base}_`]) ?? NaN, {
    v: true,
    names: `${base}_`,
    ends
  });
export const work = { left: 0 };

export function running(k, body, index, last) {
  /** @type {{ (at: any): number, last?: any }} */
  const gather = (at) => {
    const before = at[index],
      end = at[gather.last] ?? Number(gather.last);
    if ((work.left -= end) < 0) refuse("expected fewer terms");
    let total = k === "sum" ? 0 : 1,
      size = 0;
    for (at[index] = 1; at[index] <= end; at[index] += 1) {
      const term = body(at);
      total = k === "sum" ? total + term : times(total, term);
      size += Math.abs(term);
    }
    at[index] = before;
    return k === "sum" && Math.abs(total) < 1e-12 * size ? 0 : total; // points have 13 digits
  };
  return make(k, [body], gather, { v: true, index, last });
}

export function read(text, { symbols = {}, bases = {}, ranges = {}, whole = [], known }) {
  const list = tokens(text),
    bound = [];
  let at = 0,
    bars = 0;
  const next = (steps = 0) => list[Math.min(at + steps, list.length - 1)];
  const expected = (what, { text, plain, at } = next()) => expecting(what, text, plain, at);
  const sees = (...signs) => signs.includes(next().text);
  const take = () => list[Math.min(at++, list.length - 1)];
  const accept = (...signs) => sees(...signs) && take();
  const need = (sign) => accept(sign) || expected(`'${sign}'`);
  const own = Object.hasOwn;
  const split = (length) => {
    const token = list[at - 1];
    list.splice(at, 0, { ...token, text: token.text.slice(length), at: token.at + length });
  };
  const isSum = (token) => /^(sum|prod)$/.test(token.text);
  const follows = (token) => (isSum(token) ? "log" : functionAt(token)) || "";

  function expression() {
    let [value] = products();
    for (let sign; (sign = accept("+", "-"));) {
      const [term] = products();
      value = plus(value, sign.text === "+" ? term : negated(term));
    }
    return value;
  }

  // What is read comes with the shape it was written in, on which depends what may follow it.
  function products() {
    let [value, shape] = factor(),
      several = false,
      last = shape;
    for (;;) {
      const here = next(),
        operator = accept("*", "/");
      if (!operator && !isName(here) && !sees("(", "{", "[") && !(sees("|") && !bars))
        return [value, several ? "product" : shape];
      const name = follows(next()),
        sign = operator ? operator.text : " ";
      if (name[0] !== "l" && (shape === "open" || (shape === "root" && sign !== "/")))
        twoWays(`log(a${sign}b)`, `(log a)${sign}b`);
      // What follows without a blank may belong to the exponent.
      if (
        !name &&
        glued(here) &&
        !(operator && (sees("(", "{", "[", "|") || (sees("e") && next(1).text === "^"))) &&
        (last === "raised" || (last === "raised to 1" && sign === "/"))
      )
        twoWays(`a^(b${sign}c)`, `(a^b)${sign}c`);
      if (/^(sqrt)?$/.test(name) && !operator && (shape === "divisor" || (shape === "halves" && !sees("(", "["))))
        twoWays("a/(b c)", "(a/b) c");
      const [right, kind] = factor();
      several = true;
      last = kind;
      if (operator && operator.text === "/") {
        if (kind === "long sum") twoWays("a/(sum_l b_l c)", "a/(sum_l b_l) c");
        if (isZero(right)) refuse("expected a divisor that is not zero");
        value = quotient(value, right);
        shape = kind === "open" ? kind : shape === "number" && kind === shape ? "halves" : "divisor";
      } else [value, shape] = [product(value, right), kind];
    }
  }

  function factor() {
    const sign = accept("-", "+"),
      [value, shape] = sign ? factor() : powered();
    return [sign && sign.text === "-" ? negated(value) : value, shape];
  }

  function powered() {
    const found = primary(),
      [base] = found;
    if (!accept("^")) return found;
    const [exponent] = factor(),
      size = exponent.v ? 0 : exponent({}),
      closed = CLOSED.test(list[at - 1].text);
    if (isZero(base) && size <= 0) refuse("expected a positive power of zero");
    if (Math.abs(size) > 64) refuse("expected an exponent up to 64");
    return [
      base.k === "e" ? exp(exponent) : power(base, exponent),
      closed ? "plain" : base.k === "e" || exponent.v ? "raised" : Math.abs(size) === 1 ? "raised to 1" : "plain"
    ];
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
    const opening = take().text,
      before = bars;
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
      level += Number(own(CLOSING, text)) - Number(CLOSED.test(text));
      if (!level || isSum({ text })) return;
      if (level === 1 && /^!?=$/.test(text)) return true;
    }
  }

  function indicator() {
    const opening = take().text,
      left = oneIndex(),
      sign = accept("=", "!=") || expected("'=', as in [j = k]");
    accept("=");
    const found = delta(left, oneIndex());
    need(CLOSING[opening]);
    return sign.text === "=" ? found : plus(one, negated(found));
  }

  // words

  const bare = (value, token) => (sees("_") ? refuse(`'${token.text}' takes no index here`) : [value, "plain"]);

  function word() {
    const token = take(),
      { text } = token,
      found = declared(token),
      name = functionAt(token);
    if (found) return found;
    if (isSum(token)) return summed(text);
    if (name) {
      if (name !== text) split(name.length);
      return called(name);
    }
    if (text === "e" || text === "pi")
      return bare(
        make(text, [], () => (text === "e" ? Math.E : Math.PI)),
        token
      );
    if (text === "frac") return [quotient(part(), part()), "plain"];
    if ([...text].every((letter) => own(symbols, letter))) {
      split(1); // aw is a times w
      return [variable(symbols[text[0]]), "plain"];
    }
    if (text !== "delta") refuse(`unknown name '${text.slice(0, 24)}': ${known}`);
    sees("(", "[") || need("_");
    const places = subscript();
    return places.length === 2
      ? [delta(places[0], places[1]), "plain"]
      : refuse("expected two indices, as in delta_jk");
  }

  function functionAt({ text }) {
    if (/^log\d+$/.test(text) && /^[-+*/,)\]}|=]?$/.test(next().text)) return "log";
    const [, name, rest] = /^(log|ln|exp|sqrt)(.+)/.exec(text) ?? [];
    return own(FUNCTIONS, text)
      ? text
      : ((name !== "log" && /^\d+$/.test(rest)) || own({ ...symbols, ...bases, ...ranges, e: 0, pi: 0 }, rest)) && name;
  }

  function declared(token) {
    const name = token.text,
      braced = next(1).text === "{" && next(3).text === "}",
      numbered = name + next(braced ? 2 : 1).text;
    if (sees("_") && own(symbols, numbered)) {
      at += braced ? 4 : 2;
      return [variable(symbols[numbered]), "plain"];
    }
    const single = own(symbols, name);
    if (own(bases, name)) {
      if (sees("_", "[") || (!single && sees("(")))
        return [elementOf(bases[name], sees("_") ? subscript(take()) : listed(), token), "plain"];
      if (!single) expected(`an index after '${name}', as in ${name}_k`);
    }
    return (single || own(ranges, name)) && bare(single ? variable(symbols[name]) : indexed(name), token);
  }

  const elementOf = ([base, ends], places, token) =>
    places.length === ends.length
      ? element(base, ends, places)
      : refuse(`expected ${ends.length} of its indices for '${token.text}', got ${places.length}`);

  function called(name) {
    const base = name === "log" && accept("_") && baseOfLog();
    if (sees("^")) expected(`the argument of ${name}, as in (${name} x)^2`);
    const index = name === "sqrt" && sees("["),
      brackets = sees("(", "{") || (sees("[") && !equality()),
      digits = name.slice(3);
    if (!brackets && /^\d/.test(digits) && glued(next())) twoWays(`log_${digits}(a)`, `log(${digits} a)`);
    const [inner, shape] = brackets ? [bracketed(), index ? "root" : "plain"] : factor();
    if (index && sees("{")) return [power(bracketed(), quotient(one, inner)), "plain"];
    return [
      (base ? toBase(base) : FUNCTIONS[name])(inner),
      brackets || /sum/.test(shape) ? shape : name === "sqrt" && inner.v ? "root" : "open"
    ];
  }

  function baseOfLog() {
    const token = enclosed(take),
      found = token.text === "e" ? Math.E : Number(token.text);
    return found >= 2 && found < 100 ? found : expected("a base, as in log_2(x)", token);
  }

  function part() {
    if (!/^\d+$/.test(next().text)) return isName(next()) ? word()[0] : sees("{") ? bracketed() : need("{");
    const { text } = take();
    if (text.length > 1) split(1);
    return number(Number(text[0]));
  }

  // sums over an index, and indices

  function summed(name) {
    let last = limit();
    accept("_") || expected(`the index of the ${name}, as in ${name}_k`);
    const runs = enclosed((opening) => {
      const found = run();
      while (opening && accept(",")) found.push(...run());
      return found;
    });
    last ||= limit();
    for (const { index } of runs) {
      if (bound.includes(index)) refuse(`${index} is in use by a sum: take another letter`);
      if (last && last !== ranges[index] && !(index === "i" && Object.values(ranges).includes(last)))
        expecting(`${index} to run up to ${ranges[index]}`, last);
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

  // Where i runs to: as far as what it is an index of.
  function likely(body) {
    const found = nodes(body).flatMap(({ a, ends = [] }) => ends.filter((_, n) => a[n].names === "i"));
    return new Set(found).size === 1 && found[0];
  }

  // What stands in brackets or without them.
  function enclosed(read) {
    const opening = accept("{", "("),
      found = read(opening);
    if (opening) need(CLOSING[opening.text]);
    return found;
  }

  function limit() {
    const found = accept("^") && enclosed(oneIndex);
    return found && (found.names ?? String(found({})));
  }

  /** @returns {{ index: string, left?: any }[]} */
  function run() {
    const token = next(),
      places = indexWord();
    if (places.some((place) => place.k !== "index")) expected("an index to run over", token);
    /** @type {{ index: string, left?: any }[]} */
    const found = places.map((place) => ({ index: place.names })),
      end = found.at(-1);
    if (accept("=")) {
      const token = next();
      if (oneIndex()({}) !== 1) expected(`${end.index} to run from 1`, token);
    } else if (accept("!=")) end.left = oneIndex();
    return found;
  }

  const subscript = (_underscore) => (sees("{", "(", "[") ? listed() : indexWord());

  function listed() {
    const closing = CLOSING[take().text],
      found = [];
    while (!sees(closing)) {
      found.push(...indexWord());
      accept(",");
    }
    take();
    return found;
  }

  function oneIndex() {
    const token = next(),
      size = symbols[token.text];
    if (size && Object.values(ranges).includes(size)) return variable(symbols[take().text]);
    const found = indexWord(0);
    return found.length === 1 ? found[0] : expected("one index", token);
  }

  function indexWord(least = 1) {
    const token = take(),
      { text } = token,
      letters = [...text];
    if (/^\d\d?$/.test(text) && Number(text) >= least) return [number(Number(text))];
    if (own(ranges, text)) return [indexed(text)];
    if (whole.includes(bases[text]?.[0]) && sees("_", "["))
      return [elementOf(bases[text], accept("_") ? subscript() : listed(), token)];
    const most = [...letters, ""].findIndex((letter) => !own(ranges, letter));
    if (!most || letters[most] <= "9") expected(`an index (${Object.keys(ranges).join(", ")})`, token);
    if (letters[most]) split(most); // LaTeX: q_jq_k is q_j q_k
    return letters.slice(0, most).map(indexed);
  }

  accept("=");
  const value = expression();
  return next().text ? expected("an operator or the end") : value;
}
