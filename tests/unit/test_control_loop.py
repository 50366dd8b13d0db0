"""The loop with a clock whose time is made up: slack, overruns, lost periods, no drift, and its log."""

import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import can
import numpy as np
import pytest

from robot import FakeBus, JointCommand, Reason
from robot.bus import Exchange
from scenarios.committed import load_robot
from scenarios.realtime.control_loop import ControlLoop
from scenarios.realtime.flight_recorder import FlightRecorder
from scenarios.realtime.loop_report import report
from scenarios.realtime.monotonic_clock import MonotonicClock
from tests.unit.fake_timer import FakeTimer

PERIOD = 0.002
COUNT = 4


class TimedBus(FakeBus):
    """A fake bus that spends time in sending and receiving, and waits as `DriveBus` does."""

    def __init__(self, timer, clock):
        super().__init__(np.zeros(COUNT), period=PERIOD)
        self.timer, self.clock, self.sending, self.receiving = timer, clock, 0.0002, 0.0003
        self._due = clock.now()

    def exchange(self, command):
        self.timer.work(self.sending)
        self.pause()
        state, applied = super().exchange(command)
        self.timer.work(self.receiving)
        return Exchange(replace(state, time=self.clock.now()), applied)

    def pause(self):
        self._due += PERIOD
        while self._due < self.clock.now():
            self._due += PERIOD
        self.clock.wait_until(self._due)


class Working:
    """A controller that takes the times that it is told, and nothing at all after those."""

    def __init__(self, timer, works=()):
        self.timer, self.works, self.resets = timer, list(works), 0

    def reset(self, state):
        self.resets += 1

    def step(self, state):
        self.timer.work(self.works.pop(0) if self.works else 0.0)
        zero = np.zeros(COUNT)
        return JointCommand(state.time, zero, zero, zero, np.ones(COUNT), zero)


def applied(log, rows):
    return log["applied_reason"][rows].astype(int) & Reason.STOPPED


@pytest.fixture
def world():
    timer = FakeTimer()
    clock = MonotonicClock(timer)
    return timer, clock, TimedBus(timer, clock)


def run(world, works, ticks, capacity=100, go_on=None):
    timer, clock, bus = world
    loop = ControlLoop(Working(timer, works), bus, clock, PERIOD, FlightRecorder(capacity, COUNT))
    loop.open_and_run(ticks, go_on, sink=0.0)
    return loop.recorder


def test_every_part_of_a_tick_is_measured(world):
    log = run(world, [0.0005] * 10, 10).log()
    rows = slice(1, None)
    assert log["loop_control"][rows] == pytest.approx(0.0005)
    assert log["loop_send"][rows] == pytest.approx(0.0002)
    assert log["loop_receive"][rows] == pytest.approx(0.0003)
    assert log["loop_slack"][rows] == pytest.approx(PERIOD - 0.0010)
    assert log["loop_period"][rows] == pytest.approx(PERIOD)
    assert log["loop_log"][rows] == pytest.approx(0.0)
    assert np.isnan(log["loop_period"][0])


def test_a_late_wake_up_does_not_move_the_deadlines(world):
    timer, clock, _ = world
    timer.late = 150_000
    recorder = run(world, [], 500)
    assert clock.due == pytest.approx(500 * PERIOD, abs=1e-9)
    assert recorder.log()["loop_lateness"] == pytest.approx(150e-6)
    assert (recorder.overruns, recorder.lost) == (0, 0)


def test_a_period_that_is_lost_is_counted_and_not_made_up_for(world):
    """3.1 ms in the third tick: its deadline is missed by 1.6 ms, and the loop goes on with the grid's next one."""
    _, clock, _ = world
    recorder = run(world, [0.0, 0.0, 0.0031], 6)
    log = recorder.log()
    assert log["loop_slack"][2] == pytest.approx(PERIOD - 0.0036)
    assert log["loop_lost"][1:] == pytest.approx([0, 1, 0, 0, 0])
    assert log["loop_period"][1:] == pytest.approx(PERIOD * np.array([1, 2, 1, 1, 1]))
    assert (recorder.overruns, recorder.lost) == (1, 1)
    assert recorder.longest == pytest.approx(2 * PERIOD)
    assert clock.due == pytest.approx(7 * PERIOD, abs=1e-9)


