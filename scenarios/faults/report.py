"""The matrix of faults as a table: fault, expected, observed, time to safe."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan

from scenarios.faults.matrix import Expectation, Matrix
from scenarios.faults.observe import Observation

_HEADINGS = ("fault", "during", "expected", "observed", "for", "stopped [ms]", "safe [ms]", "push on", "torque", "")
_LINE = "|---|---|---|---|---|---:|---:|---:|---:|---|"


def as_markdown(matrix: Matrix, observations: Sequence[Observation]) -> str:
    """A row for each fault that was tried."""
    rows = [f"| {' | '.join(_HEADINGS)} |", _LINE]
    return "\n".join(rows + [row(matrix, one) for one in observations])


def row(matrix: Matrix, one: Observation) -> str:
    """One fault as a row; the last cell says how it differs from what was expected."""
    differences = one.differences(matrix)
    refused = one.mode == "refused"
    cells = (
        one.case.about, one.stage.name, expected(one.expected), _observed(one), _short(one.why),
        _milliseconds(one.stop), _milliseconds(one.safe), "-" if refused else str(len(one.pushing)),
        "-" if refused else f"{one.torque:.0%}", "; ".join(differences) or "as expected",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def expected(expectation: Expectation) -> str:
    """An expectation in a few words."""
    words = [expectation.mode] + [f"without {expectation.lost} joint"] * (expectation.lost > 0)
    if expectation.stop is not None:
        words.append(f"stopped in {1e3 * expectation.stop:.0f} ms")
    if expectation.safe is not None:
        words.append(f"safe in {1e3 * expectation.safe:.0f} ms")
    if expectation.pushing:
        words.append(f"{expectation.pushing} drive{'s' * (expectation.pushing > 1)} push on")
    return ", ".join(words)


def _observed(one: Observation) -> str:
    return f"{one.mode}, without {one.lost} joint" if one.lost else one.mode


def _short(why: str) -> str:
    """What tripped, without numbers and time."""
    if not why:
        return "-"
    if why.startswith("mode "):  # a mode was refused, for what follows
        why = why.partition(": ")[2]
    return why.partition(":")[0].partition(" says ")[0]


def _milliseconds(time: float) -> str:
    if isnan(time):
        return "-"
    return f"{1e3 * time:.0f}" if isfinite(time) else "never"
