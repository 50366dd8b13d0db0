"""The host's end of one CAN bus: the drives on it, what they are sent, and what they replied last."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence

import can

from robot.drivers.can_message import from_message, to_message
from robot.drivers.codec import DriveCodec
from robot.drivers.frame import CanFrame
from robot.drivers.reply import DriveReply, FrameError
from robot.drivers.roster import Roster
from robot.drivers.setpoint import DriveSetpoint, Sent, Special

FAILURES = (can.CanError, OSError)
"""What a bus raises that has gone: python-can's own errors, and those of the system under some of its interfaces."""
_MOST = 4096
"""Frames that are taken from a bus at one time at most, so that a babbling node does not hold the loop."""


class CanPort:
    """An open CAN bus with its drives. It waits for nothing."""

    def __init__(self, name: str, link: can.BusABC, codecs: Sequence[DriveCodec], places: Sequence[int]) -> None:
        """Speak with the drives on a bus.

        Args:
            name: Of the bus.
            link: The bus, open; `close` shuts it down.
            codecs: Of its drives.
            places: Of the drives in the wiring, in the order of the codecs.
        """
        self.name, self.codecs, self.places = name, tuple(codecs), tuple(places)
        self._link, self._roster = link, Roster(codecs)
        self.unsent = 0
        """Number of frames that the interface did not take, as it does while its controller is bus-off."""

    def command(self, setpoints: Sequence[DriveSetpoint], *, off: bool = False) -> list[int]:
        """Send each drive its setpoint.

        Args:
            setpoints: Of all drives of the body.
            off: Whether the drives are to stay off: one that a setpoint would switch on is asked for its state alone.

        Returns:
            Bits of :class:`robot.Reason` for what was saturated to a frame's ranges, by drive of this bus.

        Raises:
            ValueError: A number is not finite.
        """
        reasons = []
        for place, codec in zip(self.places, self.codecs, strict=True):
            sent = Sent(codec.poll(), 0) if off and codec.wakes else codec.command(setpoints[place])
            self.send(sent.frames)
            reasons.append(sent.reasons)
        return reasons

    def request(self, special: Special, places: Container[int] | None = None) -> None:
        """Ask something of every drive that can be asked it, or of those of them that have these places."""
        for place, codec in zip(self.places, self.codecs, strict=True):
            if special in codec.specials and (places is None or place in places):
                self.send(codec.special(special))

    def send(self, frames: Iterable[CanFrame]) -> None:
        """Put frames on the bus; what the interface does not take is counted, for the other buses must go on.

        Nobody replies to what was not sent, so the state tells by its age that the bus is silent.
        """
        for frame in frames:
            try:
                self._link.send(to_message(frame))
            except FAILURES:
                self.unsent += 1

    def frames(self) -> Iterable[tuple[CanFrame, float]]:
        """What has arrived, with python-can's stamp [s]."""
        for _ in range(_MOST):
            try:
                message = self._link.recv(0.0)
            except FAILURES:  # the interface is down
                return
            if message is None:
                return
            frame = from_message(message)
            if frame is not None:
                yield frame, message.timestamp

    def collect(self, take: Callable[[int, DriveReply, float], None]) -> None:
        """Give away the states that have arrived: place of the drive, reply, stamp [s]; frames in disorder are lost."""
        for frame, stamp in self.frames():
            found = self._roster.hear(frame)
            if found is not None and found.drive is not None and not isinstance(found.reply, FrameError):
                take(self.places[found.drive], found.reply, stamp)

    def close(self) -> None:
        """Shut the bus down."""
        self._link.shutdown()
