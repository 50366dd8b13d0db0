"""The chart of seated postures is the inverse kinematics that it was solved by; its derivatives are its slopes."""

from dataclasses import fields
from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.riding.posture import RiderPosture
from controllers.riding.posture_chart import PostureChart, SeatedPosture
from controllers.riding.rider_parameters import RiderParameters
from tests.conftest import PERIOD

MILLIMETRE = 1e-3
PARTS = [field.name for field in fields(SeatedPosture)]
STEER_LIMIT, TORSO_YAW = RiderParameters().steering.steer_limit, RiderParameters().torso_yaw
steers = st.floats(-STEER_LIMIT, STEER_LIMIT)
cranks = st.floats(-pi, 3 * pi).map(lambda angle: round(angle, 6))
rates = st.floats(-12.0, 12.0).map(lambda rate: round(rate, 3))


@pytest.fixture(scope="module")
def chart(robot_model, posture):
    return PostureChart(robot_model, posture, STEER_LIMIT, TORSO_YAW)


def velocity_of_limbs(posture, seated):
    """How soles and hands move in the pelvis frame, shape (4, 3) [m/s]."""
    posture.measured.update(seated.position)
    return np.array([posture.measured.jacobian(limb)[:3] @ seated.velocity for limb in range(4)])


@given(cranks, steers)
def test_feet_and_hands_are_within_a_millimetre_of_their_places(posture, chart, crank, steer):
    posture.measured.place(chart.at(crank, 0.0, steer, 0.0).position)
    for limb, (place, _) in enumerate(posture.targets(steer, crank, posture.pelvis_in_bicycle, np.eye(3))):
        assert np.linalg.norm(posture.measured.position(limb) - place) < MILLIMETRE


@given(cranks, steers)
def test_it_stays_where_the_live_inverse_kinematics_starts_from_it(robot_model, posture, chart, crank, steer):
    """One live step from the chart's posture towards the same targets moves no limb by a millimetre."""
    position = chart.at(crank, 0.0, steer, 0.0).position
    wish = posture.nominal.copy()
    wish[robot_model.index("waist_yaw_joint")] += TORSO_YAW * steer
    targets = posture.targets(steer, crank, posture.pelvis_in_bicycle, np.eye(3))
    posture.inverse_kinematics.aim(targets, wish)
    live = posture.inverse_kinematics.step(position)
    places = []
    for joints in (position, live):
        posture.measured.place(joints)
        places.append(np.array([posture.measured.position(limb) for limb in range(4)]))
    assert np.linalg.norm(places[1] - places[0], axis=1).max() < MILLIMETRE


@given(cranks)
def test_soles_keep_their_angle(posture, chart, crank):
    posture.measured.place(chart.at(crank, 0.0, 0.0, 0.0).position)
    for side in (0, 1):
        # Interpolating over 4 degrees of crank and a soft posture cost a fraction of a degree.
        np.testing.assert_allclose(posture.measured.rotation(side), posture.sole_rotation(side, crank), atol=0.01)


@given(cranks, steers)
def test_it_is_within_the_limits_of_the_joints(robot_model, chart, crank, steer):
    position = chart.at(crank, 0.0, steer, 0.0).position
    assert np.all(position >= robot_model.limits.lower)
    assert np.all(position <= robot_model.limits.upper)


@given(cranks, rates, steers, st.floats(-2.0, 2.0))
def test_the_velocity_is_the_slope_of_the_position(chart, crank, crank_rate, steer, steer_rate):
    """Along any motion of cranks and bars, over a millisecond to either side."""
    step = 1e-3
    steer *= 0.99  # stay inside the chart
    after, before = (
        chart.at(crank + s * step * crank_rate, 0.0, steer + s * step * steer_rate, 0.0).position for s in (1, -1)
    )
    velocity = chart.at(crank, crank_rate, steer, steer_rate).velocity
    # The rows between which it interpolates are 0.004 rad (crank) and 0.002 rad (steer) apart; slopes change by less
    # than a hundredth of their size over that.
    np.testing.assert_allclose(
        velocity, (after - before) / (2 * step), atol=0.01 * (1 + abs(crank_rate) + abs(steer_rate))
    )


