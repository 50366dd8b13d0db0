"""Sensors: the same errors from the same seed, no errors when switched off, and unbiased where they should be."""

from math import sqrt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from scenarios.assembly import assemble, load_robot
from scenarios.loader import load
from sim.physics import GRAVITY
from sim.sensors import Imu, SensorParameters, quaternion

PERIOD = 0.002
NOISE = SensorParameters()
COUNT = 4000
SURE = 5.0
"""Standard errors within which a mean must lie: one seed in two million would fail, and the seed is fixed."""


class Still:
    """A link that rests, or moves as it is told."""

    def __init__(self, rotation=None, linear=(0.0, 0.0, 0.0), angular=(0.0, 0.0, 0.0)):
        self.orientation = tuple((rotation or Rotation.identity()).as_quat())
        self.linear, self.angular = linear, angular

    def velocity_at(self, point):
        arm = Rotation.from_quat(self.orientation).apply(point)
        return tuple(np.array(self.linear) + np.cross(self.angular, arm))


def imu(frame, mount=None, parameters=NOISE, seed=0, origin=(0.0, 0.0, 0.0)):
    turned = np.eye(3) if mount is None else mount.as_matrix()
    return Imu(frame, np.array(origin), turned, parameters, np.random.default_rng(seed), PERIOD)


def readings(unit, seed=1, count=COUNT):
    """Attitude, gyro and accelerometer of a unit, with its own noise, each of shape (count, 3 or 4)."""
    noise = np.random.default_rng(seed).standard_normal((count, 9)) * unit.noise_scale
    read = [unit.read(row) for row in noise.tolist()]
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
exact = [0.0] * 9
perfect = NOISE.scaled(0.0)


@given(rotations)
def test_a_matrix_gives_the_quaternion_of_scipy(rotation):
    """Up to its sign, which means the same rotation."""
    found, wanted = np.array(quaternion(rotation.as_matrix())), rotation.as_quat()
    np.testing.assert_allclose(found * np.sign(found @ wanted), wanted, atol=1e-7)


@given(rotations, rotations)
def test_without_errors_the_attitude_is_that_of_the_mounted_unit(link, mount):
    found = imu(Still(link), mount, perfect).read(exact).orientation_imu_in_world
    np.testing.assert_allclose(Rotation.from_quat(found).as_matrix(), (link * mount).as_matrix(), atol=1e-7)


@given(rotations, rotations, vectors)
def test_without_errors_the_gyro_reads_the_rate_along_its_own_axes(link, mount, rate):
    found = imu(Still(link, angular=rate), mount, perfect).read(exact).angular_velocity_imu_in_imu
    np.testing.assert_allclose(found, (link * mount).inv().apply(rate), atol=1e-6)


@given(rotations, rotations)
def test_at_rest_the_accelerometer_reads_gravity_upward(link, mount):
    unit = imu(Still(link), mount, perfect)
    unit.read(exact)
    found = unit.read(exact).specific_force_imu_in_imu
    np.testing.assert_allclose((link * mount).apply(found), (0.0, 0.0, GRAVITY), atol=1e-6)


def test_in_free_fall_the_accelerometer_reads_nothing():
    frame = Still()
    unit = imu(frame, parameters=perfect)
    unit.read(exact)
    frame.linear = (0.0, 0.0, -GRAVITY * PERIOD)
    np.testing.assert_allclose(unit.read(exact).specific_force_imu_in_imu, 0.0, atol=1e-9)


def test_the_accelerometer_feels_that_it_is_not_at_the_links_centre():
    """Spun up about z to 1 rad/s in one period at 0.1 m: the unit is carried along y."""
    frame = Still()
    unit = imu(frame, parameters=perfect, origin=(0.1, 0.0, 0.0))
    unit.read(exact)
    frame.angular = (0.0, 0.0, 1.0)
    np.testing.assert_allclose(unit.read(exact).specific_force_imu_in_imu, (0.0, 0.1 / PERIOD, GRAVITY), atol=1e-9)


def test_gyro_and_accelerometer_err_around_the_truth_as_much_as_declared():
    _, gyro, force = readings(imu(Still()))
    for found, deviation, truth in (
        (gyro, NOISE.gyro_noise, (0.0, 0.0, 0.0)),
        (force, NOISE.accelerometer_noise, (0.0, 0.0, GRAVITY)),
    ):
        np.testing.assert_allclose(found.mean(axis=0), truth, atol=SURE * deviation / sqrt(COUNT))
        # The deviation of a deviation is 1 / sqrt(2 N).
        np.testing.assert_allclose(found.std(axis=0), deviation, rtol=SURE / sqrt(2 * COUNT))


def test_the_attitude_errs_around_its_bias_as_much_as_declared():
    attitude, _, _ = readings(imu(Still(), seed=3))
    errors = Rotation.from_quat(attitude).as_rotvec()
    bias = errors.mean(axis=0)
    np.testing.assert_allclose((errors - bias).std(axis=0), NOISE.attitude_noise, rtol=SURE / sqrt(2 * COUNT))


def test_the_bias_of_the_attitude_is_level_and_as_large_as_declared():
    """Over many units: roll and pitch err, heading does not; neither leans to one side."""
    biases = []
    for seed in range(1000):
        found = imu(Still(), seed=seed).read(exact).orientation_imu_in_world
        biases.append(Rotation.from_quat(found).as_rotvec())
    found = np.array(biases)
    np.testing.assert_allclose(found[:, 2], 0.0, atol=1e-5)  # second order in the bias
    np.testing.assert_allclose(found[:, :2].mean(axis=0), 0.0, atol=SURE * NOISE.attitude_bias / sqrt(1000))
    np.testing.assert_allclose(found[:, :2].std(axis=0), NOISE.attitude_bias, rtol=SURE / sqrt(2000))


def test_a_unit_keeps_its_bias():
    unit = imu(Still(), seed=3)
    first, second = (unit.read(exact).orientation_imu_in_world for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_scaling_scales_every_error():
    doubled = NOISE.scaled(2.0)
    for name in SensorParameters.__slots__:
        assert getattr(doubled, name) == 2.0 * getattr(NOISE, name)


# All of them on the robot


def opened(seed, **changes):
    """The first state of a ride, and its world; the caller closes the bus."""
    ride = assemble(load("ride_straight", [f"{key}={value}" for key, value in changes.items()]), seed)
    return ride, ride.bus.open()


def test_the_same_seed_gives_the_same_errors_and_another_one_others():
    found = []
    for seed in (5, 5, 6):
        ride, state = opened(seed, **{"jitter.roll": 0, "jitter.lateral": 0, "jitter.heading": 0, "jitter.speed": 0})
        found.append(state.pelvis_imu.angular_velocity_imu_in_imu)
        ride.bus.close()
    np.testing.assert_array_equal(found[0], found[1])
    assert np.all(found[0] != found[2])


def test_without_noise_the_robot_feels_the_truth():
    ride, state = opened(0, **{"senses.noise_scale": 0})
    truth = ride.world().truth
    np.testing.assert_array_equal(state.joint_position, truth.robot_joint_position)
    np.testing.assert_array_equal(state.joint_velocity, truth.robot_joint_velocity)
    assert state.localization is not None
    np.testing.assert_array_equal(state.localization.position_pelvis_in_world, truth.robot_position)
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
