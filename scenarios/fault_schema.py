"""What may go wrong on the way from a controller to its drives, as it stands in scenario files."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from scenarios.quantity import Angle, Duration, Instant
from scenarios.table import Table

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Fault(Table):
    """Something that begins at a time and lasts for a while."""

    time: Instant = 0.0
    """When it begins [s]."""
    duration: Duration | None = None
    """How long it lasts; to the end of the run where it is left out."""


class FrameFaultTable(_Fault):
    """Frames that go wrong on their way."""

    kind: Literal["dropped", "delayed", "duplicated", "reordered", "corrupted", "destroyed"]
    """Reordered ones arrive behind the next frame with their id; in corrupted ones a bit is turned that no CRC sees;
    destroyed ones are corrupted on the wire, so that all throw them away and their sender repeats them."""
    share: Share = 1.0
    """Of the frames."""
    bus: str = "*"
    """Pattern of the buses' names."""
    direction: Literal["commands", "replies", "both"] = "both"
    lateness: Duration = 0.004
    """For how long a delayed or a second frame is late at most [s]."""


class BusFaultTable(_Fault):
    """A bus that cannot be used by those on it."""

    kind: Literal["babbling_node", "bus_off"]
    """Babbling: a node sends frames with the lowest id all the time. Bus-off: every frame of the host is destroyed on
    the wire until its controller gives up (ISO 11898-1)."""
    bus: str
    """Pattern of the buses' names."""


class DriveFaultTable(_Fault):
    """A drive that fails."""

    kind: Literal["stuck_encoder", "power_loss", "drive_reboot", "drive_off_bus"]
    """Power that is lost for a duration comes back with the drive off, which is what a reboot is; one takes 0.3 s where
    nothing is said. A drive off its bus goes on by itself."""
    joint: str | None = None
    """Pattern of the names of joints and motors."""
    bus: str | None = None
    """Pattern of the names of buses, all of whose drives fail."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.joint is None) == (self.bus is None):
            raise PydanticCustomError("fault", "{kind}: say 'joint' or 'bus', one of them", {"kind": self.kind})
        return self


class SenseFaultTable(_Fault):
    """A sensor that fails."""

    kind: Literal["frozen_imu"]
    """It goes on saying what it said last."""
    imu: Literal["pelvis", "torso"] = "pelvis"
    """Whose."""


class HotDrive(_Fault):
    """A winding that is hot, whatever its torque is."""

    kind: Literal["over_temperature"]
    joint: str
    """Pattern of the names of joints and motors."""
    temperature: Annotated[float, Field(gt=0.0, le=300.0)] = 120.0
    """[°C]"""


class WrongZero(Table):
    """Drives whose zero is not where the wiring file has it, from the beginning on."""

    time: ClassVar[float] = 0.0
    kind: Literal["wrong_zero"]
    joint: str
    """Pattern of the names of joints and motors."""
    offset: Angle
    """Of the shaft [rad]."""


class WrongDirection(Table):
    """Drives that turn the other way than the wiring file has it, from the beginning on."""

    time: ClassVar[float] = 0.0
    kind: Literal["wrong_direction"]
    joint: str
    """Pattern of the names of joints and motors."""


class HostFaultTable(_Fault):
    """A controller that is not what it should be."""

    kind: Literal["late_tick", "silent_controller", "dead_controller", "not_finite"]
    """Late: one tick comes later, by `duration`. Silent: it repeats its last command, the loop goes on. Dead: its whole
    process is gone. Not finite: a NaN in the torque of `joint`, in one tick where no duration is given."""
    joint: str = "*"
    """Pattern of the names of joints, for a NaN."""

    @model_validator(mode="after")
    def _how_late(self) -> Self:
        if self.kind == "late_tick" and self.duration is None:
            raise PydanticCustomError("fault", "late_tick: say by how much, as duration = '20 ms'", {})
        return self


Fault = Annotated[
    FrameFaultTable
    | BusFaultTable
    | DriveFaultTable
    | SenseFaultTable
    | HotDrive
    | WrongZero
    | WrongDirection
    | HostFaultTable,
    Field(discriminator="kind"),
]
"""One fault."""


class Safety(Table):
    """The safety layer between controller and drives (docs/safety.md)."""

    supervised: bool = False
    """Whether it is there; only drives on CAN buses can be switched on and off by it."""
    expendable: tuple[str, ...] = ()
    """Patterns of names of joints that may be lost: they are taken out of service, and the others go on."""
