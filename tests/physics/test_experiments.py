"""The apparatus of the checks: it sees what is wrong when something is, and its theory agrees with simpler theory."""

import numpy as np
import pinocchio as pin
import pybullet
import pytest

from scenarios.assembly import BICYCLE_URDF
from scenarios.physics.first_order import first_order
from scenarios.physics.registry import find
from sim.bicycle_body import BicycleBody
from sim.experiments.bicycles import without_resistances
from sim.experiments.cornering import corner
from sim.experiments.couple import contact_couple
from sim.experiments.flight import step
from sim.experiments.momentum import momentum
from sim.experiments.steady_turn import TurnSolver
from sim.experiments.twin import Twin
from sim.physics import GRAVITY, Physics, Source

DOWN = np.array((0.0, 0.0, -GRAVITY))


# Checks that must fail


def failures(name):
    (check,) = find([name])
    return [finding.what for finding in check.run() if not finding.passed]


@pytest.mark.parametrize("name", ["free-fall", "angular-momentum", "energy-robot", "energy-bicycle", "coast-down"])
def test_bullets_own_damping_would_be_seen(name, monkeypatch):
    """The damping of 0.04 that Bullet has on every link unless it is told otherwise."""
    load = Physics.load

    def damped(self, path, joints=(), **how):
        body = load(self, path, joints, **how)
        for link in range(-1, self.joint_count(body)):
            pybullet.changeDynamics(body, link, linearDamping=0.04, angularDamping=0.04, physicsClientId=self.id)
        return body

    monkeypatch.setattr(Physics, "load", damped)
    assert failures(name)


@pytest.mark.parametrize("name", ["friction-corner", "friction-slope", "friction-braking"])
def test_friction_that_is_a_twentieth_off_would_be_seen(name, monkeypatch):
    set_friction = Physics.set_friction
    monkeypatch.setattr(
        Physics, "set_friction", lambda self, body, link, mu: set_friction(self, body, link, mu * 0.95**0.5)
    )
    assert failures(name)


def test_friction_by_directions_of_its_own_would_be_seen(monkeypatch):
    """A pyramid instead of a cone is wrong by 41 % between its corners and its sides."""
    start = Physics.__init__

    def square(self, settings):
        start(self, settings)
        pybullet.setPhysicsEngineParameter(enableConeFriction=0, physicsClientId=self.id)

    monkeypatch.setattr(Physics, "__init__", square)
    assert any("45°" in what for what in failures("friction-slope"))


def test_a_drive_that_pushes_on_the_wheel_alone_would_be_seen(monkeypatch):
    """A torque from outside on the rear wheel."""
    apply = BicycleBody.apply

    def pushed(self, dt):
        apply(self, dt)
        self.physics.twist(self.id, self.links["rear_wheel"], (0.0, -0.1, 0.0), Source.DISTURBANCE)

    monkeypatch.setattr(BicycleBody, "apply", pushed)
    assert failures("drive-train")


def test_an_error_that_does_not_halve_with_the_step_is_found():
    drift = np.linspace(0.0, 1.0, 10)
    assert all(finding.passed for finding in first_order("x", drift, 0.5 * drift, 1.0, 1e-6, "1"))
    assert not any(finding.passed for finding in first_order("x", drift, drift, 1.0, 1e-6, "1"))


# Momentum


def test_momenta_of_bodies_add_up(space, put_robot, put_bicycle):
    robot = put_robot(space, velocity=(1.0, 2.0, 0.0))
    bicycle = put_bicycle(space, height=40.0, front_wheel=10.0)
    one, other, both = (momentum(space, *ids) for ids in ((robot.id,), (bicycle.id,), (robot.id, bicycle.id)))
    np.testing.assert_allclose(both.linear, one.linear + other.linear)
    assert both.mass == pytest.approx(one.mass + other.mass)
    assert both.kinetic == pytest.approx(one.kinetic + other.kinetic)
    # About the common centre also the bodies' own momenta count: the robot passes below.
    apart = other.centre - one.centre
    passing = np.cross(apart, -one.linear) * other.mass / both.mass
    np.testing.assert_allclose(both.angular, one.angular + other.angular + passing, atol=1e-6)


