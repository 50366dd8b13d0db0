"""Every ride of the library can be built, starts as it says, and asks for what every ride must show."""

from typing import Any

import numpy as np
import pytest

from scenarios.assembly import assemble
from scenarios.course_builder import build_course
from scenarios.loader import library_names, load, load_ride

EVERY_RIDE = {
    "falls": 0,
    "roll_max": 0.5,
    "foot_off_pedal_max": 0.3,
    "grip_force_max": 150,
    "undeclared_wrench_max": 0,
}
"""Greatest value of a metric that any ride of the library may accept."""

RIDES = [name for name in library_names() if load(name).kind == "ride"]
every_ride = pytest.mark.parametrize("name", RIDES)


def test_the_seven_scenarios_of_the_first_ride_are_there():
    wanted = {"straight", "circle", "figure_eight", "slalom", "lane_change", "push", "coast"}
    assert wanted <= {name.removeprefix("ride_") for name in RIDES}


@pytest.mark.parametrize("name", [name for name in RIDES if name != "abort"])  # which falls by design
def test_it_asks_for_what_every_ride_must_show(name):
    asked = {criterion.metric: criterion for criterion in load(name).criteria}
    for metric, greatest in EVERY_RIDE.items():
        limit = asked[metric].max
        assert limit is not None
        assert limit <= greatest


@every_ride
def test_it_can_be_built_and_starts_as_it_says_and_in_hand(name):
    scenario = load_ride(name)
    ride = assemble(scenario, seed=0)
    with ride.bus as bus:
        state = bus.open()
        truth: Any = ride.world().truth
        assert np.isfinite(state.joint_position).all()
        assert state.localization is not None
        foot = scenario.start.foot
        if foot is None:
            assert truth.speed == pytest.approx(scenario.start.speed, abs=5 * scenario.jitter.speed)
            assert abs(truth.roll) < 5 * scenario.jitter.roll
        else:
            assert truth.speed == 0.0
            assert 0.0 < (-truth.roll if foot == "left" else truth.roll) < 0.05 + 5 * scenario.jitter.roll
        assert truth.grip_closed.tolist() == [1.0, 1.0]
        ride.controller.reset(state)
        assert np.isfinite(ride.controller.step(state).torque).all()


@every_ride
def test_its_time_suffices_for_its_course(name):
    """At the speed that is asked, with a tenth to spare; a ride that coasts or brakes needs more."""
    scenario = load_ride(name)
    assert build_course(scenario.course).length / scenario.rider.speed < 0.95 * scenario.duration


@pytest.mark.parametrize("at", ["0.1 m", "300 m"])
def test_a_stop_that_is_not_on_the_course_is_refused(at):
    scenario = load("ride_straight", [f'stops=[{{at="{at}"}}]'])
    with pytest.raises(ValueError, match=r"stops\.0 at .* m: the front wheel can stand at 0\.85 m, .* to 150\.85 m"):
        assemble(scenario, seed=0)
