"""One way to refuse bad input: which function and argument, what was expected, what came, where, what to do.

A wrong kind of value (strings, objects, complex or masked arrays) is a ``TypeError``; a wrong shape or number
is a ``ValueError``. The shape is looked at before the numbers, which mean nothing in a wrong one.
"""

from __future__ import annotations

import math
import sys
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[Any]  # float64, or float32 where that came in
Float64Array: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]

MOST = 2**53
"""No count is larger: up to here float64 has every integer, and an array of so many numbers fits nowhere."""

MANY = 2**12
"""How many sums of probabilities are looked at at a time."""


def message(function: str, name: str, expected: str, got: str, hint: str = "") -> str:
    """Return the one sentence in which every refusal is worded."""
    return f"{function}: argument `{name}`: expected {expected}, got {got}" + (f"; {hint}" if hint else "")


def refuse_where(bad: BoolArray, array: NDArray[Any], where: tuple[str, str], expected: str, hint: str = "") -> None:
    """Raise for the first place, in reading order, at which ``bad`` is true."""
    if bad.any():
        index = tuple(int(i) for i in np.unravel_index(int(bad.argmax()), bad.shape))
        place = f" at index {index}" if index else ""
        raise ValueError(message(*where, expected, f"{array[index]}{place}", hint))


def _masked(value: object) -> bool:
    """Return whether a value is a masked array, or a list that holds one."""
    if isinstance(value, list | tuple):
        return any(_masked(item) for item in value)
    return isinstance(value, np.ma.MaskedArray)


def _conversion(value: Any, name: str, kind: str, target: str) -> str:
    """Return what to do with a value that NumPy reads as an array of the wrong ``kind`` (NumPy's letter)."""
    if hasattr(value, "toarray"):
        return f"a sparse matrix has to be dense: {name}.toarray()"
    if hasattr(value, "__next__"):
        return f"a generator has to be read first: list({name})"
    if kind in "OV":
        return "give an array of numbers, or nested lists of them"
    if kind in "USmM":
        return "give numbers" if target == "float" else f"number them: np.unique({name}, return_inverse=True)[1]"
    return f"where that is meant, convert it first: np.asarray({name}, dtype={target})"


def _array(value: Any, where: tuple[str, str], kinds: str, expected: str) -> NDArray[Any]:
    """Return ``value`` as a non-empty array whose dtype is of one of the ``kinds`` (NumPy's letters)."""
    if _masked(value):
        hint = "its mask would be lost: use .compressed() or .filled()"
        raise TypeError(message(*where, expected, "a masked array", hint))
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(message(*where, "an array", "nested sequences of different lengths")) from None
    except (RuntimeError, TypeError) as error:  # a tensor that is to be differentiated, or of bfloat16
        hint = f"make it an array first, such as {where[1]}.detach().double().numpy()"
        raise TypeError(message(*where, expected, f"{type(value).__name__} ({error})", hint)) from error
    if array.size == 0:
        raise ValueError(message(*where, "at least one entry", f"an empty array of shape {array.shape}"))
    if array.dtype.kind not in kinds:
        hint = _conversion(value, where[1], array.dtype.kind, "float" if "f" in kinds else "int")
        raise TypeError(message(*where, expected, f"dtype {array.dtype}", hint))
    return array


def values_array(
    value: ArrayLike, function: str, name: str, *, least_axes: int = 0, boolean: bool = False
) -> FloatArray:
    """Return any real numbers, NaN and infinity among them: float32 if they are that, else as float64.

    Other precisions are refused, since something would be lost. Truth values count if ``boolean``.
    """
    where = (function, name)
    array = _array(value, where, "iuf" + "b" * boolean, "real numbers")
    if array.ndim < least_axes:
        axes = "(..., K), K classes" if least_axes == 1 else "(..., N, K), N examples and K classes"
        raise ValueError(message(*where, f"an array of shape {axes}", f"shape {array.shape}"))
    if array.dtype.kind != "f":
        return array.astype(np.float64)
    if array.dtype.itemsize not in (4, 8):
        hint = f"convert it where that is meant: np.asarray({name}, dtype=float)"
        raise TypeError(message(*where, "float64, float32 or integers", f"dtype {array.dtype}", hint))
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def finite_array(value: ArrayLike, function: str, name: str, *, boolean: bool = False) -> FloatArray:
    """Return :func:`values_array` where all are finite."""
    array = values_array(value, function, name, boolean=boolean)
    if not (np.isfinite(array.min()) and np.isfinite(array.max())):
        refuse_where(~np.isfinite(array), array, (function, name), "finite numbers")
    return array


def real_array(value: ArrayLike, function: str, name: str) -> Float64Array:
    """Return a float64 array of finite numbers, or refuse it.

    Examples
    --------
    >>> real_array([0.0, float("nan")], "softmax", "logits")
    Traceback (most recent call last):
        ...
    ValueError: softmax: argument `logits`: expected finite numbers, got nan at index (1,)
    """
    return finite_array(value, function, name).astype(np.float64, copy=False)


