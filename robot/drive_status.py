"""What the drives say of themselves besides their motion: whether they are heard, on, in order, and how warm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from robot.drive_words import Fault, Power

if TYPE_CHECKING:
    from robot.drivers.reply import DriveReply

Array = NDArray[np.float64]

FAULTS = tuple(Fault)
"""What the numbers in `DriveStatus.fault` mean."""
POWERS = tuple(Power)
"""What the numbers in `DriveStatus.power` mean."""
_FAULT = {fault: number for number, fault in enumerate(FAULTS)}
_POWER = {power: number for number, power in enumerate(POWERS)}


@dataclass(frozen=True, slots=True)
class DriveStatus:
    """The state of every joint's drive, arrays of shape (n,) in the order of the robot model.

    What a drive or a bus does not tell is NaN, `Power.UNKNOWN` or `Fault.NONE`. The arrays may be shared by many
    states.

    Attributes:
        age: Time since the reply that the joint's numbers are from, at the time of the state [s]; infinite before the
            first one.
        power: Whether the loop is closed, a place in `POWERS`, dtype uint8.
        fault: What is wrong, a place in `FAULTS`, dtype uint8.
        code: The maker's code of that, dtype int64; 0 for nothing.
        motor_temperature: Of the winding [°C].
        driver_temperature: Of the power stage [°C].
        voltage: Of the supply at the drive [V].
        current: Of the motor, its greatness or with its sign [A].
    """

    age: Array
    power: NDArray[np.uint8]
    fault: NDArray[np.uint8]
    code: NDArray[np.int64]
    motor_temperature: Array
    driver_temperature: Array
    voltage: Array
    current: Array

    @classmethod
    def healthy(cls, count: int, motor_temperature: float = np.nan) -> DriveStatus:
        """Drives that were heard just now, are on and in order; what else they would say is not known.

        Args:
            count: Number of joints.
            motor_temperature: Of all windings [°C].
        """
        unknown = np.full(count, np.nan)
        return _sealed(
            cls(
                np.zeros(count),
                np.full(count, _POWER[Power.ON], dtype=np.uint8),
                np.full(count, _FAULT[Fault.NONE], dtype=np.uint8),
                np.zeros(count, dtype=np.int64),
                np.full(count, motor_temperature),
                unknown, unknown, unknown,
            )
        )  # fmt: skip

    @classmethod
    def of_replies(
        cls, replies: Sequence[DriveReply | None], age: Array, *, pairs: NDArray[np.intp] | None = None,
        voltage: Array | None = None, current: Array | None = None,
    ) -> DriveStatus:  # fmt: skip
        """The latest reply of each joint's drive.

        Args:
            replies: One for each joint; None before the first.
            age: Time since each, shape (n,) [s]; where there is none it does not matter.
            pairs: Places of two drives that move two joints together, shape (k, 2): to both joints the older and
                warmer of them counts, and what is wrong with either; None for no pairs.
            voltage: Shape (n,) [V]; None when no drive tells it.
            current: Shape (n,) [A]; the same.

        Raises:
            ValueError: Numbers of replies and ages differ.
        """
        count = len(replies)
        if age.shape != (count,):
            raise ValueError(f"drive status: {count} replies with ages of shape {age.shape}, expected ({count},)")
        unknown = np.full(count, np.nan)
        heard = [reply is not None for reply in replies]
        status = cls(
            np.where(heard, age, np.inf),
            np.array([_POWER[reply.power if reply else Power.UNKNOWN] for reply in replies], dtype=np.uint8),
            np.array([_FAULT[reply.fault if reply else Fault.NONE] for reply in replies], dtype=np.uint8),
            np.array([reply.code if reply else 0 for reply in replies], dtype=np.int64),
            np.array([reply.motor_temperature if reply else np.nan for reply in replies], dtype=np.float64),
            np.array([reply.driver_temperature if reply else np.nan for reply in replies], dtype=np.float64),
            unknown if voltage is None else np.array(voltage, dtype=np.float64),
            unknown if current is None else np.array(current, dtype=np.float64),
        )
        if pairs is not None and pairs.size:
            status._share(pairs)
        return _sealed(status)

    def _share(self, pairs: NDArray[np.intp]) -> None:
        """Tell both joints of each pair what is the worse of their drives."""
        others = pairs[:, ::-1]
        for values in (self.age, self.motor_temperature, self.driver_temperature):
            values[pairs] = np.fmax(values[pairs], values[others])
        well = (self.power == _POWER[Power.ON]) | (self.power == _POWER[Power.UNKNOWN])
        self.power[pairs] = np.where(well[pairs] & ~well[others], self.power[others], self.power[pairs])
        well = self.fault == _FAULT[Fault.NONE]
        for numbers in (self.code, self.fault):
            numbers[pairs] = np.where(well[pairs], numbers[others], numbers[pairs])


def _sealed(status: DriveStatus) -> DriveStatus:
    """The same, not to be written to."""
    for field in fields(status):
        getattr(status, field.name).setflags(write=False)
    return status
