"""The joint drives: torque limit, torque-speed line, friction, and between them the law that the command asks for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot import JointCommand, JointLimits
from robot.drives import DriveTable
from sim.drives import DriveBank

EFFORT, SPEED, KNEE = 40.0, 10.0, 0.6
COULOMB, VISCOUS = 0.3, 0.02
torques = st.floats(-200.0, 200.0)
speeds = st.floats(-15.0, 15.0)


def bank(coulomb=0.0, viscous=0.0):
    """One drive."""
    one = np.ones(1)
    table = DriveTable(0.03 * one, coulomb * one, viscous * one, KNEE * one, 40 * one, 4 * one)
    return DriveBank(JointLimits(-3 * one, 3 * one, SPEED * one, EFFORT * one), table)


def answer(drive, *, at=0.0, velocity=0.0, **command):
    """Torque on the joint [Nm] of a drive that is at a position and turns with a velocity."""
    asked = {"to_position": 0.0, "to_velocity": 0.0, "torque": 0.0, "stiffness": 0.0, "damping": 0.0, **command}
    assert len(asked) == 5
    drive.follow(JointCommand(0.0, *(np.array([value]) for value in asked.values())))
    return float(drive.torque(np.array([[at], [velocity]]))[0])


@given(st.floats(-1, 1), st.floats(-2, 2), st.floats(-1, 1), st.floats(-2, 2), st.floats(-5, 5))
def test_within_its_limits_it_does_what_the_command_says(at, velocity, to_position, to_velocity, torque):
    found = answer(
        bank(), at=at, velocity=velocity,
        to_position=to_position, to_velocity=to_velocity, torque=torque, stiffness=5.0, damping=2.0,
    )  # fmt: skip
    assert found == pytest.approx(5.0 * (to_position - at) + 2.0 * (to_velocity - velocity) + torque)


@given(torques, speeds)
def test_it_never_gives_more_than_its_torque(asked, velocity):
    assert abs(answer(bank(), velocity=velocity, torque=asked)) <= EFFORT


@given(torques, st.floats(-KNEE * SPEED, KNEE * SPEED))
def test_up_to_the_knee_it_gives_all_its_torque(asked, velocity):
    assert answer(bank(), velocity=velocity, torque=asked) == pytest.approx(np.clip(asked, -EFFORT, EFFORT))


@pytest.mark.parametrize("direction", [-1, 1])
@pytest.mark.parametrize(
    ("share_of_speed", "share_of_torque"), [(0.6, 1.0), (0.7, 0.75), (0.8, 0.5), (0.9, 0.25), (1.0, 0.0), (1.5, 0.0)]
)
def test_above_the_knee_the_torque_that_drives_falls_to_zero_at_the_speed_limit(
    direction, share_of_speed, share_of_torque
):
    torque = answer(bank(), velocity=direction * share_of_speed * SPEED, torque=direction * 1000.0)
    assert torque == pytest.approx(direction * share_of_torque * EFFORT)


@given(st.floats(-15.0, 15.0).filter(lambda speed: abs(speed) > 1e-6))
def test_it_brakes_with_all_its_torque_at_any_speed(velocity):
    assert answer(bank(), velocity=velocity, torque=-np.sign(velocity) * 1000.0) == pytest.approx(
        -np.sign(velocity) * EFFORT
    )


@given(speeds.filter(lambda speed: abs(speed) > 1e-3))
def test_friction_opposes_motion(velocity):
    assert answer(bank(COULOMB, VISCOUS), velocity=velocity) * velocity < 0


def test_friction_is_coulomb_and_viscous():
    """Well above the speed of 0.1 rad/s over which the Coulomb part changes its sign."""
    assert answer(bank(COULOMB, VISCOUS), velocity=2.0) == pytest.approx(-(COULOMB + VISCOUS * 2.0))
    assert answer(bank(COULOMB, VISCOUS), velocity=-2.0) == pytest.approx(COULOMB + VISCOUS * 2.0)


def test_at_rest_there_is_no_friction():
    assert answer(bank(COULOMB, VISCOUS)) == 0


@given(torques, speeds)
def test_friction_is_lost_between_motor_and_joint(asked, velocity):
    """The drive reports its motor's torque; the joint gets less, and friction's power is never negative."""
    drive = bank(COULOMB, VISCOUS)
    torque = answer(drive, velocity=velocity, torque=asked)
    assert (float(drive.motor_torque[0]) - torque) * velocity >= 0


@given(torques, speeds)
def test_motor_torque_is_that_of_a_drive_without_friction(asked, velocity):
    drive = bank(COULOMB, VISCOUS)
    answer(drive, velocity=velocity, torque=asked)
    assert float(drive.motor_torque[0]) == pytest.approx(answer(bank(), velocity=velocity, torque=asked))


@pytest.mark.parametrize(("asked", "count"), [(39.9, 0), (40.1, 1), (-40.1, 1), (0.0, 0)])
def test_a_drive_at_its_limit_is_counted(asked, count):
    drive = bank()
    answer(drive, torque=asked)
    assert drive.saturated == count


@given(st.lists(torques, min_size=33, max_size=33), st.lists(speeds, min_size=33, max_size=33))
def test_each_drive_of_the_robot_obeys_its_own_limits(robot_model, asked, velocity):
    limits, drives = robot_model.limits, robot_model.drives
    whole = DriveBank(limits, drives)
    zero = np.zeros(limits.effort.size)
    whole.follow(JointCommand(0.0, zero, zero, np.array(asked), zero, zero))
    whole.torque(np.stack((zero, np.array(velocity))))
    v, motor = np.array(velocity), whole.motor_torque
    share = np.clip((limits.velocity - np.abs(v)) / (limits.velocity * (1.0 - drives.knee)), 0.0, 1.0)
    greatest = np.where(motor * v > 0, share, 1.0) * limits.effort
    assert np.all(np.abs(motor) <= greatest * (1 + 1e-12))
