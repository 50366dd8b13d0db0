"""The joint drives: torque limit, torque-speed line, friction, and between them the law that the command asks for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot import JointCommand, JointLimits
from robot.drives import FrameBits
from sim.drives import DriveBank
from tests.physics.one_drive import EFFORT, FINE, KNEE, SPEED, STEP, bank, order, table

COULOMB, VISCOUS = 0.3, 0.02
torques = st.floats(-200.0, 200.0)
speeds = st.floats(-15.0, 15.0)


def answer(*, at=0.0, velocity=0.0, coulomb=0.0, viscous=0.0, **command):
    """Torque on the joint [Nm] of a drive that is at a position and turns with a velocity."""
    drive = bank(at=at, velocity=velocity, coulomb_friction=coulomb, viscous_friction=viscous)
    drive.follow(order(**command))
    return float(drive.torque(np.array([velocity]))[0])


@given(st.floats(-1, 1), st.floats(-2, 2), st.floats(-1, 1), st.floats(-2, 2), st.floats(-5, 5))
def test_within_its_limits_it_does_what_the_command_says(at, velocity, to_position, to_velocity, torque):
    found = answer(
        at=at, velocity=velocity,
        to_position=to_position, to_velocity=to_velocity, torque=torque, stiffness=5.0, damping=2.0,
    )  # fmt: skip
    assert found == pytest.approx(5.0 * (to_position - at) + 2.0 * (to_velocity - velocity) + torque, abs=FINE)


@given(torques, speeds)
def test_it_never_gives_more_than_its_torque(asked, velocity):
    assert abs(answer(velocity=velocity, torque=asked)) <= EFFORT


@given(torques, st.floats(-KNEE * SPEED, KNEE * SPEED))
def test_up_to_the_knee_it_gives_all_its_torque(asked, velocity):
    assert answer(velocity=velocity, torque=asked) == pytest.approx(np.clip(asked, -EFFORT, EFFORT), abs=FINE)


@pytest.mark.parametrize("direction", [-1, 1])
@pytest.mark.parametrize(
    ("share_of_speed", "share_of_torque"), [(0.6, 1.0), (0.7, 0.75), (0.8, 0.5), (0.9, 0.25), (1.0, 0.0), (1.5, 0.0)]
)
def test_above_the_knee_the_torque_that_drives_falls_to_zero_at_the_speed_limit(
    direction, share_of_speed, share_of_torque
):
    torque = answer(velocity=direction * share_of_speed * SPEED, torque=direction * 1000.0)
    assert torque == pytest.approx(direction * share_of_torque * EFFORT, abs=FINE)


@given(st.floats(-15.0, 15.0).filter(lambda speed: abs(speed) > 1e-6))
def test_it_brakes_with_all_its_torque_at_any_speed(velocity):
    assert answer(velocity=velocity, torque=-np.sign(velocity) * 1000.0) == pytest.approx(-np.sign(velocity) * EFFORT)


@given(speeds.filter(lambda speed: abs(speed) > 1e-2))
def test_friction_opposes_motion(velocity):
    assert answer(velocity=velocity, coulomb=COULOMB, viscous=VISCOUS) * velocity < 0


def test_friction_is_coulomb_and_viscous():
    """Well above the speed of 0.1 rad/s over which the Coulomb part changes its sign."""
    for sign in (-1.0, 1.0):
        found = answer(velocity=2.0 * sign, coulomb=COULOMB, viscous=VISCOUS)
        assert found == pytest.approx(-sign * (COULOMB + VISCOUS * 2.0), abs=FINE)


def test_at_rest_there_is_no_friction():
    assert answer(coulomb=COULOMB, viscous=VISCOUS) == pytest.approx(0.0, abs=FINE)


@given(torques, speeds)
def test_friction_is_lost_between_motor_and_joint(asked, velocity):
    """The joint gets less than the motor gives, and friction's power is never negative."""
    without = answer(velocity=velocity, torque=asked)
    assert (without - answer(velocity=velocity, torque=asked, coulomb=COULOMB, viscous=VISCOUS)) * velocity >= 0


