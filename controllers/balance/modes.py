"""The modes of a body on its feet, as data: what each one does, and from which it may come."""

from __future__ import annotations

from enum import IntEnum

from robot.mode_table import ModeRow, ModeTable


class Mode(IntEnum):
    """What the body is doing."""

    STAND = 0
    SHIFT = 1
    ONE_LEG = 2
    LOWER = 3
    STEP = 4
    WALK = 5
    PROTECT = 6


TABLE = ModeTable[Mode]((
    ModeRow(
        Mode.STAND, "both feet bear, the weight is kept over the middle between them; hands, torso and height follow",
        (Mode.SHIFT, Mode.LOWER, Mode.STEP, Mode.WALK),
        "at the start; when a walk has come to rest, or to its pose, feet side by side; when a lifted foot bears again",
    ),
    ModeRow(
        Mode.SHIFT, "the weight goes over to the foot that is to stand alone", (Mode.STAND,),
        "when the goal asks for a foot to be lifted",
    ),
    ModeRow(
        Mode.ONE_LEG, "one foot is in the air, the weight is kept over the other", (Mode.SHIFT,),
        "when the weight is over the other foot",
    ),
    ModeRow(
        Mode.LOWER, "the lifted foot goes down until it bears", (Mode.ONE_LEG,), "when the goal lifts a foot no more"
    ),
    ModeRow(
        Mode.STEP, "the less loaded foot is put where a push leads to, at once", (Mode.STAND,),
        "when the divergent component of motion leaves the soles' area, or stays at its edge",
    ),
    ModeRow(
        Mode.WALK, "step after step, at the goal's velocity or to its pose; else until the feet are side by side",
        (Mode.STAND, Mode.STEP),
        "when the goal asks for a walk; when a catching step has touched down",
    ),
    ModeRow(
        Mode.PROTECT, "the body folds, softly and damped; it does not come back by itself", tuple(Mode)[:-1],
        "when no step can catch it, it tilts beyond recovery, or neither foot bears",
    ),
))  # fmt: skip
