"""The bicycle as data: one validated parameter file for its URDF, its physics and its rider."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Real = Annotated[float, Field(allow_inf_nan=False)]
Point = tuple[Real, Real, Real]
SidePoint = tuple[Real, Real]

FILE = Path(__file__).with_name("bicycle.toml")
BARE_JOINTS = ("rear_wheel_joint", "steer_joint", "front_wheel_joint")
"""Joints of a bicycle that has nothing for a rider, in the order of `JOINTS`."""
JOINTS = (
    "crank_joint",
    "left_pedal_joint",
    "right_pedal_joint",
    "rear_wheel_joint",
    "side_stand_joint",
    "steer_joint",
    "front_brake_lever_joint",
    "front_wheel_joint",
    "rear_brake_lever_joint",
)
"""Joints of the bicycle, depth first and alphabetical: the order that PyBullet and Pinocchio both give."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Geometry(_Table):
    """Whipple geometry [m, rad]: wheelbase, trail and tilt of the steer axis as in Meijaard et al. 2007."""

    wheelbase: Positive
    trail: Real
    steer_axis_tilt: Annotated[float, Field(gt=-math.pi / 2, lt=math.pi / 2)]
    rear_wheel_radius: Positive
    front_wheel_radius: Positive
    wheel_width: Positive
    steer_limit: Positive

    def steer_axis_x(self, z: float) -> float:
        """Where the steer axis is at a height [m]."""
        return self.wheelbase + self.trail - z * math.tan(self.steer_axis_tilt)

    @property
    def steer_axis(self) -> Point:
        """Unit vector along the steer axis, upward."""
        return (-math.sin(self.steer_axis_tilt), 0.0, math.cos(self.steer_axis_tilt))


class Saddle(_Table):
    """A flat saddle: middle of its top (x, z), length along x, width along y behind and at its nose [m]."""

    top: SidePoint
    length: Positive
    width: Positive
    nose_width: Positive
    friction: NonNegative


class Padding(_Table):
    """Saddle foam and pedal rubber: stiffness [N/m] and damping [N·s/m] of a contact point."""

    stiffness: Positive
    damping: NonNegative


class Handlebar(_Table):
    """Centre of the left grip [m], its sweep from sideways [rad] and the bar's radius [m]."""

    grip: Point
    sweep: Real
    radius: Positive


class Drive(_Table):
    """Bottom bracket (x, z), cranks, flat pedals, gear and freewheel."""

    bottom_bracket: SidePoint
    crank_length: Positive
    pedal_offset: Positive
    pedal_size: tuple[Positive, Positive, Positive]
    pedal_friction: NonNegative
    gear_ratio: Positive
    freewheel_stiffness: Positive
    freewheel_damping: NonNegative


class BareBearings(_Table):
    """Coulomb friction torque of the bearings that every bicycle has [Nm]."""

    wheel: NonNegative
    steer: NonNegative


class Bearings(BareBearings):
    """Those of a bicycle to be ridden besides [Nm]."""

    crank: NonNegative
    pedal: NonNegative
    side_stand: NonNegative


class Resistance(_Table):
    """Rolling resistance coefficient [1] and drag area Cd·A [m²]."""

    rolling_coefficient: NonNegative
    drag_area: NonNegative


class Brakes(_Table):
    """Levers on the handlebar and the rim brakes that their cables pull."""

    lever_length: Positive
    lever_stiffness: Positive
    lever_damping: NonNegative
    lever_preload: NonNegative
    lever_travel: Positive
    free_play: NonNegative
    torque_per_angle: Positive


class Body(_Table):
    """Mass [kg], centre of mass in the bicycle frame [m], central inertia ixx ixy ixz iyy iyz izz [kg·m²]."""

    mass: Positive
    com: Point
    inertia: tuple[Real, Real, Real, Real, Real, Real]


class BareBodies(_Table):
    """The four bodies of every bicycle, each with all that is rigid on it."""

    frame: Body
    fork: Body
    rear_wheel: Body
    front_wheel: Body


class Bodies(BareBodies):
    """Those of a bicycle to be ridden besides; pedal and lever are those of the left side."""

    crank: Body
    pedal: Body
    lever: Body
    side_stand: Body


class BareBicycleParameters(_Table):
    """What every bicycle has, in the bicycle frame: enough for one that rolls by itself.

    The frame's origin is on the ground below the rear axle of the upright bicycle; x forward, y left, z up. SI units.
    """

    geometry: Geometry
    bearings: BareBearings
    resistance: Resistance
    bodies: BareBodies

    @property
    def mass(self) -> float:
        """Mass of the whole bicycle [kg]."""
        b = self.bodies
        return b.frame.mass + b.fork.mass + b.rear_wheel.mass + b.front_wheel.mass


class BicycleParameters(BareBicycleParameters):
    """A bicycle to be ridden: saddle, handlebar, drive and brakes besides."""

    saddle: Saddle
    padding: Padding
    handlebar: Handlebar
    drive: Drive
    bearings: Bearings
    brakes: Brakes
    bodies: Bodies

    @model_validator(mode="after")
    def _pedals_clear_the_ground(self) -> Self:
        lowest = self.drive.bottom_bracket[1] - self.drive.crank_length - self.drive.pedal_size[2]
        if lowest <= 0:
            raise ValueError(
                f"drive.crank_length: a pedal would reach {-lowest:.3f} m below the ground; use a shorter crank"
            )
        return self

    @property
    def mass(self) -> float:
        """Mass of the whole bicycle, both pedals and both levers included [kg]."""
        b = self.bodies
        return super().mass + b.crank.mass + b.side_stand.mass + 2.0 * (b.pedal.mass + b.lever.mass)

    @classmethod
    def load(cls, path: Path = FILE) -> BicycleParameters:
        """Read a parameter file.

        Raises:
            pydantic.ValidationError: A value is missing, of the wrong kind or out of range.
        """
        return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
