"""Every command of the commissioning guide, on virtual drives, in its order, with what it prints there."""

import re
import shlex
import signal

import pytest
from typer.testing import CliRunner

from scenarios.commands import app
from scenarios.wiring import WIRING
from tests.cli.drive_stand import Stand
from tests.cli.test_cli import ROOT
from tests.unit.drive_bench import Bench

GUIDE = (ROOT / "docs" / "commissioning.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
STEPS = [step.partition("\n") for block in BLOCKS for step in re.split(r"^\$ ", block, flags=re.MULTILINE) if step]
ON_THE_BENCH = [(command, said) for command, _, said in STEPS if "--wiring bench.toml" in command]
IN_THE_ROBOT = [(command, said) for command, _, said in STEPS if "--wiring bench.toml" not in command]
WITHOUT_DRIVES = {"simulate", "abandon", "faults"}
"""Tools that have virtual drives at the other end; they are not steps of the guide."""
WITHOUT_QUESTION = {"scan", "monitor", "ranges", "load"}


def follow(bench, steps):
    """Do what the guide says; whoever reads it types yes, and ends a live table by Ctrl-C."""
    for command, said in steps:
        words = shlex.split(command)
        assert words[:2] == ["draisine", "drives"]
        asks = not WITHOUT_QUESTION & set(words)
        if "monitor" in words and "--once" not in words:
            bench.at[bench.now() + 0.3] = lambda: signal.raise_signal(signal.SIGINT)
        run = CliRunner().invoke(app, [*words[1:], *(["--yes"] if asks else [])], standalone_mode=False)
        assert run.exception is None, (command, run.output, run.exception)
        assert not run.return_value, (command, run.output)
        assert not said or run.output.rstrip() == said.rstrip(), command


def test_the_guide_has_the_commands_of_the_tools():
    shown = {word for command, _, _ in STEPS for word in shlex.split(command)}
    tools = {command.name or command.callback.__name__ for command in _tools() if command.callback}
    assert tools - shown == WITHOUT_DRIVES
    assert all(f"`{tool}`" in GUIDE for tool in WITHOUT_DRIVES)


def _tools():
    from scenarios.drives.commands import app as drives

    return drives.registered_commands


def test_the_bench_part_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Stand("plain", tmp_path, "guide") as stand:
        stand.file.rename("bench.toml")
        follow(stand, ON_THE_BENCH)
        assert stand.drive.following.stiffness == 0.0


def test_the_robot_part_works():
    with Bench(WIRING.read_text(encoding="utf-8"), "robot") as bench:
        follow(bench, IN_THE_ROBOT)


@pytest.mark.parametrize("part", ["## Before the first motor", "## On the bench", "## In the robot", "## Standing"])
def test_every_part_can_be_ticked(part):
    assert GUIDE.split(part)[1].split("\n## ")[0].count("\n- [ ] ") >= 6
