"""Replies in the MIT dialects: what they tell, round trips, and what is not accepted."""

from math import isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.drivers import (
    CanFrame,
    DriveCatalogue,
    DriveReply,
    DriveSetpoint,
    Fault,
    FrameError,
    Malformed,
    Power,
    Special,
)
from robot.drivers.factory import codec_of, end_of
from scenarios.assembly import DIALECTS, load_drive_models
from tests.unit.drive_frames import accepted

CATALOGUE = load_drive_models()
MIT = [model for model in CATALOGUE.all if model.protocol == "mit"]


def ends(model, drive=3, **settings):
    fd = "can" not in model.dialect.carriage
    return codec_of(model, drive, fd=fd, **settings), end_of(model, drive, fd=fd, **settings)


def read(name, text, drive=3):
    host, _ = ends(CATALOGUE[name], drive)
    fd = "can" not in host.model.dialect.carriage
    return host.reply(CanFrame(host.reply_id, bytes.fromhex(text), False, fd))


def state(**changes):
    return DriveReply(1.0, -2.0, 3.0, Power.ON, Fault.NONE, 0, 40.0, 50.0)._replace(**changes)


def test_a_reply_of_a_cubemars_drive():
    reply = read("ak80_9", "03 8A 3C 7A E1 80 2A 00")
    assert reply[:3] == pytest.approx((0.999657, -1.990232, -14.624176), abs=1e-5)
    assert reply[3:7] == (Power.UNKNOWN, Fault.NONE, 0, 42.0)
    assert isnan(reply.driver_temperature)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (1, Fault.MOTOR_TEMPERATURE), (2, Fault.OVER_CURRENT), (3, Fault.OVER_VOLTAGE), (4, Fault.UNDER_VOLTAGE),
        (5, Fault.ENCODER), (6, Fault.PHASE), (7, Fault.OTHER), (255, Fault.OTHER),
    ],
)  # fmt: skip
def test_errors_of_a_cubemars_drive(error, fault):
    reply = read("ak80_9", f"03 7F FF 7F F7 FF 20 {error:02X}")
    assert (reply.power, reply.fault, reply.code) == (Power.FAULT, fault, error)


@pytest.mark.parametrize(
    ("status", "power", "fault"),
    [
        (0x0, Power.OFF, Fault.NONE), (0x1, Power.ON, Fault.NONE),
        (0x5, Power.FAULT, Fault.ENCODER), (0x6, Power.FAULT, Fault.CONFIGURATION),
        (0x8, Power.FAULT, Fault.OVER_VOLTAGE),
        (0x9, Power.FAULT, Fault.UNDER_VOLTAGE), (0xA, Power.FAULT, Fault.OVER_CURRENT),
        (0xB, Power.FAULT, Fault.DRIVER_TEMPERATURE), (0xC, Power.FAULT, Fault.MOTOR_TEMPERATURE),
        (0xD, Power.FAULT, Fault.SILENCE), (0xE, Power.FAULT, Fault.OVERLOAD),
    ],
)  # fmt: skip
def test_states_of_a_damiao_drive(status, power, fault):
    reply = read("dm4310", f"{status:X}3 8A 3C 77 78 00 29 2B")
    assert reply[:2] == pytest.approx((0.999657, -2.0), abs=1e-5)
    assert (reply.power, reply.fault, reply.driver_temperature, reply.motor_temperature) == (power, fault, 41.0, 43.0)


@pytest.mark.parametrize("status", [2, 3, 4, 7, 0xF])
def test_a_state_that_no_damiao_drive_has_is_refused(status):
    reply = read("dm4310", f"{status:X}3 8A 3C 77 78 00 29 2B")
    assert isinstance(reply, FrameError)
    assert reply == FrameError(Malformed.CODE, f"no status of a reply is {status:#x}")


@pytest.mark.parametrize(
    ("byte", "power", "fault"),
    [(0x00, Power.OFF, Fault.NONE), (0x03, Power.ON, Fault.NONE), (0x05, Power.CALIBRATING, Fault.NONE),
     (0x02, Power.ON, Fault.NONE), (0x42, Power.ON, Fault.OTHER)],
)  # fmt: skip
def test_states_of_a_powerflow_drive(byte, power, fault):
    reply = read("powerflow_r86", f"8A 2F 7F F8 00 {byte:02X} 2A 00")
    assert reply[:3] == pytest.approx((0.499989, -0.003069, 0.024420), abs=1e-5)
    assert (reply.power, reply.fault, reply.code) == (power, fault, byte >> 4)
    assert reply.motor_temperature == 42.0


def test_a_powerflow_state_that_there_is_not_is_refused():
    assert read("powerflow_r86", "8A 2F 7F F8 00 0F 2A 00").kind is Malformed.CODE


@pytest.mark.parametrize("model", MIT, ids=lambda model: model.title)
@given(numbers=st.tuples(*(st.floats(-1e3, 1e3) for _ in range(3))), spread=st.sampled_from([1e-3, 1e-2, 0.1, 1.0]))
def test_what_a_drive_tells_is_read_within_one_count(model, numbers, spread):
    host, end = ends(model)
    told = state(position=numbers[0] * spread, velocity=numbers[1] * spread, torque=numbers[2] * spread)
    heard = host.reply(end.reply(told)[0])
    assert isinstance(heard, DriveReply)
    for number, found, span, bits in zip(told, heard[:3], model.reply, (16, 12, 12), strict=False):
        assert span.low <= found <= span.high
        assert abs(found - min(max(number, span.low), span.high)) <= (span.high - span.low) / (2**bits - 1) * (1 + 1e-9)