@pytest.mark.parametrize(("asked", "count"), [(39.9, 0), (40.1, 1), (-40.1, 1), (0.0, 0)])
def test_a_drive_at_its_limit_is_counted(asked, count):
    drive = bank()
    drive.follow(order(torque=asked))
    drive.torque(np.zeros(1))
    assert drive.saturated == count


@given(st.lists(torques, min_size=33, max_size=33), st.lists(speeds, min_size=33, max_size=33))
def test_each_drive_of_the_robot_obeys_its_own_limits(robot_model, asked, velocity):
    limits, drives = robot_model.limits, robot_model.drives
    whole = DriveBank(limits, drives, STEP, 0.002, 0.0, np.random.default_rng(0))
    zero = np.zeros(limits.effort.size)
    whole.start(np.stack((zero, zero)))
    v = np.array(velocity)
    whole.follow(JointCommand(0.0, zero, zero, np.array(asked), zero, zero))
    for _ in range(30):
        whole.torque(v)
    motor = whole.motor_torque
    share = np.clip((limits.velocity - np.abs(v)) / (limits.velocity * (1.0 - drives.knee)), 0.0, 1.0)
    greatest = np.where(motor * v > 0, share, 1.0) * limits.effort
    assert np.all(np.abs(motor) <= greatest * (1 + 1e-9) + 1e-9)


# Delay and lag; the answers themselves are among the checks of the physics


def answers(drive, commands):
    """Motor torque after each step, one command a step."""
    found = []
    for command in commands:
        drive.follow(command)
        drive.torque(np.zeros(1))
        found.append(float(drive.motor_torque[0]))
    return found


@pytest.mark.parametrize(
    ("step", "delay", "steps"),
    [(0.001, 0.0, 0), (0.001, 0.001, 1), (0.0005, 0.001, 2), (0.001, 0.0049, 5), (0.002, 0.001, 1), (0.002, 0.0009, 0)],
)
def test_a_command_waits_for_the_delay_in_whole_steps(step, delay, steps):
    drive = bank(step, command_delay=delay)
    found = answers(drive, [order()] + [order(torque=7.0)] * 8)
    np.testing.assert_allclose(found, [0.0] * (1 + steps) + [7.0] * (8 - steps), atol=FINE)


def test_commands_arrive_in_their_order_and_none_is_lost():
    found = answers(bank(command_delay=0.003), [order(torque=float(tick)) for tick in range(10)])
    np.testing.assert_allclose(found, [0, 0, 0, 0, 1, 2, 3, 4, 5, 6], atol=FINE)


def test_drives_may_have_different_delays(robot_model):
    drives = robot_model.drives
    delay = np.where(np.arange(robot_model.size) % 2, 0.002, 0.0)
    mixed = type(drives)(
        **{name: getattr(drives, name) for name in drives.__slots__ if name != "command_delay"}, command_delay=delay
    )
    whole = DriveBank(robot_model.limits, mixed, STEP, 0.002, 0.0, np.random.default_rng(0))
    zero = np.zeros(robot_model.size)
    whole.start(np.stack((zero, zero)))
    arrived = []
    for tick in range(4):
        whole.follow(JointCommand(0.0, zero, zero, zero + 1.5 * (tick > 0), zero, zero))
        whole.torque(zero)
        arrived.append(whole.motor_torque > 0.3)
    np.testing.assert_array_equal(arrived[1], delay == 0.0)
    assert not arrived[2][delay > 0.0].any()
    assert arrived[3].all()


@pytest.mark.parametrize("step", [0.002, 0.001, 0.0005])
def test_the_first_command_is_in_force_at_once(step):
    assert answers(bank(step, command_delay=0.01), [order(torque=3.0)])[0] == pytest.approx(3.0, abs=FINE)


