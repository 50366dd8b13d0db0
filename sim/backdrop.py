"""Sky, ground and soft shadow of a picture, computed per pixel: smooth to the horizon, quicker than drawing a plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from sim.view import Homography

Array = NDArray[np.float32]

TILE = 1.0
"""Side of a square of the ground's checker [m]."""
_TILES = np.array(((176, 180, 182), (190, 193, 194)), np.float32)
_PATH = np.array((72, 132, 158), np.float32)
_HORIZON = np.array((226, 233, 239), np.float32)
_ZENITH = np.array((122, 168, 212), np.float32)
_HAZE_DISTANCE = 45.0
_SHADE = 0.42
_PENUMBRA = 1.1


@dataclass(frozen=True, slots=True)
class Shadow:
    """What the lamp sees.

    Attributes:
        covered: 1 where something stands in the light, else 0; shape (rows, columns).
        ground_to_pixel: From the ground that it falls on to the lamp's picture.
        height: Of that ground above the plain [m].
    """

    covered: NDArray[np.float32]
    ground_to_pixel: Homography
    height: float = 0.0


def backdrop(
    size: tuple[int, int], ground_to_pixel: Homography, eye: NDArray[np.float64], shadow: Shadow,
    path: NDArray[np.float32], terrain: NDArray[np.uint8] | None = None,
) -> Array:  # fmt: skip
    """The scene without its bodies: red, green, blue in 0..255, shape (height, width, 3).

    Args:
        size: Width and height [pixel].
        ground_to_pixel: Of the camera, which is not rolled.
        eye: Where the camera is, above the ground, shape (3,) [m].
        shadow: What the lamp sees.
        path: Share of each pixel that the path's ribbon covers, shape (height, width).
        terrain: What lies on the plain: red, green, blue times opacity, and opacity, shape (height, width, 4).
    """
    columns, rows = np.arange(size[0], dtype=np.float32), np.arange(size[1], dtype=np.float32)[:, None]
    to_ground = np.linalg.inv(ground_to_pixel).astype(np.float32)
    nearness = to_ground[2, 1] * rows + to_ground[2, 2]
    image = np.empty((size[1], size[0], 3), np.float32)
    image[:] = _sky(-nearness * np.float32(eye[2]))
    horizon = int(np.count_nonzero(nearness < 1e-4))
    if horizon > size[1] - 2:
        return image
    rows, depth = rows[horizon:], 1.0 / nearness[horizon:]
    x, y = (line[0] * depth * columns + (line[1] * rows + line[2]) * depth for line in to_ground[:2])
    mix = 0.5 + 0.5 * _square_wave(x, _blur(x)) * _square_wave(y, _blur(y))
    if shadow.height:  # where the lines of sight pass its ground
        share = np.float32(shadow.height / eye[2])
        x, y = x + share * (np.float32(eye[0]) - x), y + share * (np.float32(eye[1]) - y)
    light = 1.0 - _SHADE * _shade(shadow, x, y)
    clear = np.exp(-((depth / _HAZE_DISTANCE) ** 2))
    for channel in range(3):
        dark, bright = _TILES[:, channel]
        ground = dark + mix * (bright - dark)
        if terrain is not None:
            below = terrain[horizon:].astype(np.float32)
            ground += below[..., channel] - below[..., 3] * ground / 255.0
        ground += path[horizon:] * (_PATH[channel] - ground)
        ground *= light
        image[horizon:, :, channel] = _HORIZON[channel] + clear * (ground - _HORIZON[channel])
    return image


def _sky(slope: Array) -> Array:
    """Colour by the slope at which a row of pixels looks upward, shape (rows, 1): (rows, 1, 3)."""
    share = np.clip(slope / 0.7, 0.0, 1.0) ** 0.7
    return _HORIZON + share[..., None] * (_ZENITH - _HORIZON)


def _blur(x: Array) -> Array:
    """How far a ground coordinate changes from pixel to pixel, in the middle column of each row [m]."""
    middle = x.shape[1] // 2
    across = np.abs(x[:, middle + 1] - x[:, middle])
    return (across + np.abs(np.gradient(x[:, middle])))[:, None]


def _square_wave(x: Array, blur: Array) -> Array:
    """A wave of ±1 that changes its sign every tile, averaged over `blur` [m] (box filter, after I. Quilez)."""
    phase, half = x / (2.0 * TILE), blur / (4.0 * TILE) + 1e-5
    return (_tooth(phase - half) - _tooth(phase + half)) / (2.0 * half)


def _tooth(phase: Array) -> Array:
    """Integral of the square wave: a triangle wave of period 1 and height 1/2."""
    tooth = phase - np.floor(phase)
    tooth -= 0.5
    return np.abs(tooth, out=tooth)


def _shade(shadow: Shadow, x: Array, y: Array) -> Array:
    """How much of the lamp's light is missing at points of the ground, 0..1."""
    soft = ndimage.gaussian_filter(shadow.covered, _PENUMBRA)
    h = shadow.ground_to_pixel.astype(np.float32)
    w = h[2, 0] * x + h[2, 1] * y + h[2, 2]
    w[w == 0.0] = 1e-6  # beside the lamp: far out of its picture
    column, row = ((h[i, 0] * x + h[i, 1] * y + h[i, 2]) / w for i in (0, 1))
    shade = np.zeros_like(x)
    seen = (w > 0) & (column > 0) & (row > 0) & (column < soft.shape[1] - 1) & (row < soft.shape[0] - 1)
    shade[seen] = ndimage.map_coordinates(soft, (row[seen], column[seen]), order=1)
    return shade
