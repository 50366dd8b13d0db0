"""Commands that come in by degrees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Staging:
    """Goes from one command to what is asked, in a straight line over a number of ticks.

    Positions, velocities, torques and gains all go together: with s from 0 to 1 a command is start + s·(asked - start).
    What is asked may change meanwhile. At s = 0 the start goes out as it is, from s = 1 on what is asked.
    Progress is by ticks, so that a loop that was late does not jump.
    """

    def __init__(self, count: int) -> None:
        """At the end of its way; `count` is the number of joints."""
        self._start = np.zeros((5, count))
        self._ticks, self._done = 1, 1

    @property
    def left(self) -> int:
        """Number of ticks until what is asked is reached."""
        return self._ticks - self._done

    def begin(self, start: Array, ticks: int) -> None:
        """Begin at a command, shape (5, n), to be left over this many ticks, at least one."""
        self._start[:] = start
        self._ticks, self._done = max(ticks, 1), 0

    def apply(self, block: Array) -> None:
        """Put the command of this tick in place of what is asked, shape (5, n), and go on by a tick."""
        if not self.left:
            return
        share = self._done / self._ticks
        np.subtract(block, self._start, out=block)
        np.multiply(block, share, out=block)
        np.add(block, self._start, out=block)
        self._done += 1
