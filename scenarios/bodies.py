"""A body from its URDF and its parameter file: for controllers, and for the world."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from robot import Body, RobotModel
from sim.urdf_source import UrdfText
from urdf.adaptation import adapted
from urdf.description import read


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


def parts(body: Body, urdf: str) -> Mapping[str, str]:
    """The links that are meant by the names of a body's parts in a scenario: torso, pelvis, left_hand, right_hand.

    A hand is the link with mass to which its frame is fixed.
    """
    left, right = (_carrier(hand, urdf) for hand in body.hands)
    return {"torso": body.torso, "pelvis": body.pelvis, "left_hand": left, "right_hand": right}


def _carrier(frame: str, urdf: str) -> str:
    described, _ = read(urdf)
    if described is None:
        return frame
    heavy = {link.name for link in described.links if link.mass > 0.0}
    above = {joint.child: joint.parent for joint in described.joints if joint.kind == "fixed"}
    link = frame
    while link not in heavy and link in above:
        link = above[link]
    return link
