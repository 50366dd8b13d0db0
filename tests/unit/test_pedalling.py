"""Pedalling: what the feet are asked to push, at every crank angle and in every mood."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.riding.pedalling import Load, Pedalling, PedallingParameters
from tests.conftest import PERIOD

PARAMETERS = PedallingParameters()
crank_angles = st.floats(-10.0, 30.0)
speeds = st.floats(0.0, 5.0)
crank_rates = st.floats(-10.0, 20.0)


@pytest.fixture(scope="module")
def load(bicycle, robot_model):
    return Load.of(bicycle, robot_model.mass)


@pytest.fixture(scope="module")
def make(load):
    def pedalling():
        return Pedalling(PARAMETERS, load, PERIOD)

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
        pedalling.park(crank_angle, crank_rate, speed)
    down = -pedalling.forces(crank_angle)[:, 2]
    assert down.min() >= PARAMETERS.rest[0]


def test_feet_are_firm_on_a_rough_road_and_light_again_after_it(make):
    pedalling = make()
    for shaken, firm in ((1.9, 50.0), (3.1, 80.0), (2.5, 65.0), (0.0, 50.0)):
        for _ in range(500):
            pedalling.brace(shaken, pushed=False)
        assert -pedalling.forces(0.0)[:, 2] == pytest.approx(firm, abs=0.01)


@given(wanted=speeds, speed=speeds, crank_rate=crank_rates, crank_angle=crank_angles, park=st.booleans())
def test_a_foot_pushes_along_its_pedal_no_more_than_friction_holds(make, wanted, speed, crank_rate, crank_angle, park):
    pedalling = driven(make(), wanted, speed, crank_rate)
    if park:
        pedalling.park(crank_angle, crank_rate, speed)
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
    assert pedalling.push_at(crank_angle) > 0
    assert crank_torque(pedalling.forces(crank_angle), crank_angle) > 0


@given(crank_angle=crank_angles)
def test_feet_at_rest_do_not_turn_the_crank(make, crank_torque, crank_angle):
    pedalling = make()
    assert crank_torque(pedalling.forces(crank_angle), crank_angle) == pytest.approx(0.0, abs=1e-9)


@given(wanted=speeds, excess=st.floats(1.5, 5.0))
def test_far_too_fast_the_feet_rest(make, wanted, excess):
    engaged = (wanted + excess) * 2.8
    assert driven(make(), wanted, wanted + excess, engaged).push_at(1.0) == 0


@given(st.lists(st.tuples(speeds, speeds, crank_rates), min_size=1, max_size=20))
def test_driving_never_turns_the_crank_back_and_never_pushes_beyond_the_limit(make, history):
    pedalling = make()
    for wanted, speed, crank_rate in history:
        driven(pedalling, wanted, speed, crank_rate, ticks=100)
        for crank_angle in np.linspace(0.0, 2 * pi, 24):
            assert 0 <= pedalling.push_at(crank_angle) <= PARAMETERS.push_limit[0]


def test_a_crank_that_the_freewheel_does_not_hold_is_pushed_gently(make):
    pedalling = driven(make(), wanted=5.0, speed=2.0, crank_rate=0.0, ticks=5000)
    assert 0 < pedalling.torque <= PARAMETERS.follow_torque_limit


def test_a_lasting_lack_of_speed_is_pushed_harder(make):
    crank_rate = 2.0 / (0.2 * 1.8)
    after_1_s = driven(make(), 2.1, 2.0, crank_rate, ticks=500).torque
    after_5_s = driven(make(), 2.1, 2.0, crank_rate, ticks=2500).torque
    assert after_5_s > after_1_s > 0


@given(torque=st.floats(0.0, 3.0), crank_angle=crank_angles)
def test_the_torque_is_the_same_at_every_crank_angle(make, crank_torque, torque, crank_angle):
    """Up to 3 Nm, which two feet along their pedals give where nothing can be pressed."""
    pedalling = driven(make(), 2.0, 2.0, 2.0 * 2.78, ticks=1)
    pedalling.torque = torque
    assert crank_torque(pedalling.forces(crank_angle), crank_angle) == pytest.approx(torque, abs=1e-6)


@given(spring=st.floats(-1.0, 1.5), crank_angle=crank_angles)
def test_what_the_legs_give_by_themselves_is_taken_off(make, crank_torque, spring, crank_angle):
    pedalling = driven(make(), 2.0, 2.0, 2.0 * 2.78, ticks=1)
    pedalling.torque = 2.0
    by_feet = crank_torque(pedalling.forces(crank_angle, spring), crank_angle)
    assert by_feet + spring == pytest.approx(2.0, abs=1e-6)


@given(speed=st.floats(0.3, 4.0))
def test_at_the_wanted_speed_the_feet_give_what_resists(make, load, speed):
    pedalling = driven(make(), speed, speed, speed * load.crank_per_metre, ticks=500)
    assert pedalling.torque * load.crank_per_metre == pytest.approx(load.rolling + load.drag * speed**2)


@pytest.mark.parametrize("speed", [0.4, 1.0, 3.0])
def test_a_crank_at_rest_is_at_the_wheels_rate_within_half_a_second(make, load, speed):
    """The legs' inertia is fed forward, so the crank gains what is asked; half a newton-metre of friction is not."""
    pedalling, rate, inertia, friction = make(), 0.0, 0.05, 0.5
    for _ in range(250):
        pedalling.drive(speed, speed, rate)
        slip = pedalling.torque - friction * min(1.0, rate / 0.1)
        rate += (pedalling.crank_acceleration + slip / inertia) * PERIOD
        if rate > 0.93 * speed * load.crank_per_metre:
            return
    pytest.fail(f"after 0.5 s the crank turns at {rate:.2f} rad/s")


