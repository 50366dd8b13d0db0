"""What is asked of a body on its feet: one goal after the other, as data."""

from __future__ import annotations

from dataclasses import dataclass

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is asked for a while; what a goal does not name goes back to how the body stands at ease.

    Places are in the stance frame: under the middle between the soles, x along their mean heading, z up from the
    ground.

    Attributes:
        seconds: How long it holds, the transition included [s]; None for a walk to a pose, which ends there.
        over: Time in which the body goes over to it [s].
        pelvis_height: Origin of the pelvis above the soles [m].
        torso: Roll, pitch and yaw of the torso against upright and the stance's heading [rad].
        left_hand: Where the centre of the left grip should be [m].
        right_hand: Where the centre of the right grip should be [m].
        left_hand_rotation: Roll, pitch and yaw of the left grip in that frame [rad]; None to leave it free.
        right_hand_rotation: The same of the right one [rad].
        lift: "left" or "right" for the foot that is lifted: the body stands on the other one.
        walk: Velocity of the walk: forward and to the left [m/s], turning to the left [rad/s].
        walk_to: A pose to walk to, in the world of the estimate: x and y [m], heading [rad].
    """

    seconds: float | None
    over: float = 1.0
    pelvis_height: float | None = None
    torso: Vector = (0.0, 0.0, 0.0)
    left_hand: Vector | None = None
    right_hand: Vector | None = None
    left_hand_rotation: Vector | None = None
    right_hand_rotation: Vector | None = None
    lift: str | None = None
    walk: Vector | None = None
    walk_to: Vector | None = None
