"""Inverse kinematics with the base free: right derivatives, limits, priority, singular legs, and honest answers."""

import daqp
import numpy as np
import pinocchio as pin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controllers.whole_body.inverse_kinematics import InverseKinematics
from controllers.whole_body.kinematics import Kinematics
from controllers.whole_body.tasks import ComTask, FrameTask, MomentumTask, Verdict
from tests.conftest import PERIOD

FRAMES = ("left_sole", "right_sole", "torso_link", "left_grip_frame", "right_grip_frame")
LEFT_FOOT, RIGHT_FOOT, TORSO, LEFT_HAND, RIGHT_HAND, COM = range(6)
HELD = ("left_grip_joint", "right_grip_joint")
MARGIN = 0.02
SLACK = 1e-6
"""daqp holds bounds to this."""
BENT = {"hip_pitch": -0.45, "knee": 0.9, "ankle_pitch": -0.45, "shoulder_pitch": -0.2, "elbow": -1.2}
seeds = st.integers(0, 10_000)


def bent(names, angles):
    """Joint positions with some angles on both sides."""
    return np.array([next((a for part, a in angles.items() if f"_{part}_joint" in name), 0.0) for name in names])


class Stand:
    """A body that stands, with feet, torso, hands and centre of mass as tasks that are served where it is."""

    def __init__(self, model, *, angles=BENT, feet_first=False, momentum=False, **options):
        self.body = Kinematics(model, FRAMES, free=True, held=HELD)
        feet = [FrameTask(foot, 30.0, 10.0, first=feet_first) for foot in (LEFT_FOOT, RIGHT_FOOT)]
        hands = [FrameTask(hand, 20.0, 2.0) for hand in (LEFT_HAND, RIGHT_HAND)]
        tasks: list[FrameTask | ComTask | MomentumTask] = [
            *feet,
            FrameTask(TORSO, 0.0, 5.0),
            *hands,
            ComTask(20.0),
            *[MomentumTask(1.0)] * momentum,
        ]
        self.lower, self.upper = model.limits.lower[self.body.joints], model.limits.upper[self.body.joints]
        self.speed = model.limits.velocity[self.body.joints]
        posture = np.clip(bent(self.body.names, angles), self.lower + MARGIN, self.upper - MARGIN)
        self.ik = InverseKinematics(
            self.body, tasks, model.limits, np.full(len(posture), 0.1), PERIOD, MARGIN, **options
        )
        self.ik.posture[:] = posture
        self.q = np.concatenate((np.zeros(6), (1.0,), posture))
        self.hold()

    def hold(self):
        """Want everything where it is."""
        self.body.update(self.q)
        for frame in range(len(FRAMES)):
            self.ik.hold(frame)
        self.body.com_jacobian()
        self.ik.com[:] = self.body.com

    def run(self, ticks):
        """Take steps that keep the limits, tick by tick; gives the configurations, shape (ticks, nq)."""
        path = []
        for _ in range(ticks):
            moved = self.ik.step(self.q)
            assert np.isfinite(moved).all()
            assert (np.abs(moved[7:] - self.q[7:]) <= self.speed * PERIOD + SLACK).all()
            assert (moved[7:] >= self.lower + MARGIN - SLACK).all()
            assert (moved[7:] <= self.upper - MARGIN + SLACK).all()
            self.q = moved
            path.append(moved)
        return np.array(path)

    def report(self):
        """How the tasks are served where it is now."""
        self.ik.step(self.q)
        return self.ik.report()


@pytest.fixture
def stand(robot_model):
    return Stand(robot_model)


def at_random(body, seed):
    rng = np.random.default_rng(seed)
    q = body.moved(np.concatenate((np.zeros(6), (1.0,), np.zeros(body.nv - 6))), rng.uniform(-1.0, 1.0, body.nv))
    return q, rng


