"""Who commands: named sources with priorities and leases that run out."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from math import inf, isfinite, nan
from typing import Generic, NamedTuple, TypeVar

from pydantic import ConfigDict, StrictBool, StrictFloat, StrictInt, StrictStr
from pydantic.dataclasses import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class Source:
    """One that may command.

    Attributes:
        name: What it is called.
        priority: The higher commands.
        lease: For how long its last command counts [s].
        enabled: Whether it is listened to at all.
    """

    name: StrictStr
    priority: StrictInt
    lease: StrictFloat
    enabled: StrictBool = True


class Verdict(Enum):
    """What became of something that a source submitted."""

    HOLDS = "it commands"
    OUTRANKED = "a source that comes before it commands"
    UNKNOWN = "there is no such source"
    DISABLED = "the source is disabled"
    OLD = "its time is before that of what the source said last, or its lease has run out already"
    AHEAD = "its time is ahead of the clock, or no time at all"
    NOT_FINITE = "it has a NaN or an infinity in it"


class Handover(NamedTuple):
    """A change of who commands.

    Attributes:
        time: When [s].
        before: Who did; None for nobody.
        after: Who does; None for nobody.
        why: In a few words.
    """

    time: float
    before: str | None
    after: str | None
    why: str

    def __str__(self) -> str:
        """The same in one line."""
        return f"{self.after or 'nobody'} commands at {self.time:.3f} s: {self.why}"


class Choice(NamedTuple, Generic[T]):
    """Who commands now, what it said last, and when that was [s]."""

    source: str
    what: T
    stamp: float


class Arbiter(Generic[T]):
    """Lets one source at a time command: of those whose lease has not run out the one with the highest priority.

    A source takes the lease by submitting something, and keeps it for as long as the time of the last thing that it
    submitted lies back no more than its `lease`; saying the same again does not renew it. A higher one preempts; when
    it falls silent or releases, the next below that is live commands again. Among equals who came first keeps it.
    These are the rules of AgiBot's AimDK for its inputs, where every lease is 1 s.
    """

    def __init__(self, sources: Sequence[Source], lead: float) -> None:
        """Take the sources.

        Args:
            sources: Those that there are.
            lead: How far a time may be ahead of the clock [s].

        Raises:
            ValueError: There is none, a name is there twice, or a lease is not finite and above zero.
        """
        if not sources:
            raise ValueError("arbitration: there must be at least one source")
        names = [source.name for source in sources]
        for source in sources:
            if names.count(source.name) > 1:
                raise ValueError(f"arbitration: source {source.name!r} is there twice")
            if not (isfinite(source.lease) and source.lease > 0.0):
                raise ValueError(
                    f"arbitration: source {source.name!r} has a lease of {source.lease} s, "
                    "it must be finite and above zero"
                )
        self._lead = lead
        self._sources = {source.name: source for source in sorted(sources, key=lambda source: -source.priority)}
        self._said: dict[str, tuple[float, T]] = {}
        self._released: set[str] = set()
        self._came: dict[str, int] = {}
        self._arrivals = 0
        self.holder: str | None = None
        """Who commands since the last `choose`; None for nobody."""
        self.handover: Handover | None = None
        """What the last `choose` changed; None for nothing."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources, the highest first."""
        return tuple(self._sources.values())

    def submit(self, name: str, what: T, stamp: float, now: float) -> Verdict:
        """Take what a source says.

        Args:
            name: Of the source.
            what: What it says.
            stamp: The time that it was made for [s].
            now: Time of the clock [s].
        """
        source = self._sources.get(name)
        if source is None:
            return Verdict.UNKNOWN
        if not source.enabled:
            return Verdict.DISABLED
        if not stamp - now <= self._lead:  # a NaN as well
            return Verdict.AHEAD
        if stamp < self._stamp(name) or now - stamp > source.lease:
            return Verdict.OLD
        if not self._live(name, now):
            self._came[name] = self._arrivals = self._arrivals + 1
        if stamp > self._stamp(name):
            self._released.discard(name)
        self._said[name] = stamp, what
        leader = self.leader(now)
        return Verdict.HOLDS if leader == name else Verdict.OUTRANKED

    def release(self, name: str) -> None:
        """Let a source give its lease back before its time; something newer takes it again."""
        if name in self._said:
            self._released.add(name)

    def choose(self, now: float) -> Choice[T] | None:
        """Who commands at this time, or None for nobody; a change is in `handover`."""
        leader, before = self.leader(now), self.holder
        self.handover = None
        if leader != before:
            self.handover = Handover(now, before, leader, self._why(before, leader, now))
            self.holder = leader
        if leader is None:
            return None
        stamp, what = self._said[leader]
        return Choice(leader, what, stamp)

    def age(self, now: float) -> float:
        """How long ago any enabled source said something [s]; infinite when none ever did."""
        return now - max((stamp for stamp, _ in self._said.values()), default=-inf)

    def forget(self) -> None:
        """Let nobody command, as at the start."""
        self._said.clear()
        self._released.clear()
        self.holder = self.handover = None

    def _stamp(self, name: str) -> float:
        said = self._said.get(name)
        return -inf if said is None else said[0]

    def _live(self, name: str, now: float) -> bool:
        return name not in self._released and now - self._stamp(name) <= self._sources[name].lease

    def leader(self, now: float) -> str | None:
        """Whose command counts at this time; None for nobody."""
        live = [name for name in self._said if self._live(name, now)]
        return min(live, key=lambda name: (-self._sources[name].priority, self._came[name]), default=None)

    def _why(self, before: str | None, after: str | None, now: float) -> str:
        if before is None:
            return f"{after} has taken the lease"
        if not self._live(before, now):
            age = now - self._said[before][0] if before in self._said else nan
            return f"{before} released it" if before in self._released else f"{before} was silent for {age:.3f} s"
        return f"{after} comes before {before}"
