"""Where the names of curves stand: beside their own curve, clear of the others, as in the front end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Box", "Corners", "along", "beside", "dense", "place", "within"]

Corners = Sequence[tuple[float, float]]

GAP = 5.0
FAR = 18.0
POSITIONS = 19


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


def beside(own: Corners, size: tuple[float, float], area: tuple[float, float]) -> Iterator[Box]:
    """Yield the places just above and just below a curve."""
    width, height = size
    inside = _inside(own, area)
    for position in range(POSITIONS):
        left = GAP + (area[0] - width - GAP) * position / (POSITIONS - 1)
        near = [y for x, y in inside if left - 4 <= x <= left + width + 4]
        if near:
            for gap in (GAP, FAR):
                yield Box(left, min(near) - gap - height, width, height)
                yield Box(left, max(near) + gap, width, height)


def within(low: float, high: float, size: tuple[float, float], area: tuple[float, float]) -> Iterator[Box]:
    """Yield the places at the top and at the foot of an upright stripe."""
    for top in (GAP, area[1] - GAP - size[1], (area[1] - size[1]) / 2):
        yield Box(min(max(low, 0) + GAP, area[0] - size[0]), top, *size)


def along(y: float, size: tuple[float, float], area: tuple[float, float]) -> Iterator[Box]:
    """Yield the places above and below a level line, at its ends."""
    for left in (area[0] - size[0], 0.0):
        yield Box(left, y - size[1] - 2, *size)
        yield Box(left, y + 2, *size)


def place(
    candidates: Iterable[Box],
    own: Corners,
    others: Sequence[Corners],
    area: tuple[float, float],
    taken: Sequence[Box],
    *,
    now: float = math.nan,
) -> Box | None:
    """Return the best of the candidates, or None when no one has room.

    Parameters
    ----------
    candidates
        Places for the name, the preferred ones first.
    own
        The corners of the curve that is named, in pixels; empty for names of ranges and rules.
    others
        The other curves.
    area
        Width and height of the plot.
    taken
        Boxes of names that stand already.
    now
        Where the upright line at the current value is, which a name had better not stand on.
    """
    inside = _inside(own, area)
    best: tuple[float, Box] | None = None
    for order, box in enumerate(candidates):
        if not box.fits(area) or any(box.overlaps(other) for other in taken):
            continue
        # A name floats off where its curve is steep; near another curve it would be read as that one's.
        gap = min((box.distance(x, y) for x, y in inside), default=0.0)
        nearest = min((box.distance(x, y) for other in others for x, y in other), default=math.inf)
        crossed = 400.0 if nearest <= 1 else 0.0
        crossed += 12.0 if box.left - 3 < now < box.left + box.width + 3 else 0.0
        confused = max(0.0, 40 - 2 * nearest) + 60 * min(1.0, gap / max(nearest, 1e-9)) if inside else 0.0
        cost = gap + crossed + confused + 0.01 * order
        if best is None or cost < best[0]:
            best = (cost, box)
    return best[1] if best else None


def dense(corners: Corners, step: float = 6.0) -> list[tuple[float, float]]:
    """Return corners no farther apart than ``step`` pixels, so that no curve slips through between two."""
    found: list[tuple[float, float]] = list(corners[:1])
    for (x0, y0), (x1, y1) in pairwise(corners):
        count = min(60, max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / step)))
        found += [(x0 + (x1 - x0) * k / count, y0 + (y1 - y0) * k / count) for k in range(1, count + 1)]
    return found


def _inside(own: Corners, area: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x, y) for x, y in own if 0 <= x <= area[0] and -1 <= y <= area[1] + 1]
