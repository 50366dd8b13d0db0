"""The floating base of a body on its feet, from made-up motions whose truth is known."""

from dataclasses import replace
from functools import partial

import numpy as np
import pinocchio as pin
import pytest

from controllers.estimation import FloatingBaseEstimator, FloatingBaseParameters
from controllers.estimation.contact import Contact, ContactParameters
from controllers.estimation.foot_wrenches import WrenchParameters
from robot.sensor_parts import IDEAL_IMU, SensorParts
from scenarios.assembly import SENSORS
from tests.conftest import PERIOD
from tests.unit.synthetic_stance import (
    HIP,
    Instant,
    air,
    delays,
    follow,
    heels,
    make,
    rms,
    rock,
    sense,
    squat,
    standing,
    sway,
    tread,
    walk,
)

EXACT = replace(IDEAL_IMU, delay=PERIOD)
"""A unit without errors, but as late as the real one."""


@pytest.fixture(scope="module")
def part():
    return SensorParts.parse(SENSORS.read_text(encoding="utf-8")).imus["mti_300"]


@pytest.fixture(scope="module")
def estimator(robot_model):
    return FloatingBaseEstimator(robot_model)


@pytest.fixture(scope="module")
def swaying(robot_model):
    return make(robot_model, sway, 4.0)


@pytest.fixture(scope="module")
def walking(robot_model):
    return make(robot_model, walk, 4.0)


@pytest.fixture(scope="module")
def treading(robot_model):
    return make(robot_model, tread, 2.0)


# Position and velocity


def test_with_exact_sensors_the_velocity_is_exact(robot_model, estimator, swaying):
    """1 mm/s would be 1.5 ms of delay of the accelerometer that nobody takes out, or a share of any other flaw."""
    found = follow(estimator, sense(robot_model, swaying, EXACT, noise=0.0))
    assert rms(found.velocity_error(swaying)).max() < 2e-4
    assert np.abs(found.position_error(swaying)).max() < 2e-4


def test_a_turning_pelvis_does_not_fool_the_accelerometer(robot_model, estimator):
    """The IMU is 47 mm from the pelvis' origin: without the lever arm the velocity errs by 10 mm/s."""
    truth = make(robot_model, rock, 2.0)
    found = follow(estimator, sense(robot_model, truth, EXACT, noise=0.0))
    assert rms(found.velocity_error(truth)).max() < 2e-3
    assert rms(found.rate - truth.v[:, 3:6]).max() < 6e-3


@pytest.mark.parametrize("seed", [0, 1])
def test_the_velocity_in_a_sway_of_two_tenths(robot_model, estimator, swaying, part, seed):
    assert np.abs(swaying.velocity[:, 1]).max() > 0.19
    found = follow(estimator, sense(robot_model, swaying, part, seed))
    # Three thousandths is a fifth of what balance asks for.
    assert rms(found.velocity_error(swaying)).max() < 3e-3


def test_the_velocity_in_a_squat(robot_model, estimator, part):
    truth = make(robot_model, squat, 2.0)
    found = follow(estimator, sense(robot_model, truth, part))
    assert rms(found.velocity_error(truth)).max() < 3e-3


def test_a_body_that_stands_does_not_drift(robot_model, estimator, part):
    """Only the wandering of the attitude moves it, of 2.4 mrad at a height of 0.63 m."""
    truth = make(robot_model, standing, 4.0)
    found = follow(estimator, sense(robot_model, truth, part))
    assert np.ptp(found.position, axis=0).max() < 4e-3
    level = replace(part, level_dynamic=part.level_static)
    found = follow(estimator, sense(robot_model, truth, level))
    assert np.ptp(found.position, axis=0).max() < 5e-4


