"""Plans of studies: which rides they ask for, and what they make of the results."""

from math import nan, pi

import numpy as np
import pytest

from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.study.levels import parse_levels
from scenarios.study.sensitivity import DEFAULT_METRICS, DEFAULT_PARAMETERS, effects, plan_sensitivity, survivors
from scenarios.study.slowest import SlowestPlan, find_slowest
from scenarios.study.survival import curves, direction_name, even_angles, judge
from scenarios.study.survival_ride import RideSurvival
from scenarios.trial import TrialResult, broken

# Levels


@pytest.mark.parametrize(
    ("text", "levels"),
    [("10:60:10", (10, 20, 30, 40, 50, 60)), ("10:35:10", (10, 20, 30)), ("0.1:0.3:0.1", (0.1, 0.2, 0.3)),
     ("40,10,10", (10, 40)), ("15", (15,)), ("15:15:1", (15,))],
)  # fmt: skip
def test_levels_are_read(text, levels):
    assert parse_levels(text, "--magnitudes") == pytest.approx(levels)


@pytest.mark.parametrize(
    "text", ["", "10:60", "10:60:0", "60:10:10", "10,-3", "0,10", "1:2:3:4", "ten", "nan", "1:9:0.01"]
)
def test_levels_that_make_no_sense_are_refused(text):
    with pytest.raises(BadInput, match=r"--magnitudes .*: write positive levels such as"):
        parse_levels(text, "--magnitudes")


# Survival


def survival_plan(**changes):
    asked = {
        "scenario": "ride_straight", "overrides": (), "body": "torso", "speed": 2.0, "impulses": (10.0, 20.0, 30.0),
        "directions": even_angles(2), "phases": even_angles(2), "seeds": (0, 1),
    }  # fmt: skip
    return RideSurvival(**{**asked, **changes})


def test_every_push_is_tried_with_every_seed():
    plan = survival_plan()
    trials = plan.trials()
    assert len(trials) == plan.size == 3 * 2 * 2 * 2
    for name, (condition, trial) in trials.items():
        (push,) = trial.scenario.disturbances
        assert trial.name == name == plan.name(condition)
        assert (push.impulse, push.direction, push.crank) == (condition.impulse, condition.direction, condition.phase)
        assert trial.seed == condition.seed
        assert trial.scenario == load("ride_straight", trial.changes)
        # a whole turn of the crank, the push and the window fit in
        turn = 2 * pi * 0.2 * 1.8 / 2.0
        assert trial.scenario.duration > push.time + turn + plan.window


def test_pushes_need_a_straight_ride():
    with pytest.raises(BadInput, match="ride_circle is no straight ride"):
        survival_plan(scenario="ride_circle").trials()


def result(name, *, end="out of time", seconds=10.0, **metrics):
    usual = {"push_begin": 3.0, "push_crank": 0.0, "push_impulse": 10.0, "path_error_end": 0.1}
    return TrialResult(name, "ride_straight", 0, (), end, seconds, {**usual, **metrics}, (), "abc")


def test_who_falls_within_the_window_has_not_survived():
    plan = survival_plan(impulses=(10.0,), directions=(0.0,), phases=(0.0,), seeds=(0, 1, 2, 3, 4, 5))
    conditions = {name: condition for name, (condition, _) in plan.trials().items()}
    names, trials = list(conditions), [trial for _, trial in plan.trials().values()]
    pushed = judge(
        plan,
        conditions,
        [
            result(names[0]),
            result(names[1], path_error_end=0.4),  # off its course for good
            result(names[2], end="fallen", seconds=7.9),
            result(names[3], end="fallen", seconds=8.1),  # of something else
            result(names[4], end="fallen", seconds=2.0, push_begin=nan),  # before the push
            broken(trials[5], "the world ended"),
        ],
    )
    assert [push.survived for push in pushed] == [True, True, False, True, None, None]
    assert [push.recovered for push in pushed] == [True, False, False, False, False, False]
    whole, forward = curves(plan, pushed)
    assert whole.direction is None
    assert forward.direction == 0.0
    (point,) = forward.points
    assert (point.survived, point.recovered, point.trials) == (3, 1, 4)


def test_curves_are_of_directions_and_phases():
    """Pushes forward are survived to 20 N·s, backward to 10 with the crank at 0 and never with it at 180 degrees."""
    plan = survival_plan(impulses=(10.0, 20.0, 30.0, 40.0), seeds=tuple(range(8)))
    limit = {(0.0, 0.0): 20.0, (0.0, pi): 20.0, (pi, 0.0): 10.0, (pi, pi): 0.0}
    conditions = {name: condition for name, (condition, _) in plan.trials().items()}
    results = [
        result(name) if c.impulse <= limit[c.direction, c.phase] else result(name, end="fallen", seconds=4.0)
        for name, c in conditions.items()
    ]
    found = {(curve.direction, curve.phase): curve for curve in curves(plan, judge(plan, conditions, results))}
    assert set(found) == {(None, None), (0.0, None), (pi, None), *limit}
    assert found[0.0, None].half.value == pytest.approx(25.0, abs=0.1)
    assert found[pi, 0.0].half.value == pytest.approx(15.0, abs=0.5)
    assert found[pi, pi].half.kind == "below"
    assert [point.survived for point in found[None, None].points] == [24, 16, 0, 0]


