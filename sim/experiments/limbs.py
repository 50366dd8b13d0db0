"""A robot whose joint drives follow a path, in the world's own drive law."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pybullet
from numpy.typing import NDArray

from robot import JointCommand
from sim.drives import DriveBank
from sim.experiments.flight import step
from sim.robot_body import RobotBody

Array = NDArray[np.float64]
Path = Callable[[float], tuple[Array, Array]]
"""Joint positions [rad] and velocities [rad/s] at a time [s], each of shape (n,)."""

PERIOD = 0.002
"""Of the commands [s]."""


def follow(body: RobotBody, path: Path, seconds: float) -> Iterator[int]:
    """Let the drives follow a path with their own gains; gives the number of steps made, after each one.

    The caller may read the body at every step; nothing touches it but its drives and what surrounds it.
    """
    physics, model = body.physics, body.model
    none = np.zeros(model.size)
    dt = physics.settings.step
    drives = DriveBank(model.limits, model.drives, dt, PERIOD, 0.0, np.random.default_rng(0))
    drives.start(body.motion)
    every = round(PERIOD / dt)
    for tick in range(round(seconds / dt)):
        if tick % every == 0:
            position, velocity = path(tick * dt)
            drives.follow(
                JointCommand(tick * dt, position, velocity, none, model.drives.stiffness, model.drives.damping)
            )
        body.apply(drives.torque(body.velocity))
        step(physics)
        body.read()
        drives.measure(body.position)
        yield tick + 1


def swinging(body: RobotBody, frequency: float = 1.0, reach: float = 0.5) -> Path:
    """Every joint swings about the middle of its range, out of step with its neighbours.

    Args:
        body: Whose joints.
        frequency: [Hz].
        reach: Amplitude [rad]; at most 40 % of half the joint's range, so that no stop is hit.
    """
    limits = body.model.limits
    middle, half = 0.5 * (limits.upper + limits.lower), 0.5 * (limits.upper - limits.lower)
    amplitude = np.minimum(reach, 0.4 * half)
    phase, turn, begin = np.arange(len(limits)), 2.0 * np.pi * frequency, 0.3

    def path(time: float) -> tuple[Array, Array]:
        share = amplitude * min(1.0, time / begin)
        return middle + share * np.sin(turn * time + phase), turn * share * np.cos(turn * time + phase)

    return path


def swimming(body: RobotBody, frequency: float = 1.0) -> Path:
    """Strokes: legs swing forward long and back short, the left arm goes around; each turns the floating body on.

    A cyclic motion of the limbs with no angular momentum, that leaves the body turned: the falling cat.
    """
    model = body.model
    middle, fore, out = np.zeros(model.size), np.zeros(model.size), np.zeros(model.size)
    for joint, rest, swing, bend in (
        ("left_hip_pitch_joint", -0.6, 0.9, 0.0),
        ("right_hip_pitch_joint", -0.6, 0.9, 0.0),
        ("left_knee_joint", 1.1, 0.0, 0.9),
        ("right_knee_joint", 1.1, 0.0, 0.9),
        ("left_shoulder_pitch_joint", -0.5, 1.2, 0.0),
        ("left_shoulder_roll_joint", 1.4, 0.0, 1.2),
        ("right_shoulder_roll_joint", -0.2, 0.0, 0.0),
    ):
        at = model.index(joint)
        middle[at], fore[at], out[at] = rest, swing, bend
    turn, begin = 2.0 * np.pi * frequency, 0.5

    def path(time: float) -> tuple[Array, Array]:
        grown, growth = (time / begin, 1.0 / begin) if time < begin else (1.0, 0.0)
        c, s = np.cos(turn * time), np.sin(turn * time)
        shape, change = fore * c + out * s, turn * (out * c - fore * s)
        return middle + grown * shape, grown * change + growth * shape

    return path


def free_joints(body: RobotBody) -> None:
    """Take away the stops of all joints, so that nothing is left that could take energy."""
    for joint in body.joint_index:
        pybullet.changeDynamics(
            body.id, joint, jointLowerLimit=-1e6, jointUpperLimit=1e6, physicsClientId=body.physics.id
        )
