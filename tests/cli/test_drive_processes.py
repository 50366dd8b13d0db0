"""Drives in a process of their own: tools find them, a controller commands them, and nobody feeds them when it dies."""

import json
import re
import subprocess
import sys
from math import pi
from pathlib import Path

import numpy as np
import pytest

from robot import JointCommand
from scenarios.committed import load_robot
from scenarios.drives.asked import Asked
from scenarios.drives.rewiring import rewired
from scenarios.errors import BadInput
from scenarios.realtime.kernel import KernelWishes
from scenarios.safety import patient, supervision
from tests.cli.test_cli import assert_refused, draisine, draisine_here
from tests.unit.udp_wiring import no_multicast, write_udp_wiring

ROOT = Path(__file__).parents[2]
PERIOD = 0.01
TRIES = 3
"""A machine that lets processes wait for 0.1 s trips watchdogs of drives, as it should, and lets joints lag."""
pytestmark = pytest.mark.skipif(no_multicast(), reason="this machine has no multicast")


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """The wiring file of drives that another process simulates."""
    file = write_udp_wiring(tmp_path_factory.mktemp("wiring") / "wiring.toml")
    program = "from scenarios.cli import main; main()"
    command = [
        sys.executable,
        "-c",
        program,
        "drives",
        "--wiring",
        str(file),
        "simulate",
        "--hanging",
        "--seconds",
        "600",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(4)]
        assert all("drives, interface udp_multicast, channel 239.74.163.2:" in line for line in said)
        yield file
        process.terminate()


def test_tools_find_the_drives_of_another_process(simulated, tmp_path):
    arguments = ("drives", "--wiring", str(simulated), "--bus", "left_arm", "scan", "--listen", "0", "--json")
    found = draisine(*arguments, cwd=tmp_path)
    rows = {row["name"]: row for row in json.loads(found.stdout)}
    assert rows["head_yaw_joint"]["verdict"] == "found"
    assert rows["left_wrist_pitch_joint"]["verdict"] == "found"  # a moteus drive
    assert rows["left_elbow_joint"]["verdict"] == "not heard"  # PowerFlow replies to commands alone
    assert found.returncode == 0, found.stdout


def test_a_joint_of_a_robot_in_another_process_is_moved(simulated, tmp_path):
    where = ("drives", "--wiring", str(simulated), "--bus", "left_arm")
    motion = ("--yes", "--cycles", "1", "--period", "1", "--stiffness", "20")
    for _ in range(TRIES):
        found = draisine(*where, "exercise", "left_elbow_joint", *motion, cwd=tmp_path)
        assert found.returncode == 0, found.stdout + found.stderr
        (error,) = re.findall(r"tracking error ([\d.]+) rad", found.stdout)
        if float(error) < 0.04:  # of a sine of 0.05 rad: a joint that is held would be off by that
            break
    assert float(error) < 0.04
    assert "off, and says so" in found.stdout


def test_the_loop_of_the_document_needs_no_more_than_the_computer_in_the_robot_has():
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "realtime.md").read_text(encoding="utf-8"), re.DOTALL)
    missing = (
        "sim",
        "pybullet",
        "typer",
        "rich",
        "joblib",
        "mcap",
        "orjson",
        "matplotlib",
        "pyarrow",
        "jinja2",
        "msgpack",
    )
    program = f"import sys; sys.modules.update(dict.fromkeys({missing!r}))\n" + "".join(blocks)
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


class Sway:
    """Asks all joints to sway a little around where they are."""

    def __init__(self, model):
        self.drives, self.rest = model.drives, np.zeros(model.size)

    def reset(self, state):
        self.rest = state.joint_position

    def step(self, state):
        still = np.zeros_like(self.rest)
        sway = self.rest + 0.02 * np.sin(2.0 * pi * state.time)
        return JointCommand(state.time, sway, still, still, self.drives.stiffness, self.drives.damping)


