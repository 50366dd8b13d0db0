"""The safety guard: the last thing that a command passes before it reaches a bus."""

import math
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from robot.bus import Bus, Exchange
from robot.command import AppliedCommand, Array, JointCommand, Reason
from robot.damping import damping_command
from robot.limits import JointLimits, joint_label
from robot.shape import require_joint_count
from robot.state import RobotState

# Rows of a command laid out as one block of shape (5, n), and what clamping a row is called.
_POSITION, _VELOCITY, _TORQUE, _STIFFNESS, _DAMPING = range(5)
_CLAMPED = np.array(
    [
        [Reason.POSITION_CLAMPED],
        [Reason.VELOCITY_CLAMPED],
        [Reason.TORQUE_CLAMPED],
        [Reason.GAIN_CLAMPED],
        [Reason.GAIN_CLAMPED],
    ],
    dtype=np.uint8,
)


class GuardedBus:
    """A bus in front of another bus, through which only commands that are finite, within limits and fresh pass.

    Each exchange does the first of these that applies:

    1. After :meth:`stop`, or once a command had a NaN or an infinity in it, every joint is damped until the bus is
       opened again (``STOPPED``, or ``NOT_FINITE | STOPPED``). The inner bus is stopped too, so that the drives stay
       safe should this process die next.
    2. A command whose time is further than ``stale_after`` from that of the newest state, or that has come again with
       the same time more than ``repeats_max`` times in a row, is answered by damping every joint until a fresh one
       comes (``STALE``). The first finds a controller that has fallen silent, the second does so on a bus whose
       clock stands still.
    3. Position, velocity, feed-forward torque and gains are clamped, each joint by itself (``..._CLAMPED``).
       The drive's own limit bounds the torque that the whole command adds up to.

    A command that needs nothing goes on as it is, without a copy.
    """

    def __init__(
        self,
        bus: Bus,
        limits: JointLimits,
        *,
        stiffness_max: Array,
        damping_max: Array,
        stop_damping: Array,
        stale_after: float = 0.05,
        repeats_max: int = 25,
    ) -> None:
        """Put a guard before a bus.

        Args:
            bus: The bus that gets what the guard lets through.
            limits: Position, velocity and torque limits of its n joints.
            stiffness_max: Greatest stiffness, shape (n,) [Nm/rad].
            damping_max: Greatest damping, shape (n,) [Nm·s/rad].
            stop_damping: Damping of a stopped or stale joint, shape (n,) [Nm·s/rad], at most damping_max.
            stale_after: Greatest age of a command, and greatest lead over the state's clock [s].
            repeats_max: How often the same command time may come again in a row.

        Raises:
            ValueError: A gain has the wrong shape, is negative or not finite, or a time or count is not positive.
        """
        self._bus = bus
        self._limits = limits
        _check_gain("stiffness_max", stiffness_max, limits)
        _check_gain("damping_max", damping_max, limits)
        _check_gain("stop_damping", stop_damping, limits)
        excess = np.asarray(stop_damping) > np.asarray(damping_max)
        if excess.any():
            index = int(np.argmax(excess))
            raise ValueError(
                f"guard: {joint_label(limits.names, index)} has stop_damping {stop_damping[index]} above its "
                f"damping_max {damping_max[index]} Nm·s/rad"
            )
        if not (math.isfinite(stale_after) and stale_after > 0.0):
            raise ValueError(f"guard: stale_after is {stale_after} s, it must be finite and above zero")
        if repeats_max < 1:
            raise ValueError(f"guard: repeats_max is {repeats_max}, it must be at least 1")

        self._count = len(limits)
        self._lower = np.zeros((5, self._count))
        self._upper = np.zeros((5, self._count))
        self._lower[_POSITION], self._upper[_POSITION] = limits.lower, limits.upper
        self._lower[_VELOCITY], self._upper[_VELOCITY] = -limits.velocity, limits.velocity
        self._lower[_TORQUE], self._upper[_TORQUE] = -limits.effort, limits.effort
        self._upper[_STIFFNESS], self._upper[_DAMPING] = stiffness_max, damping_max
        self._stop_damping: Array = np.array(stop_damping, dtype=np.float64)
        self._stop_damping.setflags(write=False)
        self._stale_after = stale_after
        self._repeats_max = repeats_max

        self._asked = np.empty((5, self._count))
        self._allowed = np.empty((5, self._count))
        self._differs = np.empty((5, self._count), dtype=np.bool_)
        self._finite = np.empty((5, self._count), dtype=np.bool_)
        self._clamped = np.empty((5, self._count), dtype=np.uint8)

        self._state: RobotState | None = None
        self._latch = Reason.NONE
        self._stamp = math.nan
        self._repeats = 0

    def open(self) -> RobotState:
        """Open the inner bus, forget an earlier stop, and return the first state."""
        self._state = None
        self._state = self._bus.open()
        self._latch = Reason.NONE
        self._stamp = math.nan
        self._repeats = 0
        return self._state

    def exchange(self, command: JointCommand) -> Exchange:
        """Pass on a command, or what the guard puts in its place, and return the state after one control period.

        Raises:
            ValueError: An array of the command has the wrong shape.
            RuntimeError: The bus is not open.
        """
        state = self._state
        if state is None:
            raise RuntimeError("the guarded bus is closed: open it before exchanging commands")
        require_joint_count(command, self._count)

        if self._latch:
            return self._damp(state, self._latch)

        asked, allowed, differs = self._asked, self._allowed, self._differs
        asked[_POSITION] = command.position
        asked[_VELOCITY] = command.velocity
        asked[_TORQUE] = command.torque
        asked[_STIFFNESS] = command.stiffness
        asked[_DAMPING] = command.damping
        np.minimum(asked, self._upper, out=allowed)
        np.maximum(allowed, self._lower, out=allowed)
        np.not_equal(asked, allowed, out=differs)  # true for a NaN and an infinity as well
        clean = not np.count_nonzero(differs)

        if not math.isfinite(command.time) or not (clean or self._asked_is_finite()):
            self._latch = Reason.NOT_FINITE | Reason.STOPPED
            self._bus.stop()
            return self._damp(state, self._latch)
        if self._is_stale(command.time, state.time):
            return self._damp(state, Reason.STALE)
        if clean:
            return self._forward(command, None)
        np.multiply(differs, _CLAMPED, out=self._clamped)
        return self._forward(JointCommand(command.time, *allowed.copy()), np.bitwise_or.reduce(self._clamped))

    def stop(self) -> None:
        """Damp every joint from now on, until the bus is opened again."""
        self._latch |= Reason.STOPPED
        self._bus.stop()

    def close(self) -> None:
        """Close the inner bus; closing twice does nothing."""
        self._state = None
        self._bus.close()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop()
        finally:
            self.close()

    def _asked_is_finite(self) -> bool:
        """Tell whether every number of the command in hand is finite."""
        np.isfinite(self._asked, out=self._finite)
        return bool(np.count_nonzero(self._finite) == self._finite.size)

    def _is_stale(self, command_time: float, state_time: float) -> bool:
        """Judge the age of a command and count how often its time has come again."""
        if command_time == self._stamp:
            self._repeats += 1
        else:
            self._stamp = command_time
            self._repeats = 0
        in_time = abs(state_time - command_time) <= self._stale_after  # false when the state's time is a NaN
        return not in_time or self._repeats > self._repeats_max

    def _damp(self, state: RobotState, reason: Reason) -> Exchange:
        """Damp every joint for one period and give one reason for all of them."""
        limits = self._limits
        # fmin and fmax step over a NaN, so what goes out is finite whatever a broken sensor says.
        position = np.fmax(np.fmin(state.joint_position, limits.upper), limits.lower)
        reasons = np.full(self._count, reason, dtype=np.uint8)
        return self._forward(damping_command(state.time, position, self._stop_damping), reasons)

    def _forward(self, command: JointCommand, reasons: NDArray[np.uint8] | None) -> Exchange:
        """Exchange with the inner bus and add the guard's reasons, if it has any, to those of the bus."""
        exchange = self._bus.exchange(command)
        self._state = exchange.state
        if reasons is None:
            return exchange
        applied = exchange.applied
        return Exchange(exchange.state, AppliedCommand(applied.command, applied.reasons | reasons))


def _check_gain(name: str, values: Array, limits: JointLimits) -> None:
    """Raise ValueError unless there is one finite value, zero or above, for each joint."""
    array = np.asarray(values)
    if array.shape != (len(limits),):
        raise ValueError(f"guard: {name} has shape {array.shape}, expected ({len(limits)},)")
    bad = ~(np.isfinite(array) & (array >= 0.0))
    if bad.any():
        index = int(np.argmax(bad))
        raise ValueError(
            f"guard: {joint_label(limits.names, index)} has {name} {array[index]}, it must be finite and not negative"
        )
