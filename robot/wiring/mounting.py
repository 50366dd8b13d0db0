"""Is a pair of joints of a body the universal joint that a linkage moves?"""

from __future__ import annotations

import numpy as np

from robot.model import RobotModel

_NEAR = 1e-6
"""Greatest error of an axis [1], or of its place [m]."""


def require_axes(linkage: str, pitch: str, roll: str, model: RobotModel) -> None:
    """See that roll follows pitch, that they turn about y and x, and that their axes meet.

    Raises:
        ValueError: A joint does not exist, or they are not so.
    """
    upper, lower = model.index(pitch) + 1, model.index(roll) + 1
    kinematics = model.pinocchio
    if kinematics.parents[lower] != upper:
        raise ValueError(f"linkage {linkage!r}: joint {roll!r} is not the next one after {pitch!r}; name them so")
    placement = kinematics.jointPlacements[lower]
    if np.abs(placement.rotation - np.eye(3)).max() > _NEAR:
        raise ValueError(f"linkage {linkage!r}: joint {roll!r} is turned against {pitch!r} at zero; it must not be")
    for joint, name, axis in ((upper, pitch, "y"), (lower, roll, "x")):
        kind = kinematics.joints[joint].shortname()
        if kind != f"JointModelR{axis.upper()}":
            raise ValueError(f"linkage {linkage!r}: joint {name!r} must turn about {axis}, but it is a {kind}")
    if np.abs(placement.translation[1:]).max() > _NEAR:
        raise ValueError(
            f"linkage {linkage!r}: the axes of {pitch!r} and {roll!r} miss each other by "
            f"{np.linalg.norm(placement.translation[1:]):.3g} m; a universal joint has axes that meet"
        )
