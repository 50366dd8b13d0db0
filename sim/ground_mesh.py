"""The ground that a body walks on as triangle meshes, for pictures; level ground needs none."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sim.ground import Blocks, Ground
from sim.mesh import Mesh

Array = NDArray[np.float64]

SHADES = 3
"""How many shades there are to tell neighbours apart."""
_TILE = 0.5
"""Side of the tiles that an inclined plane is drawn with [m]."""
_SKIRT = 0.02
"""How far the flanks of a block go below the lowest one [m]."""
_CORNERS = np.array(((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)))


def ground_meshes(ground: Ground, around: Array, reach: float) -> Iterator[tuple[Mesh, int]]:
    """Meshes in world with the number of their shade, for what lies within a reach of a way.

    Args:
        ground: What is drawn.
        around: Points of the way, shape (n, 2) [m].
        reach: [m].
    """
    if ground.blocks is not None:
        yield from _blocks(ground.blocks, around, reach)
    elif ground.angle:
        yield from _tiles(ground, around, reach)


def _tiles(ground: Ground, around: Array, reach: float) -> Iterator[tuple[Mesh, int]]:
    places = _near(_TILE, around, reach)
    for shade in (0, 1):
        some = places[places.sum(axis=1) % 2 == shade]
        corners = _TILE * (some[:, None, :] + _CORNERS)
        heights = np.array([[ground.height(x, y) for x, y in tile] for tile in corners.tolist()]).reshape(-1, 4, 1)
        if len(some):
            yield _quads(np.concatenate((corners, heights), axis=2), np.tile(ground.normal, (len(some), 1))), shade


def _blocks(blocks: Blocks, around: Array, reach: float) -> Iterator[tuple[Mesh, int]]:
    half = blocks.top.shape[0] // 2
    places = _near(blocks.side, around, reach)
    places = places[(np.abs(places) <= half).all(axis=1)]
    low = float(blocks.top.min()) - _SKIRT
    for shade in range(SHADES):
        some = places[(places[:, 0] - places[:, 1]) % SHADES == shade]
        if not len(some):
            continue
        heights = blocks.top[some[:, 0] + half, some[:, 1] + half]
        corners = blocks.side * (some[:, None, :] + _CORNERS)
        upper = np.concatenate((corners, np.repeat(heights[:, None, None], 4, axis=1)), axis=2)
        lower = upper.copy()
        lower[..., 2] = low
        faces, normals = [upper], [np.tile((0.0, 0.0, 1.0), (len(some), 1))]
        for side, normal in enumerate(((0.0, -1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0))):
            after = (side + 1) % 4
            faces.append(np.stack((lower[:, side], lower[:, after], upper[:, after], upper[:, side]), axis=1))
            normals.append(np.tile(normal, (len(some), 1)))
        yield _quads(np.concatenate(faces), np.concatenate(normals)), shade


def _near(side: float, around: Array, reach: float) -> NDArray[np.int64]:
    """Places of a grid whose cells lie within a reach of points, shape (m, 2)."""
    cells = np.unique(np.rint(around / side).astype(np.int64), axis=0)
    steps = np.arange(-int(reach / side), int(reach / side) + 1)
    disc = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 2)
    disc = disc[(disc**2).sum(axis=1) * side * side <= reach * reach]
    return np.unique((cells[:, None, :] + disc).reshape(-1, 2), axis=0)


def _quads(corners: Array, normals: Array) -> Mesh:
    """Flat quadrangles, shape (m, 4, 3), each with its normal, shape (m, 3)."""
    first = 4 * np.arange(len(corners))
    triangles = np.vstack(
        (np.column_stack((first, first + 1, first + 2)), np.column_stack((first, first + 2, first + 3)))
    )
    return Mesh(corners.reshape(-1, 3), np.repeat(normals, 4, axis=0), triangles)
