"""Pushes on foot: which runs the study asks for, the limit beside them, and what its report says; nothing is run."""

import json
from math import inf, nan, pi, sqrt

import numpy as np
import pytest

from controllers.balance.parameters import BalanceParameters
from scenarios.errors import BadInput
from scenarios.foot_body import load_foot_body
from scenarios.foot_schema import FootScenario
from scenarios.loader import load
from scenarios.study.capture import Stance, reach, stance_of
from scenarios.study.survival import curves, even_angles, judge
from scenarios.study.survival_foot import FootSurvival
from scenarios.study.survival_grid import shares
from scenarios.study.survival_plan import Asked, plan_survival
from scenarios.study.survival_report import survival_headings, survival_rows, write_survival
from scenarios.study.survival_ride import RideSurvival
from scenarios.trial import TrialResult, broken


def asked(scenario="push_step", **changes):
    nothing = {
        "overrides": (), "body": None, "speed": None, "impulses": (10.0, 20.0), "directions": 4, "phases": None,
        "seeds": (0,), "window": 5.0, "duration": None, "in_place": False,
    }  # fmt: skip
    return Asked(scenario, **{**nothing, **changes})


def plan_of(scenario="push_step", **changes):
    return plan_survival(asked(scenario, **changes))


def conditions(plan):
    return {name: condition for name, (condition, _) in plan.trials().items()}


def result(name, *, end="completed", seconds=7.1, **metrics):
    usual = {"push_begin": 2.0, "push_impulse": 10.0, "steps": 0.0, "sway_velocity_rms": 0.01}
    return TrialResult(name, "push_step", 0, (), end, seconds, {**usual, **metrics}, (), "abc")


def fallen(name):
    return result(name, end="fallen", seconds=3.0)


# Which runs


def test_what_is_not_asked_is_left_to_the_kind():
    ride, standing, walking = plan_of("ride_straight"), plan_of(), plan_of(speed=0.3)
    assert isinstance(ride, RideSurvival)
    assert (ride.body, ride.speed, len(ride.phases), ride.duration) == ("torso", 2.0, 4, 0.2)
    assert isinstance(standing, FootSurvival)
    assert (standing.body, standing.speed, standing.phases, standing.duration) == ("pelvis", 0.0, (0.0,), 0.1)
    assert standing.stepping
    assert (walking.speed, walking.phases) == (0.3, (0.0, 0.25, 0.5, 0.75))


def test_a_body_that_stands_is_pushed_once_and_stands_on():
    plan = plan_of(in_place=True, body="torso", duration=0.2)
    for name, (condition, trial) in plan.trials().items():
        scenario = trial.scenario
        assert isinstance(scenario, FootScenario)
        (push,), (goal,) = scenario.disturbances, scenario.goals
        assert "phase" not in name
        assert (push.impulse, push.direction) == (condition.impulse, condition.direction)
        assert (push.body, push.duration) == ("torso", 0.2)
        assert goal.walk is None
        assert goal.for_time is not None
        assert push.time + plan.window < goal.for_time < scenario.duration
        assert not scenario.stepping
    assert all(trial.scenario == load("push_step", trial.changes) for _, trial in plan.trials().values())
    assert len(plan.trials()) == plan.size == 8


def test_a_body_that_walks_is_pushed_at_shares_of_two_steps():
    plan = plan_of(speed=0.5, impulses=(10.0,), directions=1)
    parameters = BalanceParameters.of(load_foot_body(None).body)
    cycle = 2.0 * (parameters.gait.swing_time + parameters.gait.transfer_time)
    times = []
    for name, (condition, trial) in plan.trials().items():
        (push,), (first, walk, last) = trial.scenario.disturbances, trial.scenario.goals
        assert f"phase {condition.phase:g}" in name
        assert walk.walk.forward == 0.5
        assert push.time > first.for_time + 0.5 / parameters.acceleration[0], "it has come to its speed"
        assert first.for_time + walk.for_time > push.time + plan.window, "it still walks when the window ends"
        assert first.for_time + walk.for_time + last.for_time < trial.scenario.duration
        assert trial.scenario.stepping
        times.append(push.time)
    assert np.diff(times) == pytest.approx(0.25 * cycle, abs=0.002)


