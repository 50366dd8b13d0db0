"""A robot that hangs by its pelvis: gravity and drives move it, and nothing gives it energy."""

from functools import partial

import numpy as np
import pinocchio as pin
import pytest

from robot import JointCommand
from scenarios.committed import load_robot
from scenarios.wiring import load_wiring
from sim.hanging_joints import HangingJoints
from tests.unit.held_body import HeldBody

MODEL = load_robot()
WIRING = load_wiring(MODEL)
COUNT = MODEL.size
ZERO = np.zeros(COUNT)
RAISED = np.clip(ZERO, MODEL.limits.lower, MODEL.limits.upper)
RAISED[[MODEL.index("left_hip_pitch_joint"), MODEL.index("left_knee_joint")]] = -0.8, 1.2
HANGING = partial(HangingJoints, model=MODEL, step=0.001)


def hanging(name, **settings):
    return HeldBody(MODEL, WIRING, RAISED, joints=HANGING, name=name, **settings)


def gravity(position):
    return pin.computeGeneralizedGravity(MODEL.pinocchio, MODEL.pinocchio.createData(), position)


def test_without_power_it_falls_by_gravity_alone_and_loses_energy():
    with hanging("limp") as body:
        energies = [body.joints.energy]
        for _ in range(1000):
            body.wait_until(body.now() + 0.002)
            energies.append(body.joints.energy)
        fallen = body.joints.position
    assert np.diff(energies).max() < 0.02  # of the integrator
    assert energies[0] - energies[-1] > 3.0
    assert abs(fallen[MODEL.index("left_knee_joint")]) < 0.3
    assert (fallen >= MODEL.limits.lower).all()
    assert (fallen <= MODEL.limits.upper).all()


def test_drives_hold_it_and_sag_by_what_gravity_asks_over_their_stiffness():
    command = JointCommand(0.0, RAISED, ZERO, ZERO, MODEL.drives.stiffness, MODEL.drives.damping)
    with hanging("stiff", first=command) as body:
        state = body.host.open()
        for _ in range(1000):
            state, _ = body.host.exchange(
                JointCommand(state.time, RAISED, ZERO, ZERO, MODEL.drives.stiffness, MODEL.drives.damping)
            )
        at, speed = body.joints.position.copy(), body.joints.velocity.copy()
    assert np.abs(speed).max() < 0.05
    asked = gravity(at)
    hip = MODEL.index("left_hip_pitch_joint")
    assert abs(asked[hip]) > 5.0
    friction = MODEL.drives.coulomb_friction
    slack = 3.0 * friction + 0.02 * np.abs(asked) + 0.3  # two motors of a linkage have the friction of both joints
    free = (at > MODEL.limits.lower + 1e-6) & (at < MODEL.limits.upper - 1e-6)
    assert (np.abs(MODEL.drives.stiffness * (RAISED - at) - asked) < slack)[free].all()
    assert state.joint_position == pytest.approx(at, abs=0.01)
