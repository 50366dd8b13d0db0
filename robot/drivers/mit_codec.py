"""The two ends of a drive that speaks a dialect of the MIT mini-cheetah frames."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from robot.drivers import mit_command, mit_reply, registers
from robot.drivers.codec import Command, Heard, Setting
from robot.drivers.dialect import DriveModel, MitDialect
from robot.drivers.frame import STANDARD_IDS, CanFrame
from robot.drivers.mit_command import CommandFormat
from robot.drivers.mit_reply import ReplyFormat
from robot.drivers.mit_settings import settings_of
from robot.drivers.reply import DriveReply, FrameError, Malformed
from robot.drivers.setpoint import DriveSetpoint, Sent, Special


class _MitEnds:
    """What both ends know: the model, the ids, and the formats."""

    def __init__(
        self, model: DriveModel, drive: int, *, host: int = 0, reply_id: int | None = None, fd: bool = False
    ) -> None:
        """Speak with one drive.

        Args:
            model: The drive's model.
            drive: Its id: commands go to it.
            host: The host's id, where the dialect says that replies go there.
            reply_id: The id of its replies, where it is set to another than the dialect says.
            fd: Whether the frames are CAN-FD.

        Raises:
            ValueError: The model speaks otherwise, does not go over such a bus, or an id is out of range or taken.
        """
        if not isinstance(model.dialect, MitDialect):
            raise ValueError(f"drive model {model.title} speaks {model.dialect.name}, not a dialect of the MIT frames")
        self._dialect, self.model, self.drive, self.fd = model.dialect, model, drive, fd
        carriage = "can_fd" if fd else "can"
        if carriage not in model.dialect.carriage:
            known = ", ".join(model.dialect.carriage)
            raise ValueError(f"drive {drive} ({model.title}) does not go over {carriage}; it goes over {known}")
        rule = model.dialect.reply_id
        usual = (drive if rule.of == "drive" else host) + rule.offset
        self.reply_id = usual if reply_id is None else reply_id
        self._shared = rule.of == "host" or reply_id is not None
        self._check_ids()
        self._command = CommandFormat.of(model, model.dialect)
        self._reply = ReplyFormat.of(model, model.dialect)
        self._registers = model.dialect.registers
        requests = None if self._registers is None else self._registers.id
        self._other_id = drive + model.dialect.request_offset
        self._request_id = self._other_id if requests is None else requests

    def _check_ids(self) -> None:
        """Refuse ids that are out of range or taken.

        Raises:
            ValueError: One is; the message says which and what would be right.
        """
        dialect, who = self._dialect, f"drive {self.drive} ({self.model.title})"
        place = dialect.reply.places.get("drive")
        shared = place is not None and dialect.reply_id.of == "host"
        most = place.most if shared and place is not None else STANDARD_IDS - 1
        if not 1 <= self.drive <= most:
            raise ValueError(f"{who}: its id must be from 1 to {most}, so that its replies can name it")
        if dialect.request_offset and self.drive >= dialect.request_offset:
            most = dialect.request_offset - 1
            raise ValueError(f"{who}: its id must be from 1 to {most}; above that are the ids of its requests")
        if dialect.reply_id.of == "host" and self.reply_id == self.drive:
            raise ValueError(f"{who}: its replies come on its own id, where commands go; give the host another id")
        if not 0 <= self.reply_id < STANDARD_IDS:
            raise ValueError(
                f"{who}: its replies come on id {self.reply_id:#x}; write one from 0 to {STANDARD_IDS - 1:#x}"
            )
        requests = None if dialect.registers is None else dialect.registers.id
        if requests is not None and requests in (self.drive, self.reply_id):
            raise ValueError(f"{who}: id {requests:#x} is that of requests for registers; choose others")

    def _frame(self, arbitration: int, payload: bytes) -> CanFrame:
        return CanFrame(arbitration, payload, False, self.fd)

    def _format_error(self, frame: CanFrame) -> FrameError | None:
        if frame.fd is self.fd:
            return None
        wanted, given = ("CAN-FD", "classic") if self.fd else ("classic", "CAN-FD")
        return FrameError(Malformed.FORMAT, f"drive {self.drive} speaks in {wanted} frames; this one is {given}")


class MitCodec(_MitEnds):
    """The host's end of a drive of the MIT family; a :class:`robot.drivers.codec.DriveCodec`."""

    @property
    def ids(self) -> frozenset[int]:
        """The arbitration ids of all frames to and from the drive."""
        return frozenset((self.drive, self._other_id, self._request_id, self.reply_id))

    def takes(self, arbitration: int) -> bool:
        """Whether the drive takes any frame of this id; of requests for registers, those that name it."""
        return arbitration in (self.drive, self._other_id)

    @property
    def told(self) -> int | None:
        """What a reply says of who sends it: as many of the id's low bits as the dialect has room for."""
        return self._reply.told(self.drive)

    @property
    def wakes(self) -> bool:
        """It is switched on by a request, and remembers its last setpoint while it is off."""
        return False

    @property
    def specials(self) -> frozenset[Special]:
        """What it can be asked besides a setpoint."""
        return frozenset(self._dialect.special)

    @property
    def settings(self) -> Mapping[str, Setting]:
        """What its registers must hold: the ranges, and what the dialect file requires."""
        return settings_of(self.model, self._registers)

    @property
    def readable(self) -> bool:
        """Whether the dialect has a way to read registers."""
        return self._registers is not None and self._registers.read is not None

    @property
    def names_question(self) -> bool:
        """An answer has the register's number."""
        return True

    def command(self, setpoint: DriveSetpoint) -> Sent:
        """The frame of a setpoint; what is beyond the model's ranges is saturated and reported.

        Raises:
            ValueError: A number is not finite.
        """
        try:
            payload, reasons = mit_command.encode(setpoint, self._command)
        except ValueError as error:
            raise ValueError(f"drive {self.drive} ({self.model.title}): {error}") from None
        return Sent((CanFrame(self.drive, payload, False, self.fd),), reasons)

    def special(self, special: Special) -> tuple[CanFrame, ...]:
        """The frame of another request.

        Raises:
            ValueError: The dialect has no such request.
        """
        payload = self._dialect.special.get(special)
        if payload is None:
            known = ", ".join(other.value for other in self._dialect.special)
            raise ValueError(
                f"drive {self.drive} ({self.model.title}) cannot be asked to {special.value}; it can: {known}"
            )
        return (self._frame(self._other_id, payload),)

    def poll(self) -> tuple[CanFrame, ...]:
        """A frame that asks for the drive's state; none if the dialect has none."""
        if self._registers is None or self._registers.state is None:
            return ()
        payload = registers.request(self._registers, self.drive, self._registers.state, None)
        return (self._frame(self._request_id, payload),)

    def reply(self, frame: CanFrame) -> DriveReply | FrameError | None:
        """The state that a frame tells; None if it is not this drive's, or is an answer of its registers.

        Where replies of several drives may share an id, one that names another drive is not this one's.
        """
        if frame.id != self.reply_id or frame.extended:
            return None
        if self._shared and mit_reply.names_another(frame.data, self.drive, self._reply):
            return None
        wrong = self._format_error(frame)
        if wrong is not None:
            return wrong
        if self._registers is not None and registers.is_answer(self._registers, self.drive, frame.data):
            return None
        return mit_reply.decode(frame.data, self.drive, self._reply)

    def ask(self, name: str) -> tuple[CanFrame, ...]:
        """The frame that asks for a register.

        Raises:
            ValueError: There is none of that name, or the dialect has no way to ask.
        """
        scheme = self._registers
        if scheme is None or scheme.read is None:
            raise ValueError(f"drive {self.drive} ({self.model.title}) does not tell what is set in it")
        self._require_register(name)
        return (self._frame(self._request_id, registers.request(scheme, self.drive, scheme.read, name)),)

    def answer(self, name: str, frame: CanFrame) -> float | FrameError | None:
        """The register that a frame tells, in SI units; None if the frame is no answer to that question."""
        if self._registers is None or frame.id != self.reply_id or frame.extended or frame.fd is not self.fd:
            return None
        found = registers.read_answer(self._registers, self.drive, frame.data)
        if found is None or found[0] != name:
            return None
        if not isfinite(found[1]):
            return FrameError(Malformed.NOT_FINITE, f"drive {self.drive} tells that its {name} is {found[1]}")
        return found[1]

    def write(self, name: str, value: float) -> tuple[CanFrame, ...]:
        """The frame that sets a register, until the drive loses power.

        Raises:
            ValueError: There is none of that name, or the value does not fit it.
        """
        self._require_register(name)
        assert self._registers is not None
        payload = registers.request(self._registers, self.drive, self._registers.write, name, value)
        return (self._frame(self._request_id, payload),)

    def _require_register(self, name: str) -> None:
        table = {} if self._registers is None else self._registers.table
        if name not in table:
            known = ", ".join(table) or "none"
            raise ValueError(f"drive {self.drive} ({self.model.title}) has no register {name!r}; there are {known}")


