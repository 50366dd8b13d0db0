"""The model guard: whatever cannot be right in a URDF is refused in one line that names the place and the value."""

import math
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pybullet_data
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from robot import RobotModel
from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF
from urdf import __main__ as generators
from urdf.description import read, rotation
from urdf.guard import inspect, require_sound, summary

MINIMAL = """\
<robot name="cart">
  <material name="grey"/>
  <link name="frame">
    <inertial><origin xyz="0 0 0.1"/><mass value="2"/>
      <inertia ixx="0.02" iyy="0.03" izz="0.04" ixy="0.001" ixz="0" iyz="0"/></inertial>
    <collision><geometry><box size="0.3 0.2 0.1"/></geometry></collision>
  </link>
  <link name="arm">
    <inertial><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>
    <visual><geometry><sphere radius="0.05"/></geometry></visual>
  </link>
  <joint name="shoulder" type="revolute">
    <origin xyz="0 0 0.2"/><parent link="frame"/><child link="arm"/><axis xyz="0 1 0"/>
    <limit lower="-1" upper="2" effort="10" velocity="5"/>
  </joint>
  <link name="tip"/>
  <joint name="tip_fixed" type="fixed"><parent link="arm"/><child link="tip"/></joint>
  <link name="slider">
    <inertial><mass value="0.5"/><inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>
  </link>
  <joint name="slide" type="prismatic">
    <parent link="arm"/><child link="slider"/><axis xyz="0 0 1"/>
    <limit lower="0" upper="0.3" effort="20" velocity="1"/>
  </joint>
</robot>
"""
FRAME, ARM = "link 'frame'", "link 'arm'"
SHOULDER = "joint 'shoulder'"
ARM_BODY = '<inertial><mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>'
ARM_MASS = '<mass value="1"/>'
FRAME_INERTIA = 'ixx="0.02" iyy="0.03" izz="0.04" ixy="0.001"'
BOX = '<box size="0.3 0.2 0.1"/>'
LIMIT = '<limit lower="-1" upper="2" effort="10" velocity="5"/>'
SLIDE_LIMIT = '<limit lower="0" upper="0.3" effort="20" velocity="1"/>'
SPARE = '<link name="spare"/>'
END = "</robot>"


def test_the_minimal_body_is_sound():
    assert inspect(MINIMAL) == ()
    assert summary(MINIMAL) == "4 links, 2 moving joints, 3.50 kg"


