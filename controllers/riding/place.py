"""Where the bicycle is, from fixes that come seldom and late, and from the heading in between."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

import numpy as np
from numpy.typing import NDArray

from robot import LocalizationFix

Array = NDArray[np.float64]

X, Y, MISALIGNMENT, SPEED = range(4)

_HISTORY = 512
"""How many ticks are remembered for late fixes."""


@dataclass(frozen=True, slots=True)
class PlaceParameters:
    """What the filter expects of ride and sensors.

    Attributes:
        start_misalignment: Standard deviation of the unknown misalignment of the heading at the start [rad].
        start_speed: The same of the speed [m/s].
        misalignment_drift: How far the misalignment wanders: gyro, and the pelvis that turns on the saddle [rad/√s].
        acceleration: How far the speed wanders [m/s/√s].
        slip: How far the wheel strays from where it rolls [m/√s].
        seat: Standard deviation of the pelvis about its place on the saddle [m].
        chain: Standard deviation of the speed that a taut chain tells [m/s].
        taut: Share of the speed above which the crank's own counts as that of a taut chain [1].
    """

    start_misalignment: float = 0.02
    start_speed: float = 0.1
    misalignment_drift: float = 0.001
    acceleration: float = 0.1
    slip: float = 0.005
    seat: float = 0.005
    chain: float = 0.05
    taut: float = 0.93


class PlaceFilter:
    """Extended Kalman filter for rear contact point, misalignment of the heading, and speed.

    The rear wheel rolls where it points: x' = v cos h, y' = v sin h, with the heading h = yaw + misalignment. So the
    way that the fixes describe tells the misalignment of the IMU's yaw, be it an error of the IMU's or a pelvis that
    sits askew. Misalignment and speed are random walks.

    The filter stands at the stamp of the last fix. To go on from there, to the next stamp or to now, it takes
    ∫cos(yaw) dt and ∫sin(yaw) dt of the ticks in between, which are kept for a while: turned by the misalignment and
    times the speed they are the way gone. A late fix is thus used at the time at which it was true, and while none
    comes the place is dead-reckoned.
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
        self._ticks: list[tuple[float, float, float, float, float]] = []
        self._oldest = 0
        self._state = [0.0, 0.0, 0.0, 0.0]
        self._covariance = np.zeros((4, 4))
        self._stamp = self._time = self._yaw = 0.0
        self._key = (0.0, 0.0)
        self._cosine = self._sine = 0.0
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
        """Forward speed [m/s]."""
        return self._state[SPEED]

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
        self._yaw = yaw
        self._cosine = self._sine = 0.0
        self._key = (0.0, 0.0)
        self._ticks, self._oldest = [], 0

    def update(
        self, time: float, yaw: float, sine_of_roll: float, chain_speed: float, fix: LocalizationFix | None
    ) -> None:
        """Go on to a time.

        Args:
            time: Of the reading [s].
            yaw: Of the IMU, continuous over turns [rad].
            sine_of_roll: Of the bicycle, positive to the right [1].
            chain_speed: Speed of the bicycle if the chain is taut [m/s].
            fix: The latest fix that has arrived, new or not.
        """
        step = time - self._time
        middle = 0.5 * (yaw + self._yaw)
        self._cosine += step * cos(middle)
        self._sine += step * sin(middle)
        self._time, self._yaw = time, yaw
        entry = (self._cosine, self._sine, yaw, self._height * sine_of_roll, chain_speed)
        if len(self._ticks) < _HISTORY:
            self._ticks.append(entry)
        else:
            self._ticks[self._oldest] = entry
            self._oldest = (self._oldest + 1) % _HISTORY
        if fix is not None and fix.stamp > self._stamp:
            age = round((time - fix.stamp) / self._period)
            if 0 <= age < len(self._ticks):
                self._correct(fix, self._ticks[self._oldest - 1 - age])
        x, y, misalignment, speed = self._state
        dx, dy = _turned(self._cosine - self._key[0], self._sine - self._key[1], misalignment)
        self.x, self.y = x + speed * dx, y + speed * dy

    def _correct(self, fix: LocalizationFix, then: tuple[float, float, float, float, float]) -> None:
        """Go on to the stamp of a fix, and take the fix in."""
        p = self._parameters
        cosine, sine, yaw, side, chain_speed = then
        elapsed = fix.stamp - self._stamp
        self._stamp = fix.stamp
        x, y, misalignment, speed = self._state
        dx, dy = _turned(cosine - self._key[0], sine - self._key[1], misalignment)
        self._key = (cosine, sine)
        state = np.array((x + speed * dx, y + speed * dy, misalignment, speed))
        transition = np.array(
            ((1.0, 0.0, -speed * dy, dx), (0.0, 1.0, speed * dx, dy), (0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0))
        )
        covariance = transition @ self._covariance @ transition.T
        slip = p.slip**2 * elapsed
        covariance[X, X] += slip
        covariance[Y, Y] += slip
        covariance[MISALIGNMENT, MISALIGNMENT] += p.misalignment_drift**2 * elapsed
        covariance[SPEED, SPEED] += p.acceleration**2 * elapsed

        c, s = cos(yaw + misalignment), sin(yaw + misalignment)
        px, py = fix.position_pelvis_in_world[:2].tolist()
        place = fix.deviation**2 + p.seat**2
        along, across = self._back * c + side * s, self._back * s - side * c
        state, covariance = _measured(state, covariance, (1.0, 0.0, -across, 0.0), px - state[X] - along, place)
        residual = py - state[Y] - across - along * (state[MISALIGNMENT] - misalignment)
        state, covariance = _measured(state, covariance, (0.0, 1.0, along, 0.0), residual, place)
        if chain_speed > p.taut * state[SPEED]:
            # A crank that turns unevenly errs alike from one tick to the next: it counts ten times in a second.
            chain = p.chain**2 * max(1.0, 0.1 / elapsed)
            state, covariance = _measured(state, covariance, (0.0, 0.0, 0.0, 1.0), chain_speed - state[SPEED], chain)
        self._state, self._covariance = state.tolist(), covariance


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    c, s = cos(angle), sin(angle)
    return c * x - s * y, s * x + c * y


def _measured(
    state: Array, covariance: Array, row: tuple[float, ...], residual: float, variance: float
) -> tuple[Array, Array]:
    """State (4,) and covariance (4, 4) after one scalar measurement, whose row of the Jacobian is given."""
    shared = covariance @ np.array(row)
    gain = shared / (float(shared @ np.array(row)) + variance)
    return state + gain * residual, covariance - gain[:, None] * shared
