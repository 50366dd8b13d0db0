"""A foot saves a slow ride, or one at rest, that falls without it, and a fall spares the head."""

import numpy as np
import pytest

from controllers.riding.modes import RideMode
from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.metrics import compute
from scenarios.runner import ride


def ridden(name, *changes):
    return ride(load(name, changes), 0, lambda *_: None, assemble=assemble)


@pytest.fixture(scope="module")
def saved():
    return ridden("dab", "duration=8")


def test_a_slow_ride_that_is_pushed_over_falls_without_a_foot():
    assert ridden("dab", "duration=8", "rider.dab=false").end == "fallen"


def test_with_it_the_ride_goes_on(saved):
    assert saved.end != "fallen"
    modes = saved.log["mode"]
    (down,) = np.flatnonzero(np.diff((modes == RideMode.DAB).astype(int)) == 1)
    forces = saved.log["truth_foot_ground_force"][:, (2, 5)]
    assert not forces[:down].any()
    assert forces[down:, 1].max() > 100.0
    assert not forces[-100:].any()
    assert modes[-1] == RideMode.CRUISE


def test_both_feet_are_on_their_pedals_again(saved):
    pedals = saved.log["truth_foot_force"][-250:, (2, 5)]
    assert (pedals.mean(axis=0) > 20.0).all()


def test_hands_do_not_brace_against_a_leg_that_is_flung_out(saved):
    """They answered its rocking of the pelvis, which lifts that off the saddle: ten of twenty dabs failed, not six."""
    dab = saved.log["mode"] == RideMode.DAB
    assert not saved.log["braced_rock_rate"][dab].any()
    assert np.abs(saved.log["estimate_rock_rate"][dab]).max() > 0.3


def test_the_other_foot_comes_down_when_it_is_pushed_away_from_the_one_it_stands_on():
    push = "disturbances=[{body='torso', time=0.4, impulse=10, direction='right'}]"
    stands = ridden("start_stop", "duration=3", push)
    assert stands.end == "out of time"
    assert stands.log["braced_rock_rate"].any()
    left, right = stands.log["truth_foot_ground_force"][:, (2, 5)].T
    assert right.max() > 60.0
    assert right[-100:].max() == 0.0 < left[-100:].min()


def test_a_lost_ride_spares_the_head():
    with_it, without = (
        compute(run.log, run.context) for run in (ridden("abort"), ridden("abort", "rider.abort=false"))
    )
    assert with_it["falls"] == without["falls"] == 1
    assert with_it["abort_lead"] > 0.1
    assert with_it["head_impact_speed"] < 0.5 < 1.0 < without["head_impact_speed"]
    assert with_it["fall_torque"] < 2.0 < without["fall_torque"]
    assert np.isfinite([with_it[name] for name in ("head_force_max", "trunk_force_max", "fall_speed")]).all()
