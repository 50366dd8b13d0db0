"""A bus whose calls come to their end before a signal ends the process."""

from __future__ import annotations

import can

from scenarios.drives.endings import held


class UndisturbedBus(can.BusABC):
    """Another bus, whose locks no signal leaves closed. A call must not wait for long."""

    def __init__(self, bus: can.BusABC) -> None:
        """Take a bus that is open; shutting this one down shuts it down."""
        self._bus = bus
        super().__init__("undisturbed")

    def send(self, msg: can.Message, timeout: float | None = None) -> None:
        """As the other bus does."""
        with held():
            self._bus.send(msg, timeout)

    def recv(self, timeout: float | None = None) -> can.Message | None:
        """As the other bus does."""
        with held():
            return self._bus.recv(timeout)

    def shutdown(self) -> None:
        """Shut both down."""
        with held():
            self._bus.shutdown()
        super().shutdown()
