"""`draisine drives`: what goes over a virtual bus, what is refused, and how the drives are left."""

import json
import re

import can
import pytest
from typer.testing import CliRunner

from robot.drivers import Fault, Power, Special
from robot.drivers.can_message import to_message
from robot.drivers.codec import Ask, Command, Poll, Write
from scenarios.assembly import load_drive_models
from scenarios.commands import app
from scenarios.drives import exercise, tools
from scenarios.drives.link import Clock, drain
from scenarios.errors import BadInput
from tests.cli.test_cli import assert_refused, draisine
from tests.unit.drive_on_a_bus import DriveOnABus

CATALOGUE = load_drive_models()
MODELS = {"powerflow": "powerflow_r86", "damiao": "dm4340", "moteus": "qdd100", "cubemars": "ak80_9"}
HEAD = "head_yaw_joint"


@pytest.fixture
def channel(request):
    return re.sub(r"\W", "_", request.node.name)


@pytest.fixture(autouse=True, scope="module")
def brisk():
    """The sine's time passes at once; the bus waits as it does."""
    kept, tools.CLOCK = tools.CLOCK, Clock(wait=lambda _: None)
    yield
    tools.CLOCK = kept


def head():
    from scenarios.drives.asked import Asked
    from scenarios.drives.link import choose, pick

    return pick(choose(Asked(bus="left_arm"))[1], HEAD).wire


WIRE = head()


def call(channel, *arguments, answer=None, bus="left_arm"):
    where = ["--bus", bus, "--interface", "virtual", "--channel", channel]
    return CliRunner().invoke(app, ["drives", *where, *arguments], input=answer, standalone_mode=False)


def drive(channel, **how):
    return DriveOnABus(WIRE.model, WIRE.id, channel, **how)


def test_nothing_is_sent_without_a_yes(channel):
    with drive(channel) as fake:
        for command in (["enable", HEAD], ["disable", "all"], ["zero", HEAD], ["exercise", HEAD]):
            run = call(channel, *command, answer="no\n")
            assert isinstance(run.exception, BadInput), run.output
            assert "not confirmed" in str(run.exception)
        assert fake.heard == []


def test_a_look_sends_questions_only(channel):
    with drive(channel) as fake:
        rows = json.loads(call(channel, "monitor", "--once", "--json", "--period", "0.03").output)
        lines = json.loads(call(channel, "scan", "--json", "--listen", "0.01").output)
        assert len(rows) == len([line for line in lines if line["name"] != "-"])
        assert all(isinstance(one, Poll | Ask) for one in fake.heard)


def test_what_a_drive_says_is_shown_in_joint_units(channel):
    with drive(channel) as fake:
        assert fake.state.position == 0.2
        sender = can.Bus(channel, interface="virtual", protocol=can.CanProtocol.CAN_FD)
        from scenarios.drives.asked import Asked
        from scenarios.drives.link import choose
        from scenarios.drives.monitor import Monitor

        watch = Monitor(can.Bus(channel, interface="virtual"), choose(Asked(bus="left_arm"))[1], Clock())
        for frame in fake.end.reply(fake.state):
            sender.send(to_message(frame))
        (row,) = [row for row in watch.look(0.03) if row.name == HEAD]
        sender.shutdown()
        watch._bus.shutdown()
        assert row.position == pytest.approx((0.2 - WIRE.zero) / WIRE.ratio, abs=1e-3)
        assert row.voltage is None


def test_enabling_makes_no_torque_at_the_measured_place(channel):
    with drive(channel) as fake:
        run = call(channel, "enable", HEAD, "--yes")
        assert run.exception is None, run.exception
        assert fake.state.power is Power.ON
        last = fake.setpoints[-1]
        assert last.position == pytest.approx(0.2, abs=1e-3)
        assert last.stiffness == 0.0
        assert last.damping == 0.0
        assert abs(last.torque) < 0.1  # zero is between two counts
        first_on = fake.heard.index(Special.ENABLE)
        assert any(isinstance(one, Command) for one in fake.heard[:first_on])


def test_a_drive_with_a_fault_is_switched_off_not_on(channel):
    with drive(channel, fault=Fault.OVER_CURRENT) as fake:
        run = call(channel, "enable", HEAD, "--yes")
        assert isinstance(run.exception, BadInput)
        assert Special.ENABLE not in fake.heard
        assert fake.heard[-1] is Special.DISABLE


def brief(*more):
    return ["exercise", HEAD, "--yes", "--period", "0.35", "--cycles", "2", *more]


def test_an_exercise_moves_a_little_and_ends_switched_off(channel):
    with drive(channel) as fake:
        run = call(channel, *brief())
        assert run.return_value == 0, (run.output, run.exception)
        asked = [abs((s.position - 0.2) / WIRE.ratio) for s in fake.setpoints if s.stiffness > 0]
        assert 0.03 < max(asked) < 0.052
        assert fake.state.power is Power.OFF
        assert "off, and says so" in run.output


