"""Environments of Gymnasium: by its own checker, the same motion as a run, and a policy that does the same in both."""

import json
import re
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from scenarios.assembly import assemble
from scenarios.errors import BadInput
from scenarios.gym import ENVIRONMENTS
from scenarios.gym.policy_onnx import network
from scenarios.gym.rewards import TERMS, Moment, weighted
from scenarios.loader import load
from scenarios.runner import ride
from tests.cli.test_cli import assert_refused, draisine

ROOT = Path(__file__).parents[2]
IDS = [f"draisine/{name}" for name in ENVIRONMENTS]
SHORT = {
    "draisine/Ride-v0": ("duration=0.2", "disturbances=[]"),
    "draisine/Stand-v0": ("duration=0.2", "disturbances=[]"),
    "draisine/Walk-v0": ("duration=0.2",),
}


def made(name, **changes) -> Any:
    return gymnasium.make(name, **changes)


def steps(env, count, action=None):
    found = []
    for _ in range(count):
        found.append(env.step(np.zeros(env.action_space.shape, np.float32) if action is None else action))
        if found[-1][2] or found[-1][3]:
            break
    return found


@pytest.mark.parametrize("name", IDS)
def test_it_passes_gymnasiums_own_checker(name):
    env = made(name, overrides=SHORT[name], render_mode="rgb_array").unwrapped
    check_env(env, skip_close_check=True)
    env.reset(seed=1)
    picture = env.render()
    assert picture.shape == (360, 640, 3)
    assert picture.std() > 10.0
    env.close()


@pytest.mark.parametrize(("name", "scenario"), [("Ride-v0", "ride_straight"), ("Stand-v0", "stand_quiet")])
def test_without_an_action_it_is_the_run_to_the_last_bit(name, scenario):
    changes = ("duration=0.4",)
    log = ride(load(scenario, changes), 5, lambda *_: None, assemble=assemble).log
    env = made(f"draisine/{name}", scenario=scenario, overrides=changes)
    env.reset(options={"seed": 5})
    found = steps(env, 50)
    episode = env.unwrapped._episode
    assert found[-1][4]["end"] == "out of time"
    assert found[-1][3]
    assert len(found) == 20
    before = 190  # the end of the step before the last: the log's last row is a tick before the end of the last one
    for column in ("truth_robot_position", "truth_robot_joint_velocity", "joint_position", "estimate_speed"):
        if column in log:
            assert np.array_equal(episode.log[column][1 - episode.row], log[column][before]), column
    env.close()


def test_an_episode_comes_from_its_seed():
    env = made("draisine/Stand-v0", overrides=SHORT["draisine/Stand-v0"])
    first, info = env.reset(seed=3)
    second, other = env.reset()
    again, same = env.reset(seed=3)
    assert np.array_equal(first, again)
    assert info["seed"] == same["seed"] != other["seed"]
    assert not np.array_equal(first, second)
    env.close()


def test_worlds_are_drawn_where_that_is_asked():
    env = made("draisine/Stand-v0", scenario="stand_quiet", overrides=("duration=0.1",), vary=True)
    drawn = [env.reset(seed=seed)[1]["changes"] for seed in (1, 2, 1)]
    assert drawn[0] == drawn[2] != drawn[1]
    assert any(change.startswith("plant.robot_mass=") for change in drawn[0])
    env.close()


def test_many_run_side_by_side():
    env = gymnasium.make_vec(
        "draisine/Stand-v0", num_envs=2, vectorization_mode="sync", overrides=SHORT["draisine/Stand-v0"]
    )
    seen, _ = env.reset(seed=4)
    assert seen.shape == env.observation_space.shape
    assert not np.array_equal(seen[0], seen[1])
    for _ in range(12):
        _, reward, _, _, _ = env.step(np.zeros(env.action_space.shape, np.float32))
        assert reward.shape == (2,)
    env.close()