class MitEnd(_MitEnds):
    """The drive's end of the same; a :class:`robot.drivers.codec.DriveEnd`."""

    def heard(self, frame: CanFrame) -> Heard | FrameError | None:
        """What a frame asks; None if it is not for this drive."""
        if frame.extended or frame.id not in (self.drive, self._other_id, self._request_id):
            return None
        wrong = self._format_error(frame)
        if wrong is not None:
            return wrong
        if frame.id == self.drive:
            asked = mit_command.decode(frame.data, self._command)
            return Command(asked, None) if isinstance(asked, DriveSetpoint) else asked
        if frame.id == self._other_id and frame.data in self._reply.specials:
            return self._reply.specials[frame.data]
        if self._registers is None or frame.id != self._request_id:
            return FrameError(Malformed.CONTENT, f"drive {self.drive} knows no request {frame.data.hex(' ')}")
        return registers.heard(self._registers, self.drive, frame.data)

    def reply(self, state: DriveReply) -> tuple[CanFrame, ...]:
        """The frame that tells a state; what is beyond the model's ranges is told as their ends.

        Raises:
            ValueError: Position, velocity or torque is not finite.
        """
        payload, _ = mit_reply.encode(state, self.drive, self._reply)
        return (self._frame(self.reply_id, payload),)

    def answer(self, name: str, value: float) -> tuple[CanFrame, ...]:
        """The frame that tells a register; none if the dialect has no way to ask for one.

        Raises:
            ValueError: The value does not fit the register.
        """
        scheme = self._registers
        if scheme is None or scheme.read is None or name not in scheme.table:
            return ()
        return (self._frame(self.reply_id, registers.request(scheme, self.drive, scheme.read, name, value)),)
