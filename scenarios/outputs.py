"""The files of one run."""

from dataclasses import asdict
from pathlib import Path

import orjson

from scenarios.context import FootContext, RideContext, RunContext
from scenarios.kinds import KINDS
from scenarios.mcap_file import write_mcap
from scenarios.outcome import Outcome
from scenarios.plots import draw
from scenarios.plots_foot import draw_on_foot
from scenarios.run_log import RunLog
from scenarios.summary import summary_page

_OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY


def write_outputs(folder: Path, outcome: Outcome, log: RunLog, context: RunContext) -> None:
    """Write metrics, timing, log, plots and the summary into a folder that exists.

    Raises:
        OSError: A file cannot be written.
    """
    _write_json(folder / "metrics.json", metrics_document(outcome))
    _write_json(folder / "timing.json", asdict(outcome.timing))
    write_mcap(folder / "run.mcap", log)
    if isinstance(context, RideContext):
        draw(folder / "plots.png", outcome, log, context)
    if isinstance(context, FootContext):
        draw_on_foot(folder / "plots.png", outcome, log, context)
    files = [file.name for file in folder.iterdir()]
    (folder / "summary.md").write_text(summary_page(outcome, files), encoding="utf-8")


def metrics_document(outcome: Outcome) -> dict[str, object]:
    """The content of metrics.json; a metric that the ride does not have is null."""
    known = KINDS[outcome.kind].metrics
    return {
        "scenario": outcome.scenario,
        "seed": outcome.seed,
        "passed": outcome.passed,
        "failures": list(outcome.failures),
        "end": outcome.end,
        "metrics": {
            name: {"value": value, "unit": known[name].unit} for name, value in outcome.finite_metrics().items()
        },
        "provenance": outcome.provenance,
    }


def _write_json(file: Path, document: object) -> None:
    file.write_bytes(orjson.dumps(document, option=_OPTIONS))
