"""Before drives are switched on: settings are compared with the dialect file, or written where none can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from robot.can_port import CanPort
from robot.drivers.verify import SettingsCheck

_TRIES = 10
"""How often a question is asked in all."""


def settle(ports: Sequence[CanPort], pause: Callable[[], None]) -> None:
    """See that every drive is set as the dialect file says; all drives are asked at the same time.

    Args:
        ports: The buses.
        pause: Lets a control period pass, in which answers arrive.

    Raises:
        ValueError: A drive is set otherwise, or does not tell; the message says which setting, and what would be right.
    """
    _write(ports, pause)
    checks = [[SettingsCheck(codec) for codec in port.codecs] for port in ports]
    questions = max((len(check.questions) for on_bus in checks for check in on_bus), default=0)
    for _ in range(questions * _TRIES):
        if all(check.done for on_bus in checks for check in on_bus):
            break
        for port, on_bus in zip(ports, checks, strict=True):
            for check in on_bus:
                port.send(check.question())
        pause()
        for port, on_bus in zip(ports, checks, strict=True):
            for frame, _ in port.frames():
                for check in on_bus:
                    if check.take(frame):
                        break
    for on_bus in checks:
        for check in on_bus:
            check.require()


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