@pytest.mark.parametrize(
    ("scenario", "changes", "message"),
    [
        ("push_step", {"body": "frame"}, "--body frame: push_step is on foot"),
        ("push_step", {"in_place": True, "speed": 0.3}, "--in-place takes no step and --speed 0.3 walks"),
        ("ride_straight", {"in_place": True}, "--in-place: ride_straight is a ride"),
        ("ride_straight", {"speed": 0.0}, "--speed 0: a ride needs 0.1 m/s at least"),
    ],
)
def test_what_a_kind_does_not_take_is_refused(scenario, changes, message):
    with pytest.raises(BadInput, match=message):
        plan_of(scenario, **changes).trials()


def test_who_may_not_step_is_not_asked_to_walk():
    with pytest.raises(BadInput, match=r"goals\.1 walks, and 'stepping' is false"):
        load("walk_forward", ["stepping=false"])
    scenario = load("push_step", ["stepping=false"])
    assert isinstance(scenario, FootScenario)
    assert not scenario.stepping


# The limit


def test_the_limit_is_mass_times_omega_times_the_way_to_the_edge():
    stance = Stance(40.0, 0.7, ((-0.1, -0.2), (0.15, -0.2), (0.15, 0.2), (-0.1, 0.2)))
    swift = 40.0 * sqrt(9.81 / 0.7)
    assert stance.capture_limit(0.0) == pytest.approx(swift * 0.15)
    assert stance.capture_limit(pi) == pytest.approx(swift * 0.1)
    assert stance.capture_limit(0.5 * pi) == pytest.approx(swift * 0.2)
    assert stance.capture_limit(0.25 * pi) == pytest.approx(swift * 0.15 * sqrt(2.0))
    assert reach(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), pi) == 0.0, "on the edge"


def test_the_limit_is_of_the_body_as_it_really_is():
    scenario, heavy = (load("push_step", changes) for changes in ([], ["plant.robot_mass=1.2"]))
    assert isinstance(scenario, FootScenario)
    assert isinstance(heavy, FootScenario)
    stance = stance_of(scenario)
    assert stance_of(heavy).mass == pytest.approx(1.2 * stance.mass)
    assert stance.capture_limit(0.0) == pytest.approx(stance.capture_limit(pi), rel=1e-3)
    limits = plan_of().limits()
    assert [limits[angle] for angle in even_angles(4)] == pytest.approx([17.4, 33.6, 17.4, 33.6], abs=0.1)
    assert plan_of(speed=0.3).limits() == {}
    assert plan_of("ride_straight").limits() == {}


# What is made of the results


def test_recovered_is_who_stands_still_when_all_is_done():
    plan = plan_of(impulses=(10.0,), directions=1, seeds=(0, 1, 2, 3, 4, 5))
    names = list(conditions(plan))
    trials = [trial for _, trial in plan.trials().values()]
    pushed = judge(
        plan,
        conditions(plan),
        [
            result(names[0], steps=2.0),
            result(names[1], sway_velocity_rms=0.3),  # steps on and on
            result(names[2], sway_velocity_rms=nan),
            result(names[3], end="out of time"),
            fallen(names[4]),
            broken(trials[5], "the world ended"),
        ],
    )
    assert [push.survived for push in pushed] == [True, True, True, True, False, None]
    assert [push.recovered for push in pushed] == [True, False, False, False, False, False]
    assert pushed[0].measured == {"begin": 2.0, "impulse": 10.0, "steps": 2.0}


def made_up(plan, survives):
    """Results in order, pushes and curves, of pushes that are survived where `survives(condition)`."""
    asked_for = conditions(plan)
    results = [result(name) if survives(condition) else fallen(name) for name, condition in asked_for.items()]
    pushed = judge(plan, asked_for, results)
    return results, pushed, curves(plan, pushed)


def test_the_grid_need_not_be_monotone():
    plan = plan_of(impulses=(10.0, 20.0, 30.0), directions=2)
    _, _, found = made_up(plan, lambda c: c.impulse != 20.0 or c.direction > 1.0)
    assert shares(plan, found).tolist() == [[1.0, 1.0], [0.0, 1.0], [1.0, 1.0]]
    assert np.isnan(shares(plan, [])).all()


