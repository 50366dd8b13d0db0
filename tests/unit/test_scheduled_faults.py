"""Faults of frames that have a time, a bus and a direction."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.drivers import CanFrame
from sim.frame_faults import Passage
from sim.scheduled_faults import FrameFault, FrameTrouble, ScheduledFaults


def passed(faults, count, *, bus="a", to_drive=True, begin=0.0, ids=1):
    """Frames of two bytes that number them, one a millisecond, and what arrives: (number, late)."""
    happening = ScheduledFaults(faults, np.random.default_rng(0))
    found = []
    for n in range(count):
        time = begin + 0.001 * n
        frame = CanFrame(1 + n % ids, n.to_bytes(2))
        arrivals = happening.arrivals(Passage(bus, time, to_drive, frame))
        found += [(time + arrival.late, int.from_bytes(arrival.frame.data)) for arrival in arrivals]
    return found


def fault(trouble, share=1.0, **changes):
    numbers = {"begin": 0.0, "end": 10.0, "buses": ("a",), **changes}
    return FrameFault(trouble, share, **numbers)


def test_frames_are_hit_in_their_time_on_their_bus_and_in_their_direction():
    dropped = fault(FrameTrouble.DROPPED, begin=0.1, end=0.2, direction="commands")
    kept = [number for _, number in passed([dropped], 300)]
    assert kept == [*range(100), *range(200, 300)]
    assert len(passed([dropped], 300, bus="b")) == 300
    assert len(passed([dropped], 300, to_drive=False)) == 300


@given(st.integers(2, 200), st.floats(0.05, 1.0), st.integers(1, 4))
def test_frames_that_change_places_are_all_there_and_behind_their_successor(count, share, ids):
    found = passed([fault(FrameTrouble.REORDERED, share)], count, ids=ids)
    arrived = [number for _, number in sorted(found)]
    assert len(set(arrived)) == len(arrived)
    missing = set(range(count)) - set(arrived)
    assert all(number >= count - ids for number in missing)  # the last ones have no successor
    for number in range(ids):
        own = [n for n in arrived if n % ids == number]
        assert all(after - before in (ids, 2 * ids, -ids, 3 * ids) for before, after in pairwise(own))


def test_something_does_change_places():
    arrived = [number for _, number in sorted(passed([fault(FrameTrouble.REORDERED, 0.3)], 100))]
    assert arrived != sorted(arrived)


def test_late_and_double_frames_are_late_by_no_more_than_is_said():
    late = passed([fault(FrameTrouble.DELAYED, lateness=0.003)], 100)
    assert all(0.0 <= time - 0.001 * n < 0.003 for time, n in late)
    double = passed([fault(FrameTrouble.DUPLICATED, lateness=0.003)], 100)
    assert len(double) == 200
    assert all(0.0 <= time - 0.001 * n < 0.003 for time, n in double)


def test_a_turned_bit_is_one_bit():
    found = passed([fault(FrameTrouble.CORRUPTED)], 50)
    assert all((number ^ n).bit_count() == 1 for n, (_, number) in enumerate(found))


@pytest.mark.parametrize(("share", "low", "high"), [(0.0, 0, 0), (0.1, 60, 140), (1.0, 1000, 1000)])
def test_destroyed_frames_are_a_share(share, low, high):
    happening = ScheduledFaults([fault(FrameTrouble.DESTROYED, share)], np.random.default_rng(1))
    frame = Passage("a", 1.0, True, CanFrame(1, b""))
    destroyed = sum(happening.destroys(frame) for _ in range(1000))
    assert low <= destroyed <= high
    assert len(happening.arrivals(frame)) == 1
