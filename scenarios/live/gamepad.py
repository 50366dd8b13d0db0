"""A gamepad, through SDL, which knows the layout of nearly all of them; without pygame there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from scenarios.live.session import Act

_FULL = 32767.0
"""What SDL tells of a stick at its end."""
_DEAD = 0.12
"""Share of a stick's way that says nothing: it does not come back to its middle."""
_BUTTONS = {
    "A": Act.HALT, "B": Act.HALT_RIGHT, "LEFTSHOULDER": Act.PUSH_LEFT, "RIGHTSHOULDER": Act.PUSH_RIGHT,
    "X": Act.SLOW_MOTION, "Y": Act.CAMERA, "START": Act.PAUSE, "BACK": Act.RESTART, "DPAD_UP": Act.FASTER,
    "DPAD_RIGHT": Act.STEP, "DPAD_DOWN": Act.HELP,
}  # fmt: skip
"""Which button does what, by its place on an Xbox pad."""


@dataclass(frozen=True, slots=True)
class Sticks:
    """Where the sticks are.

    Attributes:
        bend: From -1 (right) to 1 (left).
        quicken: From -1 (slower) to 1 (faster).
    """

    bend: float = 0.0
    quicken: float = 0.0


class Gamepad:
    """The first gamepad that is there, now or later."""

    def __init__(self) -> None:
        """Look for one from now on."""
        self._pad: Any = None
        self._down: set[str] = set()
        self._sdl: Any = None
        if find_spec("pygame") is not None:
            # It has no window of its own: its events come wherever the keys go.
            os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
            os.environ.setdefault("SDL_JOYSTICK_ALLOW_BACKGROUND_EVENTS", "1")
            os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
            import pygame
            from pygame._sdl2 import controller

            pygame.display.init()  # without it no events are pumped
            controller.init()
            self._sdl, self._pump, self._names = controller, pygame.event.pump, vars(pygame)

    @property
    def there(self) -> bool:
        """Whether there is one."""
        if self._sdl is None:
            return False
        self._pump()
        if self._pad is not None and not self._pad.attached():
            self._pad = None
        if self._pad is None:
            fit = (number for number in range(self._sdl.get_count()) if self._sdl.is_controller(number))
            first = next(fit, None)
            self._pad = None if first is None else self._sdl.Controller(first)
        return self._pad is not None

    def sticks(self) -> Sticks:
        """The left stick bends, the triggers (right: faster) change the speed; as of the last look at `there`."""
        if self._pad is None:
            return Sticks()
        return Sticks(-_alive(self._axis("LEFTX")), _alive(self._axis("TRIGGERRIGHT") - self._axis("TRIGGERLEFT")))

    def pressed(self) -> Iterator[Act]:
        """What was pressed since the last call, once for each press."""
        before, self._down = self._down, {name for name in _BUTTONS if self._pad is not None and self._is_down(name)}
        for name in sorted(self._down - before):
            yield _BUTTONS[name]

    def _axis(self, name: str) -> float:
        return float(self._pad.get_axis(self._names[f"CONTROLLER_AXIS_{name}"])) / _FULL

    def _is_down(self, name: str) -> bool:
        return bool(self._pad.get_button(self._names[f"CONTROLLER_BUTTON_{name}"]))


def _alive(way: float) -> float:
    """A stick's way without the dead zone, from -1 to 1."""
    size = min(1.0, max(0.0, (abs(way) - _DEAD) / (1.0 - _DEAD)))
    return size if way > 0.0 else -size
