"""Before drives are switched on: settings are compared with the dialect file, or written where none can be read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import zip_longest

from robot.can_port import CanPort
from robot.drivers.verify import SettingsCheck

_PATIENCE, _HASTE = 0.05, 0.006
"""How long an answer is waited for until its question is asked again [s]; the shorter time where it names it. Elsewhere
(moteus) one that is asked twice may be answered twice, and the second be taken for an answer to the next."""
_TRIES = 10
"""For how many of the longer times a question is asked in all."""


def settle(ports: Sequence[CanPort], pause: Callable[[], None], period: float) -> None:
    """See that every drive is set as the dialect file says; all drives are asked at the same time.

    What does not look right is asked once more before it is believed.

    Args:
        ports: The buses.
        pause: Lets a control period pass, in which answers arrive.
        period: The control period [s].

    Raises:
        ValueError: A drive is set otherwise, or does not tell; the message says which setting, and what would be right.
    """
    _write(ports, pause)
    patience = math.ceil(_PATIENCE / period)
    haste = math.ceil(_HASTE / period)
    checks = [(port, SettingsCheck(codec)) for port in ports for codec in port.codecs]
    _ask(checks, pause, patience, haste)
    if sum(check.doubt() for _, check in checks):
        for _ in range(patience):  # what is on its way still is no answer to what is asked then
            pause()
        for port in ports:
            for _ in port.frames():
                pass
        _ask(checks, pause, patience, haste)
    for _, check in checks:
        check.require()


def _ask(checks: Sequence[tuple[CanPort, SettingsCheck]], pause: Callable[[], None], patience: int, haste: int) -> None:
    """Ask all drives what has no answer yet, each again after so many periods."""
    waits = [haste if check.codec.names_question else patience for _, check in checks]
    due = [0] * len(checks)
    questions = max((len(check.questions) for _, check in checks), default=0)
    for now in range(questions * _TRIES * patience):
        if all(check.done for _, check in checks):
            return
        for number, (port, check) in enumerate(checks):
            if now >= due[number]:
                port.send(check.question())
                due[number] = now + waits[number]
        pause()
        for port in {id(port): port for port, _ in checks}.values():
            for frame, _ in port.frames():
                for number, (other, check) in enumerate(checks):
                    if other is port and check.take(frame):
                        due[number] = now + 1
                        break


def _write(ports: Sequence[CanPort], pause: Callable[[], None]) -> None:
    """Write the settings of drives that do not tell theirs, twice, since nothing confirms them.

    In each period one of every drive is written, so that the buses keep up.
    """
    drives = [(port, codec) for port in ports for codec in port.codecs if not codec.readable]
    settings = [
        [(port, codec.write(name, it.expected)) for name, it in codec.settings.items()] for port, codec in drives
    ]
    for turn in [*zip_longest(*settings)] * 2:
        for entry in turn:
            if entry is not None:
                port, frames = entry
                port.send(frames)
        pause()
