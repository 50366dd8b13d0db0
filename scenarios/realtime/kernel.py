"""What the loop asks of the kernel: a core, a real-time priority, memory that stays; and what of it was allowed."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_LOCK_ALL = 1 | 2
"""MCL_CURRENT | MCL_FUTURE of mlockall(2)."""
_SET_SLACK, _GET_SLACK = 29, 30
"""PR_SET_TIMERSLACK and PR_GET_TIMERSLACK of prctl(2)."""


@dataclass(frozen=True, slots=True)
class KernelWishes:
    """What is asked of the kernel; nothing of it is needed to run.

    Attributes:
        core: The core that the process is to stay on; None for any.
        priority: Of SCHED_FIFO, 1 to 99; None for the ordinary scheduler.
        lock_memory: Whether no page of the process may be taken away or be missing.
    """

    core: int | None = None
    priority: int | None = None
    lock_memory: bool = True


@dataclass(frozen=True, slots=True)
class Allowed:
    """What became of the wishes.

    Attributes:
        granted: What is in force.
        refused: What is not, each with the kernel's reason.
    """

    granted: tuple[str, ...]
    refused: tuple[str, ...]

    def __str__(self) -> str:
        """All of it in one line."""
        there = ", ".join(self.granted) or "nothing"
        if not self.refused:
            return f"real time: {there}"
        return f"real time: {there}; NOT ALLOWED: {'; '.join(self.refused)} (docs/realtime.md says how to allow it)"


@contextmanager
def real_time(wishes: KernelWishes) -> Iterator[Allowed]:
    """Be what a loop in real time should be for as long as this lasts, as far as the kernel allows it.

    A sleep ends when it should and not up to 50 µs later (timer slack, which threads of SCHED_FIFO do not have). The
    garbage collector has cleaned up, looks no more at what there is, and is off.
    """
    granted: list[str] = []
    refused: list[str] = []
    undo: list[Callable[[], object]] = []

    def wish(what: str, ask: Callable[[], Callable[[], object]]) -> None:
        try:
            undo.append(ask())
        except OSError as error:
            refused.append(f"{what} ({os.strerror(error.errno) if error.errno else error})")
        else:
            granted.append(what)

    if wishes.core is not None:
        core = wishes.core
        wish(f"core {core}", lambda: _pin(core))
    if wishes.priority is not None:
        priority = wishes.priority
        wish(f"SCHED_FIFO {priority}", lambda: _prefer(priority))
    if wishes.lock_memory:
        wish("locked memory", _lock_memory)
    wish("timer slack 1 ns", _no_slack)
    collecting = gc.isenabled()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield Allowed(tuple(granted), tuple(refused))
    finally:
        gc.unfreeze()
        if collecting:
            gc.enable()
        for step in reversed(undo):
            step()


def _pin(core: int) -> Callable[[], object]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    return lambda: os.sched_setaffinity(0, before)


def _prefer(priority: int) -> Callable[[], object]:
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
    return lambda: os.sched_setscheduler(0, policy, parameters)


def _lock_memory() -> Callable[[], object]:
    _call("mlockall", _LOCK_ALL)
    return lambda: _call("munlockall")


def _no_slack() -> Callable[[], object]:
    before = _call("prctl", _GET_SLACK, 0, 0, 0, 0)
    _call("prctl", _SET_SLACK, 1, 0, 0, 0)
    return lambda: _call("prctl", _SET_SLACK, before, 0, 0, 0)


def _call(name: str, *arguments: int) -> int:
    """Call a function of the C library with numbers.

    Raises:
        OSError: It says that it failed.
    """
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    result = int(function(*(ctypes.c_ulong(number) for number in arguments)))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
