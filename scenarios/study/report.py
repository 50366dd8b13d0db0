"""What the reports of all studies have in common: JSON, Markdown and the look of plots."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import matplotlib
import orjson
from rich.table import Table

from scenarios.provenance import origin
from scenarios.study.binomial import wilson
from scenarios.trial import TrialResult

matplotlib.use("Agg")

INK, FAINT = "#222222", "#9a9a9a"
COLOURS = ("#1f77b4", "#d9541e", "#2a9d5c", "#8a5fbf", "#c9a227", "#5f7d8c", "#c0478f", "#7f5539")
STYLE: dict[Any, Any] = {
    "font.size": 8.5, "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#888888",
    "axes.grid": True, "grid.color": "#ececec", "axes.titlelocation": "left", "axes.titlesize": 9,
    "legend.frameon": False, "legend.fontsize": 8, "lines.linewidth": 1.2,
}  # fmt: skip
Rows = Sequence[Sequence[str]]


def write_json(file: Path, document: dict[str, Any], trials: Iterable[TrialResult]) -> None:
    """Write what was found, every ride behind it, and where it came from; what is no finite number becomes null.

    Raises:
        OSError: The file cannot be written.
    """
    whole = {**document, "trials": [asdict(trial) for trial in trials], "provenance": origin()}
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY
    file.write_bytes(orjson.dumps(whole, option=option))


def write_markdown(file: Path, title: str, notes: Sequence[str], headings: Sequence[str], rows: Rows) -> None:
    """Write a title, sentences, and a table.

    Raises:
        OSError: The file cannot be written.
    """
    lines = [f"# {title}", "", *(line for note in notes for line in (note, ""))]
    lines += [_line(headings), _line(["---"] * len(headings)), *(_line(row) for row in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def table(title: str, headings: Sequence[str], rows: Rows) -> Table:
    """The same table for the terminal; the first column is text."""
    made = Table(box=None, pad_edge=False, title=title, title_justify="left", header_style="bold")
    for index, heading in enumerate(headings):
        made.add_column(heading, justify="left" if index == 0 else "right")
    for row in rows:
        made.add_row(*row)
    return made


def share_text(successes: int, trials: int) -> str:
    """A count with its interval, as ``3/4 (0.30-0.95)``."""
    low, high = wilson(successes, trials)
    return f"{successes}/{trials} ({low:.2f}-{high:.2f})"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
