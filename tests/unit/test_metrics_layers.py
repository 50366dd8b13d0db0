"""Metrics of tracking, effort, estimate and recovery on small logs whose numbers can be worked out by hand."""

import math

import numpy as np
import pytest

from controllers.riding.modes import RideMode
from scenarios import (
    metrics_effort,
    metrics_estimate,
    metrics_feedforward,
    metrics_impedance,
    metrics_steering,
    metrics_tracking,
)
from scenarios.assembly import load_robot
from scenarios.columns import ROBOT_JOINTS
from scenarios.limbs import joints, under_way
from scenarios.metrics import METRICS
from tests.unit.synthetic_ride import PERIOD, make_context, make_log

ROWS = 2500  # 5 s, of which the first is not looked at
UNDER_WAY = slice(500, None)
CONTEXT = make_context(joint_names=load_robot().joint_names)
LEFT, RIGHT = (joints(CONTEXT, "leg", side) for side in ("left_", "right_"))
LEG, ARM, TRUNK = (joints(CONTEXT, limb) for limb in ("leg", "arm", "trunk"))
TIME = np.arange(ROWS) * PERIOD
PARTS = (metrics_tracking, metrics_effort, metrics_estimate, metrics_steering, metrics_feedforward, metrics_impedance)
LAYERS = [metric for part in PARTS for metric in part.METRICS]


def value(name, log, context=CONTEXT):
    return METRICS[name].compute(log, context)


def by_joint(columns, values, rows=ROWS):
    """A quantity of all joints: some have values of shape () or (rows,), all others zero."""
    array = np.zeros((rows, ROBOT_JOINTS))
    array[:, columns] = np.reshape(values, (-1, 1))
    return array


def alternating(size):
    """size, -size, size, ..."""
    return size * np.where(np.arange(ROWS) % 2, -1.0, 1.0)


def winding():
    """A course of 40 m along x that winds; its heading and curvature are those of y = 0.3 cos(x)."""
    x = np.arange(0.0, 40.0, 0.02)
    return make_context(
        joint_names=CONTEXT.joint_names, course_points=np.column_stack((x, 0.3 * np.cos(x))), outages=((1.5, 2.0),)
    )


def test_without_localisation_the_place_drifts_by_the_way_gone():
    place = np.column_stack((2.0 * TIME, np.zeros(ROWS), np.zeros(ROWS)))
    wrong = 0.1 + np.clip(TIME - 1.5, 0.0, 0.5) * 0.04  # 2 cm within half a second, a metre of way
    log = make_log(ROWS, truth_rear_contact=place, estimate_x=place[:, 0], estimate_y=wrong)
    assert METRICS["blind_drift_max"].compute(log, winding()) == pytest.approx(2.0, rel=0.02)
    assert math.isnan(METRICS["blind_drift_max"].compute(log, CONTEXT))
    assert METRICS["estimate_position_rms"].compute(log, CONTEXT) == pytest.approx(0.115, abs=0.006)


def test_every_joint_but_the_fingers_belongs_to_one_limb():
    assert LEG.size == 12
    assert set(LEFT) | set(RIGHT) == set(LEG)
    others = set(range(ROBOT_JOINTS)) - set(LEG) - set(ARM) - set(TRUNK)
    assert {CONTEXT.joint_names[index] for index in others} == {"left_grip_joint", "right_grip_joint"}


@pytest.mark.parametrize("metric", LAYERS, ids=lambda metric: metric.name)
def test_a_ride_that_fell_in_its_first_second_has_none_of_them(metric):
    """A log that is not zero anywhere, so that nothing is missing only because it does not move."""
    log, rng = make_log(700), np.random.default_rng(1)
    for column in log.columns:
        if column.name not in ("time", "mode"):
            log[column.name][:] = 5.0 + rng.standard_normal(log[column.name].shape)
    assert math.isnan(metric.compute(log, CONTEXT))


