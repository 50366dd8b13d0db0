"""Pedalling: what the feet are asked to push, at every crank angle and in every mood."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.riding.pedalling import Pedalling, PedallingParameters
from tests.conftest import PERIOD

PARAMETERS = PedallingParameters()
crank_angles = st.floats(-10.0, 30.0)
speeds = st.floats(0.0, 5.0)
crank_rates = st.floats(-10.0, 20.0)


@pytest.fixture(scope="module")
def make(bicycle):
    def pedalling():
        return Pedalling(PARAMETERS, bicycle.drive.gear_ratio, bicycle.geometry.rear_wheel_radius, PERIOD)

    return pedalling


@pytest.fixture(scope="module")
def crank_torque(posture, bicycle):
    """Torque of both feet on the crank, positive forward [Nm]: the pedals' arms about the bottom bracket."""
    x, z = bicycle.drive.bottom_bracket
    bracket = np.array((x, 0.0, z))

    def of(forces, crank_angle):
        arms = [posture.pedal(side, crank_angle) - bracket for side in (0, 1)]
        return sum(float(np.cross(arm, force)[1]) for arm, force in zip(arms, forces, strict=True))

    return of


def driven(pedalling, wanted, speed, crank_rate, ticks=500):
    for _ in range(ticks):
        pedalling.drive(wanted, speed, crank_rate)
    return pedalling


@given(wanted=speeds, speed=speeds, crank_rate=crank_rates, crank_angle=crank_angles, park=st.booleans())
def test_a_foot_never_presses_less_than_at_rest(make, wanted, speed, crank_rate, crank_angle, park):
    pedalling = driven(make(), wanted, speed, crank_rate)
    if park:
        pedalling.park(crank_angle, crank_rate)
    down = -pedalling.forces(crank_angle)[:, 2]
    assert down.min() >= PARAMETERS.rest


@given(wanted=speeds, speed=speeds, crank_rate=crank_rates, crank_angle=crank_angles, park=st.booleans())
def test_a_foot_pushes_along_its_pedal_no_more_than_friction_holds(make, wanted, speed, crank_rate, crank_angle, park):
    pedalling = driven(make(), wanted, speed, crank_rate)
    if park:
        pedalling.park(crank_angle, crank_rate)
    forces = pedalling.forces(crank_angle)
    assert np.all(np.abs(forces[:, 0]) <= PARAMETERS.grip * -forces[:, 2] + 1e-9)


def test_friction_of_shoe_and_pedal_holds_that_share(bicycle):
    assert bicycle.drive.pedal_friction > PARAMETERS.grip


@given(crank_angle=crank_angles)
def test_a_foot_does_not_push_sideways(make, crank_angle):
    np.testing.assert_array_equal(driven(make(), 3.0, 1.0, 3.0).forces(crank_angle)[:, 1], 0.0)


@given(crank_angle=crank_angles)
def test_too_slow_the_feet_turn_the_crank_forward_at_every_angle(make, crank_torque, crank_angle):
    """At the dead points as well, where only the push along the pedal can."""
    pedalling = driven(make(), wanted=2.5, speed=2.0, crank_rate=2.0 / (0.2 * 1.8))
    assert pedalling.push > 0
    assert crank_torque(pedalling.forces(crank_angle), crank_angle) > 0


@given(crank_angle=crank_angles)
def test_feet_at_rest_do_not_turn_the_crank(make, crank_torque, crank_angle):
    pedalling = make()
    assert crank_torque(pedalling.forces(crank_angle), crank_angle) == pytest.approx(0.0, abs=1e-9)


@given(wanted=speeds, excess=st.floats(0.5, 5.0), crank_rate=crank_rates)
def test_far_too_fast_the_feet_rest(make, wanted, excess, crank_rate):
    assert driven(make(), wanted, wanted + excess, crank_rate).push == 0


@given(st.lists(st.tuples(speeds, speeds, crank_rates), min_size=1, max_size=20))
def test_driving_never_turns_the_crank_back_and_never_pushes_beyond_the_limit(make, history):
    pedalling = make()
    for wanted, speed, crank_rate in history:
        driven(pedalling, wanted, speed, crank_rate, ticks=100)
        assert 0 <= pedalling.push <= PARAMETERS.push_limit


def test_a_crank_that_the_freewheel_does_not_hold_is_pushed_gently(make):
    pedalling = driven(make(), wanted=5.0, speed=2.0, crank_rate=0.0, ticks=5000)
    assert 0 < pedalling.push <= PARAMETERS.catch_up_limit


def test_a_lasting_lack_of_speed_is_pushed_harder(make):
    crank_rate = 2.0 / (0.2 * 1.8)
    after_1_s = driven(make(), 2.1, 2.0, crank_rate, ticks=500).push
    after_5_s = driven(make(), 2.1, 2.0, crank_rate, ticks=2500).push
    assert after_5_s > after_1_s > 0


def nearest_level(crank_angle):
    """The nearest angle at which both pedals are at one height [rad]."""
    levels = np.arange(-20, 40) * pi + 0.5 * pi
    return float(levels[np.abs(levels - crank_angle).argmin()])


@given(crank_angle=crank_angles)
def test_parking_turns_the_crank_to_the_nearer_level(make, crank_torque, crank_angle):
    pedalling = make()
    pedalling.park(crank_angle, 0.0)
    way = nearest_level(crank_angle) - crank_angle
    torque = crank_torque(pedalling.forces(crank_angle), crank_angle)
    # With a pedal on top it may go either way round; nearer to level than a thousandth there is nothing to do.
    if 1e-3 < abs(way) < 0.5 * pi - 1e-3:
        assert np.sign(torque) == np.sign(way)


@pytest.mark.parametrize("crank_angle", [0.5 * pi, 1.5 * pi, -0.5 * pi, 6.5 * pi])
def test_a_level_crank_is_parked(make, crank_angle):
    pedalling = make()
    pedalling.park(crank_angle, 0.0)
    assert pedalling.push == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("crank_rate", [-3.0, 3.0])
def test_parking_slows_a_turning_crank(make, crank_torque, crank_rate):
    pedalling = make()
    pedalling.park(0.5 * pi, crank_rate)
    assert crank_torque(pedalling.forces(0.5 * pi), 0.5 * pi) * crank_rate < 0


@pytest.mark.parametrize("start", np.linspace(0.0, 2 * pi, 12, endpoint=False) + 0.1)
def test_a_parked_crank_comes_to_rest_level(make, crank_torque, start):
    """A crank with feet on it as a flywheel (two shanks and feet of 2 kg on 0.1 m) on a freewheel."""
    pedalling, angle, rate = make(), start, 0.0
    inertia = 2 * 2.0 * 0.1**2
    for _ in range(2500):
        pedalling.park(angle, rate)
        rate += crank_torque(pedalling.forces(angle), angle) / inertia * PERIOD
        angle += rate * PERIOD
    assert abs(np.cos(angle)) < 0.05


def test_after_parking_the_feet_start_from_rest(make):
    pedalling = driven(make(), 2.5, 2.0, 2.0 / (0.2 * 1.8), ticks=5000)
    pedalling.park(0.5 * pi, 0.0)
    pedalling.drive(2.5, 2.5, 2.5 / (0.2 * 1.8))
    assert pedalling.push == pytest.approx(0.0, abs=1.0)  # [N]: nothing of the integral is left


def test_a_reset_forgets_the_push(make):
    pedalling = driven(make(), 2.5, 2.0, 2.0 / (0.2 * 1.8))
    pedalling.reset()
    assert pedalling.push == 0