def test_directions_have_names():
    assert [direction_name(angle) for angle in (None, 0.0, 0.25 * pi, 1.5 * pi, 0.1)] == [
        "all", "0° forward", "45° forward left", "270° right", "5.73°",
    ]  # fmt: skip


def test_a_push_can_be_made_again_by_its_changes_alone():
    plan = survival_plan(overrides=("plant.robot_mass=1.2",))
    for _, trial in plan.trials().values():
        assert trial.changes[0] == "plant.robot_mass=1.2"
        assert trial.scenario == load("ride_straight", trial.changes)


# The lowest speed


def slowest_plan(**changes):
    asked = {
        "scenario": "ride_straight", "overrides": (), "low": 0.4, "high": 1.6, "resolution": 0.1, "seconds": 15.0,
        "seeds": (0, 1, 2, 3), "share": 0.75, "confidence": 0.9,
    }  # fmt: skip
    return SlowestPlan(**{**asked, **changes})


def riding(trial, **metrics):
    speed = trial.scenario.rider.speed
    return TrialResult(
        trial.name, "ride_straight", trial.seed, trial.changes, "out of time", 15.0,
        {"dabs": 0.0, "path_error_max": 0.1, "speed_mean": speed, **metrics}, (), "abc",
    )  # fmt: skip


def fallen(trial):
    return TrialResult(trial.name, "ride_straight", trial.seed, trial.changes, "fallen", 3.0, {}, (), "abc")


def test_the_lowest_speed_is_bracketed():
    def attempt(trials):
        assert all(trial.scenario.start.speed == trial.scenario.rider.speed for trial in trials)
        return [riding(trial) if trial.scenario.rider.speed > 0.97 else fallen(trial) for trial in trials]

    found = find_slowest(slowest_plan(), attempt)
    bracket, half = found.bracket, found.half
    assert bracket.fails is not None
    assert bracket.holds is not None
    assert bracket.fails < 0.97 < bracket.holds <= bracket.fails + 0.1
    assert half.value == pytest.approx(0.97, abs=0.08)
    assert half.low is not None
    assert half.high is not None
    assert half.low < 0.97 < half.high
    assert found.faults["0.4 m/s, seed 0"] == "fallen after 3.0 s"


def test_rides_at_speeds_that_lie_close_have_names_and_changes_of_their_own():
    plan = slowest_plan(overrides=("plant.robot_mass=1.2",))
    one, other = (plan.trials(speed)[0] for speed in (1.00041, 1.00043))
    assert one.name != other.name
    assert one.changes[0] == "plant.robot_mass=1.2"
    assert one.scenario == load("ride_straight", one.changes)


@pytest.mark.parametrize(
    ("metrics", "fault"),
    [
        ({"dabs": 1.0}, "put a foot down"),
        ({"path_error_max": 0.6}, "0.60 m off the course"),
        ({"path_error_max": nan}, "nan m off the course"),
        ({"speed_mean": 0.5}, "rode at 0.50 m/s"),
        ({"speed_mean": nan}, "rode at nan m/s"),
        ({}, ""),
    ],
)
def test_riding_means_on_the_course_and_at_the_speed(metrics, fault):
    plan = slowest_plan()
    assert plan.fault(1.0, riding(plan.trials(1.0)[0], **metrics)) == fault


def test_a_speed_at_which_all_rides_break_down_is_an_error():
    with pytest.raises(BadInput, match=r"no ride at 1.6 m/s could be done: out of memory"):
        find_slowest(slowest_plan(), lambda trials: [broken(trial, "out of memory") for trial in trials])


# Sensitivity


def test_parameters_vary_one_at_a_time_and_the_nominal_ride_is_shared():
    plan = plan_sensitivity("ride_straight", [], ["world.friction=0.9,0.4", "senses.noise_scale=2,1"], [], [3, 4])
    friction, noise = plan.parameters
    assert [level.value for level in friction.levels] == [0.4, 0.8, 0.9]
    assert [level.value for level in noise.levels] == [1.0, 2.0]
    assert len(plan.trials) == 2 * (1 + 2 + 1)
    assert plan.metrics == DEFAULT_METRICS
    for parameter in plan.parameters:
        for level in parameter.levels:
            for name, seed in zip(level.trials, (3, 4), strict=True):
                assert plan.trials[name].seed == seed
                assert plan.trials[name].scenario == load("ride_straight", plan.trials[name].changes)


