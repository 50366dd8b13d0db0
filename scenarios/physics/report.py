"""The report on the physics: as JSON for machines, as Markdown for people."""

from collections.abc import Sequence
from pathlib import Path

import orjson

from scenarios.physics.check import Finding
from scenarios.physics.conduct import Verdict


def write_report(folder: Path, verdicts: Sequence[Verdict], origin: dict[str, object]) -> None:
    """Write ``physics.json`` and ``physics.md`` into a folder that exists.

    Args:
        folder: Where to.
        verdicts: What came of the checks.
        origin: Versions and commit, for the record.

    Raises:
        OSError: A file cannot be written.
    """
    document = {
        "passed": all(verdict.passed for verdict in verdicts),
        "checks": [_entry(verdict) for verdict in verdicts],
        "provenance": origin,
    }
    (folder / "physics.json").write_bytes(
        orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY)
    )
    (folder / "physics.md").write_text(markdown(verdicts), encoding="utf-8")


def markdown(verdicts: Sequence[Verdict]) -> str:
    """The findings as a table in Markdown."""
    rows = [
        "| check | measured | expected | error [%] | allowed [%] | of | |",
        "|---|---|---|---|---|---|---|",
    ]
    for verdict in verdicts:
        rows.append(f"| **{verdict.name}**: {verdict.law} | | | | | | |")
        rows += [f"| {' | '.join(cells(finding))} |" for finding in verdict.findings]
        if verdict.problem:
            rows.append(f"| broke down: {verdict.problem} | | | | | | fails |")
    return "\n".join(rows) + "\n"


def cells(finding: Finding) -> tuple[str, ...]:
    """A finding as a row: what, measured, expected, error and tolerance in percent, what they are a part of, verdict.

    Where they are a part of the expected value itself, nothing is said.
    """
    unit = "" if finding.unit == "1" else f" {finding.unit}"
    return (
        finding.what,
        f"{finding.measured:.5g}{unit}",
        f"{finding.expected:.5g}{unit}",
        f"{100.0 * finding.error:.2g}",
        f"{100.0 * finding.tolerance:.2g}",
        "" if finding.scale is None else f"{finding.scale:.3g}{unit}",
        "passes" if finding.passed else "fails",
    )


def _entry(verdict: Verdict) -> dict[str, object]:
    return {
        "name": verdict.name,
        "law": verdict.law,
        "passed": verdict.passed,
        "problem": verdict.problem,
        "seconds": verdict.seconds,
        "findings": [
            {
                "what": finding.what,
                "measured": finding.measured,
                "expected": finding.expected,
                "unit": finding.unit,
                "error": finding.error,
                "tolerance": finding.tolerance,
                "scale": finding.scale,
                "passed": finding.passed,
            }
            for finding in verdict.findings
        ],
    }
