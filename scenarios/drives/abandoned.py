"""What drives did when their controller was gone, held against what their dialects say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from robot.drivers import Fault, Power
from robot.drivers.dialect import Silence
from scenarios.drives.paced import STEP, Change, Diary

_IN_FLIGHT = 0.05
"""Time after the end of a controller in which a frame of it may still be on its way [s]."""
_TIMELY = 2.0 * STEP
"""A set-point is in force, and a watchdog looked at, once a step; so both may be this much late [s]."""


@dataclass(frozen=True, slots=True)
class Abandoned:
    """One drive after its controller was gone.

    Attributes:
        name: Of the drive.
        model: Its model and dialect.
        expected: What its dialect says, in words.
        seen: What it did, in words.
        fed: Whether somebody still commanded it.
        fine: Whether it did as expected, and was fed no more.
    """

    name: str
    model: str
    expected: str
    seen: str
    fed: bool
    fine: bool


def judge(diary: Diary, killed: float, end: float) -> Abandoned:
    """What a drive did.

    Args:
        diary: Of the drive.
        killed: When its controller was gone, by the drive's own clock [s].
        end: Until when it was watched, by the same [s].
    """
    silence = diary.silence
    fed = diary.heard > killed + _IN_FLIGHT
    obeyed = diary.heard + _TIMELY  # a set-point comes into force with the next step
    before = [change for change in diary.changes if change.time <= obeyed]
    after = [change for change in diary.changes if change.time > obeyed]
    last = replace(diary.changes[-1], following=diary.following)
    fine = not fed and before[-1].power is Power.ON and before[-1].following.stiffness > 0.0
    if silence is None:
        fine = fine and not after and end > killed + 0.5
        seen = _words(last, f"for {end - diary.heard:.2f} s, still")
    elif not after:
        fine, seen = False, _words(last, "still")
    else:
        waited = after[0].time - diary.heard
        fine = fine and silence.after <= waited <= silence.after + _TIMELY and _does(after[0], silence)
        fine = fine and len(after) == 1
        seen = _words(last, f"after {waited:.3f} s")
    return Abandoned(diary.name, diary.model, _expected(silence), seen, fed, fine)


def _does(change: Change, silence: Silence) -> bool:
    """Whether a change is what a dialect says."""
    _, _, torque, stiffness, damping = change.following
    loose = (torque, stiffness, damping) == (0.0, 0.0, 0.0)
    match silence.then:
        case "off":
            return loose and change.power is not Power.ON
        case "free":  # and it says nothing of it
            return loose and change.power is Power.ON
        case "damp" | "brake":
            return (torque, stiffness) == (0.0, 0.0) and damping > 0.0
        case "hold":
            return stiffness > 0.0 and change.fault is Fault.SILENCE


def _expected(silence: Silence | None) -> str:
    if silence is None:
        return "nothing is published: goes on"
    return f"{silence.then} after {silence.after:g} s"


def _words(change: Change, when: str) -> str:
    follows = change.following
    fault = "" if change.fault.value == "none" else f" ({change.fault.value})"
    return f"{when} {change.power.value}{fault}, stiffness {follows.stiffness:.4g}, damping {follows.damping:.4g}"
