"""`draisine drives` on virtual drives of every make: what it sends, what it shows, and what it refuses."""

import json
import re
import signal
from functools import partial

import can
import pytest
from typer.testing import CliRunner

from robot.drivers import CanFrame, Fault, Power, Special
from robot.drivers.can_message import to_message
from robot.drivers.codec import Ask, Command, Poll, Write
from robot.drivers.factory import codec_of
from robot.drivers.setpoint import DriveSetpoint
from scenarios.commands import app
from scenarios.wiring import WIRING
from tests.cli.drive_stand import ASKED, MAKES, Stand, assert_said, of_every_make, that_can_be_asked
from tests.cli.test_cli import assert_refused, draisine
from tests.unit.drive_bench import HEAD, MODEL, Bench, wiring_with


@of_every_make
def test_a_look_changes_nothing(stand):
    rows = json.loads(stand.call("monitor", "--once", "--json").output)
    lines = json.loads(stand.call("scan", "--json").output)
    stand.call("ranges")
    assert [row["name"] for row in rows] == [line["name"] for line in lines] == [HEAD]
    assert all(isinstance(one, Poll | Ask) for one in stand.heard())
    assert bool(stand.sent) is (stand.make in ASKED)
    assert lines[0]["verdict"] == ("found" if stand.make in ASKED else "not heard")
    assert not any(stand.torques)


@that_can_be_asked
def test_a_drive_is_shown_in_units_of_its_joint(stand):
    (row,) = json.loads(stand.call("monitor", "--once", "--json").output)
    assert row["position"] == pytest.approx(0.2, abs=1e-3)
    assert (row["state"], row["fault"], row["voltage"]) == ("off", "none", None)


ACTS = (
    ["enable", HEAD],
    ["disable", "all"],
    ["clear", HEAD],
    ["zero", HEAD],
    ["ranges", "--write"],
    ["exercise", HEAD],
)


@pytest.mark.parametrize("answer", ["no\n", "y\n", ""])
def test_nothing_is_sent_without_a_yes(stand, answer):
    for act in ACTS:
        assert_said(stand.call(*act, answer=answer), "not confirmed")
        assert stand.sent == []


def test_a_yes_is_enough(stand):
    stand.call("enable", HEAD, answer="yes\n")
    assert stand.drive.power is Power.ON


@of_every_make
def test_enabling_makes_no_torque_and_no_jump(stand):
    run = stand.call("enable", HEAD, "--yes")
    assert run.exception is None, run.exception
    assert stand.drive.power is Power.ON
    assert max(map(abs, stand.torques)) < 0.1
    assert stand.span == pytest.approx((0.2, 0.2), abs=0.01)
    commands = [one.setpoint for one in stand.heard() if isinstance(one, Command)]
    assert all(one.stiffness == one.damping == 0.0 for one in commands)


@pytest.mark.parametrize("make", ["powerflow", "moteus"], indirect=True)  # others are off by then, or do not tell
@pytest.mark.parametrize("act", ["enable", "exercise"])
def test_a_drive_that_is_on_is_neither_taken_over_nor_switched_off(stand, act):
    """One that can be asked goes on holding its load; of another it is said before that it will fall."""
    stand.call("enable", HEAD, "--yes")
    stand.drive._after = 0.0  # its controller died, and no watchdog of its own ends it
    stand.drive._follow(DriveSetpoint(0.2, 0.0, 0.0, 20.0, 1.0))
    stand.sent.clear()
    run = stand.call(act, HEAD, "--yes")
    assert_said(run, "is on already; disable it first")
    assert stand.drive.power is Power.ON
    assert not {Special.ENABLE, Special.DISABLE} & {one for one in stand.heard() if isinstance(one, Special)}
    lets_go = "replies to commands alone, so one with 0 Nm and no gains is sent. If it is on, what it holds falls."
    assert (lets_go in run.output) is (stand.make == "powerflow")
    assert (stand.drive.following.stiffness == 20.0) is (stand.make == "moteus")


def test_drives_that_were_switched_on_by_nobody_are_not_switched_off_for_one_that_is_on(tmp_path):
    with Stand("damiao", tmp_path, "one") as stand:
        holding = stand.drives.drives[MODEL.index("head_pitch_joint")]
        holding.power, holding._after = Power.ON, 0.0
        where = ["drives", "--wiring", str(stand.file), "--bus", "left_arm"]
        run = CliRunner().invoke(app, [*where, "enable", "all", "--yes"], standalone_mode=False)
        assert_said(run, "head_pitch_joint (drive 10, dm4310) is on already")
        assert [drive for drive in stand.drives.drives if drive.power is Power.ON] == [holding]
        assert "asked to switch off" not in run.output
        assert "off, and says so" not in run.output


