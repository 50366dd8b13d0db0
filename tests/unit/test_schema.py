"""The schema takes the library, fills in defaults, and refuses what makes no sense."""

import pickle
from math import pi

import pytest
from pydantic import ValidationError

from scenarios.direction import unit_vector
from scenarios.loader import library_names, load
from scenarios.ride_schema import RideFile

MINIMAL = {
    "summary": "a ride",
    "duration": "10 s",
    "course": {"kind": "straight", "length": "20 m"},
    "criteria": [{"metric": "falls", "max": 0}],
}

PUSH = {"body": "torso", "time": 2, "impulse": 10, "direction": "left"}

FIRST_RIDES = [
    "ride_circle",
    "ride_coast",
    "ride_figure_eight",
    "ride_lane_change",
    "ride_push",
    "ride_slalom",
    "ride_straight",
]


def build(**changes):
    return RideFile.model_validate({**MINIMAL, **changes})


def test_the_library_has_the_first_rides():
    assert set(FIRST_RIDES) <= set(library_names())


@pytest.mark.parametrize("name", library_names())
def test_every_library_scenario_asks_for_an_honest_ride(name):
    scenario = load(name)
    most = {criterion.metric: criterion.max for criterion in scenario.criteria if criterion.max is not None}
    least = {criterion.metric: criterion.min for criterion in scenario.criteria if criterion.min is not None}
    assert most["undeclared_wrench_max"] == 0
    if name == "fall":
        assert least["falls"] == 1
        assert least["fall_warning"] > 0.0
        return
    if name == "abort":
        assert least["falls"] == 1
        assert least["abort_lead"] > 0.0
        return
    assert most["falls"] == 0
    assert least["completed"] == 1
    if scenario.kind == "foot":
        assert most["solver_failures"] == 0
        return
    assert most["grip_force_max"] <= 150
    assert most["foot_off_pedal_max"] <= 0.3
    assert most["roll_max"] <= 0.5


@pytest.mark.parametrize(
    ("name", "limit"), [("ride_circle", 0.10), ("ride_figure_eight", 0.10), ("ride_lane_change", 0.06)]
)
def test_path_errors_are_those_that_were_promised(name, limit):
    (criterion,) = (criterion for criterion in load(name).criteria if criterion.metric == "path_error_rms")
    assert criterion.max is not None
    assert criterion.max <= limit


def test_pushes_come_from_both_sides_with_20_newton_seconds():
    pushes = load("ride_push").disturbances
    assert {push.direction for push in pushes} == {"left", "right"}
    assert all(push.impulse == 20.0 and push.body == "torso" for push in pushes)


@pytest.mark.parametrize(
    ("direction", "kept", "vector"),
    [("back", "back", (-1, 0)), ("45 deg", pi / 4, (0.5**0.5, 0.5**0.5)), (-1.5 * pi, -1.5 * pi, (0, 1))],
)
def test_a_push_goes_to_a_name_or_an_angle_from_forward_to_the_left(direction, kept, vector):
    (push,) = build(disturbances=[{**PUSH, "direction": direction}]).disturbances
    assert push.direction == pytest.approx(kept)
    assert unit_vector(push.direction) == pytest.approx(vector, abs=1e-12)
    assert push.crank is None


def test_a_push_may_wait_for_a_crank_angle():
    (push,) = build(disturbances=[{**PUSH, "crank": "90 deg"}]).disturbances
    assert push.crank == pytest.approx(0.5 * pi)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("direction", "leftwards", "is no direction; write left, right, forward, back, or an angle"),
        ("direction", "5 kg", "is no direction"),
        ("direction", float("inf"), "is no direction"),
        ("direction", True, "is no direction"),
        ("crank", "3 s", "is a duration; write an angle"),
        ("crank", "left", "write an angle"),
    ],
)
def test_a_push_of_no_direction_or_crank_angle_is_refused(key, value, message):
    with pytest.raises(ValidationError, match=message):
        build(disturbances=[{**PUSH, key: value}])


def test_defaults():
    scenario = build()
    assert scenario.start.speed == 2.0
    assert scenario.world.friction == 0.8
    assert scenario.world.rolling_resistance is None
    assert scenario.world.physics_step == 0.001
    assert scenario.world.solver_iterations == 60
    (phase,) = scenario.rider.programme
    assert (phase.mode, phase.speed) == ("pedal", 2.0)


