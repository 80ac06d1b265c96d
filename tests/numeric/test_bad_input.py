"""Every public function against every kind of bad input its arguments can meet.

The table says of each argument of each public function what kind of value it takes; the kind says what must
be refused, and with which words. A function or an argument that is not in the table fails the first test.
"""

from __future__ import annotations

import inspect
import re
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pytest

import ce.numeric as cn

NAN, INF = float("nan"), float("inf")
PMF = np.array([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]])
Z = np.array([[0.0, 1.0, -2.0], [3.0, 0.5, 0.5]])
C = np.array([2, 0])


class Bad(NamedTuple):
    """A value to refuse, the exception, and what its message must say after naming function and argument."""

    why: str
    value: Any
    error: type[Exception]
    says: str


Arguments: TypeAlias = dict[str, tuple[Any, list[Bad]]]


NOT_NUMBERS = [
    Bad("object array", np.array([[0.2, None, 0.3]], dtype=object), TypeError, "got dtype object"),
    Bad("none", None, TypeError, "got dtype object"),
    Bad("strings", [["a", "b", "c"], ["d", "e", "f"]], TypeError, "got dtype <U1"),
    Bad("number in a string", "0.5", TypeError, "got dtype <U3"),
    Bad("complex numbers", np.array([[1j, 0, 0]]), TypeError, "got dtype complex128"),
    Bad("dates", np.array(["2020-01-01"], dtype="datetime64[D]"), TypeError, "got dtype datetime64"),
    Bad("masked array", np.ma.masked_equal([[0.0, 1.0, 0.0]], 1.0), TypeError, "got a masked array"),
    Bad("ragged", [[0.0, 1.0], [0.0]], ValueError, "got nested sequences of different lengths"),
    Bad("empty list", [], ValueError, "expected at least one entry, got an empty array of shape (0,)"),
    Bad("empty array", np.empty((0, 3)), ValueError, "got an empty array of shape (0, 3)"),
    Bad("no classes", np.empty((2, 0)), ValueError, "got an empty array of shape (2, 0)"),
]
NOT_FINITE = [
    Bad("NaN", [[0.0, 1.0, 0.0], [0.0, NAN, INF]], ValueError, "finite numbers, got nan at index (1, 1)"),
    Bad("infinity", [[1.0, 0.0, INF], [0.0, 0.0, 1.0]], ValueError, "got inf at index (0, 2)"),
    Bad("minus infinity", [[-INF, 0.0, 0.0], [0.0, 0.0, 1.0]], ValueError, "got -inf at index (0, 0)"),
]
OUTSIDE = [
    Bad("above one", [[0.0, 1.0, 0.0], [0.0, 0.0, 1.25]], ValueError, "in [0, 1], got 1.25 at index (1, 2)"),
    Bad("negative", [[1.0, -0.5, 0.5], [0.0, 0.0, 1.0]], ValueError, "in [0, 1], got -0.5 at index (0, 1)"),
]
TRUTH = [
    Bad("truth values", np.eye(3)[:2] > 0, TypeError, "got dtype bool"),
    Bad("half precision", np.eye(3, dtype=np.float16)[:2], TypeError, "got dtype float16; convert it"),
    Bad("long doubles", np.eye(3, dtype=np.longdouble)[:2], TypeError, "got dtype float128; convert it"),
]
NAN_OR_INFINITE = [
    Bad("NaN", [[0.0, 1.0, 0.0], [0.0, NAN, INF]], ValueError, "in [0, 1], got nan at index (1, 1)"),
    Bad("infinity", [[1.0, 0.0, INF], [0.0, 0.0, 1.0]], ValueError, "got inf at index (0, 2)"),
    Bad("minus infinity", [[-INF, 0.0, 0.0], [0.0, 0.0, 1.0]], ValueError, "got -inf at index (0, 0)"),
]
NO_CLASS_AXIS = [Bad("a number", 1.0, ValueError, "expected an array of shape (..., K)")]
ONE_EXAMPLE = [Bad("one row", [0.2, 0.3, 0.5], ValueError, "expected an array of shape (..., N, K)")]
OTHER_SHAPE = [
    Bad("one row for two", [0.0, 0.0, 1.0], ValueError, "(2, 3), got shape (3,)"),
    Bad("that NumPy would broadcast", [[0.0, 0.0, 1.0]], ValueError, "(2, 3), got shape (1, 3)"),
    Bad("too many classes", [[0.0, 0.0, 0.0, 1.0]] * 2, ValueError, "(2, 3), got shape (2, 4)"),
]
UNNORMALISED = [
    Bad("sum below one", [[0.2, 0.3, 0.5], [0.1, 0.1, 0.1]], ValueError, "at index (1,); divide by the sum"),
    Bad("sum above one", [[0.5, 0.5, 0.5], [0.1, 0.1, 0.8]], ValueError, "over the last axis, got 1.5"),
]
COUNTS = [
    Bad("zero", 0, ValueError, "expected a positive integer, got 0"),
    Bad("negative", -3, ValueError, "got -3"),
    Bad("more than any array", 10**400, ValueError, "a positive integer of at most 9007199254740992, got 1000"),
    Bad("a fraction", 2.5, TypeError, "got 2.5"),
    Bad("NaN", NAN, TypeError, "got nan"),
    Bad("truth value", True, TypeError, "got True"),
    Bad("a string", "3", TypeError, "got '3'"),
    Bad("none", None, TypeError, "got None"),
    Bad("an array", np.array([3]), TypeError, "got array([3])"),
]
LABELS = [
    *(bad for bad in NOT_NUMBERS if bad.why not in {"empty array", "no classes"}),
    Bad("fractions", [1.0, 0.0], TypeError, "got dtype float64; where that is meant, convert it first"),
    Bad("truth values", [True, False], TypeError, "got dtype bool"),
    Bad("NaN", [NAN, 0.0], TypeError, "expected integer class numbers, got dtype float64"),
    Bad("too large", [0, 3], ValueError, "expected class numbers from 0 to 2, got 3 at index (1,)"),
    Bad("counted from one downwards", [-1, 0], ValueError, "got -1 at index (0,)"),
    Bad("beyond int64", np.array([2**63, 0], dtype=np.uint64), ValueError, "got 9223372036854775808"),
]
LABELS_OTHER_SHAPE = [
    Bad("too many", [0, 1, 2], ValueError, "(2,), got shape (3,)"),
    Bad("a column", [[0], [1]], ValueError, "(2,), got shape (2, 1)"),
    Bad("one for all", 1, ValueError, "(2,), got shape ()"),
]
UNITS = [
    Bad("unknown", "shannons", ValueError, "expected one of 'nats', 'bits', 'hartleys', got 'shannons'"),
    Bad("a base", 2, ValueError, "got 2"),
    Bad("none", None, ValueError, "got None"),
]

