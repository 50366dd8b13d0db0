"""Two motors with push rods move a pitch and a roll joint: the exact geometry of parallel ankles and waists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import acos, atan2, cos, dist, hypot, isfinite, pi, remainder, sin
from typing import NamedTuple

from robot.wiring.jacobian import Jacobian, Pair

_NEWTON_STEPS = 40
_SETTLED = 1e-9
"""A Newton step below this [rad] is the last: convergence is quadratic, so what is left is its square."""
_LONGEST_STEP = 0.3
"""Newton steps are cut to this [rad], so that a start far away does not leap into another assembly."""
_FARTHEST = 0.5 * pi
"""Joints beyond this [rad] belong to another assembly of the same cranks and rods."""
_IN_LINE = 1e-3
"""Least angle between crank and rod as seen along the crank's axis [rad], at the zero position."""

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class CrankRod:
    """A crank on a motor, and a rod with ball joints from its pin to the platform.

    The base frame has its origin where the pitch and the roll axis meet: x forward, y left, z up with the pitch joint
    at zero. The platform frame coincides with it when both joints are at zero. The crank turns about y.

    Attributes:
        centre: A point of the crank's axis, in the plane of its pin, in the base frame [m].
        radius: From the axis to the pin [m].
        angle: Of the pin about y from x, with both joints at zero [rad]: 0 is forward, pi backward, pi/2 down.
        anchor: The rod's ball joint on the platform, in the platform frame [m].
    """

    centre: Vector
    radius: float
    angle: float
    anchor: Vector

    @property
    def rod(self) -> float:
        """Length of the rod, between its ball joints [m]: what closes the loop with both joints at zero."""
        x, y, z = self.centre
        return dist((x + self.radius * cos(self.angle), y, z - self.radius * sin(self.angle)), self.anchor)


class Motors(NamedTuple):
    """Where the motors are for a position of the joints, and how they move with them.

    Attributes:
        position: Of both motors, zero where both joints are at zero [rad].
        jacobian: Derivative of it by pitch and roll.
    """

    position: Pair
    jacobian: Jacobian


class Joints(NamedTuple):
    """Where the joints are for a position of the motors, and how the motors move with them.

    Attributes:
        position: Pitch and roll [rad].
        jacobian: Derivative of the motors by pitch and roll, there.
    """

    position: Pair
    jacobian: Jacobian


