"""By which names a body's parts are found in its URDF, wherever somebody outside of its controllers needs them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BodyFrames:
    """Frames and links of a body; the names of `urdf/humanoid.urdf` where nothing else is said.

    Attributes:
        torso: Link that should stay upright.
        pelvis_imu: Frame of the inertial measurement unit that is fixed to the root link.
        torso_imu: Frame of the one that is fixed to the torso.
        soles: In the middle of the left and of the right sole, x forward, z up; fixed to the links that bear the body.
        hands: What reaches, left and right.
    """

    torso: str = "torso_link"
    pelvis_imu: str = "pelvis_imu"
    torso_imu: str = "torso_imu"
    soles: tuple[str, str] = ("left_sole", "right_sole")
    hands: tuple[str, str] = ("left_grip_frame", "right_grip_frame")
