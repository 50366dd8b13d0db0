"""From the ground and the wind of a scenario to the world's, laid along its course."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from controllers.riding.course import Course
from scenarios.terrain_schema import Bump, Feature, Kerb, Ramp, Rough, Slippery, Slope, Wind
from sim import profiles
from sim.terrain import Strip, Terrain
from sim.wind import Gust, WindParameters

Array = NDArray[np.float64]

_STRAIGHT = 1e-6
"""Curvature up to which a course counts as straight [1/m]."""
_BEFORE = 2.0
"""A ride starts on level ground: both wheels fit into this [m]."""
_APART = 0.6
"""Least distance between two features, so that a wheel is on one of them at a time [m]."""
_PAST_END = 29.0
"""How far a road that stays up goes on past the end of the course [m]."""
_ASKEW = 0.2
"""Greatest angle between the course and a feature that is placed in the world [rad]."""
_ISO_8608 = {"A": 16e-6, "B": 64e-6, "C": 256e-6, "D": 1024e-6}
"""G(n0) at 0.1 cycles/m in the middle of each class [m³]."""


def build_terrain(features: Sequence[Feature], course: Course, seed: int) -> Terrain:
    """Lay features along a course, or where they are placed on its map.

    Args:
        features: As they stand in the scenario.
        course: Where they lie.
        seed: Of the ride; a rough road without a seed of its own takes it.

    Raises:
        ValueError: A feature lies where the course begins, bends, ends or comes back, or beside it, or two are too near
            each other.
    """
    strips: list[Strip] = []
    spans: list[tuple[float, float]] = []
    for index, feature in enumerate(features):
        name = f"terrain.{index} ({feature.kind})"
        rng = np.random.default_rng((seed, 3, index))
        strip, start, end = (
            _along(feature, name, course, rng)
            if feature.place is None
            else _on_map(feature, name, feature.place, course, rng)
        )
        if start < _BEFORE:
            raise ValueError(f"{name} begins {start:g} m after the start; a ride starts on level ground, put it"
                             f" at {_BEFORE:g} m or later")  # fmt: skip
        for other, (first, last) in enumerate(spans):
            if start < last + _APART and first < end + _APART:
                raise ValueError(
                    f"{name} from {start:g} to {end:g} m is on or less than {_APART:g} m from terrain.{other}"
                    f" ({features[other].kind}) from {first:g} to {last:g} m; move one of them"
                )
        strips.append(strip)
        spans.append((start, end))
        _refuse_return(course, strip, start, end)
    return Terrain(strips)


def _along(feature: Feature, name: str, course: Course, rng: np.random.Generator) -> tuple[Strip, float, float]:
    """A feature on a straight part of a course, with the arc lengths at which it begins and ends [m]."""
    along, height = _profile(feature, rng)
    start = feature.at or 0.0
    end = start + float(along[-1])
    if start >= _BEFORE and end > course.length + 1e-9:
        raise ValueError(f"{name} ends at {end:g} m, after the course, which is {course.length:g} m long")
    if isinstance(feature, Slope) and feature.top is None:
        rest = course.length + _PAST_END - end
        along = np.concatenate((along, end - start + np.linspace(0.0, rest, round(rest / 0.05))[1:]))
        height = np.concatenate((height, np.full(along.size - height.size, height[-1])))
        end = course.length + _PAST_END
    point, heading = (0.0, 0.0), 0.0
    if start >= _BEFORE:
        point, heading = _place(course, name, start, end)
    return _strip(feature, name, point, heading, along, height), start, end


def _on_map(
    feature: Feature, name: str, place: tuple[float, float], course: Course, rng: np.random.Generator
) -> tuple[Strip, float, float]:
    """A feature at a place of the world, with the arc lengths between which the course leads over it [m].

    Raises:
        ValueError: The course does not lead over it from one end to the other.
    """
    if isinstance(feature, Slope) and feature.top is None:
        raise ValueError(f"{name} stays up to the end of the course; one that has a 'place' needs a 'top'")
    strip = _strip(feature, name, place, feature.heading, *_profile(feature, rng))
    c, s = cos(strip.heading), sin(strip.heading)
    on = np.arange(round(course.length / course.spacing))
    away = course.points[on] - place
    along, across = away @ (c, s), away @ (-s, c)
    on = on[(np.abs(across) <= 0.5 * strip.width) & (along >= -_APART) & (along <= strip.length + _APART)]
    if not on.size:
        raise ValueError(f"{name} lies beside the course; give it a 'place' and a 'heading' on its way")
    over = on[: int(np.argmax(np.append(np.diff(on) > 1, True))) + 1]
    first, last = along[over[[0, -1]]]
    turned = np.abs(np.sin(course.heading[over] - strip.heading)).max()
    if first > 0.0 or last < strip.length or turned > _ASKEW:
        raise ValueError(
            f"the course leads over {name} from {first:.1f} to {last:.1f} m of its {strip.length:g} m and up to"
            f" {turned:.2f} rad askew; it must lead from one end to the other and at most {_ASKEW:g} rad askew"
        )
    return strip, float(over[0] * course.spacing - first), float(over[-1] * course.spacing - (last - strip.length))


def _strip(
    feature: Feature, name: str, point: tuple[float, float], heading: float, along: Array, height: Array
) -> Strip:
    flat = isinstance(feature, Slippery)
    return Strip(
        name, point, heading, float(along[-1]), feature.width,
        along[:0] if flat else along, height[:0] if flat else height, feature.friction,
    )  # fmt: skip


def build_wind(wind: Wind | None) -> WindParameters | None:
    """The wind of a scenario, if there is one."""
    if wind is None:
        return None
    gusts = tuple(
        Gust(gust.time, gust.duration, gust.speed, wind.direction if gust.direction is None else gust.direction)
        for gust in wind.gusts
    )
    turbulence = wind.turbulence
    return WindParameters(
        wind.speed, wind.direction, gusts,
        intensity=turbulence.intensity if turbulence else 0.0,
        length=turbulence.length if turbulence else 30.0,
        side_area=wind.side_area,
    )  # fmt: skip


def _profile(feature: Feature, rng: np.random.Generator) -> profiles.Profile:
    match feature:
        case Slope():
            return profiles.slope(feature.grade, feature.length, feature.top, feature.rounding)
        case Ramp():
            return profiles.ramp(feature.height, feature.up, feature.flat, feature.down)
        case Bump():
            return profiles.bump(feature.height, feature.length)
        case Kerb():
            return profiles.kerb(feature.height, feature.length)
        case Slippery():
            return np.array((0.0, feature.length)), np.zeros(2)
        case Rough():
            own = rng if feature.seed is None else np.random.default_rng(feature.seed)
            return profiles.rough(_ISO_8608[feature.iso_class], feature.length, own)


def _place(course: Course, name: str, start: float, end: float) -> tuple[tuple[float, float], float]:
    """Point and heading of the course at a place, from which on it must be straight [m, rad]."""
    where = np.arange(len(course.points)) * course.spacing
    here = (where >= start - _APART) & (where <= end + _APART)
    bends = where[here & (np.abs(course.curvature) > _STRAIGHT)]
    if bends.size:
        raise ValueError(
            f"{name} from {start:g} to {end:g} m lies where the course bends, at {bends[0]:.2f} m; it must be straight"
            f" there and {_APART:g} m before and after"
        )
    index = int(np.searchsorted(where, start - 1e-9))
    heading = float(course.heading[index])
    x, y = course.points[index] - (where[index] - start) * np.array((cos(heading), sin(heading)))
    return (float(x), float(y)), heading


def _refuse_return(course: Course, strip: Strip, start: float, end: float) -> None:
    """Refuse a course that comes back over a strip from another side."""
    where = np.arange(len(course.points)) * course.spacing
    elsewhere = ((where < start - _APART) | (where > end + _APART)) & (where <= course.length)
    for place, (x, y) in zip(where[elsewhere], course.points[elsewhere].tolist(), strict=True):
        if strip.covers(x, y):
            raise ValueError(
                f"{strip.name} from {start:g} to {end:g} m lies where the course comes back, at {place:.2f} m; make it"
                f" less than {strip.width:g} m wide or move it"
            )
