"""The humanoid's URDF: what its sources say, and the same body in Pinocchio and in PyBullet."""

import csv

import numpy as np
import pinocchio as pin
import pybullet
import pytest

from sim.physics import Physics, PhysicsSettings
from urdf import humanoid
from urdf.humanoid_parameters import FILE, HumanoidParameters
from urdf.xml_writer import Inertial

URDF = FILE.with_name("humanoid.urdf")
CSV = FILE.with_name("x2_ultra_joints.csv")
GRIPS = {"left_wrist_roll_joint": "left_grip_joint", "right_wrist_roll_joint": "right_grip_joint"}
FRAMES = {
    "left_sole": ("left_ankle_roll_link", (0.037, 0.0, -0.068)),
    "right_sole": ("right_ankle_roll_link", (0.037, 0.0, -0.068)),
    "left_grip_frame": ("left_wrist_roll_link", (0.0, -0.022, -0.085)),
    "right_grip_frame": ("right_wrist_roll_link", (0.0, 0.022, -0.085)),
    "pelvis_imu": ("pelvis", (0.024072, -0.0019436, 0.04011)),
    "torso_imu": ("torso_link", (0.0, 0.0, 0.19)),
    "seat": ("pelvis", (0.0, 0.0, -0.075)),
}


@pytest.fixture(scope="module")
def facts():
    with CSV.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def joint_names(facts):
    names = [row["joint"] for row in facts]
    return [name for joint in names for name in (joint, GRIPS.get(joint)) if name]


@pytest.fixture(scope="module")
def model():
    return pin.buildModelFromUrdf(str(URDF), pin.JointModelFreeFlyer())


@pytest.fixture(scope="module")
def bullet():
    physics = Physics(PhysicsSettings())
    yield physics, physics.load(URDF)
    physics.close()


def test_committed_file_is_the_generated_one():
    assert URDF.read_text(encoding="utf-8") == humanoid.build()


def test_total_mass_is_that_of_the_robot(model):
    assert pin.computeTotalMass(model) == pytest.approx(44.80, abs=0.01)


def test_joints_have_the_order_of_the_table_in_both_libraries(joint_names, model, bullet):
    physics, body = bullet
    assert list(model.names)[2:] == joint_names
    kinds = {i: pybullet.getJointInfo(body, i, physicsClientId=physics.id)[2] for i in physics.joints(body).values()}
    moving = [name for name, index in physics.joints(body).items() if kinds[index] != pybullet.JOINT_FIXED]
    assert moving == joint_names


def test_limits_are_those_of_the_table(facts, model):
    for row in facts:
        joint = model.joints[model.getJointId(row["joint"])]
        assert model.lowerPositionLimit[joint.idx_q] == pytest.approx(float(row["lower_rad"]))
        assert model.upperPositionLimit[joint.idx_q] == pytest.approx(float(row["upper_rad"]))
        assert model.effortLimit[joint.idx_v] == pytest.approx(float(row["effort_Nm"]))
        assert model.velocityLimit[joint.idx_v] == pytest.approx(float(row["velocity_rad_s"]))


@pytest.mark.parametrize("name", GRIPS.values())
def test_grips_close_by_a_weak_drive(model, name):
    joint = model.joints[model.getJointId(name)]
    limits = model.lowerPositionLimit, model.upperPositionLimit
    assert [limit[joint.idx_q] for limit in limits] == [0.0, 1.6]
    assert (model.effortLimit[joint.idx_v], model.velocityLimit[joint.idx_v]) == (10.0, 6.0)


def test_hand_with_open_fingers_is_the_link_of_the_table(facts, model):
    for row in facts:
        if row["joint"] not in GRIPS:
            continue
        hand = model.getJointId(row["joint"])
        fingers = model.getJointId(GRIPS[row["joint"]])
        whole = model.inertias[hand] + model.jointPlacements[fingers].act(model.inertias[fingers])
        assert whole.mass == pytest.approx(float(row["child_mass_kg"]), abs=1e-12)
        assert whole.lever == pytest.approx([float(row[f"com_{axis}"]) for axis in "xyz"], abs=1e-8)
        assert whole.inertia == pytest.approx(np.diag([float(row[f"i{a}{a}"]) for a in "xyz"]), abs=1e-8)


def test_masses_and_inertias_are_equal_in_both_libraries(model, bullet):
    physics, body = bullet
    names = ["pelvis", *(name for name in physics.links(body) if name != "pelvis")]
    for name in names:
        info = pybullet.getDynamicsInfo(body, physics.links(body)[name], physicsClientId=physics.id)
        if name in FRAMES:
            assert info[0] == 0.0
            continue
        inertia = model.inertias[model.frames[model.getFrameId(name)].parentJoint]
        assert info[0] == pytest.approx(inertia.mass)
        assert info[3] == pytest.approx(inertia.lever)
        assert sorted(info[2]) == pytest.approx(np.linalg.eigvalsh(inertia.inertia), rel=1e-4)


