"""What `draisine bench loop` runs: the standing controller over real frames, and the account of its time."""

import numpy as np
import pytest

from robot import JointCommand
from robot.drivers import DriveReply
from robot.drivers.can_message import from_message
from robot.drivers.roster import Roster
from scenarios.bench.loop import bare_sleep, markdown, measure_loop
from scenarios.bench.loop_costs import PARTS, part_costs
from scenarios.bench.loop_rig import VirtualRig, prepared_replies
from scenarios.committed import load_robot
from scenarios.realtime.kernel import KernelWishes
from scenarios.wiring import load_wiring
from tests.cli.test_cli import assert_refused, draisine

MODEL = load_robot()
WIRING = load_wiring(MODEL)
TICKS = 400


@pytest.fixture(scope="module")
def measured():
    return measure_loop(
        VirtualRig("loop-test", paced=False), TICKS, KernelWishes(lock_memory=False), warm_up=2300, rest=0
    )


def test_the_loop_grows_by_nothing(measured):
    """The collector is off: whatever a tick kept, or left in a cycle, would be there as often as there were ticks."""
    found, _ = measured
    assert found.blocks < TICKS // 2
    assert found.garbage < TICKS // 2


def test_all_that_was_asked_is_recorded_and_the_drives_are_heard_in_every_tick(measured):
    found, recorder = measured
    log = recorder.log()
    assert (found.ticks, len(log)) == (TICKS, TICKS)
    assert np.isfinite(log["command_torque"]).all()
    # In ticks, since a busy machine's are long; and a deadline that is missed is an answer that is missed.
    within_three = log["drive_age"][3:] < (log["time"][3:] - log["time"][:-3])[:, None]
    assert within_three.mean() > 0.5
    assert not log["applied_reason"].any()
    assert (np.diff(log["time"]) > 0.0).all()


def test_the_parts_of_a_tick_fill_its_period(measured):
    """From wake-up to wake-up: receive, log, control, send, what is left, and the lateness of the next wake-up."""
    _, recorder = measured
    log = recorder.log()
    inner = slice(1, None)
    work = log["loop_receive"][:-1] + sum(log[f"loop_{part}"][inner] for part in ("log", "control", "send"))
    whole = work + log["loop_slack"][inner] + log["loop_lateness"][inner] + 0.002 * log["loop_lost"][inner]
    assert whole == pytest.approx(log["loop_period"][inner], abs=1e-9)


def test_the_report_names_every_part_and_its_cost_a_joint(measured):
    found, _ = measured
    text = markdown(found)
    assert all(f"| {part} |" in text for part in PARTS)
    assert "33 joints" in text
    assert all(0.0 < median <= high for median, high in found.costs.values())


def test_prepared_replies_are_those_of_drives_that_stand_where_they_are_held():
    position = np.clip(np.linspace(-0.2, 0.2, MODEL.size), MODEL.limits.lower, MODEL.limits.upper)
    heard = 0
    for bus, replies in prepared_replies(WIRING, position).items():
        roster = Roster(WIRING.codecs(bus))
        assert len(replies) == len(WIRING.on(bus))
        for message in replies.values():
            frame = from_message(message)
            assert frame is not None
            found = roster.hear(frame)
            assert found is not None
            assert isinstance(found.reply, DriveReply)
            heard += 1
    assert heard == 33


def test_the_costs_are_of_whole_exchanges():
    still = np.zeros(MODEL.size)
    command = JointCommand(0.0, still, still, still, MODEL.drives.stiffness, MODEL.drives.damping)
    costs = part_costs(WIRING, command, 5, "costs-test")
    assert costs.shape == (5, len(PARTS))
    assert (costs > 0.0).all()


def test_the_rig_can_be_closed_twice():
    rig = VirtualRig("closed-twice", paced=False)
    rig.close()
    rig.close()


def test_sleep_alone_is_never_early():
    assert min(bare_sleep(5)) >= 0.0


@pytest.mark.parametrize("arguments", [["--seconds", "0"], ["--priority", "100"], ["--unpaced", "--udp"]])
def test_bad_input_is_refused_in_one_line(tmp_path, arguments):
    assert_refused(draisine("bench", "loop", *arguments, cwd=tmp_path), arguments[0])
    assert list(tmp_path.iterdir()) == []
