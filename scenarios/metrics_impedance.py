"""Metrics of how stiff and how damped each limb is, as its torques answer to errors in the ride itself.

What a joint's torque has beyond its feed-forward is fitted, by least squares over the changes within 40 ms, with the
errors of position and velocity and with the sign of the motion, which stands for the drive's own friction. All leave
out the first second; a ride that ends within half a second after that has none of them (NaN).
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
_LATE = 2
"""Ticks from the row of a command to the row of the torque that it made."""
_SLOW = 0.05
"""Velocity below which friction has not its full size [rad/s]."""


def impedance(limb: Limb, log: RunLog, context: RideContext) -> tuple[float, float]:
    """Stiffness [Nm/rad] and damping [Nm·s/rad] of the joints of a limb.

    Mean over the joints, each with the weight of its own certainty (the inverse of the variance per noise).
    """
    rows, columns = under_way(log), joints(context, limb)
    if len(log["time"][rows]) <= _GAP + _LATE or not columns.size:
        return np.nan, np.nan

    def change(values: Array) -> Array:
        return values[_GAP:] - values[:-_GAP]

    def asked(name: str) -> Array:
        return log[f"command_{name}"][rows, columns][:-_LATE]

    def came(name: str) -> Array:
        return log[f"truth_robot_joint_{name}"][rows, columns][_LATE:]

    velocity = came("velocity")
    known = np.stack(
        (
            change(asked("position") - came("position")),
            change(asked("velocity") - velocity),
            change(np.tanh(velocity / _SLOW)),
        )
    )
    answer = change(came("torque") - asked("torque"))
    products = np.einsum("atj,btj->jab", known, known)
    sides = np.einsum("atj,tj->ja", known, answer)
    if not np.isfinite(products).all() or not np.isfinite(sides).all():
        return np.nan, np.nan
    found, weights = [], []
    for product, side in zip(products, sides, strict=True):
        if not product[2, 2]:  # it never turns back, so its friction never changes
            product, side = product[:2, :2], side[:2]
        if not product.any() or np.linalg.cond(product) > 1.0 / np.finfo(float).eps:  # it hardly moves
            continue
        inverse = np.linalg.inv(product)
        found.append((inverse @ side)[:2])
        weights.append(1.0 / np.diag(inverse)[:2])
    if not found:
        return np.nan, np.nan
    stiffness, damping = np.average(found, axis=0, weights=weights)
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
