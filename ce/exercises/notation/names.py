"""The names a reader may use in one exercise, and what each stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from sympy import Abs, IndexedBase, Product, Sum, Symbol, exp, log, sqrt
from sympy.core.expr import Expr
from sympy.tensor.indexed import Indexed

from ce.formulas import sigmoid
from ce.symbols import K, N, c, i, j, k, l, m, n

__all__ = ["EITHER", "FUNCTIONS", "RANGES", "SUMS", "Names"]

_OUTCOME = Symbol("x", integer=True, positive=True)
_ALIKE = 0.7  # with less, p is pi, theta delta and eps exp

RANGES: Mapping[Symbol, Symbol] = MappingProxyType({j: K, k: K, l: K, m: K, c: K, n: N, i: N, _OUTCOME: K})
"""The indices of the book and the last value of each, 1 being the first; x is for ``sum_x p(x) log p(x)``.

A name that the exercise declares is that, and no index.
"""

EITHER = frozenset({i})
"""Indices that other books use for classes: in a sum they run over what they index."""


def _log(x: Expr) -> Expr:
    return log(x, evaluate=not x.is_Add)  # SymPy would look for the sign of a long sum, which may take seconds


FUNCTIONS: Mapping[str, Callable[[Expr], Expr]] = {
    "log": _log,
    "ln": _log,
    "log2": lambda x: _log(x) / log(2),
    "log10": lambda x: _log(x) / log(10),
    "log1p": lambda x: _log(1 + x),
    "logit": lambda x: _log(x / (1 - x)),
    "softplus": lambda x: _log(1 + exp(x)),
    "exp": exp,
    "sqrt": sqrt,
    "abs": Abs,
    "sigma": sigmoid,
    "sigmoid": sigmoid,
}
SUMS = {"sum": Sum, "prod": Product}
WORDS = (*FUNCTIONS, *SUMS, "delta", "e", "pi")
"""What every reader may write besides the names of the exercise."""


class Names:
    """What the names of an exercise stand for.

    Parameters
    ----------
    objects
        Symbols and indexed symbols under their own names. ``p[k]`` (or ``p``) takes one index, ``y[n, k]``
        two. The indices and their last values (K, N) need not be named.
    spelled
        Further spellings, such as ``{"phat": q}`` for chapters that write p̂ for the model.
    ranges
        The indices and the last value of each, 1 being the first.

    Raises
    ------
    TypeError
        When an object is neither a symbol nor an indexed symbol, a name is no word, or a range ends at no number.

    Attributes
    ----------
    symbols, bases
        Plain symbols by the name a reader types; indexed symbols, each with the number of its indices.
    ends
        What the indices of each indexed symbol run up to; ``None`` where that is not known.

    Examples
    --------
    >>> from ce.symbols import k, p, theta
    >>> Names(p[k], theta).known
    ['K', 'N', 'p_k', 'theta']
    """

    def __init__(
        self,
        *objects: Symbol | IndexedBase | Indexed,
        spelled: Mapping[str, Symbol | IndexedBase] | None = None,
        ranges: Mapping[Symbol, Symbol | int] = RANGES,
    ) -> None:
        self.symbols: dict[str, Symbol] = {}
        self.bases: dict[str, tuple[IndexedBase, int]] = {}
        self.ends: dict[IndexedBase, tuple[Symbol | int | None, ...]] = {}
        for what, given in (("spelled", spelled or {}), ("ranges", ranges)):
            if not isinstance(given, Mapping):
                raise TypeError(f"Names: expected a mapping as {what}, got {given!r}")
        for index, last in ranges.items():
            counts = isinstance(last, int) and not isinstance(last, bool) and last > 0
            if not (isinstance(index, Symbol) and (counts or isinstance(last, Symbol))):
                raise TypeError(f"Names: expected ranges from a Symbol to a Symbol or 1, 2, …, got {index!r}: {last!r}")
        own = ((str(getattr(thing, "base", thing)), thing) for thing in objects)
        for name, thing in (*own, *(spelled or {}).items()):
            if not isinstance(name, str) or name.split() != [name]:
                raise TypeError(f"Names: expected names without a space, got {name!r}")
            if isinstance(thing, Indexed | IndexedBase):
                self._add(name, thing, ranges)
            elif isinstance(thing, Symbol):
                self.symbols[name] = thing
            else:
                kind = type(thing).__name__
                raise TypeError(f"Names: expected Symbol, IndexedBase or Indexed, got {kind} {thing!r}")
        self.ranges = {index: last for index, last in ranges.items() if index.name not in self.bases}
        for last in ranges.values():
            if isinstance(last, Symbol):
                self.symbols.setdefault(last.name, last)

    def _add(self, name: str, thing: Indexed | IndexedBase, ranges: Mapping[Symbol, Symbol | int]) -> None:
        """Enter an indexed symbol: with indices as it is given, with one where a base stands alone."""
        base = getattr(thing, "base", thing)
        if isinstance(thing, Indexed):
            self.ends[base] = tuple(ranges.get(index) for index in thing.indices)
        elif base not in self.ends:
            self.ends[base] = (N if base.is_integer else K,)
        self.bases[name] = (base, len(self.ends[base]))

    def last_of(self, index: Symbol, body: Expr) -> Symbol | int:
        """Return up to where an index of a sum runs, given what is summed.

        Examples
        --------
        >>> from ce.symbols import i, k, p
        >>> Names(p[k]).last_of(i, p[i]), Names(p[k]).last_of(i, i)
        (K, N)
        """
        if index not in EITHER:
            return self.ranges[index]
        found = {
            self.ends[node.base][at]
            for node in body.atoms(Indexed)
            for at, used in enumerate(node.indices)
            if used == index
        }
        (last,) = found if len(found) == 1 else (None,)
        return last or self.ranges[index]

    @property
    def indices(self) -> Mapping[str, Symbol]:
        """The indices by name."""
        return {index.name: index for index in self.ranges}

    @property
    def known(self) -> list[str]:
        """Every name, as error messages list them."""
        indexed = [f"{name}_{'nk' if rank == 2 else 'k'}" for name, (_, rank) in self.bases.items()]
        return sorted({*indexed, *self.symbols})

    def suggestion(self, name: str, followed_by: str = "") -> str:
        """Say what an unknown name was probably meant to be, or which names there are.

        Only what has an index is suggested before ``_``, and no plain symbol before ``(``.

        Examples
        --------
        >>> from ce.symbols import k, p, theta
        >>> Names(p[k], theta).suggestion("pk")
        'did you mean p_k?'
        >>> Names(p[k], theta).suggestion("thetta")
        'did you mean theta?'
        >>> Names(theta).suggestion("p", followed_by="_")
        'the names here are K, N, theta'
        >>> Names(theta).suggestion("KL", followed_by="(")
        'the names here are K, N, theta'
        """
        names = [*self.symbols, *self.bases, *self.indices, *WORDS]
        letters = name.rstrip("0123456789")
        for cut in range(len(name) - 1, 0, -1):
            head, tail = name[:cut], name[cut:]
            if head in self.bases and (tail.isdigit() or all(letter in self.indices for letter in tail)):
                return f"did you mean {head}_{tail}?"
            if head in names and (tail in names or (tail.isdigit() and head == letters)):
                return f"did you mean {head} {tail} (a product needs a blank or *)?"
        fitting = {"_": [*self.bases], "(": [*self.bases, *WORDS]}.get(followed_by, names)
        close = (get_close_matches(word, fitting, 1, _ALIKE) for word in (name, name.lower()))
        return next((f"did you mean {found[0]}?" for found in close if found), self.listed)

    @property
    def listed(self) -> str:
        """What is said of an unknown name that is like none of these."""
        return f"the names here are {', '.join(self.known)}" if self.known else "the answer is a number"