@settings(max_examples=10)
@given(seeds)
def test_jacobians_are_the_derivatives_of_what_the_tasks_measure(robot_model, seed):
    body = Kinematics(robot_model, FRAMES, free=True, held=HELD)
    q, _ = at_random(body, seed)
    body.update(q)
    jacobians = np.concatenate((*body.jacobians, body.com_jacobian()))
    places, turns, h = body.positions.copy(), body.rotations.copy(), 1e-6
    com = body.com.copy()
    for column in range(body.nv):
        body.update(body.moved(q, h * np.eye(body.nv)[column]))
        body.com_jacobian()
        rates = []
        for frame in range(len(FRAMES)):
            rates += [body.positions[frame] - places[frame], pin.log3(body.rotations[frame] @ turns[frame].T)]
        found = np.concatenate((*rates, body.com - com)) / h
        np.testing.assert_allclose(jacobians[:, column], found, atol=5e-6)


@settings(max_examples=10)
@given(seeds)
def test_the_momentum_jacobian_gives_the_sum_over_all_links(robot_model, seed):
    body = Kinematics(robot_model, FRAMES, free=True, held=HELD)
    q, rng = at_random(body, seed)
    velocity = rng.normal(size=body.nv)
    model = pin.buildReducedModel(
        robot_model.pinocchio_floating, [robot_model.pinocchio_floating.getJointId(name) for name in HELD],
        pin.neutral(robot_model.pinocchio_floating),
    )  # fmt: skip
    data = model.createData()
    pin.forwardKinematics(model, data, q, velocity)
    com = pin.centerOfMass(model, data, q, velocity)
    expected = np.zeros(3)
    for joint in range(1, model.njoints):
        inertia, place, motion = model.inertias[joint], data.oMi[joint], data.v[joint]
        lever = place.act(inertia.lever) - com
        rate = place.rotation @ (motion.linear + np.cross(motion.angular, inertia.lever))
        expected += np.cross(lever, inertia.mass * rate) + place.rotation @ inertia.inertia @ motion.angular
    np.testing.assert_allclose(body.momentum_jacobian(q) @ velocity, expected, atol=1e-9)


def test_a_step_solves_the_weighted_least_squares_where_no_limit_is_near(robot_model, stand):
    """With small errors, no damping: the same as stacking all rows and solving once."""
    free = Stand(robot_model, damping=0.0)
    ik = free.ik
    ik.com += (0.0, 1e-4, -1e-4)
    ik.position[LEFT_HAND] += (1e-4, 0.0, 1e-4)
    moved = ik.step(free.q)
    weights = np.concatenate((ik.frame_weight.reshape(-1), np.full(3, 20.0)))
    rows = weights[:, None] * np.concatenate((*free.body.jacobians, free.body.com_jacobian()))
    errors = np.zeros(33)
    errors[18:21], errors[30:] = (1e-4, 0.0, 1e-4), (0.0, 1e-4, -1e-4)
    cost = np.diag(np.concatenate((np.full(6, 1e-3), np.full(31, 0.1))))
    step = np.linalg.lstsq(np.vstack((rows, cost)), np.concatenate((weights * errors, np.zeros(37))))[0]
    np.testing.assert_allclose(ik.change, step, atol=1e-8)
    np.testing.assert_allclose(moved, free.body.moved(free.q, step), atol=1e-8)


def test_with_the_base_held_and_nothing_damped_it_is_the_plain_step(robot_model, posture):
    """The rider's arithmetic, bit for bit: task after task, as the chart of the rides was always made."""
    ik, body, weights = posture.inverse_kinematics, posture.kinematics, ((30.0, 8.0),) * 2 + ((30.0, 0.2),) * 2
    targets = posture.targets(0.2, 1.0, posture.pelvis_in_bicycle, np.eye(3))
    position = posture.solve(0.1, 0.7)
    ik.aim(targets, posture.nominal)
    found = ik.step(position)
    stack, error = np.zeros((24, position.size)), np.zeros(24)
    for row, ((wp, wr), (place, turn)) in enumerate(zip(weights, targets, strict=True)):
        jacobian, rotation = body.jacobian(row), body.rotation(row)
        linear, angular = slice(6 * row, 6 * row + 3), slice(6 * row + 3, 6 * row + 6)
        stack[linear], error[linear] = wp * jacobian[:3], wp * (place - body.position(row))
        if turn.ndim == 2:
            stack[angular] = wr * jacobian[3:]
            a, b, c = (np.cross(rotation[:, axis], turn[:, axis]) for axis in range(3))
            error[angular] = wr * (0.5 * (a + b + c))
        else:
            axis = rotation[:, 0]
            stack[angular] = wr * ((np.eye(3) - np.outer(axis, axis)) @ jacobian[3:])
            error[angular] = wr * np.cross(axis, turn)
    cost = ik.posture_weight**2
    hessian = stack.T @ stack
    hessian[np.diag_indices(position.size)] += cost
    gradient = -(error @ stack) + cost * (position - posture.nominal)
    limits = robot_model.limits
    upper = np.minimum(limits.upper - MARGIN - position, limits.velocity * PERIOD)
    lower = np.maximum(limits.lower + MARGIN - position, -limits.velocity * PERIOD)
    step = daqp.solve(hessian, gradient, np.zeros((0, position.size)), upper, lower)[0]
    np.testing.assert_allclose(found, position + step, atol=1e-10)


