"""Moteus drives: frames of the package, gains as shares of those configured, and what they tell."""

import struct
from math import inf, isnan, nan, tau

import moteus
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot import Reason
from robot.drivers import CanFrame, DriveReply, DriveSetpoint, Fault, FrameError, Malformed, Power, Special
from robot.drivers.codec import Command
from robot.drivers.moteus_codec import MoteusCodec
from robot.drivers.moteus_end import MoteusEnd
from scenarios.assembly import load_drive_models
from tests.unit.drive_frames import accepted, refused

MODEL = load_drive_models()["qdd100"]
HOST, END = MoteusCodec(MODEL, 5), MoteusEnd(MODEL, 5)
ZERO = DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)


def written(frame):
    return moteus.parse_registers(frame.data).command


def test_the_id_asks_for_a_reply_to_the_host():
    (frame,) = MoteusCodec(MODEL, 5, host=2).command(ZERO).frames
    assert (frame.id, frame.extended, frame.fd) == (0x8205, True, True)
    assert MoteusCodec(MODEL, 5, host=2).reply_id == 0x502


def test_a_command_is_a_whole_impedance_in_the_units_of_the_drive():
    registers = written(HOST.command(DriveSetpoint(1.0, -2.0, 0.5, 40.0, 1.0)).frames[0])
    assert registers == {
        0x000: 10,
        0x020: pytest.approx(1.0 / tau),
        0x021: pytest.approx(-2.0 / tau),
        0x022: 0.5,
        0x023: pytest.approx(40.0 / 500.0),
        0x024: pytest.approx(1.0 / 10.0),
        0x025: 16.0,
        0x027: pytest.approx(0.1),
        0x028: -1.0,
        0x029: -1.0,
        0x02B: 0.0,
    }


def test_the_torque_that_the_drive_makes_is_that_of_the_setpoint():
    """Its law, in rev: torque = kp_scale·kp·(position - q) + kd_scale·kd·(velocity - q') + feed-forward."""
    setpoint, position, velocity = DriveSetpoint(0.3, -1.0, 2.0, 120.0, 3.0), 0.1, 0.5
    registers = written(HOST.command(setpoint).frames[0])
    kp, kd = HOST.settings["stiffness"].expected * tau, HOST.settings["damping"].expected * tau
    drive = (
        registers[0x23] * kp * (registers[0x20] - position / tau)
        + registers[0x24] * kd * (registers[0x21] - velocity / tau)
        + registers[0x22]
    )
    wanted = setpoint.stiffness * (setpoint.position - position) + setpoint.damping * (setpoint.velocity - velocity)
    assert drive == pytest.approx(wanted + setpoint.torque, rel=1e-5)
    assert HOST.settings["stiffness"].place == "servo.pid_position.kp"
    text = HOST.write("stiffness", 500.0)[0].data
    assert f"conf set servo.pid_position.kp {500.0 * tau:.9g}".encode() in text


def test_a_frame_has_a_length_that_there_is_and_is_filled_with_no_operation():
    for frame in (*HOST.command(ZERO).frames, *HOST.poll(), *HOST.special(Special.ZERO), *HOST.ask("stiffness")):
        assert len(frame.data) in (*range(9), 12, 16, 20, 24, 32, 48, 64)
    (frame,) = HOST.command(ZERO).frames
    assert (len(frame.data), frame.data[-7:]) == (64, b"\x50" * 7)


@given(numbers=st.tuples(*(st.floats(-1e4, 1e4) for _ in range(5))), spread=st.sampled_from([1e-4, 1e-3, 1e-2, 1.0]))
def test_what_arrives_is_what_was_asked_or_the_end_of_its_range(numbers, spread):
    setpoint = DriveSetpoint(*(number * spread for number in numbers))
    sent = HOST.command(setpoint)
    heard = END.heard(sent.frames[0])
    assert isinstance(heard, Command)
    assert heard.watchdog == pytest.approx(0.1)
    bounded = [min(max(number, span.low), span.high) for number, span in zip(setpoint, MODEL.command, strict=True)]
    assert heard.setpoint == pytest.approx(tuple(bounded), rel=1e-6, abs=1e-9)
    clamped = [number != bound for number, bound in zip(setpoint, bounded, strict=True)]
    names = (Reason.POSITION_CLAMPED, Reason.VELOCITY_CLAMPED, Reason.TORQUE_CLAMPED, *[Reason.GAIN_CLAMPED] * 2)
    wanted = 0
    for clamp, name in zip(clamped, names, strict=True):
        wanted |= name if clamp else 0
    assert sent.reasons == wanted


@pytest.mark.parametrize("mode", ["position", "watchdog"])
def test_a_drive_told_to_hold_for_ever_or_where_it_is_says_so(mode):
    """moteus reads NaN as "no limit" or "where you are"; nobody here means that."""
    controller = moteus.Controller(id=5)
    numbers = {"position": 0.0, "velocity": 0.0, "feedforward_torque": 0.0, "kp_scale": 1.0, "kd_scale": 1.0}
    numbers |= {"position": nan} if mode == "position" else {"watchdog_timeout": nan}
    heard = END.heard(CanFrame(5, controller.make_position(**numbers).data, False, True))
    assert isinstance(heard, FrameError)
    assert heard.kind is Malformed.NOT_FINITE


def test_a_command_that_lacks_a_gain_is_no_impedance():
    data = moteus.Controller(id=5).make_position(position=0.0, velocity=0.0, kp_scale=1.0).data
    assert refused(END.heard(CanFrame(5, data, False, True))).kind is Malformed.CONTENT


