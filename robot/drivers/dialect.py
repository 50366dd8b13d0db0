"""How a make of drives speaks, as the dialect file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from robot.drivers.layout import Layout
from robot.drivers.ranges import CommandRanges, ReplyRanges
from robot.drivers.reply import Fault, Power
from robot.drivers.setpoint import Special

Carriage = Literal["can", "can_fd"]


@dataclass(frozen=True, slots=True)
class Codes:
    """What the counts of a field of a reply mean.

    Attributes:
        meanings: A state of the loop, or a fault (`Fault.NONE` for a code that says that all is well).
        others: What a count means that is not there; None if there is no such reply.
    """

    meanings: Mapping[int, Power | Fault]
    others: Fault | None


@dataclass(frozen=True, slots=True)
class ReplyId:
    """On which id a drive replies: its own or the host's, and what is added to that."""

    of: Literal["drive", "host"]
    offset: int


@dataclass(frozen=True, slots=True)
class Register:
    """A number that a drive keeps.

    Attributes:
        address: Its number.
        type: How its 32 bits are read.
        unit: What one count of a uint is, in SI; 1 for a float.
        required: What it must be for these codecs to work; None if it is not for them to say.
    """

    address: int
    type: Literal["float", "uint"]
    unit: float
    required: float | None


@dataclass(frozen=True, slots=True)
class RegisterScheme:
    """How the registers of a drive are read and written.

    Attributes:
        id: The id of a request; None for the drive's own, with the dialect's offset.
        layout: Of a request and of its answer: fields drive, operation, register, value, as far as there are any.
        read: Operation that asks for a value; None if it cannot be asked.
        write: Operation that sets one; None if there is no such field.
        state: Operation that asks for the drive's state; None if there is none.
        table: The registers, by what they hold.
    """

    id: int | None
    layout: Layout
    read: int | None
    write: int | None
    state: int | None
    table: Mapping[str, Register]


@dataclass(frozen=True, slots=True)
class Silence:
    """What a drive does by itself when it hears no command.

    Attributes:
        after: For how long it waits [s].
        then: `free`: all gains are zero, until the next command; `off`, `damp`, `hold`, `brake` (phases shorted): it
            stays so until it is asked to clear or disable.
    """

    after: float
    then: Literal["free", "off", "damp", "hold", "brake"]


@dataclass(frozen=True, slots=True)
class MitDialect:
    """A dialect of the MIT mini-cheetah frames.

    Attributes:
        name: In the dialect file.
        carriage: Buses that it goes over.
        half: What is added to a count before what is behind its point is left off: 0 to truncate, 0.5 to round.
        command: Of a setpoint.
        reply: Of the drive's state.
        reply_id: Where it comes.
        codes: Meanings of the fields of a reply that have codes, by field.
        special: Payloads of what else can be asked.
        request_offset: What is added to the drive's id for these requests, and for those of registers on its own id.
        registers: None if the drive has none that a bus can reach.
        silence: What it does when it hears nothing; None if nobody has published it.
    """

    name: str
    carriage: tuple[Carriage, ...]
    half: float
    command: Layout
    reply: Layout
    reply_id: ReplyId
    codes: Mapping[str, Codes]
    special: Mapping[Special, bytes]
    request_offset: int
    registers: RegisterScheme | None
    silence: Silence | None

    @property
    def payloads(self) -> dict[bytes, Special]:
        """What can be asked, by its payload."""
        return {payload: special for special, payload in self.special.items()}


@dataclass(frozen=True, slots=True)
class MoteusDialect:
    """Settings of drives that speak to the `moteus` package.

    Attributes:
        name: In the dialect file.
        carriage: Buses that it goes over.
        watchdog: After so long without a command the drive lets go [s].
        timeout_mode: What it does then (`servo.timeout_mode`).
        timeout_torque: With what torque at most [Nm] (`servo.timeout_max_torque_Nm`).
        codes: Meanings of the registers `mode` and `fault`.
    """

    name: str
    carriage: tuple[Carriage, ...]
    watchdog: float
    timeout_mode: int
    timeout_torque: float
    codes: Mapping[str, Codes]

    @property
    def silence(self) -> Silence:
        """What it does when it hears nothing."""
        return Silence(self.watchdog, _TIMEOUT_MODES[self.timeout_mode])


_TIMEOUT_MODES: Mapping[int, Literal["off", "hold", "damp", "brake"]] = {0: "off", 10: "hold", 12: "damp", 15: "brake"}

Dialect = MitDialect | MoteusDialect


@dataclass(frozen=True, slots=True)
class DriveModel:
    """A model of drive, with one firmware.

    Attributes:
        name: As a wiring file names it.
        firmware: Empty for the one that is meant when none is named.
        dialect: How it speaks.
        command: Ranges of its commands; what is beyond is sent as their ends. The gains' limits are among them.
        reply: Ranges of its replies.
    """

    name: str
    firmware: str
    dialect: Dialect
    command: CommandRanges
    reply: ReplyRanges

    @property
    def protocol(self) -> Literal["mit", "moteus"]:
        """The family of its frames."""
        return "mit" if isinstance(self.dialect, MitDialect) else "moteus"

    @property
    def silence(self) -> Silence | None:
        """What it does by itself when it hears no command; None if nobody has published it."""
        return self.dialect.silence

    @property
    def title(self) -> str:
        """Name it in a message: ``ak80_9``, or ``ak80_9 with firmware v2``."""
        return f"{self.name} with firmware {self.firmware}" if self.firmware else self.name
