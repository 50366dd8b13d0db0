"""The phases of a ride follow each other as they are written."""

import pytest

from controllers.riding.programme import Mode, Phase, Programme

PEDAL = Phase(Mode.PEDAL, speed=2.5, lasts=5.0)
COAST = Phase(Mode.COAST, lasts=8.0)
BRAKE = Phase(Mode.BRAKE, speed=0.7, below=0.75)
ON = Phase(Mode.PEDAL, speed=2.0)


def started(*phases: Phase, at: float = 0.0) -> Programme:
    programme = Programme(phases)
    programme.reset(at)
    return programme


def test_a_phase_ends_after_its_time():
    programme = started(PEDAL, ON)
    assert programme.step(4.999, 2.5) is PEDAL
    assert programme.step(5.0, 2.5) is ON


def test_the_time_of_a_phase_counts_from_its_own_start():
    programme = started(PEDAL, COAST, ON)
    programme.step(5.0, 2.5)
    assert programme.step(12.9, 2.0) is COAST
    assert programme.step(13.0, 2.0) is ON


def test_a_phase_ends_below_its_speed():
    programme = started(BRAKE, ON)
    assert programme.step(100.0, 0.75) is BRAKE
    assert programme.step(100.1, 0.749) is ON


def test_the_speed_does_not_end_a_phase_that_names_none():
    assert started(PEDAL, ON).step(1.0, 0.0) is PEDAL


def test_the_last_phase_lasts_whatever_it_says():
    programme = started(PEDAL)
    assert programme.step(1e6, 0.0) is PEDAL


def test_a_phase_that_was_left_does_not_come_back():
    programme = started(BRAKE, ON)
    programme.step(1.0, 0.7)
    assert programme.step(1.1, 3.0) is ON


def test_the_clock_starts_at_the_reset():
    programme = started(PEDAL, ON, at=100.0)
    assert programme.step(104.9, 2.5) is PEDAL
    assert programme.step(105.0, 2.5) is ON
    programme.reset(200.0)
    assert programme.step(204.9, 2.5) is PEDAL


def test_no_phase_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one phase"):
        Programme(())
