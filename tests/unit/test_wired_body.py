"""A body's joints through gears and linkages to its drives and back: identities, limits, and what drives cannot do."""

from __future__ import annotations

from dataclasses import replace
from math import pi

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from robot import JointCommand, Reason, RobotModel
from robot.drivers.codec import Command
from robot.drivers.factory import end_of
from robot.wiring import DriveReadings, JointReadings, WiredBody, Wiring
from robot.wiring.reach import CONDITION_MOST, over_range
from scenarios.assembly import load_robot
from scenarios.wiring import load_wiring

Array = NDArray[np.float64]

MODEL: RobotModel = load_robot()
WIRING: Wiring = load_wiring(MODEL)
N = MODEL.size
LOWER, UPPER = MODEL.limits.lower, MODEL.limits.upper
ANKLE = [MODEL.index(name) for name in ("left_ankle_pitch_joint", "left_ankle_roll_joint")]
KNEE = MODEL.index("left_knee_joint")

shares = st.lists(st.floats(0.0, 1.0), min_size=N, max_size=N).map(np.array)
rates = st.lists(st.floats(-15.0, 15.0), min_size=N, max_size=N).map(np.array)


def mounted_otherwise(seed: int) -> WiredBody:
    """The same body with other directions, gears and zeros of its drives."""
    rng = np.random.default_rng(seed)
    wires = tuple(
        replace(wire, direction=int(rng.choice([-1, 1])), gear=rng.uniform(0.8, 1.2), zero=rng.uniform(-0.5, 0.5))
        for wire in WIRING.wires
    )
    return WiredBody(replace(WIRING, wires=wires))


def law(command: JointCommand, position: Array, velocity: Array) -> Array:
    """Torque that the tuple asks for."""
    return (
        command.stiffness * (command.position - position)
        + command.damping * (command.velocity - velocity)
        + command.torque
    )


def at_the_joints(body: WiredBody, values: Array, position: Array, velocity: Array) -> Array:
    """Torque at the joints of drives that follow these setpoints while the joints move so."""
    zero = np.zeros(N)
    shafts = body.drives(JointReadings(position, velocity, zero))
    torque = values[3] * (values[0] - shafts.position) + values[4] * (values[1] - shafts.velocity) + values[2]
    mapped = WiredBody(body.wiring).joints(DriveReadings(shafts.position, shafts.velocity, torque))
    return mapped.torque


@settings(max_examples=50)
@given(shares, rates, rates, st.integers(0, 999))
def test_joints_come_back_from_their_drives(share: Array, velocity: Array, torque: Array, seed: int) -> None:
    body = mounted_otherwise(seed)
    position = LOWER + share * (UPPER - LOWER)
    shafts = body.drives(JointReadings(position, velocity, torque))
    back = body.joints(shafts)
    assert back.position == pytest.approx(position, abs=1e-12)
    assert back.velocity == pytest.approx(velocity, abs=1e-7)
    assert back.torque == pytest.approx(torque, abs=1e-7)
    assert shafts.velocity @ shafts.torque == pytest.approx(velocity @ torque, abs=1e-9)
    assert shafts.velocity @ shafts.torque == pytest.approx(back.velocity @ back.torque, abs=1e-9)


@settings(max_examples=50)
@given(shares, shares, rates, rates, st.integers(0, 999))
def test_drives_make_the_torque_that_the_joints_are_asked(
    share: Array, asked: Array, velocity: Array, asked_velocity: Array, seed: int
) -> None:
    body = mounted_otherwise(seed)
    position = LOWER + share * (UPPER - LOWER)
    target = LOWER + asked * (UPPER - LOWER)
    # Small enough for no drive to be at its limits.
    command = JointCommand(0.0, position + 0.05 * (target - position), 0.1 * asked_velocity, np.ones(N),
                           MODEL.drives.stiffness, 0.1 * MODEL.drives.damping)  # fmt: skip
    body.joints(body.drives(JointReadings(position, 0.1 * velocity, np.zeros(N))))
    sent = body.setpoints(command)
    assert not np.any(sent.reasons & ~np.uint16(Reason.POSITION_CLAMPED))
    free = sent.reasons == 0
    made = at_the_joints(body, sent.values, position, 0.1 * velocity)
    assert made[free] == pytest.approx(law(command, position, 0.1 * velocity)[free], abs=1e-6)


