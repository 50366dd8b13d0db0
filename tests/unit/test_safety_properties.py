"""Whatever happens: what goes out is within limits, nothing jumps, faults stay, one source commands."""

import dataclasses
import math
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from robot import JointCommand, Reason, RobotState
from robot.drive_status import FAULTS
from robot.safety.modes import TABLE, RobotMode
from tests.unit.faulty_bus import (
    COUNT,
    DAMPING_MAX,
    FIELDS,
    FILE,
    LIMITS,
    NAMES,
    PERIOD,
    STIFFNESS_MAX,
    STOP_DAMPING,
    Rig,
    is_damping,
    whole_torque,
)  # fmt: skip

HELD = (RobotMode.READY, RobotMode.ACTIVE)
RAMP = 10
SAYS = {"remote": 0.3, "app": -0.2, "planner": 0.1}
"""Velocity that each source asks, by which what goes out shows who commands; no rate and no torque limit changes it."""
number = st.floats(-5.0, 5.0) | st.sampled_from([0.0, 1e3, -1e6])
broken = st.sampled_from([math.nan, math.inf, -math.inf])
rows = st.lists(number, min_size=COUNT, max_size=COUNT).map(np.array)
commands = st.fixed_dictionaries(
    {
        "position": rows,
        "torque": rows.map(lambda x: 20.0 * x),
        "stiffness": rows.map(lambda x: 50.0 * x),
        "damping": rows,
    }
)
events = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(list(SAYS)), commands),
    st.tuples(st.just("say"), st.sampled_from(list(SAYS)), commands),
    st.tuples(st.just("request"), st.sampled_from(list(RobotMode))),
    st.tuples(st.just("up")),
    st.tuples(st.just("up")),
    st.tuples(st.just("tick"), st.integers(1, 2 * RAMP)),
    st.tuples(st.just("tick"), st.integers(1, 2 * RAMP)),
    st.tuples(st.sampled_from(["emergency", "released", "heal", "late"])),
    st.just(("clear",)),
    st.tuples(st.just("move"), st.integers(0, COUNT - 1), st.floats(0.0, 0.4)),
    st.tuples(st.just("break"), st.sampled_from(list(SAYS)), broken),
    st.tuples(st.just("cut"), st.integers(0, COUNT - 1)),
    st.tuples(st.just("fault"), st.integers(0, COUNT - 1), st.integers(1, len(FAULTS) - 1)),
    st.tuples(st.just("warm"), st.integers(0, COUNT - 1), st.floats(60.0, 130.0)),
    st.tuples(st.just("volts"), st.floats(20.0, 70.0)),
    st.tuples(st.just("sense"), st.integers(0, COUNT - 1), broken | st.floats(-3.0, 3.0)),
    st.tuples(st.just("fast"), st.integers(0, COUNT - 1), st.floats(-60.0, 60.0)),
)


