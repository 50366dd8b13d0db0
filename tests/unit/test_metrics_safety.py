"""Metrics of the safety layer, on logs that are made by hand."""

from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest

from robot import Reason
from robot.safety import RobotMode
from scenarios.context import SafetyReport
from scenarios.foot_columns import FOOT
from scenarios.metrics_foot import FOOT_METRICS
from scenarios.run_log import RunLog
from tests.unit.synthetic_foot import make_foot_context

ROWS, PERIOD = 100, 0.002
FAULT = 0.1
CONTEXT = replace(make_foot_context(), safety=SafetyReport((), 0.01, FAULT, ()))


def logged(stop=None, safe=None):
    """A run in which all goes well until a row; drives push until another one."""
    log = RunLog(ROWS, FOOT.with_safety())
    log["time"][:] = PERIOD * np.arange(ROWS)
    log["applied_reason"][:] = 0.0
    log["command_stiffness"][:] = 50.0
    log["safety_mode"][:] = float(RobotMode.ACTIVE)
    log["safety_lost"][:] = 0.0
    log["drives_pushing"][:] = 33.0
    if stop is not None:
        log["command_stiffness"][stop:] = 0.0
        log["safety_mode"][stop:] = float(RobotMode.FAULT)
        log["applied_reason"][stop:] = float(Reason.STOPPED)
    if safe is not None:
        log["drives_pushing"][safe:] = 0.0
    return log


def metric(name, log, context=CONTEXT):
    return FOOT_METRICS[name].compute(log, context)


def test_a_run_that_goes_on_has_no_trip_and_no_time_to_safe():
    log = logged()
    assert metric("safety_trips", log) == 0.0
    assert np.isnan([metric("time_to_stop", log), metric("time_to_safe", log)]).all()
    assert metric("switch_on_step", log) == 0.01


def test_times_count_from_the_fault_to_the_end_of_the_first_period_that_is_safe():
    log = logged(stop=55, safe=56)
    assert metric("safety_trips", log) == 1.0
    assert metric("time_to_stop", log) == pytest.approx(0.112 - FAULT)
    assert metric("time_to_safe", log) == pytest.approx(0.112 - FAULT)


def test_drives_that_push_to_the_end_are_never_safe():
    assert metric("time_to_safe", logged(stop=55)) == inf


def test_drives_that_begin_to_push_again_are_not_safe_before_that_is_over():
    log = logged(stop=55, safe=56)
    log["drives_pushing"][80] = 1.0
    assert metric("time_to_safe", log) == pytest.approx(81 * PERIOD - FAULT)


def test_a_dead_process_is_no_trip():
    log = logged()
    log["safety_mode"][60:] = nan
    log["applied_reason"][60:] = float(Reason.STALE)
    assert metric("safety_trips", log) == 0.0
    assert metric("time_to_safe", log) == inf


def test_what_is_shaped_is_no_intervention():
    log = logged()
    log["applied_reason"][3, 5] = float(Reason.RATE_LIMITED | Reason.TORQUE_BOUNDED)
    log["applied_reason"][7, 5] = float(Reason.POSITION_CLAMPED)
    assert metric("commands_shaped", log) == 1.0
    assert metric("guard_interventions", log) == 1.0


def test_without_the_layer_there_is_nothing_to_say():
    log, context = RunLog(ROWS, FOOT), replace(CONTEXT, safety=None)
    log["time"][:] = PERIOD * np.arange(ROWS)
    log["command_stiffness"][:] = 50.0
    names = ("safety_trips", "commands_shaped", "time_to_stop", "time_to_safe", "switch_on_step")
    assert np.isnan([metric(name, log, context) for name in names]).all()
