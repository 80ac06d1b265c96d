r"""LaTeX the way people write it: :math:`y \log p`, a minus sign out in front, 1/N before its sum.

SymPy's own printer orders factors by an internal rule; this one orders them by kind, so that every page
prints one expression in one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from itertools import chain, pairwise
from typing import Any

from mpmath.libmp import to_str
from sympy import Add, Indexed, IndexedBase, Integer, Mul, Pow, Product, Rational, Sum, Symbol, exp, log, pi, pretty
from sympy.core.basic import Basic
from sympy.core.expr import Expr
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter

from ce.formulas.functions import LogSumExp, Node, xlogy
from ce.formulas.names import bound_in, names_in
from ce.formulas.operators import Largest

_NUMBER = re.compile(r"[\d.]+|\\frac\{[\d.]+\}\{[\d.]+\}")
_LETTERS = {"epsilon": r"\varepsilon", "phat": r"\hat{p}"}


def typeset(expression: Basic, terms: Mapping[Basic, int] | None = None) -> str:
    r"""Return the LaTeX of an expression in textbook order.

    Parameters
    ----------
    expression
        A SymPy expression, symbol or indexed base.
    terms
        Parts of it to be marked with a number, as ``\htmlData{ce-term=0}{...}``; with an indexed base, its elements.

    Examples
    --------
    >>> from sympy import Sum, log
    >>> from ce.symbols import K, N, k, n, p, q
    >>> print(typeset(-Sum(p[k] * log(q[k]), (k, 1, K))))
    -\sum_{k=1}^{K} p_{k} \log q_{k}
    >>> print(typeset(Sum(log(q[n]), (n, 1, N)) / N))
    \frac{1}{N} \sum_{n=1}^{N} \log q_{n}
    """
    return str(_Printer({"order": None}, terms).doprint(expression))


def formula_text(formula: Any) -> str:
    """Return a formula, or a name, as it stands among words: in the letters of the page, with a minus sign.

    Examples
    --------
    >>> from sympy import Symbol, log, oo
    >>> from ce.symbols import N, prob, sigma
    >>> formula_text(2 * sigma**2 / N), formula_text(-log(prob) ** sigma), formula_text(-oo)
    ('2 σ²/N', '−log(p̂)^σ', '−∞')
    >>> formula_text("mu[2]")
    'μ₂'
    """
    text = re.sub(r"\b[A-Za-z]\w*\b(?!\{)", lambda name: _letter(name[0]), str(formula))
    text = re.sub(r"\[(\d+)\]", lambda index: index[1].translate(_LOWERED), text)
    text = re.sub(r"\*\*([23])\b", lambda power: {"2": "²", "3": "³"}[power[1]], text)
    return text.replace("**", "^").replace("*", " ").replace("-", "−")


def number_text(value: Any, digits: int = 8) -> str:
    """Return a number of mpmath, or several, as it stands among words: a small fraction as such, else to ``digits``.

    Examples
    --------
    >>> from mpmath import mpf
    >>> number_text((mpf(-3) / 4, mpf(2) ** 0.5))
    '(−3/4, 1.4142136)'
    """
    if isinstance(value, tuple | list):
        return f"({', '.join(number_text(item, digits) for item in value)})"
    if isinstance(value, int):
        return formula_text(int(value))
    for denominator in range(1, 41) if abs(value) < 10**6 else ():
        whole = round(value * denominator)
        if abs(value * denominator - whole) < 1e-30:
            return formula_text(Fraction(whole, denominator))
    return formula_text(to_str(value._mpf_, digits))


def listed_text(things: Iterable[Any]) -> str:
    """Return formulas or names in a row, as they stand among words.

    Examples
    --------
    >>> from ce.symbols import N, K, prob
    >>> listed_text([prob, N, K])
    'K, N, p̂'
    """
    return ", ".join(sorted(map(formula_text, things)))


def described(drawn: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return values under names such as ``"q[]|3"`` as text with the names of the page: sizes and indices first.

    Examples
    --------
    >>> from mpmath import mpf
    >>> described({"q[]|2": (mpf(1) / 4, mpf(3) / 4), "K|integer": 2})
    (('K', '2'), ('q', '(1/4, 3/4)'))
    """
    order = sorted(drawn.items(), key=lambda one: (isinstance(one[1], tuple), type(one[1]) is not int, one[0]))
    names = [formula_text(name.partition("|")[0].replace("[]", "")) for name, _ in order]
    texts = [formula_text(value) if isinstance(value, Expr) else number_text(value) for _, value in order]
    return tuple(zip(names, texts, strict=True))


