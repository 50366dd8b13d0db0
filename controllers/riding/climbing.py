"""What the hands do on a steep road: hold the body on the saddle against feet that push hard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controllers.riding.foot_motion import ease
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClimbingParameters:
    """How hard it climbs.

    Attributes:
        steep: Slopes between which all of this comes in [rad].
        brace: Part of the moment of the pushing foot about the saddle that the hands take [1].
        lift: Part of the push by which both hands together pull the body down on the saddle [1].
        most: Greatest such force of a hand [N].
    """

    steep: tuple[float, float] = (0.015, 0.035)
    brace: float = 0.6
    lift: float = 0.5
    most: float = 80.0


class Climbing:
    """The hands' part in pedalling uphill.

    A foot that presses its pedal down by P lifts the body on its own side, P times the pedal's distance from the middle
    plane, and takes P off the saddle. The saddle bears half its width times its load, and no more: on the level that is
    why P is limited. Hands that pull on the side of the pushing foot and press on the other one bear the rest.
    """

    def __init__(self, bicycle: BicycleParameters, parameters: ClimbingParameters | None = None) -> None:
        """Take a bicycle."""
        self._parameters = parameters or ClimbingParameters()
        self._lever = bicycle.drive.pedal_offset / (2.0 * bicycle.handlebar.grip[1])
        self.share = 0.0
        """How steep it is, from 0 on the level to 1 [1]."""

    def update(self, slope: float) -> None:
        """Take in the slope, positive uphill [rad]."""
        self.share = ease(slope, *self._parameters.steep)

    def hands(self, left: float, right: float) -> tuple[float, float]:
        """What the hands do against feet that press down by so much more than they rest with [N].

        Returns:
            By how much the right hand presses and the left one lifts its grip, and by how much each hand pulls [N].
        """
        p = self._parameters
        push = self.share * (left - right)
        couple, pull = p.brace * self._lever * push, 0.5 * p.lift * abs(push)
        over = max(1.0, (abs(couple) + pull) / p.most)
        return couple / over, pull / over
