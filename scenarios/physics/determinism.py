"""Determinism: whatever goes on around a ride, it is the same to the last bit."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from scenarios.assembly import assemble
from scenarios.columns import TRUTH
from scenarios.loader import load
from scenarios.physics.check import Check, Finding
from scenarios.progress_board import Stage
from scenarios.ride import Ride
from scenarios.runner import run
from scenarios.schema import Scenario
from scenarios.video import film
from sim.experiments.onlooker import look_at

_SEED = 3
_SECONDS = 1.0
_TICKS = 500
_LOOK_EVERY = 50
"""Ticks from one look at the world to the next."""
Around = Callable[[Ride], None]
"""What is done at every tick, with the ride whose turn it is."""


def _scenario(name: str = "ride_circle") -> Scenario:
    return load(name, [f"duration={_SECONDS}"])


def last_state(around: Around | None = None) -> str:
    """Ride without a log; gives the SHA-256 of the truth before the last command goes out.

    Args:
        around: Is called after every tick.
    """
    ride = assemble(_scenario(), _SEED)
    with ride.bus as bus:
        state = bus.open()
        ride.controller.reset(state)
        for _ in range(_TICKS - 1):
            state, _ = bus.exchange(ride.controller.step(state))
            if around is not None:
                around(ride)
        truth: Any = ride.world().truth
        return _hash([getattr(truth, column.name.removeprefix("truth_")) for column in TRUTH])


def logged_state(video: bool) -> str:
    """Ride as `draisine run` does, with log, plots and perhaps a video; the hash of the log's last row."""
    rows: list[Any] = []

    def see(path: Path, log: Any, context: Any, progress: Any) -> None:
        rows.extend(log[column.name][-1] for column in TRUTH)
        if video:
            film(path, log, context, progress)

    with TemporaryDirectory() as folder:
        run(_scenario(), _SEED, Path(folder), _silent, assemble=assemble, film=see)
    return _hash(rows)


def _after_other_rides() -> str:
    with TemporaryDirectory() as folder:
        run(_scenario("ride_slalom"), 1, Path(folder), _silent, assemble=assemble)
    return last_state()


def _beside_other_worlds() -> str:
    """Two other rides are alive and move on, tick by tick."""
    with ExitStack() as stack:
        others = [assemble(_scenario(name), seed) for name, seed in (("ride_slalom", 5), ("ride_circle", _SEED))]
        states = []
        for other in others:
            stack.enter_context(other.bus)
            state = other.bus.open()
            other.controller.reset(state)
            states.append(state)

        def move_on(ride: Ride) -> None:
            for index, other in enumerate(others):
                states[index] = other.bus.exchange(other.controller.step(states[index])).state

        return last_state(move_on)


def _watched() -> str:
    ticks = 0

    def look(ride: Ride) -> None:
        nonlocal ticks
        ticks += 1
        if ticks % _LOOK_EVERY == 0:
            world: Any = ride.world()
            look_at(world)

    return last_state(look)


def _in_another_process() -> str:
    """One that starts afresh, with another hash seed and another environment."""
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "DRAISINE_UNRELATED": "x" * 1000}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    program = "from scenarios.physics.determinism import last_state; print(last_state())"
    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return told.stdout.split()[-1]


def _determinism() -> tuple[Finding, ...]:
    reference = last_state()
    ways: dict[str, Callable[[], str]] = {
        "again in the same process": last_state,
        "in another process": _in_another_process,
        "after another ride": _after_other_rides,
        "beside two other worlds that move": _beside_other_worlds,
        "watched: read and drawn while it runs": _watched,
        "with log and plots": partial(logged_state, video=False),
        "with log, plots and video": partial(logged_state, video=True),
    }
    return tuple(
        Finding(f"{way}: state after {_SECONDS:g} s differs", float(do() != reference), 0.0, "1", 0.0, 1.0)
        for way, do in ways.items()
    )


def _hash(values: list[Any]) -> str:
    digest = sha256()
    for value in values:
        digest.update(np.asarray(value, dtype=np.float64).tobytes())
    return digest.hexdigest()


def _silent(stage: Stage, simulated: float, factor: float) -> None:
    """Tell nobody how far it is."""


CHECKS = (Check("determinism", "the same scenario, seed and machine give the same bits", _determinism),)
