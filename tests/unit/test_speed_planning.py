"""The planned speed keeps every limit, wastes nothing, and is kept by the rider's choice of pedals and brake."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controllers.riding.pace import Pace
from controllers.riding.planning.chain import Chain
from controllers.riding.planning.course_map import (
    CourseMap,
    PlanningError,
    Pose,
    SlowArea,
    SlowStretch,
    StopLine,
    Waypoint,
)
from controllers.riding.planning.limits import PathLimits, SpeedLimits
from controllers.riding.planning.path import ClothoidPath
from controllers.riding.planning.planner import Plan
from controllers.riding.planning.speed import plan_speed, plan_speed_on
from controllers.riding.programme import Mode, Phase
from controllers.riding.speed_profile import SpeedProfile
from controllers.riding.stop import Stop

ROUNDING = 1e-9


def plan_of(curvature, slow=(), end=None):
    """A plan whose path has knots half a metre apart, and ends at a line where an end speed is given."""
    path = ClothoidPath(Pose(), 0.5, np.array(curvature, dtype=float))
    goal = Waypoint((0, 0)) if end is None else StopLine((0, 1), (0, -1), end)
    return Plan(CourseMap((goal,), slow=slow), PathLimits(), Chain((path,)), np.array((path.length - 0.5,)))


def straight(length=20.0, **changes):
    return plan_of(np.zeros(round(2 * length) + 1), **changes)


limits = st.builds(
    SpeedLimits,
    cruise=st.floats(1, 4),
    lateral_acceleration=st.floats(0.3, 2),
    acceleration=st.floats(0.05, 0.5),
    start_acceleration=st.floats(0.5, 0.8),
    braking=st.floats(0.1, 1),
    curvature_rate=st.floats(0.05, 1),
    cadence=st.floats(3, 10),
)


@settings(deadline=None)
@given(st.lists(st.floats(-0.5, 0.5), min_size=10, max_size=60), limits, st.floats(0, 3), st.floats(0.2, 1))
def test_a_profile_keeps_every_limit(curvature, limits, end, share):
    plan = plan_of(curvature, end=end)
    greatest = plan_speed(plan, limits, 0.0)
    start = share * float(plan_speed(plan, replace(limits, acceleration=1e6), 0.0).speed[1:].min())
    for profile in (greatest, plan_speed(plan, limits, start)):
        arc_length = profile.spacing * np.arange(profile.speed.size)
        bend = np.abs(plan.path.curvature_at(arc_length))
        v = profile.speed
        assert v.max() <= min(limits.cruise, limits.cadence * limits.development) + ROUNDING
        assert (v**2 * bend).max() <= limits.lateral_acceleration + ROUNDING
        between = np.abs(plan.path.curvature_rate)[np.minimum((arc_length / 0.5).astype(int), len(curvature) - 2)]
        assert (v * between).max() <= limits.curvature_rate + 1e-6
        rate = np.diff(v**2) / (2 * profile.spacing)
        pushed = (arc_length[:-1] < limits.start_length) & (v[0] == 0.0)
        assert np.all(rate <= np.where(pushed, limits.start_acceleration, limits.acceleration) + 1e-6)
        assert rate.min() >= -limits.braking - 1e-6
        assert v[arc_length >= plan.goals_at[-1]].max() <= end + ROUNDING


@settings(deadline=None)
@given(st.lists(st.floats(-0.5, 0.5), min_size=10, max_size=40), limits)
def test_somewhere_a_limit_binds_everywhere(curvature, limits):
    """A profile that could be faster at a place, all others being as they are, would waste time there."""
    plan = plan_of(curvature)
    profile = plan_speed(plan, limits, 0.0)
    free = plan_speed(plan, replace(limits, acceleration=1e6, braking=1e6), 0.0).speed
    v = profile.speed
    arc_length = profile.spacing * np.arange(1, v.size - 1)
    gain = (
        2 * profile.spacing * np.where(arc_length < limits.start_length, limits.start_acceleration, limits.acceleration)
    )
    gain = np.append(2 * limits.start_acceleration * profile.spacing, gain[:-1])
    loss = 2 * limits.braking * profile.spacing
    bound = (
        np.isclose(v[1:-1], free[1:-1])
        | np.isclose(v[1:-1] ** 2, v[:-2] ** 2 + gain)
        | np.isclose(v[1:-1] ** 2, v[2:] ** 2 + loss)
    )
    assert bound.all()


def test_from_standing_to_a_line_it_gains_cruises_and_brakes():
    limits = SpeedLimits(cruise=2.0, acceleration=0.2, start_acceleration=0.4, start_length=2.0, braking=0.5)
    profile = plan_speed(straight(40, end=0.0), limits, 0.0)
    assert profile.at(1.0) == pytest.approx(sqrt(2 * 0.4 * 1.0), rel=0.01)
    assert profile.at(5.0) == pytest.approx(sqrt(2 * 0.4 * 2.0 + 2 * 0.2 * 3.0), rel=0.01)
    assert profile.at(20.0) == pytest.approx(2.0)
    assert profile.at(38.5) == pytest.approx(sqrt(2 * 0.5 * 1.0), rel=0.03)
    assert profile.at(39.6) == 0.0
    assert profile.duration == pytest.approx(3.16 + 3.68 + 13.74 + 4.0, abs=0.05)


def test_at_a_stop_it_stands_and_starts_again():
    """On a hand-made course: a curve and where its stops are."""
    limits = SpeedLimits(cruise=2.0, acceleration=0.15, start_acceleration=0.5, start_length=2.0, braking=0.4)
    stops = (Stop(12.0, "left", 2.0, "right"), Stop(25.0, "right", 1.0, "right"))
    curvature = np.concatenate((np.zeros(750), np.full(1000, 1 / 3)))
    profile = plan_speed_on(curvature, 0.02, 30.0, limits, 0.0, stops)
    assert [profile.at(s) for s in (0.0, 12.0, 25.0)] == [0.0] * 3
    assert profile.at(11.0) == pytest.approx(sqrt(2 * 0.4 * 1.0), rel=0.01)
    assert profile.at(13.0) == pytest.approx(1.0, rel=0.01)
    assert profile.at(15.0) == pytest.approx(sqrt(2 * 0.5 * 2.0 + 2 * 0.15 * 1.0), rel=0.01)
    assert profile.at(20.0) == pytest.approx(sqrt(3.0))
    assert profile.duration < 40.0


def test_a_profile_may_begin_on_the_way():
    limits = SpeedLimits(cruise=2.0, acceleration=0.15, braking=0.4)
    profile = plan_speed_on(np.zeros(1501), 0.02, 30.0, limits, 1.0, (Stop(20.0, "left", 2.0, "left"),), begin=10.0)
    assert profile.at(10.0) == pytest.approx(1.0)
    assert profile.at(12.0) == pytest.approx(sqrt(1.0 + 2 * 0.15 * 2.0), rel=0.01)
    with pytest.raises(PlanningError, match="too fast"):
        plan_speed_on(np.zeros(1501), 0.02, 30.0, limits, 2.0, (Stop(10.5, "left", 2.0, "left"),), begin=10.0)


def test_a_stop_that_is_not_on_the_course_is_refused():
    with pytest.raises(PlanningError, match=r"31 m is not on the course of 30 m"):
        plan_speed_on(np.zeros(1501), 0.02, 30.0, SpeedLimits(), 1.0, (Stop(31.0, "left", 2.0, "left"),))


def test_the_time_of_a_profile():
    assert plan_speed(straight(20), SpeedLimits(cruise=2.0), 2.0).duration == pytest.approx(10.0)


def test_speed_limits_hold_in_areas_and_on_stretches():
    area = SlowArea(((5, -1), (8, -1), (8, 1), (5, 1)), 1.0)
    profile = plan_speed(straight(30, slow=(area, SlowStretch(15.0, 18.0, 1.4))), SpeedLimits(), 2.0)
    assert [profile.at(s) for s in (5.1, 6.5, 7.9)] == pytest.approx([1.0] * 3)
    assert [profile.at(s) for s in (15.1, 17.9)] == pytest.approx([1.4] * 2)
    assert profile.at(1.0) == profile.at(29.0) == pytest.approx(2.0)


def test_a_start_that_cannot_be_braked_is_refused():
    plan = straight(10, slow=(SlowStretch(1.0, 3.0, 1.0),))
    with pytest.raises(PlanningError, match=r"2\.5 m/s is too fast: from 1\.3"):
        plan_speed(plan, SpeedLimits(cruise=3.0, braking=0.4), 2.5)


def test_limits_that_are_none_are_refused():
    with pytest.raises(PlanningError, match="braking"):
        SpeedLimits(braking=0.0)


# Following it

PROFILE = SpeedProfile(1.0, np.array((2.0, 2.0, 1.0, 1.0)))
RIDE = Phase(Mode.PEDAL, speed=3.0)


def test_between_values_the_profile_is_linear_and_beyond_them_constant():
    assert [PROFILE.at(s) for s in (-1.0, 0.5, 1.25, 3.0, 9.0)] == pytest.approx([2.0, 2.0, 1.75, 1.0, 1.0])


def test_pedalling_goes_for_the_lower_one_of_phase_and_profile():
    pace = Pace(PROFILE)
    assert pace.step(RIDE, 0.0, 1.5) == Phase(Mode.PEDAL, speed=2.0)
    assert pace.step(replace(RIDE, speed=1.2), 0.0, 1.0) == Phase(Mode.PEDAL, speed=1.2)


def test_it_brakes_when_it_is_too_fast_until_it_is_not():
    pace = Pace(PROFILE)
    modes = [pace.step(RIDE, 2.0, speed).mode for speed in (1.06, 1.1, 1.03, 0.99, 1.06)]
    assert modes == [Mode.PEDAL, Mode.BRAKE, Mode.BRAKE, Mode.PEDAL, Mode.PEDAL]
    pace.step(RIDE, 2.0, 1.2)
    pace.reset()
    assert pace.step(RIDE, 2.0, 1.03).mode is Mode.PEDAL


@pytest.mark.parametrize("mode", [Mode.COAST, Mode.BRAKE])
def test_what_does_not_pedal_stays_as_it_is(mode):
    phase = Phase(mode, speed=0.5)
    assert Pace(PROFILE).step(phase, 2.0, 3.0) is phase
