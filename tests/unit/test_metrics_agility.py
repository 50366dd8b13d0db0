"""Metrics of riding in little room, on made-up ways of both wheels."""

import numpy as np
import pytest

from scenarios.metrics import METRICS
from tests.unit.synthetic_ride import make_context, make_log

ROWS = 101


def value(name, **columns):
    return METRICS[name].compute(make_log(ROWS, **columns), make_context())


def way(y):
    return np.column_stack((np.linspace(0.0, 5.0, ROWS), y, np.zeros(ROWS)))


@pytest.mark.parametrize("wheel", ["truth_rear_contact", "truth_front_contact"])
def test_the_wheel_that_is_further_off_counts(wheel):
    y = np.zeros(ROWS)
    y[30] = -0.25
    assert value("lane_halfwidth_max", **{wheel: way(y)}) == pytest.approx(0.25)


def test_the_swept_width_is_from_the_outermost_way_to_the_other():
    rear, front = way(np.linspace(0.0, 3.0, ROWS)), way(np.linspace(-0.1, 3.2, ROWS))
    assert value("swept_width", truth_rear_contact=rear, truth_front_contact=front) == pytest.approx(3.3)


def test_it_is_measured_across_the_first_heading():
    """A course that begins along y: what is gone along y does not count."""
    log = make_log(ROWS, truth_rear_contact=way(np.linspace(0.0, 9.0, ROWS)), truth_front_contact=way(np.zeros(ROWS)))
    context = make_context(course_points=np.array(((0.0, 0.0), (0.0, 1.0))))
    assert METRICS["swept_width"].compute(log, context) == pytest.approx(5.0)
