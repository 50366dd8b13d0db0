"""What stands in the world is run into, and what appears is no obstacle before."""

import pybullet
import pytest

from sim.physics import Physics, PhysicsSettings
from sim.standing import Barrier, Pillar
from sim.standing_bodies import StandingBodies

RADIUS, SPEED = 0.2, 2.0


def roll(things, seconds=2.0):
    """A ball that slides along x without friction; where it comes to, and the greatest force that was told [m, N]."""
    physics = Physics(PhysicsSettings(ground_friction=0.0))
    try:
        standing = StandingBodies(physics, things)
        shape = pybullet.createCollisionShape(pybullet.GEOM_SPHERE, radius=RADIUS, physicsClientId=physics.id)
        ball = pybullet.createMultiBody(10.0, shape, basePosition=(0, 0, RADIUS), physicsClientId=physics.id)
        physics.set_friction(ball, -1, 0.0)
        pybullet.changeDynamics(ball, -1, linearDamping=0.0, angularDamping=0.0, physicsClientId=physics.id)
        pybullet.resetBaseVelocity(ball, (SPEED, 0, 0), physicsClientId=physics.id)
        most, place = 0.0, 0.0
        for step in range(round(seconds * 1000)):
            standing.change(step * 0.001)
            pybullet.stepSimulation(physicsClientId=physics.id)
            (place, y, _), _ = pybullet.getBasePositionAndOrientation(ball, physicsClientId=physics.id)
            most = max(most, standing.force(place, y))
        return place, most
    finally:
        physics.close()


def test_nothing_in_the_way_is_passed_without_a_force():
    place, most = roll((Pillar((2.0, 0.6), 0.3), Barrier((0.0, -0.5), (6.0, -0.5))))
    assert place == pytest.approx(4.0, abs=0.05)
    assert most == 0.0


@pytest.mark.parametrize(
    "thing", [Pillar((2.0, 0.0), 0.3), Barrier((2.05, -1.0), (2.05, 1.0)), Pillar((1.8, 0.0), 0.03)]
)
def test_what_stands_in_the_way_stops_it(thing):
    place, most = roll((thing,))
    assert place < 1.9
    assert most > 100.0


def test_what_appears_later_is_in_the_way_from_then_on():
    assert roll((Pillar((2.0, 0.0), 0.3, since=1.6),))[0] == pytest.approx(4.0, abs=0.05)
    assert roll((Pillar((2.0, 0.0), 0.3, since=0.4),))[0] < 1.9


def test_what_leaves_is_in_the_way_until_then():
    assert roll((Pillar((2.0, 0.0), 0.3, until=0.4),))[0] == pytest.approx(4.0, abs=0.05)
    assert roll((Pillar((2.0, 0.0), 0.3, until=1.6),))[0] < 1.9