def reply(mode=10, position=0.25, velocity=-0.5, torque=1.5, fault=0, temperature=30):
    head = struct.pack("<BBb", 0x21, 0, mode) + struct.pack("<BBfff", 0x2F, 1, position, velocity, torque)
    rest = struct.pack("<BBBbbbbbb", 0x20, 6, 0x0A, 35, 0, 0, 48, temperature, fault)
    return CanFrame(0x500, head + rest, False, True)


def test_a_reply_is_read_in_units_of_the_shaft():
    found = HOST.reply(reply())
    assert found == pytest.approx((0.25 * tau, -0.5 * tau, 1.5, Power.ON, Fault.NONE, 0, 35.0, 30.0))


def test_the_example_of_the_protocols_document_lacks_the_motors_temperature():
    example = CanFrame(0x500, bytes.fromhex("2404000a005000000170ff230d181400"), False, True)
    assert HOST.reply(example) == FrameError(Malformed.CONTENT, "a reply of drive 5 lacks register 0xa")
    whole = example._replace(data=example.data + bytes.fromhex("210A23"))
    found = accepted(HOST.reply(whole))
    assert found[:3] == pytest.approx((0.008 * tau, 0.064 * tau, -1.44))
    assert found[6:] == (35.0, 20.0)


@pytest.mark.parametrize(
    ("mode", "code", "power", "fault"),
    [
        (0, 0, Power.OFF, Fault.NONE), (10, 0, Power.ON, Fault.NONE), (10, 97, Power.ON, Fault.NONE),
        (2, 0, Power.CALIBRATING, Fault.NONE), (11, 0, Power.OFF, Fault.SILENCE),
        (1, 34, Power.FAULT, Fault.OVER_VOLTAGE), (1, 38, Power.FAULT, Fault.DRIVER_TEMPERATURE),
        (1, 39, Power.FAULT, Fault.LIMIT), (1, 99, Power.FAULT, Fault.OTHER), (1, 0, Power.FAULT, Fault.OTHER),
        (1, 60, Power.FAULT, Fault.OTHER),
    ],
)  # fmt: skip
def test_modes_and_faults(mode, code, power, fault):
    found = accepted(HOST.reply(reply(mode=mode, fault=code)))
    assert (found.power, found.fault, found.code) == (power, fault, code)


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (reply(mode=16), Malformed.CODE),
        (reply(mode=-1), Malformed.CODE),
        (reply()._replace(data=struct.pack("<BBf", 0x2D, 0, inf) + reply().data[3:]), Malformed.NOT_FINITE),
        (reply()._replace(data=struct.pack("<BBf", 0x2D, 0, nan) + reply().data[3:]), Malformed.NOT_FINITE),
        (reply(position=nan), Malformed.NOT_FINITE),
        (reply(torque=inf), Malformed.NOT_FINITE),
        (reply()._replace(fd=False), Malformed.FORMAT),
        (reply()._replace(data=reply().data[:-1]), Malformed.CONTENT),
        (reply()._replace(data=b""), Malformed.CONTENT),
        (reply()._replace(data=reply().data + b"\x77"), Malformed.CONTENT),
        (reply()._replace(data=reply().data + b"\x21\x00\x0a"), Malformed.CONTENT),
        (reply()._replace(data=reply().data + b"\x31\x05\x02"), Malformed.CONTENT),
        (reply()._replace(data=reply().data + b"\x11\x00"), Malformed.SPECIAL),
        (CanFrame(0x500, HOST.command(ZERO).frames[0].data, False, True), Malformed.SPECIAL),
    ],
)
def test_what_is_no_reply(frame, kind):
    found = HOST.reply(frame)
    assert isinstance(found, FrameError)
    assert found.kind is kind


def test_every_shorter_reply_is_refused():
    whole = reply().data
    for length in range(len(whole)):
        assert isinstance(HOST.reply(reply()._replace(data=whole[:length])), FrameError)


def test_a_read_of_four_thousand_million_registers_is_not_followed():
    """The package's parser would make a subframe of each."""
    bomb = CanFrame(0x500, b"\x10\xff\xff\xff\xff\x0f\x00", False, True)
    assert refused(HOST.reply(bomb)).kind is Malformed.CONTENT
    assert refused(END.heard(bomb._replace(id=5))).kind is Malformed.CONTENT


@pytest.mark.parametrize("fault", Fault)
def test_a_state_told_is_a_state_heard(fault):
    power = Power.ON if fault is Fault.NONE else Power.OFF if fault is Fault.SILENCE else Power.FAULT
    told = DriveReply(1.0, -2.0, 3.0, power, fault, 0, 40.0, nan)
    (frame,) = END.reply(told)
    heard = accepted(HOST.reply(frame))
    assert heard[:3] == pytest.approx(told[:3])
    assert heard.power is power
    assert heard.fault in (fault, Fault.INTERNAL)
    assert heard.motor_temperature == 40.0
    assert isnan(heard.driver_temperature)


def test_text_of_the_diagnostic_channel_is_no_state():
    (frame,) = END.answer("stiffness", 500.0)
    assert HOST.reply(frame) is None
    assert HOST.answer("stiffness", frame) == pytest.approx(500.0)
    empty = CanFrame(0x500, bytes((0x41, 1, 0)), False, True)
    assert HOST.answer("stiffness", empty) is None
    said = CanFrame(0x500, bytes((0x41, 1, 11)) + b"ERR unknown", False, True)
    assert HOST.answer("stiffness", said) == FrameError(
        Malformed.CONTENT, "drive 5 says 'ERR unknown' when it is asked for its stiffness"
    )
