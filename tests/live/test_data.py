"""Runs as data: what is in the Parquet file, and what a check finds."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from scenarios.assembly import assemble
from scenarios.committed import load_robot
from scenarios.data.export import export, rows
from scenarios.data.quality import _look, examine
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.replay.recording import Recording
from scenarios.runner import run


def recorded(folder, name, seed=0):
    """A run of 0.4 s."""
    run(load(name, ["duration=0.4"]), seed, folder, lambda *_: None, assemble=assemble)
    return Recording.open(folder / f"{name}-seed{seed}")


@pytest.fixture(scope="module")
def rides(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rides")
    return [recorded(folder, "ride_straight", seed) for seed in (0, 1)]


@pytest.fixture(scope="module")
def model():
    return load_robot()


def test_a_row_for_each_tick_with_units_and_where_it_is_from(rides, tmp_path):
    file = tmp_path / "rides.parquet"
    assert export(rides, file) == 400
    table = pq.read_table(file)
    assert table.num_rows == 400
    assert table["episode"].to_pylist() == [0] * 200 + [1] * 200
    np.testing.assert_allclose(np.diff(table["time"].to_numpy()[:200]), 0.002, atol=1e-9)
    assert table.schema.field("truth_speed").metadata[b"unit"] == b"m/s"
    assert len(table["joint_position"][0]) == 33
    about = json.loads(table.schema.metadata[b"draisine"])
    assert [one["seed"] for one in about] == [0, 1]
    first = next(rows(rides[0]))
    assert table["joint_position"][0].as_py() == first["joint_position"]
    assert table["truth_roll"][0].as_py() == pytest.approx(first["truth_roll"])


def test_runs_with_other_columns_are_exported_apart(rides, tmp_path):
    on_foot = recorded(tmp_path, "squat")
    file = tmp_path / "mixed.parquet"
    with pytest.raises(BadInput, match="has other columns than"):
        export([rides[0], on_foot], file)
    assert list(tmp_path.glob("*.parquet*")) == []


def test_where_nothing_can_be_written_one_line_says_so(rides, tmp_path):
    with pytest.raises(BadInput, match="cannot be written"):
        export(rides, tmp_path / "nowhere" / "rides.parquet")


def test_good_runs_pass_and_doubles_are_found(rides, model):
    assert list(examine(rides, model.limits, model.joint_names)) == []
    (found,) = examine([*rides, rides[0]], model.limits, model.joint_names)
    assert "is the same as" in str(found)


@pytest.fixture
def good(rides):
    return [dict(row) for row in rows(rides[0])]


def findings(good, model):
    return [str(found) for found in _look("a run", good, model.limits, model.joint_names)]


def test_a_gap_is_found(good, model):
    del good[50:53]
    assert findings(good, model) == ["a run: a step of 8.0 ms in the place of 2, first at 0.106 s"]


def test_a_hole_is_found(good, model):
    good[70]["joint_velocity"] = [*good[70]["joint_velocity"][:-1], None]
    good[80]["truth_roll"] = None
    assert findings(good, model) == [
        "a run: joint_velocity is not a number, first at 0.140 s",
        "a run: truth_roll is not a number, first at 0.160 s",
    ]


def test_a_joint_beyond_its_limit_is_found(good, model):
    knee = model.index("left_knee_joint")
    good[30]["joint_position"] = list(good[30]["joint_position"])
    good[30]["joint_position"][knee] = float(model.limits.upper[knee]) + 0.05
    assert findings(good, model) == ["a run: left_knee_joint is 0.050 rad beyond its limit, first at 0.060 s"]


def test_sensors_that_stand_still_are_found(good, model):
    for row in good[100:140]:
        row["joint_position"] = good[100]["joint_position"]
    assert findings(good, model) == ["a run: all joints are read alike for 50 ms, first at 0.250 s"]


def test_nothing_at_all_is_found(model):
    assert findings([], model) == ["a run: has no rows"]
