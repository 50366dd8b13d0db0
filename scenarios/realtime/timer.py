"""Time as the kernel tells it: CLOCK_MONOTONIC, sleep to an absolute time of it, and the time of day beside it."""

from __future__ import annotations

import ctypes
import errno
import os
from time import CLOCK_MONOTONIC, CLOCK_REALTIME, clock_gettime_ns
from typing import Protocol

_ABSOLUTE = 1
"""TIMER_ABSTIME of clock_nanosleep(2)."""


class Timer(Protocol):
    """What a clock is made of."""

    def monotonic_ns(self) -> int:
        """Time that never jumps [ns]."""
        ...

    def wall_ns(self) -> int:
        """Time of day since 1970 [ns], which python-can stamps with; it jumps when somebody sets it."""
        ...

    def sleep_until_ns(self, time: int) -> None:
        """Return when the monotonic time is this [ns]."""
        ...


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class SystemTimer:
    """The kernel's own timer: a sleep ends at an absolute time, whatever comes between the wish and the call."""

    def __init__(self) -> None:
        """Find the kernel's call.

        Raises:
            OSError: This system has no clock_nanosleep.
        """
        library = ctypes.CDLL(None, use_errno=False)
        try:
            self._sleep = library.clock_nanosleep
        except AttributeError:
            raise OSError(errno.ENOSYS, "this system has no clock_nanosleep; the loop needs Linux") from None
        self._sleep.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.POINTER(_Timespec), ctypes.c_void_p)
        self._sleep.restype = ctypes.c_int
        self._until = _Timespec()
        self._reference = ctypes.byref(self._until)

    def monotonic_ns(self) -> int:
        """Time that never jumps [ns]."""
        return clock_gettime_ns(CLOCK_MONOTONIC)

    def wall_ns(self) -> int:
        """Time of day since 1970 [ns]."""
        return clock_gettime_ns(CLOCK_REALTIME)

    def sleep_until_ns(self, time: int) -> None:
        """Return when the monotonic time is this [ns].

        Raises:
            OSError: The kernel refused to sleep.
        """
        self._until.seconds, self._until.nanoseconds = divmod(time, 1_000_000_000)
        while (error := self._sleep(CLOCK_MONOTONIC, _ABSOLUTE, self._reference, None)) == errno.EINTR:
            pass  # a signal; its handler has been called, and the time is absolute
        if error:
            raise OSError(error, os.strerror(error))
