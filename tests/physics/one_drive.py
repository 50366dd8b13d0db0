"""One drive, ideal but for what a test gives it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import robot
from robot import JointCommand, JointLimits
from robot.drives import DriveTable, FrameBits
from sim.drives import DriveBank

EFFORT, SPEED, KNEE = 40.0, 10.0, 0.6
STEP = 0.001
FINE = 1e-4
"""Greatest error of what went through the ideal drive's frame."""
_IDEAL = {
    "rotor_inertia": 0.03, "coulomb_friction": 0.0, "viscous_friction": 0.0, "knee": KNEE, "torque_bandwidth": 1e9,
    "command_delay": 0.0, "encoder_counts": 2.0**45, "encoder_noise": 0.0, "velocity_bandwidth": 1e9,
    "torque_constant_error": 0.0, "position_range": 100.0, "velocity_range": 100.0, "torque_range": 2000.0,
}  # fmt: skip


def table(**changes):
    """The drive's properties; what is not given is ideal, or that of a knee."""
    text = Path(robot.__file__).with_name("drives.toml").read_text(encoding="utf-8")
    frame = changes.pop("frame", FrameBits(32, 32, 32, 32, 32))
    arrays: dict[str, Any] = {name: np.array([value]) for name, value in {**_IDEAL, **changes}.items()}
    return replace(DriveTable.parse(text, ["left_knee_joint"]), frame=frame, **arrays)


def bank(step=STEP, noise_scale=0.0, seed=0, at=0.0, velocity=0.0, **changes):
    """A bank of this one drive, started at a position and a velocity."""
    one = np.ones(1)
    limits = JointLimits(-3 * one, 3 * one, SPEED * one, EFFORT * one)
    drives = DriveBank(limits, table(**changes), step, 0.002, noise_scale, np.random.default_rng(seed))
    drives.start(np.array([[at], [velocity]]))
    return drives


def order(to_position=0.0, to_velocity=0.0, torque=0.0, stiffness=0.0, damping=0.0):
    """A command to it."""
    return JointCommand(0.0, *(np.array([value]) for value in (to_position, to_velocity, torque, stiffness, damping)))
