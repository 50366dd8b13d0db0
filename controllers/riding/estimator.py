"""What the rider knows of the ride: from the pelvis IMU, the encoders and a localisation, and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import asin, atan2, cos, hypot, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from controllers.elapsed import elapsed_periods
from controllers.riding.balance import BalanceObserver
from controllers.riding.cadence import Cadence, Freewheel
from controllers.riding.place import PlaceFilter
from controllers.riding.posture import LEFT_FOOT, LEFT_HAND, RIGHT_FOOT, RIGHT_HAND, RiderPosture
from controllers.riding.seat import SeatObserver
from controllers.riding.slope import SlopeObserver
from controllers.riding.whipple import Whipple
from controllers.rotation import from_angles, matrix_from_quaternion, wrap
from controllers.whole_body.kinematics import GRAVITY
from robot import RobotModel, RobotState
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]

_ROCKING = 0.2
"""Share of the trunk's rocking on the saddle that counts as roll. With all of it steering answers what it does to the
trunk by itself, and swings at 6 Hz below 1 m/s; of that the bicycle goes along with a fifth at most."""
_ACCELERATION_BAND = 20.0
"""Bandwidth of the forward acceleration [rad/s]."""
_SHAKING = 2.5
"""For how long a shake is remembered [s]."""


@dataclass(slots=True)
class RideEstimate:
    """The state of rider and bicycle as the rider knows it.

    Attributes:
        x: Rear contact point in world [m].
        y: The same [m].
        heading: Of the bicycle, continuous over turns [rad].
        roll: Positive to the right, of the bicycle with a fifth of the trunk's rocking on the saddle [rad].
        lean: The same from where the bicycle balances, as its motion says [rad].
        roll_rate: [rad/s].
        speed: [m/s].
        steer: Positive to the left [rad].
        steer_rate: [rad/s].
        crank_angle: Continuous; zero with the left pedal on top [rad].
        crank_rate: [rad/s].
        acceleration: Forward, over some 50 ms [m/s²].
        up: Unit vector that points up, in the pelvis frame, shape (3,).
        specific_force: Acceleration of the pelvis against free fall, in the pelvis frame, shape (3,) [m/s²].
        turning: Angular velocity of the pelvis, in its frame, shape (3,) [rad/s].
        sensed: Whether the specific force is another reading than the one before: an IMU may be slower than the loop.
        pushed: Roll acceleration by what pushes from the side, positive to the right [rad/s²].
        sitting: Origin of the pelvis in the bicycle frame [m], and roll, pitch and yaw of it there [rad], shape (6,).
        rock: Roll of the pelvis on the saddle, positive to the right [rad].
        rock_rate: [rad/s].
        slip: How far the left and the right foot are ahead of their places on the pedals [m].
        slope: Of the road, positive uphill; zero where it is nearly level [rad].
        shake: Specific force of the pelvis in the bicycle's plane besides that of weight [m/s²].
        shaken: How much the pelvis has been shaken lately: RMS of its specific force less g [m/s²].
    """

    x: float = 0.0
    y: float = 0.0
    heading: float = 0.0
    roll: float = 0.0
    lean: float = 0.0
    roll_rate: float = 0.0
    speed: float = 0.0
    steer: float = 0.0
    steer_rate: float = 0.0
    crank_angle: float = 0.0
    crank_rate: float = 0.0
    acceleration: float = 0.0
    up: Array = field(default_factory=lambda: np.array((0.0, 0.0, 1.0)))
    specific_force: Array = field(default_factory=lambda: np.zeros(3))
    turning: Array = field(default_factory=lambda: np.zeros(3))
    sensed: bool = False
    pushed: float = 0.0
    sitting: Array = field(default_factory=lambda: np.zeros(6))
    rock: float = 0.0
    rock_rate: float = 0.0
    slip: list[float] = field(default_factory=lambda: [0.0, 0.0])
    slope: float = 0.0
    shake: float = 0.0
    shaken: float = 0.0


class Tracker:
    """Second-order tracking filter: a value and its rate from noisy readings of the value (alpha-beta filter)."""

    def __init__(self, bandwidth: float, period: float) -> None:
        """Critically damped with a bandwidth [rad/s]; `period` is the time between readings [s]."""
        decay = np.exp(-bandwidth * period)
        self._alpha = float(1.0 - decay * decay)
        self._beta = float((1.0 - decay) ** 2) / period
        self._period = period
        self.lag = 2.0 / bandwidth
        """How old value and rate are when they change steadily [s]."""
        self.value = 0.0
        self.rate = 0.0

    def reset(self, value: float, rate: float = 0.0) -> None:
        """Start from a value and a rate."""
        self.value, self.rate = value, rate

    def update(self, reading: float, periods: int = 1) -> None:
        """Take the next reading in, so many periods after the one before."""
        ahead = self.value + self.rate * (self._period * periods)
        surprise = reading - ahead
        self.value = ahead + self._alpha * surprise
        self.rate += self._beta * surprise / periods


class RideEstimator:
    """Turns robot states into ride estimates.

    Roll, its rate and yaw come from the pelvis' IMU, less what the pelvis turns on the saddle by; that and the steer
    angle come from hands and feet (`controllers.riding.seat`), the crank angle from the line between the feet, all by
    forward kinematics; place, speed and what the IMU's yaw lacks of the bicycle's heading come from the localisation by
    a Kalman filter; where the roll has its zero, from how the bicycle answers to steering.

    A push from the side is felt by the accelerometer before it has made a roll rate. At the height I / (m h), the
    centre of percussion of a bicycle that rolls about its wheels' line on the ground, the specific force to the side is
    the push's moment over m h, whatever the bars do meanwhile: by the first line of the Whipple model, what they
    accelerate the wheels by turns it back about just that point. The pelvis is a fifth below it.
    """

    def __init__(
        self, model: RobotModel, posture: RiderPosture, bicycle: BicycleParameters, whipple: Whipple, period: float
    ) -> None:
        """Prepare an estimator.

        Args:
            model: The body.
            posture: How it sits.
            bicycle: What it sits on.
            whipple: Both as a linear model.
            period: Time between two states [s].
        """
        self._posture = posture
        self._kinematics = posture.measured
        self._imu_to_pelvis = model.pinocchio.frames[model.frame_id("pelvis_imu")].placement.rotation.copy()
        self._tilt = bicycle.geometry.steer_axis_tilt
        self._steer = Tracker(80.0, period)
        self._crank = Tracker(80.0, period)
        self._seat = SeatObserver(posture)
        self._rock = Tracker(500.0, period)
        self._yaw = self._time = 0.0
        self._period = period
        self._bracket = bicycle.drive.bottom_bracket
        self._balance = BalanceObserver(whipple, period)
        self._percussion = float(-whipple.mass[0, 0] / whipple.gravity[0, 0])
        self._place = PlaceFilter(posture.pelvis_in_bicycle, period)
        self._slope = SlopeObserver(period)
        metres_per_turn = bicycle.drive.gear_ratio * bicycle.geometry.rear_wheel_radius
        self._cadence = Cadence(metres_per_turn, period)
        self._freewheel = Freewheel(metres_per_turn, period)
        self.estimate = RideEstimate()

    def reset(self, state: RobotState, speed: float, on_pedals: tuple[bool, bool] = (True, True)) -> None:
        """Start from a state, rolling at a speed [m/s] along the heading, cranks at rest.

        Args:
            state: What the body feels.
            speed: [m/s].
            on_pedals: Whether the left and the right foot are on their pedals.

        Raises:
            ValueError: There is no localisation.
        """
        fix = state.localization
        if fix is None:
            raise ValueError("riding needs a localisation: grant one in the scenario, senses.localization = 'ideal'")
        self._time = state.time
        rotation = self._pelvis(state)
        self._yaw = self.estimate.heading = atan2(rotation[1, 0], rotation[0, 0])
        self._kinematics.place(state.joint_position)
        self._seat.reset(self._limbs(), self._steer_angle(), self._crank_angle(on_pedals), _present(on_pedals))
        self._crank.reset(self._seat.crank)
        self._steer.reset(self._seat.steer)
        self._rock.reset(self._seat.angles[0])
        self._balance.reset()
        self._cadence.reset()
        self._freewheel.release()
        self.estimate.speed = self.estimate.acceleration = self.estimate.shaken = 0.0
        self.estimate.specific_force = np.zeros(3)
        self._slope.reset(float(rotation[2, 0]))
        self._place.reset(state.time, self._yaw, float(rotation[2, 1]), speed, fix, self._slope.angle)
        self.update(state, on_pedals)

    def update(
        self, state: RobotState, on_pedals: tuple[bool, bool] = (True, True),
        on_grips: tuple[bool, bool] = (True, True), poise: tuple[float, float] = (0.0, 0.0), drive: float = 0.0,
        lowest: int | None = None, sliding: int | None = None,
    ) -> RideEstimate:  # fmt: skip
        """Take the next state in; the estimate is refreshed in place and returned.

        Args:
            state: What the body feels.
            on_pedals: Whether the left and the right foot are on their pedals.
            on_grips: Whether the left and the right hand are on their grips.
            poise: Roll at which the bicycle balances because of an arm held aside [rad], and the roll rate that the
                arm's motion is worth [rad/s], as in `controllers.riding.poise`.
            drive: Torque that both feet together are asked to drive the crank with [Nm].
            lowest: The foot whose pedal is known to be at its lowest, 0 left, 1 right.
            sliding: The foot that is let slide along its pedal.
        """
        seated = all(on_pedals)
        e = self.estimate
        rotation = self._pelvis(state)
        rate = self._imu_to_pelvis @ state.pelvis_imu.angular_velocity_imu_in_imu
        e.turning = rate
        self._kinematics.place(state.joint_position)
        periods = elapsed_periods(state.time, self._time, self._period)
        self._time = state.time
        most = self._freewheel.step(self._seat.crank, e.speed, periods) if seated else self._freewheel.release()
        self._seat.update(self._limbs(), _present(on_pedals, on_grips), lowest, sliding, most)
        self._rock.update(self._seat.angles[0], periods)
        self._steer.update(self._seat.steer, periods)
        e.steer, e.steer_rate = self._steer.value, self._steer.rate
        rock, nod, turn = self._seat.angles
        e.sitting[:3], e.sitting[3:] = self._seat.place, (rock, nod, turn)
        e.slip = self._seat.slip.tolist()
        e.rock, e.rock_rate = self._rock.value, self._rock.rate
        taken = 1.0 - _ROCKING if seated else 1.0
        to_bicycle = from_angles(taken * rock, nod, turn)
        bicycle: Array = rotation @ to_bicycle.T
        e.roll = asin(max(-1.0, min(1.0, float(bicycle[2, 1]))))
        e.roll_rate = float(to_bicycle[0] @ rate) - taken * self._rock.rate
        self._yaw += wrap(atan2(bicycle[1, 0], bicycle[0, 0]) - self._yaw)
        e.up = rotation[2].copy()
        self._crank.update(self._seat.crank, periods)
        e.crank_angle, e.crank_rate = self._crank.value, self._crank.rate
        place = self._place
        force = self._imu_to_pelvis @ state.pelvis_imu.specific_force_imu_in_imu
        e.sensed = bool((force != e.specific_force).any())
        e.specific_force = force
        ahead, aside, above = (to_bicycle @ e.specific_force).tolist()
        e.pushed = -aside / self._percussion
        e.shake = hypot(ahead, above - GRAVITY)
        shake = float(np.linalg.norm(e.specific_force)) - GRAVITY
        e.shaken = sqrt(e.shaken**2 + self._period / _SHAKING * (shake**2 - e.shaken**2))
        forward = self._forward(rotation @ e.specific_force, float(rotation[2] @ rate))
        self._slope.update(float(bicycle[2, 0]))
        e.slope = self._slope.angle
        self._cadence.press(drive, e.crank_rate)
        rolling = self._cadence.speed((e.acceleration - place.bias) * (self._crank.lag + self._cadence.age))
        place.update(state.time, self._yaw, float(bicycle[2, 1]), forward, state.localization, e.slope, rolling)
        e.acceleration += _ACCELERATION_BAND * self._period * (forward - e.acceleration)
        e.x, e.y, e.speed = place.x, place.y, place.speed
        e.heading = self._yaw + place.misalignment
        if seated:
            self._balance.update(e.roll - poise[0], e.roll_rate + poise[1], e.steer, e.steer_rate, e.speed)
        e.lean = e.roll - self._balance.offset
        return e

    def apart(self, side: int) -> tuple[Array, Array]:
        """A grip in the pelvis frame, and the way to it from its hand, shape (3,) each [m]; left is side 0."""
        grip = self._seat.grip(side)
        return grip, grip - self._kinematics.position((LEFT_HAND, RIGHT_HAND)[side])

    def _pelvis(self, state: RobotState) -> Array:
        """Pelvis axes in world, shape (3, 3)."""
        rotation: Array = matrix_from_quaternion(state.pelvis_imu.orientation_imu_in_world) @ self._imu_to_pelvis.T
        return rotation

    def _forward(self, force: Array, turn_rate: float) -> float:
        """Acceleration of the rear contact along the pelvis' yaw, on the level [m/s²].

        An error of the pitch falsifies it by g for each rad.

        Args:
            force: Specific force in world, shape (3,) [m/s²].
            turn_rate: Of the pelvis [rad/s].
        """
        x, y, _ = force.tolist()
        back = float(self._posture.pelvis_in_bicycle[0])
        return float(cos(self._yaw) * x + sin(self._yaw) * y) + back * turn_rate * turn_rate

    def _limbs(self) -> Array:
        """Balls of the feet and hands in the pelvis frame, shape (4, 3) [m]."""
        k, ball = self._kinematics, self._posture.ball_in_sole
        return np.array(
            [k.position(foot) + k.rotation(foot) @ ball for foot in (LEFT_FOOT, RIGHT_FOOT)]
            + [k.position(hand) for hand in (LEFT_HAND, RIGHT_HAND)]
        )

    def _steer_angle(self) -> float:
        k = self._kinematics
        line = k.position(LEFT_HAND) - k.position(RIGHT_HAND)
        return atan2(-float(line[0]) / cos(self._tilt), float(line[1]))

    def _crank_angle(self, on_pedals: tuple[bool, bool]) -> float:
        """By the feet that are on their pedals, with the pelvis in its place; zero without any."""
        left, right, _, _ = self._limbs()
        if all(on_pedals):
            ahead, _, above = (left - right).tolist()
            return atan2(ahead, above)
        if not any(on_pedals):
            return 0.0
        side = on_pedals.index(True)
        x, z = self._bracket
        ahead, _, above = ((left, right)[side] + self._posture.pelvis_in_bicycle).tolist()
        sign = 1 - 2 * side
        return atan2(sign * (ahead - x), sign * (above - z))


def _present(on_pedals: tuple[bool, bool], on_grips: tuple[bool, bool] = (True, True)) -> Array:
    """The limbs that are where the bicycle has them: 1 or 0 for left and right foot, left and right hand."""
    return np.array((*on_pedals, *on_grips), dtype=np.float64)