def test_several_periods_can_be_lost_at_once(world):
    recorder = run(world, [0.0, 0.0111], 3)
    assert recorder.lost == 5
    assert recorder.log()["loop_period"][1] == pytest.approx(6 * PERIOD)


def test_an_operator_ends_a_run_and_another_one_begins_without_a_gap_counted(world):
    timer, clock, bus = world
    controller = Working(timer)
    loop = ControlLoop(controller, bus, clock, PERIOD, FlightRecorder(100, COUNT))
    with bus:
        state = loop.run(bus.open(), None, lambda _: loop.recorder.ticks < 7)
        timer.work(1.0)
        loop.run(state, 3)
    assert (loop.recorder.ticks, controller.resets) == (10, 2)
    assert loop.recorder.lost == 0
    assert np.isnan(loop.recorder.log()["loop_period"][7])


def test_the_recorder_keeps_the_last_rows_in_order_and_counts_all(world):
    recorder = run(world, [0.0] * 5 + [0.0031], 23, capacity=10)
    log = recorder.log()
    assert len(log) == 10
    assert (np.diff(log["time"]) > 0.0).all()
    assert recorder.ticks == 23
    assert recorder.lost == 1  # in a row that is overwritten
    with pytest.raises(ValueError, match="capacity is 0 ticks"):
        FlightRecorder(0, COUNT)


def test_the_log_of_a_short_flight_has_no_empty_rows(world):
    assert len(run(world, [], 4, capacity=10).log()) == 4


