"""What the bars can still catch, and when a foot goes down or the ride is given up."""

from math import pi

import numpy as np
import pytest

from controllers.riding.capture import Capture, CaptureParameters
from controllers.riding.dab import Dab, SaveParameters
from controllers.riding.estimator import RideEstimate
from controllers.riding.posture import RiderPosture
from controllers.riding.posture_chart import PostureChart
from controllers.riding.prop import Prop
from controllers.riding.rider_dynamics import whipple_with_rider, with_moving_arms
from scenarios.assembly import load_robot
from urdf.bicycle_parameters import BicycleParameters

PERIOD = 0.002


@pytest.fixture(scope="module")
def whipple():
    model, bicycle = load_robot(), BicycleParameters.load()
    posture = RiderPosture(model, bicycle, PERIOD)
    rigid = whipple_with_rider(model, posture.solve(0.0, 0.5 * pi), posture, bicycle)
    return with_moving_arms(rigid, model, posture, PostureChart(model, posture, 0.65, 0.5))


@pytest.fixture(scope="module")
def capture(whipple):
    return Capture(whipple, Prop(whipple, PERIOD).rate, CaptureParameters())


def estimate(speed, steer=0.0, roll=0.0):
    e = RideEstimate()
    e.speed, e.steer, e.roll = speed, steer, roll
    return e


def test_bars_catch_more_the_faster_it_rides_up_to_what_is_steered_for(capture):
    reach = [capture.reach(speed, 0.65) for speed in (0.4, 0.8, 1.2, 2.0, 4.0)]
    assert reach[0] < reach[1] < reach[2] < reach[3] == reach[4]
    assert reach[3] == pytest.approx(2.8 / 9.81)
    # The lean of a steady turn, v² tan(steer) cos(tilt) / w / g, less what turned bars weigh.
    assert reach[2] == pytest.approx(1.44 * np.tan(0.65) * np.cos(0.314) / 0.85 / 9.81, rel=0.1)


def test_bars_that_can_still_be_turned_catch_more(capture):
    assert capture.reach(0.8, -0.2) > capture.reach(0.8, 0.0) > capture.reach(0.8, 0.5) > capture.reach(0.8, 0.65)
    assert capture.reach(0.8, 0.9) == capture.reach(0.8, 0.65)


def feel(dab, tilt, e, seconds, *, seated=True):
    """The feet that are asked for, tick by tick."""
    return [dab.side(tilt, e, seated=seated) for _ in range(round(seconds / PERIOD))]


def test_a_foot_goes_down_on_the_side_of_the_fall(capture):
    for tilt, foot in ((0.3, 1), (-0.3, 0)):
        dab = Dab(capture, PERIOD)
        feel(dab, 0.0, estimate(0.8), 0.3)
        sides = feel(dab, tilt, estimate(0.8), 0.1)
        assert sides[0] is None
        assert sides[-1] == foot


@pytest.mark.parametrize(
    ("tilt", "speed", "parameters"),
    [(0.08, 0.8, {}), (0.3, 2.0, {}), (0.3, 0.05, {}), (0.3, 0.8, {"dab": False})],
    ids=["what bars catch", "too fast", "standing", "turned off"],
)
def test_no_foot_goes_down_without_need(capture, tilt, speed, parameters):
    dab = Dab(capture, PERIOD, SaveParameters(**parameters))
    assert set(feel(dab, tilt, estimate(speed), 0.4)) == {None}


def test_rates_are_not_trusted_just_after_a_foot_has_come_back(capture):
    dab = Dab(capture, PERIOD)
    feel(dab, 0.3, estimate(0.8), 0.3, seated=False)
    assert set(feel(dab, 0.3, estimate(0.8), 0.09)) == {None}
    assert feel(dab, 0.3, estimate(0.8), 0.05)[-1] == 1


def test_a_ride_is_given_up_when_no_foot_helps_and_only_then(capture):
    def lost(tilt, e, **parameters):
        dab = Dab(capture, PERIOD, SaveParameters(**parameters))
        feel(dab, 0.0, e, 0.3)
        answers = []
        for _ in range(50):
            dab.side(tilt, e, seated=True)
            answers.append(dab.lost(e))
        return answers

    given_up = lost(0.7, estimate(2.0))
    assert not given_up[0]
    assert given_up[-1]
    assert not any(lost(0.3, estimate(2.0)))
    assert not any(lost(0.7, estimate(2.0), abort=False))
    assert lost(0.0, estimate(3.0, roll=0.7))[-1]


def test_a_foot_that_saves_the_ride_bears_more_than_one_that_stands(whipple):
    (usual,) = Prop(whipple, PERIOD).loads(-0.2, 0.0, 0.0, [0.28])
    (most,) = Prop(whipple, PERIOD).loads(-0.2, 0.0, 0.0, [0.28], 340.0)
    assert usual == 240.0
    assert most == 340.0


def test_wild_roll_rates_are_not_believed(capture):
    dab = Dab(capture, PERIOD)
    assert [dab.believe(rate) for rate in (-9.4, 0.3, 4.0)] == [-1.0, 0.3, 1.0]
