"""Does a sweep: draws its samples, rides those that are not yet done, and writes the table."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson
from joblib import cpu_count
from rich.console import Console

from scenarios.errors import BadInput
from scenarios.kinds import KINDS
from scenarios.loader import load, scenario_text
from scenarios.provenance import hashes, origin, sources_sha256
from scenarios.scenario_files import policy_file, robot_files
from scenarios.schema import Scenario
from scenarios.sweep.digest import digest
from scenarios.sweep.journal import Entry, Header, Journal, open_journal
from scenarios.sweep.progress import duration, sweep_progress
from scenarios.sweep.request import Draw, SweepRequest, Units, draw_sample
from scenarios.sweep.show import show
from scenarios.sweep.sweep_table import build_table, write_table
from scenarios.terminal import terminal
from scenarios.trial import Trial, TrialResult, attempt
from scenarios.trials import Engine, attempt_all


def conduct(
    request: SweepRequest,
    out: Path,
    *,
    jobs: int | None = None,
    engine: Engine = "local",
    address: str | None = None,
    fresh: bool = False,
    draw: Draw | None = None,
    units: Units | None = None,
    do: Callable[[Trial], TrialResult] = attempt,
) -> int:
    """Do a sweep and write it into ``out/<scenario>-sweep<seed>``; returns the exit status 0, since falls are data.

    The folder has ``journal.jsonl``, which grows, and at the end ``sweep.parquet``, ``summary.json`` and
    ``timing.json``, of which the last alone depends on where and when the rides were ridden.

    Args:
        request: What is asked.
        out: Folder for results.
        jobs: How many rides at the same time at most.
        engine: Where to ride.
        address: Of a Ray cluster.
        fresh: Begin anew, whatever is there.
        draw: Draws a sample; by the scenario's ``[randomize]`` table where it is not given.
        units: Tells the units of what is drawn; the same.
        do: Does one trial.

    Raises:
        BadInput: Something was asked that cannot be done, or another sweep is in the folder.
        KeyboardInterrupt: It was interrupted; what is done is in the journal.
    """
    if draw is None or units is None:
        from scenarios import randomize

        draw, units = randomize.draw, randomize.units
    console = terminal()
    header, provenance = _identity(request)
    kind = load(request.reference, request.overrides).kind
    folder = out / f"{header.scenario}-sweep{request.seed}"
    draw_sample(request, request.first, draw)  # what cannot be drawn must not cost what is in the folder
    with open_journal(folder / "journal.jsonl", header, fresh=fresh) as journal:
        todo = {
            str(number): draw_sample(request, number, draw) for number in request.numbers if not journal.has(number)
        }
        before = [journal.entries[number].result for number in request.numbers if journal.has(number)]
        if before:
            console.print(f"{len(before)} of {request.samples} samples are there from before", highlight=False)
        trials = [sample.trial for sample in todo.values()]
        started = perf_counter()
        try:
            with (
                sweep_progress(console, request.samples, before) as advance,
                closing(attempt_all(trials, jobs, engine, address=address, do=do)) as results,
            ):
                for result in results:
                    journal.add(todo[result.name], result)
                    advance(result)
        except KeyboardInterrupt:
            _say_how_to_go_on(console, request, journal, folder, fresh=fresh)
            raise
        wall = perf_counter() - started
        entries = [journal.entries[number] for number in request.numbers]
        cpus = _cpus(entries)
        provenance["cpus"] = cpus
        found = digest(entries, kind)
        write_table(
            folder / "sweep.parquet",
            build_table(entries, units(request.reference, request.overrides), provenance, KINDS[kind].metrics),
        )
        _write_json(folder / "summary.json", {**asdict(found), "provenance": provenance})
        workers = jobs or (cpu_count() if engine == "local" else None)
        timing = {"engine": engine, "jobs": workers, "samples_ridden": len(trials), "wall_seconds": wall}
        _write_json(folder / "timing.json", timing)
    show(console, found)
    if len(cpus) > 1:
        models = "; ".join("one that its journal does not tell" if cpu is None else str(cpu["model"]) for cpu in cpus)
        told = f"ridden on {len(cpus)} processors, on each of which a sample may end otherwise: {models}"
        console.print(told, highlight=False, soft_wrap=True)
    console.print(f"{len(trials)} rides in {duration(wall)}; table in {folder / 'sweep.parquet'}", highlight=False)
    return 0


def _identity(request: SweepRequest) -> tuple[Header, dict[str, object]]:
    """What decides about the results of a sweep, and the same for the record, without the processors.

    Raises:
        BadInput: There is no such scenario, a change to it is wrong, or a file that it names cannot be read.
    """
    scenario, text, where = load(request.reference, request.overrides), scenario_text(request.reference), origin()
    versions = where["versions"]
    assert isinstance(versions, dict)
    policy, robot = _hashes(scenario)
    header = Header(scenario.name, text, request.overrides, request.seed, sources_sha256(), versions, policy, robot)
    del where["cpu"]
    return header, {**asdict(header), "first": request.first, "samples": request.samples, **where}


def _hashes(scenario: Scenario) -> tuple[dict[str, str], dict[str, str]]:
    """Hashes of the files that a scenario names: of its policy, and of its robot.

    Raises:
        BadInput: One of them cannot be read.
    """
    policy = policy_file(scenario)
    try:
        return hashes([] if policy is None else [policy]), hashes(robot_files(scenario))
    except ValueError as error:
        raise BadInput(f"{scenario.name}: {error}") from None
    except OSError as error:
        raise BadInput(f"{scenario.name}: the file {error.filename} cannot be read: {error.strerror}") from None


def _cpus(entries: Iterable[Entry]) -> list[Mapping[str, object] | None]:
    """The processors on which samples were ridden, each once."""
    found: list[Mapping[str, object] | None] = []
    for entry in entries:
        if entry.cpu not in found:
            found.append(entry.cpu)
    return found


def _say_how_to_go_on(console: Console, request: SweepRequest, journal: Journal, folder: Path, *, fresh: bool) -> None:
    done = sum(journal.has(number) for number in request.numbers)
    console.print(
        f"interrupted: {done} of {request.samples} samples are done and kept in {folder}; "
        f"the same command{' without --fresh' if fresh else ''} goes on from there",
        highlight=False,
        soft_wrap=True,
    )


def _write_json(file: Path, document: Mapping[str, Any]) -> None:
    """Write a document as a whole or not at all."""
    partial = file.with_name(f".{file.name}.partial")
    partial.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    partial.replace(file)
