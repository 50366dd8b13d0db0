"""A bicycle that is not quite built as its parameter file says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from urdf.bicycle_parameters import BicycleParameters


@dataclass(frozen=True, slots=True)
class BicycleVariation:
    """How a bicycle differs from the nominal one; the defaults are no difference.

    Saddle, pedals, grips and levers stay where they are on the upright bicycle with the steering straight, and so do
    all that is not named below: a rider who knows the nominal bicycle sits well, and steers about another axis.

    Attributes:
        mass: Factor on mass and inertia of every part [1].
        trail: Added to the trail [m]: the fork's offset differs. The steer axis moves, the wheels stay.
        steer_axis_tilt: Added to the tilt of the steer axis [rad], which turns about where it meets the ground.
        wheelbase: Added to the wheelbase [m]. Front wheel, fork's mass and steer axis move; the frame's centre of mass
            moves in proportion to its place between the wheels.
        wheel_radius: Added to the radius of both wheels [m]. Their axles rise with it, the frame does not.
    """

    mass: float = 1.0
    trail: float = 0.0
    steer_axis_tilt: float = 0.0
    wheelbase: float = 0.0
    wheel_radius: float = 0.0

    def of(self, nominal: BicycleParameters) -> BicycleParameters:
        """The bicycle that differs so from a nominal one.

        Raises:
            ValueError: There is no such bicycle.
        """
        data = nominal.model_dump()
        geometry, bodies = data["geometry"], data["bodies"]
        geometry["trail"] += self.trail
        geometry["steer_axis_tilt"] += self.steer_axis_tilt
        geometry["wheelbase"] += self.wheelbase
        for body in bodies.values():
            body["mass"] *= self.mass
            body["inertia"] = tuple(self.mass * moment for moment in body["inertia"])
        stretch = self.wheelbase / nominal.geometry.wheelbase
        _move(bodies["frame"], x=stretch * nominal.bodies.frame.com[0])
        for name in ("fork", "front_wheel"):
            _move(bodies[name], x=self.wheelbase)
        for wheel in ("rear_wheel", "front_wheel"):
            geometry[f"{wheel}_radius"] += self.wheel_radius
            _move(bodies[wheel], z=self.wheel_radius)
        return type(nominal).model_validate(data)


def _move(body: dict[str, Any], x: float = 0.0, z: float = 0.0) -> None:
    """Move the centre of mass of a part [m]."""
    at = body["com"]
    body["com"] = (at[0] + x, at[1], at[2] + z)