def refused(text, folder=None):
    """The one line with which a text is refused."""
    with pytest.raises(ValueError) as refusal:
        require_sound(text, "cart.urdf", folder)
    message = str(refusal.value)
    assert "\n" not in message
    assert message.startswith("cart.urdf: ")
    return message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # What cannot be read
        (END, "", ("not well-formed XML", "line")),
        ("<robot", "<model", ("not well-formed",)),
        ('xyz="0 0 0.1"', 'xyz="0 0"', (FRAME, 'xyz="0 0"', "3 finite numbers")),
        ('xyz="0 0 0.1"', 'xyz="0 0 0.1 0.2"', (FRAME, "0.1 0.2", "3 finite numbers")),
        ('xyz="0 0 0.1"', 'xyz="0, 0, 0.1"', (FRAME, "0, 0, 0.1", "3 finite numbers")),
        (ARM_MASS, '<mass value="nan"/>', (ARM, "nan", "one finite number")),
        (ARM_MASS, '<mass value="1e400"/>', (ARM, "1e400", "one finite number")),
        (ARM_MASS, '<mass value="1_0"/>', (ARM, "1_0", "one finite number")),
        (ARM_MASS, '<mass value="1 kg"/>', (ARM, "1 kg", "one finite number")),
        (ARM_MASS, "<mass/>", (ARM, "<mass> has no value")),
        (ARM_MASS, "", (ARM, "<inertial> has no <mass>")),
        (ARM_MASS, ARM_MASS * 2, (ARM, "2 <mass>")),
        ('ixy="0.001" ', "", (FRAME, "<inertia> has no ixy")),
        (BOX, '<box size="0.3 inf 0.1"/>', (FRAME, "0.3 inf 0.1")),
        (BOX, "<box/>", (FRAME, "<box> has no size")),
        (BOX, "<cone/>", (FRAME, "<cone>", "box, sphere, cylinder, capsule, mesh")),
        (BOX, BOX + BOX, (FRAME, "one <geometry>", "not 2")),
        (BOX, "<mesh/>", (FRAME, "no filename")),
        ('<axis xyz="0 1 0"/>', '<axis xyz="y"/>', (SHOULDER, '"y"')),
        ('upper="2"', 'upper="two"', (SHOULDER, '"two"')),
        # Names and tree
        ('name="arm"', 'name=""', ("link number 2", "no name")),
        ('name="shoulder"', 'name=" "', ("joint number 1", "no name")),
        ('name="grey"', 'name=""', ("material number 1", "no name")),
        ('<link name="tip"/>', '<link name="tip"/>' * 2, ("link 'tip'", "2 with this name", "unique")),
        ('name="slide"', 'name="shoulder"', (SHOULDER, "2 with this name", "unique")),
        ('<material name="grey"/>', '<material name="grey"/>' * 2, ("material 'grey'", "2 with this name")),
        ('name="shoulder"', f'name="{"x" * 1024}"', ("joint 'xxx", "1024 bytes", "1023")),
        (END, SPARE + END, ("'frame', 'spare'", "no parent", "exactly one root")),
        ('<parent link="frame"/>', '<parent link="fram"/>', (SHOULDER, "parent link 'fram'", "not there")),
        ('<child link="tip"/>', '<child link="top"/>', ("joint 'tip_fixed'", "child link 'top'", "not there")),
        ('<parent link="frame"/>', "", (SHOULDER, "has no <parent")),
        ('<child link="tip"/>', '<child link="arm"/>', (ARM, "'shoulder', 'tip_fixed'", "one is allowed")),
        ('<parent link="frame"/>', '<parent link="slider"/>', ("link 'arm'", "loop")),
        # Masses
        (ARM_BODY, "", (ARM, "mass 0 kg", "moved by 'shoulder'")),
        (ARM_MASS, '<mass value="0"/>', (ARM, "mass 0 kg")),
        (ARM_MASS, '<mass value="-3"/>', (ARM, "mass -3 kg")),
        ('<mass value="2"/>', '<mass value="0"/>', (FRAME, "mass 0 kg", "root link")),
        (FRAME_INERTIA, FRAME_INERTIA.replace("0.02", "-0.02"), (FRAME, "-0.02", "positive")),
        (FRAME_INERTIA, FRAME_INERTIA.replace("0.001", "0.05"), (FRAME, "-0.0", "positive")),
        (FRAME_INERTIA, FRAME_INERTIA.replace("0.04", "0.06"), (FRAME, "triangle inequality", " 0.06")),
        (FRAME_INERTIA, 'ixx="20" iyy="30" izz="40" ixy="1"', (FRAME, "radius of gyration", "3.15 m", "2 kg")),
        (FRAME_INERTIA, 'ixx="2e-9" iyy="3e-9" izz="4e-9" ixy="0"', (FRAME, "radius of gyration", "3.16e-05 m")),
        ('xyz="0 0 0.1"', 'xyz="0 0 100"', (FRAME, "centre of mass 100 m")),
        (ARM_MASS, '<mass value="0.0005"/>', (ARM, "radius of gyration")),
        ('<link name="tip"/>', f'<link name="tip"><collision><geometry>{BOX}</geometry></collision></link>',
         ("link 'tip'", "collision shape but no mass")),
        ('<link name="tip"/>', f'<link name="tip">{ARM_BODY.replace("1", "0", 1)}</link>', ("link 'tip'", "mass 0 kg")),
        # Joints
        ('type="revolute"', 'type="planar"', (SHOULDER, "'planar'", "revolute, continuous, prismatic, fixed")),
        ('type="revolute"', 'type="floating"', (SHOULDER, "'floating'")),
        ('type="revolute"', 'type="spherical"', (SHOULDER, "'spherical'")),
        (' type="revolute"', "", (SHOULDER, "type ''")),
        (LIMIT, LIMIT + '<mimic joint="slide"/>', (SHOULDER, "'slide'", "<mimic>")),
        (LIMIT, LIMIT + '<dynamics damping="0.5"/>', (SHOULDER, "damping", "0.5")),
        (LIMIT, LIMIT + '<dynamics friction="0.1"/>', (SHOULDER, "friction", "0.1")),
        ('xyz="0 1 0"', 'xyz="0 0 0"', (SHOULDER, "(0, 0, 0)", "unit vector")),
        ('xyz="0 1 0"', 'xyz="0 1 1"', (SHOULDER, "(0, 1, 1)", "1.41421", "unit vector")),
        ('xyz="0 1 0"', 'xyz="0 1.002 0"', (SHOULDER, "1.002", "unit vector")),
        (LIMIT, "", (SHOULDER, "no <limit effort>")),
        (LIMIT, LIMIT.replace('effort="10"', 'effort="0"'), (SHOULDER, "effort limit 0 Nm")),
        (LIMIT, LIMIT.replace('velocity="5"', 'velocity="-5"'), (SHOULDER, "velocity limit -5 rad/s")),
        (LIMIT, LIMIT.replace('velocity="5"', ""), (SHOULDER, "no <limit velocity>", "rad/s")),
        (LIMIT, LIMIT.replace('lower="-1"', ""), (SHOULDER, "no <limit lower>")),
        (LIMIT, LIMIT.replace('upper="2"', 'upper="-2"'), (SHOULDER, "lower -1 rad", "upper -2 rad")),
        (LIMIT, LIMIT.replace('upper="2"', 'upper="-1"'), (SHOULDER, "lower must be below upper")),
        (SLIDE_LIMIT, SLIDE_LIMIT.replace("20", "-1"), ("joint 'slide'", "effort limit -1 N,")),
        # Shapes
        (BOX, '<box size="0.3 -0.2 0.1"/>', (FRAME, "collision box", "-0.2", "positive")),
        (BOX, '<box size="0 0.2 0.1"/>', (FRAME, "collision box", "size 0 0.2 0.1")),
        (BOX, '<cylinder radius="0" length="1"/>', (FRAME, "collision cylinder", "radius")),
        (BOX, '<sphere radius="6"/>', (FRAME, "collision sphere is 6 m", "5 m")),
        ('<sphere radius="0.05"/>', '<sphere radius="-1"/>', (ARM, "visual sphere", "-1")),
        ("<collision>", '<collision><origin xyz="0 3 0"/>', (FRAME, "3 m from its link's origin", "2 m")),
        (BOX, '<mesh filename="gone.obj"/>', (FRAME, "'gone.obj'", "not there")),
        (BOX, '<mesh filename="cart.obj" scale="1 0 1"/>', (FRAME, "'cart.obj'", "1 0 1")),
        ('<link name="arm">', '<link name="arm"><contact><lateral_friction value="1"/></contact>', (ARM, "<contact>")),
        # Text
        ('<link name="tip"/>', f'<link {" " * 8192}name="tip"/>', ("line 16", "8212 bytes", "8192")),
        ('<link name="tip"/>', f'<!--{"é" * 4100}--><link name="tip"/>', ("line 16", "8227 bytes", "8192")),
    ],
)  # fmt: skip
def test_a_fault_is_refused_with_place_and_value(tmp_path, old, new, said):
    assert old in MINIMAL
    (tmp_path / "cart.obj").touch()
    message = refused(MINIMAL.replace(old, new, 1), tmp_path)
    for word in said:
        assert word in message, message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not well-formed XML"),
        ("<sdf/>", "root element is <sdf>"),
        ('<robot name="nothing"/>', "no <link>"),
    ],
)
def test_a_text_that_is_no_urdf_is_refused(text, said):
    assert said in refused(text)


