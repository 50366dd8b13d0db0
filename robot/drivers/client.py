"""One drive on a bus of python-can, for tools and commissioning: it asks and waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import can

from robot.drivers.can_message import from_message, to_message
from robot.drivers.codec import DriveCodec
from robot.drivers.frame import CanFrame
from robot.drivers.reply import DriveReply, FrameError
from robot.drivers.setpoint import DriveSetpoint, Special


class DriveClient:
    """The host of one drive. The loop of a whole robot does not use it: it waits for one drive at a time."""

    def __init__(
        self, bus: can.BusABC, codec: DriveCodec, clock: Callable[[], float], *, patience: float = 0.05, tries: int = 3
    ) -> None:
        """Speak with a drive.

        Args:
            bus: An open bus; its owner closes it.
            codec: The drive.
            clock: A monotonic clock [s].
            patience: How long to wait for a reply [s].
            tries: How often to ask in all.
        """
        self._bus, self._codec, self._clock = bus, codec, clock
        self._patience, self._tries = patience, tries
        self.refused: list[FrameError] = []
        """Frames of this drive that were not accepted, as they came."""

    def state(self) -> DriveReply | None:
        """The drive's state, without changing it; None if it does not reply, or replies to commands alone."""
        frames = self._codec.poll()
        for _ in range(self._tries if frames else 0):
            if (reply := self._once(frames)) is not None:
                return reply
        return None

    def request(self, special: Special) -> DriveReply | None:
        """Ask for something else than a setpoint, once, and return the reply; None if there is none in time.

        Raises:
            ValueError: The drive cannot be asked that.
        """
        return self._once(self._codec.special(special))

    def command(self, setpoint: DriveSetpoint) -> DriveReply | None:
        """Send a setpoint, once, and return the reply; None if there is none in time.

        Raises:
            ValueError: A number is not finite.
        """
        return self._once(self._codec.command(setpoint).frames)

    def _reply(self, frame: CanFrame) -> DriveReply | None:
        reply = self._codec.reply(frame)
        if isinstance(reply, FrameError):
            self.refused.append(reply)
            return None
        return reply

    def _once(self, frames: Iterable[CanFrame]) -> DriveReply | None:
        for frame in frames:
            self._bus.send(to_message(frame))
        end = self._clock() + self._patience
        while (left := end - self._clock()) > 0.0:
            message = self._bus.recv(left)
            frame_or_none = None if message is None else from_message(message)
            reply = None if frame_or_none is None else self._reply(frame_or_none)
            if reply is not None:
                return reply
        return None
