"""A declared torque on the steer axis turns the bars, is booked, and pushes nobody from outside."""

import numpy as np
import pytest

from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.metrics import compute
from scenarios.runner import ride
from urdf.bicycle_parameters import JOINTS

CHANGES = ("duration=2.5", "start.speed=1.7", "rider.speed=1.7", "course.length=30")
PULSE = "steer_pulses=[{time='1 s', torque='6 N·m'}]"
STEER = JOINTS.index("steer_joint")


@pytest.fixture(scope="module")
def plain():
    return ride(load("ride_straight", CHANGES), 0, lambda *_: None, assemble=assemble).log


@pytest.fixture(scope="module")
def pulsed():
    return ride(load("ride_straight", [*CHANGES, PULSE]), 0, lambda *_: None, assemble=assemble)


def test_it_lasts_as_long_as_it_says(pulsed):
    acting = pulsed.log["truth_steer_pulse"]
    assert np.unique(acting).tolist() == [0.0, 6.0]
    assert np.count_nonzero(acting) == pytest.approx(150, abs=1)  # 0.3 s


def test_it_turns_the_bars_to_the_left(pulsed, plain):
    during = (plain["time"] > 1.0) & (plain["time"] < 1.3)
    assert (pulsed.log["truth_steer"] - plain["truth_steer"])[during].max() > 0.02


def test_its_work_is_booked(pulsed):
    """What the couple gives is torque times the rate of the steer joint, a step of 1 ms at a time."""
    log = pulsed.log
    by_rate = (log["truth_steer_pulse"] * log["truth_bicycle_joint_velocity"][:, STEER]).sum() * 0.002
    assert log["truth_push_work"][-1] == pytest.approx(by_rate, rel=0.1)
    assert abs(by_rate) > 0.05


def test_it_is_no_force_from_outside(pulsed):
    metrics = compute(pulsed.log, pulsed.context)
    assert metrics["undeclared_wrench_max"] == 0
    assert metrics["momentum_residual_max"] < 0.5
    assert not pulsed.log["truth_push"].any()
