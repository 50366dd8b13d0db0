"""The dialect file: what stands in it, that more of it needs no code, and how a wrong one is refused."""

import subprocess
import sys
from math import pi

import pytest

from robot.drivers import CanFrame, DriveCatalogue, DriveReply, DriveSetpoint, Fault, Power
from robot.drivers.dialect import Silence
from robot.drivers.factory import codec_of, end_of
from scenarios.assembly import DIALECTS, load_drive_models
from tests.unit.drive_frames import accepted, ordered

TEXT = DIALECTS.read_text(encoding="utf-8")


def test_models_have_a_name_a_protocol_and_the_limits_of_their_gains():
    models = load_drive_models()
    assert {"ak80_9", "dm4310", "powerflow_r52", "powerflow_r86", "qdd100"} <= set(models)
    assert all(name == model.name for name, model in models.items())
    assert {model.protocol for model in models.values()} == {"mit", "moteus"}
    r86 = models["powerflow_r86"]
    assert r86.command.position == pytest.approx((-2 * pi, 2 * pi))
    assert r86.command.torque == (-100.0, 100.0)
    assert (r86.command.stiffness.high, r86.command.damping.high) == (500.0, 8.0)
    assert r86.reply == r86.command[:3]


def test_a_firmware_has_ranges_of_its_own():
    models = load_drive_models()
    assert models.find("ak80_9").command.velocity.high == 50.0
    assert models.find("ak80_9", "v2").command.velocity.high == 25.64
    assert models.find("ak80_6", "v1").command.position.high == 95.5
    assert models.find("ak80_6", "v1").title == "ak80_6 with firmware v1"
    assert len(models.all) > len(models)


def test_what_a_drive_does_when_it_hears_nothing():
    silences = {name: model.silence for name, model in load_drive_models().items()}
    assert silences["dm4310"] == Silence(0.1, "off")
    assert silences["qdd100"] == Silence(0.1, "damp")
    assert silences["mini_cheetah"] == Silence(0.025, "free")
    assert silences["powerflow_r86"] is silences["ak80_9"] is None


@pytest.mark.parametrize(
    ("name", "firmware", "complaint"),
    [
        ("ak8O_9", None, "there is no drive model 'ak8O_9'; did you mean 'ak80_9'?"),
        ("servo", None, "there is no drive model 'servo'; there are mini_cheetah, "),
        ("ak80_9", "v7", "drive model 'ak80_9' has no firmware 'v7'; there are 'v1.1', 'v2'"),
        ("dm6006", "v7", "drive model 'dm6006' has no firmware 'v7'; there are none but the usual one"),
    ],
)
def test_a_model_that_there_is_not(name, firmware, complaint):
    with pytest.raises(ValueError) as error:
        load_drive_models().find(name, firmware)
    assert str(error.value).startswith(complaint)


NEW = """
[dialect.other]
family = "mit"
carriage = ["can"]
rounding = "nearest"
command.length = 8
command.fields = [
    { name = "torque", at = 0, bits = 12 }, { name = "damping", at = 12, bits = 12 },
    { name = "position", at = 24, bits = 16, order = "little" }, { name = "velocity", at = 40, bits = 12 },
    { name = "stiffness", at = 52, bits = 12 },
]
reply.id = "drive"
reply.id_offset = 0x40
reply.length = 7
reply.fields = [
    { name = "mark", at = 0, bits = 8, value = 0xA5 }, { name = "torque", at = 8, bits = 10 },
    { name = "position", at = 18, bits = 20 }, { name = "velocity", at = 38, bits = 14 },
    { name = "health", at = 52, bits = 4 },
]
codes.health = { 0 = "off", 1 = "on", 9 = "encoder", others = "malformed" }
special = { enable = "01 00 00 00 00 00 00 00", disable = "02 00 00 00 00 00 00 00" }

[[model]]
name = "new"
dialect = "other"
position = [-1.0, 3.0]
velocity = 10.0
torque = 5.0
stiffness = 100.0
damping = [0.5, 2.5]
reply = { velocity = 20.0 }
"""