def test_a_crank_that_sticks_is_pushed_harder_and_harder(make):
    at_once, soon, later = (driven(make(), 0.4, 0.4, 0.0, ticks=ticks).torque for ticks in (1, 100, 200))
    assert 0 < at_once < soon < later <= PARAMETERS.follow_torque_limit


def test_with_nothing_to_drive_the_feet_go_along_a_little_slower_than_the_wheel(make, load):
    pedalling = driven(make(), 1.0, 2.0, 0.5 * 2.0 * load.crank_per_metre, ticks=1)
    assert pedalling.crank_acceleration > 0
    assert driven(make(), 1.0, 2.0, 0.92 * 2.0 * load.crank_per_metre, ticks=1).crank_acceleration == 0


def nearest_level(crank_angle):
    """The nearest angle at which both pedals are at one height [rad]."""
    levels = np.arange(-20, 40) * pi + 0.5 * pi
    return float(levels[np.abs(levels - crank_angle).argmin()])


def test_it_does_not_speed_up_while_it_is_to_go_gently(make):
    torques = []
    for gently in (False, True):
        pedalling = make()
        for _ in range(500):
            pedalling.drive(2.0, 1.5, 1.5 / (0.2 * 1.8), gently=gently)
        torques.append(pedalling.torque)
    assert torques[1] < 0.5 * torques[0]
    for _ in range(500):
        pedalling.drive(1.0, 1.5, 1.5 / (0.2 * 1.8), gently=True)
    assert pedalling.torque == 0.0  # it may slow down


@given(crank_angle=crank_angles)
def test_parking_turns_the_crank_to_the_nearer_level(make, crank_torque, crank_angle):
    pedalling = make()
    pedalling.park(crank_angle, 0.0, 2.0)
    way = nearest_level(crank_angle) - crank_angle
    torque = crank_torque(pedalling.forces(crank_angle), crank_angle)
    # With a pedal on top it may go either way round; nearer to level than a thousandth there is nothing to do.
    if 1e-3 < abs(way) < 0.5 * pi - 1e-3:
        assert np.sign(torque) == np.sign(way)


