"""What the rider knows of the ride: the tracking filter, and the estimate from a body whose pose is known."""

from dataclasses import asdict, replace
from math import cos, pi, sin

import numpy as np
import pinocchio as pin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.elapsed import elapsed_periods
from controllers.riding.estimator import RideEstimator, Tracker
from controllers.riding.rider_dynamics import whipple_with_rider
from robot import ImuReading, LocalizationFix, RobotState
from tests.conftest import PERIOD

# Tracker


def tracked(readings, bandwidth=20.0):
    tracker = Tracker(bandwidth, PERIOD)
    tracker.reset(float(readings[0]))
    values = []
    for reading in readings:
        tracker.update(float(reading))
        values.append((tracker.value, tracker.rate))
    return np.array(values)


@given(st.floats(-10.0, 10.0), st.floats(-5.0, 5.0))
def test_a_steady_motion_is_followed_without_lag(start, rate):
    times = np.arange(1000) * PERIOD
    value, found = tracked(start + rate * times)[-1]
    # After 2 s, forty time constants, the start is forgotten to rounding.
    assert value == pytest.approx(start + rate * times[-1], abs=1e-9)
    assert found == pytest.approx(rate, abs=1e-9)


@given(st.floats(-10.0, 10.0), st.floats(-5.0, 5.0))
def test_a_start_that_was_right_is_kept(value, rate):
    tracker = Tracker(20.0, PERIOD)
    tracker.reset(value, rate)
    tracker.update(value + rate * PERIOD)
    assert tracker.value == pytest.approx(value + rate * PERIOD)
    assert tracker.rate == pytest.approx(rate)


@pytest.mark.parametrize("lost", [1, 3, 10])
def test_periods_that_are_lost_do_not_jolt_the_rate(lost):
    tracker = Tracker(80.0, PERIOD)
    tracker.reset(1.0, 3.0)
    tracker.update(1.0 + 3.0 * (1 + lost) * PERIOD, 1 + lost)
    assert (tracker.value, tracker.rate) == pytest.approx((1.0 + 3.0 * (1 + lost) * PERIOD, 3.0))


def test_periods_are_counted_by_the_time_of_the_states():
    assert elapsed_periods(0.308, 0.306, PERIOD) == 1
    assert elapsed_periods(0.316, 0.306, PERIOD) == 5
    assert elapsed_periods(0.306, 0.306, PERIOD) == 1
    assert elapsed_periods(float("nan"), 0.306, PERIOD) == 1
    assert elapsed_periods(float("inf"), 0.306, PERIOD) == 1


def test_a_step_is_followed_without_ringing():
    """A critically damped filter with a zero overshoots a step once, by e^-2 = 13.5 %, and comes back from above."""
    value = tracked(np.concatenate(((0.0,), np.ones(1000))))[:, 0]
    assert value.max() == pytest.approx(1.0 + np.exp(-2.0), abs=0.01)
    below = np.flatnonzero(value[value.argmax() :] < 1.0 - 1e-9)
    assert below.size == 0


def test_a_wider_band_follows_faster():
    step = np.concatenate(((0.0,), np.ones(50)))
    assert tracked(step, 80.0)[10, 0] > tracked(step, 20.0)[10, 0]


def test_noise_of_a_value_at_rest_is_smoothed():
    noise = np.random.default_rng(0).standard_normal(5000)
    values = tracked(noise)[500:]
    # The variance of this filter is bandwidth x period x 5/4 of the reading's: 0.05, so 0.22 of its deviation.
    assert values[:, 0].std() == pytest.approx(0.22, rel=0.15)
    assert values[:, 0].mean() == pytest.approx(0.0, abs=0.05)
    assert values[:, 1].mean() == pytest.approx(0.0, abs=0.05)


# The ride's estimate


@pytest.fixture(scope="module")
def fresh(robot_model, posture, bicycle):
    """Makes an estimator that has not ridden."""
    whipple = whipple_with_rider(robot_model, posture.solve(0.0, 0.5 * pi), posture, bicycle)
    return lambda: RideEstimator(robot_model, posture, bicycle, whipple, PERIOD)


@pytest.fixture(scope="module")
def estimator(fresh):
    return fresh()


