"""From what is asked to what may go out: by degrees, at a rate, within the torque that is left."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from robot.command import Array, Reason
from robot.command_clamp import DAMPING, POSITION, STIFFNESS, TORQUE
from robot.guard import GuardedBus
from robot.safety.rate_limit import RateLimit
from robot.safety.staging import Staging
from robot.safety.supervision import Supervision
from robot.safety.torque_limit import bound_torque, torque_left
from robot.safety.watches import Watch
from robot.state import RobotState

Joints = NDArray[np.bool_]


class Cut(NamedTuple):
    """Joints that got less than what was asked.

    Attributes:
        watch: Why.
        joints: Which, shape (n,).
        asked: The number that was too far, shape (n,), in the unit of the limit.
    """

    watch: Watch
    joints: Joints
    asked: Array


class Shaper:
    """Makes the commands that go out.

    A command is a block of shape (5, n) with the rows of `robot.command_clamp`. Its order: what is asked, within the
    limits already; the way from the last command to it (`Staging`); the rates; the torque.
    """

    def __init__(self, guard: GuardedBus, settings: Supervision) -> None:
        """Make commands for the bus behind a guard."""
        joints = guard.limits
        self._joints, self._limits = joints, settings.limits
        self._stop_damping = guard.stop_damping
        self._rate = RateLimit(joints, settings.limits, settings.period)
        self._staging = Staging(len(joints))
        self._last = np.zeros((5, len(joints)))

    @property
    def staged(self) -> bool:
        """Whether commands are being brought in by degrees."""
        return self._staging.left > 0

    def rest(self, state: RobotState, *, free: bool = False) -> Array:
        """Every joint resists its motion, or none does, and nothing is held; it becomes the last command.

        The braking torque is within the joints' limits too, whatever their temperature is.
        """
        joints, last = self._joints, self._last
        last.fill(0.0)
        last[POSITION] = self._at(state)
        if not free:
            last[DAMPING] = self._stop_damping
            bound_torque(last, state, joints.effort)
        return last.copy()

    def begin(self, state: RobotState, ticks: int, *, at_rest: bool) -> None:
        """Bring in what is asked from now on over some ticks, from the measured state or from the last command.

        What is on its way already is not made faster by it.

        Args:
            state: The newest one.
            ticks: Number of exchanges.
            at_rest: Whether the joints hold nothing, so that it begins where they are.
        """
        if at_rest:
            self.rest(state)
        else:
            ticks = max(ticks, self._staging.left)
        self._staging.begin(self._last, ticks)

    def shape(self, block: Array, state: RobotState, lost: Joints | None) -> list[Cut]:
        """Bring what is asked into what may go out, in place; it becomes the last command.

        Args:
            block: What is asked, finite and within limits, shape (5, n).
            state: The newest one.
            lost: Joints out of service, which are damped; None for none.
        """
        cuts = []
        self._staging.apply(block)
        position, torque = block[POSITION].copy(), block[TORQUE].copy()
        far, sudden = self._rate.apply(block, self._last)
        if np.count_nonzero(far):
            cuts.append(Cut(Watch.POSITION_JUMP, far, position))
        if np.count_nonzero(sudden):
            cuts.append(Cut(Watch.TORQUE_JUMP, sudden, torque))
        if lost is not None:
            block[:, lost] = 0.0
            block[POSITION, lost] = self._at(state)[lost]
            block[DAMPING, lost] = self._stop_damping[lost]
        effort = self._joints.effort
        limit, warm = effort, None
        if state.drives is not None:
            motor, driver = torque_left(state.drives, self._limits)
            left = np.minimum(motor, driver)
            if lost is not None:
                left[lost] = 1.0
            if left.min() < 1.0:
                limit, warm = left * effort, (motor <= driver)
        self._torque(block, state, limit, warm, cuts)
        self._last[:] = block
        return cuts

    def _torque(self, block: Array, state: RobotState, limit: Array, warm: Joints | None, cuts: list[Cut]) -> None:
        """Keep the whole torque within limits; `warm` tells whether a winding is what leaves least of it."""
        before = block[TORQUE].copy()
        reduced = bound_torque(block, state, limit)
        if not np.count_nonzero(reduced):
            return
        derated = reduced & (limit < self._joints.effort)
        if warm is not None and np.count_nonzero(derated):
            for watch, joints in ((Watch.MOTOR_DERATED, derated & warm), (Watch.DRIVER_DERATED, derated & ~warm)):
                if np.count_nonzero(joints):
                    cuts.append(Cut(watch, joints, before))
        whole = reduced & ~derated
        if np.count_nonzero(whole):
            cuts.append(Cut(Watch.TORQUE_SUM, whole, before))

    def _at(self, state: RobotState) -> Array:
        """Where the joints are, within their limits, and finite whatever a broken sensor says, shape (n,) [rad]."""
        joints = self._joints
        position: Array = np.fmax(np.fmin(state.joint_position, joints.upper), joints.lower)
        return position

    def hold(self, state: RobotState, settings: Supervision) -> Array:
        """The command that holds the measured pose, shape (5, n)."""
        block = np.zeros_like(self._last)
        block[POSITION] = self._at(state)
        block[STIFFNESS], block[DAMPING] = settings.hold_stiffness, settings.hold_damping
        return block


def reasons_of(reason: Reason, count: int) -> NDArray[np.uint16]:
    """The same reason for every joint, shape (n,)."""
    return np.full(count, reason, dtype=np.uint16)
