"""A run of another body than the project's own, from its scenario to its pictures."""

import json
from itertools import pairwise

import numpy as np
import pytest
from imageio_ffmpeg import count_frames_and_secs
from mcap.reader import make_reader

from scenarios.assembly import ROBOT_URDF, assemble
from scenarios.errors import BadInput
from scenarios.foot_body import load_foot_body
from scenarios.foot_schema import FootScenario
from scenarios.loader import load
from scenarios.plant_builder import LINKS
from scenarios.runner import ride, run
from scenarios.video import film
from sim.camera import Camera
from urdf.humanoid_parameters import FILE

SHORT = ["goals=[{ for_time = '0.1 s' }]", "disturbances=[]", "criteria=[{ metric = 'falls', max = 0 }]"]


def nobody(*_):
    pass


def load_short(*changes):
    return load("other_body", [*SHORT, *changes])


@pytest.fixture(scope="module")
def body():
    scenario = load("other_body")
    assert isinstance(scenario, FootScenario)
    return load_foot_body(scenario.robot)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    return run(load_short(), 0, tmp_path_factory.mktemp("runs"), nobody, assemble=assemble, film=film)


def test_a_scenario_that_names_none_is_run_by_the_own_body():
    own = load_foot_body(None)
    assert own.drawn is None
    assert own.links == LINKS
    assert own.model.size == 33


def test_its_links_are_found_by_what_a_scenario_calls_them(body):
    assert body.links == {
        "torso": "WAIST_R_S", "pelvis": "PELVIS_S", "left_hand": "L_WRIST_Y_S", "right_hand": "R_WRIST_Y_S",
    }  # fmt: skip


def test_it_is_run_logged_and_judged(outcome):
    assert outcome.passed
    document = json.loads((outcome.folder / "metrics.json").read_text(encoding="utf-8"))
    assert document["provenance"]["robot_sha256"].keys() == {"jvrc1.urdf", "jvrc1.toml"}
    with (outcome.folder / "run.mcap").open("rb") as stream:
        message = json.loads(next(make_reader(stream).iter_messages(topics=["/truth"]))[2].data)
    assert len(message["truth_robot_joint_position"]) == 32
    assert (outcome.folder / "plots.png").stat().st_size > 10_000


def test_it_is_filmed(outcome):
    assert count_frames_and_secs(str(outcome.folder / "video.mp4"))[0] in (3, 4)


def test_it_is_drawn_by_its_collision_shapes_in_its_colours(body):
    with Camera(FILE.parent, size=(160, 90), robot=body.drawn, bicycle=False) as camera:
        frames = []
        for x, knees in ((0.0, 0.0), (0.0, 1.0), (50.0, 1.0)):
            camera.set_pose((x, 0, 0.85), (0.0, 0.0, 0.0, 1.0), {"L_KNEE": knees, "R_KNEE": knees})
            frames.append(camera.frame().astype(int))
    assert all((before != after).any(axis=2).mean() > 0.005 for before, after in pairwise(frames))
    orange = frames[0][..., 0] > frames[0][..., 2] + 100
    assert orange.mean() > 0.01


def test_its_plant_can_differ_from_its_model():
    light, heavy = (
        assemble(load_short(*changes), 0).context.mass
        for changes in ((), ("plant.payload={ mass = 2, link = 'left_hand' }", "plant.robot_mass=1.1"))
    )
    assert light == pytest.approx(62.4)
    assert heavy == pytest.approx(1.1 * light + 2.0)


def test_the_seed_moves_all_of_its_joints():
    starts = []
    for seed in (0, 1):
        built = assemble(load_short(), seed)
        with built.bus as bus:
            starts.append(bus.open().joint_position)
    assert (starts[0] != starts[1]).mean() > 0.9  # an encoder may read the same twice
    assert np.isfinite(built.context.joint_lower).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "robot.urdf=package://no_such_body/a.urdf",
            "robot.urdf: .* pip install no-such-body",
        ),
        (f"robot.urdf={ROBOT_URDF}", "body file: .*'PELVIS_S'"),
        ("robot.parameters=package://robot/drives.toml", ".*jvrc1.urdf: joint 'R_LTHUMB'"),
        (f"robot.parameters={ROBOT_URDF}", "body file: no TOML"),
    ],
)
def test_a_body_that_cannot_be_had_is_told_in_one_line(change, message):
    with pytest.raises(BadInput, match=f"^other_body cannot be built: {message}"):
        ride(load_short(change), 0, nobody, assemble=assemble)
