"""From goals to smooth references."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from controllers.balance.goal import Goal
from controllers.balance.reference import References

PERIOD = 0.002
NOWHERE = (np.zeros(3), np.zeros(3))
STRAIGHT = (np.eye(3), np.eye(3))


def run(references, seconds, hands=NOWHERE, turns=STRAIGHT, arrived=False):
    """Values and rates over a while, shape (T, 10) each."""
    values, rates = [], []
    for _ in range(round(seconds / PERIOD)):
        references.step(hands, turns, arrived)
        values.append(references.values.copy())
        rates.append(references.rates.copy())
    return np.array(values), np.array(rates)


def test_it_goes_over_smoothly_and_rates_are_those_of_the_values():
    references = References((Goal(1.0), Goal(3.0, over=2.0, pelvis_height=0.45, torso=(0.1, -0.2, 0.3))), 0.65, PERIOD)
    values, rates = run(references, 4.0)
    assert values[0, 0] == pytest.approx(0.65)
    assert values[-1, :4] == pytest.approx([0.45, 0.1, -0.2, 0.3])
    assert np.diff(values, axis=0) / PERIOD == pytest.approx(0.5 * (rates[1:] + rates[:-1]), abs=2e-3)
    assert np.abs(np.diff(values[:, 0], 2)).max() / PERIOD**2 < 0.5, "no jump of the velocity"


def test_what_a_goal_does_not_name_goes_back_to_ease():
    references = References((Goal(1.0, over=0.5, pelvis_height=0.5), Goal(1.0, over=0.5)), 0.65, PERIOD)
    values, _ = run(references, 2.0)
    assert values[round(0.99 / PERIOD), 0] == pytest.approx(0.5)
    assert values[-1, 0] == pytest.approx(0.65)


def test_a_hand_that_is_called_starts_where_it_is_and_is_let_go_of():
    hands = np.array((0.1, 0.2, 0.7)), np.array((0.1, -0.2, 0.7))
    references = References((Goal(1.0), Goal(1.0, left_hand=(0.3, 0.2, 0.9)), Goal(1.0)), 0.65, PERIOD)
    run(references, 1.0, hands)
    assert references.hands == [False, False]
    values, _ = run(references, 0.99, hands)
    assert values[0, 4:7] == pytest.approx(hands[0], abs=1e-6)
    assert values[-1, 4:7] == pytest.approx((0.3, 0.2, 0.9), abs=1e-3)
    assert references.hands == [True, False]
    run(references, 0.1, hands)
    assert references.hands == [False, False]


def test_a_hand_turns_from_how_it_is_to_what_is_asked_and_is_let_go_of():
    goals = Goal(1.0), Goal(1.0, right_hand=(0.3, -0.2, 0.9), right_hand_rotation=(0.2, -1.0, 0.4)), Goal(1.0)
    references = References(goals, 0.65, PERIOD)
    held = Rotation.from_euler("ZYX", (0.3, 0.1, -0.2))
    run(references, 1.0)
    found = []
    for _ in range(round(0.99 / PERIOD)):
        run(references, PERIOD, turns=(np.eye(3), held.as_matrix()))
        left, right = references.turns
        assert left is None
        assert right is not None
        found.append(right)
    turns, rates = Rotation.from_matrix([turn for turn, _ in found]), np.array([rate for _, rate in found])
    assert (turns[0] * held.inv()).magnitude() < 1e-5
    assert (turns[-1] * Rotation.from_euler("ZYX", (0.4, -1.0, 0.2)).inv()).magnitude() < 1e-3
    moved = (turns[1:] * turns[:-1].inv()).as_rotvec() / PERIOD
    assert moved == pytest.approx(0.5 * (rates[1:] + rates[:-1]), abs=5e-3)
    run(references, 0.1)
    assert references.turns == [None, None]


def test_it_is_finished_after_the_last_goal_and_a_walk_to_a_pose_ends_on_arrival():
    references = References((Goal(0.5), Goal(None, walk_to=(1.0, 0.0, 0.0))), 0.65, PERIOD)
    run(references, 5.0)
    assert not references.finished
    run(references, PERIOD, arrived=True)
    assert references.finished


@pytest.mark.parametrize(("goals", "says"), [((), "at least one goal"), ((Goal(1.0), Goal(None)), "goal 1 has no end")])
def test_goals_without_sense_are_refused(goals, says):
    with pytest.raises(ValueError, match=says):
        References(goals, 0.65, PERIOD)
