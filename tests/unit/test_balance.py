"""The roll at which a bicycle balances, from the motion of one that obeys the Whipple model."""

from math import atan, pi

import numpy as np
import pytest

from controllers.riding.balance import BalanceObserver
from controllers.riding.rider_dynamics import whipple_with_rider
from tests.conftest import PERIOD


@pytest.fixture(scope="module")
def whipple(robot_model, posture, bicycle):
    return whipple_with_rider(robot_model, posture.solve(0.0, 0.5 * pi), posture, bicycle)


def weave(whipple, seconds, speed, offset=0.0, swing=0.0, steer=0.0, push=0.0):
    """Ride with a steer angle that swings; gives what the observer finds at each tick, shape (k,) [rad].

    Args:
        whipple: The bicycle.
        seconds: How long.
        speed: [m/s].
        offset: What the measured roll has too much [rad].
        swing: Amplitude of the steer angle, at 3 rad/s [rad].
        steer: Its mean [rad].
        push: Roll torque during the second second [Nm].
    """
    m, c, k0, k2 = whipple.mass[0], whipple.damping[0], whipple.gravity[0], whipple.speed[0]
    stiffness = 9.81 * k0 + speed**2 * k2
    observer = BalanceObserver(whipple, PERIOD)
    # Roll follows steer as a forced motion without the model's own instability: the periodic solution.
    w = 3.0
    response = -(-(w**2) * m[1] + 1j * w * speed * c[1] + stiffness[1]) / (-(w**2) * m[0] + stiffness[0])
    mean = -stiffness[1] / stiffness[0]
    found = []
    for tick in range(round(seconds / PERIOD)):
        time = tick * PERIOD
        phase = np.exp(1j * w * time)
        angle, rate = swing * phase, 1j * w * swing * phase
        roll, roll_rate = (response * angle).real + mean * steer, (response * rate).real
        pushed = push / (-9.81 * k0[0]) if 1.0 <= time < 2.0 else 0.0
        # The paper's steer is to the right, the project's to the left.
        # The model is linear in the tangent of the steer angle.
        bend = angle.real + steer
        observer.update(roll + offset - pushed, roll_rate, -atan(bend), -rate.real / (1.0 + bend * bend), speed)
        found.append(observer.offset)
    return np.array(found)


@pytest.mark.parametrize("speed", [1.0, 2.0, 4.0])
@pytest.mark.parametrize(("swing", "steer"), [(0.0, 0.0), (0.1, 0.0), (0.05, 0.15)])
def test_a_roll_that_explains_the_motion_is_left_alone(whipple, speed, swing, steer):
    found = weave(whipple, 10.0, speed, swing=swing, steer=steer)
    assert np.abs(found).max() < 3e-3
    assert np.abs(found[-500:]).max() < 1e-3


@pytest.mark.parametrize("offset", [-0.02, 0.008])
@pytest.mark.parametrize("steer", [0.0, -0.15])
def test_a_roll_that_is_off_is_found(whipple, offset, steer):
    found = weave(whipple, 12.0, 2.0, offset=offset, swing=0.03, steer=steer)
    assert found[-1] == pytest.approx(offset, abs=1e-3)


def test_most_of_it_is_found_within_two_seconds(whipple):
    assert weave(whipple, 2.0, 2.0, offset=0.01)[-1] > 0.007


def test_a_push_is_not_taken_for_a_roll_that_is_off(whipple):
    """100 Nm for a second look like a roll of 0.27 rad: a twentieth of it is taken in."""
    found = weave(whipple, 3.0, 2.0, push=100.0)
    assert 0.0 < np.abs(found).max() < 0.02
