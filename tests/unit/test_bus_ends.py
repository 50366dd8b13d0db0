"""The senses of a simulated robot whose host is late: periods in which nobody reads them are no longer ones."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from robot.body_senses import BodySenses
from robot.sensor_parts import IDEAL_IMU, IDEAL_LOCALIZATION
from sim.bus_ends import BusEnds
from sim.experiments.sensing import GuidedFrame
from sim.localization import Localization
from sim.physics import GRAVITY
from sim.sensors import Imu

PERIOD = 0.002
FORWARD, DELAY = 3.0, 0.008


class Moving:
    """A world and its drives: two IMUs with a delay, and a localisation, on what is faster by 3 m/s every second."""

    def __init__(self):
        self.time, self.frame = 0.0, GuidedFrame()
        rng = np.random.default_rng(0)
        part = replace(IDEAL_IMU, delay=DELAY)
        self.imus = [Imu(self.frame, np.zeros(3), np.eye(3), part, rng, PERIOD) for _ in range(2)]
        self.place = Localization(replace(IDEAL_LOCALIZATION, delay=DELAY), self.frame, rng, PERIOD)

    def pass_period(self):
        self.time += PERIOD
        self.frame.linear = (FORWARD * self.time, 0.0, 0.0)
        self.frame.position = (0.5 * FORWARD * self.time**2, 0.0, 0.0)

    def feel(self):
        pelvis, torso = (imu.read() for imu in self.imus)
        return BodySenses(pelvis, torso, self.place.read(self.time))


def ends_of(**changes):
    """The ends of a bus in such a world."""
    world: Any = Moving()
    return BusEnds(world, world, PERIOD, **changes)


@pytest.mark.parametrize("late", [1, 4, 11])
def test_after_periods_without_a_reader_the_senses_say_what_they_would_have_said(late):
    """Read late, the accelerometer had the change of all periods for one, and what arrives late came later still."""
    ends = ends_of()
    for periods in (*[1] * 20, late, *[1] * 10):
        ends.wait_until(ends.now() + periods * PERIOD)
        pelvis, torso, fix = ends.read(ends.now())
        assert fix is not None
        assert fix.stamp == pytest.approx(ends.now() - DELAY)
        assert fix.position_pelvis_in_world[0] == pytest.approx(0.5 * FORWARD * max(fix.stamp, 0.0) ** 2, abs=1e-9)
        for imu in (pelvis, torso):
            forward, _, up = imu.specific_force_imu_in_imu
            assert forward == pytest.approx(FORWARD if ends.now() > DELAY + 0.5 * PERIOD else 0.0)
            assert up == pytest.approx(GRAVITY)


def test_reading_twice_is_reading_once():
    ends = ends_of()
    ends.wait_until(0.02)
    assert ends.read(ends.now()) is ends.read(ends.now())


@pytest.mark.parametrize(("unit", "other"), [("pelvis", "torso"), ("torso", "pelvis")])
def test_an_imu_that_freezes_says_the_same_for_as_long_as_it_does(unit, other):
    ends = ends_of(frozen=[(unit, 0.019, 0.029)])
    said = []
    while ends.now() < 0.04:
        ends.wait_until(ends.now() + PERIOD)
        senses = ends.read(ends.now())
        said.append((getattr(senses, f"{unit}_imu"), getattr(senses, f"{other}_imu"), senses.localization))
    frozen, going, fixes = zip(*said[5:], strict=True)  # up to then it is the first reading that arrives
    assert len({id(reading) for reading in frozen}) == 15 - 5
    assert len({id(reading) for reading in going}) == len({id(fix) for fix in fixes}) == 15
