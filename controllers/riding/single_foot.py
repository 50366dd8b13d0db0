"""What one foot can do on its pedal while the other one is not on its own."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from controllers.rotation import wrap

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SingleFootParameters:
    """How a foot presses.

    Attributes:
        rest: Downward force of a resting foot, or one that pushes besides [N].
        hold: The same while the crank is to stay where it is; more would turn it [N].
        grip: Greatest share of that that may go along the pedal, backward and forward; the toes are down, so forward it
            slides sooner [1].
        forward: Share of the push that goes along the pedal at its top; all of it would turn the pelvis aside [1].
        over_top: Angle up to which the pedal is drawn over the top first [rad].
        stiffness: Torque for an error of the held angle [Nm/rad].
        damping: [Nm·s/rad].
        spring: Greatest force along the pedal, or on it, that is taken for that of joints out of their places, and is
            asked for less [N].
    """

    rest: float = 50.0
    hold: float = 35.0
    grip: tuple[float, float] = (0.8, 0.45)
    forward: float = 0.4
    over_top: float = 0.05
    stiffness: float = 6.0
    damping: float = 0.5
    spring: float = 20.0


def push(p: SingleFootParameters, angle: float, force: float) -> Array:
    """Force on the pedal that drives the crank, in the bicycle frame, shape (3,) [N].

    Short of the top the foot's weight would turn the crank back; there it presses lightly and draws the pedal forward.

    Args:
        p: How the foot presses.
        angle: Of its own crank arm, from the top [rad].
        force: How hard to push [N].
    """
    if -0.25 * pi < wrap(angle) < p.over_top:
        return np.array((p.grip[1] * p.hold, 0.0, -p.hold))
    down = p.rest + max(0.0, force * sin(angle))
    along = _within(p, force * cos(angle), down)
    return np.array((p.forward * along, 0.0, -down))


def hold(p: SingleFootParameters, angle: float, rate: float, at: float, crank_length: float) -> Array:
    """Force on the pedal that keeps the crank at an angle, in the bicycle frame, shape (3,) [N].

    The foot's weight alone would turn the crank; near the top and the bottom the foot can hold against that along the
    pedal, as far as it grips.

    Args:
        p: How the foot presses.
        angle: Of its own crank arm, from the top [rad].
        rate: Of the crank [rad/s].
        at: Where it should be [rad].
        crank_length: [m].
    """
    torque = p.stiffness * wrap(at - angle) - p.damping * rate
    c, s = cos(angle), sin(angle)
    level = c if abs(c) > 0.2 else (0.2 if c >= 0.0 else -0.2)
    along = (torque / crank_length - p.hold * s) / level
    return np.array((_within(p, along, p.hold), 0.0, -p.hold))


def without_springs(p: SingleFootParameters, force: Array, springs: Array) -> Array:
    """A force on the pedal less what the springs of the leg's joints press on it besides, shape (3,) [N].

    The pedal then feels what was asked. It is taken off after friction has bounded what is asked, or the springs would
    use up what the sole grips. Sideways they hold the foot, and stay.

    Args:
        p: How the foot presses.
        force: What is asked, shape (3,) [N].
        springs: What the foot presses because its leg's joints are not where they belong, shape (3,) [N].
    """
    along, _, up = np.minimum(p.spring, np.maximum(-p.spring, springs)).tolist()
    less: Array = force - (along, 0.0, up)
    return less


def _within(p: SingleFootParameters, along: float, down: float) -> float:
    """A force along the pedal as far as the sole grips [N]."""
    back, forward = p.grip
    return min(forward * down, max(-back * down, along))
