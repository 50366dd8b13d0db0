"""The body of a run on foot: the project's own, or the one that the scenario names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from robot import Body, RobotModel
from scenarios.assembly import BODY, DRIVES, ROBOT_URDF, load_robot
from scenarios.bodies import body_urdf, load_body, parts
from scenarios.body_files import body_files
from scenarios.plant_builder import LINKS
from scenarios.robot_schema import RobotTable
from sim.urdf_source import UrdfSource, UrdfText


@dataclass(frozen=True, slots=True)
class FootBody:
    """A body, and where it comes from.

    Attributes:
        model: The body.
        body: How balance and walking see it.
        urdf: Its URDF.
        drives: The file that tells of its drives.
        links: Its links by what a scenario calls them: torso, pelvis, left_hand, right_hand.
    """

    model: RobotModel
    body: Body
    urdf: UrdfSource
    drives: Path
    links: Mapping[str, str]

    @property
    def drawn(self) -> UrdfText | None:
        """The URDF that pictures are drawn from; None is the project's own."""
        return self.urdf if isinstance(self.urdf, UrdfText) else None


def load_foot_body(table: RobotTable | None) -> FootBody:
    """The body that a scenario names; the project's own where it names none.

    Raises:
        ValueError: A file is not there or cannot be read, or what it says cannot be right.
    """
    if table is None:
        model = load_robot()
        return FootBody(model, Body.parse(BODY.read_text(encoding="utf-8"), model), ROBOT_URDF, DRIVES, LINKS)
    urdf, parameters = body_files(table)
    try:
        model, body = load_body(urdf, parameters)
        changed = body_urdf(urdf, parameters)
    except OSError as error:
        raise ValueError(f"robot: {error.filename} cannot be read: {error.strerror}") from None
    return FootBody(model, body, changed, parameters, parts(body, changed.text))
