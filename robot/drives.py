"""The joint drives as data: which class of drive moves which joint, and what it is like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from robot import drive_file
from robot.limits import JointLimits

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FrameBits:
    """How many bits each number of a command has on the wire; a reply's first three have as many."""

    position_bits: int
    velocity_bits: int
    torque_bits: int
    stiffness_bits: int
    damping_bits: int


@dataclass(frozen=True, slots=True)
class Thermal:
    """What all windings have in common.

    Attributes:
        ambient: Temperature of the air [°C].
        reference: Temperature at which the motor constants hold [°C].
        copper: Growth of the windings' resistance from there [1/K].
    """

    ambient: float
    reference: float
    copper: float


@dataclass(frozen=True, slots=True)
class DriveTable:
    """Properties of every joint's drive, arrays of shape (n,) in the order of the joints.

    What a drive's torque and speed limits are, the URDF says (`JointLimits`), and nothing here repeats it.

    Attributes:
        rotor_inertia: Reflected through the gear, about the joint axis [kg·m²].
        coulomb_friction: At the joint [Nm].
        viscous_friction: At the joint [Nm·s/rad].
        knee: Share of the speed limit up to which the full torque is available [1].
        stiffness: Impedance for standing at ease [Nm/rad].
        damping: The same [Nm·s/rad].
        gear_ratio: Turns of the motor for one of the joint [1].
        torque_bandwidth: Of the current loop, a first-order lag [rad/s].
        command_delay: From a command's arrival at the bus to its effect [s].
        encoder_counts: Counts of the encoder a turn of its own shaft, which is the motor's [1].
        encoder_noise: Standard deviation of a reading, at the encoder's shaft [rad].
        velocity_bandwidth: Of the filter on the differentiated position, a first-order lag [rad/s].
        torque_noise: Standard deviation of the torque that a drive reports, from its current [Nm].
        torque_constant_error: Standard deviation, over drives, of the true torque constant from the nominal one [1].
        motor_constant: Torque at the joint for the root of the heat in a winding at the reference temperature [Nm/√W].
        winding_capacity: Heat capacity of the winding [J/K].
        winding_resistance: Thermal resistance from winding to housing [K/W].
        housing_capacity: Heat capacity of the housing [J/K].
        housing_resistance: Thermal resistance from housing to air [K/W].
        derating_begin: Temperature of the winding above which the torque is reduced [°C].
        derating_end: Temperature at which none is left [°C].
        position_range: Greatest position that a frame can say, in either direction [rad].
        velocity_range: The same [rad/s].
        torque_range: The same [Nm].
        stiffness_range: Greatest stiffness that a frame can say, from zero [Nm/rad].
        damping_range: The same [Nm·s/rad].
        frame: Bits of the frame.
        thermal: Air and copper.
    """

    rotor_inertia: Array
    coulomb_friction: Array
    viscous_friction: Array
    knee: Array
    stiffness: Array
    damping: Array
    gear_ratio: Array
    torque_bandwidth: Array
    command_delay: Array
    encoder_counts: Array
    encoder_noise: Array
    velocity_bandwidth: Array
    torque_noise: Array
    torque_constant_error: Array
    motor_constant: Array
    winding_capacity: Array
    winding_resistance: Array
    housing_capacity: Array
    housing_resistance: Array
    derating_begin: Array
    derating_end: Array
    position_range: Array
    velocity_range: Array
    torque_range: Array
    stiffness_range: Array
    damping_range: Array
    frame: FrameBits
    thermal: Thermal

    @classmethod
    def parse(cls, text: str, joints: Sequence[str]) -> DriveTable:
        """Read the TOML text of a drive file for a body with these joints.

        Raises:
            ValueError: A joint has no drive, or two; or a value is missing, out of its bounds, or contradicts another.
        """
        columns = [field.name for field in fields(cls) if field.name not in ("frame", "thermal")]
        document = drive_file.read(text)
        rows = [drive_file.drive_of(joint, document.drives) for joint in joints]
        for row in rows:
            drive_file.check_derating(row, document.thermal["ambient"])
        return cls(
            **{column: np.array([drive_file.number(row, column) for row in rows]) for column in columns},
            frame=FrameBits(**document.frame),
            thermal=Thermal(**document.thermal),
        )

    @property
    def position_resolution(self) -> Array:
        """One count of the encoder, seen at the joint, shape (n,) [rad]."""
        return 2.0 * np.pi / (self.encoder_counts * self.gear_ratio)

    def require(self, limits: JointLimits) -> None:
        """See that the frames of these drives can say all that the joints' limits allow.

        Raises:
            ValueError: A range of a frame ends before a limit of its joint, or before the drive's own gains.
        """
        for column, needed, unit in (
            ("position_range", np.maximum(np.abs(limits.lower), np.abs(limits.upper)), "rad"),
            ("velocity_range", limits.velocity, "rad/s"),
            ("torque_range", limits.effort, "Nm"),
            ("stiffness_range", self.stiffness, "Nm/rad"),
            ("damping_range", self.damping, "Nm·s/rad"),
        ):
            short = np.flatnonzero(getattr(self, column) < needed)
            if short.size:
                joint, given = limits.names[short[0]], getattr(self, column)[short[0]]
                raise ValueError(
                    f"joint {joint!r}: its drive's {column} is {given:g} {unit}, but the joint needs at least "
                    f"{needed[short[0]]:g} {unit}; widen the range in the drive file"
                )
