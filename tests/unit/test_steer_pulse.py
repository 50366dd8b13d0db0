"""Torques on the steer axis act when they say, add up, and book their work."""

import pytest

from sim.steer_pulse import SteerPulse, SteerPulses


def test_a_pulse_acts_while_it_lasts():
    pulses = SteerPulses([SteerPulse(1.0, 0.3, 6.0)])
    at = {now: pulses.apply(now, 0.0, 0.001) for now in (0.999, 1.0, 1.299, 1.301)}
    assert at == {0.999: 0.0, 1.0: 6.0, 1.299: 6.0, 1.301: 0.0}


def test_pulses_at_one_time_add_up():
    pulses = SteerPulses([SteerPulse(0.0, 1.0, 6.0), SteerPulse(0.5, 1.0, -2.0)])
    assert pulses.apply(0.7, 0.0, 0.001) == 4.0


def test_its_work_is_torque_times_turn():
    """6 Nm over 1 s at 0.5 rad/s: 3 J, and none before and after."""
    pulses = SteerPulses([SteerPulse(1.0, 1.0, 6.0)])
    for step in range(3000):
        pulses.apply(step * 0.001, 0.5, 0.001)
    assert pulses.work == pytest.approx(3.0, rel=2e-3)
