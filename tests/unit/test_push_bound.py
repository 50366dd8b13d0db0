"""The bound on what a push does to a course, however well it is steered."""

import pytest

from benchmarks.push_bound import HEIGHT, least_offset
from controllers.riding.whipple import Whipple, whipple
from urdf.whipple_file import load_whipple

FREE = {"speed": 5.0, "late": 0.0, "turn": 20.0, "rate": 20.0}


@pytest.fixture(scope="module")
def bicycle() -> Whipple:
    return whipple(load_whipple())


def test_without_a_push_it_stays_on_its_course(bicycle):
    assert least_offset(bicycle, 0.0, **FREE) == pytest.approx(0.0, abs=1e-6)


def test_the_later_slower_and_less_it_may_steer_the_farther_it_goes(bicycle):
    best = least_offset(bicycle, 20.0, **FREE)
    assert best is not None
    for hindrance in ({"late": 0.2}, {"rate": 0.2}, {"turn": 1.0}):
        worse = least_offset(bicycle, 20.0, **{**FREE, **hindrance})
        assert worse is None or worse > 1.05 * best
    assert least_offset(bicycle, 40.0, **FREE) == pytest.approx(2.0 * best, rel=0.2)  # nothing is at its limit


def test_a_push_that_no_turn_can_catch_is_told(bicycle):
    turn, inertia = 2.0, bicycle.mass[0, 0]
    falling = (bicycle.g * -bicycle.gravity[0, 0] / inertia) ** 0.5
    held = inertia * falling * turn / bicycle.g / HEIGHT  # by the steady turn alone
    assert least_offset(bicycle, 3.0 * held, **{**FREE, "turn": turn}) is None
