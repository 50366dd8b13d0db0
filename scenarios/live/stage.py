"""What a browser shows of a ride: both bodies, the way, forces, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import urdf
from scenarios.context import RideContext
from scenarios.errors import BadInput
from scenarios.live.live_ride import Picture, around
from scenarios.live.session import View
from sim.markers import SLIPPERY, STONE, cone, likeness
from sim.mesh import Mesh
from sim.relief import relief
from sim.scene import Figure, Part, Scene
from sim.silence import silence
from sim.standing import Standing
from urdf.bicycle_parameters import JOINTS

if TYPE_CHECKING:
    from viser import ViserServer

Array = NDArray[np.float64]

_PER_NEWTON = 0.0015
"""Length of an arrow [m/N]."""
_WAY, _FORCE, _PUSH, _STANDS = (30, 110, 230), (230, 90, 30), (200, 0, 130), (50, 150, 80)
_GHOST = 0.35
"""Opacity of a ride that is shown beside another one."""
_EYES: dict[View, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    View.FOLLOW: ((1.9, -2.3, 1.3), (0.0, 0.0, 0.65)), View.SIDE: ((0.2, -2.9, 0.9), (0.2, 0.0, 0.65)),
    View.BEHIND: ((-3.0, 0.0, 1.5), (0.5, 0.0, 0.6)), View.EYE: ((0.32, 0.0, 1.28), (2.5, 0.0, 0.7)),
}  # fmt: skip
"""Where each view looks from and to, against the bicycle and its heading [m]."""


class Stage:
    """A page with a scene that follows a ride, for everybody who opens it."""

    def __init__(self, host: str, port: int, context: RideContext, *, ghost: bool = False) -> None:
        """Serve it.

        Args:
            host: Address to serve it on.
            port: Where; 0 is any.
            context: What stands beside the ride, and the names of the joints.
            ghost: Whether another ride is shown as well.

        Raises:
            BadInput: The port is taken.
        """
        from viser import ViserServer

        try:
            with silence():
                self.server: ViserServer = ViserServer(host=host, port=port, label="Draisine", verbose=False)
                """What serves it, with room for controls."""
        except OSError as error:
            raise BadInput(f"no page can be served on {host}:{port}: {error.strerror}") from error
        self.port = self.server.get_port()
        """Where it is served."""
        self.server.gui.main_panel.dock_right()
        self.server.gui.configure_theme(show_logo=False, show_share_button=False)
        self._view, self._names = View.FOLLOW, context.joint_names
        folder = Path(urdf.__file__).parent
        self._root = self.server.scene.add_frame("/ride", show_axes=False)
        self._scenes = [Scene(folder) for _ in range(1 + ghost)]
        self._frames = [self._add_figures(number, scene) for number, scene in enumerate(self._scenes)]
        self._standing: list[tuple[Standing, Any]] = []
        self._add_surroundings(context)
        self.server.on_client_connect(lambda client: self._aim(client.camera))

    def close(self) -> None:
        """Serve it no more."""
        self.server.stop()
        for scene in self._scenes:
            scene.close()

    def look_from(self, view: View) -> None:
        """Look from somewhere else, in every browser."""
        self._view = view
        for client in self.server.get_clients().values():
            self._aim(client.camera)

    def show(self, *pictures: Picture) -> None:
        """Show a ride, and where there is a ghost that one's picture after it."""
        for picture, scene, figures in zip(pictures, self._scenes, self._frames, strict=True):
            position, orientation, joints = picture.robot
            at, turned, angles = picture.bicycle
            scene.set_pose(position, orientation, (self._names, joints), at, turned, (JOINTS, angles))
            for figure, frames in figures:
                places, quaternions = figure.poses()
                for frame, place, (qx, qy, qz, qw) in zip(frames, places, quaternions.tolist(), strict=True):
                    frame.position, frame.wxyz = place, (qw, qx, qy, qz)
        picture = pictures[0]
        for thing, box in self._standing:
            there = thing.since <= picture.time < thing.until
            if box.visible != there:
                box.visible = there
        heading = 0.0 if self._view is View.FOLLOW else picture.heading
        c, s = cos(heading), sin(heading)
        x, y, z = picture.bicycle[0].tolist()
        self._root.position = (-(c * x + s * y), s * x - c * y, -z)
        self._root.wxyz = (cos(-0.5 * heading), 0.0, 0.0, sin(-0.5 * heading))
        self._ground.position = (4.0 * round(x / 4.0), 4.0 * round(y / 4.0), -0.002)
        self._draw_lines(picture)

    def _aim(self, camera: Any) -> None:
        camera.position, camera.look_at = _EYES[self._view]

    def _draw_lines(self, picture: Picture) -> None:
        """Lines go along with the bicycle: their points come to a slow browser later than poses do."""
        at = picture.bicycle[0]
        self._beside.position = at
        way = np.column_stack((picture.way, np.full(len(picture.way), at[2] + 0.01))) - at
        self._way.points = np.stack((way[:-1], way[1:]), axis=1).astype(np.float32)
        begins, ends = picture.acting - at, picture.acting - at + _PER_NEWTON * picture.forces
        self._forces.points = np.stack((begins, ends), axis=1).astype(np.float32)
        above = picture.robot[0] + (0.0, 0.0, 0.25) - at
        self._push.points = np.array([(above, above + 5.0 * _PER_NEWTON * picture.push)], dtype=np.float32)
        ring = around(picture.support - at)
        self._stands.points = np.stack((ring, np.roll(ring, -1, axis=0)), axis=1).astype(np.float32)

    def _add_figures(self, number: int, scene: Scene) -> list[tuple[Figure, Sequence[Any]]]:
        """Meshes of both bodies on frames that are moved; returns these."""
        shown: list[tuple[Figure, Sequence[Any]]] = []
        for name, figure in scene.figures.items():
            looks, frames = figure.parts(), []
            for link in figure.links:
                path = f"/ride/{name}_{number}/{link}"
                frames.append(self.server.scene.add_frame(path, show_axes=False))
                for index, part in enumerate(looks.get(link, [])):
                    self._add_mesh(f"{path}/{index}", part, part.colour, opacity=_GHOST if number else None)
            shown.append((figure, frames))
        return shown

    def _add_surroundings(self, context: RideContext) -> None:
        scene = self.server.scene
        scene.set_up_direction("+z")
        self._ground = scene.add_grid(
            "/ride/ground", 60.0, 60.0, cell_size=1.0, section_size=4.0, plane_color=(225, 228, 232), plane_opacity=1.0
        )
        nothing = np.zeros((1, 2, 3), dtype=np.float32)
        self._beside = scene.add_frame("/ride/beside", show_axes=False)
        self._way = scene.add_line_segments("/ride/beside/way", nothing, _WAY, thickness=0.03)
        self._forces = scene.add_line_segments("/ride/beside/forces", nothing, _FORCE, thickness=0.02)
        self._push = scene.add_line_segments("/ride/beside/push", nothing, _PUSH, thickness=0.02)
        self._stands = scene.add_line_segments("/ride/beside/support", nothing, _STANDS, thickness=0.015)
        for number, strip in enumerate(context.terrain.strips):
            colour, _ = STONE if strip.friction is None else SLIPPERY
            self._add_mesh(f"/ride/terrain_{number}", relief(strip), colour, side="double")
        parts = cone()
        for number, (x, y) in enumerate(context.cones.tolist()):
            for index, (mesh, colour) in enumerate(parts):
                self._add_mesh(f"/ride/cone_{number}/{index}", mesh, colour, position=(x, y, 0.0))
        for number, thing in enumerate(context.standing):
            half = 0.5 * thing.heading
            box = self._add_mesh(
                f"/ride/standing_{number}", *likeness(thing), position=(*thing.middle, 0.5 * thing.height),
                wxyz=(cos(half), 0.0, 0.0, sin(half)),
            )  # fmt: skip
            self._standing.append((thing, box))

    def _add_mesh(self, path: str, mesh: Mesh | Part, colour: Sequence[float], **more: Any) -> Any:
        red, green, blue = (round(255 * share) for share in colour[:3])
        return self.server.scene.add_mesh_simple(
            path, mesh.vertices.astype(np.float32), mesh.triangles.astype(np.uint32), color=(red, green, blue), **more
        )
