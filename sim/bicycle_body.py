"""The bicycle in the physics: chain with freewheel, brakes, bearings, and the declared resistances."""

from __future__ import annotations

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.bare_bicycle_body import BareBicycleBody
from sim.physics import Physics
from sim.urdf_source import UrdfSource
from urdf.bicycle_parameters import JOINTS, BicycleParameters

Array = NDArray[np.float64]

CRANK, LEFT_PEDAL, RIGHT_PEDAL, REAR_WHEEL, SIDE_STAND, STEER, FRONT_LEVER, FRONT_WHEEL, REAR_LEVER = range(len(JOINTS))
_BRAKED = ((REAR_WHEEL, REAR_LEVER), (FRONT_WHEEL, FRONT_LEVER))
_STAND_STIFFNESS, _STAND_DAMPING = 2.0, 0.05


class BicycleBody(BareBicycleBody):
    """The bicycle to be ridden as a PyBullet multibody, joints in the order of `JOINTS`."""

    joint_names = JOINTS

    def __init__(self, physics: Physics, urdf: UrdfSource, parameters: BicycleParameters, air_density: float) -> None:
        super().__init__(physics, urdf, parameters)
        self.parameters = parameters
        self.lever_pull = [0.0, 0.0]
        """Torque with which the fingers pull the rear and the front lever [Nm]."""
        self.steer_torque = 0.0
        """Declared torque between frame and fork, left on the fork positive [Nm]."""
        self.chain_torque = 0.0
        self.brake_torque = [0.0, 0.0]
        self.pedal_work = self.brake_work = 0.0
        self._slack = 0.0
        self._drag_factor = 0.5 * air_density * parameters.resistance.drag_area
        p = parameters
        self._cranks = ((CRANK, p.bearings.crank), (LEFT_PEDAL, p.bearings.pedal), (RIGHT_PEDAL, p.bearings.pedal))
        physics.set_friction(self.id, -1, p.saddle.friction)
        for link in ("left_pedal", "right_pedal"):
            physics.set_friction(self.id, self.links[link], p.drive.pedal_friction)
        for link in ("frame", "left_pedal", "right_pedal"):
            physics.pad(self.id, self.links[link], p.padding.stiffness, p.padding.damping)

    def reset(self, position: Array, velocity: Array) -> None:
        """Put the joints somewhere [rad], moving [rad/s], chain taut; for the time before the first step."""
        super().reset(position, velocity)
        self._slack = self._wind()

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
        torque[STEER] += self.steer_torque
        torque[SIDE_STAND] = -_STAND_STIFFNESS * self.position[SIDE_STAND] - _STAND_DAMPING * velocity[SIDE_STAND]
        self._drive(torque)
        self.pedal_work += self.chain_torque * velocity[CRANK] * dt + crank_loss
        self.resistance_work += loss + self._roll(dt)
        self._brake(dt)

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

    def _brake(self, dt: float) -> None:
        """Pads on each rim: Coulomb friction of the torque that the lever's angle gives."""
        b = self.parameters.brakes
        for side, (wheel, lever) in enumerate(_BRAKED):
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
