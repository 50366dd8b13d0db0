"""Tries one fault: a run in which it happens, and what was to be seen of it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan, nan

import numpy as np

from robot.safety import RobotMode
from robot.safety.torque_limit import torque_asked
from scenarios.assembly import assemble, load_robot
from scenarios.errors import BadInput
from scenarios.fault_schema import Fault, WrongDirection, WrongZero
from scenarios.faults.matrix import Case, Expectation, Matrix, Mode, Stage
from scenarios.loader import load
from scenarios.metrics import compute
from scenarios.run_log import RunLog
from scenarios.runner import Ridden, ride
from scenarios.schema import CONTROL_PERIOD, Scenario

_LEFT = f"{RobotMode.ACTIVE.name} to "
_ROUNDING = 1e-6
"""Times are compared with that much room [s]."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What became of one fault.

    Attributes:
        case: The fault.
        stage: What the robot was doing.
        mode: How it ended.
        why: What ended the active mode, or stands against it; empty where nothing did.
        stop: From the fault to the end of the first period under a command that holds nothing [s]; NaN without one.
        safe: From the fault until no drive did more than resist [s]; infinite if some do to the end, NaN if it goes on.
        pushing: Names of the drives that do.
        lost: Number of joints out of service.
        asked: Greatest torque that a command asks of a joint at the state that it answers, over the joint's limit [1].
        torque: Greatest torque on a joint until the robot has fallen, if it does, over its limit [1].
        switch_on_step: Greatest step of a drive's torque while it was switched on, over its limit [1].
        failures: Criteria of the scenario that do not hold, where it was to go on.
    """

    case: Case
    stage: Stage
    mode: Mode
    why: str = ""
    stop: float = nan
    safe: float = nan
    pushing: tuple[str, ...] = ()
    lost: int = 0
    asked: float = 0.0
    torque: float = 0.0
    switch_on_step: float = 0.0
    failures: tuple[str, ...] = ()

    @property
    def expected(self) -> Expectation:
        """What was expected."""
        return self.case.expectation(self.stage.name)

    def differences(self, matrix: Matrix) -> tuple[str, ...]:
        """How that differs from what was expected, a few words each; nothing if it does not."""
        expected, found = self.expected, list(self.failures)
        if self.mode != expected.mode:
            found.append(f"{self.mode}, not {expected.mode}")
        elif expected.watch and expected.watch.lower() not in self.why.lower():
            found.append(f"not for {expected.watch}")
        for name, limit, time in (("stop", expected.stop, self.stop), ("safe", expected.safe, self.safe)):
            if limit is not None and not time <= limit + _ROUNDING:
                found.append(f"{name} after {_milliseconds(time)}, at most {_milliseconds(limit)}")
        if len(self.pushing) != expected.pushing and self.mode != "active":
            found.append(f"{len(self.pushing)} drives push, not {expected.pushing}")
        if self.lost != expected.lost:
            found.append(f"{self.lost} joints lost, not {expected.lost}")
        if self.asked > matrix.asked:
            found.append(f"a torque of {self.asked:.2f} of the limit asked")
        if self.torque > matrix.torque:
            found.append(f"a torque of {self.torque:.2f} of the limit")
        if self.switch_on_step > matrix.switch_on_step:
            found.append(f"a step of {self.switch_on_step:.1%} at switch-on")
        return tuple(found)


def observe(case: Case, stage: Stage, seed: int = 0) -> Observation:
    """Let a fault happen in a stage, and look.

    Raises:
        BadInput: The stage's scenario is wrong, or a fault is one of a bus, drive or joint that there is not.
    """
    scenario = faulty(case, stage)
    try:
        ridden = ride(scenario, seed, lambda *_: None, assemble=assemble)
    except BadInput as error:
        refusal = str(error).partition("not switched on: ")[2]
        if not refusal:
            raise
        return Observation(case, stage, "refused", refusal)
    return _seen(case, stage, scenario, ridden)


def faulty(case: Case, stage: Stage) -> Scenario:
    """The scenario of a stage with the safety layer and the faults of a case.

    Raises:
        BadInput: It is wrong.
    """
    scenario = load(stage.scenario, ("bus=can", "safety.supervised=true", *stage.changes, *case.changes))
    safety = scenario.safety.replaced(expendable=case.expendable)
    return scenario.replaced(safety=safety, faults=tuple(_at(fault, stage.at) for fault in case.faults))


def _at(fault: Fault, begin: float) -> Fault:
    """A fault whose time counts from another one."""
    return fault if isinstance(fault, WrongZero | WrongDirection) else fault.replaced(time=begin + fault.time)


def _seen(case: Case, stage: Stage, scenario: Scenario, ridden: Ridden) -> Observation:
    log, context, report = ridden.log, ridden.context, ridden.context.safety
    assert report is not None  # it is supervised
    metrics = compute(log, context)
    last = float(log["safety_mode"][-1])
    mode: Mode = "dead" if isnan(last) else _MODES[RobotMode(int(last))]
    left = next((event for event in report.events if event.startswith(_LEFT)), "")
    judged = set(stage.criteria) - set(case.without) if mode == "active" else ()
    asked = [criterion for criterion in scenario.criteria if criterion.metric in judged]
    broken = (criterion.violation(metrics.get(criterion.metric)) for criterion in asked)
    standing = round(ridden.seconds / CONTROL_PERIOD)
    torque = np.abs(log["truth_robot_joint_torque"][:standing]) / load_robot().limits.effort
    lost = log["safety_lost"][-1]
    return Observation(
        case, stage, mode, left.partition(" s: ")[2], metrics["time_to_stop"], metrics["time_to_safe"],
        report.pushing if mode != "active" else (), 0 if isnan(lost) else int(lost), _asked(log), float(torque.max()),
        report.switch_on_step, tuple(failure for failure in broken if failure),
    )  # fmt: skip


def _asked(log: RunLog) -> float:
    """Greatest torque that a command that went out asks at its state, over the joint's limit [1]."""
    block = np.stack([log[f"command_{name}"] for name in ("position", "velocity", "torque", "stiffness", "damping")])
    asked = torque_asked(block, log["joint_position"], log["joint_velocity"])
    return float((np.abs(asked) / load_robot().limits.effort).max())


_MODES: dict[RobotMode, Mode] = {
    RobotMode.ACTIVE: "active", RobotMode.DAMPING: "damping", RobotMode.FAULT: "fault",
}  # fmt: skip


def _milliseconds(time: float) -> str:
    return f"{1e3 * time:.0f} ms" if isfinite(time) else "never"
