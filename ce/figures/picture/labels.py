"""Writing the names of curves, ranges and rules into a matplotlib plot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Text

from ce.figures.evaluation import Array, Scene, Trace, traced
from ce.figures.grammar.panels import Panel, Triangle
from ce.figures.palette import LIGHT
from ce.figures.picture.marks import look

__all__ = ["write_names"]

Size: TypeAlias = tuple[float, float]

# Pixels between two names in one line.
APART = 12


def write_names(scene: Scene, panel: Panel | Triangle, axes: Axes) -> None:
    """Write the name of each label once: ranges and rules first, then curves, then points that have none."""
    window = axes.get_window_extent()
    area = (window.width, window.height)
    shown = traced(scene, panel)
    corners = {id(trace): _corners(axes, trace, trace.y) for trace in shown}
    rest = [_obstacle(trace, corners[id(trace)], area) for trace in shown]
    symbol = scene.figure.x_axis(panel).symbol
    if symbol in scene.parameters and scene.figure.y_axis(panel).symbol not in scene.parameters:
        now = axes.transData.transform((scene.parameters[symbol], axes.get_ylim()[0]))[0] - window.x0
        rest.append(dense([(now, 0.0), (now, area[1])]))
    taken: list[Box] = []
    named: set[str] = set()
    for trace in sorted(filter(_beside, shown), key=lambda one: one.mark.traits.named or 0):
        mark, own, shape = trace.mark, corners[id(trace)], trace.mark.traits.shape
        in_legend = mark.traits.keyed == "among bars" and panel.x_axis.categories
        if mark.label in named or in_legend:
            continue
        colour = look(scene.figure.roles, mark).colour if mark.colour else LIGHT.muted
        words = axes.text(0, 0, mark.label, color=colour, fontsize=8, zorder=6, va="bottom", linespacing=1.1)
        curves = [corners[id(t)] for t in shown if t is not trace and t.mark.traits.shape == "curve"]
        near = own if mark.colour == mark.label and shape != "region" else ()
        upper = _corners(axes, trace, trace.high) if trace.high is not None else ()
        found = []
        room = max(70.0, own[-1][0] - own[0][0] - 10) if own and shape == "range" else math.inf
        for text in _wrapped(words, room):
            words.set_text(text)
            extent = words.get_window_extent()
            places = _candidates(trace, own, upper, (extent.width, extent.height), area)
            best = place(places, near, curves, rest, area=area, taken=taken)
            # In a region a name would be read as that of what crosses it.
            if best is not None and (best[0] < CROSSED or shape != "region"):
                found.append((best[0] + 10 * text.count("\n"), text, best[1]))
        if not found:
            words.remove()
            continue
        _, text, box = min(found, key=lambda one: one[0])
        named.add(mark.label)
        taken.append(Box(box.left - APART, box.top, box.width + 2 * APART, box.height))
        words.set_text(text)
        words.set_transform(None)
        words.set_position((window.x0 + box.left, window.y1 - box.top - box.height))
        if shape != "range":
            words.set_path_effects([withStroke(linewidth=2.5, foreground=LIGHT.surface)])


def _beside(trace: Trace) -> bool:
    """Say whether the name of a mark is written beside it."""
    return bool(trace.mark.label) and trace.mark.traits.named is not None


def _level(trace: Trace) -> bool:
    """Say whether a rule is level: it has no x."""
    return bool(np.isnan(trace.x[0]))


def _candidates(trace: Trace, own: Corners, upper: Corners, size: Size, area: Size) -> Iterable[Box]:
    shape = trace.mark.traits.shape
    if not own:
        return ()
    if shape == "range":
        return within(own[0][0], own[-1][0], size, area)
    if shape == "rule":
        return along(own[0][1], size, area) if _level(trace) else upright(own[0][0], size, area)
    return between(upper, own, size, area) if shape == "region" else beside(own, size, area)


def _corners(axes: Axes, trace: Trace, heights: Array) -> Corners:
    """Return the finite corners of a mark in pixels from the top left of the plot."""
    window = axes.get_window_extent()
    pairs = np.column_stack([trace.x, heights])
    if trace.mark.traits.shape == "range":
        pairs = pairs[pairs[:, 1] > 0]
    pairs = np.where(np.isnan(pairs), [axes.get_xlim()[0], axes.get_ylim()[0]], pairs)
    with np.errstate(all="ignore"):
        pixels = axes.transData.transform(pairs)
    pixels = pixels[np.isfinite(pixels).all(axis=1)]
    # A long path has thousands of corners in one pixel.
    apart = np.r_[True, np.abs(np.diff(pixels.round(), axis=0)).sum(axis=1) > 0] if len(pixels) else []
    return dense([(float(x - window.x0), float(window.y1 - y)) for x, y in pixels[apart]])


def _obstacle(trace: Trace, corners: Corners, area: Size) -> Corners:
    """Return the places where a mark other than a curve would run through a name."""
    shape = trace.mark.traits.shape
    if not corners or shape == "arrow":
        return corners
    x, y = corners[0]
    if shape == "rule":
        return dense(((0.0, y), (area[0], y)) if _level(trace) else ((x, 0.0), (x, area[1])))
    return ring(x, y) if shape == "point" else ()


def _wrapped(words: Text, room: float) -> Iterator[str]:
    """Yield a text in one line, or in lines that fit into the room, and in two and more shorter ones."""
    whole, text = words.get_window_extent().width, words.get_text()
    for width in (room, 0.6 * whole, 0.0):
        lines: list[str] = []
        for word in text.split():
            words.set_text(f"{lines[-1]} {word}" if lines else word)
            if lines and words.get_window_extent().width <= width:
                lines[-1] = words.get_text()
            else:
                lines.append(word)
        yield "\n".join(lines)


Corners: TypeAlias = Sequence[tuple[float, float]]

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
        return (
            self.left < other.left + other.width
            and other.left < self.left + self.width
            and self.top < other.top + other.height
            and other.top < self.top + self.height
        )

    def fits(self, area: tuple[float, float]) -> bool:
        """Say whether the box lies inside a plot of this width and height."""
        return (
            self.left >= 0 and self.left + self.width <= area[0] and self.top >= 0 and self.top + self.height <= area[1]
        )

    def distance(self, dots: Array) -> float:
        """Return how far the nearest of these points, rows of x and y, is from the box: 0 inside, infinite for none."""
        x, y = dots.T
        across = np.maximum(np.maximum(self.left - x, 0), x - self.left - self.width)
        down = np.maximum(np.maximum(self.top - y, 0), y - self.top - self.height)
        return float(np.hypot(across, down).min(initial=math.inf))


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
    seen, others, obstacles = (_rows(dots) for dots in ([_inside(own, area)], curves, rest))
    best: tuple[float, Box] | None = None
    for order, box in enumerate(candidates):
        if not box.fits(area) or any(box.overlaps(other) for other in taken):
            continue
        # A name floats off where its curve is steep; near another curve it would be read as that one's.
        gap = box.distance(seen) if seen.size else 0.0
        nearest = box.distance(others)
        confused = max(0.0, 40 - 2 * nearest) + 60 * min(1.0, gap / max(nearest, 1e-9)) if seen.size else 0.0
        crossed = (2 * CROSSED if nearest <= 1 else 0.0) + (CROSSED if box.distance(obstacles) <= 1 else 0.0)
        cost = gap + confused + crossed + 0.01 * order
        if best is None or cost < best[0]:
            best = (cost, box)
    return best


def ring(x: float, y: float) -> list[tuple[float, float]]:
    """Return points that stand for a marker: its middle, and its ends to all sides."""
    return [(x, y), (x - RADIUS, y), (x + RADIUS, y), (x, y - RADIUS), (x, y + RADIUS)]


def dense(corners: Corners) -> list[tuple[float, float]]:
    """Return corners no farther apart than 6 pixels, so that no curve slips through between two."""
    found: list[tuple[float, float]] = list(corners[:1])
    for (x0, y0), (x1, y1) in pairwise(corners):
        count = min(60, max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / 6)))
        found += [(x0 + (x1 - x0) * k / count, y0 + (y1 - y0) * k / count) for k in range(1, count + 1)]
    return found


def _inside(own: Corners, area: tuple[float, float]) -> list[tuple[float, float]]:
    return [(x, y) for x, y in own if 0 <= x <= area[0] and -1 <= y <= area[1] + 1]


def _rows(parts: Iterable[Corners]) -> Array:
    return np.array([corner for part in parts for corner in part]).reshape(-1, 2)


def _columns(size: Size, area: Size) -> list[float]:
    return [GAP + (area[0] - size[0] - GAP) * at / (POSITIONS - 1) for at in range(POSITIONS)]


def _heights(dots: Corners, left: float, size: Size) -> list[float]:
    return [y for x, y in dots if left - 4 <= x <= left + size[0] + 4]


def _spread(start: float, end: float) -> list[float]:
    return [start + share * (end - start) for share in SHARES]


def _among(lefts: Iterable[float], tops: Iterable[float], size: Size) -> Iterator[Box]:
    return (Box(left, top, *size) for left, top in product(lefts, tops))