class Story:
    """Lets events happen to a rig, and looks at every command that goes out."""

    def __init__(self, **changes: Any) -> None:
        self.rig = Rig(enable_time=RAMP * PERIOD, handover_time=RAMP * PERIOD, time_constant=0.5, **changes)
        self.expendable = "expendable" in changes
        self.own: dict[str, Any] = {}
        self.late = False
        self.cleared = False
        self.sensed: dict[int, float] = {}
        self.speeds: dict[int, float] = {}
        self.rig.drives.spoil = self.spoilt

    def spoilt(self, state: RobotState) -> RobotState:
        position, velocity = state.joint_position.copy(), state.joint_velocity.copy()
        for joint, value in self.sensed.items():
            position[joint] = value
        for joint, value in self.speeds.items():
            velocity[joint] = value
        return dataclasses.replace(state, joint_position=position, joint_velocity=velocity)

    def happen(self, event: tuple) -> None:
        rig, bus, drives = self.rig, self.rig.bus, self.rig.drives
        match event:
            case ("say", "planner", numbers):
                self.own = numbers
            case ("say", source, numbers):
                bus.submit(source, rig.command(velocity=SAYS[source], **numbers))
            case ("break", "planner", value):
                self.own = {"torque": value}
            case ("break", source, value):
                bus.submit(source, rig.command(position=value))
            case ("request", mode):
                self.ask(mode)
            case ("up",):
                for mode in (RobotMode.DAMPING, *HELD):
                    self.ask(mode)
                    self.tick()
            case ("tick", times):
                for _ in range(times):
                    self.tick()
            case ("emergency",):
                bus.emergency_stop()
                self.tick()
                assert is_damping(rig.last)
                assert bus.mode is RobotMode.FAULT
            case ("released",):
                bus.release_emergency_stop()
            case ("clear",):
                if bus.mode not in (*HELD, RobotMode.OFF):
                    self.cleared = not bus.clear()
                    if self.cleared:
                        self.causes_are_gone()
            case ("heal",):
                self.own, self.late = {}, False
                self.sensed.clear()
                self.speeds.clear()
                drives.cut[:], drives.motor[:], drives.voltage[:] = False, 40.0, 48.0
            case ("late",):
                self.late = True
            case ("cut", joint):
                drives.cut[joint] = True
            case ("fault", joint, fault):
                drives.fault[joint] = fault
            case ("warm", joint, temperature):
                drives.motor[joint] = temperature
            case ("volts", voltage):
                drives.voltage[:] = voltage
            case ("sense", joint, value):
                self.sensed[joint] = value
            case ("move", joint, value):
                self.sensed[joint] = value
                self.tick()
                self.ask(RobotMode.READY)
            case ("fast", joint, value):
                self.speeds[joint] = value
        self.tick()

    def ask(self, mode: RobotMode) -> None:
        before = self.rig.bus.mode
        try:
            self.rig.bus.request(mode)
        except ValueError:
            assert self.rig.bus.mode is before
        else:
            assert TABLE.allows(before, mode)

    def tick(self) -> None:
        rig, bus = self.rig, self.rig.bus
        mode, last, state = bus.mode, rig.last if rig.drives.sent else None, rig.state
        rested = last is None or is_damping(last)
        asked = rig.command(velocity=SAYS["planner"], **self.own)
        reasons = rig.tick(dataclasses.replace(asked, time=asked.time - 1.0) if self.late else asked)
        sent = rig.last
        self.within_limits(sent, state)
        if mode is RobotMode.FAULT and not self.cleared:
            assert bus.mode is RobotMode.FAULT
            assert is_damping(sent)
        self.cleared = False
        if mode not in HELD:
            assert is_damping(sent)
            assert np.all(reasons & Reason.STOPPED)
        elif not rested and not is_damping(sent):
            assert last is not None
            self.no_jump(last, sent, state, lost=list(bus.lost))
        elif is_damping(sent):
            place = np.clip(state.joint_position, LIMITS.lower, LIMITS.upper)
            assert np.array_equal(sent.position, place) or not np.isfinite(place).all()
        else:
            assert np.all(sent.stiffness <= STIFFNESS_MAX / RAMP + 1e-9)
        if not reasons.any():
            assert np.array_equal(sent.velocity, np.full(COUNT, SAYS["planner"]))
        if np.all(reasons & Reason.OUTRANKED) and not np.any(reasons & (Reason.STAGED | Reason.FAULTED)):
            assert bus.arbiter.holder in SAYS
            assert np.array_equal(sent.velocity, np.full(COUNT, SAYS[bus.arbiter.holder]))

    def causes_are_gone(self) -> None:
        rig = self.rig
        newest = rig.drives.seen[-1].drives
        assert newest is not None
        needed = [joint for joint, name in enumerate(NAMES) if not (self.expendable and name.endswith("wrist"))]
        assert not newest.fault[needed].any()
        assert np.all(newest.age[needed] <= FILE.limits.drive_age)
        assert np.all(newest.voltage[needed] <= FILE.limits.voltage_high)
        assert np.isfinite(rig.drives.seen[-1].joint_position[needed]).all()

    def within_limits(self, sent: JointCommand, state: RobotState) -> None:
        zero = np.zeros(COUNT)
        for field, lower, upper in (
            ("position", LIMITS.lower, LIMITS.upper),
            ("velocity", -LIMITS.velocity, LIMITS.velocity),
            ("torque", -LIMITS.effort, LIMITS.effort),
            ("stiffness", zero, STIFFNESS_MAX),
            ("damping", zero, DAMPING_MAX),
        ):
            values = getattr(sent, field)
            assert np.all((values >= lower) & (values <= upper)), (field, values)
        with np.errstate(invalid="ignore"):
            torque = np.abs(whole_torque(sent, state))
        assert not np.any(torque > LIMITS.effort + 1e-9), torque

    def no_jump(self, last: JointCommand, sent: JointCommand, state: RobotState, lost: list[int]) -> None:
        others = np.setdiff1d(np.arange(COUNT), lost)
        rate = FILE.limits.position_rate * LIMITS.velocity * PERIOD
        assert np.all(np.abs(sent.position - last.position)[others] <= rate[others] + 1e-12)
        slew = LIMITS.effort * PERIOD / FILE.limits.torque_rise
        growth = np.abs(sent.torque) - np.abs(last.torque)
        assert np.all(growth <= slew + 1e-9)  # less may come at once, when a drive becomes warm
        assert state.drives is not None
        if not np.any(state.drives.motor_temperature > FILE.limits.motor_derate):
            assert np.all(np.abs(sent.torque - last.torque)[others] <= slew[others] + 1e-9)


