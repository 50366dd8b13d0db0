"""Joint limits that make no sense are refused with the joint and the value."""

import math

import numpy as np
import pytest

from robot import JointLimits

RIGHT = {"lower": [-1.0, 0.0], "upper": [1.0, 2.0], "velocity": [10.0, 5.0], "effort": [60.0, 36.0]}


def limits(names: tuple[str, ...] = ("hip", "knee"), **change: list[float]) -> JointLimits:
    return JointLimits(**{field: np.array(values) for field, values in (RIGHT | change).items()}, names=names)


def test_limits_are_copied_and_cannot_be_written() -> None:
    lower = np.array([-1.0, 0.0])
    made = JointLimits(lower, np.array([1.0, 2.0]), np.array([10.0, 5.0]), np.array([60.0, 36.0]))
    lower[0] = -9.0
    assert made.lower[0] == -1.0
    assert len(made) == 2
    with pytest.raises(ValueError, match="read-only"):
        made.effort[0] = 1000.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"upper": [1.0]}, r"four arrays of one shape \(n,\), got lower \(2,\), upper \(1,\)"),
        ({"lower": [math.nan, 0.0]}, "joint 'hip' has lower nan rad"),
        ({"upper": [1.0, math.inf]}, "joint 'knee' has upper inf rad"),
        ({"velocity": [10.0, 0.0]}, r"joint 'knee' has velocity 0\.0 rad/s"),
        ({"effort": [-60.0, 36.0]}, r"joint 'hip' has effort -60\.0 Nm"),
        ({"lower": [-1.0, 2.0]}, r"joint 'knee' has lower 2\.0 rad and upper 2\.0 rad"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(change: dict[str, list[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        limits(("hip", "knee"), **change)


def test_a_joint_without_a_name_is_named_by_its_place() -> None:
    with pytest.raises(ValueError, match="joint 1 has velocity"):
        limits(names=(), velocity=[10.0, -5.0])


def test_there_is_one_name_for_each_joint() -> None:
    with pytest.raises(ValueError, match="1 names for 2 joints"):
        limits(names=("hip",))
