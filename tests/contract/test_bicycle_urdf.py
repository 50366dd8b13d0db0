"""The bicycle's URDF: what its parameters say, and the same machine in Pinocchio and in PyBullet."""

import itertools
import xml.etree.ElementTree as ET
from math import cos, pi, sin, tan

import numpy as np
import pinocchio as pin
import pybullet
import pytest

from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF
from sim.physics import Physics, PhysicsSettings
from sim.wheels import contact_points
from urdf import bicycle as generator
from urdf.bicycle_parameters import JOINTS, BicycleParameters


@pytest.fixture(scope="module")
def model():
    return pin.buildModelFromUrdf(str(BICYCLE_URDF), pin.JointModelFreeFlyer())


@pytest.fixture(scope="module")
def bullet():
    physics = Physics(PhysicsSettings())
    yield physics, physics.load(BICYCLE_URDF)
    physics.close()


def configuration(model, angles, base=None):
    """Pinocchio's q for joint angles in the order of JOINTS; a continuous joint is a cosine and a sine."""
    q = pin.neutral(model)
    if base is not None:
        q[:7] = base
    for name, angle in zip(JOINTS, angles, strict=True):
        joint = model.joints[model.getJointId(name)]
        q[joint.idx_q : joint.idx_q + joint.nq] = (angle,) if joint.nq == 1 else (cos(angle), sin(angle))
    return q


def frame(model, q, name):
    data = model.createData()
    pin.framesForwardKinematics(model, data, q)
    return data.oMf[model.getFrameId(name)]


def angles(**given):
    return [given.get(name.removesuffix("_joint"), 0.0) for name in JOINTS]


def test_committed_file_is_the_generated_one():
    assert BICYCLE_URDF.read_text(encoding="utf-8") == generator.build()


@pytest.mark.parametrize("path", [BICYCLE_URDF, ROBOT_URDF], ids=lambda path: path.name)
def test_no_line_is_too_long_for_bullet(path):
    """PyBullet does not load a URDF with a line of over 8192 characters."""
    assert max(len(line) for line in path.read_text(encoding="utf-8").splitlines()) < 8192


def test_total_mass_is_the_sum_of_the_parts(model, bicycle):
    parts = bicycle.bodies
    once = [getattr(parts, name).mass for name in type(parts).model_fields]
    assert pin.computeTotalMass(model) == pytest.approx(sum(once) + parts.pedal.mass + parts.lever.mass)


def test_joints_have_the_declared_order_in_both_libraries(model, bullet):
    physics, body = bullet
    assert tuple(model.names)[2:] == JOINTS
    assert tuple(physics.joints(body)) == JOINTS


def test_masses_and_inertias_are_equal_in_both_libraries(model, bullet):
    physics, body = bullet
    for name, link in physics.links(body).items():
        info = pybullet.getDynamicsInfo(body, link, physicsClientId=physics.id)
        inertia = model.inertias[model.frames[model.getFrameId(name)].parentJoint]
        assert info[0] == pytest.approx(inertia.mass)
        assert info[3] == pytest.approx(inertia.lever, abs=1e-9)
        # Bullet has moments about principal axes, read from the file as single-precision numbers' neighbours.
        assert sorted(info[2]) == pytest.approx(np.linalg.eigvalsh(inertia.inertia), rel=1e-4)


def test_every_inertia_is_that_of_a_real_body(model):
    for name, inertia in zip(list(model.names)[1:], list(model.inertias)[1:], strict=True):
        low, middle, high = np.linalg.eigvalsh(inertia.inertia)
        assert low > 0, name
        assert low + middle >= high * (1 - 1e-9), name


@pytest.mark.parametrize("part", ["frame", "fork", "crank", "rear_wheel", "front_wheel", "side_stand"])
def test_a_part_balances_where_the_parameters_say(model, bicycle, part):
    link = model.frames[model.getFrameId(part)].parentJoint
    found = frame(model, pin.neutral(model), part).act(model.inertias[link].lever)
    np.testing.assert_allclose(found, getattr(bicycle.bodies, part).com, atol=1e-9)


