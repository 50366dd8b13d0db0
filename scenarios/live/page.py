"""A live ride on a page in the browser: the scene, plots, controls, and the last minute to look at again."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from math import inf
from secrets import token_urlsafe
from threading import Lock
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from scenarios.errors import BadInput
from scenarios.live.live_ride import LiveRide, Picture
from scenarios.live.session import Act, Session, View
from scenarios.live.stage import Stage
from scenarios.live.token_gate import TokenGate
from scenarios.live.tuning import TUNINGS

if TYPE_CHECKING:
    from viser import ViserServer

Array = NDArray[np.float64]

_FRAME, _PLOT = 1.0 / 20.0, 0.5
"""How often the scene and the plots are sent [s]."""
_REMEMBERED = 60.0
"""How far back one can look [s]."""
_PLOTTED = 20.0
"""How much of that is plotted [s]."""
_REPEATED, _HELD = 0.6, 0.2
"""A key is held when it is heard of again within this time [s]; what each of these changes, of a press [1]."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


_Key = Literal["space", "F", "J", "L", "P", "N", "M"]
_BUTTONS: tuple[tuple[str, _Key, Act], ...] = (
    ("halt on the left foot / go on", "space", Act.HALT), ("halt on the right foot / go on", "F", Act.HALT_RIGHT),
    ("push to the left", "J", Act.PUSH_LEFT), ("push to the right", "L", Act.PUSH_RIGHT),
    ("pause / go on", "P", Act.PAUSE), ("a single step", "N", Act.STEP),
    ("slow motion / real time", "M", Act.SLOW_MOTION),
)  # fmt: skip


class Page:
    """Shows a session to everybody who opens it, and hears what they press."""

    def __init__(self, session: Session, host: str, port: int) -> None:
        """Serve it.

        Raises:
            BadInput: The port is taken.
        """
        self.session = session
        self._stage = Stage(host, port, session.ride.context)
        self.port = self._stage.port
        """Where it is served."""
        self._asked: deque[Callable[[], None]] = deque()
        self._past: deque[Picture] = deque(maxlen=round(_REMEMBERED / _FRAME))
        self._controls = _Controls(self._stage.server, self)

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Go on until something says so."""
        session = self.session
        session.pacer.restart()
        drawn = plotted = -1.0
        while not until():
            while self._asked:
                self._asked.popleft()()
            if session.advance() == 0:
                sleep(0.001)
            now = perf_counter()
            if now - drawn >= _FRAME:
                drawn = now
                self._draw()
            if now - plotted >= _PLOT:
                plotted = now
                self._controls.plot([p for p in self._past if p.time > session.ride.time - _PLOTTED])

    def close(self) -> None:
        """Serve it no more."""
        self._stage.close()

    def later(self, what: Callable[[], None]) -> None:
        """Do something between two ticks; the page's own thread must not touch the ride."""
        self._asked.append(what)

    def look_from(self, view: View) -> None:
        """Look from somewhere else, in every browser."""
        self.session.view = view
        self._stage.look_from(view)

    def tune(self, values: list[float]) -> None:
        """Begin anew with a value for each tuning."""
        if self.session.tune(values):
            self._past.clear()

    def _draw(self) -> None:
        session = self.session
        picture = session.ride.picture()
        if not self._past or picture.time != self._past[-1].time:  # paused, after a single step
            self._past.append(picture)
        if session.paused:
            picture = self._past[round(self._controls.back * (len(self._past) - 1))]
        with self._stage.server.atomic():
            self._stage.show(picture)
            self._controls.say(session.lines(picture), picture)


