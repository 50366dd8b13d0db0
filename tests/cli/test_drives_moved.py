"""`draisine drives exercise` and `disable`: how a joint is moved, what ends it, and that its drive is left off."""

import fcntl
import os
import signal
import subprocess
import sys
import termios
from contextlib import contextmanager
from functools import partial
from time import sleep

import can
import pytest

from robot.drivers import Special
from robot.drivers.codec import Command
from tests.cli.drive_stand import MAKES, Stand, assert_off, assert_said, of_every_make
from tests.cli.test_cli import ROOT
from tests.unit.drive_bench import HEAD, Bench


@of_every_make
def test_an_exercise_moves_as_it_says_and_ends_switched_off(stand):
    run = stand.call("exercise", HEAD, "--yes", "--period", "2", "--cycles", "2")
    assert run.return_value == 0, (run.output, run.exception)
    assert stand.span == pytest.approx((0.15, 0.25), abs=0.01)
    assert stand.fastest < 0.2
    assert max(map(abs, stand.torques)) < 2.5
    assert "replies 100.0%" in run.output
    assert_off(stand, run)


@of_every_make
def test_an_exercise_pushes_no_harder_than_it_may(stand):
    stand.stuck = True
    run = stand.exercise("--amplitude", "0.1", "--stiffness", "100", "--torque", "1", "--error", "0.09")
    assert run.return_value == 1
    assert "tracking error" in run.output
    assert 0.8 < max(map(abs, stand.torques)) < 1.25
    assert_off(stand, run)


def hot(stand):
    stand.warm_up(70.0)


def overheated(stand):
    stand.warm_up(120.0)


def off_its_place(stand):
    stand.motion[0, stand.place] += 0.2


def spun(stand):
    stand.motion[1, stand.place] = -20.0


@pytest.mark.parametrize(
    ("what", "more", "why"),
    [
        (hot, [], "the winding has 70 °C, over 60 °C"),
        (overheated, [], "the drive reports motor_temperature"),
        (off_its_place, [], "tracking error"),
        (off_its_place, ["--error", "0.5"], "beyond [-0.489, 0.489]"),
        (spun, ["--error", "0.5"], "it turns at"),
        (Bench.break_down, [], "5 setpoints in a row without a reply"),
    ],
)
def test_an_exercise_ends_early(stand, what, more, why):
    if "beyond [-0.489, 0.489]" in why:
        stand.motion[0, stand.place] = 0.4
        stand.stops = -9.0, 9.0
    stand.at[0.4] = partial(what, stand)
    run = stand.exercise(*more)
    assert run.return_value == 1, (run.output, run.exception)
    assert why in run.output.split("ended early: ")[1]
    assert stand.now() < 1.2 + 5.0
    assert stand.heard()[-1] is Special.DISABLE
    assert ("NOT confirmed; cut its power" in run.output) is (what is Bench.break_down)
    assert stand.drive.following.stiffness == 0.0


@pytest.mark.parametrize(
    ("make", "number", "status"),
    [("damiao", "SIGINT", None), ("damiao", "SIGHUP", 129), *((make, "SIGTERM", 143) for make in MAKES)],
    indirect=["make"],
)
def test_what_ends_the_process_lets_the_joint_down_and_leaves_it_off(stand, number, status):
    before = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)]

    def give_way():
        stand.load = 1.5
        stand.fastest = 0.0
        os.kill(os.getpid(), getattr(signal, number))

    stand.at[0.6] = give_way
    run = stand.exercise()
    assert status is None or run.exit_code == status
    assert stand.position == pytest.approx(stand.stops[1], abs=1e-3)  # it has sunk
    assert stand.fastest < 1.0
    assert_off(stand, run)
    assert [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)] == before


def test_a_signal_that_is_to_be_ignored_is(stand):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        stand.ends_at(0.5, signal.SIGHUP)
        assert stand.exercise().return_value == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_joint_that_is_not_let_down_falls_faster_than_that(stand):
    stand.load = 1.5
    stand.wait(0.5)
    assert stand.fastest > 3.0


def test_the_second_ctrl_c_switches_off_at_once_and_the_third_does_not_stop_that(stand):
    stand.stops = -99.0, 99.0

    def give_way():
        stand.load = 1.5
        os.kill(os.getpid(), signal.SIGINT)

    stand.at[0.6] = give_way
    stand.ends_at(0.8, signal.SIGINT)
    stand.ends_at(0.801, signal.SIGINT)
    run = stand.exercise()
    assert stand.now() < 0.9
    assert_off(stand, run)


@of_every_make
def test_switching_off_lets_down_if_it_is_asked_to(stand):
    stand.call("enable", HEAD, "--yes")
    stand.load = 1.5
    run = stand.call("disable", HEAD, "--damp", "3", "--yes")
    assert run.return_value == 0
    assert stand.position == pytest.approx(stand.stops[1], abs=1e-3)
    assert stand.fastest < 1.5
    assert_off(stand, run)