def test_the_table_of_standing_has_limits_and_no_phase():
    plan = plan_of(impulses=(10.0, 20.0, 30.0), directions=2)
    _, _, found = made_up(plan, lambda c: c.impulse < 25.0)
    headings, rows = survival_headings(plan, plan.limits()), survival_rows(plan, found, plan.limits())
    assert headings[:6] == ("direction", "survived", "recovered", "all up to", "limit [N·s]", "all up to / limit")
    assert all(len(row) == len(headings) for row in rows)
    whole, forward, _ = rows
    assert whole[3:6] == ("20", "-", "-")
    assert forward[3:6] == ("20", "17.3", "1.15")


def test_the_table_of_walking_has_phases_and_no_limit():
    plan = plan_of(speed=0.3, directions=1, phases=2)
    _, _, found = made_up(plan, lambda c: c.phase > 0.2)
    headings, rows = survival_headings(plan, plan.limits()), survival_rows(plan, found, plan.limits())
    assert headings[:3] == ("direction", "phase of the step", "survived")
    assert "limit [N·s]" not in headings
    assert [row[1] for row in rows] == ["all", "all", "0", "0.5"]


@pytest.mark.parametrize("speed", [0.0, 0.3])
def test_the_report_has_a_grid_and_the_limits(tmp_path, speed):
    plan = plan_of(speed=speed, directions=2)
    results, pushed, found = made_up(plan, lambda c: c.impulse < 15.0)
    write_survival(tmp_path, plan, pushed, found, plan.limits(), results)
    assert {file.name for file in tmp_path.iterdir()} == {
        "survival.json", "survival.md", "survival.png", "survival_grid.png"
    }  # fmt: skip
    document = json.loads((tmp_path / "survival.json").read_text(encoding="utf-8"))
    whole, forward, *_ = document["curves"]
    assert "capture_limit" not in whole
    assert ("capture_limit" in forward) == (speed == 0.0)
    if speed == 0.0:
        assert forward["all_up_to_of_limit"] == pytest.approx(10.0 / forward["capture_limit"])
    assert set(document["pushes"][0]) == {"condition", "survived", "recovered", "begin", "impulse", "steps"}
    assert document["plan"]["stepping"] is True
    for name in ("survival.json", "survival.md"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "crank" not in text
        assert "stroke" not in text


def test_the_report_of_a_ride_is_what_it_was(tmp_path):
    plan = plan_of("ride_straight", directions=1, phases=1)
    asked_for = conditions(plan)
    results = [
        TrialResult(
            name, "ride_straight", 0, (), "out of time", 10.0,
            {"push_begin": 3.0, "push_crank": 0.1, "push_impulse": 10.0, "path_error_end": 0.1}, (), "abc",
        )
        for name in asked_for
    ]  # fmt: skip
    assert next(iter(asked_for)) == "10 N·s to 0 deg, crank at 0 deg, seed 0"
    pushed = judge(plan, asked_for, results)
    write_survival(tmp_path, plan, pushed, curves(plan, pushed), plan.limits(), results)
    assert {file.name for file in tmp_path.iterdir()} == {"survival.json", "survival.md", "survival.png"}
    document = json.loads((tmp_path / "survival.json").read_text(encoding="utf-8"))
    assert list(document["pushes"][0]) == ["condition", "survived", "recovered", "crank", "impulse"]
    assert list(document["curves"][0]) == ["direction", "phase", "points", "half", "monotony", "contradicted"]
    assert document["plan"]["corridor"] == 0.3
    heading = (tmp_path / "survival.md").read_text(encoding="utf-8").splitlines()[4]
    assert heading.startswith("| direction | crank | survived | recovered | all up to | half survive [N·s] |")


def test_the_controller_of_who_may_not_step_takes_no_step(monkeypatch):
    import controllers.balance.controller as module
    from scenarios.assembly import assemble

    given = []

    class Told(module.BalanceController):
        def __init__(self, model, body, goals, period, parameters, estimate):
            given.append(parameters)
            super().__init__(model, body, goals, period, parameters, estimate)

    monkeypatch.setattr(module, "BalanceController", Told)
    for change in ([], ["stepping=false"]):
        assemble(load("push_step", change), 0)
    free, held = given
    assert free == BalanceParameters.of(load_foot_body(None).body)
    assert held.step_margin == -inf