def same_shape(array: NDArray[Any], shape: tuple[int, ...], function: str, name: str, of: str) -> None:
    """Refuse an array whose shape is not ``shape``, which ``of`` describes in words."""
    if array.shape == shape:
        return
    hint = "nothing is broadcast silently: use np.broadcast_to where it is meant"
    if array.ndim and array.shape[-1] == 1 and array.ndim in (len(shape), len(shape) + 1):
        hint = f"an axis of one number too many: use {name}[{':, ' * (array.ndim - 1)}0]"
    elif array.ndim > 1 and array.shape[::-1] == shape:
        hint = f"it seems to be transposed: use {name}.T"
    raise ValueError(message(function, name, f"{of} {shape}", f"shape {array.shape}", hint))


def tolerance(dtype: np.dtype[Any], classes: int) -> float:
    """Return how far a sum of probabilities may be from one.

    The root of the dtype's precision, as scikit-learn has it, and half a unit of the sixth decimal for each
    class, as in data that were written with so many; never more than 0.001. Nothing is renormalised.

    Examples
    --------
    >>> print(f"{tolerance(np.dtype(float), 2):.1e}, {tolerance(np.dtype(np.float32), 250_000):.1e}")
    1.2e-06, 1.0e-03
    """
    return min(1e-3, float(np.sqrt(np.finfo(dtype).eps)) + 6e-7 * classes)


def pmf_array(
    value: ArrayLike,
    function: str,
    name: str,
    *,
    least_axes: int = 1,
    shape: tuple[int, ...] | None = None,
    of: str = "",
    hint: str = "",
) -> FloatArray:
    """Return probability mass functions: numbers in [0, 1] whose sum over the last axis is 1.

    They have the ``shape`` that ``of`` describes, if one is given; ``hint`` is what to do with other numbers.

    Examples
    --------
    >>> try:
    ...     pmf_array([[0.5, 0.5], [0.5, 0.4]], "entropy", "p")
    ... except ValueError as error:
    ...     print(str(error).partition("; ")[0])
    entropy: argument `p`: expected a sum of 1 over the last axis, got 0.9 at index (1,)
    """
    where = (function, name)
    array = values_array(value, function, name, least_axes=least_axes, boolean=True)
    if shape is not None:
        same_shape(array, shape, function, name, of)
    rows, allowed = array.reshape(-1, array.shape[-1]), tolerance(array.dtype, array.shape[-1])
    for first in range(0, len(rows), MANY):  # so that the sums take little memory
        some = rows[first : first + MANY]
        with np.errstate(all="ignore"):  # of what is infinite or no number, refused below
            totals = some @ np.ones(some.shape[1], some.dtype)
        # Nothing negative and a sum of one: then nothing is above one either. A NaN makes both false.
        if not (some.min() >= 0 and np.abs(totals - 1).max() <= allowed):
            refuse_where(~((array >= 0) & (array <= 1 + allowed)), array, where, "numbers in [0, 1]", hint)
            sums, advice = array.sum(axis=-1, dtype=np.float64)[()], "divide by the sum, or use a softmax"
            bad = np.abs(np.asarray(sums) - 1) > allowed
            refuse_where(bad, np.asarray(sums), where, "a sum of 1 over the last axis", advice)
    return array


def class_numbers(
    value: ArrayLike, function: str, name: str, *, classes: int, shape: tuple[int, ...] | None = None
) -> IntArray:
    """Return integers from 0 to ``classes`` − 1 (1.0 and True are none), of the ``shape`` if one is given."""
    array = _array(value, (function, name), "iu", "integer class numbers")
    if shape is not None:
        same_shape(array, shape, function, name, "class numbers of shape")
    if array.item(array.argmin()) < 0 or array.item(array.argmax()) >= classes:
        bad, expected = (array < 0) | (array >= classes), f"class numbers from 0 to {classes - 1}"
        hint = "the classes count from 0, and an example that has none is left out"
        refuse_where(bad, array, (function, name), expected, hint)
    return array.astype(np.int64, copy=False)


def number(
    value: float, function: str, name: str, *, low: float = -math.inf, high: float = math.inf, above: bool = False
) -> float:
    """Return one finite number from ``low`` to ``high``, or ``above`` low.

    Examples
    --------
    >>> number(-0.5, "smooth_labels", "epsilon", low=0, high=1)
    Traceback (most recent call last):
        ...
    ValueError: smooth_labels: argument `epsilon`: expected a number from 0 to 1, got -0.5
    """
    expected = "a finite number"
    if math.isfinite(low):
        expected += f" {'above' if above else 'of at least'} {low:g}"
    if math.isfinite(high):
        expected = f"a number {'above' if above else 'from'} {low:g} {'and up ' * above}to {high:g}"
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(message(function, name, expected, repr(value)))
    if not isinstance(value, int):
        value = float(value)  # beside `most`, NumPy's float32 would overflow to infinity, and infinity be in range
    most = sys.float_info.max  # a Python integer may be larger
    if not (max(low, -most) <= value <= min(high, most)) or (above and value == low):
        raise ValueError(message(function, name, expected, f"{value}"))
    return float(value)


def positive_integer(value: int, function: str, name: str) -> int:
    """Return ``value`` as an int of at least 1, and no more than a machine can count; True is none."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        raise TypeError(message(function, name, "a positive integer", repr(value)))
    if not 1 <= value <= MOST:
        expected = "a positive integer" + f" of at most {MOST}" * (value > MOST)
        raise ValueError(message(function, name, expected, repr(value)))
    return int(value)


def one_of(value: str, choices: tuple[str, ...], function: str, name: str) -> None:
    """Refuse a ``value`` that is not among ``choices``."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(message(function, name, f"one of {', '.join(map(repr, choices))}", repr(value)))
