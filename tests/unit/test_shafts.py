"""Shafts of the drives: what two motors of a linkage can do, and what reaches the joints."""

from dataclasses import replace

import numpy as np
import pytest

from robot import RobotModel
from robot.wiring import Wiring
from scenarios.assembly import load_robot
from scenarios.wiring import load_wiring
from sim.shafts import Shafts


@pytest.fixture(scope="module")
def model() -> RobotModel:
    return load_robot()


@pytest.fixture(scope="module")
def wiring(model) -> Wiring:
    return load_wiring(model)


def test_motors_of_a_linkage_are_as_strong_as_their_model_is_elsewhere(model, wiring):
    limits = Shafts(wiring).limits(model.limits)
    elbow, shoulder = model.index("left_elbow_joint"), model.index("left_shoulder_pitch_joint")
    assert wiring.wires[shoulder].model == wiring.wires[elbow].model
    for mounted in wiring.linkages:
        for place in (mounted.pitch, mounted.roll):
            assert wiring.wires[place].model == wiring.wires[elbow].model
            assert limits.effort[place] == model.limits.effort[elbow]
            assert limits.velocity[place] >= model.limits.velocity[shoulder]


def test_motors_of_a_model_that_moves_nothing_alone_reach_either_limit(model, wiring):
    """Then there is nothing to know them by but the limits of the joints."""
    waist = next(mounted for mounted in wiring.linkages if mounted.linkage.name == "waist")
    both = (waist.pitch, waist.roll)
    wires = list(wiring.wires)
    for place in both:
        wires[place] = replace(wires[place], model=replace(wires[place].model, name="another"))
    effort = Shafts(replace(wiring, wires=tuple(wires))).limits(model.limits).effort
    jacobian = waist.linkage.motors(0.0, 0.0).jacobian
    for joint, alone in ((waist.pitch, (1.0, 0.0)), (waist.roll, (0.0, 1.0))):
        asked = np.abs(jacobian.motor_torque(*(model.limits.effort[joint] * np.array(alone))))
        assert asked.max() <= effort[list(both)].min() + 1e-9
    assert effort[waist.pitch] < model.limits.effort[model.index("left_elbow_joint")]


def test_two_motors_give_no_joint_more_than_its_limit(model, wiring):
    shafts = Shafts(wiring)
    shafts.motion(np.zeros((2, model.size)))
    efforts = shafts.limits(model.limits).effort
    waist = next(mounted for mounted in wiring.linkages if mounted.linkage.name == "waist")
    both = [waist.pitch, waist.roll]
    most = model.limits.effort[both]
    for signs in ((1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)):
        torque = np.zeros(model.size)
        torque[both] = efforts[both] * np.array(signs) * [wiring.wires[place].direction for place in both]
        at_joints = np.abs(shafts.joint_torque(torque)[both])
        assert np.all(at_joints <= most)
        assert at_joints.max() == pytest.approx(most.max())
