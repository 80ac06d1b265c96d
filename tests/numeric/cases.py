"""Logits and probabilities over the whole range of float64, drawn with a fixed seed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

__all__ = [
    "NUMBERS",
    "binary_cases",
    "large_cases",
    "logit_cases",
    "long_sum_cases",
    "pmf_cases",
    "rounded_cases",
    "unlucky_cases",
    "wide_cases",
]

TINY = 5e-324
NUMBERS = (
    0.0,
    -0.0,
    TINY,
    -TINY,
    2.2e-308,
    -1e-310,
    1e-300,
    -1e-300,
    1e-20,
    -1e-16,
    1e-8,
    0.1,
    -0.5,
    1.0,
    -1.0,
    2.5,
    -3.7,
    17.3,
    -36.04,
    37.1,
    40.3,
    -88.7,
    300.2,
    -600.1,
    708.5,
    -709.8,
    744.4,
    -745.2,
    746.0,
    1e3,
    -1e3,
    1e16,
    -1e16,
    1e150,
    -1e200,
    1e308,
    -1e308,
    1.7e308,
)
GAPS = (1e-16, 1e-12, 1e-8, 1e-4, 0.1, 1.3, 7.7, 20.2, 36.6, 50.5, 200.3, 1e3)


def logit_cases(count: int, seed: int = 1) -> Iterator[tuple[list[float], int]]:
    """Yield rows of 1 to 6 logits and a label: from the list above, near one another, of ordinary size."""
    draw = np.random.default_rng(seed)
    for at in range(count):
        classes = int(draw.integers(1, 7))
        kind = at % 4
        if kind == 0:
            z = draw.choice(NUMBERS, size=classes)
        elif kind == 1:
            z = draw.choice(NUMBERS[:-9]) - draw.choice(GAPS, size=classes) * draw.integers(3, size=classes)
        elif kind == 2:
            z = np.full(classes, draw.choice(NUMBERS))
        else:
            z = draw.normal(scale=float(draw.choice([0.1, 1.0, 10.0, 100.0])), size=classes)
        yield [float(value) for value in z], int(draw.integers(classes))


def large_cases(seed: int = 2) -> Iterator[tuple[list[float], int]]:
    """Yield rows of a thousand and ten thousand logits: equal ones, ordinary ones, one far ahead."""
    draw = np.random.default_rng(seed)
    for classes in (1000, 10_000):
        ahead = draw.normal(size=classes)
        ahead[7] = 60.0
        for z in (np.full(classes, 0.3), draw.normal(scale=3.0, size=classes), ahead):
            yield [float(value) for value in z], 7


def wide_cases(seed: int = 5) -> Iterator[tuple[list[float], int]]:
    """Yield rows of eight to a thousand logits: all equal, many alike, a few that lead, one that leads."""
    draw = np.random.default_rng(seed)
    for classes in (20, 100, 300):
        for logit in draw.normal(scale=3.0, size=4):
            yield [float(logit)] * classes, 0
            yield [1.0, *[float(logit) / 10] * (classes - 1)], 0
    yield [*[-250.0] * 19, -800.0], 0  # the last power vanishes, not the last probability
    for classes in (8, 16, 30, 100, 100, 1000):
        for spread in (0.1, 1.0, 3.0, 10.0, 40.0):
            z = draw.normal(scale=spread, size=classes)
            yield [float(value) for value in z], int(draw.integers(classes))


def unlucky_cases() -> Iterator[list[float]]:
    """Yield rows whose powers, added as NumPy adds them, are rounded fifteen times in one direction.

    They meet the 1 or the 0.9 in the same of NumPy's eight partial sums, half a unit each; the second row
    holds a logit that is not of ordinary size, the third no two equal powers at its quarters.
    """
    for half_a_unit, least in ((0.51 * 2.0**-52, -100.0), (0.55 * 2.0**-53, -301.0)):
        z = np.full(128, -100.0)
        z[8::8] = np.log(half_a_unit)
        z[0], z[1], z[5] = 0.0, least, 0.1
        yield [float(value) for value in z]
        if least == -100.0:
            z[32], z[64], z[96] = -99.0, -98.0, -97.0
            yield [float(value) for value in z]


def long_sum_cases() -> Iterator[tuple[list[float], int]]:
    """Yield rows of eight parts, one of ones and seven of half a unit of 1, and a label of small loss.

    Added number by number, or part by part, the halves are all rounded in one direction.
    """
    for part in (8, 16, 125):
        for half_a_unit in (0.5001, 0.6, 1.5001):
            z = np.full(8 * part, np.log(half_a_unit * 2.0**-52))
            z[:part] = 0.0
            for loss in (0.2, 1.1, 2.1, 4.2):
                z[-1] = np.log(part / np.expm1(loss))
                yield [float(value) for value in z], len(z) - 1


def rounded_cases() -> Iterator[list[float]]:
    """Yield the rows of several million drawn whose powers, their sum and quotient round most unluckily.

    With NumPy's exponential for AVX-512, that is; another one has other rows.
    """
    yield [0.05465268976758657, -1.220237752481559]
    yield [0.48686433278810676, -0.6182196636547239]
    yield [0.05465268976758657, -1.220237752481559, *[-60.0] * 20]
    yield [0.32626530337779647, 0.3403726339763173, -40.0]
    yield [0.32626530337779647, 0.3403726339763173, *[-40.0] * 20]
    yield [0.008775755039603322, 0.01684025323771543, 0.7215961964290334]
    yield [0.7262944595197445, 0.028611634434543554, 0.007795473542595476]
    for classes, first, other in (
        (10, 0.8192701888688242, -1.0477854504820332),
        (10, -0.5241149568736888, 0.7262700640729163),
        (17, -0.6869739445910542, 0.7056977658604606),
        (17, -0.6852077042915429, 0.0031670355346964385),
        (30, -0.6538663443374008, 0.12717296007112988),
        (128, 0.6984403402521359, -0.6587795896975497),
        (128, 0.48172610998325405, 0.8206245470319182),
    ):
        yield [first, *[other] * (classes - 1)]


def binary_cases(count: int, seed: int = 3) -> Iterator[tuple[float, float]]:
    """Yield a logit and a target: 0, 1, or one in between, tiny ones and ones near 1 among them."""
    draw = np.random.default_rng(seed)
    targets = (0.0, 1.0, 1e-300, 1e-17, 0.25, 0.5, 0.9, 1 - 2**-53)
    for z in NUMBERS:
        for y in targets:
            yield z, y
    for _ in range(count):
        yield float(draw.normal(scale=draw.choice([0.1, 3.0, 30.0, 500.0]))), float(draw.choice(targets))


def pmf_cases(count: int, seed: int = 4) -> Iterator[tuple[list[float], list[float]]]:
    """Yield pairs p, q with exact zeros, one-hot vectors, tiny probabilities, and q = 0 where p = 0."""
    draw = np.random.default_rng(seed)
    for classes in (110, 122, 242):  # equal terms, which are all rounded in one direction
        even = np.full(classes, 1 / classes)
        peaked = np.full(classes, 0.1 / classes)
        peaked[0] = 0.9 + 0.1 / classes
        yield from (([float(v) for v in p], [float(v) for v in even]) for p in (even, peaked))
    for at in range(count):
        classes = int(draw.integers(2, 8)) if at % 10 else 1000
        p, q = (draw.dirichlet(np.full(classes, draw.choice([0.01, 0.3, 3.0]))) for _ in range(2))
        if at % 3 == 0:
            p[draw.integers(classes)] = 0.0
            p /= p.sum()
            q[p == 0] = 0.0
            q /= q.sum()
        if at % 7 == 0:
            p = np.eye(classes)[draw.integers(classes)]
        if at % 5 == 0:
            q = p * (1 + draw.choice([1e-3, 1e-9, 1e-15]) * draw.normal(size=classes))
            q = np.clip(q / q.sum(), 0, 1)
        if np.isfinite(p).all() and np.isfinite(q).all():
            yield [float(v) for v in p], [float(v) for v in q]
