"""Where the pelvis is on the bicycle, found from hands and feet whose places are known."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.riding.seat import SeatObserver
from controllers.rotation import from_angles

millimetres = st.floats(-0.03, 0.03)
tilts = st.floats(-0.1, 0.1)


@pytest.fixture(scope="module")
def limbs(posture):
    """Balls of the feet and hands in the pelvis frame, for a pelvis that is moved and turned on the saddle."""

    def at(moved, angles, steer, crank):
        places = [posture.pedal(side, crank) for side in (0, 1)] + [posture.grip(side, steer)[0] for side in (0, 1)]
        return (np.array(places) - posture.pelvis_in_bicycle - np.array(moved)) @ from_angles(*angles)

    return at


@given(
    moved=st.tuples(millimetres, millimetres, millimetres), angles=st.tuples(tilts, tilts, tilts),
    steer=st.floats(-0.6, 0.6), crank=st.floats(-pi, pi),
)  # fmt: skip
def test_a_pelvis_that_has_moved_is_found(posture, limbs, moved, angles, steer, crank):
    seat = SeatObserver(posture)
    points = limbs(moved, angles, steer, crank)
    seat.reset(points, steer + 0.05, crank - 0.1)
    for _ in range(10):
        seat.update(points)
    # The memory holds the answer back by its share of the weights, 1e-4 at most at each step.
    np.testing.assert_allclose(seat.place, posture.pelvis_in_bicycle + moved, atol=1e-3)
    np.testing.assert_allclose(seat.angles, angles, atol=2e-3)
    assert seat.steer == pytest.approx(steer, abs=2e-3)
    assert seat.crank == pytest.approx(crank, abs=5e-3)


def test_a_turning_pelvis_does_not_steer(posture, limbs):
    """The line between the hands alone would tell of 0.05 rad."""
    seat = SeatObserver(posture)
    seat.reset(limbs((0, 0, 0), (0, 0, 0), 0.0, 0.5 * pi), 0.0, 0.5 * pi)
    for turn in np.linspace(0.0, 0.05, 50):
        seat.update(limbs((0, 0, 0), (0, 0, turn), 0.0, 0.5 * pi))
    assert seat.steer == pytest.approx(0.0, abs=1e-3)
    assert seat.angles[2] == pytest.approx(0.05, abs=1e-3)


def test_a_foot_that_slips_along_its_pedal_counts_for_little(posture, limbs):
    points = limbs((0, 0, 0), (0, 0, 0), 0.0, 0.5 * pi)
    points[0, 0] += 0.005
    seat = SeatObserver(posture)
    seat.reset(points, 0.0, 0.5 * pi)
    assert abs(seat.angles[0]) < 1e-3
    assert abs(seat.steer) < 5e-3


def test_a_foot_off_its_pedal_is_left_out(posture, limbs):
    rocked = (0.02, 0.0, 0.0)
    points = limbs((0, 0, 0), rocked, 0.1, 1.0)
    seat = SeatObserver(posture)
    seat.reset(limbs((0, 0, 0), (0, 0, 0), 0.1, 1.0), 0.1, 1.0)
    points[0] += (0.1, 0.15, -0.3)
    for _ in range(200):
        seat.update(points, np.array((0.0, 1.0, 1.0, 1.0)))
    np.testing.assert_allclose(seat.angles, rocked, atol=3e-3)
    assert seat.steer == pytest.approx(0.1, abs=3e-3)


def test_turns_of_the_crank_are_counted(posture, limbs):
    seat = SeatObserver(posture)
    seat.reset(limbs((0, 0, 0), (0, 0, 0), 0.0, 0.0), 0.0, 0.0)
    for crank in np.arange(0.0, 4 * pi, 0.02):
        seat.update(limbs((0, 0, 0), (0, 0, 0), 0.0, crank))
    assert seat.crank == pytest.approx(4 * pi, abs=0.05)


def test_feet_that_turn_on_where_the_crank_cannot_be_do_not_turn_it(posture, limbs):
    seat = SeatObserver(posture)
    seat.reset(limbs((0, 0, 0), (0, 0, 0), 0.0, 1.0), 0.0, 1.0)
    ahead = limbs((0, 0, 0), (0, 0, 0), 0.0, 1.4)
    for _ in range(50):
        seat.update(ahead, most=1.1)
    assert seat.crank == pytest.approx(1.1)
    np.testing.assert_allclose(seat.place, posture.pelvis_in_bicycle, atol=0.01)
    for _ in range(50):
        seat.update(ahead)
    assert seat.crank == pytest.approx(1.4, abs=0.05)


def test_a_foot_that_has_crept_ahead_is_found_as_the_crank_turns(posture, limbs):
    seat = SeatObserver(posture)
    for crank in np.arange(0.0, 12.0 * pi, 0.01):
        points = limbs((0, 0, 0), (0, 0, 0), 0.0, crank)
        points[0, 0] += 0.010
        if crank == 0.0:
            seat.reset(points, 0.0, crank)
        seat.update(points)
    left, right = seat.slip
    assert left - right == pytest.approx(0.010, abs=0.002)
    assert seat.crank == pytest.approx(crank, abs=0.03)


@pytest.mark.parametrize("side", [0, 1])
def test_a_hand_off_its_grip_leaves_what_was_known(posture, limbs, side):
    """Encoders are off, so that the hands seem too far apart by 12 mm: that is learnt while both are there."""
    off = np.zeros((4, 3))
    off[2, 1], off[3, 1] = 0.006, -0.006
    seat = SeatObserver(posture)
    seat.reset(limbs((0, 0, 0), (0, 0, 0), 0.0, 0.0), 0.0, 0.0)
    one = np.ones(4)
    one[2 + side] = 0.0
    known = []
    for tick, crank in enumerate(np.arange(0.0, 42.0, 0.012)):
        points = limbs((0, 0, 0), (0.0, 0.01, -0.01), 0.1, crank) + off
        if tick > 3000:
            points[2 + side] += (-0.3, 0.4, 0.2)
        seat.update(points, None if tick <= 3000 else one)
        known.append((*seat.angles, seat.steer))
    before, after = known[2500:3000], known[3001:]
    np.testing.assert_allclose(np.mean(after, axis=0), np.mean(before, axis=0), atol=1e-3)
    grip = limbs((0, 0, 0), (0.0, 0.01, -0.01), 0.1, crank)[2 + side]
    np.testing.assert_allclose(seat.grip(side), grip, atol=0.006)


@pytest.mark.parametrize("side", [0, 1])
def test_where_a_foot_has_come_down_is_known_at_once_and_does_not_turn_the_crank(posture, limbs, side):
    """A foot comes to its pedal 25 mm ahead of its place, while the crank turns on; the other one is in its own."""
    seat = SeatObserver(posture)
    alone = np.ones(4)
    alone[side] = 0.0
    seat.reset(limbs((0, 0, 0), (0, 0, 0), 0.0, 0.0), 0.0, 0.0, alone)
    for tick, crank in enumerate(np.arange(0.0, 1.4, 0.007)):
        points = limbs((0, 0, 0), (0, 0, 0), 0.0, crank)
        points[side, 0] += 0.025
        seat.update(points, alone if tick < 50 else np.ones(4))
        if tick < 50:
            assert seat.slip[side] == 0.0
    assert seat.slip[side] == pytest.approx(0.025, abs=0.004)
    assert seat.slip[1 - side] == pytest.approx(0.0, abs=0.004)
    assert seat.crank == pytest.approx(crank, abs=0.04)


@pytest.mark.parametrize("side", [0, 1])
def test_a_foot_that_is_let_slide_is_seen_sliding_and_does_not_turn_the_crank(posture, limbs, side):
    """It slides back by 20 mm within 0.1 s; as the crank turns it would be learnt within some 10 rad."""
    seat = SeatObserver(posture)
    crank = -0.5 * pi if side == 0 else 0.5 * pi
    seat.reset(limbs((0, 0, 0), (0, 0, 0), 0.0, crank), 0.0, crank)
    for tick in range(150):
        crank += 0.008
        points = limbs((0, 0, 0), (0, 0, 0), 0.0, crank)
        points[side, 0] -= 0.02 * min(1.0, tick / 50)
        seat.update(points, np.ones(4), sliding=side)
    assert seat.slip[side] == pytest.approx(-0.02, abs=0.004)
    assert seat.slip[1 - side] == pytest.approx(0.0, abs=0.004)
    assert seat.crank == pytest.approx(crank, abs=0.03)


def test_a_foot_that_comes_first_tells_where_the_crank_is(posture, limbs):
    """With neither foot on a pedal nothing does; the first one that comes must be believed."""
    seat = SeatObserver(posture)
    seat.reset(limbs((0, 0, 0), (0, 0, 0), 0.0, 0.1), 0.0, 0.1, np.ones(4))
    neither, one = np.array((0.0, 0.0, 1.0, 1.0)), np.array((1.0, 0.0, 1.0, 1.0))
    for _ in range(100):
        seat.update(limbs((0, 0, 0), (0, 0, 0), 0.0, 0.4), neither)
    assert seat.crank == pytest.approx(0.1, abs=0.02)
    for _ in range(100):
        seat.update(limbs((0, 0, 0), (0, 0, 0), 0.0, 0.4), one)
    assert seat.crank == pytest.approx(0.4, abs=0.03)
    assert seat.slip.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("foot", [0, 1])
@pytest.mark.parametrize("ahead", [-0.05, 0.1])
def test_a_pedal_that_hangs_down_tells_the_crank_angle_and_where_its_foot_is(posture, limbs, foot, ahead):
    """The other foot is in the air; what is believed at first is what a foot in its place would tell."""
    crank = pi * (1 - foot)
    points = limbs((0, 0, 0), (0, 0, 0), 0.0, crank)
    points[foot, 0] += ahead
    present = np.array((1.0, 1.0, 1.0, 1.0))
    present[1 - foot] = 0.0
    seat = SeatObserver(posture)
    seat.reset(points, 0.0, crank, present)
    for _ in range(50):
        seat.update(points, present)
    assert abs(seat.crank - crank) > 0.1
    for _ in range(150):
        seat.update(points, present, lowest=foot)
    assert seat.crank == pytest.approx(crank, abs=0.01)
    assert seat.slip[foot] == pytest.approx(ahead, abs=0.005)
    np.testing.assert_allclose(seat.place, posture.pelvis_in_bicycle, atol=2e-3)
