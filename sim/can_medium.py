"""One CAN bus in simulated time: which frame goes when, and what each end hears of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

from robot.drivers.frame import CanFrame
from robot.drivers.frame_time import BitRates, duration
from sim.frame_faults import FrameFaults, NoFaults, Passage

_BABBLE = CanFrame(0, bytes(8))
"""What a babbling node sends: nothing comes before the id 0."""
_ERROR, _BUS_OFF = 8, 255
"""What an error counts for its sender, and the count beyond which that is bus-off (ISO 11898-1)."""
_ERROR_BITS = 12 + 8
"""Bits of an error frame at most: flags one after another and the delimiter; the space after it counts as a frame's."""


@dataclass(frozen=True, slots=True)
class CanTiming:
    """What is declared of time on the buses, besides the bit rates of the wiring file.

    Attributes:
        host: From the state to which a command answers to its first frame's being ready at the bus: computing and
            sending [s].
        turnaround: From the end of a frame to a drive's reply being ready at the bus [s].
        worst: Whether frames have as many stuff bits as there can be, or as random bits have in the mean.
        queue: How many frames wait at the host at most; a later one is not taken, as by a socket whose queue is full.
        restart: After how long the host's controller takes part again once it is bus-off [s]; never, as SocketCAN has
            it unless `restart-ms` is set.
    """

    host: float = 0.0005
    turnaround: float = 50e-6
    worst: bool = True
    queue: int = 48
    restart: float = inf


@dataclass(slots=True)
class Traffic:
    """What has gone over a bus.

    Attributes:
        frames: Number of frames.
        busy: Time for which the bus was not idle [s].
        command: Longest time from a frame's being ready at the host to its end on the bus [s].
        reply: The same, of the drives' frames.
        babble: Number of frames of a babbling node.
        errors: Number of frames that were destroyed on the bus.
        refused: Number of the host's frames that its queue or its controller did not take.
    """

    frames: int = 0
    busy: float = 0.0
    command: float = 0.0
    reply: float = 0.0
    babble: int = 0
    errors: int = 0
    refused: int = 0


