"""Whole-body inverse dynamics: its answers are mechanics, within limits, in every state."""

import numpy as np
import pinocchio as pin
import pytest

from controllers.balance.body_control import LEFT_HAND, LEFT_SOLE, PELVIS, RIGHT_SOLE, TORSO
from controllers.whole_body.free_body import FreeBody
from controllers.whole_body.inverse_dynamics import InverseDynamics, SoleContact
from robot import Body
from scenarios.assembly import BODY, load_robot

HALF_LENGTH, HALF_WIDTH, FRICTION = 0.092, 0.05, 0.55


@pytest.fixture(scope="module")
def robot():
    model = load_robot()
    return model, Body.parse(BODY.read_text(encoding="utf-8"), model)


@pytest.fixture
def problem(robot):
    """The body at ease with both soles on the ground, and a program that keeps it there."""
    model, parameters = robot
    frames = (*parameters.soles, parameters.pelvis, parameters.torso, *parameters.hands)
    body = FreeBody(model, frames, parameters.held)
    body.configuration[7:] = parameters.posture[body.joints]
    body.update()
    body.configuration[2] -= body.position(LEFT_SOLE)[2]
    body.update()
    soles = [SoleContact(sole, HALF_LENGTH, HALF_WIDTH, FRICTION, 0.02) for sole in (LEFT_SOLE, RIGHT_SOLE)]
    dynamics = InverseDynamics(body, soles, model.limits, parameters.posture_weight[body.joints])
    dynamics.frame_weight[:2] = 30.0
    dynamics.frame_weight[PELVIS] = (0.0, 0.0, 8.0, 0.8, 0.8, 1.0)
    dynamics.frame_weight[TORSO, 3:] = 1.5
    dynamics.com_weight[:2] = 15.0
    dynamics.momentum_weight[:] = 0.01
    return body, dynamics


def left_over(body, dynamics):
    """What of M a + h = S' torque + J' wrench does not come out, shape (nv,)."""
    forces = np.zeros(body.nv)
    for index, sole in enumerate((LEFT_SOLE, RIGHT_SOLE)):
        turn = body.rotation(sole)
        wrench = np.concatenate((turn @ dynamics.wrench[index, :3], turn @ dynamics.wrench[index, 3:]))
        forces += body.jacobians[sole].T @ wrench
    torque = np.concatenate((np.zeros(6), dynamics.torque))
    return body.mass_matrix @ dynamics.acceleration + body.bias - torque - forces


def move(body, seed, speed=0.5):
    """Another state: joints off by up to 0.2 rad, everything moving."""
    rng = np.random.default_rng(seed)
    body.configuration[7:] += rng.uniform(-0.2, 0.2, body.nv - 6)
    body.configuration[7:] = np.clip(
        body.configuration[7:], body.model.lowerPositionLimit[7:], body.model.upperPositionLimit[7:]
    )
    body.velocity[:] = rng.uniform(-speed, speed, body.nv)
    body.update()


def test_the_free_body_is_that_of_pinocchio(problem, robot):
    body, _ = problem
    move(body, 1)
    model, _ = robot
    q, v = np.concatenate((body.configuration[:7], np.zeros(model.size))), np.zeros(model.size + 6)
    q[7 + body.joints], v[:6], v[6 + body.joints] = body.configuration[7:], body.velocity[:6], body.velocity[6:]
    whole = model.pinocchio_floating
    data = whole.createData()
    rows = np.concatenate((np.arange(6), 6 + body.joints))
    assert body.mass_matrix == pytest.approx(pin.crba(whole, data, q)[np.ix_(rows, rows)], abs=1e-9)
    assert body.bias == pytest.approx(pin.nonLinearEffects(whole, data, q, v)[rows], abs=1e-9)
    assert body.com == pytest.approx(pin.centerOfMass(whole, data, q, v), abs=1e-12)


def test_drifts_are_what_frames_accelerate_by_their_velocity(problem):
    body, _ = problem
    move(body, 2)
    motions, drifts = body.motions.copy(), body.drifts.copy()
    step = 1e-6
    body.configuration[:] = pin.integrate(body.model, body.configuration, body.velocity * step)
    body.update()
    # The base's velocity is along its own axes, so the same numbers mean a rotated velocity after the step.
    assert (body.motions - motions) / step == pytest.approx(drifts, abs=2e-4)