LOGITS_ANY = [*NOT_NUMBERS, *TRUTH]
LOGITS = [*LOGITS_ANY, *NO_CLASS_AXIS]
BINARY_LABELS = [*NOT_NUMBERS, *NAN_OR_INFINITE, *OUTSIDE, *OTHER_SHAPE]
FIRST_PMF = [*NOT_NUMBERS, *NAN_OR_INFINITE, *OUTSIDE, *UNNORMALISED, *NO_CLASS_AXIS]
SECOND_PMF = [*FIRST_PMF, *OTHER_SHAPE]
PROBABILITIES = [*NOT_NUMBERS, *NAN_OR_INFINITE, *OUTSIDE, *UNNORMALISED, *ONE_EXAMPLE]
TARGETS = [
    *(bad for bad in NOT_NUMBERS if np.ndim(bad.value if bad.why != "ragged" else 0) == 2),
    *NAN_OR_INFINITE,
    *OUTSIDE,
    *UNNORMALISED,
    Bad("a number", 1, ValueError, "(2, 3), got shape ()"),
    Bad("that NumPy would broadcast", [[0.0, 0.0, 1.0]], ValueError, "(2, 3), got shape (1, 3)"),
    Bad("too many classes", [[0.0, 0.0, 0.0, 1.0]] * 2, ValueError, "(2, 3), got shape (2, 4)"),
    Bad("fractions of class numbers", [1.5, 0.0], TypeError, "got dtype float64; where that is meant"),
    Bad("NaN for a class number", [NAN, 0.0], TypeError, "expected integer class numbers, got dtype float64"),
    Bad("class number too large", [0, 3], ValueError, "class numbers from 0 to 2, got 3 at index (1,)"),
    Bad("class number far too large", [0, 2**40], ValueError, "got 1099511627776 at index (1,)"),
    Bad("class number −1", [-1, 0], ValueError, "got -1 at index (0,)"),
    Bad("too many class numbers", [0, 1, 2], ValueError, "(2,), got shape (3,)"),
]
REAL_TARGETS = [*NOT_NUMBERS, *NOT_FINITE, *OTHER_SHAPE]
FLAGS: list[Bad] = []
SHARES = [
    Bad("negative", -0.1, ValueError, "expected a number from 0 to 1, got -0.1"),
    Bad("above one", 1.5, ValueError, "got 1.5"),
    Bad("NaN", NAN, ValueError, "got nan"),
    Bad("a string", "0.1", TypeError, "got '0.1'"),
    Bad("truth value", True, TypeError, "got True"),
]
POWERS = [
    Bad("negative", -1.0, ValueError, "expected a finite number of at least 0, got -1.0"),
    Bad("infinite", INF, ValueError, "got inf"),
    Bad("infinite in float32", np.float32(INF), ValueError, "got inf"),
    Bad("infinite in float16", np.float16(INF), ValueError, "got inf"),
    Bad("beyond float64", 10**400, ValueError, "expected a finite number of at least 0, got 1000"),
    Bad("NaN", NAN, ValueError, "got nan"),
    Bad("none", None, TypeError, "got None"),
]
VARIANCES = [
    *NOT_NUMBERS,
    *TRUTH,
    Bad("zero", [[1.0, 1.0, 1.0], [1.0, 0.0, 1.0]], ValueError, "numbers above 0, got 0.0 at index (1, 1)"),
    Bad("negative", [[1.0, 1.0, -2.0], [1.0, 1.0, 1.0]], ValueError, "got -2.0 at index (0, 2)"),
    Bad("one row for two", [1.0, 1.0, 1.0], ValueError, "(2, 3), got shape (3,)"),
]
CLASS_NUMBERS = [*LABELS, *LABELS_OTHER_SHAPE]
SCORES = [
    *NOT_NUMBERS,
    *TRUTH,
    *ONE_EXAMPLE,
    Bad("NaN", [[0.0, 1.0, 0.0], [0.0, NAN, INF]], ValueError, "expected no NaN, got nan at index (1, 1)"),
]
TEMPERATURES = [
    Bad("zero", 0.0, ValueError, "expected a finite number above 0, got 0.0"),
    Bad("negative", -1, ValueError, "got -1"),
    Bad("infinite", INF, ValueError, "got inf"),
    Bad("infinite in float32", np.float32(INF), ValueError, "got inf"),
    Bad("infinite in float16", np.float16(INF), ValueError, "got inf"),
    Bad("NaN", NAN, ValueError, "got nan"),
    Bad("an array", np.ones(2), TypeError, "got array([1., 1.])"),
]
MIXES = [Bad("unknown", "label", ValueError, "expected one of 'probability', 'loss', got 'label'")]