def test_the_joint_gets_the_mean_of_a_lagging_torque():
    """T runs as 1 - exp(-w t) over the step; its mean is 1 - (1 - exp(-w step)) / (w step)."""
    drive = bank(torque_bandwidth=1000.0)
    drive.follow(order(torque=10.0))
    mean = float(drive.torque(np.zeros(1))[0])
    assert mean == pytest.approx(10.0 * np.exp(-1.0), abs=FINE)  # for w step = 1
    assert float(drive.motor_torque[0]) == pytest.approx(10.0 * (1.0 - np.exp(-1.0)), abs=FINE)


# What frames and encoders leave of numbers


def test_a_command_arrives_in_the_grains_of_its_frame():
    """12 bits over -10..10 Nm: the nearest of 4096 numbers, of which none is zero."""
    coarse = {"frame": FrameBits(16, 12, 12, 12, 12), "torque_range": 10.0}
    grain = 20.0 / 4095
    for asked in (0.0, 1.0, -3.3, 9.999):
        drive = bank(**coarse)
        found = answers(drive, [order(torque=asked)])[0]
        assert abs(found - asked) <= 0.5 * grain * (1 + 1e-9)
        assert (found + 10.0) / grain == pytest.approx(round((found + 10.0) / grain), abs=1e-6)
    assert abs(answers(bank(**coarse), [order()])[0]) == pytest.approx(0.5 * grain)


def test_what_a_frame_cannot_say_arrives_as_the_end_of_its_range():
    """A number must never wrap around."""
    assert answers(bank(torque_range=10.0), [order(torque=11.0)])[0] == pytest.approx(10.0)
    assert answers(bank(torque_range=10.0), [order(torque=-1e6)])[0] == pytest.approx(-10.0)
    stiff = answers(bank(at=-0.01, stiffness_range=500.0), [order(stiffness=600.0)])[0]
    assert stiff == pytest.approx(5.0, abs=0.01)


def test_damping_acts_on_the_filtered_velocity_and_not_on_the_true_one():
    """A joint that suddenly moves: after one step of a slow filter the drive knows little of it."""
    drive = bank(velocity_bandwidth=100.0)
    drive.follow(order(damping=2.0))
    drive.torque(np.zeros(1))
    drive.measure(np.array([0.001]))  # 1 rad/s
    expected = -2.0 * (1.0 - np.exp(-0.1))
    assert float(drive.torque(np.ones(1))[0]) == pytest.approx(expected, rel=1e-3)


# What a drive says


def test_without_noise_a_report_is_the_truth():
    drive = bank(encoder_counts=100.0)
    motion = np.array([[0.123456789], [-0.987654321]])
    report = drive.report(motion)
    np.testing.assert_array_equal(report.position, motion[0])
    np.testing.assert_array_equal(report.velocity, motion[1])
    np.testing.assert_array_equal(report.torque, drive.motor_torque)


def test_a_report_comes_from_the_encoder():
    drive = bank(noise_scale=1.0, encoder_counts=1000.0, gear_ratio=10.0, torque_noise=0.0)
    count = 2.0 * np.pi / 10_000.0
    drive.torque(np.zeros(1))
    drive.measure(np.array([7.4 * count]))
    report = drive.report(np.full((2, 1), 5.0))
    assert float(report.position[0]) == pytest.approx(7.0 * count, abs=1e-6)
    assert float(report.velocity[0]) == pytest.approx(7.0 * count / STEP, abs=1e-4)


def test_a_report_is_not_written_to_again():
    drive = bank(noise_scale=1.0)
    report = drive.report(np.zeros((2, 1)))
    kept = report.position.copy(), report.velocity.copy(), report.torque.copy()
    drive.follow(order(torque=5.0))
    drive.torque(np.zeros(1))
    drive.measure(np.ones(1))
    drive.report(np.ones((2, 1)))
    for before, now in zip(kept, (report.position, report.velocity, report.torque), strict=True):
        np.testing.assert_array_equal(before, now)


def test_the_reported_torque_errs_as_much_as_declared():
    drive = bank(noise_scale=1.0, torque_noise=0.05)
    said = np.array([float(drive.report(np.zeros((2, 1))).torque[0]) for _ in range(4000)])
    assert said.mean() == pytest.approx(float(drive.motor_torque[0]), abs=5 * 0.05 / np.sqrt(4000))
    assert said.std() == pytest.approx(0.05, rel=5 / np.sqrt(8000))


