"""Sensors err as their data say: noise, biases, range, rate, delay and drop-outs, of every part in the file."""

from dataclasses import replace
from math import exp, hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from robot.sensor_parts import IDEAL, ImuPart, InertialSensor, LocalizationPart
from scenarios.assembly import load_sensors
from scenarios.physics.check import Check, Finding
from scenarios.schema import CONTROL_PERIOD
from sim.experiments.sensing import roll_along, spin
from sim.noise import stream
from sim.sensors import ImuErrors

Array = NDArray[np.float64]

_SURE = 4.0
"""Standard errors within which a figure must lie: one in sixteen thousand would not, and the seeds are fixed."""


def _imu() -> tuple[Finding, ...]:
    parts = [part for name, part in load_sensors().imus.items() if name != IDEAL]
    return tuple(finding for part in parts for finding in _unit(part))


def _unit(part: ImuPart) -> list[Finding]:
    return [*_noise(part), *_biases(part), *_spreads(part), *_output(part)]


def _noise(part: ImuPart) -> list[Finding]:
    """White noise at the part's own rate: Allan deviation at one sample and at one second."""
    seconds = 200
    errors = ImuErrors(part, stream(0, part.name), 1.0 / part.rate).block(round(seconds * part.rate))
    return [
        Finding(
            f"{part.name} {what}: Allan deviation at {samples / part.rate:.3g} s", allan_deviation(columns, samples),
            hypot(sensor.deviation(part.rate) / sqrt(samples), _slow(sensor, samples / part.rate)), unit,
            _SURE / sqrt(2.0 * 3.0 * (seconds * part.rate / samples - 1.0)),
        )
        for what, sensor, columns, unit in _triads(part, errors)
        for samples in (1, round(part.rate))
    ]  # fmt: skip


def _biases(part: ImuPart) -> list[Finding]:
    """Bias without white noise, in steps of a second: its Allan deviation."""
    seconds = 60_000
    errors = ImuErrors(_quiet(part), stream(1, part.name), 1.0).block(seconds)
    return [
        Finding(
            f"{part.name} {what}: Allan deviation of the bias at {tau} s", allan_deviation(columns, tau),
            _slow(sensor, tau), unit, _SURE / sqrt(2.0 * 3.0 * (seconds / tau - 1.0)),
        )
        for what, sensor, columns, unit in _triads(part, errors)
        for tau in (100, 1000)
    ]  # fmt: skip


def _spreads(part: ImuPart) -> list[Finding]:
    """What differs from one unit to the next: biases and attitude errors, these at instants one correlation apart."""
    units, apart = 400, part.level_correlation_time
    drawn = [ImuErrors(_quiet(part), stream(unit, part.name), apart) for unit in range(units)]
    early, late = np.moveaxis(np.array([errors.block(2) for errors in drawn]), 1, 0)
    heading = np.array([errors.alignment for errors in drawn])
    sure = _SURE / sqrt(2.0 * units)
    shared = part.level_static**2 + part.level_wander**2 * exp(-1.0)
    return [
        *(
            Finding(
                f"{part.name} {what}: spread of the bias at the start", float(columns.std()),
                hypot(sensor.turn_on_bias, sensor.bias_instability, sensor.random_walk * sqrt(apart)), unit,
                sure / sqrt(3.0),
            )
            for what, sensor, columns, unit in _triads(part, early)
        ),
        Finding(
            f"{part.name} roll and pitch: spread", float(late[:, 6:].std()), part.level_dynamic, "rad",
            sure / sqrt(2.0),
        ),
        Finding(
            f"{part.name} roll and pitch: covariance over {apart:g} s", float(np.mean(early[:, 6:] * late[:, 6:])),
            shared, "rad²", sure, sqrt(part.level_dynamic**4 + shared**2),
        ),
        Finding(f"{part.name} heading: spread at the start", float(heading.std()), part.heading_alignment, "rad", sure),
    ]  # fmt: skip


def _quiet(part: ImuPart) -> ImuPart:
    """The same part without white noise."""
    return replace(
        part,
        gyro=replace(part.gyro, noise_density=0.0),
        accelerometer=replace(part.accelerometer, noise_density=0.0),
    )


