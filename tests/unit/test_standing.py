"""What a start and a stop are made of: one leg, the foot's load, the other foot's hold, the brakes, the poise."""

from math import cos, pi, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.riding.braking import Brakes
from controllers.riding.foot_motion import between, bump, ease, fade
from controllers.riding.free_leg import FreeLeg, Place
from controllers.riding.leg import Leg, rotation_vector
from controllers.riding.poise import Poise
from controllers.riding.posture_chart import PostureChart
from controllers.riding.prop import Prop, PropParameters
from controllers.riding.rider_dynamics import whipple_with_rider
from controllers.riding.rider_parameters import RiderParameters
from controllers.riding.single_foot import SingleFootParameters, hold, push, without_springs
from controllers.rotation import from_angles, rotation_about
from tests.conftest import PERIOD

SINGLE = SingleFootParameters()
MILLIMETRE = 0.001


@pytest.fixture(scope="module")
def whipple(robot_model, posture, bicycle):
    return whipple_with_rider(robot_model, posture.solve(0.0, 0.5 * pi), posture, bicycle)


# One leg


@pytest.fixture(scope="module", params=[0, 1], ids=["left", "right"])
def leg(request, robot_model):
    return Leg(robot_model, request.param), 1 - 2 * request.param


@given(
    hip=st.tuples(st.floats(-1.2, -0.2), st.floats(0.0, 0.4), st.floats(-0.3, 0.3)),
    knee=st.floats(0.3, 1.6),
    ankle=st.tuples(st.floats(-0.6, 0.2), st.floats(-0.2, 0.2)),
    rate=st.lists(st.floats(-1.0, 1.0), min_size=6, max_size=6),
)
def test_a_leg_finds_the_joints_that_put_its_sole_where_it_was(leg, hip, knee, ankle, rate):
    leg, sign = leg
    joints = np.array((hip[0], sign * hip[1], sign * hip[2], knee, ankle[0], sign * ankle[1]))
    point, axes = leg.place(joints)
    start = joints + 0.05
    for _ in range(5):
        found = leg.reach(point, axes, np.zeros(6), start)
        start = found.position
    there, turned = leg.place(found.position)
    np.testing.assert_allclose(there, point, atol=MILLIMETRE)
    assert np.linalg.norm(rotation_vector(turned @ axes.T)) < 0.01
    assert found.miss < MILLIMETRE
    moving = leg.reach(point, axes, found.jacobian @ rate, found.position)
    np.testing.assert_allclose(found.jacobian @ moving.velocity, found.jacobian @ rate, atol=0.02)


def test_a_place_out_of_reach_is_told(leg):
    leg, sign = leg
    found = leg.reach(np.array((0.0, 0.14 * sign, -0.9)), np.eye(3), np.zeros(6), np.array((0, 0, 0, 0.3, 0, 0.0)))
    assert found.miss > 0.1


@given(st.floats(-3.0, 3.0))
def test_a_rotation_vector_is_axis_times_angle(angle):
    axis = np.array((0.6, 0.0, 0.8))
    np.testing.assert_allclose(rotation_vector(rotation_about(axis, angle)), angle * axis, atol=1e-6)


def test_shares_begin_and_end_without_a_jolt():
    for share, ends in ((ease, (0.0, 1.0)), (lambda t: bump(t, 0.0, 1.0), (0.0, 0.0)), (fade, (1.0, 0.0))):
        values = np.array([share(t) for t in np.linspace(-0.1, 1.1, 1201) if t >= 0.0 or share is not fade])
        assert (values[0], values[-1]) == pytest.approx(ends)
        assert np.abs(np.diff(values, 2)).max() < 1e-4


