"""Where the bicycle is, from fixes that come seldom and late, and from the heading in between."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import cos, sin
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from robot import LocalizationFix

Array = NDArray[np.float64]

X, Y, MISALIGNMENT, SPEED, BIAS = range(5)
_SIZE = 5

_HISTORY = 512
"""How many ticks are remembered for late fixes."""


class _Tick(NamedTuple):
    """What is remembered of a tick; integrals are over the time since the start, c and s cosine and sine of the yaw.

    Attributes:
        time: Since the start [s].
        gain: u = ∫a dt [m/s].
        cosine: ∫c dt [s].
        sine: ∫s dt [s].
        gain_cosine: ∫u c dt [m].
        gain_sine: ∫u s dt [m].
        time_cosine: ∫t c dt [s²].
        time_sine: ∫t s dt [s²].
        yaw: Of the IMU [rad].
        side: How far the pelvis is to the right of the rear contact, on the level [m].
        ahead: How far it is ahead of it, on the level [m].
        rolling: Speed at which the crank says that the rear wheel rolls [m/s]; None where it says nothing.
    """

    time: float = 0.0
    gain: float = 0.0
    cosine: float = 0.0
    sine: float = 0.0
    gain_cosine: float = 0.0
    gain_sine: float = 0.0
    time_cosine: float = 0.0
    time_sine: float = 0.0
    yaw: float = 0.0
    side: float = 0.0
    ahead: float = 0.0
    rolling: float | None = None


@dataclass(frozen=True, slots=True)
class PlaceParameters:
    """What the filter expects of ride and sensors.

    Attributes:
        start_misalignment: Standard deviation of the unknown misalignment of the heading at the start [rad].
        start_speed: The same of the speed [m/s].
        misalignment_drift: How far the misalignment wanders: gyro, and the pelvis that turns on the saddle [rad/√s].
        acceleration: How far the speed strays from the integral of the unbiased accelerometer [m/s/√s].
        start_bias: Standard deviation of the accelerometer's forward bias at the start, its tilt included [m/s²].
        bias_drift: How far that bias wanders [m/s²/√s].
        slip: How far the wheel strays from where it rolls [m/√s].
        seat: Standard deviation of the pelvis about its place on the saddle [m].
        cadence: Standard deviation of the speed that the crank tells; its errors come and go with the turn of the
            crank, so it is more than theirs [m/s].
        gate: Standard deviations off which what the crank tells is not believed [1].
        patience: Time without a fix after which the filter goes on by what the crank tells, and how far behind the
            present it then stays, since a fix may still come that is that late [s].
        interval: How often what the crank tells is taken in, at most, since it is a mean over such a time [s].
    """

    start_misalignment: float = 0.02
    start_speed: float = 0.1
    misalignment_drift: float = 0.002
    acceleration: float = 0.03
    start_bias: float = 0.05
    bias_drift: float = 0.005
    slip: float = 0.005
    seat: float = 0.005
    cadence: float = 0.06
    gate: float = 4.0
    patience: float = 0.4
    interval: float = 0.09


class PlaceFilter:
    """Extended Kalman filter for rear contact point, misalignment of the heading, speed, and accelerometer bias.

    The rear wheel rolls where it points: x' = v cos h, y' = v sin h, with the heading h = yaw + misalignment. So the
    way that the fixes describe tells the misalignment of the IMU's yaw, be it an error of the IMU's or a pelvis that
    sits askew. Speed changes by what the accelerometer says less its bias, most of which is a tilt of the attitude.
    Misalignment and bias are random walks.

    The filter stands at the stamp of the last fix. To go on from there, to the next stamp or to now, it takes from a
    memory of the ticks in between the integrals of (cos, sin)(yaw), of these times the accelerometer's gain of speed,
    and of these times time: times speed, one and bias, and turned by the misalignment, their sum is the way gone. A
    late fix is thus used at the time at which it was true, and while none comes the place is dead-reckoned.

    A crank that drives the wheel tells the speed. That is taken in where the filter stands, ten times a second: at a
    fix, and in a drop-out a little behind the present.
    """

    def __init__(self, pelvis_in_bicycle: Array, period: float, parameters: PlaceParameters | None = None) -> None:
        """Prepare a filter.

        Args:
            pelvis_in_bicycle: Origin of the pelvis in the bicycle frame, shape (3,) [m].
            period: Time between two updates [s].
            parameters: What it expects.
        """
        self._parameters = p = parameters or PlaceParameters()
        self._period = period
        self._drift = np.array((p.slip, p.slip, p.misalignment_drift, p.acceleration, p.bias_drift)) ** 2
        self._back, _, self._height = pelvis_in_bicycle.tolist()
        self._ticks: list[_Tick] = []
        self._oldest = 0
        self._state = [0.0] * _SIZE
        self._covariance = np.zeros((_SIZE, _SIZE))
        self._start = self._stamp = 0.0
        self._key = self._now = _Tick()
        self._told = 0.0
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
        return self._speed_at(self._now)

    @property
    def bias(self) -> float:
        """By what the forward acceleration is too great [m/s²]."""
        return self._state[BIAS]

    def _speed_at(self, then: _Tick) -> float:
        key = self._key
        return self._state[SPEED] + then.gain - key.gain - self._state[BIAS] * (then.time - key.time)

    def reset(
        self, time: float, yaw: float, sine_of_roll: float, speed: float, fix: LocalizationFix, slope: float = 0.0
    ) -> None:
        """Start from a fix, rolling straight at a speed [m/s] since it was true; the rest as in `update`."""
        p = self._parameters
        c, s = cos(yaw), sin(yaw)
        px, py = fix.position_pelvis_in_world[:2].tolist()
        side = self._height * sine_of_roll
        ahead = self._ahead(slope)
        gone = speed * (time - fix.stamp) - ahead
        self.x, self.y = px + c * gone - s * side, py + s * gone + c * side
        self._state = [self.x, self.y, 0.0, speed, 0.0]
        place = fix.deviation**2 + p.seat**2
        self._covariance = np.diag((place, place, p.start_misalignment**2, p.start_speed**2, p.start_bias**2))
        self._start = self._stamp = time
        self._key = self._now = _Tick(yaw=yaw, side=side, ahead=ahead)
        self._told = 0.0
        self._ticks, self._oldest = [], 0

    def update(
        self, time: float, yaw: float, sine_of_roll: float, acceleration: float, fix: LocalizationFix | None,
        slope: float = 0.0, rolling: float | None = None,
    ) -> None:  # fmt: skip
        """Go on to a time.

        Args:
            time: Of the reading [s].
            yaw: Of the IMU, continuous over turns [rad].
            sine_of_roll: Of the bicycle, positive to the right [1].
            acceleration: Forward, by the accelerometer [m/s²].
            fix: The latest fix that has arrived, new or not.
            slope: Of the road, positive uphill [rad].
            rolling: Speed at which the crank says that the rear wheel rolls [m/s]; None where it says nothing.
        """
        last, elapsed = self._now, time - self._start
        step = elapsed - last.time
        middle = 0.5 * (yaw + last.yaw)
        dx, dy = step * cos(middle), step * sin(middle)
        gain, half = last.gain + 0.5 * step * acceleration, elapsed - 0.5 * step
        self._now = _Tick(
            elapsed, last.gain + step * acceleration, last.cosine + dx, last.sine + dy,
            last.gain_cosine + gain * dx, last.gain_sine + gain * dy,
            last.time_cosine + half * dx, last.time_sine + half * dy, yaw, self._height * sine_of_roll,
            self._ahead(slope), rolling,
        )  # fmt: skip
        if len(self._ticks) < _HISTORY:
            self._ticks.append(self._now)
        else:
            self._ticks[self._oldest] = self._now
            self._oldest = (self._oldest + 1) % _HISTORY
        if fix is not None and fix.stamp > self._stamp:
            then = self._tick_at(fix.stamp - self._start)
            if then is not None:
                self._correct(fix, then)
        elif elapsed - self._key.time > self._parameters.patience + self._parameters.interval:
            behind = self._tick_at(elapsed - self._parameters.patience)
            if behind is not None and behind.rolling is not None:
                self._stamp = time - self._parameters.patience
                self._go_on(behind)
        dx, dy = self._gone(self._now)[0]
        self.x, self.y = self._state[X] + dx, self._state[Y] + dy

    def _tick_at(self, time: float) -> _Tick | None:
        """The tick nearest to a time since the start [s], one in between where ticks are missing; None off the memory.

        Periods in which the host did nothing have no tick, so that it is looked for by its time and not counted.
        """
        ticks, oldest, count = self._ticks, self._oldest, len(self._ticks)
        place = bisect_left(range(count), time, key=lambda number: ticks[(oldest + number) % count].time)
        after = ticks[(oldest + min(place, count - 1)) % count]
        if place in (0, count):
            return after if abs(after.time - time) <= 0.5 * self._period else None
        before = ticks[(oldest + place - 1) % count]
        nearer = before if time - before.time < after.time - time else after
        if after.time - before.time < 1.5 * self._period:
            return nearer
        share = (time - before.time) / (after.time - before.time)
        numbers = (low + share * (high - low) for low, high in zip(before[:-1], after[:-1], strict=True))
        return _Tick._make((*numbers, nearer.rolling))

    def _ahead(self, slope: float) -> float:
        """How far the pelvis is ahead of the rear contact on a slope [rad], on the level [m]."""
        return float(self._back * cos(slope) - self._height * sin(slope))

    def _gone(self, then: _Tick) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float]]:
        """Way from the last stamp to a tick [m], how it grows with the speed [s] and with the bias [s²]."""
        key = self._key
        _, _, misalignment, speed, bias = self._state
        c, s = cos(misalignment), sin(misalignment)
        x, y = then.cosine - key.cosine, then.sine - key.sine
        ux, uy = then.gain_cosine - key.gain_cosine - key.gain * x, then.gain_sine - key.gain_sine - key.gain * y
        wx, wy = key.time * x - then.time_cosine + key.time_cosine, key.time * y - then.time_sine + key.time_sine
        gx, gy = speed * x + ux + bias * wx, speed * y + uy + bias * wy
        return (c * gx - s * gy, s * gx + c * gy), (c * x - s * y, s * x + c * y), (c * wx - s * wy, s * wx + c * wy)

    def _correct(self, fix: LocalizationFix, then: _Tick) -> None:
        """Go on to the stamp of a fix, and take the fix in."""
        self._stamp = fix.stamp
        self._go_on(then)
        place = fix.deviation**2 + self._parameters.seat**2
        side, ahead = then.side, then.ahead
        misalignment = self._state[MISALIGNMENT]
        c, s = cos(then.yaw + misalignment), sin(then.yaw + misalignment)
        px, py, _ = fix.position_pelvis_in_world.tolist()
        along, across = ahead * c + side * s, ahead * s - side * c
        self._take((1.0, 0.0, -across, 0.0, 0.0), px - self._state[X] - along, place)
        residual = py - self._state[Y] - across - along * (self._state[MISALIGNMENT] - misalignment)
        self._take((0.0, 1.0, along, 0.0, 0.0), residual, place)

    def _go_on(self, then: _Tick) -> None:
        """Let the filter stand at a tick, and take in what the crank tells of the speed there."""
        elapsed = then.time - self._key.time
        x, y, misalignment, _, bias = self._state
        (dx, dy), (tx, ty), (wx, wy) = self._gone(then)
        self._state = [x + dx, y + dy, misalignment, self._speed_at(then), bias]
        self._key = then
        transition = np.array(
            (
                (1.0, 0.0, -dy, tx, wx),
                (0.0, 1.0, dx, ty, wy),
                (0.0, 0.0, 1.0, 0.0, 0.0),
                (0.0, 0.0, 0.0, 1.0, -elapsed),
                (0.0, 0.0, 0.0, 0.0, 1.0),
            )
        )
        self._covariance = transition @ self._covariance @ transition.T
        self._covariance.reshape(-1)[:: _SIZE + 1] += self._drift * elapsed
        p = self._parameters
        if then.rolling is not None and then.time - self._told > p.interval:
            self._told, residual = then.time, then.rolling - self._state[SPEED]
            if residual * residual < p.gate**2 * (p.cadence**2 + float(self._covariance[SPEED, SPEED])):
                self._take((0.0, 0.0, 0.0, 1.0, 0.0), residual, p.cadence**2)

    def _take(self, row: tuple[float, ...], residual: float, variance: float) -> None:
        """Take in a scalar measurement, whose row of the Jacobian is given."""
        jacobian = np.array(row)
        shared = self._covariance @ jacobian
        gain = shared / (float(shared @ jacobian) + variance)
        self._state = (self._state + gain * residual).tolist()
        self._covariance = self._covariance - gain[:, None] * shared
