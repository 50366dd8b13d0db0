"""The process of virtual drives that somebody else has started."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np
from numpy.typing import NDArray

from scenarios.committed import load_robot
from scenarios.drives.asked import Asked
from scenarios.drives.harmless import for_virtual_drives
from scenarios.drives.paced import Diary, PacedDrives
from scenarios.errors import BadInput
from scenarios.realtime.kernel import KernelWishes, real_time
from scenarios.realtime.monotonic_clock import MonotonicClock

Array = NDArray[np.float64]

_POLL = 20
"""Steps of the drives from one look at what is asked to the next."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the process says at its end; times are of its drives' own clock.

    Attributes:
        diaries: Of its drives.
        killed: The time of CLOCK_MONOTONIC that it was asked with [s].
        end: Now [s].
        lost: For how long it was not let run [s].
    """

    diaries: tuple[Diary, ...]
    killed: float
    end: float
    lost: float


def keep_drives(asked: Asked, position: Array | None, priority: int | None, pipe: Connection) -> None:
    """Be the process of the drives until somebody asks how they are.

    Args:
        asked: Wiring and interface.
        position: Where their joints are held, shape (n,) [rad]; None for zero.
        priority: Of SCHED_FIFO; None for the ordinary scheduler.
        pipe: Says `ready`, or what is wrong; is asked with a time of CLOCK_MONOTONIC [ns] for an `Account`.
    """
    try:
        drives = PacedDrives(load_robot(), for_virtual_drives(asked), MonotonicClock(), position)
    except BadInput as error:
        pipe.send(error)
        return
    try:
        with real_time(KernelWishes(priority=priority, lock_memory=priority is not None)):
            drives.step()
            pipe.send("ready")
            while not pipe.poll():
                for _ in range(_POLL):
                    drives.step()
            asked_at = pipe.recv()
        account = Account(tuple(drives.diaries()), drives.time_at(asked_at), drives.time, drives.lost)
        pipe.send(account)
    except EOFError:  # who started this process is there no more
        pass
    finally:
        drives.close()
