"""Where cross-entropy from two logits, 0 and z, breaks in floating point: measured, not argued.

Five ways to compute it run on z from 0.1 to 800, in three formats. Each result is held against the value
that 50 digits give for the logit as the format holds it, so that rounding the logit itself is not held
against anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

import mpmath
import numpy as np
from numpy.typing import NDArray
from scipy import special

from ce.checks import one_of
from ce.notebook import Table
from ce.numeric import cross_entropy_with_logits

Array: TypeAlias = NDArray[Any]
Case: TypeAlias = Literal["right", "wrong"]
Quantity: TypeAlias = Literal["loss", "gradient"]
Pair: TypeAlias = tuple[Array, Array]

FORMATS = ("float16", "float32", "float64")
GAPS = np.arange(1, 8001) / 10
# A result is off when it errs by more than this share of the true value.
SHARE = 0.01


def _from_probabilities(logits: Array, label: int) -> Pair:
    powers = np.exp(logits)
    probability = (powers / powers.sum(axis=-1, keepdims=True))[:, label]
    return -np.log(probability), probability - 1


def _shifted(logits: Array, label: int) -> Pair:
    return _from_probabilities(logits - logits.max(axis=-1, keepdims=True), label)


def _log_softmax(logits: Array, label: int) -> Pair:
    logarithm = special.log_softmax(logits, axis=-1)[:, label]
    return -logarithm, np.exp(logarithm) - 1


def _logsumexp(logits: Array, label: int) -> Pair:
    loss = special.logsumexp(logits, axis=-1) - logits[:, label]
    return loss, np.exp(-loss) - 1


def _ours(logits: Array, label: int) -> Pair:
    # ce refuses 16 bits; whoever has them converts them.
    logits = logits.astype(np.float32) if logits.dtype == np.float16 else logits
    loss, gradient = cross_entropy_with_logits(logits, np.full(len(logits), label), return_grad=True)
    return loss, gradient[:, label]


METHODS: dict[str, Callable[[Array, int], Pair]] = {
    "NumPy as it is written": _from_probabilities,
    "NumPy, largest logit taken off": _shifted,
    "SciPy log_softmax": _log_softmax,
    "SciPy logsumexp": _logsumexp,
    "ce": _ours,
}


@dataclass(frozen=True)
class Breaking:
    """What becomes of one way to compute as the logit grows.

    Parameters
    ----------
    starts
        The smallest logit at which the result is off by more than one per cent, zero, infinite, or undefined;
        only what happens is listed.
    ulp
        The largest error in units in the last place of the true value, in the format of the result.
    """

    starts: Mapping[str, float]
    ulp: float

    def __str__(self) -> str:
        if not self.starts:
            return f"right, to {self.ulp:.1f} ulp"
        return "; ".join(f"{what} from {gap:.1f}" for what, gap in self.starts.items())


def breaking_point(method: str, kind: str, case: Case, quantity: Quantity = "loss") -> Breaking:
    """Return where one method breaks in one format.

    Parameters
    ----------
    method
        A key of ``METHODS``.
    kind
        One of ``FORMATS``.
    case
        ``"right"``: the true class is the one of logit z; ``"wrong"``: it is the one of logit 0.
    quantity
        The loss, or its gradient at the logit of the true class.

    Raises
    ------
    ValueError
        For a method, a format, a case or a quantity that there is not.

    Examples
    --------
    In float32 the exponential overflows above 88.7:

    >>> breaking_point("NumPy as it is written", "float32", "right").starts["undefined"]
    88.8
    """
    one_of(method, tuple(METHODS), "breaking_point", "method")
    one_of(kind, FORMATS, "breaking_point", "kind")
    one_of(case, ("right", "wrong"), "breaking_point", "case")
    one_of(quantity, ("loss", "gradient"), "breaking_point", "quantity")
    logits = np.stack([np.zeros_like(GAPS), GAPS], axis=-1).astype(kind)
    with np.errstate(all="ignore"):
        results = METHODS[method](logits, int(case == "right"))
    got = results[quantity == "gradient"]
    return _judged(got, _truth(kind, case, quantity))


def breaking_points(case: Case, quantity: Quantity = "loss") -> Table:
    """Return a table: the methods down, the formats across. See :func:`breaking_point`."""
    rows = tuple(
        (method, *(str(breaking_point(method, kind, case, quantity)) for kind in FORMATS)) for method in METHODS
    )
    return Table((f"{quantity} of a {case} prediction", *FORMATS), rows)


@cache
def _truth(kind: str, case: Case, quantity: Quantity) -> tuple[mpmath.mpf, ...]:
    """Return the true values for the logits as the format holds them."""
    sign = 1 if case == "right" else -1
    with mpmath.workdps(50):
        gaps = [sign * mpmath.mpf(float(gap)) for gap in GAPS.astype(kind)]
        if quantity == "gradient":
            return tuple(-1 / (1 + mpmath.exp(gap)) for gap in gaps)
        return tuple(mpmath.log1p(mpmath.exp(-gap)) for gap in gaps)


def _judged(got: Array, truth: tuple[mpmath.mpf, ...]) -> Breaking:
    """Compare results with the truth; what is smaller than the format can hold may be 0."""
    with mpmath.workdps(50), np.errstate(all="ignore"):
        errors = np.array(
            [
                float(abs(mpmath.mpf(float(value)) - true)) if np.isfinite(value) else np.inf
                for value, true in zip(got, truth, strict=True)
            ]
        )
    true = np.array([float(value) for value in truth])
    unit = np.spacing(np.abs(true).astype(got.dtype)).astype(float)
    off = errors > np.maximum(SHARE * np.abs(true), unit)
    happens = {"off": off, "0": off & (got == 0), "∞": np.isinf(got), "undefined": np.isnan(got)}
    starts = {what: float(GAPS[at.argmax()]) for what, at in happens.items() if at.any()}
    # What is off only where it is already zero or worse, is not said twice.
    if any(gap == starts.get("off") for what, gap in starts.items() if what != "off"):
        del starts["off"]
    return Breaking(starts, float(np.max(errors / unit)))
