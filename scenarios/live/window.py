"""A live ride in PyBullet's own window, which has a process of its own: drawing never keeps the ride waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import atan2, cos, pi, sin
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic, sleep

import numpy as np
from numpy.typing import NDArray

import urdf
from scenarios.context import RideContext
from scenarios.errors import BadInput
from scenarios.live.gamepad import Gamepad, Sticks
from scenarios.live.live_ride import PUSHED, LiveRide, Picture, Pushed, around
from scenarios.live.session import KEYS, Session, View
from scenarios.live.tuning import TUNINGS
from sim.silence import silence
from urdf.bicycle_parameters import JOINTS

Array = NDArray[np.float64]

SIZE = (1280, 760)
"""Width and height of the window [pixel]."""
_PATIENCE = 60.0
"""Time that opening the window may take [s]."""
_PER_NEWTON, _BEADS = 0.0015, 7
"""Length of an arrow [m/N], and how many beads it has."""
_WAY, _FORCE, _PUSH, _STANDS = (0.1, 0.45, 0.9), (0.9, 0.35, 0.1), (0.8, 0.0, 0.5), (0.2, 0.6, 0.3)
_DRAG, _MOST, _NEAR = 120.0, 60.0, 0.6
"""Pull of the mouse: for a metre, and at most [N/m, N]; how near to a body it takes hold of it [m]."""
_UP = np.array((0.0, 0.0, 1.0))
_READING = 0.4
"""How often lines are written anew; each costs a frame [s]."""
_EDGE = 8
"""Beads on an edge of what the bicycle stands on."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the window is to show: a picture, lines to be read, where it is looked at from, and whether sliders."""

    picture: Picture
    lines: tuple[str, ...]
    view: View
    tuning: bool = False


@dataclass(slots=True)
class Told:
    """What was done in the window.

    Attributes:
        held: Keys that are down.
        pressed: Keys that went down.
        pull: A pull at a body, in the world [N].
        tuned: A value for each tuning, with which to begin anew.
    """

    held: set[str] = field(default_factory=set)
    pressed: set[str] = field(default_factory=set)
    pull: tuple[Pushed, Array] | None = None
    tuned: list[float] | None = None


def show(ride: LiveRide, until: Callable[[Session], bool] = lambda session: False) -> None:
    """Show a ride in a window until it is closed, or something else says so.

    Raises:
        BadInput: There is no display, or it has no OpenGL.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_draw, args=(theirs, ride.context, SIZE), daemon=True)
    process.start()
    theirs.close()
    try:
        if not _opened(ours):
            raise BadInput(
                "no window can be opened here: it needs a display with OpenGL 3 (DISPLAY). On a machine without one, "
                "'draisine gui --web' shows the same in the browser"
            )
        _go_on(Session(ride), ours, until)
    finally:
        ours.close()
        process.join(5.0)
        if process.is_alive():
            process.terminate()


def _opened(ours: Connection) -> bool:
    try:
        return ours.poll(_PATIENCE) and bool(ours.recv())
    except (EOFError, OSError):
        return False


def _go_on(session: Session, window: Connection, until: Callable[[Session], bool]) -> None:
    """Carry the ride on, and give the window something new each time it has drawn the last."""
    ride, held, pad = session.ride, set[str](), Gamepad()
    session.pacer.restart()
    try:
        window.send(_frame(session))
        while not until(session):
            if window.poll():
                told: Told = window.recv()
                held = told.held
                for key in told.pressed:
                    if key in KEYS:
                        session.press(KEYS[key])
                if told.tuned is not None:
                    session.tune(told.tuned)
                picture = ride.picture()
                if told.pull is not None and not session.paused:
                    body, (x, y, z) = told.pull
                    c, s = cos(picture.heading), sin(picture.heading)
                    ride.drag((c * x + s * y, c * y - s * x, z), body)
                window.send(_frame(session))
            sticks = Sticks()
            if pad.there:
                sticks = pad.sticks()
                for act in pad.pressed():
                    session.press(act)
            session.hold((KEYS[key] for key in held if key in KEYS), sticks.bend, sticks.quicken)
            if session.advance() == 0:
                sleep(0.001)
    except (EOFError, OSError):  # the window was closed
        return


def _frame(session: Session) -> Frame:
    picture = session.ride.picture()
    lines = session.lines(picture)
    if session.help:
        lines += ["", *(f"{key}:  {act.value}" for key, act in KEYS.items()), "mouse:  pull at the rider"]
    return Frame(picture, tuple(lines), session.view, session.tuning)


def _draw(parent: Connection, context: RideContext, size: tuple[int, int]) -> None:
    """The window's process: draw what comes, and answer with what was done."""
    try:
        canvas = _Canvas(context, size)
    except Exception:
        parent.send(False)
        return
    parent.send(True)
    try:
        while canvas.open:
            if parent.poll(0.02):
                parent.send(canvas.show(parent.recv()))
    except (EOFError, OSError):
        pass
    finally:
        parent.close()
        canvas.close()


