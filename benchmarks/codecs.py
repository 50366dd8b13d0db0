"""A million frames of all kinds through every decoder, and what a frame costs: `python -m benchmarks.codecs`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from math import isclose
from statistics import median
from time import perf_counter

from robot.drivers import DriveCatalogue, DriveReply, DriveSetpoint, Fault, FrameError, Power
from robot.drivers.can_message import from_message, to_message
from robot.drivers.codec import Command
from scenarios.assembly import load_drive_models
from tests.unit.drive_frames import MODELS, codec, drive_end, frames, judge, judge_command

FRAMES = 1_000_000
JOINTS = 31
PERIOD = 0.002
"""Of the control loop [s]."""


def main() -> None:
    """Print the tables of `docs/drives.md`; the exit status is 1 when a frame was misread."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FRAMES
    catalogue = load_drive_models()
    print("| dialect | to | frames | accepted | refused, with the reason | something else | misread |")
    print("|---|---|---:|---:|---:|---:|---:|")
    misread, each = 0, count // (2 * len(MODELS))
    for seed, dialect in enumerate(MODELS):
        for way, row in (
            ("host", try_replies(catalogue, dialect, each, seed)),
            ("drive", try_commands(catalogue, dialect, each, seed)),
        ):
            misread += row["misread"]
            numbers = " | ".join(f"{row[kind]:,}" for kind in ("accepted", "refused", "else", "misread"))
            print(f"| {dialect} | {way} | {row.total():,} | {numbers} |")
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


def try_replies(catalogue: DriveCatalogue, dialect: str, count: int, seed: int) -> Counter[str]:
    """Frames of all kinds through the host's decoder of a dialect, each held against one written by hand."""
    host, found = codec(catalogue, dialect), Counter[str]()
    for frame in frames(catalogue, dialect, count, seed):
        reply, right = host.reply(frame), judge(dialect, MODELS[dialect][1], host.reply_id, frame)
        if isinstance(reply, DriveReply):
            same = right is not None and (reply.fault is Fault.NONE) is right.ok and _near(reply[:3], right[:3])
            found["accepted" if same else "misread"] += 1
        else:
            found["misread" if right is not None else "refused" if isinstance(reply, FrameError) else "else"] += 1
    return found


def try_commands(catalogue: DriveCatalogue, dialect: str, count: int, seed: int) -> Counter[str]:
    """The same for the decoder at the drive's end."""
    end, found = drive_end(catalogue, dialect), Counter[str]()
    for frame in frames(catalogue, dialect, count, seed, to_drive=True):
        heard, right = end.heard(frame), judge_command(dialect, MODELS[dialect][1], frame)
        if isinstance(heard, Command):
            found["accepted" if right is not None and _near(heard.setpoint, right) else "misread"] += 1
        else:
            found["misread" if right is not None else "refused" if isinstance(heard, FrameError) else "else"] += 1
    return found


def _near(found: Sequence[float], right: Sequence[float]) -> bool:
    return all(isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) for one, other in zip(found, right, strict=True))


def cost(catalogue: DriveCatalogue, dialect: str) -> tuple[float, float, float, float]:
    """Seconds for a command and a reply, at the host's end and at the drive's."""
    host = codec(catalogue, dialect)
    end = drive_end(catalogue, dialect)
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
