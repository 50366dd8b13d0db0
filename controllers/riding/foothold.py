"""How a foot keeps its place on a flat pedal: what its sole may be asked for, and how one that is off comes back."""

from __future__ import annotations

from dataclasses import dataclass

from controllers.riding.foot_motion import ease


@dataclass(frozen=True, slots=True)
class FootholdParameters:
    """What soles hold, and how feet are brought back.

    Attributes:
        stiffness: Force along the pedal against a foot's slip on it [N/m].
        most: Greatest such force [N].
        grip: Greatest share of a foot's load that may go along the pedal, backward and forward, that of the legs'
            springs with it; the toes are down, so forward it slides sooner [1].
        spring: Greatest force of these springs along the pedal that counts, and greatest one that is asked for besides
            where they lift a foot [N].
        reseat: Slip from which a foot is made lighter while its pedal rises, and at which it is so altogether [m].
        relief: How much lighter, at most [N].
        least: What a foot is to press at least, its leg's springs with it, and what one that is made lighter is [N].
        landing: Time over which a foot that has come to its pedal begins to push along it [s].
    """

    stiffness: float = 2000.0
    most: float = 10.0
    grip: tuple[float, float] = (0.5, 0.35)
    spring: float = 40.0
    reseat: tuple[float, float] = (0.006, 0.014)
    relief: float = 40.0
    least: tuple[float, float] = (25.0, 10.0)
    landing: float = 0.2


def restoring(p: FootholdParameters, slip: float) -> float:
    """Force along the pedal that brings a foot back [N] which is ahead of its place [m]."""
    return -min(p.most, max(-p.most, p.stiffness * slip))


def lightness(p: FootholdParameters, slip: float, rising: float) -> float:
    """How far a foot is made light so that it slides to its place, from 0 to 1 [1].

    Args:
        p: How feet are brought back.
        slip: How far it is ahead of its place [m].
        rising: Sine of its crank angle from the bottom: 1 where its pedal rises the most, negative where it falls [1].
    """
    near, far = p.reseat
    return ease((abs(slip) - near) / (far - near)) * max(0.0, rising)


def relief(p: FootholdParameters, lightness: float, pressed: float) -> float:
    """How much lighter a foot presses; negative where its leg's springs lift it [N].

    Args:
        p: How feet are brought back.
        lightness: How far it is made light, from 0 to 1 [1].
        pressed: What it presses otherwise, its leg's springs with it [N].
    """
    firm, light = p.least
    return max(-p.spring, min(lightness * p.relief, pressed - firm - lightness * (light - firm)))


def within_grip(p: FootholdParameters, asked: float, besides: float, load: float) -> float:
    """A force along the pedal, as far as the sole grips while the leg's springs press along it as well [N].

    Args:
        p: What soles hold.
        asked: That force, without the springs [N].
        besides: What the springs press along the pedal [N].
        load: Of the foot on its pedal [N].
    """
    back, forward = p.grip
    besides = min(p.spring, max(-p.spring, besides))
    return min(forward * load, max(-back * load, asked + besides)) - besides
