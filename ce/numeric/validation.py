"""What every public function does first: turn its arguments into checked arrays, or refuse them.

A refusal says which function and which argument, what was expected, what came, and the first index at which
it came. A wrong kind of value (strings, objects, complex or masked arrays) is a ``TypeError``; a wrong shape
or number is a ``ValueError``.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ce.numeric.blocks import blocks

__all__ = [
    "PMF_TOLERANCE", "BoolArray", "Float64Array", "FloatArray", "IntArray", "as_rows", "integer_labels",
    "logits_array", "number", "one_of", "pmf_array", "positive_integer", "probability_array", "real_array",
    "same_shape",
]  # fmt: skip

FloatArray: TypeAlias = NDArray[Any]  # float64, or float32 where that came in
Float64Array: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]

PMF_TOLERANCE = 1e-6
"""How far a sum of probabilities may be from one: a float32 softmax over a thousand classes stays within.

The functions compute with what they are given; nothing is renormalised.
"""

def message(function: str, name: str, expected: str, got: str, hint: str = "") -> str:
    """Return the one sentence in which every refusal is worded."""
    return f"{function}: argument `{name}`: expected {expected}, got {got}" + (f"; {hint}" if hint else "")


def _refuse_where(
    bad: NDArray[np.bool_], array: NDArray[Any], where: tuple[str, str], expected: str, hint: str = ""
) -> None:
    """Raise for the first place, in reading order, at which ``bad`` is true."""
    if not bad.any():
        return
    index = tuple(int(i) for i in np.unravel_index(int(bad.argmax()), bad.shape))
    place = f" at index {index}" if index else ""
    raise ValueError(message(*where, expected, f"{array[index]}{place}", hint))


def _array(value: ArrayLike, where: tuple[str, str], kinds: str, expected: str) -> NDArray[Any]:
    """Return ``value`` as a non-empty array whose dtype is of one of the ``kinds`` (NumPy's letters)."""
    if isinstance(value, np.ma.MaskedArray):
        hint = "its mask would be lost: use .compressed() or .filled()"
        raise TypeError(message(*where, expected, "a masked array", hint))
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(message(*where, "an array", "nested sequences of different lengths")) from None
    if array.size == 0:
        raise ValueError(message(*where, "at least one entry", f"an empty array of shape {array.shape}"))
    if array.dtype.kind not in kinds:
        target = "float" if "f" in kinds else "int"
        hint = f"where that is meant, convert it first: np.asarray({where[1]}, dtype={target})"
        raise TypeError(message(*where, expected, f"dtype {array.dtype}", hint))
    return array


def _floating(value: ArrayLike, where: tuple[str, str], least_axes: int, boolean: bool) -> FloatArray:
    """Return ``value`` as float32 if it is that, else as float64 if nothing is lost by it."""
    if type(value) is np.ndarray and value.dtype.char in "df" and value.size and value.ndim >= least_axes:
        return value  # nothing to object to: the short way for the common case
    array = _array(value, where, "iuf" + "b" * boolean, "real numbers")
    if array.ndim < least_axes:
        axes = "(..., K), K classes" if least_axes == 1 else "(..., N, K), N examples and K classes"
        raise ValueError(message(*where, f"an array of shape {axes}", f"shape {array.shape}"))
    if array.dtype.kind == "f" and array.dtype not in (np.float64, np.float32):
        hint = f"convert it where that is meant: np.asarray({where[1]}, dtype=float)"
        raise TypeError(message(*where, "float64, float32 or integers", f"dtype {array.dtype}", hint))
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def real_array(
    value: ArrayLike, function: str, name: str, *, least_axes: int = 0, boolean: bool = False
) -> Float64Array:
    """Return ``value`` as a float64 array of finite numbers.

    Parameters
    ----------
    value
        What the caller passed.
    function, name
        Where it was passed: they open the message.
    least_axes
        How many axes the array must have at least.
    boolean
        Whether truth values may stand for 0 and 1.

    Raises
    ------
    TypeError
        For anything but integers, float32 and float64.
    ValueError
        For an empty array, too few axes, NaN or infinity.

    Examples
    --------
    >>> real_array([0.0, float("nan")], "softmax", "logits")
    Traceback (most recent call last):
        ...
    ValueError: softmax: argument `logits`: expected finite numbers, got nan at index (1,)
    """
    where = (function, name)
    result = _floating(value, where, least_axes, boolean).astype(np.float64, copy=False)
    _refuse_where(~np.isfinite(result), result, where, "finite numbers")
    return result


def logits_array(value: ArrayLike, function: str, name: str = "logits", *, least_axes: int = 1) -> FloatArray:
    """Return what a model puts out, by default of shape (..., K): any real numbers.

    Infinities have limits, and a NaN is the sign of a model that diverged: both pass.

    Raises
    ------
    TypeError, ValueError
        For anything but integers, float32 and float64; for an empty array or too few axes.
    """
    return _floating(value, (function, name), least_axes, boolean=False)


def positive_array(value: ArrayLike, function: str, name: str) -> FloatArray:
    """Return numbers above zero; a NaN, the sign of a model that diverged, passes.

    Raises
    ------
    TypeError, ValueError
        As :func:`logits_array`, and for a number that is zero or negative.
    """
    array = _floating(value, (function, name), 0, boolean=False)
    _refuse_where(array <= 0, array, (function, name), "numbers above 0", "nothing is floored silently")
    return array


def probability_array(value: ArrayLike, function: str, name: str, *, least_axes: int = 0) -> FloatArray:
    """Return numbers that each lie in [0, 1]; truth values stand for 0 and 1.

    Raises
    ------
    TypeError, ValueError
        As :func:`logits_array`, and for a NaN or a number outside [0, 1].
    """
    array = _floating(value, (function, name), least_axes, boolean=True)
    flat = array.reshape(-1)
    for place in blocks(flat.size):
        # One comparison each for the least and the largest: a NaN makes both false.
        if not (flat[place].min() >= 0 and flat[place].max() <= 1):
            _refuse_where(~((array >= 0) & (array <= 1)), array, (function, name), "numbers in [0, 1]")
    return array


def pmf_array(value: ArrayLike, function: str, name: str, *, least_axes: int = 1) -> FloatArray:
    """Return probability mass functions: numbers in [0, 1] whose sum over the last axis is 1.

    Raises
    ------
    TypeError, ValueError
        As :func:`probability_array`, and for a sum further from 1 than :data:`PMF_TOLERANCE`.

    Examples
    --------
    >>> try:
    ...     pmf_array([[0.5, 0.5], [0.5, 0.4]], "entropy", "p")
    ... except ValueError as error:
    ...     print(str(error).partition("; ")[0])
    entropy: argument `p`: expected a sum of 1 over the last axis, got 0.9 at index (1,)
    """
    array = _floating(value, (function, name), least_axes, boolean=True)
    rows = as_rows(array)
    for place in blocks(*rows.shape):
        totals = np.add.reduce(rows[place], axis=-1, dtype=np.float64)
        # Nothing negative and a sum of one: then nothing is above one either. A NaN makes both false.
        if not (rows[place].min() >= 0 and np.abs(totals - 1).max() <= PMF_TOLERANCE):
            _refuse_pmf(array, (function, name))
    return array


def _refuse_pmf(array: FloatArray, where: tuple[str, str]) -> None:
    """Raise for what keeps an array from being pmfs."""
    _refuse_where(~((array >= 0) & (array <= 1 + PMF_TOLERANCE)), array, where, "numbers in [0, 1]")
    totals = np.asarray(array.sum(axis=-1, dtype=np.float64))
    _refuse_where(np.abs(totals - 1) > PMF_TOLERANCE, totals, where,
                  "a sum of 1 over the last axis", "divide by the sum, or use a softmax")  # fmt: skip


def as_rows(array: FloatArray) -> FloatArray:
    """Return an array of shape (..., K) as rows, of shape (N, K)."""
    return array.reshape(-1, array.shape[-1])


def number(value: float, function: str, name: str, *, low: float, high: float = np.inf) -> float:
    """Return one finite number from ``low`` to ``high``.

    Raises
    ------
    TypeError, ValueError
        For anything else.

    Examples
    --------
    >>> number(-0.5, "smooth_labels", "epsilon", low=0, high=1)
    Traceback (most recent call last):
        ...
    ValueError: smooth_labels: argument `epsilon`: expected a number from 0 to 1, got -0.5
    """
    if type(value) is float and low <= value <= high and math.isfinite(value):
        return value
    upward = f"a finite number of at least {low:g}"
    expected = f"a number from {low:g} to {high:g}" if math.isfinite(high) else upward
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(message(function, name, expected, repr(value)))
    if not (low <= value <= high and math.isfinite(value)):
        raise ValueError(message(function, name, expected, f"{value}"))
    return float(value)


def integer_labels(value: ArrayLike, function: str, name: str, *, classes: int) -> IntArray:
    """Return class numbers 0, …, ``classes`` − 1.

    Raises
    ------
    TypeError
        For a dtype that is not an integer one (1.0 and True are no class numbers).
    ValueError
        For an empty array or a number out of range.
    """
    if type(value) is np.ndarray and value.dtype == np.int64 and value.size:
        array: NDArray[Any] = value
    else:
        array = _array(value, (function, name), "iu", "integer class numbers")
    flat = array.reshape(-1)
    if flat[flat.argmin()] < 0 or flat[flat.argmax()] >= classes:
        _refuse_where((array < 0) | (array >= classes), array, (function, name),
                      f"class numbers from 0 to {classes - 1}", "the classes count from 0")  # fmt: skip
    return array.astype(np.int64, copy=False)


def same_shape(array: NDArray[Any], shape: tuple[int, ...], function: str, name: str, of: str) -> None:
    """Refuse an array whose shape is not ``shape``, which ``of`` describes in words.

    Raises
    ------
    ValueError
        When the shapes differ, even where NumPy could broadcast one to the other.
    """
    if array.shape != shape:
        hint = "nothing is broadcast silently: use np.broadcast_to where it is meant"
        raise ValueError(message(function, name, f"{of}, {shape}", f"shape {array.shape}", hint))


def positive_integer(value: int, function: str, name: str) -> int:
    """Return ``value`` as an int of at least 1.

    Raises
    ------
    TypeError, ValueError
        For anything that is not an integer (True is none), or one below 1.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise TypeError(message(function, name, "a positive integer", repr(value)))
    if value < 1:
        raise ValueError(message(function, name, "a positive integer", repr(value)))
    return int(value)


def one_of(value: str, choices: tuple[str, ...], function: str, name: str) -> None:
    """Refuse a ``value`` that is not among ``choices``.

    Raises
    ------
    ValueError
        When it is not.
    """
    if not isinstance(value, str) or value not in choices:
        raise ValueError(message(function, name, f"one of {', '.join(map(repr, choices))}", repr(value)))
