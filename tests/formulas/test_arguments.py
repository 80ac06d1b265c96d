"""A formula's function answers bad input with what was expected, what came, and where."""

import numpy as np
import pytest

from ce.formulas import binary_cross_entropy, focal_loss
from ce.symbols import gamma, label, logit

LOSS = binary_cross_entropy.function(label, logit)


@pytest.mark.parametrize(
    ("values", "error", "says"),
    [
        ((1.0, np.nan), ValueError, "argument z: expected real numbers, got nan"),
        ((1.0, [0.0, np.nan]), ValueError, r"argument z: expected real numbers, got nan at position 1 of"),
        ((1.5, 0.0), ValueError, r"argument y: expected numbers in \[0, 1\], got 1.5"),
        (([[0, 1], [-1, 0]], 0.0), ValueError, r"y: .*, got -1 at position 2 of shape \(2, 2\)"),
        ((np.nan, 0.0), ValueError, r"argument y: expected numbers in \[0, 1\], got nan"),
        ((1.0, []), ValueError, "argument z: expected at least one number, got an empty array"),
        ((1.0, np.array([1, None])), TypeError, "argument z: expected numbers, got an array of type object"),
        ((1.0, "3"), TypeError, "argument z: expected numbers, got an array of type <U1"),
        ((1.0, 1j), TypeError, "argument z: expected numbers, got an array of type complex128"),
        (([0, 1], [1.0, 2.0, 3.0]), ValueError, r"shapes that broadcast, got .*\(2,\).*\(3,\)"),
        ((1.0,), TypeError, r"2 arguments \['y', 'z'\], got 1"),
    ],
)
def test_bad_input_is_refused(values, error, says):
    with pytest.raises(error, match=rf"binary cross-entropy: .*{says}"):
        LOSS(*values)


def test_a_symbol_that_cannot_be_negative_is_held_to_it():
    with pytest.raises(ValueError, match="argument gamma: expected numbers from 0 on, got -1"):
        focal_loss.function(logit, gamma)(0.0, -1.0)


def test_soft_labels_and_infinite_logits_are_input_like_any_other():
    assert LOSS(0.5, 0.0) == pytest.approx(np.log(2))
    assert LOSS(1.0, -np.inf) == np.inf
    assert LOSS(np.array([0, 1]), np.zeros((3, 1))).shape == (3, 2)
