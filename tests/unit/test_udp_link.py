"""Buses between processes over UDP: everybody hears everybody but oneself, and each bus is one."""

import socket
from itertools import pairwise

import can
import pytest

from scenarios.drives.udp_link import GROUP, UdpLink
from tests.unit.udp_wiring import _free_port, no_multicast

pytestmark = pytest.mark.skipif(no_multicast(), reason="this machine has no multicast")


def test_everybody_hears_everybody_but_oneself():
    """With echoes, drives whose replies have the id of their commands would obey themselves for ever."""
    channel = f"{GROUP}:{_free_port()}"
    ends = [UdpLink(channel, fd=True) for _ in range(3)]
    try:
        for number, end in enumerate(ends):
            for low in range(3):
                end.send(can.Message(arbitration_id=16 * number + low, is_extended_id=False, data=b"\x01", is_fd=True))
        for number, end in enumerate(ends):
            heard = []
            while (message := end.recv(0.2)) is not None:
                heard.append(message.arbitration_id)
            assert heard == [16 * other + low for other in range(3) if other != number for low in range(3)]
            assert end.recv(0.0) is None
    finally:
        for end in ends:
            end.shutdown()


def test_what_waits_behind_ones_own_message_is_there_at_once():
    channel = f"{GROUP}:{_free_port()}"
    one, other = UdpLink(channel, fd=False), UdpLink(channel, fd=False)
    try:
        for _ in range(5):
            one.send(can.Message(arbitration_id=1, is_extended_id=False))
        other.send(can.Message(arbitration_id=2, is_extended_id=False))
        while other.recv(0.5) is not None:
            pass
        message = one.recv(0.0)
        assert message is not None
        assert message.arbitration_id == 2
    finally:
        one.shutdown()
        other.shutdown()


def test_what_is_no_message_is_an_error_of_the_bus():
    port = _free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        end = UdpLink(f"{GROUP}:{port}", fd=True)
        try:
            stranger.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
            stranger.sendto(b"no frame", (GROUP, port))
            with pytest.raises(can.CanOperationError, match=r"what came is no message of python-can"):
                end.recv(1.0)
        finally:
            end.shutdown()


def test_a_classic_end_hears_no_frames_of_can_fd():
    channel = f"{GROUP}:{_free_port()}"
    classic, fast = UdpLink(channel, fd=False), UdpLink(channel, fd=True)
    try:
        fast.send(can.Message(arbitration_id=1, is_extended_id=False, is_fd=True))
        fast.send(can.Message(arbitration_id=2, is_extended_id=False))
        heard = [message for _ in range(3) if (message := classic.recv(0.2)) is not None]
        assert [message.arbitration_id for message in heard] == [2]
    finally:
        classic.shutdown()
        fast.shutdown()


@pytest.mark.parametrize(
    "channel", ["can0", "10.0.0.1:43113", "239.74.163.2:0", "239.74.163.2:port", "239.74.163.2:99999"]
)
def test_what_is_no_group_and_port_is_refused(channel):
    with pytest.raises(ValueError, match=r"is no multicast group and port; write one as 239\.74\.163\.2:43113"):
        UdpLink(channel, fd=True)


def test_stamps_are_the_kernels_and_rise():
    channel = f"{GROUP}:{_free_port()}"
    one, other = UdpLink(channel, fd=True), UdpLink(channel, fd=True)
    try:
        for number in range(5):
            one.send(can.Message(arbitration_id=number, is_extended_id=False))
        stamps = [message.timestamp for _ in range(5) if (message := other.recv(0.5)) is not None]
        assert len(stamps) == 5
        assert all(before <= after for before, after in pairwise(stamps))
    finally:
        one.shutdown()
        other.shutdown()