def test_a_bus_that_fails_under_a_look_is_one_line(stand):
    stand.failure = can.CanOperationError("bus off")
    for look in (["scan"], ["monitor", "--once"], ["monitor"], ["ranges"]):
        assert_said(stand.call(*look), "fails: bus off")


def test_the_live_table_goes_on_until_ctrl_c(stand):
    stand.ends_at(1.0, signal.SIGINT)
    run = stand.call("monitor")
    assert run.exception is None
    assert run.exit_code == 0
    assert stand.now() > 0.9
    assert "0.200" in run.output
    assert sum(isinstance(one, Poll) for one in stand.heard()) == 5


def test_the_live_lines_of_json_follow_the_joint(stand):
    stand.at[0.5] = partial(setattr, stand, "load", 0.3)
    stand.ends_at(1.0, signal.SIGTERM)
    run = stand.call("monitor", "--json")
    assert run.exit_code == 143
    positions = [json.loads(line)[0]["position"] for line in run.output.splitlines()]
    assert positions[0] == pytest.approx(0.2, abs=1e-3)
    assert positions[-1] > 0.21


def test_an_age_tells_of_a_drive_that_has_gone(stand):
    stand.at[0.5] = stand.break_down
    stand.ends_at(1.5, signal.SIGINT)
    lines = stand.call("monitor", "--json").output.splitlines()
    assert json.loads(lines[0])[0]["age"] < 0.21
    assert json.loads(lines[-1])[0]["age"] > 0.7


def test_a_drive_with_a_fault_is_not_enabled_and_can_be_cleared(stand):
    stand.call("enable", HEAD, "--yes")
    stand.wait(0.2)  # its watchdog
    stand.sent.clear()
    assert_said(stand.call("enable", HEAD, "--yes"), "reports silence (code 13); clear it first")
    assert Special.ENABLE not in stand.heard()
    stand.drive.power, stand.drive.fault = Power.FAULT, Fault.SILENCE
    run = stand.call("clear", HEAD, "--yes")
    assert run.return_value == 0
    assert "off, fault none" in run.output


def test_a_fault_that_stays_is_told(stand):
    stand.call("enable", HEAD, "--yes")
    stand.warm_up(120.0)
    stand.wait(0.01)
    run = stand.call("clear", HEAD, "--yes")
    assert run.return_value == 1
    assert "fault, fault motor_temperature (code 12)" in run.output


def test_a_clear_that_is_not_answered_ends_with_the_drive_to_be_cut_off(stand):
    stand.break_down()
    run = stand.call("clear", HEAD, "--yes")
    assert_said(run, "does not reply")
    assert "NOT confirmed; cut its power" in run.output


@pytest.mark.parametrize("make", ["powerflow", "moteus"], indirect=True)
def test_other_makes_are_cleared_too(stand):
    stand.drive.power, stand.drive.fault = Power.FAULT, Fault.MOTOR_TEMPERATURE
    run = stand.call("clear", HEAD, "--yes")
    assert (run.return_value, stand.drive.fault) == (0, Fault.NONE)


@pytest.mark.parametrize("make", ["cubemars", "mini_cheetah"], indirect=True)
def test_a_make_that_cannot_be_cleared_says_what_to_do(stand):
    assert_said(stand.call("clear", HEAD, "--yes"), "cannot be asked to clear; switch it off and on, or cut its power")
    assert stand.sent == []


@of_every_make
def test_the_zero_entry_is_that_of_the_wiring_file(stand):
    run = stand.call("zero", HEAD, "--at", "0.2", "--yes")
    assert float(run.output.split("zero = ")[1]) == pytest.approx(float(MAKES[stand.make].get("zero", 0)), abs=2e-3)
    assert Special.ZERO not in stand.heard()


@of_every_make
def test_the_drive_s_own_zero_is_set_when_it_is_off(stand):
    stand.call("enable", HEAD, "--yes")
    run = stand.call("zero", HEAD, "--yes")
    assert run.return_value == 0
    assert re.search(r"it reads -?0\.00\d\d rad now\n", run.output)
    assert ("the wiring file has zero = 0.4" in run.output) is (stand.make == "damiao")
    asked = stand.heard()
    assert asked.index(Special.DISABLE) < asked.index(Special.ZERO)
    assert stand.drive.power is Power.OFF


