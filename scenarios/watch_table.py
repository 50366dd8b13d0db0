"""What the drives of a robot are watched for, to read."""

from __future__ import annotations

from robot.command import Reason
from robot.safety.limits import SafetyLimits
from robot.safety.modes import RobotMode
from robot.safety.watches import WATCHES, WatchRow
from scenarios.safety import load_safety


def as_markdown() -> str:
    """A row for each watch: when it trips, its limit, after how many ticks, what follows, and what a joint is told."""
    limits = load_safety().limits
    rows = ["| watch | when | limit | ticks | reaction | reason | in modes |", "|---|---|---|---:|---|---|---|"]
    rows += [
        f"| {row.watch.name.lower()} | {row.about} | {_limit(row, limits)} | {row.ticks} | {row.reaction.name.lower()} "
        f"| {_reason(row)} | {_modes(row)} |"
        for row in WATCHES
    ]
    return "\n".join(rows)


def _limit(row: WatchRow, limits: SafetyLimits) -> str:
    """The limit with its value and unit, where it is one of the safety file."""
    words = row.limit.replace(",", " ,").split()
    shown = [
        f"`{word}` {getattr(limits, word):g} {row.unit}" if word in SafetyLimits.__annotations__ else word
        for word in words
    ]
    return " ".join(shown).replace(" ,", ",")


def _reason(row: WatchRow) -> str:
    return ", ".join(bit.name.lower() for bit in Reason if bit and bit in row.reason and bit.name) or "-"


def _modes(row: WatchRow) -> str:
    missing = [mode.name.lower() for mode in RobotMode if mode not in row.modes]
    if not missing:
        return "all"
    if len(missing) == 1:
        return f"all but {missing[0]}"
    return ", ".join(mode.name.lower() for mode in sorted(row.modes))
