"""Where the pelvis is and how it moves when nothing holds it but its feet, from the body's own senses."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import atan2

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.elapsed import elapsed_periods
from controllers.estimation.anchored_motion import BIAS, POSITION, AnchoredMotion, AnchorParameters
from controllers.estimation.attitude import PelvisAttitude
from controllers.estimation.contact import Contact, ContactParameters
from controllers.estimation.foot_wrenches import FootWrenches, WrenchParameters, carried
from robot import RobotModel, RobotState

Array = NDArray[np.float64]

_LEAST_LOAD = 30.0
"""Load below which a foot's centre of pressure is drawn to the middle of its sole [N]."""


@dataclass(frozen=True, slots=True)
class FloatingBaseParameters:
    """Figures of the estimator's parts.

    Attributes:
        imu_delay: Age of an IMU's reading when it arrives [s].
        motion: Of the filter for position and velocity.
        wrench: Of the wrenches on the feet.
        contact: Of the contacts.
    """

    imu_delay: float = 0.002
    motion: AnchorParameters = field(default_factory=AnchorParameters)
    wrench: WrenchParameters = field(default_factory=WrenchParameters)
    contact: ContactParameters = field(default_factory=ContactParameters)


@dataclass(slots=True)
class FloatingBaseEstimate:
    """Refreshed in place. The world has its origin on the ground under the middle of the soles at the reset.

    z is up, x was the soles' mean heading. q and v are what `RobotModel.pinocchio_floating` takes.

    Attributes:
        position: Origin of the pelvis frame in world, shape (3,) [m].
        velocity: Of that origin, in world, shape (3,) [m/s].
        rotation: Pelvis in world, shape (3, 3).
        quaternion: The same, x, y, z, w, shape (4,).
        angular_velocity_in_world: Shape (3,) [rad/s].
        angular_velocity_in_base: The same along the pelvis' axes.
        q: Position, quaternion, joints, shape (nq,).
        v: Linear and angular velocity along the pelvis' axes, joint velocities, shape (nv,).
        foot_load: Vertical force on the left and on the right foot, shape (2,) [N].
        foot_wrench: Force [N] and moment about the sole's origin [Nm] along the world's axes, shape (2, 6).
        pressure: Centre of pressure in the frame of each sole, forward and left, within the sole, shape (2, 2) [m].
        contact: How surely each foot stands, 0 to 1, shape (2,).
        foot_position: Origins of the soles in world, shape (2, 3) [m].
        foot_rotation: The soles in world, shape (2, 3, 3).
        foot_jacobian: Of the soles along the world's axes, linear then angular, shape (12, nv).
        bias: What the accelerometer says too much in the world, shape (3,) [m/s²].
    """

    position: Array
    velocity: Array
    rotation: Array
    quaternion: Array
    angular_velocity_in_world: Array
    angular_velocity_in_base: Array
    q: Array
    v: Array
    foot_load: Array
    foot_wrench: Array
    pressure: Array
    contact: Array
    foot_position: Array
    foot_rotation: Array
    foot_jacobian: Array
    bias: Array

    @classmethod
    def of(cls, model: RobotModel) -> FloatingBaseEstimate:
        """One for a body, all zero."""
        floating = model.pinocchio_floating
        return cls(
            np.zeros(3), np.zeros(3), np.eye(3), np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3), np.zeros(3),
            pin.neutral(floating), np.zeros(floating.nv), np.zeros(2), np.zeros((2, 6)), np.zeros((2, 2)), np.ones(2),
            np.zeros((2, 3)), np.tile(np.eye(3), (2, 1, 1)), np.zeros((12, floating.nv)), np.zeros(3),
        )  # fmt: skip