def test_without_an_error_nothing_moves(stand):
    path = stand.run(5)
    np.testing.assert_allclose(path, np.tile(path[0], (5, 1)), atol=1e-9)
    assert all(service.verdict is Verdict.SERVED for service in stand.report())


def test_the_centre_of_mass_goes_where_it_is_wanted_and_the_feet_stay(stand):
    target = stand.ik.com + np.array((0.01, 0.03, -0.05))
    start = stand.ik.com.copy()
    for share in np.linspace(0.0, 1.0, 200):
        stand.ik.com[:] = start + share * (target - start)
        stand.run(1)
    stand.run(50)
    stand.ik.step(stand.q)
    np.testing.assert_allclose(stand.body.com, target, atol=5e-4)
    assert stand.ik.residual[[LEFT_FOOT, RIGHT_FOOT]].max() < 2e-4
    assert stand.report()[COM].verdict is Verdict.SERVED


def test_angular_momentum_is_made_when_it_is_wanted(robot_model):
    """A body that is free in the air: nothing but the momentum is asked for, and it turns."""
    stand = Stand(robot_model, momentum=True)
    stand.ik.frame_weight[:] = 0.0
    wanted = stand.ik.momentum[:] = (0.2, -0.3, 0.1)
    stand.ik.step(stand.q)
    made = stand.body.momentum_jacobian(stand.q) @ stand.ik.velocity
    np.testing.assert_allclose(made, wanted, atol=1e-3)
    assert stand.ik.report()[-1].verdict is Verdict.SERVED


def test_weights_by_axis_leave_the_other_axes_free(robot_model, stand):
    stand.ik.frame_weight[LEFT_HAND] = (0.0, 0.0, 20.0, 0.0, 0.0, 0.0)
    stand.ik.position[LEFT_HAND] += (0.3, 0.3, 0.02)
    stand.run(100)
    service = stand.report()[LEFT_HAND]
    assert service.verdict is Verdict.SERVED
    assert service.distance < 1e-3


def test_a_target_that_jumps_is_followed_as_fast_as_the_joints_may(robot_model, stand):
    stand.ik.position[LEFT_HAND] += (0.1, 0.05, 0.1)
    stand.ik.com += (0.0, 0.03, -0.03)
    path = stand.run(1)
    assert stand.ik.report()[LEFT_HAND].verdict is Verdict.UNDERWAY
    stand.run(400)
    assert stand.report()[LEFT_HAND].verdict is Verdict.SERVED
    assert np.abs(path[0] - stand.q).max() > 0.1


def test_a_held_frame_stays_and_a_held_axis_too(robot_model):
    body = Kinematics(robot_model, FRAMES, free=True, held=HELD)
    axis = np.array((1.0, 0.0, 0.0))
    weight = np.full(31, 0.1)
    ik = InverseKinematics(body, [FrameTask(LEFT_HAND, 20.0, 2.0, axis)], robot_model.limits, weight, PERIOD)
    q, _ = at_random(body, 3)
    limits, joints = robot_model.limits, body.joints
    q[7:] = ik.posture[:] = np.clip(q[7:], limits.lower[joints] + 0.1, limits.upper[joints] - 0.1)
    ik.step(q)
    ik.hold(0)
    np.testing.assert_allclose(ik.step(q), q, atol=1e-6)
    service = ik.report()[0]
    assert service.verdict is Verdict.SERVED
    assert service.distance < 1e-6
    assert service.turn < 1e-6


