"""Window and page each drive a ride for two minutes: `make live`. It is no part of `make test`, for its time."""

import time
from itertools import cycle
from typing import Any

import pytest

from controllers.riding.modes import RideMode
from scenarios.live.live_ride import LiveRide
from tests.live.test_page import CHROMIUM, ERRORS, address, page, told, wait  # noqa: F401 - fixtures among them
from tests.live.test_window import Keyboard, display, needs_display  # noqa: F401 - a fixture among them

pytestmark = pytest.mark.patience
MINUTES = 120.0
"""Time on the wall [s]."""
HOLD = 5.0
"""For how long a key is held [s]."""


@needs_display
def test_the_window(display, monkeypatch):  # noqa: F811
    pytest.importorskip("Xlib")
    from scenarios.live import window

    monkeypatch.setattr(window, "SIZE", (640, 480))
    ride = LiveRide("ride_straight", ["start.speed=1.5", "rider.speed=1.5"])
    seen: dict[str, Any] = {"headings": [], "modes": set(), "begin": 0.0, "factor": 0.0}

    def drive():
        """Left, right, left; a halt in the middle, and on again."""
        session: Any = yield
        keys, halted = Keyboard(display), False

        def at(mode):
            return session.ride.mode is mode

        for key in cycle(("Left", "Right")):
            keys.down(key)
            end = time.monotonic() + HOLD
            while time.monotonic() < end:
                yield
            keys.up(key)
            if not halted and time.monotonic() - seen["begin"] > 0.4 * MINUTES:
                halted = True
                keys.down("space")
                while not at(RideMode.WAIT):
                    yield
                keys.up("space")
                keys.down("Up")
                while not at(RideMode.CRUISE):
                    yield
                keys.up("Up")

    doing = drive()
    next(doing)

    def until(session):
        now = time.monotonic()
        seen["begin"] = seen["begin"] or now
        seen["headings"].append(session.ride.picture().heading)
        seen["modes"].add(session.ride.mode)
        seen["factor"] = session.pacer.factor
        doing.send(session)
        return now - seen["begin"] > MINUTES or session.ride.fallen

    try:
        window.show(ride, until)
    finally:
        ride.close()
    ridden = ride.time
    print(f"the window: {ridden:.1f} s ridden in {MINUTES:g} s, {seen['factor']:.2f} times real time at the end")
    assert not ride.fallen
    assert max(seen["headings"]) - min(seen["headings"]) > 0.3
    assert {RideMode.WAIT, RideMode.PUSH_OFF, RideMode.CRUISE} <= seen["modes"]


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here: apt-get install chromium")
def test_the_page(page):  # noqa: F811
    _, _, first = wait(page, lambda speed, mode, at: speed > 1.5)
    begin, halted = time.monotonic(), False
    for key in cycle(("ArrowLeft", "ArrowRight", "ArrowRight", "ArrowLeft")):
        page.keyboard.press(key)
        time.sleep(HOLD)
        assert "FALLEN" not in page.inner_text("body")
        if not halted and time.monotonic() - begin > 0.4 * MINUTES:
            halted = True
            page.keyboard.press("Space")
            wait(page, lambda speed, mode, at: mode in ("foot down", "wait") and speed == 0.0)
            page.keyboard.press("Space")
            wait(page, lambda speed, mode, at: speed > 0.8)
        if time.monotonic() - begin > MINUTES:
            break
    _, mode, last = told(page)
    print(f"the page: {last - first:.1f} s ridden in {time.monotonic() - begin:.0f} s, at the end: {mode}")
    assert last > first
    assert ERRORS == []
