"""``draisine bench loop``: the loop of a robot with real drives, on virtual buses, by this machine's clock."""

from __future__ import annotations

import gc
import os
import resource
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from robot import JointCommand, RobotModel
from scenarios.bench.loop_costs import PARTS, part_costs
from scenarios.bench.loop_rig import LoopRig, UdpRig, VirtualRig
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.drives.asked import Asked
from scenarios.folder import atomic_folder
from scenarios.mcap_file import write_mcap
from scenarios.provenance import origin
from scenarios.realtime.flight_recorder import FlightRecorder
from scenarios.realtime.kernel import KernelWishes, real_time
from scenarios.realtime.loop_report import quantiles, report
from scenarios.realtime.monotonic_clock import MonotonicClock
from scenarios.realtime.tick_times import LOOP

Array = NDArray[np.float64]

_WARM_UP = 4000
"""Ticks until the interpreter's free lists are full: from then on no block of memory comes to those that there are."""
_KEPT = 30_000
"""Ticks that are kept: a minute, 80 MB."""
_REST = 1000
"""Periods of sleep alone, before and after."""
_ROUNDS = 1000
"""Exchanges of which the parts are timed."""


@dataclass(frozen=True, slots=True)
class LoopMeasured:
    """What a run of the loop showed.

    Attributes:
        allowed: What the kernel allowed, in one line.
        load: Load average of the machine over the last minute, before and after.
        cores: How many cores there are.
        preempted: How often the kernel took the core away from the loop.
        stolen: Time that the cores of a virtual machine were taken away from it while the loop ran, all together [s].
        bare: How late sleep alone wakes up, before and after: p50, p99, greatest [s].
        ticks: Number of ticks.
        overruns: Missed deadlines.
        lost: Periods that passed unused.
        times: p50, p99 and greatest of each column of the loop [s].
        costs: p50 and p99 of each part of an exchange, for the whole body [s].
        joints: Number of joints.
        blocks: Blocks of memory that the interpreter had more at the end.
        garbage: Objects that were unreachable at the end, for the collector was off.
        resident: Memory of the process that was there more at the end [B].
    """

    allowed: str
    load: tuple[float, float]
    cores: int
    preempted: int
    stolen: float
    bare: tuple[tuple[float, float, float], tuple[float, float, float]]
    ticks: int
    overruns: int
    lost: int
    times: dict[str, tuple[float, float, float]]
    costs: dict[str, tuple[float, float]]
    joints: int
    blocks: int
    garbage: int
    resident: int


def bench_loop(ticks: int, wishes: KernelWishes, out: Path, *, paced: bool = True, asked: Asked | None = None) -> int:
    """Measure, print, and write ``loop.json``, ``loop.md`` and ``flight.mcap`` into ``out/loop``; returns 0.

    Args:
        ticks: How many.
        wishes: What is asked of the kernel.
        out: Folder for results.
        paced: Whether a period takes its time; without, only costs and memory mean something.
        asked: Wiring and interface of drives in a process of their own; None for virtual buses in this one.

    Raises:
        BadInput: The folder cannot be written, or the drives do not come up.
    """
    with atomic_folder(out / "loop") as folder:
        behind = None if wishes.priority is None else max(wishes.priority - 10, 1)
        rig = VirtualRig("loop-bench", paced=paced) if asked is None else UdpRig(asked, behind)
        measured, recorder = measure_loop(rig, ticks, wishes, warm_up=_WARM_UP, rest=_REST if paced else 0)
        text = f"{markdown(measured)}\n## The loop\n\n{report(recorder, CONTROL_PERIOD)}\n"
        option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        document = {**asdict(measured), "provenance": origin()}
        (folder / "loop.json").write_bytes(orjson.dumps(document, option=option))
        (folder / "loop.md").write_text(text, encoding="utf-8")
        write_mcap(folder / "flight.mcap", recorder.log())
    print(text)
    print(f"Report in {out / 'loop'}/")
    return 0


