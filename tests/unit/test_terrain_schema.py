"""Terrain and wind in a scenario file: what is taken, and what is refused in one clear line."""

import numpy as np
import pytest
from pydantic import ValidationError

from controllers.riding.course import circle, lane_change, straight
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.ride_schema import RideFile
from scenarios.terrain_builder import build_terrain, build_wind

MINIMAL = {
    "summary": "a ride",
    "duration": "10 s",
    "course": {"kind": "straight", "length": "40 m"},
    "criteria": [{"metric": "falls", "max": 0}],
}


def built(*features, course=None, seed=0):
    scenario = RideFile.model_validate({**MINIMAL, "terrain": features})
    return build_terrain(scenario.terrain, course or straight(40.0), seed)


def test_units_are_taken():
    (kerb,) = built({"kind": "kerb", "at": "5 m", "height": "20 mm", "length": "200 cm"}).strips
    assert kerb.height.max() == pytest.approx(0.02)
    assert (kerb.start, kerb.length) == ((5.0, 0.0), 2.0)


def test_a_scenario_without_terrain_has_level_ground():
    assert built().flat
    assert build_wind(RideFile.model_validate(MINIMAL).wind) is None


def test_a_strip_lies_across_the_course_where_the_course_has_turned():
    """A quarter circle to the left, then straight on along y."""
    quarter = circle(5.0, 1, 2.0)
    turned = type(quarter)(np.concatenate((np.zeros(100), np.full(393, 0.2), np.zeros(1000))))
    (bump,) = built({"kind": "bump", "at": 12.0, "height": 0.02, "length": 1.0}, course=turned).strips
    assert bump.heading == pytest.approx(0.5 * np.pi, abs=0.01)
    assert bump.start[0] == pytest.approx(7.0, abs=0.05)


def test_a_road_that_stays_up_stays_up_past_the_end_of_the_course():
    terrain = built({"kind": "slope", "at": 5, "grade": "2 %", "length": 10})
    assert terrain.height(15.5, 0.0) == pytest.approx(terrain.height(60.0, 0.0), rel=0.01)
    assert terrain.height(60.0, 0.0) == pytest.approx(0.02 * 9.0, rel=1e-3)


def test_each_seed_has_its_own_rough_road_unless_it_is_named():
    rough = {"kind": "rough", "at": 5, "length": 3}
    roads = [built(rough, seed=seed).strips[0].height for seed in (0, 1)]
    assert (roads[0] != roads[1]).any()
    named = [built({**rough, "seed": 7}, seed=seed).strips[0].height for seed in (0, 1)]
    assert (named[0] == named[1]).all()


def test_gusts_blow_with_the_wind_unless_they_say_otherwise():
    wind = {
        "speed": 2,
        "direction": "90 deg",
        "gusts": [{"time": 1, "speed": 3}, {"time": 2, "speed": 3, "direction": 0}],
    }
    parameters = build_wind(RideFile.model_validate({**MINIMAL, "wind": wind}).wind)
    assert parameters is not None
    assert [gust.direction for gust in parameters.gusts] == [pytest.approx(0.5 * np.pi), 0.0]