def test_the_first_fault_is_told_with_the_number_of_the_others():
    text = MINIMAL.replace(LIMIT, "").replace(SLIDE_LIMIT, "").replace(ARM_MASS, '<mass value="0"/>')
    assert len(inspect(text)) == 3
    assert refused(text).endswith("(and 2 more)")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (LIMIT, LIMIT + '<dynamics damping="0" friction="0.0"/>'),
        ('<axis xyz="0 1 0"/>', ""),
        ('xyz="0 1 0"', 'xyz="0 0.9999 0"'),
        ('type="revolute"', 'type="continuous"'),
        (BOX, '<capsule radius="0.1" length="0.2"/>'),
        (BOX, '<mesh filename="cart.obj" scale="-1 1 1"/>'),
        (FRAME_INERTIA, 'ixx="0.02" iyy="0.02" izz="0.04" ixy="0"'),
        ('<link name="tip"/>', f'<link name="tip">{ARM_BODY}</link>'),
        ('<link name="tip"/>', f'<link {" " * 8000}name="tip"/>'),
        ('name="shoulder"', f'name="{"x" * 1023}"'),
    ],
    ids=["no damping", "default axis", "nearly unit", "continuous", "capsule", "mirrored mesh",
         "a disc", "fixed mass", "line", "name"],
)  # fmt: skip
def test_what_is_unusual_and_right_passes(tmp_path, old, new):
    (tmp_path / "cart.obj").touch()
    assert old in MINIMAL
    assert inspect(MINIMAL.replace(old, new, 1), tmp_path) == ()


