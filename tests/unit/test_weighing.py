"""Weighing the legs: a leg swings in the air, and its drives' torques tell its mass."""

from math import pi

import numpy as np
import pinocchio as pin
import pytest

from controllers.riding.weighing import LegMomentum, LegWeighing, WeighingParameters
from robot.state import ImuReading, RobotState
from tests.conftest import PERIOD

FORCE = np.array((0.5, -0.3, 9.8))
MIDDLE = np.array((-0.9, 0.1, 0.05, 1.2, -0.3, 0.0))
SWAY = np.array((0.3, 0.1, 0.1, 0.4, 0.2, 0.1))
RATE = 2.0 * pi / 0.8


@pytest.fixture(params=[0, 1], ids=["left", "right"])
def hanging(request, robot_model):
    """States of a body whose one leg swings, of another mass and friction, while its pelvis turns to and fro."""
    body, side = robot_model.pinocchio_floating.copy(), request.param
    joints = LegMomentum(robot_model, side).joints
    friction = robot_model.drives.coulomb_friction[joints]

    def state(time, mass, rubbing):
        phase = RATE * time + np.arange(6.0)
        turning = 0.8 * np.sin(9.0 * time) * np.array((0.2, 0.1, 1.0))
        turned = 7.2 * np.cos(9.0 * time) * np.array((0.2, 0.1, 1.0))
        position, velocity, acceleration = (np.zeros(robot_model.size) for _ in range(3))
        position[joints] = MIDDLE + SWAY * np.sin(phase)
        velocity[joints] = RATE * SWAY * np.cos(phase)
        acceleration[joints] = -(RATE**2) * SWAY * np.sin(phase)
        body.gravity.linear = -FORCE
        still = np.zeros(3)
        torque = pin.rnea(
            body, body.createData(), np.concatenate((pin.neutral(body)[:7], position)),
            np.concatenate((still, turning, velocity)), np.concatenate((still, turned, acceleration)),
        )[6:]  # fmt: skip
        torque[joints] = mass * torque[joints] + rubbing * friction * np.tanh(velocity[joints] / 0.1)
        reading = ImuReading(np.array((0.0, 0.0, 0.0, 1.0)), turning, FORCE)
        return RobotState(time, position, velocity, torque, reading, reading, None), turning

    return side, state


def weigh(weighing, hanging, mass, rubbing, ticks=200):
    side, state = hanging
    for tick in range(ticks):
        felt, turning = state(tick * PERIOD, mass, rubbing)
        weighing.update(side, felt, turning, FORCE)
    return weighing.scale


@pytest.mark.parametrize("rubbing", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("mass", [0.8, 1.0, 1.2])
def test_a_swing_of_0_4_s_tells_the_mass(robot_model, hanging, mass, rubbing):
    assert weigh(LegWeighing(robot_model, PERIOD), hanging, mass, rubbing) == pytest.approx(mass, abs=0.02)


def test_it_is_surer_after_a_longer_swing(robot_model, hanging):
    scales = [weigh(LegWeighing(robot_model, PERIOD), hanging, 1.2, 1.0, ticks) for ticks in (25, 60, 1000)]
    errors = np.abs(np.array(scales) - 1.2)
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.01


def test_it_believes_no_more_than_it_may(robot_model, hanging):
    weighing = LegWeighing(robot_model, PERIOD, WeighingParameters(most=0.1))
    assert weigh(weighing, hanging, 1.3, 1.0) == pytest.approx(1.1)


def test_a_window_in_which_the_leg_is_struck_does_not_count(robot_model, hanging):
    side, state = hanging
    weighing = LegWeighing(robot_model, PERIOD)
    weigh(weighing, hanging, 1.1, 1.0, ticks=201)  # the first tick begins a window of 20, the last one ends one
    known = weighing.scale
    for tick in range(201, 221):
        felt, turning = state(tick * PERIOD, 1.1, 1.0)
        felt.joint_torque[:] += np.tile((8.0, -5.0), robot_model.size)[: robot_model.size]
        weighing.update(side, felt, turning, FORCE)
    assert weighing.scale == known


def test_what_happens_on_the_pedal_in_between_does_not_count(robot_model, hanging):
    weighing = LegWeighing(robot_model, PERIOD)
    weigh(weighing, hanging, 1.1, 1.0)
    weighing.interrupt()
    side, state = hanging
    felt, turning = state(0.7, 1.1, 1.0)
    felt.joint_torque[:] = 50.0
    weighing.update(side, felt, turning, FORCE)
    weighing.interrupt()
    assert weigh(weighing, hanging, 1.1, 1.0) == pytest.approx(1.1, abs=0.02)


def test_it_forgets_on_reset(robot_model, hanging):
    weighing = LegWeighing(robot_model, PERIOD)
    weigh(weighing, hanging, 0.8, 1.0)
    weighing.reset()
    assert weighing.scale == 1.0
