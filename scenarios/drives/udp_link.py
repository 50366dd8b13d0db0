"""A CAN bus between processes of one machine, over UDP: python-can's interface, less the echo of what one sends."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address
from time import monotonic
from uuid import uuid4

import can
from can.interfaces.udp_multicast import UdpMulticastBus
from can.interfaces.udp_multicast.utils import unpack_message

GROUP, FIRST_PORT = "239.74.163.2", 43113
"""python-can's own group, and the port of the first bus."""


def channel_of(number: int) -> str:
    """The channel of a bus for which none is named, by its place in the wiring file.

    Every bus has a port of its own: a socket gets what comes to its port for any group that somebody on the machine
    has joined.
    """
    return f"{GROUP}:{FIRST_PORT + number}"


class UdpLink(UdpMulticastBus):
    """One end of such a bus.

    python-can's own hears what it sends itself, which no CAN controller does, and on a bus with PowerFlow drives a
    reply has the id of its command: drives would obey their own replies. So each end marks its messages.
    """

    def __init__(self, channel: str, *, fd: bool) -> None:
        """Open an end.

        Args:
            channel: Group and port, as 239.74.163.2:43113; without a port it is that one.
            fd: Whether it takes CAN-FD frames.

        Raises:
            ValueError: The channel is no group for multicast, or the port none.
            can.CanError: It does not open.
        """
        group, _, port = channel.partition(":")
        try:
            fine = IPv4Address(group).is_multicast and 0 < int(port or FIRST_PORT) < 65536
        except (AddressValueError, ValueError):
            fine = False
        if not fine:
            raise ValueError(f"channel {channel!r} is no multicast group and port; write one as {channel_of(0)}")
        self._mark = uuid4().hex
        self._marked = self._mark.encode()
        super().__init__(group, port=int(port or FIRST_PORT), hop_limit=0, fd=fd)

    def send(self, msg: can.Message, timeout: float | None = None) -> None:
        """Send a message to all other ends on this machine."""
        msg.channel = self._mark
        super().send(msg, timeout)

    def _recv_internal(self, timeout: float | None) -> tuple[can.Message | None, bool]:
        """The next message of another end; None if none comes in time [s]. One's own are not even unpacked."""
        end = None if timeout is None else monotonic() + timeout
        while (came := self._multicast.recv(timeout)) is not None:
            data, _, stamp = came
            if self._marked not in data:
                return self._message(data, stamp), False
            if end is not None:
                timeout = max(end - monotonic(), 0.0)
        return None, False

    def _message(self, data: bytes, stamp: float) -> can.Message | None:
        """A message from what came, with the kernel's stamp [s]; None if a classic bus does not take it.

        Raises:
            can.CanOperationError: It is none.
        """
        try:
            message = unpack_message(data, replace={"timestamp": stamp}, check=True)
        except Exception as error:  # what is on the wire can be anything, and so can be what goes wrong with it
            raise can.CanOperationError(f"what came is no message of python-can: {error}") from error
        return message if not message.is_fd or self.protocol is can.CanProtocol.CAN_FD else None
