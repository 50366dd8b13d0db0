"""The report on a run of a tier: a page, a summary, JUnit XML, and a short video of each failure."""

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from scenarios.bench.evidence import MOST_RIDES, Evidence, gather, worth_a_look
from scenarios.bench.junit import junit_xml
from scenarios.bench.markdown import summary_markdown
from scenarios.bench.page import page
from scenarios.bench.results import BenchResults
from scenarios.bench.verdict import Verdict
from scenarios.bench.wording import plural, title
from scenarios.folder import atomic_folder

CLIPS = "failures"
"""Folder of the videos, beside the page."""


def write_report(
    folder: Path, results: BenchResults, verdict: Verdict, *, videos: bool = True, jobs: int | None = None
) -> tuple[str, ...]:
    """Write ``report.html``, ``summary.md``, ``junit.xml`` and ``failures/*.mp4`` in the place of older ones.

    The worst ride of each scenario that failed is ridden again, as results hold no logs; at most
    :data:`scenarios.bench.evidence.MOST_RIDES` are. What cannot be ridden or filmed is told, and is no error.

    Args:
        folder: Where to; it exists.
        results: What was measured.
        verdict: What the gate says of it.
        videos: Whether failures are filmed.
        jobs: How many processes at most; None for as many as there are cores.

    Returns:
        What is to be told, a line each: what could not be ridden again or was left out.

    Raises:
        OSError: A file cannot be written.
        BadInput: The folder cannot be written.
    """
    with TemporaryDirectory(prefix="draisine-") as scratch:
        clips = Path(scratch)
        evidence = gather(results, verdict, clips if videos else None, jobs)
        remarks = _remarks(evidence, len(worth_a_look(results, verdict)) - MOST_RIDES)
        written = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        files = {
            "report.html": page(results, verdict, evidence, clips, remarks, written).encode(),
            "summary.md": summary_markdown(results, verdict, remarks).encode(),
            "junit.xml": junit_xml(results, verdict),
        }
        _replace_clips(folder / CLIPS, [clips / item.video for item in evidence if item.video])
        for name, content in files.items():
            _replace(folder / name, content)
    return remarks


def _remarks(evidence: Sequence[Evidence], more: int) -> tuple[str, ...]:
    """What is to be told of the rides that were looked at again, and of so many more that were not."""
    told = [f"{title(item.verdict)}: {item.problem}" for item in evidence if item.problem]
    told += [
        f"{title(item.verdict)}: ridden again, seed {item.trial.seed} has other bits than the results"
        for item in evidence
        if item.same_bits is False
    ]
    if more > 0:
        told.append(f"only the {MOST_RIDES} worst scenarios were ridden again; {plural(more, 'more scenario')} failed")
    return tuple(told)


def _replace_clips(folder: Path, clips: Sequence[Path]) -> None:
    """Put clips into a folder in the place of an older one; without clips there is no folder."""
    if not clips:
        shutil.rmtree(folder, ignore_errors=True)
        return
    with atomic_folder(folder) as fresh:
        for clip in clips:
            shutil.copyfile(clip, fresh / clip.name)


def _replace(file: Path, content: bytes) -> None:
    """Write a file as a whole, in the place of an older one."""
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
