"""Runs as data: what is in the Parquet file, and what a check finds."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pyarrow.parquet as pq
import pytest
from mcap.reader import make_reader
from mcap_ros2.decoder import DecoderFactory

from scenarios.assembly import assemble
from scenarios.committed import load_robot
from scenarios.data.export import export, rows
from scenarios.data.lerobot import VIDEO, write_lerobot
from scenarios.data.quality import _look, examine
from scenarios.data.ros import write_ros
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.replay.recording import Recording
from scenarios.runner import run
from tests.cli.test_cli import assert_refused, draisine, draisine_here


def recorded(folder, name, seed=0, changes=()):
    """A run of 0.4 s."""
    run(load(name, ["duration=0.4", *changes]), seed, folder, lambda *_: None, assemble=assemble)
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


def test_runs_are_named_one_by_one_or_by_their_folder(rides, tmp_path):
    folder = rides[0].folder.parent
    (folder / "bench-smoke").mkdir()  # what else commands write there
    for name in (".ride_push-seed0.123.partial", "half-removed"):
        (folder / name).mkdir()
        (folder / name / "run.mcap").write_bytes(b"")
    (folder / ".ride_push-seed0.123.partial" / "metrics.json").write_bytes(b"{}")
    assert Recording.open_all([folder]) == rides
    assert Recording.open_all([rides[1].folder, rides[0].folder]) == rides[::-1]
    with pytest.raises(BadInput, match="bench-smoke is no run: name a folder"):
        Recording.open_all([folder / "bench-smoke"])


def test_where_nothing_can_be_written_one_line_says_so(rides, tmp_path):
    with pytest.raises(BadInput, match="cannot be written"):
        export(rides, tmp_path / "nowhere" / "rides.parquet")


def test_a_log_that_is_cut_off_is_told_and_nothing_is_written(rides, tmp_path):
    cut = replace(rides[0], folder=tmp_path)
    whole = (rides[0].folder / "run.mcap").read_bytes()
    for length in (0, 1000, len(whole) // 2, len(whole) - 1):
        (tmp_path / "run.mcap").write_bytes(whole[:length])
        with pytest.raises(BadInput, match="is cut off or damaged"):
            export([cut], tmp_path / "rides.parquet")
    assert [file.name for file in tmp_path.iterdir()] == ["run.mcap"]


def test_what_is_to_be_a_file_is_no_folder(rides, tmp_path):
    for write in (lambda: export(rides, tmp_path), lambda: write_ros(rides[0], tmp_path)):
        with pytest.raises(BadInput, match="is a folder; name a file in it with --out"):
            write()


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


def said(file):
    """The messages of a file, as ROS reads them."""
    with file.open("rb") as stream:
        yield from make_reader(stream, decoder_factories=[DecoderFactory()]).iter_decoded_messages()


def test_a_run_is_told_in_messages_that_ros_knows(rides, tmp_path):
    file = tmp_path / "ride.mcap"
    assert write_ros(rides[0], file, rate=50.0) == 20
    found: dict = {}
    for message in said(file):
        found.setdefault(message.channel.topic, []).append(message)
    kinds = {topic: messages[0].schema.name for topic, messages in found.items()}
    assert kinds == {
        "/robot_description": "std_msgs/msg/String",
        "/bicycle/robot_description": "std_msgs/msg/String",
        "/course": "nav_msgs/msg/Path",
        "/tf": "tf2_msgs/msg/TFMessage",
        "/joint_states": "sensor_msgs/msg/JointState",
        "/joint_commands": "sensor_msgs/msg/JointState",
        "/imu/pelvis": "sensor_msgs/msg/Imu",
    }
    log = list(rows(rides[0], 10))
    states = found["/joint_states"]
    assert [one.message.log_time for one in states[:2]] == [0, 20_000_000]
    assert list(states[3].decoded_message.position) == log[3]["joint_position"]
    assert states[3].decoded_message.name[0] == "left_hip_pitch_joint"
    assert found["/imu/pelvis"][3].decoded_message.linear_acceleration.z == log[3]["pelvis_specific_force"][2]


@pytest.mark.parametrize("name", ["ride_straight", "squat"])
def test_the_tree_of_frames_puts_every_link_where_it_is(rides, tmp_path, name, model):
    """Down the tree from the world, against forward kinematics by Pinocchio."""
    import pinocchio as pin

    recording = rides[0] if name == "ride_straight" else recorded(tmp_path, name)
    file = tmp_path / "run.mcap"
    write_ros(recording, file, rate=5.0)
    told = [(one.channel.topic, one.decoded_message) for one in said(file)]
    (_, last) = [message for topic, message in told if topic == "/tf"]
    row = list(rows(recording, 100))[-1]
    urdfs = [message.data for topic, message in told if topic.endswith("robot_description")]
    links = {link.get("name") for text in urdfs for link in ElementTree.fromstring(text).iter("link")}
    frames = {one.child_frame_id: one for one in last.transforms}
    assert frames.keys() == links

    def placed(name):
        if name == "world":
            return pin.SE3.Identity()
        one = frames[name]
        at, turn = one.transform.translation, one.transform.rotation
        here = pin.SE3(pin.Quaternion(turn.w, turn.x, turn.y, turn.z).matrix(), np.array((at.x, at.y, at.z)))
        return placed(one.header.frame_id) * here

    body = model.pinocchio_floating
    data = body.createData()
    q = np.concatenate([row[f"truth_robot_{part}"] for part in ("position", "orientation", "joint_position")])
    pin.framesForwardKinematics(body, data, pin.normalize(body, q))
    for link in ("pelvis", "torso_link", "left_ankle_roll_link", "right_wrist_roll_link"):
        expected = data.oMf[body.getFrameId(link)]
        assert np.allclose(placed(link).homogeneous, expected.homogeneous, atol=1e-5), link
    if name == "ride_straight":
        assert placed("frame").translation == pytest.approx(row["truth_bicycle_position"], abs=1e-5)
        assert frames["front_wheel"].header.frame_id == "fork"


def test_messages_for_ros_come_at_a_rate_that_can_be(rides, tmp_path):
    with pytest.raises(BadInput, match="--rate 0: more than 0 and at most 500"):
        write_ros(rides[0], tmp_path / "ride.mcap", rate=0.0)
    with pytest.raises(BadInput, match="cannot be written: "):
        write_ros(rides[0], tmp_path / "nowhere" / "ride.mcap")
    assert list(tmp_path.iterdir()) == []


def test_runs_become_episodes_of_a_lerobot_data_set(rides, tmp_path):
    folder = tmp_path / "set"
    assert write_lerobot(rides, folder) == 20
    info = json.loads((folder / "meta" / "info.json").read_text(encoding="utf-8"))
    assert (info["codebase_version"], info["fps"], info["total_episodes"], info["total_frames"]) == ("v3.0", 25, 2, 20)
    assert info["video_path"] is None
    table = pq.read_table(folder / info["data_path"].format(chunk_index=0, file_index=0))
    assert {name: table.schema.field(name).type.list_size for name in ("observation.state", "action")} == {
        name: info["features"][name]["shape"][0] for name in ("observation.state", "action")
    }
    assert table["index"].to_pylist() == list(range(20))
    assert table["episode_index"].to_pylist() == [0] * 10 + [1] * 10
    assert table["timestamp"].to_pylist() == pytest.approx([0.04 * frame for frame in range(10)] * 2)
    log = list(rows(rides[1], 20))
    assert table["action"][13].as_py() == pytest.approx(log[3]["command_position"])
    state = dict(
        zip(info["features"]["observation.state"]["names"], table["observation.state"][13].as_py(), strict=True)
    )
    assert state["left_knee_joint.vel"] == pytest.approx(log[3]["joint_velocity"][3])
    assert state["pelvis_imu.force_z"] == pytest.approx(log[3]["pelvis_specific_force"][2])
    about = pq.read_table(folder / "meta" / "episodes" / "chunk-000" / "file-000.parquet").to_pylist()
    assert [(one["dataset_from_index"], one["dataset_to_index"], one["length"]) for one in about] == [
        (0, 10, 10), (10, 20, 10),
    ]  # fmt: skip
    assert about[0]["tasks"] == [rides[0].load().summary]
    statistics = json.loads((folder / "meta" / "stats.json").read_text(encoding="utf-8"))
    actions = np.array(table["action"].to_pylist())
    assert statistics["action"]["mean"] == pytest.approx(actions.mean(axis=0).tolist())
    assert statistics["action"]["count"] == [20]
    tasks = pq.read_table(folder / "meta" / "tasks.parquet")
    assert json.loads(tasks.schema.metadata[b"pandas"])["index_columns"] == ["__index_level_0__"]


def test_a_data_set_is_filmed_where_that_is_wanted(rides, tmp_path):
    from imageio_ffmpeg import count_frames_and_secs

    folder = tmp_path / "set"
    write_lerobot(rides[:1], folder, video=True)
    info = json.loads((folder / "meta" / "info.json").read_text(encoding="utf-8"))
    film = folder / info["video_path"].format(video_key=VIDEO, chunk_index=0, file_index=0)
    assert count_frames_and_secs(str(film))[0] == 10
    (about,) = pq.read_table(folder / "meta" / "episodes" / "chunk-000" / "file-000.parquet").to_pylist()
    assert about[f"videos/{VIDEO}/to_timestamp"] == pytest.approx(0.4)
    mean = np.array(about[f"stats/{VIDEO}/mean"])
    assert mean.shape == (3, 1, 1)
    assert (mean > 0.2).all()
    assert (mean < 0.9).all()


def test_a_data_set_is_of_one_body_and_overwrites_nothing(rides, tmp_path):
    with pytest.raises(BadInput, match="is there already"):
        write_lerobot(rides, tmp_path)
    other = recorded(tmp_path, "other_body", changes=["disturbances=[]"])
    with pytest.raises(BadInput, match="is of another body than"):
        write_lerobot([rides[0], other], tmp_path / "set")
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize("kind", ["ros", "lerobot"])
def test_the_command_says_one_line_and_nothing_else(rides, tmp_path, kind):
    run = draisine("data", kind, str(rides[0].folder), "--out", "out", cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.count("\n") == 1, run.stdout


def test_a_command_on_no_runs_is_refused(tmp_path):
    assert_refused(draisine_here("data", "check", cwd=tmp_path), "Missing argument")
