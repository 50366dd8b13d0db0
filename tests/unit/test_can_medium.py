"""One CAN bus in simulated time: arbitration, latency, and faults of frames."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.drivers import CanFrame
from robot.drivers.frame_time import BitRates, duration
from sim.can_medium import CanMedium, CanTiming
from sim.frame_faults import Arrival, FaultRates, NoFaults, Passage, RandomFaults

RATES = BitRates(1_000_000, 1_000_000)
TIMING = CanTiming(host=0.0, turnaround=0.0)
ONE = duration(CanFrame(1, bytes(8)), RATES)


def bus(replies=None, faults=None, timing=TIMING):
    heard, told = [], []

    def hear(frame, time):
        heard.append((time, frame))
        return (replies or {}).get(frame.id, ())

    medium = CanMedium("bus", RATES, timing, hear, lambda frame, time: told.append((time, frame)), faults)
    return medium, heard, told


def test_frames_of_the_host_go_one_after_another_in_their_order():
    medium, heard, _ = bus(timing=CanTiming(host=0.0005))
    for arbitration in (5, 3, 4):
        medium.send(CanFrame(arbitration, bytes(8)), 1.0)
    medium.run(2.0)
    assert [frame.id for _, frame in heard] == [5, 3, 4]
    assert [time for time, _ in heard] == pytest.approx([1.0005 + ONE * n for n in (1, 2, 3)])


def test_of_frames_that_are_ready_the_lowest_id_goes_first():
    """Three drives are to reply to one frame; while the first reply is on the bus all the others are ready."""
    replies = {1: [CanFrame(arbitration, bytes(8)) for arbitration in (0x30, 0x10, 0x20)]}
    medium, _, told = bus(replies)
    medium.send(CanFrame(1, bytes(8)), 0.0)
    medium.run(1.0)
    assert [frame.id for _, frame in told] == [0x10, 0x20, 0x30]


def test_a_reply_with_a_low_id_goes_before_the_hosts_next_frame_and_one_with_a_high_id_after_it():
    for reply, order in ((1, ["drive", "host"]), (9, ["host", "drive"])):
        medium, heard, told = bus({5: [CanFrame(reply, bytes(8))]})
        for arbitration in (5, 6):
            medium.send(CanFrame(arbitration, bytes(8)), 0.0)
        medium.run(1.0)
        ends = sorted([(told[0][0], "drive"), (heard[1][0], "host")])
        assert [who for _, who in ends] == order


def test_a_standard_id_wins_from_an_extended_one_that_begins_alike():
    replies = {1: [CanFrame(2 << 18, b"", True), CanFrame(2, b""), CanFrame((1 << 18) + 7, b"", True)]}
    medium, _, told = bus(replies)
    medium.send(CanFrame(1, b""), 0.0)
    medium.run(1.0)
    assert [(frame.id, frame.extended) for _, frame in told] == [((1 << 18) + 7, True), (2, False), (2 << 18, True)]


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 8)), max_size=12), st.integers(1, 40))
def test_it_does_not_matter_in_how_many_steps_time_passes(frames, steps):
    replies = {arbitration: [CanFrame(arbitration + 0x100, bytes(8))] for arbitration in range(1, 21)}
    logs = []
    for count in (1, steps):
        medium, heard, told = bus(replies)
        for arbitration, size in frames:
            medium.send(CanFrame(arbitration, bytes(size)), 0.0)
        for step in range(count):
            medium.run(0.01 * (step + 1) / count)
        logs.append((heard, told, medium.traffic))
    assert logs[0] == logs[1]
    assert logs[0][2].frames == 2 * len(frames)


def test_a_bus_carries_one_frame_at_a_time():
    replies = {n: [CanFrame(n + 0x100, bytes(8))] for n in range(1, 9)}
    medium, heard, told = bus(replies)
    for n in range(1, 9):
        medium.send(CanFrame(n, bytes(8)), 0.0)
    medium.run(1.0)
    ends = sorted(time for time, _ in [*heard, *told])
    assert np.diff([0.0, *ends]) == pytest.approx(np.full(16, ONE))
    assert medium.traffic.busy == pytest.approx(16 * ONE)


def passages(rates, count=20_000):
    faults = RandomFaults(rates, np.random.default_rng(1))
    frame = CanFrame(3, bytes(range(8)))
    return frame, faults, [faults.arrivals(Passage("bus", 0.0, True, frame)) for _ in range(count)]


@pytest.mark.parametrize("name", ["dropped", "duplicated", "delayed", "corrupted"])
def test_faults_come_at_their_rates_and_do_what_they_are_called(name):
    frame, faults, found = passages(FaultRates(**{name: 0.1}))
    assert faults.seen[name] == pytest.approx(2000, abs=150)
    assert sum(faults.seen.values()) == faults.seen[name]
    odd = [arrivals for arrivals in found if arrivals != ((frame, 0.0),)]
    assert len(odd) == faults.seen[name]
    for arrivals in odd:
        match name:
            case "dropped":
                assert arrivals == ()
            case "duplicated":
                assert [one.frame for one in arrivals] == [frame, frame]
            case "delayed":
                assert arrivals[0].frame == frame
                assert 0.0 < arrivals[0].late <= 0.004
            case "corrupted":
                turned = int.from_bytes(arrivals[0].frame.data) ^ int.from_bytes(frame.data)
                assert turned.bit_count() == 1


def test_a_corrupted_bit_may_be_any():
    frame, _, found = passages(FaultRates(corrupted=1.0), 4000)
    turned = Counter(int.from_bytes(arrival.frame.data) ^ int.from_bytes(frame.data) for (arrival,) in found)
    assert len(turned) == 64


def test_a_late_frame_can_come_after_one_that_was_sent_later():
    class FirstIsLate(NoFaults):
        def arrivals(self, passage):
            return (Arrival(passage.frame, 0.001 if passage.frame.id == 1 else 0.0),)

    medium, heard, _ = bus(faults=FirstIsLate())
    for n in (1, 2):
        medium.send(CanFrame(n, bytes(8)), 0.0)
    medium.run(1.0)
    assert [frame.id for _, frame in heard] == [2, 1]


class Destroying(NoFaults):
    """Destroys the host's frames while `on`."""

    on = True

    def destroys(self, passage):
        return self.on and passage.to_drive


