"""Before drives are switched on: settings are compared with the dialect file, or written where none can be read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import zip_longest

from robot.can_port import CanPort
from robot.drivers.verify import SettingsCheck

_TRIES = 10
"""How often a question is asked in all."""
_PATIENCE = 0.05
"""How long its answer is waited for [s]. A question that is asked twice may be answered twice, and where an answer does
not name its question (moteus) the second one would be taken for that of the next."""


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
    checks = [(port, SettingsCheck(codec)) for port in ports for codec in port.codecs]
    _ask(checks, pause, patience)
    if sum(check.doubt() for _, check in checks):
        for _ in range(patience):  # what is on its way still is no answer to what is asked then
            pause()
        for port in ports:
            for _ in port.frames():
                pass
        _ask(checks, pause, patience)
    for _, check in checks:
        check.require()


def _ask(checks: Sequence[tuple[CanPort, SettingsCheck]], pause: Callable[[], None], patience: int) -> None:
    """Ask all drives what has no answer yet, each again after so many periods."""
    asked = [-patience] * len(checks)
    questions = max((len(check.questions) for _, check in checks), default=0)
    for now in range(questions * _TRIES * patience):
        if all(check.done for _, check in checks):
            return
        for number, (port, check) in enumerate(checks):
            if now - asked[number] >= patience:
                port.send(check.question())
                asked[number] = now
        pause()
        for port in {id(port): port for port, _ in checks}.values():
            for frame, _ in port.frames():
                for number, (other, check) in enumerate(checks):
                    if other is port and check.take(frame):
                        asked[number] = now - patience
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