def test_between_two_orientations_are_orientations():
    first, second = np.eye(3), from_angles(0.3, -0.5, 0.2)
    np.testing.assert_allclose(between(first, second, 1.0), second, atol=1e-12)
    half = between(first, second, 0.5)
    np.testing.assert_allclose(half.T @ half, np.eye(3), atol=1e-12)
    assert np.linalg.norm(rotation_vector(half)) < np.linalg.norm(rotation_vector(second))


# A free leg


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("lean", [0.04, 0.06, 0.08])
def test_a_foot_stands_flat_on_the_ground_beside_a_leaning_bicycle(robot_model, posture, side, lean):
    free = FreeLeg(robot_model, posture, side, PERIOD)
    roll = lean if side else -lean
    point, axes = free.leg.place(free.standing(roll))
    level = from_angles(roll, 0.0, 0.0)
    place = level @ (point + posture.pelvis_in_bicycle)
    assert place[2] == pytest.approx(0.0, abs=5 * MILLIMETRE)
    assert (level @ axes)[2, 2] == pytest.approx(1.0, abs=0.02)
    assert (place[1] > 0.2) if side == 0 else (place[1] < -0.2)


def test_a_saddle_that_is_too_high_is_told(robot_model, posture):
    free = FreeLeg(robot_model, posture, 0, PERIOD)
    with pytest.raises(ValueError, match=r"misses the ground by \d+ mm beside the bicycle: lower the saddle"):
        free.standing(0.3)


def test_a_foot_is_on_its_pedal_until_it_leaves(robot_model, posture):
    free = FreeLeg(robot_model, posture, 1, PERIOD)
    assert free.on_pedal
    free.leave(1.0)
    assert free.where is Place.OUT
    assert free.since(1.5) == pytest.approx(0.5)
    free.reset()
    assert free.on_pedal


# The foot's load


@given(roll=st.floats(-0.1, 0.1), rate=st.floats(-0.3, 0.3), wanted=st.floats(-0.08, 0.08))
def test_the_load_makes_the_roll_an_oscillator_about_its_reference(whipple, roll, rate, wanted):
    p = PropParameters()
    prop = Prop(whipple, PERIOD)
    for _ in range(600):
        (load,) = prop.loads(roll, rate, wanted, [0.25])
    if not p.least < load < p.most:
        assert load in (p.least, p.most)
        return
    acceleration = (prop.weight * roll + 0.25 * load) / prop.inertia
    assert acceleration == pytest.approx(
        -(p.frequency**2) * (roll - wanted) - 2 * p.damping * p.frequency * rate, abs=1e-9
    )


def test_a_pelvis_that_rocks_at_17_hertz_hardly_changes_the_load(whipple):
    """A gyroscope that is late tells of it as if the bicycle rolled; the foot's answer would rock it the more."""
    rate = 0.15
    still = Prop(whipple, PERIOD).loads(-0.07, 0.0, -0.07, [0.25])[0]
    steady = max(abs(Prop(whipple, PERIOD).loads(-0.07, rate, -0.07, [0.25])[0] - still), 1.0)
    prop = Prop(whipple, PERIOD)
    for _ in range(300):
        full = abs(prop.loads(-0.07, -rate, -0.07, [0.25])[0] - still)
    prop = Prop(whipple, PERIOD)
    rocking = [prop.loads(-0.07, rate * sin(2 * pi * 17 * k * PERIOD), -0.07, [0.25])[0] - still for k in range(300)]
    assert max(abs(load) for load in rocking[150:]) < full / 2.5
    assert steady < full


def test_of_two_feet_the_one_on_the_side_to_which_it_falls_bears(whipple):
    prop = Prop(whipple, PERIOD)
    left, right = prop.loads(-0.08, 0.0, 0.0, [0.25, -0.25])
    assert left > 100.0 > right == PropParameters().least
    left, right = prop.loads(0.08, 0.0, 0.0, [0.25, -0.25])
    assert right > 100.0 > left == PropParameters().least


