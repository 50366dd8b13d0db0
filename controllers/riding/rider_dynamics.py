"""The bicycle with its rider as one Whipple model: the rider is taken as rigid on the rear frame."""

from __future__ import annotations

from dataclasses import replace
from math import pi

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.riding.posture import RiderPosture
from controllers.riding.posture_chart import PostureChart
from controllers.riding.whipple import Whipple, whipple
from robot import RobotModel
from urdf.bicycle_parameters import BicycleParameters, Body
from urdf.whipple_parameters import WhippleParameters

Array = NDArray[np.float64]

_STEER_ANGLES = (-0.2, -0.1, 0.0, 0.1, 0.2)
"""[rad]."""
_FURTHER = 1.04
"""How much more a bend leans the bicycle than the Whipple model says, as the rides have it: 1.03 to 1.05 in slaloms,
1.02 in loops of 2 m radius. A leaning wheel turns further, the tangent of a lean is more than the lean, and bars that
are far turned take the trunk less aside [1]."""


def with_rigid_rider(
    model: RobotModel, joint_position: Array, posture: RiderPosture, bicycle: BicycleParameters
) -> WhippleParameters:
    """A bicycle with a seated rider in a posture, shape (n,) [rad], as if both were one and symmetric."""
    b, g = bicycle.bodies, bicycle.geometry
    parts = [_inertia(b.frame), _inertia(b.crank), _inertia(b.side_stand), _rider(model, joint_position, posture)]
    parts += [_inertia(b.pedal), _inertia(_mirrored(b.pedal))]
    rear = sum(parts[1:], parts[0])
    front = _inertia(b.fork) + _inertia(b.lever) + _inertia(_mirrored(b.lever))
    return WhippleParameters(
        w=g.wheelbase, c=g.trail, lam=g.steer_axis_tilt,
        rR=g.rear_wheel_radius, mR=b.rear_wheel.mass, IRxx=b.rear_wheel.inertia[0], IRyy=b.rear_wheel.inertia[3],
        rF=g.front_wheel_radius, mF=b.front_wheel.mass, IFxx=b.front_wheel.inertia[0], IFyy=b.front_wheel.inertia[3],
        **_in_paper_axes("B", rear), **_in_paper_axes("H", front),
    )  # fmt: skip


def whipple_with_rider(
    model: RobotModel, joint_position: Array, posture: RiderPosture, bicycle: BicycleParameters
) -> Whipple:
    """The linear model of a seated rider in a posture, shape (n,) [rad], on a bicycle."""
    return whipple(with_rigid_rider(model, joint_position, posture, bicycle))


def with_moving_arms(rigid: Whipple, model: RobotModel, posture: RiderPosture, chart: PostureChart) -> Whipple:
    """The linear model of a rider whose arms and trunk go along with the bars, from that of a rigid one.

    Grips are behind the steer axis: bars to the left take hands, arms and shoulders to the right. Lean's own equation
    feels that as weight beside the plane, and as angular momentum about the line on the ground. Both are found from the
    chart of seated postures, as the mean of what they are per steer angle over the angles of usual riding. What the
    linear model leaves out in bends is in as one factor.
    """
    floating = model.pinocchio_floating
    data = floating.createData()
    aside = rolling = 0.0
    for steer in _STEER_ANGLES:
        seated = chart.at(0.5 * pi, 0.0, steer, 1.0)
        place = np.concatenate((posture.pelvis_in_bicycle, (0.0, 0.0, 0.0, 1.0), seated.position))
        pin.computeCentroidalMomentum(floating, data, place, np.concatenate((np.zeros(6), seated.velocity)))
        momentum, about = data.hg.linear, data.hg.angular + np.cross(data.com[0], data.hg.linear)
        aside += float(momentum[1]) / len(_STEER_ANGLES)
        rolling += float(about[0]) / len(_STEER_ANGLES)
    # Per unit of steer rate to the left: momentum to the left, and about the forward axis, which is roll to the right.
    coupling = np.array(((0.0, 1.0), (1.0, 0.0)))
    return replace(
        rigid, mass=rigid.mass - rolling * coupling, gravity=rigid.gravity - aside * coupling,
        speed=rigid.speed * ((1.0, _FURTHER), (1.0, 1.0)),
    )  # fmt: skip


def _rider(model: RobotModel, joint_position: Array, posture: RiderPosture) -> pin.Inertia:
    """The whole body as one inertia in the bicycle frame."""
    floating = model.pinocchio_floating
    data = floating.createData()
    place = np.concatenate((posture.pelvis_in_bicycle, (0.0, 0.0, 0.0, 1.0), joint_position))
    pin.ccrba(floating, data, place, np.zeros(floating.nv))
    return pin.Inertia(data.Ig.mass, data.com[0], data.Ig.inertia)


def _inertia(body: Body) -> pin.Inertia:
    xx, xy, xz, yy, yz, zz = body.inertia
    return pin.Inertia(body.mass, np.array(body.com), np.array(((xx, xy, xz), (xy, yy, yz), (xz, yz, zz))))


def _mirrored(body: Body) -> Body:
    """The same body on the other side of the bicycle's plane."""
    (x, y, z), (xx, xy, xz, yy, yz, zz) = body.com, body.inertia
    return body.model_copy(update={"com": (x, -y, z), "inertia": (xx, -xy, xz, yy, -yz, zz)})


def _in_paper_axes(name: str, inertia: pin.Inertia) -> dict[str, float]:
    """Parameters of a body, from x forward, z up to the paper's x forward, z down."""
    x, _, z = inertia.lever
    moments = inertia.inertia
    return {
        f"x{name}": float(x),
        f"z{name}": -float(z),
        f"m{name}": float(inertia.mass),
        f"I{name}xx": float(moments[0, 0]),
        f"I{name}yy": float(moments[1, 1]),
        f"I{name}zz": float(moments[2, 2]),
        f"I{name}xz": -float(moments[0, 2]),
    }
