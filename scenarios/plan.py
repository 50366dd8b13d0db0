"""From the arguments of ``draisine run`` to the runs that they ask for."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scenarios.bounds import MOST_RUNS
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.schema import Scenario


@dataclass(frozen=True, slots=True)
class Job:
    """One run to be done.

    Attributes:
        scenario: What is asked.
        seed: Seed of jitter and noise.
        out: Folder for results.
        overrides: What was changed in the scenario.
        video: Whether to film it.
    """

    scenario: Scenario
    seed: int
    out: Path
    overrides: tuple[str, ...] = ()
    video: bool = False

    @property
    def label(self) -> str:
        """How the run is called in messages."""
        return f"{self.scenario.name}, seed {self.seed}"


def plan(
    references: Sequence[str], seed: int | None, seeds: str | None, overrides: Sequence[str], out: Path, video: bool
) -> list[Job]:
    """Make one job of each scenario and seed.

    Raises:
        BadInput: A scenario or a seed is wrong, or two runs would write the same folder.
    """
    if seed is not None and seeds is not None:
        raise BadInput("give --seed or --seeds, not both")
    numbers = [seed or 0] if seeds is None else parse_seeds(seeds)
    loaded = [load(reference, overrides) for reference in references]
    jobs = [Job(scenario, number, out, tuple(overrides), video) for scenario in loaded for number in numbers]
    twice, count = Counter(job.label for job in jobs).most_common(1)[0]
    if count > 1:
        raise BadInput(f"{twice} is asked twice, and both runs would write the same folder")
    return jobs


def parse_seeds(text: str) -> list[int]:
    """Read seeds such as ``0-9`` or ``0,3,7-9``, each once and in order.

    Raises:
        BadInput: It does not read like that, or there are more than a hundred thousand.
    """
    seeds: set[int] = set()
    count = 0
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?", part)
        if match is None or (match[2] is not None and int(match[2]) < int(match[1])):
            raise BadInput(f"--seeds {text!r}: write seeds such as 0-9 or 0,3,7")
        part_of_them = range(int(match[1]), int(match[2] or match[1]) + 1)
        count += len(part_of_them)
        if count > MOST_RUNS:
            raise BadInput(f"--seeds {text!r}: these are more than {MOST_RUNS}; write fewer")
        seeds.update(part_of_them)
    return sorted(seeds)
