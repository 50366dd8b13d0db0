"""A drive's own settings: asked, compared with the dialect file, and written."""

from math import pi

import pytest

from robot.drivers import CanFrame, FrameError, Malformed
from robot.drivers.codec import Ask, Poll, Write
from robot.drivers.factory import codec_of, end_of
from robot.drivers.verify import SettingsCheck
from scenarios.assembly import load_drive_models
from tests.unit.drive_frames import refused

CATALOGUE = load_drive_models()


def ends(name, drive=3):
    fd = "can" not in CATALOGUE[name].dialect.carriage
    return codec_of(CATALOGUE[name], drive, fd=fd), end_of(CATALOGUE[name], drive, fd=fd)


def answered(name, changes=None, silent=()):
    """A check of a drive whose settings are the expected ones but for some."""
    host, end = ends(name)
    kept = {key: setting.expected for key, setting in host.settings.items()} | (changes or {})
    check = SettingsCheck(host)
    for _ in range(20):
        for frame in check.question():
            asked = end.heard(frame)
            if isinstance(asked, Ask) and asked.name not in silent:
                for answer in end.answer(asked.name, kept[asked.name]):
                    check.take(answer)
    return check


def test_frames_of_damiao_registers_are_those_of_the_manual():
    host, _ = ends("dm4310")
    assert host.ask("velocity") == (CanFrame(0x7FF, bytes.fromhex("03 00 33 16 00 00 00 00")),)
    assert host.write("velocity", 30.0) == (CanFrame(0x7FF, bytes.fromhex("03 00 55 16 00 00 F0 41")),)
    assert host.write("watchdog", 0.1) == (CanFrame(0x7FF, bytes.fromhex("03 00 55 09 D0 07 00 00")),)
    assert host.poll() == (CanFrame(0x7FF, bytes.fromhex("03 00 CC 00 00 00 00 00")),)
    answer = CanFrame(0x13, bytes.fromhex("03 00 33 16 00 00 F0 41"))
    assert host.answer("velocity", answer) == 30.0
    assert host.answer("torque", answer) is None
    assert host.answer("velocity", answer._replace(id=0x14)) is None


def test_frames_of_powerflow_ranges_are_those_of_the_vendor():
    host, end = ends("powerflow_r86")
    (frame,) = host.write("damping_high", 8.0)
    assert frame == CanFrame(0x103, bytes.fromhex("33 00 00 00 41 00 00 00"), False, True)
    assert end.heard(frame) == Write("damping_high", 8.0)
    assert not host.readable
    with pytest.raises(ValueError, match=r"drive 3 \(powerflow_r86\) does not tell what is set in it"):
        host.ask("damping_high")


@pytest.mark.parametrize("name", ["dm4310", "powerflow_r86", "qdd100"])
def test_a_setting_goes_to_the_drive_and_comes_back(name):
    host, end = ends(name)
    assert host.settings
    for key, setting in host.settings.items():
        (frame,) = host.write(key, setting.expected)
        heard = end.heard(frame)
        assert isinstance(heard, Write)
        assert heard.name == key
        assert heard.value == pytest.approx(setting.expected, abs=setting.tolerance)
        if host.readable:
            assert end.heard(host.ask(key)[0]) == Ask(key)
            value = host.answer(key, end.answer(key, setting.expected)[0])
            assert value == pytest.approx(setting.expected, abs=setting.tolerance)


@pytest.mark.parametrize("name", ["dm4310", "qdd100"])
def test_a_request_for_the_state_asks_for_nothing_else(name):
    host, end = ends(name)
    (frame,) = host.poll()
    assert end.heard(frame) == Poll()


@pytest.mark.parametrize("name", ["dm4310", "qdd100"])
def test_a_drive_that_is_set_rightly_is_accepted(name):
    check = answered(name)
    assert check.done
    assert set(check.found) == set(ends(name)[0].settings)
    check.require()


def test_a_drive_that_cannot_be_asked_has_nothing_to_check():
    check = SettingsCheck(ends("powerflow_r86")[0])
    assert check.done
    assert check.question() == ()
    check.require()


@pytest.mark.parametrize(
    ("name", "changes", "complaint"),
    [
        ("dm4310", {"velocity": 45.0},
         "drive 3 (dm4310): its velocity range is 45 rad/s in the drive (register 0x16), and 30 rad/s in the dialect "
         "file; set the drive, or name its firmware"),
        ("dm4310", {"torque": 10.01}, "its torque range is 10.01 Nm in the drive (register 0x17), and 10 Nm"),
        ("dm4310", {"watchdog": 0.0}, "its watchdog is 0 s in the drive (register 0x9), and 0.1 s"),
        ("dm4310", {"control_mode": 2.0}, "its control mode is 2 in the drive (register 0xa), and 1"),
        ("qdd100", {"stiffness": 4.0 / (2.0 * pi)},
         "its stiffness range is 0.63662 Nm/rad in the drive (servo.pid_position.kp), and 500 Nm/rad"),
        ("qdd100", {"timeout_mode": 0.0}, "its timeout mode is 0 in the drive (servo.timeout_mode), and 12"),
    ],
)  # fmt: skip
def test_a_drive_that_is_set_otherwise_is_refused(name, changes, complaint):
    check = answered(name, changes)
    assert len(check.complaints()) == 1
    with pytest.raises(ValueError) as error:
        check.require()
    assert complaint in str(error.value)


def test_what_is_not_as_it_should_be_is_asked_once_more():
    check = answered("dm4310", {"velocity": 45.0})
    right = dict(check.found)
    assert check.doubt()
    assert check.questions == ("velocity",)
    assert check.found == {name: value for name, value in right.items() if name != "velocity"}
    host, end = ends("dm4310")
    assert check.take(end.answer("velocity", host.settings["velocity"].expected)[0])
    assert not check.doubt()
    check.require()


def test_a_drive_that_does_not_tell_is_refused():
    check = answered("dm4310", silent=("torque",))
    assert not check.done
    with pytest.raises(ValueError, match=r"drive 3 \(dm4310\) does not tell its torque range \(register 0x17\)"):
        check.require()


def test_what_is_no_number_is_no_setting():
    host, end = ends("dm4310")
    nan = CanFrame(0x13, bytes.fromhex("03 00 33 16 00 00 C0 7F"))
    assert refused(host.answer("velocity", nan)).kind is Malformed.NOT_FINITE
    assert refused(end.heard(CanFrame(0x7FF, bytes.fromhex("03 00 55 16 00 00 C0 7F")))).kind is Malformed.NOT_FINITE
    check = SettingsCheck(host)
    assert not check.take(nan)
    for name, value in (("velocity", float("nan")), ("watchdog", -1.0), ("watchdog", 1e9)):
        with pytest.raises(ValueError, match="register 0x"):
            host.write(name, value)
    with pytest.raises(ValueError, match="has no register 'gear'; there are position, "):
        host.write("gear", 1.0)


def test_a_drive_hears_only_what_is_for_it():
    _, end = ends("dm4310")
    assert end.heard(CanFrame(0x7FF, bytes.fromhex("04 00 33 16 00 00 00 00"))) is None
    for wrong in ("03 00 11 16 00 00 00 00", "03 00 33 F0 00 00 00 00"):
        heard = end.heard(CanFrame(0x7FF, bytes.fromhex(wrong)))
        assert isinstance(heard, FrameError)
        assert heard.kind is Malformed.CONTENT
