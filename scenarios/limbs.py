"""Limbs of the robot by the names of its joints, and the part of a ride over which they are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.run_log import RunLog

Limb = Literal["leg", "arm", "trunk"]
LIMBS: tuple[Limb, ...] = ("leg", "arm", "trunk")
_PARTS: dict[Limb, tuple[str, ...]] = {
    "leg": ("hip", "knee", "ankle"),
    "arm": ("shoulder", "elbow", "wrist"),
    "trunk": ("waist", "head"),
}
START = 1.0
"""Time in which the rider gets going, and which says more about the jitter of the start than about the rider [s]."""
_ENOUGH = 0.5


def joints(context: RideContext, limb: Limb, side: Literal["left_", "right_", ""] = "") -> NDArray[np.intp]:
    """Columns of the joints of a limb, of one side or of both, shape (k,); none when the body has no such limb."""
    return np.array(
        [
            index
            for index, name in enumerate(context.joint_names)
            if name.startswith(side) and name.removeprefix("left_").removeprefix("right_").startswith(_PARTS[limb])
        ],
        dtype=np.intp,
    )


def under_way(log: RunLog) -> slice:
    """Rows after the start of 1 s; no rows at all of a ride that has not half a second more than that."""
    time = log["time"]
    first = int(np.searchsorted(time, time[0] + START - 1e-9))
    return slice(first, None) if time[-1] - time[0] >= START + _ENOUGH - 1e-9 else slice(0, 0)