def test_a_programme_has_its_targets_filled_in():
    phases = [{"mode": "pedal", "for_time": "5 s"}, {"mode": "coast", "for_time": 3}, {"mode": "brake"}]
    programme = build(rider={"speed": "9 km/h", "phases": phases}).rider.programme
    assert [(phase.mode, phase.speed) for phase in programme] == [("pedal", 2.5), ("coast", None), ("brake", 0.0)]


def test_without_pedalling_the_programme_only_coasts():
    programme = build(rider={"pedalling": False}).rider.programme
    assert [phase.mode for phase in programme] == ["coast"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"course": {"kind": "circle", "radius": "-4 m"}}, "must be positive"),
        ({"course": {"kind": "circle", "radius": float("nan")}}, "is not a finite number"),
        ({"course": {"kind": "circle", "radius": 4, "laps": 1.5}}, "valid integer"),
        ({"course": {"kind": "circle", "radius": 4, "length": 1}}, "unknown key"),
        ({"course": {"kind": "spiral"}}, "spiral"),
        ({"course": {"kind": "path", "points": [[0, 0]]}}, "at least 2"),
        ({"course": {"kind": "path", "points": [[0, 0], [1, 0], [1, 0]]}}, "points 1 and 2 are the same"),
        ({"rider": {"phases": [{"mode": "coast"}, {"mode": "pedal"}]}}, "exactly one of"),
        (
            {"rider": {"phases": [{"mode": "coast", "for_time": 1, "until_speed_below": 1}, {"mode": "pedal"}]}},
            "exactly one of",
        ),
        ({"rider": {"phases": [{"mode": "pedal", "for_time": 1}]}}, "runs to the end"),
        ({"rider": {"phases": [{"mode": "coast", "speed": 1}]}}, "no target"),
        (
            {
                "rider": {
                    "hands": [{"hand": hand, "time": time, "for_time": 5} for hand, time in (("left", 2), ("right", 6))]
                }
            },
            "still off the bars",
        ),
        ({"world": {"physics_step": "3 ms"}}, "does not divide the control period"),
        ({"world": {"physics_step": "0.7 ms"}}, "does not divide the control period"),
        ({"criteria": []}, "at least 1"),
        ({"criteria": [{"metric": "fall", "max": 0}]}, "did you mean 'falls'"),
        ({"criteria": [{"metric": "falls"}]}, "needs 'min' or 'max'"),
        ({"criteria": [{"metric": "falls", "min": 2, "max": 1}]}, "above max"),
        ({"criteria": [{"metric": "falls", "max": float("nan")}]}, "finite"),
        ({"duration": "34 min"}, "too long"),
        (
            {"disturbances": [{"body": "torso", "time": "10 s", "impulse": 1, "direction": "left"}]},
            "after the time limit",
        ),
        ({"start": {"sped": 1}}, "did you mean 'speed'"),
        ({"stops": [{"at": 20}, {"at": 10}]}, "stops.1 at 10 m is not behind stops.0"),
        (
            {
                "stops": [{"at": 20}],
                "course": {"kind": "goals", "goals": [{"kind": "stop_line", "left": [9, 1], "right": [9, -1]}]},
            },
            "a course of goals stands at its goals",
        ),
    ],
)
def test_refuses(changes, message):
    with pytest.raises(ValidationError, match=message):
        build(**changes)


def test_a_scenario_cannot_be_changed_and_travels_between_processes():
    scenario = load("ride_push")
    with pytest.raises(ValidationError):
        setattr(scenario, "duration", 3.0)  # noqa: B010 - the type checker already forbids an assignment
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_the_json_schema_shows_both_ways_of_writing_a_quantity():
    schema = RideFile.model_json_schema()
    number, string = schema["$defs"]["Circle"]["properties"]["radius"]["anyOf"]
    assert number == {"type": "number", "exclusiveMinimum": 0}
    assert string["type"] == "string"
    assert "name" not in schema["properties"]


@pytest.mark.parametrize(
    ("value", "holds"), [(0.1, True), (0.5, True), (0.51, False), (float("nan"), False), (None, False)]
)
def test_a_missing_or_nan_metric_breaks_its_criterion(value, holds):
    (criterion,) = build(criteria=[{"metric": "roll_max", "max": 0.5}]).criteria
    assert (criterion.violation(value) is None) is holds


def test_a_band_holds_at_its_ends():
    (criterion,) = build(criteria=[{"metric": "speed_mean", "min": 2, "max": 2.5}]).criteria
    assert criterion.violation(2.0) is None
    assert criterion.violation(2.5) is None
    assert criterion.violation(1.999) == "speed_mean = 1.999 m/s, at least 2 is asked"
