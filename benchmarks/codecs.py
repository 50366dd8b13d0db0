"""A million frames of all kinds through every decoder, and what a frame costs: `python -m benchmarks.codecs`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from math import isclose
from statistics import median
from time import perf_counter

from robot.drivers import DriveCatalogue, DriveReply, DriveSetpoint, Fault, FrameError, Power
from robot.drivers.can_message import from_message, to_message
from robot.drivers.factory import end_of
from scenarios.assembly import load_drive_models
from tests.unit.drive_frames import DRIVE, MODELS, Meaning, codec, frames, judge

FRAMES = 1_000_000
JOINTS = 31
PERIOD = 0.002
"""Of the control loop [s]."""


def main() -> None:
    """Print the tables of `docs/drives.md`; the exit status is 1 when a frame was misread."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES
    catalogue = load_drive_models()
    print("| dialect | frames | accepted | refused, with the reason | not this drive's | misread |")
    print("|---|---:|---:|---:|---:|---:|")
    misread = 0
    for seed, dialect in enumerate(MODELS):
        row = try_decoder(catalogue, dialect, count // len(MODELS), seed)
        misread += row["misread"]
        print(
            f"| {dialect} | {row.total():,} | {row['accepted']:,} | {row['refused']:,} | {row['ignored']:,} "
            f"| {row['misread']} |"
        )
    print()
    print(
        "| dialect | command [µs] | reply [µs] | at the drive: command [µs] | reply [µs] | a tick of 31 [% of 2 ms] |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for dialect in MODELS:
        sent, read, heard, told = cost(catalogue, dialect)
        share = JOINTS * (sent + read) / PERIOD
        print(
            f"| {dialect} | {1e6 * sent:.1f} | {1e6 * read:.1f} | {1e6 * heard:.1f} | {1e6 * told:.1f} | {share:.1%} |"
        )
    (frame,) = codec(catalogue, "damiao").command(DriveSetpoint(0.0, 0.0, 0.0, 0.0, 0.0)).frames
    message = to_message(frame)
    out, back = _time(lambda: to_message(frame)), _time(lambda: from_message(message))
    print(f"\nA frame to a message of python-can: {1e6 * out:.1f} µs, and back: {1e6 * back:.1f} µs")
    raise SystemExit(misread > 0)


def try_decoder(catalogue: DriveCatalogue, dialect: str, count: int, seed: int) -> Counter[str]:
    """Frames of all kinds through the decoder of a dialect, each held against a decoder written by hand."""
    host, found = codec(catalogue, dialect), Counter[str]()
    for frame in frames(catalogue, dialect, count, seed):
        reply, right = host.reply(frame), judge(dialect, MODELS[dialect][1], host.reply_id, frame)
        if isinstance(reply, DriveReply):
            same = right is not None and _agree(reply, right)
            found["accepted" if same else "misread"] += 1
        elif right is not None:
            found["misread"] += 1
        else:
            found["refused" if isinstance(reply, FrameError) else "ignored"] += 1
    return found


def _agree(reply: DriveReply, right: Meaning) -> bool:
    numbers = zip(reply[:3], right[:3], strict=True)
    return (reply.fault is Fault.NONE) is right.ok and all(
        isclose(found, true, rel_tol=1e-9, abs_tol=1e-9) for found, true in numbers
    )


def cost(catalogue: DriveCatalogue, dialect: str) -> tuple[float, float, float, float]:
    """Seconds for a command and a reply, at the host's end and at the drive's."""
    host = codec(catalogue, dialect)
    end = end_of(host.model, DRIVE, fd=dialect in ("powerflow", "moteus"))
    setpoint = DriveSetpoint(1.0, -2.0, 0.5, 40.0, 1.0)
    state = DriveReply(1.0, -2.0, 0.5, Power.ON, Fault.NONE, 0, 40.0, 40.0)
    (asked,), (told,) = host.command(setpoint).frames, end.reply(state)
    return (
        _time(lambda: host.command(setpoint)),
        _time(lambda: host.reply(told)),
        _time(lambda: end.heard(asked)),
        _time(lambda: end.reply(state)),
    )


def _time(call: Callable[[], object], repeats: int = 15, calls: int = 2000) -> float:
    """Median over repeats of the time of a call [s]."""
    times = []
    for _ in range(repeats):
        begin = perf_counter()
        for _ in range(calls):
            call()
        times.append((perf_counter() - begin) / calls)
    return median(times)


if __name__ == "__main__":
    main()
