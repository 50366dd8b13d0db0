"""What every driver of a single drive does, at the host's end of the wire and at the drive's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from robot.drivers.dialect import DriveModel
from robot.drivers.frame import CanFrame
from robot.drivers.reply import DriveReply, FrameError
from robot.drivers.setpoint import DriveSetpoint, Sent, Special


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that a drive keeps and that must be what the dialect file says.

    Attributes:
        expected: What it must be, in SI units of the output shaft.
        unit: Of that.
        place: Where the drive keeps it, as its maker calls it.
        tolerance: Greatest difference that is none.
    """

    expected: float
    unit: str
    place: str
    tolerance: float


class DriveCodec(Protocol):
    """The host's end: it makes the frames that a drive is sent and reads those that come back.

    It is stateless and does not wait: who owns the bus sends the frames, and gives it those that arrive. All numbers
    are of the drive's output shaft.
    """

    @property
    def model(self) -> DriveModel:
        """The model of the drive."""
        ...

    @property
    def drive(self) -> int:
        """Its id on the bus."""
        ...

    @property
    def reply_id(self) -> int:
        """The arbitration id that its replies come on."""
        ...

    @property
    def ids(self) -> frozenset[int]:
        """The arbitration ids of all frames to and from the drive."""
        ...

    def takes(self, arbitration: int) -> bool:
        """Whether the drive takes any frame of this id as meant for it."""
        ...

    @property
    def told(self) -> int | None:
        """What a reply says of who sends it, within the payload; None if it says nothing."""
        ...

    @property
    def wakes(self) -> bool:
        """Whether a setpoint closes the drive's loop when it is open; such a drive can be polled."""
        ...

    @property
    def specials(self) -> frozenset[Special]:
        """What it can be asked besides a setpoint."""
        ...

    @property
    def settings(self) -> Mapping[str, Setting]:
        """What must be set in the drive for its frames to mean what they say: ranges first of all."""
        ...

    @property
    def readable(self) -> bool:
        """Whether the drive tells its settings when it is asked."""
        ...

    @property
    def names_question(self) -> bool:
        """Whether an answer says which question it belongs to, so that one may be asked again at once."""
        ...

    def command(self, setpoint: DriveSetpoint) -> Sent:
        """The frames of a setpoint; what is beyond the model's ranges is saturated and reported.

        Raises:
            ValueError: A number is not finite.
        """
        ...

    def special(self, special: Special) -> tuple[CanFrame, ...]:
        """The frames of another request.

        Raises:
            ValueError: The drive cannot be asked that (see `specials`).
        """
        ...

    def poll(self) -> tuple[CanFrame, ...]:
        """Frames that make the drive reply and change nothing; none if it replies to commands alone."""
        ...

    def reply(self, frame: CanFrame) -> DriveReply | FrameError | None:
        """The state that a frame tells; None if the frame is not this drive's, or is no reply but an answer."""
        ...

    def ask(self, name: str) -> tuple[CanFrame, ...]:
        """Frames that ask for a setting.

        Raises:
            ValueError: There is no such setting, or the drive cannot be asked.
        """
        ...

    def answer(self, name: str, frame: CanFrame) -> float | FrameError | None:
        """The setting that a frame tells, in SI units; None if the frame is no answer to that question."""
        ...

    def write(self, name: str, value: float) -> tuple[CanFrame, ...]:
        """Frames that change a setting until the drive loses power.

        Raises:
            ValueError: There is no such setting, or the value is not finite.
        """
        ...


class Command(NamedTuple):
    """A setpoint as a drive hears it.

    Attributes:
        setpoint: What it is to follow.
        watchdog: For how long the command holds [s]; None where that is a setting of the drive.
    """

    setpoint: DriveSetpoint
    watchdog: float | None


class Poll(NamedTuple):
    """A request for the drive's state and nothing else."""


class Ask(NamedTuple):
    """A question for a setting."""

    name: str


class Write(NamedTuple):
    """A change of a setting, in SI units."""

    name: str
    value: float


Heard = Command | Special | Poll | Ask | Write
"""What a frame can ask of a drive."""


class DriveEnd(Protocol):
    """The drive's end: what the firmware does with its frames, from the same data as the host's end."""

    @property
    def model(self) -> DriveModel:
        """The model of the drive; one with other ranges is a drive that is set otherwise."""
        ...

    @property
    def drive(self) -> int:
        """Its id on the bus."""
        ...

    def heard(self, frame: CanFrame) -> Heard | FrameError | None:
        """What a frame asks; None if it is not for this drive."""
        ...

    def reply(self, state: DriveReply) -> tuple[CanFrame, ...]:
        """The frames that tell a state; what is beyond the model's ranges is told as their ends.

        Raises:
            ValueError: Position, velocity or torque is not finite.
        """
        ...

    def answer(self, name: str, value: float) -> tuple[CanFrame, ...]:
        """The frames that tell a setting; none if the drive does not answer questions."""
        ...
