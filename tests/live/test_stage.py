"""What the page's scene is told, without a browser."""

from dataclasses import replace

import numpy as np
import pytest

from scenarios.live.live_ride import LiveRide
from scenarios.live.stage import Stage


@pytest.fixture(scope="module")
def ride():
    return LiveRide("ride_parked")


@pytest.fixture
def stage(ride):
    stage = Stage("127.0.0.1", 0, ride.context)
    yield stage
    stage.close()


def parked(ride, stage):
    """What comes up on the street, and its node on the page."""
    ((number, thing),) = [(n, thing) for n, thing in enumerate(ride.context.standing) if thing.since > 0.0]
    return thing, stage.server.scene.get_handle_by_name(f"/ride/standing_{number}")


def test_what_comes_up_is_seen_from_then_on(ride, stage):
    thing, node = parked(ride, stage)
    assert thing.since == 5.0
    picture = ride.picture()
    for time, there in ((4.99, False), (5.0, True), (20.0, True), (3.0, False)):  # a recording may be wound back
        stage.show(replace(picture, time=time))
        assert node.visible is there


def test_it_stands_where_it_is_in_the_world_and_is_as_large(ride, stage):
    thing, node = parked(ride, stage)
    vertices = node.vertices + node.position
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    np.testing.assert_allclose(0.5 * (low + high), (*thing.at, 0.5 * thing.height), atol=0.002)
    np.testing.assert_allclose(high - low, (2.0 * thing.radius, 2.0 * thing.radius, thing.height), atol=0.005)
