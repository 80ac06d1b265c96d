"""What a formula's function may be given: numbers, in the range of the symbol they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import Symbol

from ce.symbols import label, prob

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["checked_arguments"]

_NUMBERS = "biuf"
_UNIT_INTERVAL = (label, prob)


def checked_arguments(function: str, symbols: Sequence[Symbol], values: Sequence[Any]) -> list[NDArray[Any]]:
    """Return the values as arrays, or refuse them.

    Parameters
    ----------
    function
        Name of the function, for the message.
    symbols
        What each value stands for. It decides the range: labels and probabilities lie in [0, 1], other
        symbols where their assumptions say.
    values
        Numbers or arrays of numbers whose shapes broadcast; infinite ones are limits and allowed.

    Raises
    ------
    TypeError
        For a wrong number of values, or something that is not a number or an array of numbers.
    ValueError
        For an empty array, NaN, a number outside the range of its symbol, shapes that do not broadcast.

    Examples
    --------
    >>> from ce.symbols import logit
    >>> checked_arguments("loss", [logit], [float("nan")])
    Traceback (most recent call last):
        ...
    ValueError: loss: argument z: expected real numbers, got nan
    """
    import numpy as np  # noqa: PLC0415  (NumPy is loaded only where arrays are computed)

    names = [str(symbol) for symbol in symbols]
    if len(values) != len(symbols):
        raise TypeError(f"{function}: expected {len(symbols)} arguments {names}, got {len(values)}")
    arrays = [
        _numbers(f"{function}: argument {symbol}", symbol, np.asarray(value))
        for symbol, value in zip(symbols, values, strict=True)
    ]
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = dict(zip(names, (array.shape for array in arrays), strict=True))
        raise ValueError(f"{function}: expected shapes that broadcast, got {shapes}") from None
    return arrays


def _numbers(where: str, symbol: Symbol, array: NDArray[Any]) -> NDArray[Any]:
    if array.dtype.kind not in _NUMBERS:
        raise TypeError(f"{where}: expected numbers, got an array of type {array.dtype}")
    if array.size == 0:
        raise ValueError(f"{where}: expected at least one number, got an empty array of shape {array.shape}")
    if symbol in _UNIT_INTERVAL:
        inside, expected = (array >= 0) & (array <= 1), "numbers in [0, 1]"
    elif symbol.is_positive:
        inside, expected = array > 0, "positive numbers"
    elif symbol.is_nonnegative:
        inside, expected = array >= 0, "numbers from 0 on"
    else:
        inside, expected = array == array, "real numbers"  # noqa: PLR0124  (NaN is the number unlike itself)
    if not inside.all():
        first = int((~inside).argmax())
        place = f" at position {first} of shape {array.shape}" if array.ndim else ""
        raise ValueError(f"{where}: expected {expected}, got {array.flat[first]}{place}")
    return array
