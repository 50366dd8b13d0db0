"""Drives on buses of python-can: whose reply a frame is, and a client with a drive at the other end."""

import threading
from time import monotonic

import can
import pytest

from robot.drivers import CanFrame, DriveReply, DriveSetpoint, Fault, Malformed, Power, Special
from robot.drivers.can_message import from_message, to_message
from robot.drivers.client import DriveClient
from robot.drivers.codec import Command, Poll
from robot.drivers.factory import codec_of, end_of
from robot.drivers.roster import Roster
from scenarios.assembly import load_drive_models
from tests.unit.drive_frames import accepted, refused

CATALOGUE = load_drive_models()
STATE = DriveReply(1.0, -2.0, 3.0, Power.OFF, Fault.NONE, 0, 40.0, 50.0)


def codecs(*drives, **settings):
    return [codec_of(CATALOGUE[name], drive, fd=True, **settings) for name, drive in drives]


def test_a_reply_finds_its_drive():
    drives = [("ak80_9", 1), ("ak80_9", 2), ("dm4310", 4), ("dm4340", 5), ("powerflow_r86", 7), ("qdd100", 9)]
    roster = Roster(codecs(*drives))
    for index, (name, drive) in enumerate(drives):
        for frame in end_of(CATALOGUE[name], drive, fd=True).reply(STATE):
            found = roster.hear(frame)
            assert found is not None
            assert found.drive == index
            assert accepted(found.reply)[:3] == pytest.approx(STATE[:3], abs=0.05)
    assert roster.hear(CanFrame(0x300, bytes(8))) is None
    assert roster.hear(CanFrame(0, bytes.fromhex("03 7F FF 7F F7 FF 20 00"))) is None
    short = roster.hear(CanFrame(0, bytes.fromhex("01 7F FF 7F F7 FF 20")))
    assert short is not None
    assert short.drive is None
    assert refused(short.reply).kind is Malformed.LENGTH


def test_a_bad_frame_is_blamed_on_the_drive_that_it_names():
    roster = Roster(codecs(("dm4310", 1), ("dm4310", 2), reply_id=0))
    state = roster.hear(CanFrame(0, bytes.fromhex("F2 7F FF 7F F7 FF 20 20"), False, True))
    assert state is not None
    assert refused(state.reply).kind is Malformed.CODE
    assert state.drive == 1


@pytest.mark.parametrize(
    ("drives", "settings", "complaint"),
    [
        ([("ak80_9", 1), ("dm4310", 1)], {}, "drive 1 (ak80_9) would take frames of id 0x1, which are "),
        ([("dm4310", 1), ("dm4310", 0x11)], {}, "id 0x11, which are those of drive 1 (dm4310)"),
        ([("qdd100", 1), ("powerflow_r86", 1)], {}, "drive 1 (qdd100) would take frames of id 0x1"),
        ([("powerflow_r86", 2), ("qdd100", 2)], {}, "drive 2 (powerflow_r86) would take frames of id 0x2"),
        ([("powerflow_r86", 2), ("dm4310", 0x102)], {}, "drive 2 (powerflow_r86) would take frames of id 0x102"),
        ([("qdd100", 0x12), ("dm4310", 2)], {}, "drive 18 (qdd100) would take frames of id 0x12"),
        ([("dm4310", 1), ("dm4310", 0x21)], {"reply_id": 0},
         "drives 1 (dm4310) and 33 (dm4310) reply on id 0x0 and nothing in their replies tells them apart"),
    ],
)  # fmt: skip
def test_drives_that_cannot_share_a_bus(drives, settings, complaint):
    with pytest.raises(ValueError) as error:
        Roster(codecs(*drives, **settings))
    assert complaint in str(error.value)


def test_a_frame_is_the_same_as_a_message():
    for frame in (
        CanFrame(3, b"\x01\x02"),
        CanFrame(0x8005, bytes(64), True, True),
        CanFrame(3, bytes(8), False, True),
    ):
        message = to_message(frame)
        assert message.bitrate_switch is frame.fd
        assert from_message(message) == frame
    assert from_message(can.Message(is_error_frame=True)) is None
    assert from_message(can.Message(arbitration_id=3, is_remote_frame=True)) is None


class Drive:
    """A drive without physics at the other end of a virtual bus: it answers what it hears."""

    def __init__(self, model, channel):
        self.end, self.setpoints, self.power = end_of(model, 3, fd=True), [], Power.OFF
        self.bus = can.Bus(channel, interface="virtual", protocol=can.CanProtocol.CAN_FD)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        self.bus.shutdown()

    def run(self):
        while not self.stop.is_set():
            message = self.bus.recv(0.01)
            for frame in () if message is None else self.hear(from_message(message)):
                self.bus.send(to_message(frame))

    def hear(self, frame):
        match self.end.heard(frame):
            case Command(setpoint, _):
                self.setpoints.append(setpoint)
            case Special.ENABLE:
                self.power = Power.ON
            case Special() | Poll():
                pass
            case _:
                return ()
        return self.end.reply(STATE._replace(power=self.power))


@pytest.mark.parametrize("name", ["dm4310", "qdd100", "powerflow_r86", "ak80_9"])
def test_a_client_asks_and_commands_a_drive(name):
    model = CATALOGUE[name]
    codec = codec_of(model, 3, fd=True)
    with Drive(model, name) as drive, can.Bus(name, interface="virtual", protocol=can.CanProtocol.CAN_FD) as bus:
        client = DriveClient(bus, codec, monotonic, patience=2.0)
        polled = client.state()
        assert (polled is None) is not bool(codec.poll())
        reply = accepted(client.request(Special.ENABLE))
        assert reply.power is {"qdd100": Power.OFF, "ak80_9": Power.UNKNOWN}.get(name, Power.ON)
        reply = accepted(client.command(DriveSetpoint(0.5, 0.0, 0.0, 80.0, 3.0)))
        assert reply[:3] == pytest.approx(STATE[:3], abs=0.05)
        assert client.refused == []
    assert drive.setpoints == [pytest.approx((0.5, 0.0, 0.0, 80.0, 3.0), abs=0.2)]


def test_a_drive_that_is_not_there_is_not_waited_for():
    codec = codec_of(CATALOGUE["dm4310"], 3)
    with can.Bus("nobody", interface="virtual") as bus:
        client = DriveClient(bus, codec, monotonic, patience=0.01, tries=2)
        assert client.state() is None
        assert client.request(Special.ENABLE) is None


def test_a_client_keeps_what_it_did_not_accept():
    codec = codec_of(CATALOGUE["dm4310"], 3)
    with can.Bus("noise", interface="virtual") as bus, can.Bus("noise", interface="virtual") as noise:
        noise.send(to_message(CanFrame(0x13, bytes(3))))
        noise.send(to_message(CanFrame(0x14, bytes(8))))
        client = DriveClient(bus, codec, monotonic, patience=0.01, tries=1)
        assert client.state() is None
        assert [error.kind for error in client.refused] == [Malformed.LENGTH]
