"""A host that goes wrong: dead, silent, late, or saying what is no number."""

import numpy as np

from robot import FakeBus, JointCommand, Reason
from sim.host_faults import FaultyHost, HostFault, HostTrouble

PERIOD = 0.002
ZERO = np.zeros(2)


class Recording(FakeBus):
    """Keeps what it was sent, and for how many periods nobody spoke to it."""

    def __init__(self):
        super().__init__(ZERO, period=PERIOD)
        self.sent, self.passed = [], 0

    def exchange(self, command):
        self.sent.append(command)
        return super().exchange(command)

    def pass_period(self):
        self.passed += 1


def run(fault, ticks=20):
    inner = Recording()
    host = FaultyHost(inner, [fault], inner.pass_period, PERIOD)
    state, applied = host.open(), None
    for n in range(ticks):
        state, applied = host.exchange(JointCommand(state.time, ZERO + n, ZERO, ZERO, ZERO + 1.0, ZERO))
    return inner, host, state, applied


def test_a_dead_host_sends_nothing_and_time_goes_on():
    inner, host, state, applied = run(HostFault(HostTrouble.DEAD, 0.01, np.inf))
    assert host.dead
    assert len(inner.sent) == 5
    assert inner.passed == 15
    assert abs(state.time - 20 * PERIOD) < 1e-9
    assert np.all(applied.reasons == Reason.STALE)


def test_a_silent_controller_says_the_same_with_the_same_time():
    inner, _, _, _ = run(HostFault(HostTrouble.SILENT, 0.01, 0.02))
    said = [float(command.position[0]) for command in inner.sent]
    assert said == [0, 1, 2, 3, 4, 4, 4, 4, 4, 4, 10, *range(11, 20)]
    assert len({command.time for command in inner.sent[4:10]}) == 1


def test_a_late_tick_is_late_once():
    inner, _, _, _ = run(HostFault(HostTrouble.LATE, 0.01, 0.018))
    assert inner.passed == 4
    assert len(inner.sent) == 20


def test_a_nan_is_in_the_torque_of_its_joint_and_for_its_time():
    inner, _, _, _ = run(HostFault(HostTrouble.NOT_FINITE, 0.01, 0.012, (1,)))
    bad = [n for n, command in enumerate(inner.sent) if not np.isfinite(command.torque).all()]
    assert bad == [5]
    assert np.isfinite(inner.sent[5].torque[0])


def test_it_is_well_again_when_it_is_opened_again():
    inner = Recording()
    host = FaultyHost(inner, [HostFault(HostTrouble.DEAD, 0.0, 0.01)], inner.pass_period, PERIOD)
    state = host.open()
    for _ in range(3):
        state, _ = host.exchange(JointCommand(state.time, ZERO, ZERO, ZERO, ZERO, ZERO))
    assert host.dead
    host.close()
    host.open()
    assert not host.dead
