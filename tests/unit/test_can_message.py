"""Frames as messages of python-can: the same in every field as it makes them itself, and copied for each listener."""

from copy import deepcopy

import can
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.drivers import CanFrame
from robot.drivers.can_message import from_message, to_message
from robot.drivers.frame import EXTENDED_IDS, STANDARD_IDS

FIELDS = [name for name in can.Message.__slots__ if not name.startswith("__")]


@st.composite
def frames(draw):
    extended, fd = draw(st.booleans()), draw(st.booleans())
    arbitration = draw(st.integers(0, (EXTENDED_IDS if extended else STANDARD_IDS) - 1))
    return CanFrame(arbitration, draw(st.binary(max_size=64 if fd else 8)), extended, fd)


def fields(message):
    return {name: getattr(message, name) for name in FIELDS}


@given(frames())
def test_a_frames_message_is_the_one_that_python_can_makes_and_comes_back(frame):
    message = to_message(frame)
    own = can.Message(
        arbitration_id=frame.id, is_extended_id=frame.extended, data=frame.data, is_fd=frame.fd,
        bitrate_switch=frame.fd, check=True,
    )  # fmt: skip
    assert fields(message) == fields(own)
    assert type(message.data) is type(own.data)
    assert from_message(message) == frame


@given(frames())
def test_a_copy_is_equal_and_takes_its_own_stamp_and_channel(frame):
    message = to_message(frame)
    message.timestamp = 1.5
    copy = deepcopy(message)
    assert fields(copy) == fields(message)
    copy.timestamp, copy.channel, copy.is_rx = 2.5, "can0", False
    assert (message.timestamp, message.channel, message.is_rx) == (1.5, None, True)
    assert fields(deepcopy(copy)) == fields(copy)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (CanFrame(0x800, b""), "id 0x800 and 0 bytes: standard ids are below 0x800"),
        (CanFrame(-1, b""), "standard ids are below"),
        (CanFrame(EXTENDED_IDS, b"", True), "extended ids are below 0x20000000"),
        (CanFrame(1, bytes(9)), "9 bytes: .* classic CAN has 8 bytes at most"),
        (CanFrame(1, bytes(65), False, True), "CAN-FD has 64 bytes at most"),
    ],
)
def test_what_is_no_frame_is_refused(frame, message):
    with pytest.raises(ValueError, match=message):
        to_message(frame)