def test_rides_can_be_made_again_by_their_changes_alone():
    heavy = ["plant.robot_mass=1.2"]
    plan = plan_sensitivity("ride_straight", heavy, ["world.friction=0.4"], [], [3])
    assert [trial.changes for trial in plan.trials.values()] == [tuple(heavy), (*heavy, "world.friction=0.4")]
    assert all(trial.scenario == load("ride_straight", trial.changes) for trial in plan.trials.values())


def test_a_metric_that_is_asked_twice_counts_once():
    metrics = ["roll_max", "speed_mean", "roll_max"]
    plan = plan_sensitivity("ride_straight", [], ["world.friction=0.4"], metrics, [3])
    assert plan.metrics == ("roll_max", "speed_mean")


def test_levels_may_have_units_and_be_written_twice():
    plan = plan_sensitivity("ride_push", [], ["disturbances.1.impulse=10 N·s,10,30 N·s"], ["roll_max"], [0])
    assert [level.value for level in plan.parameters[0].levels] == [10.0, 20.0, 30.0]
    assert len(plan.trials) == 3


@pytest.mark.parametrize(
    ("parameters", "metrics", "message"),
    [
        (["world.friction"], [], "write KEY=VALUE,VALUE"),
        (["world.friction=0.4,"], [], "write KEY=VALUE,VALUE"),
        (["world.frction=0.4"], [], "did you mean 'friction'"),
        (["world.friction=5 kg"], [], "is a mass"),
        (["world.friction=0.8"], [], "no level differs from the nominal one"),
        (["world.friction=0.4", "world.friction=0.6"], [], "asked twice"),
        (["world.rolling_resistance=0.01"], [], "has no nominal value"),
        (["senses.imu=ideal"], [], "is no number"),
        (["rider.pedalling=false"], [], "is no number"),
        (["world.friction=0.4"], ["roll_maxi"], "did you mean 'roll_max'"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(parameters, metrics, message):
    with pytest.raises(BadInput, match=message):
        plan_sensitivity("ride_straight", [], parameters, metrics, [0])


def test_the_usual_parameters_are_mass_friction_delay_noise_and_trail():
    plan = plan_sensitivity("ride_lane_change", [], [], [], [0, 1, 2])
    assert len(plan.parameters) == len(DEFAULT_PARAMETERS) == 5
    assert len(plan.trials) <= 75


def friction_results(plan, value):
    return {
        name: TrialResult(
            name, "ride_straight", trial.seed, trial.changes, "out of time", 1.0,
            {"roll_max": value(trial.scenario.world.friction, trial.seed)}, (), "abc",
        )
        for name, trial in plan.trials.items()
    }  # fmt: skip


def test_slopes_are_of_each_seed_and_relative_to_the_nominal_ride():
    """0.1 + 0.5 x and as much again with another offset for each seed: common offsets do not blur the slope."""
    plan = plan_sensitivity("ride_straight", [], ["world.friction=0.4,0.6,1"], ["roll_max"], [0, 1, 2])
    (found,) = effects(plan, friction_results(plan, lambda x, seed: 0.1 + 0.5 * x + seed))
    assert found.slope == pytest.approx(0.5)
    assert (found.low, found.high) == pytest.approx((0.5, 0.5))
    assert found.means == pytest.approx((1.3, 1.4, 1.5, 1.6))
    assert found.elasticity == pytest.approx(0.5 * 0.8 / 1.5)
    assert found.swing == pytest.approx(0.3 / 1.5)


def test_slopes_that_differ_between_seeds_have_a_wide_interval():
    plan = plan_sensitivity("ride_straight", [], ["world.friction=0.4,1"], ["roll_max"], [0, 1, 2])
    (found,) = effects(plan, friction_results(plan, lambda x, seed: (seed - 1) * x))
    assert found.slope == pytest.approx(0.0, abs=1e-12)
    # Student's t of 2 degrees of freedom, 4.303, times the standard error of -1, 0, 1
    assert found.high == pytest.approx(4.3027 / np.sqrt(3), rel=1e-3)


def test_rides_with_a_fall_count_for_survival_alone():
    plan = plan_sensitivity("ride_straight", [], ["world.friction=0.4,1"], ["roll_max"], [0])
    results = friction_results(plan, lambda x, seed: x)
    name = plan.parameters[0].levels[0].trials[0]
    results[name] = TrialResult(name, "ride_straight", 0, (), "fallen", 1.0, {"roll_max": 1.5}, (), "abc")
    (found,) = effects(plan, results)
    assert np.isnan(found.means[0])
    assert found.slope == pytest.approx(1.0)
    assert (found.low, found.high) == (None, None)
    assert [survivors(level, results) for level in plan.parameters[0].levels] == [(0, 1), (1, 1), (1, 1)]
