"""From what a scenario says of the plant to bodies, drives and sensors as they really are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from robot import RobotModel
from scenarios.plant_schema import CentreOfMass, Payload, Plant, RobotPlant
from sim.sensors import SensorParameters
from sim.urdf_source import UrdfSource, UrdfText
from urdf import bicycle as bicycle_urdf
from urdf.bicycle_parameters import BicycleParameters
from urdf.bicycle_variation import BicycleVariation
from urdf.reweigh import Lump, reweighed

Links = Mapping[str, str]
"""The link of the body that `torso`, `pelvis`, `left_hand` and `right_hand` of a scenario mean."""
LINKS: Links = {
    "torso": "torso_link",
    "pelvis": "pelvis",
    "left_hand": "left_wrist_roll_link",
    "right_hand": "right_wrist_roll_link",
}
"""Those of the project's own body."""


@dataclass(frozen=True, slots=True)
class TrueBodies:
    """Robot and bicycle as the world has them.

    Attributes:
        model: The robot.
        robot: Where its URDF is.
        bicycle: The bicycle's parameters.
        bicycle_urdf: Where its URDF is.
    """

    model: RobotModel
    robot: UrdfSource
    bicycle: BicycleParameters
    bicycle_urdf: UrdfSource

    @property
    def mass(self) -> float:
        """Robot and bicycle together [kg]."""
        return self.model.mass + self.bicycle.mass


def build_plant(
    plant: Plant, model: RobotModel, robot: Path, drives: Path, bicycle: BicycleParameters, bicycle_file: Path
) -> TrueBodies:
    """The bodies of a plant; those that do not differ from their models are the models' own.

    Args:
        plant: How they differ.
        model: The nominal robot.
        robot: Its file.
        drives: The file of its drives.
        bicycle: The nominal bicycle.
        bicycle_file: Its URDF.

    Raises:
        ValueError: There can be no such body.
    """
    true = build_robot(plant, model, robot, drives)
    variation = BicycleVariation(
        plant.bicycle_mass, plant.trail, plant.steer_axis_tilt, plant.wheelbase, plant.wheel_radius
    )
    wheels: UrdfSource = bicycle_file
    if variation != BicycleVariation():
        bicycle = variation.of(bicycle)
        name = f"{bicycle_file.name} as changed by plant"
        wheels = UrdfText(bicycle_urdf.build(bicycle), name, bicycle_file.parent)
    return TrueBodies(true.model, true.urdf, bicycle, wheels)


class TrueRobot(NamedTuple):
    """The robot as the world has it: its model, and where its URDF is."""

    model: RobotModel
    urdf: UrdfSource


def build_robot(
    plant: RobotPlant, model: RobotModel, robot: UrdfSource, drives: Path, links: Links = LINKS
) -> TrueRobot:
    """The robot of a plant; what does not differ from its model is the model's own.

    Args:
        plant: How it differs.
        model: The nominal robot.
        robot: Its URDF.
        drives: The file of its drives.
        links: What the names of its parts mean.

    Raises:
        ValueError: There can be no such body.
    """
    source = robot
    if _other_masses(plant):
        nominal = UrdfText.of(robot)
        text = _reweighed(plant, nominal.text, links)
        source = UrdfText(text, f"{Path(nominal.name).name} as changed by plant", nominal.folder)
        model = RobotModel.from_urdf(text, drives.read_text(encoding="utf-8"), source.name)
    return TrueRobot(_other_drives(plant, model), source)


def delayed(sensors: SensorParameters, delay: float) -> SensorParameters:
    """The same sensors whose readings come later by a delay [s]."""
    if delay == 0.0:
        return sensors
    place = sensors.localization
    return replace(
        sensors,
        imu=replace(sensors.imu, delay=sensors.imu.delay + delay),
        localization=None if place is None else replace(place, delay=place.delay + delay),
    )


def _other_masses(plant: RobotPlant) -> bool:
    return plant.robot_mass != 1.0 or plant.payload.mass > 0.0 or plant.torso_com != CentreOfMass()


def _reweighed(plant: RobotPlant, urdf: str, links: Links) -> str:
    shift, payload = plant.torso_com, plant.payload
    return reweighed(urdf, plant.robot_mass, {links["torso"]: (shift.x, shift.y, shift.z)}, _lumps(payload, links))


def _lumps(payload: Payload, links: Links) -> dict[str, Lump]:
    if payload.mass == 0.0:
        return {}
    return {links[payload.link]: Lump(payload.mass, (payload.x, payload.y, payload.z), payload.radius)}


def _other_drives(plant: RobotPlant, model: RobotModel) -> RobotModel:
    if plant.joint_friction == 1.0 and plant.command_delay == 0.0:
        return model
    drives = replace(
        model.drives,
        coulomb_friction=plant.joint_friction * model.drives.coulomb_friction,
        viscous_friction=plant.joint_friction * model.drives.viscous_friction,
        command_delay=model.drives.command_delay + plant.command_delay,
    )
    return replace(model, drives=drives)
