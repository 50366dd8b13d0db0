"""``draisine sweep`` from end to end, on rides too short to fall."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.test_cli import ROOT, assert_refused, draisine, draisine_here
from tests.unit.fake_trials import all_dead

SCENARIO = """\
summary = "a tenth of a second straight ahead"
duration = "0.1 s"
course = { kind = "straight", length = "20 m" }
criteria = [{ metric = "falls", max = 0 }]

[randomize]
world.friction = { uniform = [0.5, 1.0] }
senses.imu = { choice = ["mti_300", "vn_100"] }
"""
SWEEP = ("sweep", "brief.toml", "--seed", "7", "--samples", "6")
FOLDER = "brief-sweep7"


def same_files(folder):
    return {name: (folder / FOLDER / name).read_bytes() for name in ("sweep.parquet", "summary.json")}


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A sweep of six samples in one process."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "brief.toml").write_text(SCENARIO)
    return folder, draisine(*SWEEP, "--jobs", "1", "--out", "whole", cwd=folder)


def test_a_sweep_writes_one_table_and_says_what_is_in_it(swept):
    folder, run = swept
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    assert "survived: 6 of 6 (100 %, 95 % interval 61 to 100 %)" in run.stdout
    assert "whole/brief-sweep7/sweep.parquet" in run.stdout
    table = pq.read_table(folder / "whole" / FOLDER / "sweep.parquet")
    assert table["sample"].to_pylist() == list(range(6))
    assert len(set(table["seed"].to_pylist())) == len(set(table["state_hash"].to_pylist())) == 6
    assert all(0.5 <= friction <= 1.0 for friction in table["world.friction"].to_pylist())
    assert set(table["senses.imu"].to_pylist()) == {"mti_300", "vn_100"}
    assert table["problem"].null_count == 6


def test_a_row_can_be_ridden_again(swept):
    folder, _ = swept
    row = pq.read_table(folder / "whole" / FOLDER / "sweep.parquet").slice(4, 1).to_pylist()[0]
    changes = [f"--set={key}={row[key]!r}" for key in ("world.friction", "senses.imu")]
    run = draisine("run", "brief.toml", "--seed", str(row["seed"]), *changes, cwd=folder)
    assert run.returncode == 0, run.stderr
    metrics = folder / "runs" / f"brief-seed{row['seed']}" / "metrics.json"
    assert row["state_hash"] in metrics.read_text()


def test_ctrl_c_ends_it_and_the_same_command_goes_on(swept):
    folder, _ = swept
    command = [*SWEEP, "--jobs", "2", "--out", "parts"]
    program = [sys.executable, "-c", "from scenarios.cli import main; main()"]
    process = subprocess.Popen(
        [*program, *command], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored in the background
    )  # fmt: skip
    journal = folder / "parts" / FOLDER / "journal.jsonl"
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:
        if journal.exists() and len(journal.read_bytes().splitlines()) >= 3:
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGSTOP)  # or it might be done by the time it is interrupted
    group = members(process.pid)
    assert len(group) > 2, "the command and two processes that ride"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    os.killpg(process.pid, signal.SIGCONT)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (130, "")
    assert "samples are done and kept in parts/brief-sweep7; the same command goes on from there" in out
    assert all_dead(group, within=20.0)
    assert not (folder / "parts" / FOLDER / "sweep.parquet").exists()
    done = len(journal.read_bytes().splitlines()) - 1
    assert 2 <= done < 6

    run = draisine(*command, cwd=folder)
    assert run.returncode == 0, run.stderr
    assert f"{done} of 6 samples are there from before" in run.stdout
    assert f"{6 - done} rides in" in run.stdout
    assert same_files(folder / "parts") == same_files(folder / "whole")


def test_a_folder_in_brackets_is_printed_as_it_is(tmp_path):
    (tmp_path / "brief.toml").write_text(SCENARIO)
    run = draisine(*SWEEP[:-1], "1", "--jobs", "1", "--out", "[/x]", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "table in [/x]/brief-sweep7/sweep.parquet" in run.stdout


def test_another_sweep_is_refused_where_one_is(swept):
    folder, _ = swept
    before = same_files(folder / "whole")
    changed = draisine(*SWEEP, "--out", "whole", "--set", "world.air_density=0", cwd=folder)
    assert_refused(changed, "whole/brief-sweep7: the sweep there was begun with other changes (--set)")
    assert same_files(folder / "whole") == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ride_strait", "--samples", "1"], "there is no scenario 'ride_strait'"),
        (["brief.toml", "--samples", "0"], "Invalid value for '--samples'"),
        (["brief.toml"], "Missing option '--samples'"),
        (["brief.toml", "--samples", "1", "--address", "auto"], "--address is for --engine ray"),
        (["brief.toml", "--samples", "1", "--engine", "moon"], "Invalid value for '--engine'"),
        (["brief.toml", "--samples", "1", "--set", "duration=-1"], "duration"),
    ],
)
def test_bad_input_is_refused_in_one_line(tmp_path, arguments, message):
    (tmp_path / "brief.toml").write_text(SCENARIO)
    assert_refused(draisine_here("sweep", *arguments, cwd=tmp_path), message)
    assert [file.name for file in tmp_path.iterdir()] == ["brief.toml"]


def members(group):
    """Processes of a process group."""
    found = set()
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(file.read_text().rsplit(")", 1)[1].split()[2]) == group:
                found.add(int(file.parent.name))
    return found