@pytest.mark.parametrize("crank_angle", [0.5 * pi, 1.5 * pi, -0.5 * pi, 6.5 * pi])
def test_a_level_crank_is_parked(make, crank_angle):
    pedalling = make()
    pedalling.park(crank_angle, 0.0, 2.0)
    assert pedalling.push_at(crank_angle) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("crank_rate", [-3.0, 3.0])
def test_parking_slows_a_turning_crank(make, crank_torque, crank_rate):
    pedalling = make()
    pedalling.park(0.5 * pi, crank_rate, 2.0)
    assert crank_torque(pedalling.forces(0.5 * pi), 0.5 * pi) * crank_rate < 0


@pytest.mark.parametrize("start", np.linspace(0.0, 2 * pi, 12, endpoint=False) + 0.1)
def test_a_parked_crank_comes_to_rest_level(make, crank_torque, start):
    """A crank with feet on it as a flywheel (two shanks and feet of 2 kg on 0.1 m) on a freewheel."""
    pedalling, angle, rate = make(), start, 0.0
    inertia = 2 * 2.0 * 0.1**2
    for _ in range(2500):
        pedalling.park(angle, rate, 2.0)
        rate += crank_torque(pedalling.forces(angle), angle) / inertia * PERIOD
        angle += rate * PERIOD
    assert abs(np.cos(angle)) < 0.05


@pytest.mark.parametrize(("start", "speed"), [(2.4, 1.0), (2.4, 0.5), (-0.7, 2.0)])
def test_a_crank_that_is_parked_neither_drives_the_wheel_nor_jerks_the_feet(make, load, start, speed):
    p = PARAMETERS
    pedalling, angle, rate, turning = make(), start, 0.0, []
    for _ in range(1000):
        pedalling.park(angle, rate, speed, at=start + 1.5)
        push = pedalling.push_at(angle)
        turning.append(rate + push / p.park_damping[0])
        rate = turning[-1]
        angle += rate * PERIOD
    assert max(turning) <= 1.02 * p.idle * speed * load.crank_per_metre
    assert np.abs(np.diff(turning)).max() <= 1.02 * p.park_acceleration * PERIOD
    assert angle == pytest.approx(start + 1.5, abs=0.05)


def test_feet_push_harder_against_what_keeps_a_crank_from_its_place(make):
    pedalling, pushes = make(), []
    for _ in range(250):
        pedalling.park(1.0, 0.0, 2.0, at=2.0)
        pushes.append(pedalling.push_at(1.0))
    assert pushes[-1] > 35.0  # park_stiffness by what is left of 1 rad
    assert np.diff(pushes).max() < 1.0


def test_a_crank_is_parked_from_where_it_is_after_driving(make):
    pedalling = make()
    pedalling.park(1.0, 0.0, 2.0)
    pedalling.drive(2.0, 2.0, 5.0)
    pedalling.park(50.0, 0.0, 2.0, at=50.0)
    assert abs(pedalling.push_at(50.0)) < 1.0


def test_the_legs_inertia_is_fed_forward_as_the_crank_is_parked(make):
    pedalling = make()
    for _ in range(30):
        pedalling.park(0.0, 0.0, 2.0, at=1.5)
    assert 0.5 * PARAMETERS.park_acceleration < pedalling.crank_acceleration <= PARAMETERS.park_acceleration
    pedalling.reset()
    assert pedalling.crank_acceleration == 0.0


def test_after_parking_the_feet_start_from_rest(make):
    pedalling = driven(make(), 2.5, 2.0, 2.0 / (0.2 * 1.8), ticks=5000)
    pedalling.park(0.5 * pi, 0.0, 2.0)
    again = driven(make(), 2.5, 2.5, 2.5 / (0.2 * 1.8), ticks=1)
    pedalling.drive(2.5, 2.5, 2.5 / (0.2 * 1.8))
    assert pedalling.torque == again.torque  # nothing of the integral is left


def test_a_reset_forgets_the_push(make):
    pedalling = driven(make(), 2.5, 2.0, 2.0 / (0.2 * 1.8))
    pedalling.reset()
    assert pedalling.push_at(1.0) == 0