def test_a_half_turn_is_turned(robot_model, stand):
    """Beyond a right angle the axes' cross products get smaller again; at a half turn they vanish."""
    ik = stand.ik
    ik.frame_weight[:, :] = 0.0
    ik.frame_weight[TORSO, 3:] = 5.0
    ik.rotation[TORSO] = ik.rotation[TORSO] @ pin.utils.rotate("z", np.pi)
    stand.run(400)
    assert stand.report()[TORSO].turn < 0.01


@pytest.mark.parametrize("away", [(0.0, 2.0, 0.5), (3.0, 0.0, 0.0), (0.3, 0.3, -0.5)])
def test_out_of_reach_the_hand_comes_to_rest_near_and_says_so(stand, away):
    ik = stand.ik
    ik.position[LEFT_HAND] += away
    before = np.linalg.norm(ik.position[LEFT_HAND] - stand.body.positions[LEFT_HAND])
    path = stand.run(1500)
    service = stand.report()[LEFT_HAND]
    assert service.verdict in (Verdict.LIMITED, Verdict.OUT_OF_REACH)
    assert service.distance < before - 0.1
    assert (service.verdict is Verdict.LIMITED) == bool(service.joints)
    # At rest: no joint trembles, and the feet have not been pulled away. Without damping a joint goes to and fro by
    # 0.03 rad a tick; without a stride a foot is torn away by 0.15 m.
    steps = np.diff(path[-200:], axis=0)
    assert np.abs(steps).max() < 2e-4
    assert np.abs(np.diff(steps, axis=0)).max() < 1e-6
    assert ik.residual[[LEFT_FOOT, RIGHT_FOOT]].max() < 2e-3
    # Nearest: no small motion of the arm brings the hand nearer, the limits kept.
    arm = [i for i, name in enumerate(stand.body.names) if name.startswith("left") and "shoulder" in name]
    for joint in arm:
        for change in (-0.05, 0.05):
            q = stand.q.copy()
            q[7 + joint] = np.clip(q[7 + joint] + change, stand.lower[joint] + MARGIN, stand.upper[joint] - MARGIN)
            stand.body.update(q)
            assert np.linalg.norm(ik.position[LEFT_HAND] - stand.body.positions[LEFT_HAND]) > service.distance - 2e-3


def test_a_joint_at_its_limit_is_named(stand):
    """The head of the arm's chain can do it all but the elbow: the hand is wanted inside the shoulder."""
    knee = stand.body.names.index("left_knee_joint")
    ik = stand.ik
    ik.frame_weight[:] = 0.0
    ik.frame_weight[[LEFT_FOOT, TORSO]] = 30.0
    ik.hold(TORSO)
    hip = stand.body.positions[LEFT_FOOT] + (0.0, 0.0, 0.5)
    ik.com_weight[:] = 0.0
    ik.frame_weight[LEFT_FOOT, 3:] = 0.0
    ik.position[LEFT_FOOT] = hip
    stand.run(1500)
    service = stand.report()[LEFT_FOOT]
    assert service.verdict is Verdict.LIMITED
    assert "left_knee_joint" in service.joints
    assert stand.q[7 + knee] == pytest.approx(stand.upper[knee] - MARGIN, abs=1e-3)


def test_straight_knees_are_passed_without_a_jump(robot_model):
    """The body is asked to stand up beyond its legs' length, and to squat again."""
    stand = Stand(robot_model)
    start, path, verdicts = stand.ik.com.copy(), [stand.q], []
    rise = 0.15 * np.sin(np.linspace(0.0, np.pi, 1500)) ** 2
    for height in rise:
        stand.ik.com[2] = start[2] + height
        path += list(stand.run(1))
        verdicts.append(stand.ik.report()[COM].verdict)
    joints = np.array(path)[:, 7:]
    knees = [stand.body.names.index(f"{side}_knee_joint") for side in ("left", "right")]
    assert joints[:, knees].min() < MARGIN + 0.05
    steps = np.diff(joints, axis=0)
    # Without damping the hips go to and fro at their greatest speed, 0.029 rad a tick.
    assert np.abs(steps).max() < 0.015
    assert np.abs(np.diff(steps, axis=0)).max() < 0.002
    assert any(verdict is not Verdict.SERVED for verdict in verdicts)
    stand.run(300)
    assert all(service.verdict is Verdict.SERVED for service in stand.report())
    assert stand.ik.failures == 0


