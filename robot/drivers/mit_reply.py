"""The reply of an MIT mini-cheetah dialect as pure functions: a payload to a drive's state, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, nan

from robot.drivers.dialect import Codes, DriveModel, MitDialect
from robot.drivers.layout import Layout, Place
from robot.drivers.numbers import Slot, slots_of, to_numbers, to_word
from robot.drivers.reply import DriveReply, Fault, FrameError, Malformed, Power
from robot.drivers.setpoint import Special


@dataclass(frozen=True, slots=True)
class ReplyFormat:
    """All that a reply of a model needs to be written and read.

    Attributes:
        layout: Its fields.
        slots: Those of position, velocity and torque.
        half: What is added to a count before what is behind its point is left off.
        drive: Where the drive's id is; None if it is not told.
        motor_temperature: Where that is; None if it is not told.
        driver_temperature: The same.
        codes: The fields that have codes: name, place and meanings.
        specials: Payloads that are a request to a drive, so no reply.
    """

    layout: Layout
    slots: tuple[Slot, ...]
    half: float
    drive: Place | None
    motor_temperature: Place | None
    driver_temperature: Place | None
    codes: tuple[tuple[str, Place, Codes], ...]
    specials: Mapping[bytes, Special]

    @classmethod
    def of(cls, model: DriveModel, dialect: MitDialect) -> ReplyFormat:
        """The format of a model's replies."""
        places = dialect.reply.places
        return cls(
            dialect.reply,
            slots_of(dialect.reply, model.reply),
            dialect.half,
            places.get("drive"),
            places.get("motor_temperature"),
            places.get("driver_temperature"),
            tuple((name, places[name], codes) for name, codes in dialect.codes.items()),
            dialect.payloads,
        )

    def told(self, drive: int) -> int | None:
        """What a reply says of who sends it: as many of the id's low bits as there is room for; None for nothing."""
        return None if self.drive is None else drive & self.drive.most


def names_another(payload: bytes, drive: int, form: ReplyFormat) -> bool:
    """Whether a payload of the right length names another drive than that of this id."""
    if form.drive is None or len(payload) != form.layout.length:
        return False
    return form.drive.take(int.from_bytes(payload, "big")) != drive & form.drive.most


def decode(payload: bytes, drive: int, form: ReplyFormat) -> DriveReply | FrameError:
    """The state that a payload tells of the drive of this id, or why it is none."""
    if len(payload) != form.layout.length:
        return FrameError(Malformed.LENGTH, f"a reply has {form.layout.length} bytes, not {len(payload)}")
    if payload in form.specials:
        request = form.specials[payload].value
        return FrameError(Malformed.SPECIAL, f"{payload.hex(' ')} asks a drive to {request}; it is no reply")
    word = int.from_bytes(payload, "big")
    if form.drive is not None and form.drive.take(word) != drive & form.drive.most:
        return FrameError(Malformed.DRIVE, f"a reply of drive {drive} names drive {form.drive.take(word)}")
    if not form.layout.is_fixed(word):
        return FrameError(Malformed.CONTENT, f"{payload.hex(' ')} lacks what every reply has")
    power, fault, code = None, Fault.NONE, 0
    for name, place, codes in form.codes:
        count = place.take(word)
        meaning = codes.meanings.get(count, codes.others)
        if meaning is None:
            return FrameError(Malformed.CODE, f"no {name} of a reply is {count:#x}")
        if isinstance(meaning, Power):
            power = meaning
        elif meaning is not Fault.NONE:
            fault, code = meaning, count
    if power is None:
        power = Power.UNKNOWN if fault is Fault.NONE else Power.FAULT
    position, velocity, torque = to_numbers(word, form.slots)
    motor = nan if form.motor_temperature is None else float(form.motor_temperature.take(word))
    driver = nan if form.driver_temperature is None else float(form.driver_temperature.take(word))
    return DriveReply(position, velocity, torque, power, fault, code, motor, driver)


def encode(state: DriveReply, drive: int, form: ReplyFormat) -> tuple[bytes, int]:
    """The payload that tells a state, as the firmware writes it, and bits of what was saturated.

    A fault that the dialect has no code for is told by a code that the dialect file does not know, and where there is
    no such code, by a loop that is open.

    Raises:
        ValueError: Position, velocity or torque is not finite.
    """
    word, reasons = to_word(state[:3], form.slots, form.half)
    word |= form.layout.fixed
    if form.drive is not None:
        word |= form.drive.put(drive & form.drive.most)
    if form.motor_temperature is not None:
        word |= _degrees(state.motor_temperature, form.motor_temperature)
    if form.driver_temperature is not None:
        word |= _degrees(state.driver_temperature, form.driver_temperature)
    for _, place, codes in form.codes:
        word |= place.put(_code(state, codes, place.most))
    return word.to_bytes(form.layout.length, "big"), reasons


def _degrees(temperature: float, place: Place) -> int:
    return place.put(min(max(round(temperature), 0), place.most) if isfinite(temperature) else 0)


def _code(state: DriveReply, codes: Codes, most: int) -> int:
    """The count of a field that comes closest to telling a state."""
    wanted: list[Power | Fault] = [state.fault] if state.fault is not Fault.NONE else [state.power, Fault.NONE]
    for meaning in wanted:
        for count, known in codes.meanings.items():
            if known is meaning:
                return count
    if state.fault is not Fault.NONE and codes.others is not None:
        return next(count for count in range(1, most + 1) if count not in codes.meanings)
    told = state.power if state.power in codes.meanings.values() else Power.OFF
    return next((count for count, known in codes.meanings.items() if known is told), 0)
