"""The area under the soles, and how far a point is inside of it."""

from __future__ import annotations

from collections.abc import Sequence

Point = tuple[float, float]


def convex_hull(points: Sequence[Point]) -> list[Point]:
    """Corners of the convex hull, counter-clockwise (Andrew 1979)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return lower[:-1] + upper[:-1]


def margin(point: Point, hull: Sequence[Point]) -> float:
    """Least distance of a point from the lines of a hull's edges, positive inside [m].

    Args:
        point: On the ground [m].
        hull: At least three corners, counter-clockwise [m].
    """
    x, y = point
    least = float("inf")
    for (ax, ay), (bx, by) in zip(hull, [*hull[1:], hull[0]], strict=True):
        dx, dy = bx - ax, by - ay
        length = (dx * dx + dy * dy) ** 0.5
        if length > 0.0:  # corners may be so near that this is too small a number
            least = min(least, (dx * (y - ay) - dy * (x - ax)) / length)
    return least


def _chain(points: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for x, y in points:
        while len(chain) > 1:
            (ax, ay), (bx, by) = chain[-2], chain[-1]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0.0:
                break
            chain.pop()
        chain.append((x, y))
    return chain
