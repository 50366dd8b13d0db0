"""What a body file says of a body, and one clear line for what it cannot say."""

import re
from pathlib import Path

import numpy as np
import pytest

import robot
from controllers.balance.parameters import BalanceParameters
from robot import Body, BodyFrames
from urdf.adaptation import adapted

FILE = Path(str(robot.__file__)).with_name("humanoid.toml")
TEXT = FILE.read_text(encoding="utf-8")

URDF = """<robot name="two">
  <link name="map"/>
  <joint name="nailed" type="fixed"><parent link="map"/><child link="body"/></joint>
  <link name="body">
    <inertial><mass value="1"/><inertia ixx="1" ixy="0" ixz="0" iyy="1" iyz="0" izz="1"/></inertial>
    <collision><geometry><mesh filename="package://two/meshes/body.dae"/></geometry></collision>
  </link>
  <joint name="neck" type="revolute">
    <parent link="body"/><child link="head"/><axis xyz="0 0 1"/>
    <limit lower="-1" upper="1" effort="1" velocity="1"/><dynamics damping="1"/>
  </joint>
  <link name="head">
    <inertial><mass value="1"/><inertia ixx="1" ixy="0" ixz="0" iyy="1" iyz="0" izz="1"/></inertial>
  </link>
</robot>"""
FOLDER = Path("share/two/urdf")


@pytest.fixture(scope="module")
def body(robot_model):
    return Body.parse(TEXT, robot_model)


def replaced(old, new):
    assert old in TEXT
    return TEXT.replace(old, new)


def assert_one_line(refusal, *said):
    message = str(refusal.value)
    assert "\n" not in message
    for words in said:
        assert re.search(words, message), message


def test_steps_were_set_for_this_body(body):
    """So nothing is scaled, to the last bit."""
    assert BalanceParameters.of(body) == BalanceParameters()


def test_the_names_of_this_body_are_those_that_are_taken_where_none_are_told(body):
    assert body.frames == BodyFrames()


def test_nothing_of_its_own_urdf_is_changed(robot_urdf):
    assert adapted(robot_urdf, TEXT, FOLDER) is robot_urdf


def test_it_folds_within_its_limits(body, robot_model):
    assert body.folded[robot_model.index("left_knee_joint")] == 1.6
    assert (body.folded >= robot_model.limits.lower).all()
    assert (body.folded <= robot_model.limits.upper).all()


def test_drives_and_body_may_stand_in_one_file(body, drive_file, robot_urdf):
    both = TEXT + drive_file
    model = robot.RobotModel.from_urdf(robot_urdf, both)
    np.testing.assert_array_equal(Body.parse(both, model).stiffness, body.stiffness)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pelvis = ", ["no TOML"]),
        (replaced("[walk]", "[wlak]"), ["no key 'wlak'", "walk"]),
        (replaced('torso_imu = "torso_imu"\n', ""), ["'torso_imu' is missing"]),
        (replaced('"left_sole", "right_sole"', '"left_sole", "right_soul"'), ["soles", "no frame 'right_soul'"]),
        (replaced('"left_sole", "right_sole"', '"right_sole", "left_sole"'), ["not to the left"]),
        (replaced('"left_sole", "right_sole"', '"pelvis", "right_sole"'), ["soles", "no joint moves 'pelvis'"]),
        (replaced('imu = "pelvis_imu"', 'imu = "torso_imu"'), ["imu", "'torso_imu' is not fixed to the pelvis"]),
        (replaced('pelvis = "pelvis"', 'pelvis = "torso_link"'), ["pelvis", "not fixed to the root link"]),
        (replaced("scale = 1.0", "scale = 0.0"), ["scale", "above zero"]),
        (replaced("scale = 1.0", "pace = 1.0"), ["no key 'pace'", "swing_time"]),
        (replaced('"head_pitch_joint" = 0.0', '"tail_joint" = 0.0'), ["folded", "no joint matches 'tail_joint'"]),
        (replaced('names = ["head_*_joint"]', 'names = ["head_yaw_joint"]'), ["head_pitch_joint", "none of"]),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(text, said, robot_model):
    with pytest.raises(ValueError) as refusal:
        Body.parse(text, robot_model)
    assert_one_line(refusal, *said)


def test_a_drive_file_has_no_unknown_tables(drive_file, robot_urdf):
    with pytest.raises(ValueError) as refusal:
        robot.RobotModel.from_urdf(robot_urdf, drive_file + "\n[[dirve]]\n")
    assert_one_line(refusal, "no key 'dirve'")


def test_a_urdf_is_changed_as_declared():
    text = adapted(
        URDF,
        """
        urdf = { root = "body", rigid = ["ne*"] }
        frames = [{ name = "eye", link = "head", xyz = [0.1, 0, 0] }]
        collisions = [{ links = ["head"], sphere = 0.1 }, { links = ["head"], box = [1, 2, 3], xyz = [0, 0, 1] }]
        """,
        FOLDER,
    )
    assert "map" not in text
    assert 'filename="../meshes/body.dae"' in text
    assert '<joint name="neck" type="fixed">' in text
    assert "<limit" not in text
    assert '<child link="eye" /><origin xyz="0.1 0.0 0.0" rpy="0.0 0.0 0.0" />' in text
    assert '<sphere radius="0.1" />' in text
    assert '<box size="1.0 2.0 3.0" />' in text


@pytest.mark.parametrize(("key", "tag"), [("own_collisions", "<collision"), ("own_losses", "<dynamics")])
def test_shapes_and_losses_of_a_urdf_can_be_left_out(key, tag):
    assert tag in adapted(URDF, f"urdf = {{ {key} = true }}", FOLDER)
    assert tag not in adapted(URDF, f"urdf = {{ {key} = false }}", FOLDER)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("urdf = 3", [r"\[urdf\] must be a table"]),
        ("urdf = { roots = 'body' }", ["no key 'roots'", "root"]),
        ("urdf = { own_collisions = 0 }", ["own_collisions", "true or false"]),
        ("urdf = { root = 'pelvis' }", ["no link 'pelvis'", "body"]),
        ("urdf = { root = 'head' }", ["'head' does not carry 'body'"]),
        ("urdf = { rigid = ['tail*'] }", [r"no joint matches 'tail\*'", "neck"]),
        ("frames = [{ link = 'head' }]", ["number 1 needs a 'name'"]),
        ("frames = [{ name = 'eye', link = 'face' }]", ["'eye'", "no link 'face'", "head"]),
        ("frames = [{ name = 'head', link = 'head' }]", ["has a link 'head' already"]),
        ("frames = [{ name = 'eye', link = 'head', xyz = [1, 2] }]", ["xyz", r"3 finite numbers, not \[1, 2\]"]),
        ("frames = [{ name = 'eye', link = 'head', at = [1, 2, 3] }]", ["no key 'at'"]),
        ("collisions = [{ links = ['face'], sphere = 1 }]", ["number 1: no link 'face'"]),
        ("collisions = [{ links = ['head'] }]", ["number 1 needs one of box"]),
        ("collisions = [{ links = ['head'], capsule = 1 }]", ["capsule must be 2 finite numbers"]),
        ("collisions = [{ sphere = 1 }]", ["needs 'links'"]),
        ("collisions = 3", ["must be a list of"]),
    ],
)
def test_a_change_that_cannot_be_made_is_refused(text, said):
    with pytest.raises(ValueError) as refusal:
        adapted(URDF, text, FOLDER)
    assert_one_line(refusal, *said)
