"""At which roll the bicycle really balances, though IMU and model say another."""

from __future__ import annotations

from math import tan

from controllers.riding.whipple import Whipple


class BalanceObserver:
    """Finds by how much the measured roll is off the one that the Whipple model needs to explain the motion.

    The first line of the model (`controllers.riding.whipple`) gives the roll that belongs to a roll acceleration and to
    the steer angle and its motion. What the measured roll has beyond that is, on the average over seconds, an error of
    the attitude, a load that is not in the bicycle's plane, or an error of the model; to balance and to keep a line it
    is all the same. A push also looks like it while it lasts, so what is taken in at once is limited.
    """

    settling = 2.0
    """Time constant, reached after a quicker start [s]."""
    _START = 0.5
    _SMOOTHING = 0.1
    _LIMIT = 0.03
    _GRAVITY = 9.81

    def __init__(self, bicycle: Whipple, period: float) -> None:
        """Take the model; `period` is the time between two updates [s]."""
        weight = -self._GRAVITY * bicycle.gravity[0, 0]
        self._inertia = float(bicycle.mass[0, 0] / weight)
        self._steer_inertia = float(bicycle.mass[0, 1] / weight)
        self._steer_rate = float(bicycle.damping[0, 1] / weight)
        self._steer = float(self._GRAVITY * bicycle.gravity[0, 1] / weight)
        self._turn = float(bicycle.speed[0, 1] / weight)
        self._period = period
        self.reset()

    def reset(self) -> None:
        """Begin without knowledge."""
        self.offset = 0.0
        """What the measured roll has beyond the one that balances [rad]."""
        self._smooth = 0.0
        self._since = self._START
        self._before: tuple[float, float] | None = None

    def update(self, roll: float, roll_rate: float, steer: float, steer_rate: float, speed: float) -> None:
        """Take in a measured state.

        Args:
            roll: Positive to the right [rad].
            roll_rate: [rad/s].
            steer: Positive to the left [rad].
            steer_rate: [rad/s].
            speed: [m/s].
        """
        period = self._period
        bend = tan(steer)
        steer, steer_rate = bend, steer_rate * (1.0 + bend * bend)
        before = self._before or (roll_rate, steer_rate)
        self._before = roll_rate, steer_rate
        # The paper's steer angle is positive to the right.
        needed = (
            (self._inertia * (roll_rate - before[0]) - self._steer_inertia * (steer_rate - before[1])) / period
            - speed * self._steer_rate * steer_rate
            - (self._steer + speed * speed * self._turn) * steer
        )
        self._smooth += period / self._SMOOTHING * (roll - needed - self._smooth)
        self._since = min(self.settling, self._since + period)
        surprise = min(self._LIMIT, max(-self._LIMIT, self._smooth - self.offset))
        self.offset += period / self._since * surprise
