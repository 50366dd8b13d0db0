"""Slopes: how they are felt, how legs and hands work on them, and how brakes and stops reckon with them."""

from math import atan, cos, pi, radians, sin

import numpy as np
import pytest

from controllers.riding.braking import Brakes
from controllers.riding.climbing import Climbing, ClimbingParameters
from controllers.riding.descent import Descent
from controllers.riding.hill import HillParameters, parked, stopping, uphill
from controllers.riding.pedalling import Load, Pedalling, PedallingParameters
from controllers.riding.place import PlaceFilter
from controllers.riding.programme import Mode, Phase
from controllers.riding.slope import SlopeObserver
from controllers.whole_body.kinematics import GRAVITY
from robot import LocalizationFix
from scenarios.assembly import bicycle_of
from scenarios.errors import BadInput
from scenarios.loader import load_ride
from tests.conftest import PERIOD

SIX_DEGREES = radians(6.0)
PEDAL = Phase(Mode.PEDAL, 1.0)
GEAR = ["bicycle.gear=0.5"]


def felt(pitch, seconds=3.0):
    observer = SlopeObserver(PERIOD)
    for _ in range(round(seconds / PERIOD)):
        observer.update(pitch)
    return observer.angle


# Slope


def test_a_level_road_with_an_imu_that_is_a_little_off_is_level():
    assert felt(0.011) == felt(-0.011) == 0.0


@pytest.mark.parametrize("slope", [-SIX_DEGREES, -0.03, 0.03, SIX_DEGREES])
def test_a_slope_is_found_within_three_seconds(slope):
    assert felt(slope) == pytest.approx(slope, rel=1e-3)


def test_a_bump_is_no_slope():
    assert felt(0.06, seconds=0.06) == 0.0


# Legs and hands


@pytest.fixture(scope="module")
def crank_load(bicycle, robot_model):
    return Load.of(bicycle, robot_model.mass)


@pytest.mark.parametrize("slope", [-0.05, 0.02, SIX_DEGREES])
def test_the_weight_along_the_slope_is_fed_forward(crank_load, slope):
    level, there = crank_load.torque(1.0, 0.0), crank_load.torque(1.0, 0.0, slope)
    assert (there - level) * crank_load.crank_per_metre == pytest.approx(crank_load.mass * GRAVITY * sin(slope))


def test_what_a_slope_changes_for_the_legs_is_off_on_the_level(crank_load, bicycle):
    p = PedallingParameters()
    climbing = Climbing(bicycle)
    pedalling = Pedalling(p, crank_load, PERIOD)
    pushes = []
    for slope in (0.01, SIX_DEGREES):
        climbing.update(slope)
        pedalling.steepness = climbing.share
        for _ in range(2000):
            pedalling.drive(2.0, 0.5, 0.5 * crank_load.crank_per_metre)
        pushes.append(max(pedalling.push_at(angle) for angle in np.linspace(0.0, 2.0 * pi, 24)))
    assert pushes == [p.push_limit[0], p.push_limit[1]]


def test_on_a_slope_the_crank_is_held_harder(crank_load):
    pushes = []
    for steepness in (0.0, 1.0):
        pedalling = Pedalling(PedallingParameters(), crank_load, PERIOD)
        pedalling.steepness = steepness
        for _ in range(500):
            pedalling.park(0.9, 0.0, 1.0, at=0.9)
        pedalling.park(1.0, 0.0, 1.0, at=0.9)
        pushes.append(-pedalling.push_at(1.0))
    assert pushes == pytest.approx([4.0, 10.0])  # park_stiffness by 0.1 rad


def test_the_hands_hold_against_the_foot_that_pushes(bicycle):
    climbing = Climbing(bicycle)
    climbing.update(0.01)
    assert climbing.hands(200.0, 50.0) == (0.0, 0.0)
    climbing.update(SIX_DEGREES)
    left, pull = climbing.hands(200.0, 50.0)
    right, same = climbing.hands(50.0, 200.0)
    p = ClimbingParameters()
    moment = 2.0 * left * bicycle.handlebar.grip[1]
    assert moment == pytest.approx(p.brace * 150.0 * bicycle.drive.pedal_offset)  # the right hand presses
    assert (right, same) == (-left, pull)
    assert pull == pytest.approx(0.5 * p.lift * 150.0)