def test_pinocchio_has_the_momentum_of_a_spinning_bicycle(space, put_bicycle):
    body = put_bicycle(space, velocity=(1.0, 0.5, 0.0), crank=5.0, front_wheel=20.0, steer=2.0)
    for _ in range(50):
        step(space)
    body.read()
    model = pin.buildModelFromXML(BICYCLE_URDF.read_text(encoding="utf-8"), pin.JointModelFreeFlyer())
    ours, twin = momentum(space, body.id), Twin(body, model).momentum()
    np.testing.assert_allclose(twin.linear, ours.linear, atol=1e-6)
    np.testing.assert_allclose(twin.angular, ours.angular, atol=1e-6)
    assert twin.kinetic == pytest.approx(ours.kinetic, rel=1e-6)


def test_bodies_that_do_not_touch_have_no_couple(space, put_robot, put_bicycle):
    robot, bicycle = put_robot(space), put_bicycle(space, height=40.0)
    step(space)
    np.testing.assert_array_equal(contact_couple(space, robot.id, bicycle.id), np.zeros(3))


# Steady turns


@pytest.fixture(scope="module")
def turns(bicycle):
    model = pin.buildModelFromXML(BICYCLE_URDF.read_text(encoding="utf-8"), pin.JointModelFreeFlyer())
    return TurnSolver(model, bicycle.geometry.rear_wheel_radius)


def test_a_wide_turn_is_that_of_a_point_on_a_stick(turns, bicycle):
    turn, other = turns.solve(3.0, 60.0, DOWN), turns.solve(3.0, -60.0, DOWN)
    shape = bicycle.geometry
    demand = 3.0**2 / (60.0 * GRAVITY)
    assert turn.demand == pytest.approx((demand, demand), rel=0.02)
    # Of left and right the mean: the side stand, on the left, makes it lean a little to the right.
    lean = 0.5 * (turn.rotation.as_rotvec()[0] - other.rotation.as_rotvec()[0])
    # The spin of the wheels, which a point does not have, needs a few hundredths more.
    assert lean == pytest.approx(-np.arctan(demand), rel=0.05)
    assert abs(lean) > np.arctan(demand)
    assert turn.steer == pytest.approx(shape.wheelbase / 60.0 / np.cos(shape.steer_axis_tilt), rel=0.02)
    assert turn.drive == pytest.approx(0.0, abs=1e-9)


def test_wheels_carry_the_weight(turns, bicycle):
    turn = turns.solve(4.0, 6.0, DOWN)
    assert sum(turn.load) == pytest.approx(bicycle.mass * GRAVITY, rel=1e-6)


def test_left_and_right_mirror_each_other(turns):
    left, right = turns.solve(4.0, 6.0, DOWN), turns.solve(4.0, -6.0, DOWN)
    # But for the side stand, 0.3 kg on the left.
    assert right.steer == pytest.approx(-left.steer, rel=0.02)
    assert right.demand == pytest.approx(left.demand, rel=0.01)


def test_on_a_slope_the_drive_bears_the_weight_along_it(turns, bicycle):
    tilt = 0.05
    turn = turns.solve(4.0, 30.0, GRAVITY * np.array((-np.sin(tilt), 0.0, -np.cos(tilt))))
    torque = bicycle.mass * GRAVITY * np.sin(tilt) * bicycle.geometry.rear_wheel_radius
    assert turn.drive == pytest.approx(torque, rel=0.02)


def test_a_turn_that_does_not_exist_is_refused(turns):
    with pytest.raises(ValueError, match=r"no steady turn at 20 m/s on a radius of 0\.3 m"):
        turns.solve(20.0, 0.3, DOWN)


def test_a_bicycle_that_is_put_into_its_steady_turn_stays_in_it(bicycle, turns):
    """By theory alone: nothing is tried out before; on ground that does not hold it, it slides."""
    turn = turns.solve(4.0, 6.0, DOWN)
    easy = without_resistances(bicycle)
    assert corner(BICYCLE_URDF, easy, turn, DOWN, 1.1 * max(turn.demand), 0.4) < 0.01
    assert corner(BICYCLE_URDF, easy, turn, DOWN, 0.9 * max(turn.demand), 0.4) > 0.1
