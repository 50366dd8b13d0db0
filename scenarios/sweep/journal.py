"""The journal of a sweep: a JSON line for each sample that is over, so that a sweep goes on where it stopped.

Of two lines of one sample, which broke down at first, the later one counts.
"""

import fcntl
import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from scenarios.errors import BadInput
from scenarios.provenance import processor
from scenarios.sweep.request import Sample
from scenarios.trial import TrialResult

FORMAT = 1
"""Of the lines; another one is not read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample that is done.

    Attributes:
        sample: Its number.
        values: What was drawn, by key.
        result: What came of it.
        cpu: Processor of the machine that rode it, or had it ridden on a cluster; None in journals of before.
    """

    sample: int
    values: Mapping[str, float | str]
    result: TrialResult
    cpu: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What decides about every result of a sweep; the number of samples does not, so that it may be raised.

    Attributes:
        scenario: The scenario's name.
        scenario_text: Content of its file.
        overrides: Changes to it.
        seed: Seed of the sweep.
        sources: Hash of the project's code and bodies.
        versions: Of the packages that compute.
        policy_sha256: Hash of the file of a learned policy, by its name.
        robot_sha256: Hashes of the files of another body, by their names.
    """

    scenario: str
    scenario_text: str
    overrides: tuple[str, ...]
    seed: int
    sources: str
    versions: Mapping[str, str | None]
    policy_sha256: Mapping[str, str] = field(default_factory=dict)
    robot_sha256: Mapping[str, str] = field(default_factory=dict)


_CALLED = {
    "scenario": "another scenario",
    "scenario_text": "another text of the scenario's file",
    "overrides": "other changes (--set)",
    "seed": "another --seed",
    "sources": "other sources of the project",
    "versions": "other versions of its packages",
    "policy_sha256": "another file of the policy",
    "robot_sha256": "other files of the robot",
}
_NO_FILES: dict[str, Any] = {"policy_sha256": {}, "robot_sha256": {}}
"""What a header of before, that does not tell of them, is taken to say."""


class Journal:
    """An open journal: what is in it, and a way to add to it."""

    def __init__(self, file: IO[bytes], entries: dict[int, Entry]) -> None:
        self._file = file
        self.entries = entries
        """What became of each sample, by number."""

    def has(self, number: int) -> bool:
        """Whether a sample was ridden; what broke down is not done, for what broke it may be mended by now."""
        return number in self.entries and not self.entries[number].result.problem

    def add(self, sample: Sample, result: TrialResult) -> None:
        """Write a result down; it is on the disk when this returns.

        Raises:
            OSError: The disk is full.
        """
        entry = Entry(sample.number, sample.values, result, processor())
        _append(self._file, _plain(asdict(entry)))
        self.entries[sample.number] = entry


@contextmanager
def open_journal(file: Path, header: Header, *, fresh: bool) -> Iterator[Journal]:
    """Open the journal of a sweep, begin it when there is none; nobody else can as long as it is open.

    A last line that was torn when the machine or the process died is dropped.

    Args:
        file: Where it is.
        header: What must have decided about the results that are in it.
        fresh: Begin anew, whatever is there.

    Raises:
        BadInput: It is open elsewhere, belongs to another sweep, is no journal, or cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        opened = file.open("a+b", buffering=0)
    except OSError as error:
        raise BadInput(f"{file}: cannot be written: {error.strerror}; name another folder with --out") from None
    with opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(f"{file.parent}: another sweep is writing there; wait for it, or choose --out") from None
        if fresh:
            opened.truncate(0)
        opened.seek(0)
        whole, entries = _read(file, opened.read(), header)
        opened.truncate(whole)
        if not whole:
            _append(opened, {"format": FORMAT, **asdict(header)})
        yield Journal(opened, entries)


def _read(file: Path, content: bytes, header: Header) -> tuple[int, dict[int, Entry]]:
    """Length of the lines that are whole [bytes], and what they say.

    Raises:
        BadInput: They are of another sweep, or of none.
    """
    whole = content.rfind(b"\n") + 1
    if not whole:
        if content and not content.startswith(b'{"format":'[: len(content)]):
            raise BadInput(f"{file}: is not the journal of a sweep; --fresh overwrites it, or choose --out")
        return 0, {}
    first, *lines = content[:whole].splitlines()
    try:
        _compare(file.parent, json.loads(first), header)
        entries = [_entry(json.loads(line)) for line in lines]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"{file}: is not the journal of a sweep ({error}); --fresh begins it anew, or choose --out"
        ) from None
    return whole, {entry.sample: entry for entry in entries}


def _compare(folder: Path, found: dict[str, Any], header: Header) -> None:
    if found.pop("format") != FORMAT:
        raise BadInput(f"{folder}: its journal is of another version; --fresh begins the sweep anew")
    found = _NO_FILES | found
    asked = json.loads(json.dumps(asdict(header)))
    differing = [called for key, called in _CALLED.items() if found[key] != asked[key]]
    if differing:
        raise BadInput(
            f"{folder}: the sweep there was begun with {' and '.join(differing)}; "
            "--fresh begins it anew, or choose another --out"
        )


def _append(file: IO[bytes], document: dict[str, Any]) -> None:
    """Write a line at once and see it to the disk."""
    file.write(json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n")
    os.fsync(file.fileno())


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    """As JSON can say it: NaN is null, infinities are strings."""
    metrics = {
        name: float(value) if math.isfinite(value) else None if math.isnan(value) else str(value)
        for name, value in entry["result"]["metrics"].items()
    }
    return {**entry, "result": {**entry["result"], "metrics": metrics}}


def _entry(document: dict[str, Any]) -> Entry:
    result = document["result"]
    metrics = {name: math.nan if value is None else float(value) for name, value in result["metrics"].items()}
    tuples = {name: tuple(result[name]) for name in ("changes", "failures")}
    ridden = TrialResult(**{**result, **tuples, "metrics": metrics})
    return Entry(document["sample"], document["values"], ridden, document.get("cpu"))
