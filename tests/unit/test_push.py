"""What the rider takes for a push from the side, and what it makes of it."""

from itertools import pairwise
from math import pi, sin

import pytest

from controllers.riding.handling import BarSwing, BarSwingParameters
from controllers.riding.push import PushParameters, PushSense
from tests.conftest import PERIOD

P = PushParameters()


def felt(*pieces, sense=None, shake=0.0, steer_rate=0.0):
    """What is told while so much is felt for so long: pairs of rad/s² and s."""
    sense = sense or PushSense(P, PERIOD)
    ticks = [pushed for pushed, seconds in pieces for _ in range(round(seconds / PERIOD))]
    return [sense.step(pushed, shake, steer_rate, new=True) for pushed in ticks]


def begins(told):
    """The first step at which there is a push; None without one."""
    return next((step for step, coming in enumerate(told) if coming is not None), None)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_push_is_told_within_ten_milliseconds_with_its_side(side):
    told = felt((0.0, 0.5), (5.0 * side, 0.05))
    first = begins(told)
    assert 250 <= first <= 255
    assert side * told[first] > 1.0


def test_what_is_yet_to_come_shrinks_as_a_push_goes_on_and_ends_with_it():
    told = felt((0.0, 0.5), (5.0, 0.2), (0.0, 1.0))
    first = begins(told)
    assert all(later <= earlier for earlier, later in pairwise(told[first + 5 : first + 100]))
    assert told[-1] is None
    assert sum(value is not None for value in told) == pytest.approx(P.over / PERIOD, abs=2)


def test_its_traces_last_longer():
    sense = PushSense(P, PERIOD)
    lately = []
    for pieces in ((0.0, 0.5), (5.0, 0.2)), ((0.0, P.after - 0.3),), ((0.0, 0.2),):
        felt(*pieces, sense=sense)
        lately.append(sense.lately)
    assert lately == [True, True, False]


def test_a_gust_and_a_slow_push_are_none():
    assert begins(felt((0.0, 0.5), (1.7, 2.0))) is None
    rising = [(5.0 * step / 200, PERIOD) for step in range(200)]
    assert begins(felt((0.0, 0.5), *rising)) is None


def test_what_begins_with_a_knock_or_with_bars_that_turn_is_none():
    assert begins(felt((0.0, 0.5), (5.0, 0.2), shake=P.knock + 0.1)) is None
    assert begins(felt((0.0, 0.5), (5.0, 0.2), steer_rate=P.bars + 0.1)) is None


def test_the_knock_of_a_limb_begins_none_and_turns_none_round():
    assert begins(felt((0.0, 0.5), (30.0, PERIOD), (0.0, 0.1))) is None
    told = felt((0.0, 0.5), (5.0, 0.05), (-30.0, PERIOD), (5.0, 0.05))
    assert all(coming > 0.0 for coming in told[begins(told) :])
    told = felt((0.0, 0.5), (5.0, 0.05), (-9.0, 0.02), (5.0, 0.05))
    assert told[-1] > 1.0


@pytest.mark.parametrize(("second", "told"), [(False, False), (True, True)])
def test_a_knock_in_one_reading_that_is_shown_for_two_steps_is_still_one(second, told):
    """An IMU of 400 Hz in a loop of 500."""
    sense = PushSense(P, PERIOD)
    felt((0.0, 0.5), sense=sense)
    knock = [sense.step(30.0, 0.0, 0.0, new=True), sense.step(30.0, 0.0, 0.0, new=second)]
    assert (begins(knock + felt((0.0, 0.1), sense=sense)) is not None) == told


def test_what_rings_already_must_be_outdone():
    """Arms and trunk at 40 Hz, as with senses that are 10 ms late, and a shove on top of it."""
    ring = [3.0 * sin(2.0 * pi * 40.0 * tick * PERIOD) for tick in range(500)]
    assert begins(felt(*((value, PERIOD) for value in ring))) is None
    shoved = [(value + 2.0 * (tick > 400), PERIOD) for tick, value in enumerate(ring)]
    assert begins(felt(*shoved)) is None
    pushed = [(value + 9.0 * (tick > 400), PERIOD) for tick, value in enumerate(ring)]
    assert 400 < begins(felt(*pushed)) < 410


def test_the_next_push_needs_quiet_before_it():
    """The ride's own way back shakes it: nothing of that is another push."""
    own = [(3.8 * sign, 0.05) for _ in range(20) for sign in (1.0, -1.0)]
    told = felt((0.0, 0.5), (5.0, 0.2), *own)
    assert told[-1] is None
    again = felt((0.0, P.quiet + 0.05), (-5.0, 0.05), sense=PushSense(P, PERIOD))
    assert begins(again) is not None


def test_without_a_reset_a_push_is_remembered_with_one_it_is_not():
    sense = PushSense(P, PERIOD)
    felt((0.0, 0.5), (5.0, 0.1), sense=sense)
    assert sense.step(0.0, 0.0, 0.0, new=True) is not None
    sense.reset()
    assert sense.step(0.0, 0.0, 0.0, new=True) is None


def test_bars_that_start_suddenly_are_helped_and_calm_ones_are_not():
    p = BarSwingParameters()
    swing = BarSwing(p, PERIOD)
    assert swing.step(0.5) == 0.0
    swing.reset()
    assert swing.step(7.0) == pytest.approx(p.limit)
    for _ in range(100):
        couple = swing.step(7.0)
    assert couple == 0.0
    assert swing.step(0.0) == pytest.approx(-p.limit)
