"""The files of a run: complete, readable, and there as a whole or not at all."""

import json
from pathlib import Path

import numpy as np
import pytest
from mcap.reader import make_reader
from PIL import Image

from scenarios.columns import RIDE
from scenarios.criterion import Criterion
from scenarios.errors import BadInput
from scenarios.folder import atomic_folder, partial_file
from scenarios.mcap_file import channels_of, write_mcap
from scenarios.metrics import compute
from scenarios.outputs import write_outputs
from tests.unit.synthetic_ride import make_context, make_log, make_outcome

CRITERIA = (Criterion(metric="roll_max", max=0.5), Criterion(metric="cone_clearance_min", min=0.1))


def made_up_log(rows=40):
    rng = np.random.default_rng(0)
    return make_log(rows, joint_position=rng.normal(size=(rows, 33)), truth_roll=0.1, localization=np.nan)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    log, context = made_up_log(), make_context(cones=np.array([[0.5, 0.3]]))
    write_outputs(folder, make_outcome(folder, compute(log, make_context()), CRITERIA), log, context)
    return folder


def test_all_files_are_there(written):
    assert {file.name for file in written.iterdir()} == {
        "metrics.json", "timing.json", "run.mcap", "plots.png", "summary.md",
    }  # fmt: skip


def test_metrics_json_has_the_promised_shape(written):
    document = json.loads((written / "metrics.json").read_text())
    assert document["scenario"] == "made_up"
    assert document["seed"] == 3
    assert document["passed"] is False
    assert document["failures"] == ["cone_clearance_min is not a number"]
    assert document["metrics"]["roll_max"] == {"value": 0.1, "unit": "rad"}
    assert document["metrics"]["cone_clearance_min"] == {"value": None, "unit": "m"}
    assert document["provenance"]["state_hash"] == "abc"


def test_timing_json_has_the_promised_names(written):
    timing = json.loads((written / "timing.json").read_text())
    promised = {"real_time_factor", "physics_share", "tick_p50_ms", "tick_p99_ms", "wall_seconds", "start_up_seconds"}
    assert promised <= timing.keys()


def test_the_summary_tells_the_verdict_and_every_criterion(written):
    page = (written / "summary.md").read_text()
    assert page.startswith("# made_up, seed 3: failed\n")
    assert "| roll_max | ≤ 0.5 rad | 0.1 | ✓ |" in page
    assert "| cone_clearance_min | ≥ 0.1 m | – | ✗ |" in page
    assert "It was computed at 6.0 times real time." in page
    assert "![the ride](plots.png)" in page


def test_the_plots_are_a_picture(written):
    with Image.open(written / "plots.png") as picture:
        picture.load()
        assert picture.width > 1000
        assert np.ptp(np.asarray(picture)) > 100


def test_the_log_comes_back_from_mcap(tmp_path):
    log = made_up_log()
    write_mcap(tmp_path / "run.mcap", log)
    messages: dict[str, list[tuple[int, dict]]] = {topic: [] for topic in channels_of(RIDE)}
    with (tmp_path / "run.mcap").open("rb") as stream:
        for schema, channel, message in make_reader(stream).iter_messages():
            assert schema is not None
            content = json.loads(message.data)
            assert content.keys() == json.loads(schema.data)["properties"].keys()
            messages[channel.topic].append((message.log_time, content))
    assert [len(found) for found in messages.values()] == [len(log)] * 4
    stamp, state = messages["/robot_state"][7]
    assert stamp == 14_000_000
    assert state["joint_position"] == log["joint_position"][7].tolist()
    assert state["localization"] == [None, None, None]
    assert messages["/truth"][7][1]["truth_roll"] == pytest.approx(0.1, rel=1e-7)


def test_a_folder_appears_when_it_is_full(tmp_path):
    destination = tmp_path / "out" / "run"
    with atomic_folder(destination) as folder:
        (folder / "a").write_text("new")
        assert not destination.exists()
    assert (destination / "a").read_text() == "new"
    assert [file.name for file in destination.parent.iterdir()] == ["run"]


def test_a_folder_takes_the_place_of_an_older_one(tmp_path):
    destination = tmp_path / "run"
    destination.mkdir()
    (destination / "old").write_text("old")
    with atomic_folder(destination) as folder:
        (folder / "new").write_text("new")
    assert [file.name for file in destination.iterdir()] == ["new"]
    assert [file.name for file in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_takes_the_place_of_a_link_and_leaves_what_it_led_to(tmp_path, there):
    elsewhere, destination = tmp_path / "elsewhere", tmp_path / "run"
    destination.symlink_to(elsewhere)
    if there:
        elsewhere.mkdir()
        (elsewhere / "old").write_text("old")
    with atomic_folder(destination) as folder:
        (folder / "new").write_text("new")
    assert [file.name for file in destination.iterdir()] == ["new"]
    assert not destination.is_symlink()
    assert [file.name for file in tmp_path.rglob("old")] == ["old"] * there


@pytest.mark.parametrize("destination", [".", "..", "/", "../inside"])
def test_the_folder_in_which_one_is_is_not_replaced(tmp_path, monkeypatch, destination):
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    with pytest.raises(BadInput, match="has the working folder in it"), atomic_folder(Path(destination)):
        pytest.fail("the body must not run")
    assert [file.name for file in tmp_path.rglob("*")] == ["inside"]


def test_a_file_that_is_a_folder_is_bad_input(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for place in (Path(), Path(".."), tmp_path):
        with pytest.raises(BadInput, match="is a folder; name a file in it with --out"):
            partial_file(place)
    assert partial_file(Path("runs.parquet")) == Path(".runs.parquet.partial")


def test_a_failure_leaves_nothing_behind_and_the_older_folder_as_it_was(tmp_path):
    older = tmp_path / "run"
    older.mkdir()
    for destination in (older, tmp_path / "out" / "deep" / "run"):
        with pytest.raises(RuntimeError, match="half way"), atomic_folder(destination) as folder:
            (folder / "a").write_text("half")
            raise RuntimeError("half way")
    assert [file.name for file in tmp_path.rglob("*")] == ["run"]


def test_a_folder_that_cannot_be_written_is_bad_input(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInput, match="cannot be written"), atomic_folder(tmp_path / "file" / "run"):
        pytest.fail("the body must not run")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
