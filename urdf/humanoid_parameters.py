"""The humanoid as data: a table of joints and a parameter file, both checked as they are read."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from urdf.xml_writer import ZERO, Inertial, Kind, Shape

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Real = Annotated[float, Field(allow_inf_nan=False)]
Point = tuple[Real, Real, Real]
Tensor = tuple[Real, Real, Real, Real, Real, Real]
"""ixx ixy ixz iyy iyz izz [kg·m²]"""

FILE = Path(__file__).with_name("humanoid.toml")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Joint(_Table):
    """A hinge and the link that it carries: origin in the parent's frame [m, rad], limits [rad, Nm, rad/s], masses."""

    name: str
    parent: str
    child: str
    axis: Point
    xyz: Point
    roll: Real
    lower: Real
    upper: Real
    effort: Positive
    velocity: Positive
    mass: Positive
    com: Point
    inertia: tuple[Positive, Positive, Positive]

    @model_validator(mode="after")
    def _limits_in_order(self) -> Self:
        if not self.lower < self.upper:
            raise ValueError(f"{self.name}: lower limit {self.lower} is not below upper limit {self.upper}")
        return self

    @property
    def inertial(self) -> Inertial:
        """Mass properties of the child link."""
        ixx, iyy, izz = self.inertia
        return Inertial(self.mass, self.com, (ixx, 0.0, 0.0, iyy, 0.0, izz))


class Root(_Table):
    """The link that has no parent."""

    link: str
    mass: Positive
    com: Point
    inertia: Tensor

    @property
    def inertial(self) -> Inertial:
        """Mass properties of the root link."""
        return Inertial(self.mass, self.com, self.inertia)


class Grip(_Table):
    """The drive that closes the left hand's fingers, and the fingers as a body; its zero is the open hand."""

    joint: str
    hand: str
    link: str
    origin: Point
    axis: Point
    upper: Positive
    effort: Positive
    velocity: Positive
    mass: Positive
    com: Point
    inertia: Tensor

    @property
    def inertial(self) -> Inertial:
        """Mass properties of the fingers in the frame of their hinge."""
        return Inertial(self.mass, self.com, self.inertia)


class Frame(_Table):
    """A massless frame and where it is on its link [m, rad]."""

    link: str
    xyz: Point
    rpy: Point = ZERO


class Primitive(_Table):
    """A shape as the parameter file writes it."""

    kind: Kind
    size: tuple[Positive, ...]
    xyz: Point = ZERO
    rpy: Point = ZERO
    colour: str | None = None

    @property
    def shape(self) -> Shape:
        """The same for the URDF writer."""
        return Shape(self.kind, self.size, self.xyz, self.rpy, self.colour)


class Fingers(_Table):
    """How the fingers look: one chain of phalanges in the (y, z) plane of the open hinge, repeated along x [m]."""

    x: tuple[Real, ...]
    points: tuple[tuple[Real, Real], ...]
    width: Positive
    thickness: tuple[Positive, ...]
    colours: tuple[str, ...]

    @model_validator(mode="after")
    def _one_of_each_per_phalanx(self) -> Self:
        phalanges = len(self.points) - 1
        if not len(self.thickness) == len(self.colours) == phalanges:
            raise ValueError(f"{phalanges} phalanges need as many thicknesses and colours")
        return self


class HumanoidParameters(_Table):
    """Everything that the humanoid's URDF is made of; of grips, frames and shapes in pairs the left one alone."""

    name: str
    joints: tuple[Joint, ...]
    root: Root
    grip: Grip
    frames: dict[str, Frame]
    colours: dict[str, tuple[Real, Real, Real, Real]]
    collisions: dict[str, tuple[Primitive, ...]]
    visuals: dict[str, tuple[Primitive, ...]]
    fingers: Fingers

    @model_validator(mode="after")
    def _links_exist(self) -> Self:
        links = {self.root.link, *(joint.child for joint in self.joints)}
        used = {*self.collisions, *self.visuals, *(frame.link for frame in self.frames.values()), self.grip.hand}
        if unknown := sorted(used - links):
            raise ValueError(f"no such link: {', '.join(unknown)}")
        return self

    @classmethod
    def load(cls, path: Path = FILE) -> HumanoidParameters:
        """Read a parameter file and the table of joints that it names.

        Raises:
            pydantic.ValidationError: A value is missing, of the wrong kind or out of range.
        """
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls.model_validate({**data, "joints": _read_joints(path.with_name(data["joints"]))})


def _read_joints(path: Path) -> list[dict[str, object]]:
    with path.open(newline="", encoding="utf-8") as file:
        return [
            {
                "name": row["joint"],
                "parent": row["parent"],
                "child": row["child"],
                "axis": row["axis"].split(),
                "xyz": (row["x"], row["y"], row["z"]),
                "roll": row["roll"],
                "lower": row["lower_rad"],
                "upper": row["upper_rad"],
                "effort": row["effort_Nm"],
                "velocity": row["velocity_rad_s"],
                "mass": row["child_mass_kg"],
                "com": (row["com_x"], row["com_y"], row["com_z"]),
                "inertia": (row["ixx"], row["iyy"], row["izz"]),
            }
            for row in csv.DictReader(file)
        ]