@given(cranks, st.floats(1.0, 12.0))
def test_the_acceleration_is_the_slope_of_the_velocity(chart, crank, crank_rate):
    step = 0.02 / crank_rate  # five rows to either side
    after, before = (chart.at(crank + s * step * crank_rate, crank_rate, 0.0, 0.0).velocity for s in (1, -1))
    acceleration = chart.at(crank, crank_rate, 0.0, 0.0).acceleration
    # In units of the crank's rate squared joints accelerate by up to 2; the spline's second slope is linear in between.
    np.testing.assert_allclose(acceleration / crank_rate**2, (after - before) / (2 * step) / crank_rate**2, atol=0.05)


@given(cranks, st.floats(0.5, 12.0))
def test_legs_alone_follow_the_crank_and_the_rest_alone_the_bars(robot_model, chart, crank, crank_rate):
    is_leg = np.array(
        [any(part in name for part in ("_hip_", "_knee_", "_ankle_")) for name in robot_model.joint_names]
    )
    assert not np.any(chart.at(crank, crank_rate, 0.0, 0.0).velocity[~is_leg])
    assert not np.any(chart.at(crank, 0.0, 0.1, crank_rate).velocity[is_leg])


@given(cranks, steers)
def test_the_torques_for_a_force_at_a_foot_do_its_work(posture, chart, crank, steer):
    """Torques times joint speeds are force times speed of the sole, for 1 N along each axis."""
    seated = chart.at(crank, 1.0, steer, 0.0)
    speeds = velocity_of_limbs(posture, seated)
    for foot in (0, 1):
        np.testing.assert_allclose(seated.feet[foot] @ seated.velocity, speeds[foot], atol=MILLIMETRE)


@given(cranks, st.tuples(*[st.floats(-100.0, 100.0)] * 6))
def test_what_joints_press_on_the_pedals_is_what_was_asked_of_them(chart, crank, asked):
    """Between knots too, where both are splines of their own: within 0.1 % of 100 N."""
    seated = chart.at(crank, 1.0, 0.0, 0.0)
    forces = np.reshape(asked, (2, 3))
    torques = np.tensordot(forces, seated.feet, 2)
    np.testing.assert_allclose(seated.pressing @ torques, forces, atol=0.1)


@given(cranks, steers)
def test_the_torques_that_turn_the_bars_do_the_work_of_1_newton_metre(chart, crank, steer):
    seated = chart.at(crank, 0.0, 0.98 * steer, 1.0)
    # At the ends of the chart the spline's slope is a little off.
    assert seated.bars @ seated.velocity == pytest.approx(1.0, abs=0.02)


@given(cranks, steers)
def test_the_torques_that_load_the_bars_do_the_work_of_1_newton_down_at_each_hand(posture, chart, crank, steer):
    seated = chart.at(crank, 0.0, 0.98 * steer, 1.0)
    down = -velocity_of_limbs(posture, seated)[2:, 2]
    np.testing.assert_allclose(seated.lean @ seated.velocity, down, atol=MILLIMETRE)


@given(cranks, steers)
def test_a_turn_of_the_crank_later_the_posture_is_the_same(chart, crank, steer):
    here, later = (chart.at(angle, 1.0, steer, 0.0) for angle in (crank, crank + 2 * pi))
    np.testing.assert_allclose(here.position, later.position, atol=1e-9)
    np.testing.assert_allclose(here.velocity, later.velocity, atol=1e-9)


