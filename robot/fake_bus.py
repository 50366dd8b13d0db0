"""A bus without physics, for tests and for machines on which no simulator is installed."""

import math

import numpy as np

from robot.body_senses import BodySenses, StillSenses
from robot.bus import Exchange, ManagedBus
from robot.command import AppliedCommand, Array, JointCommand, Reason
from robot.damping import damping_command
from robot.drive_status import DriveStatus
from robot.shape import require_joint_count
from robot.state import ImuReading, LocalizationFix, RobotState

GRAVITY = 9.81  # [m/s²]
AMBIENT = 25.0  # [°C]


class FakeBus(ManagedBus):
    """A body that hangs still in space and whose joints go where they are told.

    Each joint is an ideal first-order follower: while its commanded stiffness is above zero, its position q obeys

        q' = (position - q) / time_constant

    solved exactly over one period, and it stands still otherwise, as a damped joint without load does. Velocity,
    damping and torque of a command move nothing. The state shows q and q' at the end of the period, and as torque the
    feed-forward torque. Both IMUs are at rest and aligned with the world, but for their last bit. The drives are in
    order.

    Nothing is limited here: put a :class:`~robot.guard.GuardedBus` in front for that.
    """

    def __init__(
        self,
        joint_position: Array,
        *,
        period: float = 0.002,
        time_constant: float = 0.02,
        stop_damping: float = 2.0,
        position_pelvis_in_world: Array | None = None,
    ) -> None:
        """Describe the body; :meth:`open` puts it at its start.

        Args:
            joint_position: Where the n joints start, shape (n,) [rad].
            period: Control period, the time that one exchange takes on the bus's own clock [s].
            time_constant: Time in which a joint does 63 % of a step [s].
            stop_damping: Damping that is reported as applied to every joint after a stop [Nm·s/rad].
            position_pelvis_in_world: What the localisation says in every state, shape (3,) [m]; None grants no fix.

        Raises:
            ValueError: A shape is wrong, a time is not positive, or the damping is negative.
        """
        start = np.array(joint_position, dtype=np.float64)
        if start.ndim != 1:
            raise ValueError(f"fake bus: joint_position has shape {start.shape}, expected (n,)")
        if not (math.isfinite(period) and period > 0.0):
            raise ValueError(f"fake bus: period is {period} s, it must be finite and above zero")
        if not (math.isfinite(time_constant) and time_constant > 0.0):
            raise ValueError(f"fake bus: time_constant is {time_constant} s, it must be finite and above zero")
        if not (math.isfinite(stop_damping) and stop_damping >= 0.0):
            raise ValueError(f"fake bus: stop_damping is {stop_damping} Nm·s/rad, it must be finite and not negative")
        pelvis = None if position_pelvis_in_world is None else np.array(position_pelvis_in_world, dtype=np.float64)
        if pelvis is not None and pelvis.shape != (3,):
            raise ValueError(f"fake bus: position_pelvis_in_world has shape {pelvis.shape}, expected (3,)")

        self._start = start
        self._period = period
        self._time_constant = time_constant
        self._approach = -math.expm1(-period / time_constant)  # share of the way that one period covers
        self._stop_damping = np.full(start.size, stop_damping)
        self._pelvis = pelvis
        imu = ImuReading(np.array([0.0, 0.0, 0.0, 1.0]), np.zeros(3), np.array([0.0, 0.0, GRAVITY]))
        self._felt = BodySenses(imu, imu, None)
        self._senses = StillSenses(self._felt)
        self._drives = DriveStatus.healthy(start.size, AMBIENT)
        self._no_reason = np.zeros(start.size, dtype=np.uint16)
        self._stopped_reason = np.full(start.size, Reason.STOPPED, dtype=np.uint16)

        # The states and exchanges of one bus share these.
        for shared in (start, self._no_reason, self._stopped_reason, self._stop_damping):
            shared.setflags(write=False)

        self._is_open = False
        self._stopped = False
        self._ticks = 0
        self._position = start

    def open(self) -> RobotState:
        """Put the joints and the clock at their start, forget an earlier stop, and return the first state."""
        self._is_open = True
        self._stopped = False
        self._ticks = 0
        self._position = self._start
        self._senses = StillSenses(self._felt)
        return self._state(np.zeros_like(self._start), np.zeros_like(self._start))

    def exchange(self, command: JointCommand) -> Exchange:
        """Let the joints follow a command for one period.

        Raises:
            ValueError: An array of the command has the wrong shape.
            RuntimeError: The bus is not open.
        """
        if not self._is_open:
            raise RuntimeError("the fake bus is closed: open it before exchanging commands")
        require_joint_count(command, self._position.size)
        reasons = self._no_reason
        if self._stopped:
            command = damping_command(self._ticks * self._period, self._position, self._stop_damping)
            reasons = self._stopped_reason

        follows = command.stiffness > 0.0
        error = np.where(follows, command.position - self._position, 0.0)
        self._position = self._position + self._approach * error
        velocity = (1.0 - self._approach) / self._time_constant * error
        self._ticks += 1
        return Exchange(self._state(velocity, command.torque.copy()), AppliedCommand(command, reasons))

    def stop(self) -> None:
        """Let every joint stand still from now on, until the bus is opened again."""
        self._stopped = True

    def close(self) -> None:
        """Close the bus; closing twice does nothing."""
        self._is_open = False

    def _state(self, velocity: Array, torque: Array) -> RobotState:
        """Show the body as it is now."""
        time = self._ticks * self._period
        fix = None if self._pelvis is None else LocalizationFix(time, self._pelvis)
        pelvis, torso, _ = self._senses.read(time)
        return RobotState(time, self._position, velocity, torque, pelvis, torso, fix, self._drives)
