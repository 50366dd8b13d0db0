"""Frames of the codecs as messages of python-can, and back."""

from __future__ import annotations

import can

from robot.drivers.frame import CanFrame


class FrameMessage(can.Message):
    """A message of python-can that is copied as what it is: numbers, and a payload that nobody writes to.

    Its virtual bus gives every listener a deep copy, for which `can.Message` goes through its checks and the whole
    machinery of `copy`; that took a third of the time of all frames. Here copies share the payload.
    """

    __slots__ = ()

    def __deepcopy__(self, memo: dict[int, object] | None) -> FrameMessage:
        """Another message with the same payload."""
        copy = FrameMessage.__new__(FrameMessage)
        copy.timestamp, copy.channel, copy.is_rx = self.timestamp, self.channel, self.is_rx
        copy.arbitration_id, copy.is_extended_id = self.arbitration_id, self.is_extended_id
        copy.is_remote_frame, copy.is_error_frame = self.is_remote_frame, self.is_error_frame
        copy.is_fd, copy.bitrate_switch = self.is_fd, self.bitrate_switch
        copy.error_state_indicator = self.error_state_indicator
        copy.dlc, copy.data = self.dlc, self.data
        return copy


def to_message(frame: CanFrame) -> can.Message:
    """The message that puts a frame on a bus; the payload of a CAN-FD frame goes at the faster rate.

    Raises:
        ValueError: Id or payload is not that of a frame.
    """
    return FrameMessage(
        arbitration_id=frame.id,
        is_extended_id=frame.extended,
        data=frame.data,
        is_fd=frame.fd,
        bitrate_switch=frame.fd,
        check=True,
    )


def from_message(message: can.Message) -> CanFrame | None:
    """The frame that a message brought; None for an error frame or a remote request, which no drive here speaks in."""
    if message.is_error_frame or message.is_remote_frame:
        return None
    return CanFrame(message.arbitration_id, bytes(message.data), message.is_extended_id, message.is_fd)
