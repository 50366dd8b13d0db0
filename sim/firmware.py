"""What the firmware of one drive does: it hears frames, keeps a set-point, watches for silence, and replies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from robot.drivers.codec import Ask, Command, DriveEnd, Poll, Write
from robot.drivers.dialect import DriveModel, MoteusDialect
from robot.drivers.frame import CanFrame
from robot.drivers.ranges import Range
from robot.drivers.reply import DriveReply, Fault, FrameError, Power
from robot.drivers.setpoint import DriveSetpoint, Special

_NOTHING = DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)


class Feeling(NamedTuple):
    """What a drive measures of itself: position [rad], velocity [rad/s], torque [Nm], winding [°C]."""

    position: float
    velocity: float
    torque: float
    temperature: float


class Firmware:
    """One drive, from frames to the set-point that its torque law follows.

    It follows set-points while it is on and has no fault. When it hears none for as long as its dialect says it does
    what the dialect says; where nothing is published it goes on with the last one. A winding hotter than its limit
    switches it off. A write to the register of a range changes what its frames mean, as in a drive.
    """

    def __init__(self, build: Callable[[DriveModel], DriveEnd], model: DriveModel, hottest: float) -> None:
        """Make a drive that has just got power: off.

        Args:
            build: Makes the drive's end of its frames for a model; again when a range is changed.
            model: What it is.
            hottest: Temperature of the winding at which it switches off [°C].
        """
        self._build, self._model, self._end = build, model, build(model)
        self._kept: dict[str, float] = {}
        self._hottest = hottest
        self._moteus = isinstance(model.dialect, MoteusDialect)
        self.silence = model.silence
        """What it does when it hears nothing; None if nobody has published it."""
        self._after = self.silence.after if self.silence else 0.0
        self._zero = 0.0
        self._setpoint, self._heard = _NOTHING, 0.0
        self.power, self.fault = Power.OFF, Fault.NONE
        self.changed = False
        """Whether what it follows has changed since somebody set this to False."""
        self.supplied = True
        """Whether it has a supply; see `lose_supply`."""
        self.listening = True
        """Whether its CAN controller takes part in the bus; it is not when that is bus-off, or the plug is out."""

    def lose_supply(self) -> None:
        """Lose the supply: from now on it does nothing and hears nothing."""
        self.supplied = False
        self.power, self.fault = Power.OFF, Fault.NONE
        self._follow(_NOTHING)

    def boot(self) -> None:
        """Have the supply again: off, with its settings and its zero as they were saved, and nothing to follow."""
        self.supplied = True

    def keep(self, settings: Mapping[str, float]) -> None:
        """Have these settings, by name and in SI units, as they were left in it."""
        self._kept.update(settings)

    @property
    def following(self) -> DriveSetpoint:
        """What its torque law follows, in positions of its encoder; nothing at all while it is off."""
        setpoint = self._setpoint
        return setpoint._replace(position=setpoint.position + self._zero) if self._zero else setpoint

    @property
    def heard(self) -> float:
        """When it last heard a set-point, or was switched on [s]."""
        return self._heard

    @property
    def torque_cap(self) -> float | None:
        """Greatest torque while a moteus drive holds out after silence [Nm]; None for the motor's own."""
        dialect = self._model.dialect
        if self.fault is Fault.SILENCE and isinstance(dialect, MoteusDialect):
            return dialect.timeout_torque
        return None

    def hear(self, frame: CanFrame, time: float, feel: Callable[[], Feeling]) -> tuple[CanFrame, ...]:
        """Take a frame at a time [s], and return what it replies; nothing to frames for others."""
        if not (self.supplied and self.listening):
            return ()
        heard = self._end.heard(frame)
        if heard is None or isinstance(heard, FrameError):
            return ()
        match heard:
            case Command(setpoint, watchdog):
                self._command(setpoint, watchdog, time)
            case Ask(name):
                return self._end.answer(name, self._kept[name]) if name in self._kept else ()
            case Write(name, value):
                self._write(name, value)
                return ()
            case Poll():
                pass
            case special:
                self._request(special, time, feel())
        return self._end.reply(self._state(feel()))

    def watch(self, time: float, feel: Callable[[], Feeling]) -> None:
        """What it does by itself at a time [s]: its watchdog, and the limit of its winding."""
        if self.power is not Power.ON:
            return
        feeling = feel()
        if feeling.temperature >= self._hottest:
            self._follow(_NOTHING)
            self.power, self.fault = Power.FAULT, Fault.MOTOR_TEMPERATURE
        silence = self.silence
        if silence is None or self._after <= 0.0 or time - self._heard <= self._after or self.fault is not Fault.NONE:
            return
        gains, at = self._model.command, feeling.position - self._zero
        if silence.then == "free":  # until the next command; the drive says nothing of it
            self._follow(_NOTHING)
            return
        self.fault = Fault.SILENCE
        if silence.then == "off":
            self.power = Power.FAULT
            self._follow(_NOTHING)
        elif silence.then == "hold":
            self._follow(DriveSetpoint(at, 0.0, 0.0, gains.stiffness.high, gains.damping.high))
        else:  # damp, or phases shorted, which brakes like damping
            self._follow(DriveSetpoint(at, 0.0, 0.0, 0.0, gains.damping.high))

    def _command(self, setpoint: DriveSetpoint, watchdog: float | None, time: float) -> None:
        self._heard = time
        if watchdog is not None:
            self._after = watchdog
        if self.fault is not Fault.NONE:
            return
        if self._moteus:
            self.power = Power.ON
        if self.power is Power.ON:
            self._follow(setpoint)

    def _request(self, special: Special, time: float, feeling: Feeling) -> None:
        match special:
            case Special.ENABLE:
                if self.fault is Fault.NONE and self.power is not Power.ON:
                    self.power, self._heard = Power.ON, time
                    self._follow(_NOTHING)
            case Special.DISABLE:
                if self.fault is Fault.SILENCE or self._moteus:
                    self.fault = Fault.NONE
                if self.fault is Fault.NONE:
                    self.power = Power.OFF
                self._follow(_NOTHING)
            case Special.CLEAR:
                if self.fault is not Fault.NONE and feeling.temperature < self._hottest:
                    self.power, self.fault = Power.OFF, Fault.NONE
                    self._follow(_NOTHING)
            case Special.ZERO:
                self._zero = feeling.position
            case Special.SELECT_IMPEDANCE:
                pass

    def _follow(self, setpoint: DriveSetpoint) -> None:
        self._setpoint, self.changed = setpoint, True

    def _write(self, name: str, value: float) -> None:
        before = self._kept.get(name)
        self._kept[name] = value
        if name == "watchdog":
            self._after = value
        number, _, end = name.partition("_")
        if value == before or number not in self._model.command._fields:
            return
        command, reply = self._model.command, self._model.reply
        span: Range = getattr(command, number)
        low, high = (value, span.high) if end == "low" else (span.low, value)
        if not end:
            low = -value if span.low < 0.0 else 0.0
        if low >= high:  # half of a change: the other end is still to come
            return
        changed = {number: Range(low, high)}
        command = command._replace(**changed)
        if number in reply._fields:
            reply = reply._replace(**changed)
        self._model = replace(self._model, command=command, reply=reply)
        self._end = self._build(self._model)

    def _state(self, feeling: Feeling) -> DriveReply:
        return DriveReply(
            feeling.position - self._zero,
            feeling.velocity,
            feeling.torque,
            self.power,
            self.fault,
            0,
            feeling.temperature,
            feeling.temperature,
        )