@pytest.mark.parametrize("metric", LAYERS, ids=lambda metric: metric.name)
def test_a_ride_that_went_on_has_all_of_them(metric):
    log, rng = make_log(ROWS), np.random.default_rng(1)
    for column in log.columns:
        if column.name not in ("time", "mode"):
            log[column.name][:] = 5.0 + rng.standard_normal(log[column.name].shape)
    log["truth_ground_force"][:] += 500.0
    log["estimate_progress"][:] = 3.0 * TIME
    assert math.isfinite(metric.compute(log, winding()))


def test_the_first_second_is_left_out():
    log = make_log(ROWS)
    assert under_way(log) == slice(500, None)
    log["reference_steer"][:500] = 1.0
    assert value("steer_tracking_rms", log) == 0.0
    assert len(log["time"][under_way(make_log(700))]) == 0


# Tracking


def test_the_bar_is_compared_with_its_reference():
    log = make_log(ROWS, reference_steer=0.3 * np.sin(2.0 * TIME), truth_steer=0.24 * np.sin(2.0 * (TIME - 0.035)))
    assert value("steer_lag", log) == pytest.approx(0.035, abs=1e-4)
    assert value("steer_gain", log) == pytest.approx(0.8, rel=1e-3)
    log = make_log(ROWS, reference_steer=0.3, truth_steer=0.25)
    assert value("steer_tracking_rms", log) == pytest.approx(0.05)


@pytest.mark.parametrize("ticks", [0, 1, 3])
def test_the_delay_of_the_command_is_counted_from_the_decision(ticks):
    steer = 0.3 * np.sin(2.0 * TIME)
    command = np.concatenate((np.zeros(ticks), steer[: ROWS - ticks]))
    log = make_log(ROWS, reference_steer=steer, command_position=by_joint(ARM[:3], -0.4 * command))
    assert value("command_delay", log) == pytest.approx(ticks * PERIOD, abs=1e-5)


@pytest.mark.parametrize(("limb", "columns"), [("leg", LEG), ("arm", ARM), ("trunk", TRUNK)])
def test_a_limb_is_compared_with_its_commands(limb, columns):
    log = make_log(
        ROWS,
        command_position=by_joint(columns, 0.5),
        truth_robot_joint_position=by_joint(columns, 0.4),
        command_velocity=by_joint(columns, 3.0),
        truth_robot_joint_velocity=by_joint(columns, 1.0),
    )
    for name in ("leg", "arm", "trunk"):
        assert value(f"{name}_tracking_rms", log) == pytest.approx(0.1 if name == limb else 0.0)
        assert value(f"{name}_velocity_tracking_rms", log) == pytest.approx(2.0 if name == limb else 0.0)


@pytest.mark.parametrize("believed", [0.0, 0.02])
def test_the_legs_lag_does_not_see_where_the_crank_is_believed_to_be(believed):
    """The legs' reference runs with the believed crank angle at 7 rad/s; the joints follow 3 ms later."""
    crank = 7.0 * TIME
    phase = crank + believed
    log = make_log(
        ROWS,
        truth_crank_rate=7.0,
        truth_crank_angle=crank,
        estimate_crank_angle=phase,
        command_position=by_joint(LEG, np.sin(phase)),
        command_velocity=by_joint(LEG, 7.0 * np.cos(phase)),
        truth_robot_joint_position=by_joint(LEG, np.sin(crank - 7.0 * 0.003)),
    )
    assert value("leg_lag", log) == pytest.approx(0.003, abs=2e-5)


def test_the_arms_lag():
    log = make_log(
        ROWS,
        command_position=by_joint(ARM, np.sin(4.0 * TIME)),
        command_velocity=by_joint(ARM, 4.0 * np.cos(4.0 * TIME)),
        truth_robot_joint_position=by_joint(ARM, 0.2 + np.sin(4.0 * (TIME - 0.01))),
    )
    assert value("arm_lag", log) == pytest.approx(0.01, abs=1e-4)


def test_one_leg_that_tracks_worse_shows_with_its_sign():
    log = make_log(ROWS, command_position=by_joint(LEFT, 0.3) + by_joint(RIGHT, 0.1))
    assert value("leg_tracking_asymmetry", log) == pytest.approx(0.5)


