"""A frame of a CAN bus, as the codecs make and read it."""

from __future__ import annotations

from typing import NamedTuple

STANDARD_IDS = 0x800
"""Number of standard (11-bit) ids."""
EXTENDED_IDS = 0x2000_0000
"""Number of extended (29-bit) ids."""


class CanFrame(NamedTuple):
    """A data frame of classic CAN or CAN-FD.

    Attributes:
        id: Arbitration id.
        data: Payload, at most 8 bytes in classic CAN and 64 in CAN-FD.
        extended: Whether the id has 29 bits in place of 11.
        fd: Whether it is a CAN-FD frame, whose payload goes at the bus's faster rate.
    """

    id: int
    data: bytes
    extended: bool = False
    fd: bool = False
