"""A bicycle that nobody drives slows down as its declared resistances say, and by nothing else."""

from typing import Any

import numpy as np
import pytest

from scenarios.assembly import assemble
from scenarios.loader import load
from sim.physics import GRAVITY
from tests.physics.flight import momentum, step

SECONDS = 1.0
"""How long the riderless bicycle rolls: it starts upright and is still within 0.03 rad of that at the end."""
SPEED = 4.0  # [m/s]


@pytest.fixture
def roll(physics, put_bicycle, bicycle):
    """Lets the riderless bicycle roll with changed resistances; gives it after the first tenth and at the end."""

    def rolled(rolling_coefficient, wheel_bearing):
        changed = bicycle.model_copy(
            update={
                "resistance": bicycle.resistance.model_copy(update={"rolling_coefficient": rolling_coefficient}),
                "bearings": bicycle.bearings.model_copy(update={"wheel": wheel_bearing, "crank": 0.0, "pedal": 0.0}),
            }
        )
        geometry = bicycle.geometry
        body = put_bicycle(
            physics, height=0.0, velocity=(SPEED, 0.0, 0.0), parameters=changed,
            rear_wheel=SPEED / geometry.rear_wheel_radius, front_wheel=SPEED / geometry.front_wheel_radius,
        )  # fmt: skip
        seen = []
        for tick in range(1100):
            body.apply(0.001)
            step(physics)
            body.read()
            body.weigh_wheels()
            if tick in (99, 1099):
                now = momentum(physics, body.id)
                seen.append((float(np.linalg.norm(now.linear[:2])) / now.mass, now.energy, body.resistance_work))
        # The solver iterates the contacts to about a part in a thousand.
        assert sum(body.wheel_load) == pytest.approx(now.mass * GRAVITY, rel=5e-3)
        return seen

    return rolled


@pytest.mark.parametrize("rolling_coefficient", [0.004, 0.008, 0.03])
def test_it_slows_down_as_declared(roll, bicycle, rolling_coefficient):
    """Deceleration = (Crr m g + both bearings' torques over the radius) / (mass and what the wheels' spin adds)."""
    (before, _, _), (after, _, _) = roll(rolling_coefficient, bicycle.bearings.wheel)
    bodies, radius = bicycle.bodies, bicycle.geometry.rear_wheel_radius
    mass = bicycle.mass
    effective = mass + (bodies.rear_wheel.inertia[3] + bodies.front_wheel.inertia[3]) / radius**2
    force = rolling_coefficient * mass * GRAVITY + 2 * bicycle.bearings.wheel / radius
    # The beginning capsize turns some height into speed: 0.01 J of 100 J, a hundredth of what is lost at most.
    assert before - after == pytest.approx(force / effective * SECONDS, rel=0.03)


@pytest.mark.parametrize("rolling_coefficient", [0.008, 0.03])
def test_the_energy_that_is_gone_is_the_work_of_the_resistances(roll, bicycle, rolling_coefficient):
    (_, energy, work), (_, energy_after, work_after) = roll(rolling_coefficient, bicycle.bearings.wheel)
    assert work_after - work == pytest.approx(energy - energy_after, rel=0.03)


def test_without_resistances_it_rolls_on(roll):
    """The wheel recipe holds: no damping, no motors, no polygon for a wheel."""
    (before, _, _), (after, _, _) = roll(0.0, 0.0)
    # The declared rolling resistance takes 8 cm/s in a second; hidden damping took 50.
    assert after == pytest.approx(before, abs=0.002)


def speed_after(seconds, **changes):
    """Speed of a ride without pedalling after a while, from 2.5 m/s exactly."""
    still = {"jitter.speed": 0, "jitter.roll": 0, "rider.pedalling": "false", "senses.noise_scale": 0}
    ride = assemble(load("ride_straight", [f"{key}={value}" for key, value in (still | changes).items()]), seed=0)
    with ride.bus as bus:
        state = bus.open()
        ride.controller.reset(state)
        for _ in range(round(seconds / 0.002)):
            state, _ = bus.exchange(ride.controller.step(state))
        truth: Any = ride.world().truth
        return truth.speed, ride.context.mass


def test_air_slows_rider_and_bicycle_as_declared(bicycle):
    """Air forty times as dense as ours: a strong wind for a fifth of a second, against the same ride without air."""
    seconds, density, speed = 0.2, 48.0, 2.5
    with_air, mass = speed_after(seconds, **{"world.air_density": density})
    without, _ = speed_after(seconds, **{"world.air_density": 0})
    share = 0.5 * density * bicycle.resistance.drag_area / mass
    # v' = -share v², with the wheels' spin left out (2 % of the mass) and the rider swaying a little in the wind.
    assert without - with_air == pytest.approx(speed - speed / (1 + share * speed * seconds), rel=0.1)


def test_rider_and_bicycle_coast_down_as_declared(bicycle):
    """Three seconds with the cranks parked, after one in which the rider settles."""
    start, mass = speed_after(1.0)
    end, _ = speed_after(4.0)
    bodies, radius = bicycle.bodies, bicycle.geometry.rear_wheel_radius
    effective = mass + (bodies.rear_wheel.inertia[3] + bodies.front_wheel.inertia[3]) / radius**2
    drag = 0.5 * 1.2 * bicycle.resistance.drag_area * ((start + end) / 2) ** 2
    force = bicycle.resistance.rolling_coefficient * mass * GRAVITY + 2 * bicycle.bearings.wheel / radius + drag
    # 0.31 m/s in all; a centimetre a second of sway of the rider's 45 kg on the bicycle is 3 % of that.
    assert start - end == pytest.approx(force / effective * 3.0, rel=0.05)
