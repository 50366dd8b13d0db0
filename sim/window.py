"""PyBullet's own window on a ride: what is seen, heard of keys and mouse, and nothing that moves by itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.scene import Scene
from sim.silence import silence

Array = NDArray[np.float64]
Point = Sequence[float]

_NAMED = {
    pybullet.B3G_LEFT_ARROW: "left", pybullet.B3G_RIGHT_ARROW: "right", pybullet.B3G_UP_ARROW: "up",
    pybullet.B3G_DOWN_ARROW: "down", pybullet.B3G_SPACE: "space", pybullet.B3G_RETURN: "return",
}  # fmt: skip
_SWITCHED_OFF = (
    pybullet.COV_ENABLE_GUI, pybullet.COV_ENABLE_KEYBOARD_SHORTCUTS, pybullet.COV_ENABLE_MOUSE_PICKING,
    pybullet.COV_ENABLE_RGB_BUFFER_PREVIEW, pybullet.COV_ENABLE_DEPTH_BUFFER_PREVIEW,
    pybullet.COV_ENABLE_SEGMENTATION_MARK_PREVIEW,
)  # fmt: skip
_MOVED, _BUTTON = 1, 2
_TEXT = (0.1, 0.12, 0.2)
_GROUND = ((0.80, 0.81, 0.82, 1.0), (0.74, 0.755, 0.765, 1.0))
_LINE = 0.085
"""From one line of text to the next [m]."""
_AWAY = (0.0, 0.0, -50.0)
"""Where beads are that are not seen [m]."""
_TILE = 2.0
"""Side of a tile of the ground [m]."""
_TILES = 25
"""How many tiles are around the ride, each way."""


@dataclass(slots=True)
class Input:
    """What was done since the last look.

    Attributes:
        held: Keys that are down, by name: letters, left, right, up, down, space, return.
        pressed: Keys that went down.
        grab: Where the left button of the mouse went down, as the beginning [m] and the direction of a ray.
        ray: Where the mouse points while that button is down, in the same way.
    """

    held: set[str] = field(default_factory=set)
    pressed: set[str] = field(default_factory=set)
    grab: tuple[Array, Array] | None = None
    ray: tuple[Array, Array] | None = None


@dataclass(slots=True)
class _Line:
    """A line of text: the body that it goes along with, PyBullet's number of it, and what it says."""

    carrier: int
    item: int = -1
    text: str = ""


class Slider:
    """A slider in the panel beside the picture."""

    def __init__(self, client: int, label: str, least: float, most: float, usual: float) -> None:
        """Put it below the others."""
        self._client, self._usual = client, usual
        # PyBullet cuts the first letter off.
        self._item: int = pybullet.addUserDebugParameter(f" {label}", least, most, usual, physicsClientId=client)

    def value(self) -> float:
        """Where it stands."""
        with suppress(pybullet.error):
            return float(pybullet.readUserDebugParameter(self._item, physicsClientId=self._client))
        return self._usual


class Button(Slider):
    """A button in that panel; to PyBullet it is a slider whose range runs back, and its value counts."""

    def __init__(self, client: int, label: str) -> None:
        """Put it below the others."""
        super().__init__(client, label, 1.0, 0.0, 0.0)
        self._count = self.value()

    def pressed(self) -> bool:
        """Whether it was pressed since the last look."""
        before, self._count = self._count, self.value()
        return self._count != before


class Beads:
    """Beads on a string, of which some may be put away."""

    def __init__(self, client: int, bodies: Sequence[int]) -> None:
        """Take bodies of a client."""
        self._client, self._bodies = client, bodies

    def __len__(self) -> int:
        return len(self._bodies)

    def put(self, points: Array) -> None:
        """Put beads at points, shape (at most as many, 3) [m], and the others away."""
        there = points.tolist()
        for number, body in enumerate(self._bodies):
            at = there[number] if number < len(there) else _AWAY
            pybullet.resetBasePositionAndOrientation(body, at, (0.0, 0.0, 0.0, 1.0), physicsClientId=self._client)


