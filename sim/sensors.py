"""What the body's sensors make of the truth: noise, bias, range, steps, rate and delay, seeded."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from robot import ImuReading
from robot.sensor_parts import IDEAL_IMU, IDEAL_LOCALIZATION, ImuPart, InertialSensor, LocalizationPart
from sim.noise import GaussMarkov, RandomWalk
from sim.physics import GRAVITY
from sim.pose import Quaternion, Triple, inverse, product, rotate

Array = NDArray[np.float64]

_BLOCK = 512
"""How many samples of noise are drawn at once."""


@dataclass(frozen=True, slots=True)
class SensorParameters:
    """How good the sensors are, and where their errors come from.

    Attributes:
        imu: The part in pelvis and torso.
        localization: The system that tells where the pelvis is; None for none.
        seed: Of the errors of IMUs and localisation.
        outages: When the localisation is lost besides, from and to [s].
    """

    imu: ImuPart = IDEAL_IMU
    localization: LocalizationPart | None = IDEAL_LOCALIZATION
    seed: int = 0
    outages: tuple[tuple[float, float], ...] = ()

    def scaled(self, factor: float) -> SensorParameters:
        """The same sensors with every random error multiplied by a factor; with 0, exact and without delay."""
        return SensorParameters(
            self.imu.scaled(factor),
            self.localization.scaled(factor) if self.localization else None,
            self.seed,
            self.outages,
        )


class Clock:
    """Tells at which ticks a sensor takes a sample, when its own rate is not that of the ticks."""

    def __init__(self, rate: float, period: float) -> None:
        """Sample at a rate [Hz], but at most once in each tick of a period [s]."""
        self._each = min(1.0, rate * period)
        self.period = period / self._each
        """Mean time between two samples [s]."""

    def due(self, tick: int) -> bool:
        """Whether a sample falls into the period that ends with a tick; one does at tick 0."""
        return floor(tick * self._each + 1e-9) > floor((tick - 1) * self._each + 1e-9)


class Frame(Protocol):
    """A link's frame that moves in the world."""

    orientation: Quaternion
    angular: Triple

    def velocity_at(self, point: Sequence[float]) -> Triple:
        """Velocity in world [m/s] of a point that is fixed in the frame [m]."""
        ...


class ImuErrors:
    """Additive errors of one unit, sample by sample: gyro, accelerometer, and roll and pitch of its attitude."""

    def __init__(self, part: ImuPart, rng: np.random.Generator, period: float) -> None:
        """Draw what is constant over a run; `period` is the time between two samples [s]."""
        gyro, accelerometer, level = rng.spawn(3)
        self._triads = (
            _TriadErrors(part.gyro, part.rate, gyro, period),
            _TriadErrors(part.accelerometer, part.rate, accelerometer, period),
        )
        self._level: Array = part.level_static * level.standard_normal(2)
        self._wander = GaussMarkov(part.level_wander, part.level_correlation_time, 2, level, period)
        self.alignment = part.heading_alignment * float(rng.standard_normal())
        """Error of the heading at the start [rad]."""

    def block(self, count: int) -> Array:
        """The next samples, shape (count, 8): gyro [rad/s], accelerometer [m/s²], roll and pitch [rad]."""
        gyro, accelerometer = self._triads
        return np.hstack((gyro.block(count), accelerometer.block(count), self._level + self._wander.block(count)))


class _TriadErrors:
    """White noise and bias of three axes."""

    def __init__(self, sensor: InertialSensor, rate: float, rng: np.random.Generator, period: float) -> None:
        white, wander, walk = rng.spawn(3)
        self._white = white
        self._deviation = sensor.deviation(min(rate, 1e9))
        self._wander = GaussMarkov(sensor.bias_instability, sensor.correlation_time, 3, wander, period)
        self._walk = RandomWalk(sensor.turn_on_bias * walk.standard_normal(3), sensor.random_walk, walk, period)

    def block(self, count: int) -> Array:
        white: Array = self._deviation * self._white.standard_normal((count, 3))
        return white + self._wander.block(count) + self._walk.block(count)


