"""Where the names of curves stand: beside their own curve, clear of the others, as in the front end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TypeAlias

__all__ = ["CROSSED", "Box", "Corners", "along", "beside", "between", "dense", "place", "ring", "upright",
           "within"]  # fmt: skip

Corners: TypeAlias = Sequence[tuple[float, float]]
Size: TypeAlias = tuple[float, float]

GAP = 5.0
GAPS = (5.0, 18.0, 31.0)
# Shares of the room there is, the preferred ones first.
SHARES = (0.0, 1.0, 0.5, 0.25, 0.75)
POSITIONS = 19
# What it costs at least to stand on a line or on a marker.
CROSSED = 200.0
# Half the width of a marker.
RADIUS = 7.0


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, y downwards."""

    left: float
    top: float
    width: float
    height: float

    def overlaps(self, other: Box) -> bool:
        """Say whether two boxes share an inner point."""
        return (self.left < other.left + other.width and other.left < self.left + self.width
                and self.top < other.top + other.height and other.top < self.top + self.height)  # fmt: skip

    def fits(self, area: tuple[float, float]) -> bool:
        """Say whether the box lies inside a plot of this width and height."""
        return (self.left >= 0 and self.left + self.width <= area[0]
                and self.top >= 0 and self.top + self.height <= area[1])  # fmt: skip

    def distance(self, x: float, y: float) -> float:
        """Return how far a point is from the box, 0 inside."""
        across = max(self.left - x, 0, x - self.left - self.width)
        down = max(self.top - y, 0, y - self.top - self.height)
        return math.hypot(across, down)


def beside(own: Corners, size: Size, area: Size) -> Iterator[Box]:
    """Yield the places above and below a curve, the nearest first."""
    seen = _inside(own, area)
    for left in _columns(size, area):
        near = _heights(seen, left, size)
        if near:
            for gap in GAPS:
                yield Box(left, min(near) - gap - size[1], *size)
                yield Box(left, max(near) + gap, *size)


def between(upper: Corners, lower: Corners, size: Size, area: Size) -> Iterator[Box]:
    """Yield the places inside a fill: in its middle, at its upper and at its lower edge."""
    for left in _columns(size, area):
        above, below = (_heights(edge, left, size) for edge in (upper, lower))
        if not above or not below:
            continue
        top, end = max(0.0, *above) + 2, min(area[1], *below) - 2 - size[1]
        if top <= end:
            yield from (Box(left, at, *size) for at in ((top + end) / 2, top, end))


def within(low: float, high: float, size: Size, area: Size) -> Iterator[Box]:
    """Yield the places inside an upright stripe, or from its left end on where it is too narrow."""
    first, last = max(low, 0) + 2, min(high, area[0]) - 2 - size[0]
    lefts = _spread(first, last) if first <= last else [min(first, area[0] - size[0])]
    span = area[1] - size[1] - 2 * GAP
    yield from _among(lefts, [GAP + span * at / (POSITIONS - 1) for at in range(POSITIONS)], size)


def upright(x: float, size: Size, area: Size) -> Iterator[Box]:
    """Yield the places on both sides of an upright line."""
    yield from _among((x + GAP, x - GAP - size[0]), _spread(GAP, area[1] - size[1] - GAP), size)


def along(y: float, size: Size, area: Size) -> Iterator[Box]:
    """Yield the places above and below a level line."""
    yield from _among(_spread(area[0] - size[0], 0), (y - size[1] - 2, y + 2), size)


def place(
    candidates: Iterable[Box],
    own: Corners,
    curves: Sequence[Corners],
    rest: Sequence[Corners],
    *,
    area: Size,
    taken: Sequence[Box] = (),
) -> tuple[float, Box] | None:
    """Return the best of the candidates after what it costs, or None when no one has room.

    Parameters
    ----------
    candidates
        Places for the name, the preferred ones first.
    own
        The corners of the curve that is named, in pixels; empty for names of ranges, rules and fills.
    curves
        The other curves, which a name must not be crossed by nor be nearer to than to its own.
    rest
        What else a name must not stand on: rules, arrows, markers, the line at the current value.
    area
        Width and height of the plot.
    taken
        Boxes of names that stand already.
    """
    seen = _inside(own, area)
    best: tuple[float, Box] | None = None
    for order, box in enumerate(candidates):
        if not box.fits(area) or any(box.overlaps(other) for other in taken):
            continue
        # A name floats off where its curve is steep; near another curve it would be read as that one's.
        gap = _nearest(box, [seen]) if seen else 0.0
        nearest = _nearest(box, curves)
        confused = max(0.0, 40 - 2 * nearest) + 60 * min(1.0, gap / max(nearest, 1e-9)) if seen else 0.0
        crossed = (2 * CROSSED if nearest <= 1 else 0.0) + (CROSSED if _nearest(box, rest) <= 1 else 0.0)
        cost = gap + confused + crossed + 0.01 * order
        if best is None or cost < best[0]:
            best = (cost, box)
    return best


def ring(x: float, y: float) -> list[tuple[float, float]]:
    """Return points that stand for a marker: its middle, and its ends to all sides."""
    return [(x, y), (x - RADIUS, y), (x + RADIUS, y), (x, y - RADIUS), (x, y + RADIUS)]


def dense(corners: Corners, step: float = 6.0) -> list[tuple[float, float]]:
    """Return corners no farther apart than ``step`` pixels, so that no curve slips through between two."""
    found: list[tuple[float, float]] = list(corners[:1])
    for (x0, y0), (x1, y1) in pairwise(corners):
        count = min(60, max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / step)))
        found += [(x0 + (x1 - x0) * k / count, y0 + (y1 - y0) * k / count) for k in range(1, count + 1)]
    return found


def _inside(own: Corners, area: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x, y) for x, y in own if 0 <= x <= area[0] and -1 <= y <= area[1] + 1]


def _nearest(box: Box, dots: Sequence[Corners]) -> float:
    return min((box.distance(x, y) for some in dots for x, y in some), default=math.inf)


def _columns(size: Size, area: Size) -> list[float]:
    return [GAP + (area[0] - size[0] - GAP) * at / (POSITIONS - 1) for at in range(POSITIONS)]


def _heights(dots: Corners, left: float, size: Size) -> list[float]:
    return [y for x, y in dots if left - 4 <= x <= left + size[0] + 4]


def _spread(start: float, end: float) -> list[float]:
    return [start + share * (end - start) for share in SHARES]


def _among(lefts: Iterable[float], tops: Iterable[float], size: Size) -> Iterator[Box]:
    return (Box(left, top, *size) for left, top in product(lefts, tops))
