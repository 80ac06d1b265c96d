"""What every public function does first: turn its arguments into checked arrays, or refuse them.

A refusal says which function and which argument, what was expected, what came, and the first index at which
it came. A wrong kind of value (strings, objects, complex or masked arrays) is a ``TypeError``; a wrong shape
or number is a ``ValueError``.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ce.numeric.blocks import blocks

__all__ = [
    "BoolArray", "Float64Array", "FloatArray", "IntArray", "as_rows", "finite_array", "floating_array",
    "integer_labels", "logits_array", "message", "positive_array", "real_array", "refuse_where", "same_shape",
]  # fmt: skip

FloatArray: TypeAlias = NDArray[Any]  # float64, or float32 where that came in
Float64Array: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]

INT64 = np.dtype(np.int64)


def message(function: str, name: str, expected: str, got: str, hint: str = "") -> str:
    """Return the one sentence in which every refusal is worded."""
    return f"{function}: argument `{name}`: expected {expected}, got {got}" + (f"; {hint}" if hint else "")


def refuse_where(
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


def floating_array(value: ArrayLike, where: tuple[str, str], least_axes: int, boolean: bool) -> FloatArray:
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
    array = finite_array(value, function, name, least_axes=least_axes, boolean=boolean)
    return array.astype(np.float64, copy=False)


def finite_array(
    value: ArrayLike, function: str, name: str, *, least_axes: int = 0, boolean: bool = False
) -> FloatArray:
    """Return ``value`` as :func:`real_array` does, except that float32 stays what it is.

    Raises
    ------
    TypeError, ValueError
        As :func:`real_array`.
    """
    array = floating_array(value, (function, name), least_axes, boolean)
    flat = array.reshape(-1)
    for place in blocks(flat.size):
        if not np.isfinite(flat[place]).all():
            refuse_where(~np.isfinite(array), array, (function, name), "finite numbers")
    return array


def logits_array(value: ArrayLike, function: str, name: str = "logits", *, least_axes: int = 1) -> FloatArray:
    """Return what a model puts out, by default of shape (..., K): any real numbers.

    Infinities have limits, and a NaN is the sign of a model that diverged: both pass.

    Raises
    ------
    TypeError, ValueError
        For anything but integers, float32 and float64; for an empty array or too few axes.
    """
    return floating_array(value, (function, name), least_axes, boolean=False)


def positive_array(value: ArrayLike, function: str, name: str) -> FloatArray:
    """Return numbers above zero; a NaN, the sign of a model that diverged, passes.

    Raises
    ------
    TypeError, ValueError
        As :func:`logits_array`, and for a number that is zero or negative.
    """
    array = floating_array(value, (function, name), 0, boolean=False)
    flat, hint = array.reshape(-1), "nothing is floored silently"
    for place in blocks(flat.size):
        if (flat[place] <= 0).any():
            refuse_where(array <= 0, array, (function, name), "numbers above 0", hint)
    return array


def as_rows(array: FloatArray) -> FloatArray:
    """Return an array of shape (..., K) as rows, of shape (N, K)."""
    return array.reshape(-1, array.shape[-1])


def integer_labels(value: ArrayLike, function: str, name: str, *, classes: int) -> IntArray:
    """Return class numbers 0, …, ``classes`` − 1.

    Raises
    ------
    TypeError
        For a dtype that is not an integer one (1.0 and True are no class numbers).
    ValueError
        For an empty array or a number out of range.
    """
    if type(value) is np.ndarray and value.dtype == INT64 and value.size:
        array: NDArray[Any] = value
    else:
        array = _array(value, (function, name), "iu", "integer class numbers")
    flat = array.reshape(-1)
    if flat.item(flat.argmin()) < 0 or flat.item(flat.argmax()) >= classes:
        refuse_where((array < 0) | (array >= classes), array, (function, name),
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