def test_no_hand_is_asked_for_more_than_it_holds(bicycle):
    climbing = Climbing(bicycle)
    climbing.update(SIX_DEGREES)
    couple, pull = climbing.hands(500.0, 0.0)
    assert couple + pull == pytest.approx(ClimbingParameters().most)


# Brakes


@pytest.mark.parametrize("slope", [-SIX_DEGREES, SIX_DEGREES])
def test_held_brakes_bear_the_weight_on_either_slope(bicycle, slope):
    brakes = Brakes(bicycle, 57.0, 6.0)
    assert brakes.squeeze(2.0, slope, held=True) == pytest.approx(brakes.squeeze(2.0 + GRAVITY * sin(SIX_DEGREES)))


def test_the_weight_brakes_uphill_and_drives_downhill(bicycle):
    brakes, weight = Brakes(bicycle, 57.0, 6.0), GRAVITY * sin(SIX_DEGREES)
    assert brakes.squeeze(1.5, SIX_DEGREES) == pytest.approx(brakes.squeeze(1.5 - weight))
    assert brakes.squeeze(0.5, -SIX_DEGREES) == pytest.approx(brakes.squeeze(0.5 + weight))
    assert brakes.squeeze(0.5, SIX_DEGREES) == brakes.squeeze(0.0)


def test_a_stop_downhill_asks_for_no_more_than_the_brakes_give():
    p = HillParameters()
    assert stopping(p, 1.2, 0.0) == 1.2
    assert stopping(p, 1.2, -SIX_DEGREES) + GRAVITY * sin(SIX_DEGREES) == pytest.approx(p.brakes)
    assert stopping(p, 1.2, SIX_DEGREES) > GRAVITY * sin(SIX_DEGREES)


def test_downhill_it_brakes_to_its_speed_and_on_the_level_it_pedals():
    descent = Descent()
    assert descent.step(PEDAL, 1.5, 0.0).mode is Mode.PEDAL
    assert descent.step(PEDAL, 1.0, -SIX_DEGREES).mode is Mode.BRAKE
    assert descent.step(PEDAL, 0.8, -SIX_DEGREES).mode is Mode.BRAKE  # goes on while it is a little slow
    assert descent.step(PEDAL, 0.7, -SIX_DEGREES).mode is Mode.PEDAL
    assert descent.step(PEDAL, 1.2, -0.01).mode is Mode.PEDAL
    assert descent.step(Phase(Mode.COAST, 1.0), 1.5, -SIX_DEGREES).mode is Mode.COAST


# Stops and starts


def test_a_foot_leaves_a_crank_that_the_other_one_can_hold():
    p = HillParameters()
    assert parked(p, 0.0, 0.0)
    assert not parked(p, radians(30.0), 0.0)
    assert not parked(p, 0.0, 3.0)
    assert uphill(p, 0.0) == uphill(p, -SIX_DEGREES) == 0.0
    assert uphill(p, SIX_DEGREES) == 1.0


# Gear


def test_a_low_gear_makes_pedalling_lighter_and_quicker(robot_model):
    high, low = (Load.of(bicycle_of(load_ride("ride_straight", changes)), robot_model.mass) for changes in ([], GEAR))
    assert low.crank_per_metre == pytest.approx(2.0 * high.crank_per_metre)
    assert low.torque(1.0, 0.0, 0.1) == pytest.approx(0.5 * high.torque(1.0, 0.0, 0.1))


def test_a_gear_that_no_hub_has_is_refused():
    with pytest.raises(BadInput, match=r"no hub has a gear of 0\.1"):
        load_ride("ride_straight", ["bicycle.gear=0.1"])


def test_the_place_filter_knows_that_the_pelvis_hangs_back_uphill():
    slope, pelvis = atan(0.105), np.array((0.12, 0.0, 0.65))
    ahead = pelvis[0] * cos(slope) - pelvis[2] * sin(slope)
    place = PlaceFilter(pelvis, PERIOD)
    place.reset(0.0, 0.0, 0.0, 0.0, LocalizationFix(0.0, np.array((ahead, 0.0, 0.7)), 0.0), slope)
    for tick in range(1, 500):
        time = tick * PERIOD
        place.update(time, 0.0, 0.0, 0.0, LocalizationFix(time, np.array((ahead, 0.0, 0.7)), 0.0), slope)
    assert place.x == pytest.approx(0.0, abs=1e-6)
