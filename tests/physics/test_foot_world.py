"""The robot alone on its feet: its weight, its ground, its links against each other, and nothing else that pushes."""

from contextlib import closing
from itertools import combinations
from math import radians

import numpy as np
import pybullet
import pytest

from robot import JointCommand
from scenarios.assembly import DRIVES, ROBOT_URDF
from scenarios.foot_start import stand
from scenarios.plant_builder import build_robot
from scenarios.plant_schema import Payload, RobotPlant
from sim.disturbance import Push
from sim.foot_world import FootWorld, FootWorldSettings
from sim.ground import Ground, uneven
from sim.ground_layer import lay
from sim.physics import Physics, PhysicsSettings
from sim.robot_body import RobotBody
from sim.sensors import SensorParameters
from tests.stand_in_balance import standing_posture

PERIOD = 0.002
SLOPE = Ground(angle=radians(8), toward=radians(40))


@pytest.fixture(scope="module")
def posture(robot_model):
    return standing_posture(robot_model)


def world_of(model, posture, *, ground=None, pushes=(), urdf=ROBOT_URDF, heading=0.0):
    start = stand(model, posture, heading, ground or Ground())
    settings = FootWorldSettings(
        PhysicsSettings(), SensorParameters(), 0.0, tuple(pushes), PERIOD, ground=ground or Ground()
    )
    return FootWorld(model, urdf, start, settings, np.random.default_rng(0)), start


def hold(world, posture, seconds, stiffness=1500.0):
    """Hold a posture for a while; gives some of the truth at every tick."""
    zero = np.zeros(posture.size)
    gains = np.full(posture.size, stiffness), np.full(posture.size, 20.0)
    rows = []
    for _ in range(round(seconds / PERIOD)):
        world.advance(JointCommand(world.time, posture, zero, zero, *gains))
        truth = world.truth
        rows.append(np.concatenate((truth.foot_force, truth.foot_cop, [truth.self_contact], truth.push)))
    return np.array(rows)


@pytest.fixture(scope="module")
def stood(robot_model, posture):
    """A second of standing on level ground: rows and the truth at the end."""
    world, start = world_of(robot_model, posture, heading=0.7)
    with closing(world):
        return hold(world, start.joint_position, 1.0), world.truth


def test_the_soles_bear_the_weight_calmly(stood, robot_model):
    rows, truth = stood
    vertical = rows[250:, [2, 5]]
    weight = 9.81 * robot_model.mass
    assert vertical.sum(axis=1).mean() == pytest.approx(weight, rel=0.01)
    assert vertical.sum(axis=1).std() < 0.02 * weight
    assert vertical.mean(axis=0) == pytest.approx(0.5 * weight, rel=0.1)
    assert truth.body_ground_contact == truth.self_contact == 0.0


def test_the_centre_of_pressure_is_under_each_sole_and_nothing_slides(stood):
    rows, truth = stood
    cop, soles = rows[-1, 6:12].reshape(2, 3), truth.foot_position.reshape(2, 3)
    assert np.abs(cop - soles)[:, :2].max() < 0.102
    assert np.abs(cop[:, 2]).max() < 0.002
    assert rows[400:, 6:12].std(axis=0).max() < 0.005
    assert truth.foot_slip.max() < 0.001
    np.testing.assert_allclose(truth.foot_yaw, 0.7, atol=0.01)


def test_no_hidden_hand_holds_it(stood, robot_model):
    _, truth = stood
    np.testing.assert_allclose(truth.external_impulse, robot_model.mass * truth.com_velocity, atol=0.02)
    assert truth.undeclared_wrench == 0.0


def test_the_centre_of_mass_starts_above_the_middle_of_the_feet(robot_model, posture):
    for ground in (Ground(), SLOPE):
        world, _ = world_of(robot_model, posture, ground=ground, heading=-0.4)
        with closing(world):
            truth = world.truth
            soles = truth.foot_position.reshape(2, 3)
            np.testing.assert_allclose(truth.com[:2], soles.mean(axis=0)[:2], atol=1e-6)
            np.testing.assert_allclose(soles[:, 2], [ground.height(x, y) for x, y, _ in soles], atol=1e-6)
            assert np.linalg.norm(truth.robot_velocity) == 0.0


def test_both_soles_are_flush_with_a_slope(robot_model, posture):
    world, start = world_of(robot_model, posture, ground=SLOPE)
    with closing(world):
        rows = hold(world, start.joint_position, 0.3)
        contacts = pybullet.getContactPoints(world.robot.id, world.physics.plain, physicsClientId=world.physics.id)
        touched = [contact[3] for contact in contacts if contact[9] > 1.0]
        assert all(touched.count(world.robot.links[f"{side}_ankle_roll_link"]) >= 3 for side in ("left", "right"))
        assert rows[-1, [2, 5]].sum() == pytest.approx(9.81 * robot_model.mass, rel=0.03)
        assert world.truth.foot_slip.max() < 0.002


def test_a_slope_that_is_too_steep_for_the_legs_is_refused(robot_model, posture):
    with pytest.raises(ValueError, match="take a smaller slope"):
        stand(robot_model, posture, 0.0, Ground(angle=radians(60)))


