"""An arm that leaves the bars: its strokes, how it lets go and takes hold, and what the other hand does."""

import numpy as np
import pytest

from controllers.riding.arm_motion import Stroke, lift
from controllers.riding.free_arm import Feel, FreeArm, FreeArmParameters, Hold
from controllers.riding.handling import HandlingParameters, Wanted, hand_forces, press_alone
from controllers.riding.intent import ArmPose
from controllers.riding.poise import Poise
from controllers.riding.posture_chart import PostureChart
from controllers.riding.prop import Prop
from controllers.riding.rider_dynamics import whipple_with_rider
from controllers.riding.rider_parameters import RiderParameters

PERIOD = 0.002
GRAVITY = 9.81


@pytest.fixture(scope="module")
def chart(robot_model, posture):
    p = RiderParameters()
    return PostureChart(robot_model, posture, p.steering.steer_limit, p.torso_yaw)


class Ride:
    """An arm whose hand does as it is told, on a bicycle that goes straight on."""

    def __init__(self, model, chart, side=0):
        self.arm, self._chart = FreeArm(model, side, PERIOD), chart
        self.time, self.fingers, self.apart, self.visited = 0.0, 1.4, np.zeros(3), []
        self.seated = chart.at(0.0, 0.0, 0.0, 0.0)

    def go(self, seconds, pose):
        for _ in range(round(seconds / PERIOD)):
            self.time += PERIOD
            self.seated = self._chart.at(0.0, 0.0, 0.0, 0.0)
            grasp = self._chart.grasp(0.0)[self.arm.side]
            self.arm.step(self.time, pose, Feel(self.fingers, self.apart), np.zeros(3), grasp)
            self.arm.place(self.seated)
            self.fingers = self.seated.position[self.arm.fingers]
            if self.visited[-1:] != [self.arm.where]:
                self.visited.append(self.arm.where)
        return self.seated.position[self.arm.joints]

    def until(self, where, pose):
        while self.visited[-1:] != [where]:
            self.go(PERIOD, pose)


def test_a_stroke_ends_at_rest_at_its_goal():
    stroke = Stroke()
    stroke.begin(1.0, 0.8)
    for _ in range(500):
        stroke.step(PERIOD)
    assert stroke.state == pytest.approx((1.0, 0.0, 0.0), abs=1e-9)


def test_a_stroke_that_is_turned_round_makes_no_jump():
    stroke = Stroke()
    stroke.begin(1.0, 0.8)
    states = []
    for tick in range(800):
        if tick == 180:
            stroke.begin(0.0, 0.9)
        stroke.step(PERIOD)
        states.append(stroke.state)
    share, rate, growth = np.array(states).T
    assert np.abs(np.diff(share)).max() < 3.0 * PERIOD
    assert np.abs(np.diff(rate)).max() < 20.0 * PERIOD
    assert np.abs(np.diff(growth)).max() < 200.0 * PERIOD
    assert share.max() < 0.9
    assert (share[-1], rate[-1]) == pytest.approx((0.0, 0.0), abs=1e-9)


def test_the_lift_has_the_derivatives_that_it_says():
    share = np.linspace(0.01, 0.49, 200)
    height, slope, bend = np.array([lift(float(s)) for s in share]).T
    assert height.max() == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_allclose(np.gradient(height, share)[1:-1], slope[1:-1], atol=0.02)
    np.testing.assert_allclose(np.gradient(slope, share)[1:-1], bend[1:-1], atol=0.5)
    assert lift(0.0) == lift(0.7) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("pose", list(ArmPose))
def test_it_goes_to_its_posture_and_comes_back(robot_model, chart, side, pose):
    ride = Ride(robot_model, chart, side)
    seated = chart.at(0.0, 0.0, 0.0, 0.0).position[ride.arm.joints]
    there = ride.go(4.0, pose)
    np.testing.assert_allclose(there, FreeArmParameters().joints(pose, side), atol=1e-6)
    assert (ride.arm.holds, ride.arm.load) == (False, 0.0)
    assert ride.fingers < 0.5
    back = ride.go(4.0, None)
    np.testing.assert_allclose(back, seated, atol=1e-6)
    assert (ride.arm.where, ride.arm.load) == (Hold.GRIP, 1.0)
    assert ride.visited == [
        Hold.UNLOAD, Hold.OPEN, Hold.AWAY, Hold.BACK, Hold.NEAR, Hold.CLOSE, Hold.LOAD, Hold.GRIP
    ]  # fmt: skip


def test_its_reference_is_smooth(robot_model, chart):
    """Called back in the middle of its way."""
    ride = Ride(robot_model, chart)
    places = [ride.go(PERIOD, pose) for pose in (*(ArmPose.SIGNAL,) * 550, *(None,) * 1200)]
    rates = np.diff(places, axis=0) / PERIOD
    assert 0.5 < np.abs(rates).max() < 6.0
    assert np.abs(np.diff(rates, axis=0)).max() / PERIOD < 80.0