class Imu:
    """One IMU on a link: turns the link's true motion into readings along the unit's own axes.

    Its attitude errs by a small rotation about the axes of its own heading: roll and pitch wander within the part's
    accuracy, while the heading starts with an error of alignment and drifts by the integral of the gyro's errors,
    for indoors no magnetometer holds it.
    """

    def __init__(
        self, frame: Frame, origin: Array, rotation_imu_in_link: Array, part: ImuPart, rng: np.random.Generator,
        period: float,
    ) -> None:  # fmt: skip
        """Mount a unit.

        Args:
            frame: The link's.
            origin: Of the unit in the link's frame, shape (3,) [m].
            rotation_imu_in_link: Shape (3, 3).
            part: What unit it is.
            rng: Where its errors come from, and nothing else's.
            period: Time between two readings [s].
        """
        self._frame, self._part = frame, part
        self._origin: list[float] = origin.tolist()
        self._imu_in_link = quaternion(rotation_imu_in_link)
        self._clock = Clock(part.rate, period)
        self._errors = ImuErrors(part, rng, self._clock.period)
        self._drawn: list[list[float]] = []
        self._heading_error = self._errors.alignment
        self._period, self._tick, self._sampled = period, 0, 0
        self._velocity: Triple | None = None
        self._line: deque[ImuReading] = deque(maxlen=round(part.delay / period) + 1)

    def read(self) -> ImuReading:
        """What arrives at this tick, once in each; the first reading stands for all that came before it."""
        line = self._line
        sample = self._sample() if self._clock.due(self._tick) else line[-1]
        line.append(sample)
        while len(line) < (line.maxlen or 1):
            line.append(sample)
        self._tick += 1
        return line[0]

    def _sample(self) -> ImuReading:
        """Take a sample of the link's motion now."""
        if not self._drawn:
            self._drawn = self._errors.block(_BLOCK)[::-1].tolist()
        gx, gy, gz, fx, fy, fz, roll, pitch = self._drawn.pop()
        frame = self._frame
        orientation = product(frame.orientation, self._imu_in_link)
        world_in_imu = inverse(orientation)
        wx, wy, wz = rotate(world_in_imu, frame.angular)
        sx, sy, sz = rotate(world_in_imu, self._specific_force())
        gyro, accelerometer = self._part.gyro, self._part.accelerometer
        reading = ImuReading(
            self._misread(orientation, roll, pitch),
            digitised((wx + gx, wy + gy, wz + gz), gyro),
            digitised((sx + fx, sy + fy, sz + fz), accelerometer),
        )
        self._heading_error += self._clock.period * rotate(orientation, (gx, gy, gz))[2]
        self._sampled = self._tick
        return reading

    def _specific_force(self) -> Triple:
        """Acceleration less gravity at the unit, in world [m/s²]: the mean since the last sample."""
        velocity = x, y, z = self._frame.velocity_at(self._origin)
        bx, by, bz = self._velocity or velocity
        self._velocity = velocity
        period = self._period * max(1, self._tick - self._sampled)
        return (x - bx) / period, (y - by) / period, (z - bz) / period + GRAVITY

    def _misread(self, orientation: Quaternion, roll: float, pitch: float) -> Array:
        """An orientation with errors about the link's forward and left on the level [rad], and of the heading."""
        x, y, z, w = self._frame.orientation
        forward, left = 1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + z * w)
        level = sqrt(forward * forward + left * left) or 1.0
        c, s = forward / level, left / level
        return _turned(orientation, (c * roll - s * pitch, s * roll + c * pitch, self._heading_error))


def digitised(values: Triple, sensor: InertialSensor) -> Array:
    """What a converter makes of three values: within the sensor's range, in steps of its resolution, shape (3,)."""
    top, step = sensor.range, sensor.resolution
    x, y, z = (min(top, max(-top, value)) for value in values)
    if step > 0.0:
        x, y, z = step * round(x / step), step * round(y / step), step * round(z / step)
    return np.array((x, y, z))


def _turned(orientation: Quaternion, turn_in_world: Triple) -> Array:
    """An orientation that a turn about the world's axes follows, a rotation vector below 1 rad, shape (4,)."""
    a, b, c = turn_in_world
    square = 0.25 * (a * a + b * b + c * c)
    # sin(t/2) / t and cos(t/2) to the fourth order in t: below 1e-9 for what a unit errs.
    half, w = 0.5 * (1.0 - square / 6.0), 1.0 - square / 2.0 + square * square / 24.0
    x, y, z, w = product((half * a, half * b, half * c, w), orientation)
    norm = sqrt(x * x + y * y + z * z + w * w)
    return np.array((x / norm, y / norm, z / norm, w / norm))


def quaternion(rotation: Array) -> tuple[float, float, float, float]:
    """Unit quaternion x, y, z, w of a rotation matrix (Shepperd 1978)."""
    (a, b, c), (d, e, f), (g, h, i) = rotation.tolist()
    trace = a + e + i
    if trace > 0.0:
        s = 2.0 * sqrt(1.0 + trace)
        return (h - f) / s, (c - g) / s, (d - b) / s, 0.25 * s
    if a > e and a > i:
        s = 2.0 * sqrt(1.0 + a - e - i)
        return 0.25 * s, (b + d) / s, (c + g) / s, (h - f) / s
    if e > i:
        s = 2.0 * sqrt(1.0 + e - a - i)
        return (b + d) / s, 0.25 * s, (f + h) / s, (c - g) / s
    s = 2.0 * sqrt(1.0 + i - a - e)
    return (c + g) / s, (f + h) / s, 0.25 * s, (d - b) / s
