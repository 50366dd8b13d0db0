"""The guard: whatever is asked, what goes out is finite, within limits and fresh."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from robot import Exchange, FakeBus, GuardedBus, JointCommand, JointLimits, Reason
from robot.command import Array

COUNT = 3
PERIOD = 0.002
LIMITS = JointLimits(
    lower=np.array([-1.0, -0.5, 0.0]),
    upper=np.array([1.0, 0.25, 2.0]),
    velocity=np.array([10.0, 5.0, 2.0]),
    effort=np.array([100.0, 36.0, 6.0]),
    names=("hip", "ankle", "knee"),
)
STIFFNESS_MAX = np.array([200.0, 100.0, 20.0])
DAMPING_MAX = np.array([20.0, 10.0, 2.0])
STOP_DAMPING = np.array([4.0, 2.0, 1.0])
MIDDLE = (LIMITS.lower + LIMITS.upper) / 2.0
FIELDS = ("position", "velocity", "torque", "stiffness", "damping")


class Recorder(FakeBus):
    """A fake bus that keeps what it was sent; its clock can be made to stand still, its encoders to fail."""

    def __init__(self) -> None:
        super().__init__(MIDDLE, period=PERIOD)
        self.sent: list[JointCommand] = []
        self.stops = 0
        self.clock_stands = False
        self.encoders_fail = False

    def exchange(self, command: JointCommand) -> Exchange:
        self.sent.append(command)
        state, applied = super().exchange(command)
        if self.clock_stands:
            state = dataclasses.replace(state, time=0.0)
        if self.encoders_fail:
            state = dataclasses.replace(state, joint_position=np.array([math.nan, math.inf, -math.inf]))
        return Exchange(state, applied)

    def stop(self) -> None:
        self.stops += 1
        super().stop()


def guard(bus: FakeBus, *, stale_after: float = 0.01, repeats_max: int = 5) -> GuardedBus:
    return GuardedBus(
        bus,
        LIMITS,
        stiffness_max=STIFFNESS_MAX,
        damping_max=DAMPING_MAX,
        stop_damping=STOP_DAMPING,
        stale_after=stale_after,
        repeats_max=repeats_max,
    )


def harmless(time: float = 0.0) -> JointCommand:
    return JointCommand(time, MIDDLE, np.zeros(COUNT), np.zeros(COUNT), STIFFNESS_MAX / 2.0, DAMPING_MAX / 2.0)


def bounds(field: str) -> tuple[Array, Array]:
    zero = np.zeros(COUNT)
    return {
        "position": (LIMITS.lower, LIMITS.upper),
        "velocity": (-LIMITS.velocity, LIMITS.velocity),
        "torque": (-LIMITS.effort, LIMITS.effort),
        "stiffness": (zero, STIFFNESS_MAX),
        "damping": (zero, DAMPING_MAX),
    }[field]


def assert_safe(command: JointCommand) -> None:
    for field in FIELDS:
        lower, upper = bounds(field)
        values = getattr(command, field)
        assert np.all(values >= lower), field
        assert np.all(values <= upper), field


def assert_damping(command: JointCommand) -> None:
    assert_safe(command)
    assert not command.stiffness.any()
    assert not command.velocity.any()
    assert not command.torque.any()
    assert np.array_equal(command.damping, STOP_DAMPING)


def commands(values: st.SearchStrategy[float]) -> st.SearchStrategy[JointCommand]:
    array = hnp.arrays(np.float64, COUNT, elements=values)
    return st.builds(JointCommand, values, array, array, array, array, array)


any_number = st.floats(allow_nan=True, allow_infinity=True)
near_limits = st.floats(min_value=-300.0, max_value=300.0)


@settings(deadline=None)
@given(asked=st.lists(commands(any_number) | commands(near_limits), min_size=1, max_size=6))
def test_whatever_is_asked_what_goes_out_is_safe(asked: list[JointCommand]) -> None:
    inner = Recorder()
    with guard(inner) as bus:
        for command in asked:
            bus.exchange(command)
    assert len(inner.sent) == len(asked)
    for sent in inner.sent:
        assert_safe(sent)


@settings(deadline=None)
@given(asked=commands(near_limits))
def test_a_fresh_finite_command_is_clamped_joint_by_joint_and_says_so(asked: JointCommand) -> None:
    asked = dataclasses.replace(asked, time=0.0)
    bits = (
        Reason.POSITION_CLAMPED,
        Reason.VELOCITY_CLAMPED,
        Reason.TORQUE_CLAMPED,
        Reason.GAIN_CLAMPED,
        Reason.GAIN_CLAMPED,
    )
    inner = Recorder()
    with guard(inner) as bus:
        _, applied = bus.exchange(asked)
    for joint in range(COUNT):
        expected = Reason.NONE
        for field, bit in zip(FIELDS, bits, strict=True):
            lower, upper = bounds(field)
            value = getattr(asked, field)[joint]
            clamped = min(max(value, lower[joint]), upper[joint])
            assert getattr(inner.sent[0], field)[joint] == clamped
            expected |= bit if value != clamped else Reason.NONE
        assert applied.reasons[joint] == expected
    assert inner.sent[0].time == asked.time


def test_a_harmless_command_passes_untouched() -> None:
    inner = Recorder()
    command = harmless()
    with guard(inner) as bus:
        _, applied = bus.exchange(command)
    assert inner.sent[0] is command
    assert applied.command is command
    assert not applied.reasons.any()


def test_a_clamped_command_outlives_the_next_one() -> None:
    with guard(Recorder()) as bus:
        _, first = bus.exchange(dataclasses.replace(harmless(), position=LIMITS.upper + 1.0))
        bus.exchange(dataclasses.replace(harmless(), position=LIMITS.lower - 1.0))
    assert np.array_equal(first.command.position, LIMITS.upper)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("field", ["time", *FIELDS])
def test_a_number_that_is_not_finite_stops_every_joint_until_the_bus_is_opened_again(field: str, bad: float) -> None:
    inner = Recorder()
    broken = harmless()
    if field == "time":
        broken = dataclasses.replace(broken, time=bad)
    else:
        values = getattr(broken, field).copy()
        values[1] = bad
        broken = dataclasses.replace(broken, **{field: values})

    with guard(inner) as bus:
        state, applied = bus.exchange(broken)
        for _ in range(3):
            assert np.all(applied.reasons == Reason.NOT_FINITE | Reason.STOPPED)
            assert_damping(inner.sent[-1])
            state, applied = bus.exchange(harmless(state.time))
        assert inner.stops == 1

        state = bus.open()
        _, applied = bus.exchange(harmless(state.time))
        assert not applied.reasons.any()


def test_stop_latches_until_the_bus_is_opened_again() -> None:
    inner = Recorder()
    with guard(inner) as bus:
        bus.stop()
        assert inner.stops == 1
        state, applied = bus.exchange(harmless())
        _, applied = bus.exchange(harmless(state.time))
        assert np.all(applied.reasons == Reason.STOPPED)
        assert_damping(inner.sent[-1])

        state = bus.open()
        _, applied = bus.exchange(harmless(state.time))
        assert not applied.reasons.any()


def test_a_silent_controller_is_damped_until_a_fresh_command_comes() -> None:
    inner = Recorder()
    with guard(inner, stale_after=2.5 * PERIOD, repeats_max=1000) as bus:
        reasons = []
        for _ in range(6):
            state, applied = bus.exchange(harmless(0.0))
            reasons.append(applied.reasons)
        assert not np.any(reasons[:3])  # sent at 0, 1 and 2 periods after the state that it answers
        assert np.all(np.array(reasons[3:]) == Reason.STALE)
        assert_damping(inner.sent[-1])

        _, applied = bus.exchange(harmless(state.time))
        assert not applied.reasons.any()


def test_a_command_that_is_repeated_on_a_standing_clock_is_stale() -> None:
    inner = Recorder()
    inner.clock_stands = True
    with guard(inner, repeats_max=4) as bus:
        reasons = [bus.exchange(harmless(0.0)).applied.reasons for _ in range(7)]
    assert not np.any(reasons[:5])
    assert np.all(np.array(reasons[5:]) == Reason.STALE)


def test_a_command_from_the_future_is_stale() -> None:
    with guard(Recorder(), stale_after=0.01) as bus:
        _, applied = bus.exchange(harmless(1.0))
    assert np.all(applied.reasons == Reason.STALE)


def test_damping_stays_finite_when_the_encoders_fail() -> None:
    inner = Recorder()
    inner.encoders_fail = True
    with guard(inner) as bus:
        bus.exchange(harmless())
        bus.stop()
        bus.exchange(harmless())
    assert_damping(inner.sent[-1])


def test_reasons_of_the_inner_bus_are_kept() -> None:
    inner = FakeBus(MIDDLE, period=PERIOD)
    with guard(inner) as bus:
        inner.stop()
        _, applied = bus.exchange(dataclasses.replace(harmless(), position=LIMITS.upper + 1.0))
    assert np.all(applied.reasons == Reason.STOPPED | Reason.POSITION_CLAMPED)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stiffness_max": np.ones(2)}, r"stiffness_max has shape \(2,\), expected \(3,\)"),
        ({"damping_max": np.array([20.0, -1.0, 2.0])}, r"joint 'ankle' has damping_max -1\.0"),
        ({"stop_damping": np.array([4.0, 2.0, math.nan])}, r"joint 'knee' has stop_damping nan"),
        ({"stop_damping": np.array([4.0, 11.0, 1.0])}, r"joint 'ankle' has stop_damping 11\.0 above its damping_max"),
        ({"stale_after": 0.0}, r"stale_after is 0\.0 s"),
        ({"repeats_max": 0}, r"repeats_max is 0"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(change: dict[str, object], message: str) -> None:
    right: dict[str, object] = {
        "stiffness_max": STIFFNESS_MAX,
        "damping_max": DAMPING_MAX,
        "stop_damping": STOP_DAMPING,
    }
    with pytest.raises(ValueError, match=message):
        GuardedBus(FakeBus(MIDDLE), LIMITS, **(right | change))  # type: ignore[arg-type]
