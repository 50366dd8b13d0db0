"""The drive's end of a moteus drive: what its firmware reads and writes."""

from __future__ import annotations

from math import isfinite, nan, tau

from moteus import F32, INT8, Mode, Register, multiplex
from moteus.protocol import Writer

from robot.drivers import moteus_frame
from robot.drivers.codec import Ask, Command, Heard, Poll, Write
from robot.drivers.dialect import DriveModel
from robot.drivers.frame import CanFrame
from robot.drivers.moteus_codec import CHANNEL, CONFIGURATION, check_ids, dialect_of
from robot.drivers.moteus_frame import Registers
from robot.drivers.reply import DriveReply, Fault, FrameError, Malformed, Power
from robot.drivers.setpoint import DriveSetpoint, Special

_GAINS = (Register.COMMAND_KP_SCALE, Register.COMMAND_KD_SCALE)
_NUMBERS = (Register.COMMAND_POSITION, Register.COMMAND_VELOCITY, Register.COMMAND_FEEDFORWARD_TORQUE, *_GAINS)
_MODES = {Power.OFF: 0, Power.FAULT: 1, Power.CALIBRATING: 2, Power.ON: 10, Power.UNKNOWN: 0}
_SILENT = 11


class _Payload(bytearray):
    """Bytes that the package's writer can write to."""

    def write(self, data: bytes) -> None:
        self += data


class MoteusEnd:
    """The drive's end; a :class:`robot.drivers.codec.DriveEnd`."""

    def __init__(self, model: DriveModel, drive: int, *, host: int = 0) -> None:
        """Be the drive of this model and id.

        Raises:
            ValueError: The model is no moteus, or an id is out of range.
        """
        check_ids(model, drive, host)
        self._dialect, self.model, self.drive = dialect_of(model), model, drive
        self._ids = {moteus_frame.request_id(drive, host, reply=reply) for reply in (False, True)}
        self.reply_id = moteus_frame.reply_id(drive, host)

    def heard(self, frame: CanFrame) -> Heard | FrameError | None:
        """What a frame asks; None if it is not for this drive, or only asks for the answer to a question before."""
        if frame.id not in self._ids:
            return None
        if not frame.fd:
            return FrameError(Malformed.FORMAT, f"drive {self.drive} speaks in CAN-FD frames; this one is classic")
        content = moteus_frame.read(frame.data)
        if isinstance(content, FrameError):
            return content
        if content.told or content.received is not None:
            return FrameError(Malformed.SPECIAL, f"{frame.data.hex(' ')} is a reply; it asks nothing of a drive")
        if content.sent:
            return _configuration(content.sent)
        if Register.SET_OUTPUT_EXACT in content.written:
            return Special.ZERO
        if Register.MODE in content.written:
            return self._mode(content)
        if content.written:
            return FrameError(Malformed.CONTENT, "registers are written, and none of them is the mode")
        return Poll() if content.asked else None

    def reply(self, state: DriveReply) -> tuple[CanFrame, ...]:
        """The frame that tells a state.

        Raises:
            ValueError: Position, velocity or torque is not finite.
        """
        if not all(isfinite(number) for number in state[:3]):
            raise ValueError(f"drive {self.drive} ({self.model.title}) has the state {state[:3]}; it must be finite")
        payload = _Payload()
        writer = Writer(payload)
        writer.write_int8(multiplex.REPLY_BASE | INT8 << 2 | 1)
        writer.write_varuint(int(Register.MODE))
        writer.write_int8(_SILENT if state.fault is Fault.SILENCE else _MODES[state.power])
        writer.write_int8(multiplex.REPLY_BASE | F32 << 2 | 3)
        writer.write_varuint(int(Register.POSITION))
        writer.write_position(state.position / tau, F32)
        writer.write_velocity(state.velocity / tau, F32)
        writer.write_torque(state.torque, F32)
        writer.write_int8(multiplex.REPLY_BASE | INT8 << 2)
        writer.write_int8(6)
        writer.write_varuint(int(Register.MOTOR_TEMPERATURE))
        writer.write_temperature(state.motor_temperature, INT8)
        writer.write_int8(0)
        writer.write_int8(0)
        writer.write_voltage(nan, INT8)
        writer.write_temperature(state.driver_temperature, INT8)
        writer.write_int8(self._code(state))
        return (moteus_frame.framed(self.reply_id, bytes(payload)),)

    def answer(self, name: str, value: float) -> tuple[CanFrame, ...]:
        """The frame of text that tells a number of the configuration; none if there is no such number."""
        kept = CONFIGURATION.get(name)
        if kept is None:
            return ()
        text = f"{value / kept.scale:.6f}\r\n".encode()
        head = bytes((multiplex.STREAM_SERVER_DATA, CHANNEL, len(text)))
        return (moteus_frame.framed(self.reply_id, head + text),)

    def _mode(self, content: Registers) -> Heard | FrameError:
        mode = content.written[Register.MODE]
        if mode == Mode.STOPPED:
            return Special.DISABLE
        missing = [register for register in _NUMBERS if register not in content.written]
        if mode != Mode.POSITION or missing:
            return FrameError(Malformed.CONTENT, f"mode {mode} without all that an impedance needs")
        position, velocity, torque, kp_scale, kd_scale = (float(content.written[register]) for register in _NUMBERS)
        watchdog = float(content.written.get(Register.COMMAND_TIMEOUT, 0.0))
        setpoint = DriveSetpoint(
            position * tau,
            velocity * tau,
            torque,
            kp_scale * self.model.command.stiffness.high,
            kd_scale * self.model.command.damping.high,
        )
        if not all(isfinite(number) for number in (*setpoint, watchdog)):
            return FrameError(Malformed.NOT_FINITE, f"a command has the numbers {tuple(setpoint)} for {watchdog} s")
        return Command(setpoint, watchdog or None)

    def _code(self, state: DriveReply) -> int:
        if state.power is not Power.FAULT or state.fault is Fault.SILENCE:
            return 0
        codes = self._dialect.codes["fault"].meanings
        return next((code for code, meaning in codes.items() if meaning is state.fault), 37)


def _configuration(text: bytes) -> Heard | FrameError:
    """What a line of text asks of the configuration."""
    words = text.decode("ascii", "replace").split()
    paths = {kept.path: name for name, kept in CONFIGURATION.items()}
    if len(words) == 3 and words[:2] == ["conf", "get"] and words[2] in paths:
        return Ask(paths[words[2]])
    if len(words) == 4 and words[:2] == ["conf", "set"] and words[2] in paths:
        name = paths[words[2]]
        try:
            value = float(words[3]) * CONFIGURATION[name].scale
        except ValueError:
            value = nan
        if isfinite(value):
            return Write(name, value)
    return FrameError(Malformed.CONTENT, f"a moteus drive is not asked {text!r} here")
