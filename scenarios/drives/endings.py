"""How a tool is ended from outside, so that its drives are still left safe."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import current_thread, main_thread
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C, what ends a process, and what a terminal or connection that is gone sends (not on every system)."""


@dataclass(slots=True)
class _Gate:
    """How many calls must not be interrupted, and what came meanwhile."""

    held: int = 0
    late: BaseException | None = None


_GATE = _Gate()


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let those signals end what is inside by an exception: KeyboardInterrupt, or an exit with 128 + their number.

    One that whoever started the process has it ignore (``nohup``) is left ignored.
    """
    known = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    numbers = [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, _end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held() -> Iterator[None]:
    """Let what is inside come to its end before a signal ends anything.

    A lock may be in it, which an exception in its midst would leave closed for whoever switches the drives off.
    """
    _GATE.held += 1
    try:
        yield
    finally:
        _GATE.held -= 1
        if _GATE.late is not None and _GATE.held == 0:
            late, _GATE.late = _GATE.late, None
            raise late


def surely(leave: Callable[[], None]) -> None:
    """Do it without letting a signal stop it, and once more if one did before it could not."""
    try:
        with undisturbed():
            leave()
    except (KeyboardInterrupt, SystemExit):
        with undisturbed():
            leave()
        raise


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let none of those signals stop what is inside; they are ignored meanwhile.

    In a thread other than the main one, where none arrives, they go where they went before.
    """
    if current_thread() is not main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _: FrameType | None) -> None:
    ended = KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)
    if _GATE.held == 0:
        raise ended
    _GATE.late = ended