@pytest.fixture(scope="module")
def ridden(robot_model, posture):
    """The robot's state when it rides on the rear contact point (x, y), so steered, cranked, leaned and headed."""
    imu_in_pelvis = robot_model.pinocchio.frames[robot_model.frame_id("pelvis_imu")].placement.rotation

    def state(x=0.0, y=0.0, heading=0.0, roll=0.0, steer=0.0, crank=0.5 * pi, roll_rate=0.0, time=0.0):
        joints = posture.solve(steer, crank)
        turn = pin.utils.rotate("z", heading) @ pin.utils.rotate("x", roll)
        pelvis = np.array((x, y, 0.0)) + turn @ posture.pelvis_in_bicycle
        imu = ImuReading(
            pin.Quaternion(turn @ imu_in_pelvis).coeffs(),
            imu_in_pelvis.T @ np.array((roll_rate, 0.0, 0.0)),
            (turn @ imu_in_pelvis).T @ np.array((0.0, 0.0, 9.81)),
        )
        still = np.zeros_like(joints)
        return RobotState(time, joints, still, still, imu, imu, LocalizationFix(time, pelvis))

    return state


@pytest.mark.parametrize("steer", [-0.6, -0.3, 0.0, 0.2, 0.6])
def test_the_steer_angle_comes_from_the_hands(estimator, ridden, steer):
    estimator.reset(ridden(steer=steer), 2.0)
    # The line between the hands turns about the tilted steer axis: its angle on the ground differs in second order.
    assert estimator.estimate.steer == pytest.approx(steer, abs=0.02)


@pytest.mark.parametrize("crank", np.linspace(-pi, pi, 9)[1:])
def test_the_crank_angle_comes_from_the_feet(estimator, ridden, crank):
    estimator.reset(ridden(crank=crank), 2.0)
    found = estimator.estimate.crank_angle
    # The feet reach their pedals within a millimetre on a crank of 0.1 m.
    assert np.angle(np.exp(1j * (found - crank))) == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("pitch", [-0.15, 0.15])
def test_a_pelvis_that_tips_over_does_not_turn_the_crank(estimator, ridden, posture, pitch):
    """The feet stay on their pedals: seen from the tipped pelvis they turn, in the world they do not."""
    tipped = pin.utils.rotate("y", pitch)
    targets = posture.targets(0.0, 1.0, posture.pelvis_in_bicycle, tipped)
    level = ridden(crank=1.0)
    joints = level.joint_position
    posture.inverse_kinematics.aim(targets, posture.nominal)
    for _ in range(200):
        joints = posture.inverse_kinematics.step(joints)
    imu_in_pelvis = pin.Quaternion(np.array(level.pelvis_imu.orientation_imu_in_world)).toRotationMatrix()
    imu = replace(level.pelvis_imu, orientation_imu_in_world=pin.Quaternion(tipped @ imu_in_pelvis).coeffs())
    estimator.reset(replace(level, joint_position=joints, pelvis_imu=imu), 2.0)
    assert np.allclose(estimator.estimate.up, tipped[2])
    assert estimator.estimate.crank_angle == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(("heading", "roll"), [(0.0, 0.2), (1.0, -0.3), (-2.5, 0.1), (3.1, 0.0)])
def test_roll_and_heading_come_from_the_pelvis(estimator, ridden, heading, roll):
    estimator.reset(ridden(heading=heading, roll=roll), 2.0)
    # Hands and feet are in their places to within a millimetre, which the pelvis' own pose is found from.
    assert estimator.estimate.heading == pytest.approx(heading, abs=1e-3)
    assert estimator.estimate.roll == pytest.approx(roll, abs=1e-4)


