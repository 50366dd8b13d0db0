"""Where tyres slide: on the limit that the coefficient of friction sets, in every direction, and not before."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from scenarios.assembly import BICYCLE_URDF
from scenarios.physics.check import Check, Finding
from sim.experiments.bicycles import without_resistances
from sim.experiments.cornering import corner
from sim.experiments.sliding import skid, stand
from sim.experiments.steady_turn import SteadyTurn, TurnSolver
from sim.physics import GRAVITY
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]


def _slope(degrees: float, towards: float) -> Array:
    """Gravity in the frame of a slope, z normal to it, x ahead; the slope falls at an angle from ahead, both in °."""
    tilt, side = np.radians(degrees), np.radians(towards)
    return GRAVITY * np.array((np.sin(tilt) * np.cos(side), np.sin(tilt) * np.sin(side), -np.cos(tilt)))


def _least_grip(slides: Callable[[float], bool], expected: float) -> float:
    """Friction at which sliding ends, by bisection within 10 % of an expected one, to 0.2 % of it.

    Where sliding ends nowhere in that range, one of its bounds, which is 10 % off.
    """
    low, high = 0.9 * expected, 1.1 * expected
    for _ in range(6):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if slides(middle) else (low, middle)
    return 0.5 * (low + high)


def _corner() -> tuple[Finding, ...]:
    """Steady turns on ground of less and less friction, until a wheel slides sideways.

    Over both wheels the limit is v²/(r g) of the centre of mass, on a slope with gravity along the ground added and
    that into the ground instead of g. One wheel needs some parts in a hundred more than the other. How much the first
    one needs is known from the inverse dynamics of the steady turn, by Pinocchio; the bicycle slides there but for the
    0.2 % of the search and what "slides" means: 5 cm/s within 0.4 s, where grip leaves less than 1 cm/s.
    """
    model = pin.buildModelFromXML(BICYCLE_URDF.read_text(encoding="utf-8"), pin.JointModelFreeFlyer())
    turns = TurnSolver(model, BicycleParameters.load().geometry.wheel_radius)
    level, across, along = 0.0, 10.0, 5.0
    return (
        *_turning("level, 3 m/s, 4 m to the left", turns.solve(3.0, 4.0, _slope(level, 0.0)), _slope(level, 0.0)),
        *_turning("level, 5 m/s, 6 m to the right", turns.solve(5.0, -6.0, _slope(level, 0.0)), _slope(level, 0.0)),
        *_turning("10° banked, 4.5 m/s, 5 m", turns.solve(4.5, 5.0, _slope(across, 90.0)), _slope(across, 90.0)),
        *_turning("10° outward, 4.5 m/s, 5 m", turns.solve(4.5, 5.0, _slope(across, -90.0)), _slope(across, -90.0)),
        *_turning("5° uphill, 4.5 m/s, 5 m", turns.solve(4.5, 5.0, _slope(along, 180.0)), _slope(along, 180.0), 0.1),
        *_turning("5° downhill, 4.5 m/s, 5 m", turns.solve(4.5, 5.0, _slope(along, 0.0)), _slope(along, 0.0), 0.1),
    )


def _turning(what: str, turn: SteadyTurn, gravity: Array, apart: float = 0.03) -> tuple[Finding, Finding]:
    """Where a turn begins to slide, against the need of the first wheel and against that of a point mass.

    Uphill and downhill the rear wheel also drives or brakes, so the two wheels' needs are `apart` by more.
    """
    parameters = without_resistances(BicycleParameters.load())
    found = _least_grip(
        lambda friction: corner(BICYCLE_URDF, parameters, turn, gravity, friction, 0.4) > 0.05, max(turn.demand)
    )
    point = hypot(np.copysign(turn.curve, turn.angular[2]) - gravity[1], gravity[0]) / -float(gravity[2])
    return (
        Finding(f"{what}: slides below this friction", found, max(turn.demand), "1", 0.015),
        Finding(f"{what}: the same for a point mass, v²/(r g)", found, point, "1", apart),
    )


def _standing() -> tuple[Finding, ...]:
    """A bicycle with locked wheels on a slope of 20°, seen from five sides: friction has no favourite direction.

    It stands in balance on two points, so it can stay for half a second only; "slides" is 1.5 cm/s within 0.3 s, which
    is 1.5 % of the friction.
    """
    return tuple(_standing_towards(towards) for towards in (0.0, 45.0, 90.0, -90.0, 180.0))


def _standing_towards(towards: float) -> Finding:
    gravity, parameters = _slope(20.0, towards), BicycleParameters.load()
    limit = float(np.tan(np.radians(20.0)))
    found = _least_grip(lambda friction: stand(BICYCLE_URDF, parameters, gravity, friction, 0.3) > 0.015, limit)
    return Finding(f"20° that fall {towards:g}° from ahead: slides below this friction", found, limit, "1", 0.025)


def _braking() -> tuple[Finding, ...]:
    """By Newton's law from the momentum; what is left is the solver's, which stops at a part in a thousand."""
    parameters = BicycleParameters.load()
    findings = []
    for friction, slope in ((0.3, 0.0), (0.5, 0.0), (0.8, 0.0), (0.5, 5.0), (0.5, -5.0)):
        found = skid(BICYCLE_URDF, parameters, _slope(slope, 0.0), friction, 4.0, 0.3)
        what = f"locked wheels at 4 m/s, slope of {slope:g}°: friction over normal force"
        findings.append(Finding(what, found, friction, "1", 0.002))
    return tuple(findings)


CHECKS = (
    Check("friction-corner", "in a turn the bicycle slides where v²/r > mu·g, and not before", _corner),
    Check("friction-slope", "locked wheels slide where tan(slope) > mu, and not before, in every direction", _standing),
    Check("friction-braking", "locked wheels that slide brake with mu times the normal force", _braking),
)