def test_the_loop_of_the_document_runs_a_robot_with_real_sockets(simulated, capsys):
    """The ten lines of docs/realtime.md, with the patience that a machine without real time needs."""
    from robot.body_senses import BodySenses, StillSenses
    from robot.state import ImuReading

    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "realtime.md").read_text(encoding="utf-8"), re.DOTALL)
    names: dict = {}
    exec(blocks[0], names)  # the imports
    names["PERIOD"] = PERIOD
    names["supervision"] = lambda *of: patient(supervision(*of), 5.0)
    names["KernelWishes"] = lambda **_: KernelWishes(lock_memory=False)
    exec(blocks[1], names)
    level = ImuReading(np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3), np.array((0.0, 0.0, 9.81)))
    model = load_robot()
    for _ in range(TRIES):
        senses = StillSenses(BodySenses(level, level, None))
        recorder = names["fly"](rewired(Asked(wiring=simulated)), senses, Sway(model), 1.5)
        if recorder.ticks > 450:  # ready for a second, active for one and a half, damped for two
            break
    assert "real time: timer slack 1 ns" in capsys.readouterr().out
    log = recorder.log()
    active = np.ptp(log["command_position"], axis=0) > 0.005
    assert active.sum() > 25
    assert recorder.ticks > 450
    assert (log["joint_position"] > model.limits.lower - 0.05).all()
    assert (log["joint_position"] < model.limits.upper + 0.05).all()
    assert (log["loop_send"] > 0.0).all()
    assert np.isfinite(log["drive_age"][-1]).all()


def test_the_loop_is_measured_with_drives_in_another_process(tmp_path, monkeypatch, capsys):
    from scenarios.bench import loop

    for name, value in (("_WARM_UP", 20), ("_REST", 10), ("_ROUNDS", 5)):
        monkeypatch.setattr(loop, name, value)
    wiring = write_udp_wiring(tmp_path / "wiring.toml", {})
    wishes = KernelWishes(lock_memory=False)
    assert loop.bench_loop(50, wishes, tmp_path, asked=Asked(wiring=wiring)) == 0
    assert "| encode |" in capsys.readouterr().out
    folder = tmp_path / "loop"
    assert {file.name for file in folder.iterdir()} == {"loop.json", "loop.md", "flight.mcap"}
    found = json.loads((folder / "loop.json").read_text(encoding="utf-8"))
    assert (found["ticks"], found["joints"]) == (50, 33)
    assert found["times"]["loop_receive"][0] > 0.0
    assert found["provenance"]["sources_sha256"]


def test_a_killed_controller_leaves_the_drives_to_themselves(tmp_path):
    """Damiao off, moteus damped, mini-cheetah free, each after its own time; CubeMars and PowerFlow go on."""
    from scenarios.drives.abandon import abandon

    for _ in range(TRIES):
        seen = abandon(Asked(wiring=write_udp_wiring(tmp_path / "wiring.toml")), PERIOD)
        if seen.fine:
            break
    assert seen.signal == 9
    assert [drive for drive in seen.drives if not drive.fine] == []
    said = {drive.model.split(", ")[1]: drive.expected for drive in seen.drives}
    assert said == {
        "damiao": "off after 0.1 s",
        "moteus": "damp after 0.1 s",
        "mini_cheetah": "free after 0.025 s",
        "cubemars": "nothing is published: goes on",
        "powerflow": "nothing is published: goes on",
    }


def test_buses_that_a_controller_cannot_have_are_refused():
    from scenarios.drives.abandon import abandon

    with pytest.raises(BadInput, match="leave out --bus and --channel"):
        abandon(Asked(bus="left_arm", interface="udp_multicast"), PERIOD)
    with pytest.raises(BadInput, match="real drives may be on interface 'socketcan', channel 'can0'"):
        abandon(Asked(), PERIOD)
    with pytest.raises(BadInput, match="interface 'virtual' ends with its process"):
        abandon(Asked(interface="virtual"), PERIOD)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["simulate"], "real drives may be on interface 'socketcan', channel 'can0'"),
        (
            ["--interface", "udp_multicast", "--channel", "can0", "--bus", "left_arm", "simulate"],
            "'can0' is no multicast",
        ),
    ],
)
def test_bad_input_is_refused_in_one_line(tmp_path, arguments, message):
    assert_refused(draisine_here("drives", *arguments, cwd=tmp_path), message)