class FloatingBaseEstimator:
    """Estimates the floating base of a body on its feet, tick by tick.

    Attitude: `PelvisAttitude`. Loads and centres of pressure: `FootWrenches`. Contacts: `Contact`. Position and
    velocity: `AnchoredMotion`, whose feet stay where their centres of pressure are: a sole that rolls over an edge
    turns about that edge.
    """

    def __init__(
        self,
        model: RobotModel,
        soles: tuple[str, str] = ("left_sole", "right_sole"),
        imu: str = "pelvis_imu",
        period: float = 0.002,
        sole_half: tuple[float, float] = (0.102, 0.06),
        parameters: FloatingBaseParameters | None = None,
    ) -> None:
        """Prepare an estimator.

        Args:
            model: The body.
            soles: Frames in the middle of the left and of the right sole.
            imu: Frame of the pelvis' IMU.
            period: Time between two states [s].
            sole_half: Half the length and half the width of a sole [m].
            parameters: How its parts are set.

        Raises:
            ValueError: There is no such frame; the message lists those that exist.
        """
        p = parameters or FloatingBaseParameters()
        model.frame_id(imu)
        self._model = model.pinocchio_floating
        self.data = self._model.createData()
        """Kinematics at the last update with the pelvis' origin in the world's: placements and joint Jacobians."""
        for sole in soles:
            model.frame_id(sole)
        self._soles = [int(self._model.getFrameId(sole)) for sole in soles]
        self._half = sole_half
        self._attitude = PelvisAttitude(model, imu, period, p.imu_delay)
        self._wrenches = FootWrenches(model, period, p.wrench)
        self._contacts = Contact(period, p.contact), Contact(period, p.contact)
        self._motion = AnchoredMotion(period, p.imu_delay, p.motion)
        self._planned = (True, True)
        self._time, self._period = 0.0, period
        self._centred: Array = pin.neutral(self._model)
        self._arms, self._rolled = np.zeros((2, 3)), np.zeros((2, 3))
        self._turned = np.zeros((2, 3, 3))
        self.estimate = FloatingBaseEstimate.of(model)

    def expect(self, contact: tuple[bool, bool]) -> None:
        """Say which feet are planned to stand, left and right, until the next call.

        A foot that is planned to swing needs a greater load to be trusted, so that it may still touch down early; one
        that is planned to stand is not trusted before it bears some, so that it may be late.
        """
        self._planned = contact

    def reset(self, state: RobotState) -> FloatingBaseEstimate:
        """Start from a state in which the body stands on both feet, at rest."""
        e = self.estimate
        self._planned, self._time = (True, True), state.time
        self._attitude.head(0.0)
        self._attitude.update(state.pelvis_imu)
        self._place(state)
        x, y = 0.0, 0.0
        for rotation in e.foot_rotation:
            forward, left = float(rotation[0, 0]), float(rotation[1, 0])
            norm = (forward * forward + left * left) ** 0.5 or 1.0
            x, y = x + forward / norm, y + left / norm
        self._attitude.head(atan2(y, x))
        self._attitude.update(state.pelvis_imu)
        self._place(state)
        self._motion.reset(-self._arms.mean(axis=0), self._arms)
        self._turned[:] = e.foot_rotation
        self._wrenches.reset()
        for contact in self._contacts:
            contact.reset()
        self._feel(state)
        self._tell(state)
        return e

    def update(self, state: RobotState) -> FloatingBaseEstimate:
        """Take the next state in; the estimate is refreshed in place and returned."""
        e, attitude = self.estimate, self._attitude
        attitude.update(state.pelvis_imu)
        self._place(state)
        self._feel(state)
        left, right = self._contacts
        load_left, load_right = e.foot_load.tolist()
        planned_left, planned_right = self._planned
        left.update(load_left, planned_left)
        right.update(load_right, planned_right)
        confidence = left.confidence, right.confidence
        e.contact[:] = confidence
        for foot in (0, 1):
            # What stays on the ground is the centre of pressure, so the sole's origin turns about it.
            turned = self._turned[foot]
            np.subtract(turned, e.foot_rotation[foot], out=turned)
            np.matmul(turned[:, :2], e.pressure[foot], out=self._rolled[foot])
        self._turned[:] = e.foot_rotation
        lever = carried(self._wrenches.angular_acceleration, attitude.rate, attitude.lever)
        self._motion.update(attitude.rotation_read @ (attitude.force - lever), self._arms, self._rolled, confidence)
        self._tell(state)
        return e

    def _place(self, state: RobotState) -> None:
        """Kinematics about the origin of the pelvis, along the world's axes."""
        e, model, data = self.estimate, self._model, self.data
        centred = self._centred
        centred[3:7] = self._attitude.quaternion
        centred[7:] = state.joint_position
        pin.computeJointJacobians(model, data, centred)
        for foot, sole in enumerate(self._soles):
            e.foot_jacobian[6 * foot : 6 * foot + 6] = pin.getFrameJacobian(model, data, sole, pin.LOCAL_WORLD_ALIGNED)
            placement = pin.updateFramePlacement(model, data, sole)
            self._arms[foot] = placement.translation
            e.foot_rotation[foot] = placement.rotation

    def _feel(self, state: RobotState) -> None:
        """Wrenches on the feet, their vertical forces, and centres of pressure."""
        e, attitude = self.estimate, self._attitude
        joints = state.joint_position, state.joint_velocity, state.joint_torque
        periods = elapsed_periods(state.time, self._time, self._period)
        self._time = state.time
        self._wrenches.observe(attitude.force, attitude.lever, attitude.rate, joints, periods)
        e.foot_wrench[:] = self._wrenches.solve(e.foot_jacobian)
        e.foot_load[:] = e.foot_wrench[:, 2]
        length, width = self._half
        for foot in (0, 1):
            (_, _, normal), (mx, my, _) = (e.foot_wrench[foot].reshape(2, 3) @ e.foot_rotation[foot]).tolist()
            share = 1.0 / max(normal, _LEAST_LOAD)
            e.pressure[foot] = min(length, max(-length, -my * share)), min(width, max(-width, mx * share))

    def _tell(self, state: RobotState) -> None:
        """Write down what the parts have found."""
        e, attitude, found = self.estimate, self._attitude, self._motion.state
        e.position[:], e.velocity[:], e.bias[:] = found[POSITION], self._motion.velocity, found[BIAS]
        e.rotation[:], e.quaternion[:] = attitude.rotation, attitude.quaternion
        np.multiply(self._wrenches.angular_acceleration, attitude.age, out=e.angular_velocity_in_base)
        e.angular_velocity_in_base += attitude.rate
        np.matmul(e.rotation, e.angular_velocity_in_base, out=e.angular_velocity_in_world)
        np.add(self._arms, e.position, out=e.foot_position)
        q, v = e.q, e.v
        q[:3], q[3:7], q[7:] = e.position, e.quaternion, state.joint_position
        np.matmul(e.velocity, e.rotation, out=v[:3])
        v[3:6], v[6:] = e.angular_velocity_in_base, state.joint_velocity