@settings(deadline=None, max_examples=1000)
@given(story=st.lists(events, max_size=40))
def test_whatever_happens_what_goes_out_is_safe(story):
    rig = Story()
    for event in story:
        rig.happen(event)


@settings(deadline=None, max_examples=500)
@given(story=st.lists(events, max_size=40))
def test_the_same_holds_once_it_is_active_with_joints_that_may_be_lost(story):
    rig = Story(expendable=("*_wrist",))
    rig.happen(("up",))
    rig.happen(("tick", 2 * RAMP))
    assert rig.rig.bus.mode is RobotMode.ACTIVE
    for event in story:
        rig.happen(event)


@settings(deadline=None, max_examples=40)
@given(target=commands, ticks=st.integers(RAMP, 200))
def test_a_switch_on_goes_no_faster_than_its_stated_time(target, ticks):
    rig = Rig(enable_time=ticks * PERIOD, blocked=("*",))
    rig.bus.request(RobotMode.DAMPING)
    rig.tick()
    start = rig.state.joint_position.copy()
    stuck = np.zeros(COUNT)
    rig.drives.spoil = lambda state: dataclasses.replace(state, joint_position=start, joint_velocity=stuck)
    rig.bus.request(RobotMode.READY)
    rig.bus.request(RobotMode.ACTIVE)
    before = len(rig.drives.sent)
    rig.follow(ticks + 1, **target)
    assert rig.bus.mode is RobotMode.ACTIVE
    sent = rig.drives.sent[before:]
    assert np.array_equal(sent[0].position, start)
    assert is_damping(sent[0])
    assert np.array_equal(sent[0].damping, STOP_DAMPING)
    span = {"position": LIMITS.upper - LIMITS.lower, "torque": LIMITS.effort, "stiffness": STIFFNESS_MAX}
    for field in FIELDS:
        if field in span:
            numbers = np.array([getattr(command, field) for command in sent])
            if field == "stiffness":  # the bound on the whole torque may take some of it away again
                assert np.all(numbers <= (np.arange(ticks + 1) / ticks)[:, None] * STIFFNESS_MAX + 1e-9)
            else:
                assert np.all(np.abs(np.diff(numbers, axis=0)) <= span[field] / ticks + 1e-9)
