"""The table of modes of a body on its feet, to read and to draw."""

from controllers.balance.modes import TABLE, Mode


def as_markdown() -> str:
    """A row for each mode: what it does, which modes it may follow, and when it begins."""
    rows = ["| mode | what | may follow | begins |", "|---|---|---|---|"]
    rows += [f"| {_name(row.mode)} | {row.about} | {_names(row.allowed_from)} | {row.begins} |" for row in TABLE]
    return "\n".join(rows)


def as_dot() -> str:
    """A graph for Graphviz, with an arrow for each change that is allowed."""
    arrows = [f"  {_name(before)} -> {_name(row.mode)};" for row in TABLE for before in row.allowed_from]
    return "\n".join(("digraph modes {", "  node [shape=box, style=rounded];", *arrows, "}"))


def _name(mode: Mode) -> str:
    return mode.name.lower()


def _names(modes: tuple[Mode, ...]) -> str:
    return "any other" if len(modes) == len(Mode) - 1 else ", ".join(map(_name, modes))
