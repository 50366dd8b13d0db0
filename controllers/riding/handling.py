"""What the hands do on the bars when one of them is not there, or not fully."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controllers.riding.posture import RiderPosture

Array = NDArray[np.float64]

_DOWN = np.array((0.0, 0.0, -1.0))


@dataclass(frozen=True, slots=True)
class HandlingParameters:
    """How one hand stands in for two.

    Attributes:
        alone: Weight that a hand puts on its grip while the other one is away [N].
        brace: Share of its bracing force that a hand gives then [1].
        stiffness: Of its arm's joints then, as a multiple of their usual one [1].
        damping: The same of their damping [1].
        trim: Growth of the couple for an error of the steer angle then [Nm/(rad·s)]; the springs of one arm alone turn
            the bars once the pelvis has moved on the saddle.
        trim_limit: Greatest such couple [Nm].
        trim_fade: How fast it goes once both hands are there [1/s].
    """

    alone: float = 25.0
    brace: float = 1.0
    stiffness: float = 2.0
    damping: float = 2.0
    trim: float = 30.0
    trim_limit: float = 3.0
    trim_fade: float = 3.0

    def gains(self, missing: float) -> tuple[float, float]:
        """Factors on stiffness and damping of an arm while so much of the other one is missing [1]."""
        return 1.0 + missing * (self.stiffness - 1.0), 1.0 + missing * (self.damping - 1.0)


class BarTrim:
    """A couple on the bars that takes out a lasting error of the steer angle while one hand is alone."""

    def __init__(self, parameters: HandlingParameters, period: float) -> None:
        """Take the gains; `period` is the time between two steps [s]."""
        self._parameters, self._period = parameters, period
        self.couple = 0.0
        """[Nm]."""

    def reset(self) -> None:
        """Begin without one."""
        self.couple = 0.0

    def step(self, error: float, *, alone: bool) -> float:
        """The couple [Nm] for an error of the steer angle [rad], while one hand is alone or after that."""
        p = self._parameters
        if alone:
            couple = self.couple + p.trim * error * self._period
            self.couple = min(p.trim_limit, max(-p.trim_limit, couple))
        else:
            self.couple = (1.0 - p.trim_fade * self._period) * self.couple if abs(self.couple) > 1e-3 else 0.0
        return self.couple


@dataclass(frozen=True, slots=True)
class BarSwingParameters:
    """What it takes to turn the bars suddenly.

    Attributes:
        inertia: Of arms, rotors and fork about the steer axis, as far as it is fed forward [kg·m²].
        calm: Acceleration of the commanded steer angle up to which nothing is [rad/s²]: only sudden starts and stops
            are helped.
        limit: Greatest couple [Nm].
        time: Over which the acceleration is found [s].
    """

    inertia: float = 0.1
    calm: float = 60.0
    limit: float = 20.0
    time: float = 0.02


class BarSwing:
    """A couple that starts and stops the bars where they turn suddenly, so that they do not drag at the hands."""

    def __init__(self, parameters: BarSwingParameters, period: float) -> None:
        """Take the gains; `period` is the time between two steps [s]."""
        self._parameters, self._taken = parameters, period / parameters.time
        self._rate = 0.0

    def reset(self) -> None:
        """Begin with bars at rest."""
        self._rate = 0.0

    def step(self, rate: float) -> float:
        """The couple [Nm] for the rate of the commanded steer angle [rad/s]."""
        p = self._parameters
        self._rate += self._taken * (rate - self._rate)
        acceleration = (rate - self._rate) / p.time
        sudden = acceleration - min(p.calm, max(-p.calm, acceleration))
        return min(p.limit, max(-p.limit, p.inertia * sudden))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What both hands together are to do.

    Attributes:
        couple: Torque on the steer axis, positive to the left [Nm].
        weight: That each hand puts on its grip when both are there [N].
        besides: What the left and the right hand press down besides, shape (2,) [N].
        brace: Force of the right hand along the steer axis downward, and of the left one upward [N].
    """

    couple: float
    weight: float
    besides: Array
    brace: float


def hand_forces(
    p: HandlingParameters, posture: RiderPosture, steer: float, loads: tuple[float, float], wanted: Wanted
) -> Array:
    """Forces of both hands on their grips in the bicycle frame, shape (2, 3) [N].

    One hand turns the bars by pushing and pulling alone: with twice the force, which the trunk has to bear as a force
    forward or back.

    Args:
        p: How one hand stands in for two.
        posture: Where grips and steer axis are.
        steer: Steer angle [rad].
        loads: Share of its work that the left and the right hand does [1]; at least one does some.
        wanted: What is to be done.
    """
    forces = np.zeros((2, 3))
    one = min(1.0, 2.0 - sum(loads))
    for side, load in enumerate(loads):
        if load <= 0.0:
            continue
        grip, way = posture.grip(side, steer)[0], posture.grip_velocity(side, steer)
        quiet = press_alone(grip - posture.pelvis_in_bicycle, way)
        missing = 1.0 - loads[1 - side]
        down = wanted.weight + missing * (p.alone - wanted.weight) + float(wanted.besides[side])
        along = (2 * side - 1) * wanted.brace * (1.0 + missing * (p.brace - 1.0))
        forces[side] = (load / sum(loads) * wanted.couple / float(way @ way)) * way
        forces[side] += load * down * ((1.0 - one) * _DOWN + one * quiet)
        forces[side] += load * along * (one * quiet - (1.0 - one) * posture.steer_axis)
    return forces


def press_alone(grip: Array, way: Array) -> Array:
    """How one hand presses with 1 N down and neither turns the bars nor the trunk, shape (3,) [1].

    Straight down, one hand would turn the bars, since the steer axis is tilted: by 1.8 Nm with 25 N. Along the axis it
    would not, and would push its side of the trunk back instead, with the same moment. With the sideways force on the
    line from the pelvis to the grip both vanish.

    Args:
        grip: From the pelvis to the grip, bicycle axes, shape (3,) [m].
        way: How the grip moves when the steer angle grows by 1 rad/s, shape (3,) [m/s].
    """
    aside = float(grip[1] / grip[0])
    ahead = float(way[2]) / float(way[0] + way[1] * aside)
    return np.array((ahead, ahead * aside, -1.0))