def test_the_waist_turns_along_with_the_bar():
    waist = CONTEXT.joint_names.index("waist_yaw_joint")
    steer = 0.2 * np.sin(TIME)
    log = make_log(ROWS, truth_steer=steer, truth_robot_joint_position=by_joint([waist], 0.1 + 0.5 * steer))
    assert value("torso_yaw_share", log) == pytest.approx(0.5)
    assert math.isnan(value("torso_yaw_share", log, make_context()))


def test_pedalling_is_judged_while_it_pedals():
    mode = np.where(TIME < 3.0, RideMode.CRUISE, RideMode.COAST)
    asked = np.where(TIME < 3.0, 5.0 + np.sin(2.0 * np.pi * TIME), 1e3)
    log = make_log(
        ROWS,
        mode=mode,
        reference_crank_torque=asked,
        truth_drive_torque=np.where(TIME < 3.0, 1.2 * asked, -1e3),
        reference_speed=np.where(TIME < 3.0, 2.0, 99.0),
        truth_speed=1.9,
    )
    assert value("crank_torque_gain", log) == pytest.approx(1.2)
    assert value("crank_torque_tracking_rms", log) == pytest.approx(0.2 * math.sqrt(25.5), rel=0.01)
    assert value("speed_error_rms", log) == pytest.approx(0.1)
    coasting = make_log(ROWS, mode=RideMode.COAST)
    for name in ("crank_torque_gain", "crank_torque_tracking_rms", "speed_error_rms", "cadence_ripple"):
        assert math.isnan(value(name, coasting))


def test_ripple_is_what_the_crank_does_within_a_turn():
    rate = 2.0 * np.pi * (1.0 + 0.05 * np.sqrt(2.0) * np.sin(4.0 * np.pi * TIME))
    log = make_log(ROWS, truth_crank_rate=rate)
    assert value("cadence_ripple", log) == pytest.approx(0.05, rel=0.01)
    faster = make_log(ROWS, truth_crank_rate=6.0 + 0.1 * TIME)  # speeding up is no ripple
    assert value("cadence_ripple", faster) < 1e-3


# Effort


def test_feedback_is_what_stiffness_and_damping_make_of_errors():
    log = make_log(
        ROWS,
        command_position=by_joint(LEG, 0.1),
        command_velocity=by_joint(LEG, 0.5),
        command_stiffness=by_joint(LEG, 80.0),
        command_damping=by_joint(LEG, 3.0),
        command_torque=by_joint(LEG, alternating(4.0)),
        truth_robot_joint_torque=by_joint(LEG, alternating(7.0)),
    )
    assert value("leg_feedback_rms", log) == pytest.approx(9.5)
    assert value("leg_feedforward_rms", log) == pytest.approx(4.0)
    assert value("leg_torque_rms", log) == pytest.approx(7.0)
    assert value("leg_torque_restlessness", log) == pytest.approx(14.0 / PERIOD)
    assert value("arm_feedback_rms", log) == value("arm_torque_rms", log) == value("trunk_feedforward_rms", log) == 0.0


def test_restless_commands_show():
    log = make_log(ROWS, command_velocity=by_joint(ARM, alternating(0.01)))
    assert value("arm_command_restlessness", log) == pytest.approx(0.02 / PERIOD)
    assert value("leg_command_restlessness", log) == 0.0


def test_the_left_leg_does_its_share_of_positive_work():
    torque = by_joint(LEFT[:1], alternating(30.0)) + by_joint(RIGHT[:1], 5.0)
    log = make_log(ROWS, truth_robot_joint_torque=torque, truth_robot_joint_velocity=1.0)
    assert value("left_leg_work_share", log) == pytest.approx(15.0 / (15.0 + 5.0))


def test_shares_of_the_weight():
    feet = np.zeros((ROWS, 6))
    feet[:, 2], feet[:, 5] = 30.0, 90.0
    weight = 9.81 * CONTEXT.mass
    saddle = np.zeros((ROWS, 3))
    saddle[:, 2] = 0.4 * weight
    log = make_log(ROWS, truth_foot_force=feet, truth_saddle_force=saddle, truth_grip_force=[20.0, 24.0])
    assert value("left_foot_force_share", log) == pytest.approx(0.25)
    assert value("saddle_force_share", log) == pytest.approx(0.4)
    assert value("grip_force_mean", log) == pytest.approx(22.0)


