"""What a scenario asks of the rider, as it stands in its file."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from scenarios.quantity import Duration, Instant, NonNegativeRatio, NonNegativeSpeed, PositiveSpeed
from scenarios.table import Table

Mode = Literal["pedal", "coast", "brake"]


class Phase(Table):
    """A part of the ride; it ends after a time or when the bicycle is slow enough, the last one with the ride."""

    mode: Mode
    speed: NonNegativeSpeed | None = None
    """Speed to pedal or brake to [m/s]; without it, pedalling takes the rider's and braking goes for a standstill."""
    for_time: Duration | None = None
    until_speed_below: PositiveSpeed | None = None

    @property
    def ends(self) -> int:
        """How many end conditions there are."""
        return (self.for_time is not None) + (self.until_speed_below is not None)

    @model_validator(mode="after")
    def _coasting_has_no_target(self) -> Self:
        if self.mode == "coast" and self.speed is not None:
            raise PydanticCustomError("phase", "coasting has no target: take 'speed' out, or pedal or brake")
        return self


class HandOff(Table):
    """A hand that is to be off the bars for a while; it goes back by itself wherever both are needed."""

    hand: Literal["left", "right"]
    time: Instant
    """When it lets go [s]."""
    for_time: Duration
    """How long from there until it comes back [s]."""
    arm: Literal["side", "signal"] = "side"
    """Where the arm is then: beside the body, or stretched out sideways."""


Factor = Annotated[NonNegativeRatio, Field(ge=0.1, le=10.0)]


class Gains(Table):
    """Factors on what the rider was tuned to; with other ones it may ride worse, or fall."""

    bars: Factor = 1.0
    """On stiffness and damping with which both arms hold the steer angle that is asked."""
    course: Factor = 1.0
    """On the costs of offset from the course and of heading error: with more it comes back harder."""
    roll_rate: Factor = 1.0
    """On the cost of the roll rate: with more it rolls calmer."""
    effort: Factor = 1.0
    """On the cost of steering quickly: with more it steers slower."""


class Rider(Table):
    """How the rider rides."""

    speed: PositiveSpeed = 2.0
    """Speed that is pedalled to where a phase names none [m/s]."""
    pedalling: StrictBool = True
    """Without pedalling the feet only rest on the pedals, whatever the phases say."""
    dab: StrictBool = True
    """Whether a foot goes to the ground when a slow ride tips farther than steering can catch."""
    abort: StrictBool = True
    """Whether the body is protected when the ride is lost."""
    phases: tuple[Phase, ...] = ()
    """What is done one after the other; none is pedalling all the way."""
    signals: StrictBool = False
    """Whether an arm is stretched out before each turn of the course."""
    gaze: StrictBool = True
    """Whether the head looks where the way leads; without it the head looks straight on."""
    gains: Gains = Gains()
    """How hard it does what it does."""
    hands: tuple[HandOff, ...] = ()
    """Hands that are to be off the bars, one at a time."""

    @model_validator(mode="after")
    def _phases_end(self) -> Self:
        for index, phase in enumerate(self.phases):
            last = index == len(self.phases) - 1
            if phase.ends != (0 if last else 1):
                right = (
                    "the last phase runs to the end of the ride: take out 'for_time' and 'until_speed_below'"
                    if last
                    else "it must end by exactly one of 'for_time' and 'until_speed_below'"
                )
                raise PydanticCustomError(
                    "phases", "phase {index} ({mode}): {right}", {"index": index, "mode": phase.mode, "right": right}
                )
        return self

    @model_validator(mode="after")
    def _one_hand_holds(self) -> Self:
        ordered = sorted(self.hands, key=lambda hand: hand.time)
        for first, second in pairwise(ordered):
            if first.time + first.for_time > second.time:
                raise PydanticCustomError(
                    "hands", "the {second} hand lets go at {time} s while the {first} one is still off the bars: "
                    "begin later, or shorten 'for_time' of the first",
                    {"first": first.hand, "second": second.hand, "time": f"{second.time:g}"},
                )  # fmt: skip
        return self

    @property
    def programme(self) -> tuple[Phase, ...]:
        """What is really done: at least one phase, targets filled in, no pedalling if it is switched off."""
        return tuple(self._resolved(phase) for phase in self.phases or (Phase(mode="pedal"),))

    def _resolved(self, phase: Phase) -> Phase:
        if phase.mode == "pedal" and not self.pedalling:
            return phase.replaced(mode="coast", speed=None)
        if phase.mode == "coast" or phase.speed is not None:
            return phase
        return phase.replaced(speed=self.speed if phase.mode == "pedal" else 0.0)
