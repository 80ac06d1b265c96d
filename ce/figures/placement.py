"""Where the names of curves stand: beside their own curve, clear of the others; the front end has the same rules."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Box", "Corners", "along", "beside", "place", "within"]

Corners = Sequence[tuple[float, float]]

GAP = 5.0
POSITIONS = 15


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
        left = (area[0] - width) * position / (POSITIONS - 1)
        near = [y for x, y in inside if left - 4 <= x <= left + width + 4]
        if near:
            yield Box(left, min(near) - GAP - height, width, height)
            yield Box(left, max(near) + GAP, width, height)


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
    candidates: Iterable[Box], own: Corners, others: Sequence[Corners], area: tuple[float, float], taken: Sequence[Box]
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
    """
    inside = _inside(own, area)
    best: tuple[float, Box] | None = None
    for order, box in enumerate(candidates):
        fits = 0 <= box.left and box.left + box.width <= area[0] and 0 <= box.top and box.top + box.height <= area[1]
        if not fits or any(box.overlaps(other) for other in taken):
            continue
        # A name floats off where its curve is steep; near another curve it would be read as that one's.
        gap = min((box.distance(x, y) for x, y in inside), default=0.0)
        nearest = min((box.distance(x, y) for other in others for x, y in other), default=math.inf)
        crossed = 400.0 if nearest <= 1 else 0.0
        confused = max(0.0, 40 - 2 * nearest) + (60 if nearest <= gap else 0) if inside else 0.0
        cost = gap + crossed + confused + 0.01 * order
        if best is None or cost < best[0]:
            best = (cost, box)
    return best[1] if best else None


def _inside(own: Corners, area: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x, y) for x, y in own if 0 <= x <= area[0] and -1 <= y <= area[1] + 1]
