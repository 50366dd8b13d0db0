"""Small made-up logs and rides whose metrics can be worked out by hand."""

from types import SimpleNamespace

import numpy as np

from controllers.riding.modes import RideMode
from robot import FakeBus, JointCommand
from scenarios.columns import ACCOUNT, ESTIMATE, RIDE, ROBOT_JOINTS, TRUTH
from scenarios.context import RideContext
from scenarios.outcome import Outcome, Timing
from scenarios.ride import Ride
from scenarios.run_log import RunLog

PERIOD = 0.002


class LineAlongX:
    """The x axis as a course: the distance from it is y."""

    def project(self, points):
        return points[:, 1]


def make_log(rows, **columns):
    """A log of zeros with a clock, cruising, and with the columns that are given."""
    log = RunLog(rows)
    for column in RIDE.columns:
        log[column.name][:] = columns.pop(column.name, RideMode.CRUISE if column.name == "mode" else 0.0)
    log["time"][:] = np.arange(rows) * PERIOD
    assert not columns, f"no such columns: {list(columns)}"
    return log


def make_context(**changes):
    """A metre of straight course for a robot whose joints reach from -1 to 1."""
    context = {
        "course": LineAlongX(),
        "course_points": np.array([[0.0, 0.0], [1.0, 0.0]]),
        "joint_names": tuple(f"joint_{index}" for index in range(ROBOT_JOINTS)),
        "joint_lower": np.full(ROBOT_JOINTS, -1.0),
        "joint_upper": np.full(ROBOT_JOINTS, 1.0),
        "mass": 60.0,
    }
    return RideContext(**{**context, **changes})


def make_outcome(folder, metrics, criteria):
    """An outcome with metrics and criteria of one's own."""
    timing = Timing(6.0, 0.5, 0.2, 0.4, 1.0, 0.1, 0.2, 0.7, 0.5, 0.1)
    provenance = {"state_hash": "abc", "git_commit": None, "seed": 3}
    return Outcome("made_up", "nothing at all", 3, "completed", 1.0, metrics, criteria, provenance, timing, folder)


class FakeRider:
    """Holds every joint where it is, and says when its course is done or its truth should change."""

    def __init__(self, truth, finish_after=None, roll_after=None):
        self.telemetry = SimpleNamespace(**{column.name: 0.0 for column in ESTIMATE})
        self.steps = 0
        self._truth, self._finish_after, self._roll_after = truth, finish_after, roll_after

    @property
    def finished(self):
        return self._finish_after is not None and self.steps >= self._finish_after

    def reset(self, state):
        self.steps = 0

    def step(self, state):
        self.steps += 1
        self._truth.joint_work = float(self.steps)
        if self._roll_after is not None and self.steps > self._roll_after:
            self._truth.roll = -1.2
        zero = np.zeros(ROBOT_JOINTS)
        return JointCommand(state.time, state.joint_position, zero, zero, zero + 1.0, zero)


class CountingBus(FakeBus):
    """A fake bus that counts how often it was stopped and closed."""

    stops = 0
    closes = 0

    def stop(self):
        self.stops += 1
        super().stop()

    def close(self):
        self.closes += 1
        super().close()


def make_ride(finish_after=None, roll_after=None):
    """A ride on a fake bus, with a world that stands still."""
    truth = SimpleNamespace(
        **{
            column.name.removeprefix("truth_"): np.zeros(column.width) if column.width > 1 else 0.0
            for column in (*TRUTH, *ACCOUNT)
        }
    )
    world = SimpleNamespace(truth=truth, physics_seconds=0.25)
    bus = CountingBus(np.zeros(ROBOT_JOINTS), position_pelvis_in_world=np.array([0.0, 0.0, 0.8]))
    return Ride(
        bus,
        FakeRider(truth, finish_after, roll_after),
        lambda: world,
        lambda log: (2.0 * log["truth_joint_work"], np.outer(log["truth_joint_work"], (1.0, 0.0, 0.0))),
        make_context(),
    )
