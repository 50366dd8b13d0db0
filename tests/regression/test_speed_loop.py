"""The speed benchmark looks at the ride that the runner rides: same bits, and every probe of its table in place."""

import pytest

from scenarios.assembly import assemble
from scenarios.bench.layers import LAYERS
from scenarios.bench.speed import BLOCK, measure_speed
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.runner import ride

SECONDS = 0.2


def _nobody(*_):
    pass


@pytest.mark.parametrize("scenario", ["ride_straight", "ride_bumps"])
def test_a_timed_ride_has_the_bits_of_the_ride_and_so_have_its_bare_steps(scenario):
    asked = load(scenario, [f"duration={SECONDS}", "disturbances=[]", "rider.speed=2.5", "start.speed=2.5"])
    times = measure_speed(asked, 0, 10.0, 1, _nobody)
    assert times.ticks == 2 * BLOCK
    assert times.state_hash == ride(asked, 0, _nobody, assemble=assemble).log.state_hash()
    assert times.same_bits
    assert times.deviation == 0.0
    entered = {layer for index, layer in enumerate(LAYERS) if times.layers[:, :, index].any()}
    assert set(LAYERS) - entered == (set() if scenario == "ride_bumps" else {"ground"})


def test_a_ride_that_is_shorter_than_a_block_is_refused():
    with pytest.raises(BadInput, match=r"ride_straight lasts 20 ticks; a measurement needs 50 at least, 0\.1 s"):
        measure_speed(load("ride_straight", ["duration=0.04"]), 0, 10.0, 1, _nobody)
