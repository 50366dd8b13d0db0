"""Feet that have slid off their pedals on a rough road are felt to be elsewhere, and set anew as the ride goes on."""

from dataclasses import replace

import numpy as np
import pytest

from controllers.riding.foothold import FootholdParameters
from controllers.riding.modes import RideMode
from scenarios.loader import load
from scenarios.metrics import compute
from scenarios.runner import ride
from tests.regression.mutants import Around, Mutant, within


class PushedOff(Around):
    """Its feet are light, and pushed along their pedals by more than they grip, until one is felt to be elsewhere."""

    def __init__(self, rider):
        super().__init__(rider)
        self._usual = rider._limbs._parameters, rider._pedalling._parameters
        pushed = FootholdParameters(stiffness=6000.0, most=60.0, grip=(2.0, 2.0), least=(-100.0, -100.0))
        rider._limbs._parameters = replace(rider._limbs._parameters, foothold=pushed)
        rider._pedalling._parameters = replace(rider._pedalling._parameters, rest=(40.0, 40.0))

    def step(self, state):
        if self._rider.task.mode == RideMode.RESEAT:
            self._rider._limbs._parameters, self._rider._pedalling._parameters = self._usual
        return self._rider.step(state)


PUSHED = Mutant("feet that are pushed off their pedals", within(PushedOff))
END = slice(-200, None)


@pytest.fixture(scope="module")
def thrown():
    return ride(load("rough_road", ["duration=15"]), 0, lambda *_: None, assemble=PUSHED.assemble)


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
