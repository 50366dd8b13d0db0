"""From what should move how to a joint command: tasks, whole-body inverse dynamics, and the drives' references."""

from __future__ import annotations

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.balance.wanted import Wanted
from controllers.whole_body.free_body import FreeBody
from controllers.whole_body.inverse_dynamics import InverseDynamics, SoleContact
from robot import Body, JointCommand, RobotModel

Array = NDArray[np.float64]

LEFT_SOLE, RIGHT_SOLE, PELVIS, TORSO, LEFT_HAND, RIGHT_HAND = range(6)
"""Indices of the frames whose motion is controlled."""
_SOLE_MARGIN = 0.010
"""How far the centre of pressure is kept from a sole's edge [m]."""
_FRICTION, _YAW_FRICTION = 0.55, 0.02
"""Counted on: Coulomb coefficient [1]; torque about the normal over the normal force [m]."""
_HAND_TURN = 1.0
"""Weight of how a hand is turned, against 4 of where it is: what is out of reach goes at the cost of the former."""
_REACHING = 0.2
"""How much of its pull the posture has left on an arm whose hand has a place to be."""
_FAR = 0.06
"""A hand that is farther from its place is drawn there as from this distance [m]."""
_LOAD_SETTLING = 0.3
"""Time constant with which loads that the model does not know are taken in [s]."""
_POSTURE_MOST = 25.0
"""Greatest acceleration that the posture asks of a joint [rad/s²]."""