@pytest.mark.parametrize("ground", [SLOPE, uneven(0.03, 0.3, 0.4, 2.0, np.random.default_rng(3))])
def test_the_physics_has_the_ground_that_is_meant(physics, ground):
    lay(physics, ground)
    for x, y in np.random.default_rng(0).uniform(-3.0, 3.0, (40, 2)).tolist():
        hit = pybullet.rayTest((x, y, 2.0), (x, y, -2.0), physicsClientId=physics.id)[0]
        assert hit[0] in physics.ground
        assert hit[3][2] == pytest.approx(ground.height(x, y), abs=1e-4)


def test_a_push_turns_with_the_pelvis_and_gives_its_impulse(robot_model, posture):
    push = Push(0.1, 0.1, (0.0, 60.0, 0.0), "torso_link")
    world, start = world_of(robot_model, posture, pushes=[push], heading=np.pi / 2)
    with closing(world):
        pushes = hold(world, start.joint_position, 0.3)[:, 13:]
        np.testing.assert_allclose(pushes.sum(axis=0) * PERIOD, (-6.0, 0.0, 0.0), atol=0.05)
        assert world.truth.com_velocity[0] < -0.01


def test_two_worlds_go_the_same_way(robot_model, posture):
    ends = []
    for _ in range(2):
        world, start = world_of(robot_model, posture, ground=uneven(0.02, 0.3, 0.0, 1.0, np.random.default_rng(1)))
        with closing(world):
            hold(world, start.joint_position, 0.2, stiffness=300.0)
            ends.append(world.truth.robot_joint_position.tobytes())
    assert ends[0] == ends[1]


def test_what_a_hand_holds_weighs(robot_model, posture):
    plant = RobotPlant(payload=Payload.model_validate({"mass": 3.0, "link": "left_hand"}))
    true = build_robot(plant, robot_model, ROBOT_URDF, DRIVES)
    assert true.model.mass == pytest.approx(robot_model.mass + 3.0)
    world, start = world_of(true.model, posture, urdf=true.urdf)
    with closing(world):
        rows = hold(world, start.joint_position, 0.5)
        assert rows[-100:, [2, 5]].sum(axis=1).mean() == pytest.approx(9.81 * (robot_model.mass + 3.0), rel=0.02)


# Links against each other


@pytest.fixture
def free(robot_model):
    """The robot in space, its links touching each other, and functions that pose it and tell what touches."""
    physics = Physics(PhysicsSettings(gravity=0.0))
    body = RobotBody(physics, ROBOT_URDF, robot_model, touching_itself=True)
    body.base.place(np.array((0.0, 0.0, 5.0)), np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3))
    yield body
    physics.close()


def touching(body, **joints):
    """Pairs of links that overlap with joints at angles, the others at zero [rad]."""
    position = np.zeros(body.model.size)
    for name, angle in joints.items():
        position[body.model.index(f"{name}_joint")] = angle
    body.reset(position, np.zeros(position.size))
    pybullet.performCollisionDetection(physicsClientId=body.physics.id)
    names = {index: name for name, index in body.links.items()}
    contacts = pybullet.getContactPoints(body.id, body.id, physicsClientId=body.physics.id)
    return {tuple(sorted((names[contact[3]], names[contact[4]]))) for contact in contacts if contact[8] < 0.0}


def test_nothing_touches_at_the_zero_pose(free):
    assert touching(free) == set()


def test_neighbours_never_touch_and_legs_may(free):
    names = {index: name for name, index in free.links.items()}
    pairs = {frozenset((names[a], names[b])) for a, b in free.touching}
    for never in (
        ("pelvis", "left_hip_yaw_link"),
        ("left_knee_link", "left_ankle_roll_link"),
        ("pelvis", "torso_link"),
    ):
        assert frozenset(never) not in pairs
    for may in combinations(("left_knee_link", "right_knee_link", "pelvis"), 2):
        assert frozenset(may) in pairs
    assert frozenset(("torso_link", "left_wrist_roll_link")) in pairs


def test_feet_and_hands_are_found_where_they_meet(free):
    assert ("left_ankle_roll_link", "right_ankle_roll_link") in touching(free, left_hip_roll=-0.2, right_hip_roll=0.2)
    assert ("left_wrist_roll_link", "torso_link") in touching(free, left_shoulder_yaw=-1.5, left_elbow=-1.8)


def test_on_a_bicycle_links_go_through_each_other(put_robot, space):
    assert touching(put_robot(space), left_hip_roll=-0.2, right_hip_roll=0.2) == set()


def test_an_arm_that_presses_on_the_torso_is_pushed_back(robot_model, posture):
    pressed = posture.copy()
    asked = {"left_shoulder_yaw_joint": -1.5, "left_elbow_joint": -1.8}
    for name, angle in asked.items():
        pressed[robot_model.index(name)] = angle
    world, _ = world_of(robot_model, posture)
    with closing(world):
        rows = hold(world, pressed, 0.6, stiffness=60.0)
        assert rows[-50:, 12].min() > 10.0
        contacts = pybullet.getContactPoints(world.robot.id, world.robot.id, physicsClientId=world.physics.id)
        assert min(contact[8] for contact in contacts) > -0.005
        assert world.truth.robot_joint_position[robot_model.index("left_elbow_joint")] > -1.75