def as_factor(latex: str) -> str:
    r"""Return LaTeX that others may stand beside: in brackets where a sign stands in it that is within none.

    Examples
    --------
    >>> print(as_factor("f(a + b)"), as_factor("a + b"))
    f(a + b) \left(a + b\right)
    """
    flat = _flat(latex)
    return _bracketed(latex) if " + " in flat or " - " in flat or flat.startswith("-") else latex


def _flat(latex: str) -> str:
    """Return what stands within no braces and no brackets."""
    flat, bare = "", latex
    while flat != bare:
        flat, bare = bare, re.sub(r"\{[^{}]*\}|\([^()]*\)", "", bare)
    return flat


def differentiated(latex: str, by: Basic) -> str:
    r"""Return the LaTeX of a derivative: ∂L/∂z, and ∂²L/∂z² of one by the same variable.

    Examples
    --------
    >>> from ce.symbols import logit
    >>> print(differentiated(differentiated("L", logit), logit))
    \frac{\partial^2 L}{\partial z^2}
    """
    variable = typeset(by)
    once, tail = r"\frac{\partial ", rf"}}{{\partial {variable}}}"
    if latex.startswith(once) and latex.endswith(tail) and latex.count(r"\frac") == 1:
        return rf"\frac{{\partial^2 {latex[len(once) : -len(tail)]}}}{{\partial {variable}^2}}"
    if latex.startswith("[") or len(latex) > 24:
        return rf"\frac{{\partial}}{{\partial {variable}}} {latex}"
    return f"{once}{latex}{tail}"


def printed_alike(things: Iterable[Basic]) -> str:
    """Return what two different symbols, bases or functions in some expressions are both printed as, or nothing.

    Beside a base z a symbol z_1 looks like one of its entries, and a symbol e beside an exponential like its base.

    Examples
    --------
    >>> from ce.symbols import k, z
    >>> printed_alike([z[k], Symbol("z_1")]), printed_alike([z[k], Symbol("y_1"), Symbol("y_2")])
    ('z', '')
    """
    known: dict[str, Any] = {}
    for thing in things:
        named = [(typeset(one), one) for one in chain(names_in(thing), bound_in(thing), thing.atoms(Indexed))]
        named += [(typeset(Symbol(str(one.func))), one.func) for one in thing.atoms(AppliedUndef)]
        named += [("e", exp)] * thing.has(exp) + [(r"\pi", pi)] * thing.has(pi)
        for text, one in tuple(named):
            if isinstance(one, IndexedBase) or (isinstance(one, Symbol) and "_{" in text):
                named.append((text.partition("_{")[0] + "_", isinstance(one, IndexedBase)))
        for text, one in named:
            if known.setdefault(text, one) != one:
                return text.strip("_")
    return ""


_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@cache
def _letter(name: str) -> str:
    return "∞" if name == "oo" else pretty(Symbol(name), use_unicode=True)


