"""Steering: where the bars should point so that the bicycle stays up and follows the course."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, cos, exp, inf, log, sqrt, tan

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm, solve_discrete_are

from controllers.riding.whipple import Whipple

Array = NDArray[np.float64]

OFFSET, HEADING, ROLL, ROLL_RATE, STEER, STEER_RATE, COMMAND = range(7)

_GRAVITY = 9.81
_LASTING_OFFSET = 0.1
"""Offsets above this come from a disturbance, not from a bias of the senses, and are not integrated [m]: as this much
if they last, not at all if they change."""
_LASTING = 0.04
"""An offset lasts that changes by less than this [m/s]."""
_SOON = 0.5
"""Time ahead in which a bend of the course already asks for its lean [s]."""
_STRAIGHTENING = 1.0
"""How fast bars are turned straight that are not steered with [rad/s]."""


@dataclass(frozen=True, slots=True)
class SteeringParameters:
    """Weights and model of the steering law.

    Attributes:
        offset_weight: Cost of lateral offset [1/m²].
        heading_weight: Cost of heading error [1/rad²].
        roll_rate_weight: Cost of roll rate [s²/rad²].
        effort: Cost of the rate of the commanded steer angle [s²/rad²].
        arm_frequency: Bandwidth with which the arms turn the bars [rad/s].
        arm_damping: Damping ratio of that [1].
        steer_limit: Greatest commanded steer angle [rad].
        lateral_limit: Greatest steady lateral acceleration that is steered for [m/s²].
        rate_limit: Greatest rate of it; quicker turns pull the hands off the grips [rad/s].
        fall_share: What the present fall is answered with even beyond that limit, as a share of what would hold it [1].
        hurry_lateral: The greatest steady lateral acceleration after a push [m/s²].
        hurry_rate: The greatest rate after a push [rad/s].
        hurry_change: How fast that rate may change [rad/s²]; without it arms and trunk ring at 40 Hz after a push.
        hurry_share: `path_share` after a push.
        hurry_haste: `path_haste` after a push [rad/s].
        preview: How far ahead the course counts [s].
        lateness: How old that is which the law knows of the ride when the bars obey it; the course counts from there,
            so that both are of the same time [s].
        path_share: Greatest lean that offset and heading error together may ask for, as a share of that of the sharpest
            steady turn; more would leave nothing to come back from it with [1].
        path_haste: How fast that lean may grow [rad/s].
        approach: Greatest angle at which it comes back to the course; from an offset of metres the linear law would
            turn round [rad].
        return_shares: Lean to the other side that is left when the bars have come back, besides that of the course, as
            such a share: from the first they are turned back, at the second with all their rate [1].
        return_delay: Time from telling the bars to turn back until they do [s].
        return_speed: Speed from which bars are turned back in time [m/s]; below it they count by their rate, not by
            their angle.
        integral: Rate at which a lasting lateral offset is taken out [1/s].
        calm_bands: Bandwidths of the roll rate that is steered by, slow and fast [rad/s]: what the bars do to the
            trunk comes back in the roll rate as far as gyroscope and encoders are not of the same time.
        calm: Speeds between which the band goes over from one to the other [m/s].
    """

    offset_weight: float = 120.0
    heading_weight: float = 8.0
    roll_rate_weight: float = 1.0
    effort: float = 2.0
    arm_frequency: float = 40.0
    arm_damping: float = 0.5
    steer_limit: float = 0.65
    lateral_limit: float = 2.8
    rate_limit: float = 4.5
    fall_share: float = 1.3
    hurry_lateral: float = 3.4
    hurry_rate: float = 7.0
    hurry_change: float = 800.0
    hurry_share: float = 0.6
    hurry_haste: float = 0.4
    preview: float = 2.5
    lateness: float = 0.02
    path_share: float = 0.4
    path_haste: float = 0.2
    approach: float = 0.9
    return_shares: tuple[float, float] = (0.4, 0.7)
    return_delay: float = 0.03
    return_speed: float = 1.2
    integral: float = 0.25
    calm_bands: tuple[float, float] = (40.0, 100.0)
    calm: tuple[float, float] = (1.0, 1.6)


class Steering:
    """Linear-quadratic steering with preview, its gains scheduled by speed.

    State: lateral offset and heading error to the course, roll, roll rate, steer, steer rate, commanded steer angle.
    Input: the rate of the commanded steer angle. Curvature of the course ahead enters as a known disturbance, whose
    optimal feed-forward has the closed form of Sharp and Valtetsiotis 2001 ("Optimal preview car steering control").

    Three limits keep what a push leaves within what the bars can mend, on a slippery road too: of the steady lateral
    acceleration that is steered for, of the lean that the way back to the course asks for and its growth, and of the
    lean to the other side that is left when the bars have come back. The first gives way to a fall that asks for more:
    what leaves a slippery road no grip is lost either way, what has grip is not.

    A steered wheel's curvature goes with the tangent of the steer angle, and so does all that the linear model says of
    steer: the law works on tangents, and the command is turned back into an angle. At 0.6 rad that is 14 %.
    """

    _SPEEDS = np.array((0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0))
    _BLOCK = 10

    def __init__(self, bicycle: Whipple, parameters: SteeringParameters, period: float) -> None:
        """Compute the gains for every scheduled speed; `period` is the time between two steps [s]."""
        self._parameters, self._period = parameters, period
        self._per_curvature = bicycle.wheelbase / cos(bicycle.tilt)
        self._topple = sqrt(-bicycle.mass[0][0] / (_GRAVITY * bicycle.gravity[0][0]))
        designs = [_design(bicycle, parameters, float(v), period, self._BLOCK) for v in self._SPEEDS]
        self._gains = np.stack([gain for gain, _ in designs])
        self._preview = np.stack([ahead for _, ahead in designs])
        middles = period * self._BLOCK * (np.arange(self._preview.shape[1], dtype=np.float64) + 0.5)
        self.times = middles - parameters.lateness
        """Times ahead at which :meth:`step` wants the curvature, shape (k,) [s]."""
        self.command = 0.0
        """Commanded steer angle [rad]."""
        self.rate = 0.0
        """Its rate [rad/s]."""
        self.hurried = False
        """Whether a push is being answered."""
        self._trim = self._path = 0.0
        self._roll_rate: float | None = None

    @property
    def roll_rate(self) -> float:
        """The roll rate that the last step answered; zero while bars are straightened [rad/s]."""
        return self._roll_rate or 0.0

    def reset(self, steer: float) -> None:
        """Start from a steer angle [rad]."""
        self.command, self.rate, self.hurried = steer, 0.0, False
        self._trim = self._path = 0.0
        self._roll_rate = None

    def straighten(self) -> None:
        """Turn the bars straight, and hold them there."""
        before = self.command
        stride = _STRAIGHTENING * self._period
        self.command = before - min(stride, max(-stride, before))
        self.rate = (self.command - before) / self._period
        self._path = 0.0
        self._roll_rate = None

    def step(self, state: Array, speed: float, curvature_ahead: Array, coming: float | None = None) -> float:
        """The commanded steer angle, positive to the left [rad].

        Args:
            state: Offset [m], heading error [rad], roll [rad], roll rate [rad/s], steer [rad], steer rate [rad/s],
                shape (6,).
            speed: [m/s].
            curvature_ahead: Of the course at `speed * times` ahead, shape (k,) [1/m].
            coming: Roll rate that a push will yet make [rad/s]; None while there is none.
        """
        p = self._parameters
        hurried = self.hurried = coming is not None
        quickest, lateral = (p.hurry_rate, p.hurry_lateral) if hurried else (p.rate_limit, p.lateral_limit)
        path_share, path_haste = (p.hurry_share, p.hurry_haste) if hurried else (p.path_share, p.path_haste)
        roll, roll_rate, coming = float(state[ROLL]), float(state[ROLL_RATE]), coming or 0.0
        place = float(np.interp(speed, self._SPEEDS, np.arange(self._SPEEDS.size)))
        low = min(int(place), self._SPEEDS.size - 2)
        share = place - low
        gain = (1.0 - share) * self._gains[low] + share * self._gains[low + 1]
        ahead = (1.0 - share) * self._preview[low] + share * self._preview[low + 1]
        fast, widest = max(speed * speed, 0.1), tan(p.steer_limit) / self._per_curvature
        sharpest = min(widest, lateral / fast)
        most = float(gain[ROLL]) * path_share * sharpest * speed * speed / _GRAVITY
        offset = float(state[OFFSET])
        if abs(offset) < _LASTING_OFFSET or abs(speed * float(state[HEADING])) < _LASTING:
            bias = min(_LASTING_OFFSET, max(-_LASTING_OFFSET, offset))
            self._trim += p.integral * bias * self._period
        bend, turn = tan(float(state[STEER])), tan(self.command)
        aside = p.approach * abs(float(gain[HEADING]))
        path = min(aside, max(-aside, float(gain[OFFSET]) * (offset + self._trim)))
        path += float(gain[HEADING]) * float(state[HEADING])
        path = min(most, max(-most, path))
        growth = path_haste * float(gain[ROLL]) * self._period
        self._path = path = min(max(0.0, self._path) + growth, max(min(0.0, self._path) - growth, path))
        feedback = path + float(gain[ROLL]) * roll
        feedback += float(gain[ROLL_RATE]) * (self._calmed(roll_rate, speed) + coming)
        feedback += float(gain[STEER]) * bend + float(gain[COMMAND]) * turn
        feedback += float(gain[STEER_RATE]) * float(state[STEER_RATE]) * (1.0 + bend * bend)
        rate = -(feedback + float(ahead @ curvature_ahead)) / (1.0 + turn * turn)
        rate = min(quickest, max(-quickest, rate))
        if bend and speed > p.return_speed:
            soon = curvature_ahead[: round(_SOON / (self._BLOCK * self._period))]
            start, end = p.return_shares
            left = self._lean_left(roll, roll_rate + coming, float(state[STEER]), quickest, speed, soon)
            urgency = min(1.0, max(0.0, (left / (speed * speed * sharpest) - start) / (end - start)))
            rate += urgency * ((quickest if bend < 0.0 else -quickest) - rate)
        if hurried:
            change = p.hurry_change * self._period
            rate = min(self.rate + change, max(self.rate - change, rate))
        before = self.command
        needed = min(widest, p.fall_share * _GRAVITY * abs(roll + self._topple * roll_rate) / fast)
        limit = max(atan(self._per_curvature * max(sharpest, needed)), abs(before) - p.rate_limit * self._period)
        self.command = min(limit, max(-limit, before + rate * self._period))
        self.rate = (self.command - before) / self._period
        return self.command

    def _lean_left(
        self, roll: float, roll_rate: float, steer: float, quickest: float, speed: float, soon: Array
    ) -> float:
        """The lean to the other side, besides that of the course, that is left if the bars turn back now.

        As the acceleration of the wheels that mends it [m/s²], infinite if nothing does.

        By an inverted pendulum of time constant T on wheels that accelerate to the side by a. With its capture point
        (Pratt et al. 2006) as the acceleration x = g (roll + T roll rate) that would bring it upright, the excess
        e = a - x obeys e' = e / T + a', x' = -e / T. While the bars turn back, a' = -r; e is gone when x has fallen by
        r T ln(r T / (r T - e)) - e, and never if e > r T. What a steered wheel gives by its rate alone is left out: it
        takes friction that may not be there.

        Args:
            roll: [rad].
            roll_rate: [rad/s].
            steer: Not zero [rad].
            quickest: Rate with which the bars come back [rad/s].
            speed: [m/s].
            soon: Curvatures of the course soon, whose lean may be left [1/m].
        """
        p, topple, bend = self._parameters, self._topple, tan(steer)
        side = -1.0 if bend > 0.0 else 1.0  # of the bend, as roll has it
        sharp = speed * speed / self._per_curvature
        asked = side * _GRAVITY * (roll + topple * roll_rate)
        excess = sharp * abs(bend) - asked
        if excess <= 0.0:
            return 0.0
        late = exp(p.return_delay / topple)
        asked -= (late - 1.0) * excess
        excess *= late
        most = quickest * sharp * (bend / steer) * topple
        if excess >= most:
            return inf
        asked += speed * speed * max(0.0, float((side * soon).max()))
        return most * log(most / (most - excess)) - excess - asked

    def _calmed(self, roll_rate: float, speed: float) -> float:
        """The roll rate that is steered by [rad/s]."""
        (slow, fast), (calm, quick) = self._parameters.calm, self._parameters.calm_bands
        band = calm + min(1.0, max(0.0, (speed - slow) / (fast - slow))) * (quick - calm)
        before = self._roll_rate if self._roll_rate is not None else roll_rate
        self._roll_rate = before + (1.0 - exp(-band * self._period)) * (roll_rate - before)
        return self._roll_rate


def _design(bicycle: Whipple, p: SteeringParameters, speed: float, period: float, block: int) -> tuple[Array, Array]:
    """Feedback gains (7,) and preview gains for blocks of the course ahead, at one speed [m/s]."""
    system, inlet, course = _model(bicycle, p, speed)
    size = COMMAND + 1
    joined = np.zeros((size + 2, size + 2))
    joined[:size, :size], joined[:size, size], joined[:size, size + 1] = system, inlet, course
    discrete = expm(joined * period)
    a, b, d = discrete[:size, :size], discrete[:size, size : size + 1], discrete[:size, size + 1]
    cost = np.zeros((size, size))
    cost[OFFSET, OFFSET], cost[HEADING, HEADING], cost[ROLL_RATE, ROLL_RATE] = (
        p.offset_weight, p.heading_weight, p.roll_rate_weight,
    )  # fmt: skip
    value = solve_discrete_are(a, b, cost, np.array(((p.effort,),)))
    inverse = 1.0 / (p.effort + float((b.T @ value @ b)[0, 0]))
    gain = inverse * (b.T @ value @ a)[0]
    closed = a - b @ gain[None, :]
    sensitivity = value @ d
    ahead = np.empty(round(p.preview / period))
    for step in range(ahead.size):
        ahead[step] = inverse * float(b[:, 0] @ sensitivity)
        sensitivity = closed.T @ sensitivity
    return gain, ahead.reshape(-1, block).sum(axis=1)


def _model(bicycle: Whipple, p: SteeringParameters, speed: float) -> tuple[Array, Array, Array]:
    """Continuous model x' = A x + B u + D curvature; roll is positive to the right, all else to the left.

    Roll obeys the first line of the Whipple equations with the steer angle's motion given; that paper's steer angle is
    positive to the right, hence the signs.
    """
    m, c, k0, k2 = bicycle.mass[0], bicycle.damping[0], bicycle.gravity[0], bicycle.speed[0]
    w, f, z = bicycle.wheelbase, p.arm_frequency, p.arm_damping
    a = np.zeros((COMMAND + 1, COMMAND + 1))
    a[OFFSET, HEADING] = speed
    a[HEADING, STEER] = speed * cos(bicycle.tilt) / w
    a[HEADING, STEER_RATE] = bicycle.trail * cos(bicycle.tilt) / w
    a[ROLL, ROLL_RATE] = 1.0
    a[STEER, STEER_RATE] = 1.0
    a[STEER_RATE, STEER] = -f * f
    a[STEER_RATE, STEER_RATE] = -2.0 * z * f
    a[STEER_RATE, COMMAND] = f * f
    a[ROLL_RATE] = (m[1] * a[STEER_RATE]) / m[0]
    a[ROLL_RATE, ROLL] = -_GRAVITY * k0[0] / m[0]
    a[ROLL_RATE, STEER] += (_GRAVITY * k0[1] + speed**2 * k2[1]) / m[0]
    a[ROLL_RATE, STEER_RATE] += speed * c[1] / m[0]
    inlet = np.zeros(COMMAND + 1)
    inlet[COMMAND] = 1.0
    course = np.zeros(COMMAND + 1)
    course[HEADING] = -speed
    return a, inlet, course
