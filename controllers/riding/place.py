"""Where the bicycle is, from fixes that come seldom and late, and from the heading in between."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from robot import LocalizationFix

Array = NDArray[np.float64]

X, Y, MISALIGNMENT, SPEED = range(4)

_Tick = tuple[float, float, float, float, float, float]
"""∫cos dt, ∫sin dt [s], ∫u cos dt, ∫u sin dt [m], yaw [rad], and how far the pelvis is to the right [m]."""

_HISTORY = 512
"""How many ticks are remembered for late fixes."""


@dataclass(frozen=True, slots=True)
class PlaceParameters:
    """What the filter expects of ride and sensors.

    Attributes:
        start_misalignment: Standard deviation of the unknown misalignment of the heading at the start [rad].
        start_speed: The same of the speed [m/s].
        misalignment_drift: How far the misalignment wanders: gyro, and the pelvis that turns on the saddle [rad/√s].
        acceleration: How far the speed strays from the integral of the accelerometer, mostly for its tilt [m/s/√s].
        slip: How far the wheel strays from where it rolls [m/√s].
        seat: Standard deviation of the pelvis about its place on the saddle [m].
    """

    start_misalignment: float = 0.02
    start_speed: float = 0.1
    misalignment_drift: float = 0.001
    acceleration: float = 0.03
    slip: float = 0.005
    seat: float = 0.005


class PlaceFilter:
    """Extended Kalman filter for rear contact point, misalignment of the heading, and speed.

    The rear wheel rolls where it points: x' = v cos h, y' = v sin h, with the heading h = yaw + misalignment. So the
    way that the fixes describe tells the misalignment of the IMU's yaw, be it an error of the IMU's or a pelvis that
    sits askew. The speed is v = s + u, where u = ∫a dt is what the accelerometer adds since the start; s and the
    misalignment are random walks.

    The filter stands at the stamp of the last fix. To go on from there, to the next stamp or to now, it takes
    ∫(cos, sin)(yaw) dt and ∫u (cos, sin)(yaw) dt of the ticks in between, which are kept for a while: the first times s
    plus the second, turned by the misalignment, are the way gone. A late fix is thus used at the time at which it was
    true, and while none comes the place is dead-reckoned.
    """

    def __init__(self, pelvis_in_bicycle: Array, period: float, parameters: PlaceParameters | None = None) -> None:
        """Prepare a filter.

        Args:
            pelvis_in_bicycle: Origin of the pelvis in the bicycle frame, shape (3,) [m].
            period: Time between two updates [s].
            parameters: What it expects.
        """
        self._parameters, self._period = parameters or PlaceParameters(), period
        self._back, _, self._height = pelvis_in_bicycle.tolist()
        self._ticks: list[_Tick] = []
        self._oldest = 0
        self._state = [0.0, 0.0, 0.0, 0.0]
        self._covariance = np.zeros((4, 4))
        self._stamp = self._time = self._yaw = self._gain = 0.0
        self._key = self._now = (0.0,) * 6
        self.x = 0.0
        """Rear contact point now [m]."""
        self.y = 0.0
        """The same [m]."""

    @property
    def misalignment(self) -> float:
        """What must be added to the IMU's yaw to have the bicycle's heading [rad]."""
        return self._state[MISALIGNMENT]

    @property
    def speed(self) -> float:
        """Forward speed now [m/s]."""
        return self._state[SPEED] + self._gain

    def reset(self, time: float, yaw: float, sine_of_roll: float, speed: float, fix: LocalizationFix) -> None:
        """Start from a fix, rolling straight at a speed [m/s] since it was true; the rest as in `update`."""
        p = self._parameters
        c, s = cos(yaw), sin(yaw)
        px, py = fix.position_pelvis_in_world[:2].tolist()
        side = self._height * sine_of_roll
        gone = speed * (time - fix.stamp) - self._back
        self.x, self.y = px + c * gone - s * side, py + s * gone + c * side
        self._state = [self.x, self.y, 0.0, speed]
        place = fix.deviation**2 + p.seat**2
        self._covariance = np.diag((place, place, p.start_misalignment**2, p.start_speed**2))
        self._stamp = self._time = time
        self._yaw, self._gain = yaw, 0.0
        self._key = self._now = (0.0,) * 6
        self._ticks, self._oldest = [], 0

    def update(
        self, time: float, yaw: float, sine_of_roll: float, acceleration: float, fix: LocalizationFix | None
    ) -> None:
        """Go on to a time.

        Args:
            time: Of the reading [s].
            yaw: Of the IMU, continuous over turns [rad].
            sine_of_roll: Of the bicycle, positive to the right [1].
            acceleration: Forward, by the accelerometer [m/s²].
            fix: The latest fix that has arrived, new or not.
        """
        step = time - self._time
        middle = 0.5 * (yaw + self._yaw)
        dx, dy = step * cos(middle), step * sin(middle)
        gain = self._gain + 0.5 * step * acceleration
        self._gain += step * acceleration
        self._time, self._yaw = time, yaw
        x, y, ux, uy, _, _ = self._now
        self._now = (x + dx, y + dy, ux + gain * dx, uy + gain * dy, yaw, self._height * sine_of_roll)
        if len(self._ticks) < _HISTORY:
            self._ticks.append(self._now)
        else:
            self._ticks[self._oldest] = self._now
            self._oldest = (self._oldest + 1) % _HISTORY
        if fix is not None and fix.stamp > self._stamp:
            age = round((time - fix.stamp) / self._period)
            if 0 <= age < len(self._ticks):
                self._correct(fix, self._ticks[self._oldest - 1 - age])
        dx, dy, _, _ = self._gone(self._now)
        self.x, self.y = self._state[X] + dx, self._state[Y] + dy

    def _gone(self, then: _Tick) -> tuple[float, float, float, float]:
        """Way from the last stamp to a tick [m], and how it grows with the speed [s]."""
        x, y, ux, uy, _, _ = then
        kx, ky, kux, kuy, _, _ = self._key
        _, _, misalignment, speed = self._state
        c, s = cos(misalignment), sin(misalignment)
        tx, ty = c * (x - kx) - s * (y - ky), s * (x - kx) + c * (y - ky)
        vx, vy = ux - kux, uy - kuy
        return speed * tx + c * vx - s * vy, speed * ty + s * vx + c * vy, tx, ty

    def _correct(self, fix: LocalizationFix, then: _Tick) -> None:
        """Go on to the stamp of a fix, and take the fix in."""
        p = self._parameters
        elapsed = fix.stamp - self._stamp
        self._stamp = fix.stamp
        x, y, misalignment, speed = self._state
        dx, dy, tx, ty = self._gone(then)
        self._key = then
        state = np.array((x + dx, y + dy, misalignment, speed))
        transition = np.array(((1.0, 0.0, -dy, tx), (0.0, 1.0, dx, ty), (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0)))
        covariance = transition @ self._covariance @ transition.T
        slip = p.slip**2 * elapsed
        covariance[X, X] += slip
        covariance[Y, Y] += slip
        covariance[MISALIGNMENT, MISALIGNMENT] += p.misalignment_drift**2 * elapsed
        covariance[SPEED, SPEED] += p.acceleration**2 * elapsed

        _, _, _, _, yaw, side = then
        c, s = cos(yaw + misalignment), sin(yaw + misalignment)
        px, py = fix.position_pelvis_in_world[:2].tolist()
        place = fix.deviation**2 + p.seat**2
        along, across = self._back * c + side * s, self._back * s - side * c
        state, covariance = _measured(state, covariance, (1.0, 0.0, -across, 0.0), px - state[X] - along, place)
        residual = py - state[Y] - across - along * (state[MISALIGNMENT] - misalignment)
        state, covariance = _measured(state, covariance, (0.0, 1.0, along, 0.0), residual, place)
        self._state, self._covariance = state.tolist(), covariance


def _measured(
    state: Array, covariance: Array, row: tuple[float, ...], residual: float, variance: float
) -> tuple[Array, Array]:
    """State (4,) and covariance (4, 4) after one scalar measurement, whose row of the Jacobian is given."""
    shared = covariance @ np.array(row)
    gain = shared / (float(shared @ np.array(row)) + variance)
    return state + gain * residual, covariance - gain[:, None] * shared