def test_the_velocity_that_it_asks_is_that_of_its_places(robot_model, chart):
    ride = Ride(robot_model, chart)
    places, rates = [], []
    for _ in range(800):
        places.append(ride.go(PERIOD, ArmPose.SIGNAL))
        rates.append(ride.seated.velocity[ride.arm.joints])
    np.testing.assert_allclose(np.gradient(places, PERIOD, axis=0), rates, atol=0.05)


def test_a_hand_that_is_called_back_while_it_holds_does_not_let_go(robot_model, chart):
    ride = Ride(robot_model, chart)
    while ride.arm.load > 0.6:
        ride.go(PERIOD, ArmPose.SIGNAL)
    least = ride.arm.load
    ride.go(PERIOD, None)
    assert ride.arm.load == pytest.approx(least, abs=0.02)
    ride.go(1.0, None)
    assert ride.visited == [Hold.UNLOAD, Hold.LOAD, Hold.GRIP]
    assert ride.arm.load == 1.0


def test_a_hand_that_is_called_back_while_it_opens_closes_again(robot_model, chart):
    ride = Ride(robot_model, chart)
    ride.until(Hold.OPEN, ArmPose.SIGNAL)
    ride.go(2.0, None)
    assert ride.visited == [Hold.UNLOAD, Hold.OPEN, Hold.CLOSE, Hold.LOAD, Hold.GRIP]


def test_a_hand_beside_its_grip_does_not_close(robot_model, chart):
    ride = Ride(robot_model, chart)
    ride.go(3.0, ArmPose.SIDE)
    ride.apart = np.array((0.03, 0.0, 0.0))
    ride.go(3.0, None)
    assert ride.arm.where is Hold.NEAR
    assert not ride.arm.holds


def test_a_hand_that_has_closed_beside_the_bar_opens_again(robot_model, chart):
    ride = Ride(robot_model, chart)
    ride.go(3.0, ArmPose.SIDE)
    ride.until(Hold.CLOSE, None)
    ride.apart = np.array((0.0, 0.02, 0.0))
    ride.go(1.0, None)
    assert ride.arm.where is Hold.NEAR
    ride.apart = np.zeros(3)  # over the bar, but closed
    ride.until(Hold.CLOSE, None)
    assert ride.fingers < 0.5


# The other hand


def test_one_hand_presses_without_turning_bars_or_trunk(posture):
    for steer in (-0.4, 0.0, 0.3):
        for side in (0, 1):
            arm, way = posture.grip(side, steer)[0] - posture.pelvis_in_bicycle, posture.grip_velocity(side, steer)
            force = press_alone(arm, way)
            assert force[2] == -1.0
            assert float(force @ way) == pytest.approx(0.0, abs=1e-12)
            assert np.cross(arm, force)[2] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("loads", [(1.0, 1.0), (0.0, 1.0), (1.0, 0.0), (0.4, 1.0)])
def test_the_couple_on_the_bars_is_what_is_wanted(posture, loads):
    steer = 0.2
    wanted = Wanted(3.0, 0.0, np.zeros(2), 0.0)
    forces = hand_forces(HandlingParameters(alone=0.0), posture, steer, loads, wanted)
    ways = [posture.grip_velocity(side, steer) for side in (0, 1)]
    assert sum(float(force @ way) for force, way in zip(forces, ways, strict=True)) == pytest.approx(3.0)


def test_with_both_hands_it_is_what_the_chart_has(posture, chart):
    steer = 0.2  # a knot of neither table
    wanted = Wanted(3.0, 20.0, np.array((2.0, -1.0)), 7.0)
    forces = hand_forces(HandlingParameters(), posture, steer, (1.0, 1.0), wanted)
    seated = chart.at(0.0, 0.0, steer, 0.0)
    expected = 3.0 * seated.bars + np.array((22.0, 19.0)) @ seated.lean + 7.0 * seated.brace
    np.testing.assert_allclose(np.tensordot(forces, chart.grasp(steer), 2), expected, atol=1e-3)


# Where the bicycle balances


def test_an_arm_held_out_takes_the_balance_to_the_other_side(robot_model, posture, bicycle, chart):
    seated = chart.at(1.0, 5.0, 0.1, 0.3)
    whipple = whipple_with_rider(robot_model, posture.solve(0.0, 1.0), posture, bicycle)
    prop = Prop(whipple, PERIOD)
    poise = Poise(posture, bicycle, prop)
    usual = seated.position, seated.velocity
    poise.compare(*usual, usual)
    assert poise.worth == (0.0, 0.0)
    arm = FreeArm(robot_model, 0, PERIOD)
    out = seated.position.copy()
    out[arm.joints] = FreeArmParameters().joints(ArmPose.SIGNAL, 0)
    poise.compare(out, seated.velocity, usual)
    aside = []
    for place in (out, seated.position):
        posture.kinematics.momentum(place, np.zeros_like(place))
        aside.append(robot_model.mass * float(posture.kinematics.com[1]))
    assert poise.roll == pytest.approx(GRAVITY * (aside[0] - aside[1]) / prop.weight, rel=1e-6)
    assert 0.01 < poise.roll < 0.03
