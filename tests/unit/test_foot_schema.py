"""Scenario files of runs on foot: what they say, what they refuse in one line, and that rides go without a kind."""

import pickle
from math import pi

import pytest
from pydantic import ValidationError

from controllers.balance.goal import Goal
from scenarios.complaint import complaint
from scenarios.errors import BadInput
from scenarios.foot_schema import FootFile, FootScenario
from scenarios.loader import load, load_ride
from scenarios.ride_schema import RideScenario
from scenarios.schema import json_schema, validated

MINIMAL = {
    "summary": "stand",
    "kind": "foot",
    "duration": "30 s",
    "goals": [{"for_time": "3 s"}],
    "criteria": [{"metric": "falls", "max": 0}],
}
TEXT = """
summary = "stand"
kind = "foot"
duration = "30 s"
goals = [{ for_time = "3 s" }, { for_time = "4 s", pelvis_height = "0.5 m" }]
disturbances = [{ body = "pelvis", time = "2 s", impulse = "12 N·s", direction = "left" }]
criteria = [{ metric = "falls", max = 0 }]
[randomize]
goals.1.pelvis_height = { uniform = ["45 cm", "60 cm"] }
plant.payload.mass = { uniform = ["0 kg", "2 kg"] }
"""


def build(**changes):
    return validated({**MINIMAL, **changes})


def goal(**said):
    (table,) = build(goals=[said]).goals
    return table.goal()


def wrong(**changes):
    """What is said of a file with changes."""
    data = {**MINIMAL, **changes}
    with pytest.raises(ValidationError) as error:
        validated(data)
    return complaint(error.value, data)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "stand.toml"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_a_goal_comes_to_the_controller_in_si():
    assert goal(for_time="3 s") == Goal(3.0)
    assert goal(for_time="4 s", over="1.5 s", pelvis_height="45 cm") == Goal(4.0, 1.5, pelvis_height=0.45)
    assert goal(for_time="4 s", torso={"pitch": "90 deg"}).torso == (0.0, pytest.approx(pi / 2), 0.0)
    assert goal(for_time=4, left_hand=["35 cm", 0.2, "0.8 m"]).left_hand == (pytest.approx(0.35), 0.2, 0.8)
    assert goal(for_time=4, lift="left").lift == "left"
    walk = goal(for_time=4, walk={"forward": "0.6 m/s", "turn": "180 deg/s"}, right_hand=[0.3, -0.2, 0.8])
    assert walk.walk == (0.6, 0.0, pytest.approx(pi))
    assert walk.right_hand == (0.3, -0.2, 0.8)
    assert goal(walk_to={"x": "2 m", "y": "1 m", "heading": "90 deg"}) == Goal(None, walk_to=(2.0, 1.0, pi / 2))


