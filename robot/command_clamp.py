"""The box that a command must be in: limits of position, velocity and torque, and greatest gains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot.command import Array, JointCommand, Reason, Reasons
from robot.limits import JointLimits, joint_label

POSITION, VELOCITY, TORQUE, STIFFNESS, DAMPING = range(5)
"""Rows of a command laid out as one block of shape (5, n)."""
_CLAMPED = np.array(
    [
        [Reason.POSITION_CLAMPED],
        [Reason.VELOCITY_CLAMPED],
        [Reason.TORQUE_CLAMPED],
        [Reason.GAIN_CLAMPED],
        [Reason.GAIN_CLAMPED],
    ],
    dtype=np.uint16,
)


class CommandClamp:
    """Brings commands into the box, each number by itself, and tells which ones were outside.

    It is used again and again: `look` takes a command in, the rest is about the last one.
    """

    def __init__(self, limits: JointLimits, stiffness_max: Array, damping_max: Array) -> None:
        """Lay out the box.

        Args:
            limits: Position, velocity and torque limits of n joints.
            stiffness_max: Greatest stiffness, shape (n,) [Nm/rad].
            damping_max: Greatest damping, shape (n,) [Nm·s/rad].

        Raises:
            ValueError: A gain has the wrong shape, is negative or not finite.
        """
        require_gain("stiffness_max", stiffness_max, limits)
        require_gain("damping_max", damping_max, limits)
        count = len(limits)
        self.lower: Array = np.zeros((5, count))
        """The least of each number, shape (5, n); not to be written to."""
        self.upper: Array = np.zeros((5, count))
        """The greatest of each number, the same."""
        self.lower[POSITION], self.upper[POSITION] = limits.lower, limits.upper
        self.lower[VELOCITY], self.upper[VELOCITY] = -limits.velocity, limits.velocity
        self.lower[TORQUE], self.upper[TORQUE] = -limits.effort, limits.effort
        self.upper[STIFFNESS], self.upper[DAMPING] = stiffness_max, damping_max
        self.lower.setflags(write=False)
        self.upper.setflags(write=False)
        self._asked = np.empty((5, count))
        self._differs = np.empty((5, count), dtype=np.bool_)
        self._finite = np.empty((5, count), dtype=np.bool_)
        self._clamped = np.empty((5, count), dtype=np.uint16)
        self.allowed: Array = np.empty((5, count))
        """The last command, brought into the box, shape (5, n); the next look writes it anew."""

    def look(self, command: JointCommand) -> bool:
        """Take a command with arrays of shape (n,), and tell whether it is in the box as it is."""
        asked, allowed, differs = self._asked, self.allowed, self._differs
        asked[POSITION] = command.position
        asked[VELOCITY] = command.velocity
        asked[TORQUE] = command.torque
        asked[STIFFNESS] = command.stiffness
        asked[DAMPING] = command.damping
        np.minimum(asked, self.upper, out=allowed)
        np.maximum(allowed, self.lower, out=allowed)
        np.not_equal(asked, allowed, out=differs)  # true for a NaN and an infinity as well
        return not np.count_nonzero(differs)

    def is_finite(self) -> bool:
        """Tell whether every number of the last command is finite."""
        np.isfinite(self._asked, out=self._finite)
        return bool(np.count_nonzero(self._finite) == self._finite.size)

    def reasons(self) -> Reasons:
        """What of the last command was outside of the box, bits for each joint, shape (n,)."""
        np.multiply(self._differs, _CLAMPED, out=self._clamped)
        reasons: NDArray[np.uint16] = np.bitwise_or.reduce(self._clamped)
        return reasons


def require_gain(name: str, values: Array, limits: JointLimits) -> None:
    """Refuse a gain that is not one finite value, zero or above, for each joint.

    Raises:
        ValueError: It is not; the message names the joint.
    """
    array = np.asarray(values)
    if array.shape != (len(limits),):
        raise ValueError(f"guard: {name} has shape {array.shape}, expected ({len(limits)},)")
    bad = ~(np.isfinite(array) & (array >= 0.0))
    if bad.any():
        index = int(np.argmax(bad))
        raise ValueError(
            f"guard: {joint_label(limits.names, index)} has {name} {array[index]}, it must be finite and not negative"
        )
