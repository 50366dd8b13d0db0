"""Scenarios as environments of Gymnasium: `draisine/Ride-v0`, `draisine/Stand-v0` and `draisine/Walk-v0`."""

from __future__ import annotations

ENVIRONMENTS = {"Ride-v0": "ride_push", "Stand-v0": "push_in_place", "Walk-v0": "walk_about"}
"""Each environment, and the scenario that it is of where none is named."""


def register() -> None:
    """Make them known; Gymnasium calls this itself, by the entry point of the distribution."""
    from gymnasium.envs.registration import register as make_known

    for name, scenario in ENVIRONMENTS.items():
        make_known(
            f"draisine/{name}", "scenarios.gym.env:ScenarioEnv", kwargs={"scenario": scenario},
            order_enforce=True, disable_env_checker=False,
        )  # fmt: skip
