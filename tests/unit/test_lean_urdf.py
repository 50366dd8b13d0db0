"""What the physics leaves out of a URDF."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF
from sim.lean_urdf import lean


def links(urdf):
    return {link.get("name") for link in ElementTree.fromstring(urdf).iterfind("link")}


def test_the_robot_loses_its_frames_and_nothing_else():
    urdf = ROBOT_URDF.read_text(encoding="utf-8")
    frames = {f"{side}_{name}" for side in ("left", "right") for name in ("sole", "grip_frame")}
    assert links(urdf) - links(lean(urdf, ROBOT_URDF.parent)) == frames | {"pelvis_imu", "torso_imu", "seat"}


def test_the_bicycle_has_none_to_lose():
    urdf = BICYCLE_URDF.read_text(encoding="utf-8")
    assert links(lean(urdf, ROBOT_URDF.parent)) == links(urdf)


LINK = (
    '<robot name="r"><link name="a"/><link name="b">{}</link>{}'
    '<joint name="j" type="{}"><parent link="a"/><child link="b"/></joint></robot>'
)
MASS = '<inertial><mass value="1"/></inertial>'
SHAPE = "<collision/>"
CARRIED = (
    '<link name="c"><inertial><mass value="1"/></inertial></link>'
    '<joint name="k" type="revolute"><parent link="b"/><child link="c"/></joint>'
)


@pytest.mark.parametrize(
    ("content", "more", "kind"),
    [(MASS, "", "fixed"), (SHAPE, "", "fixed"), ("", "", "revolute"), ("", CARRIED, "fixed")],
    ids=["mass", "shape", "moves", "carries"],
)
def test_a_link_that_matters_stays(content, more, kind):
    assert "b" in links(lean(LINK.format(content, more, kind), Path()))


def test_a_link_that_only_names_a_frame_goes():
    assert links(lean(LINK.format("", "", "fixed"), Path())) == {"a"}


def test_a_link_that_says_nothing_of_its_mass_is_told_to_have_none():
    slim = ElementTree.fromstring(lean(LINK.format("", CARRIED, "fixed"), Path()))
    assert [mass.get("value") for mass in slim.iterfind("link/inertial/mass")] == ["0", "0", "1"]


def test_looks_go_and_meshes_are_found_from_anywhere(tmp_path):
    shape = '<geometry><mesh filename="a.obj"/></geometry>'
    content = f"<visual>{shape}</visual><collision>{shape}</collision>"
    slim = ElementTree.fromstring(lean(LINK.format(content, "", "fixed"), tmp_path))
    assert [mesh.get("filename") for mesh in slim.iter("mesh")] == [str(tmp_path / "a.obj")]