def test_meshes_are_not_looked_for_without_a_folder():
    assert inspect(MINIMAL.replace(BOX, '<mesh filename="gone.obj"/>')) == ()


# Masses that a joint connects


@pytest.mark.parametrize(("mass", "sound"), [(0.0021, True), (0.0019, False)])
def test_a_joint_connects_masses_up_to_a_ratio(mass, sound):
    """The slider has 0.5 kg and hangs on the arm; the arm with what is fixed to it counts as one body."""
    light = f'<mass value="{mass}"/><inertia ixx="1e-6" iyy="1e-6" izz="1e-6"'
    text = MINIMAL.replace('<mass value="1"/><inertia ixx="0.01" iyy="0.01" izz="0.01"', light)
    assert (inspect(text) == ()) is sound
    if not sound:
        message = refused(text)
        for word in (SHOULDER, "'frame' of 2 kg", "'arm' of 0.0019 kg", "ratio of 1053", "1000"):
            assert word in message
        assert inspect(text.replace('<link name="tip"/>', f'<link name="tip">{ARM_BODY}</link>')) == ()


# Inertias


def inertia_text(matrix):
    keys = ("ixx", "ixy", "ixz", "iyy", "iyz", "izz")
    values = (matrix[i, j] for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)))
    return " ".join(f'{key}="{value!r}"' for key, value in zip(keys, map(float, values), strict=True))


def with_inertia(matrix, mass, rpy=(0.0, 0.0, 0.0)):
    text = MINIMAL.replace('<mass value="2"/>', f'<mass value="{mass!r}"/>')
    text = text.replace('<origin xyz="0 0 0.1"/>', f'<origin xyz="0 0 0.1" rpy="{" ".join(map(repr, rpy))}"/>')
    return text.replace(f'{FRAME_INERTIA} ixz="0" iyz="0"', inertia_text(matrix))


angles = st.tuples(*[st.floats(-3.0, 3.0)] * 3)
variances = st.tuples(*[st.floats(0.001, 0.5)] * 3)


@given(variances, angles, angles, st.floats(0.1, 50.0))
def test_the_inertia_of_any_cloud_of_mass_passes(spread, turn, rpy, mass):
    """Second moments of a cloud, in its principal axes, give an inertia that some real thing has."""
    x, y, z = (mass * s * s for s in spread)
    r = rotation(turn)
    matrix = r @ np.diag((y + z, x + z, x + y)) @ r.T
    assert inspect(with_inertia(matrix, mass, rpy)) == ()


@given(variances, angles, angles, st.floats(1.01, 3.0), st.integers(0, 2))
def test_an_inertia_that_breaks_the_triangle_inequality_is_refused(spread, turn, rpy, excess, axis):
    x, y, z = (s * s for s in spread)
    moments = np.array((y + z, x + z, x + y))
    moments[axis] = excess * (moments.sum() - moments[axis])
    r = rotation(turn)
    assert "triangle inequality" in refused(with_inertia(r @ np.diag(moments) @ r.T, 1.0, rpy))


