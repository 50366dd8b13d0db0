"""The seated postures of a ride as a chart over crank and steer angle, solved once by whole-body inverse kinematics.

With the pelvis on the saddle, the legs' posture is a function of the crank angle and everything above is one of the
steer angle. Solving that beforehand costs less in the loop than solving it there, and gives what a step-by-step
solution cannot: exact first and second derivatives, from which the legs' inertia is fed forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import pi

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from controllers.riding.posture import LEFT_FOOT, LEFT_HAND, RIGHT_FOOT, RIGHT_HAND, RiderPosture
from robot import RobotModel
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]

_CRANK_KNOTS, _STEER_KNOTS = 90, 29
_CRANK_ROWS, _STEER_ROWS = 1440, 561


@dataclass(frozen=True, slots=True)
class SeatedPosture:
    """The reference of all joints, shape (n,) each, and what a force at a limb asks of them.

    Attributes:
        position: [rad].
        velocity: [rad/s].
        acceleration: [rad/s²].
        pedalling: Joint velocities for a crank rate of 1 rad/s [1].
        feet: Joint torques for 1 N by the left and the right foot along each of the bicycle's axes, shape (2, 3, n).
        pressing: Forces of the left and the right foot along these axes for 1 Nm by each joint, shape (2, 3, n).
        bars: Joint torques by which both hands turn the bars with 1 Nm to the left, shape (n,).
        lean: Joint torques by which the left and the right hand presses down on its grip with 1 N, shape (2, n).
        brace: Joint torques by which the right hand presses on its grip with 1 N and the left one lifts its own, along
            the steer axis, which does not turn the bars, shape (n,).
    """

    position: Array
    velocity: Array
    acceleration: Array
    pedalling: Array
    feet: Array
    pressing: Array
    bars: Array
    lean: Array
    brace: Array


class _Table:
    """A smooth vector function on equally spaced rows, read by linear interpolation."""

    def __init__(self, rows: Array, first: float, spacing: float, *, periodic: bool) -> None:
        self._rows, self._first, self._per_row = rows, first, 1.0 / spacing
        self._last = len(rows) - 1
        self._periodic = periodic

    def at(self, value: float) -> Array:
        place = (value - self._first) * self._per_row
        if self._periodic:
            place %= self._last
            if place >= self._last:  # a hair below zero is rounded up to a whole turn
                place = 0.0
        else:
            place = min(max(place, 0.0), self._last - 1e-9)
        low = int(place)
        share = place - low
        row: Array = self._rows[low] + share * (self._rows[low + 1] - self._rows[low])
        return row


class PostureChart:
    """Seated postures by crank and steer angle."""

    def __init__(self, model: RobotModel, posture: RiderPosture, steer_limit: float, torso_yaw: float) -> None:
        """Solve the postures.

        Args:
            model: The body.
            posture: Its inverse kinematics on the bicycle.
            steer_limit: Steer angles up to this will be asked for [rad].
            torso_yaw: Share of the steer angle that the waist turns along [1].

        Raises:
            ValueError: A hand or a foot cannot reach its place by more than 5 mm.
        """
        self._size = model.size
        is_leg = [any(part in name for part in ("_hip_", "_knee_", "_ankle_")) for name in model.joint_names]
        self._legs, self._rest = np.flatnonzero(is_leg), np.flatnonzero(np.logical_not(is_leg))
        self._posture = posture
        self._crank = self._crank_table()
        self._steer, self._grasp = self._steer_tables(steer_limit, torso_yaw, model.index("waist_yaw_joint"))

    @staticmethod
    @lru_cache(maxsize=4)
    def of(
        model: RobotModel, bicycle: BicycleParameters, period: float, steer_limit: float, torso_yaw: float
    ) -> PostureChart:
        """The chart of a body on a bicycle, solved when it is first asked for: a second of riding takes no longer.

        Args:
            model: The body.
            bicycle: What it sits on.
            period: Of the inverse kinematics [s].
            steer_limit: Steer angles up to this will be asked for [rad].
            torso_yaw: Share of the steer angle that the waist turns along [1].

        Raises:
            ValueError: A hand or a foot cannot reach its place by more than 5 mm.
        """
        return PostureChart(model, RiderPosture(model, bicycle, period), steer_limit, torso_yaw)

    def at(
        self, crank: float, crank_rate: float, steer: float, steer_rate: float, crank_acceleration: float = 0.0
    ) -> SeatedPosture:
        """The posture for a crank angle [rad], its rate [rad/s], a steer angle [rad] and its rate [rad/s].

        The crank's acceleration [rad/s²] counts as well.
        """
        legs, arms = self._crank.at(crank), self._steer.at(steer)
        return SeatedPosture(
            position=legs[0] + arms[0],
            velocity=crank_rate * legs[1] + steer_rate * arms[1],
            acceleration=(crank_rate * crank_rate) * legs[2] + crank_acceleration * legs[1],
            pedalling=legs[1],
            feet=legs[3:9].reshape(2, 3, -1),
            pressing=legs[9:].reshape(2, 3, -1),
            bars=arms[2],
            lean=arms[3:5],
            brace=arms[5],
        )

    def grasp(self, steer: float) -> Array:
        """Joint torques for 1 N by the left and the right hand along each of the bicycle's axes, shape (2, 3, n) [m].

        They are the hands' linear Jacobians as well; `steer` is the steer angle [rad].
        """
        return self._grasp.at(steer).reshape(2, 3, -1)

    def _crank_table(self) -> _Table:
        angles = np.linspace(0.0, 2.0 * pi, _CRANK_KNOTS + 1)
        position = self._posture.solve(0.0, 0.0)
        knots = []
        for angle in angles:
            position = self._converge(position, 0.0, float(angle), 0.0, 0)
            self._check("foot", float(angle), LEFT_FOOT, RIGHT_FOOT)
            feet = [self._foot_forces(foot) for foot in (LEFT_FOOT, RIGHT_FOOT)]
            asked, pressed = zip(*feet, strict=True)
            knots.append(np.concatenate((position[self._legs], np.ravel(asked), np.ravel(pressed))))
        knots[-1] = knots[0]
        spline = CubicSpline(angles, np.array(knots), bc_type="periodic")
        fine = np.linspace(0.0, 2.0 * pi, _CRANK_ROWS + 1)
        k = self._legs.size
        values = spline(fine)
        columns = (values[:, :k], spline(fine, 1)[:, :k], spline(fine, 2)[:, :k], *np.hsplit(values[:, k:], 12))
        return _Table(self._spread(columns, self._legs), 0.0, fine[1], periodic=True)

    def _steer_tables(self, limit: float, torso_yaw: float, waist_yaw: int) -> tuple[_Table, _Table]:
        angles = np.linspace(-limit, limit, _STEER_KNOTS)
        middle = self._posture.solve(0.0, 0.0)
        knots: dict[int, Array] = {}
        grasps: dict[int, Array] = {}
        half = _STEER_KNOTS // 2
        for order in (range(half, _STEER_KNOTS), range(half, -1, -1)):
            position = middle
            for knot in order:
                position = self._converge(
                    position, float(angles[knot]), 0.0, torso_yaw * float(angles[knot]), waist_yaw
                )
                self._check("hand", float(angles[knot]), LEFT_HAND, RIGHT_HAND)
                hands = self._hand_torques(float(angles[knot]))
                knots[knot] = np.concatenate((position[self._rest], hands[:, self._rest].ravel()))
                grasps[knot] = np.stack([self._posture.kinematics.jacobian(h)[:3] for h in (LEFT_HAND, RIGHT_HAND)])
        spline = CubicSpline(angles, np.array([knots[knot] for knot in range(_STEER_KNOTS)]))
        fine = np.linspace(-limit, limit, _STEER_ROWS)
        m = self._rest.size
        values = spline(fine)
        columns = (values[:, :m], spline(fine, 1)[:, :m], *np.hsplit(values[:, m:], 4))
        step = float(fine[1] - fine[0])
        reach = CubicSpline(angles, np.array([grasps[knot].reshape(6, -1) for knot in range(_STEER_KNOTS)]))(fine)
        return (
            _Table(self._spread(columns, self._rest), -limit, step, periodic=False),
            _Table(reach, -limit, step, periodic=False),
        )

    def _spread(self, columns: tuple[Array, ...], joints: NDArray[np.intp]) -> Array:
        """Quantities of some joints, (rows, joints) each, as (rows, quantities, n) with zeros for all other joints."""
        table = np.zeros((len(columns[0]), len(columns), self._size))
        for quantity, values in enumerate(columns):
            table[:, quantity, joints] = values
        return table

    def _converge(self, position: Array, steer: float, crank: float, waist: float, waist_yaw: int) -> Array:
        posture = self._posture
        targets = posture.targets(steer, crank, posture.pelvis_in_bicycle, np.eye(3))
        wish = posture.nominal.copy()
        wish[waist_yaw] += waist
        posture.inverse_kinematics.aim(targets, wish)
        for _ in range(25):
            position = posture.inverse_kinematics.step(position)
        posture.inverse_kinematics.step(position)
        return position

    def _check(self, limb: str, angle: float, *tasks: int) -> None:
        worst = float(self._posture.inverse_kinematics.residual[list(tasks)].max())
        if worst > 0.005:
            what = "crank" if limb == "foot" else "steer"
            raise ValueError(
                f"the rider's {limb} misses its place by {1000 * worst:.0f} mm at a {what} angle of {angle:.2f} rad: "
                f"change the bicycle's geometry or the rider's reach"
            )

    def _foot_forces(self, foot: int) -> tuple[Array, Array]:
        """Torques of the legs' joints for a foot's forces, and its forces for such torques, shape (3, legs) each."""
        jacobian = self._posture.kinematics.jacobian(foot)[:, self._legs]
        return jacobian[:3], np.linalg.pinv(jacobian.T)[:3].astype(np.float64)

    def _hand_torques(self, steer: float) -> Array:
        """Joint torques that turn the bars with 1 Nm, press either grip by 1 N, and brace by 1 N, shape (4, n)."""
        torques = np.zeros((4, self._size))
        for side, hand in enumerate((LEFT_HAND, RIGHT_HAND)):
            push = self._posture.grip_velocity(side, steer)
            linear = self._posture.kinematics.jacobian(hand)[:3]
            torques[0] += (0.5 / float(push @ push)) * push @ linear
            torques[1 + side] -= linear[2]
            torques[3] += (1 - 2 * side) * self._posture.steer_axis @ linear
        return torques
