"""Commands in the MIT dialects: golden vectors, round trips, saturation, and frames that must not be mistaken."""

from itertools import product
from math import inf, nan, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot import Reason
from robot.drivers import CanFrame, DriveCatalogue, DriveSetpoint, FrameError, Malformed, Special
from robot.drivers.codec import Command
from robot.drivers.factory import codec_of, end_of
from scenarios.assembly import DIALECTS, load_drive_models

CATALOGUE = load_drive_models()
MIT = [model for model in CATALOGUE.all if model.protocol == "mit"]
TEXT = DIALECTS.read_text(encoding="utf-8")


def speaks_fd(model):
    return "can" not in model.dialect.carriage


def ends(model, drive=3):
    return codec_of(model, drive, fd=speaks_fd(model)), end_of(model, drive, fd=speaks_fd(model))


def payload(name, setpoint, catalogue=CATALOGUE):
    (frame,) = ends(catalogue[name])[0].command(DriveSetpoint(*setpoint)).frames
    return frame.data.hex(" ").upper()


def reference(setpoint, ranges):
    """The packer of the mini-cheetah, written down bit by bit, of numbers within their ranges."""
    position, velocity, torque, stiffness, damping = setpoint
    p, v, t, kp, kd = ranges
    word = ""
    for number, low, high, bits in (
        (position, -p, p, 16), (velocity, -v, v, 12), (stiffness, 0.0, kp, 12), (damping, 0.0, kd, 12),
        (torque, -t, t, 12),
    ):  # fmt: skip
        word += f"{int((number - low) * (2**bits - 1) / (high - low)):0{bits}b}"
    return int(word, 2).to_bytes(8, "big").hex(" ").upper()


@pytest.mark.parametrize("model", MIT, ids=lambda model: model.title)
def test_all_zero_is_the_same_in_every_symmetric_range(model):
    (frame,) = ends(model)[0].command(DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)).frames
    assert frame.data.hex(" ").upper() == "7F FF 7F F0 00 00 07 FF"


def test_golden_vectors():
    assert payload("dm4310", (1.0, -2.0, 0.5, 40.0, 1.0)) == "8A 3C 77 71 47 33 38 65"
    assert payload("powerflow_r86", (0.5, 0.0, 0.0, 80.0, 3.0)) == "8A 2F 7F F2 8F 5F F7 FF"


@pytest.mark.parametrize(
    ("name", "ranges"),
    [
        ("ak80_9", (12.5, 50.0, 18.0, 500.0, 5.0)),
        ("ak80_64", (12.5, 8.0, 144.0, 500.0, 5.0)),
        ("dm10010l", (12.5, 25.0, 200.0, 500.0, 5.0)),
        ("powerflow_r52", (2.0 * pi, 4.0 * pi, 50.0, 500.0, 8.0)),
        ("mini_cheetah", (12.5, 65.0, 40.0, 500.0, 5.0)),
    ],
)
@given(shares=st.tuples(*(st.floats(0.001, 0.999) for _ in range(5))))
def test_every_dialect_packs_as_the_mini_cheetah_does(name, ranges, shares):
    p, v, t, kp, kd = ranges
    setpoint = (
        p * (2 * shares[0] - 1), v * (2 * shares[1] - 1), t * (2 * shares[2] - 1), kp * shares[3], kd * shares[4],
    )  # fmt: skip
    assert payload(name, setpoint) == reference(setpoint, ranges)


def test_rounding_is_a_setting_of_the_dialect():
    rounding = DriveCatalogue.parse(TEXT.replace('rounding = "truncate"', 'rounding = "nearest"'))
    assert payload("dm4310", (0.0, 0.0, 0.0, 0.0, 0.0), rounding) == "80 00 80 00 00 00 08 00"