def test_a_host_whose_frames_are_destroyed_is_bus_off_after_32_of_them():
    """ISO 11898-1: eight for each, and off beyond 255."""
    medium, heard, _ = bus(faults=Destroying())
    medium.send(CanFrame(1, bytes(8)), 0.0)
    medium.run(1.0)
    assert medium.traffic.errors == 32
    assert medium.host_is_off(1.0)
    assert heard == []
    medium.send(CanFrame(1, bytes(8)), 1.0)
    assert medium.traffic.refused == 2  # the one that was waiting, and this one
    assert medium.traffic.busy == pytest.approx(32 * (ONE + 20e-6))


def test_a_host_that_is_off_hears_nothing():
    medium, _, told = bus({1: [CanFrame(9, bytes(8))]}, faults=Destroying())
    medium.send(CanFrame(1, bytes(8)), 0.0)
    medium.run(1.0)
    medium._drives.append((1.0, 0, CanFrame(9, bytes(8))))
    medium.run(2.0)
    assert told == []


def test_a_host_that_is_restarted_goes_on():
    faults = Destroying()
    medium, heard, _ = bus(faults=faults, timing=CanTiming(host=0.0, turnaround=0.0, restart=0.5))
    medium.send(CanFrame(1, bytes(8)), 0.0)
    medium.run(0.1)
    faults.on = False
    assert medium.host_is_off(0.4)
    assert not medium.host_is_off(0.6)
    medium.send(CanFrame(2, bytes(8)), 0.6)
    medium.run(1.0)
    assert [frame.id for _, frame in heard] == [2]


def test_a_frame_that_is_destroyed_now_and_then_is_repeated_and_the_host_stays():
    class EveryThird(NoFaults):
        count = 0

        def destroys(self, passage):
            self.count += 1
            return self.count % 3 == 0

    medium, heard, _ = bus(faults=EveryThird())
    for n in range(40):
        medium.send(CanFrame(1, bytes([n])), 0.0)
    medium.run(1.0)
    assert [frame.data[0] for _, frame in heard] == list(range(40))
    assert 15 < medium.traffic.errors < 25
    assert not medium.host_is_off(1.0)


def test_nobody_gets_a_bus_with_a_babbling_node_and_all_hear_it():
    heard, told = [], []

    def hear(frame, time):
        heard.append(frame.id)
        return ()

    medium = CanMedium(
        "bus", RATES, TIMING, hear, lambda frame, _: told.append(frame.id), babbling=[(0.1, 0.2)]
    )  # fmt: skip
    medium.send(CanFrame(1, bytes(8)), 0.0)
    medium.send(CanFrame(2, bytes(8)), 0.15)
    medium.run(0.2)
    assert heard[0] == 1
    assert set(heard[1:]) == set(told) == {0}
    assert medium.traffic.babble == pytest.approx(0.1 / ONE, abs=1.0)
    medium.run(0.3)
    assert heard[-1] == 2


def test_the_hosts_queue_takes_so_many_frames_and_no_more():
    medium, heard, _ = bus(timing=CanTiming(host=0.0, turnaround=0.0, queue=3))
    for n in range(5):
        medium.send(CanFrame(n + 1, bytes(8)), 0.0)
    medium.run(1.0)
    assert [frame.id for _, frame in heard] == [1, 2, 3]
    assert medium.traffic.refused == 2