def test_steps_are_counted_by_the_feet(robot_model, estimator, walking, part):
    found = follow(estimator, sense(robot_model, walking, EXACT, noise=0.0))
    way = walking.q[-1, 0]
    assert way > 0.3
    assert np.abs(found.position_error(walking)).max() < 1e-3
    assert np.abs(found.foot - walking.feet).max() < 1e-3
    found = follow(estimator, sense(robot_model, walking, part))
    # A level that is wrong by 4 mrad makes a slope of the ground: 1.4 mm of height on the way.
    assert np.abs(found.position_error(walking)[-1] - found.position_error(walking)[0]).max() < 4e-3
    assert rms(found.velocity_error(walking)).max() < 4e-3


def test_ground_need_not_be_level(robot_model, estimator):
    truth = make(robot_model, partial(walk, rise=0.02), 3.0)
    found = follow(estimator, sense(robot_model, truth, EXACT, noise=0.0))
    assert truth.feet[-1, :, 2].max() > 0.05
    assert np.abs(found.foot - truth.feet).max() < 1e-3


def test_a_sole_that_rolls_stays_where_its_pressure_is(robot_model, estimator, part):
    """The middle of the sole rises at up to 0.15 m/s, which the base would take for its own sinking."""
    truth = make(robot_model, heels, 2.0)
    found = follow(estimator, sense(robot_model, truth, part))
    assert found.pressure[200:, :, 0].min() > 0.08
    assert rms(found.velocity_error(truth)).max() < 0.01
    assert np.abs(found.position_error(truth)).max() < 5e-3


def test_a_wrong_level_is_told_from_a_motion(robot_model, estimator, swaying):
    """0.25 deg make 43 mm/s² of gravity: the filter calls it a bias, and only the lever of the legs remains."""
    wrong = np.radians(0.25)
    found = follow(estimator, sense(robot_model, swaying, EXACT, noise=0.0, pitch=wrong))
    assert rms(found.velocity_error(swaying)).max() < 1e-3
    assert np.abs(found.position_error(swaying)).max() < 1.2 * 0.64 * wrong
    assert estimator.estimate.bias[0] == pytest.approx(9.81 * wrong, rel=0.2)


# Frames


def test_the_world_begins_under_the_middle_of_the_soles(robot_model, estimator):
    """Whatever the heading of the IMU: x is the mean heading of the soles."""

    def turned(_time):
        return Instant(
            np.array((0.02, -0.01, 0.61, 0.05, 0.08, 0.3)), np.array(((0.0, HIP, 0.0, 0.0), (0.0, -HIP, 0.0, 0.0)))
        )

    truth = make(robot_model, turned, 0.1)
    for heading in (0.0, 2.5):
        states = sense(robot_model, truth, IDEAL_IMU, noise=0.0, heading=heading)
        e = estimator.reset(states[0])
        np.testing.assert_allclose(e.position, (0.02, -0.01, 0.61), atol=1e-4)
        np.testing.assert_allclose(e.rotation, pin.exp3(np.array((0.05, 0.08, 0.3))), atol=1e-4)
        np.testing.assert_allclose(e.foot_position, truth.feet[0], atol=1e-4)


def test_configuration_and_velocity_are_what_pinocchio_takes(robot_model, estimator, walking):
    model = robot_model.pinocchio_floating
    data = model.createData()
    states = sense(robot_model, walking, EXACT, noise=0.0)
    estimator.reset(states[0])
    for tick, state in enumerate(states):
        e = estimator.update(state)
        if tick % 250 != 249:
            continue
        pin.forwardKinematics(model, data, e.q, e.v)
        for foot, name in enumerate(("left_sole", "right_sole")):
            frame = model.getFrameId(name)
            placed = pin.updateFramePlacement(model, data, frame)
            np.testing.assert_allclose(placed.translation, e.foot_position[foot], atol=1e-9)
            np.testing.assert_allclose(placed.rotation, e.foot_rotation[foot], atol=1e-9)
            moving = pin.getFrameVelocity(model, data, frame, pin.LOCAL_WORLD_ALIGNED).vector
            np.testing.assert_allclose(e.foot_jacobian[6 * foot : 6 * foot + 6] @ e.v, moving, atol=1e-9)
            if walking.load[tick, foot] > 100.0:
                assert np.abs(moving).max() < 0.02
        np.testing.assert_allclose(e.rotation @ e.v[:3], e.velocity, atol=1e-12)
        np.testing.assert_allclose(e.rotation @ e.v[3:6], e.angular_velocity_in_world, atol=1e-12)
        # The shared kinematics are those of the same posture about the pelvis' own origin.
        joint = model.getJointId("left_knee_joint")
        np.testing.assert_allclose(
            estimator.data.oMi[joint].translation + e.position, data.oMi[joint].translation, atol=1e-9
        )


