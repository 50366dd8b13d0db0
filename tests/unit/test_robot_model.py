"""The body from its URDF and drive file: what it holds, and one clear message when it cannot be right."""

import re
import xml.etree.ElementTree as ET
from dataclasses import fields

import numpy as np
import pinocchio as pin
import pytest

from robot import RobotModel
from robot.drives import DriveTable

KNEE_DRIVEN_LINK = "left_knee_link"


def edited(urdf, link=None, joint=None, **changes):
    """A URDF with attributes of one link's inertia, mass or one joint's limit set; None takes an element out."""
    root = ET.fromstring(urdf)
    where = root.find(f"link[@name='{link}']/inertial") if link else root.find(f"joint[@name='{joint}']")
    assert where is not None
    for tag, attributes in changes.items():
        element = where.find(tag)
        assert element is not None
        if attributes is None:
            where.remove(element)
        else:
            for name, value in attributes.items():
                assert name in element.attrib
                element.set(name, value)
    return ET.tostring(root, encoding="unicode")


def without_inertial(urdf, link):
    root = ET.fromstring(urdf)
    element, inertial = root.find(f"link[@name='{link}']"), root.find(f"link[@name='{link}']/inertial")
    assert element is not None
    assert inertial is not None
    element.remove(inertial)
    return ET.tostring(root, encoding="unicode")


def assert_refused(urdf, drives, *said):
    """Refused with one ValueError on one line, in which every word that is asked for is said."""
    with pytest.raises(ValueError) as refusal:
        RobotModel.from_urdf(urdf, drives)
    message = str(refusal.value)
    for word in said:
        assert re.search(word, message), message
    assert "\n" not in message


def test_the_body_weighs_what_its_source_says(robot_model):
    assert robot_model.mass == pytest.approx(44.80, abs=0.01)


def test_every_array_has_one_entry_for_each_joint(robot_model):
    n = robot_model.size
    assert n == len(robot_model.joint_names) == len(robot_model.limits) == 33
    for column in (robot_model.limits.lower, robot_model.drives.rotor_inertia, robot_model.drives.knee):
        assert column.shape == (n,)


def test_names_and_indices_belong_together(robot_model):
    for index, name in enumerate(robot_model.joint_names):
        assert robot_model.index(name) == index


def test_rotors_are_the_armature_of_both_models(robot_model):
    rotors = robot_model.drives.rotor_inertia
    np.testing.assert_array_equal(robot_model.pinocchio.armature, rotors)
    np.testing.assert_array_equal(robot_model.pinocchio_floating.armature, np.concatenate((np.zeros(6), rotors)))


def test_a_rotor_weighs_on_its_joint(robot_model):
    """A joint's own inertia grows by the rotor's: the mass matrix of the model minus that of a body without rotors."""
    bare = robot_model.pinocchio.copy()
    bare.armature[:] = 0.0
    q = pin.neutral(bare)
    with_rotors, without = (pin.crba(m, m.createData(), q).diagonal() for m in (robot_model.pinocchio, bare))
    np.testing.assert_allclose(with_rotors - without, robot_model.drives.rotor_inertia)


def test_a_joint_that_does_not_exist_is_named_beside_those_that_do(robot_model):
    with pytest.raises(ValueError, match="no joint 'left_tail_joint'; the body has left_hip_pitch_joint, "):
        robot_model.index("left_tail_joint")


def test_a_frame_that_does_not_exist_is_named_beside_those_that_do(robot_model):
    with pytest.raises(ValueError, match=r"no frame 'tail'; the body has .*left_sole"):
        robot_model.frame_id("tail")


# A URDF that cannot be right


@pytest.mark.parametrize("text", ["", "no xml at all", "<robot name='x'><link name='a'>", "<robot name='x'/>"])
def test_a_text_that_is_no_urdf_is_refused(text, drive_file):
    assert_refused(text, drive_file, "URDF")


@pytest.mark.parametrize("link", [KNEE_DRIVEN_LINK, "left_fingers_link", "torso_link"])
def test_a_moving_link_without_inertia_is_refused_by_name(robot_urdf, drive_file, link):
    joint = link.replace("torso", "waist_roll").replace("fingers", "grip").replace("_link", "_joint")
    assert_refused(without_inertial(robot_urdf, link), drive_file, f"{link}|{joint}", "mass 0 kg")


def test_a_root_without_inertia_is_refused_by_name(robot_urdf, drive_file):
    """The pelvis moves too."""
    assert_refused(without_inertial(robot_urdf, "pelvis"), drive_file, "pelvis")


