"""Frames of the codecs as messages of python-can, and back."""

from __future__ import annotations

import can

from robot.drivers.frame import CanFrame


def to_message(frame: CanFrame) -> can.Message:
    """The message that puts a frame on a bus; the payload of a CAN-FD frame goes at the faster rate."""
    return can.Message(
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
