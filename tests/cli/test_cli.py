"""The command line: exit status, one clear line for bad input, and nothing half-written."""

import json
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from scenarios.cli import main
from scenarios.errors import BadInput
from scenarios.loader import library_names
from scenarios.plan import parse_seeds, plan

ROOT = Path(__file__).parents[2]
GOOD = """\
summary = "a ride"
duration = "10 s"
course = { kind = "circle", radius = "5 m" }
criteria = [{ metric = "falls", max = 0 }]
"""


def draisine(*arguments, cwd, program="from scenarios.cli import main; main()"):
    """Run the command in a folder of its own."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def draisine_here(*arguments, cwd):
    """As `draisine`, in this process: for what is refused at once, where the start would be nearly all of the time."""
    out, err = StringIO(), StringIO()
    asked = patch.object(sys, "argv", ["draisine", *arguments])
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err), asked, pytest.raises(SystemExit) as end:
        main()
    assert isinstance(end.value.code, int)
    return subprocess.CompletedProcess(arguments, end.value.code, out.getvalue(), err.getvalue())


def assert_refused(run, message):
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1, run.stderr
    assert run.stderr.startswith("draisine: ")
    assert message in run.stderr
    assert run.stdout == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("summary = = 3", "ride.toml:1:11: "),
        (GOOD.replace('"5 m"', '"5 kg"'), "course.radius: '5 kg' is a mass"),
        (GOOD.replace('"5 m"', "-5"), "course.radius: -5 must be positive"),
        (GOOD.replace('"5 m"', "nan"), "course.radius: nan is not a finite number"),
    ],
    ids=["malformed TOML", "wrong unit", "negative radius", "NaN"],
)
def test_a_bad_file_is_refused_in_one_line_and_nothing_is_written(tmp_path, text, message):
    (tmp_path / "ride.toml").write_text(text)
    assert_refused(draisine("run", "ride.toml", "--out", "results", cwd=tmp_path), message)
    assert [file.name for file in tmp_path.iterdir()] == ["ride.toml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "ride_circel"], "did you mean 'ride_circle'"),
        (["run", "absent.toml"], "absent.toml: cannot be read"),
        (["run", "ride_circle", "--set", "course.radius=-4"], "course.radius: -4 must be positive"),
        (["run", "ride_circle", "--set", "nonsense"], "write key=value"),
        (["run", "ride_circle", "--set", f"duration={'9' * 5000}"], "the value is too long or too deep"),
        (["run", "ride_circle", "--set", f"duration={'[' * 5000}"], "the value is too long or too deep"),
        (["run", "ride_circle", "--seeds", "9-0"], "write seeds such as 0-9"),
        (["run", "ride_circle", "--seed", "-1"], "--seed"),
        (["run", "ride_circle", "--seed", str(2**64)], "'--seed': Input should be less than or equal to 4294967295"),
        (["gui", "--seed", str(2**32)], "'--seed': Input should be less than or equal to 4294967295"),
        (
            ["sweep", "ride_push", "--samples", "1", "--seed", str(2**32)],
            "'--seed': Input should be less than or equal to 4294967295",
        ),
        (
            ["physics", "convergence", "--seed", str(2**32)],
            "'--seed': Input should be less than or equal to 4294967295",
        ),
        (["bench", "speed", "--seed", str(2**32)], "'--seed': Input should be less than or equal to 4294967295"),
        (["bench", "survival", "--seed", str(2**32)], "'--seed': Input should be less than or equal to 4294967295"),
        (["drives", "faults", "--seed", str(2**32)], "'--seed': Input should be less than or equal to 4294967295"),
        (["run", "ride_circle", "--seeds", "0-999999999"], "--seeds '0-999999999': these are more than 100000"),
        (["bench", "survival", "--samples", "100001"], "'--samples': Input should be less than or equal to 100000"),
        (["bench", "survival", "--samples", "10000"], "are 1920000 runs, at most 100000"),
        (["sweep", "mixed_ride", "--samples", "100001"], "'--samples': Input should be less than or equal to 100000"),
        (["run", "ride_circle", "--seed", "1", "--seeds", "0-9"], "not both"),
        (["run", "ride_circle", "ride_circle"], "is asked twice"),
        (["run", "ride_circle", "ride_nowhere"], "there is no scenario 'ride_nowhere'"),
        (["run"], "Missing argument"),
        (["walk"], "No such command 'walk'"),
        (["list", "--loud"], "No such option: --loud"),
    ],
)
def test_bad_arguments_are_refused_in_one_line_and_nothing_is_written(tmp_path, arguments, message):
    assert_refused(draisine_here(*arguments, cwd=tmp_path), message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("more", [[], ["--seeds", "0-2"]], ids=["one run", "several runs"])
def test_an_unwritable_output_folder_is_refused_before_the_ride(tmp_path, more):
    (tmp_path / "file").write_text("in the way")
    # In a process of its own: those that earlier tests left behind for several runs work in another folder.
    asked = draisine("run", "ride_circle", "--out", "file/results", *more, cwd=tmp_path)
    assert_refused(asked, "cannot be written")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(("package", "command"), [("typer", "list"), ("mcap", "run"), ("pybullet", "run")])
def test_a_missing_package_is_named_with_the_command_that_mends_it(tmp_path, package, command):
    program = f"import sys; sys.modules[{package!r}] = None; from scenarios.cli import main; main()"
    arguments = [command, "ride_circle"] if command == "run" else [command]
    assert_refused(draisine(*arguments, cwd=tmp_path, program=program), f"'{package}")
    assert list(tmp_path.iterdir()) == []


def test_list_has_a_line_for_each_scenario(tmp_path):
    run = draisine("list", cwd=tmp_path)
    assert run.returncode == 0
    assert [line.split()[0] for line in run.stdout.splitlines()] == library_names()


def test_schema_prints_json(tmp_path):
    run = draisine("schema", cwd=tmp_path)
    assert run.returncode == 0
    kinds = json.loads(run.stdout)["$defs"]
    assert kinds["RideFile"]["additionalProperties"] is kinds["FootFile"]["additionalProperties"] is False


def test_modes_prints_those_of_the_drives_and_their_watches(tmp_path):
    run = draisine("modes", cwd=tmp_path)
    assert run.returncode == 0
    assert "| ready | the pose that was measured is held" in run.stdout
    assert "| drive_silent | a drive was not heard | `drive_age` 0.02 s | 1 | fault |" in run.stdout


def test_help_names_the_commands(tmp_path):
    run = draisine("--help", cwd=tmp_path)
    assert run.returncode == 0
    assert all(command in run.stdout for command in ("list", "run", "schema", "doctor"))


def test_help_is_quick_because_nothing_heavy_is_imported(tmp_path):
    heavy = "{'numpy', 'pinocchio', 'pybullet', 'matplotlib', 'joblib'}"
    program = f"import sys, scenarios.commands; print(sorted({heavy} & set(sys.modules)))"
    assert draisine(cwd=tmp_path, program=program).stdout == "[]\n"


def test_doctor_finds_what_is_there(tmp_path):
    run = draisine("doctor", cwd=tmp_path)
    assert run.returncode == 0, run.stdout
    assert "MISSING" not in run.stdout
    assert list(tmp_path.iterdir()) == []


def test_doctor_says_how_to_mend_what_is_missing(tmp_path):
    program = "import sys; sys.modules['pybullet'] = None; from scenarios.cli import main; main()"
    (tmp_path / "file").write_text("in the way")
    run = draisine("doctor", "--out", "file/results", cwd=tmp_path, program=program)
    assert run.returncode == 2
    assert run.stdout.count("MISSING") == 2
    assert "mend it with: pip install 'draisine[sim,video]'" in run.stdout
    assert "--out" in run.stdout


def test_without_arguments_it_helps(tmp_path):
    run = draisine(cwd=tmp_path)
    assert run.returncode == 0
    assert "Usage" in run.stdout


@pytest.mark.parametrize(("text", "seeds"), [("3", [3]), ("0-3", [0, 1, 2, 3]), ("7,0-2,1", [0, 1, 2, 7])])
def test_seeds(text, seeds):
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize("text", ["", "a", "3-1", "1,,2", "-1", "1-2-3"])
def test_wrong_seeds(text):
    with pytest.raises(BadInput, match="write seeds such as"):
        parse_seeds(text)


def test_a_plan_has_every_scenario_with_every_seed(tmp_path):
    jobs = plan(["ride_circle", "ride_push"], None, "0-1", ["duration=30"], tmp_path, False)
    assert [(job.scenario.name, job.seed, job.scenario.duration) for job in jobs] == [
        ("ride_circle", 0, 30.0), ("ride_circle", 1, 30.0), ("ride_push", 0, 30.0), ("ride_push", 1, 30.0),
    ]  # fmt: skip


def test_two_files_of_one_name_cannot_share_an_output_folder(tmp_path):
    (tmp_path / "ride_circle.toml").write_text(GOOD)
    with pytest.raises(BadInput, match="same folder"):
        plan(["ride_circle", str(tmp_path / "ride_circle.toml")], 0, None, [], tmp_path, False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("squat",), "squat is no ride"),
        (("--token", "x"), "--host and --token are for --web"),
        (("--host", "0.0.0.0"), "--host and --token are for --web"),
    ],
)
def test_a_window_that_cannot_be_is_refused(tmp_path, arguments, message):
    assert_refused(draisine_here("gui", *arguments, cwd=tmp_path), message)


def test_what_is_no_run_is_refused_by_replay_and_data(tmp_path):
    for command in (("replay", "."), ("data", "export", "."), ("data", "check", ".")):
        assert_refused(draisine_here(*command, cwd=tmp_path), "is no run: name a folder")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        ("BrokenPipeError(32, 'Broken pipe')", "the system: Broken pipe"),
        ("OSError('the encoder has gone')", "the system: the encoder has gone"),
        ("OSError(28, 'No space left on device', 'runs/x')", "runs/x: No space left on device"),
    ],
)
def test_what_the_system_refuses_is_told_in_one_line(tmp_path, raised, told):
    program = f"""
import scenarios.cli, scenarios.commands
def broken(): raise {raised}
scenarios.commands.json.dumps = lambda *_, **__: broken()
scenarios.cli.main()
"""
    assert_refused(draisine("schema", cwd=tmp_path, program=program), told)


def test_a_reader_that_goes_away_is_no_complaint(tmp_path):
    program = "import time; time.sleep(1.0); from scenarios.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "schema"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) == 2
