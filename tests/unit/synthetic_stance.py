"""Motions of a body on its feet whose truth is known, what its sensors would say, and how an estimator fares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pinocchio as pin

from controllers.estimation import FloatingBaseEstimator
from robot import RobotModel, RobotState
from robot.sensor_parts import ImuPart
from sim.drive_frame import DriveFrame
from sim.encoders import Encoders
from sim.noise import stream
from sim.sensors import Imu

PERIOD, STEP = 0.002, 0.001
SOLES = ("left_sole", "right_sole")
HIP = 0.13
"""Sideways distance of a foot from the middle [m]."""
_MARGIN = 3  # steps beyond both ends, for differences

WIDE = 0.19
"""The same for the sway [m]."""


@dataclass
class Instant:
    """Where base and feet are at one time, and how the feet bear the body."""

    base: np.ndarray  # x y z and a rotation vector
    feet: np.ndarray  # (2, 4): x y z of the sole and its pitch
    share: float = 0.5  # of the load, that the left foot bears
    centre: tuple[float, float] = (0.0, 0.0)  # of pressure, forward of the middle of each sole


@dataclass
class Truth:
    """Every control tick of a motion: rows are ticks."""

    time: np.ndarray
    q: np.ndarray
    v: np.ndarray
    torque: np.ndarray  # of the joints
    load: np.ndarray  # (ticks, 2)
    feet: np.ndarray  # (ticks, 2, 3)
    fine: np.ndarray  # q at every step
    velocity: np.ndarray  # of the base's origin in world

    def __len__(self):
        return len(self.time)


def smooth(x):
    """From 0 to 1 without jerk at the ends."""
    x = np.clip(x, 0.0, 1.0)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x * x)


def standing(_time):
    return Instant(np.array((0.0, 0.0, 0.62, 0.0, 0.0, 0.0)), np.array(((0.0, HIP, 0, 0), (0.0, -HIP, 0, 0))))


def sway(time):
    """0.2 m/s to the sides, a little in every other direction, and at least 80 N on either foot."""
    on = smooth(time / 1.5)
    w = 2.0 * np.pi
    base = np.array(
        (
            0.02 * np.sin(0.7 * w * time), 0.05 * np.sin(0.637 * w * time), 0.6 + 0.015 * np.cos(0.5 * w * time),
            0.02 * np.sin(1.1 * w * time), 0.05 * np.sin(0.9 * w * time), 0.06 * np.sin(0.6 * w * time),
        )
    )  # fmt: skip
    still = standing(0.0)
    still.feet[:, 1] = WIDE, -WIDE
    return replace(still, base=still.base + on * (base - still.base))


def squat(time):
    still = standing(0.0)
    still.base[2] -= 0.05 - 0.05 * np.cos(2.0 * np.pi * 0.6 * time)
    return still


def rock(time):
    """The pelvis turns quickly on legs that give way: up to 12 rad/s²."""
    still = standing(0.0)
    still.base[3:] = smooth(time / 0.5) * np.array((0.02, 0.08, 0.05)) * np.sin(2.0 * np.pi * 2.0 * time)
    still.base[2] -= 0.03
    return still


def tread(time):
    """The load goes from foot to foot within 10 ms, every 0.4 s."""
    count, phase = divmod(time - 0.4, 0.4)
    still = standing(0.0)
    share = (1.0, 0.0)[int(count) % 2]
    before = 0.5 if count < 1 else 1.0 - share
    still.share = 0.5 if count < 0 else before + (share - before) * smooth(phase / 0.01)
    return still


STEP_TIME, SWING_TIME, STRIDE = 0.7, 0.45, 0.08


def walk(time, rise=0.0):
    """Alternating steps forward: 0.25 s on both feet, 0.45 s on one, from 0.5 s on; each so much higher [m]."""
    count, phase = divmod(time - 0.5, STEP_TIME)
    if count < 0:
        return standing(0.0)
    count = int(count)
    shift, swing = phase / (STEP_TIME - SWING_TIME), (phase - STEP_TIME + SWING_TIME) / SWING_TIME
    stance = count % 2  # this foot stands: 0 left, 1 right
    feet = np.zeros((2, 4))
    feet[:, 1] = HIP, -HIP
    # The first step is half as long as the others.
    places = [max(0.0, STRIDE * (k - 0.5)) if k else 0.0 for k in range(count + 2)]
    feet[stance, 0] = places[count]
    start = places[count - 1] if count else 0.0
    feet[1 - stance, 0] = start + smooth(swing) * (places[count + 1] - start)
    s = np.clip(swing, 0.0, 1.0)
    feet[1 - stance, 2] = 0.05 * 64.0 * s**3 * (1.0 - s) ** 3 + rise * (
        max(0, count - 1) + (count + 1 - max(0, count - 1)) * smooth(swing)
    )
    feet[stance, 2] = rise * count
    side = 1.0 if stance == 0 else -1.0
    # Towards the stance foot and back, in time with the steps; sideways velocity up to 0.3 m/s.
    middle = (time - 0.5) / STEP_TIME
    on = smooth(middle)
    y = 0.06 * np.sin(np.pi * (middle - 0.18)) * on
    x = STRIDE * max(0.0, middle - 0.5) * smooth(middle - 0.5)
    z = (
        0.6
        + 0.01 * np.cos(2.0 * np.pi * middle)
        + 0.01 * (1.0 - on)
        + rise * max(0.0, middle - 0.5) * smooth(middle - 0.5)
    )
    share = 0.5 + side * 0.5 * smooth(shift) if count == 0 else 0.5 + side * (smooth(shift) - 0.5)
    turn = (
        0.03 * np.sin(np.pi * middle) * on,
        0.02 * np.sin(2 * np.pi * middle) * on,
        0.05 * np.cos(np.pi * middle) * on,
    )
    return Instant(np.array((x, y, z, *turn)), feet, share)


def heels(time):
    """Both heels rise about the toes and sink again, once in 0.8 s."""
    still = standing(0.0)
    pitch = 0.2 * (1.0 - np.cos(2.0 * np.pi * time / 0.8)) * smooth(time / 0.4)
    toe = 0.1
    still.feet[:, 0] = toe * (1.0 - np.cos(pitch))
    still.feet[:, 2] = toe * np.sin(pitch)
    still.feet[:, 3] = pitch
    still.base[2] += 0.4 * toe * np.sin(pitch) - 0.03
    still.base[0] += 0.09
    still.centre = (toe, toe)
    return still


def make(model: RobotModel, motion: Callable[[float], Instant], seconds: float) -> Truth:
    """Joints, torques and loads of a motion whose base and feet are given."""
    floating = model.pinocchio_floating
    data = floating.createData()
    ids = [floating.getFrameId(name) for name in SOLES]
    count = round(seconds / STEP) + 1 + 2 * _MARGIN
    q = np.zeros((count, floating.nq))
    now = pin.neutral(floating)
    for name, angle in (("hip_pitch", -0.5), ("knee", 1.0), ("ankle_pitch", -0.5), ("elbow", -0.8)):
        for side in ("left", "right"):
            now[7 + model.index(f"{side}_{name}_joint")] = angle
    instants = [motion((row - _MARGIN) * STEP) for row in range(count)]
    columns = [np.array([floating.joints[floating.frames[i].parentJoint].idx_v - 5 + k for k in range(6)]) for i in ids]
    shoulders = [7 + model.index(f"{side}_shoulder_pitch_joint") for side in ("left", "right")]
    for row, instant in enumerate(instants):
        now[:3] = instant.base[:3]
        now[3:7] = pin.Quaternion(pin.exp3(instant.base[3:])).coeffs()
        time = (row - _MARGIN) * STEP
        swing = 0.2 * np.sin(2.0 * np.pi * 0.8 * time) * smooth(time)
        now[shoulders] = swing, -swing
        targets = [pin.SE3(pin.utils.rotate("y", foot[3]), foot[:3]) for foot in instant.feet]
        for _ in range(30 if row == 0 else 4):
            pin.computeJointJacobians(floating, data, now)
            worst = 0.0
            for frame, target, at in zip(ids, targets, columns, strict=True):
                error = pin.log6(pin.updateFramePlacement(floating, data, frame).actInv(target)).vector
                worst = max(worst, float(np.abs(error).max()))
                jacobian = pin.getFrameJacobian(floating, data, frame, pin.LOCAL)[:, at]
                now[at + 1] += np.linalg.solve(jacobian, error)
            if worst < 1e-10:
                break
        assert worst < 1e-8, f"no posture at {time:g} s"
        q[row] = now
    v = np.zeros((count, floating.nv))
    for row in range(1, count - 1):
        v[row] = pin.difference(floating, q[row - 1], q[row + 1]) / (2.0 * STEP)
    a = np.gradient(v, STEP, axis=0)
    q, v, a = q[_MARGIN:-_MARGIN], v[_MARGIN:-_MARGIN], a[_MARGIN:-_MARGIN]
    instants = instants[_MARGIN:-_MARGIN]
    ticks = np.arange(0, len(q), round(PERIOD / STEP))
    torque, load, feet = np.zeros((len(ticks), model.size)), np.zeros((len(ticks), 2)), np.zeros((len(ticks), 2, 3))
    velocity = np.zeros((len(ticks), 3))
    for tick, row in enumerate(ticks.tolist()):
        whole = pin.rnea(floating, data, q[row], v[row], a[row])
        pin.computeJointJacobians(floating, data, q[row])
        jacobian = np.vstack([pin.getFrameJacobian(floating, data, i, pin.LOCAL_WORLD_ALIGNED) for i in ids])
        rotation = pin.Quaternion(q[row, 3:7]).toRotationMatrix()
        total = rotation @ whole[:3]
        share = np.array((instants[row].share, 1.0 - instants[row].share))
        wish, deviation = np.zeros(12), np.zeros(12)
        for foot in (0, 1):
            part = slice(6 * foot, 6 * foot + 6)
            force = share[foot] * total
            turned = pin.updateFramePlacement(floating, data, ids[foot]).rotation
            wish[part] = *force, *np.cross(turned @ (instants[row].centre[foot], 0.0, 0.0), force)
            # Loads shift between the feet before either foot tips over, unless the one is in the air.
            deviation[part] = 1e-4 + share[foot] * np.repeat((100.0, 2.0), 3)
        balance = jacobian[:, :6].T
        scaled = balance * deviation**2
        wrench = wish + scaled.T @ np.linalg.solve(scaled @ balance.T, whole[:6] - balance @ wish)
        torque[tick] = (whole - jacobian.T @ wrench)[6:]
        load[tick] = wrench[2], wrench[8]
        feet[tick] = instants[row].feet[:, :3]
        velocity[tick] = rotation @ v[row, :3]
    return Truth(ticks * STEP, q[ticks], v[ticks], torque, load, feet, q, velocity)


class _Pelvis:
    """What the simulated IMU asks of a link."""

    orientation = (0.0, 0.0, 0.0, 1.0)
    angular = (0.0, 0.0, 0.0)
    linear = np.zeros(3)

    def move(self, q, v):
        self.rotation = pin.Quaternion(q[3:7]).toRotationMatrix()
        self.orientation = tuple(q[3:7].tolist())
        self.linear, turn = self.rotation @ v[:3], self.rotation @ v[3:6]
        self.angular = tuple(turn.tolist())

    def velocity_at(self, point):
        return tuple((self.linear + np.cross(self.angular, self.rotation @ np.array(point))).tolist())


def sense(
    model: RobotModel,
    truth: Truth,
    part: ImuPart,
    seed: int = 0,
    noise: float = 1.0,
    heading: float = 0.0,
    pitch: float = 0.0,
) -> list[RobotState]:
    """What the body feels of it, the IMU's world being turned by a heading [rad], and its level wrong by a pitch."""
    drives, rng = model.drives, stream(seed, "drives")
    placed = model.pinocchio.frames[model.frame_id("pelvis_imu")].placement
    pelvis = _Pelvis()
    turn = pin.Quaternion(pin.utils.rotate("z", heading))
    imu = Imu(pelvis, placed.translation, placed.rotation, part, stream(seed, "pelvis_imu"), PERIOD)
    encoders, frame = Encoders(drives, STEP, noise, rng), DriveFrame(drives)
    constant = 1.0 + noise * drives.torque_constant_error * rng.standard_normal(model.size)
    encoders.start(truth.fine[0, 7:], truth.v[0, 6:])
    ratio = round(PERIOD / STEP)
    states = []
    for tick in range(len(truth)):
        for row in range(ratio * (tick - 1) + 1, ratio * tick + 1):
            if row > 0:
                encoders.read(truth.fine[row, 7:])
        speed = truth.v[tick, 6:]
        friction = drives.coulomb_friction * np.tanh(speed / 0.1) + drives.viscous_friction * speed
        motor = (truth.torque[tick] + friction) / constant
        motor = motor + noise * drives.torque_noise * rng.standard_normal(model.size)
        numbers = np.vstack((encoders.measured, motor))
        position, velocity, torque = frame.through(numbers) if noise else numbers
        q = truth.q[tick].copy()
        q[3:7] = (turn * pin.Quaternion(q[3:7])).coeffs()
        pelvis.move(q, truth.v[tick])
        reading = imu.read()
        if pitch:
            wrong = pin.Quaternion(pin.utils.rotate("y", pitch)) * pin.Quaternion(reading.orientation_imu_in_world)
            reading = replace(reading, orientation_imu_in_world=wrong.coeffs())
        states.append(RobotState(float(truth.time[tick]), position, velocity, torque, reading, reading, None))
    return states


