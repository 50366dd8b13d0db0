"""What the firmware of a virtual drive does with frames, and without them."""

from dataclasses import replace
from functools import partial

import pytest

from robot.drivers import DriveSetpoint, Fault, Power, Range, Special
from robot.drivers.factory import codec_of, end_of
from scenarios.committed import load_drive_models
from sim.firmware import Feeling, Firmware

SETPOINT = DriveSetpoint(0.5, 0.0, 1.0, 20.0, 1.0)
MODELS = {name: load_drive_models()[name] for name in ("mini_cheetah", "ak80_9", "dm4310", "powerflow_r52", "qdd100")}
FEELING = Feeling(0.2, 0.0, 0.0, 40.0)


class Drive:
    """A drive and its host."""

    def __init__(self, model, delivered=None):
        fd = "can" not in model.dialect.carriage
        self.codec = codec_of(model, 3, fd=fd)
        self.firmware = Firmware(lambda other: end_of(other, 3, fd=fd), delivered or model, 115.0)
        self.firmware.keep({name: setting.expected for name, setting in self.codec.settings.items()})
        self.feeling = FEELING

    def send(self, frames, time=0.0):
        back = [reply for frame in frames for reply in self.firmware.hear(frame, time, lambda: self.feeling)]
        return [self.codec.reply(frame) for frame in back]

    def command(self, setpoint=SETPOINT, time=0.0):
        return self.send(self.codec.command(setpoint).frames, time)

    def request(self, special, time=0.0):
        return self.send(self.codec.special(special), time)

    def watch(self, time):
        self.firmware.watch(time, lambda: self.feeling)

    def power(self):
        return self.firmware.power

    def fault(self):
        return self.firmware.fault

    def switch_on(self):
        self.request(Special.ENABLE)
        self.command()


@pytest.fixture(params=list(MODELS))
def drive(request):
    return Drive(MODELS[request.param])


def test_it_is_off_until_it_is_enabled_and_then_follows_what_it_has_decoded(drive):
    if drive.firmware._model.protocol == "mit":
        drive.command()
        assert drive.power() is Power.OFF
        assert drive.firmware.following.stiffness == 0.0
    drive.switch_on()
    assert drive.power() is Power.ON
    assert drive.firmware.following == pytest.approx(SETPOINT, abs=0.13)
    drive.request(Special.DISABLE)
    assert drive.power() is Power.OFF
    assert drive.firmware.following == (0.0, 0.0, 0.0, 0.0, 0.0)


def test_every_command_is_answered_by_what_it_feels(drive):
    (reply,) = drive.command()
    assert reply.position == pytest.approx(0.2, abs=4e-3)


def test_enabling_makes_no_torque(drive):
    drive.request(Special.ENABLE)
    assert drive.firmware.following == (0.0, 0.0, 0.0, 0.0, 0.0)


def test_silence_does_what_the_dialect_says(drive):
    drive.switch_on()
    silence = drive.codec.model.silence
    if silence is None:  # nothing is published: it goes on
        drive.watch(1000.0)
        assert drive.power() is Power.ON
        assert drive.firmware.following.stiffness == pytest.approx(SETPOINT.stiffness, abs=0.2)
        return
    drive.watch(silence.after)
    assert drive.fault() is Fault.NONE
    assert drive.firmware.following.stiffness > 0.0
    drive.watch(silence.after + 1e-4)
    following = drive.firmware.following
    assert following.stiffness == following.torque == 0.0
    assert (following.damping > 0.0) is (silence.then == "damp")
    assert (drive.fault() is Fault.SILENCE) is (silence.then != "free")
    drive.command(time=1.0)
    assert (drive.firmware.following.stiffness > 0.0) is (silence.then == "free")  # the others have latched


def test_silence_ends_by_a_request_of_the_make():
    drive = Drive(MODELS["dm4310"])
    drive.switch_on()
    drive.watch(0.2)
    (reply,) = drive.command()
    assert reply.fault is Fault.SILENCE
    drive.request(Special.ENABLE)
    assert drive.power() is Power.FAULT
    drive.request(Special.CLEAR)
    drive.switch_on()
    assert drive.power() is Power.ON


def test_a_moteus_holds_out_with_little_torque_after_silence():
    drive = Drive(MODELS["qdd100"])
    drive.switch_on()
    assert drive.firmware.torque_cap is None
    drive.watch(0.11)
    assert drive.firmware.torque_cap == 5.0  # of the dialect file


def test_a_hot_winding_switches_it_off_until_it_is_cool_and_cleared():
    drive = Drive(MODELS["dm4310"])
    drive.switch_on()
    drive.feeling = FEELING._replace(temperature=116.0)
    drive.watch(0.001)
    (reply,) = drive.command()
    assert (reply.fault, reply.motor_temperature) == (Fault.MOTOR_TEMPERATURE, 116.0)
    assert drive.firmware.following.stiffness == 0.0
    drive.request(Special.CLEAR)
    assert drive.fault() is Fault.MOTOR_TEMPERATURE
    drive.feeling = FEELING
    drive.request(Special.CLEAR)
    assert drive.fault() is Fault.NONE


def test_a_new_zero_moves_what_it_tells_and_not_where_it_goes():
    drive = Drive(MODELS["dm4310"])
    (reply,) = drive.request(Special.ZERO)
    assert reply.position == pytest.approx(0.0, abs=1e-3)
    drive.switch_on()
    assert drive.firmware.following.position == pytest.approx(SETPOINT.position + 0.2, abs=1e-3)


def test_frames_mean_what_its_ranges_say_until_they_are_written():
    """A drive as it is delivered has other ranges than the wiring file asks for."""
    x2 = load_drive_models().find("powerflow_r52", "x2")
    drive = Drive(x2, delivered=MODELS["powerflow_r52"])
    drive.firmware.keep(
        {f"{number}_{end}": getattr(getattr(MODELS["powerflow_r52"].command, number), end)
         for number in x2.command._fields for end in ("low", "high")}
    )  # fmt: skip
    drive.switch_on()
    wrong = drive.firmware.following.damping
    assert wrong == pytest.approx(SETPOINT.damping * 8.0 / 20.0, rel=0.02)
    for name, setting in drive.codec.settings.items():
        drive.send(drive.codec.write(name, setting.expected))
    drive.command()
    assert drive.firmware.following == pytest.approx(SETPOINT, abs=0.13)


def test_frames_that_mean_nothing_are_not_answered_and_change_nothing():
    drive = Drive(MODELS["dm4310"])
    drive.switch_on()
    before = drive.firmware.following
    (frame,) = drive.codec.command(SETPOINT).frames
    assert drive.send([frame._replace(data=frame.data[:5])]) == []
    assert drive.firmware.following == before


def test_frames_for_others_are_not_answered():
    drive = Drive(MODELS["dm4310"])
    other = partial(codec_of, MODELS["dm4310"])(4)
    assert drive.send(other.command(SETPOINT).frames) == []


def test_a_range_of_one_register_is_changed_at_both_ends():
    dm = MODELS["dm4310"]
    narrow = replace(dm, command=dm.command._replace(torque=Range(-5.0, 5.0)))
    drive = Drive(dm, delivered=narrow)
    drive.firmware.keep({"torque": 5.0})
    drive.send(drive.codec.write("torque", 10.0))
    drive.request(Special.ENABLE)
    drive.command(SETPOINT._replace(torque=-8.0))
    assert drive.firmware.following.torque == pytest.approx(-8.0, abs=0.01)
