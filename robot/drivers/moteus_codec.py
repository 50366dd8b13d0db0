"""The host's end of a moteus drive; its frames are made and read by the `moteus` package."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, tau
from typing import Any, NamedTuple

import moteus
from moteus import Register

from robot.drivers import moteus_frame
from robot.drivers.codec import Setting
from robot.drivers.dialect import DriveModel, MoteusDialect
from robot.drivers.frame import CanFrame
from robot.drivers.numbers import REASONS, not_finite
from robot.drivers.reply import DriveReply, Fault, FrameError, Malformed, Power
from robot.drivers.setpoint import DriveSetpoint, Sent, Special

_IDS = 0x80
"""Number of ids: they have seven bits."""
CHANNEL = 1
"""Of the diagnostic stream."""


class Kept(NamedTuple):
    """A number of the drive's configuration.

    Attributes:
        path: What the drive calls it.
        unit: Of the setting, in SI.
        scale: What one unit of the drive is in that.
    """

    path: str
    unit: str
    scale: float


CONFIGURATION = {
    "stiffness": Kept("servo.pid_position.kp", "Nm/rad", 1.0 / tau),
    "damping": Kept("servo.pid_position.kd", "Nm·s/rad", 1.0 / tau),
    "timeout_mode": Kept("servo.timeout_mode", "", 1.0),
    "timeout_torque": Kept("servo.timeout_max_torque_Nm", "Nm", 1.0),
}
"""What must be configured in the drive for a setpoint to mean what it says."""


class Query(moteus.QueryResolution):  # type: ignore[misc]
    """The registers that every reply has."""

    motor_temperature = moteus.INT8
    trajectory_complete = moteus.INT8
    rezero_state = moteus.INT8


ASKED = frozenset(
    (
        Register.MODE, Register.POSITION, Register.VELOCITY, Register.TORQUE, Register.MOTOR_TEMPERATURE,
        Register.TEMPERATURE, Register.FAULT,
    )
)  # fmt: skip
"""Those that a reply is read for."""


def dialect_of(model: DriveModel) -> MoteusDialect:
    """The dialect of a model that is a moteus.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(model.dialect, MoteusDialect):
        raise ValueError(f"drive model {model.title} speaks {model.dialect.name}, not moteus")
    return model.dialect


def check_ids(model: DriveModel, drive: int, host: int) -> None:
    """Refuse ids of more than seven bits, and one that is both's.

    Raises:
        ValueError: It is so.
    """
    if not (1 <= drive < _IDS and 0 <= host < _IDS and drive != host):
        raise ValueError(
            f"drive {drive} ({model.title}): a moteus drive has an id from 1 to {_IDS - 1}, and its host another from "
            f"0 to {_IDS - 1}, not {host}"
        )


