"""Paths one after the other, as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.course_map import Pose
from controllers.riding.planning.path import ClothoidPath, Samples

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chain:
    """Pieces of path, each of which begins where the one before it ends; their knots may be differently far apart.

    Attributes:
        pieces: At least one.
    """

    pieces: tuple[ClothoidPath, ...]

    @classmethod
    def of(cls, pieces: Sequence[ClothoidPath]) -> Chain:
        """Lay pieces end to end; place and heading of each but the first are taken from the end of the one before."""
        laid = [pieces[0]]
        for piece in pieces[1:]:
            end = laid[-1].pose_at(laid[-1].length)
            laid.append(replace(piece, start=replace(end, curvature=piece.start.curvature)))
        return cls(tuple(laid))

    @property
    def start(self) -> Pose:
        """First pose."""
        return self.pieces[0].start

    @property
    def begins(self) -> Array:
        """Arc length at which each piece begins, and the last one ends, shape (pieces + 1,) [m]."""
        return np.concatenate(((0.0,), np.cumsum([piece.length for piece in self.pieces])))

    @property
    def length(self) -> float:
        """Arc length of the end [m]."""
        return float(self.begins[-1])

    @property
    def knots(self) -> Array:
        """Arc length of the knots, those where two pieces meet twice, shape (n,) [m]."""
        return np.concatenate(
            [
                begin + piece.step * np.arange(piece.curvature.size)
                for begin, piece in zip(self.begins, self.pieces, strict=False)
            ]
        )

    @property
    def curvature(self) -> Array:
        """At the knots, shape (n,) [1/m]."""
        return np.concatenate([piece.curvature for piece in self.pieces])

    @property
    def curvature_rate(self) -> Array:
        """Change of the curvature along the path between the knots of each piece, shape (n - pieces,) [1/m²]."""
        return np.concatenate([piece.curvature_rate for piece in self.pieces])

    def curvature_at(self, arc_length: Array) -> Array:
        """Curvature at arc lengths, same shape [1/m]; beyond the ends it is that of the end."""
        return np.interp(arc_length, self.knots, self.curvature)

    def heading_at(self, arc_length: Array) -> Array:
        """Heading at arc lengths within the path, same shape [rad]."""
        begins = self.begins
        which = np.clip(np.searchsorted(begins, arc_length, "right") - 1, 0, len(self.pieces) - 1)
        heading = np.empty(np.shape(arc_length))
        for index, piece in enumerate(self.pieces):
            here = which == index
            heading[here] = piece.heading_at(arc_length[here] - begins[index])
        return heading

    def sample(self, per_knot: int) -> Samples:
        """Points at so many equal steps from knot to knot; where two pieces meet there is one."""
        parts = [piece.sample(per_knot) for piece in self.pieces]
        first = [slice(0 if index == 0 else 1, None) for index in range(len(parts))]
        return Samples(
            np.concatenate([begin + p.arc_length[s] for begin, p, s in zip(self.begins, parts, first, strict=False)]),
            np.concatenate([p.points[s] for p, s in zip(parts, first, strict=True)]),
            np.concatenate([p.heading[s] for p, s in zip(parts, first, strict=True)]),
        )

    def pose_at(self, arc_length: float) -> Pose:
        """The pose at an arc length within the path."""
        begins = self.begins
        which = min(max(int(np.searchsorted(begins, arc_length, "right")) - 1, 0), len(self.pieces) - 1)
        return self.pieces[which].pose_at(arc_length - float(begins[which]))

    def until(self, arc_length: float) -> tuple[ClothoidPath, ...]:
        """The pieces of the part up to the first knot at or after an arc length; all of them where there is none."""
        kept: list[ClothoidPath] = []
        for begin, piece in zip(self.begins, self.pieces, strict=False):
            knots = ceil((arc_length - float(begin)) / piece.step - 1e-9)
            if knots < piece.curvature.size - 1:
                if knots > 0:
                    kept.append(replace(piece, curvature=piece.curvature[: knots + 1]))
                break
            kept.append(piece)
        return tuple(kept)