def test_the_torque_constants_spread_as_much_as_declared():
    """The joint gets another torque than the drive says it gives, and each drive errs in its own way."""
    gains = []
    for seed in range(400):
        drive = bank(noise_scale=1.0, seed=seed, torque_constant_error=0.02)
        drive.follow(order(torque=10.0))
        gains.append(float(drive.torque(np.zeros(1))[0]) / float(drive.motor_torque[0]))
    assert np.mean(gains) == pytest.approx(1.0, abs=5 * 0.02 / 20)
    assert np.std(gains) == pytest.approx(0.02, rel=5 / np.sqrt(800))


def test_the_same_seed_makes_the_same_drive():
    def run(seed):
        drive = bank(noise_scale=1.0, seed=seed, encoder_noise=1e-3)
        drive.follow(order(to_position=1.0, stiffness=20.0, damping=1.0))
        found = []
        for angle in np.linspace(0.0, 0.1, 20):
            found.append(float(drive.torque(np.ones(1))[0]))
            drive.measure(np.array([angle]))
        return found

    assert run(3) == run(3)
    assert run(3) != run(4)


# Heat; how warm it gets is among the checks of the physics


def warmed(winding):
    """A drive whose winding is this warm [°C]."""
    drive = bank()
    drive.windings.preheat(np.array([winding]), np.array([winding]))
    drive.follow(order())
    drive.torque(np.zeros(1))
    drive.warm()
    return drive


@pytest.mark.parametrize(("winding", "share"), [(25.0, 1.0), (99.0, 1.0), (107.5, 0.5), (111.25, 0.25), (130.0, 0.0)])
def test_the_torque_falls_between_two_temperatures(winding, share):
    """From 100 to 115 °C, in both directions; a period of 2 ms changes the temperature by next to nothing."""
    for sign in (-1.0, 1.0):
        drive = warmed(winding)
        drive.follow(order(torque=sign * 100.0))
        drive.torque(np.zeros(1))
        assert float(drive.motor_torque[0]) == pytest.approx(sign * share * EFFORT, abs=0.03)
        assert drive.derated == int(share < 1.0)


def test_a_drive_that_does_nothing_stays_at_the_temperature_of_the_air():
    drive = bank(frame=FrameBits(32, 32, 32, 32, 32))
    drive.follow(order())
    for _ in range(1000):
        drive.torque(np.zeros(1))
        drive.warm()
    np.testing.assert_allclose(drive.windings.winding, table().thermal.ambient, atol=1e-9)


def test_the_heat_is_that_of_the_mean_square_torque():
    """Half a period at 20 Nm and half at -20 heats like 20 throughout: the mean would heat nothing."""
    swinging, steady = bank(), bank()
    for tick in range(2000):
        sign = 1.0 if tick % 2 else -1.0
        for drive, torque in ((swinging, 20.0 * sign), (steady, 20.0)):
            drive.follow(order(torque=torque))
            drive.torque(np.zeros(1))
            if tick % 2:
                drive.warm()
    assert float(steady.windings.winding[0]) > 26.5
    np.testing.assert_allclose(swinging.windings.winding, steady.windings.winding, rtol=1e-3)


@pytest.mark.parametrize("strength", [0.8, 1.2])
def test_a_weaker_motor_gives_its_share_of_every_torque_and_does_not_know_it(strength):
    one = np.ones(1)
    limits = JointLimits(-3 * one, 3 * one, SPEED * one, EFFORT * one)
    drives = DriveBank(limits, table(coulomb_friction=COULOMB), STEP, 0.002, 0.0, np.random.default_rng(0), strength)
    drives.start(np.zeros((2, 1)))
    for asked, current in ((10.0, 10.0), (1000.0, EFFORT)):
        drives.follow(order(torque=asked))
        assert drives.torque(np.zeros(1))[0] == pytest.approx(strength * current, abs=FINE)
        assert drives.report(np.zeros((2, 1))).torque[0] == pytest.approx(current, abs=FINE)