@given(variances, angles, st.floats(-1.0, -0.01), st.integers(0, 2))
def test_an_inertia_that_is_not_positive_is_refused(moments, turn, wrong, axis):
    diagonal = np.array(moments)
    diagonal[axis] = wrong
    r = rotation(turn)
    assert "must be positive" in refused(with_inertia(r @ np.diag(diagonal) @ r.T, 1.0))


@given(st.text(alphabet="0123456789.eE+-naif ", max_size=12))
def test_no_word_is_taken_for_a_mass_that_is_not_one(word):
    text = MINIMAL.replace(ARM_MASS, f'<mass value="{word}"/>')
    try:
        mass = float(word)
    except ValueError:
        mass = math.nan
    assume(not 0.002 <= mass <= 500.0)
    message = refused(text)
    assert ARM in message or "ratio" in message


@given(st.integers(0, len(MINIMAL)), st.integers(1, 60), st.text(alphabet='0<>/"= -', max_size=3))
def test_no_damage_makes_the_guard_itself_fail(start, length, patch):
    inspect(MINIMAL[:start] + patch + MINIMAL[start + length :])


def test_the_inertial_origin_turns_the_inertia():
    body, faults = read(with_inertia(np.diag((1.0, 2.0, 2.5)), 5.0, (0.0, 0.0, math.pi / 2)))
    assert faults == []
    assert body is not None
    assert body.links[0].inertial is not None
    np.testing.assert_allclose(body.links[0].inertial.inertia, np.diag((2.0, 1.0, 2.5)), atol=1e-15)


# Wheels

WHEEL = """\
<link name="{name}">
  <inertial><mass value="1"/><inertia ixx="0.01" iyy="0.02" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>
  <collision><origin rpy="1.5707963267948966 0 0"/><geometry><cylinder radius="0.2" length="{width}"/></geometry>
  </collision>
</link>
<joint name="{name}_joint" type="continuous">
  <origin xyz="{x} {y} -0.1"/><parent link="frame"/><child link="{name}"/><axis xyz="0 1 0"/>
  <limit effort="1" velocity="1"/>
</joint>
"""


def on_wheels(*places, width):
    wheels = (WHEEL.format(name=f"wheel_{n}", x=x, y=y, width=width) for n, (x, y) in enumerate(places))
    return MINIMAL.replace(END, "".join(wheels) + END)


BICYCLE, TRICYCLE = ((-0.5, 0.0), (0.5, 0.0)), ((-0.5, 0.0), (0.5, 0.2), (0.5, -0.2))


@pytest.mark.parametrize("places", [BICYCLE, BICYCLE[:1]], ids=["bicycle", "unicycle"])
def test_wheels_in_one_track_need_a_round_rim(places):
    assert inspect(on_wheels(*places, width=0.002)) == ()
    message = refused(on_wheels(*places, width=0.02))
    for word in ("link 'wheel_0'", "0.02 m wide", "0.002 m"):
        assert word in message


def test_wheels_that_cannot_lean_may_be_wide():
    assert inspect(on_wheels(*TRICYCLE, width=0.1)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [('<axis xyz="0 1 0"/>\n  <limit effort', '<axis xyz="0 0 1"/>\n  <limit effort'), (" -0.1\"/>", " 0.9\"/>"),
     ('type="continuous"', 'type="fixed"'), ('rpy="1.5707963267948966 0 0"', 'xyz="0 0 0.1"')],
    ids=["turns about another axis", "is high up", "does not turn", "is off its axis"],
)  # fmt: skip
def test_a_cylinder_that_does_not_roll_is_no_wheel(old, new):
    text = on_wheels((0.0, 0.0), width=0.02)
    assert old in text
    assert inspect(text.replace(old, new)) == ()


# The real bodies

ROBOT_TEXT = ROBOT_URDF.read_text(encoding="utf-8")
BICYCLE_TEXT = BICYCLE_URDF.read_text(encoding="utf-8")
KNEE, KNEE_LINK = "left_knee_joint", "left_knee_link"


@pytest.mark.parametrize("path", [ROBOT_URDF, BICYCLE_URDF], ids=lambda path: path.name)
def test_the_committed_bodies_are_sound(path):
    assert inspect(path.read_text(encoding="utf-8"), path.parent) == ()