class Window(Scene):
    """A window; its own shortcuts are switched off. A context manager."""

    def __init__(self, urdf_dir: Path, size: tuple[int, int] = (1280, 760)) -> None:
        """Open it.

        Args:
            urdf_dir: Folder of the URDF files.
            size: Width and height [pixel].

        Raises:
            RuntimeError: There is no display, or it has no OpenGL.
        """
        super().__init__(urdf_dir, mode=pybullet.GUI, options=f"--width={size[0]} --height={size[1]}")
        for what in _SWITCHED_OFF:
            pybullet.configureDebugVisualizer(what, 0, physicsClientId=self._client)
        pybullet.configureDebugVisualizer(
            rgbBackground=(0.86, 0.90, 0.95), shadowMapWorldSize=6, physicsClientId=self._client
        )
        self._texts: list[_Line] = []
        self._button, self._pointer = False, (0.0, 0.0)
        self._tiles = self._lay_ground()

    @property
    def open(self) -> bool:
        """Whether nobody has closed it."""
        with suppress(pybullet.error):
            return bool(pybullet.isConnected(physicsClientId=self._client))
        return False

    def look(self, target: Point, distance: float, yaw: float, pitch: float) -> None:
        """Look at a point [m] from a distance [m]; yaw and pitch as `sim.camera.Camera.follow` has them [rad]."""
        pybullet.resetDebugVisualizerCamera(
            distance, math.degrees(yaw) - 90.0, -math.degrees(pitch), list(target), physicsClientId=self._client
        )
        self._move_ground(target[0], target[1])

    def say(self, lines: Sequence[str], at: Point, yaw: float) -> None:
        """Write lines one below the other, the first at a point [m]; only those that have changed cost time.

        They go along with that point and with the direction of looking [rad] from call to call.
        """
        s, c = math.sin(0.5 * yaw), math.cos(0.5 * yaw)
        for number, line in enumerate((*lines, *[""] * (len(self._texts) - len(lines)))):
            if number == len(self._texts):
                self._texts.append(_Line(self._add_dot()))
            text = self._texts[number]
            pybullet.resetBasePositionAndOrientation(
                text.carrier, (at[0], at[1], at[2] - _LINE * number), (0.0, 0.0, s, c), physicsClientId=self._client
            )
            if line != text.text:
                text.text = line
                text.item = pybullet.addUserDebugText(
                    line or " ", (0.0, 0.0, 0.0), _TEXT, textSize=1.0, replaceItemUniqueId=text.item,
                    parentObjectUniqueId=text.carrier, physicsClientId=self._client,
                )  # fmt: skip

    def _add_dot(self) -> int:
        """A body that can hardly be seen; one without any shape is shown as three axes."""
        with self._unseen():
            shape = pybullet.createVisualShape(pybullet.GEOM_SPHERE, radius=1e-4, physicsClientId=self._client)
            body: int = pybullet.createMultiBody(0.0, baseVisualShapeIndex=shape, physicsClientId=self._client)
        return body

    def add_beads(self, count: int, radius: float, colour: Point) -> Beads:
        """Make beads that can be strung anywhere; a string of them is a line that costs no time to move."""
        with self._unseen():
            shape = pybullet.createVisualShape(
                pybullet.GEOM_SPHERE, radius=radius, rgbaColor=(*colour, 1.0), specularColor=(0.0, 0.0, 0.0),
                physicsClientId=self._client,
            )  # fmt: skip
            bodies = [
                pybullet.createMultiBody(
                    0.0, baseVisualShapeIndex=shape, basePosition=_AWAY, physicsClientId=self._client
                )
                for _ in range(count)
            ]
        return Beads(self._client, bodies)

    def show_panel(self, shown: bool) -> None:
        """Show the panel with sliders and buttons beside the picture, or hide it."""
        pybullet.configureDebugVisualizer(pybullet.COV_ENABLE_GUI, int(shown), physicsClientId=self._client)

    def add_slider(self, label: str, least: float, most: float, usual: float) -> Slider:
        """Put a slider into the panel."""
        return Slider(self._client, label, least, most, usual)

    def add_button(self, label: str) -> Button:
        """Put a button into the panel."""
        return Button(self._client, label)

    def listen(self) -> Input:
        """What was done with keys and mouse since the last call."""
        told = Input()
        for key, state in pybullet.getKeyboardEvents(physicsClientId=self._client).items():
            name = _NAMED.get(key) or (chr(key).lower() if 32 < key < 127 else None)
            if name is None:
                continue
            if state & pybullet.KEY_WAS_TRIGGERED:
                told.pressed.add(name)
            if not state & pybullet.KEY_WAS_RELEASED:
                told.held.add(name)
        for kind, x, y, button, state in pybullet.getMouseEvents(physicsClientId=self._client):
            if kind == _BUTTON and button == 0:
                self._button = bool(state & (pybullet.KEY_IS_DOWN | pybullet.KEY_WAS_TRIGGERED))
                self._pointer = x, y
                if self._button and state & pybullet.KEY_WAS_TRIGGERED:
                    told.grab = self._ray(x, y)
            elif kind == _MOVED:
                self._pointer = x, y
        if self._button:
            told.ray = self._ray(*self._pointer)
        return told

    def _ray(self, x: float, y: float) -> tuple[Array, Array]:
        """Beginning and direction (of length 1) of what lies under a pixel."""
        camera = pybullet.getDebugVisualizerCamera(physicsClientId=self._client)
        width, height = camera[0], camera[1]
        forward, right, up, distance, target = camera[5], camera[6], camera[7], camera[10], camera[11]
        ahead, aside, above = (np.array(v) for v in (forward, right, up))
        eye = np.array(target) - distance * ahead
        # Bullet gives the two vectors the size of the picture on a plane whose distance is that of the far end.
        far = 0.5 * np.linalg.norm(above) / math.tan(math.radians(30.0))
        direction = ahead * far + aside * (x / width - 0.5) - above * (y / height - 0.5)
        return eye, direction / np.linalg.norm(direction)

    def _lay_ground(self) -> tuple[int, int]:
        """Two chequered halves of the ground, which go along with the ride by whole tiles."""
        side = 0.5 * _TILE
        bodies = []
        for shade, colour in enumerate(_GROUND):
            fields = [
                (i, j) for i in range(-_TILES // 2, _TILES // 2 + 1) for j in range(-_TILES // 2, _TILES // 2 + 1)
                if (i + j) % 2 == shade
            ]  # fmt: skip
            vertices = [
                (_TILE * i + a * side, _TILE * j + b * side, -0.003)
                for i, j in fields for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
            ]  # fmt: skip
            file = self._folder / f"tiles_{shade}.obj"
            with file.open("w", encoding="ascii") as text:
                text.writelines(f"v {x:.3f} {y:.3f} {z:.3f}\n" for x, y, z in vertices)
                text.writelines(
                    f"f {k + 1} {k + 2} {k + 3}\nf {k + 1} {k + 3} {k + 4}\n" for k in range(0, len(vertices), 4)
                )
            bodies.append(self._add_mesh(file, colour))
        return bodies[0], bodies[1]

    def _move_ground(self, x: float, y: float) -> None:
        whole = 2.0 * _TILE
        at = whole * round(x / whole), whole * round(y / whole), 0.0
        for body in self._tiles:
            pybullet.resetBasePositionAndOrientation(body, at, (0.0, 0.0, 0.0, 1.0), physicsClientId=self._client)

    @contextmanager
    def _unseen(self) -> Iterator[None]:
        """Draw nothing meanwhile: what is made then takes a tenth of the time."""
        pybullet.configureDebugVisualizer(pybullet.COV_ENABLE_RENDERING, 0, physicsClientId=self._client)
        try:
            yield
        finally:
            pybullet.configureDebugVisualizer(pybullet.COV_ENABLE_RENDERING, 1, physicsClientId=self._client)

    def _disconnect(self) -> None:
        with silence(), suppress(pybullet.error):
            super()._disconnect()
