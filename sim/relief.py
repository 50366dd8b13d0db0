"""A strip of the terrain as a triangle mesh: its upper side and its flanks down to the plain."""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from sim.mesh import Mesh
from sim.terrain import Strip

Array = NDArray[np.float64]

_TOLERANCE = 0.0005
"""Greatest distance of the mesh from the profile [m]: the wheels roll on the profile itself."""
_SHEET = 0.001
"""Height of a sheet that only shows where the friction differs [m]."""
_SKIRT = 0.05
"""How far the flanks go below the plain [m]."""


def relief(strip: Strip, start: float = 0.0, end: float = inf) -> Mesh:
    """The mesh of a strip, or of a piece of it from a start to an end [m], in world.

    A strip without a profile gives a sheet on the plain.
    """
    along, height = np.array((0.0, strip.length)), np.full(2, _SHEET)
    if not strip.flat:
        along, height = _thinned(strip.along, strip.height)
    along, height = _piece(along, height, start, end)
    ex, ey, _ = strip.ahead
    half = 0.5 * strip.width
    rows = []
    for across, low in ((half, True), (half, False), (-half, False), (-half, True)):
        x = strip.start[0] + along * ex - across * ey
        y = strip.start[1] + along * ey + across * ex
        rows.append(np.column_stack((x, y, np.full_like(height, -_SKIRT) if low else height)))
    left, up, right = (-ey, ex, 0.0), (0.0, 0.0, 1.0), (ey, -ex, 0.0)
    vertices, normals, triangles = [], [], []
    k = len(along)
    for number, (first, second, normal) in enumerate(((0, 1, left), (1, 2, up), (2, 3, right))):
        vertices += [rows[first], rows[second]]
        normals.append(np.tile(normal, (2 * k, 1)))
        a = 2 * k * number + np.arange(k - 1)
        b = a + k
        triangles += [np.column_stack((a, b, a + 1)), np.column_stack((a + 1, b, b + 1))]
    return Mesh(np.vstack(vertices), np.vstack(normals), np.vstack(triangles))


def _piece(along: Array, height: Array, start: float, end: float) -> tuple[Array, Array]:
    """A profile from a start to an end; a step at its own beginning or end belongs to it."""
    first, last = np.interp((start, end), along, height)
    if along[0] < start:
        kept = along > start
        along, height = np.concatenate(((start,), along[kept])), np.concatenate(((first,), height[kept]))
    if end < along[-1]:
        kept = along < end
        along, height = np.concatenate((along[kept], (end,))), np.concatenate((height[kept], (last,)))
    return along, height


def _thinned(along: Array, height: Array) -> tuple[Array, Array]:
    """Fewer vertices for the same profile (Douglas and Peucker 1973)."""
    keep = np.zeros(along.size, dtype=bool)
    keep[[0, -1]] = True
    pieces = [(0, along.size - 1)]
    while pieces:
        first, last = pieces.pop()
        if last - first < 2:
            continue
        dx, dz = along[last] - along[first], height[last] - height[first]
        inner = slice(first + 1, last)
        off = np.abs(dx * (height[inner] - height[first]) - dz * (along[inner] - along[first]))
        off /= max(float(np.hypot(dx, dz)), 1e-12)
        worst = int(off.argmax())
        if off[worst] > _TOLERANCE:
            middle = first + 1 + worst
            keep[middle] = True
            pieces += [(first, middle), (middle, last)]
    return along[keep], height[keep]