GRADIENT: Arguments = {"return_grad": (True, FLAGS)}
ON_TARGETS: Arguments = {"logits": (Z, LOGITS), "targets": (PMF, TARGETS), **GRADIENT}
ON_BINARY: Arguments = {"logits": (Z, LOGITS_ANY), "targets": (PMF, BINARY_LABELS), **GRADIENT}
ON_PREDICTIONS: Arguments = {"probabilities": (PMF, PROBABILITIES), "labels": (C, CLASS_NUMBERS)}
ON_PAIR: Arguments = {"p": (PMF, FIRST_PMF), "q": (PMF, SECOND_PMF), "unit": ("bits", UNITS)}

# For each public function: each argument, a good value for it, and what it must refuse.
TABLE: dict[str, Arguments] = {
    "accuracy": {"scores": (Z, SCORES), "labels": (C, CLASS_NUMBERS)},
    "brier_score": ON_PREDICTIONS,
    "cross_entropy": ON_PAIR,
    "classwise_calibration_error": {**ON_PREDICTIONS, "bins": (5, COUNTS)},
    "entropy": {"p": (PMF, FIRST_PMF), "unit": ("bits", UNITS)},
    "expected_calibration_error": {**ON_PREDICTIONS, "bins": (5, COUNTS)},
    "kl_divergence": ON_PAIR,
    "log_loss": ON_PREDICTIONS,
    "binary_cross_entropy_with_logits": ON_BINARY,
    "cross_entropy_with_logits": {**ON_TARGETS, "label_smoothing": (0.1, SHARES)},
    "gaussian_nll": {
        "mean": (Z, LOGITS_ANY),
        "targets": (Z, REAL_TARGETS),
        "variance": (PMF, VARIANCES),
        "full": (True, FLAGS),
        **GRADIENT,
    },
    "log_sigmoid": {"logits": (Z, LOGITS_ANY)},
    "log_softmax": {"logits": (Z, LOGITS), "temperature": (2.0, TEMPERATURES)},
    "logsumexp": {"logits": (Z, LOGITS)},
    "perplexity": {"p": (PMF, FIRST_PMF), "q": (PMF, [bad for bad in SECOND_PMF if bad.why != "none"])},
    "one_hot": {"labels": (C, LABELS), "classes": (3, COUNTS)},
    "reliability_curve": {**ON_PREDICTIONS, "bins": (5, COUNTS)},
    "sigmoid": {"logits": (Z, LOGITS_ANY)},
    "sigmoid_focal_loss": {**ON_BINARY, "gamma": (1.5, POWERS), "alpha": (0.25, SHARES), "mixed": ("loss", MIXES)},
    "sigmoid_squared_error": ON_BINARY,
    "smooth_labels": {"targets": (PMF, FIRST_PMF), "epsilon": (0.1, SHARES)},
    "softmax": {"logits": (Z, LOGITS), "temperature": (2.0, TEMPERATURES)},
    "softmax_focal_loss": {"logits": (Z, LOGITS), "labels": (C, CLASS_NUMBERS), "gamma": (0.5, POWERS), **GRADIENT},
    "softmax_squared_error": ON_TARGETS,
    "squared_error": {"outputs": (Z, LOGITS), "targets": (Z, REAL_TARGETS), **GRADIENT},
}

