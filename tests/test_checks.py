"""In which words bad input is refused; what each function refuses is in ``numeric/test_bad_input.py``."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ce.checks import number


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        ({"above": True, "low": 0, "high": 1}, "a number above 0 and up to 1"),
        ({"low": 0, "high": 1}, "a number from 0 to 1"),
        ({"above": True, "low": 0}, "a finite number above 0"),
        ({"low": 0}, "a finite number of at least 0"),
        ({}, "a finite number"),
    ],
)
def test_a_number_outside_its_range_is_told_the_range(ends: dict[str, float], says: str) -> None:
    for value in (math.nan, *([0.0] if "above" in ends else []), *([-1.0] if ends else [])):
        with pytest.raises(ValueError, match=f"^f: argument `x`: expected {says}, got {value}$"):
            number(value, "f", "x", **ends)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [int, np.int8, np.float16, np.float32, np.longdouble])
def test_a_number_of_any_kind_is_read_without_a_warning(kind: type) -> None:
    assert number(kind(2), "f", "x", low=0, above=True) == 2.0