def test_a_new_dialect_and_a_new_model_need_no_code():
    model = DriveCatalogue.parse(TEXT + NEW)["new"]
    host, end = codec_of(model, 5), end_of(model, 5)
    (frame,) = host.command(DriveSetpoint(0.0, 0.0, 0.0, 50.0, 1.5)).frames
    assert frame == CanFrame(5, bytes.fromhex("8008000040800800"))
    heard = ordered(end.heard(frame))
    assert heard == pytest.approx((0.0, 0.0, 0.0, 50.0, 1.5), abs=0.02)
    told = DriveReply(2.5, 15.0, -4.0, Power.FAULT, Fault.ENCODER, 0, 0.0, 0.0)
    (frame,) = end.reply(told)
    assert (frame.id, len(frame.data), frame.data[0], frame.data[-1] & 0xF) == (0x45, 7, 0xA5, 9)
    reply = accepted(host.reply(frame))
    assert reply[:3] == pytest.approx((2.5, 15.0, -4.0), abs=0.01)
    assert (reply.power, reply.fault, reply.code) == (Power.FAULT, Fault.ENCODER, 9)
    assert not isinstance(host.reply(frame._replace(data=b"\xa4" + frame.data[1:])), DriveReply)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("position = 12.5\n", "position = -12.5\n", "'mini_cheetah': position is -12.5; write one number above 0, or"),
        ("position = 12.5\n", "position = [3.0, 1.0]\n", "'mini_cheetah': position is (3.0, 1.0); write one number"),
        ("position = 12.5\n", "position = nan\n", "model 'mini_cheetah': position is nan; write one number above 0"),
        ("position = 12.5\n", "position = inf\n", "model 'mini_cheetah': position is inf; write one number above 0"),
        ("position = 12.5\n", "", "model 'mini_cheetah'.position: Field required"),
        ("position = 12.5\n", 'position = "12.5"\n', "model 'mini_cheetah'.position."),
        ("damping = 5.0\n", "damping = [-1.0, 5.0]\n", "damping begins at -1; a gain is never negative"),
        ("velocity = 65.0\n", "velocity = 65.0\nspeed = 1.0\n", "'mini_cheetah'.speed: Extra inputs are not permitted"),
        ('dialect = "mini_cheetah"', 'dialect = "mini"', "has the dialect 'mini', which is not there; there are"),
        ('name = "ak10_9"', 'name = "mini_cheetah"', "model 'mini_cheetah' with firmware '' is there twice"),
        ('name = "ak80_9"\ndialect', 'name = "ak"\ndialect', "'ak80_9' has a firmware 'v1.1', but no entry"),
        ("at = 16, bits = 12 }", "at = 15, bits = 12 }", "fields 'position' and 'velocity' both have bit 15"),
        ("at = 52, bits = 12 }", "at = 53, bits = 12 }", "field 'torque': bits 53 to 64 are not all within 8 bytes"),
        ('"damping", at = 40', '"dampling", at = 40', "a command has the fields position, velocity, torque, stiffness"),
        ('name = "drive", at = 0, bits = 8 },\n    { name = "position"',
         'name = "drive", at = 0, bits = 8 },\n    { name = "angle"', "a reply needs a field 'position'"),
        ('2 = "over_current"', '2 = "current"', "codes.error: there is no meaning 'current'; there are ok, "),
        ('2 = "over_current"', 'two = "over_current"', "codes.error: 'two' is no number"),
        ("[dialect.cubemars.codes.error]", "[dialect.cubemars.codes.fault]", "fields of a reply that are no readings"),
        ('enable = "FF FF FF FF FF FF FF FC"', 'enable = "FF FC"', "special.enable: 2 bytes; a command has 8"),
        ('enable = "FF FF FF FF FF FF FF FC"', 'enable = "FC F"', "special.enable: 'FC F' is no row of hexadecimal"),
        ('enable = "FF', 'start = "FF', "special: there is no 'start'; there are enable, disable"),
        ('order = "little" },\n    { name = "operation"', 'order = "pdp" },\n    { name = "operation"', "order: "),
        ("position = { address = 21", "range = { address = 21", "there is no register 'range'; there are control_mode"),
        ("after = 0.1, ", "after = 0.2, ", "its watchdog register is to be 0.1 s; write silence.after = 0.1"),
        ('then = "off"', 'then = "rest"', "dialect.damiao.silence.then: Input should be 'free', 'off', 'damp'"),
        ("watchdog = 0.1", "watchdog = 0.0", "dialect.moteus.watchdog: Input should be greater than 0"),
        ('family = "moteus"', 'family = "modbus"', "dialect.moteus: Input tag 'modbus'"),
        ('command = "mini_cheetah"', 'command = "mit"', "command: there is no layout 'mit'; there are mini_cheetah"),
        ("[[model]]", "[[drive]]", "model: Field required"),
        ("[dialect.cubemars]", "[dialect.cubemars", "no TOML"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_one_line_that_says_where(old, new, complaint):
    assert old in TEXT
    with pytest.raises(ValueError) as error:
        DriveCatalogue.parse(TEXT.replace(old, new))
    message = str(error.value)
    assert message.startswith("dialect file: ")
    assert complaint in message
    assert "\n" not in message


def test_a_register_for_both_ends_wants_a_range_that_has_one():
    text = TEXT.replace(
        'name = "dm4310"\ndialect = "damiao"\nposition = 12.5',
        'name = "dm4310"\ndialect = "damiao"\nposition = [-12.5, 13.0]',
    )
    codec = codec_of(DriveCatalogue.parse(text)["dm4310"], 1)
    with pytest.raises(ValueError, match="keeps one number for both ends"):
        _ = codec.settings


def test_to_look_a_model_up_loads_no_package_of_its_frames():
    program = (
        "import sys\nfrom scenarios.assembly import load_drive_models\nload_drive_models()\n"
        "print('moteus' in sys.modules, 'can' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split()[-2:] == ["False", "False"]
