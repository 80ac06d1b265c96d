"""The register of claims: which function derives which claim, and in which chapter it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ce.claims.mathlib import formalisations
from ce.claims.standalone import runnable_source
from ce.derivation import Derivation

__all__ = ["Claim", "all_claims", "claim", "derivation"]

# Likelihood, information, gradients, squared error, variants, scores, regression, exercises, frameworks, and
# what goes beyond all of these.
_ORDER = "LIGMVSREFC"

_registered: dict[str, Claim] = {}


@dataclass(frozen=True, eq=False)
class Claim:
    """A derivation of the book and the chapter it stands in.

    Parameters
    ----------
    derivation
        The derivation, its code and what mathlib has of it filled in.
    chapter
        Name of the chapter's page without its folder, such as ``"kl-divergence"``.
    name
        The function that returns it.
    """

    derivation: Derivation
    chapter: str
    name: str

    @property
    def key(self) -> str:
        """The claim and its part, such as ``"G2 softmax"``."""
        return self.derivation.key


def claim(function: Callable[[], Derivation]) -> Callable[[], Derivation]:
    """Register a function's derivation as standing in the chapter that its module is named after.

    ``ce/claims/kl_divergence.py`` holds the claims of the page ``kl-divergence``, whatever folder of the book
    that is in.

    Raises
    ------
    ValueError
        When two functions derive the same part of one claim, or when the claim has no number.
    """
    made = function()
    key, number = made.key, made.claim
    if number[:1] not in tuple(_ORDER) or not number[1:].isdecimal():
        raise ValueError(
            f"claim of {function.__name__}: expected one of the letters {_ORDER} and a number, such as 'L3', "
            f"got {number!r}"
        )
    chapter = function.__module__.rpartition(".")[2].replace("_", "-")
    known = _registered.get(key)
    if known and (known.chapter, known.name) != (chapter, function.__name__):
        raise ValueError(
            f"claim {key!r} is derived twice: by {known.name} for the chapter {known.chapter} and by "
            f"{function.__name__} for {chapter}; give one of them another part"
        )

    @cache
    def build() -> Derivation:
        return replace(made, source=runnable_source(function), formalised=formalisations().get(key))

    _registered[key] = Claim(build(), chapter, function.__name__)
    build.__doc__, build.__name__ = function.__doc__, function.__name__
    return build


def all_claims() -> tuple[Claim, ...]:
    """Return every claim, in the order of their numbers. Every module of the package is looked into.

    Examples
    --------
    >>> [claim.key for claim in all_claims()][:2]
    ['L1 likelihood', 'L1 negative logarithm']
    """
    package = import_module("ce.claims")  # by name: the package itself imports this module
    for module in iter_modules(package.__path__):
        import_module(f"ce.claims.{module.name}")
    return tuple(sorted(_registered.values(), key=_place))


def _place(claim: Claim) -> tuple[int, int, str]:
    """Return the place of a claim among all; in a chapter, parts stay in the order they are written in."""
    number = claim.derivation.claim
    return _ORDER.index(number[0]), int(number[1:]), claim.chapter


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
