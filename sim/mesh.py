"""Triangle meshes of primitive shapes with rounded edges, for pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mesh:
    """Vertices [m] and unit normals, shape (n, 3); triangles of vertex indices, shape (m, 3), seen counterclockwise."""

    vertices: Array
    normals: Array
    triangles: NDArray[np.int64]

    def split(self, longest: float) -> Mesh:
        """The same surface in triangles without an edge longer than `longest` [m].

        A software renderer visits every pixel of a triangle's bounding box, so long and thin triangles are slow.
        """
        vertices, normals, rest = self.vertices, self.normals, self.triangles
        done = []
        while len(rest):
            edges = np.linalg.norm(vertices[np.roll(rest, -1, axis=1)] - vertices[rest], axis=2)
            long = edges.max(axis=1) > longest
            done.append(rest[~long])
            rest, row = rest[long], np.arange(np.count_nonzero(long))
            first = edges[long].argmax(axis=1)
            a, b, c = (rest[row, (first + k) % 3] for k in range(3))
            middle = len(vertices) + row
            normal = normals[a] + normals[b]
            vertices = np.vstack((vertices, (vertices[a] + vertices[b]) / 2))
            normals = np.vstack((normals, normal / np.linalg.norm(normal, axis=1, keepdims=True)))
            rest = np.vstack((np.column_stack((a, middle, c)), np.column_stack((middle, b, c))))
        return Mesh(vertices, normals, np.vstack(done))

    def moved_up(self, z: float) -> Mesh:
        """The same surface higher by z [m]."""
        return Mesh(self.vertices + np.array((0.0, 0.0, z)), self.normals, self.triangles)

    def write_obj(self, path: Path) -> None:
        """Write the mesh as a Wavefront OBJ file."""
        lines = [
            *(f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in self.vertices),
            *(f"vn {x:.4f} {y:.4f} {z:.4f}" for x, y, z in self.normals),
            *(f"f {a}//{a} {b}//{b} {c}//{c}" for a, b, c in self.triangles + 1),
        ]
        path.write_text("\n".join(lines) + "\n", encoding="ascii")


def box_edge(x: float, y: float, z: float) -> float:
    """Radius to which the edges of a box are rounded [m]."""
    return min(0.3 * min(x, y, z), 0.025)


def cylinder_bevel(radius: float, length: float) -> float:
    """Radius to which the rims of a cylinder are rounded [m]."""
    return min(0.25 * min(radius, length), 0.006)


def rounded_box(x: float, y: float, z: float) -> Mesh:
    """A box of outer size x, y, z [m] whose edges are rounded."""
    edge = box_edge(x, y, z)
    return _ball_drawn_apart(edge, np.array([x, y, z]) / 2 - edge, quarter=2 if edge < 0.008 else 3)


def sphere(radius: float) -> Mesh:
    """A sphere [m], finer the larger it is."""
    return _ball_drawn_apart(radius, np.zeros(3), quarter=4 if radius < 0.03 else 7 if radius < 0.07 else 12)


def capsule(radius: float, length: float) -> Mesh:
    """A cylinder along z [m] with half a sphere on either end."""
    return _ball_drawn_apart(radius, np.array((0.0, 0.0, length / 2)), quarter=4 if radius < 0.03 else 7)


def rounded_cylinder(radius: float, length: float) -> Mesh:
    """A cylinder along z [m] whose rims are rounded."""
    bevel = cylinder_bevel(radius, length)
    arc = np.linspace(0.0, np.pi / 2, 2 if bevel < 0.003 else 3)
    half = np.column_stack((radius - bevel + bevel * np.sin(arc), length / 2 - bevel + bevel * np.cos(arc)))
    lean = np.column_stack((np.sin(arc), np.cos(arc)))
    axle, up = np.array([[0.0, length / 2]]), np.array([[0.0, 1.0]])
    profile = np.vstack((axle, half, (half * (1, -1))[::-1], axle * (1, -1)))
    slope = np.vstack((up, lean, (lean * (1, -1))[::-1], -up))
    around = np.linspace(0.0, 2 * np.pi, 10 if radius < 0.015 else 26 if radius < 0.1 else 56, endpoint=False)
    return _grid(_revolve(profile, around), _revolve(slope, around))


def frustum(low: float, high: float, height: float) -> Mesh:
    """A cone without its tip: radius at its foot in the origin and at its upper end [m], along z [m]."""
    around = np.linspace(0.0, 2 * np.pi, 20, endpoint=False)
    side = np.array((height, low - high)) / np.hypot(height, low - high)
    profile = np.array(((0.0, height), (high, height), (high, height), (low, 0.0), (low, 0.0), (0.0, 0.0)))
    slope = np.array(((0.0, 1.0), (0.0, 1.0), side, side, (0.0, -1.0), (0.0, -1.0)))
    return _grid(_revolve(profile, around), _revolve(slope, around))


def _ball_drawn_apart(radius: float, half: Array, quarter: int) -> Mesh:
    """A ball cut into octants that are moved apart to the corners of a box of half size `half`, and the gaps closed."""
    turn = np.linspace(0.0, np.pi / 2, quarter + 1)
    around = np.concatenate([turn + k * np.pi / 2 for k in range(4)])
    sign_x, sign_y = (np.repeat(s, quarter + 1) for s in ((1, -1, -1, 1), (1, 1, -1, -1)))
    down = np.concatenate((turn, turn + np.pi / 2))
    sign_z = np.repeat((1, -1), quarter + 1)
    normals = _revolve(np.column_stack((np.sin(down), np.cos(down))), around)
    shift = np.empty_like(normals)
    shift[..., 0], shift[..., 1], shift[..., 2] = half[0] * sign_x, half[1] * sign_y, half[2] * sign_z[:, None]
    return _grid(radius * normals + shift, normals, caps=True)


def _revolve(profile: Array, around: Array) -> Array:
    """Points of (r, z), shape (rows, 2), turned about z: shape (rows, columns, 3)."""
    r, z = profile[:, :1], profile[:, 1:]
    return np.stack((r * np.cos(around), r * np.sin(around), np.broadcast_to(z, (len(z), len(around)))), axis=-1)


def _grid(points: Array, normals: Array, caps: bool = False) -> Mesh:
    """Triangles between the rows, from the top down, of a grid that closes around; with `caps` at its ends as well."""
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b = index[:-1], np.roll(index[:-1], -1, axis=1)
    c, d = index[1:], np.roll(index[1:], -1, axis=1)
    triangles = [np.stack((a, c, b), axis=-1).reshape(-1, 3), np.stack((b, c, d), axis=-1).reshape(-1, 3)]
    if caps:
        for end, step in ((index[0], 1), (index[-1], -1)):
            ring = end[::step]
            triangles.append(np.column_stack((np.full(columns - 2, ring[0]), ring[1:-1], ring[2:])))
    kept = np.vstack(triangles)
    flat = points.reshape(-1, 3)
    p, q, r = (flat[kept[:, i]] for i in range(3))
    area = np.linalg.norm(np.cross(q - p, r - p), axis=1)
    return Mesh(flat, normals.reshape(-1, 3), kept[area > 1e-12])
