"""Courses: plane curves by arc length, with heading and curvature, that the rear wheel should follow."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

Array = NDArray[np.float64]

SPACING = 0.02
"""Distance between the samples of a curve [m]."""
_BEYOND = 30.0
"""How far a course runs straight on past its end, for the preview [m]."""
_CUSP = 0.05
"""Least way along a spline by the chord's way below which it turns back on the spot [1]."""
_WINDOW = 0.6
"""How far around the last place the next one is sought [m]; less than the distance between crossing branches."""


class Course:
    """A curve sampled by arc length; it starts at the origin unless it was built otherwise.

    Attributes:
        length: Where the course is completed [m].
        points: Samples, shape (k, 2) [m]; they go on straight past the end.
        spacing: Arc length from one sample to the next [m].
        heading: Direction of the curve, continuous, shape (k,) [rad].
        curvature: Positive to the left, shape (k,) [1/m].
    """

    def __init__(self, curvature: Array, start: tuple[float, float] = (0.0, 0.0), heading: float = 0.0) -> None:
        """Integrate a curve from its curvature.

        Args:
            curvature: At every 2 cm of arc length, shape (k,) [1/m].
            start: First point [m].
            heading: First direction [rad].
        """
        self.length = curvature.size * SPACING
        self.spacing = SPACING
        self.curvature = np.concatenate((curvature, np.zeros(round(_BEYOND / SPACING))))
        turned = np.concatenate(((0.0,), np.cumsum(self.curvature) * SPACING))
        middle = heading + 0.5 * (turned[1:] + turned[:-1])
        self.heading = heading + turned[:-1]
        x = start[0] + np.concatenate(((0.0,), np.cumsum(np.cos(middle)) * SPACING))[:-1]
        y = start[1] + np.concatenate(((0.0,), np.cumsum(np.sin(middle)) * SPACING))[:-1]
        self.points = np.column_stack((x, y))
        self._xy = np.ascontiguousarray(self.points.T)
        self._reach = round(_WINDOW / SPACING)

    def continued(self, arc_length: float, curvature: Array) -> Course:
        """The same course up to an arc length [m], and from there on another one by its curvature, as at the start."""
        kept = min(max(0, round(arc_length / SPACING)), len(self.points) - 1)
        x, y = self.points[kept].tolist()
        other = Course(curvature, (x, y), float(self.heading[kept]))
        other.length += kept * SPACING
        other.curvature = np.concatenate((self.curvature[:kept], other.curvature))
        other.heading = np.concatenate((self.heading[:kept], other.heading))
        other.points = np.concatenate((self.points[:kept], other.points))
        other._xy = np.ascontiguousarray(other.points.T)
        return other

    def locate(self, x: float, y: float, near: float) -> tuple[float, float, float]:
        """Where a point is along the course.

        Args:
            x: [m].
            y: [m].
            near: Arc length in whose neighbourhood to look, since a course may cross itself [m].

        Returns:
            Arc length of the nearest point of the course [m], signed distance to it (positive left) [m], and the
            direction of the course there [rad].
        """
        centre = round(near / SPACING)
        first = max(0, centre - self._reach)
        away = self._xy[:, first : centre + self._reach + 1] - ((x,), (y,))
        away *= away
        index = first + int((away[0] + away[1]).argmin())
        heading = float(self.heading[index])
        c, s = cos(heading), sin(heading)
        px, py = self.points[index]
        along = c * (x - px) + s * (y - py)
        across = -s * (x - px) + c * (y - py)
        bend = float(self.curvature[index])
        return index * SPACING + along, across - 0.5 * bend * along * along, heading + bend * along

    def curvature_at(self, arc_length: Array) -> Array:
        """Curvature at arc lengths [m], same shape [1/m]."""
        index = np.minimum((arc_length * (1.0 / SPACING)).astype(np.intp), self.curvature.size - 1)
        values: Array = self.curvature[np.maximum(index, 0)]
        return values

    def project(self, points: Array) -> Array:
        """Signed distances (positive left) of successive points of a ride, shape (T, 2) -> (T,) [m]."""
        near = 0.0
        distance = np.empty(len(points))
        for row, (x, y) in enumerate(points.tolist()):
            near, distance[row], _ = self.locate(x, y, near)
        return distance


def straight(length: float) -> Course:
    """A straight line along x [m]."""
    return Course(_zeros(length))


def circle(radius: float, laps: int, lead_in: float, *, left: bool = True) -> Course:
    """Laps of a circle [m] that touches the end of a straight lead-in."""
    bend = (1.0 if left else -1.0) / radius
    return Course(np.concatenate((_zeros(lead_in), _arc(bend, laps * 2 * pi * radius))))