def mutated(text, path, **attributes):
    root = ET.fromstring(text)
    element = root.find(path)
    assert element is not None
    for key, value in attributes.items():
        element.set(key, value)
    return ET.tostring(root, encoding="unicode")


@pytest.mark.parametrize(
    ("path", "attributes", "said"),
    [
        (f"link[@name='{KNEE_LINK}']/inertial/inertia", {"ixx": "9"}, (KNEE_LINK, "triangle inequality")),
        (f"link[@name='{KNEE_LINK}']/inertial/mass", {"value": "nan"}, (KNEE_LINK, "nan")),
        (f"joint[@name='{KNEE}']/limit", {"lower": "3", "upper": "2"}, (KNEE, "lower 3 rad", "upper 2 rad")),
        (f"joint[@name='{KNEE}']/limit", {"effort": "0"}, (KNEE, "effort limit 0 Nm")),
        (f"joint[@name='{KNEE}']/axis", {"xyz": "0 0 0"}, (KNEE, "(0, 0, 0)")),
        (f"joint[@name='{KNEE}']", {"name": "left_hip_pitch_joint"}, ("left_hip_pitch_joint", "2 with this name")),
        (f"link[@name='{KNEE_LINK}']", {"name": "pelvis"}, ("pelvis", "2 with this name")),
        ("link[@name='pelvis']/collision/geometry/box", {"size": "0.1 -0.1 0.1"}, ("pelvis", "-0.1")),
    ],
)
def test_a_broken_robot_is_refused_by_guard_and_model(drive_file, path, attributes, said):
    text = mutated(ROBOT_TEXT, path, **attributes)
    with pytest.raises(ValueError) as refusal:
        RobotModel.from_urdf(text, drive_file, "cart.urdf")
    assert str(refusal.value) == refused(text)
    for word in said:
        assert word in refused(text)


def test_a_bicycle_with_wide_tyres_is_refused():
    text = mutated(BICYCLE_TEXT, "link[@name='rear_wheel']/collision/geometry/cylinder", length="0.034")
    assert "link 'rear_wheel'" in refused(text)
    assert "0.034 m wide" in refused(text)


# What PyBullet brings along, as a measure of how strict the guard is

EXAMPLES = Path(pybullet_data.getDataPath())


@pytest.mark.parametrize("name", ["a1/a1.urdf", "aliengo/aliengo.urdf"])
def test_real_robots_of_their_maker_are_sound(name):
    assert inspect((EXAMPLES / name).read_text(encoding="utf-8"), (EXAMPLES / name).parent) == ()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("plane.urdf", ("planeLink", "mass 0 kg")),
        ("r2d2.urdf", ("radius of gyration",)),
        ("kuka_iiwa/model.urdf", ("lbr_iiwa_joint_1", "damping", "0.5")),
        ("franka_panda/panda.urdf", ("panda_finger_joint2", "<mimic>")),
        ("laikago/laikago.urdf", ("chassis", "13.715 kg", "must be positive")),
        ("TwoJointRobot_wo_fixedJoints.urdf", ("link_1", "triangle inequality")),
        ("mini_cheetah/mini_cheetah.urdf", ("no <limit effort>",)),
        ("quadruped/spirit40newer.urdf", ("2 <axis>",)),
    ],
)
def test_examples_that_cannot_be_right_are_refused(name, said):
    path = EXAMPLES / name
    message = refused(path.read_text(encoding="utf-8"), path.parent)
    for word in said:
        assert word in message


# Generated bodies


@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["write", "check"])
def test_a_generated_body_that_is_not_sound_is_neither_written_nor_passed(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.setattr(generators, "FOLDER", tmp_path)
    monkeypatch.setattr("urdf.bicycle.build", lambda: MINIMAL.replace(ARM_MASS, '<mass value="-3"/>'))
    monkeypatch.setattr("sys.argv", ["urdf", *arguments])
    assert generators.main() == 1
    assert capsys.readouterr().err.startswith("urdf/bicycle.urdf: link 'arm': has mass -3 kg")
    assert list(tmp_path.iterdir()) == []
