"""Feet that have slid off their pedals on a rough road are felt to be elsewhere, and set anew as the ride goes on."""

from dataclasses import replace
from itertools import islice

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
SEEDS = (0, 2, 3, 4, 7)
"""In these a foot is lost. Where the crank spins back under both feet nothing saves the ride: in seed 0."""
ENOUGH = 2
"""So many of them have to go on; the others are not ridden then."""
END = slice(-200, None)


def crank_error(ridden):
    """How far the crank is from where the rider believes it, at each tick [rad]."""
    away = ridden.log["estimate_crank_angle"] - ridden.log["truth_crank_angle"]
    return np.abs((away + np.pi) % (2.0 * np.pi) - np.pi)


def goes_on_with_both_feet(ridden):
    return (
        ridden.end == "out of time"
        and compute(ridden.log, ridden.context)["reseats"] == 1
        and ridden.log["mode"][-1] == RideMode.CRUISE
        and np.abs(ridden.log["truth_roll"]).max() < 0.1
        and crank_error(ridden)[END].max() < 0.1
        and ridden.log["truth_foot_force"][END][:, (2, 5)].mean(axis=0).min() > 15.0
        and ridden.log["truth_drive_torque"][END].mean() > 1.0
    )


@pytest.fixture(scope="module")
def gone_on():
    scenario = load("rough_road", ["duration=20"])
    rides = (ride(scenario, seed, lambda *_: None, assemble=PUSHED.assemble) for seed in SEEDS)
    return list(islice(filter(goes_on_with_both_feet, rides), ENOUGH))


def test_two_of_five_go_on_and_both_feet_drive_again(gone_on):
    assert len(gone_on) == ENOUGH


def test_those_were_thrown_off_where_they_were_felt_to_be(gone_on):
    for ridden in gone_on:
        (found,) = np.flatnonzero(np.diff((ridden.log["mode"] == RideMode.RESEAT).astype(int)) == 1)
        before = slice(found - 100, found)
        assert crank_error(ridden)[before].min() > 0.2  # 2 cm of the way of a pedal
        assert ridden.log["truth_drive_torque"][before].max() == 0.0