FUNCTIONS = sorted(name for name in cn.__all__ if inspect.isfunction(getattr(cn, name)))
ROWS = [
    pytest.param(name, argument, bad, id=f"{name}-{argument}-{bad.why}")
    for name, arguments in TABLE.items()
    for argument, (_, bads) in arguments.items()
    for bad in bads
]


def good(name: str) -> dict[str, Any]:
    assert name in TABLE, f"TABLE: expected a row for each public function, got none for {name}; see CONTRIBUTING.md"
    return {argument: value for argument, (value, _) in TABLE[name].items()}


def test_every_public_function_and_every_argument_of_it_is_in_the_table():
    signatures = {name: set(inspect.signature(getattr(cn, name)).parameters) for name in FUNCTIONS}
    assert {name: set(arguments) for name, arguments in TABLE.items()} == signatures


def test_what_is_exported_and_no_function_is_a_result():
    assert set(cn.__all__) - set(FUNCTIONS) == {"ReliabilityCurve"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_good_values_of_the_table_are_accepted(name):
    # Without this, a function that refuses everything would pass the rest of this module.
    result = getattr(cn, name)(**good(name))
    assert result is not None


@pytest.mark.parametrize(("name", "argument", "bad"), ROWS)
def test_bad_input_is_refused_with_what_was_expected_what_came_and_where(name, argument, bad):
    with pytest.raises(bad.error) as caught:
        getattr(cn, name)(**{**good(name), argument: bad.value})
    text = str(caught.value)
    assert text.startswith(f"{name}: argument `{argument}`: expected "), text
    assert bad.says in text
    assert re.search(r", got \S", text)


@pytest.mark.parametrize("times", [1, 600], ids=["few", "many"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_arrays_are_read_and_not_written(name, times):
    given = {
        key: np.repeat(value, times, axis=0) if isinstance(value, np.ndarray) else value
        for key, value in good(name).items()
    }
    before = {key: np.copy(value) for key, value in given.items()}
    function = getattr(cn, name)
    required = {
        key
        for key, argument in inspect.signature(function).parameters.items()
        if argument.default is inspect.Parameter.empty
    }
    function(**given)
    function(**{key: given[key] for key in required})
    for key, value in given.items():
        np.testing.assert_array_equal(value, before[key], key)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_bad_input_is_not_changed_by_refusing_it(name):
    for argument, (_, bads) in TABLE[name].items():
        for bad in (bad for bad in bads if isinstance(bad.value, np.ndarray)):
            before = bad.value.copy()
            with pytest.raises(bad.error):
                getattr(cn, name)(**{**good(name), argument: bad.value})
            assert bad.value.shape == before.shape
            assert (np.asarray(bad.value) == np.asarray(before)).all()