def test_a_frame_that_does_not_exist_is_named(robot_model):
    with pytest.raises(ValueError, match="no frame 'left_shoe'"):
        FloatingBaseEstimator(robot_model, soles=("left_shoe", "right_sole"))


# Loads and contacts


def test_the_feet_bear_what_they_bear(robot_model, estimator, walking, part):
    exact = follow(estimator, sense(robot_model, walking, EXACT, noise=0.0))
    # The filter of 6 ms lags behind a load that changes by up to 3.3 kN/s.
    still = np.abs(np.gradient(walking.load, PERIOD, axis=0)) < 200.0
    assert np.abs(exact.load - walking.load)[still].max() < 10.0
    noisy = follow(estimator, sense(robot_model, walking, part))
    assert rms((noisy.load - walking.load).ravel()) < 12.0


def test_loads_do_not_jump_where_the_host_has_lost_periods(robot_model, estimator, walking):
    """Ten periods lost at twelve moments of a walk; velocity changes taken for those of one period err by 60 N."""
    states = list(sense(robot_model, walking, EXACT, noise=0.0))
    every = follow(estimator, states).load
    errors = []
    for begin in range(375, 675, 25):
        kept = [*range(begin), *range(begin + 10, begin + 20)]
        load = follow(estimator, [states[tick] for tick in kept]).load
        errors.append(np.abs(load - every[kept])[begin:].max())
    assert np.median(errors) < 15.0


def test_friction_is_no_load(robot_model, estimator):
    """In a squat all joints of the legs turn; their friction of 0.3 Nm would be 6 N of load."""
    truth = make(robot_model, squat, 2.0)
    found = follow(estimator, sense(robot_model, truth, EXACT, noise=0.0))
    assert np.abs(found.load - truth.load)[50:].max() < 4.0


def test_straight_knees_hide_no_load(robot_model, estimator):
    """A straight leg bears its load without a torque; what the whole body lacks tells it."""

    def tall(_time):
        return Instant(np.array((0.0, 0.0, 0.6685, 0.0, 0.0, 0.0)), np.array(((0.0, HIP, 0, 0), (0.0, -HIP, 0, 0))))

    truth = make(robot_model, tall, 0.1)
    knee = 7 + robot_model.index("left_knee_joint")
    assert abs(truth.q[0, knee]) < 0.2
    found = follow(estimator, sense(robot_model, truth, EXACT, noise=0.0))
    np.testing.assert_allclose(found.load[-1], truth.load[-1], atol=8.0)


def test_a_sway_switches_no_contact(robot_model, estimator, swaying, part):
    assert 80.0 < swaying.load.min() < 110.0
    found = follow(estimator, sense(robot_model, swaying, part))
    assert found.contact.min() == 1.0


def test_contacts_of_a_walk(robot_model, estimator, walking, part):
    found = follow(estimator, sense(robot_model, walking, part))
    stands = found.contact > 0.0
    assert not stands[air(walking)].any()
    assert stands[walking.load > 70.0].all()
    # Each contact switches once for each change of the load, and no more.
    loaded = walking.load > 60.0
    np.testing.assert_array_equal(np.abs(np.diff(stands, axis=0)).sum(0), np.abs(np.diff(loaded, axis=0)).sum(0))


