"""The world of a ride: robot, bicycle and ground, stepped under torques that obey the drives, watched by an audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import asin, atan2, cos, sin, sqrt

import numpy as np
import pybullet
from numpy.typing import NDArray

from robot import RobotModel
from sim.audit import ImpulseAudit
from sim.bicycle_body import CRANK, STEER, BicycleBody
from sim.contacts import ContactReader
from sim.disturbance import Disturbances
from sim.hand import Hand, HandParameters
from sim.impacts import Impacts
from sim.physics import Physics, Source
from sim.pose import LinkFrame, Triple, rotate
from sim.robot_body import RobotBody
from sim.robot_world import RobotWorld, RobotWorldSettings
from sim.standing import Standing
from sim.standing_bodies import StandingBodies
from sim.steer_pulse import SteerPulse, SteerPulses
from sim.terrain import Terrain
from sim.truth import Truth
from sim.urdf_source import UrdfSource
from sim.wheel_ground import WheelGround
from sim.wheels import contact_points
from sim.wind import Wind, WindParameters, drag_in_wind
from urdf.bicycle import steer_origin
from urdf.bicycle_parameters import JOINTS, BicycleParameters

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class InitialState:
    """Where everything is at time zero, in the world frame; robot and bicycle move as one with one velocity.

    Attributes:
        pelvis_position: Origin of the pelvis frame, shape (3,) [m].
        pelvis_orientation: Quaternion x, y, z, w.
        joint_position: Shape (n,) [rad].
        bicycle_position: Origin of the bicycle frame, shape (3,) [m].
        bicycle_orientation: Quaternion x, y, z, w.
        bicycle_joint_position: In the order of `urdf.bicycle_parameters.JOINTS` [rad].
        bicycle_joint_velocity: [rad/s].
        velocity: Shape (3,) [m/s].
    """

    pelvis_position: Array
    pelvis_orientation: Array
    joint_position: Array
    bicycle_position: Array
    bicycle_orientation: Array
    bicycle_joint_position: Array
    bicycle_joint_velocity: Array
    velocity: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldSettings(RobotWorldSettings):
    """What surrounds the bodies: also air density [kg/m³], terrain and what stands on it, wind, torques on the bars."""

    air_density: float
    terrain: Terrain = field(default_factory=Terrain)
    standing: tuple[Standing, ...] = ()
    wind: WindParameters | None = None
    steer_pulses: tuple[SteerPulse, ...] = ()


class World(RobotWorld):
    """Robot and bicycle on the ground, with drives, hands, resistances, sensors and the truth."""

    truth: Truth

    def __init__(
        self, model: RobotModel, parameters: BicycleParameters, robot_urdf: UrdfSource, bicycle_urdf: UrdfSource,
        initial: InitialState, settings: WorldSettings, rng: np.random.Generator,
        wind_rng: np.random.Generator | None = None,
    ) -> None:  # fmt: skip
        """Build the world; two built alike behave alike to the last bit on one machine.

        Args:
            model: The robot as it really is.
            parameters: The bicycle as it really is.
            robot_urdf: File or text of the robot.
            bicycle_urdf: File or text of the bicycle.
            initial: Where everything is at time zero.
            settings: What surrounds it.
            rng: Where the drives' errors come from; each sensor has a stream of its own.
            wind_rng: Where the wind's turbulence comes from; the same at every building when none is given.
        """
        physics = Physics(settings.physics)
        super().__init__(physics, RobotBody(physics, robot_urdf, model), settings, rng)
        self.bicycle = BicycleBody(physics, bicycle_urdf, parameters, settings.air_density)
        self._geometry = parameters.geometry
        bicycle, terrain = self.bicycle, settings.terrain
        self._ground = None if terrain.flat else WheelGround(physics, bicycle.id, bicycle.wheels, terrain)
        self._standing = StandingBodies(physics, settings.standing)
        self._wind: Wind | None = None
        self._side_factor = 0.0
        if settings.wind is not None:
            self._wind = Wind(settings.wind, settings.period, wind_rng or np.random.default_rng(0))
            self._side_factor = 0.5 * settings.air_density * settings.wind.side_area
        self._drag_at: Triple = (0.0, 0.0, 0.0)
        self._fork = LinkFrame(bicycle.id, bicycle.links["fork"], physics.id)
        self._disturbances = Disturbances((bicycle, self.robot), settings.pushes)
        self._pulses = SteerPulses(settings.steer_pulses)
        self._contacts = ContactReader(self.robot, bicycle)
        contacts = self._contacts
        self._impacts = Impacts(self.robot, self._dt)
        self._audit = ImpulseAudit(lambda: (*bicycle.ground_contacts, *contacts.ground), model.mass + parameters.mass)
        self._hands = _hands(self.robot, bicycle, parameters)
        self._finger_joint = [model.index("left_grip_joint"), model.index("right_grip_joint")]
        self._finger_load = [0.0, 0.0]
        self.truth = Truth(model.size, len(JOINTS))
        self._place(initial)
        self._begin()

    def _place(self, start: InitialState) -> None:
        self.bicycle.base.place(start.bicycle_position, start.bicycle_orientation, start.velocity)
        self.bicycle.reset(start.bicycle_joint_position, start.bicycle_joint_velocity)
        self.robot.base.place(start.pelvis_position, start.pelvis_orientation, start.velocity)
        self.robot.reset(start.joint_position, np.zeros(start.joint_position.size))
        self._feel_hands()
        if self._ground is not None:
            self._ground.lay(())

    def _begin_tick(self) -> None:
        self._drag, self._drag_at = self._air_drag(), self._torso.com
        self._standing.change(self.time)

    def _load_joints(self, torque: Array) -> None:
        for joint, load in zip(self._finger_joint, self._finger_load, strict=True):
            torque[joint] += load

    def _act(self) -> None:
        bicycle = self.bicycle
        bicycle.steer_torque = self._pulses.apply(self.time, bicycle.velocity[STEER], self._dt)
        self.bicycle.apply(self._dt)
        self.physics.push(self.robot.id, self._torso_link, self._drag, self._drag_at, Source.AIR_DRAG)

    def _turned(self) -> tuple[float, float]:
        return self.truth.heading, self.bicycle.position[CRANK]

    def _look(self) -> None:
        self.bicycle.read()
        self.bicycle.weigh_wheels()
        self._contacts.look()
        self._impacts.look(self._contacts.ground)
        if self._ground is not None:
            self._ground.lay(self.bicycle.ground_contacts)
        self._feel_hands()

    def _end_tick(self) -> None:
        self.bicycle.resistance_work += self._drag_power(self._drag) * self._steps_per_tick * self._dt

    def _feel_hands(self) -> None:
        for side, hand in enumerate(self._hands):
            self._finger_load[side] = hand.update()

    def _air_drag(self) -> Triple:
        """Air drag against the motion through the air, in world [N]; it acts on the torso's centre of mass."""
        vx, vy, vz = self.bicycle.base.linear
        if self._wind is not None:
            factors = self.bicycle.air_drag(1.0), self._side_factor
            return drag_in_wind((vx, vy, vz), self._wind.step(self.time), self.truth.heading, *factors)
        speed = sqrt(vx * vx + vy * vy + vz * vz)
        share = -self.bicycle.air_drag(speed) / max(speed, 1e-9)
        return share * vx, share * vy, share * vz

    def _drag_power(self, drag: Triple) -> float:
        """Power that the air takes [W]; less than zero where a wind drives."""
        if self._wind is None:
            return sqrt(sum(f * f for f in drag)) * abs(self.truth.speed)
        return -sum(f * v for f, v in zip(drag, self._torso.com_velocity, strict=True))

    def _refresh(self) -> None:
        """Bring the truth up to date with the physics."""
        super()._refresh()
        truth, bicycle = self.truth, self.bicycle
        self._fork.read()
        base = bicycle.base
        base.read()
        truth.bicycle_position[:] = base.position
        truth.bicycle_orientation[:] = orientation = base.orientation
        truth.bicycle_velocity[:] = base.linear + base.angular
        truth.bicycle_joint_position[:] = bicycle.position
        truth.bicycle_joint_velocity[:] = bicycle.velocity
        truth.steer = bicycle.position[STEER]
        truth.crank_angle = bicycle.position[CRANK]
        truth.crank_rate = bicycle.velocity[CRANK]
        forward, left = rotate(orientation, (1.0, 0.0, 0.0)), rotate(orientation, (0.0, 1.0, 0.0))
        truth.roll = asin(max(-1.0, min(1.0, left[2])))
        truth.heading = atan2(forward[1], forward[0])
        truth.speed = base.linear[0] * cos(truth.heading) + base.linear[1] * sin(truth.heading)
        truth.rear_contact[:], truth.front_contact[:] = (
            contact_points(self._geometry, base.position, orientation, truth.steer)
            if self._ground is None
            else self._ground.contact_points
        )
        for side, hand in enumerate(self._hands):
            truth.grip_force[side] = hand.force
            truth.grip_closed[side] = hand.closed
            truth.grip_gap[side] = hand.caught
        truth.drive_torque = bicycle.chain_torque
        truth.steer_pulse = self._pulses.torque
        truth.push_work += self._pulses.work
        truth.brake_torque[:] = bicycle.brake_torque
        truth.pedal_work = bicycle.pedal_work
        truth.resistance_work = bicycle.resistance_work
        truth.brake_work = bicycle.brake_work
        truth.ground_work = 0.0 if self._ground is None else self._ground.work
        truth.obstacle_force = self._standing.force(*base.position[:2])
        self._contacts.read(truth)
        self._impacts.read(truth)


def _hands(robot: RobotBody, bicycle: BicycleBody, parameters: BicycleParameters) -> list[Hand]:
    """Both hands; they meet the handlebar by their grip constraint, so they do not collide with it."""
    x, y, z = (a - b for a, b in zip(parameters.handlebar.grip, steer_origin(parameters), strict=True))
    hands = []
    for side, sign, lever in (("left", 1, 1), ("right", -1, 0)):
        frame, joint = f"{side}_grip_frame", f"{side}_grip_joint"
        hands.append(Hand(robot, bicycle, frame, joint, (x, sign * y, z), lever, HandParameters()))
        for part in ("wrist_pitch", "wrist_roll", "fingers"):
            for link in ("fork", "front_brake_lever", "rear_brake_lever"):
                pybullet.setCollisionFilterPair(
                    robot.id, bicycle.id, robot.links[f"{side}_{part}_link"], bicycle.links[link], 0,
                    physicsClientId=robot.physics.id,
                )  # fmt: skip
    return hands
