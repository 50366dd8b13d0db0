"""A bicycle as the 25 parameters of the Whipple model, under the names that the field gives them.

Meijaard, Papadopoulos, Ruina, Schwab 2007, "Linearized dynamics equations for the balance and steer of a bicycle: a
benchmark and review", Proc. R. Soc. A 463, table 1. Their axes: origin at the rear contact, x forward, y right, z down.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from urdf.bicycle_parameters import (
    BareBearings,
    BareBicycleParameters,
    BareBodies,
    Body,
    Geometry,
    Positive,
    Real,
    Resistance,
)

BENCHMARK = Path(__file__).with_name("benchmark_bicycle.toml")
"""The bicycle of table 1."""
WHEEL_WIDTH = 0.002
"""Width of the collision shape of a wheel: twice Bullet's margin, or it does not roll [m]."""
STEER_LIMIT = 1.2
"""[rad]"""
_ROUNDING = 1e-9
"""By how much of itself a moment of inertia may break the triangle inequality, for rounding [1]."""

AboveGround = Annotated[float, Field(lt=0, allow_inf_nan=False)]


class WhippleParameters(BaseModel):
    """The 25 parameters, and gravity; in the paper's axes, SI units.

    Bodies are the rear wheel R, the rear frame with the rigid rider B, the front frame H (fork and handlebar) and the
    front wheel F. Moments and products of inertia are elements of the central tensors; the two of a wheel are those
    about a diameter and about the axle.

    Attributes:
        w: Wheelbase [m].
        c: Trail [m].
        lam: Tilt of the steer axis from the vertical, positive when its upper end lies behind [rad].
        rR: Radius of the rear wheel [m].
        mR: Its mass [kg].
        IRxx: Its moment of inertia about a diameter [kg·m²].
        IRyy: About the axle.
        xB: Centre of mass of B, forward of the rear contact [m].
        zB: The same downward, so negative [m].
        mB: Mass of B [kg].
        IBxx: Of B [kg·m²].
        IByy: Of B [kg·m²].
        IBzz: Of B [kg·m²].
        IBxz: Of B [kg·m²].
        xH: As for B, and so on for the front frame and the front wheel.
        g: Gravity [m/s²].
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    w: Positive
    c: Real
    lam: Real
    rR: Positive
    mR: Positive
    IRxx: Positive
    IRyy: Positive
    xB: Real
    zB: AboveGround
    mB: Positive
    IBxx: Positive
    IByy: Positive
    IBzz: Positive
    IBxz: Real
    xH: Real
    zH: AboveGround
    mH: Positive
    IHxx: Positive
    IHyy: Positive
    IHzz: Positive
    IHxz: Real
    rF: Positive
    mF: Positive
    IFxx: Positive
    IFyy: Positive
    g: Positive = 9.81

    @field_validator("lam")
    @classmethod
    def _is_a_tilt(cls, lam: float) -> float:
        if abs(lam) >= 0.5 * math.pi:
            raise _mistake(f"{lam:g} rad is no tilt from the vertical; write radians between -1.57 and 1.57")
        return lam

    @field_validator("zB", "zH", mode="before")
    @classmethod
    def _is_above_the_ground(cls, z: object) -> object:
        if isinstance(z, float) and z >= 0.0:
            raise _mistake(f"{z:g} m is not above the ground, for z points down; write {-z if z else -1.0:g}?")
        return z

    @model_validator(mode="after")
    def _bodies_are_real(self) -> Self:
        """No real body has a moment of inertia greater than the sum of the other two, or one that is not positive."""
        for wheel, diameter, axle in (("R", self.IRxx, self.IRyy), ("F", self.IFxx, self.IFyy)):
            if axle > 2.0 * diameter * (1.0 + _ROUNDING):
                raise _mistake(
                    f"I{wheel}yy: {axle:g} kg·m² is more than twice I{wheel}xx = {diameter:g} kg·m², as no wheel has it"
                )
        for body in "BH":
            xx, yy, zz, xz = (float(getattr(self, f"I{body}{axes}")) for axes in ("xx", "yy", "zz", "xz"))
            if xz * xz >= xx * zz:
                raise _mistake(
                    f"I{body}xz: {xz:g} kg·m² must be less than the root of I{body}xx times I{body}zz, "
                    f"{math.sqrt(xx * zz):.4g} kg·m², in size"
                )
            spread = math.hypot(0.5 * (xx - zz), xz)
            low, middle, high = sorted((yy, 0.5 * (xx + zz) - spread, 0.5 * (xx + zz) + spread))
            if high > (low + middle) * (1.0 + _ROUNDING):
                raise _mistake(
                    f"I{body}xx, I{body}yy, I{body}zz, I{body}xz: the greatest principal moment of inertia, {high:.4g} "
                    f"kg·m², is more than the sum of the others, {low + middle:.4g} kg·m², as no body has it"
                    + (f"; I{body}yy has no part in lean and steer and may be lowered" if yy == high else "")
                )
        return self

    @property
    def mass(self) -> float:
        """Mass of bicycle and rider [kg]."""
        return self.mR + self.mB + self.mH + self.mF

    @classmethod
    def of(cls, bicycle: BareBicycleParameters) -> Self:
        """The parameters of a bicycle of four bodies; the model has no bearings and no resistances.

        Raises:
            ValueError: The bicycle has other bodies, or is not symmetric about its plane.
        """
        bodies, geometry = bicycle.bodies, bicycle.geometry
        extra = set(type(bodies).model_fields) - set(BareBodies.model_fields)
        if extra:
            raise ValueError(f"a bicycle of four bodies is asked for; join these to frame or fork: {sorted(extra)}")
        rear, front = bodies.rear_wheel, bodies.front_wheel
        values = {
            "w": geometry.wheelbase, "c": geometry.trail, "lam": geometry.steer_axis_tilt,
            "rR": geometry.rear_wheel_radius, "mR": rear.mass, "IRxx": rear.inertia[0], "IRyy": rear.inertia[3],
            "rF": geometry.front_wheel_radius, "mF": front.mass, "IFxx": front.inertia[0], "IFyy": front.inertia[3],
        }  # fmt: skip
        for name, body in (("B", bodies.frame), ("H", bodies.fork)):
            (x, y, z), (xx, xy, xz, yy, yz, zz) = body.com, body.inertia
            if y or xy or yz:
                raise ValueError(f"body {name} is not symmetric about the bicycle's plane; y, ixy and iyz must be zero")
            values |= {f"x{name}": x, f"z{name}": -z, f"m{name}": body.mass}
            values |= {f"I{name}xx": xx, f"I{name}yy": yy, f"I{name}zz": zz, f"I{name}xz": -xz}
        return cls.model_validate(values)

    def bicycle(self) -> BareBicycleParameters:
        """This bicycle for the generator and the world: z up, y left, without friction and resistance."""
        return BareBicycleParameters(
            geometry=Geometry(
                wheelbase=self.w, trail=self.c, steer_axis_tilt=self.lam, rear_wheel_radius=self.rR,
                front_wheel_radius=self.rF, wheel_width=WHEEL_WIDTH, steer_limit=STEER_LIMIT,
            ),
            bearings=BareBearings(wheel=0.0, steer=0.0),
            resistance=Resistance(rolling_coefficient=0.0, drag_area=0.0),
            bodies=BareBodies(
                frame=_body(self.mB, self.xB, self.zB, (self.IBxx, self.IByy, self.IBzz, self.IBxz)),
                fork=_body(self.mH, self.xH, self.zH, (self.IHxx, self.IHyy, self.IHzz, self.IHxz)),
                rear_wheel=_body(self.mR, 0.0, -self.rR, (self.IRxx, self.IRyy, self.IRxx, 0.0)),
                front_wheel=_body(self.mF, self.w, -self.rF, (self.IFxx, self.IFyy, self.IFxx, 0.0)),
            ),
        )  # fmt: skip


def _body(mass: float, x: float, z: float, inertia: tuple[float, float, float, float]) -> Body:
    """From the paper's axes to x forward, y left, z up; inertia is xx, yy, zz, xz."""
    xx, yy, zz, xz = inertia
    return Body(mass=mass, com=(x, 0.0, -z), inertia=(xx, 0.0, -xz, yy, 0.0, zz))


def _mistake(message: str) -> PydanticCustomError:
    return PydanticCustomError("whipple", "{message}", {"message": message})
