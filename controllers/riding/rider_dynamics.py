"""The bicycle with its rider as one Whipple model: the rider is taken as rigid on the rear frame."""

from __future__ import annotations

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.riding.posture import RiderPosture
from controllers.riding.whipple import RigidBody, Wheel, Whipple, whipple
from robot import RobotModel
from urdf.bicycle_parameters import BicycleParameters, Body

Array = NDArray[np.float64]


def whipple_with_rider(
    model: RobotModel, joint_position: Array, posture: RiderPosture, bicycle: BicycleParameters
) -> Whipple:
    """The linear model of a seated rider in a posture, shape (n,) [rad], on a bicycle."""
    b, g = bicycle.bodies, bicycle.geometry
    parts = [_inertia(b.frame), _inertia(b.crank), _inertia(b.side_stand), _rider(model, joint_position, posture)]
    parts += [_inertia(b.pedal), _inertia(_mirrored(b.pedal))]
    rear = sum(parts[1:], parts[0])
    front = _inertia(b.fork) + _inertia(b.lever) + _inertia(_mirrored(b.lever))
    return whipple(
        g.wheelbase, g.trail, g.steer_axis_tilt, _wheel(b.rear_wheel, g.wheel_radius), _in_paper_axes(rear),
        _in_paper_axes(front), _wheel(b.front_wheel, g.wheel_radius),
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


def _in_paper_axes(inertia: pin.Inertia) -> RigidBody:
    """From x forward, z up to the paper's x forward, z down."""
    x, _, z = inertia.lever
    moments = inertia.inertia
    return RigidBody(
        inertia.mass, float(x), -float(z), float(moments[0, 0]), -float(moments[0, 2]), float(moments[2, 2])
    )


def _wheel(body: Body, radius: float) -> Wheel:
    return Wheel(radius, body.mass, body.inertia[0], body.inertia[3])