@pytest.mark.parametrize(("link", "side"), [("front_brake_lever", 1), ("rear_brake_lever", -1)])
def test_a_lever_balances_where_the_parameters_say_on_its_side(model, bicycle, link, side):
    joint = model.frames[model.getFrameId(link)].parentJoint
    found = frame(model, pin.neutral(model), link).act(model.inertias[joint].lever)
    x, y, z = bicycle.bodies.lever.com
    np.testing.assert_allclose(found, (x, side * y, z), atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_forward_kinematics_is_equal_in_both_libraries(model, bullet, seed):
    physics, body = bullet
    drawn = np.random.default_rng(seed).uniform(-1.0, 1.0, len(JOINTS))
    data = model.createData()
    pin.framesForwardKinematics(model, data, configuration(model, drawn))
    for joint, angle in zip(physics.joints(body).values(), drawn, strict=True):
        pybullet.resetJointState(body, joint, angle, physicsClientId=physics.id)
    com, turn = pybullet.getDynamicsInfo(body, -1, physicsClientId=physics.id)[3:5]
    pybullet.resetBasePositionAndOrientation(body, com, turn, physicsClientId=physics.id)
    for name, link in physics.links(body).items():
        if link < 0:
            continue
        state = pybullet.getLinkState(body, link, computeForwardKinematics=True, physicsClientId=physics.id)
        place = data.oMf[model.getFrameId(name)]
        # Bullet reads numbers of a URDF in single precision in places.
        assert state[4] == pytest.approx(place.translation, abs=1e-6)
        rotation = np.reshape(pybullet.getMatrixFromQuaternion(state[5]), (3, 3))
        assert rotation == pytest.approx(place.rotation, abs=1e-6)


# Geometry


def test_the_wheelbase_is_the_distance_of_the_axles(model, bicycle):
    q = configuration(model, angles())
    rear, front = (frame(model, q, name).translation for name in ("rear_wheel", "front_wheel"))
    np.testing.assert_allclose(front - rear, (bicycle.geometry.wheelbase, 0.0, 0.0), atol=1e-9)


def test_both_wheels_stand_on_the_ground(model, bicycle):
    q = configuration(model, angles())
    for name in ("rear_wheel", "front_wheel"):
        assert frame(model, q, name).translation[2] == pytest.approx(getattr(bicycle.geometry, f"{name}_radius"))


def test_the_trail_is_how_far_the_steer_axis_meets_the_ground_before_the_contact(model, bicycle):
    """From the joint as it is in the URDF: its axis is what stays when the fork turns."""
    straight, turned = (frame(model, configuration(model, angles(steer=s)), "fork") for s in (0.0, 0.5))
    axis = pin.log3(straight.rotation.T @ turned.rotation)
    axis = axis / np.linalg.norm(axis)
    ground = straight.translation - axis * straight.translation[2] / axis[2]
    assert ground[0] - bicycle.geometry.wheelbase == pytest.approx(bicycle.geometry.trail, abs=1e-6)
    assert axis[2] > 0
    assert -axis[0] / axis[2] == pytest.approx(tan(bicycle.geometry.steer_axis_tilt), abs=1e-6)


def test_steering_left_turns_the_front_wheel_left(model):
    turned = frame(model, configuration(model, angles(steer=0.3)), "front_wheel").rotation
    forward = np.cross(turned[:, 1], (0.0, 0.0, 1.0))
    assert forward[1] > 0


@pytest.mark.parametrize("steer", [-0.6, 0.0, 0.4])
@pytest.mark.parametrize("roll", [-0.3, 0.0, 0.2])
def test_the_contact_points_are_the_lowest_points_of_the_wheels(model, bicycle, steer, roll):
    orientation = (sin(roll / 2), 0.0, 0.0, cos(roll / 2))
    q = configuration(model, angles(steer=steer), (1.0, 2.0, 0.0, *orientation))
    rear, front = contact_points(bicycle.geometry, (1.0, 2.0, 0.0), orientation, steer)
    for name, contact in (("rear_wheel", rear), ("front_wheel", front)):
        wheel = frame(model, q, name)
        around = np.linspace(0.0, 2 * pi, 100_000)
        radius = getattr(bicycle.geometry, f"{name}_radius")
        rim = radius * np.column_stack((np.cos(around), np.zeros_like(around), np.sin(around)))
        points = rim @ wheel.rotation.T + wheel.translation
        # Rim points are 13 micrometres apart.
        np.testing.assert_allclose(contact, points[points[:, 2].argmin()], atol=1e-4)


@pytest.mark.parametrize("crank", np.linspace(0.0, 2 * pi, 16, endpoint=False))
def test_pedals_clear_the_ground_whichever_way_they_hang(model, bicycle, crank):
    """Upright, by at least 2 cm: a lean of 0.15 rad lowers a pedal at y = 0.18 m by as much."""
    half = np.array(bicycle.drive.pedal_size) / 2
    corners = np.array(list(itertools.product((-1, 1), repeat=3))) * half
    for hang in np.linspace(0.0, pi, 8):
        q = configuration(model, angles(crank=crank, left_pedal=hang, right_pedal=hang))
        for name in ("left_pedal", "right_pedal"):
            place = frame(model, q, name)
            assert (corners @ place.rotation.T + place.translation)[:, 2].min() > 0.02


def test_pedals_are_opposite_and_at_the_zero_angle_the_left_one_is_on_top(model, bicycle):
    q = configuration(model, angles())
    left, right = (frame(model, q, name).translation for name in ("left_pedal", "right_pedal"))
    drive = bicycle.drive
    np.testing.assert_allclose(left - right, (0.0, 2 * drive.pedal_offset, 2 * drive.crank_length), atol=1e-9)


def test_turning_forward_is_positive_for_cranks_and_wheels(model, bicycle):
    q = configuration(model, angles(crank=0.1))
    assert frame(model, q, "left_pedal").translation[0] > bicycle.drive.bottom_bracket[0]
    turned = frame(model, configuration(model, angles(rear_wheel=0.1)), "rear_wheel").rotation
    assert (turned @ (0.0, 0.0, 1.0))[0] > 0  # the top of the wheel goes forward


def test_the_wheels_collide_as_cylinders_that_bullet_keeps_round():
    """Exactly 2 mm wide, twice Bullet's fixed margin: 1, 3 or 4 mm destroy the rolling (measured)."""
    root = ET.parse(BICYCLE_URDF).getroot()
    for name in ("rear_wheel", "front_wheel"):
        cylinder = root.find(f"link[@name='{name}']/collision/geometry/cylinder")
        assert cylinder is not None
        assert float(cylinder.attrib["length"]) == 0.002


def test_a_crank_that_reaches_the_ground_is_refused(bicycle):
    values = bicycle.model_dump()
    values["drive"]["crank_length"] = 0.25
    with pytest.raises(ValueError, match=r"drive\.crank_length: a pedal would reach 0\.060 m below the ground"):
        BicycleParameters.model_validate(values)


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("geometry", "wheelbase", -0.85),
        ("geometry", "front_wheel_radius", float("nan")),
        ("brakes", "lever_travel", 0.0),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_by_name(bicycle, table, key, value):
    values = bicycle.model_dump()
    values[table][key] = value
    with pytest.raises(ValueError, match=rf"{table}\.{key}"):
        BicycleParameters.model_validate(values)