def test_a_goal_that_is_shorter_than_a_transition_is_all_transition():
    assert goal(for_time="0.4 s").over == 0.4


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, "goals.0: 'for_time' is missing; only a walk to a pose ends by itself"),
        ({"for_time": 3, "walk_to": {"x": 1, "y": 0}}, "goals.0: a walk to a pose ends there: take out 'for_time'"),
        ({"for_time": 3, "walk": {}, "lift": "left"}, "take out 'lift' or 'walk'"),
        ({"for_time": 3, "walk": {}, "walk_to": {"x": 1, "y": 0}}, "take out 'walk' or 'walk_to'"),
        ({"for_time": 3, "over": 4}, "goals.0: going over to it takes 4 s, longer than its 'for_time' of 3 s"),
        ({"for_time": 3, "lift": "both"}, "goals.0.lift: 'both' is wrong"),
        ({"for_time": 3, "left_hand": [1, 2]}, "goals.0.left_hand.2: is missing"),
        ({"for_time": 3, "left_hand_rotation": {"roll": 1}}, "'left_hand' is missing beside 'left_hand_rotation'"),
        ({"for_time": 3, "pelvis_heigth": 1}, "goals.0.pelvis_heigth: unknown key; did you mean 'pelvis_height'?"),
        ({"for_time": 3, "walk": {"turn": "1 m/s"}}, "goals.0.walk.turn: '1 m/s' is a speed; write an angular speed"),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused_in_one_line(said, message):
    assert message in wrong(goals=[said])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"goals": []}, "goals: at least 1 must be there"),
        ({"kind": "swim"}, "kind: there is no 'swim'; there is: 'ride', 'foot'"),
        ({"course": {}}, "course: unknown key"),
        ({"wind": {}}, "wind: unknown key"),
        ({"plant": {"trail": 1}}, "plant.trail: unknown key"),
        ({"world": {"rolling_resistance": 1}}, "world.rolling_resistance: unknown key"),
        ({"ground": {"kind": "sand"}}, "ground.kind: there is no 'sand'"),
        ({"ground": {"kind": "slope", "angle": "40 deg"}}, "ground.angle: a slope of 40 deg is too steep to stand on"),
        ({"ground": {"kind": "uneven", "height": "20 cm"}}, "ground.height: blocks of 20 cm up and down"),
        ({"ground": {"kind": "uneven", "height": 0.01, "side": "1 cm"}}, "ground.side: blocks of 1 cm are too many"),
        (
            {"disturbances": [{"body": "pelvis", "time": 40, "impulse": 5, "direction": "left"}]},
            "disturbances.0 begins at 40 s, after the time limit of 30 s",
        ),
        (
            {"disturbances": [{"body": "frame", "time": 4, "impulse": 5, "direction": "left"}]},
            "disturbances.0.body: 'frame' is wrong",
        ),
        ({"criteria": [{"metric": "path_error_rms", "max": 1}]}, "no metric 'path_error_rms'"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(changes, message):
    assert message in wrong(**changes)


def test_a_ride_knows_no_metric_of_the_feet():
    with pytest.raises(BadInput, match="no metric 'cop_margin_min'"):
        load("ride_straight", ["criteria=[{ metric = 'cop_margin_min', min = 0 }]"])


def test_without_a_kind_it_is_a_ride():
    assert load("ride_straight").kind == "ride"
    assert isinstance(load("ride_straight", ["kind='ride'"]), RideScenario)


def test_what_a_hand_holds_is_in_its_grip_where_nothing_else_is_said():
    held = build(plant={"payload": {"mass": 1, "link": "left_hand", "z": -0.2}}).plant.payload
    assert (held.x, held.y, held.z, held.radius) == (0.0, -0.022, -0.2, 0.05)
    assert build(plant={"payload": {"mass": 1, "link": "right_hand"}}).plant.payload.y == 0.022
    assert build(plant={"payload": {"mass": 1}}).plant.payload.x == -0.15


def test_it_loads_with_changes_and_travels_between_processes(file):
    scenario = load(file, ["goals.1.pelvis_height=0.5", "duration='20 s'"])
    assert isinstance(scenario, FootScenario)
    assert scenario.name == "stand"
    assert scenario.duration == 20.0
    assert set(scenario.randomize) == {"plant.payload.mass"}
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_its_goals_can_be_drawn(file):
    from scenarios.randomize import draw

    drawn = draw(file, (), 0, 0).scenario
    assert isinstance(drawn, FootScenario)
    assert 0.45 <= (drawn.goals[1].pelvis_height or 0.0) <= 0.6


def test_what_takes_rides_alone_says_so(file):
    with pytest.raises(BadInput, match=r"its kind is 'foot'; this takes rides alone"):
        load_ride(file)


def test_the_json_schema_tells_the_kinds_apart():
    schema = json_schema()
    assert set(schema["discriminator"]["mapping"]) == {"ride", "foot"}
    assert "pelvis_height" in schema["$defs"]["GoalTable"]["properties"]
    assert FootFile.model_json_schema()["properties"]["kind"]["const"] == "foot"
