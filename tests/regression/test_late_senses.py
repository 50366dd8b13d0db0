"""IMU 20 ms later and drives 10 ms later than they are: arms and trunk do not ring, and a push is ridden out."""

import numpy as np
import pytest

from scenarios.assembly import assemble
from scenarios.limbs import joints
from scenarios.loader import load
from scenarios.metrics import compute
from scenarios.runner import ride

RINGING = (20.0, 80.0)
"""Frequencies between which nothing of a ride is [Hz]."""
CALM = 0.5
"""Torque RMS that is fed to an arm's joint at those [Nm]; it was 2.5 where the hands answered all rocking at once."""


@pytest.fixture(scope="module", params=["left", "right"])
def late(request):
    changes = [
        "start.speed=1.6",
        "rider.speed=1.6",
        "duration=8",
        "plant.sensor_delay='20 ms'",
        "plant.command_delay='10 ms'",
        f"disturbances=[{{body='torso', time=3, impulse='25 N·s', direction='{request.param}'}}]",
    ]
    return ride(load("ride_straight", changes), 0, lambda *_: None, assemble=assemble)


def test_arms_do_not_ring(late):
    before = (late.log["time"] > 1.0) & (late.log["time"] < 3.0)
    fed = late.log["command_torque"][before][:, joints(late.context, "arm")]
    window = np.hanning(len(fed))[:, None]
    spectrum = np.fft.rfft((fed - fed.mean(axis=0)) * window, axis=0)
    frequency = np.fft.rfftfreq(len(fed), late.log["time"][1] - late.log["time"][0])
    ringing = (frequency > RINGING[0]) & (frequency < RINGING[1])
    power = 2.0 * np.sum(np.abs(spectrum[ringing]) ** 2, axis=0) / (len(fed) * np.sum(window**2))
    assert np.sqrt(power.max()) < CALM


def test_a_push_is_ridden_out(late):
    assert late.end == "out of time"
    metrics = compute(late.log, late.context)
    assert metrics["path_error_max"] < 1.0
    assert metrics["path_error_end"] < 0.3