def measure_loop(
    rig: LoopRig, ticks: int, wishes: KernelWishes, *, warm_up: int, rest: int
) -> tuple[LoopMeasured, FlightRecorder]:
    """Run the loop for so many ticks, between two stretches of sleep alone.

    Args:
        rig: What is run; it is closed afterwards.
        ticks: How many.
        wishes: What is asked of the kernel.
        warm_up: Ticks before that.
        rest: Periods of sleep alone before and after.
    """
    host, pages = rig.host, resource.getpagesize()
    try:
        with real_time(wishes) as allowed:
            load = os.getloadavg()[0]
            before = bare_sleep(rest)
            state = host.bring_up()
            rig.all_on()
            state = host.warm_up(state, warm_up)
            loop = host.loop(min(ticks, _KEPT))
            blocks, resident, switched = sys.getallocatedblocks(), _resident() * pages, _preempted()
            stolen = _stolen()
            loop.run(state, ticks)
            stolen = _stolen() - stolen
            blocks, switched = sys.getallocatedblocks() - blocks, _preempted() - switched
            resident = _resident() * pages - resident
            garbage = gc.collect()
            after = bare_sleep(rest)
            costs = part_costs(host.wiring, _hold(host.standing.model, state.joint_position), _ROUNDS)
    finally:
        rig.close()
    recorder, log = loop.recorder, loop.recorder.log()
    measured = LoopMeasured(
        allowed=str(allowed),
        load=(load, os.getloadavg()[0]),
        cores=os.cpu_count() or 1,
        preempted=switched,
        stolen=stolen,
        bare=(before, after),
        ticks=recorder.ticks,
        overruns=recorder.overruns,
        lost=recorder.lost,
        times={column.name: quantiles(log[column.name]) for column in LOOP},
        costs={
            part: (float(np.percentile(spent, 50)) * 1e-9, float(np.percentile(spent, 99)) * 1e-9)
            for part, spent in zip(PARTS, costs.T, strict=True)
        },
        joints=host.standing.model.size,
        blocks=blocks,
        garbage=garbage,
        resident=resident,
    )
    return measured, recorder


def bare_sleep(periods: int) -> tuple[float, float, float]:
    """How late the kernel wakes up somebody who only sleeps from period to period: p50, p99, greatest [s]."""
    clock = MonotonicClock()
    late = np.zeros(periods)
    for number in range(periods):
        clock.wait_until((number + 1) * CONTROL_PERIOD)
        late[number] = clock.woke - clock.due
    return quantiles(late)


def markdown(measured: LoopMeasured) -> str:
    """Conditions, costs and memory in Markdown."""
    encode, decode = measured.costs["encode"][0], measured.costs["decode"][0]
    messages = measured.costs["messages out"][0] + measured.costs["messages in"][0]
    joints, whole = measured.joints, sum(median for median, _ in measured.costs.values())
    late = "; ".join("/".join(f"{1e3 * value:.3f}" for value in one) for one in measured.bare)
    lines = [
        "# The loop in real time",
        "",
        f"{measured.allowed}.",
        f"{measured.cores} cores, load {measured.load[0]:.1f} before and {measured.load[1]:.1f} after; the core was "
        f"taken away {measured.preempted} times by the kernel, and the cores for {measured.stolen:.2f} s by a host of "
        f"this machine, if it has one. Sleep alone wakes up late by (p50/p99/max, before; after): {late} ms.",
        f"In {measured.ticks} ticks the interpreter came to have {measured.blocks} blocks more, the process "
        f"{measured.resident / 1024:.0f} KiB; left for the collector, which was off: {measured.garbage} objects.",
        "",
        "## An exchange without the wait",
        "",
        f"| part, {joints} joints | p50 [µs] | p99 [µs] | a joint [µs] | of the exchange | |",
        "|---|---:|---:|---:|---:|---|",
        *(
            f"| {part} | {1e6 * median:.0f} | {1e6 * high:.0f} | {1e6 * median / joints:.2f} | {median / whole:.2f} | "
            f"{PARTS[part]} |"
            for part, (median, high) in measured.costs.items()
        ),
        "",
        f"Codecs: {1e6 * (encode + decode) / joints:.1f} µs a joint, there and back. Buses: "
        f"{1e6 * messages / (2 * joints):.1f} µs a frame of python-can's virtual bus. All of it: "
        f"{whole / CONTROL_PERIOD:.2f} of a period.",
        "",
    ]
    return "\n".join(lines)


def _hold(model: RobotModel, position: Array) -> JointCommand:
    drives, still = model.drives, np.zeros_like(position)
    return JointCommand(0.0, position, still, still, drives.stiffness, drives.damping)


def _preempted() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw


def _resident() -> int:
    """Pages of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])


def _stolen() -> float:
    """Time that all cores together were taken away from this machine by its host since it began [s]; see proc(5)."""
    numbers = Path("/proc/stat").read_text(encoding="ascii").partition("\n")[0].split()
    return int(numbers[8]) / os.sysconf("SC_CLK_TCK")
