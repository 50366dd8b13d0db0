"""The bicycle in the physics: chain with freewheel, brakes, bearings, and the declared resistances."""

from __future__ import annotations

from collections.abc import Sequence
from math import tanh
from pathlib import Path
from typing import Any

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.physics import Physics, Source
from sim.pose import BaseFrame
from urdf.bicycle_parameters import JOINTS, BicycleParameters

Array = NDArray[np.float64]

CRANK, LEFT_PEDAL, RIGHT_PEDAL, REAR_WHEEL, SIDE_STAND, STEER, FRONT_LEVER, FRONT_WHEEL, REAR_LEVER = range(len(JOINTS))
_WHEELS = ((REAR_WHEEL, REAR_LEVER), (FRONT_WHEEL, FRONT_LEVER))
_FRICTION_SPEED = 0.3
"""Speed over which a bearing's Coulomb friction changes its sign [rad/s]."""
_STAND_STIFFNESS, _STAND_DAMPING = 2.0, 0.05


class BicycleBody:
    """The bicycle as a PyBullet multibody, joints in the order of `JOINTS`."""

    def __init__(self, physics: Physics, urdf: Path, parameters: BicycleParameters, air_density: float) -> None:
        self.physics, self.parameters = physics, parameters
        self.id = physics.load(urdf, JOINTS)
        joints = physics.joints(self.id)
        self.joint_index = [joints[name] for name in JOINTS]
        self.links = physics.links(self.id)
        self.base = BaseFrame(self.id, physics.id)
        self.position = self.velocity = (0.0,) * len(JOINTS)
        self.lever_pull = [0.0, 0.0]
        """Torque with which the fingers pull the rear and the front lever [Nm]."""
        self.wheel_load = [0.0, 0.0]
        """Normal force under the rear and the front wheel at the last step [N]."""
        self.ground_contacts: Sequence[tuple[Any, ...]] = ()
        """PyBullet's contact points of the last step, the bicycle as body A."""
        self.chain_torque = 0.0
        self.brake_torque = [0.0, 0.0]
        self.pedal_work = self.resistance_work = self.brake_work = 0.0
        self._slack = 0.0
        self._drag_factor = 0.5 * air_density * parameters.resistance.drag_area
        p = parameters
        self._cranks = ((CRANK, p.bearings.crank), (LEFT_PEDAL, p.bearings.pedal), (RIGHT_PEDAL, p.bearings.pedal))
        self._bearings = (
            (REAR_WHEEL, p.bearings.wheel), (STEER, p.bearings.steer), (FRONT_WHEEL, p.bearings.wheel),
        )  # fmt: skip
        self._rolling_arm = p.resistance.rolling_coefficient * p.geometry.wheel_radius
        physics.set_friction(self.id, -1, p.saddle.friction)
        for link in ("left_pedal", "right_pedal"):
            physics.set_friction(self.id, self.links[link], p.drive.pedal_friction)
        for link in ("frame", "left_pedal", "right_pedal"):
            physics.pad(self.id, self.links[link], p.padding.stiffness, p.padding.damping)
        for link in ("rear_wheel", "front_wheel"):
            physics.set_friction(self.id, self.links[link], 1.0)

    def reset(self, position: Array, velocity: Array) -> None:
        """Put the joints somewhere [rad], moving [rad/s], chain taut; for the time before the first step."""
        for joint, q, v in zip(self.joint_index, position, velocity, strict=True):
            pybullet.resetJointState(self.id, joint, float(q), float(v), physicsClientId=self.physics.id)
        self.read()
        self._slack = self._wind()

    def read(self) -> None:
        """Refresh `position` and `velocity` from the physics."""
        states = pybullet.getJointStates(self.id, self.joint_index, physicsClientId=self.physics.id)
        self.position, self.velocity, _, _ = zip(*states, strict=True)

    def _wind(self) -> float:
        """How far the crank is ahead of the wheel, in crank angle [rad]."""
        return self.position[CRANK] - self.position[REAR_WHEEL] / self.parameters.drive.gear_ratio

    def apply(self, dt: float) -> None:
        """Apply every law of the bicycle for the next step of length dt [s]."""
        velocity = self.velocity
        torque = [0.0] * len(JOINTS)
        crank_loss = self._rub(self._cranks, torque) * dt
        loss = crank_loss + self._rub(self._bearings, torque) * dt
        self._chain(torque)
        self._levers(torque)
        torque[SIDE_STAND] = -_STAND_STIFFNESS * self.position[SIDE_STAND] - _STAND_DAMPING * velocity[SIDE_STAND]
        pybullet.setJointMotorControlArray(
            self.id, self.joint_index, pybullet.TORQUE_CONTROL, forces=torque, physicsClientId=self.physics.id
        )
        self.pedal_work += self.chain_torque * velocity[CRANK] * dt + crank_loss
        self.resistance_work += loss + self._roll(dt)
        self._brake(dt)

    def _rub(self, bearings: Sequence[tuple[int, float]], torque: list[float]) -> float:
        """Coulomb friction of bearings, as (joint, torque [Nm]); returns the power that they take [W]."""
        power = 0.0
        for joint, friction in bearings:
            speed = self.velocity[joint]
            torque[joint] = -friction * tanh(speed / _FRICTION_SPEED)
            power -= torque[joint] * speed
        return power

    def _chain(self, torque: list[float]) -> None:
        """One-way clutch and chain: a spring-damper that can only pull, equal and opposite through the gear."""
        drive = self.parameters.drive
        wind = self._wind()
        self._slack = min(self._slack, wind)
        stretch = wind - self._slack
        pull = 0.0
        if stretch > 0.0:
            rate = self.velocity[CRANK] - self.velocity[REAR_WHEEL] / drive.gear_ratio
            pull = max(0.0, drive.freewheel_stiffness * stretch + drive.freewheel_damping * rate)
        self.chain_torque = pull
        torque[CRANK] -= pull
        torque[REAR_WHEEL] += pull / drive.gear_ratio

    def _levers(self, torque: list[float]) -> None:
        """Fingers pull a lever against its spring; the other end of that pull is on the fingers (see `Hand`)."""
        b = self.parameters.brakes
        for side, lever in enumerate((REAR_LEVER, FRONT_LEVER)):
            spring = b.lever_preload + b.lever_stiffness * self.position[lever]
            torque[lever] = self.lever_pull[side] - spring - b.lever_damping * self.velocity[lever]

    def _roll(self, dt: float) -> float:
        """Rolling resistance as a torque of the ground on each wheel; returns its work [J]."""
        work = 0.0
        for side, (wheel, _) in enumerate(_WHEELS):
            speed = self.velocity[wheel]
            torque = self._rolling_arm * self.wheel_load[side] * tanh(speed / _FRICTION_SPEED)
            if torque:
                link = self.joint_index[wheel]
                self.physics.twist(self.id, link, (0.0, -torque, 0.0), Source.ROLLING_RESISTANCE)
                work += torque * speed * dt
        return work

    def _brake(self, dt: float) -> None:
        """Pads on each rim: Coulomb friction of the torque that the lever's angle gives."""
        b = self.parameters.brakes
        for side, (wheel, lever) in enumerate(_WHEELS):
            limit = b.torque_per_angle * max(0.0, self.position[lever] - b.free_play)
            if limit != self.brake_torque[side]:
                self.brake_torque[side] = limit
                pybullet.setJointMotorControl2(
                    self.id, self.joint_index[wheel], pybullet.VELOCITY_CONTROL, targetVelocity=0.0, force=limit,
                    physicsClientId=self.physics.id,
                )  # fmt: skip
            if limit:
                self.brake_work += limit * abs(self.velocity[wheel]) * dt

    def air_drag(self, speed: float) -> float:
        """Drag force at a speed through still air [N]."""
        return self._drag_factor * speed * abs(speed)

    def weigh_wheels(self) -> None:
        """Refresh `ground_contacts` and `wheel_load` from the physics."""
        load = [0.0, 0.0]
        rear, front = self.joint_index[REAR_WHEEL], self.joint_index[FRONT_WHEEL]
        self.ground_contacts = pybullet.getContactPoints(self.id, self.physics.ground, physicsClientId=self.physics.id)
        for contact in self.ground_contacts:
            if contact[3] == rear:
                load[0] += contact[9]
            elif contact[3] == front:
                load[1] += contact[9]
        self.wheel_load = load
