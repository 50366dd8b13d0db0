"""What arms, trunk and legs do to the balance, held against positions and momenta worked out otherwise."""

from math import pi

import numpy as np
import pinocchio as pin
import pytest

from controllers.riding.leg_swing import LegSwing
from controllers.riding.posture_chart import PostureChart
from controllers.riding.rider_dynamics import whipple_with_rider, with_moving_arms
from controllers.riding.rider_parameters import RiderParameters

GRAVITY = 9.81


@pytest.fixture(scope="module")
def chart(robot_model, posture):
    p = RiderParameters()
    return PostureChart(robot_model, posture, p.steering.steer_limit, p.torso_yaw)


@pytest.fixture(scope="module")
def rigid(robot_model, posture, bicycle):
    return whipple_with_rider(robot_model, posture.solve(0.0, 0.5 * pi), posture, bicycle)


@pytest.fixture(scope="module")
def moving(robot_model, posture, chart, rigid):
    return with_moving_arms(rigid, robot_model, posture, chart)


@pytest.fixture(scope="module")
def weight_beside(robot_model, posture, chart):
    """Mass times the sideways place of the rider's centre of mass at a steer angle, left positive [kg·m]."""
    model = robot_model.pinocchio_floating
    data = model.createData()

    def at(steer):
        place = chart.at(0.5 * pi, 0.0, steer, 0.0).position
        com = pin.centerOfMass(model, data, np.concatenate((posture.pelvis_in_bicycle, (0, 0, 0, 1.0), place)))
        return robot_model.mass * float(com[1])

    return at


def test_bars_to_the_left_take_the_rider_to_the_right(weight_beside):
    assert weight_beside(0.2) < -0.05 < 0.05 < weight_beside(-0.2)


def test_the_weight_beside_the_plane_is_in_the_stiffness(rigid, moving, weight_beside):
    """Lean's equation, all to the right: -g K0[0, 1] steer is the moment that a steer angle gives."""
    shift = (weight_beside(0.2) - weight_beside(-0.2)) / 0.4
    added = moving.gravity[0, 1] - rigid.gravity[0, 1]
    assert added == pytest.approx(-shift, rel=0.15)
    assert added > 0.3


def test_arms_that_accelerate_to_the_left_turn_the_bicycle_less_to_the_right(rigid, moving):
    assert 0.0 < moving.mass[0, 1] < rigid.mass[0, 1]


def test_a_bend_leans_the_bicycle_a_little_further(rigid, moving):
    assert 1.02 * rigid.speed[0, 1] < moving.speed[0, 1] < 1.05 * rigid.speed[0, 1]


def test_the_rest_of_the_model_stays(rigid, moving):
    np.testing.assert_array_equal(moving.speed[1], rigid.speed[1])
    np.testing.assert_array_equal(moving.damping, rigid.damping)
    assert moving.mass[0, 0] == rigid.mass[0, 0]


@pytest.fixture(scope="module")
def swing(robot_model, posture, chart, moving):
    return LegSwing(robot_model, posture, chart, moving)


@pytest.mark.parametrize("crank", np.linspace(0.0, 2 * pi, 7))
@pytest.mark.parametrize("rate", [1.0, 5.0])
def test_roll_and_roll_rate_of_the_swing_belong_together(swing, crank, rate):
    slope = (swing.at(crank + 1e-4, rate)[0] - swing.at(crank - 1e-4, rate)[0]) / 2e-4
    assert swing.at(crank, rate)[1] == pytest.approx(rate * slope, abs=1e-6)


def test_with_the_left_leg_going_down_the_rest_rolls_to_the_right(swing):
    """Level, left foot in front: that leg goes down on the left, the other one up; all else goes the other way."""
    assert swing.at(0.5 * pi, 5.0)[1] > 0.003
    assert swing.at(1.5 * pi, 5.0)[1] < -0.003


def test_half_a_turn_later_it_is_the_mirror_image(swing):
    for crank in np.linspace(0.0, pi, 9):
        np.testing.assert_allclose(swing.at(crank, 5.0), -np.array(swing.at(crank + pi, 5.0)), atol=1e-3)


def test_the_swing_solves_the_equation_of_roll_under_the_legs_momentum(swing, robot_model, posture, chart, moving):
    """M r'' - M a² r = -L', with L by finite differences of the chart's joint angles, at 4 rad/s."""
    model, rate, step = robot_model.pinocchio_floating, 4.0, 2 * pi / 360
    data = model.createData()
    angles = np.arange(360) * step
    momentum = np.empty(360)
    for row, crank in enumerate(angles):
        here, there = (chart.at(float(a), 0.0, 0.0, 0.0).position for a in (crank, crank + 1e-4))
        speed = np.concatenate((np.zeros(6), (there - here) / 1e-4 * rate))
        place = np.concatenate((posture.pelvis_in_bicycle, (0, 0, 0, 1.0), here))
        pin.computeCentroidalMomentum(model, data, place, speed)
        momentum[row] = (data.hg.angular + np.cross(data.com[0], data.hg.linear))[0]
    roll, roll_rate = np.array([swing.at(float(crank), rate) for crank in angles]).T
    torque = np.gradient(momentum, step)[1:-1] * rate
    wanted = moving.mass[0, 0] * np.gradient(roll_rate, step)[1:-1] * rate + GRAVITY * moving.gravity[0, 0] * roll[1:-1]
    assert np.abs(torque).max() > 1.0
    # What is above the third harmonic is left out.
    np.testing.assert_allclose(wanted, -torque, atol=0.1 * np.abs(torque).max())


def test_a_crank_at_rest_swings_nothing(swing):
    assert swing.at(1.0, 0.0) == (0.0, 0.0)