def test_set_points_are_where_the_drives_are_when_the_joints_are_there() -> None:
    body = WiredBody(WIRING)
    rng = np.random.default_rng(1)
    position, velocity = rng.uniform(LOWER, UPPER), rng.normal(size=N)
    zero = np.zeros(N)
    sent = body.setpoints(JointCommand(0.0, position, velocity, zero, zero, zero))
    shafts = body.drives(JointReadings(position, velocity, zero))
    assert sent.values[0] == pytest.approx(shafts.position, abs=1e-14)
    assert sent.values[1] == pytest.approx(shafts.velocity, abs=1e-13)
    assert not sent.reasons.any()


def ankle_command(body: WiredBody, pitch: float, roll: float) -> JointCommand:
    """All joints at ease at zero, the left ankle at a place of its own and soft in roll."""
    position, stiffness = np.clip(np.zeros(N), LOWER, UPPER), np.full(N, 40.0)
    position[ANKLE], stiffness[ANKLE] = (pitch, roll), (40.0, 5.0)
    zero = np.zeros(N)
    body.joints(body.drives(JointReadings(position, zero, zero)))
    return JointCommand(0.0, position, zero, zero, stiffness, zero)


def test_between_readings_the_error_is_the_missing_gain_times_the_motion() -> None:
    body = WiredBody(WIRING)
    command = ankle_command(body, -0.3, 0.1)
    sent = body.setpoints(command)
    moved = command.position.copy()
    moved[ANKLE] += 0.01, 0.01
    error = (at_the_joints(body, sent.values, moved, np.zeros(N)) - law(command, moved, np.zeros(N)))[ANKLE]
    linkage = WIRING.linkages[0].linkage
    before, after = linkage.motors(-0.3, 0.1), linkage.motors(*moved[ANKLE])
    *_, between = before.jacobian.motor_gains(40.0, 5.0)
    step = np.array(after.position) - before.position
    missing = np.array(after.jacobian.joint_torque(*(between * step[::-1])))
    assert np.abs(missing).max() > 0.05
    assert error == pytest.approx(missing, abs=0.02)


def test_the_torque_makes_up_what_diagonal_gains_lack() -> None:
    body = WiredBody(WIRING)
    at_rest = ankle_command(body, -0.3, 0.1)
    off = at_rest.position.copy()
    off[ANKLE] -= 0.1, 0.0
    zero = np.zeros(N)
    wanted = law(at_rest, off, zero)[ANKLE]
    alone = at_the_joints(body, WiredBody(WIRING).setpoints(at_rest).values, off, zero)[ANKLE]
    body.joints(body.drives(JointReadings(off, zero, zero)))
    made_up = at_the_joints(body, body.setpoints(at_rest).values, off, zero)[ANKLE]
    assert np.abs(alone - wanted).max() > 0.5
    assert made_up == pytest.approx(wanted, abs=1e-9)


def swing(body: WiredBody | None, compensated: bool, ticks: int = 500) -> Array:
    """An ankle let go away from its set-point: its path, by the joints' law or by drives, shape (ticks, 2) [rad].

    The drives hear a new setpoint every 2 ms, made from a reading one tick old, and close their loops every 0.2 ms.
    """
    inertia = np.array([0.06, 0.03])
    reference = WiredBody(WIRING)
    command = ankle_command(reference, -0.2, 0.0)
    command = replace(command, damping=np.full(N, 1.0))
    position, velocity = command.position.copy(), np.zeros(N)
    position[ANKLE] += 0.15, 0.1
    path = np.empty((ticks, 2))
    linkage, zero = WIRING.linkages[0].linkage, np.zeros(N)
    ratio = np.array([WIRING.wires[i].ratio for i in ANKLE])
    older = (position.copy(), velocity.copy())
    for tick in range(ticks):
        values = zero[None]
        if body is not None:
            if compensated:
                body.joints(body.drives(JointReadings(*older, zero)))
            values = body.setpoints(command).values[:, ANKLE]
        older = (position.copy(), velocity.copy())
        for _ in range(10):
            q, qd = position[ANKLE], velocity[ANKLE]
            torque = law(command, position, velocity)[ANKLE]
            if body is not None:
                motors, jacobian = linkage.motors(*q)
                shaft, turning = ratio * motors, ratio * np.array(jacobian.motor_velocity(*qd))
                push = values[3] * (values[0] - shaft) + values[4] * (values[1] - turning) + values[2]
                torque = np.array(jacobian.joint_torque(*(ratio * push)))
            velocity[ANKLE] = qd + torque / inertia * 2e-4
            position[ANKLE] = q + velocity[ANKLE] * 2e-4
        path[tick] = position[ANKLE]
    return path


