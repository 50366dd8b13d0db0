"""The modes of a ride, as data: what each one does, which it may follow, and when it begins."""

from __future__ import annotations

from enum import IntEnum

from robot.mode_table import ModeRow, ModeTable


class RideMode(IntEnum):
    """What the rider is doing."""

    REST = 0
    PUSH_OFF = 1
    GATHER = 2
    CRUISE = 3
    CORNER = 4
    SLOW = 5
    COAST = 6
    BRAKE = 7
    STOP = 8
    FOOT_DOWN = 9
    WAIT = 10
    DAB = 11
    ABORT = 12
    RESEAT = 13


PEDALLING = (RideMode.CRUISE, RideMode.CORNER, RideMode.SLOW)
"""Modes in which both feet drive the crank at the wanted speed."""
RIDING = (*PEDALLING, RideMode.COAST, RideMode.BRAKE)
"""Modes in which both feet are on the pedals and no stop is begun."""
STANDING = (RideMode.REST, RideMode.WAIT)
"""Modes in which the bicycle is at rest and on its foot."""


def _riding_but(mode: RideMode) -> tuple[RideMode, ...]:
    return tuple(other for other in RIDING if other is not mode)


TABLE = ModeTable[RideMode]((
    ModeRow(
        RideMode.REST, "stands on one foot, brakes held; the ride is over or has not begun",
        (RideMode.FOOT_DOWN, RideMode.WAIT),
        "at a start from rest; once the foot stands where the course ends, or too near to that for a start",
    ),
    ModeRow(
        RideMode.PUSH_OFF,
        "the foot on the pedal presses it down, the one on the ground pushes back and brings the bicycle upright",
        (RideMode.REST, RideMode.WAIT),
        "when the time to wait is over, and the foot stands from which the start is to be made",
    ),
    ModeRow(
        RideMode.GATHER, "the foot comes up to its pedal, then both gather speed", (RideMode.PUSH_OFF, RideMode.DAB),
        "when the speed is enough to balance and the bicycle does not lean, or the leg has become straight; "
        "when a dab has brought it upright",
    ),
    ModeRow(
        RideMode.CRUISE, "pedals at the wanted speed",
        (*_riding_but(RideMode.CRUISE), RideMode.GATHER, RideMode.RESEAT),
        "at a rolling start; when both feet are on the pedals and the speed is gathered; when none of the others holds",
    ),
    ModeRow(RideMode.CORNER, "the same round a bend", _riding_but(RideMode.CORNER), "where the course bends"),
    ModeRow(
        RideMode.SLOW, "the same at walking pace", _riding_but(RideMode.SLOW), "when the wanted speed is that low"
    ),
    ModeRow(
        RideMode.COAST, "holds the crank level, rolls", _riding_but(RideMode.COAST), "when the scenario asks for it"
    ),
    ModeRow(
        RideMode.BRAKE, "holds the crank level, brakes to the wanted speed", _riding_but(RideMode.BRAKE),
        "when the bicycle is faster than wanted; when the scenario asks for it",
    ),
    ModeRow(
        RideMode.STOP,
        "turns the crank to where the next start wants it, brakes for the line, takes a foot off its pedal and leans "
        "to its side",
        RIDING, "as far before a line as braking takes",
    ),
    ModeRow(
        RideMode.FOOT_DOWN, "the foot stands, and the brakes close for good",
        (RideMode.STOP, RideMode.PUSH_OFF, RideMode.DAB),
        "when the bicycle has stopped with the foot on the ground; when a start has not gathered speed",
    ),
    ModeRow(
        RideMode.WAIT, "stands on the foot; changes feet when the next start is to be made from the other one",
        (RideMode.FOOT_DOWN,), "when the bicycle has come to rest",
    ),
    ModeRow(
        RideMode.DAB, "the foot on the side of the fall goes to the ground and pushes the bicycle upright",
        (*RIDING, RideMode.GATHER, RideMode.STOP), "when a slow ride tips farther than steering can catch",
    ),
    ModeRow(
        RideMode.ABORT, "the ride is lost: lets go on the side of the fall, puts that arm out, bends away, lies limp",
        tuple(mode for mode in RideMode if mode is not RideMode.ABORT),
        "when it tips farther than steering and a foot can catch",
    ),
    ModeRow(
        RideMode.RESEAT, "takes a foot off that is beside its pedal, and sets it anew; the other pedal hangs down",
        PEDALLING,
        "when the crank stays behind the freewheel although both feet drive it; when a foot stays far off its place",
    ),
))  # fmt: skip
