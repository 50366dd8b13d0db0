"""Every metric on small logs whose numbers can be worked out by hand."""

import math

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from controllers.riding.modes import RideMode
from scenarios.columns import RIDE
from scenarios.metric import runs_of
from scenarios.metrics import METRICS, compute
from tests.unit.synthetic_ride import PERIOD, make_context, make_log
from urdf.bicycle_parameters import JOINTS

PROMISED = {
    "falls": "1",
    "distance": "m",
    "speed_mean": "m/s",
    "path_error_rms": "m",
    "path_error_max": "m",
    "roll_max": "rad",
    "pedal_work": "J",
    "resistance_work": "J",
    "energy_balance_error": "1",
    "undeclared_wrench_max": "N",
    "grip_force_max": "N",
    "foot_off_pedal_max": "s",
    "joint_limit_margin_min": "rad",
    "torque_saturation_fraction": "1",
    "winding_temperature_max": "°C",
    "torque_derated_fraction": "1",
}


def value(name, log, **context):
    return METRICS[name].compute(log, make_context(**context))


def points(*rows):
    return np.array([[*row, 0.0] for row in rows])


def feet(left, right):
    """Vertical foot forces from two sequences of numbers [N]."""
    forces = np.zeros((len(left), 6))
    forces[:, 2], forces[:, 5] = left, right
    return forces


def test_other_parts_rely_on_these_names_and_units():
    assert {name: METRICS[name].unit for name in PROMISED} == PROMISED


def test_compute_gives_every_metric_even_of_a_single_row():
    assert set(compute(make_log(1), make_context())) == set(METRICS)


def test_a_log_of_nan_gives_no_metric_that_could_pass():
    log = make_log(4, **{column.name: np.nan for column in RIDE.columns if column.name != "time"})
    metrics = compute(log, make_context())
    assert {name for name, number in metrics.items() if not math.isnan(number)} == {"completed"}


def test_the_time_column_alone_makes_the_clock():
    log = make_log(4)
    log["time"][:] = [0.0, 0.5, 1.0, 1.5]
    log["truth_bicycle_position"][:] = points((0, 0), (3, 4), (3, 4), (3, 1))
    assert value("distance", log) == pytest.approx(8.0)
    assert value("speed_mean", log) == pytest.approx(8.0 / 1.5)


@pytest.mark.parametrize(
    ("columns", "falls"),
    [
        ({}, 0.0),
        ({"truth_roll": [0.0, 0.99, -0.99]}, 0.0),
        ({"truth_roll": [0.0, -1.01, 0.0]}, 1.0),
        ({"truth_body_ground_contact": [0.0, 0.0, 1.0]}, 1.0),
    ],
)
def test_a_fall_is_ground_contact_or_a_roll_beyond_one_radian(columns, falls):
    assert value("falls", make_log(3, **columns)) == falls


@pytest.mark.parametrize("completed", [True, False])
def test_completed_is_what_the_runner_says(completed):
    assert value("completed", make_log(1), completed=completed) == float(completed)


def test_path_error_is_that_of_the_rear_contact_on_both_sides():
    log = make_log(2, truth_rear_contact=points((0, 3), (1, -4)), truth_front_contact=9.0)
    assert value("path_error_rms", log) == pytest.approx(math.sqrt(12.5))
    assert value("path_error_max", log) == 4.0


def test_path_error_after_the_lead_in_leaves_the_start_out_but_not_a_wheel_that_came_back():
    log = make_log(4, truth_rear_contact=points((0, 9), (1, 3), (0.9, -4), (2, 0)))
    assert value("path_error_after_lead_in", log, lead_in=1.0) == pytest.approx(math.sqrt(25 / 3))
    assert value("path_error_after_lead_in", log, lead_in=0.0) == value("path_error_rms", log)
    assert math.isnan(value("path_error_after_lead_in", log, lead_in=2.5))
    assert math.isnan(value("path_error_after_lead_in", log))


def test_cone_clearance_is_of_the_nearer_wheel_to_the_edge_of_the_nearest_cone():
    log = make_log(2, truth_rear_contact=points((0, 0), (5, 0)), truth_front_contact=points((1, 0), (6, 0)))
    cones = np.array([[1.0, 0.5], [20.0, 0.0]])
    assert value("cone_clearance_min", log, cones=cones) == pytest.approx(0.4)
    assert value("cone_clearance_min", log, cones=np.array([[5.0, 0.05]])) == pytest.approx(-0.05)
    assert math.isnan(value("cone_clearance_min", log))


