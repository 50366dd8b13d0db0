"""The committed files of this project's robot, for who needs no world: they load no simulator."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import robot
import urdf
from robot import RobotModel
from robot.drivers import DriveCatalogue

ROBOT_URDF = Path(urdf.__file__).with_name("humanoid.urdf")
DRIVES = Path(robot.__file__).with_name("drives.toml")
DIALECTS = Path(robot.__file__).parent / "drivers" / "dialects.toml"


@cache
def load_robot() -> RobotModel:
    """The robot of this project, from its committed URDF and drive file."""
    return RobotModel.from_urdf(
        ROBOT_URDF.read_text(encoding="utf-8"), DRIVES.read_text(encoding="utf-8"), str(ROBOT_URDF)
    )


def load_drive_models() -> DriveCatalogue:
    """The models of drives whose frames are known, from the committed dialect file."""
    return DriveCatalogue.parse(DIALECTS.read_text(encoding="utf-8"))