@pytest.mark.parametrize("crank", [-1e-16, -1e-300, 0.0, 2 * pi, np.nextafter(2 * pi, 0.0), -2 * pi, 4 * pi])
def test_at_the_seam_of_a_turn_the_posture_is_that_of_angle_zero(chart, crank):
    np.testing.assert_allclose(
        chart.at(crank, 0.0, 0.0, 0.0).position, chart.at(0.0, 0.0, 0.0, 0.0).position, atol=1e-9
    )


def test_beyond_the_steer_limit_the_hands_stay_at_the_limit(chart):
    at_limit, beyond = (chart.at(1.0, 0.0, steer, 0.0).position for steer in (STEER_LIMIT, 2 * STEER_LIMIT))
    np.testing.assert_allclose(beyond, at_limit, atol=1e-6)


def changed(robot_model, bicycle, part, **change):
    """The rider's posture on a bicycle of which one part is different."""
    table = getattr(bicycle, part).model_copy(update=change)
    return RiderPosture(robot_model, bicycle.model_copy(update={part: table}), PERIOD)


def test_a_grip_out_of_reach_is_told_with_hand_distance_and_angle(robot_model, bicycle):
    x, y, z = bicycle.handlebar.grip
    too_far = changed(robot_model, bicycle, "handlebar", grip=(x + 0.4, y, z))
    with pytest.raises(
        ValueError, match=r"the rider's hand misses its place by \d+ mm at a steer angle of -?\d\.\d+ rad"
    ):
        PostureChart(robot_model, too_far, STEER_LIMIT, TORSO_YAW)


def test_a_pedal_out_of_reach_is_told_with_foot_distance_and_angle(robot_model, bicycle):
    too_far = changed(robot_model, bicycle, "drive", bottom_bracket=(0.9, 0.21))
    with pytest.raises(
        ValueError, match=r"the rider's foot misses its place by \d+ mm at a crank angle of \d\.\d+ rad"
    ):
        PostureChart(robot_model, too_far, STEER_LIMIT, TORSO_YAW)


def test_a_chart_is_solved_once_for_a_body_and_a_bicycle(robot_model, bicycle, chart):
    def of(bicycle, torso_yaw=TORSO_YAW):
        return PostureChart.of(robot_model, bicycle, PERIOD, STEER_LIMIT, torso_yaw)

    first, again = of(bicycle), of(bicycle.model_copy())
    assert again is first
    asked = (0.7, 3.0, -0.2, 0.5)
    assert all(np.array_equal(getattr(first.at(*asked), part), getattr(chart.at(*asked), part)) for part in PARTS)
    lower = bicycle.saddle.model_copy(update={"top": (bicycle.saddle.top[0], bicycle.saddle.top[1] - 0.01)})
    for other in (of(bicycle.model_copy(update={"saddle": lower})), of(bicycle, torso_yaw=0.0)):
        assert not np.array_equal(other.at(*asked).position, first.at(*asked).position)


@given(steers)
def test_bracing_presses_right_lifts_left_and_does_not_turn_the_bars(posture, chart, bicycle, steer):
    """Of the force at each hand nothing is left that moves a grip about the steer axis."""
    seated = chart.at(0.0, 0.0, steer, 1.0)
    assert seated.brace @ seated.velocity == pytest.approx(0.0, abs=0.01)
    posture.measured.update(seated.position)
    axis = np.array(bicycle.geometry.steer_axis)
    left, right = (posture.measured.jacobian(hand)[:3] for hand in (2, 3))
    np.testing.assert_allclose(seated.brace, axis @ left - axis @ right, atol=0.01)


@given(cranks, rates)
def test_the_cranks_acceleration_accelerates_the_legs_along_the_chart(chart, crank, rate):
    plain, faster = chart.at(crank, rate, 0.0, 0.0), chart.at(crank, rate, 0.0, 0.0, 7.0)
    np.testing.assert_allclose(faster.acceleration - plain.acceleration, 7.0 * plain.pedalling, atol=1e-9)
    np.testing.assert_allclose(plain.pedalling * rate, plain.velocity, atol=1e-9)
