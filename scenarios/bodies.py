"""A body from its URDF and its parameter file: for controllers, and for the world."""

from __future__ import annotations

from pathlib import Path

from robot import Body, RobotModel
from sim.urdf_source import UrdfText
from urdf.adaptation import adapted


def load_body(urdf: Path, parameters: Path) -> tuple[RobotModel, Body]:
    """A body from a URDF and the one file that has all that the URDF does not say; `docs/add_your_robot.md`.

    Raises:
        ValueError: The URDF cannot be right, even with what the file changes in it, or the file cannot.
        OSError: A file cannot be read.
    """
    text = parameters.read_text(encoding="utf-8")
    model = RobotModel.from_urdf(body_urdf(urdf, parameters).text, text, str(urdf))
    return model, Body.parse(text, model)


def body_urdf(urdf: Path, parameters: Path) -> UrdfText:
    """The URDF with what the parameter file changes in it: what the world is to load.

    Raises:
        ValueError: A change cannot be made.
        OSError: A file cannot be read.
    """
    text = adapted(urdf.read_text(encoding="utf-8"), parameters.read_text(encoding="utf-8"), urdf.parent)
    return UrdfText(text, str(urdf), urdf.parent)
