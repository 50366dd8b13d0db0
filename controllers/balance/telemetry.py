"""What a body on its feet believed and wanted at the last tick, for logs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def _zeros(count: int) -> Array:
    return field(default_factory=lambda: np.zeros(count))


@dataclass(slots=True)
class BalanceTelemetry:
    """Refreshed in place; the estimate's world has its origin where the robot started, z up. SI units.

    Attributes:
        estimate_position: Pelvis, shape (3,).
        estimate_velocity: Of it, shape (3,).
        estimate_orientation: Of it, quaternion x, y, z, w.
        estimate_com: Centre of mass, shape (3,).
        estimate_com_velocity: Of it, shape (3,).
        estimate_foot_load: Force that the left and the right foot bear, by the joints' torques, shape (2,).
        estimate_contact: How surely each foot stands, 0 to 1, shape (2,).
        reference_com: Shape (3,).
        reference_com_velocity: Shape (3,).
        reference_foot: Middle of the left and of the right sole, shape (6,).
        reference_foot_force: That the whole-body layer asks of left and right, in the world, shape (6,).
        reference_velocity: Of the walk: forward, to the left, turn, shape (3,).
        reference_hand: Left and right grip centre, NaN where nothing is asked, shape (6,).
        reference_torso: Roll, pitch, yaw that are asked, shape (3,).
        reference_pelvis_height: Above the soles.
        estimate_hand: Left and right grip centre in the same frame as `reference_hand`, shape (6,).
        task_residual: What the whole-body layer could not serve of the tasks it should hold hardest, 0 when it could.
        solver_failed: 1 when the quadratic program was not solved at this tick.
        steps: Steps taken so far.
        mode: Index into the controller's modes.
    """

    estimate_position: Array = _zeros(3)
    estimate_velocity: Array = _zeros(3)
    estimate_orientation: Array = field(default_factory=lambda: np.array((0.0, 0.0, 0.0, 1.0)))
    estimate_com: Array = _zeros(3)
    estimate_com_velocity: Array = _zeros(3)
    estimate_foot_load: Array = _zeros(2)
    estimate_contact: Array = _zeros(2)
    reference_com: Array = _zeros(3)
    reference_com_velocity: Array = _zeros(3)
    reference_foot: Array = _zeros(6)
    reference_foot_force: Array = _zeros(6)
    reference_velocity: Array = _zeros(3)
    reference_hand: Array = _zeros(6)
    reference_torso: Array = _zeros(3)
    reference_pelvis_height: float = 0.0
    estimate_hand: Array = _zeros(6)
    task_residual: float = 0.0
    solver_failed: float = 0.0
    steps: int = 0
    mode: int = 0