def test_a_trunk_that_rocks_on_the_saddle_counts_a_fifth_and_one_that_turns_not_at_all(estimator, ridden, posture):
    """Pelvis 20 mrad to the right and 30 mrad to the left of an upright bicycle along x, hands and feet on."""
    turn = pin.utils.rotate("z", 0.03) @ pin.utils.rotate("x", 0.02)
    level = ridden()
    joints = level.joint_position
    posture.inverse_kinematics.aim(posture.targets(0.0, 0.5 * pi, posture.pelvis_in_bicycle, turn), posture.nominal)
    for _ in range(200):
        joints = posture.inverse_kinematics.step(joints)
    imu_in_pelvis = pin.Quaternion(np.array(level.pelvis_imu.orientation_imu_in_world)).toRotationMatrix()
    imu = replace(level.pelvis_imu, orientation_imu_in_world=pin.Quaternion(turn @ imu_in_pelvis).coeffs())
    estimator.reset(replace(level, joint_position=joints, pelvis_imu=imu), 2.0)
    for _ in range(5):
        estimator.update(replace(level, joint_position=joints, pelvis_imu=imu))
    assert estimator.estimate.roll == pytest.approx(0.004, abs=5e-4)
    assert estimator.estimate.rock == pytest.approx(0.02, abs=2e-3)
    assert estimator.estimate.heading == pytest.approx(0.0, abs=2e-3)
    assert estimator.estimate.steer == pytest.approx(0.0, abs=2e-3)


@pytest.mark.parametrize(("heading", "roll"), [(0.0, 0.0), (1.0, -0.3), (-2.5, 0.2)])
def test_the_rear_contact_comes_from_the_localisation_and_the_lean(estimator, ridden, heading, roll):
    estimator.reset(ridden(x=3.0, y=-2.0, heading=heading, roll=roll), 2.0)
    # reset also takes the state in as the first reading, one period of motion late: 2 m/s x 2 ms.
    assert estimator.estimate.x == pytest.approx(3.0, abs=0.005)
    assert estimator.estimate.y == pytest.approx(-2.0, abs=0.005)


def test_the_roll_rate_is_positive_to_the_right_whichever_way_the_imu_is_mounted(estimator, ridden):
    estimator.reset(ridden(roll_rate=0.4), 2.0)
    assert estimator.estimate.roll_rate == pytest.approx(0.4)


def test_up_is_up_in_the_pelvis_frame(estimator, ridden):
    estimator.reset(ridden(heading=1.0, roll=0.2), 2.0)
    np.testing.assert_allclose(estimator.estimate.up, (0.0, sin(0.2), cos(0.2)), atol=1e-12)


def test_the_heading_goes_on_over_a_full_turn(estimator, ridden):
    estimator.reset(ridden(), 2.0)
    for heading in np.linspace(0.0, 7.0, 8):
        estimator.update(ridden(heading=float(heading)))
    assert estimator.estimate.heading == pytest.approx(7.0)


def test_the_crank_angle_and_its_rate_go_on_over_full_turns(estimator, ridden):
    rate = 5.0
    knots = np.linspace(0.0, 2 * pi, 33)
    joints = np.array([ridden(crank=float(knot)).joint_position for knot in knots])
    start = ridden(crank=0.0)
    estimator.reset(start, 2.0)
    before = estimator.estimate.crank_angle
    for crank in np.arange(0.0, 4 * pi, rate * PERIOD):
        between = np.array([np.interp(crank % (2 * pi), knots, column) for column in joints.T])
        estimator.update(replace(start, joint_position=between))
    # Postures in between are interpolated over 0.2 rad, which lets the crank lead and lag by some hundredths.
    assert estimator.estimate.crank_angle - before == pytest.approx(4 * pi, abs=0.05)
    assert estimator.estimate.crank_rate == pytest.approx(rate, rel=0.1)


def test_the_speed_comes_from_how_the_place_changes(estimator, ridden):
    heading, speed = 0.7, 1.5
    still = ridden(heading=heading)
    estimator.reset(still, 2.0)
    place = still.localization.position_pelvis_in_world
    for tick in range(1000):
        gone = speed * tick * PERIOD * np.array((cos(heading), sin(heading), 0.0))
        time = tick * PERIOD
        estimator.update(replace(still, time=time, localization=LocalizationFix(time, place + gone)))
    assert estimator.estimate.speed == pytest.approx(speed, abs=2e-3)


def test_a_heading_that_the_pelvis_does_not_have_comes_from_the_course_over_ground(estimator, ridden):
    """The pelvis sits 20 mrad askew: its IMU does not know, the way that it goes does."""
    speed, askew = 2.0, 0.02
    turned = ridden(heading=askew)
    place = ridden().localization.position_pelvis_in_world
    estimator.reset(replace(turned, localization=LocalizationFix(0.0, place)), speed)
    for tick in range(2000):
        time = tick * PERIOD
        fix = LocalizationFix(time, place + np.array((speed * time, 0.0, 0.0)))
        estimator.update(replace(turned, time=time, localization=fix))
    assert estimator.estimate.heading == pytest.approx(0.0, abs=1e-3)