@dataclass
class Found:
    """What an estimator made of a motion, tick by tick."""

    position: np.ndarray
    velocity: np.ndarray
    load: np.ndarray
    contact: np.ndarray
    foot: np.ndarray
    pressure: np.ndarray
    rate: np.ndarray

    def velocity_error(self, truth, after=0.5):
        return (self.velocity - truth.velocity)[truth.time >= after]

    def position_error(self, truth):
        return self.position - truth.q[:, :3]


def follow(estimator: FloatingBaseEstimator, states, planned=None) -> Found:
    estimator.reset(states[0])
    rows = []
    for tick, state in enumerate(states):
        if planned is not None:
            estimator.expect(planned(tick))
        e = estimator.update(state)
        rows.append(
            [
                x.copy()
                for x in (
                    e.position,
                    e.velocity,
                    e.foot_load,
                    e.contact,
                    e.foot_position,
                    e.pressure,
                    e.angular_velocity_in_base,
                )
            ]
        )
    return Found(*(np.array(column) for column in zip(*rows, strict=True)))


def rms(errors):
    """Of each axis, over rows."""
    return np.sqrt(np.mean(np.square(errors), axis=0))


def air(truth):
    """Where feet have been without any load for 30 ms, and stay so for another 10, shape (ticks, 2)."""
    free = truth.load < 1.0
    kept = free.copy()
    for shift in range(-5, 16):
        kept &= np.roll(free, shift, axis=0)
    return kept


def delays(truth, contact):
    """How long after a load has grown above 60 N, or has sunk below 20 N, the contact says so [s]."""
    on: list[float] = []
    off: list[float] = []
    for foot in (0, 1):
        stands = contact[:, foot] > 0.0
        for bound, rising, found in ((60.0, True, on), (20.0, False, off)):
            loaded, told = truth.load[:, foot] > bound, np.flatnonzero(np.diff(stands.astype(int)) == 2 * rising - 1)
            for tick in np.flatnonzero(np.diff(loaded.astype(int)) == 2 * rising - 1):
                if told.size:
                    found.append(PERIOD * int(told[np.abs(told - tick).argmin()] - tick))
    return on, off