def test_no_zero_is_set_in_a_drive_that_may_be_on(stand):
    stand.call("enable", HEAD, "--yes")
    heard = stand.drive.hear
    stand.drive.hear = lambda frame, *rest: () if bytes(frame.data)[-1] == 0xFD else heard(frame, *rest)
    run = stand.call("zero", HEAD, "--yes")
    assert_said(run, "NOT confirmed; cut its power; nothing was written")
    assert Special.ZERO not in stand.heard()


def test_a_motor_of_a_linkage_moves_with_its_joint():
    with Bench(WIRING.read_text(encoding="utf-8"), "ankle", "left_ankle_pitch_joint") as bench:
        where = ["drives", "--bus", "left_leg"]
        act = [*where, "exercise", "left_ankle_upper", "--yes", "--period", "1", "--cycles", "2", "--torque", "5"]
        run = CliRunner().invoke(app, [*act, "--stiffness", "50"], standalone_mode=False)
        assert run.return_value == 0, (run.output, run.exception)
        assert 0.02 < bench.span[1] - 0.2 < 0.08
        assert bench.drive.power is Power.OFF


def test_a_zero_that_was_not_set_is_told(stand):
    heard = stand.drive.hear
    stand.drive.hear = lambda frame, *rest: () if bytes(frame.data)[-1] == 0xFE else heard(frame, *rest)
    run = stand.call("zero", HEAD, "--yes")
    assert run.return_value == 1
    assert "NOT zero" in run.output


@that_can_be_asked
def test_settings_that_differ_are_shown_and_written(stand):
    name = "velocity" if stand.make == "damiao" else "damping"
    stand.drive.keep({name: 4.0})
    differs = stand.call("ranges")
    assert differs.return_value == 1
    assert re.search(rf"{name} +│ 4 .*DIFFERS", differs.output)
    stand.call("enable", HEAD, "--yes")
    written = stand.call("ranges", HEAD, "--write", "--yes")
    assert written.return_value == 0, (written.output, written.exception)
    assert "DIFFERS" not in written.output
    asked = stand.heard()
    first = next(i for i, one in enumerate(asked) if isinstance(one, Write))
    assert Special.DISABLE in asked[:first]


def test_a_drive_that_tells_nothing_gets_its_ranges_written(tmp_path):
    delivered = wiring_with("powerflow_r52", zero="0.0").replace('firmware = "x2"\nbus = "bench"', 'bus = "bench"')
    with Stand("powerflow", tmp_path, "delivered", delivered) as stand:
        assert stand.drive._model.command.damping.high == 8.0
        run = stand.call("ranges", "--write", "--yes")
        assert (run.return_value, "written; cannot be asked" in run.output) == (0, True)
        assert stand.drive._model.command.damping.high == 20.0
        assert stand.drive._model.command.velocity == (-20.0, 20.0)


def test_nobody_else_may_speak_with_the_drives(stand):
    other = stand.link("bench")
    for act in [act for act in ACTS if act[0] != "disable"]:
        stand.at[stand.now() + 0.05] = lambda: other.send(to_message(CanFrame(0x9, bytes(8), False, True)))
        run = stand.call(*act, "--yes")
        assert_said(run, f"somebody else commands {HEAD} (drive 9, dm4310) on this bus (a frame on 0x9)")
        assert stand.sent == []


@that_can_be_asked
def test_somebody_else_may_look_on(stand):
    other = stand.link("bench")
    codec = codec_of(stand.wire.model, 9, fd=True)
    for i in range(20):
        stand.at[0.03 + 0.1 * i] = lambda: [other.send(to_message(frame)) for frame in codec.poll()]
    run = stand.exercise()
    assert run.return_value == 0, (run.output, run.exception)
    assert stand.span == pytest.approx((0.14, 0.26), abs=0.02)


