"""How stiffly the joints of a rider are held around their reference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from robot import RobotModel

Array = NDArray[np.float64]

_GAINS = {
    "hip": (80.0, 3.0),
    "knee": (80.0, 3.0),
    "ankle": (20.0, 0.8),
    "waist": (250.0, 10.0),
    "head": (20.0, 1.0),
    "shoulder": (50.0, 2.0),
    "elbow": (50.0, 2.0),
    "wrist": (12.0, 0.4),
    "grip": (6.0, 0.15),
}
"""Stiffness [Nm/rad] and damping [Nm·s/rad] of each group of joints."""

GRIP_STIFFNESS = _GAINS["grip"][0]
"""That of the fingers [Nm/rad]."""


def joint_gains(model: RobotModel) -> tuple[Array, Array]:
    """Stiffness [Nm/rad] and damping [Nm·s/rad] of each joint, shape (n,) each."""
    pairs = []
    for name in model.joint_names:
        plain = name.removeprefix("left_").removeprefix("right_")
        pairs.append(_GAINS[plain.split("_")[0]])
    stiffness, damping = np.array(pairs).T
    return stiffness.copy(), damping.copy()
