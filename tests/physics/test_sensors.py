"""Sensors: the same errors from the same seed, no errors when switched off, and as large as their data say."""

from dataclasses import replace
from math import sqrt
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from robot import JointCommand
from robot.sensor_parts import IDEAL_IMU, IDEAL_LOCALIZATION, LocalizationPart
from scenarios.assembly import assemble, load_robot, load_sensors
from scenarios.common_schema import Senses
from scenarios.loader import load
from sim.experiments.sensing import GuidedFrame, roll_along, spin
from sim.localization import Localization
from sim.noise import stream
from sim.physics import GRAVITY
from sim.sensors import Clock, Imu, SensorParameters, digitised, quaternion

PERIOD = 0.002
PARTS = load_sensors()
PART = PARTS.imus["mti_300"]
NOISE = SensorParameters()
COUNT = 4000
SURE = 5.0
"""Standard errors within which a mean must lie: one seed in two million would fail, and the seed is fixed."""


def frame(rotation=None, linear=(0.0, 0.0, 0.0), angular=(0.0, 0.0, 0.0)):
    """A link that rests, or moves as it is told."""
    guided = GuidedFrame(tuple((rotation or Rotation.identity()).as_quat().tolist()))
    guided.linear, guided.angular = linear, angular
    return guided


def imu(link, mount=None, part=PART, seed=0, origin=(0.0, 0.0, 0.0), period=PERIOD):
    turned = np.eye(3) if mount is None else mount.as_matrix()
    return Imu(link, np.array(origin), turned, part, np.random.default_rng(seed), period)


def readings(unit, count=COUNT):
    """Attitude, gyro and accelerometer of a unit, each of shape (count, 3 or 4)."""
    read = [unit.read() for _ in range(count)]
    return (
        np.array([r.orientation_imu_in_world for r in read]),
        np.array([r.angular_velocity_imu_in_imu for r in read]),
        np.array([r.specific_force_imu_in_imu for r in read]),
    )


rotations = (
    st.lists(st.floats(-1, 1), min_size=4, max_size=4)
    .filter(lambda q: np.linalg.norm(q) > 0.1)
    .map(lambda q: Rotation.from_quat(q))
)
vectors = st.tuples(st.floats(-5, 5), st.floats(-5, 5), st.floats(-5, 5))


@given(rotations)
def test_a_matrix_gives_the_quaternion_of_scipy(rotation):
    """Up to its sign, which means the same rotation."""
    found, wanted = np.array(quaternion(rotation.as_matrix())), rotation.as_quat()
    np.testing.assert_allclose(found * np.sign(found @ wanted), wanted, atol=1e-7)


@given(rotations, rotations)
def test_without_errors_the_attitude_is_that_of_the_mounted_unit(link, mount):
    found = imu(frame(link), mount, IDEAL_IMU).read().orientation_imu_in_world
    np.testing.assert_allclose(Rotation.from_quat(found).as_matrix(), (link * mount).as_matrix(), atol=1e-7)


@given(rotations, rotations, vectors)
def test_without_errors_the_gyro_reads_the_rate_along_its_own_axes(link, mount, rate):
    found = imu(frame(link, angular=rate), mount, IDEAL_IMU).read().angular_velocity_imu_in_imu
    np.testing.assert_allclose(found, (link * mount).inv().apply(rate), atol=1e-6)


@given(rotations, rotations)
def test_at_rest_the_accelerometer_reads_gravity_upward(link, mount):
    unit = imu(frame(link), mount, IDEAL_IMU)
    unit.read()
    found = unit.read().specific_force_imu_in_imu
    np.testing.assert_allclose((link * mount).apply(found), (0.0, 0.0, GRAVITY), atol=1e-6)


def test_in_free_fall_the_accelerometer_reads_nothing():
    link = frame()
    unit = imu(link, part=IDEAL_IMU)
    unit.read()
    link.linear = (0.0, 0.0, -GRAVITY * PERIOD)
    np.testing.assert_allclose(unit.read().specific_force_imu_in_imu, 0.0, atol=1e-9)


def test_the_accelerometer_feels_that_it_is_not_at_the_links_centre():
    """Spun up about z to 1 rad/s in one period at 0.1 m: the unit is carried along y."""
    link = frame()
    unit = imu(link, part=IDEAL_IMU, origin=(0.1, 0.0, 0.0))
    unit.read()
    link.angular = (0.0, 0.0, 1.0)
    np.testing.assert_allclose(unit.read().specific_force_imu_in_imu, (0.0, 0.1 / PERIOD, GRAVITY), atol=1e-9)


