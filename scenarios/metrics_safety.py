"""Metrics of the safety layer, of runs that have it, and of faults that a scenario declares."""

from __future__ import annotations

from math import inf, nan
from typing import TYPE_CHECKING

import numpy as np

from robot.command import SHAPING, Reason
from robot.safety.modes import RobotMode
from scenarios.metric import Metric, tick

if TYPE_CHECKING:
    from scenarios.context import RunContext
    from scenarios.run_log import RunLog


def safety_trips(log: RunLog, context: RunContext) -> float:
    """How often the safety layer left ACTIVE [1]; a process that is gone leaves nothing."""
    if "safety_mode" not in log or np.isnan(log["safety_mode"]).all():
        return nan
    mode = log["safety_mode"]
    active = np.concatenate(([True], mode == RobotMode.ACTIVE))
    return float(np.count_nonzero(active[:-1] & ~active[1:] & ~np.isnan(mode)))


def commands_shaped(log: RunLog, context: RunContext) -> float:
    """Ticks in which a joint got less than what was asked, for a rate, the whole torque or a temperature [1]."""
    if "safety_mode" not in log:
        return nan
    return float((log["applied_reason"].astype(np.uint16) & np.uint16(SHAPING)).any(axis=1).sum())


def time_to_stop(log: RunLog, context: RunContext) -> float:
    """From the first declared fault to the end of the first period under a command that holds no joint [s].

    NaN without a fault, or without such a command after it.
    """
    begin = _fault(context)
    ends = np.append(log["time"][1:], log["time"][-1] + tick(log))
    at_rest = (log["command_stiffness"] == 0.0).all(axis=1) & (ends > begin)
    return float(ends[np.argmax(at_rest)]) - begin if at_rest.any() else nan


def time_to_safe(log: RunLog, context: RunContext) -> float:
    """From the first declared fault until no drive does more than resist motion, for good [s].

    It is infinite if some do so to the end. NaN without a fault, or if the robot went on as it should.
    """
    begin = _fault(context)
    if begin != begin or not _stopped(log):
        return nan
    rows = np.flatnonzero(log["drives_pushing"] > 0)
    if not rows.size:
        return 0.0
    last = int(rows[-1])
    return inf if last + 1 == len(log) else max(float(log["time"][last]) + tick(log) - begin, 0.0)


def _stopped(log: RunLog) -> bool:
    """Whether the robot does not go on: the layer stopped it, or its controller is dead."""
    if "safety_mode" not in log:
        return False
    stopped = log["applied_reason"][-1].astype(np.uint16) & np.uint16(Reason.STALE | Reason.STOPPED)
    return bool(stopped.all())


def _fault(context: RunContext) -> float:
    return nan if context.safety is None else context.safety.fault


METRICS = (
    Metric("safety_trips", "1", "lower", "times that the safety layer ended the active mode", safety_trips),
    Metric("commands_shaped", "1", "lower", "ticks in which the safety layer gave less than what was asked",
           commands_shaped),
    Metric("time_to_stop", "s", "lower", "from the first fault until a command held nothing", time_to_stop),
    Metric("time_to_safe", "s", "lower", "from the first fault until no drive does more than resist", time_to_safe),
    Metric("switch_on_step", "1", "lower", "greatest step of a drive's torque at switch-on, over its limit",
           lambda log, context: nan if context.safety is None else context.safety.switch_on_step),
)  # fmt: skip