def test_an_ankle_swings_on_drives_as_the_law_of_its_joints_says() -> None:
    ideal = swing(None, compensated=False)
    made_up = np.abs(swing(WiredBody(WIRING), compensated=True) - ideal).max()
    diagonal = np.abs(swing(WiredBody(WIRING), compensated=False) - ideal).max()
    print(f"greatest difference from the joints' law: {made_up:.4f} rad made up, {diagonal:.4f} rad diagonal alone")
    assert made_up < 0.012
    assert diagonal > 3.0 * made_up


@pytest.mark.parametrize("mounted", WIRING.linkages, ids=lambda mounted: mounted.linkage.name)
def test_linkages_are_far_from_singular_over_the_joints_range(mounted) -> None:
    conditions = [motors.jacobian.condition for _, _, motors in over_range(mounted, WIRING)]
    assert max(conditions) < 1.6 < CONDITION_MOST
    assert min(conditions) >= 1.0


def test_the_drives_of_this_body_reach_all_of_its_limits() -> None:
    """Each joint of a linkage by itself; both at once have less."""
    velocity, effort = MODEL.limits.velocity, MODEL.limits.effort
    fast, hard = (np.array([getattr(wire, field) for wire in WIRING.wires]) for field in ("velocity", "torque"))
    needed = np.array([velocity, effort])
    for mounted in WIRING.linkages:
        pair = [mounted.pitch, mounted.roll]
        needed[:, pair] = 0.0
        for _, _, (_, jacobian) in over_range(mounted, WIRING):
            for alone in np.diag(velocity[pair]).tolist():
                needed[0, pair] = np.maximum(needed[0, pair], np.abs(jacobian.motor_velocity(*alone)))
            for alone in np.diag(effort[pair]).tolist():
                needed[1, pair] = np.maximum(needed[1, pair], np.abs(jacobian.motor_torque(*alone)))
    gear = np.array([wire.gear for wire in WIRING.wires])
    assert (fast >= needed[0] * gear * (1.0 - 1e-12)).all()
    assert (hard >= needed[1] / gear * (1.0 - 1e-12)).all()


@pytest.mark.parametrize(
    ("row", "value", "reason"),
    [
        ("position", 50.0, Reason.POSITION_CLAMPED),
        ("velocity", 500.0, Reason.VELOCITY_CLAMPED),
        ("torque", -900.0, Reason.TORQUE_CLAMPED),
        ("stiffness", 9000.0, Reason.GAIN_CLAMPED),
        ("damping", 900.0, Reason.GAIN_CLAMPED),
    ],
)
@pytest.mark.parametrize("joint", ["left_knee_joint", "left_ankle_roll_joint"])
def test_what_a_drive_cannot_follow_is_limited_and_said(row: str, value: float, reason: Reason, joint: str) -> None:
    ease = np.clip(np.zeros(N), LOWER, UPPER)
    rows = {name: np.zeros(N) for name in ("velocity", "torque", "stiffness", "damping")} | {"position": ease.copy()}
    rows[row][MODEL.index(joint)] = value
    sent = WiredBody(WIRING).setpoints(JointCommand(0.0, **rows))
    assert sent.reasons[MODEL.index(joint)] & reason
    assert not sent.reasons[MODEL.index("head_yaw_joint")]
    for wire, setpoint in zip(WIRING.wires, sent.each(), strict=True):
        assert wire.position.low <= setpoint.position <= wire.position.high
        assert abs(setpoint.velocity) <= wire.velocity
        assert abs(setpoint.torque) <= wire.torque
        assert wire.model.command.stiffness.low <= setpoint.stiffness <= wire.model.command.stiffness.high
        assert wire.model.command.damping.low <= setpoint.damping <= wire.model.command.damping.high


def test_not_a_number_stays_one_for_the_codec_to_refuse() -> None:
    ease, zero = np.clip(np.zeros(N), LOWER, UPPER), np.zeros(N)
    bad = ease.copy()
    bad[ANKLE[0]] = np.nan
    sent = WiredBody(WIRING).setpoints(JointCommand(0.0, bad, zero, zero, zero, zero))
    assert np.isnan(sent.values[0, ANKLE]).all()
    assert sent.reasons[ANKLE[0]]


