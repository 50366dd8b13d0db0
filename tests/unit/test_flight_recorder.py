"""The recorder's file: what was recorded outlives the process, however it ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from robot import AppliedCommand, FakeBus
from robot.damping import damping_command
from scenarios.realtime.flight_recorder import FlightRecorder, read_flight
from scenarios.realtime.tick_times import LOOP, TickTimes

ROOT = Path(__file__).parents[2]
COUNT = 4
DIES = """
import os, signal, sys
from pathlib import Path
from tests.unit.test_flight_recorder import fill
fill(Path(sys.argv[1]), 25, 10)
os.kill(os.getpid(), signal.SIGKILL)
"""


def fill(file, ticks, capacity):
    bus, recorder = FakeBus(np.zeros(COUNT)), FlightRecorder(capacity, COUNT, file)
    state = bus.open()
    for tick in range(ticks):
        command = damping_command(state.time, np.full(COUNT, float(tick)), np.ones(COUNT))
        state_after, applied = bus.exchange(command)
        recorder.record(state, AppliedCommand(command, applied.reasons), TickTimes(*[0.001 * tick] * len(LOOP)))
        state = state_after
    return recorder


def same(one, other):
    return all(np.array_equal(one[column.name], other[column.name], equal_nan=True) for column in one.columns)


@pytest.mark.parametrize("ticks", [0, 4, 10, 25])
def test_a_file_says_what_the_recorder_says(tmp_path, ticks):
    recorder = fill(tmp_path / "flight", ticks, 10)
    log = read_flight(tmp_path / "flight")
    assert len(log) == min(ticks, 10)
    assert same(log, recorder.log())
    assert same(log, fill(None, ticks, 10).log())


def test_a_process_that_is_killed_leaves_its_last_rows(tmp_path):
    file = tmp_path / "flight"
    died = subprocess.run(
        [sys.executable, "-c", DIES, str(file)], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert died.returncode == -signal.SIGKILL
    log = read_flight(file)
    assert log["command_position"][:, 0].tolist() == [float(tick) for tick in range(15, 25)]
    assert log["loop_slack"] == pytest.approx(0.001 * np.arange(15, 25))


DAMAGED = {
    "cut": lambda data: data[:-8],
    "other": lambda _: b"no flight at all",
    "empty": lambda _: b"",
    "beheaded": lambda data: data[8:],
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_another_file_is_refused(tmp_path, damage):
    fill(tmp_path / "flight", 5, 10)
    data = (tmp_path / "flight").read_bytes()
    (tmp_path / "flight").write_bytes(damage(data))
    with pytest.raises(ValueError, match="is no file of a flight recorder of this version, or only a part of one"):
        read_flight(tmp_path / "flight")
