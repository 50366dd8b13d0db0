"""Walking pace and below: the crank turns from the first moment, the speed is held, the bars are calm."""

import numpy as np
import pytest

from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.runner import ride
from urdf.bicycle_parameters import JOINTS

STEER = JOINTS.index("steer_joint")


@pytest.fixture(scope="module", params=[0.4, 0.8])
def slow(request):
    """Five seconds at a speed [m/s], from level cranks that stand still."""
    speed = request.param
    changes = [f"start.speed={speed}", f"rider.speed={speed}", "duration=5"]
    return speed, ride(load("ride_straight", changes), 0, lambda *_: None, assemble=assemble).log


def test_nobody_falls(slow):
    assert np.abs(slow[1]["truth_roll"]).max() < 0.1


def test_the_crank_drives_within_half_a_second(slow):
    driving = slow[1]["truth_drive_torque"] > 0.5
    assert slow[1]["time"][np.argmax(driving)] < 0.5
    assert driving.any()


def test_the_speed_is_held(slow):
    """Of its own it would lose 0.09 m/s in every second."""
    speed, log = slow
    assert log["truth_speed"].min() > speed - 0.1
    assert log["truth_speed"][-1000:].mean() == pytest.approx(speed, abs=0.03)


def test_the_bars_are_calm(slow):
    """They swung at 6 Hz and 1.6 rad/s (RMS) while steering took the pelvis' rocking for the bicycle's."""
    assert np.std(slow[1]["truth_bicycle_joint_velocity"][1000:, STEER]) < 0.7


def test_both_wheels_stay_in_a_corridor_of_60_cm(slow):
    sides = [np.abs(slow[1][f"truth_{wheel}_contact"][:, 1]).max() for wheel in ("rear", "front")]
    assert max(sides) < 0.3
