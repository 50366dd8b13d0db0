"""Metrics of how stiff and how damped each limb is, as its torques answer to errors in the ride itself.

What a joint's torque has beyond its feed-forward is fitted, by least squares over the changes within 40 ms, with the
errors of position and velocity, with the sign of the motion, which stands for the drive's own friction, and with the
feed-forward itself, because no drive knows its torque constant exactly. All leave out the first second; a ride that
ends within half a second after that has none of them (NaN).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scenarios.limbs import LIMBS, Limb, joints, under_way
from scenarios.metric import Metric

if TYPE_CHECKING:
    from scenarios.context import RideContext
    from scenarios.metric import Array
    from scenarios.run_log import RunLog

_GAP = 20
"""Ticks over which changes are fitted; the slow changes of loads drop out of them."""
_LAG = 0.6
"""Ticks by which torques come after the motion that they answer, by current loops of 200 Hz at steps of 1 ms.

The command that is answered is from one tick before. Where the feed-forward changes by more than the errors do, as in
steering, half a tick more or less hides the stiffness: it comes out with the wrong sign.
"""
_SLOW = 0.1
"""Velocity below which friction has not its full size [rad/s]."""


def by_joint(limb: Limb, log: RunLog, context: RideContext) -> tuple[Array, Array]:
    """Stiffness [Nm/rad] and damping [Nm·s/rad] of each joint of a limb, and their certainties, both of shape (k, 2).

    A certainty is the inverse of the variance per noise; 0 where the joint hardly moves, or the ride is too short.
    """
    rows, columns = under_way(log), joints(context, limb)
    found, certainty = np.zeros((columns.size, 2)), np.zeros((columns.size, 2))
    if len(log["time"][rows]) <= _GAP + 2 or not columns.size:
        return found, certainty

    def change(values: Array) -> Array:
        return values[_GAP:] - values[:-_GAP]

    def asked(name: str) -> Array:
        values = log[f"command_{name}"][rows, columns]
        return (1.0 - _LAG) * values[1:-1] + _LAG * values[:-2]

    def was(name: str) -> Array:
        values = log[f"truth_robot_joint_{name}"][rows, columns]
        return (1.0 - _LAG) * values[2:] + _LAG * values[1:-1]

    velocity, fed = was("velocity"), asked("torque")
    parts = (asked("position") - was("position"), asked("velocity") - velocity, np.tanh(velocity / _SLOW), fed)
    known = np.stack([change(part) for part in parts])
    answer = change(log["truth_robot_joint_torque"][rows, columns][2:] - fed)
    products = np.einsum("atj,btj->jab", known, known)
    sides = np.einsum("atj,tj->ja", known, answer)
    if not np.isfinite(products).all() or not np.isfinite(sides).all():
        return found, certainty
    for joint, (product, side) in enumerate(zip(products, sides, strict=True)):
        changes = (product.diagonal() > 0.0) | (np.arange(len(parts)) < 2)  # it may never turn back, or be fed nothing
        product, side = product[np.ix_(changes, changes)], side[changes]
        if product.any() and np.linalg.cond(product) <= 1.0 / np.finfo(float).eps:
            inverse = np.linalg.inv(product)
            found[joint], certainty[joint] = (inverse @ side)[:2], 1.0 / np.diag(inverse)[:2]
    return found, certainty


def impedance(limb: Limb, log: RunLog, context: RideContext) -> tuple[float, float]:
    """Stiffness [Nm/rad] and damping [Nm·s/rad] of the joints of a limb: means by their certainties."""
    found, certainty = by_joint(limb, log, context)
    if not certainty.any():
        return np.nan, np.nan
    stiffness, damping = np.average(found, axis=0, weights=certainty)
    return float(stiffness), float(damping)


def part(index: int, limb: Limb, log: RunLog, context: RideContext) -> float:
    """Stiffness (0) or damping (1) of a limb."""
    return context.share(f"impedance of {limb}", lambda: impedance(limb, log, context))[index]


METRICS = (
    *(
        Metric(f"{limb}_stiffness", "Nm/rad", "neither", "torque by error of position", partial(part, 0, limb))
        for limb in LIMBS
    ),
    *(
        Metric(f"{limb}_damping", "Nm·s/rad", "neither", "torque by error of velocity", partial(part, 1, limb))
        for limb in LIMBS
    ),
)