class Linkage:
    """A platform on a universal joint (pitch about y, then roll about the pitched x), moved by two cranks with rods.

    Inverse: the closed form of one loop, |anchor - pin| = rod, for each motor. Forward: Newton's method on both loops
    (J.-P. Merlet, Parallel Robots, 2nd ed., 2006, chapters 3 and 4, for this family of mechanisms).
    """

    def __init__(self, name: str, cranks: tuple[CrankRod, CrankRod]) -> None:
        """Set the mechanism up; messages call it by its name.

        Raises:
            ValueError: A number is not finite, a crank or a rod has no length, or at zero the mechanism is singular:
                a crank is in line with its rod, or the motors cannot move pitch and roll apart.
        """
        self.name = name
        self.cranks = cranks
        for number, crank in enumerate(cranks, 1):
            self._require_sound(number, crank)
        self._rods = tuple(
            (*crank.centre, crank.radius, crank.angle, *crank.anchor, crank.rod, _branch(crank)) for crank in cranks
        )
        for number, crank in enumerate(cranks, 1):
            if abs(_opening(crank)) < _IN_LINE or abs(_opening(crank)) > pi - _IN_LINE:
                raise ValueError(
                    f"linkage {name!r}: with both joints at zero, crank {number} is in line with its rod, where it has "
                    f"no hold on the joints; turn its angle away from {crank.angle:g} rad"
                )
        jacobian = self.motors(0.0, 0.0).jacobian
        if jacobian.condition > 1e3:
            raise ValueError(
                f"linkage {name!r}: with both joints at zero, its motors cannot move pitch and roll apart; put the "
                f"anchors on both sides, and behind or before the axes"
            )
        self._handedness = jacobian.determinant > 0.0

    def motors(self, pitch: float, roll: float) -> Motors:
        """Motor positions for joint positions [rad], in closed form.

        Raises:
            ValueError: A rod is too short or too long for that position.
        """
        sp, cp, sr, cr = sin(pitch), cos(pitch), sin(roll), cos(roll)
        positions, rows = [], []
        for index, (x, y, z, radius, zero, ax, ay, az, rod, branch) in enumerate(self._rods):
            px, py, pz, rx, ry, rz = _anchor(ax, ay, az, sp, cp, sr, cr)
            dx, dy, dz = px - x, py - y, pz - z
            across = hypot(dx, dz)
            cosine = (dx * dx + dy * dy + dz * dz + radius * radius - rod * rod) / (2.0 * radius * across)
            if abs(cosine) >= 1.0:
                raise ValueError(
                    f"linkage {self.name!r}: at pitch {pitch:.4g} and roll {roll:.4g} rad rod {index + 1} of "
                    f"{rod:.4g} m does not reach from its crank to its anchor; stay within the joints' limits"
                )
            angle = atan2(-dz, dx) + branch * acos(cosine)
            positions.append(remainder(angle - zero, 2.0 * pi))
            sine, cosine = sin(angle), cos(angle)
            ux, uz = dx - radius * cosine, dz + radius * sine
            slope = -radius * (ux * sine + uz * cosine)
            rows.append(((ux * pz - uz * px) / slope, (ux * rx + dy * ry + uz * rz) / slope))
        (a, b), (c, d) = rows
        return Motors((positions[0], positions[1]), Jacobian(a, b, c, d))

    def joints(self, first: float, second: float, start: Pair = (0.0, 0.0)) -> Joints:
        """Joint positions for motor positions [rad], by Newton's method from joint positions close by.

        If that fails it begins once more with both joints at zero.

        Raises:
            ValueError: The loops do not close for these motor positions, or only beyond a singularity.
        """
        found = None
        if isfinite(first) and isfinite(second):
            found = self._newton(first, second, start) or self._newton(first, second, (0.0, 0.0))
        if found is None:
            raise ValueError(
                f"linkage {self.name!r}: no pitch and roll belong to motors at {first:.4g} and {second:.4g} rad; the "
                f"drives' zeros or directions are wrong, or a rod is not as long as the wiring file says"
            )
        return found

    def is_front(self, jacobian: Jacobian) -> bool:
        """Whether a Jacobian of this linkage is on the same side of the platform's singularities as that at zero."""
        return (jacobian.determinant > 0.0) == self._handedness

    def _newton(self, first: float, second: float, start: Pair) -> Joints | None:
        """Close both loops; None if they do not close, or only beyond a singularity."""
        pitch, roll = start
        pins = [
            (x + radius * cos(zero + motor), y, z - radius * sin(zero + motor), zero + motor)
            for (x, y, z, radius, zero, *_), motor in zip(self._rods, (first, second), strict=True)
        ]
        for _ in range(_NEWTON_STEPS):
            sp, cp, sr, cr = sin(pitch), cos(pitch), sin(roll), cos(roll)
            loops = []
            for (_, _, _, radius, _, ax, ay, az, rod, _), (bx, by, bz, angle) in zip(self._rods, pins, strict=True):
                px, py, pz, rx, ry, rz = _anchor(ax, ay, az, sp, cp, sr, cr)
                ux, uy, uz = px - bx, py - by, pz - bz
                loops.append(
                    (
                        0.5 * (ux * ux + uy * uy + uz * uz - rod * rod),
                        ux * pz - uz * px,
                        ux * rx + uy * ry + uz * rz,
                        -radius * (ux * sin(angle) + uz * cos(angle)),
                    )
                )
            (f, fp, fr, fm), (g, gp, gr, gm) = loops
            determinant = fp * gr - fr * gp
            if determinant == 0.0 or not isfinite(determinant):
                return None
            step_pitch = (fr * g - gr * f) / determinant
            step_roll = (gp * f - fp * g) / determinant
            longest = max(abs(step_pitch), abs(step_roll))
            if longest < _SETTLED:
                if fm == 0.0 or gm == 0.0:
                    return None
                jacobian = Jacobian(fp / fm, fr / fm, gp / gm, gr / gm)
                if not self._is_assembled(fm, gm, jacobian):
                    return None
                joints = pitch + step_pitch, roll + step_roll
                return Joints(joints, jacobian) if max(map(abs, joints)) < _FARTHEST else None
            cut = min(1.0, _LONGEST_STEP / longest)
            pitch, roll = pitch + cut * step_pitch, roll + cut * step_roll
        return None

    def _is_assembled(self, first: float, second: float, jacobian: Jacobian) -> bool:
        """Whether cranks and platform are on the sides of their singularities on which they were put together."""
        sides = all(slope * branch < 0.0 for slope, (*_, branch) in zip((first, second), self._rods, strict=True))
        return sides and self.is_front(jacobian)

    def _require_sound(self, number: int, crank: CrankRod) -> None:
        numbers: Sequence[float] = (*crank.centre, crank.radius, crank.angle, *crank.anchor)
        if not all(isfinite(value) for value in numbers):
            raise ValueError(f"linkage {self.name!r}: crank {number} has a number that is not finite")
        if crank.radius <= 0.0:
            raise ValueError(f"linkage {self.name!r}: crank {number} has radius {crank.radius:g} m; it must be above 0")
        if crank.rod <= 0.0:
            raise ValueError(f"linkage {self.name!r}: rod {number} has no length: its pin is where its anchor is")


def _anchor(
    ax: float, ay: float, az: float, sp: float, cp: float, sr: float, cr: float
) -> tuple[float, float, float, float, float, float]:
    """An anchor of the platform, turned by roll and then by pitch.

    Returns:
        x, y, z in the base frame [m], and their derivatives by roll [m/rad]; those by pitch are z, 0, -x.
    """
    y, lift = ay * cr - az * sr, ay * sr + az * cr
    x, z = ax * cp + lift * sp, lift * cp - ax * sp
    return x, y, z, y * sp, -lift, y * cp


def _opening(crank: CrankRod) -> float:
    """Angle of the crank from the direction to its anchor, both seen along y, at zero [rad]."""
    dx, dz = crank.anchor[0] - crank.centre[0], crank.anchor[2] - crank.centre[2]
    return remainder(crank.angle - atan2(-dz, dx), 2.0 * pi)


def _branch(crank: CrankRod) -> float:
    """On which side of that direction the crank is put together: 1 or -1."""
    return 1.0 if _opening(crank) >= 0.0 else -1.0