def test_a_drive_that_is_off_is_not_switched_on_to_be_let_down(tmp_path):
    with Stand("moteus", tmp_path, "off") as stand:
        stand.call("disable", HEAD, "--damp", "3", "--yes")
        assert not any(isinstance(one, Command) for one in stand.heard())


@of_every_make
def test_a_cable_that_comes_out_is_one_line_and_the_drive_is_to_be_cut_off(stand):
    stand.at[0.5] = lambda: setattr(stand, "failure", can.CanOperationError("no such device"))
    run = stand.exercise()
    assert_said(run, "bus bench (virtual bench) fails: no such device; look at its cable")
    assert "NOT switched off, the bus fails (no such device); cut its power" in run.output


def test_an_interface_that_goes_with_an_error_of_the_system_is_one_line_too(stand):
    stand.at[0.5] = lambda: setattr(stand, "failure", OSError(19, "No such device"))
    assert_said(stand.exercise(), "fails: [Errno 19] No such device")


def test_a_full_transmit_buffer_is_waited_for_when_a_drive_is_switched_off(stand):
    stand.at[0.5] = lambda: setattr(stand, "refusals", 3)
    run = stand.exercise()
    assert_said(run, "Transmit buffer full")
    assert_off(stand, run)


@pytest.mark.parametrize("act", [["exercise", HEAD], ["disable", HEAD]], ids=lambda act: act[0])
def test_a_drive_that_does_not_say_that_it_is_off_is_status_1(stand, act):
    heard = stand.drive.hear
    stand.drive.hear = lambda frame, *rest: () if bytes(frame.data)[-1] == 0xFD else heard(frame, *rest)
    run = stand.call(*act, "--yes")
    assert run.return_value == 1
    assert "asked to switch off 5 times, NOT confirmed; cut its power" in run.output


def test_a_drive_that_pushes_the_wrong_way_is_switched_off(stand):
    """Damping drives it on: it must not be let down."""
    stand.backwards = True
    run = stand.exercise()
    assert run.return_value == 1, (run.output, run.exception)
    assert_off(stand, run)
    assert stand.fastest < 8.0


@of_every_make
def test_a_joint_too_close_to_its_stop_is_not_moved(stand):
    stand.motion[0, stand.place] = 0.46
    stand.drives.start(stand.motion)
    assert_said(stand.exercise(), "stands at 0.4")
    assert Special.ENABLE not in stand.heard()
    assert max(map(abs, stand.torques)) < 0.1


PROCESS = """
import sys
from pathlib import Path
from tests.cli.drive_stand import Stand
from scenarios.cli import main
with Stand("damiao", Path("."), "process") as stand:
    sys.argv[1:] = ["drives", "--wiring", "wiring.toml", "--bus", "bench", *sys.argv[1:]]
    try:
        main()
    finally:
        Path("left.txt").write_text(f"{stand.drive.power} {stand.drive.following.stiffness}")
"""


EXERCISE = ("exercise", HEAD, "--yes", "--cycles", "100000")


@contextmanager
def in_a_terminal(folder, *arguments):
    """A process of the command line in a terminal of its own, and the other end of that."""
    there, here = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "140"}, stdin=here, stdout=here, stderr=here,
        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(here)
    try:
        yield process, there
    finally:
        process.kill()
        process.wait()


def read_until(terminal, wanted):
    found = b""
    while wanted not in found:
        found += os.read(terminal, 4096)
    sleep(0.3)
    return found


def test_the_live_table_in_a_terminal_ends_by_ctrl_c(tmp_path):
    with in_a_terminal(tmp_path, "monitor") as (process, terminal):
        read_until(terminal, b"0.200")
        again = read_until(terminal, b"0.200")  # the table is drawn anew
        os.write(terminal, b"\x03")
        assert process.wait(20) == 0
        assert b"\x1b[" in again
        os.close(terminal)


def test_a_connection_that_is_lost_leaves_the_drive_off(tmp_path):
    with in_a_terminal(tmp_path, *EXERCISE) as (process, terminal):
        read_until(terminal, b"Moves")
        os.close(terminal)
        assert process.wait(20) == 129
        assert (tmp_path / "left.txt").read_text() == "Power.OFF 0.0"


def test_a_process_that_is_terminated_leaves_the_drive_off(tmp_path):
    with in_a_terminal(tmp_path, *EXERCISE) as (process, terminal):
        read_until(terminal, b"Moves")
        process.terminate()
        assert b"Traceback" not in read_until(terminal, b"off, and says so")
        assert process.wait(20) == 143
        assert (tmp_path / "left.txt").read_text() == "Power.OFF 0.0"
        os.close(terminal)
