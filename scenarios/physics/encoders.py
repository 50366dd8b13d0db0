"""What drives measure of their joints, against the formulas of quantisation and of the differentiating filter."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np

from scenarios.physics.check import Check, Finding
from scenarios.physics.drives import STEPS, knee
from sim.encoders import Encoders


def _encoder() -> tuple[Finding, ...]:
    return (_grain(), *(finding for step in STEPS for finding in (_lag(step), _ripple(step))))


def _grain() -> Finding:
    """A joint that creeps through many counts: no reading is off by more than half a count."""
    _, drive = knee()
    encoder = Encoders(drive, 0.001, 0.0, np.random.default_rng(0))
    encoder.start(np.zeros(1), np.zeros(1))
    count, worst = float(drive.position_resolution[0]), 0.0
    for angle in np.arange(20_000) * 0.0137 * count:
        encoder.read(np.array([angle]))
        worst = max(worst, abs(float(encoder.measured[0, 0]) - float(angle)))
    return Finding("greatest error of the position", worst, 0.5 * count, "rad", 0.01)


def _lag(step: float) -> Finding:
    """Steady acceleration from rest: the measured velocity is behind by one time constant of the filter."""
    _, drive = knee(encoder_counts=2.0**40)
    encoder = Encoders(drive, step, 0.0, np.random.default_rng(0))
    encoder.start(np.zeros(1), np.zeros(1))
    times = np.arange(1, 1 + round(0.1 / step)) * step
    for time in times:
        encoder.read(np.array([0.5 * 20.0 * time**2]))
    lag = float(times[-1]) - float(encoder.measured[1, 0]) / 20.0
    # Between readings the position is taken as straight; that moves the lag by (bandwidth step)²/12 of itself.
    return Finding(
        f"step of {1e3 * step:g} ms: lag of the velocity", lag, 1.0 / float(drive.velocity_bandwidth[0]), "s", 0.34
    )


def _ripple(step: float) -> Finding:
    """A steady turn: spread of the measured velocity by quantisation (1/12 of a count squared) and noise."""
    _, drive = knee()
    encoder = Encoders(drive, step, 1.0, np.random.default_rng(1))
    speed = 1.0 + sqrt(5.0) / 10.0  # no simple fraction of a count a step
    encoder.start(np.zeros(1), np.array([speed]))
    found = np.empty(20_000)
    for row in range(found.size):
        encoder.read(np.array([speed * (row + 1) * step]))
        found[row] = encoder.measured[1, 0]
    count, keep = float(drive.position_resolution[0]), exp(-float(drive.velocity_bandwidth[0]) * step)
    noise = float(drive.encoder_noise[0] / drive.gear_ratio[0])
    spread = sqrt(2.0 / (1.0 + keep) * (count**2 / 12.0 + noise**2)) * (1.0 - keep) / step
    return Finding(f"step of {1e3 * step:g} ms: spread of the velocity", float(found.std()), spread, "rad/s", 0.05)


CHECKS = (Check("encoder", "positions come in counts, velocities by a filter with its lag and its noise", _encoder),)
