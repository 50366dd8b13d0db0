"""A leg that is not on its pedal: what its joints can do, and the way back to the pedal."""

from math import pi

import numpy as np
import pytest

from controllers.riding.estimator import RideEstimate
from controllers.riding.free_leg import FreeLeg, Place
from controllers.riding.leg import JOINTS, Leg
from controllers.riding.posture import RiderPosture
from controllers.rotation import from_angles
from robot import RobotModel
from scenarios.assembly import load_robot
from urdf.bicycle_parameters import BicycleParameters

PERIOD = 0.002
MARGIN = 0.021
BENT = np.array((-1.2, 0.1, 0.05, 1.6, -0.3, 0.05))
STEADY = np.zeros(6)


@pytest.fixture(scope="module")
def model() -> RobotModel:
    return load_robot()


@pytest.fixture(scope="module")
def posture(model):
    return RiderPosture(model, BicycleParameters.load(), PERIOD)


def limits(model, leg):
    return model.limits.lower[leg.joints], model.limits.upper[leg.joints]


@pytest.mark.parametrize("side", [0, 1])
def test_a_leg_reaches_what_it_can(model, side):
    leg = Leg(model, side)
    wanted = BENT * np.where(np.isin(JOINTS, ("hip_roll", "hip_yaw", "ankle_roll")), 1 - 2 * side, 1)
    point, axes = leg.place(wanted)
    found = leg.reach(point, axes, STEADY, wanted + 0.05)
    assert found.position == pytest.approx(wanted, abs=2e-3)
    assert found.miss < 1e-3


def flexed(leg, model):
    """A sole turned up farther than the ankle goes, reached for until nothing changes: what was asked, and found."""
    point, axes = leg.place(BENT)
    axes = axes @ from_angles(0.0, -0.6, 0.0)
    found = leg.reach(point, axes, STEADY, BENT)
    for _ in range(50):
        found = leg.reach(point, axes, STEADY, found.position)
    assert found.position[4] == pytest.approx(limits(model, leg)[0][4], abs=MARGIN)
    return point, axes, found


def test_the_sole_comes_to_its_place_though_the_ankle_is_at_its_limit(model):
    leg = Leg(model, 0)
    assert flexed(leg, model)[2].miss < 0.03


def test_a_joint_at_its_limit_is_not_told_to_move(model):
    leg = Leg(model, 0)
    point, axes, there = flexed(leg, model)
    # The sole turns back to level, from so far beyond the limit that the ankle has to wait.
    for turning in (-2.0, 2.0):
        found = leg.reach(point, axes, np.array((0.0, 0.0, 0.0, 0.0, turning, 0.0)), there.position)
        assert found.velocity[4] == 0.0


def test_the_rates_are_those_of_the_positions(model):
    leg = Leg(model, 0)
    point, axes, there = flexed(leg, model)
    motion = np.array((0.3, 0.1, 0.2, 0.0, 0.0, 0.0))
    found = leg.reach(point, axes, motion, there.position)
    ahead = leg.reach(point + PERIOD * motion[:3], axes, motion, there.position)
    for _ in range(50):
        ahead = leg.reach(point + PERIOD * motion[:3], axes, motion, ahead.position)
    assert (ahead.position - there.position) / PERIOD == pytest.approx(found.velocity, abs=0.1)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize(
    "sitting", [(0.0,) * 6, (-0.004, 0.008, 0.0, -0.02, 0.03, -0.1), (0.0, -0.008, 0.0, 0.02, 0.0, 0.1)]
)
def test_a_foot_comes_back_to_where_its_pedal_is_seen(model, posture, side, sitting):
    """With a leg that does what it is told, the ball of the foot ends on the pedal, wherever the pelvis sits."""
    leg, e = FreeLeg(model, posture, side, PERIOD), RideEstimate()
    place, angles = posture.pelvis_in_bicycle + np.array(sitting[:3]), sitting[3:]
    e.sitting = np.concatenate((place, angles))
    e.crank_angle = 0.5 * pi + side * pi
    lean = e.roll = 0.07 * (2 * side - 1)
    joints = np.zeros(model.size)
    joints[leg.leg.joints] = leg.standing(lean)
    leg.stand(0.0)
    leg.step(0.0, joints, e, 100.0, 0.0, True)
    leg.pick_up(0.0)
    time = 0.0
    while not leg.on_pedal:
        time += PERIOD
        joints[leg.leg.joints] = leg.step(time, joints, e, 0.0, 0.0, False).position
        assert time < 1.0
    assert leg.since(time + 0.1) == pytest.approx(0.1)
    point, axes = leg.leg.place(joints[leg.leg.joints])
    ball = place + from_angles(*angles) @ (point + axes @ posture.ball_in_sole)
    assert ball == pytest.approx(posture.pedal(side, e.crank_angle), abs=2e-3)


