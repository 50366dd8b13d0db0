"""The modes of a ride, as data: what each one does, which it may follow, and when it begins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class RideMode(IntEnum):
    """What the rider is doing."""

    CRUISE = 0
    COAST = 1
    BRAKE = 2
    CORNER = 3
    SLOW = 4
    STOP = 5
    FOOT_DOWN = 6
    WAIT = 7
    REST = 8
    PUSH_OFF = 9
    GATHER = 10
    DAB = 11
    ABORT = 12
