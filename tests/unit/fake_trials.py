"""Trials that cost nothing, and ways to do them that end badly."""

import os
import signal
import time
from pathlib import Path

from scenarios.loader import load
from scenarios.metrics import METRICS
from scenarios.trial import Trial, TrialResult

_SCENARIO = load("ride_straight")


def trials(count):
    return [Trial(f"t{index}", _SCENARIO, index) for index in range(count)]


def do(trial):
    """What a trial of this seed always gives."""
    metrics = {name: trial.seed + 0.1 * place for place, name in enumerate(METRICS)}
    end = "fallen" if trial.seed % 3 == 2 else "completed"
    return TrialResult(trial.name, "ride_straight", trial.seed, trial.changes, end, 1.0, metrics, (), f"h{trial.seed}")


def do_slowly(trial):
    time.sleep(0.05)
    return do(trial)


def deadly(trial):
    """Seed 3 takes its process with it."""
    if trial.seed == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return do_slowly(trial)


class DeadlyOnce:
    """The first attempt at seed 3 takes its process with it; every attempt leaves a line with its process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, trial):
        with (self.folder / trial.name).open("a") as file:
            file.write(f"{os.getpid()}\n")
        if trial.seed == 3 and len((self.folder / trial.name).read_text().splitlines()) == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return do_slowly(trial)

    def attempts(self, name):
        return len((self.folder / name).read_text().splitlines())

    def processes(self):
        return {int(line) for file in self.folder.iterdir() for line in file.read_text().splitlines()}


def alive(process):
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def all_dead(processes, within):
    """Whether processes are gone within a time [s]."""
    until = time.monotonic() + within
    while any(alive(process) for process in processes):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