@pytest.mark.parametrize("heavier", [0.8, 1.0, 1.3, 1.6])
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_heavy_body_leans_less_until_the_foot_bears_what_it_should(whipple, heavier, side):
    prop = Prop(whipple, PERIOD)
    roll, rate, wanted, aside = 0.06 * side, 0.0, 0.055 * side, -0.26 * side
    load = 0.0
    for _ in range(4000):
        (load,) = prop.loads(roll, rate, wanted, [aside], stands=True)
        rate += PERIOD * (heavier * prop.weight * roll + load * aside) / (heavier * prop.inertia)
        roll += PERIOD * rate
    should = prop.weight * abs(wanted) / abs(aside)
    assert load == pytest.approx(min(1.0, heavier) * should, rel=0.02)
    assert abs(roll) == pytest.approx(abs(wanted) / max(1.0, heavier), rel=0.02)
    kept = prop.scale
    for _ in range(100):
        prop.loads(2.0 * roll, rate, wanted, [aside])
    assert prop.scale == kept


# The other foot alone


def torque(force, angle, length):
    return length * (force[0] * cos(angle) - force[2] * sin(angle))


@given(st.floats(radians(5), radians(170)))
def test_a_foot_that_pushes_drives_the_crank_forward(angle):
    assert torque(push(SINGLE, angle, 110.0), angle, 0.1) > torque(push(SINGLE, angle, 0.0), angle, 0.1) > 0.0 or (
        angle > radians(150)
    )


@given(st.floats(radians(-20), radians(2)))
def test_short_of_the_top_the_foot_draws_the_pedal_over_it(angle):
    assert torque(push(SINGLE, angle, 110.0), angle, 0.1) > 0.0


@given(st.sampled_from([0.0, pi]), st.floats(radians(-22), radians(22)))
def test_near_top_and_bottom_a_foot_holds_the_crank_against_its_own_weight(base, off):
    angle = base + off
    assert torque(hold(SINGLE, angle, 0.0, angle, 0.1), angle, 0.1) == pytest.approx(0.0, abs=1e-9)
    assert torque(hold(SINGLE, angle, 0.0, angle + 0.02, 0.1), angle, 0.1) > 0.0
    assert torque(hold(SINGLE, angle, 1.0, angle, 0.1), angle, 0.1) < 0.0


@given(st.floats(-7.0, 7.0), st.floats(-3.0, 3.0))
def test_a_holding_foot_presses_and_does_not_slip(angle, rate):
    force = hold(SINGLE, angle, rate, 0.2, 0.1)
    assert force[2] == -SINGLE.hold
    back, forward = SINGLE.grip
    assert -back * SINGLE.hold - 1e-9 <= force[0] <= forward * SINGLE.hold + 1e-9


@given(st.floats(-7.0, 7.0), *[st.floats(-20.0, 20.0)] * 3)
def test_the_pedal_feels_what_is_asked_whatever_the_legs_springs_press(angle, along, aside, up):
    """Also where friction is what limits it; but aside, where nothing else holds the foot."""
    asked, springs = hold(SINGLE, angle, 0.0, 0.2, 0.1), np.array((along, aside, up))
    felt = without_springs(SINGLE, asked, springs) + springs
    assert felt == pytest.approx(asked + np.array((0.0, aside, 0.0)))


def test_springs_that_cannot_be_true_are_not_believed():
    asked, springs = hold(SINGLE, 0.4, 0.0, 0.4, 0.1), np.full(3, 500.0)
    assert without_springs(SINGLE, asked, springs) == pytest.approx(asked - (SINGLE.spring, 0.0, SINGLE.spring))


# Brakes


