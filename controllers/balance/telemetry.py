"""What a body on its feet believed and wanted at the last tick, for logs."""

from __future__ import annotations

import numpy as np


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
        reference_com: Where the weight should act, at the height of the centre of mass, shape (3,).
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

    def __init__(self) -> None:
        self.estimate_position = np.zeros(3)
        self.estimate_velocity = np.zeros(3)
        self.estimate_orientation = np.array((0.0, 0.0, 0.0, 1.0))
        self.estimate_com = np.zeros(3)
        self.estimate_com_velocity = np.zeros(3)
        self.estimate_foot_load = np.zeros(2)
        self.estimate_contact = np.zeros(2)
        self.reference_com = np.zeros(3)
        self.reference_foot = np.zeros(6)
        self.reference_foot_force = np.zeros(6)
        self.reference_velocity = np.zeros(3)
        self.reference_hand = np.zeros(6)
        self.reference_torso = np.zeros(3)
        self.reference_pelvis_height = 0.0
        self.estimate_hand = np.zeros(6)
        self.task_residual = 0.0
        self.solver_failed = 0.0
        self.steps = 0
        self.mode = 0