def test_a_tyre_that_hardly_touches_is_not_asked_for_its_friction():
    ground = np.zeros((ROWS, 6))
    ground[:, 2], ground[:, 0] = 300.0, 30.0  # rear: 0.1
    ground[:, 5], ground[:, 4] = 5.0, 5.0  # front: in the air but for 5 N
    assert value("tyre_friction_use", make_log(ROWS, truth_ground_force=ground)) == pytest.approx(0.1)
    ground[:, 5], ground[:, 3], ground[:, 4] = 200.0, 60.0, 80.0
    assert value("tyre_friction_use", make_log(ROWS, truth_ground_force=ground)) == pytest.approx(0.5)


# Estimate


@pytest.mark.parametrize("name", ["roll", "speed", "steer", "crank_rate", "heading", "crank_angle"])
def test_an_estimate_is_compared_with_the_truth(name):
    log = make_log(ROWS, **{f"truth_{name}": 0.5, f"estimate_{name}": 0.5 + alternating(0.01)})
    assert value(f"estimate_{name}_rms", log) == pytest.approx(0.01)


@pytest.mark.parametrize("name", ["heading", "crank_angle"])
def test_whole_turns_are_no_error_of_an_angle(name):
    log = make_log(ROWS, **{f"truth_{name}": 0.5, f"estimate_{name}": 0.5 + 6.0 * np.pi})
    assert value(f"estimate_{name}_rms", log) == pytest.approx(0.0, abs=1e-9)


def test_the_distance_from_the_course_is_that_of_the_rear_contact():
    log = make_log(ROWS, truth_rear_contact=[0.0, 0.3, 0.0], estimate_lateral_error=0.28)
    assert value("estimate_lateral_error_rms", log) == pytest.approx(0.02)


def test_the_roll_rate_is_about_the_bicycles_own_axis():
    """Heading along y, rolling about y; turning about z is no rolling."""
    half = math.sqrt(0.5)
    roll_rate = np.sin(TIME)
    velocity = np.zeros((ROWS, 6))
    velocity[:, 4], velocity[:, 5], velocity[:, 3] = roll_rate, 2.0, -7.0
    log = make_log(
        ROWS,
        truth_bicycle_orientation=[0.0, 0.0, half, half],
        truth_bicycle_velocity=velocity,
        estimate_roll_rate=0.7 * roll_rate,
    )
    assert value("estimate_roll_rate_gain", log) == pytest.approx(0.7)
    expected = 0.3 * np.sqrt(np.mean(roll_rate[UNDER_WAY] ** 2))
    assert value("estimate_roll_rate_rms", log) == pytest.approx(expected)


def test_late_estimates_are_late():
    log = make_log(
        ROWS,
        truth_crank_rate=7.0,
        truth_crank_angle=7.0 * TIME,
        estimate_crank_angle=7.0 * (TIME - 0.004),
        truth_steer=0.1 * np.sin(6.0 * TIME),
        estimate_steer=0.1 * np.sin(6.0 * (TIME - 0.002)),
    )
    assert value("estimate_crank_lag", log) == pytest.approx(0.004)
    assert value("estimate_steer_lag", log) == pytest.approx(0.002, abs=2e-5)


def test_the_noise_of_an_estimate_is_told_from_its_motion():
    rng = np.random.default_rng(0)
    log = make_log(
        ROWS,
        estimate_steer_rate=np.sin(5.0 * TIME) + 0.01 * rng.standard_normal(ROWS),
        estimate_roll=0.02 * rng.standard_normal(ROWS) + np.sin(TIME),
        estimate_lean=np.sin(TIME),
    )
    assert value("estimate_steer_rate_noise", log) == pytest.approx(0.01, rel=0.05)
    assert value("estimate_balance_noise", log) == pytest.approx(0.02, rel=0.05)
    assert value("estimate_crank_rate_noise", log) == 0.0


# Laws