@pytest.mark.parametrize("model", MIT, ids=lambda model: model.title)
@given(numbers=st.tuples(*(st.floats(-1e6, 1e6) for _ in range(5))), spread=st.sampled_from([1e-6, 1e-4, 1e-2, 1.0]))
def test_what_arrives_is_within_one_count_of_what_was_asked_or_the_end_of_its_range(model, numbers, spread):
    host, end = ends(model)
    setpoint = DriveSetpoint(*(number * spread for number in numbers))
    sent = host.command(setpoint)
    heard = end.heard(sent.frames[0])
    assert isinstance(heard, Command)
    bits, reasons = (16, 12, 12, 12, 12), 0
    for number, arrived, span, width, reason in zip(
        setpoint, heard.setpoint, model.command, bits,
        (Reason.POSITION_CLAMPED, Reason.VELOCITY_CLAMPED, Reason.TORQUE_CLAMPED, *[Reason.GAIN_CLAMPED] * 2),
        strict=True,
    ):  # fmt: skip
        count = (span.high - span.low) / (2**width - 1)
        corner = 4.0 if width == 12 and span.low < 0.0 else 0.0
        bounded = min(max(number, span.low), span.high)
        assert span.low <= arrived <= span.high
        assert abs(arrived - bounded) <= (1.0 + corner) * count * (1.0 + 1e-9)
        if bounded != number:
            reasons |= reason
    assert sent.reasons == reasons


@pytest.mark.parametrize("model", MIT, ids=lambda model: model.title)
def test_a_command_twice_through_the_wire_is_the_same(model):
    host, end = ends(model)
    for share in range(1, 200):
        once = end.heard(
            host.command(DriveSetpoint(*(s.low + share / 200.0 * (s.high - s.low) for s in model.command))).frames[0]
        )
        middle = DriveSetpoint(
            *(number + 1e-9 * (s.high - s.low) for number, s in zip(once.setpoint, model.command, strict=True))
        )
        assert end.heard(host.command(middle).frames[0]) == once


def test_what_wrapped_in_the_vendors_encoder_is_saturated_here():
    """Damping 10 against a range to 8 went out as 1.997, stiffness 500.2 as 0, and 13 rad/s as -12.14."""
    host, end = ends(CATALOGUE["powerflow_r86"])
    sent = host.command(DriveSetpoint(0.0, 13.0, 0.0, 500.2, 10.0))
    assert sent.reasons == Reason.VELOCITY_CLAMPED | Reason.GAIN_CLAMPED
    assert end.heard(sent.frames[0]).setpoint[1:] == pytest.approx((4.0 * pi, -100.0 / 4095, 500.0, 8.0))


@pytest.mark.parametrize("model", CATALOGUE.all, ids=lambda model: model.title)
@pytest.mark.parametrize("bad", [nan, inf, -inf])
@pytest.mark.parametrize("place", range(5))
def test_no_drive_is_sent_what_is_not_finite(model, bad, place):
    host, _ = ends(model)
    numbers = [0.0] * 5
    numbers[place] = bad
    name = DriveSetpoint._fields[place]
    with pytest.raises(ValueError, match=rf"drive 3 \(.*\): {name} is {bad} .*only sent finite numbers"):
        host.command(DriveSetpoint(*numbers))


@pytest.mark.parametrize("model", MIT, ids=lambda model: model.title)
def test_no_setpoint_is_ever_read_as_another_request(model):
    """In a corner of all ranges, the frame of a setpoint would be that of an enable, a zero or a clear request."""
    host, end = ends(model)
    p, v, t, kp, kd = model.command
    steps = [
        low + count * (t.high - t.low) / 4095
        for count in range(9)
        for low in (t.low, t.high - 8 * (t.high - t.low) / 4095)
    ]
    for position, velocity, torque, stiffness, damping in product(
        (p.low, p.high), (v.low, v.high), [*steps, -1e9, 1e9], (kp.low, kp.high), (kd.low, kd.high)
    ):
        asked = DriveSetpoint(position, velocity, torque, stiffness, damping)
        heard = end.heard(host.command(asked).frames[0])
        assert isinstance(heard, Command)
        assert abs(heard.setpoint.torque - min(max(torque, t.low), t.high)) <= 5.001 * (t.high - t.low) / 4095


