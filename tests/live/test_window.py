"""The window under Xvfb: keys on the display, and the robot does it."""

import os
import shutil
import subprocess
import time

import pytest

from controllers.riding.modes import RideMode
from scenarios.errors import BadInput
from scenarios.live.live_ride import LiveRide
from scenarios.live.session import View

XVFB = shutil.which("Xvfb")
PATIENCE = 150.0
"""Time for what a slow machine does [s]."""
needs_display = pytest.mark.skipif(XVFB is None, reason="there is no Xvfb here: apt-get install xvfb libgl1-mesa-dri")


@pytest.fixture
def display(monkeypatch):
    """A display of its own; gives its name."""
    reading, writing = os.pipe()
    command = [str(XVFB), "-displayfd", str(writing), "-screen", "0", "800x600x24"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as process:
        try:
            os.close(writing)
            with os.fdopen(reading) as told:
                name = f":{int(told.readline())}"
            monkeypatch.setenv("DISPLAY", name)
            yield name
        finally:
            process.terminate()


class Keyboard:
    """Keys of a display."""

    def __init__(self, name):
        from Xlib import XK
        from Xlib.display import Display
        from Xlib.ext import xtest

        self._display, self._key, self._fake = Display(name), XK, xtest.fake_input
        self._fake(self._display, 6, x=400, y=300)  # the pointer into the window, which has the keys then

    def _send(self, what, key):
        self._fake(self._display, what, self._display.keysym_to_keycode(self._key.string_to_keysym(key)))
        self._display.sync()

    def down(self, key):
        self._send(2, key)

    def up(self, key):
        self._send(3, key)

    def take_hold(self, x, y):
        """The left button goes down at a pixel."""
        self._fake(self._display, 6, x=x, y=y)
        self._fake(self._display, 4, 1)
        self._display.sync()

    def let_go(self):
        self._fake(self._display, 5, 1)
        self._display.sync()


def presses(display, ride):
    """What is done to the ride, a step each time that something has come of the last; says what it waits for."""
    keys, session = Keyboard(display), None
    session = yield "the window"
    keys.take_hold(310, 205)
    while not session.ride.picture().push.any():
        yield "a pull by the mouse"
    keys.let_go()
    keys.down("Left")
    while not session.ride.picture().heading > 0.1:
        yield "a turn to the left"
    keys.up("Left")
    while session.ride.helm.turn:
        yield "the bars straight"
    keys.down("c")
    while session.view is View.FOLLOW:
        yield "another camera"
    keys.up("c")
    keys.down("space")
    while session.ride.mode is not RideMode.WAIT:
        yield "a halt"
    keys.up("space")


@needs_display
@pytest.mark.long
def test_who_presses_keys_steers_halts_and_looks(display, monkeypatch):
    pytest.importorskip("Xlib")
    from scenarios.live import window

    monkeypatch.setattr(window, "SIZE", (640, 480))
    ride = LiveRide("ride_straight", ["start.speed=1.5", "rider.speed=1.5"])
    doing = presses(display, ride)
    state = {"waits for": next(doing), "until": time.monotonic() + PATIENCE, "done": False}

    def until(session):
        try:
            state["waits for"] = doing.send(session)
        except StopIteration:
            state["done"] = True
        return state["done"] or time.monotonic() > state["until"]

    try:
        window.show(ride, until)
    finally:
        ride.close()
    assert state["done"], f"after {PATIENCE:g} s it still waits for {state['waits for']}"
    assert not ride.fallen


def test_without_a_display_one_line_says_what_to_do(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    from scenarios.live import window

    ride = LiveRide("ride_straight")
    try:
        with pytest.raises(BadInput, match="draisine gui --web"):
            window.show(ride)
    finally:
        ride.close()
