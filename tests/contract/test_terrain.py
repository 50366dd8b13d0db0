"""What every kind of ground promises: a ride goes over it, feels its height, and nothing but wheels' planes changes."""

from typing import Any

import numpy as np
import pybullet
import pytest

from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF, assemble
from scenarios.context import RideContext
from scenarios.loader import load
from sim import profiles
from sim.bicycle_body import FRONT_WHEEL, REAR_WHEEL
from sim.experiments.flight import step
from sim.experiments.rolling import freely_rolling, laid, roll
from sim.physics import Physics, PhysicsSettings
from sim.robot_body import RobotBody
from sim.terrain import Strip, Terrain
from sim.wheel_ground import WheelGround

KINDS = {
    "slope": "{kind='slope', at=2, grade='3 %', length=2, top=1}",
    "ramp": "{kind='ramp', at=2, height=0.06, up=1, flat=1, down=1}",
    "bump": "{kind='bump', at=2, height=0.03, length=1}",
    "kerb": "{kind='kerb', at=2, height=0.01, length=1}",
    "slippery": "{kind='slippery', at=2, length=1, friction=0.1}",
    "rough": "{kind='rough', at=2, length=2}",
}
SECONDS = 1.4
"""At 2.5 m/s, the rear wheel is then a metre on the ground in question and the front wheel nearly two."""


def ridden(*changes, seconds=SECONDS):
    """The truth of a ride after each tick: contact points, height of the pelvis, fallen, undeclared wrench."""
    same = [f"jitter.{part}=0" for part in ("lateral", "heading", "roll", "speed")] + [
        "start.speed=2.5",
        "rider.speed=2.5",
    ]
    ride = assemble(load("ride_straight", [*same, *changes]), seed=0)
    rows = []
    with ride.bus as bus:
        state = bus.open()
        ride.controller.reset(state)
        world: Any = ride.world()
        truth = world.truth
        for _ in range(round(seconds / 0.002)):
            rows.append(
                (*truth.rear_contact, *truth.front_contact, truth.robot_position[2], truth.speed,
                 truth.body_ground_contact, truth.undeclared_wrench, truth.ground_force[2], truth.ground_force[5])
            )  # fmt: skip
            state, _ = bus.exchange(ride.controller.step(state))
        assert isinstance(ride.context, RideContext)
        return np.array(rows), ride.context.terrain, truth.ground_work


@pytest.mark.parametrize("kind", KINDS)
def test_a_ride_goes_over_it(kind):
    rows, terrain, work = ridden(f"terrain=[{KINDS[kind]}]")
    assert rows[-1, 0] > 2.9
    assert not rows[:, 8:10].any()
    assert rows[20:, 10].max() > 0
    for x, y, z in (*rows[:, :3], *rows[:, 3:6]):
        at_kerb = max(abs(terrain.height(x + aside, y) - terrain.height(x, y)) for aside in (-1e-3, 1e-3))
        assert z == pytest.approx(terrain.height(x, y), abs=max(0.002, 1.5 * at_kerb))
    assert work <= 0.05


def test_wheels_and_rider_rise_with_the_ground():
    rows, _, _ = ridden("terrain=[{kind='ramp', at=2, height=0.1, up=1, flat=5, down=2}]", seconds=2.0)
    assert rows[-1, [2, 5]] == pytest.approx((0.1, 0.1), abs=1e-3)
    assert rows[-1, 6] - rows[0, 6] == pytest.approx(0.1, abs=0.01)


def test_before_its_terrain_a_ride_is_the_ride_on_the_plain():
    """Planes that lie level are the plane; only the order in which Bullet solves the contacts is another.

    Looked at until the freewheel bites: a tick that this comes earlier or later makes more of the last digit.
    """
    ahead, _, _ = ridden("terrain=[{kind='bump', at=20, height=0.03, length=1}]", seconds=0.15)
    plain, _, _ = ridden(seconds=0.15)
    np.testing.assert_allclose(ahead, plain, rtol=1e-4, atol=1e-6)


def test_a_wind_that_blows_as_fast_as_the_ride_takes_the_drag_away():
    """And what it takes or gives is in the account of the resistances."""

    def resistance(changes):
        ride = assemble(load("ride_straight", ["start.speed=2", "world.air_density=12", *changes]), seed=0)
        with ride.bus as bus:
            state = bus.open()
            ride.controller.reset(state)
            for _ in range(200):
                state, _ = bus.exchange(ride.controller.step(state))
            truth: Any = ride.world().truth
            return truth.resistance_work

    still, with_it, behind = resistance([]), resistance(["wind={speed=2}"]), resistance(["wind={speed=6}"])
    drag = 0.5 * 12 * 0.35 * 2**2
    assert still - with_it == pytest.approx(drag * 2 * 0.4, rel=0.1)
    assert behind < with_it - 0.9 * still


@pytest.fixture
def physics():
    """A world with nothing in it but the ground."""
    world = Physics(PhysicsSettings())
    yield world
    world.close()


def test_a_body_that_falls_onto_a_hill_lands_on_it(physics, robot_model):
    """Not on the plain below: what is no wheel meets the relief."""
    body = RobotBody(physics, ROBOT_URDF, robot_model)
    body.base.place(np.array((0.0, 0.0, 1.1)), np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3))
    along, height = profiles.ramp(0.3, 2.0, 4.0, 2.0)
    WheelGround(physics, body.id, {}, Terrain((Strip("hill", (-4.0, 0.0), 0.0, 8.0, 4.0, along, height),)))
    for _ in range(1500):
        step(physics)
    contacts = physics.ground_contacts(body.id)
    heights = [contact[6][2] for contact in contacts]
    assert heights
    assert min(heights) == pytest.approx(0.3, abs=0.01)


def test_a_wheel_that_comes_from_the_side_is_not_lifted(bicycle):
    """It goes on at the height that it has; a kerb of its own at the side is not in the profile."""
    along = np.linspace(0.0, 10.0, 101)
    across = Strip("across", (2.0, -5.0), 0.5 * np.pi, 10.0, 2.0, along, 0.05 * np.sin(np.pi * along / 10.0))
    seen = roll(BICYCLE_URDF, freely_rolling(bicycle), laid(Terrain((across,))), 4.0, 0.6)
    assert seen.position[-1, 0] > 2.3
    assert np.abs(seen.hub_height - 0.2).max() < 1e-3


def test_the_planes_under_the_wheels_are_static_ground_and_touch_nothing_else():
    """They may be laid anew after every step because nothing can carry them along, and they carry nothing."""
    ride = assemble(load("ride_straight", [f"terrain=[{KINDS['ramp']}]"]), seed=0)
    with ride.bus as bus:
        state = bus.open()
        ride.controller.reset(state)
        world: Any = ride.world()
        physics, bicycle = world.physics, world.bicycle
        wheels = {bicycle.joint_index[wheel] for wheel in (REAR_WHEEL, FRONT_WHEEL)}
        planes = physics.ground - {physics.plain}
        for _ in range(600):
            state, _ = bus.exchange(ride.controller.step(state))
            for contact in physics.ground_contacts(bicycle.id):
                assert contact[3] in wheels
            for body in planes:
                assert pybullet.getBaseVelocity(body, physicsClientId=physics.id) == ((0.0,) * 3, (0.0,) * 3)
        assert not physics.ground_contacts(world.robot.id)
        assert [pybullet.getDynamicsInfo(body, -1, physicsClientId=physics.id)[0] for body in planes] == [0.0] * 5
