"""A gamepad that SDL makes up: sticks and buttons come through, whatever is under them."""

import ctypes
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from controllers.riding.modes import RideMode
from scenarios.live.gamepad import Gamepad, Sticks
from scenarios.live.session import Act, Session

pygame = pytest.importorskip("pygame", reason="there is no pygame here: pip install 'draisine[gamepad]'")
_GAMECONTROLLER, _AXES, _BUTTONS = 1, 6, 15
_LEFT_X, _TRIGGER_LEFT, _TRIGGER_RIGHT = 0, 4, 5
_A, _Y, _START = 0, 3, 6
"""Places in a virtual pad of SDL 2, which has the standard layout."""


class VirtualPad:
    """What somebody has in their hands."""

    def __init__(self):
        (library,) = Path(pygame.__file__).parents[1].glob("pygame_ce.libs/libSDL2-2*")
        self._sdl = ctypes.CDLL(str(library))
        self._sdl.SDL_JoystickOpen.restype = ctypes.c_void_p
        self._number = self._sdl.SDL_JoystickAttachVirtual(_GAMECONTROLLER, _AXES, _BUTTONS, 0)
        assert self._number >= 0
        self._pad = ctypes.c_void_p(self._sdl.SDL_JoystickOpen(self._number))

    def axis(self, number, value):
        assert self._sdl.SDL_JoystickSetVirtualAxis(self._pad, number, ctypes.c_int16(round(32767 * value))) == 0

    def button(self, number, down):
        assert self._sdl.SDL_JoystickSetVirtualButton(self._pad, number, ctypes.c_uint8(down)) == 0

    def unplug(self):
        self._sdl.SDL_JoystickDetachVirtual(self._number)


@pytest.fixture
def pad():
    gamepad = Gamepad()
    assert not gamepad.there
    hands = VirtualPad()
    yield gamepad, hands
    hands.unplug()


def test_it_is_found_when_it_is_plugged_in_and_missed_when_it_is_not(pad):
    gamepad, hands = pad
    assert gamepad.there
    hands.unplug()
    assert not gamepad.there
    assert gamepad.sticks() == Sticks()
    assert list(gamepad.pressed()) == []


def test_sticks_have_a_dead_middle_and_reach_their_ends(pad):
    gamepad, hands = pad
    for number in (_TRIGGER_LEFT, _TRIGGER_RIGHT):
        hands.axis(number, -1.0)
    for way, bend in ((0.0, 0.0), (0.1, 0.0), (1.0, -1.0), (-1.0, 1.0), (-0.56, 0.5)):
        hands.axis(_LEFT_X, way)
        assert gamepad.there
        assert gamepad.sticks().bend == pytest.approx(bend, abs=1e-3)
    assert gamepad.sticks().quicken == 0.0
    hands.axis(_TRIGGER_RIGHT, 1.0)
    assert gamepad.there
    assert gamepad.sticks().quicken == pytest.approx(1.0, abs=0.01)


def test_a_button_counts_once_for_each_press(pad):
    gamepad, hands = pad
    heard = []
    for down in (True, True, False, True):
        hands.button(_A, down)
        assert gamepad.there
        heard.append(list(gamepad.pressed()))
    assert heard == [[Act.HALT], [], [], [Act.HALT]]
    hands.button(_Y, True)
    hands.button(_START, True)
    assert gamepad.there
    assert set(gamepad.pressed()) == {Act.CAMERA, Act.PAUSE}


def test_a_stick_is_the_bend_that_is_asked_for_and_lets_go_of_it():
    asked = SimpleNamespace(turn=0.0, speed=1.5, held=False)
    asked.ask = lambda **what: asked.__dict__.update(what)
    ride = SimpleNamespace(helm=asked, mode=RideMode.CRUISE, overrides=())
    now = [0.0]
    session = Session(ride, clock=lambda: now[0])  # type: ignore[arg-type]
    session.hold((), bend=0.6)
    assert asked.turn == 0.6
    now[0] = 0.1
    session.hold((), quicken=-0.5)
    assert asked.turn == pytest.approx(0.35)
    assert asked.speed == pytest.approx(1.46)


def test_without_pygame_there_is_none(monkeypatch):
    monkeypatch.setattr("scenarios.live.gamepad.find_spec", lambda _: None)
    gamepad = Gamepad()
    assert not gamepad.there
    assert gamepad.sticks() == Sticks()
    assert os.environ.get("SDL_VIDEODRIVER", "dummy") == "dummy"
