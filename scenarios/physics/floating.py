"""The robot floating in space: what its limbs do by themselves moves neither its centre of mass nor its momentum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from scenarios.assembly import ROBOT_URDF, load_robot
from scenarios.physics.check import Check, Finding
from scenarios.physics.first_order import first_order
from sim.experiments.flight import pull, space, step
from sim.experiments.limbs import follow, free_joints, swimming, swinging
from sim.experiments.momentum import momentum
from sim.experiments.twin import Twin
from sim.physics import GRAVITY, Physics, PhysicsSettings
from sim.robot_body import RobotBody

Array = NDArray[np.float64]

_COARSE, _FINE = 1e-3, 5e-4
"""Step of every ride and half of it [s]."""
_LOOK = 0.02
"""Time from one look at the momentum to the next [s]."""
_ASTRAY = 0.01
"""What the integration at a step of 1 ms may leave of the limbs' own momentum [1].

Measured 0.2 to 1.1 %, in proportion to the step. A drive that pushed on one of its ends only would leave all of it.
"""


def _robot(physics: Physics, joints: Array) -> RobotBody:
    body = RobotBody(physics, ROBOT_URDF, load_robot())
    body.base.place(np.array((0.0, 0.0, 200.0)), np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3))
    body.reset(joints, np.zeros_like(joints))
    return body


@dataclass(frozen=True, slots=True)
class _Swing:
    """Drift of linear and angular momentum over time, shape (T, 3), and the greatest gross ones, by Bullet's links.

    `apart` is the greatest difference of Pinocchio's momenta at the end.
    """

    linear: Array
    angular: Array
    gross: float
    gross_angular: float
    apart: float


def _swing(dt: float, seconds: float, gravity: float = 0.0) -> _Swing:
    model = load_robot()
    with space(PhysicsSettings(step=dt)) as physics:
        pull(physics, np.array((0.0, 0.0, -gravity)))
        body = _robot(physics, 0.5 * (model.limits.lower + model.limits.upper))
        linear, angular, gross = [], [], np.zeros(2)
        for tick in follow(body, swinging(body), seconds):
            if tick % round(_LOOK / dt) == 0:
                now = momentum(physics, body.id)
                linear.append(now.linear + np.array((0.0, 0.0, now.mass * gravity * tick * dt)))
                angular.append(now.angular)
                gross = np.maximum(gross, (now.gross, now.gross_angular))
        now, twin = momentum(physics, body.id), Twin(body, model.pinocchio_floating).momentum()
    apart = max(float(np.abs(twin.linear - now.linear).max()), float(np.abs(twin.angular - now.angular).max()))
    return _Swing(np.array(linear), np.array(angular), float(gross[0]), float(gross[1]), apart)


def _angular_momentum() -> tuple[Finding, ...]:
    """All joints swing by half a radian at 1 Hz, out of step with each other."""
    coarse, fine = _swing(_COARSE, 2.0), _swing(_FINE, 2.0)
    falling, long = _swing(_COARSE, 2.0, GRAVITY), _swing(_COARSE, 5.0)
    return (
        *_drifts("2 s in space", coarse),
        *first_order("linear momentum", coarse.linear, fine.linear, coarse.gross, 2e-4, "kg·m/s"),
        *first_order("angular momentum", coarse.angular, fine.angular, coarse.gross_angular, 2e-4, "kg·m²/s"),
        *_drifts("2 s of free fall", falling),
        *_drifts("5 s in space", long),
        Finding("Pinocchio's momentum less Bullet's", coarse.apart, 0.0, "kg·m²/s", 1e-6, coarse.gross_angular),
    )


def _drifts(what: str, swing: _Swing) -> tuple[Finding, Finding]:
    linear, angular = (float(np.linalg.norm(drift, axis=1).max()) for drift in (swing.linear, swing.angular))
    return (
        Finding(f"{what}: drift of linear momentum", linear, 0.0, "kg·m/s", _ASTRAY, swing.gross),
        Finding(f"{what}: drift of angular momentum", angular, 0.0, "kg·m²/s", _ASTRAY, swing.gross_angular),
    )


def _stroke(dt: float) -> tuple[Rotation, Rotation]:
    """How the body is turned by two seconds of strokes, and how it should be by what its joints did."""
    model = load_robot()
    with space(PhysicsSettings(step=dt)) as physics:
        body = _robot(physics, np.zeros(model.size))
        path = swimming(body)
        body.reset(path(0.0)[0], np.zeros(model.size))
        twin = Twin(body, model.pinocchio_floating)
        start = twin.place()[:7]
        joints = [body.position.copy()]
        joints += [body.position.copy() for _ in follow(body, path, 2.0)]
        body.base.read()
        return Rotation.from_quat(body.base.orientation), twin.turned_by_limbs(start, np.array(joints))


def _falling_cat() -> tuple[Finding, ...]:
    """Without angular momentum the joints' path alone sets the attitude, whatever torques made it: a geometric law.

    Drift of the angular momentum turns the body besides, so the attitude sums up what the other check sees at a moment.
    """
    errors = []
    turned = 0.0
    for dt in (_COARSE, _FINE):
        found, wanted = _stroke(dt)
        turned = float(wanted.magnitude())
        errors.append((found * wanted.inv()).as_rotvec())
    coarse, fine = errors
    what, wrong = "attitude after two strokes", float(np.linalg.norm(coarse))
    return (
        Finding(f"{what} that turn it by {turned:.2f} rad, step 1 ms", wrong, 0.0, "rad", 0.03, turned),
        *first_order(what, coarse, fine, turned, 5e-3, "rad"),
    )


def _limp(dt: float) -> Array:
    """Kinetic energy over time as a part of that at first, of a robot without drives, friction and stops; less one."""
    model = load_robot()
    with space(PhysicsSettings(step=dt)) as physics:
        middle = 0.5 * (model.limits.lower + model.limits.upper)
        body = _robot(physics, middle)
        free_joints(body)
        body.reset(middle, 2.0 * np.sin(2.3 * np.arange(model.size)))
        first = momentum(physics, body.id).kinetic
        gained = []
        for tick in range(round(1.5 / dt)):
            step(physics)
            if (tick + 1) % round(_LOOK / dt) == 0:
                gained.append(momentum(physics, body.id).kinetic / first - 1.0)
    return np.array(gained)


def _energy_robot() -> tuple[Finding, ...]:
    coarse, fine = _limp(_COARSE), _limp(_FINE)
    worst = float(np.abs(coarse).max())
    return (
        Finding("gain of kinetic energy in 1.5 s, step 1 ms", worst, 0.0, "1", 0.005, 1.0),
        *first_order("kinetic energy", coarse, fine, 1.0, 1e-4, "1"),
    )


CHECKS = (
    Check("angular-momentum", "limbs that their drives swing give the floating robot no momentum", _angular_momentum),
    Check("falling-cat", "without momentum the attitude follows from the path of the joints alone", _falling_cat),
    Check("energy-robot", "a limp robot without friction keeps its kinetic energy in space", _energy_robot),
)
