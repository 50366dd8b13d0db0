"""The robot in the physics: readings and torques of all joints in one call each, in the order of the robot model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pybullet
from numpy.typing import NDArray

from robot import RobotModel
from sim.physics import Physics
from sim.pose import BaseFrame, rotate
from sim.self_collision import let_links_touch
from sim.urdf_source import UrdfSource

Array = NDArray[np.float64]


class RobotBody:
    """The humanoid as a PyBullet multibody."""

    def __init__(self, physics: Physics, urdf: UrdfSource, model: RobotModel, *, touching_itself: bool = False) -> None:
        """Load the body and give every joint its rotor.

        Bullet has no rotor inertia; here the driven link carries the rotor, with inertia about the joint axis alone.
        That is too much for the rest of the body: `Rotors` takes it away. Its links go through each other unless they
        are asked to touch.

        Raises:
            ValueError: The file does not load, or has other joints than the model.
        """
        self.physics, self.model = physics, model
        self.id = physics.load(urdf, model.joint_names, touching_itself=touching_itself)
        self.touching = let_links_touch(physics, self.id) if touching_itself else []
        """Pairs of links that may touch each other, as PyBullet's indices."""
        joints = physics.joints(self.id)
        self.joint_index = [joints[name] for name in model.joint_names]
        self.links = physics.links(self.id)
        self.base = BaseFrame(self.id, physics.id)
        self.motion = np.zeros((2, model.size))
        """Joint positions [rad] and velocities [rad/s], shape (2, n)."""
        self.position, self.velocity = self.motion
        self.carried = [
            self._add_rotor(joint, float(rotor))
            for joint, rotor in zip(self.joint_index, model.drives.rotor_inertia, strict=True)
        ]
        """What each joint's rotor adds to the link that it drives, about its centre of mass and along its own axes,
        (3, 3) each [kg·m²]."""
        for link in range(-1, physics.joint_count(self.id)):
            physics.set_friction(self.id, link, 1.0)

    def _add_rotor(self, joint: int, rotor: float) -> Array:
        client = self.physics.id
        info = pybullet.getDynamicsInfo(self.id, joint, physicsClientId=client)
        axis = np.array(pybullet.getJointInfo(self.id, joint, physicsClientId=client)[13])
        inertial_axes = np.array(pybullet.getMatrixFromQuaternion(info[4])).reshape(3, 3)
        share = (inertial_axes.T @ axis) ** 2
        # Bullet keeps three principal moments. Divided by the sum of squares, what they gain about the axis is exact.
        gained = rotor * share / np.dot(share, share)
        diagonal = (np.array(info[2]) + gained).tolist()
        pybullet.changeDynamics(self.id, joint, localInertiaDiagonal=diagonal, physicsClientId=client)
        return np.asarray(inertial_axes @ np.diag(gained) @ inertial_axes.T)

    def reset(self, position: Array, velocity: Array) -> None:
        """Put the joints somewhere [rad], moving [rad/s]; for the time before the first step."""
        for joint, q, v in zip(self.joint_index, position, velocity, strict=True):
            pybullet.resetJointState(self.id, joint, float(q), float(v), physicsClientId=self.physics.id)
        self.read()

    def read(self) -> None:
        """Refresh `motion`, and with it `position` and `velocity`, from the physics."""
        states = pybullet.getJointStates(self.id, self.joint_index, physicsClientId=self.physics.id)
        position, velocity, _, _ = zip(*states, strict=True)
        self.motion[:] = position, velocity

    def apply(self, torque: Array) -> None:
        """Drive every joint with a torque, shape (n,) [Nm], for the next step."""
        pybullet.setJointMotorControlArray(
            self.id, self.joint_index, pybullet.TORQUE_CONTROL, forces=torque.tolist(), physicsClientId=self.physics.id
        )

    def link_of(self, frame: str) -> tuple[int, Array, Array]:
        """PyBullet's link that carries a frame of the model, and the frame in it.

        Returns:
            Link index, origin (3,) [m] and rotation matrix (3, 3) of the frame in the link's own frame.
        """
        placed = self.model.pinocchio.frames[self.model.frame_id(frame)]
        joint = placed.parentJoint
        link = -1 if joint == 0 else self.joint_index[self.model.index(self.model.pinocchio.names[joint])]
        return link, placed.placement.translation.copy(), placed.placement.rotation.copy()

    def frame_position(self, link: int, origin: Sequence[float]) -> tuple[float, float, float]:
        """A point of a link's own frame, in the world [m]."""
        state = pybullet.getLinkState(self.id, link, computeForwardKinematics=1, physicsClientId=self.physics.id)
        x, y, z = rotate(state[5], origin)
        at = state[4]
        return (at[0] + x, at[1] + y, at[2] + z)
