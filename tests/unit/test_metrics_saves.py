"""Metrics of dabs and falls, on logs that can be worked out by hand."""

import math

import numpy as np
import pytest

from controllers.riding.modes import RideMode
from scenarios.metrics import METRICS
from tests.unit.synthetic_ride import PERIOD, make_context, make_log

ROWS = 1000


def value(name, log):
    return METRICS[name].compute(log, make_context())


def riding(*spans):
    """Modes of a ride that cruises but for some spans of rows."""
    modes = np.full(ROWS, int(RideMode.CRUISE))
    for mode, first, after in spans:
        modes[first:after] = mode
    return modes


def fall(touch=500, head=520):
    """A ride that is given up at row 400, touches the ground, and then meets it with the head."""
    ground, force, speed = np.zeros(ROWS), np.zeros((ROWS, 4)), np.linspace(0.0, 2.0, ROWS)
    ground[touch:] = 1.0
    if head is not None:
        force[head : head + 10, 0] = 300.0
    force[touch, 1], force[touch, 3] = 900.0, 700.0
    velocity, torque = np.zeros((ROWS, 6)), np.full((ROWS, 33), 9.0)
    velocity[touch, :3] = 0.3, -0.4, 5.0
    torque[-60:] = 2.0
    return make_log(
        ROWS, mode=riding((RideMode.ABORT, 400, ROWS)), truth_body_ground_contact=ground, truth_impact_force=force,
        truth_head_speed=speed, truth_head_impulse=np.linspace(0.0, 6.0, ROWS), truth_bicycle_velocity=velocity,
        truth_robot_joint_torque=torque,
    )  # fmt: skip


def test_dabs_are_counted_and_timed_until_both_feet_are_back():
    dab, gather = RideMode.DAB, RideMode.GATHER
    log = make_log(ROWS, mode=riding((dab, 100, 200), (gather, 200, 300), (dab, 500, 550)))
    assert value("dabs", log) == 2
    assert value("dab_away", log) == pytest.approx(200 * PERIOD)
    never = make_log(ROWS, mode=riding((dab, 100, 200), (RideMode.WAIT, 200, ROWS)))
    assert value("dab_away", never) == math.inf


def test_feet_that_are_set_anew_are_counted():
    assert value("reseats", make_log(ROWS, mode=riding((RideMode.RESEAT, 100, 200), (RideMode.RESEAT, 300, 400)))) == 2
    assert value("reseats", make_log(ROWS)) == 0


def test_a_ride_without_a_dab_or_a_fall_has_none_of_them():
    log = make_log(ROWS)
    assert value("dabs", log) == 0
    names = ("dab_away", "abort_lead", "head_impact_speed", "head_impulse", "fall_speed", "fall_torque")
    assert all(math.isnan(value(name, log)) for name in names)


def test_the_lead_is_from_giving_up_to_the_first_contact():
    assert value("abort_lead", fall()) == pytest.approx(100 * PERIOD)
    log = fall()
    log["mode"][:] = RideMode.CRUISE
    assert value("abort_lead", log) == -math.inf


def test_the_head_counts_with_its_speed_before_it_meets_the_ground():
    assert value("head_impact_speed", fall()) == pytest.approx(2.0 * 519 / (ROWS - 1))
    assert value("head_impact_speed", fall(head=None)) == 0.0
    assert value("head_impulse", fall()) == 6.0


def test_forces_of_the_ground_are_those_of_each_part():
    assert [value(f"{part}_force_max", fall()) for part in ("head", "trunk", "hand")] == [300.0, 900.0, 700.0]


def test_speed_at_the_first_contact_and_torque_at_the_end():
    assert value("fall_speed", fall()) == pytest.approx(0.5)
    assert value("fall_torque", fall()) == pytest.approx(2.0)
