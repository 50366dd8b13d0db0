"""Runs one scenario: builds it, closes the loop, judges it, and writes its results."""

import gc
import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter_ns

from robot import RobotState
from scenarios.context import RunContext, SafetyReport
from scenarios.errors import BadInput
from scenarios.folder import atomic_folder
from scenarios.kinds import KINDS, Kind
from scenarios.metrics import compute
from scenarios.outcome import End, Outcome, Timing
from scenarios.outputs import write_outputs
from scenarios.progress_board import Stage
from scenarios.provenance import provenance
from scenarios.ride import Ride
from scenarios.run_log import Recorder, RunLog
from scenarios.scenario_files import policy_file, robot_files
from scenarios.schema import CONTROL_PERIOD, Scenario
from scenarios.stopwatch import Stopwatch

Assemble = Callable[[Scenario, int], Ride]
Progress = Callable[[Stage, float, float], None]
"""Told now and then: what is being done, how far it is [s], and how many times faster than real time."""
Film = Callable[[Path, RunLog, RunContext, Progress], None]
"""Writes a video from the log of a ride."""
_TICKS_BETWEEN_PROGRESS = 50


def run(
    scenario: Scenario,
    seed: int,
    out: Path,
    progress: Progress,
    *,
    assemble: Assemble,
    overrides: Sequence[str] = (),
    film: Film | None = None,
) -> Outcome:
    """Run a scenario and write its results into ``out/<scenario>-seed<seed>``.

    Args:
        scenario: What is asked.
        seed: Seed of jitter and noise.
        out: Folder for results.
        progress: Told how far it is.
        assemble: Builds the ride from the scenario and the seed.
        overrides: What was changed in the scenario, for the record.
        film: Makes a video of the ride, if one is wanted; where it fails, the outcome says so and the rest is kept.

    Raises:
        BadInput: The output folder cannot be written, or the scenario cannot be built.
    """
    destination = out / f"{scenario.name}-seed{seed}"
    with atomic_folder(destination) as folder:
        ridden = ride(scenario, seed, progress, assemble=assemble)
        log, context = ridden.log, ridden.context
        progress(Stage.writing, ridden.seconds, 0.0)
        outcome = Outcome(
            scenario=scenario.name,
            summary=scenario.summary,
            seed=seed,
            end=ridden.end,
            ridden=ridden.seconds,
            metrics=compute(log, context),
            criteria=scenario.criteria,
            provenance=provenance(log.state_hash(), seed, overrides, robot_files(scenario), policy_file(scenario)),
            timing=ridden.timing,
            folder=destination,
            kind=scenario.kind,
            events=() if context.safety is None else context.safety.events,
        )
        write_outputs(folder, outcome, log, context)
    if film is None:
        return outcome
    return replace(outcome, not_filmed=_film(destination, log, context, progress, film))


def _film(folder: Path, log: RunLog, context: RunContext, progress: Progress, film: Film) -> str:
    """Film a ride into its folder, as a whole or not at all, and tell why it was not, or nothing."""
    filming = folder / ".filming"
    try:
        filming.mkdir()
        film(filming / "video.mp4", log, context, progress)
        for file in filming.iterdir():
            file.rename(folder / file.name)
    except Exception as error:  # no encoder, no room, or a process that died: the ride is worth more than its video
        return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    finally:
        shutil.rmtree(filming, ignore_errors=True)
    return ""


@dataclass(frozen=True, slots=True)
class Ridden:
    """A ride that has come to its end.

    Attributes:
        log: All that was logged.
        context: What else is needed to judge it.
        end: Why it ended.
        timing: How long it took.
        seconds: Simulated time to its end [s]; the log of a fall may go on after it.
    """

    log: RunLog
    context: RunContext
    end: End
    timing: Timing
    seconds: float


def ride(scenario: Scenario, seed: int, progress: Progress, *, assemble: Assemble) -> Ridden:
    """Ride a scenario and keep its log; nothing is written.

    Raises:
        BadInput: The scenario cannot be built.
    """
    capacity = math.ceil(scenario.duration / CONTROL_PERIOD - 1e-9)
    stopwatch = Stopwatch(capacity)
    kind = KINDS[scenario.kind]
    built, state = _build(assemble, scenario, seed)
    layout = kind.layout.for_joints(len(built.context.joint_names))
    log = RunLog(capacity, layout if built.safety is None else layout.with_safety())
    end, rows, safety = _close_loop(built, state, log, kind, stopwatch, progress)
    log["truth_energy"][:], log["truth_momentum"][:] = built.mechanics(log)
    context = replace(built.ridden(built.context), completed=end == "completed", safety=safety)
    timing = stopwatch.timing(len(log), len(log) * CONTROL_PERIOD)
    return Ridden(log, context, end, timing, rows * CONTROL_PERIOD)


def _build(assemble: Assemble, scenario: Scenario, seed: int) -> tuple[Ride, RobotState]:
    """Put the ride together and open its bus.

    Raises:
        BadInput: A body, a drive file or a course is not usable.
    """
    try:
        ride = assemble(scenario, seed)
        return ride, ride.bus.open()
    except ValueError as error:
        raise BadInput(f"{scenario.name} cannot be built: {error}") from error


def _close_loop(
    ride: Ride, state: RobotState, log: RunLog, kind: Kind, stopwatch: Stopwatch, progress: Progress
) -> tuple[End, int, SafetyReport | None]:
    """Close the loop until all is done, the robot has fallen and lies, or the log is full.

    Returns:
        Why it ended, the rows until then, and what happened on the way to the drives.
    """
    bus, controller = ride.bus, ride.controller
    fallen = kind.watch(log)
    end: End = "out of time"
    capacity = len(log)
    linger = round(kind.linger / CONTROL_PERIOD)
    fell: int | None = None
    row = 0
    try:
        world = ride.world()
        recorder = Recorder(log, world.truth, ride.safety)
        controller.reset(state)
        stopwatch.start(world.physics_seconds)
        with _no_garbage_collection():
            for row in range(capacity):
                start = perf_counter_ns()
                command = controller.step(state)
                stepped = perf_counter_ns()
                recorder.record_tick(row, state, controller.telemetry)
                recorded = perf_counter_ns()
                state, applied = bus.exchange(command)
                exchanged = perf_counter_ns()
                recorder.record_applied(row, applied)
                stopwatch.control[row] = stepped - start
                stopwatch.exchange[row] = exchanged - recorded
                stopwatch.log[row] = recorded - stepped + perf_counter_ns() - exchanged
                if fell is None and fallen(row):
                    end, fell = "fallen", row
                if fell is not None:
                    if row - fell >= linger:
                        break
                elif controller.finished:
                    end = "completed"
                    break
                if row % _TICKS_BETWEEN_PROGRESS == 0:
                    _tell(progress, row, stopwatch)
        stopwatch.stop(world.physics_seconds)
        _tell(progress, row, stopwatch)
        safety = None if ride.safety is None else ride.safety.report()
    finally:
        bus.stop()
        bus.close()
    log.truncate(row + 1)
    return end, row + 1 if fell is None else fell + 1, safety


def _tell(progress: Progress, row: int, stopwatch: Stopwatch) -> None:
    simulated = (row + 1) * CONTROL_PERIOD
    progress(Stage.riding, simulated, simulated / stopwatch.elapsed())


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Keep the collector from pausing the loop."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