def figure_eight(radius: float, rounds: int, lead_in: float) -> Course:
    """Rounds of two touching circles [m], the left one first, after a straight lead-in."""
    lap = 2 * pi * radius
    loops = [_arc(sign / radius, lap) for _ in range(rounds) for sign in (1.0, -1.0)]
    return Course(np.concatenate((_zeros(lead_in), *loops)))


def lane_change(width: float, length: float, lead_in: float, lead_out: float, stay: float | None = None) -> Course:
    """A step to the left by a width over a length [m]: the quintic whose slope and bend vanish at both ends.

    With `stay` it goes back after that length on the other lane [m], as it came.
    """

    def step(x: Array) -> Array:
        t = np.clip(x / length, 0.0, 1.0)
        return width * t**3 * (10.0 - 15.0 * t + 6.0 * t * t)

    if stay is None:
        return _graph(lambda x: step(x - lead_in), lead_in + length + lead_out)
    back = lead_in + length + stay
    return _graph(lambda x: step(x - lead_in) - step(x - back), back + length + lead_out)


def slalom(cones: int, spacing: float, offset: float, lead_in: float) -> Course:
    """A sine that passes cones on the x axis on alternate sides; the first cone is one spacing after the lead-in."""
    row = (cones + 1) * spacing

    def swing(x: Array) -> Array:
        t = (x - lead_in) / spacing
        fade = np.clip(np.minimum(t, cones + 1 - t), 0.0, 1.0)
        return offset * fade**3 * (10.0 - 15.0 * fade + 6.0 * fade**2) * np.sin(pi * (t - 0.5))

    return _graph(swing, lead_in + row + spacing)


def cone_positions(cones: int, spacing: float, lead_in: float) -> Array:
    """Where the cones of a slalom stand, shape (cones, 2) [m]."""
    return np.column_stack((lead_in + spacing * np.arange(1, cones + 1), np.zeros(cones)))


def through(points: Array) -> Course:
    """A smooth curve (a cubic spline by chord length) through points, shape (k, 2) [m].

    Raises:
        ValueError: It turns back on the spot.
    """
    chord = np.concatenate(((0.0,), np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    if len(points) == 2:
        points = np.insert(points, 1, points.mean(axis=0), axis=0)
        chord = np.insert(chord, 1, chord.mean())
    spline = CubicSpline(chord, points)
    return _parametric(lambda t: spline(t), lambda t: spline(t, 1), lambda t: spline(t, 2), float(chord[-1]))


def _graph(offset: Callable[[Array], Array], length: float) -> Course:
    """The graph y = offset(x) for x from 0 to a length, as a course."""
    x = np.arange(-4, round(length / SPACING) * 4 + 5, dtype=np.float64) * (SPACING / 4)
    y = offset(x)
    slope = np.gradient(y, x)
    bend = np.gradient(slope, x) / (1.0 + slope**2) ** 1.5
    arc = np.concatenate(((0.0,), np.cumsum(np.hypot(np.diff(x), np.diff(y)))))
    arc -= np.interp(0.0, x, arc)
    total = float(np.interp(length, x, arc))
    samples = np.arange(0.0, total, SPACING) + SPACING / 2
    return Course(
        np.interp(samples, arc, bend), (0.0, float(offset(np.zeros(1))[0])), float(np.interp(0.0, x, np.arctan(slope)))
    )


def _parametric(
    place: Callable[[Array], Array], first: Callable[[Array], Array], second: Callable[[Array], Array], end: float
) -> Course:
    """A curve given by a parameter with two derivatives, as a course."""
    t = np.linspace(0.0, end, max(200, round(end / SPACING) * 8))
    d, dd = first(t), second(t)
    speed = np.hypot(d[:, 0], d[:, 1])
    if speed.min() < _CUSP:
        x, y = place(t[[speed.argmin()]])[0]
        raise ValueError(f"the points turn back on the spot near ({x:.3g}, {y:.3g}) m; lead them round a bend")
    bend = (d[:, 0] * dd[:, 1] - d[:, 1] * dd[:, 0]) / speed**3
    arc = np.concatenate(((0.0,), np.cumsum(0.5 * (speed[1:] + speed[:-1]) * np.diff(t))))
    samples = np.arange(0.0, arc[-1], SPACING) + SPACING / 2
    start = place(t[:1])[0]
    return Course(
        np.interp(samples, arc, bend), (float(start[0]), float(start[1])), float(np.arctan2(d[0, 1], d[0, 0]))
    )


def _zeros(length: float) -> Array:
    return np.zeros(round(length / SPACING))


def _arc(bend: float, length: float) -> Array:
    return np.full(round(length / SPACING), bend)
