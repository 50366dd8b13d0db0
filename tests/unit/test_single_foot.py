"""What one foot holds while the other one is off its pedal."""

from math import cos, pi, sin

import pytest

from controllers.riding.single_foot import SingleFootParameters, hold, push

P = SingleFootParameters()
LENGTH = 0.17


def crank_torque(force, angle):
    return LENGTH * (force[0] * cos(angle) - force[2] * sin(angle))


@pytest.mark.parametrize("away", [-0.1, 0.0, 0.1])
def test_the_crank_is_driven_back_to_where_it_is_held(away):
    at = pi / 8
    torque = crank_torque(hold(P, at + away, 0.0, at, LENGTH), at + away)
    assert torque == pytest.approx(-P.stiffness * away, abs=1e-9)


@pytest.mark.parametrize("spring", [-1.5, 2.0])
@pytest.mark.parametrize("away", [0.0, 0.4])
def test_the_pedal_feels_the_same_whatever_the_leg_gives_besides(spring, away):
    """The torque of foot and spring together is that of the foot alone; also where friction is what limits it."""
    angle = pi / 8 + away
    alone = hold(P, angle, 0.5, pi / 8, LENGTH)
    asked = hold(P, angle, 0.5, pi / 8, LENGTH, spring)
    assert crank_torque(asked, angle) + spring == pytest.approx(crank_torque(alone, angle))
    assert -P.grip[0] * P.hold <= alone[0] <= P.grip[1] * P.hold


def test_a_spring_that_cannot_be_true_is_not_believed():
    asked, more = (hold(P, 0.4, 0.0, 0.4, LENGTH, spring) for spring in (50.0, 500.0))
    assert asked == pytest.approx(more)


def test_short_of_the_top_the_pedal_is_drawn_over_it():
    force = push(P, -0.1, 100.0)
    assert force[0] > 0.0
    assert force[2] == -P.hold
