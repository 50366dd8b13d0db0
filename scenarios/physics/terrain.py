"""The ground that is not level, and the wind: rolling, slopes, kerbs, slippery patches, air that moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import atan, cos, pi, sin, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenarios.assembly import BICYCLE_URDF, assemble, load_robot
from scenarios.loader import load
from scenarios.physics.check import Check, Finding
from scenarios.schema import CONTROL_PERIOD
from sim import profiles
from sim.experiments.rolling import Rolled, Wheel, freely_rolling, laid, plain, roll, roll_wheel
from sim.mechanics import Mechanics
from sim.physics import GRAVITY
from sim.terrain import Strip, Terrain
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]

_WIDTH = 20.0


def _rolling_ground() -> Iterator[Finding]:
    """Level ground, but with a profile (of a nanometre), and bumps that give back what they take."""
    bicycle, speed, seconds = freely_rolling(BicycleParameters.load()), 5.0, 1.5
    on_plane = roll(BICYCLE_URDF, bicycle, plain, speed, seconds)
    level = _strip(np.linspace(0.0, 20.0, 2001), 1e-9 * np.sin(np.pi * np.linspace(0.0, 1.0, 2001)) ** 2)
    on_level = roll(BICYCLE_URDF, bicycle, laid(level), speed, seconds)
    yield Finding(
        "level profile: speed against the plane", float(on_level.speed[-1]), float(on_plane.speed[-1]), "m/s", 1e-4
    )
    yield Finding(
        "level profile: roll against the plane's", float(np.abs(on_level.roll - on_plane.roll).max()), 0.0, "rad", 0.01,
        float(np.abs(on_plane.roll).max()),
    )  # fmt: skip
    flat = roll(BICYCLE_URDF, bicycle, plain, 2.5, seconds)
    for height, length in ((0.02, 1.0), (0.03, 0.8)):
        along, profile = profiles.bump(height, length)
        over = roll(BICYCLE_URDF, bicycle, laid(_strip(along, profile, 1.5)), 2.5, seconds)
        what = f"bump of {100 * height:g} cm in {length:g} m"
        yield Finding(f"{what}: speed after it", float(over.speed[-1]), float(flat.speed[-1]), "m/s", 2e-3)
        yield Finding(f"{what}: rise of the wheels", float(over.hub_height.max() - 0.2), height, "m", 0.01)


def _slope() -> Iterator[Finding]:
    """Down a grade: a = g (sin θ - Crr cos θ) m / m_eff less the bearings' part, m_eff = m + ΣI/r².

    Nobody balances the bicycle: it begins to capsize, and what height it loses makes it quicker by 1 mm/s in a second.
    As much is seen, and taken off, on the plane.
    """
    declared = BicycleParameters.load()
    radius, seconds = declared.geometry.rear_wheel_radius, 0.8
    free = freely_rolling(declared)
    bearings = declared.bearings.model_copy(update={"crank": 0.0, "pedal": 0.0})
    braked = declared.model_copy(update={"bearings": bearings})
    mass = declared.mass
    effective = mass + (declared.bodies.rear_wheel.inertia[3] + declared.bodies.front_wheel.inertia[3]) / radius**2
    capsizing = _acceleration(roll(BICYCLE_URDF, free, plain, 4.0, seconds), 0.1, seconds)
    for grade in (0.01, 0.03, 0.05):
        angle = -atan(grade)
        along = np.linspace(0.0, 30.0, 3001)
        terrain = _strip(along, grade * (30.0 - along), -10.0)
        for bicycle, what in ((free, "rolling freely"), (braked, "with its resistances")):
            rolled = roll(
                BICYCLE_URDF, bicycle, laid(terrain), 4.0, seconds, start=(0.0, 20.0 * grade), grade_angle=angle
            )
            coefficient = bicycle.resistance.rolling_coefficient
            force = mass * GRAVITY * (-sin(angle) - coefficient * cos(angle)) - 2.0 * bicycle.bearings.wheel / radius
            scale = mass * GRAVITY * grade / effective
            yield Finding(
                f"{grade:.0%} down, {what}: acceleration", _acceleration(rolled, 0.1, seconds) - capsizing,
                force / effective, "m/s²", 0.01, scale,
            )  # fmt: skip


def _kerb() -> Iterator[Finding]:
    """A wheel that meets an edge keeps the angular momentum about it; what is left lifts it onto the kerb.

    With inertia I about the axle, mass M and radius r: ω' = ω (I + M r (r - h)) / (I + M r²), and then
    v² (M + I/r²) = ω'² (I + M r²) - 2 M g h.
    """
    wheel, speed = Wheel(0.2, 1.3, 1.0, 0.038), 1.2
    mass, radius, inertia = wheel.mass + wheel.load, wheel.radius, wheel.inertia
    about_edge = inertia + mass * radius**2
    for height in (0.01, 0.02, 0.03):
        along, profile = profiles.kerb(height, 4.0)
        seen = roll_wheel(wheel, _strip(along, profile, 1.0).strips[0], speed, 1.5, friction=2.0)
        on_top = seen[int(np.argmax(seen[:, 0] > 1.0 + 2.0 * radius))]
        spin = speed / radius * (inertia + mass * radius * (radius - height)) / about_edge
        left = sqrt((spin**2 * about_edge - 2.0 * mass * GRAVITY * height) / (mass + inertia / radius**2))
        what = f"kerb of {100 * height:g} cm"
        yield Finding(f"{what}: speed on top", float(on_top[2]), left, "m/s", 0.01)
        yield Finding(f"{what}: height gained", float(on_top[1] - radius), height, "m", 0.01)


def _slippery() -> Iterator[Finding]:
    """Wheels that are held fast slide with μ g, on the road and on the patch."""
    bicycle, seconds = freely_rolling(BicycleParameters.load()), 0.3
    for friction in (0.05, 0.2):
        patch = Strip("patch", (-5.0, 0.0), 0.0, 30.0, _WIDTH, friction=friction)
        rolled = roll(BICYCLE_URDF, bicycle, laid(Terrain((patch,))), 4.0, seconds, locked=True)
        yield Finding(
            f"patch with μ = {friction:g}: deceleration", -_acceleration(rolled, 0.05, seconds), friction * GRAVITY,
            "m/s²", 0.02,
        )  # fmt: skip
    beside = Strip("patch", (-5.0, 10.0), 0.0, 30.0, 4.0, friction=0.05)
    rolled = roll(BICYCLE_URDF, bicycle, laid(Terrain((beside,))), 4.0, 0.15, locked=True)
    yield Finding(
        "beside the patch, μ = 0.8: deceleration", -_acceleration(rolled, 0.05, 0.15), 0.8 * GRAVITY, "m/s²", 0.05
    )


def _wind() -> Iterator[Finding]:
    """Momentum gained but for what the ground gave is the integral of ½ ρ C A |v - w| (v - w)."""
    density, side, bicycle = 12.0, 0.6, BicycleParameters.load()
    area = bicycle.resistance.drag_area
    for what, speed, direction, axis in (
        ("headwind of 8 m/s", 8.0, pi, 0), ("tailwind of 8 m/s", 8.0, 0.0, 0),
        ("crosswind of 4 m/s", 4.0, 0.5 * pi, 1),
    ):  # fmt: skip
        wind = f"{{speed={speed}, direction={direction}, side_area={side}}}"
        given, velocity = _given_by_air({"world.air_density": density, "wind": wind})
        relative = velocity - speed * np.array((cos(direction), sin(direction)))
        force = -0.5 * density * np.array((area, side)) * np.hypot(*relative.T)[:, None] * relative
        expected = float(force[:, axis].sum() * CONTROL_PERIOD)
        yield Finding(f"{what}: impulse in 0.2 s", float(given[axis]), expected, "N·s", 0.02)


def _given_by_air(changes: dict[str, Any]) -> tuple[Array, Array]:
    """What air gave to rider and bicycle in 0.2 s, (x, y) [N·s], and the bicycle's velocity at each tick [m/s].

    With one step to a tick the truth has all of the ground's forces; the momentum is Pinocchio's.
    """
    same = {"world.physics_step": CONTROL_PERIOD, "jitter.heading": 0, "senses.noise_scale": 0}
    ride = assemble(load("ride_straight", [f"{key}={value}" for key, value in (same | changes).items()]), seed=0)
    mechanics = Mechanics(load_robot(), BICYCLE_URDF.read_text(encoding="utf-8"))
    names = [f"{body}_{part}" for body in ("robot", "bicycle") for part in _MOTION]
    rows: dict[str, list[Array]] = {name: [] for name in (*names, "ground_force")}
    with ride.bus as bus:
        state = bus.open()
        ride.controller.reset(state)
        truth: Any = ride.world().truth
        for _ in range(round(0.2 / CONTROL_PERIOD) + 1):
            for name, row in rows.items():
                row.append(getattr(truth, name).copy())
            state, _ = bus.exchange(ride.controller.step(state))
    _, momentum = mechanics.over(lambda name: np.array(rows[name]))
    ground = np.array(rows["ground_force"])[1:].reshape(-1, 2, 3).sum(axis=(0, 1)) * CONTROL_PERIOD
    return (momentum[-1] - momentum[0] - ground)[:2], np.array(rows["bicycle_velocity"])[:-1, :2]


_MOTION = ("position", "orientation", "velocity", "joint_position", "joint_velocity")


def _strip(along: Array, height: Array, at: float = 0.0) -> Terrain:
    return Terrain((Strip("strip", (at, 0.0), 0.0, float(along[-1]), _WIDTH, along, height),))


def _acceleration(rolled: Rolled, start: float, end: float) -> float:
    """Mean acceleration along the way between two times [m/s²]."""
    speed = np.linalg.norm(rolled.velocity, axis=1)
    first, last = round(start / 0.001), round(end / 0.001) - 1
    return float((speed[last] - speed[first]) / (0.001 * (last - first)))


def _all(findings: Callable[[], Iterator[Finding]]) -> Callable[[], tuple[Finding, ...]]:
    return lambda: tuple(findings())


CHECKS = (
    Check("rolling-ground", "on ground with a profile wheels roll as on the plane", _all(_rolling_ground)),
    Check("slope", "a slope accelerates by g sin θ less the resistances", _all(_slope)),
    Check("kerb", "an edge takes what an inelastic impact takes, and no more", _all(_kerb)),
    Check("slippery", "wheels that are held fast slide with μ g", _all(_slippery)),
    Check("wind", "the air gives ½ ρ C A |v - w| (v - w)", _all(_wind)),
)
