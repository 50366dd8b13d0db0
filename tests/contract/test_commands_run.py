"""Every command of the documents is run, smaller where it would take long: `make commands`."""

import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documented import ROOT, command_lines
from tests.live.test_window import display, needs_display  # noqa: F401 - a fixture among them

pytestmark = pytest.mark.patience

PATIENCE = 1800.0
"""What the longest command may take on a slow machine [s]."""
WATCHED = 30.0
"""For how long one that goes on until it is ended goes on here [s]."""

SMALLER = (
    (r"--seeds \S+", "--seeds 0"),
    (r"bench run full --seeds 0", "bench run full --seeds 0-1 --only lean --no-video"),
    (r"bench run smoke --seeds 0", "bench run smoke --seeds 0-9 --only squat"),
    (r"(sweep .*--samples) 200", r"\1 4"),
    (r"bench survival$", "bench survival --magnitudes 10:20:10 --directions 2 --phases 1 --samples 1"),
    (r"--magnitudes 18:27:3", "--magnitudes 18:27:9 --directions 2 --samples 1"),
    (r"(city_course|push_step) --video", r"\1"),
)
"""What is changed in a command for the sake of time, one after another: a pattern, and what stands in its place."""

ENDLESS = r"gui|replay \S+( runs/\S+)?$|drives .* simulate"
"""Commands that go on until they are ended."""

ELSEWHERE = {
    "bench accept": "tests/cli/test_bench.py: it writes baselines",
    "bench compare [": "tests/cli/test_bench.py: what it compares is left open",
    "--engine ray --address": "tests/regression/test_ray.py: it asks for a cluster",
    "--bus left_arm": "tests/cli/test_drive_processes.py: it asks for drives in another terminal",
}
"""Commands that are not run here, by a part of them, with the test that does."""

STATUSES = {
    r"pedalling=false|rider\.dab=false": {1},
    r"jvrc_description": {2},
    r"policy=arms\.onnx|bench loop|doctor": {0, 1},
}
"""Where the exit status is not 0: what fails as the document says, what is refused, and verdicts that depend on the
machine, or on what little has been learnt here."""


def smaller(line):
    """The command that is run in the place of a line."""
    command = line.split("  #")[0].strip()
    for pattern, instead in SMALLER:
        command = re.sub(pattern, instead, command)
    return command


COMMANDS = sorted({smaller(line) for _, line in command_lines() if not any(part in line for part in ELSEWHERE)})


def begin(command, folder):
    """Begin it in a shell, as who reads it does, in a folder."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return subprocess.Popen(
        ["/bin/bash", "-c", f"exec draisine {command}"], cwd=folder, env=os.environ | {"PATH": path}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where all are run, with what they take for granted: runs, bodies, a policy."""
    folder = tmp_path_factory.mktemp("commands")
    for command in ("run ride_push --seeds 0-1", "run ride_figure_eight"):
        with begin(command, folder) as process:
            _, complaint = process.communicate()
            assert process.returncode == 0, complaint
    shutil.copytree(folder / "runs" / "ride_push-seed0", folder / "older" / "ride_push-seed0")
    for name in ("my_robot.urdf", "legs.urdf"):
        shutil.copy(ROOT / "urdf" / "humanoid.urdf", folder / name)
    told = [(ROOT / "robot" / name).read_text(encoding="utf-8") for name in ("humanoid.toml", "drives.toml")]
    (folder / "legs.toml").write_text("\n".join(told), encoding="utf-8")
    learn = runpy.run_path(str(ROOT / "examples" / "learn_to_stand.py"))["main"]
    learn(rounds=1, pairs=1, out=str(folder / "arms.onnx"))
    return folder


@needs_display
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.usefixtures("display")
def test_it_does_what_the_document_says(folder, command):
    endless = re.match(ENDLESS, command) is not None
    with begin(command, folder) as process:
        try:
            if endless:
                with pytest.raises(subprocess.TimeoutExpired):  # or it has ended by itself
                    process.communicate(timeout=WATCHED)
                process.send_signal(signal.SIGINT)
            told, complaint = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert "Traceback" not in complaint, complaint
    expected = next((found for pattern, found in STATUSES.items() if re.search(pattern, command)), {0})
    assert process.returncode in ({0, 130} if endless else expected), told + complaint


def test_what_is_run_elsewhere_is_in_the_documents():
    lines = [line for _, line in command_lines()]
    assert all(any(part in line for line in lines) for part in ELSEWHERE)