def steered(context, preview=0.0, noise=0.0, swing=0.0, limited=range(0)):
    """A log in which the asked steer angle's rate follows a law with known gains, over noisy beliefs.

    In `limited` rows the rate is 4.5 rad/s, whatever the beliefs. Lean and roll rate that are believed have a swing of
    the legs in them [rad] that the law takes off.
    """
    rng = np.random.default_rng(0)
    state = {
        name: np.cumsum(rng.standard_normal(ROWS)) * 1e-3
        for name in ("lateral_error", "heading", "lean", "roll_rate", "steer", "steer_rate")
    }
    progress = 2.0 * TIME
    points = context.course_points
    steps = np.diff(points, axis=0)
    direction = np.arctan2(steps[:, 1], steps[:, 0])
    places = np.linalg.norm(steps, axis=1).mean() * (np.arange(len(direction)) + 0.5)
    curvature = np.gradient(direction, places)
    error = state["heading"] - np.interp(progress, places, direction)
    ahead = np.mean([np.interp(progress + 2.0 * look, places, curvature) for look in np.arange(0.05, 2.5, 0.1)], axis=0)
    rate = 5.0 * state["lateral_error"] + 13.0 * error - 50.0 * state["lean"] - 15.0 * state["roll_rate"]
    rate += 9.0 * state["steer"] + 0.2 * state["steer_rate"] + preview * ahead + noise * rng.standard_normal(ROWS)
    reference = np.zeros(ROWS)
    for row in range(1, ROWS):
        asked = 4.5 if row in limited else rate[row] - 12.0 * reference[row - 1]
        reference[row] = reference[row - 1] + PERIOD * asked
    crank = 5.5 * TIME
    state["lean"] += swing * (np.sin(crank + 0.3) + 0.1 * np.sin(3.0 * crank))
    state["roll_rate"] += swing * 5.5 * (np.cos(crank + 0.3) + 0.3 * np.cos(3.0 * crank))
    steered = state.pop("roll_rate")
    beliefs = {f"estimate_{name}": values for name, values in state.items()} | {"estimate_crank_angle": crank}
    return make_log(
        ROWS,
        reference_steer=reference,
        estimate_progress=progress,
        estimate_speed=2.0,
        steered_roll_rate=steered,
        **beliefs,
    )


GAINS = {
    "offset": 5.0,
    "heading": 13.0,
    "lean": -50.0,
    "roll_rate": -15.0,
    "steer": 9.0,
    "steer_rate": 0.2,
    "command": -12.0,
}


@pytest.mark.parametrize(("name", "gain"), GAINS.items())
def test_the_gains_of_the_steering_are_found_again(name, gain):
    straight = make_context(course_points=np.column_stack((np.arange(0.0, 40.0, 0.02), np.zeros(2000))))
    assert value(f"steering_{name}_gain", steered(straight), straight) == pytest.approx(gain, rel=1e-6)
    assert value(f"steering_{name}_gain", steered(winding(), -16.0), winding()) == pytest.approx(gain, rel=1e-3)


@pytest.mark.parametrize(("name", "gain"), GAINS.items())
def test_the_swing_of_the_legs_blunts_no_gain(name, gain):
    straight = make_context(course_points=np.column_stack((np.arange(0.0, 40.0, 0.02), np.zeros(2000))))
    assert value(f"steering_{name}_gain", steered(straight, swing=0.02), straight) == pytest.approx(gain, rel=1e-6)


def test_the_gain_of_the_course_ahead_is_found_again_where_it_winds():
    log = steered(winding(), -16.0)
    assert value("steering_preview_gain", log, winding()) == pytest.approx(-16.0, rel=0.02)
    assert value("steering_residual_rms", log, winding()) < 1e-3
    straight = make_context(course_points=np.column_stack((np.arange(0.0, 40.0, 0.02), np.zeros(2000))))
    assert math.isnan(value("steering_preview_gain", steered(straight), straight))


