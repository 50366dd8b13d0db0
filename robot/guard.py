"""The safety guard: the last thing that a command passes before it reaches a bus."""

import math

import numpy as np

from robot.bus import Bus, Exchange, ManagedBus
from robot.command import AppliedCommand, Array, JointCommand, Reason, Reasons
from robot.command_clamp import DAMPING, STIFFNESS, CommandClamp, require_gain
from robot.damping import damping_command
from robot.limits import JointLimits, joint_label
from robot.shape import require_joint_count
from robot.state import RobotState


class GuardedBus(ManagedBus):
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
        self._clamp = CommandClamp(limits, stiffness_max, damping_max)
        require_gain("stop_damping", stop_damping, limits)
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
        self._stop_damping: Array = np.array(stop_damping, dtype=np.float64)
        self._stop_damping.setflags(write=False)
        self._stale_after = stale_after
        self._repeats_max = repeats_max

        self._state: RobotState | None = None
        self._latch = Reason.NONE
        self._stamp = math.nan
        self._repeats = 0

    @property
    def limits(self) -> JointLimits:
        """Limits of the joints."""
        return self._limits

    @property
    def stop_damping(self) -> Array:
        """Damping of a stopped joint, shape (n,), not to be written to [Nm·s/rad]."""
        return self._stop_damping

    def new_clamp(self) -> CommandClamp:
        """The guard's own box, for somebody who is to know beforehand what it would clamp."""
        upper = self._clamp.upper
        return CommandClamp(self._limits, upper[STIFFNESS], upper[DAMPING])

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

        clamp = self._clamp
        clean = clamp.look(command)
        if not math.isfinite(command.time) or not (clean or clamp.is_finite()):
            self._latch = Reason.NOT_FINITE | Reason.STOPPED
            self._bus.stop()
            return self._damp(state, self._latch)
        if self._is_stale(command.time, state.time):
            return self._damp(state, Reason.STALE)
        if clean:
            return self._forward(command, None)
        return self._forward(JointCommand(command.time, *clamp.allowed.copy()), clamp.reasons())

    def stop(self) -> None:
        """Damp every joint from now on, until the bus is opened again."""
        self._latch |= Reason.STOPPED
        self._bus.stop()

    def close(self) -> None:
        """Close the inner bus; closing twice does nothing."""
        self._state = None
        self._bus.close()

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
        reasons = np.full(self._count, reason, dtype=np.uint16)
        return self._forward(damping_command(state.time, position, self._stop_damping), reasons)

    def _forward(self, command: JointCommand, reasons: Reasons | None) -> Exchange:
        """Exchange with the inner bus and add the guard's reasons, if it has any, to those of the bus."""
        exchange = self._bus.exchange(command)
        self._state = exchange.state
        if reasons is None:
            return exchange
        applied = exchange.applied
        return Exchange(exchange.state, AppliedCommand(applied.command, applied.reasons | reasons))
