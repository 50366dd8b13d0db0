"""Pictures: sizes, poses in link frames, silence, and meshes that are closed."""

from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pybullet
import pytest

from sim import profiles
from sim.camera import Camera
from sim.mesh import capsule, frustum, rounded_box, rounded_cylinder, sphere
from sim.standing import Pillar
from sim.terrain import Strip, Terrain
from sim.urdf_source import UrdfText
from sim.view import View
from sim.visual_urdf import write_visual_urdf
from urdf.humanoid_parameters import FILE

UPRIGHT = (0.0, 0.0, 0.0, 1.0)


@pytest.fixture(scope="module")
def camera():
    with Camera(FILE.parent, size=(160, 90)) as camera:
        camera.set_pose((0, 0, 0.67), UPRIGHT, {}, (20, 0, 0), UPRIGHT, {})
        yield camera


def test_frame_has_the_size_asked_for_and_is_repeatable(camera):
    frame = camera.frame()
    assert frame.shape == (90, 160, 3)
    assert frame.dtype == np.uint8
    assert np.array_equal(frame, camera.frame())


def test_robot_is_in_the_middle_when_it_is_followed(camera):
    camera.follow((0, 0, 0.65), 3.0, 0.5, 0.1)
    there = camera.frame()
    camera.set_pose((0, 30, 0.67), UPRIGHT, {})
    changed = np.argwhere((there != camera.frame()).any(axis=2))
    camera.set_pose((0, 0, 0.67), UPRIGHT, {})
    assert abs(np.median(changed[:, 1]) - 80) < 8


def test_pose_is_that_of_the_link_frame(camera):
    """Not of PyBullet's inertial frame."""
    body = camera._robot
    camera.set_pose((0.1, 0.2, 0.7), UPRIGHT, (["left_knee_joint"], np.array([0.5])))
    joint = body._joints["left_hip_pitch_joint"]
    hip = pybullet.getLinkState(body._id, joint, computeForwardKinematics=True, physicsClientId=body._client)[4]
    camera.set_pose((0, 0, 0.67), UPRIGHT, {"left_knee_joint": 0.0})
    assert hip == pytest.approx((0.1, 0.2 + 0.07135, 0.7), abs=1e-6)


def test_unknown_joint_is_named(camera):
    with pytest.raises(ValueError, match="no joint 'left_wing'"):
        camera.set_pose((0, 0, 0.67), UPRIGHT, {"left_wing": 0.0})


def test_markers_show_and_nothing_is_printed(capfd):
    with Camera(FILE.parent, size=(160, 90)) as camera:
        camera.set_pose((0, 0, 0.67), UPRIGHT, {}, (20, 0, 0), UPRIGHT, {})
        camera.follow((1, 0, 0.3), 3.0, 1.5, 0.3)
        bare = camera.frame()
        camera.add_path(np.array([[-5.0, 0.0], [0.0, 0.3], [5.0, 0.0]]))
        with_path = camera.frame()
        camera.add_cones([[1.0, 0.0]])
        with_cone = camera.frame()
    for before, after in pairwise((bare, with_path, with_cone)):
        assert (before != after).any()
    assert capfd.readouterr() == ("", "")


def test_terrain_shows_and_the_shadow_lies_on_it():
    """A slab 0.1 m high under the robot hides the plain; told its height, the shadow moves with the ground."""
    along, height = profiles.ramp(0.1, 1.0, 4.0, 1.0)
    with Camera(FILE.parent, size=(160, 90)) as camera:
        camera.set_pose((0, 0, 0.77), UPRIGHT, {}, (20, 0, 0), UPRIGHT, {})
        camera.follow((0, 0, 0.5), 3.0, 1.5, 0.4)
        bare = camera.frame()
        camera.add_terrain(Terrain((Strip("ramp", (-3.0, 0.0), 0.0, 6.0, 4.0, along, height),)))
        low = camera.frame()
        camera.follow((0, 0, 0.5), 3.0, 1.5, 0.4, ground=0.1)
        high = camera.frame()
    assert (bare != low).any(axis=2).mean() > 0.3
    assert 0.001 < (low != high).any(axis=2).mean() < 0.1


def test_a_point_of_the_ground_is_found_in_the_middle_of_the_picture():
    view = View.orbit((2.0, -1.0, 0.0), 5.0, 0.7, 0.4, 0.6, 16 / 9)
    column, row, depth = view.ground_to_pixel((321, 181)) @ (2.0, -1.0, 1.0)
    assert (column / depth, row / depth, depth) == pytest.approx((160.0, 90.0, 5.0))


def test_a_link_whose_visual_is_a_mesh_is_drawn_by_its_collision_shapes_in_its_colour(tmp_path):
    text = """<robot name="ball"><material name="red"><color rgba="1 0 0 1"/></material><link name="body">
      <visual><geometry><mesh filename="package://nowhere/body.dae"/></geometry><material name="red"/></visual>
      <collision><origin xyz="0 0 0.1"/><geometry><capsule radius="0.3" length="0.2"/></geometry></collision>
      <collision><geometry><mesh filename="package://nowhere/body.stl"/></geometry></collision>
    </link></robot>"""
    (drawn,) = ElementTree.parse(write_visual_urdf(UrdfText(text, "ball.urdf", tmp_path), tmp_path)).iter("visual")
    mesh, material, origin = (next(drawn.iterfind(path)) for path in ("geometry/mesh", "material", "origin"))
    assert (tmp_path / mesh.attrib["filename"]).is_file()
    assert (material.attrib["name"], origin.attrib["xyz"]) == ("red", "0 0 0.1")


@pytest.mark.parametrize(
    ("mesh", "volume"),
    [
        (rounded_box(0.1, 0.2, 0.3), 0.1 * 0.2 * 0.3),
        (sphere(0.1), 4 / 3 * np.pi * 0.1**3),
        (capsule(0.05, 0.2), np.pi * 0.05**2 * 0.2 + 4 / 3 * np.pi * 0.05**3),
        (rounded_cylinder(0.05, 0.2), np.pi * 0.05**2 * 0.2),
        (frustum(0.1, 0.05, 0.3), np.pi * 0.3 / 3 * (0.1**2 + 0.1 * 0.05 + 0.05**2)),
    ],
)
def test_meshes_are_closed_and_face_outward(mesh, volume):
    for surface in (mesh, mesh.split(0.03)):
        a, b, c = (surface.vertices[surface.triangles[:, k]] for k in range(3))
        outward = np.einsum("ij,ij->i", np.cross(b - a, c - a), surface.normals[surface.triangles].mean(axis=1))
        assert (outward > 0).all()
        assert np.einsum("ij,ij->", a, np.cross(b, c)) / 6 == pytest.approx(volume, rel=0.1)


def test_what_stands_there_is_shown_while_it_is_there(camera):
    pillar = Pillar((0.0, 0.0), 0.5, since=2.0, until=3.0)
    frames = []
    for time in (1.0, 2.0, 2.5, 3.0):
        camera.show_standing((pillar,), time)
        frames.append(camera.frame())
    before, first, then, after = frames
    assert (before != first).any()
    assert np.array_equal(first, then)
    assert np.array_equal(before, after)
