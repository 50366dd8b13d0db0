"""A push from the side, felt before it has tipped the bicycle."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import exp


@dataclass(frozen=True, slots=True)
class PushParameters:
    """What counts as a push.

    Attributes:
        band: Bandwidth with which it is felt [rad/s]; what arms do to the trunk that turn the bars rings at 250.
        readings: In how many of them, one after the other, it must be felt to count at all; a knock is mostly in one.
        begins: Roll acceleration from which it is one [rad/s²]; gusts of 6 m/s have up to 1.7, knocks more.
        above: How much stronger than what was felt before: what rings or shakes already is no push [1].
        before: How old that is at least, and time constant with which it is forgotten [s].
        lasts: How long it is taken to go on from when it is felt [s].
        fade: Time constant with which its strength is forgotten [s].
        felt: Roll acceleration from which what is felt later counts [rad/s²].
        more: How long that is taken to go on [s].
        over: Time from when it is felt until it is over [s].
        after: For how long from when it is felt it leaves its traces: feet are drawn along their pedals [s].
        quiet: For how long it must have been quiet, below what counts later, before a push begins [s].
        rise: In how much time from then a push gets as strong as one [s].
        knock: Specific force in the bicycle's plane besides that of weight that tells of a knock from the road [m/s²].
        settled: For how long after a knock what is felt later does not count, and no push begins [s].
        bars: Rate of the bars from which no push begins [rad/s]: bicycle and arms that turn feel like one.
    """

    band: float = 500.0
    readings: int = 2
    begins: float = 3.5
    above: float = 2.0
    before: tuple[float, float] = (0.05, 0.5)
    lasts: float = 0.5
    fade: float = 0.2
    felt: float = 0.85
    more: float = 0.2
    over: float = 0.8
    after: float = 2.0
    quiet: float = 0.3
    rise: float = 0.1
    knock: float = 3.0
    settled: tuple[float, float] = (0.02, 0.1)
    bars: float = 1.0


class PushSense:
    """Tells the roll rate that a push from the side will yet make.

    An accelerometer feels a push at once, of which the roll rate tells only as it grows. People push for some tenths of
    a second: a push that begins is taken to go on as strong as it was until that time is over. After that the trunk,
    which has tipped over the saddle's edge, goes on pushing as it is caught, and what is felt of that counts as well.
    What lasts longer, like wind, is left to the roll rate, and what begins with a knock comes from the road.
    """

    def __init__(self, parameters: PushParameters, period: float) -> None:
        """Take what counts; `period` is the time between two steps [s]."""
        self._parameters, self._period = parameters, period
        delay, memory = parameters.before
        self._delay, self._remembered = round(delay / period), exp(-period / memory)
        self._taken, self._kept = 1.0 - exp(-parameters.band * period), exp(-period / parameters.fade)
        self.reset()

    def reset(self) -> None:
        """Begin without a push."""
        p = self._parameters
        self._latest = deque([0.0] * p.readings, p.readings)
        self._before = deque([0.0] * self._delay, self._delay)
        self._felt = self._strength = self._usual = 0.0
        self._since, self._quiet, self._loud, self._steady = p.after, p.quiet, 0.0, p.settled[1]

    @property
    def lately(self) -> bool:
        """Whether one has been felt a short while ago."""
        return self._since < self._parameters.after

    def step(self, pushed: float, shake: float, steer_rate: float, *, new: bool) -> float | None:
        """The roll rate that a push will yet make, positive to the right [rad/s]; None while there is none.

        Args:
            pushed: Roll acceleration by what pushes from the side, positive to the right [rad/s²].
            shake: Specific force in the bicycle's plane besides that of weight [m/s²].
            steer_rate: [rad/s].
            new: Whether that comes from another reading of the IMU than the step before.
        """
        p, period = self._parameters, self._period
        if new:
            self._latest.append(pushed)
        lasting = max(0.0, min(self._latest)) + min(0.0, max(self._latest))
        self._felt += self._taken * (lasting - self._felt)
        self._usual = max(self._remembered * self._usual, abs(self._before[0]))
        self._before.append(self._felt)
        beyond = self._felt - min(p.felt, max(-p.felt, self._felt))
        self._steady = 0.0 if abs(shake) > p.knock else self._steady + period
        self._since += period
        self._loud = self._loud + period if beyond else 0.0
        if self._loud > p.rise:
            self._quiet = 0.0
        elif not beyond:
            self._quiet += period
        ready = self._quiet >= p.quiet and self._steady >= p.settled[1] and abs(steer_rate) < p.bars
        strong = abs(self._felt) > max(p.begins, p.above * self._usual)
        if strong and ready and self._since >= p.over:
            self._since, self._strength = 0.0, self._felt
        if self._since >= p.over:
            return None
        self._strength *= self._kept
        if self._felt / self._strength > 1.0:
            self._strength = self._felt
        coming = max(0.0, p.lasts - self._since) * self._strength
        later = p.more * beyond if self._steady >= p.settled[0] else 0.0
        return coming if abs(coming) > abs(later) else later
