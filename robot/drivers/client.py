"""One drive on a bus of python-can, for tools and commissioning: it asks, waits and compares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import can

from robot.drivers.can_message import from_message, to_message
from robot.drivers.codec import DriveCodec
from robot.drivers.frame import CanFrame
from robot.drivers.reply import DriveReply, FrameError
from robot.drivers.setpoint import DriveSetpoint, Special
from robot.drivers.verify import SettingsCheck

_Found = TypeVar("_Found")


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

    def verify(self) -> None:
        """Compare the drive's settings with the dialect file; a drive that cannot be asked is taken at its word.

        Raises:
            ValueError: One is otherwise, or the drive does not tell it.
        """
        check = SettingsCheck(self._codec)
        while not check.done:
            if self._exchange(check.question(), lambda frame: check.take(frame) or None) is None:
                break
        check.require()

    def configure(self) -> None:
        """Write every setting that the dialect file asks for; a drive keeps them until it loses power."""
        for name, setting in self._codec.settings.items():
            self._send(self._codec.write(name, setting.expected))

    def state(self) -> DriveReply | None:
        """The drive's state, without changing it; None if it does not reply, or replies to commands alone."""
        frames = self._codec.poll()
        return self._exchange(frames, self._reply) if frames else None

    def request(self, special: Special) -> DriveReply | None:
        """Ask for something else than a setpoint, once, and return the reply; None if there is none in time.

        Raises:
            ValueError: The drive cannot be asked that.
        """
        return self._once(self._codec.special(special), self._reply)

    def command(self, setpoint: DriveSetpoint) -> DriveReply | None:
        """Send a setpoint, once, and return the reply; None if there is none in time.

        Raises:
            ValueError: A number is not finite.
        """
        return self._once(self._codec.command(setpoint).frames, self._reply)

    def _reply(self, frame: CanFrame) -> DriveReply | None:
        reply = self._codec.reply(frame)
        if isinstance(reply, FrameError):
            self.refused.append(reply)
            return None
        return reply

    def _exchange(self, frames: tuple[CanFrame, ...], look: Callable[[CanFrame], _Found | None]) -> _Found | None:
        """Send until something is found among what arrives."""
        for _ in range(self._tries):
            found = self._once(frames, look)
            if found is not None:
                return found
        return None

    def _once(self, frames: tuple[CanFrame, ...], look: Callable[[CanFrame], _Found | None]) -> _Found | None:
        self._send(frames)
        end = self._clock() + self._patience
        while (left := end - self._clock()) > 0.0:
            message = self._bus.recv(left)
            frame = None if message is None else from_message(message)
            found = None if frame is None else look(frame)
            if found is not None:
                return found
        return None

    def _send(self, frames: Iterable[CanFrame]) -> None:
        for frame in frames:
            self._bus.send(to_message(frame))