def test_wrong_shapes_are_refused() -> None:
    short = np.zeros(N - 1)
    body = WiredBody(WIRING)
    with pytest.raises(ValueError, match="expected"):
        body.setpoints(JointCommand(0.0, short, short, short, short, short))
    with pytest.raises(ValueError, match=rf"shape \({N},\)"):
        body.joints(DriveReadings(short, short, short))


def test_an_ankle_that_cannot_be_as_its_drives_say_is_named() -> None:
    body = WiredBody(WIRING)
    ease, zero = np.clip(np.zeros(N), LOWER, UPPER), np.zeros(N)
    shafts = body.drives(JointReadings(ease, zero, zero))
    shafts.position[ANKLE[0]] += pi
    with pytest.raises(ValueError, match="'left_ankle': no pitch and roll belong to motors"):
        body.joints(shafts)


def test_forgetting_the_readings_takes_the_made_up_torque_away() -> None:
    body = WiredBody(WIRING)
    command = ankle_command(body, -0.3, 0.1)
    off = command.position.copy()
    off[ANKLE] -= 0.1
    body.joints(body.drives(JointReadings(off, np.zeros(N), np.zeros(N))))
    assert np.abs(body.setpoints(command).values[2, ANKLE]).max() > 0.1
    body.reset()
    assert not body.setpoints(command).values[2].any()


def test_a_whole_body_goes_over_the_wire_and_back() -> None:
    body = WiredBody(WIRING)
    rng = np.random.default_rng(2)
    position, velocity = rng.uniform(LOWER, UPPER), rng.uniform(-1.0, 1.0, N)
    command = JointCommand(0.0, position, velocity, rng.uniform(-2.0, 2.0, N), MODEL.drives.stiffness,
                           MODEL.drives.damping)  # fmt: skip
    setpoints = body.setpoints(command).each()
    heard = np.full((5, N), np.nan)
    for bus in WIRING.buses:
        for place, codec in zip(WIRING.on(bus.name), WIRING.codecs(bus.name), strict=True):
            wire = WIRING.wires[place]
            end = end_of(wire.model, wire.id, host=bus.host, reply_id=wire.reply_id, fd=bus.fd)
            sent = codec.command(setpoints[place])
            assert sent.reasons == 0
            for frame in sent.frames:
                command_heard = end.heard(frame)
                assert isinstance(command_heard, Command)
                heard[:, place] = command_heard.setpoint
    back = body.joints(DriveReadings(heard[0], heard[1], heard[2]))
    assert back.position == pytest.approx(position, abs=1e-3)
    assert back.velocity == pytest.approx(velocity, abs=0.05)
    assert back.torque == pytest.approx(command.torque, abs=0.2)


def test_gains_that_frames_cannot_say_are_made_up_by_torque() -> None:
    wires = tuple(replace(wire, gear=0.5) for wire in WIRING.wires)
    body = WiredBody(replace(WIRING, wires=wires))
    command = ankle_command(body, -0.3, 0.1)
    command.stiffness[ANKLE] = 300.0
    off = command.position.copy()
    off[ANKLE] -= 0.02
    body.joints(body.drives(JointReadings(off, np.zeros(N), np.zeros(N))))
    sent = body.setpoints(command)
    assert np.all(sent.reasons[ANKLE] == Reason.GAIN_CLAMPED)
    assert sent.values[3, ANKLE] == pytest.approx(500.0)
    made = at_the_joints(body, sent.values, off, np.zeros(N))
    assert made[ANKLE] == pytest.approx(law(command, off, np.zeros(N))[ANKLE], abs=1e-9)


def test_what_limits_one_motor_limits_both_joints_of_its_linkage() -> None:
    wires = tuple(replace(wire, torque=1.0) if wire.name == "left_ankle_upper" else wire for wire in WIRING.wires)
    body = WiredBody(replace(WIRING, wires=wires))
    command = ankle_command(WiredBody(WIRING), 0.0, 0.0)
    command.torque[ANKLE[1]] = 5.0
    assert np.all(body.setpoints(command).reasons[ANKLE] == Reason.TORQUE_CLAMPED)
    assert np.count_nonzero(body.setpoints(command).reasons) == 2
