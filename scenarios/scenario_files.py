"""The files that a scenario names besides its own: of another body, and of a learned policy."""

from __future__ import annotations

from pathlib import Path

from scenarios.body_files import body_files
from scenarios.foot_schema import FootScenario
from scenarios.schema import Scenario


def robot_files(scenario: Scenario) -> tuple[Path, ...]:
    """The files of the body that a scenario names; none where it is the project's own.

    Raises:
        ValueError: One of them is not there, or its package is not installed.
    """
    table = scenario.robot if isinstance(scenario, FootScenario) else None
    return () if table is None else body_files(table)


def policy_file(scenario: Scenario) -> Path | None:
    """The file of the policy that a scenario names, if it names one."""
    return None if scenario.policy is None else Path(scenario.policy)