def test_every_inertia_is_that_of_a_real_body(model):
    for inertia in list(model.inertias)[1:]:
        low, middle, high = np.linalg.eigvalsh(inertia.inertia)
        assert low > 0
        assert low + middle >= high


def test_frames_are_where_they_are_said_to_be(model):
    data = model.createData()
    pin.framesForwardKinematics(model, data, pin.neutral(model))
    for name, (link, xyz) in FRAMES.items():
        place = data.oMf[model.getFrameId(link)].actInv(data.oMf[model.getFrameId(name)])
        assert place.translation == pytest.approx(xyz, abs=1e-9)
        turned = np.diag((1.0, -1.0, -1.0)) if name == "pelvis_imu" else np.eye(3)
        assert place.rotation == pytest.approx(turned, abs=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_forward_kinematics_is_equal_in_both_libraries(model, bullet, seed):
    physics, body = bullet
    data = model.createData()
    q = pin.neutral(model)
    q[7:] = np.random.default_rng(seed).uniform(model.lowerPositionLimit[7:], model.upperPositionLimit[7:])
    pin.framesForwardKinematics(model, data, q)
    for name in list(model.names)[2:]:
        angle = q[model.joints[model.getJointId(name)].idx_q]
        pybullet.resetJointState(body, physics.joints(body)[name], angle, physicsClientId=physics.id)
    com, turn = pybullet.getDynamicsInfo(body, -1, physicsClientId=physics.id)[3:5]
    pybullet.resetBasePositionAndOrientation(body, com, turn, physicsClientId=physics.id)
    for name, link in physics.links(body).items():
        if link < 0:
            continue
        position, orientation = pybullet.getLinkState(
            body, link, computeForwardKinematics=True, physicsClientId=physics.id
        )[4:6]
        place = data.oMf[model.getFrameId(name)]
        assert position == pytest.approx(place.translation, abs=1e-6)
        rotation = np.reshape(pybullet.getMatrixFromQuaternion(orientation), (3, 3))
        assert rotation == pytest.approx(place.rotation, abs=1e-6)


def test_body_falls_with_gravity_alone():
    physics = Physics(PhysicsSettings())
    body = physics.load(URDF)
    pybullet.resetBasePositionAndOrientation(body, (0, 0, 10), (0, 0, 0, 1), physicsClientId=physics.id)
    for _ in range(200):
        pybullet.stepSimulation(physicsClientId=physics.id)
    linear, angular = pybullet.getBaseVelocity(body, physicsClientId=physics.id)
    physics.close()
    assert linear == pytest.approx((0.0, 0.0, -9.81 * 0.2), abs=1e-9)
    assert angular == pytest.approx((0.0, 0.0, 0.0), abs=1e-9)


def test_sole_and_seat_are_the_undersides_of_their_boxes():
    collisions = HumanoidParameters.load().collisions
    for link, height in (("left_ankle_roll_link", -0.068), ("pelvis", -0.075)):
        (box,) = collisions[link]
        assert box.xyz[2] - box.size[2] / 2 == pytest.approx(height)
    (sole,) = collisions["left_ankle_roll_link"]
    assert sole.xyz[0] + np.array((-1, 1)) * sole.size[0] / 2 == pytest.approx((-0.065, 0.139))
    assert sole.size[1] == pytest.approx(0.12)


def test_closed_fingers_surround_the_bar():
    """Every phalanx is outside a bar of 15 mm radius, and no further than 3 mm from it."""
    p = HumanoidParameters.load()
    closed = -1.45
    turn = np.array(((np.cos(closed), -np.sin(closed)), (np.sin(closed), np.cos(closed))))
    points = np.array(p.fingers.points) @ turn.T + p.grip.origin[1:]
    bar = np.array(FRAMES["left_grip_frame"][1][1:])
    for start, end, thickness in zip(points[1:-1], points[2:], p.fingers.thickness[1:], strict=True):
        along = np.linspace(start, end, 20)
        gap = np.linalg.norm(along - bar, axis=1).min() - thickness / 2 - 0.015
        assert -0.002 < gap < 0.003


def test_what_is_left_of_a_body_that_loses_nothing_heavy():
    whole = Inertial(2.0, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 1.0, 0.0, 1.0))
    part = Inertial(1.0, (0.0, 0.0, 0.5), (0.1, 0.0, 0.0, 0.1, 0.0, 0.1))
    rest = humanoid.without(whole, part)
    assert rest.mass == 1.0
    assert rest.com == (0.0, 0.0, -0.5)
    assert rest.inertia == pytest.approx((0.4, 0.0, 0.0, 0.4, 0.0, 0.9))