def test_a_second_host_with_an_id_of_its_own_is_no_less_a_commander(tmp_path):
    with Stand("moteus", tmp_path, "second") as stand:
        other = stand.link("bench")
        (frame,) = codec_of(stand.wire.model, 9, host=5, fd=True).special(Special.DISABLE)
        stand.at[0.05] = lambda: other.send(to_message(frame))
        assert_said(stand.call("enable", HEAD, "--yes"), "somebody else commands")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["exercise", HEAD, "--amplitude", "nan"], "--amplitude is nan"),
        (["exercise", HEAD, "--amplitude", "0.6"], "write 0.5 at most"),
        (["exercise", HEAD, "--torque", "3.2"], "has 3.131 Nm at most"),
        (["exercise", HEAD, "--period", "0.1"], "lengthen --period"),
        (["exercise", HEAD, "--cycles", "0"], "--cycles is 0"),
        (["exercise", HEAD, "--rate", "10"], "write 50 at least"),
        (["exercise", HEAD, "--temperature", "1000"], "write 100 at most"),
        (["exercise", HEAD, "--stiffness", "5000"], "takes 1125 at most"),
        (["exercise", HEAD, "--damping", "50"], "takes 11.25 at most"),
        (["enable", "tail_joint"], "there is no drive 'tail_joint' on this bus; there are head_yaw_joint (9)"),
        (["zero", HEAD, "--at", "inf"], "--at is inf"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_sent(stand, arguments, complaint):
    assert_said(stand.call(*arguments, "--yes"), complaint)
    assert stand.sent == []


@pytest.mark.parametrize(
    ("where", "complaint"),
    [
        (["--bus", "tail"], "there is no bus 'tail'"),
        ([], "has several buses; name one with --bus"),
        (["--bus", "left_arm", "--interface", "nothing"], "does not open"),
        (["--bus", "left_arm", "--bitrate", "1"], "--bitrate is 1"),
        (["--bus", "left_arm", "--no-fd", "--data-bitrate", "1000000"], "leave it out, or add --fd"),
        (["--bus", "left_arm", "--no-fd"], "its bus must be CAN-FD"),
        (["--bus", "left_arm", "--wiring", "no_such.toml"], "wiring file no_such.toml"),
    ],
)
def test_a_bus_that_is_not_there_is_one_line(where, complaint):
    run = CliRunner().invoke(app, ["drives", *where, "scan"], standalone_mode=False)
    assert_said(run, complaint)


def test_a_linkage_s_motor_has_a_zero_at_zero_only():
    where = ["--bus", "left_leg", "--interface", "virtual"]
    run = CliRunner().invoke(app, ["drives", *where, "zero", "left_ankle_upper", "--at", "0.1"], standalone_mode=False)
    assert_said(run, "put both its joints to zero, and say --at 0")


def test_a_linkage_s_motor_stays_where_its_joints_may_go():
    from scenarios.drives.asked import Asked
    from scenarios.drives.link import choose, pick

    drive = pick(choose(Asked(bus="left_leg"))[1], "left_ankle_upper")
    pitch = MODEL.index("left_ankle_pitch_joint")
    width = MODEL.limits.upper[pitch] - MODEL.limits.lower[pitch]
    assert drive.linked
    assert drive.window.low < 0.0 < drive.window.high
    assert 0.5 * width < drive.window.high - drive.window.low < 2.5 * width


@that_can_be_asked
def test_drives_are_found_missing_or_unexpected(stand):
    stand.file.write_text(stand.file.read_text().replace("id = 9", "id = 11", 1).replace("id = 9", "id = 11"))
    lines = {(line["id"], line["verdict"]) for line in json.loads(stand.call("scan", "--json").output)}
    assert lines == {(11, "missing"), (9, "unexpected")}


def test_a_drive_that_replies_on_another_id_is_told_of(stand):
    """A Damiao drive as it is delivered replies on id 0."""
    heard = stand.drive.hear
    stand.drive.hear = lambda *rest: [frame._replace(id=0) for frame in heard(*rest)]
    (line,) = json.loads(stand.call("scan", "--json").output)
    assert line["verdict"] == "missing"
    assert line["how"] == "asked; a frame came on 0x0, its reply is awaited on 0x19"


def test_the_command_ends_with_status_2_and_one_line(tmp_path):
    where = ("drives", "--bus", "left_arm", "--interface", "nothing", "--channel", "x")
    assert_refused(draisine(*where, "scan", cwd=tmp_path), "does not open")


def test_an_enable_that_breaks_half_way_leaves_all_of_the_bus_off(tmp_path):
    with Stand("damiao", tmp_path, "half") as stand:
        dumb = MODEL.index("head_pitch_joint")
        stand.drives.drives[dumb].hear = lambda *_: ()
        where = ["drives", "--wiring", str(stand.file), "--bus", "left_arm"]
        run = CliRunner().invoke(app, [*where, "enable", "all", "--yes"], standalone_mode=False)
        assert_said(run, "head_pitch_joint (drive 10, dm4310) does not reply")
        on_bus = [drive for drive in stand.drives.drives if drive.power is Power.ON]
        assert on_bus == []
        assert run.output.count("off, and says so") == 8
        assert run.output.count("NOT confirmed; cut its power") == 1
