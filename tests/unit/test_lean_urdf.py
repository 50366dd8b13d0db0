"""What the physics leaves out of a URDF."""

from xml.etree import ElementTree

import pytest

from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF
from sim.lean_urdf import without_frames


def links(urdf):
    return {link.get("name") for link in ElementTree.fromstring(urdf).iterfind("link")}


def test_the_robot_loses_its_frames_and_nothing_else():
    urdf = ROBOT_URDF.read_text(encoding="utf-8")
    frames = {f"{side}_{name}" for side in ("left", "right") for name in ("sole", "grip_frame")}
    assert links(urdf) - links(without_frames(urdf)) == frames | {"pelvis_imu", "torso_imu", "seat"}


def test_the_bicycle_has_none_to_lose():
    urdf = BICYCLE_URDF.read_text(encoding="utf-8")
    assert links(without_frames(urdf)) == links(urdf)


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
    assert "b" in links(without_frames(LINK.format(content, more, kind)))


def test_a_link_that_only_names_a_frame_goes():
    assert links(without_frames(LINK.format("", "", "fixed"))) == {"a"}


def test_broken_text_is_left_for_the_loader():
    assert without_frames("<robot>") == "<robot>"