def test_standing_still_takes_half_of_the_weight_a_foot(problem, robot):
    body, dynamics = problem
    assert dynamics.solve()
    weight = robot[0].mass * 9.81
    assert dynamics.wrench[:, 2].sum() == pytest.approx(weight, rel=1e-3)
    assert dynamics.wrench[:, 2] == pytest.approx([weight / 2] * 2, rel=0.02)
    assert np.abs(dynamics.acceleration).max() < 0.05
    assert np.abs(left_over(body, dynamics)).max() < 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_the_answer_is_mechanics_in_any_state(problem, seed):
    body, dynamics = problem
    move(body, seed, speed=2.0)
    dynamics.com_acceleration[:2] = 2.0, -1.5
    assert dynamics.solve()
    assert np.abs(left_over(body, dynamics)).max() < 1e-6


@pytest.mark.parametrize("wanted", [(8.0, 0.0), (-8.0, 0.0), (0.0, 8.0), (6.0, -6.0)])
def test_wrenches_stay_within_what_soles_can_bear(problem, wanted):
    _, dynamics = problem
    dynamics.com_acceleration[:2] = wanted
    assert dynamics.solve()
    for fx, fy, fz, mx, my, mz in dynamics.wrench:
        assert fz >= -1e-6
        assert max(abs(fx), abs(fy)) <= FRICTION / np.sqrt(2.0) * fz + 1e-3
        assert abs(mx) <= HALF_WIDTH * fz + 1e-3
        assert abs(my) <= HALF_LENGTH * fz + 1e-3
        assert abs(mz) <= 0.02 * fz + 1e-3


def test_a_foot_without_load_bears_nothing_and_can_be_swung(problem):
    body, dynamics = problem
    dynamics.load_max[0] = 0.0
    dynamics.frame_acceleration[LEFT_SOLE, 2] = 3.0
    assert dynamics.solve()
    assert np.abs(dynamics.wrench[0]).max() < 1e-6
    lift = body.jacobians[LEFT_SOLE] @ dynamics.acceleration + body.drifts[LEFT_SOLE]
    assert lift[2] == pytest.approx(3.0, abs=0.3)


def test_torques_stay_within_limits_where_the_task_asks_for_more(problem, robot):
    body, dynamics = problem
    dynamics.frame_weight[LEFT_HAND, :3], dynamics.frame_acceleration[LEFT_HAND, 2] = 20.0, 2000.0
    assert dynamics.solve()
    effort = robot[0].limits.effort[body.joints]
    assert (np.abs(dynamics.torque) <= effort + 0.5).all()
    assert dynamics.residual > 10.0, "it says that the task is not served"


@pytest.mark.parametrize("end", [0, 1])
def test_a_joint_at_its_limit_is_not_driven_beyond(problem, robot, end):
    body, dynamics = problem
    limits = robot[0].limits
    row = list(body.joints).index(robot[0].index("left_elbow_joint"))
    body.configuration[7 + row] = (limits.lower, limits.upper)[end][body.joints[row]]
    body.update()
    dynamics.posture_acceleration[row] = (-100.0, 100.0)[end]
    assert dynamics.solve()
    assert (-1.0, 1.0)[end] * dynamics.acceleration[6 + row] < 0.01


def test_a_joint_that_runs_into_its_limit_is_braked_in_time(problem, robot):
    body, dynamics = problem
    row = list(body.joints).index(robot[0].index("left_elbow_joint"))
    upper = robot[0].limits.upper[body.joints[row]]
    body.configuration[7 + row] = upper - 0.02
    body.velocity[6 + row] = 2.0
    body.update()
    assert dynamics.solve()
    assert dynamics.acceleration[6 + row] < -20.0


def test_singular_legs_give_finite_and_continuous_answers(problem, robot):
    body, dynamics = problem
    rows = [list(body.joints).index(robot[0].index(f"{side}_knee_joint")) for side in ("left", "right")]
    answers = []
    for knee in np.linspace(0.05, 0.0, 26):
        body.configuration[[7 + row for row in rows]] = knee
        body.update()
        assert dynamics.solve()
        answers.append(dynamics.torque.copy())
    jumps = np.abs(np.diff(answers, axis=0)).max()
    assert np.isfinite(answers).all()
    assert jumps < 8.0


def test_an_unsolvable_demand_says_so_and_keeps_the_last_answer(problem):
    _, dynamics = problem
    assert dynamics.solve()
    before = dynamics.torque.copy()
    dynamics.com_acceleration[0] = np.nan
    assert not dynamics.solve()
    assert not dynamics.solved
    assert (dynamics.torque == before).all()
    dynamics.com_acceleration[0] = 0.0
    assert dynamics.solve()
    assert dynamics.torque == pytest.approx(before, abs=1e-6)