def test_a_roll_that_the_motion_does_not_bear_out_is_no_lean(estimator, ridden):
    """Straight on, hands still, and yet the IMU says 10 mrad: the bicycle balances there."""
    place = ridden().localization.position_pelvis_in_world
    leaned = ridden(roll=0.01)
    estimator.reset(leaned, 2.0)
    for tick in range(5000):
        time = tick * PERIOD
        fix = LocalizationFix(time, place + np.array((2.0 * time, 0.0, 0.0)))
        estimator.update(replace(leaned, time=time, localization=fix))
    assert estimator.estimate.roll == pytest.approx(0.01, abs=1e-4)
    assert estimator.estimate.lean == pytest.approx(0.0, abs=2e-3)


def test_a_reading_of_the_imu_that_is_shown_again_is_not_sensed_anew(estimator, ridden):
    still = ridden()
    estimator.reset(still, 2.0)
    imu = still.pelvis_imu
    moved = replace(imu, specific_force_imu_in_imu=imu.specific_force_imu_in_imu + np.array((0.0, 0.1, 0.0)))
    shown = (moved, replace(moved, angular_velocity_imu_in_imu=np.array((0.1, 0.0, 0.0))), imu)
    states = [replace(still, time=(tick + 1) * PERIOD, pelvis_imu=reading) for tick, reading in enumerate(shown)]
    assert [estimator.update(state).sensed for state in states] == [True, False, True]


def test_a_reset_leaves_nothing_of_the_ride_before(fresh, ridden):
    """On a road uphill, pushed from the side and braked, with the feet turning the crank: all of it is forgotten."""
    used = fresh()
    used.reset(ridden(heading=1.0), 3.0)
    for tick in range(200):
        was = ridden(5.0, 2.0, 0.3, 0.1, 0.2, 2.0 + 0.005 * tick, 0.5, time=tick * PERIOD)
        force = np.array((-3.0, 2.0, 11.0))
        used.update(replace(was, pelvis_imu=replace(was.pelvis_imu, specific_force_imu_in_imu=force)), drive=5.0)
    estimates = []
    for estimator in (used, fresh()):
        estimator.reset(ridden(), 2.0)
        for tick in range(1, 50):
            estimator.update(ridden(time=tick * PERIOD))
        estimates.append(asdict(estimator.estimate))
    for name, value in estimates[1].items():
        np.testing.assert_array_equal(estimates[0][name], value, err_msg=name)


def test_while_no_fix_comes_the_place_goes_on(estimator, ridden):
    still = ridden()
    estimator.reset(still, 2.0)
    for tick in range(501):
        estimator.update(replace(still, time=tick * PERIOD))
    assert (estimator.estimate.x, estimator.estimate.y) == (pytest.approx(2.0, abs=0.01), pytest.approx(0.0, abs=0.01))


@pytest.mark.parametrize(("drive", "found"), [(3.0, 1.8), (0.0, 2.0)])
def test_while_no_fix_comes_a_crank_that_drives_tells_the_speed(estimator, ridden, bicycle, drive, found):
    """Started at 2 m/s where the crank turns for 1.8."""
    rate = 1.8 / (bicycle.drive.gear_ratio * bicycle.geometry.rear_wheel_radius)
    knots = np.linspace(0.0, 2 * pi, 33)
    joints = np.array([ridden(crank=float(knot)).joint_position for knot in knots])
    start = ridden(crank=0.0)
    estimator.reset(start, 2.0)
    for tick in range(2000):
        crank = tick * PERIOD * rate
        between = np.array([np.interp(crank % (2 * pi), knots, column) for column in joints.T])
        estimator.update(replace(start, time=tick * PERIOD, joint_position=between), drive=drive)
    assert estimator.estimate.speed == pytest.approx(found, abs=0.04)


def test_riding_without_a_localisation_is_refused_with_what_to_do(estimator, ridden):
    with pytest.raises(ValueError, match="localisation"):
        estimator.reset(replace(ridden(), localization=None), 2.0)