@pytest.mark.parametrize(
    ("how", "more", "why"),
    [
        ({"stuck": True}, ["--error", "0.01"], "tracking error"),
        ({"hot": 80.0}, [], "winding"),
        ({"deaf_after": 12}, [], "without a reply"),
    ],
)
def test_an_exercise_ends_early_and_switched_off(channel, how, more, why):
    with drive(channel, **how) as fake:
        run = call(channel, *brief(*more))
        assert run.return_value == 1, (run.output, run.exception)
        assert why in run.output
        assert fake.heard[-1] is Special.DISABLE


def test_ctrl_c_leaves_the_drive_off(channel, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(exercise, "_limited", interrupted)
    with drive(channel) as fake:
        run = call(channel, *brief())
        assert fake.state.power is Power.OFF
        assert fake.heard[-1] is Special.DISABLE
        assert "off, and says so" in run.output


def test_zero_prints_the_entry_or_sets_the_drive(channel):
    with drive(channel) as fake:
        run = call(channel, "zero", HEAD, "--at", "0.1", "--yes")
        printed = float(run.output.split("zero = ")[1])
        assert printed == pytest.approx(0.2 - WIRE.ratio * 0.1, abs=1e-3)
        assert Special.ZERO not in fake.heard
        call(channel, "zero", HEAD, "--yes")
        assert fake.heard.index(Special.DISABLE) < fake.heard.index(Special.ZERO)


def test_ranges_are_written_after_a_yes(channel):
    with drive(channel) as fake:
        fake.kept = dict.fromkeys(fake.kept, 0.0)
        call(channel, "ranges", HEAD, "--write", "--yes")
        written = [one for one in fake.heard if isinstance(one, Write)]
        assert {one.name for one in written} == set(fake.kept)
        assert fake.heard.index(Special.DISABLE) < fake.heard.index(written[0])


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["exercise", HEAD, "--amplitude", "nan", "--yes"], "--amplitude is nan"),
        (["exercise", HEAD, "--torque", "9999", "--yes"], "Nm at most"),
        (["exercise", HEAD, "--period", "0.1", "--yes"], "lengthen --period"),
        (["enable", "tail_joint", "--yes"], "there is no drive 'tail_joint'"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_sent(channel, arguments, complaint):
    with drive(channel) as fake:
        run = call(channel, *arguments)
        assert isinstance(run.exception, BadInput)
        assert complaint in str(run.exception)
        assert fake.heard == []


def test_a_bus_or_an_interface_that_is_not_there_is_one_line():
    missing = call("x", "scan", bus="tail")
    assert "there is no bus 'tail'" in str(missing.exception)
    where = ["drives", "--bus", "left_arm", "--interface", "nothing", "--channel", "x", "scan"]
    run = CliRunner().invoke(app, where, standalone_mode=False)
    assert isinstance(run.exception, BadInput)
    assert "does not open" in str(run.exception)


@pytest.mark.parametrize("name", ["dm4340", "qdd100"])
def test_drives_that_can_be_asked_are_found_missing_or_unexpected(channel, name, tmp_path):
    from dataclasses import replace

    from robot.drivers.factory import codec_of
    from robot.wiring import CanBus
    from scenarios.drives.link import Drive, open_bus
    from scenarios.drives.scan import scan

    model = CATALOGUE[name]
    settings = CanBus("bench", "virtual", channel, True, 1_000_000, 5_000_000, 0)
    drives = [
        Drive(replace(WIRE, name=n, model=model, id=i, reply_id=None), codec_of(model, i, fd=True), False)
        for n, i in (("here", 1), ("gone", 2))
    ]
    bus = open_bus(settings)
    with DriveOnABus(model, 1, channel) as here, DriveOnABus(model, 5, channel) as other:
        lines = {(line.id, line.verdict) for line in scan(bus, settings, drives, Clock(), 0.0)}
        assert {(1, "found"), (2, "missing"), (5, "unexpected")} <= lines
        assert all(isinstance(one, Poll | Ask) for one in here.heard + other.heard)
    bus.shutdown()


def test_the_command_ends_with_status_2_and_one_line(tmp_path):
    where = ("drives", "--bus", "left_arm", "--interface", "nothing", "--channel", "x")
    assert_refused(draisine(*where, "scan", cwd=tmp_path), "does not open")


def test_an_enable_that_breaks_half_way_leaves_all_of_the_bus_off(channel):
    with drive(channel) as fake:  # the others of the bus are not there
        run = call(channel, "enable", "all", "--yes")
        assert "does not reply" in str(run.exception)
        assert fake.state.power is Power.OFF
        assert "NOT confirmed; cut its power" in run.output


def test_a_reply_of_before_is_no_reply(channel):
    with drive(channel) as fake:
        bus = can.Bus(channel, interface="virtual", protocol=can.CanProtocol.CAN_FD)
        for frame in fake.end.reply(fake.state):
            fake.bus.send(to_message(frame))
        drain(bus)
        assert bus.recv(0.0) is None
        bus.shutdown()
