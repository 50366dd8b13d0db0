"""Checks and tables of the physics over what goes wrong: a process that dies, a ride that breaks down, NaN."""

import json
import math
import os
import signal
import time
from unittest.mock import patch

from scenarios.metrics import METRICS
from scenarios.physics import conduct as conduct_module
from scenarios.physics import convergence as convergence_module
from scenarios.physics import convergence_table
from scenarios.physics.check import Check
from scenarios.physics.conduct import Verdict, conduct
from scenarios.physics.convergence import BANDS, REFERENCE, RIDES, STEPS
from scenarios.trial import TrialResult, broken

CHECKS = [Check(name, f"the law of {name}", tuple) for name in ("first", "deadly", "last")]


def do(name):
    if name == "deadly":
        time.sleep(3.0)
        os.kill(os.getpid(), signal.SIGKILL)
    return Verdict(name, f"the law of {name}", (), "", 1.0)


def test_a_process_that_dies_leaves_the_verdicts_that_are_there(monkeypatch):
    monkeypatch.setattr(conduct_module, "_do", do)
    found = list(conduct(CHECKS, 2))
    assert [verdict.name for verdict in found] == ["first", "deadly", "last"]
    assert [verdict.problem for verdict in found] == [
        "", "not done, since a process died; was it killed for its memory?", "",
    ]  # fmt: skip
    assert not found[1].passed


def test_a_difference_that_is_no_number_is_the_worst():
    def measure(name, resolution):
        lost = name == RIDES[2] and resolution in STEPS
        return {band.metric: math.nan if lost else 1.0 for band in BANDS}

    with patch.object(convergence_module, "_measure", measure):
        findings = convergence_module._converges(STEPS)
    assert len(findings) == len(STEPS) * len(BANDS)
    assert all(RIDES[2] in finding.what and not finding.passed for finding in findings)


def attempt_all(trials, jobs):
    for trial in trials:
        if trial.name == f"{RIDES[0]}, {REFERENCE.label}":
            yield broken(trial, "its process died, 3 times")
        else:
            metrics = dict.fromkeys(METRICS, 1.0)
            yield TrialResult(
                trial.name, trial.scenario.name, trial.seed, trial.changes, "completed", 1.0, metrics, (), "h"
            )


def test_a_ride_that_breaks_down_is_named_in_the_table_of_convergence(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(convergence_table, "attempt_all", attempt_all)
    assert convergence_table.convergence(tmp_path, 1.0, 0, None) == 1
    page = (tmp_path / "convergence" / "convergence.md").read_text(encoding="utf-8")
    problem = f"{RIDES[0]}, 1/1000 s: its process died, 3 times"
    assert f"Broke down: {problem}" in page
    assert f"| `{RIDES[0]}` | – | 1 | 1 | 1 | 1 |" in page
    document = json.loads((tmp_path / "convergence" / "convergence.json").read_text())
    assert (document["broken"], document["outside"]) == ([problem], [])
    shown = capsys.readouterr().out
    assert "`path_error_rms` [m], allowed to differ" in shown, "units are no markup"
