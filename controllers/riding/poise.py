"""What a limb beside the bicycle does to the balance, and what the hands do against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controllers.riding.posture import RiderPosture
from controllers.riding.prop import Prop
from controllers.whole_body.kinematics import GRAVITY
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PoiseParameters:
    """How the hands steady the pelvis.

    Attributes:
        share: Part of the moment about the saddle that the hands take [1].
        smoothing: Share of a new moment that is taken in at a tick [1].
        limit: Greatest change of the load of both hands alike [N].
        couple: Greatest change of a hand's load where the other's changes as much the other way [N]. The waist's roll
            drive, which carries that, has 36 Nm, and a trunk that leans by 0.1 rad takes 4 of it. Once it gives way the
            trunk sinks to the side of the foot that presses.
        pedalling: Moment that presses the saddle's nose down while pedalling, which the saddle itself bears [Nm].
        pull: Greatest pull of both hands alike on a steep slope [N]; the waist's drive, which carries it, has 36 Nm,
            and once it gives way the pelvis tips backward.
    """

    share: float = 0.9
    smoothing: float = 0.02
    limit: float = 80.0
    couple: float = 50.0
    pedalling: float = 20.0
    pull: float = 55.0


class Poise:
    """Keeps the account of where a lopsided body balances, and of the moments about the saddle.

    A leg that is held aside moves the centre of mass, so the bicycle balances at another roll; a leg that moves has
    angular momentum about the line of the wheels, which the rest will have once the leg stops. Both are to be taken
    from roll and roll rate before any law of balance sees them. What a foot off its pedal takes from under the pelvis
    would tip it sideways; the hands press and pull on their grips instead.
    """

    def __init__(
        self, posture: RiderPosture, bicycle: BicycleParameters, prop: Prop, parameters: PoiseParameters | None = None
    ) -> None:
        """Take body, bicycle, and both as a pendulum."""
        self._parameters = parameters or PoiseParameters()
        self._posture, self._prop = posture, prop
        x, z = bicycle.saddle.top
        b = bicycle.bodies
        parts = (b.frame, b.fork, b.rear_wheel, b.front_wheel)
        self._inertia = prop.inertia - sum(part.inertia[0] + part.mass * part.com[2] ** 2 for part in parts)
        self._saddle = np.array((x, 0.0, z)) - posture.pelvis_in_bicycle
        grip = np.array(bicycle.handlebar.grip) - posture.pelvis_in_bicycle - self._saddle
        self.falling = prop.rate
        """Rate at which the bicycle falls by itself [1/s]."""
        self._ahead, self._aside = float(grip[0]), float(grip[1])
        self.reset()

    def reset(self) -> None:
        """Sit straight, both feet on the pedals."""
        self.roll = 0.0
        """Roll at which the bicycle balances [rad]."""
        self.roll_rate = 0.0
        """Roll rate that the body's own motion is worth [rad/s]."""
        self.steepness = 0.0
        """How steep the road is, from 0 on the level to 1 [1]."""
        self._moment: Array = np.zeros(2)
        self._com: Array = np.zeros(3)

    def update(self, position: Array, velocity: Array) -> None:
        """Take in how the body is placed [rad] and moves [rad/s], shape (n,) each."""
        self.roll, self.roll_rate = self._worth(position, velocity)
        self._com = self._posture.kinematics.com.copy()

    def compare(self, position: Array, velocity: Array, seated: tuple[Array, Array]) -> None:
        """Take in arms that are elsewhere than on the bars.

        The bicycle's model has both arms go along with the bars, and the swing of the pedalling legs is known by
        itself; so only what differs from the seated posture counts.

        Args:
            position: How the body is placed, shape (n,) [rad].
            velocity: How it moves, shape (n,) [rad/s].
            seated: The same with both hands on the bars.
        """
        roll, rate = self._worth(position, velocity)
        usual_roll, usual_rate = self._worth(*seated)
        self.roll, self.roll_rate = roll - usual_roll, rate - usual_rate
        self._moment = (1.0 - self._parameters.smoothing) * self._moment

    @property
    def worth(self) -> tuple[float, float]:
        """`roll` and `roll_rate` [rad, rad/s]."""
        return self.roll, self.roll_rate

    def _worth(self, position: Array, velocity: Array) -> tuple[float, float]:
        """Roll at which a bicycle with such a body balances [rad], and the roll rate its motion is worth [rad/s]."""
        kinematics = self._posture.kinematics
        linear, angular = kinematics.momentum(position, velocity)
        _, y, z = (kinematics.com + self._posture.pelvis_in_bicycle).tolist()
        roll = GRAVITY * kinematics.mass * y / self._prop.weight
        return roll, float(angular[0] + y * linear[2] - z * linear[1]) / self._prop.inertia

    def straighten(self) -> None:
        """Feet and hands are all on pedals and grips."""
        self.roll = self.roll_rate = 0.0
        self._moment = (1.0 - self._parameters.smoothing) * self._moment

    def lean_on(self, up: Array, feet: list[tuple[Array, Array]], growth: float = 0.0) -> None:
        """Take in what presses on the body.

        Args:
            up: Unit vector that points up, in the pelvis frame, shape (3,).
            feet: Place of each foot in the bicycle frame [m] and force on it there [N], shape (3,) each.
            growth: Acceleration of the roll with the bicycle, which takes its part of the moment [rad/s²].
        """
        p = self._parameters
        weight = -GRAVITY * self._posture.kinematics.mass * up
        moment = np.cross(self._com - self._saddle, weight)
        for place, force in feet:
            moment += np.cross(place - self._posture.pelvis_in_bicycle - self._saddle, force)
        moment[1] -= p.pedalling
        if growth:
            high = float(self._com[2] + self._posture.pelvis_in_bicycle[2])
            below = high - float(self._com[2] - self._saddle[2])
            moment[0] -= (self._inertia - self._posture.kinematics.mass * high * below) * growth
        self._moment = self._moment + p.smoothing * (p.share * moment[:2] - self._moment)

    @property
    def hands(self) -> Array:
        """What the left and the right hand are to press down besides, shape (2,) [N]."""
        p = self._parameters
        limit, most = p.limit, p.couple
        couple = min(most, max(-most, -0.5 * float(self._moment[0]) / self._aside))
        pull = limit + self.steepness * (p.pull - limit)
        both = min(limit, max(-pull, 0.5 * float(self._moment[1]) / self._ahead))
        return np.array((both + couple, both - couple))