class _Printer(LatexPrinter):
    """Prints by kind of factor and term; every method returns LaTeX."""

    def __init__(self, settings: dict[str, Any], terms: Mapping[Basic, int] | None) -> None:
        super().__init__(settings)
        self._terms = terms or {}

    def _print(self, expr: Any, **others: Any) -> str:
        text = str(super()._print(expr, **others))
        number = self._terms.get(expr.base if isinstance(expr, Indexed) else expr)
        return text if number is None or isinstance(expr, IndexedBase) else rf"\htmlData{{ce-term={number}}}{{{text}}}"

    def _print_Symbol(self, symbol: Symbol, **_: Any) -> str:  # noqa: N802
        if symbol.name in _LETTERS:
            return _LETTERS[symbol.name]
        if any(mark in symbol.name for mark in r"\({^"):  # an abbreviation that brings its own LaTeX
            return str(symbol.name)
        text = str(super()._print_Symbol(symbol))
        return rf"\mathit{{{text}}}" if text == symbol.name and text.isalpha() and len(text) > 1 else text  # a word

    def _print_Indexed(self, element: Indexed) -> str:  # noqa: N802
        indices = ",".join(self._print(index) for index in element.indices)
        name = self._print(element.base)
        return rf"{name}_{{{indices}}}" if "_" not in name else rf"{{{name}}}_{{{indices}}}"

    def _print_KroneckerDelta(self, delta: Expr, exp: str | None = None) -> str:  # noqa: N802
        first, second = sorted(delta.args[:2], key=lambda index: (index.is_Symbol, str(index) == "c", str(index)))
        power = "" if exp is None else f"^{{{exp}}}"
        return rf"[{self._print(first)} = {self._print(second)}]{power}"

    def _print_Rational(self, number: Rational) -> str:  # noqa: N802
        sign, (above, below) = "-" if number < 0 else "", (abs(number.p), number.q)
        return f"{sign}{above}" if below == 1 else rf"{sign}\frac{{{above}}}{{{below}}}"

    # sums and products over an index

    def _over(self, sign: str, node: Sum | Product) -> str:
        signs = "".join(
            rf"{sign}_{{{self._print(symbol)}={self._print(low)}}}^{{{self._print(high)}}} "
            for symbol, low, high in reversed(node.limits)
        )
        body = self._print(node.function)
        return signs + (_bracketed(body) if isinstance(node.function, Add) else body)

    def _print_Sum(self, node: Sum) -> str:  # noqa: N802
        return self._over(r"\sum", node)

    def _print_Product(self, node: Product) -> str:  # noqa: N802
        return self._over(r"\prod", node)

    # terms

    def _print_Add(self, node: Add, order: Any = None) -> str:  # noqa: N802
        terms = sorted(self._as_ordered_terms(node), key=lambda term: _term_rank(term, node))
        text = ""
        for term in terms:
            negative = _is_negative(term)
            body = self._print(-term) if negative else self._print(term)
            if negative and isinstance(-term, Add):
                body = _bracketed(body)
            text += (" - " if negative else " + ") + body if text else ("-" if negative else "") + body
        return text

    # factors

    def _print_Mul(self, node: Mul) -> str:  # noqa: N802
        if _is_negative(node):
            rest = -node
            body = self._print(rest)
            return "-" + (_bracketed(body) if isinstance(rest, Add) else body)
        above, below = _fraction(node)
        if not below:
            return self._factors(above)
        denominator = self._factors(below)
        outside = [factor for factor in above if _is_tall(factor)]
        if outside and not any(factor.has(Sum) for factor in below):
            inside = [factor for factor in above if not _is_tall(factor)]
            return rf"\frac{{{self._factors(inside) or '1'}}}{{{denominator}}} {self._factors(outside)}"
        return rf"\frac{{{self._factors(above) or '1'}}}{{{denominator}}}"

    def _factors(self, factors: list[Expr]) -> str:
        ordered = sorted(factors, key=_factor_rank)
        if len(ordered) == 1:
            return str(self._print(ordered[0]))
        if any(_ends_open(factor) for factor in ordered):  # a sum beside a logarithm: bracket it and put it first
            ordered = sorted(ordered, key=lambda factor: (_ends_open(factor), _factor_rank(factor)))
        texts = [self._factor(factor, last=at == len(ordered) - 1) for at, factor in enumerate(ordered)]
        line = texts[:1]
        for one, other in pairwise(texts):
            numbers = _NUMBER.fullmatch(one) and _NUMBER.match(other)  # 1 2/5 would be more than one
            line += [r" \cdot " if numbers else " ", other]
        return "".join(line)

    def _factor(self, factor: Expr, *, last: bool) -> str:
        text = self._print(factor)
        return _bracketed(text) if isinstance(factor, Add) or (_ends_open(factor) and not last) else text

    def _print_Pow(self, node: Pow) -> str:  # noqa: N802
        base, exponent = node.base, node.exp
        if exponent.is_Rational and exponent < 0:
            return rf"\frac{{1}}{{{self._print(base**-exponent)}}}"
        if exponent.is_Rational and exponent.p == 1 and exponent.q == 2:
            return rf"\sqrt{{{self._print(base)}}}"
        power = self._print(exponent)
        if isinstance(base, Node):
            return str(self._print(base, exp=power))
        text = self._print(base)
        simple = isinstance(base, Symbol | Indexed) or (isinstance(base, Integer) and base > 0)
        if isinstance(base, Symbol) and not base.name.startswith(r"\left("):  # a number that is put in, in its brackets
            simple = "(" not in base.name and not base.name.startswith(r"\frac")
        return rf"{text}^{{{power}}}" if simple else rf"{_bracketed(text)}^{{{power}}}"

    def _print_log(self, node: log, exp: str | None = None) -> str:
        argument = node.args[0]
        text = self._print(argument)
        bare = isinstance(argument, Symbol | Indexed | Sum | Product) or argument.is_Integer
        fraction = isinstance(argument, Mul | Pow | Rational) and _flat(text) == r"\frac"  # with nothing after it
        text = rf"\log {text}" if bare or fraction else rf"\log\left({text}\right)"
        return str(self._do_exponent(text, exp))

    def _print_AppliedUndef(self, node: Expr) -> str:  # noqa: N802
        arguments = ", ".join(self._print(argument) for argument in node.args)
        return f"{type(node).__name__}{_bracketed(arguments)}"


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)"