def test_a_root_that_breaks_the_triangle_inequality_is_refused_by_name(robot_urdf, drive_file):
    urdf = edited(robot_urdf, link="pelvis", inertia={"ixx": "9.0"})
    assert_refused(urdf, drive_file, "pelvis", "triangle inequality")


@pytest.mark.parametrize("mass", ["0", "-1.5"])
def test_a_mass_that_is_not_positive_is_refused_with_its_value(robot_urdf, drive_file, mass):
    urdf = edited(robot_urdf, link=KNEE_DRIVEN_LINK, mass={"value": mass})
    assert_refused(urdf, drive_file, "left_knee", f"mass {mass} kg")


def test_a_negative_moment_of_inertia_is_refused_with_its_value(robot_urdf, drive_file):
    urdf = edited(robot_urdf, link=KNEE_DRIVEN_LINK, inertia={"iyy": "-0.5"})
    assert_refused(urdf, drive_file, "left_knee", r"-0\.5")


def test_moments_that_break_the_triangle_inequality_are_refused_with_their_values(robot_urdf, drive_file):
    urdf = edited(robot_urdf, link=KNEE_DRIVEN_LINK, inertia={"ixx": "9.0", "ixy": "0", "ixz": "0"})
    assert_refused(urdf, drive_file, "left_knee", "triangle inequality", r" 9 kg")


