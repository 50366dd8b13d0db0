"""Feet that a rough road has thrown off their pedals are felt to be elsewhere, and set anew while the ride goes on."""

import numpy as np
import pytest

from controllers.riding.modes import RideMode
from controllers.riding.pedalling import PedallingParameters
from scenarios.loader import load
from scenarios.metrics import compute
from scenarios.runner import ride
from tests.regression.mutants import Mutant, parameters

LIGHT = Mutant("feet that stay light on a rough road", parameters(pedalling=PedallingParameters(rest=(50.0, 50.0))))
END = slice(-200, None)


@pytest.fixture(scope="module")
def thrown():
    return ride(load("rough_road", ["duration=16.1"]), 3, lambda *_: None, assemble=LIGHT.assemble)


@pytest.fixture(scope="module")
def crank_error(thrown):
    """How far the crank is from where the rider believes it, at each tick [rad]."""
    away = thrown.log["estimate_crank_angle"] - thrown.log["truth_crank_angle"]
    return np.abs((away + np.pi) % (2.0 * np.pi) - np.pi)


def test_they_are_thrown_off(thrown, crank_error):
    (found,) = np.flatnonzero(np.diff((thrown.log["mode"] == RideMode.RESEAT).astype(int)) == 1)
    before = slice(found - 100, found)
    assert crank_error[before].min() > 0.4  # 4 cm of the way of a pedal
    assert thrown.log["truth_drive_torque"][before].max() == 0.0


def test_the_ride_goes_on(thrown):
    assert thrown.end == "out of time"
    assert compute(thrown.log, thrown.context)["reseats"] == 1
    assert thrown.log["mode"][-1] == RideMode.CRUISE
    assert np.abs(thrown.log["truth_roll"]).max() < 0.1


def test_both_feet_drive_again(thrown, crank_error):
    assert crank_error[END].max() < 0.1
    assert thrown.log["truth_foot_force"][END][:, (2, 5)].mean(axis=0).min() > 15.0
    assert thrown.log["truth_drive_torque"][END].mean() > 1.0