def test_an_action_moves_what_it_says_and_a_fall_ends_it():
    env = made(
        "draisine/Stand-v0", overrides=("duration=4", "disturbances=[]", "stepping=false"), action="position",
        joints=("*_knee_joint",), reach=0.6, rewards={"steps": 0.0, "tilt": -2.0},
    )  # fmt: skip
    assert env.action_space.shape == (2,)
    assert env.unwrapped.interface.joints == ("left_knee_joint", "right_knee_joint")
    env.reset(seed=0)
    found = steps(env, 200, np.ones(2, np.float32))
    _, reward, terminated, truncated, info = found[-1]
    assert terminated
    assert not truncated
    assert info["end"] == "fallen"
    assert "steps" not in info["reward_terms"]
    assert info["reward_terms"]["upright"] == 0.0
    assert reward == pytest.approx(sum(info["reward_terms"].values()))
    with pytest.raises(RuntimeError, match="call reset first"):
        env.unwrapped.step(np.ones(2, np.float32))
    env.close()


def test_what_it_shows_is_documented():
    env = made("draisine/Ride-v0", overrides=SHORT["draisine/Ride-v0"]).unwrapped
    assert env.units["speed"] == ("m/s", "of the bicycle")
    seen, _ = env.reset(seed=0)
    assert seen[env.places["speed"]] == pytest.approx(2.0, abs=0.2)
    assert seen[env.places["pelvis_up"]] @ seen[env.places["pelvis_up"]] == pytest.approx(1.0, abs=1e-5)
    env.close()


def test_rewards_are_of_the_truth():
    row: Any = {
        "truth_robot_joint_torque": np.array(((0.0, 0.0), (3.0, 4.0))),
        "truth_robot_joint_velocity": np.array(((0.0, 0.0), (-1.0, 2.0))),
        "truth_robot_orientation": np.array(((0.0, 0.0, 0.0, 1.0), (0.0, 0.0, 1.0, 0.0))),  # it looks back along x
        "truth_robot_velocity": np.array(((0.0,) * 6, (-0.5, 0.2, 0.0, 0.0, 0.0, 0.3))),
        "truth_torso_orientation": np.array(((0.0, 0.0, 0.0, 1.0), (0.0, np.sin(0.1), 0.0, np.cos(0.1)))),
        "reference_velocity": np.array(((0.0,) * 3, (0.4, 0.0, 0.3))),
        "steps": np.array((2.0, 3.0)),
    }
    zero, one = np.zeros(2, np.float32), np.ones(2, np.float32)
    nothing: Any = None
    moment = Moment(row, 1, 0, nothing, one, zero, fallen=False)
    values = {term.name: term.value(moment) for term in TERMS["foot"]}
    assert values == pytest.approx(
        {
            "upright": 1.0, "torque": 12.5, "power": 11.0, "action_rate": 1.0, "velocity_error": 0.1**2 + 0.2**2,
            "tilt": np.sin(0.2) ** 2, "steps": 1.0,
        }
    )  # fmt: skip
    assert [term.weight for term in weighted("foot", {"tilt": -3}) if term.name == "tilt"] == [-3.0]
    with pytest.raises(ValueError, match=r"no term 'style' in a foot; there are upright, "):
        weighted("foot", {"style": 1.0})


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"joints": ("tail*",)}, ValueError, r"no joint is named 'tail\*'; there are "),
        ({"senses": ("smell",)}, ValueError, "shows no field 'smell'"),
        ({"action": "torque"}, ValueError, "action 'torque': there are 'residual' and 'position'"),
        ({"hold": 0}, ValueError, "hold 0: an action lasts at least 1 control tick"),
        ({"overrides": ("bananas=1",)}, BadInput, "bananas"),
        ({"scenario": "ride_moon"}, BadInput, "there is no scenario 'ride_moon'"),
    ],
)
def test_what_cannot_be_is_refused(changes, error, message):
    with pytest.raises(error, match=message):
        made("draisine/Stand-v0", **changes)


def test_actions_that_cannot_be_are_refused():
    env = made("draisine/Stand-v0", overrides=SHORT["draisine/Stand-v0"]).unwrapped
    env.reset(seed=0)
    with pytest.raises(ValueError, match="finite numbers"):
        env.step(np.full(env.action_space.shape, np.nan, np.float32))
    with pytest.raises(ValueError, match="has shape"):
        env.step(np.zeros(3, np.float32))
    with pytest.raises(ValueError, match="option 'speed': there are 'seed' and 'overrides'"):
        env.reset(options={"speed": 3})
    env.close()