def _is_negative(term: Expr) -> bool:
    return bool(term.as_coeff_Mul()[0] < 0)


def _is_tall(factor: Expr) -> bool:
    """Return whether a factor goes beside a fraction and not into its numerator."""
    return isinstance(factor, Sum | Product) or (isinstance(factor, log) and factor.has(Sum, Product))


def _ends_open(factor: Expr) -> bool:
    """Return whether the printed factor swallows what follows it."""
    return isinstance(factor, Sum | Product | log | LogSumExp | Largest | xlogy)


def _term_rank(term: Expr, whole: Add) -> tuple[int, int]:
    """Return the place of a term: what is positive first; a number first before exponentials, else last."""
    negative = _is_negative(term)
    if term.is_number:
        early = not negative and any(other.has(exp) or _is_negative(other) for other in whole.args)
        return int(negative), -1 if early else 1
    return int(negative), 0


# The place of a factor by its kind, or by that of the base of a power; numbers come first, other functions at 5.
_RANKS: tuple[tuple[Any, int], ...] = ((Symbol, 1), (Indexed, 2), (exp, 3), (Add, 4), (Sum | Product, 6), (log, 7))


def _factor_rank(factor: Expr) -> tuple[int, str]:
    base = factor.base if isinstance(factor, Pow) else factor
    rank = 0 if factor.is_number else next((place for kind, place in _RANKS if isinstance(base, kind)), 5)
    return rank, str(factor)


def _fraction(node: Mul) -> tuple[list[Expr], list[Expr]]:
    """Return the factors above and below the line."""
    above: list[Expr] = []
    below: list[Expr] = []
    number = Integer(1)
    for factor in node.args:
        if isinstance(factor, Rational):
            number *= factor
        elif isinstance(factor, Add):  # SymPy moves a number into a bracket: 2 (p - y) is stored as (2 p - 2 y)
            content, rest = factor.primitive()
            number *= content
            above.append(rest)
        elif isinstance(factor, Pow) and factor.exp.is_Rational and factor.exp < 0:
            below.append(factor.base**-factor.exp)
        else:
            above.append(factor)
    above += [Integer(number.p)] if number.p != 1 else []
    below += [Integer(number.q)] if number.q != 1 else []
    return above, below