@pytest.mark.parametrize("briskly", [False, True])
@pytest.mark.parametrize("turned", [0.22, 0.25, 0.28])
def test_a_foot_that_is_called_back_on_its_way_down_does_not_stretch_its_leg(model, posture, turned, briskly):
    """It is at full speed towards the ground then, and with a straight leg the knee would have no time."""
    side = 1
    leg, e = FreeLeg(model, posture, side, PERIOD), RideEstimate()
    place = posture.pelvis_in_bicycle
    e.sitting, e.crank_angle, e.roll, e.speed = np.concatenate((place, np.zeros(3))), 0.5 * pi, 0.06, 0.8
    joints = np.zeros(model.size)
    pedal, sole = posture.pedal(side, e.crank_angle), posture.sole_rotation(side, e.crank_angle)
    found = BENT * np.where(np.isin(JOINTS, ("hip_roll", "hip_yaw", "ankle_roll")), -1, 1)
    for _ in range(50):
        found = leg.leg.reach(pedal - sole @ posture.ball_in_sole - place, sole, STEADY, found).position
    joints[leg.leg.joints] = found
    leg.leave(0.0, quickly=True)
    knee, fastest = JOINTS.index("knee"), 0.0
    for time in np.arange(0.0, 0.9, PERIOD).tolist():
        if time >= turned and leg.where is Place.OUT:
            leg.pick_up(time, briskly=briskly)
        if leg.on_pedal:
            break
        before = joints[leg.leg.joints][knee]
        joints[leg.leg.joints] = leg.step(time, joints, e, 0.0, 0.0, False).position
        fastest = max(fastest, abs(joints[leg.leg.joints][knee] - before) / PERIOD)
    assert leg.on_pedal
    assert fastest < 1.2 * model.limits.velocity[leg.leg.joints][knee]


def stand(model, posture, knee, *, held):
    """What a standing leg is told with its knee bent by so much."""
    leg, e = FreeLeg(model, posture, 0, PERIOD), RideEstimate()
    joints = np.zeros(model.size)
    joints[leg.leg.joints] = (-0.25, 0.2, 0.0, knee, 0.2, -0.19)
    leg.stand(0.0)
    return leg.step(1.0, joints, e, 50.0, 0.0, held).torque[JOINTS.index("knee")]


def test_a_straight_knee_is_bent_while_the_bicycle_is_held(model, posture):
    """No load bends a straight leg, and from a straight leg nothing pushes off."""
    straight, rolling = (stand(model, posture, 0.02, held=held) for held in (True, False))
    assert straight - rolling > 10.0
    bent, rolling = (stand(model, posture, 0.5, held=held) for held in (True, False))
    assert bent == rolling


@pytest.mark.parametrize("slip", [0.0, 0.1])
@pytest.mark.parametrize("side", [0, 1])
def test_a_limp_leg_weighs_its_pedal_down_where_its_foot_stands_on_it(model, posture, side, slip):
    """By virtual work: what the joints that are limp do when they move is what 45 N do straight down on the pedal."""
    free, joints = FreeLeg(model, posture, side, PERIOD), posture.solve(0.0, 1.0)
    free.rest(0.0)
    assert free.touches
    assert not free.on_pedal
    order = free.step(PERIOD, joints, RideEstimate(slip=[slip, slip]), 0.0, 0.0, held=False)
    own = joints[free.leg.joints]
    pedal_in_sole = posture.ball_in_sole - free.leg.place(own)[1].T @ (slip, 0.0, 0.0)

    def height(position):
        point, axes = free.leg.place(position)
        return (point + axes @ pedal_in_sole)[2]

    for name in ("hip_pitch", "knee"):
        joint, small = JOINTS.index(name), 1e-5 * np.eye(6)[JOINTS.index(name)]
        rise = (height(own + small) - height(own - small)) / 2e-5
        assert order.torque[joint] == pytest.approx(-45.0 * rise, abs=0.01)
        assert np.broadcast_to(order.stiffness, 6)[joint] == 0.0
    assert (order.position == own).all()
    free.tread(1.0)
    assert free.on_pedal


def test_a_foot_slips_off_straight_aside_and_waits_there(model, posture):
    free, joints = FreeLeg(model, posture, 0, PERIOD), posture.solve(0.0, 1.0)
    free.slip_off(0.0)
    points = []
    for tick in range(1, 300):
        free.step(tick * PERIOD, joints, RideEstimate(), 0.0, 0.0, held=False)
        points.append(free.point.copy())
    assert free.where is Place.BESIDE
    away = points[-1] - points[0]
    assert away[1] == pytest.approx(0.13, abs=0.01)
    assert np.abs(away[[0, 2]]).max() < 1e-9
