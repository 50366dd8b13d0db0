"""The watches on joints and their drives, all in one comparison of arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from robot.drive_status import FAULTS, POWERS
from robot.drive_words import Fault, Power
from robot.limits import JointLimits
from robot.safety.limits import SafetyLimits
from robot.safety.records import Trip
from robot.safety.watches import Watch, WatchTable
from robot.state import RobotState

Array = NDArray[np.float64]

_ROWS = (
    Watch.STATE_NOT_FINITE, Watch.POSITION_BEYOND, Watch.VELOCITY_BEYOND, Watch.TORQUE_BEYOND, Watch.ENCODER_STUCK,
    Watch.DRIVE_SILENT, Watch.BUS_SILENT, Watch.DRIVE_FAULT, Watch.DRIVE_OFF, Watch.CURRENT_HIGH, Watch.VOLTAGE_LOW,
    Watch.VOLTAGE_HIGH, Watch.MOTOR_WARM, Watch.MOTOR_HOT, Watch.DRIVER_WARM, Watch.DRIVER_HOT,
)  # fmt: skip
_PLACE = {watch: row for row, watch in enumerate(_ROWS)}
_STATUS = _PLACE[Watch.DRIVE_SILENT]
"""The first row that needs a drive status."""
_LOOP_OPEN = np.array([float(power not in (Power.ON, Power.UNKNOWN)) for power in POWERS])
_IN_ORDER = FAULTS.index(Fault.NONE)


class JointPanel:
    """Holds the newest state against the limits of every joint, and counts for how many ticks it has been beyond.

    What is not known (NaN) is not beyond a limit; that a position, velocity or torque is a NaN has its own watch.
    """

    def __init__(
        self, joints: JointLimits, limits: SafetyLimits, table: WatchTable, buses: Sequence[str] | None,
        blocked: NDArray[np.bool_] | None = None,
    ) -> None:  # fmt: skip
        """Lay out the limits.

        Args:
            joints: Limits of the n joints.
            limits: Of the watches.
            table: The watches.
            buses: Name of the bus that each joint's drive is on; None if that is not known.
            blocked: Which joints may be blocked by what they hold, shape (n,); None for none.

        Raises:
            ValueError: There is not a bus for each joint.
        """
        count = len(joints)
        free = np.ones(count, dtype=np.bool_) if blocked is None else ~blocked
        self._reading, self._sent_then = np.full(count, np.nan), np.zeros(count)
        if buses is not None and len(buses) != count:
            raise ValueError(f"safety: {len(buses)} names of buses for {count} joints")
        self._buses = tuple(buses) if buses is not None else ("",) * count
        places, self._bus_of = np.unique(self._buses, return_inverse=True)
        self._by_bus = np.argsort(self._bus_of, kind="stable")
        sizes = np.bincount(self._bus_of, minlength=places.size)
        self._begins = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        shared = (sizes[self._bus_of] > 1) & (buses is not None)
        self._lower = np.full((len(_ROWS), count), -np.inf)
        self._upper = np.full((len(_ROWS), count), np.inf)
        bounds: tuple[tuple[Watch, Array | float, Array | float], ...] = (
            (Watch.STATE_NOT_FINITE, -np.inf, 0.0),
            (Watch.POSITION_BEYOND, joints.lower - limits.position_margin, joints.upper + limits.position_margin),
            (
                Watch.VELOCITY_BEYOND,
                -limits.velocity_factor * joints.velocity,
                limits.velocity_factor * joints.velocity,
            ),
            (Watch.TORQUE_BEYOND, -limits.torque_factor * joints.effort, limits.torque_factor * joints.effort),
            (Watch.ENCODER_STUCK, -np.inf, np.where(free, limits.stuck_motion, np.inf)),
            (Watch.DRIVE_SILENT, -np.inf, limits.drive_age),
            (Watch.BUS_SILENT, -np.inf, np.where(shared, limits.bus_age, np.inf)),
            (Watch.DRIVE_FAULT, -np.inf, 0.0),
            (Watch.DRIVE_OFF, -np.inf, 0.0),
            (Watch.CURRENT_HIGH, -limits.current, limits.current),
            (Watch.VOLTAGE_LOW, limits.voltage_low, np.inf),
            (Watch.VOLTAGE_HIGH, -np.inf, limits.voltage_high),
            (Watch.MOTOR_WARM, -np.inf, limits.motor_warn),
            (Watch.MOTOR_HOT, -np.inf, limits.motor_fault),
            (Watch.DRIVER_WARM, -np.inf, limits.driver_warn),
            (Watch.DRIVER_HOT, -np.inf, limits.driver_fault),
        )
        for watch, lower, upper in bounds:
            self._lower[_PLACE[watch]], self._upper[_PLACE[watch]] = lower, upper
        self._ticks = np.array([[table[watch].ticks] for watch in _ROWS])
        self._values = np.full((len(_ROWS), count), np.nan)
        self._beyond, self._below = np.empty((2, len(_ROWS), count), dtype=np.bool_)
        self._since = np.zeros((len(_ROWS), count), dtype=np.int64)
        self._faults: NDArray[np.uint8] = np.zeros(count, dtype=np.uint8)
        self._codes: NDArray[np.int64] = np.zeros(count, dtype=np.int64)
        self.any = False
        """Whether a watch has tripped at the newest state."""

    def start(self) -> None:
        """Forget for how long anything has been so."""
        self._since.fill(0)
        self._reading.fill(np.nan)
        self.any = False

    def read(self, state: RobotState, sent: Array | None) -> None:
        """Hold a new state against the limits; call it once for each.

        Args:
            state: The state.
            sent: Positions that were sent before it, shape (n,) [rad], NaN for joints without stiffness; None for none.
        """
        values = self._values
        values[1], values[2], values[3] = state.joint_position, state.joint_velocity, state.joint_torque
        np.logical_not(np.isfinite(values[1:4]).all(axis=0), out=values[0])
        if sent is not None:
            moved, then = state.joint_position != self._reading, self._sent_then
            self._reading[:] = state.joint_position
            np.copyto(then, sent, where=moved | np.isnan(sent) | np.isnan(then))
            np.abs(sent - then, out=values[_PLACE[Watch.ENCODER_STUCK]])
        drives = state.drives
        if drives is None:
            values[_STATUS:] = np.nan
        else:
            values[_STATUS] = drives.age
            values[_STATUS + 1] = np.minimum.reduceat(drives.age[self._by_bus], self._begins)[self._bus_of]
            values[_STATUS + 2] = drives.fault != _IN_ORDER
            values[_STATUS + 3] = _LOOP_OPEN[drives.power]
            values[_STATUS + 4] = drives.current
            values[_STATUS + 5] = values[_STATUS + 6] = drives.voltage
            values[_STATUS + 7] = values[_STATUS + 8] = drives.motor_temperature
            values[_STATUS + 9] = values[_STATUS + 10] = drives.driver_temperature
            self._faults, self._codes = drives.fault, drives.code
        beyond, since = self._beyond, self._since
        np.greater(values, self._upper, out=beyond)
        np.less(values, self._lower, out=self._below)
        np.logical_or(beyond, self._below, out=beyond)
        np.add(since, 1, out=since)
        np.multiply(since, beyond, out=since)
        self.any = bool(np.count_nonzero(since >= self._ticks))

    def trips(self, *, at_once: bool = False) -> Iterator[Trip]:
        """What has tripped at the newest state, watch by watch; at once, however short it has been so."""
        if not (self.any or at_once):
            return
        for row, joint in np.argwhere(self._since >= (1 if at_once else self._ticks)):
            value = float(self._values[row, joint])
            lower, upper = float(self._lower[row, joint]), float(self._upper[row, joint])
            watch, note = _ROWS[row], ""
            if watch is Watch.DRIVE_FAULT:
                note = f"{FAULTS[self._faults[joint]].value}, code {self._codes[joint]}"
            elif watch is Watch.BUS_SILENT:
                note = f"bus {self._buses[joint]}"
            yield Trip(watch, int(joint), value, lower if value < lower else upper, note)
