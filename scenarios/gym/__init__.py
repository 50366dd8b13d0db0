"""Scenarios as environments of Gymnasium: `draisine/Ride-v0`, `draisine/Stand-v0` and `draisine/Walk-v0`.

Importing this makes them known; so does `gymnasium.make("scenarios.gym:draisine/Ride-v0")`.
"""

from __future__ import annotations

from gymnasium.envs.registration import register

ENVIRONMENTS = {"Ride-v0": "ride_push", "Stand-v0": "push_in_place", "Walk-v0": "walk_about"}
"""Each environment, and the scenario that it is of where none is named."""

for _name, _scenario in ENVIRONMENTS.items():
    register(f"draisine/{_name}", "scenarios.gym.env:ScenarioEnv", kwargs={"scenario": _scenario})
