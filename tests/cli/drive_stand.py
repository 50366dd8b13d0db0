"""Virtual drives of every make, with the command line at the other end of their bus."""

import os
import re
from typing import Any

import pytest
from typer.testing import CliRunner

from robot.drivers import Power, Special
from scenarios.commands import app
from scenarios.errors import BadInput
from tests.unit.drive_bench import HEAD, Bench, wiring_with

MAKES: dict[str, dict[str, Any]] = {
    "powerflow": {"model": "powerflow_r52", "firmware": '"x2"'},
    "damiao": {"model": "dm4310", "direction": "-1", "gear": "1.5", "zero": "0.4"},
    "moteus": {"model": "qdd100"},
    "plain": {"model": "dm4310"},
    "cubemars": {"model": "ak80_9", "fd": False},
    "mini_cheetah": {"model": "mini_cheetah", "fd": False},
}

ASKED = ("damiao", "moteus")
"""Makes that can be asked for their state and settings."""


class Stand(Bench):
    """A bench with the wiring file that the tools read."""

    def __init__(self, make, folder, name, delivered=None):
        text = wiring_with(**MAKES[make])
        self.make, self.file = make, folder / "wiring.toml"
        self.file.write_text(text, encoding="utf-8")
        super().__init__(text, re.sub(r"\W", "_", name), truly=delivered)

    def call(self, *arguments, answer=None):
        where = ["--wiring", str(self.file), "--bus", "bench"]
        return CliRunner().invoke(app, ["drives", *where, *arguments], input=answer, standalone_mode=False)

    def exercise(self, *more):
        return self.call("exercise", HEAD, "--yes", "--period", "0.8", "--cycles", "2", *more)

    def ends_at(self, after, number):
        """Let a signal come some time after now [s]."""
        self.at[self.now() + after] = lambda: os.kill(os.getpid(), number)


of_every_make = pytest.mark.parametrize("make", [make for make in MAKES if make != "plain"], indirect=True)

that_can_be_asked = pytest.mark.parametrize("make", ASKED, indirect=True)


def assert_off(stand, run):
    assert stand.drive.power is Power.OFF, run.output
    assert stand.heard()[-1] is Special.DISABLE or stand.make == "moteus"
    assert "NOT" not in run.output


def assert_said(run, message):
    """One line that says it, and nothing else that went wrong."""
    assert isinstance(run.exception, BadInput), (run.output, run.exception)
    assert message in str(run.exception)
    assert "\n" not in str(run.exception)
