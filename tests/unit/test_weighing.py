"""Weighing the legs: a leg swings in the air, and its drives' torques tell its mass."""

from math import pi

import numpy as np
import pinocchio as pin
import pytest

from controllers.riding.leg import Leg
from controllers.riding.weighing import LegWeighing, WeighingParameters
from tests.conftest import PERIOD

UP = np.array((0.05, -0.03, 1.0)) / np.linalg.norm((0.05, -0.03, 1.0))
MIDDLE = np.array((-0.9, 0.1, 0.05, 1.2, -0.3, 0.0))
SWAY = np.array((0.3, 0.1, 0.1, 0.4, 0.2, 0.1))
RATE = 2.0 * pi / 0.8


def swing(time):
    """Joint angles, velocities and accelerations of a leg that swings, shape (6,) each."""
    phase = RATE * time + np.arange(6.0)
    return MIDDLE + SWAY * np.sin(phase), RATE * SWAY * np.cos(phase), -(RATE**2) * SWAY * np.sin(phase)


@pytest.fixture
def feel(robot_model):
    """Torques of a leg's drives that is some times as heavy, with some times the friction, shape (6,) [Nm]."""
    body, friction = robot_model.pinocchio.copy(), robot_model.drives.coulomb_friction
    body.gravity.linear = -9.81 * UP

    def torque(leg, time, mass, rubbing):
        whole = [np.zeros(robot_model.size) for _ in range(3)]
        for values, own in zip(whole, swing(time), strict=True):
            values[leg.joints] = own
        moving = pin.rnea(body, body.createData(), *whole)[leg.joints]
        return mass * moving + rubbing * friction[leg.joints] * np.tanh(whole[1][leg.joints] / 0.1)

    return torque


def weigh(weighing, leg, feel, mass, rubbing, ticks=200):
    for tick in range(ticks):
        position, velocity, _ = swing(tick * PERIOD)
        weighing.update(leg, position, velocity, feel(leg, tick * PERIOD, mass, rubbing), UP)
    return weighing.scale


def make(model, parameters=None):
    leg = Leg(model, 0)
    return leg, LegWeighing(model.drives.coulomb_friction[leg.joints], PERIOD, parameters)


@pytest.mark.parametrize("rubbing", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("mass", [0.8, 1.0, 1.2])
def test_a_swing_of_0_4_s_tells_the_mass(robot_model, feel, mass, rubbing):
    leg, weighing = make(robot_model)
    assert weigh(weighing, leg, feel, mass, rubbing) == pytest.approx(mass, abs=0.03)


def test_it_is_surer_after_a_longer_swing(robot_model, feel):
    errors = []
    for ticks in (25, 100, 1000):
        leg, weighing = make(robot_model)
        errors.append(abs(weigh(weighing, leg, feel, 1.2, 1.0, ticks) - 1.2))
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.005


def test_it_believes_no_more_than_it_may(robot_model, feel):
    leg, weighing = make(robot_model, WeighingParameters(most=0.1))
    assert weigh(weighing, leg, feel, 1.3, 1.0) == pytest.approx(1.1)


def test_what_happens_on_the_pedal_in_between_does_not_count(robot_model, feel):
    leg, weighing = make(robot_model)
    weigh(weighing, leg, feel, 1.1, 1.0)
    known = weighing.scale
    weighing.interrupt()
    position, velocity, _ = swing(0.1)
    weighing.update(leg, position, 30.0 * velocity, np.full(6, 50.0), UP)  # as if it had been kicked in between
    weighing.interrupt()
    assert weigh(weighing, leg, feel, 1.1, 1.0) == pytest.approx(1.1, abs=abs(known - 1.1) + 1e-6)


def test_it_forgets_on_reset(robot_model, feel):
    leg, weighing = make(robot_model)
    weigh(weighing, leg, feel, 0.8, 1.0)
    weighing.reset()
    assert weighing.scale == 1.0
