"""A run, or two in one scene, on a page to scrub through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import atan2
from time import perf_counter, sleep
from typing import Any

import numpy as np
from numpy.typing import NDArray

from controllers.riding.modes import RideMode
from scenarios.assembly import assemble
from scenarios.context import RideContext
from scenarios.errors import BadInput
from scenarios.live.live_ride import Picture
from scenarios.live.session import View
from scenarios.live.stage import Stage
from scenarios.replay.recording import Recording

Array = NDArray[np.float64]

_EVERY, _FRAME = 10, 0.02
"""Every so-manieth row is shown, and the time between two of those [s]."""
_DRAWN = 0.05
"""How often the scene is sent [s]."""
_AHEAD = 12.0
"""How much of the way that was ridden is shown ahead [m]."""


def pictures_of(recording: Recording) -> list[Picture]:
    """What there was to be seen in a ride, fifty times a second.

    Raises:
        BadInput: It is no ride, or its log cannot be read.
    """
    rows = []
    estimate: dict[str, Any] = {}
    for message in recording.messages(("/estimate", "/truth"), _EVERY):
        if message.topic == "/estimate":
            estimate = message.values
        else:
            rows.append((message.time, message.values, estimate))
    if not rows or "truth_bicycle_position" not in rows[0][1]:
        raise BadInput(f"{recording.folder} is no ride; only rides are shown on a page, films have the others")
    trail = np.array([truth["truth_rear_contact"][:2] for _, truth, _ in rows])
    gone = np.concatenate(((0.0,), np.cumsum(np.hypot(*np.diff(trail, axis=0).T))))
    return [
        _picture(time, truth, estimate, _ahead(trail, gone, number))
        for number, (time, truth, estimate) in enumerate(rows)
    ]


def _ahead(trail: Array, gone: Array, number: int) -> Array:
    last = int(np.searchsorted(gone, gone[number] + _AHEAD))
    way = trail[number : max(last, number + 2) : 5]
    return way if len(way) > 1 else np.repeat(trail[-1:], 2, axis=0)


def _picture(time: float, truth: dict[str, Any], estimate: dict[str, Any], way: Array) -> Picture:
    column = {name: np.array(value, dtype=np.float64) for name, value in truth.items() if isinstance(value, list)}
    wheels = np.stack((column["truth_rear_contact"], column["truth_front_contact"]))
    along = wheels[1] - wheels[0]
    return Picture(
        time=time,
        robot=(
            column["truth_robot_position"],
            column["truth_robot_orientation"],
            column["truth_robot_joint_position"],
        ),
        bicycle=(
            column["truth_bicycle_position"],
            column["truth_bicycle_orientation"],
            column["truth_bicycle_joint_position"],
        ),
        heading=atan2(along[1], along[0]),
        speed=truth["truth_speed"],
        roll=truth["truth_roll"],
        mode=RideMode(int(estimate["mode"])),
        aside=estimate["estimate_lateral_error"],
        way=way,
        forces=column["truth_ground_force"].reshape(2, 3),
        acting=wheels,
        support=wheels,
        push=column["truth_push"],
        fallen=truth["truth_body_ground_contact"] > 0.0,
    )


class ReplayPage:
    """Shows recorded rides from their pictures; the second one is a ghost."""

    def __init__(self, context: RideContext, rides: Sequence[Sequence[Picture]], host: str, port: int) -> None:
        """Serve them.

        Raises:
            BadInput: The port is taken.
        """
        self._rides, self._length = rides, max(len(ride) for ride in rides)
        self._stage = Stage(host, port, context, ghost=len(rides) > 1)
        self.port = self._stage.port
        """Where they are served."""
        gui = self._stage.server.gui
        self._told = gui.add_markdown("")
        self._at: Any = gui.add_slider("time [s]", 0.0, (self._length - 1) * _FRAME, _FRAME, 0.0)
        self._goes: Any = gui.add_checkbox("play", True)
        self._rate: Any = gui.add_slider("times real time", 0.1, 4.0, 0.1, 1.0)
        view = gui.add_dropdown("seen from", [view.value for view in View], initial_value=View.FOLLOW.value)
        view.on_update(lambda _: self._stage.look_from(View(view.value)))
        gui.add_command("play, and stand still", hotkey="space").on_trigger(self._toggle)

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Go on until something says so."""
        before = perf_counter()
        while not until():
            now = perf_counter()
            if self._goes.value:
                last = (self._length - 1) * _FRAME
                self._at.value = min(last, float(self._at.value) + float(self._rate.value) * (now - before))
                if self._at.value >= last:
                    self._goes.value = False
            before = now
            self._draw()
            sleep(_DRAWN)

    def close(self) -> None:
        """Serve them no more."""
        self._stage.close()

    def _toggle(self, _: Any) -> None:
        if not self._goes.value and self._at.value >= (self._length - 1) * _FRAME:
            self._at.value = 0.0
        self._goes.value = not self._goes.value

    def _draw(self) -> None:
        number = round(float(self._at.value) / _FRAME)
        shown = [ride[min(number, len(ride) - 1)] for ride in self._rides]
        lines = [
            f"{p.time:.2f} s: {p.speed:.2f} m/s, roll {p.roll:+.3f} rad, {p.mode.name.lower().replace('_', ' ')}"
            for p in shown
        ]
        if len(shown) > 1:
            apart = float(np.linalg.norm(shown[0].bicycle[0] - shown[1].bicycle[0]))
            lines.append(f"{apart:.3f} m apart")
        with self._stage.server.atomic():
            self._stage.show(*shown)
            text = "  \n".join(lines)
            if text != self._told.content:
                self._told.content = text


def serve(recordings: Sequence[Recording], host: str, port: int, until: Callable[[], bool] = lambda: False) -> None:
    """Serve runs on a page until it is interrupted.

    Raises:
        BadInput: One is no ride, or the port is taken.
    """
    rides = [pictures_of(recording) for recording in recordings]
    context = assemble(recordings[0].load(), recordings[0].seed).context
    assert isinstance(context, RideContext)
    page = ReplayPage(context, rides, host, port)
    try:
        names = " and ".join(str(recording.folder) for recording in recordings)
        print(f"http://{host}:{page.port} shows {names}; Ctrl-C ends it", flush=True)
        page.run(until)
    finally:
        page.close()