def test_gyro_and_accelerometer_err_around_their_bias_as_much_as_declared():
    part = replace(PART, rate=1.0 / PERIOD)
    _, gyro, force = readings(imu(frame(), part=part))
    for found, sensor, truth in ((gyro, part.gyro, (0.0, 0.0, 0.0)), (force, part.accelerometer, (0.0, 0.0, GRAVITY))):
        # The converter's steps add a twelfth of their square.
        deviation = sqrt(sensor.deviation(part.rate) ** 2 + sensor.resolution**2 / 12.0)
        np.testing.assert_allclose(found.std(axis=0), deviation, rtol=SURE / sqrt(2 * COUNT))
        allowed = SURE * (sensor.turn_on_bias + sensor.bias_instability + deviation / sqrt(COUNT))
        np.testing.assert_allclose(found.mean(axis=0), truth, atol=allowed)


def test_a_reading_stays_within_the_range():
    fast = frame(angular=(100.0, -100.0, 0.0))
    gyro = readings(imu(fast), 10)[1]
    np.testing.assert_allclose(gyro[:, 0], PART.gyro.range, atol=PART.gyro.resolution)
    np.testing.assert_allclose(gyro[:, 1], -PART.gyro.range, atol=PART.gyro.resolution)


@given(st.tuples(*[st.floats(-5.0, 5.0)] * 3))
def test_a_reading_goes_in_steps_of_the_resolution(values):
    sensor = replace(PART.gyro, resolution=0.1)
    found = digitised(values, sensor)
    np.testing.assert_allclose(found, values, atol=0.05 + 1e-9)
    np.testing.assert_allclose(found / 0.1, np.round(found / 0.1), atol=1e-9)


@pytest.mark.parametrize("delay", [0, 1, 7])
def test_a_reading_comes_as_late_as_declared(delay):
    part = replace(IDEAL_IMU, delay=delay * PERIOD)
    rates = np.arange(1.0, 31.0)
    read = spin(part, rates, np.random.default_rng(0), PERIOD)
    np.testing.assert_array_equal(read[delay:], rates[: rates.size - delay])
    np.testing.assert_array_equal(read[:delay], 1.0)


def test_a_slow_unit_holds_its_reading():
    """400 readings a second at 500 ticks: in each five ticks one reading is there twice."""
    read = spin(replace(IDEAL_IMU, rate=400.0), np.arange(500.0), np.random.default_rng(0), PERIOD)
    assert np.unique(read).size == 400
    assert np.all(np.arange(500.0) - read <= 1.0)


@given(st.floats(1.0, 2000.0))
def test_a_clock_keeps_its_rate(rate):
    clock = Clock(rate, PERIOD)
    taken = sum(clock.due(tick) for tick in range(5000))
    assert taken == pytest.approx(min(5000.0, 5000 * rate * PERIOD), abs=1.0)
    assert clock.period == pytest.approx(max(PERIOD, 1.0 / rate))


def test_the_specific_force_of_a_slow_unit_is_the_mean_between_its_samples():
    link = frame()
    unit = imu(link, part=replace(IDEAL_IMU, rate=250.0))
    found = []
    for tick in range(9):
        link.linear = (0.5 * tick * PERIOD, 0.0, 0.0)
        found.append(unit.read().specific_force_imu_in_imu[0])
    np.testing.assert_allclose(found[2:], 0.5, atol=1e-9)


@given(rotations, rotations)
def test_the_attitude_errs_by_a_small_rotation(link, mount):
    found = imu(frame(link), mount).read().orientation_imu_in_world
    assert np.linalg.norm(found) == pytest.approx(1.0, abs=1e-12)
    error = Rotation.from_quat(found) * (link * mount).inv()
    assert error.magnitude() < SURE * (PART.heading_alignment + 2.0 * PART.level_dynamic)


@pytest.mark.parametrize("heading", [0.0, 1.0, -2.5])
@pytest.mark.parametrize("mount", [(0.0, 0.0, 0.0), (np.pi, 0.0, 0.0)])
def test_roll_and_pitch_err_alike_wherever_the_link_heads(heading, mount):
    """The same unit in the same second: its error turns with the link."""
    there = Rotation.from_euler("z", heading)
    for link in (Rotation.identity(), there):
        error = Rotation.from_euler("xyz", mount)
        found = Rotation.from_quat(imu(frame(link), error).read().orientation_imu_in_world) * (link * error).inv()
        turned = link.inv().apply(found.as_rotvec())
        if link is not there:
            first = turned
    assert np.abs(first[:2]).max() > 1e-4
    np.testing.assert_allclose(turned, first, atol=1e-9)