def test_contacts_are_found_within_twenty_milliseconds(robot_model, estimator, treading, part):
    found = follow(estimator, sense(robot_model, treading, part))
    on, off = delays(treading, found.contact)
    assert len(on) >= 3
    assert len(off) >= 4
    assert -0.01 < min(on) <= max(on) <= 0.01
    assert 0.0 < min(off) <= max(off) <= 0.02


def test_a_foot_that_comes_early_is_trusted_all_the_same(robot_model, estimator, treading, part):
    """All feet are planned to swing, and yet they bear the body."""
    found = follow(estimator, sense(robot_model, treading, part), planned=lambda _tick: (False, False))
    on, _ = delays(treading, found.contact)
    assert max(on) <= 0.02


def test_a_foot_that_comes_late_is_not_trusted_before(robot_model, estimator, walking, part):
    """All feet are planned to stand, and yet they swing."""
    found = follow(estimator, sense(robot_model, walking, part), planned=lambda _tick: (True, True))
    assert found.contact[air(walking)].max() == 0.0


def test_a_contact_has_hysteresis_and_a_plan():
    p = ContactParameters()
    contact = Contact(PERIOD, replace(p, given=0.0))
    for load, planned, stands in (
        (p.lift + 1.0, True, True), (p.lift - 1.0, True, False), (p.touch - 1.0, True, False),
        (p.touch + 1.0, False, False), (p.touch_early + 1.0, False, True), (p.lift + 1.0, False, True),
        (0.0, True, False), (p.touch + 1.0, True, True),
    ):  # fmt: skip
        contact.update(load, planned)
        assert contact.stands is stands
        assert (contact.confidence > 0.0) is stands
    contact.update(200.0, True)
    assert contact.confidence == 1.0


def test_a_start_without_torques_is_a_stand_all_the_same(robot_model, estimator):
    """The motors of a body that is switched on have no torque yet."""
    truth = make(robot_model, standing, 0.2)
    states = sense(robot_model, truth, EXACT, noise=0.0)
    slack = np.zeros(robot_model.size)
    states = [replace(state, joint_torque=slack) for state in states[:10]] + states[10:]
    found = follow(estimator, states)
    assert found.contact.min() == 1.0
    assert found.load[5:10].max() < 150.0


def test_the_whole_body_tells_the_sum_of_the_loads(robot_model):
    """With torques that nobody trusts, what the IMU feels at its place tells what both feet bear, and no more."""
    parameters = WrenchParameters(torque=300.0, base_force=0.1, base_moment=0.1)
    blind = FloatingBaseEstimator(robot_model, parameters=FloatingBaseParameters(wrench=parameters))
    truth = make(robot_model, rock, 2.0)
    found = follow(blind, sense(robot_model, truth, EXACT, noise=0.0))
    assert np.abs(found.load.sum(axis=1) - truth.load.sum(axis=1))[50:].max() < 5.0


@pytest.mark.parametrize(("planned", "trusted"), [(True, True), (False, False)])
def test_a_light_load_makes_a_contact_of_a_foot_that_is_due_alone(robot_model, estimator, planned, trusted):
    """The left foot hangs, then bears 50 N: more than `touch`, less than `touch_early`."""

    def touching(time):
        still = standing(time)
        share = 50.0 / (9.81 * robot_model.mass)
        still.base[1] = -0.128  # which puts that share of the load on the left foot without a moment
        still.share = 0.0 if 0.1 < time < 0.3 else share
        return still

    truth = make(robot_model, touching, 0.5)
    assert truth.load[-1, 0] == pytest.approx(50.0, abs=6.0)
    found = follow(
        estimator, sense(robot_model, truth, EXACT, noise=0.0), planned=lambda tick: (planned or tick < 50, True)
    )
    assert found.contact[140, 0] == 0.0
    assert (found.contact[-1, 0] > 0.5) == trusted
