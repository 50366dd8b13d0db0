"""Signals that ask for an end: the loop ends with its tick, and lets the robot down before it leaves."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

_POLITE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def noted_signals() -> Iterator[list[str]]:
    """Names of the signals that have come; a list that grows.

    The first one is only noted: Ctrl-C, SIGTERM (systemd, kill) or SIGHUP (a connection that is lost). The second one
    interrupts at once, and those after it do nothing. One that whoever started the process has it ignore (``nohup``) is
    left ignored, and in a thread other than the main one signals go where they went before.
    """
    asked: list[str] = []

    def note(number: int, frame: FrameType | None) -> None:
        asked.append(signal.Signals(number).name)
        if len(asked) == 2:
            raise KeyboardInterrupt

    if current_thread() is not main_thread():
        yield asked
        return
    numbers = [number for number in _POLITE if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, note) for number in numbers}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
