"""What the body is: its joints, limits, drives, and kinematics as a Pinocchio model."""

from __future__ import annotations

from dataclasses import dataclass

import pinocchio as pin

from robot.drives import DriveTable
from robot.limits import JointLimits
from urdf.guard import require_sound


@dataclass(frozen=True, slots=True, eq=False)
class RobotModel:
    """A body from its URDF, with the pelvis (the root link) as the fixed base.

    Nobody writes into it, and two are the same only if they are one object.

    Attributes:
        joint_names: Names of the n actuated joints; every array of joints in the project has this order.
        limits: Position, velocity and torque limits.
        drives: What the joints' drives are like.
        pinocchio: Kinematics and dynamics with rotor inertia as armature; the root link is the world.
        pinocchio_floating: The same on a free-flyer joint (q: x y z, quaternion x y z w, joints).
    """

    joint_names: tuple[str, ...]
    limits: JointLimits
    drives: DriveTable
    pinocchio: pin.Model
    pinocchio_floating: pin.Model

    @classmethod
    def from_urdf(cls, urdf: str, drives: str, source: str = "the URDF") -> RobotModel:
        """Build the model from the text of a URDF and the text of a drive file (TOML); messages name the source.

        Raises:
            ValueError: The body cannot be right (`urdf/guard.py`), or a joint has no drive or one that cannot be right
                for it.
        """
        require_sound(urdf, source)
        try:
            fixed = pin.buildModelFromXML(urdf)
            floating = pin.buildModelFromXML(urdf, pin.JointModelFreeFlyer())
        except Exception as error:
            raise ValueError(f"{source} does not parse: {error}") from error
        names = tuple(str(name) for name in fixed.names[1:])
        limits = JointLimits(
            fixed.lowerPositionLimit, fixed.upperPositionLimit, fixed.velocityLimit, fixed.effortLimit, names
        )
        table = DriveTable.parse(drives, names)
        table.require(limits)
        fixed.armature[:] = table.rotor_inertia
        floating.armature[6:] = table.rotor_inertia
        return cls(names, limits, table, fixed, floating)

    @property
    def size(self) -> int:
        """Number of actuated joints, n."""
        return len(self.joint_names)

    @property
    def mass(self) -> float:
        """Mass of the whole body [kg]."""
        return float(pin.computeTotalMass(self.pinocchio_floating))

    def index(self, joint: str) -> int:
        """Index of a joint in every array.

        Raises:
            ValueError: There is no such joint; the message lists those that exist.
        """
        if joint not in self.joint_names:
            raise ValueError(f"no joint {joint!r}; the body has {', '.join(self.joint_names)}")
        return self.joint_names.index(joint)

    def frame_id(self, frame: str) -> int:
        """Pinocchio's id of a frame.

        Raises:
            ValueError: There is no such frame; the message lists those that exist.
        """
        if not self.pinocchio.existFrame(frame):
            raise ValueError(f"no frame {frame!r}; the body has {', '.join(f.name for f in self.pinocchio.frames)}")
        return int(self.pinocchio.getFrameId(frame))
