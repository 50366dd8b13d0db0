"""Frames of the codecs as messages of python-can, and back."""

from __future__ import annotations

import can

from robot.drivers.frame import EXTENDED_IDS, STANDARD_IDS, CanFrame


class FrameMessage(can.Message):
    """A message of python-can that is made and copied as what it is: numbers, and a payload that nobody writes to.

    `can.Message` goes through every kind of argument when it is made, and when it is copied through the machinery of
    `copy`, which python-can's virtual bus does for each listener: a third of the time of all frames. Here copies share
    the payload.
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
        ValueError: The id or the payload is not that of such a frame.
    """
    arbitration, data, extended, fd = frame
    if not (0 <= arbitration < (EXTENDED_IDS if extended else STANDARD_IDS) and len(data) <= (64 if fd else 8)):
        raise ValueError(
            f"frame with id {arbitration:#x} and {len(data)} bytes: {'extended' if extended else 'standard'} ids are "
            f"below {EXTENDED_IDS if extended else STANDARD_IDS:#x}, and {'CAN-FD' if fd else 'classic CAN'} has "
            f"{64 if fd else 8} bytes at most"
        )
    message = FrameMessage.__new__(FrameMessage)
    message.timestamp, message.channel, message.is_rx = 0.0, None, True
    message.arbitration_id, message.is_extended_id = arbitration, extended
    message.is_remote_frame = message.is_error_frame = False
    message.is_fd = message.bitrate_switch = fd
    message.error_state_indicator = False
    message.dlc, message.data = len(data), bytearray(data)
    return message


def from_message(message: can.Message) -> CanFrame | None:
    """The frame that a message brought; None for an error frame or a remote request, which no drive here speaks in."""
    if message.is_error_frame or message.is_remote_frame:
        return None
    return CanFrame(message.arbitration_id, bytes(message.data), message.is_extended_id, message.is_fd)
