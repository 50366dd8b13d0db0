"""The bus of a robot with drives: commands go out as frames of its CAN buses, states come from the drives' replies."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack

import can
import numpy as np

from robot.body_senses import SenseSource
from robot.bus import Exchange, ManagedBus
from robot.bus_clock import BusClock
from robot.can_connect import settle
from robot.can_port import CanPort
from robot.command import AppliedCommand, Array, JointCommand, Reason, Reasons
from robot.damping import damping_command
from robot.drive_status import DriveStatus
from robot.drivers.reply import DriveReply, Fault, Power
from robot.drivers.setpoint import Special
from robot.shape import require_joint_count
from robot.state import RobotState
from robot.wiring import CanBus, DriveReadings, JointReadings, WiredBody, Wiring

_PATIENCE = 0.5
"""Within which every drive must have replied, and be on if it tells, when the bus is opened [s]."""
_TOGETHER = 0.04
"""For how long it is waited for that they are all heard in one period; where frames are lost they never are [s]."""
_REPEATS = 3
"""How often a request goes out that no drive need confirm."""


class DriveBus(ManagedBus):
    """A bus whose other end are drives on CAN buses, in simulation and on the robot.

    An exchange sends every drive its setpoint, lets the clock pass to the end of the period, and takes what has arrived
    meanwhile. A drive that was not heard is believed to be where it was; the state's `DriveStatus` has the age. While
    the drives are to be off, one whose loop a setpoint would close (moteus) is polled in its place.

    `open` compares or writes the drives' settings, and either switches them on under a first command, or leaves them
    off for a :class:`robot.safety.SupervisedBus`, for which this is a :class:`robot.safety.DriveSwitch`.
    """

    def __init__(
        self,
        wiring: Wiring,
        link: Callable[[CanBus], can.BusABC],
        senses: SenseSource,
        clock: BusClock,
        *,
        period: float,
        stop_damping: Array,
        first: JointCommand | None = None,
    ) -> None:
        """Make a bus; nothing is opened yet.

        Args:
            wiring: Which drive is where.
            link: Opens a CAN bus with python-can.
            senses: Where IMUs and localisation come from.
            clock: Tells the time.
            period: Of an exchange [s].
            stop_damping: Of a stopped joint, shape (n,) [Nm·s/rad].
            first: What the drives follow once they are on; None leaves them off when the bus is opened.
        """
        self._wiring, self._link, self._senses, self._clock = wiring, link, senses, clock
        self._period, self._stop_damping, self._first = period, stop_damping, first
        self._body, self._count = WiredBody(wiring), len(wiring.wires)
        pairs = [(linkage.pitch, linkage.roll) for linkage in wiring.linkages]
        self._pairs = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        self._ports: list[CanPort] = []
        self._state: RobotState | None = None
        self._forget()

    def _forget(self) -> None:
        count = self._count
        self._body.reset()
        self._replies: list[DriveReply | None] = [None] * count
        self._stamps = np.full(count, -math.inf)
        self._closed = self._stamps.copy()  # those of what the joints' numbers are from
        self._readings = np.zeros((3, count))
        self._joints: JointReadings | None = None
        self._due = self._clock.now()
        self._stopped, self._off = False, self._first is None

    @property
    def unsent(self) -> int:
        """Number of frames that interfaces did not take since the bus was opened."""
        return sum(port.unsent for port in self._ports)

    def open(self) -> RobotState:
        """Open the CAN buses, see to the drives' settings, and return the first state.

        Raises:
            ValueError: A drive does not reply, does not switch on, or is set otherwise than the dialect file says.
        """
        self.close()
        self._forget()
        try:
            for bus in self._wiring.buses:
                places = self._wiring.on(bus.name)
                self._ports.append(CanPort(bus.name, self._link(bus), self._wiring.codecs(bus.name), places))
            for port in self._ports:
                for _ in port.frames():  # what was sent before is no reply
                    pass
            settle(self._ports, self._pause, self._period)
            self._switch_on()
        except BaseException:
            self.close()
            raise
        self._state = self._sense()
        return self._state

    def exchange(self, command: JointCommand) -> Exchange:
        """Send a command, wait for the end of the period, and return the state that the drives have told by then.

        The command that is returned as applied is that of the joints; `reasons` tells where its frames say less.

        Raises:
            ValueError: An array of the command has the wrong shape, or a number is not finite.
            RuntimeError: The bus is not open.
        """
        state = self._opened()
        require_joint_count(command, self._count)
        if self._stopped:
            command = damping_command(self._clock.now(), state.joint_position, self._stop_damping)
        reasons = self._send(command)
        if self._stopped:
            reasons |= np.uint16(Reason.STOPPED)
        self._pause()
        self._collect()
        self._state = self._sense()
        return Exchange(self._state, AppliedCommand(command, reasons))

    def stop(self) -> None:
        """Damp every joint from now on, until the bus is opened again; the frames go out at once."""
        stopped, self._stopped = self._stopped, True
        if self._state is not None and not stopped:
            self._send(damping_command(self._clock.now(), self._state.joint_position, self._stop_damping))

    def close(self) -> None:
        """Open the drives' loops and shut the CAN buses down; closing twice does nothing.

        Whatever one bus raises, the others are seen to first.
        """
        self._state = None
        ports, self._ports = self._ports, []
        with ExitStack() as last_first:
            for port in ports:
                last_first.callback(port.close)
            for port in ports * _REPEATS:
                last_first.callback(port.request, Special.DISABLE)

    def enable(self) -> None:
        """Ask every drive to close its loop; a drive that has done so says it in its status."""
        self._off = False
        self._request(Special.SELECT_IMPEDANCE)
        self._request(Special.ENABLE)

    def disable(self) -> None:
        """Ask every drive to open its loop: the joints are free."""
        self._off = True
        self._request(Special.DISABLE)

    def clear(self) -> None:
        """Ask every drive to clear its faults."""
        self._request(Special.CLEAR)

    def _opened(self) -> RobotState:
        if self._state is None:
            raise RuntimeError("the bus of the drives is closed: open it first")
        return self._state

    def _request(self, special: Special) -> None:
        for port in self._ports:
            port.request(special)

    def _switch_on(self) -> None:
        """Hear from every drive, and see it on under the first command if there is one.

        A drive that fell silent meanwhile is cleared of that, and of no other fault.

        Raises:
            ValueError: A drive does not reply, or does not switch on.
        """
        zero = np.zeros(self._count)
        free = JointCommand(self._clock.now(), zero, zero, zero, zero, zero)
        for number in range(math.ceil(_PATIENCE / self._period)):
            missing = self._missing()
            if self._first is not None and missing:
                # A host that was late while it switched them on is no fault of theirs.
                silent = [place for place in missing if self._fault(place) is Fault.SILENCE]
                asked = ((Special.CLEAR, silent), (Special.SELECT_IMPEDANCE, missing), (Special.ENABLE, missing))
                for special, places in asked if silent else asked[1:]:  # in periods of their own: a bus has its load
                    for port in self._ports:
                        port.request(special, places)
                    self._pause()
                    self._collect()
                missing = self._missing()
            self._send(free if self._first is None or missing else self._first)
            self._pause()
            self._collect()
            fresh = float((self._clock.now() - self._stamps).max()) < self._period
            heard = number + 1 >= (_REPEATS if fresh else _TOGETHER / self._period)
            if heard and not self._missing():
                break
        missing = self._missing()
        if missing:
            wire = self._wiring.wires[missing[0]]
            reply = self._replies[missing[0]]
            what = "does not reply" if reply is None else f"does not switch on: it is {reply.power.value}"
            if reply is not None and reply.power is Power.FAULT:
                what += f", {reply.fault.value}"
            unsent = next(port.unsent for port in self._ports if port.name == wire.bus)
            if unsent:
                what += f" (its interface did not take {unsent} frames)"
            raise ValueError(
                f"bus {wire.bus!r}: drive {wire.name!r} ({wire.id}) {what}; "
                f"look at its supply, its id and its wiring (draisine drives scan)"
            )

    def _fault(self, place: int) -> Fault:
        """What a drive last said that is wrong with it."""
        reply = self._replies[place]
        return Fault.NONE if reply is None else reply.fault

    def _missing(self) -> list[int]:
        """Places of the drives that have not replied yet, or are to be on and say that they are not."""
        on = (Power.ON, Power.UNKNOWN)
        return [
            place
            for place, reply in enumerate(self._replies)
            if reply is None or (self._first is not None and reply.power not in on)
        ]

    def _send(self, command: JointCommand) -> Reasons:
        sent = self._body.setpoints(command)
        setpoints, reasons = sent.each(), sent.reasons.copy()
        for port in self._ports:
            for place, reason in zip(port.places, port.command(setpoints, off=self._off), strict=True):
                if reason:
                    reasons[place] |= reason
        return reasons

    def _pause(self) -> None:
        """Let the clock pass to the end of the period.

        Periods lie on a grid from the bus's opening on. Where the end of this one is over already, it is that of the
        period that is going on: nothing is made up for, the phase stays, and the drives have had time to reply.
        """
        self._due += self._period
        late = self._clock.now() - self._due
        if late > 0.0:
            self._due += self._period * math.ceil(late / self._period)
        self._clock.wait_until(self._due)

    def _collect(self) -> None:
        for port in self._ports:
            port.collect(self._take)

    def _take(self, place: int, reply: DriveReply, stamp: float) -> None:
        time = self._clock.time_of(stamp)
        if time >= self._stamps[place]:
            self._replies[place], self._stamps[place] = reply, time
            self._readings[:, place] = reply[:3]

    def _sense(self) -> RobotState:
        now = self._clock.now()
        joints = self._joints = self._body.joints(DriveReadings(*self._readings), self._joints)
        closed, unclosed = self._closed, self._body.unclosed
        kept = closed[unclosed]
        np.copyto(closed, self._stamps)
        closed[unclosed] = kept
        pelvis, torso, localization = self._senses.read(now)
        return RobotState(
            time=now,
            joint_position=joints.position,
            joint_velocity=joints.velocity,
            joint_torque=joints.torque,
            pelvis_imu=pelvis,
            torso_imu=torso,
            localization=localization,
            drives=DriveStatus.of_replies(self._replies, now - closed, pairs=self._pairs),
        )