def test_roll_steer_and_their_rates():
    steer_rate = np.zeros((4, len(JOINTS)))
    steer_rate[:, JOINTS.index("steer_joint")] = [3.0, -3.0, 3.0, -3.0]
    log = make_log(
        4, truth_roll=[0.0, 0.01, 0.0, -0.01], truth_steer=[0.1, -0.4, 0.2, 0], truth_bicycle_joint_velocity=steer_rate
    )
    assert value("roll_max", log) == 0.01
    assert value("steer_max", log) == 0.4
    assert value("roll_rate_rms", log) == pytest.approx(0.01 / PERIOD)
    assert value("steer_rate_rms", log) == pytest.approx(3.0)


def test_works_are_counted_from_the_first_row():
    log = make_log(
        3, truth_pedal_work=[5.0, 50.0, 105.0], truth_resistance_work=[1, 2, 61], truth_brake_work=[0, 0, 7.0]
    )
    assert value("pedal_work", log) == 100.0
    assert value("resistance_work", log) == 60.0
    assert value("brake_work", log) == 7.0


@pytest.mark.parametrize(
    ("energy", "error"),
    [
        (30.0, 0.0),  # 100 + 10 pedalled and pushed, 60 + 20 lost: 30 are left
        (40.0, 0.1),
        (20.0, 0.1),
    ],
)
def test_energy_balance(energy, error):
    log = make_log(
        2,
        truth_pedal_work=[0.0, 100.0],
        truth_push_work=[0.0, 10.0],
        truth_resistance_work=[0.0, 60.0],
        truth_brake_work=[0.0, 20.0],
        truth_energy=[500.0, 500.0 + energy],
    )
    assert value("energy_balance_error", log) == pytest.approx(error)


def test_energy_balance_of_a_ride_without_any_energy_is_not_a_number():
    assert math.isnan(value("energy_balance_error", make_log(2)))


def test_coasting_must_lose_what_the_declared_resistance_takes():
    mode = [RideMode.COAST if coasts else RideMode.CRUISE for coasts in (0, 1, 1, 1, 0, 1, 1)]
    resistance = [0.0, 5.0, 10.0, 15.0, 99.0, 100.0, 110.0]
    energy = [0.0, 80.0, 70.0, 69.0, 500.0, 60.0, 48.0]  # loses 11 + 12 in coasting, where 10 + 10 are declared
    log = make_log(7, mode=mode, truth_resistance_work=resistance, truth_energy=energy)
    assert value("coast_deceleration_error", log) == pytest.approx(0.15)
    assert math.isnan(value("coast_deceleration_error", make_log(3)))


def test_cost_of_transport_counts_positive_joint_work_only():
    torque, velocity = np.zeros((3, 33)), np.zeros((3, 33))
    torque[:, 0], velocity[:, 0] = 10.0, 2.0
    torque[:, 1], velocity[:, 1] = 10.0, -2.0
    log = make_log(
        3,
        truth_robot_joint_torque=torque,
        truth_robot_joint_velocity=velocity,
        truth_bicycle_position=points((0, 0), (1, 0), (2, 0)),
    )
    assert value("cost_of_transport", log) == pytest.approx(3 * 20.0 * PERIOD / (60.0 * 9.81 * 2.0))


def test_a_foot_is_off_for_its_longest_unbroken_time():
    left = [50, 0.5, 0.5, 50, 0.9, 0.9, 0.9, 50]
    right = [0, 50, 50, 50, 50, 50, 50, 0]
    log = make_log(8, truth_foot_force=feet(left, right))
    assert value("foot_off_pedal_max", log) == pytest.approx(3 * PERIOD)
    assert value("foot_force_max", log) == 50.0
    assert value("foot_off_pedal_max", make_log(2, truth_foot_force=feet([2, 2], [2, 2]))) == 0.0


def test_both_feet_in_turn_are_not_one_long_absence():
    log = make_log(4, truth_foot_force=feet([0, 0, 9, 9], [9, 9, 0, 0]))
    assert value("foot_off_pedal_max", log) == pytest.approx(2 * PERIOD)


def test_forces_are_norms():
    log = make_log(
        3,
        truth_grip_force=[[1, 2], [3, 120], [5, 6]],
        truth_saddle_force=[[0, 0, 0], [0, 3, 4], [0, 0, 9]],
        truth_undeclared_wrench=[0, 1e-9, 0],
        truth_body_bicycle_contact=[0, 7, 0],
    )
    assert value("grip_force_max", log) == 120.0
    assert value("saddle_force_min", log) == 5.0
    assert value("undeclared_wrench_max", log) == 1e-9
    assert value("body_bicycle_contact_max", log) == 7.0