def _output(part: ImuPart) -> list[Finding]:
    """Delay by cross-correlation with a random shaking, and full scale."""
    shaken = np.random.default_rng(0).standard_normal(4000)
    read = spin(part, shaken, stream(2, part.name), CONTROL_PERIOD)
    lags = range(20)
    likeness = [float(read[20:] @ shaken[20 - lag : shaken.size - lag]) for lag in lags]
    full = spin(part, np.full(20, 2.0 * part.gyro.range), stream(2, part.name), CONTROL_PERIOD)
    return [
        Finding(
            f"{part.name}: delay, in ticks of {CONTROL_PERIOD * 1e3:g} ms", int(np.argmax(likeness)) * CONTROL_PERIOD,
            part.delay, "s", 0.51, CONTROL_PERIOD,
        ),
        Finding(
            f"{part.name} gyro: reading at twice its range", float(full[-1]), part.gyro.range, "rad/s", 0.51,
            part.gyro.resolution,
        ),
    ]  # fmt: skip


def _triads(part: ImuPart, errors: Array) -> list[tuple[str, InertialSensor, Array, str]]:
    return [
        ("gyro", part.gyro, errors[:, :3], "rad/s"),
        ("accelerometer", part.accelerometer, errors[:, 3:6], "m/s²"),
    ]


def _slow(sensor: InertialSensor, tau: float) -> float:
    """Allan deviation of a Gauss-Markov bias and of a random walk (IEEE Std 952-1997, annex C)."""
    x = tau / sensor.correlation_time
    markov = sensor.bias_instability**2 * (2.0 * x - 3.0 + 4.0 * exp(-x) - exp(-2.0 * x)) / x**2
    return sqrt(markov + sensor.random_walk**2 * tau / 3.0)


def allan_deviation(samples: Array, length: int) -> float:
    """Allan deviation over clusters of a number of samples, pooled over the axes of (count, axes)."""
    count = len(samples) // length
    means = samples[: count * length].reshape(count, length, -1).mean(axis=1)
    return float(np.sqrt(0.5 * np.mean(np.diff(means, axis=0) ** 2)))


def _localization() -> tuple[Finding, ...]:
    parts = [part for name, part in load_sensors().localizations.items() if name != IDEAL]
    return tuple(finding for part in parts for finding in _fixes(part))


def _fixes(part: LocalizationPart) -> list[Finding]:
    return [*_arrivals(part), *_errors(part)]


def _arrivals(part: LocalizationPart) -> list[Finding]:
    """Rate and delay at the ticks of a ride, while what is located flies by at 100 m/s."""
    speed, seconds, period = 100.0, 20.0, CONTROL_PERIOD
    steady = replace(part, outage_interval=0.0)
    arrival, stamp, place = roll_along(steady, speed, round(seconds / period), stream(0, part.name), period)
    blur = hypot(part.deviation, part.wander) / speed
    return [
        Finding(
            f"{part.name}: fixes in a second", (len(stamp) - 1) / float(stamp[-1] - stamp[0]), part.rate, "1/s",
            2.0 / (seconds * part.rate),
        ),
        Finding(
            f"{part.name}: delay, from where it says that it was", float(np.mean(arrival - place[:, 0] / speed)),
            part.delay, "s", 1.0, 0.5 * period + _SURE * blur,
        ),
    ]  # fmt: skip


def _errors(part: LocalizationPart) -> list[Finding]:
    """Noise and drop-outs over a long time, with a tick for each fix."""
    ticks, period = 200_000, 1.0 / part.rate
    _, stamp, place = roll_along(part, 0.0, ticks, stream(0, part.name), period)
    whole = hypot(part.deviation, part.wander)
    seconds = ticks * period
    known = part.wander * sqrt(1.0 - exp(-period / part.wander_time))
    steps = np.diff(place[:, :2], axis=0)[np.diff(stamp) < 1.5 * period] / sqrt(2.0)
    away = part.outage_length / (part.outage_interval + part.outage_length)
    outages = seconds / (part.outage_interval + part.outage_length)
    return [
        Finding(
            f"{part.name}: deviation of x and y", float(np.sqrt(np.mean(place[:, :2] ** 2))), whole, "m",
            _SURE / sqrt(2.0 * seconds / part.wander_time),
        ),
        Finding(
            f"{part.name}: deviation from one fix to the next", float(np.sqrt(np.mean(steps**2))),
            hypot(part.deviation, known), "m", _SURE / sqrt(len(steps)),
        ),
        Finding(
            f"{part.name}: share of fixes that are lost", 1.0 - len(stamp) / ticks, away, "1",
            _SURE * sqrt(2.0 / outages),
        ),
    ]  # fmt: skip


CHECKS = (
    Check("imu", "inertial sensors err by their declared noise, biases, attitude errors, delay and range", _imu),
    Check(
        "localization", "fixes come at their declared rate and delay, with their deviation and drop-outs", _localization
    ),
)