class CanMedium:
    """Frames of a host and of drives on one bus, one after another.

    The host's frames go in the order in which they were sent, as they leave a controller's queue; each drive has one
    frame at a time. When the bus is idle, of all frames that are ready the one with the lowest id wins the arbitration,
    a standard id before an extended one that begins alike, and a frame that has begun is not interrupted.

    A frame that is destroyed on the wire is thrown away by everybody, and repeated by its sender at once. The host's
    controller counts that as ISO 11898-1 says (fault confinement): 8 more for each, 1 less for each that went through,
    and beyond 255 it is bus-off: it neither sends nor hears. Drives do not count. Each error is taken to be at the end
    of its frame, the latest that there is, and error frames to be as long as they get.

    A babbling node sends frames with the lowest id, one after the other: they are in order, so that no counter stops
    it, and nobody else gets the bus.
    """

    def __init__(
        self,
        name: str,
        rates: BitRates,
        timing: CanTiming,
        hear: Callable[[CanFrame, float], Iterable[CanFrame]],
        tell: Callable[[CanFrame, float], None],
        faults: FrameFaults | None = None,
        babbling: Sequence[tuple[float, float]] = (),
    ) -> None:
        """Make a bus that is idle.

        Args:
            name: Of the bus.
            rates: Its bit rates.
            timing: What else takes time.
            hear: Gives drives a frame at a time [s], and takes the frames that they reply with.
            tell: Gives the host a frame of a drive at a time [s].
            faults: What goes wrong.
            babbling: When there is a babbling node on it, from and to [s].
        """
        self.name, self._rates, self._timing = name, rates, timing
        self._hear, self._tell, self._faults = hear, tell, faults or NoFaults()
        self._host: deque[tuple[float, CanFrame]] = deque()
        self._drives: list[tuple[float, int, CanFrame]] = []
        self._arriving: list[tuple[float, int, bool, CanFrame]] = []
        self._free, self._number = -inf, 0
        self._sound = type(self._faults) is NoFaults
        self._babbling = tuple(babbling)
        self._errors, self._off_until = 0, -inf
        self._durations: dict[tuple[int, bool, bool], float] = {}
        self.traffic = Traffic()
        """What has gone over the bus."""

    def send(self, frame: CanFrame, now: float) -> None:
        """Queue a frame of the host, sent at a time [s]; a full queue, or a controller that is off, takes none."""
        if len(self._host) >= self._timing.queue or self.host_is_off(now):
            self.traffic.refused += 1
        else:
            self._host.append((now + self._timing.host, frame))

    def host_is_off(self, now: float) -> bool:
        """Whether the host's controller is bus-off at a time [s]."""
        return now < self._off_until

    def clear(self) -> None:
        """Forget every frame that waits or is on its way."""
        self._host.clear()
        self._drives.clear()
        self._arriving.clear()

    def run(self, end: float) -> None:
        """Let the bus go on up to a time [s]; what ends later is for the next call."""
        while True:
            begin = self._next_begin()
            arrival = self._arriving[0][0] if self._arriving else inf
            if min(begin, arrival) >= end:
                return
            if arrival <= begin:
                self._arrive()
            else:
                self._begin(begin)

    def _next_begin(self) -> float:
        """When the next frame begins [s]; never if none waits."""
        ready = self._host[0][0] if self._host else inf
        if self._drives:
            ready = min(ready, min(self._drives)[0])
        begin = max(ready, self._free)
        for start, end in self._babbling:
            babble = max(start, self._free)
            if babble < end:
                begin = min(begin, babble)
        return begin

    def _begin(self, now: float) -> None:
        """Let the frame that wins the arbitration have the bus."""
        if any(start <= now < end for start, end in self._babbling):
            self._babble(now)
            return
        host = self._host[0] if self._host and self._host[0][0] <= now else None
        contenders = [entry for entry in self._drives if entry[0] <= now]
        reply = min(contenders, key=lambda entry: _priority(entry[2])) if contenders else None
        if host is not None and (reply is None or _priority(host[1]) <= _priority(reply[2])):
            if self._destroyed(now, host[1], to_drive=True):
                return
            self._errors = max(self._errors - 1, 0)
            self._host.popleft()
            self._carry(now, host[0], host[1], to_drive=True)
        elif reply is not None and not self._destroyed(now, reply[2], to_drive=False):
            self._drives.remove(reply)
            self._carry(now, reply[0], reply[2], to_drive=False)

    def _occupy(self, now: float, frame: CanFrame, more: float = 0.0) -> float:
        """Have the bus for a frame and some time more [s]; gives when that ends [s]."""
        key = len(frame.data), frame.extended, frame.fd
        took = self._durations.get(key)
        if took is None:
            took = self._durations[key] = duration(frame, self._rates, worst=self._timing.worst)
        self._free = now + took + more
        self.traffic.busy += took + more
        return self._free

    def _babble(self, now: float) -> None:
        """Carry a frame that is in order and for nobody."""
        end = self._occupy(now, _BABBLE)
        self.traffic.babble += 1
        for to_drive in (True, False):
            self._number += 1
            heappush(self._arriving, (end, self._number, to_drive, _BABBLE))

    def _destroyed(self, now: float, frame: CanFrame, *, to_drive: bool) -> bool:
        """Whether a frame is destroyed; the bus is busy with it and an error frame all the same."""
        if self._sound or not self._faults.destroys(Passage(self.name, now, to_drive, frame)):
            return False
        end = self._occupy(now, frame, _ERROR_BITS / self._rates.arbitration)
        self.traffic.errors += 1
        if to_drive:
            self._errors += _ERROR
            if self._errors > _BUS_OFF:
                self._errors, self._off_until = 0, end + self._timing.restart
                self.traffic.refused += len(self._host)
                self._host.clear()
        return True

    def _carry(self, now: float, ready: float, frame: CanFrame, *, to_drive: bool) -> None:
        end, traffic = self._occupy(now, frame), self.traffic
        traffic.frames += 1
        if to_drive:
            traffic.command = max(traffic.command, end - ready)
        else:
            traffic.reply = max(traffic.reply, end - ready)
        for arrival in self._faults.arrivals(Passage(self.name, end, to_drive, frame)):
            self._number += 1
            heappush(self._arriving, (end + arrival.late, self._number, to_drive, arrival.frame))

    def _arrive(self) -> None:
        time, _, to_drive, frame = heappop(self._arriving)
        if not to_drive:
            if not self.host_is_off(time):
                self._tell(frame, time)
            return
        for reply in self._hear(frame, time):
            self._number += 1
            self._drives.append((time + self._timing.turnaround, self._number, reply))


def _priority(frame: CanFrame) -> tuple[int, bool, int]:
    """Lower wins: the first eleven bits of the id, a standard frame before an extended one, the rest of the id."""
    if frame.extended:
        return frame.id >> 18, True, frame.id & 0x3FFFF
    return frame.id, False, 0
