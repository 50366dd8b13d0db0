"""Keeps a simulation in step with the clock on the wall, and says when it cannot be kept."""

from collections import deque
from collections.abc import Callable
from time import perf_counter

_WINDOW = 2.0
"""Wall time over which the factor is measured [s]."""
_DEBT = 0.1
"""Simulated time by which it may be late before what is missing is given up [s]."""
_BEHIND = 0.95
"""Share of the wanted rate below which it does not keep up [1]."""


class Pacer:
    """Tells how many ticks are due.

    What a slow machine is late by is given up beyond a tenth of a second: the ride goes on slower, not in jumps.
    """

    def __init__(self, period: float, clock: Callable[[], float] = perf_counter) -> None:
        """Prepare.

        Args:
            period: Simulated time of a tick [s].
            clock: Gives the time on the wall [s].
        """
        self._period, self._clock = period, clock
        self.rate = 1.0
        """Simulated time that is wanted for a second on the wall [1]."""
        self.restart()

    def restart(self) -> None:
        """Begin to count now, as at the beginning and after a pause."""
        now = self._clock()
        self._last, self._owed = now, 0.0
        self._past: deque[tuple[float, int]] = deque([(now, 0)])
        self._done = 0

    def due(self, most: int) -> int:
        """How many ticks are to be done now, at most so many; they count as done."""
        now = self._clock()
        self._owed = min(self._owed + self.rate * (now - self._last), max(_DEBT, most * self._period))
        self._last = now
        ticks = min(most, int(self._owed / self._period + 1e-9))
        self._owed -= ticks * self._period
        self._done += ticks
        self._past.append((now, self._done))
        while len(self._past) > 2 and self._past[1][0] <= now - _WINDOW:
            self._past.popleft()
        return ticks

    @property
    def factor(self) -> float:
        """Simulated time for a second on the wall, over the last two seconds [1]; at first what is wanted."""
        (begin, before), (end, after) = self._past[0], self._past[-1]
        return self.rate if end - begin < 0.25 * _WINDOW else (after - before) * self._period / (end - begin)

    @property
    def keeps_up(self) -> bool:
        """Whether it goes as fast as is wanted."""
        return self.factor >= _BEHIND * self.rate
