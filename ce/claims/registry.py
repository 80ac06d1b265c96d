"""The register of claims: which function derives which claim, and on which page it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ce.claims.source import runnable_source
from ce.derivation import Derivation

__all__ = ["Claim", "all_claims", "derivation", "on_page"]

_ORDER = (
    "LIGMVSREF"  # likelihood, information, gradients, squared error, variants, scores, regression, exercises
)

_registered: dict[str, Claim] = {}


@dataclass(frozen=True, eq=False)
class Claim:
    """A derivation of the book and the page it stands on.

    Parameters
    ----------
    derivation
        The derivation, its code filled in.
    page
        Document name of the page, from the book's root.
    name
        The function that returns it.
    """

    derivation: Derivation
    page: str
    name: str

    @property
    def key(self) -> str:
        """The claim and its part, such as ``"G2 softmax"``."""
        return self.derivation.key


def on_page(page: str) -> Callable[[Callable[[], Derivation]], Callable[[], Derivation]]:
    """Return a decorator that registers a function's derivation as standing on a page.

    Parameters
    ----------
    page
        Document name below ``book/``, such as ``"three-names/one-procedure"``.

    Raises
    ------
    ValueError
        When two functions derive the same part of one claim.
    """

    def register(function: Callable[[], Derivation]) -> Callable[[], Derivation]:
        key = function().key
        known = _registered.get(key)
        if known and known.name != function.__name__:
            raise ValueError(f"claim {key!r} is derived twice: by {known.name} and by {function.__name__}")

        @cache
        def build() -> Derivation:
            return replace(function(), source=runnable_source(function))

        made = build()
        _registered[made.key] = Claim(made, f"book/{page}", function.__name__)
        build.__doc__, build.__name__ = function.__doc__, function.__name__
        return build

    return register


def all_claims() -> tuple[Claim, ...]:
    """Return every claim, in the order of their numbers. Every module of the package is looked into.

    Examples
    --------
    >>> [claim.key for claim in all_claims()][:2]
    ['L1 likelihood', 'L1 negative logarithm']
    """
    import ce.claims  # noqa: PLC0415  (the package is complete only by now)

    for module in iter_modules(ce.claims.__path__):
        import_module(f"ce.claims.{module.name}")
    return tuple(sorted(_registered.values(), key=_place))


def _place(claim: Claim) -> tuple[int, str]:
    """Return the place of a claim in the book's order; parts stay in the order they are written in."""
    number = claim.derivation.claim
    return _ORDER.index(number[0]), number[1:]


def derivation(key: str) -> Derivation:
    """Return the derivation of a claim by its key, such as ``"L2"`` or ``"G2 softmax"``.

    Raises
    ------
    KeyError
        When there is none; the message lists the keys there are.
    """
    claims = {claim.key: claim.derivation for claim in all_claims()}
    if key not in claims:
        raise KeyError(f"expected one of {', '.join(claims)}, got {key!r}")
    return claims[key]
