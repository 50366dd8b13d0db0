"""How a tool is ended from outside, so that its drives are still left safe."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_NAMES = ("SIGTERM", "SIGHUP")
"""Besides Ctrl-C: what ends a process, and what a terminal or connection that is gone sends (not on every system)."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let those signals end what is inside by an exception, as Ctrl-C does; the exit status is 128 + their number.

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
def undisturbed() -> Iterator[None]:
    """Let neither those signals nor Ctrl-C stop what is inside; they are ignored meanwhile."""
    numbers = [getattr(signal, name) for name in (*_NAMES, "SIGINT") if hasattr(signal, name)]
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