@settings(max_examples=8)
@given(seeds)
def test_no_target_makes_a_step_leave_the_limits(robot_model, seed):
    stand = Stand(robot_model, feet_first=True, momentum=True)
    rng = np.random.default_rng(seed)
    stand.ik.position[:] = rng.uniform(-2.0, 2.0, (len(FRAMES), 3))
    stand.ik.rotation[:] = pin.exp3(rng.uniform(-2.0, 2.0, 3))
    stand.ik.com[:], stand.ik.momentum[:] = rng.uniform(-2.0, 2.0, (2, 3))
    stand.run(150)
    assert stand.ik.failures == 0


@pytest.mark.parametrize("angles", [BENT, {}])
@pytest.mark.parametrize("lift", [0.05, 2.0])
def test_what_is_not_first_takes_nothing_from_what_is(robot_model, angles, lift):
    """Feet first; then hand and centre of mass are torn away. Bent and straight knees, a foot in and out of reach."""
    residuals = []
    for pull in (0.0, 1.0):
        stand = Stand(robot_model, angles=angles, feet_first=True)
        stand.ik.position[LEFT_FOOT] += (0.0, 0.0, lift)
        stand.ik.position[LEFT_HAND] += pull * np.array((0.5, 0.5, 1.0))
        stand.ik.com += pull * np.array((0.2, 0.2, 0.3))
        stand.run(600)
        stand.ik.step(stand.q)
        residuals.append(stand.ik.residual[[LEFT_FOOT, RIGHT_FOOT]].copy())
    # A hundredth of the weight, of errors of 20 mm at most: a few micrometres. Both together, since with a foot out of
    # reach the other is a stride away, where one foot's gain is the other's loss.
    assert residuals[1].sum() < residuals[0].sum() + 5e-6
    assert (residuals[1].max() < 1e-5) == (lift < 1.0)


def test_without_priority_the_same_conflict_moves_the_feet(robot_model):
    stand = Stand(robot_model)
    stand.ik.position[LEFT_HAND] += (0.5, 0.5, 1.0)
    stand.ik.com += (0.2, 0.2, 0.3)
    stand.run(600)
    stand.ik.step(stand.q)
    assert stand.ik.residual[[LEFT_FOOT, RIGHT_FOOT]].max() > 1e-3


def test_joints_slow_down_before_their_limit_when_that_is_asked(robot_model):
    fastest = []
    for approach in (1.0, 0.2):
        stand = Stand(robot_model, approach=approach)
        stand.ik.position[LEFT_HAND] += (0.0, 2.0, 0.5)
        steps = np.diff(stand.run(400)[:, 7:], axis=0)
        fastest.append(np.abs(np.diff(steps, axis=0)).max())
    assert fastest[1] <= fastest[0]


def test_tasks_in_another_order_or_momentum_of_a_held_base_are_refused(robot_model):
    body = Kinematics(robot_model, FRAMES)
    weight = np.full(robot_model.size, 0.1)
    with pytest.raises(ValueError, match="expected frames, then"):
        InverseKinematics(body, [ComTask(1.0), FrameTask(0, 1.0, 1.0)], robot_model.limits, weight, PERIOD)
    with pytest.raises(ValueError, match="held base"):
        InverseKinematics(body, [MomentumTask(1.0)], robot_model.limits, weight, PERIOD)


def test_a_configuration_that_was_handed_out_is_not_written_again(stand):
    stand.ik.com += (0.0, 0.0, -0.01)
    first = stand.ik.step(stand.q)
    copy = first.copy()
    stand.ik.step(first)
    np.testing.assert_array_equal(first, copy)
