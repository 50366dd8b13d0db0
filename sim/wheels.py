"""Where the wheels touch the ground, from the pose of the bicycle's frame and its steer angle."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin, sqrt

from sim.pose import Triple, rotate
from urdf.bicycle_parameters import Geometry

CROWN_RADIUS = 0.001
"""Radius of the tread across the rim: Bullet's fixed margin, which rounds off a cylinder of twice that width [m]."""


def contact_points(
    geometry: Geometry, position: Triple, orientation: Sequence[float], steer: float
) -> tuple[Triple, Triple]:
    """Lowest points of the rear and the front wheel, in world [m]; on the plain they are the contact points.

    Args:
        geometry: Of the bicycle.
        position: Origin of the bicycle frame in world [m].
        orientation: Of the bicycle frame, quaternion x, y, z, w.
        steer: Steer angle, positive to the left [rad].
    """
    rear_radius, radius = geometry.rear_wheel_radius, geometry.front_wheel_radius
    ax, _, az = geometry.steer_axis
    c, s = cos(steer), sin(steer)
    root = geometry.steer_axis_x(radius)
    reach = geometry.wheelbase - root
    turned = reach * ax * (1.0 - c)
    front = (root + reach * c + ax * turned, az * reach * s, radius + az * turned)
    rear = _lowest(
        position, rotate(orientation, (0.0, 0.0, rear_radius)), rotate(orientation, (0.0, 1.0, 0.0)), rear_radius
    )
    front_axis = rotate(orientation, (-s * az, c, s * ax))
    return rear, _lowest(position, rotate(orientation, front), front_axis, radius)


def _lowest(position: Triple, axle: Triple, axis: Triple, radius: float) -> Triple:
    """Lowest point of a wheel whose axle is at an offset from a position and along a unit axis."""
    x, y, z = axis
    level = sqrt(max(1e-12, 1.0 - z * z))
    return (
        position[0] + axle[0] + radius * z * x / level,
        position[1] + axle[1] + radius * z * y / level,
        position[2] + axle[2] - radius * level,
    )
