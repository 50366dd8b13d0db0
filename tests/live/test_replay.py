"""Runs looked at again: where two begin to differ, and whether the controller still thinks the same."""

import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from controllers.riding.steering import Steering
from scenarios.assembly import assemble
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.replay.difference import first_difference
from scenarios.replay.feedback import feed_back
from scenarios.replay.page import pictures_of
from scenarios.replay.recording import Message, Recording
from scenarios.runner import run


def recorded(folder: Path, name: str, *changes: str, seed: int = 0) -> Recording:
    """A run of 0.6 s, written as `draisine run` does."""
    run(load(name, ["duration=0.6", *changes]), seed, folder, lambda *_: None, assemble=assemble)
    return Recording.open(folder / f"{name}-seed{seed}")


@pytest.fixture(scope="module")
def ride(tmp_path_factory):
    return recorded(tmp_path_factory.mktemp("ride"), "ride_straight")


def messages(*rows, topic="/truth"):
    return [Message(topic, row, 0.002 * row, orjson.dumps(values)) for row, values in enumerate(rows)]


def test_two_logs_that_are_alike_do_not_differ():
    assert first_difference(messages({"a": 1.0}, {"a": None}), messages({"a": 1.0}, {"a": None})) is None


def test_the_first_row_that_differs_is_told_with_what_differs():
    found = first_difference(
        messages({"a": 1.0, "b": [1, 2]}, {"a": 1.0, "b": [1, 2]}),
        messages({"a": 1.0, "b": [1, 2]}, {"a": 1.0, "b": [1, 3]}),
    )
    assert found is not None
    assert (found.row, found.time, found.topic, dict(found.columns)) == (1, 0.002, "/truth", {"b": ([1, 2], [1, 3])})
    assert list(found.lines()) == [
        "the first difference is at 0.002 s (row 1), in /truth:",
        "  b: [1] 2 and 3",
    ]


def test_a_zero_that_has_turned_its_sign_is_told():
    found = first_difference(messages({"a": 0.0, "b": [1.0, 0.0]}), messages({"a": -0.0, "b": [1.0, -0.0]}))
    assert found is not None
    assert list(found.lines())[1:] == ["  a: 0.0 and -0.0, 0 apart", "  b: [1] 0.0 and -0.0"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_log_that_ends_before_the_other_differs_there(turned):
    short, long = messages({"a": 1.0}), messages({"a": 1.0}, {"a": 1.0})
    found = first_difference(*((short, long) if not turned else (long, short)))
    assert found is not None
    assert found.row == 1
    assert dict(found.columns) == {"log": ("goes on", "has ended") if turned else ("has ended", "goes on")}


def test_the_same_run_twice_has_one_log_and_another_seed_has_another(ride, tmp_path):
    again = recorded(tmp_path / "again", "ride_straight")
    assert first_difference(ride.messages(), again.messages()) is None
    assert again.state_hash == ride.state_hash
    other = recorded(tmp_path / "other", "ride_straight", seed=1)
    found = first_difference(ride.messages(), other.messages())
    assert found is not None
    assert found.row == 0


def test_the_controller_thinks_the_same_of_the_same_states(ride):
    rows, difference = feed_back(ride, assemble)
    assert difference is None
    assert rows == 300


def test_so_does_one_on_foot(tmp_path):
    rows, difference = feed_back(recorded(tmp_path / "foot", "squat"), assemble)
    assert difference is None
    assert rows == 300


def test_a_controller_that_has_changed_is_found_out(ride, monkeypatch):
    step = Steering.step

    def late(self, *given):
        step(self, *given)
        self.command *= 1.001

    monkeypatch.setattr(Steering, "step", late)
    rows, difference = feed_back(ride, assemble)
    assert rows < 100
    assert difference is not None
    assert "reference_steer" in difference.columns


def test_a_ride_is_seen_fifty_times_a_second(ride):
    pictures = pictures_of(ride)
    assert len(pictures) == 30
    times = np.array([picture.time for picture in pictures])
    np.testing.assert_allclose(np.diff(times), 0.02, atol=1e-9)
    assert pictures[-1].bicycle[0][0] == pytest.approx(0.58 * 2.5, abs=0.1)
    assert all(len(picture.way) > 1 for picture in pictures)


def test_a_run_on_foot_is_not_shown_on_a_page(tmp_path):
    with pytest.raises(BadInput, match="is no ride"):
        pictures_of(recorded(tmp_path / "foot", "squat"))


@pytest.mark.parametrize("content", [None, b"{", b"{}"])
def test_what_is_no_run_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "metrics.json").write_bytes(content)
    with pytest.raises(BadInput, match="is no run: name a folder"):
        Recording.open(tmp_path)


def test_a_torn_log_is_told(ride, tmp_path):
    torn = tmp_path / "torn"
    torn.mkdir()
    (torn / "metrics.json").write_bytes((ride.folder / "metrics.json").read_bytes())
    with pytest.raises(BadInput, match=r"run\.mcap is not there"):
        Recording.open(torn)
    (torn / "run.mcap").write_bytes((ride.folder / "run.mcap").read_bytes()[:1000])
    with pytest.raises(BadInput, match="is cut off or damaged"):
        list(Recording.open(torn).messages())


@pytest.mark.parametrize("seed", range(20))
def test_a_log_that_is_cut_off_or_damaged_anywhere_is_told(ride, tmp_path, seed):
    places = random.Random(seed)
    whole = (ride.folder / "run.mcap").read_bytes()
    cut, turned = places.randrange(len(whole)), bytearray(whole)
    turned[places.randrange(len(whole))] ^= 1 << places.randrange(8)
    for content in (whole[:cut], bytes(turned)):
        (tmp_path / "run.mcap").write_bytes(content)
        with suppress(BadInput):
            assert all(message.values for message in replace(ride, folder=tmp_path).messages())
