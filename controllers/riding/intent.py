"""What the task planner asks of the layers below it at a tick."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from controllers.riding.modes import RideMode


class Crank(Enum):
    """What the feet that are on their pedals do with the crank."""

    DRIVE = auto()
    """Turn it for the wanted speed."""
    PARK = auto()
    """Hold it at an angle."""
    PUSH = auto()
    """Press it down with a force, one foot alone."""


class Bars(Enum):
    """What the hands do with the bars."""

    STEER = auto()
    """Balance and follow the course."""
    STRAIGHT = auto()
    """Turn them straight and hold them."""


class ArmPose(Enum):
    """Where an arm is that does not hold the bars."""

    SIDE = auto()
    """It hangs beside the body."""
    SIGNAL = auto()
    """It is stretched out sideways, to tell of a turn."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What is asked.

    Attributes:
        mode: Of the ride.
        crank: What to do with it.
        speed: Wanted [m/s].
        park: Crank angle to be held; None is level, the nearer way round [rad].
        push: How hard one foot presses its pedal [N].
        deceleration: By the brakes; None leaves them open, zero brings the pads to the rims [m/s²].
        bars: What to do with them.
        lean: Roll to be held, from where the bicycle balances, positive to the right [rad].
        kick: How hard a standing foot pushes the ground back [N].
        held: Whether the brakes hold the bicycle.
        most: Greatest load of a standing foot; None is its usual one [N].
        arms: Where the left and the right arm are to be; None is with the hand on its grip.
    """

    mode: RideMode
    crank: Crank
    speed: float = 0.0
    park: float | None = None
    push: float = 0.0
    deceleration: float | None = None
    bars: Bars = Bars.STEER
    lean: float = 0.0
    kick: float = 0.0
    held: bool = False
    most: float | None = None
    arms: tuple[ArmPose | None, ArmPose | None] = (None, None)