def test_the_heading_drifts_by_the_integral_of_the_gyros_error():
    gyro = replace(
        PART.gyro, noise_density=0.0, turn_on_bias=0.01, bias_instability=0.0, random_walk=0.0, resolution=0.0
    )
    part = replace(IDEAL_IMU, gyro=gyro)
    attitude, read, _ = readings(imu(frame(), part=part, seed=2), 1000)
    bias = read[0, 2]
    drift = Rotation.from_quat(attitude[[0, -1]]).as_euler("xyz")
    assert abs(bias) > 1e-3
    assert drift[1, 2] - drift[0, 2] == pytest.approx(bias * 999 * PERIOD, rel=1e-6)
    np.testing.assert_allclose(drift[:, :2], 0.0, atol=1e-9)


# Localisation


def test_an_ideal_localisation_tells_the_truth_at_once():
    arrival, stamp, place = roll_along(IDEAL_LOCALIZATION, 2.0, 100, np.random.default_rng(0), PERIOD)
    np.testing.assert_array_equal(arrival, np.arange(100) * PERIOD)
    np.testing.assert_array_equal(stamp, arrival)
    np.testing.assert_array_equal(place[:, 0], 2.0 * stamp)


def test_the_first_reading_has_a_fix_from_before_the_start():
    part = LocalizationPart("late", 10.0, 0.05, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    arrival, stamp, place = roll_along(part, 2.0, 200, np.random.default_rng(0), PERIOD)
    assert arrival[0] == 0.0
    assert -0.15 < stamp[0] <= -0.05
    np.testing.assert_allclose(place[:, 0], 2.0 * stamp, atol=1e-12)
    np.testing.assert_allclose(np.diff(stamp), 0.1, atol=1e-9)
    np.testing.assert_allclose(arrival[1:] - stamp[1:], 0.05, atol=1e-9)


def test_a_fix_is_held_until_the_next_one_arrives():
    link = frame()
    system = Localization(PARTS.localizations["uwb"], link, np.random.default_rng(0), PERIOD)
    fixes = [system.read(tick * PERIOD) for tick in range(100)]
    found = [fix for fix in fixes if fix is not None]
    assert len(found) == len(fixes)
    assert len({fix.stamp for fix in found}) in (2, 3)
    assert all(fix.deviation == pytest.approx(0.1) for fix in found)


def test_during_a_drop_out_no_fix_comes():
    part = replace(PARTS.localizations["rtk_gnss"], outage_interval=5.0, outage_length=3.0)
    _, stamp, _ = roll_along(part, 0.0, 30_000, np.random.default_rng(1), PERIOD)
    assert np.diff(stamp).max() > 2.0
    assert np.diff(stamp).min() == pytest.approx(0.1)


def test_a_drop_out_that_a_scenario_asks_for_comes_when_it_says():
    system = Localization(
        PARTS.localizations["rtk_gnss"], frame(), np.random.default_rng(0), PERIOD, outages=((1.0, 3.0),)
    )
    stamps = {fix.stamp for fix in (system.read(tick * PERIOD) for tick in range(2500)) if fix is not None}
    assert not [stamp for stamp in stamps if 1.0 <= stamp < 3.0]
    assert [stamp for stamp in stamps if 0.5 < stamp < 1.0]
    assert [stamp for stamp in stamps if 3.0 <= stamp < 3.5]


# Streams


def test_each_sensor_has_a_stream_of_its_own():
    first, again, other, seed = (
        stream(*key).standard_normal(1000)
        for key in ((1, "pelvis_imu"), (1, "pelvis_imu"), (1, "torso_imu"), (2, "pelvis_imu"))
    )
    np.testing.assert_array_equal(first, again)
    for different in (other, seed):
        assert abs(np.corrcoef(first, different)[0, 1]) < SURE / sqrt(1000)


# All of them on the robot


def opened(seed, **changes):
    """The first state of a ride, and its world; the caller closes the bus."""
    ride = assemble(load("ride_straight", [f"{key}={value}" for key, value in changes.items()]), seed)
    return ride, ride.bus.open()


def hold(state):
    """A command that asks for what is."""
    none = np.zeros_like(state.joint_position)
    return JointCommand(state.time, state.joint_position.copy(), none, none, none, none)


def test_the_same_seed_gives_the_same_errors_and_another_one_others():
    found = []
    for seed in (5, 5, 6):
        ride, state = opened(seed, **{"jitter.roll": 0, "jitter.lateral": 0, "jitter.heading": 0, "jitter.speed": 0})
        found.append(state.pelvis_imu.angular_velocity_imu_in_imu)
        ride.bus.close()
    np.testing.assert_array_equal(found[0], found[1])
    assert np.all(found[0] != found[2])


@pytest.mark.parametrize(("changed", "kept"), [("localization", "pelvis_imu"), ("imu", "localization")])
def test_another_sensor_changes_nothing_about_the_rest(changed, kept):
    """Not even by drawing more or fewer numbers."""
    other = {"localization": "uwb", "imu": "vn_100"}[changed]
    states = []
    for chosen in ({}, {f"senses.{changed}": other}):
        ride, state = opened(5, **chosen)
        for _ in range(3):
            state, _ = ride.bus.exchange(hold(state))
        states.append(state)
        ride.bus.close()
    for name in (kept, "joint_position"):
        a, b = (getattr(state, name) for state in states)
        if name == "joint_position":
            np.testing.assert_array_equal(a, b)
        else:
            for field in type(a).__slots__:
                np.testing.assert_array_equal(getattr(a, field), getattr(b, field))


def test_the_schema_offers_the_parts_of_the_file():
    for field, parts in (("imu", PARTS.imus), ("localization", PARTS.localizations)):
        assert get_args(Senses.model_fields[field].annotation) == tuple(parts)


def test_scaling_scales_every_random_error_and_nothing_else():
    doubled = SensorParameters(PART, PARTS.localizations["uwb"], seed=7).scaled(2.0)
    assert doubled.seed == 7
    assert doubled.imu.gyro.deviation(400.0) == 2.0 * PART.gyro.deviation(400.0)
    assert doubled.imu.level_wander == pytest.approx(2.0 * PART.level_wander)
    for name in ("rate", "delay"):
        assert getattr(doubled.imu, name) == getattr(PART, name)
    assert (doubled.imu.gyro.range, doubled.imu.gyro.resolution) == (PART.gyro.range, PART.gyro.resolution)
    assert doubled.localization == replace(
        PARTS.localizations["uwb"], deviation=0.16, height_deviation=0.3, wander=0.12
    )


def test_scaled_by_nothing_they_are_ideal():
    exact = SensorParameters(PART, PARTS.localizations["uwb"]).scaled(0.0)
    assert (exact.imu, exact.localization) == (IDEAL_IMU, IDEAL_LOCALIZATION)


def test_without_noise_the_robot_feels_the_truth():
    ride, state = opened(0, **{"senses.noise_scale": 0})
    truth = ride.world().truth
    np.testing.assert_array_equal(state.joint_position, truth.robot_joint_position)
    np.testing.assert_array_equal(state.joint_velocity, truth.robot_joint_velocity)
    assert state.localization is not None
    np.testing.assert_array_equal(state.localization.position_pelvis_in_world, truth.robot_position)
    assert (state.localization.stamp, state.localization.deviation) == (0.0, 0.0)
    ride.bus.close()


def test_joints_are_felt_as_their_drives_report_them():
    """In the grains of the frame: 16 bits over two turns; the encoders' counts are finer."""
    ride, state = opened(0)
    truth, drives = ride.world().truth, load_robot().drives
    grain = 2.0 * drives.position_range / 65535
    counts = (state.joint_position + drives.position_range) / grain
    np.testing.assert_allclose(counts, np.rint(counts), atol=1e-6)
    off = np.abs(state.joint_position - truth.robot_joint_position)
    assert np.all(off <= 0.5 * grain + 0.5 * drives.position_resolution)
    assert np.any(off > 0.1 * grain)
    ride.bus.close()


def test_without_noise_a_ride_feels_the_truth_of_its_joints_all_along():
    ride, state = opened(0, **{"senses.noise_scale": 0})
    truth = ride.world().truth
    ride.controller.reset(state)
    for _ in range(20):
        state, _ = ride.bus.exchange(ride.controller.step(state))
        np.testing.assert_array_equal(state.joint_position, truth.robot_joint_position)
        np.testing.assert_array_equal(state.joint_velocity, truth.robot_joint_velocity)
    ride.bus.close()
