"""Which hand leaves the bars, and when: on request, and to tell of a turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from controllers.riding.intent import ArmPose, Intent
from controllers.riding.modes import RIDING
from controllers.riding.route import Route
from controllers.riding.signals import Signal, SignalParameters, signals_of


@dataclass(frozen=True, slots=True)
class HandRequest:
    """A hand that is asked to be off the bars.

    Attributes:
        side: 0 left, 1 right.
        start: From when on [s].
        lasts: For how long [s].
        pose: Where the arm is to be.
    """

    side: int
    start: float
    lasts: float
    pose: ArmPose


@dataclass(frozen=True, slots=True)
class Manners:
    """What the rider does besides riding.

    Attributes:
        signals: Whether turns are signalled.
        gaze: Whether the head looks where the way leads.
        hands: Hands that are asked to be off the bars.
        least_speed: Speed below which both hands stay on the bars [m/s].
        back: Time that a hand needs from the posture to its grip [s].
        gentle: Deceleration up to which one hand brakes alone, to hold the speed downhill: before a hand lets go, and
            until it is called back [m/s²].
        again: How near the beginnings of two turns are that are taken for the same after a change of the route [m].
        signal: When a signal can be given.
    """

    signals: bool = False
    gaze: bool = False
    hands: Sequence[HandRequest] = ()
    least_speed: float = 1.0
    back: float = 2.1
    gentle: tuple[float, float] = (0.25, 0.6)
    again: float = 3.0
    signal: SignalParameters = field(default_factory=SignalParameters)


class HandTask:
    """Adds to an intent where the arms are to be.

    A hand is let go of while the bicycle rides steadily, and it is back before a stop is prepared. Whatever else needs
    both hands calls it back at once. A turn is signalled where :func:`signals_of` has found room for it.
    """

    def __init__(self, manners: Manners) -> None:
        """Take what is asked."""
        self._manners = manners
        self._idle = not manners.signals and not manners.hands
        self.reset()

    def reset(self) -> None:
        """Both hands are on the bars, and nothing is signalled yet."""
        self._route: Route | None = None
        self._signals: tuple[Signal, ...] = ()
        self._given: list[float] = []
        self._now: Signal | None = None

    def step(
        self, time: float, speed: float, intent: Intent, route: Route, arc_length: float, *, loose: bool
    ) -> Intent:
        """The intent with the arms' places.

        Args:
            time: [s].
            speed: [m/s].
            intent: What is asked otherwise.
            route: What is followed.
            arc_length: Where the rear wheel is along it [m].
            loose: Whether a hand is off the bars, or on its way.
        """
        if self._idle:
            return intent
        m = self._manners
        braking = (intent.deceleration or 0.0) > m.gentle[loose]
        if intent.mode not in RIDING or braking or speed < m.least_speed:
            self._now = None
            return intent
        if m.signals and route is not self._route:  # at rest nobody asks for a speed
            self._route, self._signals = route, signals_of(route, intent.speed, m.signal)
        arms: list[ArmPose | None] = [None, None]
        if m.signals:
            self._signal(speed, arc_length, loose=loose)
        if self._now is not None:
            arms[self._now.turn.side] = ArmPose.SIGNAL
        elif not self._stops_soon(route, arc_length, speed):
            for hand in m.hands:
                if hand.start <= time < hand.start + hand.lasts and arms[1 - hand.side] is None:
                    arms[hand.side] = hand.pose
        if loose or arms != [None, None]:
            return replace(intent, arms=(arms[0], arms[1]))
        return intent

    def _signal(self, speed: float, arc_length: float, *, loose: bool) -> None:
        """Begin and end a signal."""
        m = self._manners
        if self._now is not None:
            if arc_length > self._now.end - speed * m.back:
                self._now = None
            return
        if loose or speed < m.signal.least_speed:
            return
        for signal in self._signals:
            begins = signal.turn.begin
            if any(abs(begins - before) < m.again for before in self._given):
                continue
            room = signal.end - arc_length
            if arc_length >= signal.begin and room > speed * m.signal.shortest * 0.8:
                self._now = signal
                self._given.append(begins)
                return

    def _stops_soon(self, route: Route, arc_length: float, speed: float) -> bool:
        """Whether a stop is prepared before a hand could be back."""
        p = self._manners.signal
        way = speed * speed / (2.0 * p.braking) + speed * (p.prepare + self._manners.back)
        return any(0.0 <= stop.arc_length - arc_length < way for stop in route.stops)