@pytest.mark.parametrize(
    ("feature", "message"),
    [
        (
            "{kind='kerb', at=5, height='4 cm'}",
            "terrain.0.height: a kerb of 4 cm is too high to be ridden over; at",
        ),
        ("{kind='kerb', at=5, height='2 kg'}", "terrain.0.height: '2 kg' is a mass"),
        ("{kind='kerb', at=5, hight=0.02}", "unknown key; did you mean 'height'"),
        ("{kind='wall', at=5}", "terrain.0.kind: there is no 'wall'; there is: .*'kerb'"),
        (
            "{kind='slope', at=5, length=9, grade=-0.01}",
            "-0.01 is no grade to ride up; write a ratio above 0",
        ),
        ("{kind='slope', at=5, length=9, grade='25 %'}", "0.25 is no grade to ride up"),
        ("{kind='slope', at=5, length=1, grade='2 %'}", "rounding = 1 m at both ends does not fit into length = 1 m"),
        ("{kind='ramp', at=5, height=0.5, up=1, flat=1, down=3}", "up = 1 m is too short .* at least 2.5 m"),
        ("{kind='bump', at=5, height=0.1, length=0.2}", "a bump of 0.1 m height must be at least 0.4 m long"),
        ("{kind='slippery', at=5, length=2}", "terrain.0.friction: is missing"),
        ("{kind='slippery', at=5, length=2, friction=-1}", "must not be negative"),
        ("{kind='rough', at=5, length=2, iso_class='Z'}", "terrain.0.iso_class: 'Z' is wrong"),
    ],
)
def test_a_feature_that_makes_no_sense_is_refused(feature, message):
    with pytest.raises(BadInput, match=message) as refusal:
        load("ride_straight", [f"terrain=[{feature}]"])
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("wind", "message"),
    [
        ("{speed=-1}", "must not be negative"),
        ("{turbulence={intensity=0.1}}", "turbulence is a part of the mean wind, and speed is 0"),
        ("{speed=1, gusts=[{time='90 s', speed=1}]}", "wind.gusts.0 begins at 90 s, after the time limit"),
        ("{speed='5 m'}", "wind.speed: '5 m' is a length"),
        ("{speed=1, side_area='1 m'}", "wind.side_area: '1 m' is a length"),
    ],
)
def test_a_wind_that_makes_no_sense_is_refused(wind, message):
    with pytest.raises(BadInput, match=message) as refusal:
        load("ride_straight", [f"wind={wind}"])
    assert "\n" not in str(refusal.value)


BUMP = {"kind": "bump", "at": 5.0, "height": 0.02, "length": 1.0}


@pytest.mark.parametrize(
    ("features", "course", "message"),
    [
        ([{**BUMP, "at": 1.0}], None, r"terrain.0 \(bump\) begins 1 m after the start.* at 2 m or later"),
        ([{**BUMP, "at": 39.5}], None, r"terrain.0 \(bump\) ends at 40.5 m, after the course, which is 40 m long"),
        ([BUMP, {**BUMP, "at": 6.2}], None, r"terrain.1 \(bump\) from 6.2 to 7.2 m is on or less than 0.6 m from"),
        ([{**BUMP, "at": 11.0}], circle(5.0, 1, 11.0), r"lies where the course bends, at 11.00 m"),
        ([{**BUMP, "at": 9.0, "width": 20.0}], circle(5.0, 1, 11.0), r"lies where the course comes back, at .* m wide"),
        ([{**BUMP, "at": 6.0}], lane_change(2.0, 10.0, 5.0, 5.0), r"lies where the course bends"),
    ],
)  # fmt: skip
def test_a_feature_in_the_wrong_place_is_refused(features, course, message):
    with pytest.raises(ValueError, match=message) as refusal:
        built(*features, course=course)
    assert "\n" not in str(refusal.value)


PLACED = {"kind": "slope", "place": [10, 0.2], "heading": "0 deg", "grade": "2 %", "length": 8, "top": 2}


def test_a_feature_may_have_a_place_in_the_world():
    (slope,) = built(PLACED).strips
    assert (slope.start, slope.heading, slope.length) == ((10.0, 0.2), 0.0, 18.0)


def test_a_course_may_lead_over_a_placed_feature_a_bit_askew():
    bent = type(straight(1.0))(np.concatenate((np.zeros(200), np.full(50, 0.1), np.zeros(1500))))
    assert built(PLACED, course=bent).strips[0].start == (10.0, 0.2)


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        ({**PLACED, "place": [10, 9]}, "lies beside the course"),
        ({**PLACED, "heading": "180 deg", "place": [28, 0]}, "askew|of its 18 m"),
        ({**PLACED, "heading": "90 deg"}, "askew"),
        ({**PLACED, "place": [30, 0]}, "of its 18 m"),
        ({key: value for key, value in PLACED.items() if key != "top"}, "needs a 'top'"),
        ({**PLACED, "place": [1, 0]}, "level ground"),
    ],
)
def test_a_place_over_which_the_course_does_not_lead_is_refused(feature, said):
    with pytest.raises(ValueError, match=said):
        built(feature)


@pytest.mark.parametrize("feature", [{**PLACED, "at": 5}, {"kind": "bump", "height": 0.02, "length": 1}])
def test_a_feature_has_one_place(feature):
    with pytest.raises(ValidationError, match="exactly one of 'at' and 'place'"):
        built(feature)
