"""The torque that position, velocity and feed-forward of a command come to, kept within what a joint may have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot.command_clamp import DAMPING, POSITION, STIFFNESS, TORQUE, VELOCITY
from robot.drive_status import DriveStatus
from robot.safety.limits import SafetyLimits
from robot.state import RobotState

Array = NDArray[np.float64]


def torque_asked(block: Array, position: Array, velocity: Array) -> Array:
    """Torque that drives make of a command, shape (5, n), at a position [rad] and velocity [rad/s], shape (n,) [Nm]."""
    spring = block[STIFFNESS] * (block[POSITION] - position)
    damper = block[DAMPING] * (block[VELOCITY] - velocity)
    total: Array = spring + damper + block[TORQUE]
    return total


def bound_torque(block: Array, state: RobotState, limit: Array) -> NDArray[np.bool_]:
    """Reduce a command until its whole torque at the measured state is within limits.

    The feed-forward torque is clipped first. If the whole is still beyond, stiffness and damping are reduced by one
    factor, with which it is at the limit: so its sign stays, and the feed-forward torque keeps its rate.

    Args:
        block: The command, shape (5, n); it is changed in place.
        state: The newest state. Where it has a NaN nothing can be told, and the drive's own limit is left.
        limit: Greatest torque, shape (n,) [Nm].

    Returns:
        Which joints had to be reduced, shape (n,).
    """
    torque = block[TORQUE]
    clipped = np.minimum(np.maximum(torque, -limit), limit)
    reduced: NDArray[np.bool_] = clipped != torque
    torque[:] = clipped
    with np.errstate(invalid="ignore"):  # an infinite reading times no stiffness
        total = torque_asked(block, state.joint_position, state.joint_velocity)
    over = np.abs(total) > limit
    if np.count_nonzero(over):
        room = np.copysign(limit[over], total[over]) - torque[over]
        share = room / (total[over] - torque[over])
        block[STIFFNESS, over] *= share
        block[DAMPING, over] *= share
        reduced |= over
    return reduced


def torque_left(drives: DriveStatus, limits: SafetyLimits) -> tuple[Array, Array]:
    """Share of the torque that the temperatures of windings and of power stages leave, shape (n,) each [1].

    It falls in a straight line from all of it to none; a temperature that is not known takes nothing.
    """
    return (
        _left(drives.motor_temperature, limits.motor_derate, limits.motor_fault),
        _left(drives.driver_temperature, limits.driver_derate, limits.driver_fault),
    )


def _left(temperature: Array, begin: float, end: float) -> Array:
    share: Array = np.fmax(np.fmin((end - temperature) / (end - begin), 1.0), 0.0)
    return share