class BodyControl:
    """Keeps a body's tasks and turns what is wanted of them into what the drives should do.

    The joint command has three parts: the torque of the inverse dynamics; the velocity and position that its
    accelerations lead to, integrated, which leak towards what is measured; and stiffness and damping around these.
    Joints above the legs bear besides what their drives have borne beyond the model: a weight in the hand, a backpack.
    """

    def __init__(self, model: RobotModel, parameters: Body, period: float, leak: float = 0.1) -> None:
        """Set the tasks up.

        Args:
            model: The body.
            parameters: Its frames, posture and gains.
            period: Time between two ticks [s].
            leak: Time constant with which the references go to what is measured [s].
        """
        frames = (*parameters.soles, parameters.pelvis, parameters.torso, *parameters.hands)
        self.body = body = FreeBody(model, frames, parameters.held)
        self._posture = posture = parameters.posture
        self._stiffness, self._damping = parameters.stiffness, parameters.damping
        half_length, half_width = (half - _SOLE_MARGIN for half in parameters.sole_half)
        soles = [
            SoleContact(sole, half_length, half_width, _FRICTION, _YAW_FRICTION) for sole in (LEFT_SOLE, RIGHT_SOLE)
        ]
        self.dynamics = InverseDynamics(body, soles, model.limits, parameters.posture_weight[body.joints])
        self._period, self._leak = period, period / leak
        self._position, self._velocity = posture.copy(), np.zeros(model.size)
        self._started = False
        self._above = _above_the_legs(model, parameters, body)
        self._arms = [_between(body, parameters.torso, hand) for hand in parameters.hands]
        self._load, self._unknown = np.zeros(body.joints.size), np.zeros(body.joints.size)
        self._effort, self._speed = model.limits.effort, model.limits.velocity
        self._lower, self._upper = model.limits.lower, model.limits.upper
        self._torque = np.zeros(model.size)

    def reset(self) -> None:
        """Forget the references of before."""
        self._started = False
        self._unknown[:] = 0.0

    def see(self, configuration: Array, velocity: Array, torque: Array | None = None) -> None:
        """Take in the state of the body, as Pinocchio's floating model of all joints has it.

        Args:
            configuration: Shape (n + 7,).
            velocity: Shape (n + 6,).
            torque: Of the drives, shape (n,) [Nm].
        """
        body = self.body
        body.configuration[:7] = configuration[:7]
        body.configuration[7:] = configuration[7:][body.joints]
        body.velocity[:6] = velocity[:6]
        body.velocity[6:] = velocity[6:][body.joints]
        body.update()
        if torque is not None and self._started:
            known = body.mass_matrix[6:] @ self.dynamics.acceleration + body.bias[6:]
            np.subtract(torque[body.joints], known, out=self._load)
            self._load -= self._unknown
            self._load *= self._above * (self._period / _LOAD_SETTLING)
            self._unknown += self._load

    def command(self, time: float, wanted: Wanted) -> JointCommand:
        """The joint command that serves what is wanted, for the state seen last."""
        self._want(wanted)
        self.dynamics.solve()
        return self._drive(time)

    def _want(self, wanted: Wanted) -> None:
        dynamics, body = self.dynamics, self.body
        acceleration, weight = dynamics.frame_acceleration, dynamics.frame_weight
        for side in (0, 1):
            foot = wanted.feet[side]
            if foot.stands:
                acceleration[side, :3] = -20.0 * body.motions[side, :3]
                acceleration[side, 3:] = -20.0 * body.motions[side, 3:]
                weight[side] = 30.0
            else:
                acceleration[side, :3] = (
                    foot.acceleration
                    + 400.0 * (foot.position - body.position(side))
                    + 40.0 * (foot.velocity - body.motions[side, :3])
                )
                acceleration[side, 3:] = _turn(body, side, foot.rotation, 300.0, 30.0)
                acceleration[side, 5] += 30.0 * foot.spin
                weight[side, :3], weight[side, 3:] = 6.0, 1.5
            dynamics.load_min[side], dynamics.load_max[side] = foot.load_min, foot.load_max
        acceleration[PELVIS, 2] = (
            wanted.pelvis_acceleration
            + 60.0 * (wanted.pelvis_height - body.position(PELVIS)[2])
            + 14.0 * (wanted.pelvis_velocity - body.motions[PELVIS, 2])
        )
        acceleration[PELVIS, 3:] = _turn(body, PELVIS, wanted.pelvis_rotation, 80.0, 16.0)
        acceleration[TORSO, 3:] = _turn(body, TORSO, wanted.torso_rotation, 80.0, 16.0) + 16.0 * wanted.torso_velocity
        weight[PELVIS] = (0.0, 0.0, 8.0, 0.8, 0.8, 1.0)
        weight[TORSO] = (0.0, 0.0, 0.0, 1.5, 1.5, 0.6)
        for side in (0, 1):
            hand = wanted.hands[side]
            frame = LEFT_HAND + side
            if hand is None:
                weight[frame] = 0.0
            else:
                error = hand.position - body.position(frame)
                error *= min(1.0, _FAR / max(_FAR, float(np.sqrt(error @ error))))
                acceleration[frame, :3] = 100.0 * error + 20.0 * (hand.velocity - body.motions[frame, :3])
                weight[frame, :3] = 4.0
                if hand.rotation is not None:
                    acceleration[frame, 3:] = _turn(body, frame, hand.rotation, 100.0, 20.0) + 20.0 * hand.spin
                weight[frame, 3:] = 0.0 if hand.rotation is None else _HAND_TURN
        dynamics.com_acceleration[:2] = wanted.com_acceleration
        dynamics.com_weight[:2] = 15.0
        dynamics.momentum_rate[:] = -6.0 * body.angular_momentum()
        dynamics.momentum_weight[:] = (0.01, 0.01, 0.02)
        joints = body.joints
        back = 50.0 * (self._posture[joints] - body.configuration[7:])
        for side in (0, 1):
            if wanted.hands[side] is not None:
                back[self._arms[side]] *= _REACHING
        np.clip(back, -_POSTURE_MOST, _POSTURE_MOST, out=back)
        dynamics.posture_acceleration[:] = back - 14.0 * body.velocity[6:]

    def _drive(self, time: float) -> JointCommand:
        body, dynamics, dt = self.body, self.dynamics, self._period
        joints = body.joints
        measured, moving = body.configuration[7:], body.velocity[6:]
        if not self._started:
            self._position[:] = self._posture
            self._position[joints], self._velocity[joints] = measured, moving
            self._started = True
        velocity = self._velocity[joints]
        velocity = velocity + dynamics.acceleration[6:] * dt + self._leak * (moving - velocity)
        position = self._position[joints]
        position = position + velocity * dt + self._leak * (measured - position)
        np.clip(position, self._lower[joints], self._upper[joints], out=position)
        self._velocity[joints], self._position[joints] = velocity, position
        np.clip(velocity, -self._speed[joints], self._speed[joints], out=velocity)
        torque = self._torque.copy()
        torque[joints] = dynamics.torque + self._unknown
        np.clip(torque, -self._effort, self._effort, out=torque)
        return JointCommand(time, self._position.copy(), self._velocity.copy(), torque, self._stiffness, self._damping)


def _turn(body: FreeBody, frame: int, rotation: Array, stiffness: float, damping: float) -> Array:
    """Angular acceleration that turns a frame to an orientation, in the world, shape (3,) [rad/s²]."""
    error: Array = pin.log3(rotation @ body.rotation(frame).T)
    return stiffness * error - damping * body.motions[frame, 3:]


def _between(body: FreeBody, root: str, tip: str) -> Array:
    """1 for each joint that moves one frame against the other from above it, as flags, shape (nv - 6,)."""
    model = body.model
    fixed, moved = (set(model.supports[model.frames[model.getFrameId(name)].parentJoint]) for name in (root, tip))
    return np.array([index in moved - fixed for index in range(2, model.njoints)])


def _above_the_legs(model: RobotModel, parameters: Body, body: FreeBody) -> Array:
    """1 for each joint that no sole hangs on, shape (nv - 6,)."""
    legs = set()
    for sole in parameters.soles:
        joint = body.model.frames[body.model.getFrameId(sole)].parentJoint
        legs |= {str(body.model.names[index]) for index in body.model.supports[joint]}
    return np.array([float(model.joint_names[index] not in legs) for index in body.joints])
