"""What every bicycle does in the physics: wheels that roll, steering that turns, bearings and rolling resistance."""

from __future__ import annotations

from collections.abc import Sequence
from math import tanh
from typing import Any

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.physics import Physics, Source
from sim.pose import BaseFrame
from sim.urdf_source import UrdfSource
from urdf.bicycle_parameters import BARE_JOINTS, BareBicycleParameters

Array = NDArray[np.float64]

_FRICTION_SPEED = 0.3
"""Speed over which a bearing's Coulomb friction changes its sign [rad/s]."""


class BareBicycleBody:
    """A bicycle as a PyBullet multibody that rolls by itself, its joints in the order of `joint_names`."""

    joint_names: Sequence[str] = BARE_JOINTS

    def __init__(self, physics: Physics, urdf: UrdfSource, parameters: BareBicycleParameters) -> None:
        self.physics = physics
        self.id = physics.load(urdf, self.joint_names)
        joints = physics.joints(self.id)
        self.joint_index = [joints[name] for name in self.joint_names]
        self.links = physics.links(self.id)
        self.base = BaseFrame(self.id, physics.id)
        self.position = self.velocity = (0.0,) * len(self.joint_names)
        self.wheel_load = [0.0, 0.0]
        """Normal force under the rear and the front wheel at the last step [N]."""
        self.ground_contacts: Sequence[tuple[Any, ...]] = ()
        """PyBullet's contact points of the last step, the bicycle as body A."""
        self.resistance_work = 0.0
        """Work of bearings and rolling resistance so far [J]."""
        p = parameters
        rear, steer, front = (self.joint_names.index(name) for name in BARE_JOINTS)
        self._wheels = (rear, front)
        self._wheel_links = (self.joint_index[rear], self.joint_index[front])
        radii = p.geometry.rear_wheel_radius, p.geometry.front_wheel_radius
        self.wheels = dict(zip(self._wheel_links, radii, strict=True))
        """Radius of each wheel by its link, rear and front [m]."""
        self._bearings = ((rear, p.bearings.wheel), (steer, p.bearings.steer), (front, p.bearings.wheel))
        coefficient = p.resistance.rolling_coefficient
        self._rolling_arms = (coefficient * p.geometry.rear_wheel_radius, coefficient * p.geometry.front_wheel_radius)
        for link in self._wheel_links:
            physics.set_friction(self.id, link, 1.0)

    def reset(self, position: Array, velocity: Array) -> None:
        """Put the joints somewhere [rad], moving [rad/s]; for the time before the first step."""
        for joint, q, v in zip(self.joint_index, position, velocity, strict=True):
            pybullet.resetJointState(self.id, joint, float(q), float(v), physicsClientId=self.physics.id)
        self.read()

    def read(self) -> None:
        """Refresh `position` and `velocity` from the physics."""
        states = pybullet.getJointStates(self.id, self.joint_index, physicsClientId=self.physics.id)
        self.position, self.velocity, _, _ = zip(*states, strict=True)

    def apply(self, dt: float) -> None:
        """Apply every law of the bicycle for the next step of length dt [s]."""
        torque = [0.0] * len(self.joint_index)
        loss = self._rub(self._bearings, torque) * dt
        self._drive(torque)
        self.resistance_work += loss + self._roll(dt)

    def _rub(self, bearings: Sequence[tuple[int, float]], torque: list[float]) -> float:
        """Coulomb friction of bearings, as (joint, torque [Nm]); returns the power that they take [W]."""
        power = 0.0
        for joint, friction in bearings:
            speed = self.velocity[joint]
            torque[joint] = -friction * tanh(speed / _FRICTION_SPEED)
            power -= torque[joint] * speed
        return power

    def _drive(self, torque: list[float]) -> None:
        """Put torques on the joints for the next step [Nm]."""
        pybullet.setJointMotorControlArray(
            self.id, self.joint_index, pybullet.TORQUE_CONTROL, forces=torque, physicsClientId=self.physics.id
        )

    def _roll(self, dt: float) -> float:
        """Rolling resistance as a torque of the ground on each wheel; returns its work [J]."""
        work = 0.0
        for side, wheel in enumerate(self._wheels):
            speed = self.velocity[wheel]
            torque = self._rolling_arms[side] * self.wheel_load[side] * tanh(speed / _FRICTION_SPEED)
            if torque:
                link = self._wheel_links[side]
                self.physics.twist(self.id, link, (0.0, -torque, 0.0), Source.ROLLING_RESISTANCE)
                work += torque * speed * dt
        return work

    def weigh_wheels(self) -> None:
        """Refresh `ground_contacts` and `wheel_load` from the physics."""
        load = [0.0, 0.0]
        rear, front = self._wheel_links
        self.ground_contacts = self.physics.ground_contacts(self.id)
        for contact in self.ground_contacts:
            if contact[3] == rear:
                load[0] += contact[9]
            elif contact[3] == front:
                load[1] += contact[9]
        self.wheel_load = load