def test_the_corner_is_not_far_fetched():
    """All numbers at their greatest but for two counts of torque: the mini-cheetah would call this position zero."""
    model = CATALOGUE["ak80_9"]
    corner = DriveSetpoint(12.5, 50.0, 18.0 - 36.0 / 4095, 500.0, 5.0)
    assert reference(corner, (12.5, 50.0, 18.0, 500.0, 5.0)) == "FF FF FF FF FF FF FF FE"
    host, end = ends(model)
    assert host.command(corner).frames[0].data[-1] == 0xFB
    assert isinstance(end.heard(host.command(corner).frames[0]), Command)


@pytest.mark.parametrize("model", CATALOGUE.all, ids=lambda model: model.title)
def test_what_a_drive_can_be_asked_it_hears(model):
    host, end = ends(model)
    for special in host.specials:
        (frame,) = host.special(special)
        stops = model.protocol == "moteus" and special is not Special.ZERO
        assert end.heard(frame) is (Special.DISABLE if stops else special)
        assert end.heard(frame._replace(id=frame.id + 1)) is None
    for special in set(Special) - host.specials:
        with pytest.raises(ValueError, match=f"cannot be asked to {special.value}; it can: "):
            host.special(special)


def test_requests_are_those_of_the_manuals():
    host, _ = ends(CATALOGUE["dm4310"])
    frames = {special: host.special(special)[0] for special in host.specials}
    assert {special: frame.data[-1] for special, frame in frames.items()} == {
        Special.ENABLE: 0xFC, Special.DISABLE: 0xFD, Special.ZERO: 0xFE, Special.CLEAR: 0xFB,
    }  # fmt: skip
    assert all(frame.data[:7] == b"\xff" * 7 and frame.id == 3 for frame in frames.values())


def test_a_drive_refuses_a_command_of_a_wrong_length_or_format():
    host, end = ends(CATALOGUE["ak80_9"])
    (frame,) = host.command(DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)).frames
    for wrong, kind in (
        (frame._replace(data=frame.data[:7]), Malformed.LENGTH),
        (frame._replace(data=frame.data + b"\0"), Malformed.LENGTH),
        (frame._replace(fd=True), Malformed.FORMAT),
    ):
        heard = end.heard(wrong)
        assert isinstance(heard, FrameError)
        assert heard.kind is kind
    assert end.heard(frame._replace(extended=True)) is None


def test_a_drive_of_both_carriages_takes_the_format_of_its_bus():
    zero = DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)
    classic, fast = (codec_of(CATALOGUE["dm4310"], 3, fd=fd).command(zero).frames[0] for fd in (False, True))
    assert classic == CanFrame(3, bytes.fromhex("7FFF7FF0000007FF"))
    assert fast == classic._replace(fd=True)
    assert not codec_of(CATALOGUE["ak80_9"], 3, fd=True).command(zero).frames[0].fd
    with pytest.raises(ValueError, match="its bus must be CAN-FD"):
        codec_of(CATALOGUE["powerflow_r86"], 3, fd=False)


@pytest.mark.parametrize(
    ("name", "drive", "settings", "complaint"),
    [
        ("ak80_9", 0, {}, "its id must be from 1 to 255"),
        ("ak80_9", 256, {}, "its id must be from 1 to 255"),
        ("ak80_9", 5, {"host": 5}, "its replies come on its own id, where commands go; give the host another id"),
        ("powerflow_r86", 0x100, {"fd": True}, "its id must be from 1 to 255; above that are the ids of its requests"),
        ("dm4310", 0x7FF, {}, "replies come on id 0x80f"),
        ("dm4310", 3, {"reply_id": 0x7FF}, "id 0x7ff is that of requests for registers"),
        ("qdd100", 128, {"fd": True}, "has an id from 1 to 127"),
        ("qdd100", 5, {"fd": True, "host": 5}, "and its host another"),
        ("qdd100", 5, {"fd": True, "reply_id": 7}, "replies on an id of its own making"),
    ],
)
def test_ids_that_cannot_be(name, drive, settings, complaint):
    with pytest.raises(ValueError, match=complaint):
        codec_of(CATALOGUE[name], drive, **settings)
