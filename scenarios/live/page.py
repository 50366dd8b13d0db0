"""A live ride on a page in the browser: the scene, plots, controls, and the last minute to look at again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, sin
from pathlib import Path
from secrets import token_urlsafe
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

import urdf
from scenarios.errors import BadInput
from scenarios.live.live_ride import LiveRide, Picture, around
from scenarios.live.session import Act, Session, View
from scenarios.live.token_gate import TokenGate
from sim.scene import Scene
from sim.silence import silence
from urdf.bicycle_parameters import JOINTS

if TYPE_CHECKING:
    from viser import ViserServer

Array = NDArray[np.float64]

_FRAME, _PLOT = 1.0 / 20.0, 0.5
"""How often the scene and the plots are sent [s]."""
_REMEMBERED = 60.0
"""How far back one can look [s]."""
_PLOTTED = 20.0
"""How much of that is plotted [s]."""
_PER_NEWTON = 0.0015
"""Length of an arrow [m/N]."""
_WAY, _FORCE, _PUSH, _STANDS = (30, 110, 230), (230, 90, 30), (200, 0, 130), (50, 150, 80)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_EYES: dict[View, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    View.FOLLOW: ((1.9, -2.3, 1.3), (0.0, 0.0, 0.65)), View.SIDE: ((0.2, -2.9, 0.9), (0.2, 0.0, 0.65)),
    View.BEHIND: ((-3.0, 0.0, 1.5), (0.5, 0.0, 0.6)), View.EYE: ((0.32, 0.0, 1.28), (2.5, 0.0, 0.7)),
}  # fmt: skip
"""Where each view looks from and to, against the bicycle and its heading [m]."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """A value of the scenario that can be changed for the next start.

    Its label, its key, the least and the greatest value, the step from one to the next, and the usual one.
    """

    label: str
    key: str
    least: float
    most: float
    step: float
    usual: float


TUNINGS = (
    Tuning("noise of the senses", "senses.noise_scale", 0.0, 4.0, 0.1, 1.0),
    Tuning("friction of the ground", "world.friction", 0.1, 1.2, 0.05, 0.8),
    Tuning("delay of commands [ms]", "plant.command_delay", 0.0, 40.0, 1.0, 0.0),
    Tuning("delay of senses [ms]", "plant.sensor_delay", 0.0, 40.0, 1.0, 0.0),
    Tuning("friction of joints", "plant.joint_friction", 0.5, 3.0, 0.1, 1.0),
    Tuning("mass of the robot", "plant.robot_mass", 0.8, 1.2, 0.02, 1.0),
)
"""What can be tuned."""


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
        from viser import ViserServer

        self.session = session
        try:
            with silence():
                self._server = server = ViserServer(host=host, port=port, label="Draisine", verbose=False)
        except OSError as error:
            raise BadInput(f"no page can be served on {host}:{port}: {error.strerror}") from error
        self.port = server.get_port()
        """Where it is served."""
        self._asked: deque[Callable[[], None]] = deque()
        self._past: deque[Picture] = deque(maxlen=round(_REMEMBERED / _FRAME))
        server.gui.configure_theme(control_layout="collapsible", show_logo=False, show_share_button=False)
        self._scene = Scene(Path(urdf.__file__).parent)
        self._root = server.scene.add_frame("/ride", show_axes=False)
        self._frames = self._show_figures(server)
        self._show_surroundings(server)
        self._controls = _Controls(server, self)
        server.on_client_connect(lambda client: self._aim(client.camera))

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
        self._server.stop()
        self._scene.close()

    def later(self, what: Callable[[], None]) -> None:
        """Do something between two ticks; the page's own thread must not touch the ride."""
        self._asked.append(what)

    def look_from(self, view: View) -> None:
        """Look from somewhere else, in every browser."""
        self.session.view = view
        for client in self._server.get_clients().values():
            self._aim(client.camera)

    def restart(self, overrides: list[str]) -> str:
        """Begin anew with changes to the scenario; gives what is wrong with them, or nothing."""
        try:
            self.session.ride.restart((*self._given, *overrides))
        except BadInput as error:
            return str(error)
        self._past.clear()
        self.session.pacer.restart()
        return ""

    def _aim(self, camera: Any) -> None:
        camera.position, camera.look_at = _EYES[self.session.view]

    def _draw(self) -> None:
        session = self.session
        picture = session.ride.picture()
        if not session.paused:
            self._past.append(picture)
        elif self._past:
            picture = self._past[round(self._controls.back * (len(self._past) - 1))]
        position, orientation, joints = picture.robot
        at, turned, angles = picture.bicycle
        self._scene.set_pose(position, orientation, (self._names, joints), at, turned, (JOINTS, angles))
        with self._server.atomic():
            heading = 0.0 if session.view is View.FOLLOW else picture.heading
            c, s = cos(heading), sin(heading)
            x, y, z = at.tolist()
            self._root.position = (-(c * x + s * y), s * x - c * y, -z)
            self._root.wxyz = (cos(-0.5 * heading), 0.0, 0.0, sin(-0.5 * heading))
            for figure, frames in self._frames:
                places, quaternions = figure.poses()
                for frame, place, (qx, qy, qz, qw) in zip(frames, places, quaternions.tolist(), strict=True):
                    frame.position, frame.wxyz = place, (qw, qx, qy, qz)
            self._ground.position = (4.0 * round(x / 4.0), 4.0 * round(y / 4.0), -0.002)
            self._draw_lines(picture)
            self._controls.say(session.lines(picture), picture)

    def _draw_lines(self, picture: Picture) -> None:
        """Lines go along with the bicycle: their points come to a slow browser later than poses do."""
        at = picture.bicycle[0]
        self._beside.position = at
        way = np.column_stack((picture.way, np.full(len(picture.way), at[2] + 0.01))) - at
        self._way.points = np.stack((way[:-1], way[1:]), axis=1).astype(np.float32)
        begins = np.vstack((picture.acting, picture.robot[0] + (0.0, 0.0, 0.25))) - at
        forces = np.vstack((_PER_NEWTON * picture.forces, 5.0 * _PER_NEWTON * picture.push))
        self._forces.points = np.stack((begins, begins + forces), axis=1).astype(np.float32)
        ring = around(picture.support - at)
        self._stands.points = np.stack((ring, np.roll(ring, -1, axis=0)), axis=1).astype(np.float32)

    def _show_figures(self, server: ViserServer) -> list[tuple[Any, list[Any]]]:
        """Meshes of both bodies on frames that are moved; returns these."""
        shown = []
        for name, figure in self._scene.figures.items():
            looks, frames = figure.parts(), []
            for link in figure.links:
                frames.append(server.scene.add_frame(f"/ride/{name}/{link}", show_axes=False))
                for number, part in enumerate(looks.get(link, [])):
                    red, green, blue = (round(255 * share) for share in part.colour)
                    server.scene.add_mesh_simple(
                        f"/ride/{name}/{link}/{number}", part.vertices.astype(np.float32),
                        part.triangles.astype(np.uint32), color=(red, green, blue),
                    )  # fmt: skip
            shown.append((figure, frames))
        return shown

    def _show_surroundings(self, server: ViserServer) -> None:
        ride, scene = self.session.ride, server.scene
        self._names, self._given = ride.context.joint_names, ride.overrides
        scene.set_up_direction("+z")
        self._ground = scene.add_grid(
            "/ride/ground", 60.0, 60.0, cell_size=1.0, section_size=4.0, plane_color=(225, 228, 232), plane_opacity=1.0
        )
        nothing = np.zeros((1, 2, 3), dtype=np.float32)
        self._beside = scene.add_frame("/ride/beside", show_axes=False)
        self._way = scene.add_line_segments("/ride/beside/way", nothing, _WAY, thickness=0.03)
        colours = np.array([[_FORCE] * 2] * 4 + [[_PUSH] * 2], dtype=np.uint8)
        self._forces = scene.add_line_segments(
            "/ride/beside/forces", np.zeros((5, 2, 3), np.float32), colours, thickness=0.02
        )
        self._stands = scene.add_line_segments("/ride/beside/support", nothing, _STANDS, thickness=0.015)
        for number, (x, y) in enumerate(ride.context.cones.tolist()):
            scene.add_icosphere(f"/ride/cone_{number}", 0.1, color=(240, 120, 30), position=(x, y, 0.1))
        for number, thing in enumerate(ride.context.standing):
            x, y = thing.middle
            if hasattr(thing, "radius"):
                size, heading = (2.0 * thing.radius, 2.0 * thing.radius, thing.height), 0.0
            else:
                size, heading = (thing.length, thing.thickness, thing.height), thing.heading
            scene.add_box(
                f"/ride/standing_{number}", color=(184, 107, 87), dimensions=size, position=(x, y, 0.5 * thing.height),
                wxyz=(cos(0.5 * heading), 0.0, 0.0, sin(0.5 * heading)),
            )  # fmt: skip


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
        for label, key, act in _BUTTONS:
            gui.add_button(label).on_click(self._press(act))
            gui.add_command(label, hotkey=key).on_trigger(self._press(act))
        gui.add_command("bend to the left", hotkey="arrowleft").on_trigger(self._turn(0.25))
        gui.add_command("bend to the right", hotkey="arrowright").on_trigger(self._turn(-0.25))
        gui.add_command("faster", hotkey="arrowup").on_trigger(self._quicken(0.2))
        gui.add_command("slower", hotkey="arrowdown").on_trigger(self._quicken(-0.2))
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
        self._trouble = ""

    @property
    def back(self) -> float:
        """How much of the last minute has passed at what is looked at while it is paused, from 0 to 1."""
        return float(self._back.value)

    def say(self, lines: list[str], picture: Picture) -> None:
        """Show lines, and where the picture is from."""
        mode = picture.mode.name.lower().replace("_", " ")
        text = "  \n".join((*lines, f"mode: **{mode}**", self._trouble)).strip()
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

    def _turn(self, change: float) -> Callable[[Any], None]:
        def turn(_: Any) -> None:
            self._bend.value = min(1.0, max(-1.0, round(float(self._bend.value) + change, 2)))

        return turn

    def _quicken(self, change: float) -> Callable[[Any], None]:
        def quicken(_: Any) -> None:
            self._speed.value = min(3.0, max(0.8, round(float(self._speed.value) + change, 1)))

        return quicken

    def _restart(self) -> None:
        changes = []
        for tuning, slider in zip(TUNINGS, self._tunings, strict=True):
            if slider.value != tuning.usual:
                value = f'"{slider.value:g} ms"' if tuning.label.endswith("[ms]") else f"{slider.value:g}"
                changes.append(f"{tuning.key}={value}")
        self._trouble = self._page.restart(changes)
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
        BadInput: The port is taken, or the address is none of this machine's.
    """
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
