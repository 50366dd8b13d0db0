"""From what a scenario says of the ground on foot to the ground itself."""

from __future__ import annotations

from math import ceil

import numpy as np

from controllers.balance.goal import Goal
from scenarios.ground_schema import GroundTable, Slope, Uneven
from sim.ground import Ground, uneven

_MARGIN = 3.0
"""How much farther than the goals lead there are blocks [m]."""
_MOST_BLOCKS = 40_000
_GROUND_STREAM = 3
"""Stream of random numbers of the blocks, besides those of the start and the drives."""


def build_ground(table: GroundTable, goals: tuple[Goal, ...], seed: int) -> Ground:
    """The ground of a scenario, as far as its goals can lead.

    Raises:
        ValueError: It would take too many blocks.
    """
    if isinstance(table, Slope):
        return Ground(angle=table.angle, toward=table.toward)
    if not isinstance(table, Uneven):
        return Ground()
    reach = _reach(goals) + _MARGIN
    blocks = (2 * ceil(reach / table.side) + 1) ** 2
    if blocks > _MOST_BLOCKS:
        raise ValueError(
            f"the goals lead {reach - _MARGIN:.0f} m away, over {blocks} blocks of {table.side:g} m; "
            f"at most {_MOST_BLOCKS} can be laid: take larger ones, or go less far"
        )
    rng = np.random.default_rng((seed, _GROUND_STREAM))
    return uneven(table.height, table.side, table.level_start, reach, rng)


def _reach(goals: tuple[Goal, ...]) -> float:
    """How far from the start the goals can lead along x or y [m]."""
    reach = 0.0
    for goal in goals:
        if goal.walk is not None and goal.seconds is not None:
            reach += float(np.hypot(*goal.walk[:2])) * goal.seconds
        if goal.walk_to is not None:
            reach = max(reach, *(abs(place) for place in goal.walk_to[:2]))
    return reach
