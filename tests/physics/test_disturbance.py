"""A declared push gives the impulse that it declares, where and when it says, and no more."""

import numpy as np
import pytest

from sim.disturbance import Disturbances, Push
from sim.experiments.flight import step
from sim.experiments.momentum import momentum

MS = 0.001


def pushed(bodies, push, seconds, heading=0.0, crank_rate=0.0):
    """Let time pass in space under a push; gives the gain of both bodies' momentum and the push as it was booked."""
    space, robot, bicycle = bodies
    disturbances = Disturbances((bicycle, robot), [push])
    before = [momentum(space, body.id).linear for body in (robot, bicycle)]
    for tick in range(round(seconds / MS)):
        disturbances.apply(tick * MS, heading, crank_rate * tick * MS, MS)
        step(space)
    after = [momentum(space, body.id).linear for body in (robot, bicycle)]
    return after[0] - before[0], after[1] - before[1], disturbances


@pytest.fixture
def bodies(space, put_robot, put_bicycle):
    """Robot and bicycle far from each other in space."""
    return space, put_robot(space, height=20.0), put_bicycle(space, height=40.0)


def test_a_push_gives_its_impulse_to_its_body_alone(bodies):
    """100 N for 0.2 s are 20 N·s; limbs that swing freely after it leave a part in a thousand by integration."""
    gained, elsewhere, _ = pushed(bodies, Push(0.1, 0.2, (0.0, 100.0, 0.0), "torso_link"), 0.5)
    np.testing.assert_allclose(gained, (0.0, 20.0, 0.0), atol=0.2)
    np.testing.assert_allclose(elsewhere, 0.0, atol=1e-9)


def test_a_push_can_hit_the_bicycle(bodies):
    gained, on_bicycle, _ = pushed(bodies, Push(0.0, 0.2, (50.0, 0.0, 0.0), "frame"), 0.3)
    np.testing.assert_allclose(on_bicycle, (10.0, 0.0, 0.0), atol=0.1)
    np.testing.assert_allclose(gained, 0.0, atol=1e-9)


def test_a_push_goes_along_the_heading(bodies):
    """Headed along y, a push to the left goes along -x."""
    gained, _, _ = pushed(bodies, Push(0.0, 0.2, (0.0, 100.0, 0.0), "pelvis"), 0.3, heading=0.5 * np.pi)
    np.testing.assert_allclose(gained, (-20.0, 0.0, 0.0), atol=0.2)


@pytest.mark.parametrize(
    ("crank_rate", "crank", "begin"),
    [
        (10.0, np.pi, 0.1 * np.pi),  # a quarter of a turn after the wait began
        (10.0, np.pi - 2 * np.pi, 0.1 * np.pi),  # whole turns do not count
        (10.0, 0.5, 0.05 + 0.2 * np.pi),  # passed before the wait began: at the next turn
        (-10.0, np.pi, 0.1 * np.pi),  # backwards too
    ],
)
def test_a_push_waits_for_its_crank_angle(bodies, crank_rate, crank, begin):
    """Of 100 N for 0.2 s what is left from its beginning to the end of the look, whole steps."""
    push = Push(0.2, 0.2, (0.0, 100.0, 0.0), "torso_link", crank)
    until = begin + 0.1
    gained, _, _ = pushed(bodies, push, until, crank_rate=crank_rate)
    np.testing.assert_allclose(gained, (0.0, 10.0, 0.0), atol=0.2)


def test_a_push_never_begins_while_the_crank_stands(bodies):
    gained, _, _ = pushed(bodies, Push(0.0, 0.2, (0.0, 100.0, 0.0), "torso_link", 0.0), 0.5)
    np.testing.assert_allclose(gained, 0.0, atol=1e-9)


def test_nothing_is_pushed_before_and_after(bodies):
    gained, _, disturbances = pushed(bodies, Push(0.4, 0.2, (0.0, 100.0, 0.0), "torso_link"), 0.3)
    np.testing.assert_allclose(gained, 0.0, atol=1e-9)
    assert disturbances.force == (0.0, 0.0, 0.0)


def test_the_work_of_a_push_is_the_energy_that_it_gives(bodies):
    space, _, bicycle = bodies
    before = momentum(space, bicycle.id).kinetic
    _, _, disturbances = pushed(bodies, Push(0.0, 0.5, (50.0, 0.0, 0.0), "frame"), 0.5)
    gained = momentum(space, bicycle.id).kinetic - before
    # Booked with the speed at the beginning of each of 500 steps.
    assert disturbances.work == pytest.approx(gained, rel=0.01)


def test_a_push_is_declared(bodies):
    space, _, _ = bodies
    pushed(bodies, Push(0.0, 0.2, (0.0, 100.0, 0.0), "torso_link"), 0.3)
    assert space.undeclared_wrench == 0


def test_a_push_on_a_link_that_does_not_exist_is_refused_by_name(bodies):
    _, robot, bicycle = bodies
    with pytest.raises(ValueError, match=r"a push names the link 'tail'; there are .*torso_link"):
        Disturbances((bicycle, robot), [Push(0.0, 0.2, (0.0, 1.0, 0.0), "tail")])