@pytest.fixture
def heeded():
    """No signal is ignored, as SIGHUP is for who runs the tests with nohup."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_run_and_lets_the_robot_down(world, number, heeded):
    timer, clock, bus = world
    before = signal.getsignal(number)

    class Asked(Working):
        def step(self, state):
            if loop.recorder.ticks == 20:
                signal.raise_signal(number)
            return super().step(state)

    loop = ControlLoop(Asked(timer), bus, clock, PERIOD, FlightRecorder(200, COUNT))
    assert loop.open_and_run(sink=0.1) == signal.Signals(number).name
    log = loop.recorder.log()
    assert loop.recorder.ticks == 21 + 50
    assert not applied(log, slice(0, 21)).any()
    assert applied(log, slice(21, None)).all()
    assert not log["command_stiffness"][21:].any()
    assert (log["command_damping"][21:] > 0.0).all()
    assert signal.getsignal(number) is before
    with pytest.raises(RuntimeError, match="closed"):
        bus.exchange(Working(timer).step(FakeBus(np.zeros(COUNT)).open()))


def test_a_second_signal_ends_everything_at_once(world):
    timer, clock, bus = world

    class Asked(Working):
        def step(self, state):
            signal.raise_signal(signal.SIGTERM)
            return super().step(state)

    class Impatient(FlightRecorder):
        def record(self, state, applied, times):
            super().record(state, applied, times)
            if self.ticks == 10:
                signal.raise_signal(signal.SIGTERM)

    loop = ControlLoop(Asked(timer), bus, clock, PERIOD, Impatient(200, COUNT))
    with pytest.raises(KeyboardInterrupt):
        loop.open_and_run(sink=10.0)
    assert loop.recorder.ticks == 10
    with pytest.raises(RuntimeError, match="closed"):
        bus.exchange(Working(timer).step(FakeBus(np.zeros(COUNT)).open()))


def test_a_controller_that_cannot_begin_leaves_damping_too(world):
    timer, clock, bus = world

    class Cannot(Working):
        def reset(self, state):
            raise ArithmeticError("the controller does not begin")

    loop = ControlLoop(Cannot(timer), bus, clock, PERIOD, FlightRecorder(200, COUNT))
    with pytest.raises(ArithmeticError):
        loop.open_and_run(sink=0.1)
    assert loop.recorder.ticks == 50
    assert applied(loop.recorder.log(), slice(None)).all()


def test_no_signal_comes_between_a_bus_and_its_closing(world):
    timer, clock, bus = world
    closed, close = [], bus.close

    def interrupted():
        signal.raise_signal(signal.SIGINT)
        close()
        closed.append(True)

    class Asked(Working):
        def step(self, state):
            signal.raise_signal(signal.SIGINT)
            return super().step(state)

    bus.close = interrupted
    loop = ControlLoop(Asked(timer), bus, clock, PERIOD, FlightRecorder(200, COUNT))
    assert loop.open_and_run(sink=0.1) == "SIGINT"
    assert closed == [True]


def test_a_controller_that_raises_leaves_damping_for_a_while(world):
    timer, clock, bus = world

    class Raises(Working):
        def step(self, state):
            if loop.recorder.ticks == 5:
                raise ArithmeticError("the controller is at its wits' end")
            return super().step(state)

    loop = ControlLoop(Raises(timer), bus, clock, PERIOD, FlightRecorder(200, COUNT))
    with pytest.raises(ArithmeticError):
        loop.open_and_run(sink=0.1)
    log = loop.recorder.log()
    assert loop.recorder.ticks == 5 + 50
    assert applied(log, slice(5, None)).all()


def test_a_bus_that_fails_is_closed_with_its_own_error(world):
    timer, clock, bus = world
    exchange, closed = bus.exchange, []

    def fails(command):
        if loop.recorder.ticks == 3:
            raise can.CanOperationError("the bus is gone")
        return exchange(command)

    bus.exchange, bus.close = fails, lambda: closed.append(True)
    loop = ControlLoop(Working(timer), bus, clock, PERIOD, FlightRecorder(200, COUNT))
    with pytest.raises(can.CanOperationError, match="the bus is gone"):
        loop.open_and_run(sink=0.1)
    assert closed == [True]


def test_another_thread_leaves_signals_alone(world):
    before = signal.getsignal(signal.SIGTERM)
    seen = []

    def look(_):
        seen.append(signal.getsignal(signal.SIGTERM))
        return True

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run, world, [], 3, go_on=look).result()
    assert seen == [before] * 3


def test_the_report_says_what_was_measured(world):
    recorder = run(world, [0.0, 0.0, 0.0031], 50)
    text = report(recorder, PERIOD)
    assert "deadlines missed: 1; periods lost: 1; longest period: 4.00 ms" in text
    assert "| period | 2.000 |" in text


def test_the_log_goes_into_an_mcap_file_with_the_loops_columns(world, tmp_path):
    from mcap.reader import make_reader
    from orjson import loads

    from scenarios.mcap_file import write_mcap

    write_mcap(tmp_path / "flight.mcap", run(world, [0.0005] * 5, 5).log())
    with (tmp_path / "flight.mcap").open("rb") as stream:
        messages = [(channel.topic, loads(message.data)) for _, channel, message in make_reader(stream).iter_messages()]
    assert {topic for topic, _ in messages} == {"/robot_state", "/joint_command", "/loop"}
    loop = [message for topic, message in messages if topic == "/loop"]
    assert loop[3]["loop_slack"] == pytest.approx(0.001, abs=1e-6)
    assert loop[0]["loop_period"] is None


def test_a_bus_of_drives_goes_on_at_its_grid_after_a_deadline_was_missed():
    """Through `DriveBus` itself: the end of a period stays a multiple of it from the opening on."""
    from scenarios.wiring import load_wiring
    from tests.unit.held_body import HeldBody

    model = load_robot()
    wiring = load_wiring(model)
    zero = np.zeros(model.size)
    with HeldBody(model, wiring, zero, name="grid") as held:
        state = held.host.open()
        asked: list[float] = []
        held.host._clock = Asked(held, asked)
        held.host._due = held.now()
        for late in (0.0, 0.0, 0.0041, 0.0):
            held.host._clock.late = late
            state, _ = held.host.exchange(JointCommand(state.time, zero, zero, zero, zero, zero))
    with suppress(can.CanError):
        held.host.close()
    assert np.diff(asked) == pytest.approx([PERIOD, 3 * PERIOD, PERIOD])


class Asked:
    """A held body's clock, seen late by somebody, which keeps what is asked of it."""

    def __init__(self, held, asked):
        self.held, self.asked, self.late = held, asked, 0.0

    def now(self):
        return self.held.now() + self.late

    def wait_until(self, time):
        self.asked.append(time)
        self.held.wait_until(time)

    def time_of(self, stamp):
        return stamp