@pytest.mark.parametrize("model", MIT, ids=lambda model: model.title)
@given(payload=st.binary(min_size=8, max_size=8))
def test_what_is_accepted_is_told_again_by_the_same_bytes(model, payload):
    """But for what a reply does not tell: bits of no field, heartbeat, and codes that have one meaning."""
    host, end = ends(model)
    length = model.dialect.reply.length
    frame = CanFrame(host.reply_id, payload[:length], False, "can" not in model.dialect.carriage)
    heard = host.reply(frame)
    if not isinstance(heard, DriveReply):
        return
    position, velocity, torque = (
        min(number + 1e-9 * (span.high - span.low), span.high)
        for number, span in zip(heard[:3], model.reply, strict=True)
    )
    again = accepted(host.reply(end.reply(heard._replace(position=position, velocity=velocity, torque=torque))[0]))
    assert again[:3] == heard[:3]
    assert again.fault is heard.fault


@pytest.mark.parametrize("model", MIT, ids=lambda model: model.title)
@pytest.mark.parametrize("fault", Fault)
def test_a_fault_is_never_told_as_running_well(model, fault):
    """A dialect without a code for a fault tells another one, or that the loop is open."""
    host, end = ends(model)
    heard = host.reply(end.reply(state(power=Power.FAULT if fault is not Fault.NONE else Power.ON, fault=fault))[0])
    if fault is Fault.NONE:
        assert heard.power in (Power.ON, Power.UNKNOWN)
    elif model.dialect.codes:
        assert heard.power is not Power.ON
        assert heard.fault in (fault, Fault.OTHER) or heard.power is Power.OFF


def test_command_and_reply_have_ranges_of_their_own():
    text = DIALECTS.read_text(encoding="utf-8").replace(
        'name = "mini_cheetah"\ndialect = "mini_cheetah"',
        'name = "mini_cheetah"\ndialect = "mini_cheetah"\nreply = { torque = 50.0 }',
    )
    host, end = ends(DriveCatalogue.parse(text)["mini_cheetah"])
    sent = host.command(DriveSetpoint(0.0, 0.0, 45.0, 0.0, 0.0))
    assert sent.reasons
    assert end.heard(sent.frames[0]).setpoint.torque == pytest.approx(40.0)
    assert host.reply(end.reply(state(torque=45.0))[0]).torque == pytest.approx(45.0, abs=0.025)
    assert host.reply(CanFrame(0, bytes.fromhex("03 7F FF 7F FF FF"))).torque == pytest.approx(50.0)


@pytest.mark.parametrize("model", MIT, ids=lambda model: model.title)
def test_a_request_is_not_read_as_a_reply(model):
    """As a Damiao reply an enable frame would tell a position of +12.5 rad."""
    host, _ = ends(model)
    for special in host.specials:
        (frame,) = host.special(special)
        reply = host.reply(CanFrame(host.reply_id, frame.data, False, frame.fd))
        assert not isinstance(reply, DriveReply)


@pytest.mark.parametrize("model", MIT, ids=lambda model: model.title)
def test_what_is_not_this_drives_or_not_in_its_format(model):
    host, end = ends(model)
    (frame,) = end.reply(state())
    assert isinstance(host.reply(frame), DriveReply)
    assert host.reply(frame._replace(id=frame.id + 1)) is None
    assert host.reply(frame._replace(extended=True)) is None
    assert host.reply(frame._replace(data=frame.data[:-1])).kind is Malformed.LENGTH
    assert host.reply(frame._replace(data=frame.data + b"\0")).kind is Malformed.LENGTH
    assert host.reply(frame._replace(data=b"")).kind is Malformed.LENGTH
    assert host.reply(frame._replace(fd=not frame.fd)).kind is Malformed.FORMAT


def test_a_reply_on_the_hosts_id_that_names_another_drive_is_not_this_ones():
    host, _ = ends(CATALOGUE["ak80_9"])
    assert host.reply(CanFrame(0, bytes.fromhex("04 7F FF 7F F7 FF 20 00"))) is None


def test_a_reply_on_its_own_id_that_names_another_drive_is_an_error():
    reply = read("dm4310", "14 8A 3C 77 78 00 29 2B")
    assert reply == FrameError(Malformed.DRIVE, "a reply of drive 3 names drive 4")


def test_an_answer_of_a_register_is_not_read_as_a_state():
    """[id, 0, 0x33, 21, 12.5] would tell a drive that is off at -12.48 rad."""
    assert read("dm4310", "03 00 33 15 00 00 48 41") is None


def test_the_reply_id_can_be_set():
    host, end = ends(CATALOGUE["dm4310"], reply_id=0)
    assert host.reply_id == 0
    assert isinstance(host.reply(end.reply(state())[0]), DriveReply)


@pytest.mark.parametrize("model", CATALOGUE.all, ids=lambda model: model.title)
@pytest.mark.parametrize("place", ["position", "velocity", "torque"])
def test_a_drive_does_not_tell_what_is_not_finite(model, place):
    _, end = ends(model)
    with pytest.raises(ValueError, match="finite"):
        end.reply(state(**{place: nan}))


def test_a_temperature_beyond_its_field_is_told_as_its_end():
    host, end = ends(CATALOGUE["ak80_9"])
    assert host.reply(end.reply(state(motor_temperature=400.0))[0]).motor_temperature == 255.0
    assert host.reply(end.reply(state(motor_temperature=-5.0))[0]).motor_temperature == 0.0
    assert host.reply(end.reply(state(motor_temperature=nan))[0]).motor_temperature == 0.0


def test_a_special_is_known_by_its_name():
    assert Special("select_impedance") is Special.SELECT_IMPEDANCE