class MoteusCodec:
    """The host's end; a :class:`robot.drivers.codec.DriveCodec`.

    Every command is a position command with all that makes it an impedance: gains as shares of those configured in the
    drive, no integral term, no limit of the drive's own trajectory, the model's torque as the maximum, and the time for
    which it holds. NaN, which moteus reads as "where you are" or "for ever", is never sent.
    """

    def __init__(self, model: DriveModel, drive: int, *, host: int = 0) -> None:
        """Speak with one drive.

        Args:
            model: The drive's model.
            drive: Its id.
            host: The host's.

        Raises:
            ValueError: The model is no moteus, or an id is out of range.
        """
        check_ids(model, drive, host)
        self._dialect, self.model, self.drive = dialect_of(model), model, drive
        self._controller = moteus.Controller(id=drive, query_resolution=Query(), source_can_id=host)
        self._request_id = moteus_frame.request_id(drive, host, reply=True)
        self.reply_id = moteus_frame.reply_id(drive, host)
        self._state = moteus_frame.framed(self._request_id, self._controller.make_query().data)

    @property
    def ids(self) -> frozenset[int]:
        """The arbitration ids of all frames to and from the drive."""
        return frozenset((self._request_id, self._request_id & ~moteus_frame.REPLY_WANTED, self.reply_id))

    def takes(self, arbitration: int) -> bool:
        """Whether the drive takes a frame of this id: it does of every source."""
        return arbitration <= 0xFFFF and arbitration % _IDS == self.drive and not arbitration & _IDS

    @property
    def told(self) -> int | None:
        """The id is in the arbitration id, not in the payload."""
        return None

    @property
    def wakes(self) -> bool:
        """Any position command does."""
        return True

    @property
    def specials(self) -> frozenset[Special]:
        """What it can be asked besides a setpoint: it is enabled by the first setpoint after a stop."""
        return frozenset((Special.ENABLE, Special.DISABLE, Special.CLEAR, Special.ZERO))

    @property
    def settings(self) -> Mapping[str, Setting]:
        """The gains that shares are of, and what the drive does when it hears nothing."""
        expected = {
            "stiffness": self.model.command.stiffness.high,
            "damping": self.model.command.damping.high,
            "timeout_mode": float(self._dialect.timeout_mode),
            "timeout_torque": self._dialect.timeout_torque,
        }
        return {
            name: Setting(expected[name], kept.unit, kept.path, 1e-4 * max(expected[name], 1.0))
            for name, kept in CONFIGURATION.items()
        }

    @property
    def readable(self) -> bool:
        """It tells its configuration."""
        return True

    @property
    def names_question(self) -> bool:
        """An answer is a number as text."""
        return False

    def command(self, setpoint: DriveSetpoint) -> Sent:
        """The frame of a setpoint; what is beyond the model's ranges is saturated and reported.

        Raises:
            ValueError: A number is not finite.
        """
        numbers, reasons = [], 0
        for number, (low, high), reason in zip(setpoint, self.model.command, REASONS, strict=True):
            if not isfinite(number):
                raise ValueError(f"drive {self.drive} ({self.model.title}): {not_finite(setpoint)}")
            if not low <= number <= high:
                reasons |= reason
            numbers.append(min(max(number, low), high))
        position, velocity, torque, stiffness, damping = numbers
        order = self._controller.make_position(
            position=position / tau,
            velocity=velocity / tau,
            feedforward_torque=torque,
            kp_scale=stiffness / self.model.command.stiffness.high,
            kd_scale=damping / self.model.command.damping.high,
            maximum_torque=self.model.command.torque.high,
            watchdog_timeout=self._dialect.watchdog,
            velocity_limit=-1.0,
            accel_limit=-1.0,
            ilimit_scale=0.0,
            query=True,
        )
        return Sent((moteus_frame.framed(self._request_id, order.data),), int(reasons))

    def special(self, special: Special) -> tuple[CanFrame, ...]:
        """The frame of another request; to enable, disable and clear are all a stop, after which setpoints count again.

        Raises:
            ValueError: It cannot be asked that.
        """
        if special not in self.specials:
            known = ", ".join(sorted(other.value for other in self.specials))
            raise ValueError(
                f"drive {self.drive} ({self.model.title}) cannot be asked to {special.value}; it can: {known}"
            )
        if special is Special.ZERO:
            order = self._controller.make_set_output_exact(position=0.0, query=True)
        else:
            order = self._controller.make_stop(query=True)
        return (moteus_frame.framed(self._request_id, order.data),)

    def poll(self) -> tuple[CanFrame, ...]:
        """The frame that asks for the drive's state."""
        return (self._state,)

    def reply(self, frame: CanFrame) -> DriveReply | FrameError | None:
        """The state that a frame tells; None if it is not this drive's, or is text of the diagnostic channel."""
        if frame.id != self.reply_id:
            return None
        if not frame.fd:
            return FrameError(Malformed.FORMAT, f"drive {self.drive} speaks in CAN-FD frames; this one is classic")
        content = moteus_frame.read(frame.data)
        if isinstance(content, FrameError):
            return content
        if content.received is not None and not content.told:
            return None
        if content.written or content.asked or content.sent or content.polled:
            return FrameError(Malformed.SPECIAL, f"{frame.data.hex(' ')} asks something of a drive; it is no reply")
        missing = sorted(ASKED - content.told.keys())
        if missing:
            return FrameError(Malformed.CONTENT, f"a reply of drive {self.drive} lacks register {missing[0]:#x}")
        return self._read(content.told)

    def ask(self, name: str) -> tuple[CanFrame, ...]:
        """The frames that ask for a number of the configuration: the question, and the request for its answer.

        Raises:
            ValueError: There is no such setting.
        """
        question = self._controller.make_diagnostic_write(f"conf get {self._kept(name).path}\n".encode(), CHANNEL)
        request = self._controller.make_diagnostic_read(channel=CHANNEL)
        return (
            moteus_frame.framed(self._request_id & ~moteus_frame.REPLY_WANTED, question.data),
            moteus_frame.framed(self._request_id, request.data),
        )

    def answer(self, name: str, frame: CanFrame) -> float | FrameError | None:
        """The number that a frame of text tells, in SI units; None if there is no text yet.

        The text does not say which question it answers: ask one at a time.
        """
        if frame.id != self.reply_id or not frame.fd:
            return None
        content = moteus_frame.read(frame.data)
        if isinstance(content, FrameError) or content.received is None:
            return None
        text = content.received.decode("ascii", "replace").strip()
        if not text:
            return None
        try:
            value = float(text) * self._kept(name).scale
        except ValueError:
            return FrameError(Malformed.CONTENT, f"drive {self.drive} says {text!r} when it is asked for its {name}")
        if not isfinite(value):
            return FrameError(Malformed.NOT_FINITE, f"drive {self.drive} tells that its {name} is {text}")
        return value

    def write(self, name: str, value: float) -> tuple[CanFrame, ...]:
        """The frame that changes a number of the configuration until the drive loses power.

        Raises:
            ValueError: There is no such setting, or the value is not finite.
        """
        kept = self._kept(name)
        if not isfinite(value):
            raise ValueError(f"drive {self.drive} ({self.model.title}): {name} is to be {value}; write a finite number")
        number = value / kept.scale
        text = f"{number:.0f}" if name == "timeout_mode" else f"{number:.9g}"
        order = self._controller.make_diagnostic_write(f"conf set {kept.path} {text}\n".encode(), CHANNEL)
        return (moteus_frame.framed(self._request_id & ~moteus_frame.REPLY_WANTED, order.data),)

    def _kept(self, name: str) -> Kept:
        kept = CONFIGURATION.get(name)
        if kept is None:
            known = ", ".join(CONFIGURATION)
            raise ValueError(f"drive {self.drive} ({self.model.title}) has no setting {name!r}; there are {known}")
        return kept

    def _read(self, told: Mapping[int, Any]) -> DriveReply | FrameError:
        position, velocity = told[Register.POSITION] * tau, told[Register.VELOCITY] * tau
        torque, mode, code = told[Register.TORQUE], told[Register.MODE], told[Register.FAULT]
        if not (isfinite(position) and isfinite(velocity) and isfinite(torque)):
            return FrameError(
                Malformed.NOT_FINITE,
                f"drive {self.drive} tells position {position}, velocity {velocity}, torque {torque}",
            )
        codes = self._dialect.codes
        meaning = codes["mode"].meanings.get(mode, codes["mode"].others)
        if meaning is None:
            return FrameError(Malformed.CODE, f"no mode of a moteus drive is {mode:#x}")
        if isinstance(meaning, Fault):
            power, fault = Power.OFF, meaning
        elif meaning is Power.FAULT:
            named = codes["fault"].meanings.get(code, Fault.OTHER)
            power, fault = meaning, named if isinstance(named, Fault) and named is not Fault.NONE else Fault.OTHER
        else:
            power, fault = meaning, Fault.NONE
        motor, driver = float(told[Register.MOTOR_TEMPERATURE]), float(told[Register.TEMPERATURE])
        return DriveReply(position, velocity, float(torque), power, fault, code, motor, driver)
