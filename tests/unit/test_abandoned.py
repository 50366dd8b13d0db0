"""What is to be seen of a drive whose controller is gone: as its dialect says, in time, and commanded by nobody."""

from dataclasses import replace

import pytest

from robot.drivers import DriveSetpoint, Fault, Power
from robot.drivers.dialect import Silence
from scenarios.drives.abandoned import judge
from scenarios.drives.paced import Change, Diary

KILLED, END = 2.0, 3.0
STIFF, DAMP, FREE = (DriveSetpoint(0.1, 0.0, 0.0, *gains) for gains in ((40.0, 4.0), (0.0, 10.0), (0.0, 0.0)))
ON = Change(0.4, Power.ON, Fault.NONE, STIFF)


def diary(silence, *after, heard=1.99, before=ON):
    off = Change(0.0, Power.OFF, Fault.NONE, FREE)
    following = (off, before, *after)[-1].following
    return Diary("knee", "model, dialect", silence, heard, following, (off, before, *after))


RIGHT = {
    "off": Change(2.091, Power.FAULT, Fault.SILENCE, FREE),
    "damp": Change(2.091, Power.ON, Fault.SILENCE, DAMP),
    "brake": Change(2.091, Power.ON, Fault.SILENCE, DAMP),
    "free": Change(2.091, Power.ON, Fault.NONE, FREE),
    "hold": Change(2.091, Power.ON, Fault.SILENCE, STIFF._replace(damping=5.0)),
}


@pytest.mark.parametrize("then", RIGHT)
def test_a_drive_that_does_what_its_dialect_says_in_time_is_fine(then):
    found = judge(diary(Silence(0.1, then), RIGHT[then]), KILLED, END)
    assert found.fine
    assert not found.fed
    assert found.expected == f"{then} after 0.1 s"
    assert found.seen.startswith("after 0.101 s")


@pytest.mark.parametrize("then", RIGHT)
@pytest.mark.parametrize("does", ["on", *RIGHT])
def test_what_a_drive_does_instead_is_not(then, does):
    alike = [{"damp", "brake"}, *({name} for name in RIGHT)]
    change = RIGHT.get(does, replace(ON, time=2.091))
    assert judge(diary(Silence(0.1, then), change), KILLED, END).fine is ({then, does} in alike)


@pytest.mark.parametrize("time", [2.02, 2.2])
def test_too_early_and_too_late_are_not_fine(time):
    assert not judge(diary(Silence(0.1, "off"), replace(RIGHT["off"], time=time)), KILLED, END).fine


def test_a_drive_that_goes_on_though_it_has_a_watchdog_is_not_fine():
    assert not judge(diary(Silence(0.1, "off")), KILLED, END).fine


def test_a_drive_that_comes_back_is_not_fine():
    back = replace(ON, time=2.5)
    assert not judge(diary(Silence(0.1, "free"), RIGHT["free"], back), KILLED, END).fine


def test_a_drive_without_a_published_watchdog_goes_on():
    found = judge(diary(None), KILLED, END)
    assert found.fine
    assert found.expected == "nothing is published: goes on"
    assert not judge(diary(None, RIGHT["off"]), KILLED, END).fine


@pytest.mark.parametrize("silence", [None, Silence(0.1, "off")])
def test_somebody_who_commands_still_is_found(silence):
    found = judge(diary(silence, heard=2.9), KILLED, END)
    assert found.fed
    assert not found.fine


def test_a_drive_that_was_not_on_before_shows_nothing():
    off = Change(0.4, Power.OFF, Fault.NONE, FREE)
    assert not judge(diary(Silence(0.1, "off"), RIGHT["off"], before=off), KILLED, END).fine


def test_a_set_point_is_in_force_one_step_after_it_was_heard():
    """A drive that was free for a moment, as mini-cheetah drives are, and was commanded again at the very end."""
    again = replace(ON, time=1.991)
    later = replace(RIGHT["free"], time=2.016)
    assert judge(diary(Silence(0.025, "free"), again, later), KILLED, END).fine
