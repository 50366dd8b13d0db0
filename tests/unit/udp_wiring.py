"""A copy of the wiring file whose buses are ports of this machine, with drives of all dialects that have a watchdog."""

import os
import re
import socket

from scenarios.drives.udp_link import GROUP
from scenarios.wiring import WIRING

OTHERS = {
    "left_wrist_pitch_joint": "qdd100",
    "left_wrist_roll_joint": "mini_cheetah",
    "left_grip_joint": "ak80_9",
}
"""Joints that get another drive, and which."""


def write_udp_wiring(file, others=OTHERS):
    """Write it; other test processes have other ports."""
    text = WIRING.read_text(encoding="utf-8")
    for number in range(4):
        text = text.replace(f'"can{number}"', f'"{GROUP}:{_free_port()}"')
    text = text.replace('"socketcan"', '"udp_multicast"')
    for joint, model in others.items():
        text, count = re.subn(rf'(joint = "{joint}"\nmodel = )"\w+"', rf'\1"{model}"', text)
        assert count == 1
    file.write_text(text, encoding="utf-8")
    return file


def _free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("", 0))
        return one.getsockname()[1]


def no_multicast():
    """Whether a message that is sent to a group does not come back on this machine."""
    import can

    from scenarios.drives.udp_link import UdpLink

    channel = f"{GROUP}:{20_000 + os.getpid() % 20_000}"
    try:
        one, other = UdpLink(channel, fd=True), UdpLink(channel, fd=True)
    except can.CanError:
        return True
    try:
        one.send(can.Message(arbitration_id=1, is_extended_id=False))
        return other.recv(1.0) is None
    except can.CanError:
        return True
    finally:
        one.shutdown()
        other.shutdown()
