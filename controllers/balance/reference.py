"""From goals to smooth references: what the body's height, torso and hands should be at any time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.balance.goal import Goal
from controllers.rotation import from_angles

Array = NDArray[np.float64]

_HEIGHT, _TORSO, _LEFT, _RIGHT = slice(0, 1), slice(1, 4), slice(4, 7), slice(7, 10)
_HANDS = (_LEFT, _RIGHT)


class References:
    """Goes through the goals, and over to each with least jerk (Flash and Hogan 1985).

    `values` are pelvis height above the soles [m], roll, pitch and yaw of the torso [rad], and the places of both hands
    in the stance frame [m], shape (10,); `rates` their derivatives. A hand that a goal does not name is let go of;
    one whose rotation is asked turns to it about a fixed axis.
    """

    def __init__(self, goals: Sequence[Goal], height: float, period: float) -> None:
        """Take the goals, the height at ease [m], and the time between two ticks [s].

        Raises:
            ValueError: There is no goal, or one without an end that is no walk to a pose.
        """
        if not goals:
            raise ValueError("a body on its feet needs at least one goal")
        for number, goal in enumerate(goals):
            if goal.seconds is None and goal.walk_to is None:
                raise ValueError(f"goal {number} has no end: it needs 'seconds', or a pose to walk to")
        self._goals, self._ease, self._period = tuple(goals), height, period
        self.values, self.rates = np.zeros(10), np.zeros(10)
        self.hands = [False, False]
        """Whether each hand has a place to be."""
        self.turns: list[tuple[Array, Array] | None] = [None, None]
        """Axes of each in the stance frame, shape (3, 3), and its angular velocity there, (3,) [rad/s]; None: free."""
        self._axes = [(np.eye(3), np.zeros(3)), (np.eye(3), np.zeros(3))]
        self.reset()

    def reset(self) -> None:
        """Begin with the first goal, standing at ease."""
        self._index, self._since = -1, 0.0
        self.values[:] = 0.0
        self.values[_HEIGHT] = self._ease
        self.rates[:] = 0.0
        self.hands = [False, False]
        self.turns = [None, None]
        self._from, self._to = self.values.copy(), self.values.copy()
        self.finished = False
        self.goal = self._goals[0]

    def step(self, hands: tuple[Array, Array], turns: tuple[Array, Array], arrived: bool) -> Goal:
        """One tick on; returns the goal that holds.

        Args:
            hands: Where the hands are in the stance frame, shape (3,) each [m]; a hand that is called starts there.
            turns: Axes of the hands as columns in that frame, shape (3, 3) each.
            arrived: Whether the pose that is walked to is reached.
        """
        if self._index < 0 or self._over(arrived):
            if self._index + 1 < len(self._goals):
                self._begin(self._index + 1, hands, turns)
            else:
                self.finished = True
        self._since += self._period
        u = min(1.0, self._since / max(self.goal.over, self._period))
        change = self._to - self._from
        share, rate = u * u * u * (10.0 - 15.0 * u + 6.0 * u * u), 30.0 * u * u * (1.0 - u) ** 2
        rate /= max(self.goal.over, self._period)
        np.multiply(change, share, out=self.values)
        self.values += self._from
        np.multiply(change, rate, out=self.rates)
        for side, turn in enumerate(self.turns):
            if turn is not None:
                start, way = self._axes[side]
                self.turns[side] = pin.exp3(share * way) @ start, rate * way
        return self.goal

    def _over(self, arrived: bool) -> bool:
        goal = self.goal
        return arrived if goal.seconds is None else self._since >= goal.seconds - 1e-9

    def _begin(self, index: int, hands: tuple[Array, Array], turns: tuple[Array, Array]) -> None:
        self._index, self._since, self.goal = index, 0.0, self._goals[index]
        goal = self.goal
        self._from[:] = self.values
        self._to[_HEIGHT] = self._ease if goal.pelvis_height is None else goal.pelvis_height
        self._to[_TORSO] = goal.torso
        for side, (part, place) in enumerate(zip(_HANDS, (goal.left_hand, goal.right_hand), strict=True)):
            if place is None:
                self._to[part] = self._from[part]
            else:
                self._to[part] = place
                if not self.hands[side]:
                    self._from[part] = hands[side]
            self.hands[side] = place is not None
        for side, angles in enumerate((goal.left_hand_rotation, goal.right_hand_rotation)):
            held = self.turns[side]
            start = turns[side] if held is None else held[0]
            self.turns[side] = None if angles is None else (start, np.zeros(3))
            if angles is not None:
                self._axes[side] = start, pin.log3(from_angles(*angles) @ start.T)
