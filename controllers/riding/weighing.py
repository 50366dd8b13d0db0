"""How heavy the legs really are, felt by the drives of one that hangs in the air."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.riding.leg import JOINTS
from robot import RobotModel, RobotState

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WeighingParameters:
    """What is believed before, and how much is learned.

    Attributes:
        mass_spread: Standard deviation of the legs' mass from the model's, as a share of it [1].
        friction_spread: The same of the joints' Coulomb friction [1].
        window: Time over which torques are summed up before they are compared [s].
        noise: Standard deviation of a joint's mean torque in a window from what the model says [Nm].
        surprise: Root mean square, over the joints, of what the best fit to a window leaves, beyond which it does not
            count [Nm]: the leg has touched something.
        speed: Speed of a joint over which its Coulomb friction changes its sign [rad/s].
        most: Greatest change of the mass that is believed, as a share of it [1].
    """

    mass_spread: float = 0.15
    friction_spread: float = 0.5
    window: float = 0.04
    noise: float = 0.7
    surprise: float = 1.2
    speed: float = 0.1
    most: float = 0.3


class LegMomentum:
    """Generalised momentum of a leg whose pelvis moves as it will."""

    def __init__(self, model: RobotModel, side: int) -> None:
        """Take the left leg (side 0) or the right one (1) of a body."""
        name = ("left", "right")[side]
        self.joints: NDArray[np.intp] = np.array([model.index(f"{name}_{joint}_joint") for joint in JOINTS])
        """Indices of its joints in the robot model."""
        whole, own = model.pinocchio_floating, set(self.joints.tolist())
        others = [whole.getJointId(joint) for index, joint in enumerate(model.joint_names) if index not in own]
        self._model = pin.buildReducedModel(whole, others, pin.neutral(whole))
        self._data = self._model.createData()
        self._position = pin.neutral(self._model)
        self._velocity = np.zeros(12)

    def at(self, position: Array, velocity: Array, turning: Array, specific_force: Array) -> tuple[Array, Array]:
        """The momentum, and how it grows without any torque, shape (6,) each [Nms, Nm]; torques add to it.

        With all velocities v, the momentum is the joints' part of M v, and its growth that of C' v - g (De Luca and
        Mattone 2005), in a frame that goes along with the pelvis and does not turn.

        Args:
            position: Joint angles, shape (6,) [rad].
            velocity: Shape (6,) [rad/s].
            turning: Angular velocity of the pelvis, in its frame, shape (3,) [rad/s].
            specific_force: Acceleration of the pelvis against free fall, in its frame, shape (3,) [m/s²].
        """
        model, data, q, v = self._model, self._data, self._position, self._velocity
        model.gravity.linear = -specific_force
        q[7:], v[3:6], v[6:] = position, turning, velocity
        mass = np.triu(pin.crba(model, data, q))
        mass += np.triu(mass, 1).T
        coriolis = pin.computeCoriolisMatrix(model, data, q, v)
        growth = coriolis.T @ v - pin.computeGeneralizedGravity(model, data, q)
        momentum: Array = mass @ v
        return momentum[6:], growth[6:]


class LegWeighing:
    """Weighs the legs by one that is in the air.

    A foot on its pedal presses with what its drives do beyond bearing the leg, so legs that are lighter or heavier than
    their model press too little or too much. On the pedal that cannot be told. In the air the drives bear and move the
    leg and do nothing else. Over each short window the sum of their torques is what the leg's generalised momentum
    gained beyond what it gains by itself, which needs no accelerations of joints (as in the momentum observer of De
    Luca and Mattone 2005). That is linear in the mass of the leg and in the friction of its joints, as multiples of the
    model's: recursive least squares find both. Both legs are taken to be alike.
    """

    def __init__(self, model: RobotModel, period: float, parameters: WeighingParameters | None = None) -> None:
        """Prepare for a body; `period` is the time between two ticks [s]."""
        self._parameters = parameters or WeighingParameters()
        self._legs = LegMomentum(model, 0), LegMomentum(model, 1)
        self._friction, self._period = model.drives.coulomb_friction, period
        self._ticks = max(1, round(self._parameters.window / period))
        self.reset()

    def reset(self) -> None:
        """Believe the model."""
        p = self._parameters
        self._unknowns = np.ones(2)
        self._information = np.diag(1.0 / np.square((p.mass_spread, p.friction_spread)))
        self.scale = 1.0
        """Mass of the legs as a multiple of the model's [1]."""
        self.interrupt()

    def interrupt(self) -> None:
        """No leg hangs any more."""
        self._summed = -1
        self._before: Array = np.zeros(6)
        self._sums: Array = np.zeros((3, 6))

    def update(self, side: int, state: RobotState, turning: Array, specific_force: Array) -> None:
        """Take in a tick of the left leg (side 0) or the right one (1) in the air.

        Args:
            side: The leg.
            state: What the body feels.
            turning: Angular velocity of the pelvis, in its frame, shape (3,) [rad/s].
            specific_force: Acceleration of the pelvis against free fall, in its frame, shape (3,) [m/s²].
        """
        leg = self._legs[side]
        velocity = state.joint_velocity[leg.joints]
        momentum, growth = leg.at(state.joint_position[leg.joints], velocity, turning, specific_force)
        self._summed += 1
        if self._summed > 0:
            friction = self._friction[leg.joints] * np.tanh(velocity / self._parameters.speed)
            self._sums += np.stack((state.joint_torque[leg.joints], growth, friction))
        if self._summed == self._ticks:
            torque, alone, friction = self._sums / self._ticks
            gained = (momentum - self._before) / (self._ticks * self._period)
            self._learn(np.stack((gained - alone, friction), axis=1), torque)
            self._summed = 0
        if self._summed == 0:
            self._before, self._sums = momentum, np.zeros((3, 6))

    def _learn(self, rows: Array, torque: Array) -> None:
        """Take in mean torques, shape (6,) [Nm], and what they are in terms of the unknowns, shape (6, 2) [Nm]."""
        p = self._parameters
        best = np.linalg.lstsq(rows, torque, rcond=None)[0]
        if float(np.sqrt(np.mean(np.square(torque - rows @ best)))) > p.surprise:
            return
        self._information = self._information + rows.T @ rows / p.noise**2
        error = rows.T @ (torque - rows @ self._unknowns) / p.noise**2
        self._unknowns = self._unknowns + np.linalg.solve(self._information, error)
        self.scale = 1.0 + min(p.most, max(-p.most, float(self._unknowns[0]) - 1.0))
