"""A hand holds the bar with 150 N at most, lets go when it is opened or overloaded, and squeezes the brake lever."""

from math import pi

import numpy as np
import pybullet
import pytest

from sim.experiments.flight import step
from sim.experiments.momentum import momentum
from sim.hand import Hand, HandParameters
from sim.physics import Source
from urdf.bicycle import steer_origin

LIMIT = 150.0  # [N]
FORWARD = np.array((1.0, 0.0, 0.0))


class Grasp:
    """Robot and bicycle in space, seated, with the left hand at its grip; they touch by that hand alone."""

    def __init__(self, space, robot, machine, hand):
        self.physics, self.robot, self.machine, self.hand = space, robot, machine, hand

    def fingers(self, angle):
        """Put the fingers at an angle [rad]."""
        position = self.robot.position.copy()
        position[self.robot.model.index("left_grip_joint")] = angle
        self.robot.reset(position, np.zeros_like(position))
        return self.hand.update()

    def pull(self, force, seconds):
        """Pull the bicycle away from a stiff robot; gives the hand's force and the robot's own gain of momentum."""
        told, felt = [], []
        held = self.robot.position.copy()
        before = momentum(self.physics, self.robot.id).linear
        for _ in range(round(seconds / 0.001)):
            # Stiff, and damped as far as 1 ms steps bear with wrists of 0.004 kg·m².
            self.robot.apply(200.0 * (held - self.robot.position) - 1.0 * self.robot.velocity)
            at = pybullet.getBasePositionAndOrientation(self.machine.id, physicsClientId=self.physics.id)[0]
            self.physics.push(self.machine.id, -1, force * FORWARD, at, Source.DISTURBANCE)
            step(self.physics)
            self.robot.read()
            self.machine.read()
            self.hand.update()
            after = momentum(self.physics, self.robot.id).linear
            told.append(self.hand.force)
            felt.append(float(np.linalg.norm(after - before)) / 0.001)
            before = after
        return np.array(told), np.array(felt)


@pytest.fixture
def grasp(space, put_robot, put_bicycle, posture, bicycle):
    """The left hand at its grip, not yet closed."""
    height = 10.0
    joints = posture.solve(0.0, 0.5 * pi)
    robot = put_robot(space, height=height, joints=joints)
    x, y, z = posture.pelvis_in_bicycle
    robot.base.place(np.array((x, y, height + z)), np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3))
    machine = put_bicycle(space, height=height)
    for link in range(-1, space.joint_count(machine.id)):
        pybullet.setCollisionFilterGroupMask(machine.id, link, 0, 0, physicsClientId=space.id)
    (x, y, z), origin = bicycle.handlebar.grip, steer_origin(bicycle)
    grip = (x - origin[0], y - origin[1], z - origin[2])
    hand = Hand(robot, machine, "left_grip_frame", "left_grip_joint", grip, 1, HandParameters())
    return Grasp(space, robot, machine, hand)


def test_closing_the_fingers_around_the_bar_takes_hold_of_it(grasp):
    grasp.fingers(1.4)
    assert grasp.hand.closed


def test_open_fingers_do_not_hold(grasp):
    grasp.fingers(0.3)
    assert not grasp.hand.closed


def test_a_bar_out_of_reach_is_not_caught(grasp):
    """5 cm ahead of where the hand is."""
    grasp.machine.base.place(np.array((0.05, 0.0, 10.0)), np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3))
    grasp.fingers(1.4)
    assert not grasp.hand.closed


def test_opening_the_fingers_lets_go(grasp):
    grasp.fingers(1.4)
    grasp.fingers(0.3)
    assert not grasp.hand.closed
    assert grasp.hand.force == 0


def test_a_hand_that_let_go_holds_nothing(grasp):
    """Pulled at, the bicycle flies away alone."""
    grasp.fingers(1.4)
    grasp.fingers(0.3)
    _, felt = grasp.pull(100.0, 0.2)
    # What the robot's own limbs leave as they settle: integration in steps of 1 ms.
    assert felt.max() < 5.0


def test_a_hand_that_closes_beside_the_middle_draws_the_bar_in(grasp):
    """It lets go, the bicycle is put 15 mm ahead, and it closes: the bar comes to the middle within 0.15 s, gently."""
    grasp.fingers(1.4)
    grasp.fingers(0.3)
    grasp.machine.base.place(np.array((0.015, 0.0, 10.0)), np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3))
    grasp.machine.read()
    grasp.fingers(1.4)
    assert grasp.hand.closed
    assert grasp.hand.caught == pytest.approx(0.015, abs=0.004)
    told, _ = grasp.pull(0.0, 0.3)
    assert grasp.hand._gap() < 0.002
    assert told.max() < 60.0


def test_a_moderate_pull_is_held(grasp):
    """30 N for a second: the robot is drawn along."""
    grasp.fingers(1.4)
    told, _ = grasp.pull(30.0, 1.0)
    assert grasp.hand.closed
    assert told.max() < LIMIT


@pytest.mark.parametrize("force", [300.0, 1000.0])
def test_an_overload_opens_the_hand(grasp, force):
    grasp.fingers(1.4)
    grasp.pull(force, 0.5)
    assert not grasp.hand.closed


@pytest.mark.parametrize("force", [100.0, 300.0, 1000.0])
def test_the_force_is_never_above_the_limit(grasp, force):
    """By what the hand says and by what the robot feels, which Bullet cannot talk away: its momentum."""
    grasp.fingers(1.4)
    told, felt = grasp.pull(force, 0.5)
    assert told.max() <= LIMIT * (1 + 1e-9)
    # Integration of limbs in steps of 1 ms adds some newtons to the momentum's rate.
    assert felt.max() < 1.05 * LIMIT


def test_what_the_hand_tells_is_what_the_robot_feels(grasp):
    grasp.fingers(1.4)
    told, felt = grasp.pull(60.0, 0.5)
    # Once the arm is taut.
    assert felt[250:].mean() == pytest.approx(told[250:].mean(), rel=0.05)


def test_a_squeeze_pulls_the_lever_and_presses_back_on_the_fingers(grasp, bicycle):
    """The same force at both ends, each on its own arm."""
    grasp.fingers(1.4)
    on_fingers = grasp.fingers(1.45)
    on_lever = grasp.machine.lever_pull[1]
    assert on_lever > 0
    assert on_fingers < 0
    arms = bicycle.brakes.lever_length / HandParameters().finger_length
    assert on_lever == pytest.approx(-on_fingers * arms)


def test_a_hand_that_only_holds_does_not_brake(grasp):
    on_fingers = grasp.fingers(1.3)
    assert grasp.hand.closed
    assert on_fingers == 0
    assert grasp.machine.lever_pull == [0.0, 0.0]


def test_letting_go_lets_the_lever_go(grasp):
    grasp.fingers(1.4)
    grasp.fingers(1.5)
    grasp.fingers(0.3)
    assert grasp.machine.lever_pull == [0.0, 0.0]


def test_a_hand_pulls_the_lever_of_its_own_side_alone(grasp):
    grasp.fingers(1.4)
    grasp.fingers(1.45)
    assert grasp.machine.lever_pull[0] == 0
