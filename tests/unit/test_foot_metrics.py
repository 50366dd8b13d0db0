"""Metrics of runs on foot, on logs of bodies whose motion is known."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from controllers.balance.goal import Goal
from controllers.balance.telemetry import BalanceTelemetry
from scenarios.falls import fall_row, watch_on_foot
from scenarios.foot_columns import FOOT
from scenarios.metrics import ALL_METRICS, METRICS, compute
from scenarios.metrics_foot import FOOT_METRICS, compute_on_foot
from tests.unit.synthetic_foot import HEIGHT, MASS, PERIOD, UPRIGHT, make_foot_context, make_foot_log

SECOND = 500


def of(log, name, **context):
    return compute_on_foot(log, make_foot_context(**context))[name]


def moving(seconds, velocity, turn=0.0):
    """A log of a pelvis and soles that move and turn evenly, as they are asked to."""
    log = make_foot_log(round(seconds * SECOND))
    time = log["time"]
    yaw = turn * time
    ahead = np.column_stack((np.cos(yaw), np.sin(yaw)))
    aside = np.column_stack((-np.sin(yaw), np.cos(yaw)))
    way = np.cumsum(velocity[0] * ahead + velocity[1] * aside, axis=0) * PERIOD
    log["truth_robot_position"][:, :2] += way
    log["truth_com"][:, :2] += way
    for column in (0, 3):
        log["truth_foot_position"][:, column : column + 2] += way
    log["truth_robot_orientation"][:] = Rotation.from_euler("z", yaw[:, None]).as_quat()
    log["truth_foot_yaw"][:] = yaw[:, None]
    log["reference_velocity"][:] = (*velocity, turn)
    return log


def test_all_are_numbers_or_not_there_in_a_log_of_one_row():
    found = compute(make_foot_log(1), make_foot_context())
    assert set(found) == set(FOOT_METRICS)
    assert all(isinstance(value, float) for value in found.values())


def test_a_name_that_both_kinds_have_means_the_same():
    for name in set(METRICS) & set(FOOT_METRICS):
        assert METRICS[name].unit == FOOT_METRICS[name].unit == ALL_METRICS[name].unit
        assert METRICS[name].better == FOOT_METRICS[name].better


def test_who_stands_still_has_no_error():
    found = compute_on_foot(make_foot_log(3 * SECOND), make_foot_context(completed=True))
    still = ("falls", "com_offset_max", "sway_velocity_rms", "pelvis_height_error_max", "torso_error_max", "tilt_max")
    assert [found[name] for name in still] == pytest.approx([0.0] * len(still))
    assert found["completed"] == 1.0
    assert found["time_upright"] == pytest.approx(3.0 - PERIOD)
    assert found["cop_margin_min"] == pytest.approx(0.06)
    assert found["heading_drift"] == found["steps"] == found["foot_slip"] == found["one_leg_time"] == 0.0
    for name in ("speed_forward_mean", "cost_of_transport", "hand_error_max", "final_position_error", "estimate_drift"):
        assert np.isnan(found[name])


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ({}, None),
        ({"truth_body_ground_contact": 1.0}, 60),
        ({"truth_robot_position": (0.0, 0.0, 0.24)}, 60),
        ({"truth_robot_orientation": Rotation.from_euler("x", 1.01).as_quat()}, 60),
        ({"truth_torso_orientation": Rotation.from_euler("y", -1.01).as_quat()}, 60),
        ({"truth_torso_orientation": Rotation.from_euler("y", -0.99).as_quat()}, None),
        ({"truth_torso_orientation": Rotation.from_euler("zy", (3.0, 0.5)).as_quat()}, None),
    ],
)
def test_a_fall_is_found_by_row_and_as_a_whole(columns, row):
    log = make_foot_log(100)
    for name, value in columns.items():
        log[name][60:] = value
    assert fall_row(log) == row
    fallen = watch_on_foot(log)
    assert [fallen(number) for number in (59, 60, 99)] == ([False, True, True] if row else [False] * 3)


def test_what_comes_after_a_fall_does_not_count():
    log = make_foot_log(SECOND)
    log["truth_body_ground_contact"][200:] = 1.0
    log["truth_torque_saturated"][201:] = 1.0
    found = compute_on_foot(log, make_foot_context())
    assert found["falls"] == 1.0
    assert found["time_upright"] == pytest.approx(0.4)
    assert found["torque_saturation_fraction"] == 0.0


def test_centre_of_mass_is_held_against_the_foot_that_bears():
    log = make_foot_log(10)
    log["truth_foot_force"][:, 2] = 0.0
    assert of(log, "com_offset_max") == pytest.approx(0.1)
    assert of(log, "one_leg_time") == pytest.approx(9 * PERIOD)


def test_height_is_above_the_soles_that_bear():
    log = make_foot_log(10, truth_robot_position=(0.0, 0.0, HEIGHT + 0.05))
    log["truth_foot_position"][:, (2, 5)] += 0.03
    assert of(log, "pelvis_height_error_rms") == pytest.approx(0.02)


def test_a_named_height_is_judged_once_it_is_settled():
    log = make_foot_log(4 * SECOND)
    log["truth_robot_position"][: 2 * SECOND, 2] = 0.3
    goals = (Goal(4.0, over=1.0, pelvis_height=HEIGHT - 0.01),)
    assert of(log, "pelvis_height_settled_max", goals=goals) == pytest.approx(0.34)
    log["truth_robot_position"][SECOND : 2 * SECOND, 2] = HEIGHT
    log["truth_robot_position"][SECOND + 249, 2] = 0.3
    assert of(log, "pelvis_height_settled_max", goals=goals) == pytest.approx(0.01)


def test_torso_is_asked_against_the_heading_of_the_stance():
    log = make_foot_log(10, truth_foot_yaw=0.4, reference_torso=(0.1, 0.2, 0.3))
    log["truth_torso_orientation"][:] = Rotation.from_euler("ZYX", (0.7, 0.2, 0.1)).as_quat()
    assert of(log, "torso_error_max") == pytest.approx(0.0, abs=1e-7)
    log["truth_torso_orientation"][:] = UPRIGHT
    assert of(log, "torso_error_max") == pytest.approx(Rotation.from_euler("ZYX", (0.7, 0.2, 0.1)).magnitude())


def test_a_hand_is_asked_in_the_stance_frame():
    log = make_foot_log(5 * SECOND)
    turn = Rotation.from_euler("z", 0.5)
    for name in ("truth_foot_position", "truth_hand_position"):
        log[name][:] = turn.apply(log[name][0].reshape(2, 3)).ravel() + np.tile((3.0, 1.0, 0.0), 2)
    log["truth_foot_yaw"][:] = 0.5
    goals = (Goal(2.0), Goal(3.0, left_hand=(0.3, 0.21, 0.8)))
    assert of(log, "hand_error_max", goals=goals) == pytest.approx(0.01)
    assert of(log, "hand_error_rms", goals=goals) == pytest.approx(0.01)


def test_a_hand_is_turned_in_the_stance_frame():
    log = make_foot_log(5 * SECOND, truth_foot_yaw=0.5)
    asked, off = Rotation.from_euler("ZYX", (0.3, -1.2, 0.1)), Rotation.from_rotvec((0.0, 0.03, 0.04))
    log["truth_hand_orientation"][:, 4:] = (Rotation.from_euler("z", 0.5) * asked * off).as_quat()
    goals = (Goal(2.0), Goal(3.0, right_hand=(0.3, -0.2, 0.8), right_hand_rotation=(0.1, -1.2, 0.3)))
    assert of(log, "hand_angle_max", goals=goals) == pytest.approx(0.05)
    assert np.isnan(of(log, "hand_angle_max", goals=(Goal(2.0), Goal(3.0, right_hand=(0.3, -0.2, 0.8)))))


def test_the_edge_of_a_turned_sole_is_where_it_is():
    log = make_foot_log(SECOND, truth_foot_yaw=np.pi / 2)
    log["truth_foot_cop"][:, 1] = 0.1 + 0.09
    assert of(log, "cop_margin_min") == pytest.approx(0.012)


def test_a_foot_that_swings_and_comes_down_is_a_step():
    log = make_foot_log(3 * SECOND, truth_foot_slip=(0.01, 0.03))
    log["truth_foot_slip"][0] = 0.0
    for start in (100, 400, 700):
        log["truth_foot_force"][start : start + 100, 2] = 0.0
    log["truth_foot_force"][1000:1010, 2] = 0.0
    log["truth_foot_force"][-200:, 5] = 0.0
    assert of(log, "steps") == 3.0
    assert of(log, "foot_slip") == pytest.approx(0.04)
    assert of(log, "foot_slip_per_step") == pytest.approx(0.04 / 3)


def test_a_walk_as_it_was_asked_has_no_error():
    found = compute_on_foot(moving(5.0, (0.6, 0.1), 0.2), make_foot_context())
    for name in ("velocity_error_forward_rms", "velocity_error_left_rms", "velocity_error_turn_rms"):
        assert found[name] == pytest.approx(0.0, abs=0.006)
    assert found["speed_forward_mean"] == pytest.approx(0.6, abs=0.01)
    assert found["heading_drift"] == pytest.approx(0.0, abs=0.001)
    assert np.isnan(found["sway_velocity_rms"])


def test_a_walk_that_is_too_slow_and_turns_by_itself_shows_it():
    log = moving(5.0, (0.5, 0.0), 0.1)
    log["reference_velocity"][:] = (0.6, 0.0, 0.0)
    found = compute_on_foot(log, make_foot_context())
    assert found["velocity_error_forward_rms"] == pytest.approx(0.1, abs=0.002)
    assert found["velocity_error_turn_rms"] == pytest.approx(0.1)
    assert found["heading_drift"] == pytest.approx(0.5, abs=0.001)


def test_cost_of_transport_takes_all_work_and_the_way_without_sway():
    log = moving(4.0, (0.5, 0.0))
    log["truth_robot_position"][:, 1] += 0.03 * np.sin(2 * np.pi * log["time"])
    log["truth_robot_joint_torque"][:, 0], log["truth_robot_joint_velocity"][:, 0] = -10.0, 2.0
    assert of(log, "way") == pytest.approx(2.0, abs=0.01)
    assert of(log, "cost_of_transport") == pytest.approx(80.0 / (MASS * 9.81 * 2.0), rel=0.01)


def test_a_walk_to_a_pose_is_judged_where_it_ends():
    log = moving(2.0, (0.5, 0.0))
    context = {"goals": (Goal(1.0), Goal(None, walk_to=(1.0, 0.1, -0.2)))}
    assert of(log, "final_position_error", **context) == pytest.approx(0.1, abs=0.002)
    assert of(log, "final_heading_error", **context) == pytest.approx(0.2)
    assert np.isnan(of(log, "heading_drift", **context))


def test_estimates_are_held_against_the_truth():
    log = moving(4.0, (0.5, 0.0))
    log["estimate_position"][:] = 1.02 * log["truth_robot_position"]
    log["estimate_com_velocity"][:] = (0.03, 0.0, 0.04)
    log["estimate_orientation"][:] = Rotation.from_euler("ZY", (0.1, 0.02)).as_quat()
    found = compute_on_foot(log, make_foot_context())
    assert found["estimate_drift"] == pytest.approx(0.015, abs=0.001)
    assert found["estimate_com_velocity_rms"] == pytest.approx(0.05)
    assert found["estimate_attitude_rms"] == pytest.approx(0.02)
    assert found["estimate_heading_rms"] == pytest.approx(0.1, abs=1e-4)


def test_the_estimates_world_heads_where_the_robot_started():
    log = moving(4.0, (0.5, 0.0))
    log["estimate_position"][:] = log["truth_robot_position"]
    log["estimate_com_velocity"][:] = log["truth_com_velocity"][:] = (0.5, 0.0, 0.0)
    turn = Rotation.from_euler("z", 0.4)
    for name in ("truth_robot_position", "truth_com_velocity"):
        log[name][:] = turn.apply(log[name])
    log["truth_robot_orientation"][:] = (turn * Rotation.from_quat(log["truth_robot_orientation"])).as_quat()
    log["truth_foot_yaw"][:] += 0.4
    found = compute_on_foot(log, make_foot_context())
    assert found["estimate_drift"] == pytest.approx(0.0, abs=1e-6)
    assert found["estimate_com_velocity_rms"] == pytest.approx(0.0, abs=1e-9)
    assert found["estimate_heading_rms"] == pytest.approx(0.0, abs=1e-9)


def test_failures_and_residuals_of_the_solver_are_counted():
    log = make_foot_log(SECOND)
    log["solver_failed"][10:13] = 1.0
    log["task_residual"][20] = 0.3
    log["truth_self_contact"][30] = 12.0
    log["applied_reason"][40, 3] = 4.0
    found = compute_on_foot(log, make_foot_context())
    assert found["solver_failures"] == 3.0
    assert found["task_residual_max"] == pytest.approx(0.3)
    assert (found["self_contact_max"], found["guard_interventions"]) == (12.0, 1.0)


def test_every_telemetry_has_its_column():
    telemetry = BalanceTelemetry()
    assert {column.name for column in FOOT.estimate} == set(vars(BalanceTelemetry()))
    for column in FOOT.estimate:
        assert np.size(getattr(telemetry, column.name)) == column.width
