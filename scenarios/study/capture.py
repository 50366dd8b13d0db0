"""The push that a linear inverted pendulum on a body's feet takes without a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, inf, sin, sqrt

import numpy as np
import pinocchio as pin

from controllers.balance.support import Point, convex_hull
from scenarios.errors import BadInput
from scenarios.foot_body import load_foot_body
from scenarios.foot_ground import build_ground
from scenarios.foot_schema import FootScenario
from scenarios.foot_start import stand
from scenarios.metrics_energy import GRAVITY
from scenarios.plant_builder import build_robot


@dataclass(frozen=True, slots=True)
class Stance:
    """A body that stands.

    Attributes:
        mass: Of all of it [kg].
        height: Of its centre of mass above the soles [m].
        hull: Corners of the area under its soles, counter-clockwise, forward and left of the centre of mass [m].
    """

    mass: float
    height: float
    hull: Sequence[Point]

    def capture_limit(self, direction: float) -> float:
        """The impulse m omega d that brings the divergent component to the edge of the support [N·s].

        With the centre of mass at rest an impulse J moves the divergent component c + c'/omega by J / (m omega); beyond
        the edge no centre of pressure brings it back (Pratt, Carff, Drakunov, Goswami 2006; Hof 2008).

        Args:
            direction: Of the push, from forward to the left [rad].
        """
        return self.mass * sqrt(GRAVITY / self.height) * reach(self.hull, direction)


def reach(hull: Sequence[Point], direction: float) -> float:
    """Distance from the origin, inside a hull with its corners counter-clockwise, to its edge in a direction [m]."""
    x, y = cos(direction), sin(direction)
    least = inf
    for (ax, ay), (bx, by) in zip(hull, [*hull[1:], hull[0]], strict=True):
        nx, ny = by - ay, ax - bx  # points out of the hull
        out = nx * x + ny * y
        if out > 1e-12:
            least = min(least, (nx * ax + ny * ay) / out)
    return max(least, 0.0)


def stance_of(scenario: FootScenario) -> Stance:
    """How a body really stands at the start of a scenario, but for the jitter.

    Raises:
        BadInput: There is no such body or ground, or it cannot stand there.
    """
    try:
        robot = load_foot_body(scenario.robot)
        body = robot.body
        model = build_robot(scenario.plant, robot.model, robot.urdf, robot.drives, robot.links).model
        ground = build_ground(scenario.ground, tuple(table.goal() for table in scenario.goals), 0)
        start = stand(model, body.posture, 0.0, ground, body.frames)
    except ValueError as error:
        raise BadInput(f"{scenario.name} cannot be built: {error}") from error
    q = np.concatenate((start.pelvis_position, start.pelvis_orientation, start.joint_position))
    floating = model.pinocchio_floating
    data = floating.createData()
    pin.framesForwardKinematics(floating, data, q)
    com = pin.centerOfMass(floating, data, q)
    soles = [data.oMf[floating.getFrameId(name)] for name in body.soles]
    a, b = body.sole_half
    corners = [sole.act(np.array((i, j, 0.0))) - com for sole in soles for i in (-a, a) for j in (-b, b)]
    hull = convex_hull([(float(corner[0]), float(corner[1])) for corner in corners])
    return Stance(model.mass, -float(np.mean([corner[2] for corner in corners])), hull)