class _Controls:
    """The panel beside the scene."""

    def __init__(self, server: ViserServer, page: Page) -> None:
        from viser import uplot

        self._page, gui = page, server.gui
        session, helm = page.session, page.session.ride.helm
        self._told = gui.add_markdown("")
        self._bend: Any = gui.add_slider("bend: left +, right -", -1.0, 1.0, 0.05, 0.0)
        self._speed: Any = gui.add_slider("speed [m/s]", 0.8, 3.0, 0.1, min(3.0, max(0.8, round(helm.speed, 1))))
        self._bend.on_update(self._when(lambda: session.ride.helm.ask(turn=float(self._bend.value))))
        self._speed.on_update(self._when(lambda: session.ride.helm.ask(speed=float(self._speed.value))))
        self._heard: dict[str, float] = {}
        self._hearing = Lock()  # each trigger comes in a thread of its own
        for label, key, act in _BUTTONS:
            gui.add_button(label).on_click(self._press(act))
            gui.add_command(label, hotkey=key).on_trigger(self._once(label, self._press(act)))
        gui.add_command("bend to the left", hotkey="arrowleft").on_trigger(self._move(self._bend, "left", 0.25))
        gui.add_command("bend to the right", hotkey="arrowright").on_trigger(self._move(self._bend, "right", -0.25))
        gui.add_command("faster", hotkey="arrowup").on_trigger(self._move(self._speed, "up", 0.2))
        gui.add_command("slower", hotkey="arrowdown").on_trigger(self._move(self._speed, "down", -0.2))
        view = gui.add_dropdown("seen from", [view.value for view in View], initial_value=session.view.value)
        view.on_update(lambda _: page.look_from(View(view.value)))
        self._back = gui.add_slider("paused: the last minute", 0.0, 1.0, 0.002, 1.0)
        with gui.add_folder("begin anew with", expand_by_default=False):
            self._tunings = [gui.add_slider(t.label, t.least, t.most, t.step, t.usual) for t in TUNINGS]
        gui.add_button("begin anew", color="red").on_click(self._when(self._restart))
        empty = np.zeros(2)
        self._plot = gui.add_uplot(
            (empty, empty, empty), (uplot.Series(label="s"), uplot.Series(label="m/s", stroke="blue", width=2),
                                    uplot.Series(label="roll [0.1 rad]", stroke="red", width=2)),
            scales={"x": uplot.Scale(time=False)}, aspect=1.6, title="speed and roll",
        )  # fmt: skip

    @property
    def back(self) -> float:
        """How much of the last minute has passed at what is looked at while it is paused, from 0 to 1."""
        return float(self._back.value)

    def say(self, lines: list[str], picture: Picture) -> None:
        """Show lines, and where the picture is from."""
        mode = picture.mode.name.lower().replace("_", " ")
        text = "  \n".join((*lines, f"mode: **{mode}**"))
        if text != self._told.content:
            self._told.content = text

    def plot(self, pictures: list[Picture]) -> None:
        """Plot what was."""
        if len(pictures) > 1:
            columns = np.array([(p.time, p.speed, 10.0 * p.roll) for p in pictures]).T
            self._plot.data = tuple(np.ascontiguousarray(column) for column in columns)

    def _when(self, what: Callable[[], None]) -> Callable[[Any], None]:
        return lambda _: self._page.later(what)

    def _press(self, act: Act) -> Callable[[Any], None]:
        return self._when(lambda: self._page.session.press(act))

    def _is_held(self, key: str) -> bool:
        """Whether a key is still down since it was last heard of: a browser says it again and again."""
        now = perf_counter()
        before, self._heard[key] = self._heard.get(key, -inf), now
        return now - before < _REPEATED

    def _once(self, key: str, what: Callable[[Any], None]) -> Callable[[Any], None]:
        def once(event: Any) -> None:
            with self._hearing:
                held = self._is_held(key)
            if not held:
                what(event)

        return once

    def _move(self, slider: Any, key: str, change: float) -> Callable[[Any], None]:
        def move(_: Any) -> None:
            with self._hearing:  # or one of two that come at once would be lost
                step = (_HELD if self._is_held(key) else 1.0) * change
                slider.value = min(slider.max, max(slider.min, round(float(slider.value) + step, 2)))

        return move

    def _restart(self) -> None:
        self._page.tune([float(slider.value) for slider in self._tunings])
        self._bend.value = 0.0


def serve(
    ride: LiveRide, host: str, port: int, token: str | None = None, until: Callable[[], bool] = lambda: False
) -> None:
    """Serve a ride on a page until it is interrupted.

    Args:
        ride: The ride.
        host: Address to serve it on; beyond this machine's loopback nobody sees it without a token.
        port: Where; the next free one if that is taken on the loopback, and 0 is any.
        token: That token; a new one where none is given.
        until: Says when to end.

    Raises:
        BadInput: The port is taken, the address is none of this machine's, or the token cannot stand in an address.
    """
    if token is not None and re.fullmatch(r"[A-Za-z0-9_-]+", token) is None:
        raise BadInput(f"--token {token!r}: write letters, digits, - and _ alone, for it to stand in an address")
    guarded = token is not None or host not in _LOOPBACK
    page = Page(Session(ride), "127.0.0.1" if guarded else host, 0 if guarded else port)
    gate, address = None, f"http://{host}:{page.port}"
    try:
        if guarded:
            token = token or token_urlsafe(16)
            try:
                gate = TokenGate(host, port, page.port, token)
            except OSError as error:
                raise BadInput(f"no page can be served on {host}:{port}: {error.strerror or error}") from error
            address = f"http://{host}:{gate.port}/?token={token}"
        print(f"{address} shows the ride; Ctrl-C ends it", flush=True)
        page.run(until)
    finally:
        if gate is not None:
            gate.close()
        page.close()
