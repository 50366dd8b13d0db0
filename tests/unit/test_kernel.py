"""What the loop asks of the kernel: what is refused is one line and no error, and all is as before afterwards."""

import ctypes
import errno
import gc
import os

import pytest

from scenarios.realtime import kernel
from scenarios.realtime.kernel import Allowed, KernelWishes, real_time


def slack():
    return ctypes.CDLL(None).prctl(30, 0, 0, 0, 0)


def test_everything_is_as_before_afterwards():
    before = os.sched_getaffinity(0), os.sched_getscheduler(0), gc.isenabled(), gc.get_freeze_count(), slack()
    with real_time(KernelWishes(core=min(before[0]), lock_memory=False)) as allowed:
        assert os.sched_getaffinity(0) == {min(before[0])}
        assert not gc.isenabled()
        assert gc.get_freeze_count() > 1000
        assert slack() == 1
    assert "timer slack 1 ns" in allowed.granted
    assert (os.sched_getaffinity(0), os.sched_getscheduler(0), gc.isenabled()) == before[:3]
    assert (gc.get_freeze_count(), slack()) == before[3:]


def test_what_is_refused_is_said_in_one_line(monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "sched_setscheduler", refuse)
    with real_time(KernelWishes(core=10_000, priority=40, lock_memory=False)) as allowed:
        pass
    assert allowed.granted == ("timer slack 1 ns",)
    assert str(allowed).count("\n") == 0
    assert "NOT ALLOWED: core 10000 (Invalid argument); SCHED_FIFO 40 (Operation not permitted)" in str(allowed)
    assert "docs/realtime.md" in str(allowed)


def test_what_the_c_library_refuses_is_an_error_with_its_reason(monkeypatch):
    with pytest.raises(OSError, match=r"Invalid argument"):
        kernel._call("prctl", 29_999, 0, 0, 0, 0)


def test_nothing_refused_is_nothing_said_of_it():
    assert str(Allowed(("core 3",), ())) == "real time: core 3"


def test_an_error_within_leaves_the_collector_on():
    with pytest.raises(ZeroDivisionError), real_time(KernelWishes(lock_memory=False)):
        raise ZeroDivisionError
    assert gc.isenabled()