@pytest.fixture(scope="module")
def policy_file(tmp_path_factory):
    """A policy that rolls the waist as the bicycle leans."""
    env = made("draisine/Ride-v0", scenario="ride_straight", joints=("waist_roll_joint",), senses=("lean",))
    file = tmp_path_factory.mktemp("policy") / "waist.onnx"
    file.write_bytes(network([([[40.0]], [0.2])], env.unwrapped.interface))
    return file


def test_a_policy_does_in_a_run_what_it_did_in_its_environment(policy_file):
    from controllers.learned.onnx_policy import OnnxPolicy

    changes = ("duration=0.4",)
    log = ride(load("ride_straight", (*changes, f"policy={policy_file}")), 2, lambda *_: None, assemble=assemble).log
    policy = OnnxPolicy(policy_file.read_bytes())
    env = made(
        "draisine/Ride-v0", scenario="ride_straight", overrides=changes, joints=policy.interface.joints,
        senses=policy.interface.senses,
    ).unwrapped  # fmt: skip
    seen, _ = env.reset(options={"seed": 2})
    for _ in range(19):
        seen, *_ = env.step(policy.act(seen))
    episode = env._episode
    truth = "truth_robot_joint_position"
    assert np.array_equal(episode.log[truth][episode.row], log[truth][190])
    plain = ride(load("ride_straight", changes), 2, lambda *_: None, assemble=assemble).log
    assert np.abs(log[truth][190] - plain[truth][190]).max() > 0.005
    env.close()


def test_a_run_takes_a_policy_and_says_which(policy_file, tmp_path):
    arguments = ("run", "ride_straight", "--set", "duration=0.3", "--set", f"policy={policy_file}", "--out", "runs")
    done = draisine(*arguments, cwd=tmp_path)
    assert done.returncode == 1, done.stderr  # it does not come to its end in that time
    found = json.loads((tmp_path / "runs" / "ride_straight-seed0" / "metrics.json").read_text(encoding="utf-8"))
    assert list(found["provenance"]["policy_sha256"]) == ["waist.onnx"]


def test_a_policy_that_does_not_fit_is_refused_in_one_line(policy_file, tmp_path):
    def refused(scenario, file, message):
        with pytest.raises(BadInput, match=message):
            ride(load(scenario, [f"policy={file}"]), 0, lambda *_: None, assemble=assemble)

    refused("stand_quiet", policy_file, "it was made for the kind of run 'ride', and this is 'foot'")
    refused("ride_straight", tmp_path / "nothing.onnx", "nothing.onnx cannot be read: No such file")
    (tmp_path / "text.onnx").write_text("nothing", encoding="utf-8")
    asked = draisine("run", "ride_straight", "--set", "policy=text.onnx", cwd=tmp_path)
    assert_refused(asked, "no ONNX model that runs here")


def test_a_policy_rides_along_in_a_live_ride(policy_file):
    from controllers.learned.controller import PolicyController
    from scenarios.live.live_ride import LiveRide

    live = LiveRide("ride_straight", [f"policy={policy_file}"])
    try:
        for _ in range(20):
            live.tick()
        assert isinstance(live._controller, PolicyController)
        assert live._controller.interface.joints == ("waist_roll_joint",)
        assert live.picture().speed > 1.0
    finally:
        live.close()


def test_what_the_document_shows_works_and_its_tables_are_whole(tmp_path, monkeypatch):
    from controllers.learned.observation import FIELDS
    from controllers.learned.onnx_policy import OnnxPolicy

    text = (ROOT / "docs" / "learning.md").read_text(encoding="utf-8")
    first, second, _ = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(first, names)
    assert names["info"]["time"] > 0.0
    env = names["env"].unwrapped
    size = env.observation_space.shape[0], env.action_space.shape[0]
    model = network([(np.zeros(size[::-1]), np.zeros(size[1]))], env.interface)
    (tmp_path / "exported.onnx").write_bytes(model)
    exec(second, names)
    OnnxPolicy((tmp_path / "arms.onnx").read_bytes()).fit(size[0])
    for table in FIELDS.values():
        for field in table.values():
            assert f"| {field.unit} | {field.about} |" in text, field.name
    for terms in TERMS.values():
        for term in terms:
            assert f"| `{term.name}` | {term.weight:g} | {term.unit} | {term.about} |" in text