def test_joint_limit_margin_is_negative_beyond_a_limit_and_skips_joints_that_are_not_judged():
    position = np.zeros((2, 33))
    position[1, 4], position[0, 5] = 0.9, -5.0
    log = make_log(2, truth_robot_joint_position=position)
    lower = np.full(33, -1.0)
    assert value("joint_limit_margin_min", log) == pytest.approx(-4.0)
    lower[5] = -np.inf
    assert value("joint_limit_margin_min", log, joint_lower=lower) == pytest.approx(0.1)


def test_saturation_and_interventions_are_counted():
    reasons = np.zeros((4, 33))
    reasons[1, [3, 4]], reasons[3, 0] = 2, 16
    log = make_log(4, truth_torque_saturated=[0.0, 0.5, 0.0, 0.1], applied_reason=reasons)
    assert value("torque_saturation_fraction", log) == pytest.approx(0.15)
    assert value("guard_interventions", log) == 2.0


def test_warm_drives_are_told():
    warm = np.full((4, 33), 30.0)
    warm[2, 7] = 112.0
    log = make_log(4, truth_winding_temperature=warm, truth_torque_derated=[0.0, 0.0, 1 / 33, 0.0])
    assert value("winding_temperature_max", log) == 112.0
    assert value("torque_derated_fraction", log) == pytest.approx(0.25 / 33)


@pytest.mark.parametrize(
    ("flags", "runs"),
    [([], []), ([0, 0], []), ([1, 1], [(0, 2)]), ([0, 1, 1, 0, 1], [(1, 3), (4, 5)])],
)
def test_runs_of_true_entries(flags, runs):
    assert runs_of(np.array(flags, dtype=bool)) == runs


def test_a_hand_that_lets_go_is_timed():
    log = make_log(1000)
    log["truth_grip_closed"][:] = 1.0
    assert compute(log, make_context())["hand_off_grip_max"] == 0.0
    log["truth_grip_closed"][300:350, 1] = 0.0
    assert compute(log, make_context())["hand_off_grip_max"] == pytest.approx(50 * PERIOD)


def test_slip_of_the_pelvis_is_what_it_moves_on_the_bicycle_and_not_with_it():
    log = make_log(1000)
    turn = Rotation.from_euler("zx", np.column_stack((log["time"], 0.1 * log["time"])))
    slide = np.where(log["time"] > 1.0, 0.01, 0.0)
    seat = np.column_stack((0.1 - slide, 0.0 * slide, 0.65 + 0.0 * slide))
    log["truth_bicycle_orientation"][:] = turn.as_quat()
    log["truth_bicycle_position"][:] = np.outer(log["time"], (2.0, 0.0, 0.0))
    log["truth_robot_position"][:] = log["truth_bicycle_position"] + turn.apply(seat)
    assert compute(log, make_context())["pelvis_slip_max"] == pytest.approx(0.01)


def test_a_force_that_nobody_knows_of_shows_as_a_residual_of_momentum():
    log = make_log(1000)
    log["truth_momentum"][:] = log["truth_external_impulse"] + np.outer(log["time"] * 3.0, (0.0, 0.6, 0.8))
    assert compute(log, make_context())["momentum_residual_max"] == pytest.approx(3.0)


def test_what_metrics_share_is_worked_out_once_for_each_log():
    """The rear wheel's way, of which many metrics make something; the front wheel's comes besides, in one metric."""
    asked = []

    class Counting:
        def project(self, points):
            asked.append(len(points))
            return points[:, 1]

    context = make_context(course=Counting())
    for rows in (3, 3, 5):
        compute(make_log(rows), context)
    assert asked == [3, 3, 3, 3, 5, 5]


def test_a_push_is_told_by_its_beginning_its_crank_angle_and_its_impulse():
    """A row has what acted on its way there, so a push that shows in the third row began at the second."""
    log = make_log(5, truth_push=points((0, 0), (0, 0), (3, 4), (0, -10), (0, 0)))
    log["truth_crank_angle"][:] = [6.0, 2 * np.pi + 0.5, 7.0, 8.0, 9.0]
    assert value("push_begin", log) == pytest.approx(PERIOD)
    assert value("push_crank", log) == pytest.approx(0.5)
    assert value("push_impulse", log) == pytest.approx(15.0 * PERIOD)


def test_without_a_push_there_is_no_beginning_and_no_impulse():
    log = make_log(5)
    assert math.isnan(value("push_begin", log))
    assert math.isnan(value("push_crank", log))
    assert value("push_impulse", log) == 0.0


def test_the_path_error_at_the_end_is_of_the_last_second():
    log = make_log(4, truth_rear_contact=points((0, 5), (1, 3), (2, -4), (3, 0)))
    log["time"][:] = [0.0, 1.0, 1.5, 2.0]
    assert value("path_error_end", log) == pytest.approx(math.sqrt(25 / 3))
