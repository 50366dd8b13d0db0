"""The bicycle that nobody controls: it keeps its energy, and loses only what its declared resistances take."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import cast

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from scenarios.assembly import BICYCLE_URDF, assemble
from scenarios.loader import load
from scenarios.physics.check import Check, Finding
from scenarios.physics.first_order import first_order
from sim.bicycle_body import FRONT_WHEEL, REAR_WHEEL, BicycleBody
from sim.experiments.bicycles import put_bicycle, roll_on, with_resistances, without_resistances
from sim.experiments.momentum import momentum
from sim.experiments.twin import Twin
from sim.physics import GRAVITY, Physics, PhysicsSettings
from sim.world import World
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]

_COARSE, _FINE = 1e-3, 5e-4
"""Step of every ride and half of it [s]."""
_SETTLING = 1.0
"""For so long the side stand swings on its spring and damper before an account begins [s]."""


# Energy


@dataclass(frozen=True, slots=True)
class _Weave:
    """Of a bicycle without resistances.

    Attributes:
        gained: Gain of energy over time, shape (T,) [J].
        kinetic: Kinetic energy at first [J].
        exchanged: What went to and fro between height and motion, as the range of the kinetic energy [J].
        apart: Pinocchio's kinetic energy less Bullet's, at the end [J].
    """

    gained: Array
    kinetic: float
    exchanged: float
    apart: float


def _weave(dt: float, speed: float, roll: float, seconds: float) -> _Weave:
    with closing(Physics(PhysicsSettings(step=dt))) as physics:
        parameters = without_resistances(BicycleParameters.load())
        body = put_bicycle(physics, BICYCLE_URDF, parameters, speed=speed, roll=roll)
        for _ in roll_on(body, _SETTLING):
            pass
        first = momentum(physics, body.id)
        gained, kinetic = [], []
        for tick in roll_on(body, seconds):
            if tick % round(0.05 / dt) == 0:
                now = momentum(physics, body.id)
                gained.append(now.energy - first.energy)
                kinetic.append(now.kinetic)
        model = pin.buildModelFromXML(BICYCLE_URDF.read_text(encoding="utf-8"), pin.JointModelFreeFlyer())
        apart = Twin(body, model).momentum().kinetic - momentum(physics, body.id).kinetic
    return _Weave(np.array(gained), first.kinetic, float(np.ptp(kinetic)), apart)


def _energy_bicycle() -> tuple[Finding, ...]:
    """Leaned by 0.1 rad at first, within and above the self-stable range, it weaves and rights itself.

    What is lost at a step of 1 ms is a ten-thousandth of the kinetic energy in a second. Coasting with the declared
    resistances costs a few hundredths.
    """
    findings: list[Finding] = []
    for speed in (3.5, 5.0):
        coarse, fine = (_weave(dt, speed, 0.1, 4.0) for dt in (_COARSE, _FINE))
        what = f"energy at {speed:g} m/s"
        worst = float(np.abs(coarse.gained).max())
        findings += (
            Finding(f"{what}: change in 4 s, of the kinetic energy", worst, 0.0, "J", 2e-3, coarse.kinetic),
            *first_order(f"{what}, of what lean exchanges", coarse.gained, fine.gained, coarse.exchanged, 0.02, "J"),
            Finding(f"{what}: kinetic, by Pinocchio less by Bullet", coarse.apart, 0.0, "J", 1e-6, coarse.kinetic),
        )
    return tuple(findings)


# Coasting


def _coast_down() -> tuple[Finding, ...]:
    """The tolerance is a quarter of what the bicycle has to keep; the energy that the integration loses is 0.03 %."""
    slow, plain, rough, free = (
        _coasting(rolling, bearing) for rolling, bearing in ((0.004, 0.015), (0.008, 0.015), (0.03, 0.06), (0.0, 0.0))
    )
    return (
        Finding("bicycle, rolling resistance 0.004, bearings 0.015 Nm: lost in 2 s", *slow, "J", 0.005),
        Finding("bicycle, rolling resistance 0.008, bearings 0.015 Nm: lost in 2 s", *plain, "J", 0.005),
        Finding("bicycle, rolling resistance 0.03, bearings 0.06 Nm: lost in 2 s", *rough, "J", 0.005),
        Finding("bicycle without resistances: lost in 2 s, of what they take", *free, "J", 0.005, plain[1]),
    )


def _coasting(rolling: float, bearing: float) -> tuple[float, float]:
    """Energy that is gone after two seconds, and the declared torques times the angle of the wheels [J]."""
    with closing(Physics(PhysicsSettings())) as physics:
        parameters = with_resistances(BicycleParameters.load(), rolling, bearing)
        body = put_bicycle(physics, BICYCLE_URDF, parameters, speed=4.0)
        for _ in roll_on(body, _SETTLING):
            pass
        before, angle = momentum(physics, body.id), _angle(body)
        for _ in roll_on(body, 2.0):
            pass
        after, turned = momentum(physics, body.id), _angle(body) - angle
    radius = parameters.geometry.wheel_radius
    declared = (rolling * after.mass * GRAVITY * radius / 2.0 + bearing) * turned
    return before.energy - after.energy, declared


def _angle(body: BicycleBody) -> float:
    """Both wheels' angles, summed [rad]."""
    return body.position[REAR_WHEEL] + body.position[FRONT_WHEEL]


def _coast_down_rider() -> tuple[Finding, ...]:
    """Rider and bicycle with the cranks parked and exact senses; in dense air, that drag is most of it."""
    return (
        Finding("air of 1.2 kg/m³: energy lost in 2 s", *_ride(1.2, 2.0), "J", 0.01),
        Finding("air of 24 kg/m³: energy lost in 0.6 s", *_ride(24.0, 0.6), "J", 0.01),
    )


def _ride(density: float, seconds: float) -> tuple[float, float]:
    """Energy lost, and what rolling, bearings and air must have taken by their parameters [J]."""
    exact = {"jitter.speed": 0, "jitter.roll": 0, "jitter.lateral": 0, "jitter.heading": 0, "senses.noise_scale": 0}
    changes = exact | {"rider.pedalling": "false", "world.air_density": density}
    ride = assemble(load("ride_straight", [f"{key}={value}" for key, value in changes.items()]), seed=0)
    bicycle = BicycleParameters.load()
    radius = bicycle.geometry.wheel_radius
    drag = 0.5 * density * bicycle.resistance.drag_area
    constant = bicycle.resistance.rolling_coefficient * ride.context.mass * GRAVITY
    constant += 2.0 * bicycle.bearings.wheel / radius
    declared = 0.0
    with ride.bus as bus:
        state = bus.open()
        ride.controller.reset(state)
        world = cast(World, ride.world())
        before = 0.0
        begin = round(1.0 / 0.002)
        for tick in range(begin + round(seconds / 0.002)):
            if tick == begin:
                before, declared = _energy(world), 0.0
            state, _ = bus.exchange(ride.controller.step(state))
            speed = world.truth.speed
            declared += (constant + drag * speed**2) * speed * 0.002
        return before - _energy(world), declared


def _energy(world: World) -> float:
    return momentum(world.physics, world.robot.id, world.bicycle.id).energy


CHECKS = (
    Check("energy-bicycle", "a bicycle without resistances keeps its energy while it weaves", _energy_bicycle),
    Check("coast-down", "what coasting costs the bicycle is what its declared resistances take", _coast_down),
    Check("coast-down-rider", "what coasting costs both is what resistances and air take", _coast_down_rider),
)