@pytest.mark.parametrize(("name", "gain"), GAINS.items())
def test_limits_of_the_steering_blunt_no_gain(name, gain):
    """Where they set the bars is told; without them, of these beliefs, nowhere."""
    straight = make_context(course_points=np.column_stack((np.arange(0.0, 40.0, 0.02), np.zeros(2000))))
    log = steered(straight, noise=1e-4, limited={row for row in range(ROWS) if row % 250 < 30})
    assert value(f"steering_{name}_gain", log, straight) == pytest.approx(gain, rel=0.02, abs=0.02)
    # 30 of 250 rows, and 5 into which their changes reach; some agree with the law by chance.
    assert 0.12 < value("steering_limited_share", log, straight) < 0.16
    assert value("steering_residual_rms", log, straight) < 2e-4


def test_what_only_moves_while_limits_act_has_no_gain():
    """The course ahead bends at 2.5 m, until which the bars turn as fast as they may."""
    direction = 0.05 * np.maximum(0.0, np.arange(0.0, 40.0, 0.02) - 2.5)
    bend = make_context(course_points=0.02 * np.cumsum(np.column_stack((np.cos(direction), np.sin(direction))), axis=0))
    log = steered(bend, -16.0, noise=1e-4, limited=range(640))
    assert math.isnan(value("steering_preview_gain", log, bend))
    assert value("steering_lean_gain", log, bend) == pytest.approx(GAINS["lean"], rel=0.02)


@pytest.mark.parametrize("rows", [740, 751, 800])
def test_a_short_ride_has_its_gains_or_none(rows):
    straight = make_context(course_points=np.column_stack((np.arange(0.0, 40.0, 0.02), np.zeros(2000))))
    whole = steered(straight, noise=1e-4)
    believed = (
        "lateral_error",
        "heading",
        "lean",
        "roll_rate",
        "steer",
        "steer_rate",
        "crank_angle",
        "progress",
        "speed",
    )
    columns = ("reference_steer", *(f"estimate_{name}" for name in believed))
    log = make_log(rows, **{name: whole[name][:rows] for name in columns})
    found = value("steering_lean_gain", log, straight)
    assert math.isnan(found) or found == pytest.approx(GAINS["lean"], rel=0.1)


def test_what_no_gain_explains_is_left():
    straight = make_context(course_points=np.column_stack((np.arange(0.0, 40.0, 0.02), np.zeros(2000))))
    noisy = steered(straight, noise=0.01)
    assert value("steering_residual_rms", noisy, straight) == pytest.approx(math.sqrt(2.0) * 0.01, rel=0.1)


def test_the_torque_on_the_bar_is_found_again():
    """Two joints take 3 and 4 parts of a torque of 6 Nm/rad and 0.5 Nm·s/rad, a tick later; weight is no part of it.

    They take the same of what braces the pelvis, of which the bars' part knows nothing.
    """
    rng = np.random.default_rng(0)
    reference, steer, rate, rock, rock_rate = (1e-3 * np.cumsum(rng.standard_normal(ROWS)) for _ in range(5))
    steer += 2.0 * rock
    asked = np.diff(reference, prepend=reference[0]) / PERIOD
    torque = 6.0 * (reference - steer) + 0.5 * (asked - rate) + 8.0 * rock + 0.7 * rock_rate
    torque = np.concatenate((torque[:1], torque[:-1]))
    log = make_log(
        ROWS,
        reference_steer=reference,
        estimate_steer=steer,
        estimate_steer_rate=rate,
        estimate_rock=rock,
        braced_rock_rate=rock_rate,
        command_torque=by_joint(ARM[:1], 7.0 + 3.0 * torque) + by_joint(ARM[1:2], 4.0 * torque),
    )
    assert value("bar_stiffness", log) == pytest.approx(5.0 * 6.0)
    assert value("brace_stiffness", log) == pytest.approx(5.0 * 8.0)
    assert value("brace_damping", log) == pytest.approx(5.0 * 0.7)
    assert value("bar_damping", log) == pytest.approx(5.0 * 0.5)
    log["command_torque"][1:, ARM[:2]] -= 0.7 * np.outer(rock_rate[:-1], (3.0, 4.0))
    log["braced_rock_rate"][:] = 0.0
    assert math.isnan(value("brace_damping", log))
    assert value("bar_damping", log) == pytest.approx(5.0 * 0.5)
    assert math.isnan(value("bar_stiffness", make_log(ROWS)))