class _Canvas:
    """The window, the beads in it, and the camera that goes along."""

    def __init__(self, context: RideContext, size: tuple[int, int]) -> None:
        with silence():
            from sim.window import Window  # PyBullet's graphics belong to this process alone

        self._window = window = Window(Path(urdf.__file__).parent, size)
        window.add_terrain(context.terrain)
        window.add_cones(context.cones)
        self._standing = context.standing
        self._names = context.joint_names
        self._way = window.add_beads(48, 0.018, _WAY)
        self._arrows = [window.add_beads(_BEADS, 0.012, _FORCE) for _ in range(4)]
        self._push = window.add_beads(_BEADS, 0.02, _PUSH)
        self._edges = window.add_beads(4 * _EDGE, 0.01, _STANDS)
        self._sliders = [window.add_slider(t.label, t.least, t.most, t.usual) for t in TUNINGS]
        self._anew = window.add_button("begin anew with these")
        self._tuning = False
        self._yaw: float | None = None
        self._read = 0.0
        self._lines: tuple[str, ...] = ()
        self._grabbed: tuple[Pushed, float] | None = None

    @property
    def open(self) -> bool:
        return self._window.open

    def close(self) -> None:
        self._window.close()

    def show(self, frame: Frame) -> Told:
        picture, window = frame.picture, self._window
        position, orientation, joints = picture.robot
        at, turned, angles = picture.bicycle
        window.set_pose(position, orientation, (self._names, joints), at, turned, (JOINTS, angles))
        window.show_standing(self._standing, picture.time)
        self._way.put(np.column_stack((picture.way, np.full(len(picture.way), 0.01))))
        for beads, place, force in zip(self._arrows, picture.acting, picture.forces, strict=True):
            beads.put(_strung(place, place + _PER_NEWTON * force, _BEADS))
        above = position + 0.25 * _UP
        pushed = _strung(above, above + 5.0 * _PER_NEWTON * picture.push, _BEADS)
        self._push.put(pushed if picture.push.any() else np.empty((0, 3)))
        self._edges.put(_edges(picture.support))
        if frame.tuning != self._tuning:
            self._tuning = frame.tuning
            window.show_panel(frame.tuning)
        yaw = self._look(picture, frame.view)
        left = np.array((cos(yaw + 0.5 * pi), sin(yaw + 0.5 * pi), 0.0))
        now = monotonic()
        if now - self._read > _READING or len(frame.lines) != len(self._lines):
            self._read, self._lines = now, frame.lines
        window.say(self._lines, (position + 2.0 * left + 0.7 * _UP).tolist(), yaw)
        return self._listen(picture)

    def _look(self, picture: Picture, view: View) -> float:
        """Look from where it is wanted; the camera follows turns softly."""
        heading, window = picture.heading, self._window
        ahead = np.array((cos(heading), sin(heading), 0.0))
        if view is View.EYE:
            eye = picture.robot[0] + 0.12 * ahead + 0.6 * _UP
            window.look((eye + ahead - 0.25 * _UP).tolist(), 1.03, heading, 0.245)
            return heading
        wanted, distance, pitch = {
            View.FOLLOW: (heading + 2.2, 2.3, 0.22), View.SIDE: (heading + 0.5 * pi, 2.1, 0.08),
            View.BEHIND: (heading, 2.6, 0.25),
        }[view]  # fmt: skip
        before = wanted if self._yaw is None else self._yaw
        off = atan2(sin(wanted - before), cos(wanted - before))
        self._yaw = yaw = before + (off if abs(off) > 1.0 else 0.08 * off)
        middle = picture.bicycle[0] + 0.5 * ahead
        window.look((float(middle[0]), float(middle[1]), float(middle[2]) + 0.62), distance, yaw, pitch)
        return yaw

    def _listen(self, picture: Picture) -> Told:
        """Keys, and a pull: a spring from the body that was taken hold of to where the mouse points, as far away."""
        heard = self._window.listen()
        told = Told(heard.held, heard.pressed)
        if self._anew.pressed():
            told.tuned = [slider.value() for slider in self._sliders]
        if heard.ray is None:
            self._grabbed = None
            return told
        pelvis, frame = picture.robot[0], picture.bicycle[0] + 0.4 * _UP
        places: dict[Pushed, Array] = {"pelvis": pelvis, "torso": pelvis + 0.25 * _UP, "frame": frame}
        if heard.grab is not None:
            eye, direction = heard.grab
            beside = {body: float(np.linalg.norm(np.cross(places[body] - eye, direction))) for body in PUSHED}
            nearest = min(PUSHED, key=beside.__getitem__)
            depth = float((places[nearest] - eye) @ direction)
            self._grabbed = (nearest, depth) if beside[nearest] < _NEAR else None
        if self._grabbed is not None:
            body, depth = self._grabbed
            eye, direction = heard.ray
            force = _DRAG * (eye + depth * direction - places[body])
            told.pull = body, force * min(1.0, _MOST / max(float(np.linalg.norm(force)), 1e-9))
        return told


def _strung(begin: Array, end: Array, count: int) -> Array:
    """Points from one to another, shape (count, 3)."""
    return begin + np.linspace(0.0, 1.0, count)[:, None] * (end - begin)


def _edges(corners: Array) -> Array:
    """Points on the edges around corners, which come in any order, shape (k, 3); none of a mere line."""
    if len(corners) < 3:
        return np.empty((0, 3))
    ring = around(corners)
    return np.concatenate([_strung(a, b, _EDGE) for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True)])