@pytest.mark.parametrize(
    ("link", "change"),
    [
        (KNEE_DRIVEN_LINK, {"mass": {"value": "nan"}}),
        (KNEE_DRIVEN_LINK, {"inertia": {"ixx": "nan"}}),
        ("pelvis", {"mass": {"value": "nan"}}),
    ],
)
def test_a_value_that_is_no_number_is_refused_by_name(robot_urdf, drive_file, link, change):
    assert_refused(edited(robot_urdf, link=link, **change), drive_file, link.removesuffix("_link"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lower": "3.0", "upper": "2.0"}, "lower"),
        ({"effort": "0"}, "effort"),
        ({"velocity": "-1"}, "velocity"),
        ({"upper": "nan"}, "upper|URDF"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_by_joint(robot_urdf, drive_file, change, said):
    assert_refused(edited(robot_urdf, joint="left_knee_joint", limit=change), drive_file, "left_knee_joint|URDF", said)


def test_a_joint_without_limits_is_refused(robot_urdf, drive_file):
    assert_refused(edited(robot_urdf, joint="left_knee_joint", limit=None), drive_file, "left_knee_joint|URDF")


# A drive file that cannot be right

COLUMNS = tuple(field.name for field in fields(DriveTable) if field.name not in ("frame", "thermal"))
FRAME = "\n".join(f"{number}_bits = 12" for number in ("position", "velocity", "torque", "stiffness", "damping"))
THERMAL = "ambient = 0.1\nreference = 20.0\ncopper = 0.004"
HEAD = f"[frame]\n{FRAME}\n[thermal]\n{THERMAL}\n"
WHOLE = "\n".join(f"{column} = 0.5" for column in COLUMNS).replace("derating_end = 0.5", "derating_end = 0.75")


def drive(joints, name="leg", values=WHOLE, head=HEAD):
    return f"{head}[[drive]]\nname = '{name}'\njoints = {joints!r}\n{values}\n"


def test_patterns_bring_each_joint_its_drive():
    text = drive(["*_knee_joint"]) + drive(["*_elbow_joint"], "arm", WHOLE.replace("0.5", "0.25"), "")
    table = DriveTable.parse(text, ["left_elbow_joint", "left_knee_joint", "right_knee_joint"])
    np.testing.assert_array_equal(table.damping, (0.25, 0.5, 0.5))


def test_the_committed_file_has_a_drive_for_every_joint(robot_model, drive_file):
    table = DriveTable.parse(drive_file, robot_model.joint_names)
    assert np.all(table.rotor_inertia > 0)
    # Above the knee the torque falls over the rest of the speed: a knee of 1 would divide by zero.
    assert np.all(table.knee < 1)


def test_a_joint_without_a_drive_is_named():
    with pytest.raises(ValueError, match="joint 'left_hip_joint' needs exactly one drive class, found none"):
        DriveTable.parse(drive(["*_knee_joint"]), ["left_knee_joint", "left_hip_joint"])


def test_a_joint_with_two_drives_is_named_with_both():
    text = drive(["left_*"]) + drive(["*_knee_joint"], "knee", head="")
    with pytest.raises(ValueError, match="joint 'left_knee_joint' needs exactly one drive class, found leg, knee"):
        DriveTable.parse(text, ["left_knee_joint"])


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_value_is_named_with_its_drive(column):
    text = drive(["*"], values="\n".join(line for line in WHOLE.splitlines() if not line.startswith(f"{column} ")))
    with pytest.raises(ValueError, match=f"drive 'leg': {column} must be a number of at least 0, not None"):
        DriveTable.parse(text, ["left_knee_joint"])


@pytest.mark.parametrize("value", ["-0.1", "nan", "inf", "'stiff'"])
def test_a_value_that_makes_no_sense_is_named_with_its_drive(value):
    text = drive(["*"], values=WHOLE.replace("\ndamping = 0.5", f"\ndamping = {value}"))
    with pytest.raises(ValueError, match="drive 'leg': damping must be a number of at least 0, not "):
        DriveTable.parse(text, ["left_knee_joint"])


@pytest.mark.parametrize("knee", ["1.0", "1.5"])
def test_a_knee_at_or_above_the_speed_limit_is_refused(knee):
    """The torque-speed line has to fall somewhere between knee and speed limit."""
    text = drive(["*"], values=WHOLE.replace("knee = 0.5", f"knee = {knee}"))
    with pytest.raises(ValueError, match="knee"):
        DriveTable.parse(text, ["left_knee_joint"])


@pytest.mark.parametrize(
    "column",
    ["gear_ratio", "torque_bandwidth", "encoder_counts", "motor_constant", "torque_range", "housing_resistance"],
)
def test_what_the_law_divides_by_must_not_be_zero(column):
    text = drive(["*"], values=WHOLE.replace(f"{column} = 0.5", f"{column} = 0"))
    with pytest.raises(ValueError, match=f"drive 'leg': {column} must be above 0"):
        DriveTable.parse(text, ["left_knee_joint"])


@pytest.mark.parametrize(("begin", "end"), [("0.8", "0.75"), ("0.75", "0.75"), ("0.05", "0.75")])
def test_temperatures_in_the_wrong_order_are_refused(begin, end):
    """The air is at 0.1 °C here."""
    values = WHOLE.replace("derating_begin = 0.5", f"derating_begin = {begin}")
    text = drive(["*"], values=values.replace("derating_end = 0.75", f"derating_end = {end}"))
    with pytest.raises(ValueError, match=r"drive 'leg': the air is at 0\.1 °C, derating begins at"):
        DriveTable.parse(text, ["left_knee_joint"])


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("torque_bits = 12", "torque_bits = 1", "torque_bits must be a whole number from 2 to 32, not 1"),
        ("torque_bits = 12", "torque_bits = 12.5", "torque_bits must be a whole number from 2 to 32, not 12.5"),
        ("torque_bits = 12", "", "torque_bits must be a whole number from 2 to 32, not None"),
        ("copper = 0.004", "copper = -0.004", "copper must be a number of at least 0, not -0.004"),
        ("ambient = 0.1", "ambient = nan", "ambient must be a finite number, not nan"),
        ("[frame]", "[frames]", r"needs a table \[frame\]"),
        ("[thermal]", "[heat]", r"needs a table \[thermal\]"),
    ],
)
def test_what_all_drives_share_is_checked(right, wrong, said):
    with pytest.raises(ValueError, match=said):
        DriveTable.parse(drive(["*"], head=HEAD.replace(right, wrong)), ["left_knee_joint"])


@pytest.mark.parametrize(
    ("column", "small"),
    [("position_range", 2.0), ("velocity_range", 11.0), ("torque_range", 119.0), ("stiffness_range", 39.0)],
)
def test_a_frame_that_cannot_say_what_the_joint_may_do_is_refused(robot_urdf, drive_file, column, small):
    """The legs come first in the file: 120 Nm, 11.94 rad/s, 40 Nm/rad; the hip pitch goes to -2.7 rad."""
    old = next(line for line in drive_file.splitlines() if line.startswith(f"{column} = "))
    with pytest.raises(ValueError, match=f"joint 'left_hip_pitch_joint': its drive's {column} is {small:g} "):
        RobotModel.from_urdf(robot_urdf, drive_file.replace(old, f"{column} = {small}", 1))


@pytest.mark.parametrize("text", ["", "drive = 3", HEAD, "[[drive]]\nname = 'leg'\n" + WHOLE, "[[drive]\n"])
def test_a_file_without_usable_drives_is_refused(text):
    with pytest.raises(ValueError):
        DriveTable.parse(text, ["left_knee_joint"])