def test_stiffness_and_damping_of_a_limb_are_found_again():
    """Two joints of the legs move, with friction; a third one has none and turns one way, fed nothing.

    The torque comes 1.6 rows after the command that made it and 0.6 after the motion; 5 % more than what is asked.
    """
    rng = np.random.default_rng(0)
    moving = LEG[[0, 3, 4]]
    position, velocity, command, rate, load = (
        0.01 * np.cumsum(rng.standard_normal((ROWS, 3)), axis=0) for _ in range(5)
    )
    velocity[:, 2] = 5.0 + np.sin(TIME)
    fed = 7.0 * load * [1.0, 1.0, 0.0]

    def late(values, rows):
        return np.column_stack([np.interp(np.arange(ROWS) - rows, np.arange(ROWS), column) for column in values.T])

    position_error, velocity_error = (
        late(asked, 1.6) - late(came, 0.6) for asked, came in ((command, position), (rate, velocity))
    )
    torque = 1.05 * (80.0 * position_error + 3.0 * velocity_error + late(fed, 1.6))
    torque -= 0.4 * np.tanh(late(velocity, 0.6) / 0.1)

    def spread(values):
        array = np.zeros((ROWS, ROBOT_JOINTS))
        array[:, moving] = values
        return array

    log = make_log(
        ROWS,
        command_position=spread(command),
        command_velocity=spread(rate),
        command_torque=spread(fed),
        truth_robot_joint_position=spread(position),
        truth_robot_joint_velocity=spread(velocity),
        truth_robot_joint_torque=spread(torque),
    )
    assert value("leg_stiffness", log) == pytest.approx(1.05 * 80.0)
    assert value("leg_damping", log) == pytest.approx(1.05 * 3.0)
    assert math.isnan(value("arm_stiffness", log))


def test_the_push_on_the_pedals_is_found_again():
    lack = 0.1 * np.sin(1.3 * TIME) + 0.02 * TIME
    crank = 7.0 * TIME
    push = 3.0 + 18.0 * lack + 9.0 * np.cumsum(lack) * PERIOD
    log = make_log(
        ROWS,
        reference_speed=2.0,
        estimate_speed=2.0 - lack,
        estimate_crank_angle=crank,
        reference_crank_torque=push * (1.0 + 0.3 * np.cos(2.0 * crank)),
    )
    assert value("pedal_speed_gain", log) == pytest.approx(18.0)
    assert value("pedal_integral_gain", log) == pytest.approx(9.0)
    assert math.isnan(value("pedal_speed_gain", make_log(ROWS, mode=RideMode.COAST)))


# Recovery


def test_a_fall_has_its_time_and_no_fall_has_none():
    log = make_log(ROWS)
    assert math.isnan(value("time_to_fall", log))
    log["truth_roll"][1500:] = -1.2
    assert value("time_to_fall", log) == pytest.approx(3.0)
    log["truth_body_ground_contact"][1000] = 1.0
    assert value("time_to_fall", log) == pytest.approx(2.0)


def test_settling_lasts_from_the_push_until_the_roll_stays_near_what_it_was():
    push = np.zeros((ROWS, 3))
    push[1000:1100, 1] = 60.0
    roll = np.full(ROWS, 0.1)
    roll[1050:1300] = 0.2
    roll[1300:1350] = 0.1  # calm for a moment
    roll[1350:1500] = 0.0
    log = make_log(ROWS, truth_push=push, truth_roll=roll)
    assert value("push_settling_time", log) == pytest.approx(499 * PERIOD)
    assert value("push_settling_time", make_log(ROWS, truth_push=push)) == 0.0
    assert math.isnan(value("push_settling_time", make_log(ROWS)))


def test_of_several_pushes_the_one_that_takes_longest_counts():
    push = np.zeros((ROWS, 3))
    push[800:850, 1], push[1600:1650, 1] = 60.0, -60.0
    roll = np.zeros(ROWS)
    roll[800:901], roll[1600:2101] = 0.1, -0.1
    log = make_log(ROWS, truth_push=push, truth_roll=roll)
    assert value("push_settling_time", log) == pytest.approx(500 * PERIOD)