@given(st.floats(0.0, 3.0))
def test_what_the_fingers_squeeze_makes_the_deceleration(bicycle, deceleration):
    mass, stiffness = 57.0, 6.0
    squeeze = Brakes(bicycle, mass, stiffness).squeeze(deceleration)
    b, g = bicycle.brakes, bicycle.geometry
    # lever and finger turn together, as both are as long, against the lever's spring and the finger's own drive
    lever = (squeeze - b.lever_preload) / (b.lever_stiffness + stiffness)
    wheel = b.torque_per_angle * (lever - b.free_play)
    assert wheel * (1 / g.rear_wheel_radius + 1 / g.front_wheel_radius) / mass == pytest.approx(deceleration, abs=1e-9)


# Poise


def test_a_leg_held_aside_moves_where_the_bicycle_balances(robot_model, posture, bicycle, whipple):
    poise = Poise(posture, bicycle, Prop(whipple, PERIOD))
    position = posture.solve(0.0, 0.0)
    poise.update(position, np.zeros(robot_model.size))
    straight = poise.roll
    assert abs(straight) < 0.002
    free = FreeLeg(robot_model, posture, 0, PERIOD)
    position[free.leg.joints] = free.standing(-0.05)
    poise.update(position, np.zeros(robot_model.size))
    assert 0.008 < poise.roll < 0.03  # the left leg is aside: it balances leaning to the right
    assert poise.roll_rate == 0.0
    poise.straighten()
    assert poise.roll == 0.0


def test_a_leg_that_swings_up_on_the_left_is_worth_a_roll_to_the_right(robot_model, posture, bicycle, whipple):
    poise = Poise(posture, bicycle, Prop(whipple, PERIOD))
    free = FreeLeg(robot_model, posture, 0, PERIOD)
    position, velocity = posture.solve(0.0, 0.0), np.zeros(robot_model.size)
    position[free.leg.joints] = standing = free.standing(-0.05)
    point, axes = free.leg.place(standing)
    up = np.array((0.0, 0.0, 0.5, 0.0, 0.0, 0.0))
    velocity[free.leg.joints] = free.leg.reach(point, axes, up, standing).velocity
    poise.update(position, velocity)
    assert poise.roll_rate > 0.005


def test_the_hands_press_on_the_side_to_which_the_pelvis_would_tip(robot_model, posture, bicycle, whipple):
    poise = Poise(posture, bicycle, Prop(whipple, PERIOD))
    poise.update(posture.solve(0.0, 0.0), np.zeros(robot_model.size))
    # a right foot that is pushed up by its pedal tips the pelvis to the left
    pedal = posture.pedal(1, 0.0)
    for _ in range(500):
        poise.lean_on(np.array((0.0, 0.0, 1.0)), [(pedal, np.array((0.0, 0.0, 120.0)))])
    left, right = poise.hands
    assert left > right
    assert np.abs(poise.hands).max() <= 160.0


def test_the_waist_carries_what_the_hands_do_against_a_foot_that_presses_its_hardest(
    robot_model, posture, bicycle, whipple
):
    """With a trunk that leans by 0.1 rad besides; once the waist gives way the ride goes down on its own foot."""
    prop = Prop(whipple, PERIOD)
    poise = Poise(posture, bicycle, prop)
    seated = posture.solve(0.0, 0.0)
    poise.update(seated, np.zeros(robot_model.size))
    lean, foot = -0.1, np.array((0.0, 0.25, -0.3)) + posture.pelvis_in_bicycle
    up = np.array((0.0, sin(lean), cos(lean)))
    for _ in range(500):
        poise.lean_on(up, [(foot, 240.0 * up)])
    parameters = RiderParameters()
    chart = PostureChart.of(robot_model, bicycle, PERIOD, parameters.steering.steer_limit, parameters.torso_yaw)
    weight = posture.kinematics.inverse_dynamics(seated, np.zeros_like(seated), np.zeros_like(seated), up)
    waist = robot_model.index("waist_roll_joint")
    hands = poise.hands @ chart.at(0.0, 0.0, 0.0, 0.0).lean
    assert 15.0 < abs(hands[waist]) < abs(weight[waist] + hands[waist]) < robot_model.limits.effort[waist]
