"""Signals that end a tool for drives, and the calls that they do not come between."""

import signal

import can
import pytest

from scenarios.drives.endings import ended_by_signals, held, surely, undisturbed
from scenarios.drives.undisturbed_bus import UndisturbedBus

ENDS = [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit), (signal.SIGHUP, SystemExit)]


@pytest.mark.parametrize(("number", "ended"), ENDS)
def test_a_signal_ends_what_is_inside(number, ended):
    with pytest.raises(ended), ended_by_signals():
        signal.raise_signal(number)
        pytest.fail("went on")


@pytest.mark.parametrize(("number", "ended"), ENDS)
def test_what_is_held_comes_to_its_end_before(number, ended):
    done = []
    with pytest.raises(ended), ended_by_signals(), held():
        with held():
            signal.raise_signal(number)
            done.append("inner")
        done.append("outer")
    assert done == ["inner", "outer"]
    with held():  # and nothing is left of it
        pass


def test_nothing_ends_what_is_undisturbed():
    with ended_by_signals(), undisturbed():
        for number, _ in ENDS:
            signal.raise_signal(number)


def test_what_is_to_be_left_surely_is_left_though_a_signal_comes_first():
    done: list[int] = []

    def leave():
        done.append(len(done))
        if len(done) == 1:
            raise KeyboardInterrupt  # one that came just before signals were ignored
        signal.raise_signal(signal.SIGTERM)

    with ended_by_signals(), pytest.raises(KeyboardInterrupt):
        surely(leave)
    assert done == [0, 1]


class Interrupted(can.BusABC):
    """A bus that gets a signal in the middle of each call, with its lock taken."""

    def __init__(self):
        super().__init__("interrupted")
        self.locked = 0

    def _interrupt(self):
        self.locked += 1
        signal.raise_signal(signal.SIGTERM)
        self.locked -= 1

    def send(self, msg, timeout=None):
        self._interrupt()

    def recv(self, timeout=None):
        self._interrupt()


@pytest.mark.parametrize("call", [lambda bus: bus.send(can.Message()), lambda bus: bus.recv(0.1)])
def test_a_bus_is_left_with_its_locks_open(call):
    inner = Interrupted()
    bus = UndisturbedBus(inner)
    with pytest.raises(SystemExit) as ended, ended_by_signals():
        call(bus)
    assert ended.value.code == 128 + signal.SIGTERM
    assert inner.locked == 0
    bus.shutdown()
