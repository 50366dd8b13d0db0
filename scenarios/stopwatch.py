"""Times the layers of the control loop, tick by tick."""

from time import perf_counter

import numpy as np

from scenarios.outcome import Timing


class Stopwatch:
    """Wall times of a loop.

    Attributes:
        control: Time in the controller, shape (T,) [ns].
        exchange: Time in the bus, physics included, shape (T,) [ns].
        log: Time in the log, shape (T,) [ns].
    """

    def __init__(self, capacity: int) -> None:
        """Reserve room for a number of ticks and start counting the time of starting up."""
        self.control, self.exchange, self.log = (np.zeros(capacity, dtype=np.int64) for _ in range(3))
        self._made = self._started = self._ended = perf_counter()
        self._physics = 0.0

    def start(self, physics_seconds: float) -> None:
        """Begin to time the loop; the argument is the wall time that physics has taken so far [s]."""
        self._physics = -physics_seconds
        self._started = perf_counter()

    def stop(self, physics_seconds: float) -> None:
        """End to time the loop; the argument is the wall time that physics has taken so far [s]."""
        self._ended = perf_counter()
        self._physics += physics_seconds

    def elapsed(self) -> float:
        """Wall time since the loop began [s]."""
        return perf_counter() - self._started

    def timing(self, ticks: int, simulated: float) -> Timing:
        """Sum up a loop of at least one tick.

        Args:
            ticks: How many ticks it had.
            simulated: How much simulated time has passed [s].
        """
        wall = self._ended - self._started
        p50, p99 = np.percentile(self.control[:ticks], (50, 99)) * 1e-6
        return Timing(
            real_time_factor=simulated / wall,
            physics_share=self._physics / wall,
            tick_p50_ms=float(p50),
            tick_p99_ms=float(p99),
            wall_seconds=wall,
            start_up_seconds=self._started - self._made,
            control_seconds=float(self.control[:ticks].sum()) * 1e-9,
            exchange_seconds=float(self.exchange[:ticks].sum()) * 1e-9,
            physics_seconds=self._physics,
            log_seconds=float(self.log[:ticks].sum()) * 1e-9,
        )
