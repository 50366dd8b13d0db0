"""The drives' law on a test stand, against the answers of linear systems."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

from robot import JointLimits
from robot.drives import DriveTable
from scenarios.assembly import DRIVES, load_robot
from scenarios.physics.check import Check, Finding
from sim.experiments.drive_rig import DriveRig, order

Array = NDArray[np.float64]

JOINT = "left_knee_joint"
STEPS = (0.002, 0.001, 0.0005)
"""Steps of the physics [s]."""


def knee(**changes: float) -> tuple[JointLimits, DriveTable]:
    """Limits and drive of one knee, without friction, and with other properties where they are given."""
    whole = load_robot()
    at = whole.index(JOINT)
    limits = whole.limits
    one = JointLimits(
        limits.lower[[at]], limits.upper[[at]], limits.velocity[[at]], limits.effort[[at]], (JOINT,)
    )  # fmt: skip
    drive = DriveTable.parse(DRIVES.read_text(encoding="utf-8"), [JOINT])
    changes = {"coulomb_friction": 0.0, "viscous_friction": 0.0, **changes}
    arrays: dict[str, Any] = {name: np.array([value]) for name, value in changes.items()}
    return one, replace(drive, **arrays)


def _torque_step() -> tuple[Finding, ...]:
    """A torque is asked of a wheel so heavy that it hardly turns."""
    findings: list[Finding] = []
    limits, drive = knee()
    bandwidth, delay, inertia, start = float(drive.torque_bandwidth[0]), float(drive.command_delay[0]), 1e3, 0.01
    for step in STEPS:
        with DriveRig(limits, drive, inertia, step) as rig:
            record = rig.run(0.05, lambda time: order(torque=20.0 * (time > start - 1e-9)))
        before, after = record.motor_torque[round(start / step) - 1], record.motor_torque[-1]
        rounded = step * np.floor(delay / step + 0.5 + 1e-9)
        lag = np.maximum(0.0, record.time - start - rounded)
        expected = before + (after - before) * -np.expm1(-bandwidth * lag)
        error = float(np.abs(record.motor_torque - expected)[record.time > start].max() / (after - before))
        name = f"step of {1e3 * step:g} ms"
        findings.append(Finding(f"{name}: motor torque, greatest error of its size", error, 0.0, "1", 1e-6, 1.0))
        unfit = abs(rounded - delay) / step  # what the rounding of the delay to whole steps leaves
        # What the wheel lacks in momentum is delay and lag, by the physics and not by the drive's own word.
        gained = inertia * float(record.velocity[-1]) - before * record.time[-1]
        late = float(record.time[-1]) - start - gained / (after - before)
        findings.append(
            Finding(f"{name}: wheel's momentum is late by", late, delay + 1.0 / bandwidth, "s", unfit + 0.01, step)
        )
    return tuple(findings)


def _position_step() -> tuple[Finding, ...]:
    """A step of the position with stiffness and damping, against the exact solution of the continuous loop."""
    limits, drive = knee()
    inertia, stiffness, damping, size = 0.3, 80.0, 3.0, 0.1
    delay, start, seconds = float(drive.command_delay[0]), 0.02, 0.6
    findings: list[Finding] = []
    for step in STEPS:
        with DriveRig(limits, drive, inertia, step) as rig:
            record = rig.run(
                seconds, lambda time: order(size * (time > start - 1e-9), stiffness=stiffness, damping=damping)
            )  # fmt: skip
        exact = _loop(drive, inertia, stiffness, damping, np.maximum(0.0, record.time - start - delay))
        error = float(np.abs(record.position / record.position[-1] - exact / exact[-1]).max())
        findings.append(
            Finding(
                f"step of {1e3 * step:g} ms: angle, greatest error of the step's size",
                error,
                0.0,
                "1",
                12.0 * step,
                1.0,
            )
        )
    overshoot = float(record.position.max() / size)
    findings.append(Finding("overshoot, drive with its lags", overshoot, float(exact.max()), "1", 0.01))
    return tuple(findings)


def _loop(drive: DriveTable, inertia: float, stiffness: float, damping: float, times: Array) -> Array:
    """Answer of angle, speed, motor torque and filtered speed to a unit step; the angle at equidistant times."""
    torque, filter_ = float(drive.torque_bandwidth[0]), float(drive.velocity_bandwidth[0])
    system = np.array(
        (
            (0.0, 1.0, 0.0, 0.0),
            (0.0, 0.0, 1.0 / inertia, 0.0),
            (-torque * stiffness, 0.0, -torque, -torque * damping),
            (0.0, filter_, 0.0, -filter_),
        )
    )
    rest = np.array((1.0, 0.0, 0.0, 0.0))
    return np.array([(rest - expm(system * time) @ rest)[0] for time in times.tolist()])


def _speed_limit() -> tuple[Finding, ...]:
    """Full torque on a free wheel: to the knee of the torque-speed line evenly, beyond it ever more slowly."""
    limits, drive = knee()
    inertia, start, effort, fastest = 5.0, 0.01, float(limits.effort[0]), float(limits.velocity[0])
    share = float(drive.knee[0])
    bend, rate = share * fastest, effort / (1.0 - share) / (inertia * fastest)
    late = float(drive.command_delay[0]) + 1.0 / float(drive.torque_bandwidth[0])
    findings: list[Finding] = []
    for step in STEPS:
        with DriveRig(limits, drive, inertia, step) as rig:
            record = rig.run(1.2, lambda time: order(torque=effort * (time > start - 1e-9)))
        time = record.time - start - late
        turn = bend * inertia / effort
        line = np.where(
            time < turn, effort / inertia * time, fastest - (fastest - bend) * np.exp(-rate * (time - turn))
        )
        error = np.abs(record.velocity - line)[record.time > 0.05] / fastest
        findings.append(
            Finding(
                f"step of {1e3 * step:g} ms: speed, greatest error of the limit",
                float(error.max()),
                0.0,
                "1",
                0.005,
                1.0,
            )
        )
    return tuple(findings)


CHECKS = (
    Check("drive-torque-step", "a drive's torque comes after its delay and as 1 - exp(-bandwidth t)", _torque_step),
    Check("drive-position-step", "an impedance with all lags answers as its linear system does", _position_step),
    Check("drive-speed-limit", "a free joint runs up along the torque-speed line", _speed_limit),
)
