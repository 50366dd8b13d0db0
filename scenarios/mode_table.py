"""The tables of modes, of a ride, of a body on its feet and of a robot's drives, to read and to draw."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from controllers.balance.modes import TABLE as ON_FOOT
from controllers.riding.modes import TABLE as RIDING
from robot.mode_table import ModeTable
from robot.safety.modes import TABLE as DRIVES

TABLES: dict[str, ModeTable[IntEnum]] = {"riding": RIDING, "on foot": ON_FOOT, "drives": DRIVES}
"""Every table by what it is of."""


def as_markdown(table: ModeTable[IntEnum]) -> str:
    """A row for each mode: what it does, which modes it may follow, and when it begins."""
    rows = ["| mode | what | may follow | begins |", "|---|---|---|---|"]
    count = len(table)
    rows += [f"| {_name(row.mode)} | {row.about} | {_names(row.allowed_from, count)} | {row.begins} |" for row in table]
    return "\n".join(rows)


def as_dot() -> str:
    """A graph for Graphviz, each table in a box of its own, with an arrow for each change that is allowed."""
    lines = ["digraph modes {", "  node [shape=box, style=rounded];"]
    for number, (name, table) in enumerate(TABLES.items()):
        lines += [f"  subgraph cluster_{number} {{", f'    label="{name}";']
        lines += [f'    "{name} {_name(row.mode)}" [label="{_name(row.mode)}"];' for row in table]
        lines += [
            f'    "{name} {_name(before)}" -> "{name} {_name(row.mode)}";'
            for row in table
            for before in row.allowed_from
        ]
        lines.append("  }")
    return "\n".join((*lines, "}"))


def _name(mode: IntEnum) -> str:
    return mode.name.lower()


def _names(modes: Sequence[IntEnum], count: int) -> str:
    return "any other" if len(modes) == count - 1 else ", ".join(map(_name, modes))
